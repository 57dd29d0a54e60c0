//! Trials: versions, models or settings that are tried against each other.
//!
//! ```text
//! Trial 1 ──── 2 to 8 Side        a version and the settings of its generator
//!    └──────── * Run              each run of a trial names its side
//! ```
//!
//! A comparison has two sides whose rows are shown as pairs; a race has up to eight that compete for the next rows.
//! While a blind trial goes on, nothing may tell which side a row comes from. What a person decided is in the marks of
//! the rows alone, so that undo takes it back here too.

use serde::{Deserialize, Serialize};

use super::{GeneratorSettings, Timestamp, VersionId};

/// A trial's number in its session, from 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TrialNumber(pub u32);

/// What kind of trial it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrialKind {
    /// Two sides answer the same requests, and their rows are decided in pairs.
    Compare,
    /// Sides compete for the next rows.
    Race,
}

impl TrialKind {
    /// Returns the word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compare => "comparison",
            Self::Race => "race",
        }
    }
}

/// One side of a trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// The version.
    pub version: VersionId,
    /// The generator of its rows, with its settings.
    pub settings: GeneratorSettings,
}

/// Which side of which trial a run samples for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TrialSide {
    /// The trial.
    pub trial: TrialNumber,
    /// The side's place in the trial, from 0.
    pub side: u8,
}

/// How a trial ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum TrialOutcome {
    /// One side is the best.
    Best {
        /// Its place, from 0.
        side: u8,
    },
    /// No difference that matters is left.
    NoDifference,
    /// All rows that it was to have are decided, and no side is known to be the best.
    Undecided,
    /// A person ended it.
    Stopped,
}

/// How and when a trial ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialEnd {
    /// When.
    pub at: Timestamp,
    /// How.
    #[serde(flatten)]
    pub outcome: TrialOutcome,
}

/// Sides that are tried against each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Its number, from 1.
    pub number: TrialNumber,
    /// What kind it is.
    pub kind: TrialKind,
    /// Its sides, 2 of a comparison and 2 to 8 of a race.
    pub sides: Vec<Side>,
    /// How many pairs of rows a comparison has; how many decisions a race takes at most.
    pub rows: u32,
    /// What the order in which rows are shown, and the choices of a race, are drawn from.
    pub seed: u64,
    /// Whether it is hidden which side a row comes from, as long as the trial goes on.
    pub blind: bool,
    /// When it began.
    pub started_at: Timestamp,
    /// How it ended; `None` while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<TrialEnd>,
}

impl Trial {
    /// The most sides of a race.
    pub const MOST_SIDES: usize = 8;

    /// Returns whether it goes on.
    #[must_use]
    pub const fn goes_on(&self) -> bool {
        self.ended.is_none()
    }

    /// Returns whether it must be hidden which side a row comes from.
    #[must_use]
    pub const fn hides(&self) -> bool {
        self.blind && self.goes_on()
    }
}
