//! Runs whose requests are written to files, and whose results are read from files.

use super::plan::RunPlan;
use super::{PromptSource, Workbench, WorkbenchError};
use crate::domain::{BatchState, BatchTarget, OperationId, Run, RunNumber, RunOrder, RunStatus, Timestamp};
use crate::generate::Generator;

impl Workbench {
    /// Stages the beginning of a run that waits for results, and a new version if the draft is not one yet.
    ///
    /// # Errors
    ///
    /// As for a run that is sampled.
    pub(crate) fn begin_batch(
        &mut self,
        order: &RunOrder,
        source: &PromptSource,
        to: BatchTarget,
        info: &dyn Generator,
        operation: OperationId,
        at: Timestamp,
    ) -> Result<RunPlan, WorkbenchError> {
        self.begin_for(order, source, info, operation, at, Some(to))
    }

    /// Returns the plan of a batch that has begun: it makes the requests that were written, as long as nothing that
    /// they are made of has changed.
    ///
    /// # Errors
    ///
    /// The run is none of a batch, or its version is not there.
    pub(crate) fn plan_of_batch(
        &mut self,
        number: RunNumber,
        generator: &dyn Generator,
    ) -> Result<RunPlan, WorkbenchError> {
        let no_batch = || {
            WorkbenchError::Usage(format!("Run {number} is no batch; `rowsmith batch status` lists them."))
        };
        let run = self.projection.run(number).filter(|run| run.batch.is_some()).ok_or_else(no_batch)?.clone();
        let version = self.projection.version(run.version);
        let content = version.map(|version| version.content.clone()).ok_or_else(|| {
            WorkbenchError::Usage(format!("The version of run {number} is not there; write a new batch."))
        })?;
        let order = RunOrder {
            seed: Some(run.generator.seed),
            budget: run.budget,
            ..RunOrder::new(run.requested, run.settings.clone())
        };
        let maker = self.request_maker(content, &order, number, Some(&run));
        let operation = self.operation_of_run(number);
        Ok(self.plan(run, operation, generator, maker))
    }

    /// Returns how far a batch is.
    pub(crate) fn batch_state(&self, run: &Run) -> BatchState {
        BatchState::of(&self.projection, run)
    }

    /// Returns eight hex digits that tell the session's store from others.
    pub(crate) fn store_mark(&self) -> String {
        self.store.mark()
    }

    /// Returns how many facts are staged.
    pub(crate) const fn staged_count(&self) -> usize {
        self.staged.len()
    }

    /// Makes the facts that were staged since there were so many take effect together or not at all; they are of one
    /// operation.
    pub(crate) fn bind_since(&mut self, count: usize) {
        if let Some((_, parts)) = self.staged.get_mut(count..).and_then(<[_]>::split_last_mut) {
            parts.iter_mut().for_each(|fact| fact.part = true);
        }
    }

    /// Stages the end of a batch of which nothing is missing any more.
    pub(crate) fn end_batch(&mut self, plan: &RunPlan, at: Timestamp) {
        let waits = |run: &Run| run.status == RunStatus::Waiting;
        if self.projection.run(plan.number()).is_some_and(waits) {
            self.end_run(plan, RunStatus::Done, at);
        }
    }
}
