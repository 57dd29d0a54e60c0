//! Runs of the screen: begun, gone on with and stopped, one at a time.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::app::{Ask, Message};
use crate::config::UserConfig;
use crate::domain::{
    Budget, Draft, GeneratorSettings, JobId, OperationId, Run, RunOrder, RunProgress, RunStatus, Saved,
};
use crate::engine::environment::{Prepared, TransportOptions, prepare_resolved, prepare_run};
use crate::engine::{SampleWatch, WriterHandle, clock, sample};
use crate::generate::{Generator, ProviderOptions};
use crate::workbench::{PromptSource, RunPlan, Workbench, WorkbenchError};

/// Progress is told ten times a second at most.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);
/// How long leaving waits for a run to stop.
const CLOSING: Duration = Duration::from_secs(2);

/// What a run is begun with.
type Begun = (Arc<dyn Generator>, RunPlan);

/// Starts runs and knows the one that goes on.
pub(super) struct Runs {
    writer: WriterHandle,
    messages: UnboundedSender<Message>,
    tasks: Handle,
    folder: PathBuf,
    config: Arc<UserConfig>,
    network: bool,
    going: Option<(JobId, CancellationToken)>,
    ended: Option<oneshot::Receiver<()>>,
}

impl Runs {
    pub(super) fn new(
        writer: WriterHandle,
        messages: UnboundedSender<Message>,
        folder: PathBuf,
        config: UserConfig,
        network: bool,
    ) -> Self {
        let (tasks, config) = (Handle::current(), Arc::new(config));
        Self { writer, messages, tasks, folder, config, network, going: None, ended: None }
    }

    /// Begins a run with the prompt as it stands.
    pub(super) fn sample(
        &mut self,
        job: JobId,
        operation: OperationId,
        order: Box<RunOrder>,
        draft: Arc<Draft>,
    ) {
        let (folder, config) = (self.folder.clone(), Arc::clone(&self.config));
        let (network, settings) = (self.network, order.generator.clone());
        self.start(
            job,
            move || prepare_resolved(Some(&folder), settings, &config),
            move |bench, prepared| {
                let order = RunOrder { generator: prepared.settings.clone(), ..*order };
                let generator = prepared.generator(bench, network, &TransportOptions::default())?;
                let source = PromptSource::Draft(draft);
                let plan = bench.begin_run(&order, &source, generator.as_ref(), operation, clock::now())?;
                Ok((generator, plan))
            },
        );
    }

    /// Goes on with a run that misses rows; each limit of the budget replaces the run's own.
    pub(super) fn resume(&mut self, job: JobId, operation: OperationId, run: &Run, budget: Budget) {
        let (folder, config) = (self.folder.clone(), Arc::clone(&self.config));
        let (network, number, settings) = (self.network, run.number, run.settings.clone());
        self.start(
            job,
            move || prepare_run(Some(&folder), settings, &config),
            move |bench, prepared| {
                prepared.lend(bench, &TransportOptions::default())?;
                bench.resume_run_within(Some(number), budget, operation, clock::now(), network)
            },
        );
    }

    /// Finds what a run needs from outside, which may take a while, then begins it and runs it to its end.
    fn start<S, B>(&mut self, job: JobId, settle: S, begin: B)
    where
        S: FnOnce() -> Result<Prepared, WorkbenchError> + Send + 'static,
        B: FnOnce(&mut Workbench, Prepared) -> Result<Begun, WorkbenchError> + Send + 'static,
    {
        let stop = CancellationToken::new();
        let (ended, has_ended) = oneshot::channel();
        self.going = Some((job, stop.clone()));
        self.ended = Some(has_ended);
        let (writer, messages) = (self.writer.clone(), self.messages.clone());
        self.tasks.spawn(async move {
            let watch = Arc::new(ScreenWatch { job, messages: messages.clone(), told: Mutex::new(None) });
            let settled = tokio::task::spawn_blocking(settle).await;
            let outcome = match settled {
                Ok(Ok(prepared)) => run(&writer, prepared, begin, stop, watch).await,
                Ok(Err(error)) => Err(error.to_string()),
                Err(error) => Err(format!("The settings could not be read: {error}.")),
            };
            // Nobody waits for either once the screen is gone.
            let _ = messages.send(Message::JobEnded { job, outcome });
            let _ = ended.send(());
        });
    }

    /// Asks a provider for its models.
    pub(super) fn list_models(&self, ask: Ask, settings: GeneratorSettings) {
        let (folder, config) = (self.folder.clone(), Arc::clone(&self.config));
        let (messages, network) = (self.messages.clone(), self.network);
        self.tasks.spawn(async move {
            let models = if network {
                let prepare = move || prepare_resolved(Some(&folder), settings, &config);
                match tokio::task::spawn_blocking(prepare).await {
                    Ok(Ok(prepared)) => models_of(&prepared).await,
                    Ok(Err(error)) => Err(error.to_string()),
                    Err(error) => Err(error.to_string()),
                }
            } else {
                Err("`--offline` refuses all network.".to_owned())
            };
            let _ = messages.send(Message::ModelsListed { ask, models });
        });
    }

    /// Stops a job, if it is the one that goes on.
    pub(super) fn stop(&self, job: JobId) {
        if let Some((_, stop)) = self.going.as_ref().filter(|(going, _)| *going == job) {
            stop.cancel();
        }
    }

    /// Stops whatever goes on.
    pub(super) fn stop_all(&self) {
        if let Some((_, stop)) = &self.going {
            stop.cancel();
        }
    }

    /// Takes note that a job has ended.
    pub(super) fn has_ended(&mut self, job: JobId) {
        if self.going.as_ref().is_some_and(|(going, _)| *going == job) {
            self.going = None;
        }
    }

    /// Stops what goes on and waits until its end is written.
    pub(super) async fn close(&mut self) {
        self.stop_all();
        if let Some(ended) = self.ended.take() {
            // A request that does not hear is cut off: its run is marked as interrupted at the next start.
            let _ = tokio::time::timeout(CLOSING, ended).await;
        }
    }
}

async fn models_of(prepared: &Prepared) -> Result<Vec<String>, String> {
    let provider = prepared.provider(ProviderOptions::default()).map_err(|error| error.to_string())?;
    provider.models().await.map_err(|error| error.to_string())
}

/// Begins a run, runs it to its end, and says what came of it.
async fn run(
    writer: &WriterHandle,
    prepared: Prepared,
    begin: impl FnOnce(&mut Workbench, Prepared) -> Result<Begun, WorkbenchError> + Send + 'static,
    stop: CancellationToken,
    watch: Arc<ScreenWatch>,
) -> Result<String, String> {
    let staged = writer.ask(move |bench| begin(bench, prepared)).await.map_err(|error| error.to_string())?;
    watch.came(&staged.saved);
    let (generator, plan) = staged.value;
    let number = plan.number();
    let report = sample(writer, generator, plan, stop, watch).await.map_err(|error| error.to_string())?;
    let rows = report.rows;
    match report.status {
        RunStatus::Failed { reason } => Err(format!("Run {number} ended with {rows} rows: {reason}")),
        RunStatus::Stopped { reason } => {
            let why = reason.map_or_else(String::new, |reason| format!(" {reason}"));
            Ok(format!("Run {number} stopped with {rows} rows.{why}"))
        }
        _ => Ok(format!("Run {number} done: {rows} rows.")),
    }
}

/// Tells the screen how a run goes on, ten times a second at most.
struct ScreenWatch {
    job: JobId,
    messages: UnboundedSender<Message>,
    told: Mutex<Option<Instant>>,
}

impl SampleWatch for ScreenWatch {
    fn came(&self, saved: &Saved) {
        // The screen is gone: nobody waits.
        let _ = self.messages.send(Message::Snapshot(saved.clone()));
    }

    fn progress(&self, progress: RunProgress) {
        let mut told = self.told.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let now = Instant::now();
        let is_last = progress.done >= progress.requested;
        if is_last || told.is_none_or(|told| now - told >= PROGRESS_EVERY) {
            *told = Some(now);
            let _ = self.messages.send(Message::Sampling { job: self.job, progress });
        }
    }
}
