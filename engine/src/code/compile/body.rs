//! One body while it is compiled: its tables of names, constants and local slots, and how they become a `Proto`.
//!
//! Invariant: slots, names and constants are numbered in the order of first use; `finish` puts slots in the order of
//! the frame's local array.

use super::frames::Frame;
use crate::code::asm::{Asm, AsmMark, Item};
use crate::code::flow::{FlowError, Graph};
use crate::code::fold::points;
use crate::code::instr::{Instr, Label};
use crate::code::pool::{Pool, Value};
use crate::code::{BodyKind, Const, ConstId, Proto, borrow, bound, swaps};
use crate::object::text::Text;
use crate::rules::{DeadConstants, InlineConstants, LocalLoads, Profile, TupleFolding};
use crate::scope::{Block, BlockId, BlockKind};
use rustc_hash::FxHashMap;

/// The class of a slot in the frame's local array.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum SlotKind {
    /// A parameter that the symbol table does not know of.
    Parameter,
    /// A local variable, a parameter.
    Variable,
    /// A cell that is no parameter.
    Cell,
    /// A cell of an enclosing function.
    Free,
}

/// A body being compiled.
#[derive(Debug)]
pub(super) struct Body<'a> {
    /// Its block.
    pub id: BlockId,
    /// Its block.
    pub block: &'a Block,
    /// `co_name`
    pub name: String,
    /// `co_qualname`
    pub qualname: String,
    /// `co_firstlineno`
    pub first_line: u32,
    /// The comprehensions inlined around the code being compiled, the innermost last.
    pub inlined: Vec<BlockId>,
    /// Its code so far.
    pub asm: Asm,
    /// The statements that something must be done for when control leaves them.
    pub frames: Vec<Frame<'a>>,
    /// Parameter counts: positional, positional-only, keyword-only; `*args`, `**kwargs`.
    pub parameters: Parameters,
    /// The docstring.
    pub doc: Option<ConstId>,
    /// Attributes of the first parameter that methods assign (classes).
    pub static_attributes: Vec<String>,
    /// How many statements with blocks of their own stand around the current one.
    pub conditional: u32,
    /// How many annotations that may not be reached there were so far.
    pub conditional_annotations: u32,
    /// Where the code begins, after the making of cells.
    pub start: usize,
    /// The parameter `.format` is shown as `format`.
    pub shows_format: bool,
    /// Where a StopIteration that leaves a generator goes.
    pub guard: Option<Label>,
    slots: Vec<(String, SlotKind)>,
    slot_index: FxHashMap<String, u32>,
    free_index: FxHashMap<String, u32>,
    names: Vec<String>,
    name_index: FxHashMap<String, u32>,
    consts: Vec<ConstId>,
    const_index: FxHashMap<ConstId, u32>,
    /// Constants that are made of others when the code is shaped.
    late: Vec<ConstId>,
    /// Constants that stay, though no instruction loads them.
    pinned: Vec<u32>,
    /// Some of the body is left out: variables have their places in the order in which the rest uses them.
    has_gaps: bool,
}

/// From here on an operand of `LoadConst` counts in `late`.
const LATE: u32 = 1 << 30;

/// How much of a body there is.
#[derive(Clone, Copy, Debug)]
pub(super) struct BodyMark {
    asm: AsmMark,
    slots: usize,
    consts: usize,
    late: usize,
}

/// The counts that a `Proto` shows.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Parameters {
    pub positional: u32,
    pub posonly: u32,
    pub kwonly: u32,
    pub varargs: bool,
    pub varkw: bool,
}

impl Parameters {
    /// How many locals are bound when the body begins.
    fn count(&self) -> u32 {
        self.positional + self.kwonly + u32::from(self.varargs) + u32::from(self.varkw)
    }
}

impl<'a> Body<'a> {
    pub(super) fn new(id: BlockId, block: &'a Block, name: &str, qualname: String, first_line: u32) -> Body<'a> {
        let mut body = Body {
            id,
            block,
            name: name.into(),
            qualname,
            first_line,
            inlined: Vec::new(),
            asm: Asm::default(),
            frames: Vec::new(),
            parameters: Parameters::default(),
            doc: None,
            static_attributes: Vec::new(),
            conditional: 0,
            conditional_annotations: 0,
            start: 0,
            shows_format: false,
            guard: None,
            slots: Vec::new(),
            slot_index: FxHashMap::default(),
            free_index: FxHashMap::default(),
            names: Vec::new(),
            name_index: FxHashMap::default(),
            consts: Vec::new(),
            const_index: FxHashMap::default(),
            late: Vec::new(),
            pinned: Vec::new(),
            has_gaps: false,
        };
        block.varnames.iter().for_each(|name| body.add_slot(name, SlotKind::Variable));
        block.cellvars.iter().for_each(|name| body.add_slot(name, SlotKind::Cell));
        for name in &block.freevars {
            body.free_index.insert(name.clone(), body.slots.len() as u32);
            body.slots.push((name.clone(), SlotKind::Free));
        }
        body
    }

    /// The block whose names the code being compiled sees.
    pub(super) fn scope(&self) -> BlockId {
        self.inlined.last().copied().unwrap_or(self.id)
    }

    fn add_slot(&mut self, name: &str, kind: SlotKind) {
        if !self.slot_index.contains_key(name) {
            self.slot_index.insert(name.into(), self.slots.len() as u32);
            self.slots.push((name.into(), kind));
        }
    }

    /// The slot of a variable or cell of this frame.
    pub(super) fn slot(&mut self, name: &str) -> u32 {
        self.add_slot(name, SlotKind::Variable);
        self.slot_index.get(name).copied().unwrap_or(0)
    }

    /// The slot of the format that annotation scopes are called with: their first parameter.
    pub(super) fn format_slot(&mut self) -> u32 {
        self.add_slot(".format", SlotKind::Parameter);
        self.slot(".format")
    }

    /// The slot of a cell from outside. A variable of a comprehension may have the same name.
    pub(super) fn free_slot(&mut self, name: &str) -> u32 {
        self.free_index.get(name).copied().unwrap_or_else(|| self.slot(name))
    }

    /// Whether the frame has a cell of this name from outside.
    pub(super) fn has_free(&self, name: &str) -> bool {
        self.free_index.contains_key(name)
    }

    /// The index of a name in `co_names`.
    pub(super) fn name(&mut self, name: &str) -> u32 {
        if let Some(index) = self.name_index.get(name) {
            return *index;
        }
        let index = self.names.len() as u32;
        self.names.push(name.into());
        self.name_index.insert(name.into(), index);
        index
    }

    /// The index of a constant in `co_consts`.
    pub(super) fn constant(&mut self, id: ConstId) -> u32 {
        let next = self.consts.len() as u32;
        let index = *self.const_index.entry(id).or_insert(next);
        if index == next {
            self.consts.push(id);
        }
        index
    }

    /// Where the code is now.
    pub(super) fn mark(&self) -> BodyMark {
        BodyMark { asm: self.asm.mark(), slots: self.slots.len(), consts: self.consts.len(), late: self.late.len() }
    }

    /// Takes everything back that came after a mark, but for names.
    pub(super) fn forget(&mut self, mark: BodyMark) {
        self.has_gaps = true;
        self.asm.forget(mark.asm);
        self.slots.truncate(mark.slots);
        self.slot_index.retain(|_, at| (*at as usize) < mark.slots);
        self.consts.truncate(mark.consts);
        self.const_index.retain(|_, at| (*at as usize) < mark.consts);
        self.pinned.retain(|at| (*at as usize) < mark.consts);
        self.late.truncate(mark.late);
    }

    /// The operand for a constant that shaping the code makes: it comes after those that are written down.
    pub(super) fn late_constant(&mut self, id: ConstId) -> u32 {
        self.late.push(id);
        LATE + self.late.len() as u32 - 1
    }

    /// A constant that is shown and never loaded.
    pub(super) fn pinned_constant(&mut self, id: ConstId) {
        let index = self.constant(id);
        self.pinned.push(index);
    }

    /// Gives the late constants their places.
    fn settle_late(&mut self, asm: &mut Asm, folding: TupleFolding) {
        let late = std::mem::take(&mut self.late).into_iter();
        let places: Vec<u32> = late
            .map(|id| match folding {
                TupleFolding::FlowGraph => self.constant(id),
                TupleFolding::Peephole => {
                    self.consts.push(id);
                    self.consts.len() as u32 - 1
                }
            })
            .collect();
        for item in &mut asm.items {
            if let Item::Ins(ins) = item
                && let Instr::LoadConst(index @ LATE..) = ins.op
            {
                ins.op = Instr::LoadConst(places.get((index - LATE) as usize).copied().unwrap_or(0));
            }
        }
    }

    /// What a call of this body makes.
    pub(super) fn kind(&self) -> BodyKind {
        let generator = self.block.is_generator || self.block.kind == BlockKind::GenExpr;
        match (generator, self.block.is_coroutine && self.block.kind.is_function_like()) {
            (true, true) => BodyKind::AsyncGenerator,
            (true, false) => BodyKind::Generator,
            (false, true) => BodyKind::Coroutine,
            (false, false) => BodyKind::Plain,
        }
    }

    /// Shapes the code and fills the code object.
    pub(super) fn finish(mut self, pool: &Pool, profile: &Profile, flags: u32) -> Result<Proto, FlowError> {
        let body = self.kind();
        let mut asm = std::mem::take(&mut self.asm);
        self.settle_late(&mut asm, profile.tuple_folding);
        let used = self.used_variables(&asm);
        let mut graph = Graph::new(asm)?;
        let written = graph.loaded_constants();
        let consts = &self.consts;
        // Where the compiler decides which branches there are, jumps over constants stay.
        let decides = !profile.dead_branches_left_out;
        let truth = |index: u32| if decides { pool.truth(*consts.get(index as usize)?) } else { None };
        graph.shape(profile.local_loads != LocalLoads::Owned, truth);
        if profile.stores_swapped {
            swaps::settle_swaps(&mut graph);
        }
        graph.measure()?;
        let parameters = self.parameters;
        let (order, places) = self.order_slots(&used);
        bound::check_unbound(&mut graph, &order, parameters.count());
        borrow::borrow_loads(&mut graph, &order, profile.local_loads);
        let mut linear = graph.linear();
        for slot in linear.instrs.iter_mut().filter_map(Instr::slot_mut) {
            *slot = order.get(*slot as usize).copied().unwrap_or(*slot);
        }
        let mut loaded = graph.loaded_constants();
        loaded.extend(&self.pinned);
        let kept = |index: &u32| match profile.dead_constants {
            DeadConstants::All => true,
            DeadConstants::AfterReturn => loaded.contains(index) || !written.contains(index),
            DeadConstants::BeforeLive => loaded.iter().any(|live| live >= index),
            DeadConstants::None => loaded.contains(index),
        };
        self.keep_consts(kept, &mut linear.instrs);
        let inline = |id: &ConstId| profile.inline_constants.holds(pool.get(*id));
        let shown_consts = self.move_inline_consts(inline, &mut linear.instrs);
        let slot = |slot: &u32| self.slots.get(*slot as usize);
        let mut local_names: Vec<String> = places.iter().filter_map(slot).map(|(name, _)| name.clone()).collect();
        if self.shows_format
            && let Some(first) = local_names.first_mut()
        {
            *first = "format".into();
        }
        let is_variable = |kind: &SlotKind| matches!(kind, SlotKind::Parameter | SlotKind::Variable);
        let variables = places.iter().filter_map(slot).filter(|(_, kind)| is_variable(kind)).count();
        let varnames = local_names.iter().take(variables).cloned().collect();
        Ok(Proto {
            name: self.name,
            qualname: self.qualname,
            first_line: self.first_line,
            arg_count: parameters.positional,
            posonly_count: parameters.posonly,
            kwonly_count: parameters.kwonly,
            varargs: parameters.varargs,
            varkw: parameters.varkw,
            is_function: self.block.kind.is_function_like(),
            body,
            flags,
            varnames,
            cellvars: self.block.cellvars.clone(),
            freevars: self.block.freevars.clone(),
            local_names,
            names: self.names,
            consts: self.consts,
            shown_consts,
            doc: self.doc,
            instrs: linear.instrs,
            locations: linear.locations,
            handlers: linear.handlers,
            stack_size: if body == BodyKind::Plain {
                graph.stack_size
            } else {
                graph.stack_size.max(profile.sizes.generator_stack)
            },
        })
    }

    /// The variables in their order: parameters, then the others; those of a body with gaps as they are used.
    fn used_variables(&self, asm: &Asm) -> Vec<u32> {
        let is_variable =
            |slot: &u32| self.slots.get(*slot as usize).is_some_and(|(_, kind)| *kind == SlotKind::Variable);
        let all = (0..self.slots.len() as u32).filter(is_variable);
        if !self.has_gaps {
            return all.collect();
        }
        let mut used: Vec<u32> = all.take(self.parameters.count() as usize).collect();
        for item in &asm.items {
            if let Item::Ins(mut ins) = *item
                && let Some(slot) = ins.op.slot_mut()
                && is_variable(slot)
                && !used.contains(slot)
            {
                used.push(*slot);
            }
        }
        used
    }

    /// Where each slot lies in the local array, and which slot lies at each place: parameters, variables that are used,
    /// cells, free variables. Slots without a place are named by no instruction.
    fn order_slots(&self, used: &[u32]) -> (Vec<u32>, Vec<u32>) {
        let of = |wanted: SlotKind| {
            let slots = self.slots.iter().enumerate();
            slots.filter(move |(_, (_, kind))| *kind == wanted).map(|(slot, _)| slot as u32)
        };
        let places = of(SlotKind::Parameter).chain(used.iter().copied());
        let places: Vec<u32> = places.chain(of(SlotKind::Cell)).chain(of(SlotKind::Free)).collect();
        let mut order = vec![0; self.slots.len()];
        for (place, &slot) in places.iter().enumerate() {
            order[slot as usize] = place as u32;
        }
        (order, places)
    }

    /// Takes constants out of `co_consts`; the first one may be the docstring and stays.
    fn keep_consts(&mut self, keep: impl Fn(&u32) -> bool, instrs: &mut [Instr]) {
        let mut places = Vec::with_capacity(self.consts.len());
        let mut kept = Vec::with_capacity(self.consts.len());
        for (index, id) in self.consts.iter().enumerate() {
            places.push(kept.len() as u32);
            if index == 0 || keep(&(index as u32)) {
                kept.push(*id);
            }
        }
        self.consts = kept;
        renumber_consts(instrs, &places);
    }

    /// Moves constants that have no place in `co_consts` to the end; how many stay in front.
    fn move_inline_consts(&mut self, inline: impl Fn(&ConstId) -> bool, instrs: &mut [Instr]) -> u32 {
        let hidden: Vec<bool> = self.consts.iter().enumerate().map(|(index, id)| index > 0 && inline(id)).collect();
        let mut order: Vec<usize> = (0..self.consts.len()).collect();
        order.sort_by_key(|&index| hidden.get(index).copied());
        let mut places = vec![0; order.len()];
        for (place, &index) in order.iter().enumerate() {
            places[index] = place as u32;
        }
        self.consts = order.iter().filter_map(|&index| self.consts.get(index).copied()).collect();
        renumber_consts(instrs, &places);
        hidden.iter().filter(|hidden| !**hidden).count() as u32
    }
}

fn renumber_consts(instrs: &mut [Instr], places: &[u32]) {
    for instr in instrs {
        if let Instr::LoadConst(index) = instr {
            *index = places.get(*index as usize).copied().unwrap_or(*index);
        }
    }
}

impl InlineConstants {
    /// Whether the constant is part of the instruction that loads it.
    fn holds(self, constant: Option<&Const>) -> bool {
        match (self, constant) {
            (InlineConstants::None, _) | (_, None) => false,
            (InlineConstants::SmallInts | InlineConstants::Common, Some(Const::Int(int))) => {
                u8::try_from(int).is_ok() || (self == InlineConstants::Common && *int == (-1).into())
            }
            (InlineConstants::Common, Some(Const::None | Const::True | Const::False)) => true,
            (InlineConstants::Common, Some(Const::Str(text))) => text.is_empty(),
            (InlineConstants::SmallInts | InlineConstants::Common, Some(_)) => false,
        }
    }
}

/// A docstring without the indentation that its lines have in common, as the compiler takes it away.
pub(super) fn clean_docstring(value: Value) -> Value {
    let Value::Str(text) = &value else { return value };
    let mut lines = Vec::new();
    for line in expand_tabs(&points(text)).split(|&point| point == NEWLINE) {
        lines.push(line.to_vec());
    }
    let indent = |line: &Vec<u32>| line.iter().take_while(|&&point| point == SPACE).count();
    let written = lines.iter().skip(1).filter(|line| indent(line) < line.len());
    let margin = written.map(indent).min().unwrap_or(0);
    let mut cleaned = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            cleaned.push(NEWLINE);
        }
        let cut = if index == 0 { indent(line) } else { indent(line).min(margin) };
        cleaned.extend(line.iter().skip(cut));
    }
    Value::Str(Text::from_points(cleaned))
}

const SPACE: u32 = 0x20;
const NEWLINE: u32 = 0xA;

/// `str.expandtabs()`
fn expand_tabs(points: &[u32]) -> Vec<u32> {
    const TAB: u32 = 0x9;
    let (mut expanded, mut column) = (Vec::with_capacity(points.len()), 0);
    for &point in points {
        if point == TAB {
            let blanks = 8 - column % 8;
            expanded.extend(std::iter::repeat_n(SPACE, blanks));
            column += blanks;
        } else {
            column = if point == NEWLINE || point == 0xD { 0 } else { column + 1 };
            expanded.push(point);
        }
    }
    expanded
}
