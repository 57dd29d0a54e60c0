//! Decisions, edits, undo and redo.

use std::collections::HashMap;

use super::{Workbench, WorkbenchError};
use crate::curate::remarks::Instruction;
use crate::curate::{Replaced, Replacement, no_such_label};
use crate::domain::fact::Restored;
use crate::domain::{
    Change, Decided, Event, Fact, FieldValue, Fields, FieldsError, FlagKind, Mark, OperationId,
    OperationKind, Projection, Reflagged, ReplacedRows, RequestNumber, RowNumber, RowSet, RowState, RowView,
    Schema, Timestamp,
};

/// Returns whether a row goes with its import, or is there again.
fn comes_or_goes(row: &RowView<'_>, mark: &Mark) -> bool {
    (row.state() == RowState::Withdrawn) != (mark.state == RowState::Withdrawn)
}

/// Returns whether a row that stays gets other fields.
fn is_edit(row: &RowView<'_>, mark: &Mark) -> bool {
    let stays = row.state() != RowState::Withdrawn && mark.state != RowState::Withdrawn;
    stays && (row.is_edited() || mark.edit.is_some()) && row.mark().edit != mark.edit
}

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
            facts.push(Fact::new(operation, at, event));
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

    /// Stages the jump to the state just after an operation; `None` where the rows are so already.
    ///
    /// # Errors
    ///
    /// Where there is no such operation.
    pub fn jump(
        &mut self,
        target: OperationId,
        operation: OperationId,
        at: Timestamp,
    ) -> Result<Option<Decided>, WorkbenchError> {
        let fact = self.projection.jump(target, operation, at);
        let fact = fact.ok_or(WorkbenchError::NoOperation(target))?;
        let is_there = matches!(&fact.event, Event::Jumped { restores, .. } if restores.is_empty());
        Ok((!is_there).then(|| self.turn(fact, OperationKind::Jump { target })))
    }

    fn turn(&mut self, fact: Fact, what: OperationKind) -> Decided {
        let restores: &[Restored] = match &fact.event {
            Event::Undone { restores, .. }
            | Event::Redone { restores, .. }
            | Event::Jumped { restores, .. } => restores,
            _ => &[],
        };
        let rows: RowSet = restores.iter().flat_map(|restored| restored.rows.iter()).collect();
        let decided = Decided { rows: rows.len(), same: 0, first: rows.first(), what: Some(what) };
        let (imported, edited) = match what {
            OperationKind::Import => (rows, RowSet::default()),
            OperationKind::Edit => (RowSet::default(), rows),
            OperationKind::Jump { .. } => {
                (self.rows_where(restores, comes_or_goes), self.rows_where(restores, is_edit))
            }
            _ => (RowSet::default(), RowSet::default()),
        };
        let (operation, at) = (fact.operation, fact.at);
        if imported.is_empty() {
            self.stage_with_flags(vec![fact], &edited);
        } else {
            self.turn_import(fact, &imported, &edited);
        }
        self.end_race_if_due(operation, at);
        decided
    }

    /// Returns the rows whose restored mark differs from the present one in a way.
    fn rows_where(&self, restores: &[Restored], differs: fn(&RowView<'_>, &Mark) -> bool) -> RowSet {
        let of = |restored: &Restored| {
            let rows = restored.rows.iter().filter_map(|row| self.projection.any_row(row));
            rows.filter(|row| differs(row, &restored.mark)).map(|row| row.number()).collect::<Vec<_>>()
        };
        restores.iter().flat_map(of).collect()
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
        let rows = self.flagged_as_edited(edited);
        self.stage(Fact::new(operation, at, Event::Flagged { rows }));
    }

    /// Flags rows whose texts were edited.
    pub(super) fn flagged_as_edited(&mut self, edited: &RowSet) -> Vec<Reflagged> {
        let mut told = Told::default();
        edited.iter().filter_map(|row| self.flagged_by_request(row, &mut told)).collect()
    }

    /// Flags a row whose text was edited, with the instruction of its request.
    fn flagged_by_request(&mut self, number: RowNumber, told: &mut Told) -> Option<Reflagged> {
        let request = self.projection.row(number)?.request_number();
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
