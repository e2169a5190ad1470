//! Arithmetic of `complex`, in the order of operations of CPython's `Objects/complexobject.c`.

use super::NumberError;
use crate::rules::Profile;

/// The value of a `complex`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Complex {
    /// The real part.
    pub real: f64,
    /// The imaginary part.
    pub imag: f64,
}

impl From<f64> for Complex {
    fn from(real: f64) -> Complex {
        Complex { real, imag: 0.0 }
    }
}

/// An operand of complex arithmetic: whether it is real decides about signs of zeros from 3.14 on.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Operand {
    /// An int or a float.
    Real(f64),
    /// A complex number.
    Complex(Complex),
}

impl Operand {
    fn complex(self) -> Complex {
        match self {
            Operand::Real(value) => Complex::from(value),
            Operand::Complex(value) => value,
        }
    }

    /// A real operand stays real only where the rule of mixed arithmetic says so.
    fn under(self, rules: &Profile) -> Operand {
        if rules.complex_mixed { self } else { Operand::Complex(self.complex()) }
    }
}

/// `a + b`
pub fn add(a: Operand, b: Operand, rules: &Profile) -> Complex {
    match (a.under(rules), b.under(rules)) {
        (Operand::Real(x), Operand::Complex(z)) | (Operand::Complex(z), Operand::Real(x)) => {
            Complex { real: z.real + x, imag: z.imag }
        }
        (a, b) => {
            let (a, b) = (a.complex(), b.complex());
            Complex { real: a.real + b.real, imag: a.imag + b.imag }
        }
    }
}

/// `a - b`
pub fn sub(a: Operand, b: Operand, rules: &Profile) -> Complex {
    match (a.under(rules), b.under(rules)) {
        (Operand::Complex(z), Operand::Real(x)) => Complex { real: z.real - x, imag: z.imag },
        (Operand::Real(x), Operand::Complex(z)) => Complex { real: x - z.real, imag: -z.imag },
        (a, b) => {
            let (a, b) = (a.complex(), b.complex());
            Complex { real: a.real - b.real, imag: a.imag - b.imag }
        }
    }
}

/// `a * b`
pub fn mul(a: Operand, b: Operand, rules: &Profile) -> Complex {
    match (a.under(rules), b.under(rules)) {
        (Operand::Real(x), Operand::Complex(z)) | (Operand::Complex(z), Operand::Real(x)) => {
            Complex { real: z.real * x, imag: z.imag * x }
        }
        (a, b) => product(a.complex(), b.complex(), rules),
    }
}

/// `a / b`
///
/// # Errors
/// `ZeroDivisionError`
pub fn div(a: Operand, b: Operand, rules: &Profile) -> Result<Complex, NumberError> {
    let zero = NumberError::ZeroDivision(rules.zero_division.complex_division);
    match (a.under(rules), b.under(rules)) {
        (Operand::Complex(_), Operand::Real(0.0)) => Err(zero),
        (Operand::Complex(z), Operand::Real(x)) => Ok(Complex { real: z.real / x, imag: z.imag / x }),
        (Operand::Real(x), Operand::Complex(z)) => real_quotient(x, z, rules).ok_or(zero),
        (a, b) => quotient(a.complex(), b.complex(), rules).ok_or(zero),
    }
}

/// The quotient of a real number, whose sign of zero is its own, and a complex one.
fn real_quotient(a: f64, b: Complex, rules: &Profile) -> Option<Complex> {
    let plain = if b.real.abs() >= b.imag.abs() {
        if b.real == 0.0 {
            return None;
        }
        let ratio = b.imag / b.real;
        let whole = b.real + b.imag * ratio;
        Complex { real: a / whole, imag: (-a * ratio) / whole }
    } else {
        let ratio = b.real / b.imag;
        let whole = b.real * ratio + b.imag;
        Complex { real: (a * ratio) / whole, imag: -a / whole }
    };
    if plain.real.is_nan() && plain.imag.is_nan() { quotient(Complex::from(a), b, rules) } else { Some(plain) }
}

fn product(z: Complex, w: Complex, rules: &Profile) -> Complex {
    let (ac, bd, ad, bc) = (z.real * w.real, z.imag * w.imag, z.real * w.imag, z.imag * w.real);
    let plain = Complex { real: ac - bd, imag: ad + bc };
    if !(rules.complex_mixed && plain.real.is_nan() && plain.imag.is_nan()) {
        return plain;
    }
    // C11, G.5.1: infinities that came out as two NaNs.
    let boxed = |value: f64| (if value.is_infinite() { 1.0f64 } else { 0.0 }).copysign(value);
    let tamed = |value: f64| if value.is_nan() { 0.0f64.copysign(value) } else { value };
    let infinite = |c: Complex| c.real.is_infinite() || c.imag.is_infinite();
    let (mut a, mut b) = (z, w);
    let mut recompute = false;
    if infinite(z) {
        a = Complex { real: boxed(a.real), imag: boxed(a.imag) };
        b = Complex { real: tamed(b.real), imag: tamed(b.imag) };
        recompute = true;
    }
    if infinite(w) {
        b = Complex { real: boxed(b.real), imag: boxed(b.imag) };
        a = Complex { real: tamed(a.real), imag: tamed(a.imag) };
        recompute = true;
    }
    if !recompute && [ac, bd, ad, bc].iter().any(|part| part.is_infinite()) {
        a = Complex { real: tamed(a.real), imag: tamed(a.imag) };
        b = Complex { real: tamed(b.real), imag: tamed(b.imag) };
        recompute = true;
    }
    if !recompute {
        return plain;
    }
    Complex {
        real: f64::INFINITY * (a.real * b.real - a.imag * b.imag),
        imag: f64::INFINITY * (a.real * b.imag + a.imag * b.real),
    }
}

/// The quotient, computed so that it does not overflow on the way; nothing for a divisor of 0.
fn quotient(a: Complex, b: Complex, rules: &Profile) -> Option<Complex> {
    let plain = if b.real.abs() >= b.imag.abs() {
        if b.real == 0.0 {
            return None;
        }
        let ratio = b.imag / b.real;
        let whole = b.real + b.imag * ratio;
        Complex { real: (a.real + a.imag * ratio) / whole, imag: (a.imag - a.real * ratio) / whole }
    } else if b.imag.abs() >= b.real.abs() {
        let ratio = b.real / b.imag;
        let whole = b.real * ratio + b.imag;
        Complex { real: (a.real * ratio + a.imag) / whole, imag: (a.imag * ratio - a.real) / whole }
    } else {
        Complex { real: f64::NAN, imag: f64::NAN }
    };
    if !(rules.complex_mixed && plain.real.is_nan() && plain.imag.is_nan()) {
        return Some(plain);
    }
    // C11, G.5.2: infinities and zeros that came out as two NaNs.
    let boxed = |value: f64| (if value.is_infinite() { 1.0f64 } else { 0.0 }).copysign(value);
    let finite = |c: Complex| c.real.is_finite() && c.imag.is_finite();
    let infinite = |c: Complex| c.real.is_infinite() || c.imag.is_infinite();
    Some(if infinite(a) && finite(b) {
        let (x, y) = (boxed(a.real), boxed(a.imag));
        Complex { real: f64::INFINITY * (x * b.real + y * b.imag), imag: f64::INFINITY * (y * b.real - x * b.imag) }
    } else if infinite(b) && finite(a) {
        let (x, y) = (boxed(b.real), boxed(b.imag));
        Complex { real: 0.0 * (a.real * x + a.imag * y), imag: 0.0 * (a.imag * x - a.real * y) }
    } else {
        plain
    })
}

impl Complex {
    /// `-z`
    pub fn neg(self) -> Complex {
        Complex { real: -self.real, imag: -self.imag }
    }

    /// `z.conjugate()`
    pub fn conjugate(self) -> Complex {
        Complex { real: self.real, imag: -self.imag }
    }

    /// Whether it is 0.
    pub fn is_zero(self) -> bool {
        self.real == 0.0 && self.imag == 0.0
    }

    /// `abs(z)`
    ///
    /// # Errors
    /// `OverflowError`
    pub fn abs(self) -> Result<f64, NumberError> {
        let result = self.real.hypot(self.imag);
        if result.is_infinite() && self.real.is_finite() && self.imag.is_finite() {
            return Err(NumberError::overflow("absolute value too large"));
        }
        Ok(result)
    }

    /// `a ** b`
    ///
    /// # Errors
    /// `ZeroDivisionError`, `OverflowError`
    pub fn pow(self, exponent: Complex, rules: &Profile) -> Result<Complex, NumberError> {
        let zero = NumberError::ZeroDivision(rules.zero_division.complex_power);
        let whole = exponent.imag == 0.0 && exponent.real == exponent.real.floor() && exponent.real.abs() <= 100.0;
        let result = if whole {
            let power = self.pow_unsigned(exponent.real.abs() as u32, rules);
            if exponent.real > 0.0 { power } else { quotient(Complex::from(1.0), power, rules).ok_or(zero)? }
        } else if exponent.is_zero() {
            Complex::from(1.0)
        } else if self.is_zero() {
            if exponent.imag != 0.0 || exponent.real < 0.0 {
                return Err(zero);
            }
            Complex::from(0.0)
        } else {
            let (size, angle) = (self.real.hypot(self.imag), self.imag.atan2(self.real));
            let (mut len, mut phase) = (size.powf(exponent.real), angle * exponent.real);
            if exponent.imag != 0.0 {
                let turned = angle * exponent.imag;
                if rules.complex_mixed {
                    len *= (-turned).exp();
                } else {
                    len /= turned.exp();
                }
                phase += exponent.imag * size.ln();
            }
            // The cosine of an infinity is a domain error, which CPython takes for a division by zero.
            if phase.is_infinite() {
                return Err(zero);
            }
            Complex { real: len * phase.cos(), imag: len * phase.sin() }
        };
        if result.real.is_infinite() || result.imag.is_infinite() {
            return Err(NumberError::overflow("complex exponentiation"));
        }
        Ok(result)
    }

    /// Repeated squaring, with the same products in the same order as CPython.
    fn pow_unsigned(self, exponent: u32, rules: &Profile) -> Complex {
        let (mut result, mut square) = (Complex::from(1.0), self);
        let mut left = exponent;
        while left > 0 {
            if left & 1 == 1 {
                result = product(result, square, rules);
            }
            left >>= 1;
            square = product(square, square, rules);
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::repr::complex_repr;
    use crate::rules::PyVersion;

    fn rules(minor: u8) -> Profile {
        Profile::of(PyVersion::of_minor(minor).unwrap())
    }

    fn c(real: f64, imag: f64) -> Complex {
        Complex { real, imag }
    }

    fn z(real: f64, imag: f64) -> Operand {
        Operand::Complex(c(real, imag))
    }

    fn show(value: Complex) -> String {
        complex_repr(value.real, value.imag)
    }

    #[test]
    fn products_and_quotients() {
        let r = rules(13);
        assert_eq!(show(div(z(1.0, 2.0), z(3.0, -4.0), &r).unwrap()), "(-0.2+0.4j)");
        assert_eq!(show(div(Operand::Real(1.0), z(1.0, 2.0), &r).unwrap()), "(0.2-0.4j)");
        assert_eq!(show(mul(z(0.0, 1.0), Operand::Real(f64::INFINITY), &r)), "(nan+infj)");
        assert_eq!(show(mul(z(1.0, 2.0), z(3.0, f64::INFINITY), &r)), "(-inf+infj)");
        let text = |minor| div(z(0.0, 1.0), Operand::Real(0.0), &rules(minor)).unwrap_err().to_string();
        assert_eq!([13, 14].map(text), ["complex division by zero", "division by zero"]);
    }

    #[test]
    fn mixed_arithmetic_keeps_signs_of_zero_from_314() {
        let minus = |minor| show(sub(Operand::Real(1.0), z(0.0, 0.0), &rules(minor)));
        assert_eq!([13, 14].map(minus), ["(1+0j)", "(1-0j)"]);
        let plus = |minor| show(add(z(0.0, -0.0), Operand::Real(1.0), &rules(minor)));
        assert_eq!([13, 14].map(plus), ["(1+0j)", "(1-0j)"]);
    }

    #[test]
    fn powers() {
        let r = rules(13);
        let pow = |a: Complex, b: Complex| a.pow(b, &r).map(show).map_err(|e| e.to_string());
        let real = Complex::from;
        assert_eq!(pow(c(1.0, 2.0), real(2.0)).as_deref(), Ok("(-3+4j)"));
        assert_eq!(pow(c(1.0, 2.0), real(-1.0)).as_deref(), Ok("(0.2-0.4j)"));
        assert_eq!(pow(c(1.0, 2.0), real(0.5)).as_deref(), Ok("(1.272019649514069+0.7861513777574233j)"));
        assert_eq!(pow(c(1.0, 2.0), real(100.0)).as_deref(), Ok("(-6.443164690985892e+34-6.113241307762508e+34j)"));
        assert_eq!(pow(c(1.0, 2.0), real(101.0)).as_deref(), Ok("(5.783317924538885e+34-1.8999570689734468e+35j)"));
        assert_eq!(pow(c(1.0, 1.0), c(1.0, 1.0)).as_deref(), Ok("(0.2739572538301211+0.5837007587586147j)"));
        assert_eq!(pow(c(0.0, 1.0), real(2.0)).as_deref(), Ok("(-1+0j)"));
        assert_eq!(pow(real(0.0), real(0.0)).as_deref(), Ok("(1+0j)"));
        let zero = "0.0 to a negative or complex power".to_string();
        assert_eq!(pow(real(0.0), real(-1.0)), Err(zero.clone()));
        assert_eq!(pow(real(0.0), c(0.0, 1.0)), Err(zero));
        let large = c(1e200, 1e200);
        assert_eq!(pow(large, real(2.0)).as_deref(), Ok("(nan+nanj)"));
        assert_eq!(large.pow(real(2.0), &rules(14)).unwrap_err().to_string(), "complex exponentiation");
        assert_eq!(c(3.0, 4.0).abs(), Ok(5.0));
        assert_eq!(c(1e308, 1.7e308).abs().unwrap_err().to_string(), "absolute value too large");
    }
}
