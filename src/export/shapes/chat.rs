//! Rows as conversations: the messages that teach a model to label a text, or to write rows.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use super::writing::{are, count};
use crate::domain::{Exchange, FieldValue, Fields, Provider, Role, Schema};
use crate::export::format::Task;
use crate::export::shape::Outgoing;

/// More labels than these are not listed in an instruction.
const MOST_LISTED: usize = 50;
/// The property of a reply that holds its rows.
const ROWS: &str = "rows";

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Turn {
    pub(super) role: &'static str,
    pub(super) content: String,
}

impl Turn {
    pub(super) fn new(role: &'static str, content: impl Into<String>) -> Self {
        Self { role, content: content.into() }
    }

    pub(super) fn assistant(content: impl Into<String>) -> Self {
        Self::new("assistant", content)
    }
}

/// A conversation: what a model is asked, and what it should answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chat {
    /// The system message, if there is one.
    pub(super) system: Option<String>,
    /// What the user says; where a text is to be labelled, only the instruction.
    pub(super) user: String,
    /// The text to be labelled.
    pub(super) input: Option<String>,
    /// The answer to learn.
    pub(super) answer: String,
}

impl Chat {
    /// Returns the messages in their order.
    pub(super) fn turns(&self) -> Vec<Turn> {
        let user = match &self.input {
            Some(input) => format!("{}\n\n{input}", self.user),
            None => self.user.clone(),
        };
        let system = self.system.iter().map(|system| Turn::new("system", system.as_str()));
        system.chain([Turn::new("user", user), Turn::assistant(self.answer.as_str())]).collect()
    }
}

/// Makes conversations of rows, and counts the rows that have none.
#[derive(Debug)]
pub(super) struct Chats {
    task: Task,
    instruction: String,
    answers: Answers,
    left_out: LeftOut,
}

impl Chats {
    pub(super) fn new(task: Task, labels: &[String], schema: &Schema) -> Self {
        let answers = Answers::new(schema);
        Self { task, instruction: instruction(labels), answers, left_out: LeftOut::default() }
    }

    pub(super) fn needs_exchange(&self) -> bool {
        self.task == Task::Generate
    }

    /// Returns the conversation of a row; `None` if it has no prompt, which is counted.
    pub(super) fn chat(&mut self, row: &Outgoing<'_>) -> Option<Chat> {
        if self.task == Task::Classify {
            let (user, input) = (self.instruction.clone(), Some(row.text.to_owned()));
            return Some(Chat { system: None, user, input, answer: row.label.to_owned() });
        }
        let exchange = self.left_out.exchange_of(row)?;
        let answer = self.answers.now(row, exchange);
        let of = |role| {
            let messages = exchange.messages.iter().filter(|message| message.role == role);
            messages.map(|message| message.text.as_str()).collect::<Vec<_>>().join("\n\n")
        };
        let system = Some(of(Role::System)).filter(|system| !system.is_empty());
        Some(Chat { system, user: of(Role::User), input: None, answer })
    }

    /// Returns sentences about the rows that have no conversation.
    pub(super) fn said(&self) -> Vec<String> {
        self.left_out.said()
    }
}

/// Returns the line that asks for a label.
fn instruction(labels: &[String]) -> String {
    if labels.is_empty() || labels.len() > MOST_LISTED {
        return "Which label fits this text? Answer with the label and nothing else.".to_owned();
    }
    let between = if labels.iter().any(|label| label.contains(',')) { "; " } else { ", " };
    let listed = labels.join(between);
    format!("Which label fits this text: {listed}? Answer with the label and nothing else.")
}

/// Rows without a prompt, by the reason.
#[derive(Debug, Default)]
pub(super) struct LeftOut {
    real: u64,
    offline: u64,
    unknown: u64,
}

impl LeftOut {
    /// Returns the request behind a row; `None` if no model read one, which is counted.
    pub(super) fn exchange_of<'r>(&mut self, row: &'r Outgoing<'_>) -> Option<&'r Arc<Exchange>> {
        let Some(view) = row.row else {
            self.real += 1;
            return None;
        };
        if view.run().is_some_and(|run| run.generator.provider == Provider::Offline.name()) {
            self.offline += 1;
            return None;
        }
        let exchange = row.exchange.as_ref().filter(|exchange| !exchange.messages.is_empty());
        self.unknown += u64::from(exchange.is_none());
        exchange
    }

    /// Returns sentences about them.
    pub(super) fn said(&self) -> Vec<String> {
        let reasons = [
            (self.real, "real row", "no model was asked for real rows"),
            (self.offline, "row", "the built-in generator reads no prompt"),
            (self.unknown, "row", "no prompt is known for rows made elsewhere"),
        ];
        let some = reasons.into_iter().filter(|(rows, ..)| *rows > 0);
        some.map(|(rows, noun, why)| format!("{} {} left out: {why}.", count(rows, noun), are(rows)))
            .collect()
    }
}

/// Writes a row as a model was asked to: as JSON where it answered in JSON or rows have several fields, else as text.
#[derive(Debug)]
pub(super) struct Answers {
    fields: Vec<String>,
}

impl Answers {
    pub(super) fn new(schema: &Schema) -> Self {
        Self { fields: schema.0.iter().map(|field| field.name.clone()).collect() }
    }

    /// Returns a row as it stands, with a person's edits.
    pub(super) fn now(&self, row: &Outgoing<'_>, exchange: &Exchange) -> String {
        let fields = row.row.map_or_else(|| Fields::of_text(row.text), |row| row.fields());
        self.written(&fields, exchange)
    }

    /// Returns fields as an answer.
    pub(super) fn written(&self, fields: &Fields, exchange: &Exchange) -> String {
        if self.fields.len() == 1 && !answered_in_json(exchange) {
            return fields.text().to_owned();
        }
        let value = |name: &String| Some((name.clone(), json(fields.0.get(name)?)));
        let row: Map<String, Value> = self.fields.iter().filter_map(value).collect();
        serde_json::json!({ ROWS: [row] }).to_string()
    }
}

/// Returns whether a reply is JSON, alone or in a fence.
fn answered_in_json(exchange: &Exchange) -> bool {
    let reply = exchange.reply.as_deref().unwrap_or_default();
    let start = exchange.thinking.last().map_or(0, |range| range.end);
    let rest = reply.get(start..).unwrap_or(reply).trim_start();
    let rest = rest.strip_prefix("```").map_or(rest, |fenced| fenced.trim_start_matches("json").trim_start());
    rest.starts_with(['{', '['])
}

fn json(value: &FieldValue) -> Value {
    match value {
        FieldValue::Boolean(value) => (*value).into(),
        FieldValue::Integer(value) => (*value).into(),
        FieldValue::Number(value) => (*value).into(),
        FieldValue::Text(value) => value.as_str().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FieldKind, FieldSpec};
    use crate::export::shapes::fixtures::{labels, outgoing, replied, story};

    #[test]
    fn labels_are_listed_where_they_are_few_and_told_apart() {
        let with_comma = [labels(), vec!["a, b".to_owned()]].concat();
        let many: Vec<_> = (0..=MOST_LISTED).map(|n| n.to_string()).collect();
        assert!(instruction(&labels()).starts_with("Which label fits this text: ham, spam?"));
        assert!(instruction(&with_comma).contains(": ham; spam; a, b?"));
        assert!(instruction(&many).starts_with("Which label fits this text? Answer"));
    }

    #[test]
    fn a_row_is_asked_for_as_the_model_read_it_and_answered_in_the_form_of_the_reply() {
        let story = story("openai", &["one"]);
        let mut chats = Chats::new(Task::Generate, &labels(), &Schema::default());

        let json = chats.chat(&outgoing(&story, 0, Some(replied("```json\n{\"rows\":[]}```")))).unwrap();
        let text = chats.chat(&outgoing(&story, 0, Some(replied("1. one\n2. two")))).unwrap();

        assert_eq!(json.turns()[..2], [Turn::new("system", "Be brief."), Turn::new("user", "Write rows.")]);
        assert_eq!(json.answer, r#"{"rows":[{"text":"one"}]}"#);
        assert_eq!(text.answer, "one");
        assert_eq!(chats.said(), Vec::<String>::new());
    }

    #[test]
    fn several_fields_are_json_in_the_order_in_which_they_are_declared() {
        let field = |name: &str| FieldSpec { name: name.into(), kind: FieldKind::Integer };
        let answers = Answers::new(&Schema(vec![field("tone"), field("text")]));
        let mut fields = Fields::of_text("one");
        fields.0.insert("tone".into(), FieldValue::Integer(3));
        fields.0.insert("label".into(), FieldValue::Text("ham".into()));
        let answer = answers.written(&fields, &Exchange::default());
        assert_eq!(answer, r#"{"rows":[{"tone":3,"text":"one"}]}"#);
    }

    #[test]
    fn rows_that_no_model_was_asked_for_are_left_out_and_told_by_the_reason() {
        let (offline, model) = (story("offline", &["one", "two"]), story("openai", &["one"]));
        let mut chats = Chats::new(Task::Generate, &labels(), &Schema::default());
        let real = Outgoing { row: None, ..outgoing(&model, 0, None) };
        for row in [outgoing(&offline, 0, Some(replied("x"))), outgoing(&offline, 1, None), real] {
            assert_eq!(chats.chat(&row), None);
        }
        assert_eq!(chats.chat(&outgoing(&model, 0, None)), None);
        assert_eq!(
            chats.said(),
            [
                "1 real row is left out: no model was asked for real rows.",
                "2 rows are left out: the built-in generator reads no prompt.",
                "1 row is left out: no prompt is known for rows made elsewhere.",
            ]
        );
    }
}
