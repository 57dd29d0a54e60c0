//! Sessions that know only some rows of the target: what shows the others, and what changes how many.

use std::collections::BTreeSet;
use std::fs;

use crate::home::{Done, Home, text, texts};

/// Returns a home with a dataset of 60 rows of `cancel` and 340 others. Each row ends with a word that no other row has,
/// which is also its id.
fn home() -> Home {
    let tickets = concat!(env!("CARGO_MANIFEST_DIR"), "/sessions/tickets/tickets.csv");
    let mut reader = csv::Reader::from_path(tickets).unwrap();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["id", "text", "label"]).unwrap();
    for (number, record) in (0_u8..20).flat_map(|a| (0_u8..20).map(move |b| [a, b])).zip(reader.records()) {
        let record = record.unwrap();
        let word = number
            .map(|letter| char::from(b'a' + letter))
            .iter()
            .fold("word".to_owned(), |word, letter| format!("{word}{letter}"));
        let text = format!("{} Signed {word}.", &record[2]);
        writer.write_record([&word, &text, &record[1]]).unwrap();
    }
    let home = Home::new();
    home.write("d.csv", writer.into_inner().unwrap());
    home
}

fn new<'a>(dir: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let columns = ["--id", "id", "--text", "text", "--label", "label", "--target", "cancel"];
    [&["new", dir, "--data", "d.csv"][..], &columns, more].concat()
}

/// Returns the words of the rows that are held back.
fn held(home: &Home, session: &str) -> BTreeSet<String> {
    let rows = home.lines(&["split", session, "--json"]);
    let held = rows.iter().filter(|row| text(row, "part") == "held_back");
    held.map(|row| text(row, "id").to_owned()).collect()
}

/// Returns the words of rows in a text.
fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    words.filter(|word| word.len() == 6 && word.starts_with("word")).collect()
}

/// Writes the line about known rows of a session file, or takes it out.
fn set(home: &Home, session: &str, line: &str) {
    let file = home.path().join(session).join("session.toml");
    let written = fs::read_to_string(&file).unwrap();
    let rest: Vec<_> = written.lines().filter(|line| !line.starts_with("scarce")).collect();
    fs::write(&file, rest.join("\n").replace("[dataset]", &format!("[dataset]\n{line}"))).unwrap();
}

#[track_caller]
fn refused(done: &Done, says: &str) {
    assert_eq!((done.code, done.out.as_str()), (2, ""), "{done:?}");
    assert!(done.said.contains(says), "{says:?} is not in {}", done.said);
}

#[test]
fn rows_that_are_held_back_are_listed_and_shown_nowhere_else() {
    let home = home();
    let done = home.ok(&new("s", &["--scarce", "12"]));
    assert!(
        done.said.starts_with(
            "s holds a session of 400 real rows: 284 train and 80 test. 12 train rows are `cancel`.\n\
             Labels: `question` (150), `fault` (110), `billing` (80) and `cancel` (24).\n\
             Of 48 train rows of `cancel`, 12 are known and 36 are held back: no prompt, generator, count or export has \
             those.\n"
        ),
        "{done:?}"
    );
    assert!(
        done.said
            .contains("Only 12 known rows are `cancel`, fewer than about 20, since the others are held back")
    );
    let held = held(&home, "s");
    assert_eq!(held.len(), 36);
    assert!(home.ok(&["split", "s"]).out.contains("  held_back  cancel"));

    home.ok(&["sample", "s", "-n", "10"]);
    home.ok(&["accept", "s", "--filter", "state:pending"]);
    let rows = home.lines(&["rows", "s", "--json"]);
    assert!(!rows.is_empty());
    for (args, out) in [
        (vec!["--with-real"], "a.jsonl"),
        (vec!["--real", "train"], "b.csv"),
        (vec!["--real", "test"], "c.tsv"),
        (vec!["--with-real", "--split", "0.8"], "d.jsonl"),
        (vec!["--balance", "cancel=0.1", "--with-real"], "e.jsonl"),
    ] {
        home.ok(&[&["export", "s", "--out", out][..], &args].concat());
    }
    let files = fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.is_file() && !path.ends_with("d.csv"));
    let exported: String = files.map(|path| fs::read_to_string(path).unwrap()).collect();
    assert_eq!(words(&exported).len(), 364, "all others are somewhere");
    let seen = words(&[texts(&rows).join(" "), exported].join(" "));
    assert!(seen.is_disjoint(&held), "{:?}", seen.intersection(&held).collect::<Vec<_>>());
}

#[test]
fn how_many_are_known_is_at_least_one_and_more_than_there_are_hold_none_back() {
    let home = home();
    refused(&home.run(&new("s", &["--scarce", "0"])), "give a whole number from 1");
    assert!(!home.path().join("s").exists());

    let done = home.ok(&new("all", &["--scarce", "49"]));
    assert!(
        done.said.contains("Train has 48 rows of `cancel`, so `scarce = 49` holds none back"),
        "{done:?}"
    );
    let done = home.ok(&new("few", &["--scarce", "3"]));
    assert!(done.said.contains("A prompt would show 5 examples, and only 3 rows are known"), "{done:?}");

    set(&home, "few", "scarce = 0");
    refused(&home.run(&["rows", "few"]), "`scarce` in [dataset] must be a whole number from 1, not `0`");
    let looked = home.run(&["new", "--data", "d.csv", "--scarce", "7"]);
    assert!(looked.out.lines().last().is_some_and(|line| line.ends_with(" --scarce 7")), "{looked:?}");
}

#[test]
fn the_number_may_change_before_the_first_run_and_not_after_it() {
    let home = home();
    home.ok(&new("s", &[]));
    set(&home, "s", "scarce = 12");
    let done = home.ok(&["sample", "s", "-n", "5"]);
    assert!(done.said.contains("12 are known and 36 are held back"), "{done:?}");
    let before = held(&home, "s");

    for (line, says) in [("scarce = 13", "was 12 and is 13 now"), ("", "was 12 and is gone now")] {
        set(&home, "s", line);
        for args in [
            &["sample", "s", "-n", "5"][..],
            &["accept", "s", "--filter", "number=1"],
            &["split", "s", "--json"],
            &["export", "s", "--with-real", "--out", "-"],
            &["export", "s", "--real", "train", "--out", "-"],
        ] {
            let done = home.run(args);
            refused(&done, says);
            assert!(done.said.contains("s/session.toml") && done.said.contains("12"), "{done:?}");
        }
    }
    set(&home, "s", "scarce = 12\nseed = 9");
    let file = home.path().join("s/session.toml");
    let written = fs::read_to_string(&file).unwrap();
    fs::write(
        &file,
        written.lines().filter(|line| !line.starts_with("seed = 42")).collect::<Vec<_>>().join("\n"),
    )
    .unwrap();
    home.ok(&["sample", "s", "-n", "2"]);
    assert_eq!(held(&home, "s"), before, "another seed moves none of them");
}

#[test]
fn rows_sampled_with_all_examples_stay_out_of_a_scarce_session_unless_they_are_imported() {
    let home = home();
    home.ok(&new("full", &[]));
    home.ok(&["sample", "full", "-n", "10"]);
    home.ok(&["accept", "full", "--filter", "state:pending"]);
    home.ok(&["export", "full", "--out", "full.jsonl"]);

    set(&home, "full", "scarce = 12");
    refused(&home.run(&["accept", "full", "--filter", "number=1"]), "was not there and is 12 now");
    refused(&home.run(&["export", "full", "--with-real", "--out", "-"]), "Take it out again");

    // The store of the one session under the file of another one is no way round.
    home.ok(&new("scarce", &["--scarce", "12"]));
    let folder = home.path().join("scarce");
    fs::rename(folder.join(".rowsmith"), folder.join("own")).unwrap();
    fs::rename(home.path().join("full/.rowsmith"), folder.join(".rowsmith")).unwrap();
    home.run(&["store", "adopt", "scarce"]);
    refused(&home.run(&["accept", "scarce", "--filter", "number=1"]), "was not there and is 12 now");
    fs::rename(folder.join(".rowsmith"), folder.join("full")).unwrap();
    fs::rename(folder.join("own"), folder.join(".rowsmith")).unwrap();

    home.ok(&["import", "scarce", "full.jsonl", "--accept"]);
    assert!(!home.lines(&["rows", "scarce", "--filter", "state:accepted", "--json"]).is_empty());
}
