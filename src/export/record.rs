//! One exported row: a value for each column, the same for all formats.

use serde_json::Value;

use super::file::{ExportRow, LabelValues};
use super::row_json::moment;
use crate::domain::{FieldValue, Fields, RowView, Schema};

/// The column of a row's tags, the only one that holds lists. A row without tags has an empty one: where some rows
/// have a list and others null, pyarrow 26.0 fails by chance (`findings/pyarrow-null-lists.sh`).
const TAGS: &str = "tags";
/// Columns for where a row comes from.
const PROVENANCE: [&str; 12] = [
    "source",
    "prompt",
    "version",
    "run",
    "provider",
    "model",
    "seed",
    "rating",
    TAGS,
    "edited",
    "created_at",
    "decided_at",
];

/// The columns of an export, in order.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    pub(super) names: Vec<String>,
    /// The fields besides text and label.
    further: Vec<String>,
    /// The labels that are written as another value than their text.
    labels: LabelValues,
}

impl Columns {
    /// Returns the columns of a session's rows: `id`, `text`, `label`, its further fields, provenance.
    ///
    /// A field with the name of another column is called `field_NAME`.
    pub(super) fn of(schema: &Schema) -> Self {
        let declared = schema.0.iter().map(|field| field.name.clone());
        let further: Vec<_> =
            declared.filter(|name| ![Fields::TEXT, Fields::LABEL].contains(&name.as_str())).collect();
        let taken = |name: &str| name == "id" || PROVENANCE.contains(&name);
        let mut names: Vec<_> = ["id", Fields::TEXT, Fields::LABEL].map(str::to_owned).into();
        for field in &further {
            let mut name = field.clone();
            while taken(&name) || (name != *field && further.contains(&name)) || names.contains(&name) {
                name = format!("field_{name}");
            }
            names.push(name);
        }
        names.extend(PROVENANCE.map(str::to_owned));
        Self { names, further, labels: LabelValues::new() }
    }

    /// Adds labels that are written as another value than their text.
    pub(super) fn with_labels(self, labels: &LabelValues) -> Self {
        Self { labels: labels.clone(), ..self }
    }

    fn label(&self, label: &str) -> Value {
        self.labels.get(label).cloned().unwrap_or_else(|| label.into())
    }

    /// Returns whether a column is a field besides text and label.
    pub(super) fn is_further(&self, name: &str) -> bool {
        let further = self.names.iter().skip(3).zip(&self.further);
        further.into_iter().any(|(column, _)| column == name)
    }

    /// Returns a row's values, one a column; null where it has none.
    pub(super) fn values(&self, row: &ExportRow<'_>) -> Vec<Value> {
        match row {
            ExportRow::Real { id, text, label } => {
                let mut values = vec![Value::from(*id), Value::from(*text), self.label(label)];
                values.extend(self.further.iter().map(|_| Value::Null));
                values.push("real".into());
                let rest = self.names.iter().skip(values.len());
                values.extend(rest.map(|name| if name == TAGS { Value::Array(vec![]) } else { Value::Null }));
                values
            }
            ExportRow::Synthetic(row) => self.synthetic(row),
        }
    }

    fn synthetic(&self, row: &RowView<'_>) -> Vec<Value> {
        let (fields, mark, run, version) = (row.fields(), row.mark(), row.run(), row.version());
        let mut values: Vec<Value> =
            vec![row.id().as_str().into(), row.text().into(), self.label(row.label())];
        values.extend(self.further.iter().map(|name| fields.0.get(name).map_or(Value::Null, value)));
        values.extend([
            "synthetic".into(),
            version.map(|version| version.name.as_str()).into(),
            version.map(|version| version.number).into(),
            run.map(|run| run.number.0).into(),
            run.map(|run| run.generator.provider.as_str()).into(),
            run.and_then(|run| run.generator.model.as_deref()).into(),
            run.map(|run| run.generator.seed).into(),
            mark.state.rating().map(crate::domain::Rating::stars).into(),
            mark.tags.into(),
            row.is_edited().into(),
            moment(row.created_at()).into(),
            mark.decided_at.map(moment).into(),
        ]);
        values
    }
}

fn value(value: &FieldValue) -> Value {
    match value {
        FieldValue::Boolean(value) => (*value).into(),
        FieldValue::Integer(value) => (*value).into(),
        FieldValue::Number(value) => (*value).into(),
        FieldValue::Text(value) => value.as_str().into(),
    }
}

/// Returns a value as a CSV cell: empty for null, tags joined by `;`.
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(";"),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FieldKind, FieldSpec};

    fn names(fields: &[&str]) -> Vec<String> {
        let field = |name: &&str| FieldSpec { name: (*name).to_owned(), kind: FieldKind::Integer };
        let columns = Columns::of(&Schema(fields.iter().map(field).collect()));
        let count = columns.names.len() - PROVENANCE.len();
        columns.names[..count].to_vec()
    }

    #[test]
    fn further_fields_stand_behind_the_label_as_declared() {
        assert_eq!(names(&["tone", "text", "label", "age"]), ["id", "text", "label", "tone", "age"]);
    }

    #[test]
    fn a_field_never_takes_the_name_of_another_column() {
        assert_eq!(
            names(&["text", "rating", "id", "field_rating"]),
            ["id", "text", "label", "field_field_rating", "field_id", "field_rating"]
        );
    }
}
