//! A skeleton as a Python program.
//!
//! Invariant: the program ends. Every place that binds gives a number of its own, so what a name means is seen.

use super::super::text::quoted;
use super::tree::{Form, Name, Node, Scope};
use std::fmt::Write as _;

struct Printer {
    /// The next number to be bound.
    value: usize,
    /// The next function or class.
    serial: usize,
    /// What shows a value: `p` where it may be no number, else `print`.
    shows: &'static str,
    /// Comprehensions are written as calls of generator expressions.
    lazily: bool,
}

const fn name(number: Name) -> char {
    match number {
        0 => 'a',
        1 => 'b',
        _ => 'c',
    }
}

/// The program of these nodes; `lazily`, with generator expressions where it has comprehensions.
pub fn program(nodes: &[Node], lazily: bool) -> String {
    let mut objects = false;
    for node in nodes {
        node.walk(&mut |node| {
            objects |= match node {
                Node::Leaf(form, _) => form.binds_object(),
                Node::Scope(scope, ..) => matches!(scope, Scope::TypeFunction | Scope::TypeClass),
            };
        });
    }
    let mut printer = Printer { value: 0, serial: 0, shows: if objects { "p" } else { "print" }, lazily };
    let mut text = String::new();
    if objects {
        text.push_str("def p(x): print(x if type(x) is int else type(x).__name__)\n");
    }
    printer.body(nodes, 0, &mut text);
    text
}

fn line(out: &mut String, indent: usize, text: &str) {
    for _ in 0..indent {
        out.push_str("    ");
    }
    out.push_str(text);
    out.push('\n');
}

impl Printer {
    fn number(&mut self) -> usize {
        self.value += 1;
        self.value
    }

    fn body(&mut self, nodes: &[Node], indent: usize, out: &mut String) {
        let mut later = Vec::new();
        for node in nodes {
            match node {
                Node::Leaf(form, name) => self.statement(*form, *name, indent, out),
                Node::Scope(scope, name, inner) => self.scope(*scope, *name, inner, indent, out, &mut later),
            }
        }
        for call in later {
            line(out, indent, &call);
        }
    }

    fn statement(&mut self, form: Form, own: Name, indent: usize, out: &mut String) {
        let a = name(own);
        let text = match form {
            Form::Use | Form::Walrus | Form::Local => self.leaf(form, own),
            Form::Assign => format!("{a} = {}", self.number()),
            Form::Augmented => format!("{a} += {}", self.number()),
            Form::Delete => format!("del {a}"),
            Form::Global => format!("global {a}"),
            Form::Nonlocal => format!("nonlocal {a}"),
            Form::For => format!("for {a} in [{}]: pass", self.number()),
            Form::Unpack => format!("[{a}] = [{}]", self.number()),
            Form::With => format!("with memoryview(b'') as {a}: pass"),
            Form::Import => format!("import sys as {a}"),
            Form::Except => {
                line(out, indent, "try: raise ValueError");
                format!("except ValueError as {a}: pass")
            }
            Form::Def => format!("def {a}(): pass"),
            Form::Class => format!("class {a}: pass"),
            Form::Match => {
                line(out, indent, &format!("match {}:", self.number()));
                format!("    case {a}: pass")
            }
            Form::Annotated => format!("{a}: int"),
            Form::AnnotatedAssign => format!("{a}: int = {}", self.number()),
            Form::Alias => format!("type {a} = int"),
        };
        line(out, indent, &text);
    }

    /// What can stand in an expression.
    fn leaf(&mut self, form: Form, own: Name) -> String {
        let a = name(own);
        match form {
            Form::Walrus => format!("({a} := {})", self.number()),
            Form::Local => format!("print('{a}' in locals())"),
            _ => format!("{}({a})", self.shows),
        }
    }

    fn scope(
        &mut self,
        scope: Scope,
        own: Name,
        inner: &[Node],
        indent: usize,
        out: &mut String,
        later: &mut Vec<String>,
    ) {
        let a = name(own);
        if scope.holds_expressions() {
            let text = self.expression(scope, own, inner);
            line(out, indent, &text);
            return;
        }
        self.serial += 1;
        let serial = self.serial;
        let head = match scope {
            Scope::Parameter => format!("def f{serial}({a}):"),
            Scope::TypeFunction => format!("def f{serial}[{a}]():"),
            Scope::Class => format!("class C{serial}:"),
            Scope::TypeClass => format!("class C{serial}[{a}]:"),
            Scope::Exec => {
                let mut text = String::new();
                self.body(inner, 0, &mut text);
                line(out, indent, &format!("exec({})", quoted(text.trim_end(), '"')));
                return;
            }
            _ => format!("def f{serial}():"),
        };
        line(out, indent, &head);
        let before = out.len();
        let given = if scope == Scope::Parameter { self.number() } else { 0 };
        self.body(inner, indent + 1, out);
        if scope == Scope::Generator {
            line(out, indent + 1, "yield");
        } else if out.len() == before {
            line(out, indent + 1, "pass");
        }
        match scope {
            Scope::Later => later.push(format!("f{serial}()")),
            Scope::Function | Scope::TypeFunction => line(out, indent, &format!("f{serial}()")),
            Scope::Parameter => line(out, indent, &format!("f{serial}({given})")),
            Scope::Generator => line(out, indent, &format!("list(f{serial}())")),
            _ => {}
        }
    }

    /// Expressions, separated by commas; a number where there is none.
    fn inner(&mut self, nodes: &[Node]) -> String {
        let mut text = String::new();
        for node in nodes {
            if !text.is_empty() {
                text.push_str(", ");
            }
            match node {
                Node::Leaf(form, own) => text.push_str(&self.leaf(*form, *own)),
                Node::Scope(scope, own, inner) => text.push_str(&self.expression(*scope, *own, inner)),
            }
        }
        text
    }

    /// The same as one expression.
    fn one(&mut self, nodes: &[Node]) -> String {
        match nodes {
            [] => "0".to_string(),
            [_] => self.inner(nodes),
            _ => format!("[{}]", self.inner(nodes)),
        }
    }

    fn expression(&mut self, scope: Scope, own: Name, inner: &[Node]) -> String {
        let a = name(own);
        let mut out = String::new();
        let (open, close) = match (scope, self.lazily) {
            (Scope::Lazy, _) | (Scope::List | Scope::ListOver | Scope::ListIf, true) => ("list(", ")"),
            (Scope::Set, true) => ("set(", ")"),
            (Scope::Dict, true) => ("dict(", ")"),
            (Scope::Set | Scope::Dict, false) => ("{", "}"),
            _ => ("[", "]"),
        };
        // The order of the numbers is that of the text.
        let written = match scope {
            Scope::List | Scope::Lazy => {
                let element = self.one(inner);
                write!(out, "{open}{element} for {a} in [{}]{close}", self.number())
            }
            Scope::Set => {
                let element = self.inner(inner);
                write!(out, "{open}[{element}] == 0 for {a} in [{}]{close}", self.number())
            }
            Scope::Dict if self.lazily => {
                let element = self.one(inner);
                write!(out, "{open}(0, {element}) for {a} in [{}]{close}", self.number())
            }
            Scope::Dict => {
                let element = self.one(inner);
                write!(out, "{open}0: {element} for {a} in [{}]{close}", self.number())
            }
            Scope::ListOver => {
                let first = self.number();
                let rest = self.inner(inner);
                let comma = if rest.is_empty() { "" } else { ", " };
                write!(out, "{open}0 for {a} in [{first}{comma}{rest}]{close}")
            }
            Scope::ListIf => {
                let first = self.number();
                write!(out, "{open}0 for {a} in [{first}] if [{}]{close}", self.inner(inner))
            }
            Scope::LambdaParameter => {
                let body = self.one(inner);
                write!(out, "(lambda {a}: {body})({})", self.number())
            }
            _ => write!(out, "(lambda: {})()", self.one(inner)),
        };
        // Writing to a String cannot fail.
        let _ = written;
        out
    }
}
