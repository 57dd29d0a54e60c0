//! API keys: where they are found, and how they are kept out of all output.

use std::fmt;

use reqwest::header::{HeaderValue, InvalidHeaderValue};
use secrecy::{ExposeSecret, SecretString};

/// The replacement for a key in texts.
pub(super) const HIDDEN: &str = "[key]";

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
        text.replace(self.exposed(), HIDDEN)
    }
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
}
