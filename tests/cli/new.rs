//! What `new` says of a dataset, what it prints where columns are missing, and that it makes all or nothing.

use std::os::unix::fs::symlink;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::home::{Done, Home};

fn new<'a>(dir: &'a str, data: &'a str, target: &'a str) -> Vec<&'a str> {
    vec!["new", dir, "--data", data, "--text", "text", "--label", "label", "--target", target]
}

/// Returns a CSV with so many rows of each label, each with a text of its own.
fn csv(labels: &[(&str, usize)]) -> String {
    let rows = labels.iter().flat_map(|(label, count)| {
        (0..*count).map(move |n| format!("\"A message of {count} about number {n}\",\"{label}\"\n"))
    });
    format!("text,label\n{}", rows.collect::<String>())
}

#[track_caller]
fn says(done: &Done, wanted: &[&str]) {
    assert_eq!(done.code, 0, "{done:?}");
    for words in wanted {
        assert!(done.said.contains(words), "{words:?} is not in {}", done.said);
    }
}

#[test]
fn labels_are_always_counted_and_a_good_file_gets_no_remark() {
    let home = Home::new();
    home.write("d.csv", csv(&[("ham", 1200), ("spam", 200)]));

    let done = home.ok(&new("s", "d.csv", "spam"));

    assert_eq!(
        done.said,
        "s holds a session of 1,400 real rows: 1,120 train and 280 test. 160 train rows are `spam`.\n\
         Labels: `ham` (1,200) and `spam` (200).\nOpen it with `rowsmith s`.\n"
    );
    assert_eq!(done.out, "");
}

#[test]
fn spellings_of_one_label_and_a_rare_slip_are_told_with_counts() {
    let home = Home::new();
    home.write("d.csv", csv(&[("other", 60), ("refund", 20), ("Refund", 9), ("refund ", 4), ("othr", 2)]));

    let done = home.ok(&new("s", "d.csv", "refund"));

    says(
        &done,
        &[
            "Before you go on:\n- The labels `refund` (20), `Refund` (9) and `refund␣` (4) differ only in case",
            "the target `refund` has 20 of 33 rows",
            "`othr` (2) looks like a spelling of `other` (60)",
            "fewer than about 20",
        ],
    );
}

#[test]
fn columns_that_change_what_rows_mean_are_told_and_used_only_when_asked_for() {
    let home = Home::new();
    let row = |n| {
        let (part, answer) =
            (if n % 5 == 0 { "test" } else { "train" }, if n % 3 == 0 { "accept" } else { "reject" });
        format!(
            "{{\"text\": \"message {n}\", \"label\": \"a\", \"split\": \"{part}\", \"answer\": \"{answer}\"}}\n"
        )
    };
    home.write("d.jsonl", (0..60).map(row).collect::<String>());

    let done = home.ok(&new("s", "d.jsonl", "a"));
    says(
        &done,
        &[
            "`split` says `train` (48) and `test` (12), and is not used",
            "40 rows that the annotator turned down",
        ],
    );
    let done = home.ok(&[&new("t", "d.jsonl", "a")[..], &["--split", "none"]].concat());
    assert!(!done.said.contains("`split`"), "{done:?}");
    let toml = std::fs::read_to_string(home.path().join("t/session.toml")).unwrap();
    assert!(toml.contains("# split = "), "{toml}");
    let done = home.ok(&[&new("u", "d.jsonl", "a")[..], &["--split", "split"]].concat());
    says(&done, &["48 train and 12 test"]);
}

#[test]
fn a_file_alone_is_looked_at_and_the_command_that_is_printed_works() {
    let home = Home::new();
    let row = |n| {
        let label = if n % 3 == 0 { "Why? \"late\"" } else { "other" };
        format!("{n},\"It's message {n}, a longer one\",{label}\n")
    };
    let rows: String = (0..40).map(row).collect();
    let rows = rows.replace("Why? \"late\"", "\"Why? \"\"late\"\"\"");
    home.write("my data.csv", format!("nr,message,kind of it\n{rows}"));

    let done = home.run(&["new", "--data", "my data.csv"]);

    assert_eq!(done.code, 0, "{done:?}");
    for words in ["40 rows and 3 columns", "`nr`", "whole numbers", "`other` (26)", "Why?"] {
        assert!(done.out.contains(words), "{words} is not in {}", done.out);
    }
    assert!(!home.path().join("my data").exists());
    let command = done.out.lines().last().unwrap().trim();
    assert_eq!(
        command,
        "rowsmith new 'my data' --data 'my data.csv' --text message --label 'kind of it' --target 'Why? \"late\"'"
    );
    let mut shell = std::process::Command::new("sh");
    let binary = env!("CARGO_BIN_EXE_rowsmith");
    shell
        .args(["-c", &command.replacen("rowsmith", binary, 1)])
        .current_dir(home.path())
        .env("HOME", home.path());
    assert!(shell.output().unwrap().status.success());
    assert!(home.path().join("my data/session.toml").exists());
}

#[test]
fn half_a_command_prints_the_whole_one_and_fails_as_wrong_usage() {
    let home = Home::new();
    home.write("d.csv", csv(&[("other", 60), ("-1", 30)]));

    let done = home.run(&["new", "s", "--data", "d.csv", "--text", "text"]);

    assert_eq!(done.code, 2, "{done:?}");
    assert!(
        done.out.trim_end().ends_with("rowsmith new s --data d.csv --text text --label label --target=-1"),
        "{done:?}"
    );
    assert!(done.said.contains("No session was made"), "{done:?}");
    assert!(!home.path().join("s").exists());
    let done = home.run(&["new", "--data", "d.csv", "--label", "lable"]);
    assert!(done.code == 2 && done.said.contains("There is no column `lable`"), "{done:?}");
    says(
        &home.ok(&["new", "s", "--data", "d.csv", "--text", "text", "--label", "label", "--target", "-1"]),
        &["`-1`"],
    );
}

#[test]
fn the_file_that_was_meant_is_found_from_any_folder_and_through_links() {
    let home = Home::new();
    home.write("work/d.csv", csv(&[("a", 30), ("b", 30)]));
    home.write("disk/keep", "");
    symlink(home.path().join("disk"), home.path().join("work/far")).unwrap();
    for (dir, data) in [
        ("../x", "d.csv"),
        ("far/x", "d.csv"),
        ("far/../y", "./d.csv"),
        ("z/", "../work/d.csv"),
        ("~/h", "~/work/d.csv"),
    ] {
        let mut command = home.command(&new(dir, data, "a"));
        let done = Done::of(command.current_dir(home.path().join("work")).output().unwrap());
        assert_eq!(done.code, 0, "{dir} {data}: {done:?}");
    }
    for session in ["x", "disk/x", "work/far/x", "y", "work/z", "h"] {
        says(&home.run(&["rows", session]), &[]);
    }
    assert!(!home.path().join("work/~").exists());
}

#[test]
fn stopped_at_any_moment_it_leaves_a_whole_session_or_nothing() {
    let home = Home::new();
    home.write("d.csv", csv(&[("a", 8000), ("b", 8000)]));
    for wait in (0..400).step_by(23) {
        let mut child =
            home.command(&new("s", "d.csv", "a")).stderr(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
        // It may have ended by now.
        let _ = kill_process(pid, Signal::INT);
        child.wait().unwrap();
        let folder = home.path().join("s");
        if folder.exists() {
            assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2, "session.toml and the store");
            says(&home.run(&["rows", "s"]), &[]);
            std::fs::remove_dir_all(folder).unwrap();
        }
    }
}

#[test]
fn masks_of_the_texts_are_said_and_come_to_the_model_as_they_are() {
    let home = Home::new();
    let what = ["order", "parcel", "new box", "gift"];
    let asked =
        ["Where is it now?", "Who can help me with this?", "Please look for it.", "I asked twice before."];
    let row = |n: usize| {
        let (what, asked) = (what[n % 4], asked[n / 4 % 4]);
        format!("\"My {what} {{{{Order Number}}}} is late. {asked}\",late\n\"Where is {what} {n}?\",ask\n")
    };
    home.write("d.csv", format!("text,label\n{}", (0..30).map(row).collect::<String>()));

    let done = home.ok(&new("s", "d.csv", "late"));

    says(&done, &["The texts have masks (`{{Order Number}}`); the first prompt allows them."]);
    says(&home.ok(&["sample", "s", "-n", "2"]), &["2 of 2 rows"]);
}
