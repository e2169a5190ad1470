//! Annotations: evaluated where they stand, kept as text under the future import, or put into a function that is called
//! when somebody asks (`annotations_lazy`).

use super::{Compiler, Done, nowhere};
use crate::code::instr::{CmpOp, FunctionParts, Instr};
use crate::code::pool::Value;
use crate::scope::{BlockId, BlockKind};
use crate::syntax::ast::{self, Expr, Stmt};
use crate::syntax::{Ranged, TextRange, deeper};

/// The annotation of a module or class that its annotate function will evaluate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deferred<'a> {
    /// The annotated statement.
    assign: &'a ast::StmtAnnAssign,
    /// The number under which the statement notes that it has run.
    condition: Option<u32>,
}

impl<'a> Compiler<'a> {
    /// Annotations are put off until somebody asks for them.
    fn lazy(&self) -> bool {
        self.profile.annotations_lazy && !self.table.future_annotations
    }

    // ---- modules and classes -------------------------------------------------------------------------------------

    /// What a module does about its annotations before anything else.
    pub(super) fn module_annotations(&mut self, suite: &'a [Stmt]) -> Done {
        if !self.lazy() {
            if has_annotations(suite) {
                self.emit(nowhere(), Instr::SetupAnnotations);
            }
            return Ok(());
        }
        if self.this().block.conditional_annotations {
            self.emit(nowhere(), Instr::BuildSet(0));
            self.store_name("__conditional_annotations__", nowhere());
        }
        Ok(())
    }

    /// The annotate function of a module is compiled last and stored first.
    pub(super) fn finish_module_annotations(&mut self, suite: &'a [Stmt]) -> Done {
        if !self.lazy() {
            return Ok(());
        }
        let found = deferred(suite, self.this().block.conditional_annotations);
        let Some(first) = suite.first().filter(|_| !found.is_empty()) else { return Ok(()) };
        let end = self.this().asm.items.len();
        let line = self.line(first.range());
        self.annotate_namespace(&found, TextRange::default(), line, "__annotate__")?;
        let start = self.this().start;
        let items = &mut self.here().asm.items;
        let made: Vec<_> = items.drain(end..).collect();
        items.splice(start..start, made);
        Ok(())
    }

    /// The same for a class.
    pub(super) fn class_annotations(&mut self, class: &'a ast::StmtClassDef) -> Done {
        if !self.lazy() {
            if has_annotations(&class.body) {
                self.emit(nowhere(), Instr::SetupAnnotations);
            }
            return Ok(());
        }
        if let Some(slot) = self.own_cell("__conditional_annotations__") {
            self.emit(nowhere(), Instr::BuildSet(0));
            self.emit(nowhere(), Instr::StoreDeref(slot));
        }
        Ok(())
    }

    /// A class makes its annotate function at the end of its body.
    pub(super) fn finish_class_annotations(&mut self, class: &'a ast::StmtClassDef) -> Done {
        if !self.lazy() {
            return Ok(());
        }
        let found = deferred(&class.body, false);
        if found.is_empty() {
            return Ok(());
        }
        let line = self.this().first_line;
        self.annotate_namespace(&found, class.range(), line, "__annotate_func__")
    }

    /// The annotate function of a module or class, stored under `name`.
    fn annotate_namespace(&mut self, found: &[Deferred<'a>], range: TextRange, line: u32, name: &str) -> Done {
        let block = self.block_of(range, BlockKind::Annotation)?;
        self.enter_annotate(block, line);
        self.emit(nowhere(), Instr::BuildMap(0));
        for deferred in found {
            let Expr::Name(target) = &*deferred.assign.target else { continue };
            let skip = self.label();
            if let Some(condition) = deferred.condition {
                self.load_const(nowhere(), &Value::Int(condition.into()));
                self.load_name("__conditional_annotations__", nowhere());
                self.emit(nowhere(), Instr::ContainsOp(false));
                self.emit(nowhere(), Instr::PopJumpIfFalse(skip));
            }
            self.expr(&deferred.assign.annotation)?;
            self.emit(nowhere(), Instr::Copy(2));
            let name = self.mangled(&target.id).into_owned();
            self.load_text(nowhere(), &name);
            self.emit(nowhere(), Instr::StoreSubscr);
            self.place(skip);
        }
        self.emit(nowhere(), Instr::Return);
        let code = self.leave()?;
        self.make_function(code, FunctionParts::default(), nowhere());
        self.store_name(name, nowhere());
        Ok(())
    }

    /// Starts a function that is asked for annotations in one of several formats, of which it knows the first two.
    pub(super) fn enter_annotate(&mut self, block: BlockId, line: u32) {
        self.enter(block, "__annotate__", line);
        self.here().shows_format = true;
        self.format_parameter();
    }

    /// The one parameter of annotation scopes that are called with a format: others than 1 and 2 are not supported.
    pub(super) fn format_parameter(&mut self) {
        self.here().parameters.positional = 1;
        self.here().parameters.posonly = 1;
        let slot = self.here().format_slot();
        let body = self.label();
        self.emit(nowhere(), Instr::LoadFastCheck(slot));
        self.load_const(nowhere(), &Value::Int(2.into()));
        self.emit(nowhere(), Instr::Compare(CmpOp::Gt));
        self.emit(nowhere(), Instr::PopJumpIfFalse(body));
        self.emit(nowhere(), Instr::LoadNotImplementedError);
        self.emit(nowhere(), Instr::Raise(1));
        self.place(body);
    }

    // ---- functions -------------------------------------------------------------------------------------------------

    /// Pushes what a function keeps of its annotations, if it has any.
    pub(super) fn function_annotations(
        &mut self,
        def: &'a ast::StmtFunctionDef,
        parts: &mut FunctionParts,
        at: TextRange,
    ) -> Done {
        let annotations = self.signature(def);
        if annotations.is_empty() {
            return Ok(());
        }
        if !self.profile.annotations_lazy {
            parts.annotations = true;
            let values: Option<Vec<Value>> =
                annotations.iter().map(|(_, annotation)| self.constant_annotation(annotation)).collect();
            if let Some(values) = values {
                let names = annotations.iter().map(|(name, _)| Value::text(name));
                let items = names.zip(values).flat_map(|(name, value)| [name, value]).collect();
                self.load_folded_tuple(at, items, &[]);
                return Ok(());
            }
            let count = annotations.len() as u32;
            for (name, annotation) in annotations {
                self.load_text(at, &name);
                self.signature_annotation(annotation)?;
            }
            self.emit(at, Instr::BuildTuple(2 * count));
            return Ok(());
        }
        let block = self.block_of(def.range(), BlockKind::Annotation)?;
        let function = self.block_of(def.range(), BlockKind::Function)?;
        let qualname = format!("{}.__annotate__", self.qualname(&def.name, self.block(function)));
        let line = self.line(at);
        self.enter_annotate(block, line);
        self.here().qualname = qualname;
        let count = annotations.len() as u32;
        for (name, annotation) in annotations {
            self.load_text(at, &name);
            self.signature_annotation(annotation)?;
        }
        self.emit(at, Instr::BuildMap(count));
        self.emit(at, Instr::Return);
        let code = self.leave()?;
        self.make_function(code, FunctionParts::default(), at);
        parts.annotate = true;
        Ok(())
    }

    /// The annotations of a signature with the (mangled) names that they belong to.
    fn signature(&self, def: &'a ast::StmtFunctionDef) -> Vec<(String, &'a Expr)> {
        let parameters = &*def.parameters;
        let mut found: Vec<(&str, &Expr)> = Vec::new();
        // Positional-only parameters come after the others, in every version.
        let plain = parameters.args.iter().chain(parameters.posonlyargs.iter()).map(|parameter| &parameter.parameter);
        let named = parameters.kwonlyargs.iter().map(|parameter| &parameter.parameter);
        let starred = parameters.vararg.as_deref().into_iter();
        let double = parameters.kwarg.as_deref().into_iter();
        for parameter in plain.chain(starred).chain(named).chain(double) {
            if let Some(annotation) = parameter.annotation.as_deref() {
                found.push((parameter.name.as_str(), annotation));
            }
        }
        found.extend(def.returns.as_deref().map(|returns| ("return", returns)));
        found.into_iter().map(|(name, annotation)| (self.mangled(name).into_owned(), annotation)).collect()
    }

    /// One annotation; `*args: *Ts` is the one item that `*Ts` gives.
    fn signature_annotation(&mut self, annotation: &'a Expr) -> Done {
        match annotation {
            Expr::Starred(starred) if !self.table.future_annotations => {
                self.expr(&starred.value)?;
                self.emit(starred.range(), Instr::UnpackSequence(1));
                Ok(())
            }
            annotation => self.annotation(annotation),
        }
    }

    /// The value of an annotation, or its text.
    fn annotation(&mut self, annotation: &'a Expr) -> Done {
        match self.constant_annotation(annotation) {
            Some(value) => {
                self.load_const(annotation.range(), &value);
                Ok(())
            }
            None => self.expr(annotation),
        }
    }

    /// The value of an annotation that is a constant, as its text always is.
    fn constant_annotation(&self, annotation: &'a Expr) -> Option<Value> {
        if self.table.future_annotations {
            return Some(Value::Str(super::unparse::unparse(annotation, self.parsed, self.profile)));
        }
        self.fold.constant(annotation)
    }

    // ---- annotated assignments --------------------------------------------------------------------------------------

    pub(super) fn ann_assign(&mut self, assign: &'a ast::StmtAnnAssign) -> Done {
        if let Some(value) = &assign.value {
            self.expr(value)?;
            self.store(&assign.target)?;
        }
        match &*assign.target {
            Expr::Name(target) if assign.simple && self.keeps_annotations() => {
                if self.lazy() {
                    return self.note_condition(assign);
                }
                let at = assign.range();
                self.annotation(&assign.annotation)?;
                self.load_name("__annotations__", at);
                let name = self.mangled(&target.id).into_owned();
                self.load_text(at, &name);
                self.emit(at, Instr::StoreSubscr);
                return Ok(());
            }
            Expr::Name(_) => {}
            Expr::Attribute(target) if assign.value.is_none() => self.evaluate_and_drop(&target.value)?,
            Expr::Subscript(target) if assign.value.is_none() => {
                self.evaluate_and_drop(&target.value)?;
                self.check_index(&target.slice)?;
            }
            _ => {}
        }
        let evaluated = !assign.simple && self.keeps_annotations() && !self.table.future_annotations;
        if evaluated && !self.profile.annotations_lazy {
            self.evaluate_and_drop(&assign.annotation)?;
        }
        Ok(())
    }

    fn evaluate_and_drop(&mut self, expr: &'a Expr) -> Done {
        self.expr(expr)?;
        self.emit(nowhere(), Instr::Pop);
        Ok(())
    }

    /// The index of a target that is only annotated is evaluated piece by piece.
    fn check_index(&mut self, index: &'a Expr) -> Done {
        match index {
            Expr::Slice(slice) => {
                for part in [&slice.lower, &slice.upper, &slice.step].into_iter().flatten() {
                    self.evaluate_and_drop(part)?;
                }
                Ok(())
            }
            Expr::Tuple(tuple) => deeper(|| tuple.elts.iter().try_for_each(|item| self.check_index(item))),
            index => self.evaluate_and_drop(index),
        }
    }

    /// An annotation that may not be reached adds its number to the set of those that were.
    fn note_condition(&mut self, assign: &'a ast::StmtAnnAssign) -> Done {
        let body = self.here();
        let always = body.block.kind == BlockKind::Module && body.block.conditional_annotations;
        if body.conditional == 0 && !always {
            return Ok(());
        }
        let number = body.conditional_annotations;
        body.conditional_annotations += 1;
        let at = assign.range();
        let cell = self.own_cell("__conditional_annotations__");
        match cell {
            Some(slot) => self.emit(at, Instr::LoadDeref(slot)),
            None => self.load_name("__conditional_annotations__", at),
        }
        self.load_const(at, &Value::Int(number.into()));
        self.emit(at, Instr::SetAdd(1));
        self.emit(at, Instr::Pop);
        Ok(())
    }
}

/// The annotated names of a suite in order, those of inner blocks included. Conditions are numbered as
/// `note_condition` does it.
fn deferred<'a>(suite: &'a [Stmt], always: bool) -> Vec<Deferred<'a>> {
    let mut found = Vec::new();
    let mut count = 0;
    walk(suite, false, &mut |assign, inner| {
        if assign.simple && assign.target.is_name_expr() {
            let condition = (inner || always).then(|| {
                count += 1;
                count - 1
            });
            found.push(Deferred { assign, condition });
        }
    });
    found
}

/// Whether a suite annotates anything, in inner blocks too.
fn has_annotations(suite: &[Stmt]) -> bool {
    let mut found = false;
    walk(suite, false, &mut |_, _| found = true);
    found
}

/// Visits the annotated assignments of a suite in order; the bool: it stands in an inner block.
fn walk<'a>(suite: &'a [Stmt], inner: bool, visit: &mut impl FnMut(&'a ast::StmtAnnAssign, bool)) {
    for stmt in suite {
        if let Stmt::AnnAssign(assign) = stmt {
            visit(assign, inner);
            continue;
        }
        for suite in inner_suites(stmt) {
            deeper(|| walk(suite, true, visit));
        }
    }
}

/// The blocks inside a statement that belong to the same scope.
fn inner_suites(stmt: &Stmt) -> Vec<&[Stmt]> {
    match stmt {
        Stmt::If(if_) => {
            let clauses = if_.elif_else_clauses.iter().map(|clause| &clause.body[..]);
            std::iter::once(&if_.body[..]).chain(clauses).collect()
        }
        Stmt::For(for_) => vec![&for_.body, &for_.orelse],
        Stmt::While(while_) => vec![&while_.body, &while_.orelse],
        Stmt::With(with) => vec![&with.body],
        Stmt::Match(match_) => match_.cases.iter().map(|case| &case.body[..]).collect(),
        Stmt::Try(try_) => {
            let handlers = try_.handlers.iter().map(|ast::ExceptHandler::ExceptHandler(handler)| &handler.body[..]);
            let (orelse, finalbody): (&[Stmt], &[Stmt]) = (&try_.orelse, &try_.finalbody);
            std::iter::once(&try_.body[..]).chain(handlers).chain([orelse, finalbody]).collect()
        }
        _ => Vec::new(),
    }
}
