//! A command that prints a key.

use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// No key is longer.
const LONGEST: u64 = 1 << 16;
/// How much of a command's complaint is shown.
const MOST_WORDS: usize = 200;

/// Runs a command of the shell and returns the first line that it prints.
///
/// # Errors
///
/// It fails, prints no line or takes longer than `patience`, as a sentence. What it printed is in none.
pub(super) fn first_line(command: &str, patience: Duration) -> Result<String, String> {
    let started = Command::new("sh")
        .arg("-c")
        .arg(command)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child =
        started.map_err(|error| format!("The shell for `api_key_cmd` cannot be started: {error}."))?;
    let deadline = Instant::now() + patience;
    let printed = listen(child.stdout.take());
    let complained = listen(child.stderr.take());
    let late = || {
        format!(
            "`api_key_cmd` printed no key within {} seconds; run it by hand, and see what it waits for.",
            patience.as_secs()
        )
    };
    let text = match printed.recv_timeout(patience) {
        Ok(text) => text,
        Err(RecvTimeoutError::Timeout) => {
            end(&mut child);
            return Err(late());
        }
        Err(RecvTimeoutError::Disconnected) => String::new(),
    };
    let Some(status) = wait(&mut child, deadline) else {
        end(&mut child);
        return Err(late());
    };
    if !status.success() {
        let words = complained.recv_timeout(Duration::from_millis(200)).unwrap_or_default();
        return Err(format!("`api_key_cmd` failed with {status}{}", complaint(&words)));
    }
    let line = text.lines().next().unwrap_or_default().trim();
    if line.is_empty() {
        return Err(
            "`api_key_cmd` printed no key: its first line is empty. Run it by hand, and mend it.".into()
        );
    }
    if line.chars().any(char::is_control) {
        return Err("`api_key_cmd` printed no key: its first line holds characters that no key has.".into());
    }
    Ok(line.to_owned())
}

/// Reads to the end on a thread of its own, and tells the beginning.
fn listen(from: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (tell, told) = channel();
    thread::spawn(move || {
        let Some(mut from) = from else { return };
        let mut bytes = Vec::new();
        // What came before a failure is told; the exit code tells the rest.
        let _ = from.by_ref().take(LONGEST).read_to_end(&mut bytes);
        let _ = tell.send(String::from_utf8_lossy(&bytes).into_owned());
        // A command that prints more must not wait for a reader.
        let _ = io::copy(&mut from, &mut io::sink());
    });
    told
}

fn wait(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        if Instant::now() >= deadline {
            return None;
        }
        thread::sleep(Duration::from_millis(2));
    }
}

fn end(child: &mut Child) {
    // It may have ended by itself.
    let _ = child.kill();
    let _ = child.wait();
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
    use super::*;

    const SOON: Duration = Duration::from_secs(20);

    #[test]
    fn the_first_line_is_the_key() {
        assert_eq!(first_line("printf '  k-1 \\nuser: me\\n'", SOON).as_deref(), Ok("k-1"));
        assert_eq!(first_line("echo k; yes | head -c 300000", SOON).as_deref(), Ok("k"));
    }

    #[test]
    fn what_fails_says_how_and_shows_nothing_that_was_printed() {
        let said = first_line("echo k-secret; echo 'store is locked.' >&2; exit 3", SOON).unwrap_err();
        assert_eq!(
            said,
            "`api_key_cmd` failed with exit status: 3: store is locked. Run it by hand, and mend it."
        );
        let said = first_line("exit 2", SOON).unwrap_err();
        assert_eq!(said, "`api_key_cmd` failed with exit status: 2. Run it by hand, and mend it.");
        assert!(first_line("true", SOON).unwrap_err().contains("its first line is empty"));
        assert!(first_line("printf 'a\\033[2Jb'", SOON).unwrap_err().contains("no key has"));
    }

    #[test]
    fn a_command_that_waits_for_ever_is_ended() {
        let began = Instant::now();
        let said = first_line("exec sleep 30", Duration::from_millis(50)).unwrap_err();
        assert!(said.contains("printed no key within 0 seconds"), "{said}");
        assert!(began.elapsed() < Duration::from_secs(10));
    }
}
