//! Python's patterns in the syntax of the engine `fancy_regex`, with Python's own errors.
//!
//! Invariant: what comes out has the same groups with the same numbers. Literal characters come out escaped, classes of
//! characters spelled out, so that no flag of the other engine changes their meaning.

use std::fmt::Write as _;

/// Flags, as the bits of `re`.
pub(super) const IGNORECASE: u32 = 2;
const LOCALE: u32 = 4;
const MULTILINE: u32 = 8;
const DOTALL: u32 = 16;
const UNICODE: u32 = 32;
const VERBOSE: u32 = 64;
const ASCII: u32 = 256;

/// The longest that a repetition may be.
const MANY: u32 = u32::MAX;

/// Why a pattern is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Refusal {
    pub message: String,
    /// Where, in characters; `None` if the error is about the pattern as a whole.
    pub at: usize,
}

/// A pattern that is understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Translation {
    /// In the other syntax.
    pub text: String,
    /// All flags, those in the pattern included.
    pub flags: u32,
    /// For each group the group around it; 0 is the whole match.
    pub parents: Vec<usize>,
    /// Names of groups.
    pub names: Vec<(String, usize)>,
}

/// Which syntax a version has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dialect {
    /// Possessive repetitions and atomic groups; flags for everything only at the beginning.
    pub possessive: bool,
    /// The pattern is of bytes.
    pub bytes: bool,
}

type Answer<T> = Result<T, Halt>;

enum Halt {
    Refused(Refusal),
    /// Flags for everything were found: everything is read again with them.
    Again(u32),
}

/// Translates a pattern.
pub(super) fn translate(pattern: &[char], flags: u32, dialect: Dialect) -> Result<Translation, Refusal> {
    let mut flags = flags;
    loop {
        let mut parser = Parser {
            chars: pattern,
            at: 0,
            flags,
            dialect,
            groups: vec![Group { parent: 0, width: None }],
            names: Vec::new(),
            around: 0,
            behind: None,
            checks: Vec::new(),
        };
        match parser.whole() {
            Ok((text, _)) => {
                let mut flags = parser.flags;
                if !dialect.bytes && flags & ASCII == 0 {
                    flags |= UNICODE;
                }
                let text = if flags & IGNORECASE != 0 { format!("(?i:{text})") } else { text };
                let parents = parser.groups.iter().map(|group| group.parent).collect();
                return Ok(Translation { text, flags, parents, names: parser.names });
            }
            Err(Halt::Again(more)) => flags = more,
            Err(Halt::Refused(refusal)) => return Err(refusal),
        }
    }
}

/// How many characters something matches, at least and at most.
type Width = (u32, u32);

struct Group {
    parent: usize,
    /// `None` while the group is open.
    width: Option<Width>,
}

struct Parser<'a> {
    chars: &'a [char],
    at: usize,
    flags: u32,
    dialect: Dialect,
    groups: Vec<Group>,
    names: Vec<(String, usize)>,
    /// The group that is being read.
    around: usize,
    /// How many groups there were before the lookbehind that is being read.
    behind: Option<usize>,
    /// Conditions on groups that must exist in the end, with their places.
    checks: Vec<(usize, usize)>,
}

/// What a piece of a pattern is to a repetition behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A place, not a character.
    Place,
    Once,
    Repeated,
}

struct Piece {
    text: String,
    width: Width,
    kind: Kind,
}

fn refuse<T>(message: impl Into<String>, at: usize) -> Answer<T> {
    Err(Halt::Refused(Refusal { message: message.into(), at }))
}

fn times(one: u32, count: u32) -> u32 {
    one.saturating_mul(count)
}

fn literal(c: char) -> String {
    if c.is_ascii_alphanumeric() || c == '_' { c.to_string() } else { format!("\\x{{{:x}}}", c as u32) }
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn until(&mut self, end: char, what: &str) -> Answer<String> {
        let start = self.at;
        loop {
            match self.peek() {
                None if self.at == start => return refuse(format!("missing {what}"), start),
                None => return refuse(format!("missing {end}, unterminated name"), start),
                Some(c) if c == end => break,
                Some(_) => self.at += 1,
            }
        }
        let name: String = self.chars[start..self.at].iter().collect();
        if name.is_empty() {
            return refuse(format!("missing {what}"), start);
        }
        self.at += 1;
        Ok(name)
    }

    fn whole(&mut self) -> Answer<(String, Width)> {
        let flags = self.flags;
        let found = self.alternatives(flags)?;
        if self.peek() == Some(')') {
            return refuse("unbalanced parenthesis", self.at);
        }
        for &(group, at) in &self.checks {
            if group >= self.groups.len() {
                return refuse(format!("invalid group reference {group}"), at);
            }
        }
        Ok(found)
    }

    fn alternatives(&mut self, flags: u32) -> Answer<(String, Width)> {
        crate::syntax::deeper(|| {
            let (mut text, mut width) = self.sequence(flags)?;
            while self.take('|') {
                let (more, other) = self.sequence(flags)?;
                text.push('|');
                text.push_str(&more);
                width = (width.0.min(other.0), width.1.max(other.1));
            }
            Ok((text, width))
        })
    }

    fn sequence(&mut self, flags: u32) -> Answer<(String, Width)> {
        let mut pieces: Vec<Piece> = Vec::new();
        while let Some(c) = self.peek() {
            if c == '|' || c == ')' {
                break;
            }
            if flags & VERBOSE != 0 {
                if matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c') {
                    self.at += 1;
                    continue;
                }
                if c == '#' {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                    continue;
                }
            }
            let start = self.at;
            if matches!(c, '*' | '+' | '?' | '{')
                && let Some(bounds) = self.repetition()?
            {
                self.repeat(&mut pieces, bounds, start)?;
                continue;
            }
            if let Some(piece) = self.atom(flags)? {
                pieces.push(piece);
            }
        }
        let width = pieces.iter().fold((0u32, 0u32), |sum, piece| {
            (sum.0.saturating_add(piece.width.0), sum.1.saturating_add(piece.width.1))
        });
        Ok((pieces.into_iter().map(|piece| piece.text).collect(), width))
    }

    /// The bounds of a repetition; nothing if the brace is only a brace.
    fn repetition(&mut self) -> Answer<Option<(u32, u32)>> {
        let start = self.at;
        let bounds = match self.peek() {
            Some('*') => (0, MANY),
            Some('+') => (1, MANY),
            Some('?') => (0, 1),
            Some(_) | None => {
                self.at += 1;
                if self.peek() == Some('}') {
                    self.at = start;
                    return Ok(None);
                }
                let low = self.digits();
                let high = if self.take(',') { self.digits() } else { low.clone() };
                if !self.take('}') {
                    self.at = start;
                    return Ok(None);
                }
                let number = |digits: &str, empty: u32| match digits {
                    "" => Some(empty),
                    digits => digits.parse::<u32>().ok().filter(|&number| number < MANY),
                };
                let (Some(least), Some(most)) = (number(&low, 0), number(&high, MANY)) else {
                    return refuse("the repetition number is too large", start);
                };
                if most < least {
                    return refuse("min repeat greater than max repeat", start + 1);
                }
                return Ok(Some((least, most)));
            }
        };
        self.at += 1;
        Ok(Some(bounds))
    }

    fn digits(&mut self) -> String {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        self.chars[start..self.at].iter().collect()
    }

    fn repeat(&mut self, pieces: &mut Vec<Piece>, (least, most): (u32, u32), start: usize) -> Answer<()> {
        let Some(piece) = pieces.pop().filter(|piece| !matches!(piece.kind, Kind::Place)) else {
            return refuse("nothing to repeat", start);
        };
        if piece.kind == Kind::Repeated {
            return refuse("multiple repeat", start);
        }
        if piece.width == (0, 0) {
            // What matches no character is there once or not at all.
            let text = if least == 0 { format!("(?:{}|)", piece.text) } else { piece.text };
            let _ = self.take('?') || (self.dialect.possessive && self.take('+'));
            pieces.push(Piece { text, width: (0, 0), kind: Kind::Repeated });
            return Ok(());
        }
        let mut text = format!("(?:{})", piece.text);
        match (least, most) {
            (0, MANY) => text.push('*'),
            (1, MANY) => text.push('+'),
            (0, 1) => text.push('?'),
            (least, MANY) => {
                let _ = write!(text, "{{{least},}}");
            }
            (least, most) => {
                let _ = write!(text, "{{{least},{most}}}");
            }
        }
        if self.take('?') {
            text.push('?');
        } else if self.dialect.possessive && self.take('+') {
            text = format!("(?>{text})");
        }
        let width = (times(piece.width.0, least), times(piece.width.1, most));
        pieces.push(Piece { text, width, kind: Kind::Repeated });
        Ok(())
    }

    fn atom(&mut self, flags: u32) -> Answer<Option<Piece>> {
        let start = self.at;
        let Some(c) = self.peek() else { return Ok(None) };
        self.at += 1;
        let once = |text: String| Ok(Some(Piece { text, width: (1, 1), kind: Kind::Once }));
        let place = |text: &str| Ok(Some(Piece { text: text.to_string(), width: (0, 0), kind: Kind::Place }));
        match c {
            '.' if flags & DOTALL != 0 => once("(?s:.)".to_string()),
            '.' => once("[^\\n]".to_string()),
            '^' if flags & MULTILINE != 0 => place("(?m:^)"),
            '^' => place("\\A"),
            '$' if flags & MULTILINE != 0 => place("(?m:$)"),
            '$' => place("(?=\\n?\\z)"),
            '[' => once(self.class(flags, start)?),
            '(' => self.group(flags, start),
            '\\' => self.escape(flags, start).map(Some),
            _ => once(literal(c)),
        }
    }

    // ---- groups ----------------------------------------------------------------------------------------------

    fn group(&mut self, flags: u32, start: usize) -> Answer<Option<Piece>> {
        if !self.take('?') {
            return self.capture(flags, start, None).map(Some);
        }
        let Some(c) = self.peek() else { return refuse("unexpected end of pattern", self.at) };
        self.at += 1;
        match c {
            'P' => self.python_group(flags, start),
            ':' => {
                let (text, width) = self.inside(flags, start)?;
                Ok(Some(Piece { text: format!("(?:{text})"), width, kind: Kind::Once }))
            }
            '>' if self.dialect.possessive => {
                let (text, width) = self.inside(flags, start)?;
                Ok(Some(Piece { text: format!("(?>{text})"), width, kind: Kind::Once }))
            }
            '#' => loop {
                match self.peek() {
                    None => return refuse("missing ), unterminated comment", start),
                    Some(')') => {
                        self.at += 1;
                        return Ok(None);
                    }
                    Some(_) => self.at += 1,
                }
            },
            '=' | '!' => {
                let (text, _) = self.inside(flags, start)?;
                let text = if c == '!' && text.is_empty() { "(?!)".to_string() } else { format!("(?{c}{text})") };
                Ok(Some(Piece { text, width: (0, 0), kind: Kind::Once }))
            }
            '<' => {
                let Some(way) = self.peek() else { return refuse("unexpected end of pattern", self.at) };
                if way != '=' && way != '!' {
                    return refuse(format!("unknown extension ?<{way}"), start + 1);
                }
                self.at += 1;
                let outer = self.behind;
                self.behind = outer.or(Some(self.groups.len()));
                let (text, width) = self.inside(flags, start)?;
                self.behind = outer;
                if width.0 != width.1 {
                    return refuse("look-behind requires fixed-width pattern", NOWHERE);
                }
                Ok(Some(Piece { text: format!("(?<{way}{text})"), width: (0, 0), kind: Kind::Once }))
            }
            '(' => self.conditional(flags, start),
            '-' | 'i' | 'L' | 'm' | 's' | 'x' | 'a' | 'u' => self.flag_group(flags, start, c),
            _ => refuse(format!("unknown extension ?{c}"), start + 1),
        }
    }

    /// What is inside a group, up to its parenthesis.
    fn inside(&mut self, flags: u32, start: usize) -> Answer<(String, Width)> {
        let found = self.alternatives(flags)?;
        if !self.take(')') {
            return refuse("missing ), unterminated subpattern", start);
        }
        Ok(found)
    }

    fn capture(&mut self, flags: u32, start: usize, name: Option<(String, usize)>) -> Answer<Piece> {
        let number = self.groups.len();
        self.groups.push(Group { parent: self.around, width: None });
        if let Some((name, at)) = name {
            if let Some((_, before)) = self.names.iter().find(|(known, _)| *known == name) {
                let text = format!("redefinition of group name '{name}' as group {number}; was group {before}");
                return refuse(text, at);
            }
            self.names.push((name, number));
        }
        let outer = std::mem::replace(&mut self.around, number);
        let (text, width) = self.inside(flags, start)?;
        self.around = outer;
        self.groups[number].width = Some(width);
        Ok(Piece { text: format!("({text})"), width, kind: Kind::Once })
    }

    fn python_group(&mut self, flags: u32, start: usize) -> Answer<Option<Piece>> {
        if self.take('<') {
            let at = self.at;
            let name = self.until('>', "group name")?;
            if !is_name(&name, self.dialect.bytes) {
                return refuse(format!("bad character in group name {}", quoted(&name, self.dialect.bytes)), at);
            }
            return self.capture(flags, start, Some((name, at))).map(Some);
        }
        if self.take('=') {
            let at = self.at;
            let name = self.until(')', "group name")?;
            if !is_name(&name, self.dialect.bytes) {
                return refuse(format!("bad character in group name {}", quoted(&name, self.dialect.bytes)), at);
            }
            let Some(&(_, number)) = self.names.iter().find(|(known, _)| *known == name) else {
                return refuse(format!("unknown group name {}", quoted(&name, self.dialect.bytes)), at);
            };
            return self.reference(number, at, 0).map(Some);
        }
        match self.peek() {
            None => refuse("unexpected end of pattern", self.at),
            Some(c) => refuse(format!("unknown extension ?P{c}"), start + 1),
        }
    }

    fn reference(&mut self, number: usize, at: usize, back: usize) -> Answer<Piece> {
        let Some(group) = self.groups.get(number) else {
            return refuse(format!("invalid group reference {number}"), at);
        };
        let Some(width) = group.width else { return refuse("cannot refer to an open group", at - back) };
        if self.behind.is_some_and(|before| number >= before) {
            return refuse("cannot refer to group defined in the same lookbehind subpattern", at);
        }
        Ok(Piece { text: format!("(?:\\{number})"), width, kind: Kind::Once })
    }

    fn conditional(&mut self, flags: u32, start: usize) -> Answer<Option<Piece>> {
        let at = self.at;
        let name = self.until(')', "group name")?;
        let number = match name.parse::<usize>() {
            Ok(0) => return refuse("bad group number", at),
            Ok(number) => {
                self.checks.push((number, at));
                number
            }
            Err(_) if !is_name(&name, self.dialect.bytes) => {
                return refuse(format!("bad character in group name {}", quoted(&name, self.dialect.bytes)), at);
            }
            Err(_) => match self.names.iter().find(|(known, _)| *known == name) {
                Some(&(_, number)) => number,
                None => return refuse(format!("unknown group name {}", quoted(&name, self.dialect.bytes)), at),
            },
        };
        let (yes, width) = self.sequence(flags)?;
        let (no, other) = if self.take('|') { self.sequence(flags)? } else { (String::new(), (0, 0)) };
        if self.peek() == Some('|') {
            return refuse("conditional backref with more than two branches", self.at);
        }
        if !self.take(')') {
            return refuse("missing ), unterminated subpattern", start);
        }
        let width = (width.0.min(other.0), width.1.max(other.1));
        Ok(Some(Piece { text: format!("(?({number})(?:{yes})|(?:{no}))"), width, kind: Kind::Once }))
    }

    fn flag_group(&mut self, flags: u32, start: usize, first: char) -> Answer<Option<Piece>> {
        let (mut on, mut off) = (0, 0);
        let mut c = first;
        while c != '-' {
            let Some(bit) = flag(c) else { return refuse("unknown flag", self.at - 1) };
            if self.dialect.bytes && c == 'u' {
                return refuse("bad inline flags: cannot use 'u' flag with a bytes pattern", self.at);
            }
            if !self.dialect.bytes && c == 'L' {
                return refuse("bad inline flags: cannot use 'L' flag with a str pattern", self.at);
            }
            on |= bit;
            if (on & (ASCII | LOCALE | UNICODE)).count_ones() > 1 {
                return refuse("bad inline flags: flags 'a', 'u' and 'L' are incompatible", self.at);
            }
            match self.peek() {
                None => return refuse("missing -, : or )", self.at),
                Some(')') => {
                    self.at += 1;
                    return self.flags_for_all(on, start);
                }
                Some(':') => break,
                Some('-') => {
                    self.at += 1;
                    c = '-';
                }
                Some(next) if flag(next).is_some() => {
                    self.at += 1;
                    c = next;
                }
                Some(next) if next.is_alphabetic() => return refuse("unknown flag", self.at),
                Some(_) => return refuse("missing -, : or )", self.at),
            }
        }
        if c == '-' {
            loop {
                match self.peek() {
                    None => return refuse(if off == 0 { "missing flag" } else { "missing :" }, self.at),
                    Some(':') if off != 0 => break,
                    Some(next) => {
                        let Some(bit) = flag(next) else {
                            let text = if next.is_alphabetic() {
                                "unknown flag"
                            } else if off == 0 {
                                "missing flag"
                            } else {
                                "missing :"
                            };
                            return refuse(text, self.at);
                        };
                        if bit & (ASCII | LOCALE | UNICODE) != 0 {
                            let text = "bad inline flags: cannot turn off flags 'a', 'u' and 'L'";
                            return refuse(text, self.at + 1);
                        }
                        self.at += 1;
                        off |= bit;
                    }
                }
            }
        }
        self.at += 1;
        if on & off != 0 {
            return refuse("bad inline flags: flag turned on and off", self.at - 1);
        }
        let mut inner = (flags | on) & !off;
        if on & UNICODE != 0 {
            inner &= !ASCII;
        }
        if on & ASCII != 0 {
            inner &= !UNICODE;
        }
        let (text, width) = self.inside(inner, start)?;
        let text = match (inner & IGNORECASE != 0, flags & IGNORECASE != 0) {
            (true, false) => format!("(?i:{text})"),
            (false, true) => format!("(?-i:{text})"),
            (true, true) | (false, false) => format!("(?:{text})"),
        };
        Ok(Some(Piece { text, width, kind: Kind::Once }))
    }

    /// `(?i)`: the flags hold for the whole pattern.
    fn flags_for_all(&mut self, on: u32, start: usize) -> Answer<Option<Piece>> {
        if self.dialect.possessive && start != 0 && self.flags & VERBOSE == 0 {
            return refuse("global flags not at the start of the expression", start);
        }
        if self.flags & on != on {
            return Err(Halt::Again(self.flags | on));
        }
        Ok(None)
    }

    // ---- escapes and classes ---------------------------------------------------------------------------------

    fn escape(&mut self, flags: u32, start: usize) -> Answer<Piece> {
        let Some(c) = self.peek() else { return refuse("bad escape (end of pattern)", start) };
        let place = |text: &str| Ok(Piece { text: text.to_string(), width: (0, 0), kind: Kind::Place });
        let ascii = self.dialect.bytes || flags & ASCII != 0;
        match c {
            'A' => {
                self.at += 1;
                place("\\A")
            }
            'Z' => {
                self.at += 1;
                place("\\z")
            }
            'b' | 'B' => {
                self.at += 1;
                let word = set_of('w', ascii).unwrap_or_default();
                // Where word characters begin or end, by Python's notion of them.
                let edge = format!("(?<={word})(?!{word})|(?<!{word})(?={word})");
                place(&if c == 'b' { format!("(?:{edge})") } else { format!("(?!{edge})") })
            }
            '1'..='9' => {
                let mut number = self.digits_at_most(2);
                if number.len() == 2
                    && self.peek().is_some_and(|next| ('0'..='7').contains(&next))
                    && number.chars().all(|digit| digit < '8')
                    && number.starts_with(|digit| digit < '4')
                {
                    number.extend(self.peek());
                    self.at += 1;
                    let value = u32::from_str_radix(&number, 8).unwrap_or(0);
                    return Ok(one(value));
                }
                if number.len() == 2
                    && self.peek().is_some_and(|next| ('0'..='7').contains(&next))
                    && number.chars().all(|digit| digit < '8')
                {
                    let last = self.peek().unwrap_or_default();
                    return refuse(format!("octal escape value \\{number}{last} outside of range 0-0o377"), start);
                }
                self.reference(number.parse().unwrap_or(usize::MAX), start + 1, 1)
            }
            _ => match set_of(c, ascii) {
                Some(text) => {
                    self.at += 1;
                    Ok(Piece { text, width: (1, 1), kind: Kind::Once })
                }
                None => Ok(one(self.character(start)?)),
            },
        }
    }

    fn digits_at_most(&mut self, most: usize) -> String {
        let start = self.at;
        while self.at - start < most && self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        self.chars[start..self.at].iter().collect()
    }

    /// The character that an escape stands for; `start` is the backslash.
    fn character(&mut self, start: usize) -> Answer<u32> {
        let Some(c) = self.peek() else { return refuse("bad escape (end of pattern)", start) };
        self.at += 1;
        let simple = match c {
            'n' => Some(10),
            't' => Some(9),
            'r' => Some(13),
            'f' => Some(12),
            'v' => Some(11),
            'a' => Some(7),
            _ => None,
        };
        if let Some(value) = simple {
            return Ok(value);
        }
        match c {
            'x' => self.hex(start, 2),
            'u' if !self.dialect.bytes => self.hex(start, 4),
            'U' if !self.dialect.bytes => {
                let value = self.hex(start, 8)?;
                if value > 0x10_ffff {
                    return refuse(format!("bad escape \\U{value:08x}"), start);
                }
                Ok(value)
            }
            'N' if !self.dialect.bytes => {
                if !self.take('{') {
                    return refuse("missing {", self.at);
                }
                let name = self.until('}', "character name")?;
                match unicode_names2::character(&name) {
                    Some(found) => Ok(found as u32),
                    None => refuse(format!("undefined character name '{name}'"), start),
                }
            }
            '0'..='7' => {
                let first = self.at - 1;
                while self.at - first < 3 && self.peek().is_some_and(|c| ('0'..='7').contains(&c)) {
                    self.at += 1;
                }
                let digits: String = self.chars[first..self.at].iter().collect();
                let value = u32::from_str_radix(&digits, 8).unwrap_or(0);
                if value > 0o377 {
                    return refuse(format!("octal escape value \\{digits} outside of range 0-0o377"), start);
                }
                Ok(value)
            }
            c if c.is_ascii_alphanumeric() => refuse(format!("bad escape \\{c}"), start),
            c => Ok(c as u32),
        }
    }

    fn hex(&mut self, start: usize, count: usize) -> Answer<u32> {
        let first = self.at;
        while self.at - first < count && self.peek().is_some_and(|c| c.is_ascii_hexdigit()) {
            self.at += 1;
        }
        let digits: String = self.chars[first..self.at].iter().collect();
        if digits.len() != count {
            let shown: String = self.chars[start..self.at].iter().collect();
            return refuse(format!("incomplete escape {shown}"), start);
        }
        Ok(u32::from_str_radix(&digits, 16).unwrap_or(u32::MAX))
    }

    /// A set of characters, behind its bracket.
    fn class(&mut self, flags: u32, start: usize) -> Answer<String> {
        let ascii = self.dialect.bytes || flags & ASCII != 0;
        let negated = self.take('^');
        let first = self.at;
        let mut out = String::from(if negated { "[^" } else { "[" });
        loop {
            let at = self.at;
            let low = match self.peek() {
                None => return refuse("unterminated character set", start),
                Some(']') if at != first => {
                    self.at += 1;
                    break;
                }
                Some(_) => self.class_member(ascii)?,
            };
            if self.peek() == Some('-') {
                match self.chars.get(self.at + 1) {
                    None => return refuse("unterminated character set", start),
                    Some(']') => {}
                    Some(_) => {
                        self.at += 1;
                        let high = self.class_member(ascii)?;
                        let shown: String = self.chars[at..self.at].iter().collect();
                        match (low, high) {
                            (Member::One(low), Member::One(high)) if low <= high => {
                                let _ = write!(out, "\\x{{{:x}}}-\\x{{{:x}}}", scalar(low), scalar(high));
                            }
                            _ => return refuse(format!("bad character range {shown}"), at),
                        }
                        continue;
                    }
                }
            }
            match low {
                Member::One(value) => {
                    let _ = write!(out, "\\x{{{:x}}}", scalar(value));
                }
                Member::Set(text) => out.push_str(&text),
            }
        }
        out.push(']');
        Ok(out)
    }

    fn class_member(&mut self, ascii: bool) -> Answer<Member> {
        let start = self.at;
        let Some(c) = self.peek() else { return refuse("unterminated character set", start) };
        self.at += 1;
        if c != '\\' {
            return Ok(Member::One(c as u32));
        }
        match self.peek() {
            Some('b') => {
                self.at += 1;
                Ok(Member::One(8))
            }
            Some(c) => match set_of(c, ascii) {
                Some(text) => {
                    self.at += 1;
                    Ok(Member::Set(text))
                }
                None => Ok(Member::One(self.character(start)?)),
            },
            None => refuse("bad escape (end of pattern)", start),
        }
    }
}

enum Member {
    One(u32),
    Set(String),
}

/// The place of an error about no place.
pub(super) const NOWHERE: usize = usize::MAX;

fn one(value: u32) -> Piece {
    Piece { text: format!("\\x{{{:x}}}", scalar(value)), width: (1, 1), kind: Kind::Once }
}

/// A code point as the other engine can have it: surrogates have places at the end of the last plane.
pub(super) fn scalar(point: u32) -> u32 {
    if (0xd800..0xe000).contains(&point) { point - 0xd800 + 0x10_f000 } else { point }
}

fn flag(c: char) -> Option<u32> {
    Some(match c {
        'i' => IGNORECASE,
        'L' => LOCALE,
        'm' => MULTILINE,
        's' => DOTALL,
        'x' => VERBOSE,
        'a' => ASCII,
        'u' => UNICODE,
        _ => return None,
    })
}

/// `\d`, `\w`, `\s` and their opposites as sets.
fn set_of(c: char, ascii: bool) -> Option<String> {
    let (text, negated) = match (c.to_ascii_lowercase(), ascii) {
        ('d', true) => ("0-9", c == 'D'),
        ('d', false) => ("\\p{Nd}", c == 'D'),
        ('w', true) => ("a-zA-Z0-9_", c == 'W'),
        ('w', false) => ("\\p{L}\\p{N}_", c == 'W'),
        ('s', true) => ("\\x{9}-\\x{d}\\x{20}", c == 'S'),
        ('s', false) => ("\\s\\x{1c}-\\x{1f}", c == 'S'),
        _ => return None,
    };
    // The other engine's own flag for case must not touch these.
    Some(format!("[{}{text}]", if negated { "^" } else { "" }))
}

fn is_name(name: &str, bytes: bool) -> bool {
    let mut chars = name.chars();
    let start = |c: char| c == '_' || c.is_alphabetic();
    chars.next().is_some_and(start) && chars.all(|c| c == '_' || c.is_alphanumeric()) && (!bytes || name.is_ascii())
}

fn quoted(name: &str, bytes: bool) -> String {
    format!("{}'{name}'", if bytes { "b" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(pattern: &str) -> Result<String, String> {
        let chars: Vec<char> = pattern.chars().collect();
        let dialect = Dialect { possessive: true, bytes: false };
        translate(&chars, 0, dialect)
            .map(|found| found.text)
            .map_err(|refusal| format!("{} at {}", refusal.message, refusal.at))
    }

    #[test]
    fn patterns_are_spelled_out() {
        assert_eq!(text("a.b"), Ok("a[^\\n]b".into()));
        assert_eq!(text("(?i)x"), Ok("(?i:x)".into()));
        assert_eq!(text("(?P<n>a)(?P=n)"), Ok("(a)(?:\\1)".into()));
        assert_eq!(text("[]a-]"), Ok("[\\x{5d}\\x{61}\\x{2d}]".into()));
    }

    #[test]
    fn errors_have_their_places() {
        assert_eq!(text("a**"), Err("multiple repeat at 2".into()));
        assert_eq!(text("*"), Err("nothing to repeat at 0".into()));
        assert_eq!(text("(a"), Err("missing ), unterminated subpattern at 0".into()));
        assert_eq!(text("a)"), Err("unbalanced parenthesis at 1".into()));
        assert_eq!(text("[z-a]"), Err("bad character range z-a at 1".into()));
        assert_eq!(text("\\q"), Err("bad escape \\q at 0".into()));
    }
}
