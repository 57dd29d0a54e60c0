//! Notes about versions.

use super::prompts::find_version;
use super::{Workbench, WorkbenchError};
use crate::domain::{Event, Fact, OperationId, Timestamp};

impl Workbench {
    /// Stages a version's note and returns its name; without words the version has no note any more. A note that says
    /// the same already is not staged.
    ///
    /// # Errors
    ///
    /// Where there is no such version.
    pub(crate) fn note_version(
        &mut self,
        reference: &str,
        note: &str,
        operation: OperationId,
        at: Timestamp,
    ) -> Result<String, WorkbenchError> {
        let version = find_version(&self.projection, Some(reference))?;
        let (id, name) = (version.id, format!("{}@v{}", version.name, version.number));
        let note = Some(note.trim().to_owned()).filter(|note| !note.is_empty());
        if version.note != note {
            self.stage(Fact::new(operation, at, Event::Noted { version: id, note }));
        }
        Ok(name)
    }
}
