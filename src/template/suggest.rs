//! "Did you mean …?": the nearest of the words that would be right.

/// Returns the candidate nearest to `word`, if one is near enough to be what was meant.
///
/// Near enough is at most one edit for each three characters, at least one; of equal ones the first.
pub(crate) fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let limit = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= limit && *distance < candidate.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Returns `; did you mean `x`?` for the nearest candidate, or a full stop.
pub(crate) fn ending<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    closest(word, candidates).map_or_else(|| ".".into(), |near| format!("; did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_suggested() {
        assert_eq!(closest("topik", ["tone", "topic", "label"]), Some("topic"));
        assert_eq!(closest("exmaples", ["examples", "label"]), Some("examples"));
        assert_eq!(closest("LABEL", ["label"]), Some("label"));
    }

    #[test]
    fn a_word_far_from_all_gets_no_suggestion() {
        assert_eq!(closest("weather", ["topic", "label"]), None);
        assert_eq!(closest("x", ["n"]), None);
        assert_eq!(ending("weather", ["topic"]), ".");
    }
}
