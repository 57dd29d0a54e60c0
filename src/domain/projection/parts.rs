//! Converts the projection to the records that the store writes, and back.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{PackedMark, Projection, RowView};
use crate::domain::fact::Restored;
use crate::domain::{
    Import, Laboratory, Mark, NewRow, OperationId, OperationKind, Origin, Request, RequestNumber, Restores,
    Run, Scrap, Split, Timestamp, Version,
};

/// The generated part of a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowRecord {
    /// The row as it was generated, with its current flags.
    #[serde(flatten)]
    pub row: NewRow,
    /// Its id in the file that it was imported from, where it has another one here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub there: Option<String>,
    /// The request it came from; for an imported row, what stands for its origin.
    pub request: RequestNumber,
    /// When it came.
    pub created_at: Timestamp,
}

/// An operation with the unpacked marks that undo it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OperationRecord {
    /// Its number.
    pub id: OperationId,
    /// When it was done.
    pub at: Timestamp,
    /// What it did.
    #[serde(flatten)]
    pub kind: OperationKind,
    /// How many rows it touched.
    pub rows: u32,
    /// Whether it is undone.
    #[serde(default)]
    pub undone: bool,
    /// The operation below it on its stack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<u32>,
    /// The marks that undo restores, or that redo restores where it is undone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub restores: Vec<Restored>,
}

/// The tops of the two stacks, as indexes of operations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoTops {
    /// The operation that undo reverts next.
    pub undo: Option<u32>,
    /// The operation that redo repeats next.
    pub redo: Option<u32>,
}

/// All records of a projection, each list in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parts {
    /// All versions.
    pub versions: Vec<Version>,
    /// All runs.
    pub runs: Vec<Run>,
    /// All requests.
    pub requests: Vec<Request>,
    /// All rows.
    pub rows: Vec<RowRecord>,
    /// The mark of each row, in the order of the rows; rows beyond its end have the default mark.
    pub marks: Vec<Mark>,
    /// All scraps.
    pub scraps: Vec<Scrap>,
    /// All operations.
    pub operations: Vec<OperationRecord>,
    /// The tops of the undo and redo stacks.
    pub tops: UndoTops,
    /// The split.
    pub split: Option<Split>,
    /// The labels of versions, and the trials.
    pub laboratory: Laboratory,
    /// All imports.
    pub imports: Vec<Import>,
    /// All origins of imported rows.
    pub origins: Vec<Origin>,
    /// The highest operation number given so far.
    pub last_operation: u64,
}

impl Projection {
    /// Builds a projection from its parts and recomputes the counts.
    #[must_use]
    pub fn from_parts(parts: Parts) -> Self {
        let mut projection = Self {
            versions: Arc::new(parts.versions),
            runs: parts.runs.into_iter().collect(),
            scraps: parts.scraps.into_iter().collect(),
            split: parts.split.map(Arc::new),
            laboratory: Arc::new(parts.laboratory),
            tops: parts.tops,
            next_operation: parts.last_operation,
            highest_listed: parts.operations.iter().map(|operation| operation.id.0).max().unwrap_or_default(),
            ..Self::default()
        };
        let imports = projection.imports_mut();
        parts.origins.iter().for_each(|origin| imports.know(origin));
        parts.imports.iter().for_each(|import| imports.put(import));
        for request in parts.requests {
            projection.put_request(&request);
        }
        let mut marks = parts.marks.into_iter();
        let mut flagged = vec![0; projection.runs.len()];
        for record in parts.rows {
            let run = projection.run_of_request(record.request).filter(|_| !record.row.flags.is_empty());
            if let Some(flagged) = run.and_then(|run| flagged.get_mut(run.index())) {
                *flagged += 1;
            }
            let mark = marks.next().unwrap_or_default();
            let mark = projection.pack(&mark, PackedMark::default());
            projection.push_row(
                &record.row,
                record.there.as_deref(),
                record.request,
                record.created_at,
                mark,
            );
        }
        projection.count_runs(&flagged);
        for record in parts.operations {
            let operation = projection.operation_of(&record);
            projection.operations.push(operation);
        }
        projection
    }

    /// Counts what is not in the records of runs: their tokens, and how many of their rows have flags.
    pub(super) fn count_runs(&mut self, flagged: &[u32]) {
        for (place, flagged) in flagged.iter().enumerate() {
            let Some(run) = self.runs.get_mut(place) else { continue };
            run.flagged = *flagged;
            let (number, tokens) = (run.number, run.used());
            self.count_tokens(number, tokens);
        }
    }

    pub(super) fn packed_restores(&mut self, restores: &[Restored]) -> Restores {
        let mut marks = Vec::new();
        for Restored { rows, mark } in restores {
            let packed = self.pack(mark, PackedMark::default());
            marks.extend(rows.ranges().map(|(first, last)| (first.0, last.0, packed)));
        }
        marks.sort_unstable_by_key(|(first, ..)| *first);
        Restores::of(marks)
    }

    /// Returns the record of an operation, by index.
    #[must_use]
    pub fn operation_record(&self, index: u32) -> Option<OperationRecord> {
        let operation = self.operations.get(index as usize)?;
        Some(OperationRecord {
            id: operation.id,
            at: operation.at,
            kind: operation.kind,
            rows: operation.rows,
            undone: operation.undone,
            below: operation.below,
            restores: self.restored(&operation.restores),
        })
    }

    /// Returns a scrap by its index among all scraps.
    #[must_use]
    pub fn scrap(&self, index: usize) -> Option<&Scrap> {
        self.scraps.get(index)
    }

    /// Returns the tops of the undo and redo stacks.
    #[must_use]
    pub const fn undo_tops(&self) -> UndoTops {
        self.tops
    }

    /// Returns the highest operation number given so far.
    #[must_use]
    pub const fn last_operation(&self) -> OperationId {
        OperationId(self.next_operation)
    }

    /// Takes the projection apart. This allocates for every row, so only checks use it.
    #[must_use]
    pub fn to_parts(&self) -> Parts {
        let operations = 0..u32::try_from(self.operations.len()).unwrap_or(u32::MAX);
        Parts {
            versions: self.versions().to_vec(),
            runs: self.runs().cloned().collect(),
            requests: self.requests().map(|request| request.clone()).collect(),
            rows: self.any_rows().map(|row| row.record()).collect(),
            marks: self.any_rows().map(|row| row.mark()).collect(),
            scraps: self.scraps().cloned().collect(),
            operations: operations.filter_map(|index| self.operation_record(index)).collect(),
            tops: self.tops,
            split: self.split().cloned(),
            laboratory: self.laboratory().clone(),
            imports: self.imports().to_vec(),
            origins: self.origins().to_vec(),
            last_operation: self.next_operation,
        }
    }

    /// Returns the first difference between two projections, as a sentence, or `None` where they are equal. Rows are
    /// compared one by one, so that neither is taken apart as a whole.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Option<String> {
        let requests = |of: &Self| of.requests().map(|request| request.clone()).collect::<Vec<_>>();
        let records = |of: &Self| (0..).map_while(|index| of.operation_record(index)).collect::<Vec<_>>();
        let unequal = [
            (self.versions() != other.versions(), "versions"),
            (!self.runs().eq(other.runs()), "runs"),
            (requests(self) != requests(other), "requests"),
            (!self.scraps().eq(other.scraps()), "scraps"),
            (records(self) != records(other), "operations"),
            (self.tops != other.tops, "tops of the undo stacks"),
            (self.split() != other.split(), "split"),
            (self.laboratory() != other.laboratory(), "labels or trials"),
            (self.imports() != other.imports(), "imports"),
            (self.origins() != other.origins(), "origins of imported rows"),
            (self.counts.all != other.counts.all, "counts"),
            (self.counts.usage != other.counts.usage, "tokens"),
            (
                self.versions().iter().any(|version| self.counts.differ_of(&other.counts, version.id)),
                "counts of versions",
            ),
        ];
        if let Some((_, what)) = unequal.iter().find(|(differs, _)| *differs) {
            return Some(format!("The {what} differ."));
        }
        if self.len() != other.len() {
            return Some(format!("One has {} rows, the other {}.", self.len(), other.len()));
        }
        let differs = |(ours, theirs): &(RowView<'_>, RowView<'_>)| {
            ours.record() != theirs.record() || ours.mark() != theirs.mark()
        };
        let (row, _) = self.any_rows().zip(other.any_rows()).find(differs)?;
        Some(format!("Row {} ({}) differs.", row.number().shown(), row.id()))
    }
}
