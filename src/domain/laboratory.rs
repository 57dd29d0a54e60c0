//! What a person keeps about versions: their labels, and the trials that they were in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Run, Trial, TrialNumber, VersionId};

/// The labels of versions, and all trials.
///
/// A label names one version of a prompt; given to another version, it moves there. `latest` is none of them: it moves
/// by itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Laboratory {
    /// The version that each label names, by prompt and label.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<String, BTreeMap<String, VersionId>>,
    /// All trials, in the order of their numbers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    trials: Vec<Trial>,
}

impl Laboratory {
    /// Returns whether there are neither labels nor trials.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.trials.is_empty()
    }

    /// Returns the version of a prompt that a label names.
    #[must_use]
    pub fn labelled(&self, prompt: &str, label: &str) -> Option<VersionId> {
        self.labels.get(prompt)?.get(label).copied()
    }

    /// Returns the labels of a version, sorted.
    pub fn labels_of(&self, version: VersionId) -> impl Iterator<Item = &str> {
        let all = self.labels.values().flatten();
        all.filter(move |(_, named)| **named == version).map(|(label, _)| label.as_str())
    }

    /// Returns all trials, the first one first.
    #[must_use]
    pub fn trials(&self) -> &[Trial] {
        &self.trials
    }

    /// Returns a trial.
    #[must_use]
    pub fn trial(&self, number: TrialNumber) -> Option<&Trial> {
        self.trials.get((number.0 as usize).checked_sub(1)?)
    }

    /// Returns the trial that goes on; there is at most one.
    #[must_use]
    pub fn going(&self) -> Option<&Trial> {
        self.trials.last().filter(|trial| trial.goes_on())
    }

    /// Returns the trial that goes on, if a run is of it.
    #[must_use]
    pub(crate) fn going_of(&self, run: &Run) -> Option<&Trial> {
        self.going().filter(|trial| run.trial.is_some_and(|of| of.trial == trial.number))
    }

    /// Makes a label name a version of a prompt, or none.
    pub(super) fn label(&mut self, prompt: &str, label: &str, version: Option<VersionId>) {
        let of_prompt = self.labels.entry(prompt.to_owned()).or_default();
        match version {
            Some(version) => drop(of_prompt.insert(label.to_owned(), version)),
            None => drop(of_prompt.remove(label)),
        }
        self.labels.retain(|_, labels| !labels.is_empty());
    }

    /// Adds a trial that has the next number; any other changes nothing.
    pub(super) fn begin(&mut self, trial: &Trial) {
        if trial.number.0 as usize == self.trials.len() + 1 {
            self.trials.push(trial.clone());
        }
    }

    /// Ends a trial that goes on.
    pub(super) fn end(&mut self, number: TrialNumber, end: super::TrialEnd) {
        let place = (number.0 as usize).checked_sub(1);
        let trial = place.and_then(|place| self.trials.get_mut(place));
        if let Some(trial) = trial.filter(|trial| trial.goes_on()) {
            trial.ended = Some(end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::Story;
    use crate::domain::{
        Event, GeneratorSettings, Projection, Side, Timestamp, TrialEnd, TrialKind, TrialOutcome, Version,
    };

    /// Two versions, `production` on the first, a note on the second, one trial that ended and one that goes on.
    fn story() -> Story {
        let mut story = Story::default();
        let versions = [story.version("first words"), story.version("other words")];
        let labelled =
            |label: &str, version| Event::Labelled { prompt: "main".into(), label: label.into(), version };
        story.add(labelled("production", Some(versions[1])));
        story.add(labelled("candidate", Some(versions[1])));
        story.add(labelled("production", Some(versions[0])));
        story.add(Event::Noted { version: versions[1], note: Some("shorter".into()) });
        for number in [1, 2] {
            let side = |version| Side { version, settings: GeneratorSettings::default() };
            let trial = Trial {
                number: TrialNumber(number),
                kind: TrialKind::Compare,
                sides: versions.map(side).to_vec(),
                rows: 20,
                seed: 7,
                blind: true,
                started_at: Timestamp(1),
                ended: None,
            };
            story.add(Event::TrialBegan { trial: Box::new(trial) });
            if number == 1 {
                let outcome = TrialOutcome::Best { side: 1 };
                story.add(Event::TrialEnded { trial: TrialNumber(1), outcome });
            }
        }
        story
    }

    #[test]
    fn a_label_names_one_version_of_a_prompt_and_moves() {
        let mut story = story();
        let [first, second] = [0, 1].map(|place| story.projection.versions()[place].id);
        let lab = story.projection.laboratory();
        assert_eq!(lab.labelled("main", "production"), Some(first));
        assert_eq!(lab.labels_of(second).collect::<Vec<_>>(), ["candidate"]);
        assert_eq!(lab.labelled("other", "production"), None);
        story.add(Event::Labelled { prompt: "main".into(), label: "production".into(), version: None });
        assert_eq!(story.projection.laboratory().labels_of(first).count(), 0);
    }

    #[test]
    fn a_note_replaces_the_one_before_and_leaves_the_id_alone() {
        let mut story = story();
        let version = story.projection.versions()[1].clone();
        assert_eq!(version.note.as_deref(), Some("shorter"));
        story.add(Event::Noted { version: version.id, note: None });
        assert_eq!(story.projection.versions()[1], Version { note: None, ..version });
    }

    #[test]
    fn the_last_trial_goes_on_until_it_ends_and_an_end_is_said_once() {
        let mut story = story();
        let going = |story: &Story| story.projection.laboratory().going().map(|trial| trial.number);
        assert_eq!(going(&story), Some(TrialNumber(2)));
        assert!(story.projection.laboratory().going().unwrap().hides());
        story.add(Event::TrialEnded { trial: TrialNumber(2), outcome: TrialOutcome::Stopped });
        story.add(Event::TrialEnded { trial: TrialNumber(2), outcome: TrialOutcome::NoDifference });
        assert_eq!(going(&story), None);
        let ended = story.projection.laboratory().trial(TrialNumber(2)).unwrap().ended;
        assert!(matches!(ended, Some(TrialEnd { outcome: TrialOutcome::Stopped, .. })), "{ended:?}");
    }

    #[test]
    fn records_hold_all_of_it() {
        let story = story();
        let again = Projection::from_parts(story.projection.to_parts());
        assert_eq!(again.difference(&story.projection), None);
        assert_eq!(again.laboratory(), story.projection.laboratory());

        let mut before = Projection::default();
        story.facts[..3].iter().for_each(|fact| drop(before.apply(fact)));
        let retelling = before.retell(&story.projection, Timestamp(9)).unwrap();
        retelling.facts.iter().for_each(|fact| drop(before.apply(fact)));
        assert_eq!(before.difference(&story.projection), None);
        assert_eq!(before.versions()[1].note.as_deref(), Some("shorter"));
    }
}
