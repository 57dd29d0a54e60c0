use proptest::prelude::*;

use super::*;
use crate::domain::fixtures::Story;
use crate::domain::{Event, Fields, Mark, OperationKind, Rating};

fn changes() -> impl Strategy<Value = Change> {
    let rating = proptest::option::of((1u8..=5).prop_map(|stars| Rating::try_from(stars).unwrap()));
    let tags = || proptest::collection::vec("[a-c]", 0..3);
    prop_oneof![
        (rating, tags()).prop_map(|(rating, tags)| Change::Accept { rating, tags }),
        proptest::option::of("[a-c]").prop_map(|reason| Change::Reject { reason, tags: vec![] }),
        Just(Change::skip()),
        Just(Change::ClearRating),
        tags().prop_map(|tags| Change::Tag { tags }),
        (tags(), tags()).prop_map(|(add, remove)| Change::Retag { add, remove }),
        prop_oneof![Just("ham"), Just("spam")].prop_map(|label| Change::Relabel { label: label.into() }),
        proptest::option::of("[a-z]{1,4}")
            .prop_map(|text| Change::Edit { fields: text.map(Fields::of_text) }),
    ]
}

/// Rows with any mix of marks.
fn story(mix: &[(u32, Change)]) -> Story {
    let mut story = Story::with_rows(8);
    story.sampled(&["of another run", "and one more"]);
    for (row, change) in mix {
        story.change(&[*row], change.clone());
    }
    story
}

fn counted(projection: &Projection) -> impl PartialEq + std::fmt::Debug + use<> {
    let counts = projection.counts();
    let version = projection.versions()[0].id;
    let of = &counts.by_generator(version)[0];
    let labels: Vec<_> = ["spam", "ham"].iter().map(|label| counts.of_label(label)).collect();
    let reasons: Vec<_> = of.reasons().iter().map(|(reason, rows)| ((*reason).to_owned(), *rows)).collect();
    (
        (counts.all, counts.rated, counts.edited, counts.new_rows()),
        (labels, counts.of_version(version), of.rows, of.one_by_one, of.bulk, of.ratings, reasons),
    )
}

proptest! {
    #[test]
    fn a_change_of_many_rows_and_its_undo_give_what_was_before_for_any_mix_of_marks(
        mix in proptest::collection::vec((0u32..10, changes()), 0..20),
        rows in proptest::collection::btree_set(0u32..10, 2..10),
        change in changes(),
    ) {
        let mut story = story(&mix);
        let (marks, counts) = (story.projection.to_parts().marks, counted(&story.projection));
        story.change(&rows.iter().copied().collect::<Vec<_>>(), change);
        let (after, counts_after) = (story.projection.to_parts().marks, counted(&story.projection));

        prop_assert!(story.undo());
        prop_assert_eq!(story.projection.to_parts().marks, marks);
        prop_assert_eq!(counted(&story.projection), counts);
        prop_assert!(story.redo());
        prop_assert_eq!(story.projection.to_parts().marks, after);
        prop_assert_eq!(counted(&story.projection), counts_after);
        let again = Projection::from_parts(story.projection.to_parts());
        prop_assert_eq!(again.difference(&story.projection), None);
    }

    #[test]
    fn many_rows_change_as_each_of_them_would_by_itself_but_for_being_decided_in_bulk(
        mix in proptest::collection::vec((0u32..10, changes()), 0..20),
        rows in proptest::collection::btree_set(0u32..10, 2..10),
        change in changes(),
    ) {
        let (mut many, mut each) = (story(&mix), story(&mix));
        many.change(&rows.iter().copied().collect::<Vec<_>>(), change.clone());
        for row in rows {
            each.change(&[row], change.clone());
        }

        let marks = |story: &Story| {
            let marks = story.projection.to_parts().marks.into_iter();
            marks.map(|mark| Mark { bulk: false, decided_at: None, ..mark }).collect::<Vec<_>>()
        };
        prop_assert_eq!(marks(&many), marks(&each));
        let labels = |story: &Story| {
            story.projection.rows().map(|row| row.label().to_owned()).collect::<Vec<_>>()
        };
        prop_assert_eq!(labels(&many), labels(&each));
        prop_assert_eq!(many.projection.counts().all, each.projection.counts().all);
    }

    #[test]
    fn the_rows_that_a_change_would_alter_are_those_that_it_alters(
        mix in proptest::collection::vec((0u32..10, changes()), 0..20),
        change in changes(),
    ) {
        let mut story = story(&mix);
        let all: RowSet = (0..10).map(RowNumber).collect();
        let altered = story.projection.altered(&all, &change, true);
        let before = story.projection.to_parts().marks;
        story.change(&(0..10).collect::<Vec<_>>(), change);
        let undated = |mark: &Mark| Mark { decided_at: None, ..mark.clone() };
        let differs: RowSet = story
            .projection
            .to_parts()
            .marks
            .iter()
            .zip(&before)
            .zip(0..)
            .filter(|((after, before), _)| undated(after) != undated(before))
            .map(|(_, row)| RowNumber(row))
            .collect();
        prop_assert_eq!(altered, differs);
    }
}

#[test]
fn a_label_that_the_row_has_anyway_leaves_no_trace() {
    let mut story = Story::with_rows(3);
    let relabel = |label: &str| Change::Relabel { label: label.into() };
    story.change(&[0, 1], relabel("ham"));
    let row = |story: &Story| {
        let row = story.projection.row(RowNumber(0)).unwrap();
        (row.label().to_owned(), row.is_edited(), row.original_label().to_owned())
    };
    assert_eq!(row(&story), ("ham".into(), true, "spam".into()));
    assert_eq!(story.projection.counts().of_label("ham").pending, 2);
    assert_eq!(story.projection.operations().last().unwrap().kind, OperationKind::Relabel);
    story.change(&[0, 1, 2], relabel("spam"));
    assert_eq!(row(&story), ("spam".into(), false, "spam".into()));
    assert_eq!(story.projection.mark(RowNumber(0)), Some(Mark::default()));
    assert_eq!(story.projection.counts().edited, 0);
}

#[test]
fn an_operation_of_many_facts_is_undone_as_one() {
    let mut story = Story::with_rows(9);
    let operation = story.projection.next_operation();
    for row in [0, 1, 2, 5, 7, 1] {
        let change = Change::Edit { fields: Some(Fields::of_text(format!("edited {row}"))) };
        let event = Event::Changed { rows: RowSet::one(RowNumber(row)), change, bulk: true };
        story.push(crate::domain::Fact::new(operation, Timestamp(1), event));
    }
    assert_eq!(story.projection.counts().edited, 5);
    assert!(story.undo());
    assert_eq!(story.projection.counts().edited, 0);
    assert!(story.redo());
    assert_eq!(story.projection.row(RowNumber(7)).unwrap().text(), "edited 7");
}

#[test]
fn the_undo_of_alternating_marks_names_each_mark_once() {
    let mut story = Story::with_rows(40);
    let odd: Vec<u32> = (0..40).filter(|row| row % 2 == 1).collect();
    story.change(&odd, Change::accept());
    story.change(&(0..40).collect::<Vec<_>>(), Change::reject());
    let undo = story.projection.undo(story.projection.next_operation(), Timestamp(1)).unwrap();
    let Event::Undone { restores, .. } = undo.event else { panic!("{undo:?}") };
    assert_eq!(restores.iter().map(|of| of.rows.len()).collect::<Vec<_>>(), [20, 20]);
}
