//! `_pickle`: what `pickle` is made of, like CPython's own. `pickle` itself is the Python source `lib/pickle.py`.
//!
//! A `Pickler` is a record: `write` and the buffer callback, then the objects of its memo in order. An `Unpickler` is one:
//! `read`, `readline`, the buffers, encoding and errors, then its memo.

pub mod buffer;
mod compat;
mod global;
mod input;
mod load;
mod opcode;
mod output;
mod reduce;
mod save;
mod text;

use crate::heap::{Owned, RecordBody, Ref, TypeBody};
use crate::native::{Args, GetSetDef, NativeDef, function, getset, method, new, slot};
use crate::vm::{Res, Stop, Ty, Vm};
use load::Loader;
use save::Saver;

/// The newest protocol.
const HIGHEST: u8 = 5;

static FUNCTIONS: &[NativeDef] = &[
    function("dump", 0, 5, dump).named(&["obj", "file", "protocol", "fix_imports", "buffer_callback"], 0, 3, 2),
    function("dumps", 0, 4, dumps).named(&["obj", "protocol", "fix_imports", "buffer_callback"], 0, 2, 1),
    function("load", 0, 5, load).named(&["file", "fix_imports", "encoding", "errors", "buffers"], 0, 1, 1),
    function("loads", 0, 5, loads).named(&["data", "fix_imports", "encoding", "errors", "buffers"], 1, 1, 1),
];

/// Fills the module's namespace.
///
/// # Errors
/// What making the exception classes raises.
pub fn fill(vm: &mut Vm, dict: Ref) -> Res<()> {
    for def in FUNCTIONS {
        vm.add_function(dict, "_pickle", def);
    }
    for (name, ty) in [("Pickler", Ty::Pickler), ("Unpickler", Ty::Unpickler), ("PickleBuffer", Ty::PickleBuffer)] {
        let class = vm.share(vm.class(ty));
        vm.put(dict, name, class);
    }
    let base = vm.class(Ty::Exception);
    let error = new_error(vm, dict, "PickleError", base)?;
    new_error(vm, dict, "PicklingError", error)?;
    new_error(vm, dict, "UnpicklingError", error)?;
    Ok(())
}

fn new_error(vm: &mut Vm, dict: Ref, name: &'static str, base: Ref) -> Res<Ref> {
    let class = vm.new_exception_class(name, "_pickle", base)?;
    let made = class.get();
    vm.put(dict, name, class);
    Ok(made)
}

// ---- what all parts need ----------------------------------------------------------------------------------------

/// An attribute of a module, which is imported if need be.
fn attribute_of(vm: &mut Vm, module: &str, name: &str) -> Res<Owned> {
    let module = global::import(vm, module)?;
    let result = vm.get_attr_str(module.get(), name);
    vm.release(module);
    result
}

/// Raises one of the module's errors.
#[cold]
fn error(vm: &mut Vm, class: &str, text: impl AsRef<str>) -> Stop {
    let class = match attribute_of(vm, "_pickle", class) {
        Ok(class) => class,
        Err(stop) => return stop,
    };
    let text = vm.new_str(text.as_ref());
    let made = vm.call(class.get(), &[text.get()]);
    vm.release(text);
    vm.release(class);
    match made {
        Ok(exception) => vm.raise_object(exception),
        Err(stop) => stop,
    }
}

/// Raises PicklingError in the place of another exception, which becomes its context where the version keeps it.
#[cold]
fn error_from(vm: &mut Vm, text: impl AsRef<str>, other: Owned) -> Stop {
    let stop = error(vm, "PicklingError", text);
    if stop == Stop::Raised && vm.profile.pickle_texts.detailed() {
        let raised = vm.raised;
        vm.set_context(raised, other.get());
    }
    vm.release(other);
    stop
}

/// A note on the exception that is on its way: what of which object could not be saved.
#[cold]
fn note(vm: &mut Vm, stop: Stop, object: Ref, what: &str) -> Stop {
    if stop != Stop::Raised || object.is_null() || !vm.profile.pickle_texts.detailed() {
        return stop;
    }
    let exception = vm.take_raised();
    let text = format!("when serializing {} {what}", full_name(vm, object));
    let text = vm.new_str(&text);
    let name = vm.intern_str("add_note");
    let result = vm.call_method(exception.get(), name.get(), &[text.get()]);
    vm.release(name);
    vm.release(text);
    match result {
        Ok(nothing) => vm.release(nothing),
        Err(stop) => {
            vm.release(exception);
            return stop;
        }
    }
    vm.put_back(exception)
}

/// The repr of a key for a note; the exception on its way stays there.
fn shown_in_note(vm: &mut Vm, key: Ref) -> Res<String> {
    let saved = std::mem::take(&mut vm.raised);
    let shown = vm.repr(key).map(|text| text.to_string_lossy().into_owned());
    match shown {
        Ok(shown) => {
            vm.raised = saved;
            Ok(shown)
        }
        Err(stop) => {
            vm.release_maybe(saved);
            Err(stop)
        }
    }
}

/// The class of an object as the newer messages name it: with its module, unless that is where programs are.
fn full_name(vm: &Vm, object: Ref) -> String {
    let class = vm.heap.class_of(object);
    let name = vm.qualified_type_name(class);
    match name.strip_prefix("__main__.") {
        Some(rest) if vm.heap.get::<TypeBody>(class).is_some_and(|body| body.heap) => rest.to_string(),
        _ => name,
    }
}

// ---- the functions ----------------------------------------------------------------------------------------------

fn protocol(vm: &mut Vm, given: Ref) -> Res<u8> {
    if vm.is_none_or_missing(given) {
        return Ok(vm.profile.pickle_default_protocol);
    }
    let given = vm.index_of(given)?;
    match u8::try_from(given) {
        Ok(proto) if proto <= HIGHEST => Ok(proto),
        _ if given < 0 => Ok(HIGHEST),
        _ => Err(vm.value_error(format!("pickle protocol must be <= {HIGHEST}"))),
    }
}

fn saver(vm: &mut Vm, proto: Ref, fix_imports: Ref, callback: Ref) -> Res<Saver> {
    let proto = protocol(vm, proto)?;
    let fix_imports = fix_imports.is_null() || vm.truth(fix_imports)?;
    let callback = if callback == vm.single.none { Ref::NULL } else { callback };
    if !callback.is_null() && proto < 5 {
        return Err(vm.value_error("buffer_callback needs protocol >= 5"));
    }
    Ok(Saver { proto, fix_imports: fix_imports && proto < 3, callback, ..Saver::default() })
}

fn writer(vm: &mut Vm, file: Ref) -> Res<Owned> {
    let name = vm.intern_str("write");
    let name = vm.hold(name);
    match vm.find_attr(file, name)? {
        Some(write) => Ok(write),
        None => Err(vm.type_error("file must have a 'write' attribute")),
    }
}

fn dump(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (object, file) = (args.get(vm, 0), args.get(vm, 1));
    let mut saver = saver(vm, args.get(vm, 2), args.get(vm, 3), args.get(vm, 4))?;
    let write = writer(vm, file)?;
    saver.out.write = vm.hold(write);
    let result = saver.dump(vm, object);
    vm.release_all(std::mem::take(&mut saver.kept));
    result?;
    Ok(vm.none())
}

fn dumps(vm: &mut Vm, args: Args) -> Res<Owned> {
    let object = args.get(vm, 0);
    let mut saver = saver(vm, args.get(vm, 1), args.get(vm, 2), args.get(vm, 3))?;
    let result = saver.dump(vm, object);
    vm.release_all(std::mem::take(&mut saver.kept));
    result?;
    Ok(vm.new_bytes(saver.out.data))
}

fn text_argument(vm: &mut Vm, given: Ref, standard: &str, func: &str, name: &str) -> Res<String> {
    if given.is_null() {
        return Ok(standard.to_string());
    }
    vm.expect_str(given, func, &format!("argument '{name}'"))?;
    Ok(vm.show(given))
}

/// What `load` and `loads` have in common: their arguments from the second on.
fn loader(vm: &mut Vm, args: Args, func: &str) -> Res<Loader> {
    let fix_imports = args.get(vm, 1);
    let fix_imports = fix_imports.is_null() || vm.truth(fix_imports)?;
    let encoding = text_argument(vm, args.get(vm, 2), "ASCII", func, "encoding")?;
    let errors = text_argument(vm, args.get(vm, 3), "strict", func, "errors")?;
    let buffers = args.get(vm, 4);
    let buffers = if vm.is_none_or_missing(buffers) {
        Ref::NULL
    } else {
        let buffers = vm.iter(buffers)?;
        vm.hold(buffers)
    };
    Ok(Loader { fix_imports, encoding, errors, buffers, ..Loader::default() })
}

fn run(vm: &mut Vm, mut loader: Loader) -> Res<Owned> {
    let result = loader.load(vm);
    loader.finish(vm);
    result
}

fn reader(vm: &mut Vm, file: Ref) -> Res<(Ref, Ref)> {
    let mut found = [Ref::NULL; 2];
    for (place, name) in found.iter_mut().zip(["read", "readline"]) {
        let name = vm.intern_str(name);
        let name = vm.hold(name);
        *place = match vm.find_attr(file, name)? {
            Some(method) => vm.hold(method),
            None => return Err(vm.type_error("file must have 'read' and 'readline' attributes")),
        };
    }
    Ok((found[0], found[1]))
}

fn load(vm: &mut Vm, args: Args) -> Res<Owned> {
    let file = args.get(vm, 0);
    let mut loader = loader(vm, args, "load")?;
    (loader.input.read, loader.input.readline) = reader(vm, file)?;
    run(vm, loader)
}

fn loads(vm: &mut Vm, args: Args) -> Res<Owned> {
    let data = args.get(vm, 0);
    let mut loader = loader(vm, args, "loads")?;
    loader.input.data = vm.buffer(data)?;
    run(vm, loader)
}

// ---- Pickler ----------------------------------------------------------------------------------------------------
const MEMO: usize = 2;
const PROTO: usize = 0;
const FIX: usize = 1;
const FAST: usize = 2;

/// The methods of `Pickler`.
pub static PICKLER: &[NativeDef] = &[
    new(blank),
    slot("__init__", 0, pickler_init).named(&["file", "protocol", "fix_imports", "buffer_callback"], 0, 4, 1),
    method("dump", 1, 1, pickler_dump),
    method("clear_memo", 0, 0, |vm, args| {
        let this = args.get(vm, 0);
        let old = vm.heap.get_mut::<RecordBody>(this).map(|body| {
            let from = body.parts.len().min(MEMO);
            body.parts.split_off(from)
        });
        vm.release_all(old.unwrap_or_default());
        Ok(vm.none())
    }),
    method("persistent_id", 1, 1, |vm, _| Ok(vm.none())),
];

/// The computed attributes of `Pickler`.
pub static PICKLER_ATTRS: &[GetSetDef] = &[
    getset("__dict__", crate::object::dict_get, crate::object::dict_set),
    getset(
        "bin",
        |vm, this| Ok(vm.new_int(i64::from(number(vm, this, PROTO) > 0))),
        |vm, _, _| Err(vm.raise(Ty::AttributeError, "readonly attribute")),
    ),
    getset(
        "fast",
        |vm, this| Ok(vm.new_int(number(vm, this, FAST))),
        |vm, this, value| {
            let value = if value.is_null() { 0 } else { i64::from(vm.truth(value)?) };
            if let Some(place) = vm.heap.get_mut::<RecordBody>(this).and_then(|body| body.numbers.get_mut(FAST)) {
                *place = value;
            }
            Ok(())
        },
    ),
];

fn blank(vm: &mut Vm, args: Args) -> Res<Owned> {
    let kind = vm.instance_kind_of(args.get(vm, 0));
    Ok(vm.heap.alloc(kind, RecordBody::default()))
}

fn number(vm: &Vm, this: Ref, which: usize) -> i64 {
    vm.heap.get::<RecordBody>(this).and_then(|body| body.numbers.get(which).copied()).unwrap_or(0)
}

fn parts(vm: &Vm, this: Ref) -> Vec<Ref> {
    vm.heap.get::<RecordBody>(this).map(|body| body.parts.clone()).unwrap_or_default()
}

fn fill_record(vm: &mut Vm, this: Ref, parts: &[Ref], numbers: &[i64]) {
    let parts: Vec<Ref> = parts.iter().map(|&part| vm.share(part).into_ref()).collect();
    let old = vm.heap.get_mut::<RecordBody>(this).map(|body| {
        body.numbers = numbers.to_vec();
        std::mem::replace(&mut body.parts, parts)
    });
    vm.release_all(old.unwrap_or_default());
}

fn pickler_init(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, file) = (args.get(vm, 0), args.get(vm, 1));
    let saver = saver(vm, args.get(vm, 2), args.get(vm, 3), args.get(vm, 4))?;
    let write = writer(vm, file)?;
    let write = vm.hold(write);
    let callback = saver.callback.some().unwrap_or(vm.single.none);
    fill_record(vm, this, &[write, callback], &[i64::from(saver.proto), i64::from(saver.fix_imports), 0]);
    Ok(vm.none())
}

/// A method that a subclass or the object itself defines, held; NULL for the base's own.
fn own_method(vm: &mut Vm, this: Ref, base: Ty, name: &str) -> Res<Ref> {
    let name = vm.intern_str(name);
    let name = vm.hold(name);
    let (class, base) = (vm.heap.class_of(this), vm.class(base));
    let (own, inherited) = (vm.lookup(class, name), vm.lookup(base, name));
    if vm.own_attr(this, name).is_none() && own == inherited && inherited.is_some() {
        return Ok(Ref::NULL);
    }
    match vm.find_attr(this, name)? {
        Some(found) => Ok(vm.hold(found)),
        None => Ok(Ref::NULL),
    }
}

fn pickler_dump(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, object) = (args.get(vm, 0), args.get(vm, 1));
    let parts = parts(vm, this);
    let [write, callback, memo @ ..] = &parts[..] else {
        let name = vm.class_name(this);
        return Err(error(vm, "PicklingError", format!("Pickler.__init__() was not called by {name}.__init__()")));
    };
    let mut saver = Saver {
        proto: number(vm, this, PROTO) as u8,
        fix_imports: number(vm, this, FIX) != 0,
        fast: number(vm, this, FAST) != 0,
        callback: if *callback == vm.single.none { Ref::NULL } else { *callback },
        persistent: own_method(vm, this, Ty::Pickler, "persistent_id")?,
        reducer: own_method(vm, this, Ty::Pickler, "reducer_override")?,
        table: own_method(vm, this, Ty::Pickler, "dispatch_table")?,
        ..Saver::default()
    };
    let write = vm.share(*write);
    saver.out.write = vm.hold(write);
    for (at, &known) in memo.iter().enumerate() {
        saver.memo.insert(known, at as u32);
        saver.kept.push(vm.share(known).into_ref());
    }
    let result = saver.dump(vm, object);
    let kept = std::mem::take(&mut saver.kept);
    let old = match vm.heap.get_mut::<RecordBody>(this) {
        Some(body) => {
            let from = body.parts.len().min(MEMO);
            let old = body.parts.split_off(from);
            body.parts.extend(kept);
            old
        }
        None => kept,
    };
    vm.release_all(old);
    result?;
    Ok(vm.none())
}

// ---- Unpickler --------------------------------------------------------------------------------------------------

const READ: usize = 0;
const READLINE: usize = 1;
const BUFFERS: usize = 2;
const ENCODING: usize = 3;
const ERRORS: usize = 4;
const KNOWN: usize = 5;

/// The methods of `Unpickler`.
pub static UNPICKLER: &[NativeDef] = &[
    new(blank),
    slot("__init__", 0, unpickler_init).named(&["file", "fix_imports", "encoding", "errors", "buffers"], 0, 1, 1),
    method("load", 0, 0, unpickler_load),
    method("find_class", 2, 2, |vm, args| {
        let (this, module, name) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
        let (module, name) = (vm.str(module)?, vm.str(name)?);
        let proto = number(vm, this, LOADED) as u8;
        load::find(vm, &module.to_string_lossy(), &name.to_string_lossy(), proto, number(vm, this, 0) != 0)
    }),
    method("persistent_load", 1, 1, |vm, _| {
        let text = "A load persistent id instruction was encountered, but no persistent_load function was specified.";
        Err(error(vm, "UnpicklingError", text))
    }),
];

/// The protocol of the pickle that is being loaded, for `find_class`.
const LOADED: usize = 1;

/// The computed attributes of `Unpickler`.
pub static UNPICKLER_ATTRS: &[GetSetDef] = &[getset("__dict__", crate::object::dict_get, crate::object::dict_set)];

/// Tells an `Unpickler` which protocol its pickle has.
fn loading(vm: &mut Vm, this: Ref, proto: u8) {
    if let Some(this) = this.some()
        && let Some(place) = vm.heap.get_mut::<RecordBody>(this).and_then(|body| body.numbers.get_mut(LOADED))
    {
        *place = i64::from(proto);
    }
}

fn unpickler_init(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, file) = (args.get(vm, 0), args.get(vm, 1));
    let shifted = Args { base: args.base + 1, len: args.len - 1, ..args };
    let loader = loader(vm, shifted, "Unpickler")?;
    let (read, readline) = reader(vm, file)?;
    let (encoding, errors) = (vm.new_str(&loader.encoding), vm.new_str(&loader.errors));
    let (encoding, errors) = (vm.hold(encoding), vm.hold(errors));
    let buffers = loader.buffers.some().unwrap_or(vm.single.none);
    let fix = i64::from(loader.fix_imports);
    fill_record(vm, this, &[read, readline, buffers, encoding, errors], &[fix, 0]);
    Ok(vm.none())
}

fn unpickler_load(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let parts = parts(vm, this);
    if parts.len() < KNOWN {
        let name = vm.class_name(this);
        return Err(error(vm, "UnpicklingError", format!("Unpickler.__init__() was not called by {name}.__init__()")));
    }
    for &part in &parts {
        let part = vm.share(part);
        vm.hold(part);
    }
    let mut loader = Loader {
        fix_imports: number(vm, this, 0) != 0,
        encoding: vm.show(parts[ENCODING]),
        errors: vm.show(parts[ERRORS]),
        find: own_method(vm, this, Ty::Unpickler, "find_class")?,
        persistent: own_method(vm, this, Ty::Unpickler, "persistent_load")?,
        buffers: if parts[BUFFERS] == vm.single.none { Ref::NULL } else { parts[BUFFERS] },
        this,
        ..Loader::default()
    };
    loader.input.read = parts[READ];
    loader.input.readline = parts[READLINE];
    for (at, &known) in parts[KNOWN..].iter().enumerate() {
        loader.memo.insert(at as u64, vm.share(known).into_ref());
    }
    let result = loader.load(vm);
    // What is numbered without gaps is known to the next pickle of the same file.
    let known: Vec<Ref> = (0..loader.memo.len() as u64).map_while(|at| loader.memo.get(&at).copied()).collect();
    let known: Vec<Ref> = known.into_iter().map(|object| vm.share(object).into_ref()).collect();
    let old = match vm.heap.get_mut::<RecordBody>(this) {
        Some(body) => {
            let from = body.parts.len().min(KNOWN);
            let old = body.parts.split_off(from);
            body.parts.extend(known);
            old
        }
        None => known,
    };
    vm.release_all(old);
    loader.finish(vm);
    result
}
