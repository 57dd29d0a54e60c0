//! The order of a comparison, and the runs that it asks for.

use super::{
    Budget, GeneratorSettings, Projection, Run, RunOrder, Side, Tokens, Trial, TrialSide, sampled_first,
};

/// What a person compares.
#[derive(Debug, Clone, PartialEq)]
pub struct CompareOrder {
    /// The two sides, with the settings that their runs are made with.
    pub sides: [Side; 2],
    /// How many pairs of rows are wanted.
    pub pairs: u32,
    /// What examples and variables, and the order of the pairs, are drawn from; `None` takes the session's next seed.
    pub seed: Option<u64>,
    /// Whether it is hidden which side a row comes from.
    pub blind: bool,
    /// What both sides together may use up.
    pub budget: Budget,
}

impl CompareOrder {
    /// How many pairs are asked for where nobody says otherwise.
    pub const PAIRS: u32 = 20;

    /// Returns the order with as many rows a request on both sides, since rows of the same request are paired.
    #[must_use]
    pub fn paired(mut self) -> Self {
        let [first, second] = &mut self.sides;
        let rows = first.settings.rows_per_request.min(second.settings.rows_per_request).max(1);
        (first.settings.rows_per_request, second.settings.rows_per_request) = (rows, rows);
        self
    }
}

/// Returns the run of a side of a comparison. Both sides have the same seed, so that their requests show the same
/// examples and variables, and each may use up its share of the budget.
#[must_use]
pub(crate) fn run_of_side(trial: &Trial, side: u8, settings: GeneratorSettings, share: Budget) -> RunOrder {
    RunOrder {
        seed: Some(trial.seed),
        budget: share,
        trial: Some(TrialSide { trial: trial.number, side }),
        ..RunOrder::new(trial.rows, settings)
    }
}

/// Returns the sides of a comparison in the order in which they are sampled. It follows from the seed, so that nobody
/// knows from the order in which rows come whose they are.
#[must_use]
pub(crate) const fn sides_in_order(trial: &Trial) -> [u8; 2] {
    let first = sampled_first(trial.seed);
    [first, 1 - first]
}

/// Returns the limits of a side of a comparison, where both sides together may use up `whole`: half of each limit, and
/// no more of it than the other side has left. A limit that is not named is that of the other side, which began with
/// its half; a side that goes on keeps its own.
#[must_use]
pub(crate) fn share_of_side(projection: &Projection, trial: &Trial, side: u8, whole: Budget) -> Budget {
    let of_side = |side| {
        let of = Some(TrialSide { trial: trial.number, side });
        projection.runs().filter(move |run| run.trial == of)
    };
    let other = || of_side(1 - side.min(1));
    let (cost, tokens, requests) = other().fold((0.0, 0, 0u32), |(cost, tokens, requests), run| {
        (
            cost + run.cost_usd.unwrap_or_default(),
            tokens + Tokens::total(run.used()),
            requests.saturating_add(run.requests),
        )
    });
    let least = half(whole);
    let share = Budget {
        cost: least.cost.zip(whole.cost).map(|(half, whole)| half.min((whole - cost).max(0.0))),
        tokens: least.tokens.zip(whole.tokens).map(|(half, whole)| half.min(whole.saturating_sub(tokens))),
        requests: least
            .requests
            .zip(whole.requests)
            .map(|(half, whole)| half.min(whole.saturating_sub(requests))),
    };
    match (of_side(side).next(), other().next_back()) {
        (None, Some(other)) => share.over(other.budget),
        _ => share,
    }
}

/// Returns why a comparison cannot go on within a budget, as a sentence: its own is kept in its runs alone, so it is not
/// known where none was begun.
#[must_use]
pub(crate) fn lacks_budget(projection: &Projection, trial: &Trial, named: Budget) -> Option<String> {
    let is_of = |run: &Run| run.trial.is_some_and(|of| of.trial == trial.number);
    let is_unknown = named == Budget::default() && !projection.runs().any(is_of);
    is_unknown.then(|| {
        "Neither side was begun, so the budget of the comparison is not known; name one for both sides together."
            .to_owned()
    })
}

/// Returns half of a budget; a part of a request or a token is no request and no token.
fn half(budget: Budget) -> Budget {
    Budget {
        cost: budget.cost.map(|cost| cost / 2.0),
        tokens: budget.tokens.map(|tokens| tokens / 2),
        requests: budget.requests.map(|requests| requests / 2),
    }
}

/// Returns why a budget cannot be split between two sides, as a sentence.
#[must_use]
pub(crate) fn too_small_to_split(budget: Budget) -> Option<String> {
    let half = half(budget);
    let none = half.tokens == Some(0) || half.requests == Some(0);
    none.then(|| "The budget is split between both sides, and half of it is nothing; give more.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::TrialStory;

    #[test]
    fn both_sides_together_never_get_more_than_the_budget() {
        let of = TrialStory::compare(true, 5);
        let trial = of.story.projection.laboratory().going().unwrap();
        let budget = Budget { cost: Some(1.0), tokens: Some(1001), requests: Some(7) };
        let share = |side| share_of_side(&of.story.projection, trial, side, budget);
        let runs = sides_in_order(trial)
            .map(|side| run_of_side(trial, side, GeneratorSettings::default(), share(side)));
        let sum = |of: fn(&Budget) -> u64| runs.iter().map(|run| of(&run.budget)).sum::<u64>();
        assert!(sum(|b| b.tokens.unwrap()) <= 1001 && sum(|b| b.requests.unwrap().into()) <= 7);
        assert!((runs.iter().map(|run| run.budget.cost.unwrap()).sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(runs[0].seed, runs[1].seed);
        assert_ne!(runs[0].trial, runs[1].trial);
        assert!(too_small_to_split(Budget { requests: Some(1), ..Budget::default() }).is_some());
        assert!(too_small_to_split(Budget { requests: Some(2), ..Budget::default() }).is_none());
    }

    #[test]
    fn a_side_that_is_begun_late_has_the_half_of_the_other_side_and_a_new_budget_is_of_both() {
        let mut of = TrialStory::begun();
        let trial = of.story.projection.laboratory().going().unwrap().clone();
        let named = |tokens| Budget { tokens: Some(tokens), ..Budget::default() };
        let share = |of: &TrialStory, side, whole| share_of_side(&of.story.projection, &trial, side, whole);
        assert!(lacks_budget(&of.story.projection, &trial, Budget::default()).is_some());
        assert_eq!(lacks_budget(&of.story.projection, &trial, named(100)), None);

        // A request of the fixture takes 300 tokens.
        let run = of.sample(0, &[5, 5]);
        of.story.add(crate::domain::Event::RunResumed { run, budget: Some(named(700)) });
        assert_eq!(lacks_budget(&of.story.projection, &trial, Budget::default()), None);
        assert_eq!(share(&of, 1, Budget::default()), named(700));
        assert_eq!(share(&of, 1, named(2000)), named(1000));
        assert_eq!(share(&of, 1, named(1001)), named(401), "no more than the other side has left");
        assert_eq!(share(&of, 1, named(500)), named(0));
        assert_eq!(share(&of, 0, named(2000)), named(1000));
        assert_eq!(share(&of, 0, Budget::default()), Budget::default(), "it keeps its own");
    }

    #[test]
    fn both_sides_ask_for_as_many_rows_a_request() {
        let of = TrialStory::compare(true, 5);
        let sides = of.story.projection.laboratory().going().unwrap().sides.clone();
        let [mut first, second] = <[Side; 2]>::try_from(sides).unwrap();
        first.settings.rows_per_request = 2;
        let order = CompareOrder {
            sides: [first, second],
            pairs: 5,
            seed: None,
            blind: true,
            budget: Budget::default(),
        };
        assert!(order.paired().sides.iter().all(|side| side.settings.rows_per_request == 2));
    }
}
