//! `%`-formatting: the directives of a text, and the layout of the values that they show.
//!
//! The directives are read one by one, because showing one value comes before the errors of the next directive. For
//! `bytes`, read and write through Latin-1 text.

use super::double::{Layout, Options, format_double};
use super::printf_error::Defect;
use crate::object::number::NumberError;
use crate::object::number::int::Int;
use crate::object::text::{Text, TextBuilder};
use crate::rules::Profile;
use std::ops::Range;

/// A width or precision beyond this is refused for want of memory.
const MOST: usize = 1 << 28;

/// A width or precision.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Amount {
    /// None was given.
    None,
    /// A number in the text.
    Fixed(usize),
    /// `*`: the next argument.
    Argument,
}

/// One directive, such as `%(name)-5.2f`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Directive {
    /// The position of its `%`.
    pub start: usize,
    /// The position of its last character.
    pub at: usize,
    /// The positions of its mapping key.
    pub key: Option<Range<usize>>,
    /// `-`
    pub left: bool,
    /// `+`
    pub plus: bool,
    /// A space.
    pub space: bool,
    /// `#`
    pub alternate: bool,
    /// `0`
    pub zero: bool,
    /// The least width.
    pub width: Amount,
    /// The precision.
    pub precision: Amount,
    /// The last character, whatever it is.
    pub conversion: u32,
}

/// A piece of the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    /// Literal text at these positions.
    Literal(Range<usize>),
    /// `%%`
    Percent,
    /// A directive.
    Directive(Directive),
}

/// What a directive does with its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Conversion {
    /// `%s`
    Str,
    /// `%r`
    Repr,
    /// `%a`
    Ascii,
    /// `%c`
    Character,
    /// `%d`, `%i`, `%u`: any number, cut to an int.
    Decimal,
    /// `%o`, `%x`, `%X`: an int.
    Integer,
    /// `%e`, `%f`, `%g` and their capitals.
    Real,
}

impl Directive {
    /// What it does; nothing for a character that means nothing.
    pub fn conversion(&self) -> Option<Conversion> {
        Some(match char::from_u32(self.conversion)? {
            's' => Conversion::Str,
            'r' => Conversion::Repr,
            'a' => Conversion::Ascii,
            'c' => Conversion::Character,
            'd' | 'i' | 'u' => Conversion::Decimal,
            'o' | 'x' | 'X' => Conversion::Integer,
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => Conversion::Real,
            _ => return None,
        })
    }

    /// The field with the values of its `*`s, which the caller has fetched in this order: width, precision.
    pub fn field(&self, width: Option<i64>, precision: Option<i64>) -> Field {
        let given = |amount, argument: Option<i64>| match amount {
            Amount::None => None,
            Amount::Fixed(fixed) => Some(i64::try_from(fixed).unwrap_or(i64::MAX)),
            Amount::Argument => argument,
        };
        let width = given(self.width, width).unwrap_or(0);
        let size = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
        Field {
            left: self.left || width < 0,
            plus: self.plus,
            space: self.space,
            alternate: self.alternate,
            zero: self.zero,
            width: size(width.unsigned_abs()),
            precision: given(self.precision, precision).map(|value| size(u64::try_from(value).unwrap_or(0))),
            conversion: char::from_u32(self.conversion).unwrap_or('\0'),
        }
    }
}

/// Reads the pieces of a text one after the other.
#[derive(Clone, Debug)]
pub struct Pieces<'a> {
    text: &'a Text,
    at: usize,
}

impl<'a> Pieces<'a> {
    /// Starts reading.
    pub fn new(text: &'a Text) -> Pieces<'a> {
        Pieces { text, at: 0 }
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at).map(|point| char::from_u32(point).unwrap_or('\u{fffd}'))
    }

    /// The next piece; nothing at the end.
    ///
    /// # Errors
    /// What is wrong with a directive. A defect of a key is to be told only of a mapping.
    pub fn next_piece(&mut self) -> Result<Option<Piece>, Defect> {
        let start = self.at;
        while self.peek().is_some_and(|c| c != '%') {
            self.at += 1;
        }
        if self.at > start {
            return Ok(Some(Piece::Literal(start..self.at)));
        }
        if self.peek().is_none() {
            return Ok(None);
        }
        self.at += 1;
        if self.peek() == Some('%') {
            self.at += 1;
            return Ok(Some(Piece::Percent));
        }
        self.directive(start).map(|directive| Some(Piece::Directive(directive)))
    }

    fn directive(&mut self, start: usize) -> Result<Directive, Defect> {
        let key = if self.peek() == Some('(') { Some(self.key(start)?) } else { None };
        let mut out = Directive {
            start,
            at: 0,
            key,
            left: false,
            plus: false,
            space: false,
            alternate: false,
            zero: false,
            width: Amount::None,
            precision: Amount::None,
            conversion: 0,
        };
        while let Some(c) = self.peek() {
            match c {
                '-' => out.left = true,
                '+' => out.plus = true,
                ' ' => out.space = true,
                '#' => out.alternate = true,
                '0' => out.zero = true,
                _ => break,
            }
            self.at += 1;
        }
        out.width = self.amount(i64::MAX.unsigned_abs()).ok_or(Defect::WidthTooBig { start })?;
        if self.peek() == Some('.') {
            self.at += 1;
            let precision = self.amount(u64::from(i32::MAX.unsigned_abs())).ok_or(Defect::PrecisionTooBig { start })?;
            out.precision = if precision == Amount::None { Amount::Fixed(0) } else { precision };
        }
        // C's length modifiers mean nothing.
        if matches!(self.peek(), Some('h' | 'l' | 'L')) {
            self.at += 1;
        }
        out.conversion = self.text.get(self.at).ok_or(Defect::Incomplete { start })?;
        out.at = self.at;
        self.at += 1;
        Ok(out)
    }

    /// The positions of a key in parentheses, which may hold balanced ones.
    fn key(&mut self, start: usize) -> Result<Range<usize>, Defect> {
        self.at += 1;
        let from = self.at;
        let mut open = 1;
        while let Some(c) = self.peek() {
            match c {
                '(' => open += 1,
                ')' => open -= 1,
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return Ok(from..self.at - 1);
            }
        }
        Err(Defect::IncompleteKey { start })
    }

    /// A number or `*`; nothing if the number is too big.
    fn amount(&mut self, most: u64) -> Option<Amount> {
        if self.peek() == Some('*') {
            self.at += 1;
            return Some(Amount::Argument);
        }
        let mut value: Option<u64> = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            let next = value.unwrap_or(0).checked_mul(10)?.checked_add(u64::from(digit))?;
            value = Some(next).filter(|next| *next <= most);
            value?;
            self.at += 1;
        }
        Some(value.map_or(Amount::None, |value| Amount::Fixed(usize::try_from(value).unwrap_or(usize::MAX))))
    }
}

/// The field of one value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Field {
    left: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
    conversion: char,
}

impl Field {
    /// `%s`, `%r`, `%a` of what `str`, `repr` or `ascii` gave.
    ///
    /// # Errors
    /// `MemoryError`
    pub fn text(&self, value: &Text) -> Result<Text, NumberError> {
        let shown = value.sub(0, self.precision.unwrap_or(usize::MAX));
        self.laid_out("", "", &shown, false)
    }

    /// `%c` of one character.
    ///
    /// # Errors
    /// `MemoryError`
    pub fn character(&self, point: u32) -> Result<Text, NumberError> {
        self.laid_out("", "", &Text::from_point(point), false)
    }

    /// `%d`, `%x`, … of an int; `limit` is `sys.get_int_max_str_digits()`.
    ///
    /// # Errors
    /// `ValueError`, `MemoryError`
    pub fn integer(&self, value: &Int, limit: usize, rules: &Profile) -> Result<Text, NumberError> {
        let (digits, prefix) = match self.conversion {
            'o' => (value.magnitude_in_base(8), "0o"),
            'x' => (value.magnitude_in_base(16), "0x"),
            'X' => (value.magnitude_in_base(16).to_ascii_uppercase(), "0X"),
            _ => (value.to_decimal(limit, rules)?.trim_start_matches('-').to_string(), ""),
        };
        let missing = self.precision.unwrap_or(0).saturating_sub(digits.len());
        if missing > MOST {
            return Err(NumberError::Memory);
        }
        let digits = format!("{}{digits}", "0".repeat(missing));
        let prefix = if self.alternate { prefix } else { "" };
        self.laid_out(self.sign(value.is_negative()), prefix, &Text::from(digits), true)
    }

    /// `%e`, `%f`, `%g` of a float.
    ///
    /// # Errors
    /// `MemoryError`
    pub fn real(&self, value: f64) -> Result<Text, NumberError> {
        let precision = self.precision.unwrap_or(6);
        if precision > MOST {
            return Err(NumberError::Memory);
        }
        let layout = match self.conversion.to_ascii_lowercase() {
            'e' => Layout::Exponent(precision),
            'f' => Layout::Fixed(precision),
            _ => Layout::General(precision),
        };
        let options =
            Options { upper: self.conversion.is_ascii_uppercase(), alternate: self.alternate, dot_zero: false };
        let (text, negative) = format_double(value, layout, options);
        self.laid_out(self.sign(negative), "", &Text::from(text), true)
    }

    fn sign(&self, negative: bool) -> &'static str {
        match (negative, self.plus, self.space) {
            (true, _, _) => "-",
            (false, true, _) => "+",
            (false, false, true) => " ",
            (false, false, false) => "",
        }
    }

    fn laid_out(&self, sign: &str, prefix: &str, shown: &Text, numeric: bool) -> Result<Text, NumberError> {
        let len = sign.len() + prefix.len() + shown.len();
        let padding = self.width.saturating_sub(len);
        if padding > MOST {
            return Err(NumberError::Memory);
        }
        let zeros = numeric && self.zero && !self.left;
        let mut out = TextBuilder::with_capacity(len + padding);
        if !self.left && !zeros {
            (0..padding).for_each(|_| out.push(u32::from(' ')));
        }
        out.push_str(sign);
        out.push_str(prefix);
        if zeros {
            (0..padding).for_each(|_| out.push(u32::from('0')));
        }
        out.push_text(shown);
        if self.left {
            (0..padding).for_each(|_| out.push(u32::from(' ')));
        }
        Ok(out.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::PyVersion;

    /// Formats one value with every directive of a text.
    fn run(text: &str, show: impl Fn(&Field) -> Result<Text, NumberError>) -> String {
        let text = Text::from(text);
        let mut pieces = Pieces::new(&text);
        let mut out = TextBuilder::new();
        while let Some(piece) = pieces.next_piece().unwrap() {
            match piece {
                Piece::Literal(range) => out.push_text(&text.sub(range.start, range.end)),
                Piece::Percent => out.push_str("%"),
                Piece::Directive(directive) => out.push_text(&show(&directive.field(None, None)).unwrap()),
            }
        }
        out.finish().to_string_lossy().into_owned()
    }

    fn int(text: &str, value: i64) -> String {
        let rules = Profile::of(PyVersion::of_minor(13).unwrap());
        run(text, |field| field.integer(&Int::Small(value), 4300, &rules))
    }

    fn real(text: &str, value: f64) -> String {
        run(text, |field| field.real(value))
    }

    fn string(text: &str, value: &str) -> String {
        run(text, |field| field.text(&Text::from(value)))
    }

    #[test]
    fn ints_are_laid_out_like_cpython() {
        assert_eq!(int("%5d|%-5d|%05d|%+d|% d|%+05d|%-05d|% 05d", 42), "   42|42   |00042|+42| 42|+0042|42   | 0042");
        assert_eq!(int("%.5d|%8.5d|%-8.5d|%08.5d|%+.5d", 42), "00042|   00042|00042   |00000042|+00042");
        assert_eq!(int("%.5d|%08.5d", -42), "-00042|-0000042");
        assert_eq!(int("%x|%X|%o|%#x|%#X|%#o", 255), "ff|FF|377|0xff|0XFF|0o377");
        assert_eq!(
            int("%#x|%#o|%#08x|%#-8x|%#8x|%+#x|%#.5x|%#010.5x", -255),
            "-0xff|-0o377|-0x000ff|-0xff   |   -0xff|-0xff|-0x000ff|-0x00000ff"
        );
        assert_eq!(int("%.3x|%#.3x|%+x|% x|%+#X|%+.4o|%05o|%#05o", 10), "00a|0x00a|+a| a|+0XA|+0012|00012|0o012");
        assert_eq!(int("%.0x|%#.0x|%.0d|%5.0d", 0), "0|0x0|0|    0");
        assert_eq!(int("%ld%%%i", 5), "5%5");
    }

    #[test]
    fn floats_are_laid_out_like_cpython() {
        assert_eq!(
            real("%.2f|%8.2f|%-8.2f|%08.2f|%+.2f|% .2f|%#.0f|%.0f", 1.5),
            "1.50|    1.50|1.50    |00001.50|+1.50| 1.50|2.|2"
        );
        assert_eq!(
            real("%+.2e|% .2e|%010.2e|%-10.2e|%+010.1g", 1234.5),
            "+1.23e+03| 1.23e+03|001.23e+03|1.23e+03  |+00001e+03"
        );
        assert_eq!(real("%5.1f|%-7.1f|%07.1f|%+07.1f|", -2.25), " -2.2|-2.2   |-0002.2|-0002.2|");
        assert_eq!(real("%f|%05f|%+f|%-6f|", f64::NEG_INFINITY), "-inf|-0inf|-inf|-inf  |");
        assert_eq!(real("%f|%5f|%05f|%+f|%F", f64::NAN), "nan|  nan|00nan|+nan|NAN");
    }

    #[test]
    fn texts_are_laid_out_like_cpython() {
        assert_eq!(string("%5s|%-5s|%.2s|%5.1s|%05s|%+s", "abc"), "  abc|abc  |ab|    a|  abc|abc");
        assert_eq!(run("%5c|%-3c|%05c", |field| field.character(0x61)), "    a|a  |    a");
    }

    #[test]
    fn directives_are_read_in_full() {
        let text = Text::from("%(a(b)c)-*.*hX");
        let Ok(Some(Piece::Directive(d))) = Pieces::new(&text).next_piece() else { panic!("a directive") };
        assert_eq!((d.key.clone(), d.width, d.precision), (Some(2..7), Amount::Argument, Amount::Argument));
        assert_eq!(d.conversion(), Some(Conversion::Integer));
        let field = d.field(Some(-5), Some(-1));
        assert_eq!((field.left, field.width, field.precision), (true, 5, Some(0)));
        let defect = |text: &str| Pieces::new(&Text::from(text)).next_piece().unwrap_err();
        assert_eq!(defect("%5"), Defect::Incomplete { start: 0 });
        assert_eq!(defect("%(a"), Defect::IncompleteKey { start: 0 });
        assert_eq!(defect("%99999999999999999999d"), Defect::WidthTooBig { start: 0 });
        assert_eq!(defect("%.99999999999d"), Defect::PrecisionTooBig { start: 0 });
        let wide = Text::from("%999999999999d");
        let Ok(Some(Piece::Directive(d))) = Pieces::new(&wide).next_piece() else { panic!("a directive") };
        assert_eq!(d.field(None, None).character(0x61), Err(NumberError::Memory));
    }
}
