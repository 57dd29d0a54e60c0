//! The end of the loop: what was typed is taken in, what waits is written, and the terminal is given back.

use std::io;

use futures_util::FutureExt;
use futures_util::stream::{BoxStream, Stream};
use rustix::process::Signal;
use tokio::task::unconstrained;

use super::{Display, ENDING, Editing, EventLoop, LEAVING, next_of};
use crate::app::Message;
use crate::runtime::input::Arrived;
use crate::runtime::opening::save_last;
use crate::runtime::screen::Ended;
use crate::runtime::terminal::says_gone;

impl<D, F, I> EventLoop<'_, D, F, I>
where
    D: Display,
    F: FnMut() -> I,
    I: Stream<Item = io::Result<Arrived>> + Unpin,
{
    /// Runs until the person has left, a signal came or the terminal is gone, and returns once everything is
    /// written.
    pub(in crate::runtime) async fn run(
        mut self,
        mut signals: BoxStream<'static, Signal>,
    ) -> io::Result<Ended> {
        let mut failure = None;
        loop {
            while self.ended.is_none() {
                if let Err(error) = self.turn(&mut signals).await {
                    failure = Some(error).filter(|error| !says_gone(error));
                    self.ended = Some(Ended::Signal(Signal::HUP));
                }
            }
            let taken = self.take_last().await;
            failure = failure.or(taken.err().filter(|error| !says_gone(error)));
            let has_left = matches!(self.ended, Some(Ended::Left));
            self.executor.close(if has_left { LEAVING } else { ENDING }).await;
            if !has_left || !self.goes_back().await? {
                break;
            }
        }
        let mut ended = self.ended.take().unwrap_or(Ended::Left);
        let is_open = self.executor.has_queries();
        if let Some(state) = self.model.screen_state() {
            self.executor.save_screen(state);
            save_last(self.options);
        }
        let rescued = match ended {
            Ended::Signal(_) if is_open => self.executor.rescue(self.options.places.data.clone()).await,
            _ => None,
        };
        if let Some(said) = rescued.or(self.elsewhere.take()) {
            let signal = if let Ended::Signal(signal) = ended { Some(signal) } else { None };
            ended = Ended::Elsewhere { signal, said };
        }
        // The shell has its terminal back while the store closes.
        drop(self.display);
        drop(self.executor);
        match self.writer.take() {
            // Nothing was asked for that it could write, and opening may take long.
            Some(writer) if !is_open => std::mem::forget(writer),
            writer => drop(writer),
        }
        failure.map_or(Ok(ended), Err)
    }

    /// Where a person has left and something cannot be saved, goes back to the screen and asks.
    async fn goes_back(&mut self) -> io::Result<bool> {
        if self.gives_up || !self.executor.has_queries() || !self.executor.is_unsaved().await {
            return Ok(false);
        }
        self.ended = None;
        // What is not saved was told before.
        while let Ok(message) = self.messages.try_recv() {
            self.take(message)?;
        }
        self.take(Message::CannotQuit)?;
        self.draw()?;
        Ok(true)
    }

    /// Takes in what was typed and edited before the end, and was not looked at so far.
    async fn take_last(&mut self) -> io::Result<()> {
        if let Some(Editing { target, mut editor }) = self.editing.take() {
            editor.end(ENDING).await;
            if let Some(text) = editor.saved() {
                self.take(Message::EditedExternally { target, text: Ok(text) })?;
            }
        }
        self.take_typed()
    }

    /// Takes in the keys that are there already.
    pub(super) fn take_typed(&mut self) -> io::Result<()> {
        while let Some(Some(Ok(arrived))) = unconstrained(next_of(&mut self.input)).now_or_never() {
            let message = self.message_of(arrived);
            self.take(message)?;
        }
        Ok(())
    }
}
