//! The figures a person judges a prompt by.
//!
//! Each is a formula of METRICS.md, tested against vectors that other programs computed. Nothing here reads the data
//! itself or fits anything: classes, scores and counts come in, figures go out. The only conclusion that is drawn is
//! the verdict of an evaluation, by the rule of its protocol.

pub(crate) mod acceptance;
mod better;
mod binomial;
mod bootstrap;
mod percentile;
mod ranking;
mod report;
mod seeds;
mod special;
mod threshold;
mod verdict;

pub use acceptance::Acceptance;
pub(crate) use acceptance::{AcceptanceFigures, VersionAcceptance, readers};
pub use better::{Posterior, sign_test};
pub use binomial::mcnemar;
pub use bootstrap::{REPLICATES, bootstrap};
pub use percentile::percentile;
pub use ranking::{Ranking, brier};
pub use report::Report;
pub use seeds::{PairedT, SignedRanks, holm, spread};
pub use threshold::Threshold;
pub use verdict::{ArmMean, ArmScores, Decision, decide};

/// Returns a count as a real number.
#[expect(clippy::cast_precision_loss, reason = "nobody counts 2^53 rows")]
const fn real(count: u64) -> f64 {
    count as f64
}

/// Returns the whole part of a number that is not negative, as a place in a list.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places are whole and not negative"
)]
const fn place(at: f64) -> usize {
    at as usize
}

/// Returns a class's number as a place in a list.
const fn place_of(class: u32) -> usize {
    class as usize
}
