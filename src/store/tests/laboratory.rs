//! Labels, notes and trials in a store.

use super::imports::formats;
use super::open;
use crate::domain::fixtures::Story;
use crate::domain::{Event, GeneratorSettings, Side, Timestamp, Trial, TrialKind, TrialNumber, TrialOutcome};
use crate::store::verify;

#[test]
fn labels_notes_and_trials_are_there_again_and_an_earlier_version_says_that_the_journal_is_too_new() {
    let dir = tempfile::tempdir().unwrap();
    let mut story = Story::with_rows(2);
    let versions = [story.projection.versions()[0].id, story.version("other words")];
    let mut kept = open(dir.path());
    kept.add(&story.facts);
    let before = story.facts.len();
    story.add(Event::Labelled {
        prompt: "main".into(),
        label: "production".into(),
        version: Some(versions[0]),
    });
    story.add(Event::Noted { version: versions[1], note: Some("shorter".into()) });
    let side = |version| Side { version, settings: GeneratorSettings::default().into_written() };
    let trial = Trial {
        number: TrialNumber(1),
        kind: TrialKind::Race,
        sides: versions.map(side).to_vec(),
        rows: 300,
        seed: 7,
        blind: true,
        started_at: Timestamp(1),
        ended: None,
    };
    story.add(Event::TrialBegan { trial: Box::new(trial) });
    story.add(Event::TrialEnded { trial: TrialNumber(1), outcome: TrialOutcome::Best { side: 1 } });
    kept.add(&story.facts[before..]);
    assert_eq!(formats(dir.path()), [1, 4]);
    kept.close();

    let again = open(dir.path());
    assert_eq!(again.projection.difference(&story.projection), None);
    assert_eq!(again.projection.laboratory(), story.projection.laboratory());
    again.close();
    assert!(verify(dir.path()).unwrap().is_clean());
}
