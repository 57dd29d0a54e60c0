//! The figures of an arm from what its classifiers said of the test rows.

use super::Material;
use super::fitting::Outcome;
use crate::domain::{
    Arm, ArmFigures, ClassFigures, Classifier, CurvePoint, Figures, Interval, McNemar, Spread,
};
use crate::measure::{Ranking, Report, Threshold, brier, mcnemar, spread};

/// The true classes of the test rows.
pub(super) struct Truth<'m> {
    material: &'m Material,
    classes: Vec<u32>,
    pub is_target: Vec<bool>,
}

/// The figures of one seed.
struct OfSeed {
    report: Report,
    pr_auc: f64,
    tuned_f1: Option<f64>,
    threshold: Option<f64>,
    brier: f64,
}

impl<'m> Truth<'m> {
    pub(super) fn of(material: &'m Material) -> Self {
        let classes: Vec<u32> = material.test.iter().map(|&row| material.class(row)).collect();
        let is_target = classes.iter().map(|class| *class == material.target).collect();
        Self { material, classes, is_target }
    }

    /// Returns the average precision of the target for each seed.
    pub(super) fn pr_aucs(&self, outcomes: &[Outcome]) -> Vec<f64> {
        let ranking = |outcome: &Outcome| Ranking::of(&self.is_target, &outcome.scores).average_precision();
        outcomes.iter().map(ranking).collect()
    }

    fn of_seed(&self, outcome: &Outcome, by_threshold: bool) -> OfSeed {
        let threshold = outcome.threshold.map(|at| Threshold { at, f1: 0.0 });
        let predicted = match threshold.filter(|_| by_threshold) {
            None => outcome.best.clone(),
            Some(threshold) => {
                let is_target = threshold.apply(&outcome.scores);
                let taken = is_target.into_iter().zip(&outcome.other);
                taken.map(|(is, other)| if is { self.material.target } else { *other }).collect()
            }
        };
        OfSeed {
            report: Report::of(&self.classes, &predicted, self.material.classes.len()),
            pr_auc: Ranking::of(&self.is_target, &outcome.scores).average_precision(),
            tuned_f1: threshold.map(|threshold| threshold.f1_on(&self.is_target, &outcome.scores)),
            threshold: outcome.threshold,
            brier: brier(&self.is_target, &outcome.scores),
        }
    }

    /// Returns the figures of an arm; those of `threshold` count as the target what reaches the tuned threshold.
    pub(super) fn arm(
        &self,
        arm: Arm,
        outcomes: &[Outcome],
        added: u64,
        pr_auc_interval: Interval,
        model: Classifier,
    ) -> ArmFigures {
        let seeds: Vec<OfSeed> =
            outcomes.iter().map(|outcome| self.of_seed(outcome, arm == Arm::Threshold)).collect();
        let target = self.material.target;
        let over = |figure: &dyn Fn(&OfSeed) -> f64| spread(&seeds.iter().map(figure).collect::<Vec<_>>());
        let over_some = |figure: &dyn Fn(&OfSeed) -> Option<f64>| -> Option<Spread> {
            let all: Option<Vec<f64>> = seeds.iter().map(figure).collect();
            all.map(|all| spread(&all))
        };
        let figures = Figures {
            precision: over(&|seed| seed.report.precision(target)),
            recall: over(&|seed| seed.report.recall(target)),
            f1: over(&|seed| seed.report.f1(target)),
            pr_auc: over(&|seed| seed.pr_auc),
            macro_f1: over(&|seed| seed.report.macro_f1()),
            mcc: over(&|seed| seed.report.mcc()),
            tuned_f1: over_some(&|seed| seed.tuned_f1),
            threshold: over_some(&|seed| seed.threshold),
            brier: model.gives_probabilities().then(|| over(&|seed| seed.brier)),
        };
        let of_class = |(class, label): (u32, &String)| ClassFigures {
            label: label.clone(),
            rows: seeds.first().map_or(0, |seed| seed.report.rows(class)),
            precision: over(&|seed| seed.report.precision(class)).mean,
            recall: over(&|seed| seed.report.recall(class)).mean,
            f1: over(&|seed| seed.report.f1(class)).mean,
        };
        ArmFigures {
            arm,
            added,
            figures,
            pr_auc_interval,
            classes: (0..).zip(&self.material.classes).map(of_class).collect(),
            confusion: seeds.first().map(|seed| seed.report.confusion().to_vec()).unwrap_or_default(),
        }
    }

    /// Returns a point of the learning curve.
    pub(super) fn point(&self, share: f64, rows: u64, outcomes: &[Outcome]) -> CurvePoint {
        let f1: Vec<f64> = outcomes
            .iter()
            .map(|outcome| self.of_seed(outcome, false).report.f1(self.material.target))
            .collect();
        CurvePoint { share, rows, pr_auc: spread(&self.pr_aucs(outcomes)), f1: spread(&f1) }
    }

    /// Compares two classifiers on each test row.
    pub(super) fn mcnemar(&self, real: &Outcome, accepted: &Outcome) -> McNemar {
        let right = |outcome: &Outcome| -> Vec<bool> {
            outcome.best.iter().zip(&self.classes).map(|(best, class)| best == class).collect()
        };
        let (real, accepted) = (right(real), right(accepted));
        let only =
            |of: bool| real.iter().zip(&accepted).filter(|(r, a)| **r == of && **a != of).count() as u64;
        let (only_real, only_accepted) = (only(true), only(false));
        McNemar { only_real, only_accepted, p: mcnemar(only_real, only_accepted) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::evaluate::fixtures::material;

    #[test]
    fn the_threshold_arm_takes_for_the_target_what_reaches_the_threshold() {
        let material = material();
        let truth = Truth::of(&material);
        let count = material.test.len();
        let score = |row: &u32| if material.class(*row) == material.target { 0.3 } else { 0.1 };
        let outcome = Outcome {
            scores: material.test.iter().map(score).collect(),
            best: vec![1 - material.target; count],
            other: vec![1 - material.target; count],
            threshold: Some(0.3),
        };
        let of = |arm| truth.arm(arm, std::slice::from_ref(&outcome), 0, Interval::default(), Classifier::Lr);

        let (plain, tuned) = (of(Arm::Real).figures, of(Arm::Threshold).figures);

        assert!(plain.f1.mean < 0.001 && (tuned.f1.mean - 1.0).abs() < 1e-12);
        assert_eq!((plain.tuned_f1, plain.pr_auc), (tuned.tuned_f1, tuned.pr_auc));
        assert_eq!(plain.threshold.unwrap().mean.to_bits(), 0.3_f64.to_bits());
    }

    #[test]
    fn mcnemar_counts_the_rows_that_one_of_them_alone_gets_right() {
        let material = material();
        let truth = Truth::of(&material);
        let right = Outcome { best: truth.classes.clone(), ..Outcome::default() };
        let mut wrong = right.clone();
        wrong.best.iter_mut().take(3).for_each(|class| *class ^= 1);

        let compared = truth.mcnemar(&wrong, &right);

        assert_eq!((compared.only_real, compared.only_accepted), (0, 3));
        assert!((compared.p - 0.25).abs() < 1e-12);
    }
}
