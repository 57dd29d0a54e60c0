//! Random edits of a text's words.

use super::SplitMix64;

/// Returns a text with about a tenth of its words changed, at least one: swapped with another, left out, or doubled at
/// another place, each for the whole text.
///
/// These are the edits of EDA (Wei and Zou 2019, with α = 0.1) that need no dictionary. Words stand between blanks; a
/// text of one word stays as it is.
#[must_use]
pub fn with_words_edited(text: &str, random: &mut SplitMix64) -> String {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    if words.len() < 2 {
        return text.to_owned();
    }
    let times = (words.len() + 5) / 10;
    let kind = random.below(3);
    for _ in 0..times.max(1) {
        let count = words.len();
        let (one, other) = (random.below(count), random.below(count));
        match kind {
            0 => words.swap(one, other_than(one, other, count)),
            1 if count > 1 => drop(words.remove(one)),
            1 => (),
            _ => {
                let word = words.get(one).copied().unwrap_or_default();
                words.insert(other, word);
            }
        }
    }
    words.join(" ")
}

/// Returns the second place, or the next one where it is the first.
const fn other_than(one: usize, other: usize, count: usize) -> usize {
    if one == other { (other + 1) % count } else { other }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_keeps_most_words_in_their_order_and_adds_none() {
        let text = "free entry in two a weekly comp to win final tickets text to this number today";
        let words: Vec<&str> = text.split(' ').collect();
        let mut kinds = std::collections::BTreeSet::new();

        for seed in 0..50 {
            let edited = with_words_edited(text, &mut SplitMix64::new(seed));

            let count = edited.split(' ').count();
            assert!(edited.split(' ').all(|word| words.contains(&word)), "{edited}");
            assert_ne!(edited, text);
            kinds.insert(count.cmp(&words.len()));
        }
        assert_eq!(kinds.len(), 3, "shorter, longer and of the same length");
    }

    #[test]
    fn equal_seeds_give_equal_edits_and_one_word_stays() {
        let edited = |seed| with_words_edited("win cash now and here", &mut SplitMix64::new(seed));

        assert_eq!(edited(7), edited(7));
        assert_eq!(with_words_edited("win", &mut SplitMix64::new(1)), "win");
        assert_eq!(with_words_edited("", &mut SplitMix64::new(1)), "");
    }
}
