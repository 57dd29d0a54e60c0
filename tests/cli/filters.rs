//! Filters on the command line: the same language as on the screen, orders, saved views, and places of errors.

use std::fs;

use crate::home::{Home, ids};

/// Returns a home with a session that has twenty rows.
fn sampled() -> (Home, String) {
    let home = Home::new();
    let session = home.small_session();
    home.ok(&["sample", &session, "-n", "20"]);
    (home, session)
}

fn lengths(home: &Home, args: &[&str]) -> Vec<usize> {
    let rows = home.lines(args);
    rows.iter().map(|row| row["fields"]["text"].as_str().unwrap().chars().count()).collect()
}

#[test]
fn alternatives_brackets_ranges_and_expressions_find_their_rows() {
    let (home, session) = sampled();
    home.ok(&["accept", &session, "--filter", "number:3 or number:18..", "--tag", "kept"]);
    let found = |filter: &str| ids(&home.lines(&["rows", &session, "--filter", filter, "--json"])).len();
    for (filter, rows) in [
        ("state:accepted", 4),
        ("-(number:..2 or tag:*)", 14),
        ("tag:kept and number<10", 1),
        ("text~/./", 20),
        ("text~/#{9}/ OR number:7", 1),
        ("prompt:v1..v3", 20),
    ] {
        assert_eq!(found(filter), rows, "{filter}");
    }
}

#[test]
fn an_order_in_a_filter_orders_the_rows_and_what_decides_refuses_it() {
    let (home, session) = sampled();
    let sorted = lengths(&home, &["rows", &session, "--filter", "sort:-length", "--json"]);
    assert_eq!(sorted.len(), 20);
    assert!(sorted.is_sorted_by(|a, b| a >= b), "{sorted:?}");
    let first = lengths(&home, &["rows", &session, "--filter", "sort:-length", "--limit", "3", "--json"]);
    assert_eq!(first, sorted[..3]);
    let refused = home.run(&["accept", &session, "--filter", "sort:length"]);
    assert_eq!(refused.code, 2);
    assert!(refused.said.contains("`sort:` orders rows and filters none"), "{}", refused.said);
}

#[test]
fn an_error_points_at_its_place() {
    let (home, session) = sampled();
    let refused = home.run(&["rows", &session, "--filter", "number:3 state:pendig"]);
    assert_eq!(refused.code, 2);
    assert_eq!(
        refused.said,
        "rowsmith: There is no state `pendig`; did you mean `pending`?\n  number:3 state:pendig\n                 ^^^^^^\n"
    );
}

#[test]
fn the_rows_of_a_view_that_the_screen_saved_are_listed_in_its_order() {
    let (home, session) = sampled();
    let screen = home.path().join(&session).join(".rowsmith/screen.json");
    fs::write(screen, r#"{"views":{"short ones":"number<=9 sort:length"}}"#).unwrap();
    let listed = lengths(&home, &["rows", &session, "--view", "short ones", "--json"]);
    assert_eq!(listed.len(), 9);
    assert!(listed.is_sorted(), "{listed:?}");
    let refused = home.run(&["rows", &session, "--view", "short one"]);
    assert_eq!(refused.code, 2);
    assert!(
        refused.said.contains("There is no view `short one`; did you mean `short ones`?"),
        "{}",
        refused.said
    );
}

#[test]
fn what_a_filter_asks_for_and_there_is_not_is_said_on_standard_error() {
    let (home, session) = sampled();
    for (filter, said) in [
        ("prompt:v9", "There is no version `v9`."),
        ("run:7", "There is no run 7; the last one is 1."),
        ("operation:99", "There is no operation 99; the last one is "),
        ("tag:Odd", "No row has the tag `Odd`; none has a tag."),
    ] {
        let found = home.ok(&["rows", &session, "--filter", filter]);
        assert!(found.out.is_empty() && found.said.contains(said), "{filter}: {}", found.said);
    }
}
