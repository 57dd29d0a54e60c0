//! Where keys go that a session's files name, through the real binary, against a server on loopback.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::home::{Done, Home};
use crate::model_server::{Manner, ModelServer};

const KEY: &str = "sk-test-4f9a81c2d7e6b305";
const SAMPLE: [&str; 6] = ["sample", "small", "-n", "5", "--seed", "1"];

/// A home with a session that asks a server as these lines of `[generator]` say; `URL` stands for its address.
fn session(server: &ModelServer, lines: &str) -> Home {
    let home = Home::new();
    home.small_session();
    generator(&home, server, lines);
    home
}

/// Writes other lines of `[generator]`.
fn generator(home: &Home, server: &ModelServer, lines: &str) {
    let file = home.path().join("small/session.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let (before, rest) = text.split_once("[generator]").unwrap();
    let (_, after) = rest.split_once("\n[fields").unwrap();
    let lines = lines.replace("URL", server.url());
    std::fs::write(file, format!("{before}[generator]\nmodel = 'tiny'\n{lines}\n\n[fields{after}")).unwrap();
}

fn with(home: &Home, variables: &[(&str, &str)], args: &[&str]) -> Done {
    let mut command = home.command(args);
    command.envs(variables.iter().copied()).stdin(Stdio::null());
    Done::of(command.output().unwrap())
}

#[test]
fn a_session_of_somebody_else_sends_no_variable_before_that_was_allowed() {
    let server = ModelServer::start(Manner::Rows);
    let home = session(&server, "");
    for name in ["AWS_SECRET_ACCESS_KEY", "HOME", "PATH", "OPENAI_API_KEY"] {
        generator(&home, &server, &format!("provider = 'openai'\nbase_url = 'URL'\napi_key_env = '{name}'"));
        for args in [&SAMPLE[..], &["doctor", "small"]] {
            let done = with(&home, &[("AWS_SECRET_ACCESS_KEY", KEY), ("OPENAI_API_KEY", KEY)], args);

            assert_eq!(done.code, 2, "{name}: {done:?}");
            assert!(done.said.contains(&format!("The key in {name} would be sent to http://127.0.0.1:")));
            assert!(done.said.contains("`rowsmith allow "), "{done:?}");
            assert!(!done.said.contains(KEY) && !done.out.contains(KEY), "{done:?}");
        }
    }
    assert!(server.requests().is_empty());
}

#[test]
fn what_was_allowed_is_sent_and_something_else_or_what_was_taken_back_is_not() {
    let server = ModelServer::start(Manner::Rows);
    let lines = "provider = 'openai'\nbase_url = 'URL'\napi_key_env = 'DESK_KEY'";
    let home = session(&server, lines);
    let variables = [("DESK_KEY", KEY), ("OTHER_KEY", "sk-other-0000000000000")];
    let refused = home.run(&["allow", "small"]);
    assert!(refused.code == 2 && refused.said.contains("`--yes`"), "{refused:?}");
    assert!(refused.out.contains("The key in DESK_KEY would be sent to http://127.0.0.1:"), "{refused:?}");

    home.ok(&["allow", "small", "--yes"]);
    let done = with(&home, &variables, &SAMPLE);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(server.requests()[0].contains(&format!("Bearer {KEY}")));
    assert!(home.ok(&["allow", "small"]).out.contains("You allowed that."));

    let count = server.requests().len();
    generator(&home, &server, &lines.replace("DESK_KEY", "OTHER_KEY"));
    assert_eq!(with(&home, &variables, &SAMPLE).code, 2);
    generator(&home, &server, lines);
    assert_eq!(with(&home, &variables, &SAMPLE).code, 0);
    assert!(home.ok(&["allow", "small", "--forget"]).out.starts_with("1 permission of"));
    assert_eq!(with(&home, &variables, &SAMPLE).code, 2);
    assert!(!server.requests()[count..].iter().any(|request| request.contains("sk-other")));
    // The session itself says nothing of it.
    let text = std::fs::read_to_string(home.path().join(".config/rowsmith/allowed.toml")).unwrap();
    assert!(!text.contains(KEY) && !text.contains("DESK_KEY"), "{text}");
}

#[test]
fn a_usual_key_stays_here_where_the_session_names_the_server() {
    let server = ModelServer::start(Manner::Rows);
    let home = session(&server, "provider = 'openai'\nbase_url = 'URL'");

    let done = with(&home, &[("OPENAI_API_KEY", KEY)], &SAMPLE);

    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.said.contains("the key of OPENAI_API_KEY stays here"), "{}", done.said);
    assert!(server.requests().iter().all(|request| !request.to_lowercase().contains("authorization")));
    let doctor = with(&home, &[("OPENAI_API_KEY", KEY)], &["doctor", "small"]);
    assert!(doctor.out.contains("the key of OPENAI_API_KEY stays here"), "{doctor:?}");

    let allow = ["allow", "small", "--yes"];
    assert_eq!(with(&home, &[("OPENAI_API_KEY", KEY)], &allow).code, 0);
    with(&home, &[("OPENAI_API_KEY", KEY)], &SAMPLE);
    assert!(server.requests().last().unwrap().contains(KEY));
}

#[test]
fn a_provider_that_is_typed_sends_no_key_to_the_server_that_the_session_names() {
    let server = ModelServer::start(Manner::Rows);
    for (provider, variable) in [("openai", "OPENAI_API_KEY"), ("anthropic", "ANTHROPIC_API_KEY")] {
        let home = session(&server, &format!("provider = '{provider}'\nbase_url = 'URL'"));
        home.write(".config/rowsmith/config.toml", "[profiles.warm]\ntemperature = 0.5\n");
        let typed = ["--provider", provider, "--model", "other"];
        for more in [&[][..], &["--profile", "warm"]] {
            let done = with(&home, &[(variable, KEY)], &[&SAMPLE[..], &typed, more].concat());
            assert_eq!(done.code, 0, "{done:?}");
            assert!(done.said.contains(&format!("the key of {variable} stays here")), "{done:?}");
        }
        with(&home, &[(variable, KEY)], &[&["doctor", "small"][..], &typed].concat());
    }
    assert!(!server.requests().is_empty());
    assert!(!server.requests().iter().any(|request| request.contains(KEY)));
}

#[test]
fn what_a_session_may_is_taken_back_after_its_folder_is_gone() {
    let server = ModelServer::start(Manner::Rows);
    let home = session(&server, "provider = 'openai'\nbase_url = 'URL'\napi_key_env = 'DESK_KEY'");
    home.ok(&["allow", "small", "--yes"]);
    std::fs::rename(home.path().join("small"), home.path().join("elsewhere")).unwrap();

    assert!(home.ok(&["allow", "small", "--forget"]).out.starts_with("1 permission of"));
    assert!(home.ok(&["allow", "small", "--forget"]).out.starts_with("0 permissions of"));
}

#[test]
fn an_address_in_a_sessions_env_file_carries_no_key_of_the_environment() {
    let server = ModelServer::start(Manner::Rows);
    let home = session(&server, "provider = 'openai'");
    home.write("small/.env", format!("OPENAI_BASE_URL={}\n", server.url()));

    let done = with(&home, &[("OPENAI_API_KEY", KEY)], &SAMPLE);

    assert!(done.code == 2 && done.said.contains("The key in OPENAI_API_KEY would be sent to"), "{done:?}");
    assert!(server.requests().is_empty());
    home.write("small/.env", format!("OPENAI_BASE_URL={}\nOPENAI_API_KEY=sk-beside\n", server.url()));
    assert_eq!(home.run(&SAMPLE).code, 0, "the key beside it is for it");
    assert!(server.requests()[0].contains("Bearer sk-beside"));
    // The person's own environment says where their keys go.
    home.write("small/.env", "");
    let own = [("OPENAI_API_KEY", KEY), ("OPENAI_BASE_URL", server.url())];
    assert_eq!(with(&home, &own, &SAMPLE).code, 0);
    assert!(server.requests().last().unwrap().contains(KEY));
}

#[test]
fn a_run_that_a_person_sent_somewhere_goes_on_there_with_the_key_and_another_does_not() {
    let server = ModelServer::start(Manner::Rows);
    let home = session(&server, "provider = 'offline'");
    let variables = [("OPENAI_API_KEY", KEY)];
    let begin = ["sample", "small", "-n", "20", "--base-url", server.url(), "--budget-requests", "1"];
    assert_eq!(with(&home, &variables, &begin).code, 1);
    let resume = ["sample", "small", "--resume", "--budget-requests", "2"];
    assert_eq!(with(&home, &variables, &resume).code, 1);
    assert!(server.requests().iter().all(|request| request.contains(KEY)));

    // On another machine nobody sent it anywhere.
    std::fs::remove_file(home.path().join(".config/rowsmith/allowed.toml")).unwrap();
    with(&home, &variables, &["sample", "small", "--resume", "--budget-requests", "3"]);
    assert!(!server.requests().last().unwrap().contains(KEY));
}

#[test]
fn a_sessions_command_runs_once_it_was_allowed_and_never_offline() {
    let server = ModelServer::start(Manner::Rows);
    let command =
        |key: &str| format!("provider = 'openai'\nbase_url = 'URL'\napi_key_cmd = 'touch ran; echo {key}'");
    let home = session(&server, &command("sk-printed"));
    let has_run = || std::fs::remove_file(home.path().join("ran")).is_ok();

    let done = home.run(&SAMPLE);
    assert!(done.code == 2 && done.said.contains("The command `touch ran; echo sk-printed` would be run"));
    home.run(&["doctor", "small"]);
    assert!(!has_run(), "it ran before it was allowed");
    home.ok(&["allow", "small", "--yes"]);
    assert!(!has_run(), "it ran without need");
    home.run(&[&["--offline"][..], &SAMPLE].concat());
    home.run(&["--offline", "doctor", "small"]);
    assert!(!has_run(), "it ran offline");
    home.ok(&SAMPLE);
    assert!(has_run() && server.requests()[0].contains("Bearer sk-printed"));
    generator(&home, &server, &command("sk-changed"));
    assert_eq!(home.run(&SAMPLE).code, 2);
    assert!(!has_run(), "another command ran");
}

#[test]
fn a_command_that_waits_is_said_and_ends_with_the_program() {
    let server = ModelServer::start(Manner::Rows);
    for args in [&["sample", "small", "--profile", "slow"][..], &["doctor", "--profile", "slow"]] {
        let home = session(&server, "provider = 'offline'");
        let profile =
            "[profiles.slow]\nbase_url = 'URL'\napi_key_cmd = 'sleep 300 & echo $! > child; wait'\n";
        home.write(".config/rowsmith/config.toml", profile.replace("URL", server.url()));
        let mut command = home.command(args);
        let child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let file = home.path().join("child");
        let late = Instant::now() + Duration::from_secs(60);
        while std::fs::read_to_string(&file).unwrap_or_default().is_empty() && Instant::now() < late {
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(Duration::from_millis(1_500));
        let waiting = std::fs::read_to_string(&file).unwrap().trim().to_owned();
        assert!(lives(&waiting));

        assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
        let done = Done::of(child.wait_with_output().unwrap());

        assert_eq!(done.code, 128 + 15, "{done:?}");
        assert!(done.said.contains("Waiting for the key that `api_key_cmd` prints"), "{done:?}");
        let late = Instant::now() + Duration::from_secs(10);
        while lives(&waiting) && Instant::now() < late {
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(!lives(&waiting), "what the command started goes on");
    }
    assert!(server.requests().is_empty());
}

/// Returns whether a process lives, by its id.
fn lives(id: &str) -> bool {
    let output = Command::new("ps").args(["-o", "stat=", "-p", id]).output().unwrap();
    let state = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    !state.is_empty() && !state.starts_with('Z')
}

#[test]
fn an_address_of_a_session_with_a_key_in_it_is_refused_and_shown_nowhere() {
    let server = ModelServer::start(Manner::Rows);
    let home = session(&server, "provider = 'offline'");
    for url in [
        format!("https://ann:{KEY}@gate.example/v1"),
        format!("https://gate.example/v1?api%5Fkey={KEY}"),
        format!("https://gate.example/{KEY}/v1"),
        format!("ftp://ann:{KEY}@gate.example/v1"),
    ] {
        generator(&home, &server, &format!("provider = 'openai'\nbase_url = '{url}'"));
        for args in [&SAMPLE[..], &["rows", "small"], &["doctor", "small", "--json"], &["allow", "small"]] {
            let done = home.run(args);
            assert!(done.code != 0 || args[0] == "rows", "{done:?}");
            assert!(!done.said.contains(KEY) && !done.out.contains(KEY), "{url}: {done:?}");
        }
    }
}

#[test]
fn a_key_that_a_server_writes_as_a_row_is_kept_nowhere() {
    let server = ModelServer::start(Manner::KeyInRows);
    let home = session(&server, "provider = 'openai'\nbase_url = 'URL'\napi_key_env = 'DESK_KEY'");
    home.ok(&["allow", "small", "--yes"]);

    let done = with(&home, &[("DESK_KEY", KEY)], &SAMPLE);

    assert!(server.requests()[0].contains(KEY), "{done:?}");
    let rows = home.ok(&["rows", "small", "--json"]);
    assert!(rows.out.contains("[key]") && !rows.out.contains(KEY), "{rows:?}");
    let mut folders = vec![home.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).unwrap();
                let holds = bytes.windows(KEY.len()).any(|part| part == KEY.as_bytes());
                assert!(!holds, "{} holds the key", path.display());
            }
        }
    }
}
