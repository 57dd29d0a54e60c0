use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::{Field, Row};

use super::*;

fn text(text: &str) -> Cell<'_> {
    Cell::Text(Cow::Borrowed(text))
}

/// Returns one row.
fn some(columns: &[Column], row: &[Cell<'_>]) -> Rows {
    let mut rows = Rows::of(&columns.iter().map(|column| column.kind).collect::<Vec<_>>());
    rows.add(row).unwrap();
    rows
}

fn written(columns: &[Column], rows: &[Vec<Cell<'_>>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = Writer::new(&mut bytes, columns, &[("kept", "as it is".to_owned())]).unwrap();
    for row in rows {
        writer.write(some(columns, row)).unwrap();
    }
    writer.finish().unwrap();
    bytes
}

fn opened(bytes: &[u8]) -> SerializedFileReader<std::fs::File> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    SerializedFileReader::new(file).unwrap()
}

fn read(bytes: &[u8]) -> Vec<Row> {
    opened(bytes).into_iter().map(Result::unwrap).collect()
}

#[test]
fn values_of_each_kind_and_missing_ones_come_back() {
    let kinds = [Kind::Text, Kind::Integer, Kind::Unsigned, Kind::Number, Kind::Boolean, Kind::Texts];
    let columns: Vec<_> = kinds.iter().map(|kind| Column::new(format!("{kind:?}"), *kind)).collect();
    let full = vec![
        text("a \"b\"\r\n\0 c"),
        Cell::Integer(i64::MIN),
        Cell::Unsigned(u64::MAX),
        Cell::Number(-0.1),
        Cell::Boolean(false),
        Cell::Texts(vec!["x".into(), "".into()]),
    ];
    let empty = vec![Cell::Null; 6];
    let blank = vec![text(""), Cell::Null, Cell::Null, Cell::Null, Cell::Null, Cell::Texts(vec![])];

    let rows = read(&written(&columns, &[full, empty, blank]));

    let values = |row: &Row| row.get_column_iter().map(|(_, field)| field.clone()).collect::<Vec<_>>();
    let texts = |field: &Field| {
        let Field::ListInternal(list) = field else { panic!("no list: {field}") };
        list.elements().to_vec()
    };
    let first = values(&rows[0]);
    assert_eq!(first[0], Field::Str("a \"b\"\r\n\0 c".into()));
    assert_eq!(
        first[1..5],
        [Field::Long(i64::MIN), Field::ULong(u64::MAX), Field::Double(-0.1), Field::Bool(false)]
    );
    assert_eq!(texts(&first[5]), [Field::Str("x".into()), Field::Str(String::new())]);
    assert!(values(&rows[1]).iter().all(|field| *field == Field::Null));
    let last = values(&rows[2]);
    assert_eq!((&last[0], texts(&last[5])), (&Field::Str(String::new()), vec![]));
}

#[test]
fn a_file_has_its_metadata_and_columns_that_may_be_null_and_the_same_rows_give_the_same_bytes() {
    let columns = [Column::new("label", Kind::Integer)];
    let rows = [vec![Cell::Integer(1)], vec![Cell::Integer(0)]];
    let bytes = written(&columns, &rows);
    assert_eq!(bytes, written(&columns, &rows));

    let file = opened(&bytes);
    let said = file.metadata().file_metadata();
    assert_eq!(said.key_value_metadata().unwrap()[0].value.as_deref(), Some("as it is"));
    assert!(said.schema().get_fields()[0].is_optional());
    assert_eq!((said.num_rows(), file.num_row_groups()), (2, 1));
}

#[test]
fn many_rows_are_written_in_groups_and_none_is_lost() {
    let columns = [Column::new("text", Kind::Text), Column::new("tags", Kind::Texts)];
    let mut bytes = Vec::new();
    let mut writer = Writer::new(&mut bytes, &columns, &[]).unwrap();
    let many = GROUP_ROWS + 10;
    for row in 0..many {
        let tags = (0..row % 3).map(|tag| Cow::Owned(format!("t{tag}"))).collect();
        writer.write(some(&columns, &[Cell::Text(row.to_string().into()), Cell::Texts(tags)])).unwrap();
    }
    writer.finish().unwrap();
    let rows = read(&bytes);
    assert_eq!(rows.len(), many);
    let last = rows.last().unwrap().get_column_iter().next().unwrap().1.clone();
    assert_eq!(last, Field::Str((many - 1).to_string()));
}

#[test]
fn a_table_without_rows_is_one() {
    assert!(read(&written(&[Column::new("text", Kind::Text)], &[])).is_empty());
}

#[test]
fn a_row_that_does_not_fit_is_refused() {
    let mut rows = Rows::of(&[Kind::Text]);
    assert!(matches!(rows.add(&[]), Err(TableError::Row { row: 1, .. })));
    assert!(matches!(rows.add(&[Cell::Integer(1)]), Err(TableError::Row { row: 2, .. })));
}

#[test]
fn what_the_system_says_of_a_file_keeps_its_kind() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let failed = Writer::new(Full, &[Column::new("text", Kind::Text)], &[]).and_then(Writer::finish);
    let Err(TableError::Io(error)) = failed else { panic!("it was no I/O error") };
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
}
