//! Effects: what the model asks the executor to do, as plain data.

use std::path::PathBuf;
use std::sync::Arc;

use super::bulk::ManyRows;
use super::export::ExportWish;
use super::message::Ask;
use crate::config::KeptSettings;
use crate::config::screen_state::SessionScreen;
use crate::curate::{Filter, Near, Replacement, Sort};
use crate::domain::{
    Budget, Change, CompareOrder, Draft, Existing, Fact, Fields, GeneratorSettings, JobId, OperationId,
    Permission, Projection, PromptPart, RowNumber, RowSet, RunNumber, RunOrder, Session, Timestamp,
};

/// One thing to do outside the model. Effects are carried out in order.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Write a fact that is already shown.
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
    /// Change rows, whatever their state, as one operation.
    ChangeRows {
        /// The operation's number.
        operation: OperationId,
        /// When it was asked for.
        at: Timestamp,
        /// The rows.
        rows: RowSet,
        /// What is done to each row.
        change: Change,
    },
    /// Sample rows. The model sends at most one run at a time and queues the others.
    Sample {
        /// The job.
        job: JobId,
        /// The run's operation; also that of the new version, where the draft makes one.
        operation: OperationId,
        /// How many rows, and with which settings.
        order: RunOrder,
        /// The prompt at the time of the request.
        draft: Arc<Draft>,
    },
    /// Continue a run that misses rows, with its own settings.
    Resume {
        /// The job.
        job: JobId,
        /// The number of the new operation.
        operation: OperationId,
        /// The run.
        run: RunNumber,
        /// Limits that replace the run's own.
        budget: Budget,
    },
    /// Sample the next batch of the race that goes on.
    SampleRace {
        /// The job.
        job: JobId,
        /// The run's operation.
        operation: OperationId,
        /// The settings as they are now, where they are those of the race.
        settings: Option<Box<GeneratorSettings>>,
        /// A budget for the whole race, which may be larger than its own.
        budget: Budget,
    },
    /// Make a row from a scrap, with the fields that a person entered.
    RepairScrap {
        /// The operation's number.
        operation: OperationId,
        /// The scrap's index among all scraps, from 0.
        scrap: u32,
        /// The row's fields, checked against the session's schema.
        fields: Fields,
    },
    /// Ask a provider for its models.
    ListModels {
        /// The number that the answer repeats.
        ask: Ask,
        /// The provider, its address and its key.
        settings: Box<GeneratorSettings>,
    },
    /// Ask the model for the next version of the prompt.
    DraftNext {
        /// The number that the answer repeats.
        ask: Ask,
        /// The prompt as it stands.
        draft: Arc<Draft>,
        /// Who is asked, and what may be used up.
        order: Box<RunOrder>,
    },
    /// Stop asking for the next version.
    StopDrafting,
    /// Allow something, and remember it.
    Allow(Box<Permission>),
    /// Look for model servers on this machine.
    FindServers {
        /// The number that the answer repeats.
        ask: Ask,
    },
    /// Keep what was chosen for the next start.
    KeepSettings(Box<KeptSettings>),
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
    /// Write the draft to disk, after a short delay.
    DraftChanged(Arc<Draft>),
    /// Keep a draft that another text took the place of.
    KeepReplaced(Arc<Draft>),
    /// Render what the next run would send.
    Preview {
        /// The number that the answer repeats.
        ask: Ask,
        /// The prompt at the time of the request.
        draft: Arc<Draft>,
        /// How the next run is sampled; the preview uses its seed and number of rows.
        order: Box<RunOrder>,
    },
    /// Look up more about a row.
    Detail {
        /// The number that the answer repeats.
        ask: Ask,
        /// The row.
        row: RowNumber,
    },
    /// Find the rows that are equal or nearly equal.
    FindDuplicates {
        /// The number that the answer repeats.
        ask: Ask,
        /// The projection that is shown; cloning it is cheap because its chunks are shared.
        shown: Box<Projection>,
    },
    /// Look up the request and the reply that a row came from.
    ShowExchange {
        /// The number that the answer repeats.
        ask: Ask,
        /// The row.
        row: RowNumber,
    },
    /// Find and sort rows. Sent only where there are too many rows to do it within one update.
    View {
        /// The number that the answer repeats.
        ask: Ask,
        /// Which rows.
        filter: Filter,
        /// In which order.
        sort: Sort,
        /// Which rows are to be found first.
        near: Near,
        /// The projection that is shown; cloning it is cheap because its chunks are shared.
        shown: Projection,
    },
    /// Count what a change of many rows would do. Sent only where there are too many rows to do it within one update.
    PreviewBulk {
        /// The number that the answer repeats.
        ask: Ask,
        /// What would be done to each row.
        change: Change,
        /// Which rows.
        rows: ManyRows,
        /// The projection that is shown; cloning it is cheap because its chunks are shared.
        shown: Projection,
    },
    /// Find the rows that a replacement changes. Sent only where there are too many rows to do it within one update.
    FindMatches {
        /// The number that the answer repeats.
        ask: Ask,
        /// What is replaced by what.
        replacement: Arc<Replacement>,
        /// In which rows.
        rows: ManyRows,
        /// The session, whose schema rows must meet.
        session: Arc<Session>,
        /// The projection that is shown; cloning it is cheap because its chunks are shared.
        shown: Projection,
    },
    /// Replace in rows, as one operation.
    Replace {
        /// The operation's number.
        operation: OperationId,
        /// When it was asked for.
        at: Timestamp,
        /// The rows.
        rows: RowSet,
        /// What is replaced by what.
        replacement: Arc<Replacement>,
    },
    /// Count what the rows that a filter matches are like. Sent only where there are too many to do it within one update.
    CountFacets {
        /// The number that the answer repeats.
        ask: Ask,
        /// Which rows.
        filter: Filter,
        /// The projection that is shown; cloning it is cheap because its chunks are shared.
        shown: Box<Projection>,
    },
    /// Count the rows that a jump to an operation would change.
    PreviewJump {
        /// The number that the answer repeats.
        ask: Ask,
        /// The operation.
        target: OperationId,
        /// The projection that is shown; cloning it is cheap because its chunks are shared.
        shown: Box<Projection>,
    },
    /// Go to the state just after an operation.
    Jump {
        /// The number of the jump itself.
        operation: OperationId,
        /// When it was asked for.
        at: Timestamp,
        /// The operation.
        target: OperationId,
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
    /// Decide rows one by one, all in one operation; it is shown already.
    ChangeEach {
        /// The operation's number.
        operation: OperationId,
        /// When it was done.
        at: Timestamp,
        /// The rows, each with what is done to it.
        changes: Vec<(RowNumber, Change)>,
    },
    /// Begin a comparison; its runs are begun by themselves.
    BeginCompare {
        /// The operation's number.
        operation: OperationId,
        /// When it was asked for.
        at: Timestamp,
        /// What is compared.
        order: Box<CompareOrder>,
    },
    /// End the comparison that goes on.
    EndCompare {
        /// The operation's number.
        operation: OperationId,
        /// When it was asked for.
        at: Timestamp,
    },
    /// Look up what an export would write.
    PreviewExport {
        /// The number that the answer repeats.
        ask: Ask,
        /// What it is to write.
        wish: Box<ExportWish>,
    },
    /// Write the accepted rows to a file.
    Export {
        /// The job.
        job: JobId,
        /// What is written.
        wish: Box<ExportWish>,
        /// What becomes of it if it is there already.
        existing: Existing,
    },
    /// Count what the texts of all rows come to, for the scoreboard.
    CountTexts {
        /// The number that the answer repeats.
        ask: Ask,
        /// The projection that is shown; cloning it is cheap because its chunks are shared.
        shown: Box<Projection>,
    },
    /// Look at the real rows: count them, and find those that a classifier does not get.
    LookAtData {
        /// The number that the answers repeat.
        ask: Ask,
    },
    /// Make a train row an example, or take it back.
    MakeExample {
        /// The row's index in the dataset.
        row: u32,
        /// Whether it becomes one.
        is_example: bool,
    },
    /// Find out whether the accepted rows help.
    Evaluate {
        /// The job.
        job: JobId,
    },
    /// Find out from train rows alone how well the target is found with the accepted rows.
    CrossValidate,
    /// Save the screen's layout and selection for the next start.
    SaveScreen(SessionScreen),
    /// Hand the terminal back to the shell until the program is continued.
    Suspend,
    /// Write everything to a new store in another folder, and go on with that.
    WriteElsewhere {
        /// The folder.
        folder: PathBuf,
        /// The draft as it stands.
        draft: Arc<Draft>,
        /// Whether the person leaves then.
        leaves: bool,
    },
    /// End the program once everything is written; where that cannot be, the person is asked.
    Quit,
    /// End the program, and give up what cannot be saved.
    QuitUnsaved,
}
