//! The guarantees of the offline generator, tested on rows of the command line.

use std::collections::HashSet;
use std::path::Path;

use rowsmith::api::{NEAR_DUPLICATE, Shingles, jaccard, normalise};

use crate::home::{Home, reference, texts};

/// Returns the column `text` of a CSV file.
fn real_texts(path: &Path) -> Vec<String> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let column = reader.headers().unwrap().iter().position(|name| name == "text").unwrap();
    reader.records().map(|record| record.unwrap()[column].to_owned()).collect()
}

fn hold_to_the_promise(rows: &[String], real: &[String], wanted: usize) {
    assert_eq!(rows.len(), wanted);
    let known: HashSet<_> = real.iter().map(|text| normalise(text)).collect();
    let mut seen = HashSet::new();
    for row in rows {
        let normal = normalise(row);
        assert!(!known.contains(&normal), "a real row: {row}");
        assert!(seen.insert(normal), "twice: {row}");
    }
}

#[test]
fn one_seed_gives_the_same_rows_in_every_fresh_session() {
    let sample = || {
        let home = Home::new();
        home.ok(&["sample", "tickets", "-n", "100", "--seed", "7"]);
        let data = home.path().join(".local/share/rowsmith/sessions/tickets/tickets.csv");
        (texts(&home.lines(&["rows", "tickets", "--json"])), real_texts(&data))
    };
    let (first, real) = sample();
    let (second, _) = sample();

    assert_eq!(first, second);
    hold_to_the_promise(&first, &real, 100);
    let shingles: Vec<_> = real.iter().map(|text| Shingles::of(text)).collect();
    for row in &first {
        let own = Shingles::of(row);
        let nearest = shingles.iter().map(|real| jaccard(&own, real)).fold(0.0, f64::max);
        assert!(nearest < NEAR_DUPLICATE, "{nearest}: {row}");
        assert!((10..=320).contains(&row.chars().count()), "{row}");
    }
}

#[test]
fn another_seed_gives_other_rows() {
    let sample = |seed: &str| {
        let home = Home::new();
        home.ok(&["sample", "tickets", "-n", "5", "--seed", seed]);
        texts(&home.lines(&["rows", "tickets", "--json"]))
    };
    assert_ne!(sample("1"), sample("2"));
}

#[test]
fn two_hundred_rows_can_be_had_from_forty_two() {
    let home = Home::new();
    let first = home.ok(&["sample", "tickets", "-n", "120", "--json"]).json();
    let second = home.ok(&["sample", "tickets", "-n", "80", "--json"]).json();
    assert_eq!((&first["rows"], &second["rows"]), (&120.into(), &80.into()));
    let data = home.path().join(".local/share/rowsmith/sessions/tickets/tickets.csv");
    hold_to_the_promise(&texts(&home.lines(&["rows", "tickets", "--json"])), &real_texts(&data), 200);
}

#[test]
fn two_hundred_rows_of_real_messages_are_the_same_in_every_fresh_session() {
    let Some(data) = reference("sms_spam.csv") else { return };
    let sample = || {
        let home = Home::new();
        let path = data.to_str().unwrap();
        home.ok(&["new", "sms", "--data", path, "--text", "text", "--label", "label", "--target", "spam"]);
        home.ok(&["sample", "sms", "-n", "200", "--seed", "11"]);
        texts(&home.lines(&["rows", "sms", "--json"]))
    };
    let first = sample();
    assert_eq!(first, sample());
    hold_to_the_promise(&first, &real_texts(&data), 200);
}

#[test]
fn a_run_that_cannot_end_keeps_its_rows_and_says_why() {
    let home = Home::new();
    home.write(
        "two.csv",
        "text,label\nGo away now.,leave\nStay here then.,leave\nHello there you.,ask\nBye then me.,ask\n",
    );
    home.ok(&["new", "two", "--data", "two.csv", "--text", "text", "--label", "label", "--target", "leave"]);

    let done = home.run(&["sample", "two", "-n", "500", "--json"]);

    assert_eq!(done.code, 1);
    let summary = done.json();
    assert_eq!(summary["status"], "failed");
    let kept = home.lines(&["rows", "two", "--json"]).len();
    assert_eq!(summary["rows"], kept);
    assert!(done.said.contains("rowsmith: "), "{}", done.said);
}

#[test]
fn the_network_is_refused_where_it_was_asked_for() {
    let home = Home::new();
    let args = ["--offline", "sample", "tickets", "-n", "1", "--provider", "openai", "--model", "m"];
    let done = home.run(&args);
    assert_eq!(done.code, 2);
    assert!(done.said.contains("`--offline` refuses all network"), "{}", done.said);
}
