//! Finds rows that are inside of another object, as servers of datasets send them.

use std::path::Path;

use serde_json::{Map, Value};

use super::fault::LineFault;
use super::header::in_shell;
use super::troubles::Notes;

/// How deep rows are looked for.
const DEPTH: usize = 3;

/// A JSON file, and what an object of it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    path: &'a Path,
    by_item: bool,
    is_list: bool,
}

impl<'a> Place<'a> {
    /// Describes a file as it was noted while it was read.
    pub(super) fn of(path: &'a Path, notes: &Notes) -> Self {
        Self { path, by_item: notes.by_item, is_list: notes.is_list }
    }

    /// Returns the commands that make rows of each object: a filter of jq, and a loop of Python from `d` to `r`.
    pub(super) fn commands(self, jq: &str, python: &str) -> String {
        let (each, objects) = match (self.by_item, self.is_list) {
            (false, _) => ("", "map(json.loads, sys.stdin)"),
            (true, true) => (".[] | ", "json.load(sys.stdin)"),
            (true, false) => ("", "[json.load(sys.stdin)]"),
        };
        let path = in_shell(self.path);
        format!(
            "`jq -c '{each}{jq}' {path} > NEW.jsonl`, or without jq `python3 -c 'import json, sys; \
             [print(json.dumps(r)) for d in {objects} for r in {python}]' < {path} > NEW.jsonl`"
        )
    }
}

/// Returns where in an object the rows are: in an object or a list of objects with one of some keys, or, where
/// no keys are asked for, in the longest with a text.
pub(super) fn find(object: &Map<String, Value>, columns: &[&str], place: Place<'_>) -> Option<LineFault> {
    let mut found = Vec::new();
    inner(object, columns, &[], &mut found);
    let first = found.iter().map(|(.., rows)| *rows).max()?;
    let (places, row, _) = found.into_iter().find(|(.., rows)| *rows == first)?;
    let inside = places.first()?.trim_end_matches("[]").to_owned();
    let keys: Vec<_> = places.iter().map(|place| quoted_key(place)).collect();
    let command = place.commands(&format!(".{}", keys.join(".")), &python(&places));
    Some(LineFault::Wrapped { inside, columns: row.keys().cloned().collect(), command })
}

/// Where rows are, the first of them, and how many there are.
type Found<'o> = (Vec<String>, &'o Map<String, Value>, usize);

fn inner<'o>(object: &'o Map<String, Value>, columns: &[&str], outer: &[String], all: &mut Vec<Found<'o>>) {
    let is_row = |row: &Map<String, Value>| {
        if columns.is_empty() {
            row.values().any(Value::is_string)
        } else {
            columns.iter().any(|c| row.contains_key(*c))
        }
    };
    for (key, value) in object {
        let (place, found, rows) = match value {
            Value::Object(found) => (key.clone(), found, 1),
            Value::Array(list) => match list.first() {
                Some(Value::Object(found)) => (format!("{key}[]"), found, list.len()),
                _ => continue,
            },
            _ => continue,
        };
        let places = [outer, &[place]].concat();
        if is_row(found) {
            all.push((places, found, rows));
        } else if outer.len() < DEPTH {
            let before = all.len();
            inner(found, columns, &places, all);
            all.iter_mut().skip(before).for_each(|(.., inner)| *inner = (*inner).max(rows));
        }
    }
}

/// Returns the loop of Python that goes from `d` to the rows `r`.
fn python(places: &[String]) -> String {
    let last = places.len().saturating_sub(1);
    let mut outer = "d".to_owned();
    let mut said = String::new();
    for (depth, place) in places.iter().enumerate() {
        let (key, is_list) = place.strip_suffix("[]").map_or((place.as_str(), false), |key| (key, true));
        let value = format!("{outer}[{}]", Value::from(key));
        let value = if is_list { value } else { format!("[{value}]") };
        outer = if depth == last { "r".to_owned() } else { format!("x{depth}") };
        said.push_str(&if depth == 0 { String::new() } else { " for ".to_owned() + &outer + " in " });
        said.push_str(&value);
    }
    // The caller's loop names what the first part gives.
    if last == 0 { said } else { format!("[r for x0 in {said}]") }
}

/// Returns a key as jq writes it behind a dot.
fn quoted_key(place: &str) -> String {
    let (key, list) = place.strip_suffix("[]").map_or((place, ""), |key| (key, "[]"));
    let is_plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !key.starts_with(|first: char| first.is_ascii_digit());
    if is_plain { place.to_owned() } else { format!("{}{list}", Value::from(key)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(object: &str, columns: &[&str]) -> Option<String> {
        let object = serde_json::from_str(object).unwrap();
        find(&object, columns, Place::of(Path::new("a.json"), &Notes::default()))
            .map(|fault| fault.to_string())
    }

    #[test]
    fn rows_inside_of_another_object_are_found_with_the_command_that_takes_them_out() {
        for (object, columns, command) in [
            ("{\"row\":{\"text\":\"a\",\"label\":1}}", &["text"][..], "`jq -c '.row' a.json"),
            ("{\"n\":1,\"data\":[{\"text\":\"a\"}]}", &["text"], "`jq -c '.data[]' a.json"),
            (
                "{\"features\":[{\"name\":\"text\"}],\"rows\":[{\"row_idx\":0,\"row\":{\"text\":\"a\"}}]}",
                &["text"],
                "`jq -c '.rows[].row' a.json",
            ),
            ("{\"my rows\":[{\"text\":\"a\"}]}", &["text"], "`jq -c '.\"my rows\"[]' a.json"),
            ("{\"data\":[{\"body\":\"a\"}]}", &[], "`jq -c '.data[]' a.json"),
            ("{\"row\":{\"text\":\"a\"}}", &["text"], "for r in [d[\"row\"]]]' < a.json > NEW.jsonl`"),
            (
                "{\"rows\":[{\"row\":{\"text\":\"a\"}}]}",
                &["text"],
                "for r in [r for x0 in d[\"rows\"] for r in [x0[\"row\"]]]]'",
            ),
            (
                "{\"features\":[{\"name\":\"text\"}],\"rows\":[{\"row\":{\"text\":\"a\"}},{\"row\":{}}]}",
                &[],
                "`jq -c '.rows[].row' a.json",
            ),
        ] {
            let said = said(object, columns).unwrap();
            assert!(said.contains(command), "{said}");
        }
        assert_eq!(said("{\"meta\":{\"lang\":\"en\"},\"texts\":[1]}", &["text"]), None);
    }
}
