//! Questions about any object: its attributes, class, length, hash, text, iterator.

use crate::heap::{Layout, Owned, Ref};
use crate::native::{Args, NativeDef, function};
use crate::object::{async_generator, iter, list_sort, repr};
use crate::vm::{Res, Ty, Vm};

/// The functions.
pub static FUNCTIONS: &[NativeDef] = &[
    function("all", 1, 1, |vm, args| quantify(vm, args, false)),
    function("any", 1, 1, |vm, args| quantify(vm, args, true)),
    function("aiter", 1, 1, async_iter),
    function("anext", 1, 2, async_next),
    function("ascii", 1, 1, ascii),
    function("callable", 1, 1, callable),
    function("delattr", 2, 2, delete_attr),
    function("dir", 0, 1, dir),
    function("format", 1, 2, format),
    function("getattr", 2, 3, get_attr),
    function("hasattr", 2, 2, has_attr),
    function("hash", 1, 1, hash),
    function("id", 1, 1, id),
    function("input", 0, 1, input),
    function("isinstance", 2, 2, is_instance),
    function("issubclass", 2, 2, is_subclass),
    function("iter", 1, 2, iterator),
    function("len", 1, 1, len),
    function("next", 1, 2, next),
    function("open", 1, 8, open).named(
        &["file", "mode", "buffering", "encoding", "errors", "newline", "closefd", "opener"],
        0,
        8,
        1,
    ),
    function("repr", 1, 1, show),
    function("setattr", 3, 3, set_attr),
    function("sorted", 0, 0, sorted).any(),
    function("vars", 0, 1, vars),
];

fn quantify(vm: &mut Vm, args: Args, wanted: bool) -> Res<Owned> {
    let iterable = args.get(vm, 0);
    let mut found = !wanted;
    vm.for_each(iterable, |vm, item| {
        if vm.truth_owned(item)? == wanted {
            found = wanted;
            return Ok(false);
        }
        Ok(true)
    })?;
    Ok(vm.bool(found))
}

fn async_iter(vm: &mut Vm, args: Args) -> Res<Owned> {
    let value = args.get(vm, 0);
    let class = vm.heap.class_of(value);
    match vm.lookup(class, vm.names.aiter) {
        Some(method) => {
            let iterator = vm.call_special(method, value, &[])?;
            let class = vm.heap.class_of(iterator.get());
            if vm.lookup(class, vm.names.anext).is_none() {
                let text = format!("aiter() returned not an async iterator of type '{}'", vm.type_name(class));
                vm.release(iterator);
                return Err(vm.type_error(text));
            }
            Ok(iterator)
        }
        None => {
            let text = format!("'{}' object is not an async iterable", vm.type_name(class));
            Err(vm.type_error(text))
        }
    }
}

fn async_next(vm: &mut Vm, args: Args) -> Res<Owned> {
    let value = args.get(vm, 0);
    let class = vm.heap.class_of(value);
    match vm.lookup(class, vm.names.anext) {
        Some(method) => {
            let awaitable = vm.call_special(method, value, &[])?;
            let default = args.get(vm, 1);
            if default.is_null() {
                return Ok(awaitable);
            }
            Ok(async_generator::with_default(vm, awaitable, default))
        }
        None => {
            let text = format!("'{}' object is not an async iterator", vm.type_name(class));
            Err(vm.type_error(text))
        }
    }
}

fn ascii(vm: &mut Vm, args: Args) -> Res<Owned> {
    let text = vm.repr(args.get(vm, 0))?;
    Ok(vm.new_text(repr::escape_non_ascii(&text)))
}

fn show(vm: &mut Vm, args: Args) -> Res<Owned> {
    let value = args.get(vm, 0);
    vm.repr_object(value)
}

fn callable(vm: &mut Vm, args: Args) -> Res<Owned> {
    let value = args.get(vm, 0);
    let answer = vm.is_callable(value);
    Ok(vm.bool(answer))
}

// ---- attributes -----------------------------------------------------------------------------------------------

fn attribute_name(vm: &mut Vm, name: Ref, function: &str) -> Res<()> {
    if vm.heap.layout(name) == Layout::Str {
        return Ok(());
    }
    let text = if vm.profile.attribute_name_text || function.is_empty() {
        format!("attribute name must be string, not '{}'", vm.class_name(name))
    } else {
        format!("{function}(): attribute name must be string")
    };
    Err(vm.type_error(text))
}

fn get_attr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (object, name, default) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    attribute_name(vm, name, "getattr")?;
    if default.is_null() {
        return vm.get_attr(object, name);
    }
    match vm.find_attr(object, name)? {
        Some(value) => Ok(value),
        None => Ok(vm.share(default)),
    }
}

fn has_attr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (object, name) = (args.get(vm, 0), args.get(vm, 1));
    attribute_name(vm, name, "hasattr")?;
    let found = vm.find_attr(object, name)?;
    let answer = found.is_some();
    if let Some(found) = found {
        vm.release(found);
    }
    Ok(vm.bool(answer))
}

fn set_attr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (object, name, value) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    attribute_name(vm, name, "")?;
    vm.set_attr(object, name, value)?;
    Ok(vm.none())
}

fn delete_attr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (object, name) = (args.get(vm, 0), args.get(vm, 1));
    attribute_name(vm, name, "")?;
    vm.set_attr(object, name, Ref::NULL)?;
    Ok(vm.none())
}

fn vars(vm: &mut Vm, args: Args) -> Res<Owned> {
    let object = args.get(vm, 0);
    if object.is_null() {
        return vm.current_locals();
    }
    let name = vm.names.dict;
    match vm.find_attr(object, name)? {
        Some(dict) => Ok(dict),
        None => Err(vm.type_error("vars() argument must have __dict__ attribute")),
    }
}

fn dir(vm: &mut Vm, args: Args) -> Res<Owned> {
    let object = args.get(vm, 0);
    let names = if object.is_null() {
        let locals = vm.current_locals()?;
        let locals = vm.hold(locals);
        let keys = vm.names.keys;
        vm.call_method(locals, keys, &[])?
    } else {
        let class = vm.heap.class_of(object);
        let Some(method) = vm.lookup(class, vm.names.dir) else {
            return Err(vm.type_error("object does not provide __dir__"));
        };
        vm.call_special(method, object, &[])?
    };
    let names = vm.hold(names);
    let names = vm.collect(names)?;
    let names = vm.new_list(names);
    let names = vm.hold(names);
    list_sort::sort_list(vm, names, Ref::NULL, false)?;
    Ok(vm.share(names))
}

// ---- classes --------------------------------------------------------------------------------------------------

fn is_instance(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (object, class) = (args.get(vm, 0), args.get(vm, 1));
    let answer = vm.is_instance(object, class)?;
    Ok(vm.bool(answer))
}

fn is_subclass(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (class, base) = (args.get(vm, 0), args.get(vm, 1));
    let answer = vm.subclass_check(class, base)?;
    Ok(vm.bool(answer))
}

impl Vm {
    /// `issubclass(class, base)`, hooks and tuples included.
    ///
    /// # Errors
    /// TypeError when either is no class; whatever `__subclasscheck__` raises.
    pub fn subclass_check(&mut self, class: Ref, base: Ref) -> Res<bool> {
        if self.heap.layout(base) == Layout::Tuple {
            for item in self.tuple_items(base).to_vec() {
                if self.nested(|vm| vm.subclass_check(class, item))? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        if self.is_exact(base, Ty::Union) {
            let args = self.heap.get::<crate::heap::AliasBody>(base).map_or(Ref::NULL, |body| body.args);
            return self.subclass_check(class, args);
        }
        let meta = self.heap.class_of(base);
        if let Some(method) = self.lookup(meta, self.names.subclasscheck)
            && self.heap.layout(method) != Layout::Native
        {
            let result = self.call_special(method, base, &[class])?;
            return self.truth_owned(result);
        }
        if self.heap.layout(class) != Layout::Type {
            return Err(self.type_error("issubclass() arg 1 must be a class"));
        }
        if self.heap.layout(base) != Layout::Type {
            let text = if self.is_exact(base, Ty::GenericAlias) {
                "issubclass() argument 2 cannot be a parameterized generic"
            } else if self.profile.type_unions {
                "issubclass() arg 2 must be a class, a tuple of classes, or a union"
            } else {
                "issubclass() arg 2 must be a class or tuple of classes"
            };
            return Err(self.type_error(text));
        }
        Ok(self.is_subclass(class, base))
    }
}

// ---- protocols ------------------------------------------------------------------------------------------------

fn format(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (value, spec) = (args.get(vm, 0), args.get(vm, 1));
    let spec = spec.some().unwrap_or(vm.single.empty_str);
    if vm.heap.layout(spec) != Layout::Str {
        return Err(vm.bad_argument("format", "argument 2", "str", spec));
    }
    vm.format(value, spec)
}

fn hash(vm: &mut Vm, args: Args) -> Res<Owned> {
    let hash = vm.hash(args.get(vm, 0))?;
    Ok(vm.new_int(hash))
}

fn id(vm: &mut Vm, args: Args) -> Res<Owned> {
    let address = vm.address(args.get(vm, 0));
    Ok(vm.new_int(address))
}

fn len(vm: &mut Vm, args: Args) -> Res<Owned> {
    let len = vm.length(args.get(vm, 0))?;
    Ok(vm.new_size(len))
}

fn iterator(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (object, sentinel) = (args.get(vm, 0), args.get(vm, 1));
    if sentinel.is_null() {
        return vm.iter(object);
    }
    if !vm.is_callable(object) {
        let text = vm.profile.iter_callable_text;
        return Err(vm.type_error(text));
    }
    Ok(iter::callable_iterator(vm, object, sentinel))
}

fn next(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (iterator, default) = (args.get(vm, 0), args.get(vm, 1));
    let class = vm.heap.class_of(iterator);
    let Some(method) = vm.lookup(class, vm.names.next) else {
        let text = format!("'{}' object is not an iterator", vm.type_name(class));
        return Err(vm.type_error(text));
    };
    match vm.call_special(method, iterator, &[]) {
        Err(stop) if !default.is_null() => {
            vm.catch(stop, Ty::StopIteration)?;
            Ok(vm.share(default))
        }
        result => result,
    }
}

fn sorted(vm: &mut Vm, args: Args) -> Res<Owned> {
    let given = args.rest(vm, 0);
    let &[iterable] = &given[..] else {
        return Err(vm.type_error(format!("sorted expected 1 argument, got {}", given.len())));
    };
    let (mut key, mut reverse) = (Ref::NULL, Ref::NULL);
    for (name, value) in args.keyword_pairs(vm) {
        match vm.show(name).as_str() {
            "key" => key = value,
            "reverse" => reverse = value,
            other => {
                let text = vm.profile.native_keyword_error.text("sort", other);
                return Err(vm.type_error(text));
            }
        }
    }
    let made = vm.new_list(Vec::new());
    let made = vm.hold(made);
    vm.list_extend(made, iterable)?;
    let reverse = list_sort::sort_direction(vm, reverse)?;
    list_sort::sort_list(vm, made, key, reverse)?;
    Ok(vm.share(made))
}

// ---- the world outside ----------------------------------------------------------------------------------------

/// There is nothing to read.
fn input(vm: &mut Vm, args: Args) -> Res<Owned> {
    let prompt = args.get(vm, 0);
    if !prompt.is_null() {
        let text = vm.str_object(prompt)?;
        let text = vm.hold(text);
        vm.write_to(Ref::NULL, text)?;
    }
    Err(vm.raise(Ty::EOFError, "EOF when reading a line"))
}

/// There are no files.
fn open(vm: &mut Vm, args: Args) -> Res<Owned> {
    let file = args.get(vm, 0);
    let errno = vm.new_int(2);
    let text = vm.new_str("No such file or directory");
    let file = vm.share(file);
    Err(vm.raise_called(Ty::OSError, vec![errno, text, file]))
}
