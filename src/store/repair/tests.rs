use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::domain::fixtures::Story;
use crate::domain::{Change, Fact, Origin, Projection, RequestNumber, RowNumber, StateKind};
use crate::store::{Reader, Store, verify};

const AT: Timestamp = Timestamp(5);

/// Adds facts to a store; sled gets them where `close` says so.
fn add(dir: &Path, facts: &[Fact], close: bool) {
    let settings = Settings { segment_bytes: 900, ..Settings::default() };
    let (mut store, mut projection, _) = Store::open_with(dir, settings).unwrap();
    for fact in facts {
        store.append(std::slice::from_ref(fact)).unwrap();
        store.follow(&projection.apply(fact));
    }
    if close {
        store.close(&projection);
    }
}

fn story() -> Story {
    let mut told = Story::with_rows(5);
    told.change(&[0, 2], Change::accept());
    told.sampled(&["later", "last"]);
    told.change(&[1, 5], Change::reject());
    told.undo();
    told.change(&[6], Change::skip());
    told
}

fn made(dir: &Path) -> Story {
    let told = story();
    add(dir, &told.facts, true);
    told
}

fn segment(dir: &Path, number: u32) -> PathBuf {
    crate::store::segment::path(&dir.join("journal"), number)
}

fn last_segment(dir: &Path) -> PathBuf {
    let count = crate::store::segment::count(&dir.join("journal")).unwrap();
    segment(dir, count)
}

fn cut(path: &Path, bytes: usize) {
    let whole = fs::read(path).unwrap();
    fs::write(path, &whole[..whole.len().saturating_sub(bytes)]).unwrap();
}

fn fold(facts: &[Fact]) -> Projection {
    let mut projection = Projection::default();
    facts.iter().for_each(|fact| drop(projection.apply(fact)));
    projection
}

/// Checks that a store opens, holds this, and is found whole.
fn holds(dir: &Path, expected: &Projection) {
    let (store, projection, report) = Store::open(dir).unwrap();
    assert_eq!(projection.difference(expected), None);
    assert_eq!(report.notice(), None);
    drop(store);
    assert_eq!(Reader::open(dir).unwrap().1.difference(expected), None);
    let report = verify(dir).unwrap();
    assert!(report.is_clean() && report.notes.is_empty(), "{report:?}");
    assert_eq!(repair(dir, AT, false).unwrap().outcome, RepairOutcome::Healthy);
    assert!(!dir.join("journal.repairing").exists() && !dir.join("journal.making").exists());
}

#[test]
fn what_sled_holds_comes_home_and_the_damaged_journal_is_kept() {
    let losses: [fn(&Path); 6] = [
        |dir| cut(&last_segment(dir), 40),
        |dir| fs::remove_file(last_segment(dir)).unwrap(),
        |dir| fs::write(last_segment(dir), "").unwrap(),
        |dir| fs::remove_file(segment(dir, 2)).unwrap(),
        |dir| fs::write(segment(dir, 1), "{\"format\":1,\"seg").unwrap(),
        |dir| fs::remove_dir_all(dir.join("journal")).unwrap(),
    ];
    for (case, lose) in losses.into_iter().enumerate() {
        for with_reached in [true, false] {
            let dir = tempfile::tempdir().unwrap();
            let told = made(dir.path());
            if !with_reached {
                fs::remove_file(dir.path().join("reached")).unwrap();
            }
            lose(dir.path());
            let damaged = fs::read(segment(dir.path(), 1)).ok();
            let report = repair(dir.path(), AT, false).unwrap();
            assert_eq!(report.outcome, RepairOutcome::Repaired, "{case}: {report:?}");
            assert_eq!((report.saved, report.lost), (told.facts.len() as u64, 0), "{case}");
            assert_eq!(report.home, report.saved - report.held, "{case}");
            let kept = report.kept.as_ref().map(|kept| fs::read(kept.join("000001.jsonl")).unwrap());
            assert_eq!(kept, damaged, "{case}");
            holds(dir.path(), &told.projection);
        }
    }
}

#[test]
fn a_last_line_that_lacks_only_its_end_is_completed() {
    let dir = tempfile::tempdir().unwrap();
    let told = made(dir.path());
    fs::remove_dir_all(dir.path().join("sled")).unwrap();
    let whole = fs::read(last_segment(dir.path())).unwrap();
    cut(&last_segment(dir.path()), 1);
    let report = repair(dir.path(), AT, false).unwrap();
    assert_eq!((report.outcome, report.lost, report.held), (RepairOutcome::Repaired, 0, report.saved));
    holds(dir.path(), &told.projection);
    let again = fs::read_dir(dir.path().join("journal"))
        .unwrap()
        .map(|entry| fs::read(entry.unwrap().path()).unwrap());
    let last = whole.split(|byte| *byte == b'\n').rfind(|line| !line.is_empty()).unwrap().to_vec();
    assert!(again.into_iter().any(|bytes| bytes.strip_suffix(b"\n").unwrap().ends_with(&last)));
}

#[test]
fn what_nothing_holds_is_given_up_only_where_somebody_agrees() {
    let dir = tempfile::tempdir().unwrap();
    let told = made(dir.path());
    fs::remove_dir_all(dir.path().join("sled")).unwrap();
    cut(&last_segment(dir.path()), 40);
    let before = fs::read(last_segment(dir.path())).unwrap();
    let report = repair(dir.path(), AT, false).unwrap();
    assert_eq!((report.outcome, report.lost, report.home), (RepairOutcome::Unagreed, 1, 0));
    let words = report.sentences().join(" ");
    assert!(
        words.contains("0 of 1 fact that") && words.contains("--accept-loss") && words.contains("backup"),
        "{words}"
    );
    assert_eq!(fs::read(last_segment(dir.path())).unwrap(), before);
    assert!(Store::open(dir.path()).is_err());

    let report = repair(dir.path(), AT, true).unwrap();
    assert_eq!((report.outcome, report.lost), (RepairOutcome::Repaired, 1));
    holds(dir.path(), &fold(&told.facts[..told.facts.len() - 1]));
}

#[test]
fn what_sled_does_not_hold_yet_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    let mut told = made(dir.path());
    let before = told.facts.len();
    told.change(&[3], Change::accept());
    told.change(&[4], Change::accept());
    add(dir.path(), &told.facts[before..], false);
    let path = segment(dir.path(), 2);
    fs::remove_file(path).unwrap();
    for number in 3..9 {
        let _ = fs::remove_file(segment(dir.path(), number));
    }
    let report = repair(dir.path(), AT, false).unwrap();
    assert_eq!((report.outcome, report.lost), (RepairOutcome::Unagreed, 2));
    assert_eq!(report.home + report.held, before as u64);
    repair(dir.path(), AT, true).unwrap();
    holds(dir.path(), &fold(&told.facts[..before]));
}

#[test]
fn lines_after_the_damage_are_kept_where_they_still_say_something() {
    let dir = tempfile::tempdir().unwrap();
    let mut told = Story::with_rows(6);
    for row in 0..6 {
        told.change(&[row], Change::accept());
    }
    add(dir.path(), &told.facts, true);
    fs::remove_dir_all(dir.path().join("sled")).unwrap();
    let path = last_segment(dir.path());
    let text = fs::read_to_string(&path).unwrap();
    // The decision on row 3.
    let damaged = text.replacen("\"rows\":[[3,3]]", "\"rows\":[[3,4]]", 1);
    assert_ne!(damaged, text);
    fs::write(&path, damaged).unwrap();
    assert!(matches!(Store::open(dir.path()), Err(StoreError::Damaged { .. })));

    let report = repair(dir.path(), AT, false).unwrap();
    assert_eq!((report.outcome, report.home, report.lost), (RepairOutcome::Unagreed, 2, 1), "{report:?}");
    repair(dir.path(), AT, true).unwrap();
    let (_, projection) = Reader::open(dir.path()).unwrap();
    let states: Vec<_> = projection.rows().map(|row| row.state().kind()).collect();
    assert_eq!(states.iter().filter(|state| **state == StateKind::Accepted).count(), 5);
    assert_eq!(projection.state(RowNumber(3)).kind(), StateKind::Pending);
}

#[test]
fn rows_after_lost_ones_keep_their_decisions_under_new_numbers() {
    let dir = tempfile::tempdir().unwrap();
    let mut told = Story::with_rows(2);
    told.sampled(&["lost", "lost too"]);
    told.sampled(&["kept", "kept too"]);
    told.change(&[1, 2, 5], Change::accept());
    told.change(&[3], Change::reject());
    told.change(&[4], Change::skip());
    told.undo();
    add(dir.path(), &told.facts, true);
    fs::remove_dir_all(dir.path().join("sled")).unwrap();
    for number in 1..9 {
        let Ok(text) = fs::read_to_string(segment(dir.path(), number)) else { continue };
        fs::write(segment(dir.path(), number), text.replace("\"lost too\"", "\"lost two\"")).unwrap();
    }
    repair(dir.path(), AT, true).unwrap();
    let (_, projection) = Reader::open(dir.path()).unwrap();
    let rows: Vec<_> = projection.rows().map(|row| (row.text().to_owned(), row.state().kind())).collect();
    let (pending, accepted) = (StateKind::Pending, StateKind::Accepted);
    let expected =
        [("row number 0", pending), ("row number 1", accepted), ("kept", pending), ("kept too", accepted)];
    assert_eq!(rows, expected.map(|(text, state)| (text.to_owned(), state)));
    let from: Vec<_> = projection.rows().map(|row| row.run().unwrap().number.0).collect();
    assert_eq!(from, [1, 1, 3, 3]);
    holds(dir.path(), &projection);
}

#[test]
fn an_import_after_lost_rows_keeps_its_rows_and_lines_and_the_journal_its_format() {
    let dir = tempfile::tempdir().unwrap();
    let mut told = Story::with_rows(2);
    let origin = Origin { model: Some("small".into()), ..Origin::default() };
    told.imported("a.csv", &origin, &["lost too"]);
    told.imported("b.csv", &origin, &["kept", "undone later"]);
    told.change(&[3], Change::accept());
    told.imported("c.csv", &origin, &["gone again"]);
    told.undo();
    add(dir.path(), &told.facts, true);
    fs::remove_dir_all(dir.path().join("sled")).unwrap();
    for number in 1..15 {
        let Ok(text) = fs::read_to_string(segment(dir.path(), number)) else { continue };
        fs::write(segment(dir.path(), number), text.replace("\"lost too\"", "\"lost two\"")).unwrap();
    }
    repair(dir.path(), AT, true).unwrap();
    let (_, projection) = Reader::open(dir.path()).unwrap();
    let rows: Vec<_> = projection.rows().skip(2).map(|row| (row.text().to_owned(), row.line())).collect();
    assert_eq!(rows, [("kept".to_owned(), Some(1)), ("undone later".to_owned(), Some(2))]);
    assert_eq!(projection.state(RowNumber(2)).kind(), StateKind::Accepted);
    assert_eq!(projection.state(RowNumber(4)).kind(), StateKind::Withdrawn);
    assert_eq!(projection.imports().iter().map(|import| import.number).collect::<Vec<_>>(), [1, 2]);
    let headers = crate::store::segment::headers(&dir.path().join("journal")).unwrap();
    assert!(headers.iter().all(|header| header.format == 2), "{headers:?}");
    holds(dir.path(), &projection);
}

#[test]
fn texts_after_the_damage_are_found_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut told = Story::with_rows(2);
    let before = told.facts.len();
    told.change(&[0], Change::accept());
    told.sampled(&["a", "b"]);
    add(dir.path(), &told.facts, true);
    for number in 1..9 {
        let Ok(text) = fs::read_to_string(segment(dir.path(), number)) else { continue };
        fs::write(
            segment(dir.path(), number),
            text.replace("\"change\":\"accept\"", "\"change\":\"ACCEPT\""),
        )
        .unwrap();
    }
    let report = repair(dir.path(), AT, false).unwrap();
    assert_eq!((report.held, report.lost, report.wordless), (before as u64, 0, 0), "{report:?}");
    holds(dir.path(), &told.projection);
    let (store, ..) = Store::open(dir.path()).unwrap();
    assert!(store.exchange(RequestNumber(1)).is_ok());
}

#[test]
fn a_damaged_line_that_sled_goes_beyond_costs_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let told = made(dir.path());
    let all = (1..9).map(|number| segment(dir.path(), number));
    let holds_it = |path: &PathBuf| fs::read_to_string(path).is_ok_and(|text| text.contains("row number 1"));
    let path = all.into_iter().find(holds_it).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("row number 1", "row number 7", 1)).unwrap();
    assert!(matches!(Store::open(dir.path()), Err(StoreError::Damaged { .. })));
    assert_eq!(repair(dir.path(), AT, false).unwrap().lost, 0);
    holds(dir.path(), &told.projection);
}

#[test]
fn a_repair_that_is_killed_leaves_the_old_state_or_the_new_one() {
    for accept in [false, true] {
        for steps in 0..=5 {
            let dir = tempfile::tempdir().unwrap();
            let told = made(dir.path());
            if accept {
                fs::remove_dir_all(dir.path().join("sled")).unwrap();
            }
            cut(&last_segment(dir.path()), 40);
            let layout = Layout::new(dir.path());
            let plan = Plan::of(&layout, AT).unwrap();
            carry_out(&layout, &plan, steps).unwrap();
            let expected = if accept { fold(&told.facts[..told.facts.len() - 1]) } else { fold(&told.facts) };
            match Reader::open(dir.path()) {
                Ok((_, projection)) => assert_eq!(projection.difference(&expected), None, "{steps}"),
                Err(error) => assert!(error.to_string().contains("store repair"), "{steps}: {error}"),
            }
            let opened = Store::open(dir.path()).ok().map(|(store, projection, _)| store.close(&projection));
            assert_eq!(opened.is_some(), steps == 5, "{steps}");
            let report = repair(dir.path(), AT, accept).unwrap();
            assert_ne!(report.outcome, RepairOutcome::Unagreed, "{steps}");
            holds(dir.path(), &expected);
        }
    }
}

#[test]
fn a_healthy_store_and_none_at_all_are_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let told = made(dir.path());
    let report = repair(dir.path(), AT, true).unwrap();
    assert_eq!((report.outcome, report.held), (RepairOutcome::Healthy, told.facts.len() as u64));
    assert!(report.sentences()[0].starts_with("Nothing to repair: "));
    let nowhere = dir.path().join("nowhere");
    assert_eq!(repair(&nowhere, AT, true).unwrap().outcome, RepairOutcome::Healthy);
    assert!(!nowhere.exists());
    let _open = Store::open(dir.path()).unwrap();
    assert!(matches!(repair(dir.path(), AT, true), Err(StoreError::Locked { .. })));
}

#[test]
fn a_sled_of_another_journal_is_no_way_back() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut told = Story::with_rows(2);
    add(dir.path(), &told.facts, true);
    told = Story::default();
    told.version("words");
    told.sampled(&["one", "two", "three"]);
    told.change(&[1], Change::accept());
    add(other.path(), &told.facts, true);
    fs::remove_dir_all(dir.path().join("sled")).unwrap();
    fs::rename(other.path().join("sled"), dir.path().join("sled")).unwrap();
    let expected = Story::with_rows(2).projection;
    assert!(matches!(Store::open(dir.path()), Err(StoreError::Behind { .. } | StoreError::Replaced { .. })));
    let report = repair(dir.path(), AT, false).unwrap();
    assert_eq!(report.outcome, RepairOutcome::Unagreed);
    assert!(report.sled.unwrap().contains("another content"));
    repair(dir.path(), AT, true).unwrap();
    holds(dir.path(), &expected);
    assert!(dir.path().join("sled.damaged-1").exists(), "it is kept");
}

#[test]
fn a_request_whose_messages_are_lost_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let told = made(dir.path());
    for number in 2..9 {
        let _ = fs::remove_file(segment(dir.path(), number));
    }
    let report = repair(dir.path(), AT, false).unwrap();
    assert!(
        report.wordless > 0 && report.sentences().join(" ").contains("messages or replies"),
        "{report:?}"
    );
    let last = RequestNumber(u32::try_from(told.projection.request_count()).unwrap() - 1);
    let (store, ..) = Store::open(dir.path()).unwrap();
    let error = store.exchange(last).unwrap_err();
    assert!(matches!(error, StoreError::Wordless(_)), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn whatever_is_cut_off_comes_home_as_far_as_sled_or_the_journal_hold_it(
        changes in proptest::collection::vec((0u32..7, 0u8..4), 1..20),
        by_sled in any::<prop::sample::Index>(), cut_at in any::<prop::sample::Index>(),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let mut told = story();
        for (row, kind) in changes {
            match kind {
                0 => drop(told.change(&[row, 1], Change::accept())),
                1 => drop(told.undo()),
                2 => drop(told.sampled(&["more"])),
                _ => drop(told.change(&[row], Change::reject())),
            }
        }
        let by_sled = by_sled.index(told.facts.len()) + 1;
        add(dir.path(), &told.facts[..by_sled], true);
        add(dir.path(), &told.facts[by_sled..], false);
        // The whole journal in one file, cut at any byte.
        let path = last_segment(dir.path());
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..cut_at.index(bytes.len())]).unwrap();
        let report = repair(dir.path(), AT, true).unwrap();
        let there = usize::try_from(report.held + report.home).unwrap();
        prop_assert!(there >= by_sled);
        prop_assert_eq!(there + usize::try_from(report.lost).unwrap(), told.facts.len());
        holds(dir.path(), &fold(&told.facts[..there]));
        // Work goes on.
        let mut on = Story { projection: fold(&told.facts[..there]), ..Story::default() };
        on.facts.clone_from(&told.facts);
        on.change(&[2], Change::accept());
        add(dir.path(), &on.facts[told.facts.len()..], true);
        holds(dir.path(), &on.projection);
    }
}
