//! How long an answer may go without content.
//!
//! Content is what a reply is made of: text, thinking, arguments of tool calls, a refusal; of a body that comes in one
//! piece, its bytes. Comments, pings, blanks and deltas that say nothing show that a server is alive. They let a request
//! wait in its queue for longer, and are silence everywhere else.

use std::time::{Duration, Instant};

use crate::generate::Silence;
use crate::generate::provider::Timeouts;

/// How long tokens are waited for after the reply's end.
const AFTER_THE_END: Duration = Duration::from_secs(2);
/// The bytes of a whole body that end its silence; fewer are a trickle.
const BULK: usize = 1 << 10;

/// When something was last heard of an answer.
#[derive(Debug)]
pub(super) struct Listening {
    sent: Instant,
    /// The last byte of any kind.
    byte: Option<Instant>,
    /// The last content.
    content: Option<Instant>,
    /// How many bytes of a whole body have come since.
    bulk: usize,
    /// The end of the reply.
    end: Option<Instant>,
}

impl Listening {
    /// Begins when a request is sent.
    pub(super) fn since(sent: Instant) -> Self {
        Self { sent, byte: None, content: None, bulk: 0, end: None }
    }

    pub(super) fn hear_byte(&mut self) {
        self.byte = Some(Instant::now());
    }

    /// Hears content; blanks are none.
    pub(super) fn hear(&mut self, content: &str) {
        if !content.trim().is_empty() {
            self.content = Some(Instant::now());
        }
    }

    /// Hears bytes of a body that is read once it is whole.
    pub(super) fn hear_body(&mut self, bytes: &[u8]) {
        self.bulk += bytes.iter().filter(|byte| !byte.is_ascii_whitespace()).count();
        if self.bulk > 0 && (self.content.is_none() || self.bulk >= BULK) {
            self.content = Some(Instant::now());
            self.bulk = 0;
        }
    }

    pub(super) fn hear_end(&mut self) {
        self.end.get_or_insert_with(Instant::now);
    }

    /// Returns how long the next bytes may take, and the wait that is over then. After the end of a reply that did not
    /// go on, only its tokens are waited for.
    pub(super) fn wait(&self, timeouts: Timeouts, went_on: bool) -> (Silence, Duration) {
        let left = |most: Duration, since: Instant| most.saturating_sub(since.elapsed());
        match (self.byte, self.content, self.end.filter(|_| !went_on)) {
            (None, ..) => (Silence::FirstByte, left(timeouts.first_byte, self.sent)),
            (.., Some(end)) => (Silence::Idle, left(timeouts.idle.min(AFTER_THE_END), end)),
            (_, Some(content), None) => (Silence::Idle, left(timeouts.idle, content)),
            (Some(byte), None, None) => {
                let idle = (Silence::Idle, left(timeouts.idle, byte));
                let queue = (Silence::Queue, left(timeouts.queue(), self.sent));
                if queue.1 < idle.1 { queue } else { idle }
            }
        }
    }
}
