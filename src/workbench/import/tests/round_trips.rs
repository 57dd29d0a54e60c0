//! What is exported comes back as it was: into a session without rows, and as the dataset of a new one.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;
use crate::domain::{Existing, Rating};
use crate::export::{Destination, Format};
use crate::workbench::{ExportOrder, NewOrder, Watch, new_session};

/// Labels that some reader takes for a number, a truth value, nothing or a formula.
const LABELS: [&str; 9] = ["007", "1e3", "yes", "null", "NA", "true", "-x", "'=x", "a b"];
const FORMATS: [(Format, &str); 5] = [
    (Format::Jsonl, "rows.jsonl"),
    (Format::Csv, "rows.csv"),
    (Format::Tsv, "rows.tsv"),
    (Format::Parquet, "rows.parquet"),
    (Format::Hf, "rows"),
];
/// Texts that some reader or writer takes for something else.
const TEXTS: [&str; 31] = [
    "it was \0 then",
    "null",
    "NaN",
    "yes",
    "007",
    "1e3",
    "1.50",
    "2026-01-01",
    "\"",
    "\"\"",
    "\"quoted\"",
    "'",
    "''",
    ",;",
    "a\tb",
    "\ttab first",
    "\rreturn first",
    "ends with a line break\n",
    "\nbegins with one",
    "a\rb\n\"c\",d\te",
    "a\r\nb",
    "=1+1",
    "'=1+1",
    "''+1",
    "'-",
    "'\ta",
    "@a",
    "\u{feff}x",
    "\u{2028}\u{85}x",
    " between blanks ",
    "\\N",
];
const FIELDS: &str = "
[fields.size]
type = \"integer\"
[fields.share]
type = \"number\"
[fields.sure]
type = \"boolean\"
[fields.tone]
type = \"enum\"
values = [\"calm\", \"true\"]
[fields.rating]
type = \"string\"
";

/// A row as it is before any export.
#[derive(Debug, Clone)]
struct Written {
    text: String,
    label: &'static str,
    stars: Option<u8>,
    tags: Vec<String>,
    original: Option<String>,
    fields: Vec<(&'static str, FieldValue)>,
}

impl Written {
    fn of(text: &str, label: &'static str) -> Self {
        let (stars, tags, original, fields) = (None, vec![], None, vec![]);
        Self { text: text.to_owned(), label, stars, tags, original, fields }
    }

    fn incoming(&self, line: u64) -> Incoming {
        let rating = self.stars.and_then(|stars| Rating::try_from(stars).ok());
        Incoming {
            line,
            text: self.text.clone(),
            label: Some(self.label.to_owned()),
            state: Some(RowState::Accepted { rating }),
            tags: self.tags.clone(),
            original: self.original.clone(),
            fields: usual()
                .iter()
                .chain(&self.fields)
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
            origin: Origin {
                prompt: Some("007".into()),
                version: Some(3),
                provider: Some("null".into()),
                model: Some("=model".into()),
                seed: Some(1 << 53),
                ..Origin::default()
            },
            ..Incoming::default()
        }
    }
}

/// A value of each field, for rows that say nothing else of it.
fn usual() -> [(&'static str, FieldValue); 5] {
    [
        ("size", FieldValue::Integer(1)),
        ("share", FieldValue::Number(0.5)),
        ("sure", FieldValue::Boolean(true)),
        ("tone", FieldValue::Text("calm".into())),
        ("rating", FieldValue::Text("high".into())),
    ]
}

fn session() -> TestSession {
    let mut table = "id,split,label,text\n".to_owned();
    for (place, label) in LABELS.iter().enumerate() {
        for part in ["train", "test"] {
            writeln!(table, "{part}{place},{part},{label},real {part} words number {place}").unwrap();
        }
    }
    TestSession::of(&table, "007", FIELDS)
}

/// Everything that has to come back, by the ids.
fn held(session: &TestSession) -> BTreeMap<String, String> {
    let rows = session.bench.projection().rows();
    rows.map(|row| {
        let (mark, origin) = (row.mark(), row.origin().unwrap());
        let kept = (row.fields(), row.label(), mark.state, mark.tags, row.created_at(), origin);
        (row.id().to_string(), format!("{kept:?}"))
    })
    .collect()
}

fn exported(session: &TestSession, format: Format, out: PathBuf, bare: bool) -> PathBuf {
    let order = ExportOrder {
        allow_contaminated: true,
        bare,
        ..ExportOrder::new(format, Destination::File(out.clone()), Existing::Keep)
    };
    let watch = Watch { progress: &|_| {}, stop: &Stop::never() };
    session.bench.exporter().export(&order, watch, &|_| None).unwrap();
    out
}

fn imported(path: &Path) -> (TestSession, ImportReport) {
    let mut session = session();
    let wanted = FileOrder { path: path.to_owned(), ..FileOrder::default() };
    let operation = session.next();
    let report = session.bench.import_file(&wanted, (operation, NOW), &Stop::never(), &mut |_| ()).unwrap();
    session.bench.commit().unwrap();
    (session, report)
}

fn written(rows: &[Written]) -> TestSession {
    let mut session = session();
    let rows: Vec<_> = (1..).zip(rows).map(|(line, row)| row.incoming(line)).collect();
    let report = import(&mut session, rows);
    assert_eq!(report.refused, 0, "{:?}", report.refusals);
    session
}

fn comes_back(rows: &[Written]) {
    let first = written(rows);
    let folder = tempfile::tempdir().unwrap();
    for (format, name) in FORMATS {
        let out = exported(&first, format, folder.path().join(name), false);
        let (second, report) = imported(&out);
        assert_eq!((report.rows, report.refused), (rows.len() as u64, 0), "{name}: {:?}", report.sentences());
        assert_eq!(held(&second), held(&first), "{name}");
    }
}

#[test]
fn texts_and_labels_that_readers_mistake_come_back_with_all_that_rows_hold() {
    let mut rows: Vec<_> =
        TEXTS.iter().zip(LABELS.iter().cycle()).map(|(text, label)| Written::of(text, label)).collect();
    rows[3].stars = Some(4);
    rows[4].tags = vec!["007".into(), "a b".into()];
    rows[8].tags = vec![" b ".into(), "[\"a\"]".into(), "a;b".into()];
    rows[5].original = Some("as it was made".into());
    rows[6].fields = vec![
        ("size", FieldValue::Integer(-7)),
        ("share", FieldValue::Number(0.1)),
        ("sure", FieldValue::Boolean(false)),
        ("tone", FieldValue::Text("true".into())),
        ("rating", FieldValue::Text("=five".into())),
    ];
    rows[7].fields = vec![("share", FieldValue::Number(1e300)), ("rating", FieldValue::Text("1.0".into()))];
    rows.push(Written::of(&"long \"text\"\n\tof many lines, ".repeat(20_000), "NA"));
    comes_back(&rows);
}

#[test]
fn an_export_is_the_dataset_of_a_new_session_with_the_same_rows() {
    let rows: Vec<_> = LABELS
        .iter()
        .flat_map(|label| {
            (0..4).map(move |count| Written::of(&format!("'=row {count} \"of\"\n{label}"), label))
        })
        .collect();
    let first = written(&rows);
    let wanted: BTreeMap<_, _> = first
        .bench
        .projection()
        .rows()
        .map(|row| (row.id().to_string(), (row.text().to_owned(), row.label().to_owned())))
        .collect();
    let folder = tempfile::tempdir().unwrap();
    for (format, name) in FORMATS {
        for bare in [false, true] {
            let out = exported(&first, format, folder.path().join(format!("{bare}-{name}")), bare);
            let order = NewOrder {
                id: Some("id"),
                split: Some("none"),
                test_fraction: 0.25,
                ..NewOrder::new(&out, "text", "label", "007")
            };
            let location =
                new_session(&folder.path().join(format!("of-{bare}-{name}")), &order, None, NOW).unwrap();
            let bench = Workbench::open(&location, NOW).unwrap();
            let found: BTreeMap<_, _> = bench
                .dataset
                .rows()
                .map(|row| (row.id.into_owned(), (row.text.to_owned(), row.label.to_owned())))
                .collect();
            assert_eq!(found, wanted, "{name}, bare: {bare}");
        }
    }
}

fn texts() -> impl Strategy<Value = String> {
    let any = any::<String>();
    let awkward = prop::sample::select(&TEXTS[..]).prop_map(str::to_owned);
    let texts = prop_oneof![awkward, any, "[\"',;\\r\\n\\t=a ]{1,12}"];
    texts.prop_filter("a row has a text", |text| !text.trim().is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_row_holds_comes_back(
        rows in prop::collection::vec((texts(), prop::sample::select(&LABELS[..]), texts()), 1..12),
    ) {
        let of = |(text, label, note): &(String, &'static str, String)| Written {
            fields: vec![("rating", FieldValue::Text(note.clone()))],
            ..Written::of(text, label)
        };
        comes_back(&rows.iter().map(of).collect::<Vec<_>>());
    }
}
