//! Which cases are run.

use crate::case::{Case, Level, Mode};

/// What is chosen; an empty list chooses all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Selection {
    /// Parts of ids, any of which chooses.
    pub filters: Vec<String>,
    /// The filters are whole ids, with or without the sub-id.
    pub exact: bool,
    /// Areas.
    pub areas: Vec<String>,
    /// Levels: of the case or of one of its marks.
    pub levels: Vec<Level>,
    /// Modes.
    pub modes: Vec<Mode>,
}

impl Selection {
    /// Whether everything is chosen.
    pub fn is_everything(&self) -> bool {
        self.filters.is_empty() && self.areas.is_empty() && self.levels.is_empty() && self.modes.is_empty()
    }

    /// Whether this case is chosen.
    pub fn case(&self, case: &Case) -> bool {
        let named = |filter: &String| match self.exact {
            true => *filter == case.id || *filter == case.base,
            false => case.id.contains(filter.as_str()),
        };
        let level = |level: &Level| case.level == *level || case.marks.iter().any(|mark| case.level_of(mark) == *level);
        (self.filters.is_empty() || self.filters.iter().any(named))
            && (self.areas.is_empty() || self.areas.contains(&case.area))
            && (self.levels.is_empty() || self.levels.iter().any(level))
    }

    /// Whether this mode is chosen.
    pub fn mode(&self, mode: Mode) -> bool {
        self.modes.is_empty() || self.modes.contains(&mode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::load_texts;

    #[test]
    fn all_that_is_named_has_to_hold() {
        let text = "guarantee = \"cpython\"\n[[rule]]\nid = \"area.r\"\nstatement = \"It is so.\"\nreference = \"PEP 8\"\n\
             [[case]]\nid = \"area.one\"\nrules = [\"area.r\"]\ntitle = \"One\"\nsource = '''\n1  #=> 1\n'''\n\
             [[case]]\nid = \"area.two\"\nrules = [\"area.r\"]\ntitle = \"Two\"\nsource = '''\n2  #=>[language] 2\n'''\n";
        let loaded = load_texts([("cases/area/f.toml".to_string(), text.to_string())]);
        assert_eq!(loaded.cases.len(), 2, "{:?}", loaded.problems);
        let chosen = |selection: Selection| -> Vec<&str> {
            loaded.cases.iter().filter(|case| selection.case(case)).map(|case| case.id.as_str()).collect()
        };
        assert_eq!(chosen(Selection::default()), ["area.one", "area.two"]);
        assert_eq!(chosen(Selection { filters: vec!["two".into(), "x".into()], ..Selection::default() }), ["area.two"]);
        let exact = |id: &str| Selection { filters: vec![id.into()], exact: true, ..Selection::default() };
        assert_eq!(chosen(exact("area.one")), ["area.one"]);
        assert!(chosen(exact("area.on")).is_empty());
        assert_eq!(chosen(Selection { levels: vec![Level::Language], ..Selection::default() }), ["area.two"]);
        assert_eq!(chosen(Selection { areas: vec!["area".into()], ..Selection::default() }).len(), 2);
        assert!(chosen(Selection { areas: vec!["other".into()], ..Selection::default() }).is_empty());
        assert!(!Selection { modes: vec![Mode::Module], ..Selection::default() }.mode(Mode::Interactive));
    }
}
