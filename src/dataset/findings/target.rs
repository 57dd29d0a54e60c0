//! Whether there are enough rows of the target, and of others.

use crate::dataset::{Dataset, LabelCounts};

use super::spelled::{number, spelled};

/// With fewer train rows the examples of a prompt are soon always the same.
const FEW_TRAIN: usize = 20;
/// With fewer test rows a share that is measured is uncertain by more than 18 points.
const FEW_TEST: usize = 30;
/// From this share of the file on, in percent, the target is not a class that lacks rows.
const NEARLY_ALL: usize = 90;

/// Returns the sentences about the number of the target's rows; `has_split` is whether a column splits them.
pub(super) fn remarks(dataset: &Dataset, target: &str, has_split: bool) -> Vec<String> {
    let counts = dataset.counts_of(target);
    [
        share(counts.total(), dataset.known_len(), target),
        few_train(counts, target, has_split),
        few_test(counts, target, has_split),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn share(ours: usize, all: usize, target: &str) -> Option<String> {
    let name = spelled(target);
    if ours == all {
        return Some(format!(
            "Every row has the label {name}: there is no other class to tell it from, and figures that compare \
             classes say nothing."
        ));
    }
    (ours * 100 > all * NEARLY_ALL).then(|| {
        format!(
            "{name} is {} % of the file; rows are mostly wanted of a class that is rare. Was another target meant?",
            ours * 100 / all
        )
    })
}

fn few_train(counts: LabelCounts, target: &str, has_split: bool) -> Option<String> {
    let name = spelled(target);
    let more = if has_split {
        "Move some to train in the split column, or split by seed with `--split none`."
    } else {
        "Write some by hand into the file, or label more."
    };
    match counts.train {
        0 => Some(format!(
            "No train row is {name}: prompts show no examples of it, and the offline generator cannot write it. {more}"
        )),
        few @ 1..FEW_TRAIN if counts.held_back > 0 => Some(format!(
            "Only {} {name}, fewer than about {FEW_TRAIN}, since the others are held back: prompts show the same \
             examples again and again, and the offline generator has little to write from.",
            of_part(few, "known"),
        )),
        few @ 1..FEW_TRAIN => Some(format!(
            "Only {} {name}, fewer than about {FEW_TRAIN}: prompts show the same examples again and again, and the \
             offline generator has little to write from.",
            of_part(few, "train"),
        )),
        _ => None,
    }
}

fn few_test(counts: LabelCounts, target: &str, has_split: bool) -> Option<String> {
    let name = spelled(target);
    match counts.test {
        0 if counts.total() == 1 => Some(format!(
            "The only row of {name} stays in train, so no test row is left to measure anything on."
        )),
        0 => Some(format!(
            "No test row is {name}: nothing can be measured on it. {}",
            if has_split {
                "Move some to test in the split column, or split by seed with `--split none`."
            } else {
                "It takes more rows of it in the file."
            }
        )),
        few @ 1..FEW_TEST => Some(format!(
            "Only {} {name}, fewer than about {FEW_TEST}: figures measured on them have wide intervals.",
            of_part(few, "test"),
        )),
        _ => None,
    }
}

/// Returns how many rows of a part are of a class, as `1 train row is` or `19 train rows are`.
fn of_part(count: usize, part: &str) -> String {
    format!("{} {part} {}", number(count), if count == 1 { "row is" } else { "rows are" })
}

#[cfg(test)]
mod tests {
    use super::super::tests::of_counts;
    use super::*;

    fn said(counts: &[(&str, usize)]) -> String {
        remarks(&of_counts(counts), counts[0].0, false).join("\n")
    }

    #[test]
    fn enough_rows_of_a_rare_class_are_passed_in_silence() {
        assert_eq!(said(&[("cancel", 200), ("other", 800)]), "");
    }

    #[test]
    fn a_target_that_is_nearly_all_of_the_file_or_all_of_it_is_told() {
        assert!(
            said(&[("cancel", 200)]).starts_with("Every row has the label `cancel`: there is no other class")
        );
        assert!(said(&[("cancel", 950), ("other", 50)]).starts_with("`cancel` is 95 % of the file"));
        assert_eq!(said(&[("cancel", 900), ("other", 100)]), "");
    }

    #[test]
    fn too_few_rows_are_told_with_what_follows() {
        let one = said(&[("cancel", 1), ("other", 50)]);
        assert!(
            one.contains("Only 1 train row is `cancel`")
                && one.contains("The only row of `cancel` stays in train"),
            "{one}"
        );
        let two = said(&[("cancel", 2), ("other", 50)]);
        assert!(two.contains("No test row is `cancel`: nothing can be measured on it."), "{two}");
        let some = said(&[("cancel", 24), ("other", 48)]);
        assert!(some.contains("Only 19 train rows are `cancel`"), "{some}");
        assert!(some.contains("fewer than about 30: figures measured on them have wide intervals"), "{some}");
        let enough_to_show = said(&[("cancel", 100), ("other", 400)]);
        assert!(
            !enough_to_show.contains("train") && enough_to_show.contains("wide intervals"),
            "{enough_to_show}"
        );
    }
}
