//! The figures a person judges rows and a prompt by.
//!
//! Each is a formula of METRICS.md, tested against vectors that other programs computed. Nothing here reads
//! the data itself. A share that a decision rests on comes with its interval, and a figure of diversity with what as
//! many real rows have.
//!
//! ```text
//! decisions ──► Acceptance
//! texts ──► WordRows ──┬► ngrams, self_bleu, vendi     how varied they are among themselves
//!                      ├► vocabulary, rouge, lengths   how they differ from real rows
//!                      └► Prepared::compare            all of it, each figure beside real rows
//! texts ──► compression, near_duplicates
//! ```

pub(crate) mod acceptance;
mod compression;
mod diversity;
mod eigenvalues;
mod histogram;
mod lengths;
mod limits;
mod near_duplicates;
mod ngrams;
mod rouge;
mod self_bleu;
mod vendi;
mod vocabulary;
mod word_rows;

pub use acceptance::Acceptance;
pub(crate) use acceptance::{AcceptanceFigures, VersionAcceptance, readers};
pub use compression::compression_ratio;
pub(crate) use diversity::LEAST_ROWS;
pub use diversity::{Pool, Prepared, compare};
pub use lengths::{KolmogorovSmirnov, kolmogorov_smirnov, length_figures};
pub use near_duplicates::{MinHash, candidate_probability, estimated_similarity};
pub use ngrams::{distinct_n, ngram_diversity, self_repetition};
pub use rouge::{RougeL, VARIATION, rouge_l};
pub use self_bleu::self_bleu;
pub use vendi::vendi;
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
