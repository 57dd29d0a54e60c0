//! The header: the session, the views, and whether everything is saved.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::model::Saving;
use crate::text::{SafeText, width};
use crate::ui::canvas::{fitting, line_width, outside, put, put_right};
use crate::ui::theme::{Slot, Theme};

/// The session, the views, the generator and the journal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Header<'a, const TABS: usize> {
    pub(crate) theme: &'a Theme,
    pub(crate) session: &'a str,
    /// The label that more rows are wanted of.
    pub(crate) target: &'a str,
    /// The names of the views, and whether each is shown.
    pub(crate) tabs: &'a [(&'a str, bool); TABS],
    /// The provider, and the model where there is one.
    pub(crate) generator: (&'a str, Option<&'a str>),
    /// Whether everything is saved.
    pub(crate) saving: Saving,
    /// The key that shows the help here; empty where none does.
    pub(crate) help: &'a str,
}

impl<const TABS: usize> Header<'_, TABS> {
    /// Draws the header and returns where its tabs lie; a tab that has no room is nowhere.
    pub(crate) fn draw(&self, area: Rect, buf: &mut Buffer) -> [Rect; TABS] {
        if area.height == 0 {
            return [Rect::ZERO; TABS];
        }
        let columns = usize::from(area.width).saturating_sub(1);
        let forms = [(true, 6, true), (false, 3, true), (false, 1, true), (false, 1, false)];
        let lefts = |(brand, gap, all)| self.left(brand, gap, all);
        let rights = self.rights();
        // The views are worth more than the generator: all of them are named where that can be.
        let narrowest = rights.iter().map(line_width).min().unwrap_or_default();
        let all = line_width(&lefts(forms[2]));
        let shortest = if all + 2 + narrowest <= columns { all } else { line_width(&lefts(forms[3])) };
        let right = fitting(rights, columns.saturating_sub(shortest + 2));
        let room = columns.saturating_sub(line_width(&right) + 2);
        let fits = |form: &&(bool, usize, bool)| line_width(&lefts(**form)) <= room;
        let form = forms.iter().find(fits).unwrap_or(&forms[3]);
        put_right(buf, area.right().saturating_sub(1), area.y, area.width, &right);
        let left = lefts(*form);
        let end = put(buf, area.x, area.y, u16::try_from(room + 1).unwrap_or(u16::MAX), &left);
        self.places(&left, Rect { width: end - area.x, ..area })
    }

    /// Returns where the tabs of a line lie that was drawn from the left of an area.
    fn places(&self, line: &Line<'_>, area: Rect) -> [Rect; TABS] {
        let mut places = [Rect::ZERO; TABS];
        let mut x = area.x;
        for span in &line.spans {
            let wide = u16::try_from(width(&span.content)).unwrap_or(u16::MAX);
            let place = Rect { x, width: wide, height: 1, ..area }.intersection(area);
            let is_tab = [self.theme[Slot::Tab], self.theme[Slot::TabActive]].contains(&span.style);
            let tab = self.tabs.iter().position(|(name, _)| *name == span.content);
            if let Some(tab) = tab.filter(|_| is_tab) {
                places[tab] = place;
            }
            x = x.saturating_add(wide);
        }
        places
    }

    /// Returns the session and the tabs, or only the tab that is shown.
    fn left(&self, with_brand: bool, gap: usize, all: bool) -> Line<'_> {
        let mut spans = vec![Span::raw(" ")];
        if with_brand {
            spans.push(Span::styled("rowsmith", self.theme[Slot::Brand]));
            spans.push(Span::raw("  "));
        }
        spans.push(outside(self.session, self.theme[Slot::Strong]));
        spans.push(Span::styled(" › ", self.theme[Slot::Muted]));
        spans.push(Span::styled(SafeText::name(self.target).into_inner(), self.theme[Slot::Target]));
        for (place, (name, shown)) in self.tabs.iter().filter(|(_, shown)| all || *shown).enumerate() {
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
    use crate::ui::testing::text_of;

    fn drawn<const TABS: usize>(columns: u16, header: Header<'_, TABS>) -> (String, [Rect; TABS]) {
        let area = Rect::new(0, 0, columns, 1);
        let mut buf = Buffer::empty(area);
        let places = header.draw(area, &mut buf);
        (text_of(&buf), places)
    }

    fn header(theme: &Theme) -> Header<'_, 1> {
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

        let wide = drawn(90, header(&theme)).0;

        assert!(wide.starts_with(" rowsmith  sms-spam › spam      Bench   "), "{wide}");
        assert!(wide.ends_with("   openai · smollm2   saved ✓      ? help"), "{wide}");
    }

    #[test]
    fn a_narrow_header_keeps_the_session_and_whether_it_is_saved() {
        let theme = Theme::mono();
        let saving = Header { saving: Saving::Pending, ..header(&theme) };

        assert_eq!(drawn(50, saving).0, " sms-spam › spam   Bench        saving …   ? help");
        assert_eq!(drawn(36, header(&theme)).0, " sms-spam › spam Bench   saved ✓  ?");
    }

    #[test]
    fn a_long_or_nasty_name_is_cut_and_shown_safely() {
        let theme = Theme::mono();
        let long = "long\u{1b}[31m".repeat(20);
        let header = Header { session: &long, ..header(&theme) };

        let drawn = drawn(60, header).0;

        assert!(drawn.contains("␛[31m") && drawn.contains('…') && drawn.contains("saved ✓"), "{drawn}");
    }

    #[test]
    fn the_places_of_the_tabs_are_where_they_are_seen() {
        let theme = Theme::mono();
        let tabs = [("Bench", false), ("Export", true)];
        let with = |columns| {
            let header = Header { tabs: &tabs, ..header_of_two(&theme) };
            drawn(columns, header)
        };
        for columns in [160, 90, 60, 50] {
            let (text, places) = with(columns);
            for ((name, _), place) in tabs.iter().zip(places) {
                let seen = text.chars().skip(usize::from(place.x)).take(usize::from(place.width));
                assert_eq!(seen.collect::<String>(), *name, "{columns}: {text}");
            }
        }
        let (text, places) = with(38);
        assert!(text.contains("Export") && !text.contains("Bench"), "{text}");
        assert!(places[0].is_empty() && !places[1].is_empty());
    }

    fn header_of_two(theme: &Theme) -> Header<'_, 2> {
        let Header { session, target, generator, saving, help, .. } = header(theme);
        Header { theme, session, target, tabs: &[("", false); 2], generator, saving, help }
    }
}
