//! Labels that hold several, say nothing, or stand for none.

use std::collections::{HashMap, HashSet};

use super::spelled::{Counted, listed, number, rows, spelled};

/// The most labels that a sentence lists.
const LISTED: usize = 5;
/// More labels than this are hardly classes where most rows have one of their own.
const MANY: usize = 50;

/// Words that people and programs write where a row has no label.
const NO_LABEL: [&str; 17] = [
    "?",
    "??",
    "-",
    "--",
    "n/a",
    "na",
    "nan",
    "nil",
    "none",
    "null",
    "tbd",
    "todo",
    "unknown",
    "unlabeled",
    "unlabelled",
    "undefined",
    "no label",
];

/// Returns the sentences about the labels; they are the most frequent first.
pub(super) fn remarks(labels: &[Counted<'_>], target: &str) -> Vec<String> {
    let total: usize = labels.iter().map(|(_, rows)| rows).sum();
    let too_many = (labels.len() > MANY && labels.len() * 2 > total).then(|| {
        format!(
            "{} labels for {} are more like texts or ids than classes; check that `--label` names the column of the class.",
            number(labels.len()),
            rows(total)
        )
    });
    [too_many, made_of_others(labels, target), no_label(labels), says_nothing(labels, target)]
        .into_iter()
        .flatten()
        .collect()
}

/// Returns the sentence about labels that are lists of labels, such as `a#b`, `a|b` or `["a", "b"]`.
fn made_of_others(labels: &[Counted<'_>], target: &str) -> Option<String> {
    let known: HashSet<String> = labels.iter().map(|(label, _)| plain(label)).collect();
    let mut recurring: HashMap<String, usize> = HashMap::new();
    for (label, _) in labels {
        let parts: HashSet<String> = parts(label, &['|', ';', '#']).into_iter().collect();
        parts.into_iter().for_each(|part| *recurring.entry(part).or_default() += 1);
    }
    let is_label =
        |part: &String| known.contains(part) || recurring.get(part).is_some_and(|labels| *labels > 1);
    let signs = ['|', ';', '#', ',', '+', '/', '&', '-'];
    let is_made = |label: &str| match list(label) {
        Some(parts) => !parts.is_empty(),
        None => signs.iter().any(|sign| {
            let parts = parts(label, &[*sign]);
            parts.len() > 1 && parts.iter().all(is_label)
        }),
    };
    let made: Vec<Counted<'_>> = labels.iter().copied().filter(|(label, _)| is_made(label)).collect();
    let total: usize = made.iter().map(|(_, rows)| rows).sum();
    if made.is_empty() {
        return None;
    }
    let wanted = plain(target);
    let holds = |label: &str| {
        label != target && list(label).unwrap_or_else(|| parts(label, &signs)).contains(&wanted)
    };
    let missed: usize = made.iter().filter(|(label, _)| holds(label)).map(|(_, rows)| rows).sum();
    let missed = match missed {
        0 => String::new(),
        missed => format!(", so {} that name {} too are not of the target", rows(missed), spelled(target)),
    };
    Some(format!(
        "{} have a label that is made of several: {}. A row has one label here{missed}; write such a row once for \
         each of its labels, or choose one.",
        rows(total),
        listed(&made, LISTED)
    ))
}

/// Returns the labels in a list as JSON or Python write it.
fn list(label: &str) -> Option<Vec<String>> {
    let inner = label.trim().strip_prefix(['[', '(', '{'])?.strip_suffix([']', ')', '}'])?;
    let is_quoted = inner.trim_start().starts_with(['"', '\'']);
    (label.trim().starts_with('[') || is_quoted).then(|| parts_of(inner, &[',']))
}

/// Returns the parts of a label between separators, each as it is compared.
fn parts(label: &str, signs: &[char]) -> Vec<String> {
    let parts = parts_of(label, signs);
    if parts.len() > 1 { parts } else { Vec::new() }
}

fn parts_of(label: &str, signs: &[char]) -> Vec<String> {
    label.split(signs).map(plain).filter(|part| !part.is_empty()).collect()
}

fn plain(label: &str) -> String {
    label.trim_matches(|c: char| c.is_whitespace() || "\"'".contains(c)).to_lowercase()
}

/// Returns whether a label is a word that people write where there is none.
pub(crate) fn stands_for_none(label: &str) -> bool {
    NO_LABEL.contains(&label.trim().to_lowercase().as_str())
}

/// Returns the sentence about labels that people write where there is none.
fn no_label(labels: &[Counted<'_>]) -> Option<String> {
    let is = |label: &str, one: &[&str]| one.contains(&label.trim());
    let has = |one: &[&str]| labels.iter().any(|(label, _)| is(label, one));
    let is_minus_one =
        |label: &str| is(label, &["-1", "-1.0"]) && has(&["0", "1", "0.0", "1.0"]) && !has(&["-2", "-2.0"]);
    let found: Vec<Counted<'_>> =
        labels.iter().copied().filter(|(label, _)| is_minus_one(label) || stands_for_none(label)).collect();
    let first = found.first()?;
    let where_from = if is_minus_one(first.0) { ", as `-1` does beside 0 and 1 in many tools" } else { "" };
    Some(format!(
        "{} often {} that a row has no label{where_from}; here {} a class as any other. Take such rows out of the file if they \
         are not meant.",
        listed(&found, LISTED),
        if found.len() == 1 { "means" } else { "mean" },
        if found.len() == 1 { "it is" } else { "they are" },
    ))
}

/// Returns the sentence about a target that no model can understand from its name.
fn says_nothing(labels: &[Counted<'_>], target: &str) -> Option<String> {
    let lower = target.trim().to_lowercase();
    let is_code = lower.parse::<f64>().is_ok()
        || ["true", "false", "yes", "no", "y", "n", "pos", "neg"].contains(&lower.as_str())
        || (lower.is_ascii() && lower.len() == 1)
        || numbered(&lower);
    if !is_code || !labels.iter().any(|(label, _)| *label == target) {
        return None;
    }
    Some(format!(
        "The name of the target, {}, tells a model nothing: say in the prompt what it means, in place of \
         `\"{{{{ label }}}}\"` in the first line of `user` in session.toml.",
        spelled(target)
    ))
}

/// Returns whether a label is a number behind a word for *class*, such as `LABEL_1` or `c3`.
fn numbered(lower: &str) -> bool {
    let word = lower.trim_end_matches(|c: char| c.is_ascii_digit());
    let word = word.trim_end_matches(['_', '-', ' ', ':', '.', '#']);
    word.len() < lower.len()
        && [
            "label", "class", "category", "cat", "cluster", "group", "type", "topic", "intent", "c", "l",
            "k", "t",
        ]
        .contains(&word)
        && lower.ends_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(labels: &[Counted<'_>], target: &str) -> String {
        remarks(labels, target).join("\n")
    }

    #[test]
    fn ordinary_labels_are_passed_in_silence() {
        for labels in [
            [("ham", 4827), ("spam", 747)],
            [("other", 40), ("app/login by post", 4)],
            [("other", 40), ("Why is it \"late\"? lost", 4)],
            [("other", 40), ("card, lost", 4)],
            [("C#/net", 3), ("C", 4)],
            [("not-spam", 3), ("spam", 4)],
        ] {
            assert_eq!(said(&labels, labels[0].0), "", "{labels:?}");
        }
    }

    #[test]
    fn labels_that_are_lists_of_labels_are_told_with_what_the_target_misses() {
        for made in [
            "cancel#refund",
            "cancel|refund",
            "cancel, refund",
            "refund;cancel",
            "Cancel + refund",
            "cancel/refund",
            "[\"cancel\", \"refund\"]",
            "['cancel', 'refund']",
            "[\"cancel\"]",
            "{'cancel', 'refund'}",
            "('cancel',)",
        ] {
            let said = said(&[("other", 40), ("refund", 9), ("cancel", 8), (made, 4)], "cancel");
            assert!(said.contains(&format!("`{made}` (4)")), "{made}: {said}");
            assert!(said.contains("4 rows that name `cancel` too are not of the target"), "{made}: {said}");
        }
        let without_single = [("a|b", 4), ("b|c", 4), ("c|a", 3)];
        assert!(said(&without_single, "a|b").starts_with("11 rows have a label that is made of several"));
    }

    #[test]
    fn a_word_for_no_label_and_minus_one_beside_zero_and_one_are_told() {
        assert!(
            said(&[("0", 40), ("1", 8), ("-1", 20)], "spam").starts_with("`-1` (20) often means that a row")
        );
        assert!(
            said(&[("spam", 40), ("unknown", 8), ("N/A", 2)], "spam")
                .starts_with("`unknown` (8) and `N/A` (2) often")
        );
        assert_eq!(said(&[("-2", 4), ("-1", 4), ("0", 4), ("1", 4)], "x"), "");
    }

    #[test]
    fn a_target_that_is_a_number_or_a_code_tells_a_model_nothing() {
        for target in ["1", "0", "2.0", "true", "No", "B", "LABEL_1", "class 3", "c7"] {
            let said = said(&[("other", 40), (target, 4)], target);
            assert!(
                said.contains("tells a model nothing") && said.contains("{{ label }}"),
                "{target}: {said}"
            );
        }
        for target in ["spam", "covid19", "top 10", "取"] {
            assert_eq!(said(&[("other", 40), (target, 4)], target), "");
        }
    }

    #[test]
    fn a_label_of_its_own_for_nearly_every_row_is_hardly_a_class() {
        let names: Vec<String> = (0..80).map(|n| format!("thing {n}x")).collect();
        let labels: Vec<Counted<'_>> = names.iter().map(|name| (name.as_str(), 1)).collect();
        assert!(said(&labels, "thing 1x").starts_with("80 labels for 80 rows are more like texts"));
    }
}
