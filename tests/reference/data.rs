//! Reads the data sets and what scikit-learn found on them.

use std::fs;
use std::path::PathBuf;

use rowsmith::api::classify::Corpus;
use serde_json::Value;

/// A data set: its texts, also as terms, and the label of each row as a number in sorted order.
pub(crate) struct Data {
    pub(crate) texts: Vec<String>,
    pub(crate) corpus: Corpus,
    pub(crate) classes: Vec<String>,
    pub(crate) labels: Vec<u32>,
}

/// Returns the folder of reference data; `None`, said on the screen, where there is none.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("ROWSMITH_REFERENCE_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    if folder.join("sms_spam.csv").is_file() {
        return Some(folder);
    }
    eprintln!(
        "skipped: {} has no reference data; ROWSMITH_REFERENCE_DATA names the folder",
        folder.display()
    );
    None
}

pub(crate) fn json(folder: &std::path::Path, name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join(name)).unwrap()).unwrap()
}

pub(crate) fn numbers(value: &Value) -> Vec<u32> {
    serde_json::from_value(value.clone()).unwrap()
}

impl Data {
    /// Reads a data set; a row's id is its place in the file.
    pub(crate) fn read(folder: &std::path::Path, name: &str) -> Self {
        let mut reader = csv::Reader::from_path(folder.join(format!("{name}.csv"))).unwrap();
        let (mut texts, mut names) = (vec![], vec![]);
        for (place, record) in reader.records().enumerate() {
            let record = record.unwrap();
            assert_eq!(record[0].parse(), Ok(place));
            names.push(record[2].to_owned());
            texts.push(record[3].to_owned());
        }
        let mut classes = names.clone();
        classes.sort();
        classes.dedup();
        let label = |name: &String| u32::try_from(classes.binary_search(name).unwrap()).unwrap();
        Self { corpus: Corpus::new(&texts), labels: names.iter().map(label).collect(), texts, classes }
    }

    pub(crate) fn text(&self, row: u32) -> &str {
        &self.texts[row as usize]
    }

    pub(crate) fn class(&self, name: &str) -> u32 {
        u32::try_from(self.classes.iter().position(|class| class == name).unwrap()).unwrap()
    }

    pub(crate) fn labels_of(&self, rows: &[u32]) -> Vec<u32> {
        rows.iter().map(|&row| self.labels[row as usize]).collect()
    }
}

/// Fails unless a figure is as near to the expected one as it should be.
pub(crate) fn near(what: &str, expected: &Value, found: f64, tolerance: f64) {
    let expected = expected.as_f64().unwrap();
    assert!((expected - found).abs() <= tolerance, "{what}: {found} was found where {expected} is expected");
}
