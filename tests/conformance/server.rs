//! A server on loopback that sends one canned answer to each request, and counts what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) const JSON: &str = "content-type: application/json\r\n";

/// The bytes of an answer in pieces, then the end of the connection or silence.
#[derive(Clone, Default)]
pub(crate) struct Answer {
    pub pieces: Vec<Vec<u8>>,
    pub then: Then,
    /// How long nothing is sent at first.
    pub delay: Duration,
    /// The time between two pieces.
    pub pace: Duration,
    /// Tokens of the messages and of the reply that the answer reports.
    pub tokens: (u64, u64),
}

#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) enum Then {
    #[default]
    Close,
    FallSilent,
}

impl Answer {
    /// Returns a body of known length.
    pub(crate) fn whole(status: u16, headers: &str, body: &[u8]) -> Self {
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status} Canned\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n"
        );
        Self { pieces: vec![head.into_bytes(), body.to_vec()], ..Self::default() }
    }

    /// Returns frames that end with the connection.
    pub(crate) fn stream(frames: Vec<Vec<u8>>) -> Self {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
        let mut pieces = vec![head.as_bytes().to_vec()];
        pieces.extend(frames);
        Self { pieces, ..Self::default() }
    }

    /// Returns an answer without any bytes.
    pub(crate) fn silence() -> Self {
        Self { then: Then::FallSilent, ..Self::default() }
    }

    pub(crate) fn then_silence(mut self) -> Self {
        self.then = Then::FallSilent;
        self
    }

    /// Keeps the first pieces only.
    pub(crate) fn only(mut self, pieces: usize) -> Self {
        self.pieces.truncate(pieces);
        self
    }

    /// Removes bytes from the end of the last piece.
    pub(crate) fn shorter(mut self, bytes: usize) -> Self {
        let last = self.pieces.last_mut().unwrap();
        last.truncate(last.len() - bytes);
        self
    }

    /// Adds a piece.
    pub(crate) fn and(mut self, piece: Vec<u8>) -> Self {
        self.pieces.push(piece);
        self
    }

    /// Splits the answer into single bytes.
    pub(crate) fn split_everywhere(mut self) -> Self {
        self.pieces = self.pieces.concat().into_iter().map(|byte| vec![byte]).collect();
        self
    }

    /// Joins the answer to one piece.
    pub(crate) fn in_one_piece(mut self) -> Self {
        self.pieces = vec![self.pieces.concat()];
        self
    }

    /// Replaces one byte with another.
    pub(crate) fn replace(mut self, byte: u8, other: u8) -> Self {
        let at = self.pieces.iter_mut().flatten().find(|it| **it == byte);
        *at.unwrap() = other;
        self
    }

    /// Encodes the body in HTTP chunks without the last one.
    pub(crate) fn chunked_without_end(mut self) -> Self {
        let head = String::from_utf8(self.pieces.remove(0)).unwrap();
        let lines = head.trim_end().lines().filter(|line| !line.starts_with("content-length"));
        let head = lines.collect::<Vec<_>>().join("\r\n");
        let body = self.pieces.concat();
        self.pieces = vec![
            format!("{head}\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n", body.len()).into_bytes(),
            body,
            b"\r\n".to_vec(),
        ];
        self
    }
}

pub(crate) struct Server {
    pub url: String,
    seen: Arc<Mutex<Seen>>,
}

/// What a server was asked, and what it answered in full.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// The requests, each as head and body.
    pub requests: Vec<String>,
    /// How many of the answers were sent in full.
    pub answered: usize,
    /// The tokens that those report.
    pub tokens: (u64, u64),
}

impl Server {
    /// Starts a server; the last answer is repeated.
    pub(crate) fn with(answers: Vec<Answer>) -> Self {
        let mut answers = answers.into_iter();
        let mut last = None;
        Self::answering(move |_| {
            last = answers.next().or(last.take());
            last.clone()
        })
    }

    /// Starts a server that gives each request the answer that a function finds for it, several at once.
    pub(crate) fn answering(mut find: impl FnMut(&str) -> Option<Answer> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Seen::default()));
        let all = Arc::clone(&seen);
        let (give_in, requests) = std::sync::mpsc::channel::<(TcpStream, String)>();
        std::thread::spawn(move || {
            for (mut stream, request) in requests {
                let answer = find(&request);
                all.lock().unwrap().requests.push(request);
                let (Some(answer), all) = (answer, Arc::clone(&all)) else { continue };
                // A client may disconnect before the whole answer is sent.
                std::thread::spawn(move || give(&mut stream, &answer, &all).is_ok());
            }
        });
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (Ok(stream), give_in) = (stream, give_in.clone()) else { return };
                std::thread::spawn(move || {
                    if let Some(request) = request(&stream) {
                        give_in.send((stream, request)).unwrap();
                    }
                });
            }
        });
        Self { url, seen }
    }

    /// Returns the requests so far, each as head and body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.seen().requests
    }

    /// Returns what was asked and answered so far.
    pub(crate) fn seen(&self) -> Seen {
        self.seen.lock().unwrap().clone()
    }
}

/// A server that accepts no connection, because its queue is full.
pub(crate) struct Deaf {
    pub url: String,
    _listener: TcpListener,
    _waiting: Vec<TcpStream>,
}

impl Deaf {
    /// Fills the queue with connections over loopback.
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let listener = runtime.block_on(async {
            let socket = tokio::net::TcpSocket::new_v4().unwrap();
            socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
            socket.listen(1).unwrap().into_std().unwrap()
        });
        let address = listener.local_addr().unwrap();
        let mut waiting = Vec::new();
        while let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_millis(60)) {
            waiting.push(stream);
            assert!(waiting.len() < 64, "the system queues connections without end");
        }
        Self { url: format!("http://{address}"), _listener: listener, _waiting: waiting }
    }
}

fn request(stream: &TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length =
        head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some(head + &String::from_utf8(body).unwrap())
}

fn give(stream: &mut TcpStream, answer: &Answer, seen: &Mutex<Seen>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    std::thread::sleep(answer.delay);
    for (place, piece) in answer.pieces.iter().enumerate() {
        if place > 0 {
            std::thread::sleep(answer.pace);
        }
        if place + 1 == answer.pieces.len() {
            // Before the client can have it, so that nobody looks too early.
            let mut seen = seen.lock().unwrap();
            seen.answered += 1;
            seen.tokens.0 += answer.tokens.0;
            seen.tokens.1 += answer.tokens.1;
        }
        stream.write_all(piece)?;
    }
    if answer.then == Then::FallSilent {
        // Waits until the client disconnects, but not forever where a test failed.
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        let _gone = stream.read(&mut [0])?;
    }
    Ok(())
}
