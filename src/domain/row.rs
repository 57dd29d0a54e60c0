//! A generated row: its state, its flags, its scores.

use serde::{Deserialize, Serialize};

/// A person's score of an accepted row, from [`Rating::MIN`] to [`Rating::MAX`] stars.
///
/// The bounds are checked once, on construction, so code that holds a `Rating` never
/// has to check them again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Rating(u8);

impl Rating {
    /// The lowest rating.
    pub const MIN: u8 = 1;
    /// The highest rating.
    pub const MAX: u8 = 5;

    /// Returns the rating as a number of stars, 1 to 5.
    #[must_use]
    pub const fn stars(self) -> u8 {
        self.0
    }
}

/// A number of stars outside the bounds of [`Rating`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no rating: give a number from {min} to {max}", min = Rating::MIN, max = Rating::MAX)]
pub struct RatingOutOfRange(pub u8);

impl TryFrom<u8> for Rating {
    type Error = RatingOutOfRange;

    fn try_from(stars: u8) -> Result<Self, Self::Error> {
        if (Self::MIN..=Self::MAX).contains(&stars) { Ok(Self(stars)) } else { Err(RatingOutOfRange(stars)) }
    }
}

impl From<Rating> for u8 {
    fn from(rating: Rating) -> Self {
        rating.0
    }
}

/// A person's decision about a row.
///
/// A rating lives inside `Accepted`, so a rejected row with stars cannot be written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum RowState {
    /// Not decided yet.
    #[default]
    Pending,
    /// Kept, and written by exports.
    Accepted {
        /// Stars, where the person gave some.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rating: Option<Rating>,
    },
    /// Not wanted.
    Rejected,
    /// Looked at and left open.
    Skipped,
    /// Not there, because the import that brought the row was undone; its number stays taken.
    Withdrawn,
}

impl RowState {
    /// Returns which of the states it is, without the rating.
    #[must_use]
    pub const fn kind(self) -> StateKind {
        match self {
            Self::Pending => StateKind::Pending,
            Self::Accepted { .. } => StateKind::Accepted,
            Self::Rejected => StateKind::Rejected,
            Self::Skipped => StateKind::Skipped,
            Self::Withdrawn => StateKind::Withdrawn,
        }
    }

    /// Returns the rating, where there is one.
    #[must_use]
    pub const fn rating(self) -> Option<Rating> {
        match self {
            Self::Accepted { rating } => rating,
            _ => None,
        }
    }
}

/// The state of a row without its rating, as counts and filters use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateKind {
    /// Not decided yet.
    Pending,
    /// Kept.
    Accepted,
    /// Dropped.
    Rejected,
    /// Left open.
    Skipped,
    /// Not there, because its import was undone. No row that is listed or counted is in this state.
    Withdrawn,
}

impl StateKind {
    /// All states of rows that are there, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Accepted, Self::Rejected, Self::Skipped];

    /// Returns the state's name, as filters and JSON spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Skipped => "skipped",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// The kind of a flag. Names are kebab-case; later versions may add kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FlagKind {
    /// Its normalised text equals that of an earlier row.
    Duplicate,
    /// Nearly the same as an earlier row.
    NearDuplicate,
    /// Equal to, or nearly the same as, a train row.
    CopiesReal,
    /// Equal to, or nearly the same as, a test row: never exported unless asked for.
    ContaminatesTest,
    /// Shorter than the field's `min_chars`.
    TooShort,
    /// Longer than the field's `max_chars`.
    TooLong,
    /// The model declines to answer.
    Refusal,
    /// It repeats the prompt's instructions.
    EchoesPrompt,
    /// It repeats the same words many times.
    RepeatsItself,
    /// It has a placeholder that was never filled in: `[name]`, `{topic}`.
    Placeholder,
    /// Its generator finds it less likely than nearly all real rows.
    Unlikely,
    /// The people who labelled it, in the tool that it comes from, did not agree.
    Disagreement,
}

impl FlagKind {
    /// All flags, in the order in which they are shown.
    pub const ALL: [Self; 12] = [
        Self::ContaminatesTest,
        Self::CopiesReal,
        Self::Duplicate,
        Self::NearDuplicate,
        Self::Disagreement,
        Self::Refusal,
        Self::EchoesPrompt,
        Self::RepeatsItself,
        Self::Placeholder,
        Self::Unlikely,
        Self::TooShort,
        Self::TooLong,
    ];

    /// Returns the index of the flag in [`Self::ALL`], by which flags are sorted.
    #[must_use]
    pub fn place(self) -> usize {
        // `ALL` holds every flag, so the fallback is never used.
        Self::ALL.iter().position(|kind| *kind == self).unwrap_or(Self::ALL.len() - 1)
    }

    /// Returns the flag's name, as filters and JSON spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::NearDuplicate => "near-duplicate",
            Self::CopiesReal => "copies-real",
            Self::ContaminatesTest => "contaminates-test",
            Self::TooShort => "too-short",
            Self::TooLong => "too-long",
            Self::Refusal => "refusal",
            Self::EchoesPrompt => "echoes-prompt",
            Self::RepeatsItself => "repeats-itself",
            Self::Placeholder => "placeholder",
            Self::Unlikely => "unlikely",
            Self::Disagreement => "disagreement",
        }
    }

    /// Returns the flag's short name, for a narrow column.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::Duplicate => "dup",
            Self::NearDuplicate => "near",
            Self::CopiesReal => "copy",
            Self::ContaminatesTest => "test",
            Self::TooShort => "short",
            Self::TooLong => "long",
            Self::Refusal => "refus",
            Self::EchoesPrompt => "echo",
            Self::RepeatsItself => "loop",
            Self::Placeholder => "blank",
            Self::Unlikely => "odd",
            Self::Disagreement => "disag",
        }
    }

    /// Returns the flag with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A remark that a check made on a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Flag {
    /// The kind of remark.
    pub kind: FlagKind,
    /// The other row: a row id for `duplicate` and `near-duplicate`, a dataset id for `copies-real` and `contaminates-test`.
    pub other: Option<String>,
    /// The figure behind it: a similarity or a share from 0 to 1, or a length in characters.
    pub figure: Option<f64>,
}

/// Scores of a row, computed when it is sampled.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// 1 − the char-5 Jaccard similarity to the nearest train row; `None` where there is no train row.
    pub novelty: Option<f32>,
    /// The dataset id of that nearest train row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<String>,
}
