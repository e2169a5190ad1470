//! What tracebacks say beyond the frames.

use super::room;

/// What a traceback marks below a source line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TracebackMarks {
    /// Nothing.
    Never,
    /// The part of the first line that the instruction comes from.
    FirstLine,
    /// That part on all its lines; the parentheses of calls too.
    AllLines,
}

/// What a traceback proposes for a name that was not found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Suggestions {
    /// Nothing.
    Never,
    /// A name that is like it, in what the interpreter writes at the end.
    AtTheEnd,
    /// Also in the texts of the module `traceback`; a module to import, and an attribute of `self`.
    Modules,
    /// The module to import is a question there too.
    Questions,
    /// An attribute is shown with its dot, beside the wrong one.
    Dotted,
}

/// From where to where a traceback marks a SyntaxError.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SyntaxMarks {
    /// Its beginning.
    Start,
    /// To its end, if that is known.
    Given,
    /// To its end, else to that of the line.
    Line,
}

room! { tracebacks

    /// A traceback marks what its line was doing when the exception was raised.
    traceback_marks "error.traceback.marks": TracebackMarks {
        py(8, 0) => TracebackMarks::Never, py(11, 0) => TracebackMarks::FirstLine, py(13, 0) => TracebackMarks::AllLines;
        faults { "never": TracebackMarks::Never, "first-line": TracebackMarks::FirstLine } }

    /// A traceback proposes a name for one that was not found.
    traceback_suggestions "error.traceback.suggestions": Suggestions {
        py(8, 0) => Suggestions::Never, py(10, 0) => Suggestions::AtTheEnd, py(12, 0) => Suggestions::Modules,
        py(13, 0) => Suggestions::Questions, py(15, 0) => Suggestions::Dotted;
        faults { "never": Suggestions::Never, "at-the-end": Suggestions::AtTheEnd, "statement": Suggestions::Modules } }

    /// A traceback marks a SyntaxError from its beginning to its end, not its beginning alone.
    traceback_syntax_marks "error.traceback.syntax-marks": SyntaxMarks {
        py(8, 0) => SyntaxMarks::Start, py(10, 0) => SyntaxMarks::Given, py(13, 0) => SyntaxMarks::Line;
        faults { "start": SyntaxMarks::Start, "given": SyntaxMarks::Given } }
}
