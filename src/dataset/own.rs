//! What the tables have that this program exports, as far as reading them needs to know.
//!
//! In CSV and TSV an export puts an apostrophe before a cell that a spreadsheet would run. Other tools do not, so it is
//! taken off only where the table is certainly an export.

use csv::StringRecord;

use super::sentence::counted;
use super::troubles::{Lines, Notes};
use crate::domain::RowId;

/// The columns that say where a row comes from, as `export` writes them.
pub(crate) const PROVENANCE: [&str; 12] = [
    "source",
    "prompt",
    "version",
    "run",
    "provider",
    "model",
    "seed",
    "rating",
    "tags",
    "edited",
    "created_at",
    "decided_at",
];
/// The columns that each export begins with.
const FIRST: [&str; 3] = ["id", "text", "label"];

/// How a table is known as an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Export {
    /// By its columns of provenance: each row is of an export.
    Whole,
    /// By its first columns alone: a row is of an export where its id is one of ours.
    Bare,
}

impl Export {
    /// Knows an export by the names of its columns.
    pub(super) fn find<'n>(names: impl Iterator<Item = &'n str> + Clone) -> Option<Self> {
        if PROVENANCE.iter().all(|wanted| names.clone().any(|name| name == *wanted)) {
            return Some(Self::Whole);
        }
        names.take(FIRST.len()).eq(FIRST).then_some(Self::Bare)
    }

    /// Returns whether a row that begins with this cell was exported.
    fn wrote(self, first: &str) -> bool {
        self == Self::Whole || first.parse::<RowId>().is_ok()
    }
}

/// Returns whether a table with tabs begins with the header of an export that says where its rows come from.
pub(super) fn is_whole_tsv(head: &[u8]) -> bool {
    let first = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let names = std::str::from_utf8(first).unwrap_or_default().trim_start_matches('\u{feff}').trim_end();
    Export::find(names.split('\t')) == Some(Export::Whole)
}

/// Takes the apostrophes off that an export puts before what a spreadsheet would run.
#[derive(Debug)]
pub(super) struct Unmarking {
    export: Option<Export>,
    /// The rows that had some.
    lines: Lines,
}

impl Unmarking {
    /// Begins below a header.
    pub(super) fn below(names: &StringRecord) -> Self {
        Self { export: Export::find(names.iter()), lines: Lines::default() }
    }

    /// Takes them off the cells of a row.
    pub(super) fn take_off(&mut self, line: u64, record: &mut StringRecord) {
        let is_ours = self.export.is_some_and(|export| export.wrote(record.get(0).unwrap_or_default()));
        if is_ours && record.iter().any(|cell| unmarked(cell).is_some()) {
            *record = record.iter().map(|cell| unmarked(cell).unwrap_or(cell)).collect();
            self.lines.add(line);
        }
    }

    /// Says where there were some.
    pub(super) fn finish(&self, notes: &mut Notes) {
        let count = self.lines.count;
        if count > 0 {
            notes.remark(format!(
                "{} {} cells with an apostrophe before what a spreadsheet would run, as exports put it there; it was \
                 taken off ({}).",
                counted(count, "row"),
                if count == 1 { "has" } else { "have" },
                notes.places(&self.lines)
            ));
        }
    }
}

/// Returns a cell without the apostrophe that an export puts before what a spreadsheet would run; `None` where there
/// is none.
fn unmarked(cell: &str) -> Option<&str> {
    let runs = ['=', '+', '-', '@', '\t', '\r'];
    let rest = cell.strip_prefix('\'')?;
    rest.trim_start_matches('\'').starts_with(runs).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_is_known_by_its_columns_and_a_bare_one_by_its_ids_too() {
        let whole = FIRST.iter().chain(&PROVENANCE).copied();
        assert_eq!(Export::find(whole), Some(Export::Whole));
        let bare = Export::find(["id", "text", "label", "tone"].into_iter()).unwrap();
        assert_eq!(bare, Export::Bare);
        assert_eq!(Export::find(["text", "label"].into_iter()), None);
        let id = RowId::from_bits(7).to_string();
        assert!(bare.wrote(&id) && !bare.wrote("17"));
        assert!(Export::Whole.wrote("17"));
    }

    #[test]
    fn one_apostrophe_is_taken_off_before_what_a_spreadsheet_would_run() {
        for (cell, text) in [
            ("\'=a", Some("=a")),
            ("\'\'=a", Some("\'=a")),
            ("\'a", None),
            ("=a", None),
            ("\'", None),
            ("", None),
        ] {
            assert_eq!(unmarked(cell), text, "{cell}");
        }
    }
}
