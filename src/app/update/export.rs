//! The Export view: its form, what it would write, and the export that goes on.

use ratatui::layout::Position;

use crate::app::command::{ExportCommand, FormatsCommand};
use crate::app::export::{
    ExportField, ExportPane, ExportPart, ExportSight, ExportWish, Exporting, FormLine, FormatPicker,
};
use crate::app::geometry::export::ExportGeometry;
use crate::app::message::Ask;
use crate::app::overlay::Overlay;
use crate::app::sampling::Wanted;
use crate::app::{Command, Effect, Model, Question, View};
use crate::curate::VariableNames;
use crate::domain::{Existing, Failure, JobId, JobKind};

impl Model {
    /// Shows a view. Where another one is left, what was typed in it stays.
    pub(super) fn go_to_view(&mut self, view: View) -> Vec<Effect> {
        if self.view == view {
            return vec![];
        }
        self.is_typing = false;
        self.leave_export_field();
        self.leave_compare_field();
        self.view = view;
        self.export.form.variables = VariableNames::of(self.shown());
        vec![self.save_screen()]
    }

    /// Shows the Export view with this file named, where one is.
    pub(super) fn open_export(&mut self, file: Option<&str>) -> Vec<Effect> {
        let effects = self.go_to_view(View::Export);
        self.export.part = ExportPart::Form;
        if let Some(file) = file.map(str::trim).filter(|file| !file.is_empty()) {
            self.export.form.name_file(file);
            let key = self.keymap.keys_of(Command::StartExport).into_iter().next();
            self.say(key.map_or_else(String::new, |key| format!("{key} writes it.")));
        }
        effects
    }

    pub(super) fn run_in_export(&mut self, command: ExportCommand) -> Vec<Effect> {
        match command {
            ExportCommand::StartExport => self.start_export(),
            ExportCommand::CopyExportCommand => self.copy_export_command(),
            ExportCommand::ChangeExportField => self.change_export_field(),
            ExportCommand::NextExportField => self.move_export_field(1),
            ExportCommand::PreviousExportField => self.move_export_field(-1),
            ExportCommand::NextExportValue => self.cycle_export_value(1),
            ExportCommand::PreviousExportValue => self.cycle_export_value(-1),
            ExportCommand::ChooseFormat => self.choose_format(),
            ExportCommand::ResetExport => {
                self.export.form.reset();
                vec![self.save_screen()]
            }
        }
    }

    pub(super) fn run_on_formats(&mut self, command: FormatsCommand) -> Vec<Effect> {
        let Some(Overlay::Formats(picker)) = self.overlays.last_mut() else { return vec![] };
        match command {
            FormatsCommand::NextFormat => picker.go(1),
            FormatsCommand::PreviousFormat => picker.go(-1),
            FormatsCommand::TakeFormat => {
                let format = picker.selected;
                self.overlays.pop();
                self.export.form.choose(format);
                return vec![self.save_screen()];
            }
        }
        vec![]
    }

    /// Goes to another line; a person who was typing does not type there before they ask to.
    fn move_export_field(&mut self, step: isize) -> Vec<Effect> {
        let effects = self.leave_export_field();
        self.export.part = ExportPart::Form;
        self.export.form.go(step);
        effects
    }

    /// Stops typing in a line.
    pub(super) fn leave_export_field(&mut self) -> Vec<Effect> {
        if self.export.part != ExportPart::Typing {
            return vec![];
        }
        self.export.part = ExportPart::Form;
        vec![self.save_screen()]
    }

    fn change_export_field(&mut self) -> Vec<Effect> {
        self.export.part = ExportPart::Form;
        match self.export.form.selected {
            ExportField::Format => self.choose_format(),
            ExportField::Start => self.start_export(),
            field if field.is_typed() => {
                self.export.part = ExportPart::Typing;
                self.export.form.begin_typing();
                vec![]
            }
            _ => self.cycle_export_value(1),
        }
    }

    fn cycle_export_value(&mut self, step: isize) -> Vec<Effect> {
        self.export.part = ExportPart::Form;
        if self.export.form.cycle(step) {
            return vec![self.save_screen()];
        }
        if self.export.form.selected.is_typed() {
            let keys = self.keymap.keys_of(Command::ChangeExportField);
            if let Some(key) = keys.first() {
                self.say(format!("{key} types in the line."));
            }
        }
        vec![]
    }

    fn choose_format(&mut self) -> Vec<Effect> {
        self.export.form.selected = ExportField::Format;
        self.overlays.push(Overlay::Formats(FormatPicker { selected: self.export.form.format }));
        vec![]
    }

    /// Goes back one step: out of the zoom, out of the preview, out of the view.
    pub(super) fn back_in_export(&mut self) -> Vec<Effect> {
        match self.export.part {
            _ if self.export.zoomed => {
                self.export.zoomed = false;
                vec![]
            }
            ExportPart::Preview => {
                self.export.part = ExportPart::Form;
                vec![]
            }
            ExportPart::Form | ExportPart::Typing => self.go_to_view(View::Bench),
        }
    }

    /// Goes from the form to the first lines, or back.
    pub(super) fn next_export_part(&mut self) -> Vec<Effect> {
        self.export.part = match self.export.part {
            ExportPart::Preview => ExportPart::Form,
            ExportPart::Form | ExportPart::Typing => ExportPart::Preview,
        };
        vec![]
    }

    pub(super) fn copy_export_command(&mut self) -> Vec<Effect> {
        let labels = self.label_names();
        if let Err(wrong) = self.export.form.wish(&labels) {
            self.refuse_export(wrong);
            return vec![];
        }
        match (&self.export.command, &self.export.sight) {
            (Some(command), _) => {
                vec![Effect::Copy(command.clone())]
            }
            (None, Some(Err(reason))) => {
                let reason = reason.clone();
                self.fail(reason);
                vec![]
            }
            (None, _) => {
                self.say("The command is still being made; try again.");
                vec![]
            }
        }
    }

    /// Begins the export that the form says.
    pub(super) fn start_export(&mut self) -> Vec<Effect> {
        if self.export.going.is_some() {
            let key = self.keymap.keys_of(Command::StopOrQuit).into_iter().next().unwrap_or_default();
            self.say(format!("An export goes on; {key} stops it."));
            return vec![];
        }
        let labels = self.label_names();
        let wish = match self.export.form.wish(&labels) {
            Ok(wish) => wish,
            Err(wrong) => {
                self.refuse_export(wrong);
                return vec![];
            }
        };
        if self.has_nothing_to_export(&wish) {
            self.say("There is no accepted row to export yet.");
            return vec![];
        }
        vec![self.save_screen(), self.begin_export(wish, Existing::Keep)]
    }

    fn has_nothing_to_export(&self, wish: &ExportWish) -> bool {
        let all = self.shown().counts().all;
        let is_real = wish.on.iter().any(|on| matches!(on, ExportField::WithReal | ExportField::TestRows));
        let takes_rejected = wish.format.takes_rejected() && all.rejected > 0;
        all.accepted == 0 && !is_real && !takes_rejected
    }

    pub(super) fn begin_export(&mut self, wish: ExportWish, existing: Existing) -> Effect {
        let job = self.sampling.start(JobKind::Export, Wanted::Nothing);
        let boxed = Box::new(wish.clone());
        self.export.going = Some(Exporting { job, wish, progress: None, is_stopping: false });
        Effect::Export { job, wish: boxed, existing }
    }

    /// Goes to the line that cannot be used; what is wrong with it stands there.
    fn refuse_export(&mut self, (field, sentence): (ExportField, String)) {
        self.export.part = ExportPart::Form;
        self.export.form.selected = field;
        self.fail(format!("Nothing was written: {sentence}"));
    }

    pub(super) fn export_progress(&mut self, job: JobId, progress: (u64, u64)) {
        if let Some(going) = self.export.going.as_mut().filter(|going| going.job == job) {
            going.progress = Some(progress);
        }
    }

    /// Takes the export that has ended out of the view.
    pub(super) fn export_ended(&mut self, job: JobId) -> Option<ExportWish> {
        self.export.going.take_if(|going| going.job == job).map(|going| going.wish)
    }

    /// Asks whether an export may replace what is there, where nobody types or answers something else.
    pub(super) fn ask_replace(&mut self, wish: ExportWish) {
        if self.overlays.is_empty() && !self.context().is_typing() {
            self.overlays.push(Overlay::Question(Question::Replace(Box::new(wish))));
            return;
        }
        self.fail(format!(
            "`{}` is there already, so nothing was written; export again to replace it, or name another file.",
            wish.file.display()
        ));
    }

    pub(super) fn take_export_command(&mut self, ask: Ask, command: Result<String, Failure>) {
        if ask != self.export.ask {
            return;
        }
        match command {
            Ok(command) => self.export.command = Some(command),
            Err(reason) => {
                self.export.sight = Some(Err(reason.to_string()));
                self.export.is_current = true;
            }
        }
    }

    pub(super) fn export_previewed(&mut self, ask: Ask, sight: Result<Box<ExportSight>, Failure>) {
        if ask != self.export.ask {
            return;
        }
        self.export.sight = Some(sight.map(|sight| *sight).map_err(|reason| reason.to_string()));
        self.export.is_current = true;
    }

    /// Asks what the form would write, where the view is shown and that is not known.
    pub(super) fn settle_export(&mut self) -> Vec<Effect> {
        if self.view != View::Export {
            return vec![];
        }
        let labels = self.label_names();
        let Ok(wish) = self.export.form.wish(&labels) else {
            let ExportPane { asked, command, is_current, .. } = &mut self.export;
            (*asked, *command, *is_current) = (None, None, false);
            return vec![];
        };
        let wanted = (wish, self.facts.saved_operations());
        if self.export.asked.as_ref() == Some(&wanted) {
            return vec![];
        }
        let ask = self.new_ask();
        let is_other = self.export.asked.as_ref().is_none_or(|(wish, _)| *wish != wanted.0);
        let wish = Box::new(wanted.0.clone());
        if is_other {
            (self.export.command, self.export.scroll) = (None, 0);
        }
        (self.export.ask, self.export.asked, self.export.is_current) = (ask, Some(wanted), false);
        vec![Effect::PreviewExport { ask, wish }]
    }

    /// Stops the export that goes on; `None` where none does, or it was asked to stop already.
    pub(super) fn stop_export(&mut self) -> Option<Effect> {
        let going = self.export.going.as_mut().filter(|going| !going.is_stopping)?;
        going.is_stopping = true;
        let job = going.job;
        if let Some(job) = self.sampling.job_mut(job) {
            job.stopping();
        }
        self.say("Stopping the export; nothing of it stays.");
        Some(Effect::Stop { job })
    }

    /// Handles a click into the view: on a line it goes there and does what the key for that does.
    pub(super) fn click_export(&mut self, place: Position) -> Vec<Effect> {
        let geometry = self.export_geometry();
        if ExportGeometry::is_in(geometry.tab, place) {
            return self.next_export_part();
        }
        if ExportGeometry::is_in(geometry.preview, place) {
            let effects = self.leave_export_field();
            self.export.part = ExportPart::Preview;
            return effects;
        }
        if ExportGeometry::is_in(geometry.command, place) {
            return self.copy_export_command();
        }
        if !ExportGeometry::is_in(geometry.form, place) {
            return vec![];
        }
        let mut effects = self.leave_export_field();
        self.export.part = ExportPart::Form;
        let area = geometry.lines();
        let labels = self.label_names();
        let lines = self.export.form.lines_in(area.as_size(), &labels);
        let line = area.contains(place).then(|| lines.get(usize::from(place.y - area.y))).flatten();
        if let Some(FormLine::Field(field)) = line {
            self.export.form.selected = *field;
            effects.extend(self.change_export_field());
        }
        effects
    }
}
