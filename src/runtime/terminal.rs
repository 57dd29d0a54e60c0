//! The terminal: taken over, and given back whole whatever happens.

use std::cell::Cell;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write, stdout};
use std::mem::ManuallyDrop;
use std::panic;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::Frame;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Position, Rect, Size};

use super::clipboard;
use super::event_loop::Display;
use crate::app::Sent;

/// Whether the terminal is ours at the moment.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// A frame of 160 × 45 with all its styles fits, so that it leaves in one write.
const BUFFER: usize = 1 << 17;

/// Standard output. While a frame is drawn it is held: the drawing flushes before the frame is closed.
struct Output {
    buffer: BufWriter<Stdout>,
    is_held: Rc<Cell<bool>>,
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.is_held.get() { Ok(()) } else { self.buffer.flush() }
    }
}

/// The terminal while it is ours. Dropping it gives it back.
pub struct Screen {
    /// Never dropped: that would print an error where the terminal is gone, and panic since it cannot.
    terminal: ManuallyDrop<Terminal<CrosstermBackend<Output>>>,
    is_held: Rc<Cell<bool>>,
}

impl Screen {
    /// Takes the terminal over.
    ///
    /// # Errors
    ///
    /// Where standard output is no terminal, or it cannot be switched.
    pub fn enter() -> io::Result<Self> {
        if !stdout().is_terminal() {
            return Err(io::Error::new(
                io::ErrorKind::Unsupported,
                "Standard output is no terminal, so the workbench cannot be drawn. Run it in a terminal, or use \
                 a command such as `rowsmith rows SESSION`.",
            ));
        }
        take()?;
        let is_held = Rc::new(Cell::new(false));
        let buffer = BufWriter::with_capacity(BUFFER, stdout());
        match Terminal::new(CrosstermBackend::new(Output { buffer, is_held: Rc::clone(&is_held) })) {
            Ok(terminal) => Ok(Self { terminal: ManuallyDrop::new(terminal), is_held }),
            Err(error) => {
                give_back();
                Err(error)
            }
        }
    }
}

impl Display for Screen {
    fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.is_held.set(true);
        let drawn = self.terminal.draw(draw).map(drop);
        self.is_held.set(false);
        drawn?;
        queue!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        Write::flush(self.terminal.backend_mut())
    }

    fn size(&self) -> io::Result<Size> {
        self.terminal.size()
    }

    fn copy(&mut self, text: &str) -> io::Result<Sent> {
        let (bytes, sent) = clipboard::sequence(text, |name| std::env::var(name).ok());
        let output = self.terminal.backend_mut();
        output.write_all(bytes.as_bytes())?;
        Write::flush(output)?;
        Ok(sent)
    }

    fn hand_over(&mut self) {
        give_back();
    }

    fn take_back(&mut self) -> io::Result<()> {
        take()?;
        // A plain clear would ask the terminal where its cursor is, and wait for the answer.
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::from((Position::ORIGIN, size)))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

fn take() -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let switched =
        execute!(stdout(), EnterAlternateScreen, EnableMouseCapture, EnableBracketedPaste, cursor::Hide);
    if switched.is_err() {
        give_back();
    }
    switched
}

/// Returns whether the terminal is ours at the moment.
pub(super) fn is_taken() -> bool {
    TAKEN.load(Ordering::SeqCst)
}

/// Gives the terminal back. Doing it twice does no harm; a terminal that is gone is no error.
fn give_back() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let _ = execute!(
            stdout(),
            EndSynchronizedUpdate,
            DisableBracketedPaste,
            DisableMouseCapture,
            LeaveAlternateScreen,
            cursor::Show
        );
        let _ = disable_raw_mode();
    }
}

/// Returns whether an error of the display says that the terminal is gone.
pub(super) fn says_gone(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let gone = [Errno::IO, Errno::NXIO, Errno::NODEV, Errno::NOTTY, Errno::PIPE, Errno::BADF];
    error.raw_os_error().is_some_and(|code| gone.iter().any(|errno| errno.raw_os_error() == code))
}

/// Makes a panic give the terminal back before it is reported. Panics that are caught are left alone.
pub fn guard_panics() {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if crate::store::panics_are_caught() {
            return;
        }
        tracing::error!("{info}");
        give_back();
        report(info);
    }));
}
