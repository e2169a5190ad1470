//! Instructions that put things together or take them apart: displays, unpacking, functions, calls with stars, text.

use super::call::{Called, Caller};
use super::{Res, Ty, Vm};
use crate::code::{Conversion, FunctionParts};
use crate::heap::{
    CellBody, DictBody, FunctionBody, Layout, ListBody, MethodBody, NativeBody, Owned, Ref, StrBody, TypeBody,
};
use crate::object::table::dict::Dict as DictTable;
use crate::object::text::{Text, TextBuilder};
use crate::rules::StarredText;

impl Vm {
    pub(super) fn build_set(&mut self, n: u32) -> Res<()> {
        let set = self.new_set();
        let first = self.stack.len() - n as usize;
        let mut result = Ok(());
        for at in first..first + n as usize {
            result = self.set_add(set.get(), self.stack[at]).map(|_| ());
            if result.is_err() {
                break;
            }
        }
        self.drop_operands(n as usize);
        match result {
            Ok(()) => {
                self.push(set);
                Ok(())
            }
            Err(stop) => {
                self.release(set);
                Err(stop)
            }
        }
    }

    pub(super) fn build_map(&mut self, n: u32) -> Res<()> {
        let first = self.stack.len() - 2 * n as usize;
        let text = self.stack[first..].chunks(2).all(|pair| self.is_exact(pair[0], Ty::Str));
        let dict = self.new_dict_for(n as usize, text);
        let mut result = Ok(());
        for pair in 0..n as usize {
            result = self.dict_set(dict.get(), self.stack[first + 2 * pair], self.stack[first + 2 * pair + 1]);
            if result.is_err() {
                break;
            }
        }
        self.drop_operands(2 * n as usize);
        self.finish_dict(dict, result)
    }

    pub(super) fn build_const_key_map(&mut self, n: u32) -> Res<()> {
        let keys = Owned::adopt(self.pop());
        let text = self.all_text(self.tuple_items(keys.get()));
        let dict = self.new_dict_for(n as usize, text);
        let first = self.stack.len() - n as usize;
        let mut result = Ok(());
        for (at, key) in self.tuple_items(keys.get()).to_vec().into_iter().enumerate() {
            result = self.dict_set(dict.get(), key, self.stack[first + at]);
            if result.is_err() {
                break;
            }
        }
        self.release(keys);
        self.drop_operands(n as usize);
        self.finish_dict(dict, result)
    }

    fn all_text(&self, keys: &[Ref]) -> bool {
        keys.iter().all(|&key| self.is_exact(key, Ty::Str))
    }

    /// The dict of a display of so many items, whose keys are all strings or not.
    fn new_dict_for(&mut self, count: usize, all_text: bool) -> Owned {
        let table = DictTable::presized(&self.profile, count, all_text);
        self.heap.alloc(Ty::Dict.kind(), DictBody { table, ..DictBody::default() })
    }

    fn finish_dict(&mut self, dict: Owned, result: Res<()>) -> Res<()> {
        match result {
            Ok(()) => {
                self.push(dict);
                Ok(())
            }
            Err(stop) => {
                self.release(dict);
                Err(stop)
            }
        }
    }

    pub(super) fn build_string(&mut self, n: u32) {
        let first = self.stack.len() - n as usize;
        let parts: Vec<Text> = self.stack[first..].iter().filter_map(|&r| self.as_text(r)).collect();
        let mut builder = TextBuilder::new();
        for part in &parts {
            builder.push_text(part);
        }
        let text = builder.finish();
        self.drop_operands(n as usize);
        let text = self.new_text(text);
        self.push(text);
    }

    /// `list … iterable -- list …` for `[*a, *b]` and `f(*a)`.
    pub(super) fn list_extend_display(&mut self, list: Ref, items: Ref) -> Res<()> {
        let class = self.heap.class_of(items);
        if self.lookup(class, self.names.iter).is_none() && self.lookup(class, self.names.getitem).is_none() {
            let text = format!("Value after * must be an iterable, not {}", self.type_name(class));
            return Err(self.type_error(text));
        }
        self.list_extend(list, items)
    }

    pub(super) fn dict_update_display(&mut self, dict: Ref, mapping: Ref) -> Res<()> {
        if self.heap.layout(mapping) != Layout::Dict {
            let class = self.heap.class_of(mapping);
            if self.lookup(class, self.names.keys).is_none() {
                let text = format!("'{}' object is not a mapping", self.type_name(class));
                return Err(self.type_error(text));
            }
        }
        self.dict_merge(dict, mapping)
    }

    /// `f(**a, **b)`: keys must be strings and must not repeat.
    pub(super) fn dict_merge_keywords(&mut self, dict: Ref, mapping: Ref, callable: Ref) -> Res<()> {
        let is_dict = self.heap.layout(mapping) == Layout::Dict;
        let class = self.heap.class_of(mapping);
        if !is_dict && self.lookup(class, self.names.keys).is_none() {
            let text =
                format!("{} after ** must be a mapping, not {}", self.argument_of(callable), self.type_name(class));
            return Err(self.type_error(text));
        }
        let pairs = self.mapping_pairs(mapping)?;
        let mut result = Ok(());
        for (key, value) in pairs {
            if result.is_ok() {
                result = self.merge_one(dict, key.get(), value.get(), callable);
            }
            self.release(key);
            self.release(value);
        }
        result
    }

    fn merge_one(&mut self, dict: Ref, key: Ref, value: Ref, callable: Ref) -> Res<()> {
        if self.dict_get(dict, key)?.is_some() {
            let text = format!(
                "{} got multiple values for keyword argument '{}'",
                self.callable_text(callable),
                self.show(key)
            );
            return Err(self.type_error(text));
        }
        if self.heap.layout(key) != Layout::Str {
            let text = self.keywords_text(callable);
            return Err(self.type_error(text));
        }
        self.dict_set(dict, key, value)
    }

    /// How messages about calls name a callable.
    pub fn callable_text(&self, callable: Ref) -> String {
        let plain = self.profile.starred_argument == StarredText::Function;
        let with_module = |module: Option<String>, name: String| match module {
            Some(module) if module != "builtins" && !plain => format!("{module}.{name}()"),
            _ => format!("{name}()"),
        };
        let text = |name: Ref| self.heap.text(name).map(|text| text.to_string_lossy().into_owned());
        if let Some(body) = self.heap.get::<FunctionBody>(callable) {
            let name = if plain { self.show(body.name) } else { self.show(body.qualname) };
            return with_module(text(body.module), name);
        }
        if let Some(body) = self.heap.get::<MethodBody>(callable) {
            return self.callable_text(body.func);
        }
        match self.heap.get::<TypeBody>(callable) {
            Some(_) if plain => return format!("{} object", self.class_name(callable)),
            Some(body) => {
                let module = self.dict_get_text(body.dict, self.names.module).and_then(text);
                return with_module(module, self.show(body.qualname));
            }
            None => {}
        }
        let Some(body) = self.heap.get::<NativeBody>(callable) else {
            return format!("{} object", self.class_name(callable));
        };
        let name = body.def.map_or("?", |def| def.name).to_string();
        match body.owner.some().or(body.this.some()) {
            Some(module) if self.heap.layout(module) == Layout::Str => with_module(text(module), name),
            Some(this) if self.profile.native_errors_name_class => {
                let class = if self.heap.layout(this) == Layout::Type { this } else { self.heap.class_of(this) };
                format!("{}.{name}()", self.type_name(class))
            }
            _ => format!("{name}()"),
        }
    }

    /// How messages about starred arguments name the argument.
    fn argument_of(&self, callable: Ref) -> String {
        match self.profile.starred_argument {
            StarredText::Function | StarredText::ModuleFunction => {
                format!("{} argument", self.callable_text(callable))
            }
            StarredText::Value => "Value".to_string(),
        }
    }

    /// What is said of a keyword that is no string.
    fn keywords_text(&self, callable: Ref) -> String {
        let function = self.heap.get::<FunctionBody>(callable).is_some();
        if function && self.profile.starred_argument == StarredText::Function {
            format!("{} keywords must be strings", self.callable_text(callable))
        } else {
            "keywords must be strings".to_string()
        }
    }

    pub(super) fn call_ex(&mut self, keywords: bool) -> Res<Called> {
        let dict = if keywords { Some(Owned::adopt(self.pop())) } else { None };
        let args = Owned::adopt(self.pop());
        let at = self.stack.len() - 2;
        let args = match self.star_arguments(args, at) {
            Ok(args) => args,
            Err(stop) => {
                if let Some(dict) = dict {
                    self.release(dict);
                }
                self.cut(at);
                return Err(stop);
            }
        };
        // A native function gets the tuple itself.
        let lent = self.profile.call_ex_keeps_tuple && self.heap.layout(self.stack[at]) == Layout::Native;
        for item in self.tuple_items(args.get()).to_vec() {
            self.heap.inc(item);
            self.stack.push(if lent { item.borrowed() } else { item });
        }
        let mut names = Vec::new();
        let mut keywords_are_strings = true;
        if let Some(dict) = &dict {
            for (key, value) in self.dict_items(dict.get()) {
                if self.heap.layout(key) != Layout::Str {
                    keywords_are_strings = false;
                    break;
                }
                names.push(self.share(key));
                self.heap.inc(value);
                self.stack.push(value);
            }
        }
        if let Some(dict) = dict {
            self.release(dict);
        }
        let kept = if self.profile.call_ex_keeps_tuple {
            args.into_ref()
        } else {
            self.release(args);
            Ref::NULL
        };
        if !keywords_are_strings {
            self.release_maybe(kept);
            self.release_list(names);
            let text = self.keywords_text(self.stack[at]);
            self.cut(at);
            return Err(self.type_error(text));
        }
        let names = self.new_tuple(names);
        let given = if self.tuple_items(names.get()).is_empty() { Ref::NULL } else { names.get() };
        let called = self.call_at(at, given, Caller::Star);
        self.release(names);
        match called {
            Ok(Called::Frame) => self.frame.kept = kept,
            Ok(Called::Value(_)) | Err(_) => self.release_maybe(kept),
        }
        called
    }

    /// The positional arguments of `f(*args)` as a tuple.
    fn star_arguments(&mut self, args: Owned, at: usize) -> Res<Owned> {
        if self.heap.layout(args.get()) == Layout::Tuple {
            return Ok(args);
        }
        let class = self.heap.class_of(args.get());
        if self.lookup(class, self.names.iter).is_none() && self.lookup(class, self.names.getitem).is_none() {
            let callable = self.argument_of(self.stack[at]);
            let text = format!("{callable} after * must be an iterable, not {}", self.type_name(class));
            self.release(args);
            return Err(self.type_error(text));
        }
        let items = self.collect(args.get());
        self.release(args);
        let items = items?;
        Ok(self.new_tuple(items))
    }

    pub(super) fn make_function(&mut self, parts: FunctionParts) {
        let code_ref = self.pop();
        let closure = if parts.closure { self.pop() } else { Ref::NULL };
        let annotate = if parts.annotate { self.pop() } else { Ref::NULL };
        let annotations = if parts.annotations { self.pop() } else { Ref::NULL };
        let kwdefaults = if parts.kwdefaults { self.pop() } else { Ref::NULL };
        let defaults = if parts.defaults { self.pop() } else { Ref::NULL };
        let code = self.code(code_ref);
        if !self.profile.functions_fresh
            && let Some(function) = self.function_of_code(code_ref)
        {
            let function = self.share(function);
            self.release_all(
                [code_ref, closure, annotate, annotations, kwdefaults, defaults].into_iter().filter(|r| !r.is_null()),
            );
            self.push(function);
            return;
        }
        let closure = if self.profile.closures_late { closure } else { self.closure_of_copies(closure) };
        let globals = self.frame.globals;
        let module = self.dict_get_text(globals, self.names.name).unwrap_or(self.single.none);
        let builtins = self.frame.builtins;
        for r in [globals, builtins, module, code.name, code.qualname] {
            self.heap.inc(r);
        }
        let doc = if code.doc.is_null() { self.single.none } else { code.doc };
        self.heap.inc(doc);
        let body = FunctionBody {
            code: code_ref,
            globals,
            builtins,
            module,
            name: code.name,
            qualname: code.qualname,
            doc,
            defaults,
            kwdefaults,
            closure,
            annotations,
            annotate,
            type_params: Ref::NULL,
            dict: Ref::NULL,
        };
        let function = self.heap.alloc(Ty::Function.kind(), body);
        self.push(function);
    }

    /// A function that was made of this code before.
    fn function_of_code(&self, code: Ref) -> Option<Ref> {
        self.heap.objects().find(|&r| self.heap.get::<FunctionBody>(r).is_some_and(|body| body.code == code))
    }

    /// The closure with cells of its own, which hold what its cells hold now.
    fn closure_of_copies(&mut self, closure: Ref) -> Ref {
        if closure.is_null() {
            return closure;
        }
        let cells = self.tuple_items(closure).to_vec();
        let mut copies = Vec::new();
        for cell in cells {
            let value = self.heap.get::<CellBody>(cell).map_or(Ref::NULL, |body| body.value);
            let value = if value.is_null() { value } else { self.share(value).into_ref() };
            copies.push(self.new_cell(value));
        }
        self.release_ref(closure);
        self.new_tuple(copies).into_ref()
    }

    /// A list's copy; anything else itself.
    pub fn copied_if_list(&mut self, value: Ref) -> Owned {
        match self.heap.get::<ListBody>(value) {
            Some(body) if self.is_exact(value, Ty::List) => {
                let items = body.items.clone();
                self.list_of(&items)
            }
            _ => self.share(value),
        }
    }

    pub(super) fn unpack(&mut self, n: usize) -> Res<()> {
        let value = self.peek(0);
        if self.is_exact(value, Ty::Tuple) || self.is_exact(value, Ty::List) {
            let items = match self.heap.get::<ListBody>(value) {
                Some(body) => body.items.clone(),
                None => self.tuple_items(value).to_vec(),
            };
            if items.len() == n {
                self.stack.pop();
                for &item in items.iter().rev() {
                    self.heap.inc(item);
                    self.stack.push(item);
                }
                self.release_ref(value);
                return Ok(());
            }
            self.drop_operands(1);
            return Err(self.unpack_count(Some(items.len()), n, items.len() > n));
        }
        let items = self.unpack_iterable(value, n, false);
        self.drop_operands(1);
        for item in items?.into_iter().rev() {
            self.push(item);
        }
        Ok(())
    }

    pub(super) fn unpack_star(&mut self, before: usize, after: usize) -> Res<()> {
        let value = self.peek(0);
        let items = self.unpack_iterable(value, before + after, true);
        self.drop_operands(1);
        let mut items = items?;
        let tail = items.split_off(items.len() - after);
        let middle = items.split_off(before);
        for item in tail.into_iter().rev() {
            self.push(item);
        }
        let list = self.new_list(middle);
        self.push(list);
        for item in items.into_iter().rev() {
            self.push(item);
        }
        Ok(())
    }

    /// The items of an iterable that is taken apart: exactly n, or at least n with a star.
    fn unpack_iterable(&mut self, value: Ref, n: usize, star: bool) -> Res<Vec<Owned>> {
        let class = self.heap.class_of(value);
        let iterator = match self.iter(value) {
            Ok(iterator) => iterator,
            Err(stop) => {
                let plain = self.is_raised(stop, Ty::TypeError)
                    && self.lookup(class, self.names.iter).is_none()
                    && self.lookup(class, self.names.getitem).is_none();
                if plain {
                    self.catch(stop, Ty::TypeError)?;
                    let text = format!("cannot unpack non-iterable {} object", self.type_name(class));
                    return Err(self.type_error(text));
                }
                return Err(stop);
            }
        };
        let mut items = Vec::new();
        let result = loop {
            match self.next(iterator.get()) {
                Ok(Some(item)) => {
                    items.push(item);
                    if !star && items.len() > n {
                        // How many there are is known of dicts only, besides lists and tuples.
                        let total = if self.is_exact(value, Ty::Dict) { Some(self.dict_len(value)) } else { None };
                        break Err(self.unpack_count(total, n, true));
                    }
                    if let Err(stop) = self.step() {
                        break Err(stop);
                    }
                }
                Ok(None) if items.len() < n => {
                    let text = if star {
                        format!("not enough values to unpack (expected at least {n}, got {})", items.len())
                    } else {
                        format!("not enough values to unpack (expected {n}, got {})", items.len())
                    };
                    break Err(self.value_error(text));
                }
                Ok(None) => break Ok(()),
                Err(stop) => break Err(stop),
            }
        };
        self.release(iterator);
        match result {
            Ok(()) => Ok(items),
            Err(stop) => {
                for item in items {
                    self.release(item);
                }
                Err(stop)
            }
        }
    }

    #[cold]
    fn unpack_count(&mut self, got: Option<usize>, wanted: usize, too_many: bool) -> super::Stop {
        let text = match got {
            Some(got) if !too_many => format!("not enough values to unpack (expected {wanted}, got {got})"),
            Some(got) if self.profile.unpack_error_counts => {
                format!("too many values to unpack (expected {wanted}, got {got})")
            }
            Some(_) | None => format!("too many values to unpack (expected {wanted})"),
        };
        self.value_error(text)
    }

    /// A replacement field of an f-string.
    pub(super) fn format_field(&mut self, value: Ref, conversion: Conversion, spec: Ref) -> Res<Owned> {
        let converted = match conversion {
            Conversion::None => self.share(value),
            Conversion::Str => self.str_object(value)?,
            Conversion::Repr => self.repr_object(value)?,
            Conversion::Ascii => {
                let text = self.repr(value)?;
                let text = crate::object::repr::escape_non_ascii(&text);
                self.new_text(text)
            }
        };
        let empty_spec = spec.is_null() || self.heap.get::<StrBody>(spec).is_some_and(|body| body.text.is_empty());
        if empty_spec && self.is_exact(converted.get(), Ty::Str) {
            return Ok(converted);
        }
        let spec = if spec.is_null() { self.single.empty_str } else { spec };
        let result = self.format(converted.get(), spec);
        self.release(converted);
        result
    }

    /// `format(value, spec)`
    ///
    /// # Errors
    /// Whatever `__format__` raises; TypeError when it gives no str.
    pub fn format(&mut self, value: Ref, spec: Ref) -> Res<Owned> {
        let class = self.heap.class_of(value);
        let Some(method) = self.lookup(class, self.names.format) else {
            let text = format!("Type {} doesn't define __format__", self.type_name(class));
            return Err(self.type_error(text));
        };
        let result = self.call_special(method, value, &[spec])?;
        if self.heap.layout(result.get()) == Layout::Str {
            return Ok(result);
        }
        let text = format!("__format__ must return a str, not {}", self.class_name(result.get()));
        self.release(result);
        Err(self.type_error(text))
    }
}
