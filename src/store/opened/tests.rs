//! A store that something else touches while it is open.

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::domain::Stored;
use crate::domain::fixtures::Story;
use crate::store::{Reader, Settings, Store, StoreError, WhichDraft};

/// A store that is open, with facts that are saved and facts that are not.
struct Open {
    home: tempfile::TempDir,
    store: Store,
    told: Story,
    saved: usize,
}

impl Open {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let told = Story::with_rows(3);
        let mut store = Store::open(&home.path().join("s")).unwrap().0;
        let saved = told.facts.len() - 1;
        store.append(&told.facts[..saved]).unwrap();
        Self { home, store, told, saved }
    }

    fn dir(&self) -> PathBuf {
        self.home.path().join("s")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir().join(name)
    }

    fn segment(&self) -> PathBuf {
        self.path("journal/000001.jsonl")
    }

    fn append(&mut self) -> Result<u64, StoreError> {
        self.store.append(&self.told.facts[self.saved..])
    }

    /// Checks that an append is refused with these words, and leaves everything as it is.
    #[track_caller]
    fn refuses(&mut self, words: &str) {
        let before = contents(self.home.path());
        for _ in 0..2 {
            let error = self.append().unwrap_err();
            assert!(matches!(error, StoreError::Displaced { .. }), "{error:?}");
            let said = error.to_string();
            assert!(said.contains(words) && said.ends_with(", so nothing more is saved there."), "{said}");
            assert!(self.store.check().is_err());
        }
        assert_eq!(contents(self.home.path()), before, "something was written");
    }

    /// Checks that an append is saved where a reader finds it.
    #[track_caller]
    fn saves(&mut self) {
        self.append().unwrap();
        let (_, projection) = Reader::open(&self.dir()).unwrap();
        assert_eq!(projection.difference(&self.told.projection), None);
    }
}

/// Returns the files below a folder and what they hold, links not followed; sled's are left out.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            if entry.file_name() != "sled" {
                found.extend(contents(&entry.path()));
            }
        } else {
            found.push((entry.path(), fs::read(entry.path()).unwrap_or_default()));
        }
    }
    found.sort();
    found
}

fn copy(from: &Path, to: &Path) {
    let status = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(status.success());
}

#[test]
fn a_folder_that_is_renamed_takes_nothing_more_until_it_is_back() {
    let mut open = Open::new();
    let elsewhere = open.home.path().join("trash");
    fs::rename(open.dir(), &elsewhere).unwrap();
    open.refuses("was renamed or removed while it was open");
    fs::rename(&elsewhere, open.dir()).unwrap();
    open.saves();
}

#[test]
fn a_folder_above_that_is_renamed_is_the_same_as_the_folder() {
    let home = tempfile::tempdir().unwrap();
    let (above, away) = (home.path().join("a"), home.path().join("b"));
    let told = Story::with_rows(2);
    let mut store = Store::open(&above.join("inner/s")).unwrap().0;
    fs::rename(&above, &away).unwrap();
    let said = store.append(&told.facts).unwrap_err().to_string();
    assert!(said.starts_with("The folder ") && said.contains("was renamed or removed"), "{said}");
    fs::write(&above, "a file now").unwrap();
    assert!(matches!(store.append(&told.facts), Err(StoreError::Displaced { .. })));
    fs::remove_file(&above).unwrap();
    fs::rename(&away, &above).unwrap();
    store.append(&told.facts).unwrap();
}

#[test]
fn a_folder_that_is_removed_is_not_made_again() {
    let mut open = Open::new();
    fs::remove_dir_all(open.dir()).unwrap();
    open.refuses("was renamed or removed while it was open");
    assert!(!open.dir().exists());
}

#[test]
fn a_folder_that_is_replaced_by_a_copy_or_an_empty_one_is_not_written_to() {
    for is_copy in [true, false] {
        let mut open = Open::new();
        let away = open.home.path().join("away");
        fs::rename(open.dir(), &away).unwrap();
        if is_copy {
            copy(&away, &open.dir());
        } else {
            fs::create_dir(open.dir()).unwrap();
        }
        open.refuses("was replaced by another while it was open");
    }
}

#[test]
fn a_folder_that_is_a_link_to_where_it_was_moved_is_still_the_folder() {
    let mut open = Open::new();
    let moved = open.home.path().join("on another disk");
    fs::rename(open.dir(), &moved).unwrap();
    symlink(&moved, open.dir()).unwrap();
    open.saves();
}

#[test]
fn a_folder_that_a_link_led_to_is_noticed_where_the_link_leads_elsewhere() {
    let mut open = Open::new();
    let (first, second) = (open.home.path().join("first"), open.home.path().join("second"));
    fs::rename(open.dir(), &first).unwrap();
    symlink(&first, open.dir()).unwrap();
    copy(&first, &second);
    fs::remove_file(open.dir()).unwrap();
    symlink(&second, open.dir()).unwrap();
    open.refuses("was replaced by another while it was open");
}

#[test]
fn a_journal_folder_that_is_renamed_removed_or_replaced_is_noticed() {
    for change in [
        |journal: &Path| fs::rename(journal, journal.with_file_name("elsewhere")).unwrap(),
        |journal: &Path| fs::remove_dir_all(journal).unwrap(),
        |journal: &Path| {
            let away = journal.with_file_name("away");
            fs::rename(journal, &away).unwrap();
            copy(&away, journal);
        },
    ] {
        let mut open = Open::new();
        change(&open.path("journal"));
        open.refuses("while it was open");
    }
}

#[test]
fn a_journal_folder_that_is_a_link_now_is_noticed_for_no_store_may_hold_one() {
    let mut open = Open::new();
    fs::rename(open.path("journal"), open.home.path().join("j")).unwrap();
    symlink(open.home.path().join("j"), open.path("journal")).unwrap();
    open.refuses("journal was replaced by another while it was open");
}

#[test]
fn a_segment_that_something_else_made_or_a_full_one_that_it_touched_is_noticed() {
    let mut open = Open::new();
    let next = open.path("journal/000002.jsonl");
    fs::copy(open.segment(), &next).unwrap();
    open.refuses("000002.jsonl into the journal while it was open");
    fs::remove_file(&next).unwrap();
    open.saves();

    let home = tempfile::tempdir().unwrap();
    let settings = Settings { segment_bytes: 1, ..Settings::default() };
    let mut store = Store::open_with(&home.path().join("s"), settings).unwrap().0;
    let facts = Story::with_rows(2).facts;
    store.append(&facts[..1]).unwrap();
    store.append(&facts[1..2]).unwrap();
    let full = home.path().join("s/journal/000001.jsonl");
    let bytes = fs::read(&full).unwrap();
    fs::write(&full, &bytes[..bytes.len() - 1]).unwrap();
    let said = store.append(&facts[2..]).unwrap_err().to_string();
    assert!(said.contains("cut 1 byte off"), "{said}");
    fs::remove_file(&full).unwrap();
    assert!(matches!(store.append(&facts[2..]), Err(StoreError::Displaced { .. })));
}

#[test]
fn a_segment_that_is_removed_or_renamed_is_noticed() {
    let mut open = Open::new();
    fs::rename(open.segment(), open.path("journal/elsewhere")).unwrap();
    open.refuses("000001.jsonl was renamed or removed while it was open");
    fs::rename(open.path("journal/elsewhere"), open.segment()).unwrap();
    open.saves();

    let mut open = Open::new();
    fs::remove_file(open.segment()).unwrap();
    open.refuses("000001.jsonl was renamed or removed while it was open");
}

#[test]
fn a_segment_that_is_replaced_by_a_copy_with_equal_bytes_is_noticed() {
    let mut open = Open::new();
    let bytes = fs::read(open.segment()).unwrap();
    fs::remove_file(open.segment()).unwrap();
    fs::write(open.segment(), bytes).unwrap();
    open.refuses("000001.jsonl was replaced by another while it was open");
}

#[test]
fn a_segment_that_is_written_again_with_equal_bytes_is_still_the_journal() {
    let mut open = Open::new();
    let bytes = fs::read(open.segment()).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(20));
    fs::write(open.segment(), bytes).unwrap();
    open.saves();
}

#[test]
fn a_segment_that_something_else_wrote_to_is_never_written_to() {
    let mut open = Open::new();
    let mut file = fs::OpenOptions::new().append(true).open(open.segment()).unwrap();
    file.write_all(b"{}\n").unwrap();
    open.refuses("Another program wrote 3 bytes to");

    let mut open = Open::new();
    let file = fs::OpenOptions::new().write(true).open(open.segment()).unwrap();
    file.set_len(fs::metadata(open.segment()).unwrap().len() - 1).unwrap();
    open.refuses("Another program cut 1 byte off");

    let mut open = Open::new();
    fs::write(open.segment(), "").unwrap();
    open.refuses("Another program cut ");
}

#[test]
fn a_segment_that_was_changed_and_is_as_long_as_before_is_noticed() {
    let mut open = Open::new();
    let text = fs::read_to_string(open.segment()).unwrap();
    let changed = text.replacen("main", "mail", 1);
    assert_ne!(changed, text);
    std::thread::sleep(std::time::Duration::from_millis(20));
    fs::write(open.segment(), changed).unwrap();
    open.refuses("Another program changed");
}

#[test]
fn a_segment_with_a_second_name_or_another_mode_is_still_the_journal() {
    let mut open = Open::new();
    fs::hard_link(open.segment(), open.home.path().join("backup.jsonl")).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o640);
    fs::set_permissions(open.segment(), mode).unwrap();
    open.saves();
}

#[test]
fn a_segment_that_is_a_link_now_is_not_the_journal_wherever_it_leads() {
    let mut open = Open::new();
    let moved = open.home.path().join("moved.jsonl");
    fs::rename(open.segment(), &moved).unwrap();
    symlink(&moved, open.segment()).unwrap();
    open.refuses("was replaced by another while it was open");

    let mut open = Open::new();
    let copied = open.home.path().join("copied.jsonl");
    fs::copy(open.segment(), &copied).unwrap();
    fs::remove_file(open.segment()).unwrap();
    symlink(&copied, open.segment()).unwrap();
    open.refuses("was replaced by another while it was open");
}

#[test]
fn a_lock_file_that_is_removed_or_replaced_lets_no_second_writer_in_and_is_made_again() {
    for change in [
        |lock: &Path| fs::remove_file(lock).unwrap(),
        |lock: &Path| {
            fs::remove_file(lock).unwrap();
            fs::write(lock, "1").unwrap();
        },
        |lock: &Path| fs::rename(lock, lock.with_extension("old")).unwrap(),
    ] {
        let mut open = Open::new();
        let lock = open.path("store.lock");
        change(&lock);
        let second = Store::open(&open.dir());
        assert!(matches!(second, Err(StoreError::Locked { .. })), "{second:?}");
        open.saves();
        assert_eq!(fs::read_to_string(&lock).unwrap(), std::process::id().to_string());
        assert!(matches!(Store::open(&open.dir()), Err(StoreError::Locked { pid: Some(_), .. })));
    }
}

#[test]
fn a_lock_file_that_another_process_has_locked_stops_the_writer_until_it_is_free() {
    let mut open = Open::new();
    let lock = open.path("store.lock");
    fs::remove_file(&lock).unwrap();
    let other = fs::File::create(&lock).unwrap();
    other.lock().unwrap();
    assert!(matches!(open.append(), Err(StoreError::Locked { .. })));
    drop(other);
    open.saves();
}

#[test]
fn no_second_writer_comes_in_through_a_new_segment() {
    let home = tempfile::tempdir().unwrap();
    let told = Story::with_rows(2);
    let settings = Settings { segment_bytes: 1, ..Settings::default() };
    let mut store = Store::open_with(home.path(), settings).unwrap().0;
    for fact in &told.facts {
        store.append(std::slice::from_ref(fact)).unwrap();
        fs::remove_file(home.path().join("store.lock")).unwrap();
        assert!(matches!(Store::open(home.path()), Err(StoreError::Locked { .. })));
    }
    assert_eq!(Reader::open(home.path()).unwrap().1.difference(&told.projection), None);
}

#[test]
fn a_sled_that_another_process_has_open_keeps_a_second_writer_out() {
    let open = Open::new();
    let copied = open.home.path().join("copied");
    fs::create_dir(&copied).unwrap();
    copy(&open.path("journal"), &copied.join("journal"));
    fs::create_dir(copied.join("sled")).unwrap();
    for file in fs::read_dir(open.path("sled")).unwrap().flatten().filter(|file| file.path().is_file()) {
        fs::hard_link(file.path(), copied.join("sled").join(file.file_name())).unwrap();
    }
    let second = Store::open(&copied);
    assert!(matches!(second, Err(StoreError::Locked { .. })), "{second:?}");
}

#[test]
fn a_draft_is_not_said_to_be_saved_in_another_folder() {
    let open = Open::new();
    let draft = crate::domain::Draft { user: "mine".into(), ..Default::default() };
    open.store.save_draft(&draft).unwrap();
    let away = open.home.path().join("away");
    fs::rename(open.dir(), &away).unwrap();
    assert!(matches!(open.store.save_draft(&draft), Err(StoreError::Displaced { .. })));
    fs::create_dir(open.dir()).unwrap();
    for outcome in [open.store.save_draft(&draft), open.store.keep_replaced(&draft)] {
        assert!(matches!(outcome, Err(StoreError::Displaced { .. })));
    }
    assert!(matches!(open.store.keep("long ".repeat(20_000)), Stored::Inline(_)));
    assert_eq!(fs::read_dir(open.dir()).unwrap().count(), 0);
    fs::remove_dir(open.dir()).unwrap();
    fs::rename(&away, open.dir()).unwrap();
    open.store.save_draft(&draft).unwrap();
    let (reader, _) = Reader::open(&open.dir()).unwrap();
    assert_eq!(reader.draft(WhichDraft::Present), Some(draft));
}

#[test]
fn sled_writes_nothing_into_a_folder_that_took_the_place() {
    let mut open = Open::new();
    for fact in &open.told.facts[..open.saved] {
        open.store.follow(&crate::domain::Projection::default().apply(fact));
    }
    fs::rename(open.dir(), open.home.path().join("away")).unwrap();
    fs::create_dir(open.dir()).unwrap();
    assert!(!open.store.catch_up(&open.told.projection));
    drop(open.store);
    assert_eq!(fs::read_dir(open.home.path().join("s")).unwrap().count(), 0);
}

#[test]
fn a_reader_of_a_store_that_is_replaced_reads_what_stands_there() {
    let mut open = Open::new();
    let away = open.home.path().join("away");
    fs::rename(open.dir(), &away).unwrap();
    let (_, projection) = Reader::open(&open.dir()).unwrap();
    assert!(projection.is_empty());
    fs::rename(&away, open.dir()).unwrap();
    open.saves();
}
