//! The first lines of an export, before it is written.

use super::error::ExportError;
use super::file::{Export, ExportRow, outgoing};
use super::format::Format;
use super::shape::shape_of;
use crate::domain::RowView;

/// How many lines are shown.
const LINES: usize = 5;
/// How many bytes of each.
const BYTES: usize = 2048;
/// How many rows are looked at for them: some shapes make one line of several rows.
const ROWS: usize = 200;

/// What an export would write.
pub(crate) struct Preview {
    /// Accepted, real and withheld rows.
    pub counts: (u64, u64, u64),
    /// Sentences.
    pub remarks: Vec<String>,
    /// The first lines.
    pub lines: Vec<String>,
}

impl Export<'_> {
    /// Returns what an export would write, with the first lines as they would stand in the file.
    ///
    /// # Errors
    ///
    /// Where the rows do not go with the format.
    pub(crate) fn preview<'r>(
        &self,
        synthetic: impl Iterator<Item = RowView<'r>>,
        real: impl Iterator<Item = ExportRow<'r>>,
    ) -> Result<Preview, ExportError> {
        let chosen = self.choose(synthetic, real)?;
        let real = chosen.rows.iter().filter(|row| matches!(row.0, ExportRow::Real { .. })).count() as u64;
        let counts = (chosen.accepted(), real, chosen.withheld);
        let mut remarks = chosen.remarks;
        // Parquet is no text; its rows are shown as they would be in JSON Lines.
        let is_table = matches!(self.format, Format::Parquet | Format::Hf);
        let format = if is_table { Format::Jsonl } else { self.format };
        let mut shape = shape_of(format, &self.context)?;
        let mut out = vec![];
        shape.begin(&mut out)?;
        let is_full = |out: &[u8]| out.split(|byte| *byte == b'\n').count() > LINES;
        for (row, part) in chosen.rows.iter().take(ROWS) {
            if is_full(&out) {
                break;
            }
            outgoing(row, |outgoing| {
                outgoing.part = *part;
                outgoing.label_value = self.label_value(outgoing.label);
                if let (true, ExportRow::Synthetic(row)) = (shape.needs_exchange(), row) {
                    outgoing.exchange = (self.exchange)(row);
                }
                shape.row(outgoing, &mut out)
            })?;
        }
        if !is_full(&out) {
            remarks.extend(shape.end(&mut out)?);
        }
        let text = String::from_utf8_lossy(&out);
        let lines = text.lines().take(LINES).map(cut);
        Ok(Preview { counts, remarks, lines: lines.collect() })
    }
}

/// Returns a line, cut where it is very long.
fn cut(line: &str) -> String {
    let end = (0..=BYTES.min(line.len())).rev().find(|end| line.is_char_boundary(*end));
    line[..end.unwrap_or(0)].to_owned()
}
