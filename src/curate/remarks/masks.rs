//! Masks that a dataset has in place of names and numbers.
//!
//! ```text
//! {{Order Number}}  [NAME]  <URL>  {name}   as placeholders are found
//! __EMAIL__  @user  %PHONE%  XXXX           only as masks: a row may have them by chance
//! ```

use std::collections::HashMap;

use super::placeholder::blanks;

/// The number of rows that must have a mask.
const ROWS: usize = 3;
/// Of how many rows one must have a mask that may stand in a text by chance.
const ONE_IN: usize = 20;

/// Returns the masks of texts, the most frequent first, each as it is written most often.
///
/// Tags of templates (`{% … %}`), and masks with characters that a template would read, are left out.
#[must_use]
pub(crate) fn masks<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut rows: HashMap<&str, (usize, bool)> = HashMap::new();
    let mut all = 0;
    for text in texts {
        all += 1;
        let sure = blanks(text).filter(|blank| is_plain(blank)).map(|blank| (blank, true));
        let words = text.split_whitespace().map(core).filter(|word| is_mask(word)).map(|word| (word, false));
        let mut found: Vec<(&str, bool)> = sure.chain(words).collect();
        let has_double = |mask: &str| text.contains(&format!("{{{mask}}}"));
        found.retain(|(mask, _)| mask.starts_with("{{") || !mask.starts_with('{') || !has_double(mask));
        found.sort_unstable();
        found.dedup_by_key(|(mask, _)| *mask);
        for (mask, is_sure) in found {
            rows.entry(mask).or_insert((0, is_sure)).0 += 1;
        }
    }
    let is_common = |rows: usize, is_sure| rows >= ROWS && (is_sure || rows * ONE_IN >= all);
    let mut masks: Vec<(&str, usize)> = rows
        .into_iter()
        .filter(|(_, (rows, is_sure))| is_common(*rows, *is_sure))
        .map(|(mask, (rows, _))| (mask, rows))
        .collect();
    masks.sort_unstable_by(|(one, more), (other, less)| less.cmp(more).then(one.cmp(other)));
    let mut written: Vec<String> = Vec::new();
    for (mask, _) in masks {
        if !written.iter().any(|other| other.to_lowercase() == mask.to_lowercase()) {
            written.push(mask.to_owned());
        }
    }
    written
}

/// Returns a word without the punctuation around it.
fn core(word: &str) -> &str {
    word.trim_matches(|c: char| ".,;:!?()\"'’…".contains(c))
}

/// Returns whether a word is a mask: `__EMAIL__`, `%PHONE%`, `@user` or a row of capital X.
fn is_mask(word: &str) -> bool {
    let is_name = |inner: &str| {
        inner.len() >= 2 && inner.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    };
    let between = |sign: &str| word.strip_prefix(sign).and_then(|rest| rest.strip_suffix(sign));
    between("__").is_some_and(is_name)
        || between("%").is_some_and(is_name)
        || ["@user", "@username", "@mention", "@usuario"].contains(&word.to_lowercase().as_str())
        || (word.len() >= 3 && word.bytes().all(|byte| byte == b'X'))
}

/// Returns whether a placeholder can stand in a template between `{% raw %}` and `{% endraw %}`.
fn is_plain(blank: &str) -> bool {
    !blank.starts_with("{%") && blank.chars().all(|c| c.is_alphanumeric() || " _-'’/#.,[]{}<>".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&str]) -> Vec<String> {
        masks(texts.iter().copied())
    }

    #[test]
    fn masks_of_every_kind_are_found_with_the_most_frequent_first() {
        for mask in ["{{Order Number}}", "[NAME]", "<URL>", "__EMAIL__", "@user", "%PHONE%", "XXXX", "{name}"]
        {
            let texts = [format!("ask {mask} now"), format!("{mask}, please"), format!("it is {mask}.")];
            let mut texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            texts.push("an ordinary one");
            assert_eq!(of(&texts), [mask]);
            assert_eq!(of(&texts[..2]), Vec::<String>::new(), "{mask}");
        }
        let two = ["[NAME] at [URL]", "[NAME] at [URL]", "[name] at [URL]", "[NAME]", "[name] [NAME]"];
        assert_eq!(of(&two), ["[NAME]", "[URL]"]);
    }

    #[test]
    fn words_that_a_few_of_many_rows_have_are_no_masks() {
        let mut texts = vec!["an ordinary message"; 100];
        texts.extend(["Send XXX to 88600"; 4]);
        assert_eq!(of(&texts), Vec::<String>::new());
        assert_eq!(of(&["see __init__ there"; 5]), Vec::<String>::new());
        assert_eq!(of(&["50% off, 20% more", "5% 6%", "100%"]), Vec::<String>::new());
    }

    #[test]
    fn what_a_template_would_read_is_left_out() {
        assert_eq!(of(&["{% endraw %} a"; 5]), Vec::<String>::new());
        assert_eq!(of(&["{{ a\\ \"b }} a"; 5]), Vec::<String>::new());
    }
}
