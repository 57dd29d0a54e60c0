#!/bin/sh
# A schema that is asked for through genai never reaches Ollama.
#
# Library: genai 0.7.2 (crates.io), without default features.
#
# Behaviour: `ChatOptions::with_response_format(JsonSpec::new(…))` is in the request that the adapter of OpenAI sends.
# The adapter of Ollama sends the same request without a word of it: no schema, no `format`, no error. It knows
# `ChatResponseFormat::JsonMode` only, and sends `"format":"json"` for that.
#
# Why it surprises: Ollama's own interface takes a schema as its `format`, and an option that an adapter cannot send
# could be refused. What is seen instead is a model that seems not to keep to its schema.
#
# What Rowsmith does: it asks Ollama at its OpenAI-compatible address, where the schema goes as `response_format`
# (src/generate/provider/dialect/chat_completions.rs), and checks every reply against the fields in any case.
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
a schema, to OpenAI
    messages: [{"content":"Name a bird.","role":"user"}]
    model: "some-model"
    response_format: {"json_schema":{"name":"bird","schema":{"additionalProperties":false,"properties":{"name":{"type":"string"}},"required":["name"],"type":"object"},"strict":true},"type":"json_schema"}
    stream: false
a schema, to Ollama
    messages: [{"content":"Name a bird.","role":"user"}]
    model: "some-model"
    stream: false
JSON mode, to Ollama
    format: "json"
    messages: [{"content":"Name a bird.","role":"user"}]
    model: "some-model"
    stream: false
END

mkdir src
cat >Cargo.toml <<'END'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"

[dependencies]
genai = { version = "=0.7.2", default-features = false }
serde_json = "=1.0.154"
tokio = { version = "=1.54.1", default-features = false, features = ["rt"] }
END
cat >src/main.rs <<'END'
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};

use genai::adapter::AdapterKind;
use genai::chat::{ChatMessage, ChatOptions, ChatRequest, ChatResponseFormat, JsonSpec};
use genai::resolver::{AuthData, Endpoint};
use genai::{Client, ModelIden, ServiceTarget};
use serde_json::{Value, json};

/// Answers one request on a loopback port, and gives back its body.
fn serve(answer: Value) -> (u16, JoinHandle<Vec<u8>>) {
    let answer = answer.to_string();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = thread::spawn(move || {
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
        let mut body = vec![0; length];
        request.read_exact(&mut body).unwrap();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
        write!(stream, "{head}content-length: {}\r\n\r\n{answer}", answer.len()).unwrap();
        body
    });
    (port, server)
}

async fn show(what: &str, kind: AdapterKind, answer: Value, format: ChatResponseFormat) {
    println!("{what}");
    let (port, server) = serve(answer);
    let target = ServiceTarget {
        endpoint: Endpoint::from_owned(format!("http://127.0.0.1:{port}/")),
        auth: AuthData::from_single("none"),
        model: ModelIden::new(kind, "some-model"),
    };
    let chat = ChatRequest::new(vec![ChatMessage::user("Name a bird.")]);
    let options = ChatOptions::default().with_response_format(format);
    Client::new().unwrap().exec_chat(target, chat, Some(&options)).await.unwrap();
    let body: BTreeMap<String, Value> = serde_json::from_slice(&server.join().unwrap()).unwrap();
    for (key, mut value) in body {
        value.sort_all_objects();
        println!("    {key}: {value}");
    }
}

fn main() {
    let message = json!({ "role": "assistant", "content": "wren" });
    let openai = json!({ "choices": [{ "index": 0, "message": message, "finish_reason": "stop" }] });
    let ollama = json!({ "model": "some-model", "message": message, "done": true, "done_reason": "stop" });
    let schema = json!({ "type": "object", "properties": { "name": { "type": "string" } }, "required": ["name"] });
    let spec = || ChatResponseFormat::from(JsonSpec::new("bird", schema.clone()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        show("a schema, to OpenAI", AdapterKind::OpenAI, openai, spec()).await;
        show("a schema, to Ollama", AdapterKind::Ollama, ollama.clone(), spec()).await;
        show("JSON mode, to Ollama", AdapterKind::Ollama, ollama, ChatResponseFormat::JsonMode).await;
    });
}
END

cargo fetch --quiet 2>log || { echo "skipped: the crates could not be fetched"; exit 0; }
cargo build --quiet 2>log || { cat log; echo "The program with genai 0.7.2 does not build any more."; exit 1; }
NO_PROXY=127.0.0.1 no_proxy=127.0.0.1 target/debug/finding >output
cat output
cmp -s seen output || { echo "genai no longer sends Ollama what was seen."; exit 1; }
