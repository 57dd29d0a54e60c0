//! From which value on a figure says that something is wrong, and what to try then.
//!
//! A limit is what as many real rows have, with room for chance; where typical values of real texts are known, a value
//! within those is never wrong. On the side that nobody minds, such as rows more varied than real ones, there is none.

use crate::domain::{Concern, Figure, LengthFigures};

/// Below this p, rows differ in length from real ones.
pub(super) const LENGTH_P: f64 = 0.01;

/// Returns the limit of a figure whose value on as many real rows, `size` of them, is `real`; without real rows, the end of
/// its typical range.
pub(super) fn limit(figure: Figure, real: Option<f64>, size: usize) -> Option<f64> {
    let concern = figure.concern();
    let Some(real) = real else {
        return figure.typical().map(|typical| match concern {
            Concern::Low => typical.low,
            Concern::High => typical.high,
        });
    };
    let (by, and) = room(figure, real, size);
    Some(match concern {
        Concern::Low => real * (1.0 - by) - and,
        Concern::High => real * (1.0 + by) + and,
    })
}

/// Returns how far a value may lie from that of real rows: a share of it, and an amount.
fn room(figure: Figure, real: f64, size: usize) -> (f64, f64) {
    match figure {
        Figure::Distinct1 => (0.15, 0.0),
        Figure::Distinct2 | Figure::NgramDiversity | Figure::CompressionRatio | Figure::Vendi => (0.10, 0.0),
        Figure::SelfBleu => (0.25, 0.05),
        Figure::SelfRepetition => (0.25, 0.25),
        Figure::NearDuplicates | Figure::Variations => {
            // Twice the standard deviation of a share of so many rows, of one row in fifty at least.
            let share = real.clamp(0.02, 0.5);
            (0.0, 0.02 + 2.0 * (share * (1.0 - share) / super::float(size.max(1))).sqrt())
        }
        Figure::Jsd | Figure::TypeJaccard | Figure::Coverage => (0.25, 0.0),
        Figure::OovRate => (0.25, 0.03),
        Figure::LengthDistance => (0.0, 0.10),
    }
}

/// What sentences are made of, besides the figure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Compared<'a> {
    /// The rows, as *Accepted rows*.
    pub who: &'a str,
    /// The lengths of the rows and of real ones, in words.
    pub lengths: Option<(LengthFigures, LengthFigures)>,
    /// Whether these lengths differ by more than chance.
    pub differ_in_length: bool,
}

impl Compared<'_> {
    /// Returns what is wrong and what to try, where a value lies beyond its limit. `real` is the value of real rows.
    pub(super) fn sentence(
        &self,
        figure: Figure,
        value: f64,
        real: Option<f64>,
        limit: f64,
    ) -> Option<String> {
        let is_beyond = match figure.concern() {
            Concern::Low => value < limit,
            Concern::High => value > limit,
        };
        if !is_beyond || (figure == Figure::LengthDistance && !self.differ_in_length) {
            return None;
        }
        let beside = |shown: fn(f64) -> String| match (real, figure.concern()) {
            (Some(real), _) => format!("{}, and {} in as many real rows", shown(value), shown(real)),
            (None, Concern::Low) => {
                format!("{}, and {} or more in most texts of people", shown(value), shown(limit))
            }
            (None, Concern::High) => {
                format!("{}, and at most {} in most texts of people", shown(value), shown(limit))
            }
        };
        Some(match figure {
            Figure::LengthDistance => self.lengths_differ(),
            Figure::NearDuplicates
            | Figure::Variations
            | Figure::TypeJaccard
            | Figure::OovRate
            | Figure::Coverage => self.of_share(figure, &beside(percent)),
            _ => self.of_amount(
                figure,
                &beside(|value| format!("{value:.2}")),
                &beside(|value| format!("{value:.0}")),
            ),
        })
    }

    fn of_share(&self, figure: Figure, beside: &str) -> String {
        let who = self.who;
        match figure {
            Figure::NearDuplicates => format!(
                "{who} are near-duplicates of one another: {beside}. Reject those that say nothing new, and raise \
                 the temperature or add a variable."
            ),
            Figure::Variations => format!(
                "{who} vary real rows nearly word for word: {beside}. Show fewer examples or other ones in a request, and \
                 ask for new situations."
            ),
            Figure::TypeJaccard => format!(
                "{who} have few words in common with real rows: {beside}. Show more real examples, and name the topics \
                 that real rows have."
            ),
            Figure::OovRate => format!(
                "{who} use words that real rows have not: {beside}. Show more real examples, and ask for their way of \
                 writing."
            ),
            _ => format!(
                "{who} lack words of real rows; of those they have {beside}. Show other examples in each request, and \
                 name what is missing."
            ),
        }
    }

    fn of_amount(&self, figure: Figure, beside: &str, rounded: &str) -> String {
        let who = self.who;
        match figure {
            Figure::Distinct1 => format!(
                "{who} use few different words: distinct-1 is {beside}. Add a variable with topics, names or places to \
                 the prompt."
            ),
            Figure::Distinct2 => format!(
                "{who} repeat pairs of words: distinct-2 is {beside}. Raise the temperature, or add a variable such as a \
                 topic or a tone to the prompt."
            ),
            Figure::NgramDiversity => format!(
                "{who} repeat runs of words: the diversity of n-grams is {beside}. Raise the temperature, or show other \
                 examples in each request."
            ),
            Figure::SelfBleu => format!(
                "{who} are made of one another's phrases: Self-BLEU is {beside}. Ask for fewer rows in a request, or add \
                 a variable such as a topic or a situation."
            ),
            Figure::CompressionRatio => format!(
                "{who} repeat themselves: the compression ratio is {beside}. Raise the temperature, and reject rows of a \
                 pattern that you have enough of."
            ),
            Figure::SelfRepetition => format!(
                "{who} share runs of four words: self-repetition is {beside}. Take fixed phrases out of the prompt, and \
                 vary the examples that it shows."
            ),
            Figure::Vendi => format!(
                "{who} amount to few entirely different ones: the Vendi score is {rounded}. Add a variable with the kinds \
                 of texts that are missing, so that each request asks for another one."
            ),
            _ => format!(
                "{who} use words in other shares than real rows: the divergence is {beside}. Show more real examples, and \
                 look at the words that are used too often."
            ),
        }
    }

    fn lengths_differ(&self) -> String {
        let who = self.who;
        let Some((rows, real)) = self.lengths else {
            return format!(
                "{who} have other lengths than real rows. Say in the prompt how long texts should be."
            );
        };
        let medians =
            format!("their median is {:.0} words, and {:.0} of real rows", rows.median, real.median);
        let spread = format!("{:.0} to {:.0} words", real.p05, real.p95);
        let is_narrow = rows.sd < 0.75 * real.sd && (rows.median - real.median).abs() <= 0.2 * real.median;
        let how = if is_narrow {
            format!("{who} are all about as long: {medians}, which spread more")
        } else if rows.median < real.median {
            format!("{who} are shorter than real rows: {medians}")
        } else if rows.median > real.median {
            format!("{who} are longer than real rows: {medians}")
        } else {
            format!("{who} have other lengths than real rows: {medians}")
        };
        format!("{how}. Say in the prompt that texts have {spread}, or make the length a variable.")
    }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(differ_in_length: bool) -> Compared<'static> {
        let lengths = |median| LengthFigures { mean: median, median, sd: 5.0, p05: 4.0, p95: 30.0 };
        Compared { who: "Accepted rows", lengths: Some((lengths(9.0), lengths(18.0))), differ_in_length }
    }

    fn said(figure: Figure, value: f64, real: Option<f64>) -> Option<String> {
        let limit = limit(figure, real, 100)?;
        compared(true).sentence(figure, value, real, limit)
    }

    #[test]
    fn a_figure_as_real_rows_have_it_says_nothing_and_neither_does_the_better_side() {
        for figure in Figure::ALL {
            assert_eq!(said(figure, 0.5, Some(0.5)), None, "{}", figure.name());
            let better = if figure.concern() == Concern::Low { 5.0 } else { 0.0 };
            assert_eq!(said(figure, better, Some(0.5)), None, "{}", figure.name());
        }
    }

    #[test]
    fn a_figure_beyond_its_limit_says_what_is_wrong_and_what_to_try() {
        for figure in Figure::ALL {
            let worse = if figure.concern() == Concern::Low { 0.1 } else { 0.9 };
            let said = said(figure, worse, Some(0.5)).unwrap();
            assert!(said.starts_with("Accepted rows ") && said.matches(". ").count() >= 1, "{said}");
        }
        assert_eq!(
            said(Figure::Distinct2, 0.5, Some(0.84)).unwrap(),
            "Accepted rows repeat pairs of words: distinct-2 is 0.50, and 0.84 in as many real rows. Raise the \
             temperature, or add a variable such as a topic or a tone to the prompt."
        );
    }

    #[test]
    fn without_real_rows_the_typical_range_is_the_limit() {
        assert_eq!(limit(Figure::SelfBleu, None, 100), Some(0.12));
        assert_eq!(limit(Figure::Vendi, None, 100), None);
        let said = said(Figure::Distinct2, 0.5, None).unwrap();
        assert!(said.contains("distinct-2 is 0.50, and 0.79 or more in most texts of people"), "{said}");
    }

    #[test]
    fn lengths_that_differ_by_chance_say_nothing_and_others_name_both_medians() {
        let figure = Figure::LengthDistance;
        assert_eq!(compared(false).sentence(figure, 0.9, Some(0.1), 0.2), None);
        let said = said(figure, 0.9, Some(0.1)).unwrap();
        assert!(
            said.starts_with("Accepted rows are shorter than real rows: their median is 9 words, and 18 of"),
            "{said}"
        );
        assert!(said.contains("4 to 30 words"), "{said}");
    }
}
