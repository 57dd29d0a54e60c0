//! The two shapes of LLaMA-Factory, and the entry of `dataset_info.json` that makes them known to it.
//!
//! After the documentation of LLaMA-Factory 0.9.5 (`data/README.md`, `llamafactory/data/parser.py`): an entry with
//! `columns` or `tags` sets all that it does not name to none, so that all are named that the file has. A file that
//! ends in `.json` is a list, any other one has a line for each row; LLaMA-Factory reads both.

use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use super::chat::{Chat, Chats};
use super::writing::{Items, stem};
use crate::export::error::ExportError;
use crate::export::shape::{Context, Outgoing, Shape, Takes};
use crate::export::shared::Entries;

/// The file that LLaMA-Factory looks for in a folder of datasets.
const INFO: &str = "dataset_info.json";

/// How a conversation is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Formatting {
    /// `instruction`, `input`, `output` and `system`.
    Alpaca,
    /// `conversations` of `human` and `gpt`, and `system`.
    ShareGpt,
}

/// Rows for LLaMA-Factory.
#[derive(Debug)]
pub(super) struct LlamaFactory {
    formatting: Formatting,
    chats: Chats,
    items: Items,
    /// The name of the dataset in its entry, and of its file.
    name: String,
    file: String,
}

impl LlamaFactory {
    pub(super) fn new(formatting: Formatting, context: &Context<'_>) -> Self {
        let chats = Chats::new(context.task, context.labels, &context.session.schema);
        let file =
            context.out.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self { formatting, chats, items: Items::of(context.out), name: name_of(context.out), file }
    }

    fn item(&self, chat: &Chat) -> Value {
        let system = chat.system.as_deref().unwrap_or_default();
        match self.formatting {
            Formatting::Alpaca => json!({
                "instruction": chat.user,
                "input": chat.input.as_deref().unwrap_or_default(),
                "output": chat.answer,
                "system": system,
            }),
            Formatting::ShareGpt => {
                let said = |turn: &super::chat::Turn| match turn.role {
                    "user" => Some(json!({ "from": "human", "value": turn.content })),
                    "assistant" => Some(json!({ "from": "gpt", "value": turn.content })),
                    _ => None,
                };
                let turns: Vec<_> = chat.turns().iter().filter_map(said).collect();
                json!({ "conversations": turns, "system": system })
            }
        }
    }

    /// Returns what LLaMA-Factory has to know of the file.
    fn info(&self) -> Value {
        match self.formatting {
            Formatting::Alpaca => json!({
                "file_name": self.file,
                "formatting": "alpaca",
                "columns": {
                    "prompt": "instruction", "query": "input", "response": "output", "system": "system",
                },
            }),
            Formatting::ShareGpt => json!({
                "file_name": self.file,
                "formatting": "sharegpt",
                "columns": { "messages": "conversations", "system": "system" },
                "tags": {
                    "role_tag": "from", "content_tag": "value",
                    "user_tag": "human", "assistant_tag": "gpt", "observation_tag": "observation",
                    "function_tag": "function_call", "system_tag": "system",
                },
            }),
        }
    }
}

/// Returns the name of a dataset: that of its file, without what a list of names on a command line is split at.
fn name_of(out: &Path) -> String {
    stem(out).chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect()
}

impl Shape for LlamaFactory {
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
        match self.chats.chat(row) {
            Some(chat) => {
                let item = self.item(&chat);
                self.items.item(&item, out)
            }
            None => Ok(()),
        }
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<Vec<String>, ExportError> {
        self.items.end(out)?;
        Ok(self.chats.said())
    }

    fn about_beside(&self) -> Option<String> {
        Some(format!("LLaMA-Factory knows the file as the dataset `{}`, by {INFO} beside it.", self.name))
    }

    fn written(&self) -> Option<(u64, &'static str)> {
        Some((self.items.written(), "conversation"))
    }

    fn entries(&self) -> Vec<(&'static str, Entries)> {
        vec![(INFO, Entries::from_iter([(self.name.clone(), self.info())]))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::format::Task;
    use crate::export::shapes::fixtures::{accept, in_context, outgoing, real, replied, shaped, story};

    fn shape(formatting: Formatting, task: Task, out: &str) -> LlamaFactory {
        in_context(task, out, |context| LlamaFactory::new(formatting, context))
    }

    #[test]
    fn alpaca_has_the_instruction_apart_from_the_text() {
        let mut shape = shape(Formatting::Alpaca, Task::Classify, "my rows.json");
        let (written, said) = shaped(&mut shape, &[real("7", "Win", "spam"), real("8", "Hi", "ham")]);
        let instruction = "Which label fits this text: ham, spam? Answer with the label and nothing else.";
        assert_eq!(
            written,
            format!(
                "[\n{{\"instruction\":\"{instruction}\",\"input\":\"Win\",\"output\":\"spam\",\"system\":\"\"}},\n\
                 {{\"instruction\":\"{instruction}\",\"input\":\"Hi\",\"output\":\"ham\",\"system\":\"\"}}\n]\n"
            )
        );
        assert_eq!(said, Vec::<String>::new());
        assert_eq!(
            shape.about_beside().unwrap(),
            "LLaMA-Factory knows the file as the dataset `my_rows`, by dataset_info.json beside it."
        );
        let (name, info) = shape.entries().remove(0);
        assert_eq!((name, &info["my_rows"]["file_name"]), ("dataset_info.json", &json!("my rows.json")));
        let columns =
            json!({"prompt": "instruction", "query": "input", "response": "output", "system": "system"});
        assert_eq!(info["my_rows"]["columns"], columns);
    }

    #[test]
    fn sharegpt_names_every_tag_and_keeps_the_system_message_apart() {
        let mut story = story("openai", &["one"]);
        accept(&mut story, &[0]);
        let mut shape = shape(Formatting::ShareGpt, Task::Generate, "rows.jsonl");
        let (written, _) = shaped(&mut shape, &[outgoing(&story, 0, Some(replied("one")))]);
        assert_eq!(
            written,
            "{\"conversations\":[{\"from\":\"human\",\"value\":\"Write rows.\"},{\"from\":\"gpt\",\"value\":\"one\"}],\
             \"system\":\"Be brief.\"}\n"
        );
        let (_, info) = shape.entries().remove(0);
        assert_eq!(info["rows"]["tags"].as_object().unwrap().len(), 7);
        assert_eq!(info["rows"]["columns"], json!({"messages": "conversations", "system": "system"}));
    }
}
