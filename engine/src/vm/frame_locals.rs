//! The variables of frames, wherever they lie: on the machine's stack while the frame runs, in its generator while
//! that is suspended, in the frame object when the frame has ended. `locals()` and `f_locals` are built on them.
//!
//! Invariant: until 3.12 a function's frame has one dict, brought up to date at each look; from 3.13 a frame object
//! keeps in its place only the names that programs have added.

use super::{Res, Ty, Vm};
use crate::heap::{CellBody, Code, FrameBody, GenState, GeneratorBody, Layout, Owned, RecordBody, Ref};
use crate::rules::ComprehensionLocals;
use std::rc::Rc;

/// Where the variables of a frame lie.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// On the machine's stack, from here on.
    Stack(usize),
    /// In the frame object.
    Object(Ref),
    /// In a generator.
    Generator(Ref),
}

impl Vm {
    fn frame_place(&self, object: Ref) -> Place {
        let Some(body) = self.heap.get::<FrameBody>(object) else { return Place::Object(object) };
        if body.running > 0 {
            return Place::Stack(self.frame_at(body.running as usize - 1).base as usize);
        }
        if body.generator.is_null() { Place::Object(object) } else { Place::Generator(body.generator) }
    }

    fn raw_local(&self, place: Place, at: usize) -> Ref {
        match place {
            Place::Stack(base) => self.stack.get(base + at).copied(),
            Place::Object(object) => self.heap.get::<FrameBody>(object).and_then(|body| body.locals.get(at).copied()),
            Place::Generator(generator) => {
                self.heap.get::<GeneratorBody>(generator).and_then(|body| body.saved.locals.get(at).copied())
            }
        }
        .unwrap_or(Ref::NULL)
    }

    /// The value of a variable, that of its cell if it has one; borrowed, NULL if it is unbound.
    fn local_value(&self, code: &Code, place: Place, at: usize) -> Ref {
        let raw = self.raw_local(place, at);
        match self.heap.get::<CellBody>(raw) {
            Some(cell) if is_shared(code, at) => cell.value,
            _ => raw,
        }
    }

    fn set_local(&mut self, code: &Code, place: Place, at: usize, value: Owned) {
        let raw = self.raw_local(place, at);
        let value = value.into_ref();
        let old = if is_shared(code, at)
            && let Some(cell) = self.heap.get_mut::<CellBody>(raw)
        {
            std::mem::replace(&mut cell.value, value)
        } else {
            let place = match place {
                Place::Stack(base) => self.stack.get_mut(base + at),
                Place::Object(object) => self.heap.get_mut::<FrameBody>(object).and_then(|body| {
                    if body.locals.len() <= at {
                        body.locals.resize(at + 1, Ref::NULL);
                    }
                    body.locals.get_mut(at)
                }),
                Place::Generator(generator) => {
                    self.heap.get_mut::<GeneratorBody>(generator).and_then(|body| body.saved.locals.get_mut(at))
                }
            };
            match place {
                Some(place) => std::mem::replace(place, value),
                None => value,
            }
        };
        self.release_maybe(old);
    }

    /// What a comprehension that runs inside a module or class body binds: names and values, borrowed.
    fn hidden_locals(&self, code: &Code, place: Place) -> Vec<(Ref, Ref)> {
        if code.is_function {
            return Vec::new();
        }
        let targets = (0..code.local_names.len()).filter(|&at| self.is_hidden(code, at));
        targets
            .map(|at| (code.local_names[at], self.local_value(code, place, at)))
            .filter(|(_, value)| !value.is_null())
            .collect()
    }

    /// Cells that the compiler makes for a class (`__class__`) are no names of the program.
    fn is_hidden(&self, code: &Code, at: usize) -> bool {
        let name = code.local_names[at];
        !code.is_function
            && !code.freevars.contains(&name)
            && self.heap.text(name).is_some_and(|text| !text.to_string_lossy().starts_with("__class"))
    }

    /// The variables of a running function, borrowed; NULL where one is unbound.
    pub fn running_variables(&self, depth: usize) -> Vec<(Ref, Ref)> {
        let frame = self.frame_at(depth);
        let place = Place::Stack(frame.base as usize);
        let all = 0..frame.code.local_names.len();
        all.map(|at| (frame.code.local_names[at], self.local_value(&frame.code, place, at))).collect()
    }

    // ---- locals() ---------------------------------------------------------------------------------------------

    /// `locals()` of the Python code that is running.
    ///
    /// # Errors
    /// What reading a namespace raises.
    pub fn current_locals(&mut self) -> Res<Owned> {
        let depth = self.frames.len();
        self.frame_locals(depth)
    }

    /// `locals()` as the frame with this index sees it: its namespace itself for modules and classes, for functions a
    /// dict that belongs to the frame and is brought up to date, or from 3.13 a new one each time.
    ///
    /// # Errors
    /// What reading a namespace raises.
    pub fn frame_locals(&mut self, depth: usize) -> Res<Owned> {
        let frame = self.frame_at(depth);
        let (code, place) = (Rc::clone(&frame.code), Place::Stack(frame.base as usize));
        let (namespace, globals, object) = (frame.namespace, frame.globals, frame.object);
        if !code.is_function {
            return self.namespace_locals(&code, place, namespace.some().unwrap_or(globals), Ref::NULL);
        }
        if !self.profile.locals_are_snapshots {
            let object = self.frame_object(depth);
            return self.refreshed_dict(object, &code, place);
        }
        let dict = self.new_dict();
        let result = self.fill_snapshot(dict.get(), object, &code, place);
        self.finish_owned(dict, result)
    }

    fn finish_owned(&mut self, value: Owned, result: Res<()>) -> Res<Owned> {
        match result {
            Ok(()) => Ok(value),
            Err(stop) => {
                self.release(value);
                Err(stop)
            }
        }
    }

    /// The locals of a module or class body; a comprehension that runs in it adds its own names, in a dict apart.
    fn namespace_locals(&mut self, code: &Code, place: Place, namespace: Ref, frame: Ref) -> Res<Owned> {
        let hidden = self.hidden_locals(code, place);
        if hidden.is_empty() {
            return Ok(if namespace.is_null() { self.none() } else { self.share(namespace) });
        }
        if !frame.is_null() && self.profile.locals_are_snapshots {
            return Ok(self.new_locals_proxy(frame));
        }
        let dict = self.new_dict();
        let mut result = match self.profile.comprehension_locals {
            ComprehensionLocals::Added => self.dict_merge(dict.get(), namespace),
            ComprehensionLocals::Alone => Ok(()),
        };
        for (name, value) in hidden {
            if result.is_ok() {
                result = self.dict_set(dict.get(), name, value);
            }
        }
        self.finish_owned(dict, result)
    }

    /// The dict of a function's frame, brought up to date.
    fn refreshed_dict(&mut self, object: Ref, code: &Code, place: Place) -> Res<Owned> {
        let dict = self.frame_dict(object);
        let shared = |at: usize| is_shared(code, at);
        let mut result = Ok(());
        let mut order: Vec<(Ref, Ref)> = Vec::new();
        let all = 0..code.local_names.len();
        if self.profile.locals_cells_last {
            // A parameter that lives in a cell counts as unbound among the variables.
            for at in all.clone().take(code.varnames.len()) {
                let value = if shared(at) { Ref::NULL } else { self.local_value(code, place, at) };
                order.push((code.local_names[at], value));
            }
            for &name in code.cellvars.iter().chain(&code.freevars) {
                if let Some(at) = code.local_names.iter().rposition(|&known| known == name) {
                    order.push((name, self.local_value(code, place, at)));
                }
            }
        } else {
            order.extend(all.map(|at| (code.local_names[at], self.local_value(code, place, at))));
        }
        for (name, value) in order {
            if result.is_ok() {
                result = if value.is_null() {
                    self.dict_remove(dict.get(), name).map(|_| ())
                } else {
                    self.dict_set(dict.get(), name, value)
                };
            }
        }
        self.finish_owned(dict, result)
    }

    /// The dict that belongs to a frame object, made if there is none.
    fn frame_dict(&mut self, object: Ref) -> Owned {
        let known = self.heap.get::<FrameBody>(object).map_or(Ref::NULL, |body| body.locals_dict);
        if !known.is_null() {
            return self.share(known);
        }
        let dict = self.new_dict();
        let kept = self.share(dict.get()).into_ref();
        match self.heap.get_mut::<FrameBody>(object) {
            Some(body) => body.locals_dict = kept,
            None => self.release_ref(kept),
        }
        dict
    }

    /// All variables that are bound, then the names that programs have added to the frame object.
    fn fill_snapshot(&mut self, dict: Ref, object: Ref, code: &Code, place: Place) -> Res<()> {
        for at in 0..code.local_names.len() {
            let value = self.local_value(code, place, at);
            if !value.is_null() && (code.is_function || self.is_hidden(code, at)) {
                self.dict_set(dict, code.local_names[at], value)?;
            }
        }
        match self.extra_locals(object) {
            Some(extra) => self.dict_merge_table(dict, extra, true),
            None => Ok(()),
        }
    }

    fn extra_locals(&self, object: Ref) -> Option<Ref> {
        self.heap.get::<FrameBody>(object)?.locals_dict.some()
    }

    // ---- frame objects ----------------------------------------------------------------------------------------

    /// `frame.f_locals`
    ///
    /// # Errors
    /// What reading a namespace raises.
    pub fn f_locals(&mut self, object: Ref) -> Res<Owned> {
        let Some(body) = self.heap.get::<FrameBody>(object) else { return Ok(self.none()) };
        let (code, namespace, globals) = (body.code, body.namespace, body.globals);
        let (code, place) = (self.code(code), self.frame_place(object));
        if !code.is_function {
            return self.namespace_locals(&code, place, namespace.some().unwrap_or(globals), object);
        }
        if self.profile.locals_are_snapshots {
            return Ok(self.new_locals_proxy(object));
        }
        self.refreshed_dict(object, &code, place)
    }

    /// The proxy through which programs read and write the variables of a frame.
    pub fn new_locals_proxy(&mut self, frame: Ref) -> Owned {
        let frame = self.share(frame).into_ref();
        self.heap.alloc(Ty::FrameLocalsProxy.kind(), RecordBody { parts: vec![frame], ..RecordBody::default() })
    }

    /// What a proxy shows, as a new dict.
    ///
    /// # Errors
    /// What comparing keys raises.
    pub fn frame_snapshot(&mut self, frame: Ref) -> Res<Owned> {
        let (code, place) = self.frame_code_place(frame);
        let dict = self.new_dict();
        let result = self.fill_snapshot(dict.get(), frame, &code, place);
        self.finish_owned(dict, result)
    }

    fn frame_code_place(&self, frame: Ref) -> (Rc<Code>, Place) {
        let code = self.heap.get::<FrameBody>(frame).map_or(Ref::NULL, |body| body.code);
        (self.code(code), self.frame_place(frame))
    }

    /// Which variable of the frame a key names.
    fn frame_variable(&self, code: &Code, key: Ref) -> Option<usize> {
        let wanted = self.heap.text(key)?;
        let same = |name: Ref| name == key || self.heap.text(name).is_some_and(|text| text == wanted);
        (0..code.local_names.len())
            .find(|&at| (code.is_function || self.is_hidden(code, at)) && same(code.local_names[at]))
    }

    /// The value that a proxy has for a key; borrowed.
    ///
    /// # Errors
    /// What hashing the key raises.
    pub fn frame_get(&mut self, frame: Ref, key: Ref) -> Res<Option<Ref>> {
        let (code, place) = self.frame_code_place(frame);
        if let Some(at) = self.frame_variable(&code, key)
            && let Some(value) = self.local_value(&code, place, at).some()
        {
            return Ok(Some(value));
        }
        match self.extra_locals(frame) {
            Some(extra) => self.dict_get(extra, key),
            None => Ok(None),
        }
    }

    /// Writes through a proxy: into the variable of that name, else among the names that programs have added.
    ///
    /// # Errors
    /// What hashing the key raises.
    pub fn frame_set(&mut self, frame: Ref, key: Ref, value: Ref) -> Res<()> {
        let (code, place) = self.frame_code_place(frame);
        if let Some(at) = self.frame_variable(&code, key) {
            let value = self.share(value);
            self.set_local(&code, place, at, value);
            return Ok(());
        }
        let extra = self.frame_dict(frame);
        let result = self.dict_set(extra.get(), key, value);
        self.release(extra);
        result
    }

    /// Takes an added name out of a frame object: `None` when it is a variable, which cannot be removed.
    ///
    /// # Errors
    /// What hashing the key raises.
    pub fn frame_take(&mut self, frame: Ref, key: Ref) -> Res<Option<Option<Owned>>> {
        let (code, place) = self.frame_code_place(frame);
        if let Some(at) = self.frame_variable(&code, key)
            && !self.local_value(&code, place, at).is_null()
        {
            return Ok(None);
        }
        let Some(extra) = self.extra_locals(frame) else { return Ok(Some(None)) };
        let taken = self.dict_take(extra, key)?;
        Ok(Some(taken.map(|(name, value)| {
            self.release(name);
            value
        })))
    }

    /// `frame.f_back`: found on demand while the frame runs.
    pub fn frame_back(&mut self, object: Ref) -> Owned {
        let Some(body) = self.heap.get::<FrameBody>(object) else { return self.none() };
        let (running, back) = (body.running as usize, body.back);
        if running >= 3 {
            let back = self.frame_object(running - 2);
            return self.share(back);
        }
        let back = back.some().filter(|_| running == 0).unwrap_or(self.single.none);
        self.share(back)
    }

    /// Where a frame stands, as an index into its code's instructions.
    pub fn frame_instr(&self, object: Ref) -> u32 {
        let Some(body) = self.heap.get::<FrameBody>(object) else { return 0 };
        match self.frame_place(object) {
            Place::Stack(_) => self.frame_at(body.running as usize - 1).ip,
            Place::Generator(generator) => {
                self.heap.get::<GeneratorBody>(generator).map_or(0, |body| body.saved.ip.saturating_sub(1))
            }
            Place::Object(_) => body.instr,
        }
    }

    /// `frame.f_lineno`; nothing for an instruction that belongs to no line.
    pub fn frame_line(&self, object: Ref) -> Option<u32> {
        let code = self.heap.get::<FrameBody>(object).map_or(Ref::NULL, |body| body.code);
        let code = self.code(code);
        match self.frame_place(object) {
            Place::Generator(generator)
                if self.heap.get::<GeneratorBody>(generator).is_some_and(|body| body.state == GenState::Created) =>
            {
                Some(code.first_line)
            }
            _ => code.locations.get(self.frame_instr(object) as usize).map(|at| at.line).filter(|&line| line > 0),
        }
    }

    /// `frame.clear()`
    ///
    /// # Errors
    /// RuntimeError for a frame that is running or, from 3.13 on, suspended.
    pub fn clear_frame(&mut self, object: Ref) -> Res<()> {
        let Some(body) = self.heap.get::<FrameBody>(object) else { return Ok(()) };
        let (running, generator) = (body.running > 0, body.generator);
        if running {
            return Err(self.raise(Ty::RuntimeError, "cannot clear an executing frame"));
        }
        let state = self.heap.get::<GeneratorBody>(generator).map(|body| body.state);
        if state == Some(GenState::Suspended)
            && let Some(text) = self.profile.suspended_frame_text
        {
            return Err(self.raise(Ty::RuntimeError, text));
        }
        if matches!(state, Some(GenState::Suspended | GenState::Created)) {
            match self.close_generator(generator) {
                Ok(value) => self.release(value),
                Err(stop) => self.unraisable(stop, super::Doing::Closing, generator),
            }
        }
        let Some(body) = self.heap.get_mut::<FrameBody>(object) else { return Ok(()) };
        let locals = std::mem::take(&mut body.locals);
        let trace = std::mem::take(&mut body.trace);
        let added = if self.profile.locals_are_snapshots { std::mem::take(&mut body.locals_dict) } else { Ref::NULL };
        self.release_all(locals);
        self.release_maybe(trace);
        self.release_maybe(added);
        Ok(())
    }

    /// A generator dies: a frame object that somebody else holds keeps the variables.
    pub(super) fn orphan_frame(&mut self, generator: Ref) {
        let Some(body) = self.heap.get_mut::<GeneratorBody>(generator) else { return };
        let (object, instr) = (body.frame, body.saved.ip.saturating_sub(1));
        if object.is_null() {
            return;
        }
        let shared = self.heap.count(object) > 1;
        if shared {
            self.own_frame_parts(object);
        }
        let locals = if shared && let Some(body) = self.heap.get_mut::<GeneratorBody>(generator) {
            std::mem::take(&mut body.saved.locals)
        } else {
            Vec::new()
        };
        if let Some(body) = self.heap.get_mut::<FrameBody>(object) {
            body.generator = Ref::NULL;
            body.instr = instr;
            body.locals = locals;
        }
    }
}

/// Whether the variable lives in a cell.
fn is_shared(code: &Code, at: usize) -> bool {
    let name = code.local_names[at];
    code.cellvars.contains(&name) || code.freevars.contains(&name)
}

/// Whether `value` is a proxy of a frame's locals; the frame.
pub(crate) fn proxied_frame(vm: &Vm, value: Ref) -> Option<Ref> {
    if vm.heap.layout(value) != Layout::Record || !vm.is_exact(value, Ty::FrameLocalsProxy) {
        return None;
    }
    vm.heap.get::<RecordBody>(value).and_then(|body| body.parts.first().copied())
}
