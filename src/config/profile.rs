//! Profiles: named models in the user's `config.toml`.
//!
//! A profile says where a model is served and the limits of requests to it. It names where a key is stored,
//! never the key itself: settings files get copied, shown and shared.
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

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use super::document::{Document, Fault, choice, from_one, number, words};
use super::spelling::listed;
use crate::domain::{GeneratorSettings, Limits, NamedBy, Parameter, Price, Provider};
use crate::text::address::{holds_a_key, secret_in};
use crate::text::closest;

/// The settings of a profile or of a session's `[generator]`; `None` keeps the earlier setting.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the key in the file is called so")]
pub struct Profile {
    /// The provider; `openai` if only `base_url` is set.
    #[serde(deserialize_with = "provider")]
    pub provider: Option<Provider>,
    /// The server's URL, in the `OpenAI` dialect; by default the provider's own.
    #[serde(deserialize_with = "base_url")]
    pub base_url: Option<String>,
    /// The model's name.
    #[serde(deserialize_with = "words")]
    pub model: Option<String>,
    /// The environment variable or `.env` entry that holds the key.
    #[serde(deserialize_with = "api_key_env")]
    pub api_key_env: Option<String>,
    /// A shell command whose first line of output is the key.
    #[serde(deserialize_with = "api_key_cmd")]
    pub api_key_cmd: Option<String>,
    /// The sampling temperature, from 0.
    #[serde(deserialize_with = "temperature")]
    pub temperature: Option<f64>,
    /// The token limit of one reply; `max_tokens` is its former name.
    #[serde(alias = "max_tokens", deserialize_with = "from_one")]
    pub reply_tokens: Option<u32>,
    /// The parameters that no request has.
    #[serde(deserialize_with = "leave_out")]
    pub leave_out: Option<Vec<Parameter>>,
    /// Rows per request, from 1.
    #[serde(deserialize_with = "from_one")]
    pub rows_per_request: Option<u32>,
    /// Concurrent requests, from 1.
    #[serde(deserialize_with = "from_one")]
    pub concurrency: Option<u32>,
    /// Requests a minute, at most.
    #[serde(deserialize_with = "from_one")]
    pub requests_per_minute: Option<u32>,
    /// Tokens a minute, at most.
    #[serde(deserialize_with = "from_one")]
    pub tokens_per_minute: Option<u32>,
    /// Timeout for connecting, in seconds; by default 10.
    #[serde(deserialize_with = "from_one")]
    pub connect_seconds: Option<u32>,
    /// Timeout for the first byte of an answer, in seconds; by default 180.
    #[serde(deserialize_with = "from_one")]
    pub first_byte_seconds: Option<u32>,
    /// Timeout between two bytes of an answer, in seconds; by default 60.
    #[serde(deserialize_with = "from_one")]
    pub idle_seconds: Option<u32>,
    /// Price in US dollars per million input tokens; needs `price_output`.
    #[serde(deserialize_with = "dollars")]
    pub price_input: Option<f64>,
    /// Price in US dollars per million output tokens; needs `price_input`.
    #[serde(deserialize_with = "dollars")]
    pub price_output: Option<f64>,
    /// The user's profile that overrides a session's `[generator]`; only a `[generator]` may set it.
    #[serde(deserialize_with = "words")]
    pub profile: Option<String>,
}

impl Profile {
    /// Returns the settings, overridden by the profile.
    ///
    /// A profile that names a server replaces the server as a whole: the address and the key of the earlier
    /// one are dropped, so that no key is sent to a server it is not for. The price is not set here,
    /// because options may still change the model.
    #[must_use]
    pub fn over(&self, settings: &GeneratorSettings) -> GeneratorSettings {
        let mut over = settings.clone();
        // An address alone means the `OpenAI` dialect, which all such servers speak.
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
        over.max_tokens = self.reply_tokens.or(over.max_tokens);
        over.leave_out = self.leave_out.clone().unwrap_or(over.leave_out);
        over.rows_per_request = self.rows_per_request.unwrap_or(over.rows_per_request);
        over.concurrency = self.concurrency.unwrap_or(over.concurrency);
        over.limits = self.limits_over(over.limits);
        over
    }

    /// Returns the settings, overridden by a profile of the person's own: what it names of server and key, they named.
    pub(crate) fn of_person_over(&self, settings: &GeneratorSettings) -> GeneratorSettings {
        let mut over = self.over(settings);
        if self.names_a_server() {
            over.server_by = NamedBy::Person;
        }
        if self.names_a_server() || self.api_key_env.is_some() || self.api_key_cmd.is_some() {
            over.key_by = NamedBy::Person;
        }
        over
    }

    /// Returns whether the profile says which server is asked.
    pub(crate) const fn names_a_server(&self) -> bool {
        self.provider.is_some() || self.base_url.is_some()
    }

    /// Returns whether the profile names a key, and not the server that it is for.
    pub(crate) const fn has_key_alone(&self) -> bool {
        let has_key = self.api_key_env.is_some() || self.api_key_cmd.is_some();
        has_key && !self.names_a_server()
    }

    /// Returns the price of tokens, if the profile sets it.
    #[must_use]
    pub fn price(&self) -> Option<Price> {
        self.price_input.zip(self.price_output).map(|(input, output)| Price { input, output })
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

/// Returns the price made of two figures of a section; `None` if neither is given.
pub(super) fn price(
    document: &Document<'_>,
    section: &[&str],
    (input, of_input): (&str, Option<f64>),
    (output, of_output): (&str, Option<f64>),
) -> Result<Option<Price>, Fault> {
    let (given, missing) = match (of_input, of_output) {
        (Some(input), Some(output)) => return Ok(Some(Price { input, output })),
        (None, None) => return Ok(None),
        (Some(_), None) => (input, output),
        (None, Some(_)) => (output, input),
    };
    let message = format!("`{given}` says half of the price; add `{missing}` as well");
    document.refuse(&[section, &[given]].concat(), &message).map(|()| None)
}

/// Returns the keys of a [`Profile`] that are refused in the section of this path.
pub(super) fn refused_keys(path: &[&str]) -> &'static [&'static str] {
    match path.first() {
        Some(&"generator") => &["price_input", "price_output"],
        Some(&"profiles") => &["profile"],
        _ => &[],
    }
}

fn provider<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Provider>, D::Error> {
    choice(value).map(Some)
}

fn base_url<'de, D: Deserializer<'de>>(value: D) -> Result<Option<String>, D::Error> {
    let url: String = words(value)?;
    if !url.starts_with("http://") && !url.starts_with("https://") {
        let told = "{told} must be an address that begins with http:// or https://";
        let is_secret = holds_a_key(&url) || secret_in(&url).is_some();
        let shown = if is_secret { "" } else { ", not {shown}" };
        return Err(D::Error::custom(format!("{told}{shown}")));
    }
    match secret_in(&url) {
        Some(what) => Err(D::Error::custom(format!("`base_url` {what}"))),
        None => Ok(Some(url)),
    }
}

/// Refuses a key in place of a variable's name, without repeating it: files get committed, copied and
/// shown.
fn api_key_env<'de, D: Deserializer<'de>>(value: D) -> Result<Option<String>, D::Error> {
    let name: String = words(value)?;
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if plain && !name.as_bytes()[0].is_ascii_digit() && !holds_a_key(&name) {
        return Ok(Some(name));
    }
    Err(D::Error::custom(
        "`api_key_env` must be the name of an environment variable, such as \"OPENAI_API_KEY\", never the key itself",
    ))
}

/// Refuses a command that contains a key, as [`api_key_env`] does.
fn api_key_cmd<'de, D: Deserializer<'de>>(value: D) -> Result<Option<String>, D::Error> {
    let command: String = words(value)?;
    if holds_a_key(&command) {
        return Err(D::Error::custom(
            "`api_key_cmd` must be a command that prints the key, such as \"pass show openai\", and never hold the \
             key itself",
        ));
    }
    Ok(Some(command))
}

fn temperature<'de, D: Deserializer<'de>>(value: D) -> Result<Option<f64>, D::Error> {
    number(value, "a number from 0, such as 1.0", |warm| warm.is_finite() && warm >= 0.0)
}

/// Reads the names of parameters, with a suggestion for one that is none.
fn leave_out<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Vec<Parameter>>, D::Error> {
    let names = Vec::<String>::deserialize(value).ok().ok_or_else(|| {
        D::Error::custom("{told} must be a list of parameters such as `[\"seed\"]`, not {shown}")
    })?;
    let parameter = |name: &String| {
        Parameter::from_name(name).ok_or_else(|| {
            let known = Parameter::ALL.map(Parameter::name);
            let help = match closest(name, known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("there are {}", listed(&known)),
            };
            D::Error::custom(format!("there is no parameter `{name}` to leave out; {help}"))
        })
    };
    names.iter().map(parameter).collect::<Result<_, _>>().map(Some)
}

pub(super) fn dollars<'de, D: Deserializer<'de>>(value: D) -> Result<Option<f64>, D::Error> {
    let what = "US dollars for a million tokens, such as 0.15";
    number(value, what, |price| price.is_finite() && price >= 0.0)
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
             api_key_env = 'GATE_KEY'\napi_key_cmd = 'pass show gate'\ntemperature = 0.5\nreply_tokens = 100\n\
             leave_out = ['seed', 'stream']\nrows_per_request = 3\nconcurrency = 4\nrequests_per_minute = 60\ntokens_per_minute = 9000\n\
             connect_seconds = 5\nfirst_byte_seconds = 6\nidle_seconds = 7\nprice_input = 1\nprice_output = 2.5\n",
        );
        let settings = profile.over(&GeneratorSettings::default());

        assert_eq!(settings.provider, Provider::Openai);
        assert_eq!(settings.base_url.as_deref(), Some("https://gate.example/v1"));
        assert_eq!(settings.model.as_deref(), Some("m"));
        assert_eq!(settings.api_key_env.as_deref(), Some("GATE_KEY"));
        assert_eq!(settings.api_key_cmd.as_deref(), Some("pass show gate"));
        assert_eq!((settings.temperature, settings.max_tokens), (0.5, Some(100)));
        assert_eq!(settings.leave_out, [Parameter::Seed, Parameter::Stream]);
        assert_eq!((settings.rows_per_request, settings.concurrency), (3, 4));
        let limits = Limits {
            requests_per_minute: Some(60),
            tokens_per_minute: Some(9000),
            connect_seconds: 5,
            first_byte_seconds: 6,
            idle_seconds: 7,
        };
        assert_eq!(settings.limits, limits);
        assert_eq!(profile.price(), Some(Price { input: 1.0, output: 2.5 }));
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
        assert!(
            said("[[profiles.a]]")
                .contains("must be a section that begins with `[profiles.a]`, not `[[profiles.a]]`")
        );
        assert!(
            said("[profiles]\na = []")
                .contains("must be a section that begins with `[profiles.a]`, not `[]`")
        );
        assert!(said("[profiles]\na = ['b']").contains("must be a section"));
        assert!(said("profiles = 1979-05-27").contains("must be a section that begins with `[profiles]`"));
        assert!(!said("[profiles.a]\nzzzzzz = 1").contains("`profile`"));
        assert!(said("[profiles.a]\nprovider = { openai = {} }").contains("must be text in quotation marks"));
        assert!(said("[profiles.a]\nconcurrency = 0").contains("a whole number from 1, not `0`"));
        assert!(said("[profiles.a]\nprice_input = -1").contains("US dollars for a million tokens"));
        assert!(said("[profiles.a]\nprovider = 'opnai'").contains("there is no provider `opnai`"));
        let half = said("[profiles.a]\nmodel = 'm'\nprice_output = 1");
        assert!(half.contains("line 3: `price_output` says half of the price; add `price_input`"), "{half}");
    }

    #[test]
    fn parameters_to_leave_out_are_names_and_an_empty_list_leaves_none_out() {
        assert!(said("[profiles.a]\n\nleave_out = ['seed', 'temprature']").ends_with(
            "line 3: there is no parameter `temprature` to leave out; did you mean `temperature`?"
        ));
        assert!(
            said("[profiles.a]\nleave_out = ['zzzzzz']").contains("there are `max_tokens`, `temperature`")
        );
        for other in ["'seed'", "[7]", "true", "[['seed']]"] {
            let said = said(&format!("[profiles.a]\nleave_out = {other}"));
            assert!(said.contains("must be a list of parameters such as `[\"seed\"]`, not"), "{said}");
        }
        let session = GeneratorSettings { leave_out: vec![Parameter::Seed], ..GeneratorSettings::default() };
        assert_eq!(parsed("[profiles.a]\nmodel = 'm'").over(&session).leave_out, [Parameter::Seed]);
        assert!(parsed("[profiles.a]\nleave_out = []").over(&session).leave_out.is_empty());
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
