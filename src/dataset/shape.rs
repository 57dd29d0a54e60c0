//! Knows objects that hold all rows of a file in another shape than an object each, and the rows of annotation tools.
//!
//! ```text
//! {"text": ["a", "b"], "label": [1, 2]}      {"text": {"0": "a"}, "label": {"0": 1}}      {"columns": […], "data": [[…]]}
//! {"train": [{…}], "test": [{…}]}            {"cancel": ["a", "b"], "other": ["c"]}       {"a text": "label"}
//! ```

use serde_json::{Map, Value};

use super::builder::Side;
use super::fault::LineFault;
use super::wrapped::Place;

/// Fewer keys than this are no texts with their labels.
const TEXTS: usize = 5;

/// Returns what an object holds in the place of a row, with the commands that write rows.
pub(super) fn find(object: &Map<String, Value>, place: Place<'_>) -> Option<LineFault> {
    let kinds = [lists, objects, split, parts, by_label, text_to_label, label_studio, argilla, chat];
    let (found, jq, python) = kinds.into_iter().find_map(|kind| kind(object))?;
    Some(LineFault::Shape { found, command: place.commands(&jq, &python) })
}

/// Returns whether an object is a row as annotation tools export it.
pub(super) fn is_tool(object: &Map<String, Value>) -> bool {
    [label_studio, argilla].into_iter().any(|kind| kind(object).is_some())
}

/// What is found, the filter of jq, and the loop of Python.
type Shape = (&'static str, String, String);

fn shape(found: &'static str, jq: impl Into<String>, python: impl Into<String>) -> Shape {
    (found, jq.into(), python.into())
}

/// Returns the values, if there are two or more and all are of a kind.
fn all<'o, T>(object: &'o Map<String, Value>, kind: impl Fn(&'o Value) -> Option<T>) -> Option<Vec<T>> {
    object.values().map(kind).collect::<Option<Vec<T>>>().filter(|values| values.len() > 1)
}

fn is_sentence(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.trim().contains(char::is_whitespace))
}

fn is_digits(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit())
}

fn lists(object: &Map<String, Value>) -> Option<Shape> {
    let lists = all(object, Value::as_array)?;
    let is_even = lists.iter().all(|list| list.len() == lists[0].len() && list.len() > 1);
    let is_text = |list: &&Vec<Value>| list.iter().any(is_sentence);
    // All lists of texts are texts by label.
    (is_even && lists.iter().any(is_text) && !lists.iter().all(is_text)).then(|| {
        shape(
            "a list for each column",
            ". as $c | range(.[keys_unsorted[0]] | length) as $i | $c | map_values(.[$i])",
            "[dict(zip(d, r)) for r in zip(*d.values())]",
        )
    })
}

fn objects(object: &Map<String, Value>) -> Option<Shape> {
    let objects = all(object, Value::as_object)?;
    let is_even = objects.iter().all(|other| !other.is_empty() && other.keys().eq(objects[0].keys()));
    if is_even && objects[0].keys().all(|key| is_digits(key)) {
        return Some(shape(
            "an object for each column",
            ". as $c | (.[keys_unsorted[0]] | keys_unsorted[]) as $i | $c | map_values(.[$i])",
            "[{c: d[c][i] for c in d} for i in d[next(iter(d))]]",
        ));
    }
    let has_text = |row: &&Map<String, Value>| row.values().any(Value::is_string);
    (objects.iter().all(has_text) && (is_even || object.keys().all(|key| is_digits(key)))).then(|| {
        shape(
            "all rows in one object, each under its name",
            "to_entries[] | {id: .key} + .value",
            "[{\"id\": k, **v} for k, v in d.items()]",
        )
    })
}

fn split(object: &Map<String, Value>) -> Option<Shape> {
    object.get("columns")?.as_array()?;
    object.get("data")?.as_array()?.first()?.as_array()?;
    Some(shape(
        "the columns' names and a list for each row",
        ".columns as $c | .data[] | [$c, .] | transpose | map({(.[0]): .[1]}) | add",
        "[dict(zip(d[\"columns\"], r)) for r in d[\"data\"]]",
    ))
}

fn parts(object: &Map<String, Value>) -> Option<Shape> {
    let lists = all(object, Value::as_array)?;
    lists.iter().all(|list| list.first().is_some_and(Value::is_object)).then(|| {
        let column = if object.keys().any(|key| Side::of(key).is_some()) { "split" } else { "label" };
        shape(
            "a list of rows for each part",
            format!("to_entries[] | .key as $k | .value[] | . + {{{column}: $k}}"),
            format!("[{{**r, \"{column}\": k}} for k, v in d.items() for r in v]"),
        )
    })
}

fn by_label(object: &Map<String, Value>) -> Option<Shape> {
    let lists = all(object, Value::as_array)?;
    let is_texts = |list: &&Vec<Value>| list.iter().all(Value::is_string) && list.iter().any(is_sentence);
    lists.iter().all(is_texts).then(|| {
        shape(
            "a list of texts for each label",
            "to_entries[] | .key as $k | .value[] | {text: ., label: $k}",
            "[{\"text\": t, \"label\": k} for k, v in d.items() for t in v]",
        )
    })
}

fn text_to_label(object: &Map<String, Value>) -> Option<Shape> {
    let labels = all(object, Value::as_str)?;
    let texts = object.keys().filter(|key| key.trim().contains(char::is_whitespace)).count();
    let is_short = |label: &&str| label.chars().count() < 40;
    (labels.len() >= TEXTS && texts * 2 > labels.len() && labels.iter().all(is_short)).then(|| {
        shape(
            "texts as keys with their labels",
            "to_entries[] | {text: .key, label: .value}",
            "[{\"text\": k, \"label\": v} for k, v in d.items()]",
        )
    })
}

/// Returns the first key whose value is a text.
fn text_key(object: &Map<String, Value>) -> Option<Value> {
    object.iter().find(|(_, value)| value.is_string()).map(|(key, _)| Value::from(key.as_str()))
}

fn label_studio(object: &Map<String, Value>) -> Option<Shape> {
    let text = text_key(object.get("data")?.as_object()?)?;
    object.get("annotations")?.as_array()?;
    Some(shape(
        "what Label Studio exports as JSON",
        format!("{{id, text: .data[{text}], label: .annotations[0].result[0].value.choices[0]?}}"),
        format!(
            "[{{\"text\": d[\"data\"][{text}], \"label\": next((c for a in d[\"annotations\"] for x in a[\"result\"] for c \
             in x[\"value\"].get(\"choices\", [])), None)}}]"
        ),
    ))
}

fn argilla(object: &Map<String, Value>) -> Option<Shape> {
    let text = text_key(object.get("fields")?.as_object()?)?;
    let question =
        object.get("responses")?.as_object()?.keys().next().map(|key| Value::from(key.as_str()))?;
    Some(shape(
        "what Argilla exports",
        format!("{{id, text: .fields[{text}], label: .responses[{question}][0].value?}}"),
        format!(
            "[{{\"text\": d[\"fields\"][{text}], \"label\": next((x[\"value\"] for x in \
             d[\"responses\"].get({question}) or []), None)}}]"
        ),
    ))
}

fn chat(object: &Map<String, Value>) -> Option<Shape> {
    let message = object.get("messages")?.as_array()?.first()?.as_object()?;
    (message.contains_key("role") && message.contains_key("content")).then(|| {
        shape(
            "a conversation in each object",
            "{text: ([.messages[] | select(.role == \"user\")][0].content), label: .messages[-1].content}",
            "[{\"text\": next((m[\"content\"] for m in d[\"messages\"] if m[\"role\"] == \"user\"), None), \"label\": \
             d[\"messages\"][-1][\"content\"]}]",
        )
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::troubles::Notes;
    use super::*;

    fn said(object: &str) -> Option<String> {
        let object = serde_json::from_str(object).unwrap();
        find(&object, Place::of(Path::new("a.json"), &Notes::default())).map(|fault| fault.to_string())
    }

    #[test]
    fn all_rows_in_one_object_are_told_with_the_commands_that_write_rows() {
        for (object, says) in [
            (r#"{"text":["a b","c"],"label":["x","y"]}"#, "a list for each column"),
            (r#"{"text":{"0":"a","1":"b"},"label":{"0":"x","1":"y"}}"#, "an object for each column"),
            (r#"{"0":{"text":"a","label":"x"},"1":{"text":"b","label":"y"}}"#, "each under its name"),
            (r#"{"columns":["text"],"index":[0],"data":[["a"]]}"#, "the columns' names"),
            (r#"{"train":[{"text":"a"}],"test":[{"text":"b"}]}"#, "{split: $k}"),
            (r#"{"cancel":[{"text":"a"}],"other":[{"text":"b"}]}"#, "{label: $k}"),
            (r#"{"cancel":["a b","c"],"other":["d e"]}"#, "a list of texts for each label"),
            (r#"{"a b":"x","c d":"y","e f":"x","g h":"y","i":"x"}"#, "texts as keys"),
            (r#"{"id":1,"data":{"body":"a"},"annotations":[]}"#, ".data[\"body\"]"),
            (r#"{"id":"u","fields":{"body":"a"},"responses":{"topic":[]}}"#, ".responses[\"topic\"]"),
            (r#"{"messages":[{"role":"user","content":"a"}]}"#, "a conversation"),
        ] {
            let said = said(object).unwrap();
            assert!(said.contains(says) && said.contains("or without jq `python3 -c"), "{said}");
        }
    }

    #[test]
    fn rows_are_no_shape() {
        for object in [
            r#"{"text":"a b","label":"x"}"#,
            r#"{"tokens":["a","b"],"tags":["O","O"]}"#,
            r#"{"text":"a","label":["x"],"cats":{"x":1}}"#,
            r#"{"first":"a b","second":"c d","label":"x"}"#,
            r#"{"row":{"text":"a"},"meta":{"lang":"en"}}"#,
            "{}",
        ] {
            assert_eq!(said(object), None, "{object}");
        }
    }
}
