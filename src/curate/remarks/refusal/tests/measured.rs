//! What the detector is worth, on texts that were written by somebody who had not seen it, and on real rows.
//!
//! `cargo test --lib refusal -- --nocapture` prints the figures.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::refusal;

#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    refusals: u32,
    found: u32,
    ordinary: u32,
    wrongly_found: u32,
}

impl Counts {
    fn precision(self) -> f64 {
        f64::from(self.found) / f64::from((self.found + self.wrongly_found).max(1))
    }

    fn recall(self) -> f64 {
        f64::from(self.found) / f64::from(self.refusals.max(1))
    }

    fn print(self, language: &str) {
        eprintln!(
            "{language}: {} of {} refusals found, {} of {} ordinary texts flagged; precision {:.3}, recall {:.3}",
            self.found,
            self.refusals,
            self.wrongly_found,
            self.ordinary,
            self.precision(),
            self.recall(),
        );
    }
}

#[test]
fn the_refusal_set_is_told_apart() {
    let (mut all, mut languages) = (Counts::default(), BTreeMap::<_, Counts>::new());
    for (file, declines) in [("refusals.jsonl", true), ("complaints.jsonl", false)] {
        for line in fs::read_to_string(folder("tests/refusals").join(file)).unwrap().lines() {
            let row: Value = serde_json::from_str(line).unwrap();
            let found = u32::from(refusal(row["text"].as_str().unwrap()));
            let language = languages.entry(row["lang"].as_str().unwrap().to_owned()).or_default();
            for counts in [&mut all, language] {
                if declines {
                    counts.refusals += 1;
                    counts.found += found;
                } else {
                    counts.ordinary += 1;
                    counts.wrongly_found += found;
                }
            }
        }
    }
    languages.iter().for_each(|(language, counts)| counts.print(language));
    all.print("all");

    assert!(languages.len() >= 3 && all.refusals >= 100 && all.ordinary >= 100, "{all:?}");
    assert!(all.precision() >= 0.98, "{all:?}");
    assert!(all.recall() >= 0.85, "{all:?}");
}

#[test]
fn no_message_of_a_bundled_session_is_a_refusal() {
    let sessions =
        fs::read_dir(folder("sessions")).unwrap().flat_map(|entry| fs::read_dir(entry.unwrap().path()));
    let files = sessions.flatten().map(|entry| entry.unwrap().path());
    let mut read = 0;
    for file in files.filter(|path| path.extension().is_some_and(|extension| extension == "csv")) {
        for record in csv::Reader::from_path(&file).unwrap().records() {
            let record = record.unwrap();
            let flagged: Vec<_> = record.iter().filter(|text| refusal(text)).collect();
            assert!(flagged.is_empty(), "{}: {flagged:?}", file.display());
            read += 1;
        }
    }
    assert!(read >= 400, "{read}");
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}
