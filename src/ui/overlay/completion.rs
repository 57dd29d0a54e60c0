//! The words that may be meant, below the one that is typed.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::{frame, list};
use crate::app::completion::Offer;
use crate::app::geometry::{inside, padded};
use crate::text::width;
use crate::ui::canvas::cut;
use crate::ui::theme::{Slot, Theme};

/// The most words that are seen at once.
const MOST: usize = 8;

/// Draws the words below the cursor, or above it where there is more room; they end above the line `bottom`.
pub(crate) fn draw(offer: &Offer, cursor: Position, bottom: u16, theme: &Theme, buf: &mut Buffer) {
    let screen = buf.area;
    let bottom = bottom.min(screen.bottom());
    let widest = offer.words.iter().map(|word| width(word)).max().unwrap_or(0).max(width(offer.title) + 2);
    // The border, a blank and the room for a list's figures on each side.
    let columns = u16::try_from(widest + 5).unwrap_or(u16::MAX).min(screen.width);
    let wanted = u16::try_from(offer.words.len().min(MOST) + 2).unwrap_or(u16::MAX);
    let (above, below) = (cursor.y.saturating_sub(screen.y), bottom.saturating_sub(cursor.y + 1));
    let is_below = below >= wanted || below >= above;
    let rows = wanted.min(if is_below { below } else { above });
    if rows < 3 || columns < 6 {
        return;
    }
    let y = if is_below { cursor.y + 1 } else { cursor.y - rows };
    // What is typed stands over what it begins in the list.
    let typed = u16::try_from(width(&offer.typed)).unwrap_or(u16::MAX);
    let x = cursor.x.saturating_sub(typed.saturating_add(2)).clamp(screen.x, screen.right() - columns);
    let area = Rect { x, y, width: columns, height: rows };
    frame(area, &Line::from(offer.title), theme, buf);
    let entry = |index: usize| {
        let word = offer.words.get(index).map_or("", String::as_str);
        let typed = word.get(..offer.typed.len()).unwrap_or_default();
        let rest = word.get(offer.typed.len()..).unwrap_or_default();
        let line =
            vec![Span::styled(typed.to_owned(), theme[Slot::Match]), cut(rest, widest, theme[Slot::Overlay])];
        (Line::from(line), Line::default())
    };
    list::draw(offer.words.len(), Some(offer.selected), entry, (padded(inside(area)), area), theme, buf);
}
