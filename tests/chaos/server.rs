//! A server of the `OpenAI` dialect on loopback that fails at configured rates.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rowsmith::api::SplitMix64;
use serde_json::{Value, json};

/// How often a server fails, in percent of the requests, and how long it waits before each answer.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Manners {
    pub limits: u64,
    pub failures: u64,
    pub cuts: u64,
    pub garbage: u64,
    pub delay: Duration,
}

/// What a server received and did.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The number of requests for each seed.
    pub seeds: HashMap<u64, u32>,
    pub requests: u32,
    pub limits: u32,
    pub failures: u32,
    pub cuts: u32,
    pub garbage: u32,
    /// Complete rows that were sent.
    pub rows: u32,
    /// The last value of the authorization header.
    pub authorization: String,
}

pub(crate) struct Server {
    pub url: String,
    seen: Arc<Mutex<Seen>>,
}

impl Server {
    pub(crate) fn start(manners: Manners) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Seen::default()));
        let shared = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let seen = Arc::clone(&shared);
                // A client may disconnect, or be killed, before the whole answer is sent.
                std::thread::spawn(move || while matches!(serve(&stream, &seen, manners), Ok(true)) {});
            }
        });
        Self { url, seen }
    }

    pub(crate) fn seen<T>(&self, look: impl FnOnce(&Seen) -> T) -> T {
        look(&self.seen.lock().unwrap())
    }
}

enum Fate {
    Limited,
    Failed,
    Cut,
    Garbage,
    Well,
}

/// Answers one request; returns whether the connection can be used again.
fn serve(stream: &TcpStream, seen: &Mutex<Seen>, manners: Manners) -> std::io::Result<bool> {
    let Some((head, body)) = request(stream)? else { return Ok(false) };
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let (number, fate) = {
        let mut seen = seen.lock().unwrap();
        seen.requests += 1;
        *seen.seeds.entry(body["seed"].as_u64().unwrap_or_default()).or_default() += 1;
        let key = head.lines().find(|line| line.to_lowercase().starts_with("authorization:"));
        key.unwrap_or_default().clone_into(&mut seen.authorization);
        (seen.requests, fate(&mut seen, manners))
    };
    std::thread::sleep(manners.delay);
    let mut out = stream;
    match fate {
        Fate::Limited => {
            let body = r#"{"error":{"message":"Slow down","type":"rate_limit_error"}}"#;
            whole(out, 429, "retry-after-ms: 40\r\n", body)?;
            return Ok(true);
        }
        Fate::Failed => {
            whole(out, 500, "", r#"{"error":{"message":"Out of order"}}"#)?;
            return Ok(true);
        }
        _ => {}
    }
    let content = if matches!(fate, Fate::Garbage) {
        format!("I would rather not, {number} times.")
    } else {
        let row = |row| json!({"text": format!("Please close account {number} of office {row} for me.")});
        json!({"rows": (0..5).map(row).collect::<Vec<_>>()}).to_string()
    };
    write!(out, "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")?;
    let is_cut = matches!(fate, Fate::Cut);
    let end = if is_cut { content.len() * 2 / 3 } else { content.len() };
    let rows = content[..end].matches("\"}").count();
    if !matches!(fate, Fate::Garbage) {
        seen.lock().unwrap().rows += u32::try_from(rows).unwrap();
    }
    for piece in content.as_bytes()[..end].chunks(40) {
        let text = String::from_utf8_lossy(piece);
        frame(out, &json!({"choices": [{"index": 0, "delta": {"content": text}}]}).to_string())?;
    }
    if is_cut {
        return Ok(false);
    }
    frame(out, &json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}).to_string())?;
    frame(out, &json!({"choices": [], "usage": {"prompt_tokens": 90, "completion_tokens": 60}}).to_string())?;
    frame(out, "[DONE]")?;
    out.write_all(b"0\r\n\r\n")?;
    Ok(true)
}

fn fate(seen: &mut Seen, manners: Manners) -> Fate {
    let drawn = SplitMix64::new(u64::from(seen.requests)).next_u64() % 100;
    let mut below = manners.limits;
    if drawn < below {
        seen.limits += 1;
        return Fate::Limited;
    }
    below += manners.failures;
    if drawn < below {
        seen.failures += 1;
        return Fate::Failed;
    }
    below += manners.cuts;
    if drawn < below {
        seen.cuts += 1;
        return Fate::Cut;
    }
    below += manners.garbage;
    if drawn < below {
        seen.garbage += 1;
        return Fate::Garbage;
    }
    Fate::Well
}

fn frame(mut out: &TcpStream, data: &str) -> std::io::Result<()> {
    let text = format!("data: {data}\n\n");
    write!(out, "{:x}\r\n{text}\r\n", text.len())
}

fn whole(mut out: &TcpStream, status: u16, headers: &str, body: &str) -> std::io::Result<()> {
    let length = body.len();
    write!(
        out,
        "HTTP/1.1 {status} Chaos\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    )
}

fn request(stream: &TcpStream) -> std::io::Result<Option<(String, Vec<u8>)>> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Ok(None);
        }
    }
    let length =
        head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body)?;
    Ok(Some((head, body)))
}
