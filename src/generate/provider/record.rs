//! Redacted recordings of requests and answers, if a recorder is set.

use std::fmt;

use reqwest::header::HeaderMap;

use super::key::{HIDDEN, Key};
use crate::text::without_secrets;

/// Headers whose values are never recorded, besides the one with the key.
const SECRET: [&str; 8] = [
    "authorization",
    "proxy-authorization",
    "x-api-key",
    "api-key",
    "x-goog-api-key",
    "cookie",
    "set-cookie",
    "openai-organization",
];

/// One request and its answer, redacted: the key is in none of the fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recording {
    /// The URL, without secrets.
    pub url: String,
    /// The request's headers, without those of the connection.
    pub request_headers: Vec<(String, String)>,
    /// The request's body, redacted.
    pub request_body: String,
    /// The HTTP status; `None` where no answer came.
    pub status: Option<u16>,
    /// The answer's headers.
    pub response_headers: Vec<(String, String)>,
    /// The answer's body, as far as it was received; invalid UTF-8 is replaced by `U+FFFD`.
    pub response_body: String,
    /// The error message, if the request failed.
    pub error: Option<String>,
}

/// Receives each request with its answer once it has ended; stopped requests are not recorded.
pub trait Recorder: fmt::Debug + Send + Sync {
    /// Takes a recording. It must not block, because that delays the rows.
    fn record(&self, recording: Recording);
}

/// A recording in progress.
#[derive(Debug)]
pub(super) struct Tape {
    recording: Recording,
    /// The answer's body so far; decoded only at the end, because a chunk may end within a character.
    heard: Vec<u8>,
    key: Option<Key>,
}

impl Tape {
    /// Begins with the request.
    pub(super) fn new(request: &reqwest::Request, body: &str, key: Option<&Key>) -> Self {
        let recording = Recording {
            url: hidden(&without_secrets(request.url().as_str()), key),
            request_headers: redacted(request.headers(), key),
            request_body: hidden(body, key),
            ..Recording::default()
        };
        Self { recording, heard: Vec::new(), key: key.cloned() }
    }

    /// Adds the status and the headers of the answer.
    pub(super) fn answered(&mut self, response: &reqwest::Response) {
        self.recording.status = Some(response.status().as_u16());
        self.recording.response_headers = redacted(response.headers(), self.key.as_ref());
    }

    /// Adds the next bytes of the answer's body.
    pub(super) fn hear(&mut self, bytes: &[u8]) {
        self.heard.extend_from_slice(bytes);
    }

    /// Ends the recording, with the error message if the request failed.
    pub(super) fn end(self, error: Option<String>) -> Recording {
        let response_body = hidden(&String::from_utf8_lossy(&self.heard), self.key.as_ref());
        Recording { response_body, error, ..self.recording }
    }
}

/// Returns the headers as pairs, with secrets replaced.
pub(super) fn redacted(headers: &HeaderMap, key: Option<&Key>) -> Vec<(String, String)> {
    let shown = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
        let secret = value.is_sensitive() || SECRET.contains(&name.as_str());
        let value = String::from_utf8_lossy(value.as_bytes());
        let value = if secret { HIDDEN.to_owned() } else { hidden(&value, key) };
        (name.as_str().to_owned(), value)
    };
    headers.iter().map(shown).collect()
}

/// Returns a text with the key replaced.
pub(super) fn hidden(text: &str, key: Option<&Key>) -> String {
    key.map_or_else(|| text.to_owned(), |key| key.hidden_in(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_headers_and_the_key_anywhere_are_hidden() {
        let key = Key::new("sk-secret").unwrap();
        let pairs = [("authorization", "Bearer other"), ("x-echo", "got sk-secret"), ("x-plain", "7")];
        let headers =
            pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();

        let shown = redacted(&headers, Some(&key));

        let values: Vec<_> = shown.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, ["[key]", "got [key]", "7"]);
    }
}
