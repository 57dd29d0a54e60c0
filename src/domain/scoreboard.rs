//! The scoreboard: what the rows of each version and model came to, and which version is better.

use serde::{Serialize, Serializer};

use super::{Decisions, GeneratorInfo, Provider, VersionId};

/// What decisions say of one line of the scoreboard against another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Its rows are accepted more often.
    Better,
    /// Its rows are accepted less often.
    Worse,
    /// The decisions so far do not tell.
    Undecided,
}

/// One line of the scoreboard against another one of the same model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Against {
    /// The version of the other line.
    pub version: VersionId,
    /// Its number.
    pub number: u32,
    /// The probability that the line's own version is accepted more often, 0 to 1, for one look only.
    pub probability: f64,
    /// What may be said, however often somebody looks.
    pub standing: Standing,
    /// About how many more decisions on each of the two would tell, if their rates stay as they are; `None` where it is
    /// told already, or no number of at most 10,000 would.
    pub more: Option<u32>,
}

/// The rows of one version that one provider and model wrote.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScoreLine {
    /// The version.
    pub version: VersionId,
    /// The prompt's name.
    pub prompt: String,
    /// The version's number.
    pub number: u32,
    /// The provider's name.
    pub provider: String,
    /// The model's name, where the provider has models.
    pub model: Option<String>,
    /// Requests sent.
    pub requests: u32,
    /// Valid rows.
    pub rows: u32,
    /// Pieces of replies that are no valid rows.
    pub scraps: u32,
    /// Rows with a flag.
    pub flagged: u32,
    /// Rows that are the same as, or nearly the same as, another row of the line; `None` until it was counted.
    pub near_duplicates: Option<u32>,
    /// Rows decided one by one.
    pub decided: Decisions,
    /// Rows decided in bulk.
    pub bulk: Decisions,
    /// The mean of the ratings of rows decided one by one, 1 to 5; `None` without a rating.
    pub mean_rating: Option<f64>,
    /// The share of different word pairs among all word pairs of its rows, 0 to 1; `None` until it was counted.
    pub distinct_2: Option<f64>,
    /// Tokens of all its requests.
    pub tokens: u64,
    /// Tokens for each accepted row; `None` without one.
    pub tokens_per_accepted: Option<f64>,
    /// US dollars for each accepted row; `None` without one, or without a price.
    pub cost_per_accepted: Option<f64>,
    /// The most frequent reasons of its rejected rows with their counts, at most three, the most frequent first.
    #[serde(serialize_with = "as_objects")]
    pub reasons: Vec<(String, u32)>,
    /// Against the version that it was made from, on the same model; `None` where that has no line.
    pub against_parent: Option<Against>,
    /// Against the line of the same prompt and model that is accepted most often; `None` for that line itself.
    pub against_best: Option<Against>,
}

/// Writes reasons as `{"reason": "too long", "rows": 3}`.
fn as_objects<S: Serializer>(reasons: &[(String, u32)], serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Counted<'a> {
        reason: &'a str,
        rows: u32,
    }
    serializer.collect_seq(reasons.iter().map(|(reason, rows)| Counted { reason, rows: *rows }))
}

/// The lines of all versions and models that have rows, of generators that read prompts, in the order of the versions.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Scoreboard {
    /// The lines.
    pub lines: Vec<ScoreLine>,
}

impl GeneratorInfo {
    /// Returns whether the generator reads the words of the prompt, so that its rows say something of them.
    #[must_use]
    pub fn reads_prompts(&self) -> bool {
        self.provider != Provider::Offline.name()
    }
}

impl Scoreboard {
    /// Returns the lines of a version.
    pub fn of(&self, version: VersionId) -> impl Iterator<Item = &ScoreLine> {
        self.lines.iter().filter(move |line| line.version == version)
    }
}
