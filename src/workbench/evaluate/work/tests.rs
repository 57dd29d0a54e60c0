use std::cell::RefCell;
use std::collections::HashMap;

use super::*;
use crate::domain::EvaluationWarning;
use crate::workbench::evaluate::fixtures::{ALL_WORDS, material, message};
use crate::workbench::evaluate::{AcceptedRow, Labelled};

/// Results in memory.
#[derive(Default)]
struct Memory(RefCell<HashMap<String, Vec<u8>>>);

impl Keep for Memory {
    fn find(&self, key: &str) -> Option<Vec<u8>> {
        self.0.borrow().get(key).cloned()
    }

    fn keep(&self, key: &str, bytes: &[u8]) {
        self.0.borrow_mut().insert(key.to_owned(), bytes.to_vec());
    }
}

fn order(seeds: u32) -> EvaluationOrder {
    EvaluationOrder { seeds, ..EvaluationOrder::default() }
}

fn evaluated(material: &Material, order: &EvaluationOrder, keep: &dyn Keep) -> Evaluated {
    evaluate(material, order, Watching { tell: &mut |_, _| (), keep, stop: &Stop::never() }).unwrap()
}

fn found(material: &Material) -> Evaluation {
    evaluated(material, &order(2), &()).evaluation
}

#[test]
fn real_rows_that_tell_of_more_help() {
    let evaluation = found(&material());

    assert_eq!((evaluation.verdict, evaluation.control), (Verdict::Helps, None), "{evaluation:?}");
    assert!(evaluation.gain > 0.0 && evaluation.interval.low > 0.0);
    let names: Vec<&str> = evaluation.arms.iter().map(|of| of.arm.name()).collect();
    assert_eq!(names, ["real", "accepted", "copies", "balanced", "eda", "threshold", "ceiling"]);
    assert_eq!(evaluation.curve.iter().map(|point| point.rows).collect::<Vec<_>>(), [0, 10, 20, 40]);
    assert_eq!(
        evaluation.versions.iter().map(|of| (&*of.version, of.rows)).collect::<Vec<_>>(),
        [("v2", 30), ("v1", 10)]
    );
    assert_eq!((evaluation.accepted, evaluation.accepted_other, evaluation.train_target), (40, 0, 12));
    let small = EvaluationWarning::SmallTestSet { rows: 40 };
    assert_eq!(evaluation.warnings[..2], [EvaluationWarning::FewSeeds { seeds: 2 }, small]);
}

#[test]
fn rows_with_a_wrong_label_hurt_and_with_the_right_one_they_help() {
    let with = |class| {
        let row = |number| AcceptedRow {
            labelled: Labelled { text: message(number, Some(ALL_WORDS)), class },
            version: "imported".into(),
            source: None,
            seen: crate::workbench::evaluate::Seen::Rows(vec![]),
        };
        found(&Material { accepted: (3000..3100).map(row).collect(), ..material() })
    };
    let (wrong, right) = (with(0), with(1));

    assert_eq!((wrong.verdict, wrong.accepted_other), (Verdict::Hurts, 100), "{wrong:?}");
    assert_eq!((right.verdict, right.accepted_other), (Verdict::Helps, 0), "{right:?}");
}

#[test]
fn copies_of_the_known_rows_never_help() {
    let mut material = material();
    let known: Vec<u32> = material.of_target(&material.train, true).collect();
    for (row, source) in material.accepted.iter_mut().zip(known.iter().cycle()) {
        row.labelled.text.clone_from(&material.base[*source as usize].text);
        row.source = Some(*source);
    }
    let evaluation = found(&material);

    assert!(!matches!(evaluation.verdict, Verdict::Helps), "{evaluation:?}");
}

#[test]
fn few_rows_are_warned_about_and_arms_that_nobody_wants_are_not_shown() {
    let mut material = material();
    material.accepted.truncate(10);
    let order = EvaluationOrder { seeds: 1, arms: vec![Arm::Eda], ..EvaluationOrder::default() };
    let evaluation = evaluated(&material, &order, &()).evaluation;

    assert!(evaluation.warnings.contains(&EvaluationWarning::FewRows { rows: 10 }));
    assert!(evaluation.warnings.contains(&EvaluationWarning::FewSeeds { seeds: 1 }));
    let names: Vec<&str> = evaluation.arms.iter().map(|of| of.arm.name()).collect();
    let control = evaluation.control.map(Arm::name);
    assert_eq!(names, ["real", "accepted"].into_iter().chain(control).chain(["eda"]).collect::<Vec<_>>());
}

#[test]
fn each_classifier_gives_figures_and_margins_are_no_probabilities() {
    for model in Classifier::ALL {
        let order = EvaluationOrder { seeds: 2, model, ..EvaluationOrder::default() };
        let evaluation = evaluated(&material(), &order, &()).evaluation;
        assert!(evaluation.gain > 0.0, "{model:?}");
        for of in &evaluation.arms {
            assert_eq!(of.figures.brier.is_some(), model != Classifier::Svm);
            assert!(of.figures.tuned_f1.is_some(), "{model:?}");
        }
    }
}

#[test]
fn equal_rows_give_equal_figures_to_the_last_digit_found_or_computed() {
    let (material, memory) = (material(), Memory::default());

    let first = evaluated(&material, &order(3), &memory);
    let again = evaluated(&material, &order(3), &memory);
    let anew = evaluated(&material, &order(3), &());

    assert!(first.computed > 0);
    assert_eq!((again.computed, anew.computed), (0, first.computed));
    assert_eq!(first.evaluation, again.evaluation);
    assert_eq!(first.evaluation, anew.evaluation);
    assert_eq!(first.key, anew.key);
}

#[test]
fn a_changed_decision_computes_only_what_it_must_and_gives_what_computing_all_gives() {
    let (mut material, memory) = (material(), Memory::default());
    let _ = evaluated(&material, &order(3), &memory);
    let edited = material.accepted.iter().position(|row| row.version == "v1").unwrap();
    material.accepted[edited].labelled.text.push_str(" surely");

    let changed = evaluated(&material, &order(3), &memory);

    // The accepted rows, two shares of them and the version of the row.
    assert_eq!(changed.computed, 4 * 3);
    let anew = evaluated(&material, &order(3), &());
    assert_eq!((changed.evaluation, &changed.key), (anew.evaluation, &anew.key));
}

#[test]
fn more_seeds_and_other_arms_use_what_is_there() {
    let (material, memory) = (material(), Memory::default());
    let first = evaluated(&material, &EvaluationOrder { arms: vec![], ..order(2) }, &memory);

    let more = evaluated(&material, &EvaluationOrder { arms: vec![], ..order(3) }, &memory);
    assert_eq!(more.computed * 2, first.computed, "one seed more");
    assert_ne!(more.key, first.key);
    let arms = evaluated(&material, &order(3), &memory);
    assert_eq!(arms.computed, 2 * 3, "the edits and the rows held back");
    assert_eq!(evaluated(&material, &order(2), &memory).computed, 0, "fewer seeds");
    assert_eq!(
        evaluated(&material, &order(2), &memory).evaluation,
        evaluated(&material, &order(2), &()).evaluation
    );
}

#[test]
fn what_is_stopped_keeps_nothing() {
    let (material, memory) = (material(), Memory::default());
    let stop = Stop::when(|| true);
    let watching = Watching { tell: &mut |_, _| (), keep: &memory, stop: &stop };

    assert_eq!(evaluate(&material, &order(2), watching), Err(Stopped));
    assert!(memory.0.borrow().is_empty());
}

#[test]
fn where_all_accepted_rows_are_of_one_version_it_gains_what_they_gain() {
    let mut material = material();
    material.accepted.iter_mut().for_each(|row| row.version = "v7".into());
    let evaluation = found(&material);

    assert_eq!(evaluation.versions.len(), 1);
    assert!((evaluation.versions[0].gain.mean - evaluation.gain).abs() < 1e-12);
}

#[test]
fn progress_ends_at_the_number_of_pieces() {
    let mut told = vec![];
    let watching =
        Watching { tell: &mut |done, total| told.push((done, total)), keep: &(), stop: &Stop::never() };
    let evaluated = evaluate(&material(), &order(2), watching).unwrap();

    assert_eq!(told[0], (0, evaluated.computed));
    assert!(told.iter().all(|(done, total)| done <= total));
}

#[test]
fn rows_that_cannot_be_evaluated_are_refused_with_what_to_do() {
    let refused = |change: &dyn Fn(&mut Material)| {
        let mut material = material();
        change(&mut material);
        material.check().unwrap_err().to_string()
    };
    assert_eq!(material().check(), Ok(()));
    let few =
        refused(&|material| material.train.retain(|row| material.base[*row as usize].class == 0 || *row < 5));
    assert!(few.contains("5 known train rows") && few.contains("larger `scarce`"), "{few}");
    let few = refused(&|material| material.test.retain(|row| material.base[*row as usize].class == 0));
    assert!(few.contains("0 test rows"), "{few}");
    let one = refused(&|material| material.train.retain(|row| material.base[*row as usize].class == 1));
    assert!(one.contains("All train rows"), "{one}");
    let none = refused(&|material| {
        material.accepted.clear();
        material.left_out.contaminating = 2;
    });
    assert!(none.contains("the 2 that there are contaminate"), "{none}");
}
