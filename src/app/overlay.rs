//! What lies over the bench: windows, lines to fill in, questions.
//!
//! They form a stack; the top one gets the keys.

use tui_textarea::TextArea;

use super::message::Ask;
use super::{Command, Estimate, SettingsForm};
use crate::domain::{Change, Exchange, RowNumber, RunNumber};

/// Something that lies over the bench.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// The keys, grouped by where they work.
    Help {
        /// Lines scrolled down.
        scroll: usize,
    },
    /// The session's labelling guidelines.
    Guidelines {
        /// Lines scrolled down.
        scroll: usize,
    },
    /// The request and the reply behind a row.
    Exchange(ExchangeWindow),
    /// The commands, to find one by name.
    Palette(Palette),
    /// A line to fill in.
    Line(LineInput),
    /// A row's fields, to edit them.
    RowEditor(Box<RowEditor>),
    /// The settings of the next sample, to change them.
    Settings(Box<SettingsForm>),
    /// The scraps of a run.
    Scraps(ScrapsWindow),
    /// A question.
    Question(Question),
}

/// The request and the reply behind a row.
#[derive(Debug, Clone)]
pub struct ExchangeWindow {
    /// The row.
    pub row: RowNumber,
    /// What was sent and came back, once it has been looked up.
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
    /// Their places among all scraps, in the order in which they came.
    pub places: Vec<u32>,
    /// The selected one, as an index of `places`.
    pub selected: usize,
    /// Lines of its text scrolled down.
    pub scroll: usize,
}

/// A command that the palette offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaletteItem {
    /// The command.
    pub command: Command,
}

/// The commands, to find one by name.
#[derive(Debug, Clone)]
pub struct Palette {
    /// What was typed.
    pub line: TextArea<'static>,
    /// The commands that fit, the best one first.
    pub items: Vec<PaletteItem>,
    /// The selected one, as an index.
    pub selected: usize,
    /// Why the last try did not work, as a sentence.
    pub error: Option<String>,
}

/// What a line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinePurpose {
    /// A filter of the rows.
    Filter,
    /// Why a row is rejected.
    Reason(RowNumber),
    /// A row's tags.
    Tags(RowNumber),
}

/// A line to fill in.
#[derive(Debug, Clone)]
pub struct LineInput {
    /// What it is for.
    pub purpose: LinePurpose,
    /// What was typed.
    pub line: TextArea<'static>,
    /// What was written there before and fits, the best one first.
    pub choices: Vec<String>,
    /// The selected choice, as an index; none where the typed line itself is taken.
    pub selected: Option<usize>,
    /// What is wrong with the line, as a sentence.
    pub error: Option<String>,
    pub(super) known: Vec<String>,
}

/// Which text of a row's editor is typed in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RowEditorField {
    /// The row's text.
    #[default]
    Text,
    /// The other fields, a line each.
    Others,
}

/// What a row's editor is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowEditorSubject {
    /// A row, to change it.
    Row(RowNumber),
    /// A scrap by its place among all scraps, to make a row of it.
    Scrap(u32),
}

/// A row's fields, to edit them.
#[derive(Debug, Clone)]
pub struct RowEditor {
    /// What it is about.
    pub subject: RowEditorSubject,
    /// Its text.
    pub text: TextArea<'static>,
    /// Its other fields, a line each: `tone = calm`; `None` where it has only the text.
    pub others: Option<TextArea<'static>>,
    /// Which of the two is typed in.
    pub field: RowEditorField,
    /// Why it could not be saved, as a sentence.
    pub error: Option<String>,
    pub(super) before: Vec<String>,
}

/// A question, answered by yes or no.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    /// Whether to quit; how many runs go on or wait then.
    Quit {
        /// Runs that go on or wait.
        runs: usize,
    },
    /// Whether to leave a row's editor without saving.
    DiscardEdit,
    /// Whether to change all rows that the filter matches.
    Bulk {
        /// What is done to each of them.
        change: Change,
        /// How many there are.
        rows: usize,
    },
    /// Whether to sample, though it will cost something.
    Sample(Estimate),
}
