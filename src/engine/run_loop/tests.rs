use std::sync::Mutex;

use futures_util::StreamExt;
use futures_util::stream;

mod budgets;
mod servers;
mod unsaved;

use super::*;
use crate::domain::{
    Budget, Fields, GeneratorSettings, OperationId, Provider, RunNumber, RunOrder, Slowdown,
};
use crate::engine::{Snapshots, Writer};
use crate::generate::{EventStream, GenerateEvent, GenerateRequest, GeneratorError, GeneratorName, ReplyEnd};
use crate::workbench::{Location, NewOrder, PromptSource, Workbench, new_session};

type Answer = Box<dyn Fn(u32, &GenerateRequest) -> Events + Send + Sync>;
type Events = Vec<Result<GenerateEvent, GeneratorError>>;

/// Answers each call with what a script says, and counts the calls.
struct Scripted {
    answer: Answer,
    ordered: bool,
    seeds: Mutex<Vec<u64>>,
}

impl Scripted {
    fn new(answer: impl Fn(u32, &GenerateRequest) -> Events + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { answer: Box::new(answer), ordered: false, seeds: Mutex::default() })
    }

    fn seeds(&self) -> Vec<u64> {
        self.seeds.lock().unwrap().clone()
    }

    fn calls(&self) -> usize {
        self.seeds.lock().unwrap().len()
    }
}

impl Generator for Scripted {
    fn name(&self) -> GeneratorName {
        GeneratorName { provider: Provider::Openai, model: Some("m".into()), base_url: None }
    }

    fn unread(&self) -> Option<&'static str> {
        None
    }

    fn ordered(&self) -> bool {
        self.ordered
    }

    fn generate(&self, request: GenerateRequest) -> EventStream<'_> {
        let mut seeds = self.seeds.lock().unwrap();
        seeds.push(request.seed);
        let call = u32::try_from(seeds.len()).unwrap();
        stream::iter((self.answer)(call, &request)).boxed()
    }
}

/// Rows of a text each, then the reply's end.
fn rows(call: u32, rows: u32) -> Events {
    let row = |row| GenerateEvent::Row(Fields::of_text(format!("text {row} of call {call}")));
    let list: Vec<String> =
        (0..rows).map(|row| format!(r#"{{"text":"text {row} of call {call}"}}"#)).collect();
    let mut events: Events = (0..rows).map(|number| Ok(row(number))).collect();
    events.push(Ok(GenerateEvent::Reply(format!(r#"{{"rows":[{}]}}"#, list.join(",")))));
    events.push(Ok(GenerateEvent::Usage(crate::domain::Tokens { input: 100, output: 50 })));
    events.push(Ok(GenerateEvent::Done(ReplyEnd::Complete)));
    events
}

fn limited(millis: u64) -> GeneratorError {
    let retry_after = Some(Duration::from_millis(millis));
    GeneratorError::RateLimited { provider: "openai".into(), retry_after, words: String::new() }
}

/// A session in a folder of its own.
struct TestSession {
    folder: tempfile::TempDir,
    location: Location,
}

impl TestSession {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let row = |n| {
            format!("\"Please close account number {n} for me today.\",leave\n\"How do I set {n}?\",ask\n")
        };
        let csv = format!("text,label\n{}", (0..12).map(row).collect::<String>());
        let data = folder.path().join("small.csv");
        std::fs::write(&data, csv).unwrap();
        let order = NewOrder::new(&data, "text", "label", "leave");
        let location = new_session(&folder.path().join("small"), &order, None, clock::now()).unwrap();
        Self { folder, location }
    }

    fn writer(&self) -> Writer {
        let location = self.location.clone();
        Writer::start(move || Workbench::open(&location, clock::now()), |opened| assert!(opened.is_ok()))
            .unwrap()
    }
}

fn order(rows: u32) -> RunOrder {
    let settings = GeneratorSettings {
        provider: Provider::Openai,
        model: Some("m".into()),
        base_url: Some("http://127.0.0.1:9/v1".into()),
        concurrency: 4,
        ..GeneratorSettings::default()
    };
    RunOrder { seed: Some(7), ..RunOrder::new(rows, settings) }
}

/// Runs an order to its end; returns what came of it, and what was told meanwhile.
async fn run_and_hear<G: Generator + 'static>(
    session: &TestSession,
    order: RunOrder,
    generator: &Arc<G>,
) -> (RunEnded, Vec<RunEvent>) {
    let writer = session.writer();
    let handle = writer.handle();
    let info = Arc::clone(generator);
    let plan = handle.ask(move |bench| {
        let operation = bench.next_operation();
        bench.begin_run(&order, &PromptSource::Version(None), info.as_ref(), operation, clock::now())
    });
    carry_out(&handle, generator, plan.await.unwrap().value, CancellationToken::new()).await
}

async fn carry_out<G: Generator + 'static>(
    writer: &WriterHandle,
    generator: &Arc<G>,
    plan: RunPlan,
    stop: CancellationToken,
) -> (RunEnded, Vec<RunEvent>) {
    let generator: Arc<dyn Generator> = Arc::<G>::clone(generator);
    let (reporter, mut heard) = Reporter::new(Snapshots::WhileRunning);
    let ended = run_plan(writer, generator, plan, stop, &Arc::new(reporter)).await.unwrap();
    let events = std::iter::from_fn(|| heard.try_recv().ok()).collect();
    (ended, events)
}

async fn run<G: Generator + 'static>(session: &TestSession, order: RunOrder, generator: &Arc<G>) -> RunEnded {
    run_and_hear(session, order, generator).await.0
}

#[tokio::test]
async fn a_run_ends_with_exactly_the_rows_asked_for_whatever_a_reply_brings() {
    let session = TestSession::new();
    let generous = Scripted::new(|call, request| rows(call, request.n + call % 3));
    let report = run(&session, order(23), &generous).await;
    assert_eq!((report.status, report.rows, report.failed), (RunStatus::Done, 23, 0));

    let stingy = Scripted::new(|call, request| rows(call, request.n.min(1 + call % 2)));
    let report = run(&session, order(11), &stingy).await;
    assert_eq!((report.status, report.rows), (RunStatus::Done, 11));
}

#[tokio::test]
async fn a_limit_pauses_the_run_calmly_and_loses_nothing() {
    let session = TestSession::new();
    let generator =
        Scripted::new(|call, request| if call == 2 { vec![Err(limited(50))] } else { rows(call, request.n) });
    let (report, events) = run_and_hear(&session, order(20), &generator).await;
    assert_eq!((report.status, report.rows, report.failed), (RunStatus::Done, 20, 1));
    let waits = |event: &RunEvent| match event {
        RunEvent::Progress(progress) => matches!(progress.slowdown, Some(Slowdown::AskedToWait(_))),
        _ => false,
    };
    assert!(events.iter().any(waits), "{events:?}");
}

#[tokio::test]
async fn rows_before_a_broken_end_are_kept_and_only_what_is_missing_is_asked_for_anew() {
    let session = TestSession::new();
    let generator = Scripted::new(|call, request| {
        let mut events = rows(call, request.n);
        if call == 1 {
            events.truncate(2);
            events.push(Err(GeneratorError::Broken { provider: "openai".into(), source: "cut".into() }));
        }
        events
    });
    let report = run(&session, RunOrder { rows: 5, ..order(5) }, &generator).await;
    assert_eq!((report.status, report.rows, report.failed), (RunStatus::Done, 5, 1));
    let seeds = generator.seeds();
    assert_eq!(seeds.len(), 2);
    assert_ne!(seeds[0], seeds[1]);
}

#[tokio::test]
async fn a_failure_that_every_request_would_have_ends_the_run_at_once_with_its_words() {
    let session = TestSession::new();
    let generator = Scripted::new(|_, _| {
        let words = "Pay first".to_owned();
        vec![Err(GeneratorError::QuotaExhausted { provider: "openai".into(), words })]
    });
    let report = run(&session, order(100), &generator).await;
    let RunStatus::Failed { reason } = report.status else { panic!("{report:?}") };
    assert!(reason.contains("Pay first"), "{reason}");
    assert!(generator.calls() <= 4);
}

#[tokio::test]
async fn replies_that_stop_being_useful_end_the_run_and_say_why() {
    let session = TestSession::new();
    let generator = Scripted::new(|_, _| {
        let (raw, reason) = ("hm".to_owned(), "The reply is neither JSON nor a list.".to_owned());
        vec![Ok(GenerateEvent::Scrap { raw, reason }), Ok(GenerateEvent::Done(ReplyEnd::Complete))]
    });
    let report = run(&session, order(100), &generator).await;
    let reason = report.status.reason().unwrap();
    assert_eq!(
        reason,
        "3 requests in a row brought no valid row, for the same reason: The reply is neither JSON nor a list."
    );
    assert!((3..=6).contains(&generator.calls()), "{}", generator.calls());
}

#[tokio::test]
async fn a_budget_is_never_overdrawn_and_its_end_is_said() {
    let session = TestSession::new();
    let generator = Scripted::new(|call, request| rows(call, request.n));
    let budget = Budget { requests: Some(3), ..Budget::default() };
    let report = run(&session, RunOrder { budget, ..order(100) }, &generator).await;
    assert_eq!(report.status.reason(), Some("The budget of 3 requests is used up."));
    assert_eq!((generator.calls(), report.rows), (3, 15));

    let budget = Budget { tokens: Some(1_600), ..Budget::default() };
    let generator = Scripted::new(|call, request| rows(call, request.n));
    let report = run(&session, RunOrder { budget, ..order(500) }, &generator).await;
    assert!(report.status.reason().unwrap().starts_with("The budget of 1600 tokens is used up"));
    assert_eq!(generator.calls(), 10);
}

#[tokio::test]
async fn money_is_refused_where_the_price_is_not_known() {
    let session = TestSession::new();
    let mut bench = Workbench::open(&session.location, clock::now()).unwrap();
    let order = RunOrder { budget: Budget { cost: Some(1.0), ..Budget::default() }, ..order(5) };
    let info = Scripted::new(|_, _| Vec::new());
    let begun =
        bench.begin_run(&order, &PromptSource::Version(None), info.as_ref(), OperationId(9), clock::now());
    let said = begun.unwrap_err().to_string();
    assert!(said.contains("price") && said.contains("`m`"), "{said}");
}

#[tokio::test]
async fn a_stopped_run_goes_on_behind_its_last_request_and_gets_exactly_what_is_missing() {
    let session = TestSession::new();
    let first = Scripted::new(|call, request| rows(call, request.n));
    let budget = Budget { requests: Some(4), ..Budget::default() };
    run(&session, RunOrder { budget, ..order(33) }, &first).await;

    let writer = session.writer();
    let handle = writer.handle();
    let second = Scripted::new(|call, request| rows(call + 100, request.n));
    let info = Arc::clone(&second);
    let resume = move |bench: &mut Workbench, run| {
        let operation = bench.next_operation();
        bench.resume_run(run, Budget::default(), info.as_ref(), operation, clock::now())
    };
    let again = resume.clone();
    let mut plan = handle.ask(move |bench| again(bench, None)).await.unwrap().value;
    assert_eq!((plan.run.rows, plan.run.generator.seed), (20, 7));
    assert_eq!(plan.operation, OperationId(3));
    plan.budget = Budget::default();
    let (report, _) = carry_out(&handle, &second, plan, CancellationToken::new()).await;

    assert_eq!((report.status, report.rows), (RunStatus::Done, 33));
    let (before, after) = (first.seeds(), second.seeds());
    assert_eq!((before.len(), after.len()), (4, 3));
    assert!(after.iter().all(|seed| !before.contains(seed)));
    let again = resume.clone();
    let again = handle.ask(move |bench| again(bench, None)).await;
    assert!(again.err().unwrap().to_string().starts_with("There is no run to go on with"));
    let named = handle.ask(move |bench| resume(bench, Some(RunNumber(1))));
    assert!(named.await.err().unwrap().to_string().contains("has all its 33 rows"));
}

#[tokio::test]
async fn the_same_request_is_served_from_the_store_only_when_that_was_asked_for() {
    let session = TestSession::new();
    let generator = Scripted::new(|call, request| rows(call, request.n));
    run(&session, order(10), &generator).await;
    assert_eq!(generator.calls(), 2);
    run(&session, order(10), &generator).await;
    assert_eq!(generator.calls(), 4);

    let report = run(&session, RunOrder { reuse: true, ..order(10) }, &generator).await;
    assert_eq!((generator.calls(), report.rows), (4, 10));
    run(&session, RunOrder { reuse: true, seed: Some(8), ..order(10) }, &generator).await;
    assert_eq!(generator.calls(), 6);
    assert!(session.folder.path().exists());
}

#[tokio::test]
async fn a_person_stops_a_run_and_what_came_stays() {
    let session = TestSession::new();
    let writer = session.writer();
    let handle = writer.handle();
    let stop = CancellationToken::new();
    let stopper = stop.clone();
    let generator = Scripted::new(move |call, request| {
        if call == 5 {
            stopper.cancel();
        }
        rows(call, request.n)
    });
    let info = Arc::clone(&generator);
    let plan = handle.ask(move |bench| {
        let operation = bench.next_operation();
        bench.begin_run(&order(1_000), &PromptSource::Version(None), info.as_ref(), operation, clock::now())
    });
    let plan = plan.await.unwrap().value;
    let (report, _) = carry_out(&handle, &generator, plan, stop).await;
    assert_eq!(report.status, RunStatus::STOPPED);
    let kept =
        handle.ask(|bench| Ok(bench.projection().run(RunNumber(1)).unwrap().rows)).await.unwrap().value;
    assert!(kept >= report.rows && kept < 1_000, "{kept} {report:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_a_generator_that_keeps_an_order_are_kept_in_it() {
    let session = TestSession::new();
    let answer: Answer = Box::new(|call, request| rows(call, request.n));
    let generator = Arc::new(Scripted { answer, ordered: true, seeds: Mutex::default() });
    run(&session, order(400), &generator).await;

    let bench = Workbench::open(&session.location, clock::now()).unwrap();
    let kept: Vec<String> = bench.projection().rows().map(|row| row.text().to_owned()).collect();
    let expected: Vec<String> =
        (1..=80).flat_map(|call| (0..5).map(move |row| format!("text {row} of call {call}"))).collect();
    assert_eq!(kept, expected);
}
