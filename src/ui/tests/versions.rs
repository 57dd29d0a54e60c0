//! The Versions view.

use super::scene::Scene;
use super::*;
use crate::app::Effect;
use crate::domain::fixtures::Story;
use crate::domain::{
    Change, Event, GeneratorSettings, PromptContent, Saved, Side, Timestamp, Trial, TrialKind, TrialNumber,
    Version, VersionId,
};
use crate::measure::{TextFigures, scoreboard};
use crate::text::Stop;

/// Returns the answer about the texts of all rows.
pub(super) fn answers(effect: &Effect) -> Vec<Message> {
    let Effect::CountTexts { ask, shown } = effect else { return vec![] };
    let texts = TextFigures::of(shown, &Stop::never()).unwrap();
    let scoreboard = Box::new(scoreboard(shown, Some(&texts)));
    vec![Message::TextsCounted { ask: *ask, scoreboard }]
}

/// Adds versions that were made from several others, labels, a note, decisions and another prompt.
fn with_branches(scene: &mut Scene) {
    let mut story = Story { facts: vec![], projection: scene.model.shown().clone() };
    let ids: Vec<VersionId> = story.projection.versions().iter().map(|version| version.id).collect();
    let base = story.projection.versions().last().unwrap().content.clone();
    let make = |story: &mut Story, (name, number): (&str, u32), parent: VersionId, user: String| {
        let [_, _, _, last] = number.to_be_bytes();
        let id = VersionId::from_digest([9, name.as_bytes()[0], 0, 0, 0, 0, 0, last]);
        let content = PromptContent { user, ..base.clone() };
        let (name, parent, created_at) = (name.to_owned(), Some(parent), Timestamp(1_700_000));
        let version = Version { id, name, number, parent, content, note: None, created_at };
        story.add(Event::VersionMade { version });
        id
    };
    let louder = base.user.replace("the tone", "the tone, loudly") + "\nNever greet.";
    let eighth = make(&mut story, ("main", 8), ids[4], louder.clone());
    story.sampled_by(
        "openai",
        Some("smollm2"),
        &["Win now", "Win again", "Claim it", "Ring us", "Ring us now"],
    );
    let first = u32::try_from(story.projection.len()).unwrap() - 5;
    for row in 0..4 {
        let reason = (row == 3).then(|| "says nothing".to_owned());
        let change = if row < 3 { Change::accept() } else { Change::Reject { reason, tags: vec![] } };
        story.change(&[first + row], change);
    }
    make(&mut story, ("main", 9), *ids.last().unwrap(), louder.replace("Never", "Always"));
    make(&mut story, ("ham", 1), eighth, "Write ordinary messages.".to_owned());
    for (label, version) in [("production", *ids.last().unwrap()), ("candidate", eighth)] {
        story.add(Event::Labelled { prompt: "main".into(), label: label.into(), version: Some(version) });
    }
    story.add(Event::Noted { version: eighth, note: Some("louder, and no greeting".into()) });
    scene.send(Message::Snapshot(Saved { sequence: 9_999, projection: story.projection }));
}

#[test]
fn the_versions_of_a_prompt() {
    check("versions", 212, |scene| {
        with_branches(scene);
        scene.press("i !");
        scene.press("esc g v j j");
    });
}

#[test]
fn two_versions_side_by_side_in_one_text() {
    check("versions_compared", 212, |scene| {
        with_branches(scene);
        scene.press("g v d j d");
    });
}

#[test]
fn the_versions_before_the_first() {
    check("versions_draft", 0, |scene| {
        scene.press("g v");
    });
}

#[test]
fn a_label_that_is_given() {
    let mut scene = Scene::new(80, 24, 12);
    scene.press("g v j l");
    insta::assert_snapshot!(picture(&painted(&scene, "mono")));
}

#[test]
fn while_a_blind_trial_goes_on_nothing_tells_how_its_versions_are_decided() {
    let mut scene = Scene::new(160, 45, 212);
    let mut story = Story { facts: vec![], projection: scene.model.shown().clone() };
    let versions = story.projection.versions();
    let side = |place: usize| Side { version: versions[place].id, settings: GeneratorSettings::default() };
    let trial = Trial {
        number: TrialNumber(1),
        kind: TrialKind::Compare,
        sides: vec![side(5), side(6)],
        rows: 10,
        seed: 1,
        blind: true,
        started_at: Timestamp(0),
        ended: None,
    };
    scene.press("g v j");
    let open = text_of(&painted(&scene, "mono"));
    assert!(open.contains("one by one") && open.contains("67 % ["), "{open}");
    story.add(Event::TrialBegan { trial: Box::new(trial) });
    scene.send(Message::Snapshot(Saved { sequence: 9_999, projection: story.projection }));
    let hidden = text_of(&painted(&scene, "mono"));
    let tree: String = hidden.lines().skip(1).take(41).collect::<Vec<_>>().join("\n");
    assert!(!tree.contains("one by one") && !tree.contains(" % ["), "{tree}");
    assert_eq!(tree.matches("hidden while blind").count(), 2, "{tree}");
    assert!(tree.contains("Hidden while blind: a trial"), "{tree}");
}
