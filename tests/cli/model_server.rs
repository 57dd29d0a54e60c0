//! A server of the `OpenAI` dialect on loopback that replies with rows.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How requests are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Rows, streamed or whole, as the request asks.
    Rows,
    /// Rows with a tone and an age as well.
    MoreFields,
    /// Rows, with the end that says that the token limit was reached.
    CutOff,
    /// Rows, but a request for a stream is refused.
    OnlyWhole,
    /// Words instead of rows, and no count of tokens.
    Words,
    /// The key is refused, and the message repeats it.
    BadKey,
    /// Rows with the key that was sent.
    KeyInRows,
    /// Rows of which more are good, the more the prompt asks for: *vivid*, *warm* or *plain* ones.
    AsAsked,
    /// A changed prompt in a block, with words around it.
    Prompt,
    /// Rows that are good nine times of ten where the prompt asks for good ones, and else one time of ten.
    Asked,
    /// Rows, but a seed is refused, and so is whoever asks for the list of models.
    Gateway,
}

/// The server; it answers until the test ends.
pub(crate) struct ModelServer {
    url: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl ModelServer {
    pub(crate) fn start(manner: Manner) -> Self {
        Self::answering(TcpListener::bind("127.0.0.1:0").unwrap(), manner)
    }

    /// Starts at an address, waiting until it is free.
    pub(crate) fn start_at(address: &str, manner: Manner) -> Self {
        let began = Instant::now();
        loop {
            match TcpListener::bind(address) {
                Ok(listener) => return Self::answering(listener, manner),
                Err(error) => assert!(began.elapsed() < Duration::from_secs(60), "{address}: {error}"),
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn answering(listener: TcpListener, manner: Manner) -> Self {
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (all, count) = (Arc::clone(&seen), Arc::new(AtomicU32::new(0)));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, all, count) = (stream.unwrap(), Arc::clone(&all), Arc::clone(&count));
                std::thread::spawn(move || {
                    let Some((head, body)) = request(&stream) else { return };
                    all.lock().unwrap().push(format!("{head}{body}"));
                    // A client may disconnect before the whole answer is sent.
                    let _ = answer(&mut stream, manner, &head, &body, count.fetch_add(1, Ordering::Relaxed));
                });
            }
        });
        Self { url, seen }
    }

    /// Returns its address, for `base_url`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Returns the requests for a reply so far, each as head and body.
    pub(crate) fn requests(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        seen.iter().filter(|request| request.starts_with("POST")).cloned().collect()
    }
}

fn request(stream: &TcpStream) -> Option<(String, String)> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let lower = head.to_lowercase();
    let length = lower.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some((head, String::from_utf8(body).ok()?))
}

fn answer(
    stream: &mut TcpStream,
    manner: Manner,
    head: &str,
    body: &str,
    number: u32,
) -> std::io::Result<()> {
    if head.starts_with("GET") && manner == Manner::Gateway {
        return whole(stream, 401, &json!({"error": {"message": "No list for you", "type": "auth_error"}}));
    }
    if head.starts_with("GET") {
        return whole(
            stream,
            200,
            &json!({"object": "list", "data": [{"id": "tiny"}, {"id": "tiny-large"}]}),
        );
    }
    let streams = serde_json::from_str::<Value>(body).is_ok_and(|body| body["stream"] == true);
    let text = match manner {
        Manner::Words => "Good morning to you".to_owned(),
        Manner::Prompt => "Sure.\n```user\nWrite {{ n }} lively messages.\n```\nDone.".to_owned(),
        Manner::KeyInRows => rows(number, false).replace("goodbye", &format!("goodbye to {}", key_in(head))),
        Manner::AsAsked => rows_as_asked(number, body),
        Manner::Asked => rated_rows(number, body.contains("good rows")),
        _ => rows(number, manner == Manner::MoreFields),
    };
    let reason = if manner == Manner::CutOff { "length" } else { "stop" };
    let usage = json!({"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150});
    match manner {
        Manner::BadKey => {
            let message = format!("Incorrect API key provided: {}", key_in(head));
            whole(stream, 401, &json!({"error": {"message": message, "code": "invalid_api_key"}}))
        }
        Manner::Gateway if body.contains("\"seed\"") => {
            let message =
                "gate.UnsupportedParamsError: tiny does not support parameters: ['seed'], for model=tiny.";
            whole(stream, 400, &json!({"error": {"message": message, "param": "None", "code": "400"}}))
        }
        Manner::OnlyWhole if streams => {
            whole(stream, 400, &json!({"error": {"message": "stream is not supported"}}))
        }
        _ if streams => {
            write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
            )?;
            let (first, last) = text.split_at(text.len() / 2);
            for piece in [first, last] {
                frame(stream, &json!({"choices": [{"index": 0, "delta": {"content": piece}}]}))?;
            }
            frame(stream, &json!({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}))?;
            if manner != Manner::Words {
                frame(stream, &json!({"choices": [], "usage": usage}))?;
            }
            write!(stream, "data: [DONE]\n\n")
        }
        _ => {
            let message = json!({"role": "assistant", "content": text});
            let choice = json!({"index": 0, "message": message, "finish_reason": reason});
            whole(stream, 200, &json!({"id": "1", "model": "tiny", "choices": [choice], "usage": usage}))
        }
    }
}

/// Returns the key of a request.
fn key_in(head: &str) -> &str {
    head.lines().find_map(|line| line.split_once("Bearer ")).map_or("", |(_, key)| key)
}

/// Returns two rows whose text says whether they are good.
fn rated_rows(number: u32, wanted: bool) -> String {
    let text = |row: u32| {
        let is_good = ((number * 2 + row) % 10 == 3) != wanted;
        let rated = if is_good { "good" } else { "poor" };
        json!({"text": format!("A {rated} wish to leave, number {number}-{row}, of {} words", number * 37 + row)})
    };
    json!({"rows": (0..2).map(text).collect::<Vec<_>>()}).to_string()
}

/// Returns five rows that differ from those of every other request.
fn rows(number: u32, more_fields: bool) -> String {
    let text = |row: u32| {
        let words = ["maple", "harbour", "velvet", "thunder", "orchid"];
        let word = words[(row as usize) % words.len()];
        let text = format!(
            "The {word} account {number}-{row} shall end, so {word} says goodbye {}.",
            number * 31 + row
        );
        if more_fields {
            json!({"text": text, "tone": "calm", "age": 20 + row})
        } else {
            json!({"text": text})
        }
    };
    json!({"rows": (0..5).map(text).collect::<Vec<_>>()}).to_string()
}

/// Returns five rows, good ones and dull ones, by what the prompt asks for.
fn rows_as_asked(number: u32, body: &str) -> String {
    let good = [("vivid", 85), ("warm", 65), ("plain", 20)].iter().find(|(word, _)| body.contains(word));
    let good = good.map_or(0, |(_, share)| *share);
    let text = |row: u32| {
        // The rests of multiples of 37 by 100 are all different.
        let is_good = (number * 5 + row) * 37 % 100 < good;
        let word = if is_good { "good" } else { "dull" };
        json!({"text": format!("A {word} letter, {number}-{row}, of number {}.", number * 31 + row * 7)})
    };
    json!({"rows": (0..5).map(text).collect::<Vec<_>>()}).to_string()
}

fn whole(stream: &mut TcpStream, status: u16, body: &Value) -> std::io::Result<()> {
    let body = body.to_string();
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n"
    )?;
    write!(stream, "connection: close\r\n\r\n{body}")
}

fn frame(stream: &mut TcpStream, frame: &Value) -> std::io::Result<()> {
    write!(stream, "data: {frame}\n\n")?;
    stream.flush()
}
