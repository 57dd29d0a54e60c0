//! Files of the program are for their owner alone, and what a kill left half written goes.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::home::{Done, Home};
use crate::terminal::Terminal;

fn all(folder: &Path) -> Vec<(PathBuf, u32)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        found.push((entry.clone(), fs::metadata(&entry).unwrap().permissions().mode() & 0o777));
        if entry.is_dir() {
            found.extend(all(&entry));
        }
    }
    found
}

#[track_caller]
fn assert_private(folder: &Path) {
    let found = all(folder);
    assert!(found.len() > 5, "{found:?}");
    for (path, mode) in found {
        assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
    }
}

fn with_umask(home: &Home, umask: &str, args: &[&str]) -> Done {
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("umask {umask}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_rowsmith")])
        .args(args);
    command.current_dir(home.path()).env_clear().env("HOME", home.path()).env("TMPDIR", home.path());
    Done::of(command.stdin(Stdio::null()).output().unwrap())
}

/// Returns the umask of this process.
fn umask() -> u32 {
    let said = Command::new("sh").args(["-c", "umask"]).output().unwrap().stdout;
    u32::from_str_radix(String::from_utf8(said).unwrap().trim(), 8).unwrap()
}

/// Returns the pid of a process that is gone.
fn gone() -> u32 {
    let mut child = Command::new("true").spawn().unwrap();
    child.wait().unwrap();
    child.id()
}

#[test]
fn after_the_main_job_every_file_of_the_program_is_for_its_owner_alone() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "30"]);
    home.ok(&["accept", "tickets", "--filter", "number<10"]);
    let mut terminal = Terminal::start(home.path(), &["open", "tickets"], (120, 40));
    terminal.until("saved ✓");
    terminal.press("a");
    terminal.until("21 pending");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
    home.ok(&["-vv", "export", "tickets", "--out", "out.jsonl"]);
    home.ok(&["store", "verify", "tickets"]);
    assert_private(&home.path().join(".local"));
    let exported = fs::metadata(home.path().join("out.jsonl")).unwrap();
    assert_eq!(exported.permissions().mode() & 0o777, 0o666 & !umask());
    assert!(home.path().join(".local/state/rowsmith/log").exists());
}

#[test]
fn what_a_person_asks_for_follows_their_own_umask() {
    for (umask, file, folder) in [("022", 0o644, 0o755), ("027", 0o640, 0o750), ("077", 0o600, 0o700)] {
        let home = Home::new();
        home.small_session();
        let args = ["--data", "small.csv", "--text", "text", "--label", "label", "--target", "ask"];
        assert_eq!(with_umask(&home, umask, &[&["new", "deep/own"], &args[..]].concat()).code, 0);
        assert_eq!(with_umask(&home, umask, &["sample", "deep/own", "-n", "3"]).code, 0);
        assert_eq!(with_umask(&home, umask, &["accept", "deep/own", "--filter", "number=1"]).code, 0);
        assert_eq!(with_umask(&home, umask, &["export", "deep/own", "--out", "out.jsonl"]).code, 0);
        let mode = |name: &str| fs::metadata(home.path().join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("out.jsonl"), mode("deep/own/session.toml")), (file, file), "{umask}");
        assert_eq!((mode("deep"), mode("deep/own"), mode("deep/own/.rowsmith")), (folder, folder, 0o700));
        assert_private(&home.path().join("deep/own/.rowsmith"));
    }
}

#[test]
fn a_store_that_others_can_read_is_closed_to_them() {
    let home = Home::new();
    let small = home.small_session();
    home.ok(&["sample", &small, "-n", "3"]);
    let store = home.path().join("small/.rowsmith");
    for (path, _) in all(&store) {
        let mode = if path.is_dir() { 0o755 } else { 0o644 };
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    fs::set_permissions(&store, fs::Permissions::from_mode(0o755)).unwrap();
    home.ok(&["accept", &small, "--filter", "number=1"]);
    assert_private(&store);
    assert_eq!(fs::metadata(&store).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn temporary_files_of_killed_processes_are_gone_after_the_next_start() {
    let home = Home::new();
    let small = home.small_session();
    home.ok(&["sample", &small, "-n", "3"]);
    let left = format!(".rowsmith-tmp-{}-aBc123", gone());
    let halves = [
        format!("small/{left}"),
        format!("small/.rowsmith/{left}"),
        "small/.rowsmith/draft.tmp".to_owned(),
        "small/.rowsmith/sled/snap.0000000000000001.generating".to_owned(),
        format!("small/.rowsmith/texts/{}.tmp", "0".repeat(64)),
        format!("outs/{left}"),
        format!("tmp/{left}"),
        format!("tmp/{left}d/db"),
        format!("tmp/.rowsmith-tmp-{}-edit-{:08x}-aBc123.md", gone(), 0x3610_a686),
    ];
    halves.iter().for_each(|name| drop(home.write(name, "hello")));
    let edited =
        home.write(&format!("tmp/.rowsmith-tmp-{}-edit-00000000-xYz789.md", gone()), "a person's words");
    let stays =
        home.write(&format!("tmp/.rowsmith-tmp-{}-aBc123", std::process::id()), "of a living process");
    let run = |args: &[&str]| {
        Done::of(
            home.command(args).env("TMPDIR", home.path().join("tmp")).stdin(Stdio::null()).output().unwrap(),
        )
    };

    let said = run(&["accept", &small, "--filter", "number=1"]).said;
    run(&["export", &small, "--out", "outs/out.jsonl"]);

    let left: Vec<_> = halves.iter().filter(|name| home.path().join(name).exists()).collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(stays.exists() && !edited.exists());
    assert!(
        said.starts_with("A text that was open in an editor when the program was killed is kept as "),
        "{said}"
    );
    let kept = home.path().join("tmp/rowsmith-edited-xYz789.md");
    assert_eq!(fs::read_to_string(kept).unwrap(), "a person's words");
}

#[test]
fn the_journal_is_checked_where_sled_cannot_be_copied() {
    let home = Home::new();
    let small = home.small_session();
    home.ok(&["sample", &small, "-n", "3"]);
    let verify =
        || Done::of(home.command(&["store", "verify", &small]).env("TMPDIR", "/nowhere").output().unwrap());
    let done = verify();
    assert!(done.code == 0 && done.out.starts_with("whole: "), "{done:?}");
    assert!(
        done.said.starts_with("sled was not checked, the journal was: it could not be copied to /nowhere"),
        "{done:?}"
    );
    let journal = home.path().join("small/.rowsmith/journal/000001.jsonl");
    let text = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, text.replacen("\"seq\":2", "\"seq\":3", 1)).unwrap();
    let done = verify();
    assert!(done.code == 1 && done.out.starts_with("damaged: "), "{done:?}");
}
