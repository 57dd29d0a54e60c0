//! Batches whose requests fail again, and what they are priced at.

use serde_json::{Value, json};

use crate::batch::{MODEL, joined, requests, status, with, written};
use crate::home::{Home, text};

fn failed(request: &Value, message: &str) -> Value {
    json!({ "id": "batch_req_2", "custom_id": text(request, "custom_id"), "response": null,
        "error": { "code": "server_error", "message": message } })
}

#[test]
fn each_reason_for_which_a_request_fails_is_counted_once() {
    let home = Home::new();
    home.small_session();
    written(&home, "15", "out");
    let asked = requests(&home.path().join("out"));
    let write = |name: &str, messages: &[&str]| {
        let lines: Vec<Value> =
            asked.iter().zip(messages).map(|(request, message)| failed(request, message)).collect();
        home.write(name, joined(&lines));
    };
    write("first.jsonl", &["Overloaded, request a1.", "Overloaded, request b2.", "Filtered."]);
    write("second.jsonl", &["Overloaded, request c3.", "Filtered.", "Filtered."]);
    let reasons = || -> Vec<(String, u64)> {
        let status = status(&home);
        let failures = status["failures"].as_array().unwrap().clone();
        failures
            .iter()
            .map(|group| (text(group, "reason").to_owned(), group["count"].as_u64().unwrap()))
            .collect()
    };
    let counts = |reasons: Vec<(String, u64)>| reasons.into_iter().map(|group| group.1).collect::<Vec<_>>();

    let read = home.ok(&["batch", "read", "small", "first.jsonl"]);
    assert!(read.said.contains("\n2 × ") && read.said.contains("\n1 × "), "{}", read.said);
    assert_eq!(counts(reasons()), [2, 1]);
    let missing = home.ok(&["batch", "write", "small", "--missing", "--out", "more"]);
    assert!(
        missing.said.contains("2 of ") && missing.said.contains("Overloaded, request a1."),
        "{}",
        missing.said
    );

    for _ in 0..2 {
        home.ok(&["batch", "read", "small", "second.jsonl"]);
        assert_eq!(counts(reasons()), [2, 2], "the second request failed for another reason too");
        assert_eq!(status(&home)["unanswered_failures"], 3);
    }
    let again = home.ok(&["batch", "read", "small", "first.jsonl"]);
    assert!(again.said.contains("3 results are of requests that failed before, too."), "{}", again.said);
    assert_eq!(counts(reasons()), [2, 2]);
}

#[test]
fn the_price_that_is_said_is_the_one_that_counts() {
    let home = Home::new();
    home.small_session();
    let config =
        home.write("mine.toml", "[prices]\n\"openai/small-model\" = { input = 1.0, output = 2.0 }\n");
    let config = ["--config", config.to_str().unwrap()];
    let write = |model: &str, out: &str| {
        let args = ["batch", "write", "small", "-n", "5000", "--to", "openai", "--out", out];
        let model = ["--provider", "openai", "--model", model];
        home.ok(&with(&with(&config, &args), &model)).said
    };
    let own = write(MODEL[3], "own");
    assert!(own.contains("(at your own prices, taken as they are)") && !own.contains("half"), "{own}");
    let listed = write("gpt-4o-mini", "listed");
    assert!(listed.contains("(half the list price, at which the service bills batches)"), "{listed}");
    let missing = home.ok(&["batch", "write", "small", "--missing", "--run", "2", "--out", "more"]).said;
    assert!(missing.contains("(at the prices that the run began with)"), "{missing}");
}
