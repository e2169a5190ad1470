//! `_types`: the built-in types that have no name in `builtins`. `types` itself is the Python source `lib/types.py`.

use crate::heap::{Owned, Ref};
use crate::native::{Args, NativeDef, function};
use crate::vm::{Res, Ty, Vm};

static FUNCTIONS: &[NativeDef] = &[function("_slots_of", 1, 1, slots_of)];

const NAMES: &[(&str, Ty)] = &[
    ("FunctionType", Ty::Function),
    ("CodeType", Ty::Code),
    ("CellType", Ty::Cell),
    ("GeneratorType", Ty::Generator),
    ("CoroutineType", Ty::Coroutine),
    ("AsyncGeneratorType", Ty::AsyncGenerator),
    ("MethodType", Ty::Method),
    ("BuiltinFunctionType", Ty::BuiltinFunction),
    ("WrapperDescriptorType", Ty::SlotWrapper),
    ("MethodWrapperType", Ty::MethodWrapper),
    ("MethodDescriptorType", Ty::MethodDescriptor),
    ("ClassMethodDescriptorType", Ty::ClassMethodDescriptor),
    ("ModuleType", Ty::Module),
    ("TracebackType", Ty::Traceback),
    ("FrameType", Ty::Frame),
    ("GetSetDescriptorType", Ty::GetSet),
    ("MemberDescriptorType", Ty::Member),
    ("MappingProxyType", Ty::MappingProxy),
    ("SimpleNamespace", Ty::SimpleNamespace),
];

const UNION_NAMES: &[(&str, Ty)] = &[
    ("NoneType", Ty::NoneType),
    ("EllipsisType", Ty::EllipsisType),
    ("NotImplementedType", Ty::NotImplementedType),
    ("UnionType", Ty::Union),
];

/// Fills the module's namespace. Names that the version does not have are None.
pub fn fill(vm: &mut Vm, dict: Ref) -> Res<()> {
    for def in FUNCTIONS {
        vm.add_function(dict, "_types", def);
    }
    for &(name, ty) in NAMES {
        let class = vm.share(vm.class(ty));
        vm.put(dict, name, class);
    }
    let unions = vm.profile.type_unions;
    for &(name, ty) in UNION_NAMES {
        let class = if unions { vm.share(vm.class(ty)) } else { vm.none() };
        vm.put(dict, name, class);
    }
    let alias = if vm.profile.builtin_generics { vm.share(vm.class(Ty::GenericAlias)) } else { vm.none() };
    vm.put(dict, "GenericAlias", alias);
    Ok(())
}

/// The names of the slots that a class itself adds, as they stand in its namespace.
fn slots_of(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = args.get(vm, 0);
    let names = vm.heap.get::<crate::heap::TypeBody>(class).map(|body| body.slots.clone()).unwrap_or_default();
    Ok(vm.list_of(&names))
}
