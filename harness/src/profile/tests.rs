use super::*;
use std::path::Path;

fn wrong(text: &str) -> String {
    let problems = read_profile("x.toml", text).expect_err("it is wrong");
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n")
}

const GOOD: &str = "command = [\"no-such\", \"sh engine\"]\ndriver = \"file\"\npython = \"3.12\"\nclaims = \"language\"\n\
[rules.\"a.rule\"]\nreason = \"Because\"\nissue = \"x#1\"\n[[deviation]]\ncase = \"a.b\"\nrule = \"a.rule\"\nobserved = \"1\"\n\
[[deviation]]\ncase = \"a.c\"\nmode = \"module\"\nobserved = \"2\"\nreason = \"Own\"\n";

#[test]
fn a_profile_is_read_and_reasons_stand_with_rules() {
    let profile = read_profile("some/x.toml", GOOD).expect("good");
    assert_eq!((profile.name.as_str(), profile.driver, profile.deviations.len()), ("x", DriverKind::File, 2));
    assert_eq!(
        (profile.deviations[0].reason.as_str(), profile.deviations[0].issue.as_deref()),
        ("Because", Some("x#1"))
    );
    assert_eq!(profile.deviations[1].reason, "Own");
    assert!(profile.uncaught.pattern.is_match("a.KeyError: 'x'"));
    // Without a message some leave the colon.
    let class = |line| profile.uncaught.pattern.captures(line).map(|found| found["class"].to_string());
    assert_eq!(class("TypeError:").as_deref(), Some("TypeError"));
    assert_eq!(class("TypeError: ").as_deref(), Some("TypeError"));
    assert_eq!(class("TypeError"), class("TypeError:"));
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let errors = wrong("command = \"x\"\nisolatoin = \"fork\"\n");
    assert!(errors.contains("x.toml:2:1") && errors.contains("did you mean `isolation`?"), "{errors}");
    let errors = wrong(&GOOD.replace("reason = \"Own\"\n", ""));
    assert!(errors.contains("x.toml:12:1") && errors.contains("the deviation of `a.c` gives no reason"), "{errors}");
    let bad = "command = \"x\"\nisolation = \"none\"\npython = \"2.7\"\n[capabilities]\nnonlocl = true\n[limits]\ntime = -1.0\n\
               [uncaught]\npattern = '('\n";
    let errors = wrong(bad);
    for (place, words) in [
        ("x.toml:2:13", "`none` is no isolation"),
        ("x.toml:3:10", "`2.7` is not a CPython version"),
        ("x.toml:5:1", "did you mean `nonlocal`?"),
        ("x.toml:7:8", "a number of seconds above 0"),
        ("x.toml:9:11", "the pattern cannot be read"),
    ] {
        assert!(errors.contains(place) && errors.contains(words), "{place} {words}: {errors}");
    }
    assert!(wrong("driver = \"file\"\n").contains("the profile has no `command`"));
    assert!(wrong("command = \"x\"\n[uncaught]\npattern = 'x'\n").contains("has no group `class`"));
    assert!(wrong("command = [\n").contains("x.toml:"));
}

#[test]
fn every_shipped_profile_can_be_read() {
    let names = shipped_names();
    assert!(names.contains(&"cpython".to_string()), "{names:?}");
    for name in names {
        let profile = shipped(&name).expect("listed").unwrap_or_else(|problems| panic!("{}", problems[0]));
        assert_eq!(profile.name, name);
    }
    assert!(shipped("no-such").is_none());
}

#[test]
fn the_first_command_that_is_there_is_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("bin")).expect("a folder");
    std::fs::write(folder.path().join("bin/own"), "").expect("a file");
    let commands = ["no-such-program".to_string(), "{engines}/bin/own --flag bin/own".to_string()];
    let own = folder.path().join("bin/own").to_string_lossy().into_owned();
    let words = resolve(&commands, Some(folder.path()), Some(folder.path())).expect("there");
    assert_eq!(words, [own.clone(), "--flag".to_string(), own]);
    let missing = resolve(&commands, Some(folder.path()), None).expect_err("not there").to_string();
    assert_eq!(missing, "none of these commands is there: no-such-program, ENGINES/bin/own --flag bin/own");
    assert_eq!(words_of("sh -c x"), ["sh", "-c", "x"]);
}

fn words_of(command: &str) -> Vec<String> {
    words(command, Path::new("."))
}

#[test]
fn a_file_keeps_what_a_person_wrote() {
    let text = format!("# mine\n{GOOD}");
    let new = Deviation {
        case: "a.d".into(),
        rule: Some("b.rule".into()),
        mode: Some(Mode::Module),
        python: None,
        mark: Some("f(\"x\")".into()),
        probe: Some("b.probe".into()),
        observed: "a\nb".into(),
        reason: String::new(),
        inlining: false,
        instead_of: None,
        issue: None,
    };
    let change = Change { remove: vec![1], add: vec![new] };
    let edited = edited(&text, &change).expect("TOML");
    let profile = read_profile("x.toml", &edited).unwrap_or_else(|problems| panic!("{}\n{edited}", problems[0]));
    let cases: Vec<&str> = profile.deviations.iter().map(|deviation| deviation.case.as_str()).collect();
    assert_eq!(cases, ["a.b", "a.d"], "{edited}");
    assert_eq!((profile.deviations[1].observed.as_str(), profile.deviations[1].reason.as_str()), ("a\nb", STUB));
    assert!(edited.starts_with("# mine\n") && edited.contains("reason = \"Because\"\nissue = \"x#1\""), "{edited}");
    let same = super::edited(&text, &Change::default()).expect("TOML");
    assert_eq!(same, text);
}
