//! A file written whole or not at all.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use super::ExportError;
use crate::domain::Existing;
use crate::own_files::{self, Over, Placed};

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

    /// Gives the temporary file the name of its target, durably. A file that came there meanwhile is kept where it is to
    /// be.
    pub(super) fn finish(self) -> io::Result<Placed<TempPath>> {
        self.file.as_file().sync_all()?;
        let over = match self.existing {
            Existing::Keep => Over::Nothing,
            Existing::Replace => Over::Same,
        };
        own_files::put(self.file.into_temp_path(), &self.target, over)
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
