//! Versions of CPython. A rule's value is keyed by (minor, patch): rules do move inside a minor version.

use std::fmt;
use std::str::FromStr;

/// A CPython 3 release, `3.<minor>.<patch>`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PyVersion {
    /// The `12` of 3.12.1.
    pub minor: u8,
    /// The `1` of 3.12.1.
    pub patch: u8,
}

/// Short spelling for the tables of the rule book.
pub const fn py(minor: u8, patch: u8) -> PyVersion {
    PyVersion { minor, patch }
}

impl PyVersion {
    /// The first version that has a profile.
    pub const OLDEST: PyVersion = py(8, 0);
    /// The version taken where none is named and no python3 is found.
    pub const NEWEST: PyVersion = py(15, 2);

    /// The release that stands for a minor version when no patch is named: the one that was measured.
    pub fn of_minor(minor: u8) -> Option<PyVersion> {
        let patch = match minor {
            8 => 18,
            9 => 18,
            10 => 13,
            11 => 7,
            12 => 1,
            13 => 0,
            14 => 10,
            15 => 2,
            _ => return None,
        };
        Some(py(minor, patch))
    }

    /// The minor versions that have a profile, oldest first.
    pub fn minors() -> std::ops::RangeInclusive<u8> {
        8..=15
    }
}

impl fmt::Display for PyVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "3.{}.{}", self.minor, self.patch)
    }
}

/// Why a text is not a version that has a profile.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("`{0}` is not a CPython version with a profile: give 3.8 to 3.15, with a patch number if it matters (3.12.1)")]
pub struct VersionError(pub String);

impl FromStr for PyVersion {
    type Err = VersionError;

    /// Reads `3.12` (the measured release of that minor version) or `3.12.1`.
    fn from_str(text: &str) -> Result<PyVersion, VersionError> {
        let error = || VersionError(text.to_string());
        let mut parts = text.trim().split('.');
        if parts.next() != Some("3") {
            return Err(error());
        }
        let minor: u8 = parts.next().and_then(|p| p.parse().ok()).ok_or_else(error)?;
        let default = PyVersion::of_minor(minor).ok_or_else(error)?;
        match (parts.next(), parts.next()) {
            (None, _) => Ok(default),
            // Release candidates (`0rc1`) and local builds (`1+`) follow the rules of their patch number.
            (Some(patch), None) => {
                let digits: String = patch.chars().take_while(char::is_ascii_digit).collect();
                digits.parse().map(|patch| py(minor, patch)).map_err(|_| error())
            }
            _ => Err(error()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_minor_and_full_versions() {
        assert_eq!("3.12".parse(), Ok(py(12, 1)));
        assert_eq!("3.12.7".parse(), Ok(py(12, 7)));
        assert_eq!("3.15.0rc1".parse(), Ok(py(15, 0)));
        assert_eq!("3.11.2+".parse(), Ok(py(11, 2)));
        for bad in ["", "3", "3.7", "2.7.18", "3.x", "3.12.1.1", "3.99"] {
            assert!(bad.parse::<PyVersion>().is_err(), "{bad}");
        }
    }
}
