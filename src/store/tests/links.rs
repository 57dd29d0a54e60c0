//! A store from elsewhere, in which names lead to other files of the person.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::domain::Draft;
use crate::domain::fixtures::Story;
use crate::store::{FoundDraft, Reader, SledReport, Store, StoreError, verify};

/// A person's folder: a store with two rows, and beside it files and folders that are no store's.
struct Home {
    dir: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        let home = Self { dir: tempfile::tempdir().unwrap() };
        let told = Story::with_rows(2);
        let (mut store, mut projection, _) = Store::open(&home.store()).unwrap();
        store.append(&told.facts).unwrap();
        told.facts.iter().for_each(|fact| store.follow(&projection.apply(fact)));
        store.close(&projection);
        fs::write(home.precious(), "precious").unwrap();
        fs::create_dir(home.at("folder")).unwrap();
        fs::write(home.at("folder/settings.json"), "precious").unwrap();
        home
    }

    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn store(&self) -> PathBuf {
        self.at("store")
    }

    fn precious(&self) -> PathBuf {
        self.at("precious")
    }

    /// Puts a link in the place of a file or folder of the store.
    fn link(&self, name: &str, to: &Path) {
        let link = self.store().join(name);
        let _ = fs::remove_file(&link).or_else(|_| fs::remove_dir_all(&link));
        symlink(to, &link).unwrap();
    }

    #[track_caller]
    fn assert_untouched(&self) {
        assert_eq!(fs::read(self.precious()).unwrap(), b"precious");
        assert_eq!(fs::read(self.at("folder/settings.json")).unwrap(), b"precious");
        assert_eq!(fs::read_dir(self.at("folder")).unwrap().count(), 1);
    }
}

#[test]
fn a_link_in_the_place_of_the_lock_or_a_segment_is_refused_and_not_written_through() {
    for name in ["store.lock", "journal/000001.jsonl"] {
        let home = Home::new();
        home.link(name, &home.precious());
        let said = Store::open(&home.store()).unwrap_err().to_string();
        assert!(said.contains(name) && said.contains("link"), "{said}");
        home.assert_untouched();
    }
}

#[test]
fn a_lock_that_holds_something_else_than_a_pid_is_left_as_it_is() {
    let home = Home::new();
    let lock = home.store().join("store.lock");
    fs::remove_file(&lock).unwrap();
    fs::hard_link(home.precious(), &lock).unwrap();
    let said = Store::open(&home.store()).unwrap_err().to_string();
    assert!(said.contains("is no lock of a store"), "{said}");
    home.assert_untouched();
}

#[test]
fn a_folder_of_the_store_that_is_a_link_is_refused_by_who_writes_and_who_reads() {
    for name in ["journal", "sled", "texts"] {
        let home = Home::new();
        home.link(name, &home.at("folder"));
        assert!(matches!(Store::open(&home.store()), Err(StoreError::LeadsOut { .. })), "{name}");
        assert!(matches!(Reader::open(&home.store()), Err(StoreError::LeadsOut { .. })), "{name}");
        assert!(matches!(verify(&home.store()), Err(StoreError::LeadsOut { .. })), "{name}");
        home.assert_untouched();
    }
}

#[test]
fn the_store_may_be_a_link_to_a_store_or_to_an_empty_folder_and_to_nothing_else() {
    let home = Home::new();
    fs::create_dir(home.at("empty")).unwrap();
    for (name, to) in [("a", "store"), ("b", "empty")] {
        symlink(home.at(to), home.at(name)).unwrap();
        Store::open(&home.at(name)).unwrap();
    }
    symlink(home.at("folder"), home.at("c")).unwrap();
    assert!(matches!(Store::open(&home.at("c")), Err(StoreError::LeadsToNoStore { .. })));
    home.assert_untouched();
}

#[test]
fn drafts_are_neither_read_from_a_link_nor_written_through_one() {
    let home = Home::new();
    for name in ["draft.json", "draft.tmp", "replaced.json", "replaced.tmp"] {
        home.link(name, &home.precious());
    }
    let (store, ..) = Store::open(&home.store()).unwrap();
    assert_eq!(store.replaced_draft(), None);
    assert!(matches!(store.load_draft().unwrap(), FoundDraft::SetAside(_)));
    let draft = Draft { user: "mine".into(), ..Draft::default() };
    store.save_draft(&draft).unwrap();
    store.keep_replaced(&draft).unwrap();
    assert_eq!(store.load_draft().unwrap(), FoundDraft::Draft(draft));
    home.assert_untouched();
}

#[test]
fn a_sled_with_a_link_or_a_pipe_in_it_is_set_aside_unopened() {
    for name in ["db", "conf", "blobs/1", "snap.0000000000000001", "snap.1.generating", "pipe"] {
        let home = Home::new();
        let path = format!("sled/{name}");
        if name == "pipe" {
            let pipe = home.store().join(path);
            assert!(std::process::Command::new("mkfifo").arg(pipe).status().unwrap().success());
        } else {
            home.link(&path, &home.precious());
        }
        let (_, _, report) = Store::open(&home.store()).unwrap();
        assert!(matches!(report.sled, SledReport::Rebuilt { kept: Some(_), .. }), "{name}: {report:?}");
        home.assert_untouched();
    }
}

#[test]
fn a_text_is_neither_read_from_a_link_nor_written_through_one() {
    let home = Home::new();
    let text = "long ".repeat(50_000);
    let (store, ..) = Store::open(&home.store()).unwrap();
    let name = blake3::hash(text.as_bytes()).to_hex().to_string();
    fs::write(home.at("same"), &text).unwrap();
    home.link(&format!("texts/{name}"), &home.at("same"));
    home.link("texts/tmp", &home.precious());
    home.link(&format!("texts/{name}.tmp"), &home.precious());
    let _ = store.keep(text.clone());
    assert!(home.store().join("texts").join(name).symlink_metadata().unwrap().is_file());
    home.assert_untouched();
}

#[test]
fn a_line_without_end_is_damage_and_not_held_in_memory() {
    let home = Home::new();
    let journal = home.store().join("journal/000001.jsonl");
    let file = fs::File::options().write(true).open(journal).unwrap();
    file.set_len(1 << 40).unwrap();
    let Err(StoreError::Damaged { what, .. }) = Reader::open(&home.store()) else { panic!("it was read") };
    assert!(what.contains("longer than any"), "{what}");
}
