//! The requests of a projection, and the pages that it fetches.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Projection;
use super::pages::Found;
use crate::domain::page::{Kept, PAGE, RequestRef, TextPage};
use crate::domain::{Request, RequestNumber, RunNumber};

impl Projection {
    /// Returns how many requests there are.
    #[must_use]
    pub const fn request_count(&self) -> usize {
        self.requests.len()
    }

    /// Returns all requests in order.
    pub fn requests(&self) -> impl Iterator<Item = RequestRef<'_>> {
        (0..self.request_count()).filter_map(|place| self.request_at(place))
    }

    /// Returns a request.
    #[must_use]
    pub fn request(&self, number: RequestNumber) -> Option<RequestRef<'_>> {
        self.request_at(number.0 as usize)
    }

    fn request_at(&self, place: usize) -> Option<RequestRef<'_>> {
        match self.requests.find(place)? {
            Found::Held(page, at) => page.get(at).map(RequestRef::here),
            Found::Kept(page, at) => RequestRef::fetched(self.fetch_requests(page), at),
        }
    }

    /// Returns the run of a request.
    #[must_use]
    pub fn run_of_request(&self, number: RequestNumber) -> Option<RunNumber> {
        self.request_runs.get(number.0 as usize).copied()
    }

    /// Returns the requests of a run, in order.
    pub fn requests_of(&self, run: RunNumber) -> impl Iterator<Item = RequestRef<'_>> {
        let of_run = self.request_runs.iter().enumerate().filter(move |(_, of)| **of == run);
        of_run.filter_map(|(place, _)| self.request_at(place))
    }

    /// Returns the variables that had several values among the requests of a run.
    #[must_use]
    pub fn varied(&self, run: RunNumber) -> BTreeSet<String> {
        let mut requests = self.requests_of(run);
        let Some(first) = requests.next() else { return BTreeSet::new() };
        let mut varied = BTreeSet::new();
        for request in requests {
            let differs =
                first.variables.iter().filter(|(name, value)| request.variables.get(*name) != Some(value));
            varied.extend(differs.map(|(name, _)| name.clone()));
        }
        varied
    }

    /// Adds a request, or puts a known one into its place.
    pub(super) fn put_request(&mut self, request: &Request) {
        let request = self.shared(request.clone());
        let (place, kept) = (request.number.0 as usize, self.kept.clone());
        let fetch = |page| fetched_requests(kept.as_deref(), page);
        if place < self.requests.len() {
            self.requests.change(place / PAGE, fetch, |page| {
                page.get_mut(place % PAGE).into_iter().for_each(|known| *known = request.clone());
            });
        } else {
            self.request_runs.push(request.run);
            self.requests.push(fetch, |page| page.push(request));
        }
    }

    /// Changes a request, if it is there.
    pub(super) fn change_request(&mut self, number: RequestNumber, change: impl FnOnce(&mut Request)) {
        let (place, kept) = (number.0 as usize, self.kept.clone());
        let fetch = |page| fetched_requests(kept.as_deref(), page);
        self.requests.change(place / PAGE, fetch, |page| {
            if let Some(request) = page.get_mut(place % PAGE) {
                change(request);
            }
        });
    }

    pub(super) fn fetch_requests(&self, page: u32) -> Arc<Vec<Request>> {
        fetched_requests(self.kept.as_deref(), page)
    }

    pub(super) fn fetch_texts(&self, page: u32) -> Arc<TextPage> {
        fetched_texts(self.kept.as_deref(), page)
    }

    /// Returns why a text or a request could not be fetched, as a sentence; `None` while all could. What was shown or
    /// written of it meanwhile lacks it.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.kept.as_ref()?.trouble()
    }
}

fn fetched_requests(kept: Option<&dyn Kept>, page: u32) -> Arc<Vec<Request>> {
    kept.map(|kept| kept.requests(page)).unwrap_or_default()
}

pub(super) fn fetched_texts(kept: Option<&dyn Kept>, page: u32) -> Arc<TextPage> {
    kept.map(|kept| kept.texts(page)).unwrap_or_default()
}
