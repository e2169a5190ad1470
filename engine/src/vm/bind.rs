//! Binding arguments to parameters: Python functions first, then native ones, with CPython's error texts.

use super::{Res, Ty, Vm};
use crate::heap::{Code, FunctionBody, NativeBody, Owned, Ref, TypeBody};
use crate::native::{NativeDef, Params, Role};

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

impl NativeDef {
    /// Whether the object's `this` is its first argument.
    pub fn binds(&self) -> bool {
        !matches!(self.role, Role::Function | Role::StaticMethod | Role::New)
    }
}

impl Vm {
    /// The locals of a call of `func`: consumes the arguments on the stack from `start` on. On an error they are
    /// still there.
    pub(super) fn bind_arguments(&mut self, code: &Code, func: Ref, start: usize, names: Ref) -> Res<Vec<Ref>> {
        let keyword_names: Vec<Ref> = if names.is_null() { Vec::new() } else { self.tuple_items(names).to_vec() };
        let positional = self.stack.len() - start - keyword_names.len();
        let params = code.arg_count as usize;
        let named = params + code.kwonly_count as usize;
        let mut locals = vec![Ref::NULL; named + usize::from(code.varargs) + usize::from(code.varkw)];
        let taken = positional.min(params);
        // Everything is checked on names first; references move only when nothing can fail any more.
        let mut moves: Vec<(usize, usize)> = (0..taken).map(|at| (start + at, at)).collect();
        let mut surplus: Vec<(Ref, usize)> = Vec::new();
        let mut filled = vec![false; named];
        filled[..taken].fill(true);
        for (at, &name) in keyword_names.iter().enumerate() {
            let place = start + positional + at;
            match self.parameter_named(code, name, named) {
                Some(index) if index >= code.posonly_count as usize || !self.profile.positional_only_by_place => {
                    if filled[index] {
                        let text =
                            format!("{} got multiple values for argument '{}'", self.call_name(func), self.show(name));
                        return Err(self.type_error(text));
                    }
                    filled[index] = true;
                    moves.push((place, index));
                }
                _ if code.varkw => surplus.push((name, place)),
                other => return Err(self.unexpected_keyword(code, func, name, other.is_some(), &keyword_names)),
            }
        }
        if positional > params && !code.varargs {
            return Err(self.too_many_positional(code, func, positional, &filled));
        }
        let (defaults, kwdefaults) = match self.heap.get::<FunctionBody>(func) {
            Some(body) => (body.defaults, body.kwdefaults),
            None => (Ref::NULL, Ref::NULL),
        };
        let defaults: Vec<Ref> = if defaults.is_null() { Vec::new() } else { self.tuple_items(defaults).to_vec() };
        let first_default = params.saturating_sub(defaults.len());
        let missing: Vec<usize> = (0..params.min(first_default)).filter(|&at| !filled[at]).collect();
        if !missing.is_empty() {
            return Err(self.missing_arguments(code, func, &missing, "positional"));
        }
        let mut from_default: Vec<(usize, Ref)> = Vec::new();
        for at in first_default..params {
            if !filled[at] {
                from_default.push((at, defaults[at - first_default + defaults.len().saturating_sub(params)]));
            }
        }
        let mut missing = Vec::new();
        for (at, given) in filled.iter().enumerate().skip(params) {
            if *given {
                continue;
            }
            let default = match kwdefaults.some() {
                Some(dict) => self.dict_get_text(dict, code.varnames[at]),
                None => None,
            };
            match default {
                Some(value) => from_default.push((at, value)),
                None => missing.push(at),
            }
        }
        if !missing.is_empty() {
            return Err(self.missing_arguments(code, func, &missing, "keyword-only"));
        }
        // Nothing fails from here on.
        for (from, to) in moves {
            locals[to] = std::mem::replace(&mut self.stack[from], Ref::NULL);
        }
        for (at, value) in from_default {
            let value = if self.profile.defaults_shared { self.share(value) } else { self.copied_if_list(value) };
            locals[at] = value.into_ref();
        }
        let mut next = named;
        if code.varargs {
            let rest: Vec<Owned> = (start + taken..start + positional)
                .map(|at| Owned::adopt(std::mem::replace(&mut self.stack[at], Ref::NULL)))
                .collect();
            locals[next] = self.new_tuple(rest).into_ref();
            next += 1;
        }
        if code.varkw {
            let dict = self.new_dict();
            for (name, place) in surplus {
                let value = Owned::adopt(std::mem::replace(&mut self.stack[place], Ref::NULL));
                let name = self.share(name);
                self.dict_insert_new(dict.get(), name, value);
            }
            locals[next] = dict.into_ref();
        }
        Ok(locals)
    }

    fn parameter_named(&self, code: &Code, name: Ref, named: usize) -> Option<usize> {
        let names = &code.varnames[..named.min(code.varnames.len())];
        names.iter().position(|&known| known == name).or_else(|| {
            let text = self.heap.text(name)?;
            names.iter().position(|&known| self.heap.text(known) == Some(text))
        })
    }

    /// How messages call the function: its qualified name from 3.10 on.
    fn call_name(&self, func: Ref) -> String {
        let name = match self.heap.get::<FunctionBody>(func) {
            Some(body) if self.profile.messages_use_qualname => body.qualname,
            Some(body) => body.name,
            None => Ref::NULL,
        };
        format!("{}()", self.show(name))
    }

    #[cold]
    fn unexpected_keyword(
        &mut self,
        code: &Code,
        func: Ref,
        name: Ref,
        positional_only: bool,
        all: &[Ref],
    ) -> super::Stop {
        if positional_only {
            let names: Vec<String> = all
                .iter()
                .filter(|&&given| self.parameter_named(code, given, code.posonly_count as usize).is_some())
                .map(|&given| self.show(given))
                .collect();
            let text = format!(
                "{} got some positional-only arguments passed as keyword arguments: '{}'",
                self.call_name(func),
                names.join(", ")
            );
            return self.type_error(text);
        }
        let text = format!("{} got an unexpected keyword argument '{}'", self.call_name(func), self.show(name));
        self.type_error(text)
    }

    #[cold]
    fn too_many_positional(&mut self, code: &Code, func: Ref, given: usize, filled: &[bool]) -> super::Stop {
        let params = code.arg_count as usize;
        let defaults = self
            .heap
            .get::<FunctionBody>(func)
            .map_or(0, |body| if body.defaults.is_null() { 0 } else { self.tuple_items(body.defaults).len() });
        let kwonly_given = filled[params..].iter().filter(|&&given| given).count();
        let (takes, plural) = if defaults > 0 {
            (format!("from {} to {params}", params - defaults), true)
        } else {
            (params.to_string(), params != 1)
        };
        let given_text = if kwonly_given > 0 {
            format!(
                "{given} positional argument{} (and {kwonly_given} keyword-only argument{})",
                if given == 1 { "" } else { "s" },
                if kwonly_given == 1 { "" } else { "s" }
            )
        } else {
            given.to_string()
        };
        let text = format!(
            "{} takes {takes} positional argument{} but {given_text} {} given",
            self.call_name(func),
            if plural { "s" } else { "" },
            if given == 1 && kwonly_given == 0 { "was" } else { "were" }
        );
        self.type_error(text)
    }

    #[cold]
    fn missing_arguments(&mut self, code: &Code, func: Ref, missing: &[usize], what: &str) -> super::Stop {
        let names: Vec<String> = missing.iter().map(|&at| format!("'{}'", self.show(code.varnames[at]))).collect();
        let list = match &names[..] {
            [one] => one.clone(),
            [first, second] => format!("{first} and {second}"),
            [front @ .., last] => format!("{}, and {last}", front.join(", ")),
            [] => String::new(),
        };
        let text = format!(
            "{} missing {} required {what} argument{}: {list}",
            self.call_name(func),
            names.len(),
            if names.len() == 1 { "" } else { "s" }
        );
        self.type_error(text)
    }

    // ---- native functions -------------------------------------------------------------------------------------

    /// A descriptor called by hand must get a receiver of its class.
    pub(super) fn check_native_receiver(
        &mut self,
        def: &NativeDef,
        this: Ref,
        owner: Ref,
        start: usize,
        names: Ref,
    ) -> Res<()> {
        if def.role == Role::New && !this.is_null() {
            let given = self.stack.get(start).copied().filter(|_| self.stack.len() - start > self.count_of(names));
            return match given {
                Some(class) => self.check_new_class(this, class),
                None => {
                    let text = format!("{}.__new__(): not enough arguments", self.type_name(this));
                    Err(self.type_error(text))
                }
            };
        }
        if owner.is_null() || !matches!(def.role, Role::Method | Role::Slot | Role::ClassMethod) {
            return Ok(());
        }
        let receiver = self.stack[..self.stack.len() - self.count_of(names)].get(start).copied();
        let Some(receiver) = receiver else {
            let text = if def.role == Role::Slot || !self.profile.native_errors_name_class {
                format!("descriptor '{}' of '{}' object needs an argument", def.name, self.type_name(owner))
            } else {
                format!("unbound method {}.{}() needs an argument", self.type_name(owner), def.name)
            };
            return Err(self.type_error(text));
        };
        if def.role == Role::ClassMethod {
            return self.check_native_class(def, owner, receiver);
        }
        if self.is_instance_of(receiver, owner) {
            return Ok(());
        }
        let text = if def.role == Role::Slot {
            format!(
                "descriptor '{}' requires a '{}' object but received a '{}'",
                def.name,
                self.type_name(owner),
                self.class_name(receiver)
            )
        } else {
            format!(
                "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
                def.name,
                self.type_name(owner),
                self.class_name(receiver)
            )
        };
        Err(self.type_error(text))
    }

    /// How many arguments have a name.
    fn count_of(&self, names: Ref) -> usize {
        if names.is_null() { 0 } else { self.tuple_items(names).len() }
    }

    /// A class method of a built-in type wants that type or one below it.
    ///
    /// # Errors
    /// TypeError for anything else.
    pub fn check_native_class(&mut self, def: &NativeDef, owner: Ref, class: Ref) -> Res<()> {
        let text = if self.heap.layout(class) != crate::heap::Layout::Type {
            format!(
                "descriptor '{}' for type '{}' needs a type, not a '{}' as arg 2",
                def.name,
                self.type_name(owner),
                self.class_name(class)
            )
        } else if self.is_subclass(class, owner) {
            return Ok(());
        } else {
            format!(
                "descriptor '{}' requires a subtype of '{}' but received '{}'",
                def.name,
                self.type_name(owner),
                self.type_name(class)
            )
        };
        Err(self.type_error(text))
    }

    /// Brings the arguments on the stack from `start` on into the order of the function's parameters. Gives back the
    /// names of keyword arguments for functions that check their arguments themselves.
    pub(super) fn bind_native_arguments(
        &mut self,
        def: &NativeDef,
        callable: Ref,
        start: usize,
        names: Ref,
        borrowed: bool,
    ) -> Res<Ref> {
        let receiver = usize::from(matches!(def.role, Role::Method | Role::Slot | Role::ClassMethod));
        let first = start + receiver;
        let count = self.stack.len().saturating_sub(first);
        match def.params {
            Params::Any => Ok(names),
            Params::Pos(least, most) => {
                if !names.is_null() && !self.tuple_items(names).is_empty() {
                    let text = format!("{} takes no keyword arguments", self.native_name(def, callable, start));
                    return Err(self.type_error(text));
                }
                let (least, most) = (usize::from(least), usize::from(most));
                if count < least || count > most {
                    return Err(self.native_count_error(def, callable, start, count, least, most));
                }
                Ok(Ref::NULL)
            }
            Params::Named { names: params, pos_only, positional, required } => {
                self.bind_native_named(
                    def,
                    start,
                    first,
                    names,
                    params,
                    usize::from(pos_only),
                    usize::from(positional),
                    usize::from(required),
                    borrowed,
                )?;
                for (at, name) in params.iter().enumerate().take(usize::from(required)) {
                    if self.stack[first + at].is_null() {
                        let called = self.parser_name(def, start);
                        let text = format!("{called}() missing required argument '{name}' (pos {})", at + 1);
                        return Err(self.type_error(text));
                    }
                }
                Ok(Ref::NULL)
            }
        }
    }

    fn bind_native_named(
        &mut self,
        def: &NativeDef,
        start: usize,
        first: usize,
        names: Ref,
        params: &'static [&'static str],
        pos_only: usize,
        positional: usize,
        required: usize,
        borrowed: bool,
    ) -> Res<()> {
        let keyword_names: Vec<Ref> = if names.is_null() { Vec::new() } else { self.tuple_items(names).to_vec() };
        let given = self.stack.len() - first - keyword_names.len();
        let total = given + keyword_names.len();
        let least = required.min(pos_only);
        let called = self.parser_name(def, start);
        let wrong = if total > params.len() {
            let kind = if given == 0 { "keyword " } else { "" };
            Some(format!("at most {} {kind}argument{} ({total} given)", params.len(), plural(params.len())))
        } else if given > positional {
            let word = if least < positional { "at most" } else { "exactly" };
            Some(match positional {
                0 => "no positional arguments".to_string(),
                _ => format!("{word} {positional} positional argument{} ({given} given)", plural(positional)),
            })
        } else if given < least {
            let word = if least < positional { "at least" } else { "exactly" };
            Some(format!("{word} {least} positional argument{} ({given} given)", plural(least)))
        } else {
            None
        };
        if let Some(text) = wrong {
            return Err(self.type_error(format!("{called}() takes {text}")));
        }
        let keywords_at = first + given;
        let values = self.stack.split_off(keywords_at);
        self.stack.resize(first + params.len(), Ref::NULL);
        let mut problem = None;
        for (&name, &value) in keyword_names.iter().zip(&values) {
            let text = self.show(name);
            match params.iter().position(|&param| param == text).filter(|&at| at >= pos_only) {
                Some(at) if self.stack[first + at].is_null() => self.stack[first + at] = value,
                Some(at) => {
                    if !borrowed {
                        self.release_ref(value);
                    }
                    problem.get_or_insert(format!(
                        "argument for {called}() given by name ('{text}') and position ({})",
                        at + 1
                    ));
                }
                None => {
                    if !borrowed {
                        self.release_ref(value);
                    }
                    problem.get_or_insert(self.profile.native_keyword_error.text(&called, &text));
                }
            }
        }
        match problem {
            Some(text) => Err(self.type_error(text)),
            None => Ok(()),
        }
    }

    /// How messages about parsed arguments call a native function: `__init__` by the name of its class.
    fn parser_name(&self, def: &NativeDef, start: usize) -> String {
        match self.stack.get(start) {
            Some(&receiver) if def.role == Role::Slot && def.name == "__init__" => {
                self.solid_base_name(self.heap.class_of(receiver))
            }
            _ => def.name.to_string(),
        }
    }

    /// How messages call a native function: `list.append()` for methods, `sys.intern()` for functions.
    fn native_name(&self, def: &NativeDef, callable: Ref, start: usize) -> String {
        // A descriptor is called by the class that it belongs to, a bound method by its receiver's.
        let owner = self.heap.get::<NativeBody>(callable).map_or(Ref::NULL, |body| body.owner);
        if def.role == Role::Method && self.profile.native_errors_name_class && !owner.is_null() {
            return format!("{}.{}()", self.type_name(owner), def.name);
        }
        match def.role {
            Role::Method if self.profile.native_errors_name_class => match self.stack.get(start) {
                Some(&receiver) => format!("{}.{}()", self.class_name(receiver), def.name),
                None => format!("{}()", def.name),
            },
            Role::ClassMethod if self.profile.native_errors_name_class => match self.stack.get(start) {
                Some(&class) => format!("{}.{}()", self.type_name(class), def.name),
                None => format!("{}()", def.name),
            },
            Role::Slot => format!("wrapper {}()", def.name),
            Role::Function if self.profile.native_functions_named_with_module => {
                let module = self.heap.get::<NativeBody>(callable).map_or(Ref::NULL, |body| body.owner);
                match self.heap.text(module).map(|text| text.to_string_lossy()).as_deref() {
                    None | Some("builtins") => format!("{}()", def.name),
                    Some(module) => format!("{module}.{}()", def.name),
                }
            }
            Role::Method | Role::Function | Role::ClassMethod | Role::StaticMethod | Role::New => {
                format!("{}()", def.name)
            }
        }
    }

    /// Some slots unpack their arguments under an empty name, which leaves a space before the message.
    fn unpacks_arguments(&self, def: &NativeDef, start: usize) -> bool {
        match def.name {
            "__setitem__" | "__setattr__" | "__set__" => true,
            "__mul__" | "__rmul__" | "__imul__" => self.stack.get(start).is_some_and(|&receiver| {
                use crate::heap::Layout::{BigInt, Complex, Float, Int};
                !matches!(self.heap.layout(receiver), Int | BigInt | Float | Complex)
            }),
            _ => false,
        }
    }

    #[cold]
    fn native_count_error(
        &mut self,
        def: &NativeDef,
        callable: Ref,
        start: usize,
        count: usize,
        least: usize,
        most: usize,
    ) -> super::Stop {
        let text = if def.role == Role::Slot {
            let start_text = match self.unpacks_arguments(def, start) {
                false => String::new(),
                true if !self.profile.container_texts_reworded => " ".to_string(),
                true if def.name.ends_with("mul__") => String::new(),
                true => format!("{} ", def.name),
            };
            format!("{start_text}expected {least} argument{}, got {count}", plural(least))
        } else if least == most && most == 0 {
            format!("{} takes no arguments ({count} given)", self.native_name(def, callable, start))
        } else if least == most && most == 1 {
            format!("{} takes exactly one argument ({count} given)", self.native_name(def, callable, start))
        } else {
            let (word, bound) = if least == most {
                ("", least)
            } else if count < least {
                ("at least ", least)
            } else {
                ("at most ", most)
            };
            format!("{} expected {word}{bound} argument{}, got {count}", def.name, if bound == 1 { "" } else { "s" })
        };
        self.type_error(text)
    }

    // ---- object() ---------------------------------------------------------------------------------------------

    fn native_called(&self, object: Ref) -> Option<&'static NativeDef> {
        self.heap.get::<NativeBody>(object).and_then(|body| body.def)
    }

    /// Whether this is `object.__new__`.
    pub fn is_object_new(&self, new: Ref) -> bool {
        self.native_called(new).is_some_and(|def| std::ptr::eq(def, &raw const crate::object::object::NEW))
    }

    /// Whether this is `object.__init__`.
    pub fn is_object_init(&self, init: Ref) -> bool {
        self.native_called(init).is_some_and(|def| std::ptr::eq(def, &raw const crate::object::object::INIT))
    }

    /// `object.__new__` refuses arguments that nothing takes.
    pub(super) fn check_object_args(&mut self, class: Ref, init: Ref) -> Res<()> {
        if !init.is_null() && !self.is_object_init(init) {
            return Ok(());
        }
        let text = format!("{}() takes no arguments", self.type_name(class));
        Err(self.type_error(text))
    }

    /// A class with abstract methods has no instances.
    #[cold]
    pub(super) fn abstract_error(&mut self, class: Ref) -> super::Stop {
        let methods = match self.lookup(class, self.names.abstractmethods) {
            Some(names) => self.sorted_texts(names),
            None => Vec::new(),
        };
        let text = self.profile.abstract_error.text(&self.type_name(class), &methods);
        self.type_error(text)
    }

    /// The built-in type that decides the layout of a class.
    pub(super) fn solid_base_name(&self, class: Ref) -> String {
        let mut at = class;
        while let Some(body) = self.heap.get::<TypeBody>(at) {
            if !body.heap || body.base.is_null() {
                break;
            }
            at = body.base;
        }
        self.type_name(at)
    }

    /// OverflowError for a number that does not fit.
    #[cold]
    pub fn overflow(&mut self, text: &str) -> super::Stop {
        self.raise(Ty::OverflowError, text)
    }
}
