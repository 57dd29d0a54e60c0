//! The settings: their names, their meaning, and what is shown in an empty one.

use crate::domain::{GeneratorSettings, Parameter};

/// One setting of the next sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsField {
    /// How many rows are wanted.
    Rows,
    /// The profile of the generator.
    Profile,
    /// The model servers of this machine, to choose one.
    Servers,
    /// The provider.
    Provider,
    /// The server's address.
    BaseUrl,
    /// The model.
    Model,
    /// The sampling temperature.
    Temperature,
    /// Rows asked for in one request.
    RowsPerRequest,
    /// The most tokens of one reply.
    ReplyTokens,
    /// Requests under way at once.
    Concurrency,
    /// Whether replies come as streams.
    Stream,
    /// Whether the server holds replies to a schema.
    Schema,
    /// The largest cost of the run in US dollars.
    Cost,
    /// The largest number of tokens of the run.
    Tokens,
    /// The largest number of requests of the run.
    Requests,
    /// The run's seed.
    Seed,
    /// Whether equal requests are answered from earlier replies.
    Reuse,
    /// How rows are spread over the combinations of variables.
    Plan,
    /// The settings as text, to copy.
    Copy,
}

impl SettingsField {
    /// All settings, from the top down.
    pub const ALL: [Self; 19] = [
        Self::Rows,
        Self::Profile,
        Self::Servers,
        Self::Provider,
        Self::BaseUrl,
        Self::Model,
        Self::Temperature,
        Self::RowsPerRequest,
        Self::ReplyTokens,
        Self::Concurrency,
        Self::Stream,
        Self::Schema,
        Self::Cost,
        Self::Tokens,
        Self::Requests,
        Self::Seed,
        Self::Reuse,
        Self::Plan,
        Self::Copy,
    ];

    /// The settings of the generator.
    pub const GENERATOR: [Self; 9] = [
        Self::Provider,
        Self::BaseUrl,
        Self::Model,
        Self::Temperature,
        Self::RowsPerRequest,
        Self::ReplyTokens,
        Self::Concurrency,
        Self::Stream,
        Self::Schema,
    ];

    /// Returns the label before the value.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Profile => "profile",
            Self::Servers => "local servers",
            Self::Provider => "provider",
            Self::BaseUrl => "base URL",
            Self::Model => "model",
            Self::Temperature => "temperature",
            Self::RowsPerRequest => "rows a request",
            Self::ReplyTokens => "tokens a reply",
            Self::Concurrency => "concurrency",
            Self::Stream => "streaming",
            Self::Schema => "schema",
            Self::Cost => "most cost",
            Self::Tokens => "most tokens",
            Self::Requests => "most requests",
            Self::Seed => "seed",
            Self::Reuse => "reuse",
            Self::Plan => "plan",
            Self::Copy => "copy as",
        }
    }

    /// Returns what the setting means, in a sentence or two.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Rows => "How many valid rows are wanted. Requests go on until they are there.",
            Self::Profile => {
                "Whose settings the others start from: `session` stands for session.toml, the others are profiles of \
                 your own config. Another profile sets all of them anew."
            }
            Self::Servers => {
                "Looks at the usual ports of this machine for Ollama, llama.cpp, LM Studio, vLLM and others, without \
                 a key. Nothing is asked before, and none is chosen by itself."
            }
            Self::Provider => {
                "Who is asked. Another provider starts without the address, the model and the key of the one before."
            }
            Self::BaseUrl => {
                "The server's address of chat completions, such as http://127.0.0.1:8080/v1. A key that is meant for \
                 one server is sent to no other."
            }
            Self::Model => "The model's name, as its provider spells it.",
            Self::Temperature => {
                "How freely the model chooses its words: 0 always takes the likeliest, 1 is the model's own way."
            }
            Self::RowsPerRequest => {
                "Rows asked for in one request. Weak models do better with one or two; more share the prompt's cost."
            }
            Self::ReplyTokens => {
                "The most tokens of one reply, thoughts included; a longer one is cut off there."
            }
            Self::Concurrency => "Requests under way at once, at most; fewer where a server limits them.",
            Self::Stream => "Whether rows come while a reply is written, or once it is whole.",
            Self::Schema => {
                "Whether the server is asked to hold replies to the schema of a row. Without it the prompt must ask \
                 for JSON."
            }
            Self::Cost => "US dollars at which the run stops. Rows that came until then are kept.",
            Self::Tokens => "Tokens of messages and replies together at which the run stops.",
            Self::Requests => "Requests after which the run stops, those that fail too.",
            Self::Seed => {
                "Decides the examples, the variables and each request's own seed. Empty takes the next of the \
                 session's, so that no two runs ask for the same."
            }
            Self::Reuse => {
                "A request that was made before, word for word and with the same seed, is answered from what \
                 came then, and costs nothing."
            }
            Self::Plan => {
                "How rows are spread over the variables: each request draws, `balanced` fills what has the fewest \
                 rows, `grid` gives every combination its share."
            }
            Self::Copy => "What commands need to sample alike: they do not read what is chosen here.",
        }
    }

    /// Returns the text that is shown where nothing is typed.
    #[must_use]
    pub const fn blank(self) -> &'static str {
        match self {
            Self::BaseUrl => "the provider's own",
            Self::Model => "the server's own",
            Self::Seed => "the next of the session's",
            Self::ReplyTokens | Self::Cost | Self::Tokens | Self::Requests => "no limit",
            _ => "",
        }
    }

    /// Returns whether the value is chosen from a list, not typed.
    #[must_use]
    pub const fn is_chosen(self) -> bool {
        matches!(
            self,
            Self::Profile
                | Self::Servers
                | Self::Provider
                | Self::Stream
                | Self::Schema
                | Self::Reuse
                | Self::Plan
                | Self::Copy
        )
    }

    /// Returns the option of the command line that says the setting.
    #[must_use]
    pub const fn option(self) -> &'static str {
        match self {
            Self::Profile => "--profile",
            Self::Provider => "--provider",
            Self::BaseUrl => "--base-url",
            Self::Model => "--model",
            Self::Temperature => "--temperature",
            Self::RowsPerRequest => "--rows-per-request",
            Self::ReplyTokens => "--reply-tokens",
            Self::Concurrency => "--concurrency",
            Self::Stream => "--no-stream",
            Self::Schema => "--no-schema",
            Self::Rows => "-n",
            Self::Cost => "--budget-cost",
            Self::Tokens => "--budget-tokens",
            Self::Requests => "--budget-requests",
            Self::Seed => "--seed",
            Self::Reuse => "--reuse",
            Self::Plan => "--plan",
            Self::Servers | Self::Copy => "",
        }
    }

    /// Returns the setting's text in settings of a generator; empty where they say nothing of it.
    pub(super) fn text_in(self, settings: &GeneratorSettings) -> String {
        let on = |parameter| switch(!settings.leave_out.contains(&parameter)).to_owned();
        match self {
            Self::Provider => settings.provider.name().to_owned(),
            Self::BaseUrl => settings.base_url.clone().unwrap_or_default(),
            Self::Model => settings.model.clone().unwrap_or_default(),
            Self::Temperature => format!("{:?}", settings.temperature),
            Self::RowsPerRequest => settings.rows_per_request.to_string(),
            Self::ReplyTokens => settings.max_tokens.map(|most| most.to_string()).unwrap_or_default(),
            Self::Concurrency => settings.concurrency.to_string(),
            Self::Stream => on(Parameter::Stream),
            Self::Schema => on(Parameter::ResponseFormat),
            _ => String::new(),
        }
    }

    pub(super) fn place(self) -> usize {
        Self::ALL.iter().position(|field| *field == self).unwrap_or_default()
    }
}

/// Returns the word for something that is on or off.
pub(super) const fn switch(is_on: bool) -> &'static str {
    if is_on { "on" } else { "off" }
}
