//! Prompt files of other tools: chats as JSON or YAML, several prompts in one file, programs.
//!
//! None of them may reach a model as text. A chat of one system and one user message is read, the
//! rest is refused with what to do.

use serde_json::Value;

use super::{PromptFile, PromptFileError};

/// What a file of another tool holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chat {
    /// The prompt.
    pub file: PromptFile,
    /// What was read as what, as a sentence.
    pub remark: String,
}

/// Reads a text as a chat in JSON; `None` if it is none.
pub(crate) fn chat(text: &str) -> Option<Result<Chat, PromptFileError>> {
    let trimmed = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
    if !trimmed.starts_with(['[', '{']) || trimmed.starts_with("{{") || trimmed.starts_with("{%") {
        return None;
    }
    let Ok(value) = serde_json::from_str::<Value>(trimmed) else {
        if let Some(error) = json_lines(trimmed) {
            return Some(Err(error));
        }
        let looks = trimmed.contains("\"role\"") && trimmed.contains("\"content\"");
        return looks.then(|| {
            Err(PromptFileError::new(
                1,
                "This looks like the messages of a chat as JSON, and is no valid JSON; put the system part after \
                 `system:` in a front matter, and the user part below it.",
            ))
        });
    };
    let messages = match &value {
        Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_string) => {
            return Some(Err(PromptFileError::new(
                1,
                "The file holds prompts as a list in JSON; put the text of each in a file of its own.",
            )));
        }
        Value::Array(items) => items,
        Value::Object(entries) => entries.get("messages")?.as_array()?,
        _ => return None,
    };
    let is_chat = !messages.is_empty() && messages.iter().all(|message| message.get("role").is_some());
    is_chat.then(|| read(messages))
}

/// Returns the error for several chats, one a line.
fn json_lines(text: &str) -> Option<PromptFileError> {
    chat_lines(text).then(|| {
        PromptFileError::new(
            2,
            "Each line is a chat in JSON; put one of them, with one system and one user message, in a file of its own.",
        )
    })
}

/// Returns whether each line is a chat in JSON.
pub(super) fn chat_lines(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let is_chat = |line: &str| {
        serde_json::from_str::<Value>(line).is_ok_and(|value| {
            let messages = if value.is_array() { Some(&value) } else { value.get("messages") };
            let first = messages.and_then(|messages| messages.get(0));
            first.is_some_and(|first| first.get("role").is_some())
        })
    };
    lines.all(is_chat)
}

fn read(messages: &[Value]) -> Result<Chat, PromptFileError> {
    let part = |message: &Value| {
        let role = message.get("role")?.as_str()?.to_owned();
        Some((role, message.get("content")?.as_str()?.to_owned()))
    };
    let parts: Option<Vec<(String, String)>> = messages.iter().map(part).collect();
    let is_system = |role: &str| matches!(role, "system" | "developer");
    let (system, user) = match parts.as_deref() {
        Some([(role, user)]) if role == "user" => (None, user),
        Some([(first, system), (second, user)]) if is_system(first) && second == "user" => {
            (Some(system), user)
        }
        _ => {
            return Err(PromptFileError::new(
                1,
                "The file is a chat; a prompt has one system and one user part, each a text. Put earlier turns into \
                 the user part as examples.",
            ));
        }
    };
    let remark = match system {
        Some(_) => {
            "The file is a chat in JSON: its system message was read as the system part, its user message as the user part."
        }
        None => "The file is a chat in JSON: its user message was read as the user part.",
    };
    let file = PromptFile { system: system.cloned(), user: user.clone(), ..PromptFile::default() };
    Ok(Chat { file, remark: remark.into() })
}

/// Returns why a text without a front matter is no single prompt, if it is none.
pub(super) fn refused(lines: &[&str]) -> Option<PromptFileError> {
    no_prompt(lines).or_else(|| several(lines))
}

/// Returns why a text without a front matter is no prompt at all.
pub(super) fn no_prompt(lines: &[&str]) -> Option<PromptFileError> {
    late_front(lines).or_else(|| yaml_chat(lines)).or_else(|| configuration(lines)).or_else(|| program(lines))
}

/// Returns the error for a front matter after blank lines.
fn late_front(lines: &[&str]) -> Option<PromptFileError> {
    let start = lines.iter().position(|line| !line.trim().is_empty()).filter(|start| *start > 0)?;
    let fence = ["---", "+++"].into_iter().find(|fence| lines[start].trim_end() == *fence)?;
    let end = (start + 1..lines.len()).find(|at| lines[*at].trim_end() == fence)?;
    let is_key = |line: &&str| {
        super::KEYS
            .iter()
            .any(|key| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with([':', '='])))
    };
    lines[start + 1..end].iter().any(is_key).then(|| {
        PromptFileError::new(
            start + 1,
            "A front matter begins in the first line of the file; delete the blank lines before it.",
        )
    })
}

/// Returns the error for the configuration of promptfoo.
fn configuration(lines: &[&str]) -> Option<PromptFileError> {
    let at = lines.iter().position(|line| line.starts_with("prompts:"))?;
    let is_other = |line: &&str| ["providers:", "tests:", "targets:"].iter().any(|key| line.starts_with(key));
    lines.iter().any(is_other).then(|| {
        PromptFileError::new(
            at + 1,
            "This is the configuration of promptfoo; add the prompt that it names or holds as a file of its own.",
        )
    })
}

fn yaml_chat(lines: &[&str]) -> Option<PromptFileError> {
    let mut written =
        lines.iter().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    let (mut at, mut first) = written.next()?;
    if matches!(first.trim_end(), "messages:" | "prompt:" | "chat:") {
        (at, first) = written.next()?;
    }
    let is_chat = first.trim_start().starts_with("- role:") || first.trim_start().starts_with("- content:");
    is_chat.then(|| {
        PromptFileError::new(
            at + 1,
            "This is a chat in YAML; put the system part after `system:` in a front matter between `---` lines, and \
             the user part below it.",
        )
    })
}

fn program(lines: &[&str]) -> Option<PromptFileError> {
    let is_note = |line: &str| line.starts_with("//") || line.starts_with('#') && !line.starts_with("#!/");
    let (at, line) = lines
        .iter()
        .map(|line| line.trim_end())
        .enumerate()
        .find(|(_, line)| !line.is_empty() && !is_note(line))?;
    let is_import = line.strip_prefix("import ").is_some_and(|rest| {
        !rest.contains(' ') || rest.contains(", ") || rest.contains(" as ") || rest.contains(" from ")
    });
    let has = |start: &str, other: &str| line.starts_with(start) && line.contains(other);
    let is_code = is_import
        || ["#!/", "module.exports", "export default ", "export function ", "export const ", "async def "]
            .iter()
            .any(|start| line.starts_with(start))
        || [
            ("from ", " import "),
            ("def ", "):"),
            ("const ", " = "),
            ("function ", "("),
            ("async function ", "("),
        ]
        .iter()
        .any(|(start, other)| has(start, other));
    is_code.then(|| {
        PromptFileError::new(
            at + 1,
            "This is the code of a program that makes a prompt, and would be sent as it stands; add the text that it \
             makes.",
        )
    })
}

/// Returns the error for a line `---` that parts two prompts.
pub(super) fn several(lines: &[&str]) -> Option<PromptFileError> {
    let at =
        (1..lines.len().saturating_sub(1)).find(|at| lines[*at].trim_end() == "---" && parts(lines, *at))?;
    Some(PromptFileError::new(
        at + 1,
        "`---` alone parts two prompts in promptfoo, and is a rule in Markdown. For two prompts, end the file's name in \
         `.txt` or put each in a file of its own; for a rule, write `***` instead.",
    ))
}

/// Returns whether a line `---` is more likely to part two prompts than to be a rule or to underline a heading.
fn parts(lines: &[&str], at: usize) -> bool {
    let is_blank = |at: usize| lines.get(at).is_none_or(|line| line.trim().is_empty());
    let is_written = |part: &[&str]| part.iter().any(|line| !line.trim().is_empty());
    let (before, after) = (&lines[..at], &lines[at + 1..]);
    if !is_written(before) || !is_written(after) || depth(before) != 0 {
        return false;
    }
    let is_heading = |line: &str| line.trim_start_matches('#').starts_with(' ') && line.starts_with('#');
    let is_document = lines.iter().any(|line| is_heading(line));
    let above = lines[at - 1];
    let underlines = !is_blank(at - 1)
        && (at == 1 || is_blank(at - 2))
        && above.chars().count() <= 80
        && !above.contains("{{")
        && !above.trim_end().ends_with(['.', '!', '?', ':']);
    let is_rule = is_blank(at - 1) && is_blank(at + 1);
    if is_document && (is_rule || underlines) {
        return false;
    }
    let (ours, theirs) = (printed(before), printed(after));
    ours.iter().any(|name| theirs.contains(name)) || !(is_rule || underlines)
}

/// Returns the number of blocks that are open after some lines.
fn depth(lines: &[&str]) -> usize {
    lines.iter().flat_map(|line| line.match_indices("{%").map(move |(at, _)| &line[at + 2..])).fold(
        0,
        |depth, tag| {
            let word = tag.trim_start_matches(['-', '+']).trim_start();
            if word.starts_with("end") {
                depth.saturating_sub(1)
            } else if ["for ", "if ", "macro ", "raw", "call ", "filter "]
                .iter()
                .any(|opener| word.starts_with(opener))
            {
                depth + 1
            } else {
                depth
            }
        },
    )
}

/// Returns the names that some lines print: `n` for `{{ n }}`.
fn printed<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let tags = lines.iter().flat_map(|line| line.split("{{").skip(1));
    tags.filter_map(|tag| tag.split_once("}}").map(|(name, _)| name.trim())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn several_at(text: &str) -> Option<usize> {
        PromptFile::parse(text).err().map(|error| error.line)
    }

    #[test]
    fn two_prompts_in_a_file_are_refused_with_the_line_between_them() {
        assert_eq!(several_at("Write {{ n }} angry ones.\n---\nWrite {{ n }} polite ones.\n"), Some(2));
        assert_eq!(several_at("Write {{ n }} angry ones.\n\n---\n\nWrite {{ n }} polite ones."), Some(3));
        assert_eq!(several_at("One prompt here.\n---\nAnother prompt."), Some(2));
    }

    #[test]
    fn a_rule_and_an_underlined_heading_are_text() {
        for text in [
            "# Task\n\nWrite {{ n }} of {{ label }}.\n\n---\n\n## Rules\n\nOnly {{ label }}.",
            "Write {{ n }}.\n\n---\n\n- short\n",
            "Task\n---\n\nWrite {{ n }}.",
            "Write {{ n }}.\n\n-----------\n\nWrite {{ n }} more.",
            "{% for e in examples %}\n{{ e.text }}\n---\n{% endfor %}Write {{ n }}.",
            "---\n\n# Task\n\nWrite {{ n }}.\n",
            "---\n\n# Task\n\n---\n\nWrite {{ n }}.\n",
            "---\nWrite {{ n }} rows.",
        ] {
            let file = PromptFile::parse(text).unwrap();
            assert_eq!(file.user, text.trim_end_matches('\n'), "{text}");
        }
    }

    #[test]
    fn a_chat_of_system_and_user_is_read_and_others_are_refused() {
        let read = |text: &str| chat(text).map(|chat| chat.map_err(|error| error.message));
        let chat =
            read(r#"[{"role":"system","content":"Be brief."},{"role":"user","content":"Write {{ n }}."}]"#);
        let chat = chat.unwrap().unwrap();
        assert_eq!(
            (chat.file.system.as_deref(), chat.file.user.as_str()),
            (Some("Be brief."), "Write {{ n }}.")
        );
        assert!(chat.remark.contains("system part"));

        let turns = r#"{"messages": [{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}"#;
        assert!(read(turns).unwrap().unwrap_err().starts_with("The file is a chat;"));
        let parts = r#"[{"role":"user","content":[{"type":"text","text":"a"}]}]"#;
        assert!(read(parts).unwrap().is_err());
        let broken = r#"[{"role": "user", "content": {{ text }}}]"#;
        assert!(read(broken).unwrap().unwrap_err().contains("no valid JSON"));
        assert!(
            read(r#"["Write {{ n }}.", "Write {{ n }} more."]"#)
                .unwrap()
                .unwrap_err()
                .contains("list in JSON")
        );
        let lines =
            "[{\"role\": \"user\", \"content\": \"a\"}]\n[{\"role\": \"user\", \"content\": \"b\"}]\n";
        assert!(read(lines).unwrap().unwrap_err().starts_with("Each line is a chat"));
        for other in ["Write {{ n }}.", "{{ n }}", "[1, 2]", "{\"a\": 1}", "[draft] Write."] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn chats_in_yaml_and_programs_are_refused() {
        assert_eq!(several_at("- role: system\n  content: Be brief.\n"), Some(1));
        assert_eq!(several_at("messages:\n  - role: user\n    content: x\n"), Some(2));
        assert_eq!(several_at("import json\n\ndef prompt(context):\n    return ''\n"), Some(1));
        assert_eq!(several_at("# a note\ndef prompt(context):\n    return ''\n"), Some(2));
        assert_eq!(
            several_at("Write {{ n }} lines of code such as:\n\nimport json\nfrom a import b\n"),
            None
        );
        assert_eq!(several_at("providers:\n  - x\nprompts:\n  - Write {{ n }}\n"), Some(3));
        assert_eq!(several_at("prompts: these are needed.\n{{ n }}"), None);
        assert_eq!(several_at("\n\n---\nsystem: Be brief.\n---\nWrite {{ n }}.\n"), Some(3));
        assert_eq!(several_at("\n\n---\n\n# Task\n\n---\n\nWrite {{ n }}.\n"), None);
        assert_eq!(several_at("module.exports = async function () {}\n"), Some(1));
    }
}
