//! The rectangles of the windows over the bench, and of their parts.

use ratatui::layout::Rect;

use super::{centred, facets_area, inside, padded};
use crate::app::export::FormatPicker;
use crate::app::overlay::{AllowQuestion, RowEditorSubject};
use crate::app::replace::ReplaceField;
use crate::app::{Overlay, Question};
use crate::text::{SafeText, wrap};

/// How many choices or commands a window lists at most.
pub(crate) const LIST_LINES: u16 = 12;
/// The lines of the settings, with the gaps between them and one line for an error.
pub(crate) const SETTINGS_LINES: u16 = 22;
/// The lines below the settings that explain the selected one.
pub(crate) const ABOUT_LINES: u16 = 6;
/// The most lines of an error below a typed line.
const ERROR_LINES: u16 = 5;
/// How many of those lines a low screen leaves.
const LEAST_ABOUT_LINES: u16 = 5;
/// The most lines of a scrap's text that its window shows.
const SCRAP_LINES: u16 = 20;
/// The most columns of a run's window.
const RUN_COLUMNS: u16 = 100;
/// The columns of the question about what is not saved, which names a folder.
const UNSAVED_COLUMNS: u16 = 76;
/// The most columns and lines of the window about many rows.
const BULK_COLUMNS: u16 = 96;
const BULK_LINES: u16 = 24;
/// The columns of the list of formats, and the lines that explain the selected one.
const FORMAT_COLUMNS: u16 = 64;
const FORMAT_ABOUT_LINES: u16 = 2;

/// Returns the labels of a question's buttons: yes, no, and the third answer where it has one.
pub(crate) const fn buttons(question: &Question) -> [&'static str; 3] {
    match question {
        Question::Unsaved { .. } => [" y write ", " n stay ", " d quit unsaved "],
        Question::LeaveEdit => [" s save ", " n stay ", " d discard "],
        _ => [" y yes ", " n no ", ""],
    }
}

/// The rectangles of a window; a part that the window does not have is empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Window {
    /// The window, with its border.
    pub area: Rect,
    /// The text that is read or typed in, or the question; one column is free at either side, as in
    /// every part of a window.
    pub body: Rect,
    /// The choices; in a row's editor the other fields, in the settings the explanation of the
    /// selected one.
    pub list: Rect,
    /// The line for an error, else for the keys.
    pub foot: Rect,
    /// The button that answers yes.
    pub yes: Rect,
    /// The button that answers no.
    pub no: Rect,
    /// The button of the third answer.
    pub third: Rect,
}

impl Window {
    /// Returns the rectangles of an overlay on a screen.
    #[must_use]
    pub(crate) fn of(overlay: &Overlay, screen: Rect) -> Self {
        match overlay {
            Overlay::Help { .. } | Overlay::Guidelines { .. } | Overlay::Exchange(_) => {
                Self::reading(middle(screen, 120, screen.height.saturating_sub(5)))
            }
            Overlay::Compare(compare) => {
                let most = middle(screen, 120, screen.height.saturating_sub(4));
                let height = lines(compare.lines_at(most.width.saturating_sub(4)).saturating_add(2));
                Self::reading(middle(screen, 120, height.min(most.height)))
            }
            Overlay::Duplicates(_) => Self::reading(middle(screen, 180, screen.height.saturating_sub(5))),
            Overlay::Run(run) => {
                let height = lines(run.lines.saturating_add(2)).min(screen.height.saturating_sub(5));
                Self::reading(middle(screen, RUN_COLUMNS, height))
            }
            Overlay::Bulk(_) => {
                Self::reading(middle(screen, BULK_COLUMNS, BULK_LINES.min(screen.height.saturating_sub(4))))
            }
            Overlay::Replace(_) => Self::replacing(middle(screen, 120, screen.height.saturating_sub(6))),
            Overlay::Palette(palette) => {
                let list = lines(palette.items.len()).clamp(1, LIST_LINES);
                Self::listing(middle(screen, 90, LIST_LINES + 4), list, 1)
            }
            Overlay::Line(line) => {
                let width = middle(screen, 90, 0).width.saturating_sub(4);
                let error = lines(line.error_lines(width)).min(ERROR_LINES);
                // On a low screen the choices are fewer, so that all of the error is read.
                let room = screen.height.saturating_sub(error + 6);
                let list = lines(line.choices.len()).min(LIST_LINES).min(room);
                let area = middle(screen, 90, list + error + 3);
                let y = screen.height.saturating_sub(area.height + 3);
                Self::listing(Rect { y, ..area }, list, error)
            }
            Overlay::RowEditor(editor) => {
                let others =
                    editor.others.as_ref().map_or(0, |others| lines(others.lines().len()).clamp(1, 8));
                if matches!(editor.subject, RowEditorSubject::Scrap(_)) {
                    // The scrap stays visible above the editor.
                    let area = middle(screen, 112, (8 + others).min(screen.height.saturating_sub(5)));
                    let y = screen.height.saturating_sub(area.height + 2);
                    return Self::row_editor(Rect { y, ..area }, others);
                }
                Self::row_editor(
                    middle(screen, 100, (14 + others).min(screen.height.saturating_sub(5))),
                    others,
                )
            }
            Overlay::Settings(_) => {
                // The footer below names the keys.
                let height = (SETTINGS_LINES + ABOUT_LINES + 4).min(screen.height.saturating_sub(2));
                Self::settings(middle(screen, 96, height))
            }
            Overlay::Formats(_) => {
                let list = lines(FormatPicker::lines().len());
                let height = (list + FORMAT_ABOUT_LINES + 3).min(screen.height.saturating_sub(2));
                Self::formats(middle(screen, FORMAT_COLUMNS, height))
            }
            Overlay::Facets(_) => {
                let area = facets_area(screen.as_size());
                let list = padded(inside(area));
                Self { area, body: list, list, ..Self::default() }
            }
            Overlay::Scraps(scraps) => {
                let count = lines(scraps.places.len());
                let height = screen.height.saturating_sub(5).min(count.min(LIST_LINES) + SCRAP_LINES + 5);
                Self::scraps(middle(screen, 120, height), count)
            }
            Overlay::Question(question) => {
                let area = match question {
                    Question::Sample(estimate) | Question::Compare { estimate, .. }
                        if !estimate.so_far.is_nothing() =>
                    {
                        middle(screen, 72, 7)
                    }
                    Question::Unsaved { reason, .. } => {
                        let why =
                            wrap(SafeText::new(reason).as_str(), usize::from(UNSAVED_COLUMNS) - 4).len();
                        middle(screen, UNSAVED_COLUMNS, lines(why) + 6)
                    }
                    Question::Jump(_) => middle(screen, 64, 7),
                    Question::Allow(allow) => {
                        let height = allow.height(screen.width).min(screen.height);
                        middle(screen, AllowQuestion::WIDTH, height)
                    }
                    _ => middle(screen, 64, 6),
                };
                Self::question(area, buttons(question))
            }
        }
    }

    fn reading(area: Rect) -> Self {
        Self { area, body: padded(inside(area)), ..Self::default() }
    }

    fn listing(area: Rect, list: u16, foot: u16) -> Self {
        let inner = padded(inside(area));
        Self {
            area,
            body: line(inner, 0),
            list: Rect { y: inner.y + 1, height: list, ..inner }.intersection(inner),
            foot: Rect { y: inner.y + inner.height.saturating_sub(foot), height: foot, ..inner }
                .intersection(inner),
            ..Self::default()
        }
    }

    fn settings(area: Rect) -> Self {
        let inner = padded(inside(area));
        // The settings scroll where the screen is low, and their explanation is short there.
        let lines = SETTINGS_LINES.min(inner.height.saturating_sub(LEAST_ABOUT_LINES + 2));
        let about = ABOUT_LINES.min(inner.height.saturating_sub(lines + 1));
        Self {
            area,
            body: Rect { height: lines, ..inner },
            list: Rect { y: inner.y + lines, height: about, ..inner }.intersection(inner),
            foot: line(inner, inner.height.saturating_sub(1)),
            ..Self::default()
        }
    }

    /// Places the form at the top, what is known of the rows below it, and the rows below that.
    fn replacing(area: Rect) -> Self {
        let inner = padded(inside(area));
        let form = lines(ReplaceField::ALL.len()).min(inner.height);
        // A line stands between what is known and the rows.
        let list = inner.height.saturating_sub(form + 2);
        Self {
            area,
            body: Rect { height: form, ..inner },
            foot: line(inner, form).intersection(inner),
            list: Rect { y: inner.y + form + 2, height: list, ..inner }.intersection(inner),
            ..Self::default()
        }
    }

    /// Places the list at the top and what explains the selected entry below.
    fn formats(area: Rect) -> Self {
        let inner = padded(inside(area));
        let list = inner.height.saturating_sub(FORMAT_ABOUT_LINES + 1);
        let about = Rect { y: inner.y + list + 1, height: FORMAT_ABOUT_LINES, ..inner };
        let list = Rect { height: list, ..inner };
        Self { area, body: about.intersection(inner), list, ..Self::default() }
    }

    /// Places the list at the top and, below a dividing line, the text of the selected scrap.
    fn scraps(area: Rect, count: u16) -> Self {
        let inner = padded(inside(area));
        let list = count.clamp(1, (inner.height / 3).clamp(1, LIST_LINES));
        // Lines separate the list, the text and the foot.
        let text = inner.height.saturating_sub(list + 3);
        Self {
            area,
            body: Rect { y: inner.y + list + 1, height: text, ..inner }.intersection(inner),
            list: Rect { height: list, ..inner }.intersection(inner),
            foot: line(inner, inner.height.saturating_sub(1)),
            ..Self::default()
        }
    }

    fn row_editor(area: Rect, others: u16) -> Self {
        let inner = padded(inside(area));
        // A line stands between the text and the other fields.
        let below = if others == 0 { 1 } else { others + 2 };
        let text = inner.height.saturating_sub(below);
        Self {
            area,
            body: Rect { height: text, ..inner },
            list: Rect { y: inner.y + text + u16::from(others > 0), height: others, ..inner },
            foot: line(inner, inner.height.saturating_sub(1)),
            ..Self::default()
        }
    }

    fn question(area: Rect, buttons: [&str; 3]) -> Self {
        let inner = padded(inside(area));
        let button = line(inner, inner.height.saturating_sub(1));
        let [yes, no, third] = buttons.map(|label| lines(label.len()));
        let at = |x: u16, width: u16| Rect { x: button.x + x, width, ..button }.intersection(inner);
        Self {
            area,
            body: Rect { height: inner.height.saturating_sub(1), ..inner },
            yes: at(0, yes),
            third: if third == 0 { Rect::ZERO } else { at(yes + 2, third) },
            no: at(yes + 2 + if third == 0 { 0 } else { third + 2 }, no),
            ..Self::default()
        }
    }
}

/// The fewest columns of a row beside others of its group.
const DUPLICATE_COLUMNS: u16 = 40;

/// Returns how many rows of a group stand side by side in this width; below one another where it is one.
pub(crate) fn duplicates_beside(width: u16) -> u16 {
    if width < 2 * DUPLICATE_COLUMNS + 10 { 1 } else { (width / DUPLICATE_COLUMNS).min(3) }
}

/// Returns the columns of each of them; blanks stand between.
pub(crate) fn duplicate_columns(width: u16) -> u16 {
    (width / duplicates_beside(width)).saturating_sub(2)
}

fn lines(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

fn line(area: Rect, index: u16) -> Rect {
    Rect { y: area.y + index, height: 1, ..area }
}

/// Returns a centred area of this size that leaves at least two columns of the screen free at
/// either side.
fn middle(screen: Rect, width: u16, height: u16) -> Rect {
    centred(screen, width.min(screen.width.saturating_sub(4)), height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::fixtures::Harness;

    fn windows() -> Vec<Overlay> {
        let mut bench = Harness::with_rows(1);
        let mut overlays = vec![];
        bench.stop_a_run(&[("Cut off.", "{"), ("Empty.", "")]);
        for keys in ["?", "g l", "r", "o", ":", "/", "t", "e", "ctrl-c", ",", "O", "g b d", "g x f", "g b E"]
        {
            bench.keys(keys);
            overlays.append(&mut bench.model.overlays);
        }
        overlays
    }

    #[test]
    fn every_window_fits_on_every_screen_and_its_parts_in_the_window() {
        for screen in [Rect::new(0, 0, 80, 24), Rect::new(0, 0, 160, 45), Rect::new(0, 0, 300, 100)] {
            for overlay in windows() {
                let window = Window::of(&overlay, screen);
                assert_eq!(window.area.intersection(screen), window.area, "{overlay:?}");
                assert!(!window.body.is_empty(), "{overlay:?}");
                let parts = [window.body, window.list, window.foot, window.yes, window.no, window.third];
                for (index, part) in parts.iter().enumerate() {
                    assert!(
                        part.is_empty() || inside(window.area).intersection(*part) == *part,
                        "{overlay:?}"
                    );
                    assert!(parts[index + 1..].iter().all(|other| !part.intersects(*other)), "{overlay:?}");
                }
            }
        }
    }

    #[test]
    fn a_screen_too_small_for_anything_is_no_trouble() {
        for overlay in windows() {
            for (width, height) in [(0, 0), (1, 1), (5, 3), (79, 6)] {
                let _ = Window::of(&overlay, Rect::new(0, 0, width, height));
            }
        }
    }
}
