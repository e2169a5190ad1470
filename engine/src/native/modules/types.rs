//! `_types`: the built-in types that have no name in `builtins`. `types` itself is the Python source `lib/types.py`.

use crate::heap::Ref;
use crate::vm::{Res, Ty, Vm};

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
    let flag = vm.new_int(i64::from(vm.profile.code_flag_future_annotations));
    vm.put(dict, "future_annotations_flag", flag);
    Ok(())
}
