//! Files that this program has exported: rows with the columns of their provenance.

use std::collections::{BTreeSet, HashMap};

use super::value::Value;
use crate::dataset::PROVENANCE;
use crate::domain::{Incoming, Rating, RowState, Timestamp};
use crate::text::time::from_rfc3339;

/// What stands before the name of a field that another column has.
const PREFIX: &str = "field_";

/// What a column says about a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// Something that the row holds now.
    Taken,
    /// The row is one of a dataset, not a generated one.
    Real,
    /// The value is not what the column holds, as a sentence says.
    Wrong(String),
    /// Nothing: the column is a field of this name.
    Field(String),
}

/// The columns of one of our own exports.
#[derive(Debug, Clone)]
pub(super) struct Own {
    fields: HashMap<String, String>,
}

impl Own {
    /// Knows an export of ours by its columns.
    pub(super) fn find(names: &[String]) -> Option<Self> {
        let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        PROVENANCE.iter().all(|name| names.contains(name)).then(|| {
            let taken = PROVENANCE.iter().chain(&["id"]);
            Self { fields: taken.filter_map(|name| renamed(&names, name)).collect() }
        })
    }

    /// Takes the value of a column.
    pub(super) fn take(&self, row: &mut Incoming, name: &str, value: &Value) -> Said {
        if !PROVENANCE.contains(&name) {
            return Said::Field(self.fields.get(name).map_or(name, String::as_str).to_owned());
        }
        if value.is_null() {
            return Said::Taken;
        }
        let spelled = value.spelled().unwrap_or_default();
        let is_read = match name {
            "source" if spelled == "real" => return Said::Real,
            "prompt" => set(&mut row.origin.prompt, Some(spelled.clone())),
            "version" => set(&mut row.origin.version, whole(&spelled)),
            "provider" => set(&mut row.origin.provider, Some(spelled.clone())),
            "model" => set(&mut row.origin.model, Some(spelled.clone())),
            "seed" => set(&mut row.origin.seed, whole(&spelled)),
            "created_at" => set(&mut row.origin.created_at, from_rfc3339(&spelled).map(Timestamp)),
            "rating" => {
                let rating = whole(&spelled).and_then(|stars: u8| Rating::try_from(stars).ok());
                row.state = Some(RowState::Accepted { rating });
                rating.is_some()
            }
            "tags" => {
                row.tags = tags(value);
                true
            }
            _ => true,
        };
        if is_read {
            Said::Taken
        } else {
            let name = super::error::quoted(name);
            Said::Wrong(format!(
                "{name} is {}, which an export never writes there.",
                super::error::quoted(&spelled)
            ))
        }
    }
}

fn set<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    *place = value;
    place.is_some()
}

/// Reads a whole number; other programs write it with a point where some rows of its column have none.
fn whole<T: std::str::FromStr>(spelled: &str) -> Option<T> {
    spelled.strip_suffix(".0").unwrap_or(spelled).parse().ok()
}

/// Returns the tags of a list, or of a cell where they are joined.
fn tags(value: &Value) -> Vec<String> {
    match value {
        Value::List(items) => items.iter().filter_map(Value::spelled).collect(),
        // So an export writes tags that would be other ones when joined.
        Value::Text(text) if text.starts_with('[') && serde_json::from_str::<Vec<String>>(text).is_ok() => {
            serde_json::from_str(text).unwrap_or_default()
        }
        Value::Text(text) => {
            text.split(';').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns the column of a field that has the name of another column, with that name.
///
/// An export puts `field_` before it until the name is free, so it is the last of the names that are there in a row.
fn renamed(names: &BTreeSet<&str>, field: &str) -> Option<(String, String)> {
    let mut last = None;
    let mut name = format!("{PREFIX}{field}");
    while names.contains(name.as_str()) {
        last = Some(name.clone());
        name = format!("{PREFIX}{name}");
    }
    last.map(|column| (column, field.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(more: &[&str]) -> Own {
        let names: Vec<String> = ["id", "text", "label"]
            .iter()
            .chain(more)
            .chain(&PROVENANCE)
            .map(|name| (*name).to_owned())
            .collect();
        Own::find(&names).unwrap()
    }

    #[test]
    fn fields_have_their_own_names_again() {
        let own = own(&["tone", "field_field_rating", "field_id", "field_rating"]);
        let mut row = Incoming::default();
        let mut field = |name: &str| own.take(&mut row, name, &Value::Null);

        assert_eq!(field("tone"), Said::Field("tone".into()));
        assert_eq!(field("field_field_rating"), Said::Field("rating".into()));
        assert_eq!(field("field_rating"), Said::Field("field_rating".into()));
        assert_eq!(field("field_id"), Said::Field("id".into()));
    }

    #[test]
    fn provenance_is_read_from_values_and_from_cells_alike() {
        let own = own(&[]);
        let cells = |values: [Value; 5]| {
            let mut row = Incoming::default();
            let names = ["version", "seed", "rating", "tags", "created_at"];
            for (name, value) in names.iter().zip(&values) {
                assert_eq!(own.take(&mut row, name, value), Said::Taken, "{name}");
            }
            row
        };
        let text = |text: &str| Value::Text(text.to_owned());

        let values = cells([
            Value::Integer(3),
            Value::Integer(7),
            Value::Integer(4),
            Value::List(vec![text("a b"), text("c")]),
            text("2026-03-01T09:05:00.250Z"),
        ]);
        let texts =
            cells([text("3"), text("7.0"), text("4"), text("a b;c"), text("2026-03-01T09:05:00.250Z")]);

        assert_eq!(values, texts);
        assert_eq!((values.origin.version, values.origin.seed), (Some(3), Some(7)));
        assert_eq!(values.origin.created_at, Some(Timestamp(1_772_355_900_250)));
        assert_eq!(values.state.and_then(RowState::rating).map(Rating::stars), Some(4));
        assert_eq!(values.tags, ["a b", "c"]);
    }

    #[test]
    fn a_value_that_no_export_writes_is_said() {
        let said = own(&[]).take(&mut Incoming::default(), "version", &Value::Text("new".into()));
        assert_eq!(said, Said::Wrong("`version` is `new`, which an export never writes there.".into()));
    }
}
