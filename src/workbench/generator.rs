//! The offline generator of a session.

use std::sync::Arc;

use super::Workbench;
use crate::dataset::Part;
use crate::generate::{Corpus, OfflineGenerator};
use crate::text::Stop;

impl Workbench {
    /// Returns the offline generator, which learns the train rows and only writes texts that equal neither
    /// a real row nor a row of the session, until `stop` says so.
    pub fn offline_generator(&mut self, stop: Stop) -> OfflineGenerator {
        let dataset = Arc::clone(&self.dataset);
        let flagger = self.flagger();
        let novelty = self.similar().0.novelty(flagger, &dataset);
        OfflineGenerator::new(self.corpus(), novelty, stop)
    }

    /// Returns the train rows for the offline generator, built once.
    fn corpus(&mut self) -> Arc<Corpus> {
        let dataset = &self.dataset;
        let train = || dataset.rows().filter(|row| row.part == Part::Train);
        let learn = || Arc::new(Corpus::new(train().map(|row| (row.label.to_owned(), row.text.to_owned()))));
        Arc::clone(self.corpus.get_or_insert_with(learn))
    }
}
