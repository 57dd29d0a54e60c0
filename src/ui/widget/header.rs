//! The header: the session, the views, and whether everything is saved.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::app::model::Saving;
use crate::text::SafeText;
use crate::ui::canvas::{fitting, line_width, outside, put, put_right};
use crate::ui::theme::{Slot, Theme};

/// The session, the views, the generator and the journal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Header<'a> {
    pub(crate) theme: &'a Theme,
    pub(crate) session: &'a str,
    /// The label that more rows are wanted of.
    pub(crate) target: &'a str,
    /// The names of the views, and whether each is shown.
    pub(crate) tabs: &'a [(&'a str, bool)],
    /// The provider, and the model where there is one.
    pub(crate) generator: (&'a str, Option<&'a str>),
    /// Whether everything is saved.
    pub(crate) saving: Saving,
    /// The key that shows the help here; empty where none does.
    pub(crate) help: &'a str,
}

impl Widget for Header<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        if area.height == 0 {
            return;
        }
        let columns = usize::from(area.width).saturating_sub(1);
        let shortest = line_width(&self.left(false, 1));
        let right = fitting(self.rights(), columns.saturating_sub(shortest + 2));
        let room = columns.saturating_sub(line_width(&right) + 2);
        let left = fitting(vec![self.left(true, 6), self.left(false, 3), self.left(false, 1)], room);
        put_right(buf, area.right().saturating_sub(1), area.y, area.width, &right);
        put(buf, area.x, area.y, u16::try_from(room + 1).unwrap_or(u16::MAX), &left);
    }
}

impl Header<'_> {
    fn left(&self, with_brand: bool, gap: usize) -> Line<'_> {
        let mut spans = vec![Span::raw(" ")];
        if with_brand {
            spans.push(Span::styled("rowsmith", self.theme[Slot::Brand]));
            spans.push(Span::raw("  "));
        }
        spans.push(outside(self.session, self.theme[Slot::Strong]));
        spans.push(Span::styled(" › ", self.theme[Slot::Muted]));
        spans.push(Span::styled(SafeText::name(self.target).into_inner(), self.theme[Slot::Target]));
        for (place, (name, shown)) in self.tabs.iter().enumerate() {
            spans.push(Span::raw(" ".repeat(if place == 0 { gap } else { 2.min(gap) })));
            let slot = if *shown { Slot::TabActive } else { Slot::Tab };
            spans.push(Span::styled(*name, self.theme[slot]));
        }
        Line::from(spans)
    }

    /// Returns the possible texts at the right, the widest first.
    fn rights(&self) -> Vec<Line<'_>> {
        let muted = self.theme[Slot::Muted];
        let (provider, model) = self.generator;
        let provider = vec![outside(provider, muted)];
        let mut generator = provider.clone();
        if let Some(model) = model {
            generator.extend([Span::styled(" · ", muted), outside(model, muted)]);
        }
        vec![
            self.right(generator, 6, true),
            self.right(provider, 3, true),
            self.right(vec![], 3, true),
            self.right(vec![], 2, false),
        ]
    }

    fn right<'s>(&'s self, mut spans: Vec<Span<'s>>, gap: usize, with_word: bool) -> Line<'s> {
        if !spans.is_empty() {
            spans.push(Span::raw("   "));
        }
        spans.push(match self.saving {
            Saving::Saved => Span::styled("saved ✓", self.theme[Slot::Good]),
            Saving::Pending => Span::styled("saving …", self.theme[Slot::Warning]),
            Saving::Failed => Span::styled("not saved !", self.theme[Slot::Error]),
        });
        // What is left of the key never moves when another one is shown, or none.
        spans.push(Span::raw(" ".repeat(gap - 1)));
        spans.push(Span::styled(format!("{:>2}", self.help), self.theme[Slot::Key]));
        if with_word {
            let word = if self.help.is_empty() { "     " } else { " help" };
            spans.push(Span::styled(word, self.theme[Slot::KeyLabel]));
        }
        Line::from(spans)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::testing::{drawn, text_of};

    fn header(theme: &Theme) -> Header<'_> {
        Header {
            theme,
            session: "sms-spam",
            target: "spam",
            tabs: &[("Bench", true)],
            generator: ("openai", Some("smollm2")),
            saving: Saving::Saved,
            help: "?",
        }
    }

    #[test]
    fn a_wide_header_says_all() {
        let theme = Theme::mono();

        let wide = text_of(&drawn(&theme, 90, 1, header(&theme)));

        assert!(wide.starts_with(" rowsmith  sms-spam › spam      Bench   "), "{wide}");
        assert!(wide.ends_with("   openai · smollm2   saved ✓      ? help"), "{wide}");
    }

    #[test]
    fn a_narrow_header_keeps_the_session_and_whether_it_is_saved() {
        let theme = Theme::mono();
        let saving = Header { saving: Saving::Pending, ..header(&theme) };

        assert_eq!(
            text_of(&drawn(&theme, 50, 1, saving)),
            " sms-spam › spam   Bench        saving …   ? help"
        );
        assert_eq!(text_of(&drawn(&theme, 36, 1, header(&theme))), " sms-spam › spam Bench   saved ✓  ?");
    }

    #[test]
    fn a_long_or_nasty_name_is_cut_and_shown_safely() {
        let theme = Theme::mono();
        let long = "long\u{1b}[31m".repeat(20);
        let header = Header { session: &long, ..header(&theme) };

        let drawn = text_of(&drawn(&theme, 60, 1, header));

        assert!(drawn.contains("␛[31m") && drawn.contains('…') && drawn.contains("saved ✓"), "{drawn}");
    }
}
