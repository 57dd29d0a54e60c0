//! Finds the word for a "did you mean …?".

/// Returns the candidate with the smallest edit distance to a word, if it is small enough.
///
/// One edit (insert, delete, replace or swap a character) is allowed for each three characters of
/// the longer of the two, and always one; of equal candidates the first. Case is ignored.
pub(crate) fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.trim().to_lowercase();
    let letters = word.chars().count();
    let limit = |candidate: &str| (letters.max(candidate.chars().count()) / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.trim().to_lowercase()), candidate))
        .filter(|(distance, candidate)| {
            *distance <= limit(candidate) && *distance < candidate.chars().count()
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Returns the nearest candidate, else the first one that begins with the word: people leave out the end of long names.
pub(crate) fn closest_or_begun<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<&'a str> {
    let begun = word.trim().to_lowercase();
    let begins = |candidate: &&str| !begun.is_empty() && candidate.to_lowercase().starts_with(&begun);
    closest(word, candidates.clone()).or_else(|| candidates.into_iter().find(begins))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_suggested() {
        assert_eq!(closest("topik", ["tone", "topic", "label"]), Some("topic"));
        assert_eq!(closest("exmaples", ["examples", "label"]), Some("examples"));
        assert_eq!(closest(" LABEL", ["label"]), Some("label"));
        assert_eq!(closest("rows_per_reqest", ["concurrency", "rows_per_request"]), Some("rows_per_request"));
    }

    #[test]
    fn the_beginning_of_a_long_name_means_it() {
        assert_eq!(closest_or_begun("other", ["prize", "other / misc"]), Some("other / misc"));
        assert_eq!(closest_or_begun("Near", ["duplicate", "near-duplicate"]), Some("near-duplicate"));
        assert_eq!(closest_or_begun(" ", ["prize"]), None);
    }

    #[test]
    fn a_word_far_from_all_gets_no_suggestion() {
        assert_eq!(closest("weather", ["topic", "label"]), None);
        assert_eq!(closest("x", ["n"]), None);
        assert_eq!(closest("x", []), None);
    }
}
