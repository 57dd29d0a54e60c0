//! The loop: input first, then messages, then drawing, and nothing while nothing happens.
//!
//! What it draws on, where its keys come from and which signals end it are parameters, so that a test runs it
//! from a key to a frame without a terminal. [`ending`] says what becomes of it.

mod early;
mod ending;

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyEventKind};
use futures_util::stream::{BoxStream, Stream, StreamExt};
use ratatui::Frame;
use ratatui::layout::Size;
use rustix::process::Signal;
use tokio::select;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::editor::Editor;
use super::executor::{Executor, ForLoop};
use super::input::Arrived;
use super::opening::{first_rows, hearing, opened_session};
use super::query::QueryWorker;
use super::runs::Runs;
use super::screen::{Ended, ScreenOptions};
use super::signals::{has_shell, stop};
use crate::app::{FirstRows, Message, Model, Pace, Sent};
use crate::config::{Allowances, SessionScreen};
use crate::domain::{Failure, PromptPart, RowNumber};
use crate::engine::{RunContext, Snapshots, TransportOptions, Writer, clock};
use crate::ui::draw;
use crate::workbench::{PreviewRenderer, Workbench, WorkbenchError};

/// Messages alone are drawn at most this often.
const FRAME: Duration = Duration::from_millis(16);
/// How many messages are taken in before input is looked at again.
const MOST_MESSAGES: usize = 256;
/// How long leaving waits for a run to stop,
const LEAVING: Duration = Duration::from_secs(2);
/// and how long where nobody may wait any more.
const ENDING: Duration = Duration::from_millis(500);

/// What the loop draws on.
pub(super) trait Display {
    /// Draws a frame, which is shown at once or not at all.
    fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> io::Result<()>;
    /// Returns its size.
    fn size(&self) -> io::Result<Size>;
    /// Sends a text to the person's clipboard.
    fn copy(&mut self, text: &str) -> io::Result<Sent>;
    /// Hands the display to something else.
    fn hand_over(&mut self);
    /// Takes the display back, and draws all of it at the next frame.
    fn take_back(&mut self) -> io::Result<()>;
}

/// A part of the prompt that is open in the person's own editor, which has the terminal.
struct Editing {
    target: PromptPart,
    editor: Editor,
}

/// What the writer thread tells the loop besides messages.
enum FromWriter {
    /// The first of many rows, while all are being read.
    First(Box<FirstRows>),
    /// Whether the session could be opened.
    Opened(Box<Result<PreviewRenderer, WorkbenchError>>),
}

/// The loop over a display `D`, with input that `open_input` begins to read.
pub(super) struct EventLoop<'a, D, F, I> {
    options: &'a ScreenOptions,
    display: D,
    model: Box<Model>,
    executor: Executor,
    writer: Option<Writer>,
    open_input: F,
    /// `None` while something else has the terminal and reads its keys.
    input: Option<I>,
    pace: Pace,
    editing: Option<Editing>,
    messages: UnboundedReceiver<Message>,
    sender: UnboundedSender<Message>,
    opened: UnboundedReceiver<FromWriter>,
    /// Keys that came before the session was open.
    early: Vec<Message>,
    /// When messages alone may be drawn again. A key's frame does not put it off, so that the
    /// answer to what the key asked for is seen as soon as it comes.
    next_frame: Instant,
    is_stale: bool,
    ended: Option<Ended>,
    /// Whether the person gave up what cannot be saved.
    gives_up: bool,
    /// What was said when everything was written to another folder.
    elsewhere: Option<String>,
}

impl<'a, D, F, I> EventLoop<'a, D, F, I>
where
    D: Display,
    F: FnMut() -> I,
    I: Stream<Item = io::Result<Arrived>> + Unpin,
{
    /// Draws the first frame and begins to open the session.
    pub(super) fn start(options: &'a ScreenOptions, mut display: D, mut open_input: F) -> io::Result<Self> {
        let mut model = Box::new(Model::new(display.size()?));
        model.keymap = options.keymap.clone();
        display.draw(|frame| draw(&model, &options.theme, frame))?;
        model.drawn();
        let (sender, messages) = unbounded_channel();
        let (told, opened) = unbounded_channel();
        let location = options.location.clone();
        let (config, flags) = (options.config.clone(), options.flags.clone());
        let answers = sender.clone();
        let telling = told.clone();
        let open = move || {
            let screen = SessionScreen::load(&location.store);
            let around = u32::try_from(screen.scroll).ok().map(RowNumber);
            Workbench::open_telling(&location, clock::now(), around, |first| {
                // The loop may have ended.
                let _ = telling.send(FromWriter::First(Box::new(first_rows(first, screen))));
            })
        };
        let opened_by = move |outcome: Result<&mut Workbench, WorkbenchError>| {
            let _ = told.send(FromWriter::Opened(Box::new(outcome.map(|bench| {
                let opened = Box::new(opened_session(bench, &config, flags));
                let _ = answers.send(Message::Opened(opened));
                bench.preview_renderer()
            }))));
        };
        let heard = hearing(options.places.data.clone(), sender.clone());
        let writer = Writer::start_heard(open, opened_by, heard)?;
        let context = RunContext {
            writer: writer.handle(),
            folder: options.location.folder.clone(),
            config: Arc::new(options.config.clone()),
            allowed: Allowances::in_file(options.places.allowed_file()),
            network: options.network,
            transport: TransportOptions::default(),
            snapshots: Snapshots::WhileRunning,
        };
        let runs = Runs::new(context, sender.clone());
        let executor = Executor::new(writer.handle(), sender.clone(), runs, options.started());
        Ok(Self {
            options,
            display,
            model,
            executor,
            writer: Some(writer),
            input: Some(open_input()),
            pace: Pace::default(),
            editing: None,
            open_input,
            messages,
            sender,
            opened,
            early: Vec::new(),
            next_frame: Instant::now(),
            is_stale: false,
            ended: None,
            gives_up: false,
            elsewhere: None,
        })
    }

    async fn turn(&mut self, signals: &mut BoxStream<'static, Signal>) -> io::Result<()> {
        let frame_due = self.is_stale.then_some(self.next_frame);
        let draft_due = self.executor.draft_due();
        select! {
            biased;
            Some(signal) = signals.next() => self.heed(signal)?,
            (target, text) = edited(&mut self.editing) => {
                self.editing = None;
                self.come_back()?;
                self.take(Message::EditedExternally { target, text: text.map_err(Failure::new) })?;
                self.draw()?;
            }
            event = next_of(&mut self.input) => match event {
                Some(Ok(arrived)) => {
                    let message = self.message_of(arrived);
                    if self.waits(&message) {
                        self.early.push(message);
                        return Ok(());
                    }
                    self.take(message)?;
                    // What is answered already is seen with the key.
                    self.take_waiting()?;
                    self.draw()?;
                }
                // The terminal is gone.
                Some(Err(_)) | None => self.ended = Some(Ended::Signal(Signal::HUP)),
            },
            Some(told) = self.opened.recv() => match told {
                FromWriter::First(first) => {
                    self.take(Message::FirstRows(first))?;
                    self.draw()?;
                }
                FromWriter::Opened(outcome) => match *outcome {
                    Ok(renderer) => self.executor.set_queries(QueryWorker::start(&renderer, &self.sender)?),
                    Err(error) => self.ended = Some(Ended::NotOpened(error)),
                },
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

    fn heed(&mut self, signal: Signal) -> io::Result<()> {
        match signal {
            // The editor's, while it has the terminal.
            Signal::INT | Signal::QUIT | Signal::CONT if self.editing.is_some() => Ok(()),
            Signal::INT => {
                self.take(Message::Interrupted)?;
                self.draw()
            }
            Signal::TSTP => {
                self.take_typed()?;
                self.suspend(false)
            }
            // Whoever stopped it without asking may have changed the terminal.
            Signal::CONT => {
                self.take_typed()?;
                self.hand_over();
                self.go_on()
            }
            signal => {
                self.ended = Some(Ended::Signal(signal));
                Ok(())
            }
        }
    }

    /// Returns the message of an event, which says whether a key arrived together with the one before.
    fn message_of(&mut self, Arrived { event, at }: Arrived) -> Message {
        let is_key = match &event {
            Event::Key(key) => key.kind != KeyEventKind::Release,
            Event::Paste(_) => true,
            _ => false,
        };
        if is_key && self.pace.follows(at, self.model.is_dropping()) {
            Message::Together(event)
        } else {
            Message::Input(event)
        }
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
        if self.ended.is_none() && self.input.is_some() {
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

    fn take_one(&mut self, message: Message) -> io::Result<()> {
        self.executor.notice(&message);
        if let Message::WrittenElsewhere { outcome: Ok(said), .. } = &message {
            self.elsewhere = Some(said.clone());
        }
        for effect in self.model.update(message, clock::now()) {
            match self.executor.carry_out(effect) {
                None => {}
                Some(ForLoop::Quit) => drop(self.ended.get_or_insert(Ended::Left)),
                Some(ForLoop::QuitUnsaved) => {
                    self.gives_up = true;
                    self.ended.get_or_insert(Ended::Left);
                }
                // Nobody is there for it any more.
                Some(_) if self.ended.is_some() => {}
                Some(ForLoop::Copy(text)) => {
                    let sent = self.display.copy(&text)?;
                    self.take(Message::Copied(sent))?;
                }
                Some(ForLoop::Suspend) => self.suspend(true)?,
                Some(ForLoop::EditExternally { target, text }) => self.edit(target, &text)?,
            }
        }
        Ok(())
    }

    /// Opens a part of the prompt in the person's own editor. What comes meanwhile is taken in, and drawn
    /// afterwards.
    fn edit(&mut self, target: PromptPart, text: &str) -> io::Result<()> {
        self.hand_over();
        match Editor::open(text) {
            Ok(editor) => self.editing = Some(Editing { target, editor }),
            Err(sentence) => {
                self.come_back()?;
                self.take(Message::EditedExternally { target, text: Err(Failure::new(sentence)) })?;
            }
        }
        Ok(())
    }

    /// Gives the terminal to the shell until that continues the program.
    fn suspend(&mut self, group: bool) -> io::Result<()> {
        if !has_shell() {
            return self.draw();
        }
        if self.editing.is_none() {
            self.hand_over();
        }
        let stopped = stop(group);
        // It is told when it goes on, as after any other stop.
        if stopped || self.editing.is_some() { Ok(()) } else { self.go_on() }
    }

    fn go_on(&mut self) -> io::Result<()> {
        self.come_back()?;
        self.take(Message::Resumed)?;
        self.draw()
    }

    /// Hands the terminal to something else. Whoever has it reads its keys; nobody else may.
    fn hand_over(&mut self) {
        self.input = None;
        self.display.hand_over();
    }

    /// Takes the terminal back, and makes up for what was missed.
    fn come_back(&mut self) -> io::Result<()> {
        self.display.take_back()?;
        self.input = Some((self.open_input)());
        let size = self.display.size()?;
        let resized = Message::Input(Event::Resize(size.width, size.height));
        for effect in self.model.update(resized, clock::now()) {
            // A new size asks for nothing that needs the terminal.
            let _ = self.executor.carry_out(effect);
        }
        Ok(())
    }
}

/// Returns the next event, and never one while something else reads the terminal.
async fn next_of<I: Stream + Unpin>(input: &mut Option<I>) -> Option<I::Item> {
    match input {
        Some(input) => input.next().await,
        None => std::future::pending().await,
    }
}

/// Returns what a person made of a part of the prompt in their own editor, once that ends.
async fn edited(editing: &mut Option<Editing>) -> (PromptPart, Result<String, String>) {
    match editing {
        Some(Editing { target, editor }) => (*target, editor.outcome().await),
        None => std::future::pending().await,
    }
}

async fn until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due.into()).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests;
