//! What a classifier says of rows.

use super::index;

/// How much each class speaks for each row: probabilities, or margins of a support vector machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    pub(super) classes: usize,
    /// A row after the other, a score for each class.
    pub(super) values: Vec<f64>,
}

impl Scores {
    /// Returns the scores of one class, a row after the other.
    #[must_use]
    pub fn of(&self, class: u32) -> Vec<f64> {
        self.values.iter().skip(index(class)).step_by(self.classes.max(1)).copied().collect()
    }

    /// Returns the class with the highest score of each row; of equal ones the first.
    #[must_use]
    pub fn best(&self) -> Vec<u32> {
        self.iter().map(best_of).collect()
    }

    /// Returns the scores of each row, one for each class.
    pub fn iter(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.classes.max(1))
    }
}

fn best_of(scores: &[f64]) -> u32 {
    let mut best = (0, f64::NEG_INFINITY);
    for (class, &score) in (0..).zip(scores) {
        if score > best.1 {
            best = (class, score);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equal_scores_the_first_class_wins() {
        let scores = Scores { classes: 3, values: vec![0.2, 0.4, 0.4, 0.5, 0.0, 0.5, 0.1, 0.2, 0.7] };

        assert_eq!(scores.best(), [1, 0, 2]);
        assert_eq!(scores.of(2), [0.4, 0.5, 0.7]);
    }
}
