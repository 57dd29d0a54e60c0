//! Opening a session, and quitting.

use crate::app::export::{ExportForm, ExportPane};
use crate::app::message::Opened;
use crate::app::prompt::{PARTS, part_name};
use crate::app::replaced::ReplacedDrafts;
use crate::app::rows::View;
use crate::app::sent_drafts::SentDrafts;
use crate::app::shown_facts::ShownFacts;
use crate::app::{DatasetFacts, Effect, FirstRows, Model, OpenSession, ProfileChoice, PromptPane, Stage};
use crate::config::screen_state::SessionScreen;
use crate::curate::{Filter, Sort, VariableNames};
use crate::domain::{RowId, RowNumber, Saved};

impl Model {
    pub(super) fn opened(&mut self, opened: Opened) -> Vec<Effect> {
        let Opened {
            session,
            dataset,
            saved,
            draft,
            replaced,
            screen,
            chosen,
            place,
            mut profiles,
            prices,
            examples,
            evaluated,
            test_opened,
            mut notices,
        } = opened;
        if profiles.is_empty() {
            let (name, settings) = ("session".to_owned(), session.generator.clone());
            profiles.push(ProfileChoice { name, settings, address: None });
        }
        let fresh = Self::new(self.size);
        // What was shown of its rows stays until all are found.
        let rows = matches!(self.stage, Stage::Reading(_)).then(|| std::mem::take(&mut self.rows));
        *self = Self { now: self.now, keymap: std::mem::take(&mut self.keymap), ..fresh };
        self.rows = rows.unwrap_or_default();
        self.stage = Stage::Open(OpenSession { session, dataset });
        self.sent_drafts = SentDrafts::beyond(saved.projection.versions().len());
        self.facts = ShownFacts::new(saved);
        let last = self.shown().runs().next_back();
        self.sampling.told = last.map(|run| (run.number, run.remarks.len()));
        notices.extend(chosen.trouble(&profiles));
        self.sampling.profiles = profiles;
        self.sampling.prices = prices;
        self.sampling.chosen = chosen;
        self.sampling.session = place;
        self.sampling.settle();
        let kept = screen.export.as_ref();
        let name = self.stage.session().map(|open| open.session.name.clone()).unwrap_or_default();
        let form = kept.map_or_else(|| ExportForm::new(&name), |kept| ExportForm::kept(&name, kept));
        self.export = ExportPane::new(form);
        self.data.examples = examples;
        self.measure.last = evaluated;
        self.measure.opened = test_opened;
        let part = PARTS.into_iter().find(|part| screen.tab.as_deref() == Some(part_name(*part)));
        self.prompt = PromptPane::new(&draft, part.unwrap_or_default());
        self.prompt.is_changed = self.differs_from_base();
        if let Some(replaced) = replaced {
            let pane = PromptPane::new(&replaced, self.prompt.part);
            self.replaced = ReplacedDrafts::of_before(pane, draft);
        }
        if let Ok(filter) = Filter::parse_with(&screen.filter, &VariableNames::of(self.shown())) {
            self.rows.filter = filter.to_string();
            self.rows.parsed = filter;
        }
        self.rows.sort = screen.sort.parse().unwrap_or_default();
        self.saved_views.clone_from(&screen.views);
        let row = screen.selected.and_then(|id| self.row_of(id));
        let mut effects = self.find_rows(row);
        self.rows.top = screen.scroll;
        effects.push(self.ask_preview());
        if !notices.is_empty() {
            let going_on = self.shown().runs().next_back().and_then(|run| self.going_on(run.number));
            self.say(format!("{}{}", notices.join(" "), going_on.unwrap_or_default()));
        }
        self.add(self.still_filtered());
        if let Some(unfinished) = &screen.unfinished {
            self.go_on_typing(unfinished);
        }
        effects
    }

    /// Shows the first rows of a session that is being read, as it stood when it was last used. With a filter or in
    /// another order it is not known yet which rows come first.
    pub(super) fn first_rows(&mut self, first: FirstRows) {
        let FirstRows { session, projection, rows, draft, screen } = first;
        if !screen.filter.is_empty() || screen.sort.parse::<Sort>().is_ok_and(|sort| sort != Sort::default())
        {
            return;
        }
        let dataset = DatasetFacts::default();
        self.stage = Stage::Reading(OpenSession { session, dataset });
        let part = PARTS.into_iter().find(|part| screen.tab.as_deref() == Some(part_name(*part)));
        self.prompt = PromptPane::new(&draft, part.unwrap_or_default());
        let known = u32::try_from(projection.len()).unwrap_or(u32::MAX);
        self.rows.view = View::new((0..rows.unwrap_or(known)).collect());
        self.rows.so_far = rows.is_none();
        self.rows.top = screen.scroll.min(self.rows.view.len().saturating_sub(1));
        let shown = self.rows.view.window(self.rows.top, self.size.height.into());
        let selected = shown.enumerate().find(|(_, row)| projection.id(*row) == screen.selected);
        self.rows.selected = self.rows.top + selected.map_or(0, |(place, _)| place);
        self.facts = ShownFacts::new(Saved { sequence: 0, projection });
    }

    /// Returns a sentence about the filter of the last use, where it hides rows.
    fn still_filtered(&self) -> Option<String> {
        let (filter, all) = (&self.rows.filter, self.shown().counts().all.total() as usize);
        let hidden = all - self.rows.view.len().min(all);
        if !self.rows.is_filtered() || hidden == 0 {
            return None;
        }
        let how = self.how_to_show_all();
        Some(match self.rows.waiting {
            Some(_) => format!("The filter of the last time, {filter}, is on{how}."),
            None => format!("The filter of the last time, {filter}, hides {hidden} of {all} rows{how}."),
        })
    }

    pub(super) fn row_of(&self, id: RowId) -> Option<RowNumber> {
        let rows = u32::try_from(self.shown().len()).unwrap_or(u32::MAX);
        let is_there = |row: &RowNumber| self.shown().row(*row).is_some();
        (0..rows).rev().map(RowNumber).filter(is_there).find(|row| self.shown().id(*row) == Some(id))
    }

    /// Returns the screen's layout and selection, to be saved for the next start; `None` without a
    /// session.
    #[must_use]
    pub fn screen_state(&self) -> Option<SessionScreen> {
        self.stage.session().map(|_| self.screen_as_it_stands())
    }

    pub(super) fn save_screen(&self) -> Effect {
        Effect::SaveScreen(self.screen_as_it_stands())
    }

    fn screen_as_it_stands(&self) -> SessionScreen {
        SessionScreen {
            selected: self.selected_row().and_then(|row| self.shown().id(row)),
            scroll: self.rows.top,
            filter: self.rows.lasting_filter().to_owned(),
            sort: self.rows.sort.to_string(),
            views: self.saved_views.clone(),
            tab: Some(part_name(self.prompt.part).to_owned()),
            unfinished: self.unfinished(),
            export: self.export.form.to_keep(),
        }
    }

    pub(super) fn quit(&mut self) -> Vec<Effect> {
        self.leave(Effect::Quit)
    }

    /// Stops what runs and ends by `how`.
    pub(super) fn leave(&mut self, how: Effect) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.is_open() {
            effects.push(self.save_screen());
        }
        effects.extend(self.sampling.jobs.iter().map(|job| Effect::Stop { job: job.id }));
        self.sampling.waiting.clear();
        self.overlays.clear();
        self.stage = std::mem::take(&mut self.stage).closing();
        effects.push(how);
        effects
    }
}
