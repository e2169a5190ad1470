//! The second pass: where every name of every block is found, and what each frame holds.
//!
//! It follows `analyze_block` of CPython's `symtable.c`, but inlining does not merge the names of a comprehension into its
//! host: the comprehension is resolved as a function would be, and what it needs from its host *in the same frame* is kept
//! apart from what inner functions capture. That is what keeps siblings of a comprehension from seeing its targets.

use super::flags::{Entry, Flags, Site};
use super::{Access, Block, BlockId, BlockKind, Symbol, SymbolTable};
use crate::rules::Profile;
use crate::syntax::{Parsed, SyntaxIssue, deeper};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::Arc;

type Names = BTreeSet<String>;

/// Names that a class body gives to the functions inside it through cells.
const CLASS_CELLS: [&str; 3] = ["__class__", "__classdict__", "__conditional_annotations__"];

/// What a block leaves to the blocks around it.
#[derive(Default)]
struct Needs {
    /// Variables from outside that code in the same frame uses.
    direct: Names,
    /// Variables from outside that inner functions capture.
    captured: Names,
    /// Variables of inlined comprehensions that inner functions capture.
    cells: Names,
}

/// What is known of the blocks around.
/// Shared until a block differs from the block around it.
#[derive(Clone, Default)]
struct Around {
    /// Variables of enclosing functions; none at all for a module.
    bound: Option<Arc<Names>>,
    type_parameters: Arc<Names>,
    /// The class whose names an annotation scope sees.
    class: Option<BlockId>,
}

/// The table of these blocks.
pub(super) fn analyze(
    parsed: &Parsed,
    profile: &Profile,
    entries: Vec<Entry>,
    future_annotations: bool,
) -> Result<SymbolTable, SyntaxIssue> {
    let blocks = entries.iter().enumerate().map(|(at, entry)| block_of(entry, BlockId(at as u32))).collect();
    let mut analysis =
        Analysis { parsed, profile, entries: &entries, blocks, cells: vec![Names::new(); entries.len()] };
    analysis.block(BlockId(0), Around::default())?;
    analysis.resolve_inlined();
    analysis.lay_out_frames();
    let by_node = entries
        .iter()
        .enumerate()
        .map(|(at, entry)| ((entry.range, entry.kind), BlockId(at as u32)))
        .collect::<FxHashMap<_, _>>();
    let comprehensions_see_class = !profile.comprehensions_skip_class;
    Ok(SymbolTable { blocks: analysis.blocks, future_annotations, by_node, comprehensions_see_class })
}

fn block_of(entry: &Entry, id: BlockId) -> Block {
    Block {
        kind: entry.kind,
        name: entry.name.clone(),
        parent: entry.parent,
        symbols: Vec::new(),
        varnames: Vec::new(),
        cellvars: Vec::new(),
        freevars: Vec::new(),
        targets: Vec::new(),
        inner_targets: Vec::new(),
        is_generator: entry.is_generator,
        is_coroutine: entry.is_coroutine,
        inlined: false,
        host: id,
        needs_class_cell: false,
        needs_classdict: false,
        conditional_annotations: entry.conditional_annotations,
        sees_class: entry.sees_class,
        nested: entry.nested,
        private: entry.private.clone(),
        index: FxHashMap::default(),
    }
}

struct Analysis<'a> {
    parsed: &'a Parsed,
    profile: &'a Profile,
    entries: &'a [Entry],
    blocks: Vec<Block>,
    /// Per block: variables of the comprehensions inlined into it that inner functions capture.
    cells: Vec<Names>,
}

impl Block {
    fn set(&mut self, name: &str, symbol: Symbol) {
        match self.index.get(name).and_then(|&at| self.symbols.get_mut(at)) {
            Some((_, present)) => *present = symbol,
            None => {
                self.index.insert(name.to_string(), self.symbols.len());
                self.symbols.push((name.to_string(), symbol));
            }
        }
    }

    fn set_access(&mut self, name: &str, access: Access) {
        if let Some(mut symbol) = self.symbol(name) {
            symbol.access = access;
            self.set(name, symbol);
        }
    }
}

impl Analysis<'_> {
    fn entry(&self, id: BlockId) -> &Entry {
        &self.entries[id.0 as usize]
    }

    fn block_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.blocks[id.0 as usize]
    }

    fn is_inlined(&self, id: BlockId, parent: BlockId) -> bool {
        matches!(self.entry(id).kind, BlockKind::ListComp | BlockKind::SetComp | BlockKind::DictComp)
            && self.profile.comprehensions_inlined
            && !self.entry(parent).sees_class
    }

    fn block(&mut self, id: BlockId, mut around: Around) -> Result<Needs, SyntaxIssue> {
        let kind = self.entry(id).kind;
        let inlined = self.blocks[id.0 as usize].inlined;
        // What a class declares does not change what its functions see.
        let outside = (kind == BlockKind::Class).then(|| around.clone());
        let mut local = Names::new();
        let mut own_free = Names::new();
        let names: Vec<(String, Flags)> =
            self.entry(id).names.iter().map(|(name, flags)| (name.to_string(), flags)).collect();
        for (name, flags) in &names {
            if inlined && name == ".0" {
                continue;
            }
            let access = self.access(id, name, *flags, &mut around, &mut local)?;
            if access == Access::Free {
                own_free.insert(name.clone());
            }
            let symbol = Symbol {
                access,
                parameter: flags.any(Flags::PARAM),
                bound: flags.any(Flags::BOUND),
                class_free: false,
                inlined_target: false,
            };
            self.block_mut(id).set(name, symbol);
            let own = flags.any(Flags::BOUND) && !flags.any(Flags::GLOBAL | Flags::NONLOCAL);
            if kind.is_comprehension() && own && name != ".0" {
                self.block_mut(id).targets.push(name.clone());
            }
        }
        let mut inner = match outside {
            Some(mut outside) => {
                let bound = outside.bound.get_or_insert_default();
                if CLASS_CELLS.iter().any(|cell| !bound.contains(*cell)) {
                    Arc::make_mut(bound).extend(CLASS_CELLS.map(String::from));
                }
                outside
            }
            None => {
                let mut inner = around.clone();
                let bound = inner.bound.get_or_insert_default();
                if kind.is_function_like() && !local.is_subset(bound) {
                    Arc::make_mut(bound).extend(local.iter().cloned());
                }
                inner
            }
        };
        let seen_class = if kind == BlockKind::Class { Some(id) } else { around.class };
        let mut needs = Needs::default();
        for child in self.entry(id).children.clone() {
            inner.class = if self.entry(child).sees_class { seen_class } else { None };
            let inlined = self.is_inlined(child, id);
            let host = self.blocks[id.0 as usize].host;
            let block = self.block_mut(child);
            block.inlined = inlined;
            if inlined {
                block.host = host;
            }
            let environment = inner.clone();
            let theirs = deeper(|| self.block(child, environment))?;
            needs.captured.extend(theirs.captured);
            needs.cells.extend(theirs.cells);
            if kind == BlockKind::Class && inlined && theirs.direct.contains("__class__") {
                // A class body does not see its own `__class__`.
                self.block_mut(child).set_access("__class__", Access::GlobalImplicit);
            }
            needs.direct.extend(
                theirs.direct.into_iter().filter(|name| !inlined || kind != BlockKind::Class || name != "__class__"),
            );
        }
        self.settle(id, &local, own_free, around.bound.as_deref(), &mut needs);
        Ok(needs)
    }

    /// Makes cells of locals that inner functions use, and hands on what is still free.
    fn settle(&mut self, id: BlockId, local: &Names, own_free: Names, bound: Option<&Names>, needs: &mut Needs) {
        let kind = self.entry(id).kind;
        let block = &mut self.blocks[id.0 as usize];
        if kind.is_function_like() {
            for name in local {
                let captured = needs.captured.remove(name);
                needs.direct.remove(name);
                if captured || (!block.inlined && needs.cells.contains(name)) {
                    block.set_access(name, Access::Cell);
                    if block.inlined {
                        needs.cells.insert(name.clone());
                    }
                }
            }
        }
        if kind == BlockKind::Class {
            let mut take = |name: &str| needs.captured.remove(name) | needs.direct.remove(name);
            block.needs_class_cell = take("__class__");
            block.needs_classdict = take("__classdict__");
            take("__conditional_annotations__");
        }
        let known = |name: &&String| bound.is_none_or(|bound| bound.contains(*name));
        for name in needs.captured.union(&needs.direct) {
            match block.symbol(name) {
                Some(mut symbol) if kind == BlockKind::Class && symbol.access != Access::Free => {
                    symbol.class_free = true;
                    block.set(name, symbol);
                }
                Some(_) => {}
                None if known(&name) => block.set(
                    name,
                    Symbol {
                        access: Access::Free,
                        parameter: false,
                        bound: false,
                        class_free: false,
                        inlined_target: false,
                    },
                ),
                None => {}
            }
        }
        if block.inlined {
            needs.direct.extend(own_free);
        } else {
            self.cells[id.0 as usize] = std::mem::take(&mut needs.cells);
            needs.captured.append(&mut needs.direct);
            needs.captured.extend(own_free);
        }
    }

    /// `analyze_name` of CPython.
    fn access(
        &self,
        id: BlockId,
        name: &str,
        flags: Flags,
        around: &mut Around,
        local: &mut Names,
    ) -> Result<Access, SyntaxIssue> {
        if flags.any(Flags::GLOBAL) {
            if flags.any(Flags::NONLOCAL) {
                return self.error(id, name, format!("name '{name}' is nonlocal and global"));
            }
            if let Some(bound) = around.bound.as_mut().filter(|bound| bound.contains(name)) {
                Arc::make_mut(bound).remove(name);
            }
            return Ok(Access::GlobalExplicit);
        }
        if flags.any(Flags::NONLOCAL) {
            let Some(bound) = &around.bound else {
                return self.error(id, name, "nonlocal declaration not allowed at module level".to_string());
            };
            let parent = self.entry(id).parent.map(|parent| self.entry(parent).names.get(name));
            let next_binds = parent.is_some_and(|flags| flags.any(Flags::BOUND | Flags::NONLOCAL));
            if !bound.contains(name) || !(self.profile.nonlocal_skips || next_binds) {
                return self.error(id, name, format!("no binding for nonlocal '{name}' found"));
            }
            if around.type_parameters.contains(name) {
                let text = format!("nonlocal binding not allowed for type parameter '{name}'");
                return self.error(id, name, text);
            }
            return Ok(Access::Free);
        }
        if flags.any(Flags::BOUND) {
            local.insert(name.to_string());
            if flags.any(Flags::TYPE_PARAM) {
                Arc::make_mut(&mut around.type_parameters).insert(name.to_string());
            } else if around.type_parameters.contains(name) {
                Arc::make_mut(&mut around.type_parameters).remove(name);
            }
            return Ok(Access::Local);
        }
        if let Some(class) = around.class {
            let there = self.entry(class).names.get(name);
            if there.any(Flags::GLOBAL) {
                return Ok(Access::GlobalExplicit);
            }
            if there.any(Flags::BOUND) && !there.any(Flags::NONLOCAL) {
                return Ok(Access::GlobalImplicit);
            }
        }
        if around.bound.as_ref().is_some_and(|bound| bound.contains(name)) {
            return Ok(Access::Free);
        }
        Ok(Access::GlobalImplicit)
    }

    /// An error at the `global` or `nonlocal` statement that names `name`.
    fn error<T>(&self, id: BlockId, name: &str, message: String) -> Result<T, SyntaxIssue> {
        let entry = self.entry(id);
        let at =
            entry.directives.iter().find(|(declared, _)| declared == name).map_or(entry.place, |(_, range)| *range);
        Err(self.parsed.issue(message, at))
    }

    /// A name that an inlined comprehension finds in its host's frame is reached as the host reaches it.
    fn resolve_inlined(&mut self) {
        for at in 0..self.blocks.len() {
            let block = &self.blocks[at];
            let Some(parent) = block.parent.filter(|_| block.inlined) else { continue };
            let parent = &self.blocks[parent.0 as usize];
            if !parent.kind.is_function_like() {
                continue;
            }
            let found: Vec<(String, Access)> = block
                .symbols
                .iter()
                .filter(|(_, symbol)| symbol.access == Access::Free)
                .filter_map(|(name, _)| parent.symbol(name).map(|theirs| (name.clone(), theirs.access)))
                .collect();
            for (name, access) in found {
                self.blocks[at].set_access(&name, access);
            }
        }
        self.pass_targets_on();
        if !self.profile.inlined_targets_apart {
            self.merge_targets();
        }
    }

    /// A comprehension has the targets of those that are inlined into it, but for names that it has itself.
    fn pass_targets_on(&mut self) {
        for at in (0..self.blocks.len()).rev() {
            let block = &self.blocks[at];
            let Some(parent) = block.parent.filter(|_| block.inlined) else { continue };
            let names: Vec<String> = block.targets.iter().chain(&block.inner_targets).cloned().collect();
            let parent = self.block_mut(parent);
            if parent.inlined {
                let new = names.into_iter().filter(|name| parent.symbol(name).is_none());
                let new: Vec<String> = new.filter(|name| !parent.inner_targets.contains(name)).collect();
                parent.inner_targets.extend(new);
            }
        }
    }

    /// What a comprehension reads is another one's target of that name, as in CPython since 3.12.
    fn merge_targets(&mut self) {
        for at in 0..self.blocks.len() {
            let reader = &self.blocks[at];
            if !reader.inlined || !self.blocks[reader.host.0 as usize].kind.is_function_like() {
                continue;
            }
            let others = self.blocks.iter().enumerate().filter(|(other, block)| {
                *other != at && block.inlined && block.host == reader.host && block.parent == reader.parent
            });
            let targets: Names = others.flat_map(|(_, block)| block.targets.iter().cloned()).collect();
            let outside = |symbol: &Symbol| matches!(symbol.access, Access::Free | Access::GlobalImplicit);
            let read = reader.symbols.iter().filter(|(name, symbol)| outside(symbol) && targets.contains(name));
            for name in read.map(|(name, _)| name.clone()).collect::<Vec<_>>() {
                self.blocks[at].set_access(&name, Access::Local);
            }
        }
    }

    fn lay_out_frames(&mut self) {
        for at in 0..self.blocks.len() {
            if self.blocks[at].inlined {
                continue;
            }
            let id = BlockId(at as u32);
            let mut varnames = Varnames::default();
            for name in &self.entry(id).parameters {
                varnames.push(name);
            }
            let mut targets = Vec::new();
            self.mentioned(id, &mut varnames, &mut targets);
            for (name, access) in targets {
                if self.blocks[at].symbol(&name).is_none() {
                    let symbol =
                        Symbol { access, parameter: false, bound: true, class_free: false, inlined_target: true };
                    self.blocks[at].set(&name, symbol);
                }
            }
            let block = &self.blocks[at];
            let own_frame = block.kind.is_function_like();
            let cells = block.symbols.iter().filter(|(_, s)| own_frame && s.access == Access::Cell).map(|(n, _)| n);
            let cells: Names = cells.chain(&self.cells[at]).cloned().collect();
            let free = block.symbols.iter().filter(|(_, s)| s.access == Access::Free || s.class_free);
            let free: Names = free.map(|(name, _)| name.clone()).collect();
            let mut cellvars: Vec<String> = Vec::new();
            if block.needs_class_cell {
                cellvars.push("__class__".to_string());
            }
            if block.needs_classdict {
                cellvars.push("__classdict__".to_string());
            }
            if block.conditional_annotations && block.kind == BlockKind::Class {
                cellvars.push("__conditional_annotations__".to_string());
            }
            let mut own: Vec<String> = cells.into_iter().collect();
            if self.profile.cells_in_frame_order {
                own.sort_by_key(|name| varnames.position(name).unwrap_or(usize::MAX));
            }
            cellvars.extend(own);
            let block = self.block_mut(id);
            block.varnames = varnames.order;
            block.cellvars = cellvars;
            block.freevars = free.into_iter().collect();
        }
    }

    /// The fast locals that code of this frame mentions, in order, and the targets of the comprehensions inlined into it.
    fn mentioned(&self, id: BlockId, varnames: &mut Varnames, targets: &mut Vec<(String, Access)>) {
        let block = &self.blocks[id.0 as usize];
        for site in &self.entry(id).sites {
            match site {
                Site::Name(name) => {
                    let fast = block.symbol(name).is_some_and(|symbol| symbol.access == Access::Local);
                    if fast && block.kind.is_function_like() {
                        varnames.push(name);
                    }
                }
                Site::Comprehension(inner) => {
                    let comprehension = &self.blocks[inner.0 as usize];
                    if comprehension.inlined {
                        for name in &comprehension.targets {
                            varnames.push(name);
                            let access = comprehension.symbol(name).map_or(Access::Local, |symbol| symbol.access);
                            targets.push((name.clone(), access));
                        }
                        deeper(|| self.mentioned(*inner, varnames, targets));
                    }
                }
            }
        }
    }
}

/// Variables in the order of their first mention.
#[derive(Default)]
struct Varnames {
    order: Vec<String>,
    index: FxHashMap<String, usize>,
}

impl Varnames {
    fn push(&mut self, name: &str) {
        if !self.index.contains_key(name) {
            self.index.insert(name.to_string(), self.order.len());
            self.order.push(name.to_string());
        }
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }
}
