//! Whether the accepted rows help: the rule that decides, and the interval that it looks at.

use crate::domain::{Arm, Interval, Verdict};
use crate::text::SplitMix64;

use super::bootstrap::{REPLICATES, SEED, draw};
use super::percentile::middle_95;
use super::{Ranking, real};

/// What an arm's classifiers say of the test rows, which are the same for every seed and every arm.
#[derive(Debug, Clone, PartialEq)]
pub struct ArmScores {
    /// The arm.
    pub arm: Arm,
    /// For each seed, the target's score of each test row.
    pub seeds: Vec<Vec<f64>>,
}

/// The mean PR-AUC of an arm over seeds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ArmMean {
    /// The arm.
    pub arm: Arm,
    /// The mean, 0 to 1.
    pub mean: f64,
    /// Its 95 % interval.
    pub interval: Interval,
}

/// What the deciding figures say.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The mean PR-AUC of `accepted` less that of `real`.
    pub gain: f64,
    /// The 95 % interval of the gain.
    pub interval: Interval,
    /// Each arm, in the order in which it was given.
    pub arms: Vec<ArmMean>,
    /// The verdict.
    pub verdict: Verdict,
    /// The control that does as well, where that is the verdict.
    pub control: Option<Arm>,
}

/// Decides whether the accepted rows help; `None` where `real` or `accepted` has no scores.
///
/// The interval is the percentile interval of 1,000 bootstrap replicates. Each draws the seeds with replacement and one
/// set of test rows with replacement, which all seeds and arms share: were it other rows for each seed, a small test
/// set would not show in the width.
///
/// The accepted rows help where the interval lies above 0 and their mean is higher than those of the controls `copies`
/// and `balanced`, as far as these were given.
#[must_use]
pub fn decide(is_target: &[bool], arms: &[ArmScores]) -> Option<Decision> {
    let place = |wanted| arms.iter().position(|arm| arm.arm == wanted && !arm.seeds.is_empty());
    let (real_place, accepted_place) = (place(Arm::Real)?, place(Arm::Accepted)?);
    let rankings: Vec<Vec<Ranking>> = arms
        .iter()
        .map(|arm| arm.seeds.iter().map(|scores| Ranking::of(is_target, scores)).collect())
        .collect();
    let seeds = arms.iter().map(|arm| arm.seeds.len()).max().unwrap_or(0);
    let mut replicates: Vec<Vec<f64>> = vec![Vec::with_capacity(REPLICATES); arms.len()];
    let mut random = SplitMix64::new(SEED);
    let (mut drawn_seeds, mut drawn_rows) = (vec![0; seeds], vec![0; is_target.len()]);
    for _ in 0..REPLICATES {
        draw(&mut random, &mut drawn_seeds);
        draw(&mut random, &mut drawn_rows);
        for (replicates, rankings) in replicates.iter_mut().zip(&rankings) {
            replicates.push(mean_over(rankings, &drawn_seeds, &drawn_rows));
        }
    }
    let differences = {
        let (real, accepted) = (replicates.get(real_place)?, replicates.get(accepted_place)?);
        accepted.iter().zip(real).map(|(accepted, real)| accepted - real).collect()
    };
    let interval = middle_95(differences)?;
    let arms: Vec<ArmMean> = arms
        .iter()
        .zip(&rankings)
        .zip(replicates)
        .filter_map(|((arm, rankings), replicates)| {
            let mean =
                rankings.iter().map(Ranking::average_precision).sum::<f64>() / real(rankings.len() as u64);
            (!rankings.is_empty()).then_some(ArmMean { arm: arm.arm, mean, interval: middle_95(replicates)? })
        })
        .collect();
    let mean = |wanted| arms.iter().find(|arm| arm.arm == wanted).map(|arm| arm.mean);
    let accepted = mean(Arm::Accepted)?;
    let gain = accepted - mean(Arm::Real)?;
    let (verdict, control) = rule(interval, accepted, &arms);
    Some(Decision { gain, interval, arms, verdict, control })
}

/// Returns the mean average precision over drawn seeds on drawn rows; 0 where none of the arm's seeds was drawn.
fn mean_over(rankings: &[Ranking], seeds: &[u32], rows: &[u32]) -> f64 {
    let (mut sum, mut count) = (0.0, 0);
    for (ranking, &times) in rankings.iter().zip(seeds).filter(|(_, times)| **times > 0) {
        sum += f64::from(times) * ranking.average_precision_of(rows);
        count += u64::from(times);
    }
    if count == 0 { 0.0 } else { sum / real(count) }
}

/// Returns the verdict, and of the controls that do as well the best.
fn rule(interval: Interval, accepted: f64, arms: &[ArmMean]) -> (Verdict, Option<Arm>) {
    if interval.high < 0.0 {
        return (Verdict::Hurts, None);
    }
    if interval.low <= 0.0 {
        return (Verdict::Undecided, None);
    }
    let controls = arms.iter().filter(|arm| matches!(arm.arm, Arm::Copies | Arm::Balanced));
    let as_good = controls.filter(|control| control.mean >= accepted);
    match as_good.max_by(|a, b| a.mean.total_cmp(&b.mean)) {
        Some(control) => (Verdict::NoBetterThanAControl, Some(control.arm)),
        None => (Verdict::Helps, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sixty test rows, every third of the target, whose scores are right but for the rows that `wrong` picks.
    fn scores(arm: Arm, wrong: impl Fn(usize, usize) -> bool) -> ArmScores {
        let seed = |seed| {
            (0..60_usize)
                .map(|row| f64::from(u8::from((row.is_multiple_of(3)) != wrong(seed, row))))
                .collect()
        };
        ArmScores { arm, seeds: (0..10).map(seed).collect() }
    }

    fn is_target() -> Vec<bool> {
        (0..60_usize).map(|row| row.is_multiple_of(3)).collect()
    }

    fn decided(arms: &[ArmScores]) -> (Verdict, Option<Arm>) {
        let decision = decide(&is_target(), arms).unwrap();
        assert!(
            decision.interval.low <= decision.gain && decision.gain <= decision.interval.high,
            "{decision:?}"
        );
        (decision.verdict, decision.control)
    }

    #[test]
    fn what_is_right_more_often_helps_and_what_is_wrong_more_often_hurts() {
        let often = |_: usize, row: usize| row.is_multiple_of(2);
        let seldom = |seed: usize, row: usize| (row + seed).is_multiple_of(12);

        assert_eq!(
            decided(&[scores(Arm::Real, often), scores(Arm::Accepted, seldom)]),
            (Verdict::Helps, None)
        );
        assert_eq!(
            decided(&[scores(Arm::Real, seldom), scores(Arm::Accepted, often)]),
            (Verdict::Hurts, None)
        );
        let equal = [scores(Arm::Real, often), scores(Arm::Accepted, often)];
        assert_eq!(decided(&equal), (Verdict::Undecided, None));
    }

    #[test]
    fn a_control_that_does_as_well_is_named_and_one_that_is_no_control_is_not() {
        let often = |_: usize, row: usize| row.is_multiple_of(2);
        let seldom = |seed: usize, row: usize| (row + seed).is_multiple_of(12);
        let base = [scores(Arm::Real, often), scores(Arm::Accepted, seldom)];
        let with = |others: &[(Arm, bool)]| {
            let others =
                others.iter().map(|&(arm, good)| if good { scores(arm, seldom) } else { scores(arm, often) });
            decided(&base.iter().cloned().chain(others).collect::<Vec<_>>())
        };

        let as_well = (Verdict::NoBetterThanAControl, Some(Arm::Balanced));
        assert_eq!(with(&[(Arm::Copies, false), (Arm::Balanced, true)]), as_well);
        assert_eq!(with(&[(Arm::Copies, false), (Arm::Balanced, false)]), (Verdict::Helps, None));
        assert_eq!(with(&[(Arm::Ceiling, true), (Arm::Eda, true)]), (Verdict::Helps, None));
    }

    #[test]
    fn few_test_rows_make_a_wide_interval_however_many_seeds_there_are() {
        let often = |_: usize, row: usize| row.is_multiple_of(2);
        let never = |_: usize, _: usize| false;
        let arms = [scores(Arm::Real, often), scores(Arm::Accepted, never)];

        let decision = decide(&is_target(), &arms).unwrap();

        // The seeds are all alike, so the rows alone make the width.
        assert!(decision.interval.high - decision.interval.low > 0.1, "{decision:?}");
        assert_eq!(decide(&is_target(), &arms[..1]), None);
        let none = [scores(Arm::Real, often), ArmScores { arm: Arm::Accepted, seeds: vec![] }];
        assert_eq!(decide(&is_target(), &none), None);
    }
}
