//! Pictures of heap graphs: what they show, that nothing overlaps, and that no text becomes markup.

use proptest::prelude::*;
use std::path::Path;
use std::process::Command;
use verysame::engine::graph::{Program, of_reference};
use verysame::engine::steps::steps;
use verysame::picture::{
    Card, Column, NameRow, Options, Panel, Piece, Row, Scene, Sheet, Value, dot, layout, page, panels, svg,
};
use verysame_engine::Limits;
use verysame_engine::inspect::{Bounds, Snapshot};
use verysame_engine::rules::{Profile, PyVersion};

fn graph(source: &str) -> Snapshot {
    let version: PyVersion = "3.13.0".parse().expect("a version");
    let program = Program { source: source.into(), filename: "program.py".into(), ..Program::default() };
    let seen = of_reference(&Profile::of(version), Limits::default(), &program, Bounds::default(), false);
    seen.expect("the engine runs").graph
}

fn sheet(scene: Scene) -> Sheet {
    let panels = vec![Panel { caption: String::new(), scene }];
    Sheet { title: "a picture".into(), words: "in words".into(), panels, beside: false }
}

fn golden(name: &str, source: &str) {
    let scene = Scene::of(&graph(source), &Options::default());
    check(&scene).unwrap_or_else(|problem| panic!("{name}: {problem}"));
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/picture");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(source);
    // A line a shape, so that a change is seen as one.
    let drawing = svg(&sheet(scene)).replace("><", ">\n<");
    settings.bind(|| insta::assert_snapshot!(name, drawing));
}

#[test]
fn pictures_of_the_tutorial() {
    golden("shared", "a = [1]; b = a; c = [a, a]; c.append(c)");
    golden(
        "closure",
        "def counter():\n    n = 0\n    def count():\n        nonlocal n\n        n += 1\n        return n\n    \
         return count\none, other = counter(), counter()\nagain = one\none(); one()",
    );
    golden("grid", "grid = [[0] * 2] * 2");
    golden("default", "def add(item, to=[]):\n    to.append(item)\n    return to\nfirst = add(1)\nsecond = add('two')");
    golden(
        "copies",
        "import copy\noriginal = {'tags': ['a', 'b'], 'at': (1, [2])}\nshallow = copy.copy(original)\n\
         deep = copy.deepcopy(original)\ndel copy",
    );
    golden(
        "weak",
        "import weakref\nclass Node: pass\nnode = Node()\nnode.self = weakref.ref(node)\nt = (1, 'two')\ndel weakref",
    );
}

#[test]
fn what_is_shared_says_by_whom() {
    let scene = Scene::of(&graph("a = [1]; b = a; c = [a, a]"), &Options::default());
    let shared: Vec<_> = scene.cards.iter().map(|card| card.shared.clone()).collect();
    assert_eq!(shared, [Some((4, "a, b, c[0], c[1]".to_string())), None]);
}

#[test]
fn a_reference_to_a_card_has_an_arrow_even_from_a_tuple_inside_another() {
    let scene = Scene::of(&graph("x = []\nt = [((x, 1), 2)]"), &Options::default());
    let arrows = scene.cards.iter().flat_map(|card| &card.rows).filter(|row| matches!(row.value, Value::Arrow { .. }));
    assert_eq!(arrows.count(), 3, "{scene:#?}");
}

#[test]
fn leaves_are_written_where_they_are_unless_boxes_are_wanted() {
    let graph = graph("x = 1000\ny = (x, 2)");
    assert_eq!(Scene::of(&graph, &Options::default()).cards.len(), 1);
    let boxes = Options { boxes: true, columns: vec![Column::Count, Column::Size], ..Options::default() };
    let scene = Scene::of(&graph, &boxes);
    assert_eq!(scene.cards.len(), 3);
    assert!(scene.cards.iter().any(|card| card.facts == "count immortal · 28 bytes"), "{:#?}", scene.cards);
}

#[test]
fn long_lists_are_cut_and_say_how_much() {
    let scene = Scene::of(&graph("l = list(range(100))"), &Options::default());
    assert_eq!(scene.cards[0].rows.last().map(|row| &row.value), Some(&Value::Text("88 more".into())));
}

#[test]
fn steps_mark_what_a_statement_changed_and_objects_keep_their_labels() {
    let program = Program {
        source: b"a = [1, 2]\nb = a\n\nb.append(3)\na = 'new'\nc = [b]\ndel b\nc[0] = None\nmissing\n".to_vec(),
        filename: "program.py".into(),
        ..Program::default()
    };
    let profile = Profile::of(PyVersion::NEWEST);
    let steps = steps(&profile, Limits::default(), &program, Bounds::default()).expect("the engine runs");
    let panels = panels(&steps, &Options::default());
    let told: Vec<String> = panels
        .iter()
        .map(|panel| {
            let names = panel.scene.names.iter().filter(|name| name.marked).map(|name| name.name.clone());
            let rows = panel.scene.cards.iter().flat_map(|card| {
                let tag = card.tag.clone();
                card.rows.iter().filter(|row| row.marked).map(move |row| format!("{tag}[{}]", row.label))
            });
            let caption = panel.caption.split_whitespace().collect::<Vec<_>>().join(" ");
            format!("{caption} -> {}", names.chain(rows).collect::<Vec<_>>().join(" "))
        })
        .collect();
    assert_eq!(
        told,
        [
            "1 a = [1, 2] -> a",
            "2 b = a -> b",
            "4 b.append(3) -> #1[2]",
            "5 a = 'new' -> a",
            "6 c = [b] -> c",
            "7 del b gone: b ->",
            "8 c[0] = None gone: #1 -> #2[0]",
        ]
        .map(|line| if line.ends_with("->") { format!("{line} ") } else { line.to_string() })
    );
}

#[test]
fn no_text_becomes_markup_and_none_breaks_the_document() {
    let hostile = "</text><script>alert(1)</script>\"'&\u{0}\u{1b}[31m\u{ffff}\u{202e}]]>";
    let card = |head: &str| Card {
        head: head.to_string(),
        tag: "#1".into(),
        facts: head.to_string(),
        mutable: true,
        rows: vec![Row { label: head.to_string(), value: Value::Text(head.to_string()), marked: false }],
        shared: Some((2, head.to_string())),
    };
    let name = NameRow { name: hostile.into(), value: Value::Arrow { card: 0, weak: false }, marked: true };
    let scene = Scene { names: vec![name], cards: vec![card(hostile)] };
    let mut sheet = sheet(scene);
    sheet.title = hostile.into();
    sheet.words = hostile.into();
    sheet.panels[0].caption = hostile.into();
    for text in [svg(&sheet), page(&sheet)] {
        assert!(!text.contains("<script"), "{text}");
        assert!(!text.contains(['\u{0}', '\u{1b}', '\u{ffff}']), "{text}");
    }
    assert!(!dot(&sheet.panels[0].scene).contains("\"\"'"));
}

#[test]
fn the_command_writes_pictures_and_complains_of_a_place_where_it_cannot() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("program.py");
    std::fs::write(&program, "a = [1]\nb = a\n").expect("a file");
    let run = |file: &Path, kind: &str| {
        let command =
            Command::new(env!("CARGO_BIN_EXE_verysame")).arg("show").arg(&program).arg(kind).arg(file).output();
        command.expect("it runs")
    };
    for (kind, begin) in [("--svg", "<svg "), ("--html", "<!DOCTYPE html>"), ("--dot", "digraph heap {")] {
        let file = folder.path().join("picture");
        let ended = run(&file, kind);
        assert!(ended.status.success(), "{ended:?}");
        let text = std::fs::read_to_string(&file).expect("a picture");
        assert!(text.starts_with(begin), "{text}");
    }
    let ended = run(&folder.path().join("missing").join("picture"), "--svg");
    assert_eq!(ended.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("picture"), "{ended:?}");
}

/// Cards do not overlap each other nor the names, and no arrow runs through one.
fn check(scene: &Scene) -> Result<(), String> {
    let placed = layout(scene);
    let areas: Vec<_> = placed.cards.iter().copied().chain(placed.names).collect();
    for (at, one) in areas.iter().enumerate() {
        let inside = one.x >= 0.0 && one.y >= 0.0 && one.right() <= placed.width && one.y + one.height <= placed.height;
        if !inside {
            return Err(format!("{one:?} is outside of {} × {}", placed.width, placed.height));
        }
        for other in &areas[at + 1..] {
            let apart = one.right() <= other.x
                || other.right() <= one.x
                || one.y + one.height <= other.y
                || other.y + other.height <= one.y;
            if !apart {
                return Err(format!("{one:?} and {other:?} overlap"));
            }
        }
    }
    for arrow in &placed.arrows {
        let mut from = arrow.start;
        for (number, piece) in arrow.way.iter().enumerate() {
            let (x, y) = match *piece {
                Piece::Line(x, y) | Piece::Curve(x, y) | Piece::Turn(x, y, _) => (x, y),
            };
            // The first piece leaves the card that it begins in.
            let (left, right) = (from.0.min(x), from.0.max(x));
            let through = areas.iter().find(|area| {
                number > 0
                    && left < area.right()
                    && right > area.x
                    && from.1 > area.y
                    && from.1 < area.y + area.height
                    && matches!(piece, Piece::Line(..))
            });
            if let Some(area) = through {
                return Err(format!("{arrow:?} runs through {area:?}"));
            }
            let between = |area: &&verysame::picture::Area| {
                matches!(piece, Piece::Curve(..))
                    && left.max(area.x) + 0.01 < right.min(area.right())
                    && from.1.min(y) < area.y + area.height
                    && from.1.max(y) > area.y
            };
            if let Some(area) = areas.iter().find(between) {
                return Err(format!("a curve of {arrow:?} runs through {area:?}"));
            }
            from = (x, y);
        }
    }
    Ok(())
}

fn scenes() -> impl Strategy<Value = Scene> {
    (1usize..9).prop_flat_map(|cards| {
        let value = move || {
            prop_oneof![
                "[a-z]{0,12}".prop_map(Value::Text),
                (0..cards, any::<bool>()).prop_map(|(card, weak)| Value::Arrow { card, weak }),
            ]
        };
        let row = (("[a-z]{0,8}"), value()).prop_map(|(label, value)| Row { label, value, marked: false });
        let card = (proptest::collection::vec(row, 0..5), any::<bool>()).prop_map(|(rows, mutable)| Card {
            head: "list".into(),
            tag: "#1".into(),
            facts: String::new(),
            mutable,
            rows,
            shared: mutable.then(|| (2, "a, b".to_string())),
        });
        let name = ("[a-z]{1,9}", value()).prop_map(|(name, value)| NameRow { name, value, marked: false });
        (proptest::collection::vec(name, 0..6), proptest::collection::vec(card, cards))
            .prop_map(|(names, cards)| Scene { names, cards })
    })
}

proptest! {
    #[test]
    fn nothing_overlaps(scene in scenes()) {
        prop_assert_eq!(check(&scene), Ok(()));
        prop_assert_eq!(svg(&sheet(scene.clone())), svg(&sheet(scene)));
    }
}
