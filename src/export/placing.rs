//! A file written whole or not at all.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use tempfile::{NamedTempFile, TempPath};

use super::ExportError;
use crate::domain::Existing;
use crate::own_files;

/// A temporary file that takes the place of its target only once it is complete.
#[derive(Debug)]
pub(super) struct Placing {
    file: NamedTempFile,
    /// The path that is written, with links followed.
    target: PathBuf,
    existing: Existing,
    /// Whether a file was there before.
    replaces: bool,
}

impl Placing {
    /// Makes a temporary file in the folder of `out`.
    pub(super) fn begin(out: &Path, existing: Existing) -> Result<Self, ExportError> {
        let wanted = existing;
        let target = fs::canonicalize(out).unwrap_or_else(|_| out.to_owned());
        let existing = fs::metadata(&target).ok();
        if existing.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(ExportError::IsFolder { out: out.to_owned() });
        }
        if existing.as_ref().is_some_and(|existing| !existing.is_file()) {
            return Err(ExportError::NoFile { out: out.to_owned() });
        }
        if existing.as_ref().is_some_and(|existing| existing.permissions().readonly()) {
            return Err(ExportError::ReadOnly { out: out.to_owned() });
        }
        if wanted == Existing::Keep && (existing.is_some() || out.is_symlink()) {
            return Err(ExportError::Exists { out: out.to_owned() });
        }
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        if !folder.is_dir() {
            return Err(ExportError::NoFolder { out: out.to_owned(), folder: folder.to_owned() });
        }
        let unwritable = |source| ExportError::Unwritable { out: out.to_owned(), source };
        own_files::sweep(folder);
        let replaces = existing.is_some();
        let file = own_files::temporary(folder, own_files::FILE).map_err(unwritable)?;
        match existing {
            Some(existing) => file.as_file().set_permissions(existing.permissions()),
            None => own_files::share(file.path(), own_files::FILE),
        }
        .map_err(unwritable)?;
        Ok(Self { file, target, existing: wanted, replaces })
    }

    /// Returns whether another file is replaced.
    pub(super) const fn replaces(&self) -> bool {
        self.replaces
    }

    pub(super) fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Renames the temporary file to its target, durably. A file that came there meanwhile is kept where it is to be.
    pub(super) fn finish(self) -> io::Result<Placed> {
        self.file.as_file().sync_all()?;
        let (target, existing) = (self.target, self.existing);
        let file = self.file.into_temp_path();
        let before = match existing {
            Existing::Keep => file.persist_noclobber(&target).map(|()| Before::Nothing)?,
            Existing::Replace => exchange(file, &target)?,
        };
        // Syncing the folder makes the rename durable; on a system that cannot sync folders the file is
        // still there.
        if let Some(folder) = target.parent().and_then(|folder| File::open(folder).ok()) {
            let _ = folder.sync_all();
        }
        Ok(Placed { target, before })
    }
}

/// Puts a file in the place of another one, which gets its name.
fn exchange(file: TempPath, target: &Path) -> io::Result<Before> {
    let exchanged = || renameat_with(CWD, &*file, CWD, target, RenameFlags::EXCHANGE);
    match exchanged() {
        // A folder that came there meanwhile is nothing to replace.
        Ok(()) if !fs::symlink_metadata(&file)?.is_file() => {
            exchanged()?;
            Err(io::ErrorKind::IsADirectory.into())
        }
        Ok(()) => Ok(Before::Kept(file)),
        Err(rustix::io::Errno::NOENT) => Ok(file.persist(target).map(|()| Before::Nothing)?),
        // Not every file system can exchange two names.
        Err(rustix::io::Errno::NOSYS | rustix::io::Errno::INVAL) => {
            Ok(file.persist(target).map(|()| Before::Lost)?)
        }
        Err(error) => Err(error.into()),
    }
}

/// A file in its place. Dropping it lets go of what was there before.
#[derive(Debug)]
pub(super) struct Placed {
    target: PathBuf,
    before: Before,
}

/// What was in the place of a file.
#[derive(Debug)]
enum Before {
    Nothing,
    /// Another file, which has a temporary name now.
    Kept(TempPath),
    /// Another file, which is gone.
    Lost,
}

impl Placed {
    /// Puts back what was there before. Returns whether that was possible.
    pub(super) fn undo(self) -> bool {
        match self.before {
            Before::Nothing => fs::remove_file(&self.target).is_ok(),
            Before::Kept(old) => renameat_with(CWD, &*old, CWD, &self.target, RenameFlags::EXCHANGE).is_ok(),
            Before::Lost => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn place(out: &Path, text: &str) {
        let mut placing = Placing::begin(out, Existing::Replace).unwrap();
        placing.file().write_all(text.as_bytes()).unwrap();
        drop(placing.finish().unwrap());
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_new_file_is_as_any_of_the_user_and_an_old_one_keeps_its_bits() {
        let folder = tempfile::tempdir().unwrap();
        let (new, usual) = (folder.path().join("new"), folder.path().join("usual"));
        place(&new, "a");
        File::create(&usual).unwrap();
        assert_eq!(mode(&new), mode(&usual));

        fs::set_permissions(&new, fs::Permissions::from_mode(0o640)).unwrap();
        place(&new, "b");
        assert_eq!((mode(&new), fs::read_to_string(&new).unwrap().as_str()), (0o640, "b"));
    }

    #[test]
    fn a_link_keeps_pointing_and_its_file_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        symlink(&file, &link).unwrap();
        place(&link, "new");
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert!(link.is_symlink());
    }

    #[test]
    fn what_is_dropped_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        fs::write(&out, "old").unwrap();
        let mut placing = Placing::begin(&out, Existing::Replace).unwrap();
        placing.file().write_all(b"half").unwrap();
        drop(placing);
        assert_eq!(fs::read_to_string(&out).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_was_put_in_its_place_can_be_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (folder.path().join("old"), folder.path().join("new"));
        fs::write(&old, "old").unwrap();
        for out in [&old, &new] {
            let mut placing = Placing::begin(out, Existing::Replace).unwrap();
            placing.file().write_all(b"new").unwrap();
            let placed = placing.finish().unwrap();
            assert_eq!(fs::read_to_string(out).unwrap(), "new");
            assert!(placed.undo());
        }
        assert_eq!(fs::read_to_string(&old).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_came_meanwhile_stays() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let placing = Placing::begin(&out, Existing::Replace).unwrap();
        fs::create_dir(&out).unwrap();
        fs::write(out.join("mine"), "mine").unwrap();
        placing.finish().unwrap_err();
        assert_eq!(fs::read_to_string(out.join("mine")).unwrap(), "mine");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_is_to_stay_stays_whenever_it_came() {
        let folder = tempfile::tempdir().unwrap();
        let (there, late) = (folder.path().join("there"), folder.path().join("late"));
        fs::write(&there, "old").unwrap();
        symlink(folder.path().join("nowhere"), folder.path().join("dangling")).unwrap();
        for out in [there.clone(), folder.path().join("dangling")] {
            let refused = Placing::begin(&out, Existing::Keep).unwrap_err();
            assert!(matches!(refused, ExportError::Exists { .. }), "{refused}");
        }
        let placing = Placing::begin(&late, Existing::Keep).unwrap();
        fs::write(&late, "theirs").unwrap();
        assert_eq!(placing.finish().unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&late).unwrap(), "theirs");
        assert_eq!(fs::read_to_string(&there).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }
}
