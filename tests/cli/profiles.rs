//! Profiles, keys and prices through the real binary, against a server on loopback.

use std::process::Stdio;

use crate::home::{Done, Home};
use crate::model_server::{Manner, ModelServer};

const KEY: &str = "sk-test-4f9a81c2d7e6b305";

/// Writes the user's settings, with `URL` replaced by the server's address.
fn configure(home: &Home, server: &ModelServer, text: &str) {
    home.write(".config/rowsmith/config.toml", text.replace("URL", server.url()));
}

/// Runs a command with additional environment variables.
fn run_with(home: &Home, variables: &[(&str, &str)], args: &[&str]) -> Done {
    let mut command = home.command(args);
    command.envs(variables.iter().copied()).stdin(Stdio::null());
    Done::of(command.output().unwrap())
}

/// Asserts that neither the files below the home, except `but`, nor the output contain the key.
#[track_caller]
fn key_is_nowhere(home: &Home, done: &Done, but: &[&str]) {
    assert!(!done.out.contains(KEY) && !done.said.contains(KEY), "{done:?}");
    let mut folders = vec![home.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !but.contains(&path.file_name().unwrap().to_str().unwrap()) {
                let bytes = std::fs::read(&path).unwrap();
                let holds = bytes.windows(KEY.len()).any(|part| part == KEY.as_bytes());
                assert!(!holds, "{} holds the key", path.display());
            }
        }
    }
}

/// Returns the state and the message of one check in a report.
#[track_caller]
fn check(report: &serde_json::Value, name: &str) -> (String, String) {
    let checks = report["checks"].as_array().unwrap();
    let found =
        checks.iter().find(|check| check["name"] == name).unwrap_or_else(|| panic!("{name}: {report}"));
    (found["state"].as_str().unwrap().to_owned(), found["message"].as_str().unwrap().to_owned())
}

#[test]
fn rows_are_sampled_with_a_profile_and_its_price_gives_the_cost() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Rows));
    configure(
        &home,
        &server,
        "[profiles.desk]\nbase_url = 'URL'\nmodel = 'tiny'\nconcurrency = 1\nprice_input = 10\nprice_output = 20\n",
    );
    let session = home.small_session();

    let done = home.ok(&["sample", &session, "-n", "10", "--profile", "desk", "--json"]);

    let summary = done.json();
    assert_eq!((&summary["rows"], &summary["status"]), (&10.into(), &"done".into()));
    assert_eq!(summary["tokens"]["input"], 100 * server.requests().len());
    assert!(server.requests()[0].contains("\"model\":\"tiny\""), "{}", server.requests()[0]);
}

#[test]
fn an_option_comes_over_the_profile() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Rows));
    configure(
        &home,
        &server,
        "[profiles.desk]\nbase_url = 'URL'\nmodel = 'tiny'\nconcurrency = 1\ntemperature = 0.25\n",
    );
    let session = home.small_session();

    home.ok(&["sample", &session, "-n", "5", "--profile", "desk", "--model", "other"]);

    let sent = server.requests().remove(0);
    assert!(sent.contains("\"model\":\"other\"") && sent.contains("\"temperature\":0.25"), "{sent}");
}

#[test]
fn a_session_file_bounds_replies_by_itself_also_under_the_former_name() {
    for name in ["reply_tokens", "max_tokens"] {
        let (home, server) = (Home::new(), ModelServer::start(Manner::Rows));
        let session = home.small_session();
        let file = home.path().join(&session).join("session.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        let bounded = text.replace("concurrency = 8", &format!("concurrency = 1\n{name} = 77 #"));
        std::fs::write(&file, bounded).unwrap();

        home.ok(&["sample", &session, "-n", "5", "--base-url", server.url(), "--model", "tiny"]);

        let sent = server.requests().remove(0);
        assert!(sent.contains("tokens\":77"), "{sent}");
    }
}

#[test]
fn the_limit_of_replies_under_both_names_is_refused() {
    let home = Home::new();
    let session = home.small_session();
    let file = home.path().join(&session).join("session.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let both = text.replace("concurrency = 8", "concurrency = 1\nmax_tokens = 7\nreply_tokens = 8 #");
    std::fs::write(&file, both).unwrap();

    let done = home.run(&["sample", &session, "-n", "5"]);

    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.said.contains("two names; keep one of them"), "{}", done.said);
}

#[test]
fn every_option_of_the_generator_is_in_the_request_and_they_are_the_same_for_each_command() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Rows));
    let session = home.small_session();
    let options = [
        "--provider",
        "openai",
        "--base-url",
        server.url(),
        "--model",
        "tiny",
        "--temperature",
        "0.25",
        "--reply-tokens",
        "77",
        "--rows-per-request",
        "2",
        "--no-stream",
        "--no-schema",
    ];
    let with =
        |start: &[&str]| [start, &options[..]].concat().iter().map(ToString::to_string).collect::<Vec<_>>();
    let sample = with(&["sample", &session, "-n", "2"]);
    let done = home.ok(&sample.iter().map(String::as_str).collect::<Vec<_>>());

    let sent = server.requests().remove(0);
    for part in ["\"model\":\"tiny\"", "\"temperature\":0.25", "tokens\":77"] {
        assert!(sent.contains(part), "{part}: {sent}");
    }
    for part in ["\"stream\":true", "response_format"] {
        assert!(!sent.contains(part), "{part}: {sent}");
    }
    let host = server.url().trim_start_matches("http://").split('/').next().unwrap().to_owned();
    assert!(done.said.contains(&format!("Asks {host}.")), "{}", done.said);

    let doctor = with(&["doctor", &session]);
    let done = home.run(&doctor.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(done.out.contains("as the settings say"), "{done:?}");
    let open = with(&["open", &session]);
    let done = home.run(&open.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(done.said.contains("no terminal"), "the options are taken: {done:?}");
    let done = home.run(&["open", &session, "--base-url", "nowhere"]);
    assert!(done.code != 0, "{done:?}");
    let early = home.run(&["--model", "tiny", "sample", &session]);
    assert!(early.code == 2 && early.said.contains("come behind it"), "{early:?}");
}

#[test]
fn a_key_that_is_meant_for_one_server_is_sent_to_no_other_and_that_is_said() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Rows));
    let session = home.small_session();
    let folder = home.path().join(&session);
    let text = std::fs::read_to_string(folder.join("session.toml")).unwrap();
    let gate = "provider = \"openai\"\nbase_url = \"https://gate.example/v1\"\nmodel = \"tiny\"\n\
                api_key_env = \"GATE_KEY\"";
    std::fs::write(folder.join("session.toml"), text.replace("provider = \"offline\"", gate)).unwrap();
    std::fs::write(folder.join(".env"), "GATE_KEY=s3cret-of-the-gate\n").unwrap();

    let done = home.ok(&["sample", &session, "-n", "5", "--base-url", server.url()]);

    let sent = server.requests().join("\n");
    assert!(!sent.contains("s3cret") && !done.said.contains("s3cret"), "{sent}");
    assert!(
        done.said.contains("The key of GATE_KEY is for another server and is not sent."),
        "{}",
        done.said
    );
}

#[test]
fn servers_of_this_machine_are_found_where_somebody_asks() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Rows));
    let port = server.url().trim_end_matches("/v1").rsplit(':').next().unwrap().to_owned();

    let found = home.run(&["doctor", "--local", "--ports", &port, "--json"]);
    let refused = home.run(&["--offline", "doctor", "--local", "--ports", &port]);
    let mixed = home.run(&["doctor", "--local", "--model", "x"]);

    assert!(refused.code == 2 && refused.said.contains("refuses all network"), "{refused:?}");
    assert_eq!(mixed.code, 2, "{mixed:?}");
    let json = found.json();
    let is_listed = json["servers"].as_array().is_some_and(|servers| !servers.is_empty());
    let is_other = json["other_ports"].as_array().is_some_and(|ports| !ports.is_empty());
    assert!(is_listed || is_other, "{json}");
}

#[test]
fn a_profile_that_is_not_there_is_told_with_those_that_are() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Rows));
    configure(&home, &server, "[profiles.desk]\nbase_url = 'URL'\n");
    let session = home.small_session();

    let done = home.run(&["sample", &session, "--profile", "dsk"]);

    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.said.contains("There is no profile `dsk`") && done.said.contains("`desk`"), "{}", done.said);
    assert!(home.lines(&["runs", &session, "--json"]).is_empty());
}

#[test]
fn a_key_comes_from_the_environment_then_from_dotenv_then_from_its_command() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Rows));
    configure(
        &home,
        &server,
        "[profiles.named]\nbase_url = 'URL'\napi_key_env = 'DESK_KEY'\nconcurrency = 1\n\
         [profiles.asked]\nbase_url = 'URL'\napi_key_cmd = 'cat key.txt'\nconcurrency = 1\n",
    );
    let session = home.small_session();
    let sample = |profile| ["sample", "small", "-n", "5", "--profile", profile];
    let sent = |server: &ModelServer| server.requests().pop().unwrap();
    assert_eq!(session, "small");

    let missing = home.run(&sample("named"));
    assert!(missing.code == 1 && missing.said.contains("DESK_KEY"), "{missing:?}");

    home.write("small/.env", format!("# keys\nexport DESK_KEY='{KEY}'\n"));
    let done = home.ok(&sample("named"));
    assert!(sent(&server).contains(KEY));
    key_is_nowhere(&home, &done, &[".env"]);

    run_with(&home, &[("DESK_KEY", "from-process")], &sample("named"));
    assert!(sent(&server).contains("Bearer from-process"));

    home.write("key.txt", format!("{KEY}\nuser: me\n"));
    let done =
        run_with(&home, &[("OPENAI_API_KEY", "another-servers")], &[&sample("asked")[..], &["-vv"]].concat());
    assert_eq!(done.code, 0, "{done:?}");
    assert!(sent(&server).contains(KEY) && !sent(&server).contains("another-servers"));
    key_is_nowhere(&home, &done, &[".env", "key.txt"]);
}

#[test]
fn a_command_that_prints_no_key_says_so_and_nothing_is_sent() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Rows));
    let text = "[profiles.asked]\nbase_url = 'URL'\napi_key_cmd = 'echo the vault is locked >&2; exit 4'\n";
    configure(&home, &server, text);
    home.small_session();

    let done = home.run(&["sample", "small", "--profile", "asked"]);

    assert_eq!(done.code, 1, "{done:?}");
    assert!(
        done.said.contains("`api_key_cmd` failed") && done.said.contains("the vault is locked"),
        "{}",
        done.said
    );
    assert!(server.requests().is_empty());
    let report = home.run(&["doctor", "--profile", "asked", "--json"]);
    assert_eq!(report.code, 1);
    assert_eq!(check(&report.json(), "key").0, "failed");
}

#[test]
fn a_limit_of_cost_is_refused_where_no_price_is_known() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Rows));
    configure(&home, &server, "[profiles.gate]\nbase_url = 'http://gate.invalid/v1'\nmodel = 'm'\n");
    let session = home.small_session();

    let done = home.run(&["sample", &session, "--profile", "gate", "--budget-cost", "1"]);

    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.said.contains("No price of the model `m` is known"), "{}", done.said);
}

#[test]
fn a_run_that_goes_on_takes_no_options_of_a_new_one() {
    let home = Home::new();
    for option in [["-n", "5"], ["--profile", "a"], ["--seed", "1"], ["--concurrency", "5"]] {
        let done = home.run(&[&["sample", "tickets", "--resume"][..], &option].concat());
        assert!(done.code == 2 && done.said.contains("cannot be used with"), "{done:?}");
    }
    let done = home.run(&["sample", "tickets", "--budget-cost", "nothing"]);
    assert!(done.code == 2 && done.said.contains("give US dollars"), "{done:?}");
}

#[test]
fn what_crosses_the_wire_is_recorded_where_it_is_asked_for_without_the_key() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Rows));
    configure(
        &home,
        &server,
        "[profiles.desk]\nbase_url = 'URL'\nmodel = 'tiny'\napi_key_env = 'DESK_KEY'\nconcurrency = 1\n",
    );
    home.small_session();

    let args = ["sample", "small", "-n", "5", "--profile", "desk", "--record", "tape"];
    let done = run_with(&home, &[("DESK_KEY", KEY)], &args);

    assert_eq!(done.code, 0, "{done:?}");
    let tapes: Vec<_> =
        std::fs::read_dir(home.path().join("tape")).unwrap().map(|file| file.unwrap()).collect();
    assert_eq!(tapes.len(), server.requests().len());
    let tape: serde_json::Value = serde_json::from_slice(&std::fs::read(tapes[0].path()).unwrap()).unwrap();
    assert!(tape["response_body"].as_str().unwrap().contains("account"), "{tape}");
    key_is_nowhere(&home, &done, &[]);
}

#[test]
fn doctor_says_that_all_is_well_and_where_the_key_is_but_not_the_key() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Rows));
    configure(
        &home,
        &server,
        "[profiles.desk]\nbase_url = 'URL'\nmodel = 'tiny'\napi_key_env = 'DESK_KEY'\n",
    );
    home.write(".env", format!("DESK_KEY={KEY}\n"));

    let done = home.ok(&["doctor", "--profile", "desk"]);

    assert!(done.out.contains(server.url()) && done.out.contains("DESK_KEY, from ./.env"), "{}", done.out);
    key_is_nowhere(&home, &done, &[".env"]);
    let report = home.ok(&["doctor", "--profile", "desk", "--json"]).json();
    assert_eq!((&report["ok"], &report["profile"]), (&true.into(), &"desk".into()));
    for name in ["server", "key", "request", "models", "streaming", "schema", "usage", "price"] {
        assert_eq!(check(&report, name).0, "ok", "{name}: {report}");
    }
}

#[test]
fn doctor_tells_a_server_that_does_not_stream_from_one_that_does_not_work() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::OnlyWhole));
    configure(&home, &server, "[profiles.desk]\nbase_url = 'URL'\nmodel = 'tiny'\n");

    let done = home.ok(&["doctor", "--profile", "desk", "--json"]);

    let report = done.json();
    assert_eq!(check(&report, "streaming").0, "warning");
    assert!(check(&report, "streaming").1.contains("does not stream"), "{report}");
    assert_eq!(check(&report, "schema").0, "ok");
}

#[test]
fn doctor_says_what_to_do_about_words_that_are_no_rows() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Words));
    configure(&home, &server, "[profiles.desk]\nbase_url = 'URL'\nmodel = 'tiny'\n");

    let report = home.ok(&["doctor", "--profile", "desk", "--json"]).json();

    assert!(check(&report, "schema").1.contains("\"Good morning to you\". Ask for JSON"), "{report}");
    assert_eq!(check(&report, "usage").0, "warning");
}

#[test]
fn doctor_fails_on_a_refused_key_and_on_a_server_that_is_not_there() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::BadKey));
    configure(
        &home,
        &server,
        "[profiles.desk]\nbase_url = 'URL'\nmodel = 'tiny'\napi_key_env = 'DESK_KEY'\n\
        [profiles.gone]\nbase_url = 'http://127.0.0.1:1/v1'\n",
    );

    let done = run_with(&home, &[("DESK_KEY", KEY)], &["doctor", "--profile", "desk", "--json"]);

    assert_eq!(done.code, 1, "{done:?}");
    assert!(check(&done.json(), "request").1.contains("refused the API key"), "{}", done.out);
    key_is_nowhere(&home, &done, &[]);
    let gone = home.run(&["doctor", "--profile", "gone"]);
    assert!(gone.code == 1 && gone.out.contains("✗ request"), "{gone:?}");
    assert!(gone.out.contains("Start the server there"), "{gone:?}");
}

#[test]
fn doctor_says_what_a_gateway_refuses_and_that_no_key_was_sent() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Gateway));
    let args = ["doctor", "--provider", "openai", "--model", "tiny", "--base-url", server.url(), "--json"];

    let report = home.ok(&args).json();

    assert_eq!(check(&report, "key").1, "No key is sent: none was found in OPENAI_API_KEY.");
    let (state, message) = check(&report, "models");
    assert_eq!(state, "warning");
    assert!(
        message.starts_with("The key is refused for the list of models, though requests are answered"),
        "{message}"
    );
    let (state, message) = check(&report, "parameters");
    assert_eq!(state, "warning");
    assert!(
        message.contains("does not take a seed") && message.contains("`leave_out = [\"seed\"]`"),
        "{message}"
    );

    configure(&home, &server, "[profiles.gate]\nbase_url = 'URL'\nmodel = 'tiny'\nleave_out = ['seed']\n");
    let report = home.ok(&["doctor", "--profile", "gate", "--json"]).json();
    assert_eq!(
        check(&report, "parameters"),
        ("ok".into(), "`leave_out` names `seed`; the server took the rest.".into())
    );
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn a_provider_without_a_model_is_wrong_usage() {
    let home = Home::new();
    let session = home.small_session();
    for args in [vec!["doctor", "--provider", "anthropic"], vec!["sample", &session, "--provider", "gemini"]]
    {
        let done = run_with(&home, &[("ANTHROPIC_API_KEY", KEY), ("GEMINI_API_KEY", KEY)], &args);
        assert_eq!(done.code, 2, "{done:?}");
        assert!(done.said.contains(&format!("No model of {} is chosen.", args.last().unwrap())), "{done:?}");
    }
}

#[test]
fn doctor_of_an_offline_session_needs_nothing() {
    let home = Home::new();
    let done = home.ok(&["doctor", "tickets"]);
    assert!(done.out.contains("it needs no server, no key and no network"), "{}", done.out);
    let report = home.ok(&["--offline", "doctor", "--json"]).json();
    assert_eq!((&report["ok"], &report["provider"]), (&true.into(), &"offline".into()));
}

#[test]
fn a_native_address_is_asked_for_chat_completions_on_the_same_host() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Rows));
    let host = server.url().trim_end_matches("/v1");
    let profile = format!("[profiles.den]\nprovider = 'ollama'\nbase_url = '{host}/api'\nmodel = 'tiny'\n");
    configure(&home, &server, &profile);
    let session = home.small_session();

    home.ok(&["sample", &session, "-n", "5", "--profile", "den", "--json"]);

    assert!(server.requests()[0].starts_with("POST /v1/chat/completions HTTP"), "{}", server.requests()[0]);
    let done = home.ok(&["doctor", "--profile", "den"]);
    let said = format!("ollama at {host}/api/, asked for chat completions at {host}/v1/, model `tiny`.");
    assert!(done.out.contains(&said), "{done:?}");
    // The gateway's variable, which named Gemini's own dialect.
    let variables = [("GEMINI_BASE_URL", host), ("GEMINI_API_KEY", KEY)];
    let args = ["sample", &session, "-n", "5", "--provider", "gemini", "--model", "tiny", "--json"];
    let done = run_with(&home, &variables, &args);
    assert_eq!(done.json()["status"], "done", "{done:?}");
    let last = server.requests().pop().unwrap();
    assert!(last.starts_with("POST /v1beta/openai/chat/completions HTTP"), "{last}");
}

#[test]
fn a_key_in_an_address_is_refused_and_stands_nowhere() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Rows));
    configure(&home, &server, "[profiles.gate]\nprovider = 'openai'\n");
    let session = home.small_session();
    let tapes = home.path().join("tapes");
    let args = ["sample", &session, "-n", "5", "--profile", "gate", "--record", tapes.to_str().unwrap()];
    for url in [format!("{}?key={KEY}", server.url()), format!("http://ann:{KEY}@127.0.0.1:1/v1")] {
        let done = run_with(&home, &[("OPENAI_BASE_URL", &url)], &args);

        assert_ne!(done.code, 0, "{done:?}");
        assert!(done.said.contains("belongs in the variable that `api_key_env` names"), "{done:?}");
        key_is_nowhere(&home, &done, &[]);
        let doctor = ["doctor", "--profile", "gate", "--json"];
        key_is_nowhere(&home, &run_with(&home, &[("OPENAI_BASE_URL", &url)], &doctor), &[]);
    }
    assert!(server.requests().is_empty());
}
