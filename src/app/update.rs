//! How a message changes the model.
//!
//! `commands` maps each command to a function; each group of commands has a file of its own. Only
//! [`Model::update`] and [`Model::drawn`] are public.

mod bulk;
mod commands;
mod compare;
mod completion;
mod coverage;
mod data;
mod decide;
mod draft;
mod duplicates;
mod edit_row;
mod export;
mod facets;
mod history;
mod input;
mod jobs;
mod line;
mod measure;
mod motion;
mod mouse;
mod next_version;
mod open;
mod palette;
mod permission;
mod race;
mod replace;
mod resume;
mod run;
mod saved;
mod saved_views;
mod scraps;
mod scroll;
pub(super) mod sentences;
mod settings;
mod typing;
mod unfinished;
mod unsaved;
mod version_lines;
mod versions;
mod view;

use super::{Command, Effect, Message, Model};
use crate::domain::Timestamp;

impl Model {
    /// Applies one message and returns the effects to carry out, in order. `now` is the time of
    /// what the person does.
    #[must_use = "effects must be handed to the executor"]
    pub fn update(&mut self, message: Message, now: Timestamp) -> Vec<Effect> {
        self.now = now;
        let mut effects = self.take(message);
        effects.extend(self.settle());
        effects
    }

    /// Marks the model as drawn: the next decision applies to the row that was drawn as selected,
    /// even if a message selects another one before the key is read.
    pub fn drawn(&mut self) {
        self.target = self.row_at_hand();
    }

    fn take(&mut self, message: Message) -> Vec<Effect> {
        match message {
            Message::Input(event) => self.input(event, false),
            Message::Together(event) => self.input(event, true),
            Message::Opened(opened) => self.opened(*opened),
            Message::Answered { operation, outcome, saved } => self.answered(operation, outcome, saved),
            Message::Snapshot(saved) => self.take_in(saved),
            Message::Unsaved { unsaved, elsewhere, saved } => self.not_saved(unsaved, elsewhere, saved),
            Message::WrittenElsewhere { outcome, saved, leaves } => {
                self.written_elsewhere(outcome, saved, leaves)
            }
            Message::CannotQuit => self.cannot_quit(),
            Message::Sampling { job, progress } => {
                if let Some(job) = self.sampling.job_mut(job) {
                    job.report(progress);
                }
                vec![]
            }
            Message::Exporting { job, done, total } => {
                self.export_progress(job, (done, total));
                vec![]
            }
            Message::ExportCommand { ask, command } => {
                self.take_export_command(ask, command);
                vec![]
            }
            Message::ExportPreviewed { ask, sight } => {
                self.export_previewed(ask, sight);
                vec![]
            }
            Message::TextsCounted { ask, scoreboard } => self.texts_counted(ask, *scoreboard),
            Message::DataCounted { ask, report } => self.data_counted(ask, *report),
            Message::DataMisread { ask, misread } => self.data_misread(ask, misread),
            Message::ExampleMade { examples } => self.example_made(examples),
            Message::Evaluating { job, done, total } => self.evaluation_progress(job, done, total),
            Message::CrossValidated(train) => self.cross_validated(train),
            Message::JobEnded { job, outcome } => self.job_ended(job, outcome),
            Message::PermissionWanted { of, permission } => self.permission_wanted(of, *permission),
            Message::NotRemembered(reason) => {
                self.fail(format!("It is allowed until you leave, and was not remembered: {reason}"));
                vec![]
            }
            Message::OfKey(sentence) => {
                self.say(sentence);
                vec![]
            }
            Message::Previewed { ask, preview } => {
                if ask == self.preview.ask {
                    self.preview.preview = Some(preview);
                    self.preview.is_current = true;
                }
                vec![]
            }
            Message::ModelsListed { ask, models } => {
                self.models_listed(ask, models);
                vec![]
            }
            Message::NextDrafted { ask, outcome } => self.next_drafted(ask, *outcome),
            Message::ServersFound { ask, found } => {
                self.servers_found(ask, found);
                vec![]
            }
            Message::SettingsNotKept(reason) => {
                self.fail(format!("The settings hold until you leave, and were not kept: {reason}"));
                vec![]
            }
            Message::Detailed { ask, detail } => {
                if ask == self.detail.ask {
                    self.detail.detail = Some(detail);
                }
                vec![]
            }
            Message::FoundSoFar { ask, found } => self.found_so_far(ask, found),
            Message::Viewed { ask, view, hidden } => self.viewed(ask, view, hidden),
            Message::FacetsCounted { ask, facets } => self.facets_counted(ask, *facets),
            Message::JumpPreviewed { ask, rows } => self.jump_previewed(ask, rows),
            Message::EditedExternally { target, text } => self.edited_externally(target, text),
            found @ (Message::Copied(_)
            | Message::FirstRows(_)
            | Message::DuplicatesFound { .. }
            | Message::ExchangeShown { .. }
            | Message::MatchesFound { .. }
            | Message::BulkPreviewed { .. }) => {
                self.show_found(found);
                vec![]
            }
            Message::DraftSaved(outcome) => {
                self.draft_saved(outcome);
                vec![]
            }
            Message::Resumed => {
                self.pending.clear();
                vec![]
            }
            Message::Interrupted => {
                self.pending.clear();
                self.run(Command::StopOrQuit, None)
            }
        }
    }

    /// Shows what was looked for or done.
    fn show_found(&mut self, found: Message) {
        match found {
            Message::Copied(sent) => self.say(sent.sentence()),
            Message::FirstRows(first) => self.first_rows(*first),
            Message::DuplicatesFound { ask, groups } => self.duplicates_found(ask, groups),
            Message::ExchangeShown { ask, exchange, .. } => self.exchange_shown(ask, exchange),
            Message::MatchesFound { ask, found } => self.matches_found(ask, found),
            Message::BulkPreviewed { ask, preview } => self.bulk_previewed(ask, preview),
            _ => {}
        }
    }

    /// Updates what depends on the selection, and requests the details of the selected row.
    fn settle(&mut self) -> Vec<Effect> {
        if !self.is_open() {
            return vec![];
        }
        let mut effects = self.settle_export();
        effects.extend(self.settle_versions());
        effects.extend(self.settle_data());
        effects.extend(self.settle_train());
        effects.extend(self.settle_preview());
        self.settle_compare();
        effects.extend(self.settle_race());
        effects.extend(self.settle_rows());
        effects.extend(self.settle_facets());
        self.settle_history();
        effects
    }

    fn settle_rows(&mut self) -> Vec<Effect> {
        self.keep_in_sight();
        let selected = self.selected_row();
        // An edit or a changed dataset may change the nearest real row.
        let wanted = selected.and_then(|row| Some((row, self.shown().row(row)?.scores())));
        if self.detail.asked == wanted {
            return vec![];
        }
        if self.detail.asked.as_ref().map(|(row, _)| *row) != selected {
            self.detail.scroll = 0;
        }
        self.detail.asked = wanted;
        let Some(row) = selected else { return vec![] };
        let ask = self.new_ask();
        self.detail.ask = ask;
        vec![Effect::Detail { ask, row }]
    }
}

#[cfg(test)]
mod tests;
