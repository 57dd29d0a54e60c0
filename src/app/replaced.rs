//! Drafts that another text took the place of in the editor, to come back to.
//!
//! ```text
//! past ── the last draft that was replaced on top      ctrl-z, restore-draft
//! future ── what ctrl-z took away                      ctrl-r
//! ```
//!
//! A draft is kept with its whole history of typing, so that ctrl-z goes on behind the replacement.

use super::PromptPane;
use crate::domain::Draft;

/// How many replaced drafts are kept.
const MOST: usize = 16;

/// A draft that was replaced, and what stands in its place.
#[derive(Debug, Clone)]
struct Replaced {
    pane: PromptPane,
    by: Draft,
}

/// The drafts that were replaced.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReplacedDrafts {
    past: Vec<Replaced>,
    future: Vec<Replaced>,
}

impl ReplacedDrafts {
    /// Returns the drafts of which only the last one is known, from an earlier use.
    pub(super) fn of_before(pane: PromptPane, by: Draft) -> Self {
        Self { past: vec![Replaced { pane, by }], future: vec![] }
    }

    /// Puts another draft in the place of the present one, which is kept.
    pub(super) fn replace(&mut self, present: &mut PromptPane, pane: PromptPane) {
        let by = pane.draft();
        let pane = std::mem::replace(present, pane);
        self.past.push(Replaced { pane, by });
        if self.past.len() > MOST {
            self.past.remove(0);
        }
        self.future.clear();
    }

    /// Takes the last draft that was replaced and had words of its own, whatever stands in its place; where none had, the
    /// last one. A version that was only looked at is there at any time.
    pub(super) fn take(&mut self) -> Option<PromptPane> {
        let own = self.past.iter().rposition(|replaced| replaced.pane.is_changed);
        let place = own.or_else(|| self.past.len().checked_sub(1))?;
        Some(self.past.remove(place).pane)
    }

    /// Brings back the last draft that was replaced, if nothing was typed since.
    pub(super) fn undo(&mut self, present: &mut PromptPane) -> bool {
        step(&mut self.past, &mut self.future, present)
    }

    /// Puts in place again what [`Self::undo`] took away, if nothing was typed since.
    pub(super) fn redo(&mut self, present: &mut PromptPane) -> bool {
        step(&mut self.future, &mut self.past, present)
    }
}

fn step(from: &mut Vec<Replaced>, to: &mut Vec<Replaced>, present: &mut PromptPane) -> bool {
    let is_next = from.last().is_some_and(|replaced| has_same_words(&replaced.by, &present.draft()));
    let Some(replaced) = from.pop_if(|_| is_next) else { return false };
    let by = replaced.pane.draft();
    let part = present.part;
    let pane = std::mem::replace(present, replaced.pane.showing(part));
    to.push(Replaced { pane, by });
    true
}

/// Returns whether two drafts say the same; their base may have become another version.
pub(super) fn has_same_words(a: &Draft, b: &Draft) -> bool {
    (&a.prompt, &a.user, &a.system, &a.variables, &a.label)
        == (&b.prompt, &b.user, &b.system, &b.variables, &b.label)
}
