//! Choosing who writes rows.

use std::sync::Arc;

use super::{Workbench, WorkbenchError};
use crate::dataset::Part;
use crate::domain::{GeneratorSettings, Provider};
use crate::generate::{
    Corpus, Delivery, Generator, OfflineGenerator, ProviderGenerator, ProviderOptions, Recorder,
};

/// Looks up a variable by its name.
pub type Lookup = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// What a generator finds outside of the program.
#[derive(Clone)]
pub struct ProviderContext {
    /// Looks up a variable: the process's own, or what stands in for it.
    pub environment: Lookup,
    /// Is told what crosses the wire, without keys.
    pub recorder: Option<Arc<dyn Recorder>>,
    /// Whether replies come as streams or whole.
    pub delivery: Delivery,
}

impl Default for ProviderContext {
    fn default() -> Self {
        Self {
            environment: Arc::new(|name| std::env::var(name).ok()),
            recorder: None,
            delivery: Delivery::default(),
        }
    }
}

impl Workbench {
    /// Returns the generator that settings name. The offline one learns the train rows, and is held to
    /// texts that neither a real row nor a row of the session has.
    ///
    /// # Errors
    ///
    /// Where the settings name none that can be used, or the network is refused.
    pub fn generator(
        &mut self,
        settings: &GeneratorSettings,
        network: bool,
    ) -> Result<Arc<dyn Generator>, WorkbenchError> {
        if settings.provider == Provider::Offline {
            let dataset = Arc::clone(&self.dataset);
            let novelty = self.similar().novelty(&dataset);
            return Ok(Arc::new(OfflineGenerator::new(self.corpus(), novelty)));
        }
        if !network {
            return Err(WorkbenchError::Usage(format!(
                "`--offline` refuses all network, and the provider is {}. Leave it out, or use the provider offline.",
                settings.provider.name()
            )));
        }
        let recorder = self.outside.recorder.clone();
        let delivery = self.outside.delivery;
        let options = ProviderOptions { delivery, recorder, ..ProviderOptions::default() };
        let environment = Arc::clone(&self.outside.environment);
        Ok(Arc::new(ProviderGenerator::new(settings, options, &*environment)?))
    }

    /// Sets what generators made from now on find outside of the program.
    pub fn set_outside(&mut self, outside: ProviderContext) {
        self.outside = outside;
    }

    /// Returns the train rows for the offline generator, which learns them once.
    fn corpus(&mut self) -> Arc<Corpus> {
        let dataset = &self.dataset;
        let train = || dataset.rows().filter(|row| row.part == Part::Train);
        let learn = || Arc::new(Corpus::new(train().map(|row| (row.label.to_owned(), row.text.to_owned()))));
        Arc::clone(self.corpus.get_or_insert_with(learn))
    }
}
