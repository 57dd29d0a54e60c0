//! Decisions, edits, undo and redo.

use std::collections::HashMap;

use super::{Workbench, WorkbenchError};
use crate::curate::remarks::Instruction;
use crate::curate::{Replaced, Replacement, no_such_label};
use crate::domain::{
    Change, Decided, Event, Fact, FieldValue, Fields, FieldsError, FlagKind, OperationId, OperationKind,
    Projection, Reflagged, ReplacedRows, RequestNumber, RowNumber, RowSet, RowView, Schema, Timestamp,
};

/// The instructions that requests sent, cached by request.
type Told = HashMap<RequestNumber, Option<Instruction>>;

/// Returns a row's fields with some of them replaced by what a person typed.
///
/// # Errors
///
/// A sentence that names the undeclared field or the value of the wrong kind.
pub(crate) fn edited_fields(
    schema: &Schema,
    row: &RowView<'_>,
    set: &[(String, String)],
) -> Result<Fields, FieldsError> {
    let mut fields = row.fields();
    for (name, typed) in set {
        let value = match schema.field(name) {
            Some(spec) => spec.parse(typed)?,
            None if name == Fields::LABEL => FieldValue::Text(typed.clone()),
            None => {
                let (names, label) = (schema.names(), "and every row a `label`");
                return Err(FieldsError(format!(
                    "The session declares no field `{name}`; it has {names}, {label}."
                )));
            }
        };
        fields.0.insert(name.clone(), value);
    }
    let is_own = schema.field(Fields::LABEL).is_some();
    if !is_own && fields.0.get(Fields::LABEL) == Some(&FieldValue::Text(row.original_label().to_owned())) {
        fields.0.remove(Fields::LABEL);
    }
    schema.check_edit(&fields)?;
    Ok(fields)
}

impl Workbench {
    /// Stages a change of rows, as one operation; `bulk` says that the rows were not named one by one. Rows that
    /// are so already are left out, and where none is left nothing is staged.
    ///
    /// # Errors
    ///
    /// Where an edit does not meet the session's schema.
    pub fn change(
        &mut self,
        operation: OperationId,
        at: Timestamp,
        rows: &RowSet,
        change: Change,
        bulk: bool,
    ) -> Result<Decided, WorkbenchError> {
        match &change {
            Change::Edit { fields: Some(fields) } => {
                self.session.schema.check_edit(fields)?;
                self.check_label(fields)?;
            }
            Change::Relabel { label } => {
                let value = FieldValue::Text(label.clone());
                self.session.schema.field(Fields::LABEL).map_or(Ok(()), |spec| spec.check(&value))?;
                self.check_label(&Fields([(Fields::LABEL.to_owned(), value)].into()))?;
            }
            _ => {}
        }
        let is_edit = matches!(change, Change::Edit { .. });
        let bulk = bulk || rows.len() > 1;
        let asked = rows.len();
        let rows = self.projection.altered(rows, &change, bulk);
        let decided = Decided { rows: rows.len(), same: asked - rows.len(), first: rows.first(), what: None };
        if rows.is_empty() {
            return Ok(decided);
        }
        let edited = if is_edit { rows.clone() } else { RowSet::default() };
        self.stage_with_flags(vec![Fact::new(operation, at, Event::Changed { rows, change, bulk })], &edited);
        self.end_race_if_due(operation, at);
        Ok(decided)
    }

    /// Stages the edits that a replacement makes of rows, as one operation. Rows that would be none any more are left
    /// out; where no row changes, nothing is staged.
    pub fn replace(
        &mut self,
        operation: OperationId,
        at: Timestamp,
        rows: &RowSet,
        replacement: &Replacement,
    ) -> ReplacedRows {
        let (mut facts, mut edited, mut done) = (Vec::new(), RowSet::default(), ReplacedRows::default());
        for row in rows.iter().filter_map(|row| self.projection.row(row)) {
            let fields = match replacement.on(&self.session.schema, &row) {
                Replaced::Edited(fields) => fields,
                Replaced::Refused(why) => {
                    done.refused += 1;
                    done.why.get_or_insert(why);
                    continue;
                }
                Replaced::Same => continue,
            };
            edited.push(row.number());
            let fields = (fields != row.original_fields()).then_some(fields);
            let event = Event::Changed {
                rows: RowSet::one(row.number()),
                change: Change::Edit { fields },
                bulk: true,
            };
            facts.push(Fact { part: true, ..Fact::new(operation, at, event) });
        }
        done.rows = edited.len();
        self.stage_with_flags(facts, &edited);
        done
    }

    /// Checks that a label is one of the session's labels, in edits as in replies.
    pub(super) fn check_label(&self, fields: &Fields) -> Result<(), FieldsError> {
        let Some(FieldValue::Text(label)) = fields.0.get(Fields::LABEL) else { return Ok(()) };
        let rows = self.projection.labels().iter().filter(|known| !self.dataset.labels().contains(known));
        let known: Vec<&str> = self.dataset.labels().iter().chain(rows).map(String::as_str).collect();
        let unknown = no_such_label(label, &known);
        unknown.map_or(Ok(()), |unknown| Err(FieldsError(unknown)))
    }

    /// Stages a fact that the screen has made and shown.
    ///
    /// # Errors
    ///
    /// Where an edit does not meet the session's schema.
    pub fn accept_fact(&mut self, fact: Fact) -> Result<Decided, WorkbenchError> {
        if let Event::Changed { rows, change, bulk } = fact.event {
            return self.change(fact.operation, fact.at, &rows, change, bulk);
        }
        self.stage(fact);
        Ok(Decided::default())
    }

    /// Stages the undoing of the last operation that can be undone; `None` where there is none.
    pub fn undo(&mut self, operation: OperationId, at: Timestamp) -> Option<Decided> {
        let what = self.projection.next_undo()?.kind;
        let fact = self.projection.undo(operation, at)?;
        Some(self.turn(fact, what))
    }

    /// Stages the redoing of the last undone operation; `None` where there is none.
    pub fn redo(&mut self, operation: OperationId, at: Timestamp) -> Option<Decided> {
        let what = self.projection.next_redo()?.kind;
        let fact = self.projection.redo(operation, at)?;
        Some(self.turn(fact, what))
    }

    fn turn(&mut self, fact: Fact, what: OperationKind) -> Decided {
        let rows: RowSet = match &fact.event {
            Event::Undone { restores, .. } | Event::Redone { restores, .. } => {
                restores.iter().flat_map(|restored| restored.rows.iter()).collect()
            }
            _ => RowSet::default(),
        };
        let decided = Decided { rows: rows.len(), same: 0, first: rows.first(), what: Some(what) };
        if what == OperationKind::Import {
            self.turn_import(fact, &rows);
            return decided;
        }
        let edited = if what == OperationKind::Edit { rows } else { RowSet::default() };
        let (operation, at) = (fact.operation, fact.at);
        self.stage_with_flags(vec![fact], &edited);
        self.end_race_if_due(operation, at);
        decided
    }

    /// Stages facts of one operation that may change texts, and the new flags of those rows in the same operation.
    fn stage_with_flags(&mut self, facts: Vec<Fact>, edited: &RowSet) {
        let Some((operation, at)) = facts.first().map(|fact| (fact.operation, fact.at)) else { return };
        if edited.is_empty() {
            facts.into_iter().for_each(|fact| self.stage(fact));
            return;
        }
        if let Some(similar) = &mut self.similar {
            let before = edited.iter().filter_map(|number| self.projection.row(number));
            before.for_each(|row| similar.forget(&row.text(), row.number()));
        }
        facts.into_iter().for_each(|fact| self.stage(Fact { part: true, ..fact }));
        let mut told = Told::default();
        let rows = edited.iter().filter_map(|row| self.flagged_as_edited(row, &mut told)).collect();
        self.stage(Fact::new(operation, at, Event::Flagged { rows }));
    }

    /// Flags a row whose text was edited, with the instruction of its request.
    fn flagged_as_edited(&mut self, number: RowNumber, told: &mut Told) -> Option<Reflagged> {
        let request = self.projection.row(number)?.request().map(|request| request.number);
        let told = request
            .and_then(|request| told.entry(request).or_insert_with(|| self.instruction_of(request)).as_ref());
        self.flagged_again(number, told)
    }

    fn flagged_again(&mut self, number: RowNumber, told: Option<&Instruction>) -> Option<Reflagged> {
        let row = self.projection.row(number)?;
        let text = row.text().to_owned();
        let (flags, scores) = self.flag_text(&text, told, number);
        Some(Reflagged { row: number, flags, scores })
    }

    /// Flags a row against the present dataset. Its text and prompt have not changed, so an `echoes-prompt`
    /// flag is kept, and what its generator remarked.
    fn flagged_by_dataset(&mut self, number: RowNumber) -> Option<Reflagged> {
        let mut flagged = self.flagged_again(number, None)?;
        let row = self.projection.row(number)?;
        let kept = [FlagKind::EchoesPrompt, FlagKind::Unlikely, FlagKind::Disagreement];
        flagged.flags.extend(row.flags().filter(|flag| kept.contains(&flag.kind)));
        flagged.flags.sort_by_key(|flag| flag.kind.place());
        Some(flagged)
    }

    /// Stages new flags for rows whose flags or scores change with the present dataset, and returns their
    /// number.
    pub(super) fn flag_again(&mut self, operation: OperationId, at: Timestamp) -> usize {
        let numbers: Vec<_> = self.projection.rows().map(|row| row.number()).collect();
        let flagged: Vec<_> =
            numbers.into_iter().filter_map(|number| self.flagged_by_dataset(number)).collect();
        let differs = |flagged: &Reflagged, projection: &Projection| {
            projection.row(flagged.row).is_some_and(|row| {
                row.scores() != flagged.scores || !row.flags().eq(flagged.flags.iter().cloned())
            })
        };
        let changed: Vec<_> =
            flagged.into_iter().filter(|flagged| differs(flagged, &self.projection)).collect();
        let count = changed.len();
        if count > 0 {
            self.stage(Fact::new(operation, at, Event::Flagged { rows: changed }));
        }
        count
    }
}
