//! Messages: input events, and answers to effects.

use std::sync::Arc;

use crossterm::event::Event;

use super::clipboard::Sent;
use super::duplicates::Group;
use super::export::ExportSight;
use super::first_rows::FirstRows;
use super::settings::{Chosen, ProfileChoice};
use crate::config::Prices;
use crate::config::screen_state::SessionScreen;
use crate::curate::{BulkPreview, Facets, NewHidden, Replaceable};
use crate::domain::{
    DataReport, Draft, Evaluated, Exchange, Failure, JobId, JobOutcome, LocalSearch, Misread, NextDraft,
    OperationId, OperationOutcome, Permission, Preview, PromptPart, RowDetail, RowNumber, RunProgress, Saved,
    Scoreboard, Session, TrainCv, Unsaved,
};

/// The number of a request to the executor, repeated by its answer; an answer to an outdated
/// request is dropped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ask(pub u64);

/// How many real rows a label has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelRows {
    /// The label.
    pub label: String,
    /// Train rows: those that examples and exports use.
    pub train: u64,
    /// Test rows, which are held out.
    pub test: u64,
}

/// The counts of the dataset that the screen shows.
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

/// An opened session: everything that the screen needs at the start.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The session's settings.
    pub session: Arc<Session>,
    /// The counts of its dataset.
    pub dataset: DatasetFacts,
    /// The state that its journal holds.
    pub saved: Saved,
    /// The draft of the last use, else the latest version as a draft.
    pub draft: Draft,
    /// The draft that was replaced last, at an earlier use.
    pub replaced: Option<Draft>,
    /// The screen's layout and selection at the last use.
    pub screen: SessionScreen,
    /// What was chosen over the session's settings before, and the options of this start.
    pub chosen: Chosen,
    /// How a command names the session.
    pub place: String,
    /// The generators that can be chosen, the session's own first.
    pub profiles: Vec<ProfileChoice>,
    /// The known prices of models.
    pub prices: Arc<Prices>,
    /// The train rows that a person made examples, as indexes of the dataset, ascending.
    pub examples: Vec<u32>,
    /// The last evaluation, where it is still known.
    pub evaluated: Option<Evaluated>,
    /// How often the test rows were opened so far.
    pub test_opened: u64,
    /// Sentences about what was noticed while opening.
    pub notices: Vec<String>,
}

/// What waits for a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WantedFor {
    /// A run.
    Job(JobId),
    /// A list of models.
    Models(Ask),
}

/// One event that changes the model.
#[derive(Debug, Clone)]
pub enum Message {
    /// A key, the mouse, a paste or a new size of the terminal.
    Input(Event),
    /// A key or a paste that arrived together with the one before, faster than anybody types.
    Together(Event),
    /// A text was sent to the clipboard, or not.
    Copied(Sent),
    /// A session was opened.
    Opened(Box<Opened>),
    /// The first rows of a session were read; it is not open yet.
    FirstRows(Box<FirstRows>),
    /// An operation was written, or failed.
    Answered {
        /// The operation.
        operation: OperationId,
        /// What it did, or why it was not written.
        outcome: Result<OperationOutcome, Failure>,
        /// What the journal holds now.
        saved: Saved,
    },
    /// Something is not saved, or all of it is again; sent after each attempt.
    Unsaved {
        /// What is not saved, and why; `None` where everything is.
        unsaved: Option<Unsaved>,
        /// A folder that everything could be written to instead.
        elsewhere: String,
        /// The state with what waits.
        saved: Saved,
    },
    /// Everything was written to another folder, or not.
    WrittenElsewhere {
        /// What a person should know of it, or why it failed.
        outcome: Result<String, Failure>,
        /// The state with what waits.
        saved: Saved,
        /// Whether the person leaves now that it was.
        leaves: bool,
    },
    /// The person has quit, and something could not be saved.
    CannotQuit,
    /// The journal has grown without an operation of the person: rows came.
    Snapshot(Saved),
    /// A run reports its progress.
    Sampling {
        /// The job.
        job: JobId,
        /// Its progress.
        progress: RunProgress,
    },
    /// An export reports its progress.
    Exporting {
        /// The job.
        job: JobId,
        /// Rows done.
        done: u64,
        /// Rows to do.
        total: u64,
    },
    /// The command that writes what a form says.
    ExportCommand {
        /// The number of the request.
        ask: Ask,
        /// The command, or why the form says nothing that can be written, as a sentence.
        command: Result<String, Failure>,
    },
    /// What an export would write.
    ExportPreviewed {
        /// The number of the request.
        ask: Ask,
        /// What it would write, or why nothing.
        sight: Result<Box<ExportSight>, Failure>,
    },
    /// The texts of all rows were counted.
    TextsCounted {
        /// The number of the request.
        ask: Ask,
        /// The scoreboard with the figures that need them.
        scoreboard: Box<Scoreboard>,
    },
    /// The real rows were counted.
    DataCounted {
        /// The number of the request.
        ask: Ask,
        /// The dataset as it is.
        report: Box<DataReport>,
    },
    /// The rows that a classifier does not get were found.
    DataMisread {
        /// The number of the request.
        ask: Ask,
        /// The rows, or why they are not known.
        misread: Result<Box<Misread>, Failure>,
    },
    /// A train row was made an example, or taken back.
    ExampleMade {
        /// The rows that are examples now, as indexes of the dataset, or why that could not be kept.
        examples: Result<Vec<u32>, Failure>,
    },
    /// An evaluation reports its progress.
    Evaluating {
        /// The job.
        job: JobId,
        /// Classifiers trained.
        done: u64,
        /// Classifiers to train.
        total: u64,
    },
    /// It was found out from train rows alone how well the target is found; `None` where that cannot be said.
    CrossValidated(Option<TrainCv>),
    /// A job ended.
    JobEnded {
        /// The job.
        job: JobId,
        /// What it did, or why it failed.
        outcome: Result<JobOutcome, Failure>,
    },
    /// A key would go where only the person can allow it to.
    PermissionWanted {
        /// What waits for it.
        of: WantedFor,
        /// What is to be allowed.
        permission: Box<Permission>,
    },
    /// What was allowed could not be remembered; the reason is a sentence.
    NotRemembered(Failure),
    /// What a person should know of the key of a run that begins, as a sentence.
    OfKey(String),
    /// The preview of the next run came.
    Previewed {
        /// The number of the request.
        ask: Ask,
        /// The preview.
        preview: Preview,
    },
    /// The models of a provider came.
    ModelsListed {
        /// The number of the request.
        ask: Ask,
        /// Their names, or why they could not be listed.
        models: Result<Vec<String>, Failure>,
    },
    /// The next version of the prompt was drafted.
    NextDrafted {
        /// The number of the request.
        ask: Ask,
        /// What came, or why nothing did.
        outcome: Box<Result<NextDraft, Failure>>,
    },
    /// The search for model servers on this machine ended.
    ServersFound {
        /// The number of the request.
        ask: Ask,
        /// What was found, or why nothing was looked for.
        found: Result<LocalSearch, Failure>,
    },
    /// What was chosen could not be kept for the next start; the reason is a sentence.
    SettingsNotKept(Failure),
    /// The details of a row came.
    Detailed {
        /// The number of the request.
        ask: Ask,
        /// The details.
        detail: RowDetail,
    },
    /// The rows that are equal or nearly equal were found.
    DuplicatesFound {
        /// The number of the request.
        ask: Ask,
        /// They, in groups.
        groups: Vec<Group>,
    },
    /// The request and the reply that a row came from were read.
    ExchangeShown {
        /// The number of the request.
        ask: Ask,
        /// The row.
        row: RowNumber,
        /// The exchange, or why it could not be read.
        exchange: Result<Exchange, Failure>,
    },
    /// The first rows of a view were found: those that will be in sight, or more.
    FoundSoFar {
        /// The number of the request.
        ask: Ask,
        /// Row numbers, in the order in which they are shown, without a gap.
        found: Arc<[u32]>,
    },
    /// Rows were found and sorted.
    Viewed {
        /// The number of the request.
        ask: Ask,
        /// Row numbers, in the order in which they are shown.
        view: Arc<[u32]>,
        /// How many new rows are not among them.
        hidden: NewHidden,
    },
    /// What a change of many rows would do was counted.
    BulkPreviewed {
        /// The number of the request.
        ask: Ask,
        /// What it would do.
        preview: BulkPreview,
    },
    /// The rows that a replacement changes were found.
    MatchesFound {
        /// The number of the request.
        ask: Ask,
        /// The rows.
        found: Replaceable,
    },
    /// The facets of the shown rows were counted.
    FacetsCounted {
        /// The number of the request.
        ask: Ask,
        /// The counts.
        facets: Box<Facets>,
    },
    /// The rows that a jump would change were counted.
    JumpPreviewed {
        /// The number of the request.
        ask: Ask,
        /// How many it would change; `None` where there is no such operation.
        rows: Option<usize>,
    },
    /// A part of the prompt was edited in the person's own editor.
    EditedExternally {
        /// The part.
        target: PromptPart,
        /// Its text, or why it could not be edited.
        text: Result<String, Failure>,
    },
    /// The draft was written, or failed.
    DraftSaved(Result<(), Failure>),
    /// The program continues after it was suspended.
    Resumed,
    /// The program was asked to stop what it does, as by the key for that.
    Interrupted,
}

impl Message {
    /// Returns the journal's state, where the message carries it.
    #[must_use]
    pub const fn saved(&self) -> Option<&Saved> {
        match self {
            Self::Opened(opened) => Some(&opened.saved),
            Self::Answered { saved, .. }
            | Self::Unsaved { saved, .. }
            | Self::WrittenElsewhere { saved, .. }
            | Self::Snapshot(saved) => Some(saved),
            Self::Input(_)
            | Self::Together(_)
            | Self::FirstRows(_)
            | Self::CannotQuit
            | Self::Copied(_)
            | Self::Sampling { .. }
            | Self::Exporting { .. }
            | Self::ExportCommand { .. }
            | Self::ExportPreviewed { .. }
            | Self::TextsCounted { .. }
            | Self::DataCounted { .. }
            | Self::DataMisread { .. }
            | Self::ExampleMade { .. }
            | Self::Evaluating { .. }
            | Self::CrossValidated(_)
            | Self::JobEnded { .. }
            | Self::PermissionWanted { .. }
            | Self::NotRemembered(_)
            | Self::OfKey(_)
            | Self::Previewed { .. }
            | Self::ModelsListed { .. }
            | Self::NextDrafted { .. }
            | Self::ServersFound { .. }
            | Self::SettingsNotKept(_)
            | Self::Detailed { .. }
            | Self::DuplicatesFound { .. }
            | Self::ExchangeShown { .. }
            | Self::FoundSoFar { .. }
            | Self::Viewed { .. }
            | Self::BulkPreviewed { .. }
            | Self::MatchesFound { .. }
            | Self::FacetsCounted { .. }
            | Self::JumpPreviewed { .. }
            | Self::EditedExternally { .. }
            | Self::DraftSaved(_)
            | Self::Resumed
            | Self::Interrupted => None,
        }
    }
}
