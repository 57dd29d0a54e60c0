//! Which rows of the session say the same, beside what the flagger says of a text.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use super::flagging::{Findings, Flagger};
use crate::curate::remarks::Instruction;
use crate::dataset::Dataset;
use crate::domain::{Flag, FlagKind, Projection, RowId, RowNumber, Scores};
use crate::generate::Novelty;
use crate::text::{TextHash, normalise};

/// Finds what a text is like among the real rows and the session's rows.
#[derive(Debug)]
pub(super) struct Similar {
    pub(super) flagger: Arc<Flagger>,
    /// Normalised texts of the session's rows, each with the first row that has it.
    rows: HashMap<TextHash, (RowNumber, RowId)>,
}

impl Similar {
    /// Notes the texts of the session's rows.
    pub(super) fn of(flagger: Flagger, projection: &Projection) -> Self {
        let mut similar = Self { flagger: Arc::new(flagger), rows: HashMap::new() };
        for row in projection.rows() {
            similar.remember(TextHash::of(row.text()), row.number(), row.id());
        }
        similar
    }

    /// Notes the text of a row; the first row with a text stays the one that others duplicate.
    fn remember(&mut self, text: TextHash, number: RowNumber, id: RowId) {
        let entry = self.rows.entry(text).or_insert((number, id));
        if number < entry.0 {
            *entry = (number, id);
        }
    }

    /// Returns the flags and scores of a row that was flagged, with the row that says the same and came
    /// before it, and notes its text.
    pub(super) fn take_in(
        &mut self,
        findings: Findings,
        number: RowNumber,
        id: RowId,
    ) -> (Vec<Flag>, Scores) {
        let Findings { hash, mut flags, scores } = findings;
        if let Some((_, other)) = self.rows.get(&hash).filter(|(other, _)| *other < number) {
            let other = Some(other.to_string());
            flags.push(Flag { kind: FlagKind::Duplicate, other, figure: Some(1.0) });
            flags.sort_by_key(|flag| flag.kind.place());
        }
        self.remember(hash, number, id);
        (flags, scores)
    }

    /// Flags a text and takes it in as that of a row.
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

    /// Returns the check that the offline generator holds its rows to.
    pub(super) fn novelty(&self, dataset: &Dataset) -> Arc<dyn Novelty + Send + Sync> {
        let real = dataset.rows().map(|row| dataset.hash(row.index));
        let taken = real.chain(self.rows.keys().copied()).collect();
        Arc::new(NewTexts { flagger: Arc::clone(&self.flagger), taken: Mutex::new(taken) })
    }
}

/// Texts that neither a real row nor a row of the session has. Test rows are known by hash only.
#[derive(Debug)]
struct NewTexts {
    flagger: Arc<Flagger>,
    taken: Mutex<HashSet<TextHash>>,
}

impl Novelty for NewTexts {
    fn is_new(&self, text: &str) -> bool {
        let normal = normalise(text);
        // A panic while the set is held cannot leave it half changed.
        let taken = self.taken.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        !taken.contains(&TextHash::of_normalised(&normal)) && !self.flagger.is_near_train(&normal)
    }

    fn took(&self, text: &str) {
        let mut taken = self.taken.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        taken.insert(TextHash::of(text));
    }
}
