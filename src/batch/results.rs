//! One line of a file of results, in the shape of each service.
//!
//! ```text
//! OpenAI, Ray   {"custom_id":…,"response":{"status_code":200,"body":{…}},"error":null}
//! vLLM          the same; a refusal has no body, and the error is an object of the server
//! Anthropic     {"custom_id":…,"result":{"type":"succeeded","message":{…}}}   or errored, canceled, expired
//! ```

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

/// What a line holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// A result.
    Result(ResultLine),
    /// A request: somebody gave the file that was sent.
    Request,
    /// It ends in the middle.
    Cut,
    /// Something else, and why it is no result, as the end of a sentence.
    Junk(String),
}

/// The result of one request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ResultLine {
    /// The id that its request had.
    pub(crate) id: String,
    /// What came of it.
    pub(crate) answered: Answered,
}

/// What came of a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answered {
    /// A server's answer, which may be a refusal.
    Body {
        /// The status of the response.
        status: u16,
        /// Its body.
        body: String,
    },
    /// No answer, and why, as a sentence.
    Failed(String),
}

#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(borrow)]
    custom_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    response: Option<Response<'a>>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    #[serde(borrow)]
    result: Option<Outcome<'a>>,
    body: Option<IgnoredAny>,
    params: Option<IgnoredAny>,
    requests: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Response<'a> {
    status_code: Option<u16>,
    #[serde(borrow)]
    body: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Outcome<'a> {
    r#type: Option<Cow<'a, str>>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

/// An error as a server sends it.
#[derive(Deserialize)]
struct Whole {
    error: Option<IgnoredAny>,
}

impl Line {
    /// Reads a line.
    pub(crate) fn read(line: &[u8]) -> Self {
        match line.trim_ascii() {
            b"{" | b"[" => {
                return Self::Junk("begins a document of several lines; a result is one line".into());
            }
            [b'[', ..] => return Self::Junk("is a list; a result is an object, and one line".into()),
            _ => {}
        }
        let raw: Raw<'_> = match serde_json::from_slice(line) {
            Ok(raw) => raw,
            Err(error) if error.is_eof() => return Self::Cut,
            Err(error) if error.is_data() => {
                let why = error.to_string().replace("struct Raw", "an object");
                return Self::Junk(format!("is no result: {why}"));
            }
            Err(error) => return Self::Junk(format!("is no JSON: {error}")),
        };
        let has_result = raw.response.is_some() || raw.error.is_some() || raw.result.is_some();
        if !has_result && (raw.body.is_some() || raw.params.is_some() || raw.requests.is_some()) {
            return Self::Request;
        }
        let Some(id) = raw.custom_id else { return Self::Junk("has no `custom_id`".into()) };
        let answered = match (raw.result, raw.response) {
            (Some(outcome), _) => outcome.answered(),
            (None, Some(Response { status_code, body: Some(body) })) => {
                Answered::Body { status: status_code.unwrap_or(200), body: body.get().to_owned() }
            }
            (None, response) => match (raw.error, response) {
                (Some(error), _) => Answered::Failed(failure(error)),
                (None, Some(response)) => Answered::Failed(match response.status_code {
                    Some(status) => format!("The service answered with the status {status} and no words."),
                    None => "The result holds no answer.".into(),
                }),
                (None, None) => return Self::Junk("holds neither an answer nor an error".into()),
            },
        };
        Self::Result(ResultLine { id: id.into_owned(), answered })
    }
}

impl Outcome<'_> {
    fn answered(&self) -> Answered {
        let body = |body: &RawValue| Answered::Body { status: 200, body: body.get().to_owned() };
        let nothing = || Answered::Failed("The result holds no answer.".into());
        match self.r#type.as_deref() {
            Some("succeeded") => self.message.map_or_else(nothing, body),
            // It is what the server would have sent, or only what that holds.
            Some("errored") => {
                self.error.map_or_else(nothing, |error| match serde_json::from_str(error.get()) {
                    Ok(Whole { error: Some(_) }) => body(error),
                    _ => Answered::Body {
                        status: 200,
                        body: format!(r#"{{"type":"error","error":{}}}"#, error.get()),
                    },
                })
            }
            Some("canceled") => Answered::Failed("The batch was canceled before it was sent.".into()),
            Some("expired") => Answered::Failed("The batch expired before it was sent.".into()),
            Some(other) => Answered::Failed(format!("The service calls the result `{other}`.")),
            None => nothing(),
        }
    }
}

/// The most characters of a service's words.
const MOST_WORDS: usize = 300;

/// Returns why a request has no answer, from the error that a service gives instead.
fn failure(error: &RawValue) -> String {
    let error: Value = serde_json::from_str(error.get()).unwrap_or_default();
    // vLLM puts the error of its server into the error of the line.
    let error = error.get("error").filter(|inner| inner.is_object()).unwrap_or(&error);
    let text = |name: &str| error.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    match text("code") {
        Some("batch_expired") => return "The batch expired before it was sent.".into(),
        Some("batch_cancelled" | "batch_canceled") => {
            return "The batch was canceled before it was sent.".into();
        }
        _ => {}
    }
    let words = match (text("message").or(error.as_str()), text("code").or(text("type"))) {
        (Some(message), _) => message.to_owned(),
        (None, Some(code)) => code.to_owned(),
        (None, None) => error.to_string(),
    };
    let short: String = words.chars().take(MOST_WORDS).collect();
    format!("The service gave no answer: {}.", short.trim().trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(line: &str) -> Answered {
        match Line::read(line.as_bytes()) {
            Line::Result(result) => {
                assert_eq!(result.id, "a");
                result.answered
            }
            other => panic!("{line}: {other:?}"),
        }
    }

    fn body(status: u16, body: &str) -> Answered {
        Answered::Body { status, body: body.into() }
    }

    fn failed(reason: &str) -> Answered {
        Answered::Failed(reason.into())
    }

    #[test]
    fn answers_keep_their_bytes_in_every_shape() {
        for (line, expected) in [
            (
                r#"{"id":"b","custom_id":"a","response":{"status_code":200,"request_id":"r","body":{"x": 1.50}},"error":null}"#,
                body(200, r#"{"x": 1.50}"#),
            ),
            (
                r#"{"custom_id":"a","response":{"status_code":400,"body":{"error":{"message":"no"}}},"error":null}"#,
                body(400, r#"{"error":{"message":"no"}}"#),
            ),
            (
                r#"{"custom_id":"a","result":{"type":"succeeded","message":{"content":[]}}}"#,
                body(200, r#"{"content":[]}"#),
            ),
            (
                r#"{"custom_id":"a","result":{"type":"errored","error":{"type":"error","error":{"message":"no"}}}}"#,
                body(200, r#"{"type":"error","error":{"message":"no"}}"#),
            ),
            (
                r#"{"custom_id":"a","result":{"type":"errored","error":{"type":"api_error","message":"no"}}}"#,
                body(200, r#"{"type":"error","error":{"type":"api_error","message":"no"}}"#),
            ),
        ] {
            assert_eq!(answered(line), expected, "{line}");
        }
    }

    #[test]
    fn what_has_no_answer_says_why() {
        let expired = "The batch expired before it was sent.";
        for (line, reason) in [
            (r#"{"custom_id":"a","result":{"type":"expired"}}"#, expired),
            (
                r#"{"custom_id":"a","result":{"type":"canceled"}}"#,
                "The batch was canceled before it was sent.",
            ),
            (
                r#"{"custom_id":"a","response":null,"error":{"code":"batch_expired","message":"This request could not be executed before the completion window expired."}}"#,
                expired,
            ),
            (
                r#"{"custom_id":"a","response":{"status_code":400,"request_id":"r","body":null},"error":{"error":{"message":"Too long.","code":400}}}"#,
                "The service gave no answer: Too long.",
            ),
            (r#"{"custom_id":"a","error":"gone"}"#, "The service gave no answer: gone."),
            (
                r#"{"custom_id":"a","response":{"status_code":503}}"#,
                "The service answered with the status 503 and no words.",
            ),
        ] {
            assert_eq!(answered(line), failed(reason), "{line}");
        }
    }

    #[test]
    fn requests_and_junk_are_no_results() {
        for request in [
            r#"{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{}}"#,
            r#"{"custom_id":"a","params":{}}"#,
            r#"{"requests":[]}"#,
        ] {
            assert_eq!(Line::read(request.as_bytes()), Line::Request, "{request}");
        }
        assert_eq!(Line::read(br#"{"custom_id":"a","respo"#), Line::Cut);
        for (junk, why) in [
            ("{", "begins a document of several lines"),
            (r#"[{"custom_id":"a"}]"#, "is a list"),
            (r#""custom_id""#, "is no result: invalid type: string \"custom_id\", expected an object"),
            ("hello", "is no JSON"),
            (r#"{"response":{"body":{}}}"#, "has no `custom_id`"),
            (r#"{"custom_id":"a"}"#, "holds neither"),
            (r#"{"custom_id":7}"#, "is no result"),
        ] {
            assert!(
                matches!(Line::read(junk.as_bytes()), Line::Junk(said) if said.starts_with(why)),
                "{junk}: {:?}",
                Line::read(junk.as_bytes())
            );
        }
    }
}
