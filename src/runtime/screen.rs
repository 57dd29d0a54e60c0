//! The workbench on a real terminal: options in, and why it ended out.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use rustix::process::Signal;

use super::event_loop::EventLoop;
use super::exports::Started;
use super::input::Input;
use super::signals::heard;
use super::terminal::Screen;
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
    /// The file of the user's settings, where the command line names one.
    pub config_file: Option<PathBuf>,
    /// The store, where the command line names one.
    pub store: Option<PathBuf>,
}

impl ScreenOptions {
    /// Returns what an export has to know of the command line.
    pub(super) fn started(&self) -> Started {
        Started { store: self.store.clone(), config: self.config_file.clone() }
    }
}

/// Why the screen ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// A person left.
    Left,
    /// A signal ended it.
    Signal(Signal),
    /// Everything was written to another folder, by a person who then left, or by the signal that ended it.
    Elsewhere {
        /// The signal.
        signal: Option<Signal>,
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
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let ended = runtime.block_on(async {
        // From before the terminal is taken, so that no signal leaves it as it is.
        let signals = heard()?;
        EventLoop::start(options, Screen::enter()?, Input::open)?.run(signals).await
    });
    // A task that still waits for the network must not hold up the shell.
    runtime.shutdown_timeout(Duration::from_millis(100));
    Ok(ended?)
}
