//! Measures how long a dataset takes to become a session, as `new` does it, and to be opened again: to be read,
//! checked and split.

#![expect(clippy::unwrap_used, reason = "what cannot be set up cannot be measured")]

#[path = "support/figures.rs"]
#[expect(dead_code, reason = "this bench needs a part of it")]
mod figures;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rowsmith::api::{NewOrder, SplitMix64, Workbench, clock, new_session};

const WORDS: [&str; 16] = [
    "the", "box", "bill", "came", "twice", "and", "nobody", "answers,", "please", "call", "me", "back",
    "before", "summer", "\"now\"", "thanks",
];
/// Each file is loaded this often.
const TIMES: usize = 7;

fn main() {
    figures::heading("loading a dataset");
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let csv = file("million.csv", 1_000_000, "id,text,label", |id, text, label| {
        format!("{id},{},{label}", quoted(text))
    });
    let tsv =
        file("rows.tsv", 200_000, "id\ttext\tlabel", |id, text, label| format!("{id}\t{text}\t{label}"));
    let jsonl = file("rows.jsonl", 200_000, "", |id, text, label| {
        let text = text.replace('"', "\\\"");
        format!("{{\"id\":{id},\"text\":\"{text}\",\"label\":\"{label}\",\"score\":0.5}}")
    });
    for (label, path) in
        [("1,000,000 rows of CSV", csv), ("200,000 of TSV", tsv), ("200,000 of JSON Lines", jsonl)]
    {
        let (made, opened): (Vec<_>, Vec<_>) = (0..TIMES).map(|_| load(&path)).unzip();
        figures::times(&format!("{label}, made into a session"), &made, &[]);
        figures::times(&format!("{label}, opened"), &opened, &[]);
    }
}

/// Writes a file of made rows.
fn file(name: &str, rows: usize, header: &str, line: impl Fn(usize, &str, &str) -> String) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let mut random = SplitMix64::new(7);
    let mut lines = if header.is_empty() { String::new() } else { format!("{header}\n") };
    for row in 0..rows {
        let number = random.next_u64();
        let text: Vec<_> = (0..8 + number % 12).map(|at| WORDS[(number >> (at * 3) & 15) as usize]).collect();
        let label = if number.is_multiple_of(9) { "cancel" } else { "other" };
        writeln!(lines, "{}", line(row, &format!("{} {row}", text.join(" ")), label)).unwrap();
    }
    fs::write(&path, lines).unwrap();
    path
}

/// Makes a session of a file and opens it, and returns how long each took.
fn load(path: &Path) -> (Duration, Duration) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let order = NewOrder { id: Some("id"), ..NewOrder::new(path, "text", "label", "cancel") };
    let began = Instant::now();
    let location = new_session(&folder.path().join("made"), &order, None, clock::now()).unwrap();
    let made = began.elapsed();
    let began = Instant::now();
    Workbench::open(&location, clock::now()).unwrap();
    (made, began.elapsed())
}
