//! Tests of a dataset that was read and split.

use super::*;

fn dataset() -> Dataset {
    let rows = [("ham", "Hello"), ("spam", "win"), ("ham", "later"), ("ham", "WIN!"), ("spam", "win")];
    let rows = rows.map(|(label, text)| (label, text.to_owned()));
    let records = fixture::records(&rows, Some(&["train", "test", "test", "train", "train"]));
    Dataset::split(records, &SplitRule::new(0.2, 42).unwrap(), None)
}

#[test]
fn a_row_is_found_by_its_index_and_by_its_id() {
    let dataset = dataset();

    assert_eq!((dataset.text(3), dataset.label(3), &*dataset.id(3)), ("WIN!", "ham", "5"));
    assert_eq!(dataset.hash(3), TextHash::of("win"));
    assert_eq!(dataset.index_of_id("5"), Some(3));
    assert_eq!(dataset.rows().map(|row| row.text).collect::<Vec<_>>().join(" "), "Hello win later WIN! win");
}

#[test]
fn each_label_counts_its_rows_by_part() {
    let dataset = dataset();

    assert_eq!(dataset.labels(), ["ham", "spam"]);
    assert_eq!(
        dataset.label_counts(),
        [
            LabelCounts { train: 1, test: 1, set_aside: 1, ..LabelCounts::default() },
            LabelCounts { test: 1, set_aside: 1, ..LabelCounts::default() }
        ]
    );
    assert_eq!(dataset.counts_of("ham").total(), 3);
    assert_eq!(dataset.counts_of("eggs").total(), 0);
    assert_eq!((dataset.train_of("ham"), dataset.train_of("spam")), (&[0][..], &[][..]));
    assert_eq!(dataset.report().set_aside, 2);
}

#[test]
fn what_lies_beyond_the_last_row_is_empty_and_no_train_row() {
    let dataset = dataset();

    assert_eq!((dataset.text(5), dataset.label(5), &*dataset.id(5)), ("", "", ""));
    assert_eq!(dataset.part(5), Part::SetAside);
    assert_eq!((dataset.len(), dataset.is_empty()), (5, false));
}

#[test]
fn a_label_goes_out_as_the_json_value_that_it_is_in_the_file() {
    let labels = [
        "1",
        "1.5",
        "1e3",
        "true",
        "-7",
        "12345678901234567890",
        "\"2\"",
        "\"x\"",
        "123456789012345678901234",
    ];
    let line = |label: &&str| format!("{{\"text\":\"a\",\"label\":{label}}}\n");
    let mixed = "{\"text\":\"a\",\"label\":8}\n{\"text\":\"b\",\"label\":\"8\"}\n";
    let json = labels.iter().map(line).collect::<String>() + mixed;
    let rule = SplitRule::new(0.2, 42).unwrap();
    let dataset = Dataset::split(fixture::read("a.jsonl", json).unwrap(), &rule, None);

    let out = |label: &str| dataset.label_json(label).to_string();
    for label in ["1", "1.5", "true", "-7", "12345678901234567890"] {
        assert_eq!(out(label), label);
    }
    assert_eq!(out("1e3"), "1000.0");
    // Another type in another row, a number that JSON readers round, and a label that no row has.
    for label in ["2", "x", "8", "123456789012345678901234", "none"] {
        assert_eq!(out(label), format!("\"{label}\""));
    }
    assert!(dataset.remarks().join("").contains("The label `8` is a number or a truth value in 1 row"));

    let table = Dataset::split(fixture::read("a.csv", "text,label\na,1\n").unwrap(), &rule, None);
    assert_eq!(table.label_json("1").to_string(), "\"1\"");
}

#[test]
fn validation_rows_are_in_no_other_part_and_no_train_row_reads_like_one() {
    let words = ["Train", "TEST", "val", "training", "dev ", "train", "holdout"];
    let texts = ["one", "two", "three", "Three!", "five", "six", "six"];
    let rows = texts.map(|text| ("x", text.to_owned()));
    let dataset =
        Dataset::split(fixture::records(&rows, Some(&words)), &SplitRule::new(0.2, 42).unwrap(), None);

    let parts: Vec<_> = dataset.rows().map(|row| row.part).collect();
    let (train, test, validation, set_aside) = (Part::Train, Part::Test, Part::Validation, Part::SetAside);
    assert_eq!(parts, [train, test, validation, set_aside, validation, set_aside, test]);
    let counts = LabelCounts { train: 1, test: 2, validation: 2, set_aside: 2, held_back: 0 };
    assert_eq!((dataset.counts_of("x"), counts.total()), (counts, 7));
    assert_eq!(dataset.report().validation, 2);
    assert!(dataset.remarks().join("").contains("Left aside: 2 validation rows,"));
}

#[test]
fn validation_rows_are_the_test_rows_where_there_are_no_others() {
    let rows = ["one", "two"].map(|text| ("x", text.to_owned()));
    let records = fixture::records(&rows, Some(&["train", "validation"]));
    let dataset = Dataset::split(records, &SplitRule::new(0.2, 42).unwrap(), None);

    assert_eq!((dataset.part(0), dataset.part(1)), (Part::Train, Part::Test));
    assert!(
        dataset.remarks().join("").contains("are its test rows (1 validation row)"),
        "{:?}",
        dataset.remarks()
    );
}

#[test]
fn a_label_that_no_row_has_is_refused_with_those_there_are() {
    let dataset = dataset();

    dataset.require_label("spam").unwrap();
    assert_eq!(
        dataset.require_label("span").unwrap_err().to_string(),
        "No row of made.csv has the label `span`; did you mean `spam`? The labels are `ham` (3), `spam` (2)."
    );
}
