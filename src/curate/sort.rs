//! The orders in which rows can be shown.

use std::fmt;
use std::str::FromStr;

use super::error::remedy;

/// A sort order. It is stable: equal rows stay in arrival order, and rows without the figure come last in
/// both directions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sort {
    /// What rows are ordered by.
    pub key: SortKey,
    /// Whether the greatest value comes first.
    pub descending: bool,
}

/// What rows are ordered by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SortKey {
    /// Arrival number.
    #[default]
    Arrival,
    /// Novelty: how unlike the nearest train row they are.
    Novelty,
    /// Stars.
    Rating,
    /// Characters of the text.
    Length,
    /// Pending, accepted, rejected, skipped.
    State,
    /// The version they came from, in the order in which versions were made.
    Prompt,
}

impl SortKey {
    /// All keys.
    pub const ALL: [Self; 6] =
        [Self::Arrival, Self::Novelty, Self::Rating, Self::Length, Self::State, Self::Prompt];

    /// Returns the key's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Arrival => "arrival",
            Self::Novelty => "novelty",
            Self::Rating => "rating",
            Self::Length => "length",
            Self::State => "state",
            Self::Prompt => "prompt",
        }
    }
}

/// An unknown sort key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Rows cannot be sorted by `{word}`; {remedy}")]
pub struct SortError {
    word: String,
    remedy: String,
}

impl FromStr for Sort {
    type Err = SortError;

    /// Reads `sort:novelty` or `novelty`; a `-` before the key reverses the order.
    fn from_str(text: &str) -> Result<Self, SortError> {
        let text = text.trim();
        let word = text.strip_prefix("sort:").unwrap_or(text);
        let (descending, word) = word.strip_prefix('-').map_or((false, word), |word| (true, word));
        let found = SortKey::ALL.into_iter().find(|key| key.name() == word.to_lowercase());
        found.map(|key| Self { key, descending }).ok_or_else(|| SortError {
            word: word.to_owned(),
            remedy: remedy(word, &SortKey::ALL.map(SortKey::name)),
        })
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sort:{}{}", if self.descending { "-" } else { "" }, self.key.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_written_out_reads_back() {
        for key in SortKey::ALL {
            for descending in [false, true] {
                let sort = Sort { key, descending };
                assert_eq!(sort.to_string().parse(), Ok(sort));
            }
        }
        assert_eq!("Novelty".parse(), Ok(Sort { key: SortKey::Novelty, descending: false }));
    }

    #[test]
    fn an_unknown_order_says_what_there_is() {
        let said = |text: &str| text.parse::<Sort>().unwrap_err().to_string();
        assert_eq!(said("sort:ratng"), "Rows cannot be sorted by `ratng`; did you mean `rating`?");
        assert_eq!(
            said("colour"),
            "Rows cannot be sorted by `colour`; there is arrival, novelty, rating, length, state, prompt."
        );
    }
}
