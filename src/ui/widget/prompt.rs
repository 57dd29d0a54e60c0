//! The prompt pane: the edited text, coloured as a template, with its problems.
//!
//! A problem is marked in the text and explained in a sentence at the foot of the pane, so that it
//! can be read without colours and wherever the cursor is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::text_area::{Stretch, TextBoxView};
use crate::app::geometry::{inside, padded};
use crate::app::prompt::{PARTS, part_name};
use crate::app::text_box::TextBox;
use crate::domain::{Problem, PromptPart};
use crate::template::{SpanKind, spans};
use crate::ui::canvas::{below, boundary_at, put};
use crate::ui::theme::{Slot, Theme};
use crate::ui::widget::pane::Pane;
use crate::ui::widget::reading::wrapped;

/// The most lines that problems take from the text.
const PROBLEM_LINES: usize = 3;
/// The longest text in bytes that is coloured.
const LONGEST_COLOURED: usize = 256 * 1024;

/// The pane.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PromptPane<'a> {
    pub(crate) theme: &'a Theme,
    /// Whether the pane has the focus.
    pub(crate) focused: bool,
    /// Whether letters are typed here: the cursor is shown, and the title says so.
    pub(crate) is_typed_in: bool,
    /// The part that is shown.
    pub(crate) part: PromptPart,
    /// Its text.
    pub(crate) text: &'a TextBox,
    /// The version's title: `v7 + draft`.
    pub(crate) version: &'a str,
    /// The problems that prevent the prompt from being sent.
    pub(crate) problems: &'a [Problem],
    /// The variables that the prompt does not name, which prevent nothing.
    pub(crate) unused: &'a [Problem],
    /// Whether the problems belong to the present text; else their positions may be wrong.
    pub(crate) is_current: bool,
}

impl Widget for PromptPane<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let (title, right) = (self.title(), self.right());
        Pane { theme: self.theme, focused: self.focused, title, right }.render(area, buf);
        let content = padded(inside(area));
        let foot = self.sentences(content.width);
        let text = self.text_area(area);
        let source = self.text.lines().join("\n");
        let colours = if self.part == PromptPart::Variables || source.len() > LONGEST_COLOURED {
            vec![]
        } else {
            colours(&source, self.theme)
        };
        let marks = self.marks(&source);
        let (theme, focused) = (self.theme, self.is_typed_in);
        TextBoxView { theme, text: self.text, focused, colours: &colours, marks: &marks }.render(text, buf);
        for (line, row) in foot.iter().zip(below(content, text.height).rows()) {
            put(buf, row.x, row.y, row.width, line);
        }
    }
}

impl PromptPane<'_> {
    /// Returns where the text is drawn, above the sentences.
    pub(crate) fn text_area(&self, area: Rect) -> Rect {
        let content = padded(inside(area));
        let taken = u16::try_from(self.sentences(content.width).len()).unwrap_or(0).min(content.height / 2);
        Rect { height: content.height - taken, ..content }
    }

    fn title(&self) -> Line<'static> {
        let muted = self.theme[Slot::Muted];
        let mut spans = vec![Span::raw("Prompt"), Span::styled(" · ", muted)];
        for (place, part) in PARTS.into_iter().enumerate() {
            if place > 0 {
                spans.push(Span::styled(" │ ", muted));
            }
            let is_wrong = self.problems.iter().any(|problem| problem.part == part);
            let is_unused = part == PromptPart::Variables && !self.unused.is_empty();
            let slot = match (part == self.part, is_wrong) {
                (true, _) => Slot::TabActive,
                (false, true) => Slot::Error,
                (false, false) if is_unused => Slot::Warning,
                (false, false) => Slot::Tab,
            };
            spans.push(Span::styled(part_name(part), self.theme[slot]));
        }
        Line::from(spans)
    }

    fn right(&self) -> Line<'_> {
        if !self.is_typed_in {
            return Line::styled(self.version, self.theme[Slot::Version]);
        }
        let muted = Span::styled(" · ", self.theme[Slot::Muted]);
        Line::from(vec![Span::styled("typing", self.theme[Slot::Notice]), muted, Span::raw(self.version)])
    }

    /// Returns the problems as sentences, those of the part that is shown first.
    fn sentences(&self, columns: u16) -> Vec<Line<'static>> {
        let with = |problems: &'_ [Problem], is_here: bool, slot| {
            let of_part = problems.iter().filter(|problem| (problem.part == self.part) == is_here);
            of_part.map(|problem| (problem.clone(), slot)).take(PROBLEM_LINES).collect::<Vec<_>>()
        };
        let problems = [with(self.problems, true, Slot::Error), with(self.problems, false, Slot::Error)];
        let unused = [with(self.unused, true, Slot::Warning), with(self.unused, false, Slot::Warning)];
        let mut lines = Vec::new();
        for (problem, slot) in problems.into_iter().chain(unused).flatten() {
            let place = if problem.part == self.part {
                format!("line {}", problem.line)
            } else {
                format!("{}, line {}", part_name(problem.part), problem.line)
            };
            lines.extend(wrapped(&format!("{place}: {}", problem.message), columns, self.theme[slot]));
            if lines.len() >= PROBLEM_LINES {
                break;
            }
        }
        lines.truncate(PROBLEM_LINES);
        lines
    }

    /// Returns the ranges of the problems; an empty one is extended by the character before it.
    fn marks(&self, source: &str) -> Vec<Stretch> {
        if !self.is_current {
            return vec![];
        }
        let (wrong, unused) = (self.theme[Slot::TemplateError], self.theme[Slot::Warning]);
        let all = self.unused.iter().map(|problem| (problem, unused));
        let all = all.chain(self.problems.iter().map(|problem| (problem, wrong)));
        let here = all.filter(|(problem, _)| problem.part == self.part);
        here.map(|(problem, style)| {
            let end = problem.range.end.min(source.len());
            let start = problem.range.start.min(end.saturating_sub(1));
            (boundary_at(source, start)..end, style)
        })
        .collect()
    }
}

/// Returns the styles of a template's syntax.
fn colours(source: &str, theme: &Theme) -> Vec<Stretch> {
    let slot = |kind| match kind {
        SpanKind::Delimiter => Slot::TemplateDelimiter,
        SpanKind::Keyword => Slot::TemplateKeyword,
        SpanKind::Name => Slot::TemplateName,
        SpanKind::Filter => Slot::TemplateFilter,
        SpanKind::String => Slot::TemplateString,
        SpanKind::Number => Slot::TemplateNumber,
        SpanKind::Operator => Slot::TemplateOperator,
        SpanKind::Comment => Slot::TemplateComment,
    };
    spans(source).into_iter().map(|span| (span.range, theme[slot(span.kind)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::testing::{drawn, picture, text_of};

    const SOURCE: &str = "Write {{ n }} text messages that a phone user would call {{ label }}.\n\n\
                          {% for e in examples -%}\n- {{ e.topik | upper }}\n{% endfor %}";

    fn pane<'a>(theme: &'a Theme, text: &'a TextBox, problems: &'a [Problem]) -> PromptPane<'a> {
        PromptPane {
            theme,
            focused: true,
            is_typed_in: true,
            part: PromptPart::User,
            text,
            version: "v7 + draft",
            problems,
            unused: &[],
            is_current: true,
        }
    }

    #[test]
    fn a_variable_that_is_not_named_is_marked_and_said_behind_the_problems() {
        let theme = Theme::mono();
        let text = TextBox::new("topic = [\"a\"]\ntone = [\"b\"]");
        let message =
            "`tone` is named in neither part of the prompt, so no request says its value.".to_owned();
        let unused = [Problem { part: PromptPart::Variables, range: 14..18, line: 2, message }];
        let message = "`topik` is not defined.".to_owned();
        let problems = [Problem { part: PromptPart::User, range: 0..5, line: 1, message }];
        let wrong = pane(&theme, &text, &problems);
        let pane = PromptPane { part: PromptPart::Variables, unused: &unused, ..wrong };

        insta::assert_snapshot!(picture(&drawn(&theme, 50, 10, pane)));
    }

    #[test]
    fn a_template_is_coloured_where_its_parts_stand() {
        let theme = Theme::load("dusk").unwrap();
        let text = TextBox::new(SOURCE);

        insta::assert_snapshot!(picture(&drawn(&theme, 62, 9, pane(&theme, &text, &[]))));
    }

    #[test]
    fn a_problem_is_marked_at_its_place_and_said_at_the_foot() {
        let theme = Theme::mono();
        let text = TextBox::new(SOURCE);
        let start = SOURCE.find("topik").unwrap();
        let message = "An example has no `topik`; it has `text` and `label`.".to_owned();
        let problem = Problem { part: PromptPart::User, range: start..start + 5, line: 4, message };

        insta::assert_snapshot!(picture(&drawn(&theme, 50, 10, pane(&theme, &text, &[problem]))));
    }

    #[test]
    fn a_problem_beyond_the_text_or_in_another_part_is_still_said() {
        let theme = Theme::mono();
        let text = TextBox::new("é");
        let problem = |part, range| Problem { part, range, line: 1, message: "Something is wrong.".into() };
        let problems = [problem(PromptPart::User, 99..120), problem(PromptPart::System, 0..0)];

        let drawn = text_of(&drawn(&theme, 60, 6, pane(&theme, &text, &problems)));

        assert!(drawn.contains("line 1: Something is wrong."), "{drawn}");
        assert!(drawn.contains("system, line 1: Something is wrong."), "{drawn}");
    }
}
