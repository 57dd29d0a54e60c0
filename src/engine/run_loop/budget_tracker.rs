//! What a run may use up, and whether the next request still fits.

use crate::domain::{Budget, Price, Run, TOKENS_OF_ROW, Tokens};

/// Keeps a run's budget. What was used before a run went on counts too.
#[derive(Debug, Clone, Default)]
pub(super) struct BudgetTracker {
    budget: Budget,
    price: Option<Price>,
    spent: Tokens,
    requests: u32,
    /// What requests under way will take, by guess.
    promised: Tokens,
    /// Replies that came, and what they took: the mean is the best guess of the next.
    replies: u64,
    seen: Tokens,
    /// What the messages of those replies were taken for before they went out.
    measured: u64,
    /// Whether nobody may be told what its requests take, since that would tell the side of a blind trial.
    is_hidden: bool,
}

impl BudgetTracker {
    /// Begins with what a run used before; `input` is about what the messages of one of its requests take.
    pub(super) fn new(budget: Budget, price: Option<Price>, run: &Run, input: u64) -> Self {
        let used = run.used();
        // What was only estimated, as where the program was killed, says little of what a server takes. A run that was
        // written down before the paid requests were counted has at least one.
        let replies = if run.tokens.is_nothing() { 0 } else { u64::from(run.paid).max(1) };
        Self {
            budget,
            price,
            spent: used,
            requests: run.requests,
            promised: Tokens::default(),
            replies,
            seen: if replies == 0 { Tokens::default() } else { used },
            measured: input * replies,
            is_hidden: false,
        }
    }

    /// Says nothing of what requests take, where that is hidden.
    pub(super) const fn hiding(mut self, is_hidden: bool) -> Self {
        self.is_hidden = is_hidden;
        self
    }

    /// Returns whether tokens or money are limited, so that the length of messages matters before they go out.
    pub(super) const fn weighs(&self) -> bool {
        self.budget.tokens.is_some() || self.budget.cost.is_some()
    }

    /// Returns whether no reply has told yet what a request takes.
    pub(super) const fn is_blind(&self) -> bool {
        self.replies == 0
    }

    /// Returns about what a request for `rows` rows takes, whose messages are about `input` tokens.
    pub(super) const fn guess(&self, input: u64, rows: u32) -> Tokens {
        if self.is_blind() {
            return Tokens { input, output: rows as u64 * TOKENS_OF_ROW };
        }
        // Servers count otherwise than we do, but all messages alike.
        let input = match self.measured {
            0 => self.seen.input.div_ceil(self.replies),
            measured => (self.seen.input.saturating_mul(input)).div_ceil(measured),
        };
        Tokens { input, output: self.seen.output.div_ceil(self.replies) }
    }

    /// Returns why the next request may not go, as a sentence; `None` where it may.
    pub(super) fn refusal(&self, guess: Tokens) -> Option<String> {
        let reason = self.reason_against(guess)?;
        let hidden =
            "The budget of the trial does not reach for the next request. A larger one goes on with it.";
        Some(if self.is_hidden { hidden.to_owned() } else { reason })
    }

    fn reason_against(&self, guess: Tokens) -> Option<String> {
        if let Some(most) = self.budget.requests
            && self.requests >= most
        {
            let noun = if most == 1 { "request" } else { "requests" };
            return Some(format!("The budget of {most} {noun} is used up."));
        }
        let before = self.spent.plus(self.promised);
        let is_first = before.is_nothing();
        let after = before.plus(guess);
        if let Some(most) = self.budget.tokens
            && after.total() > most
        {
            let (spent, next) = (before.total(), guess.total());
            if is_first {
                return Some(format!(
                    "The budget of {most} tokens is too small: the first request takes about {next}. Allow more, ask \
                     for fewer rows in a request, or shorten the prompt."
                ));
            }
            return Some(format!(
                "The budget of {most} tokens is used up: {spent} are spent, and the next request takes about {next}."
            ));
        }
        if let (Some(most), Some(price)) = (self.budget.cost, self.price)
            && price.of(after) > most
        {
            let (spent, next) = (price.of(before), price.of(guess));
            if is_first {
                return Some(format!(
                    "The budget of {most} USD is too small: the first request costs about {next:.4} USD. Allow more, \
                     ask for fewer rows in a request, or shorten the prompt."
                ));
            }
            return Some(format!(
                "The budget of {most} USD is used up: {spent:.4} USD are spent, and the next request costs about \
                 {next:.4} USD."
            ));
        }
        None
    }

    /// Notes that a request goes out.
    pub(super) const fn promise(&mut self, guess: Tokens) {
        self.requests += 1;
        self.promised = self.promised.plus(guess);
    }

    /// Takes a promise back: the request never went out.
    pub(super) const fn forget(&mut self, guess: Tokens) {
        self.requests = self.requests.saturating_sub(1);
        self.release(guess);
    }

    /// Notes what a request took that was taken for `guess` and whose messages were about `input` tokens; it was
    /// sent `again` so often beyond once.
    pub(super) fn pay(&mut self, guess: Tokens, input: u64, tokens: Tokens, again: u32) {
        self.release(guess);
        self.requests = self.requests.saturating_add(again);
        self.spent = self.spent.plus(tokens);
        if !tokens.is_nothing() {
            self.replies += 1;
            self.seen = self.seen.plus(tokens);
            self.measured += input;
        }
    }

    /// Returns how many requests were sent.
    pub(super) const fn requests(&self) -> u32 {
        self.requests
    }

    /// Returns what the run has used.
    pub(super) const fn spent(&self) -> Tokens {
        self.spent
    }

    /// Returns what the run has cost in US dollars; `None` where the price is not known.
    pub(super) fn cost(&self) -> Option<f64> {
        self.price.map(|price| price.of(self.spent))
    }

    const fn release(&mut self, guess: Tokens) {
        self.promised = Tokens {
            input: self.promised.input.saturating_sub(guess.input),
            output: self.promised.output.saturating_sub(guess.output),
        };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tracker(budget: Budget, price: Option<Price>) -> BudgetTracker {
        BudgetTracker { budget, price, ..BudgetTracker::default() }
    }

    const fn tokens(input: u64, output: u64) -> Tokens {
        Tokens { input, output }
    }

    #[test]
    fn requests_are_counted_when_they_go_out() {
        let mut budget = tracker(Budget { requests: Some(2), ..Budget::default() }, None);
        let guess = budget.guess(100, 5);
        assert_eq!(guess, tokens(100, 300));
        budget.promise(guess);
        budget.promise(guess);
        assert_eq!(budget.refusal(guess).unwrap(), "The budget of 2 requests is used up.");
        budget.forget(guess);
        assert_eq!(budget.refusal(guess), None);
    }

    #[test]
    fn the_next_request_must_fit_beside_those_under_way() {
        let mut budget = tracker(Budget { tokens: Some(1_000), ..Budget::default() }, None);
        let guess = budget.guess(100, 5);
        budget.promise(guess);
        assert_eq!(budget.refusal(guess), None);
        budget.promise(guess);
        assert!(budget.refusal(guess).unwrap().starts_with("The budget of 1000 tokens is used up: 800"));

        budget.pay(guess, 100, tokens(50, 50), 0);
        assert_eq!(budget.guess(100, 5), tokens(50, 50));
        assert_eq!(budget.refusal(budget.guess(100, 5)), None);
    }

    #[test]
    fn money_holds_only_where_the_price_is_known() {
        let budget = Budget { cost: Some(0.5), ..Budget::default() };
        let price = Price { input: 1.0, output: 2.0 };
        let mut known = tracker(budget, Some(price));
        known.pay(tokens(0, 0), 0, tokens(100_000, 150_000), 0);
        assert!((known.cost().unwrap() - 0.4).abs() < 1e-9);
        let said = known.refusal(known.guess(0, 1)).unwrap();
        assert!(said.starts_with("The budget of 0.5 USD is used up: 0.4000 USD are spent"), "{said}");

        let unknown = tracker(budget, None);
        assert_eq!((unknown.cost(), unknown.refusal(tokens(1, 1))), (None, None));
    }

    #[test]
    fn the_next_messages_are_guessed_by_their_own_length() {
        let mut budget = tracker(Budget { tokens: Some(10_000), ..Budget::default() }, None);
        assert!(budget.is_blind() && budget.weighs());
        budget.pay(tokens(0, 0), 1_000, tokens(800, 90), 0);
        budget.pay(tokens(0, 0), 1_000, tokens(800, 110), 0);
        assert_eq!(budget.guess(500, 5), tokens(400, 100));
        assert_eq!(budget.guess(4_000, 5), tokens(3_200, 100));
    }

    #[test]
    fn a_run_that_goes_on_guesses_by_what_it_used_before_also_by_what_was_estimated() {
        let mut story = crate::domain::fixtures::Story::with_rows(1);
        story.sampled(&["another"]);
        let mut run = story.projection.runs().next().unwrap().clone();
        (run.tokens, run.estimated) = (tokens(100, 40), tokens(300, 60));
        (run.requests, run.failed, run.paid) = (5, 2, 4);
        let budget = BudgetTracker::new(Budget { tokens: Some(700), ..Budget::default() }, None, &run, 50);

        assert_eq!((budget.is_blind(), budget.spent()), (false, tokens(400, 100)));
        assert_eq!(budget.guess(50, 5), tokens(100, 25));
        assert_eq!(budget.guess(100, 5), tokens(200, 25));
        assert!(budget.refusal(budget.guess(100, 5)).unwrap().contains("500 are spent"));
    }

    #[test]
    fn a_budget_that_does_not_even_allow_the_first_request_is_said_with_both_figures() {
        let budget = tracker(Budget { tokens: Some(200), ..Budget::default() }, None);
        let said = budget.refusal(budget.guess(100, 5)).unwrap();
        assert!(
            said.starts_with("The budget of 200 tokens is too small: the first request takes about 400."),
            "{said}"
        );
    }

    #[test]
    fn a_budget_of_a_blind_trial_says_nothing_of_what_requests_take() {
        let price = Some(Price { input: 1.0, output: 1.0 });
        for budget in [
            Budget { tokens: Some(200), ..Budget::default() },
            Budget { cost: Some(0.000_001), ..Budget::default() },
            Budget { requests: Some(0), ..Budget::default() },
        ] {
            let budget = tracker(budget, price).hiding(true);
            let said = budget.refusal(budget.guess(100, 5)).unwrap();
            assert!(
                said.starts_with("The budget of the trial does not reach for the next request."),
                "{said}"
            );
            assert!(!said.contains(char::is_numeric), "{said}");
        }
    }

    #[test]
    fn a_request_that_is_sent_again_is_one_more() {
        let mut budget = tracker(Budget { requests: Some(2), ..Budget::default() }, None);
        budget.promise(tokens(1, 1));
        budget.pay(tokens(1, 1), 1, tokens(1, 1), 1);
        assert!(budget.refusal(tokens(1, 1)).is_some());
    }

    proptest! {
        /// Requests go out and end in any order, in one run or in several parts of it.
        #[test]
        fn no_budget_is_passed_by_more_than_requests_under_way_took_beyond_their_guess(
            most in 1_u64..20_000,
            steps in prop::collection::vec((any::<bool>(), 0_u64..2_000, 0_u64..3_000, 0_u64..3_000, 0_usize..8), 1..200),
        ) {
            let mut budget = tracker(Budget { tokens: Some(most), ..Budget::default() }, None);
            let mut under_way: Vec<(Tokens, u64)> = Vec::new();
            let mut beyond = 0;
            for (ends, length, input, output, which) in steps {
                if ends && !under_way.is_empty() {
                    let (guess, length) = under_way.swap_remove(which % under_way.len());
                    let took = tokens(input, output);
                    beyond += took.total().saturating_sub(guess.total());
                    budget.pay(guess, length, took, 0);
                    continue;
                }
                let guess = budget.guess(length, 5);
                if budget.refusal(guess).is_none() {
                    // Whatever was taken beyond a guess before this is inside the budget.
                    prop_assert!(budget.spent().plus(budget.promised).plus(guess).total() <= most);
                    beyond = 0;
                    budget.promise(guess);
                    under_way.push((guess, length));
                }
                prop_assert!(budget.spent().total() <= most + beyond);
            }
        }
    }
}
