//! The scoreboard of a session, with the figures that need the rows' texts.

use super::{ReadBench, WorkbenchError};
use crate::domain::Scoreboard;
use crate::measure::{TextFigures, scoreboard};
use crate::text::{Stop, Stopped};

impl ReadBench {
    /// Returns the scoreboard with all its figures.
    ///
    /// # Errors
    ///
    /// Where it was stopped.
    pub(crate) fn scoreboard(&self, stop: &Stop) -> Result<Scoreboard, WorkbenchError> {
        let texts = TextFigures::of(self.projection(), stop);
        let texts = texts.map_err(|Stopped| WorkbenchError::FiguresStopped)?;
        Ok(scoreboard(self.projection(), Some(&texts)))
    }
}
