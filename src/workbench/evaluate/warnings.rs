//! What to keep in mind beside a verdict.

use crate::domain::{Arm, Evaluation, EvaluationWarning, Verdict};

/// The fewest seeds that need no warning.
const SEEDS: u64 = 10;
/// The fewest accepted rows that need no warning.
const ROWS: u64 = 30;
/// The fewest test rows of the target that need no warning.
const TEST_ROWS: u64 = 50;
/// The ROC-AUC from which accepted rows count as told apart from real ones.
const DETECTABLE: f64 = 0.90;

/// Returns the warnings that an evaluation's figures call for.
pub(super) fn warnings(evaluation: &Evaluation) -> Vec<EvaluationWarning> {
    let Evaluation { seeds, accepted, test_target, opened, left_out, .. } = evaluation;
    let detected = evaluation.detectability.filter(|roc_auc| *roc_auc >= DETECTABLE);
    let contaminating = left_out.contaminating;
    [
        (*seeds < SEEDS).then_some(EvaluationWarning::FewSeeds { seeds: *seeds }),
        (*accepted < ROWS).then_some(EvaluationWarning::FewRows { rows: *accepted }),
        (*test_target < TEST_ROWS).then_some(EvaluationWarning::SmallTestSet { rows: *test_target }),
        (*opened > 1).then(|| EvaluationWarning::TestSetOpenedBefore { times: opened - 1 }),
        detected.map(|roc_auc| EvaluationWarning::Detectable { roc_auc }),
        (contaminating > 0).then_some(EvaluationWarning::Contaminated { rows: contaminating }),
        is_as_good_by_threshold(evaluation).then_some(EvaluationWarning::ThresholdDoesAsWell),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns whether tuning the threshold on real rows alone gives a higher F1 than the accepted rows with theirs tuned.
fn is_as_good_by_threshold(evaluation: &Evaluation) -> bool {
    let figures = |arm| evaluation.arms.iter().find(|of| of.arm == arm).map(|of| &of.figures);
    let accepted = figures(Arm::Accepted).and_then(|figures| figures.tuned_f1);
    // The real rows' F1 at their own threshold is what that arm has.
    let threshold = figures(Arm::Real).and_then(|figures| figures.tuned_f1);
    let (Some(accepted), Some(threshold)) = (accepted, threshold) else { return false };
    evaluation.verdict != Verdict::Hurts && accepted.mean < threshold.mean
}
