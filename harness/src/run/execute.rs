//! Cases on engines: what is to be done, done on the pool, judged and put in order.

use super::pool;
use super::select::Selection;
use crate::case::{Case, Loaded, Mode, Skip, is_installed, is_module, plan};
use crate::engine::capability::{Capabilities, FILES};
use crate::engine::{Engine, EngineInfo, EngineSpec, Isolation, Limits, OpenError};
use crate::judge::{CaseVerdict, Claims, Deviation, Observation, ProcessEnd, judge, lacking, skipped};
use crate::profile::{EngineProfile, ProfileLimits, shipped};
use crate::report::model::{CaseRun, EngineRun, Identity};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use verysame_engine::rules::PyVersion;

/// An engine that answered, ready to be opened once a thread.
pub struct Opened {
    spec: EngineSpec,
    info: EngineInfo,
    /// What it is known to get wrong.
    pub deviations: Vec<Deviation>,
    /// Which capabilities it was found to have.
    capabilities: Capabilities,
    /// Already started and not yet taken.
    spare: Mutex<Vec<Box<dyn Engine>>>,
}

impl Opened {
    /// Starts an engine and reads what it is known to get wrong.
    ///
    /// # Errors
    /// Why it cannot be asked.
    pub fn open(spec: EngineSpec) -> Result<Opened, String> {
        let engine = spec.open().map_err(|error| error.to_string())?;
        let info = engine.describe();
        let (deviations, said, command) = match &spec {
            EngineSpec::Reference { .. } => (Vec::new(), BTreeMap::new(), Vec::new()),
            EngineSpec::Own { profile, .. } => (profile.deviations.clone(), profile.capabilities.clone(), Vec::new()),
            EngineSpec::Profiled { profile, command, .. } => {
                (profile.deviations.clone(), profile.capabilities.clone(), command.clone())
            }
            // A bare command is known by what it says it is.
            EngineSpec::Python { command, .. } => {
                let deviations = match shipped(&info.implementation) {
                    Some(Ok(profile)) => profile.deviations,
                    Some(Err(problems)) => return Err(problems.first().map(ToString::to_string).unwrap_or_default()),
                    None => Vec::new(),
                };
                (deviations, BTreeMap::new(), command.clone())
            }
        };
        let capabilities = Capabilities::of(said, &command, &info);
        Ok(Opened { spec, info, deviations, capabilities, spare: Mutex::new(vec![engine]) })
    }

    /// Its profile, if it has one.
    pub fn profile(&self) -> Option<&EngineProfile> {
        match &self.spec {
            EngineSpec::Profiled { profile, .. } | EngineSpec::Own { profile, .. } => Some(profile),
            EngineSpec::Reference { .. } | EngineSpec::Python { .. } => None,
        }
    }

    /// The bounds of a job, with those that the profile sets.
    pub fn limits(&self, limits: &Limits) -> Limits {
        let ProfileLimits { time, memory, output } = self.profile().map(|profile| profile.limits).unwrap_or_default();
        Limits {
            time: time.unwrap_or(limits.time),
            process_memory: memory.unwrap_or(limits.process_memory),
            output: output.unwrap_or(limits.output),
            ..*limits
        }
    }

    /// Which engine it is, to be opened once more.
    pub fn spec(&self) -> &EngineSpec {
        &self.spec
    }

    /// Who it is.
    pub fn info(&self) -> &EngineInfo {
        &self.info
    }

    /// The engine, started.
    ///
    /// # Errors
    /// It cannot be started once more.
    pub fn take(&self) -> Result<Box<dyn Engine>, OpenError> {
        let spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner).pop();
        spare.map_or_else(|| self.spec.open(), Ok)
    }

    /// Takes back an engine that is not needed for now.
    pub fn give_back(&self, engine: Box<dyn Engine>) {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).push(engine);
    }

    /// Whether it has a capability; what cannot be found out is taken to be there.
    pub fn has(&self, need: &str, engine: &mut dyn Engine, limits: &Limits) -> bool {
        self.capabilities.has(need, engine, limits)
    }

    /// What a report says of it, with these results.
    pub fn run(&self, results: Vec<CaseRun>) -> EngineRun {
        EngineRun {
            name: self.info.name.clone(),
            detail: self.detail(),
            arguments: self.arguments(),
            identity: Identity {
                implementation: self.info.implementation.clone(),
                version: self.info.version.to_string(),
                release: self.info.release.clone(),
                capabilities: self.capabilities.known(),
            },
            results: Ok(results),
            stale: Vec::new(),
        }
    }

    /// What it lacks of this. CPython lacks only what was not installed with it: what else it cannot do is wrong. The
    /// reference engine may lack a whole module of the library too, but nothing of the language.
    fn lacks(&self, case: &Case, engine: &mut dyn Engine, limits: &Limits) -> Vec<String> {
        let may_lack = |need: &str| match self.info.isolation {
            Isolation::InProcess => is_installed(need) || is_module(need),
            Isolation::Fork | Isolation::Reset | Isolation::Spawn => !self.info.claims_cpython || is_installed(need),
        };
        let mut needs: Vec<&str> = case.needs.iter().map(String::as_str).filter(|need| may_lack(need)).collect();
        if !case.files.is_empty() && self.info.isolation != Isolation::InProcess && !self.info.claims_cpython {
            needs.push(FILES);
        }
        needs.retain(|need| !self.capabilities.has(need, engine, limits));
        needs.into_iter().map(str::to_string).collect()
    }

    fn claims(&self) -> Claims {
        Claims { version: self.info.version, cpython: self.info.claims_cpython }
    }

    /// `cpython 3.11.7, fork`
    fn detail(&self) -> String {
        let info = &self.info;
        if info.isolation == Isolation::InProcess {
            return String::new();
        }
        let release = info.release.as_ref().map(|release| format!(" ({release})")).unwrap_or_default();
        format!("{} {}{release}, {}", info.implementation, info.version, info.isolation.word())
    }

    /// The arguments that choose it.
    fn arguments(&self) -> String {
        match &self.spec {
            EngineSpec::Reference { version, fault } => {
                let fault = fault.as_ref().map(|(rule, fault)| format!(" --fault {rule}:{fault}")).unwrap_or_default();
                format!("--engine reference --profile {version}{fault}")
            }
            EngineSpec::Python { given, isolation, .. } => {
                let spawn = if *isolation == Some(Isolation::Spawn) { " --isolation spawn" } else { "" };
                format!("--engine {}{spawn}", crate::report::text::quoted(given))
            }
            EngineSpec::Own { .. } => "--test conformance".to_string(),
            EngineSpec::Profiled { given, isolation, .. } => {
                let isolation = isolation.map(|isolation| format!(" --isolation {}", isolation.word()));
                format!("--engine {}{}", crate::report::text::quoted(given), isolation.unwrap_or_default())
            }
        }
    }
}

/// What the command line says about how to run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which cases.
    pub selection: Selection,
    /// On how many threads.
    pub threads: usize,
    /// Bounds of each job.
    pub limits: Limits,
}

struct Task<'a> {
    case: &'a Case,
    mode: Mode,
    engine: usize,
}

/// How much there is to do.
pub fn count(loaded: &Loaded, engines: &[Opened], selection: &Selection) -> usize {
    tasks(loaded, engines, selection).len()
}

fn tasks<'a>(loaded: &'a Loaded, engines: &[Opened], selection: &Selection) -> Vec<Task<'a>> {
    let mut tasks = Vec::new();
    // An engine of its own pace never waits for another: its tasks stand between the others'.
    for case in loaded.cases.iter().filter(|case| selection.case(case)) {
        for mode in case.modes.iter().copied().filter(|mode| selection.mode(*mode)) {
            tasks.extend((0..engines.len()).map(|engine| Task { case, mode, engine }));
        }
    }
    tasks
}

/// Runs the chosen cases on every engine; `done` is told of each result as it comes.
pub fn execute(
    loaded: &Loaded,
    engines: &[Opened],
    settings: &Settings,
    done: impl Fn(&CaseRun) + Sync,
) -> Vec<EngineRun> {
    let tasks = tasks(loaded, engines, &settings.selection);
    let results = pool::run(
        &tasks,
        settings.threads,
        || engines.iter().map(|_| None).collect::<Vec<Option<Box<dyn Engine>>>>(),
        |handles, task| {
            let result = engines.get(task.engine).zip(handles.get_mut(task.engine));
            result.map(|(opened, handle)| one(task.case, task.mode, opened, handle, &settings.limits))
        },
        |_, result| {
            if let Some(result) = result {
                done(result);
            }
        },
    );
    let mut runs: Vec<EngineRun> = engines.iter().map(|opened| opened.run(Vec::new())).collect();
    for (task, result) in tasks.iter().zip(results) {
        if let (Some(EngineRun { results: Ok(results), .. }), Some(result)) = (runs.get_mut(task.engine), result) {
            results.push(result);
        }
    }
    runs
}

/// Runs one case in one mode on one engine, started if it is not yet.
pub fn one(case: &Case, mode: Mode, opened: &Opened, handle: &mut Option<Box<dyn Engine>>, limits: &Limits) -> CaseRun {
    let (plan, claims) = match plan(case, mode, opened.info.version) {
        Ok(plan) => (plan, opened.claims()),
        Err(why) => return result(case, skipped(case, mode, &why), Duration::ZERO),
    };
    if !opened.info.modes.contains(&mode) {
        let verdict = lacking(case, mode, &[format!("{mode} mode")]);
        return result(case, verdict.unwrap_or_else(|| skipped(case, mode, &Skip::Mode(mode))), Duration::ZERO);
    }
    let limits = &opened.limits(limits);
    let engine = match handle {
        Some(engine) => engine,
        None => match opened.take() {
            Ok(engine) => handle.insert(engine),
            Err(error) => {
                let seen = Observation { end: ProcessEnd::Infra(error.to_string()), ..Observation::default() };
                return result(case, judge(case, &plan, &claims, &seen, &[]), Duration::ZERO);
            }
        },
    };
    let missing = opened.lacks(case, &mut **engine, limits);
    if let Some(verdict) = lacking(case, mode, &missing) {
        return result(case, verdict, Duration::ZERO);
    }
    let begun = Instant::now();
    let seen = engine.observe(&plan.job, limits);
    let time = begun.elapsed();
    result(case, judge(case, &plan, &claims, &seen, &opened.deviations), time)
}

fn result(case: &Case, verdict: CaseVerdict, time: Duration) -> CaseRun {
    let lines = verdict.marks.iter().map(|mark| case.place.file.line(mark.line).to_string()).collect();
    CaseRun {
        title: case.title.clone(),
        rules: case.rules.clone(),
        place: case.place.to_string(),
        verdict,
        lines,
        time,
    }
}

/// The version that the reference engine follows when none is named: the one of the first other engine, else the
/// newest.
pub fn version_of(engines: &[Opened]) -> PyVersion {
    engines.first().map_or(PyVersion::NEWEST, |opened| opened.info.version)
}
