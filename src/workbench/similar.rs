//! The session's rows by their texts: which ones are equal or nearly equal to an earlier one.
//!
//! It keeps about 100 bytes a row and no text. Where two texts may be nearly equal, that of the earlier row is asked for,
//! so the rows that texts are compared with are handed in: those of the projection, and those that are to come behind it.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use super::flagging::{Findings, Flagger};
use crate::curate::remarks::Instruction;
use crate::dataset::Dataset;
use crate::domain::{Flag, FlagKind, Projection, RowId, RowNumber, Scores};
use crate::generate::Novelty;
use crate::parallel;
use crate::text::{IndexedText, Shingles, Stop, Stopped, TextHash, TextIndex};

/// How many rows are looked at together, on all cores.
const TOGETHER: u32 = 4096;

/// The rows that a text is compared with.
#[derive(Clone, Copy)]
pub(super) struct Others<'a> {
    pub(super) projection: &'a Projection,
    /// Returns a row that is not in the projection yet, by its place behind the last one that is.
    pub(super) coming: &'a dyn Fn(usize) -> Option<(RowId, Cow<'a, str>)>,
}

impl<'a> Others<'a> {
    /// Returns the rows of a projection alone.
    pub(super) fn of(projection: &'a Projection) -> Self {
        Self { projection, coming: &|_| None }
    }

    fn read<T>(self, row: RowNumber, read: impl FnOnce(RowId, &str) -> T) -> Option<T> {
        match row.index().checked_sub(self.projection.len()) {
            Some(place) => (self.coming)(place).map(|(id, text)| read(id, &text)),
            None => self.projection.row(row).map(|row| read(row.id(), &row.text())),
        }
    }
}

/// Finds the session's rows whose texts are equal or nearly equal to another one.
#[derive(Debug, Clone, Default)]
pub(super) struct Similar {
    rows: TextIndex,
}

impl Similar {
    /// Indexes the texts of a projection's rows, on all cores.
    ///
    /// # Errors
    ///
    /// Where that was stopped.
    pub(super) fn of(projection: &Projection, stop: &Stop) -> Result<Self, Stopped> {
        let mut similar = Self::default();
        similar.add_from(projection, RowNumber(0), stop)?;
        Ok(similar)
    }

    /// Adds a projection's rows from a number on.
    pub(super) fn add_from(
        &mut self,
        projection: &Projection,
        first: RowNumber,
        stop: &Stop,
    ) -> Result<(), Stopped> {
        let count = u32::try_from(projection.len()).unwrap_or(u32::MAX);
        for start in (first.0..count).step_by(TOGETHER as usize) {
            stop.check()?;
            let rows: Vec<RowNumber> =
                (start..count.min(start.saturating_add(TOGETHER))).map(RowNumber).collect();
            self.add(projection, &rows);
        }
        Ok(())
    }

    /// Adds the texts of some rows of a projection.
    pub(super) fn add(&mut self, projection: &Projection, rows: &[RowNumber]) {
        let indexed = parallel::map(rows, |row| {
            projection.row(*row).map(|row| (row.number(), IndexedText::of(&row.text())))
        });
        indexed.into_iter().flatten().for_each(|(number, text)| self.rows.insert(&text, number.0));
    }

    /// Takes a row's text out, because the row gets another one or goes.
    pub(super) fn forget(&mut self, text: &str, number: RowNumber) {
        self.rows.remove(TextHash::of(text), number.0);
    }

    /// Returns the flag of a text that is equal or nearly equal to that of an earlier row.
    pub(super) fn flag_among(
        &self,
        (text, indexed): (&str, &IndexedText),
        number: RowNumber,
        others: Others<'_>,
    ) -> Option<Flag> {
        let first = self.rows.first_equal(indexed.hash).filter(|first| *first < number.0);
        let (kind, other, figure) = if let Some(first) = first {
            (FlagKind::Duplicate, first, 1.0)
        } else {
            let shingles = |row| others.read(RowNumber(row), |_, text| Shingles::of(text));
            let own = || Shingles::of(text);
            let (other, figure) = self.rows.nearest(indexed, own, number.0, shingles)?;
            (FlagKind::NearDuplicate, other, figure)
        };
        let other = others.read(RowNumber(other), |id, _| id.to_string());
        Some(Flag { kind, other, figure: Some(figure) })
    }

    /// Returns the flags and scores of a row, with what an earlier row has of its text, and adds its text to the index.
    pub(super) fn take_in(
        &mut self,
        text: &str,
        findings: Findings,
        number: RowNumber,
        others: Others<'_>,
    ) -> (Vec<Flag>, Scores) {
        let Findings { text: indexed, mut flags, scores } = findings;
        if let Some(flag) = self.flag_among((text, &indexed), number, others) {
            flags.push(flag);
            flags.sort_by_key(|flag| flag.kind.place());
        }
        self.rows.insert(&indexed, number.0);
        (flags, scores)
    }

    /// Returns the check for new texts that the offline generator uses.
    pub(super) fn novelty(&self, flagger: Arc<Flagger>, dataset: &Dataset) -> Arc<dyn Novelty + Send + Sync> {
        let real = dataset.rows().map(|row| dataset.hash(row.index));
        let taken = real.chain(self.rows.hashes()).collect();
        Arc::new(NewTexts { flagger, taken: Mutex::new(taken) })
    }
}

impl super::Workbench {
    /// Flags a text of a row, as the present dataset and the other rows make it, and adds it to the index.
    pub(super) fn flag_text(
        &mut self,
        text: &str,
        told: Option<&Instruction>,
        number: RowNumber,
    ) -> (Vec<Flag>, Scores) {
        let findings = self.flagger().flag(text, told);
        let (similar, projection) = self.similar();
        similar.take_in(text, findings, number, Others::of(projection))
    }
}

/// The texts of real rows and of the session's rows. Test rows are known by hash only.
#[derive(Debug)]
struct NewTexts {
    flagger: Arc<Flagger>,
    taken: Mutex<HashSet<TextHash>>,
}

impl Novelty for NewTexts {
    fn is_new(&self, normal: &str, shingles: &Shingles, near: f64) -> bool {
        // A panic while the lock is held cannot leave the set half changed.
        let taken = self.taken.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        !taken.contains(&TextHash::of_normalised(normal)) && !self.flagger.is_near_train(shingles, near)
    }

    fn took(&self, normal: &str) {
        let mut taken = self.taken.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        taken.insert(TextHash::of_normalised(normal));
    }
}
