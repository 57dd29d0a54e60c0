//! Generators, which turn a request into rows.
//!
//! A [`Generator`] gets one request (the messages to send, and the schema of its rows) and answers with a
//! stream of events: rows as soon as each is complete, scraps, the reply's text, tokens. Every reply is
//! checked here against the session's fields, whichever generator wrote it. Nothing in this module spawns a
//! task, retries, or decides how many requests run at once: the caller paces the stream by polling it, and
//! stops the request by dropping it.
//!
//! ```text
//! GenerateRequest ──► Generator ──► Row, Scrap, … Reply, Usage, Done   or an error
//!                      ├ offline    clauses of real rows, joined anew; no network
//!                      └ provider   a model behind a server
//! ```

mod blanks;
pub(crate) mod error;
pub(crate) mod generator;
pub(crate) mod offline;
pub(crate) mod provider;
pub(crate) mod reply;
pub(crate) mod schema;
pub(crate) mod stream;

pub use error::GeneratorError;
pub(crate) use error::Silence;
pub(crate) use generator::{EventStream, GeneratorName, RateLimits};
pub use generator::{GenerateEvent, GenerateRequest, Generator, ReplyEnd, Tail};
pub(crate) use offline::{Corpus, Novelty, OfflineGenerator};
pub(crate) use provider::{Asked, Probe, USUAL_PORTS, find_local, origin, variable_address};
pub use provider::{Delivery, ProviderGenerator, ProviderOptions, Recorder, Recording, Support, Timeouts};
pub(crate) use stream::thinking_ranges;
