use proptest::prelude::*;

use super::*;
use crate::domain::fixtures::Story;
use crate::domain::{Change, Event, Fields, FlagKind, Mark, Reflagged, RowState, Scores, StateKind};

fn origin(model: &str) -> Origin {
    Origin { model: Some(model.into()), ..Origin::default() }
}

fn accepted() -> Mark {
    let decided_at = Some(Timestamp(7));
    Mark { state: RowState::Accepted { rating: None }, decided_at, bulk: true, ..Mark::default() }
}

fn numbers(projection: &Projection) -> Vec<u32> {
    projection.rows().map(|row| row.number().0).collect()
}

#[test]
fn imported_rows_know_their_file_and_have_no_run() {
    let mut story = Story::with_rows(2);
    story.imported("a.jsonl", &origin("small"), &["one", "two"]);
    story.imported("b.jsonl", &origin("small"), &["three"]);
    let row = story.projection.row(RowNumber(3)).unwrap();
    assert_eq!((row.text().as_str(), row.label(), row.line()), ("two", "spam", Some(2)));
    assert_eq!(row.import().map(|import| import.file.as_str()), Some("a.jsonl"));
    assert_eq!(row.origin().and_then(|origin| origin.model.as_deref()), Some("small"));
    assert!(row.run().is_none() && row.request().is_none() && row.version().is_none());
    assert_eq!((story.projection.origins().len(), story.projection.imports().len()), (1, 2));
    assert!(story.projection.row(RowNumber(1)).unwrap().import().is_none());
    assert_eq!(story.projection.counts().all.total(), 5);
}

#[test]
fn undoing_an_import_withdraws_its_rows_from_everything_and_redoing_brings_them_back_as_they_were() {
    let mut story = Story::with_rows(1);
    let before = story.projection.clone();
    let marks = [accepted(), Mark::default()];
    story.imported_with("a.jsonl", &origin("small"), &["one", "two"], &marks);
    let there = story.projection.clone();
    story.change(&[2], Change::reject());

    assert!(story.undo() && story.undo());
    assert_eq!(numbers(&story.projection), [0]);
    assert_eq!(story.projection.counts().all, before.counts().all);
    assert_eq!(story.projection.counts().of_label("spam"), before.counts().of_label("spam"));
    assert!(story.projection.row(RowNumber(1)).is_none());
    assert_eq!(story.projection.state(RowNumber(1)), RowState::Withdrawn);

    story.sampled(&["later"]);
    assert_eq!(numbers(&story.projection), [0, 3], "numbers stay taken");
    assert!(story.redo());
    assert_eq!(numbers(&story.projection), [0, 1, 2, 3]);
    assert_eq!(story.projection.mark(RowNumber(1)), there.mark(RowNumber(1)));
    assert_eq!(story.projection.counts().all.accepted, 1);
    assert!(story.redo());
    assert_eq!(story.projection.counts().all.rejected, 1);
}

#[test]
fn an_import_in_parts_is_one_operation() {
    let mut story = Story::with_rows(1);
    story.imported("a.jsonl", &origin("small"), &["one", "two", "three"]);
    let whole = story.projection.clone();
    let fact = story.facts.last().unwrap().clone();
    let Event::Imported { import, origins, rows } = &fact.event else { panic!("it is an import") };
    let mut parts = Story::with_rows(1);
    for (place, row) in (0..).zip(rows) {
        let mut lines = crate::domain::Lines::default();
        lines.push(u64::from(place) + 1, 0);
        let first = RowNumber(import.first.0 + place);
        let import = Box::new(Import { lines, first, rows: 1, ..import.as_ref().clone() });
        let event = Event::Imported { import, origins: origins.clone(), rows: vec![row.clone()] };
        parts.push(crate::domain::Fact { event, part: place < 2, ..fact.clone() });
    }
    assert_eq!(parts.projection.imports()[0].rows, 3);
    assert_eq!(
        (1..4).map(|row| parts.projection.row(RowNumber(row)).unwrap().line()).collect::<Vec<_>>(),
        [Some(1), Some(2), Some(3)]
    );
    assert_eq!(parts.projection.operations().last(), whole.operations().last());
    assert!(parts.undo());
    assert_eq!(numbers(&parts.projection), [0]);
}

#[test]
fn flags_of_withdrawn_rows_count_nowhere_whatever_becomes_of_them() {
    let mut story = Story::with_rows(0);
    story.imported("a.jsonl", &Origin::default(), &["one"]);
    let flag = |kind| crate::domain::Flag { kind, other: None, figure: None };
    let flagged = |kinds: &[FlagKind]| {
        let flags = kinds.iter().map(|kind| flag(*kind)).collect();
        Event::Flagged { rows: vec![Reflagged { row: RowNumber(0), flags, scores: Scores::default() }] }
    };
    story.add(flagged(&[FlagKind::TooShort]));
    let of = |story: &Story, kind| story.projection.counts().of_flag(kind);
    assert_eq!(of(&story, FlagKind::TooShort), 1);
    story.undo();
    assert_eq!(of(&story, FlagKind::TooShort), 0);
    story.add(flagged(&[FlagKind::TooLong]));
    assert_eq!((of(&story, FlagKind::TooShort), of(&story, FlagKind::TooLong)), (0, 0));
    story.redo();
    assert_eq!((of(&story, FlagKind::TooShort), of(&story, FlagKind::TooLong)), (0, 1));
}

#[test]
fn a_decision_on_withdrawn_rows_changes_nothing_and_takes_no_redo_away() {
    let mut story = Story::with_rows(1);
    story.imported("a.jsonl", &Origin::default(), &["one"]);
    story.undo();
    story.change(&[1], Change::accept());
    assert_eq!(story.projection.state(RowNumber(1)), RowState::Withdrawn);
    assert!(story.redo());
    assert_eq!(story.projection.counts().all.pending, 2);
}

#[derive(Debug, Clone)]
enum Step {
    Change(Vec<u32>, Change),
    Sample(usize),
    Import(Vec<bool>),
    Undo,
    Redo,
}

fn step() -> impl Strategy<Value = Step> {
    let change = prop_oneof![
        Just(Change::accept()),
        Just(Change::reject()),
        proptest::option::of("[a-z]{1,4}").prop_map(|t| Change::Edit { fields: t.map(Fields::of_text) }),
    ];
    prop_oneof![
        4 => (proptest::collection::vec(0u32..14, 1..5), change).prop_map(|(rows, change)| Step::Change(rows, change)),
        1 => (1usize..3).prop_map(Step::Sample),
        2 => proptest::collection::vec(any::<bool>(), 1..4).prop_map(Step::Import),
        4 => Just(Step::Undo),
        2 => Just(Step::Redo),
    ]
}

/// The marks of all rows, kept the simple way: stacks of whole copies.
#[derive(Default)]
struct Naive {
    now: Vec<Mark>,
    undo: Vec<Vec<Mark>>,
    redo: Vec<Vec<Mark>>,
}

impl Naive {
    fn step(&mut self, mut before: Vec<Mark>) {
        before.resize(self.now.len(), Mark { state: RowState::Withdrawn, ..Mark::default() });
        self.undo.push(before);
        self.redo.clear();
    }

    fn sample(&mut self, rows: usize) {
        let copies = self.undo.iter_mut().chain(&mut self.redo).chain([&mut self.now]);
        copies.for_each(|copy| copy.resize(copy.len() + rows, Mark::default()));
    }

    /// Rows of imports that came after a copy was made are withdrawn in it.
    fn widened(&self, mut copy: Vec<Mark>) -> Vec<Mark> {
        copy.resize(self.now.len(), Mark { state: RowState::Withdrawn, ..Mark::default() });
        copy
    }
}

fn perform(step: Step, story: &mut Story, naive: &mut Naive) {
    match step {
        Step::Change(rows, change) => {
            let is_there = |row: &u32| {
                naive.now.get(*row as usize).is_some_and(|mark| mark.state != RowState::Withdrawn)
            };
            let before = naive.now.clone();
            let asked: std::collections::BTreeSet<u32> = rows.iter().copied().collect();
            let there: Vec<u32> = asked.iter().copied().filter(is_there).collect();
            story.change(&rows, change.clone());
            let at = story.facts.last().unwrap().at;
            there.iter().for_each(|row| change.apply(&mut naive.now[*row as usize], at, asked.len() > 1));
            if !there.is_empty() {
                naive.step(before);
            }
        }
        Step::Sample(rows) => {
            let texts: Vec<String> = (0..rows).map(|row| format!("sampled {row}")).collect();
            story.sampled(&texts.iter().map(String::as_str).collect::<Vec<_>>());
            // Copies are widened to what they stand for before sampled rows come behind it.
            let undo: Vec<_> = std::mem::take(&mut naive.undo);
            naive.undo = undo.into_iter().map(|copy| naive.widened(copy)).collect();
            let redo: Vec<_> = std::mem::take(&mut naive.redo);
            naive.redo = redo.into_iter().map(|copy| naive.widened(copy)).collect();
            naive.sample(rows);
        }
        Step::Import(decided) => {
            let marks: Vec<Mark> =
                decided.iter().map(|yes| if *yes { accepted() } else { Mark::default() }).collect();
            let texts: Vec<&str> = marks.iter().map(|_| "from a file").collect();
            story.imported_with("a.jsonl", &origin("small"), &texts, &marks);
            let before = naive.now.clone();
            naive.now.extend(marks);
            naive.step(before);
        }
        Step::Undo => {
            assert_eq!(story.undo(), !naive.undo.is_empty());
            if let Some(before) = naive.undo.pop() {
                let before = naive.widened(before);
                naive.redo.push(std::mem::replace(&mut naive.now, before));
            }
        }
        Step::Redo => {
            assert_eq!(story.redo(), !naive.redo.is_empty());
            if let Some(after) = naive.redo.pop() {
                let after = naive.widened(after);
                naive.undo.push(std::mem::replace(&mut naive.now, after));
            }
        }
    }
}

proptest! {
    #[test]
    fn imports_decisions_undo_and_redo_agree_with_stacks_of_whole_copies(
        steps in proptest::collection::vec(step(), 1..40),
        told in 0usize..40,
    ) {
        let mut story = Story::with_rows(3);
        let mut naive = Naive { now: vec![Mark::default(); 3], ..Naive::default() };
        for step in steps {
            perform(step, &mut story, &mut naive);
            prop_assert_eq!(&story.projection.to_parts().marks, &naive.now);
            let there = naive.now.iter().filter(|mark| mark.state != RowState::Withdrawn).count();
            let counts = story.projection.counts();
            prop_assert_eq!(counts.all.total() as usize, there);
            prop_assert_eq!(counts.of_label("spam"), counts.all);
            prop_assert_eq!(story.projection.rows().count(), there);
            let kept = naive.now.iter().filter(|mark| mark.state.kind() == StateKind::Accepted).count();
            prop_assert_eq!(counts.all.accepted as usize, kept);
        }
        let again = Projection::from_parts(story.projection.to_parts());
        prop_assert_eq!(story.projection.difference(&again), None);
        let mut replayed = Projection::default();
        let mut earlier = Projection::default();
        for (place, fact) in story.facts.iter().enumerate() {
            let line = serde_json::to_string(fact).unwrap();
            replayed.apply(&serde_json::from_str(&line).unwrap());
            if place == told.min(story.facts.len() - 1) {
                earlier = replayed.clone();
            }
        }
        prop_assert_eq!(story.projection.difference(&replayed), None);
        let telling = earlier.retell(&story.projection, Timestamp(9)).unwrap();
        telling.facts.iter().for_each(|fact| drop(earlier.apply(fact)));
        prop_assert_eq!(earlier.difference(&story.projection), None);
    }
}
