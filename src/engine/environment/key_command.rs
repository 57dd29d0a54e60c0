//! A command that prints a key.
//!
//! It runs in a session of its own, without a terminal: it can neither ask there nor draw over the screen. It ends with
//! everything that it started when its time is over, and when whoever wants the key is stopped.

use std::io::{self, Read};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use process_wrap::std::{ChildWrapper, CommandWrap, ProcessSession};

use crate::generate::GeneratorError;
use crate::text::Stop;

/// No key is longer.
const LONGEST: u64 = 1 << 16;
/// How much of a command's complaint is shown.
const MOST_WORDS: usize = 200;
/// A shorter line may be a word of any complaint.
const SHORTEST_KEY: usize = 8;
/// How often the command is looked at.
const STEP: Duration = Duration::from_millis(5);
/// How long what it printed may take to arrive once it has ended; something that it left behind may hold the pipe.
const REST: Duration = Duration::from_millis(300);

/// How long a command may take, and who is told that it is waited for.
#[derive(Clone)]
pub(crate) struct Patience {
    /// How long it may take.
    pub(crate) limit: Duration,
    /// When it is said that it is waited for.
    pub(crate) silent: Duration,
    /// Says that it is waited for.
    pub(crate) say: Arc<dyn Fn() + Send + Sync>,
    /// Ends the command early.
    pub(crate) stop: Stop,
}

impl Patience {
    /// How long a command may take: a person may have to touch a token.
    pub(crate) const LIMIT: Duration = Duration::from_secs(30);

    /// Returns what is said while a command is waited for.
    pub(crate) fn sentence() -> String {
        let seconds = Self::LIMIT.as_secs();
        format!("Waiting for the key that `api_key_cmd` prints, {seconds} seconds at most.")
    }

    /// Returns what a command gets until `stop` says otherwise; `say` says that it is waited for.
    pub(crate) fn of_command(stop: Stop, say: impl Fn() + Send + Sync + 'static) -> Self {
        Self { limit: Self::LIMIT, silent: Duration::from_secs(1), say: Arc::new(say), stop }
    }
}

/// Why a command printed no key.
#[derive(Debug)]
pub(crate) enum NoKey {
    /// It failed; the reason is a sentence.
    Failed(String),
    /// Whoever wanted the key was stopped.
    Stopped,
}

impl From<NoKey> for GeneratorError {
    fn from(why: NoKey) -> Self {
        Self::Settings(match why {
            NoKey::Failed(sentence) => sentence,
            NoKey::Stopped => "It was stopped while `api_key_cmd` ran.".to_owned(),
        })
    }
}

/// Runs a command of the shell and returns the first line that it prints.
///
/// # Errors
///
/// It fails, prints no line or takes too long, as a sentence; what it printed is in none. Or it was stopped.
pub(super) fn first_line(command: &str, patience: &Patience) -> Result<String, NoKey> {
    let mut wrapped = CommandWrap::with_new("sh", |shell| {
        shell.arg("-c").arg(command).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Without it the agent of GnuPG asks elsewhere than on this terminal.
        shell.env_remove("GPG_TTY");
    });
    let mut child = wrapped
        .wrap(ProcessSession)
        .spawn()
        .map_err(|error| NoKey::Failed(format!("The shell for `api_key_cmd` cannot be started: {error}.")))?;
    let (printed, complained) = (listen(child.stdout().take()), listen(child.stderr().take()));
    let status = match wait(child.as_mut(), patience) {
        Ok(status) => status,
        Err(why) => {
            // With its whole group: what it started waits for the same.
            let _ = child.kill();
            return Err(why);
        }
    };
    if !status.success() {
        let (words, text) = (complained.text(), printed.text());
        // It may complain of the very key that it printed.
        let shown = text.lines().map(str::trim).find(|line| line.len() >= SHORTEST_KEY);
        let words = shown.map_or_else(|| words.clone(), |key| words.replace(key, "[key]"));
        return Err(NoKey::Failed(format!("`api_key_cmd` failed with {status}{}", complaint(&words))));
    }
    let text = printed.text();
    // The mark is of a file that an editor of Windows saved.
    let line = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default().trim();
    let wrong = |why: &str| Err(NoKey::Failed(format!("`api_key_cmd` printed no key: its first line {why}")));
    if line.is_empty() {
        return wrong("is empty. Run it by hand, and mend it.");
    }
    if line.chars().any(char::is_control) {
        return wrong("holds characters that no key has.");
    }
    Ok(line.to_owned())
}

/// What comes from a pipe, as far as it is kept.
struct Heard {
    bytes: Arc<Mutex<Vec<u8>>>,
    reader: thread::JoinHandle<()>,
}

impl Heard {
    /// Returns what came, once the pipe is closed or long enough after that it should be.
    fn text(&self) -> String {
        let late = Instant::now() + REST;
        while !self.reader.is_finished() && Instant::now() < late {
            thread::sleep(STEP);
        }
        let bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Reads to the end on a thread of its own, and keeps the beginning.
fn listen(from: Option<impl Read + Send + 'static>) -> Heard {
    let bytes = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&bytes);
    let reader = thread::spawn(move || {
        let Some(mut from) = from else { return };
        let (mut piece, mut left) = ([0; 4096], LONGEST);
        // What came before a failure is kept; the exit code tells the rest.
        while let Ok(count @ 1..) = from.by_ref().take(left).read(&mut piece) {
            left -= count as u64;
            kept.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&piece[..count]);
        }
        // A command that prints more must not wait for a reader.
        let _ = io::copy(&mut from, &mut io::sink());
    });
    Heard { bytes, reader }
}

fn wait(child: &mut dyn ChildWrapper, patience: &Patience) -> Result<ExitStatus, NoKey> {
    let (began, mut is_said) = (Instant::now(), false);
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Ok(status);
        }
        if patience.stop.check().is_err() {
            return Err(NoKey::Stopped);
        }
        let waited = began.elapsed();
        if waited >= patience.limit {
            return Err(NoKey::Failed(format!(
                "`api_key_cmd` printed no key within {} seconds and was ended; run it by hand, and see what it waits for.",
                patience.limit.as_secs()
            )));
        }
        if waited >= patience.silent && !is_said {
            is_said = true;
            (patience.say)();
        }
        thread::sleep(STEP);
    }
}

/// Returns the last line that a command complained with, as the end of a sentence.
fn complaint(words: &str) -> String {
    let last = words.lines().rev().map(str::trim).find(|line| !line.is_empty());
    let Some(last) = last else { return ". Run it by hand, and mend it.".into() };
    let cut: String = last.chars().take(MOST_WORDS).collect();
    format!(": {}. Run it by hand, and mend it.", cut.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use super::*;

    fn within(limit: Duration) -> Patience {
        Patience { limit, silent: limit, say: Arc::new(|| ()), stop: Stop::never() }
    }

    fn run(command: &str) -> Result<String, String> {
        first_line(command, &within(Duration::from_secs(20)))
            .map_err(|why| GeneratorError::from(why).to_string())
    }

    #[test]
    fn the_first_line_is_the_key() {
        assert_eq!(run("printf '  k-1 \\nuser: me\\n'").as_deref(), Ok("k-1"));
        assert_eq!(run("printf '\\357\\273\\277k-2\\r\\n'").as_deref(), Ok("k-2"));
        assert_eq!(run("echo k; yes | head -c 300000").as_deref(), Ok("k"));
    }

    #[test]
    fn what_fails_says_how_and_shows_nothing_that_was_printed() {
        let said = run("echo k-secret; echo 'store is locked.' >&2; exit 3").unwrap_err();
        assert!(
            said.ends_with(
                "`api_key_cmd` failed with exit status: 3: store is locked. Run it by hand, and mend it."
            ),
            "{said}"
        );
        let said = run("echo k-secret; echo 'k-secret is no longer valid' >&2; exit 1").unwrap_err();
        assert!(said.contains(": [key] is no longer valid.") && !said.contains("k-secret"), "{said}");
        let said = run("exit 2").unwrap_err();
        assert!(
            said.ends_with("`api_key_cmd` failed with exit status: 2. Run it by hand, and mend it."),
            "{said}"
        );
        assert!(run("true").unwrap_err().contains("its first line is empty"));
        assert!(run("printf 'a\\033[2Jb'").unwrap_err().contains("no key has"));
    }

    #[test]
    fn it_has_no_terminal_no_input_and_a_session_of_its_own() {
        let of_this = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
        let session =
            |stat: &str| stat.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(3)).map(str::to_owned);

        assert_eq!(run("cat; (: < /dev/tty) 2> /dev/null || echo none").as_deref(), Ok("none"));
        if let Some(ours) = session(&of_this) {
            let theirs = run("cat /proc/self/stat").unwrap();
            assert_ne!(session(&theirs), Some(ours));
        }
    }

    /// Returns whether the process whose id a file holds still lives.
    fn lives(file: &std::path::Path) -> bool {
        let id = std::fs::read_to_string(file).unwrap_or_default();
        let state = std::fs::read_to_string(format!("/proc/{}/stat", id.trim())).unwrap_or_default();
        state.rsplit(") ").next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with('Z'))
    }

    /// Returns a command that starts another one, which waits for ever, and the file with the other's id.
    fn waiting(folder: &std::path::Path) -> (String, std::path::PathBuf) {
        let file = folder.join("id");
        (format!("sleep 300 & echo $! > '{}'; wait", file.display()), file)
    }

    fn assert_gone(file: &std::path::Path) {
        let late = Instant::now() + Duration::from_secs(5);
        while lives(file) && Instant::now() < late {
            thread::sleep(STEP);
        }
        assert!(file.exists() && !lives(file), "what it started goes on");
    }

    #[test]
    fn a_command_that_waits_for_ever_is_said_and_ended_with_all_that_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let (command, file) = waiting(folder.path());
        let told = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&told);
        let patience = Patience {
            limit: Duration::from_millis(400),
            silent: Duration::from_millis(100),
            say: Arc::new(move || {
                count.fetch_add(1, Ordering::Relaxed);
            }),
            stop: Stop::never(),
        };

        let said = GeneratorError::from(first_line(&command, &patience).unwrap_err()).to_string();

        assert!(said.contains("printed no key within 0 seconds and was ended"), "{said}");
        assert_eq!(told.load(Ordering::Relaxed), 1);
        assert_gone(&file);
    }

    #[test]
    fn whoever_is_stopped_ends_the_command_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let (command, file) = waiting(folder.path());
        let flag = Arc::new(AtomicBool::new(false));
        let raised = Arc::clone(&flag);
        let stop = Stop::when(move || raised.load(Ordering::Relaxed));
        let patience = Patience { stop, ..within(Duration::from_secs(60)) };
        let began = Instant::now();
        let running = thread::spawn(move || first_line(&command, &patience));
        while !file.exists() {
            thread::sleep(STEP);
        }

        flag.store(true, Ordering::Relaxed);

        assert!(matches!(running.join().unwrap(), Err(NoKey::Stopped)));
        assert!(began.elapsed() < Duration::from_secs(30));
        assert_gone(&file);
    }
}
