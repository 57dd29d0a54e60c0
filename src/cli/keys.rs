//! `keys` and `completions`: generated tables.

use clap::CommandFactory;

use super::args::Cli;
use super::{CliError, Out};
use crate::app::guide::help;
use crate::app::{Command, Keymap};

/// Prints the bindings, including the user's own, grouped by command.
pub(super) fn keys(keymap: &Keymap, out: &mut Out) -> Result<(), CliError> {
    for group in help(keymap).iter().filter(|group| !group.rows.is_empty()) {
        out.line(&format!("{} [keys.{}]", group.scope.title(), group.scope.name()))?;
        for row in &group.rows {
            line(&row.keys, row.name, row.doc, out)?;
        }
        out.line("")?;
    }
    out.line("Without a key")?;
    for command in Command::ALL.iter().filter(|command| keymap.keys_of(**command).is_empty()) {
        line("", command.name(), command.doc(), out)?;
    }
    Ok(())
}

fn line(keys: &str, name: &str, doc: &str, out: &mut Out) -> Result<(), CliError> {
    out.text(&format!("  {keys:<22}  {name:<20}  {doc}"))
}

/// Prints the completions of a shell.
pub(super) fn completions(shell: clap_complete::Shell, out: &mut Out) -> Result<(), CliError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "rowsmith", &mut script);
    out.raw(&script)
}
