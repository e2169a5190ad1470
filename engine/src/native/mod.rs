//! Functions written in Rust: how they are declared, how they get their arguments, and the tables of them all.
//!
//! A native function gets its arguments on the machine's stack, normalised by its [`Params`]: a missing optional
//! argument is `Ref::NULL`. It borrows them; the machine releases them after the call, together with everything that
//! the function has put under the machine's care with `Vm::hold`.

pub mod builtins;
pub mod modules;

use crate::heap::{Owned, Ref};
use crate::vm::{Res, Vm};

/// The Rust side of a function.
pub type Native = fn(&mut Vm, Args) -> Res<Owned>;

/// Which arguments a function takes. The receiver of a method is not counted.
#[derive(Clone, Copy, Debug)]
pub enum Params {
    /// Between so many and so many, by position only.
    Pos(u8, u8),
    /// Named parameters.
    Named {
        /// All names in order.
        names: &'static [&'static str],
        /// How many are by position only.
        pos_only: u8,
        /// How many may be given by position; the others by keyword only.
        positional: u8,
        /// How many must be given (the first ones).
        required: u8,
    },
    /// Whatever is passed, unchecked: positional ones first, `Args::keywords` tells the rest.
    Any,
}

/// What a definition becomes in its class or module.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// A builtin function of a module.
    Function,
    /// A method descriptor.
    Method,
    /// A slot wrapper (`__add__`, …): shown as such.
    Slot,
    /// A class method.
    ClassMethod,
    /// A static method.
    StaticMethod,
    /// `__new__`: a static method whose first argument is the class.
    New,
}

/// A function written in Rust.
#[derive(Debug)]
pub struct NativeDef {
    /// Its name.
    pub name: &'static str,
    /// What it becomes.
    pub role: Role,
    /// Which arguments it takes.
    pub params: Params,
    /// What it runs.
    pub run: Native,
}

/// A method taking so many to so many positional arguments (receiver not counted).
pub const fn method(name: &'static str, least: u8, most: u8, run: Native) -> NativeDef {
    NativeDef { name, role: Role::Method, params: Params::Pos(least, most), run }
}

/// A slot wrapper with exactly so many arguments.
pub const fn slot(name: &'static str, count: u8, run: Native) -> NativeDef {
    NativeDef { name, role: Role::Slot, params: Params::Pos(count, count), run }
}

/// A function of a module taking so many to so many positional arguments.
pub const fn function(name: &'static str, least: u8, most: u8, run: Native) -> NativeDef {
    NativeDef { name, role: Role::Function, params: Params::Pos(least, most), run }
}

/// `__new__` with whatever arguments, the class first.
pub const fn new(run: Native) -> NativeDef {
    NativeDef { name: "__new__", role: Role::New, params: Params::Any, run }
}

impl NativeDef {
    /// With named parameters instead: all of them, how many are positional-only, positional, required.
    pub const fn named(
        mut self,
        names: &'static [&'static str],
        pos_only: u8,
        positional: u8,
        required: u8,
    ) -> NativeDef {
        self.params = Params::Named { names, pos_only, positional, required };
        self
    }

    /// With unchecked arguments instead.
    pub const fn any(mut self) -> NativeDef {
        self.params = Params::Any;
        self
    }

    /// As a class method instead.
    pub const fn class_method(mut self) -> NativeDef {
        self.role = Role::ClassMethod;
        self
    }

    /// As a static method instead.
    pub const fn static_method(mut self) -> NativeDef {
        self.role = Role::StaticMethod;
        self
    }
}

/// An attribute computed in Rust.
#[derive(Debug)]
pub struct GetSetDef {
    /// Its name.
    pub name: &'static str,
    /// Reads it.
    pub get: fn(&mut Vm, Ref) -> Res<Owned>,
    /// Writes it, or deletes it when the value is NULL.
    pub set: Option<fn(&mut Vm, Ref, Ref) -> Res<()>>,
}

/// A read-only attribute.
pub const fn getter(name: &'static str, get: fn(&mut Vm, Ref) -> Res<Owned>) -> GetSetDef {
    GetSetDef { name, get, set: None }
}

/// An attribute that is a field of a C structure: its error for writing is another one.
pub const fn member(name: &'static str, get: fn(&mut Vm, Ref) -> Res<Owned>) -> GetSetDef {
    GetSetDef { name, get, set: Some(readonly) }
}

fn readonly(vm: &mut Vm, _: Ref, _: Ref) -> Res<()> {
    Err(vm.raise(crate::vm::Ty::AttributeError, "readonly attribute"))
}

/// An attribute that can be written.
pub const fn getset(
    name: &'static str,
    get: fn(&mut Vm, Ref) -> Res<Owned>,
    set: fn(&mut Vm, Ref, Ref) -> Res<()>,
) -> GetSetDef {
    GetSetDef { name, get, set: Some(set) }
}

/// The arguments of a running native function: a window on the machine's stack.
#[derive(Clone, Copy, Debug)]
pub struct Args {
    /// Where the first argument (the receiver of a method) lies.
    pub base: u32,
    /// How many there are, keyword arguments included.
    pub len: u32,
    /// The tuple of names of the last arguments, for `Params::Any`; else NULL.
    pub keywords: Ref,
    /// The function object that was called.
    pub callee: Ref,
}

impl Args {
    /// The n-th argument, or NULL.
    #[inline]
    pub fn get(&self, vm: &Vm, at: usize) -> Ref {
        if at < self.len as usize { vm.stack[self.base as usize + at] } else { Ref::NULL }
    }

    /// How many arguments there are, keyword arguments included.
    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// The names of the keyword arguments, which are the last ones.
    pub fn keyword_names(&self, vm: &Vm) -> Vec<Ref> {
        if self.keywords.is_null() { Vec::new() } else { vm.tuple_items(self.keywords).to_vec() }
    }

    /// How many arguments are positional.
    pub fn positional(&self, vm: &Vm) -> usize {
        let named = if self.keywords.is_null() { 0 } else { vm.tuple_items(self.keywords).len() };
        self.len() - named
    }

    /// The positional arguments from `from` on.
    pub fn rest(&self, vm: &Vm, from: usize) -> Vec<Ref> {
        let end = self.base as usize + self.positional(vm);
        let start = (self.base as usize + from).min(end);
        vm.stack[start..end].to_vec()
    }

    /// Keyword arguments as (name, value).
    pub fn keyword_pairs(&self, vm: &Vm) -> Vec<(Ref, Ref)> {
        let first = self.base as usize + self.positional(vm);
        self.keyword_names(vm).into_iter().enumerate().map(|(at, name)| (name, vm.stack[first + at])).collect()
    }
}
