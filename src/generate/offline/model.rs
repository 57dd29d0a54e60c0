//! The model of one label's rows: their sentences, and the data for joining them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use super::english::{self, Leaning};
use super::lexicon::{Lexicon, Token, WordId, bare, reading, words};
use super::ngrams::NGrams;
use super::sentences::{Cut, Link, MOST_CHARS, cuts, is_even, sentences};
use super::slots::Slots;
use super::style::Style;
use crate::text::{Spread, Stop, Stopped};

/// One real row in this many is rated lower than the text that counts as unlikely.
const UNLIKELY_ONE_IN: usize = 100;

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
    /// How much it depends on the text before it.
    pub leaning: Leaning,
    /// Its ids for the n-gram model.
    pub reading: Vec<WordId>,
    /// The clauses that it can be split at.
    pub clauses: Vec<Clause>,
    /// Its capitalisation.
    pub style: Style,
    /// Its weighted words in ascending order of id, as a unit vector.
    pub says: Vec<(WordId, f64)>,
    /// The share of its content that its row had before it, from 0 to 1.
    pub echoes: f64,
    /// Whether it contains a number of five digits or more, such as a phone number or a code.
    pub dials: bool,
}

/// A boundary between two clauses of a sentence.
#[derive(Debug)]
pub(super) struct Clause {
    /// Where it is in the text.
    pub cut: Cut,
    /// The word at which the head ends, and the first one of the tail.
    pub head: usize,
    pub tail: usize,
    /// How much the tail depends on the text before it.
    pub leaning: Leaning,
}

/// A real row of the label.
#[derive(Debug)]
pub(super) struct Row {
    /// The range of its sentences.
    pub sentences: Range<usize>,
    /// Its weighted words in ascending order of id, as a unit vector.
    pub topic: Vec<(WordId, f64)>,
    /// Its ids for the n-gram model.
    reading: Vec<WordId>,
}

/// The model of a label's rows.
#[derive(Debug)]
pub(super) struct Model {
    /// All words.
    pub lexicon: Lexicon,
    /// The label's real rows.
    pub rows: Vec<Row>,
    /// Their sentences, row by row.
    pub sentences: Vec<Sentence>,
    /// The indices of the sentences that begin their rows.
    pub openings: Vec<usize>,
    /// The n-gram model of word order.
    pub ngrams: NGrams,
    /// Pairs of adjacent words: the sentence and the token index of the second word.
    pub pairs: HashMap<u64, Vec<(usize, usize)>, Spread>,
    /// Replacements for numbers, prices and names.
    pub slots: Slots,
    /// The shortest and the longest usual length of a row in characters.
    pub usual_chars: (usize, usize),
    /// By word: how much more often it occurs in the label's rows than in others.
    evidence: Vec<f64>,
    least_evidence: f64,
    /// The rating that all but one in a hundred real rows reach.
    least_rating: f64,
}

/// The rows that a model is built from.
pub(super) struct Rows<'a> {
    /// The label's rows.
    pub own: Vec<&'a str>,
    /// All other rows.
    pub others: Vec<&'a str>,
}

/// Returns the key of two adjacent words.
pub(super) fn pair(one: &Token, other: &Token) -> u64 {
    u64::from(one.key) << 32 | u64::from(other.key)
}

impl Model {
    /// Makes the model of a label's rows.
    pub(super) fn new(rows: &Rows<'_>, stop: &Stop) -> Result<Self, Stopped> {
        let mut lexicon = Lexicon::new();
        let mut ngrams = NGrams::default();
        let mut counts: Vec<[f64; 2]> = Vec::new();
        let mut own = Vec::new();
        for (side, texts) in [&rows.own, &rows.others].into_iter().enumerate() {
            for text in texts {
                stop.check()?;
                let tokens = lexicon.learn(text);
                counts.resize(lexicon.len(), [0.0; 2]);
                tokens.iter().for_each(|token| counts[token.bare as usize][side] += 1.0);
                let ids: Vec<WordId> = reading(&tokens).collect();
                if side == 0 {
                    ngrams.learn(&ids);
                    own.push(tokens);
                } else {
                    ngrams.learn_other(&ids);
                }
            }
        }
        lexicon.weigh();
        let mut model = Self {
            lexicon,
            rows: Vec::new(),
            sentences: Vec::new(),
            openings: Vec::new(),
            ngrams,
            pairs: HashMap::default(),
            slots: Slots::new(rows, stop)?,
            usual_chars: usual_chars(&rows.own),
            evidence: evidence(&counts),
            least_evidence: f64::NEG_INFINITY,
            least_rating: f64::NEG_INFINITY,
        };
        for (text, tokens) in rows.own.iter().zip(&own) {
            stop.check()?;
            model.add_row(text, tokens);
        }
        model.index_sentences();
        let evidences = own.iter().map(|tokens| model.evidence(tokens)).collect();
        if !rows.others.is_empty() {
            model.least_evidence = reached(evidences, 10);
        }
        model.least_rating = reached(model.ratings(stop)?, UNLIKELY_ONE_IN);
        Ok(model)
    }

    /// Returns the rating of each real row, as if the model did not know it.
    fn ratings(&self, stop: &Stop) -> Result<Vec<f64>, Stopped> {
        let rate = |row: &Row| {
            stop.check()?;
            Ok(self.ngrams.rating(&row.reading, [row.reading.as_slice()]))
        };
        self.rows.iter().filter(|row| !row.reading.is_empty()).map(rate).collect()
    }

    /// Returns the rating of a text that was made of these sentences, if it is so low that it is unlikely.
    pub(super) fn unlikely(&self, text: &str, sources: &[usize]) -> Option<f64> {
        let tokens = self.lexicon.tokens(text);
        let ids: Vec<WordId> = reading(&tokens).collect();
        let mut rows: Vec<usize> = sources.iter().map(|&index| self.sentences[index].row).collect();
        rows.sort_unstable();
        rows.dedup();
        let rating = self.ngrams.rating(&ids, rows.iter().map(|&row| self.rows[row].reading.as_slice()));
        (rating < self.least_rating).then_some(rating)
    }

    /// Returns the sentence that really followed one in its row.
    pub(super) fn follower(&self, index: usize) -> Option<&Sentence> {
        if self.sentences[index].place.closes() { None } else { self.sentences.get(index + 1) }
    }

    /// Returns the sentence that really preceded one in its row.
    pub(super) fn leader(&self, index: usize) -> Option<&Sentence> {
        if self.sentences[index].place.opens() { None } else { self.sentences.get(index.checked_sub(1)?) }
    }

    /// Returns the weight of a word.
    pub(super) fn weight(&self, id: WordId) -> f64 {
        self.lexicon.weight(id)
    }

    /// Returns whether a text is as typical of the label as most of its real rows are.
    pub(super) fn speaks_for_label(&self, tokens: &[Token]) -> bool {
        self.evidence(tokens) >= self.least_evidence
    }

    fn evidence(&self, tokens: &[Token]) -> f64 {
        tokens.iter().filter_map(|token| self.evidence.get(token.bare as usize)).sum()
    }

    fn add_row(&mut self, text: &str, tokens: &[Token]) {
        let row = self.rows.len();
        let start = self.sentences.len();
        let fits = |part: &&str| part.len() <= MOST_CHARS && is_even(part);
        let parts: Vec<&str> = sentences(text).into_iter().filter(fits).collect();
        let last = parts.len().saturating_sub(1);
        let mut said = HashSet::with_hasher(Spread::default());
        for (at, part) in parts.iter().enumerate() {
            let mut sentence = sentence(&self.lexicon, part, row, at, last);
            sentence.echoes = self.share_of(&sentence.tokens, |id| said.contains(&id));
            said.extend(sentence.tokens.iter().map(|token| token.bare));
            self.sentences.push(sentence);
        }
        self.rows.push(Row {
            sentences: start..self.sentences.len(),
            topic: vector(tokens, |id| self.lexicon.weight(id)),
            reading: reading(tokens).collect(),
        });
    }

    /// Returns the weighted share of the words of which something holds, from 0 to 1.
    pub(super) fn share_of(&self, tokens: &[Token], holds: impl Fn(WordId) -> bool) -> f64 {
        let (mut part, mut all) = (0.0, 0.0);
        for token in tokens {
            let weight = self.lexicon.weight(token.bare);
            all += weight;
            part += if holds(token.bare) { weight } else { 0.0 };
        }
        if all > 0.0 { part / all } else { 0.0 }
    }

    fn index_sentences(&mut self) {
        for (index, sentence) in self.sentences.iter().enumerate() {
            if sentence.place.opens() {
                self.openings.push(index);
            }
            for (at, two) in sentence.tokens.windows(2).enumerate() {
                self.pairs.entry(pair(&two[0], &two[1])).or_default().push((index, at + 1));
            }
        }
    }
}

/// Returns the figure that all but one in `one_in` of these reach.
fn reached(mut figures: Vec<f64>, one_in: usize) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / one_in).copied().unwrap_or(f64::NEG_INFINITY)
}

fn sentence(lexicon: &Lexicon, text: &str, row: usize, at: usize, last: usize) -> Sentence {
    let tokens = lexicon.tokens(text);
    let spoken: Vec<String> = tokens.iter().map(|token| bare(&token.surface)).collect();
    Sentence {
        row,
        place: Place::new(at, last),
        greets: spoken.first().is_some_and(|word| english::GREETINGS.contains(&word.as_str())),
        reading: reading(&tokens).collect(),
        clauses: cuts(text).into_iter().map(|cut| clause(text, cut, &spoken)).collect(),
        style: Style::of(text),
        // Even common words count a little: they tell a question from a demand.
        says: vector(&tokens, |id| lexicon.weight(id) + 0.3),
        echoes: 0.0,
        leaning: Leaning::of(&spoken),
        dials: spoken.iter().any(|word| word.bytes().filter(|byte| *byte == b'0').count() >= 5),
        text: text.to_owned(),
        tokens,
    }
}

fn clause(text: &str, cut: Cut, spoken: &[String]) -> Clause {
    let (head, tail) = (words(&text[..cut.head]).count(), words(&text[..cut.tail]).count());
    // A conjunction belongs to the link.
    let said = spoken.get(tail + usize::from(cut.link == Link::Conjunction)..).unwrap_or_default();
    Clause { cut, head, tail, leaning: Leaning::of(said) }
}

/// Returns the weighted words as a unit vector in ascending order of id; words of no weight are left out.
fn vector(tokens: &[Token], weight: impl Fn(WordId) -> f64) -> Vec<(WordId, f64)> {
    let words: BTreeMap<WordId, f64> =
        tokens.iter().map(|token| (token.bare, weight(token.bare))).filter(|word| word.1 > 0.0).collect();
    let length = words.values().map(|weight| weight * weight).sum::<f64>().sqrt();
    words.into_iter().map(|(id, weight)| (id, weight / length)).collect()
}

/// The log-odds of each word between the label's rows and the others, smoothed by one word.
fn evidence(counts: &[[f64; 2]]) -> Vec<f64> {
    let total = |side: usize| counts.iter().map(|count| count[side] + 1.0).sum::<f64>();
    let (own, other) = (total(0), total(1));
    let odds = |count: &[f64; 2]| match count {
        // Punctuation, and what stands for unknown words, tell nothing.
        [0.0, 0.0] => 0.0,
        count => ((count[0] + 1.0) / own / ((count[1] + 1.0) / other)).ln(),
    };
    counts.iter().map(odds).collect()
}

/// Returns the lengths between which nine of ten of the label's rows lie.
fn usual_chars(texts: &[&str]) -> (usize, usize) {
    let mut lengths: Vec<usize> = texts.iter().map(|text| text.chars().count()).collect();
    lengths.sort_unstable();
    let at = |share: usize| lengths.get(lengths.len() * share / 100).copied();
    (at(5).unwrap_or(0), at(97).unwrap_or(usize::MAX))
}
