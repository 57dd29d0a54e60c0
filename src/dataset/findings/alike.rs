//! Labels that are probably one class in several spellings.
//!
//! ```text
//! `Cancel`  `cancel `  `CANCEL`   case, blanks, forms of letters   always
//! `app-error`  `app error`  `1` `1.0`   punctuation, accents, zeros      always
//! `cancle`  beside `cancel`       one or two letters               only where one is rare beside the other
//! ```
//!
//! A difference in digits or in a short word is no misspelling: `task_1` and `task_2`, `type a` and
//! `type b`, `cat` and `car` are classes that people mean.

use std::collections::BTreeMap;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use super::spelled::{Counted, listed, number, rows, spelled};
use crate::text::safe::is_invisible;

/// With more labels than this they are hardly classes, and comparing all pairs would take long.
const MOST_LABELS: usize = 1000;
/// The most sentences of one kind.
const SENTENCES: usize = 3;
/// The most spellings that a sentence lists.
const LISTED: usize = 6;

/// Returns a sentence for each class that seems to have several labels; `labels` are the most frequent first.
pub(super) fn remarks(labels: &[Counted<'_>], target: &str) -> Vec<String> {
    let mut classes = classes(labels);
    let total = |class: &[Counted<'_>]| class.iter().map(|(_, rows)| rows).sum::<usize>();
    let has_target = |class: &[Counted<'_>]| class.iter().any(|(label, _)| *label == target);
    classes.sort_by_key(|class| (!has_target(class), std::cmp::Reverse(total(class))));
    let several: Vec<String> =
        classes.iter().filter(|class| class.len() > 1).map(|class| one_class(class, target)).collect();
    let more = several.len().saturating_sub(SENTENCES);
    let mut found: Vec<String> = several.into_iter().take(SENTENCES).collect();
    if more > 0 {
        found.push(format!("{} further groups of labels differ only in this way.", number(more)));
    }
    found.extend(misspellings(&classes));
    if let Some(last) = found.last_mut() {
        last.push_str(
            " Where they mean the same, write one spelling in the file (find and replace does it); a session \
             reads its file anew each time it is opened.",
        );
    }
    found
}

/// Returns the labels as classes, each with the spellings that it probably has, in the labels' order.
pub(super) fn classes<'a>(labels: &[Counted<'a>]) -> Vec<Vec<Counted<'a>>> {
    let mut classes: BTreeMap<String, Vec<Counted<'a>>> = BTreeMap::new();
    for label in labels {
        classes.entry(without_marks(label.0)).or_default().push(*label);
    }
    classes.into_values().collect()
}

fn one_class(class: &[Counted<'_>], target: &str) -> String {
    let is_case = class.windows(2).all(|pair| without_case(pair[0].0) == without_case(pair[1].0));
    let how =
        if is_case { "case, blanks or the form of letters" } else { "case, blanks, punctuation or accents" };
    let total = class.iter().map(|(_, rows)| rows).sum();
    let target = class.iter().find(|(label, _)| *label == target).map(|(label, count)| {
        format!(", and the target {} has {} of {}", spelled(label), number(*count), rows(total))
    });
    format!(
        "The labels {} differ only in {how}: they are {} classes here{}.",
        listed(class, LISTED),
        class.len(),
        target.unwrap_or_default()
    )
}

/// Returns the sentences about rare labels that are nearly spelled as frequent ones.
fn misspellings(classes: &[Vec<Counted<'_>>]) -> Vec<String> {
    if classes.len() > MOST_LABELS {
        return Vec::new();
    }
    let heads: Vec<(String, Counted<'_>)> =
        classes.iter().filter_map(|class| class.first()).map(|head| (in_words(head.0), *head)).collect();
    let mut of: BTreeMap<usize, Vec<Counted<'_>>> = BTreeMap::new();
    for (place, (words, (label, count))) in heads.iter().enumerate() {
        let is_near = |other: &(usize, &(String, Counted<'_>))| {
            let (at, (others, (_, more))) = other;
            *at != place && count <= more && is_misspelled((words, *count), (others, *more), *at < place)
        };
        let right = heads.iter().enumerate().filter(is_near).max_by_key(|(_, (_, (_, rows)))| *rows);
        if let Some((right, _)) = right {
            of.entry(right).or_default().push((label, *count));
        }
    }
    let more = of.len().saturating_sub(SENTENCES);
    let sentence = |(right, wrong): (usize, Vec<Counted<'_>>)| {
        let looks = if wrong.len() == 1 { "looks like a spelling" } else { "look like spellings" };
        let (label, count) = heads[right].1;
        let classes = if wrong.len() == 1 { "a class" } else { "classes" };
        let (wrong, right) = (listed(&wrong, LISTED), spelled(label));
        format!(
            "{wrong} {looks} of {right} ({}) with a slip, and would be {classes} of their own here.",
            number(count)
        )
    };
    let mut found: Vec<String> = of.into_iter().take(SENTENCES).map(sentence).collect();
    if more > 0 {
        found.push(format!(
            "{} further labels have rare neighbours that differ by a letter or two.",
            number(more)
        ));
    }
    found
}

/// Returns the labels that are probably no other spelling of a more frequent one; `labels` are the most frequent
/// first. A slip counts from nearer counts on than where a sentence speaks of it.
pub(crate) fn without_variants<'a>(labels: &[Counted<'a>]) -> Vec<Counted<'a>> {
    let mut kept: Vec<(String, String, Counted<'a>)> = Vec::new();
    for (label, count) in labels {
        let (plain, words) = (without_marks(label), in_words(label));
        let is_other = |(other, others, (_, more)): &(String, String, Counted<'a>)| {
            *other == plain || is_misspelled((&words, *count), (others, more.saturating_mul(4)), true)
        };
        if !kept.iter().any(is_other) {
            kept.push((plain, words, (label, *count)));
        }
    }
    kept.into_iter().map(|(.., label)| label).collect()
}

/// Returns whether the first of two labels is probably a slip of the second; `is_later` breaks the tie of
/// equal counts, so that no two labels are slips of each other.
fn is_misspelled((rare, few): (&str, usize), (frequent, many): (&str, usize), is_later: bool) -> bool {
    let (ours, theirs): (Vec<&str>, Vec<&str>) = (rare.split(' ').collect(), frequent.split(' ').collect());
    if ours.len() != theirs.len() {
        return false;
    }
    let mut different = ours.iter().zip(&theirs).filter(|(a, b)| a != b);
    let (Some((a, b)), None) = (different.next(), different.next()) else { return false };
    if [a, b].iter().any(|word| word.chars().any(char::is_numeric)) {
        return false;
    }
    let (short, long) = {
        let (a, b) = (a.chars().count(), b.chars().count());
        (a.min(b), a.max(b))
    };
    if long - short > 2 {
        return false;
    }
    let edits = strsim::damerau_levenshtein(a, b);
    if edits == 0 || edits > 1 + usize::from(short >= 8) {
        return false;
    }
    let is_plural = a.strip_suffix('s') == Some(b) || b.strip_suffix('s') == Some(a);
    if is_plural && short >= 4 {
        return few < many || is_later;
    }
    let is_swap = edits == 1 && short == long && sorted(a) == sorted(b);
    let same_start = a.chars().next() == b.chars().next();
    let times = match long {
        0..=2 => return false,
        3 if few > 3 => return false,
        3 => 50,
        _ if !same_start && !is_swap => 20,
        4..=5 if !is_swap => 10,
        _ => 4,
    };
    // Another first letter is mostly another word, such as `filling` beside `billing`.
    let is_other_start = short == long && !is_swap && few > 2;
    few.saturating_mul(times) <= many
        && (same_start || (edits == 1 && short >= 6 && !is_negation(a, b) && !is_other_start))
}

/// Returns whether one word is the other with the *a* of `atypical` before it.
fn is_negation(a: &str, b: &str) -> bool {
    a.strip_prefix('a') == Some(b) || b.strip_prefix('a') == Some(a)
}

fn sorted(word: &str) -> Vec<char> {
    let mut letters: Vec<char> = word.chars().collect();
    letters.sort_unstable();
    letters
}

/// Returns a label without the differences of case, blanks, invisible marks and composed letters.
fn without_case(label: &str) -> String {
    let composed = ComposingNormalizerBorrowed::new_nfkc().normalize(label);
    // By way of upper case, since `ß` and the final sigma have no lower case of their own.
    let folded = composed.to_uppercase().to_lowercase();
    let seen: String = folded.chars().filter(|c| !is_invisible(*c) || c.is_whitespace()).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns a label without accents, and with one blank in place of what separates its words.
fn in_words(label: &str) -> String {
    let label = without_case(label);
    let apart = DecomposingNormalizerBorrowed::new_nfkd().normalize(&label);
    let is_accent = |c: &char| ('\u{300}'..='\u{36f}').contains(c);
    let letters = apart.chars().filter(|c| !is_accent(c)).map(|c| if separates(c) { ' ' } else { c });
    letters.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns a label without the differences of punctuation and accents as well.
///
/// Signs such as `+` and `#` stay, and so do a `-` at either end and what stands between digits: `C` is not
/// `C++`, `A-` not `A`, `-1` not `1`, and `1-2` not `12`.
fn without_marks(label: &str) -> String {
    let plain = without_case(label);
    if let Some(number) = as_number(&plain) {
        return format!("{number}");
    }
    let mut words = in_words(&plain);
    if words.is_empty() {
        return plain;
    }
    if words.chars().any(char::is_numeric) {
        words = parted(&words);
    } else {
        words.retain(|c| c != ' ');
    }
    let sign = |is: bool| if is { "-" } else { "" };
    format!("{}{words}{}", sign(plain.starts_with('-')), sign(plain.ends_with('-')))
}

/// Puts a blank between letters and digits, so that `task1` and `task 1` are equal.
fn parted(words: &str) -> String {
    let mut parted = String::with_capacity(words.len() + 4);
    let mut before = ' ';
    for c in words.chars() {
        if before != ' ' && c != ' ' && before.is_numeric() != c.is_numeric() {
            parted.push(' ');
        }
        parted.push(c);
        before = c;
    }
    parted
}

/// Returns the number that a label is, if it is one that a float can hold exactly.
fn as_number(label: &str) -> Option<f64> {
    let is_number = label.len() <= 15 && label.ends_with(|c: char| c.is_ascii_digit() || c == '.');
    let plain = label.trim_start_matches(['-', '+']).starts_with(|c: char| c.is_ascii_digit() || c == '.');
    label.parse().ok().filter(|_| is_number && plain)
}

fn separates(c: char) -> bool {
    c.is_whitespace() || "_-./\\'\"“”‘’„`´,;:!?()[]{}…–—".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(labels: &[Counted<'_>], target: &str) -> String {
        remarks(labels, target).join("\n")
    }

    #[test]
    fn labels_that_differ_only_in_case_blanks_or_the_form_of_letters_are_one_group_with_counts() {
        let labels = [
            ("other", 48),
            ("cancel", 6),
            ("Cancel", 5),
            ("CANCEL", 4),
            (" cancel", 3),
            ("cancel ", 3),
            ("cancel\u{a0}", 2),
            ("can\u{200b}cel", 1),
        ];

        let said = said(&labels, "cancel");

        assert!(
            said.contains("they are 7 classes here, and the target `cancel` has 6 of 24 rows."),
            "{said}"
        );
        assert!(said.contains("`cancel⟨U+00A0⟩` (2)") && said.contains("`␣cancel` (3)"), "{said}");
        assert!(!said.contains("other"), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }

    #[test]
    fn what_looks_the_same_on_a_screen_is_found() {
        for (one, other) in [
            ("Café", "Cafe\u{301}"),
            ("ﬁne", "fine"),
            ("spam", "ｓｐａｍ"),
            ("straße", "STRASSE"),
            ("card lost", "card  lost"),
            ("card\u{2003}lost", "card lost"),
            ("spam", "\u{feff}spam"),
        ] {
            let said = said(&[(one, 9), (other, 8)], one);
            assert!(said.contains("case, blanks or the form of letters"), "{one:?} {other:?}: {said}");
        }
    }

    #[test]
    fn labels_that_differ_only_in_punctuation_accents_or_zeros_are_found() {
        for (one, other) in [
            ("app-error", "app error"),
            ("app_error", "AppError"),
            ("spam", "spam."),
            ("'spam'", "spam"),
            ("naïve", "naive"),
            ("1", "1.0"),
            ("01", "1"),
            ("task_1", "task1"),
            ("Why?", "why"),
        ] {
            let said = said(&[(one, 9), (other, 8)], one);
            assert!(said.contains("punctuation or accents"), "{one:?} {other:?}: {said}");
        }
    }

    #[test]
    fn labels_that_people_mean_apart_are_left_alone() {
        for labels in [
            ["cat", "car"],
            ["spam", "span"],
            ["A", "B"],
            ["A", "A-"],
            ["A+", "A-"],
            ["C", "C++"],
            ["C#", "C"],
            ["1", "2"],
            ["1", "-1"],
            ["1-2", "12"],
            ["1.5", "15"],
            ["+", "-"],
            [":)", ":("],
            ["positive", "negative"],
            ["task_1", "task_2"],
            ["type a", "type b"],
            ["spam", "not spam"],
            ["legal", "illegal"],
            ["inbound", "unbound"],
            ["billing", "filling"],
            ["typical", "atypical"],
            ["increase", "decrease"],
            ["12345678901234567890", "12345678901234567891"],
            ["取消", "取得"],
        ] {
            for counts in [[40, 40], [400, 4]] {
                let labels = [(labels[0], counts[0]), (labels[1], counts[1])];
                // A rare `span` beside a frequent `spam` is likely a slip.
                if labels == [("spam", 400), ("span", 4)] {
                    continue;
                }
                assert_eq!(said(&labels, labels[0].0), "", "{labels:?}");
            }
        }
    }

    #[test]
    fn a_rare_label_a_letter_or_two_from_a_frequent_one_is_a_slip() {
        for (right, many, wrong, few) in [
            ("cancel", 18, "cancle", 3),
            ("cancel", 18, "cancell", 3),
            ("cancel", 18, "canel", 2),
            ("spam", 700, "sapm", 2),
            ("spam", 700, "span", 1),
            ("ham", 4800, "hma", 1),
            ("complaint", 40, "complant", 5),
            ("information", 60, "infromaton", 3),
            ("card arrival", 40, "card arival", 1),
            ("question", 30, "questions", 28),
            ("cancel", 100, "xcancel", 1),
            ("Kündigung", 40, "Kundgung", 2),
        ] {
            let said = said(&[(right, many), (wrong, few)], right);
            assert!(
                said.starts_with(&format!("`{wrong}` ({few}) looks like a spelling of `{right}`")),
                "{said}"
            );
        }
    }

    #[test]
    fn a_hundred_groups_are_told_in_a_few_sentences() {
        let names: Vec<(String, String)> =
            (0..100).map(|n| (format!("Class {}", word(n)), format!("class {}", word(n)))).collect();
        let labels: Vec<Counted<'_>> =
            names.iter().flat_map(|(a, b)| [(a.as_str(), 9), (b.as_str(), 8)]).collect();

        let said = remarks(&labels, "class aaaa");

        assert_eq!(said.len(), SENTENCES + 1, "{said:#?}");
        assert!(said[0].contains("the target `class aaaa`"), "{said:#?}");
        assert!(said[SENTENCES].contains("97 further groups"), "{said:#?}");
    }

    /// Returns a word of its own for a number, far from those of other numbers.
    fn word(number: u8) -> String {
        let letter = |n: u8| char::from(b'a' + n).to_string().repeat(2);
        letter(number / 10) + &letter(number % 10)
    }
}
