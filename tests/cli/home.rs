//! A home folder for each test, in which it runs the real binary.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with everything that the program stores for a user.
pub(crate) struct Home {
    folder: TempDir,
}

/// The result of a command.
#[derive(Debug)]
pub(crate) struct Done {
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub said: String,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file below the home and returns its path.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rowsmith"));
        command.args(args).current_dir(self.path()).env_clear();
        command.env("HOME", self.path()).env("PATH", std::env::var("PATH").unwrap_or_default());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Done {
        Done::of(self.command(args).stdin(Stdio::null()).output().unwrap())
    }

    pub(crate) fn run_with(&self, args: &[&str], input: &str) -> Done {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Done::of(child.wait_with_output().unwrap())
    }

    /// Runs a command that must succeed.
    #[track_caller]
    pub(crate) fn ok(&self, args: &[&str]) -> Done {
        let done = self.run(args);
        assert_eq!(done.code, 0, "{args:?}: {done:?}");
        done
    }

    /// Runs a command that prints JSON Lines.
    #[track_caller]
    pub(crate) fn lines(&self, args: &[&str]) -> Vec<Value> {
        self.ok(args).lines()
    }

    /// Makes a session with a small dataset and returns its name.
    #[track_caller]
    pub(crate) fn small_session(&self) -> String {
        let wishes =
            ["Please close my account", "I want to end the contract", "Stop the line", "We are leaving"];
        let reasons = ["The new flat has its own", "It got far too dear for us", "Nobody uses the box now"];
        let ends = ["Send me a letter about it", "Friday would suit me best", "My old number can go too"];
        let rows = |number: usize| {
            let (wish, reason, end) = (wishes[number % 4], reasons[number % 3], ends[number / 4 % 3]);
            format!(
                "\"{wish} by day {number}. {reason}, I am afraid. {end}.\",leave\n\
                 \"How do I set up thing {number}? The light at {number} is red.\",ask\n"
            )
        };
        let csv = format!("text,label\n{}", (0..12).map(rows).collect::<String>());
        self.write("small.csv", csv);
        self.ok(&[
            "new",
            "small",
            "--data",
            "small.csv",
            "--text",
            "text",
            "--label",
            "label",
            "--target",
            "leave",
        ]);
        "small".to_owned()
    }
}

impl Done {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            said: String::from_utf8(output.stderr).unwrap(),
        }
    }

    #[track_caller]
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap()
    }
}

/// Returns a string field of a JSON object.
pub(crate) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}

/// Returns the ids of rows.
pub(crate) fn ids(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| text(row, "id").to_owned()).collect()
}

/// Returns the texts of rows.
pub(crate) fn texts(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| row["fields"]["text"].as_str().unwrap().to_owned()).collect()
}

/// Returns a file of the reference data, or `None` with a message that the test is skipped.
pub(crate) fn reference(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("ROWSMITH_REFERENCE_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let path = folder.join(name);
    if !path.is_file() {
        eprintln!("skipped: {} is not there; set ROWSMITH_REFERENCE_DATA", path.display());
        return None;
    }
    Some(std::path::absolute(path).unwrap())
}
