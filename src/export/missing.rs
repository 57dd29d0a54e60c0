//! Texts of a CSV file that other programs read as missing values.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::record::Columns;

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

/// Counts the texts, labels and fields of a file between separators that read as missing values: such a file has no
/// other way to write a missing value than a text.
pub(super) struct MissingWords {
    /// The columns that are looked at: their places and names.
    columns: Vec<(usize, String)>,
    rows: u64,
    found_in: BTreeSet<usize>,
    words: BTreeSet<&'static str>,
}

impl MissingWords {
    /// Looks at the columns that a person trains on.
    pub(super) fn of(columns: &Columns) -> Self {
        let looked_at = |place: usize| [1, Columns::LABEL].contains(&place) || columns.is_further(place);
        let named = columns.names.iter().cloned().enumerate().filter(|(place, _)| looked_at(*place));
        Self { columns: named.collect(), rows: 0, found_in: BTreeSet::new(), words: BTreeSet::new() }
    }

    /// Looks at the cells of one row, one a column.
    pub(super) fn count(&mut self, cells: &[Cow<'_, str>]) {
        let mut found = false;
        for (place, _) in &self.columns {
            let text = cells.get(*place).map_or("", |cell| cell.as_ref());
            // The longest of the words has eight bytes.
            if let Some(word) = (text.len() <= 8).then(|| WORDS.iter().find(|word| **word == text)).flatten()
            {
                self.words.insert(word);
                self.found_in.insert(*place);
                found = true;
            }
        }
        self.rows += u64::from(found);
    }

    /// Returns a sentence about what was found, if anything was.
    pub(super) fn sentence(&self) -> Option<String> {
        let listed = |names: &mut dyn Iterator<Item = &str>| {
            names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        };
        let columns = self.columns.iter().filter(|(place, _)| self.found_in.contains(place));
        let columns = listed(&mut columns.map(|(_, name)| name.as_str()));
        let words = listed(&mut self.words.iter().copied());
        let rows = self.rows;
        let rows = if rows == 1 { "1 written row".to_owned() } else { format!("{rows} written rows") };
        (self.rows > 0).then(|| {
            format!(
                "In {rows} the value of {columns} reads as missing in pandas ({words}): read the file with \
                 keep_default_na=False, or export JSON Lines."
            )
        })
    }
}
