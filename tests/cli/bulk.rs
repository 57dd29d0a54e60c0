//! Changes of many rows, through the real binary.

use serde_json::{Value, json};

use crate::home::{Home, ids, text};

fn last_operation(home: &Home, session: &str) -> Value {
    home.lines(&["log", session, "--json"]).pop().unwrap()
}

#[test]
fn many_rows_get_another_label_as_one_operation_and_one_undo_takes_it_back() {
    let home = Home::new();
    let session = home.small_session();
    home.ok(&["sample", &session, "-n", "3"]);
    let rows = home.lines(&["rows", &session, "--json"]);
    let before = text(&rows[0], "label").to_owned();
    let split = home.lines(&["split", &session, "--json"]);
    let other = split.iter().map(|row| text(row, "label")).find(|label| *label != before).unwrap().to_owned();

    let wrong = home.run(&["label", &session, "--filter", "state:any", "--as", "nonsense"]);
    assert_eq!((wrong.code, wrong.said.contains("There is no label `nonsense`")), (2, true), "{wrong:?}");
    let said = home.ok(&["label", &session, "--filter", "state:pending", "--as", &other]).said;
    assert!(said.contains(&format!("3 rows labelled `{other}`.")), "{said}");
    let operation = last_operation(&home, &session);
    assert_eq!((&operation["kind"], &operation["rows"]), (&json!("relabel"), &json!(3)));
    let relabelled = home.lines(&["rows", &session, "--filter", &format!("label:{other}"), "--json"]);
    assert_eq!(relabelled.len(), 3);
    assert_eq!(relabelled[0]["original"]["text"], relabelled[0]["fields"]["text"]);
    let again = home.ok(&["label", &session, "--filter", "state:pending", "--as", &other]).said;
    assert!(again.contains("nothing was changed"), "{again}");

    home.ok(&["undo", &session]);
    assert_eq!(home.lines(&["rows", &session, "--json"]), rows);
    assert!(home.ok(&["store", "verify", &session]).out.starts_with("whole: "));
}

#[test]
fn tags_are_added_to_many_rows_and_taken_from_them() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "4"]);
    let all = ids(&home.lines(&["rows", "tickets", "--json"]));
    home.ok(&["accept", "tickets", &all[0], "--tag", "keep", "--tag", "dull"]);
    let piped = all[..3].join("\n");
    let done = home.run_with(&["tag", "tickets", "-", "--add", "odd", "--remove", "dull"], &piped);
    assert_eq!((done.code, done.said.contains("3 rows tagged so.")), (0, true), "{done:?}");
    let tags: Vec<Value> =
        home.lines(&["rows", "tickets", "--json"]).into_iter().map(|row| row["tags"].clone()).collect();
    assert_eq!(tags, [json!(["keep", "odd"]), json!(["odd"]), json!(["odd"]), json!([])]);
    assert_eq!(home.run(&["tag", "tickets", "--filter", "state:any"]).code, 2, "no tag is named");
    home.ok(&["undo", "tickets"]);
    assert_eq!(home.lines(&["rows", "tickets", "--json"])[0]["tags"], json!(["dull", "keep"]));
}

#[test]
fn a_replacement_is_shown_first_then_done_as_one_operation_and_the_originals_are_kept() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "5"]);
    let rows = home.lines(&["rows", "tickets", "--json"]);
    let first = text(&rows[0]["fields"], "text").to_owned();
    let word = first.split_whitespace().next().unwrap();
    let find = format!("^({word})");
    let args = |more: &[&'static str]| {
        let mut args = vec!["replace", "tickets", "--find", find.as_str(), "--with", "${1}X"];
        args.extend_from_slice(more);
        args.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let run = |more: &[&'static str]| {
        let args = args(more);
        home.ok(&args.iter().map(String::as_str).collect::<Vec<_>>())
    };

    let shown = run(&["--dry-run"]);
    assert!(shown.out.contains(&format!("[-{word}-]{{+{word}X+}}")), "{}", shown.out);
    assert!(shown.said.contains("nothing was changed"), "{}", shown.said);
    let lines = run(&["--dry-run", "--json"]).lines();
    assert_eq!(text(&lines[0], "after"), first.replacen(word, &format!("{word}X"), 1));
    assert_eq!(home.lines(&["rows", "tickets", "--json"]), rows);

    let done: Value = serde_json::from_str(&run(&["--json"]).out).unwrap();
    assert_eq!((&done["rows"], &done["refused"]), (&json!(lines.len()), &json!(0)));
    let operation = last_operation(&home, "tickets");
    assert_eq!((&operation["kind"], &operation["rows"]), (&json!("edit"), &json!(lines.len())));
    let after = home.lines(&["rows", "tickets", "--json"]);
    assert_eq!(after[0]["original"]["text"], json!(first));
    home.ok(&["undo", "tickets"]);
    assert_eq!(home.lines(&["rows", "tickets", "--json"]), rows);
}

#[test]
fn what_would_be_no_row_is_left_as_it_is_and_a_wrong_pattern_is_refused() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "2"]);
    let rows = home.lines(&["rows", "tickets", "--json"]);
    let emptied = home.ok(&["replace", "tickets", "--find", "(?s).*", "--with", ""]);
    assert!(emptied.said.contains("Nothing was replaced."), "{}", emptied.said);
    assert!(emptied.said.contains("2 rows left as they are") && emptied.said.contains("is empty"));
    assert_eq!(home.lines(&["rows", "tickets", "--json"]), rows);
    for (args, why) in [
        (["--find", "(", "--with", ""], "The pattern cannot be read"),
        (["--find", "a", "--with", "$1b"], "The pattern has no group `1b`"),
    ] {
        let args = [&["replace", "tickets"][..], &args].concat();
        let wrong = home.run(&args);
        assert_eq!((wrong.code, wrong.said.contains(why)), (2, true), "{wrong:?}");
    }
    let field = home.run(&["replace", "tickets", "--find", "a", "--with", "b", "--field", "tune"]);
    assert_eq!((field.code, field.said.contains("declares no field `tune`")), (2, true), "{field:?}");
}
