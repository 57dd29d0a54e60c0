//! Finds rows that are inside of another object, as servers of datasets send them.

use std::path::Path;

use serde_json::{Map, Value};

use super::fault::LineFault;
use super::header::in_shell;

/// How deep rows are looked for.
const DEPTH: usize = 3;

/// Returns where in an object the rows are: in the first object or list of objects with one of some keys, or, where
/// no keys are asked for, with a text.
pub(super) fn find(object: &Map<String, Value>, columns: &[&str], path: &Path) -> Option<LineFault> {
    let (places, row) = inner(object, columns, DEPTH)?;
    let inside = places.first()?.trim_end_matches("[]").to_owned();
    let keys: Vec<_> = places.iter().map(|place| quoted_key(place)).collect();
    let command = format!("jq -c '.{}' {} > NEW.jsonl", keys.join("."), in_shell(path));
    Some(LineFault::Wrapped { inside, columns: row.keys().cloned().collect(), command })
}

fn inner<'o>(
    object: &'o Map<String, Value>,
    columns: &[&str],
    depth: usize,
) -> Option<(Vec<String>, &'o Map<String, Value>)> {
    let is_row = |row: &Map<String, Value>| {
        if columns.is_empty() {
            row.values().any(Value::is_string)
        } else {
            columns.iter().any(|c| row.contains_key(*c))
        }
    };
    for (key, value) in object {
        let (place, found) = match value {
            Value::Object(found) => (key.clone(), found),
            Value::Array(list) => match list.first() {
                Some(Value::Object(found)) => (format!("{key}[]"), found),
                _ => continue,
            },
            _ => continue,
        };
        if is_row(found) {
            return Some((vec![place], found));
        }
        if let Some((mut places, row)) = depth.checked_sub(1).and_then(|depth| inner(found, columns, depth)) {
            places.insert(0, place);
            return Some((places, row));
        }
    }
    None
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
        find(&object, columns, Path::new("a.json")).map(|fault| fault.to_string())
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
        ] {
            let said = said(object, columns).unwrap();
            assert!(said.contains(command), "{said}");
        }
        assert_eq!(said("{\"meta\":{\"lang\":\"en\"},\"texts\":[1]}", &["text"]), None);
    }
}
