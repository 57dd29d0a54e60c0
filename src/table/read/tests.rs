//! Tests of tables that are read.

use std::sync::Arc;

use parquet::basic::ZstdLevel;
use parquet::data_type::{ByteArrayType, Int32Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use proptest::prelude::*;

use super::super::{Rows, Writer};
use super::*;

fn written(columns: &[Column], rows: &[Vec<Cell<'_>>]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let mut writer = Writer::new(&mut file, columns, &[("about", "rows".to_owned())]).unwrap();
    let mut held = Rows::of(&columns.iter().map(|column| column.kind).collect::<Vec<_>>());
    rows.iter().for_each(|row| held.add(row).unwrap());
    writer.write(held).unwrap();
    writer.finish().unwrap();
    file
}

fn all(path: &Path) -> Vec<Vec<Cell<'static>>> {
    Reader::open(path).unwrap().map(Result::unwrap).collect()
}

fn columns() -> Vec<Column> {
    let kinds = [Kind::Text, Kind::Integer, Kind::Unsigned, Kind::Number, Kind::Boolean, Kind::Texts];
    kinds.into_iter().zip('a'..).map(|(kind, name)| Column::new(name, kind)).collect()
}

#[test]
fn a_table_comes_back_as_it_was_written() {
    let texts = |texts: &[&'static str]| Cell::Texts(texts.iter().map(|text| Cow::Borrowed(*text)).collect());
    let rows = vec![
        vec![
            Cell::Text("é\n".into()),
            Cell::Integer(-3),
            Cell::Unsigned(u64::MAX),
            Cell::Number(0.1),
            Cell::Boolean(true),
            texts(&["x", ""]),
        ],
        vec![
            Cell::Text("".into()),
            Cell::Integer(i64::MIN),
            Cell::Unsigned(0),
            Cell::Number(-2.0),
            Cell::Boolean(false),
            texts(&[]),
        ],
        vec![Cell::Null, Cell::Null, Cell::Null, Cell::Null, Cell::Null, Cell::Null],
    ];
    let file = written(&columns(), &rows);
    let reader = Reader::open(file.path()).unwrap();

    assert_eq!((reader.columns(), reader.rows()), (&columns()[..], 3));
    assert_eq!((reader.metadata("about"), reader.metadata("other")), (Some("rows"), None));
    assert_eq!(reader.map(Result::unwrap).collect::<Vec<_>>(), rows);
}

#[test]
fn more_rows_than_a_batch_are_all_read_in_order() {
    let rows: Vec<Vec<Cell<'_>>> = (0..3_000).map(|n| vec![Cell::Integer(n)]).collect();
    let file = written(&[Column::new("n", Kind::Integer)], &rows);
    assert_eq!(all(file.path()), rows);
}

/// Writes a file with the types of other programs: a small number, a struct, a time, and a required text.
fn foreign(compression: Compression) -> tempfile::NamedTempFile {
    let message = "message schema { required binary text (UTF8); optional int32 small (INT_8); \
        optional int32 wide (UINT_32); optional int64 at (TIMESTAMP_MILLIS); optional group meta { optional int32 x; } }";
    let file = tempfile::NamedTempFile::new().unwrap();
    let schema = Arc::new(parse_message_type(message).unwrap());
    let properties = Arc::new(WriterProperties::builder().set_compression(compression).build());
    let mut writer = SerializedFileWriter::new(file.reopen().unwrap(), schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut place = 0;
    while let Some(mut column) = group.next_column().unwrap() {
        match place {
            0 => drop(
                column.typed::<ByteArrayType>().write_batch(&["a".into(), "b".into()], None, None).unwrap(),
            ),
            1 | 2 => drop(column.typed::<Int32Type>().write_batch(&[-1], Some(&[1, 0]), None).unwrap()),
            3 => drop(
                column
                    .typed::<parquet::data_type::Int64Type>()
                    .write_batch(&[5], Some(&[0, 1]), None)
                    .unwrap(),
            ),
            _ => drop(column.typed::<Int32Type>().write_batch(&[1], Some(&[2, 0]), None).unwrap()),
        }
        column.close().unwrap();
        place += 1;
    }
    group.close().unwrap();
    writer.close().unwrap();
    file
}

#[test]
fn columns_of_other_types_are_named_and_left_out() {
    let file = foreign(Compression::SNAPPY);
    let reader = Reader::open(file.path()).unwrap();

    let names: Vec<&str> = reader.columns().iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["text", "small", "wide"]);
    assert_eq!(reader.refused(), [("at".to_owned(), OTHER), ("meta".to_owned(), STRUCT)]);
    let rows: Vec<_> = reader.map(Result::unwrap).collect();
    assert_eq!(rows[0], [Cell::Text("a".into()), Cell::Integer(-1), Cell::Integer(4_294_967_295)]);
    assert_eq!(rows[1], [Cell::Text("b".into()), Cell::Null, Cell::Null]);
}

#[test]
fn a_compression_that_is_not_unpacked_is_refused_with_the_way_out() {
    assert_eq!(all(foreign(Compression::UNCOMPRESSED).path()).len(), 2);
    assert!(fit(Compression::SNAPPY).is_ok());
    let said = fit(Compression::ZSTD(ZstdLevel::default())).unwrap_err().to_string();
    assert!(said.contains("zstd") && said.contains("compression=\"snappy\""), "{said}");
}

proptest! {
    #[test]
    fn a_damaged_file_is_an_error_and_never_a_panic(place in 0_usize..600, byte: u8, cut in 0_usize..700) {
        let file = foreign(Compression::SNAPPY);
        let mut bytes = std::fs::read(file.path()).unwrap();
        let length = bytes.len();
        bytes[place % length] = byte;
        bytes.truncate(length.saturating_sub(cut.saturating_sub(600)));
        std::fs::write(file.path(), bytes).unwrap();
        if let Ok(reader) = Reader::open(file.path()) {
            reader.take(10).for_each(drop);
        }
    }
}
