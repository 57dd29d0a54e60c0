//! The workbench on a real terminal: options in, and why it ended out.

use std::io;
use std::time::Duration;

use futures_util::stream::{BoxStream, StreamExt, once, select_all, unfold};
use tokio::signal::unix::{SignalKind, signal};

use super::event_loop::EventLoop;
use super::input::{Input, terminal_gone};
use super::terminal::{Screen, guard_panics};
use crate::app::{Keymap, StartFlags};
use crate::config::{Places, UserConfig};
use crate::ui::Theme;
use crate::workbench::{Location, WorkbenchError};

/// What the screen is opened with.
#[derive(Debug, Clone)]
pub(crate) struct ScreenOptions {
    /// The session.
    pub location: Location,
    /// Where the screen's own state is kept.
    pub places: Places,
    /// How it looks.
    pub theme: Theme,
    /// The keys, with the user's own.
    pub keymap: Keymap,
    /// The user's settings, with the profiles.
    pub config: UserConfig,
    /// What the options say over the session's settings.
    pub flags: StartFlags,
    /// Whether anything may be asked over the network.
    pub network: bool,
}

/// Why the screen ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// A person left.
    Left,
    /// A signal ended it; its number.
    Signal(i32),
    /// Everything was written to another folder, by a person who then left, or by the signal that ended it.
    Elsewhere {
        /// The signal's number.
        signal: Option<i32>,
        /// What became of it, in sentences.
        said: String,
    },
    /// The session could not be opened.
    NotOpened(WorkbenchError),
}

/// Why the screen could not be shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ScreenError {
    /// The terminal cannot be used.
    #[error("{0}")]
    Terminal(#[from] io::Error),
}

/// Opens the workbench, and returns once the person has left and everything is written.
///
/// # Errors
///
/// Where the terminal cannot be used.
pub(crate) fn run_screen(options: &ScreenOptions) -> Result<Ended, ScreenError> {
    guard_panics();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let screen = Screen::enter()?;
    let ended = runtime
        .block_on(async { EventLoop::start(options, screen, Input::open)?.run(ending_signals()?).await });
    // A task that still waits for the network must not hold up the shell.
    runtime.shutdown_timeout(Duration::from_millis(100));
    Ok(ended?)
}

/// Returns the numbers of the signals that end the program, as they come. A terminal that is gone counts as
/// one that hung up, whether a signal says so or not.
fn ending_signals() -> io::Result<BoxStream<'static, i32>> {
    let kinds = [SignalKind::terminate(), SignalKind::hangup(), SignalKind::interrupt(), SignalKind::quit()];
    let mut streams = kinds
        .into_iter()
        .map(|kind| {
            let heard = unfold(signal(kind)?, move |mut signal| async move {
                signal.recv().await?;
                Some((kind.as_raw_value(), signal))
            });
            Ok(heard.boxed())
        })
        .collect::<io::Result<Vec<_>>>()?;
    let gone = async {
        terminal_gone().await;
        SignalKind::hangup().as_raw_value()
    };
    streams.push(once(gone).boxed());
    Ok(select_all(streams).boxed())
}
