//! The text of an annotation under `from __future__ import annotations`, as CPython's `ast_unparse.c` writes it.

use crate::code::fold::{Folder, points};
use crate::code::pool::Value;
use crate::object::text::Text;
use crate::rules::Profile;
use crate::syntax::Ranged;
use crate::syntax::ast::{self, Expr};
use crate::syntax::literal::{fstring_text, int_value, literal_text, string_value};
use crate::syntax::{Parsed, deeper};

/// How tightly an expression binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Level {
    Tuple,
    Test,
    Or,
    And,
    Not,
    Compare,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Arith,
    Term,
    Factor,
    Power,
    Await,
    Atom,
}

impl Level {
    fn next(self) -> Level {
        match self {
            Level::Tuple => Level::Test,
            Level::Test => Level::Or,
            Level::Or => Level::And,
            Level::And => Level::Not,
            Level::Not => Level::Compare,
            Level::Compare => Level::BitOr,
            Level::BitOr => Level::BitXor,
            Level::BitXor => Level::BitAnd,
            Level::BitAnd => Level::Shift,
            Level::Shift => Level::Arith,
            Level::Arith => Level::Term,
            Level::Term => Level::Factor,
            Level::Factor => Level::Power,
            Level::Power => Level::Await,
            Level::Await | Level::Atom => Level::Atom,
        }
    }
}

/// The text of an expression.
pub(super) fn unparse(expr: &Expr, parsed: &Parsed, profile: &Profile) -> Text {
    let mut writer = Writer { parsed, profile, text: Vec::new() };
    writer.expr(expr, Level::Test);
    Text::from_points(writer.text)
}

struct Writer<'a> {
    parsed: &'a Parsed,
    profile: &'a Profile,
    text: Vec<u32>,
}

impl Writer<'_> {
    fn put(&mut self, text: &str) {
        self.text.extend(text.chars().map(u32::from));
    }

    fn parens_if(&mut self, needed: bool, write: impl FnOnce(&mut Self)) {
        if needed {
            self.put("(");
        }
        write(self);
        if needed {
            self.put(")");
        }
    }

    fn expr(&mut self, expr: &Expr, level: Level) {
        deeper(|| self.expr_inner(expr, level));
    }

    fn list(&mut self, items: &[Expr]) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.put(", ");
            }
            self.expr(item, Level::Test);
        }
    }

    fn expr_inner(&mut self, expr: &Expr, level: Level) {
        match expr {
            Expr::BoolOp(operation) => {
                let (own, word) = match operation.op {
                    ast::BoolOp::And => (Level::And, " and "),
                    ast::BoolOp::Or => (Level::Or, " or "),
                };
                self.parens_if(level > own, |w| {
                    for (index, value) in operation.values.iter().enumerate() {
                        if index > 0 {
                            w.put(word);
                        }
                        w.expr(value, own.next());
                    }
                });
            }
            Expr::Named(named) => self.parens_if(level > Level::Tuple, |w| {
                w.expr(&named.target, Level::Atom);
                w.put(" := ");
                w.expr(&named.value, Level::Atom);
            }),
            Expr::BinOp(operation) => self.binary(operation, level),
            Expr::UnaryOp(operation) => {
                let (own, sign) = match operation.op {
                    ast::UnaryOp::Invert => (Level::Factor, "~"),
                    ast::UnaryOp::Not => (Level::Not, "not "),
                    ast::UnaryOp::UAdd => (Level::Factor, "+"),
                    ast::UnaryOp::USub => (Level::Factor, "-"),
                };
                self.parens_if(level > own, |w| {
                    w.put(sign);
                    w.expr(&operation.operand, own);
                });
            }
            Expr::Lambda(lambda) => self.parens_if(level > Level::Test, |w| {
                w.put("lambda");
                if let Some(parameters) = &lambda.parameters {
                    w.put(" ");
                    w.parameters(parameters);
                }
                w.put(": ");
                w.expr(&lambda.body, Level::Test);
            }),
            Expr::If(conditional) => self.parens_if(level > Level::Test, |w| {
                w.expr(&conditional.body, Level::Or);
                w.put(" if ");
                w.expr(&conditional.test, Level::Or);
                w.put(" else ");
                w.expr(&conditional.orelse, Level::Test);
            }),
            Expr::Dict(dict) => {
                self.put("{");
                for (index, item) in dict.items.iter().enumerate() {
                    if index > 0 {
                        self.put(", ");
                    }
                    match &item.key {
                        Some(key) => {
                            self.expr(key, Level::Test);
                            self.put(": ");
                            self.expr(&item.value, Level::Test);
                        }
                        None => {
                            self.put("**");
                            self.expr(&item.value, Level::BitOr);
                        }
                    }
                }
                self.put("}");
            }
            Expr::Set(set) => {
                self.put("{");
                self.list(&set.elts);
                self.put("}");
            }
            Expr::List(list) => {
                self.put("[");
                self.list(&list.elts);
                self.put("]");
            }
            Expr::Tuple(tuple) => self.tuple(tuple, level),
            Expr::ListComp(comp) => self.comprehension("[", &comp.elt, &comp.generators, "]"),
            Expr::SetComp(comp) => self.comprehension("{", &comp.elt, &comp.generators, "}"),
            Expr::Generator(comp) => self.comprehension("(", &comp.elt, &comp.generators, ")"),
            Expr::DictComp(comp) => {
                self.put("{");
                if let Some(key) = &comp.key {
                    self.expr(key, Level::Test);
                    self.put(": ");
                } else {
                    self.put("**");
                }
                self.expr(&comp.value, Level::Test);
                self.generators(&comp.generators);
                self.put("}");
            }
            Expr::Await(awaited) => self.parens_if(level > Level::Await, |w| {
                w.put("await ");
                w.expr(&awaited.value, Level::Atom);
            }),
            Expr::Yield(yielded) => match &yielded.value {
                None => self.put("(yield)"),
                Some(value) => {
                    self.put("(yield ");
                    self.expr(value, Level::Test);
                    self.put(")");
                }
            },
            Expr::YieldFrom(yielded) => {
                self.put("(yield from ");
                self.expr(&yielded.value, Level::Test);
                self.put(")");
            }
            Expr::Compare(compare) => self.parens_if(level > Level::Compare, |w| {
                w.expr(&compare.left, Level::Compare.next());
                for (op, right) in compare.ops.iter().zip(compare.comparators.iter()) {
                    w.put(" ");
                    w.put(op.as_str());
                    w.put(" ");
                    w.expr(right, Level::Compare.next());
                }
            }),
            Expr::Call(call) => {
                self.expr(&call.func, Level::Atom);
                self.arguments(&call.arguments);
            }
            Expr::FString(fstring) => self.fstring(fstring),
            Expr::TString(tstring) => {
                let text = self.parsed.slice(tstring.range()).to_string();
                self.put(&text);
            }
            Expr::Attribute(attribute) => {
                self.expr(&attribute.value, Level::Atom);
                // `1.x` would be a float.
                let int = matches!(&*attribute.value, Expr::NumberLiteral(number)
                    if matches!(number.value, ast::Number::Int(_)));
                self.put(if int { " ." } else { "." });
                self.put(&attribute.attr);
            }
            Expr::Subscript(subscript) => {
                self.expr(&subscript.value, Level::Atom);
                self.put("[");
                self.expr(&subscript.slice, Level::Tuple);
                self.put("]");
            }
            Expr::Starred(starred) => {
                self.put("*");
                self.expr(&starred.value, Level::BitOr);
            }
            Expr::Name(name) => self.put(&name.id),
            Expr::Slice(slice) => {
                if let Some(lower) = &slice.lower {
                    self.expr(lower, Level::Test);
                }
                self.put(":");
                if let Some(upper) = &slice.upper {
                    self.expr(upper, Level::Test);
                }
                if let Some(step) = &slice.step {
                    self.put(":");
                    self.expr(step, Level::Test);
                }
            }
            Expr::IpyEscapeCommand(_) => {}
            literal => self.literal(literal),
        }
    }

    fn binary(&mut self, operation: &ast::ExprBinOp, level: Level) {
        let (own, right) = match operation.op {
            ast::Operator::BitOr => (Level::BitOr, false),
            ast::Operator::BitXor => (Level::BitXor, false),
            ast::Operator::BitAnd => (Level::BitAnd, false),
            ast::Operator::LShift | ast::Operator::RShift => (Level::Shift, false),
            ast::Operator::Add | ast::Operator::Sub => (Level::Arith, false),
            ast::Operator::Mult
            | ast::Operator::MatMult
            | ast::Operator::Div
            | ast::Operator::Mod
            | ast::Operator::FloorDiv => (Level::Term, false),
            ast::Operator::Pow => (Level::Power, true),
        };
        self.parens_if(level > own, |w| {
            w.expr(&operation.left, if right { own.next() } else { own });
            if right {
                w.put(" ** ");
            } else {
                w.put(" ");
                w.put(operation.op.as_str());
                w.put(" ");
            }
            w.expr(&operation.right, if right { own } else { own.next() });
        });
    }

    fn tuple(&mut self, tuple: &ast::ExprTuple, level: Level) {
        match tuple.elts.as_slice() {
            [] => self.put("()"),
            items => self.parens_if(level > Level::Tuple, |w| {
                w.list(items);
                if items.len() == 1 {
                    w.put(",");
                }
            }),
        }
    }

    fn comprehension(&mut self, open: &str, element: &Expr, generators: &[ast::Comprehension], close: &str) {
        self.put(open);
        self.expr(element, Level::Test);
        self.generators(generators);
        self.put(close);
    }

    fn generators(&mut self, generators: &[ast::Comprehension]) {
        for generator in generators {
            self.put(if generator.is_async { " async for " } else { " for " });
            self.expr(&generator.target, Level::Tuple);
            self.put(" in ");
            self.expr(&generator.iter, Level::Test.next());
            for condition in &generator.ifs {
                self.put(" if ");
                self.expr(condition, Level::Test.next());
            }
        }
    }

    fn arguments(&mut self, arguments: &ast::Arguments) {
        // A lone generator expression brings its own parentheses.
        if let ([Expr::Generator(only)], []) = (arguments.args.as_ref(), arguments.keywords.as_slice()) {
            self.comprehension("(", &only.elt, &only.generators, ")");
            return;
        }
        self.put("(");
        self.list(&arguments.args);
        for (index, keyword) in arguments.keywords.iter().enumerate() {
            if index > 0 || !arguments.args.is_empty() {
                self.put(", ");
            }
            match &keyword.arg {
                Some(name) => {
                    self.put(name);
                    self.put("=");
                }
                None => self.put("**"),
            }
            self.expr(&keyword.value, Level::Test);
        }
        self.put(")");
    }

    fn parameters(&mut self, parameters: &ast::Parameters) {
        let mut first = true;
        let mut comma = |w: &mut Self| {
            if !std::mem::replace(&mut first, false) {
                w.put(", ");
            }
        };
        let one = |w: &mut Self, parameter: &ast::ParameterWithDefault| {
            w.put(&parameter.parameter.name);
            if let Some(default) = &parameter.default {
                w.put("=");
                w.expr(default, Level::Test);
            }
        };
        for parameter in &parameters.posonlyargs {
            comma(self);
            one(self, parameter);
        }
        if !parameters.posonlyargs.is_empty() {
            self.put(", /");
        }
        for parameter in &parameters.args {
            comma(self);
            one(self, parameter);
        }
        if parameters.vararg.is_some() || !parameters.kwonlyargs.is_empty() {
            comma(self);
            self.put("*");
            if let Some(vararg) = &parameters.vararg {
                self.put(&vararg.name);
            }
        }
        for parameter in &parameters.kwonlyargs {
            comma(self);
            one(self, parameter);
        }
        if let Some(kwarg) = &parameters.kwarg {
            comma(self);
            self.put("**");
            self.put(&kwarg.name);
        }
    }

    // ---- literals --------------------------------------------------------------------------------------------------

    fn literal(&mut self, literal: &Expr) {
        match literal {
            Expr::StringLiteral(literal) => {
                if literal.value.is_unicode() {
                    self.put("u");
                }
                self.quote(&string_value(self.parsed, literal));
            }
            Expr::NumberLiteral(literal) => match &literal.value {
                ast::Number::Int(_) => {
                    let value = int_value(self.parsed, literal.range(), self.profile);
                    self.put(&value.map(|value| value.to_string()).unwrap_or_default());
                }
                ast::Number::Float(float) => {
                    let text = float_text(*float);
                    self.put(&text);
                }
                ast::Number::Complex { imag, .. } => {
                    let text = float_text(*imag);
                    self.put(text.strip_suffix(".0").unwrap_or(&text));
                    self.put("j");
                }
            },
            other => {
                let folder = Folder { parsed: self.parsed, profile: self.profile, literals_only: false, debug: true };
                match folder.literal(other) {
                    Some(Value::None) => self.put("None"),
                    Some(Value::Bool(true)) => self.put("True"),
                    Some(Value::Bool(false)) => self.put("False"),
                    Some(Value::Ellipsis) => self.put("..."),
                    Some(Value::Bytes(bytes)) => {
                        let text = crate::object::repr::bytes_repr(&bytes);
                        self.put(&text);
                    }
                    _ => {}
                }
            }
        }
    }

    fn quote(&mut self, text: &Text) {
        let quoted = crate::object::repr::text_repr(text);
        self.text.extend(points(&quoted));
    }

    /// An f-string is written as one piece of text, which is then quoted as a whole.
    fn fstring(&mut self, fstring: &ast::ExprFString) {
        let outer = std::mem::take(&mut self.text);
        for part in fstring.value.iter() {
            match part {
                ast::FStringPart::Literal(literal) => {
                    let text = points(&literal_text(self.parsed, literal));
                    self.braces_doubled(&text);
                }
                ast::FStringPart::FString(part) => {
                    self.fstring_elements(&part.elements, part.flags.prefix().is_raw());
                }
            }
        }
        let body = Text::from_points(std::mem::replace(&mut self.text, outer));
        self.put("f");
        self.quote(&body);
    }

    fn braces_doubled(&mut self, text: &[u32]) {
        for &point in text {
            self.text.push(point);
            if point == u32::from('{') || point == u32::from('}') {
                self.text.push(point);
            }
        }
    }

    fn fstring_elements(&mut self, elements: &[ast::InterpolatedStringElement], raw: bool) {
        for element in elements {
            match element {
                ast::InterpolatedStringElement::Literal(literal) => {
                    let text = points(&fstring_text(self.parsed, literal, raw));
                    self.braces_doubled(&text);
                }
                ast::InterpolatedStringElement::Interpolation(field) => self.fstring_field(field),
            }
        }
    }

    fn fstring_field(&mut self, field: &ast::InterpolatedElement) {
        if let Some(debug) = &field.debug_text {
            self.put(debug.as_str());
        }
        let at = self.text.len();
        self.expr(&field.expression, Level::Test.next());
        // `{{` would be a brace of the text.
        let brace = self.text.get(at) == Some(&u32::from('{'));
        let expression = self.text.split_off(at);
        self.put(if brace { "{ " } else { "{" });
        self.text.extend(expression);
        let debug = field.debug_text.is_some() && field.format_spec.is_none();
        let conversion = field.conversion.to_char().or(debug.then_some('r'));
        if let Some(conversion) = conversion {
            self.put("!");
            self.text.push(u32::from(conversion));
        }
        if let Some(spec) = &field.format_spec {
            self.put(":");
            deeper(|| self.fstring_elements(&spec.elements, false));
        }
        self.put("}");
    }
}

/// The repr of a float; infinity is a literal that is too big.
fn float_text(value: f64) -> String {
    if value.is_infinite() {
        return "1e309".into();
    }
    crate::object::format::double::float_repr(value)
}
