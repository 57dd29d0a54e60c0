//! The way back to any operation, and the counts of what rows are like.

use crate::home::Home;

fn states(home: &Home) -> Vec<String> {
    let rows = home.lines(&["rows", "tickets", "--json"]);
    rows.iter().map(|row| row["state"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn undo_and_redo_go_to_an_operation_in_one_step_that_one_undo_takes_back() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "4"]);
    home.ok(&["accept", "tickets", "--filter", "number<=2"]);
    let target = home.lines(&["log", "tickets", "--json"]).last().unwrap()["operation"].to_string();
    home.ok(&["reject", "tickets", "--filter", "number>2"]);
    home.ok(&["skip", "tickets", "--filter", "number:1"]);
    let before = states(&home);

    let done = home.ok(&["undo", "tickets", "--to", &target]);

    assert!(
        done.said.contains(&format!("undo: 2 steps back to operation {target}, 3 rows changed")),
        "{}",
        done.said
    );
    assert_eq!(states(&home), ["accepted", "accepted", "pending", "pending"]);
    let log = home.lines(&["log", "tickets", "--json"]);
    let last = log.last().unwrap();
    assert_eq!((&last["kind"], last["target"].to_string()), (&"jump".into(), target.clone()));
    let told = home.ok(&["log", "tickets"]).out;
    assert!(told.contains(&format!("jump to {target}")), "{told}");
    assert_eq!(told.matches("(not in effect)").count(), 2, "{told}");
    let holds = |line: &serde_json::Value| line["in_effect"].as_bool().unwrap();
    assert_eq!(log.iter().filter(|line| !holds(line)).count(), 2);

    home.ok(&["undo", "tickets"]);
    assert_eq!(states(&home), before);
    home.ok(&["undo", "tickets", "-n", "2"]);
    let last = log[log.len() - 2]["operation"].to_string();
    home.ok(&["redo", "tickets", "--to", &last]);
    assert_eq!(states(&home), before);
    assert!(home.ok(&["store", "verify", "tickets"]).out.starts_with("whole: "));
}

#[test]
fn a_way_that_leads_nowhere_or_the_other_way_is_refused_with_a_sentence() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "2"]);
    home.ok(&["accept", "tickets", "--filter", "number:1"]);
    let last = home.lines(&["log", "tickets", "--json"]).last().unwrap()["operation"].to_string();
    let refused = |args: &[&str], said: &str| {
        let done = home.run(args);
        assert!(done.code != 0 && done.said.contains(said), "{args:?}: {done:?}");
    };
    refused(&["undo", "tickets", "--to", "999"], "There is no operation 999");
    refused(&["undo", "tickets", "--to", &last], "nothing was changed");
    home.ok(&["undo", "tickets"]);
    refused(&["undo", "tickets", "--to", &last], &format!("`redo --to {last}` goes there"));
    refused(&["undo", "tickets", "--to", &last, "-n", "2"], "--to");
}

#[test]
fn facets_count_the_rows_of_a_filter_and_each_value_has_a_filter() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "5"]);
    home.ok(&["reject", "tickets", "--filter", "number<=2", "--reason", "too dull"]);

    let all = home.ok(&["facets", "tickets", "--json"]).json();
    let rejected = home.ok(&["facets", "tickets", "--filter", "state:rejected", "--json"]).json();

    assert_eq!((&all["rows"], &rejected["rows"]), (&5.into(), &2.into()));
    let states = &all["facets"][0];
    assert_eq!((&states["facet"], &states["values"][0]["value"]), (&"state".into(), &"pending".into()));
    for facet in all["facets"].as_array().unwrap() {
        for value in facet["values"].as_array().unwrap() {
            let filter = value["filter"].as_str().unwrap();
            let found = home.lines(&["rows", "tickets", "--json", "--filter", filter]).len();
            assert_eq!(value["rows"], found, "{filter}");
        }
    }
    let shown = home.ok(&["facets", "tickets"]).out;
    assert!(shown.contains("reason") && shown.contains("2  too dull"), "{shown}");
}

#[test]
fn the_rows_of_an_operation_are_listed_by_its_number() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "4"]);
    home.ok(&["accept", "tickets", "--filter", "number<=3"]);
    let last = home.lines(&["log", "tickets", "--json"]).last().unwrap()["operation"].to_string();
    let rows = home.lines(&["rows", "tickets", "--json", "--filter", &format!("operation:{last} number>1")]);
    assert_eq!(rows.len(), 2);
}
