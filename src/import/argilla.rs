//! Records of Argilla 2 (read with 2.8.0; `records/_resource.py` and `records/_io/_generic.py`).
//!
//! ```text
//! records.to_json, to_list            {"id", "status": "completed", "fields": {…}, "metadata": {…}, "responses":
//!                                      {"label": [{"value": "spam", "user_id": "…"}]}, "suggestions": {…}}
//! records.to_dict()                   the same, a list for each key; by id with orient="index"
//! to_datasets, to_list(flatten=True)  {"id", "status", "text": "…", "label.responses": ["spam"],
//!                                      "label.responses.users": ["…"], "label.responses.status": ["submitted"]}
//! ```
//!
//! The nested shape does not say which responses were submitted. Only a record that is `completed` has a submitted
//! one for certain, so there a label counts if all responses give it; elsewhere none counts. Suggestions are
//! predictions, and no labels.

use serde_json::{Map, Value as Json};

use super::Asked;
use super::answers::{Answers, DISAGREE};
use super::given::Given;
use super::opened::Shape;
use super::out::Out;
use super::pick;
use super::value::Value;
use crate::domain::{Incoming, RowState};

/// What is behind the name of a question in the flat shape.
const RESPONSES: &str = ".responses";
const UNTOLD: &str = "have responses of which the file does not say whether they were submitted, so they are no labels; \
    `records.to_list(flatten=True)` says it";
const NOT_SUBMITTED: &str = "have responses that are drafts or discarded, which are no labels";

/// Reads records.
#[derive(Debug)]
pub(super) struct Argilla {
    asked: Asked,
}

/// One response to a question.
struct Response {
    value: Value,
    by: Option<String>,
    status: Option<String>,
}

impl Argilla {
    /// Begins with what is asked for: the field of the text, and the question of the label.
    pub(super) fn new(asked: &Asked) -> Self {
        Self { asked: asked.clone() }
    }

    fn record(&self, line: u64, record: &Map<String, Json>, out: &mut Out) {
        match self.row(line, record, out) {
            Ok(row) => out.row(row),
            Err(why) => out.fault(line, why),
        }
    }

    fn row(&self, line: u64, record: &Map<String, Json>, out: &mut Out) -> Result<Incoming, String> {
        let nested = pick::object(record, "fields");
        let is_field =
            |name: &str| !name.contains('.') && !["id", "status", "_server_id", "score"].contains(&name);
        let values: Map<String, Json> = nested.cloned().unwrap_or_else(|| {
            let flat = record.iter().filter(|(name, _)| is_field(name));
            flat.map(|(name, value)| (name.clone(), value.clone())).collect()
        });
        let (name, text) = pick::text(&values, self.asked.text.as_deref())?;
        let mut row =
            Incoming { line, id: pick::spelled(record, "id"), text: text.to_owned(), ..Incoming::default() };
        row.fields = pick::fields(&values, &[name]);
        if let Some(metadata) = pick::object(record, "metadata") {
            row.fields.extend(pick::fields(metadata, &[name]));
        }
        let is_completed = record.get("status").and_then(Json::as_str) == Some("completed");
        answer(&mut row, &responses(record, self.asked.label.as_deref())?, is_completed, out)?;
        Ok(row)
    }
}

/// Writes into a row what its responses say.
fn answer(
    row: &mut Incoming,
    responses: &[Response],
    is_completed: bool,
    out: &mut Out,
) -> Result<(), String> {
    let (mut answers, mut discarded, mut open) = (Answers::default(), 0, 0);
    let labels = responses.iter().map(|response| response.value.label()).collect::<Result<Vec<_>, _>>()?;
    let is_one = labels.windows(2).all(|pair| pair[0] == pair[1]);
    for (response, label) in responses.iter().zip(labels) {
        match response.status.as_deref() {
            Some("submitted") => label.into_iter().for_each(|label| answers.give(label, response.by.clone())),
            Some(status) => {
                out.note(row.line, NOT_SUBMITTED);
                discarded += usize::from(status == "discarded");
            }
            None if is_completed && is_one => {
                label.into_iter().for_each(|label| answers.give(label, response.by.clone()));
            }
            None => open += 1,
        }
    }
    if open > 0 {
        out.note(row.line, UNTOLD);
    }
    if answers.is_empty() && discarded > 0 && discarded == responses.len() {
        row.state = Some(RowState::Skipped);
        row.reason = Some("discarded in Argilla".into());
    } else if answers.settle(row) {
        out.note(row.line, DISAGREE);
    }
    Ok(())
}

/// Returns the responses to the question that gives the label.
fn responses(record: &Map<String, Json>, asked: Option<&str>) -> Result<Vec<Response>, String> {
    if let Some(by_question) = pick::object(record, "responses") {
        let names: Vec<String> =
            by_question.iter().filter(|(_, value)| !value.is_null()).map(|(n, _)| n.clone()).collect();
        let Some(question) = pick::question(&names, asked)? else { return Ok(Vec::new()) };
        return Ok(pick::objects(by_question, &question)
            .into_iter()
            .map(|response| Response {
                value: response.get("value").map_or(Value::Null, Value::of_json),
                by: pick::spelled(response, "user_id"),
                status: pick::spelled(response, "status"),
            })
            .collect());
    }
    let names: Vec<String> =
        record.keys().filter_map(|name| name.strip_suffix(RESPONSES)).map(str::to_owned).collect();
    let Some(question) = pick::question(&names, asked)? else { return Ok(Vec::new()) };
    let list = |end: &str| match record.get(&format!("{question}{end}")) {
        Some(Json::Array(items)) => items.iter().map(Value::of_json).collect(),
        _ => Vec::new(),
    };
    let (values, users, statuses) = (list(RESPONSES), list(".responses.users"), list(".responses.status"));
    let at = |list: &[Value], place: usize| list.get(place).and_then(Value::spelled);
    let values = values.into_iter().enumerate();
    Ok(values
        .map(|(place, value)| Response { value, by: at(&users, place), status: at(&statuses, place) })
        .collect())
}

impl Shape for Argilla {
    fn take(&mut self, line: u64, given: Given, out: &mut Out) {
        let map = match given.map() {
            Ok(map) => map,
            Err(why) => return out.fault(line, why),
        };
        let is_record = map.get("fields").is_some_and(Json::is_object)
            || map.values().any(|value| !value.is_array() && !value.is_object());
        if is_record {
            return self.record(line, &map, out);
        }
        // All records in one object are numbered by their place in it.
        for (place, record) in (1..).zip(unfolded(map)) {
            self.record(place, &record, out);
        }
    }
}

/// Returns the records of an object that holds a list for each key, or each record under its id.
fn unfolded(map: Map<String, Json>) -> Vec<Map<String, Json>> {
    let is_by_id = map.values().all(Json::is_object);
    if is_by_id {
        return map
            .into_iter()
            .filter_map(|(_, record)| if let Json::Object(record) = record { Some(record) } else { None })
            .collect();
    }
    let rows = map.values().filter_map(Json::as_array).map(Vec::len).max().unwrap_or_default();
    let mut records = vec![Map::new(); rows];
    for (name, values) in map {
        let Json::Array(values) = values else { continue };
        for (record, value) in records.iter_mut().zip(values) {
            record.insert(name.clone(), value);
        }
    }
    records
}
