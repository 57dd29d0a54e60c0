//! What a file holds: one prompt, or several where its kind can hold them.
//!
//! ```text
//! .yaml .yml   a template of llm
//! .txt         prompts of promptfoo, parted by `---`
//! any          a prompt with or without a front matter, a chat in JSON, or such a chat a line
//! ```

use std::collections::BTreeMap;

use super::other_tools::{Chat, chat, chat_lines, no_prompt, several};
use super::{PromptFile, PromptFileError, llm};

/// A prompt in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FoundPrompt {
    /// The prompt.
    pub file: PromptFile,
    /// Values of variables beside those that it inherits.
    pub values: BTreeMap<String, Vec<String>>,
    /// What was read as what, as a sentence.
    pub remark: Option<String>,
    /// The line where it begins, where the file holds several.
    pub line: Option<usize>,
}

impl From<PromptFile> for FoundPrompt {
    fn from(file: PromptFile) -> Self {
        Self { file, ..Self::default() }
    }
}

impl From<Chat> for FoundPrompt {
    fn from(Chat { file, remark }: Chat) -> Self {
        Self { remark: Some(remark), ..file.into() }
    }
}

/// Reads the prompts in a file whose name ends in this.
///
/// # Errors
///
/// Where the file cannot be read, or holds what no prompt can be.
pub(crate) fn prompts_in(text: &str, ending: &str) -> Result<Vec<FoundPrompt>, PromptFileError> {
    let ending = ending.to_ascii_lowercase();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines: Vec<&str> = text.lines().collect();
    if matches!(ending.as_str(), "yaml" | "yml") && !has_front_matter(&lines) {
        return match no_prompt(&lines) {
            Some(error) => Err(error),
            None => llm::read(text).map(|found| vec![found]),
        };
    }
    if chat_lines(text) && lines.iter().filter(|line| !line.trim().is_empty()).count() > 1 {
        return chats(&lines);
    }
    if let Some(chat) = chat(text) {
        return chat.map(|chat| vec![chat.into()]);
    }
    if ending == "txt"
        && !has_front_matter(&lines)
        && no_prompt(&lines).is_none()
        && several(&lines).is_some()
    {
        return Ok(parted(&lines));
    }
    PromptFile::parse(text).map(|file| vec![file.into()])
}

/// Returns whether the file begins with a front matter; a document of YAML may begin with one fence, but has no second.
fn has_front_matter(lines: &[&str]) -> bool {
    let is_fence = |line: &&str| line.trim_end() == "---";
    let is_key = |line: &&str| super::KEYS.iter().any(|key| line.starts_with(&format!("{key}:")));
    lines.first().is_some_and(is_fence)
        && lines.iter().skip(1).any(is_fence)
        && lines.iter().skip(1).take_while(|line| !is_fence(line)).any(is_key)
}

/// Reads a chat a line.
fn chats(lines: &[&str]) -> Result<Vec<FoundPrompt>, PromptFileError> {
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        match chat(line) {
            Some(Ok(chat)) => found.push(FoundPrompt { line: Some(at + 1), ..chat.into() }),
            Some(Err(error)) => return Err(PromptFileError { line: at + 1, ..error }),
            None => {}
        }
    }
    Ok(found)
}

/// Cuts a text at its lines `---`, as promptfoo does: what stands between them is trimmed.
fn parted(lines: &[&str]) -> Vec<FoundPrompt> {
    let mut found = Vec::new();
    let mut start = 0;
    for part in lines.split(|line| line.trim() == "---") {
        let user = part.join("\n").trim().to_owned();
        let blank = part.iter().take_while(|line| line.trim().is_empty()).count();
        if !user.is_empty() {
            let file = PromptFile { user, ..PromptFile::default() };
            found.push(FoundPrompt { line: Some(start + blank + 1), ..file.into() });
        }
        start += part.len() + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users(text: &str, ending: &str) -> Vec<(Option<usize>, String)> {
        let found = prompts_in(text, ending).unwrap();
        found.into_iter().map(|found| (found.line, found.file.user)).collect()
    }

    #[test]
    fn a_text_of_promptfoo_holds_the_prompts_between_its_lines() {
        let text = "Write {{n}} angry ones.\r\n---\r\n\r\nWrite {{n}} polite ones.\r\n  ---  \r\n\r\n---\r\nWrite {{n}}.\r\n";
        let expected = [
            (Some(1), "Write {{n}} angry ones.".to_owned()),
            (Some(4), "Write {{n}} polite ones.".to_owned()),
            (Some(8), "Write {{n}}.".to_owned()),
        ];
        assert_eq!(users(text, "txt"), expected);
        assert!(prompts_in(text, "md").unwrap_err().message.contains("`.txt`"));
    }

    #[test]
    fn a_text_with_a_rule_or_a_front_matter_is_one_prompt() {
        let rule = "# Task\n\nWrite {{ n }} messages.\n\n---\n\n## Rules\n\n- short\n";
        assert_eq!(users(rule, "txt"), [(None, rule.trim_end().to_owned())]);
        let front = "---\nsystem: Be brief.\n---\nWrite {{ n }}.\n";
        for ending in ["txt", "yaml", "j2"] {
            let found = prompts_in(front, ending).unwrap();
            assert_eq!(found[0].file.system.as_deref(), Some("Be brief."), "{ending}");
        }
    }

    #[test]
    fn a_chat_a_line_is_a_prompt_a_line() {
        let text = concat!(
            "[{\"role\": \"system\", \"content\": \"Be brief.\"}, {\"role\": \"user\", \"content\": \"a\"}]\n\n",
            "{\"messages\": [{\"role\": \"user\", \"content\": \"b\"}]}\n",
        );
        assert_eq!(users(text, "jsonl"), [(Some(1), "a".to_owned()), (Some(3), "b".to_owned())]);
        let turns =
            "[{\"role\": \"user\", \"content\": \"a\"}]\n[{\"role\": \"assistant\", \"content\": \"b\"}]\n";
        assert_eq!(prompts_in(turns, "jsonl").unwrap_err().line, 2);
    }
}
