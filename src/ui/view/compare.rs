//! The Compare view: the pair to decide while a comparison goes on, else the form and what came of the last ones.

mod form;
mod pair;
mod result;

use ratatui::buffer::Buffer;

use super::Screen;
use crate::app::compare::comparison;
use crate::app::{Command, ComparePart};
use crate::domain::PairTally;
use crate::measure::pairs::{PairCounts, PairFigures, figures};

impl Screen<'_> {
    /// Draws the Compare view.
    pub(super) fn compare(self, buf: &mut Buffer) {
        let geometry = self.model.compare_geometry();
        if let Some(trial) = comparison(self.model.shown()) {
            self.pair(trial, &geometry, buf);
            return;
        }
        let part = self.model.compare.part;
        if let Some(area) = geometry.tab {
            let (name, about) = if part == ComparePart::Result {
                ("Form", "of the next one")
            } else {
                ("Result", "of the last one")
            };
            self.not_shown((name, about), (self.key(Command::NextPane), "it"), area, buf);
        }
        if let Some(area) = geometry.form {
            self.compare_form(area, &geometry, buf);
        }
        if let Some(area) = geometry.result {
            self.compare_result(area, buf);
        }
    }
}

/// Returns what the decided pairs of a comparison say of its first side.
fn figures_of(tally: PairTally) -> PairFigures {
    let PairTally { first, second, both, neither, .. } = tally;
    figures(PairCounts { left: first, right: second, both, neither })
}
