//! What a run is made with: settings, addresses and keys from outside, and the generator that they name.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::environment::{Environment, Place};
use super::recording::FolderRecorder;
use crate::config::resolve::price_source;
use crate::config::{Overrides, PriceSource, UserConfig, resolve};
use crate::domain::{GeneratorSettings, Price, Provider};
use crate::generate::{
    Delivery, Generator, GeneratorError, ProviderGenerator, ProviderOptions, Recorder, variable_address,
};
use crate::text::{Stop, host_of};
use crate::workbench::{Workbench, WorkbenchError};

/// How requests cross the wire, where a person asks for another way than the usual.
#[derive(Debug, Clone, Default)]
pub struct TransportOptions {
    /// Whether replies come as streams or whole.
    pub delivery: Delivery,
    /// The folder that keeps what crosses it.
    pub record: Option<PathBuf>,
}

/// What a run is made with.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// Its settings, without the command that prints a key: they are kept with the run.
    pub settings: GeneratorSettings,
    /// Its variables, with the key.
    pub environment: Environment,
}

/// Settles what a run is made with: session, profile and options, then addresses and keys from outside.
///
/// It may wait for a command that asks a person for something, so it belongs on a thread that may wait.
///
/// # Errors
///
/// There is no such profile, or its command prints no key.
pub(crate) fn prepare(
    session_folder: Option<&Path>,
    session: &GeneratorSettings,
    profile: Option<&str>,
    config: &UserConfig,
    flags: &Overrides,
) -> Result<Prepared, WorkbenchError> {
    prepare_resolved(session_folder, resolve(session, profile, config, flags)?, config)
}

/// Does the same for settings that were resolved before, such as those that a person changed on the screen.
///
/// # Errors
///
/// The command of a key prints none.
pub(crate) fn prepare_resolved(
    session_folder: Option<&Path>,
    mut settings: GeneratorSettings,
    config: &UserConfig,
) -> Result<Prepared, WorkbenchError> {
    let environment = Environment::of(session_folder);
    if settings.price.is_none() {
        // Another model than the profile's may have been chosen.
        let (model, url) = (settings.model.as_deref(), settings.base_url.as_deref());
        settings.price = config.prices.of(settings.provider, model, url);
    }
    if let Some(url) = address_from_outside(&settings, &environment) {
        settings.price = price_at(&settings, &url, config);
        // The others' variables name a gateway that speaks the provider's own dialect.
        if settings.provider == Provider::Openai {
            settings.base_url = Some(url);
        }
    }
    let environment = environment.with_key(&settings)?;
    settings.api_key_cmd = None;
    Ok(Prepared { settings, environment })
}

/// Returns the variables for a run that goes on: a key's command is that of the user's profile, for a run keeps none.
///
/// # Errors
///
/// The profile's command prints no key.
pub(crate) fn environment_of_run(
    session_folder: Option<&Path>,
    run: &GeneratorSettings,
    config: &UserConfig,
) -> Result<Environment, WorkbenchError> {
    let profile = run.profile.as_ref().and_then(|name| config.profiles.get(name));
    let profile = profile.filter(|profile| !profile.has_key_alone());
    let environment = Environment::of(session_folder);
    // A profile that asks another server now has a key for that one.
    let same = profile.filter(|profile| {
        let mut now = profile.over(run);
        if now.provider == Provider::Openai && now.base_url.is_none() {
            now.base_url = address_from_outside(&now, &environment);
        }
        (now.provider, &now.base_url, &now.api_key_env) == (run.provider, &run.base_url, &run.api_key_env)
    });
    let api_key_cmd = same.and_then(|profile| profile.api_key_cmd.clone());
    let settings = GeneratorSettings { api_key_cmd, ..run.clone() };
    Ok(environment.with_key(&settings)?)
}

/// Settles what a run goes on with.
///
/// # Errors
///
/// The profile's command prints no key.
pub(crate) fn prepare_run(
    session_folder: Option<&Path>,
    settings: GeneratorSettings,
    config: &UserConfig,
) -> Result<Prepared, WorkbenchError> {
    let environment = environment_of_run(session_folder, &settings, config)?;
    Ok(Prepared { settings, environment })
}

/// Returns the price of settings at another server: a provider's list price does not hold there.
pub(crate) fn price_at(settings: &GeneratorSettings, url: &str, config: &UserConfig) -> Option<Price> {
    match price_source(settings, config) {
        Some(PriceSource::Shipped { .. }) => {
            config.prices.of(settings.provider, settings.model.as_deref(), Some(url))
        }
        _ => settings.price,
    }
}

/// Returns the address of a server that a variable names, where the settings name none.
pub(crate) fn address_from_outside(
    settings: &GeneratorSettings,
    environment: &Environment,
) -> Option<String> {
    // Ollama is looked for by its generator: its tokens cost nothing wherever it is.
    if settings.base_url.is_some() || settings.provider == Provider::Ollama {
        return None;
    }
    variable_address(settings.provider, &|name| environment.get(name))
}

impl Prepared {
    /// Returns the generator that the settings name; the built-in one learns the session's rows, and ends its work
    /// where the run is stopped.
    ///
    /// # Errors
    ///
    /// Where the settings name none that can be used, the network is refused, or the folder for recordings
    /// cannot be used.
    pub fn generator(
        &self,
        bench: &mut Workbench,
        network: bool,
        transport: &TransportOptions,
        stop: &CancellationToken,
    ) -> Result<Arc<dyn Generator>, WorkbenchError> {
        if self.settings.provider == Provider::Offline {
            return Ok(Arc::new(bench.offline_generator(flag(stop))));
        }
        if !network {
            return Err(WorkbenchError::Usage(format!(
                "`--offline` refuses all network, and the provider is {}. Leave it out, or use the provider offline.",
                self.settings.provider.name()
            )));
        }
        let recorder = transport.record.as_deref().map(FolderRecorder::start).transpose()?;
        let recorder = recorder.map(|recorder| Arc::new(recorder) as Arc<dyn Recorder>);
        let options =
            ProviderOptions { delivery: transport.delivery, recorder, ..ProviderOptions::default() };
        Ok(Arc::new(self.provider(options)?))
    }

    /// Returns who is asked with which key, as a sentence that names a key only where one is sent; `None` where no
    /// server is asked, or none can be.
    pub fn asks(&self) -> Option<String> {
        if self.settings.provider == Provider::Offline {
            return None;
        }
        let generator = self.provider(ProviderOptions::default()).ok()?;
        let address = generator.address();
        let host = host_of(&address);
        let key = match generator.key_from() {
            Ok(from) => match self.environment.key_found() {
                Some((name, Place::File(file))) if name == from => {
                    format!("the key of {from}, from {}", file.display())
                }
                Some((name, Place::Command)) if name == from => {
                    "the key that `api_key_cmd` prints".to_owned()
                }
                _ => format!("the key of {from}"),
            },
            Err(_) => return Some(format!("Asks {host}.")),
        };
        Some(format!("Asks {host} with {key}."))
    }

    /// Returns which key of other settings is for another server than the one that is asked, as a sentence; `before`
    /// are the settings without options. `None` where no key is left out.
    pub fn left_out(&self, before: &GeneratorSettings) -> Option<String> {
        let sent = self.provider(ProviderOptions::default()).ok();
        let sent = sent.as_ref().and_then(|generator| generator.key_from().ok());
        let is_kept = before.profile.is_some() && before.profile == self.settings.profile;
        let what = if before.api_key_cmd.is_some() && !is_kept {
            "that `api_key_cmd` prints".to_owned()
        } else {
            let mut withheld = self.settings.withheld.iter().filter(|name| Some(name.as_str()) != sent);
            let is_told = |name: &&String| {
                before.api_key_env.as_ref() == Some(*name) || self.environment.get(name).is_some()
            };
            format!("of {}", withheld.find(is_told)?)
        };
        Some(format!("The key {what} is for another server and is not sent."))
    }

    /// Returns the generator of a model behind a server.
    ///
    /// # Errors
    ///
    /// Where the settings name none that can be used.
    pub fn provider(&self, options: ProviderOptions) -> Result<ProviderGenerator, GeneratorError> {
        let environment = |name: &str| self.environment.get(name);
        ProviderGenerator::new(&self.settings, options, &environment)
    }
}

/// Returns the flag of a token, for work that waits for nothing.
pub(super) fn flag(stop: &CancellationToken) -> Stop {
    let stop = stop.clone();
    Stop::when(move || stop.is_cancelled())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_kept_without_its_command_and_another_address_has_no_list_price() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".env"), "OPENAI_BASE_URL=https://gate.example/v1\n").unwrap();
        let text = "[profiles.a]\nprovider = 'openai'\nmodel = 'gpt-4o'\napi_key_cmd = 'echo k'\n";
        let config = UserConfig::parse(text, Path::new("config.toml")).unwrap();
        let session = GeneratorSettings::default();

        let made = prepare(Some(folder.path()), &session, Some("a"), &config, &Overrides::default()).unwrap();

        assert_eq!(made.settings.api_key_cmd, None);
        let again = environment_of_run(Some(folder.path()), &made.settings, &config).unwrap();
        assert_eq!(again.get("OPENAI_API_KEY").as_deref(), Some("k"));
        let moved = "[profiles.a]\nbase_url = 'https://other.example/v1'\napi_key_cmd = 'echo other'\n";
        let moved = UserConfig::parse(moved, Path::new("config.toml")).unwrap();
        let elsewhere = environment_of_run(Some(folder.path()), &made.settings, &moved).unwrap();
        assert_ne!(elsewhere.get("OPENAI_API_KEY").as_deref(), Some("other"));
        assert_eq!(made.environment.get("OPENAI_API_KEY").as_deref(), Some("k"));
        if std::env::var_os("OPENAI_BASE_URL").is_none() {
            assert_eq!(made.settings.base_url.as_deref(), Some("https://gate.example/v1"));
            assert_eq!(made.settings.price, None);
        }
    }
}
