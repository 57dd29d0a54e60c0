//! What a provider run costs: wall time over that of a bare loop, CPU seconds, memory.
//!
//! The bench starts itself again for each part, so that each has a process of its own: the
//! server, the bare loop that reads replies and parses nothing, and a run with parsing,
//! checks, flags and the journal. The server answers after 200 ms, in five pieces.
#![expect(clippy::unwrap_used, reason = "what cannot be set up cannot be measured")]
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rowsmith::app::{RunProgress, Saved};
use rowsmith::domain::{GeneratorSettings, Provider, RunOrder, RunStatus};
use rowsmith::runtime::{SampleWatch, Writer, clock, sample};
use rowsmith::text::SplitMix64;
use rowsmith::workbench::{Location, NewOrder, PromptSource, Workbench, new_session};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_util::sync::CancellationToken;

const REQUESTS: u32 = 2_000;
const ROWS: u32 = 5;
const DELAY: Duration = Duration::from_millis(200);
/// How often each part is measured; the median is printed.
const ROUNDS: usize = 3;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let words: Vec<&str> = args.iter().skip(1).map(String::as_str).collect();
    match words.as_slice() {
        ["serve"] => runtime().block_on(serve()),
        ["bare", url, most] => bare(url, most.parse().unwrap()),
        ["run", url, most] => run(url, most.parse().unwrap()),
        _ => measure(),
    }
}

fn measure() {
    println!("{REQUESTS} requests of {ROWS} rows each, answered after {} ms", DELAY.as_millis());
    for most in [64, 256] {
        let (mut bare, mut run) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            bare.push(part("bare", most));
            run.push(part("run", most));
        }
        let (bare, run) = (median(bare), median(run));
        println!(
            "concurrency {most}: {:.3} s over {:.3} s of the bare loop = {:.3} x (the loop: {:.3} of the limit); \
             CPU {:.2} s (the loop: {:.2} s); resident {:.0} MB at most",
            run.wall,
            bare.wall,
            run.wall / bare.wall,
            bare.wall / (f64::from(REQUESTS) * DELAY.as_secs_f64() / f64::from(most)),
            run.cpu,
            bare.cpu,
            run.memory,
        );
    }
}

/// What one part took: seconds, CPU seconds, and megabytes at most.
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

/// Runs one part in a process of its own, against a server of its own.
fn part(name: &str, most: u32) -> Cost {
    let (mut server, url) = start(&["serve"]);
    let (mut child, figures) = start(&[name, &url, &most.to_string()]);
    assert!(child.wait().unwrap().success());
    server.kill().unwrap();
    server.wait().unwrap();
    let figures: Vec<f64> = figures.split(' ').map(|figure| figure.parse().unwrap()).collect();
    Cost { wall: figures[0], cpu: figures[1], memory: figures[2] }
}

/// Starts this program again and waits for the first line that it prints.
fn start(args: &[&str]) -> (Child, String) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let mut child = command.args(args).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (child, line.trim().to_owned())
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// Prints what passed since `began`, and what the process used up since it had used `cpu` seconds.
fn tell(began: Instant, cpu: f64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = most.and_then(|most| most.trim().split(' ').next()?.parse::<f64>().ok());
    let wall = began.elapsed().as_secs_f64();
    println!("{wall:.4} {:.2} {:.1}", cpu_seconds() - cpu, kilobytes.unwrap_or_default() / 1024.0);
}

/// Returns the CPU seconds of the process, in steps of a hundredth; 0 where the system does not tell.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

/// Asks as a client does that wants nothing but the bytes.
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

struct Silent;

impl SampleWatch for Silent {
    fn came(&self, _: &Saved) {}

    fn progress(&self, _: RunProgress) {}

    fn follows(&self) -> bool {
        false
    }
}

/// Runs a whole run, as the command line does.
fn run(url: &str, most: u32) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let location = session(folder.path());
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
    runtime().block_on(async {
        let handle = writer.handle();
        let plan = handle.ask(move |bench| {
            let generator = bench.generator(&order.generator, true)?;
            let (source, operation) = (PromptSource::Version(None), bench.next_operation());
            let plan = bench.begin_run(&order, &source, generator.as_ref(), operation, clock::now())?;
            Ok((generator, plan))
        });
        let (generator, plan) = plan.await.unwrap().value;
        let (began, cpu) = (Instant::now(), cpu_seconds());
        let report =
            sample(&handle, generator, plan, CancellationToken::new(), Arc::new(Silent)).await.unwrap();
        assert_eq!((report.status, report.rows), (RunStatus::Done, REQUESTS * ROWS));
        tell(began, cpu);
    });
}

/// Makes a session of real messages where they are at hand, else of 4,000 made of drawn words.
fn session(folder: &Path) -> Location {
    let reference = std::env::var_os("ROWSMITH_REFERENCE_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let mut data = reference.join("sms_spam.csv");
    let mut target = "spam";
    if !data.is_file() {
        data = folder.join("drawn.csv");
        target = "leave";
        std::fs::write(&data, drawn()).unwrap();
    }
    let (text, label, id, split) = ("text", "label", None, None);
    let order = NewOrder { data: &data, text, label, target, id, split, test_fraction: 0.2, seed: 1 };
    new_session(&folder.join("session"), &order, None).unwrap()
}

fn drawn() -> String {
    let words: Vec<&str> = TEXTS.iter().flat_map(|text| text.split(' ')).collect();
    let mut random = SplitMix64::new(1);
    let mut line = |number: usize| {
        let words: Vec<_> = (0..14).filter_map(|_| random.choose(&words).copied()).collect();
        format!("\"{} {number}\",{}\n", words.join(" "), ["ask", "leave"][number % 2])
    };
    (0..4_000).fold("text,label\n".to_owned(), |csv, number| csv + &line(number))
}

const TEXTS: [&str; 5] = [
    "Meet me at the north gate at seven, I will bring the tickets and the map.",
    "Your parcel is waiting at the depot, reply with the code to choose a time.",
    "I could not open the file you sent yesterday, can you try the other format?",
    "Win a weekend for two by texting your answer before midnight on Friday.",
    "Thanks for the notes, the second page was exactly what the team needed today.",
];

/// Serves replies of the `OpenAI` dialect, each in five pieces that end after the delay.
async fn serve() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("http://{}/v1", listener.local_addr().unwrap());
    let replies = Arc::new(AtomicU32::new(0));
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let replies = Arc::clone(&replies);
        // A client that goes ends its connection.
        tokio::spawn(async move { answer_all(stream, &replies).await.ok() });
    }
}

async fn answer_all(mut stream: tokio::net::TcpStream, replies: &AtomicU32) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::new();
    loop {
        let length = loop {
            if let Some(length) = request_length(&buffer).filter(|length| buffer.len() >= *length) {
                break length;
            }
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        };
        buffer.drain(..length);
        let began = tokio::time::Instant::now();
        let frames = frames(replies.fetch_add(1, Ordering::Relaxed));
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
        for (place, frame) in (1..).zip(&frames) {
            tokio::time::sleep_until(began + DELAY * place / u32::try_from(frames.len()).unwrap()).await;
            let start = if place == 1 { head } else { "" };
            let end = if place as usize == frames.len() { "0\r\n\r\n" } else { "" };
            let chunk = format!("{start}{:x}\r\n{frame}\r\n{end}", frame.len());
            stream.write_all(chunk.as_bytes()).await?;
        }
    }
}

/// Returns how long the first request is, once its head is whole.
fn request_length(buffer: &[u8]) -> Option<usize> {
    let end = buffer.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&buffer[..end]).to_lowercase();
    let body = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
    Some(end + body.unwrap_or(0))
}

/// Returns a reply in five frames; no two replies have a row in common.
fn frames(reply: u32) -> Vec<String> {
    let row = |row: u32| {
        let number = reply * ROWS + row;
        serde_json::json!({ "text": format!("{} #{number}", TEXTS[row as usize % TEXTS.len()]) })
    };
    let content = serde_json::json!({ "rows": (0..ROWS).map(row).collect::<Vec<_>>() }).to_string();
    let size = content.len().div_ceil(5);
    let pieces = content.as_bytes().chunks(size).map(|piece| String::from_utf8_lossy(piece));
    let data = |value: serde_json::Value| format!("data: {value}\n\n");
    let mut frames: Vec<String> = pieces
        .map(|piece| data(serde_json::json!({"choices": [{"index": 0, "delta": {"content": piece}}]})))
        .collect();
    if let Some(last) = frames.last_mut() {
        last.push_str(&data(serde_json::json!({
            "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]
        })));
        last.push_str(&data(serde_json::json!({
            "choices": [], "usage": {"prompt_tokens": 100, "completion_tokens": 90}
        })));
        last.push_str("data: [DONE]\n\n");
    }
    frames
}
