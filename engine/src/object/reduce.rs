//! `__reduce_ex__`, `__reduce__` and `__getstate__` of `object`: what an object is made from again by `copy` and `pickle`.
//!
//! The functions that such a description names stand in the Python source `lib/copyreg.py`.

use crate::heap::{Layout, ListBody, Owned, Ref, TypeBody};
use crate::native::{Args, NativeDef, method};
use crate::vm::{Res, Ty, Vm};

/// The methods of `object`.
pub static METHODS: &[NativeDef] =
    &[method("__reduce_ex__", 1, 1, reduce_ex), method("__reduce__", 0, 0, |vm, args| by_copyreg(vm, args, 0))];

/// The one of them that came later.
pub static GETSTATE: NativeDef = method("__getstate__", 0, 0, |vm, args| {
    let this = args.get(vm, 0);
    vm.default_state(this, false)
});

fn reduce_ex(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, protocol) = (args.get(vm, 0), args.get(vm, 1));
    let protocol = vm.index_of(protocol)?;
    let class = vm.heap.class_of(this);
    let (name, object) = (vm.names.reduce, vm.class(Ty::Object));
    if let Some(custom) = vm.lookup(class, name)
        && Some(custom) != vm.lookup(object, name)
    {
        let bound = vm.get_attr(this, name)?;
        let bound = vm.hold(bound);
        return vm.call(bound, &[]);
    }
    if protocol < 2 { by_copyreg(vm, args, protocol) } else { reduce_newobj(vm, this, class) }
}

/// Protocols 0 and 1.
fn by_copyreg(vm: &mut Vm, args: Args, protocol: i64) -> Res<Owned> {
    let this = args.get(vm, 0);
    let run = copyreg(vm, "_reduce_ex")?;
    let run = vm.hold(run);
    let protocol = vm.new_int(protocol);
    let protocol = vm.hold(protocol);
    vm.call(run, &[this, protocol])
}

fn copyreg(vm: &mut Vm, name: &str) -> Res<Owned> {
    let one = vm.new_tuple(Vec::new());
    let module = vm.import("copyreg", Ref::NULL, one.get(), 0);
    vm.release(one);
    let module = module?;
    let result = vm.get_attr_str(module.get(), name);
    vm.release(module);
    result
}

/// Protocol 2 and later: the class, what its `__new__` takes, the state, the items.
fn reduce_newobj(vm: &mut Vm, this: Ref, class: Ref) -> Res<Owned> {
    let new_args = new_arguments(vm, this)?;
    let has_args = new_args.is_some();
    let (function, arguments) = match new_args {
        Some((args, Some(keywords))) => {
            let (args, keywords) = (vm.hold(args), vm.hold(keywords));
            (copyreg(vm, "__newobj_ex__")?, vm.tuple_of(&[class, args, keywords]))
        }
        Some((args, None)) => {
            let args = vm.hold(args);
            let mut all = vec![class];
            all.extend_from_slice(vm.tuple_items(args));
            (copyreg(vm, "__newobj__")?, vm.tuple_of(&all))
        }
        None => (copyreg(vm, "__newobj__")?, vm.tuple_of(&[class])),
    };
    let (function, arguments) = (vm.hold(function), vm.hold(arguments));
    let (list, dict) = (vm.heap.layout(this) == Layout::List, vm.is_instance_of(this, vm.class(Ty::Dict)));
    let state = state_of(vm, this, !has_args && !list && !dict)?;
    let state = vm.hold(state);
    let none = vm.single.none;
    let mut parts = [function, arguments, state, none, none];
    if list {
        let items = vm.iter(this)?;
        parts[3] = vm.hold(items);
    }
    if dict {
        let name = vm.intern_str("items");
        let items = vm.call_method(this, name.get(), &[]);
        vm.release(name);
        let items = items?;
        let items = vm.hold(items);
        let items = vm.iter(items)?;
        parts[4] = vm.hold(items);
    }
    Ok(vm.tuple_of(&parts))
}

/// What `__getnewargs_ex__` or `__getnewargs__` give: positional arguments, and keywords if there are some.
fn new_arguments(vm: &mut Vm, this: Ref) -> Res<Option<(Owned, Option<Owned>)>> {
    if let Some(found) = special(vm, this, "__getnewargs_ex__")? {
        let given = vm.tuple_items(found.get()).to_vec();
        let [args, keywords] = given[..] else {
            let text = format!("__getnewargs_ex__ should return a tuple, not '{}'", vm.class_name(found.get()));
            vm.release(found);
            return Err(vm.type_error(text));
        };
        let pair = (vm.share(args), vm.share(keywords));
        vm.release(found);
        if vm.heap.layout(args) != Layout::Tuple || vm.heap.layout(keywords) != Layout::Dict {
            vm.release(pair.0);
            vm.release(pair.1);
            return Err(vm.type_error("items of the tuple returned by __getnewargs_ex__ must be a tuple and a dict"));
        }
        if vm.dict_len(keywords) == 0 {
            vm.release(pair.1);
            return Ok(Some((pair.0, None)));
        }
        return Ok(Some((pair.0, Some(pair.1))));
    }
    let Some(args) = special(vm, this, "__getnewargs__")? else { return Ok(None) };
    if vm.heap.layout(args.get()) != Layout::Tuple {
        let text = format!("__getnewargs__ should return a tuple, not '{}'", vm.class_name(args.get()));
        vm.release(args);
        return Err(vm.type_error(text));
    }
    Ok(Some((args, None)))
}

/// Calls a method of the object if it has one.
fn special(vm: &mut Vm, this: Ref, name: &str) -> Res<Option<Owned>> {
    let name = vm.intern_str(name);
    let found = vm.find_attr(this, name.get());
    vm.release(name);
    let Some(method) = found? else { return Ok(None) };
    let result = vm.call(method.get(), &[]);
    vm.release(method);
    result.map(Some)
}

/// The state by the object's own `__getstate__`, or by the default one.
fn state_of(vm: &mut Vm, this: Ref, required: bool) -> Res<Owned> {
    let class = vm.heap.class_of(this);
    let (name, object) = (vm.names.getstate, vm.class(Ty::Object));
    let own = vm.lookup(class, name);
    if own == vm.lookup(object, name) && vm.own_attr(this, name).is_none() {
        return vm.default_state(this, required);
    }
    let method = vm.get_attr(this, name)?;
    let method = vm.hold(method);
    vm.call(method, &[])
}

/// The names of the slots of a class and its bases, which the class keeps once they were asked for.
fn slot_names(vm: &mut Vm, class: Ref) -> Res<Vec<Owned>> {
    let known = vm.heap.get::<TypeBody>(class).and_then(|body| vm.dict_get_text(body.dict, vm.names.slotnames));
    let names = match known {
        Some(names) => vm.share(names),
        None => {
            let run = copyreg(vm, "_slotnames")?;
            let run = vm.hold(run);
            vm.call(run, &[class])?
        }
    };
    let items = vm.heap.get::<ListBody>(names.get()).map(|list| list.items.clone());
    let found = items.map(|items| items.into_iter().map(|item| vm.share(item)).collect());
    let is_none = names.get() == vm.single.none;
    vm.release(names);
    match found {
        Some(found) => Ok(found),
        None if is_none => Ok(Vec::new()),
        None => Err(vm.type_error("copyreg._slotnames didn't return a list or None")),
    }
}

impl Vm {
    /// The object's dict (None if it is empty), in a pair with the values of its slots if there are some. `required`:
    /// nothing else tells what is in the object.
    ///
    /// # Errors
    /// TypeError for an object whose content that is not.
    pub fn default_state(&mut self, this: Ref, required: bool) -> Res<Owned> {
        let class = self.heap.class_of(this);
        let plain = matches!(self.heap.layout(this), Layout::Unit | Layout::Instance);
        if required && !plain {
            let text = format!("cannot pickle '{}' object", self.type_name(class));
            return Err(self.type_error(text));
        }
        let dict = match self.instance_dict(this) {
            Some(dict) if self.dict_len(dict) > 0 => dict,
            _ => self.single.none,
        };
        let slots = self.new_dict();
        let slots = self.hold(slots);
        for name in slot_names(self, class)? {
            let name = self.hold(name);
            // What the class or another base has under the name of an empty slot counts as well.
            if let Some(value) = self.find_attr(this, name)? {
                let value = self.hold(value);
                self.dict_set(slots, name, value)?;
            }
        }
        if self.dict_len(slots) == 0 {
            return Ok(self.share(dict));
        }
        Ok(self.tuple_of(&[dict, slots]))
    }

    /// The state that built-in containers put into what they are reduced to.
    ///
    /// # Errors
    /// What `__getstate__` raises.
    pub fn reduced_state(&mut self, this: Ref) -> Res<Owned> {
        if self.profile.object_getstate {
            return state_of(self, this, false);
        }
        match self.instance_dict(this) {
            Some(dict) => Ok(self.share(dict)),
            None => Ok(self.none()),
        }
    }
}
