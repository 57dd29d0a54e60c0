//! What several shapes need for writing: JSON items, labels in order, names of files beside, counted sentences.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use crate::export::error::ExportError;

/// Writes JSON values as lines, or as the items of one list.
#[derive(Debug)]
pub(super) struct Items {
    is_list: bool,
    written: u64,
    bytes: u64,
}

impl Items {
    /// Values as lines.
    pub(super) const LINES: Self = Self { is_list: false, written: 0, bytes: 0 };
    /// Values as the items of one list.
    pub(super) const LIST: Self = Self { is_list: true, written: 0, bytes: 0 };

    /// Returns a list where a file ends in `.json`, and lines otherwise.
    pub(super) fn of(out: &Path) -> Self {
        let ending = out.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        if ending.as_deref() == Some("json") { Self::LIST } else { Self::LINES }
    }

    /// Returns how many values were written.
    pub(super) const fn written(&self) -> u64 {
        self.written
    }

    /// Returns how many bytes lines have so far.
    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn begin(&self, out: &mut dyn Write) -> Result<(), ExportError> {
        Ok(out.write_all(if self.is_list { b"[" } else { b"" })?)
    }

    pub(super) fn item(&mut self, item: &impl Serialize, out: &mut dyn Write) -> Result<(), ExportError> {
        let before: &[u8] = match (self.is_list, self.written) {
            (true, 0) => b"\n",
            (true, _) => b",\n",
            (false, _) => b"",
        };
        let mut line = before.to_vec();
        serde_json::to_writer(&mut line, item).map_err(io::Error::from)?;
        line.extend(if self.is_list { &b""[..] } else { b"\n" });
        self.written += 1;
        self.bytes += line.len() as u64;
        Ok(out.write_all(&line)?)
    }

    pub(super) fn end(&self, out: &mut dyn Write) -> Result<(), ExportError> {
        let end: &[u8] = match (self.is_list, self.written) {
            (true, 0) => b"]\n",
            (true, _) => b"\n]\n",
            (false, _) => b"",
        };
        Ok(out.write_all(end)?)
    }
}

/// The labels of a file in a fixed order: those of the session first, then others as rows bring them.
#[derive(Debug, Clone)]
pub(super) struct LabelList(Vec<String>);

impl LabelList {
    pub(super) fn of(labels: &[String]) -> Self {
        Self(labels.to_vec())
    }

    /// Adds a label that is not known yet.
    pub(super) fn see(&mut self, label: &str) {
        if !self.0.iter().any(|known| known == label) {
            self.0.push(label.to_owned());
        }
    }

    pub(super) fn names(&self) -> &[String] {
        &self.0
    }
}

/// Returns the name of a file beside another: `rows.json` and `.settings.json` give `rows.settings.json`.
pub(super) fn beside(out: &Path, ending: &str) -> String {
    format!("{}{ending}", stem(out))
}

/// Returns the name of a file without its ending; `rows` for standard output.
pub(super) fn stem(out: &Path) -> String {
    match out.file_stem().map(|stem| stem.to_string_lossy().into_owned()) {
        Some(stem) if stem != "-" => stem,
        _ => "rows".to_owned(),
    }
}

/// Returns a JSON value as the bytes of a file that a person may read.
pub(super) fn pretty(value: &serde_json::Value) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}

/// Returns a count with its noun: `1 row`, `2 rows`.
pub(super) fn count(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Returns the verb that fits a count of things: `is` or `are`.
pub(super) const fn are(count: u64) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written_as(mut items: Items, values: &[u8]) -> String {
        let mut out = Vec::new();
        items.begin(&mut out).unwrap();
        values.iter().for_each(|value| items.item(value, &mut out).unwrap());
        items.end(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn values_are_lines_or_one_list_by_the_ending_of_the_file() {
        assert_eq!(written_as(Items::of(Path::new("a.jsonl")), &[1, 2]), "1\n2\n");
        assert_eq!(written_as(Items::of(Path::new("a.JSON")), &[1, 2]), "[\n1,\n2\n]\n");
        assert_eq!(written_as(Items::LIST, &[]), "[]\n");
        assert_eq!(written_as(Items::LINES, &[]), "");
    }

    #[test]
    fn a_file_beside_has_the_name_of_the_main_one() {
        assert_eq!(beside(Path::new("out/rows.v2.json"), ".xml"), "rows.v2.xml");
        assert_eq!(beside(Path::new("-"), ".xml"), "rows.xml");
    }
}
