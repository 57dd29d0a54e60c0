//! Parses a reply into rows that meet the session's fields, and scraps with the reason why they do not.
//!
//! Models are not trusted: every candidate is checked, even if the provider promised to enforce a schema,
//! and nothing is altered to fit. The reader takes chunks as they come; a whole reply is one chunk. What a
//! model thinks is passed over, wherever it stands (see [`stream`](super::stream)); only if a reply holds
//! nothing else, and the thought is nothing but JSON, its rows are read: servers put whole answers there.

mod json;
mod lists;
mod rules;

use std::ops::Range;
use std::sync::Arc;

use self::rules::scrap;
use super::GenerateEvent;
use super::stream::{Piece, Scanner};

pub(crate) use self::json::is_json;
pub(crate) use self::rules::RowRules;

/// The reason of an unfinished last piece.
const BROKEN_OFF: &str = "The reply ended in the middle of this piece.";
/// The reason of a reply whose thinking has no end.
const THINKING: &str = "The reply ended while the model was thinking: allow more with `reply_tokens`, or turn the \
                        model's thinking off.";
/// The reason of a reply that is nothing but thinking.
const ONLY_THOUGHTS: &str =
    "The reply holds thinking and no answer after it: turn the model's thinking off, or ask another model.";
/// The reason of a piece of which a frame was lost.
const LOST: &str = "A part of this piece was lost: a frame of the stream could not be read.";

/// Parses one reply, chunk by chunk.
#[derive(Debug)]
pub(crate) struct ReplyReader {
    rules: Arc<RowRules>,
    scanner: Scanner,
    found: bool,
    /// Where text may be missing.
    lost: Vec<usize>,
}

impl ReplyReader {
    /// Creates a reader of an empty reply.
    #[must_use]
    pub(crate) fn new(rules: Arc<RowRules>) -> Self {
        Self { rules, scanner: Scanner::new(), found: false, lost: vec![] }
    }

    /// Adds the next bytes, split anywhere, and returns the rows and scraps that they complete.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Vec<GenerateEvent> {
        let pieces = self.scanner.feed(bytes);
        self.read(pieces)
    }

    /// Tells that the next bytes are all of the reply.
    pub(crate) const fn expect_whole(&mut self) {
        self.scanner.expect_whole();
    }

    /// Adds a part of the model's thinking that came apart from the reply's text; it is kept between the marks
    /// of a thought, so that the reply can be read again.
    pub(crate) fn feed_thought(&mut self, bytes: &[u8]) {
        if !self.scanner.is_thinking() {
            self.scanner.open_thought();
        }
        self.scanner.feed_thought(bytes);
    }

    /// Ends a thought that came apart from the reply's text.
    pub(crate) fn close_thought(&mut self) {
        self.scanner.close_thought();
    }

    /// Returns whether the model is thinking.
    #[must_use]
    pub(crate) const fn is_thinking(&self) -> bool {
        self.scanner.is_thinking()
    }

    /// Returns whether the reply has any text besides thoughts.
    #[must_use]
    pub(crate) fn has_answer(&self) -> bool {
        self.scanner.answers().any(|text| !text.trim_ascii().is_empty())
    }

    /// Returns whether the reply has any thoughts.
    #[must_use]
    pub(crate) fn has_thought(&self) -> bool {
        !self.scanner.thought_ranges().is_empty()
    }

    /// Returns whether rows or scraps were found.
    #[must_use]
    pub(crate) fn has_found(&self) -> bool {
        self.found || self.scanner.has_answered()
    }

    /// Returns whether nothing was found yet, or a piece is under way.
    #[must_use]
    pub(crate) fn is_unfinished(&self) -> bool {
        !self.found || self.scanner.left_over().is_some()
    }

    /// Returns whether the reply's JSON has come to its end.
    #[must_use]
    pub(crate) fn is_closed(&self) -> bool {
        self.scanner.is_closed()
    }

    /// Notes that a part of the reply may be missing here; a piece around it becomes a scrap.
    pub(crate) fn lose(&mut self) {
        self.lost.push(self.scanner.text().len());
    }

    /// Removes the blanks at the end of the reply.
    pub(crate) fn trim_end(&mut self) {
        self.scanner.trim_end();
    }

    /// Ends the reply: returns the rest of it as rows and scraps, and its whole text.
    ///
    /// `cut` is the reason of an unfinished piece where the reply was cut off. Invalid UTF-8 is replaced by
    /// `U+FFFD`.
    #[must_use]
    pub(crate) fn finish(mut self, cut: Option<&str>) -> (Vec<GenerateEvent>, String) {
        let held = self.scanner.finish();
        if let Some(json) = self.packed().filter(|_| !self.found) {
            return (self.read_again(json.as_bytes()), self.text());
        }
        let mut events = self.read(held);
        if let Some(thought) = self.scanner.unfinished_thought() {
            if !self.found || cut.is_some() {
                events.push(scrap(&String::from_utf8_lossy(thought), THINKING));
            }
        } else if let Some(range) = self.scanner.left_over() {
            events.extend(self.rules.read_left_over(&self.piece(range), cut.unwrap_or(BROKEN_OFF)));
        } else if !self.found {
            events = self.read_without_json(cut);
        }
        (events, self.text())
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(self.scanner.text()).into_owned()
    }

    /// Reads a reply without JSON outside its thoughts.
    fn read_without_json(&self, cut: Option<&str>) -> Vec<GenerateEvent> {
        let answer = self.scanner.answers().collect::<Vec<_>>().concat();
        let answer = String::from_utf8_lossy(&answer);
        let thoughts = self.scanner.thought_ranges();
        let Some(thought) = thoughts.last().filter(|_| answer.trim().is_empty()) else {
            let is_lost = self.lost.last().is_some_and(|at| *at == self.scanner.text().len());
            return self.rules.read_plain(&answer, cut.or(is_lost.then_some(BROKEN_OFF)));
        };
        match self.scanner.thought_of_json().filter(|_| cut.is_none()) {
            Some(json) => self.read_again(json),
            None => vec![scrap(&self.piece(thought.clone()), ONLY_THOUGHTS)],
        }
    }

    /// Returns the JSON that a server wrote as one text of JSON.
    fn packed(&self) -> Option<String> {
        let answer = self.scanner.answers().collect::<Vec<_>>().concat();
        if answer.trim_ascii_start().first() != Some(&b'"') {
            return None;
        }
        serde_json::from_slice(&answer).ok()
    }

    /// Reads a reply that was packed in this one.
    fn read_again(&self, packed: &[u8]) -> Vec<GenerateEvent> {
        let mut reader = Self::new(Arc::clone(&self.rules));
        let mut events = reader.feed(packed);
        events.extend(reader.finish(None).0);
        events
    }

    fn read(&mut self, pieces: Vec<Piece>) -> Vec<GenerateEvent> {
        let mut events = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Row(range) | Piece::Whole(range) if self.is_lost(&range) => {
                    events.push(scrap(&self.piece(range), LOST));
                }
                Piece::Row(range) => events.push(self.rules.read(&self.piece(range))),
                Piece::Whole(range) => events.extend(self.rules.read_whole(&self.piece(range))),
                Piece::Spoilt(range) => {
                    events.push(scrap(&self.piece(range), "The brackets of this piece do not match."));
                }
            }
        }
        self.found |= !events.is_empty();
        events
    }

    fn is_lost(&self, range: &Range<usize>) -> bool {
        self.lost.iter().any(|at| range.start < *at && *at < range.end)
    }

    fn piece(&self, range: Range<usize>) -> String {
        String::from_utf8_lossy(&self.scanner.text()[range]).into_owned()
    }
}

#[cfg(test)]
mod tests;
