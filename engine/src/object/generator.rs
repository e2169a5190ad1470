//! Methods of generators and coroutines.

use crate::heap::{GenState, GeneratorBody, Layout, Owned, Ref};
use crate::native::{Args, GetSetDef, NativeDef, getset, getter, method, slot};
use crate::vm::{Res, Resumed, Stop, Ty, Vm};

/// The methods of generators.
pub static GENERATOR: &[NativeDef] = &[
    slot("__iter__", 0, itself),
    slot("__next__", 0, next),
    slot("__repr__", 0, repr),
    method("send", 1, 1, send),
    method("throw", 1, 3, throw),
    method("close", 0, 0, close),
    slot("__del__", 0, close),
];

/// The methods of coroutines.
pub static COROUTINE: &[NativeDef] = &[
    slot("__await__", 0, itself),
    slot("__repr__", 0, repr),
    method("send", 1, 1, send),
    method("throw", 1, 3, throw),
    method("close", 0, 0, close),
    slot("__del__", 0, close),
];

/// `__name__` of all of them.
pub const NAME: GetSetDef =
    getset("__name__", |vm, this| part(vm, this, |body| body.name), |vm, this, value| set_name(vm, this, value, false));

/// `__qualname__` of all of them.
pub const QUALNAME: GetSetDef = getset(
    "__qualname__",
    |vm, this| part(vm, this, |body| body.qualname),
    |vm, this, value| set_name(vm, this, value, true),
);

/// The computed attributes of generators.
pub static GENERATOR_ATTRS: &[GetSetDef] = &[
    NAME,
    QUALNAME,
    getter("gi_running", running),
    getter("gi_code", code),
    getter("gi_frame", frame),
    getter("gi_yieldfrom", delegate),
    getter("gi_suspended", suspended),
];

/// The computed attributes of coroutines.
pub static COROUTINE_ATTRS: &[GetSetDef] = &[
    NAME,
    QUALNAME,
    getter("cr_running", running),
    getter("cr_code", code),
    getter("cr_frame", frame),
    getter("cr_await", delegate),
    getter("cr_suspended", suspended),
    getter("cr_origin", |vm, _| Ok(vm.none())),
];

/// `gi_code` and its like.
pub fn code(vm: &mut Vm, this: Ref) -> Res<Owned> {
    if vm.heap.get::<GeneratorBody>(this).is_some_and(|body| body.state == GenState::Running)
        && let Some(depth) = vm.generator_depth(this)
    {
        let code = vm.frame_at(depth).code_ref;
        return Ok(vm.share(code));
    }
    part(vm, this, |body| body.code)
}

/// `gi_yieldfrom` and its like.
pub fn delegate(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let found = vm.generator_delegate(this).unwrap_or(vm.single.none);
    Ok(vm.share(found))
}

/// `gi_suspended` and its like.
pub fn suspended(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let suspended = vm.heap.get::<GeneratorBody>(this).is_some_and(|body| body.state == GenState::Suspended);
    Ok(vm.bool(suspended))
}

fn part(vm: &mut Vm, this: Ref, part: fn(&GeneratorBody) -> Ref) -> Res<Owned> {
    let found = vm.heap.get::<GeneratorBody>(this).map_or(Ref::NULL, part).some().unwrap_or(vm.single.none);
    Ok(vm.share(found))
}

fn set_name(vm: &mut Vm, this: Ref, value: Ref, qualified: bool) -> Res<()> {
    if value.is_null() || vm.heap.layout(value) != Layout::Str {
        let what = if qualified { "__qualname__" } else { "__name__" };
        return Err(vm.type_error(format!("{what} must be set to a string object")));
    }
    let value = vm.share(value).into_ref();
    let old = vm
        .heap
        .get_mut::<GeneratorBody>(this)
        .map(|body| std::mem::replace(if qualified { &mut body.qualname } else { &mut body.name }, value));
    vm.release_all(old);
    Ok(())
}

fn running(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let running = vm.heap.get::<GeneratorBody>(this).is_some_and(|body| body.state == GenState::Running);
    Ok(vm.bool(running))
}

/// `gi_frame` and its like.
pub fn frame(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let frame = vm.generator_frame(this);
    Ok(vm.share(frame))
}

/// What iterates or awaits itself.
pub fn itself(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    Ok(vm.share(this))
}

fn finish(vm: &mut Vm, result: Resumed) -> Res<Owned> {
    match result {
        Resumed::Yielded(value) => Ok(value),
        Resumed::Returned(value) => Err(vm.stop_iteration(value)),
    }
}

fn next(vm: &mut Vm, args: Args) -> Res<Owned> {
    let none = vm.none();
    let result = vm.resume_generator(args.get(vm, 0), none.into_ref())?;
    finish(vm, result)
}

fn send(vm: &mut Vm, args: Args) -> Res<Owned> {
    let value = args.get(vm, 1);
    let value = vm.share(value);
    let result = vm.resume_generator(args.get(vm, 0), value.into_ref())?;
    finish(vm, result)
}

fn throw(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, class, value) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    if args.len() > 2 {
        vm.warn_of_throw("throw")?;
    }
    let exception = vm.thrown_exception(class, value)?;
    let result = vm.throw_into(this, exception)?;
    finish(vm, result)
}

/// `close()`, and what is done when one dies.
pub fn close(vm: &mut Vm, args: Args) -> Res<Owned> {
    vm.close_generator(args.get(vm, 0))
}

/// Its `repr`.
pub fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let name = vm.heap.get::<GeneratorBody>(this).map_or(Ref::NULL, |body| body.qualname);
    let text = format!("<{} object {} at {:#x}>", vm.class_name(this), vm.show(name), vm.address(this));
    Ok(vm.new_str(&text))
}

impl Vm {
    /// Throwing by class, value and traceback is going out of use.
    ///
    /// # Errors
    /// The warning, where a filter says so.
    pub fn warn_of_throw(&mut self, method: &str) -> Res<()> {
        if !self.profile.throw_signature_warns {
            return Ok(());
        }
        let text =
            format!("the (type, exc, tb) signature of {method}() is deprecated, use the single-arg signature instead.");
        self.warn(Ty::DeprecationWarning, &text)
    }

    /// The exception that `throw(class, value)` means.
    ///
    /// # Errors
    /// TypeError for what is no exception.
    pub fn thrown_exception(&mut self, class: Ref, value: Ref) -> Res<Owned> {
        let base = self.class(Ty::BaseException);
        if self.is_instance_of(class, base) {
            if !value.is_null() && value != self.single.none {
                return Err(self.type_error("instance exception may not have a separate value"));
            }
            return Ok(self.share(class));
        }
        if self.heap.layout(class) == Layout::Type && self.is_subclass(class, base) {
            return if !value.is_null() && self.is_instance_of(value, class) {
                Ok(self.share(value))
            } else if value.is_null() || value == self.single.none {
                self.call(class, &[])
            } else if self.is_exact(value, Ty::Tuple) {
                let items = self.tuple_items(value).to_vec();
                self.call(class, &items)
            } else {
                self.call(class, &[value])
            };
        }
        let text = format!(
            "exceptions must be classes or instances deriving from BaseException, not {}",
            self.class_name(class)
        );
        Err(self.type_error(text))
    }

    /// Throws an exception into a generator at the place where it waits.
    ///
    /// # Errors
    /// What comes out of it.
    pub fn throw_into(&mut self, generator: Ref, exception: Owned) -> Res<Resumed> {
        if self.heap.get::<GeneratorBody>(generator).is_some_and(|body| body.state == GenState::Created) {
            // It never runs: the exception appears at its head.
            self.empty_generator(generator);
            return Err(self.raise_object(exception));
        }
        if let Some(delegate) = self.generator_delegate(generator) {
            let delegate = self.share(delegate);
            let thrown = self.throw_into_delegate(generator, delegate.get(), exception);
            self.release(delegate);
            return thrown;
        }
        let stop = self.raise_object(exception);
        if stop != Stop::Raised {
            return Err(stop);
        }
        self.resume_generator(generator, Ref::NULL)
    }

    /// The depth of the frame of a running generator.
    fn generator_depth(&self, generator: Ref) -> Option<usize> {
        (0..=self.frames.len()).find(|&at| self.frame_at(at).generator == generator)
    }

    /// What a suspended generator waits for in `yield from`.
    pub fn generator_delegate(&self, generator: Ref) -> Option<Ref> {
        let body = self.heap.get::<GeneratorBody>(generator)?;
        let code = self.code(body.code);
        // A frame suspended inside `Send` stands just behind the `Yield` of its loop.
        let at = body.saved.ip as usize;
        let inside = at >= 2 && matches!(code.instrs.get(at - 2), Some(crate::code::Instr::Send(_)));
        if inside { body.saved.stack.last().copied() } else { None }
    }

    fn throw_into_delegate(&mut self, generator: Ref, delegate: Ref, exception: Owned) -> Res<Resumed> {
        let closing = self.is_instance_of(exception.get(), self.class(Ty::GeneratorExit));
        let exception = self.hold(exception);
        if closing {
            let closed = if self.heap.layout(delegate) == Layout::Generator {
                // An error of its end appears where it is waited for.
                match self.close_generator(delegate) {
                    Ok(value) => Some(value),
                    Err(Stop::Raised) => return self.resume_generator(generator, Ref::NULL),
                    Err(stop) => return Err(stop),
                }
            } else {
                let name = self.names.close;
                match self.find_attr(delegate, name)? {
                    Some(method) => {
                        let result = self.call(method.get(), &[]);
                        self.release(method);
                        match result {
                            Ok(value) => Some(value),
                            Err(Stop::Raised) => return self.resume_generator(generator, Ref::NULL),
                            Err(stop) => return Err(stop),
                        }
                    }
                    None => None,
                }
            };
            if let Some(closed) = closed {
                self.release(closed);
            }
            let again = self.share(exception);
            let stop = self.raise_object(again);
            if stop != Stop::Raised {
                return Err(stop);
            }
            return self.resume_generator(generator, Ref::NULL);
        }
        let name = self.names.throw;
        let Some(method) = self.find_attr(delegate, name)? else {
            let again = self.share(exception);
            let stop = self.raise_object(again);
            if stop != Stop::Raised {
                return Err(stop);
            }
            return self.resume_generator(generator, Ref::NULL);
        };
        self.set_running(generator, true);
        let thrown = self.call(method.get(), &[exception]);
        self.set_running(generator, false);
        self.release(method);
        match thrown {
            Ok(value) => Ok(Resumed::Yielded(value)),
            // The exception (StopIteration too) appears at the `yield from`; CleanupThrow sorts it out.
            Err(Stop::Raised) => self.resume_generator(generator, Ref::NULL),
            Err(stop) => Err(stop),
        }
    }

    fn set_running(&mut self, generator: Ref, running: bool) {
        if let Some(body) = self.heap.get_mut::<GeneratorBody>(generator) {
            body.state = if running { GenState::Running } else { GenState::Suspended };
        }
    }

    /// The frame object of a suspended generator, or None when it has ended; borrowed.
    fn generator_frame(&mut self, generator: Ref) -> Ref {
        match self.heap.get::<GeneratorBody>(generator) {
            Some(body) if body.state == GenState::Running => match self.generator_depth(generator) {
                Some(depth) => self.frame_object(depth),
                None => self.single.none,
            },
            Some(body) if body.state != GenState::Finished => {
                if body.frame.is_null() {
                    self.suspended_frame_object(generator)
                } else {
                    body.frame
                }
            }
            _ => self.single.none,
        }
    }
}
