//! An explanation for a terminal: the program with notes beneath its lines.
//!
//! Text with ANSI styles. A rule is named where it is needed first, and not again.

use super::{Cited, End, Explanation, Kind, Severity};
use anstyle::{AnsiColor, Style};
use std::collections::HashSet;
use std::fmt::Write;

const CODE: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();
const CHANGE: Style = AnsiColor::Cyan.on_default();
const DEATH: Style = AnsiColor::Magenta.on_default();
const OUTPUT: Style = AnsiColor::Green.on_default();
const RAISE: Style = AnsiColor::Red.on_default();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Blue.on_default().bold();

/// The longest line of the program.
const WIDEST: usize = 110;

/// The explanation as text.
pub fn render(explanation: &Explanation) -> String {
    let mut out = String::new();
    let _ = write(&mut out, explanation);
    out
}

fn write(out: &mut String, explanation: &Explanation) -> std::fmt::Result {
    let mut cited = HashSet::new();
    let lines: Vec<&str> = explanation.text.lines().collect();
    let width = lines.len().to_string().len().max(2);
    let margin = " ".repeat(width + 2);
    for (number, line) in (1..).zip(&lines) {
        let shown = crate::report::heap::shorten(line, WIDEST);
        // Control characters are the program's business, not the terminal's.
        let shown: String = shown.chars().map(|c| if c.is_control() && c != '\t' { '\u{fffd}' } else { c }).collect();
        writeln!(out, "{QUIET}{number:>width$}{QUIET:#}  {CODE}{}{CODE:#}", shown.trim_end())?;
        let indent = &line[..line.len() - line.trim_start().len()];
        let begin = format!("{margin}{}", indent.replace('\t', "    "));
        for note in explanation.notes.iter().filter(|note| note.line == number) {
            let style = match note.kind {
                Kind::Scope | Kind::Skipped => QUIET,
                Kind::Bind | Kind::Return => Style::new(),
                Kind::Change => CHANGE,
                Kind::Death => DEATH,
                Kind::Output => OUTPUT,
                Kind::Raise => RAISE,
            };
            let when = note.when.as_ref().map(|when| format!("{QUIET}{when}: {QUIET:#}")).unwrap_or_default();
            let rule = note.rule.as_ref().map(|rule| once(rule, &mut cited)).unwrap_or_default();
            writeln!(out, "{begin}{QUIET}│{QUIET:#} {when}{style}{}{style:#}{rule}", note.text)?;
        }
        for warning in explanation.warnings.iter().filter(|warning| warning.line == number) {
            let (style, word) = match warning.severity {
                Severity::Warning => (WARNING, "warning"),
                Severity::Hint => (HINT, "hint"),
            };
            let rule = format!("  {QUIET}[{} · {}]{QUIET:#}", warning.rule.id, warning.rule.level);
            cited.insert(warning.rule.id.clone());
            writeln!(out, "{begin}{style}▲ {word}:{style:#} {}{rule}", warning.text)?;
        }
        if let End::Rejected { line, column, text } = &explanation.end
            && *line == number
        {
            let before = line_before(&shown, *column);
            writeln!(out, "{margin}{before}{RAISE}^ {text}{RAISE:#}")?;
        }
    }
    match &explanation.end {
        End::Completed => Ok(()),
        End::Rejected { line, text, .. } if (1..=lines.len()).contains(&(*line as usize)) => {
            writeln!(out, "{RAISE}nothing runs:{RAISE:#} {text} (line {line})")
        }
        End::Rejected { text, .. } => writeln!(out, "{RAISE}nothing runs:{RAISE:#} {text}"),
        End::Raised { line: Some(line), text } => {
            writeln!(out, "{RAISE}the program ends at line {line}:{RAISE:#} {text}")
        }
        End::Raised { line: None, text } => writeln!(out, "{RAISE}the program ends:{RAISE:#} {text}"),
        End::Exit { status } => writeln!(out, "{QUIET}the program exits with status {status}{QUIET:#}"),
        End::Limit { limit } => writeln!(out, "{RAISE}stopped by the limit on {limit}{RAISE:#}"),
    }
}

/// Blanks as wide as what stands before a column.
fn line_before(line: &str, column: u32) -> String {
    line.chars().take(column.saturating_sub(1) as usize).map(|c| if c == '\t' { '\t' } else { ' ' }).collect()
}

/// The rule in brackets, the first time that it is needed.
fn once(rule: &Cited, cited: &mut HashSet<String>) -> String {
    match cited.insert(rule.id.clone()) {
        true => format!("  {QUIET}[{} · {}]{QUIET:#}", rule.id, rule.level),
        false => String::new(),
    }
}

/// Warnings and the error that ended the program, one a line.
pub fn warnings(explanation: &Explanation) -> String {
    let mut out = String::new();
    let file = &explanation.file;
    for one in &explanation.warnings {
        let word = match one.severity {
            Severity::Warning => format!("{WARNING}warning{WARNING:#}"),
            Severity::Hint => format!("{HINT}hint{HINT:#}"),
        };
        let rule = format!("{QUIET}[{} · {}]{QUIET:#}", one.rule.id, one.rule.level);
        let _ = writeln!(out, "{file}:{}:{}: {word}: {} {rule}", one.line, one.column, one.text);
    }
    let error = match &explanation.end {
        End::Rejected { line, column, text } => Some((format!("{line}:{column}"), text.clone())),
        End::Raised { line, text } => Some((line.unwrap_or(1).to_string(), text.clone())),
        End::Limit { limit } => Some(("1".to_string(), format!("stopped by the limit on {limit}"))),
        End::Completed | End::Exit { .. } => None,
    };
    if let Some((place, text)) = error {
        let _ = writeln!(out, "{file}:{place}: {RAISE}error{RAISE:#}: {text}");
    }
    out
}
