//! A session: the checked content of `session.toml`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{NamedBy, Parameter, Provider, Scarce, Schema, VariableRule, own_key_variables};

/// The largest seed: readers of JSON that know floating-point numbers only round larger ones.
pub(crate) const LARGEST_SEED: u64 = 1 << 53;

/// A session's settings, as its file gives them.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// The session's name.
    pub name: String,
    /// Whether its file gives that name; its folder does otherwise.
    pub is_named: bool,
    /// One line about it.
    pub description: String,
    /// How to label and what to accept; shown by `g l`.
    pub guidelines: String,
    /// The dataset and how it is split.
    pub dataset: DatasetSettings,
    /// The label that more rows are wanted of.
    pub target: Target,
    /// The generator that writes rows.
    pub generator: GeneratorSettings,
    /// The fields of a row.
    pub schema: Schema,
    /// The first prompt's variables.
    pub variables: BTreeMap<String, Vec<String>>,
    /// The rules of its variables that are no plain lists; values from elsewhere are not read yet.
    pub rules: BTreeMap<String, VariableRule>,
    /// Which rows a prompt shows as examples.
    pub examples: ExampleSettings,
    /// The first prompt's system template.
    pub system: String,
    /// The first prompt's user template.
    pub user: String,
}

impl Session {
    /// Returns how many rows of the target it pretends to know, where it does not know them all.
    pub(crate) fn scarce(&self) -> Option<Scarce> {
        let known = self.dataset.scarce?;
        Some(Scarce { label: self.target.label.clone(), known })
    }
}

/// Where the dataset is and how it is read and split.
#[derive(Debug, Clone, PartialEq)]
pub struct DatasetSettings {
    /// The file, relative to the session's folder or absolute.
    pub path: PathBuf,
    /// The column of the text.
    pub text: String,
    /// The column of the label.
    pub label: String,
    /// The column of the id; with `None` the line number is the id.
    pub id: Option<String>,
    /// The column that says to which part a row belongs; with `None` the split is stratified by seed.
    pub split: Option<String>,
    /// The character between the cells of a table, from ASCII; with `None` it is found out.
    pub separator: Option<char>,
    /// Whether quotes hold a cell of a table together; with `None` that is found out.
    pub quotes: Option<Quotes>,
    /// Whether cells without a column's name directly behind the text belong to it.
    pub join: bool,
    /// Whether rows without a label are passed over.
    pub skip_unlabelled: bool,
    /// The share of each class that is held out, above 0 and below 1.
    pub test_fraction: f64,
    /// The seed of the split.
    pub seed: u64,
    /// How many train rows of the target are known, from 1; the others are held back. With `None` all are known.
    pub scarce: Option<u32>,
}

/// What a quote means in the cells of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quotes {
    /// A cell may stand between quotes, with each quote in it written twice.
    Csv,
    /// Nothing: a quote is a character like any other.
    None,
}

/// The label to write rows for, and how many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The label that more rows are wanted of.
    pub label: String,
    /// How many accepted rows are wanted.
    pub goal: Option<u32>,
}

/// The settings of a generator and of the requests to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GeneratorSettings {
    /// The provider.
    pub provider: Provider,
    /// The model's name.
    pub model: Option<String>,
    /// The server's address, whose API is then `OpenAI`-compatible chat completions.
    pub base_url: Option<String>,
    /// The environment variable that holds the key.
    pub api_key_env: Option<String>,
    /// The profile in the user's own settings.
    pub profile: Option<String>,
    /// The sampling temperature, from 0.
    pub temperature: f64,
    /// Rows asked for in one request, from 1.
    pub rows_per_request: u32,
    /// The most requests under way at once, from 1; fewer where a server limits them.
    pub concurrency: u32,
    /// The most tokens that one reply may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u32>,
    /// The parameters that no request has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leave_out: Vec<Parameter>,
    /// The command that prints the key, where no environment variable holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_key_cmd: Option<String>,
    /// The variables whose keys are for the server that was asked before another one was chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<String>,
    /// How fast a server may be asked, and how long it may take.
    #[serde(default)]
    pub limits: Limits,
    /// The price of tokens; `None` where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// Who named the server.
    #[serde(skip)]
    pub server_by: NamedBy,
    /// Who named the key, where `api_key_env` or `api_key_cmd` does.
    #[serde(skip)]
    pub key_by: NamedBy,
}

/// How fast a server may be asked, and how long it may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Requests a minute, where there is a limit.
    pub requests_per_minute: Option<u32>,
    /// Tokens a minute, of requests and replies together, where there is a limit.
    pub tokens_per_minute: Option<u32>,
    /// Seconds until a connection is established.
    pub connect_seconds: u32,
    /// Seconds until the first byte of an answer.
    pub first_byte_seconds: u32,
    /// Seconds of silence within an answer.
    pub idle_seconds: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests_per_minute: None,
            tokens_per_minute: None,
            connect_seconds: 10,
            first_byte_seconds: 180,
            idle_seconds: 60,
        }
    }
}

/// The price of tokens, in US dollars a million.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Price {
    /// The price of a million tokens of messages.
    pub input: f64,
    /// The price of a million tokens of replies.
    pub output: f64,
}

impl Price {
    /// Returns what tokens cost, in US dollars.
    #[must_use]
    pub fn of(self, tokens: super::Tokens) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "counts of tokens are far below 2^52")]
        let (input, output) = (tokens.input as f64, tokens.output as f64);
        (self.input * input + self.output * output) / 1_000_000.0
    }
}

/// The limits of a run. The first one reached stops it; its rows so far are kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Budget {
    /// The most US dollars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<f64>,
    /// The most tokens, of messages and replies together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<u64>,
    /// The most requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<u32>,
}

impl Budget {
    /// Returns this budget with its missing limits taken from `before`.
    #[must_use]
    pub fn over(self, before: Self) -> Self {
        Self {
            cost: self.cost.or(before.cost),
            tokens: self.tokens.or(before.tokens),
            requests: self.requests.or(before.requests),
        }
    }

    /// Returns whether one of its limits is looser than the other budget's.
    #[must_use]
    pub fn allows_more_than(self, other: Self) -> bool {
        let more =
            |own: Option<f64>, others: Option<f64>| others.is_some_and(|o| own.is_none_or(|own| own > o));
        more(self.cost, other.cost)
            || other.tokens.is_some_and(|others| self.tokens.is_none_or(|own| own > others))
            || other.requests.is_some_and(|others| self.requests.is_none_or(|own| own > others))
    }
}

impl GeneratorSettings {
    /// Returns the usual variables of the key for a server, the preferred one first. `host` is the server's, where it
    /// is not the provider's own, and `usual` says whether it is the one that those keys are for where nothing else is
    /// said. A key that is for the server asked before goes to no other.
    #[must_use]
    pub(crate) fn usual_keys(&self, host: Option<&str>, usual: bool) -> Vec<&'static str> {
        let is_free = usual || host.and_then(own_key_variables).is_some();
        let names = self.provider.key_variables(host).iter().copied();
        names.filter(|name| is_free || !self.withheld.iter().any(|withheld| withheld == name)).collect()
    }
}

impl GeneratorSettings {
    /// Returns whether the settings say which key is sent; else it is the usual one of the server.
    #[must_use]
    pub(crate) const fn names_a_key(&self) -> bool {
        self.api_key_env.is_some() || self.api_key_cmd.is_some()
    }

    /// Returns the settings as they are read back from a fact, which does not hold who named the server and the key.
    #[must_use]
    pub(crate) fn into_written(self) -> Self {
        Self { server_by: NamedBy::default(), key_by: NamedBy::default(), ..self }
    }
}

impl Default for GeneratorSettings {
    fn default() -> Self {
        Self {
            provider: Provider::Offline,
            model: None,
            base_url: None,
            api_key_env: None,
            profile: None,
            temperature: 1.0,
            rows_per_request: 5,
            concurrency: 8,
            max_tokens: None,
            leave_out: Vec::new(),
            api_key_cmd: None,
            withheld: Vec::new(),
            limits: Limits::default(),
            price: None,
            server_by: NamedBy::Session,
            key_by: NamedBy::Session,
        }
    }
}

/// How examples are drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExampleStrategy {
    /// Any of the label's train rows, by seed.
    #[default]
    Random,
    /// Those that a person made examples, then those that a classifier takes for another label, each by seed; where
    /// these are too few, any others too.
    Hard,
    /// Those that differ most from each other, from one drawn by seed.
    Diverse,
    /// Accepted rows of the session without a flag, the best rated first; where these are too few, train rows too.
    Accepted,
}

/// Which rows a prompt shows as examples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleSettings {
    /// How many.
    pub count: u32,
    /// How they are drawn.
    pub strategy: ExampleStrategy,
}

impl Default for ExampleSettings {
    fn default() -> Self {
        Self { count: 5, strategy: ExampleStrategy::Random }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_replaces_the_limits_that_it_names_and_keeps_the_others() {
        let before = Budget { cost: Some(0.5), tokens: Some(1000), requests: None };
        let over = Budget { tokens: Some(2000), ..Budget::default() }.over(before);
        assert_eq!(over, Budget { cost: Some(0.5), tokens: Some(2000), requests: None });
        assert_eq!(Budget::default().over(before), before);
    }

    #[test]
    fn a_budget_allows_more_where_one_limit_is_looser() {
        let budget = Budget { cost: Some(0.5), tokens: Some(1000), requests: Some(3) };
        assert!(!budget.allows_more_than(budget));
        assert!(!budget.allows_more_than(Budget::default()));
        assert!(!Budget { requests: Some(2), ..budget }.allows_more_than(budget));
        for more in [
            Budget { cost: Some(0.6), ..budget },
            Budget { tokens: Some(1001), ..budget },
            Budget { requests: Some(4), cost: Some(0.1), ..budget },
            Budget { tokens: None, ..budget },
        ] {
            assert!(more.allows_more_than(budget), "{more:?}");
        }
    }
}
