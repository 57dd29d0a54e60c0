//! The model of one label's rows: their sentences, and the data for joining them.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::english;
use super::lexicon::{Lexicon, Token, WordId, bare, reading};
use super::ngrams::NGrams;
use super::sentences::{Cut, cuts, is_even, sentences};
use super::slots::Slots;
use super::style::Style;

/// The position of a sentence in its row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// The only sentence of its row.
    Only,
    /// The first of several, so it depends on nothing before it.
    First,
    /// Between others: its relative position, above 0 and below 1.
    Middle(f64),
    /// The last of several.
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

    /// Returns whether the sentence begins its row.
    pub(super) const fn opens(self) -> bool {
        matches!(self, Self::Only | Self::First)
    }

    /// Returns whether the sentence ends its row.
    pub(super) const fn closes(self) -> bool {
        matches!(self, Self::Only | Self::Last)
    }
}

/// A sentence of a real row.
#[derive(Debug)]
pub(super) struct Sentence {
    /// The text, trimmed.
    pub text: String,
    /// The index of its row.
    pub row: usize,
    /// Its position in the row.
    pub place: Place,
    /// Whether it is a greeting, which can only begin a row.
    pub greets: bool,
    /// Its words with their punctuation.
    pub tokens: Vec<Token>,
    /// Its bare words.
    pub words: Vec<String>,
    /// Its ids for the n-gram model.
    pub reading: Vec<WordId>,
    /// Where it can be split into clauses.
    pub cuts: Vec<Cut>,
    /// Its capitalisation.
    pub style: Style,
    /// Its weighted words in ascending order of id, as a unit vector.
    pub says: Vec<(WordId, f64)>,
    /// The share of its content that its row had before it, from 0 to 1.
    pub echoes: f64,
    /// Whether it contains a number of five digits or more, such as a phone number or a code.
    pub dials: bool,
}

/// A real row of the label.
#[derive(Debug)]
pub(super) struct Row {
    /// The range of its sentences.
    pub sentences: Range<usize>,
    /// Its weighted words in ascending order of id, as a unit vector.
    topic: Vec<(WordId, f64)>,
}

/// The model of a label's rows.
#[derive(Debug)]
pub(super) struct Model {
    /// The label's real rows.
    pub rows: Vec<Row>,
    /// Their sentences, row by row.
    pub sentences: Vec<Sentence>,
    /// The n-gram model of word order.
    pub ngrams: NGrams,
    /// Pairs of adjacent words: the sentence and the token index of the second word.
    pub pairs: BTreeMap<[WordId; 2], Vec<(usize, usize)>>,
    /// Replacements for numbers, prices and names.
    pub slots: Slots,
    /// The shortest and the longest usual length of a row in characters.
    pub usual_chars: (usize, usize),
    evidence: HashMap<WordId, f64>,
    least_evidence: f64,
    weights: HashMap<WordId, f64>,
}

/// The tokens of all labels' rows, from which a model is built.
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

    /// Returns the cosine similarity of two rows' topics, from 0 to 1.
    pub(super) fn likeness(&self, one: usize, other: usize) -> f64 {
        cosine(&self.rows[one].topic, &self.rows[other].topic)
    }

    /// Returns how well the sentence `next` suits the place after `end`, from 0 to 2.
    ///
    /// It is the similarity of `next` to the sentence that really followed `end`, plus that of `end` to the
    /// sentence that really preceded `next`.
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

    /// Returns the weight of a word.
    pub(super) fn weight(&self, id: WordId) -> f64 {
        self.weights.get(&id).copied().unwrap_or(0.0)
    }

    /// Returns whether a text is as typical of the label as most of its real rows are.
    pub(super) fn speaks_for_label(&self, tokens: &[Token]) -> bool {
        self.evidence(tokens) >= self.least_evidence
    }

    fn evidence(&self, tokens: &[Token]) -> f64 {
        tokens.iter().filter_map(|token| self.evidence.get(&token.bare)).sum()
    }

    /// Returns the evidence that nine tenths of the label's rows reach.
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
        // Even common words count a little: they tell a question from a demand.
        says: vector(&tokens, |id| lexicon.weight(id) + 0.3),
        echoes: 0.0,
        dials: words.iter().any(|word| word.bytes().filter(|byte| *byte == b'0').count() >= 5),
        text: text.to_owned(),
        tokens,
        words,
    }
}

/// Returns the weighted words as a unit vector in ascending order of id; words of no weight are left out.
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

/// Returns the share of a sentence's content that the sentences before it have too.
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
    // Floating-point sums depend on the order, and a map has none.
    ids.sort_unstable();
    let total = |side: usize| ids.iter().map(|id| counts[id][side] + 1.0).sum::<f64>();
    let (own, other) = (total(0), total(1));
    counts
        .iter()
        .map(|(&id, count)| (id, ((count[0] + 1.0) / own / ((count[1] + 1.0) / other)).ln()))
        .collect()
}

/// Returns the lengths between which nine of ten of the label's rows lie.
fn usual_chars(readings: &Readings<'_>) -> (usize, usize) {
    let mut lengths: Vec<usize> = readings.own.iter().map(|(text, _)| text.chars().count()).collect();
    lengths.sort_unstable();
    let at = |share: usize| lengths.get(lengths.len() * share / 100).copied();
    (at(5).unwrap_or(0), at(97).unwrap_or(usize::MAX))
}
