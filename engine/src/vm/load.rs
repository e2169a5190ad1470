//! Loading a unit: its constants become objects, one for each entry of the pool, and its code becomes code objects.

use super::{Ty, Vm};
use crate::code::{Const, ConstId, Proto, Unit};
use crate::heap::{Code, CodeBody, Owned, Ref, flag};
use crate::object::text::Text;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// The tuples of constants that a unit has so far, by their items.
type Tuples = FxHashMap<Vec<Ref>, Ref>;

impl Vm {
    /// The code object of a unit. With `direct`, the parser's arena keeps the constants until the run is over, as it
    /// does for programs that run straight from their text.
    pub fn load_unit(&mut self, unit: &Unit, filename: &str, direct: bool) -> Owned {
        let filename = self.new_str(filename);
        let mut pool: Vec<Ref> = Vec::with_capacity(unit.pool.len());
        let mut tuples = Tuples::default();
        for (constant, folded) in unit.pool.iter().zip(&unit.folded) {
            let object = self.load_const(constant, &pool, &mut tuples, filename.get());
            if direct && !folded && self.profile.arena_holds(constant) {
                let kept = self.share(object.get()).into_ref();
                self.arena.push(kept);
                if matches!(constant, Const::Bytes(_)) && self.profile.arena_holds_bytes_twice {
                    let kept = self.share(object.get()).into_ref();
                    self.arena.push(kept);
                }
            }
            pool.push(object.into_ref());
        }
        let root = self.load_proto(&unit.root, &pool, &mut tuples, filename.get());
        self.release_all(pool);
        self.release(filename);
        root
    }

    /// Ends a direct run: the arena lets its constants go.
    pub fn release_arena(&mut self, down_to: usize) {
        while self.arena.len() > down_to {
            if let Some(kept) = self.arena.pop() {
                self.release_ref(kept);
            }
        }
    }

    /// Entries of the pool name only earlier entries, so one pass makes them all.
    fn load_const(&mut self, constant: &Const, pool: &[Ref], tuples: &mut Tuples, filename: Ref) -> Owned {
        let item = |id: &ConstId| pool.get(id.0 as usize).copied().unwrap_or(Ref::NULL);
        match constant {
            Const::None => self.none(),
            Const::True => self.bool(true),
            Const::False => self.bool(false),
            Const::Ellipsis => self.share(self.single.ellipsis),
            Const::Int(value) => self.new_bigint(value.clone()),
            Const::Float(value) => self.new_float(*value),
            Const::Complex(re, im) => self.new_complex(*re, *im),
            Const::Str(text) => self.load_str(text),
            Const::Bytes(data) => self.new_bytes(data.to_vec()),
            Const::Tuple(ids) => {
                let items: Vec<Ref> = ids.iter().map(item).collect();
                let tuple = self.tuple_of(&items);
                if !items.is_empty() && !self.heap.has(tuple.get(), flag::TRACKED) {
                    self.heap.track(tuple.get());
                }
                tuples.entry(items).or_insert(tuple.get());
                tuple
            }
            Const::FrozenSet(ids) => {
                let items: Vec<Ref> = ids.iter().map(item).collect();
                self.frozenset_of_constants(&items)
            }
            Const::Slice([start, stop, step]) => {
                let [start, stop, step] = [item(start), item(stop), item(step)].map(|part| self.share(part));
                self.new_slice(start, stop, step)
            }
            Const::Code(proto) => self.load_proto(proto, pool, tuples, filename),
        }
    }

    /// A string constant is interned if it looks like an identifier.
    fn load_str(&mut self, text: &Text) -> Owned {
        if text.len() == 1
            && let Some(&letter) = text.get(0).and_then(|point| self.letters.get(&point))
        {
            return self.share(letter);
        }
        let identifier = |point: u32| char::from_u32(point).is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        if self.profile.intern_identifier_constants && text.points().all(identifier) {
            return self.intern(text.clone());
        }
        self.new_text(text.clone())
    }

    /// `co_consts`: one object for equal ones of a unit, the tuples that are constants themselves among them.
    fn load_tuple(&mut self, items: &[Ref], tuples: &mut Tuples) -> Owned {
        if let Some(&known) = tuples.get(items) {
            return self.share(known);
        }
        let made = self.tuple_of(items);
        self.heap.untrack(made.get());
        // Every tuple of the unit lives until all are loaded: it is held by the pool or by a code object of the pool.
        tuples.insert(items.to_vec(), made.get());
        made
    }

    fn load_names(&mut self, names: &[String]) -> Vec<Ref> {
        names.iter().map(|name| self.intern_str(name).into_ref()).collect()
    }

    fn load_proto(&mut self, proto: &Proto, pool: &[Ref], tuples: &mut Tuples, filename: Ref) -> Owned {
        let get = |id: &ConstId| pool.get(id.0 as usize).copied().unwrap_or(Ref::NULL);
        let consts: Vec<Ref> = proto.consts.iter().map(get).collect();
        let (shown, hidden) = consts.split_at((proto.shown_consts as usize).min(consts.len()));
        for &constant in hidden {
            self.heap.inc(constant);
        }
        let consts_tuple = self.load_tuple(shown, tuples).into_ref();
        let doc = proto.doc.as_ref().map_or(Ref::NULL, get);
        if !doc.is_null() {
            self.heap.inc(doc);
        }
        let code = Code {
            name: self.intern_str(&proto.name).into_ref(),
            qualname: self.intern_str(&proto.qualname).into_ref(),
            filename: self.share(filename).into_ref(),
            doc,
            consts,
            names: self.load_names(&proto.names),
            varnames: self.load_names(&proto.varnames),
            cellvars: self.load_names(&proto.cellvars),
            freevars: self.load_names(&proto.freevars),
            local_names: self.load_names(&proto.local_names),
            fused: self.instructions_to_run(&proto.instrs),
            shown_consts: proto.shown_consts,
            instrs: proto.instrs.clone(),
            locations: proto.locations.clone(),
            handlers: proto.handlers.clone(),
            arg_count: proto.arg_count,
            posonly_count: proto.posonly_count,
            kwonly_count: proto.kwonly_count,
            varargs: proto.varargs,
            varkw: proto.varkw,
            is_function: proto.is_function,
            body: Some(proto.body),
            flags: proto.flags,
            first_line: proto.first_line,
            stack_size: proto.stack_size,
        };
        self.heap.alloc(Ty::Code.kind(), CodeBody { code: Rc::new(code), consts_tuple })
    }
}
