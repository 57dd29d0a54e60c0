//! Details of a row that are not in the projection.

use crate::curate::remarks::Instruction;
use crate::dataset::Dataset;
use crate::domain::{
    Exchange, FlagKind, Projection, Provider, RequestNumber, RowDetail, RowId, RowNumber, RowText, RowView,
};
use crate::generate::thinking_ranges;

use super::{Workbench, WorkbenchError};

/// Returns the details of a row for its pane: the nearest real row's text and the similarity.
#[must_use]
pub fn nearest_real(dataset: &Dataset, projection: &Projection, row: RowNumber) -> RowDetail {
    let scores = projection.row(row).map(|row| row.scores()).unwrap_or_default();
    let nearest = scores.nearest.as_deref().and_then(|id| dataset.index_of_id(id));
    let nearest = nearest.zip(scores.novelty);
    let nearest =
        nearest.map(|(number, novelty)| (dataset.text(number).to_owned(), 1.0 - f64::from(novelty)));
    RowDetail { row, nearest, like: None }
}

/// Returns the id of the earlier row that a row is nearly the same as.
pub(crate) fn likeness_of(row: &RowView<'_>) -> Option<RowId> {
    let flag = row.flags().find(|flag| flag.kind == FlagKind::NearDuplicate)?;
    flag.other.as_ref()?.parse().ok()
}

/// Returns the text of the earlier row that a row is nearly the same as. Goes through all rows.
#[must_use]
pub(crate) fn like_of(projection: &Projection, row: RowNumber) -> Option<String> {
    let id = likeness_of(&projection.row(row)?)?;
    let other = projection.rows().take_while(|other| other.number() < row).find(|other| other.id() == id);
    other.map(|other| other.text().to_owned())
}

impl Workbench {
    /// Returns the messages and the reply of a row's request.
    ///
    /// # Errors
    ///
    /// Where the store cannot be read.
    pub fn exchange_of(&self, row: RowNumber) -> Result<Exchange, WorkbenchError> {
        match self.projection.row(row).and_then(|row| row.request_number()) {
            Some(request) => {
                let mut exchange = self.store.exchange(request)?;
                exchange.thinking = exchange.reply.as_deref().map(thinking_ranges).unwrap_or_default();
                Ok(exchange)
            }
            None => Ok(Exchange::default()),
        }
    }

    /// Returns why a request failed; `None` if it did not, or the store does not have it.
    pub(crate) fn failure_of(&self, request: RequestNumber) -> Option<String> {
        self.store.exchange(request).ok()?.error
    }

    /// Returns a request's instruction; `None` if no model read it or the store does not have it, for
    /// example because it is not saved yet.
    pub(super) fn instruction_of(&self, request: RequestNumber) -> Option<Instruction> {
        let known = self.projection.request(request)?;
        if self.projection.run(known.run)?.generator.provider == Provider::Offline.name() {
            return None;
        }
        let exchange = self.store.exchange(request).ok()?;
        let examples: Vec<_> = known.examples.iter().filter_map(|id| self.text_of(id)).collect();
        let messages = exchange.messages.iter().map(|message| message.text.as_str());
        Some(Instruction::of(messages, examples.iter().map(RowText::as_str)))
    }

    /// Returns the text of a row by its id: one of the dataset's, else one of the session's.
    fn text_of(&self, id: &str) -> Option<RowText<'_>> {
        if let Some(row) = self.dataset.index_of_id(id) {
            return Some(RowText::here(self.dataset.text(row)));
        }
        let id: RowId = id.parse().ok()?;
        self.projection.rows().find(|row| row.id() == id).map(|row| row.text())
    }
}
