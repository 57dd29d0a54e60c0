//! Server addresses: how they are parsed, and the address of chat completions on the same host.
//!
//! Session files, profiles, variables and earlier runs may name the address of a dialect that is not
//! supported here: Gemini's own, Ollama's own, `OpenAI`'s Responses. Their hosts also serve chat
//! completions.
//!
//! ```text
//! https://generativelanguage.googleapis.com/v1beta  ─►  …/v1beta/openai/
//! http://127.0.0.1:11434/api                        ─►  http://127.0.0.1:11434/v1/
//! https://api.openai.com/v1/responses               ─►  https://api.openai.com/v1/
//! ```

use std::fmt;

use reqwest::Url;

use crate::domain::Provider;
use crate::generate::GeneratorError;
use crate::text::address::names_a_secret;
use crate::text::without_secrets;

/// The host of the Gemini API.
const GOOGLE: &str = "generativelanguage.googleapis.com";
/// Hosts that serve chat completions under `v1`.
const UNDER_V1: [&str; 2] = ["api.openai.com", "api.anthropic.com"];
/// Ollama's default port.
const OLLAMA_PORT: u16 = 11434;
/// Path endings of requests, which people may leave in an address.
const CALLS: [&str; 4] = ["/chat/completions", "/responses", "/messages", "/models"];

/// A server's address, whose path ends in a slash. It contains neither a password nor a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address(Url);

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

impl Address {
    /// Parses an address as a person writes it.
    ///
    /// # Errors
    ///
    /// It is not an address of a web server, or contains a password or a key.
    pub(super) fn read(text: &str) -> Result<Self, GeneratorError> {
        let refuse = |why: &str| {
            Err(GeneratorError::Settings(format!(
                "The `base_url` {why}; write it like \"http://127.0.0.1:8080/v1\"."
            )))
        };
        let shown = without_secrets(text);
        let Ok(mut url) = Url::parse(text.trim()) else {
            return refuse(&format!("\"{shown}\" is no address"));
        };
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("holds a password; a key belongs in the variable that `api_key_env` names");
        }
        if let Some((name, _)) = url.query_pairs().find(|(name, _)| names_a_secret(name)) {
            return refuse(&format!(
                "holds a key behind `{name}=`; a key belongs in the variable that `api_key_env` names"
            ));
        }
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return refuse(&format!("\"{shown}\" is no address of a web server"));
        }
        url.set_fragment(None);
        let path = url.path().trim_end_matches('/');
        let path = format!("{}/", path.strip_suffix("/chat/completions").unwrap_or(path));
        url.set_path(&path);
        Ok(Self(url))
    }

    /// Returns the address with a path appended.
    pub(super) fn of(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("{}{path}", self.0.path()));
        url
    }

    /// Returns whether this is `OpenAI`'s own server.
    pub(super) fn is_openai(&self) -> bool {
        self.host() == UNDER_V1[0]
    }

    /// Returns whether the server is on this machine, so that no proxy is used.
    pub(super) fn is_loopback(&self) -> bool {
        let host = self.host();
        host == "localhost"
            || host == "[::1]"
            || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
    }

    /// Appends a version to an address without one, as the providers' own libraries do.
    pub(super) fn with_version(self, version: &str) -> Self {
        let last = self.last();
        let is_version =
            last.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if is_version || last == "openai" {
            self
        } else {
            self.with_path(&format!("{}{version}/", self.0.path()))
        }
    }

    /// Returns the address of chat completions on the same host; `gemini` marks an address of the Gemini
    /// API.
    ///
    /// # Errors
    ///
    /// No such address can be derived.
    pub(super) fn of_completions(&self, provider: Provider, gemini: bool) -> Result<Self, GeneratorError> {
        let (host, path) = (self.host(), self.path());
        if host.ends_with("aiplatform.googleapis.com") && !path.contains("/endpoints/") {
            return Err(GeneratorError::Settings(format!(
                "The address {self} is one of Vertex AI's own dialect, which is not spoken. Set `base_url` to its \
                 chat completions: \"https://{host}/v1/projects/PROJECT/locations/LOCATION/endpoints/openapi\"."
            )));
        }
        let mut path = path;
        if let Some(at) = path.rfind("/models/").filter(|at| path[*at..].contains(':')) {
            path = &path[..at];
        }
        for call in CALLS {
            path = path.strip_suffix(call).unwrap_or(path);
        }
        let gemini = gemini || host == GOOGLE;
        let ollama = provider == Provider::Ollama || self.0.port() == Some(OLLAMA_PORT);
        let (parent, last) = path.rsplit_once('/').unwrap_or(("", path));
        let path = match (last, parent) {
            ("" | "api", _) if ollama => format!("{parent}/v1/"),
            ("chat" | "generate" | "tags", parent) if ollama && parent.ends_with("/api") => {
                format!("{}/v1/", parent.trim_end_matches("/api"))
            }
            ("", "") if gemini => "/v1beta/openai/".to_owned(),
            ("", "") if UNDER_V1.contains(&host) => "/v1/".to_owned(),
            ("v1", _) if gemini => format!("{parent}/v1beta/openai/"),
            ("v1beta" | "v1alpha", _) => format!("{path}/openai/"),
            _ => format!("{path}/"),
        };
        Ok(self.with_path(&path))
    }

    fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    fn path(&self) -> &str {
        self.0.path().trim_end_matches('/')
    }

    fn last(&self) -> &str {
        self.path().rsplit('/').next().unwrap_or_default()
    }

    fn with_path(&self, path: &str) -> Self {
        let mut url = self.0.clone();
        url.set_path(path);
        Self(url)
    }
}

/// Returns the address in a provider's environment variable, as it is written there.
///
/// `OPENAI_RESPONSES_BASE_URL` named a server of `OpenAI`'s Responses API, which is no longer used; if
/// `OPENAI_BASE_URL` is not set, its host is asked for chat completions.
#[must_use]
pub(crate) fn variable_address(
    provider: Provider,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    let set = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
    match provider {
        Provider::Openai => set("OPENAI_BASE_URL").or_else(|| {
            let url = set("OPENAI_RESPONSES_BASE_URL")?;
            Some(Address::read(&url).map_or(url, |address| address.with_version("v1").to_string()))
        }),
        Provider::Anthropic => set("ANTHROPIC_BASE_URL"),
        Provider::Gemini => set("GEMINI_BASE_URL"),
        Provider::Ollama => set("OLLAMA_HOST"),
        Provider::Offline => None,
    }
}

/// Returns the address of Ollama's chat completions, from the value of `OLLAMA_HOST`.
pub(super) fn ollama_url(host: Option<&str>) -> String {
    let host = host.unwrap_or("127.0.0.1").trim().trim_end_matches('/');
    let (scheme, host) = host.split_once("://").unwrap_or(("http", host));
    // `0.0.0.0` means that the server listens on all interfaces; it is reached on loopback.
    let host = host.replace("0.0.0.0", "127.0.0.1");
    let (host, path) = host.split_once('/').unwrap_or((&host, ""));
    let path = path.strip_suffix("v1").or(path.strip_suffix("api")).unwrap_or(path).trim_end_matches('/');
    let path = if path.is_empty() { String::new() } else { format!("/{path}") };
    let port = if host.contains(':') || scheme == "https" { "" } else { ":11434" };
    format!("{scheme}://{host}{port}{path}/v1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::read(text).unwrap()
    }

    fn completions(provider: Provider, text: &str) -> String {
        address(text).of_completions(provider, false).unwrap().to_string()
    }

    #[test]
    fn native_addresses_become_those_of_chat_completions_on_the_same_host() {
        for (provider, native, asked) in [
            (
                Provider::Gemini,
                "https://generativelanguage.googleapis.com",
                "https://generativelanguage.googleapis.com/v1beta/openai/",
            ),
            (
                Provider::Gemini,
                "https://generativelanguage.googleapis.com/v1beta/",
                "https://generativelanguage.googleapis.com/v1beta/openai/",
            ),
            (
                Provider::Openai,
                "https://generativelanguage.googleapis.com/v1",
                "https://generativelanguage.googleapis.com/v1beta/openai/",
            ),
            (
                Provider::Gemini,
                "https://generativelanguage.googleapis.com/v1beta/openai",
                "https://generativelanguage.googleapis.com/v1beta/openai/",
            ),
            (
                Provider::Gemini,
                "http://gate:1/google/v1beta/models/m:streamGenerateContent",
                "http://gate:1/google/v1beta/openai/",
            ),
            (Provider::Ollama, "http://den:11434", "http://den:11434/v1/"),
            (Provider::Ollama, "http://den:9/api/", "http://den:9/v1/"),
            (Provider::Ollama, "http://den:9/behind/api/chat", "http://den:9/behind/v1/"),
            (Provider::Openai, "http://den:11434/api", "http://den:11434/v1/"),
            (Provider::Openai, "https://api.openai.com", "https://api.openai.com/v1/"),
            (Provider::Openai, "https://api.openai.com/v1/responses", "https://api.openai.com/v1/"),
            (Provider::Anthropic, "https://api.anthropic.com/v1/messages", "https://api.anthropic.com/v1/"),
        ] {
            assert_eq!(completions(provider, native), asked, "{native}");
        }
    }

    #[test]
    fn addresses_of_chat_completions_stay_as_they_are() {
        for url in [
            "http://127.0.0.1:8080/v1/",
            "http://127.0.0.1:8080/",
            "https://gate.example/api/v1/",
            "https://gate.example/api/",
            "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/l/endpoints/openapi/",
        ] {
            assert_eq!(completions(Provider::Openai, url), url);
            assert_eq!(completions(Provider::Gemini, url), url);
        }
    }

    #[test]
    fn an_address_that_cannot_be_turned_says_what_to_write() {
        let vertex =
            "https://eu-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/google/models/m";
        let said = address(vertex).of_completions(Provider::Gemini, false).unwrap_err().to_string();
        assert!(
            said.contains("is one of Vertex AI's own dialect") && said.contains("/endpoints/openapi"),
            "{said}"
        );
    }

    #[test]
    fn what_stands_behind_a_question_mark_goes_with_every_request() {
        let azure = address("https://x.openai.azure.com/openai/deployments/d?api-version=2024-10-21");
        assert_eq!(
            azure.of("chat/completions").as_str(),
            "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21"
        );
        assert_eq!(address("https://x/v1/chat/completions").of("models").as_str(), "https://x/v1/models");
    }

    #[test]
    fn a_key_in_an_address_is_refused_and_not_shown() {
        for url in [
            "http://u:s3cret@x/v1",
            "http://x/v1?key=s3cret",
            "http://x:y/?api_key=s3cret",
            "http://u:s3cret@/",
        ] {
            let said = Address::read(url).unwrap_err().to_string();
            assert!(!said.contains("s3cret"), "{said}");
        }
        let said = Address::read("http://x/v1?key=s3cret").unwrap_err().to_string();
        assert!(said.contains("holds a key behind `key=`; a key belongs in the variable"), "{said}");
    }

    #[test]
    fn a_version_is_added_only_where_there_is_none() {
        let versioned = |url: &str| address(url).with_version("v1beta").to_string();
        assert_eq!(versioned("http://gate:1"), "http://gate:1/v1beta/");
        assert_eq!(versioned("http://gate:1/v1"), "http://gate:1/v1/");
        assert_eq!(versioned("http://gate:1/v1beta/openai/"), "http://gate:1/v1beta/openai/");
    }

    #[test]
    fn ollamas_host_is_read_as_ollama_reads_it() {
        assert_eq!(ollama_url(None), "http://127.0.0.1:11434/v1");
        assert_eq!(ollama_url(Some("0.0.0.0")), "http://127.0.0.1:11434/v1");
        assert_eq!(ollama_url(Some("http://den:9/")), "http://den:9/v1");
        assert_eq!(ollama_url(Some("http://den:9/api")), "http://den:9/v1");
        assert_eq!(ollama_url(Some("https://den/behind/v1/")), "https://den/behind/v1");
    }

    #[test]
    fn the_variable_of_responses_names_the_host_where_no_other_does() {
        let responses =
            |name: &str| (name == "OPENAI_RESPONSES_BASE_URL").then(|| "http://gate:1".to_owned());
        assert_eq!(variable_address(Provider::Openai, &responses).as_deref(), Some("http://gate:1/v1/"));
        let both = |name: &str| name.starts_with("OPENAI").then(|| name.to_lowercase());
        assert_eq!(variable_address(Provider::Openai, &both).as_deref(), Some("openai_base_url"));
        assert_eq!(variable_address(Provider::Gemini, &both), None);
    }
}
