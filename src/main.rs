//! The `rowsmith` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    rowsmith::cli::main()
}
