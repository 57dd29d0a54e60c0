//! The command line, through the real binary.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod bad_input;
mod home;
mod keys;
mod main_job;
mod model_server;
mod profiles;
mod prompts;
mod sampling;
mod totals;
