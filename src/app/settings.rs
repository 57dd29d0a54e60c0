//! The form with the settings of the next run, one line for each.
//!
//! ```text
//! profile ── its settings ─┐
//! model, temperature ──────┴─► generator ─┐
//! rows, seed, budget, reuse ──────────────┴─► RunOrder
//! ```
//!
//! The form holds what was typed, valid or not; [`SettingsForm::order`] parses it.

mod field;

use std::sync::Arc;

use tui_textarea::{CursorMove, TextArea};

pub(crate) use field::SettingsField;

use super::fuzzy;
use super::message::Ask;
use super::prompt::text_area;
use super::sampling::Sampling;
use crate::config::Prices;
use crate::domain::{Budget, GeneratorSettings, Price, Provider, RunOrder};

/// A generator that a person can choose by name.
#[derive(Debug, Clone, PartialEq)]
pub struct ProfileChoice {
    /// The profile's name; `session` means the session's own settings.
    pub name: String,
    /// The generator settings of the profile.
    pub settings: GeneratorSettings,
    /// The server's address from the environment, where the settings have none; its prices are
    /// looked up by it.
    pub address: Option<String>,
}

/// One line of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsLine {
    /// A setting.
    Setting(SettingsField),
    /// The error of the setting above.
    Error,
    /// An empty line.
    Gap,
}

/// The list of a provider's models.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ModelList {
    /// The provider has no list: the offline generator has no models.
    #[default]
    Nobody,
    /// The list was requested.
    Asked,
    /// The list has come.
    Known(Vec<String>),
    /// The list could not be read; the reason is a sentence.
    Failed(String),
}

/// The settings of the next run, as they are typed.
#[derive(Debug, Clone)]
pub struct SettingsForm {
    /// The setting that receives the keys.
    pub selected: SettingsField,
    /// The first setting that is not valid, with a sentence that says why.
    pub error: Option<(SettingsField, String)>,
    /// The profiles; at least one.
    pub profiles: Vec<ProfileChoice>,
    /// The chosen profile, as an index.
    pub profile: usize,
    /// Whether equal requests are answered from earlier replies.
    pub reuse: bool,
    /// The provider's models.
    pub models: ModelList,
    pub(super) ask: Ask,
    /// One text for each setting; empty for those that are chosen from a list.
    texts: Vec<TextArea<'static>>,
    /// The text that the list of models is searched for.
    wanted: String,
    /// The settings of the profile, which model and temperature override.
    base: GeneratorSettings,
    /// The known prices of models.
    prices: Arc<Prices>,
}

impl SettingsForm {
    pub(super) fn new(sampling: &Sampling) -> Self {
        let Sampling { order, profiles, prices, .. } = sampling;
        let mut profiles = profiles.clone();
        if profiles.is_empty() {
            let (name, settings) = ("session".to_owned(), order.generator.clone());
            profiles.push(ProfileChoice { name, settings, address: None });
        }
        let profile = sampling.profile.min(profiles.len() - 1);
        let mut form = Self {
            selected: SettingsField::Rows,
            error: None,
            profiles,
            profile,
            reuse: order.reuse,
            models: ModelList::Nobody,
            ask: Ask::default(),
            texts: SettingsField::ALL.iter().map(|_| line("")).collect(),
            wanted: String::new(),
            base: order.generator.clone(),
            prices: Arc::clone(prices),
        };
        form.write(SettingsField::Rows, &order.rows.to_string());
        form.write(SettingsField::Seed, &shown(order.seed));
        form.write(SettingsField::Cost, &shown(order.budget.cost));
        form.write(SettingsField::Tokens, &shown(order.budget.tokens));
        form.write(SettingsField::Requests, &shown(order.budget.requests));
        form.write_generator();
        form.select_text();
        form
    }

    /// Returns the lines of the form, from the top down.
    #[must_use]
    pub fn lines(&self) -> Vec<SettingsLine> {
        let mut lines = Vec::new();
        for field in SettingsField::ALL {
            if matches!(field, SettingsField::Cost | SettingsField::Reuse) {
                lines.push(SettingsLine::Gap);
            }
            lines.push(SettingsLine::Setting(field));
            if self.error.as_ref().is_some_and(|(wrong, _)| *wrong == field) {
                lines.push(SettingsLine::Error);
            }
        }
        lines
    }

    /// Returns the text area of a setting.
    #[must_use]
    pub fn area(&self, field: SettingsField) -> &TextArea<'static> {
        &self.texts[field.place()]
    }

    /// Returns the text of a setting, trimmed.
    #[must_use]
    pub fn text(&self, field: SettingsField) -> String {
        self.area(field).lines().join(" ").trim().to_owned()
    }

    /// Returns the text area of the selected setting; `None` where its value is chosen, not typed.
    pub(super) fn typed_in(&mut self) -> Option<&mut TextArea<'static>> {
        let field = self.selected;
        (!field.is_chosen()).then(|| &mut self.texts[field.place()])
    }

    /// Returns the chosen profile.
    #[must_use]
    pub fn chosen(&self) -> &ProfileChoice {
        &self.profiles[self.profile]
    }

    /// Returns whether the generator's price is known; the offline generator is free.
    #[must_use]
    pub fn is_priced(&self) -> bool {
        let generator = self.order().map(|order| order.generator);
        let generator = generator.as_ref().unwrap_or(&self.base);
        generator.provider == Provider::Offline || generator.price.is_some()
    }

    /// Returns the generator settings without what was typed.
    pub(super) const fn generator(&self) -> &GeneratorSettings {
        &self.base
    }

    /// Returns the models that match what was typed, the best one first.
    #[must_use]
    pub fn choices(&self) -> Vec<String> {
        match &self.models {
            ModelList::Known(models) => fuzzy::best(&self.wanted, models, models.len()),
            ModelList::Nobody | ModelList::Asked | ModelList::Failed(_) => Vec::new(),
        }
    }

    /// Returns the index of the choice that equals the text of the model.
    #[must_use]
    pub fn choice(&self, choices: &[String]) -> Option<usize> {
        let model = self.text(SettingsField::Model);
        choices.iter().position(|choice| *choice == model)
    }

    /// Clears the error and updates the search for a model after the text has changed.
    pub(super) fn typed(&mut self) {
        self.error = None;
        if self.selected == SettingsField::Model {
            self.wanted = self.text(SettingsField::Model);
        }
    }

    pub(super) fn go(&mut self, step: isize) {
        let count = SettingsField::ALL.len();
        let place = (self.selected.place() + count).saturating_add_signed(step) % count;
        self.selected = SettingsField::ALL[place];
        self.select_text();
    }

    /// Selects the whole text of the selected setting, so that typing replaces it.
    fn select_text(&mut self) {
        if let Some(area) = self.typed_in() {
            area.select_all();
        }
    }

    /// Takes the next or the previous choice; returns whether the setting has choices.
    pub(super) fn cycle(&mut self, step: isize) -> bool {
        match self.selected {
            SettingsField::Reuse => self.reuse = !self.reuse,
            SettingsField::Profile => {
                self.choose_profile(around(Some(self.profile), self.profiles.len(), step));
            }
            SettingsField::Model => {
                let choices = self.choices();
                if choices.is_empty() {
                    return false;
                }
                let place = around(self.choice(&choices), choices.len(), step);
                self.write(SettingsField::Model, &choices[place]);
            }
            SettingsField::Rows
            | SettingsField::Temperature
            | SettingsField::Seed
            | SettingsField::Cost
            | SettingsField::Tokens
            | SettingsField::Requests => return false,
        }
        self.error = None;
        true
    }

    /// Takes a model of the list, by its index.
    pub(super) fn take_model(&mut self, place: usize) {
        if let Some(model) = self.choices().get(place) {
            self.write(SettingsField::Model, model);
            self.error = None;
        }
    }

    fn choose_profile(&mut self, place: usize) {
        if place != self.profile {
            self.profile = place;
            self.base = self.profiles[place].settings.clone();
            self.models = ModelList::Nobody;
            self.write_generator();
        }
    }

    fn write_generator(&mut self) {
        self.wanted.clear();
        self.write(SettingsField::Model, &self.base.model.clone().unwrap_or_default());
        self.write(SettingsField::Temperature, &format!("{:?}", self.base.temperature));
    }

    fn write(&mut self, field: SettingsField, text: &str) {
        self.texts[field.place()] = line(text);
    }

    /// Parses the form.
    ///
    /// # Errors
    ///
    /// Returns the first setting that is not valid, with a sentence that says what it must be.
    pub fn order(&self) -> Result<RunOrder, (SettingsField, String)> {
        let rows = self.number(SettingsField::Rows, "a whole number from 1, such as 20", |n: &u32| *n > 0)?;
        let Some(rows) = rows else {
            return Err((SettingsField::Rows, "Say how many rows you want, such as 20.".to_owned()));
        };
        let warm = |t: &f64| t.is_finite() && *t >= 0.0;
        let temperature = self.number(SettingsField::Temperature, "a number from 0, such as 0.8", warm)?;
        let budget = Budget {
            cost: self.number(SettingsField::Cost, "US dollars above 0, such as 0.50", |c: &f64| {
                c.is_finite() && *c > 0.0
            })?,
            tokens: self.number(SettingsField::Tokens, "a whole number from 1", |n: &u64| *n > 0)?,
            requests: self.number(SettingsField::Requests, "a whole number from 1", |n: &u32| *n > 0)?,
        };
        let seed = self.number(SettingsField::Seed, "a whole number from 0, or empty", |_: &u64| true)?;
        let mut generator = self.base.clone();
        let model = Some(self.text(SettingsField::Model)).filter(|model| !model.is_empty());
        if generator.provider == Provider::Offline && model.is_some() {
            let sentence = "The offline generator has no models; leave this empty.".to_owned();
            return Err((SettingsField::Model, sentence));
        }
        if model != generator.model {
            generator.price = self.price_of(model.as_deref());
            generator.model = model;
        }
        generator.temperature = temperature.unwrap_or(self.chosen().settings.temperature);
        Ok(RunOrder { rows, generator, seed, budget, reuse: self.reuse })
    }

    /// Returns the price of a model of the chosen profile, where it is known.
    fn price_of(&self, model: Option<&str>) -> Option<Price> {
        let ProfileChoice { settings, address, .. } = self.chosen();
        if model == settings.model.as_deref() {
            return settings.price;
        }
        self.prices.of(settings.provider, model, settings.base_url.as_deref().or(address.as_deref()))
    }

    /// Parses a number; `None` where the text is empty.
    fn number<N: std::str::FromStr>(
        &self,
        field: SettingsField,
        what: &str,
        fits: fn(&N) -> bool,
    ) -> Result<Option<N>, (SettingsField, String)> {
        let text = self.text(field);
        if text.is_empty() {
            return Ok(None);
        }
        let digits = text.strip_prefix('$').unwrap_or(&text).replace(['_', ','], "");
        match digits.parse().ok().filter(fits) {
            Some(number) => Ok(Some(number)),
            None => Err((field, format!("Give {what}, not `{text}`."))),
        }
    }
}

fn line(text: &str) -> TextArea<'static> {
    let mut area = text_area(text);
    area.move_cursor(CursorMove::End);
    area
}

fn shown<T: std::fmt::Display>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Returns the index one step further, wrapping around; without an index, the first or the last
/// one.
fn around(from: Option<usize>, count: usize, step: isize) -> usize {
    match from {
        Some(place) => (place + count).saturating_add_signed(step) % count,
        None if step > 0 => 0,
        None => count - 1,
    }
}

#[cfg(test)]
mod tests;
