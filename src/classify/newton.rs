//! Newton's method with conjugate gradients, for ½‖w‖² plus a convex loss of linear outputs.
//!
//! Each step solves the second-order model of the loss only as exactly as it pays (Dembo, Eisenstat and Steihaug 1982),
//! and goes as far along the step as the loss falls. On short texts a fit takes six to eight steps of two to ten turns
//! each; with the diagonal of the second derivatives as a preconditioner it took longer.

use crate::text::{Stop, Stopped};

use super::design::Design;
use super::loss::Loss;

/// After so many steps the tolerance lies below what the numbers can hold; a fit takes about ten.
const MOST_STEPS: usize = 100;

/// After so many turns of conjugate gradients a step is good enough, however exact it should be.
const MOST_TURNS: usize = 500;

/// A problem to solve: the rows, their loss, and whether the penalty is on the biases too.
#[derive(Debug)]
pub(super) struct Problem<'a> {
    pub(super) design: &'a Design,
    pub(super) loss: &'a Loss<'a>,
    pub(super) is_bias_penalised: bool,
    /// The largest entry that the gradient may have at the end.
    pub(super) tolerance: f64,
}

/// Where the search is.
struct State {
    point: Vec<f64>,
    outputs: Vec<f64>,
    value: f64,
    gradient: Vec<f64>,
    curvature: Vec<f64>,
}

impl Problem<'_> {
    /// Returns the point where the gradient's largest entry is at most the tolerance, starting from another point.
    ///
    /// # Errors
    ///
    /// Where the work is stopped.
    pub(super) fn solve(&self, start: Vec<f64>, stop: &Stop) -> Result<Vec<f64>, Stopped> {
        let rows = self.design.rows() * self.design.stride();
        let mut state = State {
            point: start,
            outputs: vec![0.0; rows],
            value: 0.0,
            gradient: vec![0.0; self.design.size()],
            curvature: vec![0.0; rows],
        };
        self.design.multiply(&state.point, &mut state.outputs);
        state.value = self.loss.value(&state.outputs) + 0.5 * self.squares(&state.point);
        self.look(&mut state);
        let first = norm(&state.gradient);
        for _ in 0..MOST_STEPS {
            if largest(&state.gradient) <= self.tolerance {
                break;
            }
            let exactness = (norm(&state.gradient) / first).sqrt().min(0.1);
            let (shift, outputs) = self.direction(&state, exactness, stop)?;
            if !self.advance(&mut state, &shift, &outputs) {
                break;
            }
            self.look(&mut state);
        }
        Ok(state.point)
    }

    /// Computes the gradient and the curvature.
    fn look(&self, state: &mut State) {
        let mut slopes = vec![0.0; state.outputs.len()];
        self.loss.slope(&state.outputs, &mut slopes, &mut state.curvature);
        self.design.multiply_transposed(&slopes, &mut state.gradient);
        self.add_penalty(&state.point, &mut state.gradient);
    }

    /// Returns how many numbers of a point the penalty is on.
    fn penalised(&self) -> usize {
        if self.is_bias_penalised { self.design.size() } else { self.design.bias() }
    }

    fn add_penalty(&self, point: &[f64], gradient: &mut [f64]) {
        gradient.iter_mut().zip(point).take(self.penalised()).for_each(|(sum, weight)| *sum += weight);
    }

    fn squares(&self, point: &[f64]) -> f64 {
        let weights = &point[..self.penalised()];
        dot(weights, weights)
    }

    /// Returns a step towards the lowest point of the second-order model, with the change of outputs that it brings.
    fn direction(&self, state: &State, exactness: f64, stop: &Stop) -> Result<(Vec<f64>, Vec<f64>), Stopped> {
        let size = self.design.size();
        let (mut shift, mut shift_outputs) = (vec![0.0; size], vec![0.0; state.outputs.len()]);
        let mut outputs = vec![0.0; state.outputs.len()];
        let mut changed = vec![0.0; outputs.len()];
        let mut curved = vec![0.0; size];
        let mut residual: Vec<f64> = state.gradient.iter().map(|slope| -slope).collect();
        let mut along = residual.clone();
        let mut square = dot(&residual, &residual);
        let enough = exactness * exactness * square;
        for _ in 0..MOST_TURNS {
            stop.check()?;
            self.design.multiply(&along, &mut outputs);
            changed.copy_from_slice(&outputs);
            self.loss.curve(&state.curvature, &mut changed);
            self.design.multiply_transposed(&changed, &mut curved);
            self.add_penalty(&along, &mut curved);
            let bend = dot(&along, &curved);
            if bend <= 0.0 {
                break;
            }
            let length = square / bend;
            add_scaled(&mut shift, length, &along);
            add_scaled(&mut shift_outputs, length, &outputs);
            add_scaled(&mut residual, -length, &curved);
            let next = dot(&residual, &residual);
            if next <= enough {
                break;
            }
            let kept = next / square;
            along.iter_mut().zip(&residual).for_each(|(along, residual)| *along = residual + kept * *along);
            square = next;
        }
        Ok((shift, shift_outputs))
    }

    /// Goes along a step as far as the value falls enough (Armijo 1966); returns whether it fell at all.
    fn advance(&self, state: &mut State, shift: &[f64], shift_outputs: &[f64]) -> bool {
        let slope = dot(&state.gradient, shift);
        if slope >= 0.0 {
            return false;
        }
        let penalised = self.penalised();
        let before = self.squares(&state.point);
        let mixed = dot(&state.point[..penalised], &shift[..penalised]);
        let after = self.squares(shift);
        // Near the end the value falls by less than its last digit.
        let noise = 1e-13 * state.value.abs();
        let mut length = 1.0;
        let mut outputs = vec![0.0; state.outputs.len()];
        while length > 1e-10 {
            let sums =
                state.outputs.iter().zip(shift_outputs).map(|(output, change)| output + length * change);
            outputs.iter_mut().zip(sums).for_each(|(output, sum)| *output = sum);
            let squares = before + 2.0 * length * mixed + length * length * after;
            let value = self.loss.value(&outputs) + 0.5 * squares;
            if value <= state.value + 1e-4 * length * slope + noise {
                add_scaled(&mut state.point, length, shift);
                state.outputs = outputs;
                state.value = value;
                return true;
            }
            length *= 0.5;
        }
        false
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    // Four sums at once, in an order that does not depend on the machine.
    let (a_fours, a_rest) = a.as_chunks::<4>();
    let (b_fours, b_rest) = b.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for (a, b) in a_fours.iter().zip(b_fours) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

fn norm(numbers: &[f64]) -> f64 {
    dot(numbers, numbers).sqrt()
}

fn largest(numbers: &[f64]) -> f64 {
    numbers.iter().fold(0.0, |most, number| number.abs().max(most))
}

fn add_scaled(sum: &mut [f64], factor: f64, term: &[f64]) {
    sum.iter_mut().zip(term).for_each(|(sum, term)| *sum += factor * term);
}
