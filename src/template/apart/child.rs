//! The process that renders: reads questions from its input, one a line, and answers each with a line.

use std::io::{self, BufRead, Read, Write};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Instant;

use rustix::process::{Resource, Rlimit, getppid, setrlimit};

use super::{LONGEST, LONGEST_LINE, MOST_MEMORY, Question, SLICE};
use crate::template::engine;

/// The exit code of a process that worked too long.
pub(super) const TOOK_TOO_LONG: i32 = 124;
/// The exit code of one in which something panicked.
const FAILED: i32 = 101;
/// The stack that a template gets, in bytes; it counts as memory.
const STACK: usize = 8 << 20;

/// Answers until its input ends.
pub(crate) fn serve() -> ExitCode {
    bound();
    // Whoever asked says what happened.
    std::panic::set_hook(Box::new(|_| {}));
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    loop {
        let mut line = Vec::new();
        match (&mut input).take(LONGEST_LINE).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return ExitCode::SUCCESS,
            Ok(_) => {}
        }
        let (send, answered) = channel();
        let work = move || {
            let _ = send.send(answer(line));
        };
        if thread::Builder::new().stack_size(STACK).spawn(work).is_err() {
            return ExitCode::FAILURE;
        }
        // A thread cannot be ended from outside: the process ends with it.
        match wait(&answered) {
            Ok(Ok(mut answer)) => {
                answer.push(b'\n');
                if output.write_all(&answer).and_then(|()| output.flush()).is_err() {
                    return ExitCode::SUCCESS;
                }
            }
            Err(RecvTimeoutError::Timeout) => std::process::exit(TOOK_TOO_LONG),
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => std::process::exit(FAILED),
        }
    }
}

/// Waits for what a template gives, for as long as it may take and whoever asked is there: one that was killed has not
/// ended this process.
fn wait<T>(answered: &Receiver<T>) -> Result<T, RecvTimeoutError> {
    let (began, parent) = (Instant::now(), getppid());
    loop {
        match answered.recv_timeout(SLICE) {
            Err(RecvTimeoutError::Timeout) if began.elapsed() < LONGEST && getppid() == parent => {}
            outcome => return outcome,
        }
    }
}

/// Has the system refuse more memory than a template may take, keep no image of the process, and let others go first.
fn bound() {
    let set = |resource, most: u64| {
        // A system that knows no such limit has those of the engine, and the deadline.
        let _ = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
    };
    set(Resource::Core, 0);
    set(Resource::Data, MOST_MEMORY << 20);
    // The screen comes first.
    let _ = rustix::process::nice(10);
}

fn answer(line: Vec<u8>) -> serde_json::Result<Vec<u8>> {
    let question: Question<'_> = serde_json::from_slice(&line)?;
    drop(line);
    match question {
        Question::Check { source, known } => serde_json::to_vec(&engine::check_in(&source, &known)),
        Question::Render { source, scope } => {
            let rendered = engine::render(&source, &scope).map_err(|error| error.diagnostic);
            serde_json::to_vec(&rendered)
        }
    }
}
