//! A program as pieces that can be exchanged: a rough lexer that takes any text and loses no character.

/// What a piece is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A name or keyword.
    Name,
    /// A number.
    Number,
    /// A string on one line, or its beginning.
    Text,
    /// One operator or bracket.
    Operator,
    /// Blanks at the beginning of a line or between others.
    Blank,
    /// A line end.
    Line,
}

/// The pieces of a text, in order.
pub fn pieces(text: &str) -> Vec<(Kind, &str)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let kind = match first {
            '\n' => Kind::Line,
            ' ' | '\t' => Kind::Blank,
            '"' | '\'' => Kind::Text,
            c if c.is_ascii_digit() => Kind::Number,
            c if c.is_alphabetic() || c == '_' => Kind::Name,
            _ => Kind::Operator,
        };
        let length = match kind {
            Kind::Line => 1,
            Kind::Blank => span(rest, |c| c == ' ' || c == '\t'),
            Kind::Number => span(rest, |c| c.is_ascii_alphanumeric() || c == '.' || c == '_'),
            Kind::Name => span(rest, |c| c.is_alphanumeric() || c == '_'),
            Kind::Text => string(rest, first),
            Kind::Operator => operator(rest).unwrap_or(first.len_utf8()),
        };
        let (piece, after) = rest.split_at(length.max(1));
        pieces.push((kind, piece));
        rest = after;
    }
    pieces
}

fn span(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

fn string(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' => return at,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn operator(text: &str) -> Option<usize> {
    const LONG: [&str; 24] = [
        "**=", "//=", "<<=", ">>=", "...", ":=", "->", "**", "//", "<<", ">>", "==", "!=", "<=", ">=", "+=", "-=",
        "*=", "/=", "%=", "&=", "|=", "^=", "@=",
    ];
    LONG.iter().find(|operator| text.starts_with(**operator)).map(|operator| operator.len())
}

#[cfg(test)]
mod tests {
    use super::{Kind, pieces};

    #[test]
    fn nothing_is_lost() {
        let text = "def f(x_1, *, y=1.5e3):\n\treturn x**=y -> \"a\\\"b\" 'open\n# é ’\r\n...";
        let found = pieces(text);
        assert_eq!(found.iter().map(|(_, piece)| *piece).collect::<String>(), text);
        assert!(found.contains(&(Kind::Text, "\"a\\\"b\"")) && found.contains(&(Kind::Text, "'open")));
        assert!(found.contains(&(Kind::Number, "1.5e3")) && found.contains(&(Kind::Operator, "**=")));
    }
}
