//! How a server is asked, besides what a session's settings say.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use super::record::Recorder;
use crate::domain::Limits;

/// How a reply is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Delivery {
    /// As it is written, so that rows come one by one.
    #[default]
    Streamed,
    /// Whole, once it is written.
    Whole,
}

/// How long a server may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until a connection is made.
    pub connect: Duration,
    /// From sending a request to the first byte of its answer's body.
    pub first_byte: Duration,
    /// Between two bytes of an answer.
    pub idle: Duration,
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

/// How a server is asked, besides what a session's settings say.
#[derive(Debug, Clone)]
pub struct ProviderOptions {
    /// How a reply is asked for.
    pub delivery: Delivery,
    /// How long the server may take; `None` for what the settings' limits say.
    pub timeouts: Option<Timeouts>,
    /// The key that `api_key_cmd` printed; it wins over every variable.
    pub key: Option<SecretString>,
    /// Who is handed each request and its answer, redacted.
    pub recorder: Option<Arc<dyn Recorder>>,
    /// The most bytes of a reply that are read, frames and all; a longer one is an error.
    pub most_bytes: usize,
}

impl ProviderOptions {
    /// The most bytes of a reply that are read where nothing else is said: 16 MB.
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
