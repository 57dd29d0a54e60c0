//! The Versions view: going through the tree, comparing, loading and discarding.

use ratatui::layout::Position;

use crate::app::command::VersionsCommand;
use crate::app::message::Ask;
use crate::app::versions::{Spot, VersionsPart};
use crate::app::{Command, Effect, Model, Pane, View};
use crate::config::variables::draft_of;
use crate::domain::Scoreboard;

impl Model {
    pub(super) fn run_in_versions(&mut self, command: VersionsCommand) -> Vec<Effect> {
        match command {
            VersionsCommand::UseVersion => self.use_selected(),
            VersionsCommand::DiffVersions => self.take_end(),
            VersionsCommand::ForkVersion => self.ask_fork(),
            VersionsCommand::NoteVersion => self.ask_note(),
            VersionsCommand::LabelVersion => self.ask_version_label(),
            VersionsCommand::NextPrompt => self.turn_prompt(1),
            VersionsCommand::PreviousPrompt => self.turn_prompt(-1),
        }
    }

    /// Puts the selected version into the editor; with the draft selected, goes to the editor.
    fn use_selected(&mut self) -> Vec<Effect> {
        match self.selected_spot() {
            None => vec![],
            Some(Spot::Draft) => {
                let mut effects = self.go_to_view(View::Bench);
                effects.extend(self.focus_on(Pane::Prompt));
                effects
            }
            Some(Spot::Version(id)) => {
                let Some(version) = self.shown().version(id).cloned() else { return vec![] };
                self.load_version(&version)
            }
        }
    }

    /// Takes the selected line as one end of a comparison, or as the other one.
    fn take_end(&mut self) -> Vec<Effect> {
        let Some(spot) = self.selected_spot() else { return vec![] };
        let name = self.spot_name(spot);
        match self.versions.taken {
            Some(taken) if taken == spot => {
                (self.versions.taken, self.versions.compared) = (None, None);
                self.say(format!("Nothing is compared with {name} any more."));
            }
            Some(taken) => {
                self.versions.compared = Some((taken, spot));
                self.versions.taken = None;
                self.versions.scroll = 0;
                self.versions.part = VersionsPart::Detail;
            }
            None => {
                (self.versions.taken, self.versions.compared) = (Some(spot), None);
                let key = self.keymap.keys_of(Command::DiffVersions).into_iter().next().unwrap_or_default();
                self.say(format!("{key} on another version shows what differs from {name}."));
            }
        }
        vec![]
    }

    /// Shows the versions of the next prompt, or of the one before.
    fn turn_prompt(&mut self, step: isize) -> Vec<Effect> {
        let names = self.prompt_names();
        if names.len() < 2 {
            let key = self.keymap.keys_of(Command::ForkVersion).into_iter().next().unwrap_or_default();
            self.say(format!("There is one prompt only; {key} makes another one from a version."));
            return vec![];
        }
        let place = names.iter().position(|name| *name == self.shown_prompt()).unwrap_or_default();
        let length = names.len().cast_signed();
        let next = (place.cast_signed() + step).rem_euclid(length).cast_unsigned();
        let next = names.get(next).map(|name| (*name).to_owned());
        self.versions.prompt = next;
        self.versions.selected = None;
        (self.versions.taken, self.versions.compared) = (None, None);
        (self.versions.scroll, self.versions.top) = (0, 0);
        vec![]
    }

    /// Finds out what the view shows, as soon as it is shown and whenever something changed.
    pub(super) fn settle_versions(&mut self) -> Vec<Effect> {
        if self.view != View::Versions {
            return vec![];
        }
        self.drop_what_is_gone();
        self.keep_version_in_sight();
        self.find_differences();
        self.count_texts()
    }

    /// Forgets the ends of a comparison that are not there any more, such as a draft that became a version.
    fn drop_what_is_gone(&mut self) {
        let is_there = |spot: Spot| match spot {
            Spot::Draft => self.prompt.is_changed,
            Spot::Version(id) => self.shown().version(id).is_some(),
        };
        let taken = self.versions.taken.filter(|spot| is_there(*spot));
        let compared = self.versions.compared.filter(|(before, after)| is_there(*before) && is_there(*after));
        (self.versions.taken, self.versions.compared) = (taken, compared);
    }

    fn find_differences(&mut self) {
        let name = self.shown_prompt().to_owned();
        let shown = self.facts.shown();
        for version in shown.versions().iter().filter(|version| version.name == name) {
            if !self.versions.differences.knows(version.id) {
                let parent = version.parent.and_then(|parent| shown.version(parent)).map(draft_of);
                self.versions.differences.add(version.id, parent.as_ref(), &draft_of(version));
            }
        }
        if self.prompt.is_changed {
            let base = self.prompt.base.and_then(|base| shown.version(base)).map(draft_of);
            self.versions.differences.draft(base, self.prompt.draft());
        }
        if let Some((before, after)) = self.compared_spots()
            && let Some(after) = self.draft_at(after)
        {
            let before = before.and_then(|before| self.draft_at(before));
            self.versions.differences.show(before, after);
        }
    }

    /// Asks for the figures of the texts where rows came since they were counted, and no more are on their way.
    fn count_texts(&mut self) -> Vec<Effect> {
        let rows = self.shown().len();
        let is_known = self.versions.counted == Some(rows);
        if is_known || self.versions.ask.is_some() || rows == 0 || self.sampling.run().is_some() {
            return vec![];
        }
        let ask = self.new_ask();
        self.versions.ask = Some(ask);
        self.versions.counted = Some(rows);
        vec![Effect::CountTexts { ask, shown: Box::new(self.shown().clone()) }]
    }

    pub(super) fn texts_counted(&mut self, ask: Ask, scoreboard: Scoreboard) -> Vec<Effect> {
        if self.versions.ask == Some(ask) {
            self.versions.ask = None;
            self.versions.texts = Some(scoreboard);
        }
        vec![]
    }

    /// Goes to the other part of the view.
    pub(super) fn next_versions_part(&mut self) -> Vec<Effect> {
        self.versions.part = match self.versions.part {
            VersionsPart::Tree => VersionsPart::Detail,
            VersionsPart::Detail => VersionsPart::Tree,
        };
        vec![]
    }

    /// Goes back one step: out of the comparison, the zoom, the selected version, then out of the view.
    pub(super) fn back_in_versions(&mut self) -> Vec<Effect> {
        let versions = &mut self.versions;
        if versions.compared.is_some() || versions.taken.is_some() {
            (versions.taken, versions.compared) = (None, None);
            (versions.part, versions.scroll) = (VersionsPart::Tree, 0);
        } else if versions.zoomed {
            versions.zoomed = false;
        } else if versions.part == VersionsPart::Detail {
            versions.part = VersionsPart::Tree;
        } else {
            return self.go_to_view(View::Bench);
        }
        vec![]
    }

    /// Scrolls the part with the focus; in the tree another line is selected.
    pub(super) fn scroll_versions(&mut self, by: isize) {
        match self.versions.part {
            VersionsPart::Detail => {
                let end = self.versions.end.get();
                self.versions.scroll = self.versions.scroll.min(end).saturating_add_signed(by).min(end);
            }
            VersionsPart::Tree => {
                let last = self.tree_lines().len().saturating_sub(1);
                let to = self.place_of_selected().saturating_add_signed(by).min(last);
                self.select_line(to);
            }
        }
    }

    fn place_of_selected(&self) -> usize {
        let selected = self.selected_spot();
        self.tree_lines().iter().position(|line| Some(line.spot) == selected).unwrap_or_default()
    }

    fn select_line(&mut self, place: usize) {
        let Some(line) = self.tree_lines().into_iter().nth(place) else { return };
        if self.versions.selected != Some(line.spot) {
            self.versions.selected = Some(line.spot);
            (self.versions.scroll, self.versions.compared) = (0, None);
        }
        self.keep_version_in_sight();
    }

    /// Scrolls the tree just far enough to show the selected line.
    fn keep_version_in_sight(&mut self) {
        let (height, selected) =
            (usize::from(self.versions_geometry().list().height), self.place_of_selected());
        let lines = self.tree_lines().len();
        if height > 0 {
            let lowest = lines.saturating_sub(height);
            let first = (selected + 1).saturating_sub(height);
            self.versions.top = self.versions.top.min(lowest).clamp(first, selected.max(first));
        }
    }

    /// Scrolls the part under the pointer, or the one with the focus where there is none.
    pub(super) fn wheel_versions(&mut self, place: Position, by: isize) {
        let before = self.versions.part;
        self.versions.part = self.versions_geometry().part_at(place).unwrap_or(before);
        self.scroll_versions(by);
        self.versions.part = before;
    }

    /// Handles a click into the view: a line of the tree is selected.
    pub(super) fn click_versions(&mut self, place: Position) -> Vec<Effect> {
        let geometry = self.versions_geometry();
        if let Some(part) = geometry.part_at(place) {
            self.versions.part = part;
        }
        let list = geometry.list();
        if list.contains(place) {
            self.select_line(self.versions.top + usize::from(place.y - list.y));
        }
        vec![]
    }
}
