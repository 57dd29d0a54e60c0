//! Every command does something where it applies: it returns an effect, or changes the screen.
//!
//! Each command is run as a person does it: by a key, else by its name in the palette. The matches
//! here have no wildcard, so that a new command does not compile without a setup.

mod idle;

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::command::{
    AnywhereCommand, BenchCommand, CompareFieldCommand, CoverageCommand, DataCommand, EverywhereCommand,
    ExportCommand, ExportFieldCommand, FormatsCommand, LineCommand, MatchesCommand, MeasureCommand,
    OverlayCommand, PromptCommand, QuestionCommand, RaceCommand, RaceEndCommand, RaceFormCommand,
    RowEditorCommand, RowsCommand, RunCommand, ScrapsCommand, ScrollCommand, SettingsCommand, TypingCommand,
    VersionsCommand,
};
use crate::app::fixtures::{Harness, session};
use crate::app::{Command, Effect, Message, Overlay, ProfileChoice};
use crate::config::SessionScreen;
use crate::domain::fixtures::Story;
use crate::domain::{
    Event, FieldKind, FieldSpec, Flag, FlagKind, GeneratorSettings, Preview, Provider, Schema, TrialNumber,
    TrialOutcome, Unsaved, Variables,
};
use crate::ui::{Theme, paint};

/// Returns a screen with more rows than fit, a long prompt, two stopped runs with scraps, and two
/// profiles.
fn bench() -> Harness {
    let mut story = Story::default();
    let line = |number| format!("line {number} of the prompt\n");
    story.version(&(0..90).map(line).collect::<String>());
    let texts: Vec<_> = (0..60).map(|number| format!("row {}", "x".repeat(number))).collect();
    let flags = |text: &String| {
        let is_flagged = text.len() == 30;
        is_flagged
            .then_some(Flag { kind: FlagKind::TooShort, other: None, figure: None })
            .into_iter()
            .collect()
    };
    let rows = texts.iter().map(|text| story.new_row(text, flags(text))).collect();
    story.sampled_rows(rows);
    let text = FieldKind::Text { min_chars: None, max_chars: None };
    let field = |name: &str| FieldSpec { name: name.into(), kind: text.clone() };
    let mut session = session();
    session.schema = Schema(vec![field("text"), field("tone")]);
    let mut bench = Harness::open(story, session, SessionScreen::default());
    bench.stop_a_run(&[("The reply is no JSON.", "Sure!"), ("The reply is no JSON.", "Here are some:")]);
    bench.stop_a_run(&[("The reply is empty.", ""), ("The reply is no JSON.", "No.")]);
    let choice = |name: &str, provider| {
        let settings = GeneratorSettings { provider, ..GeneratorSettings::default() };
        ProfileChoice { name: name.into(), settings, address: None }
    };
    bench.model.sampling.profiles =
        vec![choice("session", Provider::Offline), choice("server", Provider::Openai)];
    bench
}

/// Brings a screen into a state in which a command applies.
fn set_up(bench: &mut Harness, command: Command) -> &mut Harness {
    match command {
        Command::Rows(command) => for_rows(bench, command),
        Command::Bench(command) => for_bench(bench, command),
        Command::Anywhere(command) => match command {
            AnywhereCommand::GoBench | AnywhereCommand::Back => bench.keys("z"),
            AnywhereCommand::WriteElsewhere => {
                let unsaved = Unsaved { reason: "The disk is full.".into(), facts: 1, draft: false };
                let (unsaved, saved) = (Some(unsaved), bench.saved());
                bench.send(Message::Unsaved { unsaved, elsewhere: "/s-2".into(), saved });
                bench
            }
            AnywhereCommand::GoCompare
            | AnywhereCommand::GoData
            | AnywhereCommand::GoCoverage
            | AnywhereCommand::GoVersions
            | AnywhereCommand::GoMeasure
            | AnywhereCommand::GoExport
            | AnywhereCommand::GoHistory
            | AnywhereCommand::GoRace
            | AnywhereCommand::ExportTo
            | AnywhereCommand::ShowGuidelines
            | AnywhereCommand::ShowCommands
            | AnywhereCommand::NextPane
            | AnywhereCommand::PreviousPane
            | AnywhereCommand::Zoom
            | AnywhereCommand::Suspend
            | AnywhereCommand::Quit => bench,
        },
        Command::Prompt(command) => match command {
            PromptCommand::LeaveEditor | PromptCommand::NextPart | PromptCommand::EditExternally => {
                bench.keys("i")
            }
        },
        Command::Completion(_) => bench.keys("i ctrl-home enter up").typed("{{ examples | se"),
        Command::RowEditor(command) => match command {
            RowEditorCommand::SaveEdit => bench.keys("e ! tab ctrl-end").typed("calm"),
            RowEditorCommand::LeaveRowEditor | RowEditorCommand::NextField => bench.keys("e"),
        },
        Command::Typing(command) => for_typing(bench, command),
        Command::Line(command) => match command {
            LineCommand::ConfirmLine => bench.keys("/").typed("state:pending"),
            LineCommand::LeaveLine | LineCommand::NextChoice | LineCommand::TakeChoice => bench.keys("/"),
            LineCommand::PreviousChoice => bench.keys("/ down down"),
        },
        Command::Settings(command) => match command {
            SettingsCommand::ApplySettings | SettingsCommand::ResetForm => bench.keys(", ctrl-u 7"),
            SettingsCommand::LeaveSettings
            | SettingsCommand::NextSetting
            | SettingsCommand::PreviousSetting => bench.keys(","),
            SettingsCommand::NextValue | SettingsCommand::PreviousValue | SettingsCommand::CycleValue => {
                bench.keys(", tab")
            }
        },
        Command::Versions(command) => for_versions(bench, command),
        Command::Data(DataCommand::MakeExample) => super::measure::with_misread(bench.keys("g d")),
        Command::Compare(command) => super::compare::for_pairs(bench, command),
        Command::CompareForm(command) => super::compare::for_form(bench, Some(command)),
        Command::CompareField(CompareFieldCommand::LeaveCompareField) => {
            super::compare::for_form(bench, None)
        }
        Command::Measure(MeasureCommand::Evaluate) => bench.keys("a").write().keys("g m"),
        Command::Coverage(command) => for_coverage(bench, command),
        Command::Export(command) => for_export(bench, command),
        Command::Race(command) => for_race(bench, command),
        Command::RaceForm(command) => for_race_form(bench, command),
        Command::RaceEnd(command) => for_race_end(bench, command),
        Command::ExportField(ExportFieldCommand::LeaveExportField) => bench.keys("g x j enter"),
        Command::Formats(FormatsCommand::NextFormat | FormatsCommand::TakeFormat) => bench.keys("g x f"),
        Command::Formats(FormatsCommand::PreviousFormat) => bench.keys("g x f j"),
        Command::Facets(command) => super::facets::for_facets(bench, command),
        Command::History(command) => super::history::for_history(bench, command),
        Command::Scraps(command) => match command {
            ScrapsCommand::NextScrap | ScrapsCommand::PreviousScrapRun | ScrapsCommand::RepairScrap => {
                bench.keys("O")
            }
            ScrapsCommand::PreviousScrap => bench.keys("O j"),
            ScrapsCommand::NextScrapRun => bench.keys("O h"),
        },
        Command::Duplicates(command) => super::duplicates::set_up(bench, command),
        Command::Run(RunCommand::PreviousRun) => bench.keys("r"),
        Command::Run(RunCommand::NextRun) => bench.keys("r h"),
        Command::Replace(command) => super::bulk::for_replace(bench, command),
        Command::Matches(MatchesCommand::LeaveMatchOut) => super::bulk::for_matches(bench),
        Command::Scroll(command) => match command {
            ScrollCommand::ScrollDown | ScrollCommand::ScrollPageDown | ScrollCommand::ScrollToBottom => {
                bench.keys("?")
            }
            ScrollCommand::ScrollUp | ScrollCommand::ScrollPageUp | ScrollCommand::ScrollToTop => {
                bench.keys("? ctrl-d")
            }
        },
        Command::Overlay(OverlayCommand::Close) => bench.keys("?"),
        Command::Question(QuestionCommand::AnswerYes | QuestionCommand::AnswerNo) => bench.keys("ctrl-c"),
        Command::Question(QuestionCommand::AnswerSave | QuestionCommand::AnswerDiscard) => {
            bench.keys("e ! tab ctrl-end").typed("calm").keys("esc")
        }
        Command::Everywhere(EverywhereCommand::StopOrQuit | EverywhereCommand::ShowHelp) => bench,
    }
}

fn for_coverage(bench: &mut Harness, command: CoverageCommand) -> &mut Harness {
    bench.model.sampling.order.generator.provider = Provider::Openai;
    bench.keys("g p");
    let list = || vec!["one".to_owned(), "two".to_owned(), "three".to_owned()];
    let values = ["a", "b", "c"].map(|name| (name.to_owned(), list()));
    let all = Some(Arc::new(Variables { values: values.into(), ..Variables::default() }));
    bench.model.preview.preview = Some(Preview { all, ..Preview::default() });
    match command {
        CoverageCommand::PreviousValueDown => bench.keys("j"),
        CoverageCommand::PreviousValueAcross => bench.keys("l"),
        CoverageCommand::SampleInto
        | CoverageCommand::NextHole
        | CoverageCommand::NextValueDown
        | CoverageCommand::NextValueAcross
        | CoverageCommand::NextVariableDown
        | CoverageCommand::NextVariableAcross => bench,
    }
}

fn for_rows(bench: &mut Harness, command: RowsCommand) -> &mut Harness {
    match command {
        RowsCommand::AcceptRow
        | RowsCommand::RejectRow
        | RowsCommand::SkipRow
        | RowsCommand::Rate1
        | RowsCommand::Rate2
        | RowsCommand::Rate3
        | RowsCommand::Rate4
        | RowsCommand::Rate5
        | RowsCommand::RejectWithReason
        | RowsCommand::TagRow
        | RowsCommand::RelabelRow
        | RowsCommand::EditRow
        | RowsCommand::ShowExchange
        | RowsCommand::ShowScraps
        | RowsCommand::ShowDuplicates
        | RowsCommand::CopyRow
        | RowsCommand::NextRow
        | RowsCommand::LastRow
        | RowsCommand::PageDown
        | RowsCommand::NextFlagged
        | RowsCommand::NextPending
        | RowsCommand::NextNew
        | RowsCommand::Goto
        | RowsCommand::ShowFacets
        | RowsCommand::AcceptMatching
        | RowsCommand::RejectMatching
        | RowsCommand::SkipMatching
        | RowsCommand::TagMatching
        | RowsCommand::RelabelMatching
        | RowsCommand::MarkRows
        | RowsCommand::MarkAll
        | RowsCommand::FindReplace => bench,
        RowsCommand::ClearRating => bench.keys("4 k"),
        RowsCommand::RepeatDecision => bench.keys("a"),
        RowsCommand::PreviousRow
        | RowsCommand::FirstRow
        | RowsCommand::PageUp
        | RowsCommand::PreviousFlagged => bench.keys("G"),
    }
}

fn for_bench(bench: &mut Harness, command: BenchCommand) -> &mut Harness {
    match command {
        BenchCommand::Sample
        | BenchCommand::DraftNextVersion
        | BenchCommand::SamplingSettings
        | BenchCommand::ResumeRun
        | BenchCommand::ShowRun
        | BenchCommand::EditPrompt
        | BenchCommand::FilterRows
        | BenchCommand::SaveView
        | BenchCommand::SortRows => bench,
        BenchCommand::ChooseView | BenchCommand::DeleteView => {
            bench.keys(":").typed("save-view mine").keys("enter")
        }
        BenchCommand::DiscardDraft
        | BenchCommand::CompareDraft
        | BenchCommand::CompareVersion
        | BenchCommand::LoadVersion
        | BenchCommand::SaveVersion => bench.keys("i ! esc"),
        BenchCommand::RestoreDraft => bench.keys("i ! esc :").typed("discard-draft").keys("enter"),
        BenchCommand::ResetSettings => bench.keys(", ctrl-u 7 enter"),
        BenchCommand::Undo => bench.keys("a").write(),
        BenchCommand::Redo => bench.keys("a").write().keys("u").write(),
        BenchCommand::SortAgain => bench.keys("/").typed("state:pending").keys("enter a"),
    }
}

/// Begins a race of two versions on a model.
fn race(bench: &mut Harness) -> &mut Harness {
    bench.story.version("other words");
    let saved = bench.saved();
    bench.send(Message::Snapshot(saved));
    let generator = &mut bench.model.sampling.order.generator;
    (generator.provider, generator.model) = (Provider::Openai, Some("small".into()));
    bench.keys("g r")
}

fn for_race(bench: &mut Harness, command: RaceCommand) -> &mut Harness {
    match command {
        RaceCommand::SampleRace | RaceCommand::EndRace => race(bench).keys("enter").write(),
    }
}

fn for_race_form(bench: &mut Harness, command: RaceFormCommand) -> &mut Harness {
    match command {
        RaceFormCommand::BeginRace
        | RaceFormCommand::ChooseSide
        | RaceFormCommand::NextRaceLine
        | RaceFormCommand::LeaveRaceForm => race(bench),
        RaceFormCommand::PreviousRaceLine => race(bench).keys("j"),
        RaceFormCommand::MoreOfRace | RaceFormCommand::FewerOfRace => race(bench).keys("j j j"),
    }
}

fn for_race_end(bench: &mut Harness, command: RaceEndCommand) -> &mut Harness {
    match command {
        RaceEndCommand::NewRace
        | RaceEndCommand::LoadBest
        | RaceEndCommand::LabelProduction
        | RaceEndCommand::LabelCandidate => {
            race(bench).keys("enter").write();
            let outcome = TrialOutcome::Best { side: 1 };
            bench.story.add(Event::TrialEnded { trial: TrialNumber(1), outcome });
            let saved = bench.saved();
            bench.send(Message::Snapshot(saved));
            bench
        }
    }
}

fn for_versions(bench: &mut Harness, command: VersionsCommand) -> &mut Harness {
    match command {
        VersionsCommand::UseVersion => bench.keys("i ! esc g v j"),
        VersionsCommand::DiffVersions
        | VersionsCommand::ForkVersion
        | VersionsCommand::NoteVersion
        | VersionsCommand::LabelVersion => bench.keys("g v"),
        VersionsCommand::NextPrompt | VersionsCommand::PreviousPrompt => bench.keys("g v f enter"),
    }
}

fn for_export(bench: &mut Harness, command: ExportCommand) -> &mut Harness {
    bench.keys("a").write().keys("g x");
    let asked = bench.effects.iter().find_map(|effect| match effect {
        Effect::PreviewExport { ask, .. } => Some(*ask),
        _ => None,
    });
    bench.send(Message::ExportCommand { ask: asked.unwrap(), command: Ok("rowsmith export".into()) });
    match command {
        ExportCommand::StartExport
        | ExportCommand::CopyExportCommand
        | ExportCommand::ChangeExportField
        | ExportCommand::NextExportField
        | ExportCommand::NextExportValue
        | ExportCommand::PreviousExportValue
        | ExportCommand::ChooseFormat => bench,
        ExportCommand::PreviousExportField => bench.keys("j"),
        ExportCommand::ResetExport => bench.keys("l"),
    }
}

fn for_typing(bench: &mut Harness, command: TypingCommand) -> &mut Harness {
    match command {
        TypingCommand::CursorRight
        | TypingCommand::CursorDown
        | TypingCommand::WordRight
        | TypingCommand::LineEnd
        | TypingCommand::TextEnd
        | TypingCommand::TextPageDown
        | TypingCommand::NewLine
        | TypingCommand::DeleteForward
        | TypingCommand::DeleteWordForward
        | TypingCommand::DeleteToLineEnd => bench.keys("i"),
        TypingCommand::CursorLeft
        | TypingCommand::CursorUp
        | TypingCommand::WordLeft
        | TypingCommand::LineStart
        | TypingCommand::TextStart
        | TypingCommand::TextPageUp
        | TypingCommand::DeleteBack
        | TypingCommand::DeleteWordBack
        | TypingCommand::DeleteToLineStart
        | TypingCommand::UndoTyping => bench.keys("i ctrl-end !"),
        TypingCommand::RedoTyping => bench.keys("i ! ctrl-z"),
    }
}

/// Returns the argument that a command gets in the palette.
fn argument(command: Command) -> &'static str {
    match command {
        Command::Goto => " 9",
        Command::SortRows => " length",
        Command::ExportTo => " rows.jsonl",
        Command::LoadVersion | Command::CompareVersion => " v1",
        _ => "",
    }
}

/// Runs a command by its key, else by its name.
fn ask(bench: &mut Harness, command: Command) {
    let chain = bench.model.context().chain();
    assert!(chain.contains(&command.scope()), "`{}` is not at home here", command.name());
    if let Some(keys) = bench.model.keymap.keys_in(chain, command).first() {
        bench.keys(keys);
        return;
    }
    bench.keys(":").typed(command.name()).typed(argument(command)).keys("enter");
    assert!(!matches!(bench.model.overlay(), Some(Overlay::Palette(_))), "`{}` was not run", command.name());
}

fn painted(bench: &Harness, theme: &Theme) -> Buffer {
    let size = bench.model.size;
    let mut buf = Buffer::empty(Rect::new(0, 0, size.width, size.height));
    paint(&bench.model, theme, &mut buf);
    buf
}
