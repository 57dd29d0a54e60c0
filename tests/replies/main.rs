//! What servers really send: each kind of reply through the real binary, and a thousand generated ones.
//!
//! ```text
//! specs/    inputs and what is right for a person, one file a kind
//! rules     a server that answers as such a file says
//! cases     a run of six rows with each of them, compared with what is right
//! drawn     draws a reply: thinking × body × end × usage × pieces, with its true rows
//! written   writes a drawn reply in the words of a server
//! soak      a thousand drawn replies, several at once
//! failures  runs that cannot succeed, and what they cost
//! ```

#![expect(clippy::unwrap_used, reason = "a test may fail")]

#[path = "../conformance/asking.rs"]
#[expect(dead_code, reason = "shared with the matrix of providers")]
mod asking;
mod cases;
#[path = "../conformance/dialects.rs"]
#[expect(dead_code, reason = "shared with the matrix of providers")]
mod dialects;
mod drawn;
mod failures;
#[path = "../cli/home.rs"]
#[expect(dead_code, reason = "shared with the tests of the command line")]
mod home;
mod rules;
#[path = "../conformance/server.rs"]
#[expect(dead_code, reason = "shared with the matrix of providers")]
mod server;
mod soak;
mod written;
