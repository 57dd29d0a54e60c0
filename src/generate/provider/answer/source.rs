//! Where an answer comes from: a server that is being heard, or a file that holds all of it.

use std::time::Instant;

use reqwest::header::HeaderMap;

use super::{Answer, Listening};
use crate::generate::provider::body::Body;
use crate::generate::provider::dialect::Counted;
use crate::generate::provider::exchange::Exchange;

/// Where an answer comes from.
pub(super) enum Source {
    /// A server.
    Wire(reqwest::Response),
    /// A file that holds its body, with this status.
    File(u16),
}

impl Source {
    /// Returns the next bytes of a body; `None` at its end.
    pub(super) async fn chunk(&mut self) -> reqwest::Result<Option<Vec<u8>>> {
        match self {
            Self::Wire(response) => Ok(response.chunk().await?.map(Vec::from)),
            Self::File(_) => Ok(None),
        }
    }

    pub(super) fn status(&self) -> u16 {
        match self {
            Self::Wire(response) => response.status().as_u16(),
            Self::File(status) => *status,
        }
    }

    pub(super) fn headers(&self) -> Option<&HeaderMap> {
        match self {
            Self::Wire(response) => Some(response.headers()),
            Self::File(_) => None,
        }
    }
}

impl Answer {
    /// Begins an answer of which nothing was read.
    pub(super) fn begun(source: Source, body: Body, sent: Instant) -> Self {
        Self {
            source,
            body,
            listening: Listening::since(sent),
            bytes: 0,
            replied: false,
            end: None,
            went_on: false,
            counted: Counted::default(),
            junk: None,
            choice: None,
        }
    }
}

impl Exchange<'_> {
    /// Reads an answer that is there as a whole.
    pub(in crate::generate::provider) fn hear_whole(&mut self, status: u16, bytes: &[u8]) {
        let is_success = (200..300).contains(&status);
        let body = if is_success { Body::Unknown(vec![]) } else { Body::Refusal(vec![]) };
        let mut answer = Box::new(Answer::begun(Source::File(status), body, Instant::now()));
        answer.bytes = bytes.len();
        if let Some(answer) = self.heard(answer, bytes) {
            self.stop(answer, None);
        }
    }
}
