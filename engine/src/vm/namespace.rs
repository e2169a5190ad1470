//! Names at run time: locals that are not bound, cells, module and class namespaces, globals and builtins.

use super::{Res, Stop, Ty, Vm};
use crate::heap::{CellBody, ExceptionBody, Layout, Owned, Ref};

impl Vm {
    /// UnboundLocalError.
    #[cold]
    pub(super) fn unbound_local(&mut self, name: Ref) -> Stop {
        let text = self.profile.unbound_local.text(&self.show(name));
        self.name_exception(Ty::UnboundLocalError, text, name)
    }

    /// An empty cell: UnboundLocalError for a variable of this function, NameError for one of an enclosing function.
    #[cold]
    pub(super) fn unbound_cell(&mut self, at: u32) -> Stop {
        let code = &self.frame.code;
        let name = code.local_names[at as usize];
        let free = at as usize >= code.local_names.len() - code.freevars.len();
        if !free {
            return self.unbound_local(name);
        }
        let text = self.profile.unbound_free.text(&self.show(name));
        self.name_exception(Ty::NameError, text, name)
    }

    /// NameError for a name that is bound nowhere.
    #[cold]
    pub(super) fn name_error(&mut self, name: Ref) -> Stop {
        let text = format!("name '{}' is not defined", self.show(name));
        self.name_exception(Ty::NameError, text, name)
    }

    fn name_exception(&mut self, ty: Ty, text: String, name: Ref) -> Stop {
        let message = self.new_str(&text);
        let exception = self.new_exception(ty, vec![message]);
        // UnboundLocalError has the attribute, but nothing in it.
        if self.profile.name_error_name && ty == Ty::NameError {
            let name = self.share(name).into_ref();
            match self.heap.get_mut::<ExceptionBody>(exception.get()) {
                Some(body) => body.parts.push(("name", name)),
                None => self.release_ref(name),
            }
        }
        self.raise_object(exception)
    }

    /// A name from a namespace that may be any mapping; borrowed values come back counted.
    #[inline]
    fn find_in_namespace(&mut self, space: Ref, name: Ref) -> Res<Option<Owned>> {
        if self.is_exact(space, Ty::Dict) {
            return Ok(self.dict_get_text(space, name).map(|value| self.share(value)));
        }
        match self.get_item(space, name) {
            Ok(value) => Ok(Some(value)),
            Err(stop) => {
                self.catch(stop, Ty::KeyError)?;
                Ok(None)
            }
        }
    }

    /// The name from the frame's namespace, its globals, its builtins.
    pub(super) fn load_name(&mut self, name: Ref) -> Res<Owned> {
        let space = self.frame.namespace;
        if !space.is_null()
            && let Some(value) = self.find_in_namespace(space, name)?
        {
            return self.resolved(value, space, name);
        }
        self.load_global_entry(name)
    }

    /// The name from the frame's globals, which may be a dict with a `__getitem__` or `__missing__` of its own, or from
    /// its builtins.
    #[inline]
    pub(super) fn load_global(&mut self, name: Ref) -> Res<Owned> {
        let globals = self.frame.globals;
        if !self.is_exact(globals, Ty::Dict) {
            return match self.find_in_namespace(globals, name)? {
                Some(value) => self.resolved(value, globals, name),
                None => self.load_global_entry(name),
            };
        }
        self.load_global_entry(name)
    }

    /// The name from the entries of the frame's globals, or from its builtins: a module's code that reads a name looks
    /// at the entries only.
    #[inline]
    fn load_global_entry(&mut self, name: Ref) -> Res<Owned> {
        if let Some(value) = self.global_known(name) {
            let value = self.share(value);
            let globals = self.frame.globals;
            return self.resolved(value, globals, name);
        }
        let globals = self.frame.globals;
        if let Some(at) = self.dict_find_text(globals, name) {
            self.caches.keep_guess(globals, name, at);
            let value = self.dict_table(globals).and_then(|table| table.entry(at)).map_or(Ref::NULL, |e| e.value);
            let value = self.share(value);
            return self.resolved(value, globals, name);
        }
        let builtins = self.frame.builtins;
        if self.is_exact(builtins, Ty::Dict)
            && let Some(at) = self.dict_find_text(builtins, name)
        {
            self.caches.keep_guess(builtins, name, at);
        }
        match self.find_in_namespace(builtins, name)? {
            Some(value) => Ok(value),
            None => Err(self.name_error(name)),
        }
    }

    /// The global or builtin of this name, if it is where it was found last time; borrowed.
    #[inline]
    pub(super) fn global_known(&self, name: Ref) -> Option<Ref> {
        let (globals, builtins) = (self.frame.globals, self.frame.builtins);
        if !self.is_exact(globals, Ty::Dict) {
            return None;
        }
        if let Some(value) = self.value_at_guess(globals, name) {
            return Some(value);
        }
        let value = self.value_at_guess(builtins, name).filter(|_| self.is_exact(builtins, Ty::Dict))?;
        self.dict_find_text(globals, name).is_none().then_some(value)
    }

    /// The value of a name where it was found last time, if that very object is still the key there; borrowed.
    #[inline]
    fn value_at_guess(&self, space: Ref, name: Ref) -> Option<Ref> {
        let entry = self.dict_table(space)?.entry(self.caches.guess(space, name))?;
        (entry.key == name).then_some(entry.value)
    }

    pub(super) fn store_name(&mut self, name: Ref, value: Owned) -> Res<()> {
        let space = self.frame.namespace;
        if space.is_null() {
            self.release(value);
            return Err(self.raise(Ty::SystemError, "no locals found when storing a name"));
        }
        let result = if self.heap.layout(space) == Layout::Dict && self.is_exact(space, Ty::Dict) {
            self.dict_set(space, name, value.get())
        } else {
            self.set_item(space, name, value.get())
        };
        self.release(value);
        result
    }

    pub(super) fn delete_name(&mut self, name: Ref) -> Res<()> {
        let space = self.frame.namespace;
        if space.is_null() {
            return Err(self.name_error(name));
        }
        if self.is_exact(space, Ty::Dict) {
            return if self.dict_remove(space, name)? { Ok(()) } else { Err(self.name_error(name)) };
        }
        match self.delete_item(space, name) {
            Ok(()) => Ok(()),
            Err(stop) => {
                self.catch(stop, Ty::KeyError)?;
                Err(self.name_error(name))
            }
        }
    }

    /// `mapping -- value`: a class body reads a name of an enclosing function.
    pub(super) fn load_from_mapping_or_cell(&mut self, at: u32) -> Res<()> {
        let mapping = Owned::adopt(self.pop());
        let name = self.frame.code.local_names[at as usize];
        let found = self.find_in_namespace(mapping.get(), name);
        self.release(mapping);
        if let Some(value) = found? {
            self.push(value);
            return Ok(());
        }
        let cell = self.stack[self.frame.base as usize + at as usize];
        let value = self.heap.get::<CellBody>(cell).map_or(Ref::NULL, |body| body.value);
        if value.is_null() {
            return Err(self.unbound_cell(at));
        }
        let value = self.share(value);
        self.push(value);
        Ok(())
    }

    /// `mapping -- value`: an annotation scope of a class reads a global.
    pub(super) fn load_from_mapping_or_globals(&mut self, name: Ref) -> Res<()> {
        let mapping = Owned::adopt(self.pop());
        let found = self.find_in_namespace(mapping.get(), name);
        self.release(mapping);
        let value = match found? {
            Some(value) => value,
            None => self.load_global(name)?,
        };
        self.push(value);
        Ok(())
    }

    /// `__annotations__` of a module or class exists once something is annotated.
    pub(super) fn setup_annotations(&mut self) -> Res<()> {
        let (space, name) = (self.frame.namespace, self.names.annotations);
        if space.is_null() || self.find_in_namespace(space, name)?.map(|known| self.release(known)).is_some() {
            return Ok(());
        }
        let dict = self.new_dict();
        self.store_name(name, dict)
    }
}
