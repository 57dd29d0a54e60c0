//! Exports apart from the workbench, so that a long one holds up no decision.

use std::sync::Arc;

use super::{ExportOrder, ExportPreview, Exported, Watch, last_exchange, spared};
use crate::dataset::Dataset;
use crate::domain::{Exchange, ExportReport, Projection, RowNumber, Session};
use crate::export::Destination;
use crate::workbench::{Location, Workbench, WorkbenchError};

/// What exports read, as it was when it was taken; taking it copies no row.
#[derive(Debug, Clone)]
pub(crate) struct Exporter {
    projection: Projection,
    session: Arc<Session>,
    dataset: Arc<Dataset>,
    location: Location,
}

/// Finds the request and the reply that a row came from.
pub(crate) type FindExchange<'a> = &'a dyn Fn(RowNumber) -> Option<Exchange>;

impl Workbench {
    /// Returns what exports read.
    #[must_use]
    pub(crate) fn exporter(&self) -> Exporter {
        Exporter {
            projection: self.projection.clone(),
            session: Arc::clone(&self.session),
            dataset: Arc::clone(&self.dataset),
            location: self.location.clone(),
        }
    }
}

impl Exporter {
    /// Writes rows to a file or a folder.
    ///
    /// # Errors
    ///
    /// Where the filter does not parse or the file cannot be written; an older file is left as it was.
    pub(crate) fn export(
        &self,
        order: &ExportOrder,
        watch: Watch<'_>,
        exchange: FindExchange<'_>,
    ) -> Result<ExportReport, WorkbenchError> {
        self.with(exchange, |of| of.with(order, watch, |export, rows| export.run(rows.synthetic, rows.real)))
    }

    /// Returns what an export would write. Writes nothing.
    ///
    /// # Errors
    ///
    /// Where the filter does not parse, or the rows do not go with the format.
    pub(crate) fn preview(
        &self,
        order: &ExportOrder,
        watch: Watch<'_>,
        exchange: FindExchange<'_>,
    ) -> Result<ExportPreview, WorkbenchError> {
        if let Destination::File(out) = &order.out {
            spared::check(&self.location, &self.session, &order.spared, out)?;
        }
        let seen = self.with(exchange, |of| {
            of.with(order, watch, |export, rows| export.preview(rows.synthetic, rows.real))
        })?;
        let (accepted, real, withheld) = seen.counts;
        Ok(ExportPreview { accepted, real, withheld, remarks: seen.remarks, lines: seen.lines })
    }

    fn with<T>(&self, exchange: FindExchange<'_>, work: impl FnOnce(Exported<'_>) -> T) -> T {
        let exchange = last_exchange(|row| exchange(row.number()));
        work(Exported {
            location: &self.location,
            projection: &self.projection,
            session: &self.session,
            dataset: Some(self.dataset.as_ref()),
            exchange: &exchange,
        })
    }
}
