//! Instructions of statements: `with`, `import`, `except`, `match`, and the compiler's own operations.

use super::{Res, Stop, Ty, Vm};
use crate::code::{ExitForm, Intrinsic};
use crate::heap::{ExceptionBody, Layout, Owned, Ref};
use crate::rules::WithErrorText;

impl Vm {
    // ---- except -----------------------------------------------------------------------------------------------

    /// Whether an exception is caught by `except class`, a class or a tuple of classes.
    pub(super) fn exception_matches(&mut self, exception: Ref, class: Ref) -> Res<bool> {
        let base = self.class(Ty::BaseException);
        let classes =
            if self.heap.layout(class) == Layout::Tuple { self.tuple_items(class).to_vec() } else { vec![class] };
        for &candidate in &classes {
            let ok = self.heap.layout(candidate) == Layout::Type && self.is_subclass(candidate, base);
            if !ok {
                return Err(self.type_error("catching classes that do not inherit from BaseException is not allowed"));
            }
        }
        Ok(classes.iter().any(|&candidate| self.is_instance_of(exception, candidate)))
    }

    /// `exc type -- rest match`: splits an exception for `except*`.
    pub(super) fn match_exception_group(&mut self) -> Res<()> {
        let (exception, class) = (self.peek(1), self.peek(0));
        if exception == self.single.none {
            self.drop_operands(1);
            let none = self.none();
            self.push(none);
            return Ok(());
        }
        let group = self.class(Ty::BaseExceptionGroup);
        let matches = self.exception_matches(exception, class)?;
        let classes =
            if self.heap.layout(class) == Layout::Tuple { self.tuple_items(class).to_vec() } else { vec![class] };
        if classes.into_iter().any(|class| self.is_subclass(class, group)) {
            let text = "catching ExceptionGroup with except* is not allowed. Use except instead.";
            return Err(self.type_error(text));
        }
        let (rest, matched) = if self.is_instance_of(exception, group) {
            let class = self.share(class);
            let pair = {
                let name = self.intern_str("split");
                let result = self.call_method(exception, name.get(), &[class.get()]);
                self.release(name);
                result
            };
            self.release(class);
            let pair = pair?;
            let (matched, rest) = match self.tuple_items(pair.get()) {
                &[matched, rest] => (matched, rest),
                _ => (self.single.none, self.single.none),
            };
            let (matched, rest) = (self.share(matched), self.share(rest));
            self.release(pair);
            (rest, matched)
        } else if matches {
            // A plain exception is caught as a group of one.
            let text = self.new_str("");
            let items = self.tuple_of(&[exception]);
            let made = self.call(group, &[text.get(), items.get()]);
            self.release(text);
            self.release(items);
            (self.none(), made?)
        } else {
            (self.share(exception), self.none())
        };
        self.drop_operands(2);
        self.push(rest);
        if matched.get() != self.single.none {
            // A bare `raise` in the clause raises this part again.
            let handled = self.share(matched.get()).into_ref();
            let old = self.handled.last_mut().map(|place| std::mem::replace(place, handled));
            self.release_all(old);
        }
        self.push(matched);
        Ok(())
    }

    // ---- with -------------------------------------------------------------------------------------------------

    /// `manager -- exit entered`
    pub(super) fn enter_with(&mut self, asynchronous: bool, form: ExitForm) -> Res<()> {
        let manager = self.peek(0);
        let class = self.heap.class_of(manager);
        let (enter_name, exit_name) =
            if asynchronous { (self.names.aenter, self.names.aexit) } else { (self.names.enter, self.names.exit) };
        let (enter, exit) = (self.lookup(class, enter_name), self.lookup(class, exit_name));
        let (Some(enter), Some(exit)) = (enter, exit) else {
            return Err(self.no_context_manager(class, asynchronous));
        };
        if form == ExitForm::WithReceiver {
            return self.enter_with_receiver(exit, asynchronous);
        }
        // What binds itself may change the class: `enter` is bound first, and `exit` is looked up after it.
        let enter = self.bind(enter, manager, class)?;
        let exit = match self.lookup(class, exit_name) {
            Some(exit) => self.bind(exit, manager, class),
            None => Err(self.no_context_manager(class, asynchronous)),
        };
        let exit = match exit {
            Ok(exit) => exit,
            Err(stop) => {
                self.release(enter);
                return Err(stop);
            }
        };
        // The exit takes the manager's place.
        let at = self.stack.len() - 1;
        let manager = std::mem::replace(&mut self.stack[at], exit.into_ref());
        self.release_maybe(manager);
        let entered = self.call(enter.get(), &[]);
        self.release(enter);
        let entered = entered?;
        self.push(entered);
        Ok(())
    }

    /// `manager -- exit receiver entered`, where what binds by itself has no receiver.
    fn enter_with_receiver(&mut self, exit: Ref, asynchronous: bool) -> Res<()> {
        let at = self.stack.len() - 1;
        // The manager above is the receiver of `enter`.
        let manager = self.peek(0);
        self.heap.inc(manager);
        self.stack.push(manager);
        let (exit, receiver) = self.special_of(exit, manager)?;
        if let Some(manager) = self.stack.get_mut(at).map(|place| std::mem::replace(place, exit.into_ref())) {
            self.stack.insert(at + 1, if receiver { manager } else { Ref::NULL });
            if !receiver {
                self.release_maybe(manager);
            }
        }
        // Looked up only now: what `exit` did to bind itself may have changed the class.
        let class = self.heap.class_of(manager);
        let Some(enter) = self.lookup(class, if asynchronous { self.names.aenter } else { self.names.enter }) else {
            return Err(self.no_context_manager(class, asynchronous));
        };
        let (enter, receiver) = self.special_of(enter, manager)?;
        let manager = self.pop();
        self.push(enter);
        if receiver {
            self.stack.push(manager);
        } else {
            self.release_maybe(manager);
            self.stack.push(Ref::NULL);
        }
        let entered = self.run_call(at + 2, Ref::NULL)?;
        self.push(entered);
        Ok(())
    }

    /// What a special method of the class gives for this object, and whether it takes the object as its receiver.
    fn special_of(&mut self, method: Ref, object: Ref) -> Res<(Owned, bool)> {
        if self.takes_receiver(method) {
            return Ok((self.share(method), true));
        }
        let class = self.heap.class_of(object);
        Ok((self.bind(method, object, class)?, false))
    }

    /// A function that `object.name` would bind as a method of the object.
    fn takes_receiver(&self, found: Ref) -> bool {
        match self.heap.layout(found) {
            Layout::Function => true,
            Layout::Native => self.is_exact(found, Ty::MethodDescriptor) || self.is_exact(found, Ty::SlotWrapper),
            _ => false,
        }
    }

    /// The error for a class without one of the methods that `with` needs.
    fn no_context_manager(&mut self, class: Ref, asynchronous: bool) -> Stop {
        let names = [(self.names.enter, self.names.exit), (self.names.aenter, self.names.aexit)];
        let protocols = ["context manager", "asynchronous context manager"];
        let here = usize::from(asynchronous);
        let (enter, exit) = names[here];
        let (has_enter, has_exit) = (self.lookup(class, enter).is_some(), self.lookup(class, exit).is_some());
        let exit_first = match self.profile.with_error {
            WithErrorText::LooksUpAexitFirst => asynchronous,
            WithErrorText::Attribute | WithErrorText::Protocol => false,
            WithErrorText::Suggests => true,
        };
        let missing = if !has_exit && (exit_first || has_enter) { exit } else { enter };
        let missing = self.show(missing);
        let mut text = format!("'{}' object does not support the {} protocol", self.type_name(class), protocols[here]);
        match self.profile.with_error {
            WithErrorText::LooksUpAexitFirst | WithErrorText::Attribute => {
                return self.raise(Ty::AttributeError, missing);
            }
            WithErrorText::Protocol if has_enter => text.push_str(&format!(" (missed {missing} method)")),
            WithErrorText::Protocol => {}
            WithErrorText::Suggests => {
                text.push_str(&format!(" (missed {missing} method)"));
                let (enter, exit) = names[1 - here];
                if self.lookup(class, enter).is_some() && self.lookup(class, exit).is_some() {
                    let word = ["with", "async with"][1 - here];
                    text.push_str(&format!(
                        " but it supports the {} protocol. Did you mean to use '{word}'?",
                        protocols[1 - here]
                    ));
                }
            }
        }
        self.type_error(text)
    }

    /// `exit previous exc -- exit previous exc result`, where the exit may have its receiver above it.
    pub(super) fn call_exit_with_exception(&mut self, form: ExitForm) -> Res<()> {
        let (receiver, exception) = (self.peek(2), self.peek(0));
        let class = self.heap.class_of(exception);
        let traceback = self.heap.get::<ExceptionBody>(exception).and_then(|body| body.traceback.some());
        let traceback = traceback.unwrap_or(self.single.none);
        let result = match form {
            ExitForm::WithReceiver if receiver.is_null() => self.call(self.peek(3), &[class, exception, traceback]),
            ExitForm::WithReceiver => self.call(self.peek(3), &[receiver, class, exception, traceback]),
            ExitForm::Bound => self.call(receiver, &[class, exception, traceback]),
        }?;
        self.push(result);
        if !self.profile.exit_swallows {
            self.drop_operands(1);
            let no = self.bool(false);
            self.push(no);
        }
        Ok(())
    }

    // ---- super ------------------------------------------------------------------------------------------------

    /// `super class self -- value`, or `… -- function self` for a method that is called at once. What the program has
    /// put in the place of `super` gets the arguments only if they are written (`given`).
    pub(super) fn load_super(&mut self, name: Ref, given: bool, method: bool) -> Res<()> {
        let (callable, class, this) = (self.peek(2), self.peek(1), self.peek(0));
        let made = if given || callable == self.class(Ty::Super) {
            self.call(callable, &[class, this])
        } else {
            self.call(callable, &[])
        };
        // From here on only the super object refers to the receiver.
        self.drop_operands(3);
        let made = made?;
        let result = self.get_attr(made.get(), name);
        self.release(made);
        let result = result?;
        self.push(result);
        if method {
            self.stack.push(Ref::NULL);
        }
        Ok(())
    }

    /// `object -- function self | value null`
    pub(super) fn load_method(&mut self, name: Ref) -> Res<()> {
        let object = self.peek(0);
        if let Some(function) = self.method_known(object, name) {
            self.heap.inc(function);
            let top = self.stack.len() - 1;
            self.stack[top] = function;
            self.stack.push(object);
            return Ok(());
        }
        if let Some(function) = self.find_method(object, name)? {
            self.learn_method(object, name, function);
            // The receiver moves up; no method object is made.
            self.heap.inc(function);
            let top = self.stack.len() - 1;
            self.stack[top] = function;
            self.stack.push(object);
            return Ok(());
        }
        let value = self.get_attr(object, name);
        self.drop_operands(1);
        let value = value?;
        self.push(value);
        self.stack.push(Ref::NULL);
        Ok(())
    }

    /// A function of the class that `object.name` would bind, if nothing else comes first.
    fn find_method(&mut self, object: Ref, name: Ref) -> Res<Option<Ref>> {
        if matches!(
            self.heap.layout(object),
            Layout::Type | Layout::Super | Layout::Module | Layout::Alias | Layout::WeakRef
        ) {
            return Ok(None);
        }
        let kind = self.heap.kind_of(object);
        if !self.is_builtin_instance(object) {
            let traits = self.traits(kind);
            if !traits.getattribute.is_null() {
                return Ok(None);
            }
        }
        let class = self.heap.kind(kind).class;
        let Some(found) = self.lookup(class, name) else { return Ok(None) };
        if !self.takes_receiver(found) || self.own_attr(object, name).is_some() {
            return Ok(None);
        }
        Ok(Some(found))
    }

    // ---- import -----------------------------------------------------------------------------------------------

    /// `level fromlist -- module`
    pub(super) fn import_statement(&mut self, name: Ref) -> Res<()> {
        let (level, from_list) = (self.peek(1), self.peek(0));
        let globals = self.frame.globals;
        let builtins = self.frame.builtins;
        let import_name = self.names.import;
        let Some(import) = self.dict_get_text(builtins, import_name) else {
            return Err(self.raise(Ty::ImportError, "__import__ not found"));
        };
        let locals = self.frame.namespace.some().unwrap_or(self.single.none);
        let result = self.call(import, &[name, globals, locals, from_list, level]);
        self.drop_operands(2);
        let module = result?;
        self.push(module);
        Ok(())
    }

    /// `module -- module attribute`
    pub(super) fn import_from(&mut self, name: Ref) -> Res<()> {
        let module = self.peek(0);
        if let Some(value) = self.find_attr(module, name)? {
            self.push(value);
            return Ok(());
        }
        // A submodule that is being imported is found by its full name.
        let package = match self.find_attr(module, self.names.name)? {
            Some(package) => {
                let text = self.show(package.get());
                self.release(package);
                text
            }
            None => "<unknown module name>".to_string(),
        };
        let full = self.new_str(&format!("{package}.{}", self.show(name)));
        let found = self.dict_get_text(self.modules, full.get());
        self.release(full);
        if let Some(found) = found {
            let found = self.share(found);
            self.push(found);
            return Ok(());
        }
        let text = format!("cannot import name '{}' from '{package}' (unknown location)", self.show(name));
        let message = self.new_str(&text);
        let package = self.new_str(&package);
        let exception = self.new_exception(Ty::ImportError, vec![message]);
        let named = exception.get();
        use crate::object::exception::{args_of, set_part};
        let none = self.single.none;
        let message = args_of(self, named).first().copied().unwrap_or(none);
        for (part, value) in [("msg", message), ("name", package.get()), ("path", none), ("name_from", name)] {
            set_part(self, named, part, value);
        }
        self.release(package);
        Err(self.raise_object(exception))
    }

    // ---- the compiler's own -----------------------------------------------------------------------------------

    pub(super) fn intrinsic(&mut self, which: Intrinsic) -> Res<()> {
        match which {
            Intrinsic::Print => {
                let value = Owned::adopt(self.pop());
                let hook = match self.sys_attribute(self.names.displayhook) {
                    Some(hook) => self.share(hook),
                    None => {
                        self.release(value);
                        return Err(self.raise(Ty::RuntimeError, "lost sys.displayhook"));
                    }
                };
                let result = self.call(hook.get(), &[value.get()]);
                self.release(value);
                self.release(hook);
                let result = result?;
                self.release(result);
                Ok(())
            }
            Intrinsic::ImportStar => {
                let module = Owned::adopt(self.pop());
                let result = self.import_star(module.get());
                self.release(module);
                result
            }
            Intrinsic::ListToTuple => {
                let list = self.peek(0);
                let items =
                    self.heap.get::<crate::heap::ListBody>(list).map(|body| body.items.clone()).unwrap_or_default();
                let tuple = self.tuple_of(&items);
                self.drop_operands(1);
                self.push(tuple);
                Ok(())
            }
            // `resume_generator` turns StopIteration into RuntimeError for every generator.
            Intrinsic::StopIterationError => Ok(()),
            Intrinsic::PrepReraiseStar => self.prepare_reraise_star(),
            Intrinsic::AsyncGenWrap => {
                let value = self.pop();
                let wrapped = self.heap.alloc(
                    Ty::AsyncGenWrapped.kind(),
                    crate::heap::RecordBody { parts: vec![value], ..Default::default() },
                );
                self.push(wrapped);
                Ok(())
            }
            Intrinsic::TypeVar => {
                self.make_type_parameter(Ty::TypeVar, false, false);
                Ok(())
            }
            Intrinsic::TypeVarWithBound => {
                self.make_type_parameter(Ty::TypeVar, true, false);
                Ok(())
            }
            Intrinsic::TypeVarWithConstraints => {
                self.make_type_parameter(Ty::TypeVar, true, true);
                Ok(())
            }
            Intrinsic::ParamSpec => {
                self.make_type_parameter(Ty::ParamSpec, false, false);
                Ok(())
            }
            Intrinsic::TypeVarTuple => {
                self.make_type_parameter(Ty::TypeVarTuple, false, false);
                Ok(())
            }
            Intrinsic::SetTypeParamDefault => {
                self.give_type_parameter_default();
                Ok(())
            }
            Intrinsic::SubscriptGeneric => self.subscript_generic(),
            Intrinsic::TypeAlias => {
                self.make_type_alias();
                Ok(())
            }
            Intrinsic::SetFunctionTypeParams => {
                self.give_type_params();
                Ok(())
            }
        }
    }

    fn import_star(&mut self, module: Ref) -> Res<()> {
        let names = match self.find_attr(module, self.names.all)? {
            Some(all) => {
                let names = self.collect(all.get());
                self.release(all);
                names?
            }
            None => {
                let Some(dict) = self.own_dict(module).some() else { return Ok(()) };
                let mut names = Vec::new();
                for (key, _) in self.dict_items(dict) {
                    let skips = self.profile.star_skips_private;
                    let shown = |first: Option<u32>| !skips || first != Some(u32::from('_'));
                    if self.heap.text(key).is_some_and(|text| shown(text.get(0))) {
                        names.push(self.share(key));
                    }
                }
                names
            }
        };
        let mut result = Ok(());
        for name in names {
            if result.is_ok() {
                result = match self.get_attr(module, name.get()) {
                    Ok(value) => self.store_name(name.get(), value),
                    Err(stop) => Err(stop),
                };
            }
            self.release(name);
        }
        result
    }

    /// `origexc excs -- exc`: what is left of an exception after all `except*` clauses.
    fn prepare_reraise_star(&mut self) -> Res<()> {
        let (original, list) = (self.peek(1), self.peek(0));
        let items = self.heap.get::<crate::heap::ListBody>(list).map(|body| body.items.clone()).unwrap_or_default();
        let left: Vec<Ref> = items.into_iter().filter(|&item| item != self.single.none).collect();
        let group = self.class(Ty::BaseExceptionGroup);
        // What is left of the group, or was raised again as it was, keeps the shape that it had.
        let floor = self.stack.len();
        let (mut raised, mut again) = (Vec::new(), Vec::new());
        for item in left {
            let unchanged = self.is_instance_of(original, group)
                && crate::object::exception::group::is_unchanged_part(self, item, original)?;
            if unchanged { again.push(item) } else { raised.push(item) }
        }
        if !again.is_empty() {
            let part = crate::object::exception::group::project(self, original, &again)?;
            raised.push(self.hold(part));
        }
        let result = match &raised[..] {
            [] => self.none(),
            [one] => self.share(*one),
            several => {
                let several = several.to_vec();
                let text = self.new_str("");
                let items = self.list_of(&several);
                let made = self.call(group, &[text.get(), items.get()]);
                self.release(text);
                self.release(items);
                made?
            }
        };
        // What was put under the machine's care meanwhile lies on top.
        self.drop_operands(self.stack.len() - floor + 2);
        self.push(result);
        Ok(())
    }

    // ---- match ------------------------------------------------------------------------------------------------

    pub(super) fn is_match_sequence(&self, subject: Ref) -> bool {
        matches!(self.heap.layout(subject), Layout::List | Layout::Tuple | Layout::Range | Layout::MemoryView)
            || self.is_instance_of(subject, self.class(Ty::Deque))
            || !self.profile.text_matches_no_sequence && self.heap.layout(subject) == Layout::Str
    }

    pub(super) fn is_match_mapping(&self, subject: Ref) -> bool {
        matches!(self.heap.layout(subject), Layout::Dict | Layout::Proxy)
    }

    /// `subject keys -- subject keys values|None`
    pub(super) fn match_keys(&mut self) -> Res<()> {
        let (subject, keys) = (self.peek(1), self.peek(0));
        let keys = self.tuple_items(keys).to_vec();
        let get = self.intern_str("get");
        let missing = {
            let object = self.class(Ty::Object);
            self.call(object, &[])?
        };
        let mut values = Vec::new();
        let mut outcome = Ok(true);
        for (at, &key) in keys.iter().enumerate() {
            for &earlier in &keys[..at] {
                match self.same_or_equal(earlier, key) {
                    Ok(true) => {
                        let text =
                            format!("mapping pattern checks duplicate key ({})", self.repr(key)?.to_string_lossy());
                        outcome = Err(self.value_error(text));
                    }
                    Ok(false) => {}
                    Err(stop) => outcome = Err(stop),
                }
            }
            if outcome.is_err() {
                break;
            }
            match self.call_method(subject, get.get(), &[key, missing.get()]) {
                Ok(value) if value.get() == missing.get() => {
                    self.release(value);
                    outcome = Ok(false);
                    break;
                }
                Ok(value) => values.push(value),
                Err(stop) => {
                    outcome = Err(stop);
                    break;
                }
            }
        }
        self.release(get);
        self.release(missing);
        match outcome {
            Ok(true) => {
                let values = self.new_tuple(values);
                self.push(values);
                Ok(())
            }
            Ok(false) => {
                for value in values {
                    self.release(value);
                }
                let none = self.none();
                self.push(none);
                Ok(())
            }
            Err(stop) => {
                for value in values {
                    self.release(value);
                }
                Err(stop)
            }
        }
    }

    /// `subject class names -- values|None`
    pub(super) fn match_class(&mut self, positional: usize) -> Res<()> {
        let (subject, class, names) = (self.peek(2), self.peek(1), self.peek(0));
        let values = self.match_class_values(subject, class, names, positional);
        self.drop_operands(3);
        match values? {
            Some(values) => {
                let values = self.new_tuple(values);
                self.push(values);
            }
            None => {
                let none = self.none();
                self.push(none);
            }
        }
        Ok(())
    }

    fn match_class_values(
        &mut self,
        subject: Ref,
        class: Ref,
        names: Ref,
        positional: usize,
    ) -> Res<Option<Vec<Owned>>> {
        if self.heap.layout(class) != Layout::Type {
            return Err(self.type_error("called match pattern must be a class"));
        }
        if !self.is_instance(subject, class)? {
            return Ok(None);
        }
        let mut wanted: Vec<Owned> = Vec::new();
        let mut values = Vec::new();
        if positional > 0 {
            match self.find_attr(class, self.names.match_args)? {
                Some(args) => {
                    let items = self.tuple_items(args.get()).to_vec();
                    let is_tuple = self.is_exact(args.get(), Ty::Tuple);
                    let shared: Vec<Owned> = items.iter().take(positional).map(|&item| self.share(item)).collect();
                    wanted.extend(shared);
                    self.release(args);
                    if !is_tuple || items.len() < positional {
                        self.release_list(wanted);
                        let text = if is_tuple {
                            format!(
                                "{}() accepts {} positional sub-pattern{} ({positional} given)",
                                self.type_name(class),
                                items.len(),
                                if items.len() == 1 { "" } else { "s" }
                            )
                        } else {
                            format!("{}.__match_args__ must be a tuple", self.type_name(class))
                        };
                        return Err(self.type_error(text));
                    }
                }
                None if self.matches_itself(class) && positional == 1 => values.push(self.share(subject)),
                None => {
                    let allowed = usize::from(self.matches_itself(class));
                    let text = format!(
                        "{}() accepts {allowed} positional sub-pattern{} ({positional} given)",
                        self.type_name(class),
                        if allowed == 1 { "" } else { "s" }
                    );
                    return Err(self.type_error(text));
                }
            }
        }
        for name in self.tuple_items(names).to_vec() {
            wanted.push(self.share(name));
        }
        let mut outcome: Res<bool> = Ok(true);
        for name in &wanted {
            match self.find_attr(subject, name.get()) {
                Ok(Some(value)) => values.push(value),
                Ok(None) => {
                    outcome = Ok(false);
                    break;
                }
                Err(stop) => {
                    outcome = Err(stop);
                    break;
                }
            }
        }
        self.release_list(wanted);
        match outcome {
            Ok(true) => Ok(Some(values)),
            Ok(false) => {
                self.release_list(values);
                Ok(None)
            }
            Err(stop) => {
                self.release_list(values);
                Err(stop)
            }
        }
    }

    /// Releases a list of owned references, in order.
    pub fn release_list(&mut self, list: Vec<Owned>) {
        for item in list {
            self.release(item);
        }
    }

    /// Built-in classes whose single positional sub-pattern is the subject itself.
    fn matches_itself(&self, class: Ref) -> bool {
        [
            Ty::Bool,
            Ty::ByteArray,
            Ty::Bytes,
            Ty::Dict,
            Ty::Float,
            Ty::FrozenSet,
            Ty::Int,
            Ty::List,
            Ty::Set,
            Ty::Str,
            Ty::Tuple,
        ]
        .iter()
        .any(|&ty| self.is_subclass(class, self.class(ty)))
    }

    /// NotImplementedError for a part of the language that this engine does not run.
    #[cold]
    pub fn unavailable(&mut self, what: &str) -> Stop {
        self.raise(Ty::NotImplementedError, format!("the reference engine does not run {what}"))
    }
}
