//! The first pass: what every block does with every name.
//!
//! It follows CPython's `symtable.c`, but for one thing: parts of a statement are visited in the order in which they are
//! evaluated, because that is also the order of `co_varnames`.

mod expr;
mod stmt;

use super::flags::{Entry, Flags, Names, Site};
use super::{BlockId, BlockKind, mangle};
use crate::rules::{Profile, ScopeErrorPlace};
use crate::syntax::{Parsed, SyntaxIssue, TextRange};

/// Nothing, or the first error.
type Checked = Result<(), SyntaxIssue>;

/// All blocks of a text, the outermost first, with the names that they use.
pub(super) fn collect(parsed: &Parsed, profile: &Profile, future: bool) -> Result<Vec<Entry>, SyntaxIssue> {
    let mut builder =
        Builder { parsed, profile, future, entries: Vec::new(), stack: Vec::new(), private: None, unseen: 0 };
    builder.enter(BlockKind::Module, "<module>", TextRange::default(), TextRange::default());
    builder.suite(&parsed.suite)?;
    builder.leave();
    Ok(builder.entries)
}

struct Builder<'a> {
    parsed: &'a Parsed,
    profile: &'a Profile,
    future: bool,
    entries: Vec<Entry>,
    /// The blocks around the current position, the innermost last.
    stack: Vec<BlockId>,
    private: Option<String>,
    /// How many bodies that never run are around the current position, if what they bind does not count.
    unseen: usize,
}

impl Builder<'_> {
    fn current_id(&self) -> BlockId {
        self.stack.last().copied().unwrap_or(BlockId(0))
    }

    fn entry(&mut self, id: BlockId) -> &mut Entry {
        &mut self.entries[id.0 as usize]
    }

    fn current(&mut self) -> &mut Entry {
        let id = self.current_id();
        self.entry(id)
    }

    fn enter(&mut self, kind: BlockKind, name: &str, range: TextRange, place: TextRange) -> BlockId {
        let parent = self.stack.last().copied();
        let id = BlockId(self.entries.len() as u32);
        let around = parent.map(|parent| self.entry(parent));
        // An iterable of a comprehension stays one in the lambdas inside it.
        let in_iterable = around.as_ref().map_or(0, |parent| parent.in_iterable);
        let inherited = around.as_ref().filter(|_| kind != BlockKind::Class);
        let mangled = inherited.and_then(|parent| parent.mangled.clone());
        let nested = around.as_ref().is_some_and(|parent| parent.nested || parent.kind.is_function_like());
        if let Some(parent) = around {
            parent.children.push(id);
        }
        self.entries.push(Entry {
            kind,
            name: name.to_string(),
            range,
            place,
            parent,
            children: Vec::new(),
            names: Names::default(),
            parameters: Vec::new(),
            directives: Vec::new(),
            sites: Vec::new(),
            private: self.private.clone(),
            mangled,
            is_generator: false,
            is_coroutine: false,
            nested,
            sees_class: false,
            in_target: false,
            in_iterable,
            annotations: None,
            conditional: 0,
            conditional_annotations: false,
            unevaluated: false,
            within: "",
        });
        self.stack.push(id);
        id
    }

    fn leave(&mut self) {
        self.stack.pop();
    }

    fn error<T>(&self, message: impl Into<String>, range: TextRange) -> Result<T, SyntaxIssue> {
        Err(self.parsed.issue(message, range))
    }

    /// An error that older versions report at the block and newer ones at the node.
    fn error_at_block<T>(
        &self,
        message: impl Into<String>,
        block: TextRange,
        node: TextRange,
    ) -> Result<T, SyntaxIssue> {
        self.error(
            message,
            match self.profile.scope_error_place {
                ScopeErrorPlace::Block => block,
                ScopeErrorPlace::Node => node,
            },
        )
    }

    /// An error about `:=`, which older versions report one column too far left.
    fn error_at_named<T>(&self, message: impl Into<String>, node: TextRange) -> Result<T, SyntaxIssue> {
        let mut issue = self.parsed.issue(message, node);
        if self.profile.scope_error_place == ScopeErrorPlace::Block {
            issue.column = issue.column.saturating_sub(1);
        }
        Err(issue)
    }

    fn mangled(&self, name: &str, block: BlockId) -> String {
        let only = self.entries.get(block.0 as usize).and_then(|entry| entry.mangled.as_ref());
        match only {
            Some(only) if !only.contains(name) => name.to_string(),
            _ => mangle(self.private.as_deref().filter(|_| self.profile.private_names_mangled), name).into_owned(),
        }
    }

    /// What the current block has done with a name so far.
    fn lookup(&mut self, name: &str) -> Flags {
        let name = self.mangled(name, self.current_id());
        self.current().names.get(&name)
    }

    /// The current block does this with a name.
    fn add(&mut self, name: &str, flags: Flags, range: TextRange) -> Checked {
        self.add_to(self.current_id(), name, flags, range)
    }

    fn add_to(&mut self, block: BlockId, name: &str, flags: Flags, range: TextRange) -> Checked {
        let written = name;
        let name = self.mangled(name, block);
        let entry = self.entry(block);
        let present = entry.names.get(&name);
        if flags.any(Flags::PARAM) && present.any(Flags::PARAM) {
            let place = entry.place;
            let word = self.profile.duplicate_parameter_word;
            return self.error_at_block(format!("duplicate {word} '{written}' in function definition"), place, range);
        }
        if flags.any(Flags::TYPE_PARAM) && present.any(Flags::TYPE_PARAM) {
            return self.error(format!("duplicate type parameter '{written}'"), range);
        }
        let mut flags = flags;
        if entry.in_target {
            if present.any(Flags::GLOBAL | Flags::NONLOCAL) {
                let place = entry.place;
                return self.error_at_block(
                    format!("comprehension inner loop cannot rebind assignment expression target '{written}'"),
                    place,
                    range,
                );
            }
            flags = flags | Flags::COMP_ITER;
        }
        entry.names.add(&name, flags);
        if flags.any(Flags::PARAM) {
            entry.parameters.push(name);
        } else if flags.any(Flags::GLOBAL) && block != BlockId(0) {
            self.entry(BlockId(0)).names.add(&name, Flags::GLOBAL);
        }
        Ok(())
    }

    /// Compiled code of the current block reads, writes or deletes the name here.
    fn mention(&mut self, name: &str) {
        let name = self.mangled(name, self.current_id());
        self.current().sites.push(Site::Name(name));
    }

    /// A name is read.
    fn read(&mut self, name: &str, range: TextRange) -> Checked {
        if self.current().unevaluated {
            return Ok(());
        }
        self.add(name, Flags::USE, range)?;
        self.mention(name);
        // `super()` finds its class through the cell.
        if name == "super" && self.current().kind.is_function_like() {
            self.add("__class__", Flags::USE, range)?;
        }
        Ok(())
    }

    /// A name is bound.
    fn bind(&mut self, name: &str, range: TextRange) -> Checked {
        self.add(name, if self.unseen > 0 { Flags::USE } else { Flags::LOCAL }, range)?;
        self.mention(name);
        Ok(())
    }

    fn record_directive(&mut self, block: BlockId, name: &str, range: TextRange) {
        let name = self.mangled(name, block);
        self.entry(block).directives.push((name, range));
    }

    /// The target of `:=` in a comprehension is a name of the function or module around all comprehensions.
    fn bind_outside_comprehensions(&mut self, name: &str, range: TextRange, target: TextRange) -> Checked {
        for at in (0..self.stack.len()).rev() {
            let Some(&block) = self.stack.get(at) else { continue };
            let mangled = self.mangled(name, block);
            let entry = self.entry(block);
            let (kind, present, within) = (entry.kind, entry.names.get(&mangled), entry.within);
            match kind {
                BlockKind::ListComp | BlockKind::SetComp | BlockKind::DictComp | BlockKind::GenExpr => {
                    if present.any(Flags::COMP_ITER) {
                        let text =
                            format!("assignment expression cannot rebind comprehension iteration variable '{name}'");
                        return self.error_at_named(text, target);
                    }
                }
                BlockKind::Function | BlockKind::Lambda => {
                    let declared = if present.any(Flags::GLOBAL) { Flags::GLOBAL } else { Flags::NONLOCAL };
                    self.add(name, declared, range)?;
                    self.record_directive(self.current_id(), name, range);
                    return self.add_to(block, name, Flags::LOCAL, range);
                }
                BlockKind::Module => {
                    self.add(name, Flags::GLOBAL, range)?;
                    self.record_directive(self.current_id(), name, range);
                    return self.add_to(block, name, Flags::GLOBAL, range);
                }
                BlockKind::Class => {
                    let text = "assignment expression within a comprehension cannot be used in a class body";
                    return self.error_at_named(text, target);
                }
                BlockKind::Annotation | BlockKind::TypeParams => {
                    let text = format!("assignment expression within a comprehension cannot be used in {within}");
                    return self.error_at_named(text, target);
                }
            }
        }
        Ok(())
    }

    /// Refuses `:=`, `yield` and `await` in annotation scopes.
    fn refuse_in_annotation(&self, what: &str, range: TextRange) -> Checked {
        let Some(entry) = self.entries.get(self.current_id().0 as usize) else { return Ok(()) };
        match entry.kind {
            BlockKind::Annotation | BlockKind::TypeParams => {
                let within = entry.within;
                match self.profile.future_annotations {
                    crate::rules::FutureAnnotations::OwnScopeQuoted => {
                        self.error(format!("'{what}' can not be used within {within}"), range)
                    }
                    _ => self.error(format!("{what} cannot be used within {within}"), range),
                }
            }
            _ => Ok(()),
        }
    }
}
