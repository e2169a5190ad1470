//! From the fields of a `[[case]]` to cases: parameters filled in, marks read, everything checked that one case shows
//! by itself.

use super::attach::Code;
use super::expand::{Binding, Expanded, Param, Template};
use super::graph;
use super::guard::VersionSet;
use super::lint;
use super::mark::{self, Reading};
use super::model::{Case, Expect, HeapMark, Level, Mark, Output, Place};
use super::plan::Mode;
use super::problem::Problem;
use super::scope::{self, Scope};

/// The fields of one `[[case]]`, each of the right type.
#[derive(Debug)]
pub struct Draft {
    /// The id without sub-ids.
    pub id: String,
    /// The folder.
    pub area: String,
    /// The rules it names.
    pub rules: Vec<String>,
    /// One line.
    pub title: Template,
    /// The level of marks that name none.
    pub level: Level,
    /// Capabilities.
    pub needs: Vec<String>,
    /// Modes.
    pub modes: Vec<Mode>,
    /// The bodies in which the program stands; none: as it is written.
    pub scopes: Vec<Scope>,
    /// Versions.
    pub python: VersionSet,
    /// The program, with placeholders.
    pub source: Template,
    /// Its parameters.
    pub params: Vec<Param>,
    /// Names and alias graphs.
    pub heap: Vec<(String, Template)>,
    /// Other modules.
    pub files: Vec<(String, Template)>,
    /// The whole output.
    pub stdout: Option<Output>,
    /// Former ids.
    pub formerly: Vec<String>,
    /// Where the id stands.
    pub place: Place,
}

/// The cases that a draft stands for. A problem that several of them share is reported once.
pub fn cases(draft: Draft, problems: &mut Vec<Problem>) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut found = Vec::new();
    unused_params(&draft, &mut found);
    let scopes = match draft.scopes.is_empty() {
        true => vec![None],
        false => draft.scopes.iter().copied().map(Some).collect(),
    };
    for binding in Binding::all(&draft.params) {
        for scope in &scopes {
            cases.extend(case(&draft, &binding, *scope, &mut found));
        }
    }
    for problem in found {
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
    cases
}

fn unused_params(draft: &Draft, problems: &mut Vec<Problem>) {
    let Some(binding) = Binding::all(&draft.params).into_iter().next() else { return };
    let texts =
        draft.heap.iter().chain(&draft.files).map(|(_, template)| template).chain([&draft.source, &draft.title]);
    let mut named: Vec<String> = texts.flat_map(|template| binding.named_in(&template.text)).collect();
    named.extend(draft.stdout.iter().flat_map(|output| binding.named_in(&output.text)));
    for param in draft.params.iter().filter(|param| !named.contains(&param.name)) {
        let message = format!("the parameter `{}` is used nowhere", param.name);
        let help = format!("write `${{{}}}` in the source, or remove it", param.name);
        problems.push(Problem::at(&draft.place.file, param.range.clone(), message).help(help));
    }
}

fn case(draft: &Draft, binding: &Binding, scope: Option<Scope>, problems: &mut Vec<Problem>) -> Option<Case> {
    let mut fill = |template: &Template| match binding.fill(template) {
        Ok(expanded) => Some(expanded),
        Err(wrong) => {
            problems.extend(wrong);
            None
        }
    };
    let source = fill(&draft.source);
    let title = fill(&draft.title);
    let mut heap = Vec::new();
    for (name, template) in &draft.heap {
        heap.push((name, fill(template)?));
    }
    let mut files = Vec::new();
    for (name, template) in &draft.files {
        files.push((name.clone(), fill(template)?.text));
    }
    let mut stdout = draft.stdout.clone();
    if let Some(output) = &mut stdout {
        let template = super::fields::Text { text: output.text.clone(), range: output.place.range.clone() };
        output.text = fill(&super::fields::template(&draft.place.file, template))?.text;
    }
    let (mut source, title) = (source?, title?);
    if !source.text.ends_with('\n') {
        source.end_line();
    }
    if let Some(scope) = scope {
        source = match scope::place(source, scope) {
            Ok(placed) => placed,
            Err(wrong) => {
                problems.extend(wrong);
                return None;
            }
        };
    }
    let heap = heap_marks(&heap, problems)?;
    let code = Code::of(&source.text);
    let before = problems.len();
    let marks = marks(&source, &code, problems);
    let broken_marks = problems.len() > before;
    let case = Case {
        id: format!("{}{}{}", draft.id, binding.suffix(), scope.map(|s| format!("/{s}")).unwrap_or_default()),
        base: draft.id.clone(),
        area: draft.area.clone(),
        rules: draft.rules.clone(),
        title: title.text,
        level: draft.level,
        needs: draft.needs.clone(),
        modes: draft.modes.clone(),
        python: draft.python.clone(),
        scope,
        source,
        marks,
        heap,
        files,
        stdout,
        formerly: draft.formerly.clone(),
        place: draft.place.clone(),
    };
    lint::case(&case, &code, broken_marks, problems);
    Some(case)
}

/// The graphs of all names, numbered together.
fn heap_marks(heap: &[(&String, Expanded)], problems: &mut Vec<Problem>) -> Option<Vec<HeapMark>> {
    let texts: Vec<&str> = heap.iter().map(|(_, expanded)| expanded.text.as_str()).collect();
    match graph::canonical(&texts) {
        Ok(graphs) => {
            let marks = heap.iter().zip(graphs).map(|((name, expanded), graph)| HeapMark {
                name: name.to_string(),
                graph,
                place: expanded.place(0..expanded.text.len()),
            });
            Some(marks.collect())
        }
        Err(why) => {
            let (_, expanded) = heap.get(why.root)?;
            problems.push(expanded.problem(why.range, why.message).help(why.help));
            None
        }
    }
}

/// Reads the marks of a program and finds their statements.
fn marks(source: &Expanded, code: &Code, problems: &mut Vec<Problem>) -> Vec<Mark> {
    let mut marks = Vec::new();
    for comment in &code.comments {
        let raw = match mark::read(&comment.text) {
            Reading::Plain => continue,
            Reading::Mark(raw) => raw,
            Reading::Wrong(wrong) => {
                let range = comment.range.start + wrong.range.start..comment.range.start + wrong.range.end;
                problems.push(source.problem(range, wrong.message).help(wrong.help));
                continue;
            }
        };
        let target = match (&raw.expect, code.target(&source.text, comment, &raw.expect)) {
            (Expect::Output(_), _) => None,
            (_, Ok(target)) => Some(target),
            // Where the program does not parse, the statement of such a mark may be no statement.
            (Expect::Raises { at_compile: true, .. }, Err(_)) => None,
            (_, Err(_)) if code.issue.is_some() => None,
            (_, Err((message, help))) => {
                problems.push(source.problem(comment.range.clone(), message).help(help));
                continue;
            }
        };
        let piece = code.piece_of(comment, target.as_ref());
        marks.push(Mark {
            number: marks.len() + 1,
            guard: raw.guard,
            expect: raw.expect,
            target,
            piece,
            comment: comment.range.clone(),
            value: comment.range.start + raw.value.start..comment.range.start + raw.value.end,
        });
    }
    marks
}
