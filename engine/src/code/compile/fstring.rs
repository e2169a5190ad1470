//! f-strings and t-strings.

use super::{Compiler, Done};
use crate::code::fold::points;
use crate::code::instr::{Conversion, Instr};
use crate::code::pool::Value;
use crate::object::text::Text;
use crate::syntax::ast::{self, ConversionFlag, Expr, InterpolatedElement, InterpolatedStringElement};
use crate::syntax::literal::{fstring_text, literal_text};
use crate::syntax::{Ranged, TextRange, TextSize, TokenKind, deeper};

/// A piece of an f-string: neighbouring literals are one piece, empty ones none.
enum Piece<'a> {
    Literal(Vec<u32>),
    Field(&'a InterpolatedElement),
    /// `%s` and the like: the argument, its conversion and the format specification.
    Percent(&'a Expr, Conversion, Option<String>),
}

fn push_literal<'a>(pieces: &mut Vec<Piece<'a>>, text: impl IntoIterator<Item = u32>) {
    let mut text = text.into_iter().peekable();
    if text.peek().is_none() {
        return;
    }
    match pieces.last_mut() {
        Some(Piece::Literal(literal)) => literal.extend(text),
        _ => pieces.push(Piece::Literal(text.collect())),
    }
}

fn conversion(field: &InterpolatedElement, default: Conversion) -> Conversion {
    match field.conversion {
        ConversionFlag::None => default,
        ConversionFlag::Str => Conversion::Str,
        ConversionFlag::Ascii => Conversion::Ascii,
        ConversionFlag::Repr => Conversion::Repr,
    }
}

/// `{x=}` shows the repr unless told otherwise.
fn effective_conversion(field: &InterpolatedElement) -> Conversion {
    let debug = field.debug_text.is_some() && field.format_spec.is_none();
    conversion(field, if debug { Conversion::Repr } else { Conversion::None })
}

impl<'a> Compiler<'a> {
    pub(super) fn fstring(&mut self, fstring: &'a ast::ExprFString) -> Done {
        let mut pieces = Vec::new();
        for part in fstring.value.iter() {
            match part {
                ast::FStringPart::Literal(literal) => {
                    push_literal(&mut pieces, points(&literal_text(self.parsed, literal)));
                }
                ast::FStringPart::FString(part) => {
                    self.pieces(&part.elements, part.flags.prefix().is_raw(), &mut pieces);
                }
            }
        }
        self.join(pieces, fstring.range())
    }

    /// `'…' % (…)` with simple conversions only is compiled as an f-string; None if it is not of that form.
    pub(super) fn percent_format(&mut self, operation: &'a ast::ExprBinOp) -> Option<Done> {
        let pieces = self.percent_pieces(operation)?;
        Some(self.join(pieces, operation.range()))
    }

    /// Whether [`Compiler::percent_format`] would take it.
    pub(super) fn is_percent_format(&self, operation: &'a ast::ExprBinOp) -> bool {
        self.percent_pieces(operation).is_some()
    }

    fn percent_pieces(&self, operation: &'a ast::ExprBinOp) -> Option<Vec<Piece<'a>>> {
        let Expr::Tuple(tuple) = &*operation.right else { return None };
        let constant = !self.profile.folded_constants_last && self.fold.items(&tuple.elts).is_some();
        if operation.op != ast::Operator::Mod
            || !self.profile.percent_format_joined
            || tuple.elts.iter().any(Expr::is_starred_expr)
            || constant
        {
            return None;
        }
        let Value::Str(format) = self.fold.constant(&operation.left)? else { return None };
        let format = points(&format);
        let mut arguments = tuple.elts.iter();
        let mut pieces = Vec::new();
        let mut rest = format.as_slice();
        while let Some(at) = rest.iter().position(|&point| point == PERCENT) {
            let (literal, field) = rest.split_at(at);
            push_literal(&mut pieces, literal.iter().copied());
            if field.get(1) == Some(&PERCENT) {
                push_literal(&mut pieces, [PERCENT]);
                rest = field.get(2..)?;
                continue;
            }
            let (conversion, spec, after) = percent_field(field.get(1..)?)?;
            pieces.push(Piece::Percent(arguments.next()?, conversion, spec));
            rest = after;
        }
        push_literal(&mut pieces, rest.iter().copied());
        arguments.next().is_none().then_some(pieces)
    }

    fn pieces(&self, elements: &'a [InterpolatedStringElement], raw: bool, pieces: &mut Vec<Piece<'a>>) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => {
                    push_literal(pieces, points(&fstring_text(self.parsed, literal, raw)));
                }
                InterpolatedStringElement::Interpolation(field) => {
                    if let Some(debug) = &field.debug_text {
                        push_literal(pieces, self.debug_text(debug).chars().map(u32::from));
                    }
                    pieces.push(Piece::Field(field));
                }
            }
        }
    }

    /// The text that `{x = }` shows before the value: what is written, without comments.
    fn debug_text(&self, debug: &ast::DebugText) -> String {
        let mut quote = None;
        let mut comment = false;
        let mut shown = String::new();
        for c in debug.as_str().chars() {
            comment &= c != '\n';
            match c {
                '#' if quote.is_none() || self.profile.debug_text_cut_at_hash => comment = true,
                '\'' | '"' if !comment && quote.is_none() => quote = Some(c),
                c if !comment && quote == Some(c) => quote = None,
                _ => {}
            }
            if !comment {
                shown.push(c);
            }
        }
        shown
    }

    fn join(&mut self, pieces: Vec<Piece<'a>>, at: TextRange) -> Done {
        let count = pieces.len();
        if self.crowded(count) {
            return self.join_many(pieces, at);
        }
        for piece in pieces {
            self.piece(piece, at)?;
        }
        if count != 1 {
            self.emit(at, Instr::BuildString(count as u32));
        }
        Ok(())
    }

    /// Many pieces go through `''.join`.
    fn join_many(&mut self, pieces: Vec<Piece<'a>>, at: TextRange) -> Done {
        self.load_text(at, "");
        let join = self.name_index("join");
        self.emit(at, Instr::LoadMethod(join));
        self.emit(at, Instr::BuildList(0));
        for piece in pieces {
            self.piece(piece, at)?;
            self.emit(at, Instr::ListAppend(1));
        }
        self.emit(at, Instr::Call(1));
        Ok(())
    }

    fn piece(&mut self, piece: Piece<'a>, at: TextRange) -> Done {
        match piece {
            Piece::Literal(text) => {
                self.load_const(at, &Value::Str(Text::from_points(text)));
                Ok(())
            }
            Piece::Field(field) => deeper(|| self.field(field)),
            Piece::Percent(argument, conversion, spec) => {
                self.expr(argument)?;
                if let Some(spec) = &spec {
                    self.load_text(at, spec);
                }
                self.emit(at, Instr::FormatValue { conversion, spec: spec.is_some() });
                Ok(())
            }
        }
    }

    fn field(&mut self, field: &'a InterpolatedElement) -> Done {
        self.expr(&field.expression)?;
        let spec = self.format_spec(field)?;
        self.emit(field.range(), Instr::FormatValue { conversion: effective_conversion(field), spec });
        Ok(())
    }

    /// Pushes the format specification, itself an f-string; false if there is none.
    fn format_spec(&mut self, field: &'a InterpolatedElement) -> Result<bool, super::SyntaxIssue> {
        let Some(spec) = &field.format_spec else { return Ok(false) };
        let mut pieces = Vec::new();
        self.pieces(&spec.elements, false, &mut pieces);
        if pieces.is_empty() {
            self.load_text(spec.range(), "");
        } else {
            self.join(pieces, spec.range())?;
        }
        Ok(true)
    }

    /// What stands between the brace and what ends the expression, without comments.
    fn field_text(&self, field: &'a InterpolatedElement) -> String {
        let expression = field.expression.range();
        let start = field.range().start() + TextSize::from(1);
        let mut end = expression.end();
        let mut comments = Vec::new();
        let first = self.parsed.tokens.partition_point(|token| token.start() < start);
        for token in self.parsed.tokens.get(first..).unwrap_or(&[]) {
            match token.kind() {
                TokenKind::Comment => comments.push(token.range()),
                // A bracket may close behind the expression that it holds.
                TokenKind::Exclamation | TokenKind::Colon | TokenKind::Equal | TokenKind::Rbrace
                    if token.start() >= expression.end() =>
                {
                    end = token.start();
                    break;
                }
                _ => {}
            }
        }
        let mut text = String::new();
        let mut at = start;
        for comment in comments.into_iter().filter(|comment| comment.end() <= end) {
            text.push_str(self.parsed.slice(TextRange::new(at, comment.start())));
            at = comment.end();
        }
        text.push_str(self.parsed.slice(TextRange::new(at, end.max(at))));
        text
    }

    /// A template is a tuple of strings and a tuple of interpolations, one string more than interpolations.
    pub(super) fn tstring(&mut self, tstring: &'a ast::ExprTString) -> Done {
        let at = tstring.range();
        let mut strings = vec![Vec::new()];
        let mut fields = Vec::new();
        for part in tstring.value.iter() {
            let raw = part.flags.prefix().is_raw();
            for element in &part.elements {
                match element {
                    InterpolatedStringElement::Literal(literal) => {
                        if let Some(last) = strings.last_mut() {
                            last.extend(points(&fstring_text(self.parsed, literal, raw)));
                        }
                    }
                    InterpolatedStringElement::Interpolation(field) => {
                        if let (Some(debug), Some(last)) = (&field.debug_text, strings.last_mut()) {
                            last.extend(self.debug_text(debug).chars().map(u32::from));
                        }
                        fields.push(field);
                        strings.push(Vec::new());
                    }
                }
            }
        }
        let strings = strings.into_iter().map(|text| Value::Str(Text::from_points(text))).collect();
        self.load_const(at, &Value::Tuple(strings));
        let count = fields.len() as u32;
        for field in fields {
            self.expr(&field.expression)?;
            let text = self.field_text(field);
            self.load_text(field.range(), &text);
            let spec = self.format_spec(field)?;
            self.emit(field.range(), Instr::BuildInterpolation { conversion: effective_conversion(field), spec });
        }
        if count == 0 {
            self.load_const(at, &Value::Tuple(Vec::new()));
        } else {
            self.emit(at, Instr::BuildTuple(count));
        }
        self.emit(at, Instr::BuildTemplate);
        Ok(())
    }
}

const PERCENT: u32 = 0x25;

/// What follows `%`: flags, width, precision and one of `s`, `r`, `a`; the conversion, its format specification and the
/// rest of the text.
fn percent_field(field: &[u32]) -> Option<(Conversion, Option<String>, &[u32])> {
    let is = |point: u32, chars: &str| char::from_u32(point).is_some_and(|c| chars.contains(c));
    let flags = field.iter().take_while(|&&point| is(point, "-+ #0")).count();
    let left = field.iter().take(flags).any(|&point| is(point, "-"));
    let (width, rest) = percent_number(field.get(flags..)?)?;
    let (precision, rest) = match rest {
        [point, digits @ ..] if is(*point, ".") => {
            let (precision, rest) = percent_number(digits)?;
            (Some(precision.unwrap_or(0)), rest)
        }
        rest => (None, rest),
    };
    let (&letter, rest) = rest.split_first()?;
    let conversion = match char::from_u32(letter)? {
        's' => Conversion::Str,
        'r' => Conversion::Repr,
        'a' => Conversion::Ascii,
        _ => return None,
    };
    let mut spec = String::new();
    if !left && width.is_some_and(|width| width > 0) {
        spec.push('>');
    }
    spec.extend(width.map(|width| width.to_string()));
    spec.extend(precision.map(|precision| format!(".{precision}")));
    Some((conversion, (!spec.is_empty()).then_some(spec), rest))
}

/// At most two digits.
fn percent_number(text: &[u32]) -> Option<(Option<u32>, &[u32])> {
    let digit = |point: &u32| char::from_u32(*point).filter(char::is_ascii_digit).and_then(|c| c.to_digit(10));
    let count = text.iter().take_while(|point| digit(point).is_some()).count();
    let (digits, rest) = text.split_at(count);
    match count {
        0 => Some((None, rest)),
        1 | 2 => Some((Some(digits.iter().filter_map(digit).fold(0, |number, digit| number * 10 + digit)), rest)),
        _ => None,
    }
}
