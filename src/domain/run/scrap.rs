//! The pieces of replies that are no rows.

use serde::{Deserialize, Serialize};

use crate::domain::{RequestNumber, RunNumber};

/// A piece of a reply that did not become a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scrap {
    /// The run it came in.
    pub run: RunNumber,
    /// The request it came from.
    pub request: RequestNumber,
    /// The text of the piece, unchanged.
    pub raw: String,
    /// Why it is not a valid row, as a sentence.
    pub reason: String,
    /// Whether a person turned it into a row.
    #[serde(default)]
    pub repaired: bool,
}
