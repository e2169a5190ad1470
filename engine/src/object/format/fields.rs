//! The parts of a `str.format` text: literal text, replacement fields, and the steps of a field's name.
//!
//! Everything is read step by step, because what a step finds (an attribute, an item) comes before the errors of the
//! next one. Follows `Objects/stringlib/unicode_format.h`.

use crate::object::number::NumberError;
use crate::object::text::Text;
use crate::object::text::predicate::decimal_value;
use std::borrow::Cow;

/// The text of the `ValueError` about fields nested deeper than this many levels of format.
pub const TOO_DEEP: &str = "Max string recursion exceeded";
/// How deep replacement fields may nest.
pub const MOST_LEVELS: u8 = 2;

/// A stretch of literal text and the field behind it, if there is one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// The literal text; doubled braces are single here.
    pub literal: Text,
    /// The replacement field.
    pub field: Option<Field>,
}

/// A replacement field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// What stands before `!` and `:`.
    pub name: Text,
    /// The character behind `!`.
    pub conversion: Option<u32>,
    /// What stands behind `:`.
    pub spec: Text,
    /// The spec has fields itself and is to be formatted first.
    pub nested: bool,
}

/// How the value of a field is turned into text first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Conversion {
    /// Not at all.
    None,
    /// `!s`
    Str,
    /// `!r`
    Repr,
    /// `!a`
    Ascii,
}

impl Field {
    /// The conversion.
    ///
    /// # Errors
    /// `ValueError`
    pub fn conversion(&self) -> Result<Conversion, NumberError> {
        match self.conversion.map(|point| (char::from_u32(point), point)) {
            None => Ok(Conversion::None),
            Some((Some('s'), _)) => Ok(Conversion::Str),
            Some((Some('r'), _)) => Ok(Conversion::Repr),
            Some((Some('a'), _)) => Ok(Conversion::Ascii),
            Some((Some(c @ '!'..='~'), _)) => Err(value(format!("Unknown conversion specifier {c}"))),
            Some((_, point)) => Err(value(format!("Unknown conversion specifier \\x{point:x}"))),
        }
    }
}

fn value(text: String) -> NumberError {
    NumberError::Value(Cow::Owned(text))
}

/// Reads the parts of a text one after the other.
#[derive(Clone, Debug)]
pub struct Parts<'a> {
    text: &'a Text,
    at: usize,
}

impl<'a> Parts<'a> {
    /// Starts reading.
    pub fn new(text: &'a Text) -> Parts<'a> {
        Parts { text, at: 0 }
    }

    fn peek(&self) -> Option<char> {
        // A lone surrogate is not a character, but nothing here asks for one.
        self.text.get(self.at).map(|point| char::from_u32(point).unwrap_or('\u{fffd}'))
    }

    fn next_char(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    /// The next part; nothing at the end.
    ///
    /// # Errors
    /// `ValueError`
    pub fn next_part(&mut self) -> Result<Option<Part>, NumberError> {
        let start = self.at;
        let brace = loop {
            match self.next_char() {
                None if self.at == start => return Ok(None),
                None => return Ok(Some(Part { literal: self.text.sub(start, self.at), field: None })),
                Some(c @ ('{' | '}')) => break c,
                Some(_) => {}
            }
        };
        let end = self.at - 1;
        if self.peek() == Some(brace) {
            self.at += 1;
            return Ok(Some(Part { literal: self.text.sub(start, end + 1), field: None }));
        }
        if brace == '}' {
            return Err(NumberError::value("Single '}' encountered in format string"));
        }
        if self.peek().is_none() {
            return Err(NumberError::value("Single '{' encountered in format string"));
        }
        let literal = self.text.sub(start, end);
        Ok(Some(Part { literal, field: Some(self.field()?) }))
    }

    fn field(&mut self) -> Result<Field, NumberError> {
        let start = self.at;
        let mut ended_by = None;
        while let Some(c) = self.next_char() {
            match c {
                '{' => return Err(NumberError::value("unexpected '{' in field name")),
                // Between brackets everything belongs to the name.
                '[' => {
                    while self.peek().is_some_and(|c| c != ']') {
                        self.at += 1;
                    }
                }
                '}' | ':' | '!' => {
                    ended_by = Some(c);
                    break;
                }
                _ => {}
            }
        }
        let name = self.text.sub(start, self.at.saturating_sub(usize::from(ended_by.is_some())));
        let mut field = Field { name, conversion: None, spec: Text::default(), nested: false };
        match ended_by {
            Some('}') => return Ok(field),
            None => return Err(NumberError::value("expected '}' before end of string")),
            Some('!') => {
                let conversion = self.text.get(self.at);
                field.conversion = conversion;
                if conversion.is_none() {
                    return Err(NumberError::value("end of string while looking for conversion specifier"));
                }
                self.at += 1;
                match self.next_char() {
                    Some('}') => return Ok(field),
                    Some(':') | None => {}
                    Some(_) => return Err(NumberError::value("expected ':' after conversion specifier")),
                }
            }
            Some(_) => {}
        }
        let start = self.at;
        let mut open = 1;
        while let Some(c) = self.next_char() {
            match c {
                '{' => {
                    field.nested = true;
                    open += 1;
                }
                '}' => open -= 1,
                _ => {}
            }
            if open == 0 {
                field.spec = self.text.sub(start, self.at - 1);
                return Ok(field);
            }
        }
        Err(NumberError::value("unmatched '{' in format spec"))
    }
}

/// How the fields of a text without names are numbered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Numbering {
    /// No such field was met yet.
    #[default]
    Unknown,
    /// By their order; the number of the next one.
    Automatic(usize),
    /// By the numbers in the text.
    Manual,
}

/// What a field's name begins with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum First {
    /// A position among the arguments.
    Index(usize),
    /// A keyword.
    Name(Text),
}

/// A number, if a text is one.
fn index(text: &Text) -> Result<Option<usize>, NumberError> {
    let mut value: Option<usize> = None;
    for point in text.points() {
        let Some(digit) = decimal_value(point) else { return Ok(None) };
        let next = value.unwrap_or(0).checked_mul(10).and_then(|v| v.checked_add(digit as usize));
        let next = next.filter(|next| i64::try_from(*next).is_ok());
        value = Some(next.ok_or(NumberError::value("Too many decimal digits in format string"))?);
    }
    Ok(value)
}

/// Splits a field's name into its first part and the steps behind it.
///
/// # Errors
/// `ValueError`
pub fn split_name(name: &Text, numbering: &mut Numbering) -> Result<(First, Steps), NumberError> {
    let is_step = |point: u32| point == u32::from('.') || point == u32::from('[');
    let end = name.points().position(is_step).unwrap_or(name.len());
    let steps = Steps { name: name.clone(), at: end };
    let first = name.sub(0, end);
    let number = index(&first)?;
    let first = match (number, first.is_empty(), *numbering) {
        (Some(_), _, Numbering::Automatic(_)) => {
            let text = "cannot switch from automatic field numbering to manual field specification";
            return Err(NumberError::value(text));
        }
        (None, true, Numbering::Manual) => {
            let text = "cannot switch from manual field specification to automatic field numbering";
            return Err(NumberError::value(text));
        }
        (Some(number), _, _) => {
            *numbering = Numbering::Manual;
            First::Index(number)
        }
        (None, true, Numbering::Unknown) => {
            *numbering = Numbering::Automatic(1);
            First::Index(0)
        }
        (None, true, Numbering::Automatic(next)) => {
            *numbering = Numbering::Automatic(next + 1);
            First::Index(next)
        }
        (None, false, _) => First::Name(first),
    };
    Ok((first, steps))
}

/// One step of a field's name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// `.name`
    Attribute(Text),
    /// `[3]`
    Index(usize),
    /// `[key]`
    Key(Text),
}

/// The steps of a field's name, read one by one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Steps {
    name: Text,
    at: usize,
}

impl Steps {
    /// The next step; nothing at the end.
    ///
    /// # Errors
    /// `ValueError`
    pub fn next_step(&mut self) -> Result<Option<Step>, NumberError> {
        const EMPTY: NumberError = NumberError::value("Empty attribute in format string");
        let Some(opening) = self.name.get(self.at).map(char::from_u32) else { return Ok(None) };
        let start = self.at + 1;
        let ends = |stops: &[char]| {
            (start..self.name.len())
                .find(|i| self.name.get(*i).and_then(char::from_u32).is_some_and(|c| stops.contains(&c)))
        };
        match opening {
            Some('.') => {
                let end = ends(&['.', '[']).unwrap_or(self.name.len());
                let attribute = self.name.sub(start, end);
                self.at = end;
                if attribute.is_empty() { Err(EMPTY) } else { Ok(Some(Step::Attribute(attribute))) }
            }
            Some('[') => {
                let end = ends(&[']']).ok_or(NumberError::value("Missing ']' in format string"))?;
                let key = self.name.sub(start, end);
                self.at = end + 1;
                match index(&key)? {
                    _ if key.is_empty() => Err(EMPTY),
                    Some(number) => Ok(Some(Step::Index(number))),
                    None => Ok(Some(Step::Key(key))),
                }
            }
            _ => Err(NumberError::value("Only '.' or '[' may follow ']' in format field specifier")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each part as `literal<name|conversion|spec>`, or the error.
    fn parts(text: &str) -> Result<String, String> {
        let text = Text::from(text);
        let mut parts = Parts::new(&text);
        let mut out = String::new();
        while let Some(part) = parts.next_part().map_err(|e| e.to_string())? {
            out.push_str(&part.literal.to_string_lossy());
            if let Some(field) = part.field {
                let conversion = field.conversion.and_then(char::from_u32).map(String::from).unwrap_or_default();
                let nested = if field.nested { "*" } else { "" };
                let (name, spec) = (field.name.to_string_lossy(), field.spec.to_string_lossy());
                out.push_str(&format!("<{name}|{conversion}|{spec}{nested}>"));
            }
        }
        Ok(out)
    }

    #[test]
    fn texts_fall_into_parts() {
        let good = [
            ("", ""),
            ("abc", "abc"),
            ("{} {0!r:>5}|", "<||> <0|r|>5>|"),
            ("{{}}{{{}}}", "{}{<||>}"),
            ("{:{w}.{p}}", "<||{w}.{p}*>"),
            ("{a[b}]}", "<a[b}]||>"),
            ("{a[{]}", "<a[{]||>"),
            ("{!\n}", "<|\n|>"),
        ];
        for (text, shown) in good {
            assert_eq!(parts(text).as_deref(), Ok(shown), "{text}");
        }
        let bad = [
            ("{", "Single '{' encountered in format string"),
            ("a}b", "Single '}' encountered in format string"),
            ("{0:}}", "Single '}' encountered in format string"),
            ("{0", "expected '}' before end of string"),
            ("{0[}", "expected '}' before end of string"),
            ("{0:{}", "unmatched '{' in format spec"),
            ("{!}", "unmatched '{' in format spec"),
            ("{!r", "unmatched '{' in format spec"),
            ("{!", "end of string while looking for conversion specifier"),
            ("{!rx}", "expected ':' after conversion specifier"),
            ("{a{b}}", "unexpected '{' in field name"),
        ];
        for (text, error) in bad {
            assert_eq!(parts(text), Err(error.into()), "{text}");
        }
    }

    #[test]
    fn conversions() {
        let field = |c: char| Field { name: "".into(), conversion: Some(u32::from(c)), spec: "".into(), nested: false };
        assert_eq!(field('a').conversion(), Ok(Conversion::Ascii));
        assert_eq!(field('x').conversion().unwrap_err().to_string(), "Unknown conversion specifier x");
        assert_eq!(field('é').conversion().unwrap_err().to_string(), "Unknown conversion specifier \\xe9");
    }

    #[test]
    fn names_fall_into_steps() {
        let split = |name: &str| -> Result<(First, Vec<Step>), String> {
            let (first, mut steps) = split_name(&name.into(), &mut Numbering::Unknown).map_err(|e| e.to_string())?;
            let mut all = vec![];
            while let Some(step) = steps.next_step().map_err(|e| e.to_string())? {
                all.push(step);
            }
            Ok((first, all))
        };
        let attribute = |name: &str| Step::Attribute(name.into());
        assert_eq!(
            split("a.b[c][07]"),
            Ok((First::Name("a".into()), vec![attribute("b"), Step::Key("c".into()), Step::Index(7)]))
        );
        assert_eq!(split("[-1].x"), Ok((First::Index(0), vec![Step::Key("-1".into()), attribute("x")])));
        assert_eq!(split("\u{ff11}"), Ok((First::Index(1), vec![])));
        assert_eq!(split("-1"), Ok((First::Name("-1".into()), vec![])));
        let bad = [
            ("0.", "Empty attribute in format string"),
            ("0[]", "Empty attribute in format string"),
            ("0[a", "Missing ']' in format string"),
            ("0[a]b", "Only '.' or '[' may follow ']' in format field specifier"),
            ("99999999999999999999", "Too many decimal digits in format string"),
        ];
        for (name, error) in bad {
            assert_eq!(split(name), Err(error.into()), "{name}");
        }
    }

    #[test]
    fn numbering_does_not_switch() {
        let mut numbering = Numbering::default();
        assert_eq!(split_name(&"a".into(), &mut numbering).unwrap().0, First::Name("a".into()));
        assert_eq!(split_name(&"".into(), &mut numbering).unwrap().0, First::Index(0));
        assert_eq!(split_name(&"".into(), &mut numbering).unwrap().0, First::Index(1));
        let error = split_name(&"0".into(), &mut numbering).unwrap_err().to_string();
        assert_eq!(error, "cannot switch from automatic field numbering to manual field specification");
        let mut numbering = Numbering::Manual;
        let error = split_name(&"".into(), &mut numbering).unwrap_err().to_string();
        assert_eq!(error, "cannot switch from manual field specification to automatic field numbering");
    }
}
