//! API keys: where they are found, and how they are kept out of all output.

use std::fmt;

use reqwest::header::{HeaderValue, InvalidHeaderValue};
use secrecy::{ExposeSecret, SecretString};

/// The replacement for a key in texts.
pub(super) const HIDDEN: &str = "[key]";

/// A key from here on is none that a text holds by accident.
const LONG: usize = 16;
/// A shorter key is none that anybody keeps secret: many local servers take any word.
const SHORT: usize = 8;

/// An API key, which `Debug` does not show.
#[derive(Clone)]
pub(super) struct Key(SecretString);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

impl Key {
    /// Trims a key; `None` if nothing is left.
    pub(super) fn new(key: &str) -> Option<Self> {
        let key = key.trim();
        (!key.is_empty()).then(|| Self(key.into()))
    }

    /// Returns the key. Only for the header that carries it.
    fn exposed(&self) -> &str {
        self.0.expose_secret()
    }

    /// Returns the value of the header that carries the key, marked as sensitive so that no log shows it.
    pub(super) fn header(&self, before: &str) -> Result<HeaderValue, InvalidHeaderValue> {
        let mut value = HeaderValue::from_str(&format!("{before}{}", self.exposed()))?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// Returns whether this is a signed token, as single sign-on gives it out, and no key.
    pub(super) fn is_token(&self) -> bool {
        self.exposed().starts_with("eyJ") && self.exposed().matches('.').count() == 2
    }

    /// Returns a text without the key, in whatever form a provider quotes it.
    pub(super) fn hidden_in(&self, text: &str) -> String {
        let key = self.exposed();
        let in_json = serde_json::to_string(key).unwrap_or_default();
        let in_json = in_json.trim_matches('"');
        let forms = [key, in_json, &in_json.replace('/', "\\/"), &url_encoded(key)];
        let hide = if key.len() < SHORT { word_hidden } else { hidden_in_any_case };
        forms.iter().fold(text.to_owned(), |text, form| hide(&text, form))
    }

    /// Returns a text of a reply without the key. What may be a word of it, such as `none` or `lm-studio`, stays.
    pub(super) fn hidden_in_reply(&self, text: String) -> String {
        if self.is_no_word() { hidden_in_any_case(&text, self.exposed()) } else { text }
    }

    /// Returns whether no text of a person holds this by accident.
    fn is_no_word(&self) -> bool {
        let key = self.exposed();
        let is_of_word = |c: char| c.is_ascii_lowercase() || matches!(c, '-' | '_');
        let is_word = key.chars().skip(1).all(is_of_word) || key.chars().all(|c| c.is_ascii_uppercase());
        key.len() >= LONG || (key.len() >= SHORT && !is_word)
    }
}

/// Returns a text with a key replaced, in capital and small letters.
fn hidden_in_any_case(text: &str, key: &str) -> String {
    replaced(text, &text.to_ascii_lowercase(), &key.to_ascii_lowercase(), |_, _| true)
}

/// Returns a text with a key replaced where it stands alone, as a word does.
fn word_hidden(text: &str, key: &str) -> String {
    replaced(text, text, key, |before, behind| {
        !before.ends_with(char::is_alphanumeric) && !behind.starts_with(char::is_alphanumeric)
    })
}

/// Returns a text with `[key]` in each place where `searched`, as long as the text, holds the key and `is_meant` says so
/// of what stands before and behind.
fn replaced(text: &str, searched: &str, key: &str, is_meant: impl Fn(&str, &str) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    for (at, found) in searched.match_indices(key) {
        if is_meant(&text[..at], &text[at + found.len()..]) {
            shown.push_str(&text[from..at]);
            shown.push_str(HIDDEN);
            from = at + found.len();
        }
    }
    shown.push_str(&text[from..]);
    shown
}

/// Returns a key as the query of an address holds it.
fn url_encoded(key: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let sign = |byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    key.bytes().map(sign).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_trimmed_hidden_and_never_shown() {
        let key = Key::new(" sk-secret\n").unwrap();

        assert_eq!(key.exposed(), "sk-secret");
        assert_eq!(key.hidden_in("bad sk-secret!"), "bad [key]!");
        assert_eq!(format!("{key:?}"), "[key]");
        assert!(Key::new("  ").is_none());
    }

    #[test]
    fn a_key_is_hidden_in_every_form_and_in_replies_only_where_it_is_no_word() {
        let key = Key::new("Ab/c\"d+e-0123456789").unwrap();
        for echo in [
            "Ab/c\"d+e-0123456789",
            r#"Ab/c\"d+e-0123456789"#,
            r#"Ab\/c\"d+e-0123456789"#,
            "Ab%2Fc%22d%2Be-0123456789",
            "ab/c\"d+e-0123456789",
        ] {
            assert_eq!(key.hidden_in(&format!("bad {echo}!")), "bad [key]!", "{echo}");
        }
        assert_eq!(key.hidden_in("Ab/c…6789"), "Ab/c…6789");
        assert_eq!(key.hidden_in_reply("is Ab/c\"d+e-0123456789.".into()), "is [key].");
    }

    #[test]
    fn a_key_of_few_signs_is_hidden_in_replies_where_it_is_no_word() {
        let in_reply = |key: &str| Key::new(key).unwrap().hidden_in_reply(format!("my {key}, please"));
        for secret in ["tok-A1b2c3", "Pa55wordXY", "s3cretkey8", "abc/def+12=", "12345678", "aBcDefGhi"] {
            assert_eq!(in_reply(secret), "my [key], please");
        }
        for word in ["none", "x", "lm-studio", "not-needed", "Password", "EMPTYEMPTY", "a1b2c3d"] {
            assert_eq!(in_reply(word), format!("my {word}, please"));
        }
    }

    #[test]
    fn a_stand_in_for_a_key_does_not_spoil_the_words_of_an_error() {
        let said = |key: &str, text: &str| Key::new(key).unwrap().hidden_in(text);
        assert_eq!(said("x", "x exceeds the maximum: x"), "[key] exceeds the maximum: [key]");
        assert_eq!(said("no", "no node, none, no_no ano"), "[key] node, none, [key]_[key] ano");
        assert_eq!(said("aa", "aaaa aa"), "aaaa [key]");
        assert_eq!(said("secret99", "xsecret99x"), "x[key]x");
    }
}
