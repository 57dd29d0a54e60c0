//! Makes one sentence of two: at a clause boundary, or at two words that both contain.

use super::compose::{Composer, Vector, cosine};
use super::lexicon::{Lexicon, WordId, reading};
use super::model::{Clause, pair};
use super::sentences::{Link, is_even};
use super::style::uncapitalised;
use crate::text::SplitMix64;

/// The number of candidates for one join.
const LOOKED_AT: usize = 40;
/// The fewest words that a sentence keeps before it switches to another.
pub(super) const KEPT_WORDS: usize = 3;
/// The least weight of two shared words at which a sentence may switch to another.
const TELLING: f64 = 1.8;
/// The rows below which any two shared words will do: of so few, hardly any share rare ones.
const FEW_ROWS: usize = 40;
/// The least score of a join.
const LEAST_SCORE: f64 = -0.4;

/// A sentence, whole or made of two.
#[derive(Debug, Clone)]
pub(super) struct Joined {
    /// Its text.
    pub text: String,
    /// The indices of the real sentences in it.
    pub used: Vec<usize>,
    /// Its score; 0 for an unchanged sentence.
    pub score: f64,
}

/// Returns a sentence that joins the head clause of one with the tail clause of another.
pub(super) fn joined_clauses(
    composer: &Composer<'_>,
    index: usize,
    random: &mut SplitMix64,
) -> Option<Joined> {
    let model = composer.model;
    let all = &model.sentences;
    let own = &all[index];
    let Head { end, words, link } = head(composer, index, random)?;
    let head = &own.text[..end];
    let mut before: Vec<WordId> = reading(&own.tokens[words.saturating_sub(2)..words]).collect();
    if own.tokens[words - 1].stop.is_some() {
        before.pop();
    }
    let topic: Vector = model.rows[own.row].topic.iter().copied().collect();
    let looked_at = (0..LOOKED_AT * 4).map(|_| random.below(all.len()));
    let mut others: Vec<usize> = looked_at
        .filter(|&other| all[other].row != own.row && !all[other].clauses.is_empty())
        .take(LOOKED_AT)
        .collect();
    others.sort_unstable();
    others.dedup();
    let tail = |other: usize| -> Option<&Clause> {
        all[other].clauses.iter().find(|clause| link.is_none_or(|link| clause.cut.link == link))
    };
    let score = |other: usize| {
        let clause = tail(other)?;
        let after: Vec<WordId> = reading(&all[other].tokens[clause.tail..]).take(2).collect();
        let likeness = cosine(&topic, &model.rows[all[other].row].topic);
        let score = 3.0 * likeness + 0.2 * model.ngrams.join(&before, &after)
            - if clause.cut.link == Link::Conjunction { 0.7 } else { 0.4 }
            - clause.leaning.behind(own.leaning.mentions)
            - composer.worn[other];
        Some((other, score))
    };
    let scored: Vec<(usize, f64)> = others.into_iter().filter_map(score).collect();
    let (other, score) = composer.draw(&scored, random).filter(|drawn| drawn.1 > LEAST_SCORE)?;
    let (cut, with) = (tail(other)?.cut, &all[other].text);
    let is_common = |word: &str| model.lexicon.tokens(word)[0].key != Lexicon::UNKNOWN;
    let text = match cut.link {
        Link::Break => format!("{head}{}", &with[cut.head..]),
        Link::Conjunction => format!("{head}, {}", uncapitalised(&with[cut.tail..], is_common)),
    };
    is_even(&text).then(|| Joined { text, used: vec![index, other], score })
}

/// The first clause of a sentence.
struct Head {
    /// The byte and the word at which it ends.
    end: usize,
    words: usize,
    /// The link that must follow, if only one is possible.
    link: Option<Link>,
}

fn head(composer: &Composer<'_>, index: usize, random: &mut SplitMix64) -> Option<Head> {
    let sentence = &composer.model.sentences[index];
    if let Some(clause) = random.choose(&sentence.clauses) {
        return Some(Head { end: clause.cut.head, words: clause.head, link: None });
    }
    // A statement may continue with a conjunction where its full stop was.
    let statement = sentence.text.strip_suffix('.').filter(|text| !text.ends_with('.'))?;
    let words = sentence.tokens.len();
    (words >= KEPT_WORDS).then_some(Head { end: statement.len(), words, link: Some(Link::Conjunction) })
}

/// A place where one sentence can continue as another.
struct Crossing {
    /// The words that are kept of the one.
    kept: usize,
    /// The other, and its first word that follows.
    other: usize,
    from: usize,
}

/// Returns a sentence that begins as one and, at two words that both contain, continues as another.
pub(super) fn crossed(composer: &Composer<'_>, index: usize, random: &mut SplitMix64) -> Option<Joined> {
    let model = composer.model;
    let own = &model.sentences[index];
    let telling = if model.rows.len() < FEW_ROWS { 0.0 } else { TELLING };
    let mut crossings = Vec::new();
    for kept in KEPT_WORDS..own.tokens.len() {
        let (one, two) = (&own.tokens[kept - 2], &own.tokens[kept - 1]);
        // Anything may follow `in a` or `I have`; words of high weight narrow it down.
        if model.weight(one.bare) + model.weight(two.bare) < telling {
            continue;
        }
        let places = model.pairs.get(&pair(one, two)).map_or([].as_slice(), Vec::as_slice);
        // Of a pair that is everywhere, some places are enough.
        let first = random.below(places.len());
        for &(other, place) in places.iter().cycle().skip(first).take(places.len().min(LOOKED_AT)) {
            let with = &model.sentences[other];
            let differs = with.tokens.get(place + 1).is_some_and(|next| next.key != own.tokens[kept].key);
            if differs && with.row != own.row {
                crossings.push(Crossing { kept, other, from: place + 1 });
            }
        }
    }
    random.shuffle(&mut crossings);
    crossings.truncate(LOOKED_AT);
    let topic: Vector = model.rows[own.row].topic.iter().copied().collect();
    let score = |(at, Crossing { kept, other, from }): (usize, &Crossing)| {
        let with = &model.sentences[*other];
        let (head, tail) = (&own.tokens[..*kept], &with.tokens[*from..]);
        let before: Vec<WordId> = reading(&head[kept - 2..]).collect();
        let after: Vec<WordId> = reading(tail).take(2).collect();
        // All trigrams across the join do occur in real rows, so the words further away decide.
        let seam = model.ngrams.join(&before, &after).min(3.0);
        let likeness = cosine(&topic, &model.rows[with.row].topic);
        let short = if tail.len() < 2 { 0.8 } else { 0.0 };
        (at, 3.0f64.mul_add(likeness, 0.15 * seam) - 0.5 - short - composer.worn[*other])
    };
    let scored: Vec<(usize, f64)> = crossings.iter().enumerate().map(score).collect();
    let (at, score) = composer.draw(&scored, random).filter(|drawn| drawn.1 > LEAST_SCORE)?;
    let Crossing { kept, other, from } = crossings[at];
    let words = own.tokens[..kept].iter().chain(&model.sentences[other].tokens[from..]);
    let text = words.map(|token| token.surface.as_str()).collect::<Vec<_>>().join(" ");
    is_even(&text).then(|| Joined { text, used: vec![index, other], score })
}
