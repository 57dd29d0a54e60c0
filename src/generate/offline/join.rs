//! Makes one sentence of two: at a clause boundary, or at two words that both contain.

use super::compose::Composer;
use super::english;
use super::lexicon::{Token, WordId, reading};
use super::sentences::{Cut, Link, is_even};
use super::style::uncapitalised;
use crate::text::SplitMix64;

/// The number of candidates for one join.
const LOOKED_AT: usize = 40;
/// The fewest words that a sentence keeps before it switches to another.
const KEPT_WORDS: usize = 3;
/// The least weight of two shared words at which a sentence may switch to another.
const TELLING: f64 = 1.8;

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

/// Returns sentences that join the head clause of one with the tail clause of another.
pub(super) fn joined_clauses(composer: &Composer<'_>, index: usize, random: &mut SplitMix64) -> Vec<Joined> {
    let all = &composer.model.sentences;
    let own = &all[index];
    let Some((head_end, link)) = head(composer, index, random) else { return vec![] };
    let head = &own.text[..head_end];
    let head_tokens = composer.lexicon.tokens(head);
    let looked_at = (0..LOOKED_AT * 4).map(|_| random.below(all.len()));
    let mut tails: Vec<usize> = looked_at
        .filter(|&other| all[other].row != own.row && !all[other].cuts.is_empty())
        .take(LOOKED_AT)
        .collect();
    tails.sort_unstable();
    tails.dedup();
    let joined = tails.into_iter().filter_map(|other| {
        let cut = all[other].cuts.iter().find(|cut| link.is_none_or(|link| cut.link == link))?;
        join(composer, (index, head, &head_tokens), (other, *cut))
    });
    joined.collect()
}

/// Returns where a sentence's first clause ends, and the link that must follow if only one is possible.
fn head(composer: &Composer<'_>, index: usize, random: &mut SplitMix64) -> Option<(usize, Option<Link>)> {
    let sentence = &composer.model.sentences[index];
    if let Some(cut) = random.choose(&sentence.cuts) {
        return Some((cut.head, None));
    }
    // A statement may continue with a conjunction where its full stop was.
    let statement = sentence.text.strip_suffix('.').filter(|text| !text.ends_with('.'))?;
    (sentence.tokens.len() >= KEPT_WORDS).then_some((statement.len(), Some(Link::Conjunction)))
}

fn join(composer: &Composer<'_>, head: (usize, &str, &[Token]), tail: (usize, Cut)) -> Option<Joined> {
    let model = composer.model;
    let other = &model.sentences[tail.0];
    let tail_text = &other.text[tail.1.tail..];
    let tail_tokens = composer.lexicon.tokens(tail_text);
    let words = |tokens: &[Token]| -> Vec<String> {
        tokens.iter().map(|token| super::lexicon::bare(&token.surface)).collect()
    };
    let (head_words, mut tail_words) = (words(head.2), words(&tail_tokens));
    if tail.1.link == Link::Conjunction {
        tail_words.remove(0);
    }
    let is_common = |word: &str| composer.lexicon.tokens(word)[0].key != super::lexicon::Lexicon::UNKNOWN;
    let text = match tail.1.link {
        Link::Break => format!("{}{}{}", head.1, &other.text[tail.1.head..tail.1.tail], tail_text),
        Link::Conjunction => format!("{}, {}", head.1, uncapitalised(tail_text, is_common)),
    };
    if !is_even(&text) {
        return None;
    }
    let (before, after): (Vec<WordId>, Vec<WordId>) =
        (reading(head.2).collect(), reading(&tail_tokens).collect());
    let likeness = model.likeness(model.sentences[head.0].row, other.row);
    let score = 3.0 * likeness + 0.2 * model.ngrams.join(&before, &after)
        - if tail.1.link == Link::Conjunction { 0.7 } else { 0.4 }
        - english::leaning(&head_words, &tail_words)
        - composer.worn(tail.0);
    Some(Joined { text, used: vec![head.0, tail.0], score })
}

/// Returns sentences that begin as one and, at two words that both contain, continue as another.
pub(super) fn crossed(composer: &Composer<'_>, index: usize, random: &mut SplitMix64) -> Vec<Joined> {
    let model = composer.model;
    let own = &model.sentences[index];
    let mut crossings = Vec::new();
    for at in KEPT_WORDS..own.tokens.len() {
        let (one, two) = (&own.tokens[at - 2], &own.tokens[at - 1]);
        // Anything may follow `in a` or `I have`; words of high weight narrow it down.
        if model.weight(one.bare) + model.weight(two.bare) < TELLING {
            continue;
        }
        let pair = [one.key, two.key];
        for &(other, place) in model.pairs.get(&pair).into_iter().flatten() {
            let differs = model.sentences[other]
                .tokens
                .get(place + 1)
                .is_some_and(|next| next.key != own.tokens[at].key);
            if differs && model.sentences[other].row != own.row {
                crossings.push((at, other, place + 1));
            }
        }
    }
    random.shuffle(&mut crossings);
    crossings.truncate(LOOKED_AT);
    crossings.into_iter().filter_map(|crossing| cross(composer, index, crossing)).collect()
}

fn cross(composer: &Composer<'_>, index: usize, (at, other, place): (usize, usize, usize)) -> Option<Joined> {
    let model = composer.model;
    let (own, with) = (&model.sentences[index], &model.sentences[other]);
    let (head, tail) = (&own.tokens[..at], &with.tokens[place..]);
    let words: Vec<&str> = head.iter().chain(tail).map(|token| token.surface.as_str()).collect();
    let text = words.join(" ");
    if !is_even(&text) {
        return None;
    }
    let (before, after): (Vec<WordId>, Vec<WordId>) = (reading(head).collect(), reading(tail).collect());
    // All trigrams across the join do occur in real rows, so the words further away decide.
    let seam = model.ngrams.join(&before, &after).min(3.0);
    let likeness = model.likeness(own.row, with.row);
    let short = if tail.len() < 2 { 0.8 } else { 0.0 };
    let score = 3.0f64.mul_add(likeness, 0.15 * seam) - 0.5 - short - composer.worn(other);
    Some(Joined { text, used: vec![index, other], score })
}
