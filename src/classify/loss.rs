//! The losses that the linear models minimise, with their first and second derivatives.

use super::{index, real};

/// What a model pays for a wrong output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// ln(1 + exp(−y f)): logistic regression of two classes.
    Logistic,
    /// max(0, 1 − y f)²: a support vector machine.
    SquaredHinge,
    /// −ln of the class's share of the exponentials of all outputs: logistic regression of more classes.
    Softmax,
}

/// The loss of train rows: what each costs, and which class it has.
///
/// With one output, class 1 is the positive one, y = 1, and every other negative, y = −1.
#[derive(Debug)]
pub(super) struct Loss<'a> {
    pub(super) kind: Kind,
    pub(super) classes: &'a [u32],
    /// The factor of each row's loss.
    pub(super) costs: &'a [f64],
    /// Numbers for each row in a list of outputs, of which only the first `outputs` are used.
    pub(super) stride: usize,
    pub(super) outputs: usize,
}

impl Loss<'_> {
    /// Returns the sum of all rows' losses.
    pub(super) fn value(&self, outputs: &[f64]) -> f64 {
        let rows = self.classes.iter().zip(self.costs).zip(outputs.chunks_exact(self.stride));
        rows.map(|((&class, cost), outputs)| {
            cost * match self.kind {
                Kind::Logistic => softplus(-sign(class) * outputs[0]),
                Kind::SquaredHinge => (1.0 - sign(class) * outputs[0]).max(0.0).powi(2),
                Kind::Softmax => {
                    let outputs = &outputs[..self.outputs];
                    let most = outputs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                    let sum: f64 = outputs.iter().map(|output| (output - most).exp()).sum();
                    sum.ln() + most - outputs[index(class)]
                }
            }
        })
        .sum()
    }

    /// Computes the derivative of the loss by each output, and what [`curve`](Self::curve) needs to go on.
    pub(super) fn slope(&self, outputs: &[f64], slopes: &mut [f64], curvature: &mut [f64]) {
        let rows = self.classes.iter().zip(self.costs).zip(outputs.chunks_exact(self.stride));
        let found = slopes.chunks_exact_mut(self.stride).zip(curvature.chunks_exact_mut(self.stride));
        for (((&class, &cost), outputs), (slopes, curvature)) in rows.zip(found) {
            let y = sign(class);
            match self.kind {
                Kind::Logistic => {
                    let wrong = sigmoid(-y * outputs[0]);
                    slopes[0] = -cost * y * wrong;
                    curvature[0] = cost * wrong * (1.0 - wrong);
                }
                Kind::SquaredHinge => {
                    let missing = (1.0 - y * outputs[0]).max(0.0);
                    slopes[0] = -2.0 * cost * y * missing;
                    curvature[0] = if missing > 0.0 { 2.0 * cost } else { 0.0 };
                }
                Kind::Softmax => {
                    let shares = &mut curvature[..self.outputs];
                    softmax(&outputs[..self.outputs], shares);
                    slopes.iter_mut().zip(&*shares).for_each(|(slope, share)| *slope = cost * share);
                    slopes[index(class)] -= cost;
                }
            }
        }
    }

    /// Replaces a change of each output by the change of the loss's slope that it brings.
    pub(super) fn curve(&self, curvature: &[f64], changes: &mut [f64]) {
        if self.kind != Kind::Softmax {
            changes.iter_mut().zip(curvature).for_each(|(change, curvature)| *change *= curvature);
            return;
        }
        let rows = curvature.chunks_exact(self.stride).zip(self.costs);
        for (changes, (shares, cost)) in changes.chunks_exact_mut(self.stride).zip(rows) {
            let mean: f64 = changes.iter().zip(shares).map(|(change, share)| change * share).sum();
            changes
                .iter_mut()
                .zip(shares)
                .for_each(|(change, share)| *change = cost * share * (*change - mean));
        }
    }
}

/// Returns factors that make every class weigh the same: `n / (k n_c)`, for k classes with `n_c` of the n rows each.
pub(super) fn balance(classes: &[u32], count: usize) -> Vec<f64> {
    let mut rows = vec![0_usize; count];
    classes.iter().for_each(|&class| rows[index(class)] += 1);
    let factor = |rows: &usize| real(classes.len()) / (real(count) * real(*rows));
    rows.iter().map(factor).collect()
}

const fn sign(class: u32) -> f64 {
    if class == 1 { 1.0 } else { -1.0 }
}

/// Returns ln(1 + exp(x)), exact for large and small x.
fn softplus(x: f64) -> f64 {
    if x > 0.0 { x + (-x).exp().ln_1p() } else { x.exp().ln_1p() }
}

/// Returns 1 / (1 + exp(−x)).
pub(super) fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + (-x).exp())
    } else {
        let power = x.exp();
        power / (1.0 + power)
    }
}

/// Computes the share of each output's exponential in the sum of all.
pub(super) fn softmax(outputs: &[f64], shares: &mut [f64]) {
    let most = outputs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for (share, output) in shares.iter_mut().zip(outputs) {
        *share = (output - most).exp();
        sum += *share;
    }
    shares.iter_mut().for_each(|share| *share /= sum);
}
