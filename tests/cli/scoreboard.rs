//! The scoreboard of versions whose rows a person decides one by one, recomputed from what other commands print.

use serde_json::Value;

use crate::home::{Home, reference, text};
use crate::model_server::{Manner, ModelServer};

/// Makes a session of real messages where they are there, else of a few.
fn session(home: &Home) -> String {
    let Some(messages) = reference("sms_spam.csv") else { return home.small_session() };
    let messages = messages.to_str().unwrap();
    let args = "new spam --id id --split split --text text --label label --target spam --data";
    home.ok(&args.split(' ').chain([messages]).collect::<Vec<_>>());
    "spam".to_owned()
}

/// Returns what a person says of a row, with a reason or a rating: good ones are accepted.
fn decide(home: &Home, session: &str, row: &Value) {
    let (id, number) = (text(row, "id"), row["number"].as_u64().unwrap());
    let is_good = row["fields"]["text"].as_str().unwrap().contains("good");
    match (is_good, number % 3) {
        (true, 0) => home.ok(&["accept", session, id, "--rating", "5"]),
        (true, 1) => home.ok(&["accept", session, id, "--rating", "2"]),
        (true, _) => home.ok(&["accept", session, id]),
        (false, 0) => home.ok(&["reject", session, id]),
        (false, 1) => home.ok(&["reject", session, id, "--reason", "dull"]),
        (false, _) => home.ok(&["reject", session, id, "--reason", "says nothing"]),
    };
}

/// Returns the share of a uniform distribution over pairs of rates, weighed by the likelihood, where the first rate is
/// higher: P(better) by adding up a grid.
fn probability(one: (f64, f64), other: (f64, f64)) -> f64 {
    const STEPS: u32 = 4000;
    let weights = |(accepted, rejected): (f64, f64)| {
        let at = |step: u32| (f64::from(step) + 0.5) / f64::from(STEPS);
        let log = |p: f64| accepted * p.ln() + rejected * (1.0 - p).ln();
        let top = log((accepted / (accepted + rejected)).clamp(1e-9, 1.0 - 1e-9));
        (0..STEPS).map(|step| (log(at(step)) - top).exp()).collect::<Vec<f64>>()
    };
    let (own, its) = (weights(one), weights(other));
    let (mut below, mut better) = (0.0, 0.0);
    for (own, its) in own.iter().zip(&its) {
        // Within a step both are equally likely to be the higher one.
        better += own * (below + its / 2.0);
        below += its;
    }
    better / (own.iter().sum::<f64>() * below)
}

#[track_caller]
fn near(found: &Value, wanted: f64, within: f64) {
    let found = found.as_f64().unwrap();
    assert!((found - wanted).abs() <= within, "{found} is not {wanted}");
}

fn count(rows: &[&Value], is_so: impl Fn(&Value) -> bool) -> u32 {
    u32::try_from(rows.iter().filter(|row| is_so(row)).count()).unwrap()
}

/// Holds one line against the rows and the runs of its version.
fn check(line: &Value, rows: &[&Value], runs: &[&Value]) {
    let of_state = |state: &str| count(rows, |row| row["state"] == state);
    let (accepted, rejected) = (of_state("accepted"), of_state("rejected"));
    assert_eq!(line["rows"], rows.len());
    assert_eq!(
        (&line["decided"]["accepted"], &line["decided"]["rejected"]),
        (&accepted.into(), &rejected.into())
    );
    assert_eq!(line["bulk"]["accepted"], 0);
    assert_eq!(line["flagged"], count(rows, |row| row["flags"] != Value::Array(vec![])));
    let sum = |key: &str| runs.iter().map(|run| run[key].as_u64().unwrap()).sum::<u64>();
    assert_eq!((&line["requests"], &line["scraps"]), (&sum("requests").into(), &sum("scraps").into()));
    let tokens =
        |run: &&Value| run["tokens"]["input"].as_u64().unwrap() + run["tokens"]["output"].as_u64().unwrap();
    let tokens: u64 = runs.iter().map(tokens).sum();
    assert_eq!(line["tokens"], tokens);
    near(&line["tokens_per_accepted"], f64::from(u32::try_from(tokens).unwrap()) / f64::from(accepted), 1e-9);
    let ratings: Vec<f64> = rows.iter().filter_map(|row| row["rating"].as_f64()).collect();
    near(
        &line["mean_rating"],
        ratings.iter().sum::<f64>() / f64::from(count(rows, |row| row["rating"].is_u64())),
        1e-9,
    );

    // Wilson 1927.
    let (n, z) = (f64::from(accepted + rejected), 1.959_964);
    let p = f64::from(accepted) / n;
    let centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    near(&line["acceptance"]["rate"], p, 1e-12);
    near(&line["acceptance"]["low"], centre - half, 1e-6);
    near(&line["acceptance"]["high"], centre + half, 1e-6);

    for reason in line["reasons"].as_array().unwrap() {
        assert_eq!(reason["rows"], count(rows, |row| row["reason"] == reason["reason"]), "{reason}");
    }
    assert_eq!(line["reasons"].as_array().unwrap().len(), 2);
}

#[test]
fn the_figures_of_three_versions_are_those_that_rows_and_runs_add_up_to() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::AsAsked));
    let profile =
        format!("[profiles.local]\nbase_url = '{}'\nmodel = 'tiny'\nconcurrency = 1\n", server.url());
    home.write(".config/rowsmith/config.toml", profile);
    let session = session(&home);
    let versions = ["plain", "warm", "vivid"].map(|word| {
        home.write("p.md", format!("Write {{{{ n }}}} {word} letters of {{{{ label }}}}."));
        let added = home.ok(&["prompt", "add", &session, "p.md"]).out;
        let name = added.split_whitespace().next().unwrap().to_owned();
        home.ok(&["sample", &session, "-n", "60", "--prompt", &name, "--profile", "local"]);
        name
    });
    for row in home.lines(&["rows", &session, "--json"]) {
        decide(&home, &session, &row);
    }

    let found = home.ok(&["metrics", &session, "--json"]).json();
    let (rows, runs) = (home.lines(&["rows", &session, "--json"]), home.lines(&["runs", &session, "--json"]));
    let board = found["scoreboard"].as_array().unwrap();
    assert_eq!(board.len(), versions.len(), "{found}");
    let decided = |line: &Value| {
        let of = |state: &str| f64::from(u32::try_from(line["decided"][state].as_u64().unwrap()).unwrap());
        (of("accepted"), of("rejected"))
    };
    for line in board {
        fn of_line<'a>(all: &'a [Value], line: &Value) -> Vec<&'a Value> {
            all.iter().filter(|one| one["prompt"]["id"] == line["version"]).collect()
        }
        check(line, &of_line(&rows, line), &of_line(&runs, line));
        for against in ["against_parent", "against_best"].map(|key| &line[key]) {
            let Some(other) = board.iter().find(|other| other["version"] == against["version"]) else {
                continue;
            };
            near(&against["probability"], probability(decided(line), decided(other)), 1e-5);
        }
    }
    let said = |line: usize, key: &str| board[line][key]["standing"].as_str().unwrap_or("none").to_owned();
    assert_eq!([0, 1, 2].map(|line| said(line, "against_best")), ["worse", "undecided", "none"], "{found}");
    assert_eq!(said(1, "against_parent"), "better", "{found}");
    assert!(board[1]["against_best"]["more"].as_u64().unwrap() > 0, "{found}");

    let printed = home.ok(&["metrics", &session]).out;
    assert!(printed.contains("Scoreboard:") && printed.contains("more on each"), "{printed}");
    home.ok(&["undo", &session, "-n", "10"]);
    let after = home.ok(&["metrics", &session, "--json"]).json();
    let total = |found: &Value| {
        found["scoreboard"].as_array().unwrap().iter().map(|line| decided(line).0).sum::<f64>()
    };
    assert!(total(&after) < total(&found), "{after}");
}
