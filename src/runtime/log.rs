//! The log: a file, never the screen.

use std::fs::{OpenOptions, Permissions, create_dir_all};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::sync::Mutex;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::{Layer as _, fmt, registry};

/// Starts logging to a file; 0 logs what went wrong, 1 what was done, 2 everything.
///
/// Only the program's own words are logged: what a library says of a request may quote a key.
/// A log that cannot be written is no reason not to start.
pub(crate) fn start(file: &Path, verbosity: u8) {
    let opened = file
        .parent()
        .map_or(Ok(()), create_dir_all)
        .and_then(|()| OpenOptions::new().create(true).append(true).mode(0o600).open(file));
    let Ok(log) = opened else { return };
    // One of an earlier version may be open to others.
    let _ = log.set_permissions(Permissions::from_mode(0o600));
    let level = match verbosity {
        0 => LevelFilter::WARN,
        1 => LevelFilter::INFO,
        _ => LevelFilter::TRACE,
    };
    let own = Targets::new().with_target(env!("CARGO_CRATE_NAME"), level);
    let written = fmt::layer().with_writer(Mutex::new(log)).with_ansi(false).with_filter(own);
    // Only the first subscriber of a process counts.
    let _ = tracing::subscriber::set_global_default(registry().with(written));
}
