//! What differs between two versions, found out once for each two.

use std::collections::BTreeMap;

use super::{Spot, parts_of};
use crate::domain::{Draft, VersionId};
use crate::text::word_diff::{WordCount, WordDiff};

/// The words of two prompts, compared part by part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PromptDifference {
    /// The parts that differ, each with its name.
    pub parts: Vec<(&'static str, WordDiff)>,
}

impl PromptDifference {
    /// Compares two prompts.
    #[must_use]
    pub(crate) fn of(before: &Draft, after: &Draft) -> Self {
        let both = parts_of(before).into_iter().zip(parts_of(after));
        let differing = both.filter(|((_, before), (_, after))| before != after);
        let compared = differing.map(|((name, before), (_, after))| (name, WordDiff::of(before, after)));
        Self { parts: compared.collect() }
    }

    /// Returns it in a few words: `+12 −3 words · variables`. The words of messages are counted, other parts are named.
    #[must_use]
    pub(crate) fn words(&self) -> String {
        let is_message = |name: &str| ["user", "system"].contains(&name);
        let messages = self.parts.iter().filter(|(name, _)| is_message(name));
        let count = messages.clone().fold(WordCount::default(), |sum, (_, diff)| sum.plus(diff.words));
        let mut said = Vec::new();
        if count != WordCount::default() {
            said.push(format!("+{} −{} words", count.added, count.removed));
        } else if messages.count() > 0 {
            said.push("signs or blanks".to_owned());
        }
        said.extend(
            self.parts.iter().map(|(name, _)| *name).filter(|name| *name != "user").map(str::to_owned),
        );
        if said.is_empty() { "the same words".to_owned() } else { said.join(" · ") }
    }
}

/// The comparisons that the view shows.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct Differences {
    of_versions: BTreeMap<VersionId, String>,
    of_draft: Option<(Option<Draft>, Draft, String)>,
    shown: Option<(Option<Draft>, Draft, PromptDifference)>,
}

impl Differences {
    /// Returns what differs between a line of the tree and what it was made from, in a few words.
    pub(super) fn of(&self, spot: Spot) -> Option<String> {
        match spot {
            Spot::Draft => self.of_draft.as_ref().map(|(_, _, words)| words.clone()),
            Spot::Version(id) => self.of_versions.get(&id).cloned(),
        }
    }

    /// Returns the comparison that is shown.
    pub(super) const fn shown(&self) -> Option<&PromptDifference> {
        match &self.shown {
            Some((Some(_), _, difference)) => Some(difference),
            _ => None,
        }
    }

    /// Returns whether a version was compared with its parent already.
    pub(in crate::app) fn knows(&self, version: VersionId) -> bool {
        self.of_versions.contains_key(&version)
    }

    /// Compares a version with its parent.
    pub(in crate::app) fn add(&mut self, version: VersionId, parent: Option<&Draft>, own: &Draft) {
        let words =
            parent.map_or_else(|| "the first".to_owned(), |parent| PromptDifference::of(parent, own).words());
        self.of_versions.insert(version, words);
    }

    /// Compares the draft with its base, unless nothing changed since.
    pub(in crate::app) fn draft(&mut self, base: Option<Draft>, draft: Draft) {
        if self.of_draft.as_ref().is_none_or(|(known, own, _)| (known, own) != (&base, &draft)) {
            let words =
                base.as_ref().map_or_else(String::new, |base| PromptDifference::of(base, &draft).words());
            self.of_draft = Some((base, draft, words));
        }
    }

    /// Compares what is to be shown, unless it is shown already; without a text before there is nothing to show.
    pub(in crate::app) fn show(&mut self, before: Option<Draft>, after: Draft) {
        if self.shown.as_ref().is_none_or(|(known, own, _)| (known, own) != (&before, &after)) {
            let difference = before.as_ref().map(|before| PromptDifference::of(before, &after));
            self.shown = Some((before, after, difference.unwrap_or_default()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(before: &Draft, after: &Draft) -> String {
        PromptDifference::of(before, after).words()
    }

    #[test]
    fn a_difference_is_said_in_a_few_words() {
        let first = Draft { user: "Write a short text.".into(), ..Draft::default() };
        let longer = Draft { user: "Write a long, loud text.".into(), ..first.clone() };
        assert_eq!(words(&first, &longer), "+2 −1 words");
        let other =
            Draft { variables: "topic = [\"bank\"]".into(), system: "Be brief.".into(), ..longer.clone() };
        assert_eq!(words(&first, &other), "+4 −1 words · system · variables");
        assert_eq!(words(&longer, &Draft { label: Some("ham".into()), ..longer.clone() }), "label");
        assert_eq!(
            words(&first, &Draft { user: "Write a short text!".into(), ..Draft::default() }),
            "signs or blanks"
        );
        assert_eq!(words(&first, &Draft { prompt: "ham".into(), ..first.clone() }), "the same words");
    }
}
