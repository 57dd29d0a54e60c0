//! How well predicted classes agree with the true ones.

use super::{place_of, real};

/// The confusion matrix of predictions, and the figures that follow from it.
///
/// A share of nothing is 0: the precision of a class that is never predicted, the recall of one that no row has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    confusion: Vec<Vec<u64>>,
}

impl Report {
    /// Counts predictions; classes are numbers below `classes`, and rows of others are passed over.
    #[must_use]
    pub fn of(truth: &[u32], predicted: &[u32], classes: usize) -> Self {
        let mut confusion = vec![vec![0; classes]; classes];
        for (&truth, &predicted) in truth.iter().zip(predicted) {
            let row = confusion.get_mut(place_of(truth));
            if let Some(count) = row.and_then(|row| row.get_mut(place_of(predicted))) {
                *count += 1;
            }
        }
        Self { confusion }
    }

    /// Returns the confusion matrix: a row for each true class, a column for each predicted one.
    #[must_use]
    pub fn confusion(&self) -> &[Vec<u64>] {
        &self.confusion
    }

    /// Returns the rows that have a class.
    #[must_use]
    pub fn rows(&self, class: u32) -> u64 {
        self.confusion.get(place_of(class)).map_or(0, |row| row.iter().sum())
    }

    fn predicted(&self, class: u32) -> u64 {
        self.confusion.iter().filter_map(|row| row.get(place_of(class))).sum()
    }

    fn right(&self, class: u32) -> u64 {
        self.confusion.get(place_of(class)).and_then(|row| row.get(place_of(class))).copied().unwrap_or(0)
    }

    /// Returns the share of the rows predicted as a class that have it, 0 to 1.
    #[must_use]
    pub fn precision(&self, class: u32) -> f64 {
        share(self.right(class), self.predicted(class))
    }

    /// Returns the share of the rows of a class that are predicted as it, 0 to 1.
    #[must_use]
    pub fn recall(&self, class: u32) -> f64 {
        share(self.right(class), self.rows(class))
    }

    /// Returns the harmonic mean of precision and recall, 0 to 1.
    #[must_use]
    pub fn f1(&self, class: u32) -> f64 {
        share(2 * self.right(class), self.predicted(class) + self.rows(class))
    }

    /// Returns the mean F1 of the classes that some row has or is predicted as.
    #[must_use]
    pub fn macro_f1(&self) -> f64 {
        mean(
            self.classes()
                .filter(|&class| self.rows(class) + self.predicted(class) > 0)
                .map(|class| self.f1(class)),
        )
    }

    /// Returns the F1 of all classes together, which is the share of the rows that are right.
    #[must_use]
    pub fn micro_f1(&self) -> f64 {
        share(self.classes().map(|class| self.right(class)).sum(), self.all())
    }

    /// Returns the mean F1 of the classes, each weighted by its rows.
    #[must_use]
    pub fn weighted_f1(&self) -> f64 {
        let sum: f64 = self.classes().map(|class| real(self.rows(class)) * self.f1(class)).sum();
        if self.all() == 0 { 0.0 } else { sum / real(self.all()) }
    }

    /// Returns the mean recall of the classes that some row has.
    #[must_use]
    pub fn balanced_accuracy(&self) -> f64 {
        mean(self.classes().filter(|&class| self.rows(class) > 0).map(|class| self.recall(class)))
    }

    /// Returns the Matthews correlation coefficient of several classes (Gorodkin 2004), −1 to 1; 0 where it is not
    /// defined.
    #[must_use]
    pub fn mcc(&self) -> f64 {
        let all = real(self.all());
        let right: f64 = self.classes().map(|class| real(self.right(class))).sum();
        let (mut both, mut predicted, mut truth) = (0.0, 0.0, 0.0);
        for class in self.classes() {
            let (p, t) = (real(self.predicted(class)), real(self.rows(class)));
            both += p * t;
            predicted += p * p;
            truth += t * t;
        }
        let scale = ((all * all - predicted) * (all * all - truth)).sqrt();
        if scale > 0.0 { (right * all - both) / scale } else { 0.0 }
    }

    fn all(&self) -> u64 {
        self.confusion.iter().flatten().sum()
    }

    fn classes(&self) -> impl Iterator<Item = u32> + use<> {
        0..u32::try_from(self.confusion.len()).unwrap_or(u32::MAX)
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { real(part) / real(whole) }
}

fn mean(numbers: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = numbers.fold((0.0, 0_u64), |(sum, count), number| (sum + number, count + 1));
    if count == 0 { 0.0 } else { sum / real(count) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_nothing_are_zero() {
        let none = Report::of(&[], &[], 2);
        assert_eq!((none.macro_f1(), none.micro_f1(), none.weighted_f1(), none.mcc()), (0.0, 0.0, 0.0, 0.0));

        let never = Report::of(&[0, 0, 1], &[0, 0, 0], 3);
        assert_eq!((never.precision(1), never.recall(1), never.f1(1), never.mcc()), (0.0, 0.0, 0.0, 0.0));
        assert_eq!((never.macro_f1(), never.balanced_accuracy()), (0.4, 0.5), "no row has the third class");
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "all rows are right, or all are wrong")]
    fn all_right_is_one_and_all_wrong_of_two_classes_is_minus_one() {
        assert_eq!(Report::of(&[0, 1, 2, 1], &[0, 1, 2, 1], 3).mcc(), 1.0);
        assert_eq!(Report::of(&[0, 1], &[1, 0], 2).mcc(), -1.0);
    }
}
