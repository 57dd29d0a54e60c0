//! Composes a text from sentences and clauses of several rows.

use super::english;
use super::join::{Joined, crossed, joined_clauses};
use super::lexicon::{Lexicon, Token};
use super::model::{Model, Place, Sentence};
use super::style::{Style, ended, is_whole};
use crate::text::SplitMix64;

/// The number of candidates drawn for each next sentence.
const LOOKED_AT: usize = 60;
/// How often a text from a one-sentence row gets a second sentence, in percent.
const SECOND: usize = 60;
/// How often a sentence is joined with parts of another, in percent.
const CHANGED: usize = 25;
/// The score of the sentence that really came next.
const REALLY_NEXT: f64 = 2.0;
/// The most sentences a text is made of.
const MOST_SENTENCES: usize = 5;

/// A composed text.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    /// The text.
    pub text: String,
    /// The indices of the sentences that it was made of.
    pub used: Vec<usize>,
    /// The mean score of its transitions; higher is better.
    pub score: f64,
}

/// How often each sentence was used so far; often used ones score lower.
pub(super) type Uses = [u32];

/// Writes texts of one label, each out of several rows.
pub(super) struct Composer<'a> {
    pub model: &'a Model,
    pub lexicon: &'a Lexicon,
    pub uses: &'a Uses,
    pub temperature: f64,
    /// The most characters of a text.
    pub most_chars: usize,
}

impl Composer<'_> {
    /// Composes a text, or `None` if the random choices gave no acceptable one.
    pub(super) fn compose(&self, random: &mut SplitMix64) -> Option<Draft> {
        let frame = self.opening(random)?;
        let places = self.places(frame, random);
        let style = self.model.sentences[frame].style;
        let mut parts: Vec<Joined> = vec![self.changed(frame, places == 1, random)?];
        for place in 1..places {
            #[expect(clippy::cast_precision_loss, reason = "a text has few sentences")]
            let aim = Aim { place: place as f64 / (places - 1) as f64, last: place + 1 == places };
            let next = self.next(&parts, aim, random)?;
            let mut part = self.changed(next.0, false, random)?;
            part.score += next.1;
            parts.push(part);
        }
        let used: Vec<usize> = parts.iter().flat_map(|part| part.used.iter().copied()).collect();
        let joins: f64 = parts.iter().map(|part| part.score).sum();
        #[expect(clippy::cast_precision_loss, reason = "a text has few sentences")]
        let score = joins / parts.len() as f64;
        let text = written(&parts, style);
        (is_whole(&text) && text.chars().count() <= self.most_chars).then_some(Draft { text, used, score })
    }

    /// Draws the sentence that a text begins with.
    fn opening(&self, random: &mut SplitMix64) -> Option<usize> {
        let openings = self.model.sentences.iter().enumerate().filter(|(_, sentence)| sentence.place.opens());
        let all: Vec<(usize, f64)> = openings.map(|(index, _)| (index, -self.worn(index))).collect();
        self.draw(&all, random).map(|choice| choice.0)
    }

    /// Returns the number of sentences of a text whose opening is the sentence `frame`.
    fn places(&self, frame: usize, random: &mut SplitMix64) -> usize {
        let row = &self.model.rows[self.model.sentences[frame].row];
        match row.sentences.len() {
            1 if random.below(100) < SECOND => 2,
            2 if random.below(100) < 10 => 3,
            // A longer text has more transitions that may be bad.
            count if count > 2 && random.below(100) < 75 => (count - 1).min(MOST_SENTENCES),
            count => count.min(MOST_SENTENCES),
        }
    }

    /// Draws the next sentence, and returns it with its score.
    fn next(&self, parts: &[Joined], aim: Aim, random: &mut SplitMix64) -> Option<(usize, f64)> {
        let all = &self.model.sentences;
        let before = Before::new(self.model, parts)?;
        let mut candidates: Vec<usize> = (0..LOOKED_AT).map(|_| random.below(all.len())).collect();
        candidates.retain(|&index| !before.rows.contains(&all[index].row) && !all[index].greets);
        // The sentence that really came next is allowed too, but a text never comes from one row alone.
        if !all[before.end].place.closes()
            && (!aim.last || before.rows.iter().any(|row| *row != before.rows[0]))
        {
            candidates.push(before.end + 1);
        }
        candidates.sort_unstable();
        candidates.dedup();
        let scored: Vec<(usize, f64)> =
            candidates.into_iter().map(|index| (index, self.fit(&before, index, aim))).collect();
        self.draw(&scored, random)
    }

    /// Scores a sentence as the continuation of the parts before it.
    fn fit(&self, before: &Before<'_>, index: usize, aim: Aim) -> f64 {
        let model = self.model;
        let (first, end, next) =
            (&model.sentences[before.used[0]], &model.sentences[before.end], &model.sentences[index]);
        let place = aim.fit(next) - self.worn(index);
        if index == before.end + 1 && !next.place.opens() {
            return place + REALLY_NEXT;
        }
        let leaning = if next.place.opens() { 0.0 } else { english::leaning(&before.words, &next.words) };
        let dials = next.dials && before.dials;
        place
            + 3.0 * model.likeness(first.row, next.row)
            + 2.0 * model.seam(before.end, index)
            + 0.2 * model.ngrams.join(&end.reading, &next.reading)
            - 2.0 * leaning
            - 2.0 * next.echoes
            - 3.0 * (before.repeated(model, next) - 0.25).max(0.0)
            - if dials { 1.5 } else { 0.0 }
            - if next.style == first.style { 0.0 } else { 0.5 }
    }

    /// Returns a sentence joined with part of another one, or unchanged unless `must` is set.
    fn changed(&self, index: usize, must: bool, random: &mut SplitMix64) -> Option<Joined> {
        let change = must || random.below(100) < CHANGED;
        if change {
            let clause_first = random.below(2) == 0;
            let one = |first: bool, random: &mut SplitMix64| {
                let all =
                    if first { joined_clauses(self, index, random) } else { crossed(self, index, random) };
                let scores: Vec<(usize, f64)> = all.iter().map(|joined| joined.score).enumerate().collect();
                let at = self.draw(&scores, random)?.0;
                all.into_iter().nth(at).filter(|joined| joined.score > -0.4)
            };
            if let Some(joined) = one(clause_first, random).or_else(|| one(!clause_first, random)) {
                return Some(joined);
            }
        }
        let text = self.model.sentences[index].text.clone();
        (!must).then(|| Joined { text, used: vec![index], score: 0.0 })
    }

    /// Returns the penalty of a sentence for its earlier uses.
    pub(super) fn worn(&self, index: usize) -> f64 {
        1.2 * f64::from(self.uses.get(index).copied().unwrap_or(0) + 1).ln()
    }

    /// Draws one of the scored choices; a lower temperature favours the best ones more.
    pub(super) fn draw(&self, choices: &[(usize, f64)], random: &mut SplitMix64) -> Option<(usize, f64)> {
        let best = choices.iter().copied().max_by(|one, other| one.1.total_cmp(&other.1))?;
        // At temperature 1, a score lower by one is a third as likely.
        let heat = (self.temperature * 0.9).clamp(0.02, 5.0);
        let weights: Vec<f64> = choices.iter().map(|choice| ((choice.1 - best.1) / heat).exp()).collect();
        let mut left = random.unit() * weights.iter().sum::<f64>();
        let drawn = weights.iter().position(|weight| {
            left -= weight;
            left < 0.0
        });
        Some(drawn.map_or(best, |at| choices[at]))
    }
}

/// The position in the text that a sentence is drawn for.
#[derive(Debug, Clone, Copy)]
struct Aim {
    /// From 0 (first) to 1 (last).
    place: f64,
    last: bool,
}

impl Aim {
    /// Scores how well a sentence's position in its row matches this one.
    fn fit(self, sentence: &Sentence) -> f64 {
        let stood = match sentence.place {
            Place::Only if self.last => return -0.3,
            Place::Only | Place::First => return -0.8,
            Place::Middle(at) => at,
            Place::Last => 1.0,
        };
        0.6 - 1.5 * (stood - self.place).abs()
    }
}

/// What the next sentence is scored against: the text so far.
struct Before<'a> {
    used: Vec<usize>,
    /// The last sentence used.
    end: usize,
    rows: Vec<usize>,
    words: Vec<String>,
    said: Vec<&'a [Token]>,
    dials: bool,
}

impl<'a> Before<'a> {
    fn new(model: &'a Model, parts: &[Joined]) -> Option<Self> {
        let used: Vec<usize> = parts.iter().flat_map(|part| part.used.iter().copied()).collect();
        let sentences = || used.iter().map(|&index| &model.sentences[index]);
        Some(Self {
            end: *used.last()?,
            rows: sentences().map(|sentence| sentence.row).collect(),
            words: sentences().flat_map(|sentence| sentence.words.iter().cloned()).collect(),
            said: sentences().map(|sentence| sentence.tokens.as_slice()).collect(),
            dials: sentences().any(|sentence| sentence.dials),
            used,
        })
    }

    /// Returns the weighted share of a sentence's words that the text already contains, from 0 to 1.
    fn repeated(&self, model: &Model, next: &Sentence) -> f64 {
        let (mut said, mut all) = (0.0, 0.0);
        for token in &next.tokens {
            let weight = model.weight(token.bare);
            all += weight;
            if self.said.iter().any(|tokens| tokens.iter().any(|other| other.bare == token.bare)) {
                said += weight;
            }
        }
        if all > 0.0 { said / all } else { 0.0 }
    }
}

/// Writes the parts one after another, all in one style.
fn written(parts: &[Joined], style: Style) -> String {
    let last = parts.len() - 1;
    let sentences = parts.iter().enumerate().map(|(at, part)| {
        let dressed = if at == 0 { part.text.clone() } else { style.dress(&part.text) };
        if at == last { dressed } else { ended(&dressed) }
    });
    sentences.collect::<Vec<_>>().join(" ")
}
