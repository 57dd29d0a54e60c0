//! Which server is asked, with which key and for which model.

use std::fmt;

use genai::ModelIden;
use genai::ServiceTarget;
use genai::adapter::AdapterKind;
use genai::resolver::{AuthData, Endpoint};

use crate::domain::{GeneratorSettings, Provider};
use crate::generate::{GeneratorError, GeneratorName};

/// A key that shows itself to nobody but the server it is for.
#[derive(Clone)]
pub(super) struct Key(String);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[key]")
    }
}

impl Key {
    /// Returns a text in which the key does not stand, however a provider quoted it.
    pub(super) fn hidden_in(&self, text: &str) -> String {
        if self.0.is_empty() { text.to_owned() } else { text.replace(&self.0, "[key]") }
    }
}

/// A server, a model, and what it takes to be let in.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) name: GeneratorName,
    pub(super) kind: AdapterKind,
    /// The address, ending in a slash; `None` for the provider's own.
    pub(super) url: Option<String>,
    pub(super) key: Option<Key>,
    /// The environment variable that the key was looked for in.
    pub(super) key_env: String,
    pub(super) model: String,
}

impl Target {
    /// Finds the target that settings name.
    pub(super) fn new(
        settings: &GeneratorSettings,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, GeneratorError> {
        let provider = settings.provider;
        if provider == Provider::Offline {
            return Err(GeneratorError::Settings("The provider `offline` asks no server.".into()));
        }
        let variable = |name: &str| environment(name).filter(|value| !value.trim().is_empty());
        let own = settings.base_url.clone().or_else(|| match provider {
            Provider::Openai => variable("OPENAI_BASE_URL"),
            Provider::Ollama => Some(ollama_url(variable("OLLAMA_HOST").as_deref())),
            _ => None,
        });
        let url = own.map(|url| address(&url)).transpose()?;
        let key_env = settings.api_key_env.clone().unwrap_or_else(|| usual_key_env(provider).to_owned());
        let key = variable(&key_env).map(|key| Key(key.trim().to_owned()));
        if key.is_none() && (url.is_none() || settings.api_key_env.is_some()) {
            return Err(GeneratorError::MissingKey { provider: provider.name().into(), env: key_env });
        }
        let model = match (&settings.model, &url) {
            (Some(model), _) => model.clone(),
            // A server that runs one model, as llama.cpp's does, takes any name for it.
            (None, Some(_)) if provider == Provider::Openai => "default".to_owned(),
            (None, _) => {
                return Err(GeneratorError::Settings(format!(
                    "No model of {} is chosen. Set `model` under [generator] in session.toml, or give --model.",
                    provider.name()
                )));
            }
        };
        let kind = match (provider, &url) {
            (Provider::Anthropic, None) => AdapterKind::Anthropic,
            (Provider::Gemini, None) => AdapterKind::Gemini,
            // genai's own Ollama adapter drops the JSON schema; Ollama's /v1 does not.
            _ => AdapterKind::OpenAI,
        };
        let name = GeneratorName { provider, model: Some(model.clone()), base_url: url.clone() };
        Ok(Self { name, kind, url, key, key_env, model })
    }

    /// Returns the target as genai takes it.
    pub(super) fn service(&self) -> ServiceTarget {
        let own = match self.kind {
            AdapterKind::Anthropic => "https://api.anthropic.com/v1/",
            AdapterKind::Gemini => "https://generativelanguage.googleapis.com/v1beta/",
            _ => "https://api.openai.com/v1/",
        };
        let url = self.url.clone().unwrap_or_else(|| own.to_owned());
        let auth = match &self.key {
            Some(key) => AuthData::Key(key.0.clone()),
            // Without a key there is no header for one: only a dialect with a base URL has none.
            None => AuthData::RequestOverride {
                url: format!("{url}chat/completions"),
                headers: genai::Headers::default(),
            },
        };
        let model = ModelIden::new(self.kind, self.model.clone());
        ServiceTarget { endpoint: Endpoint::from_owned(url), auth, model }
    }

    /// Returns the provider's name as the session spells it.
    pub(super) fn provider(&self) -> String {
        self.name.provider.name().to_owned()
    }

    /// Returns a text in which the key does not stand.
    pub(super) fn without_key(&self, text: &str) -> String {
        self.key.as_ref().map_or_else(|| text.to_owned(), |key| key.hidden_in(text))
    }
}

const fn usual_key_env(provider: Provider) -> &'static str {
    match provider {
        Provider::Anthropic => "ANTHROPIC_API_KEY",
        Provider::Gemini => "GEMINI_API_KEY",
        Provider::Ollama => "OLLAMA_API_KEY",
        Provider::Openai | Provider::Offline => "OPENAI_API_KEY",
    }
}

/// Returns the address of Ollama's `OpenAI` dialect, from a host as `OLLAMA_HOST` spells it.
fn ollama_url(host: Option<&str>) -> String {
    let host = host.unwrap_or("127.0.0.1").trim().trim_end_matches('/');
    let (scheme, host) = host.split_once("://").unwrap_or(("http", host));
    // A server that listens everywhere is asked here.
    let host = host.replace("0.0.0.0", "127.0.0.1");
    let port = if host.contains(':') || scheme == "https" { "" } else { ":11434" };
    format!("{scheme}://{host}{port}/v1")
}

/// Checks an address and gives it the slash that it must end in.
fn address(url: &str) -> Result<String, GeneratorError> {
    let refuse = |why: &str| {
        Err(GeneratorError::Settings(format!(
            "The `base_url` {why}; write it like \"http://127.0.0.1:8080/v1\"."
        )))
    };
    let Ok(parsed) = reqwest::Url::parse(url.trim()) else {
        return refuse(&format!("\"{url}\" is no address"));
    };
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return refuse("holds a password; a key belongs in the variable that `api_key_env` names");
    }
    if !matches!(parsed.scheme(), "http" | "https") || parsed.host_str().is_none() {
        return refuse(&format!("\"{url}\" is no address of a web server"));
    }
    let plain = parsed.as_str().trim_end_matches('/');
    Ok(format!("{}/", plain.strip_suffix("/chat/completions").unwrap_or(plain)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(provider: Provider, base_url: Option<&str>) -> GeneratorSettings {
        GeneratorSettings {
            provider,
            model: Some("m".into()),
            base_url: base_url.map(str::to_owned),
            ..GeneratorSettings::default()
        }
    }

    fn nothing(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn a_base_url_means_the_openai_dialect_and_needs_no_key() {
        for provider in [Provider::Openai, Provider::Anthropic, Provider::Ollama] {
            let target =
                Target::new(&settings(provider, Some("http://127.0.0.1:8080/v1")), &nothing).unwrap();

            assert_eq!(target.kind, AdapterKind::OpenAI);
            assert_eq!(target.url.as_deref(), Some("http://127.0.0.1:8080/v1/"));
            assert!(target.key.is_none());
        }
    }

    #[test]
    fn a_providers_own_server_needs_a_key_from_its_variable() {
        let error = Target::new(&settings(Provider::Anthropic, None), &nothing).unwrap_err();
        assert!(
            matches!(&error, GeneratorError::MissingKey { env, .. } if env == "ANTHROPIC_API_KEY"),
            "{error}"
        );

        let set = |name: &str| (name == "GEMINI_API_KEY").then(|| "k-secret".to_owned());
        let target = Target::new(&settings(Provider::Gemini, None), &set).unwrap();
        assert_eq!(target.kind, AdapterKind::Gemini);
        assert_eq!(target.name.base_url, None);
        assert!(!format!("{target:?}").contains("k-secret"));
        assert_eq!(target.without_key("bad k-secret!"), "bad [key]!");
    }

    #[test]
    fn a_variable_that_the_session_names_must_be_set_even_for_an_own_server() {
        let mut named = settings(Provider::Openai, Some("http://localhost:1/v1"));
        named.api_key_env = Some("GATEWAY_KEY".into());

        let error = Target::new(&named, &nothing).unwrap_err();

        assert!(matches!(&error, GeneratorError::MissingKey { env, .. } if env == "GATEWAY_KEY"), "{error}");
    }

    #[test]
    fn addresses_come_from_the_environment_where_the_session_names_none() {
        let set = |name: &str| match name {
            "OPENAI_BASE_URL" => Some("https://gate.example/v1/chat/completions".to_owned()),
            "OLLAMA_HOST" => Some("0.0.0.0".to_owned()),
            _ => None,
        };
        let url = |provider| Target::new(&settings(provider, None), &set).unwrap().url.unwrap();

        assert_eq!(url(Provider::Openai), "https://gate.example/v1/");
        assert_eq!(url(Provider::Ollama), "http://127.0.0.1:11434/v1/");
        assert_eq!(ollama_url(Some("http://den:9/")), "http://den:9/v1");
        assert_eq!(ollama_url(None), "http://127.0.0.1:11434/v1");
    }

    #[test]
    fn settings_that_cannot_be_used_say_what_to_write() {
        let refused = |settings: &GeneratorSettings| Target::new(settings, &nothing).unwrap_err().to_string();

        assert!(
            refused(&settings(Provider::Openai, Some("localhost"))).contains("\"localhost\" is no address")
        );
        assert!(
            refused(&settings(Provider::Openai, Some("ftp://x/"))).contains("no address of a web server")
        );
        assert!(refused(&settings(Provider::Openai, Some("http://u:p@x/v1"))).contains("holds a password"));
        assert!(!refused(&settings(Provider::Openai, Some("http://u:p@x/v1"))).contains("u:p"));
        let mut nameless = settings(Provider::Ollama, None);
        nameless.model = None;
        assert!(refused(&nameless).starts_with("No model of ollama is chosen."));
        assert!(refused(&settings(Provider::Offline, None)).contains("asks no server"));
    }
}
