//! Exports that would hold nothing, and what a preview says of those that hold something.

use super::*;
use crate::domain::{ExchangeMessage, Role};

/// Exports to a folder of its own, with a change to the settings. Returns the names of the files too.
fn export(
    story: &Story,
    format: Format,
    real: &[ExportRow<'_>],
    change: impl Fn(&mut Export<'_>),
) -> (Result<ExportReport, ExportError>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let out = Destination::File(folder.path().join("rows.json"));
    let done = run_with(story, format, &out, real, change);
    (done, names(folder.path()))
}

/// Returns why nothing is exported; nothing is left either.
fn refused(
    story: &Story,
    format: Format,
    real: &[ExportRow<'_>],
    change: impl Fn(&mut Export<'_>),
) -> String {
    let (done, left) = export(story, format, real, change);
    let error = done.unwrap_err();
    assert!(matches!(error, ExportError::Nothing(_)), "{}: {error}", format.name());
    assert_eq!(left, Vec::<String>::new(), "{}", format.name());
    error.to_string()
}

/// Rows of a model: all but the last accepted, the last one rejected.
fn decided(texts: &[&str]) -> Story {
    let mut story = Story::default();
    story.version("words");
    story.sampled_by("openai", Some("small"), texts);
    let rows: Vec<_> = (0..u32::try_from(texts.len()).unwrap()).collect();
    let (last, others) = rows.split_last().unwrap();
    story.change(others, Change::accept());
    story.change(&[*last], Change::reject());
    story
}

fn asked(export: &mut Export<'_>) {
    export.exchange = &|_| {
        let message = ExchangeMessage { role: Role::User, text: "Write rows.".into() };
        Some(Arc::new(Exchange {
            messages: vec![message],
            reply: Some("1. a".into()),
            ..Exchange::default()
        }))
    };
    export.context.task = Task::Generate;
}

#[test]
fn no_format_writes_a_file_of_no_rows() {
    let mut story = Story::default();
    story.version("words");
    story.sampled_by("openai", Some("small"), &["a", "b"]);
    for format in Format::ALL {
        let said = refused(&story, format, &[], asked);
        assert!(said.ends_with(" yet; accept some first."), "{}: {said}", format.name());
    }
    let why = |sought| refused(&story, Format::Csv, &[], |export| export.sought = sought);
    assert!(
        why(Sought::Matching).contains("matches the filter; change --filter"),
        "{}",
        why(Sought::Matching)
    );
    assert!(why(Sought::Real("test")).contains("has no test rows"), "{}", why(Sought::Real("test")));
    let withheld = {
        let mut story = Story::default();
        story.version("words");
        let flag = Flag { kind: FlagKind::ContaminatesTest, other: Some("9".into()), figure: Some(1.0) };
        let mut row = story.new_row("a", vec![]);
        row.flags.push(flag);
        story.sampled_rows(vec![row]);
        story.change(&[0], Change::accept());
        refused(&story, Format::Jsonl, &[], |_| {})
    };
    assert!(withheld.contains("the only row is withheld"), "{withheld}");
}

#[test]
fn rows_of_which_a_format_makes_nothing_are_refused_with_the_reason() {
    let mut story = decided(&["a", "b", "c"]);
    story.change(&[2], Change::skip());
    let real = [ExportRow::Real { id: "7", text: "a", label: "ham" }];
    let mut refusing = vec![];
    for format in Format::ALL {
        let (done, _) = export(&story, format, &real, |export| export.context.task = Task::Generate);
        match done {
            Ok(report) => assert!(report.made.is_none_or(|(count, _)| count > 0), "{}", format.name()),
            Err(error) => {
                let said = error.to_string();
                assert!(said.contains("1 real row is left out: no model was asked"), "{said}");
                assert!(said.contains("no prompt is known for rows made elsewhere"), "{said}");
                refusing.push(format);
            }
        }
    }
    assert_eq!(refusing, [Format::OpenAi, Format::Alpaca, Format::ShareGpt, Format::Dpo, Format::Kto]);
    let said = refused(&story, Format::Dpo, &[], |_| {});
    assert!(said.starts_with("There is nothing to export: none of the 2 rows makes a pair. "), "{said}");
}

#[test]
fn a_part_of_a_split_is_never_empty() {
    let same = decided(&["a", "a", "a"]);
    let split = |export: &mut Export<'_>| {
        asked(export);
        export.split = Shares::new(0.5, 1).ok();
    };
    for format in [Format::Csv, Format::Parquet, Format::Hf, Format::OpenAi] {
        let said = refused(&same, format, &[], split);
        assert!(said.contains("--split leaves no row to "), "{}: {said}", format.name());
    }
    // One pair cannot be in both files.
    let said = refused(&decided(&["a", "b", "c", "d"]), Format::Dpo, &[], split);
    assert!(said.contains("makes a pair") || said.contains("makes no pair"), "{said}");
    assert!(said.contains("to train on") || said.contains("to test with"), "{said}");
}

#[test]
fn a_balance_that_leaves_nothing_is_refused() {
    let balance = [Balance { label: "spam".into(), amount: crate::export::Amount::Count(0) }];
    let story = decided(&["a", "b"]);
    let folder = tempfile::tempdir().unwrap();
    let out = Destination::File(folder.path().join("rows.csv"));
    let done = with(&story, Format::Csv, &out, |export| {
        Export { balance: &balance, ..export }.run(story.projection.rows(), std::iter::empty())
    });
    assert!(done.unwrap_err().to_string().contains("--balance leaves no row"));
    assert_eq!(names(folder.path()), Vec::<String>::new());
}

#[test]
fn a_preview_says_what_the_export_will_say() {
    let story = decided(&["a", "b", "=c", "NA", "d", "e", "f", "g"]);
    for format in Format::ALL {
        for split in [None, Shares::new(0.5, 1).ok()] {
            let folder = tempfile::tempdir().unwrap();
            let out = Destination::File(folder.path().join("rows.json"));
            let export = |mut export: Export<'_>| {
                asked(&mut export);
                (export.split, export.context.raw) = (split, false);
                let seen = export.preview(story.projection.rows(), std::iter::empty());
                (seen, export.run(story.projection.rows(), std::iter::empty()))
            };
            match with(&story, format, &out, export) {
                (Ok(seen), Ok(mut done)) => {
                    done.parts.clear();
                    assert_eq!(seen.report, done, "{} {split:?}", format.name());
                    assert!(!seen.lines.is_empty());
                }
                (Err(seen), Err(done)) => assert_eq!(seen.to_string(), done.to_string()),
                (seen, done) => panic!("{}: {:?} {done:?}", format.name(), seen.map(|seen| seen.report)),
            }
        }
    }
}

#[test]
fn the_files_of_a_split_are_named_with_what_each_holds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.jsonl");
    let out = Destination::File(path.clone());
    let texts: Vec<String> = (0..11).map(|text| format!("text {text}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let report = run(&decided(&texts), Format::Jsonl, &out, false, |export| {
        export.split = Shares::new(0.8, 1).ok();
    });
    let said = report.unwrap().sentence(&path.display().to_string());
    let place = folder.path().display();
    assert_eq!(
        said,
        format!("10 accepted rows written: 8 to {place}/rows-train.jsonl and 2 to {place}/rows-test.jsonl.")
    );
    let report =
        run(&decided(&texts), Format::Hf, &Destination::File(folder.path().join("set")), false, |export| {
            export.split = Shares::new(0.8, 1).ok();
        });
    let said = report.unwrap().sentence("set");
    assert!(
        said.contains(&format!("written: 8 to {place}/set/data/train-00000-of-00001.parquet and 2 to ")),
        "{said}"
    );
}
