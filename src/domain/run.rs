//! Runs, their requests and messages, and the scraps of their replies.

mod scrap;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    BatchTarget, Budget, FailureGroup, GeneratorSettings, RequestNumber, RowPlan, RunNumber, Timestamp,
    TrialSide, Usage, VersionId,
};

pub(crate) use scrap::Scrap;

/// About how many tokens of a reply a row takes, where no reply has come yet that tells.
pub(crate) const TOKENS_OF_ROW: u64 = 60;

/// The generator that wrote a row, and its settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GeneratorInfo {
    /// The provider's name: `offline`, `openai` …
    pub provider: String,
    /// The model's name, where the provider has models.
    pub model: Option<String>,
    /// The server's address, where it is not the provider's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// The sampling temperature.
    pub temperature: f64,
    /// The seed of the run; a request's own seed is drawn from it.
    pub seed: u64,
}

/// The status of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum RunStatus {
    /// It is under way.
    Running,
    /// Its requests were written to files, and results are missing.
    Waiting,
    /// It gave all rows that were asked for.
    Done,
    /// A person stopped it, or its budget did.
    Stopped {
        /// Why, as a sentence; `None` where a person stopped it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The program ended before the run did.
    Interrupted,
    /// It ended with fewer rows than asked for.
    Failed {
        /// Why, as a sentence.
        reason: String,
    },
}

impl RunStatus {
    /// The status of a run that a person stopped.
    pub const STOPPED: Self = Self::Stopped { reason: None };

    /// Returns why the run ended early, as a sentence, where a reason is known.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Failed { reason } => Some(reason),
            Self::Stopped { reason } => reason.as_deref(),
            Self::Running | Self::Waiting | Self::Done | Self::Interrupted => None,
        }
    }

    /// Returns whether the run's budget stopped it: a person gives no reason.
    #[must_use]
    pub const fn is_out_of_budget(&self) -> bool {
        matches!(self, Self::Stopped { reason: Some(_) })
    }

    /// Returns the status's name, as JSON spells it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Stopped { .. } => "stopped",
            Self::Interrupted => "interrupted",
            Self::Failed { .. } => "failed",
        }
    }
}

/// Tokens as the provider counted them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// Tokens of the messages sent.
    pub input: u64,
    /// Tokens of the replies.
    pub output: u64,
}

impl Tokens {
    /// Returns the sum of two counts.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self { input: self.input + other.input, output: self.output + other.output }
    }

    /// Returns how many there are of both kinds.
    #[must_use]
    pub const fn total(self) -> u64 {
        self.input + self.output
    }

    /// Returns whether there are none.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.total() == 0
    }
}

/// One order of rows from one version and one generator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Its number, from 1.
    pub number: RunNumber,
    /// The version that its rows come from.
    pub version: VersionId,
    /// The label that its rows get.
    pub label: String,
    /// The generator of its rows.
    pub generator: GeneratorInfo,
    /// How many rows were asked for.
    pub requested: u32,
    /// Its status.
    #[serde(flatten)]
    pub status: RunStatus,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Valid rows kept.
    #[serde(default)]
    pub rows: u32,
    /// Rows with at least one flag.
    #[serde(default)]
    pub flagged: u32,
    /// Pieces of replies that did not become rows.
    #[serde(default)]
    pub scraps: u32,
    /// Requests sent; one that has begun and not ended counts once.
    #[serde(default)]
    pub requests: u32,
    /// Requests that failed.
    #[serde(default)]
    pub failed: u32,
    /// Tokens of all its requests.
    #[serde(default)]
    pub tokens: Tokens,
    /// Tokens of its requests that were estimated, because the provider counted none.
    #[serde(default, skip_serializing_if = "Tokens::is_nothing")]
    pub estimated: Tokens,
    /// Requests that took tokens, counted or estimated ones.
    #[serde(default)]
    pub paid: u32,
    /// Its failed requests by reason, the first reason first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<FailureGroup>,
    /// What a person should know of it, as sentences, in the order in which it was noticed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// The cost of counted and estimated tokens in US dollars; `None` where the price is not known or nothing is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_usd: Option<f64>,
    /// The full settings of its generator, with which it can be resumed.
    #[serde(default)]
    pub settings: GeneratorSettings,
    /// Its budget.
    #[serde(default)]
    pub budget: Budget,
    /// Whether its requests get the stored replies of equal earlier requests.
    #[serde(default)]
    pub reuse: bool,
    /// What answers its requests, where they were written to files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<BatchTarget>,
    /// The side of a trial that its rows are for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<TrialSide>,
    /// The plan that its rows go by, where requests do not draw all their values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<RowPlan>,
}

impl Run {
    /// Returns a run that begins now, with zero counts, no price and no budget.
    #[must_use]
    pub fn begun(
        number: RunNumber,
        version: VersionId,
        label: impl Into<String>,
        generator: GeneratorInfo,
        requested: u32,
        started_at: Timestamp,
    ) -> Self {
        Self {
            number,
            version,
            label: label.into(),
            generator,
            requested,
            status: RunStatus::Running,
            started_at,
            ended_at: None,
            rows: 0,
            flagged: 0,
            scraps: 0,
            requests: 0,
            failed: 0,
            tokens: Tokens::default(),
            estimated: Tokens::default(),
            paid: 0,
            failures: Vec::new(),
            remarks: Vec::new(),
            cost_usd: None,
            settings: GeneratorSettings::default(),
            budget: Budget::default(),
            reuse: false,
            batch: None,
            trial: None,
            plan: None,
        }
    }

    /// Adds what a request used.
    pub(super) fn count_tokens(&mut self, counted: Tokens, estimated: Tokens) {
        self.tokens = self.tokens.plus(counted);
        self.estimated = self.estimated.plus(estimated);
        self.paid += u32::from(!counted.plus(estimated).is_nothing());
        self.cost_usd = self.settings.price.map(|price| price.of(self.used()));
    }

    /// Keeps remarks, each once.
    pub(super) fn remark(&mut self, remarks: &[String]) {
        for remark in remarks {
            if !self.remarks.contains(remark) {
                self.remarks.push(remark.clone());
            }
        }
    }

    /// Returns whether it ended with rows missing, so that it can be resumed.
    #[must_use]
    pub const fn misses_rows(&self) -> bool {
        let ended_early = match self.status {
            RunStatus::Stopped { .. } | RunStatus::Interrupted | RunStatus::Failed { .. } => true,
            RunStatus::Running | RunStatus::Waiting | RunStatus::Done => false,
        };
        ended_early && self.rows < self.requested
    }

    /// Returns the tokens of its requests, counted and estimated ones together.
    #[must_use]
    pub const fn used(&self) -> Tokens {
        self.tokens.plus(self.estimated)
    }

    /// Returns what its requests used.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let mut usage = Usage::default();
        usage.add(self.settings.price, self.used());
        usage
    }

    /// Returns how long the run took, in seconds, once it has ended.
    #[must_use]
    pub fn seconds(&self) -> Option<f64> {
        let ended = self.ended_at?;
        #[expect(clippy::cast_precision_loss, reason = "a run takes far less than 2^52 milliseconds")]
        let millis = (ended.0 - self.started_at.0).max(0) as f64;
        Some(millis / 1000.0)
    }
}

/// One request of a run, with what all its rows share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Its number among all requests.
    pub number: RequestNumber,
    /// The run it belongs to.
    pub run: RunNumber,
    /// Its index in the run, from 0.
    pub index: u32,
    /// The request's own seed.
    pub seed: u64,
    /// The value that each variable had; requests with the same values share them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: Arc<BTreeMap<String, String>>,
    /// The ids of the rows that its messages show: those of the dataset, and of the session's own rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
    /// The model that answered, as the server names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<Arc<str>>,
    /// How long it took, in seconds, once it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// Identifies equal requests: the hash of version, variables, examples, model, parameters, seed and
    /// index, in hex; empty for the offline generator.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub key: String,
}

/// The role of a message's author.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Instructions for the whole exchange.
    System,
    /// The request itself.
    User,
}

/// One rendered message of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeMessage {
    /// The role of its author.
    pub role: Role,
    /// The message's text.
    pub text: String,
}

/// The messages sent for a request and its reply, unchanged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The messages sent.
    pub messages: Vec<ExchangeMessage>,
    /// The reply's text, as far as it came.
    pub reply: Option<String>,
    /// Why the request failed, as a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Whether the provider cut the reply short, at the token limit or by a content filter.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut_off: bool,
    /// The parts of the reply, in bytes, in which the model was thinking: no row was read from them.
    #[serde(skip)]
    pub thinking: Vec<std::ops::Range<usize>>,
}

impl Exchange {
    /// Returns the reply if it is complete and not empty.
    #[must_use]
    pub fn whole_reply(&self) -> Option<&str> {
        let reply = self.reply.as_deref().filter(|_| self.error.is_none() && !self.cut_off);
        reply.filter(|reply| !reply.trim().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_misses_rows_once_it_has_ended_with_fewer_than_asked_for() {
        let info = GeneratorInfo {
            provider: "offline".into(),
            model: None,
            base_url: None,
            temperature: 1.0,
            seed: 1,
        };
        let version = VersionId::from_digest([0; 8]);
        let mut run = Run::begun(RunNumber(1), version, "spam", info, 2, Timestamp(0));
        let mut misses = |status, rows| {
            (run.status, run.rows) = (status, rows);
            run.misses_rows()
        };
        for ended in
            [RunStatus::STOPPED, RunStatus::Interrupted, RunStatus::Failed { reason: "Cut off.".into() }]
        {
            assert!(misses(ended.clone(), 1), "{ended:?}");
            assert!(!misses(ended, 2));
        }
        assert!(!misses(RunStatus::Running, 1));
        assert!(!misses(RunStatus::Waiting, 1));
        assert!(!misses(RunStatus::Done, 1));
    }
}
