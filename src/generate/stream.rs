//! Finds the rows of a reply while it is being received.
//!
//! A scanner takes the reply's bytes, split anywhere, and reports the byte range of a row as soon as its
//! closing brace has come. It only counts braces and quotes; [`reply`](super::reply) parses the content.
//! Rows are objects in an array, wherever that is; an object outside any array is itself a row unless rows
//! were found in it:
//!
//! ```text
//! {"rows": [{…}, {…}]}    [{…}, {…}]    {…}⏎{…}    Sure! ```json⏎{…}⏎```
//!           └row┘ └row┘    └row┘ └row┘   row  row                row
//! ```
//!
//! Prose between values is skipped: a bracket counts only if the text after it can be JSON.
//!
//! What a model thinks is skipped too, whatever brackets and quotes are in it. Its marks count only outside
//! strings, so that a row may speak of them. A thought may have only an end, and then everything before it
//! was one. Therefore rows are reported at once only where it is certain that they are no drafts:
//!
//! ```text
//! {"rows": …              begins with JSON, or with a fence around it: at once
//! <think>…</think>{…      JSON after a whole thought: at once
//! Let me see: {…          prose, perhaps a thought: held back until an end mark, which discards them, or
//!                         until the reply ends, which releases them
//! <think>a <think> b</think>{…   held back: the mark that closed the thought may belong to the inner one
//! ```
//!
//! A string that a thought left open can hide its end. That is looked for once more when the reply ends.

mod marks;
mod step;

use std::ops::Range;

use self::marks::Spoken;
use super::reply::is_json;

/// A completed piece of the reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// An object that may be a row.
    Row(Range<usize>),
    /// A top-level object or array in which no row was found.
    Whole(Range<usize>),
    /// A piece whose brackets do not match.
    Spoilt(Range<usize>),
}

/// The most nested brackets; rows have few, and deeper pieces are discarded as `Spoilt`.
const DEEPEST: usize = 64;

/// Scans a reply that comes in chunks.
#[derive(Debug, Default)]
pub(crate) struct Scanner {
    text: Vec<u8>,
    open: Vec<Open>,
    string: StringState,
    /// A top-level bracket, until the next byte tells whether it begins JSON.
    doubtful: Option<usize>,
    /// Whether a row was found since the outermost bracket opened.
    found: bool,
    /// Where a mark of thinking may have begun.
    mark: Option<usize>,
    /// The thought under way.
    thought: Option<OpenThought>,
    /// The thoughts that have ended.
    thoughts: Vec<Thought>,
    answer: Answer,
    /// Whether all of the reply comes in one chunk, so that nothing needs to be told before its end.
    is_whole: bool,
    /// Pieces that may turn out to be drafts.
    held: Vec<Piece>,
    /// Pieces before an end mark, which are drafts if others follow it.
    drafts: Vec<Piece>,
}

/// An open bracket.
#[derive(Debug, Clone, Copy)]
struct Open {
    bracket: u8,
    start: usize,
    /// Whether it is a row: an object in an array, but not inside another row.
    row: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum StringState {
    #[default]
    Outside,
    Inside,
    AfterBackslash,
}

/// A thought that has not ended.
#[derive(Debug)]
struct OpenThought {
    start: usize,
    /// Where its text begins.
    inner: usize,
    /// The name of its mark, then those of the marks within it that have not ended.
    names: Vec<String>,
}

/// A thought: with its marks, and without them.
#[derive(Debug)]
struct Thought {
    whole: Range<usize>,
    inner: Range<usize>,
}

/// The text since the last thought.
#[derive(Debug, Default)]
struct Answer {
    start: usize,
    /// Whether its first JSON stands at its beginning; `None` before there is any.
    begins_with_json: Option<bool>,
    /// Whether the end of the thought before it may have been that of an inner one.
    is_doubtful: bool,
    /// Whether there is prose between or before its JSON.
    has_prose: bool,
    /// Where the last top-level bracket closed.
    closed: usize,
}

impl Answer {
    const fn after(start: usize, is_doubtful: bool) -> Self {
        Self { start, begins_with_json: None, is_doubtful, has_prose: false, closed: start }
    }

    fn is_certain(&self) -> bool {
        self.begins_with_json == Some(true) && !self.is_doubtful
    }
}

impl Scanner {
    /// Creates a scanner of an empty reply.
    #[must_use]
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds the next bytes and returns the pieces that they complete and that are certain, in order.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut rest = bytes;
        while let Some((&byte, behind)) = rest.split_first() {
            // Most of a reply is inside strings or thoughts, which are skipped in one step.
            let skipped = if self.string == StringState::Inside {
                rest.iter().position(|byte| matches!(byte, b'"' | b'\\')).unwrap_or(rest.len())
            } else if self.thought.is_some() && self.mark.is_none() {
                rest.iter().position(|byte| marks::may_begin(*byte)).unwrap_or(rest.len())
            } else {
                0
            };
            if skipped > 0 {
                self.text.extend_from_slice(&rest[..skipped]);
                rest = &rest[skipped..];
                continue;
            }
            rest = behind;
            let at = self.text.len();
            self.text.push(byte);
            match self.string {
                StringState::AfterBackslash => self.string = StringState::Inside,
                StringState::Inside => match byte {
                    b'"' => self.string = StringState::Outside,
                    b'\\' => self.string = StringState::AfterBackslash,
                    _ => {}
                },
                StringState::Outside => self.step(byte, at, &mut pieces),
            }
        }
        pieces
    }

    /// Tells that the next bytes are all of the reply: drafts in it are known by what follows.
    pub(crate) const fn expect_whole(&mut self) {
        self.is_whole = true;
    }

    /// Adds a part of a thought that came apart from the text.
    pub(crate) fn feed_thought(&mut self, bytes: &[u8]) {
        self.text.extend_from_slice(bytes);
    }

    /// Begins a thought that comes apart from the text.
    pub(crate) fn open_thought(&mut self) {
        let start = self.text.len();
        self.text.extend_from_slice(b"<think>\n");
        self.thought = Some(OpenThought { start, inner: self.text.len(), names: vec!["think".into()] });
    }

    /// Ends a thought that came apart from the text.
    pub(crate) fn close_thought(&mut self) {
        if let Some(thought) = self.thought.take() {
            let inner = thought.inner..self.text.len();
            self.text.extend_from_slice(b"\n</think>\n\n");
            self.thoughts.push(Thought { whole: thought.start..self.text.len(), inner });
            if self.open.is_empty() {
                self.answer = Answer::after(self.text.len(), false);
            }
        }
    }

    /// Returns whether pieces of a whole reply wait that are no drafts as far as it goes.
    #[must_use]
    pub(crate) fn has_answered(&self) -> bool {
        self.is_whole && self.answer.is_certain() && !self.held.is_empty()
    }

    /// Returns the reply so far.
    #[must_use]
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Removes blanks from the end of the reply, also those that are escaped in a string.
    pub(crate) fn trim_end(&mut self) {
        let end = super::blanks::without_last(&self.text).len();
        self.text.truncate(end);
    }

    /// Returns whether the model is thinking.
    #[must_use]
    pub(crate) const fn is_thinking(&self) -> bool {
        self.thought.is_some()
    }

    /// Returns the text of the thought under way.
    #[must_use]
    pub(crate) fn unfinished_thought(&self) -> Option<&[u8]> {
        self.thought.as_ref().map(|thought| &self.text[thought.inner.min(self.text.len())..])
    }

    /// Returns the text of the last thought, if it is nothing but JSON.
    #[must_use]
    pub(crate) fn thought_of_json(&self) -> Option<&[u8]> {
        let inner = &self.text[self.thoughts.last()?.inner.clone()];
        let mut scanner = Self::new();
        scanner.feed(inner);
        let is_json = scanner.answer.is_certain() && !scanner.answer.has_prose && scanner.open.is_empty();
        let behind = &inner[scanner.answer.closed..];
        (is_json && marks::is_packing(behind)).then(|| &inner[scanner.answer.start..])
    }

    /// Returns the parts of the reply that are no thoughts.
    pub(crate) fn answers(&self) -> impl Iterator<Item = &[u8]> {
        let mut start = 0;
        let end = self.text.len();
        self.thought_ranges().into_iter().chain(std::iter::once(end..end)).map(move |thought| {
            let answer = &self.text[start.min(thought.start)..thought.start];
            start = thought.end;
            answer
        })
    }

    /// Returns the byte ranges of the thoughts, with their marks.
    #[must_use]
    pub(crate) fn thought_ranges(&self) -> Vec<Range<usize>> {
        let open = self.thought.iter().map(|thought| thought.start..self.text.len());
        self.thoughts.iter().map(|thought| thought.whole.clone()).chain(open).collect()
    }

    /// Returns whether there is JSON, and no bracket or thought is open.
    #[must_use]
    pub(crate) fn is_closed(&self) -> bool {
        let has_json = self.found || self.answer.closed > self.answer.start;
        has_json && self.open.is_empty() && self.thought.is_none()
    }

    /// Returns the unfinished piece: the current row, or else everything since the outermost bracket.
    ///
    /// Brackets that only hold rows already found are not left over.
    #[must_use]
    pub(crate) fn left_over(&self) -> Option<Range<usize>> {
        let row = self.open.iter().find(|open| open.row);
        let outermost = self.open.first().filter(|_| !self.found);
        row.or(outermost).map(|open| open.start..self.text.len())
    }

    /// Ends the reply: finds a thought's end that was hidden, and returns the pieces that were held back.
    pub(crate) fn finish(&mut self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        while let Some(end) = self.hidden_end() {
            self.held.clear();
            self.end_unopened(end);
            let behind = self.text.split_off(end);
            pieces.extend(self.feed(&behind));
        }
        pieces.append(&mut self.drafts);
        pieces.append(&mut self.held);
        pieces
    }

    /// Returns where a thought ends whose end mark stands in a string that the thought left open, or is gone.
    fn hidden_end(&mut self) -> Option<usize> {
        let is_certain = self.answer.is_certain();
        if self.thought.is_some() || (is_certain && self.left_over().is_none()) {
            return None;
        }
        let start = self.left_over().filter(|_| is_certain).map_or(self.answer.start, |range| range.start);
        let text = &self.text[start..];
        if let Some(end) = marks::wrapped(text).filter(|end| holds_rows(&text[*end..])) {
            return Some(start + end);
        }
        match marks::spoken(text) {
            Spoken::Ends(end) => return Some(start + end),
            Spoken::Open => {
                self.held.clear();
                self.open.clear();
                self.string = StringState::Outside;
                self.thought = Some(OpenThought { start, inner: start, names: vec![] });
                return None;
            }
            Spoken::None => {}
        }
        let is_row = |piece: &Piece| match piece {
            Piece::Row(range) | Piece::Whole(range) => is_json(&text[range.clone()]).then(|| range.clone()),
            Piece::Spoilt(_) => None,
        };
        let mut scanner = Self::new();
        let mut rows: Option<Vec<Range<usize>>> = None;
        let is_before_json = |end: &usize| {
            let json = text[*end..].iter().position(|byte| matches!(byte, b'{' | b'['));
            json.is_some_and(|json| marks::is_packing(&text[*end..end + json]))
        };
        let end = marks::last_end(text, |at| {
            let rows = rows.get_or_insert_with(|| {
                let mut pieces = scanner.feed(text);
                pieces.append(&mut scanner.held);
                pieces.iter().filter_map(is_row).collect()
            });
            rows.iter().any(|row| row.contains(&at))
        })?;
        // A row that was cut off, or that stands behind an open bracket, may speak of the mark; JSON follows a
        // real one.
        if is_before_json(&end) {
            return Some(start + end);
        }
        let real = marks::ends(text).map(|(_, end)| end).find(is_before_json);
        real.filter(|end| !is_certain && holds_rows(&text[*end..]))
            .or((!is_certain).then_some(end))
            .map(|end| start + end)
    }
}

/// Returns whether a text that ends with its last piece holds rows.
fn holds_rows(text: &[u8]) -> bool {
    let mut scanner = Scanner::new();
    let mut pieces = scanner.feed(text);
    pieces.append(&mut scanner.held);
    let is_row = |piece: &Piece| match piece {
        Piece::Row(range) | Piece::Whole(range) => is_json(&text[range.clone()]),
        Piece::Spoilt(_) => false,
    };
    pieces.iter().any(is_row)
}

/// Returns the byte ranges of a stored reply in which the model thinks, with the marks around its thoughts.
#[must_use]
pub(crate) fn thinking_ranges(reply: &str) -> Vec<Range<usize>> {
    let mut scanner = Scanner::new();
    scanner.feed(reply.as_bytes());
    scanner.finish();
    scanner.thought_ranges()
}

#[cfg(test)]
mod tests;
