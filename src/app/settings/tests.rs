use super::*;
use crate::domain::Price;

fn profiles() -> Vec<ProfileChoice> {
    let paid = GeneratorSettings {
        provider: Provider::Openai,
        model: Some("small".into()),
        temperature: 0.7,
        price: Some(Price { input: 1.0, output: 2.0 }),
        ..GeneratorSettings::default()
    };
    vec![
        ProfileChoice { name: "session".into(), settings: GeneratorSettings::default(), address: None },
        ProfileChoice { name: "cloud".into(), settings: paid, address: None },
    ]
}

fn form(order: &RunOrder) -> SettingsForm {
    form_of(order, profiles(), 0)
}

fn form_of(order: &RunOrder, profiles: Vec<ProfileChoice>, profile: usize) -> SettingsForm {
    SettingsForm::new(&Sampling { order: order.clone(), profiles, profile, ..Sampling::default() })
}

fn plain() -> RunOrder {
    RunOrder::new(20, GeneratorSettings::default())
}

#[test]
fn a_form_that_nobody_touched_gives_the_order_it_was_made_of() {
    let budget = Budget { cost: Some(0.5), tokens: Some(20_000), requests: Some(9) };
    let order = RunOrder { seed: Some(7), budget, reuse: true, ..plain() };
    assert_eq!(form(&order).order(), Ok(order.clone()));
    assert_eq!(form(&plain()).order(), Ok(plain()));
    assert_eq!(form_of(&plain(), vec![], 9).order(), Ok(plain()));
}

#[test]
fn what_is_wrong_is_named_with_its_field() {
    let wrong = |field: SettingsField, text: &str| {
        let mut form = form(&plain());
        form.write(field, text);
        form.order().unwrap_err()
    };
    for (field, text) in [
        (SettingsField::Rows, "0"),
        (SettingsField::Rows, "many"),
        (SettingsField::Rows, ""),
        (SettingsField::Temperature, "-1"),
        (SettingsField::Temperature, "NaN"),
        (SettingsField::Seed, "-4"),
        (SettingsField::Cost, "0"),
        (SettingsField::Tokens, "1.5"),
        (SettingsField::Requests, "none"),
        (SettingsField::Model, "gpt"),
    ] {
        let (named, sentence) = wrong(field, text);
        assert_eq!(named, field, "{text}");
        assert!(sentence.ends_with('.'), "{sentence}");
    }
    assert_eq!(wrong(SettingsField::Cost, "ten").1, "Give US dollars above 0, such as 0.50, not `ten`.");
}

#[test]
fn thousands_and_a_dollar_sign_are_read() {
    let mut form = form(&plain());
    form.write(SettingsField::Tokens, " 20,000 ");
    form.write(SettingsField::Cost, "$0.25");
    let budget = form.order().unwrap().budget;
    assert_eq!((budget.tokens, budget.cost), (Some(20_000), Some(0.25)));
}

#[test]
fn a_profile_brings_its_model_and_temperature() {
    let mut form = form(&plain());
    form.selected = SettingsField::Profile;
    assert!(form.cycle(1));
    let order = form.order().unwrap();
    assert_eq!(order.generator, profiles()[1].settings);
    assert!(form.cycle(1));
    assert_eq!(form.order(), Ok(plain()), "around the end");
}

#[test]
fn another_model_of_a_profile_has_no_known_price_and_its_own_has() {
    let mut form = form(&plain());
    form.selected = SettingsField::Profile;
    form.cycle(-1);
    form.write(SettingsField::Model, "large");
    let order = form.order().unwrap();
    assert_eq!((order.generator.model.as_deref(), order.generator.price), (Some("large"), None));
    let mut again = form_of(&order, profiles(), 1);
    again.write(SettingsField::Model, "small");
    assert_eq!(again.order().unwrap().generator.price, profiles()[1].settings.price);
}

#[test]
fn another_model_has_the_price_of_its_server() {
    let price_of = |model: &str, address: Option<&str>| {
        let mut profiles = profiles();
        profiles[1].address = address.map(str::to_owned);
        let order = RunOrder::new(20, profiles[1].settings.clone());
        let mut form = form_of(&order, profiles, 1);
        form.write(SettingsField::Model, model);
        form.order().unwrap().generator.price
    };
    assert_eq!(price_of("gpt-4o-mini", None), Some(Price { input: 0.15, output: 0.6 }));
    assert_eq!(price_of("gpt-4o-mini", Some("https://gate.example/v1")), None);
    assert_eq!(price_of("any", Some("http://127.0.0.1:1/v1")), Some(Price { input: 0.0, output: 0.0 }));
    assert_eq!(price_of("small", None), Some(Price { input: 1.0, output: 2.0 }), "the profile's own");
}

#[test]
fn models_are_found_by_a_few_letters_and_taken_in_turn() {
    let mut form = form(&plain());
    form.selected = SettingsField::Model;
    assert!(!form.cycle(1), "there is no list yet");
    form.models = ModelList::Known(["qwen", "smollm2", "small"].map(str::to_owned).to_vec());
    form.typed_in().unwrap().insert_str("sm");
    form.typed();
    assert_eq!(form.choices().len(), 2);
    let first = form.choices()[0].clone();
    assert!(form.cycle(1));
    assert_eq!(form.text(SettingsField::Model), first);
    assert_eq!(form.choices().len(), 2, "the list stays while one goes through it");
    form.cycle(1);
    form.cycle(1);
    assert_eq!(form.text(SettingsField::Model), first);
}

#[test]
fn an_error_stands_under_its_field() {
    let mut form = form(&plain());
    form.error = Some((SettingsField::Seed, "no.".into()));
    let lines = form.lines();
    let place = lines.iter().position(|line| *line == SettingsLine::Error).unwrap();
    assert_eq!(lines[place - 1], SettingsLine::Setting(SettingsField::Seed));
}
