use super::*;
use crate::domain::Change;
use crate::domain::fixtures::Story;
use crate::store::Store;
use crate::store::record::{Key, Kind};

/// Makes a store with a story's facts, closes it, and returns the story.
fn made(dir: &Path, rows: u32) -> Story {
    let told = Story::with_rows(rows);
    let (mut store, mut projection, _) = Store::open(dir).unwrap();
    store.append(&told.facts).unwrap();
    told.facts.iter().for_each(|fact| store.follow(&projection.apply(fact)));
    store.close(&projection);
    told
}

/// Opens a store, checks that no fact is missing, and returns the state of sled.
fn reopened(dir: &Path, told: &Story) -> SledReport {
    let (store, projection, report) = Store::open(dir).unwrap();
    assert_eq!(projection.difference(&told.projection), None);
    store.close(&projection);
    let (_, projection, again) = Store::open(dir).unwrap();
    assert_eq!((again.sled, again.replayed), (SledReport::Loaded, 0));
    assert_eq!(projection.difference(&told.projection), None);
    report.sled
}

fn why(report: SledReport) -> (String, Option<PathBuf>) {
    match report {
        SledReport::Rebuilt { why, kept } => (why, kept),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_half_written_snapshot_does_not_keep_sled_shut() {
    let dir = tempfile::tempdir().unwrap();
    let told = made(dir.path(), 3);
    let left = dir.path().join("sled/snap.7FFFFFFFFFFFFFFF.generating");
    fs::write(&left, "half").unwrap();
    assert_eq!(reopened(dir.path(), &told), SledReport::Loaded);
    assert!(!left.exists());
}

#[test]
fn sled_stays_where_it_is_while_only_the_disk_fails() {
    let dir = tempfile::tempdir().unwrap();
    let told = made(dir.path(), 3);
    let layout = Layout::new(dir.path());
    let mut folded = fold(&layout.journal(), None, [None, None]).unwrap();
    let why = "IO error: No space left on device (os error 28)".to_owned();
    let (follower, report) = rebuild(&layout, Unusable::Disk(why), true, &mut folded);
    assert!(matches!(report, SledReport::Without { .. }) && follower.trouble().is_some());
    assert_eq!(reopened(dir.path(), &told), SledReport::Loaded);
    assert!(files::numbered(&layout.sled(), ASIDE).is_empty());
}

#[test]
fn a_file_in_the_place_of_sled_is_set_aside() {
    let dir = tempfile::tempdir().unwrap();
    let told = made(dir.path(), 3);
    let sled = dir.path().join("sled");
    fs::remove_dir_all(&sled).unwrap();
    fs::write(&sled, "no folder").unwrap();
    let (why, kept) = why(reopened(dir.path(), &told));
    assert_eq!(why, "was no folder");
    assert_eq!(fs::read_to_string(kept.unwrap()).unwrap(), "no folder");
}

#[test]
fn a_missing_sled_is_made_from_the_journal() {
    let dir = tempfile::tempdir().unwrap();
    let told = made(dir.path(), 3);
    fs::remove_dir_all(dir.path().join("sled")).unwrap();
    assert_eq!(why(reopened(dir.path(), &told)), ("was missing".to_owned(), None));
}

#[test]
fn a_sled_that_was_left_in_the_middle_is_made_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut told = made(dir.path(), 3);
    let (mut store, mut projection, _) = Store::open(dir.path()).unwrap();
    let before = told.facts.len();
    let texts: Vec<_> = (0..8000).map(|row| row.to_string()).collect();
    told.sampled(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    store.append(&told.facts[before..]).unwrap();
    told.facts[before..].iter().for_each(|fact| store.follow(&projection.apply(fact)));
    assert!(store.catch_up(&projection), "one step is not enough");
    drop(store);
    let (why, kept) = why(reopened(dir.path(), &told));
    assert!(why.contains("not written to the end") && kept.is_none(), "{why}");
}

#[test]
fn a_damaged_sled_is_set_aside_and_evidence_does_not_pile_up() {
    let dir = tempfile::tempdir().unwrap();
    let told = made(dir.path(), 3);
    for _ in 0..5 {
        let sled = Sled::open(&dir.path().join("sled")).unwrap();
        sled.tree().unwrap().remove(Key { kind: Kind::Rows, number: 0 }.bytes(0)).unwrap();
        drop(sled);
        let (why, kept) = why(reopened(dir.path(), &told));
        assert!(why.starts_with("was damaged"), "{why}");
        assert!(kept.is_some_and(|kept| kept.join("db").exists()));
    }
    assert_eq!(files::numbered(&dir.path().join("sled"), ASIDE).len(), KEPT);
}

#[test]
fn a_journal_as_long_as_the_one_that_sled_followed_is_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let mut told = made(dir.path(), 3);
    let mut other = Story { projection: told.projection.clone(), ..Story::default() };
    other.change(&[0, 2], Change::skip());
    told.change(&[1], Change::accept());

    let (journal, reached) = (dir.path().join("journal/000001.jsonl"), dir.path().join("reached"));
    let (shared, then) = (fs::read(&journal).unwrap(), fs::read(&reached).unwrap());
    let (mut store, _, _) = Store::open(dir.path()).unwrap();
    store.append(&told.facts[told.facts.len() - 1..]).unwrap();
    drop(store);
    let right = fs::read(&journal).unwrap();
    fs::write(&journal, shared).unwrap();
    fs::write(&reached, then).unwrap();
    let (mut store, mut projection, _) = Store::open(dir.path()).unwrap();
    store.append(&other.facts).unwrap();
    store.follow(&projection.apply(&other.facts[0]));
    store.close(&projection);
    fs::write(&journal, right).unwrap();

    let error = Store::open(dir.path()).map(drop).unwrap_err();
    assert!(matches!(error, StoreError::Replaced { sequence: 7, .. }), "{error}");
    fs::remove_file(reached).unwrap();
    let error = Store::open(dir.path()).map(drop).unwrap_err();
    assert!(matches!(error, StoreError::Replaced { sequence: 7, .. }), "{error}");
}

#[test]
fn the_notice_says_what_was_done_in_full_sentences() {
    let kept = Some(PathBuf::from("/s/sled.damaged-1"));
    let sled = SledReport::Rebuilt { why: "could not be opened (torn)".into(), kept };
    let report = OpenReport {
        sequence: 3,
        replayed: 3,
        torn_bytes: 0,
        kept: None,
        abandoned: vec![],
        sled,
        owner: None,
    };
    assert_eq!(
        report.notice().unwrap(),
        "sled could not be opened (torn). It is made again from the journal; the old one is kept as \
         /s/sled.damaged-1; nothing is lost."
    );
    assert_eq!(OpenReport { sled: SledReport::Loaded, ..report }.notice(), None);
}
