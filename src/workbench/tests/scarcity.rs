//! Rows of the target that are held back, and that their number holds from the first run on.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::dataset::{Dataset, Part};
use crate::domain::{Existing, Incoming};
use crate::export::{Destination, Format};
use crate::text::{SplitMix64, Stop};
use crate::workbench::import::ImportOrder;
use crate::workbench::{Class, ExportOrder, ReadBench, Wanted, Watch, WorkbenchError, nearest_real};

/// Returns a text that shares no shingle with any other one.
fn text(number: u64) -> String {
    let mut random = SplitMix64::new(number);
    (0..4).map(|_| format!("{:016x}", random.next_u64())).collect::<Vec<_>>().join(" ")
}

/// Returns a table with 40 train rows of each label, and 5 test rows.
fn table() -> String {
    let row = |number: u64| {
        let (label, part) = (
            if number.is_multiple_of(2) { "spam" } else { "ham" },
            if number < 10 { "test" } else { "train" },
        );
        format!("r{number},{part},{label},{}\n", text(number))
    };
    format!("id,split,label,text\n{}", (0..90).map(row).collect::<String>())
}

/// Writes how many rows are known into the session file, or takes it out.
fn set(folder: &Path, scarce: Option<u32>) {
    let file = folder.join("session.toml");
    let written = fs::read_to_string(&file).unwrap();
    let others = written.lines().filter(|line| !line.starts_with("scarce"));
    let more = scarce.map(|known| format!("[dataset]\nscarce = {known}"));
    let lines = others.map(|line| match &more {
        Some(more) if line == "[dataset]" => more.as_str(),
        _ => line,
    });
    fs::write(&file, lines.collect::<Vec<_>>().join("\n")).unwrap();
}

fn known_and_held(dataset: &Dataset) -> (usize, usize) {
    let counts = dataset.counts_of("spam");
    (counts.train, counts.held_back)
}

impl TestSession {
    /// Opens the session again with another number of known rows.
    fn with_scarce(self, scarce: Option<u32>) -> Self {
        let location = self.location();
        let Self { bench, folder } = self;
        drop(bench);
        set(&location.folder, scarce);
        Self { bench: Workbench::open(&location, NOW).unwrap(), folder }
    }

    /// Returns what opening says with another number of known rows, to read and to write; the file is as before then.
    fn refused(&self, scarce: Option<u32>) -> [WorkbenchError; 2] {
        let (location, before) = (self.location(), self.bench.session().dataset.scarce);
        set(&location.folder, scarce);
        let read = ReadBench::open(&location, NOW).unwrap().dataset().unwrap_err();
        // The writer has the store; that of a copy is free.
        let copy = tempfile::tempdir().unwrap();
        copy_folder(&location.store, copy.path());
        let written = Workbench::open(&Location { store: copy.path().to_owned(), ..location.clone() }, NOW);
        set(&location.folder, before);
        [read, written.err().unwrap()]
    }

    fn export(&self, wanted: Wanted) -> Result<(), WorkbenchError> {
        let out = self.folder.path().join("out.jsonl");
        let to = Destination::File(out.clone());
        let order = ExportOrder { wanted, ..ExportOrder::new(Format::Jsonl, to, Existing::Replace) };
        let watch = Watch { progress: &|_| {}, stop: &Stop::never() };
        self.bench.exporter().export(&order, watch, &|_| None).map(|_report| ())
    }

    fn exported(&self, wanted: Wanted) -> String {
        self.export(wanted).unwrap();
        let papers = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let files = papers.filter(|path| path.to_string_lossy().contains("out.jsonl"));
        files.map(|path| fs::read_to_string(path).unwrap()).collect()
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() {
            copy_folder(&path, &to.join(name));
        } else {
            fs::copy(path, to.join(name)).unwrap();
        }
    }
}

#[test]
fn no_row_that_is_held_back_is_in_an_example_an_export_or_a_figure() {
    let mut session = TestSession::of(&table(), "spam", "").with_scarce(Some(6));
    let dataset = Arc::clone(session.bench.dataset());
    assert_eq!(known_and_held(&dataset), (6, 34));
    let held: BTreeSet<(String, String)> =
        dataset.held_back().map(|row| (row.id.into_owned(), row.text.to_owned())).collect();
    assert_eq!(held.len(), 34);
    let shows = |text: &str| held.iter().any(|(_, held)| text.contains(held.as_str()));

    let (plan, request) = session.begin(40);
    let mut drawn = BTreeSet::new();
    for index in 0..200 {
        let planned = plan.request(index, 1).unwrap();
        assert!(
            planned
                .request
                .examples
                .iter()
                .chain(planned.request.messages.iter().map(|m| &m.text))
                .all(|t| !shows(t))
        );
        drawn.extend(planned.drawn);
    }
    assert_eq!(drawn.len(), 6, "all known rows are examples at some time, and only those");
    assert!(drawn.iter().all(|id| held.iter().all(|(held, _)| held != id)));

    // Rows with their texts: nobody who does not know those could say it.
    let texts: Vec<Fields> = held.iter().map(|(_, text)| Fields::of_text(text.as_str())).collect();
    session.take_in(&plan, request, texts);
    session.end(&plan, request);
    for row in 0..34 {
        assert_eq!(session.flags(row), []);
        let scores = session.row(row).scores().clone();
        assert!(scores.novelty.is_some_and(|novelty| novelty > 0.9), "{scores:?}");
        assert!(held.iter().all(|(id, _)| scores.nearest.as_deref() != Some(id)));
        let detail = nearest_real(&dataset, session.bench.projection(), RowNumber(row));
        assert!(detail.nearest.is_none_or(|(text, _)| !shows(&text)));
    }
    for wanted in [Wanted::AcceptedAndTrain, Wanted::Real(Part::Train), Wanted::Real(Part::Test)] {
        let out = session.exported(wanted);
        assert!(!shows(&out) && held.iter().all(|(id, _)| !out.contains(&format!("\"{id}\""))), "{wanted:?}");
    }
    assert!(session.export(Wanted::Real(Part::HeldBack)).is_err(), "there is nothing to write");
}

#[test]
fn a_text_that_is_held_back_may_contaminate_no_test_but_a_test_row_is_still_flagged() {
    let mut session = TestSession::of(&table(), "spam", "").with_scarce(Some(6));
    let test = session.bench.dataset().rows().find(|row| row.part == Part::Test).unwrap().text.to_owned();
    session.run(&[&test], &[]);
    assert_eq!(session.flags(0), [FlagKind::ContaminatesTest]);
}

#[test]
fn before_the_first_run_the_number_may_be_set_changed_and_taken_out() {
    let mut session = TestSession::of(&table(), "spam", "");
    assert_eq!(known_and_held(session.bench.dataset()), (40, 0));
    for (scarce, expected, says) in [
        (Some(6), (6, 34), "Of 40 train rows of `spam`, 6 are known and 34 are held back"),
        (Some(9), (9, 31), "9 are known and 31 are held back"),
        (Some(3), (3, 37), "A prompt would show 5 examples, and only 3 rows are known"),
        (Some(90), (40, 0), "Train has 40 rows of `spam`, so `scarce = 90` holds none back"),
        (None, (40, 0), "No row is held back any more"),
        (Some(6), (6, 34), "6 are known"),
    ] {
        session = session.with_scarce(scarce);
        assert_eq!(known_and_held(session.bench.dataset()), expected);
        let said = session.bench.notices().join("\n");
        assert!(said.contains(says), "{says} is not in {said}");
        assert_eq!(session.bench.projection().split().unwrap().scarce, session.bench.session().scarce());
        // It is said once, and reading sees the same.
        let read = ReadBench::open(&session.location(), NOW).unwrap();
        assert_eq!(known_and_held(&read.dataset().unwrap()), expected);
        session = session.reopened();
        assert!(session.bench.notices().is_empty(), "{:?}", session.bench.notices());
    }
    session.checked();
}

#[test]
fn rows_that_were_sampled_with_all_examples_cannot_be_made_the_rows_of_a_scarce_session() {
    let mut session = TestSession::of(&table(), "spam", "");
    // A model that repeats what it is shown.
    let (plan, request) = session.begin(5);
    let shown = plan.request(0, 5).unwrap().request.examples;
    session.take_in(&plan, request, shown.iter().map(|text| Fields::of_text(text.as_str())).collect());
    session.end(&plan, request);

    for error in session.refused(Some(6)) {
        let said = error.to_string();
        assert!(said.starts_with("`scarce` in [dataset] was not there and is 6 now in "), "{said}");
        assert!(
            said.contains("session.toml: ") && said.contains("Take it out again, or make another session")
        );
        assert_eq!(error.class(), Class::Usage);
    }
    session.checked();
}

#[test]
fn after_the_first_run_a_change_is_refused_whatever_it_is_and_changing_it_back_is_not() {
    let mut session = TestSession::of(&table(), "spam", "").with_scarce(Some(6));
    session.run(&["Answer now to win a bicycle"], &[]);
    let held = session.bench.projection().split().unwrap().held_back.clone();
    for (scarce, says) in [
        (Some(7), "`scarce` in [dataset] was 6 and is 7 now"),
        (None, "`scarce` in [dataset] was 6 and is gone now"),
    ] {
        for error in session.refused(scarce) {
            assert!(error.to_string().starts_with(says), "{error}");
        }
    }
    let file = session.location().folder.join("session.toml");
    let written = fs::read_to_string(&file).unwrap();
    fs::write(&file, written.replace("label = \"spam\"", "label = \"ham\"")).unwrap();
    let error = ReadBench::open(&session.location(), NOW).unwrap().dataset().unwrap_err().to_string();
    assert!(
        error.starts_with("The target was `spam` with `scarce` in [dataset], and is `ham` now"),
        "{error}"
    );

    // Another seed changes nothing of it.
    fs::write(&file, written.replace("seed = 42", "seed = 7")).unwrap();
    let session = session.reopened();
    assert_eq!(session.bench.session().dataset.seed, 7);
    assert_eq!(known_and_held(session.bench.dataset()), (6, 34));
    assert_eq!(session.bench.projection().split().unwrap().held_back, held);
    session.checked();
}

#[test]
fn a_file_that_grows_and_is_turned_keeps_what_is_held_back() {
    let mut session = TestSession::of(&table(), "spam", "").with_scarce(Some(6));
    session.run(&["Answer now to win a bicycle"], &[]);
    let held = |session: &TestSession| {
        session.bench.dataset().held_back().map(|row| row.id.into_owned()).collect::<BTreeSet<_>>()
    };
    let before = held(&session);
    let data = session.folder.path().join("data.csv");
    let table = table();
    let mut lines: Vec<&str> = table.lines().collect();
    let new: Vec<String> = (100..120).map(|n| format!("r{n},train,spam,{}", text(n))).collect();
    lines.extend(new.iter().map(String::as_str));
    lines[1..].reverse();
    fs::write(&data, format!("{}\n", lines.join("\n"))).unwrap();

    let session = session.reopened();

    let said = session.bench.notices().join("\n");
    assert!(
        said.contains("The dataset changed") && said.contains("6 are known and 54 are held back"),
        "{said}"
    );
    assert!(held(&session).is_superset(&before));
    assert_eq!(known_and_held(session.bench.dataset()), (6, 54));
    session.checked();
}

#[test]
fn flags_that_were_given_while_more_rows_were_known_are_given_anew() {
    let mut session = TestSession::of(&table(), "spam", "");
    let train: Vec<String> = {
        let dataset = session.bench.dataset();
        dataset.train_of("spam").iter().map(|row| dataset.text(*row).to_owned()).collect()
    };
    let row = |(line, text): (u64, &String)| {
        Ok(Incoming { line, text: text.clone(), label: Some("spam".into()), ..Incoming::default() })
    };
    let (order, operation) = (ImportOrder::default(), session.next());
    let rows = (1..).zip(&train).map(row);
    session.bench.import((&order, operation, NOW), rows, &Stop::never(), &mut |_| ()).unwrap();
    session.bench.commit().unwrap();
    assert!((0..40).all(|row| session.flags(row) == [FlagKind::CopiesReal]));

    let session = session.with_scarce(Some(6));

    let copies = (0..40).filter(|row| session.flags(*row) == [FlagKind::CopiesReal]).count();
    let others = session.bench.projection().rows().filter_map(|row| row.scores().nearest.clone());
    let held: BTreeSet<_> = session.bench.dataset().held_back().map(|row| row.id.into_owned()).collect();
    assert_eq!(copies, 6);
    assert!(others.into_iter().all(|id| !held.contains(&id)));
    session.checked();
}
