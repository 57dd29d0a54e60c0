//! What is written, and what is not and why.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::Screen;
use crate::app::export::{ExportField, ExportSight};
use crate::app::geometry::{inside, padded};
use crate::text::counted;
use crate::ui::canvas::put;
use crate::ui::theme::Slot;
use crate::ui::widget::pane::Pane;
use crate::ui::widget::reading::wrapped;

impl Screen<'_> {
    pub(super) fn written(self, area: Rect, buf: &mut Buffer) {
        let export = &self.model.export;
        let waits = if export.is_current { "" } else { "…" };
        let title = "What is written".into();
        Pane { theme: self.theme, focused: false, title, right: waits.into() }.render(area, buf);
        let content = padded(inside(area));
        let said = match &export.sight {
            Some(Ok(sight)) => self.sentences(sight),
            Some(Err(reason)) => vec![(format!("! {reason}"), Slot::Error)],
            None => vec![("Being counted …".to_owned(), Slot::Muted)],
        };
        let wrap = |(words, slot): &(String, Slot)| wrapped(words, content.width, self.theme[*slot]);
        let lines: Vec<Line<'static>> = said.iter().flat_map(wrap).collect();
        let last = usize::from(content.height);
        for (index, (line, row)) in lines.iter().zip(content.rows()).enumerate() {
            let is_cut = index + 1 == last && lines.len() > last;
            let end = put(buf, row.x, row.y, row.width.saturating_sub(u16::from(is_cut)), line);
            if is_cut {
                put(buf, end, row.y, 1, &Line::styled("…", self.theme[Slot::Muted]));
            }
        }
    }

    /// Returns sentences about what is written, withheld and left out, the most important first.
    fn sentences(self, sight: &ExportSight) -> Vec<(String, Slot)> {
        let form = &self.model.export.form;
        let all = self.model.shown().counts().all;
        let plain = |words: String| (words, Slot::Muted);
        let report = &sight.report;
        let mut said = vec![];
        if report.made.is_some() {
            said.push((format!("{} from", sight.written()), Slot::Figure));
        }
        said.push((counted(report.accepted, "accepted row"), Slot::Figure));
        for (rows, kind) in [(report.rejected, "rejected or skipped row"), (report.real, "real row")] {
            if rows > 0 {
                said.push((format!("+ {}", counted(rows, kind)), Slot::Figure));
            }
        }
        if report.withheld > 0 {
            let rows = counted(report.withheld, "accepted row");
            let why = if report.withheld == 1 { "it contaminates" } else { "they contaminate" };
            said.push((format!("{rows} withheld, since {why} the test rows"), Slot::Warning));
        }
        if form.is_on(ExportField::Contaminated) {
            let words = "Rows that contaminate the test rows are written too.".to_owned();
            said.push((words, Slot::Warning));
        }
        let is_chosen = [ExportField::Filter, ExportField::Balance].map(|field| !form.text(field).is_empty());
        let left = u64::from(all.accepted).saturating_sub(report.accepted + report.withheld);
        let by = match is_chosen {
            [true, true] => Some("the filter and the balance"),
            [true, false] => Some("the filter"),
            [false, true] => Some("the balance"),
            [false, false] => None,
        };
        if let (1.., Some(by)) = (left, by) {
            said.push(plain(format!("{} left out by {by}", counted(left, "accepted row"))));
        }
        said.extend(report.remarks.iter().map(|remark| (remark.clone(), Slot::Notice)));
        let states = [
            (all.pending, "pending"),
            (if form.format.takes_rejected() { 0 } else { all.rejected }, "rejected"),
            (if form.format.takes_skipped() { 0 } else { all.skipped }, "skipped"),
        ];
        let states: Vec<_> = states
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, state)| format!("{} {state}", crate::text::thousands(count.into())))
            .collect();
        if !states.is_empty() {
            said.push(plain(format!("Not written: {}", states.join(", "))));
        }
        said
    }
}
