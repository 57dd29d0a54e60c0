//! Regular expressions in filters, bounded: matching takes time in proportion to the text, compiling little memory.

use std::fmt;

use regex::{Regex, RegexBuilder};

/// How many bytes a compiled expression may take, and its matcher's cache as well.
const LARGEST: usize = 1 << 20;

/// A regular expression, written `/win \d+/`, or `/win \d+/i` where case is ignored.
#[derive(Debug, Clone)]
pub struct Pattern {
    source: String,
    ignores_case: bool,
    regex: Regex,
}

/// Why an expression was not compiled.
#[derive(Debug)]
pub(super) enum Unreadable {
    TooLarge,
    /// What is wrong with it, without a full stop.
    Wrong(String),
}

/// Compiles an expression of bounded size.
pub(super) fn compile(source: &str, ignores_case: bool) -> Result<Regex, Unreadable> {
    let mut builder = RegexBuilder::new(source);
    builder.case_insensitive(ignores_case).size_limit(LARGEST).dfa_size_limit(LARGEST);
    builder.build().map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => Unreadable::TooLarge,
        error => {
            // The last line says what is wrong; the others draw the expression.
            let drawn = error.to_string();
            Unreadable::Wrong(
                drawn.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned(),
            )
        }
    })
}

impl Pattern {
    /// Compiles an expression, given without the slashes around it.
    ///
    /// # Errors
    ///
    /// A sentence that says why it is none, or that it is too large.
    pub fn new(source: &str, ignores_case: bool) -> Result<Self, String> {
        match compile(source, ignores_case) {
            Ok(regex) => Ok(Self { source: source.to_owned(), ignores_case, regex }),
            Err(Unreadable::TooLarge) => Err(format!(
                "The regular expression `/{source}/` is too large; repeat less in it, or fewer times."
            )),
            Err(Unreadable::Wrong(why)) => Err(format!("`/{source}/` is no regular expression: {why}.")),
        }
    }

    /// Returns whether the expression finds something in a text.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

/// Two are equal where they are written alike.
impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        (&self.source, self.ignores_case) == (&other.source, other.ignores_case)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/{}", self.source, if self.ignores_case { "i" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_finds_anything_anywhere_and_case_counts_unless_it_is_ignored() {
        let found =
            |source: &str, ignores_case, text: &str| Pattern::new(source, ignores_case).unwrap().is_in(text);
        assert!(found(r"win \d+", false, "you win 30"));
        assert!(!found(r"win \d+", false, "you WIN 30"));
        assert!(found("ÄRGER", true, "kein ärger"));
    }

    #[test]
    fn what_is_too_large_or_no_expression_is_said_in_a_sentence() {
        let said = |source: &str| Pattern::new(source, false).unwrap_err();
        assert_eq!(said("a("), "`/a(/` is no regular expression: unclosed group.");
        assert!(said(r"(\w{100}){100}").contains("is too large"), "{}", said(r"(\w{100}){100}"));
        assert!(said(&"(".repeat(2000)).ends_with('.'));
    }

    #[test]
    fn the_worst_expression_takes_time_in_proportion_to_the_text() {
        let pattern = Pattern::new("(a*)*(a*)*b$", false).unwrap();
        assert!(!pattern.is_in(&"a".repeat(100_000)));
    }
}
