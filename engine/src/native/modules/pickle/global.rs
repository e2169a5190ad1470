//! Classes and functions are saved by their names: module and qualified name, checked to lead back to the object.

use super::opcode as op;
use super::save::Saver;
use super::{compat, error};
use crate::heap::{Owned, Ref, TypeBody};
use crate::object::number::Int;
use crate::rules::PickleTexts;
use crate::vm::{Res, Stop, Ty, Vm};

/// What a dotted name leads to, and the object that it was an attribute of.
pub(super) struct Deep {
    pub value: Owned,
    pub parent: Owned,
}

/// `module.a.b` for the dotted name `a.b`.
///
/// # Errors
/// AttributeError; whatever the attributes raise.
pub(super) fn deep_attribute(vm: &mut Vm, module: Ref, path: &[&str]) -> Res<Deep> {
    let mut deep = Deep { value: vm.share(module), parent: vm.none() };
    for name in path {
        let next = vm.get_attr_str(deep.value.get(), name);
        let parent = std::mem::replace(&mut deep.parent, deep.value);
        vm.release(parent);
        match next {
            Ok(next) => deep.value = next,
            Err(stop) => {
                vm.release(deep.parent);
                return Err(stop);
            }
        }
    }
    Ok(deep)
}

impl Deep {
    fn release(self, vm: &mut Vm) {
        vm.release(self.value);
        vm.release(self.parent);
    }
}

impl Saver {
    /// Saves an object by its name; `name` is what its `__reduce__` gave, or NULL.
    ///
    /// # Errors
    /// PicklingError if the name does not lead to the object.
    pub(super) fn save_global(&mut self, vm: &mut Vm, object: Ref, name: Ref) -> Res<()> {
        vm.scoped(|vm| self.save_global_in(vm, object, name))
    }

    fn save_global_in(&mut self, vm: &mut Vm, object: Ref, name: Ref) -> Res<()> {
        let name = if name.is_null() { global_name(vm, object)? } else { name };
        let dotted = vm.show(name);
        let path: Vec<&str> = dotted.split('.').collect();
        if vm.profile.pickle_texts.detailed() && path.contains(&"<locals>") {
            let shown = vm.repr(object)?.to_string_lossy().into_owned();
            return Err(error(vm, "PicklingError", format!("Can't pickle local object {shown}")));
        }
        let module_name = module_of(vm, object, &path)?;
        if !vm.profile.pickle_texts.detailed() && path.contains(&"<locals>") {
            let what = if vm.profile.pickle_texts < PickleTexts::GetLocal { "pickle" } else { "get" };
            return Err(vm.raise(Ty::AttributeError, format!("Can't {what} local object '{dotted}'")));
        }
        let module_text = vm.show(module_name);
        let module = match import(vm, &module_text) {
            Ok(module) => vm.hold(module),
            Err(stop) => return Err(cannot_import(vm, stop, object, &module_text)),
        };
        let found = match deep_attribute(vm, module, &path) {
            Ok(found) => found,
            Err(stop) => return Err(cannot_find(vm, stop, object, &module_text, &dotted)),
        };
        let (value, parent) = (vm.hold(found.value), vm.hold(found.parent));
        if value != object {
            let shown = vm.repr(object)?.to_string_lossy().into_owned();
            let text = format!("Can't pickle {shown}: it's not the same object as {module_text}.{dotted}");
            return Err(error(vm, "PicklingError", text));
        }
        if self.proto >= 2 && self.save_extension(vm, module_name, name)? {
            return Ok(());
        }
        let last = path.last().copied().unwrap_or("");
        if self.proto >= 4 {
            self.save(vm, module_name)?;
            self.save(vm, name)?;
            self.out.op(op::STACK_GLOBAL);
        } else if path.len() > 1 && vm.profile.pickle_nested_flat {
            self.put_nested(vm, &module_text, &path)?;
        } else if path.len() > 1 {
            // Before protocol 4 only the first name can be fetched by an opcode.
            let getattr = super::attribute_of(vm, "builtins", "getattr")?;
            let last = vm.new_str(last);
            let parent = vm.share(parent);
            let arguments = vm.new_tuple(vec![parent, last]);
            let value = vm.new_tuple(vec![getattr, arguments]);
            self.save_reduced(vm, value, Ref::NULL)?;
        } else {
            self.put_global(vm, &module_text, last)?;
        }
        self.memoize(vm, object);
        Ok(())
    }

    fn put_global(&mut self, vm: &mut Vm, module: &str, name: &str) -> Res<()> {
        let (module, name) =
            if self.proto < 3 && self.fix_imports { compat::to_old(module, name) } else { (module, name) };
        for (what, text) in [("module", module), ("global", name)] {
            if self.proto < 3 && !text.is_ascii() {
                let text = format!("can't pickle {what} identifier '{text}' using pickle protocol {}", self.proto);
                return Err(error(vm, "PicklingError", text));
            }
        }
        self.out.put(format!("c{module}\n{name}\n").as_bytes());
        Ok(())
    }

    /// `getattr(getattr(first, second), third)`, the intermediate objects without numbers.
    fn put_nested(&mut self, vm: &mut Vm, module: &str, path: &[&str]) -> Res<()> {
        let getattr = super::attribute_of(vm, "builtins", "getattr")?;
        let getattr = vm.hold(getattr);
        let Some((first, rest)) = path.split_first() else { return Ok(()) };
        for _ in rest {
            self.save(vm, getattr)?;
            if self.proto < 2 {
                self.out.op(op::MARK);
            }
        }
        self.put_global(vm, module, first)?;
        for name in rest {
            let name = vm.new_str(name);
            let result = self.save(vm, name.get());
            vm.release(name);
            result?;
            self.out.op(if self.proto < 2 { op::TUPLE } else { op::TUPLE2 });
            self.out.op(op::REDUCE);
        }
        Ok(())
    }

    /// The short code of a name in the extension registry.
    fn save_extension(&mut self, vm: &mut Vm, module: Ref, name: Ref) -> Res<bool> {
        let registry = super::attribute_of(vm, "copyreg", "_extension_registry")?;
        let registry = vm.hold(registry);
        let key = vm.tuple_of(&[module, name]);
        let key = vm.hold(key);
        let Some(found) = vm.dict_get(registry, key)? else { return Ok(false) };
        let Some(Int::Small(code @ 1..=0x7fff_ffff)) = vm.as_int(found) else {
            let shown = vm.repr(found)?.to_string_lossy().into_owned();
            return Err(vm.raise(Ty::RuntimeError, format!("extension code {shown} is out of range")));
        };
        match (u8::try_from(code), u16::try_from(code)) {
            (Ok(code), _) => self.out.put(&[op::EXT1, code]),
            (_, Ok(code)) => {
                let [low, high] = code.to_le_bytes();
                self.out.put(&[op::EXT2, low, high]);
            }
            _ => self.sized(op::EXT4, code as u32),
        }
        Ok(true)
    }
}

/// `__qualname__` of an object, or `__name__`. A built-in class makes a new string each time.
fn global_name(vm: &mut Vm, object: Ref) -> Res<Ref> {
    if let Some(body) = vm.heap.get::<TypeBody>(object)
        && !body.heap
    {
        let text = vm.text_of(body.qualname).clone();
        let fresh = vm.alloc_text(Ty::Str.kind(), text);
        return Ok(vm.hold(fresh));
    }
    let name = vm.intern_str("__qualname__");
    let name = vm.hold(name);
    let found = match vm.find_attr(object, name)? {
        Some(found) => found,
        None => {
            let name = vm.names.name;
            vm.get_attr(object, name)?
        }
    };
    Ok(vm.hold(found))
}

/// The name of the module that an object belongs to: its `__module__`, or the first module that has it.
fn module_of(vm: &mut Vm, object: Ref, path: &[&str]) -> Res<Ref> {
    let name = vm.names.module;
    if let Some(found) = vm.find_attr(object, name)? {
        let found = vm.hold(found);
        if found != vm.single.none {
            return Ok(found);
        }
    }
    for (name, module) in vm.dict_items(vm.modules) {
        if module == vm.single.none || vm.heap.text(name).is_some_and(|text| text.is("__main__")) {
            continue;
        }
        let (name, module) = (vm.share(name), vm.share(module));
        let (name, module) = (vm.hold(name), vm.hold(module));
        match deep_attribute(vm, module, path) {
            Ok(found) => {
                let same = found.value.get() == object;
                found.release(vm);
                if same {
                    return Ok(name);
                }
            }
            Err(stop) => vm.catch(stop, Ty::AttributeError)?,
        }
    }
    let main = vm.intern_str("__main__");
    Ok(vm.hold(main))
}

/// The module of this name, imported if need be.
pub(super) fn import(vm: &mut Vm, name: &str) -> Res<Owned> {
    let one = vm.new_tuple(Vec::new());
    let module = vm.import(name, Ref::NULL, one.get(), 0);
    vm.release(one);
    module
}

#[cold]
fn cannot_import(vm: &mut Vm, stop: Stop, object: Ref, module: &str) -> Stop {
    if !vm.is_raised(stop, Ty::Exception) {
        return stop;
    }
    let cause = vm.take_raised();
    let shown = match vm.repr(object) {
        Ok(shown) => shown.to_string_lossy().into_owned(),
        Err(stop) => {
            vm.release(cause);
            return stop;
        }
    };
    let text = if vm.profile.pickle_texts.detailed() {
        let what = vm.str(cause.get()).map(|text| text.to_string_lossy().into_owned());
        format!("Can't pickle {shown}: {}", what.unwrap_or_default())
    } else {
        format!("Can't pickle {shown}: import of module '{module}' failed")
    };
    super::error_from(vm, text, cause)
}

#[cold]
fn cannot_find(vm: &mut Vm, stop: Stop, object: Ref, module: &str, name: &str) -> Stop {
    if !vm.is_raised(stop, Ty::AttributeError) {
        return stop;
    }
    let cause = vm.take_raised();
    let shown = match vm.repr(object) {
        Ok(shown) => shown.to_string_lossy().into_owned(),
        Err(stop) => {
            vm.release(cause);
            return stop;
        }
    };
    let text = if vm.profile.pickle_texts.detailed() {
        format!("Can't pickle {shown}: it's not found as {module}.{name}")
    } else {
        format!("Can't pickle {shown}: attribute lookup {name} on {module} failed")
    };
    super::error_from(vm, text, cause)
}
