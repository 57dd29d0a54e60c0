//! Cells between commas or tabs, with a header line.
//!
//! A cell that a spreadsheet would run as a formula gets an apostrophe in front, which spreadsheets take for the
//! mark of a text; other readers see it, so it is said, and `--raw` leaves it out. A cell that begins so already, with
//! apostrophes and then such a character, gets one more: taking off one gives each text back as it was.

use std::borrow::Cow;
use std::io::{self, Write};

use super::error::ExportError;
use super::missing::MissingWords;
use super::record::{Columns, cell};
use super::shape::{Outgoing, Shape};

/// The characters at the start of a cell that a spreadsheet takes for a formula, after OWASP's page on CSV injection.
const RUNS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Writes one line a row.
pub(super) struct Separated {
    separator: u8,
    columns: Columns,
    /// Whether cells that a spreadsheet would run stay as they are.
    raw: bool,
    /// How many got an apostrophe, and in how many rows.
    neutralised: (u64, u64),
    missing: MissingWords,
}

impl Separated {
    pub(super) fn new(separator: u8, columns: Columns, raw: bool) -> Self {
        let missing = MissingWords::of(&columns);
        Self { separator, columns, raw, neutralised: (0, 0), missing }
    }

    fn line<T: AsRef<[u8]>>(&self, cells: impl Iterator<Item = T>, out: &mut dyn Write) -> io::Result<()> {
        let mut writer = csv::WriterBuilder::new().delimiter(self.separator).from_writer(out);
        writer.write_record(cells).map_err(of_csv)?;
        writer.flush()
    }
}

impl Shape for Separated {
    fn begin(&mut self, out: &mut dyn Write) -> Result<(), ExportError> {
        Ok(self.line(self.columns.names.iter(), out)?)
    }

    fn row(&mut self, row: &Outgoing<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
        let cells = self.columns.cells(row);
        let mut texts: Vec<Cow<'_, str>> = cells.iter().map(cell).collect();
        self.missing.count(&texts);
        if !self.raw {
            let mut found = 0;
            for (place, text) in texts.iter_mut().enumerate() {
                // A number is no formula, and its column is one of numbers.
                if self.columns.is_text(place) && text.trim_start_matches('\'').starts_with(RUNS) {
                    *text = format!("'{text}").into();
                    found += 1;
                }
            }
            self.neutralised.0 += found;
            self.neutralised.1 += u64::from(found > 0);
        }
        Ok(self.line(texts.iter().map(|text| text.as_bytes()), out)?)
    }

    fn end(&mut self, _: &mut dyn Write) -> Result<Vec<String>, ExportError> {
        let (cells, rows) = self.neutralised;
        let plural = |count: u64, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        let neutralised = (cells > 0).then(|| {
            let (cells, rows) = (plural(cells, "cell"), plural(rows, "row"));
            format!(
                "{cells} in {rows} begin with what a spreadsheet would run; an apostrophe was put before each: \
                 --raw leaves them as they are."
            )
        });
        Ok(self.missing.sentence().into_iter().chain(neutralised).collect())
    }
}

/// Returns the error below one of the csv crate, whose own conversion forgets its kind.
fn of_csv(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}
