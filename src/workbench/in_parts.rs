//! Saves an operation of very many facts one by one, so that they need not all be in memory.

use super::{Workbench, WorkbenchError};
use crate::domain::{Fact, OperationId};

impl Workbench {
    /// Saves the facts of an operation, which take effect together, with the last one; all others are parts.
    ///
    /// # Errors
    ///
    /// That of the first fact that could not be had or not be saved. Then everything is as it was before.
    pub(super) fn save_in_parts(
        &mut self,
        operation: OperationId,
        facts: impl Iterator<Item = Result<Fact, WorkbenchError>>,
    ) -> Result<(), WorkbenchError> {
        self.commit()?;
        self.refresh_saved();
        let before = self.projection.clone();
        let mut saved = Ok(());
        for fact in facts {
            saved = fact.and_then(|fact| {
                self.stage(fact);
                self.commit()
            });
            if saved.is_err() {
                self.store.abandon(operation);
                self.waiting.facts_are_saved();
                self.saved = before;
                self.take_back();
                break;
            }
            self.refresh_saved();
            self.store.write_pages(&self.projection);
            self.store.release([&mut self.projection, &mut self.saved]);
        }
        saved
    }
}
