//! Finds the texts of requests among the lines after a gap, which sled does not hold.

use std::collections::BTreeSet;

use crate::domain::{Event, Fact, Projection, RequestNumber};

/// Facts that hold texts of requests.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub(super) facts: Vec<Fact>,
    asked: BTreeSet<RequestNumber>,
    answered: BTreeSet<RequestNumber>,
}

impl Texts {
    /// Keeps a fact if it holds a text.
    pub(super) fn take(&mut self, fact: Fact) {
        match &fact.event {
            Event::RequestBegan { request, .. } => self.asked.insert(request.number),
            Event::RequestEnded { request, .. } => self.answered.insert(*request),
            _ => return,
        };
        self.facts.push(Fact { part: false, ..fact });
    }

    /// Returns whether all texts are known of a request that is not in the state before the gap as it is in
    /// the state after it.
    pub(super) fn hold(&self, number: RequestNumber, before: &Projection, after: &Projection) -> bool {
        let is_asked = before.request(number).is_some() || self.asked.contains(&number);
        let has_ended = after.request(number).is_some_and(|request| request.seconds.is_some());
        is_asked && (!has_ended || self.answered.contains(&number))
    }
}
