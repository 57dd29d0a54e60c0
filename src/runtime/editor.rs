//! The person's own editor.

use std::io::{self, stdin};
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use tempfile::NamedTempFile;
use tokio::sync::oneshot::{self, error::TryRecvError};
use tokio::time::timeout;

use crate::files;
use crate::own_files;

/// The exit codes of a shell that could not run a program, or did not find it.
const NOT_RUNNABLE: i32 = 126;
const NOT_FOUND: i32 = 127;

/// An editor that is open on a text.
pub(super) struct Editor {
    command: String,
    file: NamedTempFile,
    before: String,
    /// The modes of the terminal when it was handed over, where there is one.
    modes: Option<Termios>,
    pid: u32,
    ended: oneshot::Receiver<io::Result<ExitStatus>>,
}

impl Editor {
    /// Opens a text in `$VISUAL`, else `$EDITOR`, else `vi`.
    ///
    /// # Errors
    ///
    /// Why it could not be opened, as a sentence.
    pub(super) fn open(text: &str) -> Result<Self, String> {
        Self::open_in(command(|name| std::env::var(name).ok()), text)
    }

    fn open_in(command: String, text: &str) -> Result<Self, String> {
        let failed = |error: io::Error| format!("The text could not be handed to the editor: {error}.");
        let file = own_files::for_editor(&std::env::temp_dir(), text).map_err(failed)?;
        // An editor may be named with arguments, such as `code --wait` or `vim -c 'set tw=0'`; the path of a
        // program may hold blanks.
        let (script, name) = if Path::new(&command).is_file() {
            ("\"$0\" \"$1\"".to_owned(), command.as_str())
        } else {
            (format!("{command} \"$1\""), "sh")
        };
        // What the editor writes elsewhere gets the mode that the person's own umask gives.
        let umask = own_files::persons_umask().map(|mask| format!("umask {mask:04o}; ")).unwrap_or_default();
        let script = umask + &script;
        let modes = tcgetattr(stdin()).ok();
        let mut child =
            Command::new("sh").args(["-c", &script, name]).arg(file.path()).spawn().map_err(failed)?;
        let pid = child.id();
        let (tell, ended) = oneshot::channel();
        thread::spawn(move || {
            // Nobody listens where the screen has ended.
            let _ = tell.send(child.wait());
        });
        Ok(Self { command, file, before: text.to_owned(), modes, pid, ended })
    }

    /// Waits for the editor, and returns what was made of the text.
    ///
    /// # Errors
    ///
    /// Why it could not be edited, as a sentence; the text stays as it was.
    pub(super) async fn outcome(&mut self) -> Result<String, String> {
        let command = &self.command;
        let status = match (&mut self.ended).await {
            Ok(Ok(status)) => status,
            Ok(Err(error)) => return Err(format!("`{command}` could not be waited for: {error}.")),
            Err(_) => return Err(format!("`{command}` could not be waited for.")),
        };
        let remedy = "The text is as it was. Set EDITOR to an editor that is there, such as `nano`.";
        match status.code() {
            Some(0) => self.read(),
            Some(NOT_FOUND) => Err(format!("The editor `{command}` was not found. {remedy}")),
            Some(NOT_RUNNABLE) => Err(format!("The editor `{command}` cannot be run. {remedy}")),
            _ => Err(format!("The editor `{command}` ended with {status}. The text is as it was.")),
        }
    }

    /// Asks the editor to end, since the program does, and waits for that, but not longer than this.
    pub(super) async fn end(&mut self, longest: Duration) {
        if let (Err(TryRecvError::Empty), Ok(pid)) = (self.ended.try_recv(), i32::try_from(self.pid))
            && let Some(pid) = Pid::from_raw(pid)
        {
            // One that ends by itself meanwhile is as good.
            let _ = kill_process(pid, Signal::TERM);
            let _ = timeout(longest, &mut self.ended).await;
        }
    }

    /// Returns what the editor has saved so far, where that is another text.
    pub(super) fn saved(&self) -> Option<String> {
        self.read().ok().filter(|text| !text.trim().is_empty() && *text != self.before)
    }

    fn read(&self) -> Result<String, String> {
        let edited = files::read_text(self.file.path()).map_err(|error| {
            format!("What the editor wrote cannot be read: {error}. The text is as it was.")
        })?;
        let added = !self.before.ends_with('\n');
        Ok(edited.strip_suffix('\n').filter(|_| added).map_or_else(|| edited.clone(), str::to_owned))
    }
}

impl Drop for Editor {
    /// Gives the terminal the modes back that it had: an editor that crashed or was ended may leave its own.
    fn drop(&mut self) {
        if let Some(modes) = &self.modes {
            // A terminal that is gone needs none.
            let _ = tcsetattr(stdin(), OptionalActions::Now, modes);
        }
    }
}

/// Returns the command of the person's editor. A variable that is empty counts as none.
fn command(variable: impl Fn(&str) -> Option<String>) -> String {
    let named = ["VISUAL", "EDITOR"].into_iter().filter_map(variable);
    named.map(|command| command.trim().to_owned()).find(|command| !command.is_empty()).unwrap_or("vi".into())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    async fn edited(command: &str, text: &str) -> Result<String, String> {
        Editor::open_in(command.to_owned(), text)?.outcome().await
    }

    #[test]
    fn an_empty_variable_hides_no_other() {
        let of = |visual: Option<&str>, editor: Option<&str>| {
            command(|name| if name == "VISUAL" { visual } else { editor }.map(str::to_owned))
        };
        assert_eq!(of(Some("ed"), Some("nano")), "ed");
        assert_eq!(of(Some(" "), Some("nano -w ")), "nano -w");
        assert_eq!(of(Some(""), None), "vi");
        assert_eq!(of(None, None), "vi");
    }

    #[tokio::test]
    async fn arguments_quotes_and_paths_with_blanks_reach_the_editor() {
        let argument = "f() { printf '%s\\n' \"$1\" > \"$2\"; }; f 'two words'";
        assert_eq!(edited(argument, "a").await.as_deref(), Ok("two words"));
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("my editor");
        fs::write(&program, "#!/bin/sh\nprintf more >> \"$1\"\n").unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(edited(program.to_str().unwrap(), "a\n").await.as_deref(), Ok("a\nmore"));
    }

    #[tokio::test]
    async fn an_editor_that_is_missing_or_fails_is_named_and_changes_nothing() {
        let missing = edited("no-such-editor --wait", "a").await.unwrap_err();
        assert!(missing.starts_with("The editor `no-such-editor --wait` was not found."), "{missing}");
        let refused = edited("/", "a").await.unwrap_err();
        assert!(refused.starts_with("The editor `/` cannot be run."), "{refused}");
        let failed = edited("f() { echo late > \"$1\"; return 3; }; f", "a").await.unwrap_err();
        assert_eq!(
            failed,
            "The editor `f() { echo late > \"$1\"; return 3; }; f` ended with exit status: 3. The text is as it was."
        );
        let gone = edited("rm", "a").await.unwrap_err();
        assert!(gone.starts_with("What the editor wrote cannot be read"), "{gone}");
    }

    #[tokio::test]
    async fn what_was_saved_is_known_before_the_editor_ends() {
        let mut editor = Editor::open_in("f() { :; }; f".to_owned(), "a").unwrap();
        assert_eq!(editor.outcome().await.as_deref(), Ok("a"));
        assert_eq!(editor.saved(), None);
        fs::write(editor.file.path(), "b\n").unwrap();
        assert_eq!(editor.saved().as_deref(), Some("b"));
        fs::write(editor.file.path(), "").unwrap();
        assert_eq!(editor.saved(), None, "cut by what ended it");
    }
}
