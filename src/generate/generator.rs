//! The interface of all generators: the request, its events and the trait.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use futures_util::stream::BoxStream;

use super::GeneratorError;
use crate::domain::{ExchangeMessage, Fields, Flag, GeneratorInfo, Provider, Schema, Tokens, Writing};

/// One request for rows: the messages for a model, and the data for a generator without a model.
#[derive(Debug, Clone, PartialEq)]
pub struct GenerateRequest {
    /// The rendered messages, as the preview shows them.
    pub messages: Vec<ExchangeMessage>,
    /// The JSON schema of a reply, as [`reply_schema`](super::schema::reply_schema) makes it.
    pub schema: Arc<serde_json::Value>,
    /// The sampling temperature, from 0.
    pub temperature: f64,
    /// The seed of this request.
    pub seed: u64,
    /// How many rows are wanted.
    pub n: u32,
    /// The label that the rows get, unless their own field `label` says another.
    pub label: String,
    /// The session's labels; a field `label` that is none of them makes a scrap.
    pub labels: Vec<String>,
    /// The declared fields of a row.
    pub schema_fields: Schema,
    /// The texts of the real rows that the messages show.
    pub examples: Vec<String>,
    /// The value that each variable has in this request.
    pub variables: BTreeMap<String, String>,
    /// Receives what the model writes, thoughts included; `None` where nobody counts it or looks on.
    pub tail: Option<Tail>,
}

impl GenerateRequest {
    /// Returns what reading the reply to it needs: all but what was asked with.
    #[must_use]
    pub(crate) fn for_reading(&self, tail: Tail) -> Self {
        Self {
            messages: vec![],
            examples: vec![],
            variables: BTreeMap::new(),
            schema: Arc::clone(&self.schema),
            label: self.label.clone(),
            labels: self.labels.clone(),
            schema_fields: self.schema_fields.clone(),
            temperature: self.temperature,
            seed: self.seed,
            n: self.n,
            tail: Some(tail),
        }
    }
}

/// The end of the newest reply, shared by the requests of a run and whoever looks on, and how much one request and
/// all of them were sent.
#[derive(Debug, Clone)]
pub struct Tail {
    /// What is shown; `None` where nobody looks on.
    shown: Option<Arc<Mutex<Shown>>>,
    heard: Arc<AtomicUsize>,
    /// What all requests were sent together.
    in_all: Arc<AtomicUsize>,
}

/// What a [`Tail`] shows, and of which request.
#[derive(Debug, Default)]
struct Shown {
    writing: Writing,
    /// The count of the request that writes it; gone where that has ended.
    of: Weak<AtomicUsize>,
}

/// The fewest bytes of a reply that a [`Tail`] keeps once there are so many. It keeps up to twice as many, so that the
/// beginning stays the same for a while: a text that begins elsewhere with every word cannot be read.
const TAIL_BYTES: usize = 400;

impl PartialEq for Tail {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Default for Tail {
    fn default() -> Self {
        Self { shown: Some(Arc::default()), heard: Arc::default(), in_all: Arc::default() }
    }
}

impl Tail {
    /// Returns a tail that only counts, for a run that nobody looks at.
    #[must_use]
    pub(crate) fn unseen() -> Self {
        Self { shown: None, heard: Arc::default(), in_all: Arc::default() }
    }

    /// Returns the tail of one request: it shows where this one does, and counts for itself.
    #[must_use]
    pub(crate) fn of_request(&self) -> Self {
        Self { shown: self.shown.clone(), heard: Arc::default(), in_all: Arc::clone(&self.in_all) }
    }

    /// Returns how many bytes were written, thoughts included.
    #[must_use]
    pub(crate) fn heard(&self) -> usize {
        self.heard.load(Ordering::Relaxed)
    }

    /// Returns how many bytes all requests were sent, thoughts included.
    #[must_use]
    pub(crate) fn heard_in_all(&self) -> usize {
        self.in_all.load(Ordering::Relaxed)
    }

    /// Adds what a model wrote. The newest reply is shown: what an older one writes is only counted while that goes
    /// on. Where a reply begins, or begins or ends to think, what was shown before is dropped.
    pub(crate) fn write(&self, text: &str, thinking: bool, begins: bool) {
        self.heard.fetch_add(text.len(), Ordering::Relaxed);
        self.in_all.fetch_add(text.len(), Ordering::Relaxed);
        let Some(shown) = &self.shown else { return };
        let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
        let is_shown = shown.of.as_ptr() == Arc::as_ptr(&self.heard);
        if !is_shown && !begins && shown.of.strong_count() > 0 {
            return;
        }
        let Shown { writing, of } = &mut *shown;
        if begins || !is_shown || writing.thinking != thinking {
            writing.text.clear();
        }
        *of = Arc::downgrade(&self.heard);
        writing.thinking = thinking;
        writing.text.push_str(text);
        if writing.text.len() > 2 * TAIL_BYTES {
            let excess = writing.text.len() - TAIL_BYTES;
            let is_start = |at: &usize| writing.text.is_char_boundary(*at);
            let start = (excess..=writing.text.len()).find(is_start).unwrap_or_default();
            let word = writing.text[start..].find(char::is_whitespace).map_or(start, |blank| start + blank);
            writing.text.drain(..word);
        }
    }

    /// Changes what is shown of this request, such as to hide a key that has come whole by now.
    pub(crate) fn change(&self, change: impl FnOnce(String) -> String) {
        let Some(shown) = &self.shown else { return };
        let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.of.as_ptr() == Arc::as_ptr(&self.heard) {
            shown.writing.text = change(std::mem::take(&mut shown.writing.text));
        }
    }

    /// Returns what was written last; `None` where nothing was.
    #[must_use]
    pub(crate) fn read(&self) -> Option<Writing> {
        let shown = self.shown.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        (!shown.writing.text.is_empty()).then(|| shown.writing.clone())
    }
}

/// An event of a request in progress.
#[derive(Debug, Clone, PartialEq)]
pub enum GenerateEvent {
    /// The server took the request: an answer begins.
    Accepted,
    /// The rate limits in the server's response headers; comes before the other events of a reply.
    Limits(RateLimits),
    /// A complete row that meets the schema.
    Row(Fields),
    /// The same, with a remark of the generator's own.
    FlaggedRow(Fields, Flag),
    /// A piece of the reply that did not become a row.
    Scrap {
        /// The piece, unchanged.
        raw: String,
        /// Why it is no row, as a sentence.
        reason: String,
    },
    /// The reply's full text, or the part received before an error.
    Reply(String),
    /// Tokens as the provider counted them, once per request.
    Usage(Tokens),
    /// The model that answers, as the server names it; at most once per request.
    AnsweredBy(String),
    /// What a person should know of the run, as a sentence.
    Remark(String),
    /// The request is sent once more, without a parameter that the server refused.
    SentAgain,
    /// The reply has ended; nothing follows.
    Done(ReplyEnd),
}

/// The rate limits in a server's response headers. A limit that they do not state is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RateLimits {
    /// The most requests in the server's window, usually a minute.
    pub limit_requests: Option<u64>,
    /// The number of requests left in the window.
    pub remaining_requests: Option<u64>,
    /// The time until the full number is available again.
    pub reset_requests: Option<Duration>,
    /// The most tokens in the server's window.
    pub limit_tokens: Option<u64>,
    /// The number of tokens left in the window.
    pub remaining_tokens: Option<u64>,
    /// The time until the full number is available again.
    pub reset_tokens: Option<Duration>,
}

impl RateLimits {
    /// Returns how long to wait before the next request, if requests or tokens are used up.
    #[must_use]
    pub fn rest(&self) -> Option<Duration> {
        let requests = self.reset_requests.filter(|_| self.remaining_requests == Some(0));
        requests.max(self.reset_tokens.filter(|_| self.remaining_tokens == Some(0)))
    }
}

/// How a reply ended without an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyEnd {
    /// The generator finished it.
    Complete,
    /// It reached the token limit; the unfinished piece is a scrap.
    CutOff,
    /// The provider's content filter ended it.
    Filtered,
}

/// The events of one request, in order. The first error is the last item.
pub(crate) type EventStream<'a> = BoxStream<'a, Result<GenerateEvent, GeneratorError>>;

/// The provider, model and server that write rows, without the settings of a run.
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
    /// Returns the record of this generator that a run keeps.
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

    /// Returns a sentence about the parts of a prompt that are not read; `None` if all are.
    fn unread(&self) -> Option<&'static str>;

    /// Returns whether the requests of a run must be sent one after another, in order.
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
