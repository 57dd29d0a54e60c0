//! The facets over the bench.

use super::*;
use crate::app::command::FacetsCommand;
use crate::app::fixtures::Harness;

/// Opens the facets where a command of theirs does something.
pub(super) fn for_facets(bench: &mut Harness, command: FacetsCommand) -> &mut Harness {
    match command {
        FacetsCommand::NextFacetValue
        | FacetsCommand::NextFacet
        | FacetsCommand::ChooseFacetValue
        | FacetsCommand::ExcludeFacetValue => bench.keys("f"),
        FacetsCommand::PreviousFacetValue | FacetsCommand::PreviousFacet => bench.keys("f tab"),
        FacetsCommand::UnfoldFacet => {
            for number in 0..9 {
                bench.story.sampled(&[&format!("of run {number}")]);
            }
            let saved = bench.saved();
            bench.send(Message::Snapshot(saved));
            bench.keys("f tab tab tab")
        }
    }
}

#[test]
fn the_facets() {
    check_scene("facets", Scene::with_topics, |scene| scene.press("f j"));
}

#[test]
fn the_facets_of_a_filter_that_asks_for_a_value_and_excludes_another() {
    check_scene("facets_filtered", Scene::with_topics, |scene| scene.press("f j enter tab -"));
}

#[test]
fn the_facets_in_the_light() {
    let mut scene = Scene::with_topics(160, 45);
    scene.press("f");
    kept("facets_160x45_light".into(), &painted(&scene, "paper"));
}
