//! How a run meets servers that fail, and what it sends to them. Time is paused: no test waits.

use std::sync::MutexGuard;

use super::*;
use crate::domain::{Run, Tokens};

/// What a server does next in answer to a request.
pub(super) enum Step {
    Wait(Duration),
    /// Waits until so many requests have come.
    WaitForCalls(u32),
    Say(GenerateEvent),
    Fail(GeneratorError),
}

/// What a server saw and sent.
#[derive(Debug, Clone, Default)]
pub(super) struct Log {
    pub(super) calls: u32,
    pub(super) under_way: u32,
    /// The most requests at once.
    pub(super) at_once: u32,
    /// Whether it has taken a request.
    pub(super) accepted: bool,
    /// Whether it had taken one when the second came.
    pub(super) accepted_before_second: bool,
    /// How many requests were under way when the second came.
    pub(super) under_way_at_second: u32,
    pub(super) seeds: Vec<u64>,
    pub(super) rows: u32,
    pub(super) tokens: Tokens,
}

type Script = Box<dyn Fn(u32, &GenerateRequest) -> Vec<Step> + Send + Sync>;

/// A server whose answers take time.
pub(super) struct Server {
    script: Script,
    log: Arc<Mutex<Log>>,
}

/// Counts a request as under way until it is dropped.
struct UnderWay(Arc<Mutex<Log>>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.lock().unwrap().under_way -= 1;
    }
}

impl Server {
    pub(super) fn new(
        script: impl Fn(u32, &GenerateRequest) -> Vec<Step> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self { script: Box::new(script), log: Arc::default() })
    }

    pub(super) fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap()
    }
}

impl Generator for Server {
    fn name(&self) -> GeneratorName {
        GeneratorName { provider: Provider::Openai, model: Some("m".into()), base_url: None }
    }

    fn unread(&self) -> Option<&'static str> {
        None
    }

    fn ordered(&self) -> bool {
        false
    }

    fn generate(&self, request: GenerateRequest) -> EventStream<'_> {
        let call = {
            let mut log = self.log();
            log.calls += 1;
            log.under_way += 1;
            log.at_once = log.at_once.max(log.under_way);
            log.seeds.push(request.seed);
            if log.calls == 2 {
                (log.accepted_before_second, log.under_way_at_second) = (log.accepted, log.under_way);
            }
            log.calls
        };
        let steps = (self.script)(call, &request).into_iter();
        let under_way = UnderWay(Arc::clone(&self.log));
        let next = |(mut steps, under_way): (std::vec::IntoIter<Step>, UnderWay)| async move {
            loop {
                match steps.next()? {
                    Step::Wait(time) => tokio::time::sleep(time).await,
                    Step::WaitForCalls(calls) => {
                        for _ in 0..1_000_000 {
                            if under_way.0.lock().unwrap().calls >= calls {
                                break;
                            }
                            tokio::time::sleep(Duration::from_millis(100)).await;
                        }
                    }
                    Step::Fail(error) => return Some((Err(error), (steps, under_way))),
                    Step::Say(event) => {
                        let mut log = under_way.0.lock().unwrap();
                        match &event {
                            GenerateEvent::Row(_) => log.rows += 1,
                            GenerateEvent::Usage(tokens) => log.tokens = log.tokens.plus(*tokens),
                            GenerateEvent::Accepted => log.accepted = true,
                            _ => {}
                        }
                        drop(log);
                        return Some((Ok(event), (steps, under_way)));
                    }
                }
            }
        };
        stream::unfold((steps, under_way), next).boxed()
    }
}

pub(super) const fn wait(millis: u64) -> Step {
    Step::Wait(Duration::from_millis(millis))
}

/// Rows of a call, with its end.
pub(super) fn good(call: u32, request: &GenerateRequest) -> Vec<Step> {
    rows(call, request.n).into_iter().map(|event| Step::Say(event.unwrap())).collect()
}

/// An answer that the server takes at once, and that comes after a while.
fn slow(call: u32, request: &GenerateRequest, millis: u64) -> Vec<Step> {
    [Step::Say(GenerateEvent::Accepted), wait(millis)].into_iter().chain(good(call, request)).collect()
}

pub(super) fn failed(status: u16) -> GeneratorError {
    let (provider, words) = ("openai".into(), "Come back later".into());
    GeneratorError::ServerFailed { provider, status, retry_after: None, words }
}

fn rejected() -> GeneratorError {
    GeneratorError::Rejected { provider: "openai".into(), status: 400, words: "Not so".into() }
}

fn many(rows: u32) -> RunOrder {
    let order = order(rows);
    RunOrder { generator: GeneratorSettings { concurrency: 8, ..order.generator.clone() }, ..order }
}

/// Returns the run as the journal has it.
pub(super) fn kept(session: &TestSession) -> Run {
    let bench = Workbench::open(&session.location, clock::now()).unwrap();
    bench.projection().runs().last().unwrap().clone()
}

#[tokio::test(start_paused = true)]
async fn the_first_request_goes_alone_until_the_server_has_taken_it() {
    let session = TestSession::new();
    let server = Server::new(|call, request| {
        let first = if call == 1 { 800 } else { 0 };
        [wait(first)].into_iter().chain(slow(call, request, 60_000)).collect()
    });
    let report = run(&session, many(40), &server).await;
    assert_eq!((report.status, report.rows), (RunStatus::Done, 40));
    let log = server.log();
    assert!(log.accepted_before_second, "{log:?}");
    assert!(log.calls == 8 && log.at_once > 1, "{log:?}");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_say_that_it_took_the_first_request_does_not_hold_up_the_others() {
    let session = TestSession::new();
    let server = Server::new(|call, request| {
        let waits = (call == 1).then_some(Step::WaitForCalls(2));
        waits.into_iter().chain(good(call, request)).collect()
    });
    let report = run(&session, many(40), &server).await;
    assert_eq!((report.status, report.rows), (RunStatus::Done, 40));
    assert_eq!(server.log().under_way_at_second, 2);
}

#[tokio::test(start_paused = true)]
async fn what_every_request_would_meet_is_asked_once_also_when_a_run_goes_on() {
    let session = TestSession::new();
    let server = Server::new(|_, _| {
        let error = GeneratorError::WrongAddress("Nothing answers there; write …/v1.".into());
        vec![wait(20), Step::Fail(error)]
    });
    let report = run(&session, many(1_000), &server).await;
    assert_eq!(report.status.reason(), Some("Nothing answers there; write …/v1."));
    assert_eq!(server.log().calls, 1);
    let run = kept(&session);
    assert_eq!((run.requests, run.failed, run.used()), (1, 1, Tokens::default()));
    assert_eq!(run.failures[0].reason, "Nothing answers there; write …/v1.");

    resume(&session, &server, Budget::default(), CancellationToken::new()).await;
    assert_eq!(server.log().calls, 2);
}

/// Goes on with the last run.
pub(super) async fn resume(
    session: &TestSession,
    server: &Arc<Server>,
    budget: Budget,
    stop: CancellationToken,
) -> RunEnded {
    let writer = session.writer();
    let (handle, info) = (writer.handle(), Arc::clone(server));
    let plan = handle.ask(move |bench| {
        let operation = bench.next_operation();
        bench.resume_run(None, budget, info.as_ref(), operation, clock::now())
    });
    carry_out(&handle, server, plan.await.unwrap().value, stop).await.0
}

#[tokio::test(start_paused = true)]
async fn the_third_equal_refusal_ends_the_run_and_nothing_follows_it() {
    let session = TestSession::new();
    let server = Server::new(|_, _| vec![wait(20), Step::Fail(rejected())]);
    let report = run(&session, many(1_000), &server).await;
    assert!(report.status.reason().unwrap().contains("Not so"), "{report:?}");
    let log = server.log();
    assert_eq!((log.calls, log.at_once), (3, 1));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_stays_down_is_tried_by_one_request_at_a_time() {
    let session = TestSession::new();
    let server = Server::new(
        |call, request| if call <= 8 { slow(call, request, 50) } else { vec![Step::Fail(failed(503))] },
    );
    let report = run(&session, many(1_000), &server).await;
    let reason = report.status.reason().unwrap().to_owned();
    assert!(reason.contains("Come back later") && reason.contains("--resume"), "{reason}");
    // Those that were under way with the first failure, and the tries.
    let log = server.log();
    assert!((9 + 8..=16 + 8).contains(&log.calls), "{log:?}");
    assert_eq!(report.rows, 40);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_comes_back_is_asked_as_before() {
    let session = TestSession::new();
    let server = Server::new(|call, request| match call {
        // However few of them are under way at once, fewer tries in a row than end a run.
        9..=16 => vec![wait(5), Step::Fail(failed(500))],
        _ => slow(call, request, 50),
    });
    let (report, events) = run_and_hear(&session, many(200), &server).await;
    assert_eq!((report.status, report.rows, report.failed), (RunStatus::Done, 200, 8));
    assert!(server.log().at_once > 1);
    let says_so = |event: &RunEvent| matches!(event, RunEvent::Progress(told) if told.slowdown == Some(Slowdown::SendingAgain));
    assert!(events.iter().any(says_so));
}

#[tokio::test(start_paused = true)]
async fn a_text_that_a_filter_refuses_is_replaced_and_never_sent_again() {
    let session = TestSession::new();
    let server = Server::new(|call, request| match request.seed % 3 {
        0 => {
            vec![Step::Fail(GeneratorError::Flagged { provider: "openai".into(), words: "Violence".into() })]
        }
        _ => slow(call, request, 30),
    });
    let report = run(&session, many(150), &server).await;
    assert_eq!((report.status, report.rows), (RunStatus::Done, 150));
    let mut seeds = server.log().seeds.clone();
    assert!(report.failed > 0 && seeds.len() == 30 + report.failed as usize);
    seeds.sort_unstable();
    seeds.dedup();
    assert_eq!(seeds.len(), server.log().calls as usize);
    let run = kept(&session);
    assert_eq!((run.failures.len(), run.failures[0].count), (1, report.failed));
}

#[tokio::test(start_paused = true)]
async fn another_model_that_answers_is_said_once_and_kept_with_its_requests() {
    let session = TestSession::new();
    let server = Server::new(|call, request| {
        let named = Step::Say(GenerateEvent::AnsweredBy("tiny-1b".into()));
        [named].into_iter().chain(good(call, request)).collect()
    });
    let (_, events) = run_and_hear(&session, many(30), &server).await;
    let said = "Asked for `m`, and `tiny-1b` answers; check the server's model.";
    let told: Vec<_> =
        events.iter().filter(|event| matches!(event, RunEvent::Remark(told) if told == said)).collect();
    assert_eq!(told.len(), 1, "{events:?}");
    assert_eq!(kept(&session).remarks, [said]);
    let bench = Workbench::open(&session.location, clock::now()).unwrap();
    let request = bench.projection().request(crate::domain::RequestNumber(3)).unwrap();
    assert_eq!(request.answered_by.as_deref(), Some("tiny-1b"));
}
