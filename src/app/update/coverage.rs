//! The Coverage view: going through its cells, and sampling into one.

use ratatui::layout::Position;

use crate::app::command::CoverageCommand;
use crate::app::{Command, Effect, Model, View};
use crate::domain::{PlanMode, PlanOrder, Provider};

impl Model {
    pub(super) fn run_in_coverage(&mut self, command: CoverageCommand) -> Vec<Effect> {
        match command {
            CoverageCommand::SampleInto => return self.sample_into(),
            CoverageCommand::NextValueDown => self.move_in_coverage(1, 0),
            CoverageCommand::PreviousValueDown => self.move_in_coverage(-1, 0),
            CoverageCommand::NextValueAcross => self.move_in_coverage(0, 1),
            CoverageCommand::PreviousValueAcross => self.move_in_coverage(0, -1),
            CoverageCommand::NextHole => self.go_to_hole(),
            CoverageCommand::NextVariableDown => {
                self.coverage.down = self.coverage.down.wrapping_add(1);
                (self.coverage.line, self.coverage.column) = (0, 0);
            }
            CoverageCommand::NextVariableAcross => {
                self.coverage.further = self.coverage.further.wrapping_add(1);
                self.coverage.column = 0;
            }
        }
        vec![]
    }

    pub(super) fn move_in_coverage(&mut self, down: isize, across: isize) {
        let Some(map) = self.coverage_map() else { return };
        let pane = &mut self.coverage;
        let moved =
            |at: usize, by: isize, count: usize| at.saturating_add_signed(by).min(count.saturating_sub(1));
        pane.line = moved(pane.line, down, map.lines.len());
        pane.column = moved(pane.column, across, map.columns.len());
    }

    /// Selects the next cell that could have rows and has none.
    fn go_to_hole(&mut self) {
        let Some(map) = self.coverage_map() else { return };
        let (columns, count) = (map.columns.len(), map.cells.len());
        let here = self.coverage.line * columns + self.coverage.column;
        let next = (1..=count).map(|step| (here + step) % count).find(|place| map.cells[*place].is_hole());
        match next {
            Some(place) => (self.coverage.line, self.coverage.column) = (place / columns, place % columns),
            None => self.say("There is no hole: every pair that may be has rows."),
        }
    }

    /// Samples rows whose variables have the values of the selected cell.
    fn sample_into(&mut self) -> Vec<Effect> {
        let Some(map) = self.coverage_map() else {
            self.say("The prompt has no variables, so that there is nothing to cover.");
            return vec![];
        };
        if self.sampling.order.generator.provider == Provider::Offline {
            let key = self.keymap.keys_of(Command::SamplingSettings).into_iter().next().unwrap_or_default();
            self.say(format!(
                "The offline generator reads no variables: `{key}` on the bench chooses a model."
            ));
            return vec![];
        }
        let (line, column) = (self.coverage.line, self.coverage.column);
        if !map.cell(line, column).is_possible {
            self.say("The conditions of the variables (`when`) allow no row there.");
            return vec![];
        }
        self.sample_with(Some(PlanOrder { mode: PlanMode::Random, set: map.values_of(line, column) }))
    }

    /// Selects the cell that was clicked.
    pub(super) fn click_coverage(&mut self, place: Position) -> Vec<Effect> {
        let cell = self.coverage_map().and_then(|map| self.coverage_geometry(&map).at(place));
        if let Some((line, column)) = cell {
            (self.coverage.line, self.coverage.column) = (line, column);
            self.move_in_coverage(0, 0);
        }
        vec![]
    }

    pub(super) fn go_to_coverage(&mut self) -> Vec<Effect> {
        self.go_to_view(View::Coverage)
    }
}
