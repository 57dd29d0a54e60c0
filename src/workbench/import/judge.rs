//! Judges a row of a file: whether the session takes it, and what its fields are.

use std::collections::BTreeSet;

use super::{ImportOrder, mark_of};
use crate::curate::no_such_label;
use crate::domain::{
    FieldKind, FieldSpec, FieldValue, Fields, FieldsError, Incoming, Mark, Origin, RowId, Schema, Timestamp,
};
use crate::workbench::{Workbench, WorkbenchError};

/// The most undeclared columns that are named.
const NAMED: usize = 8;

/// A row that the session takes.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    pub(super) line: u64,
    pub(super) id: RowId,
    /// Its id in the file.
    pub(super) there: Option<String>,
    pub(super) label: String,
    /// The fields as they were made.
    pub(super) fields: Fields,
    /// What was decided, and the fields as a person edited them.
    pub(super) mark: Mark,
    pub(super) disagreement: Option<f64>,
    pub(super) origin: Origin,
}

/// The rules of a session.
pub(super) struct Judge<'a> {
    order: &'a ImportOrder,
    schema: Schema,
    labels: Vec<String>,
    at: Timestamp,
    undeclared: BTreeSet<String>,
}

impl Workbench {
    /// Returns the rules by which rows are judged.
    pub(super) fn judge<'a>(
        &self,
        order: &'a ImportOrder,
        at: Timestamp,
    ) -> Result<Judge<'a>, WorkbenchError> {
        let of_rows = self.projection.labels().iter().filter(|known| !self.dataset.labels().contains(known));
        let labels: Vec<String> = self.dataset.labels().iter().chain(of_rows).cloned().collect();
        let judge =
            Judge { order, schema: self.session.schema.clone(), labels, at, undeclared: BTreeSet::new() };
        if let Some(label) = &order.label {
            judge.check_label(label).map_err(WorkbenchError::Usage)?;
        }
        Ok(judge)
    }
}

impl Judge<'_> {
    /// Returns whether a row has no label, and gets none either.
    pub(super) fn lacks_label(&self, row: &Incoming) -> bool {
        row.label.is_none() && self.order.label.is_none()
    }

    /// Returns whether a row gets another label than it has.
    pub(super) fn gives_another_label(&self, row: &Incoming) -> bool {
        matches!((&row.label, &self.order.label), (Some(own), Some(given)) if own != given)
    }

    fn check_label(&self, label: &str) -> Result<(), String> {
        if self.labels.iter().any(|known| known == label) {
            return Ok(());
        }
        let known: Vec<&str> = self.labels.iter().map(String::as_str).collect();
        no_such_label(label, &known).map_or(Ok(()), Err)
    }

    #[cfg(test)]
    pub(super) fn declare(&mut self, spec: FieldSpec) {
        self.schema.0.push(spec);
    }

    /// Returns the columns that the session does not declare, and that are left out therefore; the first of them.
    pub(super) fn into_undeclared(self) -> Vec<String> {
        self.undeclared.into_iter().collect()
    }

    /// Returns the row as the session takes it.
    ///
    /// # Errors
    ///
    /// Why it does not, as a sentence.
    pub(super) fn judge(&mut self, mut row: Incoming) -> Result<Judged, String> {
        let label = self.order.label.clone().or_else(|| row.label.take());
        let label = label.ok_or("It has no label; `--as LABEL` gives one to all rows.")?;
        self.check_label(&label)?;
        let text = std::mem::take(&mut row.text);
        let mut fields = Fields::of_text(text);
        self.further(&mut row, &label, &mut fields).map_err(|error| error.0)?;
        self.schema.check(&fields).map_err(|error| error.0)?;
        let mut mark = mark_of(&mut row, self.order.accept, self.at);
        if let Some(original) = row.original.take().filter(|original| original != fields.text()) {
            let mut made = fields.clone();
            made.0.insert(Fields::TEXT.to_owned(), FieldValue::Text(original));
            mark.edit = Some(std::mem::replace(&mut fields, made));
        }
        Ok(Judged {
            line: row.line,
            // Whoever knows the session's ids gives it one.
            id: RowId::from_bits(0),
            there: row.id,
            label,
            fields,
            mark,
            disagreement: row.disagreement.filter(|share| *share > 0.0 && share.is_finite()),
            origin: row.origin,
        })
    }

    /// Adds the declared fields besides the text.
    fn further(&mut self, row: &mut Incoming, label: &str, fields: &mut Fields) -> Result<(), FieldsError> {
        for spec in &self.schema.0 {
            let value = match spec.name.as_str() {
                Fields::TEXT => continue,
                Fields::LABEL => FieldValue::Text(label.to_owned()),
                // An export calls a field so whose name another column has.
                name => match row.fields.remove(name).or_else(|| row.fields.remove(&format!("field_{name}")))
                {
                    Some(value) => read_as(spec, value)?,
                    None => continue,
                },
            };
            fields.0.insert(spec.name.clone(), value);
        }
        for (name, _) in std::mem::take(&mut row.fields) {
            if self.undeclared.len() < NAMED {
                self.undeclared.insert(name);
            }
        }
        Ok(())
    }
}

/// Returns a value as one of its field's kind; files without types hold texts only.
fn read_as(spec: &FieldSpec, value: FieldValue) -> Result<FieldValue, FieldsError> {
    match (&spec.kind, value) {
        (FieldKind::Text { .. } | FieldKind::OneOf(_), value) => Ok(value),
        (_, FieldValue::Text(typed)) => spec.parse(&typed),
        (_, value) => Ok(value),
    }
}
