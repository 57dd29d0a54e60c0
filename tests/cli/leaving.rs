//! Commands that are ended, cut off from their readers, or started without streams.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::home::{Done, Home, ids};

/// What a terminal would obey: escape sequences, a bell, a change of the reading direction.
const EVIL: &str = "\u{1b}[31mx\u{7}\u{202e}";

#[test]
fn control_characters_of_arguments_are_shown_and_not_obeyed() {
    let home = Home::new();
    let (option, filter) = (format!("--{EVIL}"), format!("state:{EVIL}"));
    for args in [
        &[EVIL][..],
        &[&option],
        &["rows", "tickets", &option],
        &["sample", "tickets", "-n", EVIL],
        &["sample", "tickets", "--provider", EVIL],
        &["accept", "tickets", "--rating", EVIL],
        &["accept", "tickets", EVIL],
        &["completions", EVIL],
        &["prompt", EVIL],
        &["prompt", "show", "tickets", EVIL],
        &["runs", "tickets", EVIL],
        &["rows", "tickets", "--filter", &filter],
        &["rows", "tickets", "--limit", EVIL],
        &["--config", EVIL, "rows", "tickets"],
        &["edit", "tickets", "abcd", "--set", EVIL],
        &["export", "tickets", "--out", "-", "--format", EVIL],
        &["new", "s", "--data", EVIL],
    ] {
        let done = home.run(args);
        assert_ne!(done.code, 0, "{args:?}");
        let shown = done.out + &done.said;
        assert!(shown.contains("␛[31mx␇⟨U+202E⟩"), "{args:?}: {shown:?}");
        assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{args:?}: {shown:?}");
    }
    let help = Done::of(home.command(&["--help"]).env("ROWSMITH_STORE", EVIL).output().unwrap());
    assert!(!help.out.contains('\u{1b}'), "{help:?}");
    let named = "exec -a \"$1\" \"$0\" sample";
    let mut bash = Command::new("bash");
    bash.args(["-c", named, env!("CARGO_BIN_EXE_rowsmith"), EVIL]);
    let said = Done::of(bash.output().unwrap());
    assert!(said.said.contains("Usage: rowsmith sample"), "{said:?}");
}

#[test]
fn a_reader_that_has_gone_ends_every_output_quietly() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "5"]);
    for args in [
        &["rows", "tickets"][..],
        &["rows", "tickets", "--json"],
        &["log", "tickets"],
        &["export", "tickets", "--out", "-", "--real", "train"],
        &["export", "tickets", "--out", "-", "--real", "train", "--format", "csv"],
        &["split", "tickets"],
        &["keys"],
        &["completions", "bash"],
        &["--help"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let done = Done::of(home.command(args).stdout(writer).stderr(Stdio::piped()).output().unwrap());
        assert_eq!((done.code, done.said.as_str()), (0, ""), "{args:?}");
    }
    for args in [&["rows", "tickets"][..], &["--help"], &["--version"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let done = Done::of(home.command(args).stdout(full).stderr(Stdio::piped()).output().unwrap());
        assert_eq!(done.code, 1, "{args:?}");
        assert!(done.said.starts_with("rowsmith: Standard output cannot be written"), "{done:?}");
    }
}

#[test]
fn without_any_stream_commands_work_and_write_into_no_file_of_the_store() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "5"]);
    for (number, command) in [
        "sample tickets -n 3 --json",
        "accept tickets --filter number=1",
        "rows tickets",
        "undo tickets",
        "accept tickets -",
    ]
    .into_iter()
    .enumerate()
    {
        let script = format!("exec \"$0\" {command} <&- >&- 2>&-");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_rowsmith")]).env("HOME", home.path());
        let status = shell.current_dir(home.path()).status().unwrap();
        assert_eq!(status.code(), Some(0), "{command}");
        assert!(home.ok(&["store", "verify", "tickets"]).out.starts_with("whole"), "{command}");
        assert_eq!(home.lines(&["rows", "tickets", "--json"]).len(), 8, "{number}: {command}");
    }
}

/// Waits until a run has brought rows.
fn has_rows(home: &Home) {
    let began = Instant::now();
    while home.run(&["rows", "tickets"]).out.is_empty() {
        assert!(began.elapsed() < Duration::from_secs(30), "no row came");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_run_that_a_signal_stops_keeps_its_rows_and_the_exit_code_tells_the_signal() {
    for (signals, codes) in [
        ("INT", &[130][..]),
        ("TERM", &[143]),
        ("HUP", &[129]),
        ("QUIT", &[131]),
        ("INT HUP INT", &[129, 130]),
    ] {
        let home = Home::new();
        home.ok(&["rows", "tickets"]);
        let mut sample = home.command(&["sample", "tickets", "-n", "200000"]);
        let child = sample.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        has_rows(&home);
        let kill = format!("for s in {signals}; do kill -s $s {}; done", child.id());
        Command::new("sh").args(["-c", &kill]).status().unwrap();
        let done = Done::of(child.wait_with_output().unwrap());
        assert!(codes.contains(&done.code), "{signals}: {done:?}");
        assert!(done.said.contains("`rowsmith sample tickets --resume` goes on with it."), "{done:?}");
        let run = &home.lines(&["runs", "tickets", "--json"])[0];
        assert_eq!(run["status"], "stopped", "{signals}: {run}");
        assert!(home.ok(&["store", "verify", "tickets"]).out.starts_with("whole"));
    }
}

#[test]
fn a_signal_that_was_to_be_ignored_stops_no_run() {
    let home = Home::new();
    home.ok(&["rows", "tickets"]);
    let script = "trap '' HUP; exec \"$0\" sample tickets -n 600";
    let mut shell = Command::new("sh");
    shell.args(["-c", script, env!("CARGO_BIN_EXE_rowsmith")]).env("HOME", home.path());
    let mut child = shell.current_dir(home.path()).stderr(Stdio::null()).spawn().unwrap();
    has_rows(&home);
    Command::new("kill").args(["-s", "HUP", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(home.lines(&["rows", "tickets", "--json"]).len(), 600);
}

#[test]
fn a_signal_leaves_a_whole_export_or_none_and_nothing_beside_it() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "200"]);
    home.ok(&["accept", "tickets", "--filter", "state:pending"]);
    let out = home.path().join("out.csv");
    for round in 0..12_u32 {
        let mut child =
            home.command(&["export", "tickets", "--out", "out.csv"]).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(u64::from(round * 12)));
        Command::new("kill")
            .args(["-s", ["INT", "TERM", "HUP"][(round % 3) as usize], &child.id().to_string()])
            .status()
            .unwrap();
        let status = child.wait().unwrap();
        // Before the work begins a signal ends the program; later it is stopped, and says so with the signal's code.
        let is_stopped = matches!(status.code(), Some(129 | 130 | 143));
        assert!(status.success() || status.signal().is_some() || is_stopped, "{status}");
        assert!(!status.success() || out.exists());
        if out.exists() {
            assert_eq!(std::fs::read_to_string(&out).unwrap().lines().count(), 201);
            std::fs::remove_file(&out).unwrap();
        }
        let left: Vec<_> =
            std::fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".rowsmith-")), "{left:?}");
    }
}

/// Returns what a person decides of each row.
fn decided(home: &Home) -> BTreeMap<String, String> {
    let kept = ["state", "rating", "tags", "reason", "fields"];
    let words = |row: &serde_json::Value| kept.map(|name| row[name].to_string()).join(" ");
    home.lines(&["rows", "tickets", "--json"]).iter().map(|row| (row["id"].to_string(), words(row))).collect()
}

#[test]
fn the_log_counts_the_rows_that_each_operation_changed() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "9"]);
    let id = ids(&home.lines(&["rows", "tickets", "--json"]))[1].clone();
    let commands: [&[&str]; 17] = [
        &["sample", "tickets", "-n", "12", "--budget-requests", "1"],
        &["sample", "tickets", "--resume"],
        &["accept", "tickets", "--filter", "number<=6"],
        &["accept", "tickets", &id, "--rating", "4"],
        &["reject", "tickets", "--filter", "number<=8", "--reason", "no"],
        &["skip", "tickets", "--filter", "state:rejected"],
        &["reject", "tickets", &id, &id, "--tag", "twice"],
        &["edit", "tickets", &id, "--set", "text=Please cancel all of it today"],
        &["edit", "tickets", &id, "--set", "text=Please cancel none of it today"],
        &["undo", "tickets"],
        &["redo", "tickets"],
        &["undo", "tickets", "-n", "1"],
        &["undo", "tickets"],
        &["undo", "tickets"],
        &["redo", "tickets"],
        &["accept", "tickets", "--filter", "number<=3", "--tag", "new"],
        &["skip", "tickets", "--filter", "flag:any"],
    ];
    for command in commands {
        let (before, logged) = (decided(&home), home.lines(&["log", "tickets", "--json"]));
        // A run that its budget ends exits with 1.
        home.run(command);
        let after = decided(&home);
        let changed = after.iter().filter(|(id, words)| before.get(*id) != Some(*words)).count() as u64;
        let log = home.lines(&["log", "tickets", "--json"]);
        let counted =
            |log: &[serde_json::Value]| log.iter().map(|line| line["rows"].as_u64().unwrap()).sum::<u64>();
        assert_eq!(counted(&log) - counted(&logged), changed, "{command:?}: {log:?}");
        assert!(log.len() <= logged.len() + 1, "{command:?}");
    }
}

#[test]
fn a_variable_that_is_set_to_nothing_is_none() {
    let home = Home::new();
    for name in ["ROWSMITH_STORE", "ROWSMITH_MAX_DATA"] {
        let path = Done::of(home.command(&["store", "path", "tickets"]).env(name, "").output().unwrap());
        assert!(path.code == 0 && path.out.ends_with("tickets/.rowsmith\n"), "{path:?}");
    }
    let asked = home.run(&["--store", "", "store", "path", "tickets"]);
    assert!(asked.code == 2 && asked.said.contains("--store <DIR>"), "{asked:?}");
}
