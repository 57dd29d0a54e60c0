//! A plan as it is shown before it runs.

use std::collections::BTreeMap;

use super::draw::check;
use super::{PlanFault, QuotaBook, Space, draw, quotas};
use crate::domain::{PlanMode, PlanOrder, RowPlan, RunNumber, Variables};
use crate::text::SplitMix64;

/// The values that a request draws, and for how many rows.
type Drawn = (BTreeMap<String, String>, u32);

/// What a plan is made from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlanInputs<'a> {
    /// The variables.
    pub variables: &'a Variables,
    /// How rows are to be spread.
    pub order: &'a PlanOrder,
    /// How many rows.
    pub rows: u32,
    /// Rows asked for in one request.
    pub rows_per_request: u32,
    /// The run's seed.
    pub seed: u64,
}

/// One combination of a plan.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PlanLine {
    /// The value of each variable; an empty one does not count there.
    pub variables: BTreeMap<String, String>,
    /// Its share among many draws, 0 to 1.
    pub share: f64,
    /// Rows that are accepted or pending.
    pub have: u32,
    /// Rows that the plan gives it.
    pub rows: u32,
    /// The requests for them, where each brings all that it is asked for.
    pub requests: u32,
}

/// A plan: what each combination gets.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PlanTable {
    /// What it was made for.
    pub order: PlanOrder,
    /// The combinations, in one order.
    pub lines: Vec<PlanLine>,
    /// How many rows it has.
    pub rows: u32,
    /// How many requests it takes, where each brings all that it is asked for.
    pub requests: u32,
}

impl PlanTable {
    /// Makes the plan of rows; `have` counts the rows that a combination has.
    ///
    /// Where each request draws its values, the plan says what they will draw; combinations are then those that are
    /// drawn, if there are too many to list them all.
    ///
    /// # Errors
    ///
    /// Values that cannot be set, or too many combinations to spread rows over.
    pub(crate) fn new(
        inputs: PlanInputs<'_>,
        have: impl Fn(&[BTreeMap<String, String>]) -> Vec<u32>,
    ) -> Result<Self, PlanFault> {
        let PlanInputs { variables, order, rows, seed, .. } = inputs;
        check(variables, &order.set)?;
        let space = match Space::of(variables, &order.set) {
            Err(PlanFault::TooMany) if order.mode == PlanMode::Random => None,
            space => Some(space?),
        };
        let drawn = if order.mode == PlanMode::Random { inputs.drawn()? } else { Vec::new() };
        let space = space.unwrap_or_else(|| of_drawn(&drawn));
        let have = have(&space.combinations);
        let most = inputs.rows_per_request.max(1);
        let (planned, requests) = if order.mode == PlanMode::Random {
            let (mut planned, mut requests) = (vec![0; space.shares.len()], vec![0; space.shares.len()]);
            for (values, rows) in &drawn {
                if let Some(place) = space.place_of(values) {
                    planned[place] += rows;
                    requests[place] += 1;
                }
            }
            (planned, requests)
        } else {
            let planned = quotas(&space, order.mode, rows, &have, seed);
            let requests = planned.iter().map(|rows| rows.div_ceil(most)).collect();
            (planned, requests)
        };
        let counts = have.into_iter().zip(planned).zip(requests);
        let lines: Vec<PlanLine> = (space.combinations.into_iter().zip(space.shares).zip(counts))
            .map(|((variables, share), ((have, rows), requests))| PlanLine {
                variables,
                share,
                have,
                rows,
                requests,
            })
            .collect();
        let requests = lines.iter().map(|line| line.requests).sum();
        Ok(Self { order: order.clone(), lines, rows, requests })
    }

    /// Returns the plan as it stands in a run; `None` where each request draws all its values.
    #[must_use]
    pub(crate) fn of_run(&self) -> Option<RowPlan> {
        if self.order.is_plain() {
            return None;
        }
        let is_drawn = self.order.mode == PlanMode::Random;
        let planned = self.lines.iter().map(|line| if is_drawn { 0 } else { line.rows });
        Some(RowPlan::new(self.order.clone(), &planned.collect::<Vec<_>>()))
    }

    /// Returns the book of its rows, none of which has come.
    #[must_use]
    pub(crate) fn book(&self) -> QuotaBook {
        QuotaBook::new(self.lines.iter().map(|line| line.rows).collect(), vec![0; self.lines.len()])
    }

    /// Returns the plan in a few words: `12 combinations · 4 rows each · 12 requests`.
    #[must_use]
    pub(crate) fn said(&self) -> String {
        let counted = |count: usize, one: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {one}s"),
        };
        let planned = self.lines.iter().filter(|line| line.rows > 0);
        let rows: Vec<u32> = planned.map(|line| line.rows).collect();
        let (least, most) = (rows.iter().min().copied(), rows.iter().max().copied());
        let each = match (least, most) {
            (Some(least), Some(most)) if least == most => {
                format!(" · {} each", counted(most as usize, "row"))
            }
            (Some(least), Some(most)) => format!(" · {least} to {most} rows each"),
            _ => String::new(),
        };
        let without = match self.lines.len() - rows.len() {
            0 => String::new(),
            without => format!(" · {without} without"),
        };
        let requests = counted(self.requests as usize, "request");
        format!("{}{each}{without} · {requests}", counted(rows.len(), "combination"))
    }
}

/// Returns the seed of a run that was given none: the next one of the session, the same in every fresh
/// session.
pub(crate) fn next_seed(session_seed: u64, run: RunNumber) -> u64 {
    // Providers take seeds of at most 32 bits.
    SplitMix64::new(session_seed).fork(u64::from(run.0)).next_u64() >> 33
}

impl PlanInputs<'_> {
    /// Returns the values that requests will draw, each with its rows.
    fn drawn(&self) -> Result<Vec<Drawn>, PlanFault> {
        let most = self.rows_per_request.max(1);
        let requests = self.rows.div_ceil(most);
        let of = |index: u32| {
            let mut random = SplitMix64::new(self.seed).fork(u64::from(index));
            let values = draw(self.variables, &self.order.set, &mut random);
            let named: Vec<_> =
                self.order.set.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            let values = values.ok_or_else(|| PlanFault::Nothing(named.join(" and ")))?;
            Ok((values, (self.rows - index * most).min(most)))
        };
        (0..requests).map(of).collect()
    }
}

/// Returns the space of what is drawn, where all combinations are too many.
fn of_drawn(drawn: &[Drawn]) -> Space {
    let mut combinations: Vec<BTreeMap<String, String>> =
        drawn.iter().map(|(values, _)| values.clone()).collect();
    combinations.sort();
    combinations.dedup();
    let shares = vec![0.0; combinations.len()];
    Space { combinations, shares }
}
