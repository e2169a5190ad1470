//! `format(x, spec)` of str, int, float and complex.

use super::double::{Layout, Options, format_double};
use super::spec::{Align, Grouping, Sign, Spec};
use crate::object::number::NumberError;
use crate::object::number::complex::Complex;
use crate::object::number::int::Int;
use crate::object::text::{Text, TextBuilder};
use crate::rules::Profile;

/// `format(text, spec)` for a spec that is not empty. The caller returns the text itself for the empty one.
///
/// # Errors
/// `ValueError`
pub fn format_text(text: &Text, spec: &Text, class: &str, rules: &Profile) -> Result<Text, NumberError> {
    let spec = Spec::parse(spec, Some('s'), Align::Left, class, rules)?;
    if spec.kind_char() != Some('s') {
        return Err(spec.unknown_kind(class));
    }
    let refused = match spec.sign {
        Sign::Space if rules.format_spec.names_space => Some("Space not allowed in string format specifier"),
        Sign::Default => None,
        Sign::Minus | Sign::Plus | Sign::Space => Some("Sign not allowed in string format specifier"),
    };
    let refused = refused
        .or(spec.no_negative_zero.then_some("Negative zero coercion (z) not allowed in string format specifier"))
        .or(spec.alternate.then_some("Alternate form (#) not allowed in string format specifier"))
        .or((spec.align == Align::AfterSign).then_some("'=' alignment not allowed in string format specifier"));
    if let Some(text) = refused {
        return Err(NumberError::value(text));
    }
    let shown = text.sub(0, spec.precision.unwrap_or(usize::MAX));
    Ok(padded(&spec, &shown))
}

fn padded(spec: &Spec, shown: &Text) -> Text {
    let (left, right) = spec.padding(shown.len());
    let mut out = TextBuilder::with_capacity(left + shown.len() + right);
    push_fill(&mut out, spec.fill, left);
    out.push_text(shown);
    push_fill(&mut out, spec.fill, right);
    out.finish()
}

fn push_fill(out: &mut TextBuilder, fill: u32, count: usize) {
    (0..count).for_each(|_| out.push(fill));
}

/// A number in its parts, before it is grouped and padded.
struct Parts {
    negative: bool,
    prefix: &'static str,
    /// The digits before the point.
    whole: String,
    /// The point and all behind it, or a word such as `nan`.
    rest: String,
}

/// Puts groups together from the right: at least `least` places, filled with zeros.
fn grouped(digits: &str, group: usize, separator: char, least: usize) -> String {
    let mut out: Vec<char> = Vec::new();
    let mut left: Vec<char> = digits.chars().collect();
    let mut least = i64::try_from(least).unwrap_or(i64::MAX);
    loop {
        let remaining = i64::try_from(left.len()).unwrap_or(i64::MAX);
        let len = i64::try_from(group).unwrap_or(3).min(remaining.max(least).max(1));
        for _ in 0..len {
            out.push(left.pop().unwrap_or('0'));
        }
        least -= len;
        if left.is_empty() && least <= 0 {
            break;
        }
        out.push(separator);
        least -= 1;
    }
    out.iter().rev().collect()
}

/// Groups the digits behind a point from the left.
fn grouped_fraction(rest: &str, separator: char) -> String {
    let Some(fraction) = rest.strip_prefix('.') else { return rest.into() };
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    let mut out = String::from(".");
    for (i, c) in fraction.chars().enumerate() {
        if i > 0 && i < digits && i % 3 == 0 {
            out.push(separator);
        }
        out.push(c);
    }
    out
}

fn separator(grouping: Grouping) -> Option<char> {
    match grouping {
        Grouping::None => None,
        Grouping::Comma => Some(','),
        Grouping::Underscore => Some('_'),
    }
}

/// The number with its sign, grouping and padding.
fn assemble(spec: &Spec, parts: Parts, group: usize) -> Text {
    let sign = match (parts.negative, spec.sign) {
        (true, _) => "-",
        (false, Sign::Plus) => "+",
        (false, Sign::Space) => " ",
        (false, Sign::Default | Sign::Minus) => "",
    };
    let rest = match separator(spec.fraction_grouping) {
        Some(separator) => grouped_fraction(&parts.rest, separator),
        None => parts.rest,
    };
    let others = sign.len() + parts.prefix.len() + rest.len();
    let zero_padded = spec.fill == u32::from('0') && spec.align == Align::AfterSign;
    let least = if zero_padded { spec.width.unwrap_or(0).saturating_sub(others) } else { 0 };
    let whole = match separator(spec.grouping) {
        // Words such as `nan` have no digits to group.
        Some(separator) if !parts.whole.is_empty() => grouped(&parts.whole, group, separator, least),
        _ => parts.whole,
    };
    let (left, right) = spec.padding(others + whole.len());
    let mut out = TextBuilder::with_capacity(left + others + whole.len() + right);
    if spec.align != Align::AfterSign {
        push_fill(&mut out, spec.fill, left);
    }
    out.push_str(sign);
    out.push_str(parts.prefix);
    if spec.align == Align::AfterSign {
        push_fill(&mut out, spec.fill, left);
    }
    out.push_str(&whole);
    out.push_str(&rest);
    push_fill(&mut out, spec.fill, right);
    out.finish()
}

/// `format(int, spec)` for a spec that is not empty; `limit` is `sys.get_int_max_str_digits()`.
///
/// # Errors
/// `ValueError`, `OverflowError`
pub fn format_int(value: &Int, spec: &Text, class: &str, limit: usize, rules: &Profile) -> Result<Text, NumberError> {
    let spec = Spec::parse(spec, Some('d'), Align::Right, class, rules)?;
    let (base, prefix) = match spec.kind_char() {
        Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => return float_with(value.to_f64()?, &spec),
        Some('d' | 'n' | 'c') => (10, ""),
        Some('b') => (2, "0b"),
        Some('o') => (8, "0o"),
        Some('x') => (16, "0x"),
        Some('X') => (16, "0X"),
        _ => return Err(spec.unknown_kind(class)),
    };
    if spec.precision.is_some() {
        return Err(NumberError::value("Precision not allowed in integer format specifier"));
    }
    if spec.no_negative_zero {
        return Err(NumberError::value("Negative zero coercion (z) not allowed in integer format specifier"));
    }
    if spec.kind_char() == Some('c') {
        return format_character(value, &spec);
    }
    let digits = match base {
        10 => value.to_decimal(limit, rules)?.trim_start_matches('-').to_string(),
        base => value.magnitude_in_base(base),
    };
    let whole = if spec.kind_char() == Some('X') { digits.to_ascii_uppercase() } else { digits };
    let prefix = if spec.alternate { prefix } else { "" };
    let group = if base == 10 { 3 } else { 4 };
    Ok(assemble(&spec, Parts { negative: value.is_negative(), prefix, whole, rest: String::new() }, group))
}

/// `format(int, "c")`
fn format_character(value: &Int, spec: &Spec) -> Result<Text, NumberError> {
    if spec.sign != Sign::Default {
        return Err(NumberError::value("Sign not allowed with integer format specifier 'c'"));
    }
    if spec.alternate {
        return Err(NumberError::value("Alternate form (#) not allowed with integer format specifier 'c'"));
    }
    let point = value.to_i64().ok_or(NumberError::overflow("Python int too large to convert to C long"))?;
    match u32::try_from(point) {
        Ok(point @ 0..0x11_0000) => Ok(padded(spec, &Text::from_point(point))),
        _ => Err(NumberError::overflow("%c arg not in range(0x110000)")),
    }
}

/// `format(float, spec)` for a spec that is not empty.
///
/// # Errors
/// `ValueError`
pub fn format_float(value: f64, spec: &Text, class: &str, rules: &Profile) -> Result<Text, NumberError> {
    let spec = Spec::parse(spec, None, Align::Right, class, rules)?;
    match spec.kind_char() {
        None | Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%') if spec.kind.is_none_or(|k| k < 0x80) => {
            float_with(value, &spec)
        }
        _ => Err(spec.unknown_kind(class)),
    }
}

/// The layout that a spec asks for, and whether the float must not look like an int.
fn layout(spec: &Spec) -> (Layout, Options) {
    let precision = spec.precision.unwrap_or(6);
    let layout = match (spec.kind_char(), spec.precision) {
        (Some('e' | 'E'), _) => Layout::Exponent(precision),
        (Some('f' | 'F' | '%'), _) => Layout::Fixed(precision),
        (None, None) => Layout::Shortest,
        _ => Layout::General(precision),
    };
    let upper = matches!(spec.kind_char(), Some('E' | 'F' | 'G'));
    (layout, Options { upper, alternate: spec.alternate, dot_zero: false })
}

fn float_parts(value: f64, spec: &Spec, layout: Layout, options: Options) -> Parts {
    let (text, negative) = format_double(value, layout, options);
    let no_digit_left = text.bytes().take_while(|b| !matches!(b, b'e' | b'E')).all(|b| matches!(b, b'0' | b'.'));
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, rest) = text.split_at_checked(digits).unwrap_or((&text, ""));
    let negative = negative && !(spec.no_negative_zero && no_digit_left);
    Parts { negative, prefix: "", whole: whole.into(), rest: rest.into() }
}

fn float_with(value: f64, spec: &Spec) -> Result<Text, NumberError> {
    let (layout, options) = layout(spec);
    let percent = spec.kind_char() == Some('%');
    let value = if percent { value * 100.0 } else { value };
    let options = Options { dot_zero: spec.kind.is_none(), ..options };
    let mut parts = float_parts(value, spec, layout, options);
    if percent {
        parts.rest.push('%');
    }
    Ok(assemble(spec, parts, 3))
}

/// `format(complex, spec)` for a spec that is not empty.
///
/// # Errors
/// `ValueError`
pub fn format_complex(value: Complex, spec: &Text, class: &str, rules: &Profile) -> Result<Text, NumberError> {
    let spec = Spec::parse(spec, None, Align::Right, class, rules)?;
    if !matches!(spec.kind_char(), None | Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n'))
        || spec.kind.is_some_and(|k| k >= 0x80)
    {
        return Err(spec.unknown_kind(class));
    }
    if spec.fill == u32::from('0') {
        return Err(NumberError::value("Zero padding is not allowed in complex format specifier"));
    }
    if spec.align == Align::AfterSign {
        return Err(NumberError::value("'=' alignment flag is not allowed in complex format specifier"));
    }
    let (layout, options) = layout(&spec);
    let bare = Spec { width: None, align: Align::Left, ..spec.clone() };
    let real = assemble(&bare, float_parts(value.real, &spec, layout, options), 3);
    let without_type = spec.kind.is_none();
    let skips_real = without_type && value.real == 0.0 && value.real.is_sign_positive();
    let imag_spec = if skips_real { bare } else { Spec { sign: Sign::Plus, ..bare } };
    let imag = assemble(&imag_spec, float_parts(value.imag, &spec, layout, options), 3);
    let (open, close) = if without_type && !skips_real { ("(", ")") } else { ("", "") };
    let mut out = TextBuilder::new();
    out.push_str(open);
    if !skips_real {
        out.push_text(&real);
    }
    out.push_text(&imag);
    out.push_str("j");
    out.push_str(close);
    Ok(padded(&spec, &out.finish()))
}

#[cfg(test)]
#[path = "value_tests.rs"]
mod tests;
