//! Why a filter cannot be read, and suggestions for misspelt words.

use std::ops::Range;

use crate::text::{SafeText, closest_or_begun, width};

/// How many characters before the wrong ones are shown.
const BEFORE: usize = 40;

/// Why a filter cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FilterError {
    /// What is wrong and what to write instead, as a sentence.
    pub message: String,
    /// The bytes of the text that are wrong.
    pub range: Range<usize>,
    /// The text.
    text: String,
}

impl FilterError {
    pub(super) fn new(range: Range<usize>, message: impl Into<String>) -> Self {
        Self { message: message.into(), range, text: String::new() }
    }

    /// Returns an error that concerns a whole filter.
    pub(crate) fn of_all(text: &str, message: impl Into<String>) -> Self {
        Self::new(0..text.len(), message).within(text)
    }

    /// Returns the error with the text that it is about.
    pub(super) fn within(self, text: &str) -> Self {
        Self { text: text.to_owned(), ..self }
    }

    /// Returns the text, and a line below it that points at what is wrong. What stands far before or behind is left out.
    #[must_use]
    pub(crate) fn pointed(&self) -> [String; 2] {
        let cells = |text: &str| width(SafeText::new(text).as_str());
        let (before, behind) = self.text.split_at(self.range.start.min(self.text.len()));
        let (wrong, behind) = behind.split_at(self.range.len().min(behind.len()));
        let cut = before.char_indices().rev().nth(BEFORE).map_or(0, |(at, c)| at + c.len_utf8());
        let sign = if cut > 0 { "…" } else { "" };
        let (wrong, rest): (String, String) =
            (wrong.chars().take(BEFORE).collect(), behind.chars().take(BEFORE).collect());
        let start = format!("{sign}{}", &before[cut..]);
        let end = if wrong.len() < self.range.len() || rest.len() < behind.len() { "…" } else { "" };
        let rest = if wrong.len() < self.range.len() { "" } else { rest.as_str() };
        let carets = "^".repeat(cells(&wrong).max(1));
        [format!("{start}{wrong}{rest}{end}"), format!("{}{carets}", " ".repeat(cells(&start)))]
    }
}

/// Returns what to write instead of a word that is none of the options.
pub(super) fn remedy(word: &str, options: &[&str]) -> String {
    match closest_or_begun(word, options.iter().copied()) {
        Some(option) => format!("did you mean `{option}`?"),
        None => format!("there is {}.", options.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use crate::curate::Filter;

    #[test]
    fn the_place_is_pointed_at_below_the_text() {
        let pointed = |text: &str| Filter::parse(text).unwrap_err().pointed();
        assert_eq!(pointed("a state:pendig b"), ["a state:pendig b", "        ^^^^^^"]);
        assert_eq!(pointed("漢字 x:y"), ["漢字 x:y", "     ^"], "wide characters take two cells");
        assert_eq!(pointed("a or"), ["a or", "  ^^"]);
        let long = pointed(&format!("{} state:pendig {}", "word ".repeat(30), "more ".repeat(30)));
        assert!(
            long[0].starts_with('…') && long[0].ends_with('…') && long[0].chars().count() < 100,
            "{long:?}"
        );
        assert_eq!(long[1].trim_start(), "^^^^^^");
    }
}
