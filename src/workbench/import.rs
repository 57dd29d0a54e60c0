//! Imports rows that were made elsewhere.
//!
//! ```text
//! file ──batches──► judge (label, fields, id, here already?) ──► flags, on all cores ──► facts, held in a file
//!                                    the end of the file: they are saved one by one, and take effect with the last
//! ```
//!
//! An import is one operation, and nothing of it is saved before the last row was read. A row is known by the
//! hash of its file and its line there, so that the same file brings nothing twice, and equal texts of one file
//! all come.

mod file;
mod held;
mod judge;
mod known;
mod report;
#[cfg(test)]
mod tests;
mod turned;

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;

use super::flagging::{Findings, Flagger};
use super::similar::Others;
use super::{Workbench, WorkbenchError};
use crate::domain::{
    Event, Fact, Flag, FlagKind, Import, Incoming, Lines, Mark, NewImported, NewRow, OperationId, Origin,
    RowId, RowNumber, RowState, Timestamp,
};
use crate::parallel;
use crate::text::Stop;
pub(crate) use file::{FileOrder, ImportProgress};
use held::Held;
use judge::{Judge, Judged};
use known::Known;
pub(crate) use report::ImportReport;
use report::Refusal;

/// The most rows of one fact; they are flagged together.
const BATCH: usize = if cfg!(test) { 64 } else { 2048 };
/// The bytes of texts from which on a batch is full.
const BATCH_BYTES: usize = 4 << 20;

/// What to import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ImportOrder {
    /// The file's name, without its folders.
    pub(crate) file: String,
    /// The hash of its bytes.
    pub(crate) hash: String,
    /// The format that it is read in.
    pub(crate) format: String,
    /// The label that all rows get, whatever they say themselves.
    pub(crate) label: Option<String>,
    /// Whether rows that bring no decision are accepted.
    pub(crate) accept: bool,
}

/// The rows of a file, or why one of them cannot be read.
type Read = Result<Incoming, Refusal>;

/// An import that is under way.
struct Importing<'a> {
    order: &'a ImportOrder,
    operation: OperationId,
    at: Timestamp,
    number: u32,
    /// The number of the next row.
    next: RowNumber,
    held: Held,
    report: ImportReport,
}

impl Workbench {
    /// Saves the rows of a file as one operation, if there are any that are not here already. `told` is called
    /// with the number of rows read so far.
    ///
    /// # Errors
    ///
    /// Where the label is none of the session's, where no row has a label and none is given, where it was stopped, and
    /// where the rows cannot be written. Nothing was imported then.
    pub(super) fn import(
        &mut self,
        (order, operation, at): (&ImportOrder, OperationId, Timestamp),
        rows: impl Iterator<Item = Read>,
        stop: &Stop,
        told: &mut dyn FnMut(u64),
    ) -> Result<ImportReport, WorkbenchError> {
        if let Some(real) = self.unindexed() {
            self.set_indexes(real.index(stop).map_err(|_stopped| WorkbenchError::ImportStopped)?);
        }
        let report = self.read_and_save((order, operation, at), rows, stop, told);
        // The index has texts of rows that did not come.
        report.inspect_err(|_| self.similar = None)
    }

    fn read_and_save(
        &mut self,
        (order, operation, at): (&ImportOrder, OperationId, Timestamp),
        rows: impl Iterator<Item = Read>,
        stop: &Stop,
        told: &mut dyn FnMut(u64),
    ) -> Result<ImportReport, WorkbenchError> {
        let (held, report) = self.read_rows((order, operation, at), rows, stop, told)?;
        if report.rows == 0 && report.unlabelled > 0 && report.unlabelled == report.refused {
            return Err(WorkbenchError::Usage(format!(
                "No row of {} has a label, so nothing was imported. Say which label they get, `--as LABEL`, or where \
                 their labels are, `--label NAME`.",
                order.file
            )));
        }
        if report.rows > 0 {
            let facts = held.into_facts().map_err(|error| not_held(&error))?;
            let facts = facts.map(|fact| fact.map_err(|error| not_held(&error)));
            self.save_in_parts(operation, facts).map_err(|error| match error {
                not_imported @ WorkbenchError::NotImported(_) => not_imported,
                other => WorkbenchError::NotImported(other.to_string()),
            })?;
        }
        Ok(report)
    }

    fn read_rows(
        &mut self,
        (order, operation, at): (&ImportOrder, OperationId, Timestamp),
        mut rows: impl Iterator<Item = Read>,
        stop: &Stop,
        told: &mut dyn FnMut(u64),
    ) -> Result<(Held, ImportReport), WorkbenchError> {
        let held = Held::new(self.folder()?).map_err(|error| not_held(&error))?;
        let flagger = self.flagger();
        let (mut judge, mut known) = (self.judge(order, at)?, Known::of(&self.projection, &order.hash));
        let mut importing = Importing {
            order,
            operation,
            at,
            number: u32::try_from(self.projection.imports().len() + 1).unwrap_or(u32::MAX),
            next: RowNumber(u32::try_from(self.projection.len()).unwrap_or(u32::MAX)),
            held,
            report: ImportReport::of(order),
        };
        let mut read = 0;
        loop {
            stop.check().map_err(|_stopped| WorkbenchError::ImportStopped)?;
            let (batch, is_end) = importing.batch(&mut rows, &mut judge, &mut known, &mut read)?;
            let findings = parallel::map(&batch, |row| flagger.flag_imported(row));
            self.take_batch(&mut importing, batch, findings).map_err(|error| not_held(&error))?;
            told(read);
            if is_end {
                let Importing { held, mut report, .. } = importing;
                report.undeclared = judge.into_undeclared();
                return Ok((held, report));
            }
        }
    }

    /// Makes a fact of the rows of a batch, and holds it.
    fn take_batch(
        &mut self,
        importing: &mut Importing<'_>,
        batch: Vec<Judged>,
        findings: Vec<Findings>,
    ) -> io::Result<()> {
        let first = importing.next;
        let mut lines = Lines::default();
        let mut origins: Vec<Origin> = Vec::new();
        let mut places: HashMap<Origin, u32> = HashMap::new();
        let mut rows: Vec<NewImported> = Vec::with_capacity(batch.len());
        let (similar, projection) = self.similar();
        for (judged, findings) in batch.into_iter().zip(findings) {
            let place = u32::try_from(rows.len()).unwrap_or(u32::MAX);
            let Judged { line, id, there, label, fields, mark, mut origin, .. } = judged;
            lines.push(line, place);
            let held = &importing.held;
            let coming = |place: usize| match place.checked_sub(held.len()) {
                None => held.row(place),
                Some(of_batch) => rows.get(of_batch).map(of_row).map(|(id, text)| (id, Cow::Borrowed(text))),
            };
            let text = mark.edit.as_ref().unwrap_or(&fields).text();
            let others = Others { projection, coming: &coming };
            let (flags, scores) = similar.take_in(text, findings, importing.next, others);
            importing.report.count(&flags, &mark);
            let created_at = origin.created_at.take();
            let origin = *places.entry(origin).or_insert_with_key(|origin| {
                origins.push(origin.clone());
                u32::try_from(origins.len() - 1).unwrap_or(u32::MAX)
            });
            let row = NewRow { id, label, fields, flags, scores };
            rows.push(NewImported { row, there, origin, created_at, mark });
            importing.next.0 = importing.next.0.saturating_add(1);
        }
        if rows.is_empty() {
            return Ok(());
        }
        let order = importing.order;
        let import = Import {
            number: importing.number,
            file: order.file.clone(),
            hash: order.hash.clone(),
            format: order.format.clone(),
            lines,
            first,
            rows: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            at: importing.at,
        };
        importing.report.import = Some(importing.number);
        let event = Event::Imported { import: Box::new(import), origins, rows };
        importing.held.hold(&Fact::new(importing.operation, importing.at, event))
    }
}

impl Importing<'_> {
    /// Reads and judges the next rows, and returns those that come, and whether they are the last ones.
    fn batch(
        &mut self,
        rows: &mut impl Iterator<Item = Read>,
        judge: &mut Judge<'_>,
        known: &mut Known,
        read: &mut u64,
    ) -> Result<(Vec<Judged>, bool), WorkbenchError> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while batch.len() < BATCH && bytes < BATCH_BYTES {
            let Some(next) = rows.next() else { return Ok((batch, true)) };
            *read += 1;
            let row = match next {
                Ok(row) => row,
                // The rest of the file is not to be had.
                Err(Refusal { line: 0, why }) => return Err(WorkbenchError::NotImported(why)),
                Err(refusal) => {
                    self.report.refuse(refusal);
                    continue;
                }
            };
            if known.has_line(row.line) || known.has_row(row.id.as_deref(), &row.text) {
                self.report.already += 1;
                continue;
            }
            self.report.relabelled += u64::from(judge.gives_another_label(&row));
            self.report.unlabelled += u64::from(judge.lacks_label(&row));
            let line = row.line;
            match judge.judge(row) {
                Ok(mut judged) => {
                    self.report.renamed += u64::from(known.name(&mut judged));
                    bytes += judged.fields.text().len();
                    batch.push(judged);
                }
                Err(why) => self.report.refuse(Refusal { line, why }),
            }
        }
        Ok((batch, false))
    }
}

impl Flagger {
    /// Flags an imported row by its present text.
    fn flag_imported(&self, row: &Judged) -> Findings {
        let fields = row.mark.edit.as_ref().unwrap_or(&row.fields);
        let mut findings = self.flag(fields.text(), None);
        if let Some(share) = row.disagreement {
            let flag = Flag { kind: FlagKind::Disagreement, other: None, figure: Some(share) };
            findings.flags.push(flag);
            findings.flags.sort_by_key(|flag| flag.kind.place());
        }
        findings
    }
}

/// Returns the id and the present text of a row.
fn of_row(row: &NewImported) -> (RowId, &str) {
    (row.row.id, row.mark.edit.as_ref().unwrap_or(&row.row.fields).text())
}

fn not_held(error: &io::Error) -> WorkbenchError {
    WorkbenchError::NotImported(format!("What was read could not be kept in the session's store ({error})."))
}

/// Returns what a row brings of decisions, as a mark.
fn mark_of(row: &mut Incoming, accept: bool, at: Timestamp) -> Mark {
    let accepted = accept.then_some(RowState::Accepted { rating: None });
    let decided = row.state.take().filter(|state| !matches!(state, RowState::Pending | RowState::Withdrawn));
    let state = decided.or(accepted);
    let mut tags = std::mem::take(&mut row.tags);
    tags.sort();
    tags.dedup();
    Mark {
        state: state.unwrap_or_default(),
        tags,
        reason: row.reason.take().filter(|_| matches!(state, Some(RowState::Rejected | RowState::Skipped))),
        edit: None,
        label: None,
        decided_at: state.map(|_| at),
        // Nobody has looked at it here.
        bulk: state.is_some(),
    }
}
