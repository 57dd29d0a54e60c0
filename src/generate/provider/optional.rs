//! Optional parts of a request, which a server may refuse.
//!
//! A part is sent until the server refuses it once, and is then left out of (or replaced in) every further
//! request; the messages stay as the preview showed them.

use std::sync::atomic::{AtomicBool, Ordering};

use super::dialect::Dialect;

/// Words by which an error response refers to the schema.
const SCHEMA: [&str; 14] = [
    "response_format",
    "json_schema",
    "json schema",
    "response format",
    "structured output",
    "output_config",
    "output_format",
    "output format",
    "responseschema",
    "response_schema",
    "text.format",
    "schema is too complex",
    "definitions in schema",
    "grammar",
];
/// Phrases for an unknown field.
const UNKNOWN: [&str; 10] = [
    "unknown name",
    "unknown field",
    "unknown parameter",
    "unsupported",
    "not supported",
    "unrecognized",
    "unexpected",
    "extra inputs",
    "additional properties",
    "not permitted",
];

/// A part of a request that a server may refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The schema of replies.
    Schema,
    /// The seed.
    Seed,
    /// The token limit in its usual form; if refused, another form replaces it.
    Limit,
}

impl Part {
    /// Returns the sentence about a part that is not sent any more.
    pub(super) fn remark(self) -> String {
        let part = match self {
            Self::Schema => "no schema of a reply",
            Self::Seed => "no `seed`",
            Self::Limit => return "The server takes the most tokens of a reply in another form only.".into(),
        };
        format!("The server takes {part}; it is left out from now on.")
    }
}

/// Which optional parts a request has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) schema: bool,
    pub(super) seed: bool,
    /// Whether the token limit has its usual form.
    pub(super) limit: bool,
}

impl Parts {
    const fn has(self, part: Part) -> bool {
        match part {
            Part::Schema => self.schema,
            Part::Seed => self.seed,
            Part::Limit => self.limit,
        }
    }

    /// Returns the sent part that an error response is about; `None` if it is about none of them.
    pub(super) fn refused(
        self,
        dialect: &dyn Dialect,
        status: u16,
        body: &str,
        max_tokens: Option<u32>,
    ) -> Option<Part> {
        if !matches!(status, 400 | 422) {
            return None;
        }
        let said = body.to_lowercase();
        let is_about = |part: &Part| match part {
            Part::Schema => SCHEMA.iter().any(|name| said.contains(name)),
            Part::Seed => names_seed(&said) && UNKNOWN.iter().any(|words| said.contains(words)),
            Part::Limit => dialect.refuses_limit(&said, max_tokens),
        };
        [Part::Schema, Part::Seed, Part::Limit].into_iter().find(|part| self.has(*part) && is_about(part))
    }
}

fn names_seed(said: &str) -> bool {
    said.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).any(|word| word == "seed")
}

/// The parts that a server has refused.
#[derive(Debug, Default)]
pub(super) struct Refused {
    schema: AtomicBool,
    seed: AtomicBool,
    limit: AtomicBool,
}

impl Refused {
    /// Returns the parts that have not been refused.
    pub(super) fn others(&self) -> Parts {
        let is_sent = |refused: &AtomicBool| !refused.load(Ordering::Relaxed);
        Parts { schema: is_sent(&self.schema), seed: is_sent(&self.seed), limit: is_sent(&self.limit) }
    }

    /// Stops sending a part; returns whether it was sent until now.
    pub(super) fn add(&self, part: Part) -> bool {
        let refused = match part {
            Part::Schema => &self.schema,
            Part::Seed => &self.seed,
            Part::Limit => &self.limit,
        };
        !refused.swap(true, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::super::dialect::{ChatCompletions, Messages};
    use super::*;

    fn refused(status: u16, body: &str) -> Option<Part> {
        Refused::default().others().refused(&ChatCompletions, status, body, Some(500))
    }

    #[test]
    fn a_refused_schema_is_known_by_what_it_names() {
        assert_eq!(
            refused(400, r#"{"error":{"message":"Unsupported response_format type"}}"#),
            Some(Part::Schema)
        );
        assert_eq!(refused(500, "response_format"), None);
        assert_eq!(refused(400, r#"{"error":{"message":"temperature is too high"}}"#), None);
    }

    #[test]
    fn a_seed_is_refused_by_name_as_gemini_and_mistral_do() {
        let gemini = r#"[{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"seed\": Cannot find field."}}]"#;
        assert_eq!(refused(400, gemini), Some(Part::Seed));
        let mistral = r#"{"detail":[{"type":"extra_forbidden","loc":["body","seed"],"msg":"Extra inputs are not permitted","input":7}]}"#;
        assert_eq!(refused(422, mistral), Some(Part::Seed));
        assert_eq!(refused(400, "the word reseeded is not supported"), None);
        assert_eq!(refused(400, "seed must be below 100"), None);
    }

    #[test]
    fn the_most_tokens_are_given_in_another_form_where_a_server_asks_for_it() {
        let openai = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
        assert_eq!(refused(400, openai), Some(Part::Limit));
        let parts = Refused::default().others();
        assert_eq!(parts.refused(&ChatCompletions, 400, openai, None), None);
        let anthropic = "max_tokens: 32000 > 8192, which is the maximum allowed number of output tokens";
        assert_eq!(parts.refused(&Messages, 400, anthropic, None), Some(Part::Limit));
        // A limit from the settings is never replaced.
        assert_eq!(parts.refused(&Messages, 400, anthropic, Some(32_000)), None);
    }

    #[test]
    fn what_was_refused_is_not_sent_again_and_cannot_be_refused_twice() {
        let server = Refused::default();
        server.add(Part::Schema);

        let parts = server.others();

        assert_eq!(parts, Parts { schema: false, seed: true, limit: true });
        assert_eq!(parts.refused(&ChatCompletions, 400, "json_schema", None), None);
    }
}
