//! Leaving frames, and what exceptions do on their way: tracebacks, handlers, the frames that tracebacks keep.

use super::frame::Left;
use super::{Frame, FrameRole, Res, Stop, Ty, Vm};
use crate::code::BodyKind;
use crate::heap::{Code, ExceptionBody, FrameBody, GenState, GeneratorBody, Owned, Ref, TracebackBody};
use crate::rules::{FramesTracked, LocalsRelease};

impl Vm {
    /// Ends the running frame: its stack and locals are released, the frame below runs again.
    pub(super) fn leave_frame(&mut self) -> Left {
        if self.stack.len() > self.frame.stack_base as usize {
            self.leave_stack();
        }
        self.budget.depth = self.budget.depth.saturating_sub(1);
        if self.frame.is_plain_call()
            && let Some(below) = self.frames.last_mut()
        {
            std::mem::swap(&mut self.frame, below);
            let &mut Frame { code_ref, func, generator, base, floor, role, .. } = below;
            if self.profile.locals_release == LocalsRelease::CellsLast && !below.code.cellvars.is_empty() {
                cells_last(&below.code, &mut self.stack[base as usize..]);
            }
            self.frames.truncate(self.frames.len() - 1);
            self.release_locals(base as usize);
            let left = if role == FrameRole::Init { floor + 2 } else { floor };
            self.cut(left as usize);
            self.release_ref(func);
            self.release_code(generator, code_ref);
            return Left { role, floor, generator };
        }
        let below = self.frames.pop().unwrap_or_default();
        let frame = std::mem::replace(&mut self.frame, below);
        if frame.object.is_null() {
            if self.profile.locals_release == LocalsRelease::CellsLast {
                cells_last(&frame.code, &mut self.stack[frame.base as usize..]);
            }
            self.release_locals(frame.base as usize);
        } else {
            let locals = self.stack.split_off(frame.base as usize);
            self.retire(&frame, locals);
        }
        let floor = if frame.role == FrameRole::Init { frame.floor + 2 } else { frame.floor };
        // What `__init__` was called for stays below.
        self.cut(floor as usize);
        self.release_frame_parts(&frame);
        Left { role: frame.role, floor: frame.floor, generator: frame.generator }
    }

    /// Releases what is left on the evaluation stack of a frame that ends early; it still runs, so that a finaliser that
    /// asks for its caller finds it.
    #[cold]
    fn leave_stack(&mut self) {
        self.cut(self.frame.stack_base as usize);
    }

    /// Releases the locals of an ended frame where they lie, on top of the stack.
    #[inline]
    fn release_locals(&mut self, base: usize) {
        let count = self.stack.len().saturating_sub(base);
        for step in 0..count {
            let at = match self.profile.locals_release {
                LocalsRelease::InOrder | LocalsRelease::CellsLast => base + step,
                LocalsRelease::Reversed => base + count - 1 - step,
            };
            let local = std::mem::take(&mut self.stack[at]);
            self.release_maybe(local);
        }
        self.stack.truncate(base);
    }

    /// Locals of an ended frame: into its frame object if somebody else holds that, else released.
    fn retire(&mut self, frame: &Frame, mut locals: Vec<Ref>) {
        if !frame.object.is_null() {
            let shared = self.heap.count(frame.object) > 1;
            if let Some(body) = self.heap.get_mut::<FrameBody>(frame.object) {
                body.running = 0;
                body.generator = Ref::NULL;
                body.instr = frame.ip;
            }
            if shared {
                self.own_frame_parts(frame.object);
                let back = self.kept_back(frame);
                if let Some(body) = self.heap.get_mut::<FrameBody>(frame.object) {
                    body.locals = locals;
                    body.back = back;
                }
                return;
            }
        }
        match self.profile.locals_release {
            LocalsRelease::CellsLast => {
                cells_last(&frame.code, &mut locals);
                self.release_all(locals);
            }
            LocalsRelease::InOrder => self.release_all(locals),
            LocalsRelease::Reversed => self.release_all(locals.into_iter().rev()),
        }
    }

    /// A frame object that outlives its frame holds that of the caller.
    fn kept_back(&mut self, frame: &Frame) -> Ref {
        let depth = self.frames.len();
        if depth == 0 || (!frame.generator.is_null() && !self.profile.ended_generator_back) {
            return Ref::NULL;
        }
        let back = self.frame_object(depth);
        self.share(back).into_ref()
    }

    #[inline]
    pub(super) fn release_frame_parts(&mut self, frame: &Frame) {
        self.release_maybe(frame.object);
        self.release_maybe(frame.namespace);
        if frame.func.is_null() {
            self.release_maybe(frame.globals);
            self.release_maybe(frame.builtins);
        }
        self.release_maybe(frame.func);
        self.release_code(frame.generator, frame.code_ref);
        self.release_maybe(frame.kept);
    }

    /// The code of an ended frame; a generator keeps it to its own end.
    #[inline]
    fn release_code(&mut self, generator: Ref, code: Ref) {
        if !generator.is_null()
            && let Some(body) = self.heap.get_mut::<GeneratorBody>(generator)
            && body.code.is_null()
        {
            body.code = code;
            return;
        }
        self.release_maybe(code);
    }

    /// A frame object that outlives its frame holds what the frame held.
    pub(super) fn own_frame_parts(&mut self, object: Ref) {
        let held = self.profile.running_function_held;
        let Some(body) = self.heap.get_mut::<FrameBody>(object) else { return };
        if std::mem::replace(&mut body.owns, true) {
            return;
        }
        if !held {
            body.func = Ref::NULL;
        }
        let parts = [body.code, body.func, body.globals, body.builtins, body.namespace];
        for part in parts.into_iter().filter(|part| !part.is_null()) {
            self.heap.inc(part);
        }
        self.heap.track(object);
    }

    /// A frame object for a frame that has not ended.
    fn live_frame_object(&mut self, body: FrameBody) -> Ref {
        let tracked = match self.profile.frames_tracked {
            FramesTracked::Ended => false,
            FramesTracked::EndedAndGenerators => !body.generator.is_null(),
            FramesTracked::All => true,
        };
        let object = self.heap.alloc(Ty::Frame.kind(), body).into_ref();
        if !tracked {
            self.heap.untrack(object);
        }
        object
    }

    /// The frame object of the running frame, made if there is none; borrowed from the frame.
    pub fn frame_object(&mut self, depth: usize) -> Ref {
        let known = self.frame_at(depth).object;
        if !known.is_null() {
            return known;
        }
        let frame = self.frame_at(depth).clone();
        let body = FrameBody {
            code: frame.code_ref,
            func: frame.func,
            globals: frame.globals,
            builtins: frame.builtins,
            namespace: frame.namespace,
            running: depth as u32 + 1,
            generator: frame.generator,
            instr: frame.ip,
            ..FrameBody::default()
        };
        let object = self.live_frame_object(body);
        if depth == self.frames.len() {
            self.frame.object = object;
        } else {
            self.frames[depth].object = object;
        }
        object
    }

    /// The frame object of a generator that is not running; borrowed from the generator.
    pub fn suspended_frame_object(&mut self, generator: Ref) -> Ref {
        let Some(body) = self.heap.get::<GeneratorBody>(generator) else { return self.single.none };
        let (code, func, instr) = (body.code, body.func, body.saved.ip.saturating_sub(1));
        let spaces = (body.globals, body.builtins);
        let (globals, builtins) = self
            .heap
            .get::<crate::heap::FunctionBody>(func)
            .map_or(spaces, |function| (function.globals, function.builtins));
        let body = FrameBody { code, func, globals, builtins, generator, instr, ..FrameBody::default() };
        let object = self.live_frame_object(body);
        if let Some(body) = self.heap.get_mut::<GeneratorBody>(generator) {
            body.frame = object;
        }
        object
    }

    /// The frame with this index; the running one has the index `frames.len()`.
    pub fn frame_at(&self, depth: usize) -> &Frame {
        self.frames.get(depth).unwrap_or(&self.frame)
    }

    /// The exception on its way passes the running frame: its traceback grows by one entry.
    fn add_traceback(&mut self) {
        // Until its generator is made, a frame is not there for tracebacks.
        let makes_generator = !matches!(self.frame.code.body, None | Some(BodyKind::Plain));
        if makes_generator && self.frame.generator.is_null() {
            return;
        }
        let exception = self.raised;
        let ip = self.frame.ip;
        let line = self.frame.code.locations.get(ip as usize).map_or(0, |at| at.line);
        let frame = self.frame_object(self.frames.len());
        self.heap.inc(frame);
        let next = self.heap.get::<ExceptionBody>(exception).map_or(Ref::NULL, |body| body.traceback);
        // The entry takes the place of the old traceback and holds it.
        let entry = self.heap.alloc(Ty::Traceback.kind(), TracebackBody { next, frame, line, instr: ip }).into_ref();
        match self.heap.get_mut::<ExceptionBody>(exception) {
            Some(body) => body.traceback = entry,
            None => self.release_ref(entry),
        }
        if let Some(body) = self.heap.get_mut::<FrameBody>(frame) {
            body.line = line;
        }
    }

    /// An exception is raised again: the frame stands where it was raised first.
    fn restore_place(&mut self) {
        let entry = self.heap.get::<ExceptionBody>(self.raised).map_or(Ref::NULL, |body| body.traceback);
        let object = self.frame.object;
        let known = self.heap.get::<TracebackBody>(entry).filter(|body| body.frame == object && !object.is_null());
        if let Some(instr) = known.map(|body| body.instr) {
            self.frame.ip = instr;
        }
    }

    /// An instruction of the running frame has failed. Finds a handler in the frames above `depth`; the failure comes
    /// back when there is none.
    pub(super) fn unwind(&mut self, stop: Stop, depth: usize, reraise: bool) -> Res<()> {
        let mut add = !reraise;
        loop {
            if stop == Stop::Raised {
                if add && !self.raised.is_null() {
                    self.add_traceback();
                }
                let at = self.frame.ip;
                let handler =
                    self.frame.code.handlers.iter().find(|handler| handler.start <= at && at < handler.end).copied();
                if let Some(handler) = handler {
                    self.cut(self.frame.stack_base as usize + handler.depth as usize);
                    let exception = self.take_raised().into_ref();
                    self.stack.push(exception);
                    self.frame.ip = handler.target;
                    return Ok(());
                }
                if !add {
                    self.restore_place();
                }
                add = true;
            }
            if self.leave_failed_frame(depth) {
                return Err(stop);
            }
        }
    }

    /// Leaves a frame that an exception passes through; true if a native function waits for it.
    fn leave_failed_frame(&mut self, depth: usize) -> bool {
        let entered = self.frames.len() == depth;
        let frame = self.leave_frame();
        match frame.role {
            FrameRole::Init => self.cut(frame.floor as usize),
            FrameRole::Generator => self.finish_generator(frame.generator),
            FrameRole::Call => {}
        }
        entered
    }

    /// A generator's frame has ended.
    pub(super) fn finish_generator(&mut self, generator: Ref) {
        if let Some(body) = self.heap.get_mut::<GeneratorBody>(generator) {
            body.state = GenState::Finished;
        }
        if let Some(handled) = self.handled.pop() {
            self.release_maybe(handled);
        }
    }

    /// `PushExcInfo`: the exception on top becomes the handled one; the one before goes below it.
    pub(super) fn push_handled(&mut self) {
        let Some(exception) = self.stack.pop() else { return };
        self.heap.inc(exception);
        let previous = match self.handled.last_mut() {
            Some(place) => std::mem::replace(place, exception),
            None => Ref::NULL,
        };
        self.stack.push(previous);
        self.stack.push(exception);
        if self.profile.handled_as_triple {
            self.hold_parts(exception);
        }
    }

    /// Class and traceback of the exception that is being handled are held too.
    fn hold_parts(&mut self, exception: Ref) {
        let class = self.heap.class_of(exception);
        let Some(body) = self.heap.get_mut::<ExceptionBody>(exception) else { return };
        let traceback = body.traceback;
        body.held.push((class, traceback));
        self.heap.inc(class);
        if !traceback.is_null() {
            self.heap.inc(traceback);
        }
    }

    /// `PopExcept`: what was handled before is handled again.
    pub(super) fn pop_handled(&mut self) {
        let Some(previous) = self.stack.pop() else { return };
        let current = match self.handled.last_mut() {
            Some(place) => std::mem::replace(place, previous),
            None => previous,
        };
        let held = self.heap.get_mut::<ExceptionBody>(current).and_then(|body| body.held.pop());
        let (class, traceback) = held.unwrap_or_default();
        self.release_maybe(class);
        self.release_maybe(current);
        self.release_maybe(traceback);
    }

    /// `raise`, `raise exc`, `raise exc from cause`.
    pub(super) fn raise_statement(&mut self, operands: u32) -> Stop {
        if operands == 0 {
            return match self.handled_exception() {
                Some(exception) => {
                    let exception = self.share(exception).into_ref();
                    let old = std::mem::replace(&mut self.raised, exception);
                    self.release_maybe(old);
                    Stop::Raised
                }
                None => self.raise(Ty::RuntimeError, "No active exception to reraise"),
            };
        }
        let cause = if operands == 2 { self.stack.pop() } else { None };
        let Some(value) = self.stack.pop() else { return Stop::Raised };
        match self.exception_from(Owned::adopt(value)) {
            Ok(exception) => {
                if let Some(cause) = cause
                    && let Err(stop) = self.set_cause(exception.get(), Owned::adopt(cause))
                {
                    self.release(exception);
                    return stop;
                }
                self.raise_object(exception)
            }
            Err(stop) => {
                self.release_maybe(cause.unwrap_or(Ref::NULL));
                stop
            }
        }
    }

    /// The exception that `raise value` raises: an instance, or a new one of a class.
    fn exception_from(&mut self, value: Owned) -> Res<Owned> {
        let base = self.class(Ty::BaseException);
        if self.is_instance_of(value.get(), base) {
            return Ok(value);
        }
        let is_class = self.heap.layout(value.get()) == crate::heap::Layout::Type;
        if is_class && self.is_subclass(value.get(), base) {
            let made = self.call(value.get(), &[]);
            let made = match made {
                Ok(made) => made,
                Err(stop) => {
                    self.release(value);
                    return Err(stop);
                }
            };
            if self.is_instance_of(made.get(), base) {
                self.release(value);
                return Ok(made);
            }
            let text = format!(
                "calling {} should have returned an instance of BaseException, not {}",
                self.repr(value.get())?.to_string_lossy(),
                self.repr(self.heap.class_of(made.get()))?.to_string_lossy()
            );
            self.release(value);
            self.release(made);
            return Err(self.type_error(text));
        }
        self.release(value);
        Err(self.type_error("exceptions must derive from BaseException"))
    }

    fn set_cause(&mut self, exception: Ref, cause: Owned) -> Res<()> {
        let cause = if cause.get() == self.single.none {
            self.release(cause);
            Ref::NULL
        } else {
            let base = self.class(Ty::BaseException);
            let ok = self.is_instance_of(cause.get(), base)
                || (self.heap.layout(cause.get()) == crate::heap::Layout::Type && self.is_subclass(cause.get(), base));
            if !ok {
                self.release(cause);
                return Err(self.type_error("exception causes must derive from BaseException"));
            }
            self.exception_from(cause)?.into_ref()
        };
        let old = match self.heap.get_mut::<ExceptionBody>(exception) {
            Some(body) => {
                body.suppress_context = true;
                std::mem::replace(&mut body.cause, cause)
            }
            None => cause,
        };
        self.release_maybe(old);
        Ok(())
    }
}

/// Orders the locals of a frame that has ended: variables, then the cells in the order of `co_cellvars`, then the free
/// variables. The cell of a parameter lies in the place of the parameter until then.
#[cold]
fn cells_last(code: &Code, locals: &mut [Ref]) {
    let place = |cell: &Ref| code.varnames.iter().position(|name| name == cell);
    let (plain, rest) = locals.split_at(code.varnames.len().min(locals.len()));
    let mut rest = rest.iter().copied();
    let variables = code.varnames.iter().zip(plain).filter(|(name, _)| !code.cellvars.contains(name));
    let mut ordered: Vec<Ref> = variables.map(|(_, &local)| local).collect();
    for cell in &code.cellvars {
        ordered.extend(match place(cell) {
            Some(at) => plain.get(at).copied(),
            None => rest.next(),
        });
    }
    ordered.extend(rest);
    if ordered.len() == locals.len() {
        locals.copy_from_slice(&ordered);
    }
}
