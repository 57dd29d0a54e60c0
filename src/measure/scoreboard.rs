//! The scoreboard: what the rows of each version and model came to, and which version is better.

use std::collections::BTreeMap;

use super::word_rows::{Cut, WordNumbers};
use super::{Acceptance, Posterior, distinct_n, near_duplicates};
use crate::domain::{
    Against, OfGenerator, OfLine, Projection, RowView, Run, ScoreLine, Scoreboard, Standing, TextFigures,
    Version, VersionId,
};
use crate::text::{Stop, Stopped};

/// The probability from which one version is said to be better.
const SURE: f64 = 0.99;
/// The most decisions that are looked ahead.
const MOST: u32 = 10_000;
/// The fewest decisions of the best line.
const LEAST: u32 = 10;

/// Returns the scoreboard; without text figures the figures of texts are left open.
#[must_use]
pub(crate) fn scoreboard(projection: &Projection, texts: Option<&TextFigures>) -> Scoreboard {
    let mut lines = Vec::new();
    let marks = Marks::of(projection);
    for version in projection.versions() {
        for of in super::readers(projection.counts().by_generator(version.id)) {
            lines.push(line_of(version, of, projection, &marks, texts));
        }
    }
    let against = (0..lines.len()).map(|place| (of_parent(&lines, place, projection), of_best(&lines, place)));
    let against: Vec<_> = against.collect();
    for (line, (parent, best)) in lines.iter_mut().zip(against) {
        (line.against_parent, line.against_best) = (parent, best);
    }
    Scoreboard { lines }
}

/// Counts what the texts of all lines come to.
///
/// # Errors
///
/// Where it was stopped.
pub(crate) fn text_figures(projection: &Projection, stop: &Stop) -> Result<TextFigures, Stopped> {
    let mut texts: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for row in projection.rows() {
        if let Some(run) = row.run() {
            texts.entry(key(run)).or_default().push(row.original_text());
        }
    }
    let mut figures = TextFigures::default();
    for (key, texts) in texts {
        let near = near_duplicates::near_duplicates(&texts, stop)?;
        let near_duplicates =
            u32::try_from(near.into_iter().filter(|is_near| *is_near).count()).unwrap_or(u32::MAX);
        let rows = WordNumbers::default().rows(texts, Cut::Words);
        figures.lines.insert(key, OfLine { near_duplicates, distinct_2: distinct_n(&rows, 2) });
    }
    Ok(figures)
}

type LineKey = (VersionId, String, Option<String>);

fn key(run: &Run) -> LineKey {
    (run.version, run.generator.provider.clone(), run.generator.model.clone())
}

/// The marks of the rows of each line.
struct Marks(BTreeMap<LineKey, OfMarks>);

#[derive(Default)]
struct OfMarks {
    stars: (u32, u32),
    reasons: BTreeMap<String, u32>,
}

impl Marks {
    fn of(projection: &Projection) -> Self {
        let mut all: BTreeMap<LineKey, OfMarks> = BTreeMap::new();
        let decided = |row: &RowView<'_>| row.state().kind() != crate::domain::StateKind::Pending;
        for row in projection.rows().filter(decided) {
            let (Some(run), mark) = (row.run(), row.mark()) else { continue };
            let of = all.entry(key(run)).or_default();
            if let Some(rating) = row.state().rating() {
                of.stars = (of.stars.0 + u32::from(rating.stars()), of.stars.1 + 1);
            }
            if let Some(reason) = mark.reason {
                *of.reasons.entry(reason).or_default() += 1;
            }
        }
        Self(all)
    }
}

fn line_of(
    version: &Version,
    of: &OfGenerator,
    projection: &Projection,
    marks: &Marks,
    texts: Option<&TextFigures>,
) -> ScoreLine {
    let model = of.model.as_deref();
    let is_here = |run: &&Run| {
        run.version == version.id && of.is_from(&run.generator.provider, run.generator.model.as_deref())
    };
    let runs = || projection.runs().filter(is_here);
    let sum = |count: fn(&Run) -> u32| runs().map(count).sum::<u32>();
    let tokens: u64 = runs().map(|run| run.tokens.input + run.tokens.output).sum();
    let cost = runs().filter_map(|run| run.cost_usd).reduce(|a, b| a + b);
    let accepted = of.one_by_one.accepted + of.bulk.accepted;
    let each = |all: f64| (accepted > 0).then(|| all / f64::from(accepted));
    let text = texts.and_then(|texts| texts.of(version.id, &of.provider, model));
    let mark = marks.0.get(&(version.id, of.provider.to_string(), model.map(str::to_owned)));
    let mut reasons: Vec<(String, u32)> =
        mark.map(|mark| mark.reasons.clone().into_iter().collect()).unwrap_or_default();
    reasons.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    reasons.truncate(3);
    let stars = mark.map(|mark| mark.stars).filter(|(_, rated)| *rated > 0);
    #[expect(clippy::cast_precision_loss, reason = "nobody pays for 2^53 tokens")]
    let tokens_per_accepted = each(tokens as f64);
    ScoreLine {
        version: version.id,
        prompt: version.name.clone(),
        number: version.number,
        provider: of.provider.to_string(),
        model: model.map(str::to_owned),
        requests: sum(|run| run.requests),
        rows: of.rows,
        scraps: sum(|run| run.scraps),
        flagged: sum(|run| run.flagged),
        near_duplicates: text.map(|text| text.near_duplicates),
        decided: of.one_by_one,
        bulk: of.bulk,
        mean_rating: stars.map(|(stars, rated)| f64::from(stars) / f64::from(rated)),
        distinct_2: text.map(|text| text.distinct_2),
        tokens,
        tokens_per_accepted,
        cost_per_accepted: cost.and_then(each),
        reasons,
        against_parent: None,
        against_best: None,
    }
}

fn is_same_writer(a: &ScoreLine, b: &ScoreLine) -> bool {
    (&a.provider, &a.model) == (&b.provider, &b.model)
}

fn of_parent(lines: &[ScoreLine], place: usize, projection: &Projection) -> Option<Against> {
    let line = lines.get(place)?;
    let parent = projection.version(line.version)?.parent?;
    let other = lines.iter().find(|other| other.version == parent && is_same_writer(line, other))?;
    Some(against(line, other))
}

fn of_best(lines: &[ScoreLine], place: usize) -> Option<Against> {
    let line = lines.get(place)?;
    let rate = |line: &ScoreLine| Acceptance::from(line.decided).rate().unwrap_or_default();
    let rivals = lines.iter().filter(|other| {
        other.prompt == line.prompt && is_same_writer(line, other) && other.decided.total() >= LEAST
    });
    let best = rivals.max_by(|a, b| rate(a).total_cmp(&rate(b)))?;
    (best.version != line.version).then(|| against(line, best))
}

fn against(line: &ScoreLine, other: &ScoreLine) -> Against {
    let (own, others) = (Acceptance::from(line.decided), Acceptance::from(other.decided));
    let probability = Posterior::of(own).beats(Posterior::of(others));
    let standing = standing(probability);
    let more = (standing == Standing::Undecided).then(|| more(own, others)).flatten();
    Against { version: other.version, number: other.number, probability, standing, more }
}

fn standing(probability: f64) -> Standing {
    match probability {
        p if p >= SURE => Standing::Better,
        p if p <= 1.0 - SURE => Standing::Worse,
        _ => Standing::Undecided,
    }
}

/// Returns about how many more decisions on each would tell.
fn more(own: Acceptance, other: Acceptance) -> Option<u32> {
    let (a, b) = (own.rate()?, other.rate()?);
    let variance = a * (1.0 - a) + b * (1.0 - b);
    let needed = 5.41 * variance / ((a - b) * (a - b));
    #[expect(clippy::cast_precision_loss, reason = "nobody decides 2^53 rows")]
    let there = own.decided().min(other.decided()) as f64;
    let left = (needed - there).max(1.0).ceil();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is from 1 to 10,000")]
    (left.is_finite() && left <= f64::from(MOST)).then_some(left as u32)
}
