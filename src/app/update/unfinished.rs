//! What a person was typing about a row when the workbench ended without asking, such as with its terminal: it is
//! kept with the screen, and open again at the next start.

use crate::app::Model;
use crate::app::bulk::Target;
use crate::app::overlay::{LinePurpose, Overlay, RowEditorSubject};
use crate::app::text_box::TextBox;
use crate::config::screen_state::{Subject, Unfinished};

impl Model {
    /// Returns what is typed in the topmost window that holds something which is nowhere else yet.
    pub(super) fn unfinished(&self) -> Option<Unfinished> {
        let overlay = self.overlays.iter().rev().find(|overlay| overlay.holds_typed())?;
        let (subject, text, others) = match overlay {
            Overlay::RowEditor(editor) => {
                let subject = match editor.subject {
                    RowEditorSubject::Row(row) => Subject::Row(self.shown().id(row)?),
                    RowEditorSubject::Scrap(scrap) => Subject::Scrap(scrap),
                };
                let text = |area: &TextBox| area.lines().join("\n");
                (subject, text(&editor.text), editor.others.as_ref().map(text))
            }
            Overlay::Line(line) => {
                let subject = match line.purpose {
                    LinePurpose::Reason(Target::Row(row)) => Subject::Reason(self.shown().id(row)?),
                    LinePurpose::Tags(Target::Row(row)) => Subject::Tags(self.shown().id(row)?),
                    // Which rows were marked is not kept.
                    LinePurpose::Reason(_)
                    | LinePurpose::Tags(_)
                    | LinePurpose::Filter
                    | LinePurpose::Label(_)
                    | LinePurpose::VersionNote(_)
                    | LinePurpose::VersionLabel(_)
                    | LinePurpose::Fork(_)
                    | LinePurpose::ViewName
                    | LinePurpose::View
                    | LinePurpose::ViewToDelete
                    | LinePurpose::Elsewhere { .. } => return None,
                };
                (subject, line.text(), None)
            }
            _ => return None,
        };
        Some(Unfinished { subject, text, others })
    }

    /// Opens again what was being typed at the last end, if its row or scrap is there and does not say so already.
    pub(super) fn go_on_typing(&mut self, unfinished: &Unfinished) {
        let _ = match unfinished.subject {
            Subject::Scrap(scrap) => self.repair_scrap_at(scrap),
            Subject::Row(id) => self.row_of(id).map_or_else(Vec::new, |row| self.edit_row_of(row)),
            Subject::Reason(id) => {
                self.row_of(id).map_or_else(Vec::new, |row| self.ask_reason_of(Target::Row(row)))
            }
            Subject::Tags(id) => {
                self.row_of(id).map_or_else(Vec::new, |row| self.ask_tags_of(Target::Row(row)))
            }
        };
        match self.overlays.last_mut() {
            Some(Overlay::RowEditor(editor)) => {
                editor.text = TextBox::new(&unfinished.text);
                if let (Some(others), Some(typed)) = (&mut editor.others, &unfinished.others) {
                    *others = TextBox::new(typed);
                }
            }
            Some(Overlay::Line(line)) => line.retype(&unfinished.text),
            _ => return,
        }
        if self.overlays.last().is_some_and(Overlay::holds_typed) {
            self.add(Some(
                "What was being typed when the workbench ended is open again, and not saved yet.".into(),
            ));
        } else {
            self.overlays.pop();
        }
    }
}
