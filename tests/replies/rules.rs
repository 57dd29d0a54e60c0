//! What a canned server answers, as the files in `specs/` say it.
//!
//! ```text
//! [rule, rule, …]      the first that fits a request answers it
//! path, when, unless   stand in the path, stand in the body, do not stand in the body
//! first                answers only the first so many requests that fit
//! status, headers      of the answer; delay and pace in milliseconds
//! rows                 so many new rows, streamed or whole as the request asks
//! deltas               a stream of these deltas; {"times": 3, "delta": …} stands for three, {"frame": …} for another frame
//! message              a whole reply
//! json, text           a body as it stands
//! finish, usage, model of `rows`, `deltas` and `message`; a null is left out
//! counts               tokens that the answer reports, where `usage` does not say it
//! ```
//!
//! `@ROW@` stands for the text of a new row, and only such texts are rows: what else looks like one is a draft,
//! half a row or a row that breaks the rules.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use crate::server::{Answer, Server};

const ROW: &str = "@ROW@";
/// What a reply costs unless a rule says otherwise.
const USAGE: (u64, u64) = (400, 60);

/// A server that answers by rules.
pub(crate) struct Ruled {
    pub server: Server,
    given: Arc<Mutex<Vec<String>>>,
    used: Arc<Mutex<HashMap<usize, u64>>>,
}

impl Ruled {
    pub(crate) fn start(rules: &Value) -> Self {
        let (rules, given) = (rules.as_array().unwrap().clone(), Arc::new(Mutex::new(Vec::new())));
        let used = Arc::new(Mutex::new(HashMap::new()));
        let (texts, counts) = (Arc::clone(&given), Arc::clone(&used));
        let server = Server::answering(move |request| {
            let (head, body) = request.split_once("\r\n\r\n").unwrap();
            let path = head.split(' ').nth(1).unwrap();
            let mut counts = counts.lock().unwrap();
            let fits = |place: usize, rule: &Value| {
                let has = |key: &str, text: &str| rule[key].as_str().is_none_or(|part| text.contains(part));
                let left =
                    rule["first"].as_u64().is_none_or(|first| counts.get(&place).is_none_or(|n| *n < first));
                let unless = rule["unless"].as_str().is_none_or(|part| !body.contains(part));
                has("path", path) && has("when", body) && unless && left
            };
            let Some(place) = (0..rules.len()).find(|place| fits(*place, &rules[*place])) else {
                return Some(Answer::whole(404, "", br#"{"error":{"message":"no rule fits"}}"#));
            };
            *counts.entry(place).or_default() += 1;
            Some(answer(&rules[place], body, &mut texts.lock().unwrap()))
        });
        Self { server, given, used }
    }

    /// Returns the texts of the rows so far.
    pub(crate) fn given(&self) -> Vec<String> {
        self.given.lock().unwrap().clone()
    }

    /// Returns how often a rule answered.
    pub(crate) fn used(&self, place: usize) -> u64 {
        self.used.lock().unwrap().get(&place).copied().unwrap_or_default()
    }
}

fn answer(rule: &Value, body: &str, given: &mut Vec<String>) -> Answer {
    let streams = body.replace(' ', "").contains(r#""stream":true"#);
    let rows = rule["rows"].as_u64().map(|rows| {
        let rows: Vec<_> = (0..rows).map(|_| json!({ "text": ROW })).collect();
        json!({ "role": "assistant", "content": json!({ "rows": rows }).to_string() })
    });
    let (kind, bodies) = match (&rows, rule) {
        (Some(message), _) if streams => ("text/event-stream", frames(rule, std::slice::from_ref(message))),
        (Some(message), _) => ("application/json", vec![whole(rule, message)]),
        _ if rule["deltas"].is_array() => {
            ("text/event-stream", frames(rule, rule["deltas"].as_array().unwrap()))
        }
        _ if rule["message"].is_object() => ("application/json", vec![whole(rule, &rule["message"])]),
        _ if !rule["json"].is_null() => ("application/json", vec![rule["json"].to_string()]),
        _ => ("text/plain", vec![rule["text"].as_str().unwrap_or_default().to_owned()]),
    };
    let mut pieces: Vec<Vec<u8>> = bodies.into_iter().map(|text| fill(text, given).into_bytes()).collect();
    let milliseconds = |key: &str| Duration::from_millis(rule[key].as_u64().unwrap_or_default());
    let status = rule["status"].as_u64().unwrap_or(200);
    let mut head = format!("HTTP/1.1 {status} Canned\r\nconnection: close\r\n");
    let mut headers = json!({ "content-type": kind });
    headers.as_object_mut().unwrap().extend(rule["headers"].as_object().cloned().unwrap_or_default());
    for (name, value) in headers.as_object().unwrap() {
        head += &value.as_str().map_or_else(String::new, |value| format!("{name}: {value}\r\n"));
    }
    if pieces.len() == 1 {
        write!(head, "content-length: {}\r\n", pieces[0].len()).unwrap();
    }
    pieces.insert(0, format!("{head}\r\n").into_bytes());
    Answer {
        pieces,
        delay: milliseconds("delay"),
        pace: milliseconds("pace"),
        tokens: tokens(rule),
        ..Answer::default()
    }
}

/// Returns the tokens that an answer reports.
fn tokens(rule: &Value) -> (u64, u64) {
    let number = |value: &Value| value.as_u64().unwrap_or_default();
    let is_reply = ["rows", "deltas", "message"].iter().any(|key| !rule[*key].is_null());
    match (&rule["counts"], rule.get("usage")) {
        (Value::Array(counts), _) => (number(&counts[0]), number(&counts[1])),
        (_, Some(usage)) => (number(&usage["prompt_tokens"]), number(&usage["completion_tokens"])),
        _ if is_reply => USAGE,
        _ => (0, 0),
    }
}

/// Puts new texts into the places that are kept for them.
fn fill(mut text: String, given: &mut Vec<String>) -> String {
    const WHO: [&str; 7] =
        ["My sister", "The tenant", "Our office", "A friend", "The shop", "My uncle", "The club"];
    const WHY: [&str; 11] = [
        "moves to the coast",
        "found a cheaper one",
        "reads no mail",
        "has had enough",
        "closes in spring",
        "waits for nothing",
        "cannot pay it",
        "wants it over",
        "is never at home",
        "lost the contract",
        "went quiet",
    ];
    while text.contains(ROW) {
        let n = given.len();
        let row = format!("{} {}, so number {n} ends in {} days.", WHO[n % 7], WHY[n % 11], 3 + n * 13 % 89);
        text = text.replacen(ROW, &row, 1);
        given.push(row);
    }
    text
}

fn whole(rule: &Value, message: &Value) -> String {
    let mut reply = base(rule, "chat.completion");
    reply["choices"] = json!([{ "index": 0, "finish_reason": finish(rule), "message": message }]);
    if let Some(usage) = usage(rule) {
        reply["usage"] = usage;
    }
    reply.to_string()
}

fn frames(rule: &Value, deltas: &[Value]) -> Vec<String> {
    let frame = |choices: Value| {
        let mut frame = base(rule, "chat.completion.chunk");
        frame["choices"] = choices;
        frame
    };
    let choice = |delta: &Value| frame(json!([{ "index": 0, "delta": delta, "finish_reason": null }]));
    let mut frames = Vec::new();
    for delta in deltas {
        let times = usize::try_from(delta["times"].as_u64().unwrap_or(1)).unwrap();
        let one = delta.get("frame").cloned();
        let one = one.unwrap_or_else(|| choice(delta.get("delta").unwrap_or(delta)));
        frames.extend(std::iter::repeat_n(one, times));
    }
    if !finish(rule).is_null() {
        frames.push(frame(json!([{ "index": 0, "delta": {}, "finish_reason": finish(rule) }])));
    }
    if let Some(usage) = usage(rule) {
        frames.push(frame(json!([])));
        frames.last_mut().unwrap()["usage"] = usage;
    }
    let mut lines: Vec<_> = frames.iter().map(|frame| format!("data: {frame}\n\n")).collect();
    lines.push("data: [DONE]\n\n".to_owned());
    lines
}

fn base(rule: &Value, object: &str) -> Value {
    let model = rule["model"].as_str().unwrap_or("m");
    json!({ "id": "r1", "object": object, "created": 0, "model": model })
}

fn finish(rule: &Value) -> Value {
    rule.get("finish").cloned().unwrap_or_else(|| "stop".into())
}

fn usage(rule: &Value) -> Option<Value> {
    let usual = json!({ "prompt_tokens": USAGE.0, "completion_tokens": USAGE.1 });
    Some(rule.get("usage").cloned().unwrap_or(usual)).filter(|usage| !usage.is_null())
}
