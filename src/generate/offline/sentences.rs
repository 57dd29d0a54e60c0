//! Splits rows into sentences, and sentences into clauses.

use super::english::opens_clause;
use super::lexicon::{bare, words};

/// Characters that end a sentence.
const ENDS: [char; 8] = ['.', '!', '?', '…', '。', '！', '？', '\n'];
/// Characters that may stand between the end of a sentence and the white space after it.
const CLOSERS: [char; 6] = ['"', '\'', ')', ']', '”', '’'];
/// Words whose full stop does not end a sentence.
const ABBREVIATIONS: [&str; 20] = [
    "mr", "mrs", "ms", "dr", "st", "no", "nr", "vs", "etc", "eg", "e.g", "ie", "i.e", "approx", "tel", "ref",
    "co", "ltd", "inc", "max",
];
/// The longest sentence that is joined with others; a longer one is a list, a table or has no end.
pub(super) const MOST_CHARS: usize = 1_000;
/// The fewest words on either side of a clause boundary.
const CLAUSE_WORDS: usize = 3;

/// How two clauses are connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// A semicolon or a dash: both sides stand on their own.
    Break,
    /// A comma and a conjunction; the conjunction belongs to the tail.
    Conjunction,
}

/// A boundary between two clauses of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    /// The byte at which the head clause ends.
    pub head: usize,
    /// The byte at which the tail clause begins.
    pub tail: usize,
    /// The connection between them.
    pub link: Link,
}

/// Returns the sentences of a row, trimmed, in their order; none is empty.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !ENDS.contains(&c) {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some((next, c)) = chars.next_if(|(_, c)| ENDS.contains(c) || CLOSERS.contains(c)) {
            end = next + c.len_utf8();
        }
        let rest = &text[end..];
        let apart = rest.starts_with(char::is_whitespace) || c > '\u{2fff}' || text[..end].ends_with('\n');
        if apart && !rest.trim().is_empty() && is_end(&text[start..at], c, rest) {
            push(&mut sentences, &text[start..end]);
            start = end;
        }
    }
    push(&mut sentences, &text[start..]);
    sentences
}

/// Adds a sentence if it contains a letter or digit: `:)` is none.
fn push<'a>(sentences: &mut Vec<&'a str>, sentence: &'a str) {
    let sentence = sentence.trim();
    if !sentence.is_empty() && (sentences.is_empty() || sentence.chars().any(char::is_alphanumeric)) {
        sentences.push(sentence);
    }
}

/// Returns whether the character `end` between two texts ends a sentence.
fn is_end(before: &str, end: char, after: &str) -> bool {
    if end != '.' {
        return true;
    }
    let as_written = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let as_written = as_written.trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
    let word = as_written.to_lowercase();
    let word = word.as_str();
    let begins = after.trim_start().chars().next();
    let goes_on = begins.is_some_and(|c| c.is_lowercase() || c.is_ascii_digit());
    // Initials and `S.I.M.` do not end a sentence; `u` and `i` are words.
    let one_letter = word.chars().count() == 1 && word.starts_with(char::is_alphabetic);
    let initial = word.contains('.') || (one_letter && !["u", "U", "i"].contains(&as_written));
    !initial && !(ABBREVIATIONS.contains(&word) && (goes_on || word.len() <= 3 && word != "no"))
}

/// Returns the clause boundaries of a sentence.
pub(super) fn cuts(sentence: &str) -> Vec<Cut> {
    let candidates = sentence.char_indices().filter_map(|(at, c)| cut_at(sentence, at, c));
    candidates
        .filter(|cut| {
            let (head, tail) = (&sentence[..cut.head], &sentence[cut.tail..]);
            words(head).nth(CLAUSE_WORDS - 1).is_some()
                && words(tail).nth(CLAUSE_WORDS - 1).is_some()
                && is_even(head)
        })
        .collect()
}

fn cut_at(sentence: &str, at: usize, c: char) -> Option<Cut> {
    let rest = &sentence[at + c.len_utf8()..];
    let tail = sentence.len() - rest.trim_start().len();
    let spaced = rest.starts_with(' ');
    match c {
        ';' if spaced => Some(Cut { head: at, tail, link: Link::Break }),
        '–' | '—' | '-' if spaced && sentence[..at].ends_with(' ') => {
            Some(Cut { head: at - 1, tail, link: Link::Break })
        }
        ',' if spaced => {
            let mut words = rest.split_whitespace().map(bare);
            let (first, second) = (words.next()?, words.next()?);
            opens_clause(&first, &second).then_some(Cut { head: at, tail, link: Link::Conjunction })
        }
        _ => None,
    }
}

/// Returns whether quotes and brackets in a text are balanced.
pub(super) fn is_even(text: &str) -> bool {
    let count = |c: char| text.matches(c).count();
    let pairs = [('(', ')'), ('[', ']'), ('{', '}'), ('“', '”'), ('«', '»'), ('「', '」')];
    count('"').is_multiple_of(2) && pairs.into_iter().all(|(open, close)| count(open) == count(close))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_falls_into_sentences_with_their_ends() {
        assert_eq!(
            sentences("Too dear. Too slow!! \"Really?\" im done. send it 👋"),
            ["Too dear.", "Too slow!!", "\"Really?\"", "im done.", "send it 👋"]
        );
        assert_eq!(sentences("no end"), ["no end"]);
        assert_eq!(sentences("  "), Vec::<&str>::new());
        assert_eq!(sentences("太贵了。再见"), ["太贵了。", "再见"]);
    }

    #[test]
    fn figures_and_abbreviations_end_no_sentence() {
        assert_eq!(
            sentences("It costs 4.50 a week, see www.a.com or Dr. Who."),
            ["It costs 4.50 a week, see www.a.com or Dr. Who."]
        );
        assert_eq!(sentences("Ask for ref. 2291 please"), ["Ask for ref. 2291 please"]);
    }

    #[test]
    fn sentences_lose_nothing_but_blanks_and_lone_signs() {
        let text = "One… two? Three.\nFour";

        assert_eq!(sentences(text), ["One…", "two?", "Three.", "Four"]);
        assert_eq!(sentences("Bye. :)"), ["Bye."]);
    }

    #[test]
    fn clauses_part_at_a_semicolon_a_dash_or_a_conjunction_with_its_subject() {
        let parts = |text: &str| -> Vec<(String, String)> {
            cuts(text).iter().map(|cut| (text[..cut.head].into(), text[cut.tail..].into())).collect()
        };

        assert_eq!(
            parts("I use my phone; the hub is off"),
            [("I use my phone".into(), "the hub is off".into())]
        );
        assert_eq!(
            parts("The flat is sold – please stop it"),
            [("The flat is sold".into(), "please stop it".into())]
        );
        assert_eq!(
            parts("My rent includes it, so there's no point"),
            [("My rent includes it".into(), "so there's no point".into())]
        );
        assert!(parts("Not angry, just tired of this").is_empty());
        assert!(parts("Yes; no").is_empty());
    }
}
