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

/// How much a sentence depends on the text before it.
#[derive(Debug, Clone, Default)]
pub(super) struct Leaning {
    /// By its first and last word.
    edges: f64,
    /// Which of [`PEOPLE`] it speaks of by a pronoun only.
    meant: [bool; PEOPLE.len()],
    /// Which of them it introduces.
    pub(super) mentions: [bool; PEOPLE.len()],
}

impl Leaning {
    /// Looks at the bare words of a sentence.
    pub(super) fn of(words: &[String]) -> Self {
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return Self::default() };
        let points = |points: f64, so: bool| if so { points } else { 0.0 };
        let edges = points(1.0, LEANING_STARTS.contains(&first.as_str()))
            + points(0.4, first == "so")
            + points(0.4, LEANING_ENDS.contains(&last.as_str()));
        let mentioned =
            |people: &[&str], words: &[String]| words.iter().any(|word| people.contains(&word.as_str()));
        let meant = PEOPLE.map(|(pronouns, people)| {
            let at = words.iter().position(|word| pronouns.contains(&word.as_str()));
            at.is_some_and(|at| !mentioned(people, &words[..at]))
        });
        Self { edges, meant, mentions: PEOPLE.map(|(_, people)| mentioned(people, words)) }
    }

    /// Returns a number from 0 (it stands on its own) to about 2. `before` says whom the text so far mentions.
    pub(super) fn behind(&self, before: [bool; PEOPLE.len()]) -> f64 {
        // A person of an earlier sentence may be meant, but that sentence is mostly from another row.
        let people = self.meant.iter().zip(before).filter(|(meant, _)| **meant);
        self.edges + people.map(|(_, mentioned)| if mentioned { 0.5 } else { 1.0 }).sum::<f64>()
    }
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
        let leaning =
            |before: &str, text: &str| Leaning::of(&words(text)).behind(Leaning::of(&words(before)).mentions);

        assert!(
            leaning("", "she won't need the line") > leaning("my mother moves", "she won't need the line")
        );
        assert!(leaning("", "So the line goes") < leaning("", "it goes"));
        assert!(leaning("", "my mother says she left") < f64::EPSILON);
    }

    #[test]
    fn a_clause_needs_a_conjunction_and_a_subject() {
        assert!(opens_clause("so", "what"));
        assert!(!opens_clause("and", "sadly"));
        assert!(dangles("because") && !dangles("left"));
    }
}
