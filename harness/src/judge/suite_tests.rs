//! The judge against every case of the suite: a right engine passes, and each single wrong answer is found.

use super::*;
use crate::case::{Choice, Loaded, load_dir, plan};
use std::path::Path;
use verysame_engine::rules::py;

fn suite() -> Loaded {
    load_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../cases"))
}

/// What a right engine would show for a mark; `None` if that cannot be told from the mark.
fn right_answer(expect: &Expect) -> Option<Seen> {
    let value = |repr: &str| Seen::Value { repr: repr.to_string(), graph: None };
    Some(match expect {
        Expect::Value(text) => value(text),
        Expect::OneOf(Choice::Listed(texts)) => value(texts.last()?),
        Expect::OneOf(Choice::Pattern(..)) => return None,
        Expect::Graph(text) => Seen::Value { repr: String::new(), graph: Some(text.clone()) },
        Expect::Raises { class, text, at_compile } => Seen::Raised(Raised {
            class: class.clone(),
            text: text.clone().unwrap_or_default(),
            at_compile: *at_compile,
            line: None,
        }),
        Expect::Output(_) => return None,
    })
}

/// What a right engine would show in this run.
fn right_observation(case: &Case, plan: &Plan) -> Option<Observation> {
    let mut seen = Observation { chunks: vec![ChunkEnd::Completed; plan.job.chunks.len()], ..Observation::default() };
    let mut stdout = case.stdout.as_ref().map_or(String::new(), |output| output.text.clone());
    for watch in &plan.watches {
        let expect = &case.marks.get(watch.mark)?.expect;
        let by = match &watch.by {
            WatchBy::Stdout => {
                stdout += &format!("{expect}\n");
                continue;
            }
            WatchBy::Chunk(chunk) => {
                let Some(Seen::Raised(raised)) = right_answer(expect) else { return None };
                seen.chunks[*chunk] = ChunkEnd::Raised(raised);
                continue;
            }
            WatchBy::Probe(name) => EventSource::Probe(name.clone()),
            WatchBy::Display(chunk) => EventSource::Display(*chunk),
        };
        let answer = right_answer(expect)?;
        // A value and a graph of one statement are one event.
        match (seen.events.iter_mut().find(|event| event.by == by), answer) {
            (Some(Event { seen: Seen::Value { repr, graph }, .. }), Seen::Value { repr: new, graph: new_graph }) => {
                *graph = graph.take().or(new_graph);
                if !new.is_empty() {
                    *repr = new;
                }
            }
            (_, answer) => seen.events.push(Event { by, seen: answer }),
        }
    }
    seen.stdout = stdout;
    seen.heap = case.heap.iter().map(|heap| Some(heap.graph.clone())).collect();
    Some(seen)
}

#[test]
fn a_right_engine_passes_and_each_wrong_answer_is_found() {
    let loaded = suite();
    assert!(!loaded.cases.is_empty());
    let (mut judged, mut falsified) = (0, 0);
    for case in &loaded.cases {
        for mode in Mode::ALL {
            for version in [py(8, 18), py(11, 7), py(13, 0)] {
                let claims = Claims { version, cpython: true };
                let Ok(plan) = plan(case, mode, version) else { continue };
                for (chunk, lines) in plan.job.chunks.iter().zip(&plan.lines) {
                    assert_eq!(chunk.source.lines().count(), lines.len(), "{} {mode}", case.id);
                }
                let Some(right) = right_observation(case, &plan) else { continue };
                let verdict = judge(case, &plan, &claims, &right, &[]);
                assert_eq!(verdict.verdict, Verdict::Pass, "{} {mode} {version}: {:#?}", case.id, verdict.marks);
                judged += 1;
                for index in 0..right.events.len() {
                    let mut wrong = right.clone();
                    match &mut wrong.events[index].seen {
                        Seen::Value { repr, graph } => {
                            repr.push('!');
                            graph.iter_mut().for_each(|graph| graph.push('!'));
                        }
                        Seen::Raised(raised) => raised.class.push('X'),
                    }
                    let verdict = judge(case, &plan, &claims, &wrong, &[]);
                    let by = &right.events[index].by;
                    let watched = plan.watches.iter().filter(|watch| match (&watch.by, by) {
                        (WatchBy::Probe(own), EventSource::Probe(name)) => own == name,
                        (WatchBy::Display(own), EventSource::Display(chunk)) => own == chunk,
                        _ => false,
                    });
                    let failed = verdict.marks.iter().filter(|mark| mark.verdict == Verdict::Fail).count();
                    assert_eq!(failed, watched.count(), "{} {mode} {version} {by:?}", case.id);
                    falsified += 1;
                }
                let mut silent = right.clone();
                silent.events.clear();
                silent.stdout.push('!');
                silent.chunks.fill(ChunkEnd::Completed);
                let expects = !right.events.is_empty() || right.chunks != silent.chunks;
                if expects {
                    assert_eq!(judge(case, &plan, &claims, &silent, &[]).verdict, Verdict::Fail, "{} {mode}", case.id);
                }
            }
        }
    }
    assert!(judged > 100 && falsified > judged, "{judged} {falsified}");
}
