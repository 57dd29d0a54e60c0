//! What a person says of the generator over session and profile: by options, or on the screen for the session.

use serde::{Deserialize, Serialize};

use crate::domain::{GeneratorSettings, NamedBy, Parameter, Provider};
use crate::text::address::secret_in;
use crate::text::{host_of, origin_of};

/// Settings that come over those of a session and a profile; `None` keeps theirs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Overrides {
    /// The provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<Provider>,
    /// The server to ask; empty for the provider's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// The model's name; empty for the server's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The sampling temperature, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Rows asked for in one request, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows_per_request: Option<u32>,
    /// The most tokens of one reply; 0 for no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_tokens: Option<u32>,
    /// Concurrent requests, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<u32>,
    /// Whether replies come as streams.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream: Option<bool>,
    /// Whether replies are held to a schema by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<bool>,
}

impl Overrides {
    /// Returns whether a server is named, by its address or as a provider's own.
    pub(crate) const fn names_a_server(&self) -> bool {
        self.provider.is_some() || self.base_url.is_some()
    }

    /// Changes settings; `by` says who said this. A key is for one server: where another one is asked than before, the
    /// variable, the command and the profile of the key are left out.
    pub(crate) fn lay_over(&self, settings: &mut GeneratorSettings, by: NamedBy) {
        let before = settings.clone();
        // A server alone implies the `OpenAI` dialect, if the session uses the offline generator.
        let names_server = self.base_url.as_ref().is_some_and(|url| !url.is_empty());
        let implied = (names_server && settings.provider == Provider::Offline).then_some(Provider::Openai);
        let provider = self.provider.or(implied).unwrap_or(settings.provider);
        if provider != settings.provider {
            // Address and model belong to the previous provider.
            let left = std::mem::replace(&mut settings.provider, provider);
            settings.base_url = None;
            if left != Provider::Offline {
                settings.model = None;
            }
        }
        let filled = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        if let Some(model) = &self.model {
            settings.model = filled(model);
        }
        if let Some(url) = &self.base_url {
            settings.base_url = filled(url);
        }
        // Whoever names the provider alone names no address that stood there before.
        if self.base_url.is_some() || (self.provider.is_some() && settings.base_url.is_none()) {
            settings.server_by = by;
        }
        if !is_same_server(settings, &before) {
            (settings.api_key_env, settings.api_key_cmd, settings.profile) = (None, None, None);
            settings.withheld.extend(keys_of(&before));
        }
        settings.temperature = self.temperature.unwrap_or(settings.temperature);
        settings.rows_per_request = self.rows_per_request.unwrap_or(settings.rows_per_request);
        settings.concurrency = self.concurrency.unwrap_or(settings.concurrency);
        if let Some(most) = self.reply_tokens {
            settings.max_tokens = Some(most).filter(|most| *most > 0);
        }
        for (wanted, parameter) in
            [(self.stream, Parameter::Stream), (self.schema, Parameter::ResponseFormat)]
        {
            if let Some(wanted) = wanted {
                settings.leave_out.retain(|left_out| *left_out != parameter);
                settings.leave_out.extend((!wanted).then_some(parameter));
            }
        }
    }

    /// Returns whether every value is one that options and files may have.
    #[must_use]
    pub(super) fn is_sound(&self) -> bool {
        self.temperature.is_none_or(|warm| warm.is_finite() && warm >= 0.0)
            && self.rows_per_request != Some(0)
            && self.concurrency != Some(0)
            && self.base_url.as_deref().is_none_or(|url| url.is_empty() || address_trouble(url).is_none())
    }
}

/// Returns whether two settings ask the same server in the same way, apart from paths.
pub(crate) fn is_same_server(some: &GeneratorSettings, others: &GeneratorSettings) -> bool {
    some.provider == others.provider && server_of(some) == server_of(others)
}

/// Returns the server that settings name, apart from paths; `None` where it is neither named nor a provider's own.
fn server_of(settings: &GeneratorSettings) -> Option<String> {
    let url = settings.base_url.as_deref().or(settings.provider.own_address())?;
    // What is no address is no other's address either.
    Some(origin_of(url).unwrap_or_else(|| url.to_owned()))
}

/// Returns the variables whose keys are for the server that settings name: the one that they name, or the usual ones
/// of a provider's own server.
fn keys_of(settings: &GeneratorSettings) -> Vec<String> {
    let usual = || match (settings.provider, &settings.base_url) {
        (Provider::Offline, _) | (_, Some(_)) => &[],
        (provider, None) => provider.key_variables(None),
    };
    let named = settings.api_key_env.iter().cloned();
    named.chain(usual().iter().filter(|_| settings.api_key_env.is_none()).map(ToString::to_string)).collect()
}

/// Returns what is wrong with the address of a server, as a sentence; `None` where nothing is.
#[must_use]
pub(crate) fn address_trouble(url: &str) -> Option<String> {
    let example = "such as http://127.0.0.1:8080/v1";
    if let Some(what) = secret_in(url) {
        return Some(format!("The address {what}."));
    }
    if origin_of(url).is_some() && !url.contains(char::is_whitespace) {
        return None;
    }
    let scheme = if host_of(url).contains(':') || url.starts_with("localhost") { "http" } else { "https" };
    Some(if url.contains("://") || url.contains(char::is_whitespace) {
        format!("Give an address that begins with http:// or https://, {example}.")
    } else {
        format!("An address begins with http:// or https://; write `{scheme}://{url}`.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate() -> GeneratorSettings {
        GeneratorSettings {
            provider: Provider::Openai,
            base_url: Some("https://gate.example/v1".into()),
            model: Some("theirs".into()),
            api_key_env: Some("GATE_KEY".into()),
            api_key_cmd: Some("pass show gate".into()),
            profile: Some("gate".into()),
            ..GeneratorSettings::default()
        }
    }

    fn laid(over: &GeneratorSettings, said: &Overrides) -> GeneratorSettings {
        let mut settings = over.clone();
        said.lay_over(&mut settings, NamedBy::Person);
        settings
    }

    fn at(url: &str) -> Overrides {
        Overrides { base_url: Some(url.to_owned()), ..Overrides::default() }
    }

    #[test]
    fn a_key_goes_to_no_other_server_than_the_one_it_was_for() {
        for other in [
            "http://127.0.0.1:8080/v1",
            "https://gate.example:8443/v1",
            "http://gate.example/v1",
            "https://gate.example.evil.example/v1",
            "https://evil.example/gate.example",
            "",
        ] {
            let moved = laid(&gate(), &at(other));
            assert_eq!((moved.api_key_env, moved.api_key_cmd, moved.profile), (None, None, None), "{other}");
            assert_eq!(moved.model.as_deref(), Some("theirs"), "a model is what the person said it is");
        }
        for same in ["https://gate.example/v2", "https://GATE.example:443/v1/"] {
            let kept = laid(&gate(), &at(same));
            assert_eq!(kept.api_key_env.as_deref(), Some("GATE_KEY"), "{same}");
            assert_eq!(kept.base_url.as_deref(), Some(same));
        }
        let own = GeneratorSettings { base_url: None, ..gate() };
        assert_eq!(laid(&own, &at("https://api.openai.com/v1")).api_key_env, own.api_key_env);
        assert_eq!(laid(&own, &at("https://api.openai.com.evil.example/v1")).api_key_env, None);
        let other = Overrides { provider: Some(Provider::Anthropic), ..Overrides::default() };
        let moved = laid(&gate(), &other);
        assert_eq!((moved.base_url, moved.model, moved.api_key_env), (None, None, None));
    }

    #[test]
    fn who_names_a_provider_alone_names_no_address_that_another_one_wrote() {
        let of_session = GeneratorSettings { server_by: NamedBy::Session, ..gate() };
        let provider = |provider| Overrides { provider: Some(provider), ..Overrides::default() };
        let by = |said: &Overrides| laid(&of_session, said).server_by;
        assert_eq!(by(&provider(Provider::Openai)), NamedBy::Session);
        assert_eq!(by(&provider(Provider::Anthropic)), NamedBy::Person, "the address is left out");
        let both =
            Overrides { base_url: Some("https://gate.example/v1".into()), ..provider(Provider::Openai) };
        assert_eq!(by(&both), NamedBy::Person);
        assert_eq!(
            by(&Overrides { base_url: Some(String::new()), ..provider(Provider::Openai) }),
            NamedBy::Person
        );
    }

    #[test]
    fn the_keys_of_the_server_before_are_remembered_as_its_own() {
        let other = at("http://127.0.0.1:8080/v1");
        assert_eq!(laid(&gate(), &other).withheld, ["GATE_KEY"]);
        let own = GeneratorSettings { base_url: None, api_key_env: None, ..gate() };
        assert_eq!(laid(&own, &other).withheld, ["OPENAI_API_KEY"]);
        let keyless = GeneratorSettings { api_key_env: None, api_key_cmd: None, ..gate() };
        for free in [keyless, GeneratorSettings::default()] {
            assert!(laid(&free, &other).withheld.is_empty(), "{free:?}");
        }
        assert!(laid(&gate(), &at("https://gate.example/v2")).withheld.is_empty());
    }

    #[test]
    fn everything_that_is_said_stands_in_the_settings_and_nothing_else_changes() {
        assert_eq!(laid(&gate(), &Overrides::default()), gate());
        let said = Overrides {
            temperature: Some(0.0),
            rows_per_request: Some(2),
            reply_tokens: Some(300),
            concurrency: Some(1),
            stream: Some(false),
            schema: Some(false),
            ..Overrides::default()
        };
        let settings = laid(&gate(), &said);
        assert_eq!((settings.temperature, settings.rows_per_request, settings.concurrency), (0.0, 2, 1));
        assert_eq!(settings.max_tokens, Some(300));
        assert_eq!(settings.leave_out, [Parameter::Stream, Parameter::ResponseFormat]);

        let back = Overrides { reply_tokens: Some(0), stream: Some(true), ..Overrides::default() };
        let settings = laid(&settings, &back);
        assert_eq!((settings.max_tokens, settings.leave_out), (None, vec![Parameter::ResponseFormat]));
    }

    #[test]
    fn an_address_that_cannot_be_used_is_told_with_what_to_write() {
        let said = |url: &str| address_trouble(url).unwrap();
        assert!(address_trouble("http://127.0.0.1:8080/v1").is_none());
        assert!(address_trouble("https://gate.example/v1?api-version=2").is_none());
        assert!(said("localhost:8080/v1").ends_with("write `http://localhost:8080/v1`."));
        assert!(said("gate.example/v1").ends_with("write `https://gate.example/v1`."));
        assert!(said("ftp://gate.example").contains("http:// or https://"));
        assert!(said("http://").contains("such as"));
        assert!(said("http://a b/v1").contains("such as"));
        assert!(said("https://me:s3cret@gate.example/v1").contains("holds a password"));
        let key = said("https://gate.example/v1?api_key=s3cret");
        assert!(key.contains("`api_key=`") && !key.contains("s3cret"), "{key}");
    }
}
