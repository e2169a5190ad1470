//! Names: where the code being compiled finds them, and the instructions that load, store and delete them.
//!
//! Invariant: a name is mangled exactly once, when it is looked up here or becomes an attribute.

use super::body::Body;
use super::{Compiler, nowhere};
use crate::code::BodyKind;
use crate::code::instr::{Instr, Intrinsic};
use crate::scope::{Access, Block, BlockKind, Place, mangle};
use crate::syntax::TextRange;
use std::borrow::Cow;

/// The cell through which annotation scopes see the namespace of the class around them.
const CLASS_NAMESPACE: &str = "__classdict__";

impl<'a> Compiler<'a> {
    /// The name as the code spells it.
    pub(super) fn mangled<'n>(&self, name: &'n str) -> Cow<'n, str> {
        let private = self.this().block.private.as_deref().filter(|_| self.profile.private_names_mangled);
        mangle(private, name)
    }

    /// How the code being compiled reaches a mangled name.
    fn reach(&self, name: &str) -> Place {
        self.table.place(self.this().scope(), name)
    }

    pub(super) fn load_name(&mut self, name: &str, at: TextRange) {
        let name = self.mangled(name);
        let op = match self.reach(&name) {
            // The analysis of unbound locals finds the loads that need no check.
            Place::Fast => Instr::LoadFastCheck(self.here().slot(&name)),
            Place::Cell => Instr::LoadDeref(self.here().slot(&name)),
            Place::Free => Instr::LoadDeref(self.here().free_slot(&name)),
            Place::Global => Instr::LoadGlobal(self.name_index(&name)),
            Place::Name => Instr::LoadName(self.name_index(&name)),
            Place::ClassFree => {
                self.load_class_namespace(at);
                Instr::LoadFromDictOrDeref(self.here().free_slot(&name))
            }
            Place::ClassGlobal => {
                self.load_class_namespace(at);
                Instr::LoadFromDictOrGlobals(self.name_index(&name))
            }
        };
        self.emit(at, op);
    }

    /// The namespace that the code of a class, or an annotation scope in it, looks into first.
    fn load_class_namespace(&mut self, at: TextRange) {
        if self.this().block.kind == BlockKind::Class {
            self.emit(at, Instr::LoadLocals);
        } else {
            let slot = self.here().free_slot(CLASS_NAMESPACE);
            self.emit(at, Instr::LoadDeref(slot));
        }
    }

    pub(super) fn store_name(&mut self, name: &str, at: TextRange) {
        let name = self.mangled(name);
        let op = match self.reach(&name) {
            Place::Fast => Instr::StoreFast(self.here().slot(&name)),
            Place::Cell => Instr::StoreDeref(self.here().slot(&name)),
            Place::Free | Place::ClassFree => Instr::StoreDeref(self.here().free_slot(&name)),
            Place::Global | Place::ClassGlobal => Instr::StoreGlobal(self.name_index(&name)),
            Place::Name => Instr::StoreName(self.name_index(&name)),
        };
        self.emit(at, op);
    }

    pub(super) fn delete_name(&mut self, name: &str, at: TextRange) {
        let name = self.mangled(name);
        let op = match self.reach(&name) {
            Place::Fast => Instr::DeleteFast(self.here().slot(&name)),
            Place::Cell => Instr::DeleteDeref(self.here().slot(&name)),
            Place::Free | Place::ClassFree => Instr::DeleteDeref(self.here().free_slot(&name)),
            Place::Global | Place::ClassGlobal => Instr::DeleteGlobal(self.name_index(&name)),
            Place::Name => Instr::DeleteName(self.name_index(&name)),
        };
        self.emit(at, op);
    }

    /// The slot of the cell that an inner function takes as its free variable `name`.
    pub(super) fn captured_slot(&mut self, name: &str) -> u32 {
        let owned = match self.reach(name) {
            Place::Cell => true,
            Place::Fast | Place::Free | Place::ClassFree | Place::ClassGlobal | Place::Global | Place::Name => {
                !self.this().has_free(name)
            }
        };
        if owned { self.here().slot(name) } else { self.here().free_slot(name) }
    }

    /// What stands at the beginning of every body: its cells, the iterator of its argument if it has one, and the making
    /// of a generator.
    pub(super) fn prologue(&mut self, iterable: Option<TextRange>) {
        let block = self.this().block;
        for name in &block.cellvars {
            let slot = self.here().slot(name);
            self.emit(nowhere(), Instr::MakeCell(slot));
        }
        if let Some(at) = iterable {
            self.load_argument(at);
            self.emit(at, Instr::GetIter);
        }
        if self.this().kind() != BodyKind::Plain {
            self.emit(nowhere(), Instr::ReturnGenerator);
            let guard = self.label();
            self.here().guard = Some(guard);
            self.here().asm.begin_handler(guard);
        }
    }

    /// A StopIteration that leaves a generator becomes RuntimeError (PEP 479).
    pub(super) fn stop_iteration_guard(&mut self) {
        if let Some(guard) = self.here().guard.take() {
            self.here().asm.drop_handler();
            self.place(guard);
            self.emit(nowhere(), Instr::Intrinsic(Intrinsic::StopIterationError));
            self.emit(nowhere(), Instr::Reraise);
        }
    }

    /// `co_qualname` of a body about to be compiled.
    pub(super) fn qualname(&self, name: &str, block: &Block) -> String {
        // The scope of type parameters is not part of the name.
        let parents = self.bodies.iter().rev();
        let Some(parent) = parents.into_iter().find(|body| body.block.kind != BlockKind::TypeParams) else {
            return name.into();
        };
        if parent.block.kind == BlockKind::Module {
            return name.into();
        }
        let private = parent.block.private.as_deref().filter(|_| self.profile.private_names_mangled);
        let own = mangle(private, name);
        let declared = matches!(block.kind, BlockKind::Function | BlockKind::Class)
            && parent.block.symbol(&own).is_some_and(|symbol| symbol.access == Access::GlobalExplicit);
        if declared {
            return name.into();
        }
        // A comprehension that is a function adds its own name only.
        let locals = match parent.block.kind {
            BlockKind::Function | BlockKind::Lambda => ".<locals>",
            _ => "",
        };
        format!("{}{locals}.{name}", parent.qualname)
    }

    /// A function written directly in a class.
    fn is_method(&self, body: &Body<'a>) -> bool {
        let parent = body.block.parent.map(|parent| self.block(parent).kind);
        parent == Some(BlockKind::Class) && matches!(body.block.kind, BlockKind::Function | BlockKind::Lambda)
    }

    /// `co_flags` of a body.
    pub(super) fn flags(&self, body: &Body<'a>) -> u32 {
        const OPTIMIZED: u32 = 0x1;
        const NEW_LOCALS: u32 = 0x2;
        const VARARGS: u32 = 0x4;
        const VARKEYWORDS: u32 = 0x8;
        const NESTED: u32 = 0x10;
        const GENERATOR: u32 = 0x20;
        const NO_FREE: u32 = 0x40;
        const COROUTINE: u32 = 0x80;
        const ASYNC_GENERATOR: u32 = 0x200;
        let when = |condition: bool, flag: u32| if condition { flag } else { 0 };
        let function = body.block.kind.is_function_like();
        let cells = !body.block.cellvars.is_empty() || !body.block.freevars.is_empty();
        when(function, OPTIMIZED | NEW_LOCALS)
            | when(function && body.block.nested, NESTED)
            | when(body.parameters.varargs, VARARGS)
            | when(body.parameters.varkw, VARKEYWORDS)
            | when(!cells && self.profile.code_flag_no_free, NO_FREE)
            | when(self.table.future_annotations, self.profile.code_flag_future_annotations)
            | when(body.doc.is_some() && function, self.profile.code_flag_docstring)
            | when(self.is_method(body), self.profile.code_flag_method)
            | match body.kind() {
                BodyKind::Plain => 0,
                BodyKind::Generator => GENERATOR,
                BodyKind::Coroutine => COROUTINE,
                BodyKind::AsyncGenerator => ASYNC_GENERATOR,
            }
    }
}
