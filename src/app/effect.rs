//! What the screen wants done: plain data, carried out elsewhere.

use std::path::PathBuf;
use std::sync::Arc;

use super::message::Ask;
use crate::config::screen_state::SessionScreen;
use crate::curate::{Filter, Sort};
use crate::domain::{
    Budget, Change, Draft, Fact, Fields, GeneratorSettings, JobId, OperationId, Projection, PromptPart,
    RowNumber, RunNumber, RunOrder, Timestamp,
};

/// One thing to do outside of the model. Effects are carried out in order.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Write a fact that is shown already.
    Append(Fact),
    /// Undo the last operation that can be undone.
    Undo {
        /// The number of the undo itself.
        operation: OperationId,
        /// When it was asked for.
        at: Timestamp,
    },
    /// Do the last undone operation again.
    Redo {
        /// The number of the redo itself.
        operation: OperationId,
        /// When it was asked for.
        at: Timestamp,
    },
    /// Change every row that a filter matches, whatever its state, as one operation.
    ChangeMatching {
        /// The operation's number.
        operation: OperationId,
        /// When it was asked for.
        at: Timestamp,
        /// The filter as it was typed; empty matches every row.
        filter: String,
        /// What is done to each row.
        change: Change,
    },
    /// Sample rows. At most one run is asked for at a time: the model keeps the others waiting.
    Sample {
        /// The job.
        job: JobId,
        /// The run's operation, the new version's too where the draft makes one.
        operation: OperationId,
        /// What is wanted.
        order: RunOrder,
        /// The prompt as it stands.
        draft: Arc<Draft>,
    },
    /// Go on with a run that misses rows, with its own settings.
    Resume {
        /// The job.
        job: JobId,
        /// The operation of going on.
        operation: OperationId,
        /// The run.
        run: RunNumber,
        /// Limits that replace the run's own.
        budget: Budget,
    },
    /// Make a row of a scrap, with the fields that a person gave it.
    RepairScrap {
        /// The operation's number.
        operation: OperationId,
        /// The scrap's place among all scraps, from 0.
        scrap: u32,
        /// The row's fields, checked against the session's schema.
        fields: Fields,
    },
    /// Ask a provider for its models.
    ListModels {
        /// What the answer names.
        ask: Ask,
        /// Which provider, where and with which key.
        settings: Box<GeneratorSettings>,
    },
    /// Stop a job.
    Stop {
        /// The job.
        job: JobId,
    },
    /// Make the draft a version.
    SaveVersion {
        /// The operation's number.
        operation: OperationId,
        /// The draft.
        draft: Arc<Draft>,
    },
    /// Keep the draft; soon, not at once.
    DraftChanged(Arc<Draft>),
    /// Render what the next run would send.
    Preview {
        /// What the answer names.
        ask: Ask,
        /// The prompt as it stands.
        draft: Arc<Draft>,
        /// How the next run is sampled: its seed and rows are those that are shown.
        order: Box<RunOrder>,
    },
    /// Look up more about a row.
    Detail {
        /// What the answer names.
        ask: Ask,
        /// The row.
        row: RowNumber,
    },
    /// Look up what was sent and what came back for a row.
    ShowExchange {
        /// What the answer names.
        ask: Ask,
        /// The row.
        row: RowNumber,
    },
    /// Find and sort rows; asked for only where there are too many to do it at once.
    View {
        /// What the answer names.
        ask: Ask,
        /// Which rows.
        filter: Filter,
        /// In which order.
        sort: Sort,
        /// The rows as they are shown: a copy shares its chunks.
        shown: Projection,
    },
    /// Open a part of the prompt in the person's own editor.
    EditExternally {
        /// The part.
        target: PromptPart,
        /// Its text.
        text: String,
    },
    /// Put a text on the clipboard.
    Copy(String),
    /// Write the accepted rows to a file.
    Export {
        /// The job.
        job: JobId,
        /// The file.
        path: PathBuf,
    },
    /// Keep how the screen stands.
    SaveScreen(SessionScreen),
    /// Hand the terminal back to the shell until the program is continued.
    Suspend,
    /// End the program once everything is written.
    Quit,
}
