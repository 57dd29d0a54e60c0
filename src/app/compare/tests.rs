use ratatui::layout::Size;

use super::*;
use crate::app::{ProfileChoice, Sampling};
use crate::domain::fixtures::Story;
use crate::domain::{Event, GeneratorSettings, Provider, VersionId};

fn story() -> (Story, [VersionId; 3]) {
    let mut story = Story::default();
    let versions = [story.version("one"), story.version("two"), story.version("three")];
    (story, versions)
}

fn sampling() -> Sampling {
    let mut sampling = Sampling::default();
    let model = |model: &str| GeneratorSettings {
        provider: Provider::Openai,
        model: Some(model.to_owned()),
        ..GeneratorSettings::default()
    };
    sampling.order.generator = model("small");
    let choice = |name: &str, of| ProfileChoice { name: name.to_owned(), settings: of, address: None };
    sampling.profiles = vec![choice("session", model("small")), choice("big", model("large"))];
    sampling
}

#[test]
fn a_fresh_form_compares_the_latest_version_with_its_parent_blind() {
    let (story, [_, parent, latest]) = story();
    let order = CompareForm::default().order(&sampling(), &story.projection).unwrap();
    assert_eq!(order.sides.map(|side| side.version), [latest, parent]);
    assert_eq!((order.pairs, order.seed, order.blind), (20, None, true));
}

#[test]
fn the_version_labelled_production_is_what_the_latest_is_compared_with() {
    let (mut story, [first, _, latest]) = story();
    story.add(Event::Labelled { prompt: "main".into(), label: "production".into(), version: Some(first) });
    let order = CompareForm::default().order(&sampling(), &story.projection).unwrap();
    assert_eq!(order.sides.map(|side| side.version), [latest, first]);
}

#[test]
fn one_version_is_compared_on_two_models_or_at_two_temperatures() {
    let (story, [first, ..]) = story();
    let mut form = CompareForm::default();
    form.choose([first, first]);
    let (field, said) = form.order(&sampling(), &story.projection).unwrap_err();
    assert_eq!(field, CompareField::VersionB);
    assert!(said.contains("Both sides are the same"), "{said}");
    form.write(CompareField::ModelB, "other");
    let order = form.order(&sampling(), &story.projection).unwrap();
    assert_eq!(order.sides[1].settings.model.as_deref(), Some("other"));
    form.write(CompareField::ModelB, "");
    form.write(CompareField::TemperatureB, "0.2");
    let order = form.order(&sampling(), &story.projection).unwrap();
    assert!((order.sides[1].settings.temperature - 0.2).abs() < 1e-12);
    form.write(CompareField::TemperatureB, "");
    form.selected = CompareField::ProfileB;
    assert!(form.cycle(-1, &sampling(), &story.projection));
    assert_eq!(form.profile(1, &sampling()), "big");
    let order = form.order(&sampling(), &story.projection).unwrap();
    assert_eq!(order.sides[1].settings.model.as_deref(), Some("large"));
}

#[test]
fn the_next_choice_of_a_version_is_the_one_before_it() {
    let (story, [first, second, latest]) = story();
    let mut form = CompareForm::default();
    let at = |form: &CompareForm, side| form.version(side, &story.projection).unwrap().id;
    assert!(form.cycle(1, &sampling(), &story.projection));
    assert_eq!((at(&form, 0), at(&form, 1)), (second, second), "the other one stays");
    assert!(form.cycle(1, &sampling(), &story.projection));
    assert_eq!(at(&form, 0), first);
    assert!(form.cycle(1, &sampling(), &story.projection));
    assert_eq!(at(&form, 0), latest);
}

#[test]
fn what_is_typed_wrongly_is_said_at_its_place() {
    let (story, _) = story();
    for (field, wrong) in [
        (CompareField::Pairs, "0"),
        (CompareField::Pairs, "many"),
        (CompareField::TemperatureA, "-1"),
        (CompareField::TemperatureB, "nan"),
        (CompareField::Seed, "x"),
    ] {
        let mut form = CompareForm::default();
        form.write(field, wrong);
        assert!(form.error_of(field).is_some(), "{field:?}");
        assert_eq!(form.order(&sampling(), &story.projection).unwrap_err().0, field);
        assert!(form.lines_in(Size::new(60, 30)).contains(&CompareLine::Error(field)));
    }
}

#[test]
fn the_lines_that_are_shown_always_hold_the_selected_one() {
    let mut form = CompareForm::default();
    for height in 2..22 {
        for field in CompareField::ALL {
            form.selected = field;
            let lines = form.lines_in(Size::new(60, height));
            assert!(
                lines.len() <= usize::from(height) && lines.contains(&CompareLine::Field(field)),
                "{height}"
            );
        }
    }
}
