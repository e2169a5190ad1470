//! The types of `None`, `...` and `NotImplemented`: each has one instance, which calling the type gives.

use super::hash;
use crate::heap::{Owned, Ref};
use crate::native::{Args, NativeDef, method, new, slot};
use crate::vm::{Res, Ty, Vm};

/// The methods of `NoneType`.
pub static METHODS: &[NativeDef] = &[
    new(|vm, args| only(vm, args, Ty::NoneType, |vm| vm.single.none)),
    slot("__repr__", 0, |vm, _| Ok(vm.new_str("None"))),
    slot("__bool__", 0, |vm, _| Ok(vm.bool(false))),
    slot("__hash__", 0, none_hash),
    slot("__lt__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__le__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__eq__", 1, |vm, args| none_equal(vm, args, true)),
    slot("__ne__", 1, |vm, args| none_equal(vm, args, false)),
    slot("__gt__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__ge__", 1, |vm, _| Ok(vm.not_implemented())),
];

/// The methods of `ellipsis`.
pub static ELLIPSIS_METHODS: &[NativeDef] = &[
    new(|vm, args| only(vm, args, Ty::EllipsisType, |vm| vm.single.ellipsis)),
    slot("__repr__", 0, |vm, _| Ok(vm.new_str("Ellipsis"))),
    method("__reduce__", 0, 0, |vm, _| Ok(vm.new_str("Ellipsis"))),
];

/// The methods of `NotImplementedType`.
pub static NOT_IMPLEMENTED_METHODS: &[NativeDef] = &[
    new(|vm, args| only(vm, args, Ty::NotImplementedType, |vm| vm.single.not_implemented)),
    slot("__repr__", 0, |vm, _| Ok(vm.new_str("NotImplemented"))),
    slot("__bool__", 0, not_implemented_bool),
    method("__reduce__", 0, 0, |vm, _| Ok(vm.new_str("NotImplemented"))),
];

/// The methods of the type of `typing.NoDefault`.
pub static NO_DEFAULT: &[NativeDef] = &[
    new(|vm, args| only(vm, args, Ty::NoDefaultType, |vm| vm.single.no_default)),
    slot("__repr__", 0, |vm, _| Ok(vm.new_str("typing.NoDefault"))),
    method("__reduce__", 0, 0, |vm, _| Ok(vm.new_str("NoDefault"))),
];

/// The only instance of a type.
fn only(vm: &mut Vm, args: Args, ty: Ty, instance: fn(&Vm) -> Ref) -> Res<Owned> {
    let class = vm.class_argument(args, ty)?;
    if args.len() > 1 {
        let name = if ty == Ty::EllipsisType { "EllipsisType".to_string() } else { vm.type_name(class) };
        let text = format!("{name} takes no arguments");
        return Err(vm.type_error(text));
    }
    let instance = instance(vm);
    Ok(vm.share(instance))
}

/// `None == x`: anything but `None` is asked itself.
fn none_equal(vm: &mut Vm, args: Args, equal: bool) -> Res<Owned> {
    if args.get(vm, 0) == args.get(vm, 1) { Ok(vm.bool(equal)) } else { Ok(vm.not_implemented()) }
}

fn none_hash(vm: &mut Vm, args: Args) -> Res<Owned> {
    let address = vm.address(args.get(vm, 0)) as u64;
    let hash = hash::of_none(address, &vm.profile);
    Ok(vm.new_int(hash))
}

fn not_implemented_bool(vm: &mut Vm, _: Args) -> Res<Owned> {
    match vm.profile.not_implemented_truth {
        crate::rules::NotImplementedTruth::True => {}
        crate::rules::NotImplementedTruth::Warns => {
            vm.warn(Ty::DeprecationWarning, "NotImplemented should not be used in a boolean context")?;
        }
        crate::rules::NotImplementedTruth::Error => {
            return Err(vm.type_error("NotImplemented should not be used in a boolean context"));
        }
    }
    Ok(vm.bool(true))
}
