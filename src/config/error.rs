//! Why a settings file cannot be used.

use std::io;
use std::path::PathBuf;

/// Why settings cannot be used. Every variant names the file and says what to do now.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// There is no session at this path.
    #[error(
        "There is no session at `{}`: `{}` does not exist. Make one with \
         `rowsmith new DIR --data FILE --text COL --label COL --target LABEL`.",
        asked.display(), file.display()
    )]
    NoSession {
        /// What was asked for.
        asked: PathBuf,
        /// The missing session file.
        file: PathBuf,
    },
    /// The path that should be a session is another kind of file.
    #[error(
        "`{}` is no session: name a folder with a `session.toml`, or that file. A session for a dataset \
         is made with `rowsmith new DIR --data FILE --text COL --label COL --target LABEL`.",
        file.display()
    )]
    NotASession {
        /// What was named.
        file: PathBuf,
    },
    /// No bundled session has this name.
    #[error("There is no bundled session `{name}`; there is {known}.")]
    NotBundled {
        /// The name asked for.
        name: String,
        /// The names of the bundled sessions, as listed in the message.
        known: String,
    },
    /// The user's settings have no profile of this name.
    #[error("There is no profile `{name}` in your config.toml; {remedy}.")]
    NoProfile {
        /// The name asked for.
        name: String,
        /// The profiles there are, or how to make one, as the end of a sentence.
        remedy: String,
    },
    /// A profile names a key, but not the server that it is for.
    #[error(
        "The profile `{name}` in your config.toml says which key is sent and not to whom; add the server that the key \
         is for, such as {server}."
    )]
    KeyForNobody {
        /// The profile.
        name: String,
        /// The server that would be asked, as a line of the profile.
        server: String,
    },
    /// The cost is limited, but the price of the model is not known.
    #[error(
        "No price of {model} is known, so a limit of cost cannot be kept. Set `price_input` and `price_output` in its \
         profile, add it to [prices] in your config.toml, or limit tokens instead."
    )]
    NoPrice {
        /// The model, as a sentence names it.
        model: String,
    },
    /// A required file does not exist.
    #[error("`{}` does not exist; name another file, or leave it out.", file.display())]
    NoFile {
        /// The file.
        file: PathBuf,
    },
    /// The file exists but cannot be read.
    #[error("`{}` cannot be read: {source}. Check that it is a file that you may read.", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file or folder cannot be written.
    #[error(
        "`{}` cannot be written: {source}. Check that its folder is there, is yours, and has room.",
        file.display()
    )]
    Unwritable {
        /// The file or folder.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file has a value that cannot be used.
    #[error("{}{}: {message}", file.display(), line.map(|line| format!(", line {line}")).unwrap_or_default())]
    Invalid {
        /// The file.
        file: PathBuf,
        /// The line, from 1; `None` if something is missing from the whole file.
        line: Option<usize>,
        /// What is wrong and what to write instead.
        message: String,
    },
    /// A bundled session cannot be written where it is kept.
    #[error(
        "{0} The bundled session is kept there; set XDG_DATA_HOME, or HOME, to a folder that you may write to, or name a session of your own."
    )]
    NotLaidDown(Box<Self>),
    /// The user has no home folder that could be found.
    #[error("Your home folder cannot be found: set the environment variable HOME to it.")]
    NoHome,
}
