//! How many columns a text takes, and how to make it fit.
//!
//! Everything is counted in grapheme clusters, what a person calls a character: none is
//! ever split. The text must be safe already (see [`SafeText`](super::SafeText)); what a
//! control character would do is not known here.

use std::borrow::Cow;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The sign at the end of a text that was cut.
pub const ELLIPSIS: &str = "…";

/// Returns how many columns a text takes on a screen.
#[must_use]
pub fn width(text: &str) -> usize {
    if is_printable_ascii(text) { text.len() } else { text.graphemes(true).map(UnicodeWidthStr::width).sum() }
}

/// Returns the text, cut to at most `columns` with `…` at its end where it is wider.
///
/// A wide character that would stand on both sides of the cut goes; the result may then
/// be a column narrower. No columns give the empty text.
#[must_use]
pub fn truncate(text: &str, columns: usize) -> Cow<'_, str> {
    if text.len() <= columns && is_printable_ascii(text) {
        return Cow::Borrowed(text);
    }
    let mut used = 0;
    let mut cut = 0;
    for (start, cluster) in text.grapheme_indices(true) {
        used += cluster.width();
        if used > columns {
            return match columns {
                0 => Cow::Borrowed(""),
                _ => Cow::Owned(format!("{}{ELLIPSIS}", text[..cut].trim_end_matches(' '))),
            };
        }
        if used < columns {
            cut = start + cluster.len();
        }
    }
    Cow::Borrowed(text)
}

/// Returns the lines of a text, none wider than `columns`, broken between words.
///
/// See [`wrap_ranges`], which says where the lines lie.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<&str> {
    wrap_ranges(text, columns).into_iter().map(|line| &text[line]).collect()
}

/// Returns where the lines of a text lie, in bytes, none wider than `columns`.
///
/// A new line in the text always breaks. Else a line breaks after a blank or beside a wide
/// character; the blanks at such a break belong to no line. A word wider than a line is
/// broken where the line is full. There is at least one line. A character wider than
/// `columns` has a line of its own, the only kind that is too wide.
#[must_use]
pub fn wrap_ranges(text: &str, columns: usize) -> Vec<Range<usize>> {
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
    let mut line = Open { start: 0, width: 0 };
    // Where the line may break: the end of it before the blanks, and what goes on after them.
    let mut chance: Option<(usize, Open)> = None;
    let mut content_end = 0;
    let mut wide_before = false;
    for (at, cluster) in text.grapheme_indices(true) {
        let columns_needed = cluster.width();
        let blank = cluster == " ";
        let wide = columns_needed > 1;
        if !blank && (wide || wide_before) && content_end == at && at > line.start {
            chance = Some((at, Open { start: at, width: 0 }));
        }
        if !blank && line.width + columns_needed > columns && at > line.start {
            let (end, next) = chance.take().unwrap_or((at, Open { start: at, width: 0 }));
            lines.push(offset + line.start..offset + end);
            line = next;
            if line.width + columns_needed > columns && at > line.start {
                lines.push(offset + line.start..offset + at);
                line = Open { start: at, width: 0 };
            }
        }
        line.width += columns_needed;
        let end = at + cluster.len();
        if let Some((_, next)) = &mut chance {
            next.width += columns_needed;
        }
        if blank {
            // Blanks that open a paragraph are its indent, no place to break at.
            if content_end > line.start {
                chance = Some((content_end, Open { start: end, width: 0 }));
            }
        } else {
            content_end = end;
        }
        wide_before = wide;
    }
    let end = if content_end > line.start { text.len() } else { line.start.max(content_end) };
    let end = if line.width > columns { content_end.max(line.start) } else { end };
    lines.push(offset + line.start..offset + end);
}

/// A line that is still being filled.
#[derive(Debug, Clone, Copy)]
struct Open {
    start: usize,
    width: usize,
}

fn is_printable_ascii(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}
