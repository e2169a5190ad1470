//! What CPython's parser expected instead.

use super::super::{Ranged, TextRange};
use super::messages::INVALID;
use super::{Found, Report};
use crate::rules::SyntaxTexts;
use ruff_python_ast::token::TokenKind;

impl Report<'_> {
    pub(super) fn expected(&self, expected: TokenKind, found: TokenKind, range: TextRange) -> Found {
        let detailed = self.texts() >= SyntaxTexts::Detailed;
        let invalid = Found::syntax(INVALID, range);
        if expected == TokenKind::Comma && found.as_augmented_assign_operator().is_some() {
            let start = self.line_start(range);
            return match self.texts() {
                SyntaxTexts::Classic => Found::syntax("illegal expression for augmented assignment", start),
                _ => Found::syntax("'tuple' is an illegal expression for augmented assignment", start),
            };
        }
        if let Some(found) = self.of_latest(expected, found, range) {
            return found;
        }
        if !detailed {
            return invalid;
        }
        if expected == TokenKind::Colon && found == TokenKind::If && self.texts() >= SyntaxTexts::Detailed {
            let alone = self.before(range.start()).next().is_some_and(|token| token.kind() == TokenKind::Else);
            if alone {
                return Found::syntax("expected ':'", range);
            }
        }
        if found == TokenKind::Equal
            && let Some(name) = self.before(range.start()).next()
        {
            let start = self.operand_start(range.start()).unwrap_or(name.start());
            let operand = TextRange::new(start, name.end());
            let conditional = expected == TokenKind::Colon || self.in_brackets(range.start());
            if conditional && name.kind() == TokenKind::Name && name.start() == start {
                return Found::syntax("invalid syntax. Maybe you meant '==' or ':=' instead of '='?", operand);
            }
            if conditional && self.may_mean_equal(operand) {
                let what = self.name_at(operand);
                let message = format!("cannot assign to {what} here. Maybe you meant '==' instead of '='?");
                return Found::syntax(message, operand);
            }
            return invalid;
        }
        if expected == TokenKind::Colon && (found == TokenKind::Newline || self.ends_header(range)) {
            return Found::syntax("expected ':'", range);
        }
        if expected == TokenKind::Lpar && self.texts() >= SyntaxTexts::Parameters && self.in_definition(range) {
            return Found::syntax("expected '('", range);
        }
        if expected == TokenKind::Rsqb && found == TokenKind::Colon && self.texts() >= SyntaxTexts::FStrings {
            let star = self.before(range.start()).nth(1).map(|token| token.kind());
            match star {
                Some(TokenKind::Star) => return Found::syntax("cannot use bound with TypeVarTuple", range),
                Some(TokenKind::DoubleStar) => return Found::syntax("cannot use bound with ParamSpec", range),
                _ => {}
            }
        }
        if expected == TokenKind::Else && found != TokenKind::Colon {
            let start = self.before_conditional(range).unwrap_or(range);
            return Found::syntax("expected 'else' after 'if' expression", start);
        }
        if found == TokenKind::For && expected != TokenKind::Colon && self.in_brackets(range.start()) {
            return self.comprehension_target(range).unwrap_or(invalid);
        }
        if expected == TokenKind::Colon && matches!(found, TokenKind::Rbrace | TokenKind::For) {
            let key = self.before(range.start()).next().map_or(range, Ranged::range);
            return Found::syntax("':' expected after dictionary key", key);
        }
        if found == TokenKind::Lpar && expected == TokenKind::Rpar && self.texts() >= SyntaxTexts::Parameters {
            return Found::syntax("Function parameters cannot be parenthesized", range);
        }
        if found == TokenKind::Lpar && expected == TokenKind::Colon && self.texts() >= SyntaxTexts::Parameters {
            return Found::syntax("Lambda expression parameters cannot be parenthesized", range);
        }
        self.forgotten_comma(found, range).unwrap_or(invalid)
    }

    /// What the newest parsers say more.
    fn of_latest(&self, expected: TokenKind, found: TokenKind, range: TextRange) -> Option<Found> {
        let texts = self.texts();
        let previous = self.before(range.start()).next();
        let lone_string = matches!(found, TokenKind::String | TokenKind::FStringStart | TokenKind::TStringStart);
        if texts >= SyntaxTexts::Targets
            && lone_string
            && let Some(name) = previous.filter(|name| name.end() == range.start())
            && let Some(message) = incompatible_prefixes(self.slice(name.range()))
        {
            return Some(Found::syntax(message, name.range()));
        }
        if texts >= SyntaxTexts::Targets && found == TokenKind::Greater && expected != TokenKind::Greater {
            let less = previous.filter(|less| less.kind() == TokenKind::Less && less.end() == range.start())?;
            let place = TextRange::new(less.start(), range.end());
            return Some(Found::syntax("invalid syntax.  Maybe you meant '!=' instead of '<>'?", place));
        }
        None
    }

    /// Where the logical line begins.
    pub(super) fn line_start(&self, range: TextRange) -> TextRange {
        let line = self.before(range.start()).take_while(|token| token.kind() != TokenKind::Newline);
        line.last().map_or(range, |token| TextRange::empty(token.start()))
    }

    /// The first token of the parameter list around a parameter.
    pub(super) fn parameters_start(&self, range: TextRange) -> TextRange {
        let mut first = range;
        let mut depth = 0usize;
        for token in self.before(range.start()) {
            match token.kind() {
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth += 1,
                TokenKind::Lpar | TokenKind::Lambda if depth == 0 => break,
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth = depth.saturating_sub(1),
                _ => {}
            }
            first = token.range();
        }
        first
    }

    /// Errors in replacement fields: before f-strings were part of the grammar, another parser read them.
    pub(super) fn in_field(&self, found: Found, reached: TextRange) -> Found {
        let named = found.message.starts_with("f-string") || found.message.starts_with("t-string");
        if named || !self.is_in_field(reached.start()) {
            return found;
        }
        match self.texts() {
            SyntaxTexts::Classic => found,
            SyntaxTexts::Peg | SyntaxTexts::Detailed | SyntaxTexts::Parameters => {
                Found { message: format!("f-string: {}", found.message), ..found }
            }
            SyntaxTexts::FStrings | SyntaxTexts::TypeParameters | SyntaxTexts::Targets | SyntaxTexts::Keys
                if found.message == INVALID =>
            {
                Found { message: "f-string: expecting '=', or '!', or ':', or '}'".into(), ..found }
            }
            SyntaxTexts::FStrings | SyntaxTexts::TypeParameters | SyntaxTexts::Targets | SyntaxTexts::Keys => found,
        }
    }

    /// Whether a header has ended but for its colon: `def f(x)(y)`.
    fn ends_header(&self, range: TextRange) -> bool {
        self.in_definition(range) && self.before(range.start()).next().is_some_and(|t| t.kind() == TokenKind::Rpar)
    }

    /// Whether the logical line begins with `def`.
    pub(super) fn in_definition(&self, range: TextRange) -> bool {
        let line =
            self.before(range.start()).take_while(|t| !matches!(t.kind(), TokenKind::Newline | TokenKind::Colon));
        line.into_iter().any(|token| token.kind() == TokenKind::Def)
    }

    /// Whether the place lies in the parameter list of a `def`.
    pub(super) fn in_parameters(&self, range: TextRange) -> bool {
        let line = self.before(range.start()).take_while(|token| token.kind() != TokenKind::Newline);
        line.into_iter().any(|token| token.kind() == TokenKind::Def)
    }

    /// The start of the conditional expression that lacks its `else`.
    fn before_conditional(&self, range: TextRange) -> Option<TextRange> {
        let condition = self.before(range.start()).find(|token| token.kind() == TokenKind::If)?;
        self.operand_start(condition.start()).map(TextRange::empty)
    }

    /// `[x, y for …]`
    fn comprehension_target(&self, range: TextRange) -> Option<Found> {
        let mut depth = 0usize;
        let mut commas = false;
        let mut previous = None;
        for token in self.before(range.start()) {
            match token.kind() {
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth += 1,
                TokenKind::Lsqb | TokenKind::Lbrace if depth == 0 => {
                    let first: TextRange = previous?;
                    return commas.then(|| {
                        let text = "did you forget parentheses around the comprehension target?";
                        Found::syntax(text, TextRange::empty(first.start()))
                    });
                }
                TokenKind::Lpar if depth == 0 => {
                    let first: TextRange = previous?;
                    let equal = self.at(first.end()).is_some_and(|t| t.kind() == TokenKind::Equal);
                    let text = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
                    return equal.then(|| Found::syntax(text, first));
                }
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth -= 1,
                TokenKind::Comma if depth == 0 => commas = true,
                TokenKind::Colon if depth == 0 => return None,
                _ => {}
            }
            previous = Some(token.range());
        }
        None
    }

    /// Two operands side by side inside brackets.
    pub(super) fn forgotten_comma(&self, found: TokenKind, range: TextRange) -> Option<Found> {
        let begins = matches!(
            found,
            TokenKind::Name
                | TokenKind::Int
                | TokenKind::Float
                | TokenKind::Complex
                | TokenKind::String
                | TokenKind::FStringStart
                | TokenKind::Lbrace
                | TokenKind::None
                | TokenKind::True
                | TokenKind::False
                | TokenKind::Lambda
                | TokenKind::Ellipsis
        );
        let previous = self.before(range.start()).next()?;
        let ends = matches!(
            previous.kind(),
            TokenKind::Name
                | TokenKind::Int
                | TokenKind::Float
                | TokenKind::Complex
                | TokenKind::String
                | TokenKind::FStringEnd
                | TokenKind::Rpar
                | TokenKind::Rsqb
                | TokenKind::Rbrace
                | TokenKind::None
                | TokenKind::True
                | TokenKind::False
                | TokenKind::Ellipsis
        );
        // `NAME STRING` is taken for a misspelt prefix.
        let prefix = previous.kind() == TokenKind::Name && found == TokenKind::String;
        if !begins || !ends || prefix || !self.in_brackets(range.start()) || self.in_definition(range) {
            return None;
        }
        let start = self.operand_start(range.start())?;
        Some(Found::syntax("invalid syntax. Perhaps you forgot a comma?", TextRange::new(start, range.end())))
    }

    pub(super) fn expected_expression(&self, range: TextRange) -> Found {
        let mut before = self.before(range.start()).map(|token| (token.kind(), token.range()));
        let previous = before.next();
        let second = before.next();
        let next = self.at(range.start()).map(|token| token.kind());
        let in_field = matches!(previous, Some((TokenKind::Lbrace, _)))
            && matches!(
                second,
                Some((
                    TokenKind::FStringStart
                        | TokenKind::FStringMiddle
                        | TokenKind::FStringEnd
                        | TokenKind::TStringStart
                        | TokenKind::TStringMiddle
                        | TokenKind::TStringEnd,
                    _
                ))
            );
        if in_field {
            return self.empty_field(range);
        }
        if let (Some((TokenKind::Equal, _)), Some((TokenKind::Name, name))) = (previous, second)
            && matches!(next, Some(TokenKind::Rpar | TokenKind::Comma))
        {
            if self.in_definition(range) && self.texts() >= SyntaxTexts::Parameters {
                let place = previous.map_or(range, |(_, range)| range);
                return Found::syntax("expected default value expression", place);
            }
            if self.texts() >= SyntaxTexts::FStrings && !self.in_definition(range) {
                return Found::syntax("expected argument value expression", name);
            }
        }
        if let (Some((TokenKind::Colon, colon)), Some(TokenKind::Rbrace | TokenKind::Comma)) = (previous, next)
            && self.texts() >= SyntaxTexts::Detailed
            && self.in_brackets(range.start())
        {
            return Found::syntax("expression expected after dictionary key and ':'", colon);
        }
        if let (Some((TokenKind::Star, _)), Some(TokenKind::Rpar)) = (previous, next)
            && self.texts() >= SyntaxTexts::TypeParameters
        {
            return Found::syntax("Invalid star expression", range);
        }
        if self.texts() >= SyntaxTexts::Detailed
            && let Some((TokenKind::Rarrow, arrow)) = previous
            && self.in_definition(arrow)
        {
            return Found::syntax("expected ':'", arrow);
        }
        if let (Some((TokenKind::Else, place)), true) = (previous, self.texts() >= SyntaxTexts::Targets)
            && self.in_conditional(place)
        {
            return Found::syntax("expected expression after 'else', but statement is given", range);
        }
        if let (Some((TokenKind::DoubleStar, star)), true) = (previous, self.texts() >= SyntaxTexts::Keys) {
            return Found::syntax(INVALID, star);
        }
        Found::syntax(INVALID, range)
    }

    /// Whether an `else` belongs to a conditional expression.
    fn in_conditional(&self, place: TextRange) -> bool {
        let line = self.before(place.start()).take_while(|token| token.kind() != TokenKind::Newline);
        line.into_iter().any(|token| token.kind() == TokenKind::If)
    }

    /// A replacement field without an expression.
    fn empty_field(&self, range: TextRange) -> Found {
        let next = self.at(range.start()).map(|token| self.slice(token.range())).unwrap_or_default();
        let in_grammar = self.texts() >= SyntaxTexts::FStrings;
        let message = match (self.texts(), next) {
            (_, "\"" | "'") if in_grammar => "expecting '}'".to_string(),
            (_, "**") if in_grammar => "expecting a valid expression after '{'".to_string(),
            (_, next) if in_grammar => format!("valid expression required before '{next}'"),
            (_, "\"" | "'") => "expecting '}'".to_string(),
            (SyntaxTexts::Parameters, "!" | ":" | "=") => format!("expression required before '{next}'"),
            _ => "empty expression not allowed".to_string(),
        };
        let starts = |kind| matches!(kind, TokenKind::FStringStart | TokenKind::TStringStart);
        let template = self.before(range.start()).find(|token| starts(token.kind()));
        let what = if template.is_some_and(|token| token.kind() == TokenKind::TStringStart) { "t" } else { "f" };
        Found::syntax(format!("{what}-string: {message}"), range)
    }
}

/// Two letters that cannot both stand before a string.
pub(super) fn incompatible_prefixes(word: &str) -> Option<String> {
    let letters = word.to_ascii_lowercase();
    let known = !letters.is_empty() && letters.len() <= 4 && letters.chars().all(|c| "rubft".contains(c));
    let pairs = [('u', 'b'), ('u', 'r'), ('u', 'f'), ('u', 't'), ('b', 'f'), ('b', 't'), ('f', 't')];
    let pair = pairs.into_iter().find(|(a, b)| letters.contains(*a) && letters.contains(*b)).filter(|_| known);
    pair.map(|(a, b)| format!("'{a}' and '{b}' prefixes are incompatible"))
}
