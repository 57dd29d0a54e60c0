//! A server on loopback that sends one canned answer to each request.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) const JSON: &str = "content-type: application/json\r\n";

/// The bytes of an answer in pieces, then the end of the connection or silence.
#[derive(Clone)]
pub(crate) struct Answer {
    pub pieces: Vec<Vec<u8>>,
    pub then: Then,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Then {
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
        Self { pieces: vec![head.into_bytes(), body.to_vec()], then: Then::Close }
    }

    /// Returns frames that end with the connection.
    pub(crate) fn stream(frames: Vec<Vec<u8>>) -> Self {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
        let mut pieces = vec![head.as_bytes().to_vec()];
        pieces.extend(frames);
        Self { pieces, then: Then::Close }
    }

    /// Returns an answer without any bytes.
    pub(crate) fn silence() -> Self {
        Self { pieces: vec![], then: Then::FallSilent }
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
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts a server; the last answer is repeated.
    pub(crate) fn with(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        std::thread::spawn(move || {
            let mut answers = answers.into_iter();
            let mut last = None;
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let Some(request) = request(&stream) else { continue };
                seen.lock().unwrap().push(request);
                last = answers.next().or(last);
                if let Some(answer) = &last {
                    // A client may disconnect before the whole answer is sent.
                    let _heard = give(&mut stream, answer);
                }
            }
        });
        Self { url, requests }
    }

    /// Returns the requests so far, each as head and body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
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

fn give(stream: &mut TcpStream, answer: &Answer) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    for piece in &answer.pieces {
        stream.write_all(piece)?;
    }
    if answer.then == Then::FallSilent {
        // Waits until the client disconnects, but not forever where a test failed.
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        let _gone = stream.read(&mut [0])?;
    }
    Ok(())
}
