//! Generators and coroutines: a frame that is put aside and taken up again.

use super::{FrameRole, Res, Stop, Ty, Vm};
use crate::code::BodyKind;
use crate::heap::{
    ExceptionBody, FrameBody, FunctionBody, GenState, GeneratorBody, KindId, Layout, Owned, Ref, SavedFrame,
};

/// What taking up a generator has come to.
#[derive(Debug, PartialEq, Eq)]
pub enum Resumed {
    /// It yielded this.
    Yielded(Owned),
    /// It returned this.
    Returned(Owned),
}

/// What a generator is called in errors.
fn generator_word(kind: KindId) -> &'static str {
    match kind {
        kind if kind == Ty::Coroutine.kind() => "coroutine",
        kind if kind == Ty::AsyncGenerator.kind() => "async generator",
        _ => "generator",
    }
}

impl Vm {
    /// `ReturnGenerator`: the running frame becomes a generator and the frame below runs again.
    ///
    /// # Errors
    /// TypeError if it was the frame of an `__init__`.
    pub(super) fn make_generator(&mut self) -> Res<Owned> {
        let mut frame = std::mem::take(&mut self.frame);
        let stack = self.stack.split_off(frame.stack_base as usize);
        // A generator outlives the call: what its locals hold is its own.
        let locals = self.stack.split_off(frame.base as usize).into_iter().map(Ref::plain).collect();
        self.frame = self.frames.pop().unwrap_or_default();
        self.budget.depth = self.budget.depth.saturating_sub(1);
        let (name, qualname) = match self.heap.get::<FunctionBody>(frame.func) {
            Some(body) => (body.name, body.qualname),
            None => (frame.code.name, frame.code.qualname),
        };
        let ty = match frame.code.body {
            Some(BodyKind::Coroutine) => Ty::Coroutine,
            Some(BodyKind::AsyncGenerator) => Ty::AsyncGenerator,
            Some(BodyKind::Generator | BodyKind::Plain) | None => Ty::Generator,
        };
        self.release_maybe(frame.kept);
        let function = if self.profile.running_function_held { Ref::NULL } else { std::mem::take(&mut frame.func) };
        let (globals, builtins) = if frame.func.is_null() {
            self.heap.inc(frame.globals);
            self.heap.inc(frame.builtins);
            (frame.globals, frame.builtins)
        } else {
            (Ref::NULL, Ref::NULL)
        };
        let body = GeneratorBody {
            state: GenState::Created,
            code: frame.code_ref,
            func: frame.func,
            globals,
            builtins,
            name: self.share(name).into_ref(),
            qualname: self.share(qualname).into_ref(),
            saved: SavedFrame { locals, stack, ip: frame.ip + 1 },
            frame: frame.object,
            handled: Ref::NULL,
            awaited: false,
            closed: false,
        };
        let generator = self.heap.alloc(ty.kind(), body);
        if let Some(body) = self.heap.get_mut::<FrameBody>(frame.object) {
            body.generator = generator.get();
            body.func = frame.func;
            body.running = 0;
        }
        // The object that an `__init__` is called for waits below, with its class.
        let init = frame.role == FrameRole::Init;
        self.cut(if init { frame.floor + 2 } else { frame.floor } as usize);
        self.release_maybe(function);
        if init { self.end_init(generator, frame.floor) } else { Ok(generator) }
    }

    /// `Yield`: the running frame goes back into its generator.
    pub(super) fn suspend(&mut self) {
        let frame = std::mem::take(&mut self.frame);
        let stack = self.stack.split_off(frame.stack_base as usize);
        let locals = self.stack.split_off(frame.base as usize);
        self.frame = self.frames.pop().unwrap_or_default();
        self.budget.depth = self.budget.depth.saturating_sub(1);
        let handled = self.handled.pop().unwrap_or(Ref::NULL);
        if let Some(body) = self.heap.get_mut::<FrameBody>(frame.object) {
            body.running = 0;
            body.instr = frame.ip;
        }
        if let Some(body) = self.heap.get_mut::<GeneratorBody>(frame.generator) {
            body.state = GenState::Suspended;
            body.saved = SavedFrame { locals, stack, ip: frame.ip + 1 };
            body.frame = frame.object;
            body.handled = handled;
            body.code = frame.code_ref;
            body.func = frame.func;
            if frame.func.is_null() {
                (body.globals, body.builtins) = (frame.globals, frame.builtins);
            }
        }
    }

    /// Takes a generator up: `value` is what the `yield` gives, or the exception on its way is thrown in when it is
    /// NULL.
    ///
    /// # Errors
    /// What the generator raises; ValueError when it is running.
    pub fn resume_generator(&mut self, generator: Ref, value: Ref) -> Res<Resumed> {
        let Some(body) = self.heap.get::<GeneratorBody>(generator) else {
            return Err(self.type_error("not a generator"));
        };
        let (state, func, code_ref) = (body.state, body.func, body.code);
        let spaces = (body.globals, body.builtins);
        let what = generator_word(self.heap.kind_of(generator));
        match state {
            GenState::Running => {
                self.let_go(value);
                return Err(self.value_error(format!("{what} already executing")));
            }
            GenState::Finished => {
                if value.is_null() && what != "coroutine" {
                    return Err(Stop::Raised);
                }
                self.let_go(value);
                if what == "coroutine" {
                    return Err(self.raise(Ty::RuntimeError, "cannot reuse already awaited coroutine"));
                }
                return Ok(Resumed::Returned(self.none()));
            }
            GenState::Created if !value.is_null() && value != self.single.none => {
                self.release_ref(value);
                return Err(self.type_error(format!("can't send non-None value to a just-started {what}")));
            }
            GenState::Created | GenState::Suspended => {}
        }
        if self.budget.depth >= self.budget.recursion || self.native_depth >= 2_000 {
            self.let_go(value);
            return Err(self.raise(Ty::RecursionError, "maximum recursion depth exceeded"));
        }
        if let Err(stop) = self.step() {
            self.let_go(value);
            return Err(stop);
        }
        let saved_raised = if value.is_null() { std::mem::take(&mut self.raised) } else { Ref::NULL };
        let (globals, builtins) = match self.heap.get::<FunctionBody>(func) {
            Some(function) => (function.globals, function.builtins),
            None => spaces,
        };
        let code = self.code(code_ref);
        let Some(body) = self.heap.get_mut::<GeneratorBody>(generator) else { return Err(Stop::Raised) };
        body.state = GenState::Running;
        let saved = std::mem::take(&mut body.saved);
        let object = std::mem::take(&mut body.frame);
        let handled = std::mem::take(&mut body.handled);
        (body.func, body.globals, body.builtins) = (Ref::NULL, Ref::NULL, Ref::NULL);
        body.code = Ref::NULL;
        self.heap.inc(generator);
        let base = self.stack.len() as u32;
        self.stack.extend(saved.locals);
        let stack_base = self.stack.len() as u32;
        self.stack.extend(saved.stack);
        self.handled.push(handled);
        self.push_frame(code);
        let frame = &mut self.frame;
        (frame.code_ref, frame.func) = (code_ref, func);
        (frame.globals, frame.builtins) = (globals, builtins);
        (frame.object, frame.generator) = (object, generator);
        (frame.ip, frame.base, frame.stack_base, frame.floor) = (saved.ip, base, stack_base, base);
        frame.role = FrameRole::Generator;
        let depth = self.frames.len();
        if let Some(body) = self.heap.get_mut::<FrameBody>(object) {
            body.running = depth as u32 + 1;
        }
        self.native_depth += 1;
        let result = if value.is_null() {
            self.raised = saved_raised;
            // The exception appears at the instruction that yielded, in the place of what would have been sent.
            if state == GenState::Suspended {
                let none = self.none();
                self.push(none);
            }
            self.frame.ip = saved.ip.saturating_sub(1);
            match self.unwind(Stop::Raised, depth, false) {
                Ok(()) => self.run(),
                Err(stop) => Err(stop),
            }
        } else {
            match state {
                GenState::Created => self.release_ref(value),
                _ => self.stack.push(value),
            }
            self.run()
        };
        self.native_depth -= 1;
        let finished = self.heap.get::<GeneratorBody>(generator).is_none_or(|body| body.state == GenState::Finished);
        let result = match result {
            Ok(value) if finished => Ok(Resumed::Returned(value)),
            Ok(value) => Ok(Resumed::Yielded(value)),
            Err(stop) => {
                if let Some(body) = self.heap.get_mut::<GeneratorBody>(generator) {
                    body.state = GenState::Finished;
                }
                Err(self.stop_iteration_inside(stop, what))
            }
        };
        self.release_ref(generator);
        result
    }

    /// Lets go of what was to be sent into a generator, or thrown into it.
    fn let_go(&mut self, value: Ref) {
        let value = if value.is_null() { std::mem::take(&mut self.raised) } else { value };
        self.release_maybe(value);
    }

    /// StopIteration that leaves a generator's body becomes RuntimeError (PEP 479).
    fn stop_iteration_inside(&mut self, stop: Stop, what: &str) -> Stop {
        let name = if !self.profile.stop_iteration_converted {
            return stop;
        } else if self.is_raised(stop, Ty::StopIteration) {
            "StopIteration"
        } else if what == "async generator" && self.is_raised(stop, Ty::StopAsyncIteration) {
            "StopAsyncIteration"
        } else {
            return stop;
        };
        let old = self.take_raised();
        let message = self.new_str(&format!("{what} raised {name}"));
        let exception = self.new_exception(Ty::RuntimeError, vec![message]);
        self.chain(exception.get(), old);
        self.raised = exception.into_ref();
        Stop::Raised
    }

    /// Makes an exception the cause and the context of a new one.
    pub(super) fn chain(&mut self, exception: Ref, cause: Owned) {
        self.heap.inc(cause.get());
        let cause = cause.into_ref();
        if let Some(body) = self.heap.get_mut::<ExceptionBody>(exception) {
            body.suppress_context = true;
            body.cause = cause;
            body.context = cause;
        }
    }

    /// The code of a generator, running or not.
    pub fn generator_code(&self, generator: Ref) -> Option<&crate::heap::Code> {
        let body = self.heap.get::<GeneratorBody>(generator)?;
        if body.code.is_null() {
            let depth = (0..=self.frames.len()).find(|&at| self.frame_at(at).generator == generator)?;
            return Some(&self.frame_at(depth).code);
        }
        self.heap.get::<crate::heap::CodeBody>(body.code).map(|body| &*body.code)
    }

    /// StopIteration with the value that a generator returned.
    pub fn stop_iteration(&mut self, value: Owned) -> Stop {
        let args = if value.get() == self.single.none {
            self.release(value);
            Vec::new()
        } else {
            vec![value]
        };
        let part = args.first().map_or(self.single.none, Owned::get);
        let exception = self.new_exception(Ty::StopIteration, args);
        let part = self.share(part).into_ref();
        match self.heap.get_mut::<ExceptionBody>(exception.get()) {
            Some(body) => body.parts.push(("value", part)),
            None => self.release_ref(part),
        }
        self.raise_object(exception)
    }

    /// `exception.value` of a StopIteration.
    pub fn stop_iteration_value(&mut self, exception: Ref) -> Owned {
        let value = self
            .heap
            .get::<ExceptionBody>(exception)
            .and_then(|body| body.parts.iter().find(|(name, _)| *name == "value").map(|&(_, value)| value));
        match value {
            Some(value) if !value.is_null() => self.share(value),
            _ => self.none(),
        }
    }

    /// Whether a dying generator still has something to do.
    pub(super) fn generator_needs_close(&self, generator: Ref) -> bool {
        self.heap.get::<GeneratorBody>(generator).is_some_and(|body| {
            body.state == GenState::Suspended
                && self.code(body.code).handlers.iter().any(|h| h.start < body.saved.ip && body.saved.ip <= h.end)
        })
    }

    /// `generator.close()`
    ///
    /// # Errors
    /// RuntimeError when it yields again; what it raises.
    pub fn close_generator(&mut self, generator: Ref) -> Res<Owned> {
        let state = self.heap.get::<GeneratorBody>(generator).map(|body| body.state);
        match state {
            Some(GenState::Suspended) => {}
            Some(GenState::Running) => {
                let what = generator_word(self.heap.kind_of(generator));
                return Err(self.value_error(format!("{what} already executing")));
            }
            Some(GenState::Created) => {
                if self.profile.close_clears_unstarted {
                    self.empty_generator(generator);
                } else if let Some(body) = self.heap.get_mut::<GeneratorBody>(generator) {
                    body.state = GenState::Finished;
                }
                return Ok(self.none());
            }
            _ => return Ok(self.none()),
        }
        let exception = self.new_exception(Ty::GeneratorExit, Vec::new());
        match self.throw_into(generator, exception) {
            Ok(Resumed::Yielded(value)) => {
                self.release(value);
                if !self.profile.yield_on_close_refused {
                    return Ok(self.none());
                }
                let what = generator_word(self.heap.kind_of(generator));
                Err(self.raise(Ty::RuntimeError, format!("{what} ignored GeneratorExit")))
            }
            Ok(Resumed::Returned(value)) => {
                if self.profile.close_returns_value {
                    return Ok(value);
                }
                self.release(value);
                Ok(self.none())
            }
            Err(stop) => {
                if self.is_raised(stop, Ty::StopIteration) {
                    self.catch(stop, Ty::StopIteration)?;
                } else {
                    self.catch(stop, Ty::GeneratorExit)?;
                }
                Ok(self.none())
            }
        }
    }

    /// A generator that never ran lets go of what it holds. A frame object that somebody else holds keeps the variables.
    pub fn empty_generator(&mut self, generator: Ref) {
        self.orphan_frame(generator);
        if let Some(body) = self.heap.get_mut::<GeneratorBody>(generator) {
            body.state = GenState::Finished;
            let saved = std::mem::take(&mut body.saved);
            let frame = std::mem::take(&mut body.frame);
            let spaces = [std::mem::take(&mut body.globals), std::mem::take(&mut body.builtins)];
            self.release_maybe(frame);
            self.release_all(saved.locals);
            self.release_all(saved.stack);
            spaces.into_iter().for_each(|space| self.release_maybe(space));
        }
    }

    /// `receiver value -- receiver value`: hands the value to what `yield from` waits for; true when that is done.
    pub(super) fn send_to_delegate(&mut self) -> Res<bool> {
        let value = Owned::adopt(self.pop());
        let receiver = self.peek(0);
        let result = if self.heap.layout(receiver) == Layout::Generator {
            match self.resume_generator(receiver, value.into_ref())? {
                Resumed::Yielded(value) => Ok(Some(value)),
                Resumed::Returned(value) => Err(value),
            }
        } else {
            self.send_to_iterator(receiver, value)?
        };
        match result {
            Ok(Some(value)) => {
                self.push(value);
                Ok(false)
            }
            Ok(None) => {
                let none = self.none();
                self.push(none);
                Ok(true)
            }
            Err(value) => {
                self.push(value);
                Ok(true)
            }
        }
    }

    fn send_to_iterator(&mut self, receiver: Ref, value: Owned) -> Res<Result<Option<Owned>, Owned>> {
        let sent = if value.get() == self.single.none {
            let class = self.heap.class_of(receiver);
            match self.lookup(class, self.names.next) {
                Some(method) => self.call_special(method, receiver, &[]),
                None => Err(self.type_error("not an iterator")),
            }
        } else {
            self.call_method(receiver, self.names.send, &[value.get()])
        };
        self.release(value);
        match sent {
            Ok(value) => Ok(Ok(Some(value))),
            Err(stop) if self.is_raised(stop, Ty::StopIteration) => {
                let exception = self.take_raised();
                let value = self.stop_iteration_value(exception.get());
                self.release(exception);
                Ok(Err(value))
            }
            Err(stop) => Err(stop),
        }
    }

    /// `iterable -- iterator` for `yield from`: generators and coroutines pass as they are.
    pub(super) fn yield_from_iter(&mut self) -> Res<()> {
        let value = self.peek(0);
        if self.heap.layout(value) == Layout::Generator && !self.is_exact(value, Ty::AsyncGenerator) {
            return Ok(());
        }
        let iterator = self.iter(value);
        self.drop_operands(1);
        let iterator = iterator?;
        self.push(iterator);
        Ok(())
    }
}
