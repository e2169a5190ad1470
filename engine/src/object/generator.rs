//! Methods of generators, coroutines and async generators.

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

/// The computed attributes of generators.
pub static GENERATOR_ATTRS: &[GetSetDef] = &[
    getset("__name__", |vm, this| part(vm, this, |body| body.name), |vm, this, value| set_name(vm, this, value, false)),
    getset(
        "__qualname__",
        |vm, this| part(vm, this, |body| body.qualname),
        |vm, this, value| set_name(vm, this, value, true),
    ),
    getter("gi_running", running),
    getter("gi_suspended", suspended),
    getter("gi_code", |vm, this| part(vm, this, |body| body.code)),
    getter("gi_frame", frame),
];

/// The computed attributes of coroutines.
pub static COROUTINE_ATTRS: &[GetSetDef] = &[
    getset("__name__", |vm, this| part(vm, this, |body| body.name), |vm, this, value| set_name(vm, this, value, false)),
    getset(
        "__qualname__",
        |vm, this| part(vm, this, |body| body.qualname),
        |vm, this, value| set_name(vm, this, value, true),
    ),
    getter("cr_running", running),
    getter("cr_suspended", suspended),
    getter("cr_code", |vm, this| part(vm, this, |body| body.code)),
    getter("cr_frame", frame),
];

fn suspended(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let waits = vm.heap.get::<GeneratorBody>(this).is_some_and(|body| body.state == GenState::Suspended);
    Ok(vm.bool(waits))
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

fn frame(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let frame = vm.generator_frame(this);
    Ok(vm.share(frame))
}

fn itself(vm: &mut Vm, args: Args) -> Res<Owned> {
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
    let base = vm.class(Ty::BaseException);
    let exception = if vm.is_instance_of(class, base) {
        vm.share(class)
    } else if vm.heap.layout(class) == Layout::Type && vm.is_subclass(class, base) {
        if !value.is_null() && vm.is_instance_of(value, base) {
            vm.share(value)
        } else if value.is_null() || value == vm.single.none {
            vm.call(class, &[])?
        } else {
            vm.call(class, &[value])?
        }
    } else {
        let text = format!(
            "exceptions must be classes or instances deriving from BaseException, not {}",
            vm.class_name(class)
        );
        return Err(vm.type_error(text));
    };
    if vm.heap.get::<GeneratorBody>(this).is_some_and(|body| body.state == GenState::Created) {
        // It never runs: the exception appears at its head.
        let closed = vm.close_generator(this)?;
        vm.release(closed);
        let stop = vm.raise_object(exception);
        return Err(stop);
    }
    if let Some(delegate) = vm.generator_delegate(this) {
        let delegate = vm.share(delegate);
        let thrown = vm.throw_into_delegate(this, delegate.get(), exception);
        vm.release(delegate);
        return thrown;
    }
    let stop = vm.raise_object(exception);
    if stop != Stop::Raised {
        return Err(stop);
    }
    let result = vm.resume_generator(this, Ref::NULL)?;
    finish(vm, result)
}

fn close(vm: &mut Vm, args: Args) -> Res<Owned> {
    vm.close_generator(args.get(vm, 0))
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let name = vm.heap.get::<GeneratorBody>(this).map_or(Ref::NULL, |body| body.qualname);
    let text = format!("<{} object {} at {:#x}>", vm.class_name(this), vm.show(name), vm.address(this));
    Ok(vm.new_str(&text))
}

impl Vm {
    /// What a suspended generator waits for in `yield from`.
    fn generator_delegate(&self, generator: Ref) -> Option<Ref> {
        let body = self.heap.get::<GeneratorBody>(generator)?;
        let code = self.code(body.code);
        // A frame suspended inside `Send` stands just behind the `Yield` of its loop.
        let at = body.saved.ip as usize;
        let inside = at >= 2 && matches!(code.instrs.get(at - 2), Some(crate::code::Instr::Send(_)));
        if inside { body.saved.stack.last().copied() } else { None }
    }

    fn throw_into_delegate(&mut self, generator: Ref, delegate: Ref, exception: Owned) -> Res<Owned> {
        let closing = self.is_instance_of(exception.get(), self.class(Ty::GeneratorExit));
        let exception = self.hold(exception);
        if closing {
            let closed = if self.heap.layout(delegate) == Layout::Generator {
                Some(self.close_generator(delegate)?)
            } else {
                let name = self.names.close;
                match self.find_attr(delegate, name)? {
                    Some(method) => {
                        let result = self.call(method.get(), &[]);
                        self.release(method);
                        Some(result?)
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
            let result = self.resume_generator(generator, Ref::NULL)?;
            return finish(self, result);
        }
        let name = self.names.throw;
        let Some(method) = self.find_attr(delegate, name)? else {
            let again = self.share(exception);
            let stop = self.raise_object(again);
            if stop != Stop::Raised {
                return Err(stop);
            }
            let result = self.resume_generator(generator, Ref::NULL)?;
            return finish(self, result);
        };
        self.set_running(generator, true);
        let thrown = self.call(method.get(), &[exception]);
        self.set_running(generator, false);
        self.release(method);
        match thrown {
            Ok(value) => Ok(value),
            Err(Stop::Raised) => {
                // The exception (StopIteration too) appears at the `yield from`; CleanupThrow sorts it out.
                let result = self.resume_generator(generator, Ref::NULL)?;
                finish(self, result)
            }
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
            Some(body) if body.state == GenState::Running => {
                let depth = (0..=self.frames.len()).find(|&at| self.frame_at(at).generator == generator);
                match depth {
                    Some(depth) => self.frame_object(depth),
                    None => self.single.none,
                }
            }
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
