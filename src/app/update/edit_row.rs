//! The editor of a row's fields.

use crate::app::bulk::Target;
use crate::app::overlay::{Overlay, RowEditor, RowEditorField, RowEditorSubject};
use crate::app::text_box::TextBox;
use crate::app::{Effect, Model, Question};
use crate::curate::no_such_label;
use crate::domain::{Change, FieldValue, Fields, FieldsError, RowNumber, Schema};

impl RowEditor {
    pub(super) fn new(subject: RowEditorSubject, fields: &Fields, schema: &Schema) -> Self {
        let others: Vec<_> = schema.0.iter().filter(|spec| spec.name != Fields::TEXT).collect();
        let line = |name: &str| {
            let value = fields.0.get(name).map(ToString::to_string).unwrap_or_default();
            format!("{name} = {value}")
        };
        let lines: Vec<_> = others.iter().map(|spec| line(&spec.name)).collect();
        let mut editor = Self {
            subject,
            text: TextBox::new(fields.text()),
            others: (!lines.is_empty()).then(|| TextBox::new(&lines.join("\n"))),
            field: RowEditorField::Text,
            error: None,
            before: Vec::new(),
        };
        editor.before = editor.lines();
        editor
    }

    /// Returns the text that has the cursor.
    pub(super) const fn typed_in(&mut self) -> &mut TextBox {
        match (self.field, &mut self.others) {
            (RowEditorField::Others, Some(others)) => others,
            _ => &mut self.text,
        }
    }

    /// Returns all lines of the editor.
    fn lines(&self) -> Vec<String> {
        let areas = std::iter::once(&self.text).chain(&self.others);
        areas.flat_map(|area| area.lines()).cloned().collect()
    }

    /// Parses the fields.
    ///
    /// # Errors
    ///
    /// Names the first field that does not match the schema, in a sentence.
    pub fn fields(&self, schema: &Schema) -> Result<Fields, FieldsError> {
        let mut fields = Fields::of_text(self.text.lines().join("\n"));
        let lines = self.others.iter().flat_map(|others| others.lines());
        for line in lines.filter(|line| !line.trim().is_empty()) {
            let Some((name, value)) = line.split_once('=') else {
                return Err(FieldsError(format!("Write `name = value`, not `{}`.", line.trim())));
            };
            let name = name.trim();
            let value = value.strip_prefix(' ').unwrap_or(value);
            let value = match schema.field(name) {
                Some(spec) => spec.parse(value)?,
                None => FieldValue::Text(value.to_owned()),
            };
            fields.0.insert(name.to_owned(), value);
        }
        schema.check(&fields).map(|()| fields)
    }

    /// Returns whether the text was changed since the editor was opened.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.lines() != self.before
    }
}

impl Model {
    pub(super) fn edit_row(&mut self) -> Vec<Effect> {
        self.target_row().map_or_else(Vec::new, |row| self.edit_row_of(row))
    }

    pub(super) fn edit_row_of(&mut self, row: RowNumber) -> Vec<Effect> {
        let Some(fields) = self.shown().row(row).map(|row| row.fields()) else { return vec![] };
        self.open_row_editor(RowEditorSubject::Row(row), &fields)
    }

    pub(super) fn open_row_editor(&mut self, subject: RowEditorSubject, fields: &Fields) -> Vec<Effect> {
        if let Some(open) = self.stage.session() {
            let editor = RowEditor::new(subject, fields, &open.session.schema);
            self.overlays.push(Overlay::RowEditor(Box::new(editor)));
        }
        vec![]
    }

    pub(super) fn save_edit(&mut self) -> Vec<Effect> {
        let Some(open) = self.stage.session() else { return vec![] };
        let Some(Overlay::RowEditor(editor)) = self.overlays.last_mut() else { return vec![] };
        let fields = match editor.fields(&open.session.schema) {
            Ok(fields) => fields,
            Err(error) => {
                editor.error = Some(error.to_string());
                return vec![];
            }
        };
        let (subject, changed) = (editor.subject, editor.is_changed());
        self.overlays.pop();
        match subject {
            RowEditorSubject::Row(row) if changed => {
                let fields = self.with_label(row, fields);
                self.change_fields(row, fields)
            }
            RowEditorSubject::Row(_) => vec![],
            RowEditorSubject::Scrap(scrap) => self.send_repair(scrap, fields),
        }
    }

    /// Gives rows another label, one of those that there are.
    pub(super) fn relabel(&mut self, target: Target, label: &str) -> Vec<Effect> {
        let known = self.label_names();
        let unknown = no_such_label(label, &known);
        if let Some(unknown) = unknown {
            if let Some(Overlay::Line(line)) = self.overlays.last_mut() {
                line.error = Some(unknown);
                line.tried = true;
            }
            return vec![];
        }
        self.overlays.pop();
        let Target::Row(row) = target else {
            return self.change_target(target, Change::Relabel { label: label.to_owned() });
        };
        let Some(view) = self.shown().row(row) else { return vec![] };
        let before = view.label().to_owned();
        if before == label {
            self.say(format!("Row {} has the label `{label}` already; nothing was changed.", row.shown()));
            return vec![];
        }
        let effects = self.change_row(row, Change::Relabel { label: label.to_owned() });
        self.say(format!("Row {} has the label `{label}` now; it was `{before}`.", row.shown()));
        effects
    }

    fn change_fields(&mut self, row: RowNumber, fields: Fields) -> Vec<Effect> {
        self.detail.asked = None;
        let generated = self.shown().row(row).map(|row| row.original_fields());
        let fields = (generated.as_ref() != Some(&fields)).then_some(fields);
        self.change_row(row, Change::Edit { fields })
    }

    /// Returns edited fields with the label that a person gave the row before, where the editor shows none.
    fn with_label(&self, row: RowNumber, mut fields: Fields) -> Fields {
        let label = self.shown().row(row).and_then(|row| row.fields().0.remove(Fields::LABEL));
        if let Some(label) = label {
            fields.0.entry(Fields::LABEL.to_owned()).or_insert(label);
        }
        fields
    }

    pub(super) fn leave_row_editor(&mut self) -> Vec<Effect> {
        let Some(Overlay::RowEditor(editor)) = self.overlays.last() else { return vec![] };
        if editor.is_changed() {
            self.overlays.push(Overlay::Question(Question::LeaveEdit));
        } else {
            self.overlays.pop();
        }
        vec![]
    }

    pub(in crate::app) fn is_leaving_edit(&self) -> bool {
        matches!(self.overlays.last(), Some(Overlay::Question(Question::LeaveEdit)))
    }

    /// Leaves the editor, and the question about it, without saving.
    pub(super) fn discard_edit(&mut self) -> Vec<Effect> {
        let open = self.overlays.len().saturating_sub(2);
        self.overlays.truncate(open);
        self.say("The edit was discarded; the row is as it was.");
        vec![]
    }

    pub(super) fn next_field(&mut self) -> Vec<Effect> {
        if let Some(Overlay::RowEditor(editor)) = self.overlays.last_mut()
            && editor.others.is_some()
        {
            editor.field = match editor.field {
                RowEditorField::Text => RowEditorField::Others,
                RowEditorField::Others => RowEditorField::Text,
            };
        }
        vec![]
    }
}
