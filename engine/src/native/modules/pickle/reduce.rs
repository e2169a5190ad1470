//! Saving what `__reduce__` gives: a function, its arguments, and what to do with the object then.

use super::opcode as op;
use super::save::{BATCH, Saver};
use super::{error, full_name, note};
use crate::heap::{Layout, Owned, Ref};
use crate::vm::{Res, Stop, Vm};

/// How an object is made.
enum How {
    /// By calling something.
    Call,
    /// By `cls.__new__(cls, *args)`.
    New,
    /// By `cls.__new__(cls, *args, **keywords)`.
    NewKeywords,
}

impl Saver {
    /// Saves a reduced object. `object` is NULL if nobody will ask for it again.
    ///
    /// # Errors
    /// PicklingError for what is no description; whatever saving the parts raises.
    pub(super) fn save_reduce(&mut self, vm: &mut Vm, value: Ref, object: Ref) -> Res<()> {
        let parts = vm.tuple_items(value).to_vec();
        if parts.len() < 2 || parts.len() > 6 {
            let text = "tuple returned by __reduce__ must contain 2 through 6 elements";
            return Err(error(vm, "PicklingError", text));
        }
        let none = vm.single.none;
        let part = |at: usize| parts.get(at).copied().filter(|&part| part != none);
        let (callable, arguments) = (parts[0], parts[1]);
        let (state, list, dict, setter) = (part(2), part(3), part(4), part(5));
        self.check(vm, callable, arguments, list, dict, setter)?;
        let how = self.how(vm, callable)?;
        match how {
            How::Call => {
                self.part(vm, callable, object, "reconstructor")?;
                self.part(vm, arguments, object, "reconstructor arguments")?;
                self.out.op(op::REDUCE);
            }
            How::New => self.save_new(vm, arguments, object)?,
            How::NewKeywords => self.save_new_keywords(vm, arguments, object)?,
        }
        if !object.is_null() {
            // An object that is in the memo by now was made from itself.
            if self.memo.contains_key(&object) {
                self.out.op(op::POP);
                self.recall(object);
                return Ok(());
            }
            self.memoize(vm, object);
        }
        if let Some(list) = list {
            self.save_items(vm, list, object)?;
        }
        if let Some(dict) = dict {
            self.save_pairs(vm, dict, object)?;
        }
        if let Some(state) = state {
            match setter {
                None => {
                    self.part(vm, state, object, "state")?;
                    self.out.op(op::BUILD);
                }
                Some(setter) => {
                    self.part(vm, setter, object, "state setter")?;
                    self.save(vm, object)?;
                    self.part(vm, state, object, "state")?;
                    self.out.put(&[op::TUPLE2]);
                    self.out.op(op::REDUCE);
                    self.out.op(op::POP);
                }
            }
        }
        Ok(())
    }

    fn part(&mut self, vm: &mut Vm, part: Ref, object: Ref, what: &str) -> Res<()> {
        match self.save(vm, part) {
            Err(stop) if !object.is_null() => Err(note(vm, stop, object, what)),
            other => other,
        }
    }

    fn check(
        &self,
        vm: &mut Vm,
        callable: Ref,
        arguments: Ref,
        list: Option<Ref>,
        dict: Option<Ref>,
        setter: Option<Ref>,
    ) -> Res<()> {
        let details = vm.profile.pickle_texts.detailed();
        if !callable_object(vm, callable) {
            return Err(wrong(vm, "first item of the tuple returned by __reduce__ must be callable", callable));
        }
        if vm.heap.layout(arguments) != Layout::Tuple {
            return Err(wrong(vm, "second item of the tuple returned by __reduce__ must be a tuple", arguments));
        }
        for (part, which) in [(list, "fourth"), (dict, "fifth")] {
            if let Some(part) = part
                && !is_iterator(vm, part)
            {
                let what = if details { "item" } else { "element" };
                let name = if details { full_name(vm, part) } else { vm.class_name(part) };
                let text =
                    format!("{which} {what} of the tuple returned by __reduce__ must be an iterator, not {name}");
                return Err(error(vm, "PicklingError", text));
            }
        }
        if let Some(setter) = setter
            && !callable_object(vm, setter)
        {
            let text = if details {
                let name = full_name(vm, setter);
                format!("sixth item of the tuple returned by __reduce__ must be callable, not {name}")
            } else {
                let name = vm.class_name(setter);
                format!("sixth element of the tuple returned by __reduce__ must be a function, not {name}")
            };
            return Err(error(vm, "PicklingError", text));
        }
        Ok(())
    }

    fn how(&self, vm: &mut Vm, callable: Ref) -> Res<How> {
        if self.proto < 2 {
            return Ok(How::Call);
        }
        let name = vm.names.name;
        let Some(name) = vm.find_attr(callable, name)? else { return Ok(How::Call) };
        let how = match vm.heap.text(name.get()) {
            Some(text) if text.is("__newobj__") => How::New,
            Some(text) if text.is("__newobj_ex__") => How::NewKeywords,
            _ => How::Call,
        };
        vm.release(name);
        Ok(how)
    }

    fn save_new(&mut self, vm: &mut Vm, arguments: Ref, object: Ref) -> Res<()> {
        let details = vm.profile.pickle_texts.detailed();
        let items = vm.tuple_items(arguments).to_vec();
        let Some((&class, rest)) = items.split_first() else {
            let text =
                if details { "__newobj__ expected at least 1 argument, got 0" } else { "__newobj__ arglist is empty" };
            return Err(error(vm, "PicklingError", text));
        };
        if vm.heap.layout(class) != Layout::Type {
            let text = if details {
                format!("first argument to __newobj__() must be a class, not {}", full_name(vm, class))
            } else {
                "args[0] from __newobj__ args is not a type".to_string()
            };
            return Err(error(vm, "PicklingError", text));
        }
        if !object.is_null() {
            let name = vm.names.class;
            let own = vm.get_attr(object, name)?;
            let same = own.get() == class;
            let shown = if same || !details { None } else { Some((vm.repr(own.get()), vm.repr(class))) };
            vm.release(own);
            if !same {
                let text = match shown {
                    Some((own, class)) => format!(
                        "first argument to __newobj__() must be {}, not {}",
                        own?.to_string_lossy(),
                        class?.to_string_lossy()
                    ),
                    None => "args[0] from __newobj__ args has the wrong class".to_string(),
                };
                return Err(error(vm, "PicklingError", text));
            }
        }
        self.part(vm, class, object, "class")?;
        let rest = vm.tuple_of(rest);
        let result = self.part(vm, rest.get(), object, "__new__ arguments");
        vm.release(rest);
        result?;
        self.out.op(op::NEWOBJ);
        Ok(())
    }

    fn save_new_keywords(&mut self, vm: &mut Vm, arguments: Ref, object: Ref) -> Res<()> {
        let details = vm.profile.pickle_texts.detailed();
        let items = vm.tuple_items(arguments).to_vec();
        let &[class, positional, keywords] = &items[..] else {
            let text = if details {
                format!("__newobj_ex__ expected 3 arguments, got {}", items.len())
            } else {
                format!("length of the NEWOBJ_EX argument tuple must be exactly 3, not {}", items.len())
            };
            return Err(error(vm, "PicklingError", text));
        };
        for (part, layout, which, what) in [
            (class, Layout::Type, "first", "class"),
            (positional, Layout::Tuple, "second", "tuple"),
            (keywords, Layout::Dict, "third", "dict"),
        ] {
            if vm.heap.layout(part) != layout {
                let text = if details {
                    format!("{which} argument to __newobj_ex__() must be a {what}, not {}", full_name(vm, part))
                } else {
                    format!("{which} item from NEWOBJ_EX argument tuple must be a {what}, not {}", vm.class_name(part))
                };
                return Err(error(vm, "PicklingError", text));
            }
        }
        if self.proto >= 4 {
            self.part(vm, class, object, "class")?;
            self.part(vm, positional, object, "__new__ arguments")?;
            self.part(vm, keywords, object, "__new__ arguments")?;
            self.out.op(op::NEWOBJ_EX);
            return Ok(());
        }
        // Before protocol 4 a `partial` carries the keywords.
        vm.scoped(|vm| {
            let partial = super::attribute_of(vm, "functools", "partial")?;
            let partial = vm.hold(partial);
            let new = vm.get_attr_str(class, "__new__")?;
            let mut given = vec![vm.hold(new), class];
            given.extend_from_slice(vm.tuple_items(positional));
            let (names, values): (Vec<Ref>, Vec<Ref>) = vm.dict_items(keywords).into_iter().unzip();
            given.extend(values);
            let names = vm.tuple_of(&names);
            let names = vm.hold(names);
            let callable = vm.call_keywords(partial, Ref::NULL, &given, names)?;
            let callable = vm.hold(callable);
            self.part(vm, callable, object, "reconstructor")?;
            let nothing = vm.single.empty_tuple;
            self.part(vm, nothing, object, "reconstructor arguments")?;
            self.out.op(op::REDUCE);
            Ok(())
        })
    }

    /// What is appended to the object: one at a time in protocol 0, else in batches.
    fn save_items(&mut self, vm: &mut Vm, iterator: Ref, object: Ref) -> Res<()> {
        let mut at = 0usize;
        self.batches(vm, iterator, op::APPEND, op::APPENDS, &mut |saver, vm, item| {
            let result = match saver.save(vm, item) {
                Err(stop) if !object.is_null() => Err(note(vm, stop, object, &format!("item {at}"))),
                other => other,
            };
            at += 1;
            result
        })
    }

    /// What is set in the object.
    fn save_pairs(&mut self, vm: &mut Vm, iterator: Ref, object: Ref) -> Res<()> {
        self.batches(vm, iterator, op::SETITEM, op::SETITEMS, &mut |saver, vm, item| {
            let pair = vm.tuple_items(item).to_vec();
            let &[key, value] = &pair[..] else {
                return Err(vm.type_error("dict items iterator must return 2-tuples"));
            };
            if object.is_null() {
                saver.save(vm, key)?;
                return saver.save(vm, value);
            }
            saver.save_pair(vm, object, key, value)
        })
    }

    fn batches(
        &mut self,
        vm: &mut Vm,
        iterator: Ref,
        one: u8,
        many: u8,
        save: &mut dyn FnMut(&mut Saver, &mut Vm, Ref) -> Res<()>,
    ) -> Res<()> {
        let mut save_owned = |saver: &mut Saver, vm: &mut Vm, item: Owned| {
            let result = save(saver, vm, item.get());
            vm.release(item);
            result
        };
        if !self.binary() {
            while let Some(item) = vm.next(iterator)? {
                save_owned(self, vm, item)?;
                self.out.op(one);
            }
            return Ok(());
        }
        loop {
            let Some(first) = vm.next(iterator)? else { return Ok(()) };
            let second = match vm.next(iterator) {
                Ok(Some(second)) => second,
                Ok(None) => {
                    save_owned(self, vm, first)?;
                    self.out.op(one);
                    return Ok(());
                }
                Err(stop) => {
                    vm.release(first);
                    return Err(stop);
                }
            };
            self.out.op(op::MARK);
            let mut done = 1;
            if let Err(stop) = save_owned(self, vm, first) {
                vm.release(second);
                return Err(stop);
            }
            let mut next = Some(second);
            while let Some(item) = next.take() {
                save_owned(self, vm, item)?;
                done += 1;
                if done == BATCH {
                    break;
                }
                next = vm.next(iterator)?;
            }
            self.out.op(many);
            if done < BATCH {
                return Ok(());
            }
        }
    }
}

/// `callable(object)`
pub(super) fn callable_object(vm: &mut Vm, object: Ref) -> bool {
    let (class, name) = (vm.heap.class_of(object), vm.names.call);
    vm.lookup(class, name).is_some()
}

fn is_iterator(vm: &mut Vm, object: Ref) -> bool {
    let (class, name) = (vm.heap.class_of(object), vm.names.next);
    vm.lookup(class, name).is_some()
}

/// An error that names the wrong type where the version does.
#[cold]
fn wrong(vm: &mut Vm, text: &str, got: Ref) -> Stop {
    let text = if vm.profile.pickle_texts.detailed() {
        format!("{text}, not {}", full_name(vm, got))
    } else {
        text.to_string()
    };
    error(vm, "PicklingError", text)
}
