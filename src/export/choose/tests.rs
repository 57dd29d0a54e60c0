use super::*;

/// So many rows of each label, with texts that differ.
fn rows(labels: &[(&'static str, usize)]) -> Vec<(String, &'static str)> {
    let named = labels.iter().flat_map(|(label, count)| (0..*count).map(move |row| (row, *label)));
    named.map(|(row, label)| (format!("{label} text {row}"), label)).collect()
}

fn real<'r>(rows: &'r [(String, &'static str)]) -> Vec<ExportRow<'r>> {
    rows.iter().map(|(text, label)| ExportRow::Real { id: text, text, label }).collect()
}

fn count(rows: &[ExportRow<'_>], label: &str) -> usize {
    rows.iter().filter(|row| row.label() == label).count()
}

fn asked(balance: &[&str]) -> Vec<Balance> {
    balance.iter().map(|balance| balance.parse().unwrap()).collect()
}

#[test]
fn a_balance_is_met_with_as_many_rows_as_there_can_be() {
    let rows = rows(&[("spam", 30), ("ham", 200), ("odd", 10)]);
    for (balance, wanted) in [
        (vec!["spam=0.3"], [30, 70]),
        (vec!["spam=0.05"], [11, 210]),
        (vec!["spam=12"], [12, 210]),
        (vec!["spam=0.5", "ham=0.5"], [30, 30]),
        (vec!["spam=0.2", "ham=40"], [13, 50]),
        (vec!["spam=0", "ham=5"], [0, 15]),
    ] {
        let (kept, said) = balanced(real(&rows), &asked(&balance), 7).unwrap();
        assert_eq!([count(&kept, "spam"), kept.len() - count(&kept, "spam")], wanted, "{balance:?}");
        assert_eq!(said.len(), 1, "{balance:?}");
    }
}

#[test]
fn a_choice_depends_on_the_seed_and_keeps_the_order() {
    let rows = rows(&[("spam", 30), ("ham", 200)]);
    let texts = |seed| -> Vec<String> {
        let (kept, _) = balanced(real(&rows), &asked(&["spam=10", "ham=20"]), seed).unwrap();
        kept.iter().map(|row| row.text().to_owned()).collect()
    };
    let places: Vec<_> = texts(1).iter().map(|text| rows.iter().position(|row| row.0 == *text)).collect();
    assert!(places.is_sorted());
    assert_eq!(texts(1), texts(1));
    assert_ne!(texts(1), texts(2));
}

#[test]
fn a_balance_that_cannot_be_met_says_so() {
    let rows = rows(&[("spam", 3), ("ham", 5)]);
    for (balance, said) in [
        (vec!["spam=4"], "asks for 4 rows with the label `spam`, and there are 3."),
        (vec!["spam=0.9", "ham=0.2"], "add up to more than 1"),
        (vec!["spam=0.2", "spam=2"], "names `spam` twice"),
        (vec!["eggs=0.5"], "cannot be met with the rows that there are (0 `eggs`, 8 others)"),
        (vec!["spam=0.5", "ham=0.4"], "cannot be met"),
        (vec!["spam=1", "ham=0.9", "eggs=0.1"], "cannot be met"),
    ] {
        let refused = balanced(real(&rows), &asked(&balance), 7).unwrap_err().to_string();
        assert!(refused.contains(said), "{balance:?}: {refused}");
    }
    for text in ["spam", "spam=", "spam=1.5", "spam=-1", "spam=0.0", "spam=nan"] {
        assert!(text.parse::<Balance>().unwrap_err().to_string().contains("is no balance"), "{text}");
    }
    let odd: Balance = "a=b=0.5".parse().unwrap();
    assert_eq!((odd.label.as_str(), odd.amount), ("a=b", Amount::Share(0.5)));
}

#[test]
fn a_split_is_stratified_and_the_same_for_a_seed_in_any_order() {
    let rows = rows(&[("spam", 50), ("ham", 203), ("odd", 2)]);
    let parts = |rows: Vec<ExportRow<'_>>, seed| -> BTreeMap<String, Part> {
        let split = split(rows, Shares::new(0.9, seed).unwrap());
        split.into_iter().map(|(row, part)| (row.text().to_owned(), part.unwrap())).collect()
    };
    let once = parts(real(&rows), 1);
    let tests = |label: &str| {
        once.iter().filter(|(text, part)| text.starts_with(label) && **part == Part::Test).count()
    };
    assert_eq!([tests("spam"), tests("ham"), tests("odd")], [5, 20, 1]);
    let mut turned = real(&rows);
    turned.reverse();
    assert_eq!(parts(turned, 1), once);
    assert_ne!(parts(real(&rows), 2), once);
}

#[test]
fn equal_texts_are_in_one_part_whatever_their_labels() {
    let mut rows = rows(&[("spam", 40), ("ham", 40)]);
    for place in 0..40 {
        rows[40 + place].0 = rows[place].0.to_uppercase();
    }
    let split = split(real(&rows), Shares::new(0.5, 3).unwrap());
    for place in 0..40 {
        assert_eq!(split[place].1, split[40 + place].1);
    }
    assert!(split.iter().any(|row| row.1 == Some(Part::Train)));
}

#[test]
fn one_text_of_a_label_is_to_train_on() {
    let rows = rows(&[("spam", 1)]);
    assert_eq!(split(real(&rows), Shares::new(0.1, 3).unwrap())[0].1, Some(Part::Train));
    for share in [0.0, 1.0, -0.1, f64::NAN] {
        assert!(Shares::new(share, 1).is_err());
    }
}
