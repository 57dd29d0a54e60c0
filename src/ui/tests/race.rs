//! The Race view.

use super::scene::Scene;
use super::*;
use crate::domain::fixtures::Story;
use crate::domain::{
    Budget, Change, Event, GeneratorSettings, Provider, RowNumber, Saved, Side, Timestamp, Trial, TrialKind,
    TrialNumber, TrialOutcome, TrialSide,
};

const TEXTS: [&str; 4] = [
    "URGENT! Your account has been locked. Reply YES with your PIN to 80062 or call 0906 636 1234 to unlock it within \
     24 hours, calls cost 1.50 a minute.",
    "Claim 2 free cinema tickets: text FILM to 83355 before Friday",
    "Your parcel is held at our depot, pay the 1.99 fee at the link below",
    "Free entry in 2 a wkly comp to win FA Cup final tkts",
];

/// Lets the last three versions race, with decisions of which the middle one has the most accepted.
fn race(scene: &mut Scene, each: u32, outcome: Option<TrialOutcome>) {
    let mut story = Story { facts: vec![], projection: scene.model.shown().clone() };
    let settings = GeneratorSettings {
        provider: Provider::Openai,
        model: Some("smollm2".into()),
        ..GeneratorSettings::default()
    };
    let versions: Vec<_> =
        story.projection.versions().iter().rev().take(3).map(|version| version.id).collect();
    let sides =
        versions.into_iter().rev().map(|version| Side { version, settings: settings.clone() }).collect();
    let trial = Trial {
        number: TrialNumber(1),
        kind: TrialKind::Race,
        sides,
        rows: 300,
        seed: 11,
        blind: true,
        started_at: Timestamp(1_900_000),
        ended: None,
    };
    story.add(Event::TrialBegan { trial: Box::new(trial) });
    for side in 0..3_u8 {
        let texts: Vec<_> = (0..each).map(|row| format!("Win prize {row} of {side} now")).collect();
        let texts: Vec<_> = texts.iter().map(String::as_str).chain(TEXTS).collect();
        let first = u32::try_from(story.projection.len()).unwrap();
        story.batch_for(TrialSide { trial: TrialNumber(1), side }, Budget::default(), &texts);
        for row in first..first + each {
            let good = if side == 1 { row % 5 != 0 } else { row % 3 == 0 };
            story.change(&[row], if good { Change::accept() } else { Change::reject() });
        }
    }
    if let Some(outcome) = outcome {
        story.add(Event::TrialEnded { trial: TrialNumber(1), outcome });
    }
    scene.send(Message::Snapshot(Saved { sequence: 9_999, projection: story.projection }));
}

#[test]
fn the_form_of_a_race() {
    check("race_form", 212, |scene| scene.press("g r j"));
}

#[test]
fn a_race_that_goes_on_shows_one_row_and_nothing_of_its_version() {
    check("race_going", 212, |scene| {
        race(scene, 20, None);
        scene.press("g r");
        let long =
            scene.model.race.race.pending.iter().copied().find(|row: &RowNumber| {
                scene.model.shown().row(*row).is_some_and(|row| row.text() == TEXTS[0])
            });
        scene.model.race.current = long;
        let text = text_of(&painted(scene, "mono"));
        // The lines around the view are of the dataset.
        let text: Vec<_> = text.lines().skip(1).take_while(|line| !line.starts_with('┗')).collect();
        let text = text.join("\n");
        assert!(text.contains("URGENT! Your account has been locked."), "{text}");
        for version in ["v5", "v6", "v7", "[", "%"] {
            assert!(!text.contains(version), "`{version}` tells too much:\n{text}");
        }
    });
}

#[test]
fn a_race_whose_server_fails() {
    check("race_paused", 212, |scene| {
        race(scene, 0, None);
        scene.press("g r");
        scene.model.race.current = None;
        scene.model.race.feed = crate::app::race::Feed::Paused {
            why: Some(
                "The connection to openai broke off: nobody listens at http://localhost:8080/v1.".into(),
            ),
        };
    });
}

#[test]
fn a_race_that_named_a_best() {
    check("race_best", 212, |scene| {
        race(scene, 60, Some(TrialOutcome::Best { side: 1 }));
        scene.press("g r");
    });
}

#[test]
fn a_race_whose_decisions_were_changed_since() {
    check("race_changed", 212, |scene| {
        race(scene, 4, Some(TrialOutcome::Best { side: 1 }));
        scene.press("g r");
    });
}
