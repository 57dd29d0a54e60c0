//! Carries effects out: each is handed to the thread or task that can, and answered by a message.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedSender;

use super::evaluations::Evaluations;
use super::exports::{Exports, Started};
use super::operations::{change_rows, repair_scrap, save_version};
use super::query::{QueryWorker, Question};
use super::runs::Runs;
use crate::app::{Ask, Effect, Message, WantedFor};
use crate::config::{KeptSettings, SessionScreen};
use crate::domain::{
    Draft, Failure, OperationId, OperationOutcome, Projection, PromptPart, RowNumber, RunNumber,
};
use crate::engine::{WriterHandle, clock};
use crate::workbench::{Workbench, WorkbenchError, expanded, rescue_folders};

/// How long after the last key the draft is written.
const DRAFT_QUIET: Duration = Duration::from_millis(300);
/// How long the draft is kept back at most while a person goes on typing.
const DRAFT_LONGEST: Duration = Duration::from_secs(2);

/// How long after one look at the store the next is taken, at a person's next key.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// What only the loop itself can do, since it has the terminal.
pub(super) enum ForLoop {
    EditExternally {
        target: PromptPart,
        text: String,
    },
    Copy(String),
    Suspend,
    Quit,
    /// Quit, and give up what cannot be saved.
    QuitUnsaved,
}

/// Hands effects over.
pub(super) struct Executor {
    writer: WriterHandle,
    queries: Option<QueryWorker>,
    messages: UnboundedSender<Message>,
    runs: Runs,
    exports: Exports,
    evaluations: Evaluations,
    draft: Option<WaitingDraft>,
    latest: Projection,
    /// When it was last looked whether the store is still there.
    looked: Option<Instant>,
}

struct WaitingDraft {
    draft: Arc<Draft>,
    since: Instant,
    last: Instant,
}

impl Executor {
    pub(super) fn new(
        writer: WriterHandle,
        messages: UnboundedSender<Message>,
        runs: Runs,
        started: Started,
    ) -> Self {
        let (queries, draft, latest, looked) = (None, None, Projection::default(), None);
        let exports = Exports::new(writer.clone(), messages.clone(), started);
        let evaluations = Evaluations::new(writer.clone(), messages.clone());
        Self { writer, queries, messages, runs, exports, evaluations, draft, latest, looked }
    }

    /// Takes note of what a message brings, before the model sees it.
    pub(super) fn notice(&mut self, message: &Message) {
        if let Some(saved) = message.saved() {
            self.latest = saved.projection.clone();
        }
        if let Message::JobEnded { job, .. } | Message::PermissionWanted { of: WantedFor::Job(job), .. } =
            message
        {
            self.runs.has_ended(*job);
        }
        match message {
            Message::Opened(opened) => self.exports.opened(&opened.place),
            Message::Input(_) | Message::Together(_) => self.look(),
            _ => {}
        }
    }

    /// Looks whether the store is still there, where a person does something and that was not done just now.
    fn look(&mut self) {
        if self.has_queries() && self.looked.is_none_or(|looked| looked.elapsed() >= BETWEEN_LOOKS) {
            self.looked = Some(Instant::now());
            self.writer.note(Workbench::try_again);
        }
    }

    /// Tries once more to save what waits, and returns whether something is still not saved.
    pub(super) async fn is_unsaved(&self) -> bool {
        let tried = self.writer.with(|bench| {
            bench.try_again();
            bench.unsaved().is_some()
        });
        tried.await.unwrap_or(false)
    }

    /// Writes everything to the first folder that takes it, where something is not saved, and returns what a person
    /// should know of that.
    pub(super) async fn rescue(&self, data: std::path::PathBuf) -> Option<String> {
        let rescued = self.writer.with(move |bench| {
            bench.try_again();
            let unsaved = bench.unsaved()?;
            let folders = rescue_folders(&bench.location().folder, &bench.location().store, &data);
            Some(match bench.rescue(&folders, clock::now()) {
                Ok(said) => format!("{} {said}", unsaved.reason),
                Err(error) => {
                    format!("{} It could not be written anywhere else either: {error}", unsaved.reason)
                }
            })
        });
        rescued.await.flatten()
    }

    /// Keeps how the screen stands beside the store.
    pub(super) fn save_screen(&self, state: SessionScreen) {
        self.writer.note(move |bench| {
            let saved = bench.folder().and_then(|store| Ok(state.save(store)?));
            if let Err(error) = saved {
                tracing::warn!("{error}");
            }
        });
    }

    /// Writes everything to another folder, with the draft as it stands.
    fn write_elsewhere(&mut self, folder: &Path, draft: Arc<Draft>, leaves: bool) {
        self.draft = None;
        let folder = expanded(folder, std::env::var_os("HOME").as_deref());
        let folder = std::path::absolute(&folder).unwrap_or(folder);
        let messages = self.messages.clone();
        self.writer.stage(
            move |bench| bench.write_elsewhere(&folder, Some(&draft), clock::now()),
            move |outcome, saved| {
                let (outcome, saved) = (outcome.map_err(Failure::new), saved.clone());
                let _ = messages.send(Message::WrittenElsewhere { outcome, saved, leaves });
            },
        );
    }

    /// Returns whether a session is open.
    pub(super) const fn has_queries(&self) -> bool {
        self.queries.is_some()
    }

    /// Gives the executor what answers queries, once a session is open.
    pub(super) fn set_queries(&mut self, queries: QueryWorker) {
        self.queries = Some(queries);
    }

    /// Has what many rows are like found out.
    fn ask_about(&mut self, effect: Effect) {
        match effect {
            Effect::View { ask, filter, sort, near, shown } => {
                let shown = Box::new(shown);
                self.ask_later(Question::View { ask, filter, sort, near, shown });
            }
            Effect::FindDuplicates { ask, shown } => self.ask_later(Question::Duplicates { ask, shown }),
            Effect::PreviewBulk { ask, change, rows, shown } => {
                self.ask_later(Question::Bulk { ask, change, rows, shown: Box::new(shown) });
            }
            Effect::FindMatches { ask, replacement, rows, session, shown } => {
                self.ask_later(Question::Matches { ask, replacement, rows, session, shown: Box::new(shown) });
            }
            Effect::CountFacets { ask, filter, shown } => {
                self.ask_later(Question::Facets { ask, filter, shown });
            }
            Effect::PreviewJump { ask, target, shown } => {
                self.ask_later(Question::Jump { ask, target, shown });
            }
            // All others are carried out at once.
            _ => {}
        }
    }

    /// Carries an effect out, or returns it to the loop where it needs the terminal.
    pub(super) fn carry_out(&mut self, effect: Effect) -> Option<ForLoop> {
        match effect {
            Effect::Append(fact) => {
                self.operate(fact.operation, move |bench| {
                    bench.accept_fact(fact).map(|_| OperationOutcome::Written)
                });
            }
            Effect::Undo { operation, at } => {
                self.operate(operation, move |bench| Ok(OperationOutcome::Undone(bench.undo(operation, at))));
            }
            Effect::Redo { operation, at } => {
                self.operate(operation, move |bench| Ok(OperationOutcome::Redone(bench.redo(operation, at))));
            }
            Effect::Jump { operation, at, target } => self.operate(operation, move |bench| {
                Ok(OperationOutcome::Jumped(bench.jump(target, operation, at)?))
            }),
            Effect::ChangeRows { operation, at, rows, change } => {
                self.operate(operation, move |bench| change_rows(bench, operation, at, &rows, change));
            }
            Effect::ChangeEach { operation, at, changes } => self.operate(operation, move |bench| {
                bench.change_each(operation, at, changes);
                Ok(OperationOutcome::Written)
            }),
            Effect::BeginCompare { operation, at, order } => self.operate(operation, move |bench| {
                let trial = bench.begin_compare(*order, operation, at)?;
                Ok(OperationOutcome::CompareBegan { trial })
            }),
            Effect::EndCompare { operation, at } => self.operate(operation, move |bench| {
                let trial = bench.end_compare(operation, at)?;
                Ok(OperationOutcome::CompareEnded { trial })
            }),
            Effect::SaveVersion { operation, draft } => {
                self.operate(operation, move |bench| save_version(bench, operation, &draft));
            }
            Effect::Sample { job, operation, order, draft } => {
                self.runs.sample(job, operation, Box::new(order), draft);
            }
            Effect::Resume { job, operation, run, budget } => self.runs.resume(job, operation, run, budget),
            Effect::SampleRace { job, operation, settings, budget } => {
                self.runs.race(job, operation, settings, budget);
            }
            Effect::Stop { job } => {
                self.exports.stop(job);
                self.evaluations.stop(job);
                self.runs.stop(job);
            }
            Effect::DraftChanged(draft) => self.draft_changed(draft),
            Effect::KeepReplaced(draft) => self.keep_replaced(draft),
            Effect::RepairScrap { operation, scrap, fields } => {
                self.operate(operation, move |bench| repair_scrap(bench, operation, scrap, fields));
            }
            Effect::Allow(permission) => self.runs.allow(*permission),
            Effect::FindServers { ask } => self.runs.find_servers(ask),
            Effect::KeepSettings(kept) => self.keep_settings(*kept),
            Effect::DraftNext { ask, draft, order } => self.runs.draft_next(ask, draft, order),
            Effect::StopDrafting => self.runs.stop_drafting(),
            Effect::ListModels { ask, settings } => self.runs.list_models(ask, *settings),
            Effect::Preview { ask, draft, order } => {
                let next = self.next_run();
                let rows = Box::new(self.latest.clone());
                self.ask_later(Question::Preview { ask, draft, order, next, rows });
            }
            Effect::Detail { ask, row } => {
                if let Some(queries) = &self.queries {
                    let _ = self.messages.send(queries.detail(ask, row, &self.latest));
                }
            }
            Effect::Replace { operation, at, rows, replacement } => self.operate(operation, move |bench| {
                let done = bench.replace(operation, at, &rows, &replacement);
                Ok(OperationOutcome::Replaced { rows: done.rows, refused: done.refused })
            }),
            Effect::View { .. }
            | Effect::FindDuplicates { .. }
            | Effect::PreviewBulk { .. }
            | Effect::FindMatches { .. }
            | Effect::CountFacets { .. }
            | Effect::PreviewJump { .. } => self.ask_about(effect),
            Effect::ShowExchange { ask, row } => self.show_exchange(ask, row),
            Effect::PreviewExport { ask, wish } => self.exports.preview(ask, &wish),
            Effect::Export { job, wish, existing } => self.exports.start(job, &wish, existing),
            Effect::CountTexts { ask, shown } => self.evaluations.count_texts(ask, shown),
            Effect::LookAtData { ask } => self.evaluations.look_at_data(ask),
            Effect::MakeExample { row, is_example } => self.make_example(row, is_example),
            Effect::Evaluate { job } => self.evaluations.start(job),
            Effect::CrossValidate => self.evaluations.cross_validate(),
            Effect::SaveScreen(state) => self.save_screen(state),
            Effect::WriteElsewhere { folder, draft, leaves } => self.write_elsewhere(&folder, draft, leaves),
            Effect::EditExternally { target, text } => return Some(ForLoop::EditExternally { target, text }),
            Effect::Copy(text) => return Some(ForLoop::Copy(text)),
            Effect::Suspend => return Some(ForLoop::Suspend),
            Effect::Quit => {
                self.stop_all();
                return Some(ForLoop::Quit);
            }
            Effect::QuitUnsaved => {
                self.stop_all();
                return Some(ForLoop::QuitUnsaved);
            }
        }
        None
    }

    fn stop_all(&self) {
        self.exports.stop_all();
        self.evaluations.stop_all();
        self.runs.stop_all();
    }

    fn make_example(&self, row: u32, is_example: bool) {
        let messages = self.messages.clone();
        self.writer.stage(
            move |bench| bench.make_example(row, is_example),
            move |outcome, _| {
                let examples = outcome.map_err(Failure::new);
                let _ = messages.send(Message::ExampleMade { examples });
            },
        );
    }

    fn ask_later(&self, question: Question) {
        if let Some(queries) = &self.queries {
            queries.ask(question);
        }
    }

    /// Keeps the draft to be written a little later.
    fn draft_changed(&mut self, draft: Arc<Draft>) {
        let now = Instant::now();
        let since = self.draft.as_ref().map_or(now, |waiting| waiting.since);
        self.draft = Some(WaitingDraft { draft, since, last: now });
    }

    /// Returns the number that the next run gets.
    fn next_run(&self) -> RunNumber {
        RunNumber(u32::try_from(self.latest.runs().count()).unwrap_or(u32::MAX - 1) + 1)
    }

    /// Keeps what was chosen beside the store, which this process has for itself.
    fn keep_settings(&self, kept: KeptSettings) {
        let messages = self.messages.clone();
        self.writer.stage(
            move |bench| Ok(kept.save(bench.folder()?)?),
            move |outcome: Result<(), WorkbenchError>, _| {
                if let Err(error) = outcome {
                    let _ = messages.send(Message::SettingsNotKept(Failure::new(error)));
                }
            },
        );
    }

    fn show_exchange(&self, ask: Ask, row: RowNumber) {
        let messages = self.messages.clone();
        self.writer.stage(
            move |bench| bench.exchange_of(row),
            move |outcome, _| {
                let exchange = outcome.map_err(Failure::new);
                let _ = messages.send(Message::ExchangeShown { ask, row, exchange });
            },
        );
    }

    /// Stages one operation and answers it once it is durable.
    fn operate<F>(&self, operation: OperationId, work: F)
    where
        F: FnOnce(&mut Workbench) -> Result<OperationOutcome, WorkbenchError> + Send + 'static,
    {
        let messages = self.messages.clone();
        self.writer.stage(work, move |outcome, saved| {
            let _ = messages.send(Message::Answered {
                operation,
                outcome: outcome.map_err(Failure::new),
                saved: saved.clone(),
            });
        });
    }

    /// Returns when the draft must be written, where one waits.
    pub(super) fn draft_due(&self) -> Option<Instant> {
        self.draft.as_ref().map(|waiting| (waiting.last + DRAFT_QUIET).min(waiting.since + DRAFT_LONGEST))
    }

    /// Writes the draft that waits.
    pub(super) fn write_draft(&mut self) {
        let Some(waiting) = self.draft.take() else { return };
        let messages = self.messages.clone();
        self.writer.stage(
            move |bench| bench.save_draft(&waiting.draft),
            move |outcome, _| {
                let _ = messages.send(Message::DraftSaved(outcome.map_err(Failure::new)));
            },
        );
    }

    /// Keeps a replaced draft; where that fails, it can still be brought back until the program ends.
    fn keep_replaced(&self, draft: Arc<Draft>) {
        self.writer.stage(
            move |bench| bench.keep_replaced(&draft),
            |outcome, _| {
                if let Err(error) = outcome {
                    tracing::warn!("{error}");
                }
            },
        );
    }

    /// Writes the draft, stops what runs, and waits until its end is written, but not longer than this.
    pub(super) async fn close(&mut self, longest: Duration) {
        self.write_draft();
        self.exports.close(longest).await;
        self.evaluations.close(longest).await;
        self.runs.close(longest).await;
    }
}
