//! The scoreboard: the figures of each version and model, and which one is better.
//!
//! The figures come from the counts of the projection and the records of runs, so a decision changes them at once. What
//! needs the rows' texts is computed apart and handed in.
//!
//! Versions of one prompt on one model are compared with one another. All of them with at least ten decisions count for
//! the evidence that is needed, see [`peeking`](super::peeking).

use std::collections::{BTreeMap, HashMap};

use crate::domain::{
    Against, OfGenerator, Projection, RowNumber, ScoreLine, Scoreboard, Standing, Usage, Version, VersionId,
};
use crate::text::{Stop, Stopped};

use super::near_duplicates::near_duplicates;
use super::peeking::LEAST;
use super::{Acceptance, Cut, Posterior, Texts, WordNumbers, decisions_ahead, distinct_n, readers, standing};

/// The reasons that a line shows at most.
const REASONS: usize = 3;

/// What the texts of the rows of each line say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TextFigures(BTreeMap<LineKey, OfTexts>);

/// A line of the scoreboard: a version, a provider and its model.
type LineKey = (VersionId, String, Option<String>);

#[derive(Debug, Clone, Copy, PartialEq)]
struct OfTexts {
    near_duplicates: u32,
    distinct_2: f64,
}

impl TextFigures {
    /// Computes the figures of all rows of generators that read prompts.
    ///
    /// # Errors
    ///
    /// Where it was stopped.
    pub fn of(projection: &Projection, stop: &Stop) -> Result<Self, Stopped> {
        let mut rows: HashMap<_, Vec<RowNumber>> = HashMap::new();
        for row in projection.rows() {
            let Some(run) = row.run().filter(|run| run.generator.reads_prompts()) else { continue };
            let key = (run.version, run.generator.provider.as_str(), run.generator.model.as_deref());
            rows.entry(key).or_default().push(row.number());
        }
        let mut figures = BTreeMap::new();
        for ((version, provider, model), rows) in rows {
            let texts = Texts::of(projection, &rows);
            let near = near_duplicates(&texts, stop)?.into_iter().filter(|near| *near).count();
            let words = WordNumbers::default().rows(texts.iter(), Cut::Words);
            let of = OfTexts {
                near_duplicates: u32::try_from(near).unwrap_or(u32::MAX),
                distinct_2: distinct_n(&words, 2),
            };
            figures.insert((version, provider.to_owned(), model.map(str::to_owned)), of);
        }
        Ok(Self(figures))
    }

    fn get(&self, line: &ScoreLine) -> Option<OfTexts> {
        let key = (line.version, line.provider.clone(), line.model.clone());
        self.0.get(&key).copied()
    }
}

/// Returns the scoreboard: a line for each version and model that has rows, in the order of the versions.
#[must_use]
pub fn scoreboard(projection: &Projection, texts: Option<&TextFigures>) -> Scoreboard {
    of_versions(projection, projection.versions().iter(), texts)
}

/// Returns the scoreboard without the versions of a blind trial that goes on: nor is another one set against them.
#[must_use]
pub(crate) fn told_scoreboard(projection: &Projection, texts: Option<&TextFigures>) -> Scoreboard {
    let told = projection.versions().iter().filter(|version| !projection.hides_version(version.id));
    of_versions(projection, told, texts)
}

fn of_versions<'p>(
    projection: &Projection,
    versions: impl Iterator<Item = &'p Version>,
    texts: Option<&TextFigures>,
) -> Scoreboard {
    let mut lines = Vec::new();
    let mut places: HashMap<VersionId, Vec<usize>> = HashMap::new();
    for version in versions {
        for of in readers(projection.counts().by_generator(version.id)).filter(|of| of.rows > 0) {
            places.entry(version.id).or_default().push(lines.len());
            lines.push(line(version, of));
        }
    }
    count_runs(projection, &places, &mut lines);
    if let Some(texts) = texts {
        for line in &mut lines {
            let of = texts.get(line);
            line.near_duplicates = of.map(|of| of.near_duplicates);
            line.distinct_2 = of.map(|of| of.distinct_2);
        }
    }
    compare(projection, &places, &mut lines);
    Scoreboard { lines }
}

fn line(version: &Version, of: &OfGenerator) -> ScoreLine {
    let reasons = of.reasons().into_iter().take(REASONS);
    ScoreLine {
        version: version.id,
        prompt: version.name.clone(),
        number: version.number,
        provider: of.provider.as_ref().to_owned(),
        model: of.model.as_deref().map(str::to_owned),
        requests: 0,
        rows: of.rows,
        scraps: 0,
        flagged: 0,
        near_duplicates: None,
        decided: of.one_by_one,
        bulk: of.bulk,
        mean_rating: of.ratings.mean(),
        distinct_2: None,
        tokens: 0,
        tokens_per_accepted: None,
        cost_per_accepted: None,
        reasons: reasons.map(|(reason, rows)| (reason.to_owned(), rows)).collect(),
        against_parent: None,
        against_best: None,
    }
}

/// Adds what the runs of each line came to.
fn count_runs(projection: &Projection, places: &HashMap<VersionId, Vec<usize>>, lines: &mut [ScoreLine]) {
    let mut usage = vec![Usage::default(); lines.len()];
    for run in projection.runs() {
        let of_version = places.get(&run.version).map(Vec::as_slice).unwrap_or_default();
        let (provider, model) = (&run.generator.provider, &run.generator.model);
        let fits = |place: &&usize| {
            lines.get(**place).is_some_and(|line| line.provider == *provider && line.model == *model)
        };
        let Some(&place) = of_version.iter().find(fits) else { continue };
        let line = &mut lines[place];
        line.requests = line.requests.saturating_add(run.requests);
        line.scraps = line.scraps.saturating_add(run.scraps);
        line.flagged = line.flagged.saturating_add(run.flagged);
        usage[place].add(run.settings.price, run.used());
    }
    for (line, usage) in lines.iter_mut().zip(usage) {
        let tokens = usage.tokens();
        line.tokens = tokens.input.saturating_add(tokens.output);
        let accepted = line.decided.accepted + line.bulk.accepted;
        if accepted > 0 {
            let is_priced = usage.unpriced() == crate::domain::Tokens::default();
            line.tokens_per_accepted = Some(super::real(line.tokens) / f64::from(accepted));
            line.cost_per_accepted =
                usage.cost_usd().filter(|_| is_priced).map(|cost| cost / f64::from(accepted));
        }
    }
}

/// Sets each line against its parent and against the best of its prompt and model.
fn compare(projection: &Projection, places: &HashMap<VersionId, Vec<usize>>, lines: &mut [ScoreLine]) {
    let mut groups: HashMap<(&str, &str, Option<&str>), Vec<usize>> = HashMap::new();
    for (place, line) in lines.iter().enumerate() {
        let key = (line.prompt.as_str(), line.provider.as_str(), line.model.as_deref());
        groups.entry(key).or_default().push(place);
    }
    let mut found = Vec::with_capacity(lines.len());
    for group in groups.values() {
        let judged: Vec<usize> = group.iter().copied().filter(|place| is_judged(&lines[*place])).collect();
        let best = best_of(lines, &judged);
        for &place in group {
            let line = &lines[place];
            let against = |other: usize| {
                let other = &lines[other];
                let more = [line, other].into_iter().filter(|line| !is_judged(line)).count();
                let versions = u32::try_from(judged.len() + more).unwrap_or(u32::MAX);
                between(line, other, versions)
            };
            let parent = projection.version(line.version).and_then(|version| version.parent);
            let parent = parent.and_then(|parent| {
                let of_parent = places.get(&parent)?;
                of_parent.iter().copied().find(|other| {
                    lines[*other].provider == line.provider && lines[*other].model == line.model
                })
            });
            found.push((place, parent.map(against), best.filter(|best| *best != place).map(against)));
        }
    }
    for (place, parent, best) in found {
        lines[place].against_parent = parent;
        lines[place].against_best = best;
    }
}

/// Returns whether a line has decisions enough to be compared.
fn is_judged(line: &ScoreLine) -> bool {
    f64::from(line.decided.total()) >= LEAST
}

/// Returns the first of the lines with the highest accepted share.
fn best_of(lines: &[ScoreLine], judged: &[usize]) -> Option<usize> {
    let rate = |place: usize| Acceptance::from(lines[place].decided).rate().unwrap_or_default();
    judged.iter().copied().reduce(|best, other| if rate(other) > rate(best) { other } else { best })
}

fn between(line: &ScoreLine, other: &ScoreLine, versions: u32) -> Against {
    let (own, its): (Acceptance, Acceptance) = (line.decided.into(), other.decided.into());
    let standing = standing(own, its, versions);
    let is_open = standing == Standing::Undecided;
    Against {
        version: other.version,
        number: other.number,
        probability: Posterior::of(own).beats(Posterior::of(its)),
        standing,
        more: is_open.then(|| decisions_ahead(own, its, versions)).flatten(),
    }
}

#[cfg(test)]
mod tests;
