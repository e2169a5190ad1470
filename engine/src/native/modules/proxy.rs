//! Weak proxies: every operation goes to the living target; a dead one raises ReferenceError.
//!
//! Attributes are forwarded by the machine itself (`Vm::get_attr_native`, `Vm::set_attr_native`).

use crate::code::{BinOp, CmpOp, UnOp};
use crate::heap::{Owned, Ref};
use crate::native::{Args, NativeDef, method, slot};
use crate::vm::{Res, Ty, Vm};

macro_rules! forward {
    (compare $name:literal $op:ident) => {
        slot($name, 1, |vm, args| {
            both(vm, args.get(vm, 0), args.get(vm, 1), |vm, left, right| vm.compare(left, right, CmpOp::$op))
        })
    };
    (left $name:literal $op:ident) => {
        slot($name, 1, |vm, args| {
            both(vm, args.get(vm, 0), args.get(vm, 1), |vm, left, right| vm.binary_op(BinOp::$op, left, right))
        })
    };
    (right $name:literal $op:ident) => {
        slot($name, 1, |vm, args| {
            both(vm, args.get(vm, 1), args.get(vm, 0), |vm, left, right| vm.binary_op(BinOp::$op, left, right))
        })
    };
    (inplace $name:literal $op:ident) => {
        slot($name, 1, |vm, args| {
            both(vm, args.get(vm, 0), args.get(vm, 1), |vm, left, right| vm.inplace_op(BinOp::$op, left, right))
        })
    };
    (unary $name:literal $op:ident) => {
        slot($name, 0, |vm, args| with_target(vm, args, |vm, target| vm.unary_op(UnOp::$op, target)))
    };
    (builtin $name:literal $ty:ident) => {
        slot($name, 0, |vm, args| {
            with_target(vm, args, |vm, target| {
                let class = vm.class(Ty::$ty);
                vm.call(class, &[target])
            })
        })
    };
}

/// The methods of both proxy types.
pub static PROXY: &[NativeDef] = &[
    slot("__str__", 0, |vm, args| with_target(vm, args, Vm::str_object)),
    slot("__repr__", 0, repr),
    slot("__getattribute__", 1, |vm, args| {
        let (this, name) = (args.get(vm, 0), args.get(vm, 1));
        vm.expect_name(name)?;
        vm.get_attr_native(this, name)
    }),
    slot("__setattr__", 2, |vm, args| set_attribute(vm, args, args.get(vm, 2))),
    slot("__delattr__", 1, |vm, args| set_attribute(vm, args, Ref::NULL)),
    forward!(compare "__lt__" Lt),
    forward!(compare "__le__" Le),
    forward!(compare "__eq__" Eq),
    forward!(compare "__ne__" Ne),
    forward!(compare "__gt__" Gt),
    forward!(compare "__ge__" Ge),
    forward!(left "__add__" Add),
    forward!(left "__sub__" Sub),
    forward!(left "__mul__" Mul),
    forward!(left "__matmul__" MatMul),
    forward!(left "__truediv__" Div),
    forward!(left "__floordiv__" FloorDiv),
    forward!(left "__mod__" Mod),
    forward!(left "__pow__" Pow),
    forward!(left "__lshift__" LShift),
    forward!(left "__rshift__" RShift),
    forward!(left "__and__" And),
    forward!(left "__or__" Or),
    forward!(left "__xor__" Xor),
    forward!(right "__radd__" Add),
    forward!(right "__rsub__" Sub),
    forward!(right "__rmul__" Mul),
    forward!(right "__rmatmul__" MatMul),
    forward!(right "__rtruediv__" Div),
    forward!(right "__rfloordiv__" FloorDiv),
    forward!(right "__rmod__" Mod),
    forward!(right "__rpow__" Pow),
    forward!(right "__rlshift__" LShift),
    forward!(right "__rrshift__" RShift),
    forward!(right "__rand__" And),
    forward!(right "__ror__" Or),
    forward!(right "__rxor__" Xor),
    forward!(inplace "__iadd__" Add),
    forward!(inplace "__isub__" Sub),
    forward!(inplace "__imul__" Mul),
    forward!(inplace "__imatmul__" MatMul),
    forward!(inplace "__itruediv__" Div),
    forward!(inplace "__ifloordiv__" FloorDiv),
    forward!(inplace "__imod__" Mod),
    forward!(inplace "__ipow__" Pow),
    forward!(inplace "__ilshift__" LShift),
    forward!(inplace "__irshift__" RShift),
    forward!(inplace "__iand__" And),
    forward!(inplace "__ior__" Or),
    forward!(inplace "__ixor__" Xor),
    forward!(unary "__neg__" Neg),
    forward!(unary "__pos__" Pos),
    forward!(unary "__invert__" Invert),
    forward!(builtin "__int__" Int),
    forward!(builtin "__float__" Float),
    slot("__abs__", 0, |vm, args| special(vm, args, "__abs__")),
    slot("__index__", 0, |vm, args| {
        with_target(vm, args, |vm, target| {
            let value = vm.index(target)?;
            Ok(vm.int_object(value))
        })
    }),
    slot("__bool__", 0, |vm, args| {
        with_target(vm, args, |vm, target| {
            let truth = vm.truth(target)?;
            Ok(vm.bool(truth))
        })
    }),
    slot("__len__", 0, |vm, args| {
        with_target(vm, args, |vm, target| {
            let length = vm.length(target)?;
            Ok(vm.new_size(length))
        })
    }),
    slot("__contains__", 1, |vm, args| {
        let item = args.get(vm, 1);
        with_target(vm, args, |vm, target| {
            let answer = vm.contains(target, item)?;
            Ok(vm.bool(answer))
        })
    }),
    slot("__getitem__", 1, |vm, args| {
        let key = args.get(vm, 1);
        with_target(vm, args, |vm, target| vm.get_item(target, key))
    }),
    slot("__setitem__", 2, |vm, args| {
        let (key, value) = (args.get(vm, 1), args.get(vm, 2));
        with_target(vm, args, |vm, target| {
            vm.set_item(target, key, value)?;
            Ok(vm.none())
        })
    }),
    slot("__delitem__", 1, |vm, args| {
        let key = args.get(vm, 1);
        with_target(vm, args, |vm, target| {
            vm.delete_item(target, key)?;
            Ok(vm.none())
        })
    }),
    slot("__iter__", 0, |vm, args| with_target(vm, args, Vm::iter)),
    slot("__next__", 0, next),
    method("__bytes__", 0, 0, |vm, args| special(vm, args, "__bytes__")),
    method("__reversed__", 0, 0, |vm, args| special(vm, args, "__reversed__")),
];

/// What callable proxies have beside that.
pub static CALL: NativeDef = slot("__call__", 0, |vm, args| {
    let rest: Vec<Ref> = (1..args.len()).map(|at| args.get(vm, at)).collect();
    with_target(vm, args, |vm, target| vm.call_keywords(target, Ref::NULL, &rest, args.keywords))
})
.any();

/// Runs something with the target, which stays alive meanwhile.
fn with_target(vm: &mut Vm, args: Args, run: impl FnOnce(&mut Vm, Ref) -> Res<Owned>) -> Res<Owned> {
    let target = vm.proxy_target(args.get(vm, 0))?;
    let result = run(vm, target.get());
    vm.release(target);
    result
}

/// Runs something with both operands, proxies among them replaced by their targets.
fn both(vm: &mut Vm, left: Ref, right: Ref, run: impl FnOnce(&mut Vm, Ref, Ref) -> Res<Owned>) -> Res<Owned> {
    let left = vm.unwrap_proxy(left)?;
    let left = vm.hold(left);
    let right = vm.unwrap_proxy(right)?;
    let right = vm.hold(right);
    run(vm, left, right)
}

fn set_attribute(vm: &mut Vm, args: Args, value: Ref) -> Res<Owned> {
    let (this, name) = (args.get(vm, 0), args.get(vm, 1));
    vm.expect_name(name)?;
    vm.set_attr_native(this, name, value)?;
    Ok(vm.none())
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let address = vm.address(this);
    let target = vm.weakref_target(this);
    let text = if vm.profile.proxy_repr_like_ref {
        match target {
            Some(target) => {
                format!("<weakproxy at {address:#x}; to '{}' at {:#x}>", vm.class_name(target), vm.address(target))
            }
            None => format!("<weakproxy at {address:#x}; dead>"),
        }
    } else {
        let target = target.unwrap_or(vm.single.none);
        format!("<weakproxy at {address:#x} to {} at {:#x}>", vm.class_name(target), vm.address(target))
    };
    Ok(vm.new_str(&text))
}

fn next(vm: &mut Vm, args: Args) -> Res<Owned> {
    with_target(vm, args, |vm, target| {
        let class = vm.heap.class_of(target);
        let name = vm.names.next;
        let Some(method) = vm.lookup(class, name) else {
            let text = format!("Weakref proxy referenced a non-iterator '{}' object", vm.type_name(class));
            return Err(vm.type_error(text));
        };
        vm.call_special(method, target, &[])
    })
}

fn special(vm: &mut Vm, args: Args, name: &str) -> Res<Owned> {
    with_target(vm, args, |vm, target| {
        let name = vm.intern_str(name);
        let result = vm.call_method(target, name.get(), &[]);
        vm.release(name);
        result
    })
}

impl Vm {
    /// The target of a proxy; anything else is itself.
    fn unwrap_proxy(&mut self, object: Ref) -> Res<Owned> {
        if self.is_proxy(object) { self.proxy_target(object) } else { Ok(self.share(object)) }
    }
}
