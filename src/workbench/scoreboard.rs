//! The figures of the scoreboard that need the texts of all rows.

use crate::domain::{Projection, TextFigures};
use crate::measure::scoreboard;
use crate::text::{Stop, Stopped};

/// Counts what the texts of each line of the scoreboard come to.
///
/// # Errors
///
/// Where it was stopped.
pub(crate) fn text_figures(projection: &Projection, stop: &Stop) -> Result<TextFigures, Stopped> {
    scoreboard::text_figures(projection, stop)
}
