use crate::app::fixtures::Harness;
use crate::app::{Context, Effect, Message, Overlay, Pane};
use crate::domain::{Exchange, ExchangeMessage, Role};

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
fn the_first_key_of_two_shows_how_it_goes_on_and_escape_forgets_it() {
    let mut bench = Harness::with_rows(1);
    bench.keys("g");
    let shown: Vec<_> = bench.model.which_key().into_iter().map(|(key, _)| key.to_string()).collect();
    assert_eq!(shown, ["b", "g", "l", "r"]);
    bench.keys("esc");
    assert!(bench.model.pending.is_empty() && bench.model.which_key().is_empty());
    bench.keys("g x");
    assert_eq!(bench.notice(), "`g x` is not bound to a command.");
    assert!(bench.facts().is_empty(), "x after g rejects nothing");
    bench.keys("g l");
    assert!(matches!(bench.model.overlay(), Some(Overlay::Guidelines { .. })));
}

#[test]
fn help_opens_over_an_editor_and_leaves_it_as_it_was() {
    let mut bench = Harness::with_rows(1);
    bench.keys("e").typed("x").keys("f1 j j k f1");
    assert_eq!(bench.model.overlays.len(), 2);
    bench.keys("q");
    assert_eq!(bench.model.context(), Context::RowEditor);
}

#[test]
fn help_scrolls_to_its_end_and_not_beyond() {
    let mut bench = Harness::with_rows(1);
    bench.keys("? G");
    let scroll = |bench: &Harness| match bench.model.overlay() {
        Some(Overlay::Help { scroll }) => *scroll,
        other => panic!("{other:?}"),
    };
    let end = scroll(&bench);
    assert!(end > 0);
    bench.keys("j");
    assert_eq!(scroll(&bench), end);
    bench.keys("g g");
    assert_eq!(scroll(&bench), 0);
    bench.keys("?");
    assert!(bench.model.overlays.is_empty());
}

#[test]
fn the_exchange_comes_into_the_window_that_asked_for_it() {
    let mut bench = Harness::with_rows(2);
    bench.keys("o");
    let Some(Effect::ShowExchange { ask, row }) = bench.take_effects().pop() else { panic!("not asked") };
    bench.keys("q o");
    let message = ExchangeMessage { role: Role::User, text: "hello".into() };
    let exchange = Exchange { messages: vec![message], ..Exchange::default() };
    bench.send(Message::ExchangeShown { ask, row, exchange: Ok(exchange.clone()) });
    let shown = |bench: &Harness| match bench.model.overlay() {
        Some(Overlay::Exchange(window)) => window.exchange.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(shown(&bench), None, "stale");
    let Some(Effect::ShowExchange { ask, row }) = bench.take_effects().pop() else { panic!("not asked") };
    bench.send(Message::ExchangeShown { ask, row, exchange: Ok(exchange.clone()) });
    assert_eq!(shown(&bench), Some(exchange));
}

#[test]
fn fields_besides_the_text_are_edited_as_lines() {
    use crate::domain::{FieldKind, FieldSpec, FieldValue, Fields, RowNumber};
    let mut session = crate::app::fixtures::session();
    let kind = FieldKind::OneOf(vec!["calm".into(), "cross".into()]);
    session.schema.0.push(FieldSpec { name: "tone".into(), kind });
    let mut story = crate::domain::fixtures::Story::default();
    story.version("words");
    let mut row = story.new_row("hello", vec![]);
    row.fields.0.insert("tone".into(), FieldValue::Text("calm".into()));
    story.sampled_rows(vec![row]);
    let mut bench = Harness::open(story, session, crate::config::screen_state::SessionScreen::default());
    bench.keys("e tab end ctrl-w").typed("loud").keys("ctrl-s");
    let Some(Overlay::RowEditor(editor)) = bench.model.overlay() else { panic!("closed") };
    assert_eq!(editor.error.as_deref(), Some("The field `tone` must be one of calm, cross, not `loud`."));
    bench.keys("ctrl-w").typed("cross").keys("ctrl-s");
    let fields: Fields = bench.model.shown().row(RowNumber(0)).unwrap().fields();
    assert_eq!(fields.0["tone"], FieldValue::Text("cross".into()));
    assert_eq!(fields.text(), "hello");
}

#[test]
fn the_footer_shows_keys_that_work_here() {
    let mut bench = Harness::with_rows(2);
    let hints = |bench: &Harness| -> Vec<String> {
        bench.model.hints().into_iter().map(|hint| format!("{} {}", hint.keys, hint.label)).collect()
    };
    assert_eq!(
        hints(&bench).join("  "),
        "a accept  x reject  space skip  1–5 rate  u undo  e edit  s sample  , settings  i edit prompt  / filter  \
         g go to  : commands  ? help"
    );
    bench.keys("i");
    assert_eq!(bench.model.focus, Pane::Prompt);
    assert!(hints(&bench).contains(&"ctrl-g sample".to_owned()));
    bench.keys("alt-q");
    assert_eq!(hints(&bench).len(), 1);
}
