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
        Ok(Self { table, cells, header, ragged, last_line })
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
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::super::fixture::{error, read, rows, source};
    use super::super::reader::read_from;
    use super::super::source::Source;
    use super::*;

    #[test]
    fn quoted_commas_quotes_and_line_breaks_belong_to_the_text() {
        let records =
            read("a.csv", "label,text\nham,\"one, two\"\nspam,\"a \"\"b\"\"\nc\"\nham,end\n").unwrap();

        assert_eq!(
            rows(&records),
            [("2".into(), "ham", "one, two"), ("3".into(), "spam", "a \"b\"\nc"), ("5".into(), "ham", "end")]
        );
        assert_eq!(records.labels(), ["ham", "spam"]);
    }

    #[test]
    fn a_quote_is_an_ordinary_character_between_tabs() {
        let records = read("a.tsv", "label\ttext\nham\t\"oh\nham\tsay \"hi\", ok\n").unwrap();

        assert_eq!(rows(&records), [("2".into(), "ham", "\"oh"), ("3".into(), "ham", "say \"hi\", ok")]);
    }

    #[test]
    fn a_byte_order_mark_and_windows_line_ends_are_taken() {
        let bytes = "\u{feff}text,label\r\none,a\r\n\r\n\"t\r\nwo\",b\r\nthree,a";

        let records = read("a.csv", bytes).unwrap();

        assert_eq!(
            rows(&records),
            [("2".into(), "a", "one"), ("4".into(), "b", "t\r\nwo"), ("6".into(), "a", "three")]
        );
    }

    #[test]
    fn a_row_without_a_text_is_left_out_and_counted() {
        let records = read("a.csv", "text,label\n,ham\n  ,\nhi,ham\n").unwrap();

        assert_eq!(rows(&records), [("4".into(), "ham", "hi")]);
        assert_eq!(records.left_out(), 2);
    }

    #[test]
    fn the_id_column_names_the_rows_and_finds_them() {
        let source = Source { id: Some("key".into()), ..source("a.csv") };

        let records = read_from(&source, Cursor::new("key,text,label\nb7,one,x\na9,two,x\n")).unwrap();

        assert_eq!(rows(&records), [("b7".into(), "x", "one"), ("a9".into(), "x", "two")]);
        assert_eq!(records.index_of_id("a9"), Some(1));
        assert_eq!(records.index_of_id("a"), None);
    }

    #[test]
    fn a_line_number_finds_its_row_only_as_it_is_written() {
        let records = read("a.csv", "text,label\none,x\n\ntwo,x\n").unwrap();

        assert_eq!(records.index_of_id("4"), Some(1));
        assert_eq!(["3", "04", "+4", "", "x"].map(|id| records.index_of_id(id)), [None; 5]);
    }

    #[test]
    fn an_empty_file_and_one_without_rows_are_told_apart() {
        let empty = "The dataset file a.csv is empty. Fill it, or name another file.";
        assert_eq!([error("a.csv", ""), error("a.csv", "\u{feff}")], [empty, empty]);
        assert_eq!(
            error("a.csv", "text,label\n"),
            "The dataset file a.csv has no rows below its header. Add rows, or name another file."
        );
        assert_eq!(
            error("a.csv", "text,label\n,x\n ,y\n"),
            "The dataset file a.csv has no text: `text` is empty in every row (2 of them). \
             Name the column of the texts."
        );
    }

    #[test]
    fn a_column_that_is_not_there_is_named_with_those_that_are() {
        assert_eq!(
            error("a.csv", "id,Text,labels\n1,a,b\n"),
            "a.csv, line 1: there is no column `text`; did you mean `Text`? \
             The columns are `id`, `Text`, `labels`.\n\
             a.csv, line 1: there is no column `label`; did you mean `labels`? \
             The columns are `id`, `Text`, `labels`."
        );
        assert_eq!(
            error("a.csv", "text,text,label\n1,a,b\n"),
            "a.csv, line 1: the column `text` is there twice. Give one of them another name."
        );
    }

    #[test]
    fn a_ragged_record_is_named_by_the_line_where_it_starts() {
        assert_eq!(
            error("a.csv", "text,label\r\n\"a\r\nb\",x\r\n\r\none, two,x\r\n"),
            "a.csv, line 5: the record has 3 fields, the header has 2. \
             Put a field that has a comma, a quote or a line break in it between quotes."
        );
        assert_eq!(
            error("a.tsv", "text\tlabel\none\n"),
            "a.tsv, line 2: the record has 1 field, the header has 2. \
             A field cannot have a tab or a line break in it; replace them with blanks."
        );
    }

    #[test]
    fn a_quote_open_at_the_end_of_the_file_is_named_by_its_record() {
        for end in ["", "\n", "\n\n", "\r\n"] {
            assert_eq!(
                error("a.csv", format!("text,label\none,x\n\"two,x\nthree,x{end}")),
                "a.csv, line 3: the record opens a quote that is still open at the end of the file. \
                 Close it, and write a quote inside a quoted field twice."
            );
        }
    }

    #[test]
    fn a_quote_closed_at_the_end_of_the_file_is_taken() {
        for end in ["", "\n", "\n\n", "\r\n"] {
            let records = read("a.csv", format!("label,text\nx,\"two\n\"{end}")).unwrap();

            assert_eq!(rows(&records), [("2".into(), "x", "two\n")]);
        }
    }

    #[test]
    fn a_byte_that_is_not_utf8_is_named_even_in_a_column_that_is_not_read() {
        assert_eq!(
            error("a.csv", b"text,label,note\none,x,\ntwo,x,caf\xe9\n"),
            "a.csv, line 3: the byte 0xe9, number 32 of the file, is not valid UTF-8. \
             Save the file as UTF-8, for instance with `iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW`."
        );
        assert!(error("a.csv", b"\xff\xfet\0e\0").contains("iconv -f UTF-16 -t UTF-8"));
    }

    #[test]
    fn an_empty_label_is_named_by_its_line() {
        assert_eq!(
            error("a.csv", "text,label\none,x\ntwo, \n"),
            "a.csv, line 3: 1 of 2 rows has no `label`. Label them or take them out; to pass over them, write \
             `skip_unlabelled = true` under [dataset], or `--skip-unlabelled` behind `new`."
        );
    }

    #[test]
    fn an_id_used_twice_names_both_lines() {
        let source = Source { id: Some("id".into()), ..source("a.csv") };

        let read = |bytes: &str| read_from(&source, Cursor::new(bytes)).unwrap_err().to_string();

        assert_eq!(
            read("id,text,label\nq,one,x\np,two,x\nq,three,x\np,four,x\nq,five,x\n"),
            "a.csv, lines 4 and 2 more: the id `q` was already used in line 2. \
             Make the ids unique, or leave the id column out."
        );
        assert!(read("id,text,label\n,one,x\n").starts_with("a.csv, line 2: `id` is empty."));
    }

    #[test]
    fn lines_that_end_in_carriage_returns_alone_are_refused() {
        assert_eq!(
            error("a.csv", "text,label\rone,x\rtwo,x\r"),
            "a.csv, line 1: the line ends in a carriage return alone. \
             Save the file with line feeds, as `tr '\\r' '\\n'` does."
        );
    }

    proptest! {
        #[test]
        fn every_row_comes_back_with_its_line(
            texts in prop::collection::vec("[a-c,\"\n ]{0,6}", 1..8),
            blanks in prop::collection::vec(0_usize..3, 8),
            windows in any::<bool>(),
        ) {
            let end = if windows { "\r\n" } else { "\n" };
            let mut bytes = format!("text,label{end}");
            let mut expected = Vec::new();
            for (text, blanks) in texts.iter().zip(blanks) {
                bytes += &end.repeat(blanks);
                let line = 1 + newlines(bytes.as_bytes());
                expected.push((line.to_string(), "x", format!("t{text}")));
                bytes.extend(["\"t", &text.replace('"', "\"\""), "\",x", end]);
            }

            let records = read("a.csv", &bytes).unwrap();

            let expected: Vec<_> = expected.iter().map(|(line, label, text)| (line.clone(), *label, text.as_str())).collect();
            prop_assert_eq!(rows(&records), expected);
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..80), tabs in any::<bool>()) {
            let bytes = [b"text,label\ttext\tlabel\n".as_slice(), &bytes].concat();
            let _ = read(if tabs { "a.tsv" } else { "a.csv" }, bytes);
        }
    }
}
