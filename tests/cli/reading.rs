//! Whatever a path leads to, a command ends: only ordinary files of a bounded length are read.

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::home::{Done, Home};

/// Puts something that is no ordinary file at a path.
type Thing = (&'static str, fn(&Path));

const THINGS: [Thing; 6] = [
    ("pipe", |path| {
        assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
    }),
    ("socket", |path| drop(UnixListener::bind(path).unwrap())),
    ("folder", |path| std::fs::create_dir(path).unwrap()),
    ("device", |path| symlink("/dev/zero", path).unwrap()),
    ("device", |path| symlink("/dev/random", path).unwrap()),
    ("TB", |path| {
        std::fs::File::create(path).unwrap().set_len(3 << 40).unwrap();
    }),
];

/// Runs a command, which must end soon, and returns what it says.
#[track_caller]
fn soon(home: &Home, args: &[&str]) -> Done {
    let began = Instant::now();
    let done = home.run(args);
    // A pipe that is named as a prompt is given ten seconds to end.
    assert!(began.elapsed() < Duration::from_secs(20), "{args:?} took {:?}", began.elapsed());
    assert!(!done.said.contains('\u{1b}') && done.said.lines().all(|line| line.ends_with('.')), "{done:?}");
    done
}

#[track_caller]
fn place(home: &Home, name: &str, make: fn(&Path)) -> PathBuf {
    let path = home.path().join(name);
    let _ = std::fs::remove_file(&path).or_else(|_| std::fs::remove_dir(&path));
    make(&path);
    path
}

#[test]
fn what_is_no_ordinary_file_or_far_too_long_is_refused_wherever_a_file_is_read() {
    let home = Home::new();
    home.small_session();
    home.write(
        "other/session.toml",
        "[dataset]\npath = \"thing\"\ntext = \"text\"\nlabel = \"label\"\n[target]\nlabel = \"a\"\n",
    );
    let new = ["new", "made", "--data", "thing.csv", "--text", "text", "--label", "label", "--target", "a"];
    let ways: [(&str, &[&str]); 7] = [
        ("thing.csv", &new),
        ("thing.csv", &["new", "--data", "thing.csv"]),
        ("other/thing", &["rows", "other"]),
        ("small/session.toml", &["rows", "small"]),
        ("thing.toml", &["rows", "tickets", "--config", "thing.toml"]),
        ("thing.md", &["prompt", "add", "tickets", "thing.md"]),
        (".config/rowsmith/config.toml", &["rows", "tickets"]),
    ];
    std::fs::create_dir_all(home.path().join(".config/rowsmith")).unwrap();
    for (name, args) in ways {
        for (is, make) in THINGS {
            place(&home, name, make);
            let done = soon(&home, args);
            let is_named = done.said.contains(is) || done.said.contains("no ordinary file");
            // A session whose file is no file is none.
            let is_no_session = name.ends_with("session.toml") && done.said.contains("session");
            assert!([1, 2].contains(&done.code) && (is_named || is_no_session), "{args:?} {is}: {done:?}");
        }
        let path = home.path().join(name);
        let _ = std::fs::remove_file(&path).or_else(|_| std::fs::remove_dir(&path));
    }
}

#[test]
fn a_dotenv_and_what_the_screen_left_behind_stop_nobody() {
    let home = Home::new();
    let session = home.small_session();
    for name in [
        "small/.env",
        ".env",
        "small/.rowsmith/settings.json",
        "small/.rowsmith/screen.json",
        "small/.rowsmith/draft.json",
    ] {
        for (is, make) in THINGS {
            let path = place(&home, name, make);
            let done = soon(&home, &["sample", &session, "-n", "1"]);
            assert_eq!(done.code, 0, "{name} {is}: {done:?}");
            let _ = std::fs::remove_file(&path).or_else(|_| std::fs::remove_dir(&path));
        }
    }
}

#[test]
fn a_dataset_of_proc_is_not_read_and_none_of_it_is_said() {
    let home = Home::new();
    for path in ["/proc/self/environ", "/proc/kmsg", "/proc/kcore", "/proc/self/mem"] {
        let done = soon(&home, &["new", "s", "--data", path, "--text", "a", "--label", "b", "--target", "c"]);
        assert_ne!(done.code, 0, "{done:?}");
        assert!(!done.said.contains(home.path().to_str().unwrap()), "{done:?}");
    }
}

#[test]
fn a_longer_dataset_is_read_where_the_person_says_so() {
    let home = Home::new();
    let row = format!("{},a\n", "x".repeat(1000));
    home.write("d.csv", format!("text,label\n{}", row.repeat(1100)));
    let new = |limit: &'static str| {
        [
            "new",
            "s",
            "--data",
            "d.csv",
            "--text",
            "text",
            "--label",
            "label",
            "--target",
            "a",
            "--max-data",
            limit,
        ]
    };
    let said = soon(&home, &new("1")).said;
    assert!(said.contains("d.csv has 1 MB") && said.contains("--max-data 2"), "{said}");
    home.ok(&new("2"));
    assert_eq!(home.ok(&["rows", "s"]).code, 0);
}

#[test]
fn files_that_are_wide_deep_or_one_long_line_end_in_a_sentence() {
    let home = Home::new();
    let names = |count: usize| (0..count).map(|n| format!("c{n}")).collect::<Vec<_>>().join(",");
    let deep = |open: &str| format!("{{\"label\":\"a\",\"text\":{}\n", open.repeat(100_000));
    for (name, bytes) in [
        ("wide.csv", format!("text,label,{}\n{}\n", names(1_000_000), names(3))),
        ("lists.jsonl", deep("[")),
        ("objects.jsonl", deep("{\"a\":")),
        ("objects.json", format!("[{}", deep("{\"a\":"))),
        ("line.csv", "x".repeat(30 << 20)),
        ("line.jsonl", format!("{{\"text\":\"{}", "x".repeat(30 << 20))),
        ("quote.csv", format!("text,label\n\"{}", "x,y\n".repeat(1 << 20))),
    ] {
        home.write(name, bytes);
        for args in [
            &["new", "--data", name][..],
            &["new", "s", "--data", name, "--text", "text", "--label", "label", "--target", "a"],
        ] {
            let done = home.run(args);
            assert!(done.code == 2 || done.code == 1 || args.len() == 3, "{args:?}: {done:?}");
            assert!(done.said.len() < 4_000 && done.out.len() < 10_000, "{args:?}: {}", done.said.len());
        }
    }
}

#[test]
fn a_dataset_outside_of_the_sessions_folder_is_named_before_it_is_used_and_a_hidden_one_refused() {
    let home = Home::new();
    let rows = "text,label\none,a\ntwo,a\nthree,a\nfour,b\nfive,b\n";
    home.write("private/d.csv", rows);
    home.write(".hidden/d.csv", rows);
    let session = |path: &str| {
        home.write(
            "s/session.toml",
            format!(
                "[dataset]\npath = \"{path}\"\ntext = \"text\"\nlabel = \"label\"\n[target]\nlabel = \"a\"\n"
            ),
        );
    };
    session("../private/d.csv");
    let done = home.ok(&["rows", "s"]);
    assert!(
        done.said.contains("outside of the session's folder") && done.said.contains("private/d.csv"),
        "{done:?}"
    );
    assert_eq!(home.ok(&["rows", "s"]).said, "", "it was said once");
    for path in ["../.hidden/d.csv", "link.csv"] {
        session(path);
        let _ = symlink(home.path().join(".hidden/d.csv"), home.path().join("s/link.csv"));
        std::fs::remove_dir_all(home.path().join("s/.rowsmith")).unwrap();
        let done = soon(&home, &["sample", "s", "-n", "1"]);
        assert!(done.code == 2 && done.said.contains("a hidden file"), "{path}: {done:?}");
    }
}
