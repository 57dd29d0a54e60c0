//! Signals, while the workbench has the terminal.

use std::io;

use futures_util::stream::{BoxStream, StreamExt, once, select_all, unfold};
use rustix::process::{self, Signal};
use tokio::signal::unix::{SignalKind, signal};

use super::input::terminal_gone;

/// Returns the signals as they come. A terminal that is gone counts as one that hung up, whether a signal says so
/// or not.
pub(super) fn heard() -> io::Result<BoxStream<'static, Signal>> {
    let kinds = [Signal::TERM, Signal::HUP, Signal::QUIT, Signal::INT, Signal::TSTP, Signal::CONT];
    let mut streams = kinds.into_iter().map(stream).collect::<io::Result<Vec<_>>>()?;
    let gone = async {
        terminal_gone().await;
        Signal::HUP
    };
    streams.push(once(gone).boxed());
    Ok(select_all(streams).boxed())
}

fn stream(kind: Signal) -> io::Result<BoxStream<'static, Signal>> {
    let heard = signal(SignalKind::from_raw(kind.as_raw()))?;
    Ok(unfold(heard, move |mut heard| async move {
        heard.recv().await?;
        Some((kind, heard))
    })
    .boxed())
}

/// Returns whether a shell could continue the program once it is stopped: the group of a session's leader has nobody
/// outside who could.
pub(super) fn has_shell() -> bool {
    process::getsid(None).is_ok_and(|leader| leader != process::getpgrp())
}

/// Stops the program until a shell continues it, and returns whether it was stopped. With `group` whoever started it
/// in the foreground, such as a script, is stopped with it.
pub(super) fn stop(group: bool) -> bool {
    // SIGTSTP is heard here, so it would stop nobody.
    let stopped = if group {
        process::kill_current_process_group(Signal::STOP)
    } else {
        process::kill_process(process::getpid(), Signal::STOP)
    };
    stopped.is_ok()
}
