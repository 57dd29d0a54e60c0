//! Plans of made-up and of random variables.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::{Condition, PlanMode, PlanOrder, VariableRule, Variables};
use crate::text::SplitMix64;

fn list(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

/// Three topics and four tones: `bank` weighs twice as much, and `rude` is for `prize` only.
fn sample() -> Variables {
    let topic = VariableRule { weights: vec![1, 2, 1], ..VariableRule::default() };
    let only_prize: Condition = [("topic".to_owned(), list(&["prize"]))].into();
    let tone =
        VariableRule { values_when: [("rude".to_owned(), only_prize)].into(), ..VariableRule::default() };
    Variables {
        values: [
            ("topic".to_owned(), list(&["prize", "bank", "delivery"])),
            ("tone".to_owned(), list(&["calm", "alarmed", "friendly", "rude"])),
        ]
        .into(),
        rules: [("topic".to_owned(), topic), ("tone".to_owned(), tone)].into(),
    }
}

fn order(mode: PlanMode) -> PlanOrder {
    PlanOrder { mode, ..PlanOrder::default() }
}

fn table(variables: &Variables, order: &PlanOrder, rows: u32, have: &[u32]) -> PlanTable {
    let inputs = PlanInputs { variables, order, rows, rows_per_request: 5, seed: 7 };
    PlanTable::new(inputs, |_| have.to_vec()).unwrap()
}

#[test]
fn a_grid_gives_every_combination_that_may_be_its_share() {
    let table = table(&sample(), &order(PlanMode::Grid), 48, &[0; 10]);
    let rows: Vec<(String, u32)> = table
        .lines
        .iter()
        .map(|line| (format!("{} {}", line.variables["topic"], line.variables["tone"]), line.rows))
        .collect();
    let expected = [
        ("prize calm", 3),
        ("prize alarmed", 3),
        ("prize friendly", 3),
        ("prize rude", 3),
        ("bank calm", 8),
        ("bank alarmed", 8),
        ("bank friendly", 8),
        ("delivery calm", 4),
        ("delivery alarmed", 4),
        ("delivery friendly", 4),
    ];
    assert_eq!(rows, expected.map(|(name, rows)| (name.to_owned(), rows)));
    assert_eq!(table.requests, 4 + 3 * 2 + 3);
    assert_eq!(table.said(), "10 combinations · 3 to 8 rows each · 13 requests");
}

#[test]
fn balance_fills_what_has_nothing_first_and_then_what_has_least() {
    let plain = Variables { rules: BTreeMap::new(), ..sample() };
    let have = [5, 0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0];
    let rows = |rows| {
        let table = table(&plain, &order(PlanMode::Balanced), rows, &have);
        table.lines.iter().map(|line| line.rows).collect::<Vec<_>>()
    };
    assert_eq!(rows(2), [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    assert_eq!(rows(4), [0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
    assert_eq!(rows(15), [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3]);
}

#[test]
fn a_random_plan_says_what_requests_will_draw_and_stands_in_no_run() {
    let random = table(&sample(), &order(PlanMode::Random), 23, &[0; 10]);
    assert_eq!(random.lines.iter().map(|line| line.rows).sum::<u32>(), 23);
    assert_eq!((random.requests, random.of_run()), (5, None));
    for index in 0..5 {
        let mut stream = SplitMix64::new(7).fork(index);
        let drawn = draw(&sample(), &BTreeMap::new(), &mut stream).unwrap();
        assert!(random.lines.iter().any(|line| line.variables == drawn && line.rows > 0));
    }
}

#[test]
fn plain_lists_are_drawn_as_they_always_were() {
    let plain = Variables { rules: BTreeMap::new(), ..sample() };
    for seed in 0..50 {
        let (mut now, mut before) = (SplitMix64::new(seed), SplitMix64::new(seed));
        let drawn = draw(&plain, &BTreeMap::new(), &mut now).unwrap();
        for (name, values) in &plain.values {
            assert_eq!(Some(&drawn[name]), before.choose(values));
        }
        assert_eq!(now, before);
    }
}

#[test]
fn a_value_that_is_set_is_in_every_row_and_what_cannot_be_is_told() {
    let set = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let asked = PlanOrder { mode: PlanMode::Grid, set: set(&[("topic", "bank")]) };
    let bank = table(&sample(), &asked, 9, &[0; 3]);
    assert!(bank.lines.iter().all(|line| line.variables["topic"] == "bank" && line.rows == 3));
    let fault = |pairs: &[(&str, &str)], mode| {
        let (order, variables) = (PlanOrder { mode, set: set(pairs) }, sample());
        let inputs =
            PlanInputs { variables: &variables, order: &order, rows: 1, rows_per_request: 1, seed: 1 };
        PlanTable::new(inputs, |all| vec![0; all.len()]).unwrap_err().to_string()
    };
    assert!(fault(&[("topik", "bank")], PlanMode::Grid).contains("there is `tone`, `topic`"));
    assert!(fault(&[("topic", "loan")], PlanMode::Random).contains("never `loan`; it may be `prize`"));
    let both = [("topic", "bank"), ("tone", "rude")];
    assert!(fault(&both, PlanMode::Grid).contains("no combination with tone = rude and topic = bank"));
    assert!(fault(&both, PlanMode::Random).contains("no combination"));
}

#[test]
fn too_many_combinations_are_refused_unless_each_request_draws() {
    let many: Vec<String> = (0..100).map(|number| number.to_string()).collect();
    let values = ["a", "b", "c"].map(|name| (name.to_owned(), many.clone()));
    let variables = Variables { values: values.into(), rules: BTreeMap::new() };
    let plan = |order: &PlanOrder| {
        let inputs = PlanInputs { variables: &variables, order, rows: 10, rows_per_request: 2, seed: 1 };
        PlanTable::new(inputs, |all| vec![0; all.len()])
    };
    assert_eq!(plan(&order(PlanMode::Grid)).unwrap_err(), PlanFault::TooMany);
    assert_eq!(plan(&order(PlanMode::Random)).unwrap().requests, 5);
}

#[test]
fn the_book_takes_turns_and_asks_again_for_what_did_not_come() {
    let mut book = QuotaBook::new(vec![3, 0, 5], vec![0, 0, 1]);
    assert_eq!(book.next(3), Some((0, 3)));
    book.expect(0, 3);
    assert_eq!(book.next(3), Some((2, 3)));
    book.expect(2, 3);
    assert_eq!(book.next(3), Some((2, 1)));
    book.expect(2, 1);
    assert_eq!(book.next(3), None);
    book.take(0, 2);
    book.end(0, 3);
    assert_eq!(book.next(3), Some((0, 1)));
}

/// Variables with random weights and conditions; each may depend on those before it by name.
fn any_variables() -> impl Strategy<Value = Variables> {
    let weights = prop::collection::vec(1_u32..6, 1..4);
    let one =
        (weights, prop::option::of((0_usize..3, 0_usize..3)), prop::option::of((0_usize..3, 0_usize..3)));
    prop::collection::vec(one, 1..4).prop_map(|all| {
        let mut variables = Variables::default();
        let counts: Vec<usize> = all.iter().map(|(weights, ..)| weights.len()).collect();
        for (place, (weights, when, of_value)) in all.into_iter().enumerate() {
            let name = format!("v{place}");
            let values: Vec<String> = (0..weights.len()).map(|value| format!("x{value}")).collect();
            let condition = |(other, value): (usize, usize)| -> Option<Condition> {
                let count = *counts.get(other).filter(|_| other < place)?;
                Some([(format!("v{other}"), vec![format!("x{}", value % count)])].into())
            };
            let values_when = of_value.and_then(condition).map(|when| (values[0].clone(), when));
            let rule = VariableRule {
                weights,
                when: when.and_then(condition).unwrap_or_default(),
                values_when: values_when.into_iter().collect(),
                ..VariableRule::default()
            };
            variables.rules.insert(name.clone(), rule);
            variables.values.insert(name, values);
        }
        variables
    })
}

/// Returns whether no condition is violated by a combination.
fn is_allowed(variables: &Variables, combination: &BTreeMap<String, String>) -> bool {
    combination.iter().all(|(name, value)| {
        let allowed = variables.allowed(name, combination);
        if value.is_empty() { allowed.is_empty() } else { allowed.iter().any(|(may, _)| may == value) }
    })
}

proptest! {
    #[test]
    fn quotas_add_up_keep_to_the_conditions_and_to_the_seed(
        variables in any_variables(),
        rows in 1_u32..300,
        seed in 0_u64..1000,
        counts in prop::collection::vec(0_u32..9, 64),
        balanced in any::<bool>(),
    ) {
        let mode = if balanced { PlanMode::Balanced } else { PlanMode::Grid };
        prop_assert_eq!(variables.fault(), None);
        let space = Space::of(&variables, &BTreeMap::new()).unwrap();
        prop_assert!((space.shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        let have = &counts[..space.shares.len()];
        let planned = quotas(&space, mode, rows, have, seed);
        prop_assert_eq!(planned.iter().sum::<u32>(), rows);
        prop_assert_eq!(&planned, &quotas(&space, mode, rows, have, seed));
        for combination in &space.combinations {
            prop_assert!(is_allowed(&variables, combination), "{combination:?}");
        }
        for (place, quota) in planned.iter().enumerate() {
            let quota = f64::from(*quota);
            if balanced {
                // Nothing gets a row while something is emptier for its share.
                let filled = |place: usize, less: f64| {
                    (f64::from(have[place] + planned[place]) - less) / space.shares[place]
                };
                let emptiest = (0..planned.len()).map(|other| filled(other, 0.0)).fold(f64::MAX, f64::min);
                prop_assert!(quota == 0.0 || filled(place, 1.0) <= emptiest + 1e-6);
            } else {
                prop_assert!((quota - space.shares[place] * f64::from(rows)).abs() < 1.0);
            }
        }
        if balanced {
            let is_empty = |place: &usize| have[*place] == 0;
            let uncovered = (0..planned.len()).filter(is_empty).count();
            let covered = (0..planned.len()).filter(is_empty).filter(|place| planned[*place] > 0).count();
            prop_assert_eq!(covered, uncovered.min(rows as usize));
        }
    }

    #[test]
    fn a_draw_is_one_of_the_combinations(variables in any_variables(), seed in 0_u64..1000) {
        let space = Space::of(&variables, &BTreeMap::new()).unwrap();
        let drawn = draw(&variables, &BTreeMap::new(), &mut SplitMix64::new(seed)).unwrap();
        prop_assert!(space.combinations.contains(&drawn));
    }

    #[test]
    fn a_plan_that_stands_in_a_run_is_read_back_as_it_was(variables in any_variables(), rows in 1_u32..99) {
        let plan = table(&variables, &order(PlanMode::Grid), rows, &[0; 64]);
        let quotas: Vec<u32> = plan.lines.iter().map(|line| line.rows).collect();
        prop_assert_eq!(plan.of_run().unwrap().quotas(quotas.len()), quotas);
    }
}
