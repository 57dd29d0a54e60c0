//! What a result becomes: the request that it answers, made again, and what its reply holds. Nothing here changes the
//! session, so results are worked on side by side.

use std::sync::Arc;

use crate::batch::{Answered, CustomId};
use crate::domain::{FieldValue, Fields, Flag, NewScrap, RunNumber};
use crate::engine::run_loop::remarks::Noticed;
use crate::engine::run_loop::weighing::{BYTES_AROUND_ROW, Ended};
use crate::generate::{GenerateEvent, GeneratorError, ProviderGenerator, ReplyEnd, Tail};
use crate::workbench::{FlaggedRow, PlannedRequest, RequestOutcome, RunPlan, WorkbenchError};

/// A batch, as far as it stays the same while results are read.
pub(super) struct Batch {
    pub(super) plan: RunPlan,
    pub(super) generator: ProviderGenerator,
    pub(super) noticed: Noticed,
}

/// A result that belongs to a batch.
pub(super) struct Given {
    pub(super) batch: Arc<Batch>,
    pub(super) id: CustomId,
    pub(super) answered: Answered,
}

/// What a result became.
pub(super) enum Made {
    /// It answers what the session would send.
    Read(Box<Reading>),
    /// The session would send something else now.
    Changed,
    /// Its request cannot be made any more.
    Failed(WorkbenchError),
}

/// A reply that was read.
pub(super) struct Reading {
    pub(super) run: RunNumber,
    pub(super) planned: PlannedRequest,
    pub(super) rows: Vec<FlaggedRow>,
    pub(super) scraps: Vec<NewScrap>,
    pub(super) outcome: RequestOutcome,
}

impl Reading {
    /// Returns whether a reply came, whatever it brought.
    pub(super) fn is_answered(&self) -> bool {
        !self.rows.is_empty() || !self.scraps.is_empty() || self.outcome.answered_by.is_some()
    }
}

/// What the events of a reply add up to.
#[derive(Default)]
struct Heard {
    rows: Vec<(Fields, Option<Flag>)>,
    scraps: Vec<NewScrap>,
    outcome: RequestOutcome,
    error: Option<GeneratorError>,
    bytes: usize,
}

impl Given {
    /// Makes the request again and reads what answers it.
    pub(super) fn make(&self) -> Made {
        let Batch { plan, generator, noticed } = &*self.batch;
        let planned = match plan.request(self.id.index, self.id.rows) {
            Ok(planned) => planned,
            Err(error) => return Made::Failed(error),
        };
        if planned.key.get(..CustomId::KEY) != Some(&self.id.key) {
            return Made::Changed;
        }
        let tail = Tail::unseen();
        let mut heard = match &self.answered {
            Answered::Body { status, body } => {
                let request = planned.request.for_reading(tail.clone());
                Heard::of(generator.read(request, *status, body.as_bytes()))
            }
            Answered::Failed(reason) => {
                let outcome = RequestOutcome { error: Some(reason.clone()), ..RequestOutcome::default() };
                Heard { outcome, ..Heard::default() }
            }
        };
        heard.outcome.sent = 1;
        if matches!(self.answered, Answered::Body { .. }) {
            heard.weigh(plan, &planned, noticed, &tail);
        }
        let told = if heard.rows.is_empty() { None } else { plan.instruction(&planned) };
        let Heard { rows, scraps, outcome, .. } = heard;
        let rows = plan.flag(rows, told.as_ref());
        Made::Read(Box::new(Reading { run: self.id.run, planned, rows, scraps, outcome }))
    }
}

impl Heard {
    fn of(events: Vec<Result<GenerateEvent, GeneratorError>>) -> Self {
        let mut heard = Self::default();
        for event in events {
            match event {
                Ok(event) => heard.take(event),
                Err(error) => {
                    heard.outcome.error = Some(error.to_string());
                    heard.error = Some(error);
                }
            }
        }
        heard
    }

    fn take(&mut self, event: GenerateEvent) {
        let outcome = &mut self.outcome;
        match event {
            GenerateEvent::Row(fields) => self.row(fields, None),
            GenerateEvent::FlaggedRow(fields, flag) => self.row(fields, Some(flag)),
            GenerateEvent::Scrap { raw, reason } => {
                self.bytes += raw.len();
                self.scraps.push(NewScrap { raw, reason });
            }
            GenerateEvent::Reply(text) => outcome.reply = Some(text),
            GenerateEvent::Usage(tokens) => outcome.tokens = tokens,
            GenerateEvent::AnsweredBy(model) => outcome.answered_by = Some(model.into()),
            GenerateEvent::Remark(remark) => outcome.remarks.push(remark),
            GenerateEvent::Done(end) => outcome.cut_off = end != ReplyEnd::Complete,
            GenerateEvent::Accepted | GenerateEvent::SentAgain | GenerateEvent::Limits(_) => {}
        }
    }

    fn row(&mut self, fields: Fields, flag: Option<Flag>) {
        let texts = fields.0.values().map(|value| match value {
            FieldValue::Text(text) => text.len(),
            _ => 1,
        });
        self.bytes += texts.sum::<usize>() + BYTES_AROUND_ROW;
        self.rows.push((fields, flag));
    }

    /// Estimates what was not counted, and remarks on who answered and what was read, as a run does.
    fn weigh(&mut self, plan: &RunPlan, planned: &PlannedRequest, noticed: &Noticed, tail: &Tail) {
        let (outcome, input) = (&mut self.outcome, planned.tokens());
        let answered_by = outcome.answered_by.as_deref();
        let other = answered_by.and_then(|model| noticed.model(&plan.run, model));
        let cut = noticed.prompt(&planned.request.messages, input, outcome.tokens.input);
        outcome.remarks.extend(other.into_iter().chain(cut));
        if outcome.tokens.is_nothing() {
            let (reply, bytes) = (outcome.reply.as_deref(), tail.heard().max(self.bytes));
            outcome.estimated = Ended { input, reply, bytes, error: self.error.as_ref() }.estimated();
        }
    }
}
