//! Flags for typical mistakes of models, found in the text of a row alone.
//!
//! A flag never keeps a row out: it carries a figure, and a person decides. Each detector is tuned to flag
//! fewer than one in a hundred real rows of the SMS collection; the last test measures it. Comparisons with
//! other rows (duplicates, copies, the test set) are made elsewhere.
//!
//! ```text
//! refusal         the points of its signs that it declines to write    from 5
//! echoes-prompt   the share of its word-4-grams that the prompt has    from 0.30
//! repeats-itself  the share of its word-4-grams that came before       from 0.20
//! placeholder     [name]  {topic}  {{ label }}  <insert link>  ____    the first one
//! ```

mod echo;
mod masks;
mod placeholder;
mod refusal;
mod repeats;

pub(crate) use echo::{Instruction, echo};
pub(crate) use masks::masks;
pub(crate) use placeholder::{Masks, placeholder};
pub(crate) use refusal::{may_be_refusal, refusal};
pub(crate) use repeats::repeats;

use crate::domain::{Flag, FlagKind};
use crate::text::{hash_words, normalise};

/// Returns the flags of a row's text, in the order in which flags are shown.
///
/// `instruction` is what the model was told, if known; `masks` are placeholders that real rows have too and
/// that are not flagged.
#[must_use]
pub(crate) fn remarks(text: &str, instruction: Option<&Instruction>, masks: &Masks) -> Vec<Flag> {
    let words = hash_words(&normalise(text));
    let flag = |kind, other: Option<&str>, figure| Flag { kind, other: other.map(str::to_owned), figure };
    let refusal = refusal(text).then(|| flag(FlagKind::Refusal, None, None));
    let echo = instruction.and_then(|instruction| echo(&words, instruction));
    let echo = echo.map(|share| flag(FlagKind::EchoesPrompt, None, Some(share)));
    let repeats = repeats(text, &words).map(|share| flag(FlagKind::RepeatsItself, None, Some(share)));
    let placeholder = placeholder(text, masks).map(|found| flag(FlagKind::Placeholder, Some(found), None));
    [refusal, echo, repeats, placeholder].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str, instruction: Option<&Instruction>) -> Vec<FlagKind> {
        remarks(text, instruction, &Masks::default()).iter().map(|flag| flag.kind).collect()
    }

    #[test]
    fn a_good_row_gets_no_remark() {
        let text = "Free entry in 2 a wkly comp to win FA Cup final tkts 21st May 2005.";
        assert_eq!(kinds(text, Some(&Instruction::default())), []);
        assert_eq!(kinds("", None), []);
    }

    #[test]
    fn all_that_is_wrong_with_a_row_is_said_in_the_order_of_the_flags() {
        let told = "Write a short message to [Name] and ask for a call.";
        let instruction = Instruction::of([told], []);
        let text = format!("I can't assist with that. {told} {told} {told}");
        let text = text.as_str();

        let found = kinds(text, Some(&instruction));

        let mut shown = FlagKind::ALL.into_iter().filter(|kind| found.contains(kind));
        assert!(shown.by_ref().eq(found.iter().copied()), "{found:?}");
        assert_eq!(found.len(), 4, "{found:?}");
        assert_eq!(kinds(text, None).len(), 3);
    }

    #[test]
    fn a_blank_is_named_and_a_share_has_its_figure() {
        let flags = remarks("To {topic}: win win win win win win", None, &Masks::default());
        let [repeats, blank] = flags.as_slice() else { panic!("{flags:?}") };
        assert_eq!(repeats.figure, Some(2.0 / 5.0));
        assert_eq!(blank.other.as_deref(), Some("{topic}"));
    }
}
