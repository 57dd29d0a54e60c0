//! A person makes a row of a scrap.
//!
//! The scrap stays, with its raw text and its reason, and says that it was repaired. The row
//! belongs to the scrap's run and request, counts among the run's rows, and is flagged as any
//! row is. Both are one operation; a row that came of it is rejected, not undone.

use serde_json::Value;

use super::{Workbench, WorkbenchError};
use crate::domain::{
    Event, Fact, FieldKind, FieldSpec, FieldValue, Fields, NewRow, OperationId, RowNumber, Schema, Timestamp,
};

/// Proposes the fields of a row for what a scrap holds: those of a JSON object that are declared and
/// of their kind, else its text without list marks and quotes.
///
/// It is where a person starts from, so it is never refused: fields may be missing, and `text` may
/// be blank.
#[must_use]
pub fn fields_of_scrap(raw: &str, schema: &Schema) -> Fields {
    let inner = unfenced(raw.trim());
    let object = serde_json::from_str(inner.trim_end_matches(',')).ok().and_then(first_row);
    let mut fields = Fields::default();
    for (name, value) in object.iter().flatten() {
        if let Some(value) = schema.field(name).and_then(|spec| value_of(value, spec)) {
            fields.0.insert(name.clone(), value);
        }
    }
    if fields.0.contains_key(Fields::TEXT) {
        return fields;
    }
    let text = match &object {
        // An object without a field `text`: the one text in it, whatever its name.
        Some(object) => object
            .iter()
            .filter(|(name, _)| schema.field(name).is_none())
            .find_map(|(_, value)| value.as_str())
            .unwrap_or(inner),
        None => &string_after(inner, Fields::TEXT).unwrap_or_else(|| inner.to_owned()),
    };
    fields.0.insert(Fields::TEXT.to_owned(), FieldValue::Text(bare(text)));
    fields
}

/// Returns the object that is a row, or the first of a reply in one piece: `{"rows": [{…}]}`, `[{…}]`.
fn first_row(value: Value) -> Option<serde_json::Map<String, Value>> {
    match value {
        Value::Object(object) => {
            let rows = object.values().find_map(|value| value.as_array()?.iter().find(|row| row.is_object()));
            rows.cloned().and_then(first_row).or(Some(object))
        }
        Value::Array(values) => values.into_iter().find(Value::is_object).and_then(first_row),
        _ => None,
    }
}

/// Returns a JSON value as one of a field's, `None` where it is not of its kind.
fn value_of(value: &Value, spec: &FieldSpec) -> Option<FieldValue> {
    let value = match (value, &spec.kind) {
        (Value::String(text), FieldKind::Text { .. }) => Some(FieldValue::Text(text.trim().to_owned())),
        // What was written as text may still be a number, a truth or one of the words.
        (Value::String(text), _) => spec.parse(text).ok(),
        (Value::Bool(_) | Value::Number(_), FieldKind::Text { .. }) => {
            Some(FieldValue::Text(value.to_string()))
        }
        (Value::Bool(_) | Value::Number(_), _) => spec.parse(&value.to_string()).ok(),
        _ => None,
    };
    value.filter(|value| spec.check(value).is_ok())
}

/// Returns a text without the fence of a code block around it.
fn unfenced(raw: &str) -> &str {
    let Some(rest) = raw.strip_prefix("```") else { return raw };
    let inner = rest.split_once('\n').map_or(rest, |(_language, inner)| inner);
    inner.trim_end().trim_end_matches("```").trim()
}

/// Returns what stands after `"name": "` in JSON that broke off, up to the quote or to the end.
fn string_after(raw: &str, name: &str) -> Option<String> {
    let (_, rest) = raw.split_once(&format!("\"{name}\""))?;
    let rest = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let mut after_backslash = false;
    let end = rest.find(|c: char| {
        let is_end = c == '"' && !after_backslash;
        after_backslash = c == '\\' && !after_backslash;
        is_end
    });
    let written = &rest[..end.unwrap_or(rest.len())];
    Some(serde_json::from_str(&format!("\"{written}\"")).unwrap_or_else(|_cut_off| written.to_owned()))
}

/// Returns a text without the list mark before it and the quotes around it.
fn bare(text: &str) -> String {
    let text = text.trim();
    let marked = text.strip_prefix(['-', '*', '•', '–']).filter(|rest| rest.starts_with(' '));
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = digits.strip_prefix(['.', ')']).filter(|rest| {
        let length = text.len() - digits.len();
        (1..=3).contains(&length) && rest.starts_with(' ')
    });
    let text = marked.or(numbered).unwrap_or(text).trim().trim_end_matches(',');
    let pairs = [('"', '"'), ('“', '”'), ('\'', '\'')];
    let inner = pairs.iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close));
    inner.unwrap_or(text).trim().to_owned()
}

impl Workbench {
    /// Stages the row that a person made of a scrap, as one operation, and returns its number.
    /// `index` is the scrap's place among all scraps, from 0.
    ///
    /// # Errors
    ///
    /// Where there is no such scrap, it was repaired already, or the fields do not meet the session's schema.
    pub fn repair_scrap(
        &mut self,
        index: u32,
        fields: Fields,
        operation: OperationId,
        at: Timestamp,
    ) -> Result<RowNumber, WorkbenchError> {
        let Some(scrap) = self.projection.scrap(index as usize) else {
            let count = self.projection.scraps().count();
            return Err(WorkbenchError::Usage(format!(
                "There is no scrap {index}; the session has {count}, counted from 0."
            )));
        };
        if scrap.repaired {
            return Err(WorkbenchError::Usage(format!(
                "Scrap {index} was repaired already; edit the row that came of it instead."
            )));
        }
        let (run, request) = (scrap.run, scrap.request);
        self.session.schema.check(&fields)?;
        self.check_label(&fields)?;
        let label = match fields.0.get(Fields::LABEL) {
            Some(FieldValue::Text(label)) => label.clone(),
            _ => self.projection.run(run).map(|run| run.label.clone()).unwrap_or_default(),
        };
        let told = self.instruction_of(request);
        let id = Self::new_id();
        let first = RowNumber(u32::try_from(self.projection.len()).unwrap_or(u32::MAX));
        let (flags, scores) = self.similar().flag(fields.text(), told.as_ref(), first, id);
        let mut repaired = Fact::new(operation, at, Event::ScrapRepaired { run, scrap: index });
        repaired.part = true;
        self.stage(repaired);
        let rows = vec![NewRow { id, label, fields, flags, scores }];
        self.stage(Fact::new(operation, at, Event::Sampled { run, request, first, rows }));
        Ok(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_only(raw: &str) -> String {
        let fields = fields_of_scrap(raw, &Schema::default());
        assert_eq!(fields.0.len(), 1, "{raw}");
        fields.text().to_owned()
    }

    fn schema() -> Schema {
        let field = |name: &str, kind| FieldSpec { name: name.into(), kind };
        Schema(vec![
            field("text", FieldKind::Text { min_chars: None, max_chars: None }),
            field("stars", FieldKind::Integer),
            field("tone", FieldKind::OneOf(vec!["calm".into(), "cross".into()])),
        ])
    }

    #[test]
    fn a_text_loses_its_list_mark_and_its_quotes() {
        for (raw, text) in [
            ("1. \"Win a prize now\"", "Win a prize now"),
            ("- Win a prize now ", "Win a prize now"),
            ("“Win a prize now”", "Win a prize now"),
            ("```\nWin a prize now\n```", "Win a prize now"),
            ("\"Win a prize now\",", "Win a prize now"),
            ("100 prizes. Call", "100 prizes. Call"),
            ("-5 degrees", "-5 degrees"),
            ("She said \"no\"", "She said \"no\""),
            ("", ""),
        ] {
            assert_eq!(text_only(raw), text, "{raw}");
        }
    }

    #[test]
    fn an_object_gives_the_fields_that_are_declared_and_of_their_kind() {
        let raw = "{\"text\": \" Hello \", \"stars\": \"4\", \"tone\": \"loud\", \"extra\": 1}";
        let fields = fields_of_scrap(raw, &schema());
        assert_eq!(fields.text(), "Hello");
        assert_eq!(fields.0.get("stars"), Some(&FieldValue::Integer(4)));
        assert_eq!(fields.0.len(), 2, "{fields:?}");
    }

    #[test]
    fn json_that_is_fenced_nested_or_cut_off_is_still_read() {
        assert_eq!(text_only("```json\n{\"text\": \"Hello\"}\n```"), "Hello");
        assert_eq!(text_only("{\"text\": \"Hello\"},"), "Hello");
        assert_eq!(text_only("[{\"text\": \"Hello\"}, {\"text\": \"Bye\"}]"), "Hello");
        assert_eq!(text_only("{\"message\": \"Hello\", \"n\": 1}"), "Hello");
        assert_eq!(text_only("{\"text\": \"Hello, you have w"), "Hello, you have w");
        assert_eq!(text_only("{\"text\": \"a \\\"b\\\" c\" \"x"), "a \"b\" c");
        assert_eq!(text_only("{\"rows\": [{\"text\": \"Hello\"}]}"), "Hello");
        assert_eq!(text_only("{\"n\": 1}"), "{\"n\": 1}");
    }

    proptest::proptest! {
        #[test]
        fn a_proposal_holds_a_text_and_nothing_undeclared(raw in "\\PC{0,80}") {
            let fields = fields_of_scrap(&raw, &schema());
            proptest::prop_assert!(fields.0.contains_key(Fields::TEXT));
            for (name, value) in &fields.0 {
                let spec = schema().field(name).cloned();
                proptest::prop_assert!(spec.is_some_and(|spec| spec.check(value).is_ok()));
            }
        }
    }
}
