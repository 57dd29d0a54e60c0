use crossterm::event::KeyCode;

use crate::app::fixtures::Harness;
use crate::app::message::Ask;
use crate::app::settings::{ModelList, SettingsField};
use crate::app::{Context, Effect, Message, Overlay, ProfileChoice, Question, SettingsForm};
use crate::domain::{Failure, GeneratorSettings, Preview, Price, Provider, RunOrder};

fn cloud() -> GeneratorSettings {
    GeneratorSettings {
        provider: Provider::Openai,
        model: Some("small".into()),
        temperature: 0.7,
        profile: Some("cloud".into()),
        price: Some(Price { input: 1.0, output: 2.0 }),
        ..GeneratorSettings::default()
    }
}

fn bench() -> Harness {
    let mut bench = Harness::with_rows(2);
    let choice = |name: &str, settings| ProfileChoice { name: name.into(), settings, address: None };
    bench.model.sampling.profiles =
        vec![choice("session", GeneratorSettings::default()), choice("cloud", cloud())];
    bench.take_effects();
    bench
}

fn form(bench: &Harness) -> &SettingsForm {
    match bench.model.overlay() {
        Some(Overlay::Settings(form)) => form,
        other => panic!("{other:?}"),
    }
}

/// Goes down to a setting.
fn to(bench: &mut Harness, field: SettingsField) -> &mut Harness {
    while form(bench).selected != field {
        bench.keys("down");
    }
    bench
}

fn previewed(bench: &mut Harness) -> Vec<RunOrder> {
    let order = |effect| if let Effect::Preview { order, .. } = effect { Some(*order) } else { None };
    bench.take_effects().into_iter().filter_map(order).collect()
}

fn asked_for_models(bench: &mut Harness) -> Vec<(Ask, GeneratorSettings)> {
    let asked = |effect| match effect {
        Effect::ListModels { ask, settings } => Some((ask, *settings)),
        _ => None,
    };
    bench.take_effects().into_iter().filter_map(asked).collect()
}

#[test]
fn settings_are_typed_and_used_and_the_preview_is_of_them() {
    let mut bench = bench();
    bench.keys(",");
    assert_eq!(bench.model.context(), Context::Settings);
    bench.keys("ctrl-u").typed("7");
    to(&mut bench, SettingsField::Cost).typed("0.5");
    to(&mut bench, SettingsField::Seed).typed("42");
    to(&mut bench, SettingsField::Reuse).keys("space enter");
    assert!(bench.model.overlays.is_empty());
    let order = &bench.model.sampling.order;
    assert_eq!((order.rows, order.seed, order.budget.cost, order.reuse), (7, Some(42), Some(0.5), true));
    assert_eq!(bench.model.sampling.next_line(), "next: 7 rows · offline · T 1.0 · seed 42");
    assert_eq!(previewed(&mut bench), [bench.model.sampling.order.clone()]);
    bench.keys("s");
    let sent = bench.take_effects().into_iter().find_map(|effect| match effect {
        Effect::Sample { order, .. } => Some(order),
        _ => None,
    });
    assert_eq!(sent.as_ref(), Some(&bench.model.sampling.order));
}

#[test]
fn what_is_typed_first_takes_the_place_of_the_value_and_a_moved_cursor_keeps_it() {
    let mut bench = bench();
    bench.keys(",").typed("50").keys("enter");
    assert_eq!(bench.model.sampling.order.rows, 50);
    bench.keys(", home").typed("1");
    to(&mut bench, SettingsField::Temperature).typed("0.5").keys("enter");
    assert_eq!(bench.model.sampling.order.rows, 150);
    assert!((bench.model.sampling.order.generator.temperature - 0.5).abs() < 1e-9);
    bench.keys(", backspace").typed("9").keys("enter");
    assert_eq!(bench.model.sampling.order.rows, 9);
}

#[test]
fn escape_leaves_the_settings_as_they_were_and_using_the_same_ones_asks_nothing() {
    let mut bench = bench();
    let before = bench.model.sampling.order.clone();
    bench.keys(", ctrl-u").typed("99").keys("esc");
    assert_eq!(bench.model.sampling.order, before);
    bench.keys(", enter");
    assert!(previewed(&mut bench).is_empty());
}

#[test]
fn a_wrong_setting_is_said_under_its_field_and_typing_takes_it_back() {
    let mut bench = bench();
    bench.keys(",");
    to(&mut bench, SettingsField::Requests).typed("none").keys("down enter");
    let (field, sentence) = form(&bench).error.clone().unwrap();
    assert_eq!(field, SettingsField::Requests);
    assert_eq!(sentence, "Give a whole number from 1, not `none`.");
    assert_eq!(form(&bench).selected, SettingsField::Requests, "the cursor goes there");
    bench.keys("backspace");
    assert!(form(&bench).error.is_none());
}

#[test]
fn fields_go_around_and_arrows_move_the_cursor_where_nothing_is_chosen() {
    let mut bench = bench();
    bench.keys(", up");
    assert_eq!(form(&bench).selected, SettingsField::Copy);
    bench.keys("up right");
    assert_eq!(form(&bench).text(SettingsField::Plan), "balanced");
    bench.keys("left up right");
    assert_eq!(form(&bench).text(SettingsField::Reuse), "on");
    bench.typed("x").keys("left");
    assert_eq!(form(&bench).text(SettingsField::Reuse), "off", "letters type nothing into a choice");
    bench.keys("down down down left").typed("1").keys("space");
    assert_eq!(form(&bench).text(SettingsField::Rows), "210");
}

#[test]
fn the_models_of_a_server_are_asked_for_when_a_person_asks_and_offered() {
    let mut bench = bench();
    bench.keys(",");
    to(&mut bench, SettingsField::Model).keys("space");
    assert!(asked_for_models(&mut bench).is_empty(), "the offline generator has none");
    to(&mut bench, SettingsField::Profile).keys("right");
    to(&mut bench, SettingsField::Model).keys("right");
    assert!(asked_for_models(&mut bench).is_empty(), "nothing is sent before somebody asks");
    bench.keys("space space");
    let asked = asked_for_models(&mut bench);
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].1, cloud());
    let models = || Ok(["large", "small", "tiny"].map(str::to_owned).to_vec());
    bench.send(Message::ModelsListed { ask: Ask(0), models: models() });
    assert_eq!(form(&bench).models, ModelList::Asked, "stale");
    bench.send(Message::ModelsListed { ask: asked[0].0, models: models() });
    bench.keys("right enter");
    assert_eq!(bench.model.sampling.order.generator.model.as_deref(), Some("tiny"));
    assert_eq!(bench.model.sampling.order.generator.provider, Provider::Openai);
    bench.keys(",");
    assert_eq!(form(&bench).chosen().name, "cloud", "the profile is remembered");
}

#[test]
fn models_that_cannot_be_listed_leave_the_name_to_be_typed() {
    let mut bench = bench();
    bench.keys(", down right");
    to(&mut bench, SettingsField::Model).keys("space");
    let ask = asked_for_models(&mut bench)[0].0;
    bench.send(Message::ModelsListed { ask, models: Err(Failure::new("The server refused the key.")) });
    bench.keys("ctrl-u").typed("other").keys("left right enter");
    assert_eq!(bench.model.sampling.order.generator.model.as_deref(), Some("other"));
}

#[test]
fn a_paste_goes_into_the_setting_on_one_line() {
    let mut bench = bench();
    bench.keys(", ctrl-u");
    bench.send(Message::Input(crossterm::event::Event::Paste("4\r\n".into())));
    assert_eq!(form(&bench).text(SettingsField::Rows), "4");
}

#[test]
fn a_click_selects_a_setting() {
    let mut bench = bench();
    bench.keys(",");
    let window = crate::app::geometry::Window::of(bench.model.overlay().unwrap(), bench.screen());
    bench.click(window.body.x + 3, window.body.y + 6);
    assert_eq!(form(&bench).selected, SettingsField::Temperature);
}

fn samples(bench: &mut Harness) -> usize {
    bench.take_effects().iter().filter(|effect| matches!(effect, Effect::Sample { .. })).count()
}

#[test]
fn a_run_that_costs_something_is_estimated_and_asked_about() {
    let mut bench = bench();
    bench.keys(", down right");
    to(&mut bench, SettingsField::Cost).typed("0.25").keys("enter");
    let ask = bench.take_effects().into_iter().find_map(|effect| match effect {
        Effect::Preview { ask, .. } => Some(ask),
        _ => None,
    });
    let message = crate::domain::ExchangeMessage { role: crate::domain::Role::User, text: "x".into() };
    let preview = Preview { tokens: 100, messages: vec![message], ..Preview::default() };
    bench.send(Message::Previewed { ask: ask.unwrap(), preview });
    bench.keys("s");
    let Some(Overlay::Question(Question::Sample(estimate))) = bench.model.overlay() else {
        panic!("not asked")
    };
    assert_eq!((estimate.rows, estimate.requests), (20, 4));
    // Two rows of the earlier run had 20 tokens.
    assert_eq!(estimate.tokens.map(|tokens| (tokens.input, tokens.output)), Some((400, 200)));
    assert_eq!(estimate.budget.cost, Some(0.25));
    bench.keys("esc");
    assert_eq!(samples(&mut bench), 0);
    bench.keys("s enter");
    assert_eq!(samples(&mut bench), 1);
    bench.keys("s y");
    assert_eq!(bench.notice(), "One run waits for the one that goes on.");
}

#[test]
fn what_costs_nothing_is_sampled_at_once_and_an_unknown_price_of_a_paid_profile_is_not() {
    let mut bench = bench();
    bench.keys("s");
    assert_eq!(samples(&mut bench), 1);
    bench.model.sampling.order.generator = GeneratorSettings { price: None, ..cloud() };
    assert!(!bench.model.sampling.is_paid());
    bench.model.sampling.profile = 1;
    assert!(bench.model.sampling.is_paid());
    let free = Some(Price { input: 0.0, output: 0.0 });
    bench.model.sampling.order.generator.price = free;
    assert!(!bench.model.sampling.is_paid());
    bench.press(KeyCode::Char(','), crossterm::event::KeyModifiers::NONE);
    assert_eq!(form(&bench).profile, 1);
}

fn kept(bench: &mut Harness) -> Vec<crate::config::KeptSettings> {
    let kept = |effect| if let Effect::KeepSettings(kept) = effect { Some(*kept) } else { None };
    bench.take_effects().into_iter().filter_map(kept).collect()
}

#[test]
fn what_is_chosen_is_kept_and_a_reset_forgets_it() {
    let mut bench = bench();
    bench.keys(", ctrl-u").typed("7").keys("down right");
    to(&mut bench, SettingsField::Concurrency).keys("ctrl-u").typed("2").keys("enter");
    let now = kept(&mut bench);
    assert_eq!(now.len(), 1);
    assert_eq!((now[0].rows, now[0].profile.as_deref()), (Some(7), Some("cloud")));
    assert_eq!(now[0].generator.concurrency, Some(2));
    bench.keys(", enter");
    assert!(kept(&mut bench).is_empty(), "nothing changed");

    bench.keys(", ctrl-l esc");
    assert!(kept(&mut bench).is_empty(), "a form that is left changes nothing");
    bench.keys(", ctrl-l enter");
    assert_eq!(kept(&mut bench), [crate::config::KeptSettings::default()]);
    assert_eq!(bench.model.sampling.order, RunOrder::new(20, GeneratorSettings::default()));
}

#[test]
fn servers_are_looked_for_when_a_person_asks_and_a_failure_is_said() {
    let mut bench = bench();
    bench.keys(", down down down up up down");
    assert!(bench.take_effects().is_empty(), "nothing is sent by opening the form and going through it");
    bench.keys("space space");
    let asks: Vec<_> = bench
        .take_effects()
        .into_iter()
        .filter_map(|effect| if let Effect::FindServers { ask } = effect { Some(ask) } else { None })
        .collect();
    assert_eq!(asks.len(), 1, "not twice at once");
    bench.send(Message::ServersFound { ask: asks[0], found: Err(Failure::new("The network is refused.")) });
    assert_eq!(form(&bench).servers.sentence().as_deref(), Some("The network is refused."));
}

#[test]
fn settings_that_cannot_be_kept_are_said() {
    let mut bench = bench();
    bench.send(Message::SettingsNotKept(Failure::new("The disk is full.")));
    assert!(bench.notice().contains("were not kept: The disk is full."), "{}", bench.notice());
}

#[test]
fn the_command_is_copied() {
    let mut bench = bench();
    bench.keys(", up space");
    let copied = bench.take_effects().into_iter().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text),
        _ => None,
    });
    assert!(copied.unwrap().starts_with("rowsmith sample sms-spam -n 20"));
}
