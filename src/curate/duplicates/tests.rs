use super::*;
use crate::domain::Rating;
use crate::domain::fixtures::Story;

/// A session with a row for each text; each may be like an earlier one.
fn story(like: &[Option<u32>]) -> Story {
    let mut story = Story::default();
    story.version("words");
    let mut ids: Vec<RowId> = Vec::new();
    let rows = like.iter().enumerate().map(|(place, like)| {
        let other = like.map(|like| ids[like as usize].to_string());
        let kind = FlagKind::NearDuplicate;
        let flags = other.map(|other| Flag { kind, other: Some(other), figure: Some(0.9) });
        let row = story.new_row(&format!("text {place}"), flags.into_iter().collect());
        ids.push(row.id);
        row
    });
    let rows: Vec<_> = rows.collect();
    story.sampled_rows(rows);
    story
}

fn numbers(rows: &[u32]) -> Vec<RowNumber> {
    rows.iter().copied().map(RowNumber).collect()
}

fn all(story: &Story) -> Vec<Group> {
    groups(&story.projection, |_| true)
}

fn reject(story: &mut Story, row: u32) {
    story.change(&[row], Change::Reject { reason: None, tags: vec![] });
}

fn accept(story: &mut Story, row: u32, stars: Option<u8>) {
    let rating = stars.map(|stars| Rating::try_from(stars).unwrap());
    story.change(&[row], Change::Accept { rating, tags: vec![] });
}

#[test]
fn rows_that_are_like_a_third_one_belong_together() {
    let story = story(&[None, None, Some(0), None, Some(2), Some(1), None]);
    assert_eq!(all(&story), [numbers(&[0, 2, 4]), numbers(&[1, 5])]);
}

#[test]
fn a_group_is_done_once_all_but_one_of_its_rows_are_rejected() {
    let mut story = story(&[None, Some(0), Some(1)]);
    reject(&mut story, 1);
    assert_eq!(all(&story), [numbers(&[0, 1, 2])], "the first and the last one are like the rejected one");
    reject(&mut story, 2);
    assert!(all(&story).is_empty());
}

#[test]
fn rows_that_are_not_wanted_join_nothing() {
    let story = story(&[None, Some(0), Some(1)]);
    assert_eq!(groups(&story.projection, |row| row.number() != RowNumber(0)), [numbers(&[1, 2])]);
}

#[test]
fn the_best_row_has_more_stars_then_the_better_state_then_fewer_flags_then_comes_first() {
    let mut story = story(&[None, Some(0), Some(0), Some(0)]);
    let group = numbers(&[0, 1, 2, 3]);
    let best = |story: &Story| best_of(&story.projection, &group).unwrap().0;

    assert_eq!(best(&story), 0, "it has no flag");
    assert_eq!(best_of(&story.projection, &group[1..]), Some(RowNumber(1)), "it came first");
    story.change(&[0], Change::Skip { reason: None, tags: vec![] });
    assert_eq!(best(&story), 1, "pending goes before skipped");
    accept(&mut story, 3, None);
    assert_eq!(best(&story), 3, "accepted goes before pending");
    accept(&mut story, 2, Some(1));
    assert_eq!(best(&story), 2, "any star goes before none");
}

#[test]
fn merging_says_how_many_rows_go_and_how_many_of_them_were_accepted() {
    let mut story = story(&[None, Some(0), Some(0), None, Some(3)]);
    for row in [0, 1, 4] {
        accept(&mut story, row, None);
    }
    reject(&mut story, 2);

    let merge = Merge::keeping_best(&story.projection, &all(&story));

    let rejected: Vec<u32> = merge.rejected.iter().map(|row| row.0).collect();
    assert_eq!((rejected, merge.accepted, merge.groups), (vec![1, 3], 1, 2));
}
