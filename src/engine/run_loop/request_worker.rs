//! One request: begun in the journal, sent, and what comes handed to the writer.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::remarks::Noticed;
use super::signals::RunSignals;
use super::weighing::{BYTES_AROUND_ROW, Ended};
use crate::curate::remarks::Instruction;
use crate::domain::failure::STOPPED;
use crate::domain::{FieldValue, Fields, Flag, NewScrap, RequestNumber, Tokens};
use crate::engine::clock;
use crate::engine::writer::WriterHandle;
use crate::generate::reply::{ReplyReader, RowRules};
use crate::generate::{
    EventStream, GenerateEvent, GenerateRequest, Generator, GeneratorError, ReplyEnd, Tail,
};
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
    /// Receives what models write; `None` where the generator asks no model.
    pub(super) tail: Option<Tail>,
    pub(super) noticed: Arc<Noticed>,
}

/// A request's place in the run.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    pub(super) index: u32,
    /// Rows that it is asked for.
    pub(super) rows: u32,
    /// The combination of variables that it is for, where the run has a plan.
    pub(super) combination: Option<u32>,
    /// How often it was sent before.
    pub(super) attempt: u32,
    /// The tokens that it is expected to use.
    pub(super) guess: Tokens,
    /// Whether it was sent alone, to learn whether others would pass.
    pub(super) is_probe: bool,
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
    /// Whether the server took it: a reply began.
    pub(super) is_accepted: bool,
    /// Valid rows that came.
    pub(super) came: u32,
    /// Tokens as the provider counted them, or estimated where it counted none.
    pub(super) spent: Tokens,
    /// About how many tokens its messages are.
    pub(super) input: u64,
    /// Whether its reply came from the store.
    pub(super) is_served: bool,
    /// What a person should know of the run.
    pub(super) remarks: Vec<String>,
    /// How long the server takes no more requests, where its limit is used up.
    pub(super) rest: Option<Duration>,
    /// The bytes of its rows and scraps, with what stands around them in a reply.
    pub(super) bytes: usize,
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
    rows: Vec<(Fields, Option<Flag>)>,
    scraps: Vec<NewScrap>,
}

impl RequestWorker {
    /// Renders a request, where that was not done before, and writes down that it begins; it may be sent once this
    /// returns.
    pub(super) async fn prepare(
        self,
        place: Place,
        rendered: Option<Arc<PlannedRequest>>,
    ) -> Result<Prepared, (Place, WorkbenchError)> {
        let failed = |error| (place, error);
        let planned = match rendered {
            Some(planned) => planned,
            None => {
                Arc::new(self.plan.request_of(place.index, place.rows, place.combination).map_err(failed)?)
            }
        };
        let (plan, copy) = (Arc::clone(&self.plan), Arc::clone(&planned));
        let begun = self.writer.tell(move |bench| {
            let earlier = if plan.reuse { bench.earlier_reply(&plan, &copy)? } else { None };
            Ok((bench.begin_request(&plan, &copy, clock::now()), earlier))
        });
        let (number, earlier) = begun.await.map_err(failed)?;
        let input = planned.tokens();
        Ok(Prepared { place, number, planned, input, earlier })
    }

    /// Sends a request and takes in what comes until it has ended. What came last is still to be kept: the next
    /// request need not wait for that.
    pub(super) async fn ask(self, prepared: Prepared) -> (RequestReport, LastBatch) {
        let started = Instant::now();
        let Prepared { place, number, planned, input, earlier } = prepared;
        let context = RequestContext { number, planned: Arc::clone(&planned), told: OnceLock::new() };
        let (is_served, sent) = (earlier.is_some(), self.began.elapsed());
        let mut report = RequestReport { place, input, is_served, sent, ..RequestReport::default() };
        let (mut outcome, mut batch) = (RequestOutcome::default(), Batch::default());
        let tail = self.tail.as_ref().map(Tail::of_request);
        let is_sent = !self.cut.is_cancelled();
        report.end = if is_sent {
            let events = match earlier {
                Some(reply) => served(&planned, &reply),
                None => {
                    self.generator.generate(GenerateRequest { tail: tail.clone(), ..planned.request.clone() })
                }
            };
            self.listen(events, &context, &mut outcome, &mut batch, &mut report).await
        } else {
            End::Stopped
        };
        if is_sent && !is_served {
            outcome.sent = 1 + report.sent_again;
            self.weigh(&planned, tail.as_ref(), &report, &mut outcome);
        }
        report.spent = outcome.tokens.plus(outcome.estimated);
        report.remarks.clone_from(&outcome.remarks);
        outcome.seconds = started.elapsed().as_secs_f64();
        outcome.error = match &report.end {
            End::Done => None,
            End::Stopped if self.signals.has_enough() => None,
            End::Stopped => Some(STOPPED.into()),
            End::Failed(error) => Some(error.to_string()),
        };
        (report, LastBatch { context, batch, outcome })
    }

    /// Estimates what a request took that the provider did not count, and remarks on who answered and what was read.
    fn weigh(
        &self,
        planned: &PlannedRequest,
        tail: Option<&Tail>,
        report: &RequestReport,
        outcome: &mut RequestOutcome,
    ) {
        let answered_by = outcome.answered_by.as_deref();
        outcome.remarks.extend(answered_by.and_then(|model| self.noticed.model(&self.plan.run, model)));
        if !self.plan.reads_prompt {
            return;
        }
        let messages = &planned.request.messages;
        outcome.remarks.extend(self.noticed.prompt(messages, report.input, outcome.tokens.input));
        if !outcome.tokens.is_nothing() {
            return;
        }
        let error = match &report.end {
            End::Done | End::Stopped => None,
            End::Failed(error) => Some(error),
        };
        let (reply, bytes) = (outcome.reply.as_deref(), tail.map_or(0, Tail::heard).max(report.bytes));
        outcome.estimated = Ended { input: report.input, reply, bytes, error }.estimated();
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
                if is_beyond(report, event.as_ref().ok()) {
                    continue;
                }
                self.hear(event.as_ref().ok(), report);
                match event {
                    Ok(GenerateEvent::Row(fields)) => {
                        report.came += 1;
                        batch.rows.push((fields, None));
                    }
                    Ok(GenerateEvent::FlaggedRow(fields, flag)) => {
                        report.came += 1;
                        batch.rows.push((fields, Some(flag)));
                    }
                    Ok(GenerateEvent::Scrap { raw, reason }) => {
                        if report.reasons.len() < MOST_REASONS {
                            report.reasons.push(reason.clone());
                        }
                        report.bytes += raw.len();
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

    /// Tells the run what it may wait for: that the server takes requests, and that rows come.
    fn hear(&self, event: Option<&GenerateEvent>, report: &mut RequestReport) {
        match event {
            Some(GenerateEvent::Row(fields) | GenerateEvent::FlaggedRow(fields, _)) => {
                self.signals.row_comes();
                let texts = fields.0.values().map(|value| match value {
                    FieldValue::Text(text) => text.len(),
                    _ => 1,
                });
                report.bytes += texts.sum::<usize>() + BYTES_AROUND_ROW;
            }
            Some(GenerateEvent::Accepted | GenerateEvent::Scrap { .. } | GenerateEvent::Usage(_)) => {}
            _ => return,
        }
        report.is_accepted = true;
        if !report.is_served {
            self.signals.accept();
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
                    bench.end_request(&plan, number, outcome, clock::now());
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

/// Returns whether a row is more than a request of a plan was asked for: another combination's place is not taken.
fn is_beyond(report: &RequestReport, event: Option<&GenerateEvent>) -> bool {
    let is_row = matches!(event, Some(GenerateEvent::Row(_) | GenerateEvent::FlaggedRow(..)));
    is_row && report.place.combination.is_some() && report.came >= report.place.rows
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
