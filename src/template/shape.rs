//! Shapes: the types of the names in scope, known before anything is rendered.
//!
//! A shape says which attributes a value has, so that `e.txt` is reported while a person types,
//! even where there is no example yet. Values of unknown shape are never reported.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The type of a value, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Shape {
    /// Unknown: every use is accepted.
    Any,
    /// A text, a number or a boolean, which has no attributes.
    Scalar,
    /// A text.
    Text,
    /// A number.
    Number,
    /// A list whose items all have this shape.
    List(Box<Self>),
    /// A record with exactly these attributes.
    Record(BTreeMap<String, Self>),
}

impl Shape {
    /// Returns the shape of the items that a loop over the value gives.
    #[must_use]
    pub(crate) fn item(&self) -> Self {
        match self {
            Self::List(item) => (**item).clone(),
            Self::Record(_) | Self::Text => Self::Text,
            Self::Any | Self::Scalar | Self::Number => Self::Any,
        }
    }

    /// Returns the kind of the value in words, if an order needs to know it.
    pub(crate) const fn kind(&self) -> Option<&'static str> {
        match self {
            Self::Text => Some("a text"),
            Self::Number => Some("a number"),
            Self::List(_) => Some("a list"),
            Self::Record(_) => Some("a record"),
            Self::Any | Self::Scalar => None,
        }
    }

    /// Returns a record with these attributes, each of unknown shape.
    pub(crate) fn record<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Record(names.into_iter().map(|name| (name.to_owned(), Self::Any)).collect())
    }

    /// Returns the shape of a JSON value.
    #[must_use]
    pub(crate) fn of(value: &serde_json::Value) -> Self {
        match value {
            serde_json::Value::Array(items) => match items.first().map(Self::of) {
                Some(first) if items.iter().all(|item| Self::of(item) == first) => {
                    Self::List(Box::new(first))
                }
                _ => Self::List(Box::new(Self::Any)),
            },
            serde_json::Value::Object(entries) => {
                Self::Record(entries.iter().map(|(name, value)| (name.clone(), Self::of(value))).collect())
            }
            serde_json::Value::Null => Self::Any,
            serde_json::Value::String(_) => Self::Text,
            serde_json::Value::Number(_) => Self::Number,
            serde_json::Value::Bool(_) => Self::Scalar,
        }
    }
}

/// The names that say what a person decided: rejected rows, why, and what they changed. A variable of such a name, as
/// prompts had before there were these, hides it.
pub(crate) const FEEDBACK: [&str; 3] = ["rejected", "reasons", "edited"];

/// Returns a list of records.
fn list<const N: usize>(names: [(&str, Shape); N]) -> Shape {
    let names = names.map(|(name, shape)| (name.to_owned(), shape));
    Shape::List(Box::new(Shape::Record(names.into())))
}

/// The names that a template may use, with their shapes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ScopeShape {
    names: BTreeMap<String, Shape>,
}

impl Default for ScopeShape {
    /// Returns the names that every prompt has: `n`, `label`, `labels`, `examples` and `fields`, and those of
    /// [`FEEDBACK`].
    fn default() -> Self {
        let texts = Shape::List(Box::new(Shape::Text));
        Self::empty()
            .with("n", Shape::Number)
            .with("label", Shape::Text)
            .with("labels", texts)
            .with("examples", Shape::List(Box::new(Shape::Any)))
            .with("fields", Shape::Any)
            .with("rejected", list([("text", Shape::Text), ("reason", Shape::Text), ("fields", Shape::Any)]))
            .with("reasons", list([("reason", Shape::Text), ("count", Shape::Number)]))
            .with("edited", list([("before", Shape::Text), ("after", Shape::Text)]))
    }
}

impl ScopeShape {
    /// Returns a scope without any name.
    #[must_use]
    pub(crate) fn empty() -> Self {
        Self { names: BTreeMap::new() }
    }

    /// Returns the scope with one more name; an existing one is replaced.
    #[must_use]
    pub(crate) fn with(mut self, name: impl Into<String>, shape: Shape) -> Self {
        self.names.insert(name.into(), shape);
        self
    }

    /// Returns the shape of a name, if it is known.
    #[must_use]
    pub(crate) fn get(&self, name: &str) -> Option<&Shape> {
        self.names.get(name)
    }

    /// Returns all names in alphabetical order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_list_of_equal_records_keeps_their_attributes() {
        let shape = Shape::of(&json!([{"name": "a"}, {"name": "b"}]));

        assert_eq!(shape.item(), Shape::Record([("name".into(), Shape::Text)].into()));
    }

    #[test]
    fn a_mixed_list_promises_nothing_of_its_items() {
        assert_eq!(Shape::of(&json!([1, {"a": 1}])).item(), Shape::Any);
        assert_eq!(Shape::of(&json!([])).item(), Shape::Any);
    }

    #[test]
    fn every_prompt_knows_the_same_names() {
        assert_eq!(
            ScopeShape::default().names().collect::<Vec<_>>(),
            ["edited", "examples", "fields", "label", "labels", "n", "reasons", "rejected"]
        );
    }
}
