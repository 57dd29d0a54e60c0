use super::*;
use crate::domain::fixtures::{Story, TrialStory};
use crate::domain::{Condition, RowNumber, TrialOutcome, VariableRule};

fn list(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

fn variables() -> Variables {
    let when: Condition = [("topic".to_owned(), list(&["bank"]))].into();
    let values =
        [("tone".to_owned(), list(&["calm", "rude"])), ("topic".to_owned(), list(&["bank", "prize"]))];
    let rule = VariableRule { when, ..VariableRule::default() };
    Variables { values: values.into(), rules: [("tone".to_owned(), rule)].into() }
}

fn story() -> Story {
    Story::with_rows(3)
}

#[test]
fn rows_count_by_what_their_requests_had_and_holes_are_what_could_have_rows() {
    // The rows of the story were asked for with the topic `bank`, and no tone.
    let story = story();
    let plain = Variables { rules: BTreeMap::new(), ..variables() };
    let map = CoverageMap::count(&story.projection, "spam", &plain, ("topic", None));
    assert_eq!((map.cell(0, 0).pending, map.cell(1, 0).pending), (3, 0));
    assert_eq!((map.holes(), map.elsewhere), (1, 0));
    assert_eq!(map.values_of(1, 0), [("topic".to_owned(), "prize".to_owned())].into());
    let map = CoverageMap::count(&story.projection, "spam", &plain, ("topic", Some("tone")));
    assert_eq!((map.holes(), map.elsewhere), (4, 3));
}

#[test]
fn what_the_conditions_forbid_is_no_hole() {
    let map = CoverageMap::count(&story().projection, "spam", &variables(), ("topic", Some("tone")));
    assert_eq!(map.columns, ["calm", "rude", ""]);
    let possible: Vec<bool> = map.cells.iter().map(|cell| cell.is_possible).collect();
    assert_eq!(possible, [true, true, false, false, false, true]);
}

#[test]
fn rows_so_far_are_those_accepted_and_pending_of_the_label() {
    let story = story();
    let of = |topic: &str| -> BTreeMap<String, String> { [("topic".to_owned(), topic.to_owned())].into() };
    assert_eq!(rows_so_far(&story.projection, "spam", &[of("bank"), of("prize")]), [3, 0]);
    assert_eq!(rows_so_far(&story.projection, "ham", &[of("bank"), of("prize")]), [0, 0]);
    assert!(story.projection.row(RowNumber(0)).is_some());
}

#[test]
fn rows_of_a_blind_trial_count_nowhere_until_it_ends_or_somebody_asks_for_the_sides() {
    let plain = Variables { rules: BTreeMap::new(), ..variables() };
    let counted = |of: &TrialStory| {
        let map = CoverageMap::count(&of.story.projection, "spam", &plain, ("topic", None));
        let combinations = ["bank", "prize"].map(|topic| [("topic".to_owned(), topic.to_owned())].into());
        let so_far: u32 = rows_so_far(&of.story.projection, "spam", &combinations).iter().sum();
        (map.cells.iter().map(|cell| cell.have()).sum::<u32>() + map.elsewhere, so_far)
    };
    let mut of = TrialStory::compare(true, 3);
    assert_eq!(counted(&of), (1, 1), "the row from before the trial");
    of.end(TrialOutcome::Stopped);
    assert_eq!(counted(&of), (7, 7));
    let mut of = TrialStory::compare(true, 3);
    of.story.projection.tell_sides();
    assert_eq!(counted(&of), (7, 7));
}
