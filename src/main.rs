//! The `rowsmith` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    rowsmith::api::main()
}
