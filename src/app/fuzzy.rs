//! Fuzzy search in lists of names.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// Returns the indices of the texts that match what was typed, the best first; equal matches keep
/// their order. Empty input matches everything.
#[must_use]
pub(crate) fn places<'t>(typed: &str, texts: impl IntoIterator<Item = &'t str>) -> Vec<usize> {
    // Signs such as `!` and `^` are letters like others here.
    let pattern = Pattern::new(typed, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buffer = Vec::new();
    let mut found: Vec<(u32, usize)> = Vec::new();
    for (place, text) in texts.into_iter().enumerate() {
        if let Some(score) = pattern.score(Utf32Str::new(text, &mut buffer), &mut matcher) {
            found.push((score, place));
        }
    }
    found.sort_by_key(|(score, place)| (std::cmp::Reverse(*score), *place));
    found.into_iter().map(|(_, place)| place).collect()
}

/// Returns at most `most` words that match, the best first.
#[must_use]
pub(crate) fn best(typed: &str, words: &[String], most: usize) -> Vec<String> {
    let found = places(typed, words.iter().map(String::as_str));
    found.into_iter().take(most).filter_map(|place| words.get(place).cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_in_order_find_a_word_and_nothing_finds_all() {
        let words: Vec<String> = ["accept-row", "reject-row", "save-version"].map(str::to_owned).to_vec();
        assert_eq!(best("savers", &words, 9), ["save-version"]);
        assert_eq!(best("", &words, 2), ["accept-row", "reject-row"]);
        assert!(best("xyz", &words, 9).is_empty());
        assert!(best("!xyz", &words, 9).is_empty(), "no pattern language");
    }
}
