//! What was left out and why, and the figures beside the verdict.

use ratatui::text::Line;

use super::Screen;
use crate::domain::{Evaluation, figure, p_value};
use crate::text::{counted, thousands};
use crate::ui::theme::Slot;
use crate::ui::widget::reading::wrapped;

impl Screen<'_> {
    pub(super) fn left_out(self, of: &Evaluation, columns: u16) -> Vec<Line<'static>> {
        let said = of.left_out.sentences();
        if said.is_empty() {
            return vec![];
        }
        let mut lines = vec![self.part("Left out", "")];
        let style = self.theme[Slot::Text];
        lines.extend(said.iter().flat_map(|sentence| wrapped(sentence, columns, style)));
        lines.push(Line::default());
        lines
    }

    /// Returns the figures that do not decide: what was trained and tested, the paired test, detectability.
    pub(super) fn beside_it(self, of: &Evaluation, columns: u16) -> Vec<Line<'static>> {
        let target = &of.target;
        let mut said = vec![
            format!(
                "Trained on {}, {} of `{target}`; asked about {}, {} of `{target}`.",
                counted(of.train_rows, "real row"),
                thousands(of.train_target),
                counted(of.test_rows, "test row"),
                thousands(of.test_target),
            ),
            format!(
                "{} right only with the accepted rows, {} only without (McNemar, p {}).",
                counted(of.mcnemar.only_accepted, "test row"),
                thousands(of.mcnemar.only_real),
                p_value(of.mcnemar.p),
            ),
        ];
        if of.accepted_other > 0 {
            said.push(format!("{} of other labels joined too.", counted(of.accepted_other, "accepted row")));
        }
        if let Some(detectability) = of.detectability {
            said.push(format!(
                "A classifier tells accepted rows from real ones at {}: .500 is chance, 1 is always.",
                figure(detectability)
            ));
        }
        said.push(format!("The test rows were opened {} so far.", counted(of.opened, "time")));
        let mut lines = vec![self.part("Beside it", "")];
        let style = self.theme[Slot::Muted];
        lines.extend(said.iter().flat_map(|sentence| wrapped(sentence, columns, style)));
        lines.push(Line::default());
        lines
    }
}
