//! The coverage map, and the plan of the next run.

use std::sync::Arc;

use super::*;
use crate::app::Model;
use crate::domain::{Condition, PlanMode, Preview, VariableRule, Variables};

fn variables() -> Variables {
    let list = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
    let when: Condition = [("topic".to_owned(), list(&["prize", "delivery"]))].into();
    let tone = VariableRule { values_when: [("rude".to_owned(), when)].into(), ..VariableRule::default() };
    let topic = VariableRule { weights: vec![1, 2, 1, 1], ..VariableRule::default() };
    let values = [
        ("topic", list(&["prize", "bank", "delivery", "a parcel that waits at the depot"])),
        ("tone", list(&["calm", "alarmed", "friendly", "rude"])),
    ];
    Variables {
        values: values.map(|(name, values)| (name.to_owned(), values)).into(),
        rules: [("topic".to_owned(), topic), ("tone".to_owned(), tone)].into(),
    }
}

fn prepare(model: &mut Model, mode: PlanMode) {
    let preview = model.preview.preview.clone().unwrap_or_default();
    model.preview.preview = Some(Preview { all: Some(Arc::new(variables())), ..preview });
    model.sampling.order.plan.mode = mode;
}

#[test]
fn the_coverage_map_with_the_plan_of_the_next_run() {
    check_scene("coverage", Scene::with_topics, |scene| {
        scene.press("g p");
        prepare(&mut scene.model, PlanMode::Balanced);
        scene.press("] j l");
    });
}

#[test]
fn the_coverage_of_a_prompt_without_variables_says_how_to_have_some() {
    let mut scene = Scene::new(100, 30, 0);
    scene.press("g p");
    scene.model.preview.preview = Some(Preview { all: Some(Arc::default()), ..Preview::default() });
    let shown = text_of(&painted(&scene, "mono"));
    assert!(shown.contains("The prompt has no variables yet."), "{shown}");
}

#[test]
fn the_plan_stands_above_the_preview_before_it_runs() {
    let mut scene = Scene::with_topics(160, 45);
    prepare(&mut scene.model, PlanMode::Grid);
    let shown = text_of(&painted(&scene, "mono"));
    assert!(shown.contains("plan grid: 14 combinations"), "{shown}");
}

#[test]
fn a_key_goes_to_the_next_hole_and_one_samples_into_it() {
    let mut scene = Scene::with_topics(160, 45);
    scene.press("g p");
    prepare(&mut scene.model, PlanMode::Random);
    scene.press("]");
    let map = scene.model.coverage_map().unwrap();
    let (line, column) = (scene.model.coverage.line, scene.model.coverage.column);
    assert!(map.cell(line, column).is_hole());
    scene.press("s");
    let started = scene.model.sampling.started_order().unwrap();
    assert_eq!(started.plan.set, map.values_of(line, column));
    assert!(scene.model.sampling.order.plan.set.is_empty(), "the next run on the bench draws again");
}
