//! The Measure view and the Data view.

use std::sync::Arc;

use super::scene::Scene;
use super::*;
use crate::app::fixtures::Harness;
use crate::app::{Effect, View};
use crate::domain::fixtures::evaluation;
use crate::domain::{
    Arm, ArmFigures, ClassFigures, ClassRows, Conflict, DataReport, Evaluated, Evaluation, EvaluationWarning,
    Failure, Interval, JobOutcome, Misread, MisreadRow, OperationId, TextLengths, TrainCv, Verdict,
};

/// Returns the answers about the dataset.
pub(super) fn answers(effect: &Effect) -> Vec<Message> {
    match *effect {
        Effect::LookAtData { ask } => vec![
            Message::DataMisread { ask, misread: Ok(Box::new(misread())) },
            Message::DataCounted { ask, report: Box::new(report()) },
        ],
        Effect::MakeExample { row, is_example } => {
            vec![Message::ExampleMade { examples: Ok(if is_example { vec![row] } else { vec![] }) }]
        }
        _ => vec![],
    }
}

/// Brings the rows that a classifier does not get.
pub(super) fn with_misread(bench: &mut Harness) -> &mut Harness {
    let asked = bench.effects.iter().find_map(|effect| match effect {
        Effect::LookAtData { ask } => Some(*ask),
        _ => None,
    });
    bench.send(Message::DataMisread { ask: asked.unwrap(), misread: Ok(Box::new(misread())) });
    bench
}

fn misread() -> Misread {
    let row = |row, text: &str, label: &str, taken_for: &str, sure| MisreadRow {
        row,
        id: (row + 2).to_string(),
        text: text.into(),
        label: label.into(),
        taken_for: taken_for.into(),
        sure,
    };
    let mut rows = vec![
        row(
            41,
            "Do you realize that in about 40 years, we'll have thousands of old ladies running around with tattoos?",
            "spam",
            "ham",
            0.97,
        ),
        row(
            97,
            "Hi its LUCY Hubby at meetins all day Fri & I will B alone at hotel U fancy cumin over? Pls leave msg 2day 09099726395 Lucy x Calls£1/minMobsmoreLKPOBOX177HP51FL",
            "spam",
            "ham",
            0.93,
        ),
        row(
            212,
            "Latest News! Police station toilet stolen, cops have nothing to go on!",
            "spam",
            "ham",
            0.88,
        ),
        row(388, "\u{1b}[31mNasty\u{202e} text, 你好 🎁", "spam", "ham", 0.81),
        row(
            512,
            "Free msg: sorry, a service you ordered could not be delivered. Call 0871 to cancel",
            "ham",
            "spam",
            0.74,
        ),
        row(
            733,
            "Your account is now active. We are pleased to tell you that you may call us",
            "ham",
            "spam",
            0.66,
        ),
    ];
    rows.extend((0..60).map(|n| {
        row(1000 + n, &format!("One more text that is taken for spam, number {n}"), "ham", "spam", 0.6)
    }));
    Misread { rows, asked: 4255, wrong: 66, of_target: 559, target_wrong: 4 }
}

fn report() -> DataReport {
    let bars = |peak: usize, wide: usize| {
        (0..24_usize).map(|bar| (100 * wide / (wide + 3 * bar.abs_diff(peak))) as u64).collect::<Vec<_>>()
    };
    let class = |label: &str, train, test, lengths| ClassRows {
        label: label.into(),
        train,
        test,
        validation: 0,
        held_back: 0,
        lengths,
    };
    let lengths = |median, low, high, bars| TextLengths { median, low, high, bars };
    DataReport {
        classes: vec![
            class("ham", 3696, 965, lengths(11.0, 3.0, 37.0, bars(5, 4))),
            class("spam", 559, 140, lengths(25.0, 13.0, 31.0, bars(14, 2))),
        ],
        repeated: 216,
        repeated_texts: 148,
        set_aside: 187,
        conflicts: vec![Conflict {
            text: "Ok\u{1b}[2J, call me when you are there".into(),
            labels: vec![("ham".into(), 2), ("spam".into(), 1)],
        }],
        alike: vec![vec!["spam".into(), "Spam ".into()]],
        longest: 48,
        ..DataReport::default()
    }
}

/// Ends the evaluation that goes on.
fn ends(scene: &mut Scene, evaluation: Evaluation) {
    let Some(job) = scene.model.measure.going.map(|going| going.job) else { return };
    let next = OperationId(scene.model.shown().next_operation().0);
    let evaluated = Evaluated { evaluation: Arc::new(evaluation), next };
    scene.send(Message::JobEnded { job, outcome: Ok(JobOutcome::Evaluated(evaluated)) });
}

/// Returns an evaluation of six labels that hurts, with all warnings.
fn hurts() -> Evaluation {
    let names = ["anger", "fear", "joy", "a label that is very long", "sadness", "surprise"];
    let of = |arm: ArmFigures| {
        let classes = names.iter().zip([0.8, 0.75, 0.7, 0.65, 0.6, 0.55]).map(|(label, f1)| ClassFigures {
            label: (*label).into(),
            rows: 200,
            precision: 0.8,
            recall: 0.7,
            f1: f1 - if arm.arm == Arm::Accepted { 0.03 } else { 0.0 },
        });
        let right = if arm.arm == Arm::Accepted { 150 } else { 156 };
        let confusion =
            (0..6).map(|row| (0..6).map(|column| if row == column { right } else { 9 }).collect());
        let mean = arm.figures.pr_auc.mean - if arm.arm == Arm::Accepted { 0.09 } else { 0.0 };
        let mut arm = ArmFigures { classes: classes.collect(), confusion: confusion.collect(), ..arm };
        arm.figures.pr_auc.mean = mean;
        arm.pr_auc_interval = Interval { low: mean - 0.03, high: mean + 0.02 };
        arm
    };
    let base = evaluation();
    Evaluation {
        target: "fear".into(),
        verdict: Verdict::Hurts,
        gain: -0.076,
        interval: Interval { low: -0.11, high: -0.03 },
        arms: base.arms.into_iter().map(of).collect(),
        accepted: 12,
        warnings: vec![
            EvaluationWarning::FewSeeds { seeds: 3 },
            EvaluationWarning::FewRows { rows: 12 },
            EvaluationWarning::SmallTestSet { rows: 18 },
            EvaluationWarning::TestSetOpenedBefore { times: 2 },
            EvaluationWarning::Detectable { roc_auc: 0.97 },
            EvaluationWarning::Contaminated { rows: 4 },
            EvaluationWarning::ThresholdDoesAsWell,
        ],
        versions: vec![],
        ..base
    }
}

#[test]
fn before_the_first_evaluation_the_view_says_what_one_does_and_costs() {
    check("measure_before", 212, |scene| scene.press("g m"));
}

#[test]
fn an_evaluation_that_goes_on_says_how_far_it_is_and_how_to_stop_it() {
    check("measure_going", 212, |scene| {
        scene.press("g m s");
        let job = scene.model.measure.going.unwrap().job;
        scene.send(Message::Evaluating { job, done: 42, total: 140 });
    });
}

#[test]
fn an_evaluation_that_helps() {
    check("measure", 212, |scene| {
        scene.press("g m s");
        ends(scene, evaluation());
        scene.send(Message::CrossValidated(Some(TrainCv {
            without: 0.61,
            with: 0.67,
            next: OperationId(9),
        })));
    });
}

#[test]
fn the_end_of_an_evaluation_on_a_small_screen() {
    check("measure_end", 212, |scene| {
        scene.press("g m s");
        ends(scene, evaluation());
        // Only the drawing knows how long the text is.
        let _ = painted(scene, "mono");
        scene.press("G");
    });
}

#[test]
fn an_evaluation_that_hurts_and_is_old() {
    check("measure_hurts", 212, |scene| {
        scene.press("g m s");
        ends(scene, hurts());
        scene.press("g b a a g m");
    });
}

#[test]
fn the_strip_of_the_bench_says_what_train_rows_say() {
    check("train_cv", 212, |scene| {
        scene.press("a a");
        scene.send(Message::CrossValidated(Some(TrainCv {
            without: 0.61,
            with: 0.67,
            next: OperationId(1),
        })));
    });
}

#[test]
fn the_dataset() {
    check("data", 212, |scene| scene.press("g d"));
}

#[test]
fn what_a_classifier_does_not_get() {
    check("data_rows", 212, |scene| {
        scene.press("g d");
        if scene.model.size.width < 100 {
            scene.press("tab");
        }
        scene.press("j e");
    });
}

#[test]
fn a_dataset_that_no_classifier_can_be_trained_on_says_why() {
    let mut scene = Scene::new(160, 45, 3);
    scene.press("g d");
    let failed = Failure::new("Each label needs ten train rows.");
    scene.model.data.misread = Some(Err(failed.to_string()));
    assert!(text_of(&painted(&scene, "mono")).contains("Each label needs ten train rows."));
    assert_eq!(scene.model.view, View::Data);
}

#[test]
fn nasty_text_of_a_dataset_is_shown_and_never_obeyed() {
    for keys in ["g d", "g d j j j"] {
        let mut scene = Scene::new(160, 45, 3);
        scene.press(keys);
        let drawn = text_of(&painted(&scene, "mono"));
        assert!(!drawn.contains('\u{202e}') && !drawn.contains('\u{1b}'), "{drawn}");
    }
}
