//! The form: what was chosen and typed, valid or not.

use ratatui::layout::Size;
use tui_textarea::{CursorMove, TextArea};

use super::CompareField;
use super::parse;
use crate::app::prompt::text_area;
use crate::app::{ProfileChoice, Sampling};
use crate::domain::{CompareOrder, GeneratorSettings, Projection, Version, VersionId};
use crate::text::wrap::wrap_ranges;

/// The width of the lines' names in columns; what explains a line begins where values do.
pub(crate) const NAMES: u16 = 15;

/// What is compared, as it is chosen and typed.
#[derive(Debug, Clone)]
pub struct CompareForm {
    /// The line that receives the keys.
    pub selected: CompareField,
    /// Whether it is hidden which side a row comes from.
    pub blind: bool,
    /// The versions that were chosen; else the latest, and what it is best compared with.
    versions: [Option<VersionId>; 2],
    /// The profiles, as places in [`profiles`].
    profiles: [usize; 2],
    /// One text for each line that is typed.
    texts: Vec<TextArea<'static>>,
}

/// One line of the form on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareLine {
    /// A line of the form.
    Field(CompareField),
    /// What is wrong with the line above.
    Error(CompareField),
    /// A line of what explains the selected one, by its number.
    About(usize),
    /// An empty line.
    Gap,
}

impl Default for CompareForm {
    fn default() -> Self {
        let texts = CompareField::TYPED.iter().map(|_| text_area("")).collect();
        let (versions, profiles) = ([None; 2], [0; 2]);
        let mut form = Self { selected: CompareField::VersionA, blind: true, versions, profiles, texts };
        form.write(CompareField::Pairs, &CompareOrder::PAIRS.to_string());
        form
    }
}

/// Returns the generators that can be chosen: that of the next sample, and the profiles.
#[must_use]
pub(crate) fn profiles(sampling: &Sampling) -> Vec<ProfileChoice> {
    let address = sampling.profiles.get(sampling.profile).and_then(|profile| profile.address.clone());
    let name = "as the next sample".to_owned();
    let mut all = vec![ProfileChoice { name, settings: sampling.order.generator.clone(), address }];
    all.extend(sampling.profiles.iter().cloned());
    all
}

impl CompareForm {
    /// Returns the version of a side: the chosen one, else the latest for the first side, and for the second the one
    /// that is labelled `production`, else the parent of the latest.
    #[must_use]
    pub fn version<'p>(&self, side: usize, shown: &'p Projection) -> Option<&'p Version> {
        let chosen = self.versions.get(side).copied().flatten().and_then(|id| shown.version(id));
        if chosen.is_some() {
            return chosen;
        }
        let latest = shown.versions().last()?;
        if side == 0 {
            return Some(latest);
        }
        let first = self.version(0, shown)?;
        let production = shown.laboratory().labelled(&first.name, "production");
        let usual = [production, first.parent].into_iter().flatten().find(|id| *id != first.id);
        let others = || shown.versions().iter().rev().find(|version| version.id != first.id);
        usual.and_then(|id| shown.version(id)).or_else(others).or(Some(first))
    }

    /// Returns the name of the profile of a side.
    #[must_use]
    pub fn profile(&self, side: usize, sampling: &Sampling) -> String {
        let all = profiles(sampling);
        let place = self.profile_place(side).min(all.len().saturating_sub(1));
        all.get(place).map(|profile| profile.name.clone()).unwrap_or_default()
    }

    /// Returns the settings of the profile of a side, before what is typed.
    #[must_use]
    pub fn settings(&self, side: usize, sampling: &Sampling) -> Option<GeneratorSettings> {
        profiles(sampling).into_iter().nth(self.profile_place(side)).map(|profile| profile.settings)
    }

    pub(super) fn profile_place(&self, side: usize) -> usize {
        self.profiles.get(side).copied().unwrap_or_default()
    }

    /// Returns the text area of a line; `None` where it is not typed.
    #[must_use]
    pub fn area(&self, field: CompareField) -> Option<&TextArea<'static>> {
        self.texts.get(place_of(field)?)
    }

    /// Returns the text of a line, trimmed.
    #[must_use]
    pub fn text(&self, field: CompareField) -> String {
        self.area(field).map(|area| area.lines().join(" ").trim().to_owned()).unwrap_or_default()
    }

    /// Returns the text area of the selected line; `None` where it is not typed.
    pub(crate) fn typed_in(&mut self) -> Option<&mut TextArea<'static>> {
        self.texts.get_mut(place_of(self.selected)?)
    }

    /// Returns what the form orders.
    ///
    /// # Errors
    ///
    /// The first line that cannot be used, with a sentence that says why.
    pub(crate) fn order(
        &self,
        sampling: &Sampling,
        shown: &Projection,
    ) -> Result<CompareOrder, (CompareField, String)> {
        parse::order(self, sampling, shown)
    }

    /// Returns what explains the selected line, in lines of so many columns.
    #[must_use]
    pub fn about(&self, columns: usize) -> Vec<&'static str> {
        let words = self.selected.about();
        wrap_ranges(words, columns).into_iter().map(|piece| words[piece].trim_end()).collect()
    }

    /// Returns the lines that an area of the screen shows: those around the selected one. Where there is no room for
    /// all, the gaps go first.
    #[must_use]
    pub fn lines_in(&self, area: Size) -> Vec<CompareLine> {
        let (columns, height) = (usize::from(area.width.saturating_sub(NAMES)), usize::from(area.height));
        let mut lines = Vec::new();
        for field in CompareField::ALL {
            lines.extend(field.begins_group().then_some(CompareLine::Gap));
            lines.push(CompareLine::Field(field));
            lines.extend(parse::error_of(self, field).map(|_| CompareLine::Error(field)));
            if field == self.selected {
                lines.extend((0..self.about(columns).len()).map(CompareLine::About));
            }
        }
        if lines.len() > height {
            lines.retain(|line| *line != CompareLine::Gap);
        }
        let place =
            lines.iter().position(|line| *line == CompareLine::Field(self.selected)).unwrap_or_default();
        let below = |line: &&CompareLine| matches!(line, CompareLine::Error(_) | CompareLine::About(_));
        let last = place + 1 + lines[place + 1..].iter().take_while(below).count();
        let above = last.saturating_sub(height).min(place);
        lines.into_iter().skip(above).take(height).collect()
    }

    /// Returns what is wrong with what is typed in a line, as a sentence.
    #[must_use]
    pub fn error_of(&self, field: CompareField) -> Option<String> {
        parse::error_of(self, field)
    }

    pub(crate) fn go(&mut self, step: isize) {
        let count = CompareField::ALL.len();
        let place = CompareField::ALL.iter().position(|field| *field == self.selected).unwrap_or_default();
        self.selected = CompareField::ALL[(place + count).saturating_add_signed(step) % count];
    }

    /// Moves the cursor to the end of the selected line.
    pub(crate) fn begin_typing(&mut self) {
        if let Some(area) = self.typed_in() {
            area.cancel_selection();
            area.move_cursor(CursorMove::End);
        }
    }

    /// Takes the next choice of the selected line, or the one before; returns whether it has choices.
    pub(crate) fn cycle(&mut self, step: isize, sampling: &Sampling, shown: &Projection) -> bool {
        match (self.selected, self.selected.side()) {
            (CompareField::Blind, _) => self.blind = !self.blind,
            (CompareField::VersionA | CompareField::VersionB, Some(side)) => {
                // What stood there without being chosen stays while the other one changes.
                for side in [0, 1] {
                    let id = self.version(side, shown).map(|version| version.id);
                    self.versions[side] = id;
                }
                let all = shown.versions();
                let at = all.iter().position(|version| Some(version.id) == self.versions[side]);
                // The first choice is the latest.
                let next = at.map(|at| (at + all.len()).saturating_add_signed(-step) % all.len());
                self.versions[side] = next.and_then(|at| all.get(at)).map(|version| version.id);
            }
            (CompareField::ProfileA | CompareField::ProfileB, Some(side)) => {
                let count = sampling.profiles.len() + 1;
                self.profiles[side] = (self.profiles[side] + count).saturating_add_signed(step) % count;
            }
            _ => return false,
        }
        true
    }

    /// Writes the versions of both sides.
    #[cfg(test)]
    pub(crate) fn choose(&mut self, versions: [VersionId; 2]) {
        self.versions = versions.map(Some);
    }

    pub(crate) fn write(&mut self, field: CompareField, text: &str) {
        if let Some(area) = place_of(field).and_then(|place| self.texts.get_mut(place)) {
            *area = text_area(&text.replace(['\n', '\r'], " "));
            area.move_cursor(CursorMove::End);
        }
    }
}

fn place_of(field: CompareField) -> Option<usize> {
    CompareField::TYPED.iter().position(|typed| *typed == field)
}
