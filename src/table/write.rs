//! Writes tables.

use std::borrow::Cow;
use std::io::{self, Write};
use std::mem;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};

use super::{Cell, Column, Kind, TableError};

/// A row group ends after this many rows, so that a reader of a part of them need not read all.
const GROUP_ROWS: usize = 1 << 17;
/// A row group ends after this many bytes of text, so that little is held in memory.
const GROUP_BYTES: usize = 32 << 20;

/// Writes rows into a Parquet file. A file that is not finished is no Parquet file.
pub(crate) struct Writer<W: Write + Send> {
    file: SerializedFileWriter<W>,
    /// The rows of the group that is not written yet.
    held: Rows,
}

/// Rows that are in no file yet, as the values of their columns.
#[derive(Debug)]
pub(crate) struct Rows {
    buffers: Vec<Buffer>,
    count: usize,
    /// The bytes of their texts.
    bytes: usize,
}

impl Rows {
    /// Returns no rows, of columns of these types.
    pub(crate) fn of(kinds: &[Kind]) -> Self {
        Self { buffers: kinds.iter().copied().map(Buffer::of).collect(), count: 0, bytes: 0 }
    }

    /// Adds a row: a value for each column.
    pub(crate) fn add(&mut self, cells: &[Cell<'_>]) -> Result<(), TableError> {
        self.count += 1;
        let wrong = |why: String| TableError::Row { row: self.count as u64, why };
        if cells.len() != self.buffers.len() {
            return Err(wrong(format!("{} values for {} columns", cells.len(), self.buffers.len())));
        }
        for (place, (buffer, cell)) in self.buffers.iter_mut().zip(cells).enumerate() {
            let bytes = buffer
                .add(cell)
                .ok_or_else(|| wrong(format!("the value of column {} is of another type", place + 1)))?;
            self.bytes += bytes;
        }
        Ok(())
    }

    fn append(&mut self, other: Self) {
        self.buffers.iter_mut().zip(other.buffers).for_each(|(own, other)| own.append(other));
        self.count += other.count;
        self.bytes += other.bytes;
    }
}

impl<W: Write + Send> Writer<W> {
    /// Begins a file with these columns and texts in its metadata. The same rows give the same bytes.
    pub(crate) fn new(out: W, columns: &[Column], metadata: &[(&str, String)]) -> Result<Self, TableError> {
        let fields = columns.iter().map(field).collect::<Result<Vec<_>, _>>()?;
        let schema = Type::group_type_builder("schema").with_fields(fields).build()?;
        let said = metadata.iter().map(|(key, value)| KeyValue::new((*key).to_owned(), value.clone()));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_key_value_metadata((!metadata.is_empty()).then(|| said.collect()))
            .build();
        let file = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties))?;
        let kinds: Vec<_> = columns.iter().map(|column| column.kind).collect();
        Ok(Self { file, held: Rows::of(&kinds) })
    }

    /// Adds rows of the same columns.
    pub(crate) fn write(&mut self, rows: Rows) -> Result<(), TableError> {
        self.held.append(rows);
        if self.held.count >= GROUP_ROWS || self.held.bytes >= GROUP_BYTES {
            self.end_group()
        } else {
            Ok(())
        }
    }

    fn end_group(&mut self) -> Result<(), TableError> {
        let mut group = self.file.next_row_group()?;
        for buffer in &mut self.held.buffers {
            buffer.write(&mut group)?;
        }
        group.close()?;
        (self.held.count, self.held.bytes) = (0, 0);
        Ok(())
    }

    /// Ends the file, with all that is to be written handed to the system.
    pub(crate) fn finish(mut self) -> Result<(), TableError> {
        if self.held.count > 0 {
            self.end_group()?;
        }
        // `into_inner` would make a text of an I/O error.
        self.file.finish()?;
        Ok(())
    }
}

/// Returns a column's type in Parquet: always one that may be null, which the readers of class labels ask for.
fn field(column: &Column) -> Result<TypePtr, TableError> {
    let primitive = |name: &str, physical, logical| {
        let builder = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
        builder.with_logical_type(logical).build().map(Arc::new)
    };
    let name = column.name.as_str();
    let unsigned = LogicalType::integer(64, false);
    let field = match column.kind {
        Kind::Text => primitive(name, Physical::BYTE_ARRAY, Some(LogicalType::String))?,
        Kind::Integer => primitive(name, Physical::INT64, None)?,
        Kind::Unsigned => primitive(name, Physical::INT64, Some(unsigned))?,
        Kind::Number => primitive(name, Physical::DOUBLE, None)?,
        Kind::Boolean => primitive(name, Physical::BOOLEAN, None)?,
        Kind::Texts => {
            let element = primitive("element", Physical::BYTE_ARRAY, Some(LogicalType::String))?;
            let list = Type::group_type_builder("list").with_repetition(Repetition::REPEATED);
            let list = list.with_fields(vec![element]).build()?;
            let builder = Type::group_type_builder(name).with_repetition(Repetition::OPTIONAL);
            let builder = builder.with_logical_type(Some(LogicalType::List));
            Arc::new(builder.with_fields(vec![Arc::new(list)]).build()?)
        }
    };
    Ok(field)
}

/// The values of one column that are not written yet.
#[derive(Debug)]
struct Buffer {
    values: Values,
    /// Which values are there: for a plain column 1 or, where one is missing, 0; for a list of texts see
    /// [`Buffer::add`].
    definitions: Vec<i16>,
    /// For lists: 0 where a row begins, 1 where it goes on.
    repetitions: Vec<i16>,
}

#[derive(Debug)]
enum Values {
    /// Texts behind one another, and where each ends.
    Texts {
        bytes: Vec<u8>,
        ends: Vec<usize>,
        listed: bool,
    },
    Integers(Vec<i64>),
    /// As numbers with a sign and the same bits, which is how Parquet holds them.
    Unsigned(Vec<i64>),
    Numbers(Vec<f64>),
    Booleans(Vec<bool>),
}

impl Buffer {
    fn of(kind: Kind) -> Self {
        let texts = |listed| Values::Texts { bytes: vec![], ends: vec![], listed };
        let values = match kind {
            Kind::Text => texts(false),
            Kind::Texts => texts(true),
            Kind::Integer => Values::Integers(vec![]),
            Kind::Unsigned => Values::Unsigned(vec![]),
            Kind::Number => Values::Numbers(vec![]),
            Kind::Boolean => Values::Booleans(vec![]),
        };
        Self { values, definitions: vec![], repetitions: vec![] }
    }

    /// Adds a value and returns how many bytes of text it has; `None` where it is of another type.
    ///
    /// For lists the definition is 0 for none, 1 for an empty list and 3 for each of its texts.
    fn add(&mut self, cell: &Cell<'_>) -> Option<usize> {
        let mut size = 0;
        let mut keep = |text: &Cow<'_, str>, bytes: &mut Vec<u8>, ends: &mut Vec<usize>| {
            bytes.extend_from_slice(text.as_bytes());
            ends.push(bytes.len());
            size += text.len();
        };
        match (&mut self.values, cell) {
            (Values::Texts { listed: true, .. }, Cell::Null) => self.repetitions.push(0),
            (_, Cell::Null) => {}
            (Values::Texts { bytes, ends, listed: true }, Cell::Texts(texts)) => {
                texts.iter().for_each(|text| keep(text, bytes, ends));
                let places = texts.len().max(1);
                self.repetitions.extend((0..places).map(|place| i16::from(place > 0)));
                self.definitions.extend((0..places).map(|_| if texts.is_empty() { 1 } else { 3 }));
                return Some(size);
            }
            (Values::Texts { bytes, ends, listed: false }, Cell::Text(text)) => keep(text, bytes, ends),
            (Values::Integers(values), Cell::Integer(value)) => values.push(*value),
            (Values::Unsigned(values), Cell::Unsigned(value)) => values.push(value.cast_signed()),
            (Values::Numbers(values), Cell::Number(value)) => values.push(*value),
            (Values::Booleans(values), Cell::Boolean(value)) => values.push(*value),
            _ => return None,
        }
        self.definitions.push(i16::from(*cell != Cell::Null));
        Some(size)
    }

    /// Adds the values of another buffer of the same type.
    fn append(&mut self, other: Self) {
        match (&mut self.values, other.values) {
            (Values::Texts { bytes, ends, .. }, Values::Texts { bytes: more, ends: theirs, .. }) => {
                ends.extend(theirs.into_iter().map(|end| bytes.len() + end));
                bytes.extend(more);
            }
            (Values::Integers(values), Values::Integers(more))
            | (Values::Unsigned(values), Values::Unsigned(more)) => values.extend(more),
            (Values::Numbers(values), Values::Numbers(more)) => values.extend(more),
            (Values::Booleans(values), Values::Booleans(more)) => values.extend(more),
            // Rows of one table have the same columns.
            _ => {}
        }
        self.definitions.extend(other.definitions);
        self.repetitions.extend(other.repetitions);
    }

    /// Writes all values as the next column of a group and forgets them.
    fn write<W: Write + Send>(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), TableError> {
        let (definitions, repetitions) = (&self.definitions, &self.repetitions);
        match &mut self.values {
            Values::Texts { bytes, ends, listed } => {
                let (all, ends) = (ByteArray::from(mem::take(bytes)), mem::take(ends));
                let starts = [0].into_iter().chain(ends.iter().copied());
                let texts: Vec<_> =
                    starts.zip(&ends).map(|(start, end)| all.slice(start, end - start)).collect();
                let repetitions = listed.then_some(repetitions.as_slice());
                write_column::<_, ByteArrayType>(group, &texts, definitions, repetitions)?;
            }
            Values::Integers(values) | Values::Unsigned(values) => {
                write_column::<_, Int64Type>(group, &mem::take(values), definitions, None)?;
            }
            Values::Numbers(values) => {
                write_column::<_, DoubleType>(group, &mem::take(values), definitions, None)?;
            }
            Values::Booleans(values) => {
                write_column::<_, BoolType>(group, &mem::take(values), definitions, None)?;
            }
        }
        self.definitions.clear();
        self.repetitions.clear();
        Ok(())
    }
}

fn write_column<W: Write + Send, T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
    definitions: &[i16],
    repetitions: Option<&[i16]>,
) -> Result<(), TableError> {
    let none = || TableError::Format("it has more columns than its schema".to_owned());
    let mut column = group.next_column()?.ok_or_else(none)?;
    column.typed::<T>().write_batch(values, Some(definitions), repetitions)?;
    Ok(column.close()?)
}

impl From<ParquetError> for TableError {
    fn from(error: ParquetError) -> Self {
        match error {
            // What the system says of a file comes wrapped, and its kind decides what a person is told.
            ParquetError::External(source) => match source.downcast::<io::Error>() {
                Ok(error) => Self::Io(*error),
                Err(other) => Self::Format(other.to_string()),
            },
            other => Self::Format(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests;
