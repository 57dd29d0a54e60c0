//! The acceptance of versions, of decisions one by one and in bulk, and the filters that tell them apart.

use serde_json::json;

use crate::home::{Home, ids};
use crate::model_server::{Manner, ModelServer};

/// Returns a home with a session that has ten rows of `tiny` and five of `offline`, all of one version.
fn sampled() -> (Home, ModelServer, String) {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Rows));
    let profile =
        format!("[profiles.local]\nbase_url = '{}'\nmodel = 'tiny'\nconcurrency = 1\n", server.url());
    home.write(".config/rowsmith/config.toml", profile);
    let session = home.small_session();
    home.ok(&["sample", &session, "-n", "10", "--profile", "local"]);
    home.ok(&["sample", &session, "-n", "5"]);
    (home, server, session)
}

fn found(home: &Home, session: &str, filter: &str) -> Vec<String> {
    ids(&home.lines(&["rows", session, "--filter", filter, "--json"]))
}

#[test]
fn only_what_names_one_row_is_decided_one_by_one() {
    let (home, _server, session) = sampled();
    let id = |number: u32| found(&home, &session, &format!("number:{number}")).remove(0);
    home.ok(&["accept", &session, &id(1)]);
    home.ok(&["reject", &session, &id(2)[..6]]);
    home.ok(&["accept", &session, &id(3), &id(4)]);
    home.ok(&["accept", &session, "--filter", "number:5"]);
    assert_eq!(home.run_with(&["reject", &session, "-"], &id(6)).code, 0);
    home.ok(&["accept", &session, "--filter", "provider:offline"]);
    assert_eq!(found(&home, &session, "is:bulk provider:openai").len(), 4);

    let listed = || home.lines(&["prompt", "list", &session, "--json"]).remove(0);
    let version = listed();
    let counts = (&version["rows"], &version["accepted"], &version["rejected"]);
    assert_eq!(counts, (&15.into(), &9.into(), &2.into()), "totals are of all rows");
    assert_eq!(version["acceptance"]["rate"], 0.5);
    assert_eq!(version["bulk"], json!({"accepted": 3, "rejected": 1}));
    let [of] = version["by_generator"].as_array().unwrap().as_slice() else { panic!("{version}") };
    assert_eq!((&of["provider"], &of["model"]), (&"openai".into(), &"tiny".into()));
    assert_eq!((&of["accepted"], &of["rejected"], &of["rate"]), (&1.into(), &1.into(), &0.5.into()));
    assert_eq!(of["bulk"], version["bulk"]);
    let text = home.ok(&["prompt", "list", &session]).out;
    assert!(text.contains("2 rejected  50 % [9–91] · +4 in bulk"), "{text}");

    home.ok(&["accept", &session, &id(3)]);
    assert_eq!(listed()["bulk"], json!({"accepted": 2, "rejected": 1}), "looked at by itself");
    home.ok(&["undo", &session]);
    assert_eq!(listed(), version);
    home.ok(&["store", "verify", &session]);
}

#[test]
fn each_model_has_its_own_acceptance() {
    let (home, _server, session) = sampled();
    home.ok(&["sample", &session, "-n", "5", "--profile", "local", "--model", "large"]);
    for (model, verb) in [("tiny", "accept"), ("large", "reject")] {
        home.ok(&[verb, &session, &found(&home, &session, &format!("model:{model}"))[0]]);
    }

    let text = home.ok(&["prompt", "list", &session]).out;
    assert!(text.contains("50 % [9–91] (tiny 100 % [21–100], large 0 % [0–79])"), "{text}");
}

#[test]
fn rows_of_the_built_in_generator_say_nothing_of_a_prompt() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "5"]);
    home.ok(&["accept", "tickets", &found(&home, "tickets", "number:1")[0]]);

    let version = home.lines(&["prompt", "list", "tickets", "--json"]).remove(0);
    assert_eq!((&version["accepted"], &version["acceptance"]["rate"]), (&1.into(), &json!(null)));
    assert_eq!(version["by_generator"], json!([]));
    assert!(home.ok(&["prompt", "list", "tickets"]).out.contains("0 rejected  – offline rows only"));
}

#[test]
fn rows_are_found_by_who_wrote_them_and_by_the_last_run() {
    let (home, _server, session) = sampled();
    for (filter, rows) in [
        ("model:tiny", 10),
        ("model~TIN", 10),
        ("provider:openai", 10),
        ("-provider:openai", 5),
        ("run:last", 5),
        ("is:new", 5),
    ] {
        assert_eq!(found(&home, &session, filter).len(), rows, "{filter}");
    }
    home.ok(&["accept", &session, &found(&home, &session, "is:new")[0]]);
    assert_eq!(found(&home, &session, "is:new").len(), 4);

    let refused = home.run(&["rows", &session, "--filter", "provider:opnai"]);
    assert_eq!(refused.code, 2);
    assert!(refused.said.contains("did you mean `openai`?"), "{}", refused.said);
}
