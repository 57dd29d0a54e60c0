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

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use serde::Serialize;

use super::chat::{Answers, LeftOut, Turn};
use super::writing::{Items, are, count};
use crate::domain::{Exchange, Request, RequestNumber, Role, StateKind, VersionId};
use crate::export::error::ExportError;
use crate::export::shape::{Context, Outgoing, Shape, Takes};

/// A row that waits for a partner.
#[derive(Debug)]
struct Waiting {
    prompt: Arc<[Turn]>,
    answer: String,
}

/// The rows of one request or one group that wait, in the order of arrival.
#[derive(Debug, Default)]
struct Group {
    accepted: Vec<Waiting>,
    rejected: Vec<Waiting>,
}

/// What rows must share to be compared.
type GroupKey = (VersionId, Arc<BTreeMap<String, String>>);

/// Pairs of answers to one prompt.
#[derive(Debug)]
pub(super) struct Dpo {
    answers: Answers,
    prompts: Prompts,
    items: Items,
    left_out: LeftOut,
    /// Groups in the order in which their first row arrived, and where each is.
    groups: Vec<BTreeMap<RequestNumber, Group>>,
    places: BTreeMap<GroupKey, usize>,
    edits: u64,
    pairs: u64,
    skipped: u64,
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
            answers: Answers::new(&context.session.schema),
            prompts: Prompts::default(),
            items: Items::LINES,
            left_out: LeftOut::default(),
            groups: Vec::new(),
            places: BTreeMap::new(),
            edits: 0,
            pairs: 0,
            skipped: 0,
        }
    }

    fn write(
        items: &mut Items,
        (prompt, chosen, rejected): (&[Turn], &str, &str),
        out: &mut dyn Write,
    ) -> Result<(), ExportError> {
        let (chosen, rejected) = ([Turn::assistant(chosen)], [Turn::assistant(rejected)]);
        items.item(&Pair { prompt, chosen, rejected }, out)
    }

    /// Writes the pairs of a group: first within its requests, then of what is left.
    fn write_group(
        items: &mut Items,
        requests: BTreeMap<RequestNumber, Group>,
        out: &mut dyn Write,
    ) -> Result<Counted, ExportError> {
        let (mut counted, mut left) = (Counted::default(), Group::default());
        for mut group in requests.into_values() {
            let pairs = group.accepted.len().min(group.rejected.len());
            left.accepted.extend(group.accepted.split_off(pairs));
            left.rejected.extend(group.rejected.split_off(pairs));
            counted.pairs += Self::write_pairs(items, &group, out)?;
        }
        counted.pairs += Self::write_pairs(items, &left, out)?;
        let pairs = left.accepted.len().min(left.rejected.len());
        counted.accepted = (left.accepted.len() - pairs) as u64;
        counted.rejected = (left.rejected.len() - pairs) as u64;
        Ok(counted)
    }

    fn write_pairs(items: &mut Items, group: &Group, out: &mut dyn Write) -> Result<u64, ExportError> {
        let mut pairs = 0;
        for (accepted, rejected) in group.accepted.iter().zip(&group.rejected) {
            Self::write(items, (&accepted.prompt, &accepted.answer, &rejected.answer), out)?;
            pairs += 1;
        }
        Ok(pairs)
    }
}

/// What became of the rows of a group.
#[derive(Debug, Default)]
struct Counted {
    pairs: u64,
    accepted: u64,
    rejected: u64,
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
        let state = row.row.map(|row| row.state().kind());
        if state.is_some_and(|state| ![StateKind::Accepted, StateKind::Rejected].contains(&state)) {
            self.skipped += 1;
            return Ok(());
        }
        let Some(exchange) = self.left_out.exchange_of(row) else { return Ok(()) };
        let (Some(view), Some(request)) = (row.row, row.row.and_then(|row| row.request())) else {
            return Ok(());
        };
        let prompt = self.prompts.of(request, exchange);
        let answer = self.answers.now(row, exchange);
        let is_accepted = state == Some(StateKind::Accepted);
        if is_accepted && view.is_edited() {
            let original = self.answers.written(&view.original_fields(), exchange);
            if original != answer {
                self.edits += 1;
                Self::write(&mut self.items, (&prompt, &answer, &original), out)?;
            }
        }
        let Some(version) = view.version() else { return Ok(()) };
        let place = *self.places.entry((version.id, request.variables.clone())).or_insert(self.groups.len());
        if place == self.groups.len() {
            self.groups.push(BTreeMap::new());
        }
        let group = self.groups[place].entry(request.number).or_default();
        let waiting = if is_accepted { &mut group.accepted } else { &mut group.rejected };
        waiting.push(Waiting { prompt, answer });
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<Vec<String>, ExportError> {
        let mut alone = (0, 0);
        for requests in std::mem::take(&mut self.groups) {
            let counted = Self::write_group(&mut self.items, requests, out)?;
            self.pairs += counted.pairs;
            alone = (alone.0 + counted.accepted, alone.1 + counted.rejected);
        }
        self.items.end(out)?;
        let mut said = vec![format!(
            "{} of an edit and its original, {} of an accepted and a rejected row of the same version and variables.",
            count(self.edits, "pair"),
            count(self.pairs, "pair")
        )];
        said.extend(self.left_out.said());
        said.extend(skipped(self.skipped));
        if alone != (0, 0) {
            said.push(format!(
                "Without a partner of the same version and variables: {} and {}.",
                count(alone.0, "accepted row"),
                count(alone.1, "rejected row")
            ));
        }
        Ok(said)
    }
}

/// Returns a sentence about rows that were left open, if there are any.
pub(super) fn skipped(rows: u64) -> Option<String> {
    (rows > 0).then(|| {
        format!("{} {} left out, neither accepted nor rejected.", count(rows, "skipped row"), are(rows))
    })
}

/// The messages of requests, shared by the rows of a request that follow one another.
#[derive(Debug, Default)]
pub(super) struct Prompts {
    last: Option<(RequestNumber, Arc<[Turn]>)>,
}

impl Prompts {
    pub(super) fn of(&mut self, request: &Request, exchange: &Exchange) -> Arc<[Turn]> {
        if let Some((number, prompt)) = &self.last
            && *number == request.number
        {
            return Arc::clone(prompt);
        }
        let messages = exchange.messages.iter().map(|message| match message.role {
            Role::System => Turn::new("system", message.text.as_str()),
            Role::User => Turn::new("user", message.text.as_str()),
        });
        let prompt: Arc<[Turn]> = messages.collect();
        self.last = Some((request.number, Arc::clone(&prompt)));
        prompt
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
