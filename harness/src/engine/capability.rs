//! Asking an engine whether it has what a case needs, and remembering the answer.
//!
//! Answers are kept on disk, in the user's cache, under the engine's command, release and program: a new release, or a
//! program that was built anew, is asked again.
//!
//! Invariant: a capability is there exactly if its program ends without an exception.

use super::{Engine, EngineInfo, Limits};
use crate::case::{CAPABILITIES, Chunk, Job, Mode, is_package};
use crate::judge::{ChunkEnd, ProcessEnd};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What a case needs that has modules of its own: the engine imports files that stand beside the program.
pub const FILES: &str = "files";

/// Whether an engine has a capability; `None` if there is no capability of that name, or if it could not be asked.
pub fn has(engine: &mut dyn Engine, name: &str, limits: &Limits) -> Option<bool> {
    let (source, files) = match name {
        FILES => ("import verysame_probe\nverysame_probe.x", vec![("verysame_probe".into(), "x = 1\n".into())]),
        name => (CAPABILITIES.iter().find(|(own, _)| *own == name)?.1, Vec::new()),
    };
    let chunk = Chunk { source: format!("{source}\n"), first_line: 1, graph: false };
    let job = Job {
        case: format!("capability.{name}"),
        mode: Mode::Module,
        files,
        chunks: vec![chunk],
        probes: Vec::new(),
        packages: is_package(name),
        heap: Vec::new(),
    };
    let seen = engine.observe(&job, limits);
    match seen.end {
        ProcessEnd::Ok => Some(seen.chunks == [ChunkEnd::Completed]),
        // A program that kills the engine shows that it has no use for the capability.
        ProcessEnd::Crash(_) | ProcessEnd::Timeout | ProcessEnd::Limit(_) | ProcessEnd::Lacks(_) => Some(false),
        ProcessEnd::Infra(_) => None,
    }
}

/// Whether a program runs to its end; `None` if the engine could not be asked.
pub fn runs(engine: &mut dyn Engine, source: &str, limits: &Limits) -> Option<bool> {
    let seen = engine.observe(&module(source), limits);
    (!matches!(seen.end, ProcessEnd::Infra(_)))
        .then(|| seen.end == ProcessEnd::Ok && seen.chunks == [ChunkEnd::Completed])
}

/// What a program prints that runs to its end.
pub fn prints(engine: &mut dyn Engine, source: &str, limits: &Limits) -> Option<String> {
    let seen = engine.observe(&module(source), limits);
    (seen.end == ProcessEnd::Ok && seen.chunks == [ChunkEnd::Completed]).then_some(seen.stdout)
}

fn module(source: &str) -> Job {
    Job {
        case: "harness.program".to_string(),
        mode: Mode::Module,
        files: Vec::new(),
        chunks: vec![Chunk { source: format!("{source}\n"), first_line: 1, graph: false }],
        probes: Vec::new(),
        packages: false,
        heap: Vec::new(),
    }
}

/// What is known of one engine's capabilities.
#[derive(Debug, Default)]
pub struct Capabilities {
    /// What the profile says, which no probe can change.
    said: BTreeMap<String, bool>,
    found: Mutex<BTreeMap<String, bool>>,
    file: Option<PathBuf>,
}

impl Capabilities {
    /// What the profile says, and what was found before about this engine.
    pub fn of(said: BTreeMap<String, bool>, command: &[String], info: &EngineInfo) -> Capabilities {
        // What runs in this process may be another program at each run.
        let folder = cache_folder().filter(|_| !command.is_empty());
        let file = folder.map(|folder| folder.join(format!("{:016x}.json", key(command, info))));
        let read = |file: &PathBuf| serde_json::from_slice(&std::fs::read(file).ok()?).ok();
        let found = file.as_ref().and_then(read).unwrap_or_default();
        Capabilities { said, found: Mutex::new(found), file }
    }

    /// What the profile says and what was found out until now.
    pub fn known(&self) -> BTreeMap<String, bool> {
        let mut known = self.found.lock().unwrap_or_else(PoisonError::into_inner).clone();
        known.extend(self.said.iter().map(|(name, has)| (name.clone(), *has)));
        known
    }

    /// Whether the engine has it; what cannot be found out is taken to be there.
    pub fn has(&self, name: &str, engine: &mut dyn Engine, limits: &Limits) -> bool {
        if let Some(has) = self.said.get(name) {
            return *has;
        }
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(has) = found.get(name) {
            return *has;
        }
        let Some(has) = has(engine, name, limits) else { return true };
        found.insert(name.to_string(), has);
        if let Some(file) = &self.file {
            // A cache that cannot be written costs time only.
            let _ = write(file, &found);
        }
        has
    }
}

/// Writes a file so that no one ever reads half of it.
fn write(file: &Path, found: &BTreeMap<String, bool>) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    crate::files::write_whole(file, &serde_json::to_vec(found)?)
}

fn cache_folder() -> Option<PathBuf> {
    let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = named("XDG_CACHE_HOME").or_else(|| Some(named("HOME")?.join(".cache")))?;
    Some(cache.join("verysame/capabilities"))
}

/// What an answer is remembered under.
fn key(command: &[String], info: &EngineInfo) -> u64 {
    let mut hasher = DefaultHasher::new();
    (command, &info.implementation, info.version.to_string(), &info.release, &info.program).hash(&mut hasher);
    (info.isolation.word(), CAPABILITIES, env!("CARGO_PKG_VERSION")).hash(&mut hasher);
    for path in command.iter().map(Path::new).filter(|path| path.is_absolute()) {
        if let Ok(data) = path.metadata() {
            (data.len(), data.modified().ok()).hash(&mut hasher);
        }
    }
    hasher.finish()
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
        assert_eq!(has(&mut *engine, FILES, &Limits::default()), Some(true));
        assert_eq!(has(&mut *engine, "no-such", &Limits::default()), None);
    }

    #[test]
    fn what_was_found_is_written_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("deep/down.json");
        let found = BTreeMap::from([("del".to_string(), true)]);
        write(&file, &found).expect("written");
        assert_eq!(std::fs::read_to_string(&file).expect("read"), "{\"del\":true}");
    }
}
