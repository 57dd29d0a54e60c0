//! Blindness: what is hidden while a blind trial goes on. The one rule, which every screen and every command asks.
//!
//! ```text
//! blind trial ── its runs ── their rows      version, run, generator and what else tells the side: hidden
//!       └─────── its versions                their counts and rates: hidden
//! ```
//!
//! Nothing is hidden from the fold, from flags or from figures that name no side; only from whoever decides.

use std::collections::BTreeMap;

use super::{Projection, RequestRef, RowNumber, RowView, Run, Side, Trial, Version, VersionId};

impl Projection {
    /// Returns the trial that goes on and whose sides are hidden.
    #[must_use]
    pub fn blind_trial(&self) -> Option<&Trial> {
        self.laboratory().going().filter(|trial| trial.hides() && !self.tells_sides)
    }

    /// Returns whether a blind trial goes on.
    #[must_use]
    pub fn is_blind(&self) -> bool {
        self.blind_trial().is_some()
    }

    /// Tells the sides of blind trials all the same, for whoever asked for that.
    pub const fn tell_sides(&mut self) {
        self.tells_sides = true;
    }

    /// Returns whether it is hidden which version and which generator a run has.
    #[must_use]
    pub fn hides_run(&self, run: &Run) -> bool {
        let Some(of) = run.trial else { return false };
        self.blind_trial().is_some_and(|trial| trial.number == of.trial)
    }

    /// Returns whether it is hidden which side of a trial a row comes from.
    #[must_use]
    pub fn hidden_side(&self, row: RowNumber) -> bool {
        self.row(row).is_some_and(|row| row.is_hidden())
    }

    /// Returns whether the counts and rates of a version are hidden, since they would tell how its side stands.
    #[must_use]
    pub fn hides_version(&self, version: VersionId) -> bool {
        self.blind_trial().is_some_and(|trial| trial.sides.iter().any(|side| side.version == version))
    }

    /// Returns whether a version is hidden that goes by a name such as `v2` or `other@2`, as evaluations call it.
    #[must_use]
    pub fn hides_version_called(&self, name: &str) -> bool {
        let of = |side: &Side| self.version(side.version);
        let is_so = |version: &Version| {
            name == format!("v{}", version.number) || name == format!("{}@{}", version.name, version.number)
        };
        self.blind_trial().is_some_and(|trial| trial.sides.iter().filter_map(of).any(is_so))
    }

    /// Returns a sentence that says that a blind trial goes on and what is hidden; `None` where none does.
    #[must_use]
    pub fn blind_sentence(&self) -> Option<String> {
        let name = self.blind_trial()?.kind.name();
        Some(format!(
            "A blind {name} goes on: which version, run and generator its rows come from is hidden until it ends."
        ))
    }
}

impl<'a> RowView<'a> {
    /// Returns whether it is hidden which side of a trial the row comes from.
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        self.run().is_some_and(|run| self.projection.hides_run(run))
    }

    /// Returns the run that the row came from, unless that is hidden.
    #[must_use]
    pub fn shown_run(&self) -> Option<&'a Run> {
        self.run().filter(|run| !self.projection.hides_run(run))
    }

    /// Returns the version that the row came from, unless that is hidden.
    #[must_use]
    pub fn shown_version(&self) -> Option<&'a Version> {
        self.projection.version(self.shown_run()?.version)
    }

    /// Returns the request that the row came from, unless that is hidden.
    #[must_use]
    pub fn shown_request(&self) -> Option<RequestRef<'a>> {
        self.request().filter(|_| !self.is_hidden())
    }

    /// Returns the values that the variables of the row's request had. Where its side is hidden, these are only the
    /// variables that the versions of all sides declare with the same values.
    #[must_use]
    pub fn shown_variables(&self) -> BTreeMap<String, String> {
        let Some(request) = self.request() else { return BTreeMap::new() };
        let all = request.variables.iter().map(|(name, value)| (name.clone(), value.clone()));
        let trial = self.projection.blind_trial().filter(|_| self.is_hidden());
        let Some(trial) = trial else { return all.collect() };
        let declared = |name: &str| {
            let mut sides = trial.sides.iter();
            sides.all(|side| is_the_same(self.projection, trial.sides[0].version, side.version, name))
        };
        all.filter(|(name, _)| declared(name.as_str())).collect()
    }
}

/// Returns whether two versions both declare a variable, with the same values.
fn is_the_same(projection: &Projection, one: VersionId, other: VersionId, name: &str) -> bool {
    let [one, other] =
        [one, other].map(|id| projection.version(id).and_then(|version| version.content.variables.get(name)));
    one.is_some() && one == other
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::TrialStory;
    use crate::domain::{TrialOutcome, VersionId};

    #[test]
    fn a_blind_trial_hides_the_sides_of_its_rows_until_it_ends() {
        let mut of = TrialStory::compare(true, 3);
        let shown = |of: &TrialStory| {
            let row = of.story.projection.row(of.rows(0)[0]).unwrap();
            (row.is_hidden(), row.shown_version().is_some(), row.shown_run().is_some())
        };
        assert_eq!(shown(&of), (true, false, false));
        assert!(of.story.projection.is_blind() && of.story.projection.hides_version(of.versions[0]));
        assert!(of.story.projection.blind_sentence().unwrap().starts_with("A blind comparison goes on"));
        of.end(TrialOutcome::Stopped);
        assert_eq!(shown(&of), (false, true, true));
        assert!(!of.story.projection.is_blind() && of.story.projection.blind_sentence().is_none());
    }

    #[test]
    fn an_open_trial_and_rows_of_no_trial_hide_nothing() {
        let open = TrialStory::compare(false, 2);
        assert!(!open.story.projection.hidden_side(open.rows(0)[0]));
        let blind = TrialStory::compare(true, 2);
        assert!(!blind.story.projection.hidden_side(RowNumber(0)), "a row from before the trial");
        assert!(blind.story.projection.hidden_side(blind.rows(1)[1]));
        assert!(!blind.story.projection.hides_version(VersionId::from_digest([9; 8])));
        let called = |name: &str| blind.story.projection.hides_version_called(name);
        assert_eq!(["v1", "v2", "main@3", "other@2"].map(called), [false, true, true, false]);
        assert!(!open.story.projection.hides_version_called("v2"));
    }

    #[test]
    fn whoever_asks_for_it_is_told_the_sides() {
        let mut of = TrialStory::compare(true, 2);
        of.story.projection.tell_sides();
        assert!(!of.story.projection.hidden_side(of.rows(0)[0]));
    }

    #[test]
    fn only_variables_that_both_sides_declare_alike_are_shown() {
        let of = TrialStory::compare(true, 2);
        let row = of.story.projection.row(of.rows(1)[0]).unwrap();
        let names: Vec<_> = row.shown_variables().into_keys().collect();
        assert_eq!(names, ["topic"]);
        assert!(row.request().unwrap().variables.contains_key("tone"));
    }
}
