//! Grammar: which source text is a program, and how the parser refuses the others.

use super::room;

/// The wording of CPython's parser, by what it added to its own messages.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum SyntaxTexts {
    /// Little more than "invalid syntax" (the old parser).
    Classic,
    /// The new parser, little more said.
    Peg,
    /// "expected ':'", "'(' was never closed", "Perhaps you forgot a comma?".
    Detailed,
    /// Parameter lists too.
    Parameters,
    /// F-strings are part of the grammar.
    FStrings,
    /// Type parameter lists too.
    TypeParameters,
    /// Targets of `as`, too.
    Targets,
    /// "parameter" where it was "argument"; unpacking as a key.
    Keys,
}

/// How an escape that means nothing is warned of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EscapeWarning {
    /// A DeprecationWarning with the bare escape.
    Bare,
    /// A DeprecationWarning with the escape in quotes.
    Quoted,
    /// A SyntaxWarning of the same text.
    Syntax,
    /// A SyntaxWarning that says what to do, at the line of the escape.
    Suggests,
}

/// How a number that runs into a keyword is warned of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum NumberWarning {
    Silent,
    Deprecation,
    Syntax,
}

/// How source text with a null character is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum NullBytes {
    ValueError,
    SyntaxError,
}

room! { syntax

    /// The grammar that source text follows, named by the minor version that brought it.
    grammar "syntax.grammar": u8 {
        py(8, 0) => 8, py(9, 0) => 9, py(10, 0) => 10, py(11, 0) => 11, py(12, 0) => 12, py(13, 0) => 13, py(14, 0) => 14, py(15, 0) => 15;
        faults { "oldest": 8, "newest": 15 }
    }

    /// A decimal integer literal has at most this many digits.
    int_literal_digits "syntax.int-literal-digits": Option<usize> {
        py(8, 0) => None, py(8, 14) => Some(4300), py(9, 0) => None, py(9, 14) => Some(4300),
        py(10, 0) => None, py(10, 7) => Some(4300);
        faults { "unlimited": None }
    }

    /// Source text that holds a null character is refused with an exception of this class.
    null_bytes "syntax.null-bytes": NullBytes {
        py(8, 0) => NullBytes::ValueError, py(11, 4) => NullBytes::SyntaxError;
        faults { "value-error": NullBytes::ValueError, "syntax-error": NullBytes::SyntaxError }
    }

    /// Syntax errors are worded as this parser words them.
    syntax_texts "syntax.error.texts": SyntaxTexts {
        py(8, 0) => SyntaxTexts::Classic, py(9, 0) => SyntaxTexts::Peg, py(10, 0) => SyntaxTexts::Detailed,
        py(11, 0) => SyntaxTexts::Parameters, py(12, 0) => SyntaxTexts::FStrings, py(13, 0) => SyntaxTexts::TypeParameters,
        py(14, 0) => SyntaxTexts::Targets, py(15, 0) => SyntaxTexts::Keys;
        faults { "classic": SyntaxTexts::Classic, "detailed": SyntaxTexts::Detailed }
    }

    /// Regular expressions have possessive repetitions and atomic groups, and flags for everything at the start only.
    regex_possessive "syntax.regex.possessive": bool {
        py(8, 0) => false, py(11, 0) => true;
        faults { "never": false, "always": true }
    }

    /// An escape that means nothing gives a warning.
    escape_warning "syntax.escape.warning": EscapeWarning {
        py(8, 0) => EscapeWarning::Bare, py(10, 0) => EscapeWarning::Quoted, py(12, 0) => EscapeWarning::Syntax,
        py(14, 0) => EscapeWarning::Suggests;
        faults { "bare": EscapeWarning::Bare, "quoted": EscapeWarning::Quoted, "suggests": EscapeWarning::Suggests }
    }

    /// An octal escape above `\377` gives a warning too.
    octal_escape_warns "syntax.escape.octal": bool {
        py(8, 0) => false, py(11, 0) => true;
        faults { "always": true, "never": false }
    }

    /// A number that runs into a keyword (`1or 2`) gives a warning.
    number_warning "syntax.number.keyword": NumberWarning {
        py(8, 0) => NumberWarning::Silent, py(10, 0) => NumberWarning::Deprecation, py(11, 0) => NumberWarning::Syntax;
        faults { "silent": NumberWarning::Silent, "deprecation": NumberWarning::Deprecation }
    }

    /// An assertion about a tuple gives its warning also where `compile(…, optimize=1)` leaves it out.
    left_out_assert_warns "syntax.assert.left-out": bool {
        py(8, 0) => false, py(10, 0) => true;
        faults { "always": true, "never": false }
    }

    /// `return`, `break` and `continue` that leave a `finally` block give a warning.
    finally_jump_warns "syntax.finally.jump": bool {
        py(8, 0) => false, py(14, 0) => true;
        faults { "always": true, "never": false }
    }

    /// A source in bytes must be UTF-8 in its comments too.
    bytes_must_be_utf8 "syntax.bytes.utf8": bool {
        py(8, 0) => false, py(14, 0) => true;
        faults { "always": true, "never": false }
    }

    /// There is the module `string.templatelib`, with the types of template strings.
    template_strings "syntax.template-strings": bool {
        py(8, 0) => false, py(14, 0) => true;
        faults { "missing": false, "always": true }
    }

    /// There is a `match` statement.
    match_statement "syntax.match": bool {
        py(8, 0) => false, py(10, 0) => true;
        faults { "missing": false }
    }

    /// `:=` may stand in an index without parentheses.
    named_expression_in_index "syntax.named-expression.in-index": bool {
        py(8, 0) => false, py(10, 0) => true;
        faults { "never": false }
    }

    /// The target of `:=` must not stand in parentheses.
    bare_named_target "syntax.named-expression.bare-target": bool {
        py(8, 0) => false, py(9, 0) => true;
        faults { "parentheses": false }
    }

    /// An asynchronous comprehension may stand in a plain comprehension of an asynchronous function.
    async_comprehensions_nest "syntax.async-comprehension-nested": bool {
        py(8, 0) => false, py(11, 0) => true;
        faults { "never": false, "always": true }
    }

    /// Loops, `try` and `with` can be nested this deep.
    nested_blocks "syntax.nested-blocks": usize {
        py(8, 0) => 20, py(13, 0) => 21;
        faults { "20": 20, "21": 21 }
    }

    /// The error about a repeated keyword argument names it.
    repeated_keyword_named "syntax.error.repeated-keyword": bool {
        py(8, 0) => false, py(9, 0) => true;
        faults { "unnamed": false, "named": true }
    }

    /// How CPython calls more than one starred target of an assignment.
    starred_targets_word "syntax.error.starred-targets": &'static str {
        py(8, 0) => "two", py(9, 0) => "multiple";
        faults { "two": "two", "multiple": "multiple" }
    }

    /// `del __debug__` is a SyntaxError.
    debug_not_deletable "syntax.debug-not-deletable": bool {
        py(8, 0) => false, py(10, 0) => true;
        faults { "never": false, "always": true }
    }

    /// SyntaxError tells where the fault ends.
    syntax_error_ends "scoping.error.syntax-ends": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }
}
