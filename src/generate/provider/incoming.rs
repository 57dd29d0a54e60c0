//! A reply that is being received: its parser, and the queue of events not taken yet.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::domain::Tokens;
use crate::generate::reply::{ReplyReader, RowRules};
use crate::generate::{GenerateEvent, GeneratorError, ReplyEnd, Tail};

pub(super) type Event = Result<GenerateEvent, GeneratorError>;

/// The state of a reply that is being received.
pub(super) struct Incoming {
    reader: Option<ReplyReader>,
    /// Receives the end of the text.
    tail: Option<Tail>,
    /// Whether any text of the reply has arrived.
    heard: bool,
    /// Whether the decoder replaced invalid bytes by `U+FFFD`.
    doubted: bool,
    /// The model's refusal, if it came in its own field.
    refusal: String,
    events: VecDeque<Event>,
}

impl Incoming {
    pub(super) fn new(rules: Arc<RowRules>, tail: Option<Tail>) -> Self {
        Self {
            reader: Some(ReplyReader::new(rules)),
            tail,
            heard: false,
            doubted: false,
            refusal: String::new(),
            events: VecDeque::new(),
        }
    }

    /// Returns the next event in the queue.
    pub(super) fn take(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    pub(super) fn tell(&mut self, event: GenerateEvent) {
        self.events.push_back(Ok(event));
    }

    /// From now on, treats rows that contain `U+FFFD` as damaged.
    pub(super) const fn doubt(&mut self) {
        self.doubted = true;
    }

    /// Adds the next part of the reply's text.
    pub(super) fn read(&mut self, text: &str) {
        if let Some(tail) = self.tail.as_ref().filter(|_| !text.is_empty()) {
            tail.write(text, false, !self.heard);
        }
        self.heard |= !text.is_empty();
        if let Some(reader) = &mut self.reader {
            let events = reader.feed(text.as_bytes());
            self.admit(events);
        }
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

    /// Ends the reply normally.
    pub(super) fn end(&mut self, end: ReplyEnd, tokens: Option<Tokens>) {
        self.settle(end == ReplyEnd::CutOff);
        self.events.extend(tokens.map(|tokens| Ok(GenerateEvent::Usage(tokens))));
        self.tell(GenerateEvent::Done(end));
    }

    /// Ends the reply with an error; earlier rows are kept.
    pub(super) fn give_up(&mut self, error: GeneratorError, tokens: Option<Tokens>) {
        if self.heard || !self.refusal.is_empty() {
            self.settle(false);
        }
        self.events.extend(tokens.map(|tokens| Ok(GenerateEvent::Usage(tokens))));
        self.events.push_back(Err(error));
    }

    /// Queues the rest of the reply and its full text. If it was cut off, the scrap's reason says so.
    fn settle(&mut self, cut_off: bool) {
        let Some(reader) = self.reader.take() else { return };
        let refused = !self.refusal.is_empty();
        if self.heard || !refused {
            let (rest, text) = reader.finish(cut_off);
            self.admit(rest);
            self.tell(GenerateEvent::Reply(text));
        }
        if refused {
            let raw = std::mem::take(&mut self.refusal);
            if !self.heard {
                self.events.push_front(Ok(GenerateEvent::Reply(raw.clone())));
            }
            self.events.push_front(Ok(GenerateEvent::Scrap {
                raw,
                reason: "The model refused to write rows.".into(),
            }));
        }
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
mod tests {
    use super::*;
    use crate::domain::Schema;

    fn incoming() -> Incoming {
        Incoming::new(Arc::new(RowRules::new(Schema::default(), vec![])), None)
    }

    fn told(mut incoming: Incoming) -> Vec<String> {
        std::iter::from_fn(|| incoming.take()).map(|event| format!("{event:?}")).collect()
    }

    #[test]
    fn a_refusal_is_a_scrap_and_the_replys_text() {
        let mut reply = incoming();
        reply.refuse("I must ");
        reply.refuse("not.");
        reply.end(ReplyEnd::Complete, None);

        let told = told(reply);

        assert_eq!(told.len(), 3);
        assert!(told[0].contains("Scrap") && told[0].contains("I must not."), "{told:?}");
        assert!(told[1].contains("Reply") && told[2].contains("Complete"), "{told:?}");
    }

    #[test]
    fn a_row_with_a_replaced_byte_is_a_scrap_only_where_the_text_is_doubted() {
        let texts = "[{\"text\":\"one\"},{\"text\":\"t\u{fffd}o\"}]";
        let mut trusted = incoming();
        trusted.read(texts);
        let mut doubted = incoming();
        doubted.doubt();
        doubted.read(texts);

        assert!(told(trusted).iter().all(|event| event.contains("Row")));
        let told = told(doubted);
        assert!(told[0].contains("Row") && told[1].contains("no UTF-8"), "{told:?}");
    }

    #[test]
    fn what_came_before_an_error_is_kept_and_paid_for() {
        let mut reply = incoming();
        reply.read(r#"[{"text":"one"},{"te"#);
        reply.give_up(GeneratorError::Settings("No.".into()), Some(Tokens { input: 1, output: 2 }));

        let told = told(reply);

        assert!(
            told[0].contains("Row") && told[1].contains("Scrap") && told[2].contains("Reply"),
            "{told:?}"
        );
        assert!(told[3].contains("Usage") && told[4].contains("Settings"), "{told:?}");
    }
}
