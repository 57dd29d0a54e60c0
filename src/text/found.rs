//! Where words stand in a text, whatever their case.

use std::ops::Range;

/// Returns the byte ranges at which any of the words stands in a text, whatever the case, in order and joined
/// where they touch.
#[must_use]
pub(crate) fn found(text: &str, words: &[&str]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for word in words {
        let wanted: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
        let starts = text.char_indices().map(|(at, _)| at);
        ranges.extend(starts.filter_map(|at| end_of(&text[at..], &wanted).map(|len| at..at + len)));
    }
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// Returns how many bytes of a text are the wanted lower-case characters, where it begins with them.
fn end_of(text: &str, wanted: &[char]) -> Option<usize> {
    let mut left = wanted;
    for (at, c) in text.char_indices() {
        if left.is_empty() {
            return (at > 0).then_some(at);
        }
        for lower in c.to_lowercase() {
            left = left.strip_prefix(&[lower])?;
        }
    }
    (left.is_empty() && !text.is_empty()).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks<'a>(text: &'a str, words: &[&str]) -> Vec<&'a str> {
        found(text, words).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn words_are_found_whatever_their_case_and_as_often_as_they_stand_there() {
        assert_eq!(marks("Free prize, FREE entry", &["free"]), ["Free", "FREE"]);
        assert_eq!(marks("A free  prize and a free prize", &["free prize"]), ["free prize"]);
        assert_eq!(marks("GRÜSSE und Grüße", &["grü"]), ["GRÜ", "Grü"]);
        assert_eq!(marks("İstanbul", &["i"]), Vec::<&str>::new(), "half a character is no word");
        assert!(
            marks("abc", &[]).is_empty() && marks("abc", &[""]).is_empty() && marks("", &["a"]).is_empty()
        );
    }

    #[test]
    fn what_overlaps_is_one_mark() {
        assert_eq!(marks("banana", &["ana"]), ["anana"]);
        assert_eq!(marks("free entry", &["free e", "entry"]), ["free entry"]);
    }
}
