//! Guesses which columns hold the text and the label, and which label rows are wanted of.
//!
//! A guess is only ever shown to a person, as part of the command to write; nothing is made from it.

use super::findings::{
    is_side_column, is_split, is_verdict, spellings_together, stands_for_none, values, without_variants,
};
use super::look::{Column, Kind, Look};

/// What the columns of a file probably are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Guess<'a> {
    /// The column of the text.
    pub(crate) text: Option<&'a Column>,
    /// The column of the label.
    pub(crate) label: Option<&'a Column>,
    /// The label that rows are probably wanted of: a rare one, yet with rows enough to write from.
    pub(crate) target: Option<&'a str>,
}

/// With so many rows or more of a label about 20 are train rows.
const ENOUGH: usize = 25;
/// A column with more different values than this holds no labels.
const MOST_LABELS: usize = 500;

const TEXTS: [&str; 18] = [
    "text",
    "message",
    "sentence",
    "utterance",
    "content",
    "body",
    "review",
    "comment",
    "tweet",
    "post",
    "query",
    "question",
    "sms",
    "document",
    "description",
    "title",
    "v2",
    "prompt",
];
const LABELS: [&str; 17] = [
    "label",
    "labels",
    "class",
    "category",
    "intent",
    "label_text",
    "label_name",
    "target",
    "sentiment",
    "topic",
    "tag",
    "emotion",
    "type",
    "rating",
    "stars",
    "v1",
    "y",
];

/// Guesses what the columns of a file are; `text` and `label` are what a person has named already.
pub(crate) fn guess<'a>(look: &'a Look, text: Option<&str>, label: Option<&str>) -> Guess<'a> {
    let named = |name: Option<&str>| look.columns.iter().find(|column| Some(column.name.as_str()) == name);
    let text = named(text).or_else(|| text_column(look, label));
    let label = named(label).or_else(|| label_column(look, text.map(|column| column.name.as_str())));
    Guess { text, label, target: label.and_then(target) }
}

/// Returns the column whose name comes first among the usual ones.
fn usual<'a>(columns: &[&'a Column], names: &[&str]) -> Option<&'a Column> {
    let place = |column: &Column| names.iter().position(|name| column.name.trim().eq_ignore_ascii_case(name));
    columns.iter().copied().filter(|column| place(column).is_some()).min_by_key(|column| place(column))
}

/// Returns whether no other column has the same name.
fn is_single(look: &Look, column: &Column) -> bool {
    look.columns.iter().filter(|other| other.name == column.name).count() == 1
}

/// Returns whether most values of a column are there once; those of classes are not.
fn is_varied(column: &Column) -> bool {
    column.has_more_values || column.values.len() * 2 > column.filled
}

fn text_column<'a>(look: &'a Look, label: Option<&str>) -> Option<&'a Column> {
    let could_be = |column: &&Column| {
        column.filled > 0
            && column.kinds.contains(&Kind::Text)
            && !column.is_whole
            && Some(column.name.as_str()) != label
            && is_single(look, column)
    };
    let columns: Vec<&Column> =
        look.columns.iter().filter(could_be).filter(|column| !column.name.trim().is_empty()).collect();
    let varied = columns.iter().copied().filter(|column| is_varied(column) && !is_side_column(column));
    let longest = varied.max_by_key(|column| (column.median_chars, column.values.len()));
    // A column named `title` or `type` is not the text where another one has texts ten times as long.
    let usual = usual(&columns, &TEXTS);
    match (usual, longest) {
        (Some(usual), Some(longest)) if usual.median_chars * 10 < longest.median_chars => Some(longest),
        (usual, longest) => usual.or(longest),
    }
}

fn label_column<'a>(look: &'a Look, text: Option<&str>) -> Option<&'a Column> {
    let could_be = |column: &&Column| {
        let is_short = !column.has_more_values && (1..=MOST_LABELS).contains(&column.values.len());
        column.filled > 0
            && is_short
            && !column.kinds.contains(&Kind::Object)
            && Some(column.name.as_str()) != text
            && !column.name.trim().is_empty()
            && is_single(look, column)
    };
    let columns: Vec<&Column> = look.columns.iter().filter(could_be).collect();
    let is_class = |column: &&&Column| {
        (2..=column.filled / 2).contains(&column.values.len())
            && !is_split(column)
            && !is_verdict(column)
            && !is_side_column(column)
    };
    let named = |column: &'a Column| names_of(&columns, column).unwrap_or(column);
    usual(&columns, &LABELS).map(named).or_else(|| {
        columns.iter().filter(is_class).copied().min_by_key(|column| (column.is_whole, column.values.len()))
    })
}

/// Returns the column with names for labels that are numbers, such as `label_text` beside `label`.
fn names_of<'a>(columns: &[&'a Column], label: &Column) -> Option<&'a Column> {
    let stem = label.name.trim().to_lowercase();
    let is_named = |column: &Column| {
        let name = column.name.trim().to_lowercase();
        ["_text", "_name", "_names", "_str", "_desc"].iter().any(|end| name == format!("{stem}{end}"))
    };
    columns.iter().copied().find(|column| {
        label.is_whole && !column.is_whole && is_named(column) && column.values.len() == label.values.len()
    })
}

/// Returns the rarest label with rows enough to write from, else the one that has most, but not the one that
/// most rows have. Several spellings count as one label, since the rare spelling is nobody's target.
fn target(label: &Column) -> Option<&str> {
    let mut labels = spellings_together(&values(label));
    labels.retain(|(label, _)| !stands_for_none(label));
    let labels = without_variants(&labels);
    let rare = labels.get(1..).filter(|rest| !rest.is_empty()).unwrap_or(&labels);
    let enough = rare.iter().rev().find(|(_, rows)| *rows >= ENOUGH);
    enough.or_else(|| rare.first()).map(|(label, _)| *label)
}

#[cfg(test)]
mod tests {
    use super::super::findings::tests::column;
    use super::*;
    use crate::dataset::Format;

    fn look(columns: Vec<Column>) -> Look {
        Look { format: Format::JsonLines, columns, rows: 72, remarks: Vec::new() }
    }

    fn guessed(columns: Vec<Column>) -> (String, String, String) {
        let look = look(columns);
        let Guess { text, label, target } = guess(&look, None, None);
        let name = |column: Option<&Column>| column.map_or(String::new(), |column| column.name.clone());
        (name(text), name(label), target.unwrap_or_default().to_owned())
    }

    fn texts(name: &str, chars: usize) -> Column {
        let texts: Vec<String> = (0..72).map(|n| format!("{n} {}", "x".repeat(chars - 3))).collect();
        let values: Vec<(&str, usize)> = texts.iter().map(|text| (text.as_str(), 1)).collect();
        column(name, &values)
    }

    #[test]
    fn usual_names_are_found_and_the_rarest_label_with_rows_enough_is_the_target() {
        let labels = column("label", &[("other", 400), ("cancel", 40), ("refund", 90), ("cancle", 2)]);
        assert_eq!(
            guessed(vec![labels, texts("text", 60)]),
            ("text".into(), "label".into(), "cancel".into())
        );
    }

    #[test]
    fn a_spelling_of_another_label_is_no_target() {
        let labels =
            [("order", 210), ("account", 96), ("refund", 24), ("Order", 43), ("Refund", 6), ("refund ", 4)];
        assert_eq!(guessed(vec![column("label", &labels), texts("text", 60)]).2, "refund");
    }

    #[test]
    fn without_usual_names_the_longest_texts_and_the_fewest_values_are_taken() {
        let columns = vec![
            column("nr", &[("1", 36), ("2", 36)]),
            column("split", &[("train", 60), ("test", 12)]),
            column("Kategorie", &[("Frage", 48), ("Kündigung", 24)]),
            texts("Nachricht", 80),
            texts("title", 7),
        ];
        assert_eq!(guessed(columns), ("Nachricht".into(), "Kategorie".into(), "Kündigung".into()));
    }

    #[test]
    fn what_a_person_has_named_is_kept() {
        let look = look(vec![
            texts("text", 60),
            texts("subject", 20),
            column("label", &[("a", 30), ("b", 9)]),
            column("mood", &[("c", 30), ("d", 30)]),
        ]);
        let guess = guess(&look, Some("subject"), Some("mood"));
        assert_eq!(
            (guess.text.unwrap().name.as_str(), guess.label.unwrap().name.as_str()),
            ("subject", "mood")
        );
        assert_eq!(guess.target, Some("d"));
    }

    #[test]
    fn another_spelling_of_a_label_is_no_target() {
        for (labels, target) in [
            (&[("other", 100), ("cancel", 60), ("Cancel", 27)][..], "cancel"),
            (&[("cancel", 60), ("Cancel", 27)], "cancel"),
            (&[("other", 100), ("cancel", 60), ("refund", 30), ("cancle", 26)], "refund"),
            (&[("Café", 100), ("Tee", 60), ("Cafe\u{301}", 40)], "Tee"),
            (&[("complaint", 300), ("praise", 40), ("complaints", 30)], "praise"),
            (&[("ham", 480), ("spam", 40)], "spam"),
            (&[("not_spam", 300), ("spam", 30)], "spam"),
            (&[("neutral", 300), ("natural", 30)], "natural"),
            (&[("class 1", 300), ("class 2", 30)], "class 2"),
            (&[("valid", 60), ("invalid", 30)], "invalid"),
        ] {
            assert_eq!(guessed(vec![column("label", labels), texts("text", 60)]).2, target, "{labels:?}");
        }
    }

    #[test]
    fn objects_and_names_that_are_there_twice_are_never_guessed() {
        let mut objects = column("label", &[("{\"id\":1}", 30), ("{\"id\":2}", 42)]);
        objects.kinds = [Kind::Object].into();
        assert_eq!(guessed(vec![objects, texts("text", 60)]).1, "");
        let twice = || column("label", &[("a", 30), ("b", 42)]);
        assert_eq!(guessed(vec![twice(), twice(), texts("text", 60)]).1, "");
        let status = column("status", &[("completed", 72)]);
        assert_eq!(guessed(vec![status, texts("id", 4)]).0, "");
    }

    #[test]
    fn names_are_taken_where_the_labels_beside_them_are_numbers() {
        let numbers = || column("label", &[("0", 48), ("1", 24)]);
        let names = |name: &str| column(name, &[("other", 48), ("cancel", 24)]);
        assert_eq!(guessed(vec![texts("text", 60), numbers(), names("label_text")]).1, "label_text");
        assert_eq!(guessed(vec![texts("text", 60), numbers(), names("label_source")]).1, "label");
        assert_eq!(guessed(vec![texts("text", 60), names("label"), names("label_text")]).1, "label");
    }

    #[test]
    fn words_for_no_label_are_no_target_and_a_file_without_classes_has_none() {
        let labels = column("label", &[("other", 40), ("unknown", 30), ("cancel", 24)]);
        assert_eq!(guessed(vec![labels, texts("text", 60)]).2, "cancel");
        assert_eq!(guessed(vec![texts("text", 60)]), ("text".into(), String::new(), String::new()));
    }
}
