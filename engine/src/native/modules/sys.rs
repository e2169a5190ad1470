//! `sys`, as far as the suite's subject needs it.

use crate::heap::{ExceptionBody, IMMORTAL, Layout, Owned, Ref};
use crate::native::{Args, NativeDef, function};
use crate::session::{Event, EventSource, Seen};
use crate::vm::{Res, Ty, Vm};

static FUNCTIONS: &[NativeDef] = &[
    function("getrefcount", 1, 1, getrefcount),
    function("getsizeof", 1, 2, getsizeof).named(&["object", "default"], 0, 2, 1),
    function("intern", 1, 1, intern),
    function("_is_interned", 1, 1, is_interned),
    function("_is_immortal", 1, 1, |vm, args| {
        let count = vm.heap.count(args.get(vm, 0));
        Ok(vm.bool(count == IMMORTAL))
    }),
    function("displayhook", 1, 1, displayhook),
    function("exc_info", 0, 0, exc_info),
    function("exception", 0, 0, |vm, _| {
        let handled = vm.handled_exception().unwrap_or(vm.single.none);
        Ok(vm.share(handled))
    }),
    function("exit", 0, 1, exit),
    function("getrecursionlimit", 0, 0, |vm, _| {
        let limit = i64::from(vm.budget.recursion);
        Ok(vm.new_int(limit))
    }),
    function("setrecursionlimit", 1, 1, setrecursionlimit),
    function("_getframe", 0, 1, getframe),
    function("getdefaultencoding", 0, 0, |vm, _| Ok(vm.new_str("utf-8"))),
    function("getfilesystemencoding", 0, 0, |vm, _| Ok(vm.new_str("utf-8"))),
    function("getfilesystemencodeerrors", 0, 0, |vm, _| Ok(vm.new_str("surrogateescape"))),
    function("audit", 1, u8::MAX, |vm, _| Ok(vm.none())),
    function("is_finalizing", 0, 0, |vm, _| Ok(vm.bool(false))),
    function("unraisablehook", 1, 1, |vm, _| Ok(vm.none())),
    function("excepthook", 3, 3, excepthook),
];

/// Fills the module's namespace.
pub fn fill(vm: &mut Vm, dict: Ref) -> Res<()> {
    for def in FUNCTIONS {
        if !vm.profile.has_member("sys", def.name) {
            continue;
        }
        vm.add_function(dict, "sys", def);
    }
    let version = vm.profile.version;
    let modules = vm.share(vm.modules);
    vm.put(dict, "modules", modules);
    let stdout = vm.new_stream(1);
    let kept = vm.share(stdout.get());
    vm.put(dict, "stdout", stdout);
    vm.put(dict, "__stdout__", kept);
    let stderr = vm.new_stream(2);
    let kept = vm.share(stderr.get());
    vm.put(dict, "stderr", stderr);
    vm.put(dict, "__stderr__", kept);
    let text = vm.new_str(&format!("{version} (verysame)"));
    vm.put(dict, "version", text);
    let hex = (3 << 24) | (i64::from(version.minor) << 16) | (i64::from(version.patch) << 8) | 0xf0;
    let hex = vm.new_int(hex);
    vm.put(dict, "hexversion", hex);
    super::sys_info::fill(vm, dict);
    let maxsize = vm.new_int(i64::MAX);
    vm.put(dict, "maxsize", maxsize);
    let maxunicode = vm.new_int(0x10_ffff);
    vm.put(dict, "maxunicode", maxunicode);
    for (name, text) in [("platform", "linux"), ("byteorder", "little"), ("executable", ""), ("prefix", "")] {
        let text = vm.new_str(text);
        vm.put(dict, name, text);
    }
    let empty = vm.new_str("");
    let argv = vm.new_list(vec![empty]);
    vm.put(dict, "argv", argv);
    let path = vm.new_list(Vec::new());
    vm.put(dict, "path", path);
    let yes = vm.bool(true);
    vm.put(dict, "dont_write_bytecode", yes);
    for (name, kept) in
        [("displayhook", "__displayhook__"), ("excepthook", "__excepthook__"), ("unraisablehook", "__unraisablehook__")]
    {
        let hook = vm.dict_get_str(dict, name).unwrap_or(vm.single.none);
        let hook = vm.share(hook);
        vm.put(dict, kept, hook);
    }
    Ok(())
}

fn getrefcount(vm: &mut Vm, args: Args) -> Res<Owned> {
    let object = args.get(vm, 0);
    let count = vm.heap.count(object);
    let shown = if count == IMMORTAL {
        vm.profile.immortal_count
    } else {
        count - vm.borrowed_entries(object) - vm.uncounted_frames(object)
    };
    Ok(vm.new_int(i64::from(shown)))
}

fn getsizeof(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (object, missing) = (args.get(vm, 0), args.get(vm, 1));
    match vm.size_of(object) {
        Ok(size) => Ok(vm.new_size(size)),
        Err(stop) if !missing.is_null() => {
            vm.catch(stop, Ty::TypeError)?;
            Ok(vm.share(missing))
        }
        Err(stop) => Err(stop),
    }
}

fn intern(vm: &mut Vm, args: Args) -> Res<Owned> {
    let text = args.get(vm, 0);
    if vm.is_exact(text, Ty::Str) {
        return Ok(vm.intern_object(text));
    }
    let text = if vm.heap.layout(text) == Layout::Str {
        format!("can't intern {}", vm.class_name(text))
    } else {
        format!("intern() argument must be str, not {}", vm.class_name(text))
    };
    Err(vm.type_error(text))
}

/// Whether a string is the representative of its text.
fn is_interned(vm: &mut Vm, args: Args) -> Res<Owned> {
    let text = args.get(vm, 0);
    if vm.heap.layout(text) != Layout::Str {
        let text = format!("_is_interned() argument must be str, not {}", vm.class_name(text));
        return Err(vm.type_error(text));
    }
    let interned = vm.str_body(text).is_some_and(|body| body.interned);
    Ok(vm.bool(interned))
}

/// Shows an exception as python3 shows one that nobody caught.
fn excepthook(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (exception, traceback) = (args.get(vm, 1), args.get(vm, 2));
    if vm.heap.get::<ExceptionBody>(exception).is_none() {
        return Err(vm.type_error("an exception is needed"));
    }
    // An exception that was never raised is shown with the traceback that comes with it.
    if vm.is_exact(traceback, Ty::Traceback)
        && vm.heap.get::<ExceptionBody>(exception).is_some_and(|body| body.traceback.is_null())
    {
        let traceback = vm.share(traceback).into_ref();
        if let Some(body) = vm.heap.get_mut::<ExceptionBody>(exception) {
            body.traceback = traceback;
        }
    }
    let text = vm.format_exception(exception);
    vm.write_stderr(&text)?;
    Ok(vm.none())
}

/// Shows a value in interactive mode and binds `_`.
fn displayhook(vm: &mut Vm, args: Args) -> Res<Owned> {
    let value = args.get(vm, 0);
    if value == vm.single.none {
        if let Some((chunk, graph)) = vm.display {
            let graph = graph.then(|| "None".to_string());
            let seen = Seen::Value { repr: "None".to_string(), graph };
            let stdout_at = vm.out.stdout.len();
            vm.events.push(Event { by: EventSource::Display(chunk), seen, stdout_at });
        }
        return Ok(vm.none());
    }
    let builtins = vm.builtins;
    let underscore = vm.names.underscore;
    let none = vm.single.none;
    vm.dict_set(builtins, underscore, none)?;
    let text = vm.repr(value)?;
    match vm.display {
        Some((chunk, graph)) => {
            let graph = if graph { Some(vm.alias_graph(&[value]).remove(0)) } else { None };
            let event = Event {
                by: EventSource::Display(chunk),
                seen: Seen::Value { repr: text.to_string_lossy().into_owned(), graph },
                stdout_at: vm.out.stdout.len(),
            };
            vm.events.push(event);
        }
        None => {
            let mut line = text.to_utf8_lossless().into_owned();
            line.push(b'\n');
            vm.write_text(&line, false)?;
        }
    }
    vm.dict_set(builtins, underscore, value)?;
    Ok(vm.none())
}

fn exc_info(vm: &mut Vm, _args: Args) -> Res<Owned> {
    let none = vm.single.none;
    let parts = match vm.handled_exception() {
        Some(exception) => {
            let traceback = vm.heap.get::<ExceptionBody>(exception).and_then(|body| body.traceback.some());
            [vm.heap.class_of(exception), exception, traceback.unwrap_or(none)]
        }
        None => [none; 3],
    };
    Ok(vm.tuple_of(&parts))
}

fn exit(vm: &mut Vm, args: Args) -> Res<Owned> {
    let status = args.get(vm, 0);
    let class = vm.class(Ty::SystemExit);
    let given: Vec<Ref> = status.some().into_iter().collect();
    let exception = vm.call(class, &given)?;
    Err(vm.raise_object(exception))
}

fn setrecursionlimit(vm: &mut Vm, args: Args) -> Res<Owned> {
    let limit = vm.index_of(args.get(vm, 0))?;
    if limit < 1 {
        return Err(vm.value_error("recursion limit must be greater or equal than 1"));
    }
    vm.budget.recursion = u32::try_from(limit).unwrap_or(u32::MAX);
    Ok(vm.none())
}

fn getframe(vm: &mut Vm, args: Args) -> Res<Owned> {
    let up = args.get(vm, 0);
    let up = if up.is_null() { 0 } else { vm.index_of(up)?.max(0) as usize };
    let Some(depth) = vm.frames.len().checked_sub(up).filter(|&depth| depth >= 1) else {
        return Err(vm.value_error("call stack is not deep enough"));
    };
    let frame = vm.frame_object(depth);
    Ok(vm.share(frame))
}

impl Vm {
    /// How many entries of the machine's stack would be borrowed references to the object in CPython.
    fn borrowed_entries(&self, object: Ref) -> u32 {
        self.stack.iter().filter(|entry| entry.is_borrowed() && **entry == object).count() as u32
    }

    /// How many frames run the function without holding it in CPython.
    fn uncounted_frames(&self, object: Ref) -> u32 {
        if self.profile.running_function_held {
            return 0;
        }
        self.frames.iter().chain([&self.frame]).filter(|frame| frame.func == object).count() as u32
    }

    /// Puts a value into a namespace under a name given as text.
    pub fn put(&mut self, dict: Ref, name: &str, value: Owned) {
        let name = self.intern_str(name);
        self.dict_insert_new(dict, name, value);
    }
}
