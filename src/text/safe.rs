//! Text from outside, made safe for a screen or a terminal.
//!
//! A dataset, a reply or a file name may hold escape sequences, or characters that change
//! the reading direction or are invisible. They are replaced by visible signs, never passed
//! on and never dropped, so that a person sees them. Only what is shown changes; stores and
//! exports keep the original text.
//!
//! ```text
//! ESC [ 3 1 m   ->  ␛[31m        U+009B  ->  ⟨U+009B⟩        U+202E  ->  ⟨U+202E⟩
//! new line      ->  ⏎            tab     ->  four blanks
//! ```
//!
//! Combining marks stay, and so do joiners and emoji selectors where they have an effect:
//! between two emoji, or within a script that needs them.

use std::borrow::Cow;
use std::fmt;

/// A text without control characters, invisible characters and changes of direction.
///
/// It has no new line either.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct SafeText<'a>(Cow<'a, str>);

/// The replacement of a tab.
const TAB: &str = "    ";

impl<'a> SafeText<'a> {
    /// Makes a text safe as one line; a new line is shown as `⏎`, a tab as four blanks.
    ///
    /// A text that is safe already is borrowed.
    #[must_use]
    pub(crate) fn new(text: &'a str) -> Self {
        if is_clean(text) {
            return Self(Cow::Borrowed(text));
        }
        let mut shown = String::with_capacity(text.len() + 16);
        let mut before = None;
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '\r' if rest.peek() == Some(&'\n') => {}
                '\n' => shown.push('⏎'),
                '\t' => shown.push_str(TAB),
                _ if passes(before, c, rest.peek().copied()) => shown.push(c),
                _ => push_sign(&mut shown, c),
            }
            before = Some(c);
        }
        Self(Cow::Owned(shown))
    }

    /// Makes a text safe as one line for a narrow place, such as a cell of a table.
    ///
    /// Works as [`Self::new`], but trims both ends, and turns each run of blanks, tabs and new
    /// lines into one blank, or ` ⏎ ` where it has a new line.
    #[must_use]
    pub(crate) fn one_line(text: &'a str) -> Self {
        let text = text.trim_matches(is_blank);
        if !has_run_of_blanks(text) {
            return Self::new(text);
        }
        let mut squeezed = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(is_blank) {
            squeezed.push_str(&rest[..start]);
            let after = rest[start..].trim_start_matches(is_blank);
            let run = &rest[start..rest.len() - after.len()];
            squeezed.push_str(if run.contains('\n') { " ⏎ " } else { " " });
            rest = after;
        }
        squeezed.push_str(rest);
        Self(Cow::Owned(SafeText::new(&squeezed).0.into_owned()))
    }

    /// Makes a name safe on one line, with the blanks at its ends as `␣`: `refund ` is not `refund`.
    pub(crate) fn name(name: &str) -> SafeText<'static> {
        let inner = name.trim_matches(is_blank);
        let before = name.find(inner).unwrap_or(0);
        let blanks = |part: &str| "␣".repeat(part.chars().count());
        let (before, after) = (blanks(&name[..before]), blanks(&name[before + inner.len()..]));
        SafeText(Cow::Owned(format!("{before}{}{after}", SafeText::one_line(inner).as_str())))
    }

    /// Makes each line of a text safe.
    ///
    /// Lines end with a new line, or with a carriage return and one. The empty text has
    /// one empty line; a new line at the end starts no further one.
    pub(crate) fn lines(text: &'a str) -> impl Iterator<Item = Self> {
        let text = text.strip_suffix('\n').unwrap_or(text);
        text.split('\n').map(|line| Self::new(line.strip_suffix('\r').unwrap_or(line)))
    }

    /// Returns the text as it may be shown.
    #[must_use]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the text as it may be shown, without a copy where it was safe already.
    #[must_use]
    pub(crate) fn into_inner(self) -> Cow<'a, str> {
        self.0
    }
}

impl fmt::Display for SafeText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for SafeText<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Returns whether a text may be shown as it is, on one line.
#[must_use]
pub(crate) fn is_clean(text: &str) -> bool {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return true;
    }
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if !passes(before, c, rest.peek().copied()) {
            return false;
        }
        before = Some(c);
    }
    true
}

/// Returns whether a character may be shown between its neighbours.
fn passes(before: Option<char>, c: char, after: Option<char>) -> bool {
    match c {
        ' '..='~' => true,
        _ if c.is_control() => false,
        // A joiner has an effect only in scripts that join letters, and between emoji.
        '\u{200c}' | '\u{200d}' => before.is_some_and(may_join) && after.is_some_and(may_join),
        // Text or emoji form of a sign; the digits, # and * are signs here.
        '\u{fe0e}' | '\u{fe0f}' => before.is_some_and(|c| !c.is_alphabetic() && c > ' ' && !is_invisible(c)),
        _ => !is_invisible(c),
    }
}

/// Returns whether a joiner beside this character has an effect.
fn may_join(c: char) -> bool {
    c == '\u{fe0f}' || (c >= '\u{600}' && !c.is_whitespace() && !is_invisible(c))
}

/// Returns whether a character is invisible by itself, or changes how others are shown.
///
/// These are the default-ignorable code points of Unicode, the line and paragraph
/// separators, and the marks around annotations.
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Appends the visible sign for an unsafe character.
fn push_sign(shown: &mut String, c: char) {
    let picture = match u32::from(c) {
        code @ 0..0x20 => char::from_u32(0x2400 + code),
        0x7f => Some('\u{2421}'),
        _ => None,
    };
    match picture {
        Some(picture) => shown.push(picture),
        None => shown.extend(["⟨U+", &format!("{:04X}", u32::from(c)), "⟩"]),
    }
}

const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

fn has_run_of_blanks(text: &str) -> bool {
    let mut before = b'x';
    text.bytes().any(|byte| {
        let squeezes = matches!(byte, b'\t' | b'\n' | b'\r') || (byte == b' ' && before == b' ');
        before = byte;
        squeezes
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        SafeText::new(text).to_string()
    }

    #[test]
    fn blanks_at_the_ends_of_a_name_are_seen() {
        for (name, shown) in
            [("refund", "refund"), ("refund ", "refund␣"), (" a  b\t", "␣a b␣"), ("  ", "␣␣"), ("", "")]
        {
            assert_eq!(SafeText::name(name).as_str(), shown, "{name:?}");
        }
    }

    #[test]
    fn escape_sequences_are_shown_and_not_obeyed() {
        assert_eq!(shown("\u{1b}[31mred\u{7}"), "␛[31mred␇");
        assert_eq!(shown("\u{9b}2J\u{7f}\0"), "⟨U+009B⟩2J␡␀");
        assert_eq!(shown("\u{1b}]0;title\u{1b}\\"), "␛]0;title␛\\");
    }

    #[test]
    fn new_lines_and_tabs_are_visible_on_one_line() {
        assert_eq!(shown("a\nb\r\nc\rd\te"), "a⏎b⏎c␍d    e");
        assert_eq!(SafeText::one_line("  a \t b\r\n\n  c  d\n").as_str(), "a b ⏎ c d");
        assert_eq!(SafeText::one_line(" \n ").as_str(), "");
    }

    #[test]
    fn lines_are_safe_each_for_itself() {
        let lines = |text| SafeText::lines(text).map(|line| line.to_string()).collect::<Vec<_>>();

        assert_eq!(lines("a\r\nb\u{1b}\n\nc\n"), ["a", "b␛", "", "c"]);
        assert_eq!(lines(""), [""]);
    }

    #[test]
    fn what_turns_the_direction_or_hides_is_shown() {
        assert_eq!(shown("user\u{202e}gpj.exe"), "user⟨U+202E⟩gpj.exe");
        assert_eq!(shown("a\u{2066}b\u{2069}c"), "a⟨U+2066⟩b⟨U+2069⟩c");
        assert_eq!(shown("pay\u{200b}pal\u{feff}"), "pay⟨U+200B⟩pal⟨U+FEFF⟩");
        assert_eq!(shown("a\u{200d}b \u{200d}"), "a⟨U+200D⟩b ⟨U+200D⟩");
        assert_eq!(shown("a\u{e0041}\u{fe0f}"), "a⟨U+E0041⟩⟨U+FE0F⟩");
    }

    #[test]
    fn ordinary_text_of_any_script_is_borrowed_as_it_is() {
        let family = "👩\u{200d}👩\u{200d}👧 ❤\u{fe0f}\u{200d}🔥 👍🏽 1\u{fe0f}\u{20e3} 🇫🇷";
        for text in [
            "",
            "plain ~ text",
            "e\u{301}té £5 “quoted”…",
            "日本語、 한국어",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            family,
        ] {
            assert!(
                matches!(SafeText::new(text).into_inner(), Cow::Borrowed(same) if same == text),
                "{text:?}"
            );
            assert!(matches!(SafeText::one_line(text).into_inner(), Cow::Borrowed(_)), "{text:?}");
        }
    }

    #[test]
    fn a_safe_text_pads_like_a_string() {
        assert_eq!(format!("{:<4}|", SafeText::new("ab")), "ab  |");
    }

    fn is_harmless(c: char) -> bool {
        !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}')
    }

    fn nasty() -> impl Strategy<Value = String> {
        let characters = prop_oneof![
            any::<char>(),
            proptest::char::range('\0', '\u{a0}'),
            proptest::char::range('\u{2000}', '\u{2070}'),
            proptest::char::range('\u{fe00}', '\u{fe0f}'),
        ];
        proptest::collection::vec(characters, 0..40).prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn nothing_dangerous_ever_comes_through(text in nasty()) {
            let lines = SafeText::lines(&text).map(|line| line.to_string()).collect::<String>();
            for safe in [shown(&text), SafeText::one_line(&text).to_string(), lines] {
                prop_assert!(safe.chars().all(is_harmless), "{:?}", safe);
            }
        }

        #[test]
        fn what_is_safe_once_stays_as_it_is(text in nasty()) {
            let once = shown(&text);

            prop_assert_eq!(shown(&once), once);
        }

        #[test]
        fn clean_text_is_unchanged(text in "[ -~£é日本]{0,40}") {
            prop_assert_eq!(shown(&text), text);
        }
    }
}
