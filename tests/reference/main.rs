//! Compares classifiers and verdicts with scikit-learn's on real data sets.
//!
//! The data sets are not part of this repository: the tests read the folder that `ROWSMITH_REFERENCE_DATA` names,
//! `../shared/data` by default, and say that they were skipped where it is missing. Without optimization they look at
//! one seed of each planted case; `cargo test --release --test reference` looks at everything.

#![expect(clippy::unwrap_used, reason = "reference data of another shape must fail the test")]

mod classifiers;
mod data;
mod scarce;
mod verdicts;
