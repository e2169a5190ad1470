//! The layout of a case file: one blank line before each table, one blank around `=`, lists in one line where they fit, no
//! blanks at the ends of lines, a line end at the end.
//!
//! Invariant: the layout changes nothing but blanks, and nothing inside a string or a comment. Whoever laid a file out may
//! do it again and gets the same bytes.

use toml_edit::{Array, Decor, DocumentMut, Item, Table, Value};

/// The widest list that stands in one line.
const WIDTH: usize = 120;

/// Why a file was left as it is.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LayoutError {
    /// It is no TOML.
    #[error("line {line}: {message}")]
    Toml {
        /// 1-based.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// A string or a comment would have been changed: a mistake of ours.
    #[error("laying it out would change a string or a comment")]
    Changed,
}

/// The file laid out.
///
/// # Errors
/// Why it was left alone.
pub fn laid_out(text: &str) -> Result<String, LayoutError> {
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| LayoutError::Toml {
        line: 1 + error.span().map_or(0, |span| text.get(..span.start).unwrap_or("").matches('\n').count()),
        message: error.message().to_string(),
    })?;
    let trailing = lines(document.trailing().as_str().unwrap_or(""), false);
    table(document.as_table_mut(), true);
    document.set_trailing(trailing);
    let out = format!("{}\n", document.to_string().trim_start_matches('\n').trim_end());
    if content(text) == content(&out) { Ok(out) } else { Err(LayoutError::Changed) }
}

/// Every byte that is no blank: what a layout may not change.
///
/// Strings of several lines hold blanks that matter, so those are compared too, as values.
fn content(text: &str) -> (String, Option<toml::Table>) {
    // A list in one line has no comma behind its last item.
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    (bare.replace(",]", "]"), text.parse().ok())
}

fn table(table: &mut Table, root: bool) {
    if !root {
        let prefix = lines(decor(table.decor().prefix()), true);
        // A table of parameters belongs to the case before it.
        let blank = if prefix.is_empty() && is_part(table) { "" } else { "\n" };
        let prefix = prefix.trim_start_matches('\n').to_string();
        let suffix = comment(decor(table.decor().suffix()));
        *table.decor_mut() = Decor::new(format!("{blank}{prefix}"), suffix);
    }
    let mut first = root;
    for (mut key, item) in table.iter_mut() {
        match item {
            Item::Value(value) => {
                let above = lines(decor(key.leaf_decor().prefix()), first);
                *key.leaf_decor_mut() = Decor::new(above, " ");
                let behind = comment(decor(value.decor().suffix()));
                if let Value::Array(list) = value {
                    array(list, key.get().len());
                }
                *value.decor_mut() = Decor::new(" ", behind);
            }
            Item::Table(inner) => self::table(inner, false),
            Item::ArrayOfTables(tables) => tables.iter_mut().for_each(|inner| self::table(inner, false)),
            Item::None => {}
        }
        first = false;
    }
}

/// Whether a table is one of those that stand close to what is above them: nothing was between.
fn is_part(table: &Table) -> bool {
    table.decor().prefix().and_then(|prefix| prefix.as_str()).is_some_and(str::is_empty)
}

fn decor(raw: Option<&toml_edit::RawString>) -> &str {
    raw.and_then(|raw| raw.as_str()).unwrap_or("")
}

/// What stands on the lines above something: comments without blanks behind them, at most one blank line in a row.
fn lines(text: &str, begins: bool) -> String {
    let mut out = String::new();
    let mut blank = begins;
    for line in text.split_inclusive('\n').map(str::trim) {
        if !line.is_empty() {
            out.push_str(line);
            out.push('\n');
        } else if !blank {
            out.push('\n');
        }
        blank = line.is_empty();
    }
    out
}

/// A comment behind a value or a header.
fn comment(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() { String::new() } else { format!("  {text}") }
}

fn array(list: &mut Array, key: usize) {
    let commented = |text: &str| text.contains('#');
    let decors =
        list.iter().any(|value| commented(decor(value.decor().prefix())) || commented(decor(value.decor().suffix())));
    let nested = list.iter().any(|value| !value.is_str());
    if decors || nested || commented(list.trailing().as_str().unwrap_or("")) {
        return;
    }
    let bare: Vec<String> = list.iter().map(|value| value.clone().decorated("", "").to_string()).collect();
    let width = key + 3 + 2 + bare.iter().map(|text| text.len() + 2).sum::<usize>().saturating_sub(2);
    let wide = width > WIDTH;
    for (at, value) in list.iter_mut().enumerate() {
        let prefix = match (wide, at) {
            (true, _) => "\n    ",
            (false, 0) => "",
            (false, _) => " ",
        };
        *value.decor_mut() = Decor::new(prefix, "");
    }
    list.set_trailing_comma(wide && !list.is_empty());
    list.set_trailing(if wide { "\n" } else { "" });
}

#[cfg(test)]
mod tests {
    use super::*;

    const Q: &str = "\x27\x27\x27";

    #[test]
    fn blanks_change_and_nothing_else() {
        let text = format!(
            "#:schema x  \n\n\nguarantee=\"language\"   # all\n\n\n# About r.  \n[[rule]]\nid   = \"a.r\"\n\n\n\n[[case]]  # one\n\
             rules = [ \"a\",\n  \"b\" ]\n# why\nneeds = [\n  # first\n  \"x\",\n]\nsource = {Q}\nx   #=>  1   \n\n\n  y\n{Q}\n[case.each.n]\na=\"1\"\n\n\n[case.heap]\nx = \"[ ]\"\n  \n# end\n\n"
        );
        let out = laid_out(&text).expect("laid out");
        insta::assert_snapshot!(out);
        assert_eq!(laid_out(&out).as_deref(), Ok(out.as_str()));
    }

    #[test]
    fn long_lists_take_a_line_an_item() {
        let names: Vec<String> = (0..9).map(|n| format!("\"scoping.comprehension.rule-{n}\"")).collect();
        let out = laid_out(&format!("rules=[{}]\n", names.join(","))).expect("laid out");
        assert!(out.starts_with("rules = [\n    \"scoping.comprehension.rule-0\",\n"), "{out}");
        assert!(out.ends_with("rule-8\",\n]\n"), "{out}");
        assert_eq!(laid_out(&out).as_deref(), Ok(out.as_str()));
        assert_eq!(laid_out("a=[\n]\n").as_deref(), Ok("a = []\n"));
    }

    #[test]
    fn what_is_no_toml_is_left_alone() {
        let error = laid_out("a = 1\nb = = 2\n").expect_err("no TOML");
        assert!(error.to_string().starts_with("line 2: "), "{error}");
        assert_eq!(laid_out("").as_deref(), Ok("\n"));
    }
}
