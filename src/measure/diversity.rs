//! All figures of diversity of some rows, each beside what as many real rows have.
//!
//! Most of these figures change with the number of rows: two thousand rows repeat more words than two hundred. So rows are
//! compared with real ones in equal numbers only:
//!
//! ```text
//! known real rows ──shuffled──► A (m rows) │ B (m rows)
//! rows of a group ──shuffled──► S (m rows)                  m = min(rows, known real rows / 2)
//! value = figure of S, or of S against B        real = figure of A, or of A against B
//! ```
//!
//! Few rows vary by chance from draw to draw; then both are means of several draws.

use std::collections::BTreeMap;

use super::histogram::histogram;
use super::lengths::{kolmogorov_smirnov, length_figures};
use super::limits::{self, Compared};
use super::near_duplicates::near_duplicates;
use super::ngrams::distinct;
use super::rouge::variations;
use super::vocabulary::{compare_words, used_otherwise};
use super::{Cut, Texts, WordNumbers, WordRows, compression_ratio, self_bleu, self_repetition, vendi};
use crate::domain::{Figure, GroupFigures, LengthTest, Lengths, Measured};
use crate::parallel;
use crate::text::{SplitMix64, Stop, Stopped};

/// Fewer rows have no figures, and fewer on either side are not compared.
pub(crate) const LEAST_ROWS: usize = 10;

/// The seed of all draws: the same rows always have the same figures.
const SEED: u64 = 42;

/// Of so many rows figures are taken where there are no real rows to compare with: of about as many their typical values
/// are known.
const ALONE: usize = 100;

/// How often rows are drawn where they are few.
const DRAWS: u64 = 5;
/// Up to this many rows are drawn more than once.
const FEW: usize = 200;

/// The most rows of which Self-BLEU is taken.
const BLEU_ROWS: usize = 100;
/// The most rows of which the Vendi score is taken.
const VENDI_ROWS: usize = 500;
/// The most rows that are looked at for variations of real rows.
const VARIATION_ROWS: usize = 500;

/// How many words are named on each side.
const MOST_WORDS: usize = 10;

/// Numbers the words of texts that are compared with one another.
#[derive(Debug, Clone, Default)]
pub struct Pool {
    words: WordNumbers,
}

/// Texts, cut into words. What single figures mean by a word otherwise is cut when they are taken.
#[derive(Debug, Clone, Default)]
pub struct Prepared {
    texts: Texts,
    words: WordRows,
}

type Values = BTreeMap<Figure, f64>;

impl Pool {
    /// Cuts texts into words.
    #[must_use]
    pub fn prepare(&mut self, texts: Texts) -> Prepared {
        let words = self.words.rows(texts.iter(), Cut::Words);
        Prepared { texts, words }
    }
}

impl Prepared {
    /// Returns how many texts there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.texts.len()
    }

    /// Returns whether there is no text.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Returns the lengths; `None` of nothing.
    #[must_use]
    pub fn lengths(&self) -> Option<Lengths> {
        let chars: Vec<usize> = self.texts.iter().map(|text| text.chars().count()).collect();
        Some(Lengths { words: length_figures(&self.in_words())?, chars: length_figures(&chars)? })
    }

    fn in_words(&self) -> Vec<usize> {
        self.words.iter().map(<[u32]>::len).collect()
    }

    fn pick(&self, rows: &[usize]) -> Self {
        Self { texts: self.texts.pick(rows), words: self.words.pick(rows) }
    }

    /// Returns the figures that need no other rows.
    fn own(&self, pool: &Pool, stop: &Stop) -> Result<Values, Stopped> {
        let few = |most| self.words.pick(&order(self.len(), SEED)[..self.len().min(most)]);
        let bleu = self_bleu(&few(BLEU_ROWS), 4);
        stop.check()?;
        // One after another, so that what each needs in memory is not there at once.
        let others = || {
            let blanks = WordNumbers::default().rows(self.texts.iter(), Cut::Blanks);
            let repetition = self_repetition(&blanks);
            drop(blanks);
            let distinct = distinct(&self.words);
            stop.check()?;
            Ok((repetition, distinct, near_duplicates(&self.texts, stop)?))
        };
        let (ratio, others) = parallel::both(|| compression_ratio(&self.texts, stop), others);
        let (ratio, (repetition, distinct, near)) = (ratio?, others?);
        let near = near.iter().filter(|near| **near).count();
        let values = Values::from([
            (Figure::Distinct1, distinct[0]),
            (Figure::Distinct2, distinct[1]),
            (Figure::NgramDiversity, distinct.iter().sum()),
            (Figure::SelfBleu, bleu.iter().sum::<f64>() / super::float(bleu.len().max(1))),
            (Figure::CompressionRatio, ratio),
            (Figure::SelfRepetition, repetition),
            (Figure::NearDuplicates, super::share(near, self.len())),
        ]);
        stop.check()?;
        Ok(values.into_iter().chain([(Figure::Vendi, vendi(&few(VENDI_ROWS), &pool.words))]).collect())
    }

    /// Returns the figures that compare with reference rows.
    fn against(&self, reference: &Self, pool: &Pool, stop: &Stop) -> Result<Values, Stopped> {
        let mut values = Values::new();
        if let Some(words) = compare_words(&self.words, &reference.words, &pool.words) {
            values.insert(Figure::Jsd, words.jsd);
            values.insert(Figure::TypeJaccard, words.type_jaccard);
            values.insert(Figure::OovRate, words.oov_rate);
            values.insert(Figure::Coverage, words.coverage);
        }
        if let Some(test) = kolmogorov_smirnov(&self.in_words(), &reference.in_words()) {
            values.insert(Figure::LengthDistance, test.statistic);
        }
        let few = self.texts.pick(&order(self.len(), SEED)[..self.len().min(VARIATION_ROWS)]);
        let mut ascii = WordNumbers::default();
        let (few, others) =
            (ascii.rows(few.iter(), Cut::Ascii), ascii.rows(reference.texts.iter(), Cut::Ascii));
        values.insert(Figure::Variations, variations(&few, &others, stop)?);
        Ok(values)
    }
}

/// One piece of the work, done on a core of its own.
#[derive(Debug, Clone, Copy)]
enum Work {
    /// The figures of all rows.
    All,
    /// Those of a draw of the rows.
    Rows(u64),
    /// Those of a draw of the real rows.
    Real(u64),
}

/// Returns all figures of rows, beside those of as many known real rows, without sentences; there must be a few rows at
/// least.
///
/// # Errors
///
/// Where it was stopped.
pub fn compare(rows: &Prepared, real: &Prepared, pool: &Pool, stop: &Stop) -> Result<GroupFigures, Stopped> {
    let is_compared = rows.len().min(real.len() / 2) >= LEAST_ROWS;
    let size = rows.len().min(if is_compared { real.len() / 2 } else { ALONE });
    let draws = if size <= FEW { DRAWS } else { 1 };
    let mut work = if rows.len() > size { vec![Work::All] } else { Vec::new() };
    let of_draw = |draw| [is_compared.then_some(Work::Real(draw)), Some(Work::Rows(draw))];
    work.extend((0..draws).flat_map(of_draw).flatten());
    let done = parallel::map(&work, |work| match *work {
        Work::All => rows.own(pool, stop),
        Work::Rows(draw) if !is_compared => drawn(rows, size, draw).own(pool, stop),
        Work::Rows(draw) => {
            let (_, reference) = halves(real, size, draw);
            drawn(rows, size, draw).with(&reference, pool, stop)
        }
        Work::Real(draw) => {
            let (half, reference) = halves(real, size, draw);
            half.with(&reference, pool, stop)
        }
    });
    let (mut all, mut of_rows, mut of_real) = (Values::new(), Values::new(), Values::new());
    for (work, values) in work.into_iter().zip(done) {
        match work {
            Work::All => all = values?,
            Work::Rows(_) => add(&mut of_rows, values?, draws),
            Work::Real(_) => add(&mut of_real, values?, draws),
        }
    }
    let test = kolmogorov_smirnov(&rows.in_words(), &real.in_words());
    let measured = |figure: Figure| {
        let value = |values: &Values| values.get(&figure).copied();
        let (value, real, all) = (value(&of_rows), value(&of_real), value(&all));
        let limit = limits::limit(figure, real, size);
        Measured { figure, value, all, real, typical: figure.typical(), limit, sentence: None }
    };
    let (more_often, less_often) = used_otherwise(&rows.words, &real.words, &pool.words, MOST_WORDS);
    Ok(GroupFigures {
        compared: size as u64,
        figures: Figure::ALL.into_iter().map(measured).collect(),
        lengths: rows.lengths(),
        length_test: test.map(|test| LengthTest { statistic: test.statistic, p: test.p }),
        histogram: histogram(&rows.in_words(), &real.in_words()),
        more_often,
        less_often,
    })
}

/// Adds a sentence to each figure that is beyond its limit. `who` names the rows, as *Accepted rows*.
pub(crate) fn tell(who: &str, figures: &mut GroupFigures, real: &Prepared) {
    let compared = Compared {
        who,
        lengths: figures.lengths.zip(real.lengths()).map(|(rows, real)| (rows.words, real.words)),
        differ_in_length: figures.length_test.is_some_and(|test| test.p < limits::LENGTH_P),
    };
    for Measured { figure, value, real, limit, sentence, .. } in &mut figures.figures {
        let sentence_of = |(value, limit)| compared.sentence(*figure, value, *real, limit);
        *sentence = value.zip(*limit).and_then(sentence_of);
    }
}

impl Prepared {
    fn with(&self, reference: &Self, pool: &Pool, stop: &Stop) -> Result<Values, Stopped> {
        let mut values = self.own(pool, stop)?;
        values.append(&mut self.against(reference, pool, stop)?);
        Ok(values)
    }
}

/// Adds one draw's part to the means of all.
#[expect(clippy::cast_precision_loss, reason = "there are few draws")]
fn add(means: &mut Values, values: Values, draws: u64) {
    for (figure, value) in values {
        *means.entry(figure).or_default() += value / draws as f64;
    }
}

/// Returns the indexes of rows in an order that a seed gives.
fn order(rows: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rows).collect();
    SplitMix64::new(seed).shuffle(&mut order);
    order
}

fn seed_of(draw: u64) -> u64 {
    SplitMix64::new(SEED).fork(draw).next_u64()
}

/// Draws `size` rows; all of them in their own order where there are no more.
fn drawn(rows: &Prepared, size: usize, draw: u64) -> Prepared {
    let order = order(rows.len(), seed_of(draw));
    rows.pick(order.get(..size).unwrap_or(&order))
}

/// Draws two sets of `size` rows that share none.
fn halves(real: &Prepared, size: usize, draw: u64) -> (Prepared, Prepared) {
    let order = order(real.len(), seed_of(draw));
    let (half, rest) = order.split_at(size.min(order.len()));
    (real.pick(half), real.pick(rest.get(..size).unwrap_or(rest)))
}
