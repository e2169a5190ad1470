//! How running stops: exceptions on their way, and limits.

use super::{Ty, Vm};
use crate::heap::{ExceptionBody, Owned, Ref};
use crate::object::text::Text;
use crate::session::LimitKind;

/// Why an operation did not give a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// An exception: `Vm::raised` holds it.
    Raised,
    /// A limit of the session.
    Limit(LimitKind),
}

/// The result of anything that may raise.
pub type Res<T> = Result<T, Stop>;

impl Vm {
    /// Raises a new exception of a built-in class with one text argument.
    #[cold]
    pub fn raise(&mut self, ty: Ty, text: impl AsRef<str>) -> Stop {
        let message = self.new_str(text.as_ref());
        self.raise_with(ty, vec![message])
    }

    /// Raises a new exception of a built-in class with one text argument that may hold surrogates.
    #[cold]
    pub fn raise_text(&mut self, ty: Ty, text: Text) -> Stop {
        let message = self.new_text(text);
        self.raise_with(ty, vec![message])
    }

    /// Raises a new exception of a built-in class with these arguments.
    #[cold]
    pub fn raise_with(&mut self, ty: Ty, args: Vec<Owned>) -> Stop {
        let exception = self.new_exception(ty, args);
        self.raise_object(exception)
    }

    /// A new exception object of a built-in class.
    pub fn new_exception(&mut self, ty: Ty, args: Vec<Owned>) -> Owned {
        let args = self.new_tuple(args).into_ref();
        self.heap.alloc(ty.kind(), ExceptionBody { args, ..ExceptionBody::default() })
    }

    /// A new exception object of a class whose instances are plain exceptions.
    pub fn new_exception_of(&mut self, class: Ref, args: Vec<Owned>) -> Owned {
        let kind = self.instance_kind_of(class);
        let args = self.new_tuple(args).into_ref();
        self.heap.alloc(kind, ExceptionBody { args, ..ExceptionBody::default() })
    }

    /// A new exception class of a module, as the module itself makes it.
    ///
    /// # Errors
    /// What making a class raises.
    pub fn new_exception_class(&mut self, name: &str, module: &str, base: Ref) -> Res<Owned> {
        let (name, module) = (self.intern_str(name), self.intern_str(module));
        let bases = self.tuple_of(&[base]);
        let space = self.new_dict();
        let key = self.share(self.names.module);
        self.dict_insert_new(space.get(), key, module);
        let class = self.class(Ty::Type);
        let made = self.call(class, &[name.get(), bases.get(), space.get()]);
        self.release(space);
        self.release(bases);
        self.release(name);
        made
    }

    /// Sets the exception on its way. Its context becomes the exception being handled.
    #[cold]
    pub fn raise_object(&mut self, exception: Owned) -> Stop {
        let new = exception.get();
        if self.profile.contexts_set
            && let Some(handled) = self.handled_exception()
        {
            self.set_context(new, handled);
        }
        let old = std::mem::replace(&mut self.raised, exception.into_ref());
        if !old.is_null() {
            self.release(Owned::adopt(old));
        }
        Stop::Raised
    }

    /// `exception.__context__ = handled`, without making a circle.
    pub fn set_context(&mut self, exception: Ref, handled: Ref) {
        if exception == handled {
            return;
        }
        // Somewhere down the chain of contexts the new exception may stand already: cut there.
        let mut at = handled;
        while let Some(next) = self.heap.get::<ExceptionBody>(at).and_then(|body| body.context.some()) {
            if next == exception {
                if let Some(body) = self.heap.get_mut::<ExceptionBody>(at) {
                    body.context = Ref::NULL;
                }
                self.release(Owned::adopt(next));
                break;
            }
            at = next;
        }
        let context = self.share(handled).into_ref();
        let old = match self.heap.get_mut::<ExceptionBody>(exception) {
            Some(body) => std::mem::replace(&mut body.context, context),
            None => context,
        };
        if !old.is_null() {
            self.release(Owned::adopt(old));
        }
    }

    /// The exception being handled, the innermost one.
    pub fn handled_exception(&self) -> Option<Ref> {
        self.handled.iter().rev().find_map(|r| r.some())
    }

    /// Takes the exception that is on its way.
    pub fn take_raised(&mut self) -> Owned {
        Owned::adopt(std::mem::take(&mut self.raised))
    }

    /// Sends an exception on its way again that was taken from it.
    pub fn put_back(&mut self, exception: Owned) -> Stop {
        let old = std::mem::replace(&mut self.raised, exception.into_ref());
        self.release_maybe(old);
        Stop::Raised
    }

    /// Whether the stop is an exception of this class (or a subclass).
    pub fn is_raised(&self, stop: Stop, ty: Ty) -> bool {
        stop == Stop::Raised && self.is_instance_of(self.raised, self.class(ty))
    }

    /// Drops the exception on its way if it is of this class; hands on anything else.
    ///
    /// # Errors
    /// The stop itself, if it is something else.
    pub fn catch(&mut self, stop: Stop, ty: Ty) -> Res<()> {
        if !self.is_raised(stop, ty) {
            return Err(stop);
        }
        let exception = self.take_raised();
        self.release(exception);
        Ok(())
    }

    /// Raises TypeError.
    #[cold]
    pub fn type_error(&mut self, text: impl AsRef<str>) -> Stop {
        self.raise(Ty::TypeError, text)
    }

    /// Raises ValueError.
    #[cold]
    pub fn value_error(&mut self, text: impl AsRef<str>) -> Stop {
        self.raise(Ty::ValueError, text)
    }
}
