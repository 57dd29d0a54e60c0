//! Decisions, edits and the way back, through the real binary.

use std::fs;

use crate::home::{Home, ids, text};

fn operations(home: &Home) -> usize {
    home.lines(&["log", "tickets", "--json"]).len()
}

#[test]
fn a_decision_that_changes_nothing_is_no_operation_and_says_so() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "6"]);
    let all = ids(&home.lines(&["rows", "tickets", "--json"]));
    home.ok(&["accept", "tickets", &all[0], "--rating", "4", "--tag", "good"]);
    home.ok(&["reject", "tickets", &all[1], "--reason", "dull"]);
    home.ok(&["skip", "tickets", &all[2]]);
    let before = operations(&home);

    for (args, said) in [
        (vec!["accept", "tickets", &all[0]], "The row is accepted already; nothing was changed."),
        (vec!["accept", "tickets", &all[0], "--rating", "4"], "The row is accepted already"),
        (vec!["accept", "tickets", &all[0], "--tag", "good"], "The row is accepted already"),
        (vec!["reject", "tickets", &all[1], "--reason", "dull"], "The row is rejected already"),
        (vec!["skip", "tickets", "--filter", "state:skipped"], "The row is skipped already"),
        (vec!["edit", "tickets", &all[3], "--set", "label=urgent"], "There is no label `urgent`"),
    ] {
        let done = home.run(&args);
        assert!(done.said.contains(said), "{args:?}: {}", done.said);
    }
    assert_eq!(operations(&home), before);

    let said = home.ok(&["accept", "tickets", "--filter", "number<=1"]).said;
    assert!(said.contains("already"), "{said}");
    let said = home.ok(&["accept", "tickets", "--filter", "number:1", "--rating", "5"]).said;
    assert!(said.contains("1 row accepted."), "{said}");
    let said = home.ok(&["accept", "tickets", &all[0], &all[3], &all[4]]).said;
    assert!(said.contains("2 rows accepted; 1 was accepted already and did not change."), "{said}");
    let log = home.lines(&["log", "tickets", "--json"]);
    assert_eq!(log.last().unwrap()["rows"], 2);
}

#[test]
fn an_edit_is_one_row_in_the_log_and_the_same_edit_none() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "2"]);
    let id = ids(&home.lines(&["rows", "tickets", "--json"]))[0].clone();

    home.ok(&["edit", "tickets", &id, "--set", "text=Please cancel my order at once"]);
    let again = home.ok(&["edit", "tickets", &id, "--set", "text=Please cancel my order at once"]);

    assert!(again.said.contains("says this already"), "{}", again.said);
    home.ok(&["undo", "tickets"]);
    let log = home.lines(&["log", "tickets", "--json"]);
    let (edit, undo) = (&log[log.len() - 2], &log[log.len() - 1]);
    assert_eq!((&edit["kind"], &edit["rows"]), (&"edit".into(), &1.into()));
    assert_eq!((&undo["kind"], &undo["rows"]), (&"undo".into(), &1.into()));
    assert!(home.ok(&["store", "verify", "tickets"]).out.starts_with("whole: "));
}

#[test]
fn a_row_gets_another_label_that_exports_and_the_original_is_kept() {
    let home = Home::new();
    let session = home.small_session();
    home.ok(&["sample", &session, "-n", "2"]);
    let rows = home.lines(&["rows", &session, "--json"]);
    let (id, before) = (text(&rows[0], "id").to_owned(), text(&rows[0], "label").to_owned());
    let split = home.ok(&["export", &session, "--format", "jsonl", "--with-real", "--out", "real.jsonl"]);
    assert_eq!(split.code, 0);
    let real = fs::read_to_string(home.path().join("real.jsonl")).unwrap();
    let labels = real.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let other = labels.map(|row| text(&row, "label").to_owned()).find(|label| *label != before).unwrap();

    let wrong = home.run(&["edit", &session, &id, "--set", &format!("label={}", other.to_uppercase())]);
    assert_eq!(wrong.code, 2, "{wrong:?}");
    assert!(wrong.said.contains(&format!("did you mean `{other}`?")), "{}", wrong.said);
    home.ok(&["edit", &session, &id, "--set", &format!("label={other}")]);
    home.ok(&["accept", &session, &id]);

    let row = &home.lines(&["rows", &session, "--filter", &format!("id:{id}"), "--json"])[0];
    assert_eq!((text(row, "label"), text(&row["original"], "label")), (other.as_str(), before.as_str()));
    home.ok(&["export", &session, "--format", "csv", "--out", "accepted.csv"]);
    let csv = fs::read_to_string(home.path().join("accepted.csv")).unwrap();
    assert!(csv.lines().nth(1).unwrap().contains(&format!(",{other},")), "{csv}");
    home.ok(&["edit", &session, &id, "--set", &format!("label={before}")]);
    let row = &home.lines(&["rows", &session, "--filter", &format!("id:{id}"), "--json"])[0];
    assert!(row["original"].is_null(), "back as it was generated: {row}");
}

#[test]
fn a_filter_for_a_label_that_there_is_not_says_so() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "2"]);
    let label = text(&home.lines(&["rows", "tickets", "--json"])[0], "label").to_owned();
    let filter = format!("label:\"{}\"", label.to_uppercase());
    for command in ["rows", "accept"] {
        let done = home.ok(&[command, "tickets", "--filter", &filter]);
        assert!(done.said.contains(&format!("did you mean `{label}`?")), "{command}: {}", done.said);
    }
}

#[test]
fn a_version_is_put_into_the_editor_and_the_draft_that_it_replaced_comes_back() {
    let home = Home::new();
    home.write("two.md", "Write {{ n }} messages of {{ label }}. Two.");
    home.ok(&["prompt", "add", "tickets", "two.md"]);
    let show = |reference: &str| home.ok(&["prompt", "show", "tickets", reference]).out;
    assert_eq!(show("draft"), show("v2"), "the editor begins with the latest version");
    assert_eq!(home.run(&["prompt", "show", "tickets", "replaced"]).code, 2);

    let used = home.ok(&["prompt", "use", "tickets", "v1"]).said;
    assert!(used.contains("main@v1 is in the editor."), "{used}");
    assert_eq!(show("draft"), show("v1"));
    assert!(home.ok(&["prompt", "use", "tickets", "v1"]).said.contains("is in the editor already"));

    let store = home.ok(&["store", "path", "tickets"]).out.trim().to_owned();
    let file = home.path().join(store).join("draft.json");
    let draft = fs::read_to_string(&file).unwrap().replace("\"user\": \"", "\"user\": \"My own words. ");
    fs::write(&file, draft).unwrap();
    let mine = show("draft");
    assert!(mine.contains("My own words. "), "{mine}");
    let diff = home.ok(&["prompt", "diff", "tickets", "v1", "draft"]).out;
    assert!(diff.contains("+ My own words. "), "{diff}");

    let used = home.ok(&["prompt", "use", "tickets", "v2"]).said;
    assert!(used.contains("`prompt use SESSION replaced` brings back the draft"), "{used}");
    assert_eq!((show("draft"), show("replaced")), (show("v2"), mine.clone()));
    home.ok(&["prompt", "use", "tickets", "replaced"]);
    assert_eq!(show("draft"), mine);
    assert_eq!(home.run(&["prompt", "use", "tickets", "v9"]).code, 2);
}
