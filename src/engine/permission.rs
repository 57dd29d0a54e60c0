//! Whether a key may go where settings send it, or a person has to allow that first.
//!
//! A folder from somebody else holds a `session.toml`, a `.env`, a store with settings and runs. None of them can send a
//! key of the person's anywhere: a key goes to its provider's own host, and to a server that the person named
//! themself. All else they allow once, and it is remembered with their own settings.
//!
//! ```text
//!                        a usual variable       a key that the folder names    a key of the person's profile
//! the provider's host    goes                   asks (a usual one goes)        goes
//! the person's server    goes                   asks                           goes
//! the folder's .env      asks (its own goes)    asks                           asks
//! the folder's session   stays here             asks                           refused: a profile with a key names its server
//! a .env's proxy or certificates between        asks, whoever named the rest
//! ```

use std::path::{Path, PathBuf};
use std::{cell::RefCell, fs};

use super::environment::{Environment, Place};
use crate::config::session_file;
use crate::domain::{GeneratorSettings, NamedBy, Permission, Secret, is_own_key};
use crate::generate::{Asked, GeneratorError, origin, variable_address};
use crate::text::without_secrets;

/// The longest file of certificates whose content is part of a permission.
const MOST_BYTES: u64 = 16 << 20;

/// What is to be done about the key of settings.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It may be sent, or there is none.
    Free,
    /// It may be sent, since the person named the server just now; a run that goes on later will want this.
    Named(Permission),
    /// It stays here unless this was allowed: nobody asked for a key.
    KeptBack(Permission),
    /// It may be sent only where this was allowed.
    Asks(Permission),
}

/// Who named the server that is asked.
#[derive(Debug, PartialEq, Eq)]
enum ServerBy {
    /// Nobody: it is the provider's own.
    Provider,
    /// The person's profile or environment.
    Person,
    /// The person, by an option or on the screen.
    Typed,
    /// A `.env`.
    File(PathBuf),
    /// A file of the session's folder.
    Session,
}

/// Decides about the key of settings. `environment` holds a stand-in for what a command would print, and `folder` is the
/// session's.
///
/// # Errors
///
/// Where no generator can be made of the settings, so that nothing is sent.
pub(super) fn judge(
    settings: &GeneratorSettings,
    environment: &Environment,
    folder: Option<&Path>,
) -> Result<Verdict, GeneratorError> {
    let asked = Asked::of(settings, &|name| environment.get(name))?;
    let Some((variable, (_, place))) =
        asked.key_from.as_ref().and_then(|name| Some((name.clone(), environment.find(name)?)))
    else {
        return Ok(Verdict::Free);
    };
    let by = server_by(settings, environment);
    let between: Vec<_> = between(&asked, environment, &place);
    let secret = match (&place, &settings.api_key_cmd) {
        (Place::Command, Some(command)) => Secret::Command(command.clone()),
        _ => Secret::Variable(variable.clone()),
    };
    let is_own = matches!(secret, Secret::Variable(_)) && is_own_key(&asked.server, &variable);
    let is_server_free = match &by {
        ServerBy::Provider | ServerBy::Person | ServerBy::Typed => true,
        // A key beside the address is for it.
        ServerBy::File(file) => is_own || place == Place::File(file.clone()),
        ServerBy::Session => is_own,
    };
    let is_key_free = is_own || !settings.names_a_key() || settings.key_by == NamedBy::Person;
    let wanted = Permission {
        file: file_of(folder, &by, &between),
        server: asked.server.clone(),
        secret,
        via: between.iter().map(|detour| detour.words.clone()).collect(),
        via_sum: sum(&between),
    };
    Ok(match by {
        _ if !between.is_empty() || !is_key_free => Verdict::Asks(wanted),
        ServerBy::Typed if folder.is_some() && !is_own => Verdict::Named(wanted),
        _ if is_server_free => Verdict::Free,
        ServerBy::Session if !settings.names_a_key() && !asked.wants_its_key => Verdict::KeptBack(wanted),
        _ => Verdict::Asks(wanted),
    })
}

fn server_by(settings: &GeneratorSettings, environment: &Environment) -> ServerBy {
    let outside = from_outside(settings, environment);
    let of_place = |place: &Place| match place {
        Place::File(file) => ServerBy::File(file.clone()),
        Place::Environment | Place::Command => ServerBy::Person,
    };
    match (&settings.base_url, &outside) {
        (None, None) => ServerBy::Provider,
        (None, Some((_, place))) => of_place(place),
        (Some(_), _) if settings.server_by == NamedBy::Person && settings.profile.is_some() => {
            ServerBy::Person
        }
        (Some(_), _) if settings.server_by == NamedBy::Person => ServerBy::Typed,
        // Runs keep the address that a variable named.
        (Some(url), Some((outside, place))) if origin(url).is_some() && origin(url) == origin(outside) => {
            of_place(place)
        }
        (Some(_), _) => ServerBy::Session,
    }
}

/// Returns the address that a variable names, and where the variable was found.
fn from_outside(settings: &GeneratorSettings, environment: &Environment) -> Option<(String, Place)> {
    let last = RefCell::new(None);
    let look = |name: &str| {
        let (value, place) = environment.find(name)?;
        *last.borrow_mut() = Some(place);
        Some(value)
    };
    let url = variable_address(settings.provider, &look)?;
    Some((url, last.into_inner()?))
}

/// What a `.env` puts between this machine and a server.
struct Detour {
    file: PathBuf,
    words: String,
    content: Vec<u8>,
}

/// Returns what a `.env` puts between that the key does not come from.
fn between(asked: &Asked, environment: &Environment, key: &Place) -> Vec<Detour> {
    let detour = |name: &&'static str| {
        let (value, Place::File(file)) = environment.find(name)? else { return None };
        let what = if name.starts_with("SSL_") { "the certificates" } else { "the proxy" };
        let words = format!("{what} {} of {name} in {}", without_secrets(&value), file.display());
        let content =
            [name.as_bytes(), b"=", value.as_bytes(), b"\n", &content_of(Path::new(&value))].concat();
        (*key != Place::File(file.clone())).then_some(Detour { file, words, content })
    };
    asked.between.iter().filter_map(detour).collect()
}

/// Returns the content of a file, or of the files in a folder; nothing where there is none.
fn content_of(path: &Path) -> Vec<u8> {
    let is_read = |path: &Path| path.metadata().is_ok_and(|file| file.is_file() && file.len() <= MOST_BYTES);
    let mut files: Vec<_> =
        fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.sort();
    files.insert(0, path.to_owned());
    files.iter().filter(|file| is_read(file)).filter_map(|file| fs::read(file).ok()).flatten().collect()
}

fn sum(between: &[Detour]) -> Option<String> {
    let mut hasher = blake3::Hasher::new();
    between.iter().for_each(|detour| {
        hasher.update(&detour.content);
    });
    (!between.is_empty()).then(|| hasher.finalize().to_hex().to_string())
}

/// Returns the file that a permission is for, under one name wherever the program was started.
fn file_of(folder: Option<&Path>, by: &ServerBy, between: &[Detour]) -> PathBuf {
    let file = match (folder, by, between) {
        (Some(folder), _, _) => return session_file_of(folder),
        (None, ServerBy::File(file), _) => file.clone(),
        (None, _, [detour, ..]) => detour.file.clone(),
        (None, _, []) => PathBuf::from(session_file::FILE_NAME),
    };
    named(file)
}

/// Returns the session file of a folder, as permissions name it.
pub(crate) fn session_file_of(folder: &Path) -> PathBuf {
    named(folder.join(session_file::FILE_NAME))
}

fn named(file: PathBuf) -> PathBuf {
    file.canonicalize().or_else(|_| std::path::absolute(&file)).unwrap_or(file)
}
