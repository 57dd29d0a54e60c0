//! Linear classifiers: fitted on train rows, and what they say of other rows.

use crate::domain::Classifier;
use crate::text::{Stop, Stopped};

use super::bayes;
use super::design::Design;
use super::loss::{Kind, Loss, balance, sigmoid, softmax};
use super::newton::Problem;
use super::{Matrix, Scores, index, real};

/// How a classifier is fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitOptions {
    /// The weight of the loss against the penalty; naive Bayes does not use it.
    pub c: f64,
    /// Whether each class weighs the same: a row counts `n / (k n_c)` times.
    pub balanced: bool,
    /// The largest entry that the gradient may have at the end.
    pub tolerance: f64,
}

impl Default for FitOptions {
    fn default() -> Self {
        Self { c: 1.0, balanced: false, tolerance: 1e-6 }
    }
}

/// How outputs become scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    /// One output, which is the log-odds of the second class.
    Sigmoid,
    /// An output for each class, whose exponentials are in proportion to the probabilities.
    Softmax,
    /// One output, which is the margin of the second class.
    Margin,
    /// The margin of each class.
    Margins,
}

/// A fitted classifier.
#[derive(Debug, Clone)]
pub struct Model {
    classes: usize,
    /// The classes that have train rows, in order.
    known: Vec<u32>,
    /// Outputs for each row.
    outputs: usize,
    /// The weights of each column, `outputs` for each.
    weights: Vec<f64>,
    /// The bias of each output.
    biases: Vec<f64>,
    link: Link,
}

impl Model {
    /// Fits a classifier on train rows with their classes, which are numbers below `classes`.
    ///
    /// A class without train rows is never found: its probability is 0, its margin −∞.
    ///
    /// - `Lr`: ½‖w‖² + C Σ loss, bias not penalised; of more than two classes by softmax.
    /// - `Svm`: ½‖(w, b)‖² + C Σ max(0, 1 − y f)²; of more than two classes one against the others.
    /// - `Cnb`: complement naive Bayes with α = 1 (Rennie et al. 2003).
    ///
    /// # Errors
    ///
    /// Where the work is stopped.
    pub fn fit(
        kind: Classifier,
        matrix: &Matrix,
        labels: &[u32],
        classes: usize,
        options: FitOptions,
        stop: &Stop,
    ) -> Result<Self, Stopped> {
        stop.check()?;
        let (known, labels) = renumber(labels, classes);
        let factors = if options.balanced { balance(&labels, known.len()) } else { vec![1.0; known.len()] };
        let costs: Vec<f64> = labels.iter().map(|&class| factors[index(class)]).collect();
        let fit = Fit { matrix, labels: &labels, classes: known.len(), costs, options };
        let (link, outputs, weights, biases) = match kind {
            _ if known.len() < 2 => (Link::Softmax, 0, vec![], vec![]),
            Classifier::Lr => fit.logistic(stop)?,
            Classifier::Svm => fit.margins(stop)?,
            Classifier::Cnb => {
                let weights = bayes::complement(matrix, &labels, &fit.costs, known.len());
                (Link::Softmax, known.len(), weights, vec![0.0; known.len()])
            }
        };
        Ok(Self { classes, known, outputs, weights, biases, link })
    }

    /// Returns what the classifier says of rows: probabilities, or margins of a support vector machine.
    #[must_use]
    pub fn scores(&self, matrix: &Matrix) -> Scores {
        let absent = if matches!(self.link, Link::Margin | Link::Margins) { f64::NEG_INFINITY } else { 0.0 };
        let mut values = vec![absent; matrix.len() * self.classes];
        let mut found = vec![1.0; self.known.len()];
        let mut outputs = vec![0.0; self.outputs];
        for (row, values) in matrix.iter().zip(values.chunks_exact_mut(self.classes.max(1))) {
            self.outputs_into(row, &mut outputs);
            match (self.link, &mut *found, &*outputs) {
                (Link::Sigmoid, [first, second], [output]) => {
                    *second = sigmoid(*output);
                    *first = 1.0 - *second;
                }
                (Link::Margin, [first, second], [output]) => (*first, *second) = (-output, *output),
                (Link::Margins, found, outputs) => found.copy_from_slice(outputs),
                (_, [only], _) => *only = 1.0,
                (_, found, outputs) => softmax(outputs, found),
            }
            self.known.iter().zip(&found).for_each(|(&class, &score)| values[index(class)] = score);
        }
        Scores { classes: self.classes, values }
    }

    /// Returns the biases: one for two classes, else one for each class that has train rows.
    #[must_use]
    pub fn biases(&self) -> &[f64] {
        &self.biases
    }

    /// Returns the weights of each column, as many for each as there are biases.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    fn outputs_into(&self, row: impl Iterator<Item = (usize, f64)>, outputs: &mut [f64]) {
        outputs.copy_from_slice(&self.biases);
        for (column, value) in row {
            let weights = self.weights.iter().skip(column * self.outputs);
            outputs.iter_mut().zip(weights).for_each(|(output, weight)| *output += value * weight);
        }
    }
}

/// Returns the classes that occur, in order, and each label as a place in them.
fn renumber(labels: &[u32], classes: usize) -> (Vec<u32>, Vec<u32>) {
    let mut places = vec![None; classes];
    labels.iter().for_each(|&label| places[index(label)] = Some(0));
    let mut known = vec![];
    for (class, place) in (0..).zip(&mut places) {
        if let Some(place) = place {
            *place = u32::try_from(known.len()).unwrap_or(u32::MAX);
            known.push(class);
        }
    }
    let labels = labels.iter().filter_map(|&label| places[index(label)]).collect();
    (known, labels)
}

/// How outputs become scores, outputs for each row, weights and biases.
type Fitted = (Link, usize, Vec<f64>, Vec<f64>);

/// One fit of a model that minimises a loss.
struct Fit<'a> {
    matrix: &'a Matrix,
    labels: &'a [u32],
    classes: usize,
    costs: Vec<f64>,
    options: FitOptions,
}

impl Fit<'_> {
    fn logistic(mut self, stop: &Stop) -> Result<Fitted, Stopped> {
        let (link, kind, outputs) = match self.classes {
            2 => (Link::Sigmoid, Kind::Logistic, 1),
            classes => (Link::Softmax, Kind::Softmax, classes),
        };
        let shares = self.log_shares();
        self.costs.iter_mut().for_each(|cost| *cost *= self.options.c);
        let design = Design::new(self.matrix, outputs);
        let mut start = vec![0.0; design.size()];
        let biases = &mut start[design.bias()..];
        match &*shares {
            [first, second] => biases[0] = second - first,
            shares => biases.iter_mut().zip(shares).for_each(|(bias, share)| *bias = *share),
        }
        let stride = design.stride();
        let loss = Loss { kind, classes: self.labels, costs: &self.costs, stride, outputs };
        let tolerance = self.options.tolerance;
        let problem = Problem { design: &design, loss: &loss, is_bias_penalised: false, tolerance };
        let point = problem.solve(start, stop)?;
        let mut biases = point[design.bias()..][..outputs].to_vec();
        if link == Link::Softmax {
            // Adding the same to all biases changes nothing, so it is agreed that they sum to 0.
            let mean = biases.iter().sum::<f64>() / real(outputs);
            biases.iter_mut().for_each(|bias| *bias -= mean);
        }
        Ok((link, outputs, design.weights(self.matrix, &point, outputs), biases))
    }

    /// Returns the logarithm of each class's share of the costs.
    fn log_shares(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.classes];
        self.labels.iter().zip(&self.costs).for_each(|(&class, cost)| sums[index(class)] += cost);
        let all: f64 = sums.iter().sum();
        sums.iter().map(|sum: &f64| (sum / all).ln()).collect()
    }

    fn margins(mut self, stop: &Stop) -> Result<Fitted, Stopped> {
        self.costs.iter_mut().for_each(|cost| *cost *= self.options.c);
        let design = Design::new(self.matrix, 1);
        if self.classes == 2 {
            let (weights, bias) = self.margin(&design, self.labels, stop)?;
            return Ok((Link::Margin, 1, weights, vec![bias]));
        }
        let mut weights = vec![0.0; self.matrix.width * self.classes];
        let mut biases = vec![];
        for class in 0..self.classes {
            let labels: Vec<u32> =
                self.labels.iter().map(|&label| u32::from(index(label) == class)).collect();
            let (own, bias) = self.margin(&design, &labels, stop)?;
            let places = weights.iter_mut().skip(class).step_by(self.classes);
            places.zip(own).for_each(|(place, weight)| *place = weight);
            biases.push(bias);
        }
        Ok((Link::Margins, self.classes, weights, biases))
    }

    /// Returns the weights and the bias of one class against the others.
    fn margin(&self, design: &Design, labels: &[u32], stop: &Stop) -> Result<(Vec<f64>, f64), Stopped> {
        let loss =
            Loss { kind: Kind::SquaredHinge, classes: labels, costs: &self.costs, stride: 1, outputs: 1 };
        let problem =
            Problem { design, loss: &loss, is_bias_penalised: true, tolerance: self.options.tolerance };
        let point = problem.solve(vec![0.0; design.size()], stop)?;
        Ok((design.weights(self.matrix, &point, 1), point[design.bias()]))
    }
}
