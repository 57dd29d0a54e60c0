//! What happens to the screen: keys, and answers to what it asked for.

use std::sync::Arc;

use crossterm::event::Event;

use super::settings::ProfileChoice;
use crate::config::Prices;
use crate::config::screen_state::SessionScreen;
use crate::domain::{
    Draft, Exchange, Failure, JobId, JobOutcome, OperationId, OperationOutcome, Preview, PromptPart,
    RowDetail, RowNumber, RunOrder, RunProgress, Saved, Session,
};

/// Numbers what the screen asks, so that an answer to something older is known and dropped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ask(pub u64);

/// How many real rows a label has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelRows {
    /// The label.
    pub label: String,
    /// Rows that examples and exports are made of.
    pub train: u64,
    /// Rows held out.
    pub test: u64,
}

/// What the screen says about the dataset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DatasetFacts {
    /// The labels, in the order in which they are shown.
    pub labels: Vec<LabelRows>,
    /// Train rows set aside because their text equals a test row's.
    pub set_aside: u64,
}

impl DatasetFacts {
    /// Returns how many train rows a label has.
    #[must_use]
    pub fn train_of(&self, label: &str) -> u64 {
        self.labels.iter().find(|rows| rows.label == label).map_or(0, |rows| rows.train)
    }

    /// Returns how many train rows there are.
    #[must_use]
    pub fn train(&self) -> u64 {
        self.labels.iter().map(|rows| rows.train).sum()
    }
}

/// An opened session: everything that the screen starts from.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The session's settings.
    pub session: Arc<Session>,
    /// What is known of its dataset.
    pub dataset: DatasetFacts,
    /// What its journal holds.
    pub saved: Saved,
    /// The draft as it was left, or the latest version as a draft.
    pub draft: Draft,
    /// The screen as it was left.
    pub screen: SessionScreen,
    /// How the next rows are sampled.
    pub sampling: RunOrder,
    /// The generators that can be chosen, the session's own first.
    pub profiles: Vec<ProfileChoice>,
    /// What models cost, as far as it is known.
    pub prices: Arc<Prices>,
    /// What came up while opening, as sentences.
    pub notices: Vec<String>,
}

/// One thing that happens to the screen.
#[derive(Debug, Clone)]
pub enum Message {
    /// A key, the mouse, a paste or a new size of the terminal.
    Input(Event),
    /// A session was opened.
    Opened(Box<Opened>),
    /// An operation was written, or could not be.
    Answered {
        /// The operation.
        operation: OperationId,
        /// What it did, or why it was not written.
        outcome: Result<OperationOutcome, Failure>,
        /// What the journal holds now.
        saved: Saved,
    },
    /// The journal holds more than before, without the person having done something: rows came.
    Snapshot(Saved),
    /// A run goes on.
    Sampling {
        /// The job.
        job: JobId,
        /// How far it is.
        progress: RunProgress,
    },
    /// A job ended.
    JobEnded {
        /// The job.
        job: JobId,
        /// What it did, or why it failed.
        outcome: Result<JobOutcome, Failure>,
    },
    /// What the next run would send.
    Previewed {
        /// What asked for it.
        ask: Ask,
        /// The preview.
        preview: Preview,
    },
    /// The models of a provider.
    ModelsListed {
        /// What asked for them.
        ask: Ask,
        /// Their names, or why they could not be listed.
        models: Result<Vec<String>, Failure>,
    },
    /// More about the selected row.
    Detailed {
        /// What asked for it.
        ask: Ask,
        /// The detail.
        detail: RowDetail,
    },
    /// What was sent for a row's request, and what came back.
    ExchangeShown {
        /// What asked for it.
        ask: Ask,
        /// The row.
        row: RowNumber,
        /// The exchange, or why it could not be read.
        exchange: Result<Exchange, Failure>,
    },
    /// Rows were found and put in order.
    Viewed {
        /// What asked for it.
        ask: Ask,
        /// Row numbers, in the order in which they are shown.
        view: Arc<[u32]>,
    },
    /// A part of the prompt comes back from the person's own editor.
    EditedExternally {
        /// The part.
        target: PromptPart,
        /// Its text, or why it could not be edited.
        text: Result<String, Failure>,
    },
    /// The draft was written, or could not be.
    DraftSaved(Result<(), Failure>),
    /// The program goes on after it was suspended.
    Resumed,
}

impl Message {
    /// Returns what the journal holds, where the message says it.
    #[must_use]
    pub const fn saved(&self) -> Option<&Saved> {
        match self {
            Self::Opened(opened) => Some(&opened.saved),
            Self::Answered { saved, .. } | Self::Snapshot(saved) => Some(saved),
            Self::Input(_)
            | Self::Sampling { .. }
            | Self::JobEnded { .. }
            | Self::Previewed { .. }
            | Self::ModelsListed { .. }
            | Self::Detailed { .. }
            | Self::ExchangeShown { .. }
            | Self::Viewed { .. }
            | Self::EditedExternally { .. }
            | Self::DraftSaved(_)
            | Self::Resumed => None,
        }
    }
}
