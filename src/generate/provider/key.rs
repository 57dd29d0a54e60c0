//! API keys: where they are found, and how they are kept out of all output.

use std::fmt;

use reqwest::header::{HeaderValue, InvalidHeaderValue};
use secrecy::{ExposeSecret, SecretString};

/// The replacement for a key in texts.
pub(super) const HIDDEN: &str = "[key]";

/// A key from here on is none that a text holds by accident.
const LONG: usize = 16;

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
        let in_address = url_encoded(key);
        let forms =
            [key, in_json.trim_matches('"'), &in_json.trim_matches('"').replace('/', "\\/"), &in_address];
        let lower = key.to_lowercase();
        let forms = forms.into_iter().chain((key.len() >= LONG).then_some(lower.as_str()));
        forms.fold(text.to_owned(), |text, form| text.replace(form, HIDDEN))
    }

    /// Returns a text of a reply without the key. A short key, such as `none`, is no secret, and may be a word of it.
    pub(super) fn hidden_in_reply(&self, text: String) -> String {
        let has_key = self.exposed().len() >= LONG && text.contains(self.exposed());
        if has_key { text.replace(self.exposed(), HIDDEN) } else { text }
    }
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
        assert_eq!(Key::new("none").unwrap().hidden_in_reply("none of them".into()), "none of them");
    }
}
