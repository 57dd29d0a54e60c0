//! What train rows alone say of the accepted ones, at the right end of the strip: `train CV .610 → .670 · 12 decisions
//! ago`. Test rows are looked at by an evaluation only.

use ratatui::text::{Line, Span};

use crate::domain::figure;
use crate::text::counted;
use crate::ui::theme::{Slot, Theme};

/// The columns from which on the strip has room for the whole line, and for its figures.
const WHOLE_FROM: u16 = 140;
const WORDS_FROM: u16 = 120;

/// PR-AUC of the target, cross-validated on train rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Trained {
    /// Without the accepted rows, 0 to 1.
    pub(crate) without: f64,
    /// With them.
    pub(crate) with: f64,
    /// How many decisions were taken since.
    pub(crate) since: u64,
}

impl Trained {
    /// Returns the line for a strip of this many columns.
    pub(crate) fn line(self, columns: u16, theme: &Theme) -> Line<'static> {
        let muted = theme[Slot::Muted];
        let name = if columns >= WORDS_FROM { "train CV " } else { "CV " };
        let arrow = if columns >= WORDS_FROM { " → " } else { "→" };
        let tone = if self.with + 5e-4 < self.without { Slot::Warning } else { Slot::Figure };
        let mut spans = vec![
            Span::styled(name, muted),
            Span::styled(figure(self.without), muted),
            Span::styled(arrow, muted),
            Span::styled(figure(self.with), theme[tone]),
        ];
        if self.since > 0 && columns >= WHOLE_FROM {
            spans.push(Span::styled(format!(" · {} ago", counted(self.since, "decision")), muted));
        } else if self.since > 0 {
            spans.push(Span::styled(format!(" ({} ago)", self.since), muted));
        }
        Line::from(spans)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_age_is_said_in_words_where_there_is_room() {
        let theme = Theme::mono();
        let line =
            |columns, since| Trained { without: 0.61, with: 0.67, since }.line(columns, &theme).to_string();
        assert_eq!(line(160, 12), "train CV .610 → .670 · 12 decisions ago");
        assert_eq!(line(160, 1), "train CV .610 → .670 · 1 decision ago");
        assert_eq!(line(160, 0), "train CV .610 → .670");
        assert_eq!(line(80, 12), "CV .610→.670 (12 ago)");
    }
}
