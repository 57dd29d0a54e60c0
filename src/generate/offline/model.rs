//! What is known of one label's rows: their sentences, and how these may be joined.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::english;
use super::lexicon::{Lexicon, Token, WordId, bare, reading};
use super::ngrams::NGrams;
use super::sentences::{Cut, cuts, is_even, sentences};
use super::slots::Slots;
use super::style::Style;

/// Where a sentence stood in its row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// It was all there is.
    Only,
    /// It began its row, so it leans on nothing.
    First,
    /// Between others: how far on, above 0 and below 1.
    Middle(f64),
    /// It ended its row.
    Last,
}

impl Place {
    fn new(at: usize, last: usize) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a row has few sentences")]
        match (at == 0, at == last) {
            (true, true) => Self::Only,
            (true, false) => Self::First,
            (false, true) => Self::Last,
            (false, false) => Self::Middle(at as f64 / last as f64),
        }
    }

    /// Returns whether it began its row.
    pub(super) const fn opens(self) -> bool {
        matches!(self, Self::Only | Self::First)
    }

    /// Returns whether it ended its row.
    pub(super) const fn closes(self) -> bool {
        matches!(self, Self::Only | Self::Last)
    }
}

/// A sentence of a real row.
#[derive(Debug)]
pub(super) struct Sentence {
    /// As it stands, trimmed.
    pub text: String,
    /// The row it is from.
    pub row: usize,
    /// Where it stood.
    pub place: Place,
    /// Whether it can stand only at the head of a row.
    pub greets: bool,
    /// Its words with their punctuation.
    pub tokens: Vec<Token>,
    /// Its bare words.
    pub words: Vec<String>,
    /// As the n-grams read it.
    pub reading: Vec<WordId>,
    /// Where it falls into clauses.
    pub cuts: Vec<Cut>,
    /// How it is written.
    pub style: Style,
    /// What it says: weighted words in ascending order, of length 1.
    pub says: Vec<(WordId, f64)>,
    /// The share of what it says that its row had said before it, from 0 to 1.
    pub echoes: f64,
    /// Whether it holds a number of five digits or more, as phone numbers and codes do.
    pub dials: bool,
}

/// A real row of the label.
#[derive(Debug)]
pub(super) struct Row {
    /// Its sentences among all.
    pub sentences: Range<usize>,
    /// What it is about: weighted words in ascending order, of length 1.
    topic: Vec<(WordId, f64)>,
}

/// A label's rows, made ready.
#[derive(Debug)]
pub(super) struct Model {
    /// The label's real rows.
    pub rows: Vec<Row>,
    /// Their sentences, row by row.
    pub sentences: Vec<Sentence>,
    /// Word order.
    pub ngrams: NGrams,
    /// Where two words stand side by side: sentence and the place of the second.
    pub pairs: BTreeMap<[WordId; 2], Vec<(usize, usize)>>,
    /// What may stand in the place of a number, a price or a name.
    pub slots: Slots,
    /// Shortest and longest usual length of a row in characters.
    pub usual_chars: (usize, usize),
    evidence: HashMap<WordId, f64>,
    least_evidence: f64,
    weights: HashMap<WordId, f64>,
}

/// The rows of all labels as tokens: what a model is made of.
pub(super) struct Readings<'a> {
    /// The label's rows.
    pub own: Vec<(&'a str, &'a [Token])>,
    /// All other rows.
    pub others: Vec<(&'a str, &'a [Token])>,
}

impl Model {
    /// Makes the model of a label's rows.
    pub(super) fn new(lexicon: &Lexicon, readings: &Readings<'_>) -> Self {
        let mut ngrams = NGrams::default();
        let mut counts: HashMap<WordId, [f64; 2]> = HashMap::new();
        for (side, rows) in [&readings.own, &readings.others].into_iter().enumerate() {
            for (_, tokens) in rows {
                let ids: Vec<WordId> = reading(tokens).collect();
                if side == 0 {
                    ngrams.learn(&ids);
                } else {
                    ngrams.learn_other(&ids);
                }
                tokens.iter().for_each(|token| counts.entry(token.bare).or_default()[side] += 1.0);
            }
        }
        let mut model = Self {
            rows: Vec::new(),
            sentences: Vec::new(),
            ngrams,
            pairs: BTreeMap::new(),
            slots: Slots::new(readings),
            usual_chars: usual_chars(readings),
            evidence: evidence(&counts),
            least_evidence: f64::NEG_INFINITY,
            weights: counts.keys().map(|&id| (id, lexicon.weight(id))).collect(),
        };
        for (text, tokens) in &readings.own {
            model.add_row(lexicon, text, tokens);
        }
        model.index_pairs();
        model.least_evidence = model.usual_evidence(readings);
        model
    }

    /// Returns how alike the topics of two rows are, from 0 to 1.
    pub(super) fn likeness(&self, one: usize, other: usize) -> f64 {
        cosine(&self.rows[one].topic, &self.rows[other].topic)
    }

    /// Returns how alike two places are: what follows the one sentence, and what the other follows.
    ///
    /// From 0 to 2; high where `next` says what came behind `end` in its row, or `end` what
    /// came before `next` in its own.
    pub(super) fn seam(&self, end: usize, next: usize) -> f64 {
        let (end_sentence, next_sentence) = (&self.sentences[end], &self.sentences[next]);
        let follower = if end_sentence.place.closes() { None } else { self.sentences.get(end + 1) };
        let leader = if next_sentence.place.opens() {
            None
        } else {
            next.checked_sub(1).map(|at| &self.sentences[at])
        };
        let ahead = follower.map_or(0.0, |follower| cosine(&follower.says, &next_sentence.says));
        let behind = leader.map_or(0.0, |leader| cosine(&leader.says, &end_sentence.says));
        ahead + behind
    }

    /// Returns how much a word says.
    pub(super) fn weight(&self, id: WordId) -> f64 {
        self.weights.get(&id).copied().unwrap_or(0.0)
    }

    /// Returns whether a text speaks for the label as clearly as most real rows do.
    pub(super) fn speaks_for_label(&self, tokens: &[Token]) -> bool {
        self.evidence(tokens) >= self.least_evidence
    }

    fn evidence(&self, tokens: &[Token]) -> f64 {
        tokens.iter().filter_map(|token| self.evidence.get(&token.bare)).sum()
    }

    /// The evidence that all but a tenth of the label's rows reach.
    fn usual_evidence(&self, readings: &Readings<'_>) -> f64 {
        if readings.others.is_empty() {
            return f64::NEG_INFINITY;
        }
        let mut all: Vec<f64> = readings.own.iter().map(|(_, tokens)| self.evidence(tokens)).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 10).copied().unwrap_or(f64::NEG_INFINITY)
    }

    fn add_row(&mut self, lexicon: &Lexicon, text: &str, tokens: &[Token]) {
        let row = self.rows.len();
        let start = self.sentences.len();
        let parts: Vec<&str> = sentences(text).into_iter().filter(|part| is_even(part)).collect();
        let last = parts.len().saturating_sub(1);
        for (at, part) in parts.iter().enumerate() {
            let mut sentence = sentence(lexicon, part, row, at, last);
            sentence.echoes = echoes(lexicon, &self.sentences[start..], &sentence);
            self.sentences.push(sentence);
        }
        self.rows.push(Row {
            sentences: start..self.sentences.len(),
            topic: vector(tokens, |id| lexicon.weight(id)),
        });
    }

    fn index_pairs(&mut self) {
        for (index, sentence) in self.sentences.iter().enumerate() {
            for (at, pair) in sentence.tokens.windows(2).enumerate() {
                self.pairs.entry([pair[0].key, pair[1].key]).or_default().push((index, at + 1));
            }
        }
    }
}

fn sentence(lexicon: &Lexicon, text: &str, row: usize, at: usize, last: usize) -> Sentence {
    let tokens = lexicon.tokens(text);
    let words: Vec<String> = tokens.iter().map(|token| bare(&token.surface)).collect();
    Sentence {
        row,
        place: Place::new(at, last),
        greets: words.first().is_some_and(|word| english::GREETINGS.contains(&word.as_str())),
        reading: reading(&tokens).collect(),
        cuts: cuts(text),
        style: Style::of(text),
        // Small words count a little: they tell a question from a demand.
        says: vector(&tokens, |id| lexicon.weight(id) + 0.3),
        echoes: 0.0,
        dials: words.iter().any(|word| word.bytes().filter(|byte| *byte == b'0').count() >= 5),
        text: text.to_owned(),
        tokens,
        words,
    }
}

/// Returns weighted words in ascending order, of length 1; words of no weight are left out.
fn vector(tokens: &[Token], weight: impl Fn(WordId) -> f64) -> Vec<(WordId, f64)> {
    let words: BTreeMap<WordId, f64> =
        tokens.iter().map(|token| (token.bare, weight(token.bare))).filter(|word| word.1 > 0.0).collect();
    let length = words.values().map(|weight| weight * weight).sum::<f64>().sqrt();
    words.into_iter().map(|(id, weight)| (id, weight / length)).collect()
}

fn cosine(one: &[(WordId, f64)], other: &[(WordId, f64)]) -> f64 {
    let mut other = other.iter().peekable();
    one.iter()
        .filter_map(|(id, weight)| {
            while other.next_if(|(next, _)| next < id).is_some() {}
            other.peek().filter(|(next, _)| next == id).map(|(_, with)| weight * with)
        })
        .sum()
}

/// Returns the share of a sentence that takes up words of those before it.
fn echoes(lexicon: &Lexicon, before: &[Sentence], sentence: &Sentence) -> f64 {
    let weigh = |tokens: &mut dyn Iterator<Item = &Token>| -> f64 {
        tokens.map(|token| lexicon.weight(token.bare)).sum()
    };
    let said = |id: WordId| before.iter().flat_map(|sentence| &sentence.tokens).any(|token| token.bare == id);
    let all = weigh(&mut sentence.tokens.iter());
    let taken_up = weigh(&mut sentence.tokens.iter().filter(|token| said(token.bare)));
    if all > 0.0 { taken_up / all } else { 0.0 }
}

/// The log-odds of each word between the label's rows and the others, smoothed by one word.
fn evidence(counts: &HashMap<WordId, [f64; 2]>) -> HashMap<WordId, f64> {
    let mut ids: Vec<&WordId> = counts.keys().collect();
    // Sums of floating-point numbers depend on their order, and a map has none.
    ids.sort_unstable();
    let total = |side: usize| ids.iter().map(|id| counts[id][side] + 1.0).sum::<f64>();
    let (own, other) = (total(0), total(1));
    counts
        .iter()
        .map(|(&id, count)| (id, ((count[0] + 1.0) / own / ((count[1] + 1.0) / other)).ln()))
        .collect()
}

/// The lengths between which nine of ten of the label's rows lie.
fn usual_chars(readings: &Readings<'_>) -> (usize, usize) {
    let mut lengths: Vec<usize> = readings.own.iter().map(|(text, _)| text.chars().count()).collect();
    lengths.sort_unstable();
    let at = |share: usize| lengths.get(lengths.len() * share / 100).copied();
    (at(5).unwrap_or(0), at(97).unwrap_or(usize::MAX))
}
