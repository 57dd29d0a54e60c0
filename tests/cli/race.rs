//! Races through the real binary, against a server whose good rows depend on the prompt.

use serde_json::{Value, json};

use crate::home::{Home, text};
use crate::model_server::{Manner, ModelServer};

/// Returns a home with a session of three versions; the second one asks for good rows.
fn three_versions() -> (Home, ModelServer, String) {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Asked));
    let profile =
        format!("[profiles.local]\nbase_url = '{}'\nmodel = 'tiny'\nconcurrency = 1\n", server.url());
    home.write(".config/rowsmith/config.toml", profile);
    let session = home.small_session();
    home.ok(&["prompt", "list", &session]);
    for (name, words) in
        [("a.md", "Write {{ n }} good rows of {{ label }}."), ("b.md", "Write {{ n }} rows, quickly.")]
    {
        home.write(name, words);
        home.ok(&["prompt", "add", &session, name]);
    }
    (home, server, session)
}

fn start(home: &Home, session: &str, more: &[&str]) -> Value {
    let args = [
        "race",
        "start",
        session,
        "v1",
        "v2",
        "v3",
        "--profile",
        "local",
        "--rows-per-request",
        "2",
        "--seed",
        "5",
    ];
    home.ok(&[&args[..], more, &["--json"]].concat()).json()
}

#[test]
fn a_race_is_decided_blind_and_names_the_version_whose_rows_are_good() {
    let (home, server, session) = three_versions();
    let mut race = start(&home, &session, &["--decisions", "200"]);
    assert_eq!(race["state"], "racing");
    assert_eq!(race["rows"].as_array().unwrap().len(), 6, "a batch for each version");
    let mut decisions = 0;
    while race["state"] == "racing" {
        assert!(
            race.get("sides").is_none() && !race.to_string().contains("version\""),
            "it is blind: {race}"
        );
        for row in race["rows"].as_array().unwrap() {
            let is_good = row["fields"]["text"].as_str().unwrap().contains("good");
            let decided = home.ok(&[if is_good { "accept" } else { "reject" }, &session, text(row, "id")]);
            decisions += 1;
            if decided.said.contains("The race has ended") {
                break;
            }
        }
        race = home.ok(&["race", "status", &session, "--json"]).json();
        if race["state"] == "racing" {
            race = home.ok(&["race", "next", &session, "--json"]).json();
        }
        assert!(decisions <= 200, "{race}");
    }
    assert_eq!((&race["state"], &race["best"]), (&json!("best"), &json!("main@v2")), "{race}");
    assert_eq!(race["decisions"]["made"], decisions);
    let sides = race["sides"].as_array().unwrap();
    let total: u64 = sides
        .iter()
        .map(|side| side["accepted"].as_u64().unwrap() + side["rejected"].as_u64().unwrap())
        .sum();
    assert_eq!(total, decisions);
    assert!(sides[1]["acceptance"]["rate"].as_f64().unwrap() > 0.7, "{race}");
    assert!(server.requests().iter().all(|request| request.contains("\"seed\"")));

    let said = home.ok(&["race", "status", &session]).out;
    assert!(said.starts_with("main@v2 is the best after "), "{said}");
    home.ok(&["undo", &session]);
    let undone = home.ok(&["race", "status", &session, "--json"]).json();
    assert_eq!((&undone["state"], &undone["changed_since"]), (&json!("best"), &json!(true)));
    let said = home.ok(&["race", "status", &session]).out;
    assert!(said.starts_with("main@v2 is the best.\n") && !said.contains("the race took"), "{said}");
    assert_eq!(undone.get("saved"), None);
    let ended = home.ok(&["race", "next", &session, "--json"]).json();
    assert_eq!((&ended["state"], &ended["best"]), (&json!("best"), &json!("main@v2")), "{ended}");
    home.ok(&["store", "verify", &session]);
    let none = home.run(&["race", "next", &session]);
    assert_eq!(none.code, 2, "{none:?}");
}

#[test]
fn a_race_is_stopped_by_hand_its_status_is_blind_before_and_a_wrong_one_is_refused() {
    let (home, _server, session) = three_versions();
    let none = home.run(&["race", "status", &session]);
    assert_eq!(none.code, 2, "{none:?}");
    let none = home.run(&["race", "next", &session, "--json"]);
    assert_eq!((none.code, none.out.as_str()), (2, ""), "{none:?}");
    let alone = home.run(&["race", "start", &session, "v1", "v1", "--profile", "local"]);
    assert_eq!(alone.code, 2, "{alone:?}");
    let unread = home.run(&["race", "start", &session, "v1", "v2"]);
    assert_eq!(unread.code, 2, "{unread:?}");
    assert!(unread.said.contains("The offline generator reads no prompt"), "{unread:?}");

    start(&home, &session, &[]);
    let blind = home.ok(&["race", "status", &session, "--json"]).json();
    assert_eq!((blind.get("sides"), &blind["versions"]), (None, &json!(3)));
    let open = home.ok(&["race", "status", &session, "--unblind", "--json"]).json();
    assert_eq!(open["sides"].as_array().unwrap().len(), 3);
    let second = home.run(&["race", "start", &session, "v1", "v2", "--profile", "local"]);
    assert_eq!(second.code, 2, "{second:?}");
    home.ok(&["race", "stop", &session]);
    let stopped = home.ok(&["race", "status", &session, "--json"]).json();
    assert_eq!((&stopped["state"], stopped.get("best")), (&json!("stopped"), None));
}

#[test]
fn the_budget_of_a_race_is_of_all_its_batches_and_a_larger_one_goes_on() {
    let (home, server, session) = three_versions();
    let args = ["race", "start", &session, "v1", "v2", "v3", "--profile", "local", "--rows-per-request", "2"];
    let done = home.run(&[&args[..], &["--budget-requests", "2", "--json"]].concat());
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.said.contains("The budget of the race is used up."), "{done:?}");
    assert_eq!((done.json()["pending"].clone(), server.requests().len()), (json!(4), 2));
    let more = home.ok(&["race", "next", &session, "--budget-requests", "3", "--json"]).json();
    assert_eq!((more["pending"].clone(), server.requests().len()), (json!(6), 3));
    for row in more["rows"].as_array().unwrap() {
        home.ok(&["accept", &session, text(row, "id")]);
    }
    let less = home.run(&["race", "next", &session, "--budget-tokens", "1", "--json"]);
    assert_eq!((less.code, server.requests().len()), (1, 3), "a limit that it had not: {less:?}");
    let more = home.run(&["race", "next", &session, "--budget-tokens", "1000000", "--budget-requests", "4"]);
    assert_eq!((more.code, server.requests().len()), (1, 4), "{more:?}");
}
