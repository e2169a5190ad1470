//! What the language itself asks of `builtins`: making classes, importing, writing.

use crate::heap::{Layout, Owned, Ref};
use crate::native::{Args, NativeDef, function};
use crate::session::LimitKind;
use crate::vm::{Res, Stop, Vm};

/// The functions.
pub static FUNCTIONS: &[NativeDef] = &[
    function("__build_class__", 0, 0, build_class).any(),
    function("__import__", 1, 5, import).named(&["name", "globals", "locals", "fromlist", "level"], 0, 5, 1),
    function("print", 0, 0, print).any(),
];

fn build_class(vm: &mut Vm, args: Args) -> Res<Owned> {
    vm.build_class(args)
}

fn import(vm: &mut Vm, args: Args) -> Res<Owned> {
    let name = args.get(vm, 0);
    let (globals, from_list, level) = (args.get(vm, 1), args.get(vm, 3), args.get(vm, 4));
    let Some(text) = vm.as_text(name) else {
        let text = format!("__import__() argument 1 must be str, not {}", vm.class_name(name));
        return Err(vm.type_error(text));
    };
    let level = if level.is_null() { 0 } else { vm.index_of(level)? };
    let has_from = !from_list.is_null() && vm.truth(from_list)?;
    let from_list = if has_from { from_list } else { Ref::NULL };
    vm.import(&text.to_string_lossy(), globals, from_list, level)
}

fn print(vm: &mut Vm, args: Args) -> Res<Owned> {
    let none = vm.single.none;
    let (mut sep, mut end, mut file) = (Ref::NULL, Ref::NULL, Ref::NULL);
    let mut flush = false;
    for (name, value) in args.keyword_pairs(vm) {
        match vm.show(name).as_str() {
            "sep" => sep = value,
            "end" => end = value,
            "file" => file = value,
            "flush" => flush = vm.truth(value)?,
            other => {
                let text = vm.profile.native_keyword_error.text("print", other);
                return Err(vm.type_error(text));
            }
        }
    }
    for (what, value) in [("sep", sep), ("end", end)] {
        if !value.is_null() && value != none && vm.heap.layout(value) != Layout::Str {
            let text = format!("{what} must be None or a string, not {}", vm.class_name(value));
            return Err(vm.type_error(text));
        }
    }
    if file.is_null() || file == none {
        let name = vm.names.stdout;
        file = match vm.sys_attribute(name) {
            Some(file) if file == none => return Ok(vm.none()),
            Some(file) => file,
            None => Ref::NULL,
        };
    }
    let file = if file.is_null() {
        file
    } else {
        let file = vm.share(file);
        vm.hold(file)
    };
    for (at, value) in args.rest(vm, 0).into_iter().enumerate() {
        if at > 0 {
            write_or(vm, file, sep, " ")?;
        }
        let text = vm.str_object(value)?;
        let text = vm.hold(text);
        vm.write_to(file, text)?;
    }
    write_or(vm, file, end, "\n")?;
    if flush && !file.is_null() {
        let name = vm.names.flush;
        let result = vm.call_method(file, name, &[])?;
        vm.release(result);
    }
    Ok(vm.none())
}

fn write_or(vm: &mut Vm, file: Ref, given: Ref, default: &str) -> Res<()> {
    if given.is_null() || given == vm.single.none {
        let text = vm.new_str(default);
        let text = vm.hold(text);
        return vm.write_to(file, text);
    }
    vm.write_to(file, given)
}

impl Vm {
    /// Writes a str object to a file object; the program's own stdout is written to directly.
    ///
    /// # Errors
    /// Whatever `write` raises; the limit on output.
    pub fn write_to(&mut self, file: Ref, text: Ref) -> Res<()> {
        if file.is_null() || self.is_own_stream(file) {
            let Some(text) = self.as_text(text) else { return Ok(()) };
            let stderr = !file.is_null() && self.is_stderr(file);
            return self.write_text(&text.to_utf8_lossless(), stderr);
        }
        let name = self.names.write;
        let result = self.call_method(file, name, &[text])?;
        self.release(result);
        Ok(())
    }

    /// Writes bytes to the program's stdout or stderr.
    ///
    /// # Errors
    /// The limit on output.
    pub fn write_text(&mut self, data: &[u8], stderr: bool) -> Res<()> {
        if self.out.stdout.len() + self.out.stderr.len() + data.len() > self.budget.limits.output {
            return Err(Stop::Limit(LimitKind::Output));
        }
        if stderr {
            self.out.stderr.extend_from_slice(data)
        } else {
            self.out.stdout.extend_from_slice(data)
        }
        Ok(())
    }
}
