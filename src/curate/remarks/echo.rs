//! Rows that repeat what the prompt told the model to do.

use crate::text::{Shingles, join_words, push_words};

/// The share of a row's word-4-grams from which it counts as an echo.
///
/// Real rows share next to none with an instruction (0.00 for all but a few); a row that begins
/// with a sentence of the prompt and then goes on is at 0.3 and above.
pub(crate) const ECHO: f64 = 0.3;

/// The number of words in a piece (n-gram) that is looked for in the prompt.
const WORDS: usize = 4;

/// The hashed pieces of what a model was told, without the examples that it was shown.
///
/// A row of fewer than four words counts as an echo only if it equals a whole line or sentence of the
/// prompt, such as `Text:`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Instruction(Box<[u64]>);

impl Instruction {
    /// Returns the instruction in rendered messages.
    ///
    /// Pieces that occur in the examples are left out, however the template formats them: a row that
    /// repeats those is a copy, not an echo.
    #[must_use]
    pub fn of<'a>(
        messages: impl IntoIterator<Item = &'a str>,
        examples: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut pieces = sorted_pieces(messages);
        let shown = sorted_pieces(examples);
        pieces.retain(|piece| shown.binary_search(piece).is_err());
        Self(pieces.into_boxed_slice())
    }

    fn has(&self, piece: u64) -> bool {
        self.0.binary_search(&piece).is_ok()
    }
}

/// Returns the pieces of several texts in ascending order, each once.
fn sorted_pieces<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<u64> {
    let (mut words, mut pieces) = (Vec::new(), Vec::new());
    for text in texts {
        words.clear();
        push_pieces(text, &mut words, &mut pieces);
    }
    pieces.sort_unstable();
    pieces.dedup();
    pieces
}

/// Appends the hashes of all word-4-grams, and of sentences and lines with fewer words; `words` is empty before.
fn push_pieces(text: &str, words: &mut Vec<u64>, pieces: &mut Vec<u64>) {
    for part in text.split(['\n', '.', '!', '?', ':', ';']) {
        let start = words.len();
        push_words(part, words);
        if (1..WORDS).contains(&(words.len() - start)) {
            pieces.push(join_words(&words[start..]));
        }
    }
    pieces.extend(words.windows(WORDS).map(join_words));
}

/// Returns the share of a text's word-4-grams that occur in the instruction, from [`ECHO`] to 1; `None` below.
/// `words` are the hashes of its words.
#[must_use]
pub(crate) fn echo(words: &[u64], instruction: &Instruction) -> Option<f64> {
    if words.is_empty() {
        return None;
    }
    let row = Shingles::of_hashed_words(words, WORDS);
    let known = row.hashes().iter().filter(|piece| instruction.has(**piece)).count();
    #[expect(clippy::cast_precision_loss, reason = "no text has 2^53 words")]
    let share = known as f64 / row.len() as f64;
    (share >= ECHO).then_some(share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{hash_words, normalise};

    const SYSTEM: &str =
        "You write short texts that train a text classifier. You never explain what you write.";
    const EXAMPLES: [&str; 2] =
        ["WINNER!! You have won a prize, call 09061701461 now", "Sunshine Quiz! Win a super Sony DVD"];

    fn instruction() -> Instruction {
        let user = format!(
            "Write 5 new texts of the class \"spam\".\n\nReal texts of this class:\n- {}\n- {}\n\
             - One text a row, complete in itself.\n- Invent the details. No numbering.",
            EXAMPLES[0], EXAMPLES[1]
        );
        Instruction::of([SYSTEM, user.as_str()], EXAMPLES)
    }

    fn share(text: &str) -> Option<f64> {
        echo(&hash_words(&normalise(text)), &instruction())
    }

    #[test]
    fn a_row_that_says_the_instruction_again_is_an_echo() {
        for text in [
            "Write 5 new texts of the class spam.",
            "One text a row, complete in itself. Invent the details.",
            "You never explain what you write. Call now to win!",
            "Here are 5 new texts of the class \"spam\":",
        ] {
            assert!(share(text).is_some(), "{text}");
        }
        assert_eq!(share("write 5 NEW texts of the class 'spam'"), Some(1.0));
    }

    #[test]
    fn a_short_row_is_an_echo_only_of_a_whole_line_or_sentence() {
        assert_eq!(share("No numbering"), Some(1.0));
        assert_eq!(share("Real texts"), None);
        assert_eq!(share("spam"), None);
        assert_eq!(share("?!"), None);
        assert_eq!(share(""), None);
    }

    #[test]
    fn a_row_that_says_an_example_again_is_no_echo() {
        assert_eq!(share("WINNER!! You have won a prize, call 09061701461 now"), None);
        assert_eq!(share("Sunshine Quiz! Win a super Sony DVD!!"), None);
    }

    #[test]
    fn an_example_is_known_however_the_template_wrote_it() {
        let messages = ["Texts: [\"He said \\\"call me now please\\\"\"]"];
        let instruction = Instruction::of(messages, ["He said \"call me now please\""]);
        assert_eq!(echo(&hash_words("he said call me now please"), &instruction), None);
    }

    #[test]
    fn ordinary_rows_are_no_echo_though_they_share_a_few_words() {
        for text in [
            "Free entry in 2 a wkly comp to win FA Cup final tkts 21st May 2005.",
            "Train is late again, one text a day is all I ask, please write me when you are home.",
        ] {
            assert_eq!(share(text), None, "{text}");
        }
        assert_eq!(echo(&hash_words("anything at all goes here"), &Instruction::default()), None);
    }
}
