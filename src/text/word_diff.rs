//! What differs between two texts, word by word, in one text that holds both.
//!
//! ```text
//! Write 5 [-short-]{+long+} text messages.
//! ```
//!
//! What only the text before has stands between `[-` and `-]`, what only the one after has between `{+` and `+}`, so that
//! a comparison is read without colours, and copied as it is.

use std::time::{Duration, Instant};

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

/// How long the shortest difference is looked for; after that, a longer one is shown.
const LONGEST: Duration = Duration::from_millis(50);
/// How many lines without a change stand around one that has one.
const CONTEXT: usize = 1;

/// Which of two texts a piece is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// Of both.
    Both,
    /// Only of the text before.
    Before,
    /// Only of the text after.
    After,
}

impl Of {
    /// Returns the marks around a piece.
    #[must_use]
    pub(crate) const fn marks(self) -> (&'static str, &'static str) {
        match self {
            Self::Both => ("", ""),
            Self::Before => ("[-", "-]"),
            Self::After => ("{+", "+}"),
        }
    }
}

/// A line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WordLine {
    /// A line in pieces; it is in one text alone where all of them are.
    Pieces(Vec<(Of, String)>),
    /// Lines that do not differ are left out here.
    Gap,
}

/// How many words one text has and the other has not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct WordCount {
    /// Words that only the text after has.
    pub added: u32,
    /// Words that only the text before has.
    pub removed: u32,
}

impl WordCount {
    /// Returns both counts with those of other texts.
    #[must_use]
    pub(crate) const fn plus(self, other: Self) -> Self {
        Self { added: self.added + other.added, removed: self.removed + other.removed }
    }
}

/// Two texts, compared word by word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct WordDiff {
    /// The lines with a change, and one line around each; none where the texts are equal.
    pub lines: Vec<WordLine>,
    /// How many words came and went.
    pub words: WordCount,
}

impl WordDiff {
    /// Compares two texts.
    #[must_use]
    pub(crate) fn of(before: &str, after: &str) -> Self {
        if before == after {
            return Self::default();
        }
        let pieces = pieces(before, after);
        let count = |of: Of| {
            let texts = pieces.iter().filter(|(known, _)| *known == of).map(|(_, text)| text);
            let words = texts.map(|text| tokens(text).into_iter().filter(|token| is_word(token)).count());
            u32::try_from(words.sum::<usize>()).unwrap_or(u32::MAX)
        };
        let words = WordCount { added: count(Of::After), removed: count(Of::Before) };
        Self { lines: without_the_rest(into_lines(pieces)), words }
    }
}

/// Returns both texts as one, in pieces.
fn pieces(before: &str, after: &str) -> Vec<(Of, String)> {
    let (old, new) = (tokens(before), tokens(after));
    let ops = capture_diff_slices_deadline(Algorithm::Myers, &old, &new, Some(Instant::now() + LONGEST));
    // Each change with what both have behind it.
    let mut changes: Vec<(String, String, String)> = vec![Default::default()];
    for op in ops {
        let (was, is) = (old[op.old_range()].concat(), new[op.new_range()].concat());
        let is_same = matches!(op, DiffOp::Equal { .. });
        match changes.last_mut() {
            Some(last) if is_same => last.2.push_str(&was),
            Some(last) if last.2.is_empty() => {
                last.0.push_str(&was);
                last.1.push_str(&is);
            }
            _ => changes.push((was, is, String::new())),
        }
    }
    let mut joined: Vec<(String, String, String)> = Vec::new();
    for (was, is, same) in changes {
        match joined.last_mut() {
            // Two changes with only blanks between them are read as one, where both texts have words there.
            Some(last) if last.2.chars().all(|c| c == ' ') && has_both(last, &was, &is) => {
                let between = std::mem::replace(&mut last.2, same);
                last.0 = format!("{}{between}{was}", last.0);
                last.1 = format!("{}{between}{is}", last.1);
            }
            _ => joined.push((was, is, same)),
        }
    }
    for place in 1..joined.len() {
        let (before, from) = joined.split_at_mut(place);
        if let (Some(last), Some(change)) = (before.last_mut(), from.first_mut()) {
            to_line_start(&mut last.2, change);
        }
    }
    let each = |(was, is, same)| [(Of::Before, was), (Of::After, is), (Of::Both, same)];
    joined.into_iter().flat_map(each).filter(|(_, text)| !text.is_empty()).collect()
}

/// Moves words that only one text has to the right, where they then are whole lines: in `a.` with `\nb.` behind it, it is
/// the line that came, and not `.\nb`. `before` is what both texts have before them.
fn to_line_start(before: &mut String, (was, is, same): &mut (String, String, String)) {
    let own = match (was.is_empty(), is.is_empty()) {
        (false, true) => was,
        (true, false) => is,
        _ => return,
    };
    let steps = own.find('\n').unwrap_or_default();
    let is_whole = own.ends_with('\n') && before.ends_with('\n');
    if steps > 0 && !is_whole && own.get(..steps).is_some_and(|moved| same.starts_with(moved)) {
        let moved: String = own.drain(..steps).collect();
        before.push_str(&moved);
        own.push_str(&moved);
        same.drain(..steps);
    }
}

/// Returns whether two changes, read as one, have something of both texts.
const fn has_both(first: &(String, String, String), was: &str, is: &str) -> bool {
    let is_change = !first.0.is_empty() || !first.1.is_empty();
    is_change && (!first.0.is_empty() || !was.is_empty()) && (!first.1.is_empty() || !is.is_empty())
}

/// Cuts pieces at the ends of lines.
fn into_lines(pieces: Vec<(Of, String)>) -> Vec<Vec<(Of, String)>> {
    let mut lines = vec![Vec::new()];
    for (of, text) in pieces {
        for (place, part) in text.split('\n').enumerate() {
            if place > 0 {
                // An empty line that only one text has is of that text.
                if let Some(line) = lines.last_mut().filter(|line| line.is_empty() && of != Of::Both) {
                    line.push((of, String::new()));
                }
                lines.push(Vec::new());
            }
            if let Some(line) = lines.last_mut().filter(|_| !part.is_empty()) {
                line.push((of, part.to_owned()));
            }
        }
    }
    lines
}

/// Leaves lines out that are far from any change.
fn without_the_rest(lines: Vec<Vec<(Of, String)>>) -> Vec<WordLine> {
    let changed: Vec<bool> = lines.iter().map(|line| line.iter().any(|(of, _)| *of != Of::Both)).collect();
    let is_near = |place: usize| {
        let from = place.saturating_sub(CONTEXT);
        changed.iter().skip(from).take(place - from + CONTEXT + 1).any(|changed| *changed)
    };
    let mut shown = Vec::new();
    let mut is_gap = false;
    for (place, line) in lines.into_iter().enumerate() {
        if is_near(place) {
            if std::mem::take(&mut is_gap) && !shown.is_empty() {
                shown.push(WordLine::Gap);
            }
            shown.push(WordLine::Pieces(line));
        } else {
            is_gap = true;
        }
    }
    // What ends in a line break has an empty line behind it.
    if shown.last() == Some(&WordLine::Pieces(Vec::new())) {
        shown.pop();
    }
    shown
}

fn is_word(token: &str) -> bool {
    token.chars().next().is_some_and(char::is_alphanumeric)
}

/// Splits a text into words and what stands between them, character by character.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if first.is_alphanumeric() {
            // `don't` and `0.5` are one word.
            let mut end = 0;
            let mut chars = rest.char_indices().peekable();
            while let Some((at, c)) = chars.next() {
                let joins = matches!(c, '\'' | '’' | '_' | '.')
                    && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
                if !c.is_alphanumeric() && !joins {
                    break;
                }
                end = at + c.len_utf8();
            }
            end
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(end);
        tokens.push(token);
        rest = after;
    }
    tokens
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(before: &str, after: &str) -> Vec<String> {
        let piece = |(of, text): &(Of, String)| {
            let (open, close) = of.marks();
            format!("{open}{text}{close}")
        };
        let line = |line: &WordLine| match line {
            WordLine::Gap => "…".to_owned(),
            WordLine::Pieces(pieces) => pieces.iter().map(piece).collect(),
        };
        WordDiff::of(before, after).lines.iter().map(line).collect()
    }

    #[test]
    fn words_that_changed_stand_between_marks_in_their_line() {
        assert_eq!(
            shown("Write {{ n }} short texts.\nEnd.", "Write {{ n }} long texts.\nEnd."),
            ["Write {{ n }} [-short-]{+long+} texts.", "End."]
        );
        assert!(shown("same", "same").is_empty());
    }

    #[test]
    fn words_beside_one_another_are_one_change_and_those_apart_are_several() {
        assert_eq!(shown("a short old text", "a long new text"), ["a [-short old-]{+long new+} text"]);
        assert_eq!(
            shown("old text of old men", "new text of new men"),
            ["[-old-]{+new+} text of [-old-]{+new+} men"]
        );
    }

    #[test]
    fn lines_of_one_text_alone_are_marked_whole_and_those_far_from_a_change_left_out() {
        assert_eq!(shown("a\n", "a\nb\n"), ["a", "{+b+}"]);
        assert_eq!(shown("a\nb", "a\n\nb"), ["a", "{++}", "b"]);
        let text = |first: &str, last: &str| format!("{first}\none\ntwo\nthree\nfour\n{last}");
        assert_eq!(shown(&text("a", "b"), &text("c", "d")), ["[-a-]{+c+}", "one", "…", "four", "[-b-]{+d+}"]);
    }

    #[test]
    fn a_line_that_came_behind_another_is_marked_whole_whatever_both_end_in() {
        assert_eq!(shown("a line.", "a line.\nNever greet."), ["a line.", "{+Never greet.+}"]);
        assert_eq!(shown("a line.\nNever greet.", "a line."), ["a line.", "[-Never greet.-]"]);
    }

    #[test]
    fn words_are_counted_and_signs_and_blanks_are_not() {
        let count = |before, after| WordDiff::of(before, after).words;
        assert_eq!(count("one two", "one, three four!"), WordCount { added: 2, removed: 1 });
        assert_eq!(count("don't", "do"), WordCount { added: 1, removed: 1 });
        assert_eq!(count("a", "a "), WordCount::default());
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_from_their_pieces(before in "[ab\n ]{0,40}", after in "[ab\n ]{0,40}") {
            let pieces = pieces(&before, &after);
            let of = |side| {
                let mine = pieces.iter().filter(|(of, _)| [Of::Both, side].contains(of));
                mine.map(|(_, text)| text.as_str()).collect::<String>()
            };
            prop_assert_eq!(of(Of::Before), before);
            prop_assert_eq!(of(Of::After), after);
        }
    }
}
