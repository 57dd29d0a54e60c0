//! The run of the screen: started, stopped, and its events made messages; one goes on at a time.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::app::{Ask, Message, WantedFor};
use crate::domain::{
    Budget, Draft, Failure, GeneratorSettings, JobId, JobOutcome, OperationId, Permission, RunNumber,
    RunOrder,
};
use crate::engine::drafting::draft_next;
use crate::engine::{RaceWith, RunContext, RunEvent, Start, find_servers, list_models, start};
use crate::workbench::{PromptSource, WorkbenchError};

/// Starts runs and knows the one that goes on.
pub(super) struct Runs {
    context: RunContext,
    messages: UnboundedSender<Message>,
    tasks: Handle,
    going: Option<(JobId, CancellationToken)>,
    ended: Option<oneshot::Receiver<()>>,
    /// Ends what is no run once the person leaves.
    leaving: CancellationToken,
    /// Ends the request for the next version.
    drafting: CancellationToken,
}

impl Runs {
    pub(super) fn new(context: RunContext, messages: UnboundedSender<Message>) -> Self {
        Self {
            context,
            messages,
            tasks: Handle::current(),
            going: None,
            ended: None,
            leaving: CancellationToken::new(),
            drafting: CancellationToken::new(),
        }
    }

    /// Begins a run with the prompt as it stands.
    pub(super) fn sample(
        &mut self,
        job: JobId,
        operation: OperationId,
        order: Box<RunOrder>,
        draft: Arc<Draft>,
    ) {
        let (source, operation) = (PromptSource::Draft(draft), Some(operation));
        self.start(job, Start::New { order, source, prepared: None, operation });
    }

    /// Goes on with a run that misses rows; each limit of the budget replaces the run's own.
    pub(super) fn resume(&mut self, job: JobId, operation: OperationId, run: RunNumber, budget: Budget) {
        self.start(job, Start::Resume { run: Some(run), budget, operation: Some(operation) });
    }

    /// Begins the next batch of the race that goes on.
    pub(super) fn race(
        &mut self,
        job: JobId,
        operation: OperationId,
        settings: Option<Box<GeneratorSettings>>,
        budget: Budget,
    ) {
        let with = settings.map_or(RaceWith::Kept, RaceWith::Settings);
        self.start(job, Start::Race { with, budget, operation: Some(operation) });
    }

    fn start(&mut self, job: JobId, what: Start) {
        let mut run = start(&self.context, what);
        let (ended, has_ended) = oneshot::channel();
        self.going = Some((job, run.stopper()));
        self.ended = Some(has_ended);
        let messages = self.messages.clone();
        self.tasks.spawn(async move {
            while let Some(event) = run.next().await {
                // Nobody waits for it once the screen is gone.
                if let Some(message) = message(job, event) {
                    let _ = messages.send(message);
                }
            }
            let _ = ended.send(());
        });
    }

    /// Asks a provider for its models.
    pub(super) fn list_models(&self, ask: Ask, settings: GeneratorSettings) {
        let (context, messages) = (self.context.clone(), self.messages.clone());
        let leaving = self.leaving.clone();
        self.tasks.spawn(async move {
            let message = match list_models(context, settings, &leaving).await {
                Err(WorkbenchError::NotAllowed(permission)) => {
                    Message::PermissionWanted { of: WantedFor::Models(ask), permission }
                }
                models => Message::ModelsListed { ask, models: models.map_err(Failure::new) },
            };
            let _ = messages.send(message);
        });
    }

    /// Asks the model for the next version of a prompt.
    pub(super) fn draft_next(&mut self, ask: Ask, draft: Arc<Draft>, order: Box<RunOrder>) {
        let (context, messages) = (self.context.clone(), self.messages.clone());
        self.drafting = self.leaving.child_token();
        let stop = self.drafting.clone();
        self.tasks.spawn(async move {
            let drafted = draft_next(&context, draft, *order, &stop).await;
            if let Ok(saved) = context.writer.tell(|bench| Ok(bench.state())).await {
                let _ = messages.send(Message::Snapshot(saved));
            }
            let outcome = Box::new(drafted.map_err(Failure::new));
            let _ = messages.send(Message::NextDrafted { ask, outcome });
        });
    }

    /// Stops asking for the next version.
    pub(super) fn stop_drafting(&self) {
        self.drafting.cancel();
    }

    /// Allows something at once, and remembers it.
    pub(super) fn allow(&self, permission: Permission) {
        let (allowed, messages) = (self.context.allowed.clone(), self.messages.clone());
        allowed.allow_here(&permission);
        self.tasks.spawn_blocking(move || {
            if let Err(error) = allowed.remember(&permission) {
                let _ = messages.send(Message::NotRemembered(Failure::new(error)));
            }
        });
    }

    /// Looks for model servers on this machine.
    pub(super) fn find_servers(&self, ask: Ask) {
        let (network, messages) = (self.context.network, self.messages.clone());
        self.tasks.spawn(async move {
            let found = find_servers(network, &[]).await.map_err(Failure::new);
            let _ = messages.send(Message::ServersFound { ask, found });
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
        self.leaving.cancel();
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

    /// Stops what goes on and waits until its end is written, but not longer than this.
    pub(super) async fn close(&mut self, longest: Duration) {
        self.stop_all();
        if let Some(ended) = self.ended.take() {
            // A request that does not hear is cut off: its run is marked as interrupted at the next start.
            let _ = tokio::time::timeout(longest, ended).await;
        }
    }
}

/// Returns what the screen is told of an event of a run; remarks it reads from the run.
fn message(job: JobId, event: RunEvent) -> Option<Message> {
    Some(match event {
        RunEvent::Began { saved, .. } | RunEvent::Saved(saved) => Message::Snapshot(saved),
        RunEvent::Progress(progress) => Message::Sampling { job, progress },
        RunEvent::Remark(_) => return None,
        RunEvent::OfKey(sentence) => Message::OfKey(sentence),
        RunEvent::Ended(Err(WorkbenchError::NotAllowed(permission))) => {
            Message::PermissionWanted { of: WantedFor::Job(job), permission }
        }
        RunEvent::Ended(outcome) => {
            let outcome = outcome.map(JobOutcome::Run).map_err(Failure::new);
            Message::JobEnded { job, outcome }
        }
    })
}
