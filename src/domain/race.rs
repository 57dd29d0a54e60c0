//! How a race stands: what was decided of its rows one by one, and which of them wait.
//!
//! ```text
//! runs of the race ──► rows ──┬─► decided, by side        the rule of the race reads them
//!                             └─► pending                 the pool: kept two batches ahead
//! ```
//!
//! It is counted from the runs and the marks of their rows, so undo takes a decision back here too, and a race is found
//! again after a restart.

use super::{Budget, Decisions, Projection, RowNumber, RowState, RowView, Run, Tokens, Trial};

/// How many batches wait at least, as long as more rows may come: nobody waits for a row while one is decided.
const AHEAD: u32 = 2;

/// How a race stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Race {
    /// What was decided one by one of each side's rows.
    pub decided: Vec<Decisions>,
    /// The rows of each side.
    pub rows: Vec<u32>,
    /// The rows that wait for a decision, in the order in which they came.
    pub pending: Vec<RowNumber>,
    /// How many batches were ordered.
    pub batches: u32,
    /// The budget of the whole race, as its last batch had it; `None` before the first batch.
    pub budget: Option<Budget>,
    /// What all its batches used: US dollars, tokens and requests.
    used: (f64, u64, u32),
}

impl Race {
    /// Counts the rows of a race.
    #[must_use]
    pub fn of(projection: &Projection, trial: &Trial) -> Self {
        let sides = trial.sides.len();
        let mut race =
            Self { decided: vec![Decisions::default(); sides], rows: vec![0; sides], ..Self::default() };
        let side_of =
            |run: &Run| run.trial.filter(|of| of.trial == trial.number).map(|of| usize::from(of.side));
        for run in projection.runs() {
            if let Some(side) = side_of(run).filter(|side| *side < sides) {
                race.rows[side] += run.rows;
                race.count_run(run);
            }
        }
        let all = race.rows.iter().map(|rows| *rows as usize).sum();
        let side_of_row = |row: &RowView<'_>| side_of(row.run()?).filter(|side| *side < sides);
        let with_side = projection.rows().rev().map(|row| (side_of_row(&row), row));
        // The rows of a race are among the last ones: nothing is looked at before its first one.
        for (side, row) in with_side.filter_map(|(side, row)| Some((side?, row))).take(all) {
            match row.state() {
                RowState::Pending => race.pending.push(row.number()),
                RowState::Accepted { .. } if !row.is_bulk() => race.decided[side].accepted += 1,
                RowState::Rejected if !row.is_bulk() => race.decided[side].rejected += 1,
                _ => {}
            }
        }
        race.pending.reverse();
        race
    }

    fn count_run(&mut self, run: &Run) {
        let (cost, tokens, requests) = self.used;
        // A batch gets what the ones before have left.
        let before = |limit: Budget| Budget {
            cost: limit.cost.map(|own| own + cost),
            tokens: limit.tokens.map(|own| own + tokens),
            requests: limit.requests.map(|own| own + requests),
        };
        self.budget = Some(before(run.budget));
        self.batches += 1;
        self.used = (
            cost + run.cost_usd.unwrap_or_default(),
            tokens + Tokens::total(run.used()),
            requests.saturating_add(run.requests),
        );
    }

    /// Returns how many rows were decided one by one.
    #[must_use]
    pub fn made(&self) -> u32 {
        self.decided.iter().map(|decided| decided.total()).sum()
    }

    /// Returns whether every side has a row.
    #[must_use]
    pub fn all_have_rows(&self) -> bool {
        self.rows.iter().all(|rows| *rows > 0)
    }

    /// Returns how many rows the next batch of a race is of; `None` where none is due. No more rows wait than may still be
    /// decided.
    #[must_use]
    pub fn next_rows(&self, trial: &Trial) -> Option<u32> {
        let batch = trial.sides.first()?.settings.rows_per_request.max(1);
        let pending = u32::try_from(self.pending.len()).unwrap_or(u32::MAX);
        let left = trial.rows.saturating_sub(self.made().saturating_add(pending));
        if !trial.goes_on() || left == 0 {
            return None;
        }
        if !self.all_have_rows() {
            // Where few rows are to be decided, each side still has its share of them.
            let share = trial.rows / u32::try_from(trial.sides.len()).unwrap_or(u32::MAX);
            return Some(batch.min(share.max(1)).min(left));
        }
        (pending < batch.saturating_mul(AHEAD)).then(|| batch.min(left))
    }

    /// Returns the budget of the whole race with limits that make it smaller and never larger.
    #[must_use]
    pub fn budget_within(&self, limits: Budget) -> Budget {
        let own = self.budget.unwrap_or_default();
        Budget {
            cost: own.cost.into_iter().chain(limits.cost).reduce(f64::min),
            tokens: own.tokens.into_iter().chain(limits.tokens).min(),
            requests: own.requests.into_iter().chain(limits.requests).min(),
        }
    }

    /// Returns what is left of the budget of the whole race, where each limit in `asked` replaces its own; `None` where
    /// nothing is.
    #[must_use]
    pub fn budget_left(&self, asked: Budget) -> Option<Budget> {
        let whole = asked.over(self.budget.unwrap_or_default());
        let (cost, tokens, requests) = self.used;
        let is_used_up = whole.cost.is_some_and(|most| most <= cost)
            || whole.tokens.is_some_and(|most| most <= tokens)
            || whole.requests.is_some_and(|most| most <= requests);
        (!is_used_up).then(|| Budget {
            cost: whole.cost.map(|most| most - cost),
            tokens: whole.tokens.map(|most| most - tokens),
            requests: whole.requests.map(|most| most - requests),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::Story;
    use crate::domain::{
        Change, Event, GeneratorSettings, Provider, RowSet, RunNumber, Side, Timestamp, TrialKind,
        TrialNumber, TrialSide,
    };

    fn trial(sides: usize, rows: u32, batch: u32) -> Trial {
        let settings = GeneratorSettings { rows_per_request: batch, ..GeneratorSettings::default() };
        let settings = GeneratorSettings { provider: Provider::Openai, ..settings };
        let side = |number: usize| Side {
            version: crate::domain::VersionId::from_digest((number as u64 + 1).to_be_bytes()),
            settings: settings.clone(),
        };
        Trial {
            number: TrialNumber(1),
            kind: TrialKind::Race,
            sides: (0..sides).map(side).collect(),
            rows,
            seed: 7,
            blind: true,
            started_at: Timestamp(0),
            ended: None,
        }
    }

    fn batch(story: &mut Story, side: u8, texts: &[&str], budget: Budget) -> RunNumber {
        let of = TrialSide { trial: TrialNumber(1), side };
        story.batch_for(of, budget, texts)
    }

    #[test]
    fn decisions_one_by_one_count_for_the_side_of_their_run_and_undo_takes_them_back() {
        let (mut story, trial) = (Story::with_rows(2), trial(2, 100, 2));
        batch(&mut story, 0, &["a", "b"], Budget::default());
        batch(&mut story, 1, &["c", "d"], Budget::default());
        story.change(&[0], Change::accept());
        story.change(&[2], Change::accept());
        story.change(&[4], Change::reject());
        story.add(Event::Changed { rows: RowSet::one(RowNumber(5)), change: Change::accept(), bulk: true });
        let race = Race::of(&story.projection, &trial);
        assert_eq!(race.decided[0], Decisions { accepted: 1, rejected: 0 });
        assert_eq!(
            race.decided[1],
            Decisions { accepted: 0, rejected: 1 },
            "what is decided in bulk counts not"
        );
        assert_eq!((race.pending.as_slice(), race.batches), (&[RowNumber(3)][..], 2));
        story.undo();
        story.undo();
        let race = Race::of(&story.projection, &trial);
        assert_eq!((race.made(), race.pending.len()), (1, 3));
    }

    #[test]
    fn every_side_gets_a_batch_and_then_two_wait_until_enough_are_to_be_decided() {
        let (mut story, trial) = (Story::with_rows(1), trial(2, 9, 2));
        let next = |story: &Story| Race::of(&story.projection, &trial).next_rows(&trial);
        assert_eq!(next(&story), Some(2));
        batch(&mut story, 0, &["a", "b"], Budget::default());
        assert_eq!(next(&story), Some(2));
        batch(&mut story, 1, &["c", "d"], Budget::default());
        assert_eq!(next(&story), None, "two batches wait");
        story.change(&[1], Change::accept());
        assert_eq!(next(&story), Some(2));
        batch(&mut story, 1, &["e", "f"], Budget::default());
        for row in 2..5 {
            story.change(&[row], Change::reject());
        }
        assert_eq!(next(&story), Some(2));
        batch(&mut story, 1, &["g", "h"], Budget::default());
        story.change(&[5], Change::reject());
        assert_eq!(next(&story), Some(1), "no more rows than may be decided");
        batch(&mut story, 0, &["i"], Budget::default());
        story.change(&[6], Change::reject());
        assert_eq!(next(&story), None);
    }

    #[test]
    fn the_budget_covers_all_batches_and_may_be_made_larger_or_smaller() {
        let (mut story, trial) = (Story::with_rows(1), trial(2, 100, 2));
        let of = |story: &Story| Race::of(&story.projection, &trial);
        let tokens = |tokens| Budget { tokens: Some(tokens), ..Budget::default() };
        assert_eq!(of(&story).budget_left(tokens(70)), Some(tokens(70)));
        batch(&mut story, 0, &["a", "b"], tokens(70));
        let left = of(&story).budget_left(Budget::default());
        assert_eq!(left, Some(tokens(40)), "a request of the fixture takes 30");
        assert_eq!(of(&story).budget_left(tokens(50)), Some(tokens(20)), "a smaller one holds");
        let requests = Budget { requests: Some(3), ..Budget::default() };
        let both = Budget { requests: Some(2), ..tokens(40) };
        assert_eq!(of(&story).budget_left(requests), Some(both), "a limit that it had not");
        assert_eq!(of(&story).budget_within(tokens(50)), tokens(50));
        assert_eq!(of(&story).budget_within(tokens(90)), tokens(70), "not larger unless asked for");
        batch(&mut story, 1, &["c", "d"], tokens(40));
        batch(&mut story, 1, &["e", "f"], tokens(10));
        assert_eq!(of(&story).budget_left(Budget::default()), None);
        assert_eq!(of(&story).budget_left(tokens(60)), None, "more than that is used");
        assert_eq!(of(&story).budget_left(tokens(90)), None, "just that is used");
        assert_eq!(of(&story).budget_left(tokens(100)), Some(tokens(10)));
    }
}
