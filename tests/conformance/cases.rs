//! The cases of the matrix: what a server does, and the answer that it sends.

use rowsmith::api::Delivery;
use serde_json::json;

use super::dialects::{Ending, Speaker};
use super::refusals::Refusal;
use super::server::{Answer, JSON};

/// What a server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Good,
    SplitEverywhere,
    /// A good stream with comments and pings between its frames.
    KeptAlive,
    /// A good reply on a connection that stays open afterwards.
    LeftOpen,
    Refused(Refusal),
    HtmlFailure,
    /// A page of HTML with status 200, such as the login page of a network.
    HtmlPage,
    /// No server listens at the address.
    NobodyThere,
    /// The connection is never accepted.
    NotAccepted,
    /// The request is read, and no answer comes.
    Hang,
    /// Headers, and nothing after them.
    HeadersOnly,
    /// Silence in the middle of a reply.
    Stalled,
    /// The end of the connection between two frames, or in the middle of a whole reply.
    Cut,
    /// The end of the connection in the middle of a frame.
    CutInFrame,
    /// A chunked answer without its last chunk.
    CutInChunks,
    /// An error in an answer that began well.
    FailsWithin,
    InvalidJson,
    /// The envelope of the reply is not JSON.
    InvalidFrame,
    /// The envelope of the reply is JSON of another shape.
    WrongShape,
    WrongSchema,
    Empty,
    RefusesInWords,
    RefusesInField,
    Filtered,
    CutOff,
    /// Ten megabytes, where the limit is one.
    TooLong,
    /// Ten megabytes, without a limit.
    Large,
    /// A byte that is not UTF-8 in a row, between good rows.
    InvalidUtf8,
    /// Terminal escape sequences in a text.
    Escapes,
}

pub(crate) const GOOD: [&str; 3] = [r#"{"rows":[{"te"#, r#"xt":"one"},"#, r#"{"text":"two ☺"}]}"#];
pub(crate) const HALF: &str = r#"[{"text":"one"},{"te"#;
pub(crate) const NO: &str = "I'm sorry, but I can't help with that.";

impl Case {
    /// Returns the pieces of the reply's text; empty where there is no reply.
    pub(crate) fn pieces(self) -> Vec<String> {
        let pieces: &[&str] = match self {
            Self::Good | Self::SplitEverywhere | Self::KeptAlive | Self::LeftOpen => &GOOD,
            Self::Stalled | Self::Cut | Self::CutInFrame | Self::CutInChunks => &[HALF],
            Self::FailsWithin | Self::Filtered => &[r#"[{"text":"one"},"#],
            Self::InvalidJson => &[r#"[{"text":"one"},{"text":"tw" "o"},"#, r#"{"text":"three"}]"#],
            Self::InvalidFrame => &[r#"[{"text":"one"},"#, "]"],
            Self::WrongSchema => &[r#"[{"tex":"a"},{"text":7},{"text":"ok"},{"text":"b","more":1}]"#],
            Self::RefusesInWords => &[NO],
            Self::CutOff => &[r#"{"rows":[{"text":"one"},{"te"#],
            Self::InvalidUtf8 => &[r#"[{"text":"one"},"#, r#"{"text":"?"},{"text":"three"}]"#],
            Self::Escapes => &[r#"[{"text":"\u001b[31mred\u001b[0m\u0007"}]"#],
            Self::Empty => &[""],
            Self::TooLong | Self::Large => return large(),
            _ => &[],
        };
        pieces.iter().map(|piece| (*piece).to_owned()).collect()
    }

    const fn ending(self) -> Ending {
        match self {
            Self::Filtered => Ending::Filtered,
            Self::CutOff => Ending::CutOff,
            Self::Stalled | Self::Cut | Self::CutInFrame | Self::CutInChunks | Self::FailsWithin => {
                Ending::None
            }
            _ => Ending::Stop,
        }
    }

    /// Returns the server's answer.
    pub(crate) fn answer(self, speaker: Speaker, delivery: Delivery) -> Answer {
        let reply = || self.reply(speaker, delivery);
        match self {
            Self::Refused(refusal) => {
                let said = refusal.said(speaker);
                let wait = if refusal == Refusal::Limit { "retry-after: 7\r\n" } else { "" };
                let body = speaker.error(said.status, said.kind, said.words);
                Answer::whole(said.status, &format!("{JSON}{wait}"), body.as_bytes())
            }
            Self::HtmlFailure => {
                Answer::whole(502, "content-type: text/html\r\n", b"<html><h1>Bad gateway</h1></html>")
            }
            Self::HtmlPage => Answer::whole(200, "content-type: text/html\r\n", b"<html>Log in</html>"),
            Self::NobodyThere | Self::NotAccepted | Self::Hang => Answer::silence(),
            Self::HeadersOnly => reply().only(1).then_silence(),
            Self::SplitEverywhere => reply().split_everywhere(),
            Self::KeptAlive => kept_alive(speaker, delivery, &reply()),
            Self::LeftOpen => reply().then_silence(),
            // In one piece, so that there is only the intended pause.
            Self::Stalled => half(reply(), delivery).in_one_piece().then_silence(),
            Self::Cut => half(reply(), delivery),
            Self::CutInFrame => reply().shorter(9),
            Self::CutInChunks => reply().chunked_without_end(),
            Self::FailsWithin => fails_within(speaker, delivery, reply()),
            Self::InvalidFrame => invalid_frame(speaker, delivery, reply()),
            Self::WrongShape => match delivery {
                Delivery::Whole => Answer::whole(200, JSON, br#"{"hello":"world"}"#),
                Delivery::Streamed => Answer::stream(vec![b"data: {\"hello\":\"world\"}\n\n".to_vec()]),
            },
            Self::RefusesInField => refuses_in_field(speaker, delivery),
            Self::InvalidUtf8 => reply().in_one_piece().replace(b'?', 0xff),
            _ => reply(),
        }
    }

    fn reply(self, speaker: Speaker, delivery: Delivery) -> Answer {
        let pieces = self.pieces();
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        match delivery {
            Delivery::Streamed => Answer::stream(speaker.frames(&pieces, self.ending())),
            Delivery::Whole => {
                let body = speaker.whole(&pieces.concat(), self.ending()).to_string();
                Answer::whole(200, JSON, body.as_bytes())
            }
        }
    }
}

/// Returns a row, and one of ten megabytes.
fn large() -> Vec<String> {
    let mut pieces = vec![r#"[{"text":"one"},{"text":""#.to_owned()];
    pieces.extend(std::iter::repeat_n("x".repeat(100 << 10), 103));
    pieces.push(r#""}]"#.to_owned());
    pieces
}

/// Returns the first half of a whole answer; a stream already has no end.
fn half(answer: Answer, delivery: Delivery) -> Answer {
    if delivery == Delivery::Whole { answer.shorter(20) } else { answer }
}

fn kept_alive(speaker: Speaker, delivery: Delivery, reply: &Answer) -> Answer {
    if delivery == Delivery::Whole {
        // Leading blanks, as gateways send them while a model thinks.
        let body = [b" \n\n ", reply.pieces[1].as_slice()].concat();
        return Answer::whole(200, JSON, &body);
    }
    let (head, frames) = reply.pieces.split_first().unwrap();
    let mut pieces = vec![head.clone()];
    for frame in frames {
        pieces.push(b": keep-alive\n\n".to_vec());
        if speaker == Speaker::Anthropic {
            pieces.push(b"event: ping\ndata: {\"type\": \"ping\"}\n\n".to_vec());
        }
        if speaker == Speaker::Gemini {
            pieces.push(data(&json!({ "choices": [], "usage": { "prompt_tokens": 11 }, "model": "tiny" })));
        }
        pieces.push(frame.clone());
    }
    Answer { pieces, ..reply.clone() }
}

fn fails_within(speaker: Speaker, delivery: Delivery, reply: Answer) -> Answer {
    let error = speaker.error(529, "overloaded_error", "Overloaded");
    match delivery {
        Delivery::Streamed => reply.and(format!("event: error\ndata: {error}\n\n").into_bytes()),
        Delivery::Whole => Answer::whole(200, JSON, error.as_bytes()),
    }
}

fn invalid_frame(speaker: Speaker, delivery: Delivery, mut reply: Answer) -> Answer {
    if delivery == Delivery::Whole {
        return Answer::whole(200, JSON, b"{oops");
    }
    // After the first piece of text.
    let at = if speaker == Speaker::Anthropic { 4 } else { 2 };
    reply.pieces.insert(at, b"event: content_block_delta\ndata: {oops\n\n".to_vec());
    reply
}

/// Returns a refusal in the provider's own field: beside the text, or instead of it.
fn refuses_in_field(speaker: Speaker, delivery: Delivery) -> Answer {
    let chat =
        |name: &str| json!({ "choices": [{ "index": 0, "finish_reason": "stop", name: { "refusal": NO } }] });
    // A prompt that the filter blocks: there is not even a message.
    let blocked = json!({ "choices": [{ "index": 0, "finish_reason": "content_filter: PROHIBITED_CONTENT" }],
        "usage": { "prompt_tokens": 11 } });
    let (whole, frames) = match speaker {
        Speaker::Anthropic => {
            let frames = speaker.frames(&[], Ending::Filtered);
            let mut whole = speaker.whole("", Ending::Filtered);
            whole["content"] = json!([]);
            (whole, frames)
        }
        Speaker::Gemini => (blocked.clone(), vec![data(&blocked)]),
        _ => (chat("message"), vec![data(&chat("delta"))]),
    };
    match delivery {
        Delivery::Streamed => Answer::stream(frames),
        Delivery::Whole => Answer::whole(200, JSON, whole.to_string().as_bytes()),
    }
}

fn data(json: &serde_json::Value) -> Vec<u8> {
    format!("data: {json}\n\n").into_bytes()
}
