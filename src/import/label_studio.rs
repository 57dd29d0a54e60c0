//! JSON exports of Label Studio 1.23 (<https://labelstud.io/guide/task_format>).
//!
//! ```text
//! {"id": 1, "data": {"text": "…"}, "annotations": [{"completed_by": 3, "was_cancelled": false, "ground_truth": false,
//!   "result": [{"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": ["spam"]}}]}],
//!   "drafts": […], "predictions": […]}
//! ```
//!
//! An annotation that was cancelled (`skipped` in old exports) is no answer; drafts and predictions are none either.
//! Where somebody marked an annotation as the ground truth, only such count.

use serde_json::{Map, Value as Json};

use super::answers::{Answers, DISAGREE};
use super::given::Given;
use super::opened::Shape;
use super::out::Out;
use super::value::Value;
use super::{Asked, pick};
use crate::domain::{Incoming, RowState};

const CANCELLED: &str = "have annotations that were cancelled, which are no labels";
const PREDICTED: &str = "have predictions and no annotation; predictions are no labels";

/// Reads tasks.
#[derive(Debug)]
pub(super) struct LabelStudio {
    asked: Asked,
}

impl LabelStudio {
    /// Begins with what is asked for: the key of the text in `data`, and the control of the label.
    pub(super) fn new(asked: &Asked) -> Self {
        Self { asked: asked.clone() }
    }

    fn row(&self, line: u64, task: &Map<String, Json>, out: &mut Out) -> Result<Incoming, String> {
        let data = pick::object(task, "data").ok_or("the task has no `data`.")?;
        let (name, text) = pick::text(data, self.asked.text.as_deref())?;
        let mut row =
            Incoming { line, id: pick::spelled(task, "id"), text: text.to_owned(), ..Incoming::default() };
        row.fields = pick::fields(data, &[name]);
        let mut all = pick::objects(task, "annotations");
        if all.is_empty() {
            all = pick::objects(task, "completions");
        }
        let is = |annotation: &Map<String, Json>, key: &str| annotation.get(key) == Some(&Json::Bool(true));
        let (cancelled, mut kept): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|annotation| is(annotation, "was_cancelled") || is(annotation, "skipped"));
        if !cancelled.is_empty() {
            out.note(line, CANCELLED);
        }
        if kept.iter().any(|annotation| is(annotation, "ground_truth")) {
            kept.retain(|annotation| is(annotation, "ground_truth"));
        }
        let mut answers = Answers::default();
        for annotation in &kept {
            if let Some(label) = self.label(annotation)? {
                answers.give(label, annotator(annotation.get("completed_by")));
            }
        }
        if answers.settle(&mut row) {
            out.note(line, DISAGREE);
        } else if kept.is_empty() && !cancelled.is_empty() {
            row.state = Some(RowState::Skipped);
            row.reason = Some("cancelled in Label Studio".into());
        } else if kept.is_empty() && !pick::objects(task, "predictions").is_empty() {
            out.note(line, PREDICTED);
        }
        Ok(row)
    }

    /// Returns the choice of an annotation.
    fn label(&self, annotation: &Map<String, Json>) -> Result<Option<String>, String> {
        let choices: Vec<(String, Value)> = pick::objects(annotation, "result")
            .into_iter()
            .filter_map(|result| {
                let choices = pick::object(result, "value")?.get("choices")?;
                Some((pick::spelled(result, "from_name").unwrap_or_default(), Value::of_json(choices)))
            })
            .collect();
        let mut names: Vec<String> = choices.iter().map(|(name, _)| name.clone()).collect();
        names.dedup();
        let Some(name) = pick::question(&names, self.asked.label.as_deref())? else { return Ok(None) };
        choices.iter().find(|(other, _)| *other == name).map_or(Ok(None), |(_, choices)| choices.label())
    }
}

/// Returns who annotated: a number, or an object with a number and an address.
pub(super) fn annotator(by: Option<&Json>) -> Option<String> {
    match by? {
        Json::Object(by) => pick::spelled(by, "email").or_else(|| pick::spelled(by, "id")),
        by => Value::of_json(by).spelled(),
    }
}

impl Shape for LabelStudio {
    fn take(&mut self, line: u64, given: Given, out: &mut Out) {
        match given.map().and_then(|task| self.row(line, &task, out)) {
            Ok(row) => out.row(row),
            Err(why) => out.fault(line, why),
        }
    }
}
