//! The Compare view, and what every view hides while a blind trial goes on.

use super::*;
use crate::app::command::{CompareCommand, CompareFormCommand};
use crate::app::fixtures::{Harness, session};
use crate::app::{Message, Model, View};
use crate::config::SessionScreen;
use crate::domain::fixtures::{Story, TrialStory, evaluation};
use crate::domain::{Evaluated, GeneratorSettings, OperationId, PairChoice, Provider, TrialOutcome};

/// Returns a screen with the facts of a story and a draft of a version that is in no trial.
fn opened(mut of: TrialStory, columns: u16, lines: u16) -> Harness {
    of.story.version("Another version that nobody tries.");
    let mut bench = Harness::open(of.story, session(), SessionScreen::default());
    bench.model.size = ratatui::layout::Size::new(columns, lines);
    bench.model.sampling.order.generator = GeneratorSettings {
        provider: Provider::Openai,
        model: Some("other".into()),
        ..GeneratorSettings::default()
    };
    bench
}

fn drawn(model: &Model, theme: &str) -> Buffer {
    let mut buf = Buffer::empty(Rect::new(0, 0, model.size.width, model.size.height));
    paint(model, &Theme::load(theme).unwrap(), &mut buf);
    buf
}

/// Returns the signs of a screen, line by line.
fn text(drawn: &Buffer) -> String {
    let width = usize::from(drawn.area.width);
    let line = |cells: &[ratatui::buffer::Cell]| cells.iter().map(ratatui::buffer::Cell::symbol).collect();
    drawn.content.chunks(width).map(line).collect::<Vec<String>>().join("\n")
}

fn check(name: &str, of: impl Fn() -> TrialStory, keys: &str) {
    for (columns, lines) in SIZES {
        let mut bench = opened(of(), columns, lines);
        bench.keys(keys).write();
        for theme in ["dusk", "mono"] {
            kept(format!("compare_{name}_{columns}x{lines}_{theme}"), &drawn(&bench.model, theme));
        }
    }
}

/// A comparison whose first side mostly won.
fn ended() -> TrialStory {
    let mut of = TrialStory::compare(true, 16);
    for (place, pair) in of.pairs().into_iter().enumerate() {
        let wins = |side: bool| if pair.is_swapped == side { PairChoice::Left } else { PairChoice::Right };
        let choice = match place {
            0..12 => wins(false),
            12 => wins(true),
            13 => PairChoice::Both,
            _ => PairChoice::Neither,
        };
        of.choose(pair, choice);
    }
    of.end(TrialOutcome::Best { side: 0 });
    of
}

#[test]
fn the_form_before_the_first_comparison() {
    let of = || {
        let mut of = TrialStory::compare(true, 1);
        of.story = Story::with_rows(3);
        of.story.version("other words");
        of
    };
    check("form", of, "g c");
}

#[test]
fn a_pair_to_decide() {
    check("pair", || TrialStory::compare(true, 12), "g c h l n k");
}

#[test]
fn all_pairs_are_decided() {
    check("decided", || TrialStory::compare(true, 3), "g c h l b");
}

#[test]
fn an_open_comparison_names_the_sides() {
    check("open", || TrialStory::compare(false, 4), "g c l");
}

#[test]
fn what_came_of_a_comparison() {
    check("result", ended, "g c tab");
}

#[test]
fn no_view_tells_the_side_of_a_row_while_a_blind_trial_goes_on() {
    for (columns, lines) in SIZES {
        let mut bench = opened(TrialStory::compare(true, 6), columns, lines);
        bench.keys("g c h h l").write();
        for (view, keys) in [
            (View::Compare, "j"),
            (View::Bench, "g b G"),
            (View::Bench, "z"),
            (View::Bench, "tab"),
            (View::Bench, "tab o"),
            (View::Bench, "esc r"),
            (View::Versions, "g v"),
            (View::Coverage, "g p"),
            (View::Race, "g r"),
            (View::Data, "g d"),
            (View::Measure, "g m"),
            (View::Export, "g x"),
            (View::History, "g h"),
            (View::Bench, "g b f"),
        ] {
            bench.keys(keys).write();
            let screen = text_of(&drawn(&bench.model, "mono"));
            // These list the versions and their words, whatever rows there are.
            let lists = matches!(view, View::Versions | View::Race);
            let of_sides = ["v2", "v3", "alpha", "omega", "tone calm"].into_iter().filter(|_| !lists);
            for telling in of_sides.chain(["hidden-model", "run 2", "run 3"]) {
                assert!(!screen.contains(telling), "{view:?} tells {telling}:\n{screen}");
            }
            bench.keys("esc");
        }
    }
}

#[test]
fn the_same_views_tell_it_once_the_trial_has_ended() {
    let mut bench = opened(ended(), 160, 45);
    bench.keys("G");
    let screen = text_of(&drawn(&bench.model, "mono"));
    assert!(screen.contains("v3") && screen.contains("hidden-model"), "{screen}");
    bench.keys("g c");
    let screen = text_of(&drawn(&bench.model, "mono"));
    assert!(screen.contains("v2 is better than v3: it won 12 to 1 of 13 pairs that differ"), "{screen}");
}

/// Brings a screen into a state in which a command of a comparison applies.
pub(super) fn for_pairs(bench: &mut Harness, command: CompareCommand) -> &mut Harness {
    let of = match command {
        CompareCommand::SamplePairs => TrialStory::begun(),
        _ => TrialStory::compare(true, 6),
    };
    *bench = opened(of, 160, 45);
    bench.keys("g c");
    // Neither side was begun, so only the settings say what they may use up.
    bench.model.sampling.order.budget.requests = Some(100);
    match command {
        CompareCommand::PreviousPair => bench.keys("j"),
        CompareCommand::UndoPair => bench.keys("h").write(),
        CompareCommand::RedoPair => bench.keys("h").write().keys("u").write(),
        CompareCommand::ChooseLeft
        | CompareCommand::ChooseRight
        | CompareCommand::ChooseBoth
        | CompareCommand::ChooseNeither
        | CompareCommand::LeavePairOpen
        | CompareCommand::NextPair
        | CompareCommand::SamplePairs
        | CompareCommand::EndComparison => bench,
    }
}

/// Brings a screen into a state in which a command of the form applies.
pub(super) fn for_form(bench: &mut Harness, command: Option<CompareFormCommand>) -> &mut Harness {
    bench.story.version("other words");
    let saved = bench.saved();
    bench.send(Message::Snapshot(saved));
    match command {
        None => bench.keys("g c k k k k enter"),
        Some(
            CompareFormCommand::StartComparison
            | CompareFormCommand::ChangeCompareField
            | CompareFormCommand::NextCompareField
            | CompareFormCommand::PreviousCompareField
            | CompareFormCommand::NextCompareValue
            | CompareFormCommand::PreviousCompareValue,
        ) => bench.keys("g c"),
    }
}

#[test]
fn the_measure_view_has_no_gain_of_a_version_in_a_blind_trial_until_it_ends() {
    let shown = |of: TrialStory, names: [&str; 2]| {
        let mut bench = opened(of, 160, 45);
        let mut of = evaluation();
        for (version, name) in of.versions.iter_mut().zip(names) {
            version.version = name.into();
        }
        let evaluated = Evaluated { evaluation: std::sync::Arc::new(of), next: OperationId(1) };
        bench.keys("g m");
        bench.model.measure.last = Some(evaluated);
        text(&drawn(&bench.model, "mono"))
    };
    let notice = "Versions of the blind trial are hidden until it ends.";
    let blind = shown(TrialStory::compare(true, 3), ["v1", "v2"]);
    assert!(blind.contains("38 rows") && !blind.contains("23 rows") && blind.contains(notice), "{blind}");
    let both = shown(TrialStory::compare(true, 3), ["v3", "v2"]);
    assert!(!both.contains("38 rows") && !both.contains("23 rows") && both.contains(notice), "{both}");
    let mut of = TrialStory::compare(true, 3);
    of.end(TrialOutcome::Stopped);
    let told = shown(of, ["v3", "v2"]);
    assert!(told.contains("38 rows") && told.contains("23 rows") && !told.contains(notice), "{told}");
}

#[test]
fn a_blind_comparison_does_not_say_how_many_more_pairs_would_tell() {
    for (is_blind, says_it) in [(true, false), (false, true)] {
        let mut bench = opened(TrialStory::compare(is_blind, 4), 160, 45);
        bench.keys("g c l").write();
        let screen = text(&drawn(&bench.model, "mono"));
        assert!(screen.contains("1 differs · both good 0 · neither 0"), "{screen}");
        assert_eq!(screen.contains("undecided"), says_it, "{screen}");
    }
}
