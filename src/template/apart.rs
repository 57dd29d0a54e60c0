//! Checks and renders templates so that each ends: soon, in bounded memory, and without harm to this process.
//!
//! A template is a program, and a session file may come from somebody else. The engine counts steps, but not
//! what it does within one: it compares, hashes, sorts and drops nested values as often as they are referred
//! to, by recursion, and a list of twenty names can stand for a million values. No count kept beside the
//! engine sees all of that, and an overflow of the stack ends a process whatever it counted. So a template
//! that is not evidently small is worked on in a second process of this program, whose memory the system
//! bounds, which ends itself at a deadline, and which may be killed as soon as nobody waits for it.
//!
//! ```text
//!                ┌ evidently small ───────▶ engine, in this process
//! source, scope ─┤
//!                └ all others ──line of JSON──▶ `rowsmith --render-apart` ──line of JSON──▶ text, or a Diagnostic
//! ```
//!
//! What is evidently small ([`plain`]) costs nothing more than before. The process is started when the first
//! template needs it, and waits for the next one. It gets no environment and opens nothing. Where no
//! program was named ([`use_program`]), as in tests of this library, everything stays in this process.

mod child;
mod plain;

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::diagnostic::{Diagnostic, TemplateError};
use super::engine::{self, Ready, Rendered};
use super::scope::Scope;
use super::shape::ScopeShape;
use super::translate;
use crate::text::Stop;

pub(crate) use child::serve;
#[cfg(any(test, fuzzing))]
pub(crate) use plain::is_plain;

/// The argument with which this program is started to render.
pub(crate) const ARGUMENT: &str = "--render-apart";

/// How long checking or rendering one template may take, in time of the processor: on a busy machine, where a model
/// may run beside it, an ordinary template waits longer for its turn than it works.
const LONGEST: Duration = Duration::from_secs(2);
/// How long it may take by the clock.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// How much later than that an answer is no longer waited for: the process ends by itself unless it was suspended.
const GRACE: Duration = Duration::from_secs(1);
/// How often it is asked whether anybody still waits.
const SLICE: Duration = Duration::from_millis(10);
/// A process that worked longer than this on one template is not kept: its memory may have grown.
const SHORT: Duration = Duration::from_millis(100);
/// The most memory of the process, in MB.
const MOST_MEMORY: u64 = 96;
/// The most text in the values of a template, in bytes.
const MOST_VALUES: usize = 8 << 20;
/// The longest line of JSON; each byte of the values takes at most six.
const LONGEST_LINE: u64 = 6 * (MOST_VALUES as u64 + super::limits::MAX_SOURCE_BYTES as u64) + (1 << 20);

/// The program that renders; `None` in a process that renders by itself.
static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
/// Processes that wait for a template.
static WAITING: Mutex<Vec<Worker>> = Mutex::new(Vec::new());

/// Names this program as the one that renders.
pub(crate) fn use_program() {
    // On Linux, this is the running program even after its file was replaced.
    let own = PathBuf::from("/proc/self/exe");
    let program = if own.exists() { Some(own) } else { std::env::current_exe().ok() };
    if let Some(program) = program {
        let _ = PROGRAM.set(program);
    }
}

/// What the process is asked.
#[derive(Debug, Serialize, Deserialize)]
enum Question<'a> {
    Check { source: Cow<'a, str>, known: Cow<'a, ScopeShape> },
    Render { source: Cow<'a, str>, scope: Cow<'a, Scope> },
}

/// Returns the syntax errors of a template or, if it parses, the first of its undefined names, attributes,
/// filters and tests.
#[must_use]
pub(crate) fn check_in(source: &str, known: &ScopeShape, stop: &Stop) -> Vec<Diagnostic> {
    if PROGRAM.get().is_none() || plain::is_plain(source) {
        return engine::check_in(source, known);
    }
    let question = Question::Check { source: source.into(), known: Cow::Borrowed(known) };
    ask(&question, stop).unwrap_or_else(|failure| vec![failure.diagnostic(source)])
}

/// A template that is rendered any number of times, and looked at once.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    source: String,
    /// Whether it is evidently small, as far as its source tells.
    is_plain: bool,
    /// What this process renders; made when it first does.
    ready: OnceLock<Ready>,
}

impl Prepared {
    /// Looks at a template; whether it has errors is found when it is rendered.
    pub(crate) fn new(source: &str) -> Self {
        Self { source: source.to_owned(), is_plain: plain::is_plain(source), ready: OnceLock::new() }
    }

    /// Renders it; all text outside tags is kept, the last newline too.
    ///
    /// # Errors
    ///
    /// The first error in the template, or that rendering it takes too long or too much memory, or that the
    /// scope's values are too large.
    pub(crate) fn render(&self, scope: &Scope, stop: &Stop) -> Result<Rendered, TemplateError> {
        let (source, size) = (self.source.as_str(), scope.size());
        if size > MOST_VALUES {
            return Err(Failure::Values(size).diagnostic(source).into());
        }
        if PROGRAM.get().is_none() || self.is_plain && size <= plain::SMALL_VALUES {
            return self.ready.get_or_init(|| Ready::of(source)).render(source, scope);
        }
        let question = Question::Render { source: source.into(), scope: Cow::Borrowed(scope) };
        let answer: Result<Rendered, Diagnostic> =
            ask(&question, stop).map_err(|failure| failure.diagnostic(source))?;
        answer.map_err(TemplateError::from)
    }
}

/// Why there is no answer.
#[derive(Debug)]
enum Failure {
    /// Nobody waits for it any more.
    Stopped,
    Time,
    /// It did not get enough of the processor.
    Busy,
    Memory,
    Depth,
    /// The values of the template are this large.
    Values(usize),
    /// The process was ended by something else.
    Ended(String),
    NotStarted(io::Error),
}

impl Failure {
    /// Returns the error at the place that most likely causes it.
    fn diagnostic(&self, source: &str) -> Diagnostic {
        let range = match self {
            Self::Values(_) => source.find("examples").map_or(0..1, |at| at..at + "examples".len()),
            _ => translate::first_loop(source),
        };
        let message = match self {
            Self::Stopped => "Rendering was stopped, since its text is not needed any more.".to_owned(),
            Self::Time => format!(
                "Rendering took longer than {} s and was stopped; loop less, and build smaller values.",
                LONGEST.as_secs()
            ),
            Self::Busy => format!(
                "Rendering was not done after {} s, because the machine is busy; try again, or make the template \
                 simpler.",
                LONGEST_WAIT.as_secs()
            ),
            Self::Memory => format!(
                "Rendering took more than {MOST_MEMORY} MB of memory and was stopped; build smaller values."
            ),
            Self::Depth => "Values or calls are nested too deeply; rendering was stopped.".to_owned(),
            Self::Values(size) => format!(
                "The values of this request are {} MB of text, and a template may read {} MB; show fewer or \
                 shorter examples (`count` under `[examples]`), and use shorter variables.",
                size.div_ceil(1 << 20),
                MOST_VALUES >> 20
            ),
            Self::Ended(how) => {
                format!("Rendering ended without an answer ({how}); make the template simpler.")
            }
            Self::NotStarted(error) => format!(
                "The template was not rendered, because a second process of Rowsmith could not be started \
                 ({error}); close other programs and try again."
            ),
        };
        Diagnostic::error(source, range, message)
    }
}

/// Asks a process, and waits for its answer for as long as somebody needs it.
fn ask<T: DeserializeOwned>(question: &Question<'_>, stop: &Stop) -> Result<T, Failure> {
    let mut line = serde_json::to_vec(question).map_err(|error| Failure::Ended(error.to_string()))?;
    line.push(b'\n');
    let mut worker = Worker::take().map_err(Failure::NotStarted)?;
    let (send, answered) = channel();
    let Some(mut pipes) = worker.pipes.take() else { return Err(Failure::Ended("no pipe".into())) };
    // Both directions may wait for ever, so neither is waited for here.
    let talk = move || {
        let answer = pipes.talk(&line);
        let _ = send.send((pipes, answer));
    };
    thread::Builder::new().name("rowsmith-render".into()).spawn(talk).map_err(Failure::NotStarted)?;
    let began = Instant::now();
    loop {
        match answered.recv_timeout(SLICE) {
            Ok((pipes, Ok(answer))) => {
                worker.pipes = Some(pipes);
                if began.elapsed() < SHORT {
                    waiting(|workers| workers.push(worker));
                }
                return serde_json::from_slice(&answer).map_err(|error| Failure::Ended(error.to_string()));
            }
            Ok((_, Err(_))) | Err(RecvTimeoutError::Disconnected) => return Err(worker.failure()),
            // Dropping the process kills it.
            Err(RecvTimeoutError::Timeout) if stop.check().is_err() => return Err(Failure::Stopped),
            Err(RecvTimeoutError::Timeout) if began.elapsed() > LONGEST_WAIT + GRACE => {
                return Err(Failure::Busy);
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

fn waiting<T>(of: impl FnOnce(&mut Vec<Worker>) -> T) -> T {
    of(&mut WAITING.lock().unwrap_or_else(PoisonError::into_inner))
}

/// A process that renders. Dropping it kills it.
#[derive(Debug)]
struct Worker {
    child: Child,
    /// `None` while it works.
    pipes: Option<Pipes>,
}

/// What goes into a process and what comes out of it.
#[derive(Debug)]
struct Pipes {
    into: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Pipes {
    fn talk(&mut self, question: &[u8]) -> io::Result<Vec<u8>> {
        self.into.write_all(question)?;
        self.into.flush()?;
        let mut answer = Vec::new();
        (&mut self.from).take(LONGEST_LINE).read_until(b'\n', &mut answer)?;
        if answer.ends_with(b"\n") { Ok(answer) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

impl Worker {
    /// Takes a process that waits, or starts one.
    fn take() -> io::Result<Self> {
        while let Some(mut worker) = waiting(Vec::pop) {
            if worker.child.try_wait()?.is_none() {
                return Ok(worker);
            }
        }
        let program = PROGRAM.get().ok_or(io::ErrorKind::NotFound)?;
        let mut child = Command::new(program)
            .arg0("rowsmith")
            .arg(ARGUMENT)
            .env_clear()
            .current_dir("/")
            // Keys that stop this program are not for that one.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let pipes = pipes.map(|(into, from)| Pipes { into, from: BufReader::new(from) });
        Ok(Self { child, pipes })
    }

    /// Returns why the process ended.
    fn failure(mut self) -> Failure {
        let mut said = String::new();
        // It may have closed its output only, so what is left of it is ended first.
        let early = self.child.try_wait().ok().flatten();
        if early.is_none() {
            thread::sleep(SLICE);
            let _ = self.child.kill();
        }
        let ended = self.child.wait();
        if let Some(errors) = self.child.stderr.take() {
            let _ = errors.take(4096).read_to_string(&mut said);
        }
        match ended {
            Ok(status) if status.code() == Some(child::TOOK_TOO_LONG) => Failure::Time,
            Ok(status) if status.code() == Some(child::WAITED_TOO_LONG) => Failure::Busy,
            _ if said.contains("memory allocation of") => Failure::Memory,
            _ if said.contains("overflowed its stack") => Failure::Depth,
            Ok(status) if status.signal() == Some(9) => Failure::Memory,
            Ok(status) => Failure::Ended(status.to_string()),
            Err(error) => Failure::Ended(error.to_string()),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
