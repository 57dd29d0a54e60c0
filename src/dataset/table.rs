//! Tables: cells parted by commas, semicolons, tabs or the like, below a header.
//!
//! The csv crate parses; this module notes what the crate would accept: records of another length
//! than the header, and quotes that are never closed or closed in the middle of a cell.

use std::io::Read;
use std::path::PathBuf;

use csv::{ErrorKind, ReaderBuilder, StringRecord};

use super::error::DatasetError;
use super::fault::LineFault;
use super::header::{Header, Likeness};
use super::input::{Input, newlines};
use super::lines::Lines;
use super::own::Unmarking;
use super::quotes::Watch;
use super::ragged::Ragged;
use super::reader::{Place, Sink};
use super::troubles::unreadable;
use crate::domain::Quotes;

/// Lines within one cell that look like records; fewer are taken for a text with line breaks.
const SWALLOWED: usize = 2;

/// The most columns of a table.
const MOST_COLUMNS: usize = 10_000;

/// How the cells of a table are parted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cells {
    /// The character between them, from ASCII.
    pub(super) separator: char,
    /// What quotes mean.
    pub(super) quotes: Quotes,
    /// Whether the first line names the separator.
    pub(super) has_separator_line: bool,
    /// What the first record reads like.
    pub(super) likeness: Likeness,
}

/// Reads a table, gives its header and its records to a sink, and returns what is left of the input.
pub(super) fn read<R: Read>(
    place: &Place<'_>,
    cells: Cells,
    input: Input<R>,
    sink: &mut impl Sink,
) -> Result<Input<R>, DatasetError> {
    let mut rows = Rows::begin(place, cells, input, sink)?;
    while rows.step(sink)? {}
    Ok(rows.finish(sink))
}

/// A table below its header, read row by row.
pub(super) struct Rows<R> {
    table: Table<R>,
    cells: Cells,
    header: Option<(u64, StringRecord)>,
    ragged: Ragged,
    unmarking: Unmarking,
    last_line: u64,
}

impl<R: Read> Rows<R> {
    /// Begins below the header, which is given to the sink.
    pub(super) fn begin(
        place: &Place<'_>,
        cells: Cells,
        input: Input<R>,
        sink: &mut impl Sink,
    ) -> Result<Self, DatasetError> {
        let mut table = Table::new(place, cells, input);
        if cells.has_separator_line {
            table.next(sink)?;
        }
        let line = table.next(sink)?;
        let names = table.record.clone();
        if names.len() > MOST_COLUMNS {
            let path = place.path.to_owned();
            return Err(DatasetError::TooManyColumns { path, columns: names.len(), most: MOST_COLUMNS });
        }
        let Cells { separator, quotes, likeness, .. } = cells;
        let ragged = Ragged::new(&names, separator, quotes);
        let mut is_taken =
            |line| sink.header(&Header { path: place.path, line, cells: &names, separator, likeness });
        let header = line.filter(|line| is_taken(*line)).map(|line| (line, names.clone()));
        let last_line = line.unwrap_or_default();
        let unmarking = Unmarking::below(&names);
        Ok(Self { table, cells, header, ragged, unmarking, last_line })
    }

    /// Gives the next row to the sink, and returns whether there may be another.
    pub(super) fn step(&mut self, sink: &mut impl Sink) -> Result<bool, DatasetError> {
        if self.header.is_none() {
            return Ok(false);
        }
        let Some(line) = self.table.next(sink)? else { return Ok(false) };
        if line <= self.last_line {
            sink.notes().trouble(line, LineFault::LoneCarriageReturn);
            return Ok(false);
        }
        self.last_line = line;
        if self.ragged.is_row(line, &mut self.table.record) {
            self.unmarking.take_off(line, &mut self.table.record);
            sink.record(line, &self.table.record);
        }
        if self.table.inside > SWALLOWED as u64 {
            self.table.remark_swallowed(line, sink);
        }
        Ok(true)
    }

    /// Notes what was wrong with the rows, and returns what is left of the input.
    pub(super) fn finish(self, sink: &mut impl Sink) -> Input<R> {
        let Cells { separator, likeness, .. } = self.cells;
        if let Some((line, names)) = &self.header {
            let header = Header { path: &self.table.path, line: *line, cells: names, separator, likeness };
            self.ragged.finish(&header, sink.notes());
            self.unmarking.finish(sink.notes());
        }
        self.table.into_input()
    }
}

/// A table that is being read, one record at a time.
struct Table<R> {
    path: PathBuf,
    separator: char,
    reader: csv::Reader<Lines<Input<R>>>,
    record: StringRecord,
    /// The number of line feeds in the cells of the record.
    inside: u64,
}

impl<R: Read> Table<R> {
    fn new(place: &Place<'_>, cells: Cells, input: Input<R>) -> Self {
        // A separator is from ASCII, which whoever names it checks.
        let separator = u8::try_from(cells.separator).unwrap_or(b',');
        let has_quotes = cells.quotes == Quotes::Csv;
        let reader = ReaderBuilder::new()
            .has_headers(false)
            // The crate's own check of lengths would name a wrong line; `read` checks them instead.
            .flexible(true)
            .delimiter(separator)
            .quoting(has_quotes)
            .buffer_capacity(64 * 1024)
            .from_reader(Lines::new(input, has_quotes.then(|| Watch::new(separator))));
        Self {
            path: place.path.to_owned(),
            separator: cells.separator,
            reader,
            record: StringRecord::new(),
            inside: 0,
        }
    }

    /// Reads the next record and returns the line where it starts; nothing at the end of the file, and where the
    /// quotes are such that nothing behind them can be told apart.
    fn next(&mut self, sink: &mut impl Sink) -> Result<Option<u64>, DatasetError> {
        match self.reader.read_record(&mut self.record) {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) => return Err(self.failed(error)),
        }
        let end = self.reader.position().byte();
        let lines = self.reader.get_ref();
        if let Some(stray) = lines.watch().and_then(Watch::stray).filter(|stray| stray.opened < end) {
            let fault = LineFault::StrayQuote { backslash: stray.backslash };
            sink.notes().trouble(lines.line_of(stray.opened), fault);
            return Ok(None);
        }
        if lines.is_past_end(end) {
            let opened = lines.watch().and_then(Watch::open).unwrap_or(end);
            sink.notes().trouble(lines.line_of(opened), LineFault::UnclosedQuote);
            return Ok(None);
        }
        self.inside = newlines(self.record.as_slice().as_bytes());
        Ok(Some(self.reader.get_mut().start_of(end, self.inside)))
    }

    /// Remarks on a cell whose lines are each as long as a record, since a quote too many makes such cells.
    fn remark_swallowed(&self, line: u64, sink: &mut impl Sink) {
        let separators = self.record.len() - 1;
        let is_record = |text: &&str| text.matches(self.separator).count() == separators;
        let is_swallowed = |cell: &&str| {
            let inner: Vec<_> = cell.lines().skip(1).collect();
            // The last line is the rest of the cell, and may be anything.
            let inner = inner.split_last().map_or(&[][..], |(_, inner)| inner);
            separators > 0 && inner.len() >= SWALLOWED && inner.iter().all(is_record)
        };
        if let Some(cell) = self.record.iter().find(is_swallowed) {
            sink.notes().remark(format!(
                "A quote is opened in line {line} and closed {} lines below, and the lines between look like rows. \
                 Look whether a quote is one too many.",
                newlines(cell.as_bytes())
            ));
        }
    }

    /// Returns the input, read to its end.
    fn into_input(self) -> Input<R> {
        self.reader.into_inner().into_inner()
    }

    fn failed(&self, error: csv::Error) -> DatasetError {
        let reason = match error.into_kind() {
            ErrorKind::Io(reason) => reason,
            // Not reached: `Input` gives only UTF-8, and the crate's check of lengths is off.
            other => std::io::Error::other(format!("{other:?}")),
        };
        unreadable(&self.path, reason)
    }
}

#[cfg(test)]
mod tests;
