//! Rows that decline to write instead of writing.
//!
//! "Sorry, I can't help you on this" is a common message between people, so an apology alone is never a
//! refusal. It takes phrases that only a model uses, or, close together, an apology, a *cannot*, a verb of
//! refusal and a word for what models are asked to do. Only English is recognised.

/// Phrases that only a model says of itself, normalised.
const MODEL: [&str; 16] = [
    "as an ai language",
    "as an ai model",
    "as an ai assistant",
    "as an ai i",
    "as an ai developed",
    "as an ai system",
    "as a language model",
    "as a large language model",
    "i am an ai language",
    "i am an ai model",
    "i am an ai assistant",
    "i m an ai language",
    "i m an ai model",
    "i m an ai assistant",
    "i m just an ai",
    "against my programming",
];

/// Every phrase of [`MODEL`] contains one of these: a quick test before the phrases.
const MODEL_WORDS: [&str; 3] = [" ai", "language model", "my programming"];

/// Phrases that say that the writer cannot or will not.
const CANNOT: [&str; 18] = [
    "i can t",
    "i cannot",
    "i can not",
    "i cant",
    "i could not",
    "i couldn t",
    "i won t",
    "i will not",
    "i won t be able to",
    "i will not be able to",
    "i m unable to",
    "i am unable to",
    "i m not able to",
    "i am not able to",
    "i must decline to",
    "i m not comfortable",
    "i am not comfortable",
    "i m not going to",
];

/// Verbs that models decline with and people hardly ever do.
const DECLINING: [&str; 7] =
    ["assist with", "assist you with", "fulfill", "fulfil", "comply with", "engage in", "assist in"];

/// Verbs that people decline with too: they also need an apology and a word of [`ASKED_FOR`].
const ORDINARY: [&str; 20] = [
    "assist",
    "help",
    "write",
    "generate",
    "create",
    "provide",
    "produce",
    "continue",
    "support",
    "share",
    "make",
    "writing",
    "generating",
    "creating",
    "providing",
    "producing",
    "answer",
    "do",
    "offer",
    "complete",
];

/// Words for what models are asked to write or do.
const ASKED_FOR: [&str; 14] = [
    "with that",
    "with this",
    "that request",
    "this request",
    "your request",
    "content",
    "messages",
    "texts",
    "spam",
    "harmful",
    "illegal",
    "explicit",
    "examples",
    "prompt",
];

/// Words of apology.
const APOLOGY: [&str; 5] = ["sorry", "apologize", "apologise", "apologies", "regret"];

/// The most words between the verb and a word of [`ASKED_FOR`].
const REACH: usize = 8;

/// Returns whether a normalised text declines to write.
#[must_use]
pub(crate) fn refusal(normal: &str) -> bool {
    let may_be_model = MODEL_WORDS.iter().any(|word| normal.contains(word));
    if may_be_model && MODEL.iter().any(|phrase| find(normal, phrase).next().is_some()) {
        return true;
    }
    // Most rows have no "I", so they are not searched for each phrase.
    if !normal.starts_with("i ") && !normal.contains(" i ") {
        return false;
    }
    let declines = |phrase: &str| {
        find(normal, phrase).any(|(before, after)| {
            starts_with_any(after, &DECLINING)
                || (starts_with_any(after, &ORDINARY)
                    && APOLOGY.iter().any(|word| find(before, word).next().is_some())
                    && ASKED_FOR.iter().any(|what| find(first_words(after), what).next().is_some()))
        })
    };
    CANNOT.iter().any(|phrase| declines(phrase))
}

/// Returns the text before and after each whole-word occurrence of a phrase.
fn find<'a>(normal: &'a str, phrase: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    normal.match_indices(phrase).filter_map(move |(start, _)| {
        let (before, after) = (&normal[..start], &normal[start + phrase.len()..]);
        let is_whole =
            (before.is_empty() || before.ends_with(' ')) && (after.is_empty() || after.starts_with(' '));
        is_whole.then(|| (before, after.trim_start()))
    })
}

fn starts_with_any(text: &str, phrases: &[&str]) -> bool {
    phrases
        .iter()
        .any(|phrase| text.strip_prefix(phrase).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
}

fn first_words(text: &str) -> &str {
    let end = text.match_indices(' ').nth(REACH).map_or(text.len(), |(place, _)| place);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::normalise;

    #[test]
    fn what_models_say_to_decline_is_a_refusal() {
        for text in [
            "I'm sorry, but I can't assist with that.",
            "I’m sorry, but I can’t assist with that request.",
            "I cannot assist with creating spam messages.",
            "As an AI language model, I do not have personal experiences, but here is a text:",
            "As a large language model I am not able to do that",
            "I apologize, but I cannot fulfill this request.",
            "Sorry, but I can't help with that.",
            "I'm sorry, I cannot generate content that is harmful.",
            "I am sorry, but I'm unable to provide examples of phishing texts.",
            "I'm just an AI, it is not within my abilities to write that.",
            "I must decline to engage in this.",
            "I can’t comply with this request",
        ] {
            assert!(refusal(&normalise(text)), "{text}");
        }
    }

    #[test]
    fn every_phrase_has_what_is_looked_for_first() {
        assert!(MODEL.iter().all(|phrase| MODEL_WORDS.iter().any(|word| phrase.contains(word))));
        assert!(CANNOT.iter().all(|phrase| phrase.starts_with("i ")));
    }

    #[test]
    fn people_who_are_sorry_or_cannot_help_do_not_refuse() {
        for text in [
            "",
            "Sorry",
            "Sorry, I can't help you on this.",
            "Sorry, I'll call later",
            "Nah can't help you there, I've never had an iphone",
            "I'm sorry but I can't make it tonight, the baby is ill",
            "Done it but internet connection v slow and can't send it. Will try again later.",
            "Sorry I can't do Friday, will write you a message with the new date",
            "I cannot create an account on your site, please help",
            "I work as an AI engineer and need a faster line",
            "I am sorry but I cannot provide my account number, I lost the letter. I want to cancel.",
            "I can't continue paying this much. Please cancel.",
        ] {
            assert!(!refusal(&normalise(text)), "{text}");
        }
    }
}
