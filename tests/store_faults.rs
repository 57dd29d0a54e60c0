//! Damages the store: whatever happens to sled, and wherever the journal is cut off, everything
//! that was saved is there, or is missed by name and comes home.

#![expect(clippy::unwrap_used, reason = "what cannot be set up cannot be tested")]

#[path = "store_faults/facts.rs"]
mod facts;

use std::fs;
use std::path::Path;

use rowsmith::api::{Change, Fact, Projection, RepairOutcome, Timestamp, repair};
use rowsmith::api::{Reader, SledReport, Store, StoreError, panics_are_caught, verify};

const SEGMENT: &str = "journal/000001.jsonl";

fn fold(facts: &[Fact]) -> Projection {
    let mut projection = Projection::default();
    facts.iter().for_each(|fact| drop(projection.apply(fact)));
    projection
}

/// Makes a closed store with these facts. Sled catches up twice, so that it has a history.
fn made(dir: &Path, facts: &[Fact]) {
    for half in facts.chunks(facts.len().div_ceil(2)) {
        let (mut store, mut projection, _) = Store::open(dir).unwrap();
        for some in half.chunks(20) {
            store.append(some).unwrap();
            some.iter().for_each(|fact| store.follow(&projection.apply(fact)));
            while store.catch_up(&projection) {}
        }
        store.close(&projection);
    }
}

fn story() -> Vec<Fact> {
    let mut facts = facts::sampled(60);
    for n in 0..40 {
        facts.push(facts::changed(3 + n, 0..u32::try_from(n).unwrap() + 1, Change::accept()));
    }
    facts
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A small generator of random numbers, so that a failure can be reproduced from its seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound.max(1)
    }
}

/// Damages one file of a sled folder, and returns a description of the damage.
fn damage(folder: &Path, random: &mut Random) -> String {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    let path = &files[random.below(files.len())];
    let mut bytes = fs::read(path).unwrap();
    let used = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let how = match random.below(4) {
        0 => {
            fs::remove_file(path).unwrap();
            return format!("{} deleted", path.display());
        }
        1 => {
            bytes.truncate(random.below(used));
            "cut off"
        }
        2 => {
            let at = random.below(used);
            let end = bytes.len().min(at + 1 + random.below(5000));
            bytes[at..end].fill(0);
            "holed"
        }
        _ => {
            for _ in 0..=random.below(20) {
                if let Some(byte) = bytes.get_mut(random.below(used)) {
                    *byte ^= 1 << random.below(8);
                }
            }
            "flipped"
        }
    };
    fs::write(path, bytes).unwrap();
    format!("{} {how}", path.display())
}

/// Silences the panics that the store catches, as the program does.
fn quiet_caught_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !panics_are_caught() {
            usual(info);
        }
    }));
}

#[test]
fn whatever_happens_to_sled_everything_is_still_there() {
    quiet_caught_panics();
    let whole = tempfile::tempdir().unwrap();
    let facts = story();
    made(whole.path(), &facts);
    let expected = fold(&facts);
    let rounds = std::env::var("ROWSMITH_FAULT_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    for round in 0..rounds {
        let dir = tempfile::tempdir().unwrap();
        copy(whole.path(), dir.path());
        let how = damage(&dir.path().join("sled"), &mut Random(round));
        let (store, projection, report) = Store::open(dir.path()).unwrap();
        assert_eq!(projection.difference(&expected), None, "round {round}: {how}");
        store.close(&projection);
        assert_eq!(
            verify(dir.path()).unwrap().problems,
            Vec::<String>::new(),
            "round {round}: {how}, {report:?}"
        );
        let (_, projection, again) = Store::open(dir.path()).unwrap();
        assert_eq!(again.sled, SledReport::Loaded, "round {round}: {how}, {report:?}");
        assert_eq!(projection.difference(&expected), None, "round {round}: {how}");
    }
}

#[test]
fn a_last_line_cut_at_any_byte_is_dropped_and_the_next_one_takes_its_place() {
    let whole = tempfile::tempdir().unwrap();
    let facts = story();
    let (mut store, _, _) = Store::open(whole.path()).unwrap();
    store.append(&facts).unwrap();
    drop(store);
    let bytes = fs::read(whole.path().join(SEGMENT)).unwrap();
    let last = bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    let (before, all) = (fold(&facts[..facts.len() - 1]), fold(&facts));
    for cut in last..bytes.len() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("journal")).unwrap();
        fs::write(dir.path().join(SEGMENT), &bytes[..cut]).unwrap();
        assert_eq!(Reader::open(dir.path()).unwrap().1.difference(&before), None, "byte {cut}");
        assert_eq!(fs::read(dir.path().join(SEGMENT)).unwrap().len(), cut, "readers change nothing");
        if cut % 16 == 0 {
            let (mut store, projection, report) = Store::open(dir.path()).unwrap();
            assert_eq!(report.torn_bytes, (cut - last) as u64);
            assert_eq!(projection.difference(&before), None, "byte {cut}");
            store.append(&facts[facts.len() - 1..]).unwrap();
            assert_eq!(Reader::open(dir.path()).unwrap().1.difference(&all), None, "byte {cut}");
        }
    }
}

#[test]
fn a_last_line_that_came_to_the_disk_wrong_is_dropped_where_nothing_knows_it() {
    let dir = tempfile::tempdir().unwrap();
    let facts = story();
    made(dir.path(), &facts);
    let mut bytes = fs::read(dir.path().join(SEGMENT)).unwrap();
    let at = bytes.len() - 10;
    bytes[at] = 0;
    fs::write(dir.path().join(SEGMENT), bytes).unwrap();
    assert!(matches!(Store::open(dir.path()), Err(StoreError::Behind { .. })));
    fs::remove_file(dir.path().join("reached")).unwrap();
    assert!(matches!(Store::open(dir.path()), Err(StoreError::Behind { .. })));
    fs::remove_dir_all(dir.path().join("sled")).unwrap();
    let (_, projection, report) = Store::open(dir.path()).unwrap();
    assert!(report.torn_bytes > 0);
    assert_eq!(projection.difference(&fold(&facts[..facts.len() - 1])), None);
}

#[test]
fn a_store_killed_at_any_length_of_its_journal_opens_with_what_was_whole() {
    let whole = tempfile::tempdir().unwrap();
    let facts = story();
    made(whole.path(), &facts);
    let bytes = fs::read(whole.path().join(SEGMENT)).unwrap();
    let mut random = Random(5);
    for round in 0..40 {
        let dir = tempfile::tempdir().unwrap();
        // Every other time the rest is left as it was, which knows what was saved.
        let is_known = round % 2 == 0;
        if is_known {
            copy(whole.path(), dir.path());
        }
        fs::create_dir_all(dir.path().join("journal")).unwrap();
        let cut = &bytes[..random.below(bytes.len())];
        fs::write(dir.path().join(SEGMENT), cut).unwrap();
        let lines = cut.split(|byte| *byte == b'\n').count().saturating_sub(2);
        if is_known {
            assert!(matches!(Store::open(dir.path()), Err(StoreError::Behind { .. })), "{} bytes", cut.len());
            assert!(
                matches!(Reader::open(dir.path()), Err(StoreError::Behind { .. })),
                "{} bytes",
                cut.len()
            );
            let report = repair(dir.path(), Timestamp(1), false).unwrap();
            assert_eq!((report.outcome, report.lost), (RepairOutcome::Repaired, 0), "{report:?}");
            let (_, projection, _) = Store::open(dir.path()).unwrap();
            assert_eq!(projection.difference(&fold(&facts)), None, "{} bytes", cut.len());
            continue;
        }
        let (_, projection, report) = Store::open(dir.path()).unwrap();
        assert_eq!(report.sequence, lines as u64);
        assert_eq!(projection.difference(&fold(&facts[..lines])), None, "{} bytes", cut.len());
    }
}

#[test]
fn a_bad_line_elsewhere_is_an_error_that_names_file_and_line() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _, _) = Store::open(dir.path()).unwrap();
    store.append(&facts::sampled(10)).unwrap();
    drop(store);
    let path = dir.path().join(SEGMENT);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("take 0", "take 1", 1)).unwrap();
    for error in
        [Reader::open(dir.path()).map(drop).unwrap_err(), Store::open(dir.path()).map(drop).unwrap_err()]
    {
        assert!(matches!(error, StoreError::Damaged { line: 4, .. }), "{error}");
        let words = error.to_string();
        assert!(words.contains("000001.jsonl, line 4: the checksum does not fit the line."), "{words}");
        assert!(words.contains("Put a copy of this file from a backup in its place."), "{words}");
    }
    let report = verify(dir.path()).unwrap();
    assert_eq!(report.problems.len(), 1, "{report:?}");
    assert_eq!(report.facts, 8, "the lines after it are read all the same");
}

#[test]
fn a_lost_line_is_seen_by_its_number() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _, _) = Store::open(dir.path()).unwrap();
    store.append(&facts::sampled(10)).unwrap();
    drop(store);
    let path = dir.path().join(SEGMENT);
    let text = fs::read_to_string(&path).unwrap();
    let without: String =
        text.split_inclusive('\n').enumerate().filter(|(n, _)| *n != 3).map(|(_, l)| l).collect();
    fs::write(&path, without).unwrap();
    let words = Reader::open(dir.path()).map(drop).unwrap_err().to_string();
    assert!(words.contains("line 4: fact 4 stands where fact 3 belongs"), "{words}");
}

#[test]
fn a_journal_of_a_newer_format_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("journal")).unwrap();
    let text = "{\"format\":6,\"segment\":1,\"first\":1}\n{\"anything\":1}\n";
    fs::write(dir.path().join(SEGMENT), text).unwrap();
    for error in [
        Store::open(dir.path()).map(drop).unwrap_err(),
        Reader::open(dir.path()).map(drop).unwrap_err(),
        verify(dir.path()).map(drop).unwrap_err(),
    ] {
        assert!(matches!(error, StoreError::Newer { format: 6, .. }), "{error}");
    }
    assert_eq!(fs::read_to_string(dir.path().join(SEGMENT)).unwrap(), text);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let error = Store::open(&file.join("store")).map(drop).unwrap_err();
    assert!(error.to_string().contains("file/store could not be made"), "{error}");
}
