//! Duplicates among the session's rows, added to the flags that the flagger finds.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use super::flagging::{Findings, Flagger};
use crate::curate::remarks::Instruction;
use crate::dataset::Dataset;
use crate::domain::{Flag, FlagKind, Projection, RowId, RowNumber, Scores};
use crate::generate::Novelty;
use crate::text::{Shingles, TextHash};

/// The session's rows with a text, in ascending order.
type Same = Vec<(RowNumber, RowId)>;

/// Compares texts with the real rows and with the session's rows.
#[derive(Debug)]
pub(super) struct Similar {
    pub(super) flagger: Arc<Flagger>,
    /// The hashes of the session's texts, each with the rows that have it.
    rows: HashMap<TextHash, Same>,
}

impl Similar {
    /// Indexes the texts of the session's rows.
    pub(super) fn of(flagger: Arc<Flagger>, projection: &Projection) -> Self {
        let mut similar = Self { flagger, rows: HashMap::new() };
        for row in projection.rows() {
            similar.remember(TextHash::of(&row.text()), row.number(), row.id());
        }
        similar
    }

    /// Adds a row's text; the first row with a text is the one that others duplicate.
    fn remember(&mut self, text: TextHash, number: RowNumber, id: RowId) {
        let same = self.rows.entry(text).or_default();
        if let Err(place) = same.binary_search_by_key(&number, |row| row.0) {
            same.insert(place, (number, id));
        }
    }

    /// Takes a row's text out, because the row gets another one.
    pub(super) fn forget(&mut self, text: &str, number: RowNumber) {
        if let Entry::Occupied(mut same) = self.rows.entry(TextHash::of(text)) {
            same.get_mut().retain(|row| row.0 != number);
            if same.get().is_empty() {
                same.remove();
            }
        }
    }

    /// Returns the first row that has a text, where it came before another one.
    pub(super) fn first_with(&self, text: &str, before: RowNumber) -> Option<RowId> {
        let first = self.rows.get(&TextHash::of(text)).and_then(|same| same.first());
        first.filter(|(other, _)| *other < before).map(|(_, id)| *id)
    }

    /// Returns the flags and scores of a row, with a `duplicate` flag if an earlier row has the same text,
    /// and adds its text to the index.
    pub(super) fn take_in(
        &mut self,
        findings: Findings,
        number: RowNumber,
        id: RowId,
    ) -> (Vec<Flag>, Scores) {
        let Findings { hash, mut flags, scores } = findings;
        let first = self.rows.get(&hash).and_then(|same| same.first());
        if let Some((_, other)) = first.filter(|(other, _)| *other < number) {
            let other = Some(other.to_string());
            flags.push(Flag { kind: FlagKind::Duplicate, other, figure: Some(1.0) });
            flags.sort_by_key(|flag| flag.kind.place());
        }
        self.remember(hash, number, id);
        (flags, scores)
    }

    /// Flags a row's text and adds it to the index.
    pub(super) fn flag(
        &mut self,
        text: &str,
        told: Option<&Instruction>,
        number: RowNumber,
        id: RowId,
    ) -> (Vec<Flag>, Scores) {
        let findings = self.flagger.flag(text, told);
        self.take_in(findings, number, id)
    }

    /// Returns the check for new texts that the offline generator uses.
    pub(super) fn novelty(&self, dataset: &Dataset) -> Arc<dyn Novelty + Send + Sync> {
        let real = dataset.rows().map(|row| dataset.hash(row.index));
        let taken = real.chain(self.rows.keys().copied()).collect();
        Arc::new(NewTexts { flagger: Arc::clone(&self.flagger), taken: Mutex::new(taken) })
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
