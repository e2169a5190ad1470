//! Fused instructions cannot be seen: the whole suite gives the same observations without them.

use std::path::Path;
use verysame::case::plan;
use verysame::engine::{Engine, Limits, ReferenceEngine};
use verysame::run::suite::Suite;
use verysame_engine::rules::{Profile, PyVersion};

fn same_without_fusion(version: PyVersion) {
    let suite = Suite::Folder(Path::new(env!("CARGO_MANIFEST_DIR")).join("../cases"));
    let mut fused = ReferenceEngine::new(Profile::of(version), None);
    let mut plain = ReferenceEngine::new(Profile::of(version), None).unaudited().unfused();
    let limits = Limits::default();
    let mut compared = 0;
    for case in &suite.load().cases {
        for &mode in case.modes.iter().take(1) {
            let Ok(plan) = plan(case, mode, version) else { continue };
            let (with, without) = (fused.observe(&plan.job, &limits), plain.observe(&plan.job, &limits));
            assert_eq!(with, without, "{} in mode {mode} depends on fused instructions", case.id);
            compared += 1;
        }
    }
    assert!(compared > 100, "only {compared} programs were compared");
}

/// Arguments are moved and locals borrowed.
#[test]
fn the_newest_version_is_the_same_without_fusion() {
    same_without_fusion(PyVersion::NEWEST);
}

/// Arguments are copied.
#[test]
fn an_old_version_is_the_same_without_fusion() {
    same_without_fusion(PyVersion::of_minor(10).expect("3.10 is modelled"));
}
