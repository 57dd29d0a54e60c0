//! Reads tables, a batch of rows at a time.
//!
//! Columns of texts, numbers, truth values and lists of texts are read, however they are encoded; others, such as
//! structs, dates and bytes, are named with what they hold and left out. The crate below may panic on a damaged file;
//! that becomes an error here, and nothing is printed.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::path::Path;

use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::Type;

use super::{Cell, Column, Kind, TableError};
use crate::caught;
use crate::files::{self, Links};

/// How many rows are read at once.
const BATCH: usize = 1_024;
/// The most bytes of a column in a row group.
const LARGEST: i64 = 2 << 30;

/// A table that is being read row by row.
pub(crate) struct Reader {
    file: SerializedFileReader<File>,
    columns: Vec<Column>,
    leaves: Vec<Leaf>,
    refused: Vec<(String, &'static str)>,
    length: u64,
    /// The row group to open next.
    group: usize,
    lanes: Vec<ColumnReader>,
    /// Rows of the open group that are not read yet.
    left: usize,
    /// Cells that are read, a column each, in reverse order of the rows.
    batch: Vec<Vec<Cell<'static>>>,
    is_broken: bool,
}

/// Where the values of a column are.
#[derive(Debug, Clone, Copy)]
struct Leaf {
    /// The place of the column among all.
    place: usize,
    kind: Kind,
    /// Whether its 32 bits have no sign.
    is_unsigned: bool,
    /// The level from which on a value is there.
    present: i16,
    /// The level from which on an element of a list is there, even if it is none.
    element: i16,
}

impl Reader {
    /// Opens an ordinary file.
    pub(crate) fn open(path: &Path) -> Result<Self, TableError> {
        let (file, metadata) = files::open(path, Links::Followed)?;
        guarded(move || Self::new(file, metadata.len()))
    }

    fn new(file: File, length: u64) -> Result<Self, TableError> {
        let file = SerializedFileReader::new(file)?;
        check(file.metadata())?;
        let schema = file.metadata().file_metadata().schema_descr_ptr();
        let (mut columns, mut leaves, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        let mut place = 0;
        for field in schema.root_schema().get_fields() {
            let count = leaf_count(field);
            match kind(field) {
                Ok((kind, is_unsigned)) if count == 1 => {
                    let leaf = schema.column(place);
                    let element = leaf.repeated_ancestor_def_level();
                    leaves.push(Leaf { place, kind, is_unsigned, present: leaf.max_def_level(), element });
                    columns.push(Column::new(field.name(), kind));
                }
                Ok(_) => refused.push((field.name().to_owned(), STRUCT)),
                Err(what) => refused.push((field.name().to_owned(), what)),
            }
            place += count;
        }
        let (lanes, batch) = (Vec::new(), vec![Vec::new(); columns.len()]);
        Ok(Self { file, columns, leaves, refused, length, group: 0, lanes, left: 0, batch, is_broken: false })
    }

    /// Returns the columns that are read, in the order of the file.
    pub(crate) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Returns the names of the columns that are left out, each with what it holds.
    pub(crate) fn refused(&self) -> &[(String, &'static str)] {
        &self.refused
    }

    /// Returns the number of rows.
    pub(crate) fn rows(&self) -> u64 {
        u64::try_from(self.file.metadata().file_metadata().num_rows()).unwrap_or_default()
    }

    /// Returns the length of the file in bytes.
    pub(crate) const fn bytes(&self) -> u64 {
        self.length
    }

    /// Returns a text of the file's metadata.
    pub(crate) fn metadata(&self, key: &str) -> Option<&str> {
        let all = self.file.metadata().file_metadata().key_value_metadata()?;
        all.iter().find(|pair| pair.key == key)?.value.as_deref()
    }

    /// Reads the next batch of rows; nothing where there are no more.
    fn fill(&mut self) -> Result<bool, TableError> {
        while self.left == 0 {
            if self.group >= self.file.num_row_groups() {
                return Ok(false);
            }
            let group = self.file.get_row_group(self.group)?;
            self.left = usize::try_from(group.metadata().num_rows())
                .map_err(|_negative| TableError::Format("a row group has no number of rows".into()))?;
            self.lanes = self
                .leaves
                .iter()
                .map(|leaf| group.get_column_reader(leaf.place))
                .collect::<Result<_, _>>()?;
            self.group += 1;
        }
        let count = self.left.min(BATCH);
        for ((lane, leaf), cells) in self.lanes.iter_mut().zip(&self.leaves).zip(&mut self.batch) {
            *cells = read(lane, *leaf, count)?;
            if cells.len() != count {
                return Err(TableError::Format("a column ends before the others".into()));
            }
            cells.reverse();
        }
        self.left -= count;
        Ok(!self.columns.is_empty())
    }
}

impl Iterator for Reader {
    type Item = Result<Vec<Cell<'static>>, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_broken {
            return None;
        }
        if self.batch.first().is_none_or(Vec::is_empty) {
            match guarded(|| self.fill()) {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    self.is_broken = true;
                    return Some(Err(error));
                }
            }
        }
        Some(Ok(self.batch.iter_mut().map(|cells| cells.pop().unwrap_or(Cell::Null)).collect()))
    }
}

/// Does what may panic in the crate below.
fn guarded<T>(work: impl FnOnce() -> Result<T, TableError>) -> Result<T, TableError> {
    // After a panic the caller reads nothing more of what the closure used.
    caught::quietly(work).unwrap_or_else(|_words| {
        Err(TableError::Io(io::Error::new(io::ErrorKind::InvalidData, "it is damaged")))
    })
}

/// Refuses what cannot be read for certain.
fn check(metadata: &ParquetMetaData) -> Result<(), TableError> {
    for column in metadata.row_groups().iter().flat_map(parquet::file::metadata::RowGroupMetaData::columns) {
        fit(column.compression())?;
        if column.uncompressed_size() > LARGEST {
            return Err(TableError::Format("a column has more than 2 GB in one row group".into()));
        }
    }
    Ok(())
}

/// Refuses a compression that is not unpacked here; zstd would add a library in C to the build.
fn fit(compression: Compression) -> Result<(), TableError> {
    let codec = match compression {
        Compression::UNCOMPRESSED | Compression::SNAPPY => return Ok(()),
        Compression::ZSTD(_) => "zstd",
        Compression::GZIP(_) => "gzip",
        Compression::BROTLI(_) => "brotli",
        _ => "lz4",
    };
    Err(TableError::Format(format!(
        "it is compressed with {codec}, and only snappy is unpacked here. Write it again, for instance with \
         `polars.read_parquet(\"FILE\").write_parquet(\"NEW\", compression=\"snappy\")` or \
         `pandas.read_parquet(\"FILE\").to_parquet(\"NEW\")`"
    )))
}

fn leaf_count(field: &Type) -> usize {
    if field.is_primitive() { 1 } else { field.get_fields().iter().map(|field| leaf_count(field)).sum() }
}

const STRUCT: &str = "structs";
const OTHER: &str = "dates, times, decimals or bytes";
const LISTS: &str = "lists of something else than texts";

/// Returns what a column holds, and whether its numbers of 32 bits have no sign.
fn kind(field: &Type) -> Result<(Kind, bool), &'static str> {
    let info = field.get_basic_info();
    if field.is_primitive() {
        let is_repeated = info.has_repetition() && info.repetition() == Repetition::REPEATED;
        return match plain(field)? {
            (Kind::Text, _) if is_repeated => Ok((Kind::Texts, false)),
            _ if is_repeated => Err(LISTS),
            found => Ok(found),
        };
    }
    let is_list =
        info.converted_type() == ConvertedType::LIST || info.logical_type_ref() == Some(&LogicalType::List);
    let [repeated] = field.get_fields() else { return Err(STRUCT) };
    if !is_list || repeated.is_primitive() {
        return Err(STRUCT);
    }
    match repeated.get_fields() {
        [element] if element.is_primitive() && plain(element)?.0 == Kind::Text => Ok((Kind::Texts, false)),
        _ => Err(LISTS),
    }
}

fn plain(field: &Type) -> Result<(Kind, bool), &'static str> {
    use ConvertedType::{
        ENUM, INT_8, INT_16, INT_32, INT_64, JSON, NONE, UINT_8, UINT_16, UINT_32, UINT_64, UTF8,
    };
    let info = field.get_basic_info();
    let logical = info.logical_type_ref();
    match (field.get_physical_type(), info.converted_type()) {
        (Physical::BYTE_ARRAY, UTF8 | ENUM | JSON) => Ok((Kind::Text, false)),
        (Physical::BYTE_ARRAY, _) if logical == Some(&LogicalType::String) => Ok((Kind::Text, false)),
        (Physical::BOOLEAN, _) => Ok((Kind::Boolean, false)),
        (Physical::INT32, UINT_8 | UINT_16 | UINT_32) => Ok((Kind::Integer, true)),
        (Physical::INT32 | Physical::INT64, INT_8 | INT_16 | INT_32 | INT_64) => Ok((Kind::Integer, false)),
        (Physical::INT64, UINT_64) => Ok((Kind::Unsigned, false)),
        // A time in nanoseconds has a logical type only.
        (Physical::INT32 | Physical::INT64, NONE) if logical.is_none() => Ok((Kind::Integer, false)),
        (Physical::FLOAT | Physical::DOUBLE, _) => Ok((Kind::Number, false)),
        _ => Err(OTHER),
    }
}

/// Reads so many rows of a column.
fn read(lane: &mut ColumnReader, leaf: Leaf, count: usize) -> Result<Vec<Cell<'static>>, TableError> {
    match lane {
        ColumnReader::BoolColumnReader(lane) => {
            plain_cells(lane, leaf, count, |value| Ok(Cell::Boolean(value)))
        }
        ColumnReader::Int32ColumnReader(lane) => plain_cells(lane, leaf, count, |value| {
            let unsigned = i64::from(value.cast_unsigned());
            Ok(Cell::Integer(if leaf.is_unsigned { unsigned } else { value.into() }))
        }),
        ColumnReader::Int64ColumnReader(lane) => plain_cells(lane, leaf, count, |value| {
            let is_unsigned = leaf.kind == Kind::Unsigned;
            Ok(if is_unsigned { Cell::Unsigned(value.cast_unsigned()) } else { Cell::Integer(value) })
        }),
        // The shortest digits of a number of 32 bits are what its writer saw.
        ColumnReader::FloatColumnReader(lane) => plain_cells(lane, leaf, count, |value: f32| {
            Ok(Cell::Number(value.to_string().parse().unwrap_or_else(|_| value.into())))
        }),
        ColumnReader::DoubleColumnReader(lane) => {
            plain_cells(lane, leaf, count, |value| Ok(Cell::Number(value)))
        }
        ColumnReader::ByteArrayColumnReader(lane) if leaf.kind == Kind::Texts => lists(lane, leaf, count),
        ColumnReader::ByteArrayColumnReader(lane) => {
            plain_cells(lane, leaf, count, |value: ByteArray| Ok(Cell::Text(text(&value)?)))
        }
        _ => Err(TableError::Format("a column is not of the type that the file says".into())),
    }
}

fn text(value: &ByteArray) -> Result<Cow<'static, str>, TableError> {
    let text = std::str::from_utf8(value.data());
    text.map(|text| Cow::Owned(text.to_owned()))
        .map_err(|_bad| TableError::Format("a text is no UTF-8".into()))
}

fn plain_cells<T: DataType>(
    lane: &mut ColumnReaderImpl<T>,
    leaf: Leaf,
    count: usize,
    cell: impl Fn(T::T) -> Result<Cell<'static>, TableError>,
) -> Result<Vec<Cell<'static>>, TableError> {
    let (mut levels, mut values) = (Vec::new(), Vec::with_capacity(count));
    let (rows, ..) = lane.read_records(count, Some(&mut levels), None, &mut values)?;
    let mut values = values.into_iter();
    let is_there =
        |row: usize| leaf.present == 0 || levels.get(row).is_some_and(|level| *level == leaf.present);
    (0..rows)
        .map(|row| {
            let value = if is_there(row) { values.next() } else { None };
            value.map_or(Ok(Cell::Null), &cell)
        })
        .collect()
}

/// Reads lists: a level says for each element whether it, or only its list, is there, and another where a list begins.
fn lists<T: DataType<T = ByteArray>>(
    lane: &mut ColumnReaderImpl<T>,
    leaf: Leaf,
    count: usize,
) -> Result<Vec<Cell<'static>>, TableError> {
    let (mut levels, mut starts, mut values) = (Vec::new(), Vec::new(), Vec::new());
    lane.read_records(count, Some(&mut levels), Some(&mut starts), &mut values)?;
    let mut values = values.into_iter();
    let mut cells: Vec<Cell<'static>> = Vec::with_capacity(count);
    for (level, start) in levels.iter().zip(&starts) {
        if *start == 0 {
            let is_list = *level + 1 >= leaf.element;
            cells.push(if is_list { Cell::Texts(Vec::new()) } else { Cell::Null });
        }
        let value = if *level == leaf.present { values.next() } else { None };
        if let (Some(Cell::Texts(list)), Some(value)) = (cells.last_mut(), value) {
            list.push(text(&value)?);
        }
    }
    Ok(cells)
}

#[cfg(test)]
mod tests;
