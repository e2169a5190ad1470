//! What a session asks of the machine: running a program's text in `__main__`, reporting how it ended, ending it all.

use super::{Res, Stop, Ty, Vm};
use crate::code::{CompileMode, Location, compile_under};
use crate::heap::{Code, CodeBody, ExceptionBody, Layout, NativeBody, Owned, Ref};
use crate::native::{Args, NativeDef, Params, Role};
use crate::scope::Inherited;
use crate::session::{Ended, Event, EventSource, ProbeKind, Seen, Uncaught};
use crate::syntax::SyntaxIssue;

static PROBE: NativeDef = NativeDef { name: "probe", role: Role::Function, params: Params::Pos(0, 1), run: probe };

fn probe(vm: &mut Vm, args: Args) -> Res<Owned> {
    let number = vm.heap.get::<NativeBody>(args.callee).map_or(0, |body| body.data as usize);
    let Some((name, kind)) = vm.probes.get(number).cloned() else { return Ok(vm.none()) };
    let value = args.get(vm, 0);
    let seen = match kind {
        ProbeKind::Value | ProbeKind::Graph if value.is_null() => {
            return Err(vm.type_error("a probe of a value takes one argument"));
        }
        ProbeKind::Value => Seen::Value { repr: vm.repr(value)?.to_string_lossy().into_owned(), graph: None },
        ProbeKind::Graph => {
            let repr = vm.repr(value)?.to_string_lossy().into_owned();
            let graph = vm.alias_graph(&[value]).pop();
            Seen::Value { repr, graph }
        }
        ProbeKind::Raised => match vm.handled_exception() {
            Some(exception) => {
                let (class, text) = vm.describe_exception(exception);
                Seen::Raised { class, text }
            }
            None => return Ok(vm.none()),
        },
        ProbeKind::Objects(bounds) => {
            let moment = vm.moment(name, bounds, false);
            vm.moments.push(moment);
            return Ok(vm.none());
        }
        ProbeKind::Frames(bounds, most) => {
            if vm.moments.len() < most {
                let moment = vm.moment(name, bounds, true);
                vm.moments.push(moment);
            }
            return Ok(vm.none());
        }
    };
    let stdout_at = vm.out.stdout.len();
    vm.events.push(Event { by: EventSource::Probe(name), seen, stdout_at });
    Ok(vm.none())
}

impl Vm {
    /// Puts a probe function into `builtins`.
    pub fn add_probe(&mut self, name: &str, kind: ProbeKind) {
        let function = self.new_native(Ty::BuiltinFunction, &PROBE, Ref::NULL, Ref::NULL);
        let number = self.probes.len() as u32;
        self.probes.push((name.to_string(), kind));
        if let Some(body) = self.heap.get_mut::<NativeBody>(function.get()) {
            body.data = number;
        }
        let builtins = self.builtins;
        self.put(builtins, name, function);
    }

    /// Compiles and runs a text in `__main__`.
    ///
    /// # Errors
    /// SyntaxError; whatever the program raises.
    pub fn run_main(&mut self, source: &[u8], filename: &str, mode: CompileMode, first_line: u32) -> Res<()> {
        self.import_sys()?;
        let main = self.dict_get_str(self.modules, "__main__").unwrap_or(self.single.none);
        let dict = self.own_dict(main);
        self.run_in(dict, source, filename, mode, first_line)
    }

    /// Compiles and runs a whole text in a fresh namespace that is called `__main__`, and empties the namespace
    /// afterwards. The bytes are what was written to stdout until the program ended.
    pub fn run_apart(&mut self, source: &[u8], filename: &str) -> (Ended, Vec<u8>) {
        self.budget.steps = self.budget.limits.steps;
        self.out.stdout.clear();
        let dict = self.new_dict();
        let name = self.new_str("__main__");
        self.put(dict.get(), "__name__", name);
        let main = self.dict_get_str(self.modules, "__main__").map(|main| self.own_dict(main));
        if let Some(builtins) = main.and_then(|main| self.dict_get_str(main, "__builtins__")) {
            let builtins = self.share(builtins);
            self.put(dict.get(), "__builtins__", builtins);
        }
        let result = self.import_sys().and_then(|()| self.run_in(dict.get(), source, filename, CompileMode::Exec, 1));
        let ended = self.end_of(result, false);
        let stdout = std::mem::take(&mut self.out.stdout);
        let cleared = self.clear_module_dict(dict.get());
        self.release(dict);
        let cleared = self.end_of(cleared, false);
        self.out.stdout.clear();
        self.out.stderr.clear();
        self.events.clear();
        // A finaliser that meets a limit leaves a session that takes no more.
        let ended = if let Ended::Limit(_) = cleared { cleared } else { ended };
        (ended, stdout)
    }

    /// Imports a module and leaves it in `sys.modules`; whether that was possible.
    pub fn import_ahead(&mut self, name: &str) -> bool {
        let imported = self.import_kept(name);
        let found = matches!(self.end_of(imported, false), Ended::Completed);
        self.budget.steps = self.budget.limits.steps;
        self.events.clear();
        found
    }

    /// `sys` is always there.
    fn import_sys(&mut self) -> Res<()> {
        if self.dict_get_str(self.modules, "sys").is_none() {
            self.import_kept("sys")?;
        }
        Ok(())
    }

    /// Imports a module, which `sys.modules` keeps.
    fn import_kept(&mut self, name: &str) -> Res<()> {
        let module = self.import(name, Ref::NULL, Ref::NULL, 0)?;
        self.release(module);
        Ok(())
    }

    /// Compiles and runs a text with this dictionary as its globals.
    fn run_in(&mut self, dict: Ref, source: &[u8], filename: &str, mode: CompileMode, first_line: u32) -> Res<()> {
        if mode == CompileMode::Exec {
            self.texts.insert(filename.to_string(), String::from_utf8_lossy(source).into());
        }
        // What is typed at the prompt is one text in this respect.
        let inherited = if mode == CompileMode::Single { self.prompt } else { Inherited::default() };
        let compiled = match compile_under(source, mode, &self.profile, inherited) {
            Ok(compiled) => {
                self.prompt.future_annotations |= compiled.future_annotations;
                compiled
            }
            Err(issue) => {
                let text = String::from_utf8_lossy(source).into_owned();
                let issue = SyntaxIssue {
                    line: issue.line + first_line.saturating_sub(1),
                    end_line: issue.end_line + first_line.saturating_sub(1),
                    ..issue
                };
                return Err(self.raise_syntax(&issue, &text, filename));
            }
        };
        if !compiled.warnings.is_empty() {
            let text = String::from_utf8_lossy(source).into_owned();
            self.warn_of_code(&compiled.warnings, &text, filename, first_line)?;
        }
        let arena = self.arena.len();
        let code = self.load_unit(&compiled.unit, filename, true);
        self.shift_lines(code.get(), first_line.saturating_sub(1));
        let result = self.run_code(code.get(), dict, dict);
        self.release(code);
        self.release_arena(arena);
        let value = result?;
        self.release(value);
        Ok(())
    }

    /// Moves all line numbers of a code object just loaded down by so many lines.
    fn shift_lines(&mut self, code: Ref, by: u32) {
        if by == 0 {
            return;
        }
        let consts = self.code(code).consts.clone();
        for constant in consts {
            if self.heap.layout(constant) == Layout::Code {
                self.shift_lines(constant, by);
            }
        }
        if let Some(body) = self.heap.get_mut::<CodeBody>(code)
            && let Some(code) = std::rc::Rc::get_mut(&mut body.code)
        {
            shift(code, by);
        }
    }

    /// SyntaxError from the compiler.
    pub fn raise_syntax(&mut self, issue: &SyntaxIssue, source: &str, filename: &str) -> Stop {
        let ty = match issue.class {
            "IndentationError" => Ty::IndentationError,
            "TabError" => Ty::TabError,
            "ValueError" => return self.value_error(&issue.message),
            "MemoryError" => return self.raise(Ty::MemoryError, &issue.message),
            "RecursionError" => return self.raise(Ty::RecursionError, &issue.message),
            _ => Ty::SyntaxError,
        };
        let line = source.lines().nth(issue.line.saturating_sub(1) as usize).map(|line| format!("{line}\n"));
        let message = self.new_str(&issue.message);
        let file = self.new_str(filename);
        let line_number = self.new_int(i64::from(issue.line));
        let offset = self.new_int(i64::from(issue.column));
        let text = match &line {
            Some(line) => self.new_str(line),
            None => self.none(),
        };
        let end_line = self.new_int(i64::from(issue.end_line));
        let end_offset = self.new_int(i64::from(issue.end_column));
        let parts = [
            ("msg", message),
            ("filename", file),
            ("lineno", line_number),
            ("offset", offset),
            ("text", text),
            ("end_lineno", end_line),
            ("end_offset", end_offset),
        ];
        let details: Vec<Owned> = parts[1..].iter().map(|(_, part)| self.share(part.get())).collect();
        let details = self.new_tuple(details);
        let first = self.share(parts[0].1.get());
        let exception = self.new_exception(ty, vec![first, details]);
        let parts: Vec<(&'static str, Ref)> = parts.into_iter().map(|(name, part)| (name, part.into_ref())).collect();
        if let Some(body) = self.heap.get_mut::<ExceptionBody>(exception.get()) {
            body.parts = parts;
        }
        self.raise_object(exception)
    }

    /// An exception's class as a traceback shows it, and its text.
    pub fn describe_exception(&mut self, exception: Ref) -> (String, String) {
        let class = self.heap.class_of(exception);
        let mut name = self.qualified_type_name(class);
        if let Some(short) = name.strip_prefix("__main__.") {
            name = short.to_string();
        }
        let syntax = self.is_instance_of(exception, self.class(Ty::SyntaxError));
        let message = self
            .heap
            .get::<ExceptionBody>(exception)
            .and_then(|body| body.parts.iter().find(|(part, _)| *part == "msg").map(|&(_, value)| value));
        let text = match message {
            Some(message) if syntax => self.show(message),
            _ => match self.shielded(|vm| vm.str(exception)) {
                Ok(text) => text.to_string_lossy().into_owned(),
                Err(Stop::Raised) => {
                    let second = self.take_raised();
                    self.release(second);
                    "<exception str() failed>".to_string()
                }
                Err(Stop::Limit(_)) => String::new(),
            },
        };
        (name, text)
    }

    /// Turns the result of a chunk into what the session reports; the exception is shown and released.
    pub fn report_end(&mut self, result: Res<()>) -> Ended {
        self.end_of(result, true)
    }

    fn end_of(&mut self, result: Res<()>, with_traceback: bool) -> Ended {
        match result {
            Ok(()) => Ended::Completed,
            Err(Stop::Limit(kind)) => {
                let pending = std::mem::take(&mut self.raised);
                self.release_maybe(pending);
                Ended::Limit(kind)
            }
            Err(Stop::Raised) => {
                let exception = self.take_raised();
                let exit = self.class(Ty::SystemExit);
                let ended = if self.is_instance_of(exception.get(), exit) {
                    Ended::Exit(self.exit_status(exception.get()))
                } else {
                    let (class, text) = self.describe_exception(exception.get());
                    let body = self.heap.get::<ExceptionBody>(exception.get());
                    let at_compile = body.is_some_and(|body| body.traceback.is_null())
                        && self.is_instance_of(exception.get(), self.class(Ty::SyntaxError));
                    let shown = |vm: &mut Vm| vm.format_exception(exception.get());
                    let traceback = if with_traceback { shown(self) } else { String::new() };
                    Ended::Raised(Uncaught { class, text, at_compile, traceback })
                };
                self.release(exception);
                ended
            }
        }
    }

    /// The exit status that a SystemExit asks for; a text goes to stderr.
    fn exit_status(&mut self, exception: Ref) -> i32 {
        let code = self
            .heap
            .get::<ExceptionBody>(exception)
            .and_then(|body| body.parts.iter().find(|(part, _)| *part == "code").map(|&(_, value)| value));
        let code = code.filter(|code| !code.is_null()).unwrap_or(self.single.none);
        if code == self.single.none {
            return 0;
        }
        if let Some(int) = self.as_int(code) {
            return match int {
                crate::object::number::Int::Small(value) => value as i32,
                crate::object::number::Int::Big(_) => -1,
            };
        }
        if let Ok(text) = self.str(code) {
            self.out.stderr.extend_from_slice(&text.to_utf8_lossless());
            self.out.stderr.push(b'\n');
        }
        1
    }

    /// Ends the interpreter: the names of `__main__` go, then every module, then what only cycles hold.
    ///
    /// # Errors
    /// The limit that finalisers exceeded.
    pub fn shut_down(&mut self) -> Res<()> {
        let Some(main) = self.dict_get_str(self.modules, "__main__") else { return Ok(()) };
        let dict = self.own_dict(main);
        self.run_exit_functions()?;
        self.clear_module_dict(dict)?;
        self.collect_garbage(2)?;
        Ok(())
    }

    /// What a program has registered with `atexit`.
    fn run_exit_functions(&mut self) -> Res<()> {
        let Some(module) = self.dict_get_str(self.modules, "atexit") else { return Ok(()) };
        let Some(run) = self.dict_get_str(self.own_dict(module), "_run_exitfuncs") else { return Ok(()) };
        let run = self.share(run);
        let result = self.call(run.get(), &[]);
        self.release(run);
        match result {
            Ok(value) => {
                self.release(value);
                Ok(())
            }
            // Whoever replaced the function fails alone.
            Err(Stop::Raised) => {
                let failed = self.take_raised();
                self.release(failed);
                Ok(())
            }
            Err(stop) => Err(stop),
        }
    }

    /// Empties a module's namespace as the interpreter does at exit: names with one underscore first, then the others
    /// but `__builtins__`.
    fn clear_module_dict(&mut self, dict: Ref) -> Res<()> {
        let none = self.single.none;
        for private in [true, false] {
            for (key, value) in self.dict_items(dict) {
                let Some(text) = self.as_text(key) else { continue };
                let text = text.to_string_lossy().into_owned();
                let is_private = text.starts_with('_') && !text.starts_with("__");
                if value == none || is_private != private || text == "__builtins__" {
                    continue;
                }
                if self.dict_get_text(dict, key).is_some() {
                    self.dict_set(dict, key, none)?;
                }
            }
        }
        Ok(())
    }
}

fn shift(code: &mut Code, by: u32) {
    code.first_line += by;
    for Location { line, end_line, .. } in &mut code.locations {
        *line += by;
        *end_line += by;
    }
}
