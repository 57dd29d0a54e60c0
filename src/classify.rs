//! Text classifiers: TF-IDF of words and word pairs, and linear models on it.
//!
//! Texts are cut into terms once ([`Corpus`]). Which of them are train rows is a list of row numbers, and each list
//! has its own vocabulary and weights ([`Features`]), so the many training sets of an evaluation cost no second look
//! at the texts. The formulas are those of METRICS.md 14; the results equal scikit-learn's at the same tolerance.
//!
//! ```text
//! texts ──► Corpus ──(train rows)──► Features ──(rows)──► Matrix ──(labels)──► Model ──(Matrix)──► Scores
//! ```
//!
//! Everything runs on the caller's thread in a fixed order: equal input gives equal results to the last digit. Nothing
//! here knows what an arm or a seed is, and nothing reads a file.

mod bayes;
mod corpus;
mod design;
mod features;
mod loss;
mod model;
mod newton;
mod scores;
#[cfg(test)]
mod tests;
mod tokens;

pub use bayes::multinomial_nb;
pub use corpus::Corpus;
pub use features::{Features, Matrix};
pub use model::{FitOptions, Model};
pub use scores::Scores;

/// Returns a count as a real number.
#[expect(clippy::cast_precision_loss, reason = "nobody counts 2^53 rows or words")]
const fn real(count: usize) -> f64 {
    count as f64
}

/// Returns a number that was stored in four bytes as an index.
const fn index(number: u32) -> usize {
    number as usize
}
