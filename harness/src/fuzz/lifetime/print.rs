//! A tree of steps as a Python program about the lifetime of objects.
//!
//! Invariant: the program ends, raises nothing that it does not catch, and what it prints does not depend on addresses
//! or on hashes: every name is bound where it is read, and what kind of object it holds is known.

use super::tree::{Pick, Step, Value};
use std::fmt::Write as _;

/// Names of one scope.
const WIDTH: usize = 6;

/// What a name holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Instance,
    Slotted,
    Undead,
    List,
    Tuple,
    Dict,
    Set,
    Function,
    Method,
    Generator,
    Error,
    Weak,
    Iterator,
}

impl Kind {
    fn has_attributes(self) -> bool {
        matches!(self, Kind::Instance | Kind::Slotted | Kind::Undead)
    }

    fn is_container(self) -> bool {
        matches!(self, Kind::List | Kind::Dict)
    }
}

struct Scope {
    prefix: char,
    names: [Option<Kind>; WIDTH],
    /// Bound before the loop that is being printed: its body may run twice, so they stay what they are.
    locked: [bool; WIDTH],
}

impl Scope {
    fn new(prefix: char) -> Scope {
        Scope { prefix, names: [None; WIDTH], locked: [false; WIDTH] }
    }
}

/// What the program needs before its first step.
#[derive(Default)]
struct Uses {
    instance: bool,
    slotted: bool,
    undead: bool,
    generator: bool,
    failing: bool,
    weakref: bool,
    copy: bool,
}

struct Printer {
    lines: String,
    indent: usize,
    scopes: Vec<Scope>,
    serial: usize,
    functions: usize,
    uses: Uses,
}

/// The program of these steps.
pub fn program(steps: &[Step]) -> String {
    let mut printer = Printer {
        lines: String::new(),
        indent: 0,
        scopes: vec![Scope::new('a')],
        serial: 0,
        functions: 0,
        uses: Uses::default(),
    };
    printer.body(steps);
    printer.finish();
    prelude(&printer.uses) + &printer.lines
}

fn prelude(uses: &Uses) -> String {
    let mut text = String::from("import gc\nfrom sys import getrefcount, getsizeof\n");
    let parts = [
        (uses.weakref, "import weakref\n"),
        (uses.copy, "import copy\n"),
        (true, "gc.collect()\ngc.disable()\n"),
        (uses.undead, "kept = []\n"),
        (
            uses.instance,
            "class A:\n    def __init__(self, n): self.n = n\n    def __del__(self): print('del', self.n)\n    def m(self): pass\n",
        ),
        (
            uses.slotted,
            "class S:\n    __slots__ = 'n', 'x', '__weakref__'\n    def __init__(self, n): self.n = n\n    \
             def __del__(self): print('del', self.n)\n    def m(self): pass\n",
        ),
        (
            uses.undead,
            "class U:\n    def __init__(self, n): self.n = n\n    def __del__(self):\n        print('back', self.n)\n        \
             kept.append(self)\n    def m(self): pass\n",
        ),
        (
            uses.generator,
            "def turns(held):\n    try:\n        yield 1\n        other = [held]\n        yield 2\n    finally:\n        print('closed')\n",
        ),
        (uses.failing, "def fail(held):\n    other = [held]\n    raise ValueError\n"),
    ];
    for (used, part) in parts {
        if used {
            text.push_str(part);
        }
    }
    text
}

impl Printer {
    fn line(&mut self, text: impl AsRef<str>) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.lines, "{:1$}{2}", "", self.indent * 4, text.as_ref());
    }

    fn here(&mut self) -> &mut Scope {
        if self.scopes.is_empty() {
            self.scopes.push(Scope::new('a'));
        }
        let last = self.scopes.len() - 1;
        &mut self.scopes[last]
    }

    /// Bound names that can be read here, with what they hold.
    fn readable(&self, wanted: impl Fn(Kind) -> bool) -> Vec<(String, Kind)> {
        let mut found = Vec::new();
        for scope in self.scopes.iter().rev() {
            for (at, kind) in scope.names.iter().enumerate() {
                if let Some(kind) = kind.filter(|kind| wanted(*kind)) {
                    found.push((format!("{}{at}", scope.prefix), kind));
                }
            }
        }
        found
    }

    fn any(&self, pick: Pick) -> Option<(String, Kind)> {
        pick.of(&self.readable(|_| true)).cloned()
    }

    fn of(&self, pick: Pick, wanted: impl Fn(Kind) -> bool) -> Option<String> {
        pick.of(&self.readable(wanted)).map(|(name, _)| name.clone())
    }

    /// A name that holds this and nothing else.
    fn only(&self, pick: Pick, wanted: Kind) -> Option<String> {
        self.of(pick, |kind| kind == wanted)
    }

    /// A name of this scope that may be bound to something else.
    fn target(&mut self, pick: Pick) -> Option<usize> {
        let scope = self.here();
        let free: Vec<usize> = (0..WIDTH).filter(|&at| !scope.locked[at]).collect();
        pick.of(&free).copied()
    }

    fn name(&mut self, at: usize) -> String {
        format!("{}{at}", self.here().prefix)
    }

    fn bind(&mut self, at: usize, kind: Option<Kind>) {
        self.here().names[at] = kind;
    }

    /// In which order objects die with the interpreter is nobody's promise, so none is left when the program ends.
    fn finish(&mut self) {
        for at in 0..WIDTH {
            if self.here().names[at].is_some() {
                let name = self.name(at);
                self.line(format!("del {name}"));
            }
        }
        self.line("print(gc.collect())");
        if self.uses.undead {
            self.line("kept.clear()");
        }
    }

    fn body(&mut self, steps: &[Step]) {
        for step in steps {
            // A step for which nothing fits is left out.
            let _ = self.step(step);
        }
    }

    fn step(&mut self, step: &Step) -> Option<()> {
        match step {
            Step::Make(to, value) => self.make(*to, value)?,
            Step::Alias(to, from) => {
                let (from, kind) = self.any(*from)?;
                let at = self.target(*to)?;
                let to = self.name(at);
                if to != from {
                    self.line(format!("{to} = {from}"));
                    self.bind(at, Some(kind));
                }
            }
            Step::Swap(a, b) => {
                let scope = self.here();
                let bound: Vec<usize> =
                    (0..WIDTH).filter(|&at| !scope.locked[at] && scope.names[at].is_some()).collect();
                let (a, b) = (*a.of(&bound)?, *b.of(&bound)?);
                if a != b {
                    scope.names.swap(a, b);
                    let (a, b) = (self.name(a), self.name(b));
                    self.line(format!("{a}, {b} = {b}, {a}"));
                }
            }
            Step::Delete(name) => {
                let scope = self.here();
                let bound: Vec<usize> =
                    (0..WIDTH).filter(|&at| !scope.locked[at] && scope.names[at].is_some()).collect();
                let at = *name.of(&bound)?;
                let name = self.name(at);
                self.line(format!("del {name}"));
                self.bind(at, None);
            }
            Step::SetAttribute(object, value) => {
                let (value, _) = self.any(*value)?;
                let object = self.of(*object, Kind::has_attributes)?;
                self.line(format!("{object}.x = {value}"));
            }
            Step::ClearAttribute(object) => {
                let object = self.of(*object, Kind::has_attributes)?;
                self.line(format!("{object}.x = None"));
            }
            Step::Put(into, what) => {
                let (what, _) = self.any(*what)?;
                let (into, kind) = into.of(&self.readable(Kind::is_container)).cloned()?;
                self.line(match kind {
                    Kind::List => format!("{into}.append({what})"),
                    _ => format!("{into}[len({into})] = {what}"),
                });
            }
            Step::Extend(into, what) => {
                let (what, _) = self.any(*what)?;
                let (into, kind) = into.of(&self.readable(Kind::is_container)).cloned()?;
                self.line(match kind {
                    Kind::List => format!("{into}.extend([{what}])"),
                    _ => format!("{into}.update(k={what})"),
                });
            }
            Step::Take(from) => {
                let (from, kind) = from.of(&self.readable(Kind::is_container)).cloned()?;
                let take = if kind == Kind::List { "pop" } else { "popitem" };
                self.line(format!("if {from}: {from}.{take}()"));
            }
            Step::Remove(from) => {
                let (from, kind) = from.of(&self.readable(Kind::is_container)).cloned()?;
                let first = if kind == Kind::List { "0".to_string() } else { format!("next(iter({from}))") };
                self.line(format!("if {from}: del {from}[{first}]"));
            }
            Step::Thin(what) => {
                let what = self.only(*what, Kind::List)?;
                self.line(format!("del {what}[::2]"));
            }
            Step::Insert(into, what) => {
                let (what, _) = self.any(*what)?;
                let into = self.only(*into, Kind::List)?;
                self.line(format!("{into}.insert(0, {what})"));
            }
            Step::Double(what) => {
                let what = self.only(*what, Kind::List)?;
                self.line(format!("{what}[len({what}):] = {what}"));
            }
            Step::Clear(what) => {
                let what = self.of(*what, Kind::is_container)?;
                self.line(format!("{what}.clear()"));
            }
            Step::Replace(into, what) => {
                let (what, _) = self.any(*what)?;
                let into = self.only(*into, Kind::List)?;
                self.line(format!("{into}[:] = [{what}]"));
            }
            Step::Resume(generator) => {
                let generator = self.only(*generator, Kind::Generator)?;
                self.line(format!("next({generator}, None)"));
            }
            Step::Close(generator) => {
                let generator = self.only(*generator, Kind::Generator)?;
                self.line(format!("{generator}.close()"));
            }
            Step::Throw(generator) => {
                let generator = self.only(*generator, Kind::Generator)?;
                self.line("try:");
                self.line(format!("    {generator}.throw(KeyError)"));
                self.line("except KeyError: pass");
            }
            Step::Count(name) => {
                let (name, _) = self.any(*name)?;
                self.line(format!("print(getrefcount({name}))"));
            }
            Step::Size(name) => {
                // The frame is part of a generator, and how deep its stack is nobody says.
                let name = self.of(*name, |kind| kind != Kind::Generator)?;
                self.line(format!("print(getsizeof({name}))"));
            }
            Step::DictSize(name) => {
                let name = self.of(*name, |kind| matches!(kind, Kind::Instance | Kind::Undead))?;
                self.line(format!("print(getsizeof({name}.__dict__))"));
            }
            Step::Tracked(name) => {
                let (name, _) = self.any(*name)?;
                self.line(format!("print(gc.is_tracked({name}))"));
            }
            Step::Referrers(name) => {
                let name = self.of(*name, Kind::has_attributes)?;
                self.line(format!("print(len(gc.get_referrers({name})))"));
            }
            Step::Referents(name) => {
                let name = self.of(*name, |kind| !matches!(kind, Kind::Generator | Kind::Error))?;
                self.line(format!("print(len(gc.get_referents({name})))"));
            }
            Step::Ask(name) => {
                let name = self.only(*name, Kind::Weak)?;
                self.line(format!("print({name}() is None)"));
            }
            Step::Collect => self.line("print(gc.collect())"),
            Step::Call(given, body, result, to) => self.call(given, body, *result, *to),
            Step::Loop(over, body) => self.repeat(*over, body)?,
            Step::Try(body, kept) => self.attempt(body, *kept),
        }
        Some(())
    }

    fn make(&mut self, to: Pick, value: &Value) -> Option<()> {
        let (kind, text) = self.value(value)?;
        let at = self.target(to)?;
        let name = self.name(at);
        if let Value::Error(_) = value {
            self.line("try:");
            self.line(format!("    {text}"));
            self.line("except ValueError as error:");
            self.line(format!("    {name} = error"));
        } else {
            self.line(format!("{name} = {text}"));
        }
        if let Value::Generator(_) | Value::Iterator(_) = value {
            self.line(format!("next({name}, None)"));
        }
        self.bind(at, Some(kind));
        Some(())
    }

    fn value(&mut self, value: &Value) -> Option<(Kind, String)> {
        let list = |printer: &Printer, picks: &[Pick]| -> Vec<String> {
            picks.iter().filter_map(|pick| Some(printer.any(*pick)?.0)).collect()
        };
        Some(match value {
            Value::Instance => {
                self.uses.instance = true;
                (Kind::Instance, format!("A({})", self.number()))
            }
            Value::Slotted => {
                self.uses.slotted = true;
                (Kind::Slotted, format!("S({})", self.number()))
            }
            Value::Undead => {
                self.uses.undead = true;
                (Kind::Undead, format!("U({})", self.number()))
            }
            Value::List(items) => (Kind::List, format!("[{}]", list(self, items).join(", "))),
            Value::Tuple(items) => {
                let items = list(self, items);
                // The empty tuple is one object that everybody shares.
                (Kind::Tuple, format!("({}, [])", items.first()?))
            }
            Value::Dict(items) => {
                let pairs: Vec<String> =
                    list(self, items).iter().enumerate().map(|(at, item)| format!("{at}: {item}")).collect();
                (Kind::Dict, format!("{{{}}}", pairs.join(", ")))
            }
            Value::Set(item) => (Kind::Set, format!("{{{}}}", self.of(*item, Kind::has_attributes)?)),
            Value::Comprehension(a, b) => {
                let (a, b) = (self.any(*a)?.0, self.any(*b)?.0);
                (Kind::List, format!("[[each] for each in ({a}, {b})]"))
            }
            Value::Closure(name) => (Kind::Function, format!("lambda: {}", self.any(*name)?.0)),
            Value::Default(name) => (Kind::Function, format!("lambda held={}: held", self.any(*name)?.0)),
            Value::Method(name) => (Kind::Method, format!("{}.m", self.of(*name, Kind::has_attributes)?)),
            Value::Generator(name) | Value::Unstarted(name) => {
                self.uses.generator = true;
                (Kind::Generator, format!("turns({})", self.any(*name)?.0))
            }
            Value::Error(name) => {
                let name = self.any(*name)?.0;
                self.uses.failing = true;
                (Kind::Error, format!("fail({name})"))
            }
            Value::Weak(name, callback) => {
                let name = self.of(*name, |kind| kind.has_attributes() || kind == Kind::Set)?;
                self.uses.weakref = true;
                let callback = if *callback { ", lambda weak: print('gone')" } else { "" };
                (Kind::Weak, format!("weakref.ref({name}{callback})"))
            }
            Value::Copy(name, deep) => {
                let (name, kind) = name.of(&self.readable(Kind::is_container)).cloned()?;
                self.uses.copy |= *deep;
                match (deep, kind) {
                    (false, Kind::List) => (kind, format!("list({name})")),
                    (false, _) => (kind, format!("dict({name})")),
                    (true, _) => (kind, format!("copy.copy({name})")),
                }
            }
            Value::Slice(name) => {
                let sliced = self.readable(|kind| matches!(kind, Kind::List | Kind::Tuple));
                let (name, kind) = name.of(&sliced).cloned()?;
                (kind, format!("{name}[:]"))
            }
            Value::Iterator(name) => {
                let name = self.of(*name, |kind| matches!(kind, Kind::List | Kind::Tuple | Kind::Dict))?;
                (Kind::Iterator, format!("iter({name})"))
            }
        })
    }

    fn number(&mut self) -> usize {
        self.serial += 1;
        self.serial
    }

    fn call(&mut self, given: &[Pick], body: &[Step], result: Pick, to: Pick) {
        let given: Vec<(String, Kind)> = given.iter().filter_map(|pick| self.any(*pick)).collect();
        self.functions += 1;
        let function = format!("f{}", self.functions);
        let prefix = char::from(b'a' + u8::try_from(self.scopes.len() % 20).unwrap_or(0));
        let mut scope = Scope::new(prefix);
        for (at, (_, kind)) in given.iter().enumerate() {
            scope.names[at] = Some(*kind);
        }
        let parameters: Vec<String> = (0..given.len()).map(|at| format!("{prefix}{at}")).collect();
        self.line(format!("def {function}({}):", parameters.join(", ")));
        self.indent += 1;
        self.scopes.push(scope);
        let before = self.lines.len();
        self.body(body);
        let own = self.here().names;
        let bound: Vec<usize> = (0..WIDTH).filter(|&at| own[at].is_some()).collect();
        let returned = result.of(&bound).copied();
        if let Some(at) = returned {
            let name = self.name(at);
            self.line(format!("return {name}"));
        } else if self.lines.len() == before {
            self.line("pass");
        }
        self.scopes.pop();
        self.indent -= 1;
        let arguments: Vec<&str> = given.iter().map(|(name, _)| name.as_str()).collect();
        let call = format!("{function}({})", arguments.join(", "));
        match (returned, self.target(to)) {
            (Some(returned), Some(at)) => {
                let name = self.name(at);
                self.line(format!("{name} = {call}"));
                self.bind(at, own[returned]);
            }
            _ => self.line(call),
        }
    }

    fn repeat(&mut self, over: Pick, body: &[Step]) -> Option<()> {
        let (over, kind) = self.any(over)?;
        let scope = self.here();
        let free: Vec<usize> = (0..WIDTH).filter(|&at| scope.names[at].is_none() && !scope.locked[at]).collect();
        let at = *free.first()?;
        let locked = scope.locked;
        let name = self.name(at);
        self.bind(at, Some(kind));
        let scope = self.here();
        for (lock, held) in scope.locked.iter_mut().zip(&scope.names) {
            *lock |= held.is_some();
        }
        self.line(format!("for {name} in [{over}] * 2:"));
        self.indent += 1;
        let before = self.lines.len();
        self.body(body);
        if self.lines.len() == before {
            self.line("pass");
        }
        self.indent -= 1;
        self.here().locked = locked;
        Some(())
    }

    fn attempt(&mut self, body: &[Step], kept: bool) {
        self.line("try:");
        self.indent += 1;
        self.body(body);
        self.line("raise KeyError");
        self.indent -= 1;
        self.line("except KeyError as error:");
        self.line(if kept { "    print(getrefcount(error))" } else { "    pass" });
    }
}
