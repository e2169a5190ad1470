//! `module`.

use crate::heap::{ModuleBody, Owned};
use crate::native::{Args, GetSetDef, NativeDef, getter, method, new, slot};
use crate::vm::{Res, Vm};

/// The methods.
pub static METHODS: &[NativeDef] = &[
    new(module_new),
    slot("__init__", 1, init).named(&["name", "doc"], 0, 2, 1),
    slot("__repr__", 0, repr),
    slot("__getattribute__", 1, |vm, args| {
        let (this, name) = (args.get(vm, 0), args.get(vm, 1));
        vm.expect_name(name)?;
        vm.get_attr_native(this, name)
    }),
    method("__dir__", 0, 0, dir),
];

/// The computed attributes.
pub static GETSETS: &[GetSetDef] = &[getter("__dict__", crate::object::dict_get)];

/// The names of the module, unless it has a `__dir__` function of its own.
fn dir(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let dict = vm.own_dict(this);
    match vm.dict_get_str(dict, "__dir__") {
        Some(own) => vm.call(own, &[]),
        None => vm.object_dir(this),
    }
}

fn module_new(vm: &mut Vm, args: Args) -> Res<Owned> {
    let kind = vm.instance_kind_of(args.get(vm, 0));
    let dict = vm.new_dict().into_ref();
    Ok(vm.heap.alloc(kind, ModuleBody { dict }))
}

fn init(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, name) = (args.get(vm, 0), args.get(vm, 1));
    let doc = args.get(vm, 2).some().unwrap_or(vm.single.none);
    let dict = vm.own_dict(this);
    let names = vm.names;
    for (key, value) in [
        (names.name, name),
        (names.doc, doc),
        (names.package, vm.single.none),
        (names.loader, vm.single.none),
        (names.spec, vm.single.none),
    ] {
        vm.dict_set(dict, key, value)?;
    }
    Ok(vm.none())
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let dict = vm.own_dict(this);
    let name = match vm.dict_get_text(dict, vm.names.name) {
        Some(name) => vm.repr(name)?.to_string_lossy().into_owned(),
        None => "'?'".to_string(),
    };
    let text = match vm.dict_get_text(dict, vm.names.file) {
        Some(file) => format!("<module {name} from {}>", vm.repr(file)?.to_string_lossy()),
        None if vm.is_builtin_module(this) => format!("<module {name} (built-in)>"),
        None => format!("<module {name}>"),
    };
    Ok(vm.new_str(&text))
}
