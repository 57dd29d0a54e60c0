//! What is chosen over the session's settings, and what comes from where.
//!
//! ```text
//! session.toml ◄── profile ◄── chosen here, kept with the store ◄── options of this start
//! ```

use super::{ProfileChoice, SettingsField, SettingsForm};
use crate::config::{KeptSettings, Overrides, Prices, is_same_server};
use crate::domain::{GeneratorSettings, NamedBy};

/// Options that the workbench was opened with; they hold until it is left.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StartFlags {
    /// The profile.
    pub profile: Option<String>,
    /// The settings of the generator.
    pub generator: Overrides,
}

/// What comes over the session's settings when a run is sampled.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Chosen {
    /// What was chosen on the screen, also in an earlier use.
    pub kept: KeptSettings,
    /// What the workbench was opened with.
    pub flags: StartFlags,
}

/// Where the value of a setting comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The session file, or what holds where it says nothing.
    Session,
    /// The chosen profile.
    Profile,
    /// An option of this start.
    Flag,
    /// A choice on the screen.
    Chosen,
}

impl ProfileChoice {
    /// Returns the settings with others laid over them, each with who said it, and their price where it is known.
    pub(crate) fn with(&self, layers: &[(&Overrides, NamedBy)], prices: &Prices) -> GeneratorSettings {
        let mut settings = self.settings.clone();
        layers.iter().for_each(|(layer, by)| layer.lay_over(&mut settings, *by));
        if is_same_server(&settings, &self.settings) {
            // One layer may lead away from the server and the next one back to it, and its key is for it again.
            let own = self.settings.clone();
            (settings.api_key_env, settings.api_key_cmd) = (own.api_key_env, own.api_key_cmd);
            (settings.profile, settings.withheld) = (own.profile, own.withheld);
            settings.key_by = own.key_by;
        }
        let asked = |of: &GeneratorSettings| (of.provider, of.base_url.clone(), of.model.clone());
        if asked(&settings) != asked(&self.settings) {
            let address = self.address.as_ref().filter(|_| settings.provider == self.settings.provider);
            let url = settings.base_url.as_ref().or(address);
            settings.price = prices.of(settings.provider, settings.model.as_deref(), url.map(String::as_str));
        }
        settings
    }
}

impl Chosen {
    /// Returns the profile that holds at a start, as an index, and whether what was kept belongs to it.
    pub(crate) fn profile(&self, profiles: &[ProfileChoice]) -> (usize, bool) {
        let place = |name: &Option<String>| match name {
            None => Some(0),
            Some(name) => {
                profiles.iter().skip(1).position(|choice| choice.name == *name).map(|place| place + 1)
            }
        };
        let kept = place(&self.kept.profile);
        match &self.flags.profile {
            Some(_) => {
                let asked = place(&self.flags.profile).unwrap_or_default();
                (asked, kept == Some(asked))
            }
            None => (kept.unwrap_or_default(), kept.is_some()),
        }
    }

    /// Returns a sentence where what was kept belongs to a profile that is gone.
    pub(crate) fn trouble(&self, profiles: &[ProfileChoice]) -> Option<String> {
        let name = self.kept.profile.as_ref()?;
        let is_there = profiles.iter().skip(1).any(|choice| choice.name == *name);
        (!is_there).then(|| {
            format!(
                "The profile `{name}`, chosen here before, is no longer in your config.toml; the session's own \
                 settings hold."
            )
        })
    }
}

impl SettingsForm {
    /// Returns where a setting of the generator comes from, as its text stands.
    #[must_use]
    pub fn origin(&self, field: SettingsField) -> Origin {
        let text = self.text(field);
        if self.flag(field).is_some_and(|flag| flag == text) {
            return Origin::Flag;
        }
        if text != field.text_in(&self.chosen().settings) {
            return Origin::Chosen;
        }
        let is_profiles = text != field.text_in(&self.profiles[0].settings);
        if is_profiles { Origin::Profile } else { Origin::Session }
    }

    /// Returns where a setting of the generator comes from in words, with the session's own value where it has
    /// another one.
    #[must_use]
    pub fn origin_words(&self, field: SettingsField) -> String {
        let from = match self.origin(field) {
            Origin::Session => return "session".to_owned(),
            Origin::Profile => format!("profile {}", self.chosen().name),
            Origin::Flag => format!("by {}", field.option()),
            Origin::Chosen => "chosen here".to_owned(),
        };
        let sessions = field.text_in(&self.profiles[0].settings);
        match sessions.as_str() {
            _ if sessions == self.text(field) => from,
            "" => format!("{from} · not in session"),
            sessions => format!("{from} · session: {sessions}"),
        }
    }

    /// Returns whether a setting differs from the session's own.
    #[must_use]
    pub fn differs(&self, field: SettingsField) -> bool {
        match field {
            SettingsField::Profile => self.profile != 0,
            field => {
                SettingsField::GENERATOR.contains(&field)
                    && self.text(field) != field.text_in(&self.profiles[0].settings)
            }
        }
    }

    /// Returns the text that an option of this start gave a setting of the generator.
    fn flag(&self, field: SettingsField) -> Option<String> {
        let said = &self.chosen_before.flags.generator;
        let is_said = match field {
            // An address alone may have changed the provider.
            SettingsField::Provider => said.provider.is_some() || said.base_url.is_some(),
            SettingsField::BaseUrl => said.base_url.is_some(),
            SettingsField::Model => said.model.is_some(),
            SettingsField::Temperature => said.temperature.is_some(),
            SettingsField::RowsPerRequest => said.rows_per_request.is_some(),
            SettingsField::ReplyTokens => said.reply_tokens.is_some(),
            SettingsField::Stream => said.stream.is_some(),
            SettingsField::Schema => said.schema.is_some(),
            _ => false,
        };
        is_said.then(|| field.text_in(&self.chosen().with(&[(said, NamedBy::Person)], &self.prices)))
    }

    /// Returns what is kept for the next start once the form is taken over, and whether the generator is part of it.
    ///
    /// What an option of this start says is not kept, nor what was chosen over the profile that it names: what was
    /// kept before stays.
    ///
    /// # Errors
    ///
    /// Returns the first setting that is not valid.
    pub(crate) fn kept(&self) -> Result<(KeptSettings, bool), (SettingsField, String)> {
        let said = self.overrides()?;
        let Chosen { kept: before, flags } = &self.chosen_before;
        let name = (self.profile > 0).then(|| self.chosen().name.clone());
        let by_flag = flags.profile.is_some() && flags.profile == name && before.profile != name;
        let (profile, generator) = if by_flag {
            (before.profile.clone(), before.generator.clone())
        } else {
            let earlier =
                if before.profile == name { before.generator.clone() } else { Overrides::default() };
            let mut generator = said;
            for field in SettingsField::GENERATOR {
                if self.origin(field) == Origin::Flag {
                    take(&mut generator, &earlier, field);
                }
            }
            (name, generator)
        };
        let kept = KeptSettings { profile, generator, ..KeptSettings::default() };
        Ok((kept, !by_flag))
    }
}

/// Takes a setting over from other overrides.
fn take(said: &mut Overrides, from: &Overrides, field: SettingsField) {
    match field {
        SettingsField::Provider => said.provider = from.provider,
        SettingsField::BaseUrl => said.base_url.clone_from(&from.base_url),
        SettingsField::Model => said.model.clone_from(&from.model),
        SettingsField::Temperature => said.temperature = from.temperature,
        SettingsField::RowsPerRequest => said.rows_per_request = from.rows_per_request,
        SettingsField::ReplyTokens => said.reply_tokens = from.reply_tokens,
        SettingsField::Concurrency => said.concurrency = from.concurrency,
        SettingsField::Stream => said.stream = from.stream,
        SettingsField::Schema => said.schema = from.schema,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Provider;

    #[test]
    fn options_that_lead_back_to_the_profiles_server_bring_its_key_back() {
        let settings = GeneratorSettings {
            provider: Provider::Openai,
            base_url: Some("https://gate.example/v1".into()),
            api_key_env: Some("GATE_KEY".into()),
            ..GeneratorSettings::default()
        };
        let own = ProfileChoice { name: "session".into(), settings, address: None };
        let at = |url: &str| Overrides { base_url: Some(url.into()), ..Overrides::default() };
        let (away, back) = (at("http://127.0.0.1:1/v1"), at("https://gate.example/v2"));

        let led = |layers: &[(&Overrides, NamedBy)]| own.with(layers, &Prices::default());

        let moved = led(&[(&away, NamedBy::Session)]);
        assert_eq!((moved.api_key_env, moved.withheld), (None, vec!["GATE_KEY".to_owned()]));
        let again = led(&[(&away, NamedBy::Session), (&back, NamedBy::Person)]);
        assert_eq!((moved.server_by, again.server_by), (NamedBy::Session, NamedBy::Person));
        assert_eq!((again.api_key_env.as_deref(), again.withheld.len()), (Some("GATE_KEY"), 0));
    }
}
