//! What is not saved: said as long as it lasts, and written to another folder where the person asks for that.

use std::sync::Arc;

use super::sentences::counted_changes;
use crate::app::model::{NotSaved, Notice, Severity};
use crate::app::overlay::{LinePurpose, Overlay};
use crate::app::prompt::DraftState;
use crate::app::{Command, Effect, Model, Question};
use crate::domain::{Failure, Saved, Unsaved};

impl Model {
    /// Takes over what is not saved, or that everything is again.
    pub(super) fn not_saved(
        &mut self,
        unsaved: Option<Unsaved>,
        elsewhere: String,
        saved: Saved,
    ) -> Vec<Effect> {
        let effects = self.take_in(saved);
        let before = self.unsaved.take();
        let was_saved = before.is_none();
        if let Some(Unsaved { reason, facts, draft }) = unsaved {
            let text = self.sentence_of(facts, draft);
            let full = Notice { severity: Severity::Error, text: format!("{text} {reason}") };
            let is_told =
                before.is_some_and(|before| before.reason == reason && self.notice != Some(before.full));
            if !is_told {
                self.notice = Some(full.clone());
            }
            let notice = Notice { severity: Severity::Error, text };
            self.unsaved = Some(NotSaved { waits: waits(facts, draft), reason, full, notice, elsewhere });
        } else {
            if let DraftState::Failed(_) = self.prompt.state {
                self.prompt.state = DraftState::Saved;
            }
            if !was_saved {
                self.say("Everything is saved again.");
            }
            if self.is_leaving_unsaved() {
                self.overlays.pop();
                self.push_quit_question();
            }
        }
        effects
    }

    fn sentence_of(&self, facts: usize, draft: bool) -> String {
        let waits = waits(facts, draft);
        let waits =
            waits.map_or_else(|| "Nothing more is saved.".into(), |what| format!("Not saved: {what}"));
        let command = Command::WriteElsewhere;
        let keys = self.keymap.keys_in(crate::app::Context::Rows.chain(), command);
        let key = keys.first().map_or_else(|| format!("`{}`", command.name()), ToString::to_string);
        format!("{waits} {key} writes everything to another folder.")
    }

    /// Asks for the folder that everything is written to, for `leaves` before the person leaves.
    pub(super) fn ask_elsewhere(&mut self, leaves: bool) -> Vec<Effect> {
        let Some(unsaved) = &self.unsaved else {
            self.say("Everything is saved; there is nothing to write to another folder.");
            return vec![];
        };
        let proposal = unsaved.elsewhere.clone();
        self.open_line(LinePurpose::Elsewhere { leaves }, &proposal, Vec::new())
    }

    /// Writes everything to the folder that was typed, unless it could be saved while that was typed.
    pub(super) fn write_elsewhere(&mut self, folder: &str, leaves: bool) -> Vec<Effect> {
        if self.unsaved.is_none() {
            self.say("Everything is saved again; nothing was written to another folder.");
            return if leaves { self.quit() } else { vec![] };
        }
        let folder = folder.trim();
        if folder.is_empty() {
            self.fail("A folder is needed; nothing was written.");
            return vec![];
        }
        self.say(format!("Writing everything to {folder} …"));
        vec![Effect::WriteElsewhere { folder: folder.into(), draft: Arc::new(self.prompt.draft()), leaves }]
    }

    pub(super) fn written_elsewhere(
        &mut self,
        outcome: Result<String, Failure>,
        saved: Saved,
        leaves: bool,
    ) -> Vec<Effect> {
        let mut effects = self.take_in(saved);
        match outcome {
            Ok(said) => {
                self.unsaved = None;
                self.prompt.state = DraftState::Saved;
                self.say(said);
                effects.extend(if leaves { self.quit() } else { vec![self.save_screen()] });
            }
            Err(reason) => self.fail(format!("Nothing was written: {reason}")),
        }
        effects
    }

    /// Opens the session again that could not be left, and asks what to do.
    pub(super) fn cannot_quit(&mut self) -> Vec<Effect> {
        self.stage = std::mem::take(&mut self.stage).reopened();
        self.ask_unsaved();
        vec![]
    }

    /// Returns whether the person is asked whether to leave though something is not saved.
    pub(in crate::app) fn is_leaving_unsaved(&self) -> bool {
        matches!(self.overlays.last(), Some(Overlay::Question(Question::Unsaved { .. })))
    }

    /// Asks whether to leave though something is not saved, and returns whether there is anything to ask.
    pub(super) fn ask_unsaved(&mut self) -> bool {
        let Some(unsaved) = &self.unsaved else { return false };
        let question = Question::Unsaved { waits: unsaved.waits.clone(), reason: unsaved.reason.clone() };
        if !self.is_leaving_unsaved() {
            self.overlays.push(Overlay::Question(question));
        }
        true
    }
}

/// Returns a sentence about what waits, where anything does.
fn waits(facts: usize, draft: bool) -> Option<String> {
    let what = match (facts, draft) {
        (0, false) => return None,
        (0, true) => "The draft waits".to_owned(),
        (1, false) => "1 change waits".to_owned(),
        (facts, false) => format!("{} wait", counted_changes(facts)),
        (facts, true) => format!("{} and the draft wait", counted_changes(facts)),
    };
    Some(format!("{what}."))
}

#[cfg(test)]
mod tests;
