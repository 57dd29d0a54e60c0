//! The tokens that requests used, and their cost as far as the prices are known.
//!
//! Tokens are summed separately for each price and as whole numbers, so the sum does not depend
//! on the order in which requests end. An unknown price never counts as zero.

use std::fmt;

use super::{Price, Tokens};

/// Tokens of requests, and what they cost.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Usage {
    /// The tokens at each price, ordered by price; those of an unknown price come first.
    parts: Vec<(Option<Price>, Tokens)>,
}

impl Usage {
    /// Adds the tokens of a request.
    pub fn add(&mut self, price: Option<Price>, tokens: Tokens) {
        if tokens == Tokens::default() {
            return;
        }
        match self.parts.binary_search_by(|(known, _)| order(*known, price)) {
            Ok(at) => self.parts[at].1 = self.parts[at].1.plus(tokens),
            Err(at) => self.parts.insert(at, (price, tokens)),
        }
    }

    /// Returns all tokens.
    #[must_use]
    pub fn tokens(&self) -> Tokens {
        self.sum(|_| true)
    }

    /// Returns the tokens whose price is not known.
    #[must_use]
    pub fn unpriced(&self) -> Tokens {
        self.sum(|price| price.is_none())
    }

    /// Returns the cost of the tokens whose price is known, in US dollars; `None` where there are none.
    #[must_use]
    pub fn cost_usd(&self) -> Option<f64> {
        let costs = self.parts.iter().filter_map(|(price, tokens)| price.map(|price| price.of(*tokens)));
        costs.reduce(|sum, cost| sum + cost)
    }

    /// Returns whether no token was used.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.parts.is_empty()
    }

    fn sum(&self, counts: impl Fn(Option<Price>) -> bool) -> Tokens {
        let parts = self.parts.iter().filter(|(price, _)| counts(*price));
        parts.fold(Tokens::default(), |sum, (_, tokens)| sum.plus(*tokens))
    }
}

fn order(a: Option<Price>, b: Option<Price>) -> std::cmp::Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.input.total_cmp(&b.input).then(a.output.total_cmp(&b.output)),
        _ => a.is_some().cmp(&b.is_some()),
    }
}

/// Writes `12k tokens · $0.04`, no cost where all is free, and where only some prices are known
/// `15k tokens · $0.04 · no price known for 3.2k`.
impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = |tokens: Tokens| tokens.input + tokens.output;
        let noun = if total(self.tokens()) == 1 { "token" } else { "tokens" };
        write!(f, "{} {noun}", compact(total(self.tokens())))?;
        let Some(cost) = self.cost_usd().filter(|cost| *cost > 0.0) else { return Ok(()) };
        write!(f, " · {}", dollars(cost))?;
        match total(self.unpriced()) {
            0 => Ok(()),
            unpriced => write!(f, " · no price known for {}", compact(unpriced)),
        }
    }
}

/// Returns a number in at most five characters: `214`, `1.2k`, `3.4M`.
#[must_use]
pub(crate) fn compact(number: u64) -> String {
    let tenths = |unit: u64, sign: char| {
        let tenths = number / (unit / 10);
        if tenths < 100 {
            format!("{}.{}{sign}", tenths / 10, tenths % 10)
        } else {
            format!("{}{sign}", tenths / 10)
        }
    };
    match number {
        0..1_000 => number.to_string(),
        1_000..1_000_000 => tenths(1_000, 'k'),
        _ => tenths(1_000_000, 'M'),
    }
}

/// Returns an amount of US dollars with two decimals, or with four below ten cents.
#[must_use]
pub(crate) fn dollars(amount: f64) -> String {
    if amount > 0.0 && amount < 0.000_1 {
        "under $0.0001".to_owned()
    } else if amount > 0.0 && amount < 0.1 {
        format!("${amount:.4}")
    } else {
        format!("${amount:.2}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Price = Price { input: 1.0, output: 2.0 };
    const FREE: Price = Price { input: 0.0, output: 0.0 };

    fn usage(parts: &[(Option<Price>, u64, u64)]) -> Usage {
        let mut usage = Usage::default();
        parts.iter().for_each(|(price, input, output)| {
            usage.add(*price, Tokens { input: *input, output: *output });
        });
        usage
    }

    #[test]
    fn the_sum_is_the_same_in_whatever_order_requests_ended() {
        let dear = Price { input: 1.0, output: 9.0 };
        let parts = [(Some(CHEAP), 1, 2), (None, 3, 4), (Some(dear), 5, 6), (Some(CHEAP), 7, 8)];
        let mut turned = parts;
        turned.reverse();
        assert_eq!(usage(&parts), usage(&turned));
        assert_eq!(usage(&parts).tokens(), Tokens { input: 16, output: 20 });
        assert_eq!(usage(&parts).unpriced(), Tokens { input: 3, output: 4 });
        assert_eq!(usage(&[(None, 0, 0)]), Usage::default());
    }

    #[test]
    fn what_is_not_known_is_not_guessed_and_what_is_free_has_no_cost() {
        let said = |parts: &[_]| usage(parts).to_string();
        assert_eq!(said(&[(Some(CHEAP), 10_000, 15_000)]), "25k tokens · $0.0400");
        assert_eq!(said(&[(None, 10_000, 2_300)]), "12k tokens");
        assert_eq!(said(&[(Some(FREE), 1_000, 234)]), "1.2k tokens");
        assert_eq!(usage(&[(None, 1, 1)]).cost_usd(), None);
        assert_eq!(usage(&[(Some(FREE), 1, 1)]).cost_usd(), Some(0.0));
    }

    #[test]
    fn a_sum_with_unknown_prices_in_it_says_so() {
        let mixed = usage(&[(Some(CHEAP), 500_000, 0), (None, 3_000, 200)]);
        assert_eq!(mixed.to_string(), "503k tokens · $0.50 · no price known for 3.2k");
        assert!((mixed.cost_usd().unwrap() - 0.5).abs() < 1e-9);
    }

    #[test]
    fn numbers_are_short_and_legible() {
        assert_eq!(
            [999, 1_000, 1_249, 12_345, 999_999, 3_400_000].map(compact),
            ["999", "1.0k", "1.2k", "12k", "999k", "3.4M"]
        );
        assert_eq!(
            [0.0, 0.000_01, 0.001_2, 0.5, 12.345].map(dollars),
            ["$0.00", "under $0.0001", "$0.0012", "$0.50", "$12.35"]
        );
    }
}
