//! What each command does: a table from names to functions.

use crate::app::overlay::Overlay;
use crate::app::{Command, Effect, Model, Pane, Phase, Question};
use crate::domain::{Change, StateKind};

impl Model {
    /// Does a command; `argument` is what was typed behind its name.
    pub(super) fn run(&mut self, command: Command, argument: Option<&str>) -> Vec<Effect> {
        if self.phase == Phase::Closing {
            return vec![Effect::Quit];
        }
        if let Some(effects) = self.run_on_row(command) {
            return effects;
        }
        if let Some(effects) = self.run_motion(command, argument) {
            return effects;
        }
        if let Some(effects) = self.run_in_window(command) {
            return effects;
        }
        self.run_on_bench(command, argument).unwrap_or_else(|| self.run_anywhere(command))
    }

    fn run_on_row(&mut self, command: Command) -> Option<Vec<Effect>> {
        Some(match command {
            Command::AcceptRow => self.decide(Change::accept()),
            Command::RejectRow => self.decide(Change::reject()),
            Command::SkipRow => self.decide(Change::skip()),
            Command::Rate1 => self.rate(1),
            Command::Rate2 => self.rate(2),
            Command::Rate3 => self.rate(3),
            Command::Rate4 => self.rate(4),
            Command::Rate5 => self.rate(5),
            Command::ClearRating => self.clear_rating(),
            Command::RejectWithReason => self.ask_reason(),
            Command::TagRow => self.ask_tags(),
            Command::RepeatDecision => self.repeat_decision(),
            Command::EditRow => self.edit_row(),
            Command::ShowExchange => self.show_exchange(),
            Command::ShowScraps => self.show_scraps(),
            Command::CopyRow => self.copy_row(),
            Command::AcceptMatching => self.ask_bulk(Change::accept()),
            Command::RejectMatching => self.ask_bulk(Change::reject()),
            Command::SkipMatching => self.ask_bulk(Change::skip()),
            Command::Undo => self.undo(),
            Command::Redo => self.redo(),
            _ => return None,
        })
    }

    fn run_motion(&mut self, command: Command, argument: Option<&str>) -> Option<Vec<Effect>> {
        match command {
            Command::NextRow => self.move_by(1),
            Command::PreviousRow => self.move_by(-1),
            Command::FirstRow => self.select(0),
            Command::LastRow => self.select(usize::MAX),
            Command::PageDown => self.move_by(self.half_page(Pane::Rows)),
            Command::PageUp => self.move_by(-self.half_page(Pane::Rows)),
            Command::NextFlagged => self.go_flagged(1),
            Command::PreviousFlagged => self.go_flagged(-1),
            Command::NextPending => self.go_pending(),
            Command::Goto => self.go_to(argument.unwrap_or_default()),
            Command::ScrollDown => self.scroll_by(1),
            Command::ScrollUp => self.scroll_by(-1),
            Command::ScrollPageDown => self.scroll_by(self.half_page_here()),
            Command::ScrollPageUp => self.scroll_by(-self.half_page_here()),
            Command::ScrollToTop => self.scroll_by(isize::MIN),
            Command::ScrollToBottom => self.scroll_by(isize::MAX),
            _ => return None,
        }
        Some(vec![])
    }

    fn run_in_window(&mut self, command: Command) -> Option<Vec<Effect>> {
        Some(match command {
            Command::SaveEdit => self.save_edit(),
            Command::LeaveRowEditor => self.leave_row_editor(),
            Command::NextField => self.next_field(),
            Command::ConfirmLine => self.confirm_line(),
            Command::LeaveLine | Command::LeaveSettings | Command::Close => {
                self.overlays.pop();
                vec![]
            }
            Command::NextChoice => self.move_choice(1),
            Command::PreviousChoice => self.move_choice(-1),
            Command::TakeChoice => self.take_choice(),
            Command::AnswerYes => self.answer(true),
            Command::AnswerNo => self.answer(false),
            Command::ApplySettings => self.apply_settings(),
            Command::NextSetting => self.move_setting(1),
            Command::PreviousSetting => self.move_setting(-1),
            Command::NextValue => self.move_value(1, Some(Command::CursorRight)),
            Command::PreviousValue => self.move_value(-1, Some(Command::CursorLeft)),
            Command::CycleValue => self.move_value(1, None),
            Command::NextScrap => self.move_scrap(1),
            Command::PreviousScrap => self.move_scrap(-1),
            Command::NextScrapRun => self.move_scrap_run(1),
            Command::PreviousScrapRun => self.move_scrap_run(-1),
            Command::RepairScrap => self.repair_scrap(),
            _ => return self.type_command(command),
        })
    }

    fn run_on_bench(&mut self, command: Command, argument: Option<&str>) -> Option<Vec<Effect>> {
        Some(match command {
            Command::Sample => self.sample(),
            Command::SamplingSettings => self.open_settings(),
            Command::ResumeRun => self.resume_run(),
            Command::SaveVersion => self.save_version(),
            Command::EditPrompt => self.focus_on(Pane::Prompt),
            Command::LeaveEditor => self.focus_on(Pane::Rows),
            Command::NextPart => self.next_part(),
            Command::EditExternally => self.edit_externally(),
            Command::FilterRows => match argument {
                Some(text) => self.try_to(|model| model.filter_by(text)),
                None => self.ask_filter(),
            },
            Command::SortRows => self.try_to(|model| model.sort_by(argument.unwrap_or_default())),
            Command::SortAgain => self.find_rows(self.selected_row()),
            Command::Export => self.export(argument.unwrap_or_default()),
            _ => return None,
        })
    }

    fn run_anywhere(&mut self, command: Command) -> Vec<Effect> {
        match command {
            Command::ShowHelp => self.open_once(Overlay::Help { scroll: 0 }),
            Command::ShowGuidelines => self.open_once(Overlay::Guidelines { scroll: 0 }),
            Command::ShowCommands => self.open_palette(),
            Command::GoBench if self.zoomed => return self.zoom(),
            Command::NextPane => return self.focus_on(self.focus.step(1)),
            Command::PreviousPane => return self.focus_on(self.focus.step(Pane::ALL.len() - 1)),
            Command::Zoom => return self.zoom(),
            Command::Back => return self.back(),
            Command::Suspend => return vec![self.save_screen(), Effect::Suspend],
            Command::Quit => return self.ask_quit(),
            Command::StopOrQuit => return self.stop_or_quit(),
            _ => {}
        }
        vec![]
    }

    fn try_to(&mut self, act: impl FnOnce(&mut Self) -> Result<Vec<Effect>, String>) -> Vec<Effect> {
        act(self).unwrap_or_else(|error| {
            self.fail(error);
            vec![]
        })
    }

    /// Opens a window that is read, in place of another of its kind.
    fn open_once(&mut self, overlay: Overlay) {
        let same = |open: &Overlay| std::mem::discriminant(open) == std::mem::discriminant(&overlay);
        self.overlays.retain(|open| !same(open));
        self.overlays.push(overlay);
    }

    pub(super) fn focus_on(&mut self, pane: Pane) -> Vec<Effect> {
        self.focus = pane;
        vec![self.save_screen()]
    }

    fn zoom(&mut self) -> Vec<Effect> {
        self.zoomed = !self.zoomed;
        vec![]
    }

    /// Backs out one step: of the zoom, then of the pane.
    fn back(&mut self) -> Vec<Effect> {
        if self.zoomed {
            return self.zoom();
        }
        if self.focus == Pane::Rows { vec![] } else { self.focus_on(Pane::Rows) }
    }

    pub(super) fn answer(&mut self, yes: bool) -> Vec<Effect> {
        let Some(Overlay::Question(question)) = self.overlays.pop() else { return vec![] };
        match question {
            _ if !yes => vec![],
            Question::Quit { .. } => self.quit(),
            Question::DiscardEdit => {
                self.overlays.pop();
                vec![]
            }
            Question::Bulk { change, .. } => self.change_matching(change),
            Question::Sample(_) => self.sample_now(),
        }
    }

    /// Whether a row is still to be decided.
    pub(super) fn is_pending(&self, row: crate::domain::RowNumber) -> bool {
        self.shown.is_in(row, StateKind::Pending)
    }
}
