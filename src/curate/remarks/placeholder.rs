//! Placeholders that were never filled in.
//!
//! ```text
//! [Your Name]  [link]  [CUSTOMER_ID]   square: one of the words of `BLANK`
//! {topic}  {{ label }}  {% if x %}     curly: a name or a tag of a template
//! <insert link>  <name>                angle: the same words, and no HTML element
//! ____                                 three underscores or more, as a word
//! XXX                                  only if it is the whole row
//! ```
//!
//! Datasets have masks of their own (`[NAME]`, `<URL>`): a placeholder that real rows have too is not
//! flagged.

use std::collections::{HashMap, HashSet};

/// The number of real rows that must have a placeholder before it counts as the dataset's mask.
const ROWS: u32 = 3;
/// The most characters between the brackets.
const CHARS: usize = 40;
/// The most words between the brackets.
const WORDS: usize = 6;

/// Words that make a bracketed text a placeholder.
const BLANK: [&str; 50] = [
    "name",
    "your",
    "insert",
    "date",
    "time",
    "amount",
    "number",
    "phone",
    "link",
    "url",
    "website",
    "email",
    "address",
    "company",
    "organization",
    "business",
    "brand",
    "product",
    "service",
    "bank",
    "account",
    "customer",
    "client",
    "recipient",
    "sender",
    "user",
    "username",
    "friend",
    "city",
    "location",
    "place",
    "store",
    "code",
    "topic",
    "text",
    "message",
    "label",
    "title",
    "price",
    "order",
    "event",
    "day",
    "month",
    "year",
    "enter",
    "placeholder",
    "here",
    "provider",
    "reason",
    "details",
];

/// Placeholders that the real rows have too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Masks(HashSet<String>);

impl Masks {
    /// Returns the masks of a dataset: placeholders in at least three of its rows.
    #[must_use]
    pub(crate) fn of<'a>(real: impl IntoIterator<Item = &'a str>) -> Self {
        let mut rows: HashMap<String, u32> = HashMap::new();
        for text in real {
            let found: HashSet<String> = blanks(text).map(str::to_lowercase).collect();
            found.into_iter().for_each(|blank| *rows.entry(blank).or_default() += 1);
        }
        Self(rows.into_iter().filter(|(_, rows)| *rows >= ROWS).map(|(blank, _)| blank).collect())
    }
}

/// Returns the first placeholder of a text that is no mask of the dataset, as it is written there.
#[must_use]
pub(crate) fn placeholder<'a>(text: &'a str, masks: &Masks) -> Option<&'a str> {
    let is_new = |blank: &&str| !masks.0.contains(&blank.to_lowercase());
    blanks(text).find(is_new)
}

/// Returns everything in a text that looks like a placeholder.
pub(super) fn blanks(text: &str) -> impl Iterator<Item = &str> {
    let bracketed = text.match_indices(['[', '{', '<']).filter_map(|(start, _)| blank_at(text, start));
    let drawn = text
        .split(|c: char| c.is_whitespace() || c.is_ascii_punctuation() && c != '_')
        .filter(|word| word.len() >= 3 && word.bytes().all(|byte| byte == b'_'));
    let alone = text.trim().trim_matches(|c: char| c.is_ascii_punctuation() || c.is_whitespace());
    let alone = Some(alone).filter(|alone| alone.len() >= 3 && alone.bytes().all(|byte| byte == b'X'));
    bracketed.chain(drawn).chain(alone)
}

/// Returns the placeholder whose opening bracket is at `start`.
fn blank_at(text: &str, start: usize) -> Option<&str> {
    let rest = &text[start..];
    let (open, close) = match rest.get(..2) {
        Some("{{") => ("{{", "}}"),
        Some("{%") => ("{%", "%}"),
        _ if rest.starts_with('[') => ("[", "]"),
        _ if rest.starts_with('{') => ("{", "}"),
        _ => ("<", ">"),
    };
    let length = rest[open.len()..].find(close)?;
    let inner = rest[open.len()..open.len() + length].trim();
    let whole = &rest[..open.len() + length + close.len()];
    let is_blank = match open {
        "[" => is_words(inner) && says_blank(inner),
        "<" => is_words(inner) && says_blank(inner) && !text.contains(&format!("</{inner}>")),
        "{" => is_name(inner),
        _ => !inner.is_empty() && inner.chars().count() <= CHARS,
    };
    is_blank.then_some(whole)
}

/// Returns whether a text is a few words with nothing but spaces and word punctuation between.
fn is_words(inner: &str) -> bool {
    inner.chars().count() <= CHARS
        && inner.starts_with(|c: char| c.is_alphabetic())
        && inner.chars().all(|c| c.is_alphanumeric() || " _-'’/#.,".contains(c))
        && inner.split_whitespace().count() <= WORDS
}

fn says_blank(inner: &str) -> bool {
    let lower = inner.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    words.any(|word| BLANK.contains(&word) || BLANK.contains(&word.trim_end_matches('s')))
}

/// Returns whether a text looks like a variable: `topic`, `user.name`, `Your Name`.
fn is_name(inner: &str) -> bool {
    is_words(inner) && inner.split_whitespace().count() <= 3 && !inner.contains([',', '/'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<&str> {
        placeholder(text, &Masks::default())
    }

    #[test]
    fn a_blank_that_was_left_in_is_named() {
        for (text, blank) in [
            ("Dear [Name], your parcel waits.", "[Name]"),
            ("Best wishes, [Your Name]", "[Your Name]"),
            ("Click [insert link here] to claim", "[insert link here]"),
            ("Your account [ACCOUNT_NUMBER] is locked", "[ACCOUNT_NUMBER]"),
            ("Call us at [phone number]!", "[phone number]"),
            ("A text about {topic}.", "{topic}"),
            ("Class: {{ label }}", "{{ label }}"),
            ("{% for e in examples %}hello", "{% for e in examples %}"),
            ("Hi <insert name>, win now", "<insert name>"),
            ("Visit <link> today", "<link>"),
            ("Dear ____, you have won", "____"),
            ("XXXX", "XXXX"),
            ("\"XXX\"", "XXX"),
            ("See [the terms] and [Company Name]", "[Company Name]"),
        ] {
            assert_eq!(found(text), Some(blank), "{text}");
        }
    }

    #[test]
    fn brackets_that_people_write_are_no_blanks() {
        for text in [
            "",
            "[Free] entry in a weekly draw",
            "He said he was 'gonna' [sic] come [in stern voice]",
            "[colour=red]text[/colour]TXTstar",
            "<Forwarded from 21870000>Hi - this is your Mailbox Messaging SMS alert.",
            "&lt;#&gt; in mca. But not conform.",
            "Use a <b>bold</b> word and <code>ls</code>",
            "if (a < b) and (c > d)",
            "{\"text\": \"a row\"}",
            "snake_case and __init__ are fine",
            "Sexy XXX videos, text XXX to 88600",
            "Bye xxx",
            "a [ b { c <",
            "[]{}<>{{}}",
            "[1] [2] [3] see the date",
            "I know [he was there at the time and place that you told me about] well",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn what_the_real_rows_have_as_well_is_the_datasets_own_mask() {
        let masks =
            Masks::of(["I love [NAME]", "[NAME] and [NAME] again", "ask [NAME]", "ask [your friend]"]);
        assert_eq!(placeholder("[Name] was here", &masks), None);
        assert_eq!(placeholder("[NAME] met [Your Friend]", &masks), Some("[Your Friend]"));
    }

    #[test]
    fn letters_of_more_than_one_byte_are_taken_whole() {
        assert_eq!(found("Grüße, [Dein Name ✓]"), None);
        assert_eq!(found("é{é"), None);
        assert_eq!(found("{{ä}}"), Some("{{ä}}"));
        assert_eq!(found("[Größe, Name]"), Some("[Größe, Name]"));
    }
}
