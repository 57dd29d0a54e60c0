//! Writes all that a store holds to another folder, though its own folder may be gone.
//!
//! ```text
//! open segments ──(checksums are right)──> journal of the new store
//! projection ─────(else, as records)─────> journal of the new store
//! open folder ────(what is still there)──> long texts, the replaced draft, the settings
//! ```
//!
//! The files are reached through what is open, not by their paths, which may lead elsewhere by now.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{Dir, Mode, OFlags, openat};

use super::files::{self, Layout};
use super::reached::LastLine;
use super::{Store, StoreError, segment};
use crate::domain::{Projection, Timestamp};

/// The files beside the journal that come along where they can be read.
const BESIDE: [&str; 7] = [
    "session.json",
    "draft.json",
    "replaced.json",
    "screen.json",
    "settings.json",
    "examples.json",
    "openings.jsonl",
];

/// A store that was written to another folder.
#[derive(Debug)]
pub(crate) struct Copied {
    /// The new store, open.
    pub(crate) store: Store,
    /// How many requests have no messages and replies there, because only lost files held them.
    pub(crate) wordless: usize,
}

impl Store {
    /// Writes a store with all that is saved in this one to a folder that is empty or not there, and opens it.
    /// `saved` is the state that this store's journal leads to.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`] where the folder holds something or cannot be written; what was made is removed then.
    pub(crate) fn copy_to(
        &self,
        dir: &Path,
        saved: &Projection,
        at: Timestamp,
    ) -> Result<Copied, StoreError> {
        self.claim(dir)?;
        let copied = self.write_copy(dir, saved, at);
        if copied.is_err() {
            // What is left of a failed attempt is only in the way.
            let _ = fs::remove_dir_all(dir);
        }
        copied
    }

    /// Makes an empty folder this store's, so that what a failed attempt removes there is its own: two programs may
    /// choose the same name at the same time.
    fn claim(&self, dir: &Path) -> Result<(), StoreError> {
        let refused = |kind, why: &str| Err(StoreError::io(dir, "used")(io::Error::new(kind, why)));
        let there = dir.ancestors().find_map(|folder| folder.canonicalize().ok());
        if there.is_some_and(|there| there.ancestors().any(|folder| self.folder.is(folder))) {
            let why = "it lies in the store that it is to stand in for; name a folder elsewhere";
            return refused(ErrorKind::InvalidInput, why);
        }
        files::make_folder(dir)?;
        let is_empty = fs::read_dir(dir).map_err(StoreError::io(dir, "read"))?.next().is_none();
        let made = if is_empty { fs::create_dir(Layout::new(dir).journal()) } else { Ok(()) };
        match made {
            Ok(()) if is_empty => Ok(()),
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(StoreError::io(dir, "used")(error)),
            _ => refused(ErrorKind::AlreadyExists, "it is not empty; name another folder"),
        }
    }

    fn write_copy(&self, dir: &Path, saved: &Projection, at: Timestamp) -> Result<Copied, StoreError> {
        let layout = Layout::new(dir);
        layout.make()?;
        self.copy_beside(&layout)?;
        if let Some(store) = self.copy_journal(&layout, saved)? {
            return Ok(Copied { store, wordless: 0 });
        }
        for folder in [layout.journal(), layout.sled()] {
            if folder.exists() {
                fs::remove_dir_all(&folder).map_err(StoreError::io(&folder, "removed"))?;
            }
        }
        // It may name lines of the journal that was no use.
        files::write_whole(&layout.reached(), LastLine::default().record().as_bytes())?;
        let (mut store, mut projection, _) = Self::open(dir)?;
        let told = projection.retell(saved, at).unwrap_or_default();
        store.append(&told.facts)?;
        told.facts.iter().for_each(|fact| store.follow(&projection.apply(fact)));
        if let Some(difference) = projection.difference(saved) {
            let what = format!("the copy differs from what was saved ({difference})");
            return Err(StoreError::Unwritable(what));
        }
        Ok(Copied { store, wordless: told.wordless.len() })
    }

    /// Copies the journal, and returns the new store if it leads to the same state.
    fn copy_journal(&self, layout: &Layout, saved: &Projection) -> Result<Option<Self>, StoreError> {
        for (number, mut from, length) in self.journal.segments() {
            let path = segment::path(&layout.journal(), number);
            let copied = files::private().write(true).create_new(true).open(&path).and_then(|mut to| {
                from.seek(SeekFrom::Start(0))?;
                io::copy(&mut from.take(length), &mut to)?;
                to.sync_all()
            });
            copied.map_err(StoreError::io(&path, "written"))?;
        }
        files::sync_folder(&layout.journal())?;
        let Ok((store, projection, _)) = Self::open(layout.dir()) else { return Ok(None) };
        let is_whole = store.journal.end() == self.journal.end() && projection.difference(saved).is_none();
        Ok(is_whole.then_some(store))
    }

    /// Copies the long texts and the files beside the journal, as far as they can be read.
    fn copy_beside(&self, layout: &Layout) -> Result<(), StoreError> {
        let folder = self.folder.handle();
        for name in BESIDE {
            if let Some(bytes) = read_in(folder, name) {
                files::write_whole(&layout.dir().join(name), &bytes)?;
            }
        }
        let Ok(texts) = open_in(folder, "texts", OFlags::DIRECTORY) else { return Ok(()) };
        for entry in Dir::read_from(&texts).into_iter().flatten().flatten() {
            let Ok(name) = entry.file_name().to_str() else { continue };
            let is_text = name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
            if let Some(bytes) = is_text.then(|| read_in(&texts, name)).flatten() {
                let path = layout.texts().join(name);
                let written =
                    files::private().write(true).create_new(true).open(&path).and_then(|mut file| {
                        file.write_all(&bytes)?;
                        file.sync_all()
                    });
                written.map_err(StoreError::io(&path, "written"))?;
            }
        }
        files::sync_folder(&layout.texts())
    }
}

fn open_in(folder: impl AsFd, name: &str, flags: OFlags) -> io::Result<OwnedFd> {
    Ok(openat(folder, name, flags | OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?)
}

/// Reads a regular file in an open folder; `None` where there is none that can be read.
fn read_in(folder: impl AsFd, name: &str) -> Option<Vec<u8>> {
    // Opening a pipe would wait for somebody to write to it.
    let mut file = File::from(open_in(folder, name, OFlags::NONBLOCK).ok()?);
    file.metadata().ok().filter(fs::Metadata::is_file)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).ok().map(|_| bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::Story;
    use crate::domain::{Change, Draft};
    use crate::store::{Reader, Settings, WhichDraft};

    const AT: Timestamp = Timestamp(5);

    fn opened(dir: &Path, told: &Story, segment_bytes: u64) -> Store {
        let settings = Settings { segment_bytes, ..Settings::default() };
        let (mut store, mut projection, _) = Store::open_with(dir, settings).unwrap();
        for fact in &told.facts {
            store.append(std::slice::from_ref(fact)).unwrap();
            store.follow(&projection.apply(fact));
        }
        assert!(matches!(store.keep("long ".repeat(20_000)), crate::domain::Stored::File(_)));
        store.keep_replaced(&Draft { user: "before".into(), ..Draft::default() }).unwrap();
        store
    }

    fn story() -> Story {
        let mut told = Story::with_rows(5);
        told.change(&[1, 3], Change::accept());
        told.change(&[2], Change::reject());
        told
    }

    /// Checks that a folder holds a whole store with the story.
    #[track_caller]
    fn assert_whole(dir: &Path, told: &Story) {
        let (_, projection, report) = Store::open(dir).unwrap();
        assert_eq!(projection.difference(&told.projection), None);
        assert_eq!(report.torn_bytes, 0);
        assert!(crate::store::verify(dir).unwrap().is_clean());
    }

    #[test]
    fn a_store_whose_folder_was_renamed_is_copied_with_all_that_lies_in_it() {
        for segment_bytes in [1, u64::MAX] {
            let home = tempfile::tempdir().unwrap();
            let told = story();
            let store = opened(&home.path().join("s"), &told, segment_bytes);
            fs::rename(home.path().join("s"), home.path().join("t")).unwrap();
            let new = home.path().join("a/new");
            let copied = store.copy_to(&new, &told.projection, AT).unwrap();
            assert_eq!(copied.wordless, 0);
            drop((copied, store));
            assert_eq!(fs::read_dir(new.join("texts")).unwrap().count(), 1);
            let draft = Reader::open(&new).unwrap().0.draft(WhichDraft::Replaced);
            assert_eq!(draft.unwrap().user, "before");
            assert_whole(&new, &told);
        }
    }

    #[test]
    fn a_store_that_was_deleted_is_copied_from_the_files_that_are_still_open() {
        for segment_bytes in [1, u64::MAX] {
            let home = tempfile::tempdir().unwrap();
            let told = story();
            let store = opened(&home.path().join("s"), &told, segment_bytes);
            fs::remove_dir_all(home.path().join("s")).unwrap();
            let copied = store.copy_to(&home.path().join("new"), &told.projection, AT).unwrap();
            assert_eq!((copied.wordless, copied.store.sequence()), (0, told.facts.len() as u64));
            drop((copied, store));
            assert_whole(&home.path().join("new"), &told);
        }
    }

    #[test]
    fn a_journal_that_was_emptied_or_changed_is_told_from_memory() {
        type Damage = fn(&Path);
        let damages: [Damage; 3] = [
            |path| fs::write(path, "").unwrap(),
            |path| fs::write(path, fs::read_to_string(path).unwrap().replace("main", "mail")).unwrap(),
            |path| fs::write(path, &fs::read(path).unwrap()[..400]).unwrap(),
        ];
        for damage in damages {
            let home = tempfile::tempdir().unwrap();
            let told = story();
            let store = opened(&home.path().join("s"), &told, u64::MAX);
            damage(&home.path().join("s/journal/000001.jsonl"));
            let copied = store.copy_to(&home.path().join("new"), &told.projection, AT).unwrap();
            assert_eq!(copied.wordless, told.projection.request_count());
            drop((copied, store));
            assert_whole(&home.path().join("new"), &told);
        }
    }

    #[test]
    fn what_another_program_appended_is_not_copied() {
        let home = tempfile::tempdir().unwrap();
        let told = story();
        let store = opened(&home.path().join("s"), &told, u64::MAX);
        let path = home.path().join("s/journal/000001.jsonl");
        fs::OpenOptions::new().append(true).open(path).unwrap().write_all(b"not mine\n").unwrap();
        drop(store.copy_to(&home.path().join("new"), &told.projection, AT).unwrap());
        assert_whole(&home.path().join("new"), &told);
    }

    #[test]
    fn of_two_that_choose_one_folder_at_once_one_gets_it_whole() {
        let home = tempfile::tempdir().unwrap();
        let told = story();
        let mut stores = ["s", "t"].map(|name| opened(&home.path().join(name), &told, u64::MAX));
        for round in 0..10 {
            let (new, told) = (home.path().join(format!("new-{round}")), &told);
            let copied = std::thread::scope(|scope| {
                let copy = |store: Store| {
                    let new = &new;
                    scope.spawn(move || (store.copy_to(new, &told.projection, AT).is_ok(), store))
                };
                stores.map(copy).map(|copy| copy.join().unwrap())
            });
            assert_eq!(copied.iter().filter(|(is_copied, _)| *is_copied).count(), 1);
            assert_whole(&new, told);
            stores = copied.map(|(_, store)| store);
        }
    }

    #[test]
    fn a_folder_within_the_store_itself_is_refused_wherever_that_is_now() {
        let home = tempfile::tempdir().unwrap();
        let told = story();
        let store = opened(&home.path().join("s"), &told, u64::MAX);
        for folder in ["s", "t"] {
            let said =
                store.copy_to(&home.path().join(folder).join("a/b"), &told.projection, AT).unwrap_err();
            assert!(said.to_string().contains("it lies in the store"), "{said}");
            assert!(!home.path().join(folder).join("a").exists());
            if folder == "s" {
                fs::rename(home.path().join("s"), home.path().join("t")).unwrap();
            }
        }
    }

    #[test]
    fn a_folder_that_holds_something_is_left_as_it_is() {
        let home = tempfile::tempdir().unwrap();
        let told = story();
        let store = opened(&home.path().join("s"), &told, u64::MAX);
        let new = home.path().join("new");
        fs::create_dir(&new).unwrap();
        fs::write(new.join("mine"), "").unwrap();
        let said = store.copy_to(&new, &told.projection, AT).unwrap_err().to_string();
        assert!(said.contains("it is not empty; name another folder"), "{said}");
        assert_eq!(fs::read_dir(&new).unwrap().count(), 1);
        fs::remove_file(new.join("mine")).unwrap();
        assert!(store.copy_to(&new, &told.projection, AT).is_ok());
    }
}
