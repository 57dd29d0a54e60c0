//! Why a filter cannot be read, and the helper that finds what was meant.

use std::ops::Range;

/// Why a filter cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FilterError {
    /// What is wrong and what to write instead, as a sentence.
    pub message: String,
    /// The bytes of the text that are wrong.
    pub range: Range<usize>,
}

impl FilterError {
    pub(super) fn new(range: Range<usize>, message: impl Into<String>) -> Self {
        Self { message: message.into(), range }
    }
}

/// Returns what to write instead of a word that is none of the options.
pub(super) fn remedy(word: &str, options: &[&str]) -> String {
    let lower = word.to_lowercase();
    let measured = options.iter().map(|option| (strsim::damerau_levenshtein(&lower, option), option));
    match measured.min_by_key(|(distance, _)| *distance) {
        Some((distance, option)) if distance * 3 <= lower.chars().count().max(option.len()) => {
            format!("did you mean `{option}`?")
        }
        _ => format!("there is {}.", options.join(", ")),
    }
}
