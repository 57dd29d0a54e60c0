//! Results of promptfoo 0.121 (`promptfoo eval -o results.json` or `.jsonl`; `src/types/index.ts`).
//!
//! ```text
//! {"evalId": "…", "results": {"version": 3, "results": [{"promptIdx": 0, "testIdx": 4, "success": true, "failureReason": 0,
//!   "vars": {"topic": "…"}, "prompt": {"raw": "…", "label": "…"}, "provider": {"id": "openai:…"}, "response":
//!   {"output": "…"}, "gradingResult": {"pass": true, "reason": "…"}, "error": null}, …]}, "config": {…}}
//! ```
//!
//! Results are in the order in which they were completed, so a row is numbered by its place among its prompt's and
//! test's. `error` also holds what a failed assertion says; `failureReason` tells them apart: 1 is an assertion, 2 an
//! error without a result.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};

use super::given::Given;
use super::opened::Shape;
use super::out::Out;
use super::{Asked, pick};
use crate::domain::{Incoming, RowState};

const FAILED: &str = "are left out for want of an output, since the request failed";

/// Reads results.
#[derive(Debug)]
pub(super) struct Promptfoo {
    asked: Asked,
}

/// A file of results, as far as it is read.
#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    results: &'a RawValue,
}

impl Promptfoo {
    /// Begins with what is asked for: the variable with the label; the text is what the model answered.
    pub(super) fn new(asked: &Asked) -> Self {
        Self { asked: asked.clone() }
    }

    fn result(
        &self,
        line: u64,
        result: &Map<String, Json>,
        out: &mut Out,
    ) -> Result<Option<Incoming>, String> {
        let vars = pick::object(result, "vars").cloned().unwrap_or_default();
        let response = pick::object(result, "response");
        let output = response.and_then(|response| response.get("output")).filter(|output| !output.is_null());
        let is_error = result.get("failureReason").and_then(Json::as_u64) == Some(2);
        let Some(output) = output.filter(|_| !is_error) else {
            out.note(line, FAILED);
            return Ok(None);
        };
        let text = match (self.asked.text.as_deref(), output) {
            (Some(name), _) => {
                let found = pick::spelled(&vars, name).or_else(|| pick::spelled(output.as_object()?, name));
                found.ok_or_else(|| {
                    format!("there is no {} in its variables or its output.", super::error::quoted(name))
                })?
            }
            (None, Json::String(text)) => text.clone(),
            (None, Json::Object(object)) => pick::text(object, None)?.1.to_owned(),
            (None, other) => other.to_string(),
        };
        let label = self.asked.label.as_deref().unwrap_or("label");
        let mut row = Incoming { line, id: pick::spelled(result, "id"), text, ..Incoming::default() };
        let in_output = output.as_object().and_then(|object| pick::spelled(object, label));
        row.label = in_output.or_else(|| pick::spelled(&vars, label));
        row.fields = pick::fields(&vars, &[label]);
        let provider = pick::object(result, "provider").and_then(|provider| pick::spelled(provider, "id"));
        let (provider, model) = match provider {
            Some(id) => match id.split_once(':') {
                Some((name, model)) => (Some(name.to_owned()), Some(model.to_owned())),
                None => (Some(id), None),
            },
            None => (None, None),
        };
        row.origin.provider = provider;
        row.origin.model = model;
        row.origin.prompt = pick::object(result, "prompt").and_then(|prompt| pick::spelled(prompt, "label"));
        match result.get("success").and_then(Json::as_bool) {
            Some(true) => row.state = Some(RowState::Accepted { rating: None }),
            Some(false) => {
                row.state = Some(RowState::Rejected);
                let graded = pick::object(result, "gradingResult");
                row.reason = graded.and_then(|graded| pick::spelled(graded, "reason"));
                row.reason = row.reason.or_else(|| pick::spelled(result, "error"));
            }
            None => {}
        }
        row.origin.by = row.state.map(|_| "promptfoo".to_owned());
        Ok(Some(row))
    }

    fn give(&self, line: u64, result: &Map<String, Json>, out: &mut Out) {
        match self.result(line, result, out) {
            Ok(Some(row)) => out.row(row),
            Ok(None) => {}
            Err(why) => out.fault(line, why),
        }
    }
}

/// Returns the results of a whole file in the order of their tests and prompts; nothing where it is one result.
fn unfolded(text: &str) -> Option<Vec<Map<String, Json>>> {
    let file: File<'_> = serde_json::from_str(text).ok()?;
    let list =
        serde_json::from_str::<File<'_>>(file.results.get()).map_or(file.results, |inner| inner.results);
    let mut results: Vec<Map<String, Json>> = serde_json::from_str(list.get()).ok()?;
    let place = |result: &Map<String, Json>| {
        ["testIdx", "promptIdx"].map(|key| result.get(key).and_then(Json::as_u64).unwrap_or(u64::MAX))
    };
    results.sort_by_key(place);
    Some(results)
}

impl Shape for Promptfoo {
    fn take(&mut self, line: u64, given: Given, out: &mut Out) {
        if let Given::Object(text) = &given
            && let Some(results) = unfolded(text)
        {
            for (place, result) in (1..).zip(&results) {
                self.give(place, result, out);
            }
            return;
        }
        match given.map() {
            Ok(result) => self.give(line, &result, out),
            Err(why) => out.fault(line, why),
        }
    }
}
