//! The names that a template may use: numbers, labels, examples, fields and variables of one request.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use minijinja::value::{Enumerator, Object, ObjectRepr, Serde, Value};
use serde::{Deserialize, Serialize};

use super::shape::{FEEDBACK, ScopeShape, Shape};

/// One real row, as a template sees it: `{{ e.text }}`, `{{ e.label }}`, `{{ e.FIELD }}`; `{{ e }}` is its text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct ExampleValue {
    /// The text of the row.
    pub text: String,
    /// Its label.
    pub label: String,
    /// Its other fields; `e.text` and `e.label` always mean the two above.
    pub fields: BTreeMap<String, serde_json::Value>,
}

/// The values that one request's templates may use.
///
/// A variable with the name of one of the first five is hidden by it, and one with a name of what was said hides that.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Scope {
    /// The number of rows that the request asks for, as `n`.
    pub n: u32,
    /// The label that the rows get, as `label`.
    pub label: String,
    /// All labels of the session, as `labels`.
    pub labels: Vec<String>,
    /// The real rows to show, as `examples`.
    pub examples: Vec<ExampleValue>,
    /// The declared fields, as `fields`: a JSON object from name to `{type, min_chars, …}`, whose order is kept.
    pub fields: serde_json::Value,
    /// The session's variables, each under its own name.
    pub variables: BTreeMap<String, serde_json::Value>,
    /// What a person said of earlier rows, a list for each name of [`FEEDBACK`].
    #[serde(default)]
    pub said: BTreeMap<String, serde_json::Value>,
    /// The seed of `random`.
    pub seed: u64,
}

impl Scope {
    /// Returns the shapes of the scope's names, for [`check_in`](super::check_in).
    ///
    /// An example has a text, a label, every declared field, and every field of any example.
    #[must_use]
    pub(crate) fn known(&self) -> ScopeShape {
        let mut attributes = BTreeSet::from(["text", "label", "fields"]);
        attributes.extend(self.examples.iter().flat_map(|example| example.fields.keys().map(String::as_str)));
        attributes.extend(self.fields.as_object().into_iter().flat_map(|f| f.keys().map(String::as_str)));
        let mut example = Shape::record(attributes.iter().copied());
        if let Shape::Record(names) = &mut example {
            names.insert("text".into(), Shape::Text);
            names.insert("label".into(), Shape::Text);
        }
        let known = self
            .variables
            .iter()
            .fold(ScopeShape::default(), |known, (name, value)| known.with(name, Shape::of(value)));
        ScopeShape::default()
            .names()
            .filter(|name| !(FEEDBACK.contains(name) && self.variables.contains_key(*name)))
            .filter_map(|name| ScopeShape::default().get(name).map(|shape| (name.to_owned(), shape.clone())))
            .fold(known, |known, (name, shape)| known.with(name, shape))
            .with("examples", Shape::List(Box::new(example)))
            .with("fields", Shape::of(&self.fields))
    }

    /// Returns about how many bytes of text its values have.
    pub(crate) fn size(&self) -> usize {
        let examples = self.examples.iter().map(|example| {
            let fields = example.fields.iter().map(|(name, value)| name.len() + json_size(value));
            example.text.len() + example.label.len() + fields.sum::<usize>()
        });
        let variables = self.variables.iter().map(|(name, value)| name.len() + json_size(value));
        let labels = self.labels.iter().map(String::len);
        let said = self.said.values().map(json_size);
        examples.chain(variables).chain(labels).chain(said).sum::<usize>() + json_size(&self.fields)
    }

    /// Converts the whole scope to a value of the engine, and returns the examples beside it.
    pub(crate) fn to_value(&self) -> (Value, Vec<Arc<Example>>) {
        let examples: Vec<Arc<Example>> =
            self.examples.iter().map(|value| Example::new(value.clone())).collect();
        let own = [
            ("n", Value::from(self.n)),
            ("label", Value::from(self.label.as_str())),
            ("labels", self.labels.iter().map(|label| Value::from(label.as_str())).collect()),
            ("examples", examples.iter().map(|e| Value::from_dyn_object(Arc::clone(e))).collect()),
            ("fields", json(&self.fields)),
            (super::python::SEED, Value::from(self.seed)),
        ];
        let said = self.said.iter().map(|(name, value)| (name.clone(), json(value)));
        let variables = self.variables.iter().map(|(name, value)| (name.clone(), json(value)));
        let variables = said.chain(variables);
        // Later entries win, so that no variable hides one of the five.
        (Value::from_pairs(variables.chain(own.map(|(name, value)| (name.to_owned(), value)))), examples)
    }
}

/// Returns about how many bytes of text a JSON value has.
fn json_size(value: &serde_json::Value) -> usize {
    match value {
        serde_json::Value::String(text) => text.len(),
        serde_json::Value::Array(items) => items.iter().map(json_size).sum(),
        serde_json::Value::Object(entries) => {
            entries.iter().map(|(name, value)| name.len() + json_size(value)).sum()
        }
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => 8,
    }
}

/// Converts a JSON value to a value of the engine; objects keep the order of their entries.
fn json(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Array(items) => items.iter().map(json).collect(),
        serde_json::Value::Object(entries) => Value::from_object(Ordered(
            entries.iter().map(|(key, value)| (key.clone(), json(value))).collect(),
        )),
        other => Value::from(Serde(other.clone())),
    }
}

/// An example as an object of the engine, which notes whether its text or a field was read.
#[derive(Debug)]
pub(crate) struct Example {
    value: ExampleValue,
    is_read: AtomicBool,
}

impl Example {
    fn new(value: ExampleValue) -> Arc<Self> {
        Arc::new(Self { value, is_read: AtomicBool::new(false) })
    }

    /// Returns whether its text or a field was read.
    pub(crate) fn is_read(&self) -> bool {
        self.is_read.load(Ordering::Relaxed)
    }

    /// Returns the text, and notes that it was read.
    fn text(&self) -> &str {
        self.is_read.store(true, Ordering::Relaxed);
        &self.value.text
    }
}

impl Object for Example {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "text" => Some(Value::from(self.text())),
            // Each row of a request has the same label: it says nothing of this one.
            "label" => Some(Value::from(self.value.label.as_str())),
            name => match self.value.fields.get(name) {
                Some(value) => {
                    self.text();
                    Some(json(value))
                }
                None if name == "fields" => {
                    self.text();
                    let fields = self.value.fields.iter();
                    Some(Value::from_object(Ordered(fields.map(|(k, v)| (k.clone(), json(v))).collect())))
                }
                None => None,
            },
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let further = self.value.fields.keys().filter(|name| !matches!(name.as_str(), "text" | "label"));
        Enumerator::Values(
            ["text", "label"].into_iter().chain(further.map(String::as_str)).map(Value::from).collect(),
        )
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// Returns the text of a value, if it is an example.
pub(crate) fn example_text(value: &Value) -> Option<&str> {
    value.downcast_object_ref::<Example>().map(Example::text)
}

/// A map that keeps its order, so that fields appear as they were declared.
#[derive(Debug)]
struct Ordered(Vec<(String, Value)>);

impl Object for Ordered {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let name = key.as_str()?;
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.0.iter().map(|(key, _)| Value::from(key.as_str())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::TemplateError;
    use super::*;
    use serde_json::json;

    fn scope() -> Scope {
        Scope {
            said: [("reasons".to_owned(), json!([{"reason": "dull", "count": 2}]))].into(),
            n: 5,
            label: "spam".into(),
            labels: vec!["ham".into(), "spam".into()],
            examples: vec![ExampleValue {
                text: "You won".into(),
                label: "spam".into(),
                fields: BTreeMap::from([("tone".into(), json!("alarmed")), ("text".into(), json!("other"))]),
            }],
            fields: json!({"text": {"type": "string", "max_chars": 320}, "a": {"type": "integer"}}),
            variables: BTreeMap::from([("topic".into(), json!("bank")), ("label".into(), json!("hidden"))]),
            seed: 0,
        }
    }

    fn render(source: &str, scope: &Scope) -> Result<String, TemplateError> {
        super::super::engine::render(source, scope).map(|rendered| rendered.text)
    }

    #[test]
    fn only_examples_whose_text_is_read_are_shown() {
        let shown = |source: &str| super::super::engine::render(source, &scope()).unwrap().examples;

        assert_eq!(
            shown("{{ n }} {{ examples | length }}{% for e in examples %}{{ e.label }}{% endfor %}"),
            [false]
        );
        for source in [
            "{% for e in examples %}{{ e.text }}{% endfor %}",
            "{{ examples[0] }}",
            "{{ examples }}",
            "{{ examples | join(', ') }}",
            "{{ examples | map(attribute='text') | join }}",
            "{{ examples | tojson }}",
            "{{ examples[0].tone }}",
            "{{ examples[0].upper() }}",
            "{{ 'a' ~ examples[0] }}",
        ] {
            assert_eq!(shown(source), [true], "{source}");
        }
    }

    #[test]
    fn an_example_gives_its_text_label_and_fields() {
        let source = "{% for e in examples %}{{ e }}|{{ e.text }}|{{ e.label }}|{{ e.tone }}|{{ e.fields.tone }}{% endfor %}";

        assert_eq!(render(source, &scope()).unwrap(), "You won|You won|spam|alarmed|alarmed");
    }

    #[test]
    fn an_example_is_joined_and_added_as_its_text() {
        assert_eq!(
            render("{{ examples | join(', ') }}/{{ examples[0] ~ '!' }}", &scope()).unwrap(),
            "You won/You won!"
        );
    }

    #[test]
    fn fields_come_in_the_order_they_were_declared() {
        let source = "{% for name, f in fields | items %}{{ name }}:{{ f.type }} {% endfor %}{{ fields.text.max_chars }}";

        assert_eq!(render(source, &scope()).unwrap(), "text:string a:integer 320");
    }

    #[test]
    fn a_variable_never_hides_the_label() {
        assert_eq!(render("{{ label }} {{ topic }} {{ n + 1 }}", &scope()).unwrap(), "spam bank 6");
    }

    #[test]
    fn all_attributes_of_an_example_are_known() {
        let known = scope().known();

        let Some(Shape::List(example)) = known.get("examples") else { panic!("examples are no list") };
        let Shape::Record(names) = example.as_ref() else { panic!("an example is no record") };
        assert_eq!(names.keys().collect::<Vec<_>>(), ["a", "fields", "label", "text", "tone"]);
        assert_eq!(known.get("label"), Some(&Shape::Text));
        assert_eq!(known.get("topic"), Some(&Shape::Text));
    }

    #[test]
    fn what_was_said_is_in_scope_and_a_variable_of_the_same_name_hides_it() {
        let own = scope();
        let mut older = scope();
        older.variables.insert("reasons".into(), json!("none given"));

        let source = "{% for r in reasons %}{{ r.count }} × {{ r.reason }}{% endfor %}";
        assert_eq!(render(source, &own).unwrap(), "2 × dull");
        assert_eq!(render("{{ reasons }}", &older).unwrap(), "none given");
        assert!(matches!(own.known().get("reasons"), Some(Shape::List(_))));
        assert_eq!(older.known().get("reasons"), Some(&Shape::Text));
    }
}
