//! Keys that come before the session is open: they wait, and count once it is.

use std::io;

use crossterm::event::{Event, KeyModifiers};
use futures_util::stream::Stream;

use super::{Display, EventLoop};
use crate::app::{Message, Stage};
use crate::runtime::input::Arrived;

/// The most keys that wait for a session to open.
const MOST_EARLY: usize = 1024;

impl<D, F, I> EventLoop<'_, D, F, I>
where
    D: Display,
    F: FnMut() -> I,
    I: Stream<Item = io::Result<Arrived>> + Unpin,
{
    /// Returns whether a key waits for the session to open; one that may end the program does not.
    pub(super) fn waits(&self, message: &Message) -> bool {
        let (Message::Input(event) | Message::Together(event)) = message else { return false };
        let is_typed = match event {
            Event::Key(key) => !key.modifiers.contains(KeyModifiers::CONTROL),
            Event::Paste(_) => true,
            _ => false,
        };
        let is_opening = matches!(self.model.stage, Stage::Opening | Stage::Reading(_));
        is_typed && (is_opening || !self.early.is_empty()) && self.early.len() < MOST_EARLY
    }

    pub(super) fn take(&mut self, message: Message) -> io::Result<()> {
        self.take_one(message)?;
        // They are for the rows that are shown, so these must have been found.
        if !self.early.is_empty() && self.model.is_open() && self.model.rows.waiting.is_none() {
            for early in std::mem::take(&mut self.early) {
                self.take_one(early)?;
            }
        }
        Ok(())
    }
}
