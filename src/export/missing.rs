//! Texts of a CSV file that other programs read as missing values.

use std::collections::BTreeSet;

use serde_json::Value;

use super::file::Format;
use super::record::Columns;
use crate::domain::{Fields, MissingTexts};

/// What pandas 3.1 reads as a missing value in a CSV file, besides an empty cell: the default `na_values` of
/// its `read_csv`. `datasets` reads CSV through pandas; R knows `NA`.
const WORDS: [&str; 18] = [
    "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A",
    "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
];

/// Returns whether a CSV cell with this text is a missing value for pandas.
pub(super) fn reads_as_missing(text: &str) -> bool {
    WORDS.contains(&text)
}

/// Counts the texts and labels of a CSV file that read as missing values.
pub(super) struct MissingWords {
    /// The columns that are looked at: their places and names.
    columns: Vec<(usize, String)>,
    rows: u64,
    found_in: BTreeSet<usize>,
    words: BTreeSet<&'static str>,
}

impl MissingWords {
    /// Looks at the columns that a person trains on, in the one format that has no other way to write a missing
    /// value than a text.
    pub(super) fn of(format: Format, columns: &Columns) -> Self {
        let looked_at =
            |name: &str| name == Fields::TEXT || name == Fields::LABEL || columns.is_further(name);
        let columns = match format {
            Format::Jsonl => vec![],
            Format::Csv => {
                let names = columns.names.iter().cloned().enumerate();
                names.filter(|(_, name)| looked_at(name)).collect()
            }
        };
        Self { columns, rows: 0, found_in: BTreeSet::new(), words: BTreeSet::new() }
    }

    /// Looks at the values of one row, one a column.
    pub(super) fn count(&mut self, values: &[Value]) {
        let mut found = false;
        for (place, _) in &self.columns {
            let text = values.get(*place).and_then(Value::as_str).unwrap_or_default();
            if let Some(word) = WORDS.iter().find(|word| **word == text) {
                self.words.insert(word);
                self.found_in.insert(*place);
                found = true;
            }
        }
        self.rows += u64::from(found);
    }

    /// Returns what was found.
    pub(super) fn into_found(self) -> MissingTexts {
        let Self { columns, rows, found_in, words } = self;
        let columns = columns.into_iter().filter(|(place, _)| found_in.contains(place));
        MissingTexts {
            rows,
            columns: columns.map(|(_, name)| name).collect(),
            words: words.into_iter().map(str::to_owned).collect(),
        }
    }
}
