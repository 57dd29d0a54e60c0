//! Runs against a faulty server, through the real binary: nothing is lost, nothing is paid twice.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

#[path = "../cli/home.rs"]
#[expect(dead_code, reason = "shared with the tests of the command line")]
mod home;
mod server;

use std::collections::HashSet;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rowsmith::api::{Allowances, TransportOptions};
use rowsmith::api::{Budget, RunStatus};
use rowsmith::api::{Location, Workbench};
use rowsmith::api::{RunContext, Snapshots, Start, Writer, clock, start};
use serde_json::Value;

use crate::home::{Done, Home, ids, texts};
use crate::server::{Manners, Server};

const KEY: &str = "sk-chaos-5f0c2a9e77";

fn sample_args<'a>(rows: &'a str, url: &'a str, concurrency: &'a str) -> Vec<&'a str> {
    let args = ["sample", "small", "-n", rows, "--base-url", url, "--model", "chaos", "--json"];
    args.into_iter().chain(["--concurrency", concurrency]).collect()
}

fn chaotic(home: &Home, rows: &str) -> (Server, Done) {
    home.small_session();
    let manners = Manners { limits: 5, failures: 2, cuts: 2, garbage: 3, delay: Duration::from_millis(5) };
    let server = Server::start(manners);
    let mut command = home.command(&["-v"]);
    command.args(sample_args(rows, &server.url, "16")).env("OPENAI_API_KEY", KEY);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let done = Done {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        said: String::from_utf8(output.stderr).unwrap(),
    };
    (server, done)
}

#[track_caller]
fn all_differ(what: &[String]) {
    let different: HashSet<_> = what.iter().collect();
    assert_eq!(different.len(), what.len());
}

#[test]
fn a_run_through_limits_failures_cuts_and_garbage_ends_with_exactly_its_rows_and_honest_counts() {
    let home = Home::new();
    let (server, done) = chaotic(&home, "600");

    assert_eq!(done.code, 0, "{done:?}");
    let summary = done.json();
    assert_eq!((&summary["status"], &summary["rows"]), (&Value::from("done"), &Value::from(600)));
    let rows = home.lines(&["rows", "small", "--json"]);
    assert_eq!(rows.len(), 600);
    all_differ(&ids(&rows));
    all_differ(&texts(&rows));
    server.seen(|seen| {
        assert!(seen.limits > 0 && seen.failures > 0 && seen.cuts > 0 && seen.garbage > 0, "{seen:?}");
        assert_eq!(summary["requests"], seen.requests, "{summary}");
        assert_eq!(summary["failed"], seen.limits + seen.failures + seen.cuts, "{summary}");
        // Every reply without a row is one scrap, and so is the row that a cut ran through.
        assert_eq!(summary["scraps"], seen.garbage + seen.cuts, "{summary}");
        assert!(seen.rows >= 600);
    });
    assert!(home.ok(&["store", "verify", "small"]).out.starts_with("whole"));
}

#[test]
fn a_key_in_the_environment_is_found_nowhere_afterwards() {
    let home = Home::new();
    let (server, done) = chaotic(&home, "60");

    assert_eq!(done.code, 0, "{done:?}");
    assert!(server.seen(|seen| seen.authorization.contains(KEY)), "the key was not used");
    assert!(!done.out.contains(KEY) && !done.said.contains(KEY), "{done:?}");
    let mut files = 0;
    each_file(home.path(), &mut |path, bytes| {
        files += 1;
        let found = bytes.windows(KEY.len()).any(|window| window == KEY.as_bytes());
        assert!(!found, "the key is in {}", path.display());
    });
    assert!(files > 3, "only {files} files were looked at");
}

fn each_file(folder: &Path, look: &mut dyn FnMut(&Path, &[u8])) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            each_file(&path, look);
        } else if path.is_file() {
            look(&path, &std::fs::read(&path).unwrap());
        }
    }
}

#[test]
fn a_killed_run_goes_on_and_no_request_is_sent_twice() {
    let home = Home::new();
    home.small_session();
    let server = Server::start(Manners { delay: Duration::from_millis(25), ..Manners::default() });
    let mut command = home.command(&sample_args("500", &server.url, "4"));
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while server.seen(|seen| seen.requests) < 40 {
        assert!(Instant::now() < deadline, "the run does not get going");
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let before = home.lines(&["rows", "small", "--json"]);
    assert!((50..500).contains(&before.len()), "{}", before.len());

    let report = resume(&home.path().join("small"));

    assert_eq!(report, (RunStatus::Done, 500));
    let rows = home.lines(&["rows", "small", "--json"]);
    assert_eq!(rows.len(), 500);
    all_differ(&ids(&rows));
    all_differ(&texts(&rows));
    assert_eq!(ids(&rows)[..before.len()], ids(&before)[..]);
    server.seen(|seen| {
        assert!(seen.seeds.values().all(|times| *times == 1), "{:?}", seen.seeds);
        // At most the requests in progress at the kill were paid and lost: four, and those whose rows had
        // not been written yet.
        assert!(seen.rows <= 500 + 8 * 5, "{}", seen.rows);
    });
    let runs = home.lines(&["runs", "small", "--json"]);
    assert_eq!(runs.len(), 1, "{runs:?}");
    assert_eq!(runs[0]["status"], "done");
}

/// Continues the last run of a session, and returns its status and number of rows.
fn resume(folder: &Path) -> (RunStatus, u32) {
    let location = Location { folder: folder.to_owned(), store: folder.join(".rowsmith") };
    let open = move || Workbench::open(&location, clock::now());
    let writer = Writer::start(open, |opened| assert!(opened.is_ok())).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let context = RunContext {
        writer: writer.handle(),
        folder: folder.to_owned(),
        config: Arc::default(),
        allowed: Allowances::default(),
        network: true,
        transport: TransportOptions::default(),
        snapshots: Snapshots::AtEnd,
    };
    let report = runtime.block_on(async {
        let resume = Start::Resume { run: None, budget: Budget::default(), operation: None };
        start(&context, resume).ended().await.unwrap()
    });
    (report.status, report.rows)
}
