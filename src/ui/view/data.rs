//! The Data view: the dataset as it is, the train rows that a classifier does not get, and the selected one in full.

mod report;
mod rows;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::Screen;
use crate::app::geometry::{inside, padded};
use crate::app::{Command, DataPart};
use crate::text::{counted, thousands};
use crate::ui::theme::Slot;
use crate::ui::widget::pane::Pane;
use crate::ui::widget::reading::Reading;

impl Screen<'_> {
    /// Draws the Data view's parts.
    pub(super) fn data(self, buf: &mut Buffer) {
        let geometry = self.model.data_geometry();
        if let Some(area) = geometry.tab {
            self.data_tab(area, buf);
        }
        if let Some(area) = geometry.report {
            self.data_report(area, buf);
        }
        if let Some(area) = geometry.rows {
            self.misread_rows(area, geometry.list(), buf);
        }
        if let Some(area) = geometry.detail {
            self.misread_detail(area, buf);
        }
    }

    /// Draws the line that stands in for the part that a narrow screen does not show.
    fn data_tab(self, area: Rect, buf: &mut Buffer) {
        let data = &self.model.data;
        let (name, about) = match (data.part, &data.misread) {
            (DataPart::Rows, _) => ("Dataset", self.count_of_rows()),
            (DataPart::Report, Some(Ok(misread))) => ("Not got", counted(misread.wrong, "row")),
            (DataPart::Report, _) => ("Not got", "…".to_owned()),
        };
        self.not_shown((name, &about), (self.key(Command::NextPane), "it"), area, buf);
    }

    fn count_of_rows(self) -> String {
        let rows: u64 = self.open.dataset.labels.iter().map(|rows| rows.train + rows.test).sum();
        format!("{} rows", thousands(rows))
    }

    fn data_report(self, area: Rect, buf: &mut Buffer) {
        let data = &self.model.data;
        let focused = data.part == DataPart::Report;
        let right = Line::from(self.count_of_rows());
        Pane { theme: self.theme, focused, title: "Dataset".into(), right }.render(area, buf);
        let content = padded(inside(area));
        let lines = match &data.report {
            Some(report) => self.report_lines(report, content.width),
            None => vec![Line::styled("The rows are being counted …", self.theme[Slot::Muted])],
        };
        data.end.set(lines.len().saturating_sub(usize::from(content.height)));
        Reading { theme: self.theme, lines: &lines, scroll: data.scroll }.draw(content, area, buf);
    }
}
