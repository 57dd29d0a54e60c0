//! Fits on small made-up texts, held to the definitions of the models.

use crate::domain::Classifier;
use crate::text::{SplitMix64, Stop, Stopped};

use super::*;

const KINDS: [Classifier; 3] = [Classifier::Lr, Classifier::Svm, Classifier::Cnb];

/// Rows of made-up texts, in which each class has words of its own and shares others.
struct Made {
    rows: Matrix,
    labels: Vec<u32>,
    classes: usize,
}

fn made(classes: u32, count: u32) -> Made {
    let mut random = SplitMix64::new(u64::from(classes));
    let labels: Vec<u32> = (0..count).map(|row| row % classes).collect();
    let texts: Vec<String> = labels
        .iter()
        .map(|label| {
            let mut word = || match random.below(4) {
                0 => format!("own{label}x{}", random.below(6)),
                _ => format!("word{}", random.below(60)),
            };
            (0..12).map(|_| word()).collect::<Vec<_>>().join(" ")
        })
        .collect();
    let corpus = Corpus::new(&texts);
    let all: Vec<u32> = (0..count).collect();
    let rows = Features::fit(&corpus, &all).rows(&corpus, &all);
    Made { rows, labels, classes: index(classes) }
}

impl Made {
    fn fit(&self, kind: Classifier, options: FitOptions) -> Model {
        Model::fit(kind, &self.rows, &self.labels, self.classes, options, &Stop::never()).unwrap()
    }

    /// Returns the largest entry of ½‖w‖² + Σ loss's gradient, where `slope` is the derivative of a row's loss by the
    /// output of a class, given all scores.
    fn largest_slope(
        &self,
        model: &Model,
        slope: impl Fn(usize, usize, &[f64]) -> f64,
        bias_too: bool,
    ) -> f64 {
        let outputs = model.biases().len();
        let mut gradient = model.weights().to_vec();
        let mut of_biases = if bias_too { model.biases().to_vec() } else { vec![0.0; outputs] };
        for ((row, entries), scores) in self.rows.iter().enumerate().zip(model.scores(&self.rows).iter()) {
            let slopes: Vec<f64> = (0..outputs).map(|output| slope(row, output, scores)).collect();
            of_biases.iter_mut().zip(&slopes).for_each(|(sum, slope)| *sum += slope);
            for (column, value) in entries {
                let sums = gradient.iter_mut().skip(column * outputs);
                sums.zip(&slopes).for_each(|(sum, slope)| *sum += value * slope);
            }
        }
        gradient.iter().chain(&of_biases).fold(0.0, |most, entry| entry.abs().max(most))
    }

    fn is(&self, row: usize, class: usize) -> f64 {
        f64::from(u8::from(index(self.labels[row]) == class))
    }
}

#[test]
fn the_gradient_of_logistic_regression_ends_below_the_tolerance() {
    for (classes, tolerance) in [(2, 1e-6), (2, 1e-9), (3, 1e-6), (6, 1e-6), (9, 1e-8)] {
        let made = made(classes, 120);
        let model = made.fit(Classifier::Lr, FitOptions { tolerance, ..FitOptions::default() });

        // With two classes the only output is that of the second.
        let class = |output: usize| if classes == 2 { 1 } else { output };
        let slope = |row, output, scores: &[f64]| scores[class(output)] - made.is(row, class(output));
        let largest = made.largest_slope(&model, slope, false);

        assert!(largest <= tolerance * 1.001 + 1e-13, "{classes} classes: {largest}");
        let sum: f64 = model.biases().iter().sum();
        assert!(classes == 2 || sum.abs() < 1e-12, "the biases sum to {sum}");
    }
}

#[test]
fn the_gradient_of_the_support_vector_machine_ends_below_the_tolerance() {
    for classes in [2, 5] {
        let made = made(classes, 120);
        let model = made.fit(Classifier::Svm, FitOptions { c: 2.0, ..FitOptions::default() });

        let class = |output: usize| if classes == 2 { 1 } else { output };
        let slope = |row, output, scores: &[f64]| {
            let y = 2.0 * made.is(row, class(output)) - 1.0;
            -2.0 * 2.0 * y * (1.0 - y * scores[class(output)]).max(0.0)
        };
        let largest = made.largest_slope(&model, slope, true);

        assert!(largest <= 1.001e-6, "{classes} classes: {largest}");
    }
}

#[test]
fn equally_large_classes_weigh_the_same_already_and_a_rare_one_is_found_more_often() {
    let even = made(3, 90);
    let mut rare = made(2, 90);
    rare.labels = (0..90).map(|row| u32::from(row % 10 == 1)).collect();
    for kind in KINDS {
        let fit = |made: &Made, balanced| {
            let model = made.fit(kind, FitOptions { balanced, ..FitOptions::default() });
            model.scores(&made.rows)
        };
        assert_eq!(fit(&even, false), fit(&even, true), "{kind:?}");
        let sum = |scores: &Scores| scores.of(1).iter().sum::<f64>();
        assert!(sum(&fit(&rare, true)) > sum(&fit(&rare, false)), "{kind:?}");
    }
}

#[test]
fn a_class_without_train_rows_is_never_found() {
    let mut made = made(2, 40);
    made.labels.iter_mut().for_each(|label| *label *= 2);
    made.classes = 4;
    for kind in KINDS {
        let scores = made.fit(kind, FitOptions::default()).scores(&made.rows);

        let never = if kind == Classifier::Svm { f64::NEG_INFINITY } else { 0.0 };
        for class in [1, 3] {
            assert!(scores.of(class).iter().all(|score| score.to_bits() == never.to_bits()), "{kind:?}");
        }
        let right = scores.best().iter().zip(&made.labels).filter(|(found, label)| found == label).count();
        assert!(right > 30, "{kind:?}: {right} of 40");
    }
}

#[test]
fn with_one_class_alone_every_row_is_of_it() {
    let mut made = made(2, 10);
    made.labels.fill(1);
    for kind in KINDS {
        let scores = made.fit(kind, FitOptions::default()).scores(&made.rows);

        assert_eq!(scores.best(), [1; 10], "{kind:?}");
        assert!(kind == Classifier::Svm || scores.of(1) == [1.0; 10], "{kind:?}");
    }
}

#[test]
fn rows_without_words_are_scored_by_the_bias() {
    let corpus = Corpus::new(&["", "?", "!", "-"]);
    let features = Features::fit(&corpus, &[0, 1, 2]);
    let rows = features.rows(&corpus, &[0, 1, 2]);

    let model =
        Model::fit(Classifier::Lr, &rows, &[0, 0, 1], 2, FitOptions::default(), &Stop::never()).unwrap();

    assert!(features.is_empty());
    for score in model.scores(&features.rows(&corpus, &[3])).of(1) {
        assert!((score - 1.0 / 3.0).abs() < 1e-6, "{score}");
    }
}

#[test]
fn a_fit_ends_where_a_person_stops_it() {
    let made = made(3, 60);
    for kind in KINDS {
        let stop = Stop::when(|| true);
        let fit = Model::fit(kind, &made.rows, &made.labels, made.classes, FitOptions::default(), &stop);
        assert_eq!(fit.map(|_| ()), Err(Stopped), "{kind:?}");
    }
}
