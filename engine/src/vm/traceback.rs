//! Tracebacks as text, like python3 writes them: chains, groups, source lines with marks, notes.
//!
//! A text comes in pieces: one for a heading, one for each frame, one for each line behind the frames. They are the
//! items of the list that `traceback.format_exception` gives.

use super::suggest::suggestion;
use super::{Res, Stop, Ty, Vm};
use crate::code::Location;
use crate::heap::{ExceptionBody, FrameBody, ListBody, Ref, TracebackBody};
use crate::object::exception::part;
use crate::rules::{Suggestions, SyntaxMarks};

/// How deep groups in groups are shown, and how many exceptions of one group.
const GROUP_DEPTH: usize = 10;
const GROUP_WIDTH: usize = 15;
/// How often the same frame is shown before the others are counted.
const REPEATS: usize = 3;

/// One frame of a traceback.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TracedFrame {
    /// The code's file name.
    pub file: String,
    /// The code's name.
    pub name: String,
    /// The line of the entry.
    pub line: u32,
    /// Where its instruction comes from.
    pub place: Location,
}

/// The pieces so far, and the margin of the groups around.
#[derive(Default)]
struct Pieces {
    out: Vec<String>,
    depth: usize,
    close: bool,
    /// Names are proposed for those that were not found.
    proposes: bool,
    /// A program asks for them, not the interpreter.
    asked: bool,
}

impl Pieces {
    fn margin(&self) -> String {
        "  ".repeat(self.depth)
    }

    fn put(&mut self, text: &str) {
        self.put_marked(text, '|');
    }

    /// A text with the margin before each of its lines.
    fn put_marked(&mut self, text: &str, mark: char) {
        if self.depth == 0 {
            self.out.push(text.to_string());
            return;
        }
        let margin = format!("{}{mark} ", self.margin());
        self.out.push(text.split_inclusive('\n').map(|line| format!("{margin}{line}")).collect());
    }
}

impl Vm {
    /// What python3 writes for an exception that reached the top.
    pub fn format_exception(&mut self, exception: Ref) -> String {
        let mut pieces =
            Pieces { proposes: self.profile.traceback_suggestions != Suggestions::Never, ..Pieces::default() };
        self.put_chain(exception, true, None, &mut pieces);
        pieces.out.concat()
    }

    /// No pieces yet of a text that a program asks for.
    fn no_pieces(&self) -> Pieces {
        let proposes = !matches!(self.profile.traceback_suggestions, Suggestions::Never | Suggestions::AtTheEnd);
        Pieces { proposes, asked: true, ..Pieces::default() }
    }

    /// The text of an exception in pieces: with `chain` those that it follows from, of each so many frames.
    pub fn exception_pieces(&mut self, exception: Ref, chain: bool, limit: Option<i64>) -> Vec<String> {
        let mut pieces = self.no_pieces();
        self.put_chain(exception, chain, limit, &mut pieces);
        pieces.out
    }

    fn put_chain(&mut self, exception: Ref, chain: bool, limit: Option<i64>, pieces: &mut Pieces) {
        let mut seen = vec![exception];
        let mut links = vec![(exception, "")];
        let mut at = exception;
        while let Some(body) = self.heap.get::<ExceptionBody>(at).filter(|_| chain) {
            let (before, words) = match (body.cause.some(), body.context.some()) {
                (Some(cause), _) => {
                    (cause, "\nThe above exception was the direct cause of the following exception:\n\n")
                }
                (None, Some(context)) if !body.suppress_context => {
                    (context, "\nDuring handling of the above exception, another exception occurred:\n\n")
                }
                (None, _) => break,
            };
            if seen.contains(&before) {
                break;
            }
            seen.push(before);
            if let Some(last) = links.last_mut() {
                last.1 = words;
            }
            links.push((before, ""));
            at = before;
        }
        for (link, words) in links.into_iter().rev() {
            if !words.is_empty() {
                pieces.put(words);
            }
            self.put_one(link, chain, limit, pieces);
        }
    }

    fn put_one(&mut self, exception: Ref, chain: bool, limit: Option<i64>, pieces: &mut Pieces) {
        let traced = self.heap.get::<ExceptionBody>(exception).and_then(|body| body.traceback.some());
        let members = if self.is_instance_of(exception, self.class(Ty::BaseExceptionGroup)) {
            part(self, exception, "exceptions").map(|members| self.tuple_items(members).to_vec())
        } else {
            None
        };
        let Some(members) = members else {
            if let Some(traceback) = traced {
                pieces.put("Traceback (most recent call last):\n");
                self.put_frames(traceback, limit, pieces);
            }
            self.put_only(exception, pieces);
            return;
        };
        if pieces.depth > GROUP_DEPTH {
            pieces.put(&format!("... (max_group_depth is {GROUP_DEPTH})\n"));
            return;
        }
        let outermost = pieces.depth == 0;
        if outermost {
            pieces.depth = 1;
        }
        if let Some(traceback) = traced {
            pieces
                .put_marked("Exception Group Traceback (most recent call last):\n", if outermost { '+' } else { '|' });
            self.put_frames(traceback, limit, pieces);
        }
        self.put_only(exception, pieces);
        let shown = if members.len() <= GROUP_WIDTH { members.len() } else { GROUP_WIDTH + 1 };
        pieces.close = false;
        for (at, &member) in members.iter().enumerate().take(shown) {
            let last = at + 1 == shown;
            if last {
                pieces.close = true;
            }
            let cut = at >= GROUP_WIDTH;
            let title = if cut { "...".to_string() } else { (at + 1).to_string() };
            let corner = if at == 0 { "+-" } else { "  " };
            pieces.out.push(format!("{}{corner}+---------------- {title} ----------------\n", pieces.margin()));
            pieces.depth += 1;
            if cut {
                let more = members.len() - GROUP_WIDTH;
                pieces.put(&format!("and {more} more exception{}\n", if more == 1 { "" } else { "s" }));
            } else {
                self.put_chain(member, chain, limit, pieces);
            }
            if last && pieces.close {
                pieces.out.push(format!("{}+------------------------------------\n", pieces.margin()));
                pieces.close = false;
            }
            pieces.depth -= 1;
        }
        if outermost {
            pieces.depth = 0;
        }
    }

    /// The frames of a traceback, outermost first.
    pub fn traced_frames(&self, traceback: Ref, limit: Option<i64>) -> Vec<TracedFrame> {
        let mut frames = Vec::new();
        let mut at = traceback;
        while let Some(entry) = self.heap.get::<TracebackBody>(at) {
            let code = self.heap.get::<FrameBody>(entry.frame).map_or(Ref::NULL, |body| body.code);
            if !code.is_null() {
                let code = self.code(code);
                let place = code.locations.get(entry.instr as usize).copied().unwrap_or_default();
                let place = if place.line == entry.line { place } else { Location::default() };
                let place = Location { line: entry.line, ..place };
                frames.push(TracedFrame {
                    file: self.show(code.filename),
                    name: self.show(code.name),
                    line: entry.line,
                    place,
                });
            }
            at = entry.next;
        }
        match limit {
            None => {}
            Some(first) if first >= 0 => frames.truncate(first as usize),
            Some(last) => {
                let cut = frames.len().saturating_sub(last.unsigned_abs() as usize);
                frames.drain(..cut);
            }
        }
        frames
    }

    fn put_frames(&mut self, traceback: Ref, limit: Option<i64>, pieces: &mut Pieces) {
        let frames = self.traced_frames(traceback, limit);
        for text in self.frame_texts(&frames) {
            pieces.put(&text);
        }
    }

    /// One text a frame; what repeats is counted instead.
    pub fn frame_texts(&self, frames: &[TracedFrame]) -> Vec<String> {
        let mut texts = Vec::new();
        let mut at = 0;
        while let Some(frame) = frames.get(at) {
            let alike =
                |other: &&TracedFrame| (&other.file, &other.name, other.line) == (&frame.file, &frame.name, frame.line);
            let same = frames[at..].iter().take_while(alike).count();
            for frame in &frames[at..at + same.min(REPEATS)] {
                let block = self.source_block(&frame.file, frame.place);
                texts.push(format!("  File \"{}\", line {}, in {}\n{block}", frame.file, frame.line, frame.name));
            }
            if same > REPEATS {
                let more = same - REPEATS;
                let plural = if more == 1 { "" } else { "s" };
                texts.push(format!("  [Previous line repeated {more} more time{plural}]\n"));
            }
            at += same;
        }
        texts
    }

    /// The lines behind the frames: the place of a SyntaxError, class and text, notes.
    pub fn exception_only(&mut self, exception: Ref) -> Vec<String> {
        let mut pieces = self.no_pieces();
        self.put_only(exception, &mut pieces);
        pieces.out
    }

    fn put_only(&mut self, exception: Ref, pieces: &mut Pieces) {
        let (class, mut text) = self.describe_exception(exception);
        if self.is_instance_of(exception, self.class(Ty::SyntaxError)) {
            self.put_syntax_place(exception, pieces);
        } else if pieces.proposes
            && let Some(words) = suggestion(self, exception, pieces.asked)
        {
            text.push_str(&words);
        }
        pieces.put(&if text.is_empty() { format!("{class}\n") } else { format!("{class}: {text}\n") });
        self.put_notes(exception, pieces);
    }

    fn put_syntax_place(&mut self, exception: Ref, pieces: &mut Pieces) {
        let none = self.single.none;
        let given = |vm: &Vm, name: &str| part(vm, exception, name).filter(|&value| value != none);
        let Some(line) = given(self, "lineno") else { return };
        let number = self.heap.int_word(line);
        let file = given(self, "filename").map_or_else(|| "<string>".to_string(), |file| self.show(file));
        pieces.put(&format!("  File \"{file}\", line {number}\n"));
        let Some(text) = given(self, "text").and_then(|text| self.as_text(text)) else { return };
        let text = text.to_string_lossy().into_owned();
        let text = text.trim_end_matches('\n');
        let marks = self.profile.traceback_syntax_marks;
        let shown = text.trim_start_matches([' ', '\n', '\x0c']);
        pieces.put(&format!("    {}\n", if marks == SyntaxMarks::Start { shown.trim_end() } else { shown }));
        let Some(offset) = given(self, "offset") else { return };
        let length = text.chars().count() as i64;
        let indent = length - shown.chars().count() as i64;
        let mut start = self.heap.int_word(offset);
        let end_line = given(self, "end_lineno").map(|line| self.heap.int_word(line));
        let end = given(self, "end_offset").map_or(0, |end| self.heap.int_word(end));
        let mut end = match marks {
            SyntaxMarks::Start => 0,
            SyntaxMarks::Given => end,
            SyntaxMarks::Line if end_line == Some(number) => end,
            SyntaxMarks::Line => length + 1,
        };
        if end == 0 {
            end = start;
        }
        if marks == SyntaxMarks::Start {
            start = start.max(1);
        }
        start = start.min(length + 1);
        end = end.min(length + 1);
        if start >= end || end < 0 {
            end = start + 1;
        }
        let column = start - 1 - indent;
        if column < 0 {
            return;
        }
        let blanks: String = shown
            .chars()
            .chain(std::iter::repeat(' '))
            .take(column as usize)
            .map(|c| if c.is_whitespace() { c } else { ' ' })
            .collect();
        pieces.put(&format!("    {blanks}{}\n", "^".repeat((end - start).max(1) as usize)));
    }

    fn put_notes(&mut self, exception: Ref, pieces: &mut Pieces) {
        let name = self.names.notes;
        let Some(notes) = self.own_attr(exception, name) else { return };
        let items = match self.heap.get::<ListBody>(notes) {
            Some(body) => body.items.clone(),
            None => self.tuple_items(notes).to_vec(),
        };
        for note in items {
            if let Ok(text) = self.shielded(|vm| vm.str(note)) {
                for line in text.to_string_lossy().split('\n') {
                    pieces.put(&format!("{line}\n"));
                }
            }
        }
    }

    /// `sys.unraisablehook`: a program's own hook is called, else stderr is told.
    ///
    /// # Errors
    /// Whatever the hook raises.
    pub fn show_unraisable(&mut self, exception: Ref, doing: Doing, object: Ref) -> Res<()> {
        let message = if self.profile.unraisable_in_words {
            let shown = self.shown_or(object, "<object repr() failed>")?;
            Some(format!("Exception ignored while {} {shown}", doing.words()))
        } else {
            None
        };
        let name = self.names.unraisablehook;
        if let Some(hook) = self.sys_attribute(name)
            && self.heap.layout(hook) != crate::heap::Layout::Native
        {
            let class = self.heap.class_of(exception);
            let traceback = self.heap.get::<ExceptionBody>(exception).and_then(|body| body.traceback.some());
            let none = self.single.none;
            let object = if message.is_some() { none } else { object };
            let message = match message {
                Some(text) => self.new_str(&text),
                None => self.none(),
            };
            let fields = [
                ("exc_type", class),
                ("exc_value", exception),
                ("exc_traceback", traceback.unwrap_or(none)),
                ("err_msg", message.get()),
                ("object", object),
            ];
            let dict = self.new_dict();
            for (name, value) in fields {
                let value = self.share(value);
                self.put(dict.get(), name, value);
            }
            self.release(message);
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
        let head = match message {
            Some(message) => format!("{message}:\n"),
            None => format!("Exception ignored in: {}\n", self.shown_or(object, "<object repr() failed>")?),
        };
        let text = self.format_exception(exception);
        self.write_stderr(&format!("{head}{text}"))
    }

    /// The `repr` of an object, or words in its place if that raises.
    fn shown_or(&mut self, object: Ref, words: &str) -> Res<String> {
        match self.repr(object) {
            Ok(text) => Ok(text.to_string_lossy().into_owned()),
            Err(Stop::Raised) => {
                let second = self.take_raised();
                self.release(second);
                Ok(words.to_string())
            }
            Err(stop) => Err(stop),
        }
    }

    /// Writes to what `sys.stderr` is at present; where it is nothing, nothing is written.
    ///
    /// # Errors
    /// Whatever its `write` raises; the limit on output.
    pub fn write_stderr(&mut self, text: &str) -> Res<()> {
        let name = self.names.stderr;
        let Some(file) = self.sys_attribute(name).filter(|&file| file != self.single.none) else { return Ok(()) };
        let file = self.share(file);
        let text = self.new_str(text);
        let result = self.write_to(file.get(), text.get());
        self.release(text);
        self.release(file);
        result
    }
}

/// What the engine was doing when an exception came that nobody can catch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Doing {
    /// Calling `__del__`.
    Deallocating,
    /// Letting a coroutine go that was never awaited.
    Finalizing,
    /// Closing a generator that nobody holds.
    Closing,
    /// Calling the callback of a weak reference.
    CallingBack,
    /// Calling one of `gc.callbacks`.
    Collecting,
}

impl Doing {
    fn words(self) -> &'static str {
        match self {
            Doing::Deallocating => "calling deallocator",
            Doing::Finalizing => "finalizing coroutine",
            Doing::Closing => "closing generator",
            Doing::CallingBack => "calling weakref callback",
            Doing::Collecting => "calling GC callback",
        }
    }
}
