//! Whatever a text or a label holds, it comes back from each format as it was.

use std::collections::BTreeSet;
use std::fs::{self, File};

use parquet::file::reader::SerializedFileReader;
use parquet::record::Field;
use proptest::prelude::*;

use super::*;

/// Texts that some reader or writer takes for something else.
const AWKWARD: [&str; 24] = [
    "",
    " ",
    "null",
    "NA",
    "NaN",
    "true",
    "yes",
    "007",
    "1e3",
    "-0",
    "1.50",
    "2026-01-01",
    "\"",
    "\"\"",
    "'",
    ",",
    ";",
    "\t",
    "\n",
    "\r\n",
    "a\rb\n\"c\",d\te",
    "=1+1",
    "\u{feff}x",
    "\u{2028}\u{0}\u{85}",
];

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(&AWKWARD[..]).prop_map(str::to_owned),
        any::<String>(),
        "[\"',;\\r\\n\\t=a]{0,12}",
        (1000..70_000_usize).prop_map(|length| "long \"text\"\n".repeat(length / 10)),
    ]
}

type Read = Vec<(String, String, String)>;

fn separated(bytes: &[u8], separator: u8) -> Read {
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(bytes);
    let records = reader.records().map(Result::unwrap);
    records.map(|record| (record[0].to_owned(), record[1].to_owned(), record[2].to_owned())).collect()
}

fn lines(bytes: &[u8]) -> Read {
    let rows = serde_json::Deserializer::from_slice(bytes).into_iter::<Value>().map(Result::unwrap);
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    rows.map(|row| (text(&row, "id"), text(&row, "text"), text(&row, "label"))).collect()
}

/// Reads a table; labels that are numbers are named.
fn table(path: &Path, names: &[String]) -> Read {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let rows = reader.into_iter().map(Result::unwrap);
    let cell = |field: &Field| match field {
        Field::Str(text) => text.clone(),
        Field::Long(place) => names[usize::try_from(*place).unwrap()].clone(),
        other => panic!("{other}"),
    };
    rows.map(|row| {
        let cells: Vec<_> = row.get_column_iter().take(3).map(|(_, field)| cell(field)).collect();
        (cells[0].clone(), cells[1].clone(), cells[2].clone())
    })
    .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_text_and_label_comes_back(rows in prop::collection::vec((texts(), texts()), 1..6), bare: bool) {
        let folder = tempfile::tempdir().unwrap();
        let wanted: Read =
            rows.iter().enumerate().map(|(row, (text, label))| (format!("{row}"), text.clone(), label.clone())).collect();
        let real: Vec<_> = wanted.iter().map(|(id, text, label)| ExportRow::Real { id, text, label }).collect();
        let labels: Vec<String> = rows.iter().map(|(_, label)| label.clone()).collect::<BTreeSet<_>>().into_iter().collect();
        let write = |format: Format| {
            let out = folder.path().join(format.name());
            run_with(&Story::default(), format, &Destination::File(out.clone()), &real, |export| {
                export.context.bare = bare;
                // They outlive the settings, which are used up within.
                export.context.labels = Box::leak(labels.clone().into_boxed_slice());
            })
            .unwrap();
            out
        };
        let bytes = |format| fs::read(write(format)).unwrap();
        prop_assert_eq!(&lines(&bytes(Format::Jsonl)), &wanted);
        prop_assert_eq!(&separated(&bytes(Format::Csv), b','), &wanted);
        prop_assert_eq!(&separated(&bytes(Format::Tsv), b'\t'), &wanted);
        prop_assert_eq!(&table(&write(Format::Parquet), &[]), &wanted);
        let data = write(Format::Hf).join("data/train-00000-of-00001.parquet");
        prop_assert_eq!(&table(&data, &labels), &wanted);
    }
}
