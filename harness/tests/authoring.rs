//! What people who write cases and rules use: scopes, the rule book, the lint, the measure, files begun, laid out, blessed
//! and watched.

#![cfg(unix)]

mod project;

use project::{Project, RULE, case, text, verysame};
use std::path::Path;
use std::process::{Command, Stdio};

#[test]
fn a_snippet_runs_in_every_scope_that_it_names() {
    let scopes = ["module", "function", "class", "method", "lambda", "comprehension", "generator", "exec"];
    let scoped = |text: String| text.replace("source", &format!("scopes = {scopes:?}\nsource"));
    let right = case("right", "x = \"\"\"a\nb\"\"\"\nlen(x)  #=> 3\n[] is []  #=> False\nx.none  #!> AttributeError");
    let wrong = case("wrong", "\n(1,\n 2)  #=> 3");
    let project = Project::new(&(scoped(right) + &scoped(wrong)));
    let (status, out, errors) = project.run(&["run", "--engine", "reference"]);
    assert_eq!((status, errors.as_str()), (1, ""), "{out}");
    assert!(out.contains("32 results, 16 PASS, 16 FAIL"), "{out}");
    for scope in scopes {
        let failed = format!("FAIL area.wrong/{scope} · interactive");
        assert!(out.contains(&failed), "{failed}: {out}");
    }
    // One place in the file, whatever stands around it.
    assert_eq!(out.matches("--> cases/area/topic.toml:26:10").count(), 16, "{out}");
    let (_, out, _) = project.run(&["run", "--engine", "reference", "area.right/lambda"]);
    assert!(out.contains("2 results, 2 PASS"), "{out}");
}

#[test]
fn rules_are_listed_searched_exported_and_measured() {
    let scoped = case("one", "[] is []  #=> False").replace("source", "scopes = [\"function\", \"lambda\"]\nsource");
    let project = Project::new(&scoped);
    let rule = "[[rule]]\nid = \"area.lonely\"\nstatement = \"Nobody | shows it.\"\nreference = \"Library: gc.collect\"\n\
         guarantee = \"cpython\"\nformerly = [\"old.name\"]\n";
    let (status, out, _) = project.run(&["rules", "IS", "so."]);
    assert_eq!(status, 0);
    assert!(out.starts_with("area.rule  language     It is so.\n"), "{out}");
    let (status, out, _) = project.run(&["rules", "--coverage", "area."]);
    assert_eq!(status, 0, "{out}");
    let row: Vec<&str> = out.lines().nth(1).expect("a row").split_whitespace().collect();
    assert_eq!(row, ["area.rule", "1", "2", ".", "1", ".", ".", ".", "1", ".", ".", ".", ".", ".", ".", "2"]);

    project.write("cases/area/more.toml", rule);
    let (status, out, errors) = project.run(&["rules", "--coverage", "area."]);
    assert_eq!(status, 1, "{out}");
    assert!(errors.contains("1 rule without a case: area.lonely"), "{errors}");
    let (status, out, _) = project.run(&["rules", "--json", "lonely"]);
    let data: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(
        (status, data[0]["level"].as_str(), data[0]["formerly"][0].as_str()),
        (0, Some("cpython"), Some("old.name"))
    );
    assert_eq!(data[0]["references"][0]["address"], "https://docs.python.org/3/library/gc.html#gc.collect");
    let (_, out, _) = project.run(&["rules", "--markdown", "--level", "cpython", "area."]);
    assert!(
        out.contains("| `area.lonely` | cpython | >=3.8 | Nobody \\| shows it. | [Library: gc.collect](https"),
        "{out}"
    );
    let (status, _, errors) = project.run(&["rules", "no-such-word"]);
    assert_eq!((status, errors.contains("no rule is chosen")), (2, true));

    let list =
        r#"[{"id": "area.rule"}, {"id": "old.name"}, {"id": "x.y", "level": "language", "statement": "It is."}]"#;
    project.write("list.json", list);
    let (status, out, _) = project.run(&["rules", "--against", "list.json"]);
    let said = "no case   old.name  is area.lonely, which no case shows\nmissing   x.y  language  It is.\n1 of 3 rules reached\n";
    assert_eq!((status, out.as_str()), (1, said));
    project.write("list.json", "{}");
    let (status, _, errors) = project.run(&["rules", "--against", "list.json"]);
    assert_eq!((status, errors.contains("list.json: no list of rules")), (2, true), "{errors}");
}

#[test]
fn explain_says_why_and_who_breaks_a_rule() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let explain = |rule: &str| text(&verysame(here, &["explain", rule]).stdout);
    let out = explain("scoping.comprehension.siblings");
    assert!(out.contains("level      language: promised in Language Reference: Expressions"), "{out}");
    assert!(out.contains("broken by  cpython >=3.12 in scoping.comprehension-siblings-free"), "{out}");
    assert!(out.contains("https://github.com/python/cpython/issues/156664"), "{out}");
    assert_eq!(explain("scope.comp.siblings-free"), out, "by an id that it had");
    let out = explain("caching.int.small");
    assert!(out.contains("level      cpython: CPython does so, see CPython: Objects/longobject.c"), "{out}");
    assert!(out.contains("fault      "), "{out}");
    let out = explain("lifetime.unreachable.postponed");
    assert!(out.contains("level      unspecified: left open by Language Reference"), "{out}");
}

#[test]
fn strict_lint_takes_warnings_for_errors() {
    let project = Project::new(&case("one", "1  #=> 1"));
    assert_eq!(project.run(&["lint", "--strict"]).0, 0);
    project.write("cases/area/more.toml", &format!("guarantee = \"language\"\n{}", case("two", "1  #=> 1")));
    let (status, out, _) = project.run(&["lint"]);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("warning: the case area.one does what area.two does"), "{out}");
    assert_eq!(project.run(&["lint", "--strict"]).0, 2);
}

/// A suite in which one case alone notices a fault, and one notices nothing.
fn measured() -> Project {
    let rule = |id: &str| format!("[[rule]]\nid = \"{id}\"\nstatement = \"It is so.\"\nreference = \"PEP 8\"\n");
    let about = |rule: &str, id: &str, source: &str| {
        let title = format!("About {id} here");
        format!("[[case]]\nid = \"{id}\"\nrules = [\"{rule}\"]\ntitle = \"{title}\"\nsource = '''\n{source}\n'''\n")
    };
    let (key, ended) = ("identity.dict.first-key-kept", "mutability.iterate.exhausted-stays");
    let text = [
        "guarantee = \"language\"\n".to_string(),
        rule(key),
        rule(ended),
        about(key, "x.first-key", "d = {1: 0}\nd[True] = 1\nlist(d)  #=> [1]"),
        about(ended, "x.iterator-one", "a = []\ni = iter(a)\nlist(i)  #=> []\na.append(1)\nlist(i)  #=> []"),
        about(ended, "x.iterator-two", "a = [0]\ni = iter(a)\nlist(i)  #=> [0]\na.append(1)\nlist(i)  #=> []"),
        about(ended, "x.never", "1  #=> 1"),
    ];
    let project = Project::new("");
    project.write("measured/topic.toml", &text.concat());
    project
}

#[test]
fn faults_name_sole_killers_and_cases_that_never_fail() {
    let project = measured();
    let faults = |more: &[&str]| {
        let all = ["faults", "--cases", "measured", "first-key-kept:replaced", "exhausted-stays:restarts"];
        project.run(&[&all[..], more].concat())
    };
    let (status, out, errors) = faults(&["--sole"]);
    assert_eq!(status, 0, "{out}{errors}");
    assert!(out.contains("identity.dict.first-key-kept:replaced  only by x.first-key (module, "), "{out}");
    assert!(out.contains("exhausted-stays:restarts  by x.iterator-one (module, "), "{out}");
    assert!(out.contains(" and x.iterator-two (module, "), "{out}");
    assert!(out.contains("only one killer: 1 fault, 1 case"), "{out}");
    let (status, out, _) = faults(&["--lint"]);
    assert_eq!(status, 1, "{out}");
    assert!(out.starts_with("never fails  x.never  mutability.iterate.exhausted-stays\n"), "{out}");
    assert!(out.contains("\n1 case that no fault makes fail"), "{out}");

    // Without its only killer the fault survives.
    let text = std::fs::read_to_string(project.folder.path().join("measured/topic.toml")).expect("the file");
    let (before, rest) = text.split_once("[[case]]\nid = \"x.first-key\"").expect("the case");
    let (_, after) = rest.split_once("[[case]]").expect("another case");
    project.write("measured/topic.toml", &format!("{before}[[case]]{after}"));
    let (status, out, _) = faults(&["--sole"]);
    assert_eq!(status, 1, "{out}");
    assert!(out.contains("SURVIVED  identity.dict.first-key-kept:replaced"), "{out}");
    let (status, out, _) = faults(&["--missing"]);
    assert_eq!((status, out.as_str()), (0, "0 rules without a fault of its own\n"));
}

#[test]
fn a_new_file_and_a_new_case_run_as_they_stand() {
    let project = Project::new(&case("one", "1  #=> 1"));
    let (status, out, _) = project.run(&["new", "area/fresh"]);
    assert_eq!(status, 0, "{out}");
    assert!(out.starts_with("cases/area/fresh.toml:1: area.fresh-shows\n"), "{out}");
    assert_eq!(project.run(&["fmt", "--check", "cases/area/fresh.toml"]).0, 0);
    let (status, out, _) = project.run(&["run", "--engine", "reference", "area.fresh-shows"]);
    assert_eq!(status, 0, "{out}");
    let (status, out, _) = project.run(&["lint", "--strict", "cases/area/fresh.toml"]);
    assert_eq!(status, 2, "{out}");
    assert!(out.contains("leads to no place") && out.contains("says too little"), "{out}");

    // Filled in, it is clean.
    let path = project.folder.path().join("cases/area/fresh.toml");
    let fill = || {
        let text = std::fs::read_to_string(&path).expect("the file");
        let text =
            text.replace("TODO say the rule in one sentence.", "It is so.").replace("\"TODO\"", "\"It is shown here\"");
        std::fs::write(&path, text.replace("TODO the document and the place in it", "PEP 8")).expect("written");
    };
    fill();
    let (status, out, _) = project.run(&["lint", "--strict", "cases/area/fresh.toml"]);
    assert_eq!(status, 0, "{out}");

    let (status, out, _) = project.run(&["new", "cases/area/fresh.toml"]);
    assert_eq!(status, 0, "{out}");
    assert!(out.starts_with("cases/area/fresh.toml:18: area.fresh-shows-2\n"), "{out}");
    fill();
    std::fs::write(
        &path,
        std::fs::read_to_string(&path).expect("the file").replacen("x = []\nx is x", "y = []\ny is y", 1),
    )
    .expect("written");
    let (status, out, _) = project.run(&["lint", "--strict", "cases/area/fresh.toml"]);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("2 cases about 1 rule"), "{out}");
    for (topic, words) in [("fresh", "no AREA/TOPIC"), ("Area/x", "no AREA/TOPIC")] {
        let (status, _, errors) = project.run(&["new", topic]);
        assert!(status == 2 && errors.contains(words), "{errors}");
    }
    let (status, _, errors) = project.run(&["new", "area/fresh", "--id", "area.one"]);
    assert!(status == 2 && errors.contains("the id `area.one` is taken"), "{errors}");
}

#[test]
fn fmt_touches_no_string_and_says_what_it_did() {
    let source = "x   =  [1,2]   #  a remark\n\n\nx   #=>   [1, 2]";
    let project = Project::new(&case("one", source).replace("title = ", "title    =   "));
    let path = project.folder.path().join("cases/area/topic.toml");
    let before = std::fs::read_to_string(&path).expect("the file");
    let (status, out, _) = project.run(&["fmt", "--check"]);
    assert_eq!((status, out.as_str()), (1, "not laid out: cases/area/topic.toml\n1 file, 1 not laid out\n"));
    assert_eq!(std::fs::read_to_string(&path).expect("the file"), before);
    let (status, out, _) = project.run(&["fmt"]);
    assert_eq!((status, out.as_str()), (0, "cases/area/topic.toml\n1 file, 1 changed\n"));
    let after = std::fs::read_to_string(&path).expect("the file");
    assert!(after.contains(source) && after.contains("\ntitle = \"About one here\"\n"), "{after}");
    assert_eq!(project.run(&["fmt", "--check"]).0, 0);
    project.write("cases/area/broken.toml", "a = 1\nb = = 2\n");
    let (status, _, errors) = project.run(&["fmt"]);
    assert!(status == 2 && errors.contains("cases/area/broken.toml: line 2: "), "{errors}");
}

#[test]
fn bless_of_one_line_leaves_the_others() {
    let text =
        case("habit", "len([1])  #=> 7\nlen([1, 2])  #=> 7").replace("source", "guarantee = \"cpython\"\nsource");
    let project = Project::new(&text);
    let path = project.folder.path().join("cases/area/topic.toml");
    let before = std::fs::read_to_string(&path).expect("the file");
    let (status, out, errors) = project.run(&["bless", "--engine", "reference", "cases/area/topic.toml:13"]);
    assert_eq!((status, errors.as_str()), (0, ""), "{out}");
    let after = std::fs::read_to_string(&path).expect("the file");
    assert_eq!(after, before.replace("len([1, 2])  #=> 7", "len([1, 2])  #=> 2"));
    let (status, _, errors) = project.run(&["bless", "--engine", "reference", "cases/area/topic.toml:2"]);
    assert!(status == 2 && errors.contains("no mark stands at cases/area/topic.toml:2"), "{errors}");
}

#[test]
fn watch_reruns_what_a_saved_file_changes() {
    use std::io::{BufRead, BufReader};
    let project = Project::new(&(case("one", "1  #=> 1") + &case("two", "2  #=> 2")));
    let mut command = Command::new(env!("CARGO_BIN_EXE_verysame"));
    command.current_dir(project.folder.path()).args(["watch", "--reruns", "2"]).env_remove("CARGO_MANIFEST_DIR");
    let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map(|line| line.expect("text"));
    assert_eq!(lines.next().as_deref(), Some("watching cases: 2 cases"));
    let save = |second: &str| {
        project.write("cases/area/topic.toml", &format!("{RULE}{}{}", case("one", "1  #=> 1"), case("two", second)));
    };
    let mut until = |wanted: &str| -> Vec<String> {
        let mut said = Vec::new();
        for line in lines.by_ref() {
            said.push(line);
            if said.last().is_some_and(|line| line.starts_with(wanted)) {
                return said;
            }
        }
        panic!("{wanted} is not said: {said:?}");
    };
    save("2  #=> 3");
    let said = until("cases/area/topic.toml in ").join("\n");
    assert!(said.contains("FAIL area.two · module") && said.contains("2 results, 2 FAIL"), "{said}");
    save("3  #=> 3");
    let said = until("cases/area/topic.toml in ").join("\n");
    assert!(said.contains("2 results, 2 PASS"), "{said}");
    assert!(child.wait().expect("it ends").success());
}
