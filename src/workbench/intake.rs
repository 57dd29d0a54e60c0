//! Stages the facts of a run from its beginning to its end.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::flagging::FlaggedRow;
use super::plan::{PlannedRequest, RequestMaker, RunPlan};
use super::similar::Others;
use super::{PromptSource, Workbench, WorkbenchError};
use crate::config::resolve::check_budget;
use crate::curate::plan::PlanTable;
pub(super) use crate::curate::plan::next_seed;
use crate::domain::{
    BatchTarget, Event, Fact, FieldValue, Fields, NewRow, NewScrap, OperationId, PlanMode, PlanOrder,
    Request, RequestNumber, RowId, RowNumber, Run, RunNumber, RunOrder, RunStatus, Timestamp, Tokens,
};
use crate::generate::Generator;

/// The result of taking in rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TakenIn {
    /// Rows of the run so far.
    pub rows: u32,
    /// Rows that were dropped because the run already has all the rows it asked for.
    pub beyond: u32,
}

/// How a request ended.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RequestOutcome {
    /// The reply's text, as far as it was received.
    pub reply: Option<String>,
    /// Tokens as the provider counted them.
    pub tokens: Tokens,
    /// Tokens that were estimated, because the provider counted none.
    pub estimated: Tokens,
    /// The model that answered, as the server names it.
    pub answered_by: Option<Arc<str>>,
    /// What a person should know of the run, as sentences.
    pub remarks: Vec<String>,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// Why it failed, as a sentence.
    pub error: Option<String>,
    /// Whether the reply ended early, at its token limit.
    pub cut_off: bool,
    /// How often it was sent; 0 where the run ended before, or the store had its reply.
    pub sent: u32,
}

impl Workbench {
    /// Stages the beginning of a run, and a new version if the draft is not one yet.
    ///
    /// # Errors
    ///
    /// Where the prompt cannot be used, or the settings name no generator.
    pub fn begin_run(
        &mut self,
        order: &RunOrder,
        source: &PromptSource,
        info: &dyn Generator,
        operation: OperationId,
        at: Timestamp,
    ) -> Result<RunPlan, WorkbenchError> {
        self.begin_for(order, source, info, operation, at, None)
    }

    /// Stages the beginning of a run whose requests are sent now, or written to files for what is named.
    pub(super) fn begin_for(
        &mut self,
        order: &RunOrder,
        source: &PromptSource,
        info: &dyn Generator,
        operation: OperationId,
        at: Timestamp,
        batch: Option<BatchTarget>,
    ) -> Result<RunPlan, WorkbenchError> {
        let of_side = order.trial.map(|side| self.source_of_side(side)).transpose()?;
        let source = of_side.as_ref().unwrap_or(source);
        let source = &self.resolved(source);
        let content = self.content_of(source)?;
        let number = RunNumber(u32::try_from(self.projection.runs().count()).unwrap_or(u32::MAX - 1) + 1);
        let maker = self.request_maker(content, order, number, None);
        check_budget(&order.generator, &order.budget)?;
        let most = order.generator.rows_per_request.max(1);
        // The sides of a trial draw the same values, which a plan would spread in another way for each.
        let spread = if order.trial.is_some() { PlanOrder::default() } else { order.plan.clone() };
        let (maker, table) = self.planned(maker, &spread, (order.rows, most), info.unread().is_none())?;
        let input = maker.make(0, order.rows.min(most).max(1))?.tokens();
        let version = self.version_for(source, operation, at)?;
        let info_of_run = info.name().info(order.generator.temperature, maker.seed);
        let run = Run {
            settings: order.generator.clone(),
            budget: order.budget,
            reuse: order.reuse,
            batch,
            trial: order.trial,
            plan: table.as_ref().and_then(PlanTable::of_run),
            status: if batch.is_some() { RunStatus::Waiting } else { RunStatus::Running },
            ..Run::begun(number, version, maker.label.clone(), info_of_run, order.rows, at)
        };
        let settings = run.settings.clone().into_written();
        let begun = Event::RunBegan { run: Box::new(Run { settings, ..run.clone() }) };
        self.stage(Fact::new(operation, at, begun));
        let planned = table.filter(|table| table.order.mode != PlanMode::Random);
        let book = planned.as_ref().map(PlanTable::book);
        Ok(RunPlan { input, book, ..self.plan(run, operation, info, maker) })
    }

    /// Returns the plan of a run that has begun.
    pub(super) fn plan(
        &mut self,
        run: Run,
        operation: OperationId,
        info: &dyn Generator,
        maker: RequestMaker,
    ) -> RunPlan {
        let settings = &run.settings;
        let concurrency = if info.ordered() { 1 } else { settings.concurrency.max(1) };
        let rows_per_request = settings.rows_per_request.max(1);
        let reads_prompt = info.unread().is_none();
        let (budget, limits, price, reuse) = (run.budget, settings.limits, settings.price, run.reuse);
        let earlier = Arc::new(if reuse { self.answered_before() } else { HashMap::new() });
        let flagger = self.flagger();
        let is_hidden = self.projection.hides_run(&run);
        RunPlan {
            run,
            operation,
            rows_per_request,
            concurrency,
            reads_prompt,
            first_index: 0,
            input: 0,
            budget,
            is_hidden,
            limits,
            price,
            reuse,
            book: None,
            maker,
            flagger,
            earlier,
        }
    }

    /// Returns the maker of a run's requests. A run without a seed of its own gets the session's next one. One that
    /// has begun keeps its label, and of the session's rows it shows those that were decided by then.
    pub(super) fn request_maker(
        &self,
        content: crate::domain::PromptContent,
        order: &RunOrder,
        number: RunNumber,
        begun: Option<&Run>,
    ) -> RequestMaker {
        let (session, dataset) = (Arc::clone(&self.session), Arc::clone(&self.dataset));
        let maker = RequestMaker::new(session, dataset, content, order, number);
        let label = begun.map_or_else(|| maker.label.clone(), |run| run.label.clone());
        let maker = RequestMaker { label, ..maker };
        maker.showing(&self.examples, &self.projection, begun.map(|run| run.started_at))
    }

    /// Stages the beginning of a request, so that it is recorded whatever happens to it.
    pub fn begin_request(
        &mut self,
        plan: &RunPlan,
        planned: &PlannedRequest,
        at: Timestamp,
    ) -> RequestNumber {
        let number = RequestNumber(u32::try_from(self.projection.request_count()).unwrap_or(u32::MAX));
        let messages = serde_json::to_string(&planned.request.messages).unwrap_or_default();
        let messages = self.store.keep(messages);
        let variables = if plan.reads_prompt { planned.request.variables.clone() } else { BTreeMap::new() };
        let request = Request {
            number,
            run: plan.run.number,
            index: planned.index,
            seed: planned.request.seed,
            variables: Arc::new(variables),
            examples: if plan.reads_prompt { planned.shown() } else { Vec::new() },
            answered_by: None,
            seconds: None,
            key: planned.key.clone(),
        };
        self.stage(Fact::new(plan.operation, at, Event::RequestBegan { request, messages }));
        number
    }

    /// Stages rows that the plan has flagged: each gets an id, and a flag if an earlier row has the same text
    /// or nearly the same.
    pub fn take_in(
        &mut self,
        plan: &RunPlan,
        request: RequestNumber,
        rows: Vec<FlaggedRow>,
        at: Timestamp,
    ) -> TakenIn {
        let run = plan.run.number;
        let have = self.projection.run(run).map_or(0, |run| run.rows);
        let room = plan.run.requested.saturating_sub(have) as usize;
        let beyond = u32::try_from(rows.len().saturating_sub(room)).unwrap_or(u32::MAX);
        let first = RowNumber(u32::try_from(self.projection.len()).unwrap_or(u32::MAX));
        let mut taken: Vec<NewRow> = Vec::new();
        let (similar, projection) = self.similar();
        for (number, row) in (first.0..).map(RowNumber).zip(rows.into_iter().take(room)) {
            let FlaggedRow { fields, findings } = row;
            let coming =
                |place: usize| taken.get(place).map(|row| (row.id, Cow::Borrowed(row.fields.text())));
            let others = Others { projection, coming: &coming };
            let (flags, scores) = similar.take_in(fields.text(), findings, number, others);
            let id = Self::new_id();
            let label = match fields.0.get(Fields::LABEL) {
                Some(FieldValue::Text(label)) => label.clone(),
                _ => plan.run.label.clone(),
            };
            taken.push(NewRow { id, label, fields, flags, scores });
        }
        let came = u32::try_from(taken.len()).unwrap_or(u32::MAX);
        if came > 0 {
            let event = Event::Sampled { run, request, first, rows: taken };
            self.stage(Fact::new(plan.operation, at, event));
        }
        TakenIn { rows: have + came, beyond }
    }

    /// Returns a new row id: 50 random bits make a collision practically impossible.
    pub(super) fn new_id() -> RowId {
        // Without system randomness, the clock and the row's number still make ids of different sessions
        // differ.
        let seed = getrandom::u64().unwrap_or_else(|_| {
            let since = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
            u64::try_from(since.as_nanos() & u128::from(u64::MAX)).unwrap_or_default()
        });
        RowId::from_bits(seed)
    }

    /// Stages pieces of a reply that did not become rows.
    pub fn keep_scraps(
        &mut self,
        plan: &RunPlan,
        request: RequestNumber,
        scraps: Vec<NewScrap>,
        at: Timestamp,
    ) {
        if !scraps.is_empty() {
            let event = Event::Scrapped { run: plan.run.number, request, scraps };
            self.stage(Fact::new(plan.operation, at, event));
        }
    }

    /// Stages the end of a request.
    pub fn end_request(
        &mut self,
        plan: &RunPlan,
        request: RequestNumber,
        outcome: RequestOutcome,
        at: Timestamp,
    ) {
        self.stage_end(plan.operation, (plan.run.number, request), outcome, at);
    }

    /// Stages the end of a request of a run.
    pub(super) fn stage_end(
        &mut self,
        operation: OperationId,
        (run, request): (RunNumber, RequestNumber),
        outcome: RequestOutcome,
        at: Timestamp,
    ) {
        let reply = outcome.reply.map(|text| self.store.keep(text));
        let event = Event::RequestEnded {
            run,
            request,
            reply,
            tokens: outcome.tokens,
            estimated: outcome.estimated,
            answered_by: outcome.answered_by,
            remarks: outcome.remarks,
            seconds: outcome.seconds,
            error: outcome.error,
            cut_off: outcome.cut_off,
            sent: outcome.sent,
        };
        self.stage(Fact::new(operation, at, event));
    }

    /// Stages the end of the requests that have none; for a run that has nothing under way, they were never sent.
    pub fn end_unsent(&mut self, plan: &RunPlan, at: Timestamp) {
        let open = self.projection.requests_of(plan.run.number).filter(|request| request.seconds.is_none());
        for request in open.map(|request| request.number).collect::<Vec<_>>() {
            self.end_request(plan, request, RequestOutcome::default(), at);
        }
    }

    /// Stages the end of a run that could not begin, if it is staged.
    pub(crate) fn end_unbegun(&mut self, operation: OperationId, reason: &str, at: Timestamp) {
        let began = |fact: &Fact| match &fact.event {
            Event::RunBegan { run } if fact.operation == operation => Some(run.number),
            Event::RunResumed { run, .. } if fact.operation == operation => Some(*run),
            _ => None,
        };
        if let Some(run) = self.staged.iter().find_map(began) {
            let operation = self.operation_of_run(run);
            let status = RunStatus::Failed { reason: reason.to_owned() };
            self.stage(Fact::new(operation, at, Event::RunEnded { run, status }));
        }
    }

    /// Stages the end of a run.
    pub fn end_run(&mut self, plan: &RunPlan, status: RunStatus, at: Timestamp) {
        self.stage(Fact::new(plan.operation, at, Event::RunEnded { run: plan.run.number, status }));
    }
}
