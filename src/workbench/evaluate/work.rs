//! Carries an evaluation out: all sets of all seeds, then the figures.

use std::collections::BTreeMap;

use super::Material;
use super::figures::Truth;
use super::fitting::{Outcome, outcome};
use super::kept::{Keep, RealKey, from_bytes, to_bytes};
use super::machine::detectability;
use super::training::{Added, Grounds, share};
use super::warnings::warnings;
use crate::domain::{Arm, ArmFigures, Classifier, Evaluation, Interval, Timestamp, Verdict, VersionGain};
use crate::measure::{ArmScores, Decision, decide, spread};
use crate::parallel;
use crate::text::{Stop, Stopped};

/// The shares of the learning curve between none and all of the accepted rows, in percent.
const SHARES: [u8; 2] = [25, 50];
/// The fewest accepted rows of a version whose gain is measured.
const LEAST_OF_VERSION: usize = 10;
/// The most versions whose gain is measured, those with the most rows.
const MOST_VERSIONS: usize = 8;

/// What is to be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EvaluationOrder {
    /// The number of seeds, at least 1.
    pub seeds: u32,
    /// The arms that are wanted; `real` and `accepted` always are. `copies` and `balanced` are computed in any case,
    /// because the verdict depends on them.
    pub arms: Vec<Arm>,
    /// The classifier.
    pub model: Classifier,
}

impl Default for EvaluationOrder {
    fn default() -> Self {
        Self { seeds: 10, arms: Arm::ALL.to_vec(), model: Classifier::default() }
    }
}

/// What an evaluation is watched by.
pub(crate) struct Watching<'a> {
    /// Told how many of how many pieces of work are done.
    pub tell: &'a mut dyn FnMut(usize, usize),
    /// Where results are kept.
    pub keep: &'a dyn Keep,
    /// Ends it early.
    pub stop: &'a Stop,
}

/// An evaluation, without when it was made and how often the test rows were opened before.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Evaluated {
    /// The figures.
    pub evaluation: Evaluation,
    /// The hash of all that it depends on.
    pub key: String,
    /// How many pieces of work were computed, not found.
    pub computed: usize,
}

/// Evaluates rows that [`Material::check`] found fit.
///
/// # Errors
///
/// Where it is stopped.
pub(crate) fn evaluate(
    material: &Material,
    order: &EvaluationOrder,
    watching: Watching<'_>,
) -> Result<Evaluated, Stopped> {
    let arms = arms(material, order);
    let versions = versions(material);
    let real = RealKey::of(material, order.model);
    let work = Work { material, order, keys: &real };
    let stop = watching.stop;
    let (outcomes, computed) = work.outcomes(&sets(&arms, &versions, material), watching)?;
    let truth = Truth::of(material);
    let found = Found { material, order, truth, outcomes };
    let detectability = detectability(material, stop)?;
    let names: Vec<&str> = arms.iter().map(|arm| arm.name()).collect();
    let key = real.whole(material, order.seeds, &names);
    Ok(Evaluated { evaluation: found.evaluation(&arms, &versions, detectability), key, computed })
}

/// Returns the arms that are computed, in their order.
fn arms(material: &Material, order: &EvaluationOrder) -> Vec<Arm> {
    let is_wanted = |arm: &Arm| match arm {
        Arm::Real | Arm::Accepted | Arm::Copies | Arm::Balanced => true,
        Arm::Ceiling => order.arms.contains(arm) && !material.held_back.is_empty(),
        Arm::Eda | Arm::Threshold => order.arms.contains(arm),
    };
    Arm::ALL.into_iter().filter(is_wanted).collect()
}

const fn set_of(arm: Arm) -> Added {
    match arm {
        // The threshold is tuned for every arm; this one uses that of the real rows.
        Arm::Real | Arm::Threshold => Added::Nothing,
        Arm::Accepted => Added::Accepted,
        Arm::Copies => Added::Copies,
        Arm::Balanced => Added::Weights,
        Arm::Eda => Added::Edits,
        Arm::Ceiling => Added::HeldBack,
    }
}

/// Returns the versions whose gain is measured, each with its accepted rows, most rows first.
fn versions(material: &Material) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    material.accepted.iter().for_each(|row| *counts.entry(&row.version).or_default() += 1);
    let mut versions: Vec<(String, usize)> =
        counts.into_iter().map(|(version, rows)| (version.to_owned(), rows)).collect();
    versions.retain(|(_, rows)| *rows >= LEAST_OF_VERSION);
    versions.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    versions.truncate(MOST_VERSIONS);
    versions
}

/// Returns the set of a version; where all accepted rows are its own, theirs.
fn set_of_version((version, rows): &(String, usize), material: &Material) -> Added {
    if *rows == material.accepted.len() { Added::Accepted } else { Added::Version(version.clone()) }
}

fn sets(arms: &[Arm], versions: &[(String, usize)], material: &Material) -> Vec<Added> {
    let mut sets: Vec<Added> = vec![];
    let all = arms
        .iter()
        .map(|arm| set_of(*arm))
        .chain(SHARES.map(Added::Share))
        .chain(versions.iter().map(|version| set_of_version(version, material)));
    for set in all {
        if !sets.contains(&set) {
            sets.push(set);
        }
    }
    sets
}

struct Work<'a> {
    material: &'a Material,
    order: &'a EvaluationOrder,
    keys: &'a RealKey,
}

type Outcomes = Vec<(Added, Vec<Outcome>)>;

impl Work<'_> {
    /// Finds or computes the outcomes of sets, and keeps them; also returns how many were computed.
    fn outcomes(&self, sets: &[Added], watching: Watching<'_>) -> Result<(Outcomes, usize), Stopped> {
        let Watching { tell, keep, stop } = watching;
        let seeds = self.order.seeds as usize;
        let keys: Vec<String> = sets.iter().map(|set| self.keys.set(self.material, set)).collect();
        let mut found: Vec<Vec<Outcome>> = keys.iter().map(|key| self.find(keep, key)).collect();
        let mut jobs: Vec<(usize, u32)> = vec![];
        for seed in 0..self.order.seeds {
            let lacking = found.iter().enumerate().filter(|(_, outcomes)| outcomes.len() <= seed as usize);
            jobs.extend(lacking.map(|(set, _)| (set, seed)));
        }
        let lacking: Vec<Added> = sets
            .iter()
            .zip(&found)
            .filter(|(_, outcomes)| outcomes.len() < seeds)
            .map(|(set, _)| set.clone())
            .collect();
        tell(0, jobs.len());
        if !jobs.is_empty() {
            let grounds = Grounds::of(self.material, &lacking, self.order.seeds);
            let work = |&(set, seed): &(usize, u32)| self.outcome(&grounds, sets.get(set), seed, stop);
            let made = parallel::map_next(&jobs, work, |done| tell(done, jobs.len()));
            for (&(set, _), outcome) in jobs.iter().zip(made) {
                let outcome = outcome?;
                if let Some(outcomes) = found.get_mut(set) {
                    outcomes.push(outcome);
                }
            }
            for ((set, key), outcomes) in sets.iter().zip(&keys).zip(&found) {
                if lacking.contains(set) {
                    keep.keep(key, &to_bytes(outcomes));
                }
            }
        }
        found.iter_mut().for_each(|outcomes| outcomes.truncate(seeds));
        Ok((sets.iter().cloned().zip(found).collect(), jobs.len()))
    }

    fn find(&self, keep: &dyn Keep, key: &str) -> Vec<Outcome> {
        let (rows, classes) = (self.material.test.len(), self.material.classes.len());
        keep.find(key).and_then(|bytes| from_bytes(&bytes, rows, classes)).unwrap_or_default()
    }

    fn outcome(
        &self,
        grounds: &Grounds,
        set: Option<&Added>,
        seed: u32,
        stop: &Stop,
    ) -> Result<Outcome, Stopped> {
        stop.check()?;
        let set = set.unwrap_or(&Added::Nothing);
        let tunes = !matches!(set, Added::Share(_) | Added::Version(_));
        let (ground, training) = grounds.training(self.material, set, seed);
        outcome(self.material, (ground, &training), seed, tunes, (self.order.model, stop))
    }
}

struct Found<'a> {
    material: &'a Material,
    order: &'a EvaluationOrder,
    truth: Truth<'a>,
    outcomes: Outcomes,
}

impl Found<'_> {
    fn of(&self, set: &Added) -> &[Outcome] {
        self.outcomes.iter().find(|(other, _)| other == set).map_or(&[], |(_, outcomes)| outcomes)
    }

    fn decision(&self, arms: &[Arm]) -> Decision {
        let scores = |arm: &Arm| ArmScores {
            arm: *arm,
            seeds: self.of(&set_of(*arm)).iter().map(|outcome| outcome.scores.clone()).collect(),
        };
        let all: Vec<ArmScores> = arms.iter().map(scores).collect();
        // Both arms that it needs are always there.
        decide(&self.truth.is_target, &all).unwrap_or(Decision {
            gain: 0.0,
            interval: Interval::default(),
            arms: vec![],
            verdict: Verdict::Undecided,
            control: None,
        })
    }

    fn added(&self, arm: Arm) -> u64 {
        let target = self.material.accepted_target();
        let added = match arm {
            Arm::Real | Arm::Balanced | Arm::Threshold => 0,
            Arm::Accepted => self.material.accepted.len(),
            Arm::Copies | Arm::Eda => target,
            Arm::Ceiling => target.min(self.material.held_back.len()),
        };
        added as u64
    }

    fn arms(&self, arms: &[Arm], decision: &Decision) -> Vec<ArmFigures> {
        let is_shown = |arm: &Arm| {
            self.order.arms.contains(arm)
                || matches!(arm, Arm::Real | Arm::Accepted)
                || decision.control == Some(*arm)
        };
        let interval = |arm: Arm| {
            let found = decision.arms.iter().find(|mean| mean.arm == arm);
            found.map(|mean| mean.interval).unwrap_or_default()
        };
        let shown = arms.iter().filter(|arm| is_shown(arm));
        shown
            .map(|&arm| {
                let outcomes = self.of(&set_of(arm));
                self.truth.arm(arm, outcomes, self.added(arm), interval(arm), self.order.model)
            })
            .collect()
    }

    /// Returns what the accepted rows of each version bring by themselves.
    fn versions(&self, versions: &[(String, usize)]) -> Vec<VersionGain> {
        let real = self.truth.pr_aucs(self.of(&Added::Nothing));
        let gain = |version: &(String, usize)| {
            let with = self.truth.pr_aucs(self.of(&set_of_version(version, self.material)));
            let gains: Vec<f64> = with.iter().zip(&real).map(|(with, without)| with - without).collect();
            VersionGain { version: version.0.clone(), rows: version.1 as u64, gain: spread(&gains) }
        };
        versions.iter().map(gain).collect()
    }

    fn evaluation(
        &self,
        arms: &[Arm],
        versions: &[(String, usize)],
        detectability: Option<f64>,
    ) -> Evaluation {
        let Self { material, order, truth, .. } = self;
        let decision = self.decision(arms);
        let point = |percent: u8, set: &Added| {
            let rows = share(material.accepted.len(), percent) as u64;
            truth.point(f64::from(percent) / 100.0, rows, self.of(set))
        };
        let between = SHARES.map(|percent| point(percent, &Added::Share(percent)));
        let nothing = Outcome::default();
        let first = |set| self.of(&set).first().unwrap_or(&nothing);
        let accepted = material.accepted.len() as u64;
        let mut evaluation = Evaluation {
            at: Timestamp(0),
            target: material.target_label().to_owned(),
            model: order.model,
            seeds: u64::from(order.seeds),
            train_rows: material.train.len() as u64,
            train_target: material.of_target(&material.train, true).count() as u64,
            test_rows: material.test.len() as u64,
            test_target: material.of_target(&material.test, true).count() as u64,
            accepted,
            accepted_other: accepted - material.accepted_target() as u64,
            left_out: material.left_out,
            arms: self.arms(arms, &decision),
            gain: decision.gain,
            interval: decision.interval,
            mcnemar: truth.mcnemar(first(Added::Nothing), first(Added::Accepted)),
            curve: [point(0, &Added::Nothing)]
                .into_iter()
                .chain(between)
                .chain([point(100, &Added::Accepted)])
                .collect(),
            versions: self.versions(versions),
            detectability,
            opened: 1,
            verdict: decision.verdict,
            control: decision.control,
            warnings: vec![],
            seconds: 0.0,
        };
        evaluation.warnings = warnings(&evaluation);
        evaluation
    }
}

#[cfg(test)]
mod tests;
