//! Imports in the journal and in sled.

use super::*;
use crate::domain::{Event, Mark, Origin, RowState, Scarce, Split};

fn origin() -> Origin {
    Origin { model: Some("small".into()), ..Origin::default() }
}

pub(super) fn formats(dir: &Path) -> Vec<u32> {
    let headers = segment::headers(&dir.join("journal")).unwrap();
    headers.iter().map(|header| header.format).collect()
}

#[test]
fn a_journal_has_a_newer_format_from_its_first_import_on_and_not_before() {
    let dir = tempfile::tempdir().unwrap();
    let mut story = Story::with_rows(2);
    let mut kept = open(dir.path());
    kept.add(&story.facts);
    assert_eq!(formats(dir.path()), [1], "an earlier version reads it");
    let before = story.facts.len();
    story.imported("a.csv", &origin(), &["one", "two"]);
    story.change(&[0], Change::accept());
    kept.add(&story.facts[before..]);
    assert_eq!(formats(dir.path()), [1, 2], "an earlier version says that it is too new");
    kept.close();

    let settings = Settings { segment_bytes: 10, ..Settings::default() };
    let mut again = open_with(dir.path(), settings);
    assert_eq!(again.projection.difference(&story.projection), None);
    let before = story.facts.len();
    story.change(&[1], Change::accept());
    again.add(&story.facts[before..]);
    assert_eq!(formats(dir.path()), [1, 2, 2]);
    again.close();
    assert!(verify(dir.path()).unwrap().is_clean());
}

#[test]
fn a_journal_whose_split_holds_rows_back_has_the_newest_format_from_there_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut story = Story::with_rows(2);
    let mut kept = open(dir.path());
    kept.add(&story.facts);
    let before = story.facts.len();
    let held_back = "0123456789abcdef".to_owned();
    let scarce = Some(Scarce { label: "spam".into(), known: 5 });
    story.add(Event::Split(Split { held_back, scarce, ..Split::default() }));
    story.imported("a.csv", &origin(), &["one", "two"]);
    kept.add(&story.facts[before..]);
    assert_eq!(
        formats(dir.path()),
        [1, 3],
        "an earlier version, which would show those rows, says that it is too new"
    );
    kept.close();

    let again = open(dir.path());
    assert_eq!(again.projection.difference(&story.projection), None);
    assert!(again.projection.split().unwrap().holds_back());
    again.close();
    assert!(verify(dir.path()).unwrap().is_clean());
}

#[test]
fn an_import_whose_last_part_is_missing_is_none() {
    let dir = tempfile::tempdir().unwrap();
    let mut story = Story::with_rows(2);
    let mut kept = open(dir.path());
    kept.add(&story.facts);
    let (before, known) = (story.facts.len(), story.projection.clone());
    story.imported("a.csv", &origin(), &["one", "two"]);
    let part = Fact { part: true, ..story.facts[before].clone() };
    kept.store.append(&[part]).unwrap();
    drop(kept.store);

    let again = open(dir.path());
    assert_eq!(again.projection.difference(&known), None);
    assert!(again.projection.imports().is_empty());
}

#[derive(Debug, Clone)]
enum Step {
    Import(Vec<bool>),
    Accept(u32),
    Sample,
    Undo,
    Redo,
    /// Opened again, without sled where this says so.
    Reopen(bool),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => proptest::collection::vec(any::<bool>(), 1..70).prop_map(Step::Import),
        3 => (0u32..90).prop_map(Step::Accept),
        1 => Just(Step::Sample),
        3 => Just(Step::Undo),
        2 => Just(Step::Redo),
        2 => any::<bool>().prop_map(Step::Reopen),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn what_was_imported_decided_and_undone_is_there_again_with_sled_and_without(
        steps in proptest::collection::vec(step(), 1..20),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let mut story = Story::with_rows(3);
        let mut kept = open(dir.path());
        kept.add(&story.facts);
        for step in steps {
            let before = story.facts.len();
            match step {
                Step::Import(decided) => {
                    let mark = |yes: &bool| {
                        let state = if *yes { RowState::Rejected } else { RowState::Pending };
                        Mark { state, bulk: *yes, ..Mark::default() }
                    };
                    let marks: Vec<Mark> = decided.iter().map(mark).collect();
                    let texts: Vec<&str> = marks.iter().map(|_| "from a file").collect();
                    story.imported_with("a.csv", &origin(), &texts, &marks);
                }
                Step::Accept(row) => drop(story.change(&[row], Change::accept())),
                Step::Sample => drop(story.sampled(&["sampled"])),
                Step::Undo => drop(story.undo()),
                Step::Redo => drop(story.redo()),
                Step::Reopen(without) => {
                    kept.close();
                    if without {
                        std::fs::remove_dir_all(dir.path().join("sled")).unwrap();
                    }
                    kept = open(dir.path());
                    let from_sled = kept.report.sled == SledReport::Loaded;
                    prop_assert_eq!(from_sled, !without);
                    prop_assert_eq!(kept.projection.difference(&story.projection), None);
                    continue;
                }
            }
            kept.add(&story.facts[before..]);
        }
        kept.close();
        let report = verify(dir.path()).unwrap();
        prop_assert!(report.is_clean(), "{:?}", report.problems);
        prop_assert_eq!(report.rows, story.projection.rows().count());
    }
}
