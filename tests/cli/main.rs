//! The command line, through the real binary.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod acceptance;
mod bad_input;
mod decisions;
mod export;
mod home;
mod keys;
mod leaving;
mod main_job;
mod model_server;
mod new;
mod previous_version;
mod profiles;
mod prompts;
mod sampling;
#[path = "../pty/terminal.rs"]
#[expect(dead_code, reason = "one test needs a part of it")]
mod terminal;
mod totals;
