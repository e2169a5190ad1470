//! Asynchronous generators, and the awaitables that drive them: `__anext__()` and `asend(…)` resume the generator,
//! `athrow(…)` and `aclose()` throw into it.
//!
//! Whatever the generator yields itself comes wrapped, so that it is told from what it waits for: the wrapped value ends
//! the awaitable as its result, anything else goes on to whoever drives it.

use super::generator::itself;
use crate::heap::{GenState, GeneratorBody, Owned, RecordBody, Ref};
use crate::native::{Args, GetSetDef, NativeDef, getter, method, slot};
use crate::vm::{Res, Resumed, Stop, Ty, Vm};

/// The methods of asynchronous generators.
pub static METHODS: &[NativeDef] = &[
    slot("__aiter__", 0, itself),
    slot("__anext__", 0, |vm, args| Ok(resumption(vm, args.get(vm, 0), Ref::NULL))),
    slot("__repr__", 0, super::generator::repr),
    method("asend", 1, 1, |vm, args| Ok(resumption(vm, args.get(vm, 0), args.get(vm, 1)))),
    method("athrow", 1, 3, athrow),
    method("aclose", 0, 0, aclose),
    slot("__del__", 0, super::generator::close),
];

/// The computed attributes of asynchronous generators.
pub static ATTRS: &[GetSetDef] = &[
    super::generator::NAME,
    super::generator::QUALNAME,
    getter("ag_running", |vm, this| {
        let running = vm.heap.get::<GeneratorBody>(this).is_some_and(|body| body.awaited);
        Ok(vm.bool(running))
    }),
    getter("ag_code", super::generator::code),
    getter("ag_frame", super::generator::frame),
    getter("ag_await", super::generator::delegate),
    getter("ag_suspended", super::generator::suspended),
];

/// The methods of all awaitables of this module.
pub static AWAITABLE: &[NativeDef] = &[
    slot("__await__", 0, itself),
    slot("__iter__", 0, itself),
    slot("__next__", 0, |vm, args| {
        let none = vm.single.none;
        send(vm, args.get(vm, 0), none)
    }),
    method("send", 1, 1, |vm, args| send(vm, args.get(vm, 0), args.get(vm, 1))),
    method("throw", 1, 3, throw),
    method("close", 0, 0, close),
];

/// What an awaitable does to its generator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Send,
    Throw,
    Close,
}

/// How far an awaitable is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Fresh,
    Begun,
    Done,
}

/// An awaitable taken apart: its generator and the arguments are borrowed.
struct Awaitable {
    kind: Kind,
    state: State,
    generator: Ref,
    /// The value to send, or the class and value to throw; NULL where there is none.
    args: [Ref; 2],
}

const KIND: usize = 0;
const STATE: usize = 1;

fn make(vm: &mut Vm, ty: Ty, kind: Kind, generator: Ref, args: [Ref; 2]) -> Owned {
    let mut parts = vec![vm.share(generator).into_ref()];
    for arg in args {
        parts.push(if arg.is_null() { arg } else { vm.share(arg).into_ref() });
    }
    let numbers = vec![kind as i64, State::Fresh as i64];
    vm.heap.alloc(ty.kind(), RecordBody { parts, numbers, dict: Ref::NULL })
}

/// The awaitable of `__anext__()` and `asend(value)`.
fn resumption(vm: &mut Vm, generator: Ref, value: Ref) -> Owned {
    make(vm, Ty::AsyncGenSend, Kind::Send, generator, [value, Ref::NULL])
}

fn athrow(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (class, value) = (args.get(vm, 1), args.get(vm, 2));
    if args.len() > 2 {
        vm.warn_of_throw("athrow")?;
    }
    Ok(make(vm, Ty::AsyncGenThrow, Kind::Throw, args.get(vm, 0), [class, value]))
}

fn aclose(vm: &mut Vm, args: Args) -> Res<Owned> {
    Ok(make(vm, Ty::AsyncGenThrow, Kind::Close, args.get(vm, 0), [Ref::NULL; 2]))
}

fn awaitable(vm: &Vm, this: Ref) -> Awaitable {
    let body = vm.heap.get::<RecordBody>(this);
    let part = |at: usize| body.and_then(|body| body.parts.get(at).copied()).unwrap_or(Ref::NULL);
    let number = |at: usize| body.and_then(|body| body.numbers.get(at).copied()).unwrap_or(0);
    Awaitable {
        kind: match number(KIND) {
            0 => Kind::Send,
            1 => Kind::Throw,
            _ => Kind::Close,
        },
        state: match number(STATE) {
            0 => State::Fresh,
            1 => State::Begun,
            _ => State::Done,
        },
        generator: part(0),
        args: [part(1), part(2)],
    }
}

fn set_state(vm: &mut Vm, this: Ref, state: State) {
    if let Some(number) = vm.heap.get_mut::<RecordBody>(this).and_then(|body| body.numbers.get_mut(STATE)) {
        *number = state as i64;
    }
}

fn is_awaited(vm: &Vm, generator: Ref) -> bool {
    vm.heap.get::<GeneratorBody>(generator).is_some_and(|body| body.awaited)
}

fn set_awaited(vm: &mut Vm, generator: Ref, awaited: bool) {
    if let Some(body) = vm.heap.get_mut::<GeneratorBody>(generator) {
        body.awaited = awaited;
    }
}

fn set_closed(vm: &mut Vm, generator: Ref) {
    if let Some(body) = vm.heap.get_mut::<GeneratorBody>(generator) {
        body.closed = true;
    }
}

/// The name of the method in errors.
fn shown(kind: Kind) -> &'static str {
    match kind {
        Kind::Send => "anext",
        Kind::Throw => "athrow",
        Kind::Close => "aclose",
    }
}

fn reused(vm: &mut Vm, kind: Kind) -> Stop {
    let what = if kind == Kind::Send { "__anext__()/asend()" } else { "aclose()/athrow()" };
    vm.raise(Ty::RuntimeError, format!("cannot reuse already awaited {what}"))
}

fn running(vm: &mut Vm, kind: Kind) -> Stop {
    vm.raise(Ty::RuntimeError, format!("{}(): asynchronous generator is already running", shown(kind)))
}

fn send(vm: &mut Vm, this: Ref, value: Ref) -> Res<Owned> {
    let Awaitable { kind, state, generator, args } = awaitable(vm, this);
    if state == State::Done {
        return Err(reused(vm, kind));
    }
    let fresh = state == State::Fresh;
    if kind != Kind::Send {
        let ended = vm.heap.get::<GeneratorBody>(generator).is_none_or(|body| body.state == GenState::Finished);
        if ended {
            set_state(vm, this, State::Done);
            let none = vm.none();
            return Err(vm.stop_iteration(none));
        }
    }
    let mut value = value;
    if fresh {
        if is_awaited(vm, generator) {
            set_state(vm, this, State::Done);
            return Err(running(vm, kind));
        }
        if kind == Kind::Send {
            if value == vm.single.none && !args[0].is_null() {
                value = args[0];
            }
        } else {
            if vm.heap.get::<GeneratorBody>(generator).is_some_and(|body| body.closed) {
                set_state(vm, this, State::Done);
                return Err(vm.raise_with(Ty::StopAsyncIteration, Vec::new()));
            }
            if value != vm.single.none {
                return Err(vm.raise(Ty::RuntimeError, "can't send non-None value to a just-started coroutine"));
            }
        }
        set_state(vm, this, State::Begun);
        set_awaited(vm, generator, true);
    }
    let result = match kind {
        Kind::Throw if fresh => {
            let exception = vm.thrown_exception(args[0], args[1]);
            exception.and_then(|exception| vm.throw_into(generator, exception))
        }
        Kind::Close if fresh => {
            set_closed(vm, generator);
            let exception = vm.new_exception(Ty::GeneratorExit, Vec::new());
            vm.throw_into(generator, exception)
        }
        Kind::Send | Kind::Throw | Kind::Close => {
            let value = vm.share(value);
            vm.resume_generator(generator, value.into_ref())
        }
    };
    came_back(vm, this, result)
}

fn throw(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, class, value) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    let Awaitable { kind, state, generator, .. } = awaitable(vm, this);
    if args.len() > 2 {
        vm.warn_of_throw("throw")?;
    }
    let exception = vm.thrown_exception(class, value);
    throw_one(vm, this, kind, state, generator, exception)
}

fn throw_one(vm: &mut Vm, this: Ref, kind: Kind, state: State, generator: Ref, exception: Res<Owned>) -> Res<Owned> {
    if state == State::Done {
        if let Ok(exception) = exception {
            vm.release(exception);
        }
        return Err(reused(vm, kind));
    }
    if state == State::Fresh && vm.profile.asyncgen_awaitable_closes {
        if is_awaited(vm, generator) {
            if let Ok(exception) = exception {
                vm.release(exception);
            }
            set_state(vm, this, State::Done);
            return Err(running(vm, kind));
        }
        set_state(vm, this, State::Begun);
        set_awaited(vm, generator, true);
    }
    let result = exception.and_then(|exception| vm.throw_into(generator, exception));
    came_back(vm, this, result)
}

fn close(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let Awaitable { kind, state, generator, .. } = awaitable(vm, this);
    if !vm.profile.asyncgen_awaitable_closes {
        set_state(vm, this, State::Done);
        return Ok(vm.none());
    }
    if state == State::Done {
        return Ok(vm.none());
    }
    let exception = vm.new_exception(Ty::GeneratorExit, Vec::new());
    match throw_one(vm, this, kind, state, generator, Ok(exception)) {
        Ok(value) => {
            vm.release(value);
            Err(vm.raise(Ty::RuntimeError, "coroutine ignored GeneratorExit"))
        }
        Err(stop) => {
            for ty in [Ty::StopIteration, Ty::StopAsyncIteration, Ty::GeneratorExit] {
                if vm.is_raised(stop, ty) {
                    vm.catch(stop, ty)?;
                    return Ok(vm.none());
                }
            }
            Err(stop)
        }
    }
}

/// What the awaitable says after its generator ran.
fn came_back(vm: &mut Vm, this: Ref, result: Res<Resumed>) -> Res<Owned> {
    let Awaitable { kind, generator, .. } = awaitable(vm, this);
    let result = match result {
        Ok(Resumed::Returned(value)) => {
            vm.release(value);
            Err(vm.raise_with(Ty::StopAsyncIteration, Vec::new()))
        }
        Ok(Resumed::Yielded(value)) => Ok(value),
        Err(stop) => Err(stop),
    };
    match result {
        Ok(value) if vm.is_exact(value.get(), Ty::AsyncGenWrapped) => {
            set_awaited(vm, generator, false);
            set_state(vm, this, State::Done);
            if kind == Kind::Close {
                vm.release(value);
                return Err(vm.raise(Ty::RuntimeError, "async generator ignored GeneratorExit"));
            }
            let inner = vm.heap.get::<RecordBody>(value.get()).and_then(|body| body.parts.first().copied());
            let inner = vm.share(inner.and_then(Ref::some).unwrap_or(vm.single.none));
            vm.release(value);
            Err(vm.stop_iteration(inner))
        }
        Ok(value) => Ok(value),
        Err(stop) => {
            let over = vm.is_raised(stop, Ty::StopAsyncIteration) || vm.is_raised(stop, Ty::GeneratorExit);
            if over {
                set_closed(vm, generator);
            }
            set_awaited(vm, generator, false);
            set_state(vm, this, State::Done);
            if over && kind == Kind::Close {
                let ty = if vm.is_raised(stop, Ty::GeneratorExit) { Ty::GeneratorExit } else { Ty::StopAsyncIteration };
                vm.catch(stop, ty)?;
                let none = vm.none();
                return Err(vm.stop_iteration(none));
            }
            Err(stop)
        }
    }
}

// ---- anext(iterator, default) ---------------------------------------------------------------------------------------

/// The methods of what `anext(iterator, default)` gives.
pub static WITH_DEFAULT: &[NativeDef] = &[
    slot("__await__", 0, itself),
    slot("__iter__", 0, itself),
    slot("__next__", 0, |vm, args| {
        let none = vm.single.none;
        pass_on(vm, args.get(vm, 0), "send", &[none])
    }),
    method("send", 1, 1, |vm, args| {
        let value = args.get(vm, 1);
        pass_on(vm, args.get(vm, 0), "send", &[value])
    }),
    method("throw", 1, 3, |vm, args| {
        let given = args.rest(vm, 1);
        pass_on(vm, args.get(vm, 0), "throw", &given)
    }),
    method("close", 0, 0, |vm, args| pass_on(vm, args.get(vm, 0), "close", &[])),
];

/// The awaitable of `anext(iterator, default)`.
pub fn with_default(vm: &mut Vm, awaitable: Owned, default: Ref) -> Owned {
    let parts = vec![awaitable.into_ref(), vm.share(default).into_ref()];
    vm.heap.alloc(Ty::AnextAwaitable.kind(), RecordBody { parts, ..RecordBody::default() })
}

/// Drives what it wraps; its StopAsyncIteration becomes the default as the result.
fn pass_on(vm: &mut Vm, this: Ref, name: &str, given: &[Ref]) -> Res<Owned> {
    let part = |vm: &Vm, at: usize| vm.heap.get::<RecordBody>(this).and_then(|body| body.parts.get(at).copied());
    let (Some(wrapped), Some(default)) = (part(vm, 0), part(vm, 1)) else { return Ok(vm.none()) };
    let driven = vm.awaitable(wrapped)?;
    let result = if name == "send" && given.first() == Some(&vm.single.none) {
        vm.next_of(driven.get())
    } else {
        let function = vm.get_attr_str(driven.get(), name);
        function.and_then(|function| {
            let result = vm.call(function.get(), given);
            vm.release(function);
            result
        })
    };
    vm.release(driven);
    match result {
        Err(stop) if vm.is_raised(stop, Ty::StopAsyncIteration) => {
            vm.catch(stop, Ty::StopAsyncIteration)?;
            let default = vm.share(default);
            Err(vm.stop_iteration(default))
        }
        other => other,
    }
}

impl Vm {
    /// `iterator.__next__()`, looked up on the class; StopIteration passes.
    fn next_of(&mut self, iterator: Ref) -> Res<Owned> {
        let class = self.heap.class_of(iterator);
        match self.lookup(class, self.names.next) {
            Some(method) => self.call_special(method, iterator, &[]),
            // A coroutine is driven by `send`.
            None => {
                let none = self.single.none;
                self.call_method(iterator, self.names.send, &[none])
            }
        }
    }
}
