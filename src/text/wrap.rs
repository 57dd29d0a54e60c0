//! Breaking a text into lines.
//!
//! Lines break between words, and beside wide characters. No line starts with a blank or with a
//! sign that closes what stands before it, unless nothing else fits. The text must be safe already
//! (see [`SafeText`](super::SafeText)), except for [`wrap_source`], which lays out text as it is
//! typed.

use std::ops::Range;

use super::width::{Cluster, clusters};

/// How many columns a tab takes in a text that is typed.
pub(crate) const TAB: usize = 2;
/// Signs that never start a line after a wide character, a blank or a part of a long word.
const CLOSING: &str = "!),.:;?]}…»”’%。、，！？：；」』）】》〉";
/// Signs that never end a line before a wide character.
const OPENING: &str = "([{«“‘「『（【《〈";
/// The first two characters of a template's tags, with the last two.
const TAGS: [(&str, &str); 3] = [("{{", "}}"), ("{%", "%}"), ("{#", "#}")];
/// The bytes that one column of a tag takes at most.
const BYTES_A_COLUMN: usize = 8;

/// Returns the lines of a text, none wider than `columns`, broken between words.
///
/// See [`wrap_ranges`] for the rules.
#[must_use]
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<&str> {
    wrap_ranges(text, columns).into_iter().map(|line| &text[line]).collect()
}

/// Returns the byte ranges of the lines of a text, none wider than `columns`.
///
/// A new line in the text always breaks. Else a line breaks after a blank or beside a wide
/// character; the blanks at such a break belong to no line. A word wider than a line is
/// broken where the line is full, and a template's tag that fits into a line is never
/// broken. There is at least one line. A character wider than
/// `columns` has a line of its own, which alone may be too wide.
#[must_use]
pub(crate) fn wrap_ranges(text: &str, columns: usize) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for paragraph in text.split('\n') {
        wrap_paragraph(atoms(paragraph, columns.max(1), clusters), start, columns.max(1), &mut lines);
        start += paragraph.len() + 1;
    }
    lines
}

/// Returns the byte ranges of the rows of one line that is typed; they hold all of its bytes.
///
/// The blanks at a break belong to the row before it, and a template's tag that fits into a row is
/// never broken.
#[must_use]
pub(crate) fn wrap_source(line: &str, columns: usize) -> Vec<Range<usize>> {
    let columns = columns.max(1);
    // Most lines are like this, and all of a text are laid out for each frame.
    if line.len() <= columns && line.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return std::iter::once(0..line.len()).collect();
    }
    let mut rows = Vec::new();
    wrap_paragraph(atoms(line, columns, source_clusters), 0, columns, &mut rows);
    let ends: Vec<usize> = rows.iter().skip(1).map(|row| row.start).chain([line.len()]).collect();
    rows.iter().zip(ends).map(|(row, end)| row.start..end).collect()
}

/// Returns the clusters of a line that is typed, each at least one column wide.
pub(crate) fn source_clusters(line: &str) -> impl Iterator<Item = Cluster<'_>> {
    clusters(line).map(|cluster| {
        let width = if cluster.text == "\t" { TAB } else { cluster.width.max(1) };
        Cluster { width, ..cluster }
    })
}

/// What a line is never broken within: a cluster, or a template's tag.
#[derive(Debug, Clone, Copy)]
struct Atom<'a> {
    cluster: Cluster<'a>,
    is_tag: bool,
}

impl Atom<'_> {
    fn is_blank(&self) -> bool {
        matches!(self.cluster.text, " " | "\t")
    }

    /// Returns whether a line may break beside it.
    const fn is_wide(&self) -> bool {
        self.cluster.width > 1 && !self.is_tag
    }

    /// Returns whether no line should start with it.
    fn stays_behind(&self) -> bool {
        self.is_blank() || self.is_one_of(CLOSING)
    }

    fn is_one_of(&self, signs: &str) -> bool {
        !self.is_tag && self.cluster.text.chars().next().is_some_and(|first| signs.contains(first))
    }
}

/// Returns the clusters of a line, with each tag that fits into a row as one.
fn atoms<'a, I: Iterator<Item = Cluster<'a>>>(
    line: &'a str,
    columns: usize,
    clusters: impl Fn(&'a str) -> I,
) -> impl Iterator<Item = Atom<'a>> {
    let mut end = 0;
    let of_line = clusters(line);
    let tag = move |start: usize| {
        let tag = tag_at(line, start, columns)?;
        let width = clusters(&line[tag.clone()]).map(|cluster| cluster.width).sum();
        (width <= columns).then(|| Cluster { start, text: &line[tag], width })
    };
    of_line.filter_map(move |cluster| {
        if cluster.start < end {
            return None;
        }
        let tag = tag(cluster.start);
        let is_tag = tag.is_some();
        let cluster = tag.unwrap_or(cluster);
        end = cluster.start + cluster.text.len();
        Some(Atom { cluster, is_tag })
    })
}

/// Returns the tag that starts at a byte, if it may fit into this many columns.
fn tag_at(line: &str, start: usize, columns: usize) -> Option<Range<usize>> {
    let rest = line.get(start..)?;
    let (_, close) = TAGS.into_iter().find(|(open, _)| rest.starts_with(open))?;
    // A tag that is never closed is not looked for to the end of a long line.
    let most = columns.saturating_mul(BYTES_A_COLUMN);
    let mut ends = rest.char_indices().skip(2).take_while(|(at, _)| *at <= most);
    let (end, _) = ends.find(|(at, _)| rest[*at..].starts_with(close))?;
    Some(start..start + end + close.len())
}

/// Wraps a text without new lines, which starts at `offset` of the whole.
fn wrap_paragraph<'a>(
    atoms: impl Iterator<Item = Atom<'a>>,
    offset: usize,
    columns: usize,
    lines: &mut Vec<Range<usize>>,
) {
    let mut line = 0..0;
    let mut used = 0;
    for piece in pieces(atoms, columns) {
        if used + piece.width > columns {
            if !line.is_empty() {
                lines.push(offset + line.start..offset + line.end);
            }
            line = piece.content.clone();
            used = 0;
            // Where a full line may end, so that no closing sign stands first in the next one.
            let mut before_sign = (line.start, 0);
            for atom in piece.atoms.iter().filter(|atom| atom.cluster.start < piece.content.end) {
                let (at, width) = (atom.cluster.start, atom.cluster.width);
                if used + width > columns && at > line.start {
                    let moves_more = atom.stays_behind()
                        && before_sign.0 > line.start
                        && used - before_sign.1 + width <= columns;
                    let (end, cut) = if moves_more { before_sign } else { (at, used) };
                    lines.push(offset + line.start..offset + end);
                    line.start = end;
                    used -= cut;
                }
                if !atom.stays_behind() {
                    before_sign = (at, used);
                }
                used += width;
            }
            used += piece.blanks;
        } else {
            used += piece.width + piece.blanks;
        }
        line.end = piece.content.end;
    }
    lines.push(offset + line.start..offset + line.end);
}

/// A part of a text in which a line does not break unless it must, with the blanks after it.
struct Piece<'a> {
    content: Range<usize>,
    /// The atoms of the content and of the blanks after it.
    atoms: Vec<Atom<'a>>,
    /// The columns of the content.
    width: usize,
    /// The columns of the blanks after it.
    blanks: usize,
}

/// Joins what stands together into pieces. A closing sign after a blank joins the word before it.
fn pieces<'a>(atoms: impl Iterator<Item = Atom<'a>>, columns: usize) -> Vec<Piece<'a>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    // Blanks at the start of a paragraph are its indent, and belong to its first word.
    let mut indent = true;
    for atom in atoms {
        let Cluster { start, text, width } = atom.cluster;
        let is_blank = atom.is_blank();
        indent &= is_blank;
        let goes_on = |piece: &&mut Piece<'_>| {
            if is_blank {
                return true;
            }
            if piece.blanks > 0 {
                return atom.is_one_of(CLOSING) && piece.width + piece.blanks + width <= columns;
            }
            let last = piece.atoms.last();
            let may_break = atom.is_wide() || last.is_some_and(Atom::is_wide);
            !may_break || atom.is_one_of(CLOSING) || last.is_some_and(|last| last.is_one_of(OPENING))
        };
        let Some(piece) = pieces.last_mut().filter(goes_on) else {
            pieces.push(Piece { content: start..start + text.len(), atoms: vec![atom], width, blanks: 0 });
            continue;
        };
        piece.atoms.push(atom);
        if is_blank && !indent {
            piece.blanks += width;
        } else {
            piece.content.end = start + text.len();
            piece.width += std::mem::take(&mut piece.blanks) + width;
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation;

    use super::*;
    use crate::text::width;

    fn rows_of(line: &str, columns: usize) -> Vec<&str> {
        wrap_source(line, columns).into_iter().map(|row| &line[row]).collect()
    }

    #[test]
    fn lines_break_between_words_and_blanks_at_the_break_go() {
        assert_eq!(wrap("unlock it within 24 hours", 10), ["unlock it", "within 24", "hours"]);
        assert_eq!(wrap("unlock   it  ", 6), ["unlock", "it"]);
        assert_eq!(wrap("exact fit", 9), ["exact fit"]);
    }

    #[test]
    fn new_lines_always_break_and_an_indent_stays() {
        assert_eq!(wrap("a\n\n  b c\n", 20), ["a", "", "  b c", ""]);
        assert_eq!(wrap("", 5), [""]);
    }

    #[test]
    fn a_word_wider_than_a_line_is_broken_where_the_line_is_full() {
        assert_eq!(wrap("see http://example.com/abc now", 10), ["see", "http://exa", "mple.com/a", "bc now"]);
        assert_eq!(wrap("abc", 0), ["a", "b", "c"]);
    }

    #[test]
    fn wide_characters_may_be_parted_but_not_from_what_closes() {
        assert_eq!(wrap("我们今天去。", 5), ["我们", "今天", "去。"]);
        assert_eq!(wrap("ok 日本", 5), ["ok 日", "本"]);
        assert_eq!(wrap("日本", 1), ["日", "本"]);
    }

    #[test]
    fn ranges_point_into_the_text() {
        assert_eq!(wrap_ranges("ab cd\nef", 2), [0..2, 3..5, 6..8]);
    }

    #[test]
    fn no_line_starts_with_a_sign_that_closes_what_stands_before_it() {
        assert_eq!(wrap("mais vraiment ? oui", 13), ["mais", "vraiment ?", "oui"]);
        assert_eq!(wrap("vraiment ? oui", 8), ["vraiment", "? oui"], "nothing else fits");
        assert_eq!(wrap("abcdefgh, ij", 8), ["abcdefg", "h, ij"]);
        assert_eq!(wrap("abcdefgh...", 8), ["abcdefg", "h..."]);
        assert_eq!(wrap("「日本」と言う", 5), ["「日", "本」", "と言", "う"]);
        assert_eq!(wrap("........", 3), ["...", "...", ".."]);
    }

    #[test]
    fn a_source_keeps_its_blanks_at_the_ends_of_rows() {
        assert_eq!(
            rows_of("a company  or thinking of it.  ", 10),
            ["a company  ", "or ", "thinking ", "of it.  "]
        );
        assert_eq!(rows_of("", 5), [""]);
        assert_eq!(rows_of("      ", 4), ["    ", "  "]);
        assert_eq!(rows_of("\t\tdeep in", 8), ["\t\tdeep ", "in"]);
    }

    #[test]
    fn a_mask_or_a_tag_in_a_text_is_never_broken_where_it_fits() {
        assert_eq!(wrap("for order {{Order Number}}, now", 20), ["for order", "{{Order Number}},", "now"]);
        assert_eq!(wrap("x {{Order Number}}", 8), ["x", "{{Order", "Number}}"]);
        let open = "{{".repeat(40_000);
        assert_eq!(wrap(&open, 40).len(), 2_000);
    }

    #[test]
    fn a_tag_that_fits_into_a_row_is_never_broken() {
        assert_eq!(rows_of("all of the {{ label }}. Vary", 16), ["all of the ", "{{ label }}. ", "Vary"]);
        assert_eq!(rows_of("(\"{{ label }}\"): x", 12), ["(\"", "{{ label }}", "\"): x"]);
        assert_eq!(rows_of("{% if a %}{% endif %}x", 11), ["{% if a %}", "{% endif %}", "x"]);
        assert_eq!(rows_of("{# no #} {{ a", 6), ["{# no ", "#} {{ ", "a"]);
    }

    fn text() -> impl Strategy<Value = String> {
        let pieces = proptest::sample::select(vec![
            "a", "bc", "longer", " ", " ", "\t", "日", "。", "é", "e\u{301}", "👍🏽", "{{ a }}", "{%", "%}",
            "!", "「",
        ]);
        proptest::collection::vec(pieces, 0..30).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_only_blanks_are_lost(text in text(), columns in 1_usize..12) {
            let mut end = 0;
            for line in wrap_ranges(&text, columns) {
                prop_assert!(line.start >= end);
                prop_assert!(text[end..line.start].chars().all(|c| " \t\n".contains(c)));
                let content = &text[line.clone()];
                let clusters = content.graphemes(true).count();
                prop_assert!(width(content) <= columns || clusters == 1, "{content:?}");
                end = line.end;
            }
            prop_assert!(text[end..].chars().all(|c| " \t\n".contains(c)));
        }

        #[test]
        fn rows_of_a_source_hold_all_of_it_and_start_with_no_blank(line in text(), columns in 1_usize..12) {
            let rows = wrap_source(&line, columns);

            let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
            let mut end = 0;
            for row in &rows {
                prop_assert_eq!(row.start, end);
                prop_assert!(row.start < indent || !line[row.start..].starts_with([' ', '\t']) || indent == line.len());
                let row = &line[row.clone()];
                let wide: usize = source_clusters(row.trim_end_matches([' ', '\t'])).map(|c| c.width).sum();
                prop_assert!(wide <= columns || row.trim_end().graphemes(true).count() == 1);
                end += row.len();
            }
            prop_assert_eq!(end, line.len());
        }
    }
}
