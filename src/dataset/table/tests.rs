//! Tests of tables.

use std::io::Cursor;

use proptest::prelude::*;

use super::super::fixture::{error, read, rows, source};
use super::super::reader::read_from;
use super::super::source::Source;
use super::*;

#[test]
fn quoted_commas_quotes_and_line_breaks_belong_to_the_text() {
    let records = read("a.csv", "label,text\nham,\"one, two\"\nspam,\"a \"\"b\"\"\nc\"\nham,end\n").unwrap();

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
