//! Estimates the number of tokens of a text.

/// The usual number of characters in a token of prose.
const CHARACTERS_PER_TOKEN: usize = 4;

/// Estimates how many tokens a model sees in `text`.
///
/// This is an estimate, not a tokenizer: it cuts the text into words, numbers and other characters.
/// A word costs one token for each six letters begun (common words are one token, long ones are
/// split), a number one for each three digits, a run of the same punctuation one for each four, an
/// emoji or a character of a script written without blanks (Chinese, Japanese, Thai …) one each, and
/// a letter of another script that is not Latin half a token. English prose comes out near the usual
/// four characters per token; expect an error of a fifth either way, and more for code.
#[must_use]
pub(crate) fn estimate_tokens(text: &str) -> usize {
    let mut total = 0;
    let mut run = Run { kind: Kind::Blank, length: 0, last: ' ' };
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let kind = Kind::of(character);
        // Most of a text is plain words, which are taken as a whole.
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let length = letters.max(1);
        if run.takes(kind, character) {
            run.length += length;
        } else {
            total += run.tokens();
            run = Run { kind, length, last: character };
        }
        rest = &rest[letters.max(character.len_utf8())..];
    }
    total + run.tokens()
}

/// The class of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Blank,
    Newline,
    Latin,
    OtherLetter,
    Digit,
    Mark,
    Whole,
}

impl Kind {
    fn of(character: char) -> Self {
        match character {
            'a'..='z' | 'A'..='Z' | '\u{c0}'..'\u{250}' => Self::Latin,
            '\n' => Self::Newline,
            '0'..='9' => Self::Digit,
            c if c.is_whitespace() => Self::Blank,
            c if c.is_ascii() => Self::Mark,
            c if ('\u{370}'..'\u{e00}').contains(&c) && c.is_alphabetic() => Self::OtherLetter,
            _ => Self::Whole,
        }
    }
}

/// Consecutive characters that are counted together.
struct Run {
    kind: Kind,
    length: usize,
    last: char,
}

impl Run {
    fn takes(&self, kind: Kind, character: char) -> bool {
        self.kind == kind && (kind != Kind::Mark || self.last == character)
    }

    fn tokens(&self) -> usize {
        match self.kind {
            // A single blank belongs to the word after it; indentation costs about one.
            Kind::Blank => usize::from(self.length > 1),
            Kind::Newline => 1,
            Kind::Latin => self.length.div_ceil(6),
            Kind::OtherLetter => self.length.div_ceil(2),
            Kind::Digit => self.length.div_ceil(3),
            Kind::Mark => self.length.div_ceil(CHARACTERS_PER_TOKEN),
            Kind::Whole => self.length,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_prose_is_near_four_characters_a_token() {
        let text = "Write five text messages that a phone user would call spam. Vary the topic and the tone, \
                    and never repeat one of the real examples that are shown below.";

        let tokens = estimate_tokens(text);

        let expected = text.len() / CHARACTERS_PER_TOKEN;
        assert!(tokens.abs_diff(expected) * 5 <= expected, "{tokens} is not near {expected}");
    }

    #[test]
    fn nothing_costs_nothing_and_a_word_costs_one() {
        assert_eq!(estimate_tokens(""), 0);
        assert_eq!(estimate_tokens("spam"), 1);
        assert_eq!(estimate_tokens("spam spam"), 2);
    }

    #[test]
    fn scripts_without_blanks_count_by_the_character() {
        assert_eq!(estimate_tokens("你好世界"), 4);
        assert_eq!(estimate_tokens("привет"), 3);
    }

    #[test]
    fn a_rule_of_dashes_is_not_counted_by_the_dash() {
        assert_eq!(estimate_tokens("--------"), 2);
    }
}
