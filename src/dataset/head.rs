//! Knows files that hold no rows by how they begin.

use std::path::Path;

use super::error::DatasetError;

/// How files begin that are something else than a table or JSON, what they are, and what to do.
const KNOWN: [(&[u8], &str, &str); 15] = [
    (
        b"version https://git-lfs.github.com/spec/",
        "a Git LFS pointer, not the file itself",
        "Run `git lfs pull` in its repository.",
    ),
    (b"\x1f\x8b", "compressed with gzip", "Unpack it with `gunzip`."),
    (b"BZh", "compressed with bzip2", "Unpack it with `bunzip2`."),
    (b"\xfd7zXZ\0", "compressed with xz", "Unpack it with `unxz`."),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "Unpack it with `unzstd`."),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it and name a file in it."),
    (b"Rar!", "a RAR archive", "Unpack it and name a file in it."),
    (
        b"ARROW1",
        "an Arrow file",
        "Save it as CSV or JSON Lines, for instance with `pandas.read_feather(…).to_csv(…)`.",
    ),
    (b"%PDF", "a PDF", "Name a .csv, .tsv or .jsonl file."),
    (
        b"SQLite format 3\0",
        "an SQLite database",
        "Write a table of it with `sqlite3 -header -csv FILE 'select …'`.",
    ),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet or document", SPREADSHEET),
    (b"\x89HDF", "an HDF5 file", "Save its table as CSV."),
    (b"\x93NUMPY", "a NumPy array", "Save its table as CSV."),
    (b"{\\rtf", "a document in Rich Text Format", "Save it as plain text."),
    (
        b"\x80\x04\x95",
        "a Python pickle",
        "Save its table as CSV, for instance with `pandas.read_pickle(…).to_csv(…)`.",
    ),
];
const SPREADSHEET: &str = "Save its sheet as CSV (UTF-8) in your spreadsheet.";
/// One byte of so many may be 0 in a text.
const ZEROS: usize = 10;
const UTF_16: &str = "Turn it into UTF-8, for instance with `iconv -f UTF-16 -t UTF-8 FILE > NEW`.";

/// Refuses a file whose first bytes say that it is no table and no JSON.
pub(super) fn check(path: &Path, head: &[u8]) -> Result<(), DatasetError> {
    match what(head) {
        Some((what, remedy)) => Err(DatasetError::NotATable { path: path.to_owned(), what, remedy }),
        None => Ok(()),
    }
}

fn what(head: &[u8]) -> Option<(&'static str, &'static str)> {
    if let Some((_, what, remedy)) = KNOWN.iter().find(|(start, ..)| head.starts_with(start)) {
        return Some((what, remedy));
    }
    if head.starts_with(b"PK\x03\x04") {
        let has = |part: &[u8]| memchr::memmem::find(head, part).is_some();
        let is_sheet = has(b"xl/") || has(b"opendocument.spreadsheet") || has(b"[Content_Types].xml");
        return Some(if is_sheet {
            ("a spreadsheet, not a CSV", SPREADSHEET)
        } else {
            ("a zip archive", "Unpack it with `unzip` and name a file in it.")
        });
    }
    let start: Vec<u8> = text_of(head).iter().take(1_000).map(u8::to_ascii_lowercase).collect();
    let has = |part: &[u8]| memchr::memmem::find(&start, part).is_some();
    if start.starts_with(b"<!doctype html") || start.starts_with(b"<") && (has(b"<html") || has(b"<head")) {
        let remedy =
            "Perhaps it is the page of a login or of an error: download the file itself, and look at it.";
        return Some(("an HTML page, not a table", remedy));
    }
    if start.starts_with(b"<?xml") {
        return Some(("an XML file", "Save its rows as CSV or JSON Lines."));
    }
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") || is_utf_16(head) {
        return Some(("a text in UTF-16", UTF_16));
    }
    let remedy = "Name a .csv, .tsv or .jsonl file; where only some stand in a text, `tr -d '\\000' < FILE > NEW` takes \
        them out.";
    is_full_of_zeros(head).then_some(("no text: it holds bytes that are 0", remedy))
}

/// Returns whether bytes that are 0 stand where no text has them.
///
/// One within a text is a character, which our own exports hold as it is, and pandas 3.1, pyarrow 26 and polars 2.1
/// read. A file is taken for none where the first line has one, where it is no UTF-8 either, or where there are many.
fn is_full_of_zeros(head: &[u8]) -> bool {
    let Some(first) = memchr::memchr(0, head) else { return false };
    // The last character may be cut.
    let is_utf_8 = std::str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true);
    let is_in_first_line = memchr::memchr(b'\n', head).is_none_or(|end| first < end);
    is_in_first_line || !is_utf_8 || memchr::memchr_iter(0, head).count() * ZEROS > head.len()
}

/// Returns the bytes without a byte order mark and the blanks before the text.
fn text_of(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start()
}

/// Returns whether each second of the first bytes is 0, as in Latin text in UTF-16.
fn is_utf_16(head: &[u8]) -> bool {
    let pairs = head.chunks_exact(2).take(50);
    let zeros = |at: usize| pairs.clone().filter(|pair| pair.get(at) == Some(&0)).count();
    pairs.len() >= 2 && (zeros(0) * 10 > pairs.len() * 8) != (zeros(1) * 10 > pairs.len() * 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_hold_no_rows_are_known_by_how_they_begin() {
        for (head, says) in [
            (&b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"[..], "`git lfs pull`"),
            (b"<!DOCTYPE html>\n<html>", "an HTML page"),
            (b"\xef\xbb\xbf\n <HTML lang=en>", "an HTML page"),
            (b"<!-- x --><head><title>Sign in</title>", "an HTML page"),
            (b"<?xml version=\"1.0\"?><rows/>", "an XML file"),
            (b"\x1f\x8b\x08\0", "`gunzip`"),
            (b"PK\x03\x04....xl/workbook.xml", "a spreadsheet"),
            (b"PK\x03\x04....rows.csv", "a zip archive"),
            (b"%PDF-1.7", "a PDF"),
            (b"\xff\xfet\0e\0", "iconv -f UTF-16 -t UTF-8"),
            (b"t\0e\0x\0t\0", "iconv -f UTF-16 -t UTF-8"),
            (b"\0t\0e\0x\0t", "iconv -f UTF-16 -t UTF-8"),
            (b"text\0label\n", "bytes that are 0"),
            (b"text,label\na\0\0\0\0\0b,x\n", "bytes that are 0"),
            (b"text,label\na\0b\xff\xff,x and some more\n", "bytes that are 0"),
        ] {
            let said = check(Path::new("a.csv"), head).unwrap_err().to_string();
            assert!(said.starts_with("a.csv is ") && said.contains(says), "{said}");
        }
    }

    #[test]
    fn tables_and_json_pass() {
        let one_in_a_text = "text,label\nit was \0 then,x\nand a row more,é";
        assert!(check(Path::new("a.csv"), one_in_a_text.as_bytes()).is_ok());
        let cut = one_in_a_text.len() - 1;
        assert!(
            check(Path::new("a.csv"), &one_in_a_text.as_bytes()[..cut]).is_ok(),
            "cut within a character"
        );
        for head in ["text,label\n", "{\"text\":1}", "<b>hi</b>,x\n", "\u{feff}text\n", "", "BZ,x\n"] {
            assert!(check(Path::new("a.csv"), head.as_bytes()).is_ok(), "{head}");
        }
    }
}
