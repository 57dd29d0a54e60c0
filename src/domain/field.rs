//! The fields of a row, and the schema that they are checked against.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};

/// One value of a row's field.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum FieldValue {
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
}

/// Written by hand because serde's code for an untagged enum builds an error message for each
/// variant that does not match; that took a fifth of the time of reading a journal.
impl<'de> Deserialize<'de> for FieldValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl Visitor<'_> for AnyValue {
    type Value = FieldValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true or false, a number or text")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<FieldValue, E> {
        Ok(FieldValue::Boolean(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<FieldValue, E> {
        Ok(FieldValue::Integer(value))
    }

    #[expect(clippy::cast_precision_loss, reason = "a number beyond 2^63 was never a whole number of ours")]
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<FieldValue, E> {
        Ok(i64::try_from(value).map_or(FieldValue::Number(value as f64), FieldValue::Integer))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<FieldValue, E> {
        Ok(FieldValue::Number(value))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<FieldValue, E> {
        Ok(FieldValue::Text(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<FieldValue, E> {
        Ok(FieldValue::Text(value))
    }
}

impl fmt::Display for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Number(value) => value.fmt(f),
            Self::Text(value) => value.fmt(f),
        }
    }
}

/// The fields of a row by name. Every row has `text`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(pub BTreeMap<String, FieldValue>);

impl Fields {
    /// The field that every row has.
    pub const TEXT: &'static str = "text";
    /// The field that holds a row's label, where a session declares it.
    pub const LABEL: &'static str = "label";

    /// Returns fields that hold a text only.
    #[must_use]
    pub fn of_text(text: impl Into<String>) -> Self {
        Self(BTreeMap::from([(Self::TEXT.to_owned(), FieldValue::Text(text.into()))]))
    }

    /// Returns the row's text, empty where there is none.
    #[must_use]
    pub fn text(&self) -> &str {
        match self.0.get(Self::TEXT) {
            Some(FieldValue::Text(text)) => text,
            _ => "",
        }
    }
}

/// The type of a field's values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FieldKind {
    /// Text; a length outside the bounds, in characters, only gives a flag.
    Text {
        /// Fewer characters than this flag the row `too-short`.
        min_chars: Option<u32>,
        /// More characters than this flag the row `too-long`.
        max_chars: Option<u32>,
    },
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// One of these words.
    OneOf(Vec<String>),
}

/// One declared field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldSpec {
    /// The field's name, a column in exports.
    pub name: String,
    /// The type of its values.
    pub kind: FieldKind,
}

/// The fields that every row of a session has, in the order in which they are declared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Schema(pub Vec<FieldSpec>);

/// Why fields do not meet a schema: a full sentence that names the field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FieldsError(pub String);

impl Default for Schema {
    fn default() -> Self {
        let kind = FieldKind::Text { min_chars: None, max_chars: None };
        Self(vec![FieldSpec { name: Fields::TEXT.to_owned(), kind }])
    }
}

impl Schema {
    /// Returns the declaration of a field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&FieldSpec> {
        self.0.iter().find(|field| field.name == name)
    }

    /// Returns the character bounds of the field `text`: the fewest and the most.
    #[must_use]
    pub fn text_bounds(&self) -> (Option<u32>, Option<u32>) {
        match self.field(Fields::TEXT).map(|field| &field.kind) {
            Some(FieldKind::Text { min_chars, max_chars }) => (*min_chars, *max_chars),
            _ => (None, None),
        }
    }

    /// Checks that fields are exactly those declared, each of its kind, and that the text is not blank.
    ///
    /// # Errors
    ///
    /// A sentence that names the first field which is missing, undeclared or of another kind.
    pub fn check(&self, fields: &Fields) -> Result<(), FieldsError> {
        for spec in &self.0 {
            let Some(value) = fields.0.get(&spec.name) else {
                return Err(FieldsError(format!("The field `{}` is missing.", spec.name)));
            };
            spec.check(value)?;
        }
        if let Some(name) = fields.0.keys().find(|name| self.field(name).is_none()) {
            return Err(FieldsError(format!(
                "The session declares no field `{name}`; it has {}.",
                self.names()
            )));
        }
        if fields.text().trim().is_empty() {
            return Err(FieldsError("The field `text` is empty.".into()));
        }
        Ok(())
    }

    /// Checks fields that a person edited: as [`Self::check`], but every row has a label that may be edited too.
    ///
    /// # Errors
    ///
    /// As [`Self::check`].
    pub fn check_edit(&self, fields: &Fields) -> Result<(), FieldsError> {
        match fields.0.get(Fields::LABEL) {
            Some(FieldValue::Text(_)) if self.field(Fields::LABEL).is_none() => {
                let mut others = fields.clone();
                others.0.remove(Fields::LABEL);
                self.check(&others)
            }
            _ => self.check(fields),
        }
    }

    /// Returns the declared names as a list for a sentence: `text`, `tone`.
    #[must_use]
    pub fn names(&self) -> String {
        self.0.iter().map(|field| format!("`{}`", field.name)).collect::<Vec<_>>().join(", ")
    }
}

impl FieldSpec {
    /// Checks that a value is of the field's kind.
    ///
    /// # Errors
    ///
    /// A sentence that names the field, what it must be and what was given.
    pub fn check(&self, value: &FieldValue) -> Result<(), FieldsError> {
        let fits = match (&self.kind, value) {
            (FieldKind::Text { .. }, FieldValue::Text(_))
            | (FieldKind::Integer, FieldValue::Integer(_))
            | (FieldKind::Number, FieldValue::Number(_) | FieldValue::Integer(_))
            | (FieldKind::Boolean, FieldValue::Boolean(_)) => true,
            (FieldKind::OneOf(values), FieldValue::Text(text)) => values.contains(text),
            _ => false,
        };
        if fits {
            return Ok(());
        }
        Err(FieldsError(format!("The field `{}` must be {}, not `{value}`.", self.name, self.kind)))
    }

    /// Reads a value of this field's kind from what a person typed.
    ///
    /// # Errors
    ///
    /// A sentence that names the field, what it must be and what was given.
    pub fn parse(&self, typed: &str) -> Result<FieldValue, FieldsError> {
        let trimmed = typed.trim();
        let value = match self.kind {
            FieldKind::Text { .. } => Some(FieldValue::Text(typed.to_owned())),
            FieldKind::OneOf(_) => Some(FieldValue::Text(trimmed.to_owned())),
            FieldKind::Integer => trimmed.parse().ok().map(FieldValue::Integer),
            FieldKind::Number => trimmed.parse().ok().filter(|n: &f64| n.is_finite()).map(FieldValue::Number),
            FieldKind::Boolean => trimmed.parse().ok().map(FieldValue::Boolean),
        };
        let value = value.unwrap_or_else(|| FieldValue::Text(typed.to_owned()));
        self.check(&value).map(|()| value)
    }
}

impl fmt::Display for FieldKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { .. } => f.write_str("text"),
            Self::Integer => f.write_str("a whole number"),
            Self::Number => f.write_str("a number"),
            Self::Boolean => f.write_str("true or false"),
            Self::OneOf(values) => write!(f, "one of {}", values.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Schema {
        let field = |name: &str, kind| FieldSpec { name: name.into(), kind };
        Schema(vec![
            field("text", FieldKind::Text { min_chars: Some(3), max_chars: None }),
            field("stars", FieldKind::Integer),
            field("tone", FieldKind::OneOf(vec!["calm".into(), "cross".into()])),
        ])
    }

    fn fields(tone: &str) -> Fields {
        let mut fields = Fields::of_text("hello");
        fields.0.insert("stars".into(), FieldValue::Integer(3));
        fields.0.insert("tone".into(), FieldValue::Text(tone.into()));
        fields
    }

    #[test]
    fn values_read_back_as_they_were_written_and_nothing_else_is_one() {
        let json = r#"[true,-3,18446744073709551615,2.0,"text"]"#;
        let values: Vec<FieldValue> = serde_json::from_str(json).unwrap();
        let big = FieldValue::Number(18_446_744_073_709_551_615.0);
        let text = FieldValue::Text("text".into());
        let expected =
            [FieldValue::Boolean(true), FieldValue::Integer(-3), big, FieldValue::Number(2.0), text];
        assert_eq!(values, expected);
        for other in ["null", "[]", "{}"] {
            assert!(serde_json::from_str::<FieldValue>(other).is_err(), "{other}");
        }
    }

    #[test]
    fn fields_of_the_declared_kinds_pass() {
        assert_eq!(schema().check(&fields("calm")), Ok(()));
    }

    #[test]
    fn a_word_outside_the_enum_is_named() {
        let error = schema().check(&fields("loud")).unwrap_err();
        assert_eq!(error.0, "The field `tone` must be one of calm, cross, not `loud`.");
    }

    #[test]
    fn missing_undeclared_and_empty_fields_are_named() {
        let mut missing = fields("calm");
        missing.0.remove("stars");
        assert_eq!(schema().check(&missing).unwrap_err().0, "The field `stars` is missing.");
        let mut extra = fields("calm");
        extra.0.insert("x".into(), FieldValue::Boolean(true));
        assert!(schema().check(&extra).unwrap_err().0.starts_with("The session declares no field `x`"));
        assert_eq!(
            Schema::default().check(&Fields::of_text(" ")).unwrap_err().0,
            "The field `text` is empty."
        );
    }

    #[test]
    fn typed_words_become_values_of_the_fields_kind() {
        let schema = schema();
        let stars = schema.field("stars").unwrap();
        assert_eq!(stars.parse(" 4 "), Ok(FieldValue::Integer(4)));
        assert_eq!(
            stars.parse("four").unwrap_err().0,
            "The field `stars` must be a whole number, not `four`."
        );
    }
}
