//! What clap says: help, the version, and what is wrong with arguments.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use super::CliError;
use super::args::Cli;
use crate::text::SafeText;

/// Prints what clap says instead of a command, and returns the exit code.
pub(super) fn print(error: &clap::Error) -> ExitCode {
    let code = if error.use_stderr() { 2 } else { 0 };
    let printed = shown(error).print().map_err(CliError::from);
    match printed {
        // Where an error cannot be printed, the exit code still signals it.
        Err(unprinted @ CliError::Output(_)) if code == 0 => {
            unprinted.report();
            ExitCode::from(unprinted.exit_code())
        }
        _ => ExitCode::from(code),
    }
}

/// Returns the same error of arguments whose control characters are visible signs: clap repeats arguments as they
/// are, and a terminal would obey them.
fn shown(error: &clap::Error) -> clap::Error {
    let visible = |argument: OsString| match argument.to_str() {
        Some(text) => SafeText::new(text).as_str().into(),
        None => argument,
    };
    Cli::try_parse_from(std::env::args_os().map(visible)).err().unwrap_or_else(|| {
        // Only with the characters there is something wrong.
        let said = error.to_string();
        let said: Vec<_> =
            SafeText::lines(said.trim_start_matches("error: ")).map(|line| line.to_string()).collect();
        clap::Error::raw(error.kind(), said.join("\n"))
    })
}
