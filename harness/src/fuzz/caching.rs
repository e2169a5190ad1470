//! Programs about constants: which of them are one object, in one code object, in two, and beside values that are made
//! when the program runs.
//!
//! Invariant: every value is immutable and made by the program itself; only `is` between names is printed.

use super::draw::Draw;
use std::fmt::Write as _;

/// Where constants stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    Module,
    Function,
    Nested,
    Lambda,
    Class,
    List,
    Generator,
    Default,
    Exec,
    Eval,
    Display,
    Loop,
    Keyword,
    Branch,
    Method,
}

const PLACES: [Place; 15] = [
    Place::Module,
    Place::Function,
    Place::Nested,
    Place::Lambda,
    Place::Class,
    Place::List,
    Place::Generator,
    Place::Default,
    Place::Exec,
    Place::Eval,
    Place::Display,
    Place::Loop,
    Place::Keyword,
    Place::Branch,
    Place::Method,
];

/// Families of expressions with equal or nearly equal values: constants, folded ones, and such that are computed.
const VALUES: [&[&str]; 16] = [
    &["257", "256 + 1", "0x101", "int('257')", "257 * 1", "514 // 2", "(257, 1)[0]", "-(-257)", "1 and 257", "~-258"],
    &["256", "255 + 1", "int('256')", "2 ** 8", "1 << 8", "len(range(256))", "512 >> 1"],
    &["-5", "-6", "-5 - 1", "int('-5')", "int('-6')", "~4", "- 5"],
    &["1024", "1025", "2 ** 10", "int('1024')", "1024 + 1", "1 << 10", "int('1025')"],
    &["10 ** 20", "100000000000000000000", "int('100000000000000000000')", "2 ** 100", "2 ** 200", "1 << 100"],
    &["1.5", "3 / 2", "float('1.5')", "1.0 + 0.5", "1.5 * 1"],
    &["0.0", "-0.0", "0 * 1.0", "float(0)", "0.0 * -1"],
    &["1", "True", "1.0", "2 - 1", "not 0", "bool(1)", "int(True)"],
    &[
        "'ab'",
        "'a' 'b'",
        "'a' + 'b'",
        "'ab' * 1",
        "'abc'[:2]",
        "''.join(['a', 'b'])",
        "str('ab')",
        "'%s' % 'ab'",
        "f'ab'",
        "f\"{'ab'}\"",
        "'b'.join(['a', ''])",
    ],
    &["'a b'", "'a ' 'b'", "'a' + ' b'", "''.join(['a', ' b'])", "'a b'[:]", "'xa b'[1:]", "'a b'.strip()"],
    &["''", "'ab'[:0]", "str()", "'' * 3", "'a' * 0", "''.join([])", "'a'.replace('a', '')", "f''"],
    &[
        "'a'",
        "chr(97)",
        "'ab'[0]",
        "'ab'[:1]",
        "'A'.lower()",
        "'\\xe9'",
        "chr(233)",
        "'\\xe9a'[0]",
        "'\\u0100'",
        "chr(256)",
    ],
    &["b'a'", "b'ab'[:1]", "bytes([97])", "b'a' * 1", "b''", "bytes()", "b'ab'[:0]", "b'ab'", "b'a' + b'b'"],
    &["()", "tuple()", "(1, 2)[:0]", "() + ()", "() * 3", "tuple([])", "(1,) * 0"],
    &[
        "(1, 2)",
        "(1,) + (2,)",
        "tuple([1, 2])",
        "(1, 2)[:]",
        "(1.0, 2)",
        "(True, 2)",
        "((1, 2), 3)[0]",
        "(0, 1, 2)[1:]",
        "tuple((1, 2))",
        "(1, 'ab')",
        "('ab', (1, 2))[1]",
    ],
    &[
        "frozenset()",
        "frozenset([])",
        "frozenset([1])",
        "frozenset(frozenset())",
        "...",
        "None",
        "NotImplemented",
        "range(0)",
        "1j",
        "1j * 1",
        "0j",
    ],
];

/// Constants that stand together in one place.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Unit {
    place: Place,
    /// Texts of expressions.
    values: Vec<&'static str>,
}

/// A program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Program {
    units: Vec<Unit>,
    in_function: bool,
}

impl Program {
    /// The program of these choices.
    pub fn draw(draw: &mut Draw) -> Program {
        let families = draw.some(&VALUES, 1, 2);
        let places = draw.some(&PLACES, 1, 4);
        let mut units = Vec::new();
        let count = draw.between(2, 4);
        for _ in 0..count {
            let values =
                (0..draw.between(1, 3)).filter_map(|_| draw.of(&families).and_then(|family| draw.of(family))).collect();
            units.push(Unit { place: draw.of(&places).unwrap_or(Place::Module), values });
        }
        Program { units, in_function: draw.percent(25) }
    }

    /// Every way to make it smaller at one place, the boldest first.
    pub fn smaller(&self) -> Vec<Program> {
        let mut found = Vec::new();
        let with = |at: usize, middle: Option<Unit>| Program {
            units: self
                .units
                .iter()
                .take(at)
                .cloned()
                .chain(middle)
                .chain(self.units.iter().skip(at + 1).cloned())
                .collect(),
            in_function: self.in_function,
        };
        for (at, unit) in self.units.iter().enumerate() {
            found.push(with(at, None));
            for value in 0..unit.values.len() {
                let mut values = unit.values.clone();
                values.remove(value);
                if !values.is_empty() {
                    found.push(with(at, Some(Unit { place: unit.place, values })));
                }
            }
            let plainer = PLACES.iter().take_while(|place| **place != unit.place).take(2);
            found.extend(plainer.map(|place| with(at, Some(Unit { place: *place, values: unit.values.clone() }))));
        }
        if self.in_function {
            found.push(Program { units: self.units.clone(), in_function: false });
        }
        found
    }

    /// Its text.
    pub fn source(&self) -> String {
        let mut body = String::new();
        let mut bound = 0;
        for (serial, unit) in self.units.iter().enumerate() {
            let names: Vec<String> = (0..unit.values.len()).map(|at| format!("v{}", bound + at)).collect();
            bound += names.len();
            unit.print(serial, &names, &mut body);
        }
        let mut pairs = Vec::new();
        for one in 0..bound {
            pairs.extend((one + 1..bound).map(|other| format!("v{one} is v{other}")));
        }
        if !pairs.is_empty() {
            let _ = writeln!(body, "print({})", pairs.join(", "));
        }
        if !self.in_function {
            return body;
        }
        let mut text = String::from("def main():\n");
        for line in body.lines() {
            let _ = writeln!(text, "    {line}");
        }
        if body.is_empty() {
            text.push_str("    pass\n");
        }
        text + "main()\n"
    }
}

impl Unit {
    fn print(&self, serial: usize, names: &[String], out: &mut String) {
        let all = names.join(", ");
        let values = self.values.join(", ");
        // With a comma, one value is a tuple as well.
        let (all, values) = if names.len() == 1 { (format!("{all},"), format!("{values},")) } else { (all, values) };
        let each = || names.iter().zip(&self.values);
        let locals = |indent: &str| -> String {
            let mut text = String::new();
            for (name, value) in each() {
                let _ = writeln!(text, "{indent}{} = {value}", name.replace('v', "x"));
            }
            let _ = writeln!(text, "{indent}return {}", all.replace('v', "x"));
            text
        };
        let written = match self.place {
            Place::Module => each().try_for_each(|(name, value)| writeln!(out, "{name} = {value}")),
            Place::Function => write!(out, "def f{serial}():\n{}{all} = f{serial}()\n", locals("    ")),
            Place::Nested => {
                let inner = locals("        ");
                write!(out, "def f{serial}():\n    def g():\n{inner}    return g()\n{all} = f{serial}()\n")
            }
            Place::Lambda => writeln!(out, "{all} = (lambda: ({values}))()"),
            Place::Class => {
                let _ = writeln!(out, "class C{serial}:");
                for (at, value) in self.values.iter().enumerate() {
                    let _ = writeln!(out, "    x{at} = {value}");
                }
                let read: Vec<String> = (0..names.len()).map(|at| format!("C{serial}.x{at}")).collect();
                writeln!(out, "{all} = {},", read.join(", "))
            }
            Place::List => writeln!(out, "{all} = [({values}) for _ in [0]][0]"),
            Place::Generator => writeln!(out, "{all} = next(({values}) for _ in [0])"),
            Place::Default => {
                let parameters: Vec<String> =
                    self.values.iter().enumerate().map(|(at, value)| format!("x{at}={value}")).collect();
                writeln!(out, "def f{serial}({}): pass\n{all} = f{serial}.__defaults__", parameters.join(", "))
            }
            Place::Exec => each().try_for_each(|(name, value)| {
                writeln!(
                    out,
                    "d{serial} = {{}}\nexec({}, d{serial})\n{name} = d{serial}['x']",
                    quoted(&format!("x = {value}"))
                )
            }),
            Place::Eval => writeln!(out, "{all} = eval({})", quoted(&values)),
            Place::Display => writeln!(out, "{all} = [{values}]"),
            Place::Loop => each().try_for_each(|(name, value)| writeln!(out, "for {name} in ({value},): pass")),
            Place::Keyword => each().try_for_each(|(name, value)| writeln!(out, "{name} = dict(k={value})['k']")),
            Place::Branch => {
                each().try_for_each(|(name, value)| writeln!(out, "if {name} := [{value}]: {name} = {name}[0]"))
            }
            Place::Method => {
                let inner = locals("        ");
                write!(out, "class C{serial}:\n    def m(self):\n{inner}{all} = C{serial}().m()\n")
            }
        };
        // Writing to a String cannot fail.
        let _ = written;
    }
}

/// A text as a Python literal.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}
