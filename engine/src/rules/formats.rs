//! The values of the rules about formatting.

use super::room;

/// What the format-spec mini-language takes and says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FormatSpec {
    /// A `0` before the width puts the padding of a string after a sign, which strings do not have.
    pub zero_aligns_text: bool,
    /// `z` is known.
    pub coerces_zero: bool,
    /// The error about a malformed spec shows it and names the class.
    pub names_invalid: bool,
    /// The digits behind the point can be grouped.
    pub groups_fraction: bool,
    /// A space as the sign of a string is called a space.
    pub names_space: bool,
    /// In `,,` the second comma is taken for a type.
    pub comma_pair_is_type: bool,
}

impl FormatSpec {
    /// 3.8
    pub const OLD: FormatSpec = FormatSpec {
        zero_aligns_text: true,
        coerces_zero: false,
        names_invalid: false,
        groups_fraction: false,
        names_space: false,
        comma_pair_is_type: false,
    };
    /// 3.9
    pub const NAMED_SPACE: FormatSpec = FormatSpec { names_space: true, comma_pair_is_type: true, ..FormatSpec::OLD };
    /// 3.10
    pub const ZERO_FILLS: FormatSpec = FormatSpec { zero_aligns_text: false, ..FormatSpec::NAMED_SPACE };
    /// 3.11
    pub const NAMED_INVALID: FormatSpec =
        FormatSpec { coerces_zero: true, names_invalid: true, ..FormatSpec::ZERO_FILLS };
    /// 3.14
    pub const GROUPED_FRACTION: FormatSpec = FormatSpec { groups_fraction: true, ..FormatSpec::NAMED_INVALID };
}

/// Which texts `%`-formatting raises with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum PrintfTexts {
    /// `a number is required`.
    Number,
    /// `a real number is required`.
    RealNumber,
    /// `%c` names what it was given.
    NamedCharacter,
    /// Errors name positions and counts.
    Positions,
}

room! { formats

    /// A format spec is read by this grammar.
    format_spec "value.format-spec": FormatSpec {
        py(8, 0) => FormatSpec::OLD, py(9, 0) => FormatSpec::NAMED_SPACE, py(10, 0) => FormatSpec::ZERO_FILLS,
        py(11, 0) => FormatSpec::NAMED_INVALID, py(14, 0) => FormatSpec::GROUPED_FRACTION;
        faults { "oldest": FormatSpec::OLD, "newest": FormatSpec::GROUPED_FRACTION }
    }

    /// `%`-formatting raises with these texts.
    printf_texts "error.printf": PrintfTexts {
        py(8, 0) => PrintfTexts::Number, py(10, 0) => PrintfTexts::RealNumber, py(14, 0) => PrintfTexts::NamedCharacter,
        py(15, 0) => PrintfTexts::Positions;
        faults { "oldest": PrintfTexts::Number, "newest": PrintfTexts::Positions }
    }
}
