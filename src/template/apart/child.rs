//! The process that renders: reads questions from its input, one a line, and answers each with a line.

use std::io::{self, BufRead, Read, Write};
use std::process::{ExitCode, exit};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getppid, setrlimit};
use rustix::time::{ClockId, clock_gettime};

use super::{LONGEST, LONGEST_LINE, LONGEST_WAIT, MOST_MEMORY, Question, SLICE};
use crate::template::engine;

/// The exit code of a process that worked too long.
pub(super) const TOOK_TOO_LONG: i32 = 124;
/// The exit code of a process that got too little of the processor for too long.
pub(super) const WAITED_TOO_LONG: i32 = 125;
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
        let mut answer = wait(&answered);
        answer.push(b'\n');
        if output.write_all(&answer).and_then(|()| output.flush()).is_err() {
            return ExitCode::SUCCESS;
        }
    }
}

/// Waits for an answer; a thread cannot be ended from outside, so the process ends where none comes in time, or where
/// whoever asked was killed.
fn wait(answered: &Receiver<serde_json::Result<Vec<u8>>>) -> Vec<u8> {
    let (began, worked, parent) = (Instant::now(), processor_time(), getppid());
    loop {
        match answered.recv_timeout(SLICE) {
            Ok(Ok(answer)) => return answer,
            Err(RecvTimeoutError::Timeout) if processor_time().saturating_sub(worked) > LONGEST => {
                exit(TOOK_TOO_LONG)
            }
            Err(RecvTimeoutError::Timeout) if began.elapsed() > LONGEST_WAIT => exit(WAITED_TOO_LONG),
            Err(RecvTimeoutError::Timeout) if getppid() == parent => {}
            Ok(Err(_)) | Err(_) => exit(FAILED),
        }
    }
}

/// Returns how long the processor has worked for this process.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
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
    let _ = rustix::process::nice(5);
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
