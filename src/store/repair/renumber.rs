//! Gives facts after a gap the numbers that their rows, requests and runs have without what was lost in it.
//!
//! Numbers count up without a gap, so what came after lost rows has a higher number in the facts than it has now.

use crate::domain::fact::Restored;
use crate::domain::projection::Retold;
use crate::domain::{
    Event, Fact, Projection, Reflagged, Request, RequestNumber, RowNumber, RowSet, RunNumber, TrialNumber,
    TrialSide,
};

/// The numbers of the things of one kind: first and end as the facts have them, and the first as it is now.
#[derive(Debug)]
struct Numbers(Vec<(u32, u32, u32)>);

impl Numbers {
    /// Those before the gap keep their numbers.
    fn before(count: usize) -> Self {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        Self(vec![(0, count, 0)])
    }

    fn add(&mut self, told: u32, count: usize, now: usize) {
        let (count, now) = (u32::try_from(count).unwrap_or_default(), u32::try_from(now).unwrap_or_default());
        self.0.push((told, told.saturating_add(count), now));
    }

    fn of(&self, told: u32) -> Option<u32> {
        let found = self.0.iter().rev().find(|(first, end, _)| (*first..*end).contains(&told))?;
        Some(told - found.0 + found.2)
    }
}

/// The numbers of all that facts refer to.
#[derive(Debug)]
pub(super) struct Renumber {
    rows: Numbers,
    requests: Numbers,
    /// Of the positions of runs, which are numbered from 1.
    runs: Numbers,
    scraps: Numbers,
    imports: Numbers,
    trials: Numbers,
}

impl Renumber {
    /// Starts with what there is before the gap.
    pub(super) fn of(projection: &Projection) -> Self {
        Self {
            rows: Numbers::before(projection.len()),
            requests: Numbers::before(projection.request_count()),
            runs: Numbers::before(projection.runs().count() + 1),
            scraps: Numbers::before(projection.scraps().count()),
            imports: Numbers::before(projection.imports().len() + 1),
            trials: Numbers::before(projection.laboratory().trials().len() + 1),
        }
    }

    /// Returns a fact with the numbers that hold now, after a record of its request where that was lost; nothing
    /// where it is about lost things only.
    pub(super) fn fact(&mut self, fact: &Fact, now: &Projection) -> Vec<Fact> {
        let mut facts = Vec::new();
        if let Event::Sampled { run, request, .. } | Event::Scrapped { run, request, .. } = &fact.event
            && self.requests.of(request.0).is_none()
            && let Some(run) = self.run(*run)
        {
            facts.push(self.lost_request(*request, run, now, fact));
        }
        let event = self.event(&fact.event, now);
        facts.extend(event.map(|event| Fact { event, ..fact.clone() }));
        facts
    }

    fn run(&self, run: RunNumber) -> Option<RunNumber> {
        self.runs.of(run.0).map(RunNumber)
    }

    /// Returns the number of an import; its facts, of which the first comes here first, all get the same.
    fn import(&mut self, told: u32, now: &Projection) -> u32 {
        if let Some(number) = self.imports.of(told) {
            return number;
        }
        let number = now.imports().len() + 1;
        self.imports.add(told, 1, number);
        u32::try_from(number).unwrap_or(u32::MAX)
    }

    fn trial(&self, trial: TrialNumber) -> Option<TrialNumber> {
        self.trials.of(trial.0).map(TrialNumber)
    }

    fn request(&self, request: RequestNumber) -> Option<RequestNumber> {
        self.requests.of(request.0).map(RequestNumber)
    }

    fn rows(&self, rows: &RowSet) -> Option<RowSet> {
        let rows: RowSet = rows.iter().filter_map(|row| self.rows.of(row.0)).map(RowNumber).collect();
        (!rows.is_empty()).then_some(rows)
    }

    fn restores(&self, restores: &[Restored]) -> Option<Vec<Restored>> {
        let of = |restored: &Restored| {
            Some(Restored { rows: self.rows(&restored.rows)?, mark: restored.mark.clone() })
        };
        let restores: Vec<_> = restores.iter().filter_map(of).collect();
        (!restores.is_empty()).then_some(restores)
    }

    /// Returns a record in the place of a request of which only the rows or scraps are left.
    fn lost_request(&mut self, told: RequestNumber, run: RunNumber, now: &Projection, fact: &Fact) -> Fact {
        let number = RequestNumber(u32::try_from(now.request_count()).unwrap_or(u32::MAX));
        self.requests.add(told.0, 1, now.request_count());
        let request = Request {
            number,
            run,
            index: 0,
            seed: 0,
            variables: std::sync::Arc::default(),
            examples: Vec::new(),
            answered_by: None,
            seconds: Some(0.0),
            key: String::new(),
        };
        let told = Retold {
            requests: vec![request],
            tops: now.undo_tops(),
            last_operation: now.last_operation().0,
            ..Retold::default()
        };
        Fact { operation: fact.operation, at: fact.at, part: fact.part, event: Event::Retold(Box::new(told)) }
    }

    fn event(&mut self, event: &Event, now: &Projection) -> Option<Event> {
        let mut event = event.clone();
        match &mut event {
            Event::Split(_)
            | Event::VersionMade { .. }
            | Event::Labelled { .. }
            | Event::Noted { .. }
            | Event::Retold(_) => {}
            Event::TrialBegan { trial } => {
                self.trials.add(trial.number.0, 1, now.laboratory().trials().len() + 1);
                trial.number = self.trial(trial.number)?;
            }
            Event::TrialEnded { trial, .. } => *trial = self.trial(*trial)?,
            Event::RunBegan { run } => {
                let there = now.runs().count() + 1;
                self.runs.add(run.number.0, 1, there);
                run.number = self.run(run.number)?;
                // The rows of a lost trial stay, as those of an ordinary run.
                let of = |side: TrialSide| Some(TrialSide { trial: self.trial(side.trial)?, ..side });
                run.trial = run.trial.and_then(of);
            }
            Event::RequestBegan { request, .. } => {
                request.run = self.run(request.run)?;
                self.requests.add(request.number.0, 1, now.request_count());
                request.number = self.request(request.number)?;
            }
            Event::Sampled { run, request, first, rows } => {
                (*run, *request) = (self.run(*run)?, self.request(*request)?);
                self.rows.add(first.0, rows.len(), now.len());
                *first = RowNumber(self.rows.of(first.0)?);
            }
            Event::Imported { import, rows, .. } => {
                self.rows.add(import.first.0, rows.len(), now.len());
                import.first = RowNumber(self.rows.of(import.first.0)?);
                import.number = self.import(import.number, now);
            }
            Event::Scrapped { run, request, .. } | Event::RequestEnded { run, request, .. } => {
                (*run, *request) = (self.run(*run)?, self.request(*request)?);
            }
            Event::RunResumed { run, .. } | Event::RunEnded { run, .. } => *run = self.run(*run)?,
            Event::ScrapRepaired { run, scrap } => {
                (*run, *scrap) = (self.run(*run)?, self.scraps.of(*scrap)?);
            }
            Event::Flagged { rows } => {
                let of = |row: &Reflagged| {
                    Some(Reflagged { row: RowNumber(self.rows.of(row.row.0)?), ..row.clone() })
                };
                *rows = rows.iter().filter_map(of).collect();
                (!rows.is_empty()).then_some(())?;
            }
            Event::Changed { rows, .. } => *rows = self.rows(rows)?,
            Event::Undone { restores, .. }
            | Event::Redone { restores, .. }
            | Event::Jumped { restores, .. } => {
                *restores = self.restores(restores)?;
            }
        }
        Some(event)
    }
}
