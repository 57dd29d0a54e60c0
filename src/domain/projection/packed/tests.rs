use super::*;
use crate::domain::fixtures::Story;
use crate::domain::projection::Assembly;
use crate::domain::{Change, Flag, FlagKind, RowNumber};

/// Puts a projection together from its pages, with all texts and requests held.
fn assembled(of: &Projection) -> Projection {
    let pages = |of: usize, page: usize| 0..u32::try_from(of.div_ceil(page)).unwrap();
    let assembly = Assembly {
        rows: of.len(),
        versions: of.versions().to_vec(),
        runs: of.runs().cloned().collect(),
        request_runs: pages(of.request_count(), REQUESTS).map(|page| of.request_runs(page)).collect(),
        scraps: of.scraps().cloned().collect(),
        operations: (0..).map_while(|place| of.packed_operation(place)).collect(),
        split: of.split().cloned(),
        laboratory: of.laboratory().clone(),
        imports: of.imports().to_vec(),
        origins: of.origins().to_vec(),
        words: of.words(),
        names: of.names().to_vec(),
        edits: of.edits().iter().map(|edit| edit.as_ref().clone()).collect(),
        tops: of.undo_tops(),
        last_operation: of.last_operation().0,
        kept: None,
    };
    let mut made = Projection::assembled(assembly).unwrap();
    for page in pages(of.len(), crate::domain::page::PAGE) {
        made.hold_texts(page, of.held_texts(page).unwrap().clone());
    }
    for page in pages(of.request_count(), crate::domain::page::PAGE) {
        made.hold_requests(page, of.held_requests(page).unwrap().clone());
    }
    for page in pages(of.len(), ROWS) {
        assert!(!made.is_read(RowNumber(page * 256)));
        made.put_row_page(page, &of.row_page(page).unwrap()).unwrap();
        if let Some(marks) = of.mark_page(page) {
            made.put_mark_page(page, &marks).unwrap();
        }
    }
    made.count_all();
    made
}

fn told() -> Story {
    let mut story = Story::with_rows(700);
    let flag =
        |other: &str| Flag { kind: FlagKind::CopiesReal, other: Some(other.into()), figure: Some(0.9) };
    let rows = vec![
        story.new_row("copied", vec![flag("17"), flag("abcdefghij")]),
        story.new_row("plain", vec![]),
        story.new_row("long", vec![Flag { kind: FlagKind::TooLong, other: None, figure: None }]),
    ];
    story.sampled_rows(rows);
    story.change(&[0, 1, 2, 500, 699, 701], Change::accept());
    story.change(&[1], Change::Reject { reason: Some("dull".into()), tags: vec!["a".into()] });
    story.change(&[2], Change::Edit { fields: Some(Fields::of_text("better")) });
    story.undo();
    story
}

#[test]
fn a_projection_is_the_same_after_it_was_taken_apart_into_pages() {
    let story = told();
    let made = assembled(&story.projection);
    assert_eq!(made.difference(&story.projection), None);
    assert_eq!(made.row(RowNumber(1)).unwrap().mark().reason.as_deref(), Some("dull"));
}

#[test]
fn what_is_done_to_it_afterwards_is_the_same_too() {
    let mut story = told();
    let mut made = assembled(&story.projection);
    let before = story.facts.len();
    story.redo();
    story.undo();
    story.undo();
    story.change(&[3, 4], Change::skip());
    story.sampled(&["one more", "and another"]);
    story.facts[before..].iter().for_each(|fact| drop(made.apply(fact)));
    assert_eq!(made.difference(&story.projection), None);
}

#[test]
fn pages_in_the_wrong_place_are_refused() {
    let story = told();
    let mut made = assembled(&story.projection);
    let page = story.projection.row_page(0).unwrap();
    assert!(made.put_row_page(0, &page).is_err(), "it is there already");
    let marks = MarkPage(vec![(257, PackedMark::default())]);
    assert!(made.put_mark_page(0, &marks).is_err(), "more marks than rows");
    let restores = PackedRestores { marks: vec![], ranges: vec![(0, 0, 0)] };
    assert_eq!(restores.restores(), None);
}
