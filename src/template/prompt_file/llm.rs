//! Templates of llm, the command-line tool: YAML with `prompt`, `system` and `defaults`, and `$name` for a value.
//!
//! ```text
//! system: You are a $voice      →   system part   You are a {{ voice }}
//! prompt: Summarize: $input     →   user part     Summarize: {{ input }}
//! defaults: {voice: pirate}     →   variables     voice = ["pirate"]
//! model: gpt-4o-mini            →   left out, and said
//! ```
//!
//! The values follow Python's `string.Template`: `$name`, `${name}`, and `$$` for a dollar sign.

use std::collections::{BTreeMap, BTreeSet};

use granit_parser::{Event, Parser, ScalarStyle, StrInput};

use super::{FoundPrompt, PromptFile, PromptFileError};
use crate::template::suggest;

/// The keys that are read.
const READ: [&str; 3] = ["prompt", "system", "defaults"];
/// The keys that a template may have besides; they say what a session or a run says here.
const LEFT_OUT: [&str; 12] = [
    "name",
    "model",
    "options",
    "extract",
    "extract_last",
    "schema_object",
    "fragments",
    "system_fragments",
    "attachments",
    "attachment_types",
    "tools",
    "functions",
];
/// How deep lists and mappings may be nested.
const DEEPEST: usize = 32;

/// A value of YAML.
#[derive(Debug)]
enum Value {
    Nothing,
    Text(String),
    List,
    Map(Vec<(String, usize, Self)>),
}

/// Reads a template.
///
/// # Errors
///
/// What is no YAML, has keys that no template has, or has neither `prompt` nor `system`.
pub(super) fn read(text: &str) -> Result<FoundPrompt, PromptFileError> {
    let text = text.replace("\r\n", "\n");
    let Value::Map(entries) = Reader::new(&text).document()? else {
        let message =
            "A YAML file with a prompt is a template of llm, with `prompt:` and `system:`; this has no keys.";
        return Err(PromptFileError::new(1, message));
    };
    let (mut prompt, mut system, mut defaults) = (None, None, BTreeMap::new());
    let mut left_out = Vec::new();
    for (key, line, value) in entries {
        match (key.as_str(), value) {
            (_, Value::Nothing) => {}
            ("prompt", Value::Text(text)) => prompt = Some(text),
            ("system", Value::Text(text)) => system = Some(text),
            ("defaults", Value::Map(values)) => defaults = texts(values)?,
            ("defaults", _) => {
                let message = "`defaults` holds names with their values, such as `voice: pirate`.";
                return Err(PromptFileError::new(line, message));
            }
            ("prompt" | "system", _) => {
                return Err(PromptFileError::new(line, format!("`{key}` must be a text.")));
            }
            (key, _) if LEFT_OUT.contains(&key) => left_out.push(format!("`{key}`")),
            (key, _) => {
                let ending = suggest::ending(key, READ.into_iter().chain(LEFT_OUT));
                return Err(PromptFileError::new(line, format!("A template of llm has no `{key}`{ending}")));
            }
        }
    }
    if prompt.is_none() && system.is_none() {
        let message = "The file has neither `prompt` nor `system`, so it holds no prompt.";
        return Err(PromptFileError::new(1, message));
    }
    let mut names = BTreeSet::new();
    let mut part = |text: String| places(text.strip_suffix('\n').unwrap_or(&text), &mut names);
    // Where a template has a system part only, what llm is given is all that is asked.
    let remark = remark(prompt.is_some(), &left_out);
    let user = part(prompt.unwrap_or_else(|| "$input".to_owned()));
    let system = part(system.unwrap_or_default());
    let values = defaults.into_iter().filter(|(name, _)| names.contains(name));
    let values = values.map(|(name, value)| (name, vec![value])).collect();
    let file = PromptFile { system: Some(system), user, ..PromptFile::default() };
    Ok(FoundPrompt { file, values, remark: Some(remark), line: None })
}

/// Returns what was read as what, and what was not, in sentences.
fn remark(has_prompt: bool, left_out: &[String]) -> String {
    let user = if has_prompt { "`prompt`" } else { "what llm is given, `{{ input }}`," };
    let mut said = format!(
        "The file is a template of llm: {user} was read as the user part, and `$name` as `{{{{ name }}}}`."
    );
    if !left_out.is_empty() {
        said.extend([" Left out: ", &left_out.join(", "), "."]);
    }
    said
}

fn texts(entries: Vec<(String, usize, Value)>) -> Result<BTreeMap<String, String>, PromptFileError> {
    let text = |(name, line, value)| match value {
        Value::Text(text) => Ok((name, text)),
        _ => Err(PromptFileError::new(line, format!("`{name}` must be a text."))),
    };
    entries.into_iter().map(text).collect()
}

/// Writes the values of a text as the tags of a template, and what looks like a tag so that it stays text.
fn places(text: &str, names: &mut BTreeSet<String>) -> String {
    let (mut written, mut literal) = (String::new(), String::new());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        literal += before;
        let (name, behind) = place(after);
        match name {
            Some(name) => {
                escape(&mut written, &std::mem::take(&mut literal), true);
                written.extend(["{{ ", name, " }}"]);
                names.insert(name.to_owned());
            }
            // `$$` is a dollar sign, and so is one that nothing follows, which Python refuses.
            None => literal.push('$'),
        }
        rest = behind;
    }
    literal += rest;
    escape(&mut written, &literal, false);
    written
}

/// Returns the name behind a dollar sign, if there is one, and what follows it.
fn place(after: &str) -> (Option<&str>, &str) {
    if let Some(rest) = after.strip_prefix('$') {
        return (None, rest);
    }
    let braced = after.strip_prefix('{');
    let source = braced.unwrap_or(after);
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = source.find(|c| !is_of_name(c)).unwrap_or(source.len());
    let (name, rest) = source.split_at(end);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    match (is_name, braced, rest.strip_prefix('}')) {
        (true, Some(_), Some(rest)) => (Some(name), rest),
        (true, None, _) => (Some(name), rest),
        _ => (None, after),
    }
}

/// Writes a text so that no tag begins in it, nor with the brace at its end where a tag follows.
fn escape(written: &mut String, literal: &str, tag_follows: bool) {
    let mut rest = literal;
    while let Some(at) = rest.find('{') {
        written.push_str(&rest[..at]);
        let next = rest[at + 1..].chars().next();
        let length = match next {
            Some('{' | '%' | '#') => 2,
            None if tag_follows => 1,
            _ => {
                written.push('{');
                rest = &rest[at + 1..];
                continue;
            }
        };
        written.extend(["{{ '", &rest[at..at + length], "' }}"]);
        rest = &rest[at + length..];
    }
    written.push_str(rest);
}

struct Reader<'a> {
    events: Parser<'a, StrInput<'a>>,
}

impl<'a> Reader<'a> {
    fn new(source: &'a str) -> Self {
        let options = granit_parser::options! { emit_unresolved_aliases: true };
        Self { events: Parser::new_from_str_with_options(source, options) }
    }

    /// Returns the next event that is not the start or the end of a document, with its line.
    fn next(&mut self) -> Result<(Event<'a>, usize), PromptFileError> {
        loop {
            match self.events.next_event() {
                Some(Ok((Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd, _))) => {}
                Some(Ok((event, span))) => return Ok((event, span.start.line())),
                Some(Err(error)) => {
                    let line = error.marker().line().max(1);
                    return Err(PromptFileError::new(
                        line,
                        format!("This is no YAML that can be read: {error}."),
                    ));
                }
                None => return Ok((Event::StreamEnd, 1)),
            }
        }
    }

    fn document(&mut self) -> Result<Value, PromptFileError> {
        let (event, line) = self.next()?;
        if matches!(event, Event::StreamEnd) {
            return Ok(Value::Nothing);
        }
        let value = self.value(event, line, 0)?;
        match self.next()? {
            (Event::StreamEnd, _) => Ok(value),
            (_, line) => {
                Err(PromptFileError::new(line, "The file holds several documents; write one of them."))
            }
        }
    }

    fn value(&mut self, event: Event<'a>, line: usize, depth: usize) -> Result<Value, PromptFileError> {
        if depth > DEEPEST {
            return Err(PromptFileError::new(line, "Lists and keys are nested too deeply here."));
        }
        match event {
            Event::Scalar(text, ScalarStyle::Plain, 0, None)
                if matches!(&*text, "" | "~" | "null" | "Null" | "NULL") =>
            {
                Ok(Value::Nothing)
            }
            Event::Scalar(text, _, 0, None) => Ok(Value::Text(text.into_owned())),
            Event::SequenceStart(_, 0, None) => loop {
                match self.next()? {
                    (Event::SequenceEnd, _) => return Ok(Value::List),
                    (event, line) => self.value(event, line, depth + 1)?,
                };
            },
            Event::MappingStart(_, 0, None) => self.map(depth),
            _ => Err(PromptFileError::new(
                line,
                "Anchors, aliases and tags of YAML are not read; write the text itself.",
            )),
        }
    }

    fn map(&mut self, depth: usize) -> Result<Value, PromptFileError> {
        let mut entries: Vec<(String, usize, Value)> = Vec::new();
        loop {
            let (event, line) = self.next()?;
            let key = match event {
                Event::MappingEnd => return Ok(Value::Map(entries)),
                Event::Scalar(key, _, 0, None) => key.into_owned(),
                _ => return Err(PromptFileError::new(line, "A key must be a text.")),
            };
            if entries.iter().any(|(known, ..)| *known == key) {
                return Err(PromptFileError::new(
                    line,
                    format!("`{key}` is written twice; delete one of them."),
                ));
            }
            let (event, value_line) = self.next()?;
            let value = self.value(event, value_line, depth + 1)?;
            entries.push((key, line, value));
        }
    }
}

#[cfg(test)]
mod tests;
