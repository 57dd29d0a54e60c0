//! What a person keeps about versions: their labels, and the trials that they were in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Trial, TrialNumber, VersionId};

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
