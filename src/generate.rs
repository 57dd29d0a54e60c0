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

pub mod error;
pub mod generator;
pub mod offline;
pub mod provider;
pub mod reply;
pub mod schema;
pub mod stream;

pub use error::{GeneratorError, Silence};
pub use generator::{
    EventStream, GenerateEvent, GenerateRequest, Generator, GeneratorName, RateLimits, ReplyEnd,
};
pub use offline::{Corpus, Novelty, OfflineGenerator};
pub use provider::{
    Delivery, Probe, ProviderGenerator, ProviderOptions, Recorder, Recording, Support, Timeouts,
    variable_address,
};
