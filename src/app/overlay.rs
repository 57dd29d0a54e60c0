//! Overlays over the bench: windows, one-line inputs, questions.
//!
//! They form a stack; the top one receives the keys.

use std::ops::Range;

use tui_textarea::TextArea;

use super::bulk::{BulkWindow, Target};
use super::export::{ExportWish, FormatPicker};
use super::facets::FacetsWindow;
use super::history::Jump;
use super::message::Ask;
use super::replace::ReplaceWindow;
use super::sampling::WaitingRun;
use super::text_box::TextBox;
use super::versions::Spot;
use super::{Command, DuplicatesWindow, Estimate, SettingsForm, View};
use crate::curate::VariableNames;
use crate::domain::{CompareOrder, Draft, Exchange, Permission, RowNumber, RunNumber, Timestamp, VersionId};
use crate::text::diff::DiffLine;
use crate::text::{SafeText, wrap};

/// A window or an input over the bench.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// The keys, grouped by where they work.
    Help {
        /// Number of lines scrolled down.
        scroll: usize,
    },
    /// The session's labelling guidelines.
    Guidelines {
        /// Number of lines scrolled down.
        scroll: usize,
    },
    /// The request and the reply that a row came from.
    Exchange(ExchangeWindow),
    /// A comparison of the draft with a version.
    Compare(CompareWindow),
    /// A list of the commands, to find one by name.
    Palette(Palette),
    /// A one-line input.
    Line(LineInput),
    /// An editor of a row's fields.
    RowEditor(Box<RowEditor>),
    /// A form with the settings of the next run.
    Settings(Box<SettingsForm>),
    /// The list of export formats.
    Formats(FormatPicker),
    /// What the shown rows are like.
    Facets(Box<FacetsWindow>),
    /// The scraps of a run.
    Scraps(ScrapsWindow),
    /// Rows that are equal or nearly equal, in groups.
    Duplicates(DuplicatesWindow),
    /// A run: its figures, remarks and failures.
    Run(RunWindow),
    /// What a change of many rows would do, to apply it or to leave it.
    Bulk(Box<BulkWindow>),
    /// Finding and replacing in rows.
    Replace(Box<ReplaceWindow>),
    /// A question.
    Question(Question),
}

impl Overlay {
    /// Returns whether something was typed here that is nowhere else yet.
    #[must_use]
    pub(super) fn holds_typed(&self) -> bool {
        match self {
            Self::RowEditor(editor) => editor.is_changed(),
            Self::Line(line) => {
                let is_kept = matches!(
                    line.purpose,
                    LinePurpose::Reason(_) | LinePurpose::Tags(_) | LinePurpose::VersionNote(_)
                );
                is_kept && line.line.lines() != line.before
            }
            _ => false,
        }
    }
}

/// A run: its figures, remarks and failures.
#[derive(Debug, Clone, Copy)]
pub struct RunWindow {
    /// The run.
    pub run: RunNumber,
    /// How many lines there were to show when it was opened.
    pub lines: usize,
    /// Lines scrolled down.
    pub scroll: usize,
}

/// A comparison of the draft with a version.
#[derive(Debug, Clone)]
pub struct CompareWindow {
    /// What is compared.
    pub title: String,
    /// The lines that differ, and some around them.
    pub(crate) lines: Vec<DiffLine>,
    /// Lines scrolled down.
    pub scroll: usize,
    /// The draft that a model wrote, where that is what is shown; a person takes it or leaves it.
    pub(crate) proposal: Option<Box<Draft>>,
}

impl CompareWindow {
    /// Returns how many lines there are to show in a window this wide; a sign stands before each.
    #[must_use]
    pub(super) fn lines_at(&self, width: u16) -> usize {
        let columns = usize::from(width.saturating_sub(2));
        self.lines.iter().map(|line| wrap(SafeText::new(&line.text()).as_str(), columns).len()).sum()
    }
}

/// The request and the reply that a row came from.
#[derive(Debug, Clone)]
pub struct ExchangeWindow {
    /// The row.
    pub row: RowNumber,
    /// The request and the reply, once they have been read.
    pub exchange: Option<Exchange>,
    /// Lines scrolled down.
    pub scroll: usize,
    pub(super) ask: Ask,
}

/// The scraps of a run, to read and repair them.
#[derive(Debug, Clone)]
pub struct ScrapsWindow {
    /// The run that they came in.
    pub run: RunNumber,
    /// Their indices among all scraps, in order of arrival.
    pub places: Vec<u32>,
    /// The selected one, as an index of `places`.
    pub selected: usize,
    /// Number of lines of its text scrolled down.
    pub scroll: usize,
}

/// A command that the palette offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaletteItem {
    /// The command.
    pub command: Command,
}

/// A list of the commands, to find one by name.
#[derive(Debug, Clone)]
pub struct Palette {
    /// What was typed.
    pub line: TextArea<'static>,
    /// The view that it was opened in.
    pub view: View,
    /// The commands that match, the best one first.
    pub items: Vec<PaletteItem>,
    /// Index of the selected command.
    pub selected: usize,
    /// Whether the selected command is what the person means: they chose it, or what was typed names it.
    pub is_meant: bool,
    /// Why the last command could not be run, as a sentence.
    pub error: Option<String>,
}

/// The columns of the sign before an error.
pub(crate) const SIGN: u16 = 2;

/// What a one-line input is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinePurpose {
    /// A filter of the rows.
    Filter,
    /// The reason why rows are rejected.
    Reason(Target),
    /// The tags of a row, or those that many rows get and lose.
    Tags(Target),
    /// The label of rows.
    Label(Target),
    /// A version's note.
    VersionNote(VersionId),
    /// A label of a version.
    VersionLabel(VersionId),
    /// The name of a prompt that is forked from a version or the draft.
    Fork(Spot),
    /// The name of the view that is saved.
    ViewName,
    /// The saved view that is shown.
    View,
    /// The saved view that is deleted.
    ViewToDelete,
    /// The folder that everything is written to, where it cannot be saved in its own.
    Elsewhere {
        /// Whether the person leaves then.
        leaves: bool,
    },
}

/// A one-line input.
#[derive(Debug, Clone)]
pub struct LineInput {
    /// What it is for.
    pub purpose: LinePurpose,
    /// What was typed.
    pub line: TextArea<'static>,
    /// Earlier inputs that match, the best one first.
    pub choices: Vec<String>,
    /// Index of the selected choice; `None` where the typed line itself is taken.
    pub selected: Option<usize>,
    /// What is wrong with the line, as a sentence.
    pub error: Option<String>,
    /// The bytes of the line that are wrong.
    pub wrong: Option<Range<usize>>,
    /// Whether the line was to be done as it stands, so that what is wrong is more than unfinished.
    pub tried: bool,
    pub(super) known: Vec<String>,
    /// The variables that a filter may name.
    pub(super) variables: VariableNames,
    /// What stood in the line when it was opened.
    pub(super) before: Vec<String>,
}

impl LineInput {
    /// Returns how many lines the error takes in a window this wide; one is free for it always.
    #[must_use]
    pub(super) fn error_lines(&self, width: u16) -> usize {
        let error = self.error.as_deref().unwrap_or_default();
        wrap(SafeText::new(error).as_str(), usize::from(width.saturating_sub(SIGN))).len()
    }
}

/// The text of a row's editor that has the cursor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RowEditorField {
    /// The row's text.
    #[default]
    Text,
    /// The other fields, a line each.
    Others,
}

/// What a row's editor edits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowEditorSubject {
    /// A row.
    Row(RowNumber),
    /// A scrap, by its index among all scraps, to make a row from it.
    Scrap(u32),
}

/// An editor of a row's fields.
#[derive(Debug, Clone)]
pub struct RowEditor {
    /// The row or the scrap that is edited.
    pub subject: RowEditorSubject,
    /// Its text.
    pub text: TextBox,
    /// Its other fields, a line each: `tone = calm`; `None` where it has only the text.
    pub others: Option<TextBox>,
    /// The text that has the cursor.
    pub field: RowEditorField,
    /// Why it could not be saved, as a sentence.
    pub error: Option<String>,
    pub(super) before: Vec<String>,
}

/// A question with the answers yes and no.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    /// Whether to quit while runs are in progress or queued.
    Quit {
        /// Number of runs in progress or queued.
        runs: usize,
        /// Whether an export goes on.
        exports: bool,
        /// Whether an evaluation goes on.
        evaluates: bool,
        /// Whether a window holds something typed that would be lost.
        loses_typed: bool,
    },
    /// Whether to write what is not saved to another folder before quitting: yes asks for it, no stays; the third
    /// answer quits without.
    Unsaved {
        /// A sentence about what waits; `None` where only the folder is not there.
        waits: Option<String>,
        /// Why it is not saved, as a sentence.
        reason: String,
    },
    /// Whether to save an edit before its editor is left: yes saves, no stays; the third answer discards it.
    LeaveEdit,
    /// Whether to end the race that goes on.
    EndRace,
    /// Whether to go to the state just after an operation.
    Jump(Jump),
    /// Whether to sample, although it costs money.
    Sample(Estimate),
    /// Whether to begin a comparison, although it costs money.
    Compare {
        /// What is compared.
        order: Box<CompareOrder>,
        /// What both sides together will use.
        estimate: Estimate,
    },
    /// Whether to end a comparison with open pairs.
    EndComparison {
        /// How many pairs are open.
        open: u32,
    },
    /// Whether an export may replace the file that is there.
    Replace(Box<ExportWish>),
    /// Whether a key may go where a session's files send it.
    Allow(Box<AllowQuestion>),
}

/// A permission that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct AllowQuestion {
    /// The permission.
    pub permission: Permission,
    /// What is done once it is given.
    pub then: AfterAllowed,
    /// When the question came.
    pub(super) since: Timestamp,
}

/// What is done once a permission is given.
#[derive(Debug, Clone, PartialEq)]
pub enum AfterAllowed {
    /// The run is started again.
    Run(WaitingRun),
    /// The models are asked for again.
    Models,
}

impl AllowQuestion {
    /// The columns of its window, at most.
    pub(super) const WIDTH: u16 = 84;

    /// Returns the question.
    #[must_use]
    pub fn words(&self) -> String {
        let file = self.permission.file.display().to_string().replace('\n', "␊");
        let what = self.permission.sentence().replace('\n', "␊");
        let then = "Allow it? It is remembered for this session only, in your own settings.";
        format!("{what}\nAsked for by {file}, which may be somebody else's.\n{then}")
    }

    /// Returns how many lines its window takes on a screen this wide.
    #[must_use]
    pub(super) fn height(&self, screen: u16) -> u16 {
        let columns = usize::from(Self::WIDTH.min(screen.saturating_sub(4)).saturating_sub(4));
        let words = self.words();
        let count: usize = SafeText::lines(&words).map(|line| wrap(line.as_str(), columns).len()).sum();
        // The border, an empty line and the answers.
        u16::try_from(count).unwrap_or(u16::MAX).saturating_add(4)
    }
}
