//! Blanks without end, in which constrained output gets stuck until its limit.

/// The most blanks in a row that a reply may have.
const MOST: usize = 512;

/// Counts blanks in a row over the parts of a reply: bare ones, and those that are escaped in a string.
#[derive(Debug, Default)]
pub(crate) struct Blanks {
    count: usize,
    escape: Escape,
    /// Where the escape under way begins in the current part.
    start: usize,
}

/// What of an escape has come.
#[derive(Debug, Default, Clone, Copy)]
enum Escape {
    #[default]
    None,
    Backslash,
    /// Digits of `\u0020`, and their value.
    Digits(u8, u32),
}

impl Blanks {
    /// Reads the next part of a reply; returns the offset of the blank that is one too many.
    pub(crate) fn find_excess(&mut self, text: &str) -> Option<usize> {
        self.start = 0;
        for (at, c) in text.char_indices() {
            if matches!(self.escape, Escape::None) {
                // Most of a text is letters.
                if c.is_ascii_graphic() && c != '\\' {
                    self.count = 0;
                    continue;
                }
                self.start = at;
            }
            if self.is_blank(c) {
                self.count += 1;
                if self.count > MOST {
                    return Some(self.start);
                }
            }
        }
        None
    }

    /// Returns whether a character completes a blank; any other that is no part of one begins a new count.
    fn is_blank(&mut self, c: char) -> bool {
        let escape = std::mem::take(&mut self.escape);
        let blank = match (escape, c) {
            (Escape::None, '\\') => {
                self.escape = Escape::Backslash;
                return false;
            }
            (Escape::Backslash, 'u') => {
                self.escape = Escape::Digits(0, 0);
                return false;
            }
            (Escape::None, c) => is_blank(c),
            (Escape::Backslash, c) => matches!(c, 'n' | 't' | 'r' | 'f' | 'b'),
            (Escape::Digits(count, value), c) => match c.to_digit(16) {
                Some(digit) if count < 3 => {
                    self.escape = Escape::Digits(count + 1, value * 16 + digit);
                    return false;
                }
                Some(digit) => char::from_u32(value * 16 + digit).is_some_and(is_blank),
                None => false,
            },
        };
        if !blank {
            self.count = 0;
        }
        blank
    }
}

/// Returns whether nothing is seen of a character.
const fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{ad}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        )
}

/// Returns a text without the blanks at its beginning, also escaped ones.
pub(crate) fn without_first(text: &str) -> &str {
    let mut blanks = Blanks::default();
    for (at, c) in text.char_indices() {
        if matches!(blanks.escape, Escape::None) {
            blanks.start = at;
        }
        if !blanks.is_blank(c) && matches!(blanks.escape, Escape::None) {
            return &text[blanks.start..];
        }
    }
    ""
}

/// Returns a text without the blanks at its end, also escaped ones, and an escape that is cut off.
pub(crate) fn without_last(text: &[u8]) -> &[u8] {
    const ESCAPES: [&[u8]; 5] = [b"\\n", b"\\t", b"\\r", b"\\f", b"\\b"];
    let cut = text[text.len().saturating_sub(5)..].iter().rposition(|byte| *byte == b'\\');
    let cut = cut.map(|at| text.len().saturating_sub(5) + at).filter(|at| {
        text[at + 1..].strip_prefix(b"u").map_or(at + 1 == text.len(), |digits| {
            digits.iter().all(u8::is_ascii_hexdigit) && digits.len() < 4
        })
    });
    let mut rest = &text[..cut.unwrap_or(text.len())];
    loop {
        let before = rest.len();
        let from = (rest.len().saturating_sub(4)..rest.len()).find(|at| rest[*at] & 0xc0 != 0x80);
        let last = from.and_then(|from| str::from_utf8(&rest[from..]).ok()?.chars().next_back());
        if let Some(last) = last.filter(|last| is_blank(*last)) {
            rest = &rest[..rest.len() - last.len_utf8()];
        }
        rest = ESCAPES.iter().find_map(|escape| rest.strip_suffix(*escape)).unwrap_or(rest);
        if let Some((start, digits)) = rest.len().checked_sub(6).map(|at| rest.split_at(at)) {
            let digits = digits.strip_prefix(b"\\u").and_then(|digits| str::from_utf8(digits).ok());
            let value = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
            if value.and_then(char::from_u32).is_some_and(is_blank) {
                rest = start;
            }
        }
        if rest.len() == before {
            return rest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excess(parts: &[&str]) -> Option<usize> {
        let mut blanks = Blanks::default();
        parts.iter().find_map(|part| blanks.find_excess(part))
    }

    #[test]
    fn more_blanks_than_any_text_has_are_found_in_every_spelling() {
        for blank in [
            " ", "\n", "\t", "\u{a0}", "\u{3000}", "\u{3164}", "\u{2800}", "\u{ad}", "\u{200d}", "\\n",
            "\\t", "\\u0020", "\\u00A0", "\\u200b", " \\n",
        ] {
            let text = format!("[{{\"text\":\"a{}", blank.repeat(600));
            assert!(excess(&[&text]).is_some(), "{blank:?}");
            assert!(excess(&[&format!("a{}", blank.repeat(200))]).is_none(), "{blank:?}");
            let parts: Vec<String> = text.chars().map(String::from).collect();
            assert!(excess(&parts.iter().map(String::as_str).collect::<Vec<_>>()).is_some(), "{blank:?}");
            assert_eq!(without_last(text.as_bytes()), b"[{\"text\":\"a", "{blank:?}");
        }
    }

    #[test]
    fn text_between_blanks_and_escapes_of_letters_begin_a_new_count() {
        for text in ["a ".repeat(2_000), "\\\\n".repeat(2_000), "\\u0061".repeat(600), " ".repeat(512)] {
            assert_eq!(excess(&[&text]), None, "{text:.20}");
        }
        assert_eq!(excess(&[&" ".repeat(513)]), Some(512));
        assert_eq!(excess(&[&"\\u0020".repeat(513)]), Some(512 * 6));
        assert_eq!(without_first(" \\n\\u0020\\\\n"), "\\\\n");
        assert_eq!((without_first(" \\n"), without_first("a ")), ("", "a "));
        assert_eq!(without_last(b"a \\n\\u00"), b"a");
        assert_eq!(without_last(b"a b"), b"a b");
    }
}
