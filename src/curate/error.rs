//! Why a filter cannot be read, and suggestions for misspelt words.

use std::ops::Range;

use crate::text::closest;

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
    match closest(word, options.iter().copied()) {
        Some(option) => format!("did you mean `{option}`?"),
        None => format!("there is {}.", options.join(", ")),
    }
}
