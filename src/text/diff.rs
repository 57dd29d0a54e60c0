//! What differs between two texts, line by line, with the words that changed within a line.

use std::time::{Duration, Instant};

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline, group_diff_ops};

/// How long the shortest difference is looked for; after that, a longer one is shown.
const LONGEST: Duration = Duration::from_millis(50);
/// How many equal lines stand around a change.
const CONTEXT: usize = 3;

/// Whether a line is of the text before, of the one after, or of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Only of the text before.
    Before,
    /// Only of the text after.
    After,
    /// Of both.
    Both,
    /// Of neither: it says what follows.
    Heading,
}

impl Side {
    /// Returns the sign that stands before a line.
    #[must_use]
    pub(crate) const fn sign(self) -> char {
        match self {
            Self::Before => '-',
            Self::After => '+',
            Self::Both | Self::Heading => ' ',
        }
    }
}

/// One line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DiffLine {
    /// Which text it is of.
    pub side: Side,
    /// The line in pieces, each with whether its words changed.
    pub pieces: Vec<(String, bool)>,
}

impl DiffLine {
    /// Returns a line without marks.
    #[must_use]
    pub(crate) fn plain(side: Side, line: &str) -> Self {
        Self { side, pieces: vec![(line.to_owned(), false)] }
    }

    /// Returns the whole line.
    #[must_use]
    pub(crate) fn text(&self) -> String {
        self.pieces.iter().map(|(piece, _)| piece.as_str()).collect()
    }
}

/// Returns the lines that differ, in groups, with a few equal lines around them; no group where the texts are equal.
#[must_use]
pub(crate) fn compare(before: &str, after: &str) -> Vec<Vec<DiffLine>> {
    let lines = |text| str::split_inclusive(text, '\n').collect::<Vec<&str>>();
    let (old, new) = (lines(before), lines(after));
    let deadline = Some(Instant::now() + LONGEST);
    let changes = capture_diff_slices_deadline(Algorithm::Myers, &old, &new, deadline);
    let groups = group_diff_ops(changes, CONTEXT);
    groups
        .iter()
        .map(|group| group.iter().flat_map(|op| of_change(op, &old, &new, deadline)).collect())
        .collect()
}

fn of_change(op: &DiffOp, old: &[&str], new: &[&str], deadline: Option<Instant>) -> Vec<DiffLine> {
    let bare = |line: &&str| line.trim_end_matches(['\n', '\r']).to_owned();
    let before: Vec<String> = old[op.old_range()].iter().map(bare).collect();
    let after: Vec<String> = new[op.new_range()].iter().map(bare).collect();
    if let DiffOp::Equal { .. } = op {
        return before.iter().map(|line| DiffLine::plain(Side::Both, line)).collect();
    }
    let words: Vec<_> =
        before.iter().zip(&after).map(|(before, after)| changed_words(before, after, deadline)).collect();
    let one_side = |side, lines: &[String], pick: fn(&Both) -> &DiffLine| {
        let line = |(place, line): (usize, &String)| {
            words.get(place).map_or_else(|| DiffLine::plain(side, line), |both| pick(both).clone())
        };
        lines.iter().enumerate().map(line).collect::<Vec<_>>()
    };
    let mut lines = one_side(Side::Before, &before, |both| &both.0);
    lines.extend(one_side(Side::After, &after, |both| &both.1));
    lines
}

/// A line before and after.
type Both = (DiffLine, DiffLine);

/// Marks the words of two lines that differ. Lines with no word in common are not marked: all of them changed.
fn changed_words(before: &str, after: &str, deadline: Option<Instant>) -> Both {
    let (old, new) = (words(before), words(after));
    let ops = capture_diff_slices_deadline(Algorithm::Myers, &old, &new, deadline);
    let mut lines =
        (DiffLine { side: Side::Before, pieces: vec![] }, DiffLine { side: Side::After, pieces: vec![] });
    for op in &ops {
        let changed = !matches!(op, DiffOp::Equal { .. });
        for (line, piece) in
            [(&mut lines.0, old[op.old_range()].concat()), (&mut lines.1, new[op.new_range()].concat())]
        {
            if !piece.is_empty() {
                line.pieces.push((piece, changed));
            }
        }
    }
    let in_common = |line: &DiffLine| {
        line.pieces.iter().any(|(piece, changed)| !changed && piece.contains(char::is_alphanumeric))
    };
    if in_common(&lines.0) {
        return lines;
    }
    (DiffLine::plain(Side::Before, before), DiffLine::plain(Side::After, after))
}

/// Splits a line into words and what stands between them.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let is_word = first.is_alphanumeric();
        let end = if is_word {
            rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at(end);
        words.push(word);
        rest = after;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns each line with its sign, and changed words between brackets.
    fn shown(before: &str, after: &str) -> Vec<String> {
        let piece =
            |(piece, changed): &(String, bool)| if *changed { format!("[{piece}]") } else { piece.clone() };
        let line = |line: &DiffLine| {
            format!("{}{}", line.side.sign(), line.pieces.iter().map(piece).collect::<String>())
        };
        compare(before, after).iter().flatten().map(line).collect()
    }

    #[test]
    fn the_words_that_changed_are_marked_in_their_lines() {
        let (before, after) = ("Write {{ n }} short texts.\nEnd.\n", "Write {{ k }} long texts.\nEnd.\n");
        assert_eq!(
            shown(before, after),
            ["-Write {{ [n] }} [short] texts.", "+Write {{ [k] }} [long] texts.", " End."]
        );
    }

    #[test]
    fn lines_without_a_word_in_common_and_lines_of_one_side_are_not_marked() {
        assert_eq!(shown("one\n", "two\n"), ["-one", "+two"]);
        assert_eq!(shown("a\n", "a\nb\n"), [" a", "+b"]);
        assert_eq!(shown("", "ü\n"), ["+ü"]);
        assert!(compare("same\n", "same\n").is_empty());
    }

    #[test]
    fn changes_far_from_one_another_are_groups_of_their_own() {
        let text = |first: &str, last: &str| format!("{first}\n{}{last}\n", "same\n".repeat(20));
        let groups = compare(&text("a", "b"), &text("c", "d"));
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[0].len(), 2 + CONTEXT);
    }
}
