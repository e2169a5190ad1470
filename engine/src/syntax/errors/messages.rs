//! Errors of CPython's parser.

use super::super::{Ranged, TextRange, TextSize};
use super::{Found, Report};
use crate::rules::SyntaxTexts;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{
    InterpolatedStringErrorType, LexicalErrorType, ParseError, ParseErrorType, UnsupportedSyntaxError,
    UnsupportedSyntaxErrorKind,
};

pub(super) const INVALID: &str = "invalid syntax";

impl Report<'_> {
    pub(super) fn parser_error(&self, error: &ParseError) -> Found {
        let range = error.location;
        let texts = self.texts();
        let since =
            |since: SyntaxTexts, text: &str| if texts >= since { text.to_string() } else { INVALID.to_string() };
        let message = match &error.error {
            ParseErrorType::UnexpectedIndentation => {
                let message = "unexpected indent".to_string();
                let place = TextRange::empty(range.end().checked_sub(1.into()).unwrap_or(range.end()));
                return Found::new("IndentationError", message, place);
            }
            ParseErrorType::Lexical(LexicalErrorType::FStringError(error)) => {
                return self.interpolated_error(error, range, "f-string");
            }
            ParseErrorType::Lexical(LexicalErrorType::TStringError(error)) => {
                return self.interpolated_error(error, range, "t-string");
            }
            ParseErrorType::Lexical(_) => {
                let end = TextRange::empty(range.end());
                return Found::syntax("unexpected EOF while parsing", end);
            }
            ParseErrorType::OtherError(text) => return self.other_error(text, range),
            ParseErrorType::ExpectedToken { expected, found } => return self.expected(*expected, *found, range),
            ParseErrorType::ExpectedExpression => return self.expected_expression(range),
            ParseErrorType::SimpleStatementsOnSameLine => return self.same_line(range),
            ParseErrorType::FStringError(error) => return self.in_replacement_field(error, range, "f-string"),
            ParseErrorType::TStringError(error) => return self.in_replacement_field(error, range, "t-string"),
            ParseErrorType::InvalidAssignmentTarget => return self.bad_target(range),
            ParseErrorType::InvalidNamedAssignmentTarget => {
                format!("cannot use assignment expressions with {}", self.name_at(range))
            }
            ParseErrorType::InvalidAnnotatedAssignmentTarget => match self.name_at(range) {
                "starred" if texts >= SyntaxTexts::Peg => INVALID.into(),
                _ => "illegal target for annotation".into(),
            },
            ParseErrorType::InvalidAugmentedAssignmentTarget => match (texts, self.name_at(range)) {
                (SyntaxTexts::Classic, "list" | "tuple" | "starred") => {
                    "illegal expression for augmented assignment".into()
                }
                (SyntaxTexts::Classic, name) => format!("cannot assign to {name}"),
                (_, name) => format!("'{name}' is an illegal expression for augmented assignment"),
            },
            ParseErrorType::InvalidDeleteTarget => match (texts, self.name_at(range)) {
                (SyntaxTexts::Classic, "starred") => "can't use starred expression here".into(),
                (_, name) => format!("cannot delete {name}"),
            },
            ParseErrorType::InvalidStarredExpressionUsage => return self.bad_star(range),
            ParseErrorType::PositionalAfterKeywordArgument => "positional argument follows keyword argument".into(),
            ParseErrorType::PositionalAfterKeywordUnpacking => {
                "positional argument follows keyword argument unpacking".into()
            }
            ParseErrorType::InvalidArgumentUnpackingOrder => {
                "iterable argument unpacking follows keyword argument unpacking".into()
            }
            ParseErrorType::UnparenthesizedGeneratorExpression => {
                match self.before(range.start()).nth(2).map(|token| token.kind()) {
                    Some(TokenKind::Class) => since(SyntaxTexts::Detailed, "invalid syntax"),
                    _ => "Generator expression must be parenthesized".into(),
                }
            }
            ParseErrorType::NonDefaultParamAfterDefaultParam if texts >= SyntaxTexts::FStrings => {
                "parameter without a default follows parameter with a default".into()
            }
            ParseErrorType::NonDefaultParamAfterDefaultParam => {
                let place = match texts {
                    SyntaxTexts::Classic => self.parameters_start(range),
                    SyntaxTexts::Peg => self.at(range.end()).map_or(range, Ranged::range),
                    _ => range,
                };
                return Found::syntax("non-default argument follows default argument", place);
            }
            ParseErrorType::ExpectedKeywordParam => {
                let star = self.before(range.end()).find(|token| token.kind() == TokenKind::Star);
                let place = star.map_or(range, Ranged::range);
                let word = self.parameter_word();
                return Found::syntax(format!("named {word}s must follow bare *"), place);
            }
            ParseErrorType::ParamAfterVarKeywordParam => {
                let word = self.parameter_word();
                since(SyntaxTexts::Parameters, &format!("{word}s cannot follow var-keyword {word}"))
            }
            ParseErrorType::VarParameterWithDefault => {
                let double = self.before(range.start()).nth(1).is_some_and(|t| t.kind() == TokenKind::DoubleStar);
                let kind = if double { "keyword" } else { "positional" };
                since(
                    SyntaxTexts::Parameters,
                    &format!("var-{kind} {} cannot have default value", self.parameter_word()),
                )
            }
            ParseErrorType::InvalidMatchPatternTarget => "cannot use '_' as a target".into(),
            ParseErrorType::ExpectedImaginaryNumber => "imaginary number required in complex literal".into(),
            ParseErrorType::ExpectedRealNumber => "real number required in complex literal".into(),
            ParseErrorType::EmptyTypeParams => {
                let empty = self.at(range.end()).is_some_and(|token| token.kind() == TokenKind::Rsqb);
                if empty && texts >= SyntaxTexts::TypeParameters {
                    "Type parameter list cannot be empty".into()
                } else {
                    since(SyntaxTexts::Parameters, "expected '('")
                }
            }
            ParseErrorType::IterableUnpackingInComprehension => {
                "iterable unpacking cannot be used in comprehension".into()
            }
            ParseErrorType::EmptyImportNames
                if !self.in_brackets(range.start())
                    && self.at(range.start()).is_none_or(|token| token.kind() == TokenKind::Newline) =>
            {
                since(SyntaxTexts::TypeParameters, "Expected one or more names after 'import'")
            }
            _ => INVALID.into(),
        };
        Found::syntax(message, range)
    }

    /// Errors that ruff tells apart by their text alone.
    fn other_error(&self, text: &str, range: TextRange) -> Found {
        let texts = self.texts();
        let since =
            |since: SyntaxTexts, text: &str| if texts >= since { text.to_string() } else { INVALID.to_string() };
        if let Some(after) = text.strip_prefix("Expected an indented block after ") {
            return self.no_block(after, range);
        }
        let message = match text {
            "Expected a parameter name" => match self.name_at(range) {
                name @ ("None" | "True" | "False") if texts != SyntaxTexts::Peg => format!("cannot assign to {name}"),
                _ => "expression cannot contain assignment, perhaps you meant \"==\"?".to_string(),
            },
            "Only single target (not tuple) can be annotated" => {
                "only single target (not tuple) can be annotated".into()
            }
            "Only single target (not list) can be annotated" => "only single target (not list) can be annotated".into(),
            "Positional patterns cannot follow keyword patterns" => {
                "positional patterns follow keyword patterns".into()
            }
            "Cannot have both 'except' and 'except*' on the same 'try'" => {
                let star = self.tokens.iter().find(|t| t.start() > range.start() && t.kind() == TokenKind::Star);
                if texts < SyntaxTexts::Parameters
                    && let Some(star) = star
                {
                    return Found::syntax(INVALID, star.range());
                }
                since(SyntaxTexts::Parameters, "cannot have both 'except' and 'except*' on the same 'try'")
            }
            "Expected `except` or `finally` after `try` block" => {
                let at_end = self.text.get(range.start().to_usize()..).is_none_or(|rest| rest.trim().is_empty());
                if at_end {
                    let end = TextRange::empty(TextSize::new(self.text.trim_end_matches('\n').len() as u32));
                    return match texts {
                        SyntaxTexts::Classic | SyntaxTexts::Peg => Found::syntax("unexpected EOF while parsing", end),
                        _ => Found::syntax("expected 'except' or 'finally' block", end),
                    };
                }
                since(SyntaxTexts::Detailed, "expected 'except' or 'finally' block")
            }
            "Multiple exception types must be parenthesized when using `as`" => {
                let using = if texts >= SyntaxTexts::Targets { " when using 'as'" } else { "" };
                since(SyntaxTexts::Detailed, &format!("multiple exception types must be parenthesized{using}"))
            }
            "Exception missing in `raise` statement with cause" if texts >= SyntaxTexts::Keys => {
                "did you forget an expression between 'raise' and 'from'?".into()
            }
            "Bytes literal cannot be mixed with non-bytes literals"
                if texts >= SyntaxTexts::Targets && self.has_template(range) =>
            {
                "cannot mix t-string literals with string or bytes literals".into()
            }
            text if texts >= SyntaxTexts::Targets && text.contains("t-string") => {
                "cannot mix t-string literals with string or bytes literals".into()
            }
            "Expected one or more exception types" => {
                since(SyntaxTexts::Parameters, "expected one or more exception types")
            }
            "Only one '/' separator allowed" => since(SyntaxTexts::Parameters, "/ may appear only once"),
            "Only one '*' parameter allowed" | "Only one '*' separator allowed" => {
                let text = if texts >= SyntaxTexts::Keys {
                    "* may appear only once"
                } else {
                    "* argument may appear only once"
                };
                since(SyntaxTexts::Parameters, text)
            }
            "Position-only parameter separator not allowed as first parameter" => {
                let text = format!("at least one {} must precede /", self.parameter_word());
                since(SyntaxTexts::Parameters, &text)
            }
            "'/' parameter must appear before '*' parameter" => since(SyntaxTexts::Parameters, "/ must be ahead of *"),
            "Only one '**' parameter allowed" => {
                let word = self.parameter_word();
                since(SyntaxTexts::Parameters, &format!("{word}s cannot follow var-keyword {word}"))
            }
            "Bytes literal cannot be mixed with non-bytes literals" => "cannot mix bytes and nonbytes literals".into(),
            "Trailing comma not allowed" if self.in_import(range) => {
                return Found::syntax("trailing comma not allowed without surrounding parentheses", range);
            }
            _ => INVALID.into(),
        };
        Found::syntax(message, range)
    }

    fn in_import(&self, range: TextRange) -> bool {
        let line = self.before(range.start()).take_while(|token| token.kind() != TokenKind::Newline);
        line.into_iter().any(|token| token.kind() == TokenKind::From)
    }

    /// A header without a block.
    fn no_block(&self, after: &str, range: TextRange) -> Found {
        let class = "IndentationError";
        if self.texts() < SyntaxTexts::Detailed {
            let at_end = self.text.get(range.start().to_usize()..).is_none_or(|rest| rest.trim().is_empty());
            if at_end && self.texts() == SyntaxTexts::Classic {
                return Found::syntax("unexpected EOF while parsing", range);
            }
            return Found::new(class, "expected an indented block", range);
        }
        let what = match after {
            "function definition" => "function definition".to_string(),
            "`class` definition" => "class definition".to_string(),
            clause => format!("'{}' statement", clause.split('`').nth(1).unwrap_or_default()),
        };
        // The header is the logical line before.
        let mut header = range;
        let mut ended = false;
        for token in self.before(range.start()) {
            match token.kind() {
                TokenKind::Newline if !ended && header == range => ended = true,
                TokenKind::Newline => break,
                TokenKind::Indent | TokenKind::Dedent => {}
                _ => header = token.range(),
            }
        }
        let message = format!("expected an indented block after {what} on line {}", self.line_of(header));
        Found::new(class, message, range)
    }

    fn in_replacement_field(&self, error: &InterpolatedStringErrorType, range: TextRange, what: &str) -> Found {
        let found = self.at(range.start()).map(|token| token.kind());
        if *error == InterpolatedStringErrorType::UnclosedLbrace
            && let Some(found) = found
            && self.texts() >= SyntaxTexts::Detailed
            && let Some(comma) = self.forgotten_comma(found, range)
        {
            return comma;
        }
        self.interpolated_error(error, range, what)
    }

    /// Two simple statements side by side: perhaps an old `print` statement.
    fn same_line(&self, range: TextRange) -> Found {
        let previous = self.before(range.start()).next();
        let word = previous.map(|token| self.slice(token.range())).unwrap_or_default();
        let first = previous.is_some_and(|token| self.operand_start(token.end()) == Some(token.start()));
        if matches!(word, "print" | "exec") && first {
            let place = previous.map_or(range, Ranged::range);
            if self.texts() >= SyntaxTexts::Detailed {
                let message = format!("Missing parentheses in call to '{word}'. Did you mean {word}(...)?");
                return Found::syntax(message, place);
            }
            if word == "print" {
                let rest = self.text.get(range.start().to_usize()..).unwrap_or("");
                let rest = rest.split(['\n', ';']).next().unwrap_or("").trim();
                let message = format!("Missing parentheses in call to 'print'. Did you mean print({rest})?");
                return Found::syntax(message, range);
            }
            return Found::syntax("Missing parentheses in call to 'exec'", range);
        }
        Found::syntax(INVALID, range)
    }

    fn bad_target(&self, range: TextRange) -> Found {
        let name = self.name_at(range);
        let mut next = self.at(range.end()).map(|token| token.kind());
        if name == "named expression" && next == Some(TokenKind::Rpar) {
            next = self.at(range.end() + TextSize::new(1)).map(|token| token.kind());
        }
        let closed = next == Some(TokenKind::Rpar) && name == "yield expression";
        let assigned = next == Some(TokenKind::Equal) || closed;
        let bare_yield = self.slice(range).starts_with("yield") && !closed;
        if name == "yield expression" && bare_yield {
            let message = if self.texts() == SyntaxTexts::Classic {
                INVALID.to_string()
            } else {
                "assignment to yield expression not possible".to_string()
            };
            return Found::syntax(message, range);
        }
        if self.texts() >= SyntaxTexts::Detailed && assigned && self.may_mean_equal(range) {
            let message = format!("cannot assign to {name} here. Maybe you meant '==' instead of '='?");
            return Found::syntax(message, range);
        }
        Found::syntax(format!("cannot assign to {name}"), range)
    }

    /// What a parameter is called in errors about parameter lists.
    fn parameter_word(&self) -> &'static str {
        if self.texts() >= SyntaxTexts::Keys { "parameter" } else { "argument" }
    }

    /// Whether a template string stands on the line of an error.
    fn has_template(&self, range: TextRange) -> bool {
        let line = self.line_of(range);
        self.tokens.iter().any(|token| token.kind() == TokenKind::TStringStart && self.line_of(token.range()) == line)
    }

    fn bad_star(&self, range: TextRange) -> Found {
        let previous = self.before(range.start()).next().map(|token| token.kind());
        let next = self.at(range.end()).map(|token| token.kind());
        let detailed = self.texts() >= SyntaxTexts::Detailed;
        let double = self.slice(range).starts_with("**");
        let message = match (previous, next) {
            (Some(TokenKind::Lpar), Some(TokenKind::Rpar)) if double && detailed => {
                "cannot use double starred expression here"
            }
            (Some(TokenKind::Lpar), Some(TokenKind::Rpar)) if detailed => "cannot use starred expression here",
            (Some(TokenKind::Lpar), Some(TokenKind::Rpar)) => "can't use starred expression here",
            (Some(TokenKind::Colon), _)
                if detailed && !double && self.in_braces(range.start()) && !self.in_parameters(range) =>
            {
                "cannot use a starred expression in a dictionary value"
            }
            _ => INVALID,
        };
        Found::syntax(message, range)
    }

    /// Syntax that this version does not have yet.
    pub(super) fn unsupported(&self, error: &UnsupportedSyntaxError) -> Found {
        let texts = self.texts();
        let since =
            |since: SyntaxTexts, text: &str| if texts >= since { text.to_string() } else { INVALID.to_string() };
        let message = match error.kind {
            UnsupportedSyntaxErrorKind::UnparenthesizedExceptionTypes => {
                since(SyntaxTexts::Detailed, "multiple exception types must be parenthesized")
            }
            // The kind's parts have no public names.
            UnsupportedSyntaxErrorKind::UnpackingInComprehension(_) if error.to_string().contains("dictionary") => {
                "dict unpacking cannot be used in dict comprehension".into()
            }
            UnsupportedSyntaxErrorKind::UnpackingInComprehension(_) => {
                "iterable unpacking cannot be used in comprehension".into()
            }
            UnsupportedSyntaxErrorKind::ParenthesizedKeywordArgumentName => {
                "expression cannot contain assignment, perhaps you meant \"==\"?".into()
            }
            UnsupportedSyntaxErrorKind::TypeParameterList | UnsupportedSyntaxErrorKind::TypeParamDefault
                if self.in_definition(error.range()) =>
            {
                let list = self.before(error.range().end()).find(|token| token.kind() == TokenKind::Lsqb);
                let place = list.map_or(error.range(), Ranged::range);
                return Found::syntax(since(SyntaxTexts::Parameters, "expected '('"), place);
            }
            UnsupportedSyntaxErrorKind::Pep701FString(_) => {
                let shown = error.to_string();
                if shown.contains("backslash") {
                    "f-string expression part cannot include a backslash".into()
                } else if shown.contains("comments") {
                    "f-string expression part cannot include '#'".into()
                } else if shown.contains("line breaks") {
                    return self.interpolated_error(
                        &InterpolatedStringErrorType::UnterminatedString,
                        TextRange::empty(error.range().start()),
                        "f-string",
                    );
                } else {
                    "f-string: expecting '}'".into()
                }
            }
            // The parser reads the soft keyword as a name and stumbles over what follows.
            UnsupportedSyntaxErrorKind::Match
            | UnsupportedSyntaxErrorKind::TypeAliasStatement
            | UnsupportedSyntaxErrorKind::LazyImportStatement => {
                let place = self.at(error.range().start() + TextSize::new(1)).map_or(error.range(), Ranged::range);
                return Found::syntax(INVALID, place);
            }
            UnsupportedSyntaxErrorKind::TemplateStrings => {
                // A name with a string behind it.
                let prefix = self.slice(error.range()).find(['"', '\'']).unwrap_or(0) as u32;
                let quote = TextRange::empty(error.range().start() + TextSize::new(prefix));
                return Found::syntax(INVALID, quote);
            }
            _ => INVALID.into(),
        };
        Found::syntax(message, error.range())
    }
}
