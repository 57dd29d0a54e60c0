//! The work of operations that the writer's thread does, each with its outcome.

use std::sync::Arc;

use crate::domain::{Change, Draft, Fields, OperationId, OperationOutcome, RowSet, Timestamp};
use crate::engine::clock;
use crate::workbench::{Workbench, WorkbenchError};

pub(super) fn change_rows(
    bench: &mut Workbench,
    operation: OperationId,
    at: Timestamp,
    rows: &RowSet,
    change: Change,
) -> Result<OperationOutcome, WorkbenchError> {
    let decided = bench.change(operation, at, rows, change, true)?;
    Ok(OperationOutcome::Changed { rows: decided.rows, same: decided.same })
}

pub(super) fn save_version(
    bench: &mut Workbench,
    operation: OperationId,
    draft: &Arc<Draft>,
) -> Result<OperationOutcome, WorkbenchError> {
    let (number, is_new) = bench.save_version(draft, operation, clock::now())?;
    Ok(OperationOutcome::VersionSaved { number, is_new })
}

pub(super) fn repair_scrap(
    bench: &mut Workbench,
    operation: OperationId,
    scrap: u32,
    fields: Fields,
) -> Result<OperationOutcome, WorkbenchError> {
    let row = bench.repair_scrap(scrap, fields, operation, clock::now())?;
    Ok(OperationOutcome::ScrapRepaired { row })
}
