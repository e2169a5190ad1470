//! Imports: native modules, the project's own sources, and the modules that the session was given.

use super::{Res, Ty, Vm};
use crate::code::{CompileMode, Unit, compile_source};
use crate::heap::{Owned, Ref};
use crate::session::FoundModule;
use std::rc::Rc;

impl Vm {
    /// `__import__(name, globals, locals, fromlist, level)`
    ///
    /// # Errors
    /// ImportError; whatever the module raises.
    pub fn import(&mut self, name: &str, globals: Ref, from_list: Ref, level: i64) -> Res<Owned> {
        let full = if level > 0 { self.resolve_relative(name, globals, level)? } else { name.to_string() };
        if full.is_empty() {
            return Err(self.value_error("Empty module name"));
        }
        let mut path = String::new();
        let mut first = None;
        let mut last = self.single.none;
        for part in full.split('.') {
            let parent = path.clone();
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(part);
            let module = self.import_one(&path, &full)?;
            let module = self.hold(module);
            if !parent.is_empty() {
                let name = self.intern_str(part);
                let result = self.set_attr(last, name.get(), module);
                self.release(name);
                result?;
            }
            first.get_or_insert(module);
            last = module;
        }
        if from_list.is_null() {
            return Ok(self.share(first.unwrap_or(last)));
        }
        // `from package import submodule` imports the submodule.
        let dict = self.own_dict(last);
        if !dict.is_null() && self.dict_get_text(dict, self.names.path).is_some() {
            for item in self.collect(from_list)? {
                let text = self.show(item.get());
                let known = self.find_attr(last, item.get())?;
                self.release(item);
                match known {
                    Some(known) => self.release(known),
                    None if self.module_exists(&format!("{full}.{text}")) => {
                        let submodule = self.import_one(&format!("{full}.{text}"), &full)?;
                        let name = self.intern_str(&text);
                        let result = self.set_attr(last, name.get(), submodule.get());
                        self.release(name);
                        self.release(submodule);
                        result?;
                    }
                    None => {}
                }
            }
        }
        Ok(self.share(last))
    }

    fn resolve_relative(&mut self, name: &str, globals: Ref, level: i64) -> Res<String> {
        let package = match globals.some().and_then(|dict| self.dict_get_text(dict, self.names.package)) {
            Some(package) if package != self.single.none => self.show(package),
            _ => String::new(),
        };
        if package.is_empty() {
            return Err(self.raise(Ty::ImportError, "attempted relative import with no known parent package"));
        }
        let mut parts: Vec<&str> = package.split('.').collect();
        for _ in 1..level {
            if parts.pop().is_none() || parts.is_empty() {
                return Err(self.raise(Ty::ImportError, "attempted relative import beyond top-level package"));
            }
        }
        if !name.is_empty() {
            parts.push(name);
        }
        Ok(parts.join("."))
    }

    fn module_exists(&self, name: &str) -> bool {
        self.sources.contains_key(name)
            || crate::native::modules::is_native(name)
            || crate::native::modules::source(&self.profile, name).is_some()
            || self.find_outside(name).is_some()
    }

    /// What the session's finder has of this name.
    fn find_outside(&self, name: &str) -> Option<FoundModule> {
        self.finder.as_ref().and_then(|finder| finder.find(name))
    }

    fn import_one(&mut self, name: &str, wanted: &str) -> Res<Owned> {
        let again = !self.profile.modules_cached && self.sources.contains_key(name);
        if let Some(known) = self.dict_get_str(self.modules, name).filter(|_| !again) {
            if known == self.single.none {
                return Err(self.no_module(&format!("import of {name} halted; None in sys.modules"), name));
            }
            return Ok(self.share(known));
        }
        if let Some(source) = self.sources.get(name).cloned() {
            let filename = format!("{}.py", name.replace('.', "/"));
            self.texts.insert(filename.clone(), source.as_str().into());
            let package = self.sources.keys().any(|key| key.starts_with(&format!("{name}.")));
            let unit = self.compiled(&source, &filename)?;
            return self.import_unit(name, &unit, &filename, package);
        }
        if let Some(module) = crate::native::modules::make(self, name)? {
            let kept = self.share(module.get());
            self.register_module(name, module);
            return Ok(kept);
        }
        if !crate::native::modules::is_kept(name)
            && let Some(found) = self.find_outside(name)
        {
            let source = String::from_utf8_lossy(&found.source).into_owned();
            self.texts.insert(found.filename.clone(), source.as_str().into());
            let unit = self.compiled(&source, &found.filename)?;
            return self.import_unit(name, &unit, &found.filename, found.is_package);
        }
        if let Some(source) = crate::native::modules::source(&self.profile, name) {
            let package = crate::native::modules::is_package(name);
            let filename = format!("<frozen {name}>");
            let unit = self.compiled_once(name, source, &filename)?;
            return self.import_unit(name, &unit, &filename, package);
        }
        let parent = name.rsplit_once('.').map(|(parent, _)| parent);
        let text = match parent {
            Some(parent) if wanted.starts_with(parent) => {
                format!("No module named '{name}'; '{parent}' is not a package")
            }
            _ => format!("No module named '{name}'"),
        };
        Err(self.no_module(&text, name))
    }

    fn no_module(&mut self, text: &str, name: &str) -> super::Stop {
        let message = self.new_str(text);
        let exception = self.new_exception(Ty::ModuleNotFoundError, vec![message]);
        let name = self.new_str(name).into_ref();
        match self.heap.get_mut::<crate::heap::ExceptionBody>(exception.get()) {
            Some(body) => body.parts.push(("name", name)),
            None => self.release_ref(name),
        }
        self.raise_object(exception)
    }

    fn compiled(&mut self, source: &str, filename: &str) -> Res<Unit> {
        match compile_source(source.as_bytes(), CompileMode::Exec, &self.profile) {
            Ok(compiled) => Ok(compiled.unit),
            Err(issue) => Err(self.raise_syntax(&issue, source, filename)),
        }
    }

    /// A source of our own, compiled when an interpreter that has the same origin first imports it. Units are the same
    /// for all of these, for they follow the same rules; what is made of them is each interpreter's own.
    fn compiled_once(&mut self, name: &str, source: &str, filename: &str) -> Res<Rc<Unit>> {
        let known = self.library.borrow().get(name).cloned();
        if let Some(unit) = known {
            return Ok(unit);
        }
        let unit = Rc::new(self.compiled(source, filename)?);
        self.library.borrow_mut().insert(name.to_string(), Rc::clone(&unit));
        Ok(unit)
    }

    fn import_unit(&mut self, name: &str, unit: &Unit, filename: &str, package: bool) -> Res<Owned> {
        let module = self.new_module(name);
        let dict = self.own_dict(module.get());
        let file = self.new_str(filename);
        self.put(dict, "__file__", file);
        let package_name = if package { name } else { name.rsplit_once('.').map_or("", |(parent, _)| parent) };
        let package_name = self.new_str(package_name);
        self.put(dict, "__package__", package_name);
        if package {
            let path = self.new_list(Vec::new());
            self.put(dict, "__path__", path);
        }
        let builtins = self.dict_get_str(self.modules, "builtins").unwrap_or(self.single.none);
        let builtins = self.own_dict(builtins);
        let builtins = self.share(builtins);
        self.put(dict, "__builtins__", builtins);
        let kept = self.share(module.get());
        self.register_module(name, module);
        let code = self.load_unit(unit, filename, false);
        let result = self.run_code(code.get(), dict, dict);
        self.release(code);
        match result {
            Ok(value) => {
                self.release(value);
                // A module may have put something else in its place.
                match self.dict_get_str(self.modules, name) {
                    Some(found) if found != kept.get() => {
                        let found = self.share(found);
                        self.release(kept);
                        Ok(found)
                    }
                    Some(_) | None => Ok(kept),
                }
            }
            Err(stop) => {
                let name = self.intern_str(name);
                let modules = self.modules;
                let saved = std::mem::take(&mut self.raised);
                let removed =
                    if self.profile.failed_modules_removed { self.dict_remove(modules, name.get()) } else { Ok(false) };
                self.release(name);
                self.release(kept);
                if let Err(stop) = removed {
                    self.release_maybe(saved);
                    return Err(stop);
                }
                self.restore_raised(saved);
                Err(stop)
            }
        }
    }
}
