//! One fold: the journal's last state with what it has not answered yet on top.
//!
//! ```text
//! saved ── apply unanswered facts, in order ──► shown
//! ```
//!
//! A fact that failed is dropped and the rest is applied again. A fact whose operation
//! the journal holds already is not applied twice: answers to facts that were written
//! together come one after another, and each brings all of them.

use std::sync::Arc;

use crate::app::message::Answer;
use crate::app::prompt::says_the_same;
use crate::app::{Effect, Model};
use crate::domain::Saved;
use crate::domain::{Draft, Event, Fact, OperationId, Projection};

/// How many drafts that were sent are remembered, to know the versions that come of them.
const SENT_DRAFTS: usize = 16;

/// Returns whether a projection holds an operation. Their numbers ascend.
fn holds(projection: &Projection, operation: OperationId) -> bool {
    let mut later = projection.operations().rev().take_while(|known| known.id >= operation);
    later.any(|known| known.id == operation)
}

impl Model {
    pub(super) fn answered(
        &mut self,
        operation: OperationId,
        outcome: Result<Answer, String>,
        saved: Saved,
    ) -> Vec<Effect> {
        let noun = self.noun_of(operation);
        self.unanswered.retain(|fact| fact.operation != operation);
        self.asked.retain(|(asked, _)| *asked != operation);
        let effects = self.take_in(saved);
        match outcome {
            Ok(Answer { focus, notice }) => {
                if let Some(row) = focus {
                    self.detail.asked = None;
                    self.select_row(row);
                }
                if let Some(notice) = notice {
                    self.say(notice);
                }
            }
            Err(reason) => self.fail(format!("{noun} was not saved: {reason}")),
        }
        effects
    }

    fn noun_of(&self, operation: OperationId) -> &'static str {
        let fact = self.unanswered.iter().find(|fact| fact.operation == operation);
        let asked = self.asked.iter().find(|(asked, _)| *asked == operation).map(|(_, noun)| *noun);
        match fact.map(|fact| &fact.event) {
            Some(Event::Changed { change: crate::domain::Change::Edit { .. }, .. }) => "The edit",
            Some(_) => "The decision",
            None => asked.unwrap_or("The operation"),
        }
    }

    /// Takes in what the journal holds now; a state older than the one known is not shown.
    pub(super) fn take_in(&mut self, saved: Saved) -> Vec<Effect> {
        if saved.sequence >= self.saved.sequence {
            self.saved = saved;
        }
        self.shown = self.saved.projection.clone();
        for fact in &self.unanswered {
            if !holds(&self.saved.projection, fact.operation) {
                self.shown.apply(fact);
            }
        }
        let used = self.saved.projection.next_operation().0 - 1;
        self.next_operation = self.next_operation.max(used);
        self.arrive();
        self.refresh_scraps();
        self.adopt_version()
    }

    /// Shows a fact at once and sends it to be written.
    pub(super) fn append(&mut self, event: Event) -> Effect {
        let fact = Fact::new(self.new_operation(), self.now, event);
        self.shown.apply(&fact);
        self.unanswered.push(fact.clone());
        Effect::Append(fact)
    }

    /// Numbers an operation that the writer answers.
    pub(super) fn ask_writer(&mut self, noun: &'static str) -> OperationId {
        let operation = self.new_operation();
        self.asked.push((operation, noun));
        operation
    }

    /// Remembers a draft that was sent, to know the version that comes of it.
    pub(super) fn remember_sent(&mut self, draft: Arc<Draft>) {
        if self.sent_drafts.len() == SENT_DRAFTS {
            self.sent_drafts.remove(0);
        }
        self.sent_drafts.push(draft);
    }

    /// Takes a version that came of the draft as what the draft is now made from.
    fn adopt_version(&mut self) -> Vec<Effect> {
        let known = self.known_versions;
        self.known_versions = self.shown.versions().len();
        if self.known_versions == known {
            return vec![];
        }
        let mut came = self.shown.versions().iter().skip(known).rev();
        let now = self.prompt.draft();
        let ours = came.find(|version| {
            version.name == self.prompt.name()
                && (says_the_same(&now, &version.content)
                    || self.sent_drafts.iter().any(|sent| says_the_same(sent, &version.content)))
        });
        let Some(id) = ours.map(|version| version.id) else { return vec![] };
        self.prompt.base = Some(id);
        self.prompt.is_changed = self.differs_from_base();
        vec![self.keep_draft()]
    }

    pub(super) fn differs_from_base(&self) -> bool {
        let base = self.prompt.base.and_then(|id| self.shown.version(id));
        base.is_none_or(|version| !says_the_same(&self.prompt.draft(), &version.content))
    }
}
