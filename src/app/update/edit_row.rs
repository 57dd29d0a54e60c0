//! The editor of a row's fields.

use crate::app::overlay::{Overlay, RowEditor, RowEditorField, RowEditorSubject};
use crate::app::text_box::TextBox;
use crate::app::{Effect, Model, Question};
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
        let Some(row) = self.target_row() else { return vec![] };
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
            RowEditorSubject::Row(row) if changed => self.change_fields(row, fields),
            RowEditorSubject::Row(_) => vec![],
            RowEditorSubject::Scrap(scrap) => self.send_repair(scrap, fields),
        }
    }

    fn change_fields(&mut self, row: RowNumber, fields: Fields) -> Vec<Effect> {
        self.detail.asked = None;
        let generated = self.shown().row(row).map(|row| row.original_fields());
        let fields = (generated.as_ref() != Some(&fields)).then_some(fields);
        self.change_row(row, Change::Edit { fields })
    }

    pub(super) fn leave_row_editor(&mut self) -> Vec<Effect> {
        let Some(Overlay::RowEditor(editor)) = self.overlays.last() else { return vec![] };
        if editor.is_changed() {
            self.overlays.push(Overlay::Question(Question::DiscardEdit));
        } else {
            self.overlays.pop();
        }
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
