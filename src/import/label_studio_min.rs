//! JSON-MIN exports of Label Studio (`convert_to_json_min` in label-studio-sdk, as of 2026-08).
//!
//! ```text
//! {"text": "…", "id": 1, "label": "spam", "annotator": 3, "annotation_id": 9, "created_at": "…", "updated_at": "…",
//!  "lead_time": 4.2}
//! ```
//!
//! The data of a task, then its id, then a key for each control, then who annotated. Each annotation is an item, so
//! the items of one task follow each other with one `id`; a task without annotations has `"annotation_id": null`.
//! Cancelled annotations are left out by the tool.

use serde_json::{Map, Value as Json};

use super::answers::{Answers, DISAGREE};
use super::given::Given;
use super::label_studio::annotator;
use super::opened::Shape;
use super::out::Out;
use super::value::Value;
use super::{Asked, pick};
use crate::domain::Incoming;

/// What is behind the controls in each item.
const BEHIND: [&str; 6] =
    ["annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement"];
const TOGETHER: &str = "were put together with the row before, which is of the same task";

/// Reads items.
#[derive(Debug)]
pub(super) struct JsonMin {
    asked: Asked,
    /// The task whose annotations are being read.
    open: Option<(Incoming, Answers)>,
}

impl JsonMin {
    /// Begins with what is asked for: the key of the text, and the control of the label.
    pub(super) fn new(asked: &Asked) -> Self {
        Self { asked: asked.clone(), open: None }
    }

    fn item(&mut self, line: u64, item: &Map<String, Json>, out: &mut Out) -> Result<(), String> {
        let id = pick::spelled(item, "id");
        let controls: Vec<String> = item
            .iter()
            .skip_while(|(name, _)| *name != "id")
            .skip(1)
            .filter(|(name, value)| !BEHIND.contains(&name.as_str()) && !value.is_null())
            .map(|(name, _)| name.clone())
            .collect();
        let control = pick::question(&controls, self.asked.label.as_deref())?;
        let label = match control.as_ref().and_then(|control| item.get(control)) {
            Some(Json::Object(several)) => {
                several.get("choices").map_or(Value::Null, Value::of_json).label()?
            }
            Some(value) => Value::of_json(value).label()?,
            None => None,
        };
        let is_same = id.is_some() && self.open.as_ref().is_some_and(|(row, _)| row.id == id);
        if is_same {
            out.note(line, TOGETHER);
        } else {
            self.close(out);
            let before = item.iter().take_while(|(name, _)| *name != "id");
            let mut data: Map<String, Json> =
                before.map(|(name, value)| (name.clone(), value.clone())).collect();
            if data.is_empty() {
                let not = |name: &String| !BEHIND.contains(&name.as_str()) && Some(name) != control.as_ref();
                data =
                    item.iter().filter(|(name, _)| not(name)).map(|(n, v)| (n.clone(), v.clone())).collect();
            }
            let (name, text) = pick::text(&data, self.asked.text.as_deref())?;
            let fields = pick::fields(&data, &[name, "id"]);
            let row = Incoming { line, id, text: text.to_owned(), fields, ..Incoming::default() };
            self.open = Some((row, Answers::default()));
        }
        if let (Some((_, answers)), Some(label)) = (&mut self.open, label) {
            answers.give(label, annotator(item.get("annotator")));
        }
        Ok(())
    }

    /// Gives the row of the task that was read.
    fn close(&mut self, out: &mut Out) {
        if let Some((mut row, answers)) = self.open.take() {
            if answers.settle(&mut row) {
                out.note(row.line, DISAGREE);
            }
            out.row(row);
        }
    }
}

impl Shape for JsonMin {
    fn take(&mut self, line: u64, given: Given, out: &mut Out) {
        if let Err(why) = given.map().and_then(|item| self.item(line, &item, out)) {
            out.fault(line, why);
        }
    }

    fn end(&mut self, out: &mut Out) {
        self.close(out);
    }
}
