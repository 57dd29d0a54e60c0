//! Repairs a scrap: a person makes a row of it.
//!
//! The scrap keeps its raw text and its reason, and is marked as repaired. The row belongs to the scrap's
//! run and request, counts among the run's rows, and is flagged like any row. Both facts are one operation.
//! It cannot be undone: reject the row instead.

use super::{Workbench, WorkbenchError};
use crate::domain::{Event, Fact, FieldValue, Fields, NewRow, OperationId, RowNumber, Timestamp};

impl Workbench {
    /// Stages the row that a person made of a scrap, and returns its number.
    /// `index` is the scrap's place among all scraps, from 0.
    ///
    /// # Errors
    ///
    /// Where there is no such scrap, it was repaired already, or the fields do not meet the session's schema.
    pub fn repair_scrap(
        &mut self,
        index: u32,
        fields: Fields,
        operation: OperationId,
        at: Timestamp,
    ) -> Result<RowNumber, WorkbenchError> {
        let Some(scrap) = self.projection.scrap(index as usize) else {
            let count = self.projection.scraps().count();
            return Err(WorkbenchError::Usage(format!(
                "There is no scrap {index}; the session has {count}, counted from 0."
            )));
        };
        if scrap.repaired {
            return Err(WorkbenchError::Usage(format!(
                "Scrap {index} was repaired already; edit the row that came of it instead."
            )));
        }
        let (run, request) = (scrap.run, scrap.request);
        self.session.schema.check(&fields)?;
        self.check_label(&fields)?;
        let label = match fields.0.get(Fields::LABEL) {
            Some(FieldValue::Text(label)) => label.clone(),
            _ => self.projection.run(run).map(|run| run.label.clone()).unwrap_or_default(),
        };
        let told = self.instruction_of(request);
        let id = Self::new_id();
        let first = RowNumber(u32::try_from(self.projection.len()).unwrap_or(u32::MAX));
        let (flags, scores) = self.flag_text(fields.text(), told.as_ref(), first);
        let mut repaired = Fact::new(operation, at, Event::ScrapRepaired { run, scrap: index });
        repaired.part = true;
        self.stage(repaired);
        let rows = vec![NewRow { id, label, fields, flags, scores }];
        self.stage(Fact::new(operation, at, Event::Sampled { run, request, first, rows }));
        Ok(first)
    }
}
