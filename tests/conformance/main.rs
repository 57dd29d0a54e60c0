//! Every provider, plain and streamed, against servers on loopback with good and bad answers.
//!
//! ```text
//! dialects   how each provider writes a reply, a stream and an error
//! refusals   what each provider says when it refuses
//! cases      what servers do: the answer of each case in each dialect
//! expected   what each case comes to: rows, scraps, reply, tokens, and the end or the sentence
//! matrix     asks for every case × provider × {plain, stream}, and compares
//! parameters each parameter that a server refuses
//! network    proxies, certificate authorities and TLS
//! server     gives one canned answer, in pieces, and may fall silent
//! replies    what reasoning models and gateways really send: thinking, tools, ends and blanks
//! silence    comments, pings and trickles, which are no content
//! bodies     the shapes of bodies, errors and counts that servers really send
//! asking     sends one request, and says in short what came
//! ```

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod asking;
mod bodies;
mod cases;
mod dialects;
mod errors;
mod expected;
mod matrix;
mod network;
mod parameters;
mod refusals;
mod replies;
mod secrets;
mod server;
mod silence;
