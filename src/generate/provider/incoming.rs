//! A reply that is being received: its parser, and the queue of events not taken yet.
//!
//! Its text comes from three places: the message, the model's thinking in a field of its own, and the arguments
//! of tool calls, into which some gateways turn the schema. All go to one reader; thinking between marks, so that
//! the stored reply can be read again.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::dialect::Counted;
use super::finish::{BLANKS, Finish};
use super::key::Key;
use crate::generate::blanks::{self, Blanks};
use crate::generate::reply::{ReplyReader, RowRules};
use crate::generate::{GenerateEvent, GeneratorError, Tail};

pub(super) type Event = Result<GenerateEvent, GeneratorError>;

/// The state of a reply that is being received.
pub(super) struct Incoming {
    reader: Option<ReplyReader>,
    /// Receives the end of the text.
    tail: Option<Tail>,
    /// The key that was sent, which a server may write back.
    key: Option<Key>,
    heard: Heard,
    thinking: Thinking,
    calls: Calls,
    blanks: Blanks,
    /// Whether the reply ended in blanks without end.
    blank: bool,
    /// Whether the decoder replaced invalid bytes by `U+FFFD`.
    doubted: bool,
    /// Whether the answering model was told.
    named: bool,
    /// The model's refusal, if it came in its own field.
    refusal: String,
    events: VecDeque<Event>,
}

/// The text that has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Heard {
    Nothing,
    /// Blanks or thinking.
    Little,
    /// Text of an answer.
    Answer,
}

/// Thinking that came in a field of its own.
#[derive(Default)]
struct Thinking {
    /// Whether a thought is under way.
    is_open: bool,
    has_come: bool,
    /// What came after the answer had begun.
    late: String,
}

/// The arguments of tool calls.
#[derive(Default)]
struct Calls {
    /// The call that is read as it comes, because there was no text before it.
    live: Option<u64>,
    /// The arguments of others.
    others: BTreeMap<u64, String>,
}

impl Incoming {
    pub(super) fn new(rules: Arc<RowRules>, tail: Option<Tail>) -> Self {
        Self {
            reader: Some(ReplyReader::new(rules)),
            tail,
            key: None,
            heard: Heard::Nothing,
            thinking: Thinking::default(),
            calls: Calls::default(),
            blanks: Blanks::default(),
            blank: false,
            doubted: false,
            named: false,
            refusal: String::new(),
            events: VecDeque::new(),
        }
    }

    /// Returns the same one, whose tail does not show a key.
    pub(super) fn hiding(self, key: Option<Key>) -> Self {
        Self { key, ..self }
    }

    /// Returns the next event in the queue.
    pub(super) fn take(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    pub(super) fn tell(&mut self, event: GenerateEvent) {
        self.events.push_back(Ok(event));
    }

    /// Tells which model answers, once.
    pub(super) fn answered_by(&mut self, model: Option<&str>) {
        if let Some(model) = model.filter(|model| !self.named && !model.is_empty()) {
            self.named = true;
            self.tell(GenerateEvent::AnsweredBy(model.to_owned()));
        }
    }

    /// From now on, treats rows that contain `U+FFFD` as damaged.
    pub(super) const fn doubt(&mut self) {
        self.doubted = true;
    }

    /// Notes that a part of the text may be missing here.
    pub(super) fn lose(&mut self) {
        if let Some(reader) = &mut self.reader {
            reader.lose();
        }
    }

    /// Returns whether no row has come, or one is under way.
    pub(super) fn is_unfinished(&self) -> bool {
        self.reader.as_ref().is_none_or(ReplyReader::is_unfinished)
    }

    /// Returns whether nothing but blanks came for too long: what follows need not be waited for.
    pub(super) const fn is_blank(&self) -> bool {
        self.blank
    }

    /// Adds the next part of the reply's text, up to blanks without end.
    pub(super) fn read(&mut self, text: &str) {
        let end = self.blanks.find_excess(text);
        self.blank |= end.is_some();
        self.read_all(&text[..end.unwrap_or(text.len())]);
    }

    /// Adds the text of a whole reply, in which blanks without end are shortened.
    pub(super) fn read_whole(&mut self, mut text: &str) {
        if let Some(reader) = self.reader.as_mut().filter(|_| self.heard < Heard::Answer) {
            reader.expect_whole();
        }
        while let Some(end) = std::mem::take(&mut self.blanks).find_excess(text) {
            self.read_all(&text[..end]);
            text = blanks::without_first(&text[end..]);
            self.blank = text.is_empty();
        }
        self.read_all(text);
    }

    fn read_all(&mut self, text: &str) {
        let is_blank = text.trim_ascii().is_empty();
        if text.is_empty() || (self.thinking.is_open && is_blank) {
            return;
        }
        let heard = if is_blank { Heard::Little } else { Heard::Answer };
        let Some(reader) = &mut self.reader else { return };
        if std::mem::take(&mut self.thinking.is_open) {
            reader.close_thought();
        }
        let events = reader.feed(text.as_bytes());
        let is_thinking = reader.is_thinking();
        self.write(text, is_thinking, heard);
        self.admit(events);
    }

    fn write(&mut self, text: &str, is_thinking: bool, heard: Heard) {
        if let Some(tail) = &self.tail {
            tail.write(text, is_thinking, self.heard == Heard::Nothing);
            self.key.iter().for_each(|key| tail.change(|text| key.hidden_in_reply(text)));
        }
        self.heard = self.heard.max(heard);
    }

    /// Adds the next part of the model's thinking.
    pub(super) fn think(&mut self, text: &str, is_whole: bool) {
        let end = self.blanks.find_excess(text);
        self.blank |= end.is_some() && !is_whole;
        let text = &text[..end.unwrap_or(text.len())];
        if text.is_empty() {
            return;
        }
        self.thinking.has_come = true;
        if self.heard == Heard::Answer {
            self.thinking.late.push_str(text);
        } else if let Some(reader) = &mut self.reader {
            reader.feed_thought(text.as_bytes());
            self.thinking.is_open = true;
        }
        self.write(text, true, Heard::Little);
    }

    /// Adds the next part of the arguments of a tool call.
    pub(super) fn call(&mut self, index: u64, arguments: &str, is_whole: bool) {
        let is_first = self.calls.live.is_none() && self.heard < Heard::Answer && !arguments.is_empty();
        if !is_first && self.calls.live != Some(index) {
            self.calls.others.entry(index).or_default().push_str(arguments);
            return;
        }
        self.calls.live = Some(index);
        if is_whole { self.read_whole(arguments) } else { self.read(arguments) }
    }

    fn admit(&mut self, events: Vec<GenerateEvent>) {
        let doubted = self.doubted;
        self.events
            .extend(events.into_iter().map(|event| Ok(if doubted { undamaged(event) } else { event })));
    }

    /// Adds the next part of the model's refusal.
    pub(super) fn refuse(&mut self, text: &str) {
        self.refusal.push_str(text);
    }

    /// Returns whether nothing is missing at the end of what has come, as far as can be seen.
    fn is_whole(&self) -> bool {
        let is_closed = self.reader.as_ref().is_some_and(ReplyReader::is_closed);
        is_closed || self.blank || !self.refusal.is_empty() || !self.calls.others.is_empty()
    }

    /// Ends the reply as the server says.
    pub(super) fn end(&mut self, finish: Finish, counted: Counted, provider: String) {
        if let Some(error) = finish.failure(self.is_whole(), &provider) {
            return self.give_up_cut(error, counted, finish.cut().as_deref());
        }
        let cut = if self.blank { Some(BLANKS.into()) } else { finish.cut() };
        let (has_answer, has_thought) = self.settle(cut.as_deref(), false);
        self.events.extend(counted.tokens().map(|tokens| Ok(GenerateEvent::Usage(tokens))));
        if self.blank {
            self.events.push_back(Err(GeneratorError::NoAnswer(BLANKS.into())));
        } else if has_answer {
            self.tell(GenerateEvent::Done(finish.reply_end()));
        } else {
            let error = finish.without_answer(counted, has_thought, provider);
            self.events.push_back(Err(error));
        }
    }

    /// Ends the reply with an error; earlier rows are kept.
    pub(super) fn give_up(&mut self, error: GeneratorError, counted: Counted) {
        self.give_up_cut(error, counted, None);
    }

    fn give_up_cut(&mut self, error: GeneratorError, counted: Counted, cut: Option<&str>) {
        if self.heard > Heard::Nothing || !self.refusal.is_empty() || !self.calls.others.is_empty() {
            self.settle(cut, true);
        }
        self.events.extend(counted.tokens().map(|tokens| Ok(GenerateEvent::Usage(tokens))));
        self.events.push_back(Err(error));
    }

    /// Queues the rest of the reply and its full text; returns whether there was an answer, and a thought.
    ///
    /// An unfinished piece is a scrap for the reason `cut`. Of a lone thought the error says enough, unless its
    /// marks stand in the text.
    fn settle(&mut self, cut: Option<&str>, has_failed: bool) -> (bool, bool) {
        let Some(mut reader) = self.reader.take() else { return (false, false) };
        self.read_calls(&mut reader);
        if has_failed {
            reader.lose();
        } else if self.thinking.is_open && cut.is_none() {
            reader.close_thought();
        }
        if self.blank {
            reader.trim_end();
        }
        let has_answer = reader.has_answer();
        let has_thought = reader.has_thought();
        let (mut rest, mut text) = reader.finish(cut);
        let has_rows = rest.iter().any(|event| matches!(event, GenerateEvent::Row(_)));
        if !has_answer && !has_rows && (self.thinking.has_come || has_failed) {
            rest.clear();
        }
        if !self.thinking.late.is_empty() {
            text = format!("{text}\n\n<think>\n{}\n</think>\n", self.thinking.late);
        }
        if !text.trim().is_empty() {
            self.admit(rest);
            self.tell(GenerateEvent::Reply(text));
        }
        let is_refused = self.settle_refusal();
        (is_refused || has_answer || has_rows, has_thought)
    }

    /// Reads the tool calls that did not come alone, unless the text brought rows.
    fn read_calls(&mut self, reader: &mut ReplyReader) {
        let calls = std::mem::take(&mut self.calls);
        if calls.live.is_none() && reader.has_found() {
            return;
        }
        for mut arguments in calls.others.into_values() {
            if let Some(end) = Blanks::default().find_excess(&arguments) {
                self.blank = true;
                arguments.truncate(end);
            }
            self.thinking.is_open = false;
            reader.close_thought();
            let mut events = reader.feed(b"\n");
            events.extend(reader.feed(arguments.as_bytes()));
            self.admit(events);
        }
    }

    /// Queues the refusal that came in its own field; returns whether there was one.
    fn settle_refusal(&mut self) -> bool {
        if self.refusal.is_empty() {
            return false;
        }
        let raw = std::mem::take(&mut self.refusal);
        if self.heard == Heard::Nothing {
            self.events.push_front(Ok(GenerateEvent::Reply(raw.clone())));
        }
        let reason = "The model refused to write rows.".into();
        self.events.push_front(Ok(GenerateEvent::Scrap { raw, reason }));
        true
    }
}

/// Turns a row with a replaced byte into a scrap.
fn undamaged(event: GenerateEvent) -> GenerateEvent {
    let GenerateEvent::Row(fields) = &event else { return event };
    match serde_json::to_string(fields) {
        Ok(raw) if raw.contains(char::REPLACEMENT_CHARACTER) => GenerateEvent::Scrap {
            raw,
            reason: "This piece holds bytes that are no UTF-8, shown as U+FFFD.".into(),
        },
        _ => event,
    }
}

#[cfg(test)]
mod tests;
