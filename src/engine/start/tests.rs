//! Runs at the engine's own door: begun, stopped by a budget and gone on with, as both fronts do it.

use std::time::{Duration, Instant};

use super::*;
use crate::domain::{RunStatus, Saved};
use crate::engine::Writer;
use crate::engine::fixtures::session;
use crate::workbench::{Location, NewOrder, new_session};

fn context(writer: &Writer, location: &Location, snapshots: Snapshots) -> RunContext {
    RunContext {
        writer: writer.handle(),
        folder: location.folder.clone(),
        config: Arc::default(),
        allowed: Allowances::default(),
        network: false,
        transport: TransportOptions::default(),
        snapshots,
    }
}

fn writer(location: &Location) -> Writer {
    let location = location.clone();
    Writer::start(move || Workbench::open(&location, clock::now()), |opened| assert!(opened.is_ok())).unwrap()
}

fn new(rows: u32, budget: Budget) -> Start {
    let order = RunOrder { budget, ..RunOrder::new(rows, GeneratorSettings::default()) };
    let source = PromptSource::Version(None);
    Start::New { order: Box::new(order), source, prepared: None, operation: None }
}

#[tokio::test]
async fn a_new_run_and_its_rest_begin_at_the_same_door_and_tell_the_same_events() {
    let folder = tempfile::tempdir().unwrap();
    let location = session(folder.path());
    let writer = writer(&location);
    let context = context(&writer, &location, Snapshots::WhileRunning);
    let one_request = Budget { requests: Some(1), ..Budget::default() };
    let any = Budget { requests: Some(100), ..Budget::default() };
    let resume = Start::Resume { run: None, budget: any, operation: None };

    for (what, most) in [(new(10, one_request), 5), (resume, 10)] {
        let mut run = start(&context, what);
        let mut events = Vec::new();
        while let Some(event) = run.next().await {
            events.push(event);
        }

        assert!(matches!(events.first(), Some(RunEvent::Began { run: RunNumber(1), .. })), "{events:?}");
        let Some(RunEvent::Ended(Ok(ended))) = events.pop() else { panic!("{events:?}") };
        assert_eq!((ended.run, ended.rows), (RunNumber(1), most));
        assert_eq!(ended.status == RunStatus::Done, most == 10);
        let saved = |event: &RunEvent| match event {
            RunEvent::Began { saved, .. } | RunEvent::Saved(saved) => Some(saved.clone()),
            _ => None,
        };
        let last: Saved = events.iter().rev().find_map(saved).unwrap();
        assert_eq!(last.projection.run(RunNumber(1)).unwrap().rows, most);
        assert!(events.iter().any(|event| matches!(event, RunEvent::Progress(p) if p.done == most)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_on_long_rows_is_stopped_at_once_whatever_it_is_at() {
    let folder = tempfile::tempdir().unwrap();
    let word = |n: usize| format!("word{}", "xyz".chars().cycle().take(n % 60).collect::<String>());
    let text = |n: usize, end: &str| (0..20_000).map(|at| word(at * (n + 7)) + end).collect::<String>();
    let data = folder.path().join("long.csv");
    let row = |n: usize| format!("{},long\n", text(n, [" ", ". ", "-", "\u{3002}"][n % 4]));
    std::fs::write(&data, format!("text,label\n{}short,other\n", (0..12).map(row).collect::<String>()))
        .unwrap();
    let order = NewOrder::new(&data, "text", "label", "long");
    let location = new_session(&folder.path().join("long"), &order, None, clock::now()).unwrap();
    for wait in [0, 40, 200] {
        let writer = writer(&location);
        let context = context(&writer, &location, Snapshots::AtEnd);
        writer.handle().tell(|_| Ok(())).await.unwrap();
        let mut run = start(&context, new(100_000, Budget::default()));
        tokio::time::sleep(Duration::from_millis(wait)).await;

        let stopped = Instant::now();
        run.stopper().cancel();
        let mut last = None;
        while let Some(event) = run.next().await {
            last = Some(event);
        }
        drop(writer);

        assert!(stopped.elapsed() < Duration::from_secs(2), "{:?} after {wait} ms", stopped.elapsed());
        let Some(RunEvent::Ended(ended)) = last else { panic!("{last:?}") };
        let is_stopped = match &ended {
            Ok(ended) => ended.status == RunStatus::STOPPED,
            Err(error) => matches!(error, WorkbenchError::StoppedEarly),
        };
        assert!(is_stopped, "{ended:?}");
    }
}

#[tokio::test]
async fn what_keeps_a_run_from_beginning_is_its_only_event() {
    let folder = tempfile::tempdir().unwrap();
    let location = session(folder.path());
    let writer = writer(&location);
    let context = context(&writer, &location, Snapshots::AtEnd);
    let settings = GeneratorSettings {
        provider: crate::domain::Provider::Ollama,
        model: Some("m".into()),
        ..GeneratorSettings::default()
    };
    let order = Box::new(RunOrder::new(5, settings));
    let source = PromptSource::Version(None);
    let refused = Start::New { order, source, prepared: None, operation: None };
    let nothing = Start::Resume { run: None, budget: Budget::default(), operation: None };

    for (what, said) in
        [(refused, "`--offline` refuses all network"), (nothing, "There is no run to go on with")]
    {
        let mut run = start(&context, what);
        let Some(RunEvent::Ended(Err(error))) = run.next().await else { panic!("the run began") };
        assert!(error.to_string().starts_with(said), "{error}");
        assert!(run.next().await.is_none());
    }
    let runs = writer.handle().ask(|bench| Ok(bench.projection().runs().count())).await.unwrap();
    assert_eq!(runs.value, 0);
}

#[tokio::test]
async fn a_run_whose_handle_is_gone_stops_and_can_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let location = session(folder.path());
    let writer = writer(&location);
    let context = context(&writer, &location, Snapshots::AtEnd);
    let mut run = start(&context, new(2_000, Budget::default()));
    assert!(matches!(run.next().await, Some(RunEvent::Began { .. })));
    drop(run);

    let status = loop {
        let looked = context.writer.ask(|bench| Ok(bench.projection().run(RunNumber(1)).unwrap().clone()));
        let run = looked.await.unwrap().value;
        if run.status != RunStatus::Running {
            break run.status;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    };
    assert_eq!(status, RunStatus::STOPPED);
}
