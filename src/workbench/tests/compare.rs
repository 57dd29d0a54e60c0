//! Comparisons: their beginning, their requests, their end.

use std::collections::BTreeMap;

use super::{Model, NOW, TestSession};
use crate::domain::{
    Change, CompareOrder, GeneratorSettings, Provider, RowNumber, RowState, RunOrder, Side, TrialNumber,
    TrialOutcome, VersionId, run_of_side, sides_in_order,
};
use crate::template::PromptFile;
use crate::workbench::{PromptSource, RunPlan};

type Variables<'a> = &'a [(&'a str, &'a [&'a str])];

fn add(session: &mut TestSession, user: &str, variables: Variables<'_>) -> VersionId {
    let values = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    let variables: BTreeMap<_, Vec<_>> =
        variables.iter().map(|(name, of)| ((*name).to_owned(), values(of))).collect();
    let variables = Some(variables).filter(|variables| !variables.is_empty());
    let file = PromptFile { user: user.into(), variables, ..PromptFile::default() };
    let operation = session.next();
    let made = session.bench.add_versions(vec![file.into()], None, operation, NOW).unwrap();
    session.bench.commit().unwrap();
    made[0].0
}

fn settings(warm: f64) -> GeneratorSettings {
    GeneratorSettings {
        provider: Provider::Openai,
        model: Some("small".into()),
        temperature: warm,
        ..GeneratorSettings::default()
    }
}

fn order(versions: [VersionId; 2], seed: u64) -> CompareOrder {
    let sides = versions.map(|version| Side { version, settings: settings(1.0) });
    CompareOrder { sides, pairs: 10, seed: Some(seed), blind: true, budget: crate::domain::Budget::default() }
}

fn begin(session: &mut TestSession, order: CompareOrder) -> Result<TrialNumber, String> {
    let operation = session.next();
    session.bench.begin_compare(order, operation, NOW).map_err(|error| error.to_string())
}

/// Begins the runs of both sides of a comparison, in the order of the sides.
fn plans(session: &mut TestSession, trial: TrialNumber) -> [RunPlan; 2] {
    let trial = session.bench.projection().laboratory().trial(trial).unwrap().clone();
    let mut plans = sides_in_order(&trial).map(|side| {
        let order = run_of_side(&trial, side, settings(1.0), crate::domain::Budget::default());
        let operation = session.next();
        let plan =
            session.bench.begin_run(&order, &PromptSource::Version(None), &Model, operation, NOW).unwrap();
        (side, plan)
    });
    plans.sort_by_key(|(side, _)| *side);
    plans.map(|(_, plan)| plan)
}

const TEXT: &str = "Write {{ n }} such as {% for e in examples %}{{ e.text }}{% endfor %}";

#[test]
fn each_side_is_sampled_from_its_own_version_whatever_the_prompt_says() {
    let mut session = TestSession::new();
    let versions = [add(&mut session, "One.", &[]), add(&mut session, "Two.", &[])];
    add(&mut session, "The latest, which nobody compares.", &[]);
    let trial = begin(&mut session, order(versions, 3)).unwrap();
    let plans = plans(&mut session, trial);
    assert_eq!(plans.each_ref().map(|plan| plan.run.version), versions);
    assert_eq!(plans[0].run.generator.seed, plans[1].run.generator.seed);
}

#[test]
fn both_sides_get_the_same_seeds_examples_and_shared_variables_whatever_else_they_declare() {
    let topics: &[&str] = &["bank", "prize", "parcel", "ringtone"];
    let tones: &[&str] = &["calm", "alarmed", "rude"];
    let cases: [[Variables<'_>; 2]; 3] = [
        [&[("topic", topics)], &[("topic", topics)]],
        [&[("topic", topics)], &[("a", tones), ("topic", topics), ("z", tones)]],
        [&[("a", tones), ("topic", topics)], &[("topic", topics), ("tone", tones)]],
    ];
    for (seed, [one, other]) in (0..8).flat_map(|seed| cases.map(|case| (seed, case))) {
        let mut session = TestSession::new();
        let versions = [add(&mut session, TEXT, one), add(&mut session, &format!("{TEXT} now"), other)];
        let trial = begin(&mut session, order(versions, seed)).unwrap();
        let plans = plans(&mut session, trial);
        for index in 0..6 {
            let [first, second] = plans.each_ref().map(|plan| plan.request(index, 5).unwrap());
            assert_eq!(first.request.seed, second.request.seed);
            assert_eq!(first.examples, second.examples);
            assert_eq!(first.request.variables["topic"], second.request.variables["topic"], "{seed} {index}");
        }
    }
}

#[test]
fn a_run_of_no_trial_draws_what_it_always_drew() {
    let mut session = TestSession::new();
    add(&mut session, TEXT, &[("topic", &["bank", "prize", "parcel"]), ("tone", &["calm", "rude"])]);
    let order = RunOrder { seed: Some(7), ..RunOrder::new(5, settings(1.0)) };
    let operation = session.next();
    let plan = session.bench.begin_run(&order, &PromptSource::Version(None), &Model, operation, NOW).unwrap();
    let drawn = plan.request(0, 5).unwrap();
    let mut random = crate::text::SplitMix64::new(7).fork(0);
    // Variables by name, then examples, then the seed, all from one stream.
    let tone = ["calm", "rude"][random.below(2)];
    let topic = ["bank", "prize", "parcel"][random.below(3)];
    assert_eq!(
        (drawn.request.variables["tone"].as_str(), drawn.request.variables["topic"].as_str()),
        (tone, topic)
    );
}

#[test]
fn sides_that_would_write_the_same_are_refused() {
    let mut session = TestSession::new();
    let versions = [add(&mut session, "One.", &[]), add(&mut session, "Two.", &[])];
    let mut offline = order(versions, 1);
    offline.sides.iter_mut().for_each(|side| side.settings = GeneratorSettings::default());
    let said = begin(&mut session, offline.clone()).unwrap_err();
    assert!(said.contains("reads no prompt"), "{said}");
    offline.sides[0].settings.temperature = 0.5;
    assert!(begin(&mut session, offline).is_ok(), "two temperatures");
    let said = begin(&mut session, order(versions, 1)).unwrap_err();
    assert!(said.contains("A comparison goes on already"), "{said}");
}

#[test]
fn a_budget_that_cannot_be_split_is_refused() {
    let mut session = TestSession::new();
    let versions = [add(&mut session, "One.", &[]), add(&mut session, "Two.", &[])];
    let mut order = order(versions, 1);
    order.budget.requests = Some(1);
    assert!(begin(&mut session, order).unwrap_err().contains("half of it is nothing"));
}

#[test]
fn a_pair_is_decided_as_one_operation_and_one_undo_takes_both_back() {
    let mut session = TestSession::new();
    session.run(&["One text of a stranger who sells", "Another text of somebody else"], &[]);
    let operation = session.next();
    let changes = vec![(RowNumber(0), Change::accept()), (RowNumber(1), Change::reject())];
    let decided = session.bench.change_each(operation, NOW, changes.clone());
    session.bench.commit().unwrap();
    assert_eq!((decided.rows, decided.same), (2, 0));
    let states = |session: &TestSession| [0, 1].map(|row| session.bench.projection().state(RowNumber(row)));
    assert_eq!(states(&session), [RowState::Accepted { rating: None }, RowState::Rejected]);
    let operation = session.next();
    assert_eq!(session.bench.change_each(operation, NOW, changes).rows, 0, "so already");
    let operation = session.next();
    assert_eq!(session.bench.undo(operation, NOW).unwrap().rows, 2);
    session.bench.commit().unwrap();
    assert_eq!(states(&session), [RowState::Pending; 2]);
}

#[test]
fn a_comparison_that_is_ended_early_is_stopped_and_its_sides_are_not_sampled_any_more() {
    let mut session = TestSession::new();
    let versions = [add(&mut session, "One.", &[]), add(&mut session, "Two.", &[])];
    let trial = begin(&mut session, order(versions, 1)).unwrap();
    let known = session.bench.projection().laboratory().trial(trial).unwrap().clone();
    let operation = session.next();
    session.bench.end_compare(operation, NOW).unwrap();
    let ended = session.bench.projection().laboratory().trial(trial).unwrap().ended;
    assert_eq!(ended.map(|end| end.outcome), Some(TrialOutcome::Stopped));
    let order = run_of_side(&known, 0, settings(1.0), crate::domain::Budget::default());
    let operation = session.next();
    let late = session.bench.begin_run(&order, &PromptSource::Version(None), &Model, operation, NOW);
    assert!(late.is_err_and(|error| error.to_string().contains("has ended")));
    let operation = session.next();
    assert!(session.bench.end_compare(operation, NOW).is_err(), "none goes on");
}
