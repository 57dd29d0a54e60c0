//! Texts that contradict, repeat or are not what a person wrote in one go.

use crate::dataset::{Dataset, RealRow};
use crate::text::TextHash;

use super::spelled::{joined, number, rows, spelled};

/// The most rows that a sentence names.
const NAMED: usize = 3;
/// From this share of the file on, in percent, repeated texts are told.
const REPEATED_PERCENT: usize = 2;
/// The fewest repeated texts that are told.
const REPEATED: usize = 5;
/// A text of more characters than this is hardly one message, and an example of it fills a prompt.
const LONG: usize = 20_000;

/// What rows are called by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowNames {
    /// Ids of their own.
    Ids,
    /// The lines of the file.
    Lines,
    /// Their places in a list.
    Items,
}

/// Returns how a row is shown to a person.
pub(crate) fn row_name(row: &RealRow<'_>, names: RowNames) -> String {
    match names {
        RowNames::Ids => spelled(&row.id),
        RowNames::Lines => format!("line {}", row.id),
        RowNames::Items => format!("item {}", row.id),
    }
}

/// Returns the sentences about the texts.
pub(super) fn remarks(dataset: &Dataset, target: &str, names: RowNames) -> Vec<String> {
    let mut order: Vec<u32> = dataset.rows().map(|row| row.index).collect();
    let no_words = TextHash::of("");
    // Texts without a word, such as `???` and `:)`, are equal only where they are so letter for letter.
    let key = |row: u32| {
        let hash = dataset.hash(row);
        (hash, if hash == no_words { dataset.text(row) } else { "" })
    };
    order.sort_by(|a, b| key(*a).cmp(&key(*b)));
    let groups: Vec<&[u32]> = order.chunk_by(|a, b| key(*a) == key(*b)).collect();
    if groups.len() == 1 && order.len() > 1 {
        let text = spelled(dataset.text(order[0]));
        return vec![format!(
            "All {} have the same text, {text}; check that `--text` names the column of the texts.",
            rows(order.len())
        )];
    }
    let repeated: usize = groups.iter().map(|group| group.len() - 1).sum();
    [two_labels(dataset, &groups, target, names), repeats(repeated, order.len()), long(dataset, names)]
        .into_iter()
        .flatten()
        .collect()
}

/// Returns the sentence about equal texts with different labels; those with the target come first.
fn two_labels(dataset: &Dataset, groups: &[&[u32]], target: &str, names: RowNames) -> Option<String> {
    let differs = |group: &&&[u32]| group.iter().any(|row| dataset.label(*row) != dataset.label(group[0]));
    let mut found: Vec<&[u32]> = groups.iter().filter(differs).copied().collect();
    if found.is_empty() {
        return None;
    }
    let has_target = |group: &[u32]| group.iter().any(|row| dataset.label(*row) == target);
    let of_target = found.iter().filter(|group| has_target(group)).count();
    found.sort_by_key(|group| (!has_target(group), group[0]));
    let shown = found.iter().take(NAMED).map(|group| {
        let other = group.iter().find(|row| dataset.label(**row) != dataset.label(group[0]));
        let name = |row: u32| {
            let row = dataset.row(row);
            format!("{} {}", row_name(&row, names), spelled(row.label))
        };
        format!("{} against {}", name(group[0]), name(*other.unwrap_or(&group[0])))
    });
    let (texts, have) = if found.len() == 1 { ("text", "has") } else { ("texts", "have") };
    let ours = match of_target {
        0 => String::new(),
        all if all == found.len() => ", one of which is the target".to_owned(),
        some => format!(", in {} of them the target", number(some)),
    };
    Some(format!(
        "{} {texts} {have} two labels or more{ours}: {}. As examples and in figures they contradict each other; \
         decide for one label in the file.",
        number(found.len()),
        joined(shown.collect(), found.len().saturating_sub(NAMED))
    ))
}

fn repeats(repeated: usize, all: usize) -> Option<String> {
    let percent = repeated * 100 / all.max(1);
    (repeated >= REPEATED && percent >= REPEATED_PERCENT).then(|| {
        format!(
            "{} {} a text that another row has ({percent} % of the file); equal texts count once for each row, and stay \
             on one side of the split.",
            rows(repeated),
            if repeated == 1 { "repeats" } else { "repeat" }
        )
    })
}

fn long(dataset: &Dataset, names: RowNames) -> Option<String> {
    // Bytes are never fewer than characters, and quicker to count.
    let is_long = |row: &RealRow<'_>| row.text.len() > LONG && row.text.chars().count() > LONG;
    let found: Vec<RealRow<'_>> = dataset.rows().filter(is_long).collect();
    let shown = found.iter().take(NAMED).map(|row| row_name(row, names)).collect();
    (!found.is_empty()).then(|| {
        format!(
            "{} {} more than {} characters ({}): as an example one of them fills a prompt; check that they are single texts.",
            rows(found.len()),
            if found.len() == 1 { "has" } else { "have" },
            number(LONG),
            joined(shown, found.len().saturating_sub(NAMED))
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::of_rows;
    use super::*;

    fn said(rows: &[(&str, &str)]) -> String {
        remarks(&of_rows(rows), "cancel", RowNames::Lines).join("\n")
    }

    #[test]
    fn a_text_with_two_labels_is_told_by_line_and_the_targets_come_first() {
        let said = said(&[
            ("other", "hello there"),
            ("ask", "Hello, there!"),
            ("other", "close it"),
            ("cancel", "Close it."),
            ("cancel", "go"),
        ]);

        assert!(
            said.starts_with(
                "2 texts have two labels or more, in 1 of them the target: line 4 `other` against line 5 `cancel` \
                 and line 2 `other` against line 3 `ask`."
            ),
            "{said}"
        );
    }

    #[test]
    fn texts_without_a_word_are_equal_only_letter_for_letter() {
        assert_eq!(said(&[("other", "???"), ("cancel", ":)"), ("cancel", "go")]), "");
        assert!(
            said(&[("other", "???"), ("cancel", "???"), ("cancel", "go")])
                .starts_with("1 text has two labels")
        );
    }

    #[test]
    fn repeated_texts_are_told_where_they_are_many() {
        let mut rows = vec![("cancel", "stop it"); 6];
        rows.extend([("other", "a"), ("other", "b")]);
        assert!(
            said(&rows).contains("5 rows repeat a text that another row has (62 % of the file)"),
            "{}",
            said(&rows)
        );
        assert_eq!(said(&rows[4..]), "");
    }

    #[test]
    fn one_text_for_all_rows_is_told_before_all_else() {
        let said = said(&[("cancel", "n/a"), ("other", "N/A")]);
        assert!(said.starts_with("All 2 rows have the same text, `n/a`"), "{said}");
        assert_eq!(said.lines().count(), 1);
    }

    #[test]
    fn a_text_as_long_as_a_book_is_told() {
        let long = "word ".repeat(4001);
        let said = said(&[("cancel", &long), ("other", "a")]);
        assert!(said.starts_with("1 row has more than 20,000 characters (line 2)"), "{said}");
    }
}
