//! Small random edits of a text (EDA, easy data augmentation, Wei and Zou 2019).
//!
//! They are a cheap baseline for generated rows. EDA's synonyms are left out, as they need
//! a dictionary. Words are separated by white space; the edited text has one blank between
//! them.

use super::rng::SplitMix64;

/// Swaps two words of the text, at different places.
///
/// A text of fewer than two words stays as it is.
#[must_use]
pub(crate) fn swap_words(text: &str, random: &mut SplitMix64) -> String {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    if words.len() >= 2 {
        let first = random.below(words.len());
        let step = 1 + random.below(words.len() - 1);
        let second = (first + step) % words.len();
        words.swap(first, second);
    }
    words.join(" ")
}

/// Deletes one word of the text, unless it has only one.
#[must_use]
pub(crate) fn delete_word(text: &str, random: &mut SplitMix64) -> String {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    if words.len() >= 2 {
        words.remove(random.below(words.len()));
    }
    words.join(" ")
}

/// Inserts one word of the vocabulary at a random place of the text.
///
/// Without a vocabulary the text stays as it is.
#[must_use]
pub(crate) fn insert_word<W: AsRef<str>>(text: &str, vocabulary: &[W], random: &mut SplitMix64) -> String {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let place = random.below(words.len() + 1);
    if let Some(word) = random.choose(vocabulary) {
        words.insert(place, word.as_ref());
    }
    words.join(" ")
}

/// Applies `count` edits, each of a random kind.
#[must_use]
pub(crate) fn edit<W: AsRef<str>>(
    text: &str,
    vocabulary: &[W],
    count: usize,
    random: &mut SplitMix64,
) -> String {
    (0..count).fold(text.to_owned(), |text, _| match random.below(3) {
        0 => swap_words(&text, random),
        1 => delete_word(&text, random),
        _ => insert_word(&text, vocabulary, random),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "call now to claim your prize";

    fn sorted(text: &str) -> Vec<&str> {
        let mut words: Vec<&str> = text.split_whitespace().collect();
        words.sort_unstable();
        words
    }

    #[test]
    fn a_swap_keeps_the_words_and_changes_their_order() {
        for seed in 0..50 {
            let edited = swap_words(TEXT, &mut SplitMix64::new(seed));

            assert_eq!(sorted(&edited), sorted(TEXT));
            assert_ne!(edited, TEXT);
        }
    }

    #[test]
    fn a_deletion_takes_one_word_and_never_the_last() {
        for seed in 0..50 {
            let edited = delete_word(TEXT, &mut SplitMix64::new(seed));

            assert_eq!(edited.split(' ').count(), 5);
        }
        assert_eq!(delete_word("ok", &mut SplitMix64::new(1)), "ok");
    }

    #[test]
    fn an_insertion_adds_one_word_of_the_vocabulary_at_any_place() {
        let mut first = false;
        let mut last = false;
        for seed in 0..50 {
            let edited = insert_word(TEXT, &["free"], &mut SplitMix64::new(seed));

            assert_eq!(edited.split(' ').filter(|word| *word == "free").count(), 1);
            assert_eq!(edited.split(' ').count(), 7);
            first |= edited.starts_with("free");
            last |= edited.ends_with("free");
        }
        assert!(first && last);
    }

    #[test]
    fn what_cannot_be_edited_stays() {
        let random = &mut SplitMix64::new(1);

        assert_eq!(swap_words("", random), "");
        assert_eq!(swap_words("ok", random), "ok");
        assert_eq!(delete_word("", random), "");
        assert_eq!(insert_word::<&str>("ok then", &[], random), "ok then");
    }

    #[test]
    fn the_same_seed_makes_the_same_edits() {
        let edited = |seed| edit(TEXT, &["free", "win"], 3, &mut SplitMix64::new(seed));

        assert_eq!(edited(7), edited(7));
        assert!((0..20).any(|seed| edited(seed) != edited(7)));
    }
}
