//! What of a projection only grows: words, names of train rows, edits.

use super::record::{Key, Kind};
use crate::domain::Projection;
use crate::domain::projection::{EDITS, NAMES};

/// How much there is of what only grows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Grown {
    words: usize,
    names: usize,
    edits: usize,
}

impl Grown {
    /// Returns how much there is in a projection.
    pub(crate) fn of(projection: &Projection) -> Self {
        Self {
            words: projection.word_count(),
            names: projection.names().len(),
            edits: projection.edits().len(),
        }
    }

    /// Returns the keys of the records that have more now than before.
    pub(crate) fn keys_since(self, before: Self) -> impl Iterator<Item = Key> {
        let pages = |kind, before: usize, now: usize, page: usize| {
            let pages = if now > before { before / page..now.div_ceil(page) } else { 0..0 };
            pages.filter_map(move |page| Some(Key { kind, number: u32::try_from(page).ok()? }))
        };
        let words = (self.words != before.words).then_some(Key { kind: Kind::Words, number: 0 });
        words.into_iter().chain(pages(Kind::Names, before.names, self.names, NAMES)).chain(pages(
            Kind::Edits,
            before.edits,
            self.edits,
            EDITS,
        ))
    }
}
