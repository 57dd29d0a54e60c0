//! The draft: discarding it, loading a version in its place, coming back to it, comparing it.

use std::sync::Arc;

use crate::app::overlay::{CompareWindow, Overlay};
use crate::app::prompt::{PARTS, part_name};
use crate::app::replaced::{ReplacedDrafts, has_same_words};
use crate::app::{Command, Context, Effect, Model, PromptPane};
use crate::config::variables::draft_of;
use crate::domain::{Draft, PromptPart, Reference, ReferenceError, Version};
use crate::text::diff::{DiffLine, Side, compare};

impl Model {
    /// Returns the version that the draft is based on, else the latest one of its prompt.
    fn version_of_draft(&self) -> Option<&Version> {
        let base = self.prompt.base.and_then(|id| self.shown().version(id));
        base.or_else(|| self.shown().latest_version(self.prompt.name()))
    }

    fn find_version(&self, reference: &str) -> Result<&Version, ReferenceError> {
        let versions = self.shown().versions();
        let reference_read = reference.trim().parse::<Reference>()?;
        let index = reference_read.find_labelled(versions, self.shown().laboratory(), self.prompt.name())?;
        versions.get(index.0 as usize).ok_or_else(|| ReferenceError::Empty(reference.to_owned()))
    }

    /// Returns a version's name in a sentence: `v7`, or `other@v7` of another prompt.
    fn name_of(&self, version: &Version) -> String {
        let name =
            if version.name == self.prompt.name() { String::new() } else { format!("{}@", version.name) };
        format!("{name}v{}", version.number)
    }

    pub(super) fn discard_draft(&mut self) -> Vec<Effect> {
        let Some(version) = self.version_of_draft().cloned() else {
            self.say("There is no version to go back to yet.");
            return vec![];
        };
        let name = self.name_of(&version);
        if !self.prompt.is_changed {
            self.say(format!("The editor says what {name} says; there is nothing to discard."));
            return vec![];
        }
        self.replace_draft(draft_of(&version), &format!("The draft was discarded; {name} is in the editor"))
    }

    /// Puts a version into the editor.
    pub(super) fn load(&mut self, reference: &str) -> Result<Vec<Effect>, String> {
        let version = self.find_version(reference).map_err(|error| error.to_string())?.clone();
        Ok(self.load_version(&version))
    }

    pub(super) fn load_version(&mut self, version: &Version) -> Vec<Effect> {
        let (name, draft) = (self.name_of(version), draft_of(version));
        if self.prompt.base == draft.base && has_same_words(&self.prompt.draft(), &draft) {
            self.say(format!("{name} is in the editor already."));
            return vec![];
        }
        self.replace_draft(draft, &format!("{name} is in the editor"))
    }

    pub(super) fn replace_draft(&mut self, draft: Draft, said: &str) -> Vec<Effect> {
        let present = self.prompt.draft();
        let draft = Draft { offered: present.offered, ..draft };
        let pane = PromptPane::new(&draft, self.prompt.part);
        let had_own_words = self.prompt.is_changed;
        self.replaced.replace(&mut self.prompt, pane);
        let back = Command::RestoreDraft.name();
        let keys = self.keymap.keys_in(Context::PromptEditor.chain(), Command::UndoTyping);
        let there = keys.first().map(|key| format!("{key} there, or ")).unwrap_or_default();
        self.say(format!("{said}; {there}`{back}` brings back what it replaced."));
        let keep = had_own_words.then(|| Effect::KeepReplaced(Arc::new(present)));
        keep.into_iter().chain(self.prompt_changed()).collect()
    }

    /// Brings back the draft that was replaced last; what stands in its place is kept as replaced.
    pub(super) fn restore_draft(&mut self) -> Vec<Effect> {
        let Some(pane) = self.replaced.take() else {
            self.say("No draft was discarded or replaced yet.");
            return vec![];
        };
        let present = Arc::new(self.prompt.draft());
        let had_own_words = self.prompt.is_changed;
        let part = self.prompt.part;
        self.replaced.replace(&mut self.prompt, pane.showing(part));
        self.say("The draft from before is in the editor again.");
        let keep = had_own_words.then_some(Effect::KeepReplaced(present));
        keep.into_iter().chain(self.prompt_changed()).collect()
    }

    /// Brings a replaced draft back in the editor where there is no typing to undo; `again` turns that round.
    pub(super) fn undo_replacement(&mut self, again: bool) -> Vec<Effect> {
        let turn = if again { ReplacedDrafts::redo } else { ReplacedDrafts::undo };
        if !turn(&mut self.replaced, &mut self.prompt) {
            return vec![];
        }
        self.say(format!("{} is in the editor again.", self.version_title()));
        self.prompt_changed()
    }

    pub(super) fn compare_draft(&mut self) -> Vec<Effect> {
        let Some(version) = self.version_of_draft().cloned() else {
            self.say("There is no version to compare with yet.");
            return vec![];
        };
        self.open_comparison(&version)
    }

    /// Compares the draft with a version.
    pub(super) fn compare(&mut self, reference: &str) -> Result<Vec<Effect>, String> {
        let version = self.find_version(reference).map_err(|error| error.to_string())?.clone();
        Ok(self.open_comparison(&version))
    }

    fn open_comparison(&mut self, version: &Version) -> Vec<Effect> {
        let name = self.name_of(version);
        let lines = comparison(&draft_of(version), &self.prompt.draft());
        if lines.is_empty() {
            self.say(format!("The editor says what {name} says."));
            return vec![];
        }
        let title = format!("{name} (-) and the draft (+)");
        self.open_once(Overlay::Compare(CompareWindow { title, lines, scroll: 0, proposal: None }))
    }
}

/// Returns the lines that differ between two drafts, each part under its name.
pub(super) fn comparison(before: &Draft, after: &Draft) -> Vec<DiffLine> {
    let text = |draft: &Draft, part| match part {
        PromptPart::User => draft.user.clone(),
        PromptPart::System => draft.system.clone(),
        PromptPart::Variables => draft.variables.clone(),
    };
    let label = |draft: &Draft| draft.label.clone().unwrap_or_default();
    let parts = PARTS.map(|part| (part_name(part), text(before, part), text(after, part)));
    let label = ("label", label(before), label(after));
    let mut lines = Vec::new();
    for (name, before, after) in parts.into_iter().chain([label]) {
        for (place, group) in compare(&before, &after).into_iter().enumerate() {
            if !lines.is_empty() {
                lines.push(DiffLine::plain(Side::Both, ""));
            }
            let heading = if place == 0 { name } else { "…" };
            lines.push(DiffLine::plain(Side::Heading, heading));
            lines.extend(group);
        }
    }
    lines
}
