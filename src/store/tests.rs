mod imports;
mod laboratory;
mod links;

use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::domain::fixtures::{Story, request_ended};
use crate::domain::{
    Change, Event, Fields, RequestNumber, RowNumber, RunNumber, Split, StateKind, Timestamp, Tokens,
};

/// An open store with its projection.
struct Open {
    store: Store,
    projection: Projection,
    report: OpenReport,
}

fn open_with(dir: &Path, settings: Settings) -> Open {
    let (store, projection, report) = Store::open_with(dir, settings).unwrap();
    Open { store, projection, report }
}

fn open(dir: &Path) -> Open {
    open_with(dir, Settings::default())
}

impl Open {
    fn add(&mut self, facts: &[Fact]) {
        self.store.append(facts).unwrap();
        for fact in facts {
            self.store.follow(&self.projection.apply(fact));
        }
    }

    fn close(self) {
        self.store.close(&self.projection);
    }
}

fn parts(fact: &Fact, count: usize) -> Vec<Fact> {
    let mut parts = vec![Fact { part: true, ..fact.clone() }; count];
    parts.push(fact.clone());
    parts
}

#[test]
fn what_was_saved_is_there_again_from_sled_alone() {
    let dir = tempfile::tempdir().unwrap();
    let mut story = Story::with_rows(70);
    story.change(&[3, 65], Change::accept());
    story.undo();
    let mut first = open(dir.path());
    assert_eq!((first.report.sled.clone(), first.report.notice()), (SledReport::Made, None));
    first.add(&story.facts);
    first.close();

    let again = open(dir.path());
    assert_eq!(again.projection.difference(&story.projection), None);
    assert_eq!(again.report.sled, SledReport::Loaded);
    assert_eq!((again.report.replayed, again.report.sequence), (0, story.facts.len() as u64));
    assert!(verify(dir.path()).unwrap().notes[0].contains("in use"));
    drop(again);
    let report = verify(dir.path()).unwrap();
    assert_eq!((report.problems.len(), report.notes.len(), report.rows), (0, 0, 70));
}

#[test]
fn what_sled_did_not_get_comes_from_the_journal() {
    let dir = tempfile::tempdir().unwrap();
    let mut story = Story::with_rows(5);
    let mut first = open(dir.path());
    first.add(&story.facts);
    assert!(!first.store.catch_up(&first.projection));
    let before = story.facts.len();
    story.change(&[1], Change::reject());
    first.add(&story.facts[before..]);
    drop(first);

    let again = open(dir.path());
    assert_eq!(again.report.sled, SledReport::Loaded);
    assert_eq!(again.report.replayed, 1);
    assert_eq!(again.projection.difference(&story.projection), None);
}

#[test]
fn long_records_lie_in_pieces_and_may_get_shorter() {
    let dir = tempfile::tempdir().unwrap();
    let mut story = Story::with_rows(3);
    let hashes =
        |n: usize| Split { fingerprint: "f".into(), test: "0123456789abcdef".repeat(n), ..Split::default() };
    let long = "long words ".repeat(20_000);
    story.add(Event::Split(hashes(9000)));
    story.change(&[1], Change::Edit { fields: Some(Fields::of_text(&*long)) });
    story.sampled(&[&long]);
    let mut first = open(dir.path());
    first.add(&story.facts);
    first.close();
    let mut again = open(dir.path());
    assert_eq!(again.projection.difference(&story.projection), None);

    let before = story.facts.len();
    story.add(Event::Split(hashes(10)));
    story.change(&[1], Change::Edit { fields: None });
    again.add(&story.facts[before..]);
    again.close();
    let last = open(dir.path());
    assert_eq!(last.report.sled, SledReport::Loaded);
    assert_eq!(last.projection.difference(&story.projection), None);
}

#[test]
fn half_an_operation_is_never_seen_and_never_comes_back_with_its_number() {
    let dir = tempfile::tempdir().unwrap();
    let mut story = Story::with_rows(4);
    let mut first = open(dir.path());
    first.add(&story.facts);
    let rows = [0, 1].map(RowNumber).into_iter().collect();
    let event = Event::Changed { rows, change: Change::reject(), bulk: true };
    let bulk = Fact::new(story.projection.next_operation(), Timestamp(9), event);
    first.store.append(&parts(&bulk, 2)[..2]).unwrap();
    assert!(!first.store.catch_up(&first.projection), "sled waits for the operation's end");
    drop(first);
    assert_eq!(Reader::open(dir.path()).unwrap().1.difference(&story.projection), None);

    let mut again = open(dir.path());
    assert_eq!(again.report.abandoned, [bulk.operation]);
    assert!(again.report.notice().unwrap().contains("half written"));
    assert_eq!(again.projection.difference(&story.projection), None);
    story.change(&[3], Change::accept());
    assert_eq!(story.facts.last().unwrap().operation, bulk.operation);
    again.add(&story.facts[story.facts.len() - 1..]);
    again.close();

    let last = open(dir.path());
    assert_eq!((last.report.sled, last.report.abandoned.len()), (SledReport::Loaded, 0));
    assert_eq!(last.projection.difference(&story.projection), None);
    assert_eq!(Reader::open(dir.path()).unwrap().1.difference(&story.projection), None);
}

#[test]
fn an_operation_in_parts_takes_effect_with_its_last_one() {
    let dir = tempfile::tempdir().unwrap();
    let mut story = Story::with_rows(4);
    let before = story.facts.len();
    story.change(&[0], Change::accept());
    let commit = story.facts[before].clone();
    let mut first = open(dir.path());
    first.add(&story.facts[..before]);
    let rows = crate::domain::RowSet::one(RowNumber(2));
    let part = Event::Changed { rows, change: Change::skip(), bulk: false };
    let part = Fact { part: true, event: part, ..commit.clone() };
    first.store.append(std::slice::from_ref(&part)).unwrap();
    first.store.append(&[commit]).unwrap();
    drop(first);
    let (_, projection) = Reader::open(dir.path()).unwrap();
    assert_eq!(projection.state(RowNumber(2)).kind(), StateKind::Skipped);
    assert_eq!(projection.state(RowNumber(0)).kind(), StateKind::Accepted);
}

#[test]
fn the_journal_rolls_over_and_all_segments_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let story = Story::with_rows(3);
    let small = || Settings { segment_bytes: 400, ..Settings::default() };
    let mut first = open_with(dir.path(), small());
    for fact in &story.facts {
        first.add(std::slice::from_ref(fact));
    }
    drop(first);
    let report = verify(dir.path()).unwrap();
    assert!(report.is_clean() && report.segments >= 3, "{report:?}");
    let again = open_with(dir.path(), small());
    assert_eq!(again.projection.difference(&story.projection), None);
    drop(again);

    std::fs::remove_file(dir.path().join("journal/000002.jsonl")).unwrap();
    let error = Reader::open(dir.path()).unwrap_err();
    assert!(matches!(&error, StoreError::Lost { path, .. } if path.ends_with("000002.jsonl")), "{error}");
    assert!(!verify(dir.path()).unwrap().is_clean());
}

#[test]
fn readers_work_beside_the_writer_and_a_second_writer_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let story = Story::with_rows(2);
    let mut first = open(dir.path());
    first.add(&story.facts);
    let (reader, projection) = Reader::open(dir.path()).unwrap();
    assert_eq!(projection.difference(&story.projection), None);
    assert_eq!(reader.sequence(), first.store.sequence());
    assert!(matches!(Store::open(dir.path()), Err(StoreError::Locked { pid: Some(_), .. })));
}

#[test]
fn a_store_not_made_yet_reads_empty_and_verifies_clean() {
    let dir = tempfile::tempdir().unwrap();
    let nowhere = dir.path().join("not/yet");
    assert!(Reader::open(&nowhere).unwrap().1.is_empty());
    assert_eq!(verify(&nowhere).unwrap(), verify::VerifyReport::default());
    assert!(!nowhere.exists());
}

fn asked(messages: Stored, story: &Story) -> Fact {
    let request = story.projection.request(RequestNumber(0)).unwrap().clone();
    let event = Event::RequestBegan { request, messages };
    Fact::new(story.projection.next_operation(), Timestamp(1), event)
}

fn answered(reply: Option<Stored>, story: &Story) -> Fact {
    let (run, request, tokens) = (RunNumber(1), RequestNumber(0), Tokens::default());
    let event = request_ended(run, request, reply, tokens, 1.0);
    Fact::new(story.projection.next_operation(), Timestamp(1), event)
}

#[test]
fn exchanges_are_found_from_memory_from_sled_and_from_the_journal() {
    let dir = tempfile::tempdir().unwrap();
    let story = Story::with_rows(1);
    let mut first = open(dir.path());
    let long = "a reply ".repeat(20_000);
    let reply = first.store.keep(long.clone());
    assert!(matches!(reply, Stored::File(_)));
    let messages = Stored::Inline(r#"[{"role":"user","text":"write"}]"#.into());
    first.add(&story.facts);
    first.add(&[asked(messages, &story), answered(Some(reply), &story)]);
    let check = |exchange: Exchange| {
        assert_eq!((exchange.messages[0].text.as_str(), exchange.reply.as_ref()), ("write", Some(&long)));
    };
    check(first.store.exchange(RequestNumber(0)).unwrap());
    assert!(matches!(first.store.exchange(RequestNumber(7)), Err(StoreError::NoRequest(_))));
    first.close();

    let again = open(dir.path());
    let places = again.store.follower.places(RequestNumber(0));
    assert!(places.answered.is_some_and(|place| place.offset > 0));
    check(again.store.exchange(RequestNumber(0)).unwrap());
    check(Reader::open(dir.path()).unwrap().0.exchange(RequestNumber(0)).unwrap());
    drop(again);

    assert_eq!(verify(dir.path()).unwrap().texts, 1);
    let texts = std::fs::read_dir(dir.path().join("texts")).unwrap().next().unwrap().unwrap();
    std::fs::write(texts.path(), "changed").unwrap();
    assert!(verify(dir.path()).unwrap().problems[0].contains("is not the text that was written"));
}

#[test]
fn a_request_without_a_reply_has_none() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = open(dir.path());
    first.add(&Story::with_rows(1).facts);
    assert_eq!(first.store.exchange(RequestNumber(0)).unwrap(), Exchange::default());
}

#[derive(Debug, Clone)]
enum Step {
    Change(u32, bool),
    Undo,
    Sample(u32),
    CatchUp,
    Reopen,
    CloseAndReopen,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0u32..40, any::<bool>()).prop_map(|(row, accept)| Step::Change(row, accept)),
        2 => Just(Step::Undo),
        1 => (1u32..30).prop_map(Step::Sample),
        2 => Just(Step::CatchUp),
        1 => Just(Step::Reopen),
        1 => Just(Step::CloseAndReopen),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn whatever_happens_the_store_opens_with_the_fold_of_all_facts(
        steps in proptest::collection::vec(step(), 1..40)
    ) {
        let dir = tempfile::tempdir().unwrap();
        let small = || Settings { segment_bytes: 3000, ..Settings::default() };
        let mut story = Story::with_rows(10);
        let mut now = open_with(dir.path(), small());
        now.add(&story.facts);
        for step in steps {
            let before = story.facts.len();
            match step {
                Step::Change(row, true) => drop(story.change(&[row % 10, row], Change::accept())),
                Step::Change(row, false) => drop(story.change(&[row], Change::reject())),
                Step::Undo => drop(story.undo()),
                Step::Sample(rows) => {
                    let texts: Vec<_> = (0..rows).map(|row| format!("{before} {row}")).collect();
                    story.sampled(&texts.iter().map(String::as_str).collect::<Vec<_>>());
                }
                Step::CatchUp => while now.store.catch_up(&now.projection) {},
                Step::Reopen | Step::CloseAndReopen => {
                    if matches!(step, Step::Reopen) { drop(now) } else { now.close() }
                    now = open_with(dir.path(), small());
                    let kept = matches!(now.report.sled, SledReport::Rebuilt { kept: Some(_), .. });
                    prop_assert!(!kept, "sled was taken for damaged");
                }
            }
            now.add(&story.facts[before..]);
            prop_assert_eq!(now.store.sequence(), story.facts.len() as u64);
        }
        now.close();
        prop_assert_eq!(verify(dir.path()).unwrap().problems, Vec::<String>::new());
        let last = open_with(dir.path(), small());
        prop_assert_eq!(last.projection.difference(&story.projection), None);
    }
}
