//! Rows that decline to write instead of writing.
//!
//! "Sorry, I can't help you on this" is a common message between people, and "your bot said it cannot assist"
//! an ordinary complaint. So no phrase decides alone: a text is read for signs, each with its points, and is a
//! refusal from [`ENOUGH`] points on. The words of the signs stand in `refusal/signs.rs`, for seven languages.
//!
//! ```text
//! I'm sorry, but I can't help you write that kind of message. I could draft a newsletter instead.
//! apology 1      cannot  verb 1         asked for 3           offer 2               first words 1
//!
//! for      says of itself that it is a model, or refuses in a set phrase      5
//!          its guidelines; what models are asked for; "with that." at the end 3
//!          offers something else                                              2
//! against  the writer's own things, a seller's things, what somebody said,
//!          dates and money                                                   −3 each
//! ```
//!
//! What stands between quotation marks was said by somebody else, and is not read.

mod signs;
mod words;

use signs::{Found, Sign, find};
use words::Words;

/// The points from which a text is a refusal.
const ENOUGH: i32 = 5;
/// A text whose *cannot* comes within so many words declines from its start.
const FIRST_WORDS: usize = 6;
/// The most words between a *cannot* and its verb, where the verb stands at the end of the sentence.
const REACH: usize = 14;

/// Returns whether a text declines to write.
#[must_use]
pub(crate) fn refusal(text: &str) -> bool {
    score(text) >= ENOUGH
}

/// Returns whether a text may decline to write: a weaker sign than [`refusal`], for texts that a person looks
/// through anyway.
#[must_use]
pub(crate) fn may_be_refusal(text: &str) -> bool {
    score(text) >= ENOUGH - 1
}

/// Returns the points of a text.
fn score(text: &str) -> i32 {
    let words = Words::of(text);
    let found = find(&words);
    let declines = found.iter().enumerate().filter_map(|(place, _)| decline(&words, &found, place)).max();
    let has = |sign| found.iter().any(|one| one.sign == sign);
    if declines.is_none() && ![Sign::Model, Sign::Set, Sign::Policy].into_iter().any(has) {
        return 0;
    }
    let points: i32 = Sign::ALL.into_iter().filter(|&sign| has(sign)).map(Sign::points).sum();
    points + declines.unwrap_or(0)
}

/// Returns the points of a sentence that declines, by the sign at a place that makes it do so.
fn decline(words: &Words, found: &[Found], place: usize) -> Option<i32> {
    let cannot = &found[place];
    let verb = match cannot.sign {
        Sign::Cannot => next_verb(found, place),
        Sign::CannotFirst if is_first(words, found, place) => next_verb(found, place),
        Sign::CannotAround => verb_behind_not(found, place),
        Sign::Declines | Sign::Withheld => Some(cannot),
        _ => None,
    }?;
    let is_strong = matches!(verb.sign, Sign::Assist | Sign::Declines);
    let is_peoples = matches!(verb.sign, Sign::Do | Sign::Withheld);
    let has =
        |signs: &[Sign]| found.iter().any(|one| one.sentence == cannot.sentence && signs.contains(&one.sign));
    let names_it = has(&[Sign::Asked]) || (has(&[Sign::Harm]) && !is_peoples);
    let asked = if names_it || (!is_peoples && points_at_it(words, found, cannot, verb)) {
        3
    } else {
        i32::from(has(&[Sign::Harm, Sign::That, Sign::Text]))
    };
    let itself = 1 + i32::from(is_strong || verb.sign == Sign::Withheld);
    Some(itself + asked + i32::from(cannot.start <= FIRST_WORDS))
}

/// Returns whether a sentence declines without a word of what it is about: "I can't help with that."
fn points_at_it(words: &Words, found: &[Found], cannot: &Found, verb: &Found) -> bool {
    let is_around = cannot.sign == Sign::CannotAround;
    let is_last = |end| words.ends_sentence(end) || (is_around && words.pauses(end));
    if matches!(verb.sign, Sign::Assist | Sign::Declines) && is_last(verb.end) {
        return true;
    }
    let is_that = |one: &&Found| {
        one.sentence == cannot.sentence && one.sign == Sign::That && (!is_around || one.end <= verb.start)
    };
    let is_near = |one: &Found| verb.sign == Sign::Declines || one.start <= verb.end + 1;
    found.iter().filter(is_that).any(|one| is_last(verb.end) || (is_last(one.end) && is_near(one)))
}

/// Returns whether nothing but an apology and small words come before in the sentence.
fn is_first(words: &Words, found: &[Found], place: usize) -> bool {
    let mut start = found[place].start;
    for one in found[..place].iter().rev() {
        if one.end == start && matches!(one.sign, Sign::Small | Sign::Sorry) {
            start = one.start;
        }
    }
    start == 0 || words.ends_sentence(start)
}

/// Returns the verb that follows, with nothing but small words between.
fn next_verb(found: &[Found], place: usize) -> Option<&Found> {
    let mut end = found[place].end;
    for one in &found[place + 1..] {
        match one.sign {
            _ if one.start != end || one.sentence != found[place].sentence => return None,
            Sign::Verb | Sign::Do | Sign::Assist => return Some(one),
            Sign::Small | Sign::Sorry => end = one.end,
            _ => return None,
        }
    }
    None
}

/// Returns the verb behind the *not* of "Ich kann … nicht … helfen".
fn verb_behind_not(found: &[Found], place: usize) -> Option<&Found> {
    let cannot = &found[place];
    let mut near = found[place + 1..]
        .iter()
        .take_while(|one| one.sentence == cannot.sentence && one.start <= cannot.end + REACH);
    near.find(|one| one.sign == Sign::Not)?;
    near.find(|one| matches!(one.sign, Sign::Verb | Sign::Do | Sign::Assist))
}

#[cfg(test)]
mod tests;
