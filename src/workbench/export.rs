//! Exports accepted rows as a dataset.

use std::path::PathBuf;

use super::{ReadBench, Workbench, WorkbenchError};
use crate::curate::Filter;
use crate::dataset::{Dataset, Part};
use crate::domain::{ExportReport, Projection, Session};
use crate::export::{Contaminated, Export, ExportRow, Format};

/// The settings of an export.
#[derive(Debug, Clone)]
pub struct ExportOrder {
    /// The format of the file.
    pub format: Format,
    /// The file.
    pub out: PathBuf,
    /// Only rows that match this filter; all rows if `None`.
    pub filter: Option<String>,
    /// Whether the real train rows come first.
    pub with_real: bool,
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
        let extension = out.extension().map(|extension| extension.to_string_lossy().into_owned());
        let format = extension.unwrap_or_default().parse()?;
        Ok(Self { format, out, filter: None, with_real: false, allow_contaminated: false })
    }
}

impl Workbench {
    /// Writes the accepted rows to a file.
    ///
    /// # Errors
    ///
    /// Where the filter does not parse or the file cannot be written; an older file is left as it was.
    pub fn export(&self, order: &ExportOrder) -> Result<ExportReport, WorkbenchError> {
        export(&self.projection, &self.session, Some(self.dataset.as_ref()), order)
    }
}

impl ReadBench {
    /// Writes the accepted rows to a file.
    ///
    /// # Errors
    ///
    /// Where the filter does not parse, the dataset is wanted and cannot be read, or the file cannot be
    /// written; an older file is left as it was.
    pub(crate) fn export(&self, order: &ExportOrder) -> Result<ExportReport, WorkbenchError> {
        let dataset = order.with_real.then(|| self.dataset()).transpose()?;
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
    let real: Vec<_> = order
        .with_real
        .then_some(dataset)
        .flatten()
        .map(|dataset| dataset.rows().filter(|row| row.part == Part::Train).collect())
        .unwrap_or_default();
    let real = real.iter().map(|row| ExportRow::Real { id: &row.id, text: row.text, label: row.label });
    let matcher = filter.on(projection);
    let rows = projection.rows().filter(|row| matcher.matches(row)).map(ExportRow::Synthetic);
    let contaminated = if order.allow_contaminated { Contaminated::Allowed } else { Contaminated::Withheld };
    let export = Export { schema: &session.schema, format: order.format, contaminated, out: &order.out };
    Ok(export.run(real.chain(rows))?)
}
