//! One request for words instead of rows: the next version of a prompt.
//!
//! It goes out as requests of a run do, with the same key, network and budget, but once: where it fails, a person asks
//! again.

use std::time::Instant;

use futures_util::StreamExt;
use tokio_util::sync::CancellationToken;

use super::run_loop::weighing::Ended;
use crate::domain::failure::STOPPED;
use crate::generate::{GenerateEvent, GenerateRequest, Generator, GeneratorError, ReplyEnd, Tail};
use crate::workbench::{NextRequest, RequestOutcome};

pub(crate) use super::run_loop::too_small;

/// Sends a request, and returns how it ended and what it took.
pub(crate) async fn ask_once(
    generator: &dyn Generator,
    next: &NextRequest,
    stop: &CancellationToken,
) -> RequestOutcome {
    let (began, tail) = (Instant::now(), Tail::unseen().of_request());
    let mut outcome = RequestOutcome { sent: 1, ..RequestOutcome::default() };
    let request = GenerateRequest { tail: Some(tail.clone()), ..next.request.clone() };
    let mut events = generator.generate(request);
    let mut failed: Option<GeneratorError> = None;
    loop {
        let event = tokio::select! {
            biased;
            () = stop.cancelled() => {
                outcome.error = Some(STOPPED.into());
                break;
            }
            event = events.next() => event,
        };
        match event {
            None => break,
            Some(Ok(GenerateEvent::Reply(text))) => outcome.reply = Some(text),
            Some(Ok(GenerateEvent::Usage(tokens))) => outcome.tokens = tokens,
            Some(Ok(GenerateEvent::AnsweredBy(model))) => outcome.answered_by = Some(model.into()),
            Some(Ok(GenerateEvent::Remark(remark))) => outcome.remarks.push(remark),
            Some(Ok(GenerateEvent::SentAgain)) => outcome.sent += 1,
            Some(Ok(GenerateEvent::Done(end))) => outcome.cut_off = end != ReplyEnd::Complete,
            // It is asked for words: that they are no rows is no fault.
            Some(Ok(_)) => {}
            Some(Err(error)) => {
                outcome.error = Some(error.to_string());
                failed = Some(error);
                break;
            }
        }
    }
    if outcome.tokens.is_nothing() {
        let (reply, bytes) = (outcome.reply.as_deref(), tail.heard());
        outcome.estimated = Ended { input: next.input, reply, bytes, error: failed.as_ref() }.estimated();
    }
    outcome.seconds = began.elapsed().as_secs_f64();
    outcome
}
