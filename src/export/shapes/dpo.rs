//! Preferences for direct preference optimisation: a prompt, the answer that a person wanted, and one that they did not.
//!
//! The names and types are those of TRL 1.16 (`dataset_formats`, preference, conversational): `prompt`, `chosen` and
//! `rejected` are lists of messages. The prompt is written out and of the same kind as the answers; where it is left
//! out, TRL takes the longest common beginning of the answers for it and cuts inside a word.
//!
//! Pairs come in a fixed order, and each row is in two of them at most:
//!
//! ```text
//! an accepted row that was edited      its text now  over  its text as it was generated
//! then accepted and rejected rows, in the order of arrival, the first with the first and so on:
//!     within one request               accepted      over  rejected       the same prompt, to the word
//!     what is left of one version
//!     with the same variables          accepted      over  rejected       the prompt of the accepted row
//! ```
//!
//! A rejected row that says the same as the accepted one is passed over, and waits for the next.

use std::collections::{BTreeMap, VecDeque};
use std::io::Write;
use std::sync::Arc;

use serde::Serialize;

use super::chat::Turn;
use super::decisions::{Decided, Decisions};
use super::writing::{Items, count};
use crate::domain::{RequestNumber, VersionId};
use crate::export::error::ExportError;
use crate::export::shape::{Context, Outgoing, Shape, Takes};

/// A row that waits for a partner.
#[derive(Debug)]
struct Waiting {
    prompt: Arc<[Turn]>,
    answer: String,
    /// Whether a rejected row of the same answer was passed over for it.
    passed_over: bool,
}

/// The rows of one request or one group that wait, in the order of arrival.
#[derive(Debug, Default)]
struct Group {
    accepted: Vec<Waiting>,
    rejected: VecDeque<Waiting>,
}

/// What rows must share to be compared.
type GroupKey = (VersionId, Arc<BTreeMap<String, String>>);

/// Pairs of answers to one prompt.
#[derive(Debug)]
pub(super) struct Dpo {
    decisions: Decisions,
    items: Items,
    /// Groups in the order in which their first row arrived, and where each is.
    groups: Vec<BTreeMap<RequestNumber, Group>>,
    places: BTreeMap<GroupKey, usize>,
    edits: u64,
    /// Accepted rows for which a rejected row of the same answer was passed over.
    passed_over: u64,
}

/// A pair as TRL reads it.
#[derive(Serialize)]
struct Pair<'a> {
    prompt: &'a [Turn],
    chosen: [Turn; 1],
    rejected: [Turn; 1],
}

impl Dpo {
    pub(super) fn new(context: &Context<'_>) -> Self {
        Self {
            decisions: Decisions::new(context),
            items: Items::LINES,
            groups: Vec::new(),
            places: BTreeMap::new(),
            edits: 0,
            passed_over: 0,
        }
    }

    fn write(
        &mut self,
        (prompt, chosen, rejected): (&[Turn], &str, &str),
        out: &mut dyn Write,
    ) -> Result<(), ExportError> {
        let (chosen, rejected) = ([Turn::assistant(chosen)], [Turn::assistant(rejected)]);
        self.items.item(&Pair { prompt, chosen, rejected }, out)
    }

    /// Writes the pairs of a group: first within its requests, then of what is left. Returns what is left then.
    fn write_group(
        &mut self,
        requests: BTreeMap<RequestNumber, Group>,
        out: &mut dyn Write,
    ) -> Result<Group, ExportError> {
        let mut left = Group::default();
        for group in requests.into_values() {
            let Group { accepted, rejected } = self.write_pairs(group, out)?;
            left.accepted.extend(accepted);
            left.rejected.extend(rejected);
        }
        self.write_pairs(left, out)
    }

    /// Writes each accepted row over the first rejected one that says something else. Returns the rows without a
    /// partner.
    fn write_pairs(&mut self, group: Group, out: &mut dyn Write) -> Result<Group, ExportError> {
        let mut left = Group::default();
        let mut rejected = group.rejected;
        // Those that came first and were passed over; all have one answer.
        let mut equal: VecDeque<Waiting> = VecDeque::new();
        for mut accepted in group.accepted {
            let mut partner = None;
            if equal.front().is_none_or(|first| first.answer == accepted.answer) {
                while rejected.front().is_some_and(|next| next.answer == accepted.answer) {
                    equal.extend(rejected.pop_front());
                }
                self.passed_over += u64::from(!equal.is_empty() && !accepted.passed_over);
                accepted.passed_over |= !equal.is_empty();
                partner = rejected.pop_front();
            } else {
                partner = equal.pop_front().or(partner);
            }
            match partner {
                Some(partner) => self.write((&accepted.prompt, &accepted.answer, &partner.answer), out)?,
                None => left.accepted.push(accepted),
            }
        }
        left.rejected = equal;
        left.rejected.extend(rejected);
        Ok(left)
    }
}

impl Shape for Dpo {
    fn takes(&self) -> Takes {
        Takes::Decided
    }

    fn needs_exchange(&self) -> bool {
        true
    }

    fn begin(&mut self, out: &mut dyn Write) -> Result<(), ExportError> {
        self.items.begin(out)
    }

    fn row(&mut self, row: &Outgoing<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
        let Some(decided) = self.decisions.of(row) else { return Ok(()) };
        let Decided { prompt, answer, original, is_wanted, row, request } = decided;
        if let Some(original) = original.filter(|original| is_wanted && *original != answer) {
            self.edits += 1;
            self.write((&prompt, &answer, &original), out)?;
        }
        let Some(version) = row.version() else { return Ok(()) };
        let place = *self.places.entry((version.id, request.variables.clone())).or_insert(self.groups.len());
        if place == self.groups.len() {
            self.groups.push(BTreeMap::new());
        }
        let group = self.groups[place].entry(request.number).or_default();
        let waiting = Waiting { prompt, answer, passed_over: false };
        if is_wanted {
            group.accepted.push(waiting);
        } else {
            group.rejected.push_back(waiting);
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<Vec<String>, ExportError> {
        let mut alone = (0, 0);
        for requests in std::mem::take(&mut self.groups) {
            let left = self.write_group(requests, out)?;
            alone = (alone.0 + left.accepted.len() as u64, alone.1 + left.rejected.len() as u64);
        }
        self.items.end(out)?;
        let mut said = vec![format!(
            "{} of an edit and its original, {} of an accepted and a rejected row of the same version and variables.",
            count(self.edits, "pair"),
            count(self.items.written() - self.edits, "pair")
        )];
        said.extend(self.decisions.said());
        if self.passed_over > 0 {
            said.push(format!(
                "For {} a rejected row with the same text was passed over: a pair of equal texts prefers nothing.",
                count(self.passed_over, "accepted row")
            ));
        }
        if alone != (0, 0) {
            said.push(format!(
                "Without a partner of the same version and variables: {} and {}.",
                count(alone.0, "accepted row"),
                count(alone.1, "rejected row")
            ));
        }
        Ok(said)
    }

    fn written(&self) -> Option<(u64, &'static str)> {
        Some((self.items.written(), "pair"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Change;
    use crate::export::format::Task;
    use crate::export::shapes::fixtures::{
        accept, edit, in_context, outgoing, real, reject, replied, shaped, story,
    };

    fn shape() -> Dpo {
        in_context(Task::Generate, "rows.jsonl", Dpo::new)
    }

    fn pair(chosen: &str, rejected: &str) -> String {
        format!(
            "{{\"prompt\":[{{\"role\":\"system\",\"content\":\"Be brief.\"}},{{\"role\":\"user\",\"content\":\"Write \
             rows.\"}}],\"chosen\":[{{\"role\":\"assistant\",\"content\":\"{chosen}\"}}],\"rejected\":[{{\"role\":\
             \"assistant\",\"content\":\"{rejected}\"}}]}}\n"
        )
    }

    #[test]
    fn an_edit_is_chosen_over_its_original_and_accepted_rows_over_rejected_ones_in_order() {
        let mut story = story("openai", &["a", "b", "c", "d", "e"]);
        edit(&mut story, 1, "b now");
        accept(&mut story, &[1, 3, 4]);
        reject(&mut story, &[0, 2]);
        let rows: Vec<_> = (0..5).map(|row| outgoing(&story, row, Some(replied("1. a")))).collect();

        let (written, said) = shaped(&mut shape(), &rows);

        assert_eq!(written, [pair("b now", "b"), pair("b now", "a"), pair("d", "c")].concat());
        assert_eq!(
            said,
            [
                "1 pair of an edit and its original, 2 pairs of an accepted and a rejected row of the same version and \
                 variables.",
                "Without a partner of the same version and variables: 1 accepted row and 0 rejected rows.",
            ]
        );
        assert_eq!(shaped(&mut shape(), &rows).0, written);
    }

    #[test]
    fn rows_that_say_the_same_are_never_a_pair_and_the_next_one_that_differs_is_taken() {
        let mut story = story("openai", &["a", "a", "a", "b", "c", "c"]);
        accept(&mut story, &[0, 4]);
        reject(&mut story, &[1, 2, 3, 5]);
        let rows: Vec<_> = (0..6).map(|row| outgoing(&story, row, Some(replied("1. a")))).collect();

        let (written, said) = shaped(&mut shape(), &rows);

        assert_eq!(written, [pair("a", "b"), pair("c", "a")].concat());
        assert_eq!(
            said[1..],
            [
                "For 1 accepted row a rejected row with the same text was passed over: a pair of equal texts prefers \
                 nothing.",
                "Without a partner of the same version and variables: 0 accepted rows and 2 rejected rows.",
            ]
        );
    }

    #[test]
    fn a_row_whose_only_partners_say_the_same_stays_alone_and_is_told_once() {
        let mut story = story("openai", &["a", "a"]);
        story.sampled_by("openai", Some("small"), &["a"]);
        accept(&mut story, &[0]);
        reject(&mut story, &[1, 2]);
        let rows: Vec<_> = (0..3).map(|row| outgoing(&story, row, Some(replied("1. a")))).collect();
        let mut shape = shape();
        let (written, said) = shaped(&mut shape, &rows);
        assert_eq!((written.as_str(), shape.written()), ("", Some((0, "pair"))));
        assert!(said[1].starts_with("For 1 accepted row a rejected row"), "{said:?}");
        assert!(said[2].ends_with(": 1 accepted row and 2 rejected rows."), "{said:?}");
    }

    #[test]
    fn rows_of_one_request_are_paired_before_those_of_others() {
        let mut story = story("openai", &["a", "b"]);
        story.sampled_by("openai", Some("small"), &["c", "d"]);
        accept(&mut story, &[0, 1, 2]);
        reject(&mut story, &[3]);
        let rows: Vec<_> = (0..4).map(|row| outgoing(&story, row, Some(replied("1. a")))).collect();
        assert_eq!(shaped(&mut shape(), &rows).0, pair("c", "d"));
    }

    #[test]
    fn rows_of_other_versions_are_never_compared() {
        let mut story = story("openai", &["a"]);
        story.version("other words");
        story.sampled_by("openai", Some("small"), &["b"]);
        accept(&mut story, &[0]);
        reject(&mut story, &[1]);
        let rows: Vec<_> = (0..2).map(|row| outgoing(&story, row, Some(replied("1. a")))).collect();
        let (written, said) = shaped(&mut shape(), &rows);
        assert_eq!(written, "");
        assert!(said[1].ends_with(": 1 accepted row and 1 rejected row."), "{said:?}");
    }

    #[test]
    fn rows_without_a_prompt_or_a_decision_are_left_out_and_told() {
        let mut story = story("offline", &["a", "b"]);
        accept(&mut story, &[0]);
        story.change(&[1], Change::skip());
        let rows = [outgoing(&story, 0, None), outgoing(&story, 1, None), real("7", "a", "ham")];
        let (written, said) = shaped(&mut shape(), &rows);
        assert_eq!(written, "");
        assert_eq!(said[1], "1 real row is left out: no model was asked for real rows.");
        assert_eq!(said[2], "1 row is left out: the built-in generator reads no prompt.");
        assert_eq!(said[3], "1 skipped row is left out, neither accepted nor rejected.");
    }
}
