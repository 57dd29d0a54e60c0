//! Exports that are ended, or that cannot be written where they should: nothing of them is left.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::home::{Done, Home};

/// How many rows a large export has: far more than are written before a signal is looked at.
const ROWS: usize = 80_000;

/// Returns a session with many real rows.
fn large(home: &Home) -> &'static str {
    let row = |n: usize| {
        let label = if n.is_multiple_of(2) { "leave" } else { "stay" };
        format!("\"contract {n} of flat {}\",{label}\n", n * 7919 % 104_729)
    };
    home.write("large.csv", format!("text,label\n{}", (0..ROWS).map(row).collect::<String>()));
    let columns = ["--text", "text", "--label", "label", "--target", "leave"];
    home.ok(&[&["new", "large", "--data", "large.csv"], &columns[..]].concat());
    "large"
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Returns the size of what lies in a file or a folder; 0 where it is gone.
fn size(path: &Path) -> u64 {
    let Ok(found) = std::fs::symlink_metadata(path) else { return 0 };
    if !found.is_dir() {
        return found.len();
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| size(&entry.path())).sum()
}

/// Waits until an export has written something under a temporary name.
fn wait_until_written(child: &mut Child, folder: &Path) {
    loop {
        let temporary = names(folder).into_iter().filter(|name| name.starts_with(".rowsmith-tmp-"));
        if temporary.map(|name| size(&folder.join(name))).sum::<u64>() > 0 {
            return;
        }
        assert_eq!(child.try_wait().unwrap(), None, "it ended before it was seen to write");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_signal_within_a_large_export_leaves_nothing_and_its_code() {
    let home = Home::new();
    let session = large(&home);
    let wholes: [(&[&str], Signal, i32); 4] = [
        (&["--format", "csv", "--out", "out/rows.csv"], Signal::INT, 130),
        (&["--out", "out/rows.jsonl", "--with-real", "--split", "0.5"], Signal::TERM, 143),
        (&["--format", "hf", "--out", "out/set", "--with-real"], Signal::INT, 130),
        (&["--format", "fasttext", "--out", "out/rows.txt"], Signal::HUP, 129),
    ];
    let out = home.path().join("out");
    std::fs::create_dir(&out).unwrap();
    for (args, signal, code) in wholes {
        let real: &[&str] = if args.contains(&"--with-real") { &[] } else { &["--real", "train"] };
        let mut command = home.command(&[&["export", session], args, real].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        wait_until_written(&mut child, &out);
        kill_process(Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap(), signal).unwrap();
        let done = Done::of(child.wait_with_output().unwrap());
        assert_eq!(done.code, code, "{args:?}: {}", done.said);
        assert!(
            done.said.contains("was stopped before it was complete; nothing was written."),
            "{}",
            done.said
        );
        assert_eq!(names(&out), Vec::<String>::new(), "{args:?}");
    }
}

/// Returns a folder in which this user can make no file: one without the right to write, else one of the system, which
/// holds for root too.
fn read_only(home: &Home) -> Option<PathBuf> {
    let locked = home.path().join("locked");
    std::fs::create_dir(&locked).unwrap();
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o500)).unwrap();
    let refuses = |folder: &PathBuf| {
        let probe = folder.join("rowsmith-probe");
        folder.is_dir() && std::fs::write(&probe, "x").is_err()
    };
    [locked, PathBuf::from("/sys"), PathBuf::from("/proc")].into_iter().find(refuses)
}

#[test]
fn a_folder_that_takes_no_file_is_told_for_every_kind_of_export() {
    let home = Home::new();
    let session = home.small_session();
    home.ok(&["sample", &session, "-n", "12"]);
    home.ok(&["accept", &session, "--filter", "state:pending"]);
    let Some(folder) = read_only(&home) else {
        eprintln!("skipped: this user may write everywhere");
        return;
    };
    let before = names(home.path());
    for (format, name) in
        [("csv", "rows.csv"), ("parquet", "rows.parquet"), ("argilla", "rows.json"), ("hf", "set")]
    {
        let out = folder.join(name);
        let out = out.to_str().unwrap();
        let done = home.run(&["export", &session, "--format", format, "--out", out]);
        assert_eq!(done.code, 1, "{done:?}");
        assert!(done.said.contains(&format!("`{out}` cannot be written: ")), "{}", done.said);
        assert!(done.said.contains("Check that its folder is yours and has room."), "{}", done.said);
        assert!(!Path::new(out).exists());
    }
    assert_eq!(names(home.path()), before);
}
