//! Instructions of type parameters and type aliases.

use super::{Res, Ty, Vm};
use crate::heap::{FunctionBody, Owned};

impl Vm {
    /// `name function? -- parameter`
    pub(super) fn make_type_parameter(&mut self, ty: Ty, with_function: bool, constraints: bool) {
        let function = if with_function { self.pop() } else { crate::heap::Ref::NULL };
        let name = Owned::adopt(self.pop());
        let made = self.new_type_parameter(ty, name.get(), function, constraints);
        self.release(name);
        self.release_maybe(function);
        self.push(made);
    }

    /// `parameter function -- parameter`
    pub(super) fn give_type_parameter_default(&mut self) {
        let function = Owned::adopt(self.pop());
        let parameter = self.peek(0);
        self.set_type_parameter_default(parameter, function.get());
        self.release(function);
    }

    /// `parameters -- generic`
    pub(super) fn subscript_generic(&mut self) -> Res<()> {
        let params = Owned::adopt(self.pop());
        let made = self.generic_base(params.get());
        self.release(params);
        let made = made?;
        self.push(made);
        Ok(())
    }

    /// `(name, parameters, function) -- alias`
    pub(super) fn make_type_alias(&mut self) {
        let tuple = Owned::adopt(self.pop());
        let made = match *self.tuple_items(tuple.get()) {
            [name, params, function] => self.new_type_alias(name, params, function),
            _ => self.none(),
        };
        self.release(tuple);
        self.push(made);
    }

    /// `function parameters -- function`
    pub(super) fn give_type_params(&mut self) {
        let params = self.pop();
        let function = self.peek(0);
        let old = match self.heap.get_mut::<FunctionBody>(function) {
            Some(body) => std::mem::replace(&mut body.type_params, params),
            None => params,
        };
        self.release_maybe(old);
    }
}
