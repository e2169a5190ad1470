//! `def`, `lambda` and the making of function objects.

use super::{Compiler, Done, SyntaxIssue};
use crate::code::instr::{FunctionParts, Instr, Intrinsic};
use crate::code::pool::Value;
use crate::code::{ConstId, Proto};
use crate::scope::BlockKind;
use crate::syntax::ast::{self, Expr, Stmt};
use crate::syntax::{Ranged, TextRange};

impl<'a> Compiler<'a> {
    pub(super) fn function_def(&mut self, def: &'a ast::StmtFunctionDef) -> Done {
        let at = self.after_decorators(def.range(), &def.decorator_list);
        self.decorators(&def.decorator_list)?;
        let first_line = def.decorator_list.first().map_or(self.line(at), |first| self.line(first.range()));
        if let Some(type_params) = &def.type_params {
            self.generic_function(def, type_params, first_line, at)?;
        } else {
            let mut parts = self.default_arguments(&def.parameters, at)?;
            self.function_annotations(def, &mut parts, at)?;
            self.function_body(def, parts, first_line, at)?;
        }
        self.apply_decorators(&def.decorator_list);
        self.store_name(&def.name, at);
        Ok(())
    }

    /// `callable null` for each decorator.
    pub(super) fn decorators(&mut self, decorators: &'a [ast::Decorator]) -> Done {
        for decorator in decorators {
            self.expr(&decorator.expression)?;
            self.emit(decorator.expression.range(), Instr::PushNull);
        }
        Ok(())
    }

    pub(super) fn apply_decorators(&mut self, decorators: &'a [ast::Decorator]) {
        for decorator in decorators.iter().rev() {
            self.emit(decorator.expression.range(), Instr::Call(1));
        }
    }

    /// Pushes the defaults that the parameters have.
    pub(super) fn default_arguments(
        &mut self,
        parameters: &'a ast::Parameters,
        at: TextRange,
    ) -> Result<FunctionParts, SyntaxIssue> {
        let mut parts = FunctionParts::default();
        let positional = parameters.posonlyargs.iter().chain(parameters.args.iter());
        let defaults: Vec<&'a Expr> = positional.filter_map(|parameter| parameter.default.as_deref()).collect();
        if !defaults.is_empty() {
            parts.defaults = true;
            let constants: Option<Vec<Value>> = defaults.iter().map(|default| self.fold.constant(default)).collect();
            if let Some(constants) = constants {
                self.load_folded_tuple(at, constants, &defaults);
            } else {
                let count = defaults.len() as u32;
                defaults.into_iter().try_for_each(|default| self.expr(default))?;
                self.emit(at, Instr::BuildTuple(count));
            }
        }
        let named: Vec<_> = parameters.kwonlyargs.iter().filter(|parameter| parameter.default.is_some()).collect();
        if !named.is_empty() {
            parts.kwdefaults = true;
            let keys: Vec<Value> =
                named.iter().map(|parameter| Value::text(&self.mangled(parameter.parameter.name.as_str()))).collect();
            for (parameter, key) in named.iter().zip(&keys) {
                if !self.profile.constant_key_maps {
                    self.load_const(at, key);
                }
                if let Some(default) = parameter.default.as_deref() {
                    self.expr(default)?;
                }
            }
            let count = named.len() as u32;
            if self.profile.constant_key_maps {
                self.load_const(at, &Value::Tuple(keys));
                self.emit(at, Instr::BuildConstKeyMap(count));
            } else {
                self.emit(at, Instr::BuildMap(count));
            }
        }
        Ok(parts)
    }

    /// Compiles the body and makes the function.
    pub(super) fn function_body(
        &mut self,
        def: &'a ast::StmtFunctionDef,
        parts: FunctionParts,
        first_line: u32,
        at: TextRange,
    ) -> Done {
        let block = self.block_of(def.range(), BlockKind::Function)?;
        self.enter(block, &def.name, first_line);
        let rest = self.function_docstring(&def.body);
        self.set_parameters(&def.parameters);
        self.body(rest)?;
        let code = self.leave()?;
        self.make_function(code, parts, at);
        Ok(())
    }

    /// The first constant of a function is its docstring; until 3.13 None stands for a missing one.
    fn function_docstring(&mut self, suite: &'a [Stmt]) -> &'a [Stmt] {
        match self.docstring(suite) {
            Some((text, _)) => {
                let id = self.pool.add(&text);
                self.here().doc = Some(id);
                self.here().constant(id);
                suite.get(1..).unwrap_or(&[])
            }
            None => {
                self.reserve_docstring();
                suite
            }
        }
    }

    /// None comes first where a docstring could.
    pub(super) fn reserve_docstring(&mut self) {
        if self.profile.docstring_slot {
            let none = self.pool.add(&Value::None);
            self.here().constant(none);
        }
    }

    pub(super) fn set_parameters(&mut self, parameters: &ast::Parameters) {
        let counts = &mut self.here().parameters;
        counts.posonly = parameters.posonlyargs.len() as u32;
        counts.positional = counts.posonly + parameters.args.len() as u32;
        counts.kwonly = parameters.kwonlyargs.len() as u32;
        counts.varargs = parameters.vararg.is_some();
        counts.varkw = parameters.kwarg.is_some();
    }

    pub(super) fn lambda(&mut self, lambda: &'a ast::ExprLambda) -> Done {
        let at = lambda.range();
        let parts = match &lambda.parameters {
            Some(parameters) => self.default_arguments(parameters, at)?,
            None => FunctionParts::default(),
        };
        let block = self.block_of(at, BlockKind::Lambda)?;
        let line = self.line(at);
        self.enter(block, "<lambda>", line);
        self.reserve_docstring();
        if let Some(parameters) = &lambda.parameters {
            self.set_parameters(parameters);
        }
        self.expr(&lambda.body)?;
        self.emit(lambda.body.range(), Instr::Return);
        let code = self.leave()?;
        self.make_function(code, parts, at);
        Ok(())
    }

    /// The entry of a code object in the pool.
    pub(super) fn add_code(&mut self, code: Proto) -> ConstId {
        let positions = self.profile.code_equality_positions;
        self.pool.add_code(code, |known, new| same_code(known, new, positions))
    }

    /// `[parts] -- function`
    pub(super) fn make_function(&mut self, code: Proto, mut parts: FunctionParts, at: TextRange) {
        let free = code.freevars.clone();
        if !free.is_empty() {
            for name in &free {
                let slot = self.captured_slot(name);
                self.emit(at, Instr::LoadClosure(slot));
            }
            self.emit(at, Instr::BuildTuple(free.len() as u32));
            parts.closure = true;
        }
        // The function of a class body is named by the class alone.
        let name = if code.is_function { &code.qualname } else { &code.name };
        let qualname = self.profile.qualname_constants.then(|| self.pool.add(&Value::text(name)));
        let id = self.add_code(code);
        let index = self.here().constant(id);
        if let Some(qualname) = qualname {
            self.here().pinned_constant(qualname);
        }
        self.emit(at, Instr::LoadConst(index));
        self.emit(at, Instr::MakeFunction(parts));
    }

    /// A def with type parameters is made in a scope of its own, which gets the defaults as arguments.
    fn generic_function(
        &mut self,
        def: &'a ast::StmtFunctionDef,
        type_params: &'a ast::TypeParams,
        first_line: u32,
        at: TextRange,
    ) -> Done {
        let mut parts = self.default_arguments(&def.parameters, at)?;
        let given = u32::from(parts.defaults) + u32::from(parts.kwdefaults);
        let block = self.block_of(def.range(), BlockKind::TypeParams)?;
        self.enter(block, &format!("<generic parameters of {}>", def.name), first_line);
        self.here().parameters.positional = given;
        // The tuple of type parameters waits under the parts of the function.
        self.type_params(type_params)?;
        for (present, name) in [(parts.defaults, ".defaults"), (parts.kwdefaults, ".kwdefaults")] {
            if present {
                let slot = self.here().slot(name);
                self.emit(at, Instr::LoadFastCheck(slot));
            }
        }
        self.function_annotations(def, &mut parts, at)?;
        self.function_body(def, parts, first_line, at)?;
        self.emit(at, Instr::Swap(2));
        self.emit(at, Instr::Intrinsic(Intrinsic::SetFunctionTypeParams));
        self.emit(at, Instr::Return);
        let code = self.leave()?;
        self.make_function(code, FunctionParts::default(), at);
        self.call_with_arguments_below(given, at);
        Ok(())
    }

    /// `args… function -- result`, for at most two arguments that were there first.
    pub(super) fn call_with_arguments_below(&mut self, given: u32, at: TextRange) {
        if given == 2 {
            self.emit(at, Instr::Swap(3));
        }
        if given > 0 {
            self.emit(at, Instr::Swap(2));
        }
        self.emit(at, Instr::PushNull);
        if given == 2 {
            self.emit(at, Instr::Swap(3));
        }
        if given > 0 {
            self.emit(at, Instr::Swap(2));
        }
        self.emit(at, Instr::Call(given));
    }
}

/// Whether two codes are one constant.
fn same_code(known: &Proto, new: &Proto, positions: bool) -> bool {
    if known.name != new.name || known.first_line != new.first_line || known.instrs.len() != new.instrs.len() {
        return false;
    }
    if positions || known.locations == new.locations {
        return known == new;
    }
    let bare = |proto: &Proto| Proto { locations: Vec::new(), ..proto.clone() };
    bare(known) == bare(new)
}
