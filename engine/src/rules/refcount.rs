//! Counts: which references a running program holds, and which objects are not counted at all.

use super::Profile;
use super::room;
use crate::code::Const;

/// How argument references reach a Python function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArgPassing {
    /// The caller's stack keeps its own references during the call.
    Copied,
    /// The caller's references become the callee's locals.
    Moved,
}

/// Whether a load of a local makes a reference of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LocalLoads {
    /// Always.
    Owned,
    /// Not if the local surely outlives the value.
    Borrowed,
    /// As `Borrowed`, but what is iterated over stays on the stack and is owned.
    BorrowedUnlessIterated,
}

/// After how many executions an instruction that calls a Python special method enters it without a call of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EnteredDirectly {
    /// `a[i]` with `__getitem__`; none: never.
    pub subscripts: Option<u32>,
    /// `a.x` with a property or `__getattribute__`; none: never.
    pub attributes: Option<u32>,
}

impl EnteredDirectly {
    /// 3.8
    pub const NONE: EnteredDirectly = EnteredDirectly { subscripts: None, attributes: None };
    /// 3.11
    pub const SUBSCRIPTS: EnteredDirectly = EnteredDirectly { subscripts: Some(7), attributes: None };
    /// 3.12
    pub const SOON: EnteredDirectly = EnteredDirectly { subscripts: Some(1), attributes: Some(1) };
}

/// Which objects are never counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Immortals {
    /// None at all.
    Nothing,
    /// `None`, `True`, small ints, short strings and bytes, `()`, built-in types.
    Singletons,
}

/// Whether a constant on the evaluation stack is a reference of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum ConstLoad {
    Owned,
    Borrowed,
}

/// Which constants the parser's arena holds while a program runs directly from its text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arena {
    /// Numbers, strings, bytes; tuples too.
    WithTuples,
    /// Numbers, strings, bytes.
    WithoutTuples,
    /// Nothing.
    Nothing,
}

impl Profile {
    /// Whether the arena holds this constant.
    pub(crate) fn arena_holds(&self, constant: &Const) -> bool {
        match constant {
            Const::Int(_) | Const::Float(_) | Const::Complex(..) | Const::Str(_) | Const::Bytes(_) => {
                self.arena != Arena::Nothing
            }
            Const::Tuple(_) | Const::FrozenSet(_) => self.arena == Arena::WithTuples,
            Const::None | Const::True | Const::False | Const::Ellipsis | Const::Slice(_) | Const::Code(_) => false,
        }
    }
}

room! { refcount

    /// The references of a call's arguments move from the caller's stack into the callee's locals.
    arg_passing "memory.refcount.arg-passing": ArgPassing {
        py(8, 0) => ArgPassing::Copied, py(11, 0) => ArgPassing::Moved;
        faults { "copied": ArgPassing::Copied, "moved": ArgPassing::Moved }
    }

    /// `'%s' % (x,)` with simple conversions is compiled as an f-string.
    percent_format_joined "memory.refcount.percent-format": bool {
        py(8, 0) => false, py(11, 0) => true;
        faults { "never": false, "always": true }
    }

    /// A load of a local borrows its reference if the value is used up in the same basic block before the local changes.
    local_loads "memory.refcount.local-loads": LocalLoads {
        py(8, 0) => LocalLoads::Owned, py(14, 0) => LocalLoads::Borrowed, py(15, 0) => LocalLoads::BorrowedUnlessIterated;
        faults { "owned": LocalLoads::Owned, "borrowed": LocalLoads::Borrowed }
    }

    /// A method call with keyword arguments makes no bound method.
    method_call_keywords "memory.refcount.method-keywords": bool {
        py(8, 0) => false, py(11, 0) => true;
        faults { "never": false, "always": true }
    }

    /// An attribute of `super()` is read by one instruction, which gets the class and the first argument as variables.
    super_attributes "memory.refcount.super-attributes": bool {
        py(8, 0) => false, py(12, 0) => true;
        faults { "never": false, "always": true }
    }

    /// Starting an interpreter leaves so many references to None.
    none_held_at_start "memory.refcount.none-at-start": usize {
        py(8, 0) => 4000, py(11, 0) => 3700, py(12, 0) => 0; faults { "few": 0 } }

    /// The parser's arena holds a bytes literal and what it was joined of.
    arena_holds_bytes_twice "memory.refcount.arena-bytes": bool {
        py(8, 0) => false, py(12, 0) => true, py(14, 0) => false; faults { "always": true, "never": false } }

    /// Interned strings never die.
    interned_immortal "memory.immortal.interned": bool {
        py(8, 0) => false, py(12, 0) => true, py(12, 7) => false; faults { "always": true, "never": false } }

    /// Some objects are never counted and show one huge count.
    immortals "memory.immortal.singletons": Immortals {
        py(8, 0) => Immortals::Nothing, py(12, 0) => Immortals::Singletons;
        faults { "none": Immortals::Nothing, "always": Immortals::Singletons } }

    /// The number that `sys.getrefcount` shows for an immortal object.
    immortal_count "memory.immortal.count": u32 {
        py(8, 0) => 4294967295, py(14, 0) => 3221225472; faults { "billion": 999_999_999 } }

    /// Running a program directly from its text keeps its constants alive until it ends.
    arena "memory.refcount.arena": Arena {
        py(8, 0) => Arena::WithTuples, py(14, 0) => Arena::WithoutTuples; faults { "nothing": Arena::Nothing } }

    /// A constant that is loaded counts as a reference, from 3.15 on not.
    const_load "memory.refcount.const-load": ConstLoad {
        py(8, 0) => ConstLoad::Owned, py(15, 0) => ConstLoad::Borrowed;
        faults { "owned": ConstLoad::Owned, "borrowed": ConstLoad::Borrowed } }

    /// While an exception is being handled, its class and its traceback are held beside it.
    handled_as_triple "memory.refcount.handled-triple": bool {
        py(8, 0) => true, py(11, 0) => false; faults { "always": true, "never": false } }
    /// A generator expression takes its iterable and makes the iterator itself, when it is made.
    genexp_iterates_inside "memory.refcount.generator-iterable": bool {
        py(8, 0) => false, py(15, 0) => true; faults { "always": true, "never": false } }

    /// Each class has descriptors of its own for `__dict__` and `__weakref__`.
    class_own_descriptors "memory.refcount.class-descriptors": bool {
        py(8, 0) => true, py(15, 0) => false; faults { "always": true, "never": false } }

    /// `__getattr__` is called as a bound method, which holds the object during the call.
    getattr_bound "memory.refcount.getattr": bool {
        py(8, 0) => true, py(12, 0) => false; faults { "always": true, "never": false } }

    /// A function is held by the frame that runs it, and so by its generators and by frame objects.
    running_function_held "memory.refcount.running-function": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }

    /// A `with` statement keeps and calls `__enter__` and `__exit__` as bound methods, which hold the manager.
    with_methods_bound "memory.refcount.with-methods": bool {
        py(8, 0) => true, py(14, 0) => false; faults { "always": true, "never": false } }

    /// A call of an instance with keyword arguments holds the instance and the positional arguments once more.
    keyword_call_holds "memory.refcount.instance-call-keywords": bool {
        py(8, 0) => true, py(15, 0) => false; faults { "always": true, "never": false } }

    /// After some executions an instruction enters a special method directly and hands it its own references.
    entered_directly "memory.refcount.entered-directly": EnteredDirectly {
        py(8, 0) => EnteredDirectly::NONE, py(11, 0) => EnteredDirectly::SUBSCRIPTS, py(12, 0) => EnteredDirectly::SOON;
        faults { "never": EnteredDirectly::NONE, "attributes-too": EnteredDirectly::SOON,
            "at-once": EnteredDirectly { subscripts: Some(0), attributes: Some(0) } } }

    /// The arguments of a call with a star are kept until the call is over.
    call_ex_keeps_tuple "memory.refcount.star-call": bool {
        py(8, 0) => true, py(12, 0) => false; faults { "always": true, "never": false } }
}
