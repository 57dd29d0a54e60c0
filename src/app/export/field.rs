//! The lines of the form: their names and their meaning.

use super::form::ExportForm;

/// One line of the export's form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ExportField {
    /// How rows are written.
    #[default]
    Format,
    /// The file, or the folder.
    File,
    /// Which accepted rows.
    Filter,
    /// Whether real train rows are written behind the accepted ones.
    WithReal,
    /// Whether the real test rows are written too.
    TestRows,
    /// Whether rows that contaminate the test rows are written.
    Contaminated,
    /// What a model is taught.
    Task,
    /// Whether the provenance is left out.
    Bare,
    /// Whether cells that a spreadsheet would run stay as they are.
    Raw,
    /// The share of rows that train.
    Split,
    /// How many rows of a label are written.
    Balance,
    /// What decides which rows a split or a balance takes.
    Seed,
    /// The button that begins the export.
    Start,
}

impl ExportField {
    /// All lines, from the top down.
    pub const ALL: [Self; 13] = [
        Self::Format,
        Self::File,
        Self::Filter,
        Self::WithReal,
        Self::TestRows,
        Self::Contaminated,
        Self::Task,
        Self::Bare,
        Self::Raw,
        Self::Split,
        Self::Balance,
        Self::Seed,
        Self::Start,
    ];

    /// The lines with a text that is typed.
    pub const TYPED: [Self; 5] = [Self::File, Self::Filter, Self::Split, Self::Balance, Self::Seed];

    /// The lines that are on or off.
    pub const SWITCHES: [Self; 5] =
        [Self::WithReal, Self::TestRows, Self::Contaminated, Self::Bare, Self::Raw];

    /// Returns the label before the value.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::File => "file",
            Self::Filter => "filter",
            Self::WithReal => "real rows",
            Self::TestRows => "test rows",
            Self::Contaminated => "contaminated",
            Self::Task => "task",
            Self::Bare => "bare",
            Self::Raw => "raw cells",
            Self::Split => "split",
            Self::Balance => "balance",
            Self::Seed => "seed",
            Self::Start => "",
        }
    }

    /// Returns the text that is shown where nothing is typed.
    #[must_use]
    pub const fn blank(self) -> &'static str {
        match self {
            Self::Filter => "all accepted rows",
            Self::Split => "no split",
            Self::Balance => "as they are",
            Self::Seed => "0",
            _ => "",
        }
    }

    /// Returns whether its value is typed.
    #[must_use]
    pub fn is_typed(self) -> bool {
        Self::TYPED.contains(&self)
    }

    /// Returns whether it is on or off.
    #[must_use]
    pub fn is_switch(self) -> bool {
        Self::SWITCHES.contains(&self)
    }

    /// Returns whether a gap stands before it.
    #[must_use]
    pub const fn begins_group(self) -> bool {
        matches!(self, Self::Filter | Self::Task | Self::Split | Self::Start)
    }

    /// Returns what the line means, in a sentence or two.
    #[must_use]
    pub fn about(self, form: &ExportForm) -> &'static str {
        match self {
            Self::Format => form.format.about(),
            Self::File if form.format.ending().is_empty() => {
                "The folder that is made. One that is there already is replaced only after a question."
            }
            Self::File => {
                "The file that is written, whole or not at all. One that is there already is replaced only after a \
                 question."
            }
            Self::Filter => {
                "Of the accepted rows only those that match, in the words of the bench's filter: rating>=4 \
                 -flag:duplicate."
            }
            Self::WithReal => {
                "Writes the real train rows behind the accepted ones, so that the file holds the whole training set."
            }
            Self::TestRows if form.format == super::ExportFormat::Hf => {
                "Writes the real test rows as a part of their own. They were held out from every prompt, to measure \
                 with."
            }
            Self::TestRows => {
                "Writes the real test rows alone, to measure with elsewhere. They were held out from every prompt: \
                 never train on them."
            }
            Self::Contaminated => {
                "Accepted rows that equal or nearly equal a test row are withheld, because they make a model look \
                 better than it is. This writes them all the same."
            }
            Self::Task if form.task == super::ExportTask::Classify => {
                "Teaches a model to label a text: the text goes in, its label comes out."
            }
            Self::Task => {
                "Teaches a model to write rows: the prompt that was sent goes in, the accepted row comes out."
            }
            Self::Bare => "Leaves out which prompt, model and run a row comes from, and who decided it.",
            Self::Raw => {
                "Cells that begin like a formula get a sign before them, so that no spreadsheet runs them. This \
                 leaves them as they are."
            }
            Self::Split => {
                "The share of rows that train, such as 0.9; the rest is written apart as a test part."
            }
            Self::Balance => {
                "How many rows of a label: a share of the whole, or a count. Several stand with commas: spam=0.3, \
                 ham=100."
            }
            Self::Seed => "Decides which rows a split or a balance takes. The same seed takes the same rows.",
            Self::Start => "Writes the rows. What the form says is kept for the next time.",
        }
    }
}
