//! Tracebacks as text, like python3 writes them.

use super::{Res, Stop, Ty, Vm};
use crate::heap::{ExceptionBody, FrameBody, Ref, TracebackBody};

impl Vm {
    /// What python3 writes for an exception that reached the top.
    pub fn format_exception(&mut self, exception: Ref) -> String {
        let mut out = String::new();
        let mut seen = Vec::new();
        self.format_chain(exception, &mut seen, &mut out);
        out
    }

    fn format_chain(&mut self, exception: Ref, seen: &mut Vec<Ref>, out: &mut String) {
        if seen.contains(&exception) || seen.len() > 100 {
            return;
        }
        seen.push(exception);
        let Some(body) = self.heap.get::<ExceptionBody>(exception).cloned() else { return };
        if let Some(cause) = body.cause.some() {
            self.format_chain(cause, seen, out);
            out.push_str("\nThe above exception was the direct cause of the following exception:\n\n");
        } else if let Some(context) = body.context.some().filter(|_| !body.suppress_context) {
            self.format_chain(context, seen, out);
            out.push_str("\nDuring handling of the above exception, another exception occurred:\n\n");
        }
        if !body.traceback.is_null() {
            out.push_str("Traceback (most recent call last):\n");
            let mut at = body.traceback;
            let mut lines: Vec<String> = Vec::new();
            while let Some(entry) = self.heap.get::<TracebackBody>(at) {
                let (next, line, frame) = (entry.next, entry.line, entry.frame);
                let code = self.heap.get::<FrameBody>(frame).map_or(Ref::NULL, |body| body.code);
                if !code.is_null() {
                    let code = self.code(code);
                    let file = self.show(code.filename);
                    let name = self.show(code.name);
                    lines.push(format!("  File \"{file}\", line {line}, in {name}\n"));
                }
                if next.is_null() {
                    break;
                }
                at = next;
            }
            push_collapsed(&lines, out);
        }
        self.format_syntax_place(exception, out);
        let (class, text) = self.describe_exception(exception);
        if text.is_empty() {
            out.push_str(&format!("{class}\n"));
        } else {
            out.push_str(&format!("{class}: {text}\n"));
        }
        self.format_notes(exception, out);
    }

    fn format_syntax_place(&mut self, exception: Ref, out: &mut String) {
        if !self.is_instance_of(exception, self.class(Ty::SyntaxError)) {
            return;
        }
        let part = |vm: &Vm, name: &str| {
            vm.heap
                .get::<ExceptionBody>(exception)
                .and_then(|body| body.parts.iter().find(|(known, _)| *known == name).map(|&(_, value)| value))
                .filter(|value| !value.is_null())
        };
        let (Some(file), Some(line)) = (part(self, "filename"), part(self, "lineno")) else { return };
        let number = self.heap.int_word(line);
        out.push_str(&format!("  File \"{}\", line {number}\n", self.show(file)));
        if let Some(text) = part(self, "text").and_then(|text| self.as_text(text)) {
            let text = text.to_string_lossy().into_owned();
            let line = text.trim_end().trim_start();
            out.push_str(&format!("    {line}\n"));
            if let Some(offset) = part(self, "offset") {
                let indent = text.len() - text.trim_start().len();
                let column = (self.heap.int_word(offset).max(1) as usize - 1).saturating_sub(indent);
                if column <= line.chars().count() {
                    out.push_str(&format!("    {}^\n", " ".repeat(column)));
                }
            }
        }
    }

    fn format_notes(&mut self, exception: Ref, out: &mut String) {
        let name = self.names.notes;
        let Some(notes) = self.own_attr(exception, name) else { return };
        let items = self.heap.get::<crate::heap::ListBody>(notes).map(|body| body.items.clone()).unwrap_or_default();
        for note in items {
            if let Ok(text) = self.str(note) {
                out.push_str(&format!("{}\n", text.to_string_lossy()));
            }
        }
    }

    /// `sys.unraisablehook`: a program's own hook is called, else stderr is told.
    ///
    /// # Errors
    /// Whatever the hook raises.
    pub fn show_unraisable(&mut self, exception: Ref, object: Ref) -> Res<()> {
        let name = self.names.unraisablehook;
        if let Some(hook) = self.sys_attribute(name)
            && self.heap.layout(hook) != crate::heap::Layout::Native
        {
            let class = self.heap.class_of(exception);
            let traceback = self.heap.get::<ExceptionBody>(exception).and_then(|body| body.traceback.some());
            let none = self.single.none;
            let fields = [
                ("exc_type", class),
                ("exc_value", exception),
                ("exc_traceback", traceback.unwrap_or(none)),
                ("err_msg", none),
                ("object", object),
            ];
            let dict = self.new_dict();
            for (name, value) in fields {
                let value = self.share(value);
                self.put(dict.get(), name, value);
            }
            let record = crate::heap::RecordBody { dict: dict.into_ref(), ..Default::default() };
            let argument = self.heap.alloc(Ty::SimpleNamespace.kind(), record);
            let hook = self.share(hook);
            let result = self.call(hook.get(), &[argument.get()]);
            self.release(hook);
            self.release(argument);
            let result = result?;
            self.release(result);
            return Ok(());
        }
        let shown = match self.repr(object) {
            Ok(text) => text.to_string_lossy().into_owned(),
            Err(Stop::Raised) => {
                let second = self.take_raised();
                self.release(second);
                "<object repr() failed>".to_string()
            }
            Err(stop) => return Err(stop),
        };
        let text = self.format_exception(exception);
        self.write_text(format!("Exception ignored in: {shown}\n{text}").as_bytes(), true)
    }
}

/// Lines of a traceback; what repeats more than three times is counted instead.
fn push_collapsed(lines: &[String], out: &mut String) {
    let mut at = 0;
    while at < lines.len() {
        let same = lines[at..].iter().take_while(|line| **line == lines[at]).count();
        for line in &lines[at..at + same.min(3)] {
            out.push_str(line);
        }
        if same > 3 {
            let more = same - 3;
            out.push_str(&format!("  [Previous line repeated {more} more time{}]\n", if more == 1 { "" } else { "s" }));
        }
        at += same;
    }
}
