//! The balance strip: the classes with the rows added to them, the goal, the version's acceptance.
//!
//! It counts train rows. Where it does not fit, bars get shorter, then all classes but the target
//! are merged, then bars are left out and figures stay. The scale comes from the train rows and the goal,
//! and what may grow up to the goal has its place from the start, so that no decision moves the bars.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::bar::{eighths, gauge, two_part_bar};
use crate::measure::VersionAcceptance;
use crate::text::{SafeText, model_name, thousands, truncate, width};
use crate::ui::canvas::{fitting, line_width, put};
use crate::ui::theme::{Slot, Theme};

/// One class of the dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Class<'a> {
    /// Untrusted text.
    pub(crate) label: &'a str,
    /// Number of train rows.
    pub(crate) real: u64,
    /// Number of accepted rows.
    pub(crate) accepted: u64,
    pub(crate) is_target: bool,
}

/// The strip.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Balance<'a> {
    pub(crate) theme: &'a Theme,
    pub(crate) classes: &'a [Class<'a>],
    /// The wanted number of accepted rows.
    pub(crate) goal: Option<u32>,
    /// The version and its acceptance.
    pub(crate) version: Option<Judged<'a>>,
}

/// A version with what decisions say of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judged<'a> {
    /// The version's number.
    pub(crate) version: u32,
    /// The model that the acceptance is of, where several wrote its rows. Untrusted text.
    pub(crate) model: Option<&'a str>,
    pub(crate) acceptance: VersionAcceptance,
}

/// How much of the acceptance is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// With what was decided in bulk.
    Whole,
    /// Without it.
    OneByOne,
    /// Nothing.
    Nothing,
}

/// The possible lengths of the longest bar in cells, the longest first.
const BARS: [usize; 5] = [22, 16, 12, 8, 5];
/// How far the parts stand apart, and what they say.
#[derive(Debug, Clone, Copy)]
struct Spacing {
    /// The gap between two parts.
    gap: &'static str,
    /// The word before the acceptance.
    word: &'static str,
    /// The cells of the goal's gauge.
    goal: usize,
    /// The columns that an acceptance has before there is one, so that nothing moves when it comes.
    acceptance: usize,
}
const ROOMY: Spacing = Spacing { gap: "     ", word: "accepted ", goal: 12, acceptance: 24 };
const TIGHT: Spacing = Spacing { gap: "  ", word: "", goal: 6, acceptance: 22 };
const NARROW: Spacing = Spacing { acceptance: 15, ..TIGHT };

impl Widget for Balance<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let columns = usize::from(area.width).saturating_sub(1);
        put(buf, area.x, area.y, area.width, &self.line(columns));
    }
}

impl Balance<'_> {
    /// Returns the longest strip that fits.
    fn line(&self, columns: usize) -> Line<'static> {
        let others = self.others_together();
        let forms =
            |classes, bars: &'static [usize], spacing| bars.iter().map(move |bar| (classes, *bar, spacing));
        let mut all: Vec<_> = forms(self.classes, &BARS, ROOMY).collect();
        if self.classes.len() > 2 {
            all.extend(forms(&others, &BARS, ROOMY));
        }
        all.extend(forms(&others, &BARS[3..], TIGHT).chain(forms(&others, &BARS[3..], NARROW)));
        let with_bars = all.into_iter().find_map(|(classes, bar, spacing)| {
            let line = self.with_bars(classes, bar, spacing);
            let known = line_width(&Line::from(self.acceptance(spacing, Part::Whole)));
            let later = (width(spacing.gap) + spacing.acceptance).saturating_sub(known);
            (line_width(&line) + later <= columns).then_some(line)
        });
        with_bars.unwrap_or_else(|| {
            let figures = [Part::Whole, Part::OneByOne, Part::Nothing].map(|part| self.figures(part));
            fitting(figures.into(), columns)
        })
    }

    fn with_bars(&self, classes: &[Class<'_>], cells: usize, spacing: Spacing) -> Line<'static> {
        let most = classes.iter().map(|class| self.expected(class)).max().unwrap_or(0);
        let mut spans = Vec::new();
        for class in classes {
            let whole = eighths(class.real + class.accepted, most, cells);
            let real = eighths(class.real, most, cells).min(whole);
            let styles = [self.theme[Slot::BarReal], self.theme[Slot::BarAccepted]];
            let label = if class.is_target { Slot::Target } else { Slot::Text };
            spans.push(Span::raw(if spans.is_empty() { " " } else { "   " }));
            spans.push(Span::styled(short(class.label), self.theme[label]));
            spans.push(Span::raw(" "));
            let added = if class.accepted > 0 { (whole - real).max(1) } else { 0 };
            let bar = two_part_bar(real, added, styles);
            let place = eighths(self.expected(class), most, cells).div_ceil(8);
            let free = place.saturating_sub(line_width(&bar));
            spans.extend(bar.spans);
            spans.push(Span::styled("╌".repeat(free), self.theme[Slot::BarTrack]));
            spans.push(Span::styled(format!(" {}", thousands(class.real)), self.theme[Slot::Figure]));
            let digits = thousands(self.goal_of(class).max(class.accepted)).len();
            if class.accepted > 0 || self.goal_of(class) > 0 {
                let added = format!(" + {:<digits$}", thousands(class.accepted));
                spans.push(Span::styled(added, self.theme[Slot::Accepted]));
            }
        }
        spans.extend(self.share("   ", " → "));
        if let Some((part, goal)) = self.progress() {
            let styles = (self.theme[Slot::Gauge], self.theme[Slot::BarTrack]);
            spans.push(Span::styled(format!("{}goal ", spacing.gap), self.theme[Slot::Muted]));
            spans.push(Span::styled(format!("{} ", thousands(goal)), self.theme[Slot::Text]));
            spans.extend(gauge(part, goal, spacing.goal, styles.0, styles.1));
            spans.push(Span::styled(
                format!(" {:>5}", percent(part.min(goal), goal, 0)),
                self.theme[Slot::Text],
            ));
        }
        spans.extend(self.acceptance(spacing, Part::Whole));
        Line::from(spans)
    }

    /// Returns the number of accepted rows that are wanted of a class, 0 where none is set.
    fn goal_of(&self, class: &Class<'_>) -> u64 {
        if class.is_target { self.goal.unwrap_or(0).into() } else { 0 }
    }

    /// Returns the rows of a class once the goal is reached.
    fn expected(&self, class: &Class<'_>) -> u64 {
        class.real + class.accepted.max(self.goal_of(class))
    }

    /// Returns ` spam 559+61 · 13.1→14.4 % · goal 12 % · v7 74 % [61–83]`.
    fn figures(&self, part: Part) -> Line<'static> {
        let Some(target) = self.classes.iter().find(|class| class.is_target) else {
            return Line::default();
        };
        let muted = self.theme[Slot::Muted];
        let mut spans = vec![
            Span::styled(format!(" {} ", short(target.label)), self.theme[Slot::Target]),
            Span::styled(thousands(target.real), self.theme[Slot::Figure]),
        ];
        if target.accepted > 0 {
            spans.push(Span::styled(format!("+{}", thousands(target.accepted)), self.theme[Slot::Accepted]));
        }
        spans.extend(self.share(" · ", "→"));
        if let Some((part, goal)) = self.progress() {
            spans.push(Span::styled(" · goal ", muted));
            spans.push(Span::styled(percent(part.min(goal), goal, 0), self.theme[Slot::Text]));
        }
        if part != Part::Nothing {
            spans.extend(self.acceptance(Spacing { gap: " · ", ..TIGHT }, part));
        }
        Line::from(spans)
    }

    /// Returns the target's share of all train rows, without and with the accepted rows.
    fn share(&self, gap: &str, arrow: &str) -> Vec<Span<'static>> {
        let all: u64 = self.classes.iter().map(|class| class.real).sum();
        let added: u64 = self.classes.iter().map(|class| class.accepted).sum();
        let Some(target) = self.classes.iter().find(|class| class.is_target).filter(|_| all > 0) else {
            return vec![];
        };
        let before = percent(target.real, all, 1);
        let mut spans = vec![Span::raw(gap.to_owned())];
        if added == 0 {
            // What comes with the first accepted row has its place from the start.
            let later = if self.progress().is_some() && arrow.starts_with(' ') { arrow } else { "" };
            let free = if later.is_empty() { 0 } else { width(later) + width(&before) };
            spans.push(Span::styled(before, self.theme[Slot::Text]));
            spans.push(Span::raw(" ".repeat(free)));
            return spans;
        }
        let before = if arrow.starts_with(' ') { before } else { before.trim_end_matches(" %").to_owned() };
        let after = percent(target.real + target.accepted, all + added, 1);
        spans.push(Span::styled(before, self.theme[Slot::Muted]));
        spans.push(Span::styled(arrow.to_owned(), self.theme[Slot::Muted]));
        spans.push(Span::styled(after, self.theme[Slot::Figure]));
        spans
    }

    fn progress(&self) -> Option<(u64, u64)> {
        let target = self.classes.iter().find(|class| class.is_target)?;
        let goal = self.goal.filter(|goal| *goal > 0)?;
        Some((target.accepted, goal.into()))
    }

    /// Returns `v7 accepted 74 % [61–83] · +300 in bulk`, or nothing where nothing is known.
    fn acceptance(&self, spacing: Spacing, part: Part) -> Vec<Span<'static>> {
        let Some(Judged { version, model, acceptance }) = self.version else { return vec![] };
        let muted: Style = self.theme[Slot::Muted];
        let model = model.map(|model| format!("{} ", short(model_name(model)))).unwrap_or_default();
        let mut spans = vec![Span::styled(format!("{}v{version} {model}", spacing.gap), muted)];
        if acceptance.is_unread {
            let words = acceptance.to_string();
            let is_short = width("v1 ") + width(&words) > spacing.acceptance;
            spans.push(Span::styled(if is_short { "– offline".to_owned() } else { words }, muted));
            return spans;
        }
        let bulk = acceptance.bulk.decided();
        match acceptance.one_by_one.rate() {
            Some(rate) => {
                let whole = |share: f64| format!("{:.0}", share * 100.0);
                let interval = acceptance.one_by_one.interval();
                let interval = format!(" [{}–{}]", whole(interval.low), whole(interval.high));
                spans.push(Span::styled(spacing.word, muted));
                spans.push(Span::styled(format!("{} %", whole(rate)), self.theme[Slot::Figure]));
                spans.push(Span::styled(interval, muted));
            }
            None if bulk > 0 => spans.push(Span::styled("–", muted)),
            None => return vec![],
        }
        if bulk > 0 && part == Part::Whole {
            spans.push(Span::styled(format!(" · +{bulk} in bulk"), muted));
        }
        spans
    }

    /// Returns the target and one class for all others together; a single other keeps its name.
    fn others_together(&self) -> Vec<Class<'_>> {
        let mut others = Class { label: "others", real: 0, accepted: 0, is_target: false };
        let mut target = None;
        for class in self.classes {
            if class.is_target {
                target = Some(*class);
            } else {
                if self.classes.len() == 2 {
                    others.label = class.label;
                }
                others.real += class.real;
                others.accepted += class.accepted;
            }
        }
        std::iter::once(others).chain(target).collect()
    }
}

fn short(label: &str) -> String {
    let safe = SafeText::name(label);
    truncate(safe.as_str(), 14).into_owned()
}

#[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 rows")]
fn percent(part: u64, whole: u64, decimals: usize) -> String {
    format!("{:.*} %", decimals, part as f64 * 100.0 / whole.max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Acceptance;
    use crate::ui::testing::{drawn, text_of};

    const HAM: Class<'_> = Class { label: "ham", real: 3696, accepted: 0, is_target: false };
    const SPAM: Class<'_> = Class { label: "spam", real: 559, accepted: 61, is_target: true };

    fn strip(columns: u16, classes: &[Class<'_>]) -> String {
        strip_of(columns, classes, (Acceptance::new(61, 22), Acceptance::default()), None)
    }

    fn strip_of(
        columns: u16,
        classes: &[Class<'_>],
        (one_by_one, bulk): (Acceptance, Acceptance),
        model: Option<&str>,
    ) -> String {
        let theme = Theme::mono();
        let acceptance = VersionAcceptance { one_by_one, bulk, is_unread: false };
        let version = Some(Judged { version: 7, model, acceptance });
        text_of(&drawn(&theme, columns, 1, Balance { theme: &theme, classes, goal: Some(500), version }))
    }

    #[test]
    fn a_wide_strip_draws_bars() {
        assert_eq!(
            strip(160, &[HAM, SPAM]),
            " ham ██████████████████████ 3,696   spam ███▎▒╌╌ 559 + 61    13.1 % → 14.4 %     goal 500 \
             ▕█▍          ▏  12 %     v7 accepted 73 % [63–82]"
        );
    }

    #[test]
    fn nothing_moves_while_rows_are_accepted_up_to_the_goal() {
        let places = |accepted| {
            let strip = strip(160, &[HAM, Class { accepted, ..SPAM }]);
            let columns = |sign: &str| strip.find(sign).map(|at| width(&strip[..at]));
            [columns("559"), columns("13.1 %"), columns("goal"), columns("v7")]
        };
        for accepted in [1, 9, 10, 61, 99, 100, 499, 500] {
            assert_eq!(places(accepted), places(0), "{accepted}");
        }
        assert!(places(0).iter().all(Option::is_some));
    }

    #[test]
    fn a_narrow_strip_keeps_the_figures() {
        assert_eq!(
            strip(100, &[HAM, SPAM]),
            " ham █████ 3,696   spam ▊▒ 559 + 61    13.1 % → 14.4 %  goal 500 ▕▋     ▏  12 %  v7 73 % [63–82]"
        );
        assert_eq!(strip(80, &[HAM, SPAM]), " spam 559+61 · 13.1→14.4 % · goal 12 % · v7 73 % [63–82]");
        assert_eq!(strip(50, &[HAM, SPAM]), " spam 559+61 · 13.1→14.4 % · goal 12 %");
        let many = strip(50, &[HAM, Class { accepted: 297_702, ..SPAM }]);
        assert_eq!(many, " spam 559+297,702 · 13.1→98.8 % · goal 100 %");
    }

    #[test]
    fn decisions_in_bulk_stand_beside_those_taken_one_by_one_where_there_is_room() {
        let strip = |columns, decided, model| strip_of(columns, &[HAM, SPAM], decided, model);
        let both = (Acceptance::new(61, 22), Acceptance::new(290, 10));

        assert!(strip(160, both, None).ends_with(" v7 accepted 73 % [63–82] · +300 in bulk"));
        assert!(strip(160, both, Some("small")).contains(" v7 small accepted 73 % [63–82]"));
        assert!(strip(80, both, None).ends_with(" · goal 12 % · v7 73 % [63–82] · +300 in bulk"));
        assert!(strip(64, both, None).ends_with(" · goal 12 % · v7 73 % [63–82]"));
        let bulk = (Acceptance::default(), Acceptance::new(3, 0));
        assert!(strip(80, bulk, None).ends_with("· v7 – · +3 in bulk"));
    }

    #[test]
    fn rows_that_no_prompt_made_are_no_acceptance() {
        let theme = Theme::mono();
        let acceptance = VersionAcceptance { is_unread: true, ..VersionAcceptance::default() };
        let version = Some(Judged { version: 1, model: None, acceptance });
        let strip = Balance { theme: &theme, classes: &[HAM, SPAM], goal: None, version };

        assert!(text_of(&drawn(&theme, 120, 1, strip)).ends_with(" v1 – offline rows only"));
    }

    #[test]
    fn nothing_moves_when_the_first_rows_come() {
        let theme = Theme::mono();
        let rows = |is_unread| VersionAcceptance { is_unread, ..VersionAcceptance::default() };
        for columns in [80, 100, 120, 140, 160] {
            let [before, after] = [false, true].map(|is_unread| {
                let version = Some(Judged { version: 1, model: None, acceptance: rows(is_unread) });
                let strip = Balance { theme: &theme, classes: &[HAM, SPAM], goal: Some(150), version };
                text_of(&drawn(&theme, columns, 1, strip))
            });
            assert!(after.starts_with(before.trim_end()), "{before}\n{after}");
            assert!(after.contains("v1 – offline"), "{after}");
        }
    }

    #[test]
    fn a_label_with_blanks_at_its_ends_is_told_from_the_one_without() {
        let class = Class { label: "spam ", ..HAM };
        assert!(strip(160, &[class, SPAM]).starts_with(" spam␣ ███"));
    }

    #[test]
    fn many_classes_are_drawn_together() {
        let class = |label, real| Class { label, real, accepted: 0, is_target: false };
        let classes = [class("anger", 900), class("joy", 2000), class("fear", 300), class("love", 400), SPAM];

        assert!(strip(220, &classes).starts_with(" anger █████"));
        assert!(strip(140, &classes).starts_with(" others ██████"), "{}", strip(140, &classes));
    }

    #[test]
    fn nothing_is_said_of_what_is_not_there() {
        let theme = Theme::mono();
        let fresh = [HAM, Class { accepted: 0, ..SPAM }];
        let version = Some(Judged { version: 1, model: None, acceptance: VersionAcceptance::default() });

        let strip = Balance { theme: &theme, classes: &fresh, goal: None, version };
        let text = text_of(&drawn(&theme, 100, 1, strip));
        let none = Balance { theme: &theme, classes: &[], goal: None, version: None };

        assert_eq!(text, " ham ██████████████████████ 3,696   spam ███▎ 559   13.1 %");
        assert_eq!(text_of(&drawn(&theme, 100, 1, none)), "");
    }
}
