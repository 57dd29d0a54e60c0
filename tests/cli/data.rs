//! The dataset on the command line, and the rows of it that are made examples.

use crate::home::{Home, text};

#[test]
fn the_dataset_is_counted_and_what_a_classifier_does_not_get_is_listed() {
    let home = Home::new();

    let found = home.ok(&["data", "tickets", "--json"]).json();

    let classes = found["classes"].as_array().unwrap();
    let parts = home.ok(&["split", "tickets", "--json"]).lines();
    let train = |label: &str| {
        parts.iter().filter(|row| text(row, "label") == label && text(row, "part") == "train").count()
    };
    for class in classes {
        assert_eq!(class["train"], serde_json::json!(train(text(class, "label"))), "{class}");
    }
    let misread = found["misread"]["rows"].as_array().unwrap();
    assert_eq!(found["misread"]["wrong"], serde_json::json!(misread.len()));
    let is_train = |id: &str| parts.iter().any(|row| text(row, "id") == id && text(row, "part") == "train");
    assert!(misread.iter().all(|row| is_train(text(row, "id")) && row["label"] != row["taken_for"]));
    let printed = home.ok(&["data", "tickets"]).out;
    assert!(printed.contains("A classifier takes"), "{printed}");
}

#[test]
fn a_train_row_is_made_an_example_and_taken_back_and_a_test_row_never_is_one() {
    let home = Home::new();
    let parts = home.ok(&["split", "tickets", "--json"]).lines();
    let of = |part: &str| -> Vec<String> {
        parts.iter().filter(|row| text(row, "part") == part).map(|row| text(row, "id").to_owned()).collect()
    };
    let (train, test) = (of("train"), of("test"));
    let examples = |home: &Home| home.ok(&["data", "tickets", "--json"]).json()["examples"].clone();

    home.ok(&["data", "tickets", "--example", &train[0], "--example", &train[1]]);
    let mut expected = vec![train[0].clone(), train[1].clone()];
    expected.sort();
    let mut chosen: Vec<String> = serde_json::from_value(examples(&home)).unwrap();
    chosen.sort();
    assert_eq!(chosen, expected);
    home.ok(&["data", "tickets", "--no-example", &train[1]]);
    assert_eq!(examples(&home), serde_json::json!([train[0]]));

    for wrong in [test[0].as_str(), "no-such-row"] {
        let refused = home.run(&["data", "tickets", "--example", &train[2], "--example", wrong]);
        assert_eq!(refused.code, 2, "{}", refused.said);
        assert_eq!(examples(&home), serde_json::json!([train[0]]), "nothing is changed");
    }
}
