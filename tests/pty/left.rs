//! What must be so after every end, whatever ended the workbench.

use std::fs;
use std::path::{Path, PathBuf};

use crate::command;

const STORE: &str = ".local/share/rowsmith/sessions/tickets/.rowsmith";

/// Checks that the store is whole and free, and that neither a core, a panic nor a temporary file was left.
#[track_caller]
pub(crate) fn assert_left_clean(home: &Path) {
    let verified = command(home, &["store", "verify", "tickets"]);
    assert!(verified.1.starts_with("whole"), "{verified:?}");
    // Opening for changes sweeps, so this comes first.
    let left: Vec<_> = files(home).into_iter().filter(|file| is_left_over(file)).collect();
    assert!(left.is_empty(), "left behind: {left:?}");
    let log = fs::read_to_string(home.join(".local/state/rowsmith/log")).unwrap_or_default();
    assert!(!log.contains("panicked"), "{log}");
    let freed = command(home, &["skip", "tickets", "--filter", "number=1"]);
    assert_eq!(freed.0, 0, "the store is still locked: {}", freed.2);
}

/// Returns the text of the draft, which is empty where there is none.
pub(crate) fn draft(home: &Path) -> String {
    fs::read_to_string(home.join(STORE).join("draft.json")).unwrap_or_default()
}

/// Returns the state of the screen as it was kept.
pub(crate) fn screen(home: &Path) -> String {
    fs::read_to_string(home.join(STORE).join("screen.json")).unwrap_or_default()
}

fn is_left_over(file: &Path) -> bool {
    let name = file.file_name().unwrap().to_string_lossy();
    let is_temporary = [".tmp", "rowsmith-", ".rowsmith-"].iter().any(|start| name.starts_with(start));
    is_temporary || name.ends_with(".tmp") || name.ends_with(".generating") || name.starts_with("core")
}

/// Returns all files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
