//! Rows that decline to write instead of writing.
//!
//! People say "Sorry, I can't help you on this" to each other every day. So an apology alone is
//! never a refusal: it takes words that only a model says, or an apology, a *cannot*, a model's
//! verb and what models are asked for, close together. Only English is known.

/// What only a model says of itself, normalised.
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

/// Each of those phrases has one of these in it.
const MODEL_WORDS: [&str; 3] = [" ai", "language model", "my programming"];

/// How a sentence says that it will not.
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

/// Verbs with which models decline and people hardly ever do.
const DECLINING: [&str; 7] =
    ["assist with", "assist you with", "fulfill", "fulfil", "comply with", "engage in", "assist in"];

/// Verbs with which people decline as well: they need an apology and what it is about.
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

/// What models are asked for.
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

/// How an apology sounds.
const APOLOGY: [&str; 5] = ["sorry", "apologize", "apologise", "apologies", "regret"];

/// How many words after the verb what was asked for may stand.
const REACH: usize = 8;

/// Returns whether a normalised text declines to write.
#[must_use]
pub(crate) fn refusal(normal: &str) -> bool {
    let may_be_model = MODEL_WORDS.iter().any(|word| normal.contains(word));
    if may_be_model && MODEL.iter().any(|phrase| find(normal, phrase).next().is_some()) {
        return true;
    }
    // Nearly every row has no "I" in it, and is not read again for each phrase.
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

/// Returns what stands before and after each place at which a phrase stands as whole words.
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
