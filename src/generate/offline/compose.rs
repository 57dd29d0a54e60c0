//! Composes a text from sentences and clauses of several rows.

use std::collections::{HashMap, HashSet};

use super::join::{Joined, KEPT_WORDS, crossed, joined_clauses};
use super::lexicon::WordId;
use super::model::{Model, Place, Sentence};
use super::style::{Style, ended, is_unspaced, is_whole};
use crate::text::{SplitMix64, Spread};

/// The number of candidates drawn for an opening, and for each next sentence.
const LOOKED_AT: usize = 60;
/// How many of them, those that suit the place best, are compared with the text so far.
const COMPARED: usize = 16;
/// How often a text from a one-sentence row gets a second sentence, in percent.
const SECOND: usize = 60;
/// How often a sentence is joined with parts of another, in percent.
const CHANGED: usize = 25;
/// The score of the sentence that really came next.
const REALLY_NEXT: f64 = 2.0;
/// The most sentences a text is made of.
const MOST_SENTENCES: usize = 60;

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

/// Writes texts of one label, each out of several rows.
pub(super) struct Composer<'a> {
    pub model: &'a Model,
    /// The penalty of each sentence for its earlier uses.
    pub worn: &'a [f64],
    pub temperature: f64,
    /// The most characters of a text.
    pub most_chars: usize,
}

/// Returns the penalty of a sentence that was used so often.
pub(super) fn wear(uses: u32) -> f64 {
    1.2 * f64::from(uses + 1).ln()
}

impl Composer<'_> {
    /// Composes a text, or `None` if the random choices gave no acceptable one.
    pub(super) fn compose(&self, random: &mut SplitMix64) -> Option<Draft> {
        let frame = self.opening(random)?;
        let places = self.places(frame, random);
        let style = self.model.sentences[frame].style;
        let mut parts: Vec<Joined> = vec![self.changed(frame, places == 1, random)?];
        let mut bytes = parts[0].text.len();
        for place in 1..places {
            // A character has four bytes at most.
            if bytes > 4 * self.most_chars {
                return None;
            }
            #[expect(clippy::cast_precision_loss, reason = "a text has few sentences")]
            let aim = Aim { place: place as f64 / (places - 1) as f64, last: place + 1 == places };
            let next = self.next(&parts, aim, random)?;
            let mut part = self.changed(next.0, false, random)?;
            part.score += next.1;
            bytes += part.text.len();
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
        let some = (0..LOOKED_AT).filter_map(|_| random.choose(&self.model.openings).copied());
        let some: Vec<(usize, f64)> = some.map(|index| (index, -self.worn[index])).collect();
        self.draw(&some, random).map(|choice| choice.0)
    }

    /// Returns the number of sentences of a text whose opening is the sentence `frame`.
    fn places(&self, frame: usize, random: &mut SplitMix64) -> usize {
        let opening = &self.model.sentences[frame];
        let row = &self.model.rows[opening.row];
        match row.sentences.len() {
            // Where real rows are a word or two, a text of two of them is none of their kind.
            1 if opening.tokens.len() >= KEPT_WORDS && random.below(100) < SECOND => 2,
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
        if !aim.last || before.rows.iter().any(|row| *row != before.rows[0]) {
            candidates.extend(before.really_next);
        }
        candidates.sort_unstable();
        candidates.dedup();
        let mut scored: Vec<(usize, f64)> =
            candidates.into_iter().map(|index| (index, self.suits(&before, index, aim))).collect();
        if scored.len() > COMPARED {
            scored.select_nth_unstable_by(COMPARED, |one, other| {
                other.1.total_cmp(&one.1).then(one.0.cmp(&other.0))
            });
            scored.truncate(COMPARED);
        }
        scored.iter_mut().for_each(|(index, score)| *score += self.continues(&before, *index));
        self.draw(&scored, random)
    }

    /// Scores how well a sentence suits a place, whatever it says.
    fn suits(&self, before: &Before, index: usize, aim: Aim) -> f64 {
        let (first, next) = (&self.model.sentences[before.first], &self.model.sentences[index]);
        let place = aim.fit(next) - self.worn[index];
        if before.really_next == Some(index) {
            return place + REALLY_NEXT;
        }
        let leaning = if next.place.opens() { 0.0 } else { next.leaning.behind(before.mentions) };
        place
            - 2.0 * leaning
            - 2.0 * next.echoes
            - if next.dials && before.dials { 1.5 } else { 0.0 }
            - if next.style == first.style { 0.0 } else { 0.5 }
    }

    /// Scores how well what a sentence says continues the parts before it.
    fn continues(&self, before: &Before, index: usize) -> f64 {
        if before.really_next == Some(index) {
            return 0.0;
        }
        let model = self.model;
        let (end, next) = (&model.sentences[before.end], &model.sentences[index]);
        let ahead = cosine(&before.follower, &next.says);
        let behind = model.leader(index).map_or(0.0, |leader| cosine(&before.says, &leader.says));
        3.0 * cosine(&before.topic, &model.rows[next.row].topic)
            + 2.0 * (ahead + behind)
            + 0.2 * model.ngrams.join(&end.reading, &next.reading)
            - 3.0 * (model.share_of(&next.tokens, |id| before.said.contains(&id)) - 0.25).max(0.0)
    }

    /// Returns a sentence joined with part of another one, or unchanged unless `must` is set.
    fn changed(&self, index: usize, must: bool, random: &mut SplitMix64) -> Option<Joined> {
        let change = must || random.below(100) < CHANGED;
        if change {
            let clause_first = random.below(2) == 0;
            let one = |first: bool, random: &mut SplitMix64| {
                if first { joined_clauses(self, index, random) } else { crossed(self, index, random) }
            };
            if let Some(joined) = one(clause_first, random).or_else(|| one(!clause_first, random)) {
                return Some(joined);
            }
        }
        let text = self.model.sentences[index].text.clone();
        (!must).then(|| Joined { text, used: vec![index], score: 0.0 })
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

/// Weighted words, to be looked up.
pub(super) type Vector = HashMap<WordId, f64, Spread>;

/// What the next sentence is scored against: the text so far.
struct Before {
    /// The first and the last sentence used.
    first: usize,
    end: usize,
    /// The sentence that really followed the last one.
    really_next: Option<usize>,
    rows: Vec<usize>,
    /// The topic of the first sentence's row.
    topic: Vector,
    /// What the last sentence says, and the one that really followed it.
    says: Vector,
    follower: Vector,
    said: HashSet<WordId, Spread>,
    mentions: [bool; 3],
    dials: bool,
}

impl Before {
    fn new(model: &Model, parts: &[Joined]) -> Option<Self> {
        let used = || parts.iter().flat_map(|part| part.used.iter().copied());
        let sentences = || used().map(|index| &model.sentences[index]);
        let (first, end) = (used().next()?, used().last()?);
        let mut mentions = [false; 3];
        for sentence in sentences() {
            mentions.iter_mut().zip(sentence.leaning.mentions).for_each(|(all, one)| *all |= one);
        }
        let vector = |words: &[(WordId, f64)]| words.iter().copied().collect();
        Some(Self {
            first,
            end,
            really_next: (!model.sentences[end].place.closes()).then_some(end + 1),
            rows: sentences().map(|sentence| sentence.row).collect(),
            topic: vector(&model.rows[model.sentences[first].row].topic),
            says: vector(&model.sentences[end].says),
            follower: model.follower(end).map(|follower| vector(&follower.says)).unwrap_or_default(),
            said: sentences().flat_map(|sentence| sentence.tokens.iter().map(|token| token.bare)).collect(),
            mentions,
            dials: sentences().any(|sentence| sentence.dials),
        })
    }
}

/// Returns the cosine similarity of two unit vectors, from 0 to 1.
pub(super) fn cosine(one: &Vector, other: &[(WordId, f64)]) -> f64 {
    if one.is_empty() {
        return 0.0;
    }
    other.iter().filter_map(|(id, weight)| one.get(id).map(|with| with * weight)).sum()
}

/// Writes the parts one after another, all in one style.
fn written(parts: &[Joined], style: Style) -> String {
    let last = parts.len() - 1;
    let mut text = String::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 && !is_unspaced(&text) {
            text.push(' ');
        }
        let dressed = if at == 0 { part.text.clone() } else { style.dress(&part.text) };
        text.push_str(if at == last { dressed } else { ended(&dressed) }.as_str());
    }
    text
}
