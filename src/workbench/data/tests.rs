//! A small dataset, counted and learnt from.

use super::*;
use crate::workbench::tests::TestSession;

/// Returns a table of two labels with words of their own, and rows that contradict, repeat, or are labelled wrongly.
fn table() -> String {
    let mut table = "id,split,label,text\n".to_owned();
    for number in 0..30 {
        table.extend([
            format!("s{number},train,spam,win a prize of {number} pounds now\n"),
            format!("h{number},train,ham,see you at {number} near the station tonight my friend\n"),
        ]);
    }
    table += "t0,test,spam,win a prize of 900 pounds now\n";
    table += "t1,test,ham,the secret of the test row\n";
    table += "r1,train,ham,See you at 3 near the station tonight my friend!\n";
    table += "c1,train,spam,call me\nc2,train,ham,Call me\n";
    table += "w1,train,spam,see you at 40 near the station tonight my friend\n";
    table += "a1,train,Spam ,win something else\n";
    table += "set,train,ham,the secret of the test row\n";
    table
}

fn session() -> TestSession {
    TestSession::of(&table(), "spam", "")
}

#[test]
fn a_dataset_is_counted_with_its_repeats_and_contradictions() {
    let session = session();

    let report = data_report(session.bench.dataset(), &Stop::never()).unwrap();

    let counts: Vec<_> =
        report.classes.iter().map(|class| (class.label.as_str(), class.train, class.test)).collect();
    assert_eq!(counts[..2], [("ham", 32, 1), ("spam", 32, 1)]);
    assert_eq!((report.repeated, report.repeated_texts, report.set_aside), (2, 2, 1));
    assert_eq!(
        report.conflicts,
        [Conflict { text: "call me".into(), labels: vec![("ham".into(), 1), ("spam".into(), 1)] }]
    );
    let spam = &report.classes[1].lengths;
    assert_eq!((spam.median, spam.bars.iter().sum::<u64>(), spam.bars.len()), (7.0, 32, LENGTH_BINS));
}

#[test]
fn labels_that_differ_in_case_or_blanks_are_alike() {
    let labels = ["spam", "ham", "Spam ", "sp am", "joy"].map(str::to_owned);
    assert_eq!(alike(&labels), [["spam", "Spam ", "sp am"]]);
}

#[test]
fn a_row_that_is_labelled_wrongly_is_what_a_classifier_does_not_get() {
    let session = session();
    let dataset = session.bench.dataset();

    let found = misread(dataset, "spam", &Stop::never()).unwrap();

    let first = found.rows.first().unwrap();
    assert_eq!((first.id.as_str(), first.label.as_str(), first.taken_for.as_str()), ("w1", "spam", "ham"));
    assert!(first.sure > 0.5 && first.sure <= 1.0, "{}", first.sure);
    assert_eq!((found.asked, found.of_target), (65, 32));
    assert_eq!(found, misread(dataset, "spam", &Stop::never()).unwrap());
    assert!(found.rows.iter().all(|row| dataset.part(row.row) == Part::Train), "never a test row");
    assert!(found.rows.iter().all(|row| !row.text.contains("secret")), "nor one that is set aside");
}

#[test]
fn too_little_to_learn_from_is_said() {
    let few = TestSession::new();
    let said = misread(few.bench.dataset(), "spam", &Stop::never()).unwrap_err().to_string();
    assert_eq!(said, "There are 3 train rows; at least 20 are needed to say what a classifier does not get.");
    let stopped = misread(session().bench.dataset(), "spam", &Stop::when(|| true));
    assert_eq!(stopped, Err(Unlearnable::Stopped));
}
