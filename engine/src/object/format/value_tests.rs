//! What CPython 3.13 gave for these specs, and where other versions differ.

use super::*;
use crate::rules::PyVersion;

fn rules(minor: u8) -> Profile {
    Profile::of(PyVersion::of_minor(minor).unwrap())
}

fn int(minor: u8, value: i64, spec: &str) -> String {
    let done = format_int(&Int::Small(value), &Text::from(spec), "int", 4300, &rules(minor));
    done.map_or_else(|e| e.to_string(), |t| t.to_string_lossy().into_owned())
}

fn float(minor: u8, value: f64, spec: &str) -> String {
    let done = format_float(value, &Text::from(spec), "float", &rules(minor));
    done.map_or_else(|e| e.to_string(), |t| t.to_string_lossy().into_owned())
}

fn text(minor: u8, value: &str, spec: &str) -> String {
    let done = format_text(&Text::from(value), &Text::from(spec), "str", &rules(minor));
    done.map_or_else(|e| e.to_string(), |t| t.to_string_lossy().into_owned())
}

fn complex(minor: u8, real: f64, imag: f64, spec: &str) -> String {
    let done = format_complex(Complex { real, imag }, &Text::from(spec), "complex", &rules(minor));
    done.map_or_else(|e| e.to_string(), |t| t.to_string_lossy().into_owned())
}

#[test]
fn ints_are_formatted_like_cpython() {
    #[rustfmt::skip]
    let rows: &[(i64, &str, &str)] = &[
        (42, "5", "   42"), (42, "<5", "42   "), (42, "*^7", "**42***"), (-42, "=6", "-   42"), (-42, "06", "-00042"),
        (42, "+", "+42"), (42, " ", " 42"), (-42, " ", "-42"), (42, "-", "42"), (42, "x", "2a"), (42, "#x", "0x2a"),
        (42, "#X", "0X2A"), (255, "#b", "0b11111111"), (255, "#o", "0o377"), (-255, "#010x", "-0x00000ff"),
        (1234567, ",", "1,234,567"), (1234567, "_", "1_234_567"), (1234567, "010,", "01,234,567"),
        (1234567, "012,", "0,001,234,567"), (1234567, ",x", "Cannot specify ',' with 'x'."),
        (1234567, "_x", "12_d687"), (1234567, "#_b", "0b1_0010_1101_0110_1000_0111"),
        (1234567, "020_b", "1_0010_1101_0110_1000_0111"), (42, "c", "*"), (8364, "c", "€"),
        (1114112, "c", "%c arg not in range(0x110000)"), (-1, "c", "%c arg not in range(0x110000)"),
        (42, "+c", "Sign not allowed with integer format specifier 'c'"),
        (42, "#c", "Alternate form (#) not allowed with integer format specifier 'c'"),
        (42, ",c", "Cannot specify ',' with 'c'."), (42, "5c", "    *"), (42, "d", "42"), (42, "n", "42"),
        (42, ",n", "Cannot specify ',' with 'n'."), (42, "e", "4.200000e+01"), (42, ".2f", "42.00"),
        (42, ".3d", "Precision not allowed in integer format specifier"),
        (42, ".3", "Precision not allowed in integer format specifier"),
        (42, "s", "Unknown format code 's' for object of type 'int'"), (42, "%", "4200.000000%"), (42, "g", "42"),
        (42, "z", "Negative zero coercion (z) not allowed in integer format specifier"),
        (42, "zd", "Negative zero coercion (z) not allowed in integer format specifier"), (42, "zf", "42.000000"),
        (42, "q", "Unknown format code 'q' for object of type 'int'"),
        (42, "5q", "Unknown format code 'q' for object of type 'int'"),
        (42, ",_", "Cannot specify both ',' and '_'."), (42, "_,", "Cannot specify both ',' and '_'."),
        (42, ",,", "Cannot specify ',' with ','."), (42, "__", "Cannot specify '_' with '_'."), (42, "05", "00042"),
        (42, "<05", "42000"), (42, "x<05", "42xxx"), (42, "0<5", "42000"), (42, "05c", "0000*"),
        (42, "99999999999999999999", "Too many decimal digits in format string"),
        (42, ".99999999999999999999f", "Too many decimal digits in format string"),
        (42, "10.", "Format specifier missing precision"), (42, ".", "Format specifier missing precision"),
        (42, "-#_x", "0x2a"), (42, "€>5", "€€€42"), (42, ">>5", ">>>42"), (42, ">", "42"),
        (42, "{", "Unknown format code '{' for object of type 'int'"),
        (42, " +", "Unknown format code '+' for object of type 'int'"), (42, "0=5", "00042"), (42, "=", "42"),
        (0, ",", "0"), (0, "05,", "0,000"), (0, "06,", "00,000"), (1, "04,", "0,001"), (1, "05,", "0,001"),
        (42, "é", "Unknown format code '\\xe9' for object of type 'int'"),
        (42, "\n", "Unknown format code '\\xa' for object of type 'int'"),
        (42, "ab", "Invalid format specifier 'ab' for object of type 'int'"),
        (42, "d5", "Invalid format specifier 'd5' for object of type 'int'"),
        (42, "5d6", "Invalid format specifier '5d6' for object of type 'int'"),
        (42, "z,", "Negative zero coercion (z) not allowed in integer format specifier"), (42, "5,d", "   42"),
        (42, "5_d", "   42"), (42, ",d", "42"), (42, ", ", "Cannot specify ',' with '\\x20'."),
        (42, ",5", "Cannot specify ',' with '5'."), (42, ",.2f", "42.00"), (42, "-5", "   42"),
        (42, "+-5", "Invalid format specifier '+-5' for object of type 'int'"), (42, "08.3f", "0042.000"),
        (-42, "^+#12_x", "   -0x2a    "), (42, "0", "42"), (42, "00", "42"), (42, "000", "42"),
        (-5, "<010", "-500000000"), (-5, "010b", "-000000101"), (42, ">010", "0000000042"),
        (42, "^010", "0000420000"),
    ];
    for (value, spec, expected) in rows {
        assert_eq!(int(13, *value, spec), *expected, "{value} {spec:?}");
    }
}

#[test]
fn floats_are_formatted_like_cpython() {
    #[rustfmt::skip]
    let rows: &[(f64, &str, &str)] = &[
        (1.5, "5", "  1.5"), (1.5, "<7", "1.5    "), (1.5, "+", "+1.5"), (1.5, ".2f", "1.50"), (1.5, ".0f", "2"),
        (1.5, "#.0f", "2."), (1.5, "e", "1.500000e+00"), (1.5, "E", "1.500000E+00"), (1.5, ".3g", "1.5"),
        (1.5, "g", "1.5"), (1.5, "n", "1.5"), (1.5, "%", "150.000000%"), (1.5, ".1%", "150.0%"), (1.5, ".3", "1.5"),
        (1.5, ".0", "2e+00"), (1.5, "d", "Unknown format code 'd' for object of type 'float'"),
        (1.5, "x", "Unknown format code 'x' for object of type 'float'"),
        (1.5, "s", "Unknown format code 's' for object of type 'float'"),
        (1.5, "c", "Unknown format code 'c' for object of type 'float'"), (1.0, ".1", "1e+00"), (1.0, ".5", "1.0"),
        (1e16, ".3", "1e+16"), (1e16, "g", "1e+16"), (1e16, "f", "10000000000000000.000000"), (1e16, ",", "1e+16"),
        (1e16, ",.2f", "10,000,000,000,000,000.00"), (123456.789, ",", "123,456.789"),
        (123456.789, "_", "123_456.789"), (123456.789, "_.2f", "123_456.79"), (123456.789, ",g", "123,457"),
        (123456.789, "015,.1f", "0,000,123,456.8"), (-1.5, "08.2f", "-0001.50"), (-1.5, "=8", "-    1.5"),
        (-0.0, "z", "0.0"), (-0.0, "zf", "0.000000"), (-0.4, "z.0f", "0"), (-0.04, "z.1e", "-4.0e-02"),
        (0.0, "-z", "0.0"), (f64::NAN, "08", "00000nan"), (f64::INFINITY, "+", "+inf"),
        (f64::INFINITY, "08", "00000inf"), (f64::NEG_INFINITY, "08.2f", "-0000inf"), (f64::NAN, "F", "NAN"),
        (f64::INFINITY, "G", "INF"), (f64::INFINITY, "%", "inf%"), (f64::NAN, ",", "nan"),
        (f64::INFINITY, "#", "inf"), (1.5, ".", "Format specifier missing precision"),
        (1.5, ",.", "Format specifier missing precision"), (1e-7, "f", "0.000000"), (1e-7, "g", "1e-07"),
        (1e-7, ".10", "1e-07"), (1e5, ".3", "1e+05"), (123456789.0, ".5", "1.2346e+08"),
        (0.1, ".20", "0.10000000000000000555"), (0.1, ".50f", "0.10000000000000000555111512312578270211815834045410"),
        (1e22, ".0f", "10000000000000000000000"), (1.5, "€^9", "€€€1.5€€€"), (1.5, "F", "1.500000"),
        (12345.678, ",e", "1.234568e+04"), (12345.678, ".2n", "1.2e+04"), (1.5, "010", "00000001.5"),
        (1.5, "+010", "+0000001.5"), (1.5, " 010", " 0000001.5"), (1234567.891, "020,", "0,000,001,234,567.891"),
        (1.5, "_%", "150.000000%"), (1.5, ".3_f", "Invalid format specifier '.3_f' for object of type 'float'"),
        (1.5, ".3,f", "Invalid format specifier '.3,f' for object of type 'float'"),
        (1.123456789, ".7,f", "Invalid format specifier '.7,f' for object of type 'float'"),
        (1.123456789, ".7_f", "Invalid format specifier '.7_f' for object of type 'float'"),
        (1.123456789, ",.7_f", "Invalid format specifier ',.7_f' for object of type 'float'"),
        (1.5, "ab", "Invalid format specifier 'ab' for object of type 'float'"),
        (1.5, ",5", "Cannot specify ',' with '5'."), (1.5, "00", "1.5"),
    ];
    for (value, spec, expected) in rows {
        assert_eq!(float(13, *value, spec), *expected, "{value} {spec:?}");
    }
}

#[test]
fn texts_are_formatted_like_cpython() {
    #[rustfmt::skip]
    let rows: &[(&str, &str, &str)] = &[
        ("abc", "5", "abc  "), ("abc", ">5", "  abc"), ("abc", "^6", " abc  "), ("abc", "*<5", "abc**"),
        ("abc", ".2", "ab"), ("abc", "5.2", "ab   "), ("abc", "s", "abc"),
        ("abc", "d", "Unknown format code 'd' for object of type 'str'"),
        ("abc", "+", "Sign not allowed in string format specifier"),
        ("abc", "=5", "'=' alignment not allowed in string format specifier"), ("abc", "05", "abc00"),
        ("abc", "5", "abc  "), ("abc", "<05", "abc00"),
        ("abc", "=05", "'=' alignment not allowed in string format specifier"),
        ("abc", ",", "Cannot specify ',' with 's'."), ("abc", "_", "Cannot specify '_' with 's'."),
        ("abc", "#", "Alternate form (#) not allowed in string format specifier"),
        ("abc", " ", "Space not allowed in string format specifier"),
        ("abc", "-", "Sign not allowed in string format specifier"),
        ("abc", "z", "Negative zero coercion (z) not allowed in string format specifier"), ("abc", "0", "abc"),
        ("abc", "€^7.1s", "€€€a€€€"), ("é€", "6", "é€    "),
        ("abc", "q", "Unknown format code 'q' for object of type 'str'"),
        ("abc", "10s5", "Invalid format specifier '10s5' for object of type 'str'"),
        ("abc", ".s", "Format specifier missing precision"),
        ("abc", "₅", "Unknown format code '\\x2085' for object of type 'str'"), ("abc", "￼<5", "abc￼￼"),
        ("a", "ab", "Invalid format specifier 'ab' for object of type 'str'"),
        ("a", "\n", "Unknown format code '\\xa' for object of type 'str'"), ("a", "00", "a"),
    ];
    for (value, spec, expected) in rows {
        assert_eq!(text(13, value, spec), *expected, "{value:?} {spec:?}");
    }
}

#[test]
fn complex_numbers_are_formatted_like_cpython() {
    #[rustfmt::skip]
    let rows: &[(f64, f64, &str, &str)] = &[
        (1.0, 2.0, ".2f", "1.00+2.00j"), (1.0, 2.0, "20", "              (1+2j)"),
        (1.0, 2.0, "<20", "(1+2j)              "),
        (1.0, 2.0, "=20", "'=' alignment flag is not allowed in complex format specifier"),
        (1.0, 2.0, "020", "Zero padding is not allowed in complex format specifier"), (1.0, 2.0, "g", "1+2j"),
        (1.0, 2.0, "e", "1.000000e+00+2.000000e+00j"),
        (1.0, 2.0, "%", "Unknown format code '%' for object of type 'complex'"),
        (1.0, 2.0, "d", "Unknown format code 'd' for object of type 'complex'"), (1.0, 2.0, "+", "(+1+2j)"),
        (1.0, 2.0, ",", "(1+2j)"), (1.0, 2.0, ".3", "(1+2j)"), (1.0, 2.0, "#", "(1.+2.j)"), (0.0, 1.0, "+", "+1j"),
        (0.0, 1.0, ".1", "1j"), (0.0, 1.0, ">10", "        1j"), (1.0, 2.0, "n", "1+2j"),
        (1.0, 2.0, "zf", "1.000000+2.000000j"), (f64::NAN, f64::INFINITY, ".2f", "nan+infj"),
        (12345678.0, 2.0, ",.1f", "12,345,678.0+2.0j"), (1.0, 2.0, "F", "1.000000+2.000000j"),
        (1.0, 2.0, "G", "1+2j"), (1.0, 2.0, "s", "Unknown format code 's' for object of type 'complex'"),
        (1e10, 1e-10, "g", "1e+10+1e-10j"), (1.0, 2.0, "x", "Unknown format code 'x' for object of type 'complex'"),
        (1.0, 2.0, "5=", "'=' alignment flag is not allowed in complex format specifier"),
    ];
    for (real, imag, spec, expected) in rows {
        assert_eq!(complex(13, *real, *imag, spec), *expected, "{real} {imag} {spec:?}");
    }
}

#[test]
fn versions_differ() {
    assert_eq!(
        [8, 9].map(|v| text(v, "abc", " ")),
        ["Sign not allowed in string format specifier", "Space not allowed in string format specifier"]
    );
    assert_eq!(
        [9, 10].map(|v| text(v, "abc", "05")),
        ["'=' alignment not allowed in string format specifier", "abc00"]
    );
    assert_eq!([10, 11].map(|v| float(v, -0.0, "z")), ["Unknown format code 'z' for object of type 'float'", "0.0"]);
    let fraction = |v| float(v, 1.123456789, ",.7_f");
    assert_eq!(
        [10, 11, 14].map(fraction),
        ["Invalid format specifier", "Invalid format specifier ',.7_f' for object of type 'float'", "1.123_456_8"]
    );
}

#[test]
fn big_ints_and_limits() {
    let big = Int::Small(10).pow(&Int::Small(30)).unwrap();
    let run = |value: &Int, spec: &str| {
        format_int(value, &Text::from(spec), "int", 4300, &rules(13)).map_err(|e| e.to_string())
    };
    assert_eq!(run(&big, ","), Ok("1,000,000,000,000,000,000,000,000,000,000".into()));
    assert_eq!(run(&big, "e"), Ok("1.000000e+30".into()));
    assert_eq!(run(&big, "c"), Err("Python int too large to convert to C long".into()));
    let huge = Int::Small(10).pow(&Int::Small(400)).unwrap();
    assert_eq!(run(&huge, "f"), Err("int too large to convert to float".into()));
    assert_eq!(run(&Int::Small(1), "9999999999"), Err(String::new()));
}
