//! A prompt in a file: the user part, after a front matter with the other parts.
//!
//! ```text
//! ---
//! label: spam
//! system: |-
//!   You write text messages as people really write them.
//! variables:
//!   topic: [prize, bank, delivery]
//! ---
//!
//! Write {{ n }} messages about {{ topic }}.
//! ```
//!
//! Between `---` is YAML, read by granit-parser, of which a front matter needs little: texts, lists of
//! texts, and one level of nesting for the variables. Every value is the text as written: `no`, `007`
//! and `null` are words here. Between `+++` is TOML. A missing key is `None`, and the prompt inherits
//! it. Line ends are read as `\n`, and the newline that ends the file is not part of the prompt.
//!
//! A file with a `name` is a whole version, as `prompt export` writes it: it inherits nothing, and has the `number` and
//! the `parent` that it had. A user part that no file could hold as it stands is the value of `user`.

mod found;
mod llm;
mod mend;
mod mistakes;
mod other_tools;
#[cfg(test)]
mod tests;
mod toml_front;
mod write;
mod yaml;

use std::collections::BTreeMap;

use super::suggest;
use crate::domain::{PromptContent, VariableRule};

pub(crate) use found::{FoundPrompt, prompts_in};
pub(crate) use other_tools::chat;

/// The keys of a front matter.
const KEYS: [&str; 8] = ["system", "label", "variables", "rules", "name", "number", "parent", "user"];

/// The content of a prompt file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PromptFile {
    /// The prompt's name; a file with one is whole and inherits nothing.
    pub name: Option<String>,
    /// The version's number where it was written, which says what comes first.
    pub number: Option<u32>,
    /// The id of the version that it was made from.
    pub parent: Option<String>,
    /// The system part; `None` if the file has none.
    pub system: Option<String>,
    /// The label that its rows get; `None` if the file has none.
    pub label: Option<String>,
    /// The variables with their values; `None` if the file has none.
    pub variables: Option<BTreeMap<String, Vec<String>>>,
    /// The rules of the variables that are no plain lists.
    pub rules: BTreeMap<String, VariableRule>,
    /// The user part: everything after the front matter.
    pub user: String,
}

/// An error in a prompt file, for the person who wrote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub(crate) struct PromptFileError {
    /// The line of the file, from 1.
    pub line: usize,
    /// A full sentence.
    pub message: String,
}

impl PromptFileError {
    fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

impl PromptFile {
    /// Reads a prompt file.
    ///
    /// # Errors
    ///
    /// A front matter that does not end, cannot be read, or has an unknown key.
    pub(crate) fn parse(text: &str) -> Result<Self, PromptFileError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
        let body = text.strip_suffix('\n').unwrap_or(&text);
        let lines: Vec<&str> = body.split('\n').collect();
        let fence = ["---", "+++"].into_iter().find(|fence| lines[0].trim_end() == *fence);
        let Some(fence) = fence.filter(|fence| !is_rule(&lines, fence)) else {
            return match other_tools::refused(&lines) {
                Some(error) => Err(error),
                None => Ok(Self { user: body.to_owned(), ..Self::default() }),
            };
        };
        let Some(end) = (1..lines.len()).find(|&line| lines[line].trim_end() == fence) else {
            let message =
                format!("The front matter has no end; write `{fence}` on a line of its own after it.");
            return Err(PromptFileError::new(1, message));
        };
        let front = &lines[1..end];
        let mut file = if fence == "---" { yaml::read(front)? } else { toml_front::read(front)? };
        let mut user = &lines[end + 1..];
        if let [first, rest @ ..] = user {
            // Skips the blank line after the front matter.
            user = if first.is_empty() { rest } else { user };
        }
        let user = user.join("\n");
        if file.user.is_empty() {
            file.user = user;
        } else if !user.trim().is_empty() {
            let message =
                "`user` and the text below the front matter are both the user part; delete one of them.";
            return Err(PromptFileError::new(end + 2, message));
        }
        Ok(file)
    }

    /// Returns the file of a content, without a name.
    #[must_use]
    pub(crate) fn of(content: &PromptContent) -> Self {
        Self {
            system: (!content.system.is_empty()).then(|| content.system.clone()),
            label: content.label.clone(),
            variables: (!content.variables.is_empty()).then(|| content.variables.clone()),
            rules: content.rules.clone(),
            user: content.user.clone(),
            ..Self::default()
        }
    }

    /// Returns the file that [`parse`](Self::parse) reads as this prompt; an empty front matter is left out.
    #[must_use]
    pub(crate) fn to_text(&self) -> String {
        write::write(self)
    }

    /// Sets the value of one key of the front matter.
    fn set_text(&mut self, key: &str, text: String, line: usize) -> Result<(), PromptFileError> {
        let place = match key {
            "system" => &mut self.system,
            "label" => &mut self.label,
            "name" => &mut self.name,
            "parent" => &mut self.parent,
            "number" => {
                let Ok(number) = text.parse() else {
                    let message = format!("`number` is the number of a version, such as 3, not `{text}`.");
                    return Err(PromptFileError::new(line, message));
                };
                self.number = Some(number);
                return Ok(());
            }
            "user" => {
                self.user = text;
                return Ok(());
            }
            "variables" => {
                return Err(PromptFileError::new(
                    line,
                    "`variables` holds names with their values, such as `topic: [a, b]`.",
                ));
            }
            _ => return Err(unknown_key(key, line)),
        };
        *place = Some(text);
        Ok(())
    }
}

/// Returns whether the first line is a rule of Markdown: what follows has no line that looks like `key: value`.
fn is_rule(lines: &[&str], fence: &str) -> bool {
    let end = (1..lines.len()).find(|&line| lines[line].trim_end() == fence);
    let inside = &lines[1..end.unwrap_or(lines.len())];
    let is_key = |line: &str| {
        let name = line.split([':', '=']).next().unwrap_or_default();
        let is_word = name.trim().chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '"'));
        is_word && name.len() < line.len() && !line.starts_with(' ')
    };
    // A `#` begins a comment of a front matter, unless a blank line says that this is a page.
    let is_page = inside.first().is_some_and(|line| line.trim().is_empty());
    let is_written = |line: &&str| !line.trim().is_empty() && (is_page || !line.starts_with('#'));
    match end {
        // An empty front matter is one, and so is one of comments only.
        Some(_) => fence == "---" && inside.iter().any(is_written) && !inside.iter().any(|line| is_key(line)),
        None => {
            fence == "---"
                && !inside.iter().any(|line| KEYS.iter().any(|key| line.starts_with(&format!("{key}:"))))
        }
    }
}

/// Returns the error for an unknown key.
fn unknown_key(key: &str, line: usize) -> PromptFileError {
    let near = suggest::closest(key, KEYS);
    let remedy = near.map_or_else(
        || "it can have `name`, `system`, `label`, `variables` and, in TOML, `rules`.".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    PromptFileError::new(line, format!("A front matter has no `{key}`; {remedy}"))
}
