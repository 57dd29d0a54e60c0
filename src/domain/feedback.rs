//! What a person's decisions say of a prompt: rows they rejected, why, and what they changed.

use serde::Serialize;

use super::{Draft, Fields, Problem, RowId};

/// What the decisions on rows of one label say.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Feedback {
    /// Rejected rows, one for each reason first, then the last ones.
    pub rejected: Vec<RejectedRow>,
    /// Why rows were rejected, the most frequent reason first.
    pub reasons: Vec<ReasonCount>,
    /// Rows whose text a person changed, the last one first.
    pub edited: Vec<EditedRow>,
}

/// What came of asking a model for the next version of a prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct NextDraft {
    /// The changed prompt; `None` where no model is asked.
    pub draft: Option<Draft>,
    /// What prevents it from being sent.
    pub problems: Vec<Problem>,
    /// What decisions say.
    pub feedback: Feedback,
    /// What it took, as a sentence.
    pub used: String,
}

/// A row that a person rejected.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RejectedRow {
    /// Its id.
    pub id: RowId,
    /// Its text.
    pub text: String,
    /// Why it was rejected, where a reason was given.
    pub reason: Option<String>,
    /// All its fields.
    pub fields: Fields,
}

/// A reason, and how many rows were rejected for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReasonCount {
    /// The reason as it was typed.
    pub reason: String,
    /// How many rows have it.
    pub count: u32,
}

/// A row whose text a person changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EditedRow {
    /// Its id.
    pub id: RowId,
    /// The text that was generated.
    pub before: String,
    /// The text that the person wrote.
    pub after: String,
}

impl Feedback {
    /// Returns whether nothing was rejected or changed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rejected.is_empty() && self.reasons.is_empty() && self.edited.is_empty()
    }
}
