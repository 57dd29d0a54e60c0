//! The preview pane: what the next run would send, or why nothing can be sent.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::app::geometry::{inside, padded};
use crate::app::prompt::part_name;
use crate::domain::{ExchangeMessage, Preview, Problem, Role};
use crate::text::{counted, thousands};
use crate::ui::canvas::{cut, fitting, outside};
use crate::ui::theme::{Slot, Theme};
use crate::ui::widget::pane::Pane;
use crate::ui::widget::reading::{Reading, heading, wrapped, wrapped_up_to};

/// The most bytes of a message that the pane shows: the beginning, for it is drawn with each key.
const LONGEST: usize = 32 << 10;

/// The pane.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PreviewPane<'a> {
    pub(crate) theme: &'a Theme,
    /// Whether the pane has the focus.
    pub(crate) focused: bool,
    /// The last preview; `None` before the first.
    pub(crate) preview: Option<&'a Preview>,
    /// What the plan of the next run gives each combination of variables, as a sentence.
    pub(crate) planned: Option<&'a str>,
    /// Whether the preview shows the present prompt; else a newer one is being rendered.
    pub(crate) is_current: bool,
    /// Lines scrolled down.
    pub(crate) scroll: usize,
}

impl Widget for PreviewPane<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let title = fitting(self.titles(), Pane::room(area, &Line::from("…")));
        let waits = if self.preview.is_none() || self.is_current { "" } else { "…" };
        let right = Line::styled(waits, self.theme[Slot::Muted]);
        Pane { theme: self.theme, focused: self.focused, title, right }.render(area, buf);
        let content = padded(inside(area));
        let lines = match self.preview {
            None => vec![Line::styled("The preview is on its way.", self.theme[Slot::Muted])],
            Some(preview) if preview.problems.is_empty() => self.rendered(preview, content.width),
            Some(preview) => self.problems(&preview.problems, content.width),
        };
        Reading { theme: self.theme, lines: &lines, scroll: self.scroll }.draw(content, area, buf);
    }
}

impl PreviewPane<'_> {
    /// Returns the possible titles, the longest first.
    fn titles(&self) -> Vec<Line<'_>> {
        let muted = self.theme[Slot::Muted];
        let Some(preview) = self.preview else { return vec![Line::from("Preview")] };
        if !preview.problems.is_empty() {
            let count = counted(preview.problems.len() as u64, "problem");
            let count = Span::styled(format!(" · {count}"), self.theme[Slot::Error]);
            return vec![Line::from(vec![Span::raw("Preview"), count])];
        }
        let figures = |with_examples: bool| {
            let tokens = format!(" · ≈ {} tokens", thousands(preview.tokens as u64));
            let mut line = Line::from(vec![Span::raw("Preview"), Span::styled(tokens, muted)]);
            if with_examples && preview.examples > 0 {
                let examples = format!(" · {}", counted(preview.examples as u64, "example"));
                line.push_span(Span::styled(examples, muted));
            }
            line
        };
        let mut lines = vec![];
        for most in [24, 12] {
            let mut line = figures(true);
            for (name, value) in &preview.variables {
                line.push_span(Span::styled(" · ", muted));
                line.push_span(outside(name, muted));
                line.push_span(Span::styled(" = ", muted));
                line.push_span(cut(value, most, self.theme[Slot::TemplateName]));
            }
            lines.push(line);
        }
        lines.extend([figures(true), figures(false), Line::from("Preview")]);
        lines
    }

    fn rendered(&self, preview: &Preview, columns: u16) -> Vec<Line<'static>> {
        let mut lines = Vec::new();
        if let Some(planned) = self.planned {
            lines.extend(wrapped(planned, columns, self.theme[Slot::Notice]));
            lines.push(Line::default());
        }
        if let Some(unread) = &preview.unread {
            lines.extend(wrapped(unread, columns, self.theme[Slot::Warning]));
            lines.push(Line::default());
        }
        for remark in &preview.remarks {
            lines.extend(wrapped(remark, columns, self.theme[Slot::Warning]));
            lines.push(Line::default());
        }
        lines.extend(messages(&preview.messages, LONGEST, columns, self.theme));
        lines
    }

    fn problems(&self, problems: &[Problem], columns: u16) -> Vec<Line<'static>> {
        let mut lines = Vec::new();
        for problem in problems {
            if !lines.is_empty() {
                lines.push(Line::default());
            }
            let place = format!("{}, line {}", part_name(problem.part), problem.line);
            lines.push(heading(&place, self.theme));
            lines.extend(wrapped(&problem.message, columns, self.theme[Slot::Error]));
        }
        lines
    }
}

/// Returns rendered messages, of each at most so many bytes; with more than one, each below the name of its role.
pub(crate) fn messages(
    messages: &[ExchangeMessage],
    most: usize,
    columns: u16,
    theme: &Theme,
) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for message in messages {
        if messages.len() > 1 {
            if !lines.is_empty() {
                lines.push(Line::default());
            }
            let role = match message.role {
                Role::System => "system",
                Role::User => "user",
            };
            lines.push(heading(role, theme));
        }
        lines.extend(wrapped_up_to(most, &message.text, columns, theme[Slot::Text]));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::PromptPart;
    use crate::ui::testing::{drawn, text_of};

    fn shown(preview: Option<&Preview>, columns: u16) -> String {
        let theme = Theme::mono();
        let pane = PreviewPane {
            theme: &theme,
            focused: false,
            preview,
            planned: None,
            is_current: true,
            scroll: 0,
        };
        text_of(&drawn(&theme, columns, 10, pane))
    }

    fn preview() -> Preview {
        let message = |role, text: &str| ExchangeMessage { role, text: text.into() };
        Preview {
            messages: vec![
                message(Role::System, "You write text messages."),
                message(Role::User, "Write 5 text messages that a phone user would call spam.\n- URGENT!"),
            ],
            tokens: 1214,
            examples: 5,
            variables: [("topic".to_owned(), "bank".to_owned())].into(),
            all: None,
            problems: vec![],
            unused: vec![],
            remarks: vec![],
            unread: None,
        }
    }

    #[test]
    fn messages_stand_under_who_speaks() {
        insta::assert_snapshot!(shown(Some(&preview()), 62));
    }

    #[test]
    fn what_the_generator_does_not_read_is_said_first() {
        let remarks = vec!["Line 2: `{n}` is sent as it stands.".to_owned()];
        assert!(
            shown(Some(&Preview { remarks, ..preview() }), 44)
                .contains("Line 2: `{n}` is sent as it stands.")
        );
        let unread = Some("The offline generator reads no wording and no variables of a prompt.".to_owned());
        insta::assert_snapshot!(shown(Some(&Preview { unread, ..preview() }), 44));
    }

    #[test]
    fn a_broken_prompt_shows_its_problems_instead() {
        let message = "There is no variable `topik`; did you mean `topic`?".to_owned();
        let problem = Problem { part: PromptPart::User, range: 3..8, line: 2, message };
        let broken = Preview { problems: vec![problem.clone(), problem], ..Preview::default() };

        insta::assert_snapshot!(shown(Some(&broken), 62));
    }

    #[test]
    fn of_a_message_of_megabytes_the_start_is_shown_and_how_much_follows() {
        let theme = Theme::mono();
        let message = |text| [ExchangeMessage { role: Role::User, text }];

        let lines = messages(&message("é\n".repeat(LONGEST)), LONGEST, 60, &theme);
        let whole = messages(&message("é\n".repeat(100)), LONGEST, 60, &theme);

        assert!(lines.len() < LONGEST / 2, "{}", lines.len());
        assert_eq!(lines.last().unwrap().to_string(), "… 65,536 more bytes are not shown.");
        assert!(!whole.iter().any(|line| line.to_string().contains("not shown")));
    }

    #[test]
    fn before_the_first_preview_the_pane_says_so() {
        assert!(shown(None, 40).contains("The preview is on its way."));
    }
}
