//! Typing: one set of bindings for the prompt, a row's editor and every one-line input.

use std::sync::Arc;

use tui_textarea::{CursorMove, TextArea};

use crate::app::command::TypingCommand;
use crate::app::overlay::Overlay;
use crate::app::prompt::{DraftState, PARTS};
use crate::app::text_box::TextBox;
use crate::app::{ComparePart, Effect, ExportPart, Model};
use crate::domain::{ExampleStrategy, Failure, PlanMode, PromptPart};
use crate::template::FEEDBACK;

impl Model {
    /// Returns the text area that has the cursor.
    pub(super) fn typed_in(&mut self) -> Option<&mut TextArea<'static>> {
        match self.overlays.last_mut() {
            Some(Overlay::Palette(palette)) => Some(&mut palette.line),
            Some(Overlay::Line(line)) => Some(&mut line.line),
            Some(Overlay::Settings(form)) => form.typed_in(),
            Some(Overlay::Replace(window)) => window.typed_in(),
            Some(Overlay::RowEditor(editor)) => Some(editor.typed_in()),
            None if self.is_typing => Some(self.prompt.area_mut(self.prompt.part)),
            None if self.export.part == ExportPart::Typing => self.export.form.typed_in(),
            None if self.compare.part == ComparePart::Typing => self.compare.form.typed_in(),
            Some(
                Overlay::Help { .. }
                | Overlay::Guidelines { .. }
                | Overlay::Exchange(_)
                | Overlay::Compare(_)
                | Overlay::Formats(_)
                | Overlay::Duplicates(_)
                | Overlay::Facets(_)
                | Overlay::Run(_)
                | Overlay::Scraps(_)
                | Overlay::Bulk(_)
                | Overlay::Question(_),
            )
            | None => None,
        }
    }

    /// Returns the text of several lines that has the cursor.
    fn box_typed_in(&mut self) -> Option<&mut TextBox> {
        match self.overlays.last_mut() {
            Some(Overlay::RowEditor(editor)) => Some(editor.typed_in()),
            None if self.is_typing => Some(self.prompt.area_mut(self.prompt.part)),
            _ => None,
        }
    }

    pub(super) fn type_text(&mut self, text: &str) -> Vec<Effect> {
        let text = if self.context().is_one_line() { text.replace('\n', " ") } else { text.to_owned() };
        let is_letter = text.chars().nth(1).is_none();
        let changed = self.typed_in().is_some_and(|area| area.insert_str(text));
        let effects = if changed { self.text_changed() } else { vec![] };
        if changed && is_letter {
            self.offer_completions();
        }
        effects
    }

    /// Runs a typing command on the text area that has the cursor.
    pub(super) fn run_typing(&mut self, command: TypingCommand) -> Vec<Effect> {
        if !self.context().is_typing() {
            return vec![];
        }
        if let Some(text) = self.box_typed_in()
            && go_by_rows(text, command)
        {
            return vec![];
        }
        // A setting with choices has no text to type in.
        let Some(area) = self.typed_in() else { return vec![] };
        let changed = apply(area, command);
        let in_prompt = self.context().is_prompt_editor();
        match command {
            TypingCommand::DeleteBack if changed => {
                let effects = self.text_changed();
                self.offer_completions();
                effects
            }
            _ if changed => self.text_changed(),
            TypingCommand::UndoTyping if in_prompt => self.undo_replacement(false),
            TypingCommand::RedoTyping if in_prompt => self.undo_replacement(true),
            _ => vec![],
        }
    }

    /// Updates what depends on the text after it has changed.
    pub(super) fn text_changed(&mut self) -> Vec<Effect> {
        match self.overlays.last_mut() {
            Some(Overlay::Palette(palette)) => palette.refresh(),
            Some(Overlay::Line(line)) => {
                line.refresh();
                return self.line_changed();
            }
            Some(Overlay::Settings(form)) => form.typed(),
            Some(Overlay::Replace(_)) => return self.replacement_changed(),
            Some(Overlay::RowEditor(editor)) => editor.error = None,
            Some(
                Overlay::Help { .. }
                | Overlay::Guidelines { .. }
                | Overlay::Exchange(_)
                | Overlay::Compare(_)
                | Overlay::Formats(_)
                | Overlay::Duplicates(_)
                | Overlay::Facets(_)
                | Overlay::Run(_)
                | Overlay::Scraps(_)
                | Overlay::Bulk(_)
                | Overlay::Question(_),
            ) => {}
            // What is asked about the form follows from it as it stands.
            None if self.export.part == ExportPart::Typing || self.compare.part == ComparePart::Typing => {}
            None => return self.prompt_changed(),
        }
        vec![]
    }

    pub(super) fn prompt_changed(&mut self) -> Vec<Effect> {
        self.prompt.is_changed = self.differs_from_base();
        vec![self.keep_draft(), self.ask_preview()]
    }

    /// Returns the effect that saves the draft.
    pub(super) fn keep_draft(&mut self) -> Effect {
        self.prompt.state = DraftState::Unsaved;
        Effect::DraftChanged(Arc::new(self.prompt.draft()))
    }

    pub(super) fn ask_preview(&mut self) -> Effect {
        let ask = self.new_ask();
        self.preview.ask = ask;
        self.preview.is_current = false;
        self.preview.asked_at = self.facts.saved_operations();
        let order = Box::new(self.sampling.order.clone());
        Effect::Preview { ask, draft: Arc::new(self.prompt.draft()), order }
    }

    /// Asks for the preview again once something was saved that the next request may show or count.
    pub(super) fn settle_preview(&mut self) -> Vec<Effect> {
        let saved = self.facts.saved_operations();
        if std::mem::replace(&mut self.preview.asked_at, saved) == saved
            || !self.next_request_reads_decisions()
        {
            return vec![];
        }
        vec![self.ask_preview()]
    }

    /// Returns whether the next request depends on what was decided: on accepted rows as examples, on what was rejected
    /// and edited, or on how many rows each combination has.
    fn next_request_reads_decisions(&self) -> bool {
        let session = self.stage.session().map(|open| &open.session);
        if session.is_some_and(|session| session.examples.strategy == ExampleStrategy::Accepted)
            || self.sampling.order.plan.mode == PlanMode::Balanced
        {
            return true;
        }
        let draft = self.prompt.draft();
        FEEDBACK.iter().any(|name| draft.user.contains(name) || draft.system.contains(name))
    }

    pub(super) fn draft_saved(&mut self, outcome: Result<(), Failure>) {
        self.prompt.state = match outcome {
            Ok(()) => DraftState::Saved,
            Err(reason) => {
                if self.unsaved.is_none() {
                    self.fail(format!("The draft was not saved: {reason}"));
                }
                DraftState::Failed(reason.to_string())
            }
        };
    }

    pub(super) fn next_part(&mut self) -> Vec<Effect> {
        let place = PARTS.iter().position(|part| *part == self.prompt.part).unwrap_or_default();
        self.show_part(PARTS[(place + 1) % PARTS.len()])
    }

    pub(super) fn show_part(&mut self, part: PromptPart) -> Vec<Effect> {
        self.prompt.part = part;
        vec![self.save_screen()]
    }

    pub(super) fn edit_externally(&mut self) -> Vec<Effect> {
        let target = self.prompt.part;
        vec![Effect::EditExternally { target, text: self.prompt.text(target) }]
    }

    /// Takes over a part that was edited in the person's own editor, without the line break that
    /// the editor added.
    pub(super) fn edited_externally(
        &mut self,
        target: PromptPart,
        text: Result<String, Failure>,
    ) -> Vec<Effect> {
        let before = self.prompt.text(target);
        let text = match text {
            Ok(text) => text.replace("\r\n", "\n"),
            Err(reason) => {
                self.fail(reason.to_string());
                return vec![];
            }
        };
        let text = if before.ends_with('\n') { &text } else { text.strip_suffix('\n').unwrap_or(&text) };
        if text == before {
            self.say("Nothing was changed. If your editor returns at once, set EDITOR to wait for it: `code --wait`.");
            return vec![];
        }
        let area = self.prompt.area_mut(target);
        area.select_all();
        if text.is_empty() {
            area.delete_char();
        } else {
            area.insert_str(text);
        }
        area.move_cursor(CursorMove::Jump(0, 0));
        self.prompt_changed()
    }
}

/// Applies a typing command to a text area and returns whether the text changed. One line has no rows
/// to go up and down.
pub(super) fn apply(area: &mut TextArea<'static>, command: TypingCommand) -> bool {
    match command {
        TypingCommand::CursorLeft => go(area, CursorMove::Back),
        TypingCommand::CursorRight => go(area, CursorMove::Forward),
        TypingCommand::WordLeft => go(area, CursorMove::WordBack),
        TypingCommand::WordRight => go(area, CursorMove::WordForward),
        TypingCommand::LineStart => go(area, CursorMove::Head),
        TypingCommand::LineEnd => go(area, CursorMove::End),
        TypingCommand::TextStart => go(area, CursorMove::Jump(0, 0)),
        TypingCommand::TextEnd => go(area, CursorMove::Jump(u16::MAX, u16::MAX)),
        TypingCommand::CursorUp
        | TypingCommand::CursorDown
        | TypingCommand::TextPageDown
        | TypingCommand::TextPageUp => false,
        TypingCommand::NewLine => {
            area.insert_newline();
            true
        }
        TypingCommand::DeleteBack => area.delete_char(),
        TypingCommand::DeleteForward => area.delete_next_char(),
        TypingCommand::DeleteWordBack => area.delete_word(),
        TypingCommand::DeleteWordForward => area.delete_next_word(),
        TypingCommand::DeleteToLineStart => area.delete_line_by_head(),
        TypingCommand::DeleteToLineEnd => area.delete_line_by_end(),
        TypingCommand::UndoTyping => area.undo(),
        TypingCommand::RedoTyping => area.redo(),
    }
}

/// Moves the cursor; returns `false`, because the text does not change.
fn go(area: &mut TextArea<'static>, to: CursorMove) -> bool {
    area.cancel_selection();
    area.move_cursor(to);
    false
}

/// Moves the cursor by rows, and returns whether the command does so.
fn go_by_rows(text: &mut TextBox, command: TypingCommand) -> bool {
    match command {
        TypingCommand::CursorUp => text.move_rows(-1),
        TypingCommand::CursorDown => text.move_rows(1),
        TypingCommand::TextPageUp => text.move_pages(-1),
        TypingCommand::TextPageDown => text.move_pages(1),
        _ => return false,
    }
    true
}
