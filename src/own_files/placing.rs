//! Puts a complete file or folder under its name, so that at each moment the name has what was there before or what is
//! new, whole.
//!
//! ```text
//! temporary name ──────────────► name            where nothing has it
//! temporary name ◄── exchange ──► name            what was there goes with the temporary name
//! ```
//!
//! Not every file system can exchange two names, or rename only where nothing is. There a file is renamed over the other
//! one, which is gone then, and a folder makes way under another temporary name, for a moment in which there is neither.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

/// What the new one may take the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Over {
    /// Nothing: what is there stays, even where it came only now.
    Nothing,
    /// A file where it is a file, a folder where it is a folder; or nothing.
    Same,
}

/// A file or a folder under its name. Dropping it lets go of what was there before.
#[derive(Debug)]
pub(crate) struct Placed<T> {
    temporary: T,
    target: PathBuf,
    before: Before,
}

/// What had the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    /// Another one, which has the temporary name now.
    Kept,
    /// Another one, which is gone.
    Lost,
}

/// Puts a complete temporary file or folder in its place, durably. Dropping `temporary` removes what has its name.
///
/// # Errors
///
/// What the system says; then the name has what it had before. [`ErrorKind::AlreadyExists`] where something is there that
/// is to stay, [`ErrorKind::IsADirectory`] and [`ErrorKind::NotADirectory`] where it is of another kind.
pub(crate) fn put<T: AsRef<Path>>(temporary: T, target: &Path, over: Over) -> io::Result<Placed<T>> {
    put_by(&|from, to, flags| renameat_with(CWD, from, CWD, to, flags), temporary, target, over)
}

/// Renames with flags, as the file system can.
type Rename<'a> = &'a dyn Fn(&Path, &Path, RenameFlags) -> Result<(), Errno>;

fn put_by<T: AsRef<Path>>(
    rename: Rename<'_>,
    temporary: T,
    target: &Path,
    over: Over,
) -> io::Result<Placed<T>> {
    let from = temporary.as_ref();
    let before = match over {
        Over::Nothing => place(rename, from, target).map(|()| Before::Nothing),
        Over::Same => exchange(rename, from, target),
    }?;
    let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Ok(folder) = File::open(parent.unwrap_or(Path::new("."))) {
        // On a system that cannot sync folders what was put there is there all the same.
        let _ = folder.sync_all();
    }
    Ok(Placed { temporary, target: target.to_owned(), before })
}

/// Renames where nothing has the name.
fn place(rename: Rename<'_>, from: &Path, target: &Path) -> io::Result<()> {
    match rename(from, target, RenameFlags::NOREPLACE) {
        Err(Errno::NOSYS | Errno::INVAL) if is_folder(from)? => {
            if fs::symlink_metadata(target).is_ok() {
                return Err(ErrorKind::AlreadyExists.into());
            }
            fs::rename(from, target)
        }
        Err(Errno::NOSYS | Errno::INVAL) => {
            // A link takes no name that is there.
            fs::hard_link(from, target)?;
            fs::remove_file(from)
        }
        done => Ok(done?),
    }
}

/// Renames, and gives what had the name the temporary one.
fn exchange(rename: Rename<'_>, from: &Path, target: &Path) -> io::Result<Before> {
    let folder = is_folder(from)?;
    match rename(from, target, RenameFlags::EXCHANGE) {
        // What came there meanwhile is nothing to replace.
        Ok(()) if is_folder(from)? != folder => {
            rename(from, target, RenameFlags::EXCHANGE)?;
            Err(if folder { ErrorKind::NotADirectory } else { ErrorKind::IsADirectory }.into())
        }
        Ok(()) => Ok(Before::Kept),
        Err(Errno::NOENT) => place(rename, from, target).map(|()| Before::Nothing),
        Err(Errno::NOSYS | Errno::INVAL) if folder => {
            if !is_folder(target)? {
                return Err(ErrorKind::NotADirectory.into());
            }
            let mut aside = from.as_os_str().to_owned();
            aside.push("-old");
            fs::rename(target, &aside)?;
            if let Err(error) = fs::rename(from, target) {
                fs::rename(&aside, target)?;
                return Err(error);
            }
            fs::rename(&aside, from).map(|()| Before::Kept)
        }
        Err(Errno::NOSYS | Errno::INVAL) => fs::rename(from, target).map(|()| Before::Lost),
        Err(error) => Err(error.into()),
    }
}

fn is_folder(path: &Path) -> io::Result<bool> {
    Ok(fs::symlink_metadata(path)?.is_dir())
}

impl<T: AsRef<Path>> Placed<T> {
    /// Puts back what was there before. Returns whether that was possible.
    pub(crate) fn undo(self) -> bool {
        match self.before {
            Before::Nothing if self.target.is_dir() => fs::remove_dir_all(&self.target).is_ok(),
            Before::Nothing => fs::remove_file(&self.target).is_ok(),
            Before::Kept => put(self.temporary, &self.target, Over::Same).is_ok(),
            Before::Lost => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use tempfile::{TempDir, TempPath};

    use super::*;
    use crate::own_files::{PRIVATE, temporary, temporary_folder};

    fn file(folder: &Path) -> TempPath {
        let file = temporary(folder, PRIVATE).unwrap();
        fs::write(file.path(), "new").unwrap();
        file.into_temp_path()
    }

    fn folder(folder: &Path) -> TempDir {
        let made = temporary_folder(folder).unwrap();
        fs::write(made.path().join("inside"), "new").unwrap();
        made
    }

    /// Puts a file and a folder over what `before` makes there. Returns the errors, and checks that nothing is beside.
    fn both(
        over: Over,
        rename: Rename<'_>,
        before: impl Fn(&Path, &Path),
        check: impl Fn(&Path, &Path, [Option<ErrorKind>; 2]),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let (one, many) = (dir.path().join("file"), dir.path().join("folder"));
        before(&one, &many);
        let kind = |error: io::Error| error.kind();
        let errors = [
            put_by(rename, file(dir.path()), &one, over).err().map(kind),
            put_by(rename, folder(dir.path()), &many, over).err().map(kind),
        ];
        check(&one, &many, errors);
        let names = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let left: Vec<_> = names.filter(|name| name != "file" && name != "folder").collect();
        assert!(left.is_empty(), "{left:?}");
    }

    fn usual(from: &Path, to: &Path, flags: RenameFlags) -> Result<(), Errno> {
        renameat_with(CWD, from, CWD, to, flags)
    }

    /// A file system that renames only without flags.
    fn simple(_: &Path, _: &Path, _: RenameFlags) -> Result<(), Errno> {
        Err(Errno::INVAL)
    }

    fn old(one: &Path, many: &Path) {
        fs::write(one, "old").unwrap();
        fs::create_dir(many).unwrap();
        fs::write(many.join("inside"), "old").unwrap();
    }

    fn holds(one: &Path, many: &Path, text: &str) {
        assert_eq!(fs::read_to_string(one).unwrap(), text);
        assert_eq!(fs::read_to_string(many.join("inside")).unwrap(), text);
    }

    #[test]
    fn what_is_new_takes_its_name_whatever_the_file_system_can() {
        for rename in [usual, simple] {
            both(
                Over::Nothing,
                &rename,
                |_, _| {},
                |one, many, errors| {
                    assert_eq!(errors, [None; 2]);
                    holds(one, many, "new");
                },
            );
            both(Over::Same, &rename, old, |one, many, errors| {
                assert_eq!(errors, [None; 2]);
                holds(one, many, "new");
            });
            both(Over::Nothing, &rename, old, |one, many, errors| {
                assert_eq!(errors, [Some(ErrorKind::AlreadyExists); 2]);
                holds(one, many, "old");
            });
        }
        both(
            Over::Same,
            &usual,
            |_, _| {},
            |one, many, errors| {
                assert_eq!(errors, [None; 2]);
                holds(one, many, "new");
            },
        );
    }

    #[test]
    fn a_file_takes_no_name_of_a_folder_nor_the_other_way_round() {
        let swapped = |one: &Path, many: &Path| old(many, one);
        both(Over::Same, &usual, swapped, |one, many, errors| {
            assert_eq!(errors, [Some(ErrorKind::IsADirectory), Some(ErrorKind::NotADirectory)]);
            holds(many, one, "old");
        });
        both(Over::Same, &simple, swapped, |one, many, errors| {
            assert!(errors.iter().all(Option::is_some), "{errors:?}");
            holds(many, one, "old");
        });
    }

    #[test]
    fn what_was_put_there_can_be_taken_back_while_the_other_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let (one, many) = (dir.path().join("file"), dir.path().join("folder"));
        assert!(put(file(dir.path()), &one, Over::Nothing).unwrap().undo());
        assert!(put(folder(dir.path()), &many, Over::Nothing).unwrap().undo());
        assert!(!one.exists() && !many.exists());
        old(&one, &many);
        assert!(put(file(dir.path()), &one, Over::Same).unwrap().undo());
        assert!(put(folder(dir.path()), &many, Over::Same).unwrap().undo());
        holds(&one, &many, "old");
        assert!(!put_by(&simple, file(dir.path()), &one, Over::Same).unwrap().undo());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
    }
}
