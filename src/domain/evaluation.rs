//! What an evaluation found out: whether accepted rows make a classifier better on real test rows.
//!
//! Figures only; how they come about is written in `docs/metrics.md`. Shares and probabilities are from 0 to 1.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// The classifier that an evaluation trains.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Classifier {
    /// Logistic regression.
    #[default]
    Lr,
    /// Linear support vector machine with the squared hinge loss.
    Svm,
    /// Complement naive Bayes.
    Cnb,
}

impl Classifier {
    /// All classifiers.
    pub const ALL: [Self; 3] = [Self::Lr, Self::Svm, Self::Cnb];

    /// Returns its name, as the command line and JSON spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lr => "lr",
            Self::Svm => "svm",
            Self::Cnb => "cnb",
        }
    }

    /// Returns its name in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Lr => "logistic regression",
            Self::Svm => "linear support vector machine",
            Self::Cnb => "complement naive Bayes",
        }
    }

    /// Returns whether its scores are probabilities.
    #[must_use]
    pub const fn gives_probabilities(self) -> bool {
        !matches!(self, Self::Svm)
    }
}

/// One training set of an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arm {
    /// The known real rows.
    Real,
    /// The real rows and the accepted ones.
    Accepted,
    /// The real rows and as many copies of rows of the target.
    Copies,
    /// The real rows, with classes weighted by how rare they are.
    Balanced,
    /// The real rows and as many edits of rows of the target: words swapped, left out, doubled.
    Eda,
    /// The real rows, with the decision threshold tuned on them.
    Threshold,
    /// The real rows and as many of the rows that were held back.
    Ceiling,
}

impl Arm {
    /// All arms, in the order in which they are shown.
    pub const ALL: [Self; 7] =
        [Self::Real, Self::Accepted, Self::Copies, Self::Balanced, Self::Eda, Self::Threshold, Self::Ceiling];

    /// Returns its name, as the command line and JSON spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Accepted => "accepted",
            Self::Copies => "copies",
            Self::Balanced => "balanced",
            Self::Eda => "eda",
            Self::Threshold => "threshold",
            Self::Ceiling => "ceiling",
        }
    }
}

/// A mean over seeds, with its standard deviation (n − 1; 0 where there is one seed).
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The standard deviation.
    pub sd: f64,
}

/// The figures of one arm on the test rows (METRICS 13), over all seeds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Precision of the target.
    pub precision: Spread,
    /// Recall of the target.
    pub recall: Spread,
    /// F1 of the target.
    pub f1: Spread,
    /// Average precision of the target: the area under the curve of precision over recall.
    pub pr_auc: Spread,
    /// Mean F1 of all classes.
    pub macro_f1: Spread,
    /// Matthews correlation coefficient, −1 to 1.
    pub mcc: Spread,
    /// F1 of the target at the tuned threshold; `None` where scores are no thresholds to tune.
    pub tuned_f1: Option<Spread>,
    /// The tuned threshold.
    pub threshold: Option<Spread>,
    /// Mean squared error of the target's probability; `None` where the classifier gives none.
    pub brier: Option<Spread>,
}

/// Precision, recall and F1 of one class, means over seeds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassFigures {
    /// The label.
    pub label: String,
    /// Test rows that have it.
    pub rows: u64,
    /// Precision.
    pub precision: f64,
    /// Recall.
    pub recall: f64,
    /// F1.
    pub f1: f64,
}

/// What one arm gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArmFigures {
    /// The arm.
    pub arm: Arm,
    /// Rows that were added to the real ones.
    pub added: u64,
    /// Its figures.
    pub figures: Figures,
    /// The interval of its mean PR-AUC, by the same bootstrap that decides.
    pub pr_auc_interval: Interval,
    /// Each class, in sorted order.
    pub classes: Vec<ClassFigures>,
    /// The confusion matrix of the first seed: a row for each true class, a column for each predicted one, sorted.
    pub confusion: Vec<Vec<u64>>,
}

/// A 95 % interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// A point of the learning curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// The share of the accepted rows that were added: 0, 0.25, 0.5 or 1.
    pub share: f64,
    /// How many rows those are.
    pub rows: u64,
    /// PR-AUC.
    pub pr_auc: Spread,
    /// F1 of the target.
    pub f1: Spread,
}

/// What the accepted rows of one prompt version bring by themselves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VersionGain {
    /// The prompt and the version, as `v3` or `NAME@3`; `imported` where rows came with no version.
    pub version: String,
    /// Its accepted rows.
    pub rows: u64,
    /// PR-AUC with these rows less PR-AUC without, over seeds.
    pub gain: Spread,
}

/// The exact test of `McNemar` (1947) on the arms `real` and `accepted` of the first seed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct McNemar {
    /// Test rows that only `real` gets right.
    pub only_real: u64,
    /// Test rows that only `accepted` gets right.
    pub only_accepted: u64,
    /// The p value, two-sided.
    pub p: f64,
}

/// Rows that entered no arm, and why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Train rows whose text is a test row's.
    pub set_aside: u64,
    /// Accepted rows that are flagged as contaminating the test rows.
    pub contaminating: u64,
    /// Accepted rows whose text equals another accepted row's.
    pub duplicates: u64,
    /// Target rows that are held back because the session pretends not to know them.
    pub held_back: u64,
}

/// Whether the accepted rows help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The interval lies above 0, and no control does as well.
    Helps,
    /// The interval lies above 0, but a control does as well.
    NoBetterThanAControl,
    /// The interval holds 0.
    Undecided,
    /// The interval lies below 0.
    Hurts,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: [Self; 4] = [Self::Helps, Self::NoBetterThanAControl, Self::Undecided, Self::Hurts];

    /// Returns its name, as the command line and JSON spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Helps => "helps",
            Self::NoBetterThanAControl => "no-better-than-a-control",
            Self::Undecided => "undecided",
            Self::Hurts => "hurts",
        }
    }
}

/// What to keep in mind beside the verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "warning", rename_all = "kebab-case")]
pub enum EvaluationWarning {
    /// Fewer than ten seeds.
    FewSeeds {
        /// How many.
        seeds: u64,
    },
    /// Fewer than thirty accepted rows.
    FewRows {
        /// How many.
        rows: u64,
    },
    /// Few test rows of the target: the interval is wide.
    SmallTestSet {
        /// How many.
        rows: u64,
    },
    /// The test rows were opened before: who looks after each change tunes on them.
    TestSetOpenedBefore {
        /// How often before.
        times: u64,
    },
    /// A classifier tells accepted rows from real ones.
    Detectable {
        /// Its ROC-AUC out of fold, .5 where they cannot be told apart.
        roc_auc: f64,
    },
    /// Accepted rows were left out because they contaminate the test rows.
    Contaminated {
        /// How many.
        rows: u64,
    },
    /// Tuning the threshold on real rows alone gives an F1 at least as high.
    ThresholdDoesAsWell,
}

/// An evaluation of one session's accepted rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// When it was made.
    pub at: Timestamp,
    /// The label that more rows are wanted of.
    pub target: String,
    /// The classifier.
    pub model: Classifier,
    /// The number of seeds.
    pub seeds: u64,
    /// Train rows of all labels that are known.
    pub train_rows: u64,
    /// Train rows of the target that are known.
    pub train_target: u64,
    /// Test rows.
    pub test_rows: u64,
    /// Test rows of the target.
    pub test_target: u64,
    /// Accepted rows that joined.
    pub accepted: u64,
    /// Of these, rows of other labels than the target.
    pub accepted_other: u64,
    /// Rows that joined no arm.
    pub left_out: LeftOut,
    /// The arms, in the order of [`Arm`].
    pub arms: Vec<ArmFigures>,
    /// Mean PR-AUC of `accepted` less that of `real`.
    pub gain: f64,
    /// The interval that decides.
    pub interval: Interval,
    /// The test that compares the arms on each test row of one split.
    pub mcnemar: McNemar,
    /// The learning curve, from 0 to all accepted rows.
    pub curve: Vec<CurvePoint>,
    /// The gain of each version that has at least ten accepted rows, most rows first.
    pub versions: Vec<VersionGain>,
    /// How well a classifier tells accepted rows from real ones (METRICS 11), .5 to 1; `None` where there are too few.
    pub detectability: Option<f64>,
    /// How often the test rows were opened, this time included.
    pub opened: u64,
    /// The verdict.
    pub verdict: Verdict,
    /// The control that does as well, where that is the verdict.
    pub control: Option<Arm>,
    /// What to keep in mind.
    pub warnings: Vec<EvaluationWarning>,
    /// Wall time, in seconds.
    pub seconds: f64,
}
