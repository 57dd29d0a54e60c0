//! Labels of versions, and prompts of another name.

use super::prompts::{DRAFT, content_id, content_of_draft, find_version};
use super::{Workbench, WorkbenchError};
use crate::domain::{Event, Fact, OperationId, Timestamp, VersionId, prompt_name_fault, version_label_fault};

impl Workbench {
    /// Stages that a version gets a label, or loses it, and says so. A label names one version of a prompt, so another
    /// version that had it has it no more.
    ///
    /// # Errors
    ///
    /// Where there is no such version, or the label is none.
    pub(crate) fn label_version(
        &mut self,
        reference: &str,
        label: &str,
        gives: bool,
        operation: OperationId,
        at: Timestamp,
    ) -> Result<String, WorkbenchError> {
        if let Some(fault) = version_label_fault(label) {
            return Err(WorkbenchError::Usage(fault));
        }
        if reference == DRAFT {
            let message = "The draft is no version yet, so it has no label; save it as one first.";
            return Err(WorkbenchError::Usage(message.to_owned()));
        }
        let version = find_version(&self.projection, Some(reference))?;
        let (id, prompt, name) = (version.id, version.name.clone(), full_name(&version.name, version.number));
        let labelled = self.projection.laboratory().labelled(&prompt, label);
        let before = labelled.filter(|other| *other != id).and_then(|other| self.projection.version(other));
        let said = match (gives, labelled == Some(id)) {
            (true, true) => {
                return Ok(format!("{name} has the label `{label}` already; nothing was changed."));
            }
            (true, false) => before.map_or_else(
                || format!("{name} has the label `{label}`."),
                |before| format!("{name} has the label `{label}`, which v{} had before.", before.number),
            ),
            (false, true) => format!("{name} has the label `{label}` no more."),
            (false, false) => {
                return Err(WorkbenchError::Usage(format!("{name} has no label `{label}`.")));
            }
        };
        let event = Event::Labelled { prompt, label: label.to_owned(), version: gives.then_some(id) };
        self.stage(Fact::new(operation, at, event));
        Ok(said)
    }

    /// Stages the first version of a prompt of another name, with the content of a version or of the draft.
    ///
    /// # Errors
    ///
    /// Where there is no such version, the draft cannot be used, or the name is taken or none.
    pub(crate) fn fork_version(
        &mut self,
        reference: &str,
        name: &str,
        operation: OperationId,
        at: Timestamp,
    ) -> Result<VersionId, WorkbenchError> {
        if let Some(fault) = prompt_name_fault(name) {
            return Err(WorkbenchError::Usage(fault));
        }
        if let Some(there) = self.projection.latest_version(name) {
            let is_there = full_name(&there.name, there.number);
            return Err(WorkbenchError::Usage(format!(
                "There is a prompt `{name}` already, whose latest version is {is_there}; choose another name."
            )));
        }
        let (content, parent) = if reference == DRAFT {
            let draft = self.draft();
            (self.tried(content_of_draft(&draft).map_err(WorkbenchError::Prompt)?)?, draft.base)
        } else {
            let version = find_version(&self.projection, Some(reference))?;
            (version.content.clone(), Some(version.id))
        };
        debug_assert!(self.projection.version(content_id(name, &content)).is_none());
        Ok(self.make_version(name, content, parent, operation, at).0)
    }
}

fn full_name(name: &str, number: u32) -> String {
    format!("{name}@v{number}")
}
