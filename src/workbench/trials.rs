//! The beginning and the end of trials; their rows come from runs that name their side.

use super::{Workbench, WorkbenchError};
use crate::domain::{Event, Fact, OperationId, Side, Timestamp, Trial, TrialKind, TrialNumber, TrialOutcome};

impl Workbench {
    /// Stages the beginning of a trial and returns its number. `rows` are the pairs of a comparison, or the decisions
    /// that a race takes at most.
    ///
    /// # Errors
    ///
    /// Where a trial goes on already, there are too few sides or too many, two of them are equal, one has a version that
    /// does not exist, or no rows are asked for.
    pub(crate) fn begin_trial(
        &mut self,
        (kind, blind): (TrialKind, bool),
        sides: Vec<Side>,
        (rows, seed): (u32, u64),
        operation: OperationId,
        at: Timestamp,
    ) -> Result<TrialNumber, WorkbenchError> {
        self.check_trial(kind, &sides, rows)?;
        let trials = self.projection.laboratory().trials().len();
        let number = TrialNumber(u32::try_from(trials).unwrap_or(u32::MAX - 1) + 1);
        let written = |side: Side| Side { settings: side.settings.into_written(), ..side };
        let sides = sides.into_iter().map(written).collect();
        let trial = Trial { number, kind, sides, rows, seed, blind, started_at: at, ended: None };
        self.stage(Fact::new(operation, at, Event::TrialBegan { trial: Box::new(trial) }));
        Ok(number)
    }

    fn check_trial(&self, kind: TrialKind, sides: &[Side], rows: u32) -> Result<(), WorkbenchError> {
        let refused = |why: String| Err(WorkbenchError::Usage(why));
        if let Some(going) = self.projection.laboratory().going() {
            let name = match going.kind {
                TrialKind::Compare => "comparison",
                TrialKind::Race => "race",
            };
            return refused(format!("A {name} goes on already; decide its rows or end it first."));
        }
        let most = match kind {
            TrialKind::Compare => 2,
            TrialKind::Race => Trial::MOST_SIDES,
        };
        if !(2..=most).contains(&sides.len()) {
            let wanted = if most == 2 { "2".to_owned() } else { format!("2 to {most}") };
            return refused(format!("There must be {wanted} sides, not {}.", sides.len()));
        }
        if let Some(unknown) = sides.iter().find(|side| self.projection.version(side.version).is_none()) {
            return refused(format!("There is no version with the id {}.", unknown.version));
        }
        let mut rest = sides;
        while let Some((side, others)) = rest.split_first() {
            if others.contains(side) {
                return refused("Two sides are the same version with the same settings.".to_owned());
            }
            rest = others;
        }
        if rows == 0 { refused("At least one row must be asked for.".to_owned()) } else { Ok(()) }
    }

    /// Stages the end of a trial; one that has ended already stays as it is.
    ///
    /// # Errors
    ///
    /// Where there is no such trial.
    pub(crate) fn end_trial(
        &mut self,
        trial: TrialNumber,
        outcome: TrialOutcome,
        operation: OperationId,
        at: Timestamp,
    ) -> Result<(), WorkbenchError> {
        let Some(known) = self.projection.laboratory().trial(trial) else {
            return Err(WorkbenchError::Usage(format!("There is no trial {}.", trial.0)));
        };
        if known.goes_on() {
            self.stage(Fact::new(operation, at, Event::TrialEnded { trial, outcome }));
        }
        Ok(())
    }
}
