//! A run as JUnit, for machines that show test results: a suite an engine, a test a case and mode.
//!
//! Invariant: what fails here is what makes a run fail; INFRA, TIMEOUT and CRASH are errors, not failures.

use super::model::{EngineRun, Run};
use super::text::render_case;
use crate::judge::Verdict;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

/// The run as one XML document.
///
/// # Errors
/// The words of the XML writer.
pub fn render(run: &Run) -> Result<String, String> {
    let mut report = Report::new("verysame");
    report.set_time(run.time);
    for engine in &run.engines {
        report.add_test_suite(suite(run, engine));
    }
    report.to_string().map_err(|error| error.to_string())
}

fn suite(run: &Run, engine: &EngineRun) -> TestSuite {
    let mut suite = TestSuite::new(&engine.name);
    let whole = |name: &str, words: &str, kind| {
        let mut status = TestCaseStatus::non_success(kind);
        status.set_message(words);
        TestCase::new(name, status)
    };
    match &engine.results {
        Err(words) => {
            suite.add_test_case(whole("engine", words, NonSuccessKind::Error));
        }
        Ok(results) => {
            for result in results {
                let verdict = &result.verdict;
                let mut status = match verdict.verdict {
                    Verdict::Pass | Verdict::Differs => TestCaseStatus::success(),
                    Verdict::Skip | Verdict::Lacks | Verdict::Xfail => TestCaseStatus::skipped(),
                    Verdict::Fail | Verdict::Xpass => TestCaseStatus::non_success(NonSuccessKind::Failure),
                    Verdict::Timeout | Verdict::Crash | Verdict::Infra => {
                        TestCaseStatus::non_success(NonSuccessKind::Error)
                    }
                };
                if verdict.verdict != Verdict::Pass {
                    status.set_type(verdict.verdict.word());
                    status.set_message(verdict.note.as_deref().unwrap_or(&result.title));
                    if verdict.verdict.is_bad() {
                        status.set_description(render_case(run, engine, result));
                    }
                }
                let mut case = TestCase::new(format!("{} · {}", verdict.case, verdict.mode), status);
                case.set_classname(result.rules.first().map_or("", String::as_str)).set_time(result.time);
                suite.add_test_case(case);
            }
        }
    }
    for words in &engine.stale {
        suite.add_test_case(whole("deviation", words, NonSuccessKind::Failure));
    }
    suite
}
