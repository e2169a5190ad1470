//! The report for a terminal: each failure with all that is needed to mend it, then one line an engine.
//!
//! Text with ANSI styles; whoever prints it takes them out where they are not wanted.

use super::model::{CaseRun, EngineRun, Run};
use crate::judge::{MarkVerdict, Verdict};
use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};
use std::fmt::{self, Write};
use std::time::Duration;

const BAD: Style = AnsiColor::Red.on_default().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const ODD: Style = AnsiColor::Yellow.on_default().bold();
const QUIET: Style = Style::new().dimmed();
const STRONG: Style = Style::new().bold();

/// What is shown beyond failures and counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// Cases that differ from CPython where they may.
    pub differs: bool,
    /// How many of the slowest cases are listed.
    pub slowest: usize,
    /// The most results that are shown in full; `None` shows all.
    pub shown: Option<usize>,
}

/// The most marks of one result that are shown: often the first one is the cause of the others.
const MARKS: usize = 5;

/// The report of a run.
pub fn render(run: &Run, options: Options) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut out, run, options);
    out
}

/// What there is to say of one result, without styles: for a test's failure message.
pub fn render_case(run: &Run, engine: &EngineRun, result: &CaseRun) -> String {
    let mut out = String::new();
    let _ = write_case(&mut out, run, engine, result);
    anstream::adapter::strip_str(&out).to_string()
}

fn write(out: &mut String, run: &Run, options: Options) -> fmt::Result {
    let told: Vec<_> = run.results().filter(|(_, result)| is_shown(result.verdict.verdict, options)).collect();
    let shown = options.shown.unwrap_or(told.len()).min(told.len());
    for (engine, result) in told.iter().take(shown) {
        write_case(out, run, engine, result)?;
    }
    if shown < told.len() {
        writeln!(
            out,
            "{STRONG}{} more{STRONG:#}: choose cases by a filter, or say --failures N\n",
            told.len() - shown
        )?;
    }
    write_slowest(out, run, options.slowest)?;
    for engine in &run.engines {
        write_engine(out, engine)?;
    }
    Ok(())
}

fn is_shown(verdict: Verdict, options: Options) -> bool {
    verdict.is_bad() || (options.differs && verdict == Verdict::Differs)
}

fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Pass => GOOD,
        Verdict::Fail | Verdict::Xpass | Verdict::Timeout | Verdict::Crash | Verdict::Infra => BAD,
        Verdict::Xfail | Verdict::Differs | Verdict::Lacks | Verdict::Skip => ODD,
    }
}

fn write_case(out: &mut String, run: &Run, engine: &EngineRun, result: &CaseRun) -> fmt::Result {
    let verdict = &result.verdict;
    let loud = style(verdict.verdict);
    writeln!(
        out,
        "{loud}{}{loud:#} {STRONG}{}{STRONG:#} · {} · {}",
        verdict.verdict, verdict.case, verdict.mode, engine.name
    )?;
    writeln!(out, "  {}", result.title)?;
    for line in verdict.note.iter().flat_map(|note| note.lines()) {
        writeln!(out, "  {loud}{line}{loud:#}")?;
    }
    // In a case that failed, what is no failure would only be in the way.
    let telling = |mark: &MarkVerdict| {
        mark.verdict.is_bad() || (mark.verdict == verdict.verdict && mark.verdict != Verdict::Pass)
    };
    let marks: Vec<_> = verdict.marks.iter().enumerate().filter(|(_, mark)| telling(mark)).collect();
    for (index, mark) in marks.iter().take(MARKS) {
        write_mark(out, mark, result.lines.get(*index).map_or("", String::as_str))?;
    }
    match marks.len() {
        0 => writeln!(out, "  {QUIET}-->{QUIET:#} {}", result.place)?,
        count if count > MARKS => writeln!(out, "  {QUIET}and {} more marks of this case{QUIET:#}", count - MARKS)?,
        _ => {}
    }
    if !result.rules.is_empty() {
        writeln!(out, "  {QUIET}rules{QUIET:#}    {}", result.rules.join(", "))?;
    }
    writeln!(
        out,
        "  {QUIET}rerun{QUIET:#}    {} run --exact {} --mode {} {}\n",
        run.command,
        quoted(&verdict.case),
        verdict.mode,
        engine.arguments
    )
}

fn write_mark(out: &mut String, mark: &MarkVerdict, line: &str) -> fmt::Result {
    let number = mark.line.to_string();
    let gutter = " ".repeat(number.len());
    let level = mark.level;
    writeln!(out, "  {QUIET}-->{QUIET:#} {}:{}:{}  {QUIET}level{QUIET:#} {level}", mark.path, mark.line, mark.column)?;
    writeln!(out, "  {QUIET}{gutter} |{QUIET:#}")?;
    writeln!(out, "  {QUIET}{number} |{QUIET:#} {line}")?;
    writeln!(out, "  {QUIET}{gutter} |{QUIET:#}")?;
    match &mark.observed {
        Some(seen) => write_difference(out, &mark.expected, seen)?,
        None => writeln!(out, "  expected {}", mark.expected)?,
    }
    if let Some(note) = &mark.note {
        writeln!(out, "  {QUIET}note{QUIET:#}     {note}")?;
    }
    Ok(())
}

/// Expected and seen, one above the other, with what differs set off; line by line when there are several.
fn write_difference(out: &mut String, expected: &str, seen: &str) -> fmt::Result {
    if expected.contains('\n') || seen.contains('\n') {
        writeln!(out, "  {BAD}- expected{BAD:#}  {GOOD}+ seen{GOOD:#}")?;
        for change in TextDiff::from_lines(expected, seen).iter_all_changes() {
            let (sign, style) = match change.tag() {
                ChangeTag::Equal => (' ', Style::new()),
                ChangeTag::Delete => ('-', BAD),
                ChangeTag::Insert => ('+', GOOD),
            };
            writeln!(out, "    {style}{sign} {}{style:#}", change.value().trim_end_matches('\n'))?;
        }
        return Ok(());
    }
    let words = TextDiff::from_words(expected, seen);
    // Two texts with little in common are read more easily whole.
    let alike = words.ratio() > 0.4;
    for (label, own, style) in [("expected", ChangeTag::Delete, BAD), ("seen", ChangeTag::Insert, GOOD)] {
        write!(out, "  {label:8} ")?;
        for change in words.iter_all_changes().filter(|change| change.tag() == own || change.tag() == ChangeTag::Equal)
        {
            if change.tag() == own || !alike {
                write!(out, "{style}{}{style:#}", change.value())?;
            } else {
                write!(out, "{}", change.value())?;
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

fn write_slowest(out: &mut String, run: &Run, count: usize) -> fmt::Result {
    if count == 0 {
        return Ok(());
    }
    let mut results: Vec<_> = run.results().collect();
    results.sort_by_key(|(_, result)| std::cmp::Reverse(result.time));
    results.truncate(count);
    writeln!(out, "{STRONG}slowest{STRONG:#}")?;
    for (engine, result) in results {
        writeln!(
            out,
            "  {:>9} {} · {} · {}",
            shown(result.time),
            result.verdict.case,
            result.verdict.mode,
            engine.name
        )?;
    }
    writeln!(out)
}

fn write_engine(out: &mut String, engine: &EngineRun) -> fmt::Result {
    write!(out, "{STRONG}{}{STRONG:#}", engine.name)?;
    if !engine.detail.is_empty() {
        write!(out, " {QUIET}({}){QUIET:#}", engine.detail)?;
    }
    let results = match &engine.results {
        Ok(results) => results,
        Err(words) => return writeln!(out, ": {BAD}{}{BAD:#} {words}", Verdict::Infra),
    };
    write!(out, ": {} {}", results.len(), if results.len() == 1 { "result" } else { "results" })?;
    let mut separator = ", ";
    for verdict in Verdict::ALL {
        let count = engine.count(verdict);
        if count > 0 {
            let style = style(verdict);
            write!(out, "{separator}{style}{count} {verdict}{style:#}")?;
            separator = ", ";
        }
    }
    let time: Duration = results.iter().map(|result| result.time).sum();
    writeln!(out, " {QUIET}in {}{QUIET:#}", shown(time))?;
    for words in &engine.stale {
        writeln!(out, "  {BAD}STALE{BAD:#} {words}")?;
    }
    Ok(())
}

/// A time as people read it.
pub fn shown(time: Duration) -> String {
    match time.as_micros() {
        micros @ 0..1000 => format!("{micros} µs"),
        micros @ 1000..1_000_000 => format!("{:.1} ms", micros as f64 / 1e3),
        micros => format!("{:.1} s", micros as f64 / 1e6),
    }
}

/// An argument as a shell reads it.
pub fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._/-+=:,@%".contains(c);
    if !argument.is_empty() && argument.chars().all(plain) {
        return argument.to_string();
    }
    format!("'{}'", argument.replace('\'', r"'\''"))
}

/// `1 case`, `2 cases`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
