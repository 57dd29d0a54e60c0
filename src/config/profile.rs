//! Profiles: models that a person can ask, each under a name, in the user's `config.toml`.
//!
//! A profile says where a model is and how hard it may be asked. It names the place of a key,
//! never the key: a settings file is copied, shown and shared.
//!
//! ```toml
//! [profiles.desk]
//! base_url = "http://127.0.0.1:8080/v1"
//!
//! [profiles.cloud]
//! provider = "openai"
//! model = "gpt-4.1-mini"
//! api_key_cmd = "pass show openai"
//! ```

use std::collections::BTreeMap;

use super::document::{Fault, Section, Value};
use super::session_file::{api_key_env, base_url, holds_a_key, provider};
use crate::domain::{GeneratorSettings, Limits, Price, Provider};

/// The keys of a profile, each with what it says.
///
/// | key | what it says |
/// |---|---|
/// | `provider` | `offline`, `openai`, `anthropic`, `gemini` or `ollama`; with a `base_url` alone it is `openai` |
/// | `base_url` | the server to ask, in the `OpenAI` dialect; without it the provider's own |
/// | `model` | the model's name |
/// | `api_key_env` | the environment variable, or the line of `.env`, that holds the key |
/// | `api_key_cmd` | a command of the shell whose first line of output is the key |
/// | `temperature` | the sampling temperature, from 0 |
/// | `max_tokens` | the most tokens that one reply may have |
/// | `rows_per_request` | rows asked for in one request |
/// | `concurrency` | requests under way at once, at most |
/// | `requests_per_minute` | requests a minute, at most |
/// | `tokens_per_minute` | tokens a minute, at most |
/// | `connect_seconds` | seconds that a connection may take to be made; 10 |
/// | `first_byte_seconds` | seconds until the first byte of an answer; 180 |
/// | `idle_seconds` | seconds of silence within an answer; 60 |
/// | `price_input` | US dollars for a million tokens of messages; goes with `price_output` |
/// | `price_output` | US dollars for a million tokens of replies |
pub const KEYS: [&str; 16] = [
    "provider",
    "base_url",
    "model",
    "api_key_env",
    "api_key_cmd",
    "temperature",
    "max_tokens",
    "rows_per_request",
    "concurrency",
    "requests_per_minute",
    "tokens_per_minute",
    "connect_seconds",
    "first_byte_seconds",
    "idle_seconds",
    "price_input",
    "price_output",
];

/// What a profile says; `None` leaves what was there before.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Profile {
    /// The provider.
    pub provider: Option<Provider>,
    /// The server to ask.
    pub base_url: Option<String>,
    /// The model's name.
    pub model: Option<String>,
    /// The environment variable that holds the key.
    pub api_key_env: Option<String>,
    /// The command that prints the key.
    pub api_key_cmd: Option<String>,
    /// The sampling temperature, from 0.
    pub temperature: Option<f64>,
    /// The most tokens that one reply may have.
    pub max_tokens: Option<u32>,
    /// Rows asked for in one request, from 1.
    pub rows_per_request: Option<u32>,
    /// Requests under way at once, from 1.
    pub concurrency: Option<u32>,
    /// Requests a minute.
    pub requests_per_minute: Option<u32>,
    /// Tokens a minute.
    pub tokens_per_minute: Option<u32>,
    /// Seconds that a connection may take to be made.
    pub connect_seconds: Option<u32>,
    /// Seconds until the first byte of an answer.
    pub first_byte_seconds: Option<u32>,
    /// Seconds of silence within an answer.
    pub idle_seconds: Option<u32>,
    /// What tokens cost.
    pub price: Option<Price>,
}

impl Profile {
    /// Returns settings with what the profile says in place of what they said.
    ///
    /// A profile that names a server replaces the server as a whole: an address or a key that
    /// belongs to another one is left out, so that no key reaches a server it is not for. The
    /// price is left to whoever knows which model it will be.
    #[must_use]
    pub fn over(&self, settings: &GeneratorSettings) -> GeneratorSettings {
        let mut over = settings.clone();
        // An address alone means the dialect that all such servers speak.
        let implied = self.base_url.as_ref().map(|_| Provider::Openai);
        if let Some(provider) = self.provider.or(implied) {
            let model = settings.model.clone().filter(|_| provider == settings.provider);
            over.provider = provider;
            over.base_url.clone_from(&self.base_url);
            over.model = self.model.clone().or(model);
            (over.api_key_env, over.api_key_cmd) = (None, None);
        } else if self.model.is_some() {
            over.model.clone_from(&self.model);
        }
        if self.api_key_env.is_some() || self.api_key_cmd.is_some() {
            (over.api_key_env, over.api_key_cmd) = (self.api_key_env.clone(), self.api_key_cmd.clone());
        }
        over.temperature = self.temperature.unwrap_or(over.temperature);
        over.max_tokens = self.max_tokens.or(over.max_tokens);
        over.rows_per_request = self.rows_per_request.unwrap_or(over.rows_per_request);
        over.concurrency = self.concurrency.unwrap_or(over.concurrency);
        over.limits = self.limits_over(over.limits);
        over
    }

    fn limits_over(&self, limits: Limits) -> Limits {
        Limits {
            requests_per_minute: self.requests_per_minute.or(limits.requests_per_minute),
            tokens_per_minute: self.tokens_per_minute.or(limits.tokens_per_minute),
            connect_seconds: self.connect_seconds.unwrap_or(limits.connect_seconds),
            first_byte_seconds: self.first_byte_seconds.unwrap_or(limits.first_byte_seconds),
            idle_seconds: self.idle_seconds.unwrap_or(limits.idle_seconds),
        }
    }
}

/// Reads `[profiles]`.
pub(super) fn profiles(section: Option<&Section<'_>>) -> Result<BTreeMap<String, Profile>, Fault> {
    let Some(section) = section else { return Ok(BTreeMap::new()) };
    section.values().map(|value| Ok((value.key.to_owned(), profile(&value)?))).collect()
}

fn profile(value: &Value<'_>) -> Result<Profile, Fault> {
    let section = value.section()?;
    if let Some(key) = ["api_key", "key", "token"].into_iter().find_map(|name| section.get(name)) {
        let message = format!(
            "{} would put a key into a file; name its variable with `api_key_env`, or the command that prints it \
             with `api_key_cmd`",
            key.told
        );
        return Err(Fault::at(key.key_range, message));
    }
    section.only(&KEYS)?;
    said(&section)
}

/// Reads what a section says of a model and how hard it may be asked.
pub(super) fn said(section: &Section<'_>) -> Result<Profile, Fault> {
    let warm = |temperature: f64| temperature.is_finite() && temperature >= 0.0;
    Ok(Profile {
        provider: provider(section)?,
        base_url: base_url(section)?,
        model: section.words("model")?,
        api_key_env: api_key_env(section)?,
        api_key_cmd: api_key_cmd(section)?,
        temperature: section.number("temperature", "a number from 0, such as 1.0", warm)?,
        max_tokens: section.whole("max_tokens", 1)?,
        rows_per_request: section.whole("rows_per_request", 1)?,
        concurrency: section.whole("concurrency", 1)?,
        requests_per_minute: section.whole("requests_per_minute", 1)?,
        tokens_per_minute: section.whole("tokens_per_minute", 1)?,
        connect_seconds: section.whole("connect_seconds", 1)?,
        first_byte_seconds: section.whole("first_byte_seconds", 1)?,
        idle_seconds: section.whole("idle_seconds", 1)?,
        price: price(section, "price_input", "price_output")?,
    })
}

/// Reads two prices that go together.
pub(super) fn price(section: &Section<'_>, input: &str, output: &str) -> Result<Option<Price>, Fault> {
    let fits = |price: f64| price.is_finite() && price >= 0.0;
    let read = |key| section.number(key, "US dollars for a million tokens, such as 0.15", fits);
    match (read(input)?, read(output)?) {
        (Some(input), Some(output)) => Ok(Some(Price { input, output })),
        (None, None) => Ok(None),
        (given, _) => {
            let (given, missing) = if given.is_some() { (input, output) } else { (output, input) };
            let range = section.get(given).map(|value| value.key_range);
            Err(Fault {
                range,
                message: format!("`{given}` says half of the price; add `{missing}` as well"),
            })
        }
    }
}

/// A key within a command is a key in a file.
fn api_key_cmd(section: &Section<'_>) -> Result<Option<String>, Fault> {
    let Some(value) = section.get("api_key_cmd") else { return Ok(None) };
    let command = value.words()?;
    if holds_a_key(&command) {
        let message = "`api_key_cmd` must be a command that prints the key, such as \"pass show openai\", \
                       and never hold the key itself";
        return Err(Fault::at(value.range(), message));
    }
    Ok(Some(command))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::UserConfig;
    use super::*;

    fn parsed(text: &str) -> Profile {
        let config = UserConfig::parse(text, Path::new("config.toml")).unwrap();
        config.profiles.into_values().next().unwrap()
    }

    fn said(text: &str) -> String {
        UserConfig::parse(text, Path::new("config.toml")).unwrap_err().to_string()
    }

    #[test]
    fn every_key_is_read_and_stands_in_the_settings() {
        let profile = parsed(
            "[profiles.all]\nprovider = 'openai'\nbase_url = 'https://gate.example/v1'\nmodel = 'm'\n\
             api_key_env = 'GATE_KEY'\napi_key_cmd = 'pass show gate'\ntemperature = 0.5\nmax_tokens = 100\n\
             rows_per_request = 3\nconcurrency = 4\nrequests_per_minute = 60\ntokens_per_minute = 9000\n\
             connect_seconds = 5\nfirst_byte_seconds = 6\nidle_seconds = 7\nprice_input = 1\nprice_output = 2.5\n",
        );
        let settings = profile.over(&GeneratorSettings::default());

        assert_eq!(settings.provider, Provider::Openai);
        assert_eq!(settings.base_url.as_deref(), Some("https://gate.example/v1"));
        assert_eq!(settings.model.as_deref(), Some("m"));
        assert_eq!(settings.api_key_env.as_deref(), Some("GATE_KEY"));
        assert_eq!(settings.api_key_cmd.as_deref(), Some("pass show gate"));
        assert_eq!((settings.temperature, settings.max_tokens), (0.5, Some(100)));
        assert_eq!((settings.rows_per_request, settings.concurrency), (3, 4));
        let limits = Limits {
            requests_per_minute: Some(60),
            tokens_per_minute: Some(9000),
            connect_seconds: 5,
            first_byte_seconds: 6,
            idle_seconds: 7,
        };
        assert_eq!(settings.limits, limits);
        assert_eq!(profile.price, Some(Price { input: 1.0, output: 2.5 }));
    }

    #[test]
    fn an_empty_profile_leaves_everything_and_an_address_alone_means_the_dialect() {
        let session = GeneratorSettings { temperature: 0.3, ..GeneratorSettings::default() };
        assert_eq!(parsed("[profiles.none]\n").over(&session), session);
        let desk = parsed("[profiles.desk]\nbase_url = 'http://127.0.0.1:8080/v1'\n").over(&session);
        assert_eq!((desk.provider, desk.model, desk.temperature), (Provider::Openai, None, 0.3));
    }

    #[test]
    fn another_server_keeps_neither_the_address_nor_the_key_of_the_first() {
        let session = GeneratorSettings {
            provider: Provider::Openai,
            base_url: Some("https://gate.example/v1".into()),
            model: Some("theirs".into()),
            api_key_env: Some("GATE_KEY".into()),
            ..GeneratorSettings::default()
        };

        let other = parsed("[profiles.a]\nprovider = 'anthropic'\n").over(&session);
        assert_eq!((other.base_url, other.model, other.api_key_env), (None, None, None));

        let same = parsed("[profiles.a]\nbase_url = 'http://127.0.0.1:1/v1'\n").over(&session);
        assert_eq!((same.model.as_deref(), same.api_key_env), (Some("theirs"), None));
    }

    #[test]
    fn unknown_keys_and_wrong_values_name_the_line_and_the_remedy() {
        assert_eq!(
            said("[profiles.a]\n\ntemprature = 1"),
            "config.toml, line 3: unknown key `temprature` in [profiles.a]; did you mean `temperature`?"
        );
        assert!(said("[profiles]\na = 1").contains("line 2: `a` in [profiles] must be a section"));
        assert!(said("[profiles.a]\nconcurrency = 0").contains("a whole number from 1, not `0`"));
        assert!(said("[profiles.a]\nprice_input = -1").contains("US dollars for a million tokens"));
        assert!(said("[profiles.a]\nprovider = 'opnai'").contains("there is no provider `opnai`"));
        let half = said("[profiles.a]\nmodel = 'm'\nprice_output = 1");
        assert!(half.contains("line 3: `price_output` says half of the price; add `price_input`"), "{half}");
    }

    #[test]
    fn a_key_is_refused_wherever_it_is_put_and_never_shown() {
        for line in [
            "api_key = 'sk-secret-abcdefghijklmnop'",
            "api_key_env = 'sk-secret-abcdefghijklmnop'",
            "api_key_env = 'gsk_secretabcdefghijklmnop'",
            "api_key_cmd = 'echo \"sk-secret-abcdefghijklmnop\"'",
        ] {
            let said = said(&format!("[profiles.a]\n{line}"));
            assert!(said.contains("line 2") && said.contains("api_key_"), "{said}");
            assert!(!said.contains("secret"), "{said}");
        }
    }
}
