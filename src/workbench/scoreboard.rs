//! The scoreboard of a session, with the figures that need the rows' texts.

use super::{ReadBench, WorkbenchError};
use crate::domain::Scoreboard;
use crate::measure::{TextFigures, told_scoreboard};
use crate::text::{Stop, Stopped};

impl ReadBench {
    /// Returns the scoreboard with all its figures, without the versions of a blind trial that goes on.
    ///
    /// # Errors
    ///
    /// Where it was stopped.
    pub(crate) fn scoreboard(&self, stop: &Stop) -> Result<Scoreboard, WorkbenchError> {
        let texts = TextFigures::of(self.projection(), stop);
        let texts = texts.map_err(|Stopped| WorkbenchError::FiguresStopped)?;
        Ok(told_scoreboard(self.projection(), Some(&texts)))
    }
}
