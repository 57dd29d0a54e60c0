//! JSON: objects with the named columns as keys, one a line or parted otherwise.

use std::io::{BufRead, BufReader, Read};

use super::error::DatasetError;
use super::input::Input;
use super::items::{Items, Next};
use super::marked::Marked;
use super::reader::{Place, Sink};
use super::sentence::shown_path;
use super::troubles::unreadable;

/// Reads a file of JSON Lines, and gives each line to a sink. Blank lines are skipped.
pub(super) fn read_lines<R: Read>(
    place: &Place<'_>,
    input: Input<R>,
    sink: &mut impl Sink,
) -> Result<Input<R>, DatasetError> {
    let mut reader = BufReader::with_capacity(64 * 1024, input);
    let mut text = String::new();
    let mut line = 0;
    while reader.read_line(&mut text).map_err(|reason| unreadable(place.path, reason))? > 0 {
        line += 1;
        if !text.trim().is_empty() {
            sink.object(line, &text);
        }
        text.clear();
    }
    Ok(reader.into_inner())
}

/// Reads a file of lines with a label and a text, and gives each as an object to a sink. Blank lines are skipped.
pub(super) fn read_marked<R: Read>(
    place: &Place<'_>,
    marked: Marked,
    input: Input<R>,
    sink: &mut impl Sink,
) -> Result<Input<R>, DatasetError> {
    let mut reader = BufReader::with_capacity(64 * 1024, input);
    let mut text = String::new();
    let mut line = 0;
    while reader.read_line(&mut text).map_err(|reason| unreadable(place.path, reason))? > 0 {
        line += 1;
        give_marked(marked, line, &text, sink);
        text.clear();
    }
    Ok(reader.into_inner())
}

/// Gives a line with a label and a text to a sink, unless it is blank.
pub(super) fn give_marked(marked: Marked, line: u64, text: &str, sink: &mut impl Sink) {
    if text.trim().is_empty() {
        return;
    }
    match marked.object(text) {
        Ok(object) => sink.object(line, &object),
        Err(fault) => sink.notes().trouble(line, fault),
    }
}

/// Reads a file of objects that are not a line each, and gives each with its number to a sink.
pub(super) fn read_items<R: Read>(
    place: &Place<'_>,
    input: Input<R>,
    sink: &mut impl Sink,
) -> Result<Input<R>, DatasetError> {
    let mut items = Items::new(BufReader::with_capacity(64 * 1024, input));
    sink.notes().by_item = true;
    let mut item = 0;
    loop {
        item += 1;
        match items.next(item == 1).map_err(|reason| unreadable(place.path, reason))? {
            Next::Object(text) => {
                sink.notes().is_list = items.is_list();
                sink.object(item, &text);
            }
            Next::Fault(fault) => {
                sink.notes().trouble(item, fault);
                break;
            }
            Next::End => break,
        }
    }
    sink.notes().remark(remark(place.path, items.is_list()));
    let mut reader = items.into_inner();
    std::io::copy(&mut reader, &mut std::io::sink()).map_err(|reason| unreadable(place.path, reason))?;
    Ok(reader.into_inner())
}

/// Says that the objects of a file are not a line each.
pub(super) fn remark(path: &std::path::Path, is_list: bool) -> String {
    let what = if is_list { "one JSON list, not an object a line" } else { "not an object a line" };
    format!("{} is {what}; it was read so, and a row's number is its place in it.", shown_path(path))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::super::fixture::{error, read, rows, source};
    use super::super::reader::read_from;
    use super::super::source::Source;

    #[test]
    fn each_line_is_a_row_and_blank_lines_count_as_lines() {
        let bytes = "\u{feff}{\"text\":\"a \\\"b\\\"\\n\",\"label\":\"x\",\"more\":[1]}\r\n\r\n\
                     {\"label\":\"y\",\"text\":\"c\"}";

        let records = read("a.jsonl", bytes).unwrap();

        assert_eq!(rows(&records), [("1".into(), "x", "a \"b\"\n"), ("3".into(), "y", "c")]);
    }

    #[test]
    fn a_label_and_an_id_may_be_a_number_or_a_truth_value() {
        let source = Source { id: Some("id".into()), ..source("a.jsonl") };
        let bytes = "{\"text\":\"a\",\"label\":1,\"id\":7}\n{\"text\":\"b\",\"label\":true,\"id\":\"q\"}\n";

        let records = read_from(&source, Cursor::new(bytes)).unwrap();

        assert_eq!(rows(&records), [("7".into(), "1", "a"), ("q".into(), "true", "b")]);
    }

    #[test]
    fn a_missing_text_is_left_out_where_it_is_null() {
        let records =
            read("a.jsonl", "{\"text\":null,\"label\":\"x\"}\n{\"text\":\"b\",\"label\":\"x\"}\n").unwrap();

        assert_eq!((records.len(), records.left_out()), (1, 1));
    }

    #[test]
    fn a_line_that_is_not_json_is_named() {
        let good = "{\"text\":\"a\",\"label\":\"x\"}\n";

        assert_eq!(
            error("a.jsonl", format!("{good}{{\"text\":\"a\",}}\n")),
            "a.jsonl, line 2: the line is not valid JSON: trailing comma at column 13. \
             Write one JSON object a line."
        );
        assert!(
            error("a.jsonl", format!("{good}{{\"text\":\"a\n"))
                .starts_with("a.jsonl, line 2: the line is not")
        );
        assert_eq!(
            error("a.jsonl", format!("\n{good}[1]\n")),
            "a.jsonl, line 3: the line holds a list where an object is expected. Write one JSON object a line."
        );
    }

    #[test]
    fn a_key_that_is_not_there_is_named_with_those_that_are() {
        assert_eq!(
            error("a.jsonl", "{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"a\",\"lable\":\"x\"}\n"),
            "a.jsonl, line 2: there is no column `label`; did you mean `lable`? The columns are `text`, `lable`."
        );
        assert_eq!(
            error("a.jsonl", "{}\n"),
            "a.jsonl, line 1: there is no column `text`. The columns are none at all."
        );
    }

    #[test]
    fn a_text_that_is_not_a_string_is_refused() {
        assert_eq!(
            error("a.jsonl", "{\"text\":12,\"label\":\"x\"}\n"),
            "a.jsonl, line 1: `text` holds a number where text is expected. Write it as a string."
        );
        assert!(error("a.jsonl", "{\"text\":\"a\",\"label\":{}}\n").contains("`label` holds an object"));
    }

    #[test]
    fn an_empty_label_is_named_by_its_line() {
        assert!(
            error("a.jsonl", "{\"text\":\"a\",\"label\":null}\n")
                .starts_with("a.jsonl, line 1: 1 of 1 row has no `label`.")
        );
    }

    #[test]
    fn an_empty_file_and_one_without_rows_are_told_apart() {
        assert!(error("a.jsonl", "").contains("is empty"));
        assert!(error("a.jsonl", "\n\n").contains("has no rows"));
    }

    #[test]
    fn a_byte_that_is_not_utf8_is_named_by_its_line() {
        let bytes = b"{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"\xe2\x82 b\"}\n";

        assert!(
            error("a.jsonl", bytes).starts_with("a.jsonl, line 2: the byte 0xe2, number 34 of the file,")
        );
    }

    #[test]
    fn a_label_that_is_nan_is_none_where_rows_without_one_are_passed_over() {
        let mut source = source("a.jsonl");
        source.reading.skip_unlabelled = true;
        let rows = "{\"text\":\"a\",\"label\":1}\n{\"text\":\"b\",\"label\":NaN}\n";

        let read = read_from(&source, Cursor::new(rows)).unwrap();

        assert_eq!((read.len(), read.unlabelled()), (1, 1));
    }
}
