//! Why an evaluation says what it says, in sentences for the screen, where there is more room than a line.

use super::{Arm, Evaluation, Verdict, difference, figure};

impl Verdict {
    /// Returns the verdict in a few words.
    #[must_use]
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Helps => "helps",
            Self::NoBetterThanAControl => "no better than a control",
            Self::Undecided => "undecided",
            Self::Hurts => "hurts",
        }
    }
}

impl Evaluation {
    /// Returns why that is the verdict: the gain, and its interval against 0.
    #[must_use]
    pub(crate) fn why(&self) -> String {
        let auc = |arm| self.arms.iter().find(|of| of.arm == arm).map(|of| of.figures.pr_auc.mean);
        let from_to = match (auc(Arm::Real), auc(Arm::Accepted)) {
            (Some(real), Some(accepted)) => format!(" from {} to {}", figure(real), figure(accepted)),
            _ => String::new(),
        };
        let (low, high) = (self.interval.low, self.interval.high);
        let place = match () {
            () if low > 0.0 => "lies above 0",
            () if high < 0.0 => "lies below 0",
            () => "holds 0",
        };
        format!(
            "PR-AUC goes{from_to}, by {}. The 95 % interval of that gain, {} to {}, {place}.{}",
            difference(self.gain),
            difference(low),
            difference(high),
            self.about_f1().unwrap_or_default()
        )
    }

    /// Returns what a much larger F1 means where nothing is decided: a person sees it and would take it for the answer.
    fn about_f1(&self) -> Option<String> {
        let f1 = |arm| self.arms.iter().find(|of| of.arm == arm).map(|of| of.figures.f1.mean);
        let (real, accepted) = (f1(Arm::Real)?, f1(Arm::Accepted)?);
        (self.verdict == Verdict::Undecided && accepted - real > 0.1).then(|| {
            format!(
                " F1 goes from {} to {} all the same: with more rows of `{}` a classifier says it sooner. A lower threshold \
                 does that too, without new rows (column `tuned`).",
                figure(real),
                figure(accepted),
                self.target
            )
        })
    }

    /// Returns what PR-AUC means, with what guessing would give.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 rows")]
    pub(crate) fn about_pr_auc(&self) -> String {
        let share = self.test_target as f64 / (self.test_rows.max(1)) as f64;
        format!(
            "PR-AUC: how well `{}` is put before all else, whatever the threshold; 1 is perfect, {} is guessing.",
            self.target,
            figure(share)
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::Verdict;
    use crate::domain::fixtures::evaluation;

    #[test]
    fn the_reason_says_where_the_interval_lies() {
        let mut evaluation = evaluation();
        assert_eq!(
            evaluation.why(),
            "PR-AUC goes from .962 to .976, by +.014. The 95 % interval of that gain, +.003 to +.027, lies above 0."
        );
        evaluation.interval.low = -0.01;
        assert!(evaluation.why().ends_with("−.010 to +.027, holds 0."), "{}", evaluation.why());
        evaluation.interval.high = -0.001;
        assert!(evaluation.why().ends_with("lies below 0."));
        evaluation.verdict = Verdict::Undecided;
        for (arm, f1) in evaluation.arms.iter_mut().zip([0.0, 0.8]) {
            arm.figures.f1.mean = f1;
        }
        let said = evaluation.why();
        assert!(said.contains("F1 goes from .000 to .800 all the same"), "{said}");
    }

    #[test]
    fn guessing_is_as_good_as_the_share_of_the_target() {
        assert!(evaluation().about_pr_auc().ends_with("1 is perfect, .132 is guessing."));
    }
}
