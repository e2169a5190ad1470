//! Type parameters and type aliases (PEP 695, PEP 696). Bounds, defaults and alias values are functions that are called
//! when somebody asks for the value.

use super::{Compiler, Done, nowhere};
use crate::code::instr::{FunctionParts, Instr, Intrinsic};
use crate::code::pool::Value;
use crate::scope::BlockKind;
use crate::syntax::ast::{self, Expr, TypeParam};
use crate::syntax::{Ranged, TextRange};

impl<'a> Compiler<'a> {
    /// Makes and binds the parameters: `-- tuple`.
    pub(super) fn type_params(&mut self, params: &'a ast::TypeParams) -> Done {
        for param in &params.type_params {
            let at = param.range();
            let (name, default) = match param {
                TypeParam::TypeVar(variable) => {
                    self.load_text(at, &variable.name);
                    match variable.bound.as_deref() {
                        Some(bound) => {
                            self.lazy_value(&variable.name, bound)?;
                            let constraints = bound.is_tuple_expr();
                            self.emit(
                                at,
                                Instr::Intrinsic(if constraints {
                                    Intrinsic::TypeVarWithConstraints
                                } else {
                                    Intrinsic::TypeVarWithBound
                                }),
                            );
                        }
                        None => self.emit(at, Instr::Intrinsic(Intrinsic::TypeVar)),
                    }
                    (&variable.name, variable.default.as_deref())
                }
                TypeParam::TypeVarTuple(tuple) => {
                    self.load_text(at, &tuple.name);
                    self.emit(at, Instr::Intrinsic(Intrinsic::TypeVarTuple));
                    (&tuple.name, tuple.default.as_deref())
                }
                TypeParam::ParamSpec(spec) => {
                    self.load_text(at, &spec.name);
                    self.emit(at, Instr::Intrinsic(Intrinsic::ParamSpec));
                    (&spec.name, spec.default.as_deref())
                }
            };
            if let Some(default) = default {
                self.lazy_value(name, default)?;
                self.emit(at, Instr::Intrinsic(Intrinsic::SetTypeParamDefault));
            }
            self.emit(at, Instr::Copy(1));
            self.store_name(name, at);
        }
        let at = params.range();
        self.emit(at, Instr::BuildTuple(params.type_params.len() as u32));
        Ok(())
    }

    fn lazy_value(&mut self, name: &str, value: &'a Expr) -> Done {
        self.lazy_function(name, value, false)
    }

    /// A function that evaluates the expression. That of an alias has a place for a docstring, as functions do.
    fn lazy_function(&mut self, name: &str, value: &'a Expr, documented: bool) -> Done {
        let at = value.range();
        let block = self.block_of(at, BlockKind::Annotation)?;
        let mut parts = FunctionParts::default();
        if self.profile.annotations_lazy {
            self.load_const(at, &Value::Tuple(vec![Value::Int(1.into())]));
            parts.defaults = true;
        }
        let line = self.line(at);
        self.enter(block, name, line);
        if documented {
            self.reserve_docstring();
        }
        if self.profile.annotations_lazy {
            self.format_parameter();
        }
        match value {
            // The default of a TypeVarTuple.
            Expr::Starred(starred) => {
                self.expr(&starred.value)?;
                self.emit(at, Instr::UnpackSequence(1));
            }
            value => self.expr(value)?,
        }
        self.emit(at, Instr::Return);
        let code = self.leave()?;
        self.make_function(code, parts, at);
        Ok(())
    }

    pub(super) fn type_alias(&mut self, alias: &'a ast::StmtTypeAlias) -> Done {
        let at = alias.range();
        let Expr::Name(name) = &*alias.name else { return Ok(()) };
        if let Some(params) = &alias.type_params {
            let block = self.block_of(at, BlockKind::TypeParams)?;
            let line = self.line(at);
            self.enter(block, &format!("<generic parameters of {}>", name.id), line);
            self.load_text(alias.name.range(), &name.id);
            self.type_params(params)?;
            self.alias_value(&name.id, &alias.value, at)?;
            self.emit(at, Instr::Return);
            let code = self.leave()?;
            self.make_function(code, FunctionParts::default(), at);
            self.emit(nowhere(), Instr::PushNull);
            self.emit(at, Instr::Call(0));
        } else {
            self.load_text(alias.name.range(), &name.id);
            self.load_const(at, &Value::None);
            self.alias_value(&name.id, &alias.value, at)?;
        }
        self.store_name(&name.id, alias.name.range());
        Ok(())
    }

    /// `name typeparams -- alias`
    fn alias_value(&mut self, name: &str, value: &'a Expr, at: TextRange) -> Done {
        self.lazy_function(name, value, true)?;
        self.emit(at, Instr::BuildTuple(3));
        self.emit(at, Instr::Intrinsic(Intrinsic::TypeAlias));
        Ok(())
    }
}
