//! What an export would write, and its first lines, before it is written.

use std::io::{self, Write};
use std::path::Path;

use super::error::ExportError;
use super::file::{Export, ExportRow};
use super::files::path_of;
use super::format::{Destination, Format};
use crate::domain::{ExportReport, RowView};

/// How many lines are shown.
const LINES: usize = 5;
/// How many bytes of each.
const BYTES: usize = 2048;
/// The longest character has so many bytes.
const LONGEST: usize = 4;

/// What an export would write.
pub(crate) struct Preview {
    /// What it would say of itself.
    pub report: ExportReport,
    /// The first lines.
    pub lines: Vec<String>,
}

impl Export<'_> {
    /// Returns what an export would write, with the first lines as they would stand in the file.
    ///
    /// All rows are made into what the format makes of them: how much that is cannot be told otherwise.
    ///
    /// # Errors
    ///
    /// Where the rows do not go with the format, nothing would be written, or it was stopped.
    pub(crate) fn preview<'r>(
        &self,
        synthetic: impl Iterator<Item = RowView<'r>>,
        real: impl Iterator<Item = ExportRow<'r>>,
    ) -> Result<Preview, ExportError> {
        let chosen = self.choose(synthetic, real)?;
        let mut report = chosen.report();
        report.real += self.test.len() as u64;
        let out = match self.out {
            Destination::File(out) => out.as_path(),
            Destination::StandardOutput => Path::new("-"),
        };
        // Parquet is no text; its rows are shown as they would be in JSON Lines.
        let is_table = matches!(self.format, Format::Parquet | Format::Hf);
        let shown = Export { format: if is_table { Format::Jsonl } else { self.format }, ..*self };
        let mut head = Head::default();
        let total = chosen.rows.len() as u64;
        for part in self.parts() {
            let rows = chosen.of_part(part);
            shown.write(&path_of(out, part), &rows, (0, total), &mut head)?.tell(&mut report);
        }
        Ok(Preview { report, lines: head.lines() })
    }
}

/// The beginnings of the first lines of what is written to it.
#[derive(Debug, Default)]
struct Head {
    kept: Vec<u8>,
    /// Lines that have ended.
    lines: usize,
    /// The bytes of the present line.
    width: usize,
}

impl Head {
    fn lines(&self) -> Vec<String> {
        String::from_utf8_lossy(&self.kept).lines().map(cut).collect()
    }
}

impl Write for Head {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.lines == LINES {
                break;
            }
            let room = (BYTES + LONGEST).saturating_sub(self.width);
            let text = line.strip_suffix(b"\n");
            self.kept.extend(text.unwrap_or(line).iter().take(room));
            self.width += line.len();
            if text.is_some() {
                self.kept.push(b'\n');
                self.lines += 1;
                self.width = 0;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns a line, cut where it is very long.
fn cut(line: &str) -> String {
    let end = (0..=BYTES.min(line.len())).rev().find(|end| line.is_char_boundary(*end));
    line[..end.unwrap_or(0)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_lines_are_kept_and_of_long_ones_the_beginning() {
        let mut head = Head::default();
        let long = format!("a{}", "é".repeat(BYTES));
        let text = format!("one\n\n{long}\nfour\nfive\nsix\n");
        // However the bytes come.
        text.as_bytes().chunks(7).for_each(|bytes| head.write_all(bytes).unwrap());
        let cut = format!("a{}", "é".repeat(BYTES / 2 - 1));
        assert_eq!(head.lines(), ["one", "", &cut, "four", "five"]);
        assert!(head.kept.len() < BYTES + 30);
    }
}
