//! A conversation on the terminal that stays in the scroll-back: lines are printed, and one line at a time is typed.
//!
//! The terminal is raw from the first question to the last, so that esc is heard and what is typed ahead is not lost.
//! However it ends, the terminal is given back first.

use std::io::{self, Write, stderr};
use std::thread;

use crossterm::event::{Event, EventStream};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode, size};
use futures_util::stream::{BoxStream, StreamExt};
use rustix::process::Signal;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use super::signals::{has_shell, heard, stop};
use super::typed::{Pressed, Typed};

/// The columns of a terminal that does not say how many it has.
const COLUMNS: usize = 80;

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reply {
    /// A line was typed.
    Line(String),
    /// The person left, or a signal asked to end; with the exit code.
    Left(u8),
}

/// The terminal while questions are asked. Dropping it gives the terminal back.
pub(crate) struct Asking {
    runtime: Runtime,
    signals: BoxStream<'static, Signal>,
    events: EventStream,
    is_raw: bool,
}

/// What happened while a line was typed.
enum Happened {
    Event(Option<io::Result<Event>>),
    Signal(Option<Signal>),
}

impl Asking {
    /// The exit code where the person leaves, which is that of ctrl-c.
    pub(crate) const LEFT: u8 = 130;

    /// Makes the terminal ready for questions.
    ///
    /// # Errors
    ///
    /// Where it cannot be switched, or signals cannot be heard.
    pub(crate) fn begin() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let signals = runtime.block_on(async { heard() })?;
        let mut asking = Self { runtime, signals, events: EventStream::new(), is_raw: false };
        asking.take()?;
        Ok(asking)
    }

    /// Returns how many columns the terminal has.
    pub(crate) fn columns() -> usize {
        size().map(|(columns, _)| usize::from(columns)).ok().filter(|columns| *columns > 0).unwrap_or(COLUMNS)
    }

    fn take(&mut self) -> io::Result<()> {
        enable_raw_mode()?;
        self.is_raw = true;
        Ok(())
    }

    /// Gives the terminal back; what is printed from here on is printed as ever.
    pub(crate) fn give_back(&mut self) {
        if self.is_raw {
            self.is_raw = false;
            // A terminal that is gone needs nothing any more.
            let _ = disable_raw_mode();
        }
    }

    /// Prints lines that are safe for a terminal.
    ///
    /// # Errors
    ///
    /// Where the terminal takes nothing.
    pub(crate) fn print(lines: &[String]) -> io::Result<()> {
        let mut stderr = stderr().lock();
        lines.iter().try_for_each(|line| write!(stderr, "{line}\r\n"))
    }

    /// Lets a line be typed behind a mark that takes `mark_columns`.
    ///
    /// The cursor stays on that line; [`settle`](Self::settle) goes on.
    ///
    /// # Errors
    ///
    /// Where the terminal cannot be read or written.
    pub(crate) fn line(&mut self, mark: &str, mark_columns: usize) -> io::Result<Reply> {
        let mut typed = Typed::default();
        loop {
            draw(mark, &typed.tail(Self::columns().saturating_sub(mark_columns + 1)))?;
            let (events, signals) = (&mut self.events, &mut self.signals);
            let happened = self.runtime.block_on(async {
                tokio::select! {
                    biased;
                    signal = signals.next() => Happened::Signal(signal),
                    event = events.next() => Happened::Event(event),
                }
            });
            match happened {
                Happened::Event(Some(Ok(Event::Key(key)))) => match typed.press(key) {
                    Pressed::Typing => {}
                    Pressed::Done => return Ok(Reply::Line(typed.into_line())),
                    Pressed::Left => return Ok(Reply::Left(Self::LEFT)),
                    Pressed::Suspend => self.suspend(true)?,
                },
                Happened::Event(Some(Err(error))) => return Err(error),
                Happened::Event(None) => return Ok(Reply::Left(Self::LEFT)),
                // The line is drawn again: the terminal has another width, or was another program's.
                Happened::Event(Some(Ok(_))) | Happened::Signal(Some(Signal::CONT)) => {}
                Happened::Signal(Some(Signal::TSTP)) => self.suspend(false)?,
                Happened::Signal(signal) => return Ok(Reply::Left(signal.map_or(Self::LEFT, ended_by))),
            }
        }
    }

    fn suspend(&mut self, group: bool) -> io::Result<()> {
        if has_shell() {
            self.give_back();
            stderr().write_all(b"\n")?;
            stop(group);
            self.take()?;
        }
        Ok(())
    }

    /// Writes what stands on the line in the end, and goes to the next one.
    ///
    /// # Errors
    ///
    /// Where the terminal takes nothing.
    pub(crate) fn settle(line: &str) -> io::Result<()> {
        stderr().write_all(format!("\r{line}\x1b[K\r\n").as_bytes())
    }

    /// Does work that changes nothing, unless a signal asks to end; then returns the exit code, and the work is left to
    /// end with the program.
    ///
    /// # Errors
    ///
    /// Where no thread can be started.
    pub(crate) fn unless_ended<T: Send + 'static>(
        &mut self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> io::Result<Result<T, u8>> {
        let (told, done) = oneshot::channel();
        thread::Builder::new().name("reading".to_owned()).spawn(move || {
            // Nobody waits for it any more where a signal came first.
            let _ = told.send(work());
        })?;
        let signals = &mut self.signals;
        self.runtime.block_on(async {
            let ended = async {
                loop {
                    match signals.next().await {
                        Some(Signal::CONT | Signal::TSTP) => {}
                        signal => break signal.map_or(Self::LEFT, ended_by),
                    }
                }
            };
            tokio::select! {
                biased;
                code = ended => Ok(Err(code)),
                outcome = done => outcome.map(Ok).map_err(io::Error::other),
            }
        })
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        self.give_back();
    }
}

/// Returns the exit code of a program that a signal ended.
fn ended_by(signal: Signal) -> u8 {
    u8::try_from(128 + signal.as_raw()).unwrap_or(Asking::LEFT)
}

fn draw(mark: &str, text: &str) -> io::Result<()> {
    let mut stderr = stderr().lock();
    stderr.write_all(format!("\r{mark}{text}\x1b[K").as_bytes())?;
    stderr.flush()
}
