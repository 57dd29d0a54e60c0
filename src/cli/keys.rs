//! `keys` and `completions`: tables that are generated.

use clap::CommandFactory;

use super::args::Cli;
use super::{CliError, Out};
use crate::app::Keymap;
use crate::app::guide::help;

/// Prints the keys of the workbench, those of one command together.
pub fn keys(out: &mut Out) -> Result<(), CliError> {
    for (index, group) in help(&Keymap::default()).iter().filter(|group| !group.rows.is_empty()).enumerate() {
        if index > 0 {
            out.line("")?;
        }
        out.line(group.scope.title())?;
        for row in &group.rows {
            out.text(&format!("  {:<22}  {}", row.keys, row.doc))?;
        }
    }
    Ok(())
}

/// Prints the completions of a shell.
pub fn completions(shell: clap_complete::Shell, out: &mut Out) -> Result<(), CliError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "rowsmith", &mut script);
    out.raw(&script)
}
