//! The settings: their names, their meaning, and what is shown in an empty one.

/// One setting of the next sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsField {
    /// How many rows are wanted.
    Rows,
    /// The profile of the generator.
    Profile,
    /// The model.
    Model,
    /// The sampling temperature.
    Temperature,
    /// The run's seed.
    Seed,
    /// The largest cost of the run in US dollars.
    Cost,
    /// The largest number of tokens of the run.
    Tokens,
    /// The largest number of requests of the run.
    Requests,
    /// Whether equal requests are answered from earlier replies.
    Reuse,
}

impl SettingsField {
    /// All settings, from the top down.
    pub const ALL: [Self; 9] = [
        Self::Rows,
        Self::Profile,
        Self::Model,
        Self::Temperature,
        Self::Seed,
        Self::Cost,
        Self::Tokens,
        Self::Requests,
        Self::Reuse,
    ];

    /// Returns the label before the value.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Profile => "profile",
            Self::Model => "model",
            Self::Temperature => "temperature",
            Self::Seed => "seed",
            Self::Cost => "most cost",
            Self::Tokens => "most tokens",
            Self::Requests => "most requests",
            Self::Reuse => "reuse",
        }
    }

    /// Returns what the setting means, in a sentence or two.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Rows => "How many valid rows are wanted. Requests go on until they are there.",
            Self::Profile => {
                "Who writes the rows. `session` stands for what session.toml says; the others are profiles of \
                 your own config."
            }
            Self::Model => "The model's name, as its provider spells it.",
            Self::Temperature => {
                "How freely the model chooses its words: 0 always takes the likeliest, 1 is the model's own way."
            }
            Self::Seed => {
                "Decides the examples, the variables and each request's own seed. Empty takes the next of the \
                 session's, so that no two runs ask for the same."
            }
            Self::Cost => "US dollars at which the run stops. Rows that came until then are kept.",
            Self::Tokens => "Tokens of messages and replies together at which the run stops.",
            Self::Requests => "Requests after which the run stops, those that fail too.",
            Self::Reuse => {
                "A request that was made before, word for word and with the same seed, is answered from what \
                 came then, and costs nothing."
            }
        }
    }

    /// Returns the text that is shown where nothing is typed.
    #[must_use]
    pub const fn blank(self) -> &'static str {
        match self {
            Self::Model => "the server's own",
            Self::Seed => "the next of the session's",
            Self::Cost | Self::Tokens | Self::Requests => "no limit",
            _ => "",
        }
    }

    /// Returns whether the value is chosen from a list, not typed.
    #[must_use]
    pub const fn is_chosen(self) -> bool {
        matches!(self, Self::Profile | Self::Reuse)
    }

    pub(super) fn place(self) -> usize {
        Self::ALL.iter().position(|field| *field == self).unwrap_or_default()
    }
}
