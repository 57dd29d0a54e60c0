//! Cuts a text into words exactly as scikit-learn does by default: `\b\w\w+\b` of the lower-cased text.

use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};

/// Hands each word of a lower-cased text on, in order: each run of two or more word characters.
pub(super) fn each_word<'t>(lower: &'t str, mut take: impl FnMut(&'t str)) {
    let mut start = 0;
    let mut length = 0_usize;
    for (at, c) in lower.char_indices() {
        if is_word(c) {
            if length == 0 {
                start = at;
            }
            length += 1;
        } else {
            if length > 1 {
                take(&lower[start..at]);
            }
            length = 0;
        }
    }
    if length > 1 {
        take(&lower[start..]);
    }
}

/// Returns whether `\w` of Python matches a character: a letter, a number or the underscore.
///
/// Marks do not count, other than in most engines of regular expressions, so `cafe` with a separate accent ends a word.
fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    GeneralCategoryGroup::Letter.union(GeneralCategoryGroup::Number).contains(category)
}

/// Puts a text in lower case into a buffer, as Python's `str.lower` does.
pub(super) fn lower_into(text: &str, lower: &mut String) {
    lower.clear();
    if text.is_ascii() {
        lower.push_str(text);
        lower.make_ascii_lowercase();
    } else {
        // The whole text at once: a final sigma depends on its neighbours.
        lower.push_str(&text.to_lowercase());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut lower = String::new();
        lower_into(text, &mut lower);
        let mut found = vec![];
        each_word(&lower, |word| found.push(word.to_owned()));
        found
    }

    #[test]
    fn words_have_two_characters_or_more() {
        assert_eq!(words("I'm at THE _x 5 o'clock, 10p."), ["at", "the", "_x", "clock", "10p"]);
        assert!(words("").is_empty() && words("a b ?").is_empty());
    }

    /// What `re.findall(r"(?u)\b\w\w+\b", text.lower())` of Python 3.11 finds.
    #[test]
    fn other_scripts_are_cut_as_python_cuts_them() {
        assert_eq!(words("ΟΔΟΣ ΣΑΣ"), ["οδος", "σας"]);
        assert_eq!(words("CAFE\u{301} olé"), ["cafe", "olé"]);
        assert_eq!(words("नमस्ते दुनिया"), ["नमस"], "vowel signs are marks");
        assert_eq!(words("ⒶⒷⒸ x² ½½ ⅣⅣ"), ["x²", "½½", "ⅳⅳ"], "circled letters are symbols");
        assert_eq!(words("İstanbul"), ["stanbul"], "the lower case of İ has a dot of its own");
    }
}
