//! Texts and places of parse errors as the CPythons report them, measured.

use crate::rules::{Profile, py};
use crate::syntax::parse_module;

#[track_caller]
fn check(minor: u8, source: &str, expected: &str) {
    let issue = parse_module(source.as_bytes(), &Profile::of(py(minor, 0))).expect_err(source);
    let class = issue.class.strip_suffix("Error").unwrap_or(issue.class);
    let found = format!("{class}: {} @{}:{}", issue.message, issue.line, issue.column);
    assert_eq!(found, expected, "3.{minor} {source:?}");
}

#[test]
fn brackets() {
    check(13, "x = (1,\ny = 2\n", "Syntax: '(' was never closed @1:5");
    check(13, "foo(\n\nx=1\n", "Syntax: '(' was never closed @1:4");
    check(13, "print(\"a\"\nprint(\"b\")\n", "Syntax: '(' was never closed @1:6");
    check(13, "def f(x:\n  pass\n", "Syntax: '(' was never closed @1:6");
    check(9, "x[1", "Syntax: unexpected EOF while parsing @1:4");
    for minor in 8..=13 {
        check(minor, "x = )", "Syntax: unmatched ')' @1:5");
        check(minor, "(1, 2]\n", "Syntax: closing parenthesis ']' does not match opening parenthesis '(' @1:6");
        let two_lines = "Syntax: closing parenthesis ')' does not match opening parenthesis '[' on line 1 @2:1";
        check(minor, "[1\n)\n", two_lines);
    }
}

#[test]
fn indentation() {
    check(13, "  x = 1\n", "Indentation: unexpected indent @1:2");
    check(8, "x = 1\n  y = 2\n", "Indentation: unexpected indent @2:2");
    check(13, "if x:\n    y\n  z\n", "Indentation: unindent does not match any outer indentation level @3:4");
    check(13, "if x:\ny\n", "Indentation: expected an indented block after 'if' statement on line 1 @2:1");
    check(9, "if x:\ny\n", "Indentation: expected an indented block @2:1");
    check(
        12,
        "@d\ndef f(\n a):\npass\n",
        "Indentation: expected an indented block after function definition on line 2 @4:1",
    );
    check(
        10,
        "try:\n  pass\nfinally:\npass\n",
        "Indentation: expected an indented block after 'finally' statement on line 3 @4:1",
    );
    check(13, "if x:\n\ty\n        z\n", "Tab: inconsistent use of tabs and spaces in indentation @3:1");
    check(13, "if x:\n        y\n\tz\n", "Tab: inconsistent use of tabs and spaces in indentation @3:1");
    check(13, "def f():\n\tif x:\n        y\n", "Tab: inconsistent use of tabs and spaces in indentation @3:1");
}

#[test]
fn strings_and_numbers() {
    check(13, "x = 'abc\ny = 1\n", "Syntax: unterminated string literal (detected at line 1) @1:5");
    check(13, "x = \"\"\"\nfoo", "Syntax: unterminated triple-quoted string literal (detected at line 2) @1:5");
    check(12, "x = f\"abc", "Syntax: unterminated f-string literal (detected at line 1) @1:5");
    check(11, "x = f\"abc", "Syntax: unterminated string literal (detected at line 1) @1:5");
    check(13, "x = = 1\ny = 'a\n", "Syntax: unterminated string literal (detected at line 2) @2:5");
    check(
        13,
        "x = 0777",
        "Syntax: leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers @1:5",
    );
    check(13, "x = 1a", "Syntax: invalid decimal literal @1:5");
    check(13, "x = 0b2", "Syntax: invalid digit '2' in binary literal @1:7");
    check(13, "x = “a”", "Syntax: invalid character '“' (U+201C) @1:5");
    check(13, "x\u{a0}= 1", "Syntax: invalid non-printable character U+00A0 @1:2");
    let escape = "Syntax: (unicode error) 'unicodeescape' codec can't decode bytes in position";
    check(13, "'\\x1'", &format!("{escape} 0-2: truncated \\xXX escape @1:1"));
    check(13, "'ab\\N{foo}'", &format!("{escape} 2-8: unknown Unicode character name @1:1"));
    check(13, "b'é'", "Syntax: bytes can only contain ASCII literal characters @1:1");
    check(13, "'a' b'b'", "Syntax: cannot mix bytes and nonbytes literals @1:1");
    let digits = format!("x = {}", "9".repeat(5000));
    let limit = "Exceeds the limit (4300 digits) for integer string conversion: value has 5000 digits; use sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals to avoid decimal conversion limits.";
    check(13, &digits, &format!("Syntax: {limit} @1:5"));
}

#[test]
fn targets() {
    for minor in 10..=13 {
        check(minor, "5 = x\n", "Syntax: cannot assign to literal here. Maybe you meant '==' instead of '='? @1:1");
        check(
            minor,
            "a + b = c\n",
            "Syntax: cannot assign to expression here. Maybe you meant '==' instead of '='? @1:1",
        );
    }
    check(9, "f() = x\n", "Syntax: cannot assign to function call @1:1");
    check(8, "a + b = c\n", "Syntax: cannot assign to operator @1:1");
    check(13, "x < y = 1", "Syntax: cannot assign to comparison @1:1");
    check(13, "(x, 1) = 2", "Syntax: cannot assign to literal @1:5");
    check(13, "None = 1", "Syntax: cannot assign to None @1:1");
    check(8, "(a, b) += c\n", "Syntax: illegal expression for augmented assignment @1:1");
    check(13, "(a, b) += c\n", "Syntax: 'tuple' is an illegal expression for augmented assignment @1:1");
    check(13, "x, y += 1", "Syntax: 'tuple' is an illegal expression for augmented assignment @1:1");
    check(13, "del f()", "Syntax: cannot delete function call @1:5");
    check(13, "(a.b := 1)\n", "Syntax: cannot use assignment expressions with attribute @1:2");
    check(13, "x, y: int", "Syntax: only single target (not tuple) can be annotated @1:1");
    check(13, "f(a.b=1)", "Syntax: expression cannot contain assignment, perhaps you meant \"==\"? @1:3");
}

#[test]
fn what_was_expected() {
    check(13, "if x\n    y\n", "Syntax: expected ':' @1:5");
    check(9, "if x\n    y\n", "Syntax: invalid syntax @1:5");
    check(13, "f(x, y z)", "Syntax: invalid syntax. Perhaps you forgot a comma? @1:6");
    check(13, "if x = 1: pass", "Syntax: invalid syntax. Maybe you meant '==' or ':=' instead of '='? @1:4");
    check(13, "1 if 2", "Syntax: expected 'else' after 'if' expression @1:1");
    check(13, "print \"a\"", "Syntax: Missing parentheses in call to 'print'. Did you mean print(...)? @1:1");
    check(13, "y := 5\n", "Syntax: invalid syntax @1:3");
    check(13, "def f(a=1, b): pass\n", "Syntax: parameter without a default follows parameter with a default @1:12");
    check(11, "def f(a=1, b): pass\n", "Syntax: non-default argument follows default argument @1:12");
    check(13, "def f(None): pass\n", "Syntax: invalid syntax @1:7");
    check(13, "f(**a, b)", "Syntax: positional argument follows keyword argument unpacking @1:8");
}

#[test]
fn fstrings() {
    check(13, "f'}'", "Syntax: f-string: single '}' is not allowed @1:3");
    check(13, "f'{}'", "Syntax: f-string: valid expression required before '}' @1:4");
    check(13, "f'{a b}'", "Syntax: invalid syntax. Perhaps you forgot a comma? @1:4");
    check(11, "f'{a!x}'", "Syntax: f-string: invalid conversion character: expected 's', 'r', or 'a' @1:6");
    check(11, "f\"{'\\n'}\"", "Syntax: f-string expression part cannot include a backslash @1:5");
}

#[test]
fn newer_syntax() {
    check(11, "def f[T](x): pass", "Syntax: expected '(' @1:6");
    check(10, "class A[T]: pass", "Syntax: invalid syntax @1:8");
    check(9, "match (x):\n  case 1: pass", "Syntax: invalid syntax @1:1");
    check(13, "try:\n  pass\nexcept A, B:\n  pass\n", "Syntax: multiple exception types must be parenthesized @3:8");
    let mixed = "try:\n    pass\nexcept ValueError: pass\nexcept* TypeError: pass\n";
    check(11, mixed, "Syntax: cannot have both 'except' and 'except*' on the same 'try' @4:1");
}
