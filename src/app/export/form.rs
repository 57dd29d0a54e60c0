//! The form: what was chosen and typed, valid or not.

use ratatui::layout::Size;
use tui_textarea::{CursorMove, TextArea};

use super::{ExportField, ExportFormat, ExportTask, parse};
use crate::app::prompt::text_area;
use crate::config::screen_state::KeptExport;
use crate::curate::VariableNames;
use crate::text::wrap::wrap_ranges;

/// The width of the lines' names in columns; what explains a line begins where values do.
pub(crate) const NAMES: u16 = 14;

/// What an export writes, and how, as it is chosen and typed.
#[derive(Debug, Clone)]
pub struct ExportForm {
    /// The line that receives the keys.
    pub selected: ExportField,
    /// The format.
    pub format: ExportFormat,
    /// What a model is taught.
    pub task: ExportTask,
    /// The switches that are on.
    on: Vec<ExportField>,
    /// One text for each line that is typed.
    texts: Vec<TextArea<'static>>,
    /// The file's name without an ending, where nobody has named one.
    stem: String,
    /// The variables that the filter may name.
    pub(crate) variables: VariableNames,
}

/// One line of the form on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormLine {
    /// A line of the form.
    Field(ExportField),
    /// What is wrong with the line above.
    Error(ExportField),
    /// A line of what explains the selected one, by its number.
    About(usize),
    /// An empty line.
    Gap,
}

impl ExportForm {
    /// Returns the form of a session before anything was chosen.
    #[must_use]
    pub fn new(session: &str) -> Self {
        let texts = ExportField::TYPED.iter().map(|_| line("")).collect();
        let mut form = Self {
            selected: ExportField::Format,
            format: ExportFormat::default(),
            task: ExportTask::default(),
            on: Vec::new(),
            texts,
            stem: stem_of(session),
            variables: VariableNames::default(),
        };
        form.write(ExportField::File, &form.file_of(form.format));
        form
    }

    /// Returns the form as it was left the last time.
    #[must_use]
    pub fn kept(session: &str, kept: &KeptExport) -> Self {
        let mut form = Self::new(session);
        form.format = ExportFormat::from_name(&kept.format).unwrap_or_default();
        if kept.task == ExportTask::Generate.name() {
            form.task = ExportTask::Generate;
        }
        form.on = ExportField::SWITCHES.into_iter().filter(|field| kept.on.contains(&word(*field))).collect();
        let texts = [&kept.file, &kept.filter, &kept.split, &kept.balance, &kept.seed];
        for (field, text) in ExportField::TYPED.into_iter().zip(texts) {
            form.write(field, text);
        }
        form
    }

    /// Returns what is kept for the next start; `None` where nothing was chosen.
    #[must_use]
    pub fn to_keep(&self) -> Option<KeptExport> {
        let [file, filter, split, balance, seed] =
            ExportField::TYPED.map(|field| self.area(field).map_or_else(String::new, text_of));
        let on = self.on.iter().map(|field| word(*field)).collect();
        let (format, task) = (self.format.name().to_owned(), self.task.name().to_owned());
        let kept = KeptExport { format, file, filter, task, split, seed, balance, on };
        let fresh = self.file_of(ExportFormat::default());
        let is_fresh = kept.format == ExportFormat::default().name()
            && kept.file == fresh
            && kept.task == ExportTask::default().name()
            && [&kept.filter, &kept.split, &kept.balance, &kept.seed].into_iter().all(String::is_empty)
            && kept.on.is_empty();
        (!is_fresh).then_some(kept)
    }

    /// Returns the text area of a line; `None` where it is not typed.
    #[must_use]
    pub fn area(&self, field: ExportField) -> Option<&TextArea<'static>> {
        self.texts.get(place_of(field)?)
    }

    /// Returns the text of a line, trimmed.
    #[must_use]
    pub fn text(&self, field: ExportField) -> String {
        self.area(field).map(text_of).unwrap_or_default().trim().to_owned()
    }

    /// Returns the text area of the selected line; `None` where it is not typed.
    pub(crate) fn typed_in(&mut self) -> Option<&mut TextArea<'static>> {
        self.texts.get_mut(place_of(self.selected)?)
    }

    /// Returns whether a switch is on.
    #[must_use]
    pub fn is_on(&self, field: ExportField) -> bool {
        self.on.contains(&field)
    }

    /// Returns why a line does nothing as the form stands, in a few words.
    #[must_use]
    pub fn unused(&self, field: ExportField) -> Option<String> {
        let name = self.format.name();
        let is_used = match field {
            ExportField::Task => self.format.has_tasks(),
            ExportField::Bare => self.format.has_provenance(),
            ExportField::Raw => self.format.is_for_spreadsheets(),
            ExportField::Seed => {
                let [split, balance] =
                    [ExportField::Split, ExportField::Balance].map(|field| self.text(field));
                if split.is_empty() && balance.is_empty() {
                    return Some("without a split or a balance".to_owned());
                }
                true
            }
            _ => true,
        };
        let is_about_accepted =
            matches!(field, ExportField::Filter | ExportField::WithReal | ExportField::Contaminated);
        match field {
            _ if is_about_accepted && self.is_only_test() => Some("not with test rows".to_owned()),
            ExportField::Task if matches!(self.format, ExportFormat::Dpo | ExportFormat::Kto) => {
                Some(format!("{name} always teaches to write rows"))
            }
            _ => (!is_used).then(|| format!("not in {name}")),
        }
    }

    /// Returns whether only real test rows are written: in all formats but the one that has a part for them.
    #[must_use]
    pub fn is_only_test(&self) -> bool {
        self.is_on(ExportField::TestRows) && self.format != ExportFormat::Hf
    }

    /// Returns what explains the selected line, in lines of so many columns.
    #[must_use]
    pub fn about(&self, columns: usize) -> Vec<&'static str> {
        let words = self.selected.about(self);
        wrap_ranges(words, columns).into_iter().map(|piece| words[piece].trim_end()).collect()
    }

    /// Returns the lines of the form from the top down, with what is wrong below its line, and what explains the
    /// selected one below it, in lines of so many columns.
    #[must_use]
    pub fn lines(&self, columns: usize, labels: &[&str]) -> Vec<FormLine> {
        let errors = parse::errors(self, labels);
        let mut lines = Vec::new();
        for field in ExportField::ALL {
            if field.begins_group() {
                lines.push(FormLine::Gap);
            }
            lines.push(FormLine::Field(field));
            if errors.iter().any(|(wrong, _)| *wrong == field) {
                lines.push(FormLine::Error(field));
            }
            if field == self.selected {
                lines.extend((0..self.about(columns).len()).map(FormLine::About));
            }
        }
        lines
    }

    /// Returns the lines that an area of the screen shows: those around the selected one. Where there is no room for
    /// all, the gaps go first.
    #[must_use]
    pub fn lines_in(&self, area: Size, labels: &[&str]) -> Vec<FormLine> {
        let (columns, height) = (usize::from(area.width.saturating_sub(NAMES)), usize::from(area.height));
        let mut lines = self.lines(columns, labels);
        if lines.len() > height {
            lines.retain(|line| *line != FormLine::Gap);
        }
        let place = |sought| lines.iter().position(|line| *line == sought);
        let selected = place(FormLine::Field(self.selected)).unwrap_or_default();
        let below = |line: &&FormLine| matches!(line, FormLine::Error(_) | FormLine::About(_));
        let last = selected + 1 + lines[selected + 1..].iter().take_while(below).count();
        let above = last.saturating_sub(height).min(selected);
        lines.into_iter().skip(above).take(height).collect()
    }

    pub(crate) fn go(&mut self, step: isize) {
        let count = ExportField::ALL.len();
        let place = ExportField::ALL.iter().position(|field| *field == self.selected).unwrap_or_default();
        self.selected = ExportField::ALL[(place + count).saturating_add_signed(step) % count];
    }

    /// Selects the text of the selected line from its end.
    pub(crate) fn begin_typing(&mut self) {
        if let Some(area) = self.typed_in() {
            area.cancel_selection();
            area.move_cursor(CursorMove::End);
        }
    }

    /// Takes the next choice of the selected line, or the one before; returns whether it has choices.
    pub(crate) fn cycle(&mut self, step: isize) -> bool {
        match self.selected {
            ExportField::Format => {
                let count = ExportFormat::ALL.len();
                let place = (self.format.place() + count).saturating_add_signed(step) % count;
                self.choose(ExportFormat::ALL[place]);
            }
            ExportField::Task => {
                self.task = match self.task {
                    ExportTask::Classify => ExportTask::Generate,
                    ExportTask::Generate => ExportTask::Classify,
                };
            }
            field if field.is_switch() => self.switch(field),
            _ => return false,
        }
        true
    }

    fn switch(&mut self, field: ExportField) {
        match self.on.iter().position(|on| *on == field) {
            Some(place) => {
                self.on.remove(place);
            }
            None => self.on.push(field),
        }
    }

    /// Chooses a format; the file's ending follows where it was that of the format before.
    pub(crate) fn choose(&mut self, format: ExportFormat) {
        let file = self.text(ExportField::File);
        let is_proposed = file == self.file_of(self.format);
        let stem = file.strip_suffix(self.format.ending()).filter(|stem| !stem.is_empty());
        self.format = match stem {
            _ if is_proposed => {
                self.write(ExportField::File, &self.file_of(format));
                format
            }
            Some(stem) if !stem.ends_with('/') => {
                self.write(ExportField::File, &format!("{stem}{}", format.ending()));
                format
            }
            _ => format,
        };
    }

    /// Names the file, and takes the format that its ending means.
    pub(crate) fn name_file(&mut self, file: &str) {
        if let Some(format) = ExportFormat::of_file(file) {
            self.format = format;
        }
        self.write(ExportField::File, file);
        self.selected = ExportField::File;
    }

    /// Writes what holds before anything is chosen; the selected line stays.
    pub(crate) fn reset(&mut self) {
        let (stem, variables) = (std::mem::take(&mut self.stem), std::mem::take(&mut self.variables));
        *self = Self { selected: self.selected, variables, ..Self::new(&stem) };
    }

    fn file_of(&self, format: ExportFormat) -> String {
        format!("{}{}", self.stem, if format.ending().is_empty() { "-hf" } else { format.ending() })
    }

    pub(crate) fn write(&mut self, field: ExportField, text: &str) {
        if let Some(area) = place_of(field).and_then(|place| self.texts.get_mut(place)) {
            *area = line(text);
        }
    }
}

fn place_of(field: ExportField) -> Option<usize> {
    ExportField::TYPED.iter().position(|typed| *typed == field)
}

fn word(field: ExportField) -> String {
    field.name().replace(' ', "-")
}

fn line(text: &str) -> TextArea<'static> {
    let mut area = text_area(&text.replace(['\n', '\r'], " "));
    area.move_cursor(CursorMove::End);
    area
}

fn text_of(area: &TextArea<'static>) -> String {
    area.lines().join(" ")
}

/// Returns a session's name as the beginning of a file's.
fn stem_of(session: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' };
    let stem: String = session.chars().map(plain).take(60).collect();
    let stem = stem.trim_matches('-');
    if stem.is_empty() { "rows".to_owned() } else { stem.to_owned() }
}
