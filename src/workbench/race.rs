//! Races: which batch comes next, and the end by the rule.
//!
//! ```text
//! decision ──► counts of the race ──► rule ──► TrialEnded, in the operation of the decision
//!                     └─────────────► next batch: side, rows, seed, what is left of the budget
//! ```
//!
//! Both fronts decide rows through the workbench, so a race ends the same way whoever decides.

use super::prompts::find_version;
use super::{PromptSource, Workbench, WorkbenchError};
use crate::domain::{
    Budget, Event, Fact, OperationId, Provider, Race, RunOrder, Side, Timestamp, Trial, TrialKind,
    TrialNumber, TrialOutcome, TrialSide, VersionId,
};
use crate::measure::Acceptance;
use crate::measure::race::{RaceState, next_side, state};
use crate::text::SplitMix64;

/// The next rows of a race.
#[derive(Debug, Clone)]
pub(crate) struct RaceBatch {
    /// How many, from which generator, and for which side.
    pub order: RunOrder,
    /// The version.
    pub source: PromptSource,
}

/// Returns how a race has ended by its rule; `None` while it goes on.
#[must_use]
fn outcome_of(race: &Race, trial: &Trial) -> Option<TrialOutcome> {
    match state(&acceptances(race), trial.rows) {
        RaceState::Racing => None,
        RaceState::Best(side) => u8::try_from(side).ok().map(|side| TrialOutcome::Best { side }),
        RaceState::NoDifference => Some(TrialOutcome::NoDifference),
        RaceState::OutOfDecisions => Some(TrialOutcome::Undecided),
    }
}

/// Returns whether a race that has ended would have ended the same way by the decisions of now.
#[must_use]
pub(crate) fn race_is_as_it_ended(race: &Race, trial: &Trial) -> bool {
    match trial.ended.map(|end| end.outcome) {
        None | Some(TrialOutcome::Stopped) => true,
        outcome => outcome_of(race, trial) == outcome,
    }
}

fn acceptances(race: &Race) -> Vec<Acceptance> {
    race.decided.iter().copied().map(Acceptance::from).collect()
}

impl Workbench {
    /// Stages the beginning of a blind race of versions on one generator, and returns its number. It takes `decisions`
    /// at most; everything that is drawn comes of `seed`.
    ///
    /// # Errors
    ///
    /// As for any trial, and where the generator does not read prompts.
    pub(crate) fn begin_race(
        &mut self,
        sides: Vec<Side>,
        (decisions, seed): (u32, u64),
        operation: OperationId,
        at: Timestamp,
    ) -> Result<TrialNumber, WorkbenchError> {
        if sides.iter().any(|side| side.settings.provider == Provider::Offline) {
            return Err(WorkbenchError::Usage(Self::UNREAD.into()));
        }
        self.begin_trial((TrialKind::Race, true), sides, (decisions, seed), operation, at)
    }

    /// What is said where the generator of a race would not read its prompts.
    const UNREAD: &str = "The offline generator reads no prompt, so all versions would race with the same rows. Choose \
                          a model.";

    /// Returns the ids of versions.
    ///
    /// # Errors
    ///
    /// Where one names no version.
    pub(crate) fn versions_of(&self, references: &[String]) -> Result<Vec<VersionId>, WorkbenchError> {
        let id = |reference: &String| Ok(find_version(&self.projection, Some(reference))?.id);
        references.iter().map(id).collect()
    }

    /// Returns the race that goes on.
    ///
    /// # Errors
    ///
    /// Where none does.
    pub(crate) fn going_race(&self) -> Result<(&Trial, Race), WorkbenchError> {
        let going = self.projection.laboratory().going().filter(|trial| trial.kind == TrialKind::Race);
        let Some(trial) = going else {
            return Err(WorkbenchError::Usage("No race goes on; begin one first.".into()));
        };
        Ok((trial, Race::of(&self.projection, trial)))
    }

    /// Returns the next batch of the race that goes on; `None` where enough rows wait. Each limit in `asked` replaces the
    /// race's own for good, and what its batches used before counts, also what was under way when the program ended.
    ///
    /// # Errors
    ///
    /// Where no race goes on, or its budget is used up.
    pub(crate) fn next_batch(
        &mut self,
        asked: Budget,
        at: Timestamp,
    ) -> Result<Option<RaceBatch>, WorkbenchError> {
        let going = self.going_race()?.0.number;
        self.end_open_requests_of(going, at);
        let (trial, race) = self.going_race()?;
        let Some(rows) = race.next_rows(trial) else { return Ok(None) };
        let Some(budget) = race.budget_left(asked) else {
            return Err(WorkbenchError::Usage(
                "The budget of the race is used up. A larger one goes on with it.".into(),
            ));
        };
        // Each side shows something first, one after another; a batch that brought nothing is asked for again.
        let without = race.rows.iter().position(|rows| *rows == 0);
        let place =
            without.unwrap_or_else(|| next_side(&acceptances(&race), trial.seed, race.batches.into()));
        let (Some(side), Ok(number)) = (trial.sides.get(place), u8::try_from(place)) else { return Ok(None) };
        let order = RunOrder {
            seed: Some(seed_of(trial.seed, race.batches)),
            budget,
            trial: Some(TrialSide { trial: trial.number, side: number }),
            ..RunOrder::new(rows, side.settings.clone())
        };
        Ok(Some(RaceBatch { order, source: PromptSource::Version(Some(side.version.to_string())) }))
    }

    /// Stages the end of the race that goes on, if its rule says so, as a fact of the operation that made it so.
    pub(super) fn end_race_if_due(&mut self, operation: OperationId, at: Timestamp) {
        let ended =
            self.going_race().ok().and_then(|(trial, race)| Some((trial.number, outcome_of(&race, trial)?)));
        if let Some((trial, outcome)) = ended {
            self.stage(Fact::new(operation, at, Event::TrialEnded { trial, outcome }));
        }
    }
}

/// Returns the seed of a batch's run: another one for each, the same in every race with this seed.
fn seed_of(seed: u64, batch: u32) -> u64 {
    // Providers take seeds of at most 32 bits.
    SplitMix64::new(seed).fork(u64::from(batch) + 1).next_u64() >> 33
}
