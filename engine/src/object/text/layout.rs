//! Padding a `str` to a width: `center`, `ljust`, `rjust`, `zfill`, `expandtabs`.
//!
//! Where nothing is added, CPython returns the operand itself.

use super::{Changed, Text, TextBuilder};

impl Text {
    fn padded(&self, left: usize, right: usize, fill: u32) -> Changed {
        if left == 0 && right == 0 {
            return Changed::Same;
        }
        let mut out = TextBuilder::with_capacity(self.len() + left + right);
        (0..left).for_each(|_| out.push(fill));
        out.push_text(self);
        (0..right).for_each(|_| out.push(fill));
        Changed::New(out.finish())
    }

    /// `s.center(width, fill)`.
    pub fn center(&self, width: usize, fill: u32) -> Changed {
        let marg = width.saturating_sub(self.len());
        // With an odd margin the extra place goes left if the width is odd.
        let left = marg / 2 + (marg & width & 1);
        self.padded(left, marg - left, fill)
    }

    /// `s.ljust(width, fill)`.
    pub fn ljust(&self, width: usize, fill: u32) -> Changed {
        self.padded(0, width.saturating_sub(self.len()), fill)
    }

    /// `s.rjust(width, fill)`.
    pub fn rjust(&self, width: usize, fill: u32) -> Changed {
        self.padded(width.saturating_sub(self.len()), 0, fill)
    }

    /// `s.zfill(width)`: zeros after a sign.
    pub fn zfill(&self, width: usize) -> Changed {
        let zeros = width.saturating_sub(self.len());
        if zeros == 0 {
            return Changed::Same;
        }
        let signed = matches!(self.get(0), Some(0x2B | 0x2D));
        let mut out = TextBuilder::with_capacity(width);
        out.push_text(&self.sub(0, usize::from(signed)));
        (0..zeros).for_each(|_| out.push(u32::from('0')));
        out.push_text(&self.sub(usize::from(signed), self.len()));
        Changed::New(out.finish())
    }

    /// `s.expandtabs(size)`; a size below 1 removes the tabs.
    pub fn expand_tabs(&self, size: i64) -> Changed {
        if !self.points().any(|point| point == 0x09) {
            return Changed::Same;
        }
        let size = usize::try_from(size).unwrap_or(0);
        let mut out = TextBuilder::with_capacity(self.len());
        let mut column = 0;
        for point in self.points() {
            match point {
                0x09 => {
                    let spaces = if size == 0 { 0 } else { size - column % size };
                    (0..spaces).for_each(|_| out.push(u32::from(' ')));
                    column += spaces;
                }
                0x0A | 0x0D => {
                    out.push(point);
                    column = 0;
                }
                _ => {
                    out.push(point);
                    column += 1;
                }
            }
        }
        Changed::New(out.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(text: &str) -> Text {
        Text::from(text)
    }

    #[test]
    fn pads_like_python() {
        let star = u32::from('*');
        let center = |s: &str, w| t(s).center(w, star).text(&t(s)).clone();
        assert_eq!(center("ab", 5), t("**ab*"));
        assert_eq!(center("abc", 6), t("*abc**"));
        assert_eq!(center("abc", 8), t("**abc***"));
        assert_eq!(center("ab", 7), t("***ab**"));
        assert_eq!(t("abc").center(3, star), Changed::Same);
        assert_eq!(t("a").ljust(3, 0x20AC), Changed::New(t("a€€")));
        assert_eq!(t("a").rjust(0, star), Changed::Same);
    }

    #[test]
    fn zfill_and_tabs() {
        assert_eq!(t("+12").zfill(6), Changed::New(t("+00012")));
        assert_eq!(t("+").zfill(3), Changed::New(t("+00")));
        assert_eq!(t("").zfill(2), Changed::New(t("00")));
        assert_eq!(t("12").zfill(2), Changed::Same);
        assert_eq!(t("a\tb\n\tc").expand_tabs(4), Changed::New(t("a   b\n    c")));
        assert_eq!(t("a\tb").expand_tabs(-1), Changed::New(t("ab")));
        assert_eq!(t("ab").expand_tabs(8), Changed::Same);
    }
}
