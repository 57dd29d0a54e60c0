//! The folder of a batch: written whole under a temporary name, and put in its place at the end.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{BatchError, Manifest};
use crate::files::{self, Links};
use crate::own_files::{self, Over};

/// The file in which a folder says what it is.
pub(crate) const NAME_OF_MANIFEST: &str = "batch.json";

/// A folder that is being written. Dropping it leaves nothing.
#[derive(Debug)]
pub(crate) struct Folder {
    temporary: TempDir,
    out: PathBuf,
    /// Whether a folder of an earlier batch makes way.
    replaces: bool,
}

impl Folder {
    /// Begins beside the place where it goes. With `force` it may take the place of a folder that this program wrote
    /// and to which nothing was added.
    ///
    /// # Errors
    ///
    /// Something else is there, or the folder around it cannot be written to.
    pub(crate) fn begin(out: &Path, force: bool) -> Result<Self, BatchError> {
        // `results/` and `results` are one name.
        let out: PathBuf = out.components().collect();
        // A link goes on pointing to the folder.
        let out = if out.is_symlink() { fs::canonicalize(&out).unwrap_or(out) } else { out };
        let replaces = match fs::symlink_metadata(&out) {
            Ok(_) => {
                may_replace(&out, force)?;
                true
            }
            Err(error) if error.kind() == ErrorKind::NotFound => false,
            Err(error) => return Err(BatchError::io(&out, "written")(error)),
        };
        let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !parent.is_dir() {
            return Err(BatchError::NoParent(parent.to_owned()));
        }
        own_files::sweep(parent);
        let temporary = own_files::temporary_folder(parent).map_err(BatchError::io(parent, "written to"))?;
        Ok(Self { temporary, out, replaces })
    }

    /// Returns where files are written meanwhile.
    pub(crate) fn path(&self) -> &Path {
        self.temporary.path()
    }

    /// Adds a file.
    ///
    /// # Errors
    ///
    /// The disk refuses it.
    pub(crate) fn add(&self, name: &str, text: &str) -> Result<(), BatchError> {
        let at = self.path().join(name);
        let write = || {
            let mut file = File::create_new(&at)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()
        };
        write().map_err(BatchError::io(&at, "written"))
    }

    /// Adds the manifest, and makes everything ready and durable under its temporary name.
    ///
    /// # Errors
    ///
    /// The disk refuses it.
    pub(crate) fn complete(&self, manifest: &Manifest) -> Result<(), BatchError> {
        let json = serde_json::to_string_pretty(manifest).unwrap_or_default();
        self.add(NAME_OF_MANIFEST, &(json + "\n"))?;
        share(self.path()).map_err(BatchError::io(self.path(), "made readable"))
    }

    /// Puts it in its place.
    ///
    /// # Errors
    ///
    /// Something came to be there meanwhile, or the system refuses it; what was there stays.
    pub(crate) fn put(self) -> Result<(), BatchError> {
        let over = if self.replaces { Over::Same } else { Over::Nothing };
        let put = own_files::put(self.temporary, &self.out, over);
        put.map(drop).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => BatchError::Exists { path: self.out.clone(), why: "" },
            _ => BatchError::io(&self.out, if self.replaces { "replaced" } else { "made" })(error),
        })
    }
}

/// Checks that a folder is one of an earlier batch, with nothing in it that somebody else put there.
fn may_replace(out: &Path, force: bool) -> Result<(), BatchError> {
    let refused = |why| BatchError::Exists { path: out.to_owned(), why };
    let manifest = files::read(&out.join(NAME_OF_MANIFEST), Links::Refused, files::WRITTEN_BY_HAND).ok();
    let manifest: Option<Manifest> = manifest.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let Some(manifest) = manifest else {
        return Err(refused(if force {
            "and it is no folder of a batch, so it is not replaced"
        } else {
            ""
        }));
    };
    if !force {
        return Err(refused("the requests of another batch, which `--force` replaces"));
    }
    let mut found = Vec::new();
    list(out, Path::new(""), &mut found).map_err(BatchError::io(out, "read"))?;
    let is_ours = |name: &String| name == NAME_OF_MANIFEST || manifest.files.contains(name);
    if found.iter().all(is_ours) {
        Ok(())
    } else {
        Err(refused("and it holds files that `batch write` did not write, so it is not replaced"))
    }
}

fn list(folder: &Path, within: &Path, found: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = within.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &name, found)?;
        } else {
            found.push(name.display().to_string());
        }
    }
    Ok(())
}

/// Gives a folder and all in it the modes that the person's umask leaves.
fn share(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            share(&path)?;
        } else {
            own_files::share(&path, own_files::FILE)?;
        }
    }
    own_files::share(folder, own_files::FOLDER)?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::BatchTarget;

    fn manifest(files: &[&str]) -> Manifest {
        Manifest {
            program: "rowsmith".into(),
            session: "s".into(),
            run: 1,
            to: BatchTarget::OpenAi,
            model: "m".into(),
            requests: 1,
            files: files.iter().map(ToString::to_string).collect(),
        }
    }

    fn write(out: &Path, force: bool, text: &str) -> Result<(), BatchError> {
        let folder = Folder::begin(out, force)?;
        folder.add("requests-0001.jsonl", text)?;
        folder.complete(&manifest(&["requests-0001.jsonl"]))?;
        folder.put()
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        list(folder, Path::new(""), &mut found).unwrap();
        found.sort();
        found
    }

    #[test]
    fn a_folder_is_there_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let folder = Folder::begin(&out, false).unwrap();
        folder.add("requests-0001.jsonl", "half").unwrap();
        drop(folder);
        assert!(names(dir.path()).is_empty());

        write(&out, false, "all").unwrap();
        assert_eq!(names(dir.path()), ["out/batch.json", "out/requests-0001.jsonl"]);
    }

    #[test]
    fn a_folder_is_replaced_only_where_it_is_ours_alone_and_that_was_asked_for() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        write(&out, false, "first").unwrap();
        let refused = |force| write(&out, force, "second").unwrap_err().to_string();

        assert!(
            refused(false).contains("which `--force` replaces; name another folder"),
            "{}",
            refused(false)
        );
        write(&out, true, "second").unwrap();
        assert_eq!(fs::read_to_string(out.join("requests-0001.jsonl")).unwrap(), "second");
        assert_eq!(names(dir.path()), ["out/batch.json", "out/requests-0001.jsonl"]);
        fs::write(out.join("results.jsonl"), "paid for").unwrap();
        assert!(refused(true).contains("did not write"), "{}", refused(true));
        assert_eq!(fs::read_to_string(out.join("results.jsonl")).unwrap(), "paid for");
        let other = dir.path().join("other");
        fs::create_dir(&other).unwrap();
        assert!(write(&other, true, "x").unwrap_err().to_string().contains("no folder of a batch"));
        fs::write(dir.path().join("file"), "x").unwrap();
        assert!(write(&dir.path().join("file"), true, "x").is_err());
        let nowhere = write(&dir.path().join("none/out"), false, "x").unwrap_err();
        assert!(nowhere.to_string().contains("none is no folder; make it first"), "{nowhere}");
    }

    #[test]
    fn what_came_to_be_there_meanwhile_stays() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let folder = Folder::begin(&out, false).unwrap();
        folder.complete(&manifest(&[])).unwrap();
        fs::create_dir(&out).unwrap();
        fs::write(out.join("theirs"), "x").unwrap();

        assert!(matches!(folder.put(), Err(BatchError::Exists { .. })));
        assert_eq!(names(dir.path()), ["out/theirs"]);
    }
}
