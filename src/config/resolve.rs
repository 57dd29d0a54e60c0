//! The settings of a run: the session's `[generator]`, overridden by a profile, then by options.
//!
//! ```text
//! session.toml [generator] ◄── [profiles.NAME] ◄── --model, --temperature, …
//!                                                        └──► with its price, where that is known
//! ```

use super::spelling::listed;
use super::{ConfigError, Overrides, PriceSource, Profile, UserConfig};
use crate::domain::{Budget, GeneratorSettings, NamedBy, Provider};
use crate::text::{closest, host_of, without_secrets};

/// Returns the settings of a run. `profile` names one of the user's profiles; by default the session's is
/// used.
///
/// # Errors
///
/// [`ConfigError::NoProfile`] if the user has no profile of that name.
pub(crate) fn resolve(
    session: &GeneratorSettings,
    profile: Option<&str>,
    config: &UserConfig,
    flags: &Overrides,
) -> Result<GeneratorSettings, ConfigError> {
    let mut settings = session.clone();
    let mut used = None;
    if let Some(name) = profile.or(session.profile.as_deref()) {
        match config.profiles.get(name) {
            Some(found) => {
                settings =
                    GeneratorSettings { profile: Some(name.to_owned()), ..found.of_person_over(session) };
                used = Some(found);
            }
            // A session made by somebody else may name a profile that this user lacks; an explicit provider
            // is enough.
            None if profile.is_none() && flags.provider.is_some() => settings.profile = None,
            None => return Err(no_profile(name, config)),
        }
    }
    let before = settings.clone();
    flags.lay_over(&mut settings, NamedBy::Person);
    if let Some(name) = settings.profile.as_ref().filter(|_| used.is_some_and(Profile::has_key_alone))
        && settings.provider != Provider::Offline
    {
        return Err(key_for_nobody(name, &settings));
    }
    let is_asked_as_said = (settings.provider, &settings.base_url, &settings.model)
        == (before.provider, &before.base_url, &before.model);
    let used = used.filter(|_| is_asked_as_said);
    settings.price = price(&settings, used, config).map(|(price, _)| price);
    Ok(settings)
}

/// Returns the price of tokens under these settings and its source; `None` if it is not known.
fn price(
    settings: &GeneratorSettings,
    profile: Option<&Profile>,
    config: &UserConfig,
) -> Option<(crate::domain::Price, PriceSource)> {
    match profile.and_then(Profile::price) {
        Some(price) => Some((price, PriceSource::Profile)),
        None => {
            config.prices.find(settings.provider, settings.model.as_deref(), settings.base_url.as_deref())
        }
    }
}

/// Returns the source of the price in resolved settings; `None` if it is not known.
#[must_use]
pub(crate) fn price_source(settings: &GeneratorSettings, config: &UserConfig) -> Option<PriceSource> {
    let known = settings.price?;
    let profile = settings.profile.as_ref().and_then(|name| config.profiles.get(name));
    let profile = profile.filter(|profile| profile.price() == Some(known));
    price(settings, profile, config).map(|(_, source)| source)
}

/// Returns a sentence where settings name a server that nobody asks, because rows are made without one.
#[must_use]
pub(crate) fn unasked_server(settings: &GeneratorSettings) -> Option<String> {
    let url = settings.base_url.as_deref().filter(|_| settings.provider == Provider::Offline)?;
    let host = host_of(url);
    Some(format!(
        "The session names the server {host}, and its provider is offline, which asks none. Write `provider = \
         \"openai\"` under [generator] in session.toml to ask it."
    ))
}

/// Checks that a cost limit can be enforced.
///
/// # Errors
///
/// [`ConfigError::NoPrice`] if the cost is limited but the price is not known.
pub(crate) fn check_budget(settings: &GeneratorSettings, budget: &Budget) -> Result<(), ConfigError> {
    if budget.cost.is_none() || settings.price.is_some() || settings.provider == Provider::Offline {
        return Ok(());
    }
    let model = match &settings.model {
        Some(model) => format!("the model `{model}`"),
        None => format!("the model of {}", settings.provider.name()),
    };
    Err(ConfigError::NoPrice { model })
}

/// Returns the error of a profile that names a key and no server: the session's may be anybody's.
fn key_for_nobody(name: &str, settings: &GeneratorSettings) -> ConfigError {
    let server = match &settings.base_url {
        Some(url) => format!("`base_url = \"{}\"`", without_secrets(url)),
        None => format!("`provider = \"{}\"`", settings.provider.name()),
    };
    ConfigError::KeyForNobody { name: name.to_owned(), server }
}

fn no_profile(name: &str, config: &UserConfig) -> ConfigError {
    let known: Vec<_> = config.profiles.keys().map(String::as_str).collect();
    let remedy = match (known.as_slice(), closest(name, known.iter().copied())) {
        ([], _) => format!("add a section that begins with `[profiles.{name}]`"),
        (_, Some(meant)) if known.len() > 1 => {
            format!("did you mean `{meant}`? There are {}", listed(&known))
        }
        (_, Some(meant)) => format!("did you mean `{meant}`? It is the only one"),
        ([one], None) => format!("there is `{one}`"),
        (_, None) => format!("there are {}", listed(&known)),
    };
    ConfigError::NoProfile { name: name.to_owned(), remedy }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::domain::Price;

    const CONFIG: &str = "[profiles.desk]\nbase_url = 'http://127.0.0.1:8080/v1'\nconcurrency = 2\n\
        [profiles.cloud]\nprovider = 'openai'\nmodel = 'gpt-4o-mini'\napi_key_env = 'WORK_KEY'\n\
        [profiles.gate]\nbase_url = 'https://gate.example/v1'\nmodel = 'm'\nprice_input = 1\nprice_output = 2\n";

    fn config() -> UserConfig {
        UserConfig::parse(CONFIG, Path::new("config.toml")).unwrap()
    }

    fn of(profile: Option<&str>, flags: &Overrides) -> GeneratorSettings {
        resolve(&GeneratorSettings::default(), profile, &config(), flags).unwrap()
    }

    #[test]
    fn a_profile_comes_over_the_session_and_options_over_both() {
        let session = GeneratorSettings { profile: Some("desk".into()), ..GeneratorSettings::default() };
        let none = Overrides::default();

        let own = resolve(&session, None, &config(), &none).unwrap();
        assert_eq!((own.profile.as_deref(), own.concurrency), (Some("desk"), 2));

        let named = resolve(&session, Some("cloud"), &config(), &none).unwrap();
        assert_eq!((named.model.as_deref(), named.base_url.as_deref()), (Some("gpt-4o-mini"), None));
        assert_eq!(named.concurrency, 8, "what another profile says does not stay");

        let flags = Overrides { concurrency: Some(3), temperature: Some(0.0), ..none };
        let asked = resolve(&session, None, &config(), &flags).unwrap();
        assert_eq!((asked.concurrency, asked.temperature), (3, 0.0));
    }

    #[test]
    fn a_profile_that_is_not_there_is_told_with_those_that_are() {
        let said = |name: &str, config: &UserConfig| {
            resolve(&GeneratorSettings::default(), Some(name), config, &Overrides::default())
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            said("dsk", &config()),
            "There is no profile `dsk` in your config.toml; did you mean `desk`? There are `cloud`, `desk` and `gate`."
        );
        assert!(said("zzz", &config()).ends_with("; there are `cloud`, `desk` and `gate`."));
        assert!(
            said("desk", &UserConfig::default())
                .ends_with("add a section that begins with `[profiles.desk]`.")
        );
    }

    #[test]
    fn somebody_elses_profile_does_not_matter_where_a_provider_is_given() {
        let session = GeneratorSettings { profile: Some("theirs".into()), ..GeneratorSettings::default() };
        let flags = Overrides { provider: Some(Provider::Offline), ..Overrides::default() };
        let settings = resolve(&session, None, &config(), &flags).unwrap();
        assert_eq!((settings.provider, settings.profile), (Provider::Offline, None));
        assert!(resolve(&session, None, &config(), &Overrides::default()).is_err());
    }

    #[test]
    fn another_provider_on_the_command_line_gets_neither_key_nor_address_of_the_first() {
        let flags = Overrides { provider: Some(Provider::Anthropic), ..Overrides::default() };
        let settings = of(Some("cloud"), &flags);
        assert_eq!((settings.model, settings.api_key_env, settings.price), (None, None, None));

        let flags = Overrides { base_url: Some("http://localhost:1/v1".into()), ..Overrides::default() };
        assert_eq!(of(None, &flags).provider, Provider::Openai);
    }

    #[test]
    fn the_price_is_that_of_the_model_that_is_asked() {
        let none = Overrides::default();
        let source = |settings: &GeneratorSettings| price_source(settings, &config());
        let cloud = of(Some("cloud"), &none);
        assert_eq!(cloud.price, Some(Price { input: 0.15, output: 0.6 }));
        assert!(matches!(source(&cloud), Some(PriceSource::Shipped { .. })));
        let desk = of(Some("desk"), &none);
        assert_eq!(
            (desk.price, source(&desk)),
            (Some(Price { input: 0.0, output: 0.0 }), Some(PriceSource::Local))
        );
        let gate = of(Some("gate"), &none);
        assert_eq!(
            (gate.price, source(&gate)),
            (Some(Price { input: 1.0, output: 2.0 }), Some(PriceSource::Profile))
        );

        let other = Overrides { model: Some("other".into()), ..none };
        assert_eq!(of(Some("gate"), &other).price, None);
    }

    #[test]
    fn a_profile_with_a_key_alone_gives_it_to_no_server_of_a_session() {
        let text = "[profiles.cmd]\napi_key_cmd = 'echo k'\nmodel = 'm'\n[profiles.env]\napi_key_env = 'K'\n";
        let config = UserConfig::parse(text, Path::new("config.toml")).unwrap();
        let gate = GeneratorSettings {
            provider: Provider::Openai,
            base_url: Some("https://gate.example/v1".into()),
            ..GeneratorSettings::default()
        };
        let none = Overrides::default();
        for name in ["cmd", "env"] {
            let said = resolve(&gate, Some(name), &config, &none).unwrap_err().to_string();
            assert!(
                said.contains(name) && said.contains("`base_url = \"https://gate.example/v1\"`"),
                "{said}"
            );
            let own = GeneratorSettings { base_url: None, ..gate.clone() };
            let said = resolve(&own, Some(name), &config, &none).unwrap_err().to_string();
            assert!(said.contains("`provider = \"openai\"`"), "{said}");
            let moved = Overrides { base_url: Some("http://127.0.0.1:1/v1".into()), ..Overrides::default() };
            let settings = resolve(&gate, Some(name), &config, &moved).unwrap();
            assert_eq!((settings.api_key_cmd, settings.api_key_env), (None, None));
            assert!(resolve(&GeneratorSettings::default(), Some(name), &config, &none).is_ok());
        }
    }

    #[test]
    fn a_server_beside_the_built_in_generator_is_told_as_not_asked() {
        let named = GeneratorSettings {
            base_url: Some("http://127.0.0.1:8080/v1".into()),
            ..GeneratorSettings::default()
        };
        assert!(unasked_server(&named).unwrap().contains("127.0.0.1:8080"));
        let asked = GeneratorSettings { provider: Provider::Openai, ..named };
        assert_eq!((unasked_server(&asked), unasked_server(&GeneratorSettings::default())), (None, None));
    }

    #[test]
    fn a_limit_of_cost_needs_a_price() {
        let budget = Budget { cost: Some(1.0), ..Budget::default() };
        let unknown = of(Some("gate"), &Overrides { model: Some("other".into()), ..Overrides::default() });
        let said = check_budget(&unknown, &budget).unwrap_err().to_string();
        assert!(said.contains("the model `other`") && said.contains("[prices]"), "{said}");
        assert!(check_budget(&unknown, &Budget::default()).is_ok());
        assert!(check_budget(&of(Some("gate"), &Overrides::default()), &budget).is_ok());
        assert!(check_budget(&GeneratorSettings::default(), &budget).is_ok());
    }
}
