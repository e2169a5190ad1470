//! "Did you mean": what a traceback proposes for a name that was not found.

use super::{Ty, Vm};
use crate::heap::{ExceptionBody, FrameBody, ListBody, Ref, TracebackBody};
use crate::object::exception::part;
use crate::rules::Suggestions;

/// A name that is longer gets no proposal; neither does one with more candidates.
const LONGEST: usize = 40;
const CANDIDATES: usize = 750;
/// What changing a letter costs, and changing its case.
const MOVE: usize = 2;
const CASE: usize = 1;

/// What is added to the text of an exception, if anything; in some versions the interpreter's own tracebacks and those that a
/// program asks for end differently.
pub(super) fn suggestion(vm: &mut Vm, exception: Ref, asked: bool) -> Option<String> {
    let rule = vm.profile.traceback_suggestions;
    let more = match rule {
        Suggestions::Never | Suggestions::AtTheEnd => false,
        Suggestions::Modules | Suggestions::Questions | Suggestions::Dotted => true,
    };
    let is = |vm: &Vm, ty| vm.is_instance_of(exception, vm.class(ty));
    if is(vm, Ty::AttributeError) {
        let wrong = wrong_name(vm, exception, "name")?;
        let object = part(vm, exception, "obj")?;
        let mut names = names_of(vm, object)?;
        if more && !wrong.starts_with('_') && self_of(vm, exception) != Some(object) {
            names.retain(|name| !name.starts_with('_'));
        }
        return closest(&names, &wrong).map(|name| match rule {
            Suggestions::Dotted => format!(". Did you mean '.{name}' instead of '.{wrong}'?"),
            Suggestions::Never | Suggestions::AtTheEnd | Suggestions::Modules | Suggestions::Questions => {
                format!(". Did you mean: '{name}'?")
            }
        });
    }
    if is(vm, Ty::NameError) {
        let wrong = wrong_name(vm, exception, "name")?;
        let proposal = of_frame(vm, exception, &wrong, more);
        let mut words = proposal.as_ref().map(|name| format!(". Did you mean: '{name}'?")).unwrap_or_default();
        if more && STANDARD.contains(&wrong.as_str()) {
            let lead = if proposal.is_some() { " Or did" } else { ". Did" };
            let end = if rule == Suggestions::Modules && asked { "" } else { "?" };
            words.push_str(&format!("{lead} you forget to import '{wrong}'{end}"));
        }
        return Some(words).filter(|words| !words.is_empty());
    }
    if is(vm, Ty::ImportError) && more {
        let wrong = wrong_name(vm, exception, "name_from")?;
        let module = wrong_name(vm, exception, "name")?;
        let module = vm.dict_get_str(vm.modules, &module)?;
        let mut names = names_of(vm, module)?;
        if !wrong.starts_with('_') {
            names.retain(|name| !name.starts_with('_'));
        }
        return closest(&names, &wrong).map(|name| format!(". Did you mean: '{name}'?"));
    }
    None
}

fn wrong_name(vm: &Vm, exception: Ref, which: &str) -> Option<String> {
    let name = part(vm, exception, which)?;
    Some(vm.heap.text(name)?.to_string_lossy().into_owned())
}

/// What `dir` says of an object; nothing if that fails.
fn names_of(vm: &mut Vm, object: Ref) -> Option<Vec<String>> {
    let dir = vm.dict_get_str(vm.builtins, "dir")?;
    let listed = vm.shielded(|vm| vm.call(dir, &[object]));
    let Ok(listed) = listed else {
        let failed = std::mem::take(&mut vm.raised);
        vm.release_maybe(failed);
        return None;
    };
    let items = vm.heap.get::<ListBody>(listed.get()).map(|body| body.items.clone()).unwrap_or_default();
    let names = items.iter().map(|&item| vm.show(item)).collect();
    vm.release(listed);
    Some(names)
}

/// The frame in which the exception was raised.
fn last_frame(vm: &Vm, exception: Ref) -> Option<Ref> {
    let mut at = vm.heap.get::<ExceptionBody>(exception)?.traceback.some()?;
    loop {
        let entry = vm.heap.get::<TracebackBody>(at)?;
        match entry.next.some() {
            Some(next) => at = next,
            None => return Some(entry.frame),
        }
    }
}

/// The variables of a frame and what they are bound to.
fn locals_of(vm: &mut Vm, frame: Ref) -> Vec<(String, Ref)> {
    let snapshot = match vm.shielded(|vm| vm.frame_snapshot(frame)) {
        Ok(snapshot) => snapshot,
        Err(_) => return Vec::new(),
    };
    let items = vm.dict_items(snapshot.get());
    let found = items.into_iter().map(|(name, value)| (vm.show(name), value)).collect();
    // The frame goes on holding what it holds.
    vm.release(snapshot);
    found
}

fn self_of(vm: &mut Vm, exception: Ref) -> Option<Ref> {
    let frame = last_frame(vm, exception)?;
    locals_of(vm, frame).into_iter().find(|(name, _)| name == "self").map(|(_, value)| value)
}

fn of_frame(vm: &mut Vm, exception: Ref, wrong: &str, more: bool) -> Option<String> {
    let frame = last_frame(vm, exception)?;
    let body = vm.heap.get::<FrameBody>(frame)?;
    let (globals, builtins) = (body.globals, body.builtins);
    let locals = locals_of(vm, frame);
    if more
        && let Some((_, this)) = locals.iter().find(|(name, _)| name == "self")
        && names_of(vm, *this).is_some_and(|names| names.iter().any(|name| name == wrong))
    {
        return Some(format!("self.{wrong}"));
    }
    let mut names: Vec<String> = locals.into_iter().map(|(name, _)| name).collect();
    for space in [globals, builtins] {
        if !space.is_null() {
            names.extend(vm.dict_items(space).into_iter().map(|(name, _)| vm.show(name)));
        }
    }
    closest(&names, wrong)
}

/// The first of the candidates that are most like the name, if any is like it at all.
fn closest(names: &[String], wrong: &str) -> Option<String> {
    let wrong: Vec<char> = wrong.chars().collect();
    if names.len() > CANDIDATES || wrong.len() > LONGEST {
        return None;
    }
    let mut best: Option<&String> = None;
    let mut least = wrong.len() * MOVE;
    for name in names {
        let letters: Vec<char> = name.chars().collect();
        if letters == wrong || letters.len() > LONGEST {
            continue;
        }
        // No more than a third of the letters may differ.
        let most = ((letters.len() + wrong.len() + 3) * MOVE / 6).min(least.saturating_sub(1));
        let distance = distance(&wrong, &letters);
        if distance <= most && (best.is_none() || distance < least) {
            best = Some(name);
            least = distance;
        }
    }
    best.cloned()
}

fn substitution(a: char, b: char) -> usize {
    if a == b {
        0
    } else if a.to_lowercase().eq(b.to_lowercase()) {
        CASE
    } else {
        MOVE
    }
}

/// The Levenshtein distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).map(|at| at * MOVE).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = (i + 1) * MOVE;
        for (j, &y) in b.iter().enumerate() {
            let replaced = diagonal + substitution(x, y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + MOVE).min(row[j + 1] + MOVE);
        }
    }
    row[b.len()]
}

/// Modules of the standard library that a name may stand for.
const STANDARD: &[&str] = &[
    "abc",
    "argparse",
    "array",
    "ast",
    "asyncio",
    "atexit",
    "base64",
    "bdb",
    "binascii",
    "bisect",
    "builtins",
    "bz2",
    "calendar",
    "cmath",
    "cmd",
    "code",
    "codecs",
    "codeop",
    "collections",
    "colorsys",
    "compileall",
    "concurrent",
    "configparser",
    "contextlib",
    "contextvars",
    "copy",
    "copyreg",
    "csv",
    "ctypes",
    "curses",
    "dataclasses",
    "datetime",
    "dbm",
    "decimal",
    "difflib",
    "dis",
    "doctest",
    "email",
    "encodings",
    "ensurepip",
    "enum",
    "errno",
    "faulthandler",
    "fcntl",
    "filecmp",
    "fileinput",
    "fnmatch",
    "fractions",
    "ftplib",
    "functools",
    "gc",
    "genericpath",
    "getopt",
    "getpass",
    "gettext",
    "glob",
    "graphlib",
    "grp",
    "gzip",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "http",
    "imaplib",
    "importlib",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "keyword",
    "linecache",
    "locale",
    "logging",
    "lzma",
    "mailbox",
    "marshal",
    "math",
    "mimetypes",
    "mmap",
    "modulefinder",
    "multiprocessing",
    "netrc",
    "ntpath",
    "numbers",
    "opcode",
    "operator",
    "optparse",
    "os",
    "pathlib",
    "pdb",
    "pickle",
    "pickletools",
    "pkgutil",
    "platform",
    "plistlib",
    "poplib",
    "posix",
    "posixpath",
    "pprint",
    "profile",
    "pstats",
    "pty",
    "pwd",
    "py_compile",
    "pyclbr",
    "pydoc",
    "queue",
    "quopri",
    "random",
    "re",
    "readline",
    "reprlib",
    "resource",
    "rlcompleter",
    "runpy",
    "sched",
    "secrets",
    "select",
    "selectors",
    "shelve",
    "shlex",
    "shutil",
    "signal",
    "site",
    "smtplib",
    "socket",
    "socketserver",
    "sqlite3",
    "ssl",
    "stat",
    "statistics",
    "string",
    "stringprep",
    "struct",
    "subprocess",
    "symtable",
    "sys",
    "sysconfig",
    "syslog",
    "tabnanny",
    "tarfile",
    "tempfile",
    "termios",
    "textwrap",
    "this",
    "threading",
    "time",
    "timeit",
    "tkinter",
    "token",
    "tokenize",
    "tomllib",
    "trace",
    "traceback",
    "tracemalloc",
    "tty",
    "turtle",
    "types",
    "typing",
    "unicodedata",
    "unittest",
    "urllib",
    "uuid",
    "venv",
    "warnings",
    "wave",
    "weakref",
    "webbrowser",
    "wsgiref",
    "xml",
    "xmlrpc",
    "zipapp",
    "zipfile",
    "zipimport",
    "zlib",
    "zoneinfo",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_name_is_like_enough() {
        let names = ["print", "value", "Value"].map(str::to_string);
        assert_eq!(closest(&names, "prnt").as_deref(), Some("print"));
        assert_eq!(closest(&names, "valeu").as_deref(), Some("value"));
        assert_eq!(closest(&names, "VALUE").as_deref(), Some("Value"));
        assert_eq!(closest(&names, "xyz"), None);
    }
}
