//! Writes a drawn reply in the words of a server.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::drawn::{Dialect, Drawn, End, Header, Shape, Split, Thinking, Usage};
use crate::server::Answer;

const NO: &str = "I can't write messages of this kind.";

/// A piece of a reply, in the place where a server puts it.
enum Part {
    Text(String),
    /// What is thought, in a place of its own.
    Thought(String),
    Tool(String),
    Refusal,
}

/// Returns the bytes of a reply.
pub(crate) fn answer(drawn: &Drawn) -> Answer {
    let body = if drawn.comes { stream(drawn) } else { whole(drawn).to_string() };
    let right = if drawn.comes { "text/event-stream" } else { "application/json" };
    let header = match drawn.header {
        Header::Right => format!("content-type: {right}\r\n"),
        Header::Json => "content-type: application/json; charset=utf-8\r\n".into(),
        Header::Text => "content-type: text/plain\r\n".into(),
        Header::Stream => "content-type: text/event-stream\r\n".into(),
        Header::Bytes => "content-type: application/octet-stream\r\n".into(),
        Header::None => String::new(),
    };
    let mut pieces = vec![format!("HTTP/1.1 200 OK\r\nconnection: close\r\n{header}\r\n").into_bytes()];
    match drawn.split {
        // Not more pieces than the time allows.
        Split::Bytes => pieces.extend(body.as_bytes().chunks(1 + body.len() / 1_500).map(<[u8]>::to_vec)),
        Split::Lines => pieces.extend(body.split_inclusive('\n').map(|line| line.as_bytes().to_vec())),
        Split::Nowhere => pieces.push(body.into_bytes()),
    }
    Answer { pieces, ..Answer::default() }
}

fn parts(drawn: &Drawn) -> Vec<Part> {
    let (thought, answer) = (&drawn.thought, &drawn.answer);
    let text = |text: String| vec![Part::Text(text)];
    let (open, close) = [
        ("<thinking>\n", "</thinking>"),
        ("<thought>", "</thought>\n"),
        ("<reasoning>\n", "\n</reasoning>\n\n"),
        ("[THINK]", "[/THINK]"),
        ("◁think▷", "◁/think▷"),
        ("<Think>", "</Think>"),
    ][usize::try_from(drawn.number % 6).unwrap()];
    let answered = match (drawn.end, drawn.shape) {
        (End::Refusal, _) => Part::Refusal,
        (_, Shape::Tool) => Part::Tool(answer.clone()),
        _ => Part::Text(answer.clone()),
    };
    match drawn.thinking {
        Thinking::None => vec![answered],
        Thinking::Pair => text(format!("<think>\n{thought}\n</think>\n\n{answer}")),
        Thinking::OtherPair => text(format!("{open}{thought}{close}{answer}")),
        Thinking::EndTag => text(format!("{thought}\n</think>\n\n{answer}")),
        Thinking::NoEndTag | Thinking::CutInTag => text(format!("<think>\n{thought}")),
        Thinking::Beside | Thinking::Parts => vec![Part::Thought(thought.clone()), answered],
        Thinking::CutBeside => vec![Part::Thought(thought.clone())],
        Thinking::AnswerBeside => vec![Part::Thought(answer.clone())],
        Thinking::Channels => text(format!(
            "<|channel|>analysis<|message|>{thought}<|end|>\
             <|start|>assistant<|channel|>final<|message|>{answer}"
        )),
    }
}

fn reason(drawn: &Drawn) -> &'static str {
    match (drawn.dialect, drawn.end) {
        (Dialect::Messages, End::Length) => "max_tokens",
        (Dialect::Messages, End::Filter | End::Refusal) => "refusal",
        (Dialect::Messages, _) if drawn.shape == Shape::Tool => "tool_use",
        (Dialect::Messages, _) => "end_turn",
        (_, End::Length) => "length",
        (_, End::Filter) => "content_filter",
        (_, End::ErrorInChoice) => "error",
        (_, End::Stop | End::NoLastLine) if drawn.shape == Shape::Tool => "tool_calls",
        _ => "stop",
    }
}

fn usage(drawn: &Drawn) -> Value {
    let (input, output) = drawn.tokens;
    match (drawn.dialect, drawn.usage) {
        (Dialect::Messages, _) => json!({ "input_tokens": input, "output_tokens": output }),
        (_, Usage::InTotal) => json!({ "prompt_tokens": input, "completion_tokens": output - output / 3,
            "total_tokens": input + output }),
        _ => json!({ "prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output,
            "completion_tokens_details": { "reasoning_tokens": output / 2 } }),
    }
}

fn error(drawn: &Drawn) -> Value {
    match drawn.number % 3 {
        0 => json!({ "code": 502, "message": "The host behind us went away", "metadata": {} }),
        1 => json!({ "type": "overloaded_error", "message": "Overloaded" }),
        _ => json!({ "message": "CUDA went out of memory", "type": "server_error", "code": null }),
    }
}

fn whole(drawn: &Drawn) -> Value {
    if drawn.end == End::ErrorFrame {
        return json!({ "type": "error", "error": error(drawn) });
    }
    let mut reply = if drawn.dialect == Dialect::Messages {
        let blocks: Vec<_> = parts(drawn).iter().filter_map(block).collect();
        json!({ "id": "r", "type": "message", "role": "assistant", "model": "tiny", "content": blocks,
            "stop_reason": reason(drawn) })
    } else {
        let mut message = json!({ "role": "assistant", "content": null });
        for part in parts(drawn) {
            match part {
                Part::Text(text) if drawn.thinking == Thinking::Parts => {
                    message["content"] =
                        json!([thought_part(&drawn.thought), { "type": "text", "text": text }]);
                }
                Part::Text(text) => message["content"] = text.into(),
                Part::Thought(_) if drawn.thinking == Thinking::Parts => {}
                Part::Thought(text) => message[beside(drawn)] = text.into(),
                Part::Tool(text) => message["tool_calls"] = json!([tool_call(drawn, &text)]),
                Part::Refusal => message["refusal"] = NO.into(),
            }
        }
        let mut choice = json!({ "index": 0, "message": message, "finish_reason": reason(drawn) });
        if drawn.end == End::ErrorInChoice {
            choice["error"] = error(drawn);
        }
        json!({ "id": "r", "object": "chat.completion", "model": "tiny", "choices": [choice] })
    };
    if drawn.usage != Usage::Missing {
        reply["usage"] = usage(drawn);
    }
    reply
}

fn beside(drawn: &Drawn) -> &'static str {
    if drawn.number.is_multiple_of(2) { "reasoning_content" } else { "reasoning" }
}

fn thought_part(text: &str) -> Value {
    json!({ "type": "thinking", "thinking": [{ "type": "text", "text": text }] })
}

fn tool_call(drawn: &Drawn, arguments: &str) -> Value {
    json!({ "index": 0, "id": format!("call_{}", drawn.number), "type": "function",
        "function": { "name": "rows", "arguments": arguments } })
}

/// Returns a block of a message; `None` for a refusal, which has none.
fn block(part: &Part) -> Option<Value> {
    Some(match part {
        Part::Text(text) => json!({ "type": "text", "text": text }),
        Part::Thought(text) => json!({ "type": "thinking", "thinking": text, "signature": "c2ln" }),
        Part::Tool(text) => {
            // What was cut is no JSON; then the block holds what could be read.
            let input = serde_json::from_str(text).unwrap_or_else(|_| partial(text));
            json!({ "type": "tool_use", "id": "toolu_1", "name": "rows", "input": input })
        }
        Part::Refusal => return None,
    })
}

/// Returns the whole rows of arguments that were cut.
fn partial(text: &str) -> Value {
    let end = text.rfind("},").map_or(0, |at| at + 1);
    serde_json::from_str(&format!("{}]}}", &text[..end])).unwrap()
}

fn stream(drawn: &Drawn) -> String {
    let frames = if drawn.dialect == Dialect::Messages { messages(drawn) } else { chat(drawn) };
    let (end, comment) = if drawn.ornate { ("\r\n", ": one moment\r\n\r\n") } else { ("\n", "") };
    let mut text = String::new();
    for (place, frame) in frames.iter().enumerate() {
        if place % 5 == 1 {
            text += comment;
        }
        if let Some(kind) = frame["type"].as_str() {
            write!(text, "event: {kind}{end}").unwrap();
        }
        let space = if drawn.number.is_multiple_of(7) { "" } else { " " };
        write!(text, "data:{space}{frame}{end}{end}").unwrap();
    }
    if drawn.dialect != Dialect::Messages
        && !matches!(drawn.end, End::NoLastLine | End::Broken | End::ErrorFrame)
    {
        write!(text, "data: [DONE]{end}{end}").unwrap();
    }
    text
}

/// Splits a text into what comes at once.
fn steps(text: &str, step: usize) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(step).map(|letters| letters.iter().collect()).collect()
}

fn chat(drawn: &Drawn) -> Vec<Value> {
    let chunk = |choices: Value| json!({ "id": "r", "object": "chat.completion.chunk", "model": "tiny", "choices": choices });
    let delta = |delta: Value| chunk(json!([{ "index": 0, "delta": delta, "finish_reason": null }]));
    let mut frames = vec![delta(json!({ "role": "assistant", "content": null }))];
    for part in parts(drawn) {
        let (Part::Text(text) | Part::Thought(text) | Part::Tool(text)) = &part else {
            frames.push(delta(json!({ "refusal": NO })));
            continue;
        };
        for (place, piece) in steps(text, drawn.step).into_iter().enumerate() {
            frames.push(delta(match part {
                Part::Text(_) if drawn.thinking == Thinking::Parts && drawn.number.is_multiple_of(2) => {
                    json!({ "content": [{ "type": "text", "text": piece }] })
                }
                Part::Thought(_) if drawn.thinking == Thinking::Parts => {
                    json!({ "content": [thought_part(&piece)] })
                }
                Part::Thought(_) => json!({ beside(drawn): piece }),
                Part::Tool(_) if place == 0 => json!({ "tool_calls": [tool_call(drawn, &piece)] }),
                Part::Tool(_) => {
                    json!({ "tool_calls": [{ "index": 0, "function": { "arguments": piece } }] })
                }
                _ => json!({ "content": piece }),
            }));
        }
    }
    end_chat(drawn, &mut frames, &chunk);
    if drawn.usage == Usage::Running {
        let count = u64::try_from(frames.len()).unwrap();
        for (place, frame) in (1..).zip(&mut frames) {
            frame["usage"] = usage(drawn);
            frame["usage"]["completion_tokens"] = drawn.tokens.1.saturating_sub(count - place).into();
            frame["usage"]["total_tokens"] =
                (drawn.tokens.0 + drawn.tokens.1.saturating_sub(count - place)).into();
        }
    }
    frames
}

fn end_chat(drawn: &Drawn, frames: &mut Vec<Value>, chunk: &dyn Fn(Value) -> Value) {
    match drawn.end {
        End::Broken => return,
        End::ErrorFrame => {
            // Some servers write the error where a choice would be, some wrap it.
            frames.push(if drawn.usage == Usage::Running { chunk(json!([])) } else { json!({}) });
            frames.last_mut().unwrap()["error"] = error(drawn);
            return;
        }
        _ => {}
    }
    let mut last = json!({ "index": 0, "delta": {}, "finish_reason": reason(drawn) });
    if drawn.end == End::ErrorInChoice {
        last["error"] = error(drawn);
    }
    frames.push(chunk(json!([last])));
    match drawn.usage {
        Usage::WithEnd => frames.last_mut().unwrap()["usage"] = usage(drawn),
        Usage::Groq => frames.last_mut().unwrap()["x_groq"] = json!({ "id": "req_1", "usage": usage(drawn) }),
        Usage::Apart | Usage::InTotal => {
            frames.push(chunk(json!([])));
            frames.last_mut().unwrap()["usage"] = usage(drawn);
        }
        Usage::Running | Usage::Missing => {}
    }
}

fn messages(drawn: &Drawn) -> Vec<Value> {
    let counted = drawn.usage != Usage::Missing;
    let mut start =
        json!({ "id": "r", "type": "message", "role": "assistant", "model": "tiny", "content": [] });
    if counted {
        start["usage"] = json!({ "input_tokens": drawn.tokens.0, "output_tokens": 1 });
    }
    let mut frames = vec![json!({ "type": "message_start", "message": start }), json!({ "type": "ping" })];
    for (index, part) in parts(drawn).iter().enumerate() {
        let (block, key, kind, text) = match part {
            Part::Text(text) => (json!({ "type": "text", "text": "" }), "text", "text_delta", text),
            Part::Thought(text) => {
                (json!({ "type": "thinking", "thinking": "" }), "thinking", "thinking_delta", text)
            }
            Part::Tool(text) => {
                let block = json!({ "type": "tool_use", "id": "toolu_1", "name": "rows", "input": {} });
                (block, "partial_json", "input_json_delta", text)
            }
            Part::Refusal => continue,
        };
        frames.push(json!({ "type": "content_block_start", "index": index, "content_block": block }));
        for piece in steps(text, drawn.step) {
            let delta = json!({ "type": kind, key: piece });
            frames.push(json!({ "type": "content_block_delta", "index": index, "delta": delta }));
        }
        frames.push(json!({ "type": "content_block_stop", "index": index }));
    }
    match drawn.end {
        End::Broken => {
            // It breaks within its block.
            frames.pop();
            return frames;
        }
        End::ErrorFrame => {
            frames.push(json!({ "type": "error", "error": error(drawn) }));
            return frames;
        }
        _ => {}
    }
    let mut last = json!({ "type": "message_delta", "delta": { "stop_reason": reason(drawn) } });
    if counted {
        last["usage"] = json!({ "output_tokens": drawn.tokens.1 });
    }
    frames.push(last);
    if drawn.end != End::NoLastLine {
        frames.push(json!({ "type": "message_stop" }));
    }
    frames
}
