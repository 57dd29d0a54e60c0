//! Proposes fields for the repair of a scrap.
//!
//! The proposal is a guess for a person to correct, so it never fails and never drops text: what
//! cannot be read as fields becomes the text unchanged.

use serde_json::{Map, Value};

use crate::domain::{FieldValue, Fields};

/// Returns the fields that a scrap probably holds.
pub(super) fn proposed(raw: &str) -> Fields {
    let bare = without_fence(raw.trim());
    match serde_json::from_str(bare) {
        Ok(value) => of_value(&value).unwrap_or_else(|| Fields::of_text(bare)),
        Err(_) => Fields::of_text(cut_off_text(bare).unwrap_or_else(|| bare.to_owned())),
    }
}

/// Returns the inside of a fenced Markdown block, or the whole text where there is no fence.
fn without_fence(raw: &str) -> &str {
    let Some(rest) = raw.strip_prefix("```") else { return raw };
    let body = rest.split_once('\n').map_or(rest, |(_, body)| body);
    body.trim_end().strip_suffix("```").unwrap_or(body).trim()
}

fn of_value(value: &Value) -> Option<Fields> {
    match value {
        Value::String(text) => Some(Fields::of_text(text)),
        Value::Array(values) => of_value(values.first()?),
        Value::Object(object) => of_object(object),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

fn of_object(object: &Map<String, Value>) -> Option<Fields> {
    // Rows wrapped in an object: `{"rows": [{…}]}`.
    if object.len() == 1
        && let Some(inner @ (Value::Array(_) | Value::Object(_))) = object.values().next()
    {
        return of_value(inner);
    }
    let mut fields = Fields::default();
    for (name, value) in object {
        if let Some(value) = field_value(value) {
            fields.0.insert(name.clone(), value);
        }
    }
    if fields.text().is_empty() {
        // The text has another name: take the longest string.
        let texts = object.values().filter_map(Value::as_str);
        let longest = texts.max_by_key(|text| text.len()).unwrap_or_default().to_owned();
        fields.0.insert(Fields::TEXT.to_owned(), FieldValue::Text(longest));
    }
    Some(fields)
}

fn field_value(value: &Value) -> Option<FieldValue> {
    match value {
        Value::Bool(value) => Some(FieldValue::Boolean(*value)),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Some(FieldValue::Integer(whole)),
            None => number.as_f64().map(FieldValue::Number),
        },
        Value::String(text) => Some(FieldValue::Text(text.clone())),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Returns the text of a JSON object that was cut off.
fn cut_off_text(raw: &str) -> Option<String> {
    let (_, rest) = raw.split_once("\"text\"")?;
    let inside = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let mut stream = serde_json::Deserializer::from_str(&rest[rest.find('"')?..]).into_iter::<String>();
    match stream.next() {
        Some(Ok(text)) => Some(text),
        // The cut may have split an escape: then the text stays escaped.
        _ => Some(serde_json::from_str(&format!("\"{inside}\"")).unwrap_or_else(|_| inside.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(raw: &str) -> String {
        proposed(raw).text().to_owned()
    }

    #[test]
    fn fields_are_read_from_json_in_all_its_wrappings() {
        assert_eq!(text(r#"{"text": "Win now"}"#), "Win now");
        assert_eq!(text("```json\n{\"text\": \"Win now\"}\n```"), "Win now");
        assert_eq!(text(r#"{"rows": [{"text": "Win now"}, {"text": "no"}]}"#), "Win now");
        assert_eq!(text(r#"["Win now"]"#), "Win now");
        assert_eq!(text(r#""Win now""#), "Win now");
    }

    #[test]
    fn other_fields_come_along_and_a_text_under_another_name_is_found() {
        let fields = proposed(
            r#"{"message": "Win now", "tone": "loud", "size": 3, "score": 0.5, "ok": true, "x": null}"#,
        );
        assert_eq!(fields.text(), "Win now");
        assert_eq!(fields.0["size"], FieldValue::Integer(3));
        assert_eq!(fields.0["score"], FieldValue::Number(0.5));
        assert_eq!(fields.0["ok"], FieldValue::Boolean(true));
        assert!(!fields.0.contains_key("x"));
    }

    #[test]
    fn what_was_cut_off_keeps_the_text_as_far_as_it_came() {
        assert_eq!(text(r#"{"text": "Win a \"pri"#), "Win a \"pri");
        assert_eq!(text(r#"{"text": "Win a prize", "tone": "lo"#), "Win a prize");
        assert_eq!(text(r#"{"text": "Win a \"#), r"Win a \");
    }

    #[test]
    fn anything_else_is_the_text_itself() {
        for raw in ["1. Win now", "", "42", "{", "```", "{\"text\"", "null", "[]"] {
            let _ = proposed(raw);
        }
        assert_eq!(text(" 1. Win now\n"), "1. Win now");
        assert_eq!(text("42"), "42");
    }
}
