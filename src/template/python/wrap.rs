//! The filter `wordwrap`, which breaks lines as Python's `textwrap` does.

use minijinja::value::Value;
use minijinja::{Error, State};

use super::arguments::Arguments;
use super::text_methods::lines;
use super::{afford, refuse, text_only};

/// Wraps each line of a text.
pub(super) fn wordwrap(state: &mut State, value: &Value, arguments: &Arguments) -> Result<Value, Error> {
    let text = text_only(value)?;
    // Each word becomes a text of its own.
    state.consume_fuel(text.len() as u64 / 8)?;
    let width = arguments.length("width", 79)?;
    if width == 0 {
        return Err(refuse("The width must be at least 1."));
    }
    let end = if arguments.some("wrapstring").is_some() { arguments.text("wrapstring", "\n")? } else { "\n" };
    let rules = Rules {
        width,
        breaks_words: arguments.flag("break_long_words", true),
        breaks_hyphens: arguments.flag("break_on_hyphens", true),
    };
    // At worst, each character stands on a line of its own.
    let lines: Vec<String> =
        lines(&text, false).into_iter().map(|line| rules.wrapped(line).join(end)).collect();
    afford(state, lines.iter().map(|line| line.len() + end.len()).sum())?;
    Ok(lines.join(end).into())
}

/// Returns whether a chunk is a run of blanks: its first character tells.
fn is_blank(chunk: &str) -> bool {
    chunk.starts_with(char::is_whitespace)
}

struct Rules {
    width: usize,
    breaks_words: bool,
    breaks_hyphens: bool,
}

impl Rules {
    /// Returns the lines of one paragraph.
    fn wrapped(&self, paragraph: &str) -> Vec<String> {
        let mut chunks = self.chunks(paragraph);
        chunks.reverse();
        // A chunk may be as long as the text: it is measured no further than a line goes.
        let measured = |chunk: &str| chunk.chars().take(self.width.saturating_add(1)).count();
        let mut wrapped: Vec<String> = Vec::new();
        while let Some(first) = chunks.last() {
            if !wrapped.is_empty() && is_blank(first) {
                chunks.pop();
            }
            let (mut line, mut length): (Vec<&str>, usize) = (Vec::new(), 0);
            while let Some(chunk) = chunks.last() {
                let size = measured(chunk);
                if length + size > self.width {
                    break;
                }
                length += size;
                line.extend(chunks.pop());
            }
            if let Some(chunk) = chunks.pop_if(|chunk| measured(chunk) > self.width) {
                self.broken(chunk, length, &mut line, &mut chunks);
            }
            if line.last().is_some_and(|last| is_blank(last)) {
                line.pop();
            }
            if !line.is_empty() {
                wrapped.push(line.concat());
            }
        }
        wrapped
    }

    /// Places a chunk that is longer than a line.
    fn broken<'a>(&self, chunk: &'a str, used: usize, line: &mut Vec<&'a str>, chunks: &mut Vec<&'a str>) {
        if self.breaks_words {
            let space = (self.width - used.min(self.width)).max(usize::from(line.is_empty()));
            let mut at = chunk.char_indices().nth(space).map_or(chunk.len(), |(at, _)| at);
            if self.breaks_hyphens && at < chunk.len() {
                let hyphen = chunk[..at].rfind('-').filter(|at| *at > 0);
                if let Some(hyphen) = hyphen.filter(|at| chunk[..*at].chars().any(|c| c != '-')) {
                    at = hyphen + 1;
                }
            }
            line.push(&chunk[..at]);
            chunks.push(&chunk[at..]);
        } else if line.is_empty() {
            line.push(chunk);
        } else {
            chunks.push(chunk);
        }
    }

    /// Cuts a paragraph into words, parts of words that end with a hyphen, and blanks.
    fn chunks<'a>(&self, paragraph: &'a str) -> Vec<&'a str> {
        let mut chunks = Vec::new();
        let characters: Vec<char> = paragraph.chars().collect();
        let (mut start, mut end) = (0, 0);
        for at in 1..=characters.len() {
            let before = characters[at - 1];
            end += before.len_utf8();
            let is_end = characters.get(at).is_none_or(|next| {
                let letters = |c: Option<&char>| c.is_some_and(|c| c.is_alphabetic());
                next.is_whitespace() != before.is_whitespace()
                    || self.breaks_hyphens
                        && before == '-'
                        && at >= 3
                        && letters(characters.get(at - 2))
                        && letters(characters.get(at - 3))
                        && letters(Some(next))
                        && letters(characters.get(at + 1))
            });
            if is_end {
                chunks.push(&paragraph[start..end]);
                start = end;
            }
        }
        chunks
    }
}
