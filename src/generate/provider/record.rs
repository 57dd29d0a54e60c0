//! Redacted recordings of requests and answers, if a recorder is set.

use std::fmt;

use reqwest::header::HeaderMap;

use super::key::{HIDDEN, Key};
use crate::text::without_secrets;

/// The words in names of headers whose values are never recorded, besides the one with the key.
const SECRET: [&str; 16] = [
    "auth",
    "authorization",
    "authentication",
    "cookie",
    "cookie2",
    "key",
    "apikey",
    "token",
    "secret",
    "password",
    "credential",
    "signature",
    "session",
    "organization",
    "project",
    "account",
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
        let error = error.map(|error| hidden(&without_secrets(&error), self.key.as_ref()));
        Recording { response_body, error, ..self.recording }
    }
}

/// Returns the headers as pairs, with secrets replaced.
pub(super) fn redacted(headers: &HeaderMap, key: Option<&Key>) -> Vec<(String, String)> {
    let shown = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
        let mut words = name.as_str().split(['-', '_']);
        let secret = value.is_sensitive() || words.any(|word| SECRET.contains(&word));
        let value = String::from_utf8_lossy(value.as_bytes());
        let value = if secret { HIDDEN.to_owned() } else { hidden(&without_secrets(&value), key) };
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
        let pairs = [
            ("authorization", "Bearer other", "[key]"),
            ("proxy-authorization", "Basic bmFtZTpwYXNz", "[key]"),
            ("set-cookie", "session=1234", "[key]"),
            ("x-api-key", "other", "[key]"),
            ("x-amz-security-token", "other", "[key]"),
            ("x-session_secret", "other", "[key]"),
            ("x-echo", "got sk-secret", "got [key]"),
            ("location", "https://name:word@host/v1?api_key=other", "https://[key]@host/v1?api_key=[key]"),
            ("x-ratelimit-remaining-tokens", "7", "7"),
        ];
        let headers =
            pairs.iter().map(|(name, value, _)| (name.parse().unwrap(), value.parse().unwrap())).collect();

        let shown = redacted(&headers, Some(&key));

        assert_eq!(shown.len(), pairs.len());
        for (name, _, wanted) in pairs {
            assert!(shown.contains(&(name.to_owned(), wanted.to_owned())), "{name}: {shown:?}");
        }
    }

    #[test]
    fn the_key_and_addresses_with_passwords_are_hidden_in_the_error_too() {
        let request = reqwest::Request::new(reqwest::Method::GET, "http://127.0.0.1/v1".parse().unwrap());
        let tape = Tape::new(&request, "", Key::new("sk-secret").as_ref());
        let recording = tape.end(Some("sk-secret was refused by http://name:word@proxy:1".into()));
        assert_eq!(recording.error.as_deref(), Some("[key] was refused by http://[key]@proxy:1"));
    }
}
