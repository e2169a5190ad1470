//! The file that an engine is given for a job: helpers, then the program, or the program as texts for `exec`.
//!
//! A line of the output that tells something is `\x1e`, the job's secret, a letter, a number, a blank, a text, `\x1f`.
//! Letters: `s` the program began, `v` a value, `x` an exception at a probe, `c` a chunk ran to its end, `r` one raised,
//! `q` one ended by `SystemExit`, `d` everything was done.
//!
//! Invariant: the program's own lines keep their order and their text; only the handlers of `#!>` bind a name more than
//! elsewhere, for not every engine has `sys.exc_info`.

use crate::case::{Chunk, Job, Mode, ProbeKind};
use verysame_engine::syntax::{StatementKind, outline};

/// Where the helpers live.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Names {
    /// Among the builtins, so that the program's names are what it made them.
    Builtins,
    /// Among the program's global names, where the engine allows nothing else.
    Globals,
}

/// What an engine can be given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Form {
    /// Where the helpers live.
    pub names: Names,
    /// Classes have `__module__` and `__qualname__` or can be asked for them.
    pub modules: bool,
    /// The program is handed to `exec`.
    pub exec: bool,
}

impl Form {
    /// Every form of one kind, the best first.
    pub fn all(exec: bool) -> [Form; 4] {
        [(Names::Builtins, true), (Names::Builtins, false), (Names::Globals, true), (Names::Globals, false)]
            .map(|(names, modules)| Form { names, modules, exec })
    }
}

/// A file, and how many lines stand before the program's own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Program {
    /// The text.
    pub text: String,
    /// Lines before the program from this line of it on.
    pub before: u32,
    /// The 1-based line of the program before which the helpers stand.
    pub from: u32,
}

impl Program {
    /// The line of the program that a line of the file is.
    pub fn line(&self, line: u32) -> Option<u32> {
        if line < self.from {
            return Some(line);
        }
        line.checked_sub(self.before).filter(|line| *line >= self.from)
    }
}

/// The file for a job.
pub fn program(job: &Job, secret: &str, form: Form) -> Program {
    let mut helpers = String::new();
    let mut names = vec!["__class_0__".to_string(), "__say_0__".to_string()];
    helpers.push_str(&format!("def __say_0__(k, x, p=print):\n p(\"\\x1e{secret}\" + k + \" \" + x + \"\\x1f\")\n"));
    helpers.push_str("def __class_0__(e, t=type, s=str):\n k = t(e)\n n = k.__name__\n");
    if form.modules {
        helpers.push_str(" n = getattr(k, '__qualname__', n)\n m = getattr(k, '__module__', 'builtins')\n");
        helpers.push_str(" if m != 'builtins' and m != '__main__': n = s(m) + '.' + n\n");
    }
    helpers.push_str(" try: x = s(e)\n except BaseException: x = '<exception str() failed>'\n return n + ': ' + x\n");
    for probe in &job.probes {
        let (name, number) = (&probe.name, number(&probe.name));
        names.push(name.clone());
        match probe.kind {
            ProbeKind::Value | ProbeKind::Graph => helpers.push_str(&format!(
                "def {name}(v, r=repr, c=__class_0__, p=__say_0__):\n try: x = r(v)\n except BaseException as e: p('x{number}', c(e))\n \
                 else: p('v{number}', x)\n"
            )),
            ProbeKind::Raised => {
                helpers.push_str(&format!("def {name}(e, c=__class_0__, p=__say_0__):\n p('x{number}', c(e))\n"));
            }
        }
    }
    if form.exec {
        names.push("__run_0__".to_string());
        helpers.push_str(RUN);
    }
    if form.names == Names::Builtins {
        helpers.push_str("import builtins as __builtins_0__\n");
        for name in &names {
            helpers.push_str(&format!("__builtins_0__.{name} = {name}\ndel {name}\n"));
        }
        helpers.push_str("del __builtins_0__\n");
    }
    helpers.push_str("__say_0__('s0', '')\n");
    let before = helpers.matches('\n').count() as u32;
    if form.exec {
        for (index, chunk) in job.chunks.iter().enumerate() {
            for (text, shows, last) in parts(job, chunk) {
                let text = literal(&caught(job, &text));
                helpers.push_str(&format!("__run_0__({index}, {text}, {}, {})\n", python(shows), python(last)));
            }
        }
        helpers.push_str("__say_0__('d0', '')\n");
        return Program { text: helpers, before: u32::MAX, from: 1 };
    }
    let source: String = job.chunks.iter().map(|chunk| caught(job, &chunk.source)).collect();
    let (head, body) = source.split_at(start(&source));
    let from = 1 + head.matches('\n').count() as u32;
    let text = format!("{head}{helpers}{body}\n__say_0__('d0', '')\n");
    Program { text, before, from }
}

/// What runs a text in the program's namespace. An exception ends its text, the others of the chunk are left out.
const RUN: &str = "\
def __run_0__(i, text, shows, last, space={'__name__': '__main__'}, state=[-1], c=__class_0__, p=__say_0__, t=type, s=str, r=repr):
 if state[0] == i: return
 try:
  try: code = compile(text, 'case.py', 'eval' if shows else 'exec')
  except NameError: code = text
 except BaseException as e:
  state[0] = i
  p('r' + s(i), 'c' + c(e))
  return
 try:
  if shows:
   v = eval(code, space)
   try: x = r(v)
   except BaseException as e: p('y' + s(i), c(e))
   else: p('w' + s(i), x)
   if v is not None: space['_'] = v
  else: exec(code, space)
 except SystemExit as e:
  state[0] = i
  p('q' + s(i), s(e))
 except BaseException as e:
  state[0] = i
  p('r' + s(i), 'r' + c(e))
 else:
  if last: p('c' + s(i), '')
";

fn python(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

/// The number in a probe's name.
fn number(name: &str) -> String {
    name.chars().filter(char::is_ascii_digit).collect()
}

/// The handlers of `#!>` hand their exception over.
fn caught(job: &Job, source: &str) -> String {
    let mut text = source.to_string();
    for probe in job.probes.iter().filter(|probe| probe.kind == ProbeKind::Raised) {
        let (name, number) = (&probe.name, number(&probe.name));
        let plain = format!("except BaseException: {name}()");
        text = text.replace(&plain, &format!("except BaseException as __e_{number}__: {name}(__e_{number}__)"));
    }
    text
}

/// The byte at which the helpers go in: behind a docstring and imports from `__future__`.
fn start(source: &str) -> usize {
    let Ok(outline) = outline(source) else { return 0 };
    let mut end = 0;
    for (index, statement) in outline.statements.iter().enumerate() {
        let text = source.get(statement.range.clone()).unwrap_or("");
        let docstring = index == 0
            && matches!(statement.kind, StatementKind::Expression { .. })
            && text.trim_start_matches(['r', 'R', 'u', 'U']).starts_with(['"', '\'']);
        if !docstring && !text.starts_with("from __future__") {
            break;
        }
        let rest = source.get(statement.range.end..).unwrap_or("");
        end = rest.find('\n').map_or(source.len(), |at| statement.range.end + at + 1);
    }
    end
}

/// A chunk in the pieces that `exec` and `eval` take: text, whether its value is shown, whether it is the last.
fn parts(job: &Job, chunk: &Chunk) -> Vec<(String, bool, bool)> {
    let whole = || vec![(chunk.source.clone(), false, true)];
    if job.mode == Mode::Module {
        return whole();
    }
    let Ok(outline) = outline(&chunk.source) else { return whole() };
    let shows = |kind: &StatementKind| matches!(kind, StatementKind::Expression { .. });
    if !outline.statements.iter().any(|statement| shows(&statement.kind)) {
        return whole();
    }
    let count = outline.statements.len();
    let part = |(index, statement): (usize, &verysame_engine::syntax::Statement)| {
        let text = match &statement.kind {
            StatementKind::Expression { value } => format!("(\n{}\n)", chunk.source.get(value.clone()).unwrap_or("")),
            _ => format!("{}\n", chunk.source.get(statement.range.clone()).unwrap_or("")),
        };
        (text, shows(&statement.kind), index + 1 == count)
    };
    outline.statements.iter().enumerate().map(part).collect()
}

/// A text as a literal of Python.
fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '\\' | '"' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if (c as u32) < 0x20 || c == '\x7f' => out.push_str(&format!("\\x{:02x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Probe;

    fn job(mode: Mode, chunks: &[&str]) -> Job {
        let chunks = chunks.iter().map(|s| Chunk { source: (*s).to_string(), first_line: 1, graph: false }).collect();
        Job {
            case: "a.b".into(),
            mode,
            files: vec![],
            chunks,
            probes: vec![
                Probe { name: "__probe_1__".into(), kind: ProbeKind::Value },
                Probe { name: "__raised_2__".into(), kind: ProbeKind::Raised },
            ],
            packages: false,
            heap: vec![],
        }
    }

    #[test]
    fn helpers_stand_behind_what_has_to_come_first() {
        let source =
            "'''doc'''\nfrom __future__ import annotations\nx = 1\ntry: y\nexcept BaseException: __raised_2__()\n";
        let file = program(&job(Mode::Module, &[source]), "KEY", Form::all(false)[0]);
        let lines: Vec<&str> = file.text.lines().collect();
        assert_eq!(lines[..2], ["'''doc'''", "from __future__ import annotations"]);
        let at = lines.iter().position(|line| *line == "x = 1").expect("there");
        assert_eq!(file.line(at as u32 + 1), Some(3));
        assert_eq!(file.line(2), Some(2));
        assert_eq!(file.line(5), None);
        assert_eq!(lines[at + 2], "except BaseException as __e_2__: __raised_2__(__e_2__)");
        assert!(lines[at - 1].starts_with("__say_0__('s0'"), "{}", file.text);
        assert!(file.text.contains("del __builtins_0__"), "{}", file.text);
        let file = program(&job(Mode::Module, &[source]), "KEY", Form::all(false)[3]);
        assert!(!file.text.contains("builtins"), "{}", file.text);
    }

    #[test]
    fn chunks_become_texts_for_exec() {
        let file = program(&job(Mode::Interactive, &["x = 1; x\n", "def f(:\n"]), "KEY", Form::all(true)[0]);
        assert!(file.text.contains("__run_0__(0, \"x = 1\\n\", False, False)"), "{}", file.text);
        assert!(file.text.contains("__run_0__(0, \"(\\nx\\n)\", True, True)"), "{}", file.text);
        assert!(file.text.contains("__run_0__(1, \"def f(:\\n\", False, True)"), "{}", file.text);
        assert_eq!(literal("a\"\\\u{1}é"), "\"a\\\"\\\\\\x01é\"");
    }
}
