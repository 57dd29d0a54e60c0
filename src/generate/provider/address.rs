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
use crate::text::address::secret_in;
use crate::text::without_secrets;

/// The host of the Gemini API.
const GOOGLE: &str = "generativelanguage.googleapis.com";
/// Hosts that serve chat completions under `v1`.
const UNDER_V1: [&str; 2] = ["api.openai.com", "api.anthropic.com"];
/// Ollama's default port.
const OLLAMA_PORT: u16 = 11434;
/// Path endings of requests, which people may leave in an address.
const CALLS: [&str; 6] =
    ["/chat/completions", "/completions", "/responses", "/messages", "/embeddings", "/models"];
/// Where well-known hosts have their chat completions, if not under `/v1`.
const KNOWN: [(&str, &str); 6] = [
    ("openrouter.ai", "/api/v1"),
    ("api.groq.com", "/openai/v1"),
    ("api.fireworks.ai", "/inference/v1"),
    ("api.deepinfra.com", "/v1/openai"),
    ("api.cohere.ai", "/compatibility/v1"),
    ("api.cohere.com", "/compatibility/v1"),
];

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
        let text =
            text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>'));
        let shown = without_secrets(text);
        if let Some(meant) = with_its_scheme(text) {
            let why =
                format!("The `base_url` \"{shown}\" is no address without a scheme; write \"{meant}\".");
            return Err(GeneratorError::Settings(why));
        }
        let Ok(mut url) = Url::parse(text) else {
            return refuse(&format!("\"{shown}\" is no address"));
        };
        // The parsed form shows a password that was written in an unusual way.
        if let Some(what) = secret_in(url.as_str()).or_else(|| secret_in(text)) {
            return refuse(&what);
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
            || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback() || ip.is_unspecified())
    }

    /// Appends a version to an address without one, as the providers' own libraries do.
    pub(super) fn with_version(self, version: &str) -> Self {
        let path = without_calls(self.path());
        let last = last(path);
        let version = if is_version(last) || last == "openai" { "" } else { version };
        let path = format!("{path}/{version}");
        self.with_path(&format!("{}/", path.trim_end_matches('/')))
    }

    /// Returns the address that was probably meant; `None` if nothing speaks for another one.
    pub(super) fn suggested(&self) -> Option<Self> {
        let known = KNOWN.iter().find(|(host, _)| self.host() == *host).map(|(_, path)| (*path).to_owned());
        let path = known.unwrap_or_else(|| {
            let mut path = without_calls(self.path()).to_owned();
            for page in ["/index.html", "/docs", "/ui", "/chat", "/generate", "/api"] {
                path.truncate(path.strip_suffix(page).unwrap_or(&path).len());
            }
            let mut parts: Vec<&str> = path.split('/').collect();
            parts.dedup_by(|a, b| a == b && is_version(a));
            match parts.iter().rposition(|part| is_version(part)) {
                // What stands behind a version belongs to a request, except in Gemini's addresses.
                Some(at) if parts.last() != Some(&"openai") => parts.truncate(at + 1),
                Some(_) => {}
                None => parts.push("v1"),
            }
            parts.join("/")
        });
        let meant = self.with_path(&format!("{path}/"));
        (meant != *self).then_some(meant)
    }

    /// Returns the address as a person writes it, without a slash at its end.
    pub(super) fn written(&self) -> String {
        let mut url = self.0.clone();
        url.set_path(self.path());
        url.to_string().trim_end_matches('/').to_owned()
    }

    /// Returns what all addresses of one server have in common: scheme, host and port.
    pub(super) fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    pub(super) fn scheme(&self) -> &str {
        self.0.scheme()
    }

    /// Returns the same address with another scheme.
    pub(super) fn with_scheme(&self, scheme: &str) -> Self {
        let url = self.0.as_str();
        let changed = url.split_once("://").map(|(_, rest)| format!("{scheme}://{rest}"));
        changed.and_then(|url| Url::parse(&url).ok()).map_or_else(|| self.clone(), Self)
    }

    /// Returns the value of a parameter behind the question mark.
    pub(super) fn query(&self, name: &str) -> Option<String> {
        let found = self.0.query_pairs().find(|(key, value)| key == name && !value.is_empty());
        found.map(|(_, value)| value.into_owned())
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
        self.check_azure()?;
        let mut path = path;
        if let Some(at) = path.rfind("/models/").filter(|at| path[*at..].contains(':')) {
            path = &path[..at];
        }
        if !self.is_azure() {
            path = without_calls(path);
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

    pub(super) fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Returns the path without the slash at its end.
    pub(super) fn path(&self) -> &str {
        self.0.path().trim_end_matches('/')
    }

    fn with_path(&self, path: &str) -> Self {
        let mut url = self.0.clone();
        url.set_path(path);
        Self(url)
    }
}

/// Returns a path without the request that people may leave in it.
fn without_calls(path: &str) -> &str {
    CALLS.iter().fold(path, |path, call| path.strip_suffix(call).unwrap_or(path))
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// Returns whether a part of a path is a version, such as `v1` or `v1beta`.
fn is_version(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Returns the address with its scheme, if it is one of a host that merely lacks it.
fn with_its_scheme(text: &str) -> Option<String> {
    let host = text.split(['/', '?']).next().filter(|_| !text.contains("://"))?;
    let (name, port) = host.rsplit_once(':').unwrap_or((host, ""));
    let is_here = name == "localhost" || name.parse::<std::net::IpAddr>().is_ok() || name == "[::1]";
    let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let is_host =
        name.contains('.') && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    let scheme = if is_here || (is_port && port != "443") { "http" } else { "https" };
    let is_known = (is_here || is_host) && (is_port || !host.contains(':'));
    let meant = format!("{scheme}://{text}");
    (is_known || is_port && !name.is_empty() && !text.contains(' '))
        .then(|| Address::read(&meant).ok().map(|address| address.written()))
        .flatten()
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
    let host = host.unwrap_or("127.0.0.1").trim();
    let (host, query) = host.split_at(host.find('?').unwrap_or(host.len()));
    let host = host.trim_end_matches('/');
    let (scheme, host) = host.split_once("://").unwrap_or(("http", host));
    // `0.0.0.0` means that the server listens on all interfaces; it is reached on loopback.
    let host = host.replace("0.0.0.0", "127.0.0.1");
    let (host, path) = host.split_once('/').unwrap_or((&host, ""));
    let path = path.strip_suffix("v1/chat/completions").unwrap_or(path);
    let path = path.strip_suffix("v1").or(path.strip_suffix("api")).unwrap_or(path).trim_end_matches('/');
    let path = if path.is_empty() { String::new() } else { format!("/{path}") };
    let port = if host.contains(':') || scheme == "https" { "" } else { ":11434" };
    format!("{scheme}://{host}{port}{path}/v1{query}")
}

#[cfg(test)]
mod tests;
