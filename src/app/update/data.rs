//! The Data view: what is known of the dataset, and the rows that a person makes examples.

use ratatui::layout::Position;

use crate::app::command::DataCommand;
use crate::app::data::DataPart;
use crate::app::geometry::TWO_COLUMNS_FROM;
use crate::app::geometry::data::DataGeometry;
use crate::app::message::Ask;
use crate::app::{Effect, Model, View};
use crate::domain::{DataReport, ExampleStrategy, Failure, Misread};

impl Model {
    /// Shows the Data view: the list has the keys where it stands beside the report.
    pub(super) fn go_to_data(&mut self) -> Vec<Effect> {
        if self.data.ask.is_none() && self.size.width >= TWO_COLUMNS_FROM {
            self.data.part = DataPart::Rows;
        }
        self.go_to_view(View::Data)
    }

    pub(super) fn run_in_data(&mut self, command: DataCommand) -> Vec<Effect> {
        match command {
            DataCommand::MakeExample => self.make_example(),
        }
    }

    /// Asks about the dataset once, as soon as the view is shown.
    pub(super) fn settle_data(&mut self) -> Vec<Effect> {
        if self.view != View::Data {
            return vec![];
        }
        self.keep_data_in_sight();
        if self.data.ask.is_some() {
            return vec![];
        }
        let ask = self.new_ask();
        self.data.ask = Some(ask);
        vec![Effect::LookAtData { ask }]
    }

    pub(super) fn data_counted(&mut self, ask: Ask, report: DataReport) -> Vec<Effect> {
        if self.data.ask == Some(ask) {
            self.data.report = Some(report);
        }
        vec![]
    }

    pub(super) fn data_misread(&mut self, ask: Ask, misread: Result<Box<Misread>, Failure>) -> Vec<Effect> {
        if self.data.ask == Some(ask) {
            self.data.misread = Some(misread.map(|misread| *misread).map_err(|reason| reason.to_string()));
        }
        vec![]
    }

    /// Makes the selected row an example, or takes it back.
    fn make_example(&mut self) -> Vec<Effect> {
        self.data.part = DataPart::Rows;
        let Some(row) = self.data.selected_row().map(|row| row.row) else {
            self.say("There is no row to make an example of.");
            return vec![];
        };
        let is_example = !self.data.is_example(row);
        vec![Effect::MakeExample { row, is_example }]
    }

    pub(super) fn example_made(&mut self, examples: Result<Vec<u32>, Failure>) -> Vec<Effect> {
        let examples = match examples {
            Ok(examples) => examples,
            Err(reason) => {
                self.fail(format!("The examples stay as they were: {reason}"));
                return vec![];
            }
        };
        let is_more = examples.len() > self.data.examples.len();
        self.data.examples = examples;
        let said = match self.data.selected_row() {
            Some(row) if is_more => {
                let used = self.how_examples_are_used(&row.label);
                format!("It is an example of `{}` now{used}", row.label)
            }
            _ => "It is no example any more.".to_owned(),
        };
        self.say(said);
        // The next request may show other examples.
        vec![self.ask_preview()]
    }

    /// Returns the rest of a sentence: that the next requests use the examples, or what has to be done so that they do.
    fn how_examples_are_used(&self, label: &str) -> String {
        let Some(session) = self.stage.session().map(|open| &open.session) else { return ".".to_owned() };
        if session.examples.strategy != ExampleStrategy::Hard {
            return "; prompts show it once session.toml says `strategy = \"hard\"` in [examples]."
                .to_owned();
        }
        if session.target.label == label {
            ", and the next requests show it.".to_owned()
        } else {
            ", and prompts for that label show it.".to_owned()
        }
    }

    /// Goes to the other part of the view.
    pub(super) fn next_data_part(&mut self) -> Vec<Effect> {
        self.data.part = match self.data.part {
            DataPart::Report => DataPart::Rows,
            DataPart::Rows => DataPart::Report,
        };
        vec![]
    }

    /// Goes back one step: out of the zoom, then out of the view.
    pub(super) fn back_in_data(&mut self) -> Vec<Effect> {
        if self.data.zoomed {
            self.data.zoomed = false;
            return vec![];
        }
        self.go_to_view(View::Bench)
    }

    /// Scrolls the part with the focus; of the rows another one is selected.
    pub(super) fn scroll_data(&mut self, by: isize) {
        let data = &mut self.data;
        match data.part {
            DataPart::Report => data.scroll = data.scroll.min(data.end.get()).saturating_add_signed(by),
            DataPart::Rows => {
                let last = data.rows().len().saturating_sub(1);
                data.selected = data.selected.saturating_add_signed(by).min(last);
            }
        }
        data.scroll = data.scroll.min(data.end.get());
        self.keep_data_in_sight();
    }

    /// Scrolls the list just far enough to show the selected row.
    fn keep_data_in_sight(&mut self) {
        let height = usize::from(self.data_geometry().list().height);
        let data = &mut self.data;
        if height > 0 {
            let lowest = data.rows().len().saturating_sub(height);
            let first = (data.selected + 1).saturating_sub(height);
            data.top = data.top.min(lowest).clamp(first, data.selected.max(first));
        }
    }

    /// Scrolls the part under the pointer, or the one with the focus where there is none.
    pub(super) fn wheel_data(&mut self, place: Position, by: isize) {
        let before = self.data.part;
        let geometry = self.data_geometry();
        if DataGeometry::is_in(geometry.report, place) {
            self.data.part = DataPart::Report;
        } else if DataGeometry::is_in(geometry.rows, place) {
            self.data.part = DataPart::Rows;
        }
        self.scroll_data(by);
        self.data.part = before;
    }

    /// Handles a click into the view: a row of the list is selected.
    pub(super) fn click_data(&mut self, place: Position) -> Vec<Effect> {
        let geometry = self.data_geometry();
        if DataGeometry::is_in(geometry.tab, place) {
            return self.next_data_part();
        }
        if DataGeometry::is_in(geometry.report, place) {
            self.data.part = DataPart::Report;
        } else if DataGeometry::is_in(geometry.rows, place) || DataGeometry::is_in(geometry.detail, place) {
            self.data.part = DataPart::Rows;
        }
        let list = geometry.list();
        if list.contains(place) {
            let row = self.data.top + usize::from(place.y - list.y);
            self.data.selected = row.min(self.data.rows().len().saturating_sub(1));
        }
        vec![]
    }
}
