//! Finds out how a file is to be read, from its name and its first lines.
//!
//! The same bytes under the same name are always read in the same way. What the content says goes
//! before what the name says, and a remark tells where both differ.

use std::path::Path;

use csv::{ReaderBuilder, StringRecord};
use serde::de::IgnoredAny;

use super::error::DatasetError;
use super::fault::separator_name;
use super::sentence::shown_path;
use super::source::Reading;
use crate::domain::Quotes;

/// The characters that part cells; those come first that texts hold more seldom.
const SEPARATORS: [u8; 4] = [b'\t', b'|', b';', b','];
/// The most records that are looked at.
const SAMPLE: usize = 200;
/// The endings of JSON files.
const JSON: [&str; 4] = ["jsonl", "ndjson", "json", "jsonlines"];

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// A table with a header.
    Table {
        /// The character between cells, from ASCII.
        separator: char,
        /// What quotes mean in its cells.
        quotes: Quotes,
    },
    /// One JSON object a line.
    JsonLines,
    /// JSON objects over several lines, or several in one: a list of them, or one after the other.
    JsonItems,
    /// A Parquet file.
    Parquet,
    /// A folder with files of splits, as the Hugging Face hub holds it.
    Folder,
    /// A label behind `__label__` before each text, as fastText has it.
    FastText,
    /// A label, a tab and a text in each line, in this or the other order, without a header.
    Pairs,
}

/// How a file is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Its format. What quotes mean between tabs only the whole file says.
    pub(super) format: Format,
    /// Whether the first line names the separator (`sep=;`) and is no header.
    pub(super) has_separator_line: bool,
    /// What a person should know about it.
    pub(super) remark: Option<String>,
}

impl Dialect {
    /// Finds out how a file is to be read from its first bytes, which are the whole file if `is_whole`.
    pub(super) fn find(
        path: &Path,
        head: &[u8],
        is_whole: bool,
        reading: Reading,
    ) -> Result<Self, DatasetError> {
        let head = String::from_utf8_lossy(head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head));
        // The last line may be cut, unless it is the only one.
        let cut = if is_whole { head.len() } else { head.rfind('\n').unwrap_or(head.len()) };
        let head = head.get(..cut).unwrap_or_default();
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
        let extension = extension.as_deref().unwrap_or_default();
        let quotes = reading.quotes.unwrap_or(Quotes::Csv);
        let table = |separator: char, has_separator_line, remark| Self {
            format: Format::Table { separator, quotes },
            has_separator_line,
            remark,
        };
        let line = separator_line(head);
        if let Some(separator) = reading.separator {
            return Ok(table(separator, line.is_some(), None));
        }
        if let Some(separator) = line {
            return Ok(table(separator, true, None));
        }
        let expected = match extension {
            "csv" => Some(b','),
            "tsv" | "tab" => Some(b'\t'),
            _ => None,
        };
        let is_json = JSON.contains(&extension);
        if let Some(format) = json(head, is_json) {
            let remark = if is_json {
                None
            } else {
                Some(format!("{} holds JSON, and was read so.", shown_path(path)))
            };
            return Ok(Self { format, has_separator_line: false, remark });
        }
        let found = separator(head, expected);
        match found.or(expected) {
            Some(separator) if !is_json || found.is_some() => {
                let separator = char::from(separator);
                let is_as_named = expected.map(char::from) == Some(separator);
                Ok(table(separator, false, (!is_as_named).then(|| remark(path, separator))))
            }
            _ if is_json => Ok(Self { format: Format::JsonLines, has_separator_line: false, remark: None }),
            _ => Err(DatasetError::NoFormat { path: path.to_owned() }),
        }
    }
}

fn remark(path: &Path, separator: char) -> String {
    let written = if separator == '\t' { "\\t".to_owned() } else { separator.to_string() };
    format!(
        "The cells of {} are parted by a {}, and it was read so; `separator = \"{written}\"` under [dataset] says it.",
        shown_path(path),
        separator_name(separator)
    )
}

/// Returns the separator that a first line such as `sep=;` names, as spreadsheets write it.
fn separator_line(head: &str) -> Option<char> {
    let line = head.lines().next()?.trim_matches('"');
    let named = line.strip_prefix("sep=").or_else(|| line.strip_prefix("SEP="))?;
    let named = named.trim_end_matches('"');
    let mut chars = named.chars();
    match (chars.next(), chars.next()) {
        (Some(separator), None) if separator.is_ascii() => Some(separator),
        _ if named == "\\t" => Some('\t'),
        _ => None,
    }
}

/// Returns how JSON is written in a file, or nothing where it holds something else.
fn json(head: &str, is_expected: bool) -> Option<Format> {
    let text = head.trim_start();
    let inner = |open: char| text.strip_prefix(open).map(str::trim_start);
    if let Some(rest) = inner('[') {
        let is_list = is_expected || rest.starts_with(['{', ']']);
        return is_list.then_some(Format::JsonItems);
    }
    let rest = inner('{')?;
    if !is_expected && !rest.starts_with(['"', '}']) {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    let first = text.lines().next().unwrap_or_default();
    match values.next() {
        // Something more in the line of the first object, or the first object over several lines.
        Some(Ok(_)) => {
            let end = values.byte_offset();
            let is_line =
                end <= first.len() && text.get(end..first.len()).is_some_and(|rest| rest.trim().is_empty());
            Some(if is_line { Format::JsonLines } else { Format::JsonItems })
        }
        Some(Err(error)) if error.is_eof() && error.line() > 1 => Some(Format::JsonItems),
        Some(Err(error)) if error.line() > 1 && open_at_end(first) => Some(Format::JsonItems),
        _ => Some(Format::JsonLines),
    }
}

/// Returns whether a line of JSON ends inside an object, and not inside a text.
fn open_at_end(line: &str) -> bool {
    let end = line.trim_end();
    end.ends_with(['{', '[', ',']) || end.ends_with(':')
}

/// Returns the separator that the first lines of a table speak for.
fn separator(head: &str, expected: Option<u8>) -> Option<u8> {
    let by = |share: fn(&[StringRecord]) -> Option<f64>| -> Vec<(u8, Option<f64>)> {
        let rows = |at: u8| sample(head, at, if at == b'\t' { Quotes::None } else { Quotes::Csv });
        SEPARATORS.iter().map(|separator| (*separator, share(&rows(*separator)))).collect()
    };
    let mut shares = by(evenness);
    // A title stands above a table only where no separator makes a header of the first line.
    if shares.iter().all(|(_, share)| share.is_none_or(|share| share < 0.5)) {
        let below = by(below_a_title);
        shares.iter_mut().zip(below).for_each(|(one, below)| one.1 = one.1.or(below.1));
    }
    let of =
        |wanted: u8| shares.iter().find(|(separator, _)| *separator == wanted).and_then(|(_, share)| *share);
    let best = shares
        .iter()
        .filter_map(|(separator, share)| share.map(|share| (*separator, share)))
        .reduce(|best, other| if other.1 > best.1 { other } else { best });
    let (best, share) = best?;
    match expected.map(of) {
        // As many tabs in each row as in the header are no accident, while texts may hold a comma each.
        _ if best == b'\t' && share >= 1.0 => Some(best),
        // The header has cells as the name says, and most rows are as long, or no other reading is whole.
        Some(Some(as_named)) if as_named >= 0.5 || share < 1.0 => expected,
        Some(_) => (share >= 0.5).then_some(best),
        None => (share >= 0.8).then_some(best),
    }
}

/// Returns which share of the first rows is as long as the header, where that has two cells or more.
fn evenness(rows: &[StringRecord]) -> Option<f64> {
    let (header, rows) = rows.split_first().filter(|(header, _)| header.len() > 1)?;
    let even = rows.iter().filter(|row| row.len() == header.len()).count();
    #[expect(clippy::cast_precision_loss, reason = "at most as many as the sample has")]
    let share = if rows.is_empty() { 0.9 } else { even as f64 / rows.len() as f64 };
    Some(share)
}

/// Returns the share of rows that are as long as the first of two cells or more, if nearly all are; what is above
/// that one is a title or a comment.
fn below_a_title(rows: &[StringRecord]) -> Option<f64> {
    let rows = rows.get(1..)?;
    let start = rows.iter().position(|row| row.len() > 1)?;
    let (names, rows) = rows.get(start..)?.split_first()?;
    let even = rows.iter().filter(|row| row.len() == names.len()).count();
    (start < 10 && rows.len() > 2 && even * 20 >= rows.len() * 19).then_some(0.9)
}

/// Returns the first records of a table.
pub(super) fn sample(head: &str, separator: u8, quotes: Quotes) -> Vec<StringRecord> {
    let reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .quoting(quotes == Quotes::Csv)
        .from_reader(head.as_bytes());
    let counted_blanks = |mut record: StringRecord| {
        let mut position = record.position()?.clone();
        // The crate names the place before the blank lines that it skips.
        let rest = usize::try_from(position.byte()).ok().and_then(|byte| head.as_bytes().get(byte..))?;
        let blank =
            rest.iter().take_while(|byte| b"\r\n".contains(byte)).filter(|byte| **byte == b'\n').count();
        position.set_line(position.line() + blank as u64);
        record.set_position(Some(position));
        Some(record)
    };
    reader.into_records().take(SAMPLE).filter_map(Result::ok).filter_map(counted_blanks).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(name: &str, head: &str) -> Result<Dialect, DatasetError> {
        Dialect::find(Path::new(name), head.as_bytes(), true, Reading::default())
    }

    fn found(name: &str, head: &str) -> String {
        match find(name, head).unwrap() {
            Dialect { format: Format::Table { separator, .. }, has_separator_line, remark } => {
                let mark = |is: bool, mark: &str| if is { mark.to_owned() } else { String::new() };
                format!("{separator}{}{}", mark(has_separator_line, " line"), mark(remark.is_some(), " said"))
            }
            Dialect { format, .. } => format!("{format:?}"),
        }
    }

    #[test]
    fn the_content_says_what_parts_the_cells() {
        for (name, head, separator) in [
            ("a.csv", "text,label\nHi,x\n", ","),
            ("a.CSV", "text\n", ","),
            ("a.csv", "text;label;price\n\"Hi, you\";x;12,50\n", "; said"),
            ("a.csv", "text;label\nHi, you;x\nHi;y\n", "; said"),
            ("a.csv", "text;label;price\nHi;x;12,50\nHo;y;1,20\nHa;x;3,00\nHe;y;4,10\n", "; said"),
            ("a.csv", "text|label\nHi|x\n", "| said"),
            ("a.csv", "label\ttext\nx\tHi, you\n", "\t said"),
            ("a.csv", "x\tHi, you\ny\tHi\nx\tNo, not, now\n", "\t said"),
            ("a.csv", "a;b,label\nHi,x\n", ","),
            ("a.csv", "v1,v2,,,\nx,one, two,,\n", ","),
            ("a.tsv", "text\tlabel\nHi, you\tx\n", "\t"),
            ("a.tab", "text\tlabel\n", "\t"),
            ("a.tsv", "text,label\nHi,x\n", ", said"),
            ("a.txt", "text\tlabel\nHi, you\tx\n", "\t said"),
            ("Collection", "x\tHi, you\ny\tOh\n", "\t said"),
            ("Collection", "x\tHi, you\ny\tOh, no\n", "\t said"),
            ("a.csv", "x\tHi, you\ny\tOh, no\n", "\t said"),
            ("a.jsonl", "text,label\nHi,x\n", ", said"),
            ("a.csv", "# made today\ntext;label\nHi;x\nHo;y\nHa, ha;x\n", "; said"),
            ("a.txt", "Messages of 2024\n\ntext\tlabel\nHi\tx\nHo\ty\nHa\tx\n", "\t said"),
            ("a.csv", "sep=;\r\ntext;label\r\n", "; line"),
            ("a.csv", "\"sep=,\"\ntext,label\n", ", line"),
            ("a.csv", "sep=\t\ntext\tlabel\n", "\t line"),
            ("a.csv", "sep=\\t\ntext\tlabel\n", "\t line"),
        ] {
            assert_eq!(found(name, head), separator, "{name}: {head:?}");
        }
    }

    #[test]
    fn json_is_known_by_its_first_object() {
        for (name, head, format) in [
            ("a.jsonl", "{\"a\":1}\n{\"a\":2}\n", "JsonLines"),
            ("a.csv", "\n {\"a\": \"x, y\"}\n", "JsonLines"),
            ("a", "{\"a\":1}", "JsonLines"),
            ("a.jsonl", "{\"a\":\n", "JsonItems"),
            ("a.jsonl", "{\"a\":\"x\n{\"a\":1}\n", "JsonLines"),
            ("a.jsonl", "{\"a\":NaN}\n{\"a\":1}\n", "JsonLines"),
            ("a.json", "{\n \"a\": 1\n}\n", "JsonItems"),
            ("a.json", "{\n \"a\": NaN\n}\n", "JsonItems"),
            ("a.jsonl", "{\"a\":1}{\"a\":2}\n", "JsonItems"),
            ("a.jsonl", "{\"a\":1},\n{\"a\":2}\n", "JsonItems"),
            ("a.jsonl", "[{\"a\":1},{\"a\":2}]", "JsonItems"),
            ("a.txt", "[\n{\"a\":1}\n]", "JsonItems"),
            ("a.jsonl", "// rows\n{\"a\":1}\n", "JsonLines"),
        ] {
            assert_eq!(found(name, head), format, "{name}: {head:?}");
        }
    }

    #[test]
    fn what_reads_like_nothing_is_refused() {
        for (name, head) in [("a.txt", "Hello, you\nHow are you\nwell\n"), ("a", "text\nHi\n")] {
            let said = find(name, head).unwrap_err().to_string();
            assert!(said.contains("is neither a table with a header"), "{said}");
        }
    }

    #[test]
    fn a_separator_that_is_given_is_not_found_out() {
        let reading = Reading { separator: Some('|'), ..Reading::default() };
        let dialect = Dialect::find(Path::new("a.csv"), b"a,b|c\n", true, reading).unwrap();
        assert_eq!(dialect.format, Format::Table { separator: '|', quotes: Quotes::Csv });
    }
}
