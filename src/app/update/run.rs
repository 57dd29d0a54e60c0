//! The window of a run, and what the status line says of the run that ended last.

use crate::app::overlay::{Overlay, RunWindow};
use crate::app::run_report::run_summary;
use crate::app::sampling::EndedRun;
use crate::app::{Effect, Model};
use crate::domain::RunNumber;

impl Model {
    /// Opens the last run.
    pub(super) fn show_run(&mut self) -> Vec<Effect> {
        let Some(run) = self.shown().runs().next_back().map(|run| run.number) else {
            self.say("There is no run yet.");
            return vec![];
        };
        self.sampling.ended = None;
        self.open_run(run)
    }

    fn open_run(&mut self, run: RunNumber) -> Vec<Effect> {
        let is_hidden = self.shown().run(run).is_some_and(|run| self.shown().hides_run(run));
        if self.refuses_to_tell(is_hidden) {
            return vec![];
        }
        let lines = self.lines_of_run(run);
        self.open_once(Overlay::Run(RunWindow { run, lines, scroll: 0 }))
    }

    /// Shows the run before or after the one that is open.
    pub(super) fn move_run(&mut self, step: i64) -> Vec<Effect> {
        let Some(Overlay::Run(window)) = self.overlays.last() else { return vec![] };
        let other = u32::try_from(i64::from(window.run.0) + step).ok().map(RunNumber);
        let Some(run) = other.filter(|run| self.shown().run(*run).is_some()) else {
            self.say(if step > 0 { "This is the last run." } else { "This is the first run." });
            return vec![];
        };
        self.open_run(run)
    }

    /// Keeps what the status line says of a run that has ended, where it left failures or remarks.
    pub(super) fn note_ended(&mut self, run: RunNumber) {
        let shown = self.shown();
        let Some(run) = shown.run(run).filter(|run| !shown.hides_run(run)) else { return };
        let said = run_summary(run, shown);
        let (rows, requested) = (run.rows, run.requested);
        self.sampling.ended = (!said.is_empty()).then_some(EndedRun { rows, requested, said });
    }

    /// Says the remarks of the last run that came since.
    pub(super) fn say_remarks(&mut self) {
        let Some(run) = self.shown().runs().next_back() else { return };
        let (number, came) = (run.number, run.remarks.len());
        let known = self.sampling.told.filter(|(run, _)| *run == number).map_or(0, |(_, known)| known);
        if came > known && !self.shown().hides_run(run) {
            let remarks = run.remarks[known..].join(" ");
            self.say(remarks);
        }
        self.sampling.told = Some((number, came));
    }
}
