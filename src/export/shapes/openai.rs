//! Chat fine-tuning of `OpenAI`: JSON Lines, one conversation each.
//!
//! Every conversation is checked before it is written. The checks follow those that `OpenAI` publishes in its cookbook
//! (`Chat_finetuning_data_prep`, read 2026-11): messages with a role and a text and no other key, the roles `system`,
//! `user` and `assistant`, an answer of the assistant at the end. A numeric `weight` stops the published checks with an
//! error, so none is written. The service takes ten conversations or more, and files of at most 512 MB.

use std::io::Write;

use serde_json::json;

use super::chat::{Chats, Turn};
use super::writing::{Items, are, count};
use crate::export::error::ExportError;
use crate::export::shape::{Context, Outgoing, Shape, Takes};

/// The fewest conversations that the service trains on.
const FEWEST: u64 = 10;
/// The most bytes of a file that the service takes.
const MOST_BYTES: u64 = 512_000_000;
const ROLES: [&str; 3] = ["system", "user", "assistant"];

/// Conversations for fine-tuning.
#[derive(Debug)]
pub(super) struct OpenAi {
    chats: Chats,
    items: Items,
    /// Conversations that the checks refuse, and why the first one is refused.
    refused: (u64, &'static str),
}

impl OpenAi {
    pub(super) fn new(context: &Context<'_>) -> Self {
        let chats = Chats::new(context.task, context.labels, &context.session.schema);
        Self { chats, items: Items::LINES, refused: (0, "") }
    }
}

impl Shape for OpenAi {
    fn takes(&self) -> Takes {
        Takes::Accepted
    }

    fn needs_exchange(&self) -> bool {
        self.chats.needs_exchange()
    }

    fn begin(&mut self, out: &mut dyn Write) -> Result<(), ExportError> {
        self.items.begin(out)
    }

    fn row(&mut self, row: &Outgoing<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
        let Some(chat) = self.chats.chat(row) else { return Ok(()) };
        let turns = chat.turns();
        if let Err(why) = check(&turns) {
            self.refused = (self.refused.0 + 1, if self.refused.0 == 0 { why } else { self.refused.1 });
            return Ok(());
        }
        self.items.item(&json!({ "messages": turns }), out)
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<Vec<String>, ExportError> {
        self.items.end(out)?;
        let mut said = self.chats.said();
        let (refused, why) = self.refused;
        if refused > 0 {
            said.push(format!("{} {} left out: {why}.", count(refused, "row"), are(refused)));
        }
        let written = self.items.written();
        if (1..FEWEST).contains(&written) {
            let written = count(written, "conversation");
            said.push(format!("OpenAI trains on {FEWEST} conversations or more; the file has {written}."));
        }
        said.extend(too_large(self.items.bytes()));
        Ok(said)
    }

    fn written(&self) -> Option<(u64, &'static str)> {
        Some((self.items.written(), "conversation"))
    }
}

/// Returns a sentence about a file that is too large for the service.
fn too_large(bytes: u64) -> Option<String> {
    (bytes > MOST_BYTES).then(|| {
        format!(
            "OpenAI takes files of at most {} MB, and this one has {bytes} bytes; write fewer rows, with --filter.",
            MOST_BYTES / 1_000_000
        )
    })
}

/// Checks a conversation as the service does.
///
/// # Errors
///
/// Why it would be refused, as the end of a sentence.
fn check(turns: &[Turn]) -> Result<(), &'static str> {
    if turns.iter().any(|turn| !ROLES.contains(&turn.role)) {
        return Err("a message has another role than system, user and assistant");
    }
    if turns.iter().any(|turn| turn.content.trim().is_empty()) {
        return Err("a message of the conversation is empty");
    }
    if !turns.iter().any(|turn| turn.role == "user") {
        return Err("the conversation has no message of the user");
    }
    match turns.last() {
        Some(last) if last.role == "assistant" => Ok(()),
        _ => Err("the conversation does not end with an answer"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::format::Task;
    use crate::export::shapes::fixtures::{accept, in_context, outgoing, real, replied, shaped, story};

    fn shape(task: Task) -> OpenAi {
        in_context(task, "rows.jsonl", OpenAi::new)
    }

    #[test]
    fn a_text_is_asked_and_its_label_answered() {
        let (written, said) = shaped(&mut shape(Task::Classify), &[real("7", "Win \"now\"\n!", "spam")]);
        assert_eq!(
            written,
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Which label fits this text: ham, spam? Answer with the \
             label and nothing else.\\n\\nWin \\\"now\\\"\\n!\"},{\"role\":\"assistant\",\"content\":\"spam\"}]}\n"
        );
        assert_eq!(said, ["OpenAI trains on 10 conversations or more; the file has 1 conversation."]);
    }

    #[test]
    fn the_bytes_of_the_file_are_held_against_the_limit_of_the_service() {
        let mut shape = shape(Task::Classify);
        let (written, _) = shaped(&mut shape, &[real("7", "\u{1}\u{1}", "spam"), real("8", "a", "ham")]);
        assert_eq!(shape.items.bytes(), written.len() as u64);
        assert_eq!(too_large(MOST_BYTES), None);
        let said = too_large(MOST_BYTES + 1).unwrap();
        assert!(said.contains("at most 512 MB, and this one has 512000001 bytes"), "{said}");
    }

    #[test]
    fn a_prompt_is_asked_and_its_row_answered() {
        let mut story = story("openai", &["one"]);
        accept(&mut story, &[0]);
        let rows = [outgoing(&story, 0, Some(replied("{}"))), real("7", "a", "ham")];
        let (written, said) = shaped(&mut shape(Task::Generate), &rows);
        assert_eq!(
            written,
            "{\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"Write \
             rows.\"},{\"role\":\"assistant\",\"content\":\"{\\\"rows\\\":[{\\\"text\\\":\\\"one\\\"}]}\"}]}\n"
        );
        assert_eq!(said[0], "1 real row is left out: no model was asked for real rows.");
    }

    #[test]
    fn what_the_service_refuses_is_left_out_and_told() {
        let (written, said) = shaped(&mut shape(Task::Classify), &[real("7", "a", " ")]);
        assert_eq!(
            (written.as_str(), said[0].as_str()),
            ("", "1 row is left out: a message of the conversation is empty.")
        );
        let user = Turn::new("user", "a");
        assert!(check(&[user.clone(), Turn::assistant("b")]).is_ok());
        assert!(check(std::slice::from_ref(&user)).is_err());
        assert!(check(&[Turn::new("system", "a"), Turn::assistant("b")]).is_err());
        assert!(check(&[user, Turn::new("critic", "a"), Turn::assistant("b")]).is_err());
    }
}
