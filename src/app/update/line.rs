//! One-line inputs: filter, reason, tags.

use tui_textarea::CursorMove;

use super::sentences::done;
use crate::app::bulk::Target;
use crate::app::filter_words::filter_words;
use crate::app::fuzzy;
use crate::app::overlay::{LineInput, LinePurpose, Overlay};
use crate::app::prompt::text_area;
use crate::app::{Effect, Model};
use crate::curate::{FilterError, VariableNames, last_word, parse_view};
use crate::domain::{Change, RowNumber};

/// The most choices that a line offers.
const CHOICES: usize = 12;

impl LineInput {
    fn new(purpose: LinePurpose, text: &str, known: Vec<String>, variables: VariableNames) -> Self {
        let mut line = text_area(text);
        line.move_cursor(CursorMove::End);
        if matches!(purpose, LinePurpose::Filter | LinePurpose::Label(_) | LinePurpose::Fork(_)) {
            line.select_all();
        }
        let mut input = Self {
            purpose,
            line,
            choices: Vec::new(),
            selected: None,
            error: None,
            wrong: None,
            tried: false,
            known,
            variables,
            before: vec![text.to_owned()],
        };
        input.refresh();
        input
    }

    /// Returns the typed text.
    #[must_use]
    pub fn text(&self) -> String {
        self.line.lines().join(" ")
    }

    /// Updates the choices and the error.
    pub(super) fn refresh(&mut self) {
        let text = self.text();
        let (_, word) = self.last_word(&text);
        // The label that the row has already must not keep the others from being offered.
        let is_old = matches!(self.purpose, LinePurpose::Label(_) | LinePurpose::Fork(_))
            && self.line.selection_range().is_some();
        let word = if is_old { "" } else { word };
        self.choices = fuzzy::best(word, &self.known, CHOICES);
        let is_first_meant = self.purpose == LinePurpose::View && !self.known.contains(&text);
        self.selected = (is_first_meant && !self.choices.is_empty()).then_some(0);
        self.tried = false;
        self.refuse(match self.purpose {
            LinePurpose::Filter => parse_view(&text, &self.variables).err(),
            LinePurpose::Reason(_)
            | LinePurpose::Tags(_)
            | LinePurpose::Label(_)
            | LinePurpose::VersionNote(_)
            | LinePurpose::VersionLabel(_)
            | LinePurpose::Fork(_)
            | LinePurpose::ViewName
            | LinePurpose::View
            | LinePurpose::ViewToDelete
            | LinePurpose::Elsewhere { .. } => None,
        });
    }

    /// Shows what is wrong with a filter, and where.
    fn refuse(&mut self, error: Option<FilterError>) {
        (self.error, self.wrong) = error.map(|error| (error.message, error.range)).unzip();
    }

    /// Splits the word that is being typed from the text before it. A whole reason counts as one
    /// word.
    fn last_word<'t>(&self, text: &'t str) -> (&'t str, &'t str) {
        text.split_at(match self.purpose {
            LinePurpose::Reason(_)
            | LinePurpose::Label(_)
            | LinePurpose::VersionNote(_)
            | LinePurpose::VersionLabel(_)
            | LinePurpose::Fork(_)
            | LinePurpose::ViewName
            | LinePurpose::View
            | LinePurpose::ViewToDelete
            | LinePurpose::Elsewhere { .. } => 0,
            LinePurpose::Filter => last_word(text),
            LinePurpose::Tags(target) => {
                let word = text.trim_end_matches(|c| !is_between_tags(c)).len();
                let is_signed = !matches!(target, Target::Row(_)) && text[word..].starts_with(['+', '-']);
                word + usize::from(is_signed)
            }
        })
    }

    /// Replaces the last word with the selected choice, or the first one.
    fn take(&mut self) -> bool {
        let Some(choice) = self.choices.get(self.selected.unwrap_or_default()).cloned() else { return false };
        let text = self.text();
        let (before, _) = self.last_word(&text);
        let taken = format!("{before}{choice}");
        self.retype(&taken);
        true
    }

    /// Replaces what was typed.
    pub(super) fn retype(&mut self, text: &str) {
        self.line.select_all();
        self.line.insert_str(text);
        self.refresh();
    }
}

fn is_between_tags(c: char) -> bool {
    c == ',' || c.is_whitespace()
}

impl Model {
    pub(super) fn open_line(&mut self, purpose: LinePurpose, text: &str, known: Vec<String>) -> Vec<Effect> {
        let variables = VariableNames::of(self.shown());
        self.overlays.push(Overlay::Line(LineInput::new(purpose, text, known, variables)));
        vec![]
    }

    pub(super) fn ask_filter(&mut self) -> Vec<Effect> {
        let (text, words) = (self.rows.filter.clone(), filter_words(self.shown(), &self.label_names()));
        self.begin_filter();
        self.open_line(LinePurpose::Filter, &text, words)
    }

    /// Filters by a text; one that cannot be read stands in the line then, with what is wrong, which may be long.
    pub(super) fn filter_or_ask(&mut self, text: &str) -> Vec<Effect> {
        self.filter_by(text).unwrap_or_else(|error| {
            let effects = self.ask_filter();
            if let Some(Overlay::Line(line)) = self.overlays.last_mut() {
                line.retype(text);
                line.refuse(Some(error));
                line.tried = true;
            }
            effects
        })
    }

    pub(super) fn ask_reason(&mut self) -> Vec<Effect> {
        self.target().map_or_else(Vec::new, |target| self.ask_reason_of(target))
    }

    pub(super) fn ask_reason_of(&mut self, target: Target) -> Vec<Effect> {
        let known = self.shown().reasons().iter().rev().cloned().collect();
        self.open_line(LinePurpose::Reason(target), "", known)
    }

    pub(super) fn ask_tags(&mut self) -> Vec<Effect> {
        self.target().map_or_else(Vec::new, |target| self.ask_tags_of(target))
    }

    pub(super) fn ask_tags_of(&mut self, target: Target) -> Vec<Effect> {
        let tags = match target {
            Target::Row(row) => self.shown().mark(row).unwrap_or_default().tags,
            // What many rows get and lose is asked for.
            Target::Marked | Target::Matching => Vec::new(),
        };
        let known = self.shown().tags().into_iter().map(str::to_owned).collect();
        let mut text = tags.join(" ");
        if !text.is_empty() {
            text.push(' ');
        }
        self.open_line(LinePurpose::Tags(target), &text, known)
    }

    pub(super) fn ask_label(&mut self) -> Vec<Effect> {
        self.target().map_or_else(Vec::new, |target| self.ask_label_of(target))
    }

    pub(super) fn ask_label_of(&mut self, target: Target) -> Vec<Effect> {
        let label = match target {
            Target::Row(row) => self.shown().row(row).map(|row| row.label().to_owned()).unwrap_or_default(),
            Target::Marked | Target::Matching => String::new(),
        };
        let known = self.label_names().into_iter().map(str::to_owned).collect();
        self.open_line(LinePurpose::Label(target), &label, known)
    }

    pub(super) fn confirm_line(&mut self) -> Vec<Effect> {
        if let Some(Overlay::Palette(_)) = self.overlays.last() {
            return self.run_choice();
        }
        let Some(Overlay::Line(line)) = self.overlays.last_mut() else { return vec![] };
        let choice = line.selected.and_then(|selected| line.choices.get(selected).cloned());
        if choice.is_some() {
            line.take();
        }
        let (purpose, text) = (line.purpose, line.text());
        match purpose {
            LinePurpose::Filter => match self.filter_by(&text) {
                Ok(effects) => {
                    self.overlays.pop();
                    effects
                }
                Err(error) => {
                    if let Some(Overlay::Line(line)) = self.overlays.last_mut() {
                        line.refuse(Some(error));
                        line.tried = true;
                    }
                    vec![]
                }
            },
            LinePurpose::Reason(target) => {
                self.overlays.pop();
                let reason = Some(text.trim().to_owned()).filter(|reason| !reason.is_empty());
                self.change_target(target, Change::Reject { reason, tags: Vec::new() })
            }
            LinePurpose::Tags(target) => {
                self.overlays.pop();
                match target {
                    Target::Row(row) => self.tag(row, &text),
                    Target::Marked | Target::Matching => self.tag_many(target, &text),
                }
            }
            LinePurpose::Label(target) => self.relabel(target, choice.as_deref().unwrap_or(&text)),
            LinePurpose::VersionNote(id) => self.note_version(id, &text),
            LinePurpose::VersionLabel(id) => self.label_version(id, choice.as_deref().unwrap_or(&text)),
            LinePurpose::Fork(spot) => self.fork(spot, choice.as_deref().unwrap_or(&text)),
            LinePurpose::ViewName | LinePurpose::View | LinePurpose::ViewToDelete => {
                self.overlays.pop();
                self.with_view(purpose, choice.as_deref().unwrap_or(&text).trim())
            }
            LinePurpose::Elsewhere { leaves } => {
                self.overlays.pop();
                self.write_elsewhere(&text, leaves)
            }
        }
    }

    /// Leaves the line without doing it; a filter that was typed is given up.
    pub(super) fn leave_line(&mut self) -> Vec<Effect> {
        let left = self.overlays.pop();
        match left {
            Some(Overlay::Line(line)) if line.purpose == LinePurpose::Filter => self.give_filter_up(),
            _ => vec![],
        }
    }

    /// Lets the rows follow a filter that is being typed.
    pub(super) fn line_changed(&mut self) -> Vec<Effect> {
        match self.overlays.last() {
            Some(Overlay::Line(line)) if line.purpose == LinePurpose::Filter => {
                let text = line.text();
                self.narrow(&text)
            }
            _ => vec![],
        }
    }

    /// Adds tags to many rows, and takes those away that have a `-` before them.
    fn tag_many(&mut self, target: Target, text: &str) -> Vec<Effect> {
        let (mut add, mut remove) = (Vec::new(), Vec::new());
        for word in text.split(is_between_tags) {
            let (tags, tag) = match word.strip_prefix('-') {
                Some(tag) => (&mut remove, tag),
                None => (&mut add, word.strip_prefix('+').unwrap_or(word)),
            };
            if !tag.is_empty() && !tags.iter().any(|known| known == tag) {
                tags.push(tag.to_owned());
            }
        }
        if add.is_empty() && remove.is_empty() {
            self.say("No tag was named; nothing was changed.");
            return vec![];
        }
        self.change_target(target, Change::Retag { add, remove })
    }

    fn tag(&mut self, row: RowNumber, text: &str) -> Vec<Effect> {
        let words = text.split(is_between_tags).filter(|word| !word.is_empty());
        let mut tags: Vec<_> = words.map(str::to_owned).collect();
        tags.sort();
        tags.dedup();
        let change = Change::Tag { tags };
        let said = format!("Row {} is {} now.", row.shown(), done(&change));
        let effects = self.change_row(row, change);
        if !effects.is_empty() {
            self.say(said);
        }
        effects
    }

    pub(super) fn move_choice(&mut self, step: isize) -> Vec<Effect> {
        match self.overlays.last_mut() {
            Some(Overlay::Palette(palette)) => {
                let last = palette.items.len().saturating_sub(1);
                // The first step chooses the first command, where none is meant so far.
                let from = if palette.is_meant || step < 0 {
                    palette.selected.checked_add_signed(step)
                } else {
                    Some(0)
                };
                palette.selected = from.unwrap_or_default().min(last);
                palette.is_meant = true;
            }
            Some(Overlay::Line(line)) => {
                let last = line.choices.len().checked_sub(1);
                line.selected = match (line.selected, step > 0) {
                    (None, true) => last.map(|_| 0),
                    (None | Some(0), false) => None,
                    (Some(place), _) => last.map(|last| place.saturating_add_signed(step).min(last)),
                };
            }
            Some(
                Overlay::Help { .. }
                | Overlay::Guidelines { .. }
                | Overlay::Exchange(_)
                | Overlay::Compare(_)
                | Overlay::Formats(_)
                | Overlay::Duplicates(_)
                | Overlay::Facets(_)
                | Overlay::Run(_)
                | Overlay::RowEditor(_)
                | Overlay::Settings(_)
                | Overlay::Scraps(_)
                | Overlay::Bulk(_)
                | Overlay::Replace(_)
                | Overlay::Question(_),
            )
            | None => {}
        }
        vec![]
    }

    pub(super) fn take_choice(&mut self) -> Vec<Effect> {
        match self.overlays.last_mut() {
            Some(Overlay::Palette(palette)) => palette.take(),
            Some(Overlay::Line(line)) => {
                line.take();
                return self.line_changed();
            }
            Some(
                Overlay::Help { .. }
                | Overlay::Guidelines { .. }
                | Overlay::Exchange(_)
                | Overlay::Compare(_)
                | Overlay::Formats(_)
                | Overlay::Duplicates(_)
                | Overlay::Facets(_)
                | Overlay::Run(_)
                | Overlay::RowEditor(_)
                | Overlay::Settings(_)
                | Overlay::Scraps(_)
                | Overlay::Bulk(_)
                | Overlay::Replace(_)
                | Overlay::Question(_),
            )
            | None => {}
        }
        vec![]
    }

    /// Takes the clicked choice: runs a command, or writes another choice into the line.
    pub(super) fn click_choice(&mut self, index: usize) -> Vec<Effect> {
        match self.overlays.last_mut() {
            Some(Overlay::Palette(palette)) if index < palette.items.len() => {
                (palette.selected, palette.is_meant) = (index, true);
                self.run_choice()
            }
            Some(Overlay::Line(line)) if index < line.choices.len() => {
                line.selected = Some(index);
                line.take();
                self.line_changed()
            }
            _ => vec![],
        }
    }
}
