//! Facts that are shown before they are saved.
//!
//! ```text
//! saved ── apply unanswered facts, in order ──► shown
//! ```
//!
//! A fact that failed is dropped and the rest is applied again. A fact whose operation is already
//! in the journal is not applied twice: facts that were written together are answered one by one,
//! and each answer carries the state after all of them.
//!
//! The fields are private, so that only the methods here change what is shown.

use crate::domain::{Change, Event, Fact, OperationId, Projection, RowNumber, RowSet, Saved, Timestamp};

/// The journal's state, with the unanswered facts applied on top.
#[derive(Debug, Clone, Default)]
pub(super) struct ShownFacts {
    saved: Saved,
    shown: Projection,
    unanswered: Vec<Fact>,
    /// Operations that show nothing until they are answered: undo, redo, bulk changes, versions.
    asked: Vec<(OperationId, &'static str)>,
    last_operation: u64,
}

/// Returns whether a projection holds an operation. Operations are sorted by number.
fn holds(projection: &Projection, operation: OperationId) -> bool {
    let mut later = projection.operations().rev().take_while(|known| known.id >= operation);
    later.any(|known| known.id == operation)
}

impl ShownFacts {
    /// Returns the state in which everything is saved.
    pub(super) fn new(saved: Saved) -> Self {
        let mut facts = Self::default();
        facts.take_in(saved);
        facts
    }

    /// Returns the journal's state with the unanswered facts applied, as it is drawn.
    pub(super) const fn shown(&self) -> &Projection {
        &self.shown
    }

    /// Returns a number that grows with each operation that is saved, and not with the rows of a run that goes on.
    pub(super) const fn saved_operations(&self) -> u64 {
        self.saved.projection.next_operation().0
    }

    /// Returns the unanswered facts, in order.
    #[cfg(test)]
    pub(super) fn unanswered(&self) -> &[Fact] {
        &self.unanswered
    }

    /// Returns whether the journal has answered everything.
    pub(super) const fn is_saved(&self) -> bool {
        self.unanswered.is_empty() && self.asked.is_empty()
    }

    /// Returns whether an operation that shows nothing until its answer is unanswered.
    pub(super) const fn is_asking(&self) -> bool {
        !self.asked.is_empty()
    }

    /// Applies a fact to what is shown, and returns it to be written.
    pub(super) fn append(&mut self, event: Event, at: Timestamp) -> Fact {
        let fact = Fact::new(self.new_operation(), at, event);
        self.shown.apply(&fact);
        self.unanswered.push(fact.clone());
        fact
    }

    /// Applies changes of rows, each decided by itself, as one operation, and returns its number.
    pub(super) fn append_each(&mut self, changes: &[(RowNumber, Change)], at: Timestamp) -> OperationId {
        let operation = self.new_operation();
        let last = changes.len().saturating_sub(1);
        for (place, (row, change)) in changes.iter().enumerate() {
            let event = Event::Changed { rows: RowSet::one(*row), change: change.clone(), bulk: false };
            let fact = Fact { part: place < last, ..Fact::new(operation, at, event) };
            self.shown.apply(&fact);
            self.unanswered.push(fact);
        }
        operation
    }

    /// Numbers an operation that shows nothing until its answer; the error message uses the noun.
    pub(super) fn ask(&mut self, noun: &'static str) -> OperationId {
        let operation = self.new_operation();
        self.asked.push((operation, noun));
        operation
    }

    /// Numbers an operation without waiting for its answer.
    pub(super) const fn new_operation(&mut self) -> OperationId {
        self.last_operation += 1;
        OperationId(self.last_operation)
    }

    /// Marks an operation as answered, whether it was written or failed, and takes over the
    /// journal's state. Returns the operation's noun, such as `The edit`.
    pub(super) fn answered(&mut self, operation: OperationId, saved: Saved) -> &'static str {
        let noun = self.noun_of(operation);
        self.unanswered.retain(|fact| fact.operation != operation);
        self.asked.retain(|(asked, _)| *asked != operation);
        self.take_in(saved);
        noun
    }

    fn noun_of(&self, operation: OperationId) -> &'static str {
        let fact = self.unanswered.iter().find(|fact| fact.operation == operation);
        let asked = self.asked.iter().find(|(asked, _)| *asked == operation).map(|(_, noun)| *noun);
        match fact.map(|fact| &fact.event) {
            Some(Event::Changed { change: Change::Edit { .. }, .. }) => "The edit",
            Some(Event::TrialBegan { .. } | Event::TrialEnded { .. }) => "The race",
            Some(Event::Labelled { .. }) => "The label",
            Some(Event::Noted { .. }) => "The note",
            Some(_) => "The decision",
            None => asked.unwrap_or("The operation"),
        }
    }

    /// Takes over the journal's state, unless it is older than the present one.
    pub(super) fn take_in(&mut self, saved: Saved) {
        if saved.sequence >= self.saved.sequence {
            self.saved = saved;
        }
        self.shown = self.saved.projection.clone();
        for fact in &self.unanswered {
            if !holds(&self.saved.projection, fact.operation) {
                self.shown.apply(fact);
            }
        }
        let used = self.saved.projection.next_operation().0 - 1;
        self.last_operation = self.last_operation.max(used);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::StateKind;
    use crate::domain::StateKind::{Accepted, Pending, Rejected};
    use crate::domain::fixtures::Story;

    const NOW: Timestamp = Timestamp(9_000_000);

    fn saved(story: &Story) -> Saved {
        Saved { sequence: story.facts.len() as u64, projection: story.projection.clone() }
    }

    fn change(row: u32, change: Change) -> Event {
        Event::Changed { rows: RowSet::one(RowNumber(row)), change, bulk: false }
    }

    fn states(facts: &ShownFacts) -> Vec<StateKind> {
        facts.shown().rows().map(|row| row.state().kind()).collect()
    }

    #[test]
    fn a_fact_is_shown_before_it_is_saved() {
        let mut facts = ShownFacts::new(saved(&Story::with_rows(2)));
        assert!(facts.is_saved());
        let fact = facts.append(change(0, Change::accept()), NOW);
        assert_eq!(states(&facts), [Accepted, Pending]);
        assert_eq!(facts.unanswered(), [fact]);
        assert!(!facts.is_saved() && !facts.is_asking());
    }

    #[test]
    fn a_fact_that_was_written_stays_and_one_that_failed_goes() {
        let mut story = Story::with_rows(2);
        let mut facts = ShownFacts::new(saved(&story));
        let first = facts.append(change(0, Change::accept()), NOW);
        let second = facts.append(change(1, Change::reject()), NOW);
        assert_eq!(facts.answered(first.operation, saved(&story)), "The decision");
        assert_eq!(states(&facts), [Pending, Rejected]);
        story.push(second.clone());
        facts.answered(second.operation, saved(&story));
        assert_eq!(states(&facts), [Pending, Rejected]);
        assert!(facts.is_saved());
    }

    #[test]
    fn a_fact_that_the_journal_holds_before_its_answer_is_not_applied_twice() {
        let mut story = Story::with_rows(2);
        let mut facts = ShownFacts::new(saved(&story));
        let tagged = facts.append(change(0, Change::Tag { tags: vec!["odd".into()] }), NOW);
        story.push(tagged);
        let undo = story.projection.undo(story.projection.next_operation(), NOW).unwrap();
        story.push(undo);
        facts.take_in(saved(&story));
        assert_eq!(facts.unanswered().len(), 1);
        assert!(facts.shown().mark(RowNumber(0)).unwrap().tags.is_empty(), "the undo stands");
    }

    #[test]
    fn a_state_older_than_the_one_known_is_not_shown() {
        let mut story = Story::with_rows(1);
        let old = saved(&story);
        story.change(&[0], Change::accept());
        let mut facts = ShownFacts::new(saved(&story));
        facts.take_in(old);
        assert_eq!(states(&facts), [Accepted]);
    }

    #[test]
    fn what_was_asked_is_on_its_way_until_its_answer_and_named_by_its_noun() {
        let story = Story::with_rows(1);
        let mut facts = ShownFacts::new(saved(&story));
        let operation = facts.ask("The undo");
        assert!(facts.is_asking() && !facts.is_saved());
        assert_eq!(facts.answered(operation, saved(&story)), "The undo");
        assert!(facts.is_saved());
        assert_eq!(facts.answered(operation, saved(&story)), "The operation");
        let edit = facts.append(change(0, Change::Edit { fields: None }), NOW);
        assert_eq!(facts.answered(edit.operation, saved(&story)), "The edit");
    }

    #[test]
    fn operations_are_numbered_behind_those_of_the_journal_and_never_twice() {
        let mut story = Story::with_rows(1);
        let mut facts = ShownFacts::new(saved(&story));
        let first = facts.new_operation();
        assert_eq!(first, story.projection.next_operation());
        assert_eq!(facts.ask("The redo").0, first.0 + 1);
        for _ in 0..5 {
            story.change(&[0], Change::skip());
        }
        facts.take_in(saved(&story));
        assert_eq!(facts.new_operation(), story.projection.next_operation());
    }
}
