//! Writes the page of an evaluation, by the same rules as an export.

use std::path::{Path, PathBuf};

use super::spared;
use crate::domain::{Evaluation, Existing};
use crate::export::{check_page, page, place_page};
use crate::workbench::WorkbenchError;
use crate::workbench::evaluate::Evaluator;

impl Evaluator {
    /// Checks that a page may be written, before anything is evaluated for it.
    ///
    /// # Errors
    ///
    /// Where the file is there already and is to stay, cannot be written, or is one of the session's or of `spared`.
    pub(crate) fn check_page(
        &self,
        out: &Path,
        existing: Existing,
        spared: &[PathBuf],
    ) -> Result<(), WorkbenchError> {
        spared::check(self.location(), self.session(), spared, out)?;
        Ok(check_page(out, existing)?)
    }

    /// Writes the page of an evaluation whole, or not at all.
    ///
    /// # Errors
    ///
    /// Where it cannot be written, or a file came there meanwhile that is to stay.
    pub(crate) fn write_page(
        &self,
        evaluation: &Evaluation,
        out: &Path,
        existing: Existing,
    ) -> Result<(), WorkbenchError> {
        Ok(place_page(out, existing, &page(evaluation, &self.session().name))?)
    }
}
