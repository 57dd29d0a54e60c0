#!/bin/sh
# A stream that stops early ends, for some of genai's adapters, like one that is whole.
#
# Library: genai 0.7.2 (crates.io), without default features.
#
# Behaviour: a server sends the first piece of a reply, no finish reason and no mark of the end, and closes the
# connection; with `connection: close` and no length, that is how HTTP ends a body. Through the adapters of Gemini and
# of OpenAI's responses the caller gets the piece, then an ordinary `End` event, and no error. It differs from a whole
# reply only in a stop reason that is `None`. The adapters of OpenAI's chat completions and of Anthropic raise no error
# either, but send no `End`: there the stream just stops. Where the body itself is broken off (chunked, without its last
# chunk), there is an error, and behind the error the first two adapters send their `End` all the same.
#
# Why it surprises: one library hides the providers behind one event type, and `End` is what a caller waits for to know
# that a reply is whole. Whether it tells that depends on the provider.
#
# What Rowsmith does: it left genai for two dialects of its own, in which a reply is whole only when the server has said
# so; otherwise the request fails with "the stream stopped without its end" (src/generate/provider/answer.rs).
#
# Output seen: below, behind `seen`. The server is a thread of the program, on a loopback port.

set -eu
command -v cargo >/dev/null 2>&1 || { echo "skipped: there is no cargo"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
export CARGO_TARGET_DIR="$work/target" CARGO_PROFILE_DEV_DEBUG=false

cat >seen <<'END'
Gemini, whole
    text "Good"
    text " day"
    End, stop reason Some(Completed("STOP"))
Gemini, cut
    text "Good"
    End, stop reason None
OpenAIResp, cut
    text "Good"
    End, stop reason None
OpenAI, cut
    text "Good"
Anthropic, cut
    text "Good"
Gemini, broken off
    text "Good"
    an error
    End, stop reason None
OpenAI, broken off
    text "Good"
    an error
END

mkdir src
cat >Cargo.toml <<'END'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"

[dependencies]
futures-util = { version = "=0.3.34", default-features = false }
genai = { version = "=0.7.2", default-features = false }
tokio = { version = "=1.54.1", default-features = false, features = ["rt"] }
END
cat >src/main.rs <<'END'
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread;

use futures_util::StreamExt;
use genai::adapter::AdapterKind;
use genai::chat::{ChatMessage, ChatRequest, ChatStreamEvent};
use genai::resolver::{AuthData, Endpoint};
use genai::{Client, ModelIden, ServiceTarget};

const GEMINI: &str = r#"{"candidates":[{"content":{"role":"model","parts":[{"text":"Good"}]}}]}"#;
const GEMINI_LAST: &str =
    r#"{"candidates":[{"content":{"role":"model","parts":[{"text":" day"}]},"finishReason":"STOP"}]}"#;
const OPENAI: &str = r#"{"choices":[{"index":0,"delta":{"role":"assistant","content":"Good"}}]}"#;
const RESPONSES: &str =
    r#"{"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":0,"delta":"Good"}"#;
const ANTHROPIC: [&str; 3] = [
    r#"{"type":"message_start","message":{"usage":{"input_tokens":3,"output_tokens":1}}}"#,
    r#"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
    r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Good"}}"#,
];

/// How the body of an answer stops behind its frames.
#[derive(Clone, Copy)]
enum Stop {
    /// As HTTP ends a body.
    Closed,
    /// In the middle of a body.
    BrokenOff,
}

/// Answers one request on a loopback port with frames, and closes the connection.
fn serve(frames: &[(&str, &str)], stop: Stop) -> u16 {
    let mut body = String::new();
    for (event, data) in frames {
        if !event.is_empty() {
            body += &format!("event: {event}\n");
        }
        body += &format!("data: {data}\n\n");
    }
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n";
    let answer = match stop {
        Stop::Closed => format!("{head}connection: close\r\n\r\n{body}"),
        Stop::BrokenOff => format!("{head}transfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n", body.len()),
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = BufReader::new(stream.try_clone().unwrap());
        let mut length = 0;
        loop {
            let mut line = String::new();
            request.read_line(&mut line).unwrap();
            let line = line.trim().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(written) = line.strip_prefix("content-length:") {
                length = written.trim().parse().unwrap();
            }
        }
        request.read_exact(&mut vec![0; length]).unwrap();
        stream.write_all(answer.as_bytes()).unwrap();
    });
    port
}

async fn show(what: &str, kind: AdapterKind, frames: &[(&str, &str)], stop: Stop) {
    println!("{kind:?}, {what}");
    let target = ServiceTarget {
        endpoint: Endpoint::from_owned(format!("http://127.0.0.1:{}/v1/", serve(frames, stop))),
        auth: AuthData::from_single("none"),
        model: ModelIden::new(kind, "some-model"),
    };
    let chat = ChatRequest::new(vec![ChatMessage::user("Say good day.")]);
    let mut stream = Client::new().unwrap().exec_chat_stream(target, chat, None).await.unwrap().stream;
    while let Some(event) = stream.next().await {
        match event {
            Ok(ChatStreamEvent::Start) => {}
            Ok(ChatStreamEvent::Chunk(chunk)) => println!("    text {:?}", chunk.content),
            Ok(ChatStreamEvent::End(end)) => println!("    End, stop reason {:?}", end.captured_stop_reason),
            Ok(_) => println!("    another event"),
            Err(_) => println!("    an error"),
        }
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let [start, block, delta] = ANTHROPIC;
        let anthropic = [("message_start", start), ("content_block_start", block), ("content_block_delta", delta)];
        show("whole", AdapterKind::Gemini, &[("", GEMINI), ("", GEMINI_LAST)], Stop::Closed).await;
        show("cut", AdapterKind::Gemini, &[("", GEMINI)], Stop::Closed).await;
        show("cut", AdapterKind::OpenAIResp, &[("response.output_text.delta", RESPONSES)], Stop::Closed).await;
        show("cut", AdapterKind::OpenAI, &[("", OPENAI)], Stop::Closed).await;
        show("cut", AdapterKind::Anthropic, &anthropic, Stop::Closed).await;
        show("broken off", AdapterKind::Gemini, &[("", GEMINI)], Stop::BrokenOff).await;
        show("broken off", AdapterKind::OpenAI, &[("", OPENAI)], Stop::BrokenOff).await;
    });
}
END

cargo fetch --quiet 2>log || { echo "skipped: the crates could not be fetched"; exit 0; }
cargo build --quiet 2>log || { cat log; echo "The program with genai 0.7.2 does not build any more."; exit 1; }
NO_PROXY=127.0.0.1 no_proxy=127.0.0.1 target/debug/finding >output
cat output
cmp -s seen output || { echo "genai no longer ends cut streams in the way that was seen."; exit 1; }
