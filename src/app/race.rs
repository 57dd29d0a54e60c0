//! The Race view: versions that compete for the next rows.
//!
//! ```text
//! form ── enter ──► TrialBegan ──► Effect::SampleRace, again and again ──► rows wait ──► a, x ──► next row
//!                                        ▲ two batches wait at least ◄────────────────────┘   until TrialEnded
//! ```
//!
//! Which side gets the next rows, and when the race ends, is not decided here: the workbench does. While the race goes
//! on, nothing here knows more of a row than the row.

use std::cell::{Cell, RefCell};

use super::Model;
use crate::domain::{
    GeneratorSettings, JobId, Projection, Provider, Race, RowNumber, Trial, TrialKind, TrialNumber,
    TrialOutcome, VersionId,
};

/// How many decisions a race takes at most, where nobody says otherwise.
pub(crate) const DECISIONS: u32 = 300;
/// The fewest and the most decisions that the form offers, and its steps.
const DECISIONS_RANGE: (u32, u32) = (20, 3000);
const DECISIONS_STEP: u32 = 20;
/// The most rows of one batch that the form offers.
const MOST_ROWS: u32 = 50;
/// How many of the last versions race where no label says which.
const LAST: usize = 3;
/// The labels whose versions race.
const LABELS: [&str; 2] = ["production", "candidate"];

/// Whether rows of the race are sampled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Feed {
    /// Nothing is asked for, as after a start of the program, or since something went wrong.
    Paused {
        /// What went wrong, as a sentence; `None` where nothing did.
        why: Option<String>,
    },
    /// As many rows are asked for as are needed.
    On,
}

impl Default for Feed {
    fn default() -> Self {
        Self::Paused { why: None }
    }
}

/// A line of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RaceLine {
    /// A version, by its place in the form.
    Version(usize),
    /// How many decisions at most.
    Decisions,
    /// How many rows in a batch.
    Rows,
}

/// The form of a race.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RaceForm {
    /// The versions of the prompt, the newest first, and whether each races.
    pub versions: Vec<(VersionId, bool)>,
    /// The selected line, from 0: the versions, then the two numbers.
    pub selected: usize,
    /// How many decisions the race takes at most.
    pub decisions: u32,
    /// How many rows are asked for in one request.
    pub rows: u32,
}

impl RaceForm {
    /// Returns the form for the versions of a prompt: those that are labelled and the latest race, else the last ones.
    #[must_use]
    pub(super) fn new(shown: &Projection, prompt: &str, generator: &GeneratorSettings) -> Self {
        let own = || shown.versions().iter().rev().filter(|version| version.name == prompt);
        let laboratory = shown.laboratory();
        let labelled = |id| LABELS.iter().any(|label| laboratory.labelled(prompt, label) == Some(id));
        let any_labelled = own().any(|version| labelled(version.id));
        let races = |(place, id)| if any_labelled { place == 0 || labelled(id) } else { place < LAST };
        let versions = own().enumerate().map(|(place, version)| (version.id, races((place, version.id))));
        let mut versions: Vec<_> = versions.collect();
        // One alone does not race.
        if versions.iter().filter(|(_, races)| *races).count() < 2 {
            versions.iter_mut().take(2).for_each(|(_, races)| *races = true);
        }
        let rows = generator.rows_per_request.clamp(1, MOST_ROWS);
        Self { versions, selected: 0, decisions: DECISIONS, rows }
    }

    /// Returns the selected line.
    #[must_use]
    pub fn line(&self) -> RaceLine {
        match self.selected.checked_sub(self.versions.len()) {
            None => RaceLine::Version(self.selected),
            Some(0) => RaceLine::Decisions,
            Some(_) => RaceLine::Rows,
        }
    }

    /// Returns the versions that race, the oldest first.
    #[must_use]
    pub fn chosen(&self) -> Vec<VersionId> {
        self.versions.iter().rev().filter(|(_, races)| *races).map(|(id, _)| *id).collect()
    }

    pub(super) fn move_by(&mut self, by: isize) {
        self.selected = self.selected.saturating_add_signed(by).min(self.versions.len() + 1);
    }

    /// Lets the selected version race, or not.
    pub(super) fn choose(&mut self) {
        if let RaceLine::Version(place) = self.line()
            && let Some((_, races)) = self.versions.get_mut(place)
        {
            *races = !*races;
        }
    }

    /// Changes the selected number by a step.
    pub(super) fn change_by(&mut self, more: bool) {
        let step = |number: u32, by: u32| if more { number + by } else { number.saturating_sub(by) };
        match self.line() {
            RaceLine::Version(_) => self.choose(),
            RaceLine::Decisions => {
                let (least, most) = DECISIONS_RANGE;
                self.decisions = step(self.decisions, DECISIONS_STEP).clamp(least, most);
            }
            RaceLine::Rows => self.rows = step(self.rows, 1).clamp(1, MOST_ROWS),
        }
    }
}

/// What the ended race saved, so that it is computed once: the race, its decisions, what it took and what equal shares
/// take.
pub(crate) type SavedOf = (TrialNumber, u32, Option<(u32, u32)>);

/// The Race view.
#[derive(Debug, Clone, Default)]
pub struct RacePane {
    /// The form, where it is open.
    pub form: Option<RaceForm>,
    /// Whether rows are sampled.
    pub feed: Feed,
    /// Whether the next batch takes the budget of the settings, which may be larger than the race's own.
    pub(super) takes_budget: bool,
    /// How the race that is shown stands.
    pub race: Race,
    /// The row that is decided next.
    pub current: Option<RowNumber>,
    /// Lines scrolled down, once the race has ended.
    pub scroll: usize,
    /// How many lines the drawing could scroll down at most, once it was drawn.
    pub(crate) end: Cell<usize>,
    /// The batch that is being sampled.
    pub(super) job: Option<JobId>,
    /// What the drawing computed of the ended race.
    pub(crate) saved: RefCell<Option<SavedOf>>,
}

impl RacePane {
    /// Stops asking for rows, and keeps the reason.
    pub(super) fn pause(&mut self, why: impl Into<Option<String>>) {
        self.feed = Feed::Paused { why: why.into() };
    }

    /// Forgets a batch that has ended; returns whether it was one.
    pub(super) fn forget(&mut self, job: JobId) -> bool {
        self.job.take_if(|own| *own == job).is_some()
    }

    /// Returns whether a batch is being sampled.
    #[must_use]
    pub const fn is_sampling(&self) -> bool {
        self.job.is_some()
    }
}

impl Model {
    /// Returns the race that is shown: the one that goes on, else the last one, unless the form is open.
    #[must_use]
    pub fn shown_race(&self) -> Option<&Trial> {
        let trials = self.shown().laboratory().trials();
        let last = trials.iter().rev().find(|trial| trial.kind == TrialKind::Race)?;
        (last.goes_on() || self.race.form.is_none()).then_some(last)
    }

    /// Returns the version that the shown race named the best.
    #[must_use]
    pub(super) fn best_of_race(&self) -> Option<VersionId> {
        let race = self.shown_race()?;
        let TrialOutcome::Best { side } = race.ended?.outcome else { return None };
        race.sides.get(usize::from(side)).map(|side| side.version)
    }

    /// Returns the row that a decision applies to where no row was drawn as selected.
    pub(super) fn row_at_hand(&self) -> Option<RowNumber> {
        if self.view == super::View::Race { self.race.current } else { self.selected_row() }
    }

    /// Returns what receives the keys in the Race view.
    pub(super) fn context_of_race(&self) -> super::Context {
        match self.shown_race() {
            Some(race) if race.goes_on() => super::Context::Race,
            Some(_) => super::Context::RaceEnd,
            None => super::Context::RaceForm,
        }
    }

    /// Returns why no race can begin with the present settings, as a sentence.
    #[must_use]
    pub fn no_race(&self) -> Option<&'static str> {
        (self.sampling.order.generator.provider == Provider::Offline).then_some(
            "The offline generator reads no prompt, so all versions would race with the same rows: choose a model first.",
        )
    }
}
