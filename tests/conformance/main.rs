//! Every provider, plain and streamed, against servers on loopback that do what servers do.
//!
//! ```text
//! dialects   how each provider writes a reply, a stream and an error
//! server     gives one canned answer, in pieces, and may fall silent
//! asking     sends one request, and says in short what came
//! ```

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod asking;
mod dialects;
mod errors;
mod replies;
mod secrets;
mod server;
