//! Drafting the next version of the prompt: asking for it, reading it, and taking it or leaving everything.

use std::sync::Arc;

use super::draft::comparison;
use crate::app::message::Ask;
use crate::app::overlay::{CompareWindow, Overlay};
use crate::app::{Effect, Model};
use crate::domain::{Failure, Feedback, NextDraft, Provider};
use crate::text::diff::{DiffLine, Side};

impl Model {
    /// Asks the model for a changed prompt; where none is asked, lists what decisions say.
    pub(super) fn draft_next_version(&mut self) -> Vec<Effect> {
        if self.next_version.is_some() {
            self.say("The next version is being drafted already.");
            return vec![];
        }
        if let Some(next) = self.next_waiting.take() {
            return self.show_next(next);
        }
        let ask = self.new_ask();
        let order = Box::new(self.sampling.order.clone());
        self.next_version = Some(ask);
        let asks = order.generator.provider != Provider::Offline;
        self.say(if asks {
            "The model is asked for the next version."
        } else {
            "Looking at what was decided."
        });
        vec![Effect::DraftNext { ask, draft: Arc::new(self.prompt.draft()), order }]
    }

    /// Shows what a model made of the prompt. Nothing is changed by it.
    pub(super) fn next_drafted(&mut self, ask: Ask, outcome: Result<NextDraft, Failure>) -> Vec<Effect> {
        if self.next_version != Some(ask) {
            return vec![];
        }
        self.next_version = None;
        let next = match outcome {
            Ok(next) => next,
            Err(reason) => {
                self.fail(format!("No next version was drafted: {reason}"));
                return vec![];
            }
        };
        if self.context().is_typing() || matches!(self.overlays.last(), Some(Overlay::Question(_))) {
            // A window must not come between a person and what they type.
            self.next_waiting = Some(next);
            self.say("The next version is drafted; `draft-next-version` shows it once you are done here.");
            return vec![];
        }
        self.show_next(next)
    }

    fn show_next(&mut self, next: NextDraft) -> Vec<Effect> {
        let window = self.window_of(next);
        self.open_once(Overlay::Compare(window))
    }

    fn window_of(&mut self, next: NextDraft) -> CompareWindow {
        let Some(draft) = next.draft else {
            let title = "What your decisions say; no model was asked".to_owned();
            return CompareWindow { title, lines: listed(&next.feedback), scroll: 0, proposal: None };
        };
        let mut lines = comparison(&self.prompt.draft(), &draft);
        if lines.is_empty() {
            lines.push(DiffLine::plain(Side::Both, "The model changed nothing."));
        }
        for problem in &next.problems {
            let told = format!("It cannot be used. Line {}: {}", problem.line, problem.message);
            lines.insert(0, DiffLine::plain(Side::Heading, &told));
        }
        self.say(next.used);
        let title = if next.problems.is_empty() {
            "The editor (-) and what the model wrote (+)".to_owned()
        } else {
            "What the model wrote cannot be used".to_owned()
        };
        let proposal = next.problems.is_empty().then(|| Box::new(draft));
        CompareWindow { title, lines, scroll: 0, proposal }
    }

    /// Puts the drafted prompt into the editor, or leaves everything as it is.
    pub(super) fn answer_proposal(&mut self, yes: bool) -> Vec<Effect> {
        let Some(Overlay::Compare(CompareWindow { proposal: Some(draft), .. })) = self.overlays.pop() else {
            return vec![];
        };
        if !yes {
            self.say("Nothing was changed.");
            return vec![];
        }
        self.replace_draft(*draft, "What the model wrote is in the editor")
    }
}

/// Returns the lines that list what decisions say.
fn listed(said: &Feedback) -> Vec<DiffLine> {
    let heading = |text: &str| DiffLine::plain(Side::Heading, text);
    let line = |side, text: &str| DiffLine::plain(side, text);
    if said.is_empty() {
        return vec![line(Side::Both, "No row of this label was rejected or edited yet.")];
    }
    let mut lines = vec![heading("Reasons")];
    lines.extend(
        said.reasons.iter().map(|known| line(Side::Both, &format!("{} × {}", known.count, known.reason))),
    );
    lines.push(heading("Rejected rows"));
    for row in &said.rejected {
        let reason = row.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
        lines.push(line(Side::Both, &format!("{}{reason}", row.text)));
    }
    lines.push(heading("Edited rows"));
    for row in &said.edited {
        lines.extend([line(Side::Before, &row.before), line(Side::After, &row.after)]);
    }
    lines
}
