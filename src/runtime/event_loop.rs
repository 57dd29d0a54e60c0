//! The loop: input first, then messages, then drawing, and nothing while nothing happens.
//!
//! What it draws on, where its keys come from and which signals end it are parameters, so that a test runs it
//! from a key to a frame without a terminal.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossterm::event::Event;
use futures_util::stream::{BoxStream, Stream, StreamExt};
use ratatui::Frame;
use ratatui::layout::Size;
use tokio::select;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::editor;
use super::executor::{Executor, ForLoop};
use super::opening::{opened_session, save_screen};
use super::query::QueryWorker;
use super::runs::Runs;
use super::screen::{Ended, ScreenOptions};
use crate::app::{Message, Model};
use crate::domain::Failure;
use crate::engine::{RunContext, Snapshots, TransportOptions, Writer, clock};
use crate::ui::draw;
use crate::workbench::{PreviewRenderer, Workbench, WorkbenchError};

/// Messages alone are drawn at most this often.
const FRAME: Duration = Duration::from_millis(16);
/// How many messages are taken in before input is looked at again.
const MOST_MESSAGES: usize = 256;
/// The number of the signal that says that the terminal is gone.
const HANG_UP: i32 = 1;

/// What the loop draws on.
pub(super) trait Display {
    /// Draws a frame, which is shown at once or not at all.
    fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> io::Result<()>;
    /// Returns its size.
    fn size(&self) -> io::Result<Size>;
    /// Puts a text on the person's clipboard.
    fn copy(&mut self, text: &str) -> io::Result<()>;
    /// Lets something else have the display for as long as it runs.
    fn lend<T>(&mut self, to: impl FnOnce() -> T) -> io::Result<T>;
}

/// What the writer thread tells the loop besides messages: whether the session could be opened.
type FromWriter = Result<PreviewRenderer, WorkbenchError>;

/// The loop over a display `D`, with input that `open_input` begins to read.
pub(super) struct EventLoop<'a, D, F, I> {
    options: &'a ScreenOptions,
    display: D,
    model: Model,
    executor: Executor,
    writer: Option<Writer>,
    open_input: F,
    input: I,
    messages: UnboundedReceiver<Message>,
    sender: UnboundedSender<Message>,
    opened: UnboundedReceiver<FromWriter>,
    /// When messages alone may be drawn again. A key's frame does not put it off, so that the
    /// answer to what the key asked for is seen as soon as it comes.
    next_frame: Instant,
    is_stale: bool,
    ended: Option<Ended>,
}

impl<'a, D, F, I> EventLoop<'a, D, F, I>
where
    D: Display,
    F: FnMut() -> I,
    I: Stream<Item = io::Result<Event>> + Unpin,
{
    /// Draws the first frame and begins to open the session.
    pub(super) fn start(options: &'a ScreenOptions, mut display: D, mut open_input: F) -> io::Result<Self> {
        let mut model = Model::new(display.size()?);
        model.keymap = options.keymap.clone();
        display.draw(|frame| draw(&model, &options.theme, frame))?;
        model.drawn();
        let (sender, messages) = unbounded_channel();
        let (told, opened) = unbounded_channel();
        let (location, places) = (options.location.clone(), options.places.clone());
        let (config, flags) = (options.config.clone(), options.flags.clone());
        let answers = sender.clone();
        let open = move || Workbench::open(&location, clock::now());
        let writer = Writer::start(open, move |outcome| {
            let _ = told.send(outcome.map(|bench| {
                let opened = Box::new(opened_session(bench, &places, &config, flags));
                let _ = answers.send(Message::Opened(opened));
                bench.preview_renderer()
            }));
        })?;
        let context = RunContext {
            writer: writer.handle(),
            folder: options.location.folder.clone(),
            config: Arc::new(options.config.clone()),
            network: options.network,
            transport: TransportOptions::default(),
            snapshots: Snapshots::WhileRunning,
        };
        let runs = Runs::new(context, sender.clone());
        let executor = Executor::new(writer.handle(), sender.clone(), runs);
        Ok(Self {
            options,
            display,
            model,
            executor,
            writer: Some(writer),
            input: open_input(),
            open_input,
            messages,
            sender,
            opened,
            next_frame: Instant::now(),
            is_stale: false,
            ended: None,
        })
    }

    /// Runs until the person has left or a signal came, and returns once everything is written.
    pub(super) async fn run(mut self, mut signals: BoxStream<'static, i32>) -> io::Result<Ended> {
        while self.ended.is_none() {
            self.turn(&mut signals).await?;
        }
        self.executor.close().await;
        if let Some(state) = self.model.screen_state() {
            save_screen(self.options, state);
        }
        let ended = self.ended.take().unwrap_or(Ended::Left);
        // The shell has its terminal back while the store closes.
        drop(self.display);
        drop(self.executor);
        drop(self.writer.take());
        Ok(ended)
    }

    async fn turn(&mut self, signals: &mut BoxStream<'static, i32>) -> io::Result<()> {
        let frame_due = self.is_stale.then_some(self.next_frame);
        let draft_due = self.executor.draft_due();
        select! {
            biased;
            event = self.input.next() => match event {
                Some(Ok(event)) => {
                    self.take(Message::Input(event))?;
                    // What is answered already is seen with the key.
                    self.take_waiting()?;
                    self.draw()?;
                }
                // The terminal is gone.
                Some(Err(_)) | None => self.ended = Some(Ended::Signal(HANG_UP)),
            },
            Some(signal) = signals.next() => self.ended = Some(Ended::Signal(signal)),
            Some(outcome) = self.opened.recv() => match outcome {
                Ok(renderer) => {
                    self.executor.set_queries(QueryWorker::start(renderer, self.sender.clone())?);
                }
                Err(error) => self.ended = Some(Ended::NotOpened(error)),
            },
            Some(message) = self.messages.recv(), if self.executor.has_queries() => {
                self.take(message)?;
                self.take_waiting()?;
                self.is_stale = true;
                if Instant::now() >= self.next_frame {
                    self.draw_messages()?;
                }
            }
            () = until(frame_due) => self.draw_messages()?,
            () = until(draft_due) => self.executor.write_draft(),
        }
        Ok(())
    }

    /// Takes in the messages that are there, if somebody opened a session and can answer what they call for.
    fn take_waiting(&mut self) -> io::Result<()> {
        for _ in 1..MOST_MESSAGES {
            if !self.executor.has_queries() {
                break;
            }
            let Ok(message) = self.messages.try_recv() else { break };
            self.take(message)?;
        }
        Ok(())
    }

    fn draw(&mut self) -> io::Result<()> {
        if self.ended.is_none() {
            let (model, theme) = (&self.model, &self.options.theme);
            self.display.draw(|frame| draw(model, theme, frame))?;
            self.model.drawn();
        }
        self.is_stale = false;
        Ok(())
    }

    fn draw_messages(&mut self) -> io::Result<()> {
        self.next_frame = Instant::now() + FRAME;
        self.draw()
    }

    fn take(&mut self, message: Message) -> io::Result<()> {
        self.executor.notice(&message);
        for effect in self.model.update(message, clock::now()) {
            match self.executor.carry_out(effect) {
                None => {}
                Some(ForLoop::Quit) => self.ended = Some(Ended::Left),
                Some(ForLoop::SaveScreen(state)) => save_screen(self.options, state),
                Some(ForLoop::Copy(text)) => self.display.copy(&text)?,
                Some(ForLoop::Suspend) => {
                    self.lend(suspend)?;
                    self.take(Message::Resumed)?;
                }
                Some(ForLoop::EditExternally { target, text }) => {
                    let text = self.lend(|| editor::edit(&text))?.map_err(Failure::new);
                    self.take(Message::EditedExternally { target, text })?;
                }
            }
        }
        Ok(())
    }

    /// Gives the terminal to something else, and makes up for what was missed.
    fn lend<T>(&mut self, to: impl FnOnce() -> T) -> io::Result<T> {
        // Whoever has the terminal reads its keys; nobody else may.
        self.input = (self.open_input)();
        let outcome = self.display.lend(to)?;
        let size = self.display.size()?;
        let resized = Message::Input(Event::Resize(size.width, size.height));
        for effect in self.model.update(resized, clock::now()) {
            // A new size asks for nothing that needs the terminal.
            let _ = self.executor.carry_out(effect);
        }
        Ok(outcome)
    }
}

/// Stops the program, and whoever started it in the foreground, until the shell continues them.
fn suspend() {
    // Where the system refuses, the program just goes on.
    let _ = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
}

async fn until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due.into()).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests;
