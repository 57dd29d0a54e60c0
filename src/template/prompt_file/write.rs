//! Writes a prompt file, in the `---` form.

use std::collections::BTreeMap;

use serde::Serialize;

use super::PromptFile;
use crate::domain::VariableRule;

/// The longest line on which a list is written, in characters.
const LINE: usize = 100;

/// The front matter of a prompt whose variables have rules, which needs more than texts and lists.
#[derive(Serialize)]
struct Front<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<&'a String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<&'a String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<&'a String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    variables: Option<&'a BTreeMap<String, Vec<String>>>,
    rules: &'a BTreeMap<String, VariableRule>,
}

pub(super) fn write(file: &PromptFile) -> String {
    if !file.rules.is_empty()
        && let Some(text) = with_rules(file)
    {
        return text;
    }
    let mut front = String::new();
    if let Some(name) = &file.name {
        front.extend(["name: ", &text(name, ""), "\n"]);
    }
    if let Some(number) = file.number {
        front.extend(["number: ", &number.to_string(), "\n"]);
    }
    if let Some(parent) = &file.parent {
        front.extend(["parent: ", &text(parent, ""), "\n"]);
    }
    if let Some(label) = &file.label {
        front.extend(["label: ", &text(label, ""), "\n"]);
    }
    if let Some(system) = &file.system {
        let written = block(system).unwrap_or_else(|| text(system, ""));
        front.extend(["system: ", &written, "\n"]);
    }
    if let Some(variables) = &file.variables {
        front += if variables.is_empty() { "variables: {}\n" } else { "variables:\n" };
        for (name, values) in variables {
            front += &variable(name, values);
        }
    }
    if file.user.contains("\r\n") {
        // The line ends of a file are no part of the prompt.
        return format!("---\n{front}user: {}\n---\n", quoted(&file.user));
    }
    let lines: Vec<&str> = file.user.split('\n').collect();
    let is_plain = !["---", "+++", "\u{feff}"].iter().any(|start| file.user.starts_with(start))
        && super::other_tools::refused(&lines).is_none()
        && super::chat(&file.user).is_none();
    // With a newline after it, a carriage return at the end would be read as part of the line end.
    let end = if file.user.ends_with('\r') { "" } else { "\n" };
    if front.is_empty() && is_plain {
        return format!("{}{end}", file.user);
    }
    format!("---\n{front}---\n\n{}{end}", file.user)
}

/// Writes the `+++` form.
fn with_rules(file: &PromptFile) -> Option<String> {
    // The line ends of a file are no part of the prompt.
    let user = Some(&file.user).filter(|user| user.contains("\r\n"));
    let front = Front {
        name: file.name.as_ref(),
        number: file.number,
        parent: file.parent.as_ref(),
        user,
        label: file.label.as_ref(),
        system: file.system.as_ref(),
        variables: file.variables.as_ref(),
        rules: &file.rules,
    };
    let end = if file.user.ends_with('\r') { "" } else { "\n" };
    let below = if user.is_some() { String::new() } else { format!("\n{}{end}", file.user) };
    toml::to_string(&front).ok().map(|front| format!("+++\n{front}+++\n{below}"))
}

fn variable(name: &str, values: &[String]) -> String {
    let is_word = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !name.is_empty();
    let name = if is_word { name.to_owned() } else { quoted(name) };
    let items: Vec<String> = values.iter().map(|value| text(value, ",[]{}")).collect();
    let line = format!("  {name}: [{}]\n", items.join(", "));
    if line.chars().count() <= LINE || items.is_empty() {
        line
    } else {
        let items: Vec<String> = values.iter().map(|value| format!("    - {}", text(value, ""))).collect();
        format!("  {name}:\n{}\n", items.join("\n"))
    }
}

/// Returns a text of several lines as a YAML block, where a block can represent it.
fn block(text: &str) -> Option<String> {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let fits = body.contains('\n')
        && !body.starts_with([' ', '\t', '\n'])
        && !body.ends_with('\n')
        && !body.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t'));
    let marker = if body.len() == text.len() { "|-" } else { "|" };
    let indented = |line: &str| if line.is_empty() { String::new() } else { format!("  {line}") };
    fits.then(|| format!("{marker}\n{}", body.split('\n').map(indented).collect::<Vec<_>>().join("\n")))
}

/// Returns a text as a plain scalar where every YAML reader reads it as that text, else in quotes.
fn text(text: &str, forbidden: &str) -> String {
    let is_word = !matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "y" | "n" | "nan" | "inf"
    );
    let is_plain = is_word
        && text.starts_with(char::is_alphabetic)
        && !text.ends_with([':', ' '])
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.chars().any(|c| (c.is_whitespace() && c != ' ') || c.is_control() || forbidden.contains(c));
    if is_plain { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
