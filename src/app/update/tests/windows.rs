use crate::app::fixtures::Harness;
use crate::app::{Context, Effect, Message, Overlay, Pane};
use crate::domain::{Exchange, ExchangeMessage, Role};

#[test]
fn the_first_key_of_two_shows_how_it_goes_on_and_escape_forgets_it() {
    let mut bench = Harness::with_rows(1);
    bench.keys("g");
    let shown: Vec<_> = bench.model.which_key().into_iter().map(|(key, _)| key.to_string()).collect();
    assert_eq!(shown, ["b", "c", "d", "g", "h", "l", "m", "n", "p", "r", "v", "x"]);
    bench.keys("esc");
    assert!(bench.model.pending.is_empty() && bench.model.which_key().is_empty());
    bench.keys("g y");
    assert_eq!(bench.notice(), "`g y` is not bound to a command.");
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
    bench.keys("s-tab s-tab");
    assert_eq!(bench.model.focus, Pane::Prompt);
    assert_eq!(hints(&bench)[..3], ["enter type", "esc rows", "tab next pane"]);
    bench.keys("i");
    assert_eq!(hints(&bench)[..2], ["esc stops typing", "ctrl-g sample"]);
    bench.keys("esc q");
    assert_eq!(hints(&bench).len(), 1);
}
