//! Offers words while a person types in the prompt, and writes the one that is taken.

use crate::app::command::CompletionCommand;
use crate::app::{Context, Effect, Model};

impl Model {
    /// Offers what may be meant by the word that was just typed.
    pub(super) fn offer_completions(&mut self) {
        self.prompt.offer = None;
        if self.context() == Context::PromptEditor {
            self.prompt.offer = self.offer_here();
        }
    }

    pub(super) fn run_on_completions(&mut self, command: CompletionCommand) -> Vec<Effect> {
        if self.context() != Context::Completion {
            return vec![];
        }
        let Some(offer) = &mut self.prompt.offer else { return vec![] };
        let count = offer.words.len().max(1);
        match command {
            CompletionCommand::NextCompletion => offer.selected = (offer.selected + 1) % count,
            CompletionCommand::PreviousCompletion => offer.selected = (offer.selected + count - 1) % count,
            CompletionCommand::CloseCompletions => self.prompt.offer = None,
            CompletionCommand::TakeCompletion => return self.take_completion(),
        }
        vec![]
    }

    /// Writes the rest of the selected word behind the cursor.
    fn take_completion(&mut self) -> Vec<Effect> {
        let Some(offer) = self.prompt.offer.take() else { return vec![] };
        let rest = offer.words.get(offer.selected).and_then(|word| word.strip_prefix(offer.typed.as_str()));
        let changed = self.typed_in().zip(rest).is_some_and(|(area, rest)| area.insert_str(rest));
        if changed { self.text_changed() } else { vec![] }
    }
}
