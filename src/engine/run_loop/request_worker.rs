//! One request: begun in the journal, sent, and what comes handed to the writer.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::signals::RunSignals;
use crate::curate::remarks::Instruction;
use crate::domain::{Fields, NewScrap, RequestNumber, Tokens};
use crate::engine::clock;
use crate::engine::writer::WriterHandle;
use crate::generate::reply::{ReplyReader, RowRules};
use crate::generate::{
    EventStream, GenerateEvent, GenerateRequest, Generator, GeneratorError, ReplyEnd, Tail,
};
use crate::template::estimate_tokens;
use crate::workbench::{PlannedRequest, RequestOutcome, RunPlan, WorkbenchError};

/// How many events are taken in together where they come at once.
const TOGETHER: usize = 16;
/// How long rows wait for others of their request before they are written; shared fsyncs cost less.
const FLUSH: Duration = Duration::from_millis(100);
/// The same where [`MANY`] requests or more are under way, and rows come all the time.
const FLUSH_OF_MANY: Duration = Duration::from_millis(250);
/// How many requests at once count as many.
pub(super) const MANY: u32 = 32;
/// Reasons of scraps that are kept of a request that brings no row.
const MOST_REASONS: usize = 8;

/// Carries out one request of a run: its beginning in the journal, the sending, and what comes back.
#[derive(Clone)]
pub(super) struct RequestWorker {
    pub(super) writer: WriterHandle,
    pub(super) generator: Arc<dyn Generator>,
    pub(super) plan: Arc<RunPlan>,
    pub(super) cut: CancellationToken,
    pub(super) signals: Arc<RunSignals>,
    pub(super) began: Instant,
    /// Receives the end of the reply that is being written, where somebody looks on.
    pub(super) tail: Option<Tail>,
}

/// A request's place in the run.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    pub(super) index: u32,
    /// Rows that it is asked for.
    pub(super) rows: u32,
    /// How often it was sent before.
    pub(super) attempt: u32,
    /// The tokens that it is expected to use.
    pub(super) guess: Tokens,
}

/// A request that is in the journal and may be sent.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) place: Place,
    pub(super) number: RequestNumber,
    pub(super) planned: Arc<PlannedRequest>,
    /// About how many tokens its messages are.
    pub(super) input: u64,
    /// The reply that it got before, where it may be served again.
    pub(super) earlier: Option<String>,
}

/// How a request ended.
#[derive(Debug, Default)]
pub(super) enum End {
    #[default]
    Done,
    Stopped,
    Failed(GeneratorError),
}

/// What a request brought.
#[derive(Debug, Default)]
pub(super) struct RequestReport {
    pub(super) place: Place,
    pub(super) end: End,
    /// Valid rows that came.
    pub(super) came: u32,
    /// Tokens as the provider counted them.
    pub(super) tokens: Tokens,
    /// The same, estimated where the provider counted none.
    pub(super) spent: Tokens,
    /// How long the server takes no more requests, where its limit is used up.
    pub(super) rest: Option<Duration>,
    /// Why pieces of it are no rows.
    pub(super) reasons: Vec<String>,
    /// How often it was sent again without a parameter that the server refused.
    pub(super) sent_again: u32,
    /// When it was sent, since the run began.
    pub(super) sent: Duration,
}

/// Returns whether the server wants to be asked less.
pub(super) const fn is_limit(error: &GeneratorError) -> bool {
    matches!(
        error,
        GeneratorError::RateLimited { .. } | GeneratorError::ServerFailed { status: 429 | 529, .. }
    )
}

/// Returns whether the same request may succeed when it is sent again.
pub(super) const fn may_pass(error: &GeneratorError) -> bool {
    error.is_transient() || matches!(error, GeneratorError::Rejected { status: 408 | 409, .. })
}

/// Returns whether there is no server at all.
pub(super) const fn is_away(error: &GeneratorError) -> bool {
    matches!(error, GeneratorError::Unreachable { .. })
}

/// The last rows of a request with how it ended: still to be handed to the writer.
#[derive(Debug)]
pub(super) struct LastBatch {
    context: RequestContext,
    batch: Batch,
    outcome: RequestOutcome,
}

/// The request that rows came of, as far as the writer and the flags need it.
#[derive(Debug)]
struct RequestContext {
    number: RequestNumber,
    planned: Arc<PlannedRequest>,
    /// What its prompt tells the model, worked out when its first rows come.
    told: OnceLock<Option<Instruction>>,
}

/// Rows and scraps that wait to be written.
#[derive(Debug, Default)]
struct Batch {
    rows: Vec<Fields>,
    scraps: Vec<NewScrap>,
}

impl RequestWorker {
    /// Renders a request and writes down that it begins; it may be sent once this returns.
    pub(super) async fn prepare(self, place: Place) -> Result<Prepared, (Place, WorkbenchError)> {
        let failed = |error| (place, error);
        let planned = Arc::new(self.plan.request(place.index, place.rows).map_err(failed)?);
        let (plan, copy) = (Arc::clone(&self.plan), Arc::clone(&planned));
        let begun = self.writer.tell(move |bench| {
            let earlier = if plan.reuse { bench.earlier_reply(&plan, &copy)? } else { None };
            Ok((bench.begin_request(&plan, &copy, clock::now())?, earlier))
        });
        let (number, earlier) = begun.await.map_err(failed)?;
        let input =
            planned.request.messages.iter().map(|message| estimate_tokens(&message.text) as u64).sum();
        Ok(Prepared { place, number, planned, input, earlier })
    }

    /// Sends a request and takes in what comes until it has ended. What came last is still to be kept: the next
    /// request need not wait for that.
    pub(super) async fn ask(self, prepared: Prepared) -> (RequestReport, LastBatch) {
        let started = Instant::now();
        let Prepared { place, number, planned, input, earlier } = prepared;
        let context = RequestContext { number, planned: Arc::clone(&planned), told: OnceLock::new() };
        let is_served = earlier.is_some();
        let mut report = RequestReport { place, sent: self.began.elapsed(), ..RequestReport::default() };
        let (mut outcome, mut batch) = (RequestOutcome::default(), Batch::default());
        let events = match earlier {
            Some(reply) => served(&planned, &reply),
            None => self
                .generator
                .generate(GenerateRequest { tail: self.tail.clone(), ..planned.request.clone() }),
        };
        report.end = self.listen(events, &context, &mut outcome, &mut batch, &mut report).await;
        report.tokens = outcome.tokens;
        report.spent = match &outcome.reply {
            Some(reply) if report.tokens == Tokens::default() && !is_served => {
                Tokens { input, output: estimate_tokens(reply) as u64 }
            }
            _ => report.tokens,
        };
        outcome.seconds = started.elapsed().as_secs_f64();
        outcome.error = match &report.end {
            End::Done => None,
            End::Stopped if self.signals.has_enough() => None,
            End::Stopped => Some("It was stopped.".into()),
            End::Failed(error) => Some(error.to_string()),
        };
        (report, LastBatch { context, batch, outcome })
    }

    /// Flags what came last in a request and hands it to the writer, with the request's end.
    pub(super) fn hand_over_last(&self, last: LastBatch) {
        self.hand_over(&last.context, last.batch, Some(last.outcome));
    }

    async fn listen(
        &self,
        events: EventStream<'_>,
        context: &RequestContext,
        outcome: &mut RequestOutcome,
        batch: &mut Batch,
        report: &mut RequestReport,
    ) -> End {
        let mut events = events.ready_chunks(TOGETHER);
        let mut flush_at: Option<Instant> = None;
        loop {
            let chunk = tokio::select! {
                biased;
                () = self.cut.cancelled() => return End::Stopped,
                chunk = events.next() => chunk,
                () = tokio::time::sleep_until(flush_at.unwrap_or(self.began)), if flush_at.is_some() => {
                    flush_at = None;
                    self.hand_over(context, std::mem::take(batch), None);
                    continue;
                }
            };
            let Some(chunk) = chunk else { return End::Done };
            let is_full = chunk.len() == TOGETHER;
            for event in chunk {
                match event {
                    Ok(GenerateEvent::Row(fields)) => {
                        report.came += 1;
                        batch.rows.push(fields);
                    }
                    Ok(GenerateEvent::Scrap { raw, reason }) => {
                        if report.reasons.len() < MOST_REASONS {
                            report.reasons.push(reason.clone());
                        }
                        batch.scraps.push(NewScrap { raw, reason });
                    }
                    Ok(GenerateEvent::Reply(text)) => outcome.reply = Some(text),
                    Ok(GenerateEvent::Usage(tokens)) => outcome.tokens = tokens,
                    Ok(GenerateEvent::AnsweredBy(model)) => outcome.answered_by = Some(model.into()),
                    Ok(GenerateEvent::Remark(remark)) => outcome.remarks.push(remark),
                    Ok(GenerateEvent::Accepted) => {}
                    Ok(GenerateEvent::SentAgain) => report.sent_again += 1,
                    Ok(GenerateEvent::Limits(limits)) => report.rest = limits.rest(),
                    Ok(GenerateEvent::Done(end)) => outcome.cut_off = end != ReplyEnd::Complete,
                    Err(error) => return End::Failed(error),
                }
            }
            if flush_at.is_none() && !batch.is_empty() {
                let flush = if self.plan.concurrency < MANY { FLUSH } else { FLUSH_OF_MANY };
                flush_at = Some(Instant::now() + flush);
            }
            // A generator that never waits must not keep its thread from others.
            if is_full {
                tokio::task::yield_now().await;
            }
        }
    }

    /// Hands what came to the writer, with the request's end where it has ended. Nobody waits for it:
    /// what cannot be saved ends the run.
    fn hand_over(&self, context: &RequestContext, batch: Batch, end: Option<RequestOutcome>) {
        if batch.is_empty() && end.is_none() {
            return;
        }
        let number = context.number;
        let rows = if batch.rows.is_empty() {
            Vec::new()
        } else {
            let told = context.told.get_or_init(|| self.plan.instruction(&context.planned));
            self.plan.flag(batch.rows, told.as_ref())
        };
        let (plan, signals) = (Arc::clone(&self.plan), Arc::clone(&self.signals));
        self.writer.hand_over(
            move |bench| {
                bench.keep_scraps(&plan, number, batch.scraps, clock::now());
                let taken = bench.take_in(&plan, number, rows, clock::now());
                if let Some(outcome) = end {
                    bench.end_request(&plan, number, outcome, clock::now())?;
                }
                Ok(taken.rows)
            },
            move |outcome| match outcome {
                Ok(rows) => signals.saved(rows),
                Err(error) => signals.failed(error.to_string()),
            },
        );
    }
}

impl Batch {
    const fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.scraps.is_empty()
    }
}

/// Reads a reply that came before as if it came now.
fn served<'a>(planned: &PlannedRequest, reply: &str) -> EventStream<'a> {
    let request = &planned.request;
    let rules = RowRules::new(request.schema_fields.clone(), request.labels.clone());
    let mut reader = ReplyReader::new(Arc::new(rules));
    let mut events = reader.feed(reply.as_bytes());
    let (rest, text) = reader.finish(None);
    events.extend(rest);
    events.push(GenerateEvent::Reply(text));
    events.push(GenerateEvent::Done(ReplyEnd::Complete));
    stream::iter(events.into_iter().map(Ok)).boxed()
}
