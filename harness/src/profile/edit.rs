//! Changing the deviations of a profile's file: what a person wrote stays as it is.

use crate::judge::Deviation;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

/// The reason of an entry that nobody has given one yet.
pub const STUB: &str = "not explained yet";

/// What becomes of a file's deviations.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Change {
    /// Entries that go, by their index in the file.
    pub remove: Vec<usize>,
    /// Entries that come; each names its rule.
    pub add: Vec<Deviation>,
}

/// The text with the change. A rule without a reason gets a stub.
///
/// # Errors
/// The text is no TOML.
pub fn edited(text: &str, change: &Change) -> Result<String, String> {
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| error.to_string())?;
    let rules = document.entry("rules").or_insert_with(implicit).as_table_like_mut().ok_or("`rules` is no table")?;
    for deviation in &change.add {
        let Some(rule) = deviation.rule.as_ref().filter(|rule| !rules.contains_key(rule)) else { continue };
        let mut table = Table::new();
        table.insert("reason", value(STUB));
        rules.insert(rule, Item::Table(table));
    }
    if rules.is_empty() {
        document.remove("rules");
    }
    let list = document.entry("deviation").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    let list = list.as_array_of_tables_mut().ok_or("`deviation` is no list of tables")?;
    let mut index = 0;
    list.retain(|_| {
        index += 1;
        !change.remove.contains(&(index - 1))
    });
    let mut add = change.add.clone();
    add.sort_by(|a, b| (&a.rule, &a.case, a.mode, &a.mark).cmp(&(&b.rule, &b.case, b.mode, &b.mark)));
    for deviation in &add {
        list.push(table(deviation));
    }
    if list.is_empty() {
        document.remove("deviation");
    }
    Ok(document.to_string())
}

fn implicit() -> Item {
    let mut table = Table::new();
    table.set_implicit(true);
    Item::Table(table)
}

fn table(deviation: &Deviation) -> Table {
    let mut table = Table::new();
    let mode = deviation.mode.map(|mode| mode.word().to_string());
    let python = deviation.python.as_ref().map(ToString::to_string);
    let fields = [
        ("case", Some(deviation.case.clone())),
        ("rule", deviation.rule.clone()),
        ("mode", mode),
        ("python", python),
        ("mark", deviation.mark.clone()),
        ("probe", deviation.probe.clone()),
        ("observed", Some(deviation.observed.clone())),
    ];
    for (key, text) in fields {
        if let Some(text) = text {
            table.insert(key, value(text));
        }
    }
    table
}
