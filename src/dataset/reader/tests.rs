use std::fs;
use std::io::{self, Cursor};

use proptest::prelude::*;

use super::super::fixture::{error, read as read_bytes, rows, source};
use super::*;

/// Looks at bytes as at a file with this name.
fn look_at(name: &str, file: impl Read + Seek) -> Result<Look, DatasetError> {
    look_from(&Place { path: Path::new(name), reading: Reading::default() }, file)
}

#[test]
fn a_file_is_read_and_known_by_its_hash() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.csv");
    fs::write(&path, "text,label\nhi,ham\n").unwrap();

    let records = read(&Source::new(&path, "text", "label")).unwrap();

    assert_eq!((records.len(), records.path()), (1, path.as_path()));
    assert_eq!(records.fingerprint().to_string(), blake3::hash(b"text,label\nhi,ham\n").to_string());
}

#[test]
fn a_missing_file_and_a_folder_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.csv");
    let source = Source::new(&path, "text", "label");
    let missing = read(&source).unwrap_err().to_string();
    fs::create_dir(&path).unwrap();
    let a_folder = read(&source).unwrap_err().to_string();
    let path = path.display();
    assert_eq!(missing, format!("There is no dataset file {path}. Check the path and its spelling."));
    assert!(a_folder.starts_with(&format!("{path} is a folder without files of rows")), "{a_folder}");
}

#[test]
fn a_file_that_fails_while_it_is_read_says_why() {
    /// Gives its bytes, and then fails.
    struct Broken(Cursor<&'static str>);
    impl Read for Broken {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            match self.0.read(out)? {
                0 => Err(io::Error::other("the disk is gone")),
                read => Ok(read),
            }
        }
    }
    impl Seek for Broken {
        fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }
    for (name, start) in [("a.csv", ""), ("a.csv", "text,label\n"), ("a.jsonl", "{\"text\"")] {
        let source = Source::new(name, "text", "label");

        let said = read_from(&source, Broken(Cursor::new(start))).unwrap_err().to_string();

        assert_eq!(
            said,
            format!("The dataset file {name} cannot be read: the disk is gone. Check that you may read it.")
        );
    }
}

#[test]
fn a_pipe_is_refused_without_waiting_for_its_writer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.csv");
    let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());

    let said = look(&path, Reading::default()).unwrap_err().to_string();

    assert!(said.contains("is no ordinary file"), "{said}");
}

/// Writes a table as programs do: what has to be quoted is quoted.
fn written(separator: u8, texts: &[String]) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
    writer.write_record(["label", "text"]).unwrap();
    texts.iter().for_each(|text| writer.write_record(["x", text]).unwrap());
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

proptest! {
    #[test]
    fn every_text_comes_back_letter_for_letter_however_it_is_written(
        texts in prop::collection::vec("a[a\",;|\\\\\u{e9}{}\\[\\]:\n\t ]{0,8}b", 1..8),
        separator in prop::sample::select(vec![b',', b';', b'|', b'\t']),
        name in prop::sample::select(vec!["a.csv", "a.tsv", "a.txt", "a"]),
    ) {
        let reading = Reading { separator: Some(char::from(separator)), quotes: Some(Quotes::Csv), ..Reading::default() };
        let settled = read_with(name, &written(separator, &texts), reading).unwrap();
        prop_assert_eq!(self::texts(&settled), texts.iter().map(String::as_str).collect::<Vec<_>>());

        let simple: Vec<String> = texts.iter().map(|text| text.replace([',', ';', '|', '\t', '\n'], " ")).collect();
        let found = read_bytes(name, written(separator, &simple)).unwrap();
        prop_assert_eq!(self::texts(&found), simple.iter().map(String::as_str).collect::<Vec<_>>());

        let letter = simple.iter().map(|text| format!("x\t{text}\n")).collect::<Vec<_>>().concat();
        let found = read_bytes(name, format!("label\ttext\n{letter}")).unwrap();
        prop_assert_eq!(self::texts(&found), simple.iter().map(String::as_str).collect::<Vec<_>>());

        let objects: Vec<_> = texts.iter().map(|text| serde_json::json!({"text": text, "label": "x"})).collect();
        let lines = objects.iter().map(|object| format!("{object}\n")).collect::<Vec<_>>().concat();
        let list = serde_json::to_string_pretty(&objects).unwrap();
        for json in [lines, list, serde_json::to_string(&objects).unwrap()] {
            let records = read_bytes(name, json).unwrap();
            prop_assert_eq!(self::texts(&records), texts.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }

    #[test]
    fn no_file_makes_the_reader_panic(
        start in prop::sample::select(vec!["", "text,label\n", "sep=;\n", "text\tlabel\n", "{\"text\":\"a\",\"label\":", "[{\"text\":"]),
        bytes in prop::collection::vec(prop::sample::select(b"a\",;|\t\n\r{}[]:\\1N\xe9\0".to_vec()), 0..60),
        name in prop::sample::select(vec!["a.csv", "a.tsv", "a.txt", "a.jsonl", "a.json", "a"]),
    ) {
        let bytes = [start.as_bytes(), &bytes].concat();
        let _ = read_bytes(name, &bytes);
        let _ = look_at(name, Cursor::new(bytes));
    }
}

/// Reads bytes with settings.
fn read_with(name: &str, bytes: &str, reading: Reading) -> Result<Records, String> {
    let source = Source { reading, ..source(name) };
    read_from(&source, Cursor::new(bytes)).map_err(|error| error.to_string())
}

fn texts(records: &Records) -> Vec<&str> {
    (0..records.len()).map(|row| records.text(row)).collect()
}

fn remarks(records: &Records) -> String {
    records.remarks().join("\n")
}

#[test]
fn all_that_is_wrong_with_a_file_is_said_at_once() {
    let rows = "one,x,y\ntwo,\n,x\nthree\nfour,x\ncaf\u{e9}\n,\nfive,a,b,c\nsix,\nlast,x\n";
    let bytes = format!("text,label\n{rows}").replace('\u{e9}', "\u{7f}").into_bytes();
    let bytes: Vec<u8> = bytes.into_iter().map(|byte| if byte == 0x7f { 0xe9 } else { byte }).collect();

    assert_eq!(
        error("a.csv", bytes),
        "a.csv, lines 2, 5, 7 and 9: the record has 3 fields, the header has 2. \
         Put a field that has a comma, a quote or a line break in it between quotes.\n\
         a.csv, lines 3 and 10: 2 of 4 rows have no `label`. Label them or take them out; to pass over them, write \
         `skip_unlabelled = true` under [dataset], or `--skip-unlabelled` behind `new`.\n\
         a.csv, line 7: the byte 0xe9, number 43 of the file, is not valid UTF-8. \
         Save the file as UTF-8, for instance with `iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW`."
    );
}

#[test]
fn cells_parted_by_semicolons_are_read_with_a_remark() {
    let bytes = "\u{feff}text;label;price\r\n\"Hi; you, there\";x;12,50\r\nBye;y;1,00\r\n";

    let records = read_bytes("a.csv", bytes).unwrap();

    assert_eq!(rows(&records), [("2".into(), "x", "Hi; you, there"), ("3".into(), "y", "Bye")]);
    assert!(
        remarks(&records).contains("parted by a semicolon")
            && remarks(&records).contains("`separator = \";\"`")
    );
}

#[test]
fn a_line_that_names_the_separator_is_no_header() {
    for (bytes, text) in [
        ("sep=;\r\ntext;label\r\nHi, you;x\r\n", "Hi, you"),
        ("sep=\t\ntext\tlabel\nHi\tx\n", "Hi"),
        ("\u{feff}sep=,\ntext,label\nHi,x\n", "Hi"),
    ] {
        let records = read_bytes("a.csv", bytes).unwrap();
        assert_eq!(rows(&records), [("3".into(), "x", text)], "{bytes:?}");
    }
}

#[test]
fn what_is_set_goes_before_what_is_found() {
    let reading = Reading { separator: Some('|'), ..Reading::default() };
    let records = read_with("a.csv", "text|label|a,b,c\nHi|x|1,2,3\n", reading).unwrap();
    assert_eq!(texts(&records), ["Hi"]);

    let table = "text\tlabel\n\"He said \"\"no\"\"\"\tx\n";
    for (quotes, text) in [(Quotes::Csv, "He said \"no\""), (Quotes::None, "\"He said \"\"no\"\"\"")] {
        let reading = Reading { quotes: Some(quotes), ..Reading::default() };
        assert_eq!(texts(&read_with("a.tsv", table, reading).unwrap()), [text]);
    }
}

#[test]
fn quotes_between_tabs_are_taken_off_where_a_program_wrote_them_and_it_is_said() {
    let quoted = read_bytes("a.tsv", "text\tlabel\n\"He \"\"x\"\"\ntwo\"\ta\nplain\tb\n").unwrap();
    assert_eq!(texts(&quoted), ["He \"x\"\ntwo", "plain"]);
    assert!(remarks(&quoted).contains("1 cell of a.tsv is between quotes, which were taken off"));

    let plain = read_bytes("a.tsv", "text\tlabel\n\"Oh no\"\ta\nplain\tb\nplain\tb\n").unwrap();
    assert_eq!(texts(&plain), ["\"Oh no\"", "plain", "plain"]);
    assert!(remarks(&plain).contains("write `quotes = \"csv\"` under [dataset]"));

    assert_eq!(remarks(&read_bytes("a.tsv", "text\tlabel\nsay \"hi\"\tb\n").unwrap()), "");
}

#[test]
fn a_quote_that_would_swallow_rows_is_named_by_the_line_where_it_opens() {
    assert_eq!(
        error("a.csv", "text,label\none,x\n\"two,x\nthree,x\n\"four\",x\nfive,x\n"),
        "a.csv, line 3: a quote is opened here and closed in the middle of a cell, so what follows cannot be told \
         apart. Write a quote inside a quoted cell twice; where quotes mean nothing, write `quotes = \"none\"` \
         under [dataset]."
    );
    let escaped = error("a.csv", "text,label\n\"He said \\\"no\\\", ok\",x\n");
    assert!(escaped.contains("line 2") && escaped.contains("not behind a backslash"), "{escaped}");

    let swallowed = read_bytes("a.csv", "text,label\n\"a,x\nb,y\nc,z\nd\",x\n").unwrap();
    assert!(
        remarks(&swallowed).contains("opened in line 2 and closed 3 lines below"),
        "{}",
        remarks(&swallowed)
    );
    let letter = read_bytes("a.csv", "text,label\n\"Dear you,\n\nfine\nor not\nBye, now\",x\n").unwrap();
    assert_eq!(remarks(&letter), "");
}

#[test]
fn text_in_columns_without_a_name_is_counted_and_joined_where_that_is_asked_for() {
    for header in ["label,text,,,", "label,text,Unnamed: 2,Unnamed: 3,Unnamed: 4"] {
        let table = format!("{header}\nx,one,,,\nx,two, and more,,\ny,three,, gap ,\n");

        let cut = read_bytes("a.csv", &table).unwrap();
        assert_eq!(texts(&cut), ["one", "two", "three"]);
        assert!(remarks(&cut).starts_with(
            "2 rows have something in columns without a name behind `text` (lines 3 and 4): \
             the text is probably cut there."
        ));

        let joined = read_with("a.csv", &table, Reading { join: true, ..Reading::default() }).unwrap();
        assert_eq!(texts(&joined), ["one", "two, and more", "three,, gap "]);
        assert!(remarks(&joined).contains("was joined with"), "{}", remarks(&joined));
    }
    let index = read_bytes("a.csv", "Unnamed: 0,text,label\n0,one,x\n").unwrap();
    assert_eq!(remarks(&index), "");
    let apart = read_bytes("a.csv", "text,label,\none, two,x\n").unwrap();
    assert!(remarks(&apart).contains("Put quotes around texts"), "{}", remarks(&apart));
}

#[test]
fn a_file_without_a_header_is_refused_with_the_command_that_mends_it() {
    let table = "ham;Go until jurong point, crazy;1\nham;Ok lar;2\nspam;Free entry;3\n";
    for name in ["a.csv", "Collection"] {
        let said = error(name, table);
        assert!(said.contains("line 1: the file seems to have no header"), "{said}");
        assert!(
            said.contains(&format!("`printf 'label;text;column3\\n' | cat - {name} > NEW.csv`")),
            "{said}"
        );
        assert!(look_at(name, Cursor::new(table)).unwrap_err().to_string().contains("no header"));
    }
    let named =
        Source { text: "Go until jurong point, crazy".into(), label: "ham".into(), ..source("a.csv") };
    assert!(read_from(&named, Cursor::new(table)).unwrap_err().to_string().contains("no header"));

    let numbers = Source { text: "0".into(), label: "1".into(), ..source("a.csv") };
    assert_eq!(read_from(&numbers, Cursor::new("0,1\nHi,x\n")).unwrap().len(), 1);
}

#[test]
fn json_that_is_not_a_line_each_is_read_with_a_remark() {
    for (name, bytes) in [
        ("a.jsonl", "[{\"text\":\"a\",\"label\":\"x\"}, {\"text\":\"b\",\"label\":\"y\"}]"),
        (
            "a.json",
            "[\n  {\n    \"text\": \"a\",\n    \"label\": \"x\"\n  },\n  {\"text\": \"b\", \"label\": \"y\"}\n]\n",
        ),
        ("a.jsonl", "{\"text\":\"a\",\"label\":\"x\"}{\"text\":\"b\",\"label\":\"y\"}"),
        ("a.txt", "{\"text\":\"a\",\"label\":\"x\"},\n{\"text\":\"b\",\"label\":\"y\"},\n"),
    ] {
        let records = read_bytes(name, bytes).unwrap();
        assert_eq!(rows(&records), [("1".into(), "x", "a"), ("2".into(), "y", "b")], "{bytes}");
        assert!(remarks(&records).contains("a row's number is its place in it"));
        let fingerprint = blake3::hash(bytes.as_bytes()).to_string();
        assert_eq!(records.fingerprint().to_string(), fingerprint);
    }
    assert!(
        error("a.json", "[{\"text\":\"a\",\"label\":\"x\"}, {\"text\":\"b\"")
            .contains("a.json, item 2: the file ends")
    );
    assert!(
        error("a.json", "[{\"text\":\"a\",\"label\":\"x\"}, 3]")
            .contains("a.json, item 2: the file holds a number")
    );
}

#[test]
fn wrapped_rows_are_refused_with_their_keys_and_the_command_that_takes_them_out() {
    let row = "{\"text\":\"a\",\"label\":\"x\"}";
    for (name, bytes, command) in [
        ("a.jsonl", format!("{{\"row\":{row}}}\n{{\"row\":{row}}}\n"), "`jq -c '.row' a.jsonl > NEW.jsonl`"),
        ("a.json", format!("{{\n\"data\": [{row}]\n}}"), "`jq -c '.data[]' a.json > NEW.jsonl`"),
        ("a.json", format!("{{\"rows\":[{{\"row_idx\":0,\"row\":{row}}}]}}"), "`jq -c '.rows[].row' a.json"),
    ] {
        let said = error(name, &bytes);
        assert!(said.contains(command) && said.contains("the columns `text`, `label`"), "{said}");
        let looked = look_at(name, Cursor::new(bytes)).unwrap_err().to_string();
        assert!(looked.contains(command), "{looked}");
    }
}

#[test]
fn a_missing_number_stops_a_file_only_in_a_column_that_is_read() {
    let unused =
        read_bytes("a.jsonl", "{\"text\":\"NaN\",\"label\":\"x\",\"score\":NaN,\"low\":-Infinity}\n")
            .unwrap();
    assert_eq!(texts(&unused), ["NaN"]);
    assert_eq!(
        error("a.jsonl", "{\"text\":\"a\",\"label\":1}\n{\"text\":\"a\",\"label\":NaN}\n"),
        "a.jsonl, line 2: `label` is `NaN` or an infinity, which Python writes for a missing number and JSON does \
         not have. Write the value, or `null` where there is none."
    );
    assert!(
        error("a.jsonl", "{\"text\":\"a\",\"text\":\"b\",\"label\":1}\n").contains("`text` is there twice")
    );
}

#[test]
fn a_list_of_one_label_is_that_label_and_one_of_several_is_refused_with_their_number() {
    let one = read_bytes("a.jsonl", "{\"text\":\"a\",\"label\":[\"x\"]}\n{\"text\":\"b\",\"label\":\"x\"}\n")
        .unwrap();
    assert_eq!(one.labels(), ["x"]);
    assert_eq!(remarks(&one), "The label is a list of one in 1 row (line 1); that one is the label.");

    let several = "{\"text\":\"a\",\"label\":[\"x\",\"y\"]}\n".repeat(7);
    assert!(
        error("a.jsonl", several)
            .starts_with("a.jsonl, lines 1, 2, 3, 4, 5 and 2 more: `label` is a list of several")
    );
}

#[test]
fn numbers_stay_digit_for_digit() {
    let labels = ["12345678901234567890123", "007", "1.0", "1e3", "-1", "true", "9007199254740993"];
    let line = |label: &&str| format!("{{\"text\":\"{label}\",\"label\":{label},\"id\":{label}}}\n");
    let json: String = labels.iter().filter(|label| **label != "007").map(line).collect();
    let source = Source { id: Some("id".into()), ..source("a.jsonl") };
    let records = read_from(&source, Cursor::new(json)).unwrap();
    for row in 0..records.len() {
        assert_eq!((records.label(row), &*records.id(row)), (records.text(row), records.text(row)));
    }
    let table = labels.iter().map(|label| format!("{label},{label}\n")).collect::<Vec<_>>().concat();
    assert_eq!(read_bytes("a.csv", format!("text,label\n{table}")).unwrap().labels(), labels);
}

#[test]
fn rows_without_a_label_are_passed_over_and_counted_where_that_is_asked_for() {
    let table = "{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"b\"}\n{\"text\":\"c\",\"label\":null}\n\
                 {\"text\":\"d\",\"label\":\" \"}\n{\"text\":\"\",\"label\":\"\"}\n{\"text\":\"e\",\"label\":[]}\n";
    assert!(
        error("a.jsonl", table).starts_with("a.jsonl, lines 2, 3, 4 and 6: 4 of 5 rows have no `label`.")
    );

    let skip = Reading { skip_unlabelled: true, ..Reading::default() };
    let records = read_with("a.jsonl", table, skip).unwrap();
    assert_eq!((records.len(), records.unlabelled(), records.left_out()), (1, 4, 1));

    let none = read_with("a.csv", "text,label\na,\nb,\n", skip).unwrap_err();
    assert!(none.contains("has no row with a label"), "{none}");
    let no_key = read_with("a.jsonl", "{\"text\":\"a\",\"class\":\"x\"}\n", skip).unwrap_err();
    assert!(no_key.contains("there is no column `label`"), "{no_key}");
}

#[test]
fn labels_keep_the_blanks_around_them() {
    let records = read_bytes("a.csv", "text,label\na,cancel\nb,cancel \nc, cancel\n").unwrap();
    assert_eq!(records.labels(), ["cancel", "cancel ", " cancel"]);
}

#[test]
fn blanks_around_a_columns_name_are_shown() {
    let said = error("a.csv", "label, text\nx,a\n");
    assert!(said.contains("there is no column `text`; did you mean `␣text`, where ␣ is a blank?"), "{said}");
    let spaced = Source { text: " text".into(), ..source("a.csv") };
    assert_eq!(read_from(&spaced, Cursor::new("label, text\nx,a\n")).unwrap().len(), 1);
}

#[test]
fn values_of_a_split_column_that_say_nothing_are_all_listed() {
    let split = Source { split: Some("split".into()), ..source("a.csv") };
    let table = "text,label,split\na,x,train\nb,x,fold1\nc,x,fold2\nd,x,fold1\ne,x,\n";
    let said = read_from(&split, Cursor::new(table)).unwrap_err().to_string();
    assert!(
        said.starts_with("a.csv, lines 3, 4, 5 and 6: `split` says `fold1` (2), `` (1), `fold2` (1), where"),
        "{said}"
    );
}
