//! Knows the files of annotation tools by their first row.

use serde_json::{Map, Value as Json};

use super::given::Given;

/// The tool that a file is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Argilla.
    Argilla,
    /// Prodigy.
    Prodigy,
    /// Label Studio, all that is known of a task.
    LabelStudio,
    /// Label Studio, an annotation with its data.
    LabelStudioMin,
    /// doccano.
    Doccano,
    /// promptfoo.
    Promptfoo,
}

/// Whether a row looks like a tool's.
type Looks = fn(&Map<String, Json>) -> bool;

/// Returns the tool whose export a row is of.
pub(super) fn kind(given: &Given) -> Option<Kind> {
    let map = given.clone().map().ok()?;
    let kinds: [(Kind, Looks); 6] = [
        (Kind::Promptfoo, is_promptfoo),
        (Kind::Argilla, is_argilla),
        (Kind::Prodigy, is_prodigy),
        (Kind::LabelStudio, is_label_studio),
        (Kind::LabelStudioMin, is_label_studio_min),
        (Kind::Doccano, is_doccano),
    ];
    kinds.into_iter().find(|(_, is)| is(&map)).map(|(kind, _)| kind)
}

fn has(map: &Map<String, Json>, name: &str, is: fn(&Json) -> bool) -> bool {
    map.get(name).is_some_and(is)
}

/// A record; the records under their ids; or a list for each column, nested or flat.
fn is_argilla(map: &Map<String, Json>) -> bool {
    let is_record = |map: &Map<String, Json>| {
        let is_answered = ["responses", "suggestions"].iter().any(|name| has(map, name, Json::is_object));
        has(map, "fields", Json::is_object) && is_answered
    };
    let is_flat = map.keys().any(|name| name.ends_with(".responses") || name.ends_with(".suggestion"));
    let is_listed = has(map, "fields", Json::is_array)
        && has(map, "responses", Json::is_array)
        && has(map, "suggestions", Json::is_array);
    let by_id = map.values().next().and_then(Json::as_object).is_some_and(is_record);
    is_record(map) || is_flat || is_listed || by_id
}

fn is_prodigy(map: &Map<String, Json>) -> bool {
    let answer = map.get("answer").and_then(Json::as_str);
    let is_answered = matches!(answer, Some("accept" | "reject" | "ignore"));
    map.contains_key("text") && (map.contains_key("_input_hash") || is_answered)
}

fn is_label_studio(map: &Map<String, Json>) -> bool {
    let is_annotated =
        ["annotations", "completions", "predictions"].iter().any(|name| has(map, name, Json::is_array));
    has(map, "data", Json::is_object) && is_annotated
}

fn is_label_studio_min(map: &Map<String, Json>) -> bool {
    ["annotation_id", "annotator", "lead_time"].iter().all(|name| map.contains_key(*name))
}

fn is_doccano(map: &Map<String, Json>) -> bool {
    let is_named = |name: &str| ["text", "data"].contains(&name);
    let has_label = ["label", "cats"].iter().any(|name| has(map, name, Json::is_array));
    has_label && map.keys().any(|name| is_named(name))
}

fn is_promptfoo(map: &Map<String, Json>) -> bool {
    let results = map.get("results");
    let is_list =
        |json: &Json| json.as_array().and_then(|list| list.first()?.as_object()).is_none_or(is_result);
    let inner = results.and_then(Json::as_object).and_then(|inner| inner.get("results"));
    let is_summary = inner.is_some_and(|inner| inner.is_array() && is_list(inner));
    let is_bare =
        results.is_some_and(|results| results.is_array() && is_list(results)) && map.contains_key("version");
    is_summary || is_bare || is_result(map)
}

fn is_result(map: &Map<String, Json>) -> bool {
    ["promptIdx", "testIdx", "success", "vars"].iter().all(|name| map.contains_key(*name))
}
