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
        let mut wrapped: Vec<String> = Vec::new();
        while let Some(first) = chunks.last() {
            if first.trim().is_empty() && !wrapped.is_empty() {
                chunks.pop();
            }
            let (mut line, mut length): (Vec<String>, usize) = (Vec::new(), 0);
            while let Some(chunk) = chunks.last() {
                let size = chunk.chars().count();
                if length + size > self.width {
                    break;
                }
                length += size;
                line.extend(chunks.pop());
            }
            if let Some(chunk) = chunks.pop_if(|chunk| chunk.chars().count() > self.width) {
                self.broken(&chunk, length, &mut line, &mut chunks);
            }
            if line.last().is_some_and(|last| last.trim().is_empty()) {
                line.pop();
            }
            if !line.is_empty() {
                wrapped.push(line.concat());
            }
        }
        wrapped
    }

    /// Places a chunk that is longer than a line.
    fn broken(&self, chunk: &str, used: usize, line: &mut Vec<String>, chunks: &mut Vec<String>) {
        if self.breaks_words {
            let space = (self.width - used.min(self.width)).max(usize::from(line.is_empty()));
            let characters: Vec<char> = chunk.chars().collect();
            let mut at = space;
            if self.breaks_hyphens && characters.len() > space {
                let hyphen = characters[..space].iter().rposition(|c| *c == '-').filter(|at| *at > 0);
                if let Some(hyphen) = hyphen.filter(|at| characters[..*at].iter().any(|c| *c != '-')) {
                    at = hyphen + 1;
                }
            }
            line.push(characters[..at].iter().collect());
            chunks.push(characters[at..].iter().collect());
        } else if line.is_empty() {
            line.push(chunk.to_owned());
        } else {
            chunks.push(chunk.to_owned());
        }
    }

    /// Cuts a paragraph into words, parts of words that end with a hyphen, and blanks.
    fn chunks(&self, paragraph: &str) -> Vec<String> {
        let mut chunks: Vec<String> = Vec::new();
        let characters: Vec<char> = paragraph.chars().collect();
        let mut start = 0;
        for at in 1..=characters.len() {
            let before = characters[at - 1];
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
                chunks.push(characters[start..at].iter().collect());
                start = at;
            }
        }
        chunks
    }
}
