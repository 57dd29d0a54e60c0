//! The services that a generator may use, their addresses, and the variables of their keys.

use serde::{Deserialize, Serialize};

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

/// The kind of service that a generator uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// The built-in generator.
    Offline,
    /// `OpenAI` and every server with a compatible API.
    Openai,
    /// Anthropic.
    Anthropic,
    /// Google Gemini.
    Gemini,
    /// Ollama.
    Ollama,
}

impl Provider {
    /// All providers, in the order in which they are listed.
    pub const ALL: [Self; 5] = [Self::Offline, Self::Openai, Self::Anthropic, Self::Gemini, Self::Ollama];

    /// Returns the name that files and the command line use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Openai => "openai",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::Ollama => "ollama",
        }
    }

    /// Returns the provider of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.name() == name)
    }
    /// Returns the address of the provider's own server; `None` where every person has another one.
    #[must_use]
    pub const fn own_address(self) -> Option<&'static str> {
        match self {
            Self::Openai => Some("https://api.openai.com/v1/"),
            Self::Anthropic => Some("https://api.anthropic.com/v1/"),
            Self::Gemini => Some("https://generativelanguage.googleapis.com/v1beta/openai/"),
            Self::Offline | Self::Ollama => None,
        }
    }

    /// Returns the usual variables of the key for a server, the preferred one first. `host` is the server's, where
    /// it is not the provider's own.
    #[must_use]
    pub fn key_variables(self, host: Option<&str>) -> &'static [&'static str] {
        if let Some(names) = host.and_then(own_key_variables) {
            return names;
        }
        match self {
            Self::Anthropic => &["ANTHROPIC_API_KEY"],
            Self::Gemini => &["GEMINI_API_KEY", "GOOGLE_API_KEY"],
            Self::Ollama => &["OLLAMA_API_KEY"],
            Self::Openai | Self::Offline => &["OPENAI_API_KEY"],
        }
    }
}

/// Returns the variables of a host in [`OWN_KEYS`].
#[must_use]
pub(crate) fn own_key_variables(host: &str) -> Option<&'static [&'static str]> {
    let is = |end: &str| host == end || host.strip_suffix(end).is_some_and(|rest| rest.ends_with('.'));
    OWN_KEYS.iter().find(|(end, _)| is(end)).map(|(_, names)| *names)
}

/// Returns whether a variable holds the key for this server and no other: the usual variable of a provider, at the
/// provider's own host. `server` is its origin, such as `https://api.openai.com`.
#[must_use]
pub(crate) fn is_own_key(server: &str, variable: &str) -> bool {
    let Some(host) = server.strip_prefix("https://") else { return false };
    let of_provider = Provider::ALL.iter().any(|provider| {
        let own = provider.own_address().and_then(|url| url.strip_prefix("https://"));
        let is_host = own.is_some_and(|own| own.split('/').next() == Some(host));
        is_host && provider.key_variables(None).contains(&variable)
    });
    // Whoever rents a server of Azure's chooses the first part of its name.
    let own = OWN_KEYS.iter().filter(|(end, _)| !end.ends_with("azure.com"));
    let is = |end: &str| host == end || host.strip_prefix("api.") == Some(end);
    of_provider || own.into_iter().any(|(end, names)| is(end) && names.contains(&variable))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_servers_have_variables_of_their_own() {
        let names = |host| Provider::Openai.key_variables(Some(host));

        assert_eq!(names("openrouter.ai"), ["OPENROUTER_API_KEY", "OPEN_ROUTER_API_KEY"]);
        assert_eq!(names("api.groq.com"), ["GROQ_API_KEY"]);
        assert_eq!(names("box.ai"), ["OPENAI_API_KEY"]);
        assert_eq!(names("127.0.0.1"), ["OPENAI_API_KEY"]);
        assert_eq!(Provider::Gemini.key_variables(None), ["GEMINI_API_KEY", "GOOGLE_API_KEY"]);
    }

    #[test]
    fn a_usual_variable_is_for_the_providers_own_host_alone() {
        for (server, variable) in [
            ("https://api.openai.com", "OPENAI_API_KEY"),
            ("https://api.anthropic.com", "ANTHROPIC_API_KEY"),
            ("https://generativelanguage.googleapis.com", "GOOGLE_API_KEY"),
            ("https://openrouter.ai", "OPENROUTER_API_KEY"),
            ("https://api.groq.com", "GROQ_API_KEY"),
        ] {
            assert!(is_own_key(server, variable), "{server}");
        }
        for (server, variable) in [
            ("http://api.openai.com", "OPENAI_API_KEY"),
            ("https://api.openai.com:8443", "OPENAI_API_KEY"),
            ("https://api.openai.com.evil.example", "OPENAI_API_KEY"),
            ("https://evil.example", "OPENAI_API_KEY"),
            ("https://api.openai.com", "AWS_SECRET_ACCESS_KEY"),
            ("https://api.openai.com", "ANTHROPIC_API_KEY"),
            ("https://evil.groq.com", "GROQ_API_KEY"),
            ("https://theirs.openai.azure.com", "AZURE_OPENAI_API_KEY"),
            ("http://127.0.0.1:11434", "OLLAMA_API_KEY"),
        ] {
            assert!(!is_own_key(server, variable), "{server} {variable}");
        }
    }
}
