//! Resumed runs, and replies that are reused.

use std::collections::HashMap;

use super::plan::{PlannedRequest, RunPlan};
use super::{Workbench, WorkbenchError};
use crate::config::resolve::check_budget;
use crate::domain::failure::STOPPED;
use crate::domain::{
    Budget, Event, Fact, OperationId, Provider, RequestNumber, Run, RunNumber, RunOrder, RunStatus,
    TOKENS_OF_ROW, Timestamp, Tokens, TrialKind, TrialNumber,
};
use crate::generate::Generator;
use crate::store::StoreError;
use crate::template::estimate_tokens;

impl Workbench {
    /// Stages that a run is resumed: the named one, else the last that ended before it had all its rows.
    ///
    /// It continues after the last request that was begun, so none is sent twice, and asks for the missing
    /// rows again. It keeps its settings and seed; each limit in `budget` replaces the run's own for good,
    /// and what the run used before counts. The plan's facts belong to the run's original operation.
    ///
    /// # Errors
    ///
    /// Where there is no such run, it has all its rows or is running, or its cost is limited and the price
    /// of its model is not known.
    pub fn resume_run(
        &mut self,
        run: Option<RunNumber>,
        budget: Budget,
        generator: &dyn Generator,
        operation: OperationId,
        at: Timestamp,
    ) -> Result<RunPlan, WorkbenchError> {
        let mut run = self.run_to_resume(run)?.clone();
        let before = run.budget;
        run.budget = budget.over(before);
        check_budget(&run.settings, &run.budget)?;
        let version = self.projection.version(run.version);
        let content = version.map(|version| version.content.clone()).ok_or_else(|| {
            WorkbenchError::Usage(format!("The version of run {} is not there; sample anew.", run.number))
        })?;
        let order = RunOrder {
            seed: Some(run.generator.seed),
            budget: run.budget,
            reuse: run.reuse,
            trial: run.trial,
            ..RunOrder::new(run.requested, run.settings.clone())
        };
        let maker = self.request_maker(content, &order, run.number, Some(&run));
        let (maker, book) = self.planned_again(maker, &run)?;
        let first_index = self.next_index(run.number);
        let input = maker.make(first_index, order.generator.rows_per_request.max(1))?.tokens();
        let budget = (run.budget != before).then_some(run.budget);
        let own = self.operation_of_run(run.number);
        self.end_open_requests(run.number, own, at);
        self.stage(Fact::new(operation, at, Event::RunResumed { run: run.number, budget }));
        let run = self.projection.run(run.number).cloned().unwrap_or(run);
        Ok(RunPlan { first_index, input, book, ..self.plan(run, own, generator, maker) })
    }

    /// Stages the end of the requests of a trial's runs that were under way when the program ended, so that what they
    /// took counts before more is asked for.
    pub(crate) fn end_open_requests_of(&mut self, trial: TrialNumber, at: Timestamp) {
        let is_of = |run: &&Run| run.trial.is_some_and(|of| of.trial == trial);
        let interrupted =
            self.projection.runs().filter(is_of).filter(|run| run.status == RunStatus::Interrupted);
        let interrupted: Vec<_> = interrupted.map(|run| run.number).collect();
        for run in interrupted {
            self.end_open_requests(run, self.operation_of_run(run), at);
        }
    }

    /// Stages the end of the requests that were under way when the program ended. What they took is estimated: the
    /// server may have written all of their replies.
    fn end_open_requests(&mut self, number: RunNumber, operation: OperationId, at: Timestamp) {
        let Some(run) = self.projection.run(number) else { return };
        let open = self.projection.requests_of(number).filter(|request| request.seconds.is_none());
        let open: Vec<_> = open.map(|request| request.number).collect();
        let output = match run.used().output {
            0 => u64::from(run.settings.rows_per_request) * TOKENS_OF_ROW,
            written => written.div_ceil(u64::from(run.paid.max(1))),
        };
        let is_paid = run.generator.provider != Provider::Offline.name();
        for request in open {
            let messages = self.store.exchange(request).map(|exchange| exchange.messages).unwrap_or_default();
            let input = messages.iter().map(|message| estimate_tokens(&message.text) as u64).sum();
            let estimated = if is_paid { Tokens { input, output } } else { Tokens::default() };
            let event = Event::RequestEnded {
                run: number,
                request,
                reply: None,
                tokens: Tokens::default(),
                estimated,
                answered_by: None,
                remarks: vec![],
                seconds: 0.0,
                error: Some(STOPPED.into()),
                cut_off: false,
                sent: 1,
            };
            self.stage(Fact::new(operation, at, event));
        }
    }

    /// Returns the named run, else the last one, if rows are missing and it can be resumed.
    ///
    /// # Errors
    ///
    /// Where there is none; the message says why.
    pub fn run_to_resume(&self, number: Option<RunNumber>) -> Result<&Run, WorkbenchError> {
        let Some(number) = number else {
            let goes_on = |run: &&Run| run.misses_rows() && self.race_of(run).is_none();
            return self.projection.runs().rev().find(goes_on).ok_or_else(|| {
                WorkbenchError::Usage("There is no run to go on with: every run has all its rows.".into())
            });
        };
        let run = self.projection.run(number).ok_or_else(|| {
            WorkbenchError::Usage(format!("There is no run {number}; `rowsmith runs` lists them."))
        })?;
        if run.status == RunStatus::Running {
            return Err(WorkbenchError::Usage(format!("Run {number} goes on already.")));
        }
        if let Some(race) = self.race_of(run) {
            return Err(WorkbenchError::Usage(format!(
                "Run {number} belongs to race {}, which asks for its rows itself; `rowsmith race next` goes on.",
                race.0
            )));
        }
        if run.status == RunStatus::Waiting {
            return Err(WorkbenchError::Usage(format!(
                "Run {number} waits for the results of its batch: `rowsmith batch read` takes them in."
            )));
        }
        if !run.misses_rows() {
            return Err(WorkbenchError::Usage(format!("Run {number} has all its {} rows.", run.requested)));
        }
        if run.settings.provider.name() != run.generator.provider {
            return Err(WorkbenchError::Usage(format!(
                "Run {number} does not say what it was asked for with, so it cannot go on; sample anew."
            )));
        }
        Ok(run)
    }

    /// Returns the race that goes on, if a run is of it.
    fn race_of(&self, run: &Run) -> Option<TrialNumber> {
        let trial = self.projection.laboratory().going_of(run)?;
        (trial.kind == TrialKind::Race).then_some(trial.number)
    }

    /// Returns the index after the last request of a run that was begun.
    fn next_index(&self, run: RunNumber) -> u32 {
        let requests = (0..self.projection.request_count()).rev();
        let numbers = requests.map(|number| RequestNumber(u32::try_from(number).unwrap_or(u32::MAX)));
        let requests = numbers.filter_map(|number| self.projection.request(number));
        requests.filter(|request| request.run == run).map(|request| request.index + 1).max().unwrap_or(0)
    }

    /// Returns the requests that have ended, by key, the latest last.
    pub(super) fn answered_before(&self) -> HashMap<String, Vec<RequestNumber>> {
        let mut known: HashMap<String, Vec<RequestNumber>> = HashMap::new();
        for number in (0..self.projection.request_count()).filter_map(|number| u32::try_from(number).ok()) {
            let request = self.projection.request(RequestNumber(number));
            if let Some(request) = request.filter(|r| !r.key.is_empty() && r.seconds.is_some()) {
                known.entry(request.key.clone()).or_default().push(request.number);
            }
        }
        known
    }

    /// Returns the reply to the last identical request that was answered in full, if the run may reuse
    /// replies. Failed and cut-off requests are not reused.
    ///
    /// # Errors
    ///
    /// Where the store cannot be read.
    pub fn earlier_reply(
        &self,
        plan: &RunPlan,
        planned: &PlannedRequest,
    ) -> Result<Option<String>, WorkbenchError> {
        let known = plan.earlier.get(&planned.key).map(Vec::as_slice).unwrap_or_default();
        for number in known.iter().rev() {
            match self.store.exchange(*number) {
                Ok(exchange) => {
                    if let Some(reply) = exchange.whole_reply() {
                        return Ok(Some(reply.to_owned()));
                    }
                }
                Err(StoreError::Wordless(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }
}
