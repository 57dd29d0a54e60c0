//! One training set of one seed: fitted, tuned, and asked about the test rows.

use super::Material;
use super::seeds::{FOLDS, Use, folds, random};
use super::training::{Ground, Training};
use crate::classify::{Corpus, Features, FitOptions, Model, Scores};
use crate::domain::Classifier;
use crate::measure::Threshold;
use crate::text::{Stop, Stopped};

/// What a classifier says of the test rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Outcome {
    /// The target's score of each test row.
    pub scores: Vec<f64>,
    /// The class that each test row is taken for.
    pub best: Vec<u32>,
    /// The class that each test row is taken for where it is not the target.
    pub other: Vec<u32>,
    /// The threshold of the target's score, tuned on real train rows; not for every set.
    pub threshold: Option<f64>,
}

/// Says whether a text is one of some real rows, or owes itself to one.
pub(super) type IsOf<'a> = &'a dyn Fn(u32, &dyn Fn(u32) -> bool) -> bool;

/// How a classifier is fitted on numbered texts.
pub(super) struct Fit<'a> {
    pub corpus: &'a Corpus,
    /// The class of a text.
    pub class: &'a (dyn Fn(u32) -> u32 + Sync),
    /// How many classes there are.
    pub classes: usize,
    /// Whether they weigh the same.
    pub balanced: bool,
    pub model: Classifier,
    pub stop: &'a Stop,
}

impl Fit<'_> {
    /// Fits the classifier on texts and returns what it says of others.
    pub(super) fn scores(&self, train: &[u32], rows: &[u32]) -> Result<Scores, Stopped> {
        let labels: Vec<u32> = train.iter().map(|&text| (self.class)(text)).collect();
        let features = Features::fit(self.corpus, train);
        let matrix = features.rows(self.corpus, train);
        let options = FitOptions { balanced: self.balanced, ..FitOptions::default() };
        let fitted = Model::fit(self.model, &matrix, &labels, self.classes, options, self.stop)?;
        Ok(fitted.scores(&features.rows(self.corpus, rows)))
    }

    /// Returns the scores of each real row by a classifier that was fitted without its fold.
    ///
    /// Added rows join every fold's training, but for those that a row of that fold is behind: `is_of` is told a text and
    /// what says whether a real row is of the fold, and returns whether the text is one of these rows or owes itself to
    /// one.
    pub(super) fn out_of_fold(
        &self,
        training: &Training,
        folds: &[u8],
        is_of: IsOf<'_>,
    ) -> Result<Vec<Vec<f64>>, Stopped> {
        let highest = training.real.iter().max().map_or(0, |row| *row as usize + 1);
        let mut fold_of = vec![None; highest];
        for (&row, &fold) in training.real.iter().zip(folds) {
            if let Some(place) = fold_of.get_mut(row as usize) {
                *place = Some(fold);
            }
        }
        let fold_of = |row: u32| fold_of.get(row as usize).copied().flatten();
        let mut found = vec![vec![]; training.real.len()];
        for fold in 0..FOLDS {
            let own = training.real.iter().zip(folds).filter(|(_, of)| **of == fold);
            let own: Vec<u32> = own.map(|(row, _)| *row).collect();
            let all = training.real.iter().chain(&training.added).copied();
            let train: Vec<u32> =
                all.filter(|&text| !is_of(text, &|row| fold_of(row) == Some(fold))).collect();
            let scores = self.scores(&train, &own)?;
            let places = found.iter_mut().zip(folds).filter(|(_, of)| **of == fold);
            places.zip(scores.iter()).for_each(|((place, _), scores)| *place = scores.to_vec());
        }
        Ok(found)
    }
}

/// Fits one training set and returns what it says of the test rows; where `tunes` says so, with a threshold.
pub(super) fn outcome(
    material: &Material,
    (ground, training): (&Ground, &Training),
    seed: u32,
    tunes: bool,
    (model, stop): (Classifier, &Stop),
) -> Result<Outcome, Stopped> {
    let fit = Fit {
        corpus: &ground.corpus,
        class: &|text| ground.class(text),
        classes: material.classes.len(),
        balanced: training.balanced,
        model,
        stop,
    };
    let all = [&*training.real, &*training.added].concat();
    let scores = fit.scores(&all, &material.test)?;
    let threshold = if tunes {
        let folds = folds_of(material, training, seed);
        let found =
            fit.out_of_fold(training, &folds, &|text, is_row| ground.source(text).is_some_and(is_row))?;
        tuned(material, &training.real, &found)
    } else {
        None
    };
    let other = scores.iter().map(|scores| best_but(scores, material.target)).collect();
    Ok(Outcome { scores: scores.of(material.target), best: scores.best(), other, threshold })
}

/// Returns the fold of each real row of a training set.
pub(super) fn folds_of(material: &Material, training: &Training, seed: u32) -> Vec<u8> {
    let classes: Vec<u32> = training.real.iter().map(|&row| material.class(row)).collect();
    folds(&classes, random(material, seed, Use::Folds))
}

/// Returns the threshold that has the highest F1 on scores of real rows out of fold.
fn tuned(material: &Material, real: &[u32], scores: &[Vec<f64>]) -> Option<f64> {
    let target = material.target;
    let scores: Vec<f64> =
        scores.iter().map(|scores| scores.get(target as usize).copied().unwrap_or_default()).collect();
    let is_target: Vec<bool> = real.iter().map(|&row| material.class(row) == target).collect();
    Threshold::tuned(&is_target, &scores).map(|threshold| threshold.at)
}

/// Returns the class with the highest score but one; of equal ones the first.
fn best_but(scores: &[f64], one: u32) -> u32 {
    let others = (0..).zip(scores).filter(|(class, _)| *class != one);
    let best = others.fold(None, |best: Option<(u32, f64)>, (class, &score)| match best {
        Some((_, highest)) if highest >= score => best,
        _ => Some((class, score)),
    });
    best.map_or(one, |(class, _)| class)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::evaluate::fixtures::material;
    use crate::workbench::evaluate::training::{Added, Grounds};

    fn fit<'a>(ground: &'a Ground, class: &'a (dyn Fn(u32) -> u32 + Sync), stop: &'a Stop) -> Fit<'a> {
        let model = Classifier::Lr;
        Fit { corpus: &ground.corpus, class, classes: 2, balanced: false, model, stop }
    }

    #[test]
    fn a_copy_of_a_row_that_is_held_out_stays_out_of_its_fold() {
        let (material, stop) = (material(), Stop::never());
        let grounds = Grounds::of(&material, &[Added::Copies], 1);
        let (ground, training) = grounds.training(&material, &Added::Copies, 0);
        let class = |text| ground.class(text);
        let fit = fit(ground, &class, &stop);
        let source = |text: u32, is_row: &dyn Fn(u32) -> bool| ground.source(text).is_some_and(is_row);
        // All rows are of one fold, so nothing is left to learn from.
        let folds = vec![0; training.real.len()];

        let scores = fit.out_of_fold(&training, &folds, &source).unwrap();

        let nothing = fit.scores(&[], &[0]).unwrap();
        assert!(scores.iter().all(|scores| Some(&**scores) == nothing.iter().next()), "{scores:?}");
        let free = fit.out_of_fold(&training, &folds, &|_, _| false).unwrap();
        assert_ne!(free, scores, "copies would tell");
    }

    #[test]
    fn each_row_is_scored_by_a_classifier_that_did_not_see_it() {
        let (material, stop) = (material(), Stop::never());
        let grounds = Grounds::of(&material, &[], 1);
        let (ground, training) = grounds.training(&material, &Added::Nothing, 0);
        let class = |text| ground.class(text);
        let fit = fit(ground, &class, &stop);
        let folds = folds_of(&material, &training, 0);

        let scores = fit
            .out_of_fold(&training, &folds, &|text, is_row| ground.source(text).is_some_and(is_row))
            .unwrap();

        for (place, row) in training.real.iter().enumerate() {
            let without = training.real.iter().zip(&folds).filter(|(_, fold)| **fold != folds[place]);
            let train: Vec<u32> = without.map(|(row, _)| *row).collect();
            let own = fit.scores(&train, &[*row]).unwrap();
            assert_eq!(own.iter().next().unwrap(), scores[place]);
        }
    }

    #[test]
    fn the_best_but_one_is_never_that_one_and_of_equal_ones_the_first() {
        assert_eq!(best_but(&[0.1, 0.8, 0.05, 0.1], 1), 0);
        assert_eq!(best_but(&[0.9, 0.1], 0), 1);
        assert_eq!(best_but(&[f64::NEG_INFINITY, 2.0, f64::NEG_INFINITY], 1), 0);
    }
}
