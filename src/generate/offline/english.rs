//! English word lists for the offline generator.
//!
//! They tell whether a sentence depends on the one before it (anaphora) and where a clause may begin. Other
//! languages have none of these words, so no dependence is found and transitions get clumsier.

/// Names of days, long and short, lower case, Monday first.
pub(super) const DAYS: [[&str; 2]; 7] = [
    ["monday", "mon"],
    ["tuesday", "tue"],
    ["wednesday", "wed"],
    ["thursday", "thu"],
    ["friday", "fri"],
    ["saturday", "sat"],
    ["sunday", "sun"],
];

/// Names of months in lower case. May is left out: it is a verb more often.
pub(super) const MONTHS: [&str; 11] = [
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Words of greeting, which only occur at the beginning of a message.
pub(super) const GREETINGS: [&str; 9] =
    ["hi", "hiya", "hello", "hey", "dear", "good", "congratulations", "congrats", "welcome"];

/// First words that make a sentence depend on the one before it.
const LEANING_STARTS: [&str; 44] = [
    "it",
    "it's",
    "its",
    "that",
    "that's",
    "this",
    "these",
    "those",
    "they",
    "they're",
    "he",
    "he's",
    "she",
    "she's",
    "him",
    "her",
    "his",
    "their",
    "them",
    "and",
    "but",
    "or",
    "because",
    "cause",
    "otherwise",
    "instead",
    "either",
    "neither",
    "which",
    "who",
    "also",
    "too",
    "then",
    "same",
    "still",
    "once",
    "by",
    "what's",
    "yours",
    "hers",
    "mine",
    "if",
    "even",
    "not",
];

/// Last words that do the same.
const LEANING_ENDS: [&str; 6] = ["either", "too", "though", "instead", "neither", "anyway"];

/// Pronouns, each group with the words that can introduce the person meant.
const PEOPLE: [(&[&str], &[&str]); 3] = [
    (
        &["she", "she's", "her", "hers"],
        &[
            "she",
            "she's",
            "her",
            "mother",
            "mum",
            "mom",
            "wife",
            "daughter",
            "granddaughter",
            "girlfriend",
            "sister",
            "lady",
            "woman",
            "gran",
            "grandmother",
            "aunt",
            "girl",
        ],
    ),
    (
        &["he", "he's", "him", "his", "hes"],
        &[
            "he",
            "he's",
            "hes",
            "him",
            "his",
            "father",
            "dad",
            "husband",
            "son",
            "boyfriend",
            "brother",
            "man",
            "mate",
            "chap",
            "landlord",
            "neighbour",
            "engineer",
            "installer",
            "uncle",
            "boy",
            "brother-in-law",
        ],
    ),
    (
        &["they", "they're", "them", "their", "they'll"],
        &[
            "they",
            "they're",
            "them",
            "their",
            "people",
            "parents",
            "students",
            "neighbours",
            "engineers",
            "fibre",
            "council",
            "company",
            "friends",
            "guys",
        ],
    ),
];

/// Conjunctions that may begin a clause.
const CONJUNCTIONS: [&str; 4] = ["and", "but", "so", "because"];

/// Words that may follow such a conjunction at the beginning of a clause.
const SUBJECTS: [&str; 44] = [
    "i", "i'm", "i'd", "i've", "i'll", "im", "ill", "we", "we're", "we've", "we'll", "you", "you're",
    "you'll", "your", "u", "ur", "my", "our", "there's", "there", "what", "what's", "where", "how", "when",
    "do", "don't", "dont", "can", "could", "please", "pls", "tell", "nobody", "nothing", "a", "the", "is",
    "would", "it's", "it", "that", "who",
];

/// Words that cannot end a text.
const DANGLING: [&str; 34] = [
    "and", "but", "or", "so", "because", "if", "the", "a", "an", "to", "of", "with", "for", "from", "at",
    "my", "your", "our", "their", "his", "i", "we", "is", "are", "was", "were", "be", "very", "than", "as",
    "i'm", "we're", "when", "that's",
];

/// Returns how much a sentence depends on the text before it, from 0 (not at all) to about 2.
///
/// `before` are the bare words of the text so far, `words` those of the sentence.
pub(super) fn leaning(before: &[String], words: &[String]) -> f64 {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return 0.0 };
    let mut leaning = 0.0;
    if LEANING_STARTS.contains(&first.as_str()) {
        leaning += 1.0;
    }
    if first == "so" {
        leaning += 0.4;
    }
    if LEANING_ENDS.contains(&last.as_str()) {
        leaning += 0.4;
    }
    for (pronouns, people) in PEOPLE {
        let Some(at) = words.iter().position(|word| pronouns.contains(&word.as_str())) else { continue };
        let mentioned = |word: &String| people.contains(&word.as_str());
        // A person of an earlier sentence may be meant, but that sentence is mostly from another row.
        if !words[..at].iter().any(mentioned) {
            leaning += if before.iter().any(mentioned) { 0.5 } else { 1.0 };
        }
    }
    leaning
}

/// Returns whether these two words begin a clause: a conjunction, then its subject.
pub(super) fn opens_clause(first: &str, second: &str) -> bool {
    CONJUNCTIONS.contains(&first) && SUBJECTS.contains(&second)
}

/// Returns whether a text that ends in this word is cut off.
pub(super) fn dangles(word: &str) -> bool {
    DANGLING.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn a_pronoun_leans_until_somebody_was_spoken_of() {
        let sentence = words("she won't need the line");

        assert!(leaning(&[], &sentence) > leaning(&words("my mother moves"), &sentence));
        assert!(leaning(&[], &words("So the line goes")) < leaning(&[], &words("it goes")));
        assert!(leaning(&[], &words("my mother says she left")) < f64::EPSILON);
    }

    #[test]
    fn a_clause_needs_a_conjunction_and_a_subject() {
        assert!(opens_clause("so", "what"));
        assert!(!opens_clause("and", "sadly"));
        assert!(dangles("because") && !dangles("left"));
    }
}
