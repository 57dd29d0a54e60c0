//! The usage of runs, versions and the session, and how a run continues whose budget is used up.

use std::net::TcpListener;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};

use crate::home::{Done, Home, text};
use crate::model_server::{Manner, ModelServer};

/// Profiles for one server: a paid one, one of unknown price, a free one.
const PROFILES: &str = "[profiles.paid]\nbase_url = 'URL'\nmodel = 'tiny'\nconcurrency = 1\nprice_input = 10\n\
                        price_output = 20\n[profiles.free]\nbase_url = 'URL'\nmodel = 'tiny'\nconcurrency = 1\n";

fn started() -> (Home, ModelServer, String) {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Rows));
    home.write(".config/rowsmith/config.toml", PROFILES.replace("URL", server.url()));
    let session = home.small_session();
    (home, server, session)
}

#[test]
fn tokens_and_cost_are_told_of_each_run_of_its_version_and_of_the_session() {
    let (home, _server, session) = started();
    home.ok(&["sample", &session, "-n", "5"]);
    let listed = home.ok(&["runs", &session]);
    assert!(!listed.out.contains("token"), "nothing is told of a generator that counts none: {}", listed.out);

    home.ok(&["sample", &session, "-n", "5", "--profile", "free"]);
    let listed = home.ok(&["runs", &session]);
    assert!(listed.out.ends_with("This session so far: 150 tokens\n"), "{}", listed.out);

    home.ok(&["sample", &session, "-n", "10", "--profile", "paid"]);
    let listed = home.ok(&["runs", &session]);
    assert!(listed.out.contains("tiny  300 tokens · $0.0040"), "{}", listed.out);
    assert!(listed.out.ends_with("This session so far: 450 tokens · $0.0040\n"), "{}", listed.out);
    assert_eq!(home.lines(&["runs", &session, "--json"]).len(), 3, "JSON has no foot");

    let version = home.lines(&["prompt", "list", &session, "--json"]).remove(0);
    assert_eq!((&version["rows"], &version["tokens"]["input"]), (&20.into(), &300.into()));
    assert!((version["cost_usd"].as_f64().unwrap() - 0.004).abs() < 1e-9, "{version}");
    assert_eq!(version["unpriced"]["input"], 0);
    assert!(home.ok(&["prompt", "list", &session]).out.contains("450 tokens · $0.0040"));
    let verified = home.ok(&["store", "verify", &session]);
    assert!(!text(&home.lines(&["runs", &session, "--json"])[2], "status").is_empty(), "{verified:?}");
}

#[test]
fn a_run_that_used_up_its_budget_goes_on_with_a_larger_one_that_it_keeps() {
    let (home, server, session) = started();
    let first =
        ["sample", &session, "-n", "20", "--profile", "paid", "--budget-requests", "1", "--budget-cost", "1"];
    let done = home.run(&first);
    assert!(done.code == 1 && done.said.contains("The budget of 1 request is used up."), "{done:?}");

    let done = home.run(&["sample", &session, "--resume", "--budget-requests", "2"]);
    assert!(done.code == 1 && done.said.contains("The budget of 2 requests is used up."), "{done:?}");
    assert_eq!(server.requests().len(), 2);
    let done = home.run(&["sample", &session, "--resume"]);
    assert!(done.code == 1 && done.said.contains("The budget of 2 requests is used up."), "{done:?}");

    let done =
        home.run(&["sample", &session, "--resume", "--budget-requests", "9", "--budget-cost", "0.0041"]);
    assert!(done.code == 1 && done.said.contains("The budget of 0.0041 USD is used up"), "{done:?}");
    let done = home.ok(&["sample", &session, "--resume", "--budget-cost", "$1", "--json"]);
    assert_eq!((&done.json()["rows"], &done.json()["requests"]), (&20.into(), &4.into()));
    assert_eq!(server.requests().len(), 4);
    home.ok(&["store", "verify", &session]);
}

#[test]
fn a_run_of_an_unknown_price_cannot_be_given_a_limit_of_cost() {
    let home = Home::new();
    let profile = "[profiles.gate]\nbase_url = 'http://gate.invalid/v1'\nmodel = 'm'\n";
    home.write(".config/rowsmith/config.toml", profile);
    let session = home.small_session();
    assert_eq!(home.run(&["sample", &session, "-n", "5", "--profile", "gate"]).code, 1);

    let done = home.run(&["sample", &session, "--resume", "--budget-cost", "1"]);

    assert!(done.code == 2 && done.said.contains("No price of the model `m` is known"), "{done:?}");
}

#[test]
fn a_reply_that_was_cut_off_is_not_used_again_and_a_whole_one_is() {
    for (manner, asked) in [(Manner::Rows, 1), (Manner::CutOff, 2)] {
        let (home, server) = (Home::new(), ModelServer::start(manner));
        home.write(".config/rowsmith/config.toml", PROFILES.replace("URL", server.url()));
        let session = home.small_session();
        let sample = ["sample", &session, "-n", "5", "--profile", "free", "--seed", "3"];
        home.ok(&sample);
        home.ok(&[&sample[..], &["--reuse"]].concat());
        assert_eq!(server.requests().len(), asked, "{manner:?}");
    }
}

#[test]
fn a_run_that_was_stopped_says_how_to_go_on_with_it() {
    let home = Home::new();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", silent.local_addr().unwrap());
    home.write(".config/rowsmith/config.toml", PROFILES.replace("URL", &url));
    let session = home.small_session();
    let mut command = home.command(&["sample", &session, "-n", "5", "--profile", "free"]);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let _request = silent.accept().unwrap();

    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let done = Done::of(child.wait_with_output().unwrap());

    assert_eq!(done.code, 130, "{done:?}");
    let hint = format!("It was stopped; `rowsmith sample {session} --resume` goes on with it.\n");
    let asks = format!("Asks {}.", silent.local_addr().unwrap());
    assert_eq!(done.said, format!("{asks}\nRun 1: 0 of 5 rows.\n{hint}"));
    let listed = home.ok(&["runs", &session]).out;
    assert!(listed.contains(" 1 request  "), "{listed}");
}

#[test]
fn options_of_the_budget_have_former_names_and_the_last_of_two_counts() {
    let (home, server, session) = started();
    let sample = ["sample", &session, "-n", "20", "--profile", "paid"];

    let done = home.run(&[&sample[..], &["--max-requests", "1"]].concat());
    assert!(done.code == 1 && done.said.contains("The budget of 1 request is used up."), "{done:?}");
    assert!(
        done.said.starts_with("`--max-requests` is `--budget-requests` now; the old name goes on working.\n")
    );
    let goes_on = format!("With a larger budget, `rowsmith sample {session} --resume` goes on with it.\n");
    assert!(done.said.ends_with(&goes_on), "{done:?}");

    let twice = ["--budget-requests", "3", "--budget-requests", "2", "--max-requests", "1"];
    let done = home.run(&[&sample[..], &twice].concat());
    assert!(done.code == 1 && done.said.contains("The budget of 2 requests is used up."), "{done:?}");
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn a_seed_that_readers_of_json_would_round_is_refused() {
    let (home, _server, session) = started();
    for command in [vec!["sample", &session], vec!["new", "other", "--data", "small.csv", "--text", "text"]] {
        let done = home.run(&[&command[..], &["--seed", "9007199254740993"]].concat());
        assert!(done.code == 2 && done.said.contains("from 0 to 9007199254740992"), "{done:?}");
    }
    let done = home.ok(&["sample", &session, "-n", "1", "--seed", "9007199254740992"]);
    assert!(done.said.contains("1 of 1 rows"), "{done:?}");
}

#[test]
fn tokens_that_a_server_did_not_count_are_estimated_and_said_to_be() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Words));
    home.write(".config/rowsmith/config.toml", PROFILES.replace("URL", server.url()));
    let session = home.small_session();

    let done = home.run(&["sample", &session, "-n", "5", "--profile", "paid", "--json"]);

    assert!(done.code == 1 && done.said.contains("3 requests in a row brought no valid row"), "{done:?}");
    assert_eq!(server.requests().len(), 3);
    let json = done.json();
    assert_eq!((&json["tokens"]["input"], &json["requests"]), (&0.into(), &3.into()));
    assert!(json["estimated_tokens"]["input"].as_u64().unwrap() > 50, "{json}");
    assert!(json["cost_usd"].as_f64().unwrap() > 0.0, "{json}");
    let listed = home.ok(&["runs", &session]).out;
    assert!(listed.contains("(≈ ") && listed.contains(" tokens estimated)"), "{listed}");
}

#[test]
fn a_key_that_is_refused_is_asked_once_and_the_failure_stands_with_the_run() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::BadKey));
    let profile = "[profiles.many]\nbase_url = 'URL'\nmodel = 'tiny'\nconcurrency = 8\n";
    home.write(".config/rowsmith/config.toml", profile.replace("URL", server.url()));
    let session = home.small_session();

    let done = home.run(&["sample", &session, "-n", "100", "--profile", "many"]);

    assert!(
        done.code == 1 && done.said.matches("wants an API key and none was sent").count() == 1,
        "{done:?}"
    );
    assert_eq!(server.requests().len(), 1);
    let shown = home.ok(&["runs", &session, "1"]).out;
    assert_eq!(shown.matches("wants an API key").count(), 1, "{shown}");
    let json = home.ok(&["runs", &session, "1", "--json"]).json();
    assert_eq!(json["failures"][0]["count"], 1);
}
