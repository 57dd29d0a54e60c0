//! Estimates what a run will use, before it starts.

use crate::domain::{Budget, Run, RunOrder, Schema, Tokens, Usage};

/// The assumed length of a text in characters, where the schema sets no bound.
const CHARACTERS: u32 = 400;
/// The assumed number of characters in a token.
const PER_TOKEN: u32 = 4;

/// The estimated use of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Rows asked for.
    pub rows: u32,
    /// Number of requests, if every reply brings as many rows as were asked for.
    pub requests: u32,
    /// Tokens of all requests; `None` while the length of the messages is unknown.
    pub tokens: Option<Tokens>,
    /// Cost of these tokens in US dollars; `None` where the tokens or the price are unknown.
    pub cost: Option<f64>,
    /// What the run may use at most.
    pub budget: Budget,
    /// What the session has used so far.
    pub so_far: Usage,
}

/// Estimates a run of `order`, whose first request has about `message` tokens.
///
/// A row is assumed to have as many output tokens as the mean row of the session's earlier runs
/// with the same model, else of all its earlier runs, else as the longest text that the schema
/// allows. `so_far` is left empty for the caller to fill in.
#[must_use]
pub(crate) fn estimate(order: &RunOrder, message: Option<usize>, runs: &[&Run], schema: &Schema) -> Estimate {
    let requests = order.rows.div_ceil(order.generator.rows_per_request.max(1));
    let same = |run: &&Run| run.generator.model == order.generator.model;
    let runs = || runs.iter().copied();
    let per_row = mean(runs().filter(same)).or_else(|| mean(runs())).unwrap_or_else(|| longest(schema));
    let tokens = message.map(|message| Tokens {
        input: u64::from(requests).saturating_mul(message as u64),
        output: whole(f64::from(order.rows) * per_row),
    });
    let cost = order.generator.price.zip(tokens).map(|(price, tokens)| price.of(tokens));
    Estimate { rows: order.rows, requests, tokens, cost, budget: order.budget, so_far: Usage::default() }
}

/// Returns the mean output tokens of a row over the runs that brought rows and counted tokens;
/// `None` without any.
fn mean<'r>(runs: impl Iterator<Item = &'r Run>) -> Option<f64> {
    let told = runs.filter(|run| run.rows > 0 && run.tokens.output > 0);
    let (tokens, rows) =
        told.fold((0, 0), |(tokens, rows), run| (tokens + run.tokens.output, rows + u64::from(run.rows)));
    #[expect(clippy::cast_precision_loss, reason = "counts of tokens and rows are far below 2^52")]
    let mean = tokens as f64 / rows as f64;
    (rows > 0).then_some(mean)
}

fn longest(schema: &Schema) -> f64 {
    let (_, most) = schema.text_bounds();
    f64::from(most.unwrap_or(CHARACTERS)) / f64::from(PER_TOKEN)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of tokens, from 0")]
const fn whole(tokens: f64) -> u64 {
    tokens.round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::Story;
    use crate::domain::{FieldKind, FieldSpec, GeneratorSettings, Price};

    fn order(rows: u32, price: Option<Price>) -> RunOrder {
        RunOrder::new(rows, GeneratorSettings { price, ..GeneratorSettings::default() })
    }

    fn schema(max_chars: Option<u32>) -> Schema {
        let kind = FieldKind::Text { min_chars: None, max_chars };
        Schema(vec![FieldSpec { name: "text".into(), kind }])
    }

    #[test]
    fn without_earlier_runs_a_row_is_as_long_as_its_text_may_be() {
        let price = Some(Price { input: 1.0, output: 2.0 });
        let estimate = estimate(&order(21, price), Some(100), &[], &schema(Some(320)));
        assert_eq!(estimate.requests, 5);
        assert_eq!(estimate.tokens, Some(Tokens { input: 500, output: 1680 }));
        assert!((estimate.cost.unwrap() - 0.003_86).abs() < 1e-9);
    }

    #[test]
    fn earlier_runs_say_how_long_a_row_is() {
        // The run of the story has 4 rows in 20 tokens.
        let story = Story::with_rows(4);
        let of = estimate(
            &order(20, None),
            Some(100),
            &story.projection.runs().collect::<Vec<_>>(),
            &schema(None),
        );
        assert_eq!(of.tokens, Some(Tokens { input: 400, output: 100 }));
        assert_eq!(of.cost, None, "without a price there is no guess");
    }

    #[test]
    fn runs_of_the_same_model_count_before_the_others() {
        let story = Story::with_rows(4);
        let short = story.projection.runs().next().unwrap();
        let mut long = short.clone();
        long.generator.model = Some("large".into());
        long.tokens.output = 400;
        let mut order = order(10, None);
        order.generator.model = Some("large".into());
        assert_eq!(estimate(&order, Some(0), &[short, &long], &schema(None)).tokens.unwrap().output, 1000);
    }

    #[test]
    fn what_nobody_knows_is_not_guessed() {
        let price = Some(Price { input: 1.0, output: 1.0 });
        let estimate = estimate(&order(1, price), None, &[], &schema(None));
        assert_eq!((estimate.requests, estimate.tokens, estimate.cost), (1, None, None));
        let no_rows = self::estimate(&order(0, price), Some(5), &[], &Schema::default());
        assert_eq!(no_rows.cost, Some(0.0));
    }
}
