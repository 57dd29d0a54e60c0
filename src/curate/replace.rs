//! Find and replace over the fields of rows.
//!
//! The pattern is a regular expression of bounded size, the replacement may name its groups as `$1` and `${name}`. What
//! comes of it is checked as an edit by hand is; the generated fields stay as they are.

use regex::Regex;

use super::bulk::ByState;
use super::pattern::{Unreadable, compile};
use crate::domain::{FieldValue, Fields, Projection, RowNumber, RowSet, RowView, Schema, StateKind};

/// The most bytes that a value may have after its replacement: as many as a text that is typed.
const LONGEST: usize = 1 << 20;

/// Why nothing can be replaced so: a full sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ReplaceError(String);

/// What is replaced, and by what.
#[derive(Debug, Clone)]
pub struct Replacement {
    find: Regex,
    with: String,
    field: String,
}

/// What a replacement makes of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Replaced {
    /// Nothing is found, or the same comes of it.
    Same,
    /// All fields of the row, with those that changed.
    Edited(Fields),
    /// What would come of it is no row; why, as a sentence.
    Refused(String),
}

/// The rows that a replacement changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replaceable {
    /// The rows.
    pub rows: RowSet,
    /// How many of them are in each state; those that are left out by hand do not count.
    pub from: Vec<(StateKind, usize)>,
    /// How many more would be no rows any more, and stay as they are.
    pub refused: usize,
    /// Why the first of those would be none.
    pub why: Option<String>,
}

impl Replacement {
    /// Reads a pattern and a replacement of one field of rows.
    ///
    /// # Errors
    ///
    /// A sentence about a pattern that is none or too large, a group that it does not have, or a field that rows do not.
    pub fn new(
        schema: &Schema,
        field: &str,
        find: &str,
        with: &str,
        ignore_case: bool,
    ) -> Result<Self, ReplaceError> {
        if find.is_empty() {
            return Err(ReplaceError("Say what to find.".into()));
        }
        if schema.field(field).is_none() {
            let names = schema.names();
            return Err(ReplaceError(format!("The session declares no field `{field}`; it has {names}.")));
        }
        if field == Fields::LABEL {
            return Err(ReplaceError("A label is given, not replaced: relabel the rows.".into()));
        }
        let pattern = compile(find, ignore_case).map_err(|error| match error {
            Unreadable::TooLarge => ReplaceError("The pattern is too large.".into()),
            Unreadable::Wrong(why) => ReplaceError(format!("The pattern cannot be read: {why}.")),
        })?;
        if let Some(group) = unknown_group(&pattern, with) {
            let digits = group.len() - group.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (number, rest) = group.split_at(digits);
            let hint = if number.is_empty() || rest.is_empty() {
                "; `$$` stands for a dollar sign".to_owned()
            } else {
                format!("; write `${{{number}}}{rest}` for group {number} with `{rest}` behind it")
            };
            return Err(ReplaceError(format!("The pattern has no group `{group}`{hint}.")));
        }
        Ok(Self { find: pattern, with: with.to_owned(), field: field.to_owned() })
    }

    /// Returns the field whose values are replaced.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Returns what the replacement makes of a row.
    #[must_use]
    pub fn on(&self, schema: &Schema, row: &RowView<'_>) -> Replaced {
        if self.field == Fields::TEXT {
            let text = row.text();
            if !self.find.is_match(&text) {
                return Replaced::Same;
            }
        }
        self.on_fields(schema, row.fields())
    }

    fn on_fields(&self, schema: &Schema, mut fields: Fields) -> Replaced {
        let (Some(value), Some(spec)) = (fields.0.get(&self.field), schema.field(&self.field)) else {
            return Replaced::Same;
        };
        let before = value.to_string();
        let Some(after) = self.replaced(&before) else {
            return Replaced::Refused(format!("The field `{}` would be too long.", self.field));
        };
        if after == before {
            return Replaced::Same;
        }
        let value = match value {
            FieldValue::Text(_) => Ok(FieldValue::Text(after)),
            FieldValue::Boolean(_) | FieldValue::Integer(_) | FieldValue::Number(_) => spec.parse(&after),
        };
        let checked = value.and_then(|value| {
            fields.0.insert(self.field.clone(), value);
            schema.check_edit(&fields)
        });
        match checked {
            Ok(()) => Replaced::Edited(fields),
            Err(error) => Replaced::Refused(error.to_string()),
        }
    }

    /// Returns a text with all matches replaced; `None` where it would be too long.
    fn replaced(&self, text: &str) -> Option<String> {
        let mut after = String::with_capacity(text.len());
        let mut end = 0;
        for found in self.find.captures_iter(text) {
            let whole = found.get_match();
            after.push_str(text.get(end..whole.start())?);
            found.expand(&self.with, &mut after);
            end = whole.end();
            if after.len() > LONGEST {
                return None;
            }
        }
        after.push_str(text.get(end..)?);
        (after.len() <= LONGEST).then_some(after)
    }

    /// Returns which of some rows the replacement changes; ends early, with those found so far, once `stopped` says so.
    #[must_use]
    pub fn find(
        &self,
        shown: &Projection,
        schema: &Schema,
        rows: &RowSet,
        stopped: impl Fn() -> bool,
    ) -> Replaceable {
        let (mut found, mut states) = (Replaceable::default(), ByState::default());
        for (place, row) in rows.iter().filter_map(|row| shown.row(row)).enumerate() {
            if place % 1024 == 0 && stopped() {
                break;
            }
            match self.on(schema, &row) {
                Replaced::Same => {}
                Replaced::Edited(_) => {
                    found.rows.push(row.number());
                    states.add(row.state().kind());
                }
                Replaced::Refused(why) => {
                    found.refused += 1;
                    found.why.get_or_insert(why);
                }
            }
        }
        found.from = states.found();
        found
    }

    /// Returns the value of the replaced field before and after; `None` for a row that the replacement does not change.
    #[must_use]
    pub fn values(&self, shown: &Projection, schema: &Schema, row: RowNumber) -> Option<(String, String)> {
        let view = shown.row(row)?;
        let Replaced::Edited(after) = self.on(schema, &view) else { return None };
        let value = |fields: &Fields| fields.0.get(&self.field).map(ToString::to_string);
        Some((value(&view.fields())?, value(&after)?))
    }
}

/// Returns the first group that a replacement names and the pattern lacks.
fn unknown_group(pattern: &Regex, with: &str) -> Option<String> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut rest = with;
    while let Some((_, behind)) = rest.split_once('$') {
        if let Some(more) = behind.strip_prefix('$') {
            rest = more;
            continue;
        }
        let name = match behind.strip_prefix('{') {
            Some(braced) => braced.split_once('}').map_or("", |(name, _)| name),
            None => &behind[..behind.find(|c| !is_word(c)).unwrap_or(behind.len())],
        };
        let is_known = match name.parse::<usize>() {
            Ok(number) => number < pattern.captures_len(),
            Err(_) => pattern.capture_names().flatten().any(|known| known == name),
        };
        if !name.is_empty() && !is_known {
            return Some(name.to_owned());
        }
        rest = behind;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::Story;
    use crate::domain::{FieldKind, FieldSpec};

    fn replacement(find: &str, with: &str) -> Result<Replacement, String> {
        Replacement::new(&Schema::default(), Fields::TEXT, find, with, false).map_err(|error| error.0)
    }

    fn text(find: &str, with: &str, text: &str) -> Replaced {
        replacement(find, with).unwrap().on_fields(&Schema::default(), Fields::of_text(text))
    }

    fn edited(text: &str) -> Replaced {
        Replaced::Edited(Fields::of_text(text))
    }

    #[test]
    fn groups_are_put_in_by_number_and_by_name() {
        assert_eq!(text("(\\w+) now", "now $1", "Win now, pay now"), edited("now Win, now pay"));
        assert_eq!(text("(?<what>\\w+)!", "${what}? $$5", "Win!"), edited("Win? $5"));
        assert_eq!(text("x", "y", "Win now"), Replaced::Same);
        assert_eq!(text("Win", "Win", "Win now"), Replaced::Same);
    }

    #[test]
    fn a_pattern_that_is_none_and_a_group_that_it_lacks_are_refused_with_what_to_write() {
        let why = |find: &str, with: &str| replacement(find, with).unwrap_err();
        assert_eq!(why("", "x"), "Say what to find.");
        assert!(why("(a", "").starts_with("The pattern cannot be read: unclosed group"), "{}", why("(a", ""));
        assert_eq!(why("\\w{1000}{1000}", ""), "The pattern is too large.");
        assert_eq!(
            why("(a)", "$1st"),
            "The pattern has no group `1st`; write `${1}st` for group 1 with `st` behind it."
        );
        assert_eq!(why("(a)", "$2"), "The pattern has no group `2`; `$$` stands for a dollar sign.");
        assert!(replacement("(a)", "costs $ 5, ${1}").is_ok());
    }

    #[test]
    fn what_would_be_no_row_any_more_is_refused() {
        assert_eq!(text(".+", "", "Win"), Replaced::Refused("The field `text` is empty.".into()));
        let long = "x".repeat(2000);
        let refused = text("x", &long, &long);
        assert_eq!(refused, Replaced::Refused("The field `text` would be too long.".into()));
    }

    #[test]
    fn a_field_of_another_kind_stays_of_its_kind() {
        let mut schema = Schema::default();
        schema.0.push(FieldSpec { name: "stars".into(), kind: FieldKind::Integer });
        let mut fields = Fields::of_text("Win");
        fields.0.insert("stars".into(), FieldValue::Integer(3));
        let on = |with: &str| {
            let replacement = Replacement::new(&schema, "stars", "3", with, false).unwrap();
            replacement.on_fields(&schema, fields.clone())
        };
        let mut five = fields.clone();
        five.0.insert("stars".into(), FieldValue::Integer(5));
        assert_eq!(on("5"), Replaced::Edited(five));
        assert!(matches!(on("many"), Replaced::Refused(why) if why.contains("a whole number")));
        assert!(Replacement::new(&schema, "tone", "3", "", false).is_err());
    }

    #[test]
    fn the_rows_that_change_are_found_with_and_without_regard_to_case() {
        let story = Story::with_rows(12);
        let all: RowSet = (0..12).map(RowNumber).collect();
        let schema = Schema::default();
        let found = |find: &str, with: &str, ignore_case| {
            let replacement = Replacement::new(&schema, Fields::TEXT, find, with, ignore_case).unwrap();
            replacement.find(&story.projection, &schema, &all, || false)
        };
        assert_eq!(found("ROW", "line", false), Replaceable::default());
        assert_eq!(found("ROW", "line", true).rows.len(), 12);
        assert_eq!(
            found("number 1", "n", false).rows.iter().map(|row| row.0).collect::<Vec<_>>(),
            [1, 10, 11]
        );
        let none = found("^.*[24]$", "", false);
        assert_eq!((none.rows.len(), none.refused), (0, 2));
    }
}
