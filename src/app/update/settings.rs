//! The form with the settings of the next run.

use super::typing::apply;
use crate::app::command::TypingCommand;
use crate::app::message::Ask;
use crate::app::overlay::Overlay;
use crate::app::settings::{ModelList, SettingsField};
use crate::app::{Effect, Model, SettingsForm};
use crate::domain::{Failure, Provider};

impl Model {
    fn form(&mut self) -> Option<&mut SettingsForm> {
        match self.overlays.last_mut() {
            Some(Overlay::Settings(form)) => Some(form),
            _ => None,
        }
    }

    pub(super) fn open_settings(&mut self) -> Vec<Effect> {
        let form = SettingsForm::new(&self.sampling);
        self.overlays.push(Overlay::Settings(Box::new(form)));
        self.ask_models()
    }

    /// Requests the models of the form's provider, unless they were requested before.
    pub(super) fn ask_models(&mut self) -> Vec<Effect> {
        let ask = self.new_ask();
        let Some(form) = self.form() else { return vec![] };
        if form.models != ModelList::Nobody || form.generator().provider == Provider::Offline {
            return vec![];
        }
        form.models = ModelList::Asked;
        form.ask = ask;
        vec![Effect::ListModels { ask, settings: Box::new(form.generator().clone()) }]
    }

    pub(super) fn models_listed(&mut self, ask: Ask, models: Result<Vec<String>, Failure>) {
        for overlay in &mut self.overlays {
            if let Overlay::Settings(form) = overlay
                && form.ask == ask
                && form.models == ModelList::Asked
            {
                form.models = match models {
                    Ok(models) => ModelList::Known(models),
                    Err(reason) => ModelList::Failed(reason.to_string()),
                };
                return;
            }
        }
    }

    pub(super) fn move_setting(&mut self, step: isize) -> Vec<Effect> {
        if let Some(form) = self.form() {
            form.go(step);
        }
        vec![]
    }

    /// Takes another choice; where the setting has none, runs a typing command instead.
    pub(super) fn move_value(&mut self, step: isize, otherwise: Option<TypingCommand>) -> Vec<Effect> {
        let Some(form) = self.form() else { return vec![] };
        // A blank is no part of any typed value, and must not choose a model by accident.
        if otherwise.is_none() && form.selected == SettingsField::Model || form.cycle(step) {
            return self.ask_models();
        }
        if let (Some(area), Some(command)) = (form.typed_in(), otherwise) {
            apply(area, command);
        }
        vec![]
    }

    /// Takes over the settings, or shows which one is not valid.
    pub(super) fn apply_settings(&mut self) -> Vec<Effect> {
        let Some(form) = self.form() else { return vec![] };
        let order = match form.order() {
            Ok(order) => order,
            Err((field, sentence)) => {
                form.selected = field;
                form.error = Some((field, sentence));
                return vec![];
            }
        };
        let profile = form.profile;
        self.overlays.pop();
        self.sampling.profile = profile;
        if order == self.sampling.order {
            return vec![];
        }
        self.sampling.order = order;
        // Another seed gives other examples, and another generator may not accept the prompt.
        vec![self.ask_preview()]
    }
}
