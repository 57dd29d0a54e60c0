//! Comparisons through the real binary, with a server on loopback.

use serde_json::{Value, json};

use crate::home::Home;
use crate::model_server::{Manner, ModelServer};

/// Returns a home with a session that has two versions, and a profile of a server.
fn two_versions() -> (Home, ModelServer, String) {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Rows));
    let profile =
        format!("[profiles.local]\nbase_url = '{}'\nmodel = 'tiny'\nconcurrency = 1\n", server.url());
    home.write(".config/rowsmith/config.toml", profile);
    let session = home.small_session();
    home.write("other.j2", "Write {{ n }} messages of people who leave, shorter than before.");
    home.ok(&["prompt", "add", &session, "other.j2"]);
    (home, server, session)
}

fn json_of(home: &Home, args: &[&str]) -> Value {
    serde_json::from_str(&home.ok(args).out).unwrap()
}

#[test]
fn two_versions_are_compared_blind_and_told_at_the_end() {
    let (home, server, session) = two_versions();
    let begun = home.ok(&[
        "compare",
        &session,
        "v1",
        "v2",
        "-n",
        "10",
        "--profile",
        "local",
        "--seed",
        "3",
        "--json",
    ]);
    assert!(!begun.said.contains("v1") && !begun.said.contains("v2"), "{}", begun.said);
    let begun: Value = serde_json::from_str(&begun.out).unwrap();
    assert_eq!((&begun["pairs"], &begun["decided"], &begun["open"]), (&json!(10), &json!(0), &json!(10)));
    assert!(begun["sides"].is_null() && begun["standing"].is_null(), "{begun}");
    assert_eq!(server.requests().len(), 4, "two requests of five rows for each side");

    // Nothing that is read tells a side.
    let rows = home.ok(&["rows", &session, "--json"]);
    assert!(
        rows.said.contains("A blind comparison goes on") && rows.said.contains("--unblind"),
        "{}",
        rows.said
    );
    assert!(
        rows.lines().iter().all(|row| row["prompt"].is_null() && row["generator"].is_null()),
        "{}",
        rows.out
    );
    let told = home.lines(&["rows", &session, "--json", "--unblind"]);
    assert_eq!(told.iter().filter(|row| row["prompt"]["number"] == 1).count(), 10);
    assert!(home.lines(&["runs", &session, "--json"]).iter().all(|run| run["prompt"].is_null()));
    assert!(!home.ok(&["runs", &session]).out.contains("tiny"));
    for refused in [&["rows", &session, "--filter", "prompt:v1"][..], &["runs", &session, "1"]] {
        assert_eq!(home.run(refused).code, 2, "{refused:?}");
    }
    assert!(
        home.lines(&["prompt", "list", &session, "--json"]).iter().all(|version| version["rows"].is_null())
    );
    assert!(home.lines(&["runs", &session, "--json"]).iter().all(|run| run["requests"].is_null()));
    let measured = home.ok(&["metrics", &session, "--json"]);
    assert!(measured.said.contains("A blind comparison goes on"), "{}", measured.said);
    assert_eq!(measured.json()["scoreboard"], json!([]));
    let told_lines = home.ok(&["metrics", &session, "--json", "--unblind"]).json();
    assert_eq!(told_lines["scoreboard"].as_array().map(Vec::len), Some(2));

    // Each pair is decided for the second side, as `--unblind` tells whose a row is.
    let pairs = json_of(&home, &["compare", &session, "--status", "--json"])["list"].clone();
    assert_eq!(pairs.as_array().map(Vec::len), Some(10));
    for pair in pairs.as_array().unwrap() {
        assert!(pair["left_side"].is_null());
        let row = told.iter().find(|row| row["id"] == pair["left"]["id"]).unwrap();
        let choice = if row["prompt"]["number"] == 2 { "left" } else { "right" };
        home.ok(&["compare", &session, "--pair", &pair["pair"].to_string(), choice]);
    }
    let status = home.ok(&["compare", &session, "--status"]).out;
    let counts = "10 of 10 pairs decided. 10 differ, both are good in 0, neither is in 0.";
    assert!(status.contains(counts) && !status.contains("told"), "{status}");
    let status = json_of(&home, &["compare", &session, "--status", "--json"]);
    assert!(
        ["p", "more", "standing", "interval", "sides"].iter().all(|key| status[key].is_null()),
        "{status}"
    );
    let exported = home.run(&["export", &session, "--out", "blind.jsonl"]);
    assert!(
        exported.code == 1 && exported.said.contains("all decided rows are of a blind trial"),
        "{exported:?}"
    );
    home.ok(&["export", &session, "--out", "told.jsonl", "--unblind"]);

    let ended = json_of(&home, &["compare", &session, "--end", "--json"]);
    assert_eq!((&ended["status"], &ended["standing"]), (&json!("best"), &json!("worse")), "{ended}");
    assert_eq!((&ended["sides"][0]["wins"], &ended["sides"][1]["wins"]), (&json!(0), &json!(10)));
    assert!(
        ended["sentence"].as_str().unwrap().contains("v2 is better than v1: it won 10 to 0 of 10 pairs"),
        "{ended}"
    );
    let versions = home.lines(&["prompt", "list", &session, "--json"]);
    let counts = |at: usize| (versions[at]["accepted"].clone(), versions[at]["rejected"].clone());
    assert_eq!((counts(0), counts(1)), ((json!(0), json!(10)), (json!(10), json!(0))), "they count");
    assert_eq!(versions[1]["acceptance"]["rate"], 1.0, "one by one");
    home.ok(&["store", "verify", &session]);
}

#[test]
fn both_sides_are_asked_with_the_same_seeds_and_examples() {
    let (home, server, session) = two_versions();
    home.ok(&["compare", &session, "v1", "v2", "-n", "10", "--profile", "local", "--model-b", "tiny-large"]);
    let seeds_of = |model: &str| {
        let bodies = server.requests().into_iter().filter_map(|request| {
            let body: Value = serde_json::from_str(&request[request.find('{')?..]).ok()?;
            (body["model"] == model).then(|| body["seed"].clone())
        });
        bodies.collect::<Vec<_>>()
    };
    assert_eq!(seeds_of("tiny").len(), 2);
    assert_eq!(seeds_of("tiny"), seeds_of("tiny-large"));
    let ended = json_of(&home, &["compare", &session, "--end", "--json"]);
    assert_eq!(ended["status"], "stopped");
    assert_eq!(ended["sides"][1]["name"], "v2 · tiny-large");
}

#[test]
fn a_pair_is_undone_as_one_and_what_cannot_be_is_refused() {
    let (home, _server, session) = two_versions();
    let code = |args: &[&str]| home.run(args).code;
    assert_eq!(code(&["compare", &session]), 2);
    assert_eq!(code(&["compare", &session, "v1"]), 2);
    assert_eq!(code(&["compare", &session, "--status"]), 2, "nothing was compared");
    assert_eq!(code(&["compare", &session, "v1", "v9", "--profile", "local"]), 2);
    assert_eq!(code(&["compare", &session, "v1", "v2"]), 2, "the built-in generator reads no prompt");
    assert_eq!(code(&["compare", &session, "v1", "v1", "--profile", "local"]), 2, "the same");
    home.ok(&["compare", &session, "v1", "v2", "-n", "5", "--profile", "local", "--open"]);
    assert_eq!(code(&["compare", &session, "v1", "v2", "--profile", "local"]), 2, "one goes on");
    assert_eq!(code(&["compare", &session, "--pair", "6", "left"]), 2);
    assert_eq!(code(&["compare", &session, "--pair", "1", "top"]), 2);
    home.ok(&["compare", &session, "--pair", "1", "neither"]);
    let decided = || json_of(&home, &["compare", &session, "--status", "--json"])["decided"].clone();
    assert_eq!(decided(), 1);
    home.ok(&["undo", &session]);
    assert_eq!(decided(), 0);
    assert_eq!(home.lines(&["rows", &session, "--filter", "state:pending", "--json"]).len(), 10);
}

#[test]
fn a_new_budget_is_of_both_sides_of_a_comparison_that_goes_on() {
    let (home, server, session) = two_versions();
    let begun = ["compare", &session, "v1", "v2", "-n", "20", "--profile", "local", "--budget-requests", "2"];
    assert_eq!((home.run(&begun).code, server.requests().len()), (1, 2), "one request of each side");
    let kept = home.run(&["compare", &session, "--resume"]);
    assert_eq!((kept.code, server.requests().len()), (1, 2), "{kept:?}");
    let more = home.run(&["compare", &session, "--resume", "--budget-requests", "5"]);
    assert_eq!((more.code, server.requests().len()), (1, 4), "two of each side: {more:?}");
    let alone = home.run(&["sample", &session, "--resume", "--budget-requests", "50"]);
    assert_eq!((alone.code, server.requests().len()), (2, 4), "{alone:?}");
    assert!(alone.said.contains("takes a budget for both sides"), "{alone:?}");
    let nothing = home.run(&["compare", &session, "--resume", "--budget-requests", "1"]);
    assert_eq!((nothing.code, server.requests().len()), (2, 4), "{nothing:?}");
    home.ok(&["compare", &session, "--resume", "--budget-requests", "8"]);
    assert_eq!(server.requests().len(), 8);
}
