use crossterm::event::{Event as Input, KeyCode, KeyEvent, KeyModifiers};

use crate::app::fixtures::Harness;
use crate::app::{Command, Effect, Message, Overlay};
use crate::curate::BulkPreview;
use crate::domain::StateKind::{Accepted, Pending, Skipped};

fn error(bench: &Harness) -> &str {
    match bench.model.overlay() {
        Some(Overlay::Palette(palette)) => palette.error.as_deref().unwrap_or_default(),
        other => panic!("{other:?}"),
    }
}

fn bulk(bench: &Harness) -> Option<&BulkPreview> {
    match bench.model.overlay() {
        Some(Overlay::Bulk(window)) => window.preview.as_ref(),
        _ => None,
    }
}

fn commands(bench: &Harness) -> Vec<&'static str> {
    match bench.model.overlay() {
        Some(Overlay::Palette(palette)) => palette.items.iter().map(|item| item.command.name()).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_palette_finds_commands_by_a_few_letters_and_runs_them() {
    let mut bench = Harness::with_rows(2);
    bench.keys("ctrl-p").typed("accro");
    assert_eq!(commands(&bench)[0], "accept-row");
    bench.keys("enter");
    assert!(bench.model.overlays.is_empty());
    assert_eq!(bench.facts().len(), 1);
}

#[test]
fn commands_that_take_something_wait_for_it() {
    let mut bench = Harness::with_rows(9);
    bench.keys(":").typed("goto").keys("enter");
    let Some(Overlay::Palette(palette)) = bench.model.overlay() else { panic!("closed") };
    assert_eq!(
        (palette.text().as_str(), palette.error.as_deref()),
        ("goto ", Some("Write NUMBER behind `goto`."))
    );
    bench.typed("7").keys("enter");
    assert_eq!(bench.selected(), Some(6));
    bench.keys(":").typed("goto 12").keys("enter");
    assert_eq!(bench.notice(), "There is no row `12`: rows are numbered from 1 to 9.");
    bench.keys(":").typed("filter state:accepted").keys("enter");
    assert_eq!(bench.model.rows.filter, "state:accepted");
    bench.keys(":").typed("filter").keys("enter");
    assert!(matches!(bench.model.overlay(), Some(Overlay::Line(_))));
}

#[test]
fn what_is_no_command_or_no_order_is_said() {
    let mut bench = Harness::with_rows(1);
    bench.keys(":").typed("zzzz").keys("enter");
    let Some(Overlay::Palette(palette)) = bench.model.overlay() else { panic!("closed") };
    assert_eq!(palette.error.as_deref(), Some("There is no command `zzzz`."));
    bench.keys("esc :").typed("sort colour").keys("enter");
    assert!(bench.notice().starts_with("Rows cannot be sorted by `colour`"));
}

#[test]
fn descriptions_are_found_by_whole_words_only() {
    let mut bench = Harness::with_rows(2);
    bench.keys(":").typed("labelling guidelines");
    assert_eq!(commands(&bench), ["show-guidelines"]);
    bench.keys("enter");
    assert!(matches!(bench.model.overlay(), Some(Overlay::Guidelines { .. })));
    bench.keys("q :").typed("labelling guid");
    assert!(commands(&bench).is_empty());
}

#[test]
fn what_names_no_command_clearly_runs_none_and_says_so() {
    for typed in ["", " ", "stars", "stars with"] {
        let mut bench = Harness::with_rows(2);
        bench.keys(":").typed(typed).keys("enter");
        assert!(error(&bench).ends_with("choose one with the arrows."), "{typed:?}: {}", error(&bench));
        assert!(bench.facts().is_empty() && commands(&bench).len() > 1);
        bench.keys("down enter");
        assert!(!matches!(bench.model.overlay(), Some(Overlay::Palette(_))), "chosen: {typed:?}");
    }
    let mut bench = Harness::with_rows(2);
    bench.keys(":").typed("acept all").keys("enter");
    assert!(error(&bench).starts_with("There is no command `acept all`."), "{}", error(&bench));
    bench.keys("ctrl-u").typed("smaple").keys("enter");
    assert_eq!(error(&bench), "There is no command `smaple`. Did you mean `sample`?");
    bench.keys("ctrl-u").typed("reject matchin g").keys("enter");
    assert!(error(&bench).ends_with("Did you mean `reject-matching`?"), "{}", error(&bench));
    for signs in ["!row", "^a", "a$", "'x"] {
        bench.keys("ctrl-u").typed(signs).keys("enter");
        assert!(error(&bench).starts_with("There is no command"), "{signs}");
    }
    assert!(bench.facts().is_empty() && bulk(&bench).is_none());
}

#[test]
fn letters_that_several_names_share_decide_no_row_and_begin_no_run() {
    for typed in ["a", "s", "r", "5", "w", "re", "reject", "rate", "un", "samp", "res", "all", "oq"] {
        let mut bench = Harness::with_rows(2);
        bench.take_effects();
        bench.keys(":").typed(typed).keys("enter");
        let is_harmless = bench.facts().is_empty() && bench.take_effects().is_empty();
        assert!(is_harmless && !matches!(bench.model.overlay(), Some(Overlay::Line(_))), "{typed}");
    }
    for typed in ["accept", "acc", "accept row", "accro", "reject-row", "Rate-5", "skip"] {
        let mut bench = Harness::with_rows(2);
        bench.keys(":").typed(typed).keys("enter");
        assert_eq!(bench.facts().len(), 1, "{typed}");
    }
}

#[test]
fn commands_that_decide_many_rows_are_found_by_the_beginning_of_their_own_name_only() {
    let many = |bench: &Harness| -> Vec<&'static str> {
        let is_many = |name: &&str| name.parse::<Command>().is_ok_and(Command::decides_many);
        commands(bench).into_iter().filter(is_many).collect()
    };
    for typed in ["match", "acma", "every", "filter", "rows", "cept-m", "every row that the filter matches"] {
        let mut bench = Harness::with_rows(2);
        bench.keys(":").typed(typed);
        assert!(many(&bench).is_empty(), "{typed}");
    }
    let mut bench = Harness::with_rows(2);
    bench.keys(":").typed("accept");
    assert_eq!(many(&bench), ["accept-matching"]);
    assert_eq!(commands(&bench).last(), Some(&"accept-matching"), "behind the others");
    for typed in ["accept-m", "Reject Match", "skip-matching"] {
        let mut bench = Harness::with_rows(2);
        bench.keys(":").typed(typed).keys("enter");
        assert!(bulk(&bench).is_some(), "{typed}");
    }
}

#[test]
fn an_argument_that_a_command_does_not_take_is_told() {
    for (typed, said) in [
        ("sample abc", "`sample` takes nothing behind it; `,` sets how many rows."),
        ("quit now", "`quit` takes nothing behind it."),
        ("  Undo 3", "`undo` takes nothing behind it."),
        ("reject-matching label:ham", "`reject-matching` takes nothing behind it."),
        ("goto", "Write NUMBER behind `goto`."),
        ("goto  ", "Write NUMBER behind `goto`."),
        ("sort", "Write ORDER behind `sort`."),
    ] {
        let mut bench = Harness::with_rows(2);
        bench.take_effects();
        bench.keys(":").typed(typed).keys("enter");
        assert_eq!(error(&bench), said, "{typed}");
        assert!(bench.take_effects().is_empty(), "{typed}");
    }
}

#[test]
fn what_came_in_one_burst_has_to_be_a_whole_name() {
    let burst = |bench: &mut Harness, text: &str| {
        for (place, c) in text.chars().enumerate() {
            let code = if c == '\r' { KeyCode::Enter } else { KeyCode::Char(c) };
            let event = Input::Key(KeyEvent::new(code, KeyModifiers::NONE));
            bench.send(if place == 0 { Message::Input(event) } else { Message::Together(event) });
        }
    };
    let mut bench = Harness::with_rows(9);
    bench.keys(":");
    burst(&mut bench, "a\r");
    assert_eq!(error(&bench), "It is not clear which command `a` means; choose one with the arrows.");
    assert!(bench.facts().is_empty());
    bench.keys("esc :");
    burst(&mut bench, "goto 7\r");
    assert_eq!(bench.selected(), Some(6));
}

#[test]
fn the_question_counts_what_a_bulk_decision_would_change() {
    let mut bench = Harness::with_rows(9);
    bench.keys("a a x x space :").typed("reject-matching").keys("enter");
    let asked = bulk(&bench).unwrap();
    assert_eq!(asked.from, [(Pending, 4), (Accepted, 2), (Skipped, 1)]);
    assert_eq!((asked.rows.len(), asked.unchanged), (7, 2));
    bench.keys("n /").typed("state:rejected").keys("enter :").typed("reject-matching").keys("enter");
    assert_eq!(bench.notice(), "All 2 rows that the filter matches are so already.");
    assert!(!bench.effects.iter().any(|effect| matches!(effect, Effect::ChangeRows { .. })));
}

#[test]
fn undo_and_redo_are_found_by_name_where_their_keys_work_and_nothing_is_taken_for_them_elsewhere() {
    let mut bench = Harness::with_rows(2);
    bench.keys("a").write().keys("g h").take_effects();
    bench.keys(":").typed("redo");
    assert_eq!(commands(&bench)[0], "redo");
    bench.keys("esc :").typed("undo").keys("enter");
    assert!(matches!(bench.take_effects()[..], [Effect::Undo { .. }]));
    bench.keys("g m :").typed("undo").keys("enter");
    assert_eq!(error(&bench), "`undo` works in the Bench view: `go-bench` goes there.");
}
