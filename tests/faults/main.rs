//! Kills, failing disks, power loss, damage and strangers: nothing that was told as saved is ever lost,
//! and nothing is told as saved that is not.
//!
//! Each part has two lengths. `cargo test` runs the short one; this runs the long one, and prints a line
//! for each part with what was done, how often, what was lost, what was falsely told as saved, and the time:
//!
//! ```text
//! ROWSMITH_FAULTS=long cargo test --test faults -- --nocapture
//! ```
//!
//! A case is made from its number alone, so that a failure names what makes it again.
#![expect(clippy::unwrap_used, reason = "what cannot be set up cannot be tested")]
#![expect(clippy::print_stdout, reason = "the counts are what it is run for")]

mod before;
mod damage;
#[path = "../store_faults/facts.rs"]
mod facts;
mod full_disk;
#[path = "../cli/home.rs"]
#[expect(dead_code, reason = "it is written for the tests of the command line too")]
mod home;
mod kills;
mod model;
mod part;
mod power;
mod script;
mod strangers;
mod tail;
#[path = "../pty/terminal.rs"]
#[expect(dead_code, reason = "it is written for the tests of the screen too")]
mod terminal;
mod writes;
