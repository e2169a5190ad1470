//! One program, asked of the engine as it was asked of the measured interpreters.
//!
//! A script's answer is the lines that it printed, then a line `!Class: text` if an exception ended it; a prompt's is
//! what went to stdout; a text that is only compiled answers `ok`, or its error with line and column. A template's or a
//! list of constants' answer is a table; it comes from one program of ours that asks for all of them in turn.

use super::{Program, TemplateMode};
use crate::engine::{Limits, STACK, limit_word, prompt_output, watched};
use serde_json::{Map, Value};
use std::fmt::Write;
use std::sync::mpsc;
use std::thread;
use verysame_engine::rules::Profile;
use verysame_engine::{self as engine, Ended, Session};

/// What came of asking.
#[derive(Clone, PartialEq, Debug)]
pub enum Asked {
    /// The answer, in the form of the measured ones.
    Answer(Value),
    /// There is none: a limit, a panic, a hang, or a heap whose counts are wrong afterwards.
    Broken(String),
}

/// Asks the engine under these rules, with or without fused instructions.
pub fn ask(program: &Program, profile: &Profile, fused: bool) -> Asked {
    let program = program.clone();
    let answer = in_session(profile, &Limits::default(), fused, move |session| match &program {
        Program::Script(text) => script(session, text).map(lines),
        Program::Interactive(units) => prompt(session, units).map(lines),
        Program::Compile(text) => script(session, &compiling(text)).map(lines),
        Program::Template { how, units, literals } => table(session, &template(*how, units, literals)),
        Program::Interned(sources) => table(session, &interned(sources)),
        Program::Probe(text) => probe(session, text).map(Value::from),
    });
    answer.map_or_else(Asked::Broken, Asked::Answer)
}

/// What came of it in a session of its own, on a thread of its own; the heap is audited afterwards.
pub(super) fn in_session<T: Send + 'static>(
    profile: &Profile,
    limits: &Limits,
    fused: bool,
    work: impl FnOnce(&mut Session) -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    let (sender, receiver) = mpsc::channel();
    let profile = profile.clone();
    let bounds = engine::Limits {
        steps: limits.steps,
        memory: limits.memory,
        output: limits.output,
        ..engine::Limits::default()
    };
    let started = thread::Builder::new().stack_size(STACK).spawn(move || {
        let done = watched(|| {
            let mut session = Session::new(&profile, bounds);
            session.set_fusion(fused);
            let answer = work(&mut session);
            session.audit().map_err(|words| format!("the heap is inconsistent: {words}"))?;
            answer
        });
        // If nobody waits any more, nobody is told.
        let _ = sender.send(done.unwrap_or_else(Err));
    });
    started.map_err(|error| format!("no thread for the engine: {error}"))?;
    receiver.recv_timeout(limits.time * 6).unwrap_or_else(|error| {
        Err(match error {
            mpsc::RecvTimeoutError::Timeout => "it did not end".to_string(),
            mpsc::RecvTimeoutError::Disconnected => "the engine's thread died".to_string(),
        })
    })
}

fn lines(mut text: String) -> Value {
    if text.ends_with('\n') {
        text.pop();
    }
    let lines: Vec<Value> = if text.is_empty() { Vec::new() } else { text.split('\n').map(Value::from).collect() };
    Value::Array(lines)
}

/// What a script printed, with the exception that ended it.
pub(super) fn script(session: &mut Session, text: &str) -> Result<String, String> {
    let end = session.run_module(text.as_bytes(), "<string>");
    let mut out = String::from_utf8_lossy(session.stdout()).into_owned();
    match end {
        Ended::Completed => {}
        Ended::Raised(uncaught) => {
            let class = uncaught.class.rsplit('.').next().unwrap_or_default();
            out.push_str(&format!("!{class}: {}\n", uncaught.text));
        }
        Ended::Exit(status) => out.push_str(&format!("!SystemExit: {status}\n")),
        Ended::Limit(kind) => return Err(format!("stopped by the limit on {}", limit_word(kind))),
    }
    Ok(out)
}

/// What a probe printed until the interpreter ended, or the exception that ended it.
fn probe(session: &mut Session, text: &str) -> Result<String, String> {
    let end = session.run_module(text.as_bytes(), "<string>");
    let traceback = match end {
        Ended::Completed | Ended::Exit(0) => None,
        Ended::Raised(uncaught) => Some(uncaught.traceback),
        Ended::Exit(status) => Some(format!("SystemExit: {status}")),
        Ended::Limit(kind) => return Err(format!("stopped by the limit on {}", limit_word(kind))),
    };
    if let Ended::Limit(kind) = session.finish() {
        return Err(format!("stopped by the limit on {} at its end", limit_word(kind)));
    }
    Ok(super::rulebook::answer(&String::from_utf8_lossy(session.stdout()), traceback.as_deref()))
}

/// What a prompt with these inputs shows on stdout; empty lines at its end are not kept.
fn prompt(session: &mut Session, units: &[String]) -> Result<String, String> {
    for unit in units {
        match session.run_interactive(unit.as_bytes(), 1, false) {
            Ended::Completed | Ended::Raised(_) => {}
            Ended::Exit(_) => break,
            Ended::Limit(kind) => return Err(format!("stopped by the limit on {}", limit_word(kind))),
        }
    }
    let out = String::from_utf8_lossy(&prompt_output(session)).into_owned();
    Ok(out.trim_end().to_string())
}

/// The table that a program of ours printed: on each line a name, a tab and `True`, `False` or another text.
fn table(session: &mut Session, text: &str) -> Result<Value, String> {
    let out = script(session, text)?;
    let mut table = Map::new();
    for line in out.lines() {
        let Some((name, value)) = line.split_once('\t') else { return Err(line.to_string()) };
        let value = match value {
            "True" => Value::Bool(true),
            "False" => Value::Bool(false),
            other => Value::from(other),
        };
        table.insert(name.to_string(), value);
    }
    Ok(Value::Object(table))
}

fn compiling(text: &str) -> String {
    format!(
        "try:\n    compile({}, '<case>', 'exec', dont_inherit=True)\n    print('ok')\n\
         except SyntaxError as e:\n    print('!%s: %s @%s:%s' % (type(e).__name__, e.msg, e.lineno, e.offset))\n",
        literal(text)
    )
}

fn template(how: TemplateMode, units: &[String], literals: &[(String, String)]) -> String {
    let (before, unit) = match how {
        TemplateMode::Script => ("", "exec(compile(unit.replace('@', literal), '<t>', 'exec'), ns)"),
        TemplateMode::Marshalled => (
            "import marshal\n",
            "exec(marshal.loads(marshal.dumps(compile(unit.replace('@', literal), '<t>', 'exec'))), ns)",
        ),
        TemplateMode::Interactive => ("", "exec(compile(unit.replace('@', literal), '<stdin>', 'single'), ns)"),
    };
    let units: Vec<String> = units.iter().map(|unit| literal(unit)).collect();
    format!(
        "{before}{}    ns = {{'__name__': '__main__', 'S': literal}}\n    try:\n        for unit in [{}]:\n            {unit}\n        \
         value = ns['R']\n{}",
        for_each("literal", literals),
        units.join(", "),
        AND_PRINT
    )
}

fn interned(sources: &[(String, String)]) -> String {
    format!(
        "import sys\n{}    try:\n        c = eval(compile('lambda: ' + source, '<i>', 'eval'))()\n        \
         value = sys.intern(''.join(list(c))) is c\n{}",
        for_each("source", sources),
        AND_PRINT
    )
}

const AND_PRINT: &str = "    except Exception as e:\n        value = '!%s: %s' % (type(e).__name__, e)\n    \
                         print(name, value, sep='\\t')\n";

fn for_each(variable: &str, pairs: &[(String, String)]) -> String {
    let mut out = format!("for name, {variable} in [\n");
    for (name, text) in pairs {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "    ({}, {}),", literal(name), literal(text));
    }
    out + "]:\n"
}

/// A Python literal, in ASCII, whose value is this text.
pub(super) fn literal(text: &str) -> String {
    let mut out = String::from("'");
    for character in text.chars() {
        match character {
            '\'' | '\\' => out.extend(['\\', character]),
            ' '..='~' => out.push(character),
            other => {
                let _ = write!(out, "\\U{:08x}", u32::from(other));
            }
        }
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use verysame_engine::rules::PyVersion;

    fn answer(program: &Program) -> Value {
        match ask(program, &Profile::of(PyVersion::NEWEST), true) {
            Asked::Answer(value) => value,
            Asked::Broken(words) => panic!("{words}"),
        }
    }

    #[test]
    fn scripts_answer_with_lines_and_their_exception() {
        assert_eq!(answer(&Program::Script("pass".into())), json!([]));
        assert_eq!(answer(&Program::Script("print('a\\n')\nprint('b')".into())), json!(["a", "", "b"]));
        let raising = "class E(Exception): pass\nprint(1)\nraise E('x')";
        assert_eq!(answer(&Program::Script(raising.into())), json!(["1", "!E: x"]));
        assert_eq!(answer(&Program::Script("import sys\nsys.exit(3)".into())), json!(["!SystemExit: 3"]));
    }

    #[test]
    fn a_prompt_answers_with_its_stdout() {
        let units = ["1\n", "print('a')\n", "None\n", "1/0\n", "2; 3\n"].map(String::from).to_vec();
        assert_eq!(answer(&Program::Interactive(units)), json!(["1", "a", "2", "3"]));
    }

    #[test]
    fn a_compiled_text_answers_ok_or_with_the_place_of_its_error() {
        assert_eq!(answer(&Program::Compile("x = '\\u20ac'\n".into())), json!(["ok"]));
        assert_eq!(
            answer(&Program::Compile("\nreturn\n".into())),
            json!(["!SyntaxError: 'return' outside function @2:1"])
        );
    }

    #[test]
    fn tables_are_asked_for_entry_by_entry() {
        let literals =
            vec![("int".into(), "10000".into()), ("list".into(), "[]".into()), ("bad".into(), "nope".into())];
        let units = vec!["a = @\nb = @\nR = a is b".to_string()];
        let template = Program::Template { how: TemplateMode::Script, units, literals };
        let bad = "!NameError: name 'nope' is not defined";
        assert_eq!(answer(&template), json!({"int": true, "list": false, "bad": bad}));
        let units = vec!["a = @\n".to_string(), "b = @\n".to_string(), "R = a is b\n".to_string()];
        let literals = vec![("int".into(), "10000".into()), ("none".into(), "None".into())];
        let template = Program::Template { how: TemplateMode::Interactive, units, literals };
        assert_eq!(answer(&template), json!({"int": false, "none": true}));
        let sources = vec![("name".into(), "'a_b'".into()), ("space".into(), "'a\\tb'".into())];
        assert_eq!(answer(&Program::Interned(sources)), json!({"name": true, "space": false}));
    }

    #[test]
    fn a_probe_answers_with_what_it_printed_until_the_end_or_its_exception() {
        let dying = "class A:\n    def __del__(self): print('end')\na = A()\nprint(1)";
        assert_eq!(answer(&Program::Probe(dying.into())), json!("1\nend"));
        assert_eq!(
            answer(&Program::Probe("print(1)\nqqqqqq".into())),
            json!("EXC NameError: name 'qqqqqq' is not defined")
        );
    }

    #[test]
    fn what_does_not_end_is_broken() {
        let profile = Profile::of(PyVersion::NEWEST);
        let Asked::Broken(words) = ask(&Program::Script("while True: pass".into()), &profile, true) else {
            panic!("it ended")
        };
        assert_eq!(words, "stopped by the limit on steps");
    }
}
