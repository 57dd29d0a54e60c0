use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::domain::Change;
use crate::domain::fixtures::Story;
use crate::store::reached::LastLine;
use crate::store::{Owner, Reader, RepairOutcome, Settings, SledReport, Store, StoreError, repair, verify};

/// Makes a closed store of several segments, and returns its story.
fn made(dir: &Path) -> Story {
    let mut told = Story::with_rows(5);
    told.change(&[0, 2], Change::accept());
    told.sampled(&["later", "last"]);
    told.change(&[1, 5], Change::reject());
    told.change(&[6], Change::skip());
    let settings = Settings { segment_bytes: 900, ..Settings::default() };
    let (mut store, mut projection, _) = Store::open_with(dir, settings).unwrap();
    for fact in &told.facts {
        store.append(std::slice::from_ref(fact)).unwrap();
        store.follow(&projection.apply(fact));
    }
    store.close(&projection);
    told
}

fn segments(dir: &Path) -> Vec<PathBuf> {
    let mut all: Vec<_> =
        fs::read_dir(dir.join("journal")).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}

/// Returns all files of a store with their bytes, without the lock.
fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            all.insert(entry.clone(), Vec::new());
            all.extend(files(&entry));
        } else if entry.is_file() && !entry.ends_with("store.lock") {
            all.insert(entry.clone(), fs::read(entry).unwrap());
        }
    }
    all
}

fn cut(path: &Path, bytes: usize) {
    let whole = fs::read(path).unwrap();
    fs::write(path, &whole[..whole.len().saturating_sub(bytes)]).unwrap();
}

/// What befalls a journal whose facts were all saved.
type Loss = fn(&Path);

/// The ways to lose the end of a journal, and one to change it.
const LOSSES: &[(&str, Loss)] = &[
    ("a byte", |dir| cut(segments(dir).last().unwrap(), 1)),
    ("half a line", |dir| cut(segments(dir).last().unwrap(), 40)),
    ("the last segment", |dir| fs::remove_file(segments(dir).last().unwrap()).unwrap()),
    ("its content", |dir| fs::write(segments(dir).last().unwrap(), "").unwrap()),
    ("all but half its header", |dir| fs::write(segments(dir).last().unwrap(), "{\"format\":1").unwrap()),
    ("all but its header", |dir| {
        let path = segments(dir).pop().unwrap();
        let header = fs::read_to_string(&path).unwrap().lines().next().unwrap().to_owned() + "\n";
        fs::write(path, header).unwrap();
    }),
    ("all but the first segment", |dir| {
        segments(dir)[1..].iter().for_each(|path| fs::remove_file(path).unwrap());
    }),
    ("all segments", |dir| segments(dir).iter().for_each(|path| fs::remove_file(path).unwrap())),
    ("the folder", |dir| fs::remove_dir_all(dir.join("journal")).unwrap()),
    ("the last line for another", |dir| {
        let path = segments(dir).pop().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let last = text.lines().next_back().unwrap();
        let (sequence, _) = crate::store::line::check(last.as_bytes()).unwrap();
        let mut other = text.as_bytes()[..text.len() - last.len() - 1].to_vec();
        let fact = Story::with_rows(0).facts.remove(0);
        crate::store::line::push_fact(&mut other, sequence, &fact).unwrap();
        fs::write(path, other).unwrap();
    }),
];

#[test]
fn a_journal_that_lacks_what_was_saved_is_refused_and_nothing_is_written() {
    for (what, lose) in LOSSES {
        for known_by in ["both", "reached", "sled", "sled, with an older `reached`"] {
            let dir = tempfile::tempdir().unwrap();
            let told = made(dir.path());
            match known_by {
                "reached" => fs::remove_dir_all(dir.path().join("sled")).unwrap(),
                "sled" => fs::remove_file(dir.path().join("reached")).unwrap(),
                "both" => {}
                _ => {
                    let text = fs::read_to_string(&segments(dir.path())[0]).unwrap();
                    let first = text.lines().nth(1).unwrap();
                    let (sequence, sum) = crate::store::line::check(first.as_bytes()).unwrap();
                    fs::write(dir.path().join("reached"), LastLine { sequence, sum }.record()).unwrap();
                }
            }
            let whole = files(dir.path());
            lose(dir.path());
            let before = files(dir.path());
            let case = format!("{what}, known by {known_by}");

            let errors = [
                Store::open(dir.path()).map(drop).unwrap_err(),
                Reader::open(dir.path()).map(drop).unwrap_err(),
            ];
            for error in errors {
                let is_right = match &error {
                    StoreError::Behind { held, saved, .. } => {
                        held < saved && *saved == told.facts.len() as u64
                    }
                    StoreError::Replaced { sequence, .. } => *sequence == told.facts.len() as u64,
                    _ => false,
                };
                assert!(is_right, "{case}: {error}");
                let words = error.to_string();
                assert!(
                    words.contains("rowsmith store repair SESSION") && words.contains("backup"),
                    "{words}"
                );
            }
            let report = verify(dir.path()).unwrap();
            assert!(!report.is_clean() && !report.problems[0].contains("remove"), "{case}: {report:?}");
            assert!(!report.notes.iter().any(|note| note.contains("cuts it off")), "{case}: {report:?}");
            assert_eq!(files(dir.path()), before, "{case}");

            // The journal comes back from a backup.
            let journal = dir.path().join("journal");
            let _ = fs::remove_dir_all(&journal);
            fs::create_dir(&journal).unwrap();
            for (path, bytes) in whole.iter().filter(|(path, _)| path.parent() == Some(&journal)) {
                fs::write(path, bytes).unwrap();
            }
            let (_, projection, report) = Store::open(dir.path()).unwrap();
            assert_eq!(projection.difference(&told.projection), None, "{case}");
            assert_eq!(report.torn_bytes, 0, "{case}");
        }
    }
}

#[test]
fn the_words_name_both_numbers_and_what_sled_holds_of_it() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    let journal = dir.path().join("journal");
    for path in &segments(dir.path())[1..] {
        fs::remove_file(path).unwrap();
    }
    let words = Store::open(dir.path()).map(drop).unwrap_err().to_string();
    let held = fs::read_to_string(journal.join("000001.jsonl")).unwrap().lines().count() - 1;
    let expected = format!(
        "{} ends at fact {held}, but fact 14 was saved: {} facts are missing",
        journal.display(),
        14 - held
    );
    assert!(words.contains(&expected), "{words}");
    assert!(
        words.contains("as far as sled holds them, ") && words.contains("new rows and decisions on 5 rows"),
        "{words}"
    );
}

#[test]
fn an_older_state_of_the_whole_journal_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut told = made(dir.path());
    let path = segments(dir.path()).pop().unwrap();
    let older = fs::read(&path).unwrap();
    let (mut store, mut projection, _) = Store::open(dir.path()).unwrap();
    told.change(&[3], Change::accept());
    let last = told.facts.last().unwrap();
    store.append(std::slice::from_ref(last)).unwrap();
    store.follow(&projection.apply(last));
    drop(store);
    fs::write(path, older).unwrap();
    let error = Store::open(dir.path()).map(drop).unwrap_err();
    assert!(matches!(error, StoreError::Behind { held: 14, saved: 15, .. }), "{error}");
    assert!(error.to_string().contains("1 fact is missing. "), "sled had not caught up: {error}");
}

#[test]
fn a_write_that_died_is_cut_off_and_its_bytes_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    let told = made(dir.path());
    let path = segments(dir.path()).pop().unwrap();
    for round in 1..=7 {
        let mut bytes = fs::read(&path).unwrap();
        bytes.extend_from_slice(format!("{{\"sum\":\"{round}").as_bytes());
        fs::write(&path, bytes).unwrap();
        assert_eq!(Reader::open(dir.path()).unwrap().1.difference(&told.projection), None);
        let (_, projection, report) = Store::open(dir.path()).unwrap();
        assert_eq!(projection.difference(&told.projection), None);
        let kept = report.kept.clone().unwrap();
        assert_eq!(kept, dir.path().join(format!("journal.cut-{round}")));
        assert_eq!(fs::read_to_string(&kept).unwrap(), format!("{{\"sum\":\"{round}"));
        assert!(report.notice().unwrap().contains(&*kept.to_string_lossy()));
        assert_eq!(report.sled, SledReport::Loaded);
    }
    let kept = fs::read_dir(dir.path())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("journal.cut-"));
    assert_eq!(kept.count(), 5, "few are kept");
}

#[test]
fn damage_in_an_older_segment_is_named_at_opening() {
    let dir = tempfile::tempdir().unwrap();
    let told = made(dir.path());
    drop(Store::open(dir.path()).unwrap());
    let checked = fs::read(dir.path().join("reached.segments")).unwrap();
    assert_eq!(Store::open(dir.path()).unwrap().2.sled, SledReport::Loaded);
    assert_eq!(fs::read(dir.path().join("reached.segments")).unwrap(), checked, "they are read once");

    let path = dir.path().join("journal/000001.jsonl");
    let whole = fs::read(&path).unwrap();
    for damage in [whole[..whole.len() - 1].to_vec(), [&whole[..300], b"x", &whole[301..]].concat(), vec![]] {
        fs::write(&path, damage).unwrap();
        let error = Store::open(dir.path()).map(drop).unwrap_err();
        assert!(
            matches!(&error, StoreError::Damaged { path, .. } if path.ends_with("000001.jsonl")),
            "{error}"
        );
        assert!(error.to_string().contains("store repair"), "{error}");
    }
    fs::write(&path, whole).unwrap();
    assert_eq!(Store::open(dir.path()).unwrap().1.difference(&told.projection), None);
}

#[test]
fn a_store_of_a_version_without_the_file_gets_it() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    let path = dir.path().join("reached");
    let said = fs::read(&path).unwrap();
    for content in [None, Some("nonsense")] {
        fs::remove_file(&path).unwrap();
        content.into_iter().for_each(|content| fs::write(&path, content).unwrap());
        assert!(Reader::open(dir.path()).is_ok());
        assert_eq!(Store::open(dir.path()).unwrap().2.notice(), None);
        assert_eq!(fs::read(&path).unwrap(), said);
    }
}

#[test]
fn a_sled_that_was_left_in_the_middle_counts_too_where_it_knows_of_more() {
    let dir = tempfile::tempdir().unwrap();
    let mut told = made(dir.path());
    let path = segments(dir.path()).pop().unwrap();
    let older = fs::read(&path).unwrap();
    let (mut store, mut projection, _) = Store::open(dir.path()).unwrap();
    let before = told.facts.len();
    let texts: Vec<_> = (0..8000).map(|row| row.to_string()).collect();
    told.sampled(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    store.append(&told.facts[before..]).unwrap();
    told.facts[before..].iter().for_each(|fact| store.follow(&projection.apply(fact)));
    assert!(store.catch_up(&projection), "one step is not enough");
    drop(store);
    fs::write(path, older).unwrap();
    fs::remove_file(dir.path().join("reached")).unwrap();
    assert!(matches!(Store::open(dir.path()), Err(StoreError::Behind { .. })));
    assert!(matches!(Reader::open(dir.path()), Err(StoreError::Behind { .. })));
    let report = verify(dir.path()).unwrap();
    assert!(report.problems[0].contains("store repair"), "{report:?}");
}

/// Makes a store of a session, with decisions, that has neither `reached` nor sled any more.
fn unwitnessed(dir: &Path) -> usize {
    let owner = Some(Owner::new("spam", dir, "junk"));
    let told = Story::with_rows(3);
    let (mut store, projection, _) =
        Store::open_with(dir, Settings { owner, ..Settings::default() }).unwrap();
    store.append(&told.facts).unwrap();
    store.close(&projection);
    fs::remove_file(dir.join("reached")).unwrap();
    fs::remove_dir_all(dir.join("sled")).unwrap();
    told.facts.len()
}

#[test]
fn an_end_that_nothing_vouches_for_is_given_up_only_by_a_person() {
    let losses: [(&str, Loss); 5] = [
        ("the folder", |dir| fs::remove_dir_all(dir.join("journal")).unwrap()),
        ("all segments", |dir| fs::remove_file(&segments(dir)[0]).unwrap()),
        ("its content", |dir| fs::write(&segments(dir)[0], "").unwrap()),
        ("all but its header", LOSSES[5].1),
        ("half a line", |dir| cut(&segments(dir)[0], 40)),
    ];
    for (what, lose) in losses {
        let dir = tempfile::tempdir().unwrap();
        let facts = unwitnessed(dir.path()) as u64;
        lose(dir.path());
        let before = files(dir.path());
        let left = if what == "half a line" { facts - 1 } else { 0 };
        let refused = |error: StoreError| match error {
            StoreError::Unsure { held, .. } => assert_eq!(held, left, "{what}"),
            error => panic!("{what}: {error}"),
        };
        refused(Store::open(dir.path()).map(drop).unwrap_err());
        refused(Reader::open(dir.path()).map(drop).unwrap_err());
        assert!(!verify(dir.path()).unwrap().is_clean(), "{what}");
        let report = repair(dir.path(), crate::domain::Timestamp(1), false).unwrap();
        assert_eq!((report.outcome, report.unsure), (RepairOutcome::Unagreed, true), "{what}");
        assert_eq!(files(dir.path()), before, "{what}");

        let report = repair(dir.path(), crate::domain::Timestamp(1), true).unwrap();
        assert_eq!((report.outcome, report.held), (RepairOutcome::Repaired, left), "{what}");
        assert!(report.sentences().iter().any(|said| said.contains("is not known")), "{what}");
        assert_eq!(Store::open(dir.path()).unwrap().2.sequence, left, "{what}");
    }
}

#[test]
fn a_store_that_nothing_vouches_for_opens_where_its_journal_is_whole_or_was_never_begun() {
    let dir = tempfile::tempdir().unwrap();
    let facts = unwitnessed(dir.path()) as u64;
    assert_eq!(Store::open(dir.path()).unwrap().2.sequence, facts);

    // A process that was killed while it made the store leaves no `session.json` without `reached`.
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("journal")).unwrap();
    fs::write(dir.path().join("journal/000001.jsonl"), "{\"format\":1,\"seg").unwrap();
    assert_eq!(Store::open(dir.path()).unwrap().2.sequence, 0);
}
