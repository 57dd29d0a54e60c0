use std::fs;

use super::*;
use crate::domain::fixtures::Story;
use crate::store::{Reader, Settings, Store};

/// A folder with sessions in it.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Makes a session's folder, and returns the session. One that is called as its folder is named after it.
    fn session(&self, folder: &str, name: &str, target: &str) -> Owner {
        let after_folder = folder == name;
        let folder = self.at(folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("session.toml"), name).unwrap();
        Owner { after_folder, ..Owner::new(name, &folder, target) }
    }

    /// Writes a few facts into a store for a session.
    fn fill(&self, store: &str, owner: &Owner) -> Result<Option<String>, StoreError> {
        let (mut open, projection, report) = self.open(store, owner)?;
        let before = usize::try_from(projection.next_operation().0).unwrap();
        if before <= 1 {
            open.append(&Story::with_rows(2).facts).unwrap();
        }
        Ok(report.owner)
    }

    fn open(
        &self,
        store: &str,
        owner: &Owner,
    ) -> Result<(Store, crate::domain::Projection, crate::store::OpenReport), StoreError> {
        Store::open_with(&self.at(store), Settings { owner: Some(owner.clone()), ..Settings::default() })
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.at(from), self.at(to)).unwrap();
    }

    /// Copies a folder without sled.
    fn copy(&self, from: &str, to: &str) {
        fs::create_dir_all(self.at(to)).unwrap();
        for entry in fs::read_dir(self.at(from)).unwrap().map(|entry| entry.unwrap()) {
            let name = entry.file_name().into_string().unwrap();
            let (from, to) = (format!("{from}/{name}"), format!("{to}/{name}"));
            match entry.path().is_dir() {
                true if name == "sled" => {}
                true => self.copy(&from, &to),
                false => drop(fs::copy(self.at(&from), self.at(&to)).unwrap()),
            }
        }
    }
}

fn another(outcome: Result<Option<String>, StoreError>) -> String {
    match outcome.unwrap_err() {
        StoreError::Owner(error @ OwnerError::OfAnother(_)) => error.to_string(),
        error => panic!("{error}"),
    }
}

fn foreign(outcome: Result<Option<String>, StoreError>) -> String {
    match outcome.unwrap_err() {
        StoreError::Owner(error @ OwnerError::Foreign(_)) => error.to_string(),
        error => panic!("{error}"),
    }
}

/// Returns all files below a folder with their content.
fn content(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(content(&entry));
        } else {
            found.push((entry.clone(), fs::read(entry).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn a_store_is_refused_to_a_second_session_and_nothing_of_it_changes() {
    let place = Place::new();
    let spam = place.session("a", "spam", "junk");
    assert_eq!(place.fill("store", &spam).unwrap(), None);
    let before = content(&place.at("store"));
    for other in
        [place.session("b", "ham", "junk"), place.session("c", "spam", "junk"), place.session("d", "x", "y")]
    {
        let said = another(place.fill("store", &other));
        assert!(
            said.contains("session `spam` in ") && said.contains(&other.folder.display().to_string()),
            "{said}"
        );
        assert!(said.contains("store adopt "), "{said}");
        assert!(matches!(Reader::open_for(&place.at("store"), &other), Err(StoreError::Owner(_))));
    }
    assert_eq!(content(&place.at("store")), before);
    assert_eq!(place.fill("store", &spam).unwrap(), None);
}

#[test]
fn a_session_may_be_renamed_and_want_another_label() {
    let place = Place::new();
    for (store, owner) in
        [("store", place.session("a", "spam", "junk")), ("b/.rowsmith", place.session("b", "b", "junk"))]
    {
        place.fill(store, &owner).unwrap();
        let renamed = Owner { name: "other".into(), ..owner.clone() };
        assert_eq!(place.fill(store, &renamed).unwrap(), None);
        let retargeted = Owner { target: "ham".into(), ..renamed };
        assert_eq!(place.fill(store, &retargeted).unwrap(), None);
        // What was renamed is what counts afterwards.
        assert!(place.at(store).join("session.json").exists());
        assert_eq!(place.fill(store, &retargeted).unwrap(), None);
    }
}

#[test]
fn a_store_in_its_sessions_folder_goes_where_that_goes_and_copies_go_on_apart() {
    let place = Place::new();
    for name in ["a", "spam"] {
        place.fill("a/.rowsmith", &place.session("a", name, "junk")).unwrap();
        place.copy("a", "copy");
        let named = if name == "a" { "copy" } else { name };
        assert_eq!(place.fill("copy/.rowsmith", &place.session("copy", named, "junk")).unwrap(), None);
        assert_eq!(place.fill("a/.rowsmith", &place.session("a", name, "junk")).unwrap(), None);
        fs::remove_dir_all(place.at("copy")).unwrap();
        place.rename("a", "moved");
        let named = if name == "a" { "moved" } else { name };
        assert_eq!(place.fill("moved/.rowsmith", &place.session("moved", named, "junk")).unwrap(), None);
        fs::remove_dir_all(place.at("moved")).unwrap();
    }
}

#[test]
fn a_store_elsewhere_goes_with_its_session_when_that_is_moved_and_it_is_said_once() {
    let place = Place::new();
    place.fill("store", &place.session("a", "spam", "junk")).unwrap();
    place.rename("a", "b");
    let moved = place.session("b", "spam", "junk");
    let said = place.fill("store", &moved).unwrap().unwrap();
    assert!(said.contains("/a when this store was used last") && said.contains("/b now"), "{said}");
    assert_eq!(place.fill("store", &moved).unwrap(), None);
    another(place.fill("store", &place.session("a", "spam", "junk")));
}

#[test]
fn a_store_of_another_session_laid_into_a_sessions_folder_is_noticed() {
    let place = Place::new();
    place.fill("a/.rowsmith", &place.session("a", "spam", "junk")).unwrap();
    let other = place.session("b", "ham", "fine");
    place.copy("a/.rowsmith", "b/.rowsmith");
    another(place.fill("b/.rowsmith", &other));
    fs::remove_dir_all(place.at("a")).unwrap();
    another(place.fill("b/.rowsmith", &other));
    fs::remove_file(place.at("b/.rowsmith/session.json")).unwrap();
    assert!(another(place.fill("b/.rowsmith", &other)).contains("session `spam`, not to `ham`"));
    let said = another(place.fill("b/.rowsmith", &other));
    assert!(
        said.contains(" move the store away: `mv ") && said.contains("/b/.rowsmith-of-another`"),
        "{said}"
    );
}

#[test]
fn a_store_of_a_session_that_says_its_name_is_not_taken_for_one_of_another_that_says_its_own() {
    let place = Place::new();
    let named = |name| Owner { after_folder: false, ..place.session(name, name, "junk") };
    let (a, b) = (named("a"), named("b"));
    place.fill("a/.rowsmith", &a).unwrap();
    place.copy("a/.rowsmith", "b/.rowsmith");
    another(place.fill("b/.rowsmith", &b));
}

#[test]
fn what_lacks_a_store_is_empty_and_what_lost_its_journal_is_not() {
    let place = Place::new();
    let owner = place.session("a", "spam", "junk");
    fs::create_dir_all(place.at("store")).unwrap();
    fs::write(place.at("store/store.lock"), "1").unwrap();
    assert!(is_empty(&place.at("nothing")) && is_empty(&place.at("store")));
    place.fill("store", &owner).unwrap();
    fs::remove_dir_all(place.at("store/journal")).unwrap();
    fs::remove_dir_all(place.at("store/sled")).unwrap();
    assert!(!is_empty(&place.at("store")));
}

#[test]
fn a_foreign_journal_is_noticed_without_sled() {
    let place = Place::new();
    let (spam, ham) = (place.session("a", "spam", "junk"), place.session("b", "ham", "fine"));
    let twin = place.session("c", "spam", "junk");
    for (folder, owner) in [("a", &spam), ("b", &ham), ("c", &twin)] {
        place.fill(&format!("{folder}/.rowsmith"), owner).unwrap();
    }
    for folder in ["b", "c"] {
        let owner = if folder == "b" { &ham } else { &twin };
        let (store, journal) =
            (format!("{folder}/.rowsmith"), format!("{folder}/.rowsmith/journal/000001.jsonl"));
        let own = fs::read(place.at(&journal)).unwrap();
        fs::copy(place.at("a/.rowsmith/journal/000001.jsonl"), place.at(&journal)).unwrap();
        let _ = fs::remove_dir_all(place.at(&store).join("sled"));
        let before = content(&place.at(&store));
        assert!(foreign(place.fill(&store, owner)).contains("of another store, of the session `spam`"));
        assert!(Reader::open_for(&place.at(&store), owner).is_err());
        assert_eq!(content(&place.at(&store)), before);
        fs::write(place.at(&journal), own).unwrap();
        assert_eq!(place.fill(&store, owner).unwrap(), None);
    }
}

#[test]
fn a_journal_without_an_id_is_foreign_only_where_it_had_one() {
    let place = Place::new();
    let owner = place.session("a", "spam", "junk");
    let strip = || {
        let journal = place.at("a/.rowsmith/journal/000001.jsonl");
        let text = fs::read_to_string(&journal).unwrap();
        let (_, rest) = text.split_once('\n').unwrap();
        fs::write(journal, format!("{{\"format\":1,\"segment\":1,\"first\":1}}\n{rest}")).unwrap();
    };
    place.fill("a/.rowsmith", &owner).unwrap();
    strip();
    foreign(place.fill("a/.rowsmith", &owner));
    // A store of the version before, which is taken for this session's without a word.
    fs::remove_file(place.at("a/.rowsmith/session.json")).unwrap();
    assert_eq!(place.fill("a/.rowsmith", &owner).unwrap(), None);
    another(place.fill("a/.rowsmith", &place.session("b", "ham", "fine")));
    strip();
    assert_eq!(place.fill("a/.rowsmith", &owner).unwrap(), None);
}

#[test]
fn a_damaged_session_file_is_made_again_and_a_newer_one_is_refused() {
    let place = Place::new();
    let owner = place.session("a", "spam", "junk");
    place.fill("a/.rowsmith", &owner).unwrap();
    let file = place.at("a/.rowsmith/session.json");
    let whole = fs::read(&file).unwrap();
    for at in 0..whole.len() - 1 {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x01;
        fs::write(&file, bytes).unwrap();
        let outcome = place.fill("a/.rowsmith", &owner);
        assert!(matches!(outcome, Ok(_) | Err(StoreError::Newer { .. })), "byte {at}: {outcome:?}");
        fs::write(&file, &whole[..at]).unwrap();
        assert!(
            place.fill("a/.rowsmith", &owner).unwrap().unwrap().contains("is written anew"),
            "cut at {at}"
        );
        assert_eq!(fs::read(&file).unwrap(), whole);
    }
    fs::write(&file, String::from_utf8(whole).unwrap().replace("\"v\":1", "\"v\":2")).unwrap();
    assert!(matches!(place.fill("a/.rowsmith", &owner), Err(StoreError::Newer { format: 2, .. })));
}

#[test]
fn a_damaged_id_in_a_header_is_damage_and_not_another_store() {
    let place = Place::new();
    let owner = place.session("a", "spam", "junk");
    place.fill("a/.rowsmith", &owner).unwrap();
    let journal = place.at("a/.rowsmith/journal/000001.jsonl");
    let mut bytes = fs::read(&journal).unwrap();
    let id = String::from_utf8_lossy(&bytes).find("\"store\":\"").unwrap() + 12;
    bytes[id] = if bytes[id] == b'0' { b'1' } else { b'0' };
    fs::write(&journal, bytes).unwrap();
    let Err(StoreError::Damaged { line: 1, what, .. }) = place.fill("a/.rowsmith", &owner) else {
        panic!("taken")
    };
    assert!(what.contains("the id of the store is damaged"), "{what}");
}

#[test]
fn what_a_person_says_is_one_session_is_one_from_then_on() {
    let place = Place::new();
    let (spam, ham) = (place.session("a", "spam", "junk"), place.session("b", "ham", "fine"));
    place.fill("store", &spam).unwrap();
    assert_eq!(adopt(&place.at("store"), &ham).unwrap(), Some(spam.clone()));
    assert_eq!(place.fill("store", &ham).unwrap(), None);
    another(place.fill("store", &spam));

    place.fill("b/.rowsmith", &ham).unwrap();
    fs::copy(place.at("store/journal/000001.jsonl"), place.at("b/.rowsmith/journal/000001.jsonl")).unwrap();
    foreign(place.fill("b/.rowsmith", &ham));
    adopt(&place.at("b/.rowsmith"), &ham).unwrap();
    assert_eq!(place.fill("b/.rowsmith", &ham).unwrap(), None);
}

#[test]
fn links_and_relative_paths_lead_to_the_same_session() {
    let place = Place::new();
    let owner = place.session("a", "spam", "junk");
    place.fill("store", &owner).unwrap();
    std::os::unix::fs::symlink(place.at("a"), place.at("link")).unwrap();
    assert_eq!(Owner::new("spam", &place.at("link"), "junk"), owner);
    assert_eq!(Owner::new("spam", &place.at("a/../a/."), "junk"), owner);
    assert_eq!(place.fill("store", &Owner::new("spam", &place.at("link"), "junk")).unwrap(), None);
}

#[test]
fn an_id_reads_back_and_a_changed_one_does_not() {
    let id = StoreId::of(0x0123_4567_89ab_cdef);
    let text = String::from(id);
    assert_eq!((text.len(), StoreId::try_from(text.clone())), (24, Ok(id)));
    assert!(StoreId::try_from(text.replace('1', "2")).is_err() && StoreId::try_from(String::new()).is_err());
}
