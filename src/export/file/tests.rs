mod nothing;
mod round_trips;

use std::fs;

use serde_json::Value;

use super::*;
use crate::domain::fixtures::Story;
use crate::domain::{Change, FieldKind, FieldSpec, FieldValue, Fields, Flag, Rating, RowNumber, Schema};
use crate::export::format::Task;
use crate::export::record::LabelValues;

const HEAD: &str = "id,text,label,tone,source,prompt,version,run,provider,model,seed,rating,tags,edited,created_at,decided_at";
const AWKWARD: &str = "=cmd(),\"quoted\"\nsecond line\r\n  tab\t\u{1b}[31m ünïcode \u{2028} \\n";

fn schema() -> Schema {
    let tone = FieldSpec { name: "tone".into(), kind: FieldKind::OneOf(vec!["calm".into()]) };
    Schema([Schema::default().0, vec![tone]].concat())
}

/// Rows: 1 accepted and edited, 2 pending, 3 accepted and contaminated, 4 rejected, 5 accepted with an awkward text.
fn story() -> Story {
    let mut story = Story::default();
    story.version("words");
    let flag = Flag { kind: FlagKind::ContaminatesTest, other: Some("9".into()), figure: Some(1.0) };
    let mut rows: Vec<_> =
        ["first", "second", "third", "fourth", AWKWARD].map(|text| story.new_row(text, vec![])).into();
    rows[2].flags.push(flag);
    story.sampled_rows(rows);
    let rating = Rating::try_from(5).ok();
    story.change(&[0], Change::Accept { rating, tags: vec!["b".into(), "a".into()] });
    story.change(&[2, 4], Change::accept());
    story.change(&[3], Change::reject());
    let mut fields = Fields::of_text("first, edited");
    fields.0.insert("tone".into(), FieldValue::Text("calm".into()));
    story.change(&[0], Change::Edit { fields: Some(fields) });
    story
}

/// Exports a story, with a change to its settings.
fn run(
    story: &Story,
    format: Format,
    out: &Destination,
    real: bool,
    change: impl Fn(&mut Export<'_>),
) -> Result<ExportReport, ExportError> {
    let train = ExportRow::Real { id: "7", text: "a real one", label: "ham" };
    let real = if real { vec![train] } else { vec![] };
    run_with(story, format, out, &real, change)
}

fn run_with(
    story: &Story,
    format: Format,
    out: &Destination,
    real: &[ExportRow<'_>],
    change: impl Fn(&mut Export<'_>),
) -> Result<ExportReport, ExportError> {
    with(story, format, out, |mut export| {
        change(&mut export);
        export.run(story.projection.rows(), real.iter().copied())
    })
}

/// Calls `then` with the usual settings of an export.
fn with<T>(story: &Story, format: Format, out: &Destination, then: impl FnOnce(Export<'_>) -> T) -> T {
    let session = crate::domain::fixtures::session(schema());
    let labels = ["ham".to_owned(), "spam".to_owned()];
    let path = match out {
        Destination::File(path) => path.as_path(),
        Destination::StandardOutput => Path::new("-"),
    };
    let context = Context {
        session: &session,
        projection: &story.projection,
        labels: &labels,
        label_values: &LabelValues::new(),
        task: Task::default(),
        out: path,
        bare: false,
        raw: true,
    };
    then(Export {
        format,
        context,
        contaminated: Contaminated::Withheld,
        out,
        existing: Existing::Replace,
        sought: Sought::Decided,
        balance: &[],
        split: None,
        seed: 1,
        command: "rowsmith export tickets",
        spared: &|_| Ok(()),
        test: &[],
        said: None,
        exchange: &|_| None,
        progress: &|_| {},
        stop: &Stop::never(),
    })
}

fn export(story: &Story, format: Format, contaminated: Contaminated, real: bool) -> (String, ExportReport) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let report = run(story, format, &Destination::File(out.clone()), real, |export| {
        export.contaminated = contaminated;
    });
    assert_eq!(names(folder.path()), ["out", "out.manifest.json"]);
    (fs::read_to_string(&out).unwrap(), report.unwrap())
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn id(story: &Story, row: u32) -> String {
    story.projection.id(RowNumber(row)).unwrap().to_string()
}

#[test]
fn csv_holds_exactly_the_accepted_rows_with_their_edits() {
    let story = story();
    let (text, report) = export(&story, Format::Csv, Contaminated::Withheld, true);

    assert_eq!(report, ExportReport { real: 1, accepted: 2, withheld: 1, ..ExportReport::default() });
    assert_eq!(report.written(), 3);
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(HEAD));
    let first = format!(
        "{},\"first, edited\",spam,calm,synthetic,main,1,1,offline,,42,5,a;b,true,1970-01-01T00:16:43.000Z,1970-01-01T00:16:46.000Z",
        id(&story, 0)
    );
    assert_eq!(lines.next(), Some(first.as_str()));
    assert_eq!(text.lines().last(), Some("7,a real one,ham,,real,,,,,,,,,,,"));
}

#[test]
fn csv_reads_back_with_every_text_as_it_was() {
    let (text, _) = export(&story(), Format::Csv, Contaminated::Withheld, false);

    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let records: Vec<_> = reader.records().map(Result::unwrap).collect();

    assert_eq!(records.iter().map(|record| &record[1]).collect::<Vec<_>>(), ["first, edited", AWKWARD]);
    assert_eq!(&records[1][13], "false");
}

#[test]
fn jsonl_has_the_same_columns_as_keys() {
    let story = story();
    let (text, report) = export(&story, Format::Jsonl, Contaminated::Allowed, true);

    assert_eq!(report, ExportReport { real: 1, accepted: 3, ..ExportReport::default() });
    let rows: Vec<serde_json::Map<String, Value>> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 4);
    for row in &rows {
        assert_eq!(row.keys().cloned().collect::<Vec<_>>().join(","), HEAD);
    }
    assert_eq!(
        (&rows[3]["source"], &rows[3]["tone"], &rows[3]["tags"]),
        (&"real".into(), &Value::Null, &Value::Array(vec![]))
    );
    assert_eq!((&rows[0]["text"], &rows[0]["rating"]), (&"first, edited".into(), &5.into()));
    assert_eq!(rows[0]["tags"], Value::from(vec!["a", "b"]));
    assert_eq!(rows[1]["id"], Value::from(id(&story, 2)));
    assert_eq!((rows[2]["text"].as_str(), &rows[2]["tags"]), (Some(AWKWARD), &Value::Array(vec![])));
}

#[test]
fn two_exports_of_the_same_rows_are_the_same_bytes_with_their_manifests() {
    let bytes = |format| {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        run(&story(), format, &Destination::File(out.clone()), true, |_| {}).unwrap();
        let files: Vec<_> = match format {
            Format::Hf => vec!["out/README.md", "out/manifest.json", "out/data/train-00000-of-00001.parquet"],
            _ => vec!["out", "out.manifest.json"],
        };
        files.into_iter().map(|file| fs::read(folder.path().join(file)).unwrap()).collect::<Vec<_>>()
    };
    for format in [Format::Jsonl, Format::Csv, Format::Tsv, Format::Parquet, Format::Hf] {
        assert_eq!(bytes(format), bytes(format), "{}", format.name());
    }
}

#[test]
fn an_export_that_breaks_off_leaves_the_file_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.csv");
    fs::write(&out, "before").unwrap();
    let story = story();
    let destination = Destination::File(out.clone());
    let broken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        run(&story, Format::Csv, &destination, true, |export| {
            // The second file is the manifest.
            export.spared = &|path: &Path| {
                assert!(path.ends_with("out.csv"), "something that nobody thought of");
                Ok(())
            };
        })
    }));

    assert!(broken.is_err());
    assert_eq!(fs::read_to_string(&out).unwrap(), "before");
    assert_eq!(names(folder.path()), ["out.csv"]);
}

#[test]
fn a_stopped_export_leaves_nothing_in_any_format() {
    let folder = tempfile::tempdir().unwrap();
    let out = Destination::File(folder.path().join("out"));
    let stop = Stop::when(|| true);
    for format in [Format::Jsonl, Format::Csv, Format::Parquet, Format::Hf] {
        let outcome = run(&story(), format, &out, true, |export| {
            // A longer life than that of the settings is not needed, for they are used up here.
            export.stop = Box::leak(Box::new(stop.clone()));
        });
        assert!(matches!(outcome, Err(ExportError::Stopped)), "{outcome:?}");
        assert_eq!(names(folder.path()), [""; 0]);
    }
}

#[test]
fn a_split_export_is_two_files_with_one_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("rows.csv");
    let story = Story::with_rows(40);
    let mut story = story;
    story.change(&(0..40).collect::<Vec<_>>(), Change::accept());
    run(&story, Format::Csv, &Destination::File(out), false, |export| {
        export.split = Shares::new(0.75, 3).ok();
    })
    .unwrap();
    assert_eq!(names(folder.path()), ["rows-test.csv", "rows-train.csv", "rows.csv.manifest.json"]);
    let lines = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap().lines().count() - 1;
    assert_eq!((lines("rows-train.csv"), lines("rows-test.csv")), (30, 10));
    let manifest: Value =
        serde_json::from_slice(&fs::read(folder.path().join("rows.csv.manifest.json")).unwrap()).unwrap();
    let bytes = fs::read(folder.path().join("rows-test.csv")).unwrap();
    assert_eq!(manifest["files"][1]["blake3"], blake3::hash(&bytes).to_hex().to_string());
    assert_eq!(
        (&manifest["files"][1]["rows"], &manifest["verdict"], &manifest["rows"]["accepted"]),
        (&10.into(), &Value::Null, &40.into())
    );
    assert_eq!(manifest["models"][0]["provider"], "offline");
    assert_eq!(manifest["versions"][0]["rows"], 40);
}

#[test]
fn cells_that_a_spreadsheet_would_run_are_neutralised_and_said_and_numbers_are_not() {
    let mut story = Story::default();
    story.version("words");
    let texts = ["=1+1", "+1", "-1", "@a", "\tb", "\rc", "plain", " =no"];
    let rows = texts.map(|text| story.new_row(text, vec![])).into();
    story.sampled_rows(rows);
    story.change(&(0..8).collect::<Vec<_>>(), Change::accept());
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    for (format, separator) in [(Format::Csv, b','), (Format::Tsv, b'\t')] {
        let report = run(&story, format, &Destination::File(out.clone()), false, |export| {
            export.context.raw = false;
        });
        let said = report.unwrap().sentence("out");
        assert!(said.contains("6 cells in 6 rows begin with what a spreadsheet would run"), "{said}");
        let bytes = fs::read(&out).unwrap();
        let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(bytes.as_slice());
        let read: Vec<_> = reader.records().map(|record| record.unwrap()[1].to_owned()).collect();
        let wanted: Vec<_> = texts
            .iter()
            .map(|text| if text.len() < 5 { format!("'{text}") } else { (*text).to_owned() })
            .collect();
        assert_eq!(read[..6], wanted[..6]);
        assert_eq!(read[6..], texts[6..]);
    }
}

#[test]
fn what_cannot_be_written_has_its_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let said = |out: &Path| {
        let out = Destination::File(out.to_owned());
        run(&story(), Format::Csv, &out, false, |_| {}).unwrap_err().to_string()
    };
    assert!(said(folder.path()).ends_with("is a folder; name a file in it."));
    assert!(said(&folder.path().join("no/out.csv")).contains("there is no folder"));
    assert!(said(&file.join("out.csv")).contains("there is no folder"));
    assert!(said(Path::new("/proc/out.csv")).contains("`/proc/out.csv` cannot be written: "));
    let mut bits = fs::metadata(&file).unwrap().permissions();
    bits.set_readonly(true);
    fs::set_permissions(&file, bits).unwrap();
    assert!(said(&file).contains("is read-only; make it writable or name another file."));
    assert!(said(Path::new("/dev/null")).contains("is no ordinary file"));
}

#[test]
fn an_unknown_format_says_what_there_is() {
    assert_eq!("CSV".parse::<Format>().unwrap(), Format::Csv);
    let said = "xlsx".parse::<Format>().unwrap_err().to_string();
    assert_eq!(
        said,
        "There is no format `xlsx`; there are jsonl, csv, tsv, parquet, hf, openai, alpaca, sharegpt, dpo, kto, argilla, prodigy, \
         label-studio, fasttext, promptfoo."
    );
}

#[test]
fn the_ending_of_a_file_names_its_format() {
    let of = |out: &str| Format::of(Path::new(out));
    assert_eq!(of("a/b.CSV").unwrap(), Format::Csv);
    assert_eq!((of("b.jsonl").unwrap(), of("c.ndjson").unwrap()), (Format::Jsonl, Format::Jsonl));
    assert_eq!((of("b.tsv").unwrap(), of("c.Parquet").unwrap()), (Format::Tsv, Format::Parquet));
    for out in ["rows", "rows.json", "rows.xls", "-"] {
        let said = of(out).unwrap_err().to_string();
        let wanted = format!(
            "The ending of `{out}` names no format; end it in .jsonl, .csv, .tsv or .parquet, or add"
        );
        assert!(said.starts_with(&wanted), "{said}");
    }
}

#[test]
fn texts_that_pandas_reads_as_missing_are_counted_in_a_csv_and_not_in_a_jsonl() {
    let mut story = Story::default();
    story.version("words");
    let texts = ["NA", "null", "a text", "na", "NA ", "None of it", "NA"];
    let rows = texts.map(|text| story.new_row(text, vec![])).into();
    story.sampled_rows(rows);
    story.change(&[0, 1, 2, 3, 4, 5, 6], Change::accept());

    let (_, csv) = export(&story, Format::Csv, Contaminated::Withheld, false);
    let (_, jsonl) = export(&story, Format::Jsonl, Contaminated::Withheld, false);

    let sentence = csv.sentence("out.csv");
    assert_eq!(
        sentence,
        "7 accepted rows written to out.csv. In 3 written rows the value of `text` reads as missing in pandas (`NA`, `null`): \
         read the file with keep_default_na=False, or export JSON Lines."
    );
    assert_eq!(jsonl.sentence("out.jsonl"), "7 accepted rows written to out.jsonl.");
}

#[test]
fn a_file_that_is_replaced_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.jsonl");
    let (story, destination) = (story(), Destination::File(out.clone()));
    let report = || run(&story, Format::Jsonl, &destination, false, |_| {}).unwrap();

    assert!(!report().replaced);
    let second = report();
    assert!(second.replaced);
    assert!(second.sentence("out.jsonl").contains("out.jsonl. What was there before is replaced."));
}
