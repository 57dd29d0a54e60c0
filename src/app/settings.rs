//! The form with the settings of the next run, one line for each.
//!
//! ```text
//! profile ── its settings ───────┐
//! provider, address, model … ────┴─► generator ─┐
//! rows, seed, budget, reuse ────────────────────┴─► RunOrder
//! ```
//!
//! The form holds what was typed, valid or not; [`SettingsForm::order`] parses it.

mod chosen;
mod copy;
mod field;
mod parse;
mod server;

use std::sync::Arc;

use tui_textarea::{CursorMove, TextArea};

pub(crate) use chosen::{Chosen, StartFlags};
pub(crate) use field::SettingsField;

use super::fuzzy;
use super::message::Ask;
use super::prompt::text_area;
use super::sampling::Sampling;
use crate::config::{KeptSettings, Prices};
use crate::domain::{GeneratorSettings, LocalServer, NamedBy, PlanMode, Provider, RunOrder};
use field::switch;
pub(crate) use server::ServerSearch;

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
    /// Who is asked, with which key.
    Server,
    /// An empty line.
    Gap,
}

/// The list of a provider's models.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ModelList {
    /// Nobody asked for it yet.
    #[default]
    Unasked,
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
    /// The profiles, the session's own settings first; at least one.
    pub profiles: Vec<ProfileChoice>,
    /// The chosen profile, as an index.
    pub profile: usize,
    /// The provider's models.
    pub models: ModelList,
    /// The model servers of this machine.
    pub servers: ServerSearch,
    /// Whether the settings are copied as lines of a session file, not as a command.
    pub as_lines: bool,
    pub(super) ask: Ask,
    /// What was chosen before, and the options of this start.
    chosen_before: Chosen,
    /// The generator as it was when the form was opened.
    before: GeneratorSettings,
    /// How a command names the session.
    session: String,
    /// One text for each setting; empty for those that are chosen from a list of another kind.
    texts: Vec<TextArea<'static>>,
    /// The text that the list of models is searched for.
    wanted: String,
    /// The known prices of models.
    prices: Arc<Prices>,
}

impl SettingsForm {
    pub(super) fn new(sampling: &Sampling) -> Self {
        let Sampling { order, prices, .. } = sampling;
        let mut profiles = sampling.profiles.clone();
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
            models: ModelList::Unasked,
            servers: ServerSearch::Unasked,
            as_lines: false,
            ask: Ask::default(),
            chosen_before: sampling.chosen.clone(),
            before: order.generator.clone(),
            session: sampling.session.clone(),
            texts: SettingsField::ALL.iter().map(|_| line("")).collect(),
            wanted: String::new(),
            prices: Arc::clone(prices),
        };
        form.write_order(order);
        form.select_text();
        form
    }

    /// Returns the lines of the form, from the top down.
    #[must_use]
    pub fn lines(&self) -> Vec<SettingsLine> {
        let mut lines = Vec::new();
        for field in SettingsField::ALL {
            if matches!(field, SettingsField::Cost | SettingsField::Seed) {
                lines.push(SettingsLine::Gap);
            }
            lines.push(SettingsLine::Setting(field));
            if self.error.as_ref().is_some_and(|(wrong, _)| *wrong == field) {
                lines.push(SettingsLine::Error);
            }
            if field == SettingsField::Schema {
                lines.push(SettingsLine::Server);
            }
        }
        lines
    }

    /// Returns the lines that so many rows of the screen show: those around the selected setting. Where there is no
    /// room for all, the gaps go first.
    #[must_use]
    pub fn lines_in(&self, height: usize) -> Vec<SettingsLine> {
        let mut lines = self.lines();
        if lines.len() > height {
            lines.retain(|line| *line != SettingsLine::Gap);
        }
        let selected = lines.iter().position(|line| *line == SettingsLine::Setting(self.selected));
        // The line below the selected one may be its error.
        let last = (selected.unwrap_or_default() + 2).min(lines.len());
        let above = last.saturating_sub(height);
        lines.into_iter().skip(above).take(height).collect()
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

    /// Returns whether no server is asked.
    #[must_use]
    pub fn is_offline(&self) -> bool {
        self.text(SettingsField::Provider) == Provider::Offline.name()
    }

    /// Returns the choices below the selected setting: the models that match what was typed, the best one first, or
    /// the servers of this machine.
    #[must_use]
    pub fn choices(&self) -> Vec<String> {
        match (self.selected, &self.models) {
            (SettingsField::Servers, _) => self.servers.choices(),
            (SettingsField::Model, ModelList::Known(models)) => {
                fuzzy::best(&self.wanted, models, models.len())
            }
            _ => Vec::new(),
        }
    }

    /// Returns the index of the choice that the form holds.
    #[must_use]
    pub fn choice(&self, choices: &[String]) -> Option<usize> {
        let model = self.text(SettingsField::Model);
        if self.selected == SettingsField::Servers {
            return self.servers.place_of(&self.text(SettingsField::BaseUrl), &model);
        }
        choices.iter().position(|choice| *choice == model)
    }

    /// Clears the error and follows the text that has changed.
    pub(super) fn typed(&mut self) {
        self.error = None;
        match self.selected {
            SettingsField::Model => self.wanted = self.text(SettingsField::Model),
            SettingsField::BaseUrl => {
                self.models = ModelList::Unasked;
                if self.is_offline() && !self.text(SettingsField::BaseUrl).is_empty() {
                    self.write(SettingsField::Provider, Provider::Openai.name());
                }
            }
            _ => {}
        }
    }

    /// Shows which setting is not valid, and goes there.
    pub(super) fn refuse(&mut self, (field, sentence): (SettingsField, String)) {
        self.selected = field;
        self.error = Some((field, sentence));
    }

    pub(super) fn go(&mut self, step: isize) {
        let count = SettingsField::ALL.len();
        let place = (self.selected.place() + count).saturating_add_signed(step) % count;
        self.select(SettingsField::ALL[place]);
    }

    pub(super) fn select(&mut self, field: SettingsField) {
        self.selected = field;
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
            SettingsField::Stream | SettingsField::Schema | SettingsField::Reuse => {
                let is_on = self.text(self.selected) == switch(true);
                self.write(self.selected, switch(!is_on));
            }
            SettingsField::Plan => {
                let known = PlanMode::ALL.map(PlanMode::name);
                let now = known.iter().position(|name| *name == self.text(SettingsField::Plan));
                self.write(SettingsField::Plan, known[around(now, known.len(), step)]);
            }
            SettingsField::Copy => self.as_lines = !self.as_lines,
            SettingsField::Profile => {
                self.choose_profile(around(Some(self.profile), self.profiles.len(), step));
            }
            SettingsField::Provider => {
                let known = Provider::ALL.map(Provider::name);
                let now = known.iter().position(|name| *name == self.text(SettingsField::Provider));
                self.choose_provider(known[around(now, known.len(), step)]);
            }
            SettingsField::Model | SettingsField::Servers => {
                let choices = self.choices();
                if choices.is_empty() {
                    return false;
                }
                self.take_choice(around(self.choice(&choices), choices.len(), step));
            }
            _ => return false,
        }
        self.error = None;
        true
    }

    /// Takes a choice of the list below the selected setting, by its index.
    pub(super) fn take_choice(&mut self, place: usize) {
        if self.selected == SettingsField::Servers {
            if let Some((server, model)) = self.servers.choice(place) {
                self.take_server(&server, model.as_deref());
            }
        } else if let Some(model) = self.choices().get(place) {
            self.write(SettingsField::Model, model);
        }
        self.error = None;
    }

    fn take_server(&mut self, server: &LocalServer, model: Option<&str>) {
        self.write(SettingsField::Provider, server.provider.name());
        self.write(SettingsField::BaseUrl, &server.base_url);
        self.write(SettingsField::Model, model.unwrap_or_default());
        self.wanted.clear();
        self.models = ModelList::Known(server.models.iter().map(|model| model.name.clone()).collect());
    }

    fn choose_profile(&mut self, place: usize) {
        if place != self.profile {
            self.profile = place;
            self.write_generator(&self.profiles[place].settings.clone());
        }
    }

    /// Chooses a provider: what the profile says of it holds again, and another one's address and model go.
    fn choose_provider(&mut self, name: &str) {
        self.write(SettingsField::Provider, name);
        let own = self.chosen().settings.clone();
        for field in [SettingsField::BaseUrl, SettingsField::Model] {
            let text = if own.provider.name() == name { field.text_in(&own) } else { String::new() };
            self.write(field, &text);
        }
        self.wanted.clear();
        self.models = ModelList::Unasked;
    }

    /// Writes what would hold if nothing were chosen here.
    pub(super) fn reset(&mut self) {
        self.chosen_before.kept = KeptSettings::default();
        let (profile, _) = self.chosen_before.profile(&self.profiles);
        self.profile = profile;
        let flags = &self.chosen_before.flags.generator;
        let generator = self.chosen().with(&[(flags, NamedBy::Person)], &self.prices);
        self.write_order(&RunOrder::new(super::sampling::FIRST_ROWS, generator));
        self.error = None;
        self.select_text();
    }

    fn write_order(&mut self, order: &RunOrder) {
        self.write(SettingsField::Rows, &order.rows.to_string());
        self.write(SettingsField::Seed, &shown(order.seed));
        self.write(SettingsField::Cost, &shown(order.budget.cost));
        self.write(SettingsField::Tokens, &shown(order.budget.tokens));
        self.write(SettingsField::Requests, &shown(order.budget.requests));
        self.write(SettingsField::Reuse, switch(order.reuse));
        self.write(SettingsField::Plan, order.plan.mode.name());
        self.write_generator(&order.generator);
    }

    fn write_generator(&mut self, generator: &GeneratorSettings) {
        self.wanted.clear();
        self.models = ModelList::Unasked;
        for field in SettingsField::GENERATOR {
            self.write(field, &field.text_in(generator));
        }
    }

    pub(super) fn write(&mut self, field: SettingsField, text: &str) {
        self.texts[field.place()] = line(text);
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
