use super::chosen::Origin;
use super::*;
use crate::config::Overrides;
use crate::domain::{Budget, LocalModel, LocalSearch, NamedBy, Price};

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
        (SettingsField::RowsPerRequest, "0"),
        (SettingsField::ReplyTokens, "0"),
        (SettingsField::Concurrency, "-1"),
        (SettingsField::BaseUrl, "nowhere"),
        (SettingsField::BaseUrl, "https://me:s3cret@gate.example/v1"),
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

fn gate() -> GeneratorSettings {
    GeneratorSettings {
        provider: Provider::Openai,
        base_url: Some("https://gate.example/v1".into()),
        model: Some("large".into()),
        api_key_env: Some("GATE_KEY".into()),
        max_tokens: Some(500),
        ..GeneratorSettings::default()
    }
}

/// Returns a form over a session that asks a gateway, with what was chosen before.
fn gated(chosen: Chosen) -> SettingsForm {
    let choice = |name: &str, settings| ProfileChoice { name: name.into(), settings, address: None };
    let profiles = vec![choice("session", gate()), choice("cloud", profiles()[1].settings.clone())];
    let mut sampling = Sampling { profiles, chosen, session: "my spam".into(), ..Sampling::default() };
    sampling.settle();
    SettingsForm::new(&sampling)
}

fn type_in(form: &mut SettingsForm, field: SettingsField, text: &str) {
    form.select(field);
    form.write(field, text);
    form.typed();
}

#[test]
fn every_setting_of_the_generator_is_taken_over_and_an_empty_limit_is_none() {
    let mut form = gated(Chosen::default());
    assert_eq!(form.order().unwrap().generator, gate());
    for (field, text) in [
        (SettingsField::BaseUrl, "https://gate.example/v2"),
        (SettingsField::Model, ""),
        (SettingsField::RowsPerRequest, "2"),
        (SettingsField::ReplyTokens, ""),
        (SettingsField::Concurrency, "1"),
        (SettingsField::Stream, "off"),
        (SettingsField::Schema, "off"),
    ] {
        form.write(field, text);
    }
    let generator = form.order().unwrap().generator;
    assert_eq!(generator.base_url.as_deref(), Some("https://gate.example/v2"));
    assert_eq!((generator.model, generator.max_tokens), (None, None));
    assert_eq!((generator.rows_per_request, generator.concurrency), (2, 1));
    let left_out = [crate::domain::Parameter::Stream, crate::domain::Parameter::ResponseFormat];
    assert_eq!(generator.leave_out, left_out);
    assert_eq!(generator.api_key_env.as_deref(), Some("GATE_KEY"), "the server is the same");
}

#[test]
fn another_server_is_asked_without_the_key_and_the_form_says_so() {
    let mut form = gated(Chosen::default());
    assert_eq!(form.server_words()[0], "asks gate.example · key: GATE_KEY, if you allow it");
    type_in(&mut form, SettingsField::BaseUrl, "http://127.0.0.1:8080/v1");
    assert_eq!(form.order().unwrap().generator.api_key_env, None);
    assert_eq!(
        form.server_words()[0],
        "asks 127.0.0.1:8080 · key: OPENAI_API_KEY, if it is set, never GATE_KEY"
    );
    type_in(&mut form, SettingsField::BaseUrl, "https://openrouter.ai:443/api/v1");
    assert!(
        form.server_words()[1].ends_with("key: OPENROUTER_API_KEY, if it is set"),
        "{:?}",
        form.server_words()
    );
    type_in(&mut form, SettingsField::BaseUrl, "https://gate.example/v1");
    assert_eq!(form.order().unwrap().generator.api_key_env.as_deref(), Some("GATE_KEY"));

    form.select(SettingsField::Provider);
    form.cycle(1);
    assert_eq!(form.text(SettingsField::Provider), "anthropic");
    assert_eq!((form.text(SettingsField::BaseUrl), form.text(SettingsField::Model)), Default::default());
    assert_eq!(form.server_words()[1], "asks api.anthropic.com · key: ANTHROPIC_API_KEY");
    form.cycle(-1);
    assert_eq!(form.order().unwrap().generator, gate(), "back again, everything is as it was");
}

#[test]
fn an_address_alone_turns_the_built_in_generator_into_a_server_that_is_asked() {
    let mut form = form(&plain());
    assert_eq!(form.server_words(), ["asks nobody: rows are made of the session's own"]);
    type_in(&mut form, SettingsField::BaseUrl, "http://localhost:1234/v1");
    assert_eq!(form.text(SettingsField::Provider), "openai");
    let generator = form.order().unwrap().generator;
    assert_eq!((generator.provider, generator.base_url.is_some()), (Provider::Openai, true));
}

#[test]
fn each_value_says_where_it_comes_from() {
    let flags = StartFlags {
        profile: Some("cloud".into()),
        generator: Overrides { temperature: Some(0.1), ..Overrides::default() },
    };
    let mut form = gated(Chosen { flags, ..Chosen::default() });
    assert_eq!(form.chosen().name, "cloud");
    assert_eq!(form.origin(SettingsField::Temperature), Origin::Flag);
    assert_eq!(form.origin(SettingsField::Model), Origin::Profile);
    assert_eq!(form.origin(SettingsField::Concurrency), Origin::Session);
    form.write(SettingsField::Concurrency, "2");
    assert_eq!(form.origin(SettingsField::Concurrency), Origin::Chosen);
    assert_eq!(form.origin_words(SettingsField::Concurrency), "chosen here · session: 8");
    assert_eq!(form.origin_words(SettingsField::Temperature), "by --temperature · session: 1.0");
    assert_eq!(form.origin_words(SettingsField::Model), "profile cloud · session: large");
    assert!(form.differs(SettingsField::Profile) && !form.differs(SettingsField::Schema));
}

#[test]
fn what_is_kept_is_what_was_chosen_and_not_what_an_option_of_the_start_says() {
    let kept = KeptSettings {
        generator: Overrides { model: Some("mine".into()), concurrency: Some(2), ..Overrides::default() },
        rows: Some(7),
        ..KeptSettings::default()
    };
    let flags = StartFlags {
        generator: Overrides { model: Some("asked".into()), ..Overrides::default() },
        ..StartFlags::default()
    };
    let mut form = gated(Chosen { kept: kept.clone(), flags });
    let order = form.order().unwrap();
    assert_eq!((order.rows, order.generator.concurrency), (7, 2));
    assert_eq!(order.generator.model.as_deref(), Some("asked"), "the option comes first");
    let (again, _) = form.kept().unwrap();
    assert_eq!(again.generator, kept.generator, "and what was kept stays");
    form.write(SettingsField::Model, "typed");
    form.write(SettingsField::Concurrency, "8");
    let (now, _) = form.kept().unwrap();
    assert_eq!(now.generator, Overrides { model: Some("typed".into()), ..Overrides::default() });
}

#[test]
fn what_was_chosen_over_another_profile_does_not_come_over_the_one_of_an_option() {
    let kept = KeptSettings {
        generator: Overrides { base_url: Some("http://127.0.0.1:1/v1".into()), ..Overrides::default() },
        ..KeptSettings::default()
    };
    let flags = StartFlags { profile: Some("cloud".into()), ..StartFlags::default() };
    let mut form = gated(Chosen { kept: kept.clone(), flags });
    assert_eq!(form.order().unwrap().generator, profiles()[1].settings);
    form.write(SettingsField::Temperature, "0.3");
    let (now, is_kept) = form.kept().unwrap();
    assert_eq!((now.profile, now.generator, is_kept), (None, kept.generator, false));
}

#[test]
fn a_profile_that_was_kept_and_is_gone_is_said() {
    let kept = KeptSettings {
        profile: Some("gone".into()),
        generator: Overrides { temperature: Some(0.1), ..Overrides::default() },
        ..KeptSettings::default()
    };
    let chosen = Chosen { kept, ..Chosen::default() };
    assert!(chosen.trouble(&profiles()).unwrap().contains("`gone`"));
    assert_eq!(gated(chosen).order().unwrap().generator, gate());
}

#[test]
fn a_reset_writes_what_holds_where_nothing_is_chosen() {
    let kept = KeptSettings {
        profile: Some("cloud".into()),
        generator: Overrides { temperature: Some(0.1), ..Overrides::default() },
        rows: Some(7),
        seed: Some(3),
        ..KeptSettings::default()
    };
    let mut form = gated(Chosen { kept, ..Chosen::default() });
    assert_eq!(form.order().unwrap().seed, Some(3));
    form.reset();
    assert_eq!(form.order(), Ok(RunOrder::new(20, gate())));
    assert_eq!(form.kept().unwrap().0, KeptSettings::default());
}

#[test]
fn a_found_server_is_chosen_with_its_model_and_none_is_by_itself() {
    let model = |name: &str, context| LocalModel { name: name.into(), context };
    let server = |kind, provider, port: u16, models| crate::domain::LocalServer {
        kind,
        provider,
        base_url: format!("http://127.0.0.1:{port}/v1"),
        models,
        wants_key: false,
    };
    let servers = vec![
        server("Ollama", Provider::Ollama, 11434, vec![]),
        server("llama.cpp", Provider::Openai, 8080, vec![model("a", Some(2048)), model("b", None)]),
    ];
    let mut form = gated(Chosen::default());
    form.servers = ServerSearch::Known(LocalSearch { servers, others: vec![] });
    form.select(SettingsField::Servers);
    assert_eq!(
        form.choices(),
        [
            "127.0.0.1:11434 · Ollama · has no model yet",
            "127.0.0.1:8080 · llama.cpp · a · 2,048 tokens fit",
            "127.0.0.1:8080 · llama.cpp · b",
        ]
    );
    assert_eq!(form.order().unwrap().generator, gate());
    form.cycle(-1);
    let generator = form.order().unwrap().generator;
    assert_eq!((generator.model.as_deref(), generator.api_key_env), (Some("b"), None));
    assert_eq!(form.choice(&form.choices()), Some(2));
    assert_eq!(form.models, ModelList::Known(vec!["a".into(), "b".into()]), "they are known already");
    form.cycle(1);
    let generator = form.order().unwrap().generator;
    assert_eq!((generator.provider, generator.model), (Provider::Ollama, None));
}

#[test]
fn the_settings_are_written_as_a_command_and_as_lines_of_a_session_file() {
    let mut form = gated(Chosen::default());
    assert_eq!(form.written(), "rowsmith sample 'my spam' -n 20");
    for (field, text) in [
        (SettingsField::BaseUrl, "http://127.0.0.1:8080/v1"),
        (SettingsField::Model, "it's \"x\""),
        (SettingsField::Temperature, "0"),
        (SettingsField::RowsPerRequest, "2"),
        (SettingsField::ReplyTokens, "300"),
        (SettingsField::Schema, "off"),
        (SettingsField::Cost, "0.5"),
        (SettingsField::Seed, "7"),
    ] {
        form.write(field, text);
    }
    assert_eq!(
        form.written(),
        "rowsmith sample 'my spam' -n 20 --base-url http://127.0.0.1:8080/v1 --model 'it'\\''s \"x\"' --temperature \
         0.0 --rows-per-request 2 --reply-tokens 300 --seed 7 --budget-cost 0.5 --no-schema"
    );
    form.as_lines = true;
    let lines = form.written();
    let whole = format!("[dataset]\npath='a'\ntext='t'\nlabel='l'\n[target]\nlabel='spam'\n{lines}\n");
    let session = crate::config::session_file::parse(&whole, std::path::Path::new("session.toml")).unwrap();
    let mut chosen = form.order().unwrap().generator;
    (chosen.price, chosen.withheld, chosen.server_by) = (None, vec![], NamedBy::Session);
    assert_eq!(session.generator, chosen);
    form.write(SettingsField::Temperature, "warm");
    assert!(form.written().starts_with("`temperature` is not valid: "), "{}", form.written());
}

#[test]
fn a_low_screen_shows_the_lines_around_the_selected_one_with_its_error() {
    let mut form = form(&plain());
    assert_eq!(form.lines_in(40), form.lines());
    form.refuse((SettingsField::Seed, "no.".into()));
    let shown = form.lines_in(8);
    assert_eq!(shown.len(), 8);
    assert!(
        shown.contains(&SettingsLine::Setting(SettingsField::Seed)) && shown.contains(&SettingsLine::Error)
    );
    form.select(SettingsField::Rows);
    assert_eq!(form.lines_in(8)[0], SettingsLine::Setting(SettingsField::Rows));
}
