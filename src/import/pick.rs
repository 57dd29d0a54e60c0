//! Picks values out of the objects of annotation tools.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::error::{listed, quoted};
use super::value::Value;
use crate::domain::FieldValue;

/// Returns the text of a row: what is asked for, else `text`, else the only text.
///
/// # Errors
///
/// A sentence, where it cannot be told.
pub(super) fn text<'m>(
    map: &'m Map<String, Json>,
    asked: Option<&str>,
) -> Result<(&'m str, &'m str), String> {
    let texts = || map.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
    let names: Vec<&str> = map.keys().map(String::as_str).collect();
    if let Some(asked) = asked {
        let found = texts().find(|(name, _)| *name == asked);
        return found
            .ok_or_else(|| format!("there is no text {}; there are {}.", quoted(asked), listed(&names)));
    }
    let mut found: Vec<_> = texts().collect();
    match (found.iter().find(|(name, _)| *name == "text"), found.len()) {
        (Some(text), _) => Ok(*text),
        (None, 1) => Ok(found.remove(0)),
        (None, 0) => Err(format!("there is no text; there are {}.", listed(&names))),
        (None, _) => {
            let names: Vec<&str> = found.iter().map(|(name, _)| *name).collect();
            Err(format!("there are several texts: {}. Say with `--text` which one is meant.", listed(&names)))
        }
    }
}

/// Returns what answers a question: the one that is asked for, else `label`, else the only one.
///
/// # Errors
///
/// A sentence, where it cannot be told.
pub(super) fn question(names: &[String], asked: Option<&str>) -> Result<Option<String>, String> {
    if let Some(asked) = asked {
        return Ok(Some(asked.to_owned()).filter(|asked| names.contains(asked)));
    }
    match names {
        [] => Ok(None),
        [only] => Ok(Some(only.clone())),
        several => match several.iter().find(|name| *name == "label") {
            Some(label) => Ok(Some(label.clone())),
            None => Err(format!(
                "there are several answers: {}. Say with `--label` which one is the label.",
                listed(several)
            )),
        },
    }
}

/// Returns the plain values of an object but for some, as fields of a row.
pub(super) fn fields(map: &Map<String, Json>, but: &[&str]) -> BTreeMap<String, FieldValue> {
    let others = map.iter().filter(|(name, _)| !but.contains(&name.as_str()));
    others.filter_map(|(name, value)| Some((name.clone(), Value::of_json(value).field()?))).collect()
}

/// Returns a value as a name.
pub(super) fn spelled(map: &Map<String, Json>, name: &str) -> Option<String> {
    map.get(name).and_then(|value| Value::of_json(value).spelled())
}

/// Returns an object inside of an object, or an empty one.
pub(super) fn object<'m>(map: &'m Map<String, Json>, name: &str) -> Option<&'m Map<String, Json>> {
    map.get(name).and_then(Json::as_object)
}

/// Returns the objects of a list.
pub(super) fn objects<'m>(map: &'m Map<String, Json>, name: &str) -> Vec<&'m Map<String, Json>> {
    map.get(name).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_object).collect()
}
