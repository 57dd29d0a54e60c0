//! Comparisons: their beginning, what is said of pairs, and their end.

use super::intake::next_seed;
use super::prompts::find_version;
use super::{PromptSource, Workbench, WorkbenchError};
use crate::domain::{
    Change, CompareOrder, Decided, Event, Fact, OperationId, PairTally, Provider, RowNumber, RowSet,
    RunNumber, Side, Standing, Timestamp, Trial, TrialKind, TrialNumber, TrialOutcome, TrialSide, Version,
    too_small_to_split,
};
use crate::measure::pairs::{PairCounts, PairFigures, figures};

/// Returns what the decided pairs of a comparison say of its first side.
#[must_use]
pub(crate) fn pair_figures(tally: PairTally) -> PairFigures {
    let PairTally { first, second, both, neither, .. } = tally;
    figures(PairCounts { left: first, right: second, both, neither })
}

impl Workbench {
    /// Stages the beginning of a comparison and returns its number; its runs are begun one by one.
    ///
    /// # Errors
    ///
    /// Where a trial goes on already, both sides would write the same rows or rows of different labels, or the budget
    /// cannot be split.
    pub(crate) fn begin_compare(
        &mut self,
        order: CompareOrder,
        operation: OperationId,
        at: Timestamp,
    ) -> Result<TrialNumber, WorkbenchError> {
        let CompareOrder { sides, pairs, seed, blind, budget } = order.paired();
        if let Some(why) = too_small_to_split(budget).or_else(|| self.writes_the_same(&sides)) {
            return Err(WorkbenchError::Usage(why));
        }
        let next = RunNumber(u32::try_from(self.projection.runs().count()).unwrap_or(u32::MAX - 1) + 1);
        let seed = seed.unwrap_or_else(|| next_seed(self.session.dataset.seed, next));
        self.begin_trial((TrialKind::Compare, blind), sides.into(), (pairs, seed), operation, at)
    }

    /// Returns why two sides are not worth comparing, as a sentence.
    fn writes_the_same(&self, sides: &[Side; 2]) -> Option<String> {
        let [first, second] = sides;
        let is_offline = |side: &Side| side.settings.provider == Provider::Offline;
        let warm = |side: &Side| side.settings.temperature.to_bits();
        if sides.iter().all(is_offline) && warm(first) == warm(second) {
            return Some(
                "The built-in generator reads no prompt, so both sides would write the same rows; choose a model, or \
                 two temperatures."
                    .to_owned(),
            );
        }
        let label = |side: &Side| {
            let version = self.projection.version(side.version)?;
            Some(version.content.label.clone().unwrap_or_else(|| self.session.target.label.clone()))
        };
        let (one, other) = (label(first)?, label(second)?);
        (one != other).then(|| {
            format!("One side writes rows of `{one}` and the other of `{other}`; compare versions for the same label.")
        })
    }

    /// Tells the sides of blind trials all the same.
    pub(crate) const fn tell_sides(&mut self) {
        self.projection.tell_sides();
        self.saved.tell_sides();
    }

    /// Returns the version that a reference names; without one, the latest of the current prompt.
    ///
    /// # Errors
    ///
    /// Where there is no such version.
    pub(crate) fn find_version(&self, reference: Option<&str>) -> Result<&Version, WorkbenchError> {
        find_version(&self.projection, reference)
    }

    /// Returns the version of a side of a trial, as the source of a run's prompt.
    ///
    /// # Errors
    ///
    /// Where there is no such trial or side, or the trial has ended.
    pub(super) fn source_of_side(&self, of: TrialSide) -> Result<PromptSource, WorkbenchError> {
        let trial = self.projection.laboratory().trial(of.trial).filter(|trial| trial.goes_on());
        let side = trial.and_then(|trial| trial.sides.get(usize::from(of.side)));
        let side = side.ok_or_else(|| {
            WorkbenchError::Usage(
                "The trial that the rows were for has ended; nothing was sampled.".to_owned(),
            )
        })?;
        Ok(PromptSource::Version(Some(side.version.to_string())))
    }

    /// Stages changes of single rows as one operation, each decided by itself; rows that are so already are left out.
    pub(crate) fn change_each(
        &mut self,
        operation: OperationId,
        at: Timestamp,
        changes: Vec<(RowNumber, Change)>,
    ) -> Decided {
        let asked = changes.len();
        let alters = |(row, change): &(RowNumber, Change)| {
            self.projection.row(*row).is_some_and(|row| change.alters(&row.mark(), false))
        };
        let changes: Vec<_> = changes.into_iter().filter(alters).collect();
        let decided = Decided {
            rows: changes.len(),
            same: asked - changes.len(),
            first: changes.first().map(|(row, _)| *row),
            what: None,
        };
        let last = changes.len().saturating_sub(1);
        for (place, (row, change)) in changes.into_iter().enumerate() {
            let event = Event::Changed { rows: RowSet::one(row), change, bulk: false };
            self.stage(Fact { part: place < last, ..Fact::new(operation, at, event) });
        }
        decided
    }

    /// Stages the end of the comparison that goes on: one side is the best where the decided pairs tell, else it is
    /// undecided once all are decided, and stopped before.
    ///
    /// # Errors
    ///
    /// Where no comparison goes on.
    pub(crate) fn end_compare(
        &mut self,
        operation: OperationId,
        at: Timestamp,
    ) -> Result<TrialNumber, WorkbenchError> {
        let going = self.projection.laboratory().going();
        let Some(trial) = going.filter(|trial| trial.kind == TrialKind::Compare) else {
            return Err(WorkbenchError::Usage("No comparison goes on.".to_owned()));
        };
        let number = trial.number;
        let outcome = self.outcome_of(trial);
        self.end_trial(number, outcome, operation, at)?;
        Ok(number)
    }

    fn outcome_of(&self, trial: &Trial) -> TrialOutcome {
        let tally = self.projection.tally(&self.projection.pairs(trial.number));
        match pair_figures(tally).standing {
            Standing::Better => TrialOutcome::Best { side: 0 },
            Standing::Worse => TrialOutcome::Best { side: 1 },
            Standing::Undecided if tally.open == 0 && tally.decided() > 0 => TrialOutcome::Undecided,
            Standing::Undecided => TrialOutcome::Stopped,
        }
    }
}
