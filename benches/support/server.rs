//! A model server on loopback that replies in pieces after a fixed delay; and a session to sample
//! with.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rowsmith::api::SplitMix64;
use rowsmith::api::{Location, NewOrder, clock, new_session};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The time from a request until its reply is complete.
pub(crate) const DELAY: Duration = Duration::from_millis(200);
/// Rows in a reply.
pub(crate) const ROWS: u32 = 5;

const TEXTS: [&str; 5] = [
    "Meet me at the north gate at seven, I will bring the tickets and the map.",
    "Your parcel is waiting at the depot, reply with the code to choose a time.",
    "I could not open the file you sent yesterday, can you try the other format?",
    "Win a weekend for two by texting your answer before midnight on Friday.",
    "Thanks for the notes, the second page was exactly what the team needed today.",
];

/// A server in its own process, which is killed when this value is dropped.
pub(crate) struct Served {
    child: Child,
    /// Its address, for `base_url`.
    pub url: String,
}

impl Served {
    /// Starts this bench again as the server: with the argument `serve` it must call only
    /// [`serve`].
    pub(crate) fn start() -> Self {
        let (child, url) = again(&["serve"]);
        Self { child, url }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts this bench again and waits for the first line that it prints.
pub(crate) fn again(args: &[&str]) -> (Child, String) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let mut child = command.args(args).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (child, line.trim().to_owned())
}

/// Returns the runtime that both sides of a measurement use.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// Serves replies in the `OpenAI` dialect, each in five pieces, until the process is killed.
pub(crate) fn serve() {
    runtime().block_on(accept());
}

#[expect(clippy::print_stdout, reason = "whoever starts it reads its address")]
async fn accept() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("http://{}/v1", listener.local_addr().unwrap());
    let replies = Arc::new(AtomicU32::new(0));
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let replies = Arc::clone(&replies);
        // A client that disconnects ends its connection.
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

/// Returns the length of the first request, once its head is complete.
fn request_length(buffer: &[u8]) -> Option<usize> {
    let end = buffer.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&buffer[..end]).to_lowercase();
    let body = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
    Some(end + body.unwrap_or(0))
}

/// Returns a reply in five frames; no two replies share a row.
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

/// Makes a session of real messages if the reference data is there, else of 4,000 generated ones.
pub(crate) fn session(folder: &Path) -> Location {
    let reference = std::env::var_os("ROWSMITH_REFERENCE_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let mut data = reference.join("sms_spam.csv");
    let mut target = "spam";
    if !data.is_file() {
        data = folder.join("drawn.csv");
        target = "leave";
        std::fs::write(&data, drawn()).unwrap();
    }
    let order = NewOrder { seed: 1, ..NewOrder::new(&data, "text", "label", target) };
    new_session(&folder.join("session"), &order, None, clock::now()).unwrap()
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
