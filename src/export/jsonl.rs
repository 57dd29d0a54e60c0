//! JSON Lines: one object per row.

use std::io::Write;

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::Value;

use super::error::ExportError;
use super::record::Columns;
use super::shape::{Alone, Outgoing, Shape};
use crate::domain::Fields;
use crate::table::Cell;

/// Writes objects with the columns as keys.
pub(super) struct Jsonl {
    columns: Columns,
}

impl Jsonl {
    pub(super) const fn new(columns: Columns) -> Self {
        Self { columns }
    }
}

impl Shape for Jsonl {
    fn begin(&mut self, _: &mut dyn Write) -> Result<(), ExportError> {
        Ok(())
    }

    fn row(&mut self, row: &Outgoing<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
        self.make(row, out)
    }

    fn alone(&self) -> Option<&(dyn Alone + Sync)> {
        Some(self)
    }

    fn end(&mut self, _: &mut dyn Write) -> Result<Vec<String>, ExportError> {
        Ok(vec![])
    }
}

impl Alone for Jsonl {
    fn make(&self, row: &Outgoing<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
        let cells = self.columns.cells(row);
        let object = Object { names: &self.columns.names, cells: &cells, label: &row.label_value };
        serde_json::to_writer(&mut *out, &object).map_err(std::io::Error::from)?;
        Ok(out.write_all(b"\n")?)
    }
}

struct Object<'a> {
    names: &'a [String],
    cells: &'a [Cell<'a>],
    label: &'a Value,
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.names.len()))?;
        for (name, cell) in self.names.iter().zip(self.cells) {
            map.serialize_key(name)?;
            match cell {
                _ if name == Fields::LABEL => map.serialize_value(self.label)?,
                Cell::Null => map.serialize_value(&())?,
                Cell::Text(text) => map.serialize_value(text)?,
                Cell::Integer(number) => map.serialize_value(number)?,
                Cell::Unsigned(number) => map.serialize_value(number)?,
                Cell::Number(number) => map.serialize_value(number)?,
                Cell::Boolean(value) => map.serialize_value(value)?,
                Cell::Texts(texts) => map.serialize_value(texts)?,
            }
        }
        map.end()
    }
}
