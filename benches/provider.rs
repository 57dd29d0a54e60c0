//! Measures a run with a provider: wall time relative to a bare loop, CPU seconds, memory.
//!
//! The bench starts itself again for each part, so that each has its own process: the server, the
//! bare loop that reads replies without parsing, and a run with parsing, checks, flags and the
//! journal. The server answers after 200 ms, in five pieces.
//! checks, flags and the journal. The server answers after 200 ms, in five pieces.
#![expect(clippy::unwrap_used, reason = "what cannot be set up cannot be measured")]
#![expect(clippy::print_stdout, reason = "a part prints its figures for the whole")]

#[path = "support/figures.rs"]
mod figures;
#[path = "support/server.rs"]
mod server;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rowsmith::api::{Allowances, TransportOptions};
use rowsmith::api::{GeneratorSettings, Provider, RunOrder, RunStatus};
use rowsmith::api::{PromptSource, Workbench};
use rowsmith::api::{RunContext, RunEvent, Snapshots, Start, Writer, clock, start};
use server::{DELAY, ROWS, Served, again, runtime};

const REQUESTS: u32 = 2_000;
/// The number of measurements of each part; the median is printed.
const ROUNDS: usize = 3;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let words: Vec<&str> = args.iter().skip(1).map(String::as_str).collect();
    match words.as_slice() {
        ["serve"] => server::serve(),
        ["bare", url, most] => bare(url, most.parse().unwrap()),
        ["run", url, most] => run(url, most.parse().unwrap()),
        _ => measure(),
    }
}

fn measure() {
    for most in [64, 256] {
        figures::heading(&format!(
            "{REQUESTS} requests of {ROWS} rows each, answered after {} ms, {most} at once",
            DELAY.as_millis()
        ));
        let (mut bare, mut run) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            bare.push(part("bare", most));
            run.push(part("run", most));
        }
        for (name, costs) in [("the bare loop", &bare), ("a run", &run)] {
            let walls: Vec<_> = costs.iter().map(|cost| Duration::from_secs_f64(cost.wall)).collect();
            figures::times(&format!("{name}, wall time"), &walls, &[]);
        }
        let (bare, run) = (median(bare), median(run));
        let least = f64::from(REQUESTS) * DELAY.as_secs_f64() / f64::from(most);
        println!(
            "  (the loop takes {:.3} of the least time there is, and {:.2} CPU s)",
            bare.wall / least,
            bare.cpu
        );
        let ratio = run.wall / bare.wall;
        figures::line(
            "wall time over that of the bare loop",
            &format!("{ratio:.3} x"),
            "at most 1.05 x",
            ratio <= 1.05,
        );
        figures::line("CPU, all of it", &format!("{:.2} s", run.cpu), "at most 1.5 s", run.cpu <= 1.5);
        figures::figure("resident memory at most", run.memory, "MB", 120.0);
    }
}

/// The cost of one part: wall seconds, CPU seconds, and peak memory in megabytes.
#[derive(Debug, Clone, Copy)]
struct Cost {
    wall: f64,
    cpu: f64,
    memory: f64,
}

fn median(mut costs: Vec<Cost>) -> Cost {
    costs.sort_by(|a, b| a.wall.total_cmp(&b.wall));
    costs[costs.len() / 2]
}

/// Runs one part in its own process, against its own server.
fn part(name: &str, most: u32) -> Cost {
    let server = Served::start();
    let (mut child, figures) = again(&[name, &server.url, &most.to_string()]);
    assert!(child.wait().unwrap().success());
    let figures: Vec<f64> = figures.split(' ').map(|figure| figure.parse().unwrap()).collect();
    Cost { wall: figures[0], cpu: figures[1], memory: figures[2] }
}

/// Prints the wall time since `began`, the CPU seconds beyond `cpu`, and the peak memory.
fn tell(began: Instant, cpu: f64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = most.and_then(|most| most.trim().split(' ').next()?.parse::<f64>().ok());
    let wall = began.elapsed().as_secs_f64();
    println!("{wall:.4} {:.2} {:.1}", cpu_seconds() - cpu, kilobytes.unwrap_or_default() / 1024.0);
}

/// Returns the CPU seconds of the process, in steps of 0.01; 0 where the system does not provide
/// them.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

/// Sends the requests and reads the bytes of the replies without parsing them.
fn bare(url: &str, most: u32) {
    rustls::crypto::ring::default_provider().install_default().unwrap();
    runtime().block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let body = serde_json::json!({
            "model": "m", "stream": true,
            "messages": [{"role": "user", "content": "Please write five rows. ".repeat(20)}],
        });
        let body = body.to_string();
        let next = Arc::new(AtomicU32::new(0));
        let (began, cpu) = (Instant::now(), cpu_seconds());
        let workers: Vec<_> = (0..most)
            .map(|_| {
                let (client, next, body) = (client.clone(), Arc::clone(&next), body.clone());
                let url = format!("{url}/chat/completions");
                tokio::spawn(async move {
                    while next.fetch_add(1, Ordering::Relaxed) < REQUESTS {
                        let request = client.post(&url).header("content-type", "application/json");
                        let reply = request.body(body.clone()).send().await.unwrap();
                        assert!(reply.bytes().await.unwrap().len() > 100);
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.await.unwrap();
        }
        tell(began, cpu);
    });
}

/// Samples with a whole run, as the command line does.
fn run(url: &str, most: u32) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let location = server::session(folder.path());
    let writer = Writer::start(
        move || Workbench::open(&location, clock::now()),
        |opened| assert!(opened.is_ok(), "the session cannot be opened"),
    )
    .unwrap();
    let settings = GeneratorSettings {
        provider: Provider::Openai,
        model: Some("m".into()),
        base_url: Some(url.to_owned()),
        concurrency: most,
        rows_per_request: ROWS,
        ..GeneratorSettings::default()
    };
    let order = RunOrder::new(REQUESTS * ROWS, settings);
    let context = RunContext {
        writer: writer.handle(),
        folder: folder.path().to_owned(),
        config: Arc::default(),
        allowed: Allowances::default(),
        network: true,
        transport: TransportOptions::default(),
        snapshots: Snapshots::AtEnd,
    };
    runtime().block_on(async {
        let source = PromptSource::Version(None);
        let new = Start::New { order: Box::new(order), source, prepared: None, operation: None };
        let mut run = start(&context, new);
        let Some(RunEvent::Began { .. }) = run.next().await else { panic!("the run did not begin") };
        let (began, cpu) = (Instant::now(), cpu_seconds());
        let ended = run.ended().await.unwrap();
        assert_eq!((ended.status, ended.rows), (RunStatus::Done, REQUESTS * ROWS));
        tell(began, cpu);
    });
}
