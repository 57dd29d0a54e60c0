//! Runs commands: one match for each scope.
//!
//! No match here has a wildcard, so a command without an implementation does not compile.

use crate::app::bulk::Target;
use crate::app::command::{
    AnywhereCommand, BenchCommand, CompareFieldCommand, EverywhereCommand, ExportFieldCommand, LineCommand,
    OverlayCommand, PromptCommand, QuestionCommand, RowEditorCommand, RowsCommand, RunCommand, ScrapsCommand,
    ScrollCommand, SettingsCommand, TypingCommand,
};
use crate::app::compare::comparison;
use crate::app::overlay::Overlay;
use crate::app::{Command, Effect, Model, Pane, Question, Stage, View};
use crate::domain::{Change, Existing, StateKind};

impl Model {
    /// Runs a command; `argument` is the text after its name. Without a session only quitting
    /// works.
    pub(super) fn run(&mut self, command: Command, argument: Option<&str>) -> Vec<Effect> {
        match self.stage {
            Stage::Open(_) => self.carry_out(command, argument),
            Stage::Opening | Stage::Reading(_) if command == Command::StopOrQuit => self.quit(),
            Stage::Opening | Stage::Reading(_) => vec![],
            Stage::Closing(_) => vec![Effect::Quit],
        }
    }

    fn carry_out(&mut self, command: Command, argument: Option<&str>) -> Vec<Effect> {
        match command {
            Command::Rows(command) => self.run_on_row(command, argument),
            Command::Bench(command) => self.run_on_bench(command, argument),
            Command::Anywhere(command) => self.run_anywhere(command, argument),
            Command::Prompt(command) => self.run_in_prompt(command),
            Command::Completion(command) => self.run_on_completions(command),
            Command::RowEditor(command) => self.run_in_row_editor(command),
            Command::Typing(command) => self.run_typing(command),
            Command::Line(command) => self.run_on_line(command),
            Command::Settings(command) => self.run_in_settings(command),
            Command::Versions(command) => self.run_in_versions(command),
            Command::Data(command) => self.run_in_data(command),
            Command::Compare(command) => self.run_in_compare(command),
            Command::CompareForm(command) => self.run_in_compare_form(command),
            Command::CompareField(CompareFieldCommand::LeaveCompareField) => self.leave_compare_field(),
            Command::Measure(command) => self.run_in_measure(command),
            Command::Coverage(command) => self.run_in_coverage(command),
            Command::History(command) => self.run_in_history(command),
            Command::Export(command) => self.run_in_export(command),
            Command::Race(command) => self.run_in_race(command),
            Command::RaceForm(command) => self.run_in_race_form(command),
            Command::RaceEnd(command) => self.run_on_race_end(command),
            Command::ExportField(ExportFieldCommand::LeaveExportField) => self.leave_export_field(),
            Command::Formats(command) => self.run_on_formats(command),
            Command::Facets(command) => self.run_in_facets(command),
            Command::Scraps(command) => self.run_in_scraps(command),
            Command::Duplicates(command) => self.run_in_duplicates(command),
            Command::Run(RunCommand::NextRun) => self.move_run(1),
            Command::Run(RunCommand::PreviousRun) => self.move_run(-1),
            Command::Replace(command) => self.run_in_replace(command),
            Command::Matches(command) => self.run_on_matches(command),
            Command::Scroll(command) => self.run_scroll(command),
            Command::Overlay(command) => self.run_in_window(command),
            Command::Question(command) => self.run_on_question(command),
            Command::Everywhere(command) => self.run_everywhere(command),
        }
    }

    fn run_on_row(&mut self, command: RowsCommand, argument: Option<&str>) -> Vec<Effect> {
        match command {
            RowsCommand::AcceptRow => self.decide(Change::accept()),
            RowsCommand::RejectRow => self.decide(Change::reject()),
            RowsCommand::SkipRow => self.decide(Change::skip()),
            RowsCommand::Rate1 => self.rate(1),
            RowsCommand::Rate2 => self.rate(2),
            RowsCommand::Rate3 => self.rate(3),
            RowsCommand::Rate4 => self.rate(4),
            RowsCommand::Rate5 => self.rate(5),
            RowsCommand::ClearRating => self.clear_rating(),
            RowsCommand::RejectWithReason => self.ask_reason(),
            RowsCommand::TagRow => self.ask_tags(),
            RowsCommand::RepeatDecision => self.repeat_decision(),
            RowsCommand::RelabelRow => self.ask_label(),
            RowsCommand::EditRow => self.edit_row(),
            RowsCommand::ShowExchange => self.show_exchange(),
            RowsCommand::ShowScraps => self.show_scraps(),
            RowsCommand::ShowDuplicates => self.show_duplicates(),
            RowsCommand::CopyRow => self.copy_row(),
            RowsCommand::NextRow => self.move_by(1),
            RowsCommand::PreviousRow => self.move_by(-1),
            RowsCommand::FirstRow => self.move_by(isize::MIN),
            RowsCommand::LastRow => self.move_by(isize::MAX),
            RowsCommand::PageDown => self.move_by(self.half_page(Pane::Rows)),
            RowsCommand::PageUp => self.move_by(-self.half_page(Pane::Rows)),
            RowsCommand::NextFlagged => self.go_flagged(1),
            RowsCommand::PreviousFlagged => self.go_flagged(-1),
            RowsCommand::NextPending => self.go_pending(),
            RowsCommand::NextNew => self.go_new(),
            RowsCommand::Goto => self.go_to(argument.unwrap_or_default()),
            RowsCommand::ShowFacets => self.show_facets(),
            RowsCommand::AcceptMatching => self.ask_bulk(Change::accept(), Target::Matching),
            RowsCommand::RejectMatching => self.ask_bulk(Change::reject(), Target::Matching),
            RowsCommand::SkipMatching => self.ask_bulk(Change::skip(), Target::Matching),
            RowsCommand::TagMatching => self.ask_tags_of(Target::Matching),
            RowsCommand::RelabelMatching => self.ask_label_of(Target::Matching),
            RowsCommand::MarkRows => self.mark_rows(),
            RowsCommand::MarkAll => self.mark_all(),
            RowsCommand::FindReplace => self.find_replace(),
        }
    }

    fn run_on_bench(&mut self, command: BenchCommand, argument: Option<&str>) -> Vec<Effect> {
        match command {
            BenchCommand::Undo => self.undo(),
            BenchCommand::Redo => self.redo(),
            BenchCommand::Sample => self.sample(),
            BenchCommand::SamplingSettings => self.open_settings(),
            BenchCommand::ResetSettings => self.reset_settings(),
            BenchCommand::ResumeRun => self.resume_run(),
            BenchCommand::ShowRun => self.show_run(),
            BenchCommand::SaveVersion => self.save_version(),
            BenchCommand::EditPrompt => self.type_in_prompt(),
            BenchCommand::DiscardDraft => self.discard_draft(),
            BenchCommand::RestoreDraft => self.restore_draft(),
            BenchCommand::LoadVersion => self.try_to(|model| model.load(argument.unwrap_or_default())),
            BenchCommand::DraftNextVersion => self.draft_next_version(),
            BenchCommand::CompareDraft => self.compare_draft(),
            BenchCommand::CompareVersion => self.try_to(|model| model.compare(argument.unwrap_or_default())),
            BenchCommand::FilterRows => match argument {
                Some(text) => self.filter_or_ask(text),
                None => self.ask_filter(),
            },
            BenchCommand::SaveView => self.save_view(argument),
            BenchCommand::ChooseView => self.choose_view(argument),
            BenchCommand::DeleteView => self.delete_view(argument),
            BenchCommand::SortRows => self.try_to(|model| model.sort_by(argument.unwrap_or_default())),
            BenchCommand::SortAgain => self.find_rows(self.selected_row()),
        }
    }

    fn run_anywhere(&mut self, command: AnywhereCommand, argument: Option<&str>) -> Vec<Effect> {
        match command {
            AnywhereCommand::GoBench if self.view == View::Bench => self.leave_zoom(),
            AnywhereCommand::GoBench => self.go_to_view(View::Bench),
            AnywhereCommand::GoVersions => self.go_to_view(View::Versions),
            AnywhereCommand::GoCompare => self.go_to_view(View::Compare),
            AnywhereCommand::GoData => self.go_to_data(),
            AnywhereCommand::GoCoverage => self.go_to_coverage(),
            AnywhereCommand::GoMeasure => self.go_to_view(View::Measure),
            AnywhereCommand::GoExport => self.go_to_view(View::Export),
            AnywhereCommand::GoHistory => self.go_to_history(),
            AnywhereCommand::GoRace => self.go_to_race(),
            AnywhereCommand::ExportTo => self.open_export(argument),
            AnywhereCommand::ShowGuidelines => self.open_once(Overlay::Guidelines { scroll: 0 }),
            AnywhereCommand::ShowCommands => self.open_palette(),
            AnywhereCommand::NextPane => self.next_pane(1),
            AnywhereCommand::PreviousPane => self.next_pane(Pane::ALL.len() - 1),
            AnywhereCommand::Zoom => self.zoom(),
            AnywhereCommand::Back => self.back(),
            AnywhereCommand::WriteElsewhere => self.ask_elsewhere(false),
            AnywhereCommand::Suspend => vec![self.save_screen(), Effect::Suspend],
            AnywhereCommand::Quit => self.ask_quit(),
        }
    }

    fn run_in_prompt(&mut self, command: PromptCommand) -> Vec<Effect> {
        match command {
            PromptCommand::LeaveEditor => self.focus_on(Pane::Rows),
            PromptCommand::NextPart => self.next_part(),
            PromptCommand::EditExternally => self.edit_externally(),
        }
    }

    fn run_in_row_editor(&mut self, command: RowEditorCommand) -> Vec<Effect> {
        match command {
            RowEditorCommand::SaveEdit => self.save_edit(),
            RowEditorCommand::LeaveRowEditor => self.leave_row_editor(),
            RowEditorCommand::NextField => self.next_field(),
        }
    }

    fn run_on_line(&mut self, command: LineCommand) -> Vec<Effect> {
        match command {
            LineCommand::ConfirmLine => self.confirm_line(),
            LineCommand::LeaveLine => self.leave_line(),
            LineCommand::NextChoice => self.move_choice(1),
            LineCommand::PreviousChoice => self.move_choice(-1),
            LineCommand::TakeChoice => self.take_choice(),
        }
    }

    fn run_in_settings(&mut self, command: SettingsCommand) -> Vec<Effect> {
        match command {
            SettingsCommand::ApplySettings => self.apply_settings(),
            SettingsCommand::LeaveSettings => self.close_window(),
            SettingsCommand::NextSetting => self.move_setting(1),
            SettingsCommand::PreviousSetting => self.move_setting(-1),
            SettingsCommand::NextValue => self.move_value(1, TypingCommand::CursorRight),
            SettingsCommand::PreviousValue => self.move_value(-1, TypingCommand::CursorLeft),
            SettingsCommand::CycleValue => self.use_value(),
            SettingsCommand::ResetForm => self.reset_form(),
        }
    }

    fn run_in_scraps(&mut self, command: ScrapsCommand) -> Vec<Effect> {
        match command {
            ScrapsCommand::NextScrap => self.move_scrap(1),
            ScrapsCommand::PreviousScrap => self.move_scrap(-1),
            ScrapsCommand::NextScrapRun => self.move_scrap_run(1),
            ScrapsCommand::PreviousScrapRun => self.move_scrap_run(-1),
            ScrapsCommand::RepairScrap => self.repair_scrap(),
        }
    }

    fn run_scroll(&mut self, command: ScrollCommand) -> Vec<Effect> {
        match command {
            ScrollCommand::ScrollDown => self.scroll_by(1),
            ScrollCommand::ScrollUp => self.scroll_by(-1),
            ScrollCommand::ScrollPageDown => self.scroll_by(self.half_page_here()),
            ScrollCommand::ScrollPageUp => self.scroll_by(-self.half_page_here()),
            ScrollCommand::ScrollToTop => self.scroll_by(isize::MIN),
            ScrollCommand::ScrollToBottom => self.scroll_by(isize::MAX),
        }
    }

    fn run_in_window(&mut self, command: OverlayCommand) -> Vec<Effect> {
        match command {
            OverlayCommand::Close => self.close_window(),
        }
    }

    fn run_on_question(&mut self, command: QuestionCommand) -> Vec<Effect> {
        match command {
            QuestionCommand::AnswerYes => self.answer(true),
            QuestionCommand::AnswerNo => self.answer(false),
            QuestionCommand::AnswerSave if self.is_leaving_edit() => self.answer(true),
            QuestionCommand::AnswerDiscard => self.discard(),
            QuestionCommand::AnswerSave => vec![],
        }
    }

    fn run_everywhere(&mut self, command: EverywhereCommand) -> Vec<Effect> {
        match command {
            EverywhereCommand::StopOrQuit => self.stop_or_quit(),
            EverywhereCommand::ShowHelp => self.open_once(Overlay::Help { scroll: 0 }),
        }
    }

    pub(super) fn try_to(
        &mut self,
        act: impl FnOnce(&mut Self) -> Result<Vec<Effect>, String>,
    ) -> Vec<Effect> {
        act(self).unwrap_or_else(|error| {
            self.fail(error);
            vec![]
        })
    }

    /// Opens a read-only window, replacing one of the same kind.
    pub(super) fn open_once(&mut self, overlay: Overlay) -> Vec<Effect> {
        let same = |open: &Overlay| std::mem::discriminant(open) == std::mem::discriminant(&overlay);
        self.overlays.retain(|open| !same(open));
        self.overlays.push(overlay);
        vec![]
    }

    /// Closes the topmost window without any other change.
    fn close_window(&mut self) -> Vec<Effect> {
        self.overlays.pop();
        vec![]
    }

    /// Gives a pane the focus. Nobody types in it before they ask to.
    pub(super) fn focus_on(&mut self, pane: Pane) -> Vec<Effect> {
        self.focus = pane;
        self.is_typing = false;
        vec![]
    }

    fn type_in_prompt(&mut self) -> Vec<Effect> {
        self.focus = Pane::Prompt;
        self.is_typing = true;
        vec![]
    }

    fn zoom(&mut self) -> Vec<Effect> {
        match self.view {
            View::Bench => self.zoomed = !self.zoomed,
            View::Versions => self.versions.zoomed = !self.versions.zoomed,
            View::Data => self.data.zoomed = !self.data.zoomed,
            // They have the whole screen.
            View::Compare | View::Measure | View::Coverage | View::Race | View::History => {}
            View::Export => self.export.zoomed = !self.export.zoomed,
        }
        vec![]
    }

    fn next_pane(&mut self, steps: usize) -> Vec<Effect> {
        match self.view {
            View::Bench => self.focus_on(self.focus.step(steps)),
            View::Versions => self.next_versions_part(),
            View::Data => self.next_data_part(),
            View::Compare => self.next_compare_part(),
            View::Measure | View::Coverage | View::Race | View::History => vec![],
            View::Export => self.next_export_part(),
        }
    }

    fn leave_zoom(&mut self) -> Vec<Effect> {
        self.zoomed = false;
        vec![]
    }

    /// Goes back one step: first out of the zoom, then out of the pane, then out of the filter or the view.
    fn back(&mut self) -> Vec<Effect> {
        match self.view {
            View::Bench => self.back_in_bench(),
            View::Versions => self.back_in_versions(),
            View::Data => self.back_in_data(),
            View::Compare => self.back_in_compare(),
            View::Measure | View::Coverage | View::Race | View::History => self.go_to_view(View::Bench),
            View::Export => self.back_in_export(),
        }
    }

    fn back_in_bench(&mut self) -> Vec<Effect> {
        match self.focus {
            Pane::Rows if self.rows.marked.is_some() => {
                self.rows.marked = None;
                vec![]
            }
            _ if self.zoomed => self.leave_zoom(),
            Pane::Rows if self.rows.is_filtered() => self.clear_filter(),
            Pane::Rows => vec![],
            Pane::Prompt | Pane::Preview | Pane::Detail => self.focus_on(Pane::Rows),
        }
    }

    /// Gives the third answer, where the question has one.
    pub(super) fn discard(&mut self) -> Vec<Effect> {
        match self.overlays.last() {
            Some(Overlay::Question(Question::LeaveEdit)) => self.discard_edit(),
            Some(Overlay::Question(Question::Unsaved { .. })) => self.leave(Effect::QuitUnsaved),
            _ => vec![],
        }
    }

    pub(super) fn answer(&mut self, yes: bool) -> Vec<Effect> {
        match self.overlays.last() {
            Some(Overlay::Compare(_)) => return self.answer_proposal(yes),
            Some(Overlay::Bulk(_)) => return self.answer_bulk(yes),
            Some(Overlay::Replace(_)) => return self.answer_replace(yes),
            _ => {}
        }
        let Some(Overlay::Question(question)) = self.overlays.pop() else { return vec![] };
        match question {
            Question::Allow(allow) => self.answer_allow(allow, yes),
            _ if !yes => vec![],
            Question::Quit { .. } => self.quit(),
            Question::Unsaved { .. } => self.ask_elsewhere(true),
            Question::LeaveEdit => self.save_edit(),
            Question::EndRace => self.stop_race(),
            Question::Jump(jump) => self.jump_now(&jump),
            Question::Sample(_) => self.sample_now(),
            Question::Compare { order, .. } => self.begin_comparison(*order),
            Question::EndComparison { .. } => {
                let trial = comparison(self.shown()).map(|trial| trial.number);
                trial.map_or_else(Vec::new, |trial| self.end_comparison_now(trial))
            }
            Question::Replace(wish) => vec![self.begin_export(*wish, Existing::Replace)],
        }
    }

    /// Returns whether a row is pending.
    pub(super) fn is_pending(&self, row: crate::domain::RowNumber) -> bool {
        self.shown().is_in(row, StateKind::Pending)
    }
}
