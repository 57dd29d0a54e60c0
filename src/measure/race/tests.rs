use super::*;

fn sides(counts: &[(u64, u64)]) -> Vec<Acceptance> {
    counts.iter().map(|(accepted, rejected)| Acceptance::new(*accepted, *rejected)).collect()
}

#[test]
fn a_race_ends_with_the_best_with_no_difference_or_with_its_decisions() {
    let state = |counts: &[(u64, u64)], budget| state(&sides(counts), budget);
    assert_eq!(state(&[(0, 0), (0, 0)], 600), RaceState::Racing);
    assert_eq!(state(&[(20, 40), (55, 5), (22, 38)], 600), RaceState::Best(1));
    assert_eq!(state(&[(50, 10), (52, 8), (22, 38)], 600), RaceState::Racing);
    assert_eq!(state(&[(50, 10), (52, 8), (22, 38)], 180), RaceState::OutOfDecisions);
    assert_eq!(state(&[(900, 600), (905, 595)], 9_000), RaceState::NoDifference);
    assert_eq!(state(&[(900, 600), (905, 595), (20, 60)], 9_000), RaceState::NoDifference);
    assert_eq!(state(&[(90, 60), (91, 59)], 9_000), RaceState::Racing);
    assert_eq!(state(&[(55, 5), (20, 40)], 10), RaceState::Best(0), "what is told is told");
    assert_eq!(state(&[(55, 5)], 600), RaceState::Racing, "one side is no race");
    assert_eq!(state(&[], 0), RaceState::OutOfDecisions);
}

#[test]
fn sides_of_the_highest_and_the_lowest_rates_end_too() {
    assert_eq!(state(&sides(&[(400, 0), (400, 0)]), 2_000), RaceState::NoDifference);
    assert_eq!(state(&sides(&[(0, 400), (0, 400)]), 2_000), RaceState::NoDifference);
    assert_eq!(state(&sides(&[(400, 0), (0, 400)]), 2_000), RaceState::Best(0));
}

#[test]
fn equal_counts_and_seeds_choose_equal_sides_and_other_batches_others() {
    let counts = sides(&[(6, 4), (5, 5), (6, 4), (2, 8)]);
    let chosen = |seed| (0..200).map(|batch| next_side(&counts, seed, batch)).collect::<Vec<_>>();
    assert_eq!(chosen(7), chosen(7));
    assert_ne!(chosen(7), chosen(8));
    let times = |side| chosen(7).iter().filter(|chosen| **chosen == side).count();
    assert!((0..3).all(|side| times(side) > 10), "{:?}", (0..4).map(times).collect::<Vec<_>>());
    assert!(times(3) < 10, "{}", times(3));
}

#[test]
fn a_race_of_nothing_yet_begins_anywhere() {
    let none = sides(&[(0, 0); 8]);
    let mut seen = [false; 8];
    (0..200).for_each(|batch| seen[next_side(&none, 1, batch)] = true);
    assert_eq!(seen, [true; 8]);
}

#[test]
fn what_was_saved_is_said_of_a_race_that_named_the_best() {
    let ended = sides(&[(170, 40), (100, 67), (12, 28), (6, 14)]);
    assert_eq!(state(&ended, 600), RaceState::Best(0));
    let found = saved(&ended, 3).unwrap();
    assert_eq!(found.took, 437);
    assert!(found.equal > 200 && found.equal < 1_000, "{found:?}");
    assert_eq!(saved(&ended, 3), Some(found));
    assert_eq!(saved(&sides(&[(6, 4), (5, 5)]), 3), None);
}
