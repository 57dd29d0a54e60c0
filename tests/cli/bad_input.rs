//! Bad input gets one clear sentence with file, line and remedy, and a documented exit code.

use std::os::unix::fs::PermissionsExt;

use crate::home::{Done, Home, ids};

/// Asserts that the command failed with this code and one sentence that contains all of `wanted`.
#[track_caller]
fn refused(done: &Done, code: i32, wanted: &[&str]) {
    assert_eq!(done.code, code, "{done:?}");
    assert!(done.out.is_empty(), "{done:?}");
    assert!(done.said.starts_with("rowsmith: "), "{done:?}");
    for words in wanted {
        assert!(done.said.contains(words), "{words:?} is not in {:?}", done.said);
    }
}

fn new<'a>(data: &'a str, target: &'a str) -> Vec<&'a str> {
    vec!["new", "s", "--data", data, "--text", "text", "--label", "label", "--target", target]
}

#[test]
fn a_session_that_is_not_there_is_named_with_what_there_is() {
    let home = Home::new();
    refused(&home.run(&["rows", "nix"]), 2, &["no session `nix`", "tickets", "rowsmith new"]);
    std::fs::create_dir(home.path().join("empty")).unwrap();
    refused(&home.run(&["rows", "empty"]), 2, &["empty", "session.toml", "rowsmith new"]);
}

#[test]
fn a_word_that_is_no_command_is_taken_for_a_session() {
    let home = Home::new();
    let session = home.small_session();
    // It gets as far as the terminal that is not there.
    refused(&home.run(&[&session]), 1, &["no terminal"]);
    refused(&home.run(&["sampel"]), 2, &["`sampel` is no command", "rowsmith --help"]);
    refused(&home.run(&["tickets", "rows", "tickets"]), 2, &["`tickets` stands before the command"]);
}

#[test]
fn a_malformed_session_file_is_told_with_its_line() {
    let home = Home::new();
    home.write("s/session.toml", "name = \"s\"\n[dataset\npath = 1\n");
    refused(&home.run(&["rows", "s"]), 2, &["session.toml", "line 2"]);
    home.write(
        "s/session.toml",
        "[dataset]\npath = \"d.csv\"\ntext = \"text\"\nlabel = \"label\"\n[target]\nlabel = \"a\"\n[generator]\nrows_per_reqest = 5\n",
    );
    refused(
        &home.run(&["rows", "s"]),
        2,
        &["session.toml", "line 8", "`rows_per_reqest`", "`rows_per_request`"],
    );
}

#[test]
fn a_dataset_without_the_column_lists_those_it_has() {
    let home = Home::new();
    home.write("d.csv", "id,texts,label\n1,hello,a\n");
    refused(&home.run(&new("d.csv", "a")), 2, &["d.csv", "`text`", "`texts`"]);
    assert!(!home.path().join("s").exists(), "a session was half made");
}

#[test]
fn an_unknown_label_is_told_with_the_labels() {
    let home = Home::new();
    home.write("d.csv", "text,label\nhello,spam\nbye,ham\n");
    refused(&home.run(&new("d.csv", "spma")), 2, &["`spma`", "`spam`", "`ham`"]);
}

#[test]
fn bytes_that_are_no_utf8_are_told_with_their_line() {
    let home = Home::new();
    home.write("d.csv", b"text,label\nhello,a\nh\xe9llo,a\n");
    refused(&home.run(&new("d.csv", "a")), 2, &["d.csv", "line 3", "UTF-8"]);
}

#[test]
fn an_empty_file_and_one_with_a_header_only_are_told() {
    let home = Home::new();
    home.write("d.csv", "");
    refused(&home.run(&new("d.csv", "a")), 2, &["d.csv", "empty"]);
    home.write("h.csv", "text,label\n");
    refused(&home.run(&new("h.csv", "a")), 2, &["h.csv"]);
}

#[test]
fn a_ragged_record_is_told_with_its_line() {
    let home = Home::new();
    home.write("d.csv", "text,label\nhello,a\n\"two\nlines\",a\nhello, world,a\n");
    refused(&home.run(&new("d.csv", "a")), 2, &["d.csv, line 5", "3 fields", "2"]);
}

#[test]
fn a_json_line_that_does_not_parse_is_told_with_its_line() {
    let home = Home::new();
    home.write("d.jsonl", "{\"text\":\"a\",\"label\":\"a\"}\n{\"text\":\n");
    refused(&home.run(&new("d.jsonl", "a")), 2, &["d.jsonl, line 2"]);
}

#[test]
fn a_folder_that_cannot_be_written_leaves_nothing_behind() {
    let home = Home::new();
    let session = home.small_session();
    home.ok(&["sample", &session, "-n", "2"]);
    home.ok(&["accept", &session, "--filter", "state:pending"]);
    let file = home.write("not-a-folder", "x");
    let out = format!("{}/out.csv", file.display());
    refused(&home.run(&["export", &session, "--format", "csv", "--out", &out]), 1, &["out.csv"]);
    refused(
        &home.run(&["export", &session, "--format", "csv", "--out", "no/where.csv"]),
        1,
        &["no/where.csv", "no folder"],
    );
    let store = format!("{}/store", file.display());
    refused(&home.run(&["--store", &store, "sample", &session, "-n", "1"]), 1, &["not-a-folder"]);
}

#[test]
fn a_read_only_folder_is_told_with_the_way_out() {
    let home = Home::new();
    let session = home.small_session();
    let folder = home.path().join("locked");
    std::fs::create_dir(&folder).unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o500)).unwrap();
    if std::fs::write(folder.join("probe"), "x").is_ok() {
        eprintln!("skipped: this user may write everywhere");
        return;
    }
    let done = home.run(&["--store", "locked/store", "sample", &session, "-n", "1"]);
    refused(&done, 1, &["locked", "--store DIR"]);
}

#[test]
fn standard_output_that_is_no_terminal_is_told() {
    let home = Home::new();
    refused(&home.run(&["open", "tickets"]), 1, &["no terminal", "rowsmith rows"]);
    refused(&home.run(&[]), 1, &["no terminal"]);
}

#[test]
fn row_ids_that_fit_none_or_are_too_short_are_named() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "3"]);
    let rows = ids(&home.lines(&["rows", "tickets", "--json"]));
    refused(&home.run(&["accept", "tickets", "zzzzzzzzzz"]), 2, &["no row `zzzzzzzzzz`", "rowsmith rows"]);
    refused(&home.run(&["accept", "tickets", "abc"]), 2, &["`abc`", "four characters"]);
    refused(&home.run(&["accept", "tickets", &rows[0], "zzzzz"]), 2, &["`zzzzz`"]);
    assert!(home.lines(&["rows", "tickets", "--filter", "state:accepted", "--json"]).is_empty());
}

#[test]
fn fields_filters_formats_and_ratings_that_are_wrong_are_named() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "1"]);
    let row = &ids(&home.lines(&["rows", "tickets", "--json"]))[0];
    refused(&home.run(&["edit", "tickets", row, "--set", "tone=calm"]), 2, &["`tone`", "`text`"]);
    refused(&home.run(&["edit", "tickets", row, "--set", "text= "]), 2, &["`text`"]);
    refused(&home.run(&["edit", "tickets", row, "--set", "text"]), 2, &["FIELD=VALUE"]);
    refused(&home.run(&["rows", "tickets", "--filter", "stat:pending"]), 2, &["`stat", "state"]);
    refused(
        &home.run(&["export", "tickets", "--format", "xls", "--out", "o"]),
        2,
        &["`xls`", "jsonl", "csv"],
    );
    refused(&home.run(&["accept", "tickets", row, "--rating", "6"]), 2, &["6", "1 to 5"]);
    refused(&home.run(&["sample", "tickets", "--provider", "opnai"]), 2, &["`opnai`", "openai"]);
    refused(&home.run(&["sample", "tickets", "--prompt", "v7"]), 2, &["`v7`"]);
    refused(&home.run(&["runs", "tickets", "9"]), 2, &["run 9"]);
    refused(&home.run(&["--theme", "nix", "open", "tickets"]), 1, &["no terminal"]);
}

#[test]
fn a_session_is_never_overwritten() {
    let home = Home::new();
    home.small_session();
    home.write("d.csv", "text,label\nhello,a\nbye,b\n");
    let mut args = new("d.csv", "a");
    args[1] = "small";
    refused(&home.run(&args), 2, &["small", "is there already"]);
}

#[test]
fn escape_sequences_are_shown_and_never_obeyed() {
    let home = Home::new();
    let evil = "\u{1b}[2J\u{1b}]0;gone\u{7}\u{9b}31mred\u{202e}";
    let parts =
        ["Close it for us", "Send a letter", "We move in May", "The price rose", "Nobody called back"];
    let row = |n: usize| {
        format!("{evil} {}. {}. {}.,a\n", parts[n % 5], parts[(n + 1) % 5], parts[(n / 5 + 2 + n) % 5])
    };
    home.write("d.csv", format!("text,label\n{}plain,b\n", (0..15).map(row).collect::<String>()));
    let data = home.write(&format!("d{}.csv", "\u{1b}[31m"), "text\nx\n");
    home.ok(&new("d.csv", "a"));
    home.ok(&["sample", "s", "-n", "1"]);
    let rows = ids(&home.lines(&["rows", "s", "--json"]));
    if let Some(row) = rows.first() {
        home.ok(&["edit", "s", row, "--set", &format!("text={evil}")]);
    }

    let outputs = [
        home.run(&["rows", "s"]),
        home.run(&["rows", "s", "--json"]),
        home.run(&["log", "s"]),
        home.run(&["rows", evil]),
        home.run(&["accept", "s", evil]),
        home.run(&new(data.to_str().unwrap(), "a")),
    ];

    for done in outputs {
        for output in [&done.out, &done.said] {
            let obeyed = output.chars().find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
            assert_eq!(obeyed, None, "{output:?}");
        }
    }
    assert!(!rows.is_empty());
    let kept = &home.lines(&["rows", "s", "--json"])[0];
    assert_eq!(kept["fields"]["text"], evil, "the data itself stays as it is");
}
