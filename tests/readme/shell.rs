//! A shell with its own home folder and the program on its path.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const SPAM: [[&str; 8]; 3] = [
    [
        "You have won a holiday!",
        "URGENT: your account is on hold.",
        "Last chance to claim the prize.",
        "Free ringtones this week only.",
        "Congratulations, our winner of the month!",
        "Your parcel waits at the depot.",
        "Singles in your town want to chat.",
        "Half price on every phone today.",
    ],
    [
        "Call 09061 701461 before noon.",
        "Text WIN to 80062 now.",
        "Reply YES with your code.",
        "Visit our page and enter your number.",
        "Ring the claim line from a landline.",
        "Send STOP to end these offers.",
        "Tap the link that comes next.",
        "Quote reference K52 to the operator.",
    ],
    [
        "Calls cost 1.50 a minute.",
        "Terms on our website, over 18 only.",
        "Offer ends on Friday at midnight.",
        "No purchase is needed.",
        "You will be charged 3 pounds a week.",
        "Valid for twelve hours.",
        "Only one entry a household.",
        "Box 97, London.",
    ],
];

const HAM: [[&str; 8]; 3] = [
    [
        "Running late again.",
        "Did you feed the cat?",
        "Mum says hello.",
        "The train is stuck outside Leeds.",
        "I found your scarf.",
        "Dinner is in the oven.",
        "Good luck with the exam!",
        "We are at the lake already.",
    ],
    [
        "Could you buy some milk on the way?",
        "I will be home around eight.",
        "Do not wait for me.",
        "Bring the blue folder if you can.",
        "Ask Tom about the keys.",
        "It rained all morning here.",
        "The meeting went on for ever.",
        "Lucy wants to come along.",
    ],
    [
        "See you soon.",
        "Love to everybody.",
        "Ring me when you are up.",
        "I owe you a coffee.",
        "Sleep well.",
        "Let me know what you think.",
        "Sorry about yesterday.",
        "Talk tonight?",
    ],
];

/// A shell that runs the code blocks of the README.
pub(crate) struct Shell {
    home: TempDir,
}

impl Shell {
    /// Returns a shell; `None` with a message that the test is skipped where bash or Python is
    /// missing.
    pub(crate) fn new() -> Option<Self> {
        for program in ["bash", "python3"] {
            let found = Command::new(program).arg("--version").stdout(Stdio::null()).status();
            if !found.is_ok_and(|status| status.success()) {
                eprintln!("skipped: there is no {program}");
                return None;
            }
        }
        Some(Self { home: tempfile::tempdir().unwrap() })
    }

    /// Writes a small dataset with the columns `text` and `label`, in which no two texts share more
    /// than one sentence.
    pub(crate) fn write_messages(&self, name: &str) {
        let mut csv = String::from("text,label\n");
        for (label, [first, second, third]) in [("spam", SPAM), ("ham", HAM)] {
            for number in 0..24 {
                let (a, b, c) = (number % 8, (number * 3 + number / 8) % 8, (number * 5 + number / 4) % 8);
                writeln!(csv, "\"{} {} {}\",{label}", first[a], second[b], third[c]).unwrap();
            }
        }
        std::fs::write(self.home.path().join(name), csv).unwrap();
    }

    /// Links a folder of the project into the script's folder.
    pub(crate) fn link(&self, name: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        std::os::unix::fs::symlink(folder, self.home.path().join(name)).unwrap();
    }

    /// Runs a script, which must succeed, and returns what it printed.
    #[track_caller]
    pub(crate) fn run(&self, script: &str) -> String {
        let program = Path::new(env!("CARGO_BIN_EXE_rowsmith")).parent().unwrap();
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
        let output = Command::new("bash")
            .args(["-euo", "pipefail", "-c", script])
            .current_dir(self.home.path())
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", path)
            .env("PYTHONUTF8", "1")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{script}\n{said}");
        String::from_utf8(output.stdout).unwrap()
    }
}
