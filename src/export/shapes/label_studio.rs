//! Tasks for Label Studio: a list with `data`, the generator's label as a prediction, a person's decision as an
//! annotation, and the labelling configuration beside it.
//!
//! After Label Studio 1.23 (`guide/predictions`, `guide/task_format`). It takes a file that ends in `.json` and refuses
//! `.jsonl`. A result whose `from_name` or `to_name` is none of the configuration is accepted and lost, so both come
//! from one place here. An annotation that `was_cancelled` holds no answer.

use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use super::writing::{Items, LabelList, beside, count};
use crate::domain::StateKind;
use crate::export::error::ExportError;
use crate::export::shape::{Context, Outgoing, Shape, Takes};

/// The name of the choices in the configuration.
const FROM: &str = "label";
/// The name of the text in the configuration, and of its value in a task.
const TO: &str = "text";

/// Tasks with predictions and annotations.
#[derive(Debug)]
pub(super) struct LabelStudio {
    items: Items,
    labels: LabelList,
    config: String,
    /// Whether the file's name is one that Label Studio takes.
    is_json: bool,
}

impl LabelStudio {
    pub(super) fn new(context: &Context<'_>) -> Self {
        let config = beside(context.out, ".label-config.xml");
        let is_json = context.out == Path::new("-")
            || context.out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        Self { items: Items::LIST, labels: LabelList::of(context.labels), config, is_json }
    }

    /// Returns the labelling configuration.
    fn config(&self) -> String {
        let choices =
            self.labels.names().iter().map(|label| format!("    <Choice value=\"{}\"/>\n", escaped(label)));
        format!(
            "<View>\n  <Text name=\"{TO}\" value=\"${TO}\"/>\n  <Choices name=\"{FROM}\" toName=\"{TO}\" \
             choice=\"single\">\n{}  </Choices>\n</View>\n",
            choices.collect::<String>()
        )
    }
}

/// Returns a text as the value of an attribute in XML; a character that XML cannot hold becomes `U+FFFD`.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // White space in an attribute is read as blanks unless it is written as a reference.
            '\t' => escaped.push_str("&#9;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Returns a choice of one label.
fn choice(id: &str, label: &str) -> Value {
    json!([{
        "id": id,
        "from_name": FROM,
        "to_name": TO,
        "type": "choices",
        "value": { "choices": [label] },
    }])
}

impl Shape for LabelStudio {
    fn takes(&self) -> Takes {
        Takes::Seen
    }

    fn begin(&mut self, out: &mut dyn Write) -> Result<(), ExportError> {
        self.items.begin(out)
    }

    fn row(&mut self, row: &Outgoing<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
        self.labels.see(row.label);
        let predictions: Vec<_> = row
            .row
            .iter()
            .map(|view| {
                self.labels.see(view.original_label());
                let version = view
                    .version()
                    .map_or_else(String::new, |version| format!("{} v{}", version.name, version.number));
                json!({ "model_version": version, "result": choice(row.id, view.original_label()) })
            })
            .collect();
        let is_answer = row.row.is_none_or(|row| row.state().kind() == StateKind::Accepted);
        let result = if is_answer { choice(row.id, row.label) } else { json!([]) };
        let mut data = json!({ TO: row.text, "id": row.id, "source": if row.row.is_some() { "synthetic" } else { "real" } });
        if let Some(reason) = row.row.and_then(|row| row.mark().reason) {
            data["reason"] = reason.into();
        }
        let task = json!({
            "data": data,
            "annotations": [{ "result": result, "was_cancelled": !is_answer, "ground_truth": false }],
            "predictions": predictions,
        });
        self.items.item(&task, out)
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<Vec<String>, ExportError> {
        self.items.end(out)?;
        let mut said = vec![];
        if !self.is_json {
            said.push(
                "Label Studio takes only files that end in .json; give this one such a name.".to_owned(),
            );
        }
        let odd = self
            .labels
            .names()
            .iter()
            .filter(|label| escaped(label).contains('\u{fffd}') && !label.contains('\u{fffd}'));
        let odd = odd.count() as u64;
        if odd > 0 {
            said.push(format!(
                "{} with characters that XML cannot hold: Label Studio will not know it.",
                count(odd, "label")
            ));
        }
        Ok(said)
    }

    fn about_beside(&self) -> Option<String> {
        Some(format!("{} holds the labelling configuration of these tasks.", self.config))
    }

    fn beside(&self) -> Vec<(String, Vec<u8>)> {
        vec![(self.config.clone(), self.config().into_bytes())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::format::Task;
    use crate::export::shapes::fixtures::{accept, in_context, outgoing, real, reject, shaped, story};

    #[test]
    fn names_are_the_same_in_tasks_and_configuration_and_rejected_rows_are_no_answers() {
        let mut story = story("openai", &["a", "b"]);
        accept(&mut story, &[0]);
        reject(&mut story, &[1]);
        let rows = [outgoing(&story, 0, None), outgoing(&story, 1, None), real("7", "c", "<\"a\" & b>\n")];
        let mut shape = in_context(Task::Classify, "rows.json", LabelStudio::new);

        let (written, said) = shaped(&mut shape, &rows);

        let lines: Vec<_> = written.lines().collect();
        let choice = "[{\"id\":\"r1\",\"from_name\":\"label\",\"to_name\":\"text\",\"type\":\"choices\",\"value\":\
                      {\"choices\":[\"spam\"]}}]";
        assert_eq!(
            lines[1],
            format!(
                "{{\"data\":{{\"text\":\"a\",\"id\":\"r1\",\"source\":\"synthetic\"}},\"annotations\":[{{\"result\":\
                 {choice},\"was_cancelled\":false,\"ground_truth\":false}}],\"predictions\":[{{\"model_version\":\
                 \"main v1\",\"result\":{choice}}}]}},"
            )
        );
        assert!(lines[2].contains("\"annotations\":[{\"result\":[],\"was_cancelled\":true"), "{written}");
        assert!(lines[3].ends_with("\"predictions\":[]}"), "{written}");
        assert_eq!(said, Vec::<String>::new());
        assert_eq!(
            shape.about_beside().unwrap(),
            "rows.label-config.xml holds the labelling configuration of these tasks."
        );
        assert_eq!(
            String::from_utf8(shape.beside()[0].1.clone()).unwrap(),
            "<View>\n  <Text name=\"text\" value=\"$text\"/>\n  <Choices name=\"label\" toName=\"text\" \
             choice=\"single\">\n    <Choice value=\"ham\"/>\n    <Choice value=\"spam\"/>\n    <Choice \
             value=\"&lt;&quot;a&quot; &amp; b&gt;&#10;\"/>\n  </Choices>\n</View>\n"
        );
    }

    #[test]
    fn what_label_studio_would_refuse_or_not_know_is_told() {
        let mut shape = in_context(Task::Classify, "rows.jsonl", LabelStudio::new);
        let (written, said) = shaped(&mut shape, &[real("7", "c", "a\u{1}")]);
        assert!(written.starts_with("[\n{"), "{written}");
        assert_eq!(said[0], "Label Studio takes only files that end in .json; give this one such a name.");
        assert!(said[1].starts_with("1 label with characters that XML cannot hold"), "{said:?}");
    }
}
