//! What stands in the view before the first evaluation: what one does, what it costs, and that it opens the test rows.

use ratatui::text::{Line, Span};

use super::Screen;
use crate::app::Command;
use crate::domain::Arm;
use crate::text::{counted, thousands};
use crate::ui::theme::Slot;
use crate::ui::widget::reading::wrapped;

/// The widest text that is comfortable to read.
const WIDEST: u16 = 92;

impl Screen<'_> {
    pub(super) fn before_the_first(self, columns: u16) -> Vec<Line<'static>> {
        let (theme, columns) = (self.theme, columns.min(WIDEST));
        let accepted = u64::from(self.model.shown().counts().all.accepted);
        let target = &self.open.session.target.label;
        let test: u64 = self.open.dataset.labels.iter().map(|rows| rows.test).sum();
        let mut lines = vec![
            Line::from(Span::styled("Do the accepted rows help?", theme[Slot::Strong])),
            Line::default(),
        ];
        let mut say = |words: String, slot: Slot| {
            lines.extend(wrapped(&words, columns, theme[slot]));
            lines.push(Line::default());
        };
        say(
            format!(
                "An evaluation trains the same small classifier many times: on the real train rows, and on these with \
                 your {}. All of them then label the {}, which no prompt ever showed, and the figures say whether \
                 `{target}` is found better.",
                counted(accepted, "accepted row"),
                counted(test, "real test row"),
            ),
            Slot::Text,
        );
        say(
            "More rows of a rare label change a classifier whatever they say. So controls that need no new row stand \
             beside them:"
                .to_owned(),
            Slot::Text,
        );
        for arm in [Arm::Copies, Arm::Balanced, Arm::Eda, Arm::Threshold] {
            lines.push(Line::from(vec![
                Span::styled(format!("  {:<11}", arm.name()), theme[Slot::Figure]),
                Span::styled(arm.about(), theme[Slot::Muted]),
            ]));
        }
        lines.push(Line::default());
        lines.extend(self.costs(columns));
        lines.push(Line::default());
        lines.push(self.how_to_begin(accepted));
        lines
    }

    fn costs(self, columns: u16) -> Vec<Line<'static>> {
        let theme = self.theme;
        let opened = match self.model.measure.opened {
            0 => "They were not opened before.".to_owned(),
            1 => "They were opened once before.".to_owned(),
            times => format!("They were opened {} times before.", thousands(times)),
        };
        let cost = "It takes some seconds on this machine, asks no model, sends nothing and costs no money.";
        let opens = format!(
            "It opens the test rows. Who looks at them after each change tunes on them, and then they prove nothing: \
             look seldom. {opened}"
        );
        let mut lines = wrapped(cost, columns, theme[Slot::Text]);
        lines.extend(wrapped(&opens, columns, theme[Slot::Warning]));
        lines
    }

    fn how_to_begin(self, accepted: u64) -> Line<'static> {
        let theme = self.theme;
        if self.model.measure.going.is_some() {
            return Line::default();
        }
        let (command, words) = if accepted == 0 {
            (Command::Back, " goes back to the bench: there is no accepted row to evaluate yet")
        } else {
            (Command::Evaluate, " evaluates")
        };
        let key = self.key(command).unwrap_or_default();
        Line::from(vec![Span::styled(key, theme[Slot::Key]), Span::styled(words, theme[Slot::KeyLabel])])
    }
}
