//! The hints of each place, the most useful first.

use super::Shown::{self, Key as One, Prefix, Range};
use crate::app::Command;

pub(super) const ROWS: &[(Shown, &str)] = &[
    (One(Command::AcceptRow), "accept"),
    (One(Command::RejectRow), "reject"),
    (One(Command::SkipRow), "skip"),
    (Range(Command::Rate1, Command::Rate5), "rate"),
    (One(Command::Undo), "undo"),
    (One(Command::EditRow), "edit"),
    (One(Command::Sample), "sample"),
    (One(Command::SamplingSettings), "settings"),
    (One(Command::EditPrompt), "edit prompt"),
    (One(Command::FilterRows), "filter"),
    (Prefix(Command::GoBench), "go to"),
    (One(Command::ShowCommands), "commands"),
    (One(Command::ShowHelp), "help"),
];

pub(super) const NO_ROWS: &[(Shown, &str)] = &[
    (One(Command::Sample), "sample"),
    (One(Command::SamplingSettings), "settings"),
    (One(Command::EditPrompt), "edit prompt"),
    (Prefix(Command::GoBench), "go to"),
    (One(Command::ShowCommands), "commands"),
    (One(Command::ShowHelp), "help"),
    (One(Command::Quit), "quit"),
];

pub(super) const NO_ROWS_MATCH: &[(Shown, &str)] = &[
    (One(Command::Back), "all rows"),
    (One(Command::FilterRows), "filter"),
    (One(Command::Sample), "sample"),
    (One(Command::Undo), "undo"),
    (One(Command::EditPrompt), "edit prompt"),
    (Prefix(Command::GoBench), "go to"),
    (One(Command::ShowCommands), "commands"),
    (One(Command::ShowHelp), "help"),
];

/// The first hint while a run is in progress.
pub(super) const RUNNING: (Shown, &str) = (One(Command::StopOrQuit), "stop");

pub(super) const PREVIEW: &[(Shown, &str)] = &[
    (One(Command::ScrollDown), "down"),
    (One(Command::ScrollUp), "up"),
    (One(Command::Sample), "sample"),
    (One(Command::EditPrompt), "edit prompt"),
    (One(Command::NextPane), "next pane"),
    (One(Command::Back), "rows"),
    (One(Command::ShowHelp), "help"),
];

pub(super) const PROMPT: &[(Shown, &str)] = &[
    (One(Command::EditPrompt), "type"),
    (One(Command::Back), "rows"),
    (One(Command::NextPane), "next pane"),
    (One(Command::Sample), "sample"),
    (One(Command::SaveVersion), "save version"),
    (One(Command::NextPart), "next tab"),
    (One(Command::EditExternally), "$EDITOR"),
    (One(Command::ShowCommands), "commands"),
    (One(Command::ShowHelp), "help"),
];

pub(super) const PROMPT_EDITOR: &[(Shown, &str)] = &[
    (One(Command::LeaveEditor), "stops typing"),
    (One(Command::Sample), "sample"),
    (One(Command::SaveVersion), "save version"),
    (One(Command::NextPart), "next tab"),
    (One(Command::UndoTyping), "undo"),
    (One(Command::EditExternally), "$EDITOR"),
    (One(Command::ShowCommands), "commands"),
    (One(Command::ShowHelp), "help"),
];

pub(super) const COMPLETION: &[(Shown, &str)] = &[
    (One(Command::TakeCompletion), "take"),
    (One(Command::NextCompletion), "next word"),
    (One(Command::PreviousCompletion), "word before"),
    (One(Command::CloseCompletions), "close"),
    (One(Command::Sample), "sample"),
    (One(Command::ShowHelp), "help"),
];

pub(super) const ROW_EDITOR: &[(Shown, &str)] = &[
    (One(Command::SaveEdit), "save"),
    (One(Command::LeaveRowEditor), "leave"),
    (One(Command::UndoTyping), "undo"),
    (One(Command::NextField), "next field"),
];

pub(super) const LINE: &[(Shown, &str)] = &[
    (One(Command::ConfirmLine), "do it"),
    (One(Command::LeaveLine), "leave"),
    (One(Command::NextChoice), "next choice"),
    (One(Command::TakeChoice), "take choice"),
];

pub(super) const SETTINGS: &[(Shown, &str)] = &[
    (One(Command::ApplySettings), "use them"),
    (One(Command::LeaveSettings), "leave"),
    (One(Command::NextSetting), "next"),
    (One(Command::PreviousSetting), "before"),
    (One(Command::NextValue), "next choice"),
    (One(Command::ResetForm), "reset"),
];

pub(super) const VERSIONS: &[(Shown, &str)] = &[
    (One(Command::UseVersion), "into the editor"),
    (One(Command::DiffVersions), "compare"),
    (One(Command::ForkVersion), "fork"),
    (One(Command::NoteVersion), "note"),
    (One(Command::LabelVersion), "label"),
    (One(Command::DiscardDraft), "discard draft"),
    (One(Command::NextPrompt), "next prompt"),
    (One(Command::NextPane), "read"),
    (One(Command::Zoom), "zoom"),
    (One(Command::Back), "bench"),
    (Prefix(Command::GoBench), "go to"),
    (One(Command::ShowCommands), "commands"),
    (One(Command::ShowHelp), "help"),
];

pub(super) const VERSION_DETAIL: &[(Shown, &str)] = &[
    (One(Command::ScrollDown), "down"),
    (One(Command::ScrollUp), "up"),
    (One(Command::ScrollPageDown), "page down"),
    (One(Command::UseVersion), "into the editor"),
    (One(Command::Back), "versions"),
    (One(Command::Zoom), "zoom"),
    (Prefix(Command::GoBench), "go to"),
    (One(Command::ShowCommands), "commands"),
    (One(Command::ShowHelp), "help"),
];

pub(super) const DATA_REPORT: &[(Shown, &str)] = &[
    (One(Command::NextPane), "what is not got"),
    (One(Command::ScrollDown), "down"),
    (One(Command::ScrollUp), "up"),
    (One(Command::Zoom), "zoom"),
    (One(Command::Back), "bench"),
    (Prefix(Command::GoBench), "go to"),
    (One(Command::ShowCommands), "commands"),
    (One(Command::ShowHelp), "help"),
];

pub(super) const DATA_ROWS: &[(Shown, &str)] = &[
    (One(Command::MakeExample), "make an example"),
    (One(Command::ScrollDown), "down"),
    (One(Command::ScrollUp), "up"),
    (One(Command::NextPane), "dataset"),
    (One(Command::Zoom), "zoom"),
    (One(Command::Back), "bench"),
    (Prefix(Command::GoBench), "go to"),
    (One(Command::ShowCommands), "commands"),
    (One(Command::ShowHelp), "help"),
];

pub(super) const COMPARE: &[(Shown, &str)] = &[
    (One(Command::ChooseLeft), "left"),
    (One(Command::ChooseRight), "right"),
    (One(Command::ChooseBoth), "both"),
    (One(Command::ChooseNeither), "neither"),
    (One(Command::LeavePairOpen), "leave open"),
    (One(Command::UndoPair), "undo"),
    (One(Command::NextPair), "next"),
    (One(Command::PreviousPair), "before"),
    (One(Command::SamplePairs), "sample"),
    (One(Command::EndComparison), "end"),
    (One(Command::Back), "bench"),
    (Prefix(Command::GoBench), "go to"),
    (One(Command::ShowHelp), "help"),
];

pub(super) const COMPARE_FORM: &[(Shown, &str)] = &[
    (One(Command::StartComparison), "compare"),
    (One(Command::ChangeCompareField), "change"),
    (One(Command::NextCompareField), "next"),
    (One(Command::PreviousCompareField), "before"),
    (One(Command::NextCompareValue), "next choice"),
    (One(Command::NextPane), "what came of it"),
    (One(Command::Back), "bench"),
    (Prefix(Command::GoBench), "go to"),
    (One(Command::ShowCommands), "commands"),
    (One(Command::ShowHelp), "help"),
];

pub(super) const COMPARE_FIELD: &[(Shown, &str)] = &[
    (One(Command::LeaveCompareField), "stops typing"),
    (One(Command::NextCompareField), "next"),
    (One(Command::PreviousCompareField), "before"),
    (One(Command::UndoTyping), "undo"),
];

pub(super) const COMPARE_RESULT: &[(Shown, &str)] = &[
    (One(Command::ScrollDown), "down"),
    (One(Command::ScrollUp), "up"),
    (One(Command::NextPane), "form"),
    (One(Command::StartComparison), "compare"),
    (One(Command::Back), "form"),
    (Prefix(Command::GoBench), "go to"),
    (One(Command::ShowHelp), "help"),
];

pub(super) const MEASURE: &[(Shown, &str)] = &[
    (One(Command::Evaluate), "evaluate"),
    (One(Command::ScrollDown), "down"),
    (One(Command::ScrollUp), "up"),
    (One(Command::ScrollPageDown), "page down"),
    (One(Command::Back), "bench"),
    (Prefix(Command::GoBench), "go to"),
    (One(Command::ShowCommands), "commands"),
    (One(Command::ShowHelp), "help"),
];

pub(super) const COVERAGE: &[(Shown, &str)] = &[
    (One(Command::SampleInto), "sample into it"),
    (One(Command::NextHole), "next hole"),
    (One(Command::NextVariableDown), "other lines"),
    (One(Command::NextVariableAcross), "other columns"),
    (One(Command::Back), "bench"),
    (Prefix(Command::GoBench), "go to"),
    (One(Command::ShowCommands), "commands"),
    (One(Command::ShowHelp), "help"),
];

pub(super) const HISTORY: &[(Shown, &str)] = &[
    (One(Command::Jump), "go there"),
    (One(Command::ShowOperationRows), "its rows"),
    (One(Command::Undo), "undo"),
    (One(Command::Redo), "redo"),
    (One(Command::ScrollDown), "down"),
    (One(Command::ScrollUp), "up"),
    (One(Command::Back), "bench"),
    (Prefix(Command::GoBench), "go to"),
    (One(Command::ShowCommands), "commands"),
    (One(Command::ShowHelp), "help"),
];

pub(super) const EXPORT: &[(Shown, &str)] = &[
    (One(Command::StartExport), "export"),
    (One(Command::CopyExportCommand), "copy command"),
    (One(Command::ChangeExportField), "change"),
    (One(Command::ChooseFormat), "formats"),
    (One(Command::NextPane), "first lines"),
    (One(Command::Zoom), "zoom"),
    (One(Command::Back), "bench"),
    (Prefix(Command::GoBench), "go to"),
    (One(Command::ResetExport), "reset"),
    (One(Command::ShowCommands), "commands"),
    (One(Command::ShowHelp), "help"),
];

pub(super) const EXPORT_PREVIEW: &[(Shown, &str)] = &[
    (One(Command::ScrollDown), "down"),
    (One(Command::ScrollUp), "up"),
    (One(Command::StartExport), "export"),
    (One(Command::CopyExportCommand), "copy command"),
    (One(Command::Back), "form"),
    (One(Command::Zoom), "zoom"),
    (One(Command::ShowHelp), "help"),
];

pub(super) const EXPORT_FIELD: &[(Shown, &str)] = &[
    (One(Command::LeaveExportField), "stops typing"),
    (One(Command::NextExportField), "next"),
    (One(Command::PreviousExportField), "before"),
    (One(Command::UndoTyping), "undo"),
];

pub(super) const RACE: &[(Shown, &str)] = &[
    (One(Command::AcceptRow), "accept"),
    (One(Command::RejectRow), "reject"),
    (One(Command::SkipRow), "skip"),
    (Range(Command::Rate1, Command::Rate5), "rate"),
    (One(Command::Undo), "undo"),
    (One(Command::RejectWithReason), "reject, say why"),
    (One(Command::EditRow), "edit"),
    (One(Command::SampleRace), "sample or pause"),
    (One(Command::EndRace), "end"),
    (One(Command::Back), "bench"),
    (Prefix(Command::GoBench), "go to"),
    (One(Command::ShowCommands), "commands"),
    (One(Command::ShowHelp), "help"),
];

pub(super) const RACE_FORM: &[(Shown, &str)] = &[
    (One(Command::BeginRace), "begin"),
    (One(Command::ChooseSide), "choose"),
    (One(Command::NextRaceLine), "next"),
    (One(Command::PreviousRaceLine), "before"),
    (One(Command::MoreOfRace), "more"),
    (One(Command::FewerOfRace), "fewer"),
    (One(Command::LeaveRaceForm), "leave"),
    (One(Command::ShowHelp), "help"),
];

pub(super) const RACE_END: &[(Shown, &str)] = &[
    (One(Command::LoadBest), "edit the best"),
    (One(Command::LabelProduction), "label production"),
    (One(Command::LabelCandidate), "label candidate"),
    (One(Command::NewRace), "new race"),
    (One(Command::Undo), "undo"),
    (One(Command::Back), "bench"),
    (Prefix(Command::GoBench), "go to"),
    (One(Command::ShowCommands), "commands"),
    (One(Command::ShowHelp), "help"),
];

pub(super) const MARKED: &[(Shown, &str)] = &[
    (One(Command::Back), "unmark"),
    (One(Command::AcceptRow), "accept"),
    (One(Command::RejectRow), "reject"),
    (One(Command::SkipRow), "skip"),
    (Range(Command::Rate1, Command::Rate5), "rate"),
    (One(Command::TagRow), "tag"),
    (One(Command::RelabelRow), "relabel"),
    (One(Command::RejectWithReason), "reject, say why"),
    (One(Command::MarkAll), "mark all"),
    (One(Command::ShowHelp), "help"),
];

pub(super) const NOTHING: &[(Shown, &str)] = &[(One(Command::StopOrQuit), "quit")];
