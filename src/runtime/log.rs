//! The log: a file, never the screen.

use std::fs::{OpenOptions, create_dir_all};
use std::path::Path;
use std::sync::Mutex;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt;

/// Starts logging to a file; 0 logs what went wrong, 1 what was done, 2 everything.
///
/// A log that cannot be written is no reason not to start.
pub fn start(file: &Path, verbosity: u8) {
    let opened = file
        .parent()
        .map_or(Ok(()), create_dir_all)
        .and_then(|()| OpenOptions::new().create(true).append(true).open(file));
    let Ok(log) = opened else { return };
    let level = match verbosity {
        0 => LevelFilter::WARN,
        1 => LevelFilter::INFO,
        _ => LevelFilter::TRACE,
    };
    let subscriber = fmt().with_writer(Mutex::new(log)).with_ansi(false).with_max_level(level).finish();
    // Only the first subscriber of a process counts.
    let _ = tracing::subscriber::set_global_default(subscriber);
}
