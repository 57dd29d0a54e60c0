//! The labels of versions: which names a label may have, and which labels a version has.

use super::{Projection, Version};

/// The label that moves by itself to the newest version of a prompt.
const LATEST: &str = "latest";
/// Words that name something else where a version is asked for.
const TAKEN: [&str; 2] = ["draft", "replaced"];

/// Returns why a version cannot have a label, as a sentence; `None` if it can.
#[must_use]
pub(crate) fn version_label_fault(label: &str) -> Option<String> {
    if label == LATEST {
        return Some("`latest` moves by itself to the newest version; give another label.".to_owned());
    }
    if TAKEN.contains(&label) {
        return Some(format!("`{label}` names a draft already; give another label."));
    }
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if label.is_empty() || label.chars().count() > 40 || !label.chars().all(is_part) {
        return Some(
            "A label is one word of letters, digits, `-`, `_` and `.`, such as production.".to_owned(),
        );
    }
    let digits = label.strip_prefix('v').unwrap_or(label);
    let is_number = digits.chars().all(|c| c.is_ascii_digit());
    let is_id = label.len() >= 4 && label.len() <= 16 && label.chars().all(|c| c.is_ascii_hexdigit());
    let has_digit = label.chars().any(|c| c.is_ascii_digit());
    (is_number || is_id && has_digit).then(|| {
        format!("`{label}` would be taken for a version's number or id; give a label that is a word.")
    })
}

/// Returns the labels of a version: `latest` first, where it is the newest of its prompt, then the others, sorted.
#[must_use]
pub(crate) fn labels_of<'a>(projection: &'a Projection, version: &Version) -> Vec<&'a str> {
    let newest = projection.latest_version(&version.name).is_some_and(|latest| latest.id == version.id);
    newest.then_some(LATEST).into_iter().chain(projection.laboratory().labels_of(version.id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Event;
    use crate::domain::fixtures::Story;

    #[test]
    fn a_label_is_a_word_that_names_nothing_else() {
        for good in ["production", "candidate", "v2-short", "dead", "für_viele", "try.1"] {
            assert_eq!(version_label_fault(good), None, "{good}");
        }
        for bad in ["latest", "draft", "replaced", "", "two words", "a@b", "v3", "12", "dead01", "v"] {
            assert!(version_label_fault(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn latest_moves_by_itself_and_the_others_by_hand() {
        let mut story = Story::default();
        let first = story.version("one");
        let of = |story: &Story, place: usize| {
            let version = &story.projection.versions()[place];
            labels_of(&story.projection, version).join(" ")
        };
        let label = |version| Event::Labelled { prompt: "main".into(), label: "production".into(), version };
        story.add(label(Some(first)));
        assert_eq!(of(&story, 0), "latest production");
        let second = story.version("two");
        assert_eq!((of(&story, 0), of(&story, 1)), ("production".to_owned(), "latest".to_owned()));
        story.add(label(Some(second)));
        assert_eq!((of(&story, 0), of(&story, 1)), (String::new(), "latest production".to_owned()));
        story.add(label(None));
        assert_eq!(of(&story, 1), "latest");
    }
}
