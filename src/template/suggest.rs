//! The end of a sentence about an unknown word.

pub(crate) use crate::text::closest;

/// The longest word that may be a slip of another, in bytes.
const LONGEST: usize = 100;

/// Returns "; did you mean `x`?" for the nearest candidate, or a full stop.
pub(crate) fn ending<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let near = if word.len() <= LONGEST { closest(word, candidates) } else { None };
    near.map_or_else(|| ".".into(), |near| format!("; did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_word_is_asked_about_and_a_far_one_is_not() {
        assert_eq!(ending("topik", ["topic"]), "; did you mean `topic`?");
        assert_eq!(ending("weather", ["topic"]), ".");
    }
}
