//! The one interface behind which rows are written, and what crosses it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::BoxStream;

use super::GeneratorError;
use crate::domain::{ExchangeMessage, Fields, GeneratorInfo, Provider, Schema, Tokens};

/// One request for rows: what is sent to a model, and what a generator without one goes by.
#[derive(Debug, Clone, PartialEq)]
pub struct GenerateRequest {
    /// The rendered messages, as the preview shows them.
    pub messages: Vec<ExchangeMessage>,
    /// The JSON schema of a reply, as [`reply_schema`](super::schema::reply_schema) makes it.
    pub schema: Arc<serde_json::Value>,
    /// The sampling temperature, from 0.
    pub temperature: f64,
    /// The request's own seed.
    pub seed: u64,
    /// How many rows are wanted.
    pub n: u32,
    /// The label that the rows get, unless their own field `label` says another.
    pub label: String,
    /// The session's labels; a field `label` that is none of them makes a scrap.
    pub labels: Vec<String>,
    /// What a row holds.
    pub schema_fields: Schema,
    /// The texts of the real rows that the messages show.
    pub examples: Vec<String>,
    /// The value that each variable has in this request.
    pub variables: BTreeMap<String, String>,
}

/// What a generator says while it works on a request.
#[derive(Debug, Clone, PartialEq)]
pub enum GenerateEvent {
    /// What the server's headers say of its limits; before anything else of a reply.
    Limits(RateLimits),
    /// A whole row that meets the schema.
    Row(Fields),
    /// A piece of the reply that is no row.
    Scrap {
        /// The piece, as it came.
        raw: String,
        /// Why it is no row, as a sentence.
        reason: String,
    },
    /// The reply's text, once it has ended or as far as it came before an error.
    Reply(String),
    /// Tokens as the provider counted them, once for a request.
    Usage(Tokens),
    /// The reply has ended; nothing follows.
    Done(ReplyEnd),
}

/// What a server lets be asked, as it says in the headers of an answer. What it does not say is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RateLimits {
    /// The most requests in the server's own window, mostly a minute.
    pub limit_requests: Option<u64>,
    /// How many of them are left.
    pub remaining_requests: Option<u64>,
    /// How long until all of them are there again.
    pub reset_requests: Option<Duration>,
    /// The most tokens in the server's own window.
    pub limit_tokens: Option<u64>,
    /// How many of them are left.
    pub remaining_tokens: Option<u64>,
    /// How long until all of them are there again.
    pub reset_tokens: Option<Duration>,
}

impl RateLimits {
    /// Returns how long nothing more may be asked: until the window is over, where one of the two is used up.
    #[must_use]
    pub fn rest(&self) -> Option<Duration> {
        let requests = self.reset_requests.filter(|_| self.remaining_requests == Some(0));
        requests.max(self.reset_tokens.filter(|_| self.remaining_tokens == Some(0)))
    }
}

/// How a reply ended that did not end in an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyEnd {
    /// The generator had said all it wanted to.
    Complete,
    /// It reached the most tokens it may write; what was under way is a scrap.
    CutOff,
    /// The provider's content filter ended it.
    Filtered,
}

/// The events of one request, in order. The first error is the last item.
pub(crate) type EventStream<'a> = BoxStream<'a, Result<GenerateEvent, GeneratorError>>;

/// Who writes rows, without the settings of a single run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratorName {
    /// The provider.
    pub provider: Provider,
    /// The model's name, where the provider has models.
    pub model: Option<String>,
    /// The server asked, where it is not the provider's own.
    pub base_url: Option<String>,
}

impl GeneratorName {
    /// Returns the name with a run's settings, as a run keeps it.
    #[must_use]
    pub fn info(&self, temperature: f64, seed: u64) -> GeneratorInfo {
        GeneratorInfo {
            provider: self.provider.name().to_owned(),
            model: self.model.clone(),
            base_url: self.base_url.clone(),
            temperature,
            seed,
        }
    }
}

/// Turns a request into a stream of rows.
pub trait Generator: Send + Sync {
    /// Returns who writes the rows.
    fn name(&self) -> GeneratorName;

    /// Returns what of a prompt is not read, as a sentence; `None` where all of it is.
    fn unread(&self) -> Option<&'static str>;

    /// Returns whether the requests of a run must go one after another, in their order.
    fn ordered(&self) -> bool;

    /// Begins a request. Nothing happens until the stream is polled; dropping it stops the request.
    fn generate(&self, request: GenerateRequest) -> EventStream<'_>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_that_is_used_up_is_waited_for() {
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        let limits = RateLimits {
            remaining_requests: Some(3),
            reset_requests: seconds(50),
            remaining_tokens: Some(0),
            reset_tokens: seconds(7),
            ..RateLimits::default()
        };
        assert_eq!(limits.rest(), seconds(7));
        assert_eq!(RateLimits { remaining_tokens: Some(1), ..limits }.rest(), None);
        assert_eq!(RateLimits { remaining_requests: Some(0), ..limits }.rest(), seconds(50));
    }

    #[test]
    fn a_run_keeps_who_wrote_it_and_with_which_settings() {
        let name = GeneratorName {
            provider: Provider::Openai,
            model: Some("small".into()),
            base_url: Some("http://127.0.0.1:8080/v1".into()),
        };

        let info = name.info(0.5, 7);

        assert_eq!(info.provider, "openai");
        assert_eq!(info.model.as_deref(), Some("small"));
        assert_eq!(info.base_url.as_deref(), Some("http://127.0.0.1:8080/v1"));
        assert_eq!((info.temperature, info.seed), (0.5, 7));
    }
}
