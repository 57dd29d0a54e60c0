//! How many columns a text takes, and how to make it fit.
//!
//! Everything is counted in grapheme clusters, what a person calls a character: none is
//! ever split. The text must be safe already (see [`SafeText`](super::SafeText)); control
//! characters are not handled here.

use std::borrow::Cow;
use std::ops::Range;
use std::str::CharIndices;

use unicode_segmentation::{GraphemeIndices, UnicodeSegmentation};
use unicode_width::UnicodeWidthStr;

/// The sign at the end of a text that was cut.
pub(crate) const ELLIPSIS: &str = "…";

/// Characters that never start a line after a wide character.
const CLOSING: [char; 19] =
    ['!', ')', ',', '.', ':', ';', '?', ']', '}', '…', '。', '、', '，', '！', '？', '：', '；', '」', '）'];

/// Returns how many columns a text takes on a screen.
#[must_use]
pub(crate) fn width(text: &str) -> usize {
    if is_plain(text) {
        return text.chars().count();
    }
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// Returns whether each `char` of a text is a cluster by itself and takes one column.
///
/// Most texts are so, and without this shortcut drawing spends a third of its time on splitting
/// texts into clusters.
#[must_use]
pub(crate) fn is_plain(text: &str) -> bool {
    text.chars().all(stands_alone)
}

/// Returns the text, cut to at most `columns` with `…` at its end where it is wider.
///
/// A wide character across the cut is left out; the result may then be a column narrower.
/// With 0 columns the result is empty.
#[must_use]
pub(crate) fn truncate(text: &str, columns: usize) -> Cow<'_, str> {
    let mut used = 0;
    let mut cut = 0;
    for cluster in clusters(text) {
        used += cluster.width;
        if used > columns {
            return match columns {
                0 => Cow::Borrowed(""),
                _ => Cow::Owned(format!("{}{ELLIPSIS}", text[..cut].trim_end_matches(' '))),
            };
        }
        if used < columns {
            cut = cluster.start + cluster.text.len();
        }
    }
    Cow::Borrowed(text)
}

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
/// broken where the line is full. There is at least one line. A character wider than
/// `columns` has a line of its own, which alone may be too wide.
#[must_use]
pub(crate) fn wrap_ranges(text: &str, columns: usize) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for paragraph in text.split('\n') {
        wrap_paragraph(paragraph, start, columns.max(1), &mut lines);
        start += paragraph.len() + 1;
    }
    lines
}

/// Wraps a text without new lines, which starts at `offset` of the whole.
fn wrap_paragraph(text: &str, offset: usize, columns: usize, lines: &mut Vec<Range<usize>>) {
    let mut line = 0..0;
    let mut used = 0;
    for piece in pieces(text) {
        if used + piece.width > columns {
            if !line.is_empty() {
                lines.push(offset + line.start..offset + line.end);
            }
            line = piece.content.clone();
            used = 0;
            for cluster in clusters(&text[piece.content.clone()]) {
                let at = piece.content.start + cluster.start;
                if used + cluster.width > columns && at > line.start {
                    lines.push(offset + line.start..offset + at);
                    line.start = at;
                    used = 0;
                }
                used += cluster.width;
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
struct Piece {
    content: Range<usize>,
    /// The columns of the content.
    width: usize,
    blanks: usize,
    ends_wide: bool,
}

/// Cuts a text at the places where a line may break.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    // Blanks at the start of a paragraph are its indent, and belong to its first word.
    let mut indent = true;
    for Cluster { start: at, text: cluster, width } in clusters(text) {
        let wide = width > 1;
        let blank = cluster == " ";
        indent &= blank;
        let goes_on = |piece: &&mut Piece| {
            blank || (piece.blanks == 0 && (!(wide || piece.ends_wide) || cluster.starts_with(CLOSING)))
        };
        match pieces.last_mut().filter(goes_on) {
            Some(piece) if blank && !indent => piece.blanks += 1,
            Some(piece) => {
                piece.content.end = at + cluster.len();
                piece.width += width;
                piece.ends_wide = wide;
            }
            None => {
                pieces.push(Piece { content: at..at + cluster.len(), width, blanks: 0, ends_wide: wide });
            }
        }
    }
    pieces
}

/// A grapheme cluster.
struct Cluster<'a> {
    /// The byte where it starts.
    start: usize,
    text: &'a str,
    width: usize,
}

/// The clusters of a text.
enum Clusters<'a> {
    Plain(&'a str, CharIndices<'a>),
    Any(GraphemeIndices<'a>),
}

fn clusters(text: &str) -> Clusters<'_> {
    if is_plain(text) {
        Clusters::Plain(text, text.char_indices())
    } else {
        Clusters::Any(text.grapheme_indices(true))
    }
}

impl<'a> Iterator for Clusters<'a> {
    type Item = Cluster<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Plain(all, rest) => {
                let (start, character) = rest.next()?;
                let text = &all[start..start + character.len_utf8()];
                Some(Cluster { start, text, width: 1 })
            }
            Self::Any(rest) => rest.next().map(|(start, text)| Cluster { start, text, width: text.width() }),
        }
    }
}

/// Returns whether a character takes one column and never joins another of its kind: Latin letters and
/// signs, dashes, quotation marks, the ellipsis, and box-drawing and block characters.
const fn stands_alone(character: char) -> bool {
    matches!(character, ' '..='~' | '¡'..='¬' | '®'..='ʯ' | '–'..='—' | '‘'..='”' | '…' | '─'..='▟')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FAMILY: &str = "👩\u{200d}👩\u{200d}👧";

    #[test]
    fn width_counts_columns_not_characters() {
        assert_eq!(width("plain"), 5);
        assert_eq!(width("日本"), 4);
        assert_eq!(width("e\u{301}"), 1);
        assert_eq!(width(FAMILY), 2);
        assert_eq!(width(""), 0);
    }

    #[test]
    fn plain_characters_take_one_column_each_and_never_join() {
        for plain in ('\0'..='\u{ffff}').filter(|c| stands_alone(*c)) {
            for beside in ['a', '®', '…', plain] {
                let text = format!("{plain}{beside}");
                assert_eq!(
                    text.graphemes(true).map(UnicodeWidthStr::width).collect::<Vec<_>>(),
                    [1, 1],
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn a_text_that_fits_is_borrowed() {
        for text in ["", "plain", "日本x"] {
            assert!(matches!(truncate(text, 5), Cow::Borrowed(same) if same == text), "{text:?}");
        }
    }

    #[test]
    fn a_text_that_is_cut_ends_in_an_ellipsis() {
        assert_eq!(truncate("URGENT! You won", 10), "URGENT! Y…");
        assert_eq!(truncate("URGENT! You won", 9), "URGENT!…");
        assert_eq!(truncate("ab", 1), "…");
        assert_eq!(truncate("ab", 0), "");
    }

    #[test]
    fn a_cut_never_splits_a_character() {
        assert_eq!(truncate("日本語", 4), "日…");
        assert_eq!(truncate("e\u{301}e\u{301}e\u{301}", 2), "e\u{301}…");
        assert_eq!(truncate(&FAMILY.repeat(3), 4), format!("{FAMILY}…"));
        assert_eq!(truncate(&FAMILY.repeat(3), 2), "…");
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

    fn rows() -> impl Strategy<Value = String> {
        let pieces = proptest::sample::select(vec![
            "a", "bc", "longer", " ", " ", "\n", "日", "。", "é", "e\u{301}", "👍🏽", FAMILY, "!",
        ]);
        proptest::collection::vec(pieces, 0..30).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_only_blanks_are_lost(text in rows(), columns in 1_usize..12) {
            let mut end = 0;
            for line in wrap_ranges(&text, columns) {
                prop_assert!(line.start >= end);
                prop_assert!(text[end..line.start].chars().all(|c| c == ' ' || c == '\n'));
                let content = &text[line.clone()];
                let clusters = content.graphemes(true).count();
                prop_assert!(width(content) <= columns || clusters == 1, "{content:?}");
                end = line.end;
            }
            prop_assert!(text[end..].chars().all(|c| c == ' ' || c == '\n'));
        }

        #[test]
        fn a_cut_text_fits_and_is_cut_only_where_it_must(text in rows(), columns in 0_usize..12) {
            let text = text.replace('\n', " ");
            let cut = truncate(&text, columns);

            prop_assert!(width(&cut) <= columns);
            prop_assert_eq!(cut == text, width(&text) <= columns);
        }
    }
}
