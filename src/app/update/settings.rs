//! The form with the settings of the next run.

use super::typing::apply;
use crate::app::command::TypingCommand;
use crate::app::message::Ask;
use crate::app::overlay::Overlay;
use crate::app::sampling::FIRST_ROWS;
use crate::app::settings::{ModelList, ServerSearch, SettingsField};
use crate::app::{Effect, Model, SettingsForm};
use crate::config::KeptSettings;
use crate::domain::{Failure, LocalSearch};

impl Model {
    fn form(&mut self) -> Option<&mut SettingsForm> {
        match self.overlays.last_mut() {
            Some(Overlay::Settings(form)) => Some(form),
            _ => None,
        }
    }

    /// Opens the form. Nothing is asked of any server by that.
    pub(super) fn open_settings(&mut self) -> Vec<Effect> {
        let form = SettingsForm::new(&self.sampling);
        self.overlays.push(Overlay::Settings(Box::new(form)));
        vec![]
    }

    /// Requests the models of the form's server.
    pub(super) fn ask_models(&mut self) -> Vec<Effect> {
        let ask = self.new_ask();
        let Some(form) = self.form() else { return vec![] };
        if form.models == ModelList::Asked || form.is_offline() {
            return vec![];
        }
        match form.order() {
            Ok(order) => {
                form.models = ModelList::Asked;
                form.ask = ask;
                vec![Effect::ListModels { ask, settings: Box::new(order.generator) }]
            }
            Err(wrong) => {
                form.refuse(wrong);
                vec![]
            }
        }
    }

    /// Looks for model servers on this machine.
    fn ask_servers(&mut self) -> Vec<Effect> {
        let ask = self.new_ask();
        let Some(form) = self.form() else { return vec![] };
        if form.servers == ServerSearch::Asked {
            return vec![];
        }
        form.servers = ServerSearch::Asked;
        form.ask = ask;
        vec![Effect::FindServers { ask }]
    }

    pub(super) fn models_listed(&mut self, ask: Ask, models: Result<Vec<String>, Failure>) {
        if let Some(form) = self.form_that_asked(ask)
            && form.models == ModelList::Asked
        {
            form.models = match models {
                Ok(models) => ModelList::Known(models),
                Err(reason) => ModelList::Failed(reason.to_string()),
            };
        }
    }

    pub(super) fn servers_found(&mut self, ask: Ask, found: Result<LocalSearch, Failure>) {
        if let Some(form) = self.form_that_asked(ask)
            && form.servers == ServerSearch::Asked
        {
            form.servers = match found {
                Ok(found) => ServerSearch::Known(found),
                Err(reason) => ServerSearch::Failed(reason.to_string()),
            };
        }
    }

    pub(super) fn form_that_asked(&mut self, ask: Ask) -> Option<&mut SettingsForm> {
        self.overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Settings(form) if form.ask == ask => Some(form.as_mut()),
            _ => None,
        })
    }

    pub(super) fn move_setting(&mut self, step: isize) -> Vec<Effect> {
        if let Some(form) = self.form() {
            form.go(step);
        }
        vec![]
    }

    /// Takes another choice; where the setting has none, moves the cursor instead.
    pub(super) fn move_value(&mut self, step: isize, otherwise: TypingCommand) -> Vec<Effect> {
        let Some(form) = self.form() else { return vec![] };
        if !form.cycle(step)
            && let Some(area) = form.typed_in()
        {
            apply(area, otherwise);
        }
        vec![]
    }

    /// Does what the blank is for: asks for what can be chosen, copies, or takes the next choice. A blank is no part
    /// of any typed value, and chooses no model by accident.
    pub(super) fn use_value(&mut self) -> Vec<Effect> {
        let Some(form) = self.form() else { return vec![] };
        match form.selected {
            SettingsField::Model => self.ask_models(),
            SettingsField::Servers => self.ask_servers(),
            SettingsField::Copy => {
                let text = form.written();
                self.say("The text is sent to the terminal's clipboard.");
                vec![Effect::Copy(text)]
            }
            _ => {
                form.cycle(1);
                vec![]
            }
        }
    }

    /// Writes into the form what holds where nothing is chosen.
    pub(super) fn reset_form(&mut self) -> Vec<Effect> {
        if let Some(form) = self.form() {
            form.reset();
        }
        vec![]
    }

    /// Forgets what was chosen.
    pub(super) fn reset_settings(&mut self) -> Vec<Effect> {
        let mut form = SettingsForm::new(&self.sampling);
        form.reset();
        let effects = self.take_over(&form).unwrap_or_default();
        self.say("The settings are those of the session again; what was chosen here is forgotten.");
        effects
    }

    /// Takes over the settings, or shows which one is not valid.
    pub(super) fn apply_settings(&mut self) -> Vec<Effect> {
        let Some(Overlay::Settings(mut form)) = self.overlays.pop() else { return vec![] };
        match self.take_over(&form) {
            Ok(effects) => effects,
            Err(wrong) => {
                form.refuse(wrong);
                self.overlays.push(Overlay::Settings(form));
                vec![]
            }
        }
    }

    fn take_over(&mut self, form: &SettingsForm) -> Result<Vec<Effect>, (SettingsField, String)> {
        let order = form.order()?;
        let (generator, is_kept) = form.kept()?;
        let kept = KeptSettings {
            rows: (order.rows != FIRST_ROWS).then_some(order.rows),
            seed: order.seed,
            budget: order.budget,
            reuse: order.reuse,
            plan: order.plan.mode,
            ..generator
        };
        let mut effects = vec![];
        self.sampling.profile = form.profile;
        if order != self.sampling.order {
            if !is_kept && order.generator != self.sampling.order.generator {
                self.say("The generator holds until you leave: `--profile` of this start comes before what is kept.");
            }
            self.sampling.order = order;
            // Another seed gives other examples, and another generator may not accept the prompt.
            effects.push(self.ask_preview());
        }
        if kept != self.sampling.chosen.kept {
            self.sampling.chosen.kept = kept.clone();
            effects.push(Effect::KeepSettings(Box::new(kept)));
        }
        Ok(effects)
    }
}
