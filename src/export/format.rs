//! What an export can be written as, and where to.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::error::ExportError;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Format {
    /// JSON Lines: one object per row, with the columns as keys; tags are a list, missing values are null.
    Jsonl,
    /// CSV with a header line; tags are joined by `;`, missing values are empty.
    Csv,
    /// The same with tabs between the cells.
    Tsv,
    /// Parquet: a column of one type for each column.
    Parquet,
    /// A dataset folder with a card, as the Hugging Face Hub has them.
    Hf,
    /// Chat messages, as `OpenAI`'s fine-tuning reads them.
    OpenAi,
    /// Instruction, input and output, as LLaMA-Factory reads them.
    Alpaca,
    /// Conversations, as LLaMA-Factory reads them.
    ShareGpt,
    /// Pairs of a chosen and a rejected completion, as TRL reads them.
    Dpo,
    /// Completions with a label of true or false, as TRL reads them.
    Kto,
    /// Records with suggestions and responses, as Argilla reads them.
    Argilla,
    /// Tasks with answers, as Prodigy reads them.
    Prodigy,
    /// Tasks with predictions, as Label Studio reads them.
    LabelStudio,
    /// Lines that begin with a label, as fastText reads them.
    FastText,
    /// A prompt with its tests, as promptfoo reads them.
    Promptfoo,
}

impl Format {
    /// All formats.
    pub(crate) const ALL: [Self; 15] = [
        Self::Jsonl,
        Self::Csv,
        Self::Tsv,
        Self::Parquet,
        Self::Hf,
        Self::OpenAi,
        Self::Alpaca,
        Self::ShareGpt,
        Self::Dpo,
        Self::Kto,
        Self::Argilla,
        Self::Prodigy,
        Self::LabelStudio,
        Self::FastText,
        Self::Promptfoo,
    ];

    /// Returns the format's name.
    #[must_use]
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Parquet => "parquet",
            Self::Hf => "hf",
            Self::OpenAi => "openai",
            Self::Alpaca => "alpaca",
            Self::ShareGpt => "sharegpt",
            Self::Dpo => "dpo",
            Self::Kto => "kto",
            Self::Argilla => "argilla",
            Self::Prodigy => "prodigy",
            Self::LabelStudio => "label-studio",
            Self::FastText => "fasttext",
            Self::Promptfoo => "promptfoo",
        }
    }

    /// Returns whether it has a column for each field and for where a row comes from.
    #[must_use]
    pub(crate) const fn has_columns(self) -> bool {
        matches!(self, Self::Jsonl | Self::Csv | Self::Tsv | Self::Parquet | Self::Hf)
    }

    /// Returns whether it is a folder rather than a file.
    #[must_use]
    pub(crate) const fn is_folder(self) -> bool {
        matches!(self, Self::Hf)
    }

    /// Returns the format that belongs to the ending of a file's name: `.jsonl`, `.ndjson`, `.csv`, `.tsv` or
    /// `.parquet`, in any case.
    ///
    /// # Errors
    ///
    /// [`ExportError::NoEnding`] where the name ends otherwise.
    pub(crate) fn of(out: &Path) -> Result<Self, ExportError> {
        let ending = out.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        match ending.as_deref() {
            Some("jsonl" | "ndjson") => Ok(Self::Jsonl),
            Some("csv") => Ok(Self::Csv),
            Some("tsv") => Ok(Self::Tsv),
            Some("parquet") => Ok(Self::Parquet),
            _ => Err(ExportError::NoEnding { out: out.to_owned() }),
        }
    }
}

impl FromStr for Format {
    type Err = ExportError;

    fn from_str(name: &str) -> Result<Self, ExportError> {
        let known = Self::ALL.into_iter().find(|format| format.name() == name.to_lowercase());
        known.ok_or_else(|| ExportError::NoFormat { name: name.to_owned() })
    }
}

/// What a model is to learn from the rows, where a format has messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Task {
    /// To label a text: it is given the text and answers with the label.
    #[default]
    Classify,
    /// To write rows: it is given the messages of the row's request and answers with the row.
    Generate,
}

impl Task {
    /// All tasks.
    pub(crate) const ALL: [Self; 2] = [Self::Classify, Self::Generate];

    /// Returns the task's name.
    #[must_use]
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Classify => "classify",
            Self::Generate => "generate",
        }
    }
}

impl FromStr for Task {
    type Err = ExportError;

    fn from_str(name: &str) -> Result<Self, ExportError> {
        let known = Self::ALL.into_iter().find(|task| task.name() == name.to_lowercase());
        known.ok_or_else(|| {
            ExportError::Refused(format!("There is no task `{name}`; there are classify and generate."))
        })
    }
}

/// Where rows are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Destination {
    /// A file or a folder, written whole or not at all.
    File(PathBuf),
    /// Standard output, which `-` names on a command line.
    StandardOutput,
}

impl From<PathBuf> for Destination {
    fn from(out: PathBuf) -> Self {
        if out == Path::new("-") { Self::StandardOutput } else { Self::File(out) }
    }
}

/// How far an export is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ExportProgress {
    /// Rows that are written.
    pub done: u64,
    /// Rows that are to be written.
    pub total: u64,
}
