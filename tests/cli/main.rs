//! The command line, through the real binary.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod acceptance;
mod bad_input;
mod batch;
mod batch_failures;
mod bulk;
mod compare;
mod data;
mod decisions;
mod duplicates;
mod evaluate;
mod export;
mod export_ended;
mod export_shapes;
mod filters;
mod history;
mod home;
mod hostile_templates;
mod import;
mod keys;
mod leaving;
mod main_job;
mod metrics;
mod model_server;
mod new;
mod own_files;
mod plans;
mod previous_version;
mod profiles;
mod prompt_files;
mod prompts;
mod race;
mod reading;
mod repair;
mod sampling;
mod scarce;
mod scoreboard;
mod secrets;
mod store_owner;
#[path = "../pty/terminal.rs"]
#[expect(dead_code, reason = "one test needs a part of it")]
mod terminal;
mod totals;
mod unsaved;
