//! Asking an engine whether it has what a case needs.
//!
//! Invariant: a capability is there exactly if its program ends without an exception.

use super::{Engine, Limits};
use crate::case::{CAPABILITIES, Chunk, Job, Mode, is_package};
use crate::judge::{ChunkEnd, ProcessEnd};

/// Whether an engine has a capability; `None` if there is no capability of that name.
pub fn has(engine: &mut dyn Engine, name: &str, limits: &Limits) -> Option<bool> {
    let (_, source) = CAPABILITIES.iter().find(|(own, _)| *own == name)?;
    let chunk = Chunk { source: format!("{source}\n"), first_line: 1, graph: false };
    let job = Job {
        case: format!("capability.{name}"),
        mode: Mode::Module,
        files: Vec::new(),
        chunks: vec![chunk],
        probes: Vec::new(),
        packages: is_package(name),
        heap: Vec::new(),
    };
    let seen = engine.observe(&job, limits);
    Some(seen.end == ProcessEnd::Ok && seen.chunks == [ChunkEnd::Completed])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::EngineSpec;
    use verysame_engine::rules::py;

    #[test]
    fn cpython_has_them_all() {
        let Ok(mut engine) = EngineSpec::python("python3", None).and_then(|spec| spec.open()) else { return };
        for (name, _) in CAPABILITIES {
            let newer = ["match", "type-params"].contains(name) && engine.describe().version < py(12, 0);
            assert!(newer || is_package(name) || has(&mut *engine, name, &Limits::default()) == Some(true), "{name}");
        }
        assert_eq!(has(&mut *engine, "no-such", &Limits::default()), None);
    }
}
