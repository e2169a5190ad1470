//! Case and character classes of bytes: ASCII only.

/// Whether there is a byte and all of them are such.
pub fn all(data: &[u8], is: impl Fn(u8) -> bool) -> bool {
    !data.is_empty() && data.iter().all(|&byte| is(byte))
}

/// Whether the byte is a space, as `split` and `strip` see it.
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | 0x09..=0x0D)
}

/// `b.islower()`
pub fn is_lower(data: &[u8]) -> bool {
    data.iter().any(u8::is_ascii_lowercase) && !data.iter().any(u8::is_ascii_uppercase)
}

/// `b.isupper()`
pub fn is_upper(data: &[u8]) -> bool {
    data.iter().any(u8::is_ascii_uppercase) && !data.iter().any(u8::is_ascii_lowercase)
}

/// `b.istitle()`
pub fn is_title(data: &[u8]) -> bool {
    let (mut any, mut inside) = (false, false);
    for byte in data {
        if byte.is_ascii_alphabetic() {
            if byte.is_ascii_uppercase() == inside {
                return false;
            }
            (any, inside) = (true, true);
        } else {
            inside = false;
        }
    }
    any
}

/// `b.capitalize()`
pub fn capitalize(data: &[u8]) -> Vec<u8> {
    let mut out = data.to_ascii_lowercase();
    if let Some(first) = out.first_mut() {
        first.make_ascii_uppercase();
    }
    out
}

/// `b.title()`
pub fn title(data: &[u8]) -> Vec<u8> {
    let mut inside = false;
    let cased = |byte: &u8| {
        let new = if inside { byte.to_ascii_lowercase() } else { byte.to_ascii_uppercase() };
        inside = byte.is_ascii_alphabetic();
        new
    };
    data.iter().map(cased).collect()
}

/// `b.swapcase()`
pub fn swapcase(data: &[u8]) -> Vec<u8> {
    data.iter().map(|b| if b.is_ascii_lowercase() { b.to_ascii_uppercase() } else { b.to_ascii_lowercase() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles() {
        assert_eq!(title(b"it's a 2nd"), b"It'S A 2Nd");
        assert!(is_title(b"Ab 1Cd") && !is_title(b"AB") && !is_title(b"1"));
        assert_eq!(swapcase(b"aB1"), b"Ab1");
        assert_eq!(capitalize(b"aBC"), b"Abc");
    }
}
