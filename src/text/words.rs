//! Words, the normalised text that they make, and its hash.
//!
//! Two texts count as equal when their normalised texts are equal: case, punctuation and
//! spacing do not make a row new. Nothing is stemmed, folded or transliterated; a text
//! keeps its accents and its spelling.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_width::UnicodeWidthChar;

use super::safe::is_invisible;

/// Returns the words of a text, in order, in lower case.
///
/// A word is `\w+` of the lower-cased text: letters, digits, the underscore, and the
/// combining marks that follow them. `"Don't stop"` has the words `don`, `t`, `stop`.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    let normal = normalise(text);
    let mut rest = Some(normal).filter(|normal| !normal.is_empty());
    std::iter::from_fn(move || {
        let mut word = rest.take()?;
        if let Some(blank) = word.find(' ') {
            rest = Some(word.split_off(blank + 1));
            word.pop();
        }
        Some(word)
    })
}

/// Returns the normalised text: the words joined by one blank.
///
/// It is empty where the text has no word in it.
#[must_use]
pub fn normalise(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    if text.is_ascii() {
        push_ascii_words(&mut normal, text);
    } else {
        // The whole text at once: a final sigma depends on its neighbours.
        push_words(&mut normal, text.to_lowercase().chars());
    }
    normal
}

fn push_ascii_words(normal: &mut String, text: &str) {
    let mut rest = text;
    while let Some(start) = rest.bytes().position(is_of_word) {
        let word = &rest[start..];
        let (word, behind) =
            word.split_at(word.bytes().position(|byte| !is_of_word(byte)).unwrap_or(word.len()));
        if !normal.is_empty() {
            normal.push(' ');
        }
        normal.push_str(word);
        rest = behind;
    }
    normal.make_ascii_lowercase();
}

/// Returns whether an ASCII character belongs to a word.
pub(super) const fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn push_words(normal: &mut String, lower: impl Iterator<Item = char>) {
    let mut in_word = false;
    for c in lower {
        let belongs = c.is_alphanumeric() || c == '_' || (in_word && is_mark(c));
        if belongs {
            if !in_word && !normal.is_empty() {
                normal.push(' ');
            }
            normal.push(c);
        }
        in_word = belongs;
    }
}

/// Returns whether a character is a mark that changes the letter before it.
fn is_mark(c: char) -> bool {
    !c.is_ascii() && c.width() == Some(0) && !is_invisible(c)
}

/// A short hash of a normalised text, equal for texts that count as equal.
///
/// It is the first eight bytes of the BLAKE3 hash of [`normalise`], read big-endian, and
/// is written as 16 hexadecimal digits. The journal stores it for each test row in place
/// of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TextHash(pub u64);

impl TextHash {
    /// Returns the hash of a text, which is normalised first.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self::of_normalised(&normalise(text))
    }

    /// Returns the hash of a text that is normalised already.
    #[must_use]
    pub fn of_normalised(normal: &str) -> Self {
        let hash = blake3::hash(normal.as_bytes());
        let first = hash.as_bytes().iter().take(8);
        Self(first.fold(0, |value, &byte| (value << 8) | u64::from(byte)))
    }
}

impl fmt::Display for TextHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl From<TextHash> for String {
    fn from(hash: TextHash) -> Self {
        hash.to_string()
    }
}

impl TryFrom<String> for TextHash {
    type Error = TextHashError;

    fn try_from(digits: String) -> Result<Self, Self::Error> {
        digits.parse()
    }
}

impl FromStr for TextHash {
    type Err = TextHashError;

    fn from_str(digits: &str) -> Result<Self, Self::Err> {
        let well_formed = digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let value = if well_formed { u64::from_str_radix(digits, 16).ok() } else { None };
        value.map(Self).ok_or_else(|| TextHashError(digits.to_owned()))
    }
}

/// A text hash was not written as 16 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a text hash; 16 hexadecimal digits are expected")]
pub struct TextHashError(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_letters_digits_and_underscores_in_lower_case() {
        let text = "Don't stop—It's 5.99€ at Café_01, OK?";

        let found: Vec<String> = words(text).collect();

        assert_eq!(found, ["don", "t", "stop", "it", "s", "5", "99", "at", "café_01", "ok"]);
        assert_eq!(normalise(text), "don t stop it s 5 99 at café_01 ok");
    }

    #[test]
    fn a_text_without_words_is_empty() {
        assert_eq!(normalise(""), "");
        assert_eq!(normalise(" …!? \n"), "");
        assert_eq!(words("?!").count(), 0);
    }

    #[test]
    fn case_punctuation_and_spacing_do_not_make_a_text_new() {
        assert_eq!(TextHash::of("Win cash! Text WIN"), TextHash::of("  win, CASH\ntext win."));
        assert_ne!(TextHash::of("win cash"), TextHash::of("wincash"));
    }

    #[test]
    fn marks_stay_with_their_letter_and_never_start_a_word() {
        assert_eq!(normalise("CAFE\u{301} olé"), "cafe\u{301} olé");
        assert_eq!(normalise("नमस्ते दुनिया"), "नमस्ते दुनिया");
        assert_eq!(normalise("\u{301}a 1\u{fe0f}\u{20e3}"), "a 1");
    }

    #[test]
    fn a_final_sigma_is_lowered_by_its_place() {
        assert_eq!(normalise("ΟΔΟΣ ΣΑΣ"), "οδος σας");
    }

    #[test]
    fn a_hash_is_written_as_sixteen_digits_and_read_back() {
        let hash = TextHash(0xab);

        let json = serde_json::to_string(&hash).unwrap();

        assert_eq!(json, "\"00000000000000ab\"");
        assert_eq!(serde_json::from_str::<TextHash>(&json).unwrap(), hash);
    }

    #[test]
    fn a_hash_starts_as_the_blake3_hash_does() {
        let whole = blake3::hash(b"win cash").to_hex();

        assert_eq!(TextHash::of("Win cash!").to_string(), whole[..16]);
    }

    #[test]
    fn a_malformed_hash_is_refused() {
        for bad in ["", "ab", "+0000000000000ab", "zzzzzzzzzzzzzzzz", "00000000000000ab0"] {
            assert_eq!(bad.parse::<TextHash>(), Err(TextHashError(bad.to_owned())));
        }
    }
}
