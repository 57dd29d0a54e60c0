//! Filters that are still being typed.

use super::name::KEYS;
use super::{Filter, FilterError, Parser, Sort, VariableNames};

/// Reads a filter that is being typed, as [`super::parse_view`] does. A last word that may become a key is left out,
/// and what is open counts as closed, but for a regular expression.
///
/// # Errors
///
/// As [`super::parse_view`], and for a regular expression that is not closed yet.
pub(crate) fn parse_typed(text: &str, names: &VariableNames) -> Result<(Filter, Option<Sort>), FilterError> {
    let start = last_word(text);
    let word = text[start..].trim_start_matches('-').to_lowercase();
    let known = KEYS.into_iter().chain(["sort", "or", "and", "field.", "var."]).chain(names.iter());
    let is_begun = known.into_iter().any(|key| key.to_lowercase().starts_with(&word));
    let mut parser = Parser::new(if is_begun { &text[..start] } else { text }, names);
    parser.is_begun = true;
    let filter = parser.filter()?;
    Ok((filter, parser.sort.map(|(sort, _)| sort)))
}

/// Returns the byte at which the last, perhaps unfinished, word of a filter begins: blanks in quotation marks and in
/// regular expressions part no words, brackets do.
pub(crate) fn last_word(text: &str) -> usize {
    /// What the scan is within.
    #[derive(PartialEq)]
    enum Within {
        Nothing,
        Until(char),
    }
    let (mut start, mut within, mut escaped, mut before) = (0, Within::Nothing, false, ' ');
    for (at, c) in text.char_indices() {
        match (c, &within) {
            ('\\', Within::Until(_)) if !escaped => {
                escaped = true;
                continue;
            }
            (c, Within::Until(end)) => {
                if c == *end && !escaped {
                    within = Within::Nothing;
                }
            }
            ('"', Within::Nothing) => within = Within::Until('"'),
            ('/', Within::Nothing) if before == '~' => within = Within::Until('/'),
            // A bracket opens a group where a word may begin.
            ('(', Within::Nothing) if matches!(&text[start..at], "" | "-") => start = at + 1,
            (c, Within::Nothing) if c.is_whitespace() => start = at + c.len_utf8(),
            (_, Within::Nothing) => {}
        }
        (escaped, before) = (false, c);
    }
    start
}
