//! Parameters: one written case stands for one program a combination of its `[case.each.NAME]` values.
//!
//! `${name}` is replaced by a value's text. A value that is a table of texts fills `${name.field}` instead, so a
//! parameter can bring its own expectations: `same = "True"` for `#=> ${n.same}`. Further lines of a value are
//! indented to the column of the placeholder. `$${` stands for `${`. Where a case has no parameters nothing is
//! replaced, since `${` is Python too (in an f-string).
//!
//! Invariant: every byte of an expanded text leads back to the bytes of the file that it comes from.

use super::problem::{Problem, SourceFile, did_you_mean};
use std::ops::Range;
use std::sync::Arc;

/// A text as it stands in a case file.
#[derive(Clone, Debug)]
pub struct Template {
    /// The text that TOML gives.
    pub text: String,
    /// The file it stands in.
    pub file: Arc<SourceFile>,
    /// The bytes of the text's content in the file, without quotes.
    pub content: Range<usize>,
    /// The file's bytes are the text: no escape stands between the two.
    pub exact: bool,
    /// It stands between `'''`, so it may be edited in place.
    pub literal: bool,
}

impl Template {
    /// The bytes of the file for bytes of the text.
    fn place(&self, range: Range<usize>) -> Range<usize> {
        if self.exact {
            let end = self.content.end;
            (self.content.start + range.start).min(end)..(self.content.start + range.end).min(end)
        } else {
            self.content.start..self.content.start
        }
    }

    /// A problem with bytes of the text.
    pub fn problem(&self, range: Range<usize>, message: impl Into<String>) -> Problem {
        Problem::at(&self.file, self.place(range), message)
    }
}

/// One `[case.each.NAME]`.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub range: Range<usize>,
    /// Its values by key, in the order of the file.
    pub values: Vec<(String, Value)>,
}

/// What a parameter stands for under one key.
#[derive(Clone, Debug)]
pub enum Value {
    /// The text for `${name}`.
    Text(String),
    /// The texts for `${name.field}`.
    Fields(Vec<(String, String)>),
}

/// A choice of one value for each parameter.
#[derive(Clone, Debug, Default)]
pub struct Binding<'a> {
    /// Parameter, key, value.
    chosen: Vec<(&'a str, &'a str, &'a Value)>,
}

impl<'a> Binding<'a> {
    /// Every combination, the last parameter changing fastest. Without parameters: the empty one.
    pub fn all(params: &'a [Param]) -> Vec<Binding<'a>> {
        params.iter().fold(vec![Binding::default()], |bindings, param| {
            let longer = |binding: &Binding<'a>| {
                let binding = binding.clone();
                param.values.iter().map(move |(key, value)| {
                    let mut longer = binding.clone();
                    longer.chosen.push((&param.name, key, value));
                    longer
                })
            };
            bindings.iter().flat_map(longer).collect()
        })
    }

    /// The sub-id: the keys joined with `/`, with a leading `/`; empty without parameters.
    pub fn suffix(&self) -> String {
        self.chosen.iter().map(|(_, key, _)| format!("/{key}")).collect()
    }

    /// The text for a placeholder, or why there is none.
    fn text(&self, placeholder: &str) -> Result<&'a str, (String, String)> {
        let (name, field) = match placeholder.split_once('.') {
            Some((name, field)) => (name, Some(field)),
            None => (placeholder, None),
        };
        let Some((_, _, value)) = self.chosen.iter().find(|(own, _, _)| *own == name) else {
            let names: Vec<&str> = self.chosen.iter().map(|(own, _, _)| *own).collect();
            let help = did_you_mean(name, &names, "the parameters of this case are");
            return Err((
                format!("`${{{placeholder}}}` names no parameter"),
                format!("{help} (`$${{` writes a plain `${{`)"),
            ));
        };
        match (value, field) {
            (Value::Text(text), None) => Ok(text),
            (Value::Fields(fields), Some(field)) => match fields.iter().find(|(own, _)| own == field) {
                Some((_, text)) => Ok(text),
                None => {
                    let names: Vec<&str> = fields.iter().map(|(own, _)| own.as_str()).collect();
                    Err((
                        format!("the parameter `{name}` has no field `{field}`"),
                        did_you_mean(field, &names, "its fields are"),
                    ))
                }
            },
            (Value::Text(_), Some(_)) => Err((
                format!("the values of the parameter `{name}` are texts without fields"),
                format!("write `${{{name}}}`, or make each value a table: {{ a = \"…\", b = \"…\" }}"),
            )),
            (Value::Fields(fields), None) => Err((
                format!("the values of the parameter `{name}` are tables"),
                match fields.first() {
                    Some((field, _)) => format!("name a field: `${{{name}.{field}}}`"),
                    None => "give each value a field".to_string(),
                },
            )),
        }
    }

    /// Fills in a text, keeping the way back. Returns the parts of `used` that were named.
    ///
    /// # Errors
    /// Every placeholder that names nothing.
    pub fn fill(&self, template: &Template) -> Result<Expanded, Vec<Problem>> {
        let mut expanded = Expanded { text: String::new(), segments: Vec::new(), template: template.clone() };
        let mut problems = Vec::new();
        let mut at = 0;
        while let Some(found) = self.next_placeholder(&template.text, at) {
            expanded.push(template.text.get(at..found.range.start).unwrap_or(""), at..found.range.start, true);
            match found.name {
                None => expanded.push("${", found.range.clone(), false),
                Some(name) => match self.text(name) {
                    Ok(text) => {
                        let indented = indent(text, &expanded.text);
                        expanded.push(&indented, found.range.clone(), false);
                    }
                    Err((message, help)) => {
                        problems.push(template.problem(found.range.clone(), message).help(help));
                    }
                },
            }
            at = found.range.end;
        }
        expanded.push(template.text.get(at..).unwrap_or(""), at..template.text.len(), true);
        if problems.is_empty() { Ok(expanded) } else { Err(problems) }
    }

    fn next_placeholder<'t>(&self, text: &'t str, from: usize) -> Option<Placeholder<'t>> {
        if self.chosen.is_empty() {
            return None;
        }
        let open = from + text.get(from..)?.find("${")?;
        if open > from && text.as_bytes().get(open - 1) == Some(&b'$') {
            return Some(Placeholder { range: open - 1..open + 2, name: None });
        }
        match text.get(open + 2..)?.find(['}', '\n']) {
            Some(length) if text.as_bytes().get(open + 2 + length) == Some(&b'}') => {
                let end = open + 2 + length;
                Some(Placeholder { range: open..end + 1, name: Some(text.get(open + 2..end)?.trim()) })
            }
            // An unclosed one is reported as what it holds.
            _ => Some(Placeholder { range: open..open + 2, name: Some("") }),
        }
    }

    /// The names of the parameters that a text names.
    pub fn named_in(&self, text: &str) -> Vec<String> {
        let mut names = Vec::new();
        let mut at = 0;
        while let Some(found) = self.next_placeholder(text, at) {
            names.extend(found.name.and_then(|name| name.split('.').next()).map(str::to_string));
            at = found.range.end;
        }
        names
    }
}

struct Placeholder<'t> {
    range: Range<usize>,
    /// None for `$${`.
    name: Option<&'t str>,
}

/// Indents the further lines of `text` to the column at which `before` ends.
fn indent(text: &str, before: &str) -> String {
    let line = before.rsplit('\n').next().unwrap_or("");
    let margin: String = line.chars().map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
    text.trim_end_matches('\n').replace('\n', &format!("\n{margin}"))
}

/// A program with its parameters filled in.
#[derive(Clone, Debug)]
pub struct Expanded {
    /// The program.
    pub text: String,
    segments: Vec<Segment>,
    template: Template,
}

/// A text to put into another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Insert {
    /// Before which byte.
    pub at: usize,
    /// The text.
    pub text: String,
}

#[derive(Clone, Debug)]
struct Segment {
    /// Where it begins in the expanded text.
    start: usize,
    /// The bytes of the template that it comes from.
    from: Range<usize>,
    /// It was taken over byte by byte.
    verbatim: bool,
}

impl Expanded {
    fn push(&mut self, text: &str, from: Range<usize>, verbatim: bool) {
        if !text.is_empty() || !verbatim {
            self.segments.push(Segment { start: self.text.len(), from, verbatim });
            self.text.push_str(text);
        }
    }

    /// The same text with others put in between; `inserts` are in the order of their places. What is put in leads to
    /// the place where it is put.
    pub fn with(&self, inserts: &[Insert]) -> Expanded {
        let mut with = Expanded { text: String::new(), segments: Vec::new(), template: self.template.clone() };
        let mut at = 0;
        for insert in inserts {
            self.copy(&mut with, at..insert.at);
            let (from, _) = self.template_at(insert.at);
            with.push(&insert.text, from.start..from.start, false);
            at = insert.at;
        }
        self.copy(&mut with, at..self.text.len());
        with
    }

    /// Takes over bytes of this text, each with its way back.
    fn copy(&self, to: &mut Expanded, range: Range<usize>) {
        for (index, segment) in self.segments.iter().enumerate() {
            let end = self.segments.get(index + 1).map_or(self.text.len(), |next| next.start);
            let (from, until) = (segment.start.max(range.start), end.min(range.end));
            if from < until {
                let origin = match segment.verbatim {
                    true => {
                        let start = segment.from.start + (from - segment.start);
                        start..start + (until - from)
                    }
                    false => segment.from.clone(),
                };
                to.push(self.text.get(from..until).unwrap_or(""), origin, segment.verbatim);
            }
        }
    }

    /// Ends the last line.
    pub fn end_line(&mut self) {
        let end = self.template.text.len();
        self.push("\n", end..end, false);
    }

    /// The bytes of the template for one byte of the expanded text, and whether they are that very byte.
    fn template_at(&self, offset: usize) -> (Range<usize>, bool) {
        let index = self.segments.partition_point(|segment| segment.start <= offset);
        match index.checked_sub(1).and_then(|index| self.segments.get(index)) {
            Some(segment) if segment.verbatim => {
                let at = (segment.from.start + (offset - segment.start)).min(segment.from.end);
                (at..at, true)
            }
            Some(segment) => (segment.from.clone(), false),
            None => (0..0, true),
        }
    }

    /// The file's bytes for bytes of the expanded text. What comes from a parameter leads to its placeholder.
    pub fn place(&self, range: Range<usize>) -> super::model::Place {
        let (start, _) = self.template_at(range.start);
        let end = if range.end > range.start { self.template_at(range.end - 1) } else { (start.clone(), true) };
        let end = if end.1 && range.end > range.start { end.0.end + 1 } else { end.0.end };
        let range = self.template.place(start.start..end.max(start.start));
        super::model::Place { file: self.template.file.clone(), range }
    }

    /// The file's bytes, if exactly these stand there and may be edited.
    ///
    /// # Errors
    /// Why they may not.
    pub fn editable(&self, range: Range<usize>) -> Result<Range<usize>, &'static str> {
        if !self.template.literal || !self.template.exact {
            return Err(
                "its source does not stand between ''' and ''', where bytes of the file are bytes of the program",
            );
        }
        let place = self.place(range.clone());
        if place.file.text.get(place.range.clone()) == self.text.get(range) && !place.range.is_empty() {
            Ok(place.range)
        } else {
            Err("it comes from a parameter: edit the value of the parameter")
        }
    }

    /// A problem with bytes of the expanded text.
    pub fn problem(&self, range: Range<usize>, message: impl Into<String>) -> Problem {
        let place = self.place(range);
        Problem::at(&place.file, place.range, message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(text: &str) -> Template {
        Template {
            text: text.into(),
            file: SourceFile::new("a.toml", text),
            content: 0..text.len(),
            exact: true,
            literal: true,
        }
    }

    fn param(name: &str, values: &[(&str, &str)]) -> Param {
        let values = values.iter().map(|(key, text)| (key.to_string(), Value::Text(text.to_string()))).collect();
        Param { name: name.into(), range: 0..0, values }
    }

    #[test]
    fn several_parameters_multiply() {
        let params = [param("a", &[("x", "1"), ("y", "2")]), param("b", &[("p", "3"), ("q", "4")])];
        let texts: Vec<String> = Binding::all(&params)
            .iter()
            .map(|binding| {
                let filled = binding.fill(&template("${a}+${b}\n")).expect("filled");
                format!("{} {}", binding.suffix(), filled.text.trim())
            })
            .collect();
        assert_eq!(texts, ["/x/p 1+3", "/x/q 1+4", "/y/p 2+3", "/y/q 2+4"]);
    }

    #[test]
    fn further_lines_are_indented_and_lead_back() {
        let params = [param("body", &[("try", "try: pass\nexcept: pass\n")])];
        let template = template("def f():\n    ${body}\nf()  #=> None\n");
        let filled = Binding::all(&params)[0].fill(&template).expect("filled");
        assert_eq!(filled.text, "def f():\n    try: pass\n    except: pass\nf()  #=> None\n");
        let mark = filled.text.find("None").expect("there");
        assert_eq!(filled.place(mark..mark).line_column().0, 3);
        assert_eq!(filled.editable(mark..mark + 4).map(|range| template.text.get(range)), Ok(Some("None")));
        let inner = filled.text.find("except").expect("there");
        assert_eq!(filled.place(inner..inner + 6).line_column(), (2, 5));
        assert!(filled.editable(inner..inner + 6).is_err());
    }

    #[test]
    fn fields_and_escapes() {
        let values =
            vec![("small".into(), Value::Fields(vec![("text".into(), "256".into()), ("same".into(), "True".into())]))];
        let params = [Param { name: "n".into(), range: 0..0, values }];
        let filled = Binding::all(&params)[0].fill(&template("${n.text} is 256 #=> ${n.same}\nf'$${x}'\n"));
        assert_eq!(filled.expect("filled").text, "256 is 256 #=> True\nf'${x}'\n");
        let plain = Binding::default().fill(&template("f'${x}'")).expect("filled");
        assert_eq!(plain.text, "f'${x}'");
    }

    #[test]
    fn bad_placeholders_say_what_to_do() {
        let fields = vec![("small".into(), Value::Fields(vec![("text".into(), "256".into())]))];
        let params = [param("binding", &[("x", "1")]), Param { name: "n".into(), range: 0..0, values: fields }];
        let problems = Binding::all(&params)[0]
            .fill(&template("${bindin}\n${binding.a}\n${n}\n${n.txt}\n${\n"))
            .expect_err("all are wrong");
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(said.join("\n"));
    }
}
