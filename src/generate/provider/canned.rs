//! A test server on loopback that gives a list of canned answers.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The answer to one request.
pub(super) enum Answer {
    /// A status, extra headers, and a whole body.
    Whole(u16, &'static str, String),
    /// Chunks of server-sent events, then the end of the connection.
    Stream(Vec<Vec<u8>>),
    /// No answer, until the client disconnects.
    Silence,
}

/// The server; it gives each answer on a new connection.
pub(super) struct Server {
    pub(super) url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(super) fn with(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        std::thread::spawn(move || {
            for (answer, stream) in answers.into_iter().zip(listener.incoming()) {
                let mut stream = stream.unwrap();
                seen.lock().unwrap().push(request(&stream));
                // The client may disconnect before it has read everything.
                let _heard = give(&mut stream, answer);
            }
        });
        Self { url, requests }
    }

    /// Returns the requests so far, with headers and body.
    pub(super) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// Returns events of the `OpenAI` dialect, one for each piece of text.
pub(super) fn frames(pieces: &[&str]) -> Vec<Vec<u8>> {
    let frame = |piece: &&str| {
        let json = serde_json::json!({ "choices": [{ "index": 0, "delta": { "content": piece } }] });
        format!("data: {json}\n\n").into_bytes()
    };
    pieces.iter().map(frame).collect()
}

/// Returns the event with the finish reason of a reply.
pub(super) fn finish(reason: &str) -> Vec<u8> {
    let json = serde_json::json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": reason }] });
    format!("data: {json}\n\n").into_bytes()
}

/// Returns the events at the end of a whole stream.
pub(super) fn done() -> Vec<u8> {
    b"data: {\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7}}\n\ndata: [DONE]\n\n"
        .to_vec()
}

fn request(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(reader.read_line(&mut head).unwrap(), 0, "the request ended early");
    }
    let length =
        head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    head + &String::from_utf8(body).unwrap()
}

fn give(stream: &mut TcpStream, answer: Answer) -> std::io::Result<()> {
    match answer {
        Answer::Whole(status, headers, body) => {
            let length = body.len();
            write!(stream, "HTTP/1.1 {status} Canned\r\ncontent-length: {length}\r\nconnection: close\r\n")?;
            write!(stream, "{headers}\r\n{body}")
        }
        Answer::Stream(chunks) => {
            write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
            )?;
            for chunk in chunks {
                stream.write_all(&chunk)?;
                stream.flush()?;
            }
            Ok(())
        }
        Answer::Silence => stream.read(&mut [0]).map(|_| ()),
    }
}
