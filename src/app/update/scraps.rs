//! The scraps of a run: reading them, and making rows from them by hand.

use crate::app::overlay::{Overlay, RowEditorSubject, ScrapsWindow};
use crate::app::propose::proposed;
use crate::app::{Effect, Model};
use crate::domain::{Fields, RunNumber};

impl Model {
    /// Returns the indices of a run's scraps.
    fn places_of(&self, run: RunNumber) -> Vec<u32> {
        let scraps = self.shown().scraps().enumerate().filter(|(_, scrap)| scrap.run == run);
        scraps.filter_map(|(place, _)| u32::try_from(place).ok()).collect()
    }

    /// Opens the scraps of the selected row's run; where it left none, those of the last run that
    /// did.
    pub(super) fn show_scraps(&mut self) -> Vec<Effect> {
        let selected = self.selected_row().and_then(|row| self.shown().row(row)?.run()).map(|run| run.number);
        let own = selected.filter(|run| !self.places_of(*run).is_empty());
        let Some(run) = own.or_else(|| self.shown().scraps().next_back().map(|scrap| scrap.run)) else {
            self.say("No run left a scrap.");
            return vec![];
        };
        let is_hidden = self.shown().run(run).is_some_and(|run| self.shown().hides_run(run));
        if self.refuses_to_tell(is_hidden) {
            return vec![];
        }
        let window = ScrapsWindow { run, places: self.places_of(run), selected: 0, scroll: 0 };
        self.overlays.push(Overlay::Scraps(window));
        vec![]
    }

    fn scraps_window(&mut self) -> Option<&mut ScrapsWindow> {
        self.overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Scraps(window) => Some(window),
            _ => None,
        })
    }

    /// Adds the scraps that came since; the selected one stays selected.
    pub(super) fn refresh_scraps(&mut self) {
        let Some(run) = self.scraps_window().map(|window| window.run) else { return };
        let places = self.places_of(run);
        if let Some(window) = self.scraps_window() {
            window.places = places;
        }
    }

    pub(super) fn select_scrap(&mut self, index: usize) -> Vec<Effect> {
        if let Some(Overlay::Scraps(window)) = self.overlays.last_mut() {
            window.selected = index.min(window.places.len().saturating_sub(1));
            window.scroll = 0;
        }
        vec![]
    }

    pub(super) fn move_scrap(&mut self, step: isize) -> Vec<Effect> {
        let Some(Overlay::Scraps(window)) = self.overlays.last() else { return vec![] };
        let index = window.selected.saturating_add_signed(step);
        self.select_scrap(index)
    }

    /// Shows the scraps of another run.
    pub(super) fn move_scrap_run(&mut self, step: isize) -> Vec<Effect> {
        let Some(run) = self.scraps_window().map(|window| window.run) else { return vec![] };
        let shown = self.shown();
        let is_told = |run: &RunNumber| shown.run(*run).is_none_or(|run| !shown.hides_run(run));
        let runs = shown.scraps().map(|scrap| scrap.run).filter(is_told);
        let other = if step > 0 {
            runs.filter(|other| *other > run).min()
        } else {
            runs.filter(|other| *other < run).max()
        };
        let Some(other) = other else {
            let side = if step > 0 { "later" } else { "earlier" };
            self.say(format!("No {side} run left a scrap."));
            return vec![];
        };
        let places = self.places_of(other);
        if let Some(window) = self.scraps_window() {
            *window = ScrapsWindow { run: other, places, selected: 0, scroll: 0 };
        }
        vec![]
    }

    /// Opens the row editor with the proposed fields of the selected scrap.
    pub(super) fn repair_scrap(&mut self) -> Vec<Effect> {
        let Some(place) = self.scraps_window().and_then(|window| window.places.get(window.selected).copied())
        else {
            return vec![];
        };
        self.repair_scrap_at(place)
    }

    pub(super) fn repair_scrap_at(&mut self, place: u32) -> Vec<Effect> {
        let Some(scrap) = self.shown().scrap(place as usize) else { return vec![] };
        if scrap.repaired {
            self.say("A row was made of this scrap already.");
            return vec![];
        }
        let fields = proposed(&scrap.raw);
        self.open_row_editor(RowEditorSubject::Scrap(place), &fields)
    }

    pub(super) fn send_repair(&mut self, scrap: u32, fields: Fields) -> Vec<Effect> {
        let operation = self.facts.ask("The repaired row");
        vec![Effect::RepairScrap { operation, scrap, fields }]
    }
}
