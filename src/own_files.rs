//! Files that the program makes for itself: for their owner alone, and none left behind by a kill.
//!
//! The process keeps a umask of 077 from its start, so that every file is private, those of libraries too. What a
//! person asks for (an export, a session file) gets the mode that their own umask gives, by [`share`].
//!
//! A temporary file is named after its process, and locked while that writes it:
//!
//! ```text
//! .rowsmith-tmp-PID-XXXXXX            removed by the next sweep of its folder once the process is gone
//! .rowsmith-tmp-PID-edit-SUM-XXXXXX.md  a text in a person's editor: kept under a plain name where it was changed
//! ```

mod placing;

use std::fs::{self, DirEntry, File, Metadata, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rustix::fs::Mode;
use rustix::process::{Pid, geteuid, test_kill_process, umask};
use tempfile::{Builder, NamedTempFile, TempDir};

pub(crate) use placing::{Over, Placed, put};

/// The mode of a file of the program.
pub(crate) const PRIVATE: u32 = 0o600;
/// The mode of a file that a person makes, before their umask.
pub(crate) const FILE: u32 = 0o666;
/// The mode of a folder that a person makes, before their umask.
pub(crate) const FOLDER: u32 = 0o777;

const PREFIX: &str = ".rowsmith-tmp-";
const EDIT: &str = "edit-";
/// How many entries of a folder one sweep looks at, so that a crowded one does not hold up a start.
const MOST: usize = 10_000;

/// The person's own umask, once the process has another.
static PERSONS: OnceLock<u32> = OnceLock::new();

/// Makes every file and folder that this process makes from now on private.
pub(crate) fn keep_private() {
    let before = umask(Mode::RWXG | Mode::RWXO);
    // A second call would find the umask of the first.
    let _ = PERSONS.set(before.bits());
}

/// Returns the person's own umask, where the process has another.
pub(crate) fn persons_umask() -> Option<u32> {
    PERSONS.get().copied()
}

/// Gives a new file or folder that a person asked for the mode that their umask leaves of `mode`.
pub(crate) fn share(path: &Path, mode: u32) -> io::Result<()> {
    match persons_umask() {
        Some(mask) => fs::set_permissions(path, Permissions::from_mode(mode & !mask)),
        None => Ok(()),
    }
}

/// Makes a temporary file in a folder, with a mode that the umask is taken from. Dropping it removes it.
pub(crate) fn temporary(folder: &Path, mode: u32) -> io::Result<NamedTempFile> {
    let mode = Permissions::from_mode(mode);
    locked(Builder::new().prefix(&prefix("")).permissions(mode).tempfile_in(folder))
}

/// Makes a temporary folder in another one, for its owner alone. Dropping it removes it.
pub(crate) fn temporary_folder(folder: &Path) -> io::Result<TempDir> {
    Builder::new().prefix(&prefix("")).permissions(Permissions::from_mode(0o700)).tempdir_in(folder)
}

/// Makes a temporary file with a text for a person's editor.
pub(crate) fn for_editor(folder: &Path, text: &str) -> io::Result<NamedTempFile> {
    let prefix = prefix(&format!("{EDIT}{:08x}-", crc32fast::hash(text.as_bytes())));
    let mut file = locked(Builder::new().prefix(&prefix).suffix(".md").tempfile_in(folder))?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    Ok(file)
}

fn prefix(kind: &str) -> String {
    format!("{PREFIX}{}-{kind}", std::process::id())
}

/// Locks a temporary file, so that a process that cannot see this one's pid does not take it for one left behind.
fn locked(made: io::Result<NamedTempFile>) -> io::Result<NamedTempFile> {
    let file = made?;
    // A file system without locks leaves the pid alone to tell.
    let _ = file.as_file().try_lock();
    Ok(file)
}

/// Removes the temporary files and folders in a folder whose processes are gone. Returns the texts of editors among
/// them that were changed: they hold a person's words, and are kept under names that no sweep touches.
pub(crate) fn sweep(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().take(MOST);
    entries.filter_map(|entry| sweep_one(&entry)).collect()
}

fn sweep_one(entry: &DirEntry) -> Option<PathBuf> {
    let name = entry.file_name();
    let (pid, kind) = name.to_str()?.strip_prefix(PREFIX)?.split_once('-')?;
    let path = &entry.path();
    let found = fs::symlink_metadata(path).ok()?;
    if !is_left_behind(path, &found, pid.parse().ok()?) {
        return None;
    }
    if found.is_dir() {
        // What cannot be removed is tried again at the next sweep.
        let _ = fs::remove_dir_all(path);
        return None;
    }
    if let Some((sum, rest)) = kind.strip_prefix(EDIT).and_then(|kind| kind.split_once('-')) {
        let changed = fs::read(path).ok().filter(|bytes| format!("{:08x}", crc32fast::hash(bytes)) != sum);
        if changed.is_some_and(|bytes| !bytes.trim_ascii().is_empty()) {
            let kept = path.with_file_name(format!("rowsmith-edited-{rest}"));
            return fs::rename(path, &kept).ok().map(|()| kept);
        }
    }
    let _ = fs::remove_file(path);
    None
}

/// Returns whether a temporary file is this user's, and no process has it any more.
fn is_left_behind(path: &Path, found: &Metadata, pid: i32) -> bool {
    let is_gone = |pid| test_kill_process(pid) == Err(rustix::io::Errno::SRCH);
    let is_free = || File::open(path).is_ok_and(|file| file.try_lock().is_ok());
    found.uid() == geteuid().as_raw()
        && Pid::from_raw(pid).is_some_and(is_gone)
        && (found.is_dir() || (found.is_file() && is_free()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// Returns the pid of a process that is gone.
    fn gone() -> u32 {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        child.id()
    }

    /// Makes a temporary file look like one of a process that is gone.
    fn left_behind(file: NamedTempFile) -> PathBuf {
        let (_, path) = file.keep().unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        let other = path.with_file_name(name.replace(&std::process::id().to_string(), &gone().to_string()));
        fs::rename(path, &other).unwrap();
        other
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn what_a_process_left_behind_that_is_gone_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        left_behind(temporary(dir.path(), PRIVATE).unwrap());
        let folder = dir.path().join(format!("{PREFIX}{}-aBc123", gone()));
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("inside"), "half").unwrap();
        assert_eq!(names(dir.path()).len(), 2);
        assert!(sweep(dir.path()).is_empty());
        assert_eq!(names(dir.path()), Vec::<String>::new());
    }

    #[test]
    fn what_is_not_certainly_left_behind_stays() {
        let dir = tempfile::tempdir().unwrap();
        let mine = temporary(dir.path(), PRIVATE).unwrap();
        let pid = gone();
        let held = dir.path().join(format!("{PREFIX}{pid}-held00"));
        let holder = File::create(&held).unwrap();
        holder.try_lock().unwrap();
        for name in
            [".rowsmith-tmp-x-aaaaaa", ".rowsmith-tmp-", ".rowsmith-other", "a.tmp", ".rowsmith-tmp-0-a"]
        {
            fs::write(dir.path().join(name), "").unwrap();
        }
        symlink("/nowhere", dir.path().join(format!("{PREFIX}{pid}-link00"))).unwrap();
        let before = names(dir.path());
        sweep(dir.path());
        assert_eq!(names(dir.path()), before);
        drop((holder, mine));
        sweep(dir.path());
        assert!(!held.exists());
    }

    #[test]
    fn changed_words_of_an_editor_are_kept_and_unchanged_ones_go() {
        let dir = tempfile::tempdir().unwrap();
        let edited = |text: &str, now: &str| {
            fs::write(left_behind(for_editor(dir.path(), text).unwrap()), now).unwrap();
        };
        edited("as it was", "as it was");
        edited("cut by what ended it", " ");
        edited("before", "a person's words");
        let kept = sweep(dir.path());
        assert_eq!(kept.len(), 1);
        assert_eq!(fs::read_to_string(&kept[0]).unwrap(), "a person's words");
        assert!(sweep(dir.path()).is_empty(), "told once");
        assert_eq!(names(dir.path()).len(), 1);
    }

    #[test]
    fn temporary_files_are_for_their_owner_alone_and_go_when_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let (file, folder) = (temporary(dir.path(), PRIVATE).unwrap(), temporary_folder(dir.path()).unwrap());
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(file.path()), mode(folder.path())), (0o600, 0o700));
        drop((file, folder));
        assert!(names(dir.path()).is_empty());
    }
}
