//! Tells a later state as records, where the facts that led to it are lost.
//!
//! ```text
//! from ──(lost facts)──> to          from ──(a few facts of records)──> to
//! ```
//!
//! The records hold all that a projection holds. The messages and the replies of requests
//! are in the lost facts alone, so they do not come back.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{OperationRecord, PackedMark, Projection, RowRecord, Touched, UndoTops};
use crate::domain::fact::Restored;
use crate::domain::{
    Event, Fact, Import, Laboratory, Operation, Origin, Reflagged, Request, RequestNumber, Restores,
    RowNumber, RowSet, Run, Scrap, Split, Timestamp, Tokens, Version,
};

/// The number of records in one fact.
const RECORDS: usize = 1000;

/// Records of a later state, new ones and changed ones.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Retold {
    /// Rows whose flags or scores changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Reflagged>,
    /// New versions, and those with another note.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<Version>,
    /// New and changed runs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub runs: Vec<Run>,
    /// New and changed requests.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<Request>,
    /// New origins of imported rows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<Origin>,
    /// New imports.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub imports: Vec<Import>,
    /// The number of the first of the new rows.
    pub first: RowNumber,
    /// New rows; the others are numbered on from the first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<RowRecord>,
    /// Marks that changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Restored>,
    /// New and changed scraps, each with its place among all scraps.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scraps: Vec<(u32, Scrap)>,
    /// New and changed operations, each with its place among all operations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<(u32, OperationRecord)>,
    /// The split, where it changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split: Option<Split>,
    /// The labels of versions and the trials, where they changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub laboratory: Option<Laboratory>,
    /// The tops of the undo and redo stacks.
    pub tops: UndoTops,
    /// The highest operation number given so far.
    pub last_operation: u64,
}

/// A later state told as facts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Retelling {
    /// The facts; all of them take effect together.
    pub facts: Vec<Fact>,
    /// How many rows are new.
    pub rows: usize,
    /// How many rows have another mark.
    pub decisions: usize,
    /// Requests whose messages or replies only the lost facts held.
    pub wordless: Vec<RequestNumber>,
}

impl Projection {
    /// Returns facts that lead from this projection to a later one; `None` where the other did not grow out
    /// of this one.
    #[must_use]
    pub fn retell(&self, to: &Self, at: Timestamp) -> Option<Retelling> {
        to.grew_out_of(self).then(|| self.records(to, at))
    }

    /// Returns facts that lead from this projection to a later one, which must have grown out of an earlier state
    /// of this one.
    pub(crate) fn records(&self, to: &Self, at: Timestamp) -> Retelling {
        let mut telling = Telling { to, told: Vec::new(), records: 0 };
        telling.sources(self);
        telling.rows(self);
        telling.steps(self);
        let rows = to.len() - self.len();
        let decisions = telling.told.iter().flat_map(|told| &told.marks).map(|marks| marks.rows.len()).sum();
        let requests = telling.told.iter().flat_map(|told| &told.requests);
        let wordless = requests.map(|request| request.number).collect();
        let count = telling.told.len();
        let facts = telling.told.into_iter().enumerate().map(|(place, told)| Fact {
            operation: to.next_operation(),
            at,
            part: place + 1 < count,
            event: Event::Retold(Box::new(told)),
        });
        Retelling { facts: facts.collect(), rows, decisions, wordless }
    }

    /// Returns whether this projection may be a later state of another one.
    fn grew_out_of(&self, former: &Self) -> bool {
        let holds = |ours: usize, theirs: usize| ours >= theirs;
        holds(self.versions.len(), former.versions.len())
            && holds(self.runs.len(), former.runs.len())
            && holds(self.requests.len(), former.requests.len())
            && holds(self.scraps.len(), former.scraps.len())
            && holds(self.operations.len(), former.operations.len())
            && holds(self.len(), former.len())
            && self.imports().len() >= former.imports().len()
            && self.origins().starts_with(former.origins())
            && self.versions.iter().zip(former.versions.iter()).all(|(now, then)| now.id == then.id)
            && self.runs().zip(former.runs()).all(|(now, then)| now.started_at == then.started_at)
            && self
                .operations()
                .zip(former.operations())
                .all(|(now, then)| (now.id, now.at) == (then.id, then.at))
            && (0..former.len()).all(|row| {
                let number = RowNumber(u32::try_from(row).unwrap_or(u32::MAX));
                self.id(number) == former.id(number)
            })
    }

    /// Applies records of a later state.
    pub(super) fn apply_retold(&mut self, told: &Retold, touched: &mut Touched) {
        self.reflag(&told.flags, touched);
        if let Some(split) = &told.split {
            self.split = Some(Arc::new(split.clone()));
            touched.split = true;
        }
        if let Some(laboratory) = &told.laboratory {
            self.laboratory = Arc::new(laboratory.clone());
            touched.laboratory = true;
        }
        for version in &told.versions {
            let put = self.add_version(version).or_else(|| self.note(version.id, version.note.as_ref()));
            touched.versions.extend(put);
        }
        told.runs.iter().for_each(|run| self.put_run(run, touched));
        for request in &told.requests {
            self.put_request(request);
            touched.requests.push(request.number);
        }
        self.put_imports(told, touched);
        if told.first.index() == self.len() {
            for RowRecord { row, there, request, created_at } in &told.rows {
                let (there, mark) = (there.as_deref(), PackedMark::default());
                touched.rows.push(self.push_row(row, there, *request, *created_at, mark));
            }
        }
        self.restore(&Restores::Nothing, &told.marks, touched);
        self.put_scraps(&told.scraps, touched);
        told.operations.iter().for_each(|(place, record)| self.put_operation(*place, record, touched));
        self.tops = told.tops;
        self.next_operation = self.next_operation.max(told.last_operation);
    }

    fn put_run(&mut self, run: &Run, touched: &mut Touched) {
        let before = self.runs.get(run.number.index()).map(Run::used).unwrap_or_default();
        match self.runs.get_mut(run.number.index()) {
            Some(known) => known.clone_from(run),
            None => self.runs.push(run.clone()),
        }
        let used = run.used();
        let more = Tokens {
            input: used.input.saturating_sub(before.input),
            output: used.output.saturating_sub(before.output),
        };
        self.count_tokens(run.number, more);
        touched.runs.push(run.number);
    }

    fn put_imports(&mut self, told: &Retold, touched: &mut Touched) {
        if told.origins.is_empty() && told.imports.is_empty() {
            return;
        }
        let known = self.origins().len();
        let imports = self.imports_mut();
        told.origins.iter().for_each(|origin| imports.know(origin));
        told.imports.iter().for_each(|import| imports.put(import));
        touched.origins = known..self.origins().len();
        touched.imports.extend(told.imports.iter().map(|import| import.number));
    }

    fn put_scraps(&mut self, scraps: &[(u32, Scrap)], touched: &mut Touched) {
        for (place, scrap) in scraps {
            match self.scraps.get_mut(*place as usize) {
                Some(known) => known.clone_from(scrap),
                None => self.scraps.push(scrap.clone()),
            }
        }
        if let (Some((first, _)), Some((last, _))) = (scraps.first(), scraps.last()) {
            touched.scraps = *first as usize..*last as usize + 1;
        }
    }

    fn put_operation(&mut self, place: u32, record: &OperationRecord, touched: &mut Touched) {
        let operation = self.operation_of(record);
        self.highest_listed = self.highest_listed.max(operation.id.0);
        match self.operations.get_mut(place as usize) {
            Some(known) => *known = operation,
            None => self.operations.push(operation),
        }
        touched.operations.push(place);
    }

    /// Returns the operation of a record, with its marks packed.
    pub(super) fn operation_of(&mut self, record: &OperationRecord) -> Operation {
        Operation {
            id: record.id,
            at: record.at,
            kind: record.kind,
            rows: record.rows,
            undone: record.undone,
            below: record.below,
            restores: self.packed_restores(&record.restores),
        }
    }
}

/// Records that are being collected, [`RECORDS`] at most in one fact.
struct Telling<'a> {
    to: &'a Projection,
    told: Vec<Retold>,
    records: usize,
}

impl<'a> Telling<'a> {
    /// Adds one record.
    fn add(&mut self, put: impl FnOnce(&mut Retold)) {
        if self.records.is_multiple_of(RECORDS) {
            let (tops, last_operation) = (self.to.undo_tops(), self.to.last_operation().0);
            self.told.push(Retold { tops, last_operation, ..Retold::default() });
        }
        self.records += 1;
        if let Some(told) = self.told.last_mut() {
            put(told);
        }
    }

    /// Adds the elements of a list that are new or changed, each with its place.
    fn changed<T: PartialEq + 'a>(
        &mut self,
        before: impl Iterator<Item = T>,
        now: impl Iterator<Item = T>,
        put: impl Fn(&mut Retold, u32, T),
    ) {
        let mut before = before.fuse();
        for (place, now) in (0..).zip(now) {
            if before.next().as_ref() != Some(&now) {
                self.add(|told| put(told, place, now));
            }
        }
    }

    /// Adds the flags of known rows, then all that new rows refer to.
    fn sources(&mut self, from: &'a Projection) {
        for (then, now) in from.any_rows().zip(self.to.any_rows()) {
            if then.scores() != now.scores() || !then.flags().eq(now.flags()) {
                let (row, flags, scores) = (now.number(), now.flags().collect(), now.scores());
                self.add(|told| told.flags.push(Reflagged { row, flags, scores }));
            }
        }
        if let Some(split) = self.to.split().filter(|split| from.split() != Some(split)) {
            self.add(|told| told.split = Some(split.clone()));
        }
        let laboratory = self.to.laboratory();
        if from.laboratory() != laboratory {
            self.add(|told| told.laboratory = Some(laboratory.clone()));
        }
        let to = self.to;
        self.changed(from.versions().iter(), to.versions().iter(), |told, _, version| {
            told.versions.push(version.clone());
        });
        self.changed(from.runs(), to.runs(), |told, _, run| told.runs.push(run.clone()));
        let requests = |of: &'a Projection| of.requests().map(|request| request.clone());
        self.changed(requests(from), requests(to), |told, _, request| told.requests.push(request));
        self.changed(from.origins().iter(), to.origins().iter(), |told, _, origin| {
            told.origins.push(origin.clone());
        });
        self.changed(from.imports().iter(), to.imports().iter(), |told, _, import| {
            told.imports.push(import.clone());
        });
    }

    /// Adds new rows and changed marks.
    fn rows(&mut self, from: &Projection) {
        for row in self.to.any_rows().skip(from.len()) {
            self.add(|told| {
                if told.rows.is_empty() {
                    told.first = row.number();
                }
                told.rows.push(row.record());
            });
        }
        for row in self.to.any_rows() {
            let mark = row.mark();
            if from.mark(row.number()).unwrap_or_default() != mark {
                let rows = RowSet::one(row.number());
                self.add(|told| match told.marks.last_mut().filter(|last| last.mark == mark) {
                    Some(last) => last.rows.push(row.number()),
                    None => told.marks.push(Restored { rows, mark }),
                });
            }
        }
    }

    /// Adds scraps, and the operations with their stacks.
    fn steps(&mut self, from: &'a Projection) {
        let to = self.to;
        self.changed(from.scraps(), to.scraps(), |told, place, scrap| {
            told.scraps.push((place, scrap.clone()));
        });
        let records = |of: &'a Projection| (0..).map_while(|place| of.operation_record(place));
        self.changed(records(from), records(to), |told, place, record| told.operations.push((place, record)));
        if self.told.is_empty() && (from.tops, from.next_operation) != (to.tops, to.next_operation) {
            self.add(|_| ());
        }
    }
}

#[cfg(test)]
mod tests;
