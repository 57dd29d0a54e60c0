//! Signals, while the workbench has the terminal.

use std::io::{self, stdout};
use std::thread;
use std::time::Duration;

use futures_util::stream::{BoxStream, StreamExt, once, select_all, unfold};
use rustix::process::{self, Signal};
use rustix::termios::{Action, QueueSelector, tcflow, tcflush};
use tokio::signal::unix::{SignalKind, signal};

use super::input::terminal_gone;
use super::terminal::is_taken;

/// How long after a signal that ends the program the terminal may take to read what is written to it.
const READING: Duration = Duration::from_secs(3);
/// How often what it has not read by then is discarded.
const DISCARDING: Duration = Duration::from_millis(20);

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
    write_on_after_ends()?;
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

/// Sees to it that a terminal which stays open but reads nothing does not hold up the end that a signal asks for: a write
/// to it waits for ever, with everything that is still to be saved behind it.
fn write_on_after_ends() -> io::Result<()> {
    let kinds = [Signal::TERM, Signal::HUP, Signal::QUIT].into_iter().map(stream);
    let mut ends = select_all(kinds.collect::<io::Result<Vec<_>>>()?);
    tokio::spawn(async move {
        // SIGQUIT is the editor's, while that has the terminal.
        while let Some(signal) = ends.next().await {
            if signal != Signal::QUIT || is_taken() {
                thread::spawn(discard_unread);
                break;
            }
        }
    });
    Ok(())
}

/// Discards what the terminal has not read, until the program has ended.
fn discard_unread() {
    thread::sleep(READING);
    loop {
        // Linux wakes a write that waits only where the output is started again.
        let _ = tcflush(stdout(), QueueSelector::OFlush)
            .and_then(|()| tcflow(stdout(), Action::OOff))
            .and_then(|()| tcflow(stdout(), Action::OOn));
        thread::sleep(DISCARDING);
    }
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
