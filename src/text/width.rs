//! How many columns a text takes, and how to make it fit.
//!
//! Everything is counted in grapheme clusters, what a person calls a character: none is
//! ever split. The text must be safe already (see [`SafeText`](super::SafeText)); control
//! characters are not handled here.

use std::borrow::Cow;
use std::str::CharIndices;

use unicode_segmentation::{GraphemeIndices, UnicodeSegmentation};
use unicode_width::UnicodeWidthStr;

/// The sign at the end of a text that was cut.
pub(crate) const ELLIPSIS: &str = "…";

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

/// A grapheme cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cluster<'a> {
    /// The byte where it starts.
    pub(crate) start: usize,
    pub(crate) text: &'a str,
    /// How many columns it takes.
    pub(crate) width: usize,
}

/// The clusters of a text.
pub(crate) enum Clusters<'a> {
    Plain(&'a str, CharIndices<'a>),
    Any(GraphemeIndices<'a>),
}

/// Returns the grapheme clusters of a text.
pub(crate) fn clusters(text: &str) -> Clusters<'_> {
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

    fn rows() -> impl Strategy<Value = String> {
        let pieces = proptest::sample::select(vec![
            "a", "bc", "longer", " ", " ", "\n", "日", "。", "é", "e\u{301}", "👍🏽", FAMILY, "!",
        ]);
        proptest::collection::vec(pieces, 0..30).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn a_cut_text_fits_and_is_cut_only_where_it_must(text in rows(), columns in 0_usize..12) {
            let text = text.replace('\n', " ");
            let cut = truncate(&text, columns);

            prop_assert!(width(&cut) <= columns);
            prop_assert_eq!(cut == text, width(&text) <= columns);
        }
    }
}
