//! What a request took that its server did not count.

use super::streaks::is_worked_on;
use crate::domain::Tokens;
use crate::generate::GeneratorError;
use crate::template::estimate_tokens;

/// About how many bytes of a reply are a token.
const BYTES_PER_TOKEN: u64 = 4;

/// What is known of a request that has ended.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Ended<'a> {
    /// About how many tokens its messages are.
    pub(in crate::engine) input: u64,
    /// The reply, as far as it came.
    pub(in crate::engine) reply: Option<&'a str>,
    /// How many bytes of it came, thoughts included.
    pub(in crate::engine) bytes: usize,
    /// Why it failed.
    pub(in crate::engine) error: Option<&'a GeneratorError>,
}

impl Ended<'_> {
    /// Returns about what it took; nothing where its server cannot have worked on it.
    pub(in crate::engine) fn estimated(&self) -> Tokens {
        let heard = self.bytes as u64 / BYTES_PER_TOKEN;
        let output = self.reply.map_or(0, |reply| estimate_tokens(reply) as u64).max(heard);
        let is_paid = self.error.is_none_or(|error| is_worked_on(error) || output > 0);
        if is_paid { Tokens { input: self.input, output } } else { Tokens::default() }
    }
}

/// About how many bytes a reply has around the text of a row: its keys, quotes and brackets.
pub(in crate::engine) const BYTES_AROUND_ROW: usize = 14;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_worked_on_took_tokens_and_what_was_refused_took_none() {
        let ended = Ended { input: 40, reply: Some("one two three"), bytes: 400, error: None };
        assert_eq!(ended.estimated(), Tokens { input: 40, output: 100 });
        let key = GeneratorError::MissingKey { provider: "openai".into(), env: "OPENAI_API_KEY".into() };
        let refused = Ended { reply: None, bytes: 0, error: Some(&key), ..ended };
        assert_eq!(refused.estimated(), Tokens::default());
        let none = GeneratorError::NoAnswer("Nothing came.".into());
        assert_eq!(Ended { error: Some(&none), ..refused }.estimated(), Tokens { input: 40, output: 0 });
    }
}
