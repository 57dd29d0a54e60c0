//! The pages that a projection holds, among all that there are.

use std::sync::Arc;

use crate::domain::Chunked;
use crate::domain::page::PAGE;

/// A growing list of pages, some of them held here and the others kept elsewhere. Clones share what they hold.
#[derive(Debug, Clone)]
pub(super) struct Pages<P> {
    slots: Chunked<Option<Arc<P>>>,
    len: usize,
}

impl<P> Default for Pages<P> {
    fn default() -> Self {
        Self { slots: Chunked::default(), len: 0 }
    }
}

/// Where an element is.
pub(super) enum Found<'a, P> {
    /// In a page that is held, at an index.
    Held(&'a P, usize),
    /// In a page that is kept elsewhere, by its number, at an index.
    Kept(u32, usize),
}

impl<P: Clone + Default> Pages<P> {
    /// Returns pages that hold `len` elements, all kept elsewhere.
    pub(super) fn kept(len: usize) -> Self {
        Self { slots: (0..len.div_ceil(PAGE)).map(|_| None).collect(), len }
    }

    /// Returns how many elements the pages hold.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Returns where an element is; `None` where there is no such element.
    pub(super) fn find(&self, index: usize) -> Option<Found<'_, P>> {
        if index >= self.len {
            return None;
        }
        let page = index / PAGE;
        Some(match self.slots.get(page)? {
            Some(held) => Found::Held(held, index % PAGE),
            None => Found::Kept(u32::try_from(page).ok()?, index % PAGE),
        })
    }

    /// Returns a page that is held.
    pub(super) fn held(&self, page: u32) -> Option<&Arc<P>> {
        self.slots.get(page as usize)?.as_ref()
    }

    /// Holds a page from now on.
    pub(super) fn hold(&mut self, page: u32, held: Arc<P>) {
        if let Some(slot) = self.slots.get_mut(page as usize) {
            *slot = Some(held);
        }
    }

    /// Appends an element to the last page, or to a new one. `fetch` returns the last page where it is kept elsewhere.
    pub(super) fn push(&mut self, fetch: impl FnOnce(u32) -> Arc<P>, push: impl FnOnce(&mut P)) {
        if self.len.is_multiple_of(PAGE) {
            self.slots.push(Some(Arc::default()));
        }
        let page = self.len / PAGE;
        self.change(page, fetch, push);
        self.len += 1;
    }

    /// Changes the page of an element.
    pub(super) fn change(
        &mut self,
        page: usize,
        fetch: impl FnOnce(u32) -> Arc<P>,
        change: impl FnOnce(&mut P),
    ) {
        let Some(slot) = self.slots.get_mut(page) else { return };
        let held = slot.get_or_insert_with(|| fetch(u32::try_from(page).unwrap_or(u32::MAX)));
        change(Arc::make_mut(held));
    }

    /// Lets go of a page that is kept elsewhere by now, if it is still the same.
    pub(super) fn release(&mut self, page: u32, is_same: impl FnOnce(&Arc<P>) -> bool) {
        if self.held(page).is_some_and(is_same)
            && let Some(slot) = self.slots.get_mut(page as usize)
        {
            *slot = None;
        }
    }
}
