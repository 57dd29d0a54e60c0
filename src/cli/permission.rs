//! What only a person can allow: the question on a terminal, and what ends the command of a key.

use std::io::{self, BufRead, IsTerminal, Write};

use tokio_util::sync::CancellationToken;

use super::{CliError, out};
use crate::config::Allowances;
use crate::domain::Permission;
use crate::engine::environment::Patience;
use crate::text::{SafeText, Stop};
use crate::workbench::WorkbenchError;

/// Tries something, and asks for each permission that it lacks, where somebody can answer.
pub(super) fn asking<T>(
    allowed: &Allowances,
    mut attempt: impl FnMut() -> Result<T, WorkbenchError>,
) -> Result<T, CliError> {
    loop {
        match attempt() {
            Err(WorkbenchError::NotAllowed(wanted)) => get(allowed, wanted)?,
            outcome => return Ok(outcome?),
        }
    }
}

/// Asks for a permission and remembers it.
///
/// # Errors
///
/// Nobody can answer, or the answer is no.
pub(super) fn get(allowed: &Allowances, wanted: Box<Permission>) -> Result<(), CliError> {
    if !can_ask() {
        return Err(WorkbenchError::NotAllowed(wanted).into());
    }
    let file = wanted.file.display();
    out::say(&format!("{} `{file}` asks for that. It is remembered for this session.", wanted.sentence()));
    if !is_yes("Allow it?")? {
        return Err(CliError::Usage("Nothing was allowed, and nothing is sent.".into()));
    }
    Ok(allowed.remember(&wanted).map_err(WorkbenchError::from)?)
}

/// Returns whether a question is seen and can be answered.
pub(super) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks a question; all but a yes is a no.
pub(super) fn is_yes(question: &str) -> Result<bool, CliError> {
    let mut stderr = io::stderr().lock();
    // Where nobody reads it, nobody says yes either.
    let _ = write!(stderr, "{} [y/N] ", SafeText::new(question)).and_then(|()| stderr.flush());
    drop(stderr);
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(matches!(line.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Says that the command that prints a key is waited for.
fn say_awaited() {
    out::say(&Patience::sentence());
}

/// Returns how long the command of a key may take.
pub(super) fn patience(stop: &CancellationToken) -> Patience {
    let stop = stop.clone();
    Patience::of_command(Stop::when(move || stop.is_cancelled()), say_awaited)
}
