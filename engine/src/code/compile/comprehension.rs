//! Comprehensions and generator expressions: as functions of their own with the argument `.0`, or inlined.
//!
//! Invariant: the outermost iterable is evaluated outside, in the scope around the comprehension.

use super::{Compiler, Done, nowhere};
use crate::code::instr::{FunctionParts, Instr};
use crate::code::pool::Value;
use crate::scope::{Access, Block, BlockId, BlockKind};
use crate::syntax::ast::{self, Expr};
use crate::syntax::{Ranged, TextRange};

/// What a comprehension makes of each round.
#[derive(Clone, Copy, Debug)]
enum Element<'a> {
    List(&'a Expr),
    Set(&'a Expr),
    Dict(Option<&'a Expr>, &'a Expr),
    Generator(&'a Expr),
}

/// A comprehension of any kind.
#[derive(Clone, Copy, Debug)]
struct Comprehension<'a> {
    element: Element<'a>,
    generators: &'a [ast::Comprehension],
    at: TextRange,
    kind: BlockKind,
    name: &'static str,
}

fn parts<'a>(expr: &'a Expr) -> Option<Comprehension<'a>> {
    let made =
        |element, generators, kind, name| Some(Comprehension { element, generators, at: expr.range(), kind, name });
    match expr {
        Expr::ListComp(comp) => made(Element::List(&comp.elt), &comp.generators, BlockKind::ListComp, "<listcomp>"),
        Expr::SetComp(comp) => made(Element::Set(&comp.elt), &comp.generators, BlockKind::SetComp, "<setcomp>"),
        Expr::DictComp(comp) => {
            let element = Element::Dict(comp.key.as_deref(), &comp.value);
            made(element, &comp.generators, BlockKind::DictComp, "<dictcomp>")
        }
        Expr::Generator(comp) => made(Element::Generator(&comp.elt), &comp.generators, BlockKind::GenExpr, "<genexpr>"),
        _ => None,
    }
}

impl<'a> Compiler<'a> {
    pub(super) fn comprehension(&mut self, expr: &'a Expr) -> Done {
        let Some(mut comp) = parts(expr) else { return Ok(()) };
        let Some(outermost) = comp.generators.first() else { return Ok(()) };
        let id = self.block_of(comp.at, comp.kind)?;
        if let Expr::Generator(generator) = expr {
            comp.at = self.parsed.generator_range(generator);
        }
        let block = self.block(id);
        if block.inlined {
            return self.inlined(comp, outermost, id);
        }
        let line = self.line(comp.at);
        let inside =
            matches!(comp.element, Element::Generator(_)) && self.profile.genexp_iterates_inside && !outermost.is_async;
        self.enter_iterating(id, comp.name, line, inside.then_some(outermost.iter.range()));
        self.here().parameters.positional = 1;
        self.start(comp.element, comp.at);
        self.rounds(comp, 0, 0, inside)?;
        if !matches!(comp.element, Element::Generator(_)) {
            self.emit(comp.at, Instr::Return);
        }
        let code = self.leave()?;
        self.make_function(code, FunctionParts::default(), comp.at);
        self.emit(comp.at, Instr::PushNull);
        self.outermost(outermost, inside)?;
        self.emit(comp.at, Instr::Call(1));
        if matches!(comp.element, Element::Generator(_)) && !block.is_coroutine && !self.profile.genexps_lazy {
            self.emit(comp.at, Instr::BuildList(0));
            self.emit(comp.at, Instr::Swap(2));
            self.emit(comp.at, Instr::ListExtend(1));
            self.emit(comp.at, Instr::GetIter);
        }
        if block.is_coroutine && !matches!(comp.element, Element::Generator(_)) {
            self.await_value(comp.at);
        }
        Ok(())
    }

    /// The iterator of the outermost iterable, or the iterable if the iterator is made inside.
    fn outermost(&mut self, generator: &'a ast::Comprehension, inside: bool) -> Done {
        let at = generator.iter.range();
        if generator.is_async {
            self.expr(&generator.iter)?;
            self.emit(at, Instr::GetAiter);
        } else {
            self.iterable(&generator.iter)?;
            if !inside {
                self.emit(at, Instr::GetIter);
            }
        }
        Ok(())
    }

    fn start(&mut self, element: Element<'a>, at: TextRange) {
        match element {
            Element::List(_) => self.emit(at, Instr::BuildList(0)),
            Element::Set(_) => self.emit(at, Instr::BuildSet(0)),
            Element::Dict(..) => self.emit(at, Instr::BuildMap(0)),
            Element::Generator(_) => {}
        }
    }

    /// The `for` clauses from `index` on; `depth` loops are open, and the result lies below their iterators.
    fn rounds(&mut self, comp: Comprehension<'a>, index: usize, depth: u32, on_stack: bool) -> Done {
        let Some(generator) = comp.generators.get(index) else { return self.element(comp, depth) };
        if generator.is_async {
            return self.async_round(comp, generator, index, depth, on_stack);
        }
        let (start, cleanup, anchor) = (self.label(), self.label(), self.label());
        let mut loops = true;
        if index == 0 {
            if !on_stack {
                self.load_argument(comp.at);
            }
        } else if let Some(single) = self.single_item(&generator.iter) {
            self.expr(single)?;
            loops = false;
        } else {
            self.iterable(&generator.iter)?;
            self.emit(generator.iter.range(), Instr::GetIter);
        }
        let depth = depth + u32::from(loops);
        if loops {
            self.place(start);
            self.emit(comp.at, Instr::ForIter(anchor));
        }
        self.store(&generator.target)?;
        for condition in &generator.ifs {
            self.jump_if(condition, cleanup, false)?;
        }
        self.rounds(comp, index + 1, depth, false)?;
        self.place(cleanup);
        if loops {
            self.emit(comp.at, Instr::Jump(start));
        }
        self.place(anchor);
        Ok(())
    }

    /// `for y in [x]` only gives a name to x.
    fn single_item(&self, iterable: &'a Expr) -> Option<&'a Expr> {
        let items = match iterable {
            Expr::List(list) => &list.elts,
            Expr::Tuple(tuple) => &tuple.elts,
            _ => return None,
        };
        match items.as_slice() {
            [item] if self.profile.comprehension_assignment && !item.is_starred_expr() => Some(item),
            _ => None,
        }
    }

    pub(super) fn load_argument(&mut self, at: TextRange) {
        let slot = self.here().slot(".0");
        self.emit(at, Instr::LoadFastCheck(slot));
    }

    fn async_round(
        &mut self,
        comp: Comprehension<'a>,
        generator: &'a ast::Comprehension,
        index: usize,
        depth: u32,
        on_stack: bool,
    ) -> Done {
        let at = generator.iter.range();
        let (start, cleanup, except) = (self.label(), self.label(), self.label());
        if index == 0 {
            if !on_stack {
                self.load_argument(comp.at);
            }
        } else {
            self.expr(&generator.iter)?;
            self.emit(at, Instr::GetAiter);
        }
        self.place(start);
        self.here().asm.begin_handler(except);
        self.emit(at, Instr::GetAnext);
        self.load_const(at, &Value::None);
        self.delegate(at);
        self.here().asm.end_handler();
        self.store(&generator.target)?;
        for condition in &generator.ifs {
            self.jump_if(condition, cleanup, false)?;
        }
        self.rounds(comp, index + 1, depth + 1, false)?;
        self.place(cleanup);
        self.emit(comp.at, Instr::Jump(start));
        self.place(except);
        self.emit(at, Instr::EndAsyncFor);
        Ok(())
    }

    fn element(&mut self, comp: Comprehension<'a>, depth: u32) -> Done {
        match comp.element {
            Element::List(Expr::Starred(starred)) => {
                self.expr(&starred.value)?;
                self.emit(starred.range(), Instr::ListExtend(depth + 1));
            }
            Element::List(element) => {
                self.expr(element)?;
                self.emit(element.range(), Instr::ListAppend(depth + 1));
            }
            Element::Set(Expr::Starred(starred)) => {
                self.expr(&starred.value)?;
                self.emit(starred.range(), Instr::SetUpdate(depth + 1));
            }
            Element::Set(element) => {
                self.expr(element)?;
                self.emit(element.range(), Instr::SetAdd(depth + 1));
            }
            Element::Dict(Some(key), value) => {
                self.expr(key)?;
                self.expr(value)?;
                self.emit(TextRange::new(key.range().start(), value.range().end()), Instr::MapAdd(depth + 1));
            }
            Element::Dict(None, value) => {
                self.expr(value)?;
                self.emit(value.range(), Instr::DictUpdate(depth + 1));
            }
            Element::Generator(Expr::Starred(starred)) => {
                self.expr(&starred.value)?;
                self.emit(starred.range(), Instr::GetYieldFromIter);
                self.load_const(starred.range(), &Value::None);
                self.delegate(starred.range());
                self.emit(starred.range(), Instr::Pop);
            }
            Element::Generator(element) => {
                self.expr(element)?;
                self.emit_yield(element.range());
                self.emit(element.range(), Instr::Pop);
            }
        }
        Ok(())
    }

    // ---- inlined (PEP 709) ---------------------------------------------------------------------------------------

    fn inlined(&mut self, comp: Comprehension<'a>, outermost: &'a ast::Comprehension, id: BlockId) -> Done {
        let (at, block) = (comp.at, self.block(id));
        self.outermost(outermost, false)?;
        self.here().inlined.push(id);
        let saved = self.save_targets(block, at);
        let (cleanup, end) = (self.label(), self.label());
        let count = saved.len() as u32;
        if count > 0 {
            // The iterator comes back to the top.
            self.emit(at, Instr::Swap(count + 1));
            self.here().asm.begin_handler(cleanup);
        }
        self.start(comp.element, at);
        self.emit(at, Instr::Swap(2));
        self.rounds(comp, 0, 0, true)?;
        self.here().inlined.pop();
        if count > 0 {
            self.here().asm.end_handler();
            self.emit(nowhere(), Instr::Jump(end));
            self.place(cleanup);
            // The unfinished result lies under the exception.
            self.emit(nowhere(), Instr::Swap(2));
            self.emit(nowhere(), Instr::Pop);
            self.restore_targets(&saved);
            self.emit(nowhere(), Instr::Reraise);
            self.place(end);
            self.restore_targets(&saved);
        }
        Ok(())
    }

    /// What the names of the comprehension mean outside goes on the stack.
    fn save_targets(&mut self, block: &'a Block, at: TextRange) -> Vec<u32> {
        let mut saved = Vec::new();
        for name in &block.targets {
            let slot = self.here().slot(name);
            self.emit(at, Instr::LoadFastAndClear(slot));
            if block.symbol(name).is_some_and(|symbol| symbol.access == Access::Cell) {
                self.emit(at, Instr::MakeCell(slot));
            }
            saved.push(slot);
        }
        for name in &block.inner_targets {
            let slot = self.here().slot(name);
            self.emit(at, Instr::LoadFastAndClear(slot));
            saved.push(slot);
        }
        saved
    }

    /// `saved… value -- value`, in the order that [`Compiler::inlined`] left.
    fn restore_targets(&mut self, saved: &[u32]) {
        self.emit(nowhere(), Instr::Swap(saved.len() as u32 + 1));
        for &slot in saved.iter().rev() {
            let at = self.location(nowhere());
            self.here().asm.emit_restore(slot, at);
        }
    }
}
