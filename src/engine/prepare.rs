//! What a run is made with: settings, addresses and keys from outside, and the generator that they name.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::environment::{Environment, NoKey, Patience, Place};
use super::permission::{Verdict, judge};
use super::recording::FolderRecorder;
use crate::config::resolve::price_source;
use crate::config::{Allowances, Overrides, PriceSource, UserConfig, load, resolve};
use crate::domain::{GeneratorSettings, NamedBy, Permission, Price, Provider, Secret};
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

/// What settings are prepared with, apart from themselves.
#[derive(Clone)]
pub(crate) struct Surroundings<'a> {
    /// The session's folder.
    pub(crate) folder: Option<&'a Path>,
    /// The user's settings.
    pub(crate) config: &'a UserConfig,
    /// What the user allowed.
    pub(crate) allowed: &'a Allowances,
    /// Whether anything may be asked over the network; else no key is looked for.
    pub(crate) network: bool,
    /// How long the command of a key may take.
    pub(crate) patience: Patience,
}

/// What a run is made with.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// Its settings, without the command that prints a key: they are kept with the run.
    pub settings: GeneratorSettings,
    /// Its variables, with the key.
    pub environment: Environment,
    /// The usual key that stays here, since the session names the server and nobody has allowed it.
    pub(crate) kept_back: Option<Permission>,
    /// What the person allowed by naming the server, to be remembered once the run begins.
    pub(crate) named: Option<Permission>,
}

/// Settles what a run is made with: session, profile and options, then addresses and keys from outside.
///
/// It may wait for a command that prints a key, so it belongs on a thread that may wait.
///
/// # Errors
///
/// There is no such profile, the key may not go there before the person has allowed it, or a command prints none.
pub(crate) fn prepare(
    around: &Surroundings<'_>,
    session: &GeneratorSettings,
    profile: Option<&str>,
    flags: &Overrides,
) -> Result<Prepared, WorkbenchError> {
    prepare_resolved(around, resolve(session, profile, around.config, flags)?)
}

/// Does the same for settings that were resolved before, such as those that a person changed on the screen.
///
/// # Errors
///
/// The key may not go there before the person has allowed it, or a command prints none.
pub(crate) fn prepare_resolved(
    around: &Surroundings<'_>,
    mut settings: GeneratorSettings,
) -> Result<Prepared, WorkbenchError> {
    let (environment, config) = (Environment::of(around.folder), around.config);
    if settings.price.is_none() {
        // Another model than the profile's may have been chosen.
        let (model, url) = (settings.model.as_deref(), settings.base_url.as_deref());
        settings.price = config.prices.of(settings.provider, model, url);
    }
    if let Some(url) = address_from_outside(&settings, &environment) {
        settings.price = price_at(&settings, &url, config);
        // The others' variables name a gateway that speaks the provider's own dialect.
        if settings.provider == Provider::Openai {
            (settings.base_url, settings.server_by) = (Some(url), NamedBy::Session);
        }
    }
    with_key(around, settings, environment)
}

/// Settles what a run goes on with. It keeps no command of a key: that is the profile's, or the session file's.
///
/// # Errors
///
/// As for a new run.
pub(crate) fn prepare_run(
    around: &Surroundings<'_>,
    settings: GeneratorSettings,
) -> Result<Prepared, WorkbenchError> {
    let environment = Environment::of(around.folder);
    let settings = with_voices(around.folder, around.config, &environment, settings);
    with_key(around, settings, environment)
}

/// Returns the settings of a run with who named its server and its key now, and with the command of the key.
pub(crate) fn settings_of_run(
    folder: &Path,
    config: &UserConfig,
    settings: GeneratorSettings,
) -> GeneratorSettings {
    with_voices(Some(folder), config, &Environment::of(Some(folder)), settings)
}

fn with_voices(
    folder: Option<&Path>,
    config: &UserConfig,
    environment: &Environment,
    mut settings: GeneratorSettings,
) -> GeneratorSettings {
    let is_of_run = |mut now: GeneratorSettings| {
        if now.provider == Provider::Openai && now.base_url.is_none() {
            now.base_url = address_from_outside(&now, environment);
        }
        (now.provider, &now.base_url, &now.api_key_env)
            == (settings.provider, &settings.base_url, &settings.api_key_env)
    };
    let named = settings.profile.as_ref().and_then(|name| config.profiles.get(name));
    // A profile that asks another server now has a key for that one.
    let profile = named.filter(|profile| !profile.has_key_alone() && is_of_run(profile.over(&settings)));
    let session = folder.filter(|_| settings.profile.is_none());
    let session = session.and_then(|folder| load(folder).ok()).map(|loaded| loaded.session.generator);
    let session = session.filter(|session| is_of_run(session.clone()));
    if let Some(profile) = profile {
        (settings.server_by, settings.key_by) = (NamedBy::Person, NamedBy::Person);
        settings.api_key_cmd.clone_from(&profile.api_key_cmd);
        if profile.base_url.is_none() {
            settings.server_by = NamedBy::Session;
        }
    } else if let Some(session) = session {
        settings.api_key_cmd = session.api_key_cmd;
    }
    settings
}

/// Adds the key, where one is needed and may be sent.
fn with_key(
    around: &Surroundings<'_>,
    mut settings: GeneratorSettings,
    mut environment: Environment,
) -> Result<Prepared, WorkbenchError> {
    let (mut kept_back, mut named) = (None, None);
    let verdict = match settings.provider {
        Provider::Offline => None,
        // Where no generator can be made, whoever makes it says why.
        _ if around.network => {
            let stood_in = environment.clone().with_stand_in(&settings);
            judge(&settings, &stood_in, around.folder).ok()
        }
        _ => None,
    };
    match verdict {
        None => settings.api_key_cmd = None,
        Some(Verdict::Asks(wanted)) if !around.allowed.has(&wanted)? => {
            return Err(WorkbenchError::NotAllowed(Box::new(wanted)));
        }
        Some(Verdict::KeptBack(wanted)) if !around.allowed.has(&wanted)? => {
            environment = environment.without(settings.provider.key_variables(None));
            kept_back = Some(wanted);
        }
        Some(Verdict::Named(wanted)) => named = Some(wanted),
        Some(_) => {}
    }
    let environment = environment.with_key(&settings, &around.patience).map_err(|why| match why {
        NoKey::Stopped => WorkbenchError::StoppedEarly,
        NoKey::Failed(_) => WorkbenchError::Generator(why.into()),
    })?;
    settings.api_key_cmd = None;
    Ok(Prepared { settings, environment, kept_back, named })
}

/// Returns what these settings would want to be allowed, whether a key that they name is there or not.
pub(crate) fn permission_wanted(folder: &Path, settings: &GeneratorSettings) -> Option<Permission> {
    let mut settings = settings.clone();
    settings.model.get_or_insert_default();
    let environment = Environment::of(Some(folder)).with_stand_in(&settings);
    match judge(&settings, &environment.assuming(settings.api_key_env.as_deref()), Some(folder)).ok()? {
        Verdict::Asks(wanted) | Verdict::KeptBack(wanted) => Some(wanted),
        Verdict::Free | Verdict::Named(_) => None,
    }
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
        if let Some(Permission { secret: Secret::Variable(name), .. }) = &self.kept_back {
            return Some(format!(
                "Asks {host} without a key: the session names the server, so the key of {name} stays here unless \
                 `rowsmith allow` lets it go there."
            ));
        }
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
        let is_printed = self
            .environment
            .key_found()
            .is_some_and(|(name, place)| matches!(place, Place::Command) && sent == Some(name.as_str()));
        let what = if before.api_key_cmd.is_some() && !is_kept && !is_printed {
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

    /// Returns the generator that writes requests to files and reads answers from them; it has no key.
    ///
    /// # Errors
    ///
    /// Where the settings name none that can be used.
    pub(crate) fn on_file(&self) -> Result<ProviderGenerator, GeneratorError> {
        ProviderGenerator::on_file(&self.settings, &|name| self.environment.get(name))
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
mod tests;
