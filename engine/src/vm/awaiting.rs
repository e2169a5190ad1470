//! What can be awaited and what can be looped over asynchronously.

use super::{Res, Stop, Ty, Vm};
use crate::code::Awaited;
use crate::heap::{Owned, Ref};

impl Vm {
    /// `await value`: the iterator that is driven.
    ///
    /// # Errors
    /// TypeError for what cannot be awaited; RuntimeError for a coroutine that somebody else awaits.
    pub fn awaitable(&mut self, value: Ref) -> Res<Owned> {
        self.awaitable_of(value, Awaited::Value)
    }

    fn not_awaitable_from(method: &str, class: &str) -> String {
        format!("'async with' received an object from {method} that does not implement __await__: {class}")
    }

    pub(super) fn awaitable_of(&mut self, value: Ref, of: Awaited) -> Res<Owned> {
        if self.is_exact(value, Ty::Coroutine) {
            if self.generator_delegate(value).is_some() {
                return Err(self.raise(Ty::RuntimeError, "coroutine is being awaited already"));
            }
            return Ok(self.share(value));
        }
        if self.is_iterable_coroutine(value) {
            return Ok(self.share(value));
        }
        let class = self.heap.class_of(value);
        let Some(method) = self.lookup(class, self.names.await_) else {
            let name = self.type_name(class);
            let text = match of {
                Awaited::Value => self.profile.not_awaitable.text(&name),
                Awaited::Entered => Self::not_awaitable_from("__aenter__", &name),
                Awaited::Exited => Self::not_awaitable_from("__aexit__", &name),
            };
            return Err(self.type_error(text));
        };
        let result = self.call_special(method, value, &[])?;
        let result_class = self.heap.class_of(result.get());
        let coroutine = self.is_exact(result.get(), Ty::Coroutine) || self.is_iterable_coroutine(result.get());
        if coroutine || self.lookup(result_class, self.names.next).is_none() {
            let (class, made) = (self.type_name(class), self.type_name(result_class));
            let text = self.profile.await_result_error.text(&class, &made, coroutine);
            self.release(result);
            return Err(self.type_error(text));
        }
        Ok(result)
    }

    pub(super) fn async_iter(&mut self, value: Ref) -> Res<Owned> {
        let class = self.heap.class_of(value);
        let Some(method) = self.lookup(class, self.names.aiter) else {
            let text = format!("'async for' requires an object with __aiter__ method, got {}", self.type_name(class));
            return Err(self.type_error(text));
        };
        let iterator = self.call_special(method, value, &[])?;
        let class = self.heap.class_of(iterator.get());
        if self.lookup(class, self.names.anext).is_none() {
            let text = format!(
                "'async for' received an object from __aiter__ that does not implement __anext__: {}",
                self.type_name(class)
            );
            self.release(iterator);
            return Err(self.type_error(text));
        }
        Ok(iterator)
    }

    /// A generator of a function that `types.coroutine` has marked.
    fn is_iterable_coroutine(&self, value: Ref) -> bool {
        const ITERABLE_COROUTINE: u32 = 0x100;
        self.is_exact(value, Ty::Generator)
            && self.generator_code(value).is_some_and(|code| code.flags & ITERABLE_COROUTINE != 0)
    }

    /// `aiter -- aiter awaitable`
    pub(super) fn async_next(&mut self) -> Res<()> {
        let iterator = self.peek(0);
        let class = self.heap.class_of(iterator);
        let Some(method) = self.lookup(class, self.names.anext) else {
            let text = format!("'async for' requires an iterator with __anext__ method, got {}", self.type_name(class));
            return Err(self.type_error(text));
        };
        let next = self.call_special(method, iterator, &[])?;
        let awaitable = match self.awaitable(next.get()) {
            Ok(awaitable) => awaitable,
            Err(stop) => {
                let text =
                    format!("'async for' received an invalid object from __anext__: {}", self.class_name(next.get()));
                self.release(next);
                return Err(self.raise_from(stop, Ty::TypeError, &text));
            }
        };
        self.release(next);
        self.push(awaitable);
        Ok(())
    }

    /// A new exception with the one on its way as its cause.
    fn raise_from(&mut self, stop: Stop, ty: Ty, text: &str) -> Stop {
        if stop != Stop::Raised {
            return stop;
        }
        let old = self.take_raised();
        let message = self.new_str(text);
        let exception = self.new_exception(ty, vec![message]);
        self.chain(exception.get(), old);
        self.raised = exception.into_ref();
        Stop::Raised
    }
}
