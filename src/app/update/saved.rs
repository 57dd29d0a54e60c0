//! Answers of the journal, and what follows from what it holds now.

use crate::app::message::Answer;
use crate::app::prompt::says_the_same;
use crate::app::{Effect, Model};
use crate::domain::{OperationId, Saved};

impl Model {
    pub(super) fn answered(
        &mut self,
        operation: OperationId,
        outcome: Result<Answer, String>,
        saved: Saved,
    ) -> Vec<Effect> {
        let noun = self.facts.answered(operation, saved);
        let effects = self.follow_journal();
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

    /// Takes in what the journal holds now.
    pub(super) fn take_in(&mut self, saved: Saved) -> Vec<Effect> {
        self.facts.take_in(saved);
        self.follow_journal()
    }

    /// Brings up to date what depends on what the journal holds.
    fn follow_journal(&mut self) -> Vec<Effect> {
        self.arrive();
        self.refresh_scraps();
        self.adopt_version()
    }

    /// Takes a version that came of the draft as what the draft is now made from.
    fn adopt_version(&mut self) -> Vec<Effect> {
        let came = self.sent_drafts.unseen(self.facts.shown().versions());
        if came.is_empty() {
            return vec![];
        }
        let Some(id) = self.sent_drafts.version_of(&self.prompt.draft(), came) else { return vec![] };
        self.prompt.base = Some(id);
        self.prompt.is_changed = self.differs_from_base();
        vec![self.keep_draft()]
    }

    pub(super) fn differs_from_base(&self) -> bool {
        let base = self.prompt.base.and_then(|id| self.shown().version(id));
        base.is_none_or(|version| !says_the_same(&self.prompt.draft(), &version.content))
    }
}
