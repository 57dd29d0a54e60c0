//! Exports accepted rows as a dataset, and real rows by the part they belong to.

mod apart;
mod order;
mod page;
mod spared;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

/// The words of an order.
pub(crate) mod ordered {
    pub(crate) use crate::export::{Amount, Balance, Destination, ExportProgress, Format, Shares};
}

pub(crate) use order::{ExportOrder, ExportPreview, Wanted};

use super::{Location, ReadBench, WorkbenchError, read_filter};
use crate::curate::no_such_label;
use crate::dataset::{Dataset, Part, RealRow};
use crate::domain::{Exchange, ExportReport, Projection, RequestNumber, RowView, Session, StateKind};
use crate::export::{
    Contaminated, Context, Destination, Export, ExportError, ExportProgress, ExportRow, Format, LabelValues,
    Sought,
};
use crate::generate::thinking_ranges;
use crate::text::Stop;

/// What watches an export: told how far it is, and asked whether it goes on.
#[derive(Clone, Copy)]
pub(crate) struct Watch<'a> {
    /// Told how far it is.
    pub progress: &'a dyn Fn(ExportProgress),
    /// Ends it early.
    pub stop: &'a Stop,
}

impl ReadBench {
    /// Writes rows to a file, a folder or to standard output. Reads the dataset only where it is needed.
    ///
    /// # Errors
    ///
    /// Where the filter does not parse, real rows are wanted and the dataset cannot be read, or the file cannot
    /// be written; an older file is left as it was.
    pub(crate) fn export(
        &self,
        order: &ExportOrder,
        watch: Watch<'_>,
    ) -> Result<ExportReport, WorkbenchError> {
        let is_needed = order.part().is_some() || order.with_test || order.format == Format::Hf;
        let dataset = match order.reads_dataset().then(|| self.dataset()) {
            None => None,
            Some(Err(error)) if is_needed => return Err(error),
            Some(dataset) => dataset.ok(),
        };
        let exchanges = OnceCell::new();
        let exchange = last_exchange(|row| {
            let found = exchanges.get_or_init(|| self.exchanges()).as_ref()?;
            let mut exchange = found.get(row.request_number()?)?;
            exchange.thinking = exchange.reply.as_deref().map(thinking_ranges).unwrap_or_default();
            Some(exchange)
        });
        let of = Exported {
            location: &self.location,
            projection: self.projection(),
            session: self.session(),
            dataset: dataset.as_ref(),
            exchange: &exchange,
        };
        of.with(order, watch, |export, rows| export.run(rows.synthetic, rows.real))
    }
}

/// Finds exchanges, and keeps the last one: rows of one request mostly follow one another.
fn last_exchange<'f>(
    find: impl Fn(&RowView<'_>) -> Option<Exchange> + 'f,
) -> impl Fn(&RowView<'_>) -> Option<Arc<Exchange>> + 'f {
    let last: RefCell<Option<(RequestNumber, Arc<Exchange>)>> = RefCell::new(None);
    move |row| {
        let request = row.request_number()?;
        let mut last = last.borrow_mut();
        if let Some((number, exchange)) = last.as_ref()
            && *number == request
        {
            return Some(Arc::clone(exchange));
        }
        let exchange = Arc::new(find(row)?);
        *last = Some((request, Arc::clone(&exchange)));
        Some(exchange)
    }
}

/// What is exported.
struct Exported<'a> {
    location: &'a Location,
    projection: &'a Projection,
    session: &'a Session,
    dataset: Option<&'a Dataset>,
    exchange: &'a dyn Fn(&RowView<'_>) -> Option<Arc<Exchange>>,
}

/// The rows that an order names.
struct Rows<'r> {
    synthetic: Box<dyn Iterator<Item = RowView<'r>> + 'r>,
    real: Box<dyn Iterator<Item = ExportRow<'r>> + 'r>,
}

impl Exported<'_> {
    /// Calls `then` with the settings of an export and its rows.
    fn with<T>(
        &self,
        order: &ExportOrder,
        watch: Watch<'_>,
        then: impl FnOnce(Export<'_>, Rows<'_>) -> Result<T, ExportError>,
    ) -> Result<T, WorkbenchError> {
        let filter = read_filter(self.projection, order.filter.as_deref().unwrap_or_default())?;
        let real = self.real(order.part());
        let test = self.real(order.with_test.then_some(Part::Test));
        let test: Vec<_> = test.iter().map(row_of).collect();
        if order.with_test && test.is_empty() {
            let said = "the dataset has no test rows; leave --real test out, and the folder has one split.";
            return Err(ExportError::Nothing(said.to_owned()).into());
        }
        let command = order.command_again(&self.session.name);
        let (values, mut said) = match order.format {
            Format::Jsonl | Format::Parquet => self.label_values(),
            _ => (LabelValues::new(), None),
        };
        if let Some(hidden) = self.left_out_while_blind() {
            if order.wanted == Wanted::Accepted && !self.has_told_decisions() {
                let said = "all decided rows are of a blind trial that goes on; end it first.";
                return Err(ExportError::Nothing(said.to_owned()).into());
            }
            said = Some(said.map_or_else(|| hidden.clone(), |said| format!("{said} {hidden}")));
        }
        let labels: Vec<String> = self.labels().into_iter().map(str::to_owned).collect();
        Self::check_balance(order, &labels)?;
        let out = match &order.out {
            Destination::File(out) => out.as_path(),
            Destination::StandardOutput => Path::new("-"),
        };
        let context = Context {
            session: self.session,
            projection: self.projection,
            labels: &labels,
            label_values: &values,
            task: order.task,
            out,
            bare: order.bare,
            raw: order.raw,
        };
        let export = Export {
            format: order.format,
            context,
            contaminated: if order.allow_contaminated {
                Contaminated::Allowed
            } else {
                Contaminated::Withheld
            },
            out: &order.out,
            existing: order.existing,
            sought: match order.wanted {
                Wanted::Real(part) => Sought::Real(part.name()),
                _ if order.filter.is_some() => Sought::Matching,
                _ => Sought::Decided,
            },
            balance: &order.balance,
            split: order.split,
            seed: order.seed,
            command: &command,
            spared: &|out| spared::check(self.location, self.session, &order.spared, out),
            test: &test,
            said: said.as_deref(),
            exchange: self.exchange,
            progress: watch.progress,
            stop: watch.stop,
        };
        let matcher = filter.on(self.projection);
        let synthetic = !matches!(order.wanted, Wanted::Real(_));
        let rows = Rows {
            synthetic: Box::new(
                self.projection.rows().filter(|row| synthetic && !row.is_hidden() && matcher.matches(row)),
            ),
            real: Box::new(real.iter().map(|row| ExportRow::Real {
                id: &row.id,
                text: row.text,
                label: row.label,
            })),
        };
        Ok(then(export, rows)?)
    }

    /// Returns whether a row is decided whose side no blind trial hides.
    fn has_told_decisions(&self) -> bool {
        let is_decided =
            |kind| matches!(kind, StateKind::Accepted | StateKind::Rejected | StateKind::Skipped);
        self.projection.rows().any(|row| !row.is_hidden() && is_decided(row.state().kind()))
    }

    /// Returns a sentence about decided rows that are not written, since they are of a blind trial that goes on: what a
    /// file says of them would tell their side.
    fn left_out_while_blind(&self) -> Option<String> {
        self.projection.blind_trial()?;
        let hidden =
            self.projection.rows().filter(|row| row.is_hidden() && row.state().kind() == StateKind::Accepted);
        match hidden.count() {
            0 => None,
            1 => Some("1 accepted row is left out until its blind trial ends.".to_owned()),
            rows => Some(format!("{rows} accepted rows are left out until their blind trial ends.")),
        }
    }

    /// Returns the rows of a part of the dataset.
    fn real(&self, part: Option<Part>) -> Vec<RealRow<'_>> {
        match (self.dataset, part) {
            (Some(dataset), Some(part)) => dataset.rows().filter(|row| row.part == part).collect(),
            _ => vec![],
        }
    }

    /// Refuses a balance of labels that nothing has: a slip of the pen would leave out other rows than were meant.
    fn check_balance(order: &ExportOrder, labels: &[String]) -> Result<(), ExportError> {
        let known: Vec<&str> = labels.iter().map(String::as_str).collect();
        let unknown = order.balance.iter().find_map(|balance| no_such_label(&balance.label, &known));
        unknown.map_or(Ok(()), |said| Err(ExportError::Refused(format!("--balance: {said}"))))
    }

    /// Returns the labels that rows may have: those of the dataset, sorted, and then the others of accepted rows,
    /// sorted too.
    fn labels(&self) -> Vec<&str> {
        let real: BTreeSet<&str> =
            self.dataset.iter().flat_map(|dataset| dataset.labels()).map(String::as_str).collect();
        let accepted = self.projection.rows().filter(|row| row.state().kind() == StateKind::Accepted);
        let others: BTreeSet<&str> =
            accepted.map(|row| row.label()).filter(|label| !real.contains(label)).collect();
        real.into_iter().chain(others).collect()
    }

    /// Returns the labels that leave as the numbers or truth values that they are in the dataset, and a sentence where
    /// they cannot, because a column holds values of one type. The dataset alone decides on the type; a label that only
    /// rows have is among these where it is of that type.
    fn label_values(&self) -> (LabelValues, Option<String>) {
        let texts = |said: &str| (LabelValues::new(), Some(said.to_owned()));
        let Some(dataset) = self.dataset else {
            return texts(
                "Labels are written as texts: the dataset, which says what they are, cannot be read.",
            );
        };
        let values: Vec<Value> = dataset.labels().iter().map(|label| dataset.label_json(label)).collect();
        if values.iter().all(Value::is_string) {
            return (LabelValues::new(), None);
        }
        let types: [fn(&Value) -> bool; 4] =
            [Value::is_boolean, Value::is_i64, Value::is_u64, Value::is_number];
        let Some(is_of_type) = types.into_iter().find(|is| values.iter().all(is)) else {
            return texts(
                "Labels are written as texts: in the dataset some are numbers or truth values and some are not, and a \
                 column holds values of one type.",
            );
        };
        let value = |label: &str| match dataset.label_json(label) {
            // What is not in the dataset is a text there.
            Value::String(text) => {
                let is_written_so = |value: &Value| {
                    let written = value.to_string();
                    written == text
                };
                serde_json::from_str(&text).ok().filter(is_written_so)
            }
            value => Some(value),
        };
        let labelled = self.labels().into_iter().filter_map(|label| Some((label.to_owned(), value(label)?)));
        (labelled.filter(|(_, value)| is_of_type(value)).collect(), None)
    }
}

fn row_of<'a>(row: &'a RealRow<'_>) -> ExportRow<'a> {
    ExportRow::Real { id: &row.id, text: row.text, label: row.label }
}
