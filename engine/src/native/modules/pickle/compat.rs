//! How Python 2 called what protocols 0 to 2 name, as far as the engine has such modules.

/// Modules: the old name, the new one.
const MODULES: &[(&str, &str)] = &[
    ("__builtin__", "builtins"),
    ("copy_reg", "copyreg"),
    ("_abcoll", "collections.abc"),
    ("cPickle", "pickle"),
    ("StringIO", "io"),
    ("cStringIO", "io"),
    ("UserDict", "collections"),
    ("UserList", "collections"),
    ("UserString", "collections"),
];

/// Modules that are named otherwise on the way out only.
const MODULES_OUT: &[(&str, &str)] = &[("_functools", "functools"), ("_pickle", "pickle")];

/// Names: the old module and name, the new ones.
const NAMES: &[((&str, &str), (&str, &str))] = &[
    (("__builtin__", "xrange"), ("builtins", "range")),
    (("__builtin__", "reduce"), ("functools", "reduce")),
    (("__builtin__", "intern"), ("sys", "intern")),
    (("__builtin__", "unichr"), ("builtins", "chr")),
    (("__builtin__", "unicode"), ("builtins", "str")),
    (("__builtin__", "long"), ("builtins", "int")),
    (("itertools", "izip"), ("builtins", "zip")),
    (("itertools", "imap"), ("builtins", "map")),
    (("itertools", "ifilter"), ("builtins", "filter")),
    (("itertools", "ifilterfalse"), ("itertools", "filterfalse")),
    (("itertools", "izip_longest"), ("itertools", "zip_longest")),
    (("UserDict", "IterableUserDict"), ("collections", "UserDict")),
    (("UserList", "UserList"), ("collections", "UserList")),
    (("UserString", "UserString"), ("collections", "UserString")),
];

/// Names that lead to something on the way in only.
const NAMES_IN: &[((&str, &str), (&str, &str))] = &[
    (("__builtin__", "basestring"), ("builtins", "str")),
    (("exceptions", "StandardError"), ("builtins", "Exception")),
    (("UserDict", "UserDict"), ("collections", "UserDict")),
];

/// The exceptions that Python 2 had, in its module `exceptions`.
const EXCEPTIONS: &[&str] = &[
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BaseException",
    "BufferError",
    "BytesWarning",
    "DeprecationWarning",
    "EOFError",
    "EnvironmentError",
    "Exception",
    "FloatingPointError",
    "FutureWarning",
    "GeneratorExit",
    "IOError",
    "ImportError",
    "ImportWarning",
    "IndentationError",
    "IndexError",
    "KeyError",
    "KeyboardInterrupt",
    "LookupError",
    "MemoryError",
    "NameError",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "PendingDeprecationWarning",
    "ReferenceError",
    "RuntimeError",
    "RuntimeWarning",
    "StopIteration",
    "SyntaxError",
    "SyntaxWarning",
    "SystemError",
    "SystemExit",
    "TabError",
    "TypeError",
    "UnboundLocalError",
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "UnicodeError",
    "UnicodeTranslateError",
    "UnicodeWarning",
    "UserWarning",
    "ValueError",
    "Warning",
    "ZeroDivisionError",
];

/// The exceptions that came later, as the nearest old one.
const LATER: &[(&str, &str)] = &[
    ("BrokenPipeError", "OSError"),
    ("ChildProcessError", "OSError"),
    ("ConnectionAbortedError", "OSError"),
    ("ConnectionError", "OSError"),
    ("ConnectionRefusedError", "OSError"),
    ("ConnectionResetError", "OSError"),
    ("FileExistsError", "OSError"),
    ("FileNotFoundError", "OSError"),
    ("InterruptedError", "OSError"),
    ("IsADirectoryError", "OSError"),
    ("NotADirectoryError", "OSError"),
    ("PermissionError", "OSError"),
    ("ProcessLookupError", "OSError"),
    ("TimeoutError", "OSError"),
    ("ModuleNotFoundError", "ImportError"),
];

/// The old names of a module and of something in it.
pub(super) fn to_old<'a>(module: &'a str, name: &'a str) -> (&'a str, &'a str) {
    if (module, name) == ("_functools", "reduce") {
        return ("__builtin__", "reduce");
    }
    if let Some((old, _)) = NAMES.iter().find(|(_, new)| *new == (module, name)) {
        return *old;
    }
    if module == "builtins" {
        if EXCEPTIONS.contains(&name) {
            return ("exceptions", name);
        }
        if let Some((_, old)) = LATER.iter().find(|(later, _)| *later == name) {
            return ("exceptions", old);
        }
    }
    // Of several old modules that became one, the last but those of the `User…` classes and `StringIO` count.
    let old = MODULES.iter().take(4).find(|(_, new)| *new == module).map(|(old, _)| *old);
    let other = MODULES_OUT.iter().find(|(new, _)| *new == module).map(|(_, old)| *old);
    (old.or(other).unwrap_or(module), name)
}

/// The new names of a module and of something in it.
pub(super) fn to_new<'a>(module: &'a str, name: &'a str) -> (&'a str, &'a str) {
    if let Some((_, new)) = NAMES.iter().chain(NAMES_IN).find(|(old, _)| *old == (module, name)) {
        return *new;
    }
    if module == "exceptions" && EXCEPTIONS.contains(&name) {
        return ("builtins", name);
    }
    let new = MODULES.iter().find(|(old, _)| *old == module).map(|(_, new)| *new);
    (new.unwrap_or(module), name)
}
