//! What clap says: help, the version, and what is wrong with arguments.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::builder::Resettable;
use clap::{CommandFactory, FromArgMatches};

use super::CliError;
use super::args::Cli;
use crate::text::SafeText;

/// The variables that stand for an option, with the names of their arguments.
const VARIABLES: [(&str, &str); 2] = [("ROWSMITH_STORE", "store"), ("ROWSMITH_MAX_DATA", "max_data")];

/// Reads arguments. A variable that is set to nothing, as scripts do to leave it out, is none.
pub(super) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let is_empty = |name: &str| std::env::var_os(name).is_some_and(|value| value.is_empty());
    let mut command =
        VARIABLES.iter().filter(|(name, _)| is_empty(name)).fold(Cli::command(), |command, (_, argument)| {
            command.mut_arg(argument, |argument| argument.env(Resettable::Reset))
        });
    let mut matches = command.try_get_matches_from_mut(arguments)?;
    Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
}

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
    parse(std::env::args_os().map(visible)).err().unwrap_or_else(|| {
        // Only with the characters there is something wrong.
        let said = error.to_string();
        let said: Vec<_> =
            SafeText::lines(said.trim_start_matches("error: ")).map(|line| line.to_string()).collect();
        clap::Error::raw(error.kind(), said.join("\n"))
    })
}
