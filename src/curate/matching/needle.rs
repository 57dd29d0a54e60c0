//! Finds words whatever their case and script.

use memchr::{memchr2_iter, memmem};

/// Words to find in texts, in upper or lower case.
///
/// Runs for millions of rows: what is ASCII is found without copying the texts.
#[derive(Debug)]
pub(super) struct Needle {
    lower: String,
    /// Whether characters beyond ASCII become one of the words' in lower case: the Kelvin sign a `k`, a dotted capital
    /// I an `i` with a dot.
    has_foreign: bool,
}

/// Characters beyond ASCII whose lower case has a character of ASCII, in UTF-8.
const FOREIGN: [&str; 2] = ["\u{212a}", "\u{130}"];

impl Needle {
    pub(super) fn new(words: &str) -> Self {
        let lower = lower(words);
        Self { has_foreign: lower.contains(['k', 'i']), lower }
    }

    pub(super) fn is_in(&self, text: &str) -> bool {
        if !self.lower.is_ascii() {
            // What is beyond ASCII is in no text of ASCII.
            return !text.is_ascii() && lower(text).contains(&self.lower);
        }
        self.is_in_bytes(text.as_bytes())
            || (self.has_foreign
                && !text.is_ascii()
                && FOREIGN.iter().any(|foreign| memmem::find(text.as_bytes(), foreign.as_bytes()).is_some())
                && lower(text).contains(&self.lower))
    }

    fn is_in_bytes(&self, text: &[u8]) -> bool {
        let needle = self.lower.as_bytes();
        let Some(first) = needle.first() else { return true };
        let Some(last) = text.len().checked_sub(needle.len()) else { return false };
        memchr2_iter(*first, first.to_ascii_uppercase(), &text[..=last])
            .any(|at| text[at..at + needle.len()].eq_ignore_ascii_case(needle))
    }
}

/// Returns a text in lower case; a sigma is the same at the end of a word and within.
fn lower(text: &str) -> String {
    let lower = text.to_lowercase();
    if lower.contains('ς') { lower.replace('ς', "σ") } else { lower }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whatever_their_case_and_script() {
        for (words, text, found) in [
            ("win", "You WIN", true),
            ("win!", "You WIN", false),
            ("longer than the text", "short", false),
            ("", "", true),
            ("ÉTÉ", "l'été", true),
            ("k", "\u{212a}", true),
            ("i\u{307}", "\u{130}", true),
            ("\u{130}", "i\u{307}", true),
            ("i", "\u{130}x", true),
            ("ΟΔΟΣ", "οδος και", true),
            ("οδος", "ΟΔΟΣΕ", true),
            ("ärger", "ARGER", false),
            ("free", "ünd FREE", true),
        ] {
            assert_eq!(Needle::new(words).is_in(text), found, "{words} in {text}");
        }
    }

    #[test]
    fn only_two_characters_beyond_ascii_have_ascii_in_their_lower_case() {
        let all = ('\u{80}'..=char::MAX).filter(|c| c.to_lowercase().any(|lower| lower.is_ascii()));
        assert_eq!(all.map(String::from).collect::<Vec<_>>(), ["\u{130}", "\u{212a}"]);
    }
}
