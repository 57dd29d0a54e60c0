//! Plans and the coverage map, through the real binary, against a server on loopback.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::home::{Home, text};
use crate::model_server::{Manner, ModelServer};

/// Three topics and four tones: `bank` weighs twice as much, and `rude` is for `prize` only.
const VARIABLES: &str = "[variables]\n\
    topic = [\"prize\", { value = \"bank\", weight = 2 }, \"delivery\"]\n\
    tone = [\"calm\", \"alarmed\", \"friendly\", { value = \"rude\", when = { topic = \"prize\" } }]\n";

/// Makes a session whose first prompt has these variables.
fn session(home: &Home, variables: &str) {
    let two =
        |n| format!("\"Please end it by day {n}.\",leave,t{}\n\"How do I set up {n}?\",ask,other\n", n % 3);
    let rows = (0..12).map(two).collect::<Vec<_>>().concat();
    home.write("plans/small.csv", format!("text,label,topic\n{rows}"));
    home.write(
        "plans/session.toml",
        format!(
            "[dataset]\npath = \"small.csv\"\ntext = \"text\"\nlabel = \"label\"\n[target]\nlabel = \"leave\"\n\
             [generator]\nrows_per_request = 5\nconcurrency = 3\n{variables}\
             [prompt]\nuser = \"Write {{{{ n }}}} about {{{{ topic }}}}.\"\n"
        ),
    );
}

fn named(variables: &Value) -> String {
    format!("{} {}", text(variables, "topic"), text(variables, "tone"))
}

/// Returns how many rows the session has of each topic and tone.
fn counts(home: &Home) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for row in home.lines(&["rows", "plans", "--json"]) {
        *counts.entry(named(&row["variables"])).or_insert(0) += 1;
    }
    counts
}

fn quotas(plan: &Value) -> BTreeMap<String, u64> {
    let lines = plan["combinations"].as_array().unwrap();
    let of = |line: &Value| (named(&line["variables"]), line["rows"].as_u64().unwrap());
    lines.iter().map(of).filter(|(_, rows)| *rows > 0).collect()
}

#[test]
fn a_grid_is_filled_with_exact_quotas_also_when_it_was_stopped() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Rows));
    session(&home, VARIABLES);
    let grid = ["--plan", "grid", "--seed", "7", "--base-url", server.url(), "--model", "tiny"];
    let plan = home.ok(&[&["plan", "plans", "-n", "48", "--json"][..], &grid].concat()).json();
    let expected = quotas(&plan);
    assert_eq!((expected["prize rude"], expected["bank calm"], expected["delivery friendly"]), (3, 8, 4));
    assert_eq!((expected.len(), expected.values().sum::<u64>()), (10, 48));
    assert_eq!(server.requests().len(), 0);

    let stopped = home.run(&[&["sample", "plans", "-n", "48", "--budget-requests", "6"][..], &grid].concat());
    assert_eq!(stopped.code, 1, "{stopped:?}");
    let so_far = counts(&home);
    assert!(so_far.values().sum::<u64>() < 48 && so_far.iter().all(|(name, rows)| *rows <= expected[name]));
    home.ok(&["sample", "plans", "--resume", "--budget-requests", "90"]);

    assert_eq!(counts(&home), expected);
    // The server writes five rows whatever it is asked for: 13 requests are all that the plan needs.
    assert_eq!((plan["requests"].as_u64(), server.requests().len()), (Some(13), 13));
    let run = home.lines(&["runs", "plans", "--json"]).remove(0);
    assert_eq!(run["plan"]["mode"], "grid");
}

#[test]
fn balance_fills_holes_and_a_value_that_is_set_is_in_all_rows() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Rows));
    session(&home, VARIABLES);
    let server = ["--base-url", server.url(), "--model", "tiny", "--rows-per-request", "1"];
    home.ok(
        &[&["sample", "plans", "-n", "9", "--set", "topic=bank", "--set", "tone=calm"][..], &server].concat()
    );
    assert_eq!(counts(&home), [("bank calm".to_owned(), 9)].into());

    home.ok(&[&["sample", "plans", "-n", "9", "--plan", "balanced"][..], &server].concat());

    let filled = counts(&home);
    assert_eq!((filled.len(), filled["bank calm"], filled.values().sum::<u64>()), (10, 9, 18));
    let map = home.ok(&["coverage", "plans", "--down", "topic", "--json"]).json();
    assert_eq!((&map["holes"], &map["elsewhere"]), (&0.into(), &0.into()));
    let cells = map["cells"].as_array().unwrap();
    let cell = cells.iter().find(|cell| named(&cell["variables"]) == "bank rude").unwrap();
    assert_eq!((&cell["possible"], &cell["pending"]), (&false.into(), &0.into()));
    let shown = home.ok(&["coverage", "plans"]).out;
    assert!(shown.contains("0 + 9") && shown.contains("0 holes"), "{shown}");
}

#[test]
fn values_come_from_a_file_and_from_train_rows_and_stay_with_the_version() {
    let home = Home::new();
    let variables = "[variables]\ntopic = { file = \"topics.txt\" }\n\
                     tone = { column = \"topic\" }\nage = { from = 18, to = 20 }\n";
    session(&home, variables);
    let missing = home.run(&["prompt", "list", "plans"]);
    assert_eq!(missing.code, 2, "{missing:?}");
    assert!(missing.said.contains("topics.txt"), "{}", missing.said);
    home.write("plans/topics.txt", "bank\n\nprize\nbank\n");

    let plan = home.ok(&["plan", "plans", "-n", "24", "--plan", "grid", "--json"]).json();

    // Two topics, four values of the train rows' column, three ages.
    assert_eq!(quotas(&plan).len(), 8, "{plan}");
    assert_eq!(plan["combinations"].as_array().unwrap().len(), 24);
    let shown = home.ok(&["prompt", "show", "plans", "v1"]).out;
    home.write("plans/topics.txt", "loan\n");
    assert_eq!(home.ok(&["prompt", "show", "plans", "v1"]).out, shown);
    assert!(shown.starts_with("+++\n") && shown.contains("\"bank\"") && !shown.contains("loan"), "{shown}");
    home.write("v1.md", &shown);
    home.ok(&["prompt", "add", "plans", "v1.md"]);
    assert_eq!(home.lines(&["prompt", "list", "plans", "--json"]).len(), 1, "it is the same version");
}

#[test]
fn what_cannot_be_planned_is_refused_with_a_sentence() {
    let home = Home::new();
    session(&home, VARIABLES);
    let refused = |args: &[&str], sentence: &str| {
        let done = home.run(args);
        assert_eq!(done.code, 2, "{done:?}");
        assert!(done.said.contains(sentence), "{}", done.said);
    };
    refused(&["sample", "plans", "--plan", "grid"], "The offline generator reads no variables");
    refused(&["sample", "plans", "--plan", "full"], "give random, balanced or grid");
    refused(&["plan", "plans", "--set", "topic=loan"], "`topic` is never `loan`");
    refused(&["plan", "plans", "--set", "topic=bank", "--set", "tone=rude"], "allow no combination");
    refused(&["plan", "plans", "--set", "topic"], "such as topic=bank");
    refused(&["coverage", "plans", "--down", "age"], "There is no variable `age`");
    let home = Home::new();
    session(&home, "[variables]\ntopic = { file = \"../../.ssh/id\" }\n");
    let done = home.run(&["prompt", "list", "plans"]);
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.said.contains("must be a file in the session's folder"), "{}", done.said);
}

#[test]
fn no_variable_brings_a_row_for_testing_to_a_model() {
    let home = Home::new();
    session(&home, "[variables]\ntopic = { file = \"small.csv\", column = \"text\" }\n");

    let refused = home.run(&["plan", "plans"]);

    assert_eq!(refused.code, 2, "{}", refused.said);
    assert!(refused.said.contains("that no prompt may show"), "{}", refused.said);
    let twice = home.run(&["plan", "tickets", "--set", "topic=a", "--set", "topic=b"]);
    assert!(twice.code == 2 && twice.said.contains("two values, `a` and `b`"), "{}", twice.said);
}

#[test]
fn a_variable_is_a_condition_of_every_command_that_filters() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Rows));
    session(&home, "[variables]\ntopic = [\"bank\", \"parcel\"]\n");
    home.ok(&[
        "sample",
        "plans",
        "-n",
        "20",
        "--plan",
        "grid",
        "--base-url",
        server.url(),
        "--model",
        "tiny",
    ]);
    let filtered = |args: &[&str]| home.ok(&[args, &["--filter", "topic:bank"]].concat());
    assert_eq!(filtered(&["rows", "plans", "--json"]).lines().len(), 10);
    let facets = filtered(&["facets", "plans"]).out;
    assert!(facets.contains("bank") && !facets.contains("parcel"), "{facets}");
    filtered(&["duplicates", "plans"]);
    let replaced = filtered(&["replace", "plans", "--find", "^", "--with", "!", "--dry-run", "--json"]);
    assert_eq!(replaced.lines().len(), 10);
    filtered(&["accept", "plans"]);
    filtered(&["export", "plans", "--out", "bank.jsonl"]);
    let exported = fs::read_to_string(home.path().join("bank.jsonl")).unwrap();
    assert_eq!(exported.lines().count(), 10);
}
