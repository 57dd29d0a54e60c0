//! Exports accepted rows as a dataset, and real rows by the part they belong to.

mod spared;

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

use super::{ReadBench, Workbench, WorkbenchError};
use crate::curate::Filter;
use crate::dataset::{Dataset, Part};
use crate::domain::{Existing, ExportReport, Projection, Session, StateKind};
use crate::export::{Contaminated, Destination, Export, ExportRow, Format, LabelValues};

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
    /// What becomes of a file that is there already.
    pub existing: Existing,
    /// Files that are never replaced, besides those of the session, its store and the user's settings.
    pub spared: Vec<PathBuf>,
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
    pub fn to_file(out: PathBuf, existing: Existing) -> Result<Self, WorkbenchError> {
        let format = Format::of(&out)?;
        let out = Destination::File(out);
        let (wanted, spared) = (Wanted::default(), vec![]);
        Ok(Self { format, out, existing, spared, wanted, filter: None, allow_contaminated: false })
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
        spared::check(&self.location, &self.session, order)?;
        export(&self.projection, &self.session, Some(self.dataset.as_ref()), order)
    }
}

impl ReadBench {
    /// Writes the accepted rows to a file or to standard output.
    ///
    /// # Errors
    ///
    /// Where the filter does not parse, real rows are wanted and the dataset cannot be read, or the file cannot
    /// be written; an older file is left as it was.
    pub(crate) fn export(&self, order: &ExportOrder) -> Result<ExportReport, WorkbenchError> {
        spared::check(&self.location, self.session(), order)?;
        let dataset = match self.dataset() {
            Err(error) if order.part().is_some() => return Err(error),
            dataset => dataset.ok(),
        };
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
    let (labels, said) = match order.format {
        Format::Jsonl => label_values(dataset, projection),
        Format::Csv => (LabelValues::new(), None),
    };
    let export = Export {
        schema: &session.schema,
        format: order.format,
        contaminated,
        labels: &labels,
        out: &order.out,
        existing: order.existing,
    };
    Ok(ExportReport { labels: said, ..export.run(rows, real)? })
}

/// Returns the labels that leave as the numbers or truth values that they are in the dataset, and a sentence where
/// they cannot, because a column holds values of one type.
fn label_values(dataset: Option<&Dataset>, projection: &Projection) -> (LabelValues, Option<String>) {
    let Some(dataset) = dataset else { return (LabelValues::new(), None) };
    let accepted = projection.rows().filter(|row| row.state().kind() == StateKind::Accepted);
    let real = dataset.labels().iter().map(String::as_str);
    let labels: BTreeSet<&str> = real.chain(accepted.map(|row| row.label())).collect();
    let values: LabelValues =
        labels.iter().map(|label| ((*label).to_owned(), dataset.label_json(label))).collect();
    let of_type = |is: fn(&Value) -> bool| values.values().filter(|value| is(value)).count();
    let (texts, truths) = (of_type(Value::is_string), of_type(Value::is_boolean));
    if texts == labels.len() {
        return (LabelValues::new(), None);
    }
    if texts == 0 && (truths == 0 || truths == labels.len()) {
        return (values, None);
    }
    let said = "Labels are written as texts: in the dataset some are numbers or truth values and some are not, and a \
                column holds values of one type.";
    (LabelValues::new(), Some(said.to_owned()))
}
