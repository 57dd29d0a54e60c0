//! What several people said about one text: the label that most gave, and how many said otherwise.

use crate::domain::{Incoming, RowState};

/// The most people who are named.
const NAMED: usize = 3;

/// The labels that people gave to one text, in the order in which they did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Answers {
    given: Vec<(String, Option<String>)>,
    /// How many people refused one of the labels, by that label.
    refused: Vec<String>,
}

impl Answers {
    /// Adds the label that a person gave.
    pub(super) fn give(&mut self, label: String, by: Option<String>) {
        self.given.push((label, by));
    }

    /// Adds that a person refused a label.
    pub(super) fn refuse(&mut self, label: String) {
        self.refused.push(label);
    }

    /// Returns whether nobody gave a label.
    pub(super) const fn is_empty(&self) -> bool {
        self.given.is_empty()
    }

    /// Returns the label that most gave, the first of those where several were given as often.
    fn most(&self) -> Option<&str> {
        let count = |label: &str| self.given.iter().filter(|(other, _)| other == label).count();
        let mut best: Option<(&str, usize)> = None;
        for (label, _) in &self.given {
            let count = count(label);
            if best.is_none_or(|(_, most)| count > most) {
                best = Some((label, count));
            }
        }
        best.map(|(label, _)| label)
    }

    /// Writes into a row what was said: accepted with a label that all gave, else pending with the label that most
    /// gave and the share of those who said otherwise. Returns whether people disagree.
    pub(super) fn settle(&self, row: &mut Incoming) -> bool {
        let Some(label) = self.most() else { return false };
        let same = self.given.iter().filter(|(other, _)| other == label).count();
        let refusals = self.refused.iter().filter(|refused| *refused == label).count();
        let all = self.given.len() + refusals;
        row.label = Some(label.to_owned());
        row.origin.by = self.by();
        let disagrees = same < all;
        if disagrees {
            row.disagreement = Some(share(all - same, all));
        } else {
            row.state = Some(RowState::Accepted { rating: None });
        }
        disagrees
    }

    fn by(&self) -> Option<String> {
        let mut names: Vec<&str> = self.given.iter().filter_map(|(_, by)| by.as_deref()).collect();
        names.sort_unstable();
        names.dedup();
        let more = names.len().saturating_sub(NAMED);
        let mut said = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
        if more > 0 {
            said = format!("{said} and {more} more");
        }
        Some(said).filter(|said| !said.is_empty())
    }
}

/// What is noted of rows that people disagree about.
pub(super) const DISAGREE: &str =
    "were labelled differently by several people; the label that most gave is there, undecided";

#[expect(clippy::cast_precision_loss, reason = "so many people never label one text")]
fn share(part: usize, all: usize) -> f64 {
    part as f64 / all as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(given: &[&str], refused: &[&str]) -> (Option<String>, Option<f64>, bool) {
        let mut answers = Answers::default();
        given.iter().for_each(|label| answers.give((*label).to_owned(), None));
        refused.iter().for_each(|label| answers.refuse((*label).to_owned()));
        let mut row = Incoming::default();
        answers.settle(&mut row);
        (row.label, row.disagreement, row.state == Some(RowState::Accepted { rating: None }))
    }

    #[test]
    fn the_label_that_most_gave_is_the_rows_and_it_is_accepted_where_all_did() {
        assert_eq!(settled(&["a", "a"], &[]), (Some("a".into()), None, true));
        assert_eq!(settled(&["b", "a", "a"], &[]), (Some("a".into()), Some(1.0 / 3.0), false));
        assert_eq!(settled(&["b", "a"], &[]), (Some("b".into()), Some(0.5), false));
        assert_eq!(settled(&["a"], &["a"]), (Some("a".into()), Some(0.5), false));
        assert_eq!(settled(&["a"], &["b"]), (Some("a".into()), None, true));
        assert_eq!(settled(&[], &["b"]), (None, None, false));
    }
}
