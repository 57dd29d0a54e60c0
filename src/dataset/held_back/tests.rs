use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::{Dataset, LabelCounts, fixture};
use super::*;
use crate::domain::Scarce;

type Rows = Vec<(&'static str, String)>;

fn scarce(known: u32) -> Scarce {
    Scarce { label: "spam".into(), known }
}

fn rule(seed: u64, scarce: impl Into<Option<Scarce>>) -> SplitRule {
    SplitRule::new(0.3, seed).unwrap().with_scarce(scarce.into())
}

fn dataset(rows: &Rows, rule: &SplitRule, memory: Option<&SplitMemory>) -> Dataset {
    Dataset::split(fixture::records(rows, None), rule, memory)
}

/// Returns the texts of all rows in a part.
fn texts(dataset: &Dataset, part: Part) -> BTreeSet<String> {
    dataset.all_rows().filter(|row| row.part == part).map(|row| row.text.to_owned()).collect()
}

fn parts(dataset: &Dataset) -> Vec<Part> {
    dataset.all_rows().map(|row| row.part).collect()
}

fn numbered(label: &'static str, rows: std::ops::Range<usize>) -> Rows {
    rows.map(|row| (label, format!("{label} {row}"))).collect()
}

#[test]
fn as_many_rows_as_wanted_are_known_and_nothing_shows_the_others() {
    let rows = [numbered("spam", 0..100), numbered("ham", 0..200)].concat();

    let dataset = dataset(&rows, &rule(42, scarce(12)), None);

    let counts = LabelCounts { train: 12, test: 30, held_back: 58, ..LabelCounts::default() };
    assert_eq!((dataset.counts_of("spam"), counts.total()), (counts, 42));
    assert_eq!(dataset.counts_of("ham"), LabelCounts { train: 140, test: 60, ..LabelCounts::default() });
    assert_eq!((dataset.report().train, dataset.report().held_back), (152, 58));
    assert_eq!((dataset.len(), dataset.known_len(), dataset.rows().count()), (300, 242, 242));
    let held: Vec<_> = dataset.held_back().collect();
    assert_eq!(held.len(), 58);
    for row in held {
        assert_eq!((row.label, row.part), ("spam", Part::HeldBack));
        assert!(!dataset.train_of("spam").contains(&row.index));
        assert_eq!(dataset.index_of_id(&row.id), None);
        assert!(dataset.rows().all(|other| other.text != row.text));
    }
}

#[test]
fn the_seed_decides_which_rows_are_known() {
    let rows = numbered("spam", 0..60);
    let records = |seed| {
        // All rows are train rows, so that only the choice of the known ones differs.
        let rule = SplitRule::new(0.0, seed).unwrap().with_scarce(Some(scarce(10)));
        texts(&dataset(&rows, &rule, None), Part::Train)
    };
    assert_eq!(records(1), records(1));
    assert_ne!(records(1), records(2));
}

#[test]
fn more_rows_than_there_are_hold_none_back() {
    let rows = numbered("spam", 0..10);
    for known in [7, 8, u32::MAX] {
        let dataset = dataset(&rows, &rule(1, scarce(known)), None);
        assert_eq!((dataset.counts_of("spam").train, dataset.held_back().count()), (7, 0));
        assert_eq!(dataset.memory().scarce(), Some(&scarce(known)));
    }
}

#[test]
fn a_text_is_known_or_held_back_in_all_its_rows_also_those_of_other_labels() {
    let twice = |label| numbered("spam", 0..40).into_iter().map(move |(_, text)| (label, text));
    let rows: Rows = twice("spam").chain(twice("spam")).chain(twice("ham")).collect();
    let rule = SplitRule::new(0.0, 3).unwrap().with_scarce(Some(scarce(9)));

    let dataset = dataset(&rows, &rule, None);

    // Two rows a text: nine do not add up.
    let (spam, ham) = (dataset.counts_of("spam"), dataset.counts_of("ham"));
    assert_eq!((spam.train, spam.held_back, ham.train, ham.held_back), (8, 72, 4, 36));
    assert!(texts(&dataset, Part::Train).is_disjoint(&texts(&dataset, Part::HeldBack)));
    assert!(dataset.held_back().all(|row| row.label == "spam"));
}

#[test]
fn one_text_is_known_even_if_it_has_more_rows_than_wanted() {
    let rows: Rows = ["a", "a", "a", "b", "b", "c", "c"].map(|text| ("spam", text.to_owned())).to_vec();
    let rule = SplitRule::new(0.0, 3).unwrap().with_scarce(Some(scarce(1)));

    let first = dataset(&rows, &rule, None);

    assert_eq!((first.counts_of("spam").train, first.counts_of("spam").held_back), (2, 5));
    assert_eq!(parts(&dataset(&rows, &rule, Some(first.memory()))), parts(&first));
}

#[test]
fn new_rows_are_held_back_once_enough_are_known() {
    let old = numbered("spam", 0..4);
    let first = dataset(&old, &rule(1, scarce(6)), None);
    assert_eq!((first.counts_of("spam").train, first.counts_of("spam").held_back), (3, 0));

    let grown = numbered("spam", 0..50);
    let second = dataset(&grown, &rule(1, scarce(6)), Some(first.memory()));

    assert_eq!((second.counts_of("spam").train, second.counts_of("spam").held_back), (6, 29));
    assert!(texts(&second, Part::Train).is_superset(&texts(&first, Part::Train)));
    assert_eq!(second.report().new_rows, 46);
}

/// Rows with few different texts, so that equal ones are common, also across labels.
fn rows() -> impl Strategy<Value = Rows> {
    let row = (prop::sample::select(vec!["spam", "ham"]), 0_u32..40);
    prop::collection::vec(row.prop_map(|(label, text)| (label, format!("t{text}"))), 1..60)
}

proptest! {
    #[test]
    fn known_and_held_back_are_together_what_train_is_otherwise(rows in rows(), seed: u64, known in 1_u32..12) {
        let all = dataset(&rows, &rule(seed, None), None);
        let some = dataset(&rows, &rule(seed, scarce(known)), None);

        for (other, part) in parts(&all).into_iter().zip(parts(&some)) {
            let is_train = matches!(part, Part::Train | Part::HeldBack);
            prop_assert_eq!(other == Part::Train, is_train);
            prop_assert!(is_train || other == part);
        }
        let (all, ours) = (all.counts_of("spam"), some.counts_of("spam"));
        prop_assert_eq!(ours.train + ours.held_back, all.train);
        prop_assert_eq!(ours.held_back, some.held_back().count());
        prop_assert_eq!(ours.train == 0, all.train == 0);
        let known_texts: BTreeSet<&str> = some.train_of("spam").iter().map(|row| some.text(*row)).collect();
        prop_assert!(ours.train <= known as usize || known_texts.len() == 1);
        prop_assert!(texts(&some, Part::Train).is_disjoint(&texts(&some, Part::HeldBack)));
        let held: BTreeSet<_> = some.held_back().map(|row| row.index).collect();
        prop_assert!(some.rows().all(|row| !held.contains(&row.index)));
        prop_assert!(some.train_of("spam").iter().all(|row| !held.contains(row)));
    }

    #[test]
    fn the_order_of_the_file_does_not_matter(
        // Texts with one label only: of others it depends on the order which of their rows are test rows.
        (rows, turned) in prop::collection::vec(0_u32..40, 1..60).prop_flat_map(|texts| {
            let row = |n: u32| (["spam", "ham"][n as usize % 2], format!("t{n}"));
            let rows: Rows = texts.into_iter().map(row).collect();
            (Just(rows.clone()), Just(rows).prop_shuffle())
        }),
        seed: u64,
        known in 1_u32..12,
    ) {
        let held = |rows: &Rows| texts(&dataset(rows, &rule(seed, scarce(known)), None), Part::HeldBack);
        prop_assert_eq!(held(&rows), held(&turned));
    }

    #[test]
    fn what_is_held_back_stays_so_when_rows_are_added_and_moved_and_the_seed_changes(
        (old, mixed) in (rows(), rows()).prop_flat_map(|(old, new)| {
            let all = [old.clone(), new].concat();
            (Just(old), Just(all).prop_shuffle())
        }),
        seeds: [u64; 2],
        known in 1_u32..12,
    ) {
        let first = dataset(&old, &rule(seeds[0], scarce(known)), None);
        let second = dataset(&mixed, &rule(seeds[1], scarce(known)), Some(first.memory()));
        let again = dataset(&mixed, &rule(seeds[0], scarce(known)), Some(second.memory()));

        prop_assert!(texts(&second, Part::HeldBack).is_superset(&texts(&first, Part::HeldBack)));
        prop_assert!(texts(&second, Part::Train).is_superset(&texts(&first, Part::Train)));
        prop_assert_eq!(parts(&again), parts(&second));
        prop_assert_eq!(again.memory(), second.memory());
        prop_assert_eq!(again.report().new_rows, 0);
    }

    #[test]
    fn another_number_deals_anew_as_if_there_had_been_none(
        rows in rows(),
        seed: u64,
        numbers in prop::array::uniform2(prop::option::of(1_u32..12)),
    ) {
        let of = |known: Option<u32>| rule(seed, known.map(scarce));
        let before = dataset(&rows, &of(numbers[0]), None);
        let after = dataset(&rows, &of(numbers[1]), Some(before.memory()));
        let fresh = dataset(&rows, &of(numbers[1]), None);

        prop_assert_eq!(parts(&after), parts(&fresh));
        prop_assert_eq!(after.memory(), fresh.memory());
    }
}
