//! Which train rows whoever made a row had seen, through all that its prompt showed.
//!
//! A prompt may show the session's own rows: accepted ones as examples, and rejected or edited ones. Such a row stands
//! for the rows that its own prompt showed, and for the train row that it copies, if it does:
//!
//! ```text
//! accepted row ──► its prompt ──┬─► train rows
//!                               └─► rows of the session ──► their prompts ──► …
//! ```

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::Seen;
use crate::dataset::Dataset;
use crate::domain::{FlagKind, Projection, Provider, RequestNumber, RowId, RowNumber, RowView};

/// Follows rows to what was seen for them.
pub(super) struct Followed<'a> {
    dataset: &'a Dataset,
    rows: &'a Projection,
    /// The place of each real row that an evaluation uses, by its index.
    places: &'a HashMap<u32, u32>,
    /// All rows of the session, also those that are withdrawn since; built once a prompt showed one of them.
    by_id: OnceCell<HashMap<RowId, RowNumber>>,
    /// What was found out before. Rows of requests that were under way at once come in turns.
    known: HashMap<RequestNumber, Seen>,
}

impl<'a> Followed<'a> {
    pub(super) fn new(dataset: &'a Dataset, rows: &'a Projection, places: &'a HashMap<u32, u32>) -> Self {
        Self { dataset, rows, places, by_id: OnceCell::new(), known: HashMap::new() }
    }

    fn row(&self, id: RowId) -> Option<RowView<'a>> {
        let numbers = || (0..self.rows.len()).filter_map(|number| u32::try_from(number).ok()).map(RowNumber);
        let all = || numbers().filter_map(|number| Some((self.rows.id(number)?, number))).collect();
        self.rows.any_row(*self.by_id.get_or_init(all).get(&id)?)
    }

    /// Returns the train rows that whoever made a row had seen.
    pub(super) fn seen(&mut self, row: &RowView<'_>) -> Seen {
        let Some(request) = row.request_number() else { return Seen::Rows(Vec::new()) };
        if let Some(known) = self.known.get(&request) {
            return known.clone();
        }
        let seen = self.follow(request);
        self.known.insert(request, seen.clone());
        seen
    }

    fn follow(&self, first: RequestNumber) -> Seen {
        let (mut found, mut visited, mut open) = (BTreeSet::new(), HashSet::from([first]), vec![first]);
        while let Some(number) = open.pop() {
            let Some(request) = self.rows.request(number) else { continue };
            let run = self.rows.run(request.run);
            if run.is_some_and(|run| run.generator.provider == Provider::Offline.name()) {
                return Seen::All;
            }
            for id in &request.examples {
                // An id may be one of the dataset's and one of the session's, where a dataset was exported from here.
                found.extend(self.place(id));
                let Some(row) = id.parse().ok().and_then(|id| self.row(id)) else { continue };
                let copied = row.flags().filter(|flag| flag.kind == FlagKind::CopiesReal);
                found.extend(copied.filter_map(|flag| self.place(flag.other.as_deref()?)));
                open.extend(row.request_number().filter(|next| visited.insert(*next)));
            }
        }
        Seen::Rows(found.into_iter().collect())
    }

    /// Returns the place of a real row by its id in the dataset.
    fn place(&self, id: &str) -> Option<u32> {
        self.places.get(&self.dataset.index_of_id(id)?).copied()
    }
}
