//! Which server is asked, with which key and for which model.

use genai::ModelIden;
use genai::ServiceTarget;
use genai::adapter::AdapterKind;
use genai::resolver::{AuthData, Endpoint};

use secrecy::{ExposeSecret, SecretString};

use super::key::{Key, own_names, usual_names};
use super::record::hidden;
use crate::domain::{GeneratorSettings, Provider};
use crate::generate::{GeneratorError, GeneratorName};

/// A server, a model, and what it takes to be let in.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) name: GeneratorName,
    pub(super) kind: AdapterKind,
    /// The address, ending in a slash.
    pub(super) url: String,
    pub(super) key: Option<Key>,
    /// Where the key was looked for, for a sentence.
    pub(super) key_from: String,
    pub(super) model: String,
}

impl Target {
    /// Finds the target that settings name; `key` is what `api_key_cmd` printed.
    pub(super) fn new(
        settings: &GeneratorSettings,
        key: Option<&SecretString>,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, GeneratorError> {
        let provider = settings.provider;
        if provider == Provider::Offline {
            return Err(GeneratorError::Settings("The provider `offline` asks no server.".into()));
        }
        let variable = |name: &str| environment(name).filter(|value| !value.trim().is_empty());
        let url = given_url(settings, &variable)?;
        let (key, key_from) = find_key(settings, key, url.as_deref(), &variable)?;
        let kind = match (provider, &url) {
            (Provider::Anthropic, None) => AdapterKind::Anthropic,
            (Provider::Gemini, None) => AdapterKind::Gemini,
            (Provider::Openai, None) => AdapterKind::OpenAIResp,
            // genai's own Ollama adapter drops the JSON schema; Ollama's /v1 does not.
            _ => AdapterKind::OpenAI,
        };
        let model = match (&settings.model, kind) {
            (Some(model), _) => model.clone(),
            // A server that runs one model, as llama.cpp's does, takes any name for it.
            (None, AdapterKind::OpenAI) if provider == Provider::Openai => "default".to_owned(),
            (None, _) => {
                return Err(GeneratorError::Settings(format!(
                    "No model of {} is chosen. Set `model` under [generator] in session.toml, or give --model.",
                    provider.name()
                )));
            }
        };
        let elsewhere = url.map_or_else(|| own_url_elsewhere(kind, &variable), |url| Ok(Some(url)))?;
        let name = GeneratorName { provider, model: Some(model.clone()), base_url: elsewhere.clone() };
        let url = elsewhere.unwrap_or_else(|| own_url(kind).to_owned());
        Ok(Self { name, kind, url, key, key_from, model })
    }

    /// Returns the target as genai takes it.
    pub(super) fn service(&self) -> ServiceTarget {
        let key = self.key.as_ref().map_or("", Key::exposed);
        let auth = AuthData::Key(key.to_owned());
        let model = ModelIden::new(self.kind, self.model.clone());
        ServiceTarget { endpoint: Endpoint::from_owned(self.url.clone()), auth, model }
    }

    /// Returns the provider's name as the session spells it.
    pub(super) fn provider(&self) -> String {
        self.name.provider.name().to_owned()
    }

    /// Returns a text in which the key does not stand.
    pub(super) fn without_key(&self, text: &str) -> String {
        hidden(text, self.key.as_ref())
    }
}

/// Returns the address that means chat completions, where one is given.
fn given_url(
    settings: &GeneratorSettings,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<String>, GeneratorError> {
    let url = settings.base_url.clone().or_else(|| match settings.provider {
        Provider::Openai => variable("OPENAI_BASE_URL"),
        Provider::Ollama => Some(ollama_url(variable("OLLAMA_HOST").as_deref())),
        _ => None,
    });
    url.map(|url| address(&url)).transpose()
}

/// Finds the key, and says where it was looked for.
fn find_key(
    settings: &GeneratorSettings,
    printed: Option<&SecretString>,
    url: Option<&str>,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<(Option<Key>, String), GeneratorError> {
    if let Some(key) = printed.and_then(|key| Key::new(key.expose_secret())) {
        return Ok((Some(key), "the output of `api_key_cmd`".into()));
    }
    let provider = settings.provider;
    let chosen = settings.api_key_env.as_deref();
    let names = chosen.as_ref().map_or_else(|| usual_names(provider, url), std::slice::from_ref);
    let found = names.iter().find_map(|name| Some((Key::new(&variable(name)?)?, (*name).to_owned())));
    if let Some((key, from)) = found {
        return Ok((Some(key), from));
    }
    let env = names.first().map(|name| (*name).to_owned()).unwrap_or_default();
    if url.is_none() || chosen.is_some() || own_names(url).is_some() {
        return Err(GeneratorError::MissingKey { provider: provider.name().into(), env });
    }
    Ok((None, env))
}

const fn own_url(kind: AdapterKind) -> &'static str {
    match kind {
        AdapterKind::Anthropic => "https://api.anthropic.com/v1/",
        AdapterKind::Gemini => "https://generativelanguage.googleapis.com/v1beta/",
        _ => "https://api.openai.com/v1/",
    }
}

/// Returns where a provider's own dialect is spoken by another server, such as a company's gateway.
///
/// The variables are those of the providers' own libraries, which leave the version out.
fn own_url_elsewhere(
    kind: AdapterKind,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<String>, GeneratorError> {
    let (name, version) = match kind {
        AdapterKind::Anthropic => ("ANTHROPIC_BASE_URL", "v1"),
        AdapterKind::Gemini => ("GEMINI_BASE_URL", "v1beta"),
        AdapterKind::OpenAIResp => ("OPENAI_RESPONSES_BASE_URL", "v1"),
        _ => return Ok(None),
    };
    let Some(url) = variable(name) else { return Ok(None) };
    let url = address(&url)?;
    let versioned = url.trim_end_matches('/').rsplit('/').next().is_some_and(|last| {
        last.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    });
    Ok(Some(if versioned { url } else { format!("{url}{version}/") }))
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
                Target::new(&settings(provider, Some("http://127.0.0.1:8080/v1")), None, &nothing).unwrap();

            assert_eq!(target.kind, AdapterKind::OpenAI);
            assert_eq!(target.url, "http://127.0.0.1:8080/v1/");
            assert!(target.key.is_none());
        }
    }

    #[test]
    fn a_providers_own_server_needs_a_key_from_its_variable() {
        let error = Target::new(&settings(Provider::Anthropic, None), None, &nothing).unwrap_err();
        assert!(
            matches!(&error, GeneratorError::MissingKey { env, .. } if env == "ANTHROPIC_API_KEY"),
            "{error}"
        );

        let set = |name: &str| (name == "GEMINI_API_KEY").then(|| "k-secret".to_owned());
        let target = Target::new(&settings(Provider::Gemini, None), None, &set).unwrap();
        assert_eq!(target.kind, AdapterKind::Gemini);
        assert_eq!(target.name.base_url, None);
        assert!(!format!("{target:?}").contains("k-secret"));
        assert_eq!(target.without_key("bad k-secret!"), "bad [key]!");
    }

    #[test]
    fn a_variable_that_the_session_names_must_be_set_even_for_an_own_server() {
        let mut named = settings(Provider::Openai, Some("http://localhost:1/v1"));
        named.api_key_env = Some("GATEWAY_KEY".into());

        let error = Target::new(&named, None, &nothing).unwrap_err();

        assert!(matches!(&error, GeneratorError::MissingKey { env, .. } if env == "GATEWAY_KEY"), "{error}");
    }

    #[test]
    fn addresses_come_from_the_environment_where_the_session_names_none() {
        let set = |name: &str| match name {
            "OPENAI_BASE_URL" => Some("https://gate.example/v1/chat/completions".to_owned()),
            "OLLAMA_HOST" => Some("0.0.0.0".to_owned()),
            _ => None,
        };
        let url = |provider| Target::new(&settings(provider, None), None, &set).unwrap().url;

        assert_eq!(url(Provider::Openai), "https://gate.example/v1/");
        assert_eq!(url(Provider::Ollama), "http://127.0.0.1:11434/v1/");
        assert_eq!(ollama_url(Some("http://den:9/")), "http://den:9/v1");
        assert_eq!(ollama_url(None), "http://127.0.0.1:11434/v1");
    }

    #[test]
    fn settings_that_cannot_be_used_say_what_to_write() {
        let refused =
            |settings: &GeneratorSettings| Target::new(settings, None, &nothing).unwrap_err().to_string();

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

    #[test]
    fn keys_come_from_the_command_first_and_then_from_the_usual_names() {
        let set = |name: &str| (name == "OPEN_ROUTER_API_KEY").then(|| "k-env".to_owned());
        let router = settings(Provider::Openai, Some("https://openrouter.ai/api/v1"));
        let printed = SecretString::from("k-printed\n");

        let found = Target::new(&router, None, &set).unwrap();
        assert_eq!(found.key.unwrap().exposed(), "k-env");
        assert_eq!(found.key_from, "OPEN_ROUTER_API_KEY");
        let found = Target::new(&router, Some(&printed), &set).unwrap();
        assert_eq!(found.key.unwrap().exposed(), "k-printed");
        let error = Target::new(&router, None, &nothing).unwrap_err();
        assert!(error.to_string().contains("OPENROUTER_API_KEY is not set"), "{error}");
    }

    #[test]
    fn openai_without_an_address_means_responses_and_gateways_keep_a_providers_dialect() {
        let set = |name: &str| match name {
            "ANTHROPIC_BASE_URL" | "GEMINI_BASE_URL" => Some("http://gate:1".to_owned()),
            name => name.ends_with("_API_KEY").then(|| "k".to_owned()),
        };
        let target = |provider| Target::new(&settings(provider, None), None, &set).unwrap();

        assert_eq!(target(Provider::Openai).kind, AdapterKind::OpenAIResp);
        assert_eq!(target(Provider::Openai).url, "https://api.openai.com/v1/");
        assert_eq!(target(Provider::Anthropic).kind, AdapterKind::Anthropic);
        assert_eq!(target(Provider::Anthropic).url, "http://gate:1/v1/");
        assert_eq!(target(Provider::Gemini).url, "http://gate:1/v1beta/");
        assert_eq!(target(Provider::Gemini).name.base_url.as_deref(), Some("http://gate:1/v1beta/"));
    }
}
