//! Sentences about labels that do not exist.

use std::collections::{BTreeMap, HashSet};

use super::Filter;
use super::error::remedy;
use crate::text::closest_or_begun;

/// Up to how many labels are listed in a sentence.
const FEW: usize = 8;

/// Returns a sentence about a label that is none of the known ones, with the nearest one.
#[must_use]
pub(crate) fn no_such_label(label: &str, known: &[&str]) -> Option<String> {
    if known.contains(&label) {
        return None;
    }
    let mut seen = HashSet::new();
    let known: Vec<&str> = known.iter().copied().filter(|label| seen.insert(*label)).collect();
    // Upper case and blanks are what most mistakes are about.
    let plain = |label: &str| label.trim().to_lowercase();
    let same = known.iter().find(|known| plain(known) == plain(label)).copied();
    Some(match same.or_else(|| closest_or_begun(label, known.iter().copied())) {
        Some(near) => format!("There is no label `{label}`; did you mean `{near}`?"),
        None if known.len() <= FEW => format!("There is no label `{label}`; there is {}.", known.join(", ")),
        None => {
            let (few, more) = (known[..FEW].join(", "), known.len() - FEW);
            format!("There is no label `{label}`; there is {few} and {more} more.")
        }
    })
}

/// Returns a sentence about the first label of a filter that is none of the known ones.
#[must_use]
pub(crate) fn unknown_label(filter: &Filter, known: &[&str]) -> Option<String> {
    filter.labels().find_map(|label| no_such_label(label, known))
}

/// Returns a sentence about a name that no saved view has, with the nearest one.
#[must_use]
pub(crate) fn no_such_view(name: &str, views: &BTreeMap<String, String>) -> String {
    let known: Vec<&str> = views.keys().map(String::as_str).collect();
    if known.is_empty() {
        return format!("There is no view `{name}`; none is saved.");
    }
    format!("There is no view `{name}`; {}", remedy(name, &known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_label_is_suggested_else_a_few_are_listed() {
        let many: Vec<String> = (0..150).map(|number| format!("class {number:03}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let said = |label: &str, known: &[&str]| no_such_label(label, known).unwrap();
        assert_eq!(no_such_label("spam", &["ham", "spam"]), None);
        assert_eq!(said("Spam", &["ham", "spam"]), "There is no label `Spam`; did you mean `spam`?");
        assert_eq!(said(" HAM", &["ham", "spam"]), "There is no label ` HAM`; did you mean `ham`?");
        assert_eq!(said("x", &["ham", "spam", "ham"]), "There is no label `x`; there is ham, spam.");
        assert!(said("other", &["ham", "other / misc"]).ends_with("did you mean `other / misc`?"));
        assert!(said("zzzzzzzzzz", &many).ends_with("class 006, class 007 and 142 more."));
    }

    #[test]
    fn only_labels_that_rows_must_have_are_looked_at() {
        let said = |filter: &str| unknown_label(&Filter::parse(filter).unwrap(), &["ham"]);
        assert!(said("label:spam").is_some());
        assert!(said("-label:spam state:pending label:ham").is_none());
    }
}
