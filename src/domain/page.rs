//! Pages: the large parts of rows and requests, which need not be in memory.
//!
//! A projection holds the pages that changed of late. The others are kept elsewhere, and fetched one by one
//! when something draws, filters or exports them; see [`Kept`].

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use super::{Fields, NewRow, Request};

/// How many rows, or requests, a page holds.
pub(crate) const PAGE: usize = 64;

/// Returns the number of the page, of so many elements each, that an element is in.
#[must_use]
pub(crate) fn page_of(element: u32, each: usize) -> u32 {
    element / u32::try_from(each).unwrap_or(u32::MAX)
}

/// The texts, and whatever else is large, of up to [`PAGE`] rows, as they were generated.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct TextPage {
    /// Where each row's text ends in `texts`.
    pub(crate) ends: Vec<u32>,
    /// All texts, one behind the other.
    pub(crate) texts: String,
    /// All fields of the rows that have others besides the text, by index in the page, ascending.
    pub(crate) fields: Vec<(u8, Arc<Fields>)>,
    /// The ids that rows have in the files that they were imported from, by index in the page, ascending.
    pub(crate) there: Vec<(u8, Box<str>)>,
}

impl TextPage {
    /// Returns the text of the row at an index in the page; empty where there is no such row.
    #[must_use]
    pub(crate) fn text(&self, at: usize) -> &str {
        let end = |at: usize| self.ends.get(at).map_or(self.texts.len(), |end| *end as usize);
        let start = at.checked_sub(1).map_or(0, end);
        self.texts.get(start..end(at)).unwrap_or_default()
    }

    /// Returns all fields of the row at an index in the page.
    #[must_use]
    pub(crate) fn fields(&self, at: usize) -> Fields {
        let found = self.fields.binary_search_by_key(&at, |(row, _)| usize::from(*row)).ok();
        found.map_or_else(|| Fields::of_text(self.text(at)), |found| self.fields[found].1.as_ref().clone())
    }

    /// Returns the id that the row at an index in the page has in the file that it was imported from.
    #[must_use]
    pub(crate) fn id_there(&self, at: usize) -> Option<&str> {
        let found = self.there.binary_search_by_key(&at, |(row, _)| usize::from(*row)).ok()?;
        Some(&self.there[found].1)
    }

    /// Appends a row.
    pub(super) fn push(&mut self, row: &NewRow, there: Option<&str>) {
        let at = u8::try_from(self.ends.len()).unwrap_or_default();
        self.texts.push_str(row.fields.text());
        self.ends.push(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        if row.fields.0.len() > 1 {
            self.fields.push((at, Arc::new(row.fields.clone())));
        }
        self.there.extend(there.map(|there| (at, there.into())));
    }
}

/// What fetches the pages that a projection does not hold.
pub(crate) trait Kept: fmt::Debug + Send + Sync {
    /// Returns a page of texts. One that cannot be read is empty, and [`Kept::trouble`] says why.
    fn texts(&self, page: u32) -> Arc<TextPage>;

    /// Returns a page of requests. One that cannot be read is empty, and [`Kept::trouble`] says why.
    fn requests(&self, page: u32) -> Arc<Vec<Request>>;

    /// Returns why a page could not be read, as a sentence; `None` while all could.
    fn trouble(&self) -> Option<String>;
}

/// A row's text, borrowed from a projection or from a page that was fetched.
#[derive(Debug)]
pub struct RowText<'a>(Place<'a, TextPage, str>);

/// A request, borrowed from a projection or from a page that was fetched.
#[derive(Debug)]
pub struct RequestRef<'a>(Place<'a, Vec<Request>, Request>);

#[derive(Debug)]
enum Place<'a, P, T: ?Sized> {
    Here(&'a T),
    Fetched(Arc<P>, usize),
}

impl<'a> RowText<'a> {
    /// Returns a text that is there.
    pub(crate) const fn here(text: &'a str) -> Self {
        Self(Place::Here(text))
    }

    pub(super) const fn fetched(page: Arc<TextPage>, at: usize) -> Self {
        Self(Place::Fetched(page, at))
    }

    /// Returns the text for as long as the projection holds it.
    #[cfg(test)]
    pub(crate) fn held(self) -> Option<&'a str> {
        match self.0 {
            Place::Here(text) => Some(text),
            Place::Fetched(..) => None,
        }
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self
    }
}

impl Deref for RowText<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match &self.0 {
            Place::Here(text) => text,
            Place::Fetched(page, at) => page.text(*at),
        }
    }
}

impl fmt::Display for RowText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl PartialEq<str> for RowText<'_> {
    fn eq(&self, other: &str) -> bool {
        **self == *other
    }
}

impl PartialEq<&str> for RowText<'_> {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl PartialEq for RowText<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<'a> RequestRef<'a> {
    pub(super) const fn here(request: &'a Request) -> Self {
        Self(Place::Here(request))
    }

    /// Returns the request at an index of a page that was fetched, if the page has it.
    pub(super) fn fetched(page: Arc<Vec<Request>>, at: usize) -> Option<Self> {
        (at < page.len()).then_some(Self(Place::Fetched(page, at)))
    }
}

impl Deref for RequestRef<'_> {
    type Target = Request;

    fn deref(&self) -> &Request {
        match &self.0 {
            Place::Here(request) => request,
            // It was there when the reference was made, and pages do not change.
            Place::Fetched(page, at) => &page[*at],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::Story;

    #[test]
    fn a_page_gives_each_row_its_text_and_its_fields() {
        let story = Story::default();
        let mut page = TextPage::default();
        for text in ["one", "", "äö"] {
            page.push(&story.new_row(text, vec![]), (text == "äö").then_some("17"));
        }
        assert_eq!([0, 1, 2, 3].map(|at| page.text(at)), ["one", "", "äö", ""]);
        assert_eq!((page.id_there(2), page.id_there(0)), (Some("17"), None));
        assert_eq!(page.fields(0), Fields::of_text("one"));
    }

    #[test]
    fn a_fetched_text_is_the_same_as_one_that_is_there() {
        let mut page = TextPage::default();
        page.push(&Story::default().new_row("win £5", vec![]), None);
        let (here, fetched) = (RowText::here("win £5"), RowText::fetched(Arc::new(page), 0));
        assert_eq!(here, fetched);
        assert_eq!((fetched.as_str(), format!("{fetched:>8}")), ("win £5", "  win £5".to_owned()));
        assert!(RequestRef::fetched(Arc::default(), 0).is_none());
    }
}
