//! What a run may use up, and whether the next request still fits.

use crate::domain::{Budget, Price, Run, Tokens};

/// Tokens of a row's reply, where none has come yet that tells.
const TOKENS_OF_ROW: u64 = 60;

/// Keeps a run's budget. What was used before a run went on counts too.
#[derive(Debug, Clone)]
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
}

impl BudgetTracker {
    pub(super) fn new(budget: Budget, price: Option<Price>, run: &Run) -> Self {
        let (promised, replies, seen) = (Tokens::default(), 0, Tokens::default());
        Self { budget, price, spent: run.tokens, requests: run.requests, promised, replies, seen }
    }

    /// Returns about what a request for `rows` rows takes, whose messages are about `input` tokens.
    pub(super) fn guess(&self, input: u64, rows: u32) -> Tokens {
        if self.replies == 0 {
            return Tokens { input, output: u64::from(rows) * TOKENS_OF_ROW };
        }
        Tokens { input: self.seen.input / self.replies, output: self.seen.output / self.replies }
    }

    /// Returns why the next request may not go, as a sentence; `None` where it may.
    pub(super) fn refusal(&self, guess: Tokens) -> Option<String> {
        if let Some(most) = self.budget.requests
            && self.requests >= most
        {
            let noun = if most == 1 { "request" } else { "requests" };
            return Some(format!("The budget of {most} {noun} is used up."));
        }
        let before = self.spent.plus(self.promised);
        let after = before.plus(guess);
        if let Some(most) = self.budget.tokens
            && total(after) > most
        {
            let (spent, next) = (total(before), total(guess));
            return Some(format!(
                "The budget of {most} tokens is used up: {spent} are spent, and the next request takes about {next}."
            ));
        }
        if let (Some(most), Some(price)) = (self.budget.cost, self.price)
            && price.of(after) > most
        {
            let (spent, next) = (price.of(before), price.of(guess));
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

    /// Notes what a request took that was taken for `guess`.
    pub(super) fn pay(&mut self, guess: Tokens, tokens: Tokens) {
        self.release(guess);
        self.spent = self.spent.plus(tokens);
        if tokens != Tokens::default() {
            self.replies += 1;
            self.seen = self.seen.plus(tokens);
        }
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

const fn total(tokens: Tokens) -> u64 {
    tokens.input + tokens.output
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tracker(budget: Budget, price: Option<Price>) -> BudgetTracker {
        let nothing = Tokens::default();
        BudgetTracker {
            budget,
            price,
            spent: nothing,
            requests: 0,
            promised: nothing,
            replies: 0,
            seen: nothing,
        }
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

        budget.pay(guess, tokens(50, 50));
        assert_eq!(budget.guess(100, 5), tokens(50, 50));
        assert_eq!(budget.refusal(budget.guess(100, 5)), None);
    }

    #[test]
    fn money_holds_only_where_the_price_is_known() {
        let budget = Budget { cost: Some(0.5), ..Budget::default() };
        let price = Price { input: 1.0, output: 2.0 };
        let mut known = tracker(budget, Some(price));
        known.pay(tokens(0, 0), tokens(100_000, 150_000));
        assert!((known.cost().unwrap() - 0.4).abs() < 1e-9);
        let said = known.refusal(known.guess(0, 1)).unwrap();
        assert!(said.starts_with("The budget of 0.5 USD is used up: 0.4000 USD are spent"), "{said}");

        let unknown = tracker(budget, None);
        assert_eq!((unknown.cost(), unknown.refusal(tokens(1, 1))), (None, None));
    }
}
