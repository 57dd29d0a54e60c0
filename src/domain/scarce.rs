//! How many rows of the target a session pretends to know.

use serde::{Deserialize, Serialize};

/// Only so many train rows of a label are known; the label's other train rows are held back.
///
/// It holds for a session from its first run on, since rows that are sampled with more examples would bring what is
/// held back into the session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scarce {
    /// The label.
    pub label: String,
    /// How many of its train rows are known, from 1.
    pub known: u32,
}
