//! The scoreboard with the figures that need the texts of all rows, for the screen.

use crate::domain::{Projection, Scoreboard};
use crate::measure::{TextFigures, scoreboard};
use crate::text::{Stop, Stopped};

/// Returns the scoreboard of a projection with all its figures.
///
/// # Errors
///
/// Where it was stopped.
pub(crate) fn scoreboard_with_texts(projection: &Projection, stop: &Stop) -> Result<Scoreboard, Stopped> {
    let texts = TextFigures::of(projection, stop)?;
    Ok(scoreboard(projection, Some(&texts)))
}
