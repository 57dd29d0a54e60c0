//! The JSON schema of a reply, made from the session's fields.
//!
//! Lengths are only in descriptions: they flag a row, and a schema that enforced them would cut texts in
//! the middle of a word. Every property is required and no others are allowed, as the strict modes of
//! providers demand.

use serde_json::{Map, Value, json};

use crate::domain::{FieldKind, FieldSpec, Fields, Schema};

/// The property of a reply that holds its rows.
pub(crate) const ROWS: &str = "rows";

/// Returns the JSON schema of a reply, `{"rows": [{…}]}`, for rows with these fields.
///
/// A free-text field `label` becomes an enumeration of the session's labels.
#[must_use]
pub fn reply_schema(fields: &Schema, labels: &[String]) -> Value {
    let row = closed_object(fields.0.iter().map(|field| (field.name.clone(), property(field, labels))));
    let rows = json!({ "type": "array", "description": "The rows, each complete in itself.", "items": row });
    closed_object([(ROWS.to_owned(), rows)])
}

/// Returns the schema of an object with exactly these properties.
fn closed_object(properties: impl IntoIterator<Item = (String, Value)>) -> Value {
    let properties: Map<String, Value> = properties.into_iter().collect();
    let required: Vec<&String> = properties.keys().collect();
    json!({ "type": "object", "required": required, "additionalProperties": false, "properties": properties })
}

fn property(field: &FieldSpec, labels: &[String]) -> Value {
    match &field.kind {
        FieldKind::Text { .. } if field.name == Fields::LABEL && !labels.is_empty() => one_of(labels),
        FieldKind::Text { min_chars, max_chars } => text(*min_chars, *max_chars),
        FieldKind::Integer => json!({ "type": "integer" }),
        FieldKind::Number => json!({ "type": "number" }),
        FieldKind::Boolean => json!({ "type": "boolean" }),
        FieldKind::OneOf(values) => one_of(values),
    }
}

fn one_of(values: &[String]) -> Value {
    json!({ "type": "string", "enum": values })
}

fn text(min_chars: Option<u32>, max_chars: Option<u32>) -> Value {
    let length = match (min_chars, max_chars) {
        (Some(min), Some(max)) => format!("From {min} to {max} characters."),
        (Some(min), None) => format!("At least {min} characters."),
        (None, Some(max)) => format!("At most {max} characters."),
        (None, None) => return json!({ "type": "string" }),
    };
    json!({ "type": "string", "description": length })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, kind: FieldKind) -> FieldSpec {
        FieldSpec { name: name.into(), kind }
    }

    #[test]
    fn the_schema_of_a_text_is_an_object_with_a_closed_array_of_rows() {
        let schema = reply_schema(&Schema::default(), &[]);

        assert_eq!(
            schema,
            json!({
                "type": "object",
                "required": ["rows"],
                "additionalProperties": false,
                "properties": { "rows": {
                    "type": "array",
                    "description": "The rows, each complete in itself.",
                    "items": {
                        "type": "object",
                        "required": ["text"],
                        "additionalProperties": false,
                        "properties": { "text": { "type": "string" } },
                    },
                } },
            })
        );
    }

    #[test]
    fn lengths_stand_in_the_description_only() {
        let schema = |min_chars, max_chars| {
            reply_schema(&Schema(vec![field("text", FieldKind::Text { min_chars, max_chars })]), &[])
                .to_string()
        };

        assert!(schema(Some(10), Some(320)).contains(r#""description":"From 10 to 320 characters.""#));
        assert!(schema(Some(10), None).contains("At least 10 characters."));
        assert!(schema(None, Some(320)).contains("At most 320 characters."));
        assert!(!schema(Some(10), Some(320)).contains("Length"));
    }

    #[test]
    fn every_kind_of_field_has_its_json_type_and_keeps_its_place() {
        let fields = Schema(vec![
            field("text", FieldKind::Text { min_chars: None, max_chars: None }),
            field("stars", FieldKind::Integer),
            field("price", FieldKind::Number),
            field("angry", FieldKind::Boolean),
            field("tone", FieldKind::OneOf(vec!["calm".into(), "cross".into()])),
        ]);

        let schema = reply_schema(&fields, &[]);
        let row = &schema["properties"]["rows"]["items"];

        assert_eq!(row["required"], json!(["text", "stars", "price", "angry", "tone"]));
        assert_eq!(row["properties"]["stars"], json!({ "type": "integer" }));
        assert_eq!(row["properties"]["price"], json!({ "type": "number" }));
        assert_eq!(row["properties"]["angry"], json!({ "type": "boolean" }));
        assert_eq!(row["properties"]["tone"], json!({ "type": "string", "enum": ["calm", "cross"] }));
    }

    #[test]
    fn a_label_of_free_text_is_one_of_the_sessions_labels() {
        let fields = Schema(vec![field("label", FieldKind::Text { min_chars: None, max_chars: None })]);

        let schema = reply_schema(&fields, &["ham".into(), "spam".into()]);

        let label = &schema["properties"]["rows"]["items"]["properties"]["label"];
        assert_eq!(*label, json!({ "type": "string", "enum": ["ham", "spam"] }));
    }
}
