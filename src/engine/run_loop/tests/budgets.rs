//! What a run is taken to have used, and that its budget holds whatever a server does.

use proptest::prelude::*;

use super::servers::{Server, Step, failed, good, kept, resume, wait};
use super::*;
use crate::domain::{Price, Tokens};
use crate::template::estimate_tokens;
use crate::text::SplitMix64;

const fn say(event: GenerateEvent) -> Step {
    Step::Say(event)
}

fn row(call: u32, number: u32) -> Step {
    say(GenerateEvent::Row(Fields::of_text(format!("text {number} of call {call}"))))
}

fn usage(input: u64, output: u64) -> Step {
    say(GenerateEvent::Usage(Tokens { input, output }))
}

fn broken() -> Step {
    Step::Fail(GeneratorError::Broken { provider: "openai".into(), source: "cut".into() })
}

/// Returns what a request's messages are taken for.
fn length(request: &GenerateRequest) -> u64 {
    request.messages.iter().map(|message| estimate_tokens(&message.text) as u64).sum()
}

#[tokio::test(start_paused = true)]
async fn a_run_of_a_thousand_tokens_learns_from_its_first_request_what_others_take() {
    let session = TestSession::new();
    let server = Server::new(|call, request| {
        let thought = [say(GenerateEvent::Accepted), wait(9_000)];
        let rows = (0..request.n).map(|number| row(call, number));
        thought.into_iter().chain(rows).chain([usage(100, 1_890)]).collect()
    });
    let budget = Budget { tokens: Some(1_000), ..Budget::default() };
    let report = run(&session, RunOrder { budget, ..order(100) }, &server).await;
    let reason = report.status.reason().unwrap().to_owned();
    assert!(reason.starts_with("The budget of 1000 tokens is used up: 1990 are spent"), "{reason}");
    assert_eq!((server.log().calls, kept(&session).tokens.total()), (1, 1_990));

    let again = resume(&session, &server, Budget::default(), CancellationToken::new()).await;
    assert_eq!((again.status.is_out_of_budget(), server.log().calls), (true, 1));
}

#[tokio::test(start_paused = true)]
async fn a_budget_that_does_not_allow_the_first_request_sends_nothing() {
    let session = TestSession::new();
    let server = Server::new(good);
    let budget = Budget { tokens: Some(50), ..Budget::default() };
    let report = run(&session, RunOrder { budget, ..order(100) }, &server).await;
    let reason = report.status.reason().unwrap().to_owned();
    assert!(
        reason.starts_with("The budget of 50 tokens is too small: the first request takes about "),
        "{reason}"
    );
    assert_eq!((server.log().calls, kept(&session).requests), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn what_the_server_did_not_count_is_estimated_and_marked_and_what_it_refused_is_not() {
    let session = TestSession::new();
    let lengths = Arc::new(Mutex::new(0));
    let sum = Arc::clone(&lengths);
    let reply = "word ".repeat(400);
    let heard = estimate_tokens(&reply) as u64;
    let server = Server::new(move |call, request| {
        let mut steps = match call {
            1 => vec![say(GenerateEvent::Reply(reply.clone())), broken()],
            2 => vec![Step::Fail(failed(503))],
            3 => {
                vec![Step::Fail(GeneratorError::Flagged { provider: "openai".into(), words: String::new() })]
            }
            4 => vec![usage(70, 30), Step::Fail(GeneratorError::NoAnswer("All went into thinking.".into()))],
            _ => (0..5).map(|number| row(call, number)).collect(),
        };
        if call == 5 {
            steps.push(say(GenerateEvent::Reply(reply.clone())));
        }
        if matches!(call, 1 | 5) {
            *sum.lock().unwrap() += length(request);
        }
        steps
    });
    let report = run(&session, order(5), &server).await;
    assert_eq!((report.status, report.failed), (RunStatus::Done, 4));
    let run = kept(&session);
    assert_eq!(run.tokens, Tokens { input: 70, output: 30 });
    assert_eq!(run.estimated, Tokens { input: *lengths.lock().unwrap(), output: 2 * heard });
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_stopped_counts_with_what_came_of_it() {
    let session = TestSession::new();
    let server =
        Server::new(|call, _| vec![say(GenerateEvent::Accepted), row(call, 1), wait(u64::from(u32::MAX))]);
    let stop = CancellationToken::new();
    let (writer, info) = (session.writer(), Arc::clone(&server));
    let handle = writer.handle();
    let plan = handle.ask(move |bench| {
        let operation = bench.next_operation();
        bench.begin_run(&order(5), &PromptSource::Version(None), info.as_ref(), operation, clock::now())
    });
    let plan = plan.await.unwrap().value;
    let input = plan.input;
    let (stopper, seen) = (stop.clone(), Arc::clone(&server));
    let _stopping = tokio_util::task::AbortOnDropHandle::new(tokio::spawn(async move {
        while seen.log().rows == 0 {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        stopper.cancel();
    }));
    let (report, _) = carry_out(&handle, &server, plan, stop).await;
    drop((handle, writer));
    assert_eq!(report.status, RunStatus::STOPPED);
    let run = kept(&session);
    assert_eq!((run.tokens, run.estimated.input), (Tokens::default(), input));
    assert!(run.estimated.output >= 5, "{run:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_under_way_when_all_rows_are_there_may_end_and_is_counted() {
    let session = TestSession::new();
    let all = || Step::WaitForCalls(4);
    let server = Server::new(move |call, request| match call {
        // It gives one row less, so that a further request is sent.
        1 => [say(GenerateEvent::Accepted)]
            .into_iter()
            .chain((1..request.n).map(|n| row(1, n)))
            .chain([usage(10, 10)])
            .collect(),
        // The clock of a test does not wait for the journal: a request may begin long after another one.
        2 => vec![say(GenerateEvent::Accepted), all(), row(2, 1), row(2, 2), wait(100), usage(20, 20)],
        _ => vec![say(GenerateEvent::Accepted), all(), row(3, 1), wait(100), usage(40, 40)],
    });
    let settings = GeneratorSettings { rows_per_request: 1, ..order(1).generator };
    let report = run(&session, RunOrder { rows: 3, generator: settings, ..order(3) }, &server).await;
    assert_eq!((report.status, report.rows, report.failed), (RunStatus::Done, 3, 0));
    let run = kept(&session);
    assert_eq!(run.tokens, server.log().tokens);
    assert!(run.estimated.is_nothing(), "{run:?}");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_sent_again_without_a_parameter_is_two() {
    let session = TestSession::new();
    let server = Server::new(|call, request| {
        let again = (call == 1).then(|| say(GenerateEvent::SentAgain));
        again.into_iter().chain(good(call, request)).collect()
    });
    let budget = Budget { requests: Some(3), ..Budget::default() };
    let settings = GeneratorSettings { concurrency: 1, ..order(1).generator };
    run(&session, RunOrder { budget, generator: settings, ..order(100) }, &server).await;
    assert_eq!((server.log().calls, kept(&session).requests), (2, 3));
    resume(&session, &server, Budget::default(), CancellationToken::new()).await;
    assert_eq!(server.log().calls, 2);
}

/// Answers as some server may, good or bad; returns what the request takes, as far as a client can know.
fn any_answer(seed: u64, call: u32, request: &GenerateRequest) -> (Vec<Step>, Tokens) {
    let mut random = SplitMix64::new(seed).fork(u64::from(call));
    let kind = random.below(12);
    let mut steps = vec![wait(random.below(3_000) as u64)];
    let refused = match kind {
        0 => Some(failed(503)),
        1 => Some(limited(random.below(2_000) as u64)),
        2 => Some(GeneratorError::Flagged { provider: "openai".into(), words: String::new() }),
        _ => None,
    };
    if let Some(error) = refused {
        steps.push(Step::Fail(error));
        return (steps, Tokens::default());
    }
    if random.below(2) == 0 {
        steps.push(say(GenerateEvent::Accepted));
    }
    let rows = random.below(request.n as usize + 2);
    let rows: Vec<u32> = (0..u32::try_from(rows).unwrap()).collect();
    for number in &rows {
        steps.push(wait(random.below(400) as u64));
        steps.push(row(call, *number));
    }
    // What it thinks is in the reply's text too.
    let thought = "so and so, ".repeat(random.below(400));
    let reply = format!("{thought}{rows:?}");
    let counted = (kind < 8).then(|| Tokens { input: length(request), output: random.below(3_000) as u64 });
    let took =
        counted.unwrap_or(Tokens { input: length(request), output: estimate_tokens(&reply) as u64 + 200 });
    steps.push(say(GenerateEvent::Reply(reply)));
    steps.extend(counted.map(|tokens| usage(tokens.input, tokens.output)));
    match kind {
        3 | 9 => steps.push(broken()),
        4 if rows.is_empty() => steps.push(Step::Fail(GeneratorError::NoAnswer("It only thought.".into()))),
        _ => steps.push(say(GenerateEvent::Done(ReplyEnd::Complete))),
    }
    (steps, took)
}

/// One random server, and how a person uses it.
#[derive(Debug, Clone)]
struct Case {
    seed: u64,
    concurrency: u32,
    rows_per_request: u32,
    rows: u32,
    tokens: Option<u64>,
    cents: Option<u64>,
    requests: Option<u32>,
    /// After how many milliseconds each part of the run is stopped.
    stops: Vec<u64>,
}

fn cases() -> impl Strategy<Value = Case> {
    let tokens = prop::option::of(300_u64..30_000);
    let cents = prop::option::of(1_u64..6);
    let limits = (tokens, cents, prop::option::of(1_u32..40));
    let stops = prop::collection::vec(500_u64..30_000, 1..4);
    (any::<u64>(), 1_u32..10, 1_u32..8, 1_u32..120, limits, stops).prop_map(
        |(seed, concurrency, rows_per_request, rows, (tokens, cents, requests), stops)| Case {
            seed,
            concurrency,
            rows_per_request,
            rows,
            tokens,
            cents,
            requests,
            stops,
        },
    )
}

/// Runs a case to its end, part by part, and holds after each part what was promised.
async fn hold(case: Case) -> Result<(), TestCaseError> {
    let session = TestSession::new();
    let taken: Arc<Mutex<Vec<Tokens>>> = Arc::default();
    let (seed, all) = (case.seed, Arc::clone(&taken));
    let server = Server::new(move |call, request| {
        let (steps, took) = any_answer(seed, call, request);
        all.lock().unwrap().push(took);
        steps
    });
    let price = Price { input: 1.0, output: 4.0 };
    #[expect(clippy::cast_precision_loss, reason = "a few cents")]
    let cost = case.cents.map(|cents| cents as f64 / 100.0);
    let budget = Budget { tokens: case.tokens, cost, requests: case.requests };
    let generator = GeneratorSettings {
        concurrency: case.concurrency,
        rows_per_request: case.rows_per_request,
        price: Some(price),
        ..order(1).generator
    };
    let wanted = RunOrder { generator, budget, ..order(case.rows) };
    for (part, millis) in case.stops.iter().enumerate() {
        let stop = CancellationToken::new();
        let stopper = stop.clone();
        let time = Duration::from_millis(*millis);
        let _stopping = tokio_util::task::AbortOnDropHandle::new(tokio::spawn(async move {
            tokio::time::sleep(time).await;
            stopper.cancel();
        }));
        if part == 0 {
            let writer = session.writer();
            let (handle, info, wanted) = (writer.handle(), Arc::clone(&server), wanted.clone());
            let plan = handle.ask(move |bench| {
                let operation = bench.next_operation();
                bench.begin_run(&wanted, &PromptSource::Version(None), info.as_ref(), operation, clock::now())
            });
            carry_out(&handle, &server, plan.await.unwrap().value, stop).await;
        } else {
            resume(&session, &server, Budget::default(), stop).await;
        }
        let (run, log) = (kept(&session), server.log().clone());
        // Nothing is lost: every request, every row and every count is there.
        prop_assert_eq!(run.requests, log.calls);
        prop_assert_eq!(run.rows, log.rows.min(case.rows));
        prop_assert_eq!(run.tokens, log.tokens);
        // Nothing is passed by more than what was under way took.
        let under_way = |of: &dyn Fn(Tokens) -> f64| -> f64 {
            let mut taken: Vec<f64> = taken.lock().unwrap().iter().map(|took| of(*took)).collect();
            taken.sort_by(f64::total_cmp);
            taken.iter().rev().take(case.concurrency as usize).sum()
        };
        #[expect(clippy::cast_precision_loss, reason = "some thousands of tokens")]
        let count = |tokens: Tokens| tokens.total() as f64;
        #[expect(clippy::cast_precision_loss, reason = "some thousands of tokens")]
        if let Some(most) = case.tokens {
            prop_assert!(count(run.used()) <= most as f64 + under_way(&count), "{:?} {:?}", run, log);
        }
        if let Some(most) = cost {
            let over = under_way(&|tokens| price.of(tokens));
            prop_assert!(price.of(run.used()) <= most + over + 1e-9, "{:?} {:?}", run, log);
        }
        prop_assert!(case.requests.is_none_or(|most| log.calls <= most), "{:?}", log);
        if !run.misses_rows() {
            break;
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_server_makes_a_run_pass_its_budget_by_more_than_what_was_under_way_and_nothing_is_lost(case in cases()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(hold(case))?;
    }
}
