//! Naive Bayes on weighted terms.

use super::loss::softmax;
use super::{Matrix, index, real};

/// What is added to each term's sum, so that a term that a class does not have is not impossible.
const ALPHA: f64 = 1.0;

/// Returns the weights of complement naive Bayes (Rennie et al. 2003), `classes` for each column.
///
/// Of a class they are −ln of each term's share in the rows of all *other* classes; they are not normalised.
/// Each row counts as often as its cost says.
pub(super) fn complement(matrix: &Matrix, labels: &[u32], costs: &[f64], classes: usize) -> Vec<f64> {
    let mut sums = sums(matrix, labels, costs, classes);
    for sums in sums.chunks_exact_mut(classes) {
        let all: f64 = sums.iter().sum();
        sums.iter_mut().for_each(|sum| *sum = all - *sum);
    }
    log_shares(&mut sums, classes);
    sums.iter_mut().for_each(|weight| *weight = -*weight);
    sums
}

/// Returns the log-probabilities of multinomial naive Bayes for rows, one for each class, fitted on train rows whose
/// classes are numbers below `classes`; every class has train rows.
#[must_use]
pub fn multinomial_nb(train: &Matrix, labels: &[u32], classes: usize, rows: &Matrix) -> Vec<Vec<f64>> {
    let mut weights = sums(train, labels, &vec![1.0; labels.len()], classes);
    log_shares(&mut weights, classes);
    let mut priors = vec![0.0; classes];
    labels.iter().for_each(|&class| priors[index(class)] += 1.0 / real(labels.len()));
    let log_probabilities = |row: &mut dyn Iterator<Item = (usize, f64)>| {
        let mut sums: Vec<f64> = priors.iter().map(|prior| prior.ln()).collect();
        for (column, value) in row {
            let weights = &weights[column * classes..(column + 1) * classes];
            sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += value * weight);
        }
        let mut shares = vec![0.0; classes];
        softmax(&sums, &mut shares);
        shares.iter().map(|share| share.ln()).collect()
    };
    rows.iter().map(|mut row| log_probabilities(&mut row)).collect()
}

/// Returns the sum of each column's values over the rows of each class, `classes` for each column.
fn sums(matrix: &Matrix, labels: &[u32], costs: &[f64], classes: usize) -> Vec<f64> {
    let mut sums = vec![0.0; matrix.width * classes];
    for ((row, &class), cost) in matrix.iter().zip(labels).zip(costs) {
        for (column, value) in row {
            sums[column * classes + index(class)] += cost * value;
        }
    }
    sums
}

/// Replaces sums by the logarithm of their share in the class's sum, both with [`ALPHA`] added to each column's.
fn log_shares(sums: &mut [f64], classes: usize) {
    let mut totals = vec![ALPHA * real(sums.len() / classes.max(1)); classes];
    for sums in sums.chunks_exact(classes) {
        totals.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum);
    }
    for sums in sums.chunks_exact_mut(classes) {
        sums.iter_mut().zip(&totals).for_each(|(sum, total)| *sum = ((*sum + ALPHA) / total).ln());
    }
}
