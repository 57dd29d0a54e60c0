//! The parameters of a request that a server may refuse.

use serde::{Deserialize, Serialize};

/// A parameter of a request that a server may refuse, and that a setting can leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parameter {
    /// The token limit of a reply, under whatever name.
    MaxTokens,
    /// The sampling temperature.
    Temperature,
    /// The seed.
    Seed,
    /// The wish for token counts at the end of a stream.
    StreamOptions,
    /// The schema that a reply must follow.
    ResponseFormat,
    /// The wish for a stream.
    Stream,
}

impl Parameter {
    /// All parameters.
    pub const ALL: [Self; 6] = [
        Self::MaxTokens,
        Self::Temperature,
        Self::Seed,
        Self::StreamOptions,
        Self::ResponseFormat,
        Self::Stream,
    ];

    /// Returns the name that settings and messages use, which is the one of chat completions.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MaxTokens => "max_tokens",
            Self::Temperature => "temperature",
            Self::Seed => "seed",
            Self::StreamOptions => "stream_options",
            Self::ResponseFormat => "response_format",
            Self::Stream => "stream",
        }
    }

    /// Returns the parameter of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|parameter| parameter.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_the_one_of_its_parameter_also_in_json() {
        for parameter in Parameter::ALL {
            assert_eq!(Parameter::from_name(parameter.name()), Some(parameter));
            assert_eq!(serde_json::to_string(&parameter).unwrap(), format!("\"{}\"", parameter.name()));
        }
    }
}
