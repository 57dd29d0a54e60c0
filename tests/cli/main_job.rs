//! Sample, decide, undo, edit, export: each command sees what the one before it did.

use crate::home::{Home, ids, reference, text, texts};

#[test]
fn what_was_decided_is_what_is_exported() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "12"]);
    let rows = ids(&home.lines(&["rows", "tickets", "--json"]));
    assert_eq!(rows.len(), 12);

    home.ok(&["accept", "tickets", &rows[0], &rows[1], "--rating", "4", "--tag", "calm"]);
    home.ok(&["accept", "tickets", &rows[2][..5]]);
    home.ok(&["reject", "tickets", &rows[3], "--reason", "clumsy join"]);
    home.ok(&["skip", "tickets", &rows[4]]);
    home.ok(&["edit", "tickets", &rows[0], "--set", "text=I am leaving, \"politely\".\nSo there."]);
    home.ok(&["accept", "tickets", &rows[5]]);
    home.ok(&["undo", "tickets"]);

    let rows = home.lines(&["rows", "tickets", "--json"]);
    let states: Vec<_> = rows[..6].iter().map(|row| text(row, "state")).collect();
    assert_eq!(states, ["accepted", "accepted", "accepted", "rejected", "skipped", "pending"]);
    assert_eq!(rows[0]["rating"], 4);
    assert_eq!(rows[0]["tags"][0], "calm");
    assert_eq!(rows[3]["reason"], "clumsy join");
    assert!(rows[0]["original"]["text"].is_string());
    assert_ne!(rows[0]["original"]["text"], rows[0]["fields"]["text"]);

    home.ok(&["export", "tickets", "--format", "csv", "--out", "out.csv"]);
    let mut reader = csv::Reader::from_path(home.path().join("out.csv")).unwrap();
    let exported: Vec<(String, String)> =
        reader.records().map(|r| r.unwrap()).map(|r| (r[0].to_owned(), r[1].to_owned())).collect();
    let wanted: Vec<_> = ids(&rows[..3]).into_iter().zip(texts(&rows[..3])).collect();
    assert_eq!(exported, wanted);

    home.ok(&["export", "tickets", "--format", "jsonl", "--out", "a.jsonl"]);
    home.ok(&["export", "tickets", "--format", "jsonl", "--out", "b.jsonl"]);
    let read = |name: &str| std::fs::read(home.path().join(name)).unwrap();
    assert_eq!(read("a.jsonl"), read("b.jsonl"));
    assert_eq!(String::from_utf8(read("a.jsonl")).unwrap().lines().count(), 3);
}

#[test]
fn undo_and_redo_walk_across_commands() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "5"]);
    home.ok(&["accept", "tickets", "--filter", "number<=2"]);
    home.ok(&["reject", "tickets", "--filter", "state:any"]);
    let count = |state: &str| home.lines(&["rows", "tickets", "--filter", state, "--json"]).len();
    assert_eq!(count("state:rejected"), 5);

    home.ok(&["undo", "tickets", "-n", "2"]);
    assert_eq!(count("state:pending"), 5);
    home.ok(&["redo", "tickets"]);
    assert_eq!(count("state:accepted"), 2);
    home.ok(&["redo", "tickets"]);
    assert_eq!(count("state:rejected"), 5);

    let nothing = home.run(&["redo", "tickets"]);
    assert_eq!((nothing.code, nothing.said.as_str()), (1, "rowsmith: There is nothing to redo.\n"));
    let kinds: Vec<_> =
        home.lines(&["log", "tickets", "--json"]).iter().map(|op| text(op, "kind").to_owned()).collect();
    assert_eq!(kinds[2..], ["sample", "accept", "reject", "undo", "undo", "redo", "redo"]);
}

#[test]
fn a_filter_may_begin_with_what_a_row_must_not_be() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "5"]);
    home.ok(&["accept", "tickets", "--filter", "-number<=2"]);

    let accepted = home.lines(&["rows", "tickets", "--filter", "-state:pending", "--json"]);

    assert_eq!(accepted.len(), 3);
}

#[test]
fn ids_can_be_piped_from_rows_to_a_decision() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "8"]);
    let rows = ids(&home.lines(&["rows", "tickets", "--json"]));

    let done = home.run_with(&["accept", "tickets", "-"], &rows[..3].join("\n"));

    assert_eq!((done.code, done.said.as_str()), (0, "3 rows accepted.\n"));
    let accepted = home.lines(&["rows", "tickets", "--filter", "state:accepted", "--json"]);
    assert_eq!(ids(&accepted), rows[..3]);
}

#[test]
fn real_train_rows_come_behind_accepted_ones_and_test_rows_never() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "3"]);
    home.ok(&["accept", "tickets", "--filter", "state:pending"]);

    home.ok(&["export", "tickets", "--format", "jsonl", "--out", "all.jsonl", "--with-real"]);

    let all = std::fs::read_to_string(home.path().join("all.jsonl")).unwrap();
    let sources: Vec<String> = all
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|row| text(&row, "source").to_owned())
        .collect();
    // 400 rows, of which three tenths of each class are held out.
    assert_eq!(sources.iter().filter(|source| *source == "real").count(), 280);
    assert_eq!(sources[..3], ["synthetic"; 3]);
}

#[test]
fn rows_that_contaminate_the_test_set_are_withheld_and_counted() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "2"]);
    let rows = ids(&home.lines(&["rows", "tickets", "--json"]));
    let real =
        std::fs::read_to_string(home.path().join(".local/share/rowsmith/sessions/tickets/tickets.csv"));
    // Which rows are held out is known by what gets the flag.
    let mut contaminated = false;
    for record in csv::Reader::from_reader(real.unwrap().as_bytes()).records().map(|r| r.unwrap()).take(40) {
        home.ok(&["edit", "tickets", &rows[0], "--set", &format!("text={}", &record[2])]);
        let flagged = home.lines(&["rows", "tickets", "--filter", "flag:contaminates-test", "--json"]);
        if let Some(row) = flagged.first() {
            assert_eq!(row["flags"][0]["other"], record[0]);
            assert_eq!(row["flags"][0]["figure"], 1.0);
            contaminated = true;
            break;
        }
        let copies = home.lines(&["rows", "tickets", "--filter", "flag:copies-real", "--json"]);
        assert_eq!(copies.len(), 1, "{}", &record[2]);
    }
    assert!(contaminated);
    home.ok(&["accept", "tickets", "--filter", "state:any"]);

    let done = home.ok(&["export", "tickets", "--format", "csv", "--out", "o.csv"]);
    assert!(done.said.starts_with("1 accepted row written") && done.said.contains("1 accepted row withheld"));
    let all = home.ok(&[
        "export",
        "tickets",
        "--format",
        "csv",
        "--out",
        "o.csv",
        "--force",
        "--allow-contaminated",
    ]);
    assert!(all.said.starts_with("2 accepted rows written"), "{}", all.said);

    // Undoing the edits takes the flag away again.
    home.ok(&["undo", "tickets", "-n", "50"]);
    assert!(home.lines(&["rows", "tickets", "--filter", "flag:contaminates-test", "--json"]).is_empty());
}

#[test]
fn a_store_can_be_kept_elsewhere() {
    let home = Home::new();
    let session = home.small_session();
    home.ok(&["--store", "elsewhere", "sample", &session, "-n", "4"]);

    assert_eq!(home.lines(&["--store", "elsewhere", "rows", &session, "--json"]).len(), 4);
    assert!(home.lines(&["rows", &session, "--json"]).is_empty());
    let path = home.ok(&["--store", "elsewhere", "store", "path", &session]).out;
    assert_eq!(path.trim_end(), home.path().join("elsewhere").to_str().unwrap());
    assert!(home.ok(&["--store", "elsewhere", "store", "verify", &session]).out.starts_with("whole"));
}

#[test]
fn a_changed_dataset_keeps_its_test_rows_and_says_what_changed() {
    let home = Home::new();
    let session = home.small_session();
    home.ok(&["sample", &session, "-n", "3"]);
    let before = std::fs::read_to_string(home.path().join("small.csv")).unwrap();
    home.write("small.csv", format!("{before}Entirely new words about leaving today.,leave\n"));

    let done = home.ok(&["accept", &session, "--filter", "number=1"]);

    assert!(done.said.contains("The dataset changed:"), "{}", done.said);
    assert!(done.said.contains("1 new row"), "{}", done.said);
    let again = home.ok(&["accept", &session, "--filter", "number=2"]);
    assert!(!again.said.contains("The dataset changed"), "{}", again.said);
}

#[test]
fn the_whole_job_on_real_messages() {
    let Some(data) = reference("sms_spam.csv") else { return };
    let home = Home::new();
    let data = data.to_str().unwrap();
    let columns =
        ["--text", "text", "--label", "label", "--id", "id", "--split", "split", "--target", "spam"];
    home.ok(&[&["new", "sms", "--data", data], &columns[..]].concat());

    let summary = home.ok(&["sample", "sms", "-n", "200", "--json"]).json();
    assert_eq!((&summary["rows"], &summary["status"]), (&200.into(), &"done".into()));
    let rows = home.lines(&["rows", "sms", "--json"]);
    let ids = ids(&rows);
    let accepted = home.run_with(&["accept", "sms", "-"], &ids[..120].join(" "));
    assert_eq!(accepted.code, 0);
    home.ok(&[&["reject", "sms"], &ids[120..].iter().map(String::as_str).collect::<Vec<_>>()[..]].concat());

    home.ok(&["export", "sms", "--format", "jsonl", "--out", "sms.jsonl"]);
    home.ok(&["export", "sms", "--format", "csv", "--out", "sms.csv"]);
    let jsonl = std::fs::read_to_string(home.path().join("sms.jsonl")).unwrap();
    let from_jsonl: Vec<String> = jsonl
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["text"].as_str().unwrap().to_owned()
        })
        .collect();
    let mut reader = csv::Reader::from_path(home.path().join("sms.csv")).unwrap();
    let from_csv: Vec<String> = reader.records().map(|record| record.unwrap()[1].to_owned()).collect();
    let withheld =
        rows[..120].iter().filter(|row| row["flags"].to_string().contains("contaminates-test")).count();
    assert_eq!(from_jsonl.len(), 120 - withheld);
    assert_eq!(from_jsonl, from_csv);
}
