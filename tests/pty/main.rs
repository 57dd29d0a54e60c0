//! The workbench in a real terminal: keys go in, and what a person would see comes out.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod asked;
mod closings;
mod gone;
mod hands;
mod heavy;
mod held;
mod hostile;
mod kill;
mod left;
mod places;
mod secrets;
mod signals;
mod terminal;
mod unsaved;
mod walk;
mod wander;
mod whole;

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The size that most tests use.
const LARGE: (u16, u16) = (160, 45);

/// Returns whether the long form of the tests with many rounds was asked for.
fn is_long() -> bool {
    std::env::var("ROWSMITH_FAULTS").is_ok_and(|form| form == "long")
}

/// Runs a command beside the workbench, and returns its exit code, standard output and standard
/// error.
fn command(home: &Path, args: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_rowsmith"))
        .args(args)
        .current_dir(home)
        .env_clear()
        .env("HOME", home)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Returns the rows of the bundled session.
fn rows(home: &Path) -> Vec<Value> {
    let (code, out, said) = command(home, &["rows", "tickets", "--json"]);
    assert_eq!(code, 0, "{said}");
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
