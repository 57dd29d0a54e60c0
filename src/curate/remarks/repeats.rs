//! Rows that repeat their own words.

use std::collections::HashMap;

use crate::text::{join_words, normalise};

/// The share of repeated pieces from which a row is flagged.
///
/// Of the 4,459 real text messages three reach it: two copies of a rhyme and a line of `hi hi hi`.
/// A sentence said twice with little around it is at 0.3 and above.
pub(crate) const REPEATS: f64 = 0.2;

/// The number of words in a piece (n-gram).
const WORDS: usize = 4;
/// The fewest repeated pieces that count, so that a short phrase said twice is not flagged.
const FEWEST: usize = 2;
/// How often a sentence must stand in a row, and the characters it has at least.
const TIMES: usize = 3;
const CHARS: usize = 4;

/// Returns the share of a text's word-4-grams that occurred earlier in it, or of its sentences if one
/// occurs at least three times, from [`REPEATS`] to 1; `None` below. `words` are the hashes of its words.
///
/// Sentences count too because `Call now! Call now! Call now!` has few 4-grams, and a text
/// written without blanks between words has none.
#[must_use]
pub(crate) fn repeats(text: &str, words: &[u64]) -> Option<f64> {
    let mut seen: Vec<u64> = words.windows(WORDS).map(join_words).collect();
    let pieces = seen.len();
    seen.sort_unstable();
    seen.dedup();
    let again = pieces - seen.len();
    let of_words = if again >= FEWEST { share(again, pieces) } else { 0.0 };
    let figure = of_words.max(of_sentences(text));
    (figure >= REPEATS).then_some(figure)
}

/// Returns the share of sentences that occurred earlier, 0 if none occurs three times.
fn of_sentences(text: &str) -> f64 {
    let ends = ['\n', '.', '!', '?', '。', '！', '？'];
    if text.split(ends).filter(|sentence| !sentence.trim().is_empty()).count() < TIMES {
        return 0.0;
    }
    let mut counts: HashMap<String, usize> = HashMap::new();
    for sentence in text.split(ends).map(normalise).filter(|sentence| sentence.chars().count() >= CHARS) {
        *counts.entry(sentence).or_default() += 1;
    }
    if counts.values().all(|count| *count < TIMES) {
        return 0.0;
    }
    let all = counts.values().sum::<usize>();
    share(all - counts.len(), all)
}

#[expect(clippy::cast_precision_loss, reason = "no text has 2^53 words")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::hash_words;

    fn of(text: &str) -> Option<f64> {
        repeats(text, &hash_words(&normalise(text)))
    }

    #[test]
    fn a_row_that_says_the_same_again_and_again_repeats_itself() {
        for text in [
            "You have won a prize! You have won a prize! You have won a prize!",
            "Congratulations, you are our winner today. Congratulations, you are our winner today.",
            "Call now! Call now! Call now!",
            "I want to cancel my contract because the price is too high because the price is too high because the price",
            "free free free free free free free",
            "おめでとうございます！おめでとうございます！おめでとうございます！",
        ] {
            assert!(of(text).is_some(), "{text}");
        }
    }

    #[test]
    fn the_figure_is_the_share_of_pieces_that_came_before() {
        assert_eq!(of("a b c d e a b c d e"), Some(2.0 / 7.0));
        assert_eq!(of("Call now! Call now! Call now!"), Some(2.0 / 3.0));
    }

    #[test]
    fn ordinary_emphasis_is_no_repetition() {
        for text in [
            "",
            "Ok",
            "Let there be snow. Let there be snow. This kind of weather brings ppl together so friendships can grow.",
            "I'm sick !! I'm needy !! I want you !! *pouts* *stomps feet* Where are you ?! *pouts* *stomps feet*",
            "Yes. Yes. Yes.",
            "Fine if thats the way u feel. Thats the way its gota b",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
