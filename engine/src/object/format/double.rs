//! The text of a float in the layouts of CPython's `PyOS_double_to_string`: `e`, `f`, `g` and `r` (shortest).
//!
//! The digits come from `ryu` and the standard library, which agree with CPython's; the layout is here.

/// No float has more decimal digits than this, before or behind the point: what follows is zeros.
const MOST_DIGITS: usize = 1100;

fn push_zeros(text: &mut String, count: usize) {
    text.extend(std::iter::repeat_n('0', count));
}

/// How the digits are laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    /// `d.ddde+XX` with this many digits behind the point.
    Exponent(usize),
    /// `ddd.ddd` with this many digits behind the point.
    Fixed(usize),
    /// The shorter of both, with this many significant digits.
    General(usize),
    /// As `repr`: the shortest digits that read back as the same float.
    Shortest,
}

/// Details of the layout.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// `E`, `INF` and `NAN`.
    pub upper: bool,
    /// Keep the point and trailing zeros (`#`).
    pub alternate: bool,
    /// Add `.0` to what would look like an int.
    pub dot_zero: bool,
}

/// Decimal digits without point, and how many of them stand before it.
struct Digits {
    digits: String,
    point: i32,
}

/// The text of the absolute value and whether the sign bit is set. NaN has no sign.
pub fn format_double(value: f64, layout: Layout, options: Options) -> (String, bool) {
    let negative = value.is_sign_negative() && !value.is_nan();
    let magnitude = value.abs();
    if !magnitude.is_finite() {
        let text = match (value.is_nan(), options.upper) {
            (true, false) => "nan",
            (true, true) => "NAN",
            (false, false) => "inf",
            (false, true) => "INF",
        };
        return (text.into(), negative);
    }
    let text = match layout {
        Layout::Fixed(precision) => {
            let exact = precision.min(MOST_DIGITS);
            let mut text = format!("{magnitude:.exact$}");
            push_zeros(&mut text, precision - exact);
            if precision == 0 && options.alternate {
                text.push('.');
            }
            text
        }
        Layout::Exponent(precision) => {
            let digits = rounded_digits(magnitude, precision + 1);
            exponent_form(&digits, precision, options)
        }
        Layout::General(precision) => {
            let precision = precision.max(1);
            let digits = rounded_digits(magnitude, precision);
            // A float that must not look like an int needs one more place.
            let places = precision - usize::from(options.dot_zero);
            let as_exponent = digits.point <= -4 || digits.point > i32::try_from(places).unwrap_or(i32::MAX);
            let digits = if options.alternate { digits } else { without_trailing_zeros(digits) };
            short_form(&digits, as_exponent, options)
        }
        Layout::Shortest => {
            let digits = shortest_digits(magnitude);
            let as_exponent = digits.point <= -4 || digits.point > 16;
            short_form(&digits, as_exponent, options)
        }
    };
    (text, negative)
}

/// `repr(value)`
pub fn float_repr(value: f64) -> String {
    let (text, negative) = format_double(value, Layout::Shortest, Options { dot_zero: true, ..Options::default() });
    if negative { format!("-{text}") } else { text }
}

/// The shortest digits that read back as `magnitude`.
fn shortest_digits(magnitude: f64) -> Digits {
    let mut buffer = ryu::Buffer::new();
    split_scientific(buffer.format_finite(magnitude))
}

/// `magnitude` rounded to `count` significant digits.
fn rounded_digits(magnitude: f64, count: usize) -> Digits {
    let exact = count.saturating_sub(1).min(MOST_DIGITS);
    let text = format!("{magnitude:.exact$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mut digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let missing = count.saturating_sub(digits.len());
    push_zeros(&mut digits, missing);
    // Zero has its point behind the first digit, as in CPython.
    Digits { digits, point: exponent.parse::<i32>().unwrap_or(0).saturating_add(1) }
}

/// The digits of a text such as `1.5e-7`, `12.0` or `0.001`.
fn split_scientific(text: &str) -> Digits {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let leading = all.bytes().take_while(|digit| *digit == b'0').count();
    let significant = all.get(leading..).unwrap_or_default().trim_end_matches('0');
    if significant.is_empty() {
        return Digits { digits: "0".into(), point: 1 };
    }
    let before_point = i32::try_from(whole.len()).unwrap_or(0) - i32::try_from(leading).unwrap_or(0);
    Digits { digits: significant.into(), point: before_point.saturating_add(exponent) }
}

fn without_trailing_zeros(digits: Digits) -> Digits {
    let kept = digits.digits.trim_end_matches('0');
    Digits { digits: if kept.is_empty() { "0".into() } else { kept.into() }, point: digits.point }
}

fn push_exponent(text: &mut String, exponent: i32, upper: bool) {
    text.push(if upper { 'E' } else { 'e' });
    text.push(if exponent < 0 { '-' } else { '+' });
    text.push_str(&format!("{:02}", exponent.unsigned_abs()));
}

fn exponent_form(digits: &Digits, precision: usize, options: Options) -> String {
    let (first, rest) = digits.digits.split_at_checked(1).unwrap_or(("0", ""));
    let mut text = first.to_string();
    if precision > 0 || options.alternate {
        text.push('.');
    }
    text.push_str(rest);
    push_exponent(&mut text, digits.point - 1, options.upper);
    text
}

/// The layout of `g` and `r`: no more digits than there are.
fn short_form(digits: &Digits, as_exponent: bool, options: Options) -> String {
    if as_exponent {
        let precision = digits.digits.len().saturating_sub(1);
        return exponent_form(digits, precision, options);
    }
    let (count, point) = (digits.digits.len(), digits.point);
    let mut text = match usize::try_from(point) {
        Ok(point) if point > 0 && point >= count => format!("{}{}", digits.digits, "0".repeat(point - count)),
        Ok(point) if point > 0 => {
            let (whole, fraction) = digits.digits.split_at_checked(point).unwrap_or((&digits.digits, ""));
            format!("{whole}.{fraction}")
        }
        _ => format!("0.{}{}", "0".repeat(point.unsigned_abs() as usize), digits.digits),
    };
    if !text.contains('.') {
        if options.alternate {
            text.push('.');
        } else if options.dot_zero {
            text.push_str(".0");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reprs_are_those_of_cpython() {
        let texts = [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (123456789012345680.0, "1.2345678901234568e+17"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1.5e-7, "1.5e-07"),
            (5e-324, "5e-324"),
            (1.7976931348623157e308, "1.7976931348623157e+308"),
            (f64::INFINITY, "inf"),
            (-f64::INFINITY, "-inf"),
            (-f64::NAN, "nan"),
            (9007199254740993.0, "9007199254740992.0"),
            (2.0f64.powi(-44), "5.684341886080802e-14"),
        ];
        for (value, text) in texts {
            assert_eq!(float_repr(value), text);
        }
    }

    #[test]
    fn layouts_are_those_of_printf() {
        let run = |v, l| format_double(v, l, Options::default()).0;
        let alt = |v, l| format_double(v, l, Options { alternate: true, ..Options::default() }).0;
        assert_eq!(run(1234.5678, Layout::Fixed(2)), "1234.57");
        assert_eq!(run(0.5, Layout::Fixed(0)), "0");
        assert_eq!(run(1.5, Layout::Fixed(0)), "2");
        assert_eq!(run(2.5, Layout::Fixed(0)), "2");
        assert_eq!(alt(2.5, Layout::Fixed(0)), "2.");
        assert_eq!(run(1234.5678, Layout::Exponent(3)), "1.235e+03");
        assert_eq!(run(0.0, Layout::Exponent(2)), "0.00e+00");
        assert_eq!(alt(3.0, Layout::Exponent(0)), "3.e+00");
        assert_eq!(run(100000.0, Layout::General(6)), "100000");
        assert_eq!(run(1000000.0, Layout::General(6)), "1e+06");
        assert_eq!(run(0.0001, Layout::General(6)), "0.0001");
        assert_eq!(run(0.00001, Layout::General(6)), "1e-05");
        assert_eq!(alt(1.0, Layout::General(6)), "1.00000");
        assert_eq!(alt(1e10, Layout::General(3)), "1.00e+10");
        assert_eq!(run(0.0, Layout::General(6)), "0");
        assert_eq!(run(123456.0, Layout::General(1)), "1e+05");
        assert_eq!(run(1.0, Layout::Fixed(70_000)).len(), 70_002);
        assert_eq!(run(1.0, Layout::Exponent(70_000)).len(), 70_006);
        let dotted = |v, l| format_double(v, l, Options { dot_zero: true, ..Options::default() }).0;
        assert_eq!([dotted(1.0, Layout::General(1)), dotted(1.0, Layout::General(5))], ["1e+00", "1.0"]);
    }

    proptest! {
        #[test]
        fn the_shortest_text_reads_back(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite());
            prop_assert_eq!(float_repr(value).parse::<f64>().map(f64::to_bits), Ok(bits));
        }
    }
}
