use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::domain::fixtures::Story;
use crate::domain::{Change, Existing, ExportReport};
use crate::export::file::{Contaminated, Export, ExportRow, Sought};
use crate::export::format::{Destination, Format, Task};
use crate::export::record::LabelValues;
use crate::export::shape::Context;
use crate::export::{ExportError, Shares};
use crate::text::Stop;

fn story() -> Story {
    let mut story = Story::with_rows(6);
    story.change(&[0, 1, 2], Change::accept());
    story.change(&[3], Change::reject());
    story
}

/// Exports three accepted rows and a real one, with a change to the settings.
fn run(out: &Path, change: impl Fn(&mut Export<'_>)) -> Result<ExportReport, ExportError> {
    let (story, session) = (story(), crate::domain::fixtures::session(crate::domain::Schema::default()));
    let labels = ["007", "spam", "yes"].map(str::to_owned);
    let out = Destination::File(out.to_owned());
    let context = Context {
        session: &session,
        projection: &story.projection,
        labels: &labels,
        label_values: &LabelValues::new(),
        task: Task::default(),
        out: Path::new("out"),
        bare: false,
        raw: false,
    };
    let test = [ExportRow::Real { id: "8", text: "held out", label: "yes" }];
    let mut export = Export {
        format: Format::Hf,
        context,
        contaminated: Contaminated::Withheld,
        out: &out,
        existing: Existing::Keep,
        sought: Sought::Decided,
        balance: &[],
        split: None,
        seed: 1,
        command: "rowsmith export tickets --format hf --out out",
        spared: &|_| Ok(()),
        test: &test,
        said: None,
        exchange: &|_| None,
        progress: &|_| {},
        stop: &Stop::never(),
    };
    change(&mut export);
    let real = ExportRow::Real { id: "7", text: "a real one", label: "007" };
    export.run(story.projection.rows(), std::iter::once(real))
}

#[test]
fn a_folder_has_its_card_its_splits_and_its_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("set");
    let report = run(&out, |_| {}).unwrap();
    assert_eq!((report.accepted, report.real), (3, 2));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);

    let card = fs::read_to_string(out.join("README.md")).unwrap();
    for wanted in [
        "tags:\n- synthetic\n",
        "task_categories:\n- text-classification\n",
        "size_categories:\n- n<1K\n",
        "  - name: \"label\"\n    dtype:\n      class_label:\n        names:\n          '0': \"007\"\n          '1': \"spam\"\n          '2': \"yes\"\n",
        "  - name: \"tags\"\n    list: string\n",
        "  - name: train\n    num_examples: 4\n  - name: test\n    num_examples: 1\n",
        "  - split: test\n    path: data/test-*\n",
        "| test (real, held out) | 1 |",
        "| `offline` | – | – | 3 |",
        "dataset = load_dataset(\"set\")",
        "3 accepted, 1 rejected",
        "| no reason given | 1 |",
        "rowsmith export tickets --format hf --out out",
    ] {
        assert!(card.contains(wanted), "{wanted}\n{card}");
    }
    let manifest: Value = serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    let names: Vec<_> =
        manifest["files"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["README.md", "data/train-00000-of-00001.parquet", "data/test-00000-of-00001.parquet"]);
    let bytes = fs::read(out.join(names[1])).unwrap();
    assert_eq!(manifest["files"][1]["blake3"], blake3::hash(&bytes).to_hex().to_string());
    // The features are in the Parquet file itself, so that it is right without the card too.
    let features = br#"{"info":{"features":{"id":{"dtype":"string","_type":"Value"},"text":{"dtype":"string","_type":"Value"},"label":{"names":["007","spam","yes"],"_type":"ClassLabel"}"#;
    assert!(bytes.windows(features.len()).any(|window| window == features));
}

#[test]
fn only_an_export_is_replaced_and_only_where_it_may_be() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("set");
    run(&out, |_| {}).unwrap();
    let before = fs::read(out.join("README.md")).unwrap();
    assert!(matches!(run(&out, |_| {}).unwrap_err(), ExportError::Exists { .. }));

    let forced = |export: &mut Export<'_>| {
        export.existing = Existing::Replace;
        export.test = &[];
    };
    assert!(run(&out, forced).unwrap().replaced);
    assert_ne!(fs::read(out.join("README.md")).unwrap(), before);
    assert!(!out.join("data/test-00000-of-00001.parquet").exists());

    fs::write(out.join("data/mine.txt"), "mine").unwrap();
    let said = run(&out, forced).unwrap_err().to_string();
    assert!(said.contains("holds `data/mine.txt`, which is not of its export"), "{said}");
    let other = folder.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("mine.txt"), "mine").unwrap();
    let said = run(&other, forced).unwrap_err().to_string();
    assert!(said.contains("that this program did not export"), "{said}");
    assert_eq!(fs::read_to_string(other.join("mine.txt")).unwrap(), "mine");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn what_is_no_place_for_a_folder_has_its_sentence_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    let said = |out: &Path| run(out, |export| export.existing = Existing::Replace).unwrap_err().to_string();
    assert!(said(&file).contains("is no folder, and this format is one"));
    assert!(said(&folder.path().join("no/set")).contains("there is no folder"));
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    assert!(!run(&empty, |_| {}).unwrap().replaced);
    assert!(empty.join("README.md").exists());
}

#[test]
fn two_splits_of_the_same_name_are_refused_and_labels_without_a_name_too() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("set");
    let said = run(&out, |export| export.split = Shares::new(0.5, 1).ok()).unwrap_err().to_string();
    assert!(said.contains("would both be the split `test`"), "{said}");
    let said = run(&out, |export| export.context.labels = &[]).unwrap_err().to_string();
    assert!(said.contains("is not among the names of labels"), "{said}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
