//! Tidies a store under its lock: what a kill left half written goes, and what others can read is closed to them.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::files::Layout;
use crate::own_files;

/// How the names of the files and folders of a store begin.
const OURS: [&str; 13] = [
    "journal",
    "sled",
    "texts",
    "store.lock",
    "draft.",
    "replaced.",
    "session.json",
    "session.tmp",
    "screen.json",
    "settings.json",
    "examples.json",
    "reached",
    ".rowsmith-",
];
/// The beginning of the names that earlier versions gave temporary files.
const EARLIER: &str = ".tmp";

/// Removes temporary files, and closes files and folders to others. What cannot be done is left as it is: nothing
/// depends on it. Returns a sentence where others lose a store that they could write to.
pub(crate) fn tidy(layout: &Layout) -> Option<String> {
    let entries: Vec<PathBuf> =
        fs::read_dir(layout.dir()).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    // A person may have named a folder of theirs that holds other things too.
    let (own, others): (Vec<_>, Vec<_>) = entries.into_iter().partition(|path| is_ours(path));
    let is_store = others.is_empty() || layout.dir().file_name().is_some_and(|name| name == ".rowsmith");
    let was_shared =
        is_store && fs::metadata(layout.dir()).is_ok_and(|found| found.permissions().mode() & 0o020 != 0);
    if is_store {
        set_mode(layout.dir(), 0o700);
    }
    for path in own {
        if is_half(&path) {
            let _ = fs::remove_file(&path);
        } else {
            close(&path);
        }
    }
    own_files::sweep(layout.dir());
    was_shared.then(|| {
        format!(
            "Your group could write to the store {}; it is open to you alone now, because a store is for one user. \
             Others keep their own with `--store`.",
            layout.dir().display()
        )
    })
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

fn is_ours(path: &Path) -> bool {
    let name = name(path);
    OURS.iter().any(|ours| name.starts_with(ours)) || is_of_earlier(name)
}

fn is_of_earlier(name: &str) -> bool {
    name.strip_prefix(EARLIER)
        .is_some_and(|rest| rest.len() == 6 && rest.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Returns whether a file is one that was not renamed to its name. Only the holder of the lock writes such files.
fn is_half(path: &Path) -> bool {
    let is_half = path.extension().is_some_and(|extension| extension == "tmp") || is_of_earlier(name(path));
    is_half && path.symlink_metadata().is_ok_and(|found| found.is_file())
}

/// Closes a file, or a folder with what is in it, to others. Links are not followed.
fn close(path: &Path) {
    let Ok(found) = path.symlink_metadata() else { return };
    let open = found.permissions().mode() & 0o077 != 0;
    if found.is_dir() {
        if open {
            set_mode(path, 0o700);
        }
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            let path = entry.path();
            if is_half(&path) {
                let _ = fs::remove_file(&path);
            } else {
                close(&path);
            }
        }
    } else if found.is_file() && open {
        set_mode(path, 0o600);
    }
}

fn set_mode(path: &Path, mode: u32) {
    let _ = fs::set_permissions(path, Permissions::from_mode(mode));
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn file(path: &Path, mode: u32) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
        set_mode(path, mode);
    }

    #[test]
    fn a_store_that_others_could_read_is_closed_to_them() {
        let dir = tempfile::tempdir().unwrap();
        let store = dir.path().join("store");
        let files =
            ["journal/000001.jsonl", "sled/db", "sled/blobs/7", "texts/ab", "screen.json", "store.lock"];
        files.iter().for_each(|name| file(&store.join(name), 0o644));
        ["", "journal", "sled", "sled/blobs"].iter().for_each(|name| set_mode(&store.join(name), 0o755));
        tidy(&Layout::new(&store));
        assert!(files.iter().all(|name| mode(&store.join(name)) == 0o600));
        assert!(["", "journal", "sled", "sled/blobs"].iter().all(|name| mode(&store.join(name)) == 0o700));
    }

    #[test]
    fn a_group_that_could_write_is_told_once() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::new(dir.path());
        file(&dir.path().join("draft.json"), 0o664);
        set_mode(dir.path(), 0o2775);
        assert!(tidy(&layout).is_some_and(|said| said.contains("Your group could write to the store")));
        assert_eq!(tidy(&layout), None);
        set_mode(dir.path(), 0o755);
        assert_eq!(tidy(&layout), None, "nobody but the user could write");
    }

    #[test]
    fn what_a_person_keeps_beside_a_store_and_where_links_lead_stays_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let store = dir.path().join("store");
        file(&store.join("draft.json"), 0o644);
        file(&store.join("notes.txt"), 0o644);
        file(&dir.path().join("elsewhere"), 0o644);
        symlink(dir.path().join("elsewhere"), store.join("screen.json")).unwrap();
        set_mode(&store, 0o755);
        tidy(&Layout::new(&store));
        assert_eq!((mode(&store.join("draft.json")), mode(&store.join("notes.txt"))), (0o600, 0o644));
        assert_eq!((mode(&store), mode(&dir.path().join("elsewhere"))), (0o755, 0o644));
    }

    #[test]
    fn half_written_files_go_and_no_others() {
        let dir = tempfile::tempdir().unwrap();
        let half = ["draft.tmp", "session.tmp", ".tmpAb12Cd", "texts/0a1b.tmp"];
        let kept = ["draft.json", ".tmpfile", "notes.tmp", "texts/0a1b"];
        half.iter().chain(&kept).for_each(|name| file(&dir.path().join(name), 0o600));
        tidy(&Layout::new(dir.path()));
        assert!(half.iter().all(|name| !dir.path().join(name).exists()));
        assert!(kept.iter().all(|name| dir.path().join(name).exists()));
    }
}
