//! Options of requests to a server that a session's settings do not contain.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use super::record::Recorder;
use crate::domain::Limits;

/// How a reply is delivered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Delivery {
    /// As a stream, so that rows come one by one.
    #[default]
    Streamed,
    /// As one body, once it is complete.
    Whole,
}

/// The timeouts of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// To establish a connection.
    pub connect: Duration,
    /// From sending a request to the first byte of the response body.
    pub first_byte: Duration,
    /// Between two pieces of content, and between any two bytes before the first.
    pub idle: Duration,
}

impl Timeouts {
    /// Returns how long the first content may take where a server shows by comments or blanks that it is alive. Some
    /// keep a request waiting so for ten minutes.
    pub(super) fn queue(self) -> Duration {
        self.first_byte.saturating_mul(4)
    }
}

impl From<Limits> for Timeouts {
    fn from(limits: Limits) -> Self {
        let seconds = |seconds: u32| Duration::from_secs(u64::from(seconds));
        Self {
            connect: seconds(limits.connect_seconds),
            first_byte: seconds(limits.first_byte_seconds),
            idle: seconds(limits.idle_seconds),
        }
    }
}

/// Options of requests to a server that a session's settings do not contain.
#[derive(Debug, Clone)]
pub struct ProviderOptions {
    /// How a reply is delivered.
    pub delivery: Delivery,
    /// The timeouts; if `None`, those of the settings.
    pub timeouts: Option<Timeouts>,
    /// The output of `api_key_cmd`; it takes precedence over every variable.
    pub key: Option<SecretString>,
    /// Receives each request and its answer, redacted.
    pub recorder: Option<Arc<dyn Recorder>>,
    /// The size limit of a reply in bytes, including its framing; a longer one is an error.
    pub most_bytes: usize,
}

impl ProviderOptions {
    /// The default size limit of a reply: 16 MiB.
    pub const MOST_BYTES: usize = 16 << 20;
}

impl Default for ProviderOptions {
    fn default() -> Self {
        Self {
            delivery: Delivery::Streamed,
            timeouts: None,
            key: None,
            recorder: None,
            most_bytes: Self::MOST_BYTES,
        }
    }
}
