//! One request for words instead of rows: the next version of a prompt.
//!
//! It goes out as requests of a run do, with the same key, network and budget, but once: where it fails, a person asks
//! again.

use std::sync::Arc;
use std::time::Instant;

use futures_util::StreamExt;
use tokio_util::sync::CancellationToken;

use super::RunContext;
use super::clock;
use super::environment::Patience;
use super::prepare::{flag, prepare_resolved};
use super::run_loop::weighing::Ended;
use super::start::prepare;
use crate::domain::failure::STOPPED;
use crate::domain::{Draft, NextDraft, Parameter, Provider, Run, RunOrder, Tokens};
use crate::generate::{GenerateEvent, GenerateRequest, Generator, GeneratorError, ReplyEnd, Tail};
use crate::template::PromptFile;
use crate::workbench::{NextRequest, RequestOutcome, Workbench, WorkbenchError};

pub(crate) use super::run_loop::too_small;

/// Asks the model of an order for the next version of the prompt in the editor; the offline generator is not asked.
///
/// # Errors
///
/// Where the draft has no valid variables, the key may not be sent, the budget is too small, or the request fails.
pub(crate) async fn draft_next(
    context: &RunContext,
    draft: Arc<Draft>,
    order: RunOrder,
    stop: &CancellationToken,
) -> Result<NextDraft, WorkbenchError> {
    let asked = Arc::clone(&draft);
    let drafted = context.writer.tell(move |bench| bench.drafted_from(&asked)).await?;
    if order.generator.provider == Provider::Offline || drafted.feedback.is_empty() {
        let feedback = drafted.feedback;
        return Ok(NextDraft { draft: None, problems: Vec::new(), feedback, used: String::new() });
    }
    let flag = flag(stop);
    let patience = Patience::of_command(flag, || {});
    let mut prepared = prepare(context, order.generator.clone(), prepare_resolved, patience).await?;
    // It is asked for words, and a schema would hold it to rows.
    prepared.settings.leave_out.push(Parameter::ResponseFormat);
    let (network, transport, stopped) = (context.network, context.transport.clone(), stop.clone());
    let (budget, known) = (order.budget, drafted.clone());
    let (generator, next) = context
        .writer
        .tell(move |bench| {
            let generator = prepared.generator(bench, network, &transport, &stopped)?;
            let (settings, operation) = (&prepared.settings, bench.next_operation());
            let next =
                bench.plan_next(&known, (settings, budget), generator.as_ref(), operation, clock::now())?;
            let output = settings.max_tokens.map_or_else(|| known.reply_tokens(), u64::from);
            if let Some(reason) = too_small(&next.run, Tokens { input: next.input, output }) {
                return Err(WorkbenchError::Usage(reason));
            }
            Ok((generator, next))
        })
        .await?;
    let first = next.clone();
    let begin = move |bench: &mut Workbench| {
        bench.begin_next(&first);
        Ok(())
    };
    context.writer.ask(begin).await?;
    let outcome = ask_once(generator.as_ref(), &next, stop).await;
    let (kept, run) = (outcome.clone(), next.run.number);
    let end = move |bench: &mut Workbench| {
        bench.end_next(&next, kept, clock::now());
        Ok(bench.projection().run(run).map(Run::usage).unwrap_or_default())
    };
    let used = context.writer.ask(end).await?.value;
    if let Some(error) = outcome.error {
        return Err(WorkbenchError::Usage(error));
    }
    let feedback = drafted.feedback.clone();
    let reply = outcome.reply.unwrap_or_default();
    let read = context.writer.tell(move |bench| bench.next_version(&drafted, &reply)).await?;
    let PromptFile { system, user, .. } = read.file;
    let draft = Draft { system: system.unwrap_or_default(), user, ..(*draft).clone() };
    let used = format!("The next version is drafted: run {run}, {used}.");
    Ok(NextDraft { draft: Some(draft), problems: read.problems, feedback, used })
}

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
