//! What a command is, beyond its name: what it may change, and where it does something.

use super::{BenchCommand, Command, RowsCommand, Scope};
use crate::app::View;

impl Command {
    /// Returns whether the command decides every row that the filter matches. Such a command is found by
    /// its own name alone.
    #[must_use]
    pub const fn decides_many(self) -> bool {
        matches!(
            self,
            Self::AcceptMatching
                | Self::RejectMatching
                | Self::SkipMatching
                | Self::TagMatching
                | Self::RelabelMatching
        )
    }

    /// Returns whether the command asks for its argument, where none is written behind it.
    #[must_use]
    pub const fn asks_for_argument(self) -> bool {
        matches!(
            self,
            Self::FilterRows | Self::ExportTo | Self::SaveView | Self::ChooseView | Self::DeleteView
        )
    }

    /// Returns whether the command decides a row, asks for what decides it, begins or stops a run, or puts
    /// another text in the place of one. A few letters that happen to be in its name do not mean it.
    #[must_use]
    pub const fn has_effect(self) -> bool {
        match self {
            Self::Rows(command) => matches!(
                command,
                RowsCommand::AcceptRow
                    | RowsCommand::RejectRow
                    | RowsCommand::SkipRow
                    | RowsCommand::Rate1
                    | RowsCommand::Rate2
                    | RowsCommand::Rate3
                    | RowsCommand::Rate4
                    | RowsCommand::Rate5
                    | RowsCommand::ClearRating
                    | RowsCommand::RejectWithReason
                    | RowsCommand::TagRow
                    | RowsCommand::RepeatDecision
                    | RowsCommand::RelabelRow
            ),
            Self::Bench(command) => matches!(
                command,
                BenchCommand::Undo
                    | BenchCommand::Redo
                    | BenchCommand::Sample
                    | BenchCommand::ResetSettings
                    | BenchCommand::ResumeRun
                    | BenchCommand::SaveVersion
                    | BenchCommand::DiscardDraft
                    | BenchCommand::RestoreDraft
            ),
            Self::StopOrQuit
            | Self::EditExternally
            | Self::KeepRow
            | Self::KeepBest
            | Self::MergeGroups
            | Self::StartExport
            | Self::ResetExport
            | Self::Evaluate
            | Self::SampleInto
            | Self::Jump
            | Self::ChooseLeft
            | Self::ChooseRight
            | Self::ChooseBoth
            | Self::ChooseNeither
            | Self::UndoPair
            | Self::RedoPair
            | Self::SamplePairs
            | Self::EndComparison
            | Self::StartComparison
            | Self::SampleRace
            | Self::EndRace
            | Self::BeginRace
            | Self::LoadBest
            | Self::LabelProduction
            | Self::LabelCandidate
            | Self::UseVersion
            | Self::MakeExample => true,
            _ => false,
        }
    }

    /// Returns whether the palette offers the command, that is, whether it does something whatever
    /// has the focus.
    #[must_use]
    pub const fn is_in_palette(self) -> bool {
        match self.scope() {
            Scope::Rows
            | Scope::Bench
            | Scope::Prompt
            | Scope::Versions
            | Scope::Data
            | Scope::Compare
            | Scope::Measure
            | Scope::Coverage
            | Scope::History
            | Scope::Race
            | Scope::RaceEnd
            | Scope::Everywhere => true,
            Scope::CompareForm => matches!(self, Self::StartComparison),
            // The lines are changed where they are seen.
            Scope::Export => matches!(
                self,
                Self::StartExport | Self::CopyExportCommand | Self::ChooseFormat | Self::ResetExport
            ),
            Scope::Anywhere => !matches!(self, Self::ShowCommands | Self::Back),
            Scope::PromptPane
            | Scope::Completion
            | Scope::RaceForm
            | Scope::RowEditor
            | Scope::Typing
            | Scope::Line
            | Scope::Settings
            | Scope::ExportField
            | Scope::CompareField
            | Scope::Formats
            | Scope::Facets
            | Scope::Scraps
            | Scope::Duplicates
            | Scope::Run
            | Scope::Replace
            | Scope::Matches
            | Scope::Scroll
            | Scope::Overlay
            | Scope::Question => false,
        }
    }

    /// Returns whether the command puts another text into the editor, which may be asked for without seeing it.
    const fn is_of_editor(self) -> bool {
        matches!(self, Self::DiscardDraft | Self::RestoreDraft | Self::LoadVersion)
    }

    /// Returns the one view where the command does something; `None` where it does so in each. It is not carried out
    /// in another view, so that nobody decides a row that they do not see.
    #[must_use]
    pub const fn view(self) -> Option<View> {
        match self.scope() {
            // They are of the editor, whose versions another view shows.
            Scope::Bench if self.is_of_editor() => None,
            Scope::Rows
            | Scope::Bench
            | Scope::Prompt
            | Scope::PromptPane
            | Scope::Completion
            | Scope::Facets => Some(View::Bench),
            Scope::Versions => Some(View::Versions),
            Scope::Data => Some(View::Data),
            Scope::Compare | Scope::CompareForm | Scope::CompareField => Some(View::Compare),
            Scope::Measure => Some(View::Measure),
            Scope::Coverage => Some(View::Coverage),
            Scope::History => Some(View::History),
            Scope::Race | Scope::RaceForm | Scope::RaceEnd => Some(View::Race),
            Scope::Export | Scope::ExportField | Scope::Formats => Some(View::Export),
            _ => None,
        }
    }

    /// Returns whether the command does something in a view.
    #[must_use]
    pub fn works_in(self, view: View) -> bool {
        let is_step_back = matches!(self, Self::Undo | Self::Redo);
        self.view().is_none_or(|only| only == view)
            || is_step_back && matches!(view, View::History | View::Race)
    }
}
