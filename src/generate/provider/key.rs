//! API keys: where they are found, and how they are kept out of all output.

use std::fmt;

use reqwest::Url;
use reqwest::header::{HeaderValue, InvalidHeaderValue};
use secrecy::{ExposeSecret, SecretString};

use crate::domain::Provider;

/// The replacement for a key in texts.
pub(super) const HIDDEN: &str = "[key]";

/// Servers of the `OpenAI` dialect with their own keys: the end of the host name, and the variables.
///
/// Another provider's key is never sent to such a server.
const OWN_KEYS: [(&str, &[&str]); 9] = [
    ("openrouter.ai", &["OPENROUTER_API_KEY", "OPEN_ROUTER_API_KEY"]),
    ("deepseek.com", &["DEEPSEEK_API_KEY"]),
    ("groq.com", &["GROQ_API_KEY"]),
    ("together.xyz", &["TOGETHER_API_KEY"]),
    ("x.ai", &["XAI_API_KEY"]),
    ("mistral.ai", &["MISTRAL_API_KEY"]),
    ("openai.azure.com", &["AZURE_OPENAI_API_KEY", "AZURE_API_KEY"]),
    ("services.ai.azure.com", &["AZURE_OPENAI_API_KEY", "AZURE_API_KEY"]),
    ("cognitiveservices.azure.com", &["AZURE_OPENAI_API_KEY", "AZURE_API_KEY"]),
];

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

/// Returns the usual variables of a provider's key, the preferred one first.
pub(super) fn usual_names(provider: Provider, url: Option<&str>) -> &'static [&'static str] {
    if let Some(names) = own_names(url) {
        return names;
    }
    match provider {
        Provider::Anthropic => &["ANTHROPIC_API_KEY"],
        Provider::Gemini => &["GEMINI_API_KEY", "GOOGLE_API_KEY"],
        Provider::Ollama => &["OLLAMA_API_KEY"],
        Provider::Openai | Provider::Offline => &["OPENAI_API_KEY"],
    }
}

/// Returns the variables of a server in [`OWN_KEYS`].
pub(super) fn own_names(url: Option<&str>) -> Option<&'static [&'static str]> {
    let url = Url::parse(url?).ok()?;
    let host = url.host_str()?;
    let is = |end: &str| host == end || host.strip_suffix(end).is_some_and(|rest| rest.ends_with('.'));
    OWN_KEYS.iter().find(|(end, _)| is(end)).map(|(_, names)| *names)
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
    fn known_servers_have_variables_of_their_own() {
        let names = |url| usual_names(Provider::Openai, Some(url));

        assert_eq!(names("https://openrouter.ai/api/v1/"), ["OPENROUTER_API_KEY", "OPEN_ROUTER_API_KEY"]);
        assert_eq!(names("https://api.groq.com/openai/v1/"), ["GROQ_API_KEY"]);
        assert_eq!(names("https://box.ai/v1/"), ["OPENAI_API_KEY"]);
        assert_eq!(names("http://127.0.0.1:8080/v1/"), ["OPENAI_API_KEY"]);
        assert_eq!(usual_names(Provider::Gemini, None), ["GEMINI_API_KEY", "GOOGLE_API_KEY"]);
    }
}
