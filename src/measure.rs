//! The figures a person judges rows and a prompt by.
//!
//! Each is a formula of METRICS.md, tested against vectors that other programs computed. Nothing here reads the data
//! itself or fits anything: texts, classes, scores and counts come in, figures go out. A share that a decision rests on
//! comes with its interval, and a figure of diversity with what as many real rows have. The only conclusion that is
//! drawn is the verdict of an evaluation, by the rule of its protocol.
//!
//! ```text
//! decisions ──► Acceptance, Posterior ──► standing, pairs, race ──► scoreboard     which version is better
//! classes, scores ──► Report, Ranking, Threshold ──► decide     what classifiers are worth
//! texts ──► WordRows ──┬► ngrams, self_bleu, vendi     how varied they are among themselves
//!                      ├► vocabulary, rouge, lengths   how they differ from real rows
//!                      └► Prepared::compare            all of it, each figure beside real rows
//! texts ──► compression, near_duplicates
//! ```

pub(crate) mod acceptance;
mod better;
mod binomial;
mod bootstrap;
mod compression;
mod diversity;
mod eigenvalues;
mod histogram;
mod lengths;
mod limits;
mod near_duplicates;
mod ngrams;
pub(crate) mod pair_words;
pub(crate) mod pairs;
mod peeking;
mod percentile;
pub(crate) mod race;
mod ranking;
mod report;
mod rouge;
mod scoreboard;
mod seeds;
mod self_bleu;
#[cfg(test)]
mod simulated;
mod special;
mod texts;
mod threshold;
mod vendi;
mod verdict;
mod vocabulary;
mod word_rows;

pub use acceptance::Acceptance;
pub(crate) use acceptance::{AcceptanceFigures, VersionAcceptance, readers};
pub use better::{Posterior, sign_test};
pub use binomial::mcnemar;
pub use bootstrap::{REPLICATES, bootstrap};
pub use compression::compression_ratio;
pub(crate) use diversity::{LEAST_ROWS, tell};
pub use diversity::{Pool, Prepared, compare};
pub use lengths::{KolmogorovSmirnov, kolmogorov_smirnov, length_figures};
pub use near_duplicates::{MinHash, candidate_probability, estimated_similarity};
pub use ngrams::{distinct_n, ngram_diversity, self_repetition};
pub use peeking::{decisions_ahead, standing};
pub use percentile::percentile;
pub use ranking::{Ranking, brier};
pub use report::Report;
pub use rouge::{RougeL, VARIATION, rouge_l};
pub(crate) use scoreboard::told_scoreboard;
pub use scoreboard::{TextFigures, scoreboard};
pub use seeds::{PairedT, SignedRanks, holm, spread};
pub use self_bleu::self_bleu;
pub use texts::Texts;
pub use threshold::Threshold;
pub use vendi::vendi;
pub use verdict::{ArmMean, ArmScores, Decision, decide};
pub use vocabulary::compare_words;
pub use word_rows::{Cut, WordNumbers, WordRows};

/// Returns a count as a number to compute with.
#[expect(clippy::cast_precision_loss, reason = "nothing is counted 2^53 times")]
const fn float(count: usize) -> f64 {
    count as f64
}

/// Returns the share that `part` is of `whole`; 0 of nothing.
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { float(part) / float(whole) }
}

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
