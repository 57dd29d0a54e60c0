//! What turns a request into rows.
//!
//! A [`Generator`] is handed one request (what to send, and what its rows must be) and
//! answers with a stream of events: rows as soon as each is whole, scraps, the reply's own
//! text, tokens. Every reply is checked here against the session's fields, whoever wrote it.
//! Nothing in this room spawns a task, retries, or decides how many requests are under way:
//! whoever polls the stream paces it, and dropping the stream stops the request.
//!
//! ```text
//! GenerateRequest ──► Generator ──► Row, Scrap, … Reply, Usage, Done   or an error
//!                      ├ offline    clauses of real rows, joined anew; no network
//!                      └ provider   a model behind a server
//! ```

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
pub use generator::{GenerateEvent, GenerateRequest, Generator, ReplyEnd};
pub(crate) use offline::{Corpus, Novelty, OfflineGenerator};
pub use provider::{Delivery, ProviderGenerator, ProviderOptions, Recorder, Recording, Support, Timeouts};
pub(crate) use provider::{Probe, variable_address};
