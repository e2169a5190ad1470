//! `class`: the body becomes a function for `__build_class__`.

use super::{Compiler, Done, SyntaxIssue, nowhere};
use crate::code::Proto;
use crate::code::instr::{FunctionParts, Instr, Intrinsic};
use crate::code::pool::Value;
use crate::scope::BlockKind;
use crate::syntax::ast::{self, Expr};
use crate::syntax::{Ranged, TextRange};

impl<'a> Compiler<'a> {
    pub(super) fn class_def(&mut self, class: &'a ast::StmtClassDef) -> Done {
        let at = self.after_decorators(class.range(), &class.decorator_list);
        self.decorators(&class.decorator_list)?;
        let first_line = class.decorator_list.first().map_or(self.line(at), |first| self.line(first.range()));
        if let Some(type_params) = &class.type_params {
            self.generic_class(class, type_params, first_line, at)?;
        } else {
            self.build_class(class, first_line, at)?;
            let (args, keywords) = (class.bases(), class.keywords());
            self.arguments(args, keywords, 2, at)?;
        }
        self.apply_decorators(&class.decorator_list);
        self.store_name(&class.name, at);
        Ok(())
    }

    /// `-- __build_class__ null body name`
    fn build_class(&mut self, class: &'a ast::StmtClassDef, first_line: u32, at: TextRange) -> Done {
        let code = self.class_body(class, first_line, at)?;
        self.emit(at, Instr::LoadBuildClass);
        self.emit(at, Instr::PushNull);
        self.make_function(code, FunctionParts::default(), at);
        self.load_text(at, &class.name);
        Ok(())
    }

    fn class_body(
        &mut self,
        class: &'a ast::StmtClassDef,
        first_line: u32,
        at: TextRange,
    ) -> Result<Proto, SyntaxIssue> {
        let block = self.block_of(class.range(), BlockKind::Class)?;
        self.enter(block, &class.name, first_line);
        self.load_name("__name__", at);
        self.store_name("__module__", at);
        let qualname = self.this().qualname.clone();
        self.load_text(at, &qualname);
        self.store_name("__qualname__", at);
        if self.profile.class_first_line {
            self.load_const(at, &Value::Int(first_line.into()));
            self.store_name("__firstlineno__", at);
        }
        if class.type_params.is_some() {
            self.load_name(".type_params", at);
            self.store_name("__type_params__", at);
        }
        if let Some(slot) = self.own_cell("__classdict__") {
            self.emit(at, Instr::LoadLocals);
            self.emit(at, Instr::StoreDeref(slot));
        }
        self.class_annotations(class)?;
        let rest = self.namespace_docstring(&class.body);
        self.body(rest)?;
        self.finish_class_annotations(class)?;
        if self.profile.static_attributes {
            let mut names = std::mem::take(&mut self.here().static_attributes);
            names.sort_unstable();
            let names = names.iter().map(|name| Value::text(name)).collect();
            self.load_const(nowhere(), &Value::Tuple(names));
            self.store_name("__static_attributes__", nowhere());
        }
        if let Some(slot) = self.own_cell("__classdict__") {
            self.emit(nowhere(), Instr::LoadClosure(slot));
            self.store_name("__classdictcell__", nowhere());
        }
        match self.own_cell("__class__") {
            Some(slot) => {
                self.emit(nowhere(), Instr::LoadClosure(slot));
                self.emit(nowhere(), Instr::Copy(1));
                self.store_name("__classcell__", nowhere());
            }
            None => self.load_const(nowhere(), &Value::None),
        }
        self.emit(nowhere(), Instr::Return);
        self.leave()
    }

    /// The slot of a cell that this body makes.
    pub(super) fn own_cell(&mut self, name: &str) -> Option<u32> {
        let body = self.here();
        body.block.cellvars.iter().any(|cell| cell == name).then(|| body.slot(name))
    }

    /// A class with type parameters is built in a scope of its own, with `Generic[…]` as last base.
    fn generic_class(
        &mut self,
        class: &'a ast::StmtClassDef,
        type_params: &'a ast::TypeParams,
        first_line: u32,
        at: TextRange,
    ) -> Done {
        let block = self.block_of(class.range(), BlockKind::TypeParams)?;
        self.enter(block, &format!("<generic parameters of {}>", class.name), first_line);
        self.type_params(type_params)?;
        self.store_name(".type_params", at);
        self.build_class(class, first_line, at)?;
        self.load_name(".type_params", at);
        self.emit(at, Instr::Intrinsic(Intrinsic::SubscriptGeneric));
        self.store_name(".generic_base", at);
        self.generic_arguments(class.bases(), class.keywords(), at)?;
        self.emit(at, Instr::Return);
        let code = self.leave()?;
        self.make_function(code, FunctionParts::default(), at);
        self.emit(at, Instr::PushNull);
        self.emit(at, Instr::Call(0));
        Ok(())
    }

    /// The bases, `.generic_base` after them, the keywords, and the call.
    fn generic_arguments(&mut self, bases: &'a [Expr], keywords: super::Keywords<'a>, at: TextRange) -> Done {
        let plain = !bases.iter().any(Expr::is_starred_expr) && keywords.iter().all(|keyword| keyword.arg.is_some());
        if plain && !self.crowded(bases.len() + 3 + keywords.len() * 2) {
            bases.iter().try_for_each(|base| self.expr(base))?;
            self.load_name(".generic_base", at);
            return self.arguments(&[], keywords, bases.len() as u32 + 3, at);
        }
        // body, name and the bases as one list, to which the generic base is added.
        self.emit(at, Instr::BuildList(2));
        for base in bases {
            match base {
                Expr::Starred(starred) => {
                    self.expr(&starred.value)?;
                    self.emit(at, Instr::ListExtend(1));
                }
                base => {
                    self.expr(base)?;
                    self.emit(at, Instr::ListAppend(1));
                }
            }
        }
        self.load_name(".generic_base", at);
        self.emit(at, Instr::ListAppend(1));
        self.emit(at, Instr::Intrinsic(Intrinsic::ListToTuple));
        self.keywords_and_call(keywords, at)
    }
}
