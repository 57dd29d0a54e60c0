//! Columns that are not used, although their names or values say that they matter.

use crate::dataset::{Column, Look};

use super::super::builder::Side;
use super::spelled::{Counted, listed, number, rows, spelled};

/// The columns that a session uses.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Used<'a> {
    /// The column of the text.
    pub(crate) text: &'a str,
    /// The column of the label.
    pub(crate) label: &'a str,
    /// The column of the id.
    pub(crate) id: Option<&'a str>,
    /// The column of the split, or `none` where the rows are meant to be split by seed.
    pub(crate) split: Option<&'a str>,
}

/// The most values that a sentence lists.
const LISTED: usize = 6;
/// What a column of a split says.
const PARTS: [&str; 17] = [
    "train",
    "training",
    "trn",
    "learn",
    "test",
    "testing",
    "tst",
    "validation",
    "valid",
    "val",
    "dev",
    "devel",
    "development",
    "eval",
    "evaluation",
    "holdout",
    "unsupervised",
];
const SPLIT_NAMES: [&str; 12] = [
    "split",
    "fold",
    "folds",
    "kfold",
    "k_fold",
    "set",
    "subset",
    "partition",
    "part",
    "dataset_split",
    "data_split",
    "cv_fold",
];
/// What annotation tools write of a label that they asked for.
const VERDICTS: [&str; 16] = [
    "accept",
    "accepted",
    "reject",
    "rejected",
    "ignore",
    "ignored",
    "skip",
    "skipped",
    "correct",
    "incorrect",
    "wrong",
    "yes",
    "no",
    "true",
    "false",
    "unsure",
];
const REFUSALS: [&str; 10] =
    ["reject", "rejected", "ignore", "ignored", "skip", "skipped", "incorrect", "wrong", "no", "false"];
const VERDICT_NAMES: [&str; 9] =
    ["answer", "verdict", "is_correct", "correct", "decision", "accept", "accepted", "judgement", "judgment"];
const ID_NAMES: [&str; 8] = ["id", "_id", "uuid", "guid", "uid", "row_id", "message_id", "text_id"];
const WEIGHT_NAMES: [&str; 4] = ["weight", "sample_weight", "weights", "confidence"];
const LANGUAGE_NAMES: [&str; 4] = ["language", "lang", "locale", "lang_code"];

/// Returns the sentences about unused columns of a file, those that change what the labels mean first.
#[must_use]
pub(crate) fn unused(look: &Look, used: &Used<'_>) -> Vec<String> {
    let unused = || {
        let taken = [Some(used.text), Some(used.label), used.id, used.split];
        look.columns
            .iter()
            .filter(move |column| column.filled > 0 && !taken.contains(&Some(column.name.as_str())))
    };
    let split = if used.split.is_some() { None } else { unused().find_map(split_column) };
    let id = if used.id.is_some() { None } else { unused().find_map(|column| id_column(column, look.rows)) };
    let verdict = unused().find_map(|column| verdict_column(column, used.label));
    [verdict, split, id]
        .into_iter()
        .flatten()
        .chain(unused().find_map(weight_column))
        .chain(unused().find_map(language_column))
        .collect()
}

/// Returns whether a column says which part of a split a row belongs to, by its values or its name.
pub(crate) fn is_split(column: &Column) -> bool {
    let parts = !column.has_more_values
        && !column.values.is_empty()
        && column.values.iter().all(|(value, _)| is_one_of(value, &PARTS));
    parts || (is_one_of(&column.name, &SPLIT_NAMES) && !column.has_more_values && column.values.len() <= 20)
}

/// Returns whether the rows can be split as a column says: every row has a part, and there are several.
pub(crate) fn splits_all(column: &Column, rows: usize) -> bool {
    is_split(column)
        && !column.has_more_values
        && column.filled == rows
        && column.values.len() > 1
        && column.values.iter().all(|(value, _)| Side::of(value).is_some())
}

/// Returns whether a column says what an annotator answered.
pub(crate) fn is_verdict(column: &Column) -> bool {
    let all = !column.has_more_values && column.values.iter().all(|(value, _)| is_one_of(value, &VERDICTS));
    let accepts = |(value, _): &(String, usize)| is_one_of(value, &VERDICTS[..6]);
    !column.values.is_empty()
        && all
        && (is_one_of(&column.name, &VERDICT_NAMES) || column.values.iter().all(accepts))
}

/// Returns whether a column's name says that it names rows, weighs them or tells their language.
pub(crate) fn is_side_column(column: &Column) -> bool {
    [&ID_NAMES[..], &WEIGHT_NAMES, &LANGUAGE_NAMES].iter().any(|names| is_one_of(&column.name, names))
}

fn split_column(column: &Column) -> Option<String> {
    if !is_split(column) {
        return None;
    }
    let name = spelled(&column.name);
    let says = listed(&values(column), LISTED);
    let unknown: Vec<Counted<'_>> =
        values(column).into_iter().filter(|(value, _)| Side::of(value).is_none()).collect();
    let flag = crate::text::shell_option("--split", &column.name);
    let remedy = if unknown.is_empty() {
        format!("`{flag}` follows it, and `--split none` says that it is left out on purpose.")
    } else if unknown.len() < column.values.len() {
        format!(
            "`{flag}` follows it once {} {} renamed to train, test or validation, or taken out; `--split none` \
             leaves the column out on purpose.",
            listed(&unknown, LISTED),
            if unknown.len() == 1 { "is" } else { "are" }
        )
    } else {
        "It does not say train and test, so it cannot be followed as it is; `--split none` leaves it out on purpose.".to_owned()
    };
    Some(format!("The column {name} says {says}, and is not used: the rows are split anew by seed. {remedy}"))
}

fn verdict_column(column: &Column, label: &str) -> Option<String> {
    let refused: usize =
        column.values.iter().filter(|(value, _)| is_one_of(value, &REFUSALS)).map(|(_, rows)| rows).sum();
    if !is_verdict(column) || refused == 0 {
        return None;
    }
    let (name, label) = (spelled(&column.name), spelled(label));
    Some(format!(
        "The column {name} says {}, as annotation tools write it. Then {label} holds what was asked, and {} that \
         the annotator turned down or passed over count as real rows of it here. Keep only the accepted rows in the \
         file, for instance with `{}`.",
        listed(&values(column), LISTED),
        rows(refused),
        accepted_only(column)
    ))
}

/// Returns the command that keeps the accepted lines of a file.
fn accepted_only(column: &Column) -> String {
    let accepted = column.values.iter().map(|(value, _)| value.as_str());
    let accepted = accepted.clone().find(|value| !is_one_of(value, &REFUSALS)).unwrap_or("accept");
    format!("jq -c 'select(.{} == \"{accepted}\")' FILE.jsonl", column.name)
}

fn id_column(column: &Column, all: usize) -> Option<String> {
    let is_unique = column.has_more_values || column.values.iter().all(|(_, rows)| *rows == 1);
    if !is_one_of(&column.name, &ID_NAMES) || !is_unique || column.filled < all {
        return None;
    }
    Some(format!(
        "The column {} is not used, so rows are named by their lines; `{}` names them by it.",
        spelled(&column.name),
        crate::text::shell_option("--id", &column.name)
    ))
}

fn weight_column(column: &Column) -> Option<String> {
    is_one_of(&column.name, &WEIGHT_NAMES)
        .then(|| format!("The column {} is not used: every row counts the same here.", spelled(&column.name)))
}

fn language_column(column: &Column) -> Option<String> {
    (is_one_of(&column.name, &LANGUAGE_NAMES) && column.values.len() > 1).then(|| {
        format!(
            "The column {} has {} values ({}), and is not used: rows of all of them are examples side by side. \
             Keep one language in the file, or say in the prompt which one is wanted.",
            spelled(&column.name),
            number(column.values.len()),
            listed(&values(column), LISTED)
        )
    })
}

/// Returns the values of a column, the most frequent first.
pub(crate) fn values(column: &Column) -> Vec<Counted<'_>> {
    let mut values: Vec<Counted<'_>> =
        column.values.iter().map(|(value, rows)| (value.as_str(), *rows)).collect();
    values.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    values
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    let name = name.trim().to_lowercase().replace(['-', ' '], "_");
    names.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::findings::tests::column;
    use crate::dataset::{Format, Look};

    fn said(columns: Vec<Column>, used: Used<'_>) -> String {
        let rows = columns.iter().map(|column| column.filled).max().unwrap_or(0);
        unused(&Look { format: Format::JsonLines, columns, rows, remarks: Vec::new() }, &used).join("\n")
    }

    const USED: Used<'static> = Used { text: "text", label: "label", id: None, split: None };

    #[test]
    fn a_split_that_cannot_be_followed_as_it_is_says_which_values_are_in_the_way() {
        let split = column("split", &[("train", 36), ("unlabeled", 18), ("test", 18)]);
        let said = split_column(&split).unwrap();
        assert!(said.contains("`--split split` follows it once `unlabeled` (18) is renamed"), "{said}");
        assert!(
            split_column(&column("kfold", &[("0", 9), ("1", 9)])).unwrap().contains("cannot be followed")
        );
    }

    #[test]
    fn a_column_that_says_train_and_test_is_told_unless_a_person_decided() {
        for (name, parts) in [
            ("split", ["train", "test"]),
            ("Set", ["TRAIN", "Test"]),
            ("which", ["training", "dev"]),
            ("my part", ["train", "validation"]),
        ] {
            let columns = || vec![column(name, &[(parts[0], 60), (parts[1], 12)])];
            let said_plain = said(columns(), USED);
            assert!(
                said_plain
                    .contains(&format!("says `{}` (60) and `{}` (12), and is not used", parts[0], parts[1])),
                "{said_plain}"
            );
            assert!(said_plain.contains("--split none"), "{said_plain}");
            assert_eq!(said(columns(), Used { split: Some(name), ..USED }), "");
            assert_eq!(said(columns(), Used { split: Some("none"), ..USED }), "");
        }
        let folds = said(vec![column("fold", &[("0", 30), ("1", 30)])], USED);
        assert!(folds.contains("does not say train and test"), "{folds}");
        assert_eq!(said(vec![column("channel", &[("mail", 30), ("phone", 30)])], USED), "");
    }

    #[test]
    fn a_column_of_answers_says_that_the_label_is_what_was_asked() {
        let answers = || vec![column("answer", &[("reject", 41), ("accept", 24), ("ignore", 7)])];
        let told = said(answers(), USED);
        assert!(told.contains("`reject` (41), `accept` (24) and `ignore` (7)"), "{told}");
        assert!(told.contains("48 rows that the annotator turned down"), "{told}");
        assert!(told.contains("select(.answer == \"accept\")"), "{told}");
        assert_eq!(said(answers(), Used { label: "answer", ..USED }), "");
        assert_eq!(said(vec![column("answer", &[("accept", 24)])], USED), "");
        assert_eq!(said(vec![column("answer", &[("In Paris", 1), ("no", 24)])], USED), "");
        assert!(said(vec![column("is_correct", &[("true", 4), ("False", 24)])], USED).contains("24 rows"));
    }

    #[test]
    fn ids_weights_and_languages_that_are_not_used_are_told() {
        let columns = vec![
            column("_id", &[("a", 1), ("b", 1), ("c", 1)]),
            column("weight", &[("0.5", 1), ("1", 2)]),
            column("lang", &[("en", 2), ("de", 1)]),
        ];

        let said = said(columns, USED);

        assert!(said.contains("`--id _id` names them by it"), "{said}");
        assert!(said.contains("`weight` is not used: every row counts the same"), "{said}");
        assert!(said.contains("`lang` has 2 values (`en` (2) and `de` (1))"), "{said}");
    }
}
