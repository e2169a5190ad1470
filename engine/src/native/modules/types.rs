//! `_types`: the built-in types that have no name in `builtins`. `types` itself is the Python source `lib/types.py`.

use crate::heap::Ref;
use crate::native::{NativeDef, function};
use crate::vm::{Res, Ty, Vm};

static SAME: NativeDef = function("_idfunc", 1, 1, |vm, args| {
    let value = args.get(vm, 0);
    Ok(vm.share(value))
});

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
    Ok(())
}

/// `_templatelib`: the types of template strings.
///
/// # Errors
/// None at present; kept for the table of modules.
pub fn fill_templatelib(vm: &mut Vm, dict: Ref) -> Res<()> {
    for (name, ty) in [("Template", Ty::Template), ("Interpolation", Ty::Interpolation)] {
        let class = vm.share(vm.class(ty));
        vm.put(dict, name, class);
    }
    let names = ["value", "expression", "conversion", "format_spec"].map(|name| vm.new_str(name));
    let names = vm.new_tuple(names.into());
    let class = vm.class(Ty::Interpolation);
    let own = vm.own_dict(class);
    vm.put(own, "__match_args__", names);
    Ok(())
}

/// `_typing`: the classes of `typing` that the language itself makes instances of.
///
/// # Errors
/// None at present; kept for the table of modules.
pub fn fill_typing(vm: &mut Vm, dict: Ref) -> Res<()> {
    for (name, ty) in [
        ("Generic", Ty::Generic),
        ("TypeVar", Ty::TypeVar),
        ("ParamSpec", Ty::ParamSpec),
        ("ParamSpecArgs", Ty::ParamSpecArgs),
        ("ParamSpecKwargs", Ty::ParamSpecKwargs),
        ("TypeVarTuple", Ty::TypeVarTuple),
        ("TypeAliasType", Ty::TypeAliasType),
    ] {
        let class = vm.share(vm.class(ty));
        vm.put(dict, name, class);
    }
    vm.add_function(dict, "_typing", &SAME);
    let no_default = vm.share(vm.single.no_default);
    vm.put(dict, "NoDefault", no_default);
    Ok(())
}
