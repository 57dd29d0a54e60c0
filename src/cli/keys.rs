//! `keys` and `completions`: tables that are generated.

use clap::CommandFactory;

use super::args::Cli;
use super::{CliError, Out};
use crate::app::{Keymap, Scope};

/// Prints the keys of the workbench.
pub fn keys(out: &mut Out) -> Result<(), CliError> {
    let keymap = Keymap::default();
    for scope in Scope::ALL {
        let bindings: Vec<_> = keymap.bindings().iter().filter(|binding| binding.scope == scope).collect();
        if bindings.is_empty() {
            continue;
        }
        out.line(scope.title())?;
        for binding in bindings {
            out.text(&format!("  {:<10}  {}", binding.written(), binding.command.doc()))?;
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
