//! How each provider writes a reply, a stream and an error.

use rowsmith::api::Provider;
use serde_json::{Value, json};

/// A provider and the setting that names its address.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Speaker {
    /// Chat completions, at `OPENAI_BASE_URL`.
    OpenaiChat,
    /// Chat completions, at the host of `OPENAI_RESPONSES_BASE_URL`.
    OpenaiOwn,
    /// Chat completions, at `base_url`.
    Compatible,
    /// Messages, at the host of `ANTHROPIC_BASE_URL`.
    Anthropic,
    /// Chat completions, at the host of `GEMINI_BASE_URL`.
    Gemini,
    /// Chat completions, at the host of `OLLAMA_HOST`.
    Ollama,
}

/// How a reply ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Ending {
    Stop,
    CutOff,
    Filtered,
    /// The connection ends without a reason.
    None,
}

impl Speaker {
    pub(crate) const ALL: [Self; 6] =
        [Self::OpenaiChat, Self::OpenaiOwn, Self::Compatible, Self::Anthropic, Self::Gemini, Self::Ollama];

    pub(crate) const fn provider(self) -> Provider {
        match self {
            Self::Anthropic => Provider::Anthropic,
            Self::Gemini => Provider::Gemini,
            Self::Ollama => Provider::Ollama,
            Self::OpenaiChat | Self::OpenaiOwn | Self::Compatible => Provider::Openai,
        }
    }

    /// Returns the reason as the provider spells it.
    const fn reason(self, ending: Ending) -> &'static str {
        match (self, ending) {
            (Self::Anthropic, Ending::CutOff) => "max_tokens",
            (Self::Anthropic, Ending::Filtered) => "refusal",
            (Self::Anthropic, _) => "end_turn",
            (Self::Gemini, Ending::CutOff) => "MAX_TOKENS",
            (Self::Gemini, Ending::Filtered) => "SAFETY",
            (Self::Gemini, _) => "STOP",
            (_, Ending::CutOff) => "length",
            (_, Ending::Filtered) => "content_filter",
            (_, _) => "stop",
        }
    }

    /// Returns a reply in one piece, with 11 input and 7 output tokens.
    pub(crate) fn whole(self, text: &str, ending: Ending) -> Value {
        let reason = self.reason(ending);
        match self {
            Self::Anthropic => json!({ "id": "m", "type": "message", "role": "assistant", "model": "tiny",
                "content": [{ "type": "text", "text": text }], "stop_reason": reason,
                "usage": { "input_tokens": 11, "output_tokens": 7 } }),
            _ => json!({ "id": "c", "object": "chat.completion", "model": "tiny",
                "choices": [{ "index": 0, "finish_reason": reason,
                    "message": { "role": "assistant", "content": text } }],
                "usage": { "prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18 } }),
        }
    }

    /// Returns a reply in frames, one for each piece of its text.
    pub(crate) fn frames(self, pieces: &[&str], ending: Ending) -> Vec<Vec<u8>> {
        let mut frames = Vec::new();
        if self == Self::Anthropic {
            frames.push(event("message_start", &json!({ "message": { "usage": { "input_tokens": 11 } } })));
            frames.push(event(
                "content_block_start",
                &json!({ "index": 0, "content_block": { "type": "text", "text": "" } }),
            ));
        }
        frames.extend(pieces.iter().map(|piece| self.frame(piece)));
        if ending == Ending::None {
            return frames;
        }
        let reason = self.reason(ending);
        if self == Self::Anthropic {
            frames.push(event("content_block_stop", &json!({ "index": 0 })));
            let delta = json!({ "delta": { "stop_reason": reason }, "usage": { "output_tokens": 7 } });
            frames.push(event("message_delta", &delta));
            frames.push(event("message_stop", &json!({})));
            return frames;
        }
        frames.push(data(&json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": reason }] })));
        frames
            .push(data(&json!({ "choices": [], "usage": { "prompt_tokens": 11, "completion_tokens": 7 } })));
        frames.push(b"data: [DONE]\n\n".to_vec());
        frames
    }

    fn frame(self, piece: &str) -> Vec<u8> {
        match self {
            Self::Anthropic => event(
                "content_block_delta",
                &json!({ "index": 0, "delta": { "type": "text_delta", "text": piece } }),
            ),
            // Every frame has the count of tokens so far.
            Self::Gemini => data(&json!({ "choices": [{ "index": 0, "delta": { "content": piece } }],
                "usage": { "prompt_tokens": 11, "completion_tokens": 3, "total_tokens": 14 } })),
            _ => data(&json!({ "choices": [{ "index": 0, "delta": { "content": piece } }] })),
        }
    }

    /// Returns the body of an error as the provider writes it.
    pub(crate) fn error(self, status: u16, kind: &str, message: &str) -> String {
        match self {
            Self::Anthropic => json!({ "type": "error", "error": { "type": kind, "message": message } }),
            Self::Gemini => json!([{ "error": { "code": status, "message": message, "status": kind } }]),
            _ => json!({ "error": { "message": message, "type": kind, "code": kind } }),
        }
        .to_string()
    }
}

fn data(json: &Value) -> Vec<u8> {
    format!("data: {json}\n\n").into_bytes()
}

fn event(kind: &str, json: &Value) -> Vec<u8> {
    let mut json = json.clone();
    json["type"] = kind.into();
    format!("event: {kind}\ndata: {json}\n\n").into_bytes()
}
