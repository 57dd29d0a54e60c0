//! Keeps capitals, full stops and quotes consistent within a row.

use super::english::dangles;
use super::lexicon::bare;
use super::sentences::is_even;

/// The capitalisation of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Sentences begin with a capital.
    Plain,
    /// No capitals at all.
    Lower,
    /// Nothing but capitals.
    Upper,
}

impl Style {
    /// Returns the style of a text; `Plain` if it has too few letters to tell.
    pub(super) fn of(text: &str) -> Self {
        let upper = text.chars().filter(|c| c.is_uppercase()).count();
        let lower = text.chars().filter(|c| c.is_lowercase()).count();
        if upper * 8 >= (upper + lower) * 7 && upper >= 12 {
            Self::Upper
        } else if text.starts_with(char::is_lowercase) && upper * 20 <= lower {
            Self::Lower
        } else {
            Self::Plain
        }
    }

    /// Returns a sentence in this style. `Plain` never removes capitals inside a sentence.
    pub(super) fn dress(self, sentence: &str) -> String {
        match self {
            Self::Plain if Self::of(sentence) == Self::Lower => lone_i(&capitalised(sentence)),
            Self::Plain => capitalised(sentence),
            Self::Lower => sentence.to_lowercase(),
            Self::Upper => sentence.to_owned(),
        }
    }
}

/// Returns a text with its first letter as a capital; a text that begins with no letter is unchanged.
fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) if first.is_lowercase() => first.to_uppercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

/// Returns a clause for the middle of a sentence: `Please` becomes `please`.
///
/// Only a word that is seen in lower case elsewhere loses its capital.
pub(super) fn uncapitalised(text: &str, is_common: impl Fn(&str) -> bool) -> String {
    let first = text.split_whitespace().next().unwrap_or_default();
    let lower = first.to_lowercase();
    if bare(first) == "i" || bare(first).starts_with("i'") || !is_common(&lower) {
        return text.to_owned();
    }
    format!("{lower}{}", &text[first.len()..])
}

/// Returns a text in which the word `i` is a capital letter.
fn lone_i(text: &str) -> String {
    let word = |word: &str| match word.split_at_checked(1) {
        Some(("i", rest)) if rest.chars().next().is_none_or(|c| !c.is_alphanumeric()) => format!("I{rest}"),
        _ => word.to_owned(),
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// Returns a sentence that another may follow: with a full stop if it has no end mark.
pub(super) fn ended(sentence: &str) -> String {
    let trimmed = sentence.trim_end_matches([',', ';', ':', '-', '–', ' ']);
    let ends =
        trimmed.chars().next_back().is_some_and(|c| !c.is_alphanumeric() && !"%£$€&+=*/)\"'".contains(c));
    if ends {
        trimmed.to_owned()
    } else if is_unspaced(trimmed) {
        format!("{trimmed}。")
    } else {
        format!("{trimmed}.")
    }
}

/// Returns whether a text ends in a script that has no blanks between its sentences.
pub(super) fn is_unspaced(text: &str) -> bool {
    text.ends_with(|c: char| {
        ('\u{2e80}'..='\u{d7ff}').contains(&c) && !is_hangul(c) || ('\u{ff00}'..='\u{ffef}').contains(&c)
    })
}

fn is_hangul(c: char) -> bool {
    ('\u{ac00}'..='\u{d7a3}').contains(&c)
}

/// Returns whether a text looks complete: balanced quotes and brackets, and no dangling last word.
pub(super) fn is_whole(text: &str) -> bool {
    let last = text.split_whitespace().next_back().unwrap_or_default();
    is_even(text) && !text.ends_with([',', ';', ':', '-', '–']) && !dangles(&bare(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_takes_on_the_hand_of_its_row() {
        assert_eq!(Style::of("the hub is off, im done"), Style::Lower);
        assert_eq!(Style::of("PLEASE CALL ME BACK NOW"), Style::Upper);
        assert_eq!(Style::of("PAC code pls"), Style::Plain);
        assert_eq!(Style::Lower.dress("Please close it."), "please close it.");
        assert_eq!(Style::Plain.dress("well i'm done, i think"), "Well I'm done, I think");
        assert_eq!(Style::Plain.dress("£38 is too much"), "£38 is too much");
    }

    #[test]
    fn a_clause_in_the_middle_begins_small_unless_it_begins_with_a_name() {
        assert_eq!(uncapitalised("Please stop", |word| word == "please"), "please stop");
        assert_eq!(uncapitalised("Halden are cheap", |_| false), "Halden are cheap");
        assert_eq!(uncapitalised("I'm off", |_| true), "I'm off");
    }

    #[test]
    fn what_another_sentence_follows_gets_an_end() {
        assert_eq!(ended("send me the form"), "send me the form.");
        assert_eq!(ended("End it, thanks 👋"), "End it, thanks 👋");
        assert_eq!(ended("Really?"), "Really?");
        assert_eq!(ended("it works,"), "it works.");
        assert_eq!(ended("太贵了"), "太贵了。");
        assert_eq!(ended("너무 비싸요"), "너무 비싸요.");
    }

    #[test]
    fn a_text_that_breaks_off_is_not_whole() {
        assert!(is_whole("Please close it."));
        assert!(!is_whole("Please close it and"));
        assert!(!is_whole("He said \"close it"));
        assert!(!is_whole("Please close it,"));
    }
}
