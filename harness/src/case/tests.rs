//! Whole files, broken in every way that people break them.

use super::*;
use std::collections::BTreeSet;

const HEAD: &str = r#"guarantee = "language"
[[rule]]
id = "scoping.rule"
statement = "A rule."
reference = "PEP 8"
"#;

/// A file with one rule and these cases.
fn load(body: &str) -> Loaded {
    load_texts([("cases/scoping/local.toml".to_string(), format!("{HEAD}{body}"))])
}

fn case_with(source: &str) -> String {
    format!(
        "[[case]]\nid = \"scoping.one\"\nrules = [\"scoping.rule\"]\ntitle = \"It is shown\"\nsource = '''\n{source}'''\n"
    )
}

fn said(loaded: &Loaded) -> String {
    loaded.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n")
}

fn report(body: &str) -> String {
    said(&load(body))
}

#[test]
fn a_right_file_has_no_problems() {
    let loaded = load(
        r#"
[[case]]
id = "scoping.unbound-local"
rules = ["scoping.rule"]
title = "Reading ${binding} early"
needs = ["unbound-local-error"]
python = ">=3.8,<3.15"
source = '''
x = 0
def f():
    x
    ${binding}
f()             #!> UnboundLocalError
x               #=> ${n.value}
'''
[case.each.binding]
assign = "x = 1"
delete = "del x"
handler = """
try: pass
except Exception as x: pass"""
[case.each.n]
zero = { value = "0" }
[case.files]
helper = "y = 1"
[case.heap]
x = "0"
"#,
    );
    assert_eq!(said(&loaded), "");
    let ids: Vec<&str> = loaded.cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "scoping.unbound-local/assign/zero",
            "scoping.unbound-local/delete/zero",
            "scoping.unbound-local/handler/zero"
        ]
    );
    let last = &loaded.cases[2];
    assert_eq!(
        last.title,
        "Reading \ntry: pass\nexcept Exception as x: pass early"
            .replace("\ntry", "try")
            .replace("\nexcept", "\n        except")
    );
    assert!(last.source.text.contains("    try: pass\n    except Exception as x: pass\n"), "{}", last.source.text);
    assert_eq!(last.files, [("helper".to_string(), "y = 1".to_string())]);
    assert_eq!((last.area.as_str(), last.level), ("scoping", Level::Language));
}

#[test]
fn broken_toml() {
    let loaded = load(&format!(
        "{}[[case]\nid = \"scoping.two\"\n{}",
        case_with("1  #=> 1\n"),
        case_with("2  #=> 2\n").replace("one", "three")
    ));
    let ids: Vec<&str> = loaded.cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids, ["scoping.one", "scoping.three"]);
    insta::assert_snapshot!(said(&loaded));
}

#[test]
fn an_unclosed_source() {
    let loaded = load(&format!("{}[[case]]\nid = \"scoping.two\"\nsource = '''\nx\n", case_with("1  #=> 1\n")));
    assert_eq!(loaded.cases.len(), 1);
    insta::assert_snapshot!(said(&loaded));
}

#[test]
fn unknown_keys() {
    insta::assert_snapshot!(report(
        "[[case]]\nid = \"scoping.one\"\nrule = [\"scoping.rule\"]\nrules = [\"scoping.rule\"]\ntitel = \"t\"\nlevel = \"language\"\nfrobnicate = 1\nsource = '''\n1  #=> 1\n'''\n"
    ));
}

#[test]
fn wrong_types_and_words() {
    insta::assert_snapshot!(report(
        r#"
[[case]]
id = "scoping.one"
rules = "scoping.rule"
title = 5
guarantee = "langauge"
modes = ["modul", "interactive", "interactive"]
python = "3.9"
needs = ["Sys GetSizeof"]
source = '''
1  #=> 1
'''
each = []
stdout = false
heap = "x"
[[case]]
id = "Scoping One"
rules = ["scoping.rule"]
title = ""
python = ">=3.13,<3.12"
modes = []
source = '''
1  #=> 1
'''
[[case]]
id = "identity.elsewhere"
[case.files]
"helper.py" = "x = 1"
"#
    ));
}

#[test]
fn a_broken_case_costs_no_other() {
    let body = format!("{}{}", case_with("1  #=>> 1\n"), case_with("2  #=> 2\n").replace("one", "two"));
    let loaded = load(&body);
    assert_eq!(loaded.cases.iter().map(|case| case.id.as_str()).collect::<Vec<_>>(), ["scoping.two"]);
    let other = ("cases/scoping/bad.toml".to_string(), "[[case\n".to_string());
    let both = load_texts([other, ("cases/scoping/local.toml".to_string(), format!("{HEAD}{body}"))]);
    assert_eq!(both.cases.len(), 1);
    assert!(both.problems.len() > loaded.problems.len());
}

#[test]
fn unknown_marks() {
    insta::assert_snapshot!(report(&case_with(
        "a  #=>> 1\nb  #?> 2\nc  # => 3\nd = 1  #=> 1\ne  #&> [&1 [], 2]\n#=>[py<3.9 1\nf  #~> 1\n"
    )));
}

#[test]
fn guards_with_gaps_and_overlaps() {
    insta::assert_snapshot!(report(&case_with(
        "a  #=>[py<3.11] 1\n#=>[py>=3.12] 2\nb  #=>[interactive] 1\nc  #=>[py<3.12] 1\n#=>[py>=3.11] 2\nd  #=> 1\n#!> E\ne  #=>[module,py<3.9] 1\n#=>[interactive] 2\nf  #=> 1\n#&> 1\ng  #=>[py<3.9,py>3.9] 1\n"
    )));
}

#[test]
fn guards_that_never_speak() {
    let case = case_with("a  #=>[py<3.9] 1\n#=>[py>=3.9] 2\nb  #=>[module] 1\n#=>[interactive] 2\n");
    insta::assert_snapshot!(report(&case.replace("title", "python = \">=3.10\"\nmodes = [\"module\"]\ntitle")));
}

#[test]
fn sources_that_do_not_parse() {
    let two = case_with("é = ${value}\nx  #=> 1\n").replace("one", "two");
    let two = format!("{two}[case.each.value]\ngood = \"1\"\nbad = \"= 1\"\n");
    insta::assert_snapshot!(report(&format!("{}{two}", case_with("x = 1\ny = = 2\nx  #=> 1\n"))));
}

#[test]
fn a_program_that_is_rejected() {
    let right = case_with("x = 1\nx\n#=>[interactive] 1\nx = = 1  #!> SyntaxError @compile\n");
    assert_eq!(report(&right), "");
    insta::assert_snapshot!(report(&case_with("x  #=> 1\nnonlocal y  #!> SyntaxError @compile\n#| out\n")));
}

#[test]
fn cases_that_expect_nothing_or_too_much() {
    let nothing = case_with("x = 1\n");
    let twice = case_with("print(1)  #| 1\n").replace("one", "two").replace("title", "stdout = \"1\\n\"\ntitle");
    insta::assert_snapshot!(report(&format!("{nothing}{twice}")));
}

#[test]
fn statements_that_cannot_be_watched() {
    insta::assert_snapshot!(report(&case_with(
        "if x:\n    y\nelse: z  #!> E\nclass C:\n    \"\"\"a\n    b\"\"\"\n#!> E\n"
    )));
}

#[test]
fn ids_and_rules_across_files() {
    let other = "guarantee = \"cpython\"\n[[rule]]\nid = \"scoping.rule\"\nstatement = \"Again\"\nreference = \"PEP 8\"\n[[rule]]\nid = \"scoping.lonely\"\nstatement = \"Nobody shows it.\"\nreference = \"PEP 8\"\n";
    let first = case_with("1  #=> 1\n").replace("title", "formerly = [\"scoping.old\", \"scoping.two\"]\ntitle");
    let second = case_with("1  #=> 1\n").replace("scoping.rule", "scoping.rul");
    let third = case_with("1  #=> 1\n").replace("one", "two").replace("title", "formerly = [\"scoping.old\"]\ntitle");
    let fourth = case_with("1  #=> 1\n").replace("one", "four").replace("scoping.rule", "memory.unheard-of");
    let loaded = load_texts([
        ("cases/scoping/a.toml".to_string(), format!("{HEAD}{first}{second}{third}{fourth}")),
        ("cases/scoping/b.toml".to_string(), other.to_string()),
    ]);
    insta::assert_snapshot!(said(&loaded));
    assert_eq!(loaded.cases.iter().filter(|case| case.id == "scoping.one").count(), 1);
}

#[test]
fn a_case_that_promises_more_than_its_rules() {
    let weak =
        "[[rule]]\nid = \"scoping.weak\"\nstatement = \"Weak.\"\nreference = \"PEP 8\"\nguarantee = \"cpython\"\n";
    let case = case_with("1  #=> 1\n").replace("scoping.rule", "scoping.weak");
    let right = case_with("1  #=> 1\n").replace("one", "two").replace("[\"", "[\"scoping.weak\", \"");
    insta::assert_snapshot!(report(&format!("{weak}{case}{right}")));
}

#[test]
fn parameters() {
    let one = case_with("${bindin}\n${n}\n1  #=> 1\n");
    let unused = one.replace("one", "two");
    let unused = format!("{unused}[case.each.binding]\na = \"x\"\n[case.each.n]\nb = {{ text = \"1\" }}\n");
    insta::assert_snapshot!(report(&format!(
        "{unused}{one}[case.each.binding]\n\"a b\" = \"x\"\nc = 5\n[case.each.n]\nsmall = {{ text = \"1\" }}\n[case.each.empty]\n"
    )));
}

#[test]
fn heap_graphs() {
    insta::assert_snapshot!(report(&format!("{}[case.heap]\na = \"[&1 [], *2]\"\n", case_with("a = 1\n"))));
}

#[test]
fn files_that_cannot_be_read() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("scoping")).expect("a folder");
    std::fs::write(folder.path().join("scoping/bad.toml"), b"a = 1\nb = \"\xff\"\n").expect("written");
    std::fs::write(folder.path().join("scoping/good.toml"), format!("{HEAD}{}", case_with("1  #=> 1\n")))
        .expect("written");
    let loaded = load_dir(folder.path());
    assert_eq!(loaded.cases.len(), 1);
    assert_eq!(loaded.problems.len(), 1);
    assert!(loaded.problems[0].message.contains("not UTF-8 (line 2)"), "{}", loaded.problems[0]);
    assert_eq!(load_dir(&folder.path().join("missing")).problems.len(), 1);
    assert_eq!(load_dir(&folder.path().join("scoping/good.toml")).cases.len(), 1);
}

#[test]
fn a_part_of_the_suite_may_name_rules_of_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let cases = folder.path().join("cases");
    let write = |path: &str, text: String| {
        let path = cases.join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("written");
    };
    write("scoping/rules.toml", HEAD.to_string());
    write("scoping/cases.toml", format!("guarantee = \"language\"\n{}", case_with("1  #=> 1\n")));
    write("memory/bad.toml", "[[case".to_string());
    for (part, count) in [("scoping", 1), ("scoping/cases.toml", 1), ("scoping/rules.toml", 0)] {
        let loaded = load_dir(&cases.join(part));
        assert_eq!((said(&loaded).as_str(), loaded.cases.len()), ("", count), "{part}");
    }
    write("scoping/more.toml", "nonsense = 1\n".to_string());
    assert_eq!(load_dir(&cases.join("scoping")).problems.len(), 1);
    assert_eq!(load_dir(&cases).problems.len(), 2);
}

#[test]
fn windows_line_ends_are_read() {
    let text = format!("{HEAD}{}", case_with("x = 1\nx  #=> 1\n#=>> 2\n")).replace('\n', "\r\n");
    let loaded = load_texts([("cases/scoping/local.toml".to_string(), text)]);
    assert_eq!(loaded.problems.len(), 1, "{}", said(&loaded));
    assert_eq!((loaded.problems[0].line, loaded.problems[0].column), (13, 1));
}

#[test]
fn no_text_panics() {
    let whole = format!("{HEAD}{}", case_with("x = [1]\nf()  #!>[py<3.9] E: a\n#~>[py>=3.9] 1 or 2\nx  #&> [1]\n"));
    for (at, _) in whole.char_indices() {
        load_texts([("cases/scoping/local.toml".to_string(), whole[..at].to_string())]);
        let without: String = whole.char_indices().filter(|(own, _)| *own != at).map(|(_, c)| c).collect();
        load_texts([("cases/scoping/local.toml".to_string(), without)]);
    }
}

#[test]
fn scopes_multiply_a_case() {
    let body = case_with("x = []\nx is x  #=> True\n").replace(
        "source",
        "scopes = [\"module\", \"function\", \"class\", \"method\", \"lambda\", \"comprehension\", \"generator\", \"exec\"]\nsource",
    );
    let loaded = load(
        &format!("{}{}", body.replace("'x'", "x"), "[case.each.n]\none = \"1\"\n").replace("x = []", "x = [${n}]"),
    );
    assert_eq!(said(&loaded), "");
    let ids: Vec<&str> = loaded.cases.iter().map(|case| case.id.as_str()).collect();
    let wanted = Scope::ALL.map(|scope| format!("scoping.one/one/{scope}"));
    assert_eq!(ids, wanted);
    for case in &loaded.cases {
        // Whatever stands around it, the mark is the one in the file.
        let mark = case.marks.first().expect("a mark");
        assert_eq!(case.source.place(mark.value.clone()).line_column(), (13, 13), "{}", case.id);
        let plan = plan(case, Mode::Module, verysame_engine::rules::PyVersion::NEWEST).expect("it runs");
        let probes = plan.job.probes.len();
        assert_eq!((plan.watches.len(), probes), (1, 1), "{}", case.id);
    }
    let exec = loaded.cases.last().expect("eight");
    let plan = plan(exec, Mode::Interactive, verysame_engine::rules::PyVersion::NEWEST).expect("it runs");
    let text: Vec<&str> = plan.job.chunks.iter().map(|chunk| chunk.source.as_str()).collect();
    assert_eq!(text, ["exec('x = [1]\\n__probe_1__((x is x))  #=> True\\n')\n"]);
}

#[test]
fn wrong_scopes() {
    let with = |scopes: &str, source: &str| case_with(source).replace("source", &format!("scopes = {scopes}\nsource"));
    let mut said = Vec::new();
    for (scopes, source) in [
        ("[\"modul\", \"class\", \"class\"]", "1  #=> 1\n"),
        ("[]", "1  #=> 1\n"),
        ("[\"lambda\"]", "x = 1\ndel x\nif 1:\n    x  #!> NameError\n"),
        ("[\"generator\"]", "1 +  #=> 1\n"),
        ("[\"generator\"]", "x = 1\nprint(x)\n#| 1\n"),
        ("[\"exec\"]", "x = = 1  #!> SyntaxError @compile\n"),
    ] {
        said.push(report(&with(scopes, source)));
    }
    said.push(report(&format!("{}[case.heap]\nx = \"[]\"\n", with("[\"module\", \"class\"]", "x = []\n"))));
    insta::assert_snapshot!(said.join("\n----\n"));
}

#[test]
fn cases_beside_each_other_and_beside_their_rules() {
    let rule = |id: &str, more: &str| format!("[[rule]]\nid = \"scoping.{id}\"\nstatement = \"So.\"\n{more}\n");
    let case = |id: &str, rule: &str, title: &str, more: &str, source: &str| {
        format!(
            "[[case]]\nid = \"scoping.{id}\"\nrules = [\"scoping.{rule}\"]\ntitle = \"{title}\"\n{more}source = '''\n{source}'''\n"
        )
    };
    let body = [
        rule(
            "source",
            "reference = \"CPython: Objects/listobject.c; Library: gc.collect (CPython implementation detail)\"",
        ),
        rule("late", "python = \">=3.12\"\nreference = \"PEP 709\""),
        case("first", "rule", "It shows this", "", "# so\nx = 1\nx  #=> 1\n"),
        case("second", "rule", "It shows that", "", "x = 1   # one\n\nx      #=>   1\n"),
        case("other-mark", "rule", "It shows more", "", "x = 1\nx  #=> 2\n"),
        case("other-modes", "rule", "It shows that at the prompt", "modes = [\"module\"]\n", "x = 1\nx  #=> 1\n"),
        case("short", "source", "Short", "", "4  #=> 4\n"),
        case("stop", "source", "It ends here.", "", "5  #=> 5\n"),
        case("low", "source", "gc.collect is called", "", "6  #=> 6\n"),
        case("border", "late", "It shows both sides", "", "7\n#=>[py<3.12] 7\n#=>[py>=3.12] 7\n"),
        case("before", "late", "It shows the wrong side", "python = \"<3.12\"\n", "8\n#=>[py<3.9] 8\n#=>[py>=3.9] 8\n"),
    ];
    insta::assert_snapshot!(report(&body.concat()));
}

/// The keys that the editors' schema allows, by the table they belong to.
fn schema_keys(schema: &serde_json::Value, pointer: &str) -> BTreeSet<String> {
    let properties = schema.pointer(pointer).and_then(|node| node.get("properties")).and_then(|node| node.as_object());
    properties.expect("an object with properties").keys().cloned().collect()
}

#[test]
fn the_schema_for_editors_is_generated_and_has_the_loaders_keys() {
    let file = include_str!("../../../cases/case.schema.json");
    assert!(file == schema::text(), "run: verysame schema > cases/case.schema.json");
    let schema = schema::schema();
    for (pointer, keys) in [("", FILE_KEYS), ("/$defs/rule", RULE_KEYS), ("/$defs/case", CASE_KEYS)] {
        let ours: BTreeSet<String> = keys.iter().map(ToString::to_string).collect();
        assert_eq!(schema_keys(&schema, pointer), ours, "{pointer}");
        let closed = schema.pointer(pointer).and_then(|node| node.get("additionalProperties"));
        assert_eq!(closed, Some(&serde_json::Value::Bool(false)), "{pointer}");
    }
}

/// Every keyword of the schema: taplo knows those of draft 7, and `$defs` as a place for references to lead to.
#[test]
fn the_schema_keeps_to_what_editors_understand() {
    const KNOWN: [&str; 14] = [
        "$schema",
        "$ref",
        "$defs",
        "title",
        "description",
        "type",
        "properties",
        "additionalProperties",
        "required",
        "items",
        "enum",
        "pattern",
        "anyOf",
        "minItems",
    ];
    const ALSO: [&str; 2] = ["uniqueItems", "minProperties"];
    fn check(node: &serde_json::Value, root: &serde_json::Value, names: bool) {
        match node {
            serde_json::Value::Object(map) => {
                for (key, value) in map {
                    assert!(names || KNOWN.contains(&key.as_str()) || ALSO.contains(&key.as_str()), "{key}");
                    if let (false, "$ref", Some(target)) = (names, key.as_str(), value.as_str()) {
                        let pointer = target.trim_start_matches('#');
                        assert!(root.pointer(pointer).is_some(), "{target} leads nowhere");
                    }
                    check(value, root, !names && ["properties", "$defs"].contains(&key.as_str()));
                }
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| check(item, root, false)),
            _ => {}
        }
    }
    let schema = schema::schema();
    check(&schema, &schema, false);
}
