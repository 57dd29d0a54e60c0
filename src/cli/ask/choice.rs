//! What an answer means among the names that can be chosen.

use crate::text::closest;

/// Why an answer names nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unclear {
    /// No name is like it; one may be near.
    Unknown(Option<usize>),
    /// Several names differ from it only in case or blanks.
    Several(Vec<usize>),
    /// It is a number beyond those that are shown.
    Beyond,
}

/// Returns whether names are chosen by number too: not where one of them could be taken for a number.
pub(super) fn has_numbers(names: &[&str]) -> bool {
    !names.iter().any(|name| name.trim().parse::<f64>().is_ok())
}

/// Returns which name an answer means: by the name as it stands, by its number from 1 to `numbers`, or by the name in
/// other case where only one is so.
pub(super) fn chosen(typed: &str, names: &[&str], numbers: usize) -> Result<usize, Unclear> {
    let exact = |word: &str| names.iter().position(|name| *name == word);
    if let Some(place) = exact(typed).or_else(|| exact(typed.trim())) {
        return Ok(place);
    }
    if let (Ok(number), true) = (typed.trim().parse::<usize>(), numbers > 0) {
        return if (1..=numbers).contains(&number) { Ok(number - 1) } else { Err(Unclear::Beyond) };
    }
    let plain = |word: &str| word.trim().to_lowercase();
    let wanted = plain(typed);
    let alike: Vec<usize> = (0..names.len()).filter(|place| plain(names[*place]) == wanted).collect();
    match alike[..] {
        [place] => Ok(place),
        [] => {
            let near = closest(typed, names.iter().copied());
            Err(Unclear::Unknown(near.and_then(exact)))
        }
        _ => Err(Unclear::Several(alike)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 5] = ["Refund", "refund ", "cancel", "Éire", "q"];

    #[test]
    fn a_name_a_number_or_another_case_chooses() {
        for (typed, place) in
            [("cancel", 2), (" CANCEL ", 2), ("refund ", 1), ("Refund", 0), ("3", 2), (" 1", 0), ("éire", 3)]
        {
            assert_eq!(chosen(typed, &NAMES, 5), Ok(place), "{typed}");
        }
    }

    #[test]
    fn what_names_nothing_or_several_is_told() {
        assert_eq!(chosen("refund", &NAMES, 5), Err(Unclear::Several(vec![0, 1])));
        assert_eq!(chosen("cancle", &NAMES, 5), Err(Unclear::Unknown(Some(2))));
        assert_eq!(chosen("something", &NAMES, 5), Err(Unclear::Unknown(None)));
        assert_eq!(chosen("6", &NAMES, 5), Err(Unclear::Beyond));
        assert_eq!(chosen("0", &NAMES, 5), Err(Unclear::Beyond));
        assert_eq!(chosen("-1", &NAMES, 5), Err(Unclear::Unknown(None)));
    }

    #[test]
    fn names_that_are_numbers_have_none_beside_them() {
        assert!(has_numbers(&NAMES));
        assert!(!has_numbers(&["0", "1"]) && !has_numbers(&["a", " 1.5 "]));
        assert_eq!(chosen("1", &["1", "0"], 0), Ok(0));
        assert_eq!(chosen("2", &["1", "0"], 0), Err(Unclear::Unknown(None)));
    }
}
