//! The Export view: a form, what it would write, and the export that goes on.
//!
//! ```text
//! ExportForm ── wish ──► Effect::PreviewExport ──► ExportSight   counts, first lines, the command
//!          └── start ──► Effect::Export ──► a job, on with its progress until it ends
//! ```
//!
//! The form holds what was chosen and typed, valid or not. What it would write is computed off the loop and shown
//! once it comes; an answer to an older form is dropped.

mod field;
mod form;
mod format;
mod parse;
#[cfg(test)]
mod tests;

pub(crate) use field::ExportField;
pub(crate) use form::{ExportForm, FormLine, NAMES};
pub(crate) use format::{ExportFormat, ExportTask, FormatGroup};
pub(crate) use parse::{ExportAmount, ExportWish};

use super::message::Ask;
use crate::domain::{ExportReport, JobId};
use crate::text::counted;

/// The part of the view that has the focus.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ExportPart {
    /// The form, to choose in.
    #[default]
    Form,
    /// The form, while a person types in its selected line.
    Typing,
    /// The first lines.
    Preview,
}

/// What an export would write.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExportSight {
    /// What it would say of itself.
    pub report: ExportReport,
    /// The first lines, as they are written.
    pub lines: Vec<String>,
}

impl ExportSight {
    /// Returns how much is written: rows, or what the format makes of them.
    #[must_use]
    pub fn written(&self) -> String {
        let (count, what) = self.report.made.unwrap_or((self.report.written(), "row"));
        counted(count, what)
    }
}

/// An export that goes on.
#[derive(Debug, Clone, PartialEq)]
pub struct Exporting {
    /// The job.
    pub job: JobId,
    /// What it writes.
    pub wish: ExportWish,
    /// Rows done, of how many; `None` before it has reported.
    pub progress: Option<(u64, u64)>,
    /// Whether it was asked to stop.
    pub is_stopping: bool,
}

/// What the answers about a form depend on: the wish, and how far the journal is.
type Asked = (ExportWish, u64);

/// The Export view.
#[derive(Debug, Clone)]
pub struct ExportPane {
    /// The form.
    pub form: ExportForm,
    /// The part that has the focus.
    pub part: ExportPart,
    /// Whether the part with the focus has the whole screen.
    pub zoomed: bool,
    /// Lines of the preview scrolled down.
    pub scroll: usize,
    /// What the form would write, or why nothing, as a sentence; `None` before the first answer.
    pub sight: Option<Result<ExportSight, String>>,
    /// Whether that is of the present form; else it is being computed.
    pub is_current: bool,
    /// The command that writes the same; `None` where the form has an error.
    pub command: Option<String>,
    /// The export that goes on.
    pub going: Option<Exporting>,
    pub(super) ask: Ask,
    pub(super) asked: Option<Asked>,
}

impl ExportPane {
    /// Returns the view with this form.
    #[must_use]
    pub const fn new(form: ExportForm) -> Self {
        Self {
            form,
            part: ExportPart::Form,
            zoomed: false,
            scroll: 0,
            sight: None,
            is_current: false,
            command: None,
            going: None,
            ask: Ask(0),
            asked: None,
        }
    }

    /// Returns what the present form would write, where that is known.
    #[must_use]
    pub fn known(&self) -> Option<&ExportSight> {
        self.sight.as_ref().filter(|_| self.is_current)?.as_ref().ok()
    }
}

/// The list of formats over the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormatPicker {
    /// The selected format, which is not chosen yet.
    pub selected: ExportFormat,
}

/// One line of the list of formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PickerLine {
    /// The heading of a group.
    Group(FormatGroup),
    /// A format.
    Format(ExportFormat),
}

impl FormatPicker {
    /// Returns all lines, from the top down.
    #[must_use]
    pub fn lines() -> Vec<PickerLine> {
        let mut lines = Vec::new();
        let mut group = None;
        for format in ExportFormat::ALL {
            if group != Some(format.group()) {
                group = Some(format.group());
                lines.push(PickerLine::Group(format.group()));
            }
            lines.push(PickerLine::Format(*format));
        }
        lines
    }

    /// Returns the lines that so many rows of the screen show: those around the selected format, with the heading of
    /// its group where the list begins there.
    #[must_use]
    pub fn lines_in(self, height: usize) -> Vec<PickerLine> {
        let lines = Self::lines();
        let place = lines.iter().position(|line| *line == PickerLine::Format(self.selected));
        let above = (place.unwrap_or_default() + 2).min(lines.len()).saturating_sub(height);
        lines.into_iter().skip(above).take(height).collect()
    }

    pub(super) fn go(&mut self, step: isize) {
        let count = ExportFormat::ALL.len();
        let place = (self.selected.place() + count).saturating_add_signed(step) % count;
        self.selected = ExportFormat::ALL[place];
    }
}
