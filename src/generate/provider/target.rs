//! The target of requests: server, dialect, key and model.

use reqwest::header::{AUTHORIZATION, HeaderMap};
use secrecy::{ExposeSecret, SecretString};

use super::address::{Address, ollama_url, variable_address};
use super::dialect::{ChatCompletions, Dialect, Messages};
use super::failure::unwritable;
use super::key::Key;
use super::proxy::Proxy;
use super::record::hidden;
use crate::domain::{GeneratorSettings, Provider, own_key_variables};
use crate::generate::{GeneratorError, GeneratorName};
use crate::text::{origin_of, without_secrets};

/// A server, with the key and the model to use.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) name: GeneratorName,
    pub(super) dialect: &'static dyn Dialect,
    /// The address that requests go to.
    pub(super) url: Address,
    /// The address in the settings, if it is of another dialect and `url` was derived from it.
    pub(super) turned_from: Option<String>,
    pub(super) key: Option<Key>,
    /// Where the key was looked for, as part of a message.
    pub(super) key_from: String,
    pub(super) model: String,
    /// The proxy that stands before the server.
    pub(super) proxy: Option<Proxy>,
}

/// The server of a provider, and its dialect.
struct Place {
    dialect: &'static dyn Dialect,
    /// The address in the settings or a variable, if any: runs record it, and it is part of request keys.
    named: Option<Address>,
    asked: Address,
    /// Whether `base_url` or its variable names the server: then it may need no key.
    is_given: bool,
}

impl Target {
    /// Makes the target from settings; `key` is the output of `api_key_cmd`.
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
        let place = Place::of(settings, &variable)?;
        let base_url = place.named.as_ref().map(ToString::to_string);
        let given = place.named.as_ref().filter(|_| place.is_given).map(Address::host);
        let names = key_names(settings, place.named.as_ref(), given, &variable);
        let (key, key_from) = find_key(settings, key, given, &names, &variable)?;
        let proxy =
            if place.asked.is_loopback() { None } else { Proxy::of(place.asked.scheme(), &variable)? };
        let model = match (&settings.model, place.asked.deployment()) {
            (Some(model), _) => model.clone(),
            (None, Some(deployment)) => deployment.to_owned(),
            // A server with a single model, such as llama.cpp's, accepts any name for it.
            (None, None) if provider == Provider::Openai && place.is_given => "default".to_owned(),
            (None, None) => {
                return Err(GeneratorError::Settings(format!(
                    "No model of {} is chosen. Set `model` under [generator] in session.toml, or give --model.",
                    provider.name()
                )));
            }
        };
        let turned_from = base_url.clone().filter(|_| place.named.as_ref() != Some(&place.asked));
        let name = GeneratorName { provider, model: Some(model.clone()), base_url };
        let Place { dialect, asked: url, .. } = place;
        Ok(Self { name, dialect, url, turned_from, key, key_from, model, proxy })
    }

    /// Returns the headers that every request to the server carries.
    pub(super) fn headers(&self) -> Result<HeaderMap, GeneratorError> {
        let written = |key: &Key| key.header("").map_err(|error| unwritable(&error, self));
        let mut headers =
            self.dialect.headers(self.key.as_ref()).map_err(|error| unwritable(&error, self))?;
        // Azure takes a key in a header of its own, and only tokens as a bearer's.
        let is_azure = self.url.is_azure();
        if let Some(key) = self.key.as_ref().filter(|key| is_azure && !key.is_token()) {
            headers.remove(AUTHORIZATION);
            headers.insert("api-key", written(key)?);
        } else if let Some(key) = self.key.as_ref().filter(|_| !is_azure && self.url.deployment().is_some()) {
            headers.insert("api-key", written(key)?);
        }
        Ok(headers)
    }

    /// Returns the provider's name as the session spells it.
    pub(super) fn provider(&self) -> String {
        self.name.provider.name().to_owned()
    }

    /// Returns a text without the key and without secrets of an address.
    pub(super) fn without_key(&self, text: &str) -> String {
        hidden(&without_secrets(text), self.key.as_ref())
    }
}

impl Place {
    fn of(
        settings: &GeneratorSettings,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, GeneratorError> {
        let provider = settings.provider;
        let named = settings.base_url.clone().or_else(|| match provider {
            Provider::Openai => variable_address(provider, variable),
            Provider::Ollama => Some(ollama_url(variable_address(provider, variable).as_deref())),
            _ => None,
        });
        if let Some(url) = named {
            let named = Address::read(&url)?;
            let asked = named.of_completions(provider, false)?;
            return Ok(Self { dialect: &ChatCompletions, named: Some(named), asked, is_given: true });
        }
        let dialect: &'static dyn Dialect =
            if provider == Provider::Anthropic { &Messages } else { &ChatCompletions };
        // The variable may name a company's gateway, for example.
        let elsewhere = variable_address(provider, variable).map(|url| Address::read(&url)).transpose()?;
        let (named, asked) = match (provider, elsewhere) {
            (Provider::Gemini, Some(url)) => {
                let named = url.with_version("v1beta");
                let asked = named.of_completions(provider, true)?;
                (Some(named), asked)
            }
            (_, Some(url)) => {
                let url = url.with_version("v1");
                (Some(url.clone()), url)
            }
            (_, None) => (None, Address::read(provider.own_address().unwrap_or_default())?),
        };
        Ok(Self { dialect, named, asked, is_given: false })
    }
}

/// Returns the variables of the key, the preferred one first; `host` is the server's, where the settings name one.
fn key_names<'s>(
    settings: &'s GeneratorSettings,
    named: Option<&Address>,
    host: Option<&str>,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Vec<&'s str> {
    let provider = settings.provider;
    if let Some(chosen) = &settings.api_key_env {
        return vec![chosen];
    }
    let usual = variable_address(provider, variable);
    let usual = usual.as_deref().or(provider.own_address()).and_then(origin_of);
    let is_usual = named.is_none_or(|named| origin_of(&named.to_string()) == usual);
    settings.usual_keys(host, is_usual)
}

/// Returns the key, and where it was looked for; `host` is the server's, where the settings name one.
fn find_key(
    settings: &GeneratorSettings,
    printed: Option<&SecretString>,
    host: Option<&str>,
    names: &[&str],
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<(Option<Key>, String), GeneratorError> {
    if let Some(key) = printed.and_then(|key| Key::new(key.expose_secret())) {
        return Ok((Some(key), "the output of `api_key_cmd`".into()));
    }
    let found = names.iter().find_map(|name| Some((Key::new(&variable(name)?)?, (*name).to_owned())));
    if let Some((key, from)) = found {
        return Ok((Some(key), from));
    }
    let Some(env) = names.first().map(|name| (*name).to_owned()) else {
        return Ok((None, "a variable for this server alone".into()));
    };
    if host.is_none() || settings.api_key_env.is_some() || host.and_then(own_key_variables).is_some() {
        return Err(GeneratorError::MissingKey { provider: settings.provider.name().into(), env });
    }
    Ok((None, env))
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

            assert_eq!(target.dialect.path(), "chat/completions");
            assert_eq!(target.url.to_string(), "http://127.0.0.1:8080/v1/");
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
        assert_eq!(target.dialect.path(), "chat/completions");
        assert_eq!(target.name.base_url, None);
        assert!(!format!("{target:?}").contains("k-secret"));
        assert_eq!(target.without_key("bad k-secret!"), "bad [key]!");
    }

    #[test]
    fn a_key_of_the_server_before_is_sent_only_where_it_is_usually_for() {
        let key_at = |url: &str, gate: Option<&str>| {
            let moved = GeneratorSettings {
                withheld: vec!["OPENAI_API_KEY".into(), "GROQ_API_KEY".into()],
                ..settings(Provider::Openai, Some(url))
            };
            let set = |name: &str| match name {
                "OPENAI_BASE_URL" => gate.map(str::to_owned),
                name => name.ends_with("_API_KEY").then(|| name.to_owned()),
            };
            Target::new(&moved, None, &set).unwrap().key.map(|_| ())
        };
        assert_eq!(key_at("http://127.0.0.1:8080/v1", None), None);
        assert_eq!(key_at("https://api.openai.com/v1", None), Some(()));
        assert_eq!(key_at("https://api.groq.com/openai/v1", None), Some(()));
        assert_eq!(key_at("https://gate.example/v1", Some("https://gate.example:443/v2")), Some(()));
        assert_eq!(key_at("https://api.openai.com/v1", Some("https://gate.example/v1")), None);
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
        let url = |provider| Target::new(&settings(provider, None), None, &set).unwrap().url.to_string();

        assert_eq!(url(Provider::Openai), "https://gate.example/v1/");
        assert_eq!(url(Provider::Ollama), "http://127.0.0.1:11434/v1/");
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
        assert_eq!(found.headers().unwrap()["authorization"], "Bearer k-env");
        assert_eq!(found.key_from, "OPEN_ROUTER_API_KEY");
        let found = Target::new(&router, Some(&printed), &set).unwrap();
        assert_eq!(found.headers().unwrap()["authorization"], "Bearer k-printed");
        let error = Target::new(&router, None, &nothing).unwrap_err();
        assert!(error.to_string().contains("OPENROUTER_API_KEY is not set"), "{error}");
    }

    #[test]
    fn a_providers_own_server_is_asked_in_its_dialect_also_behind_a_gateway() {
        let key = |name: &str| name.ends_with("_API_KEY").then(|| "k".to_owned());
        let own = |provider| Target::new(&settings(provider, None), None, &key).unwrap();
        let gate = |name: &str| {
            name.ends_with("_BASE_URL").then(|| "http://gate:1".to_owned()).or_else(|| key(name))
        };
        let gateway = |provider| Target::new(&settings(provider, None), None, &gate).unwrap();

        for (provider, path, url) in [
            (Provider::Openai, "chat/completions", "https://api.openai.com/v1/"),
            (
                Provider::Gemini,
                "chat/completions",
                "https://generativelanguage.googleapis.com/v1beta/openai/",
            ),
            (Provider::Anthropic, "messages", "https://api.anthropic.com/v1/"),
        ] {
            let target = own(provider);
            assert_eq!((target.dialect.path(), target.url.to_string().as_str()), (path, url));
            assert_eq!((target.name.base_url, target.turned_from), (None, None));
            assert_eq!(gateway(provider).dialect.path(), path);
        }
        assert_eq!(gateway(Provider::Anthropic).url.to_string(), "http://gate:1/v1/");
        let gemini = gateway(Provider::Gemini);
        assert_eq!(gemini.url.to_string(), "http://gate:1/v1beta/openai/");
        // Runs and request keys keep the address of the settings.
        assert_eq!(gemini.name.base_url.as_deref(), Some("http://gate:1/v1beta/"));
        assert_eq!(gemini.turned_from, gemini.name.base_url);
    }

    #[test]
    fn native_addresses_of_sessions_and_earlier_runs_are_asked_for_chat_completions() {
        let asked = |provider, url| Target::new(&settings(provider, Some(url)), None, &nothing).unwrap();

        let gemini = asked(Provider::Gemini, "https://generativelanguage.googleapis.com/v1beta/");
        assert_eq!(gemini.url.to_string(), "https://generativelanguage.googleapis.com/v1beta/openai/");
        let ollama = asked(Provider::Ollama, "http://den:11434/api");
        assert_eq!(ollama.url.to_string(), "http://den:11434/v1/");
        assert_eq!(ollama.name.base_url.as_deref(), Some("http://den:11434/api/"));
    }

    #[test]
    fn azure_gets_its_key_in_its_own_header_and_the_deployment_is_the_model() {
        let of = |url: &str, key: &'static str| {
            let nameless = GeneratorSettings { model: None, ..settings(Provider::Openai, Some(url)) };
            let set = move |name: &str| (name.ends_with("OPENAI_API_KEY")).then(|| key.to_owned());
            Target::new(&nameless, None, &set).unwrap()
        };
        let headers = |url: &str, key| {
            let headers = of(url, key).headers().unwrap();
            ["api-key", "authorization"]
                .map(|name| headers.get(name).map(|value| value.to_str().unwrap().to_owned()))
        };
        let azure = "https://x.openai.azure.com/openai/deployments/four?api-version=2024-10-21";

        assert_eq!(headers(azure, "k"), [Some("k".into()), None]);
        assert_eq!(headers(azure, "eyJ0.a.b"), [None, Some("Bearer eyJ0.a.b".into())]);
        let behind = headers("http://127.0.0.1:1/openai/deployments/four?api-version=1", "k");
        assert_eq!(behind, [Some("k".into()), Some("Bearer k".into())]);
        assert_eq!(headers("http://127.0.0.1:1/v1", "k"), [None, Some("Bearer k".into())]);
        let target = of(azure, "k");
        assert_eq!(target.model, "four");
        assert_eq!(target.key_from, "AZURE_OPENAI_API_KEY");
        assert_eq!(
            target.url.of(target.dialect.path()).as_str(),
            "https://x.openai.azure.com/openai/deployments/four/chat/completions?api-version=2024-10-21"
        );
        assert_eq!(
            target.name.base_url.as_deref(),
            Some("https://x.openai.azure.com/openai/deployments/four/?api-version=2024-10-21")
        );
    }

    #[test]
    fn a_key_that_no_header_may_hold_is_said_and_not_shown() {
        let set = |name: &str| (name == "OPENAI_API_KEY").then(|| "k\u{7f}secret".to_owned());
        let target = Target::new(&settings(Provider::Openai, None), None, &set).unwrap();

        let said = target.headers().unwrap_err().to_string();

        assert!(said.starts_with("The request cannot be written") && !said.contains("secret"), "{said}");
    }
}
