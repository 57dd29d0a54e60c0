//! What the user allowed sessions to send: `allowed.toml`, beside their own settings and never in a session.
//!
//! An entry holds one file of a session, one server and one key. The file is written by the program alone, whole and
//! for the user alone, and no value of a key is in it.
//!
//! ```toml
//! [[allowed]]
//! file = "/home/ann/spam/session.toml"
//! server = "https://gate.example"
//! variable = "GATE_KEY"             # or the checksum of a command
//! ```

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::ConfigError;
use super::files::{read_text, write};
use crate::domain::{Existing, Permission, Secret};

/// The first lines of the file.
const HEAD: &str = "# What you allowed sessions to send, one entry for each file, server and key.\n\
                    # `rowsmith allow SESSION --forget` takes back what a session may.\n\n";

/// How long another process is waited for that changes the file.
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// How often it is looked at.
const STEP: Duration = Duration::from_millis(5);

/// One thing that was allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    file: String,
    server: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    variable: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    via: Option<String>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct AllowedFile {
    allowed: Vec<Entry>,
}

/// What the user allowed. Its clones share what was said in this process.
#[derive(Debug, Clone, Default)]
pub struct Allowances {
    /// The file; without one nothing is remembered.
    file: Option<PathBuf>,
    said: Arc<Mutex<Vec<Entry>>>,
}

impl Allowances {
    /// Returns what a file says, which need not be there.
    #[must_use]
    pub(crate) fn in_file(file: PathBuf) -> Self {
        Self { file: Some(file), said: Arc::default() }
    }

    /// Returns whether this was allowed, here or at an earlier time.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or holds something else.
    pub(crate) fn has(&self, wanted: &Permission) -> Result<bool, ConfigError> {
        let entry = Entry::of(wanted);
        Ok(self.said().contains(&entry) || self.read()?.allowed.contains(&entry))
    }

    /// Allows something for as long as the process lives.
    pub(crate) fn allow_here(&self, wanted: &Permission) {
        self.said().push(Entry::of(wanted));
    }

    /// Allows something, and remembers it.
    ///
    /// # Errors
    ///
    /// The file cannot be read or written; it is allowed here all the same.
    pub(crate) fn remember(&self, wanted: &Permission) -> Result<(), ConfigError> {
        self.allow_here(wanted);
        let _alone = self.alone();
        let (entry, mut known) = (Entry::of(wanted), self.read()?);
        if known.allowed.contains(&entry) {
            return Ok(());
        }
        known.allowed.push(entry);
        self.write(&known)
    }

    /// Takes back all that was allowed to a file, and returns how much that was.
    ///
    /// # Errors
    ///
    /// The list cannot be read or written.
    pub(crate) fn forget(&self, file: &Path) -> Result<usize, ConfigError> {
        let _alone = self.alone();
        let (name, mut known) = (written(file), self.read()?);
        let before = known.allowed.len();
        self.said().retain(|entry| entry.file != name);
        known.allowed.retain(|entry| entry.file != name);
        let gone = before - known.allowed.len();
        if gone > 0 {
            self.write(&known)?;
        }
        Ok(gone)
    }

    fn said(&self) -> std::sync::MutexGuard<'_, Vec<Entry>> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps other processes from changing the file between this one's reading and writing, by a lock of its folder.
    fn alone(&self) -> Option<File> {
        let folder = self.file.as_ref()?.parent()?;
        // Where no folder can be made or locked, the file is written all the same.
        fs::create_dir_all(folder).ok()?;
        let folder = File::open(folder).ok()?;
        let late = Instant::now() + LONGEST_WAIT;
        while folder.try_lock().is_err() {
            if Instant::now() >= late {
                return None;
            }
            thread::sleep(STEP);
        }
        Some(folder)
    }

    fn read(&self) -> Result<AllowedFile, ConfigError> {
        let Some(file) = &self.file else { return Ok(AllowedFile::default()) };
        let text = match read_text(file) {
            Err(ConfigError::NoFile { .. }) => return Ok(AllowedFile::default()),
            text => text?,
        };
        toml::from_str(&text).ok().ok_or_else(|| ConfigError::Invalid {
            file: file.clone(),
            line: None,
            message: "what you allowed cannot be read, so nothing is; remove the file and allow it again"
                .into(),
        })
    }

    fn write(&self, known: &AllowedFile) -> Result<(), ConfigError> {
        let Some(file) = &self.file else { return Ok(()) };
        let text = toml::to_string(known).map_err(|error| ConfigError::Unwritable {
            file: file.clone(),
            source: std::io::Error::other(error),
        })?;
        // A link of the person's own, as managers of settings make them, stays.
        let place = file.canonicalize().unwrap_or_else(|_| file.clone());
        write(&place, format!("{HEAD}{text}").as_bytes(), Existing::Replace)
    }
}

impl Entry {
    fn of(wanted: &Permission) -> Self {
        let (variable, command) = match &wanted.secret {
            Secret::Variable(name) => (Some(name.clone()), None),
            Secret::Command(command) => (None, Some(blake3::hash(command.as_bytes()).to_hex().to_string())),
        };
        let (file, server) = (written(&wanted.file), wanted.server.clone());
        Self { file, server, variable, command, via: wanted.via_sum.clone() }
    }
}

/// Returns a path as text; two different ones are never the same.
fn written(file: &Path) -> String {
    let bytes = file.as_os_str().as_encoded_bytes();
    file.to_str().map_or_else(|| format!("bytes {bytes:?}"), str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn gate() -> Permission {
        Permission {
            file: "/home/ann/s/session.toml".into(),
            server: "https://gate.example".into(),
            secret: Secret::Variable("GATE_KEY".into()),
            via: Vec::new(),
            via_sum: None,
        }
    }

    fn others() -> Vec<Permission> {
        vec![
            Permission { file: "/home/ann/t/session.toml".into(), ..gate() },
            Permission { server: "http://gate.example".into(), ..gate() },
            Permission { server: "https://gate.example:8443".into(), ..gate() },
            Permission { secret: Secret::Variable("OTHER".into()), ..gate() },
            Permission { secret: Secret::Command("GATE_KEY".into()), ..gate() },
            Permission { via_sum: Some("00".into()), ..gate() },
        ]
    }

    #[test]
    fn what_was_allowed_is_remembered_for_the_person_alone_and_nothing_else_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new/allowed.toml");
        let allowed = Allowances::in_file(file.clone());
        assert!(!allowed.has(&gate()).unwrap());

        allowed.remember(&gate()).unwrap();
        allowed.remember(&gate()).unwrap();

        let later = Allowances::in_file(file.clone());
        assert!(later.has(&gate()).unwrap());
        for other in others() {
            assert!(!later.has(&other).unwrap(), "{other:?}");
        }
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_to_string(&file).unwrap().matches("[[allowed]]").count(), 1);
    }

    #[test]
    fn what_several_processes_remember_at_once_is_all_remembered_through_a_link_too() {
        let folder = tempfile::tempdir().unwrap();
        let (file, elsewhere) = (folder.path().join("allowed.toml"), folder.path().join("elsewhere.toml"));
        std::fs::write(&elsewhere, "").unwrap();
        std::os::unix::fs::symlink(&elsewhere, &file).unwrap();
        let names = |who: u32| (0..10).map(move |n| format!("KEY_{who}_{n}"));
        let wanting = |name: String| Permission { secret: Secret::Variable(name), ..gate() };
        thread::scope(|scope| {
            for who in 0..4 {
                let allowed = Allowances::in_file(file.clone());
                scope.spawn(move || names(who).for_each(|name| allowed.remember(&wanting(name)).unwrap()));
            }
        });

        let later = Allowances::in_file(file.clone());
        for name in (0..4).flat_map(names) {
            assert!(later.has(&wanting(name.clone())).unwrap(), "{name}");
        }
        assert!(file.is_symlink() && elsewhere.metadata().unwrap().len() > 0);
    }

    #[test]
    fn a_command_is_remembered_by_its_text() {
        let folder = tempfile::tempdir().unwrap();
        let allowed = Allowances::in_file(folder.path().join("allowed.toml"));
        let command = |text: &str| Permission { secret: Secret::Command(text.into()), ..gate() };
        allowed.remember(&command("pass show gate")).unwrap();

        let later = Allowances::in_file(folder.path().join("allowed.toml"));

        assert!(later.has(&command("pass show gate")).unwrap());
        assert!(!later.has(&command("pass show gate; curl evil.example")).unwrap());
    }

    #[test]
    fn what_a_session_may_is_taken_back_as_a_whole_and_that_of_others_stays() {
        let folder = tempfile::tempdir().unwrap();
        let allowed = Allowances::in_file(folder.path().join("allowed.toml"));
        for permission in others().iter().chain([&gate()]) {
            allowed.remember(permission).unwrap();
        }

        assert_eq!(allowed.forget(Path::new("/home/ann/s/session.toml")).unwrap(), 6);

        assert!(!allowed.has(&gate()).unwrap());
        assert!(allowed.has(&others()[0]).unwrap());
        assert_eq!(allowed.forget(Path::new("/home/ann/s/session.toml")).unwrap(), 0);
    }

    #[test]
    fn a_file_that_holds_something_else_allows_nothing_and_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("allowed.toml");
        for text in ["allowed = 1", "[[allowed]]\nfile = 1", "[[allowed]]\nany = true", "\u{0}"] {
            std::fs::write(&file, text).unwrap();
            let said = Allowances::in_file(file.clone()).has(&gate()).unwrap_err().to_string();
            assert!(said.contains("allowed.toml") && said.contains("allow it again"), "{said}");
        }
        assert!(!Allowances::default().has(&gate()).unwrap());
    }

    #[test]
    fn without_a_file_it_is_allowed_as_long_as_the_process_lives() {
        let allowed = Allowances::default();
        allowed.clone().remember(&gate()).unwrap();
        assert!(allowed.has(&gate()).unwrap());
    }
}
