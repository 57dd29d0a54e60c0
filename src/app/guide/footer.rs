//! The footer: the keys that work where a person is, and those that can follow a key that was pressed.

mod tables;
mod windows;

use crate::app::settings::SettingsField;
use crate::app::{Command, Context, Key, Keymap, Model, Overlay, Question};
use crate::domain::Run;
use tables::{
    COMPARE, COMPARE_FIELD, COMPARE_FORM, COMPARE_RESULT, COMPLETION, COVERAGE, DATA_REPORT, DATA_ROWS,
    EXPORT, EXPORT_FIELD, EXPORT_PREVIEW, HISTORY, LINE, MARKED, MEASURE, NO_ROWS, NO_ROWS_MATCH, NOTHING,
    PREVIEW, PROMPT, PROMPT_EDITOR, RACE, RACE_END, RACE_FORM, ROW_EDITOR, ROWS, RUNNING, SETTINGS,
    VERSION_DETAIL, VERSIONS,
};
use windows::{
    ALLOW, BULK, DUPLICATES, FACETS, FORMATS, LEAVING, MATCHES, NOTHING_THERE, PROPOSAL, QUESTION, READING,
    REPLACE, RUN, SCRAPS, UNSAVED,
};

/// One hint of the footer: `a accept`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The key, or `1–5` for several.
    pub keys: String,
    /// What it does, in a word or two.
    pub label: &'static str,
}

/// What a hint of the footer shows.
#[derive(Debug, Clone, Copy)]
enum Shown {
    /// The first key of a command.
    Key(Command),
    /// All keys of a command: `y, enter`.
    All(Command),
    /// The first keys of two commands, as a range: `1–5`.
    Range(Command, Command),
    /// The first key of a command's binding of several keys.
    Prefix(Command),
}

use Shown::{All, Key as One, Prefix, Range};

fn written(keymap: &Keymap, context: Context, shown: Shown) -> Option<String> {
    let first = |command| keymap.keys_in(context.chain(), command).into_iter().next();
    match shown {
        One(command) => first(command),
        All(command) => {
            let keys = keymap.keys_in(context.chain(), command);
            (!keys.is_empty()).then(|| keys.join(", "))
        }
        Range(from, to) => Some(format!("{}–{}", first(from)?, first(to)?)),
        Prefix(command) => first(command)?.split(' ').next().map(str::to_owned),
    }
}

impl Model {
    /// Returns the footer's hints: the keys that work here, the most useful first.
    #[must_use]
    pub fn hints(&self) -> Vec<Hint> {
        let context = self.context();
        let table = match context {
            Context::Nothing => NOTHING,
            Context::Rows if self.rows.view.is_empty() && self.rows.is_filtered() => NO_ROWS_MATCH,
            Context::Rows if self.rows.view.is_empty() => NO_ROWS,
            Context::Rows if self.rows.marked.is_some() => MARKED,
            Context::Rows | Context::Detail => ROWS,
            Context::Preview => PREVIEW,
            Context::Prompt => PROMPT,
            Context::PromptEditor => PROMPT_EDITOR,
            Context::Completion => COMPLETION,
            Context::RowEditor => ROW_EDITOR,
            Context::Line => LINE,
            Context::Settings => SETTINGS,
            Context::Versions => VERSIONS,
            Context::VersionDetail => VERSION_DETAIL,
            Context::DataReport => DATA_REPORT,
            Context::DataRows => DATA_ROWS,
            Context::Compare => COMPARE,
            Context::CompareForm => COMPARE_FORM,
            Context::CompareField => COMPARE_FIELD,
            Context::CompareResult => COMPARE_RESULT,
            Context::Measure => MEASURE,
            Context::Coverage => COVERAGE,
            Context::History => HISTORY,
            Context::Export => EXPORT,
            Context::ExportField => EXPORT_FIELD,
            Context::Race => RACE,
            Context::RaceForm => RACE_FORM,
            Context::RaceEnd => RACE_END,
            Context::ExportPreview => EXPORT_PREVIEW,
            Context::Formats => FORMATS,
            Context::Facets => FACETS,
            Context::Scraps => SCRAPS,
            Context::Duplicates if !self.has_duplicates() => NOTHING_THERE,
            Context::Duplicates => DUPLICATES,
            Context::Run => RUN,
            Context::Reading => READING,
            Context::Proposal => PROPOSAL,
            Context::Bulk => BULK,
            Context::Replace => REPLACE,
            Context::Matches => MATCHES,
            Context::Question if self.is_leaving_edit() => LEAVING,
            Context::Question if self.is_leaving_unsaved() => UNSAVED,
            Context::Question if self.is_asked_to_allow() => ALLOW,
            Context::Question => QUESTION,
        };
        let hint = |(shown, label): &(Shown, &'static str)| {
            written(&self.keymap, context, *shown).map(|keys| Hint { keys, label })
        };
        let is_evaluating = self.measure.going.is_some() && context == Context::Measure;
        let works = |(shown, _): &&(Shown, &'static str)| match shown {
            One(Command::Evaluate) => !is_evaluating,
            One(Command::LoadBest | Command::LabelProduction | Command::LabelCandidate) => {
                self.best_of_race().is_some()
            }
            One(command) => self.works_on_scraps(*command),
            _ => true,
        };
        let is_running = self.sampling.run().is_some()
            && matches!(
                context,
                Context::Rows
                    | Context::Detail
                    | Context::Preview
                    | Context::Prompt
                    | Context::Compare
                    | Context::Coverage
            );
        let is_exporting = self.export.going.is_some()
            && matches!(context, Context::Export | Context::ExportField | Context::ExportPreview);
        let is_running = is_running || is_exporting || is_evaluating;
        let running = is_running.then_some(&RUNNING);
        let blank = self.label_of_blank().map(|label| (One(Command::CycleValue), label));
        running.into_iter().chain(&blank).chain(table).filter(works).filter_map(hint).collect()
    }

    /// Returns what the blank does for the selected setting, where it does more than take the next choice.
    fn label_of_blank(&self) -> Option<&'static str> {
        let Some(Overlay::Settings(form)) = self.overlays.last() else { return None };
        match form.selected {
            SettingsField::Servers => Some("look for servers"),
            SettingsField::Model if !form.is_offline() => Some("list models"),
            SettingsField::Copy => Some("copy"),
            _ => None,
        }
    }

    /// Returns whether the question is one that enter answers with no.
    fn is_asked_to_allow(&self) -> bool {
        matches!(self.overlays.last(), Some(Overlay::Question(Question::Allow(_))))
    }

    /// Returns whether the window of equal rows shows a group.
    fn has_duplicates(&self) -> bool {
        matches!(self.overlays.last(), Some(Overlay::Duplicates(window)) if !window.rows().is_empty())
    }

    /// Returns whether a command does something in the window of scraps, where that one is open; each works
    /// elsewhere.
    fn works_on_scraps(&self, command: Command) -> bool {
        let Some(Overlay::Scraps(window)) = self.overlays.last() else { return true };
        let place = window.places.get(window.selected);
        let scrap = place.and_then(|place| self.shown().scrap(*place as usize));
        match command {
            Command::RepairScrap => scrap.is_some_and(|scrap| !scrap.repaired),
            Command::ResumeRun => self.shown().run(window.run).is_some_and(Run::misses_rows),
            Command::NextScrapRun => self.shown().scraps().any(|scrap| scrap.run > window.run),
            Command::PreviousScrapRun => self.shown().scraps().any(|scrap| scrap.run < window.run),
            Command::NextScrap | Command::PreviousScrap => window.places.len() > 1,
            _ => true,
        }
    }

    /// Returns the keys that can follow those pressed so far, with their commands; empty where none
    /// are pending.
    #[must_use]
    pub fn which_key(&self) -> Vec<(Key, Command)> {
        if self.pending.is_empty() {
            return Vec::new();
        }
        self.keymap.continuations(self.context().chain(), &self.pending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::SettingsForm;
    use crate::app::fixtures::Harness;

    #[test]
    fn the_scraps_show_only_keys_that_do_something() {
        let mut bench = Harness::with_rows(1);
        let labels = |bench: &Harness| bench.model.hints().iter().map(|hint| hint.label).collect::<Vec<_>>();
        bench.stop_a_run(&[("Cut off.", "{")]);
        bench.keys("O");
        assert_eq!(labels(&bench), ["repair", "ask for what is missing", "page down", "close"]);
        bench.keys("esc");
        bench.stop_a_run(&[("Cut off.", "{"), ("Empty.", "")]);
        bench.keys("O");
        assert_eq!(
            labels(&bench),
            ["next", "before", "repair", "ask for what is missing", "run before", "page down", "close"]
        );
    }

    #[test]
    fn every_hint_names_a_key_that_works_where_it_is_shown() {
        let keymap = Keymap::default();
        for (context, table) in [
            (Context::Nothing, NOTHING),
            (Context::Rows, ROWS),
            (Context::Detail, ROWS),
            (Context::Rows, NO_ROWS),
            (Context::Rows, NO_ROWS_MATCH),
            (Context::Preview, PREVIEW),
            (Context::Prompt, PROMPT),
            (Context::PromptEditor, PROMPT_EDITOR),
            (Context::Completion, COMPLETION),
            (Context::RowEditor, ROW_EDITOR),
            (Context::Line, LINE),
            (Context::Settings, SETTINGS),
            (Context::Versions, VERSIONS),
            (Context::VersionDetail, VERSION_DETAIL),
            (Context::DataReport, DATA_REPORT),
            (Context::DataRows, DATA_ROWS),
            (Context::Compare, COMPARE),
            (Context::CompareForm, COMPARE_FORM),
            (Context::CompareField, COMPARE_FIELD),
            (Context::CompareResult, COMPARE_RESULT),
            (Context::Measure, MEASURE),
            (Context::Coverage, COVERAGE),
            (Context::History, HISTORY),
            (Context::Export, EXPORT),
            (Context::ExportField, EXPORT_FIELD),
            (Context::Race, RACE),
            (Context::RaceForm, RACE_FORM),
            (Context::RaceEnd, RACE_END),
            (Context::ExportPreview, EXPORT_PREVIEW),
            (Context::Formats, FORMATS),
            (Context::Facets, FACETS),
            (Context::Scraps, SCRAPS),
            (Context::Duplicates, DUPLICATES),
            (Context::Duplicates, NOTHING_THERE),
            (Context::Run, RUN),
            (Context::Reading, READING),
            (Context::Proposal, PROPOSAL),
            (Context::Bulk, BULK),
            (Context::Replace, REPLACE),
            (Context::Matches, MATCHES),
            (Context::Rows, MARKED),
            (Context::Question, QUESTION),
            (Context::Question, ALLOW),
            (Context::Question, LEAVING),
            (Context::Question, UNSAVED),
        ] {
            for (shown, label) in table {
                assert!(written(&keymap, context, *shown).is_some(), "{context:?}: {label}");
            }
        }
    }

    #[test]
    fn the_footer_of_the_settings_names_what_the_blank_does() {
        let mut bench = Harness::with_rows(1);
        let mut form = SettingsForm::new(&bench.model.sampling);
        let mut label = |field| {
            form.selected = field;
            bench.model.overlays = vec![Overlay::Settings(Box::new(form.clone()))];
            bench.model.hints().into_iter().find(|hint| hint.keys == "space").map(|hint| hint.label)
        };
        assert_eq!(label(SettingsField::Servers), Some("look for servers"));
        assert_eq!(label(SettingsField::Copy), Some("copy"));
        assert_eq!(label(SettingsField::Model), None, "the built-in generator has no models");
        assert_eq!(label(SettingsField::Rows), None);
    }
}
