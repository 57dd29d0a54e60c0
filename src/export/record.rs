//! One exported row: a value for each column, the same for all formats that have columns.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use super::row_json::moment;
use super::shape::Outgoing;
use crate::domain::{FieldKind, FieldValue, Fields, Rating, RowView, Schema};
use crate::table::{Cell, Kind};

/// Labels that are numbers or truth values in the dataset, with the JSON value that each is there.
pub(crate) type LabelValues = BTreeMap<String, Value>;

/// The columns for where a row comes from. That of the tags is the only one that holds lists, and a row without tags
/// has an empty one: where some rows have a list and others null, pyarrow 26.0 fails by chance
/// (`findings/pyarrow-null-lists.sh`).
const PROVENANCE: [(&str, Kind); 12] = [
    ("source", Kind::Text),
    ("prompt", Kind::Text),
    ("version", Kind::Integer),
    ("run", Kind::Integer),
    ("provider", Kind::Text),
    ("model", Kind::Text),
    ("seed", Kind::Integer),
    ("rating", Kind::Integer),
    ("tags", Kind::Texts),
    ("edited", Kind::Boolean),
    ("created_at", Kind::Text),
    ("decided_at", Kind::Text),
];

/// The columns of an export, in order.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    pub(super) names: Vec<String>,
    pub(super) kinds: Vec<Kind>,
    /// The fields besides text and label.
    further: Vec<String>,
    /// Whether there are no columns for where a row comes from.
    bare: bool,
}

impl Columns {
    /// The place of the label.
    pub(super) const LABEL: usize = 2;

    /// Returns the columns of a session's rows: `id`, `text`, `label`, its further fields, and where a row
    /// comes from unless they are bare.
    ///
    /// A field with the name of another column is called `field_NAME`.
    pub(super) fn of(schema: &Schema, bare: bool) -> Self {
        let is_further = |name: &str| ![Fields::TEXT, Fields::LABEL].contains(&name);
        let declared: Vec<_> = schema.0.iter().filter(|field| is_further(&field.name)).collect();
        let further: Vec<_> = declared.iter().map(|field| field.name.clone()).collect();
        let taken = |name: &str| name == "id" || PROVENANCE.iter().any(|(other, _)| *other == name);
        let mut names: Vec<_> = ["id", Fields::TEXT, Fields::LABEL].map(str::to_owned).into();
        for field in &further {
            let mut name = field.clone();
            while taken(&name) || (name != *field && further.contains(&name)) || names.contains(&name) {
                name = format!("field_{name}");
            }
            names.push(name);
        }
        let mut kinds = vec![Kind::Text; 3];
        kinds.extend(declared.iter().map(|field| kind_of(&field.kind)));
        if !bare {
            names.extend(PROVENANCE.map(|(name, _)| name.to_owned()));
            kinds.extend(PROVENANCE.map(|(_, kind)| kind));
        }
        Self { names, kinds, further, bare }
    }

    /// Returns whether a column is a field besides text and label.
    pub(super) fn is_further(&self, place: usize) -> bool {
        (3..3 + self.further.len()).contains(&place)
    }

    /// Returns whether a column holds texts or lists of them.
    pub(super) fn is_text(&self, place: usize) -> bool {
        matches!(self.kinds.get(place), Some(Kind::Text | Kind::Texts))
    }

    /// Returns a row's values, one a column and of its type; null where it has none.
    pub(super) fn cells<'a>(&self, row: &Outgoing<'a>) -> Vec<Cell<'a>> {
        let mut cells = Vec::with_capacity(self.names.len());
        cells.extend([row.id, row.text, row.label].map(text));
        match (&row.row, self.further.is_empty()) {
            (_, true) => {}
            (Some(row), false) => {
                let fields = row.fields();
                let kinds = self.kinds.iter().skip(3);
                let named = self.further.iter().zip(kinds);
                cells.extend(
                    named.map(|(name, kind)| fields.0.get(name).map_or(Cell::Null, |value| of(value, *kind))),
                );
            }
            (None, false) => cells.extend(self.further.iter().map(|_| Cell::Null)),
        }
        if self.bare {
            return cells;
        }
        if let Some(row) = &row.row {
            cells.extend(provenance(row));
        } else {
            let none = |kind| if kind == Kind::Texts { Cell::Texts(vec![]) } else { Cell::Null };
            cells.push(text("real"));
            cells.extend(PROVENANCE.iter().skip(1).map(|(_, kind)| none(*kind)));
        }
        cells
    }
}

/// Returns the values of [`PROVENANCE`].
fn provenance<'a>(row: &RowView<'a>) -> [Cell<'a>; 12] {
    let (mark, run, version, origin) = (row.mark(), row.run(), row.version(), row.origin());
    let texts = |value: Option<&'a str>| value.map_or(Cell::Null, text);
    let integer = |value: Option<i64>| value.map_or(Cell::Null, Cell::Integer);
    // An imported row has no version and no run here, only what its file says of them.
    let prompt = version.map(|version| version.name.as_str()).or_else(|| origin?.prompt.as_deref());
    let number = version.map(|version| version.number).or_else(|| origin?.version);
    let provider = run.map(|run| run.generator.provider.as_str()).or_else(|| origin?.provider.as_deref());
    let model = match run {
        Some(run) => run.generator.model.as_deref(),
        None => origin.and_then(|origin| origin.model.as_deref()),
    };
    let seed = run.map(|run| run.generator.seed).or_else(|| origin?.seed);
    [
        text("synthetic"),
        texts(prompt),
        integer(number.map(i64::from)),
        integer(run.map(|run| run.number.0.into())),
        texts(provider),
        texts(model),
        // The largest seed of a run is 2^53.
        integer(seed.and_then(|seed| i64::try_from(seed).ok())),
        integer(mark.state.rating().map(Rating::stars).map(i64::from)),
        Cell::Texts(mark.tags.into_iter().map(Cow::Owned).collect()),
        Cell::Boolean(row.is_edited()),
        Cell::Text(moment(row.created_at()).into()),
        mark.decided_at.map_or(Cell::Null, |at| Cell::Text(moment(at).into())),
    ]
}

const fn text(text: &str) -> Cell<'_> {
    Cell::Text(Cow::Borrowed(text))
}

/// Returns the type of a field's column.
const fn kind_of(kind: &FieldKind) -> Kind {
    match kind {
        FieldKind::Text { .. } | FieldKind::OneOf(_) => Kind::Text,
        FieldKind::Integer => Kind::Integer,
        FieldKind::Number => Kind::Number,
        FieldKind::Boolean => Kind::Boolean,
    }
}

/// Returns a field's value in a column of a type: a whole number among numbers is one of them, and whatever stands
/// among texts is a text.
fn of<'a>(value: &FieldValue, kind: Kind) -> Cell<'a> {
    match (value, kind) {
        (FieldValue::Boolean(value), Kind::Boolean) => Cell::Boolean(*value),
        (FieldValue::Integer(value), Kind::Integer) => Cell::Integer(*value),
        (FieldValue::Number(value), Kind::Number) => Cell::Number(*value),
        #[expect(clippy::cast_precision_loss, reason = "a schema asks for floating point here")]
        (FieldValue::Integer(value), Kind::Number) => Cell::Number(*value as f64),
        (value, Kind::Text) => Cell::Text(value.to_string().into()),
        _ => Cell::Null,
    }
}

/// Returns a value as a cell between separators: empty for null, tags joined by `;`, or a JSON list of them where that
/// would not give them back.
pub(super) fn cell<'a>(value: &'a Cell<'_>) -> Cow<'a, str> {
    match value {
        Cell::Null => "".into(),
        Cell::Text(text) => text.as_ref().into(),
        Cell::Texts(items) => {
            let is_plain =
                |tag: &Cow<'_, str>| tag.trim() == tag && !tag.contains(';') && !tag.starts_with('[');
            if items.iter().all(is_plain) {
                items.join(";").into()
            } else {
                items.iter().map(Cow::as_ref).collect::<Value>().to_string().into()
            }
        }
        Cell::Integer(value) => value.to_string().into(),
        Cell::Unsigned(value) => value.to_string().into(),
        Cell::Number(value) => Value::from(*value).to_string().into(),
        Cell::Boolean(value) => value.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FieldKind, FieldSpec};

    fn names(fields: &[&str]) -> Vec<String> {
        let field = |name: &&str| FieldSpec { name: (*name).to_owned(), kind: FieldKind::Integer };
        let columns = Columns::of(&Schema(fields.iter().map(field).collect()), false);
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
