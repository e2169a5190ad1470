//! Lazy imports (PEP 810): the name is bound to an object that stands for the import, and reading the name imports.
//!
//! Invariant: such an object is seen only by who looks into the namespace itself; loads of names and attributes of
//! modules put what was imported in its place.

use super::{Res, Stop, Ty, Vm};
use crate::heap::{ExceptionBody, Layout, Owned, RecordBody, Ref};
use crate::native::{Args, NativeDef, method, slot};

/// The methods of lazy imports.
pub static LAZY_IMPORT: &[NativeDef] = &[slot("__repr__", 0, repr), method("resolve", 0, 0, resolve)];

const NAME: usize = 0;
const GLOBALS: usize = 1;
const WHAT: usize = 2;

fn part(vm: &Vm, this: Ref, at: usize) -> Ref {
    vm.heap.get::<RecordBody>(this).and_then(|body| body.parts.get(at).copied()).unwrap_or(Ref::NULL)
}

/// The dotted name of what is imported.
fn shown(vm: &mut Vm, this: Ref) -> String {
    let mut text = vm.show(part(vm, this, NAME));
    if let Some(&attribute) = vm.tuple_items(part(vm, this, WHAT)).first() {
        text.push('.');
        text.push_str(&vm.show(attribute));
    }
    text
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let text = shown(vm, args.get(vm, 0));
    Ok(vm.new_str(&format!("<lazy_import '{text}'>")))
}

fn resolve(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    vm.resolve_lazy(this)
}

impl Vm {
    /// `level what -- lazy`
    pub(super) fn lazy_import(&mut self, name: Ref) {
        let what = self.pop();
        let level = Owned::adopt(self.pop());
        let number = self.as_int(level.get()).and_then(|int| match int {
            crate::object::number::Int::Small(level) => Some(level),
            crate::object::number::Int::Big(_) => None,
        });
        self.release(level);
        let globals = self.frame.globals;
        let parts = vec![self.share(name).into_ref(), self.share(globals).into_ref(), what];
        let body = RecordBody { parts, numbers: vec![number.unwrap_or(0)], dict: Ref::NULL };
        let lazy = self.heap.alloc(Ty::LazyImport.kind(), body);
        self.lazies = true;
        self.push(lazy);
    }

    /// A value read from a namespace: what a lazy import stands for is put in its place.
    ///
    /// # Errors
    /// Whatever the import raises.
    #[inline]
    pub fn resolved(&mut self, value: Owned, space: Ref, name: Ref) -> Res<Owned> {
        if !self.lazies || !self.is_exact(value.get(), Ty::LazyImport) {
            return Ok(value);
        }
        let made = self.resolve_lazy(value.get());
        self.release(value);
        let made = made?;
        let stored = if self.is_exact(space, Ty::Dict) {
            self.dict_set(space, name, made.get())
        } else {
            self.set_item(space, name, made.get())
        };
        match stored {
            Ok(()) => Ok(made),
            Err(stop) => {
                self.release(made);
                Err(stop)
            }
        }
    }

    #[cold]
    fn resolve_lazy(&mut self, lazy: Ref) -> Res<Owned> {
        let lazy = self.share(lazy);
        // What the import keeps alive meanwhile lies on the stack.
        let floor = self.stack.len();
        let result = self.import_lazy(lazy.get());
        self.cut(floor);
        let result = match result {
            Err(Stop::Raised) => Err(self.blame_lazy(lazy.get())),
            other => other,
        };
        self.release(lazy);
        result
    }

    fn import_lazy(&mut self, lazy: Ref) -> Res<Owned> {
        let (name, globals, what) = (part(self, lazy, NAME), part(self, lazy, GLOBALS), part(self, lazy, WHAT));
        let level = self.heap.get::<RecordBody>(lazy).and_then(|body| body.numbers.first().copied()).unwrap_or(0);
        let text = self.show(name);
        if self.heap.layout(what) != Layout::Tuple {
            return self.import(&text, globals, Ref::NULL, level);
        }
        let attribute = self.tuple_items(what).first().copied();
        // A list that is not empty asks for the module itself.
        let module = self.import(&text, globals, what, level)?;
        let Some(attribute) = attribute else { return Ok(module) };
        self.push(module);
        let found = self.import_from(attribute);
        let value = if found.is_ok() { Some(Owned::adopt(self.pop())) } else { None };
        self.drop_operands(1);
        found?;
        Ok(value.unwrap_or_else(|| self.none()))
    }

    /// The exception on its way gets a cause that names the import.
    fn blame_lazy(&mut self, lazy: Ref) -> Stop {
        let text = format!("lazy import of '{}' raised an exception during resolution", shown(self, lazy));
        let raised = self.take_raised();
        let has_cause = self.heap.get::<ExceptionBody>(raised.get()).is_none_or(|body| !body.cause.is_null());
        if !has_cause {
            let message = self.new_str(&text);
            let cause = self.new_exception(Ty::ImportError, vec![message]).into_ref();
            match self.heap.get_mut::<ExceptionBody>(raised.get()) {
                Some(body) => (body.cause, body.suppress_context) = (cause, true),
                None => self.release_ref(cause),
            }
        }
        self.raised = raised.into_ref();
        Stop::Raised
    }
}
