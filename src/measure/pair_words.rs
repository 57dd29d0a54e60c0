//! What the decided pairs of a comparison say, as a sentence.

use super::pairs::PairFigures;
use crate::domain::Standing;

/// Returns what may be said of two sides: which is better and by how much, or that it is undecided and about how many
/// more pairs would tell.
#[must_use]
pub(crate) fn verdict(names: [&str; 2], figures: &PairFigures) -> String {
    let PairFigures { wins_left, wins_right, interval, more, .. } = *figures;
    let n = wins_left + wins_right;
    let [one, other] = names;
    let range = |low: f64, high: f64| format!("{:.0} to {:.0} %", low * 100.0, high * 100.0);
    let pairs = if n == 1 { "pair that differs" } else { "pairs that differ" };
    match figures.standing {
        Standing::Better => {
            let range = range(interval.low, interval.high);
            format!(
                "{one} is better than {other}: it won {wins_left} to {wins_right} of {n} {pairs} ({range})."
            )
        }
        Standing::Worse => {
            let range = range(1.0 - interval.high, 1.0 - interval.low);
            format!(
                "{other} is better than {one}: it won {wins_right} to {wins_left} of {n} {pairs} ({range})."
            )
        }
        Standing::Undecided if n == 0 => {
            format!("Undecided: no pair was decided for {one} or {other} alone.")
        }
        Standing::Undecided => {
            let more = more.map_or_else(String::new, |more| {
                format!(" If they go on so, about {more} more pairs would tell; that is an estimate.")
            });
            let range = range(interval.low, interval.high);
            format!(
                "Undecided: {one} won {wins_left} and {other} won {wins_right} of {n} {pairs} ({range}).{more}"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::pairs::{PairCounts, figures};

    fn said(left: u32, right: u32) -> String {
        verdict(["v3", "v2"], &figures(PairCounts { left, right, both: 2, neither: 1 }))
    }

    #[test]
    fn the_better_side_is_named_with_its_wins() {
        assert!(said(19, 2).starts_with("v3 is better than v2: it won 19 to 2 of 21 pairs that differ ("));
        assert!(said(2, 19).starts_with("v2 is better than v3: it won 19 to 2 of 21 pairs that differ ("));
    }

    #[test]
    fn undecided_says_so_and_about_how_many_more_would_tell() {
        assert!(said(0, 0).starts_with("Undecided: no pair"));
        let some = said(6, 4);
        assert!(some.starts_with("Undecided: v3 won 6 and v2 won 4 of 10 pairs"), "{some}");
        assert!(said(5, 3).contains("more pairs would tell; that is an estimate."));
    }
}
