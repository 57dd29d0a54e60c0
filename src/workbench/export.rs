//! Exports accepted rows as a dataset, and real rows by the part they belong to.

use std::path::PathBuf;

use super::{ReadBench, Workbench, WorkbenchError};
use crate::curate::Filter;
use crate::dataset::{Dataset, Part};
use crate::domain::{ExportReport, Projection, Session};
use crate::export::{Contaminated, Destination, Export, ExportRow, Format};

/// Which rows an export writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wanted {
    /// The accepted rows.
    #[default]
    Accepted,
    /// The accepted rows, and the real train rows behind them.
    AcceptedAndTrain,
    /// Only the real rows of one part.
    Real(Part),
}

/// The settings of an export.
#[derive(Debug, Clone)]
pub struct ExportOrder {
    /// How rows are written.
    pub format: Format,
    /// Where they go.
    pub out: Destination,
    /// Which rows are written.
    pub wanted: Wanted,
    /// Of the accepted rows only those that match this filter; all if `None`.
    pub filter: Option<String>,
    /// Whether rows that contaminate the test set are exported as well.
    pub allow_contaminated: bool,
}

impl ExportOrder {
    /// Returns the order to export all accepted rows to a file, in the format of its file extension.
    ///
    /// # Errors
    ///
    /// Where the extension is no known format.
    pub fn to_file(out: PathBuf) -> Result<Self, WorkbenchError> {
        let format = Format::of(&out)?;
        let out = Destination::File(out);
        Ok(Self { format, out, wanted: Wanted::default(), filter: None, allow_contaminated: false })
    }

    /// Returns the part of the dataset that is written, if any.
    const fn part(&self) -> Option<Part> {
        match self.wanted {
            Wanted::Accepted => None,
            Wanted::AcceptedAndTrain => Some(Part::Train),
            Wanted::Real(part) => Some(part),
        }
    }
}

impl Workbench {
    /// Writes the accepted rows to a file or to standard output.
    ///
    /// # Errors
    ///
    /// Where the filter does not parse or the file cannot be written; an older file is left as it was.
    pub fn export(&self, order: &ExportOrder) -> Result<ExportReport, WorkbenchError> {
        export(&self.projection, &self.session, Some(self.dataset.as_ref()), order)
    }
}

impl ReadBench {
    /// Writes the accepted rows to a file or to standard output.
    ///
    /// # Errors
    ///
    /// Where the filter does not parse, the dataset is wanted and cannot be read, or the file cannot be
    /// written; an older file is left as it was.
    pub(crate) fn export(&self, order: &ExportOrder) -> Result<ExportReport, WorkbenchError> {
        let dataset = order.part().map(|_| self.dataset()).transpose()?;
        export(self.projection(), self.session(), dataset.as_ref(), order)
    }
}

fn export(
    projection: &Projection,
    session: &Session,
    dataset: Option<&Dataset>,
    order: &ExportOrder,
) -> Result<ExportReport, WorkbenchError> {
    let filter = Filter::parse(order.filter.as_deref().unwrap_or_default())?;
    let real: Vec<_> = match (dataset, order.part()) {
        (Some(dataset), Some(part)) => dataset.rows().filter(|row| row.part == part).collect(),
        _ => vec![],
    };
    let real = real.iter().map(|row| ExportRow::Real { id: &row.id, text: row.text, label: row.label });
    let matcher = filter.on(projection);
    let synthetic = !matches!(order.wanted, Wanted::Real(_));
    let rows = projection.rows().filter(|row| synthetic && matcher.matches(row));
    let contaminated = if order.allow_contaminated { Contaminated::Allowed } else { Contaminated::Withheld };
    let export = Export { schema: &session.schema, format: order.format, contaminated, out: &order.out };
    Ok(export.run(rows, real)?)
}
