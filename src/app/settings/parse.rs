//! What the texts of the form mean.

use super::field::switch;
use super::{SettingsField, SettingsForm};
use crate::config::{Overrides, address_trouble, is_same_server};
use crate::domain::{Budget, GeneratorSettings, NamedBy, PlanMode, PlanOrder, Provider, RunOrder};

/// The setting that is not valid, with a sentence that says what it must be.
type Wrong = (SettingsField, String);

impl SettingsForm {
    /// Parses the form.
    ///
    /// # Errors
    ///
    /// Returns the first setting that is not valid, with a sentence that says what it must be.
    pub fn order(&self) -> Result<RunOrder, Wrong> {
        let rows = self.count(SettingsField::Rows)?;
        let Some(rows) = rows else {
            return Err((SettingsField::Rows, "Say how many rows you want, such as 20.".to_owned()));
        };
        let said = self.overrides()?;
        let generator = self.generator(&said);
        if generator.provider == Provider::Offline && generator.model.is_some() {
            let sentence = "The offline generator has no models; leave this empty.".to_owned();
            return Err((SettingsField::Model, sentence));
        }
        let budget = Budget {
            cost: self.number(SettingsField::Cost, "US dollars above 0, such as 0.50", |c: &f64| {
                c.is_finite() && *c > 0.0
            })?,
            tokens: self.number(SettingsField::Tokens, "a whole number from 1", |n: &u64| *n > 0)?,
            requests: self.count(SettingsField::Requests)?,
        };
        let seed = self.number(SettingsField::Seed, "a whole number from 0, or empty", |_: &u64| true)?;
        let reuse = self.text(SettingsField::Reuse) == switch(true);
        Ok(RunOrder { rows, generator, seed, budget, reuse, trial: None, plan: self.plan() })
    }

    fn plan(&self) -> PlanOrder {
        let mode = PlanMode::from_name(&self.text(SettingsField::Plan)).unwrap_or_default();
        PlanOrder { mode, ..PlanOrder::default() }
    }

    /// Returns the settings of the generator with what the form says. A server that stood here already when the form was
    /// opened is named by whoever named it then.
    pub(super) fn generator(&self, said: &Overrides) -> GeneratorSettings {
        let mut generator = self.chosen().with(&[(said, NamedBy::Person)], &self.prices);
        if said.names_a_server() && is_same_server(&generator, &self.before) {
            generator.server_by = self.before.server_by;
        }
        generator
    }

    /// Parses what the form says over the chosen profile.
    pub(super) fn overrides(&self) -> Result<Overrides, Wrong> {
        let own = &self.chosen().settings;
        let provider = Provider::from_name(&self.text(SettingsField::Provider)).unwrap_or(own.provider);
        let has_moved = provider != own.provider;
        // Another provider starts without address and model, so what is said of them counts as said.
        let changed = |field: SettingsField| {
            Some(self.text(field)).filter(|text| has_moved || *text != field.text_in(own))
        };
        let base_url = changed(SettingsField::BaseUrl);
        if let Some(trouble) = base_url.as_deref().filter(|url| !url.is_empty()).and_then(address_trouble) {
            return Err((SettingsField::BaseUrl, trouble));
        }
        let warm = |t: &f64| t.is_finite() && *t >= 0.0;
        let temperature = self.number(SettingsField::Temperature, "a number from 0, such as 0.8", warm)?;
        let reply_tokens = self.count(SettingsField::ReplyTokens)?;
        let switched = |field: SettingsField| {
            let text = self.text(field);
            (text != field.text_in(own)).then(|| text == switch(true))
        };
        Ok(Overrides {
            provider: has_moved.then_some(provider),
            base_url: base_url.filter(|url| !(has_moved && url.is_empty())),
            model: changed(SettingsField::Model).filter(|model| !(has_moved && model.is_empty())),
            temperature: temperature.filter(|warm| warm.to_bits() != own.temperature.to_bits()),
            rows_per_request: self
                .count(SettingsField::RowsPerRequest)?
                .filter(|rows| *rows != own.rows_per_request),
            reply_tokens: Some(reply_tokens)
                .filter(|most| *most != own.max_tokens)
                .map(Option::unwrap_or_default),
            concurrency: self.count(SettingsField::Concurrency)?.filter(|most| *most != own.concurrency),
            stream: switched(SettingsField::Stream),
            schema: switched(SettingsField::Schema),
        })
    }

    fn count(&self, field: SettingsField) -> Result<Option<u32>, Wrong> {
        let what = if field == SettingsField::Rows {
            "a whole number from 1, such as 20"
        } else {
            "a whole number from 1"
        };
        self.number(field, what, |count: &u32| *count > 0)
    }

    /// Parses a number; `None` where the text is empty.
    fn number<N: std::str::FromStr>(
        &self,
        field: SettingsField,
        what: &str,
        fits: fn(&N) -> bool,
    ) -> Result<Option<N>, Wrong> {
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
