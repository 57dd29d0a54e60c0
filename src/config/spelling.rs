//! What a person may have meant by a word that is not known.

/// Returns the option that is nearly the word: at most a third of its letters differ.
pub(super) fn closest<'a>(word: &str, options: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase();
    let measured = options.iter().map(|option| (strsim::damerau_levenshtein(&word, option), *option));
    let (distance, option) = measured.min_by_key(|(distance, _)| *distance)?;
    let letters = word.chars().count().max(option.chars().count());
    (distance * 3 <= letters).then_some(option)
}

/// Returns words for a sentence: `` `a`, `b` and `c` ``.
pub(super) fn listed(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.as_slice() {
        [] => "none".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let keys = ["rows_per_request", "concurrency", "temperature"];
        assert_eq!(closest("rows_per_reqest", &keys), Some("rows_per_request"));
        assert_eq!(closest("Temprature", &keys), Some("temperature"));
        assert_eq!(closest("max_tokens", &keys), None);
        assert_eq!(closest("x", &[]), None);
    }

    #[test]
    fn lists_read_as_a_sentence() {
        assert_eq!(listed(&[]), "none");
        assert_eq!(listed(&["a"]), "`a`");
        assert_eq!(listed(&["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
